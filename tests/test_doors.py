"""`ingest`, as promised. Written from the promises, before the code was seen."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from conftest import GONE, PAPER, PAPER_STORIES, WIRE, WIRE_STORIES, Newsroom, serve_news
from loopback import Loopback, Reply, hits
from product import OUTCOME_KEYS, STATUSES, Product, key
from stories import invented, page, rss

LIGHTHOUSE_COPY = "http://wire.example/story/lighthouse"


def test_ingest_prints_one_promised_line_for_each_candidate(newsroom: Newsroom) -> None:
    rows = newsroom.first.rows
    expected = {*map(key, PAPER_STORIES), *map(key, WIRE_STORIES), key(GONE)}
    assert sorted(key(row["url"]) for row in rows) == sorted(expected)
    assert all(set(row) >= OUTCOME_KEYS for row in rows)
    assert all(row["status"] in STATUSES and row["reason"] for row in rows)
    assert {row["source"] for row in rows} == {"paper", "wire"}
    gone = next(row for row in rows if key(row["url"]) == key(GONE))
    assert (gone["status"], gone["reason"].split()[0].strip(":,;"), gone["article"]) == ("skipped", "gone", None)
    stored = [row for row in rows if row is not gone]
    assert all(row["article"] is not None and row["status"] in {"new", "duplicate"} for row in stored)


@pytest.mark.parametrize(
    ("url", "relation"),
    [
        (LIGHTHOUSE_COPY, {"identical", "copy"}),
        ("http://wire.example/story/lighthouse-update", {"revision"}),
        ("http://paper.example/2026/opening-a1", {"excerpt"}),
        ("http://paper.example/2026/local-a2", {"derived"}),
        ("http://paper.example/2026/unrelated-a3", {"distinct", None}),
    ],
)
def test_ingest_names_the_relation_to_the_seed(newsroom: Newsroom, url: str, relation: set[str | None]) -> None:
    row = next(row for row in newsroom.first.rows if key(row["url"]) == key(url))
    assert row["relation"] in relation, row
    if row["relation"] not in {"distinct", None}:
        assert row["to"]
        assert 0 <= row["coverage"] <= 1
        assert 0 <= row["other_coverage"] <= 1
        assert max(row["coverage"], row["other_coverage"]) > 0.1


def test_a_second_run_gets_304_and_changes_nothing(newsroom: Newsroom) -> None:
    for feed in (PAPER, WIRE):
        polls = [hit for hit in newsroom.second_log if hit.url == feed]
        assert [hit.status for hit in polls] == [304]
    bare = [hit.url for hit in newsroom.second_log if not hit.conditional and hit.path != "/robots.txt"]
    assert bare == []
    assert all(row["status"] == "unchanged" for row in newsroom.second.rows)
    before, after = newsroom.kept
    assert after["articles"] == before["articles"]
    assert after["versions"] == before["versions"]
    assert after["relations"] == before["relations"]
    assert len(after["sightings"]) == len(before["sightings"])


def test_results_go_to_stdout_and_the_rest_to_stderr_without_bars_or_colours(newsroom: Newsroom) -> None:
    for done in (newsroom.first, newsroom.second):
        assert all(isinstance(row, dict) for row in done.rows)
        assert newsroom.product.url in done.err
        assert not re.search(r"[\x1b\r\x08]", done.said)


def test_every_request_says_who_asks(newsroom: Newsroom) -> None:
    agents = {hit.headers.get("user-agent", "") for hit in newsroom.first_log}
    assert len(agents) == 1
    assert re.match(r"wirewatch/\d", agents.pop())


def test_robots_is_asked_before_the_first_page_of_each_host(newsroom: Newsroom) -> None:
    for host in ("paper.example", "wire.example"):
        asked = [hit.path for hit in newsroom.first_log if hit.host == host]
        assert asked[0] == "/robots.txt"
        assert asked.count("/robots.txt") == 1


def test_ingest_one_source_by_its_name(web: Loopback, product: Product) -> None:
    serve_news(web)
    product.sources([("paper", "feed", PAPER), ("wire", "feed", WIRE)])
    rows = product("ingest", "wire", "--json").rows
    assert sorted(key(row["url"]) for row in rows) == sorted(map(key, WIRE_STORIES))
    assert hits(web.log(), host="paper.example") == []


def test_ingest_a_url(web: Loopback, product: Product) -> None:
    story, url = invented(11), "http://one.example/news/a-story"
    web.page(url, page(story, url))
    (row,) = product("ingest", url, "--json").rows
    assert (row["status"], key(row["url"]), row["title"]) == ("new", key(url), story.title)
    (again,) = product("ingest", url, "--json").rows
    assert again["status"] == "unchanged"
    assert [hit.status for hit in web.log() if hit.url == url] == [200, 304]


def test_a_changed_page_is_a_new_version_of_the_same_article(web: Loopback, product: Product) -> None:
    story, url = invented(12), "http://one.example/news/a-story"
    web.page(url, page(story, url))
    (first,) = product("ingest", url, "--json").rows
    web.page(
        url,
        page(story.but(paragraphs=(*story.paragraphs, "Officials added on Tuesday that 14 more boats had been counted in the bay.")), url),
    )
    (second,) = product("ingest", url, "--json").rows
    assert (second["status"], second["article"]) == ("updated", first["article"])
    assert len(product.articles()) == 1
    assert len(product.export("versions")) == 2


@pytest.mark.long
def test_the_same_text_elsewhere_is_an_article_of_its_own(web: Loopback, product: Product) -> None:
    story = invented(13)
    urls = ["http://one.example/news/a-story", "http://two.example/reports/a-story"]
    for url in urls:
        web.page(url, page(story, url))
        product("ingest", url)
    assert sorted(key(row["url"]) for row in product.articles()) == sorted(map(key, urls))
    assert product.export("outcomes")[-1]["status"] == "duplicate"


@pytest.mark.long
def test_ingest_html_files_folders_and_gzip(product: Product) -> None:
    folder = product.home / "pages"
    folder.mkdir()
    addresses = [f"http://disk.example/{number}" for number in range(3)]
    plain, packed, other = (page(invented(20 + n), url) for n, url in enumerate(addresses))
    (folder / "a.html").write_text(plain, encoding="utf-8")
    (folder / "b.html.gz").write_bytes(gzip.compress(packed.encode()))
    (product.home / "single.html").write_text(other, encoding="utf-8")
    rows = product("ingest", folder, "--json").rows
    assert [row["status"] for row in rows] == ["new", "new"]
    (row,) = product("ingest", product.home / "single.html", "--json").rows
    assert row["status"] == "new"
    assert sorted(key(row["url"]) for row in product.articles()) == sorted(map(key, addresses))
    assert {row["status"] for row in product("ingest", folder, "--json").rows} == {"unchanged"}


@pytest.mark.long
def test_a_file_without_an_address_is_never_named_by_its_path(product: Product) -> None:
    bare = page(invented(30), "http://x.example/").replace('<link rel="canonical" href="http://x.example/">', "")
    for name in ("one.html", "two.html"):
        (product.home / name).write_text(bare, encoding="utf-8")
        product("ingest", product.home / name)
    (article,) = product.articles()
    assert "one.html" not in article["url"]
    assert str(product.home) not in article["url"]


@pytest.mark.parametrize("packed", [False, True])
def test_ingest_articles_already_extracted(product: Product, packed: bool) -> None:
    first, second, third = invented(40), invented(41), invented(42)
    lines = [
        {"id": "n-1", "title": first.title, "text": first.text, "outlet": "lines.example", "published": "2026-03-02"},
        {"id": "n-2", "url": "http://lines.example/two", "title": second.title, "body": second.text, "authors": ["Ida Brandt"]},
        {"title": third.title, "text": third.text},
    ]
    raw = "".join(json.dumps(line) + "\n" for line in lines).encode()
    path = product.home / ("lines.jsonl.gz" if packed else "lines.jsonl")
    path.write_bytes(gzip.compress(raw) if packed else raw)
    rows = product("ingest", path, "--json").rows
    assert [row["status"] for row in rows] == ["new"] * 3
    urls = {row["url"] for row in product.articles()}
    assert "urn:wirewatch:id:n-1" in urls
    assert key("http://lines.example/two") in set(map(key, urls))
    assert {row["status"] for row in product("ingest", path, "--json").rows} == {"unchanged"}
    assert len(product.articles()) == 3


@pytest.mark.long
def test_a_failed_page_is_tried_again_and_not_lost(web: Loopback, product: Product) -> None:
    story, url, feed = invented(50), "http://late.example/news/1", "http://late.example/feed"
    web.page(url, page(story, url))
    web.feed(feed, rss(feed, [(url, story.title)]))
    web.first(url, Reply(status=503, headers={"Retry-After": "0"}))
    product.sources([("late", "feed", feed)])
    (row,) = product("ingest", "--json", expect=1).rows
    assert row["status"] == "retry"
    (row,) = product("ingest", url, "--json").rows
    assert row["status"] == "new"
