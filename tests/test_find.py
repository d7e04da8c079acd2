"""What of a site can be watched, told from its bytes. Nothing is fetched here."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import atom, rss

from pipeline.discover import find
from pipeline.model import Response

HOME = "https://www.paper.example/"


def response(body: str | bytes, url: str = HOME, kind: str = "text/html") -> Response:
    raw = body.encode() if isinstance(body, str) else body
    return Response(url=url, requested_url=url, headers=(("content-type", kind),), body=raw, fetched_at=datetime(2026, 3, 1, tzinfo=UTC))


def page(head: str = "", body: str = "") -> str:
    return f"<!doctype html><html><head><title>Paper</title>{head}</head><body>{body}</body></html>"


def link(href: str, kind: str = "application/rss+xml", title: str = "") -> str:
    return f'<link rel="alternate" type="{kind}" href="{href}" title="{title}">'


def found(head: str = "", body: str = "", url: str = HOME) -> list[str]:
    return [each.url for each in find.named(response(page(head, body), url))]


# ── what a response is ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (rss(HOME, [(HOME + "a", "A")]), "feed"),
        (atom(HOME, [(HOME + "a", "A")]), "feed"),
        ('<?xml version="1.0"?>\n<!-- made by hand -->\n<rdf:RDF xmlns:rdf="x">', "feed"),
        ("\ufeff<rss version='2.0'>", "feed"),
        (rss(HOME, []).encode("utf-16"), "feed"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": []}', "feed"),
        ('<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">', "sitemap"),
        ('<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?>\n<sitemapindex>', "sitemap"),
        (page(), "page"),
        ("<p>no head, <a href='/x'>a link</a>", "page"),
        ('{"version": "1", "items": []}', None),
        ("<root><entry><url>x</url></entry></root>", None),
        ("", None),
        ("plain words", None),
    ],
)
def test_what_a_response_looks_like(body: str | bytes, kind: str | None) -> None:
    assert find.looks_like(response(body)) == kind


# ── feeds that a page names ───────────────────────────────────────────────────────────────────────


def test_stated_feeds_stand_before_links_that_only_look_like_feeds() -> None:
    head = link("/rss/all", title="All") + link("feed.json", "application/feed+json")
    assert found(head, '<a href="/rss/sport">Sport RSS</a>') == [HOME + "rss/all", HOME + "feed.json", HOME + "rss/sport"]
    first, _, last = find.named(response(page(head, '<a href="/rss/sport">Sport <b>RSS</b></a>')))
    assert (first.kind, first.title, last.title) == ("feed", "All", "Sport RSS")
    assert first.why != last.why


def test_a_section_has_its_own_feed_first() -> None:
    head = link("/rss/news") + link("/rss/opinion.xml")
    assert found(head, url=HOME + "opinion/") == [HOME + "rss/opinion.xml", HOME + "rss/news"]
    assert found(head, url=HOME + "sport/") == [HOME + "rss/news", HOME + "rss/opinion.xml"]


@pytest.mark.parametrize(
    "head",
    [
        link("/comments/feed/", title="The Paper » Comments Feed"),
        link("/2024/05/pier/feed/", title="The Paper » Pier Comments Feed"),
        link("/kommentare.rss", title="Alle Kommentare"),
        link("/wp-json/wp/v2/pages/7", "application/json"),
        link("/wp-json/oembed/1.0/embed?url=x", "application/json+oembed"),
        link("/amp", "text/html"),
        '<link rel="alternate" hreflang="de" href="/de/">',
        '<link rel="stylesheet" type="application/rss+xml" href="/rss.xml">',
        link("mailto:desk@paper.example"),
        link("javascript:alert(1)"),
        link(""),
    ],
)
def test_what_is_no_feed_of_news(head: str) -> None:
    assert found(head) == []


def test_links_of_the_outlet_or_a_host_for_feeds_only() -> None:
    body = """<a href="https://other.example/rss">elsewhere</a> <a href="https://feeds.other.example/paper">kept elsewhere</a>
    <a href="https://feeds.host.example/paper.rss">kept elsewhere</a> <a href="https://blog.paper.example/?feed=rss2">our blog</a>
    <a href="/news/feeding-the-birds">an article</a> <a href="/rss.php">a page</a>"""
    assert found(body=body) == ["https://feeds.host.example/paper.rss", "https://blog.paper.example/?feed=rss2"]


def test_addresses_are_made_whole_and_each_comes_once() -> None:
    head = '<base href="https://static.paper.example/x/">' + link("rss.xml") + link("./rss.xml#top") + link("feed://paper.example/rss")
    assert found(head) == ["https://static.paper.example/x/rss.xml", "http://paper.example/rss"]


def test_a_page_in_another_encoding() -> None:
    body = page(link("/rss", title="Новости"), "<p>текст</p>").encode("windows-1251")
    (feed,) = find.named(response(body, kind="text/html; charset=windows-1251"))
    assert feed.title == "Новости"
    (feed,) = find.named(response(body, kind="text/html; charset=no-such-thing"))
    assert feed.url == HOME + "rss"


# ── where else to ask ─────────────────────────────────────────────────────────────────────────────


def test_usual_places_of_feeds() -> None:
    places = [each.url for each in find.usual(HOME + "news/today?x=1", response(page()))]
    assert {HOME + "feed/", HOME + "rss", HOME + "rss.xml", HOME + "feed.xml", HOME + "atom.xml", HOME + "index.xml"} <= set(places)
    assert len(places) <= 10
    assert all(each.startswith(HOME) and "news" not in each for each in places)


def test_wordpress_is_asked_where_it_keeps_its_feeds() -> None:
    wordpress = response(page('<link rel="stylesheet" href="/wp-content/themes/x.css">'))
    usual = [HOME + "feed/", HOME + "?feed=rss2", HOME + "feed/atom/"]
    assert [each.url for each in find.usual(HOME + "category/sea?page=2", wordpress)] == [HOME + "category/sea/feed/", *usual]
    assert [each.url for each in find.usual(HOME, wordpress)] == usual


def test_sitemaps_of_robots_txt_those_of_news_first() -> None:
    text = "User-agent: *\nDisallow: /x\nSitemap: https://static.other.example/sitemap.xml\n sitemap :/news-sitemap.xml\nSitemap: ftp://x\n"
    robots = response(text, HOME + "robots.txt", "text/plain")
    assert [each.url for each in find.in_robots(robots)] == [HOME + "news-sitemap.xml", "https://static.other.example/sitemap.xml"]
    assert {each.kind for each in find.in_robots(robots)} == {"sitemap"}
    assert HOME + "sitemap.xml" in [each.url for each in find.usual_sitemaps(HOME + "a/b")]


# ── whatever comes ────────────────────────────────────────────────────────────────────────────────

TAGS = ("<a href=", "<link rel=alternate type=application/rss+xml href=", "<base href=", "<html>", "</a>", "<svg/>", "<!--", "<![CDATA[")
ADDRESSES = (
    "'/rss'>",
    '"http://[::',
    "//",
    "feed:",
    "?feed=rss2",
    "http://x.example/feed\t/",
    "Sitemap: ",
    "\n",
    "\0",
    "\ud800",
    "&#x110000;",
)
PIECES = st.sampled_from((*TAGS, *ADDRESSES))
SOUP = st.lists(PIECES | st.text(max_size=20), max_size=30).map("".join).map(lambda text: text.encode("utf-8", "surrogatepass"))


@settings(max_examples=300, deadline=None)
@given(SOUP | st.binary(max_size=300), st.sampled_from([HOME, "http://127.0.0.1:8/x", "https://xn--e1afmkfd.example/a?b"]))
def test_nothing_is_raised_and_all_that_is_found_can_be_asked(body: bytes, url: str) -> None:
    given_ = response(body, url)
    assert find.looks_like(given_) in {"feed", "sitemap", "page", None}
    places = [*find.named(given_), *find.in_robots(given_), *find.usual(url, given_)]
    assert all(each.url.startswith(("http://", "https://")) and each.why for each in places)
    assert len(find.named(given_)) <= find.MAX_FINDS
