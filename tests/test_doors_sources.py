"""`init` and `source …`, as their users meet them, on invented sites."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

import pytest
from conftest import PAPER, serve_news
from loopback import Loopback, Reply, hits
from product import ROOT, Done, Product, without_overriding
from stories import invented, page, rss

from pipeline.config.watched import watched
from pipeline.watching.adding import name_for, patterns

PAGE = "<!doctype html><html><head><title>Harbor Post</title>{head}</head><body><p>Today in the harbor.</p>{body}</body></html>"
XML = "application/xml"


class Fresh(Product):
    """Somebody who has just installed it: no configuration, an empty folder, a home of their own."""

    def __init__(self, home: Path, web: Loopback, package: Path = ROOT) -> None:
        self.home, self.web, self.package = home, web, package
        self.own = home / ".config" / "wirewatch"
        (home / "empty").mkdir()

    def command(self, *words: str | Path) -> list[str]:
        return [sys.executable, "-m", "pipeline", *map(str, words)]

    @property
    def environment(self) -> dict[str, str]:
        fetch = {"DELAY": "0s", "ALLOW_PRIVATE": "127.0.0.0/8", "RESOLVE": json.dumps({"*": self.web.address})}
        return (
            super().environment | {f"WIREWATCH_FETCH__{name}": value for name, value in fetch.items()} | {"PYTHONPATH": str(self.package)}
        )


@pytest.fixture
def fresh(web: Loopback, tmp_path: Path) -> Fresh:
    return Fresh(tmp_path, web)


def dated(url: str, count: int = 3, *, days: int = 0, title: str = "Harbor Post") -> str:
    """A feed whose newest entry is ``days`` old; entry 1 is the newest."""
    newest = datetime.now(UTC) - timedelta(days=days)
    items = "".join(
        f"<item><title>Story {n}</title><link>{escape(url)}/story-{n}</link>"
        f"<pubDate>{(newest - timedelta(hours=n)).strftime('%a, %d %b %Y %H:%M:%S +0000')}</pubDate></item>"
        for n in range(1, count + 1)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{escape(title)}</title>{items}</channel></rss>'


def site(web: Loopback, head: str = "", body: str = "", url: str = "http://harbor.example/") -> str:
    return web.page(url, PAGE.format(head=head, body=body))


def link(href: str, title: str = "") -> str:
    return f'<link rel="alternate" type="application/rss+xml" href="{href}" title="{title}">'


def asked(web: Loopback) -> list[str]:
    return [hit.path for hit in web.log() if hit.path != "/robots.txt"]


def written(product: Product) -> list[tuple[str, str, str]]:
    return [(source.name, source.kind, source.url) for source in watched(product.config / "sources.toml")]


# ── init ──────────────────────────────────────────────────────────────────────────────────────────


def test_init_writes_a_commented_configuration_and_says_what_is_next(fresh: Fresh) -> None:
    said = fresh("init").out
    for name in ("wirewatch.toml", "sources.toml"):
        assert (fresh.own / name).read_bytes() == (ROOT / "config" / name).read_bytes()
        assert str(fresh.own / name) in said
    assert [place.name for place in (fresh.own / "seeds").iterdir()] == ["README.txt"]
    assert "seeds/ is empty" in said
    steps = [said.index(word) for word in ("contact", "source add", "seed add", "ingest")]
    assert steps == sorted(steps)
    assert [row["name"] for row in fresh("source", "list", "--json").rows] == ["moscow-times"]


def test_init_never_overwrites(fresh: Fresh) -> None:
    place = fresh.home / "mine"
    place.mkdir()
    (place / "sources.toml").write_text("# mine\n")
    first = fresh("init", place, "--json").rows[0]
    assert (first["directory"], first["kept"]) == (str(place), [str(place / "sources.toml")])
    again = fresh("init", place)
    assert again.out.count("left as it is") == 3
    assert (place / "sources.toml").read_text() == "# mine\n"
    assert f"--config {place}" in fresh("init", fresh.home / "other").out.replace("other", "mine")


@pytest.mark.parametrize("place", ["a-file", "a-file/below", "locked/below"])
def test_init_where_nothing_can_be_written(fresh: Fresh, place: str) -> None:
    (fresh.home / "a-file").write_text("")
    (fresh.home / "locked").mkdir(mode=0o500)
    done = fresh("init", fresh.home / place, expect=2, prefix=without_overriding())
    assert done.err.startswith("wirewatch: ")
    assert str(fresh.home / place.partition("/")[0]) in done.err


@pytest.mark.long
def test_installed_without_a_clone_the_first_source_makes_a_configuration(web: Loopback, tmp_path: Path) -> None:
    package = tmp_path / "site"
    shutil.copytree(ROOT / "pipeline", package / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("config", "seeds"):
        shutil.copytree(ROOT / name, package / "pipeline" / "_shipped" / name)
    shipped = (package / "pipeline" / "_shipped" / "config" / "sources.toml").read_bytes()
    fresh = Fresh(tmp_path, web, package)
    web.feed("http://harbor.example/rss", dated("http://harbor.example"))
    done = fresh("source", "add", "http://harbor.example/rss")
    assert str(fresh.own) in done.err
    assert (fresh.own / "sources.toml").read_bytes().startswith(shipped)
    assert (package / "pipeline" / "_shipped" / "config" / "sources.toml").read_bytes() == shipped
    assert [row["name"] for row in fresh("source", "list", "--json").rows] == ["moscow-times", "harbor"]
    fresh("source", "remove", "moscow-times")
    assert [row["name"] for row in fresh("source", "list", "--json").rows] == ["harbor"]
    seed = fresh("--config", package / "pipeline" / "_shipped" / "config", "seed", "remove", "saltholm-ferry", expect=2)
    assert "came with wirewatch" in seed.err
    named = fresh("--config", package / "pipeline" / "_shipped" / "config", "source", "remove", "moscow-times", expect=2)
    assert "wirewatch init" in named.err


# ── source add ────────────────────────────────────────────────────────────────────────────────────


def test_add_a_feed_by_its_address(web: Loopback, product: Product) -> None:
    feed = "http://harbor.example/news/feed.xml"
    web.feed(feed, dated("http://harbor.example", 7).replace("</channel>", "<item><title>No link</title></item></channel>"))
    done = product("source", "add", feed, "--every", "30m", "--language", "en", "--header", "X-Key=a b")
    assert written(product) == [("harbor", "feed", feed)]
    (source,) = watched(product.config / "sources.toml")
    assert (source.every, source.language, dict(source.headers)) == (timedelta(minutes=30), "en", {"X-Key": "a b"})
    titles = [line.split()[-1] for line in done.out.split("\n") if " Story " in line]
    assert titles == ["1", "2", "3", "4", "5"]
    assert "7 entries" in done.out
    assert "left out: entry 8 (No link): no link" in done.out
    assert asked(web) == ["/news/feed.xml"]
    assert {hit.headers.get("x-key") for hit in web.log() if hit.path != "/robots.txt"} == {"a b"}


def test_add_a_site_whose_page_names_feeds(web: Loopback, product: Product) -> None:
    site(web, link("/rss/all", "All") + link("/rss/sport", "Sport") + link("/comments/feed/", "Comments Feed"))
    web.feed("http://harbor.example/rss/all", dated("http://harbor.example", 4))
    web.feed("http://harbor.example/rss/sport", dated("http://harbor.example", 2, title="Sport"))
    (told,) = product("source", "add", "http://harbor.example", "--json").rows
    assert written(product) == [("harbor", "feed", "http://harbor.example/rss/all")]
    assert (told["action"], told["name"], told["kind"], told["entries"], told["title"]) == ("added", "harbor", "feed", 4, "Harbor Post")
    assert "names" in told["why"]
    assert [one["title"] for one in told["coming"]] == ["Story 1", "Story 2", "Story 3", "Story 4"]
    (other,) = told["alternatives"]
    assert (other["url"], other["kind"], other["entries"], other["title"]) == ("http://harbor.example/rss/sport", "feed", 2, "Sport")
    assert other["newest"]
    assert asked(web) == ["/", "/rss/all", "/rss/sport"]


def test_a_feed_that_fell_silent_is_not_chosen_before_one_that_speaks(web: Loopback, product: Product) -> None:
    site(web, link("/old.rss") + link("/new.rss"))
    web.feed("http://harbor.example/old.rss", dated("http://harbor.example", 9, days=400))
    web.feed("http://harbor.example/new.rss", dated("http://harbor.example", 1))
    product("source", "add", "http://harbor.example")
    assert written(product) == [("harbor", "feed", "http://harbor.example/new.rss")]


def test_a_page_that_lists_feeds_is_looked_through(web: Loopback, product: Product) -> None:
    site(web, body='<a href="/rss/">Our feeds</a>')
    site(web, body='<a href="/rss/news.xml">News</a>', url="http://harbor.example/rss/")
    web.feed("http://harbor.example/rss/news.xml", dated("http://harbor.example"))
    product("source", "add", "http://harbor.example")
    assert written(product) == [("harbor", "feed", "http://harbor.example/rss/news.xml")]


def test_a_feed_kept_elsewhere_is_the_sites_own(web: Loopback, product: Product) -> None:
    site(web, link("http://feeds.host.example/harbor"))
    web.feed("http://feeds.host.example/harbor", dated("http://harbor.example"))
    product("source", "add", "http://harbor.example")
    (source,) = watched(product.config / "sources.toml")
    assert (source.name, source.url, source.outlet) == ("harbor", "http://feeds.host.example/harbor", "harbor.example")


def test_usual_places_are_asked_when_no_feed_is_named(web: Loopback, product: Product) -> None:
    site(web)
    web.feed("http://harbor.example/rss.xml", dated("http://harbor.example"))
    done = product("source", "add", "http://harbor.example/")
    assert written(product) == [("harbor", "feed", "http://harbor.example/rss.xml")]
    assert len(asked(web)) <= 6
    assert "usual place" in done.out


def test_a_refused_page_may_still_have_a_feed(web: Loopback, product: Product) -> None:
    web.reply("http://harbor.example/", Reply(status=403, body=b"no"))
    web.feed("http://harbor.example/feed/", dated("http://harbor.example"))
    product("source", "add", "http://harbor.example/")
    assert written(product) == [("harbor", "feed", "http://harbor.example/feed/")]


def test_robots_is_obeyed(web: Loopback, product: Product) -> None:
    site(web, link("/private/rss") + link("/rss"))
    web.page("http://harbor.example/robots.txt", "User-agent: *\nDisallow: /private/\n", kind="text/plain")
    web.feed("http://harbor.example/rss", dated("http://harbor.example"))
    web.feed("http://harbor.example/private/rss", dated("http://harbor.example"))
    (told,) = product("source", "add", "http://harbor.example", "--json").rows
    assert told["url"] == "http://harbor.example/rss"
    assert [one["trouble"].partition(":")[0] for one in told["alternatives"]] == ["disallowed"]
    assert hits(web.log(), path="/private/rss") == []


def test_a_feed_of_comments_is_told_by_its_own_title(web: Loopback, product: Product) -> None:
    site(web, link("/a/feed/") + link("/b/feed/"))
    web.feed("http://harbor.example/a/feed/", dated("http://harbor.example", title="Comments on: The old pier"))
    web.feed("http://harbor.example/b/feed/", dated("http://harbor.example"))
    product("source", "add", "http://harbor.example")
    assert written(product) == [("harbor", "feed", "http://harbor.example/b/feed/")]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["http://nothing.example/"], 2, "nothing.example answered 404"),
        (["http://bare.example/"], 2, "nothing to watch was found"),
        (["ftp://harbor.example/"], 2, "not an http or https address"),
        (["no such thing"], 2, "no such thing"),
        (["http://busy.example/"], 1, "503"),
        (["http://shut.example/"], 1, "403"),
        (["http://bare.example/", "--kind", "fed"], 2, "did you mean 'feed'"),
        (["http://bare.example/", "--kind", "feed"], 2, "cannot be watched as feed"),
        (["http://bare.example/", "--name", "a b"], 2, "is no name"),
        (["http://bare.example/", "--every", "often"], 2, "is no duration"),
        (["http://bare.example/", "--header", "X-Key"], 2, "NAME=VALUE"),
        (["http://other.example/", "--name", "paper"], 2, "paper: there is a source of that name already"),
    ],
)
@pytest.mark.long
def test_what_cannot_be_added_is_said(web: Loopback, product: Product, words: list[str], code: int, told: str) -> None:
    product.sources([("paper", "feed", PAPER)])
    web.page("http://bare.example/", "plain words, and no link", kind="text/plain")
    web.reply("http://busy.example/", Reply(status=503))
    web.reply("http://shut.example/", Reply(status=403))
    before = (product.config / "sources.toml").read_bytes()
    done = product("source", "add", *words, expect=code)
    assert told in done.err
    assert done.out == ""
    assert (product.config / "sources.toml").read_bytes() == before


def test_what_is_watched_already_is_not_written_twice(web: Loopback, product: Product) -> None:
    product.sources([("paper", "feed", "https://harbor.example/rss/")])
    site(web, link("/rss"))
    web.feed("http://harbor.example/rss", dated("http://harbor.example"))
    before = (product.config / "sources.toml").read_bytes()
    assert 'as "paper"' in product("source", "add", "http://harbor.example/rss").out
    assert asked(web) == []
    assert product("source", "add", "http://harbor.example/", "--json").rows[0]["action"] == "already"
    assert (product.config / "sources.toml").read_bytes() == before


def test_a_dry_run_writes_nothing(web: Loopback, product: Product) -> None:
    web.feed("http://harbor.example/rss", dated("http://harbor.example"))
    done = product("source", "add", "http://harbor.example/rss", "--dry-run")
    assert "Story 1" in done.out
    assert "nothing was written" in done.out
    assert written(product) == []
    assert not product.database.exists()


def test_names_are_made_from_the_outlet_and_are_unique() -> None:
    names: list[str] = []
    for url in (
        *("http://www.harbor.example/rss", "http://harbor.example/rss/opinion.xml", "http://harbor.example/2", "http://harbor.example/3"),
        *("https://www.bbc.co.uk/news/rss", "https://sea.wordpress.com/feed/", "http://127.0.0.1:8000/rss", "http://[::1]/rss"),
        *("https://xn--80aswg.xn--p1ai/rss", "http://localhost/rss"),
    ):
        names.append(name_for(url, names))
    assert names[:4] == ["harbor", "harbor-opinion", "harbor-2", "harbor-3"]
    assert names[4:] == ["bbc", "sea", "127-0-0-1", "1", "сайт", "localhost"]


def test_patterns_name_what_they_are_of() -> None:
    given = ["*/opinion/*", "title:re:^Live: ", "keyword:ferry", "https://harbor.example/a*", "title:Quiz"]
    assert patterns(given) == {"url": ["*/opinion/*", given[3]], "title": ["re:^Live: ", "Quiz"], "keyword": ["ferry"]}


def test_a_page_and_a_folder_can_be_watched_too(web: Loopback, product: Product) -> None:
    site(web)
    (product.home / "pages").mkdir()
    product("source", "add", "http://harbor.example/", "--kind", "url", "--name", "notice")
    product("source", "add", "pages")
    assert written(product) == [("notice", "url", "http://harbor.example/"), ("pages", "files", str(product.home / "pages"))]


def test_what_was_added_can_be_ingested(web: Loopback, product: Product) -> None:
    serve_news(web)
    site(web, link("/feed.xml"), url="http://paper.example/")
    product("source", "add", "http://paper.example")
    rows = product("ingest", "paper", "--json").rows
    assert {row["status"] for row in rows} == {"new", "skipped"}


# ── list, remove, rename ──────────────────────────────────────────────────────────────────────────


@pytest.mark.long
def test_list_before_and_after_a_run(web: Loopback, product: Product) -> None:
    serve_news(web)
    product.sources([("paper", "feed", PAPER), ("gone", "feed", "http://nowhere.example/rss")], 'every = "90m"')
    before = product("source", "list", "--json").rows
    assert [(row["name"], row["every"], row["health"], row["last_ok"]) for row in before] == [
        ("paper", "90m", "never asked", None),
        ("gone", "90m", "never asked", None),
    ]
    product("ingest", expect=1)
    paper, gone = product("source", "list", "--json").rows
    assert (paper["health"], paper["articles"], gone["failures"]) == ("ok", 3, 1)
    assert paper["last_ok"] < paper["due_at"]
    assert gone["last_error"].startswith("gone")
    assert "failing ×1" in product("source", "list").out


@pytest.mark.long
def test_a_removed_source_leaves_its_articles(web: Loopback, product: Product) -> None:
    serve_news(web)
    product.sources([("paper", "feed", PAPER)])
    product("ingest")
    assert "stay in the database" in product("source", "remove", "paper").out
    assert written(product) == []
    assert len(product.articles()) == 3


@pytest.mark.long
def test_a_renamed_source_keeps_its_memory(web: Loopback, product: Product) -> None:
    serve_news(web)
    product.sources([("paper", "feed", PAPER)])
    product("ingest")
    product("source", "rename", "paper", "the-paper")
    assert [name for name, _, _ in written(product)] == ["the-paper"]
    assert {row["source"] for row in product.export("sightings")} == {"the-paper"}
    web.clear_log()
    product("ingest")
    assert [(hit.url, hit.status) for hit in web.log() if hit.path != "/robots.txt"] == [(PAPER, 304)]
    assert {row["name"]: row["articles"] for row in product("source", "list", "--json").rows} == {"the-paper": 3}


@pytest.mark.long
def test_a_name_that_the_database_remembers_is_not_taken(web: Loopback, product: Product) -> None:
    serve_news(web)
    product.sources([("old", "feed", PAPER), ("paper", "feed", "http://wire.example/atom.xml")])
    product("ingest")
    product("source", "remove", "old")
    assert "another source of this name" in product("source", "rename", "paper", "old", expect=2).err
    assert [name for name, _, _ in written(product)] == ["paper"]


@pytest.mark.parametrize(
    "words",
    [
        ["source", "remove", "mosow-times"],
        ["source", "rename", "mosow-times", "x"],
        ["source", "check", "mosow-times"],
        ["ingest", "mosow-times"],
    ],
)
def test_an_unknown_name_brings_the_nearest(product: Product, words: list[str]) -> None:
    product.sources([("moscow-times", "feed", PAPER), ("harbor", "feed", "http://harbor.example/rss")])
    assert "did you mean 'moscow-times'?" in product(*words, expect=2).err


# ── check ─────────────────────────────────────────────────────────────────────────────────────────


def check(product: Product, *what: str, expect: int = 0) -> dict[str, dict[str, object]]:
    return {row["source"]: row for row in product("source", "check", *what, "--json", expect=expect).rows}


def test_check_says_what_each_source_is_worth_and_writes_nothing(web: Loopback, product: Product) -> None:
    def feed(host: str, *bodies: str) -> tuple[str, str, str]:
        urls = [f"http://{host}.example/{n}" for n in range(len(bodies))]
        for url, body in zip(urls, bodies, strict=True):
            web.page(url, body)
        web.feed(f"http://{host}.example/rss", rss(f"http://{host}.example/", [(url, "A title") for url in urls]))
        return (host, "feed", f"http://{host}.example/rss")

    wall = "<html><title>Before you continue</title><h1>We value your privacy</h1><p>We use cookies. Accept all or manage.</p></html>"
    stories = [page(invented(n), f"http://good.example/{n}") for n in range(4)]
    listed = [
        feed("good", *stories),
        feed("walled", wall),
        feed("empty"),
        feed("closed", stories[0]),
        ("late", "feed", "http://late.example/rss"),
    ]
    listed += [("site", "feed", "http://site.example/"), ("lost", "files", "no-such-folder"), feed("shut", stories[0])]
    web.page("http://closed.example/robots.txt", "User-agent: *\nDisallow: /0\n", kind="text/plain")
    web.page("http://shut.example/robots.txt", "User-agent: *\nDisallow: /\n", kind="text/plain")
    web.reply("http://late.example/rss", Reply(status=503))
    site(web, url="http://site.example/")
    product.sources(listed)
    rows = check(product, expect=1)
    assert list(rows) == [name for name, _, _ in listed]
    assert {name: row["verdict"] for name, row in rows.items()} == {
        "good": "works",
        "walled": "walled",
        "empty": "empty",
        "closed": "disallowed",
        "late": "failing",
        "site": "unreadable",
        "lost": "gone",
        "shut": "disallowed",
    }
    assert (rows["good"]["entries"], rows["good"]["stored"]) == (4, None)
    assert len([hit for hit in hits(web.log(), host="good.example") if hit.path.strip("/").isdigit()]) == 3
    assert not product.database.exists()
    assert "HTML page" in str(rows["site"]["why"])


@pytest.mark.long
def test_check_counts_what_is_stored_already_and_leaves_it(web: Loopback, product: Product) -> None:
    serve_news(web)
    product.sources([("paper", "feed", PAPER)])
    product("ingest")
    before = {what: product.export(what) for what in ("articles", "sightings", "outcomes")}
    row = check(product)["paper"]
    assert (row["entries"], row["stored"]) == (4, 3)
    assert before == {what: product.export(what) for what in before}


@pytest.mark.long
def test_check_an_address_that_is_not_watched(web: Loopback, product: Product) -> None:
    site(web, link("/rss"))
    web.feed("http://harbor.example/rss", dated("http://harbor.example", 2))
    (row,) = check(product, "http://harbor.example/").values()
    assert (row["url"], row["entries"], row["verdict"]) == ("http://harbor.example/rss", 2, "no articles")
    assert written(product) == []


# ── lists of other readers ────────────────────────────────────────────────────────────────────────

LIST = """<opml version="2.0"><head><title>Mine</title></head><body>
<outline text="Sea"><outline type="rss" text="Harbor" xmlUrl="http://harbor.example/rss"/></outline>
<outline type="rss" text="Paper" xmlUrl="http://paper.example/feed.xml"/><outline type="rss" text="Harbor again" xmlUrl="http://harbor.example/rss"/>
<outline type="rss" text="Nowhere"/></body></opml>"""


def told(done: Done) -> list[tuple[str, str]]:
    return [(row["action"], row.get("url") or row["reason"].partition(":")[0]) for row in done.rows]


def test_import_writes_feeds_and_names_the_rest(web: Loopback, product: Product) -> None:
    product.sources([("paper", "feed", PAPER)])
    file = product.home / "mine.opml"
    file.write_text(LIST, encoding="utf-8")
    dry = product("source", "import", file, "--dry-run", "--json")
    assert [name for name, _, _ in written(product)] == ["paper"]
    rest = [("already", PAPER), ("refused", "Harbor again"), ("refused", "Nowhere")]
    assert told(dry) == [("none", "http://harbor.example/rss"), *rest]
    assert told(product("source", "import", file, "--json")) == [("added", "http://harbor.example/rss"), *rest]
    assert written(product)[1:] == [("harbor", "feed", "http://harbor.example/rss")]
    again = product("source", "import", "-", given=LIST)
    assert "0 feeds, 2 watched already, 2 left out; nothing to add" in again.out
    assert web.log() == []


def test_import_of_what_is_no_list(product: Product) -> None:
    (product.home / "page.opml").write_text("<html>Sign in</html>")
    assert "no OPML" in product("source", "import", "page.opml", expect=2).err
    assert "cannot be read" in product("source", "import", "nothere.opml", expect=2).err


def test_export_can_be_imported_elsewhere(product: Product, tmp_path_factory: pytest.TempPathFactory) -> None:
    product.sources([("paper", "feed", PAPER), ("hall", "url", "http://hall.example/?a=1&b=2"), ("mine", "files", "pages")])
    done = product("source", "export")
    assert "hall" in done.err
    assert "mine" in done.err
    other = Product(tmp_path_factory.mktemp("other"))
    (other.home / "list.opml").write_text(done.out, encoding="utf-8")
    other("source", "import", "list.opml")
    assert written(other) == [("paper", "feed", PAPER)]
    assert [row["name"] for row in product("source", "export", "--json").rows] == ["paper"]


# ── completion ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("sour", {"source"}),
        ("source re", {"remove", "rename"}),
        ("source remove ", {"harbor", "paper"}),
        ("source check har", {"harbor"}),
        ("ingest pa", {"paper"}),
        ("story light", {"lighthouse"}),
        ("seed remove ", {"lighthouse"}),
        ("latest --relation re", {"related", "revision"}),
        ("export re", {"relations"}),
    ],
)
def test_completion(product: Product, typed: str, offered: set[str]) -> None:
    product.sources([("harbor", "feed", "http://harbor.example/rss"), ("paper", "feed", PAPER)])
    product.seed("lighthouse", title="T", text="A text.", url="http://o.example/1", published="2026-03-01", authors=[])
    assert set(_completed(product, typed)) == offered


@pytest.mark.parametrize("broken", ["[[source", '[[source]]\nurl = "x"', "source = 1", "\0"])
def test_completion_never_complains_and_never_writes(product: Product, broken: str) -> None:
    (product.config / "sources.toml").write_text(broken)
    (product.config / "wirewatch.toml").write_text(broken)
    before = sorted(product.home.rglob("*"))
    for typed in ("source remove ", "story ", "ingest "):
        assert _completed(product, typed) == []
    assert sorted(product.home.rglob("*")) == before


def _completed(product: Product, typed: str) -> list[str]:
    words = f"wirewatch --config {product.config} {typed}"
    asks = {"_WIREWATCH_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    done = product(environment=asks, expect=None)
    assert done.err == ""
    return done.out.split()


def test_the_shell_is_told_how(product: Product) -> None:
    (product.home / ".bashrc").touch()
    shown = product("--show-completion", "bash", environment={"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"})
    assert "_WIREWATCH_COMPLETE" in shown.out
    product("--install-completion", "bash", environment={"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"})
    assert "wirewatch" in (product.home / ".bashrc").read_text()
