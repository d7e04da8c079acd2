"""The press's outlets of the second half: codings, sitemaps, sections, indirect links, and what changes or goes as its clock moves on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pressing import START, flat, get, named, of_way, page, source, tree, write_seed
from test_press_world import LATER

from pipeline.press import Feed, Made, Press
from pipeline.press.papers import OUTLETS

ROOT = Path(__file__).resolve().parent.parent
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    folder = tmp_path_factory.mktemp("seeds")
    write_seed(folder)
    with Press.start(folder, START) as press:
        yield press


@pytest.fixture
def press(running: Press) -> Press:
    running.set_clock(START)
    running.clear_log()
    return running


def listing(press: Press, name: str) -> Feed:
    return next(feed for feed in press.sources if feed.name == name)


def of_outlet(press: Press, outlet: str) -> list[Made]:
    return [made for made in press.made() if made.outlet == outlet]


def test_pages_are_coded_as_they_say_or_do_not_say(press: Press) -> None:
    russian, chinese, bare = (
        of_outlet(press, outlet)[0] for outlet in ("zarechny-vestnik.example", "jiangwan-wanbao.example", "uppertarnbulletin.test")
    )
    response, body = get(press, russian.url)
    assert response.headers["Content-Type"] == "text/html; charset=windows-1251"
    assert b"charset" not in body
    assert russian.title in unescape(body.decode("windows-1251"))
    response, body = get(press, f"{russian.url}?print=Y")
    assert response.headers["Content-Type"] == "text/html"
    assert b"charset=windows-1251" in body
    response, body = get(press, chinese.url)
    assert response.headers["Content-Type"] == "text/html"
    assert b"charset=gb2312" in body
    assert chinese.paragraphs[0] in body.decode("gb18030")
    response, body = get(press, bare.url)
    assert response.headers["Content-Type"] == "text/html"
    assert b"charset" not in body
    assert b"<meta" not in body.lower()


def test_the_russian_feed_is_coded_as_its_declaration_says(press: Press) -> None:
    response, body = get(press, source(press, "zarechny-vestnik"))
    assert response.headers["Content-Type"] == "text/xml"
    assert body.startswith(b'<?xml version="1.0" encoding="windows-1251"?>')
    titles = {item.findtext("title") for item in tree(body).iter("item")}
    assert titles == {made.title for made in of_outlet(press, "zarechny-vestnik.example")}
    assert all(str(item.findtext("pubDate")).endswith("+0300") for item in tree(body).iter("item"))


def test_chinese_stories_hold_no_blanks_between_words(press: Press) -> None:
    for made in of_outlet(press, "jiangwan-wanbao.example"):
        assert all(" " not in line for line in made.paragraphs), made.url
        assert sum(map(len, made.paragraphs)) > 200


@pytest.mark.parametrize("name", ["meridian-news", "continental-sitemap"])
def test_a_news_sitemap_names_titles_and_dates(press: Press, name: str) -> None:
    feed = listing(press, name)
    made = {one.url: one for one in press.made() if one.outlet == feed.outlet}
    urls = list(tree(get(press, feed.url)[1]))
    told = {url[0].text: (url.findtext(f".//{NEWS}title"), url.findtext(f".//{NEWS}publication_date")) for url in urls}
    assert set(made) <= set(told)
    for url, one in made.items():
        title, published = told[url]
        assert (title, datetime.fromisoformat(str(published))) == (one.title, one.published)


def test_a_gzipped_sitemap_is_a_file_and_no_content_coding(press: Press) -> None:
    response, body = get(press, listing(press, "continental-sitemap").url, Accept_Encoding="gzip")
    assert "Content-Encoding" not in response.headers
    assert body[:2] == b"\x1f\x8b"


def test_sitemaps_of_days_and_months_name_every_story(press: Press) -> None:
    archive = listing(press, "meridian-archive")
    assert {made.url for made in of_outlet(press, archive.outlet)} <= named(press, archive)
    months = listing(press, "moskva-times-sitemap")
    assert urlsplit(months.url).netloc == "static.themoskvatimes.example"
    assert b"lastmod" not in get(press, months.url)[1]
    assert {made.url for made in of_outlet(press, months.outlet)} <= named(press, months)


def test_robots_files_parse_and_name_the_sitemaps(press: Press) -> None:
    from protego import Protego

    told = set()
    for outlet in OUTLETS:
        response, body = get(press, f"http://{outlet.host}/robots.txt")
        if response.status == 200:
            rules = Protego.parse(body.decode())
            told |= set(rules.sitemaps)
            assert all(rules.can_fetch(made.url, "anybody") for made in of_outlet(press, outlet.domain)), outlet.name
    assert {feed.url for feed in press.sources if feed.kind == "sitemap"} <= told


def test_section_pages_hold_their_stories_among_other_links(press: Press) -> None:
    bulletin, world = listing(press, "tarn-bulletin"), listing(press, "meridian-world")
    assert {made.url for made in of_outlet(press, bulletin.outlet)} <= named(press, bulletin)
    assert any(url.endswith("/guest.htm") for url in named(press, bulletin))
    first = get(press, world.url)[1].decode()
    assert 'rel="next" href="/world/?page=2"' in first
    for trap in ("/tags/", "/author/", "/sponsored/", "Most read", "/newsletters/", "/subscribe/"):
        assert trap in first, trap
    paid = next(url for url in named(press, world) if "/sponsored/" in url)
    assert "Paid post" in page(press, paid)
    section = {made.url for made in of_outlet(press, world.outlet) if "/world/" in made.url}
    assert len(section) > 6
    assert section <= named(press, world)


def test_the_bulletins_older_news_stands_on_a_second_page(press: Press) -> None:
    bulletin = listing(press, "tarn-bulletin")
    assert b"oldnews.htm" not in get(press, bulletin.url)[1]
    press.advance(10 * 3600)
    first = get(press, bulletin.url)[1]
    assert b"oldnews.htm" in first
    made = {one.url for one in of_outlet(press, bulletin.outlet)}
    assert made <= named(press, bulletin)
    assert not all(urlsplit(url).path[1:].encode() in first for url in made)


def test_indirect_links_lead_to_articles_of_other_outlets_in_two_steps(press: Press) -> None:
    items = list(tree(get(press, source(press, "bundle-headlines"))[1]).iter("item"))
    known = {made.url: made for made in press.made()}
    assert len(items) == 12
    for item in items:
        first = get(press, item.findtext("link", ""))[0]
        assert first.status == 302
        second = get(press, first.headers["Location"])[0]
        assert second.status == 302
        made = known[second.headers["Location"]]
        assert made.outlet not in item.findtext("link", "")
        assert item.findtext("title") == f"{made.title} - {made.outlet_name}"


def test_the_amp_first_feed_lists_pages_whose_canonical_link_is_the_full_page(press: Press) -> None:
    linked = [item.findtext("link", "") for item in tree(get(press, source(press, "swiftline"))[1]).iter("item")]
    known = {alias: made for made in of_outlet(press, "swiftline.example") for alias in made.aliases}
    assert set(linked) <= set(known)
    assert any("utm_source" in url for url in linked)
    for url in linked:
        html = get(press, url)[1].decode()
        assert "<html amp" in html
        assert f'rel="canonical" href="{known[url].url}"' in html


def test_a_consent_layer_covers_whole_articles(press: Press) -> None:
    for made in of_outlet(press, "thecontinental.test"):
        read = page(press, made.url)
        assert "Accept and continue" in read
        assert flat(made.paragraphs[-1]) in read


def test_the_bundle_holds_several_stories_and_names_the_one_printed_elsewhere(press: Press) -> None:
    made = of_way(press, "bundle")
    read = page(press, made.url)
    assert read.count('class="dispatch"') == 3
    printed = next(one for one in press.made() if one.url in made.parents)
    assert flat(printed.paragraphs[0]) in read
    assert flat(of_way(press, "original").paragraphs[0]) in read


def test_quotations_and_embedded_posts_are_marked_up_as_such(press: Press) -> None:
    quoted = get(press, of_way(press, "blog-quotes").url)[1].decode()
    assert quoted.count("<blockquote><p>") == 4
    posted = get(press, of_way(press, "blog-embed").url)[1].decode()
    assert "twitter-tweet" in posted
    assert "Maren Closes Old Lock Gates After Leaks" in posted


def test_stories_change_as_the_clock_moves_on(press: Press) -> None:
    before = {made.way: made for made in press.made() if made.way}
    press.advance(3 * 3600)
    after = {made.way: made for made in press.made() if made.way}
    assert {way: after[way].made_to_be for way in LATER} == LATER
    assert not set(LATER) & set(before)
    moved = after["overlay-correction"]
    old = before["overlay-dateline"].url
    assert old != moved.url
    response = get(press, old)[0]
    assert (response.status, response.headers["Location"]) == (301, moved.url)
    assert after["arc-headline-again"].url == before["arc-headline"].url
    assert after["arc-headline-again"].paragraphs == before["arc-headline"].paragraphs
    assert len(after["amp-cut"].paragraphs) < len(before["amp"].paragraphs)


def test_stories_are_withdrawn_each_in_its_way(press: Press) -> None:
    there = {made.url for made in press.made()}
    press.advance(3 * 3600)
    gone = {made.trouble: made for made in press.unreadable() if made.trouble and made.trouble.startswith("withdrawn")}
    statuses = {trouble: get(press, made.url)[0].status for trouble, made in gone.items()}
    assert statuses == {"withdrawn-410": 410, "withdrawn-404": 404, "withdrawn-soft": 200}
    assert {made.url for made in gone.values()} <= there
    assert "page not found" in page(press, gone["withdrawn-soft"].url)
    for made in gone.values():
        feed = next(feed for feed in press.sources if feed.outlet == made.outlet)
        text = get(press, feed.url)[1].decode("utf-8", "replace") if feed.kind == "feed" else " ".join(named(press, feed))
        assert not any(url in text for url in (made.url, *made.aliases)), made.url


def test_the_translations_are_of_the_whole_seed() -> None:
    with Press.start(ROOT / "seeds") as press:
        for way, letters in (("translation-ru", r"[А-Яа-яё]"), ("translation-zh", r"[\u4e00-\u9fff]")):
            made = of_way(press, way)
            original = next(one for one in press.made() if one.way == "original" and one.seed == made.seed)
            assert len(made.paragraphs) == len(original.paragraphs)
            assert all(re.search(letters, line) for line in made.paragraphs)
