"""Sources of every kind through the whole flow, over loopback and simulated time: what is asked, stored, and said of the rest."""

from __future__ import annotations

import asyncio
import gzip
import json
from datetime import timedelta
from pathlib import Path

import pytest
from loopback import Loopback, Reply, hits
from stories import invented, page, rss
from watches import START, Watch

from pipeline.app import App
from pipeline.clock import SimulatedClock
from pipeline.model import Outcome, Source, Status
from pipeline.polls import may_see
from pipeline.schedule import Schedule
from pipeline.store import Store, export, read

MINUTES = timedelta(minutes=1)
SITE, STATIC = "http://www.nevatimes.example", "http://static.nevatimes.example"
XML = "application/xml"


@pytest.fixture
def watch(tmp_path: Path, web: Loopback) -> Watch:
    return Watch(tmp_path, web)


def article(web: Loopback, number: int, url: str, **more: object) -> str:
    return web.page(url, page(invented(number), url), **more)


def story(number: int, day: str = "2026/02/27") -> str:
    return f"{SITE}/{day}/some-long-headline-here-a{70000 + number}"


def sitemap(*locs: str, lastmod: str | None = None) -> str:
    said = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return "<urlset>" + "".join(f"<url><loc>{loc}</loc>{said}</url>" for loc in locs) + "</urlset>"


def index(children: dict[str, str | None]) -> str:
    said = {url: f"<lastmod>{at}</lastmod>" if at else "" for url, at in children.items()}
    return "<sitemapindex>" + "".join(f"<sitemap><loc>{url}</loc>{at}</sitemap>" for url, at in said.items()) + "</sitemapindex>"


def statuses(ended: list[Outcome]) -> list[str]:
    return sorted(outcome.status.value for outcome in ended)


# ── sitemaps ──────────────────────────────────────────────────────────────────────────────────────


def moscow(web: Loopback) -> dict[str, str]:
    """A site whose robots.txt names an index on another host: a file a month, not zero-padded, addresses alone."""
    web.page(f"{SITE}/robots.txt", f"User-agent: *\nDisallow: /preview/\nSitemap: {STATIC}/sitemap/sitemap.xml\n", kind="text/plain")
    months = [f"{STATIC}/sitemap/2025-{month}.xml" for month in range(1, 13)] + [
        f"{STATIC}/sitemap/2026-{month}.xml" for month in (1, 2, 3)
    ]
    web.page(f"{STATIC}/sitemap/sitemap.xml", index(dict.fromkeys(months)), kind=XML)
    for number, url in enumerate(months):
        day = url.rpartition("/")[2].removesuffix(".xml").replace("-", "/")
        year, month = day.split("/")
        article(web, number, story(number, f"{year}/{int(month):02}/01"))
        web.page(url, sitemap(story(number, f"{year}/{int(month):02}/01")), kind=XML)
    return {url.rpartition("/")[2]: url for url in months}


def test_a_site_with_a_month_a_file_on_another_host(watch: Watch, web: Loopback) -> None:
    moscow(web)
    watch.source("sitemap", f"{SITE}/", 'backfill = "40d"')
    ended, polled = watch.round()
    assert watch.asked(STATIC) == ["/sitemap/sitemap.xml", *(f"/sitemap/2026-{month}.xml" for month in (1, 2, 3))]
    assert statuses(ended) == ["new", "new"]  # of January's file only the 1st is offered, which is older
    assert dict(polled[0].left) == {"older than its backfill": 1}

    again = watch.rounds(30, 10 * MINUTES)
    asked = [path for paths in watch.history for path in paths]
    assert [outcome for ended, _ in again for outcome in ended] == []
    assert asked.count("/sitemap/2026-3.xml") == 30
    assert asked.count("/sitemap/2026-2.xml") == asked.count("/sitemap/2026-1.xml") == 0
    assert not [path for path in asked if "2025" in path]
    assert all(hit.status == 304 for hit in hits(web.log(), host="static.nevatimes.example") if "robots" not in hit.path)


@pytest.mark.long
def test_older_months_are_asked_rarely_and_what_they_gained_is_taken(watch: Watch, web: Loopback) -> None:
    months = moscow(web)
    watch.source("sitemap", f"{SITE}/", 'backfill = "60d"')
    watch.round()
    late = article(web, 900, story(900, "2026/02/28"))
    web.page(months["2026-2.xml"], sitemap(story(13, "2026/02/01"), late), kind=XML)
    told = watch.rounds(30, timedelta(days=1))
    assert [outcome.url for ended, _ in told for outcome in ended if outcome.status is Status.NEW] == [late]
    assert [day for day, paths in enumerate(watch.history, 1) if "/sitemap/2026-2.xml" in paths] == [1, 2, 4, 8, 16]


def test_a_new_month_is_the_newest_from_then_on(watch: Watch, web: Loopback) -> None:
    months = moscow(web)
    watch.source("sitemap", f"{SITE}/", 'backfill = "10d"')
    watch.round()
    april = f"{STATIC}/sitemap/2026-4.xml"
    fresh = article(web, 901, story(901, "2026/04/01"))
    web.page(april, sitemap(fresh), kind=XML)
    web.page(f"{STATIC}/sitemap/sitemap.xml", index(dict.fromkeys([*months.values(), april])), kind=XML)
    ended, _ = watch.round(after=timedelta(days=31))
    assert [outcome.url for outcome in ended] == [fresh]
    watch.round(after=10 * MINUTES)
    assert sorted(watch.asked(STATIC)) == ["/sitemap/2026-4.xml", "/sitemap/sitemap.xml"]


def test_what_is_stated_decides(watch: Watch, web: Loopback) -> None:
    one, two = f"{SITE}/map-a.xml", f"{SITE}/map-b.xml"
    root = f"{SITE}/sitemap.xml"
    web.page(one, sitemap(article(web, 1, story(1))), kind=XML)
    web.page(two, sitemap(article(web, 2, story(2))), kind=XML)
    web.page(root, index({one: "2026-02-27", two: "2026-02-28T10:00:00Z"}), kind=XML)
    watch.source("sitemap", root)
    ended, _ = watch.round()
    assert statuses(ended) == ["new", "new"]
    watch.round(after=10 * MINUTES)
    assert watch.asked(SITE)[:1] == ["/sitemap.xml"]
    assert not [path for path in watch.asked(SITE) if "map-" in path]
    web.page(two, sitemap(story(2), article(web, 3, story(3, "2026/03/01"))), kind=XML)
    web.page(root, index({one: "2026-02-27", two: "2026-03-01T12:05:00Z"}), kind=XML)
    ended, _ = watch.round(after=10 * MINUTES)
    assert [path for path in watch.asked(SITE) if "map-" in path] == ["/map-b.xml"]
    assert [outcome.url for outcome in ended] == [story(3, "2026/03/01")]


def test_a_child_in_trouble_costs_itself_and_is_asked_again(watch: Watch, web: Loopback) -> None:
    good, bad, no = f"{SITE}/map-1.xml", f"{SITE}/other-map.xml", f"{SITE}/gone.xml"
    web.page(good, sitemap(article(web, 1, story(1))), kind=XML)
    web.page(bad, "<html>sorry</html>", status=503)
    web.page(f"{SITE}/sitemap.xml", index({bad: None, good: None, no: None}), kind=XML)
    watch.source("sitemap", f"{SITE}/sitemap.xml")
    ended, _ = watch.round()
    told = {outcome.url: (outcome.status, outcome.reason.partition(":")[0]) for outcome in ended}
    assert told == {
        bad: (Status.RETRY, "throttled"),
        no: (Status.SKIPPED, "gone"),
        story(1): (Status.NEW, told[story(1)][1]),
    }
    web.page(bad, sitemap(article(web, 2, story(2))), kind=XML)
    ended, _ = watch.round(after=timedelta(hours=2))
    assert [outcome.url for outcome in ended if outcome.status is Status.NEW] == [story(2)]


def test_many_parts_are_asked_by_one_command_or_after_one_tick(watch: Watch, web: Loopback) -> None:
    maps = {f"{SITE}/map-{number}.xml": f"2026-02-{number % 20 + 8:02}" for number in range(45)}
    for number, url in enumerate(maps):
        web.page(url, sitemap(f"{SITE}/2026/02/20/never-there-at-all-{number}"), kind=XML)
    web.page(f"{SITE}/sitemap.xml", index(dict(maps)), kind=XML)
    watch.source("sitemap", f"{SITE}/sitemap.xml")

    async def ticks() -> int:
        clock = SimulatedClock(START)
        async with App.open(watch.config, clock=clock) as app:
            schedule = Schedule(app)
            await schedule.tick(clock.now())
            await schedule.settled()
            return len({path for path in watch.asked(SITE) if path.startswith("/map-")})

    assert asyncio.run(ticks()) == 45
    (watch.folder / "x.sqlite").unlink()
    watch.round()
    assert len([path for path in watch.asked(SITE) if path.startswith("/map-")]) == 45


def test_a_gzipped_sitemap_of_a_bare_site_without_robots(watch: Watch, web: Loopback) -> None:
    web.page(f"{SITE}/sitemap.xml", gzip.compress(sitemap(article(web, 1, story(1))).encode(), mtime=0), kind="application/x-gzip")
    watch.source("sitemap", SITE)
    ended, _ = watch.round()
    assert statuses(ended) == ["new"]


# ── what is taken of a source ─────────────────────────────────────────────────────────────────────


def test_backfill_of_a_feed_is_remembered_not_fetched(watch: Watch, web: Loopback) -> None:
    old, new, undated = (article(web, number, story(number, day)) for number, day in ((1, "2025/01/01"), (2, "2026/02/27"), (3, "none")))
    web.feed(f"{SITE}/rss", rss(f"{SITE}/rss", [(old, "Old"), (new, "New"), (undated, "Undated")]))
    watch.source("feed", f"{SITE}/rss", 'backfill = "30d"')
    ended, polled = watch.round()
    assert {outcome.url for outcome in ended} == {new, undated}
    assert polled[0].left == (("older than its backfill", 1),)
    newer = article(web, 4, story(4))
    web.feed(f"{SITE}/rss", rss(f"{SITE}/rss", [(newer, "Newer"), (old, "Old"), (new, "New"), (undated, "Undated")]))
    ended, polled = watch.round(after=10 * MINUTES)
    assert [outcome.url for outcome in ended] == [newer]
    assert polled[0].left == ()


def test_other_patterns_let_in_what_is_still_offered(watch: Watch, web: Loopback) -> None:
    sport, world = article(web, 1, f"{SITE}/sport/2026/02/27/match"), article(web, 2, f"{SITE}/world/2026/02/27/talks")
    web.feed(f"{SITE}/rss", rss(f"{SITE}/rss", [(sport, "The Mátch of the year"), (world, "Talks go on")]))
    watch.source("feed", f"{SITE}/rss", 'exclude = { keyword = "match" }')
    ended, polled = watch.round()
    assert ([outcome.url for outcome in ended], polled[0].left) == ([world], (("excluded", 1),))
    ended, polled = watch.round(after=10 * MINUTES)
    assert (ended, polled[0].unchanged) == ([], True)
    watch.source("feed", f"{SITE}/rss", 'include = { url = ["/sport/*", "/opinion/*"] }')
    ended, polled = watch.round(after=10 * MINUTES)
    assert ([outcome.url for outcome in ended], polled[0].left) == ([sport], (("not included", 1),))


def test_a_subscribers_cookie_goes_to_the_papers_own_articles_and_to_no_one_else(watch: Watch, web: Loopback) -> None:
    mine = article(web, 1, story(1))
    away = f"{SITE}/2026/02/27/moved"
    web.reply(away, Reply(status=302, headers={"Location": "http://elsewhere.example/moved"}))
    article(web, 2, "http://elsewhere.example/moved")
    other = article(web, 3, "http://rival.example/2026/02/27/their-own-story")
    web.feed(f"{SITE}/rss", rss(f"{SITE}/rss", [(mine, "Mine"), (away, "Away"), (other, "Other")]))
    watch.environ = {"PAPER_COOKIE": "session=s3cr3t-value"}
    watch.source("feed", f"{SITE}/rss", 'headers = { "Cookie" = "${PAPER_COOKIE}" }')
    ended, _ = watch.round()
    assert statuses(ended) == ["new", "new", "new"]
    shown = {hit.url for hit in web.log() if "s3cr3t" in hit.headers.get("cookie", "")}
    assert shown == {f"{SITE}/rss", mine, away}
    assert "s3cr3t" not in repr(watch.config.sources)
    assert not [path for path in watch.folder.rglob("*") if path.is_file() and b"s3cr3t" in path.read_bytes()]


def test_a_wordpress_feed_is_read_as_far_back_as_is_asked(watch: Watch, web: Loopback) -> None:
    for number in (1, 2, 3, 4):
        url = story(number, f"2026/02/{20 - number:02}")
        article(web, number, url)
        feed = rss(f"{SITE}/feed/", [(url, "Title")]).replace("<channel>", "<channel><generator>https://wordpress.org/?v=6.4</generator>")
        web.feed(f"{SITE}/feed/" + (f"?paged={number}" if number > 1 else ""), feed)
    watch.source("feed", f"{SITE}/feed/", 'backfill = "30d"')
    ended, _ = watch.round()
    assert len(ended) == 4
    assert statuses(watch.round(after=10 * MINUTES)[0]) == []


def test_a_section_page(watch: Watch, web: Loopback) -> None:
    links = [(story(number), f"What a long headline number {number}") for number in (1, 2)]
    section = "<html><nav><a href='/world/'>World</a></nav><main>{}</main></html>"
    for number, (url, _) in enumerate(links):
        article(web, number, url)
    web.page(f"{SITE}/news", section.format("".join(f"<h3><a href='{url}'>{title}</a></h3>" for url, title in links[:1])))
    watch.source("page", f"{SITE}/news")
    assert [outcome.url for outcome in watch.round()[0]] == [links[0][0]]
    assert watch.round(after=10 * MINUTES)[0] == []
    web.page(f"{SITE}/news", section.format("".join(f"<h3><a href='{url}'>{title}</a></h3>" for url, title in links)))
    assert [outcome.url for outcome in watch.round(after=10 * MINUTES)[0]] == [links[1][0]]


# ── indirect links ────────────────────────────────────────────────────────────────────────────────

AGGREGATOR = "http://news.google.com/rss/articles/CBMinewerFormThatHoldsNoAddressAtAll0123456789"


@pytest.mark.long
@pytest.mark.parametrize(
    ("first", "answer"),
    [
        (AGGREGATOR, "<html><body><c-wiz data-n-au='{}'>Opening…</c-wiz>" + "<script>x()</script>" * 20 + "</body></html>"),
        (AGGREGATOR, "<html><body><a href='{}'>Open</a><a href='http://news.google.com/home'>Home</a></body></html>"),
        ("http://t.co/abc", '<head><noscript><META http-equiv="refresh" content="0;URL={}"></noscript><title>x</title></head>'),
        ("http://go.example/x1", "<html><head><meta http-equiv='refresh' content='0; url={}'></head></html>"),
        ("http://go.example/x2", '<script>location.replace("{}")</script>'),
    ],
)
def test_an_interstitial_is_followed_and_the_chain_kept(watch: Watch, web: Loopback, first: str, answer: str) -> None:
    real = article(web, 1, story(1))
    web.page(first, answer.format(real))
    web.feed(f"{SITE}/rss", rss(f"{SITE}/rss", [(first, "Headline")]))
    watch.source("feed", f"{SITE}/rss")
    ended, _ = watch.round()
    assert statuses(ended) == ["new"]
    (sighting,) = watch.sightings()
    assert (sighting["article_url"], sighting["url"], sighting["chain"]) == (real, first, [first, real])
    assert watch.round(after=10 * MINUTES)[0] == []


def test_redirects_and_what_an_address_says_itself_stand_in_the_chain(watch: Watch, web: Loopback) -> None:
    real = article(web, 1, story(1))
    hop, first = "http://feedproxy.example/~r/x/1", f"http://www.google.com/url?sa=t&url={SITE}/hop"
    web.reply(f"{SITE}/hop", Reply(status=302, headers={"Location": hop}))
    web.reply(hop, Reply(status=301, headers={"Location": real}))
    web.feed(f"{SITE}/rss", rss(f"{SITE}/rss", [(first.replace("&", "&amp;"), "Headline")]))
    watch.source("feed", f"{SITE}/rss")
    assert statuses(watch.round()[0]) == ["new"]
    assert watch.sightings()[0]["chain"] == [first, f"{SITE}/hop", hop, real]
    store = Store.open(f"sqlite:///{watch.folder}/x.sqlite")
    assert read.show(store, "1").sightings[0].chain == (first, f"{SITE}/hop", hop, real)
    store.close()
    assert not hits(web.log(), host="www.google.com")


def test_what_leads_nowhere_has_a_reason_of_its_own(watch: Watch, web: Loopback) -> None:
    loop = "http://go.example/round"
    web.page(AGGREGATOR, "<html><body><p>Before you continue</p></body></html>")
    for number in range(9):
        web.page(f"{loop}{number}", f"<script>location.href='{loop}{number + 1}'</script>")
    web.feed(f"{SITE}/rss", rss(f"{SITE}/rss", [(AGGREGATOR, "A"), (f"{loop}0", "B")]))
    watch.source("feed", f"{SITE}/rss")
    ended, _ = watch.round()
    assert [(outcome.status.value, outcome.reason.partition(":")[0]) for outcome in ended] == [("skipped", "indirect")] * 2
    assert len(hits(web.log(), host="go.example")) <= 8


def test_of_an_amp_page_the_page_itself_is_stored(watch: Watch, web: Loopback) -> None:
    real = article(web, 1, story(1))
    amp = f"{story(1)}?amp=1"
    web.page(amp, page(invented(1), real).replace("<html", "<html amp", 1))
    web.feed(f"{SITE}/rss", rss(f"{SITE}/rss", [(amp, "Headline")]))
    watch.source("feed", f"{SITE}/rss")
    ended, _ = watch.round()
    assert statuses(ended) == ["new"]
    assert len([hit for hit in web.log() if hit.url == real]) == 1
    assert watch.sightings()[0]["chain"] == [amp, real]


@pytest.mark.parametrize("status", [404, 503])
def test_an_amp_page_serves_when_the_page_itself_cannot_be_had(watch: Watch, web: Loopback, status: int) -> None:
    amp, real = f"{story(1)}?amp=1", story(1)
    web.page(amp, page(invented(1), real).replace("<html", "<html amp", 1))
    web.reply(real, Reply(status=status))
    web.feed(f"{SITE}/rss", rss(f"{SITE}/rss", [(amp, "Headline")]))
    watch.source("feed", f"{SITE}/rss")
    ended, _ = watch.round()
    assert statuses(ended) == ["new"]


# ── archives ──────────────────────────────────────────────────────────────────────────────────────


def archived(url: str, body: str, at: str) -> bytes:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body.encode()
    head = f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{at}>\r\nWARC-Target-URI: {url}\r\nWARC-Date: {at}\r\n"
    return gzip.compress(f"{head}Content-Length: {len(answer)}\r\n\r\n".encode() + answer + b"\r\n\r\n", mtime=0)


@pytest.mark.long
def test_an_archive_twice_gives_everything_once(watch: Watch) -> None:
    first, second = page(invented(1), story(1)), page(invented(1, paragraphs=9), story(1))
    other = page(invented(2), story(2))
    path = watch.folder / "crawl.warc.gz"
    records = [
        (story(1), first, "2024-03-04T05:00:00Z"),
        (story(2), other, "2024-03-04T05:01:00Z"),
        (story(1), second, "2024-03-04T06:00:00Z"),
    ]
    path.write_bytes(b"".join(archived(*one) for one in records))
    watch.source("warc", str(path))
    ended, _ = watch.round([str(path)])
    assert statuses(ended) == ["new", "new", "updated"]
    for _ in range(2):
        assert statuses(watch.round(["paper"])[0]) == ["unchanged"] * 3
    store = Store.open(f"sqlite:///{watch.folder}/x.sqlite")
    fetched = sorted(str(row["fetched_at"])[:16] for row in export.export(store, "versions"))
    store.close()
    assert fetched == ["2024-03-04T05:00", "2024-03-04T05:01", "2024-03-04T06:00"]


@pytest.mark.long
def test_older_states_that_come_late_are_versions_and_a_new_one_is_the_latest(watch: Watch) -> None:
    states = [page(invented(1, paragraphs=count), story(1)) for count in (6, 7, 8, 9)]
    for name, days in (("new", (3,)), ("old", (1, 2)), ("newest", (4,))):
        path = watch.folder / f"{name}.warc"
        path.write_bytes(b"".join(archived(story(1), states[day - 1], f"2024-03-0{day}T05:00:00Z") for day in days))
        ended, _ = watch.round([str(path)])
        assert statuses(ended) == ["new" if name == "new" else "updated"] * len(days)
    store = Store.open(f"sqlite:///{watch.folder}/x.sqlite")
    shown = read.show(store, story(1))
    store.close()
    assert next(str(one.fetched_at)[8:10] for one in shown.versions) == "04"
    assert sorted(one.number for one in shown.versions) == [1, 2, 3, 4]


def test_a_disk_that_is_not_there_costs_its_own_source(watch: Watch, web: Loopback) -> None:
    feed = f"{SITE}/rss"
    web.feed(feed, rss(feed, [(article(web, 1, story(1)), "Headline")]))
    lines = f'[[source]]\nname = "disk"\nkind = "files"\nurl = "{watch.folder}/unmounted"\n'
    watch.source("feed", feed, f"\n{lines}")
    ended, _ = watch.round()
    assert statuses(ended) == ["failed", "new"]


def test_a_cookie_goes_to_no_cache_of_the_paper() -> None:
    paper = Source(name="paper", kind="feed", url="https://www.paper.example/rss", headers={"Cookie": "secret"})
    seen = ["https://paper.example/a", "https://static.paper.example/map.xml"]
    unseen = [
        "http://www.paper.example/a",
        "https://www-paper-example.cdn.ampproject.org/c/s/www.paper.example/a",
        "https://www.google.com/amp/s/www.paper.example/a",
        "https://rival.example/a",
    ]
    assert [url for url in seen + unseen if may_see(paper, url)] == seen


@pytest.mark.long
def test_patterns_choose_of_an_archive_too(watch: Watch) -> None:
    path = watch.folder / "crawl.warc.gz"
    at = "2024-03-04T05:00:00Z"
    path.write_bytes(
        archived(story(1), page(invented(1), story(1)), at) + archived(f"{SITE}/sport/2", page(invented(2), f"{SITE}/sport/2"), at)
    )
    watch.source("warc", str(path), 'exclude = { url = "/sport/*" }')
    ended, polled = watch.round()
    assert (statuses(ended), [one.left for one in polled]) == (["new"], [(("excluded", 1),)])


@pytest.mark.long
def test_left_out_entries_are_told_as_json(tmp_path: Path, web: Loopback) -> None:
    from product import Product

    product = Product(tmp_path, [("paper", "feed", f"{SITE}/rss")], resolve={"*": web.address})
    product.sources([("paper", "feed", f"{SITE}/rss")], more='exclude = { title = "Old*" }')
    web.feed(f"{SITE}/rss", rss(f"{SITE}/rss", [(article(web, 1, story(1)), "Old news"), (article(web, 2, story(2)), "New")]))
    done = product("ingest", "--json")
    (line,) = [row for row in done.rows if row["url"] == f"{SITE}/rss"]
    assert (line["status"], line["left_out"]) == ("skipped", {"excluded": 1})
    assert "left out: 1 excluded" in done.err
    assert json.dumps(line)
