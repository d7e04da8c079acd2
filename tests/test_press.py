"""The built-in press through its sockets and its client: HTTP, failures, its log, how it ends."""

from __future__ import annotations

import gzip
import json
import re
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pressing import START, flat, get, links, named, of_way, page, source, tree, write_seed

from pipeline.press import Press
from pipeline.press.replies import prepare

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeds")
    write_seed(folder)
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


def test_every_source_is_served_and_together_they_list_what_is_out(press: Press) -> None:
    listed = ""
    for feed in press.sources:
        response, body = get(press, feed.url)
        assert response.status == 200, feed.url
        assert response.headers["ETag"]
        assert response.headers["Last-Modified"]
        if feed.kind != "feed":
            listed += " ".join(named(press, feed))
        elif feed.url.endswith(".json"):
            listed += json.dumps(json.loads(body))
        else:
            listed += ET.tostring(tree(body), encoding="unicode")
    listed = unescape(listed)
    assert [made.url for made in press.made() if not any(url in listed for url in (made.url, *made.aliases))] == []
    tags = {
        tree(get(press, feed.url)[1]).tag.rpartition("}")[2] for feed in press.sources if feed.kind == "feed" and ".json" not in feed.url
    }
    assert tags == {"rss", "feed", "RDF"}
    assert {feed.kind for feed in press.sources} == {"feed", "sitemap", "page"}


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
            response, _ = get(press, alias)
            assert response.status in (200, 301, 302), alias
            if response.status == 200 and made.completeness == "full":
                assert flat(made.paragraphs[-1]) in page(press, alias), alias


def test_the_papers_traps_stand_on_its_page(press: Press) -> None:
    html = get(press, of_way(press, "original").url)[1].decode()
    assert re.search(r'byline__author">By <a[^>]*>Birte Krogh for NSB<', html)
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
        assert trap in html, trap
    assert "articleBody" not in html
    feed = get(press, source(press, "moskva-times"))[1].decode()
    assert "<ttl>600</ttl>" in feed
    assert re.search(r"<title>\n\t\t\S", feed)


def test_pages_hold_what_they_were_made_to_hold(press: Press) -> None:
    for made in press.made():
        read = page(press, made.url)
        assert [line for line in made.paragraphs if flat(line) not in read] == [], made.url
        assert flat(made.title) in read


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
    statuses = {trouble: response.status for trouble, (response, _) in pages.items()}
    assert statuses == {"gone": 404, "soft-404": 200, "consent": 200, "consent-host": 302}
    assert b"Not found" in pages["gone"][1] or b"Not Found" in pages["gone"][1]
    assert b"could not be found" in pages["soft-404"][1]
    for made in press.unreadable():
        if made.trouble == "consent":
            read = page(press, made.url)
            assert "Accept all" in read
            assert [line for line in made.paragraphs if flat(line) in read] == []
    asked = pages["consent-host"][0].headers["Location"]
    assert asked.startswith("http://consent.thecontinental.test/?")
    assert "Accept and continue" in page(press, asked)


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


def test_weak_tags_compare_with_strong_ones() -> None:
    from pipeline.press.replies import Reply, answer

    prepared = prepare(Reply(body=b"x" * 300, modified=START), weak=True)
    assert prepared.etag.startswith('W/"')
    assert answer(prepared, {"if-none-match": f'"a", {prepared.etag[2:]}'}, START)[0] == 304
    assert answer(prepared, {"if-modified-since": "nonsense"}, START)[0] == 200
