"""`source add` and `source check` on sites without feeds: sitemaps, section pages, and entries that are not wanted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from loopback import Loopback
from product import Product
from stories import invented, page
from test_doors_sources import XML, check, dated, link, site, written

NOW = datetime.now(UTC)


def sitemap(web: Loopback, url: str, *days: int) -> str:
    entries = "".join(
        f"<url><loc>http://harbor.example/story-{day}</loc><lastmod>{(NOW - timedelta(days=day)).date()}</lastmod></url>" for day in days
    )
    return web.page(url, f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>', kind=XML)


def test_sitemaps_of_robots_txt_are_found_those_of_news_first(web: Loopback, product: Product) -> None:
    site(web)
    robots = "User-agent: *\nDisallow:\nSitemap: http://harbor.example/all.xml\nSitemap: http://static.other.example/news.xml\n"
    web.page("http://harbor.example/robots.txt", robots, kind="text/plain")
    sitemap(web, "http://static.other.example/news.xml", 1, 2, 90)
    sitemap(web, "http://harbor.example/all.xml", 1, 2)
    (told,) = product("source", "add", "http://harbor.example", "--json").rows
    assert written(product) == [("harbor", "sitemap", "http://static.other.example/news.xml")]
    assert (told["kind"], told["entries"], told["why"]) == ("sitemap", 2, "named in robots.txt")
    assert told["left_out"] == ["older than its backfill: 1 of 3"]
    assert told["coming"][0]["published"] == str((NOW - timedelta(days=1)).date())


@pytest.mark.long
def test_a_section_page_is_watched_where_there_is_neither_feed_nor_sitemap(web: Loopback, product: Product) -> None:
    stories = [invented(n) for n in range(6)]
    urls = [f"http://harbor.example/2026/03/0{n + 1}/a-story-told-in-words-a8{n}000" for n in range(6)]
    links = "".join(f'<article><h2><a href="{url}">{story.title}</a></h2></article>' for url, story in zip(urls, stories, strict=True))
    for url, story in zip(urls, stories, strict=True):
        web.page(url, page(story, url))
    site(web, body=f"<main>{links}</main>", url="http://harbor.example/news")
    (told,) = product("source", "add", "http://harbor.example/news", "--json").rows
    assert written(product) == [("harbor", "page", "http://harbor.example/news")]
    assert told["entries"] == 6
    assert check(product)[told["name"]]["verdict"] == "works"
    assert {row["status"] for row in product("ingest", "--json").rows} == {"new"}


@pytest.mark.long
def test_what_is_not_wanted_is_shown_as_left_out(web: Loopback, product: Product) -> None:
    site(web, link("/rss"))
    web.feed("http://harbor.example/rss", dated("http://harbor.example", 4))
    done = product("source", "add", "http://harbor.example", "--exclude", "*-2", "--exclude", "title:*3", "--json")
    (told,) = done.rows
    assert (told["entries"], told["left_out"]) == (2, ["excluded: 2 of 4"])
    (row,) = check(product).values()
    assert (row["entries"], row["left_out"]) == (2, ["excluded: 2 of 4"])


@pytest.mark.long
def test_check_looks_into_an_index(web: Loopback, product: Product) -> None:
    parts = ["http://harbor.example/2026-2.xml", "http://harbor.example/2026-3.xml"]
    children = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in parts)
    head = '<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    web.page("http://harbor.example/map.xml", f"{head}{children}</sitemapindex>", kind=XML)
    sitemap(web, parts[0], 5)
    sitemap(web, parts[1], 1)
    web.page("http://harbor.example/story-1", page(invented(1), "http://harbor.example/story-1"))
    web.page("http://harbor.example/robots.txt", "Sitemap: http://harbor.example/map.xml", kind="text/plain")
    product.sources([("map", "sitemap", "http://harbor.example/map.xml"), ("bare", "sitemap", "http://harbor.example/")])
    rows = check(product)
    assert (rows["map"]["verdict"], rows["map"]["entries"]) == ("works", 2)
    assert rows["bare"]["verdict"] != "unreadable"
