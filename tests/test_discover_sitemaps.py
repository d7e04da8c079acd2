"""Sitemaps: every entry becomes a candidate or is refused with its reason; what is no sitemap says what it looks like."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.discover import KINDS
from pipeline.discover.sitemap import MAX_ENTRIES
from pipeline.errors import DiscoverError
from pipeline.model import Child, Found, Response, Source

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOME = "https://www.harbor-example.com"
MAP = f"{HOME}/sitemap.xml"
SOURCE = Source(name="harbor", kind="sitemap", url=MAP)
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
SPACE += ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'


def parse(body: str | bytes, *, source: Source = SOURCE, url: str = MAP) -> Found:
    raw = body.encode() if isinstance(body, str) else body
    return KINDS["sitemap"](Response(url=url, requested_url=url, body=raw, fetched_at=NOW), source)


def urlset(entries: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {SPACE}>{entries}</urlset>'


def index(entries: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><sitemapindex {SPACE}>{entries}</sitemapindex>'


def paths(found: Found) -> list[str]:
    return [candidate.url.removeprefix(HOME) for candidate in found.candidates]


NEWS = """<url><loc>
  https://www.harbor-example.com/2026/02/28/bridge-opens?utm_source=map&amp;part=2
</loc><lastmod>2026-02-28T10:00:00+01:00</lastmod><changefreq>hourly</changefreq>
<news:news><news:publication><news:name>The Harbor Times</news:name><news:language>en-GB</news:language></news:publication>
<news:publication_date>2026-02-28T09:05:00+03:00</news:publication_date><news:title>Bridge opens &amp; traffic flows</news:title>
<news:keywords>Traffic, Bridges,</news:keywords></news:news>
<image:image><image:loc>https://cdn.harbor-example.com/b.jpg</image:loc><image:title>A picture</image:title></image:image></url>"""


def test_a_news_sitemap() -> None:
    found = parse(urlset(NEWS))
    candidate = found.candidates[0]
    assert (len(found.candidates), found.refused) == (1, ())
    assert candidate.url == f"{HOME}/2026/02/28/bridge-opens?part=2"
    hints = candidate.hints
    assert (hints.title, hints.language, hints.tags) == ("Bridge opens & traffic flows", "en", ("Traffic", "Bridges"))
    assert (str(hints.published), str(hints.modified)) == ("2026-02-28T09:05:00+03:00", "2026-02-28T10:00:00+01:00")


def test_addresses_alone_in_any_namespace_or_none() -> None:
    for root in ("<urlset>", '<urlset xmlns="http://www.google.com/schemas/sitemap/0.84">'):
        found = parse(f"{root}<url><loc>/a-1</loc></url><url><loc>{HOME}/a-2</loc><lastmod>2026-02-28</lastmod></url></urlset>")
        assert paths(found) == ["/a-1", "/a-2"]
        assert (found.candidates[0].hints.modified, str(found.candidates[1].hints.modified)) == (None, "2026-02-28")


def test_a_text_sitemap() -> None:
    found = parse(b"\xef\xbb\xbf" + f"{HOME}/a-1\r\n\n{HOME}/a-2\nnonsense\n".encode())
    assert paths(found) == ["/a-1", "/a-2"]
    assert "line 3" in found.refused[0]


def test_an_index_gives_its_children_as_stated() -> None:
    found = parse(
        index(f"<sitemap><loc>{HOME}/m/2026-3.xml</loc></sitemap><sitemap><loc>/m/2026-2.xml</loc><lastmod>2026-02-28</lastmod></sitemap>")
    )
    assert found.follow == (Child(url=f"{HOME}/m/2026-3.xml"), Child(url=f"{HOME}/m/2026-2.xml", stated="2026-02-28"))
    assert found.candidates == ()


def test_robots_txt_vouches_for_a_sitemap_elsewhere() -> None:
    body = "User-agent: *\nDisallow: /preview/\nSitemap: https://static.cdn-example.net/sitemap/sitemap.xml\nsitemap:/news.xml # new\n"
    found = parse(body, url=f"{HOME}/robots.txt")
    assert [child.url for child in found.follow] == ["https://static.cdn-example.net/sitemap/sitemap.xml", f"{HOME}/news.xml"]


def test_the_named_index_may_name_children_elsewhere_and_no_other_may() -> None:
    body = index("<sitemap><loc>https://static.cdn-example.net/2026-3.xml</loc></sitemap>")
    assert len(parse(body).follow) == 1
    deeper = parse(body, url=f"{HOME}/other-index.xml")
    assert deeper.follow == ()
    assert "another site" in deeper.refused[0]


def test_pages_of_another_site_are_refused() -> None:
    body = urlset("<url><loc>https://rival.example/a-1</loc></url><url><loc>https://sport.harbor-example.com/a-2</loc></url>")
    found = parse(body)
    assert [candidate.url for candidate in found.candidates] == ["https://sport.harbor-example.com/a-2"]
    assert "another site" in found.refused[0]
    own = Source(name="h", kind="sitemap", url=MAP, outlet="rival.example")
    assert len(parse(body, source=own).candidates) == 2


BROKEN = {
    "a bare ampersand": "<url><loc>https://www.harbor-example.com/a?x=1&y=2</loc></url>",
    "an end too many": "</urlset>",
    "a date nobody can mean": "<url><loc>/x</loc><lastmod>99999999999999999999999</lastmod></url>",
    "a year alone": "<url><loc>/x</loc><lastmod>2024</lastmod></url>",
    "no address": "<url><lastmod>2024-01-01</lastmod></url>",
    "a wrong address": "<url><loc>javascript:alert(1)</loc></url>",
    "a stray end": "</p><url><loc>/x</loc></url>",
    "an unknown entity": "<url><loc>/x&nbsp;y</loc></url>",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_bad_entry_costs_itself(name: str) -> None:
    found = parse(urlset(f"<url><loc>/before-1</loc></url>{BROKEN[name]}<url><loc>/after-2</loc></url>"))
    assert {"/before-1", "/after-2"} <= set(paths(found))
    assert all(candidate.hints.modified is None for candidate in found.candidates)


def test_a_file_that_breaks_off_gives_what_it_has() -> None:
    found = parse(urlset("<url><loc>/a-1</loc></url><url><loc>/a-2</loc></url>")[:-20])
    assert paths(found) == ["/a-1"]
    assert "broken" in found.refused[-1]


def test_one_lastmod_for_all_is_when_the_file_was_made() -> None:
    at = "<lastmod>2026-02-28T10:00:00Z</lastmod>"
    pages = parse(urlset("".join(f"<url><loc>/a-{n}</loc>{at}</url>" for n in range(6))))
    assert {candidate.hints.modified for candidate in pages.candidates} == {None}
    children = parse(index("".join(f"<sitemap><loc>/m-{n}.xml</loc>{at}</sitemap>" for n in range(6))))
    assert {child.stated for child in children.follow} == {None}
    other = parse(urlset("".join(f"<url><loc>/a-{n}</loc><lastmod>2026-02-0{n + 1}</lastmod></url>" for n in range(6))))
    assert len({candidate.hints.modified for candidate in other.candidates}) == 6


def test_a_feed_may_be_a_sitemap() -> None:
    body = '<rss version="2.0"><channel><title>H</title><item><title>T</title><link>/a-1</link></item></channel></rss>'
    assert paths(parse(body)) == ["/a-1"]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "empty"),
        (b"<!doctype html><html><body>Not found</body></html>", "HTML"),
        (b"<catalog><url><loc>/x</loc></url></catalog>", "XML, but"),
        (b'{"urls": []}', "JSON"),
        (b"%PDF-1.7", "PDF"),
        (b"Hello there", "neither XML nor JSON"),
    ],
)
def test_what_is_no_sitemap_says_what_it_is(body: bytes, word: str) -> None:
    with pytest.raises(DiscoverError, match=word) as caught:
        parse(body)
    assert caught.value.reason == "not-a-sitemap"


def test_a_robots_txt_without_a_sitemap_says_where_to_look() -> None:
    with pytest.raises(DiscoverError, match="names no sitemap") as caught:
        parse("User-agent: *\nDisallow:\n", url=f"{HOME}/robots.txt")
    assert caught.value.reason == "no-sitemap"


@pytest.mark.long
def test_too_many_entries_are_counted_not_read() -> None:
    found = parse(urlset("".join(f"<url><loc>/a-{n}</loc></url>" for n in range(MAX_ENTRIES + 3))))
    assert len(found.candidates) == MAX_ENTRIES
    assert "3 further" in found.refused[-1]


LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "' + "&a;" * 50 + '"><!ENTITY c "' + "&b;" * 50 + '"><!ENTITY d "' + "&c;" * 50 + '">]>'
HOSTILE = {
    "laughs": LAUGHS + f"<urlset {SPACE}><url><loc>/x&d;</loc></url></urlset>",
    "reads a file": f'<!DOCTYPE l [<!ENTITY f SYSTEM "file:///etc/hostname">]><urlset {SPACE}><url><loc>/x&f;y</loc></url></urlset>',
    "deep": f"<urlset {SPACE}>" + "<url>" * 20_000,
    "unclosed": f"<urlset {SPACE}>" + "<url><loc>/x" * 20_000,
    "attributes": f"<urlset {SPACE} " + " ".join(f'a{n}="1"' for n in range(20_000)) + "><url><loc>/x</loc></url></urlset>",
    "one long address": urlset(f"<url><loc>/{'x' * 5_000_000}</loc></url>"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_does_not_hurt(name: str) -> None:
    before = time.process_time()
    try:
        found = parse(HOSTILE[name])
    except DiscoverError:
        found = Found()
    assert time.process_time() - before < 5
    assert not [candidate for candidate in found.candidates if "haha" in candidate.url or len(candidate.url) > 9_000]


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_inside_is_read_or_refused(text: str) -> None:
    entry = urlset(f"<url><loc>{text}</loc><lastmod>{text}</lastmod></url>")
    for body in (text, urlset(text), entry, index(f"<sitemap><loc>{text}</loc></sitemap>")):
        with suppress(DiscoverError):
            parse(body.encode("utf-8", "replace"))
