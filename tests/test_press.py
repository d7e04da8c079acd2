"""The built-in press through its sockets and its client: HTTP, its clock, its log, what it made."""

from __future__ import annotations

import gzip
import json
import re
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pipeline.press import Made, Press, changes
from pipeline.press.replies import prepare
from pipeline.press.seeds import read_seeds
from pipeline.press.world import World

ROOT = Path(__file__).resolve().parent.parent
START = datetime(2024, 5, 2, 18, 0, tzinfo=UTC)
# The table of transformations in the facts on matching, but translation (AMP, print and tracked addresses are aliases).
TABLE = {
    "identical": {"original", "headline", "typography", "mojibake"},
    "copy": {"dateline", "spelling", "related-lines", "reordered"},
    "excerpt": {"first-paragraphs", "paywall-stub"},
    "revision": {"figures", "write-thru", "correction"},
    "derived": {"local-lead", "merged", "three-paragraphs", "light-rewrite"},
    "related": {"quotes-only", "same-event", "day-before"},
    "distinct": {"caption-only"},
}
STORY = """The harbor council of Maren voted on Thursday to close the old lock gates after 14 leaks were counted in one night.

Engineers expect the repair to take 9 weeks and to cost 2.4 million crowns, money that the council does not have.

"We can keep the water out or we can keep the boats moving," lock master Peder Quist said. "We cannot promise both before the winter."

Shipping agents in Maren said that 31 vessels were waiting upstream and that perishable cargo would be lost by the weekend.

A second opinion

Residents of the lower town have asked for a second opinion, which the mayor, Lone Abildgaard, promised to commission in September.

She said the canal had defended the center of Maren for two centuries and deserved better than plywood and prayer.

The national waterways agency organized a similar closure in 2011, when traffic was diverted through Ostrava Sound for most of a year.

"Nobody remembers that summer with any fondness at all," said Quist, who was an apprentice at the time and slept beside the pumps.
"""
FACTS = """title = "Maren Closes Old Lock Gates After Leaks"
url = "http://www.origin.example/2024/05/02/maren-closes-old-lock-gates-a77001"
published = 2024-05-02
authors = ["Birte Krogh"]
credit = "NSB"
caption = "The lower gates at Maren on Thursday."
caption_credit = "Aage Toft / NSB"
"""


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeds")
    (folder / "maren").mkdir()
    (folder / "maren" / "seed.toml").write_text(FACTS, encoding="utf-8")
    (folder / "maren" / "article.txt").write_text(STORY, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def running(seeds: Path) -> Iterator[Press]:
    with Press.start(seeds, START) as press:
        yield press


@pytest.fixture
def press(running: Press) -> Press:
    running.set_clock(START)
    running.clear_log()
    return running


def get(press: Press, url: str, *, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    parts = urlsplit(url)
    connection = HTTPConnection("127.0.0.1", press.port, timeout=10)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(
            method, target, headers={"Host": parts.netloc, **{name.replace("_", "-"): value for name, value in headers.items()}}
        )
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def of_way(press: Press, way: str) -> Made:
    return next(made for made in press.made() if made.way == way)


def source(press: Press, name: str) -> str:
    return next(feed.url for feed in press.sources if feed.name == name)


def links(body: bytes) -> list[str]:
    return [item.findtext("link", "") for item in ET.fromstring(body).iter("item")]


def test_every_feed_is_served_and_lists_what_is_out(press: Press) -> None:
    listed = b""
    for feed in press.sources:
        response, body = get(press, feed.url)
        assert response.status == 200
        assert response.headers["ETag"]
        assert response.headers["Last-Modified"]
        listed += json.dumps(json.loads(body)).encode() if feed.url.endswith(".json") else body
    unlisted = [made.url for made in press.made() if made.url.encode() not in listed]
    assert unlisted == []
    assert {"rss", "feed", "RDF"} <= {
        ET.fromstring(get(press, f.url)[1]).tag.rpartition("}")[2] for f in press.sources if ".json" not in f.url
    }


def test_a_feed_holds_the_newest_twenty(press: Press) -> None:
    press.advance(12 * 3600)
    body = get(press, source(press, "moskva-times"))[1]
    assert len(links(body)) == 20


def test_validators_bring_304_for_feeds_and_articles(press: Press) -> None:
    for url in (*(feed.url for feed in press.sources), *(made.url for made in press.made())):
        first, body = get(press, url)
        assert (first.status, bool(body)) == (200, True), url
        by_tag, nothing = get(press, url, If_None_Match=first.headers["ETag"])
        by_date, _ = get(press, url, If_Modified_Since=first.headers["Last-Modified"])
        other, _ = get(press, url, If_None_Match='"another"', If_Modified_Since=first.headers["Last-Modified"])
        assert (by_tag.status, by_date.status, other.status, nothing) == (304, 304, 200, b""), url


def test_gzip_is_used_when_it_is_accepted(press: Press) -> None:
    url = of_way(press, "original").url
    plain, packed = get(press, url), get(press, url, Accept_Encoding="gzip, br")
    assert packed[0].headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed[1]) == plain[1]
    assert "Content-Encoding" not in plain[0].headers


def test_the_papers_robots_disallow_tracked_addresses(press: Press) -> None:
    response, body = get(press, "http://www.themoskvatimes.example/robots.txt")
    assert response.status == 200
    for rule in ("Disallow: /preview/", "Disallow: /search/", "Disallow: *?utm", "Disallow: *&utm"):
        assert rule in body.decode()
    tracked = [link for link in links(get(press, source(press, "moskva-times-all"))[1]) if "utm_source" in link]
    assert tracked


def test_the_trailing_id_alone_selects_the_article(press: Press) -> None:
    made = of_way(press, "original")
    assert made.url.endswith("/2024/05/02/maren-closes-old-lock-gates-a77001")
    for path in ("/2024/05/02/an-older-headline-a77001", "/1999/01/01/x-a77001", "/news/maren-closes-old-lock-gates"):
        response, _ = get(press, f"http://www.themoskvatimes.example{path}")
        assert (response.status, response.headers["Location"]) == (301, made.url)


def test_every_alias_leads_to_its_article(press: Press) -> None:
    for made in press.made():
        for alias in made.aliases:
            response, body = get(press, alias)
            assert response.status in (200, 301, 302), alias
            if response.status == 200 and made.completeness == "full":
                assert made.paragraphs[-1] in unescape(body.decode()), alias


def test_the_papers_traps_stand_on_its_page(press: Press) -> None:
    page = get(press, of_way(press, "original").url)[1].decode()
    assert re.search(r'byline__author">By <a[^>]*>Birte Krogh for NSB<', page)
    for trap in (
        *(
            "<base href",
            'content="noarchive"',
            "one dollar",
            "Read more about:",
            "Most read",
            "Just in",
            "related-article",
            "Aage Toft / NSB",
        ),
        *('"inLanguage": {"@type": "Language"', 'property="article:published_time"', ">Read more<"),
    ):
        assert trap in page, trap
    assert "articleBody" not in page
    feed = get(press, source(press, "moskva-times"))[1].decode()
    assert "<ttl>600</ttl>" in feed
    assert re.search(r"<title>\n\t\t\S", feed)


def test_pages_hold_what_they_were_made_to_hold(press: Press) -> None:
    for made in press.made():
        page = unescape(get(press, made.url)[1].decode())
        assert [line for line in made.paragraphs if line not in page] == [], made.url
        assert made.title in page


def test_the_clock_publishes(press: Press) -> None:
    before = {made.url for made in press.made()}
    press.advance(2 * 3600)
    new = [made for made in press.made() if made.url not in before]
    unrelated = [made for made in new if made.seed is None]
    assert len(unrelated) >= 40
    assert len({made.outlet for made in unrelated}) == 8
    assert all(sum(len(line.split()) for line in made.paragraphs) >= 180 for made in unrelated if made.completeness == "full")
    assert {made.way for made in new if made.seed} == {"late-spelling", "late-write-thru"}
    assert get(press, new[-1].url)[0].status == 200
    press.set_clock(START)
    assert get(press, new[-1].url)[0].status in (200, 404)
    assert new[-1].url not in {made.url for made in press.made()}


def test_an_edited_article_keeps_its_id_and_changes_its_feed(press: Press) -> None:
    press.advance(3 * 3600)
    made = next(one for one in reversed(press.made()) if one.modified > one.published)
    older = next(
        alias
        for alias in made.aliases
        if "?" not in alias and "/pdf" not in alias and alias.rpartition("-a")[2] == made.url.rpartition("-a")[2]
    )
    response, _ = get(press, older)
    assert (response.status, response.headers["Location"]) == (301, made.url)
    assert "Updated:" in get(press, made.url)[1].decode()
    feed = get(press, source(press, "moskva-times"))[0].headers["ETag"]
    press.set_clock(made.published)
    assert get(press, source(press, "moskva-times"))[0].headers["ETag"] != feed
    assert get(press, older)[0].status == 200


def test_unrelated_stories_share_next_to_no_run_of_eight_words(press: Press) -> None:
    press.advance(6 * 3600)
    seen: dict[tuple[str, ...], str] = {}
    shared = total = 0
    for made in press.made():
        if made.seed is None and made.completeness == "full":
            words = re.findall(r"\w+", " ".join(made.paragraphs).lower())
            for at in range(len(words) - 7):
                total += 1
                shared += seen.setdefault(tuple(words[at : at + 8]), made.title) != made.title
    assert total > 20_000
    # Within a sentence a run is drawn again; what is left are seams between two sentences.
    assert shared / total < 0.005


def test_failures_come_as_often_as_they_were_ordered(press: Press) -> None:
    url = of_way(press, "dateline").url
    press.fail("www.alliedfieldwire.example", status=503, times=2, retry_after=7)
    press.fail("*/news/*", status=500)
    statuses = [get(press, url)[0] for _ in range(3)]
    assert [response.status for response in statuses] == [503, 503, 200]
    assert statuses[0].headers["Retry-After"] == "7"
    url = of_way(press, "headline").url
    assert [get(press, url)[0].status for _ in range(2)] == [500, 200]
    press.fail(url, status=0)
    with pytest.raises(ConnectionError):
        get(press, url)
    assert press.log()[-1].status == 0


def test_the_log_tells_who_asked_what(press: Press) -> None:
    url = of_way(press, "dateline").url
    connection = HTTPConnection("127.0.0.1", press.port, timeout=10)
    for tag in ("one", "two"):
        connection.request(
            "GET", urlsplit(url).path, headers={"Host": urlsplit(url).netloc, "User-Agent": "tester/1", "If-None-Match": tag}
        )
        connection.getresponse().read()
    connection.close()
    press.advance(5)
    get(press, url, method="HEAD")
    press.made()
    first, second, head = press.log()
    assert (first.host, first.path, first.status, first.url) == (urlsplit(url).netloc, urlsplit(url).path, 200, url)
    assert (first.headers["user-agent"], second.headers["if-none-match"]) == ("tester/1", "two")
    assert first.connection == second.connection != head.connection
    assert first.at <= second.at <= head.at
    assert (head.method, (head.press_time - first.press_time).total_seconds()) == ("HEAD", 5)
    press.clear_log()
    assert press.log() == []


def test_what_cannot_be_read_is_listed_and_cannot_be_read(press: Press) -> None:
    pages = {made.trouble: get(press, made.url) for made in press.unreadable()}
    assert {trouble: response.status for trouble, (response, _) in pages.items()} == {"gone": 404, "soft-404": 200, "consent": 200}
    assert b"Not found" in pages["gone"][1]
    assert b"could not be found" in pages["soft-404"][1]
    assert b"Accept all" in pages["consent"][1]


def test_every_row_of_the_table_is_run(press: Press) -> None:
    made: dict[str, set[str]] = {}
    for one in press.made():
        if one.way:
            assert one.seed == "maren"
            made.setdefault(one.made_to_be, set()).add(one.way)
    assert made == TABLE
    assert of_way(press, "paywall-stub").completeness == "truncated"
    merged = of_way(press, "merged")
    assert merged.parents
    assert set(merged.parents) <= {one.url for one in press.made()}


@pytest.mark.parametrize("name", [path.name for path in sorted((ROOT / "seeds").iterdir()) if path.is_dir()])
def test_every_row_of_the_table_is_run_for_the_seeds_that_ship(name: str) -> None:
    world = World(read_seeds(ROOT / "seeds"))
    ways = {(story.made_to_be, story.way) for story in world.out(world.start) if story.seed == name}
    assert ways == {(relation, way) for relation, ways in TABLE.items() for way in ways}


def test_related_and_distinct_stories_copy_no_sentence(press: Press) -> None:
    seed = of_way(press, "original")
    for way in ("same-event", "day-before", "caption-only"):
        text = " ".join(of_way(press, way).paragraphs)
        assert [line for line in seed.paragraphs if line in text] == []
    assert "We can keep the water out" in " ".join(of_way(press, "quotes-only").paragraphs)
    assert of_way(press, "caption-only").caption == "The lower gates at Maren on Thursday."


def test_the_same_arguments_make_the_same_bytes(press: Press, seeds: Path) -> None:
    with Press.start(seeds, START) as again, Press.start(seeds, START, number=1) as other:
        assert again.made() == press.made()
        assert other.made() != press.made()
        for url in (*(feed.url for feed in press.sources), *(made.url for made in press.made()[::7])):
            (one, first), (two, second) = get(press, url), get(again, url)
            assert (first, one.headers["ETag"]) == (second, two.headers["ETag"]), url


def test_it_ends_with_its_standard_input_and_on_sigterm(seeds: Path) -> None:
    words = [
        sys.executable,
        "-m",
        "pipeline.press",
        "--port",
        "0",
        "--seeds",
        str(seeds),
        "--start",
        START.isoformat(),
        "--seed-number",
        "3",
    ]
    for end in ("close", "term"):
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            said = json.loads(process.stdout.readline())
            assert {"port", "sources", "control"} <= set(said)
            if end == "close":
                process.stdin.close()
            else:
                process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0


def test_seeds_that_are_not_there_are_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        Press.start(tmp_path / "nowhere")


def test_a_world_without_seeds_runs(tmp_path: Path) -> None:
    with Press.start(tmp_path) as press:
        assert {made.seed for made in press.made()} == {None}
        assert len(press.made()) > 60


def test_figures_are_changed_and_years_and_names_are_not() -> None:
    text = ("The F-16 and the G7 met in 2008 at 9:30 with 31 leaders, 1,100 guests and $3.8 billion.", 'He said "40 of us" left.')
    changed, pairs = changes.new_figures(text)
    assert pairs == [("31", "34"), ("1,100", "1,237"), ("3.8", "4.5")]
    assert changed == ("The F-16 and the G7 met in 2008 at 9:30 with 34 leaders, 1,237 guests and $4.5 billion.", text[1])


def test_weak_tags_compare_with_strong_ones() -> None:
    from pipeline.press.replies import Reply, answer

    prepared = prepare(Reply(body=b"x" * 300, modified=START), weak=True)
    assert prepared.etag.startswith('W/"')
    assert answer(prepared, {"if-none-match": f'"a", {prepared.etag[2:]}'}, START)[0] == 304
    assert answer(prepared, {"if-modified-since": "nonsense"}, START)[0] == 200
