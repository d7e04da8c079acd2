"""Sources: every entry becomes a candidate or is refused with its reason; a body that is no feed says what it is."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline import urls
from pipeline.discover import KINDS, files
from pipeline.discover.dates import instant
from pipeline.errors import DiscoverError, InputError, ItemError, NotAnArticle, TooLarge, Truncated
from pipeline.model import Candidate, Found, Response, Source

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FEED = "https://www.harbor-example.com/rss/news"
SOURCE = Source(name="harbor", kind="feed", url=FEED)
BY_HAND = {"xmlns:content": "http://purl.org/rss/1.0/modules/content/", "xmlns:dc": "http://purl.org/dc/elements/1.1/"}
SPACES = " ".join(f'{name}="{value}"' for name, value in BY_HAND.items())


def fetched(body: str | bytes, kind: str = "application/xml; charset=utf-8") -> Response:
    body = body.encode() if isinstance(body, str) else body
    return Response(url=FEED, requested_url=FEED, headers=(("content-type", kind),), body=body, fetched_at=NOW)


def parse(body: str | bytes, kind: str = "application/xml; charset=utf-8", source: Source = SOURCE) -> Found:
    return KINDS["feed"](fetched(body, kind), source)


def rss(items: str, channel: str = "<title>The Harbor Times - News</title><link>https://www.harbor-example.com/</link>") -> str:
    return f'<?xml version="1.0"?><rss version="2.0" {SPACES}><channel>{channel}{items}</channel></rss>'


def only(found: Found) -> Candidate:
    assert len(found.candidates) == 1, found
    return found.candidates[0]


# ── the formats ───────────────────────────────────────────────────────────────────────────────────

ITEM = """<item>
  <title>
     Bridge opens &amp; traffic&#8217;s flowing	</title>
  <link>/2026/02/28/bridge-opens-a4711?utm_source=rss&amp;part=2#top</link>
  <guid isPermaLink="false">harbor-4711</guid>
  <description><![CDATA[<p>The bridge<br>is open.</p><script>track()</script>]]></description>
  <content:encoded><![CDATA[<p>The bridge is open.</p><p>Cars were <b>lining up</b> since dawn.</p>]]></content:encoded>
  <pubDate>Sat, 28 Feb 2026 09:05:00 +0300</pubDate>
  <author>desk@harbor-example.com (Ines Marklund)</author>
  <category>Traffic</category><category>Bridges</category>
</item>"""


def test_rss_two() -> None:
    found = parse(rss(ITEM, "<title>The Harbor Times</title><link>https://www.harbor-example.com/</link><language>en-us</language>"))
    assert (found.title, found.language, found.refused) == ("The Harbor Times", "en", ())
    candidate = only(found)
    assert candidate.url == "https://www.harbor-example.com/2026/02/28/bridge-opens-a4711?part=2"
    assert (candidate.source, candidate.seen_at) == ("harbor", NOW)
    hints = candidate.hints
    assert hints.title == "Bridge opens & traffic’s flowing"
    assert hints.description == "The bridge is open."
    assert hints.content == "<p>The bridge is open.</p><p>Cars were <b>lining up</b> since dawn.</p>"
    assert str(hints.published) == "2026-02-28T09:05:00+03:00"
    assert hints.modified is None
    assert hints.authors == ("Ines Marklund",)
    assert (hints.guid, hints.language, hints.tags) == ("harbor-4711", "en", ("Traffic", "Bridges"))


def test_atom_prefers_the_alternate_and_resolves_against_xml_base() -> None:
    body = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Hafenblatt</title><id>urn:x</id>
    <entry xml:base="/artikel/"><id>tag:harbor-example.com,2026:1</id><title type="html">Br&amp;uuml;cke &amp;lt; Tunnel</title>
      <link rel="enclosure" href="ton.mp3" type="audio/mpeg"/><link rel="self" href="1.atom"/>
      <link rel="alternate" type="application/pdf" href="bruecke.pdf"/><link rel="alternate" type="text/html" href="bruecke"/>
      <published>2026-02-28T09:05:07Z</published><updated>2026-02-28T10:00:00.25+01:00</updated>
      <author><name>Ann Lee</name></author><author><name>Bo Kim</name><email>bo@harbor-example.com</email></author>
      <summary>Kurz.</summary></entry></feed>"""
    candidate = only(parse(body))
    assert candidate.url == "https://www.harbor-example.com/artikel/bruecke"
    hints = candidate.hints
    assert hints.title == "Brücke < Tunnel"
    assert (str(hints.published), str(hints.modified)) == ("2026-02-28T09:05:07+00:00", "2026-02-28T10:00:00+01:00")
    assert (hints.authors, hints.language, hints.description) == (("Ann Lee", "Bo Kim"), "de", "Kurz.")


def test_rdf() -> None:
    body = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" {SPACES}>
    <channel rdf:about="{FEED}"><title>Harbor</title><link>https://www.harbor-example.com/</link></channel>
    <item rdf:about="https://www.harbor-example.com/x"><title>Tunnel</title><link>https://www.harbor-example.com/x</link>
      <dc:date>2026-02-28</dc:date><dc:creator>By Cy Day</dc:creator></item></rdf:RDF>"""
    hints = only(parse(body)).hints
    assert (str(hints.published), hints.modified, hints.authors) == ("2026-02-28", None, ("Cy Day",))


@pytest.mark.parametrize("version", ["0.91", "0.92", "2.0"])
def test_old_rss(version: str) -> None:
    body = (
        f'<rss version="{version}"><channel><title>H</title><item><title>T</title><link>https://a.example/1</link></item></channel></rss>'
    )
    assert only(parse(body)).hints.title == "T"


@pytest.mark.parametrize("kind", ["application/feed+json", "text/plain"])
def test_json_feed(kind: str) -> None:
    item = {
        "id": 7,
        "url": "/a?fbclid=1",
        "title": "One\n  \x1b[31mtwo\x00",
        "content_html": "<p>Body</p>",
        "summary": "Sum",
        "tags": ["a", 3],
    }
    item |= {"date_published": "2026-02-28T09:05:00-05:00", "date_modified": "nonsense", "authors": [{"name": "Ann Lee"}, {"url": "x"}]}
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Harbor",
        "language": "en-GB",
        "items": [item, "no object", {"id": "x"}],
    }
    found = parse(b"\xef\xbb\xbf" + json.dumps(body).encode(), kind)
    hints = only(found).hints
    assert only(found).url == "https://www.harbor-example.com/a"
    assert (hints.title, hints.content, hints.description, hints.tags) == ("One two", "<p>Body</p>", "Sum", ("a",))
    assert (str(hints.published), hints.modified, hints.authors, hints.guid) == ("2026-02-28T09:05:00-05:00", None, ("Ann Lee",), "7")
    assert len(found.refused) == 2


def test_json_feed_one_has_one_author() -> None:
    body = {"version": "https://jsonfeed.org/version/1", "items": [{"id": "https://a.example/x", "author": {"name": "Bo"}}]}
    candidate = only(parse(json.dumps(body)))
    assert (candidate.url, candidate.hints.authors) == ("https://a.example/x", ("Bo",))


# ── what feeds do ─────────────────────────────────────────────────────────────────────────────────


def test_a_malformed_feed_is_read() -> None:
    broken = rss(ITEM + "<item><title>Fish & ships &nbsp; <link>https://a.example/2</link></item>").replace("</channel></rss>", "")
    assert {c.url for c in parse(broken).candidates} >= {"https://www.harbor-example.com/2026/02/28/bridge-opens-a4711?part=2"}


def test_charsets_follow_the_server_then_the_declaration() -> None:
    title = "Мост открыт"
    item = f"<item><title>{title}</title><link>https://a.example/1</link></item>"
    declared = rss(item).replace('version="1.0"?', 'version="1.0" encoding="windows-1251"?').encode("cp1251")
    assert only(parse(declared, "application/xml")).hints.title == title
    assert only(parse(rss(item).encode("koi8-r"), "application/xml; charset=koi8-r")).hints.title == title
    assert only(parse(rss(item).encode("utf-16"), "application/xml")).hints.title == title


def test_an_empty_feed_is_a_feed() -> None:
    assert parse(rss("")).candidates == ()
    assert parse('<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title></feed>').candidates == ()
    assert parse('{"version": "https://jsonfeed.org/version/1.1", "items": []}').candidates == ()


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"<!-- x --><!DOCTYPE html><html><body><p>Subscribe</p></body></html>", "HTML"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', "HTML"),
        (b'{"error": "not found"}', "JSON"),
        (b'{"items": "none"}', "JSON"),
        (b'{"broken', "JSON"),
        (b"[1, 2]", "JSON"),
        (b'{"a":' * 50_000, "JSON"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"%PDF-1.7", "PDF"),
        (gzip.compress(b"<rss/>", mtime=0), "compressed"),
        (b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>', "sitemap"),
        (b"<??>" * 200_000 + b"<!--" * 1000, "neither RSS nor Atom"),
        (b"<catalog><book/></catalog>", "neither RSS nor Atom"),
        (b"/etc/hostname", "neither XML nor JSON"),
    ],
)
def test_what_is_no_feed_says_what_it_is(body: bytes, word: str) -> None:
    with pytest.raises(DiscoverError, match=word) as caught:
        parse(body)
    assert caught.value.url == FEED
    assert FEED in str(caught.value)


def test_a_body_is_never_taken_for_the_name_of_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text(rss(ITEM), encoding="utf-8")
    for body in (str(secret), secret.as_uri(), "http://127.0.0.1:9/feed"):
        with pytest.raises(DiscoverError):
            parse(body)


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("<description>text</description>", "text without a link"),
        ("<title>T</title>", "no link"),
        ("<link>javascript:alert(1)</link>", "http"),
        ("<link>mailto:desk@a.example</link>", "http"),
        ("<link>https://user:pw@a.example/x</link>", "password"),
        ("<guid>12345</guid>", "no link"),
        ('<guid isPermaLink="false">https://a.example/x</guid>', "no link"),
        ('<enclosure url="https://a.example/x.mp3" length="1" type="audio/mpeg"/>', "no link"),
    ],
)
def test_entries_without_a_usable_link_are_refused(inside: str, reason: str) -> None:
    found = parse(rss(f"<item>{inside}</item>{ITEM}"))
    assert len(found.candidates) == 1
    assert len(found.refused) == 1
    assert reason in found.refused[0]
    assert found.refused[0].startswith("entry 1")


@pytest.mark.parametrize(
    ("inside", "url"),
    [
        ("<guid>https://a.example/x?utm_campaign=1</guid>", "https://a.example/x"),
        ("<guid>https://a.example/guid</guid><link>https://a.example/link</link>", "https://a.example/link"),
        ("<link>//a.example/x</link>", "https://a.example/x"),
        ("<link>\n https://a.example/x \n</link>", "https://a.example/x"),
        (
            '<link>https://proxy.example/1</link><fb:origLink xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0">https://a.example/x</fb:origLink>',
            "https://a.example/x",
        ),
        ("<link>https://a.example/?p=7</link>", "https://a.example/?p=7"),
    ],
)
def test_where_an_entry_leads(inside: str, url: str) -> None:
    assert only(parse(rss(f"<item><title>T</title>{inside}</item>"))).url == url


def test_relative_links_in_rss_stand_on_the_channels_link() -> None:
    channel = "<title>H</title><link>https://paper.example/news/</link>"
    assert only(parse(rss("<item><link>x.html</link></item>", channel))).url == "https://paper.example/news/x.html"


def test_duplicates_in_one_feed_are_merged() -> None:
    first = "<item><title>Old headline</title><link>https://a.example/2026/02/28/old-a9</link><guid>1</guid></item>"
    second = "<item><title>New</title><link>https://a.example/2026/02/28/new-a9?amp=1</link><author>Ann Lee</author></item>"
    hints = only(parse(rss(first + second))).hints
    assert (hints.title, hints.authors, hints.guid) == ("Old headline", ("Ann Lee",), "1")


def test_a_guid_on_two_articles_tells_neither() -> None:
    items = "".join(f'<item><link>https://a.example/{n}</link><guid isPermaLink="false">same</guid></item>' for n in range(3))
    assert [c.hints.guid for c in parse(rss(items)).candidates] == [None, None, None]


@pytest.mark.parametrize(
    ("stated", "authors"),
    [
        ("<author>desk@a.example</author>", ()),
        ("<author>desk@a.example (The Harbor Times)</author>", ()),  # the paper is no author
        ("<author>ann@a.example (Ann Lee)</author>", ("Ann Lee",)),
        ("<author>Ann Lee (ann@a.example)</author>", ("Ann Lee",)),
        ("<author>Ann Lee &lt;ann@a.example&gt;</author>", ("Ann Lee",)),
        ("<dc:creator>Ann Lee</dc:creator><dc:creator>Bo Kim</dc:creator>", ("Ann Lee", "Bo Kim")),
        ("<dc:creator><![CDATA[By Ann Lee, Bo Kim and Cy Day]]></dc:creator>", ("Ann Lee", "Bo Kim", "Cy Day")),
        ("<dc:creator>Lee, Ann</dc:creator>", ("Lee, Ann",)),
        ("<dc:creator>Max Doe for NOP</dc:creator>", ("Max Doe for NOP",)),  # person and agency are told apart where pages are read
        ("<dc:creator>https://a.example/ann</dc:creator>", ()),
    ],
)
def test_authors(stated: str, authors: tuple[str, ...]) -> None:
    assert only(parse(rss(f"<item><link>https://a.example/1</link>{stated}</item>"))).hints.authors == authors


def test_titles_are_plain_text() -> None:
    raw = "&lt;b&gt;Bold&lt;/b&gt; &amp;amp; &lt;script&gt;alert(1)&lt;/script&gt; a &lt; b &amp;#8220;q&amp;#8221;\u202e"
    title = only(parse(rss(f"<item><title>{raw}</title><link>https://a.example/1</link></item>"))).hints.title
    assert title == "Bold & a < b “q”"


def test_long_descriptions_are_cut_at_a_word() -> None:
    body = "word " * 5000
    hints = only(parse(rss(f"<item><link>https://a.example/1</link><description>{body}</description></item>"))).hints
    assert hints.description is not None
    assert hints.description.endswith("word…")
    assert len(hints.description) <= 1000
    assert len(hints.content or "") > 20_000


def test_a_partners_own_xml_is_read() -> None:
    body = "<root><entry><url>https://a.example/1</url><title>T</title><published>2026-02-28 09:05</published></entry></root>"
    candidate = only(parse(body))
    assert (candidate.url, str(candidate.hints.published)) == ("https://a.example/1", "2026-02-28T09:05+00:00")


def test_full_text_in_the_yandex_form() -> None:
    item = (
        '<item><link>https://a.example/1</link><yandex:full-text xmlns:yandex="http://news.yandex.ru">All of it.</yandex:full-text></item>'
    )
    assert only(parse(rss(item))).hints.content == "All of it."


def test_at_most_five_thousand_entries() -> None:
    items = "".join(f"<item><link>https://a.example/{n}</link></item>" for n in range(1, 5004))
    found = parse(rss(items))
    assert len(found.candidates) == 5000
    assert found.refused == ("3 further entries: 5,000 are read at most",)
    listed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"url": f"https://a.example/{n}"} for n in range(1, 5004)]}
    assert len(parse(json.dumps(listed)).candidates) == 5000


def test_at_most_ten_mebibytes() -> None:
    with pytest.raises(DiscoverError, match="bytes") as caught:
        parse(b" " * (10 * 2**20 + 1))
    assert caught.value.reason == "too-large"


def test_the_sources_language_wins() -> None:
    german = Source(name="harbor", kind="feed", url=FEED, language="de")
    assert parse(rss(ITEM, "<language>en</language>"), source=german).language == "de"


# ── dates ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Wed, 05 Feb 2025 17:17:24 +0000", "2025-02-05T17:17:24+00:00"),
        ("Wed, 05 Feb 2025 17:17:24 GMT", "2025-02-05T17:17:24+00:00"),
        ("Wed, 05 Feb 2025 17:17 EST", "2025-02-05T17:17-05:00"),
        ("5 February 2025 17:17:24 MSK", "2025-02-05T17:17:24+03:00"),
        ("Wed, 5 Feb 25 17:17:24 GMT+0200", "2025-02-05T17:17:24+02:00"),
        ("Wed, 05 Feb 2025", "2025-02-05"),
        ("2025-02-05", "2025-02-05"),
        ("2025-02-05T17:17:24.123456+05:30", "2025-02-05T17:17:24+05:30"),
        ("2025-02-05 17:17", "2025-02-05T17:17+00:00"),
        ("20250205T171724Z", "2025-02-05T17:17:24+00:00"),
        ("2025-02-05T17:17:24-03", "2025-02-05T17:17:24-03:00"),
        ("Mon, 01 Jan 10000 00:00:00 +0000", None),
        ("Mon, 01 Jan 0000 00:00:00 +0000", None),
        ("-0001-01-01T00:00:00Z", None),
        ("10000-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("2025-02-30T00:00:00Z", None),
        ("2025-02-05T25:00:00Z", None),
        ("Wed, 05 Feb 2025 17:17:24 +9999", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_dates_keep_their_offset_and_hostile_ones_are_none(text: str | None, wanted: str | None) -> None:
    found = instant(text)
    assert (str(found) if found else None) == wanted


def test_a_date_the_library_knows_is_believed_when_its_year_stands_there() -> None:
    parsed = datetime(2004, 7, 8, 15, 56, tzinfo=UTC)
    assert str(instant("2004년 7월 9일 00:56", parsed)) == "2004-07-08T15:56:00+00:00"
    assert instant("10000 something", datetime(2010, 11, 1, tzinfo=UTC)) is None


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40) | st.from_regex(r"\A\w{3}, \d{1,3} [A-Z][a-z]{2} \d{1,6} \d\d:\d\d(:\d\d)? [A-Z+-]\w{0,9}\Z"))
@example("Mon, 01 Jan 2025 00:00:00 +99999999999999999999")
def test_no_date_raises(text: str) -> None:
    found = instant(text)
    assert found is None or 1900 <= found.at.year <= 9998


PIECES = """
<item> </item> <title> </title> <link> </link> https://a.example/x <![CDATA[ ]]> &amp; &#0; &bogus; <guid> </guid> <pubDate> 10000
</pubDate> <author> a@b( <content:encoded> <script> <!-- <?x <entry> <link_href=" "_rel="alternate"/> <a:b:c>
<!DOCTYPE_x_[ <!ENTITY_y_'z'> ж 😀 \x00
"""
FRAGMENTS = st.lists(st.sampled_from([piece.replace("_", " ") for piece in PIECES.split()]), max_size=25)


@settings(max_examples=250, deadline=None)
@given(FRAGMENTS, st.sampled_from(["utf-8", "utf-16", "koi8-r"]))
def test_chance_is_read_or_refused(pieces: list[str], coding: str) -> None:
    body = rss("".join(pieces)).encode(coding, "replace")
    try:
        found = parse(body)
    except DiscoverError:
        return
    assert all(urls.cleaned(c.url) == c.url for c in found.candidates)


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["items", "url", "id", "title", "authors", "author", "name", "tags", "date_published", "content_html"]),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_read_or_refused(value: object) -> None:
    body = json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "items": [value, {"url": "https://a.example/x"} | (value if isinstance(value, dict) else {})],
        }
    )
    assert len(parse(body).candidates) + len(parse(body).refused) >= 1


# ── one page ──────────────────────────────────────────────────────────────────────────────────────


def test_a_page_as_source_is_in_hand() -> None:
    page = Source(name="statement", kind="url", url="https://a.example/statement?utm_source=x")
    response = Response(url=page.url, requested_url=page.url, body=b"<html>", fetched_at=NOW)
    candidate = only(KINDS["url"](response, page))
    assert (candidate.url, candidate.response, candidate.source) == ("https://a.example/statement", response, "statement")
    with pytest.raises(DiscoverError, match="address"):
        KINDS["url"](Response(url="", requested_url="", fetched_at=NOW), page)


# ── files ─────────────────────────────────────────────────────────────────────────────────────────


def read(path: Path) -> tuple[list[Candidate], list[ItemError]]:
    items: Iterator[Candidate | ItemError] = files.read(path, "disk", NOW)
    listed = list(items)
    return [item for item in listed if isinstance(item, Candidate)], [item for item in listed if isinstance(item, ItemError)]


def test_a_folder_is_read_through_and_trouble_costs_one_item(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / "one.html").write_bytes(b"<p>1</p>")
    (deep / "two.HTM").write_bytes(b"<p>2</p>")
    (deep / "three.html.gz").write_bytes(gzip.compress(b"<p>3</p>"))
    (deep / "half.html.gz").write_bytes(gzip.compress(b"<p>long enough to be cut</p>" * 50)[:-20])
    (deep / "empty.html").write_bytes(b"")
    (deep / "bomb.html.gz").write_bytes(gzip.compress(b"\0" * (5 * 2**20 + 1)))
    (deep / "notes.txt").write_text("not ours", encoding="utf-8")
    candidates, refused = read(tmp_path)
    assert sorted(c.response.body for c in candidates if c.response) == [b"<p>1</p>", b"<p>2</p>", b"<p>3</p>"]
    assert {(c.url, c.source, c.seen_at) for c in candidates} == {("", "disk", NOW)}
    assert {type(error) for error in refused} == {Truncated, NotAnArticle, TooLarge}
    assert all(".html" in str(error) for error in refused)


def test_lines_are_articles_and_bad_ones_are_refused_by_number(tmp_path: Path) -> None:
    lines = [
        json.dumps(
            {"url": "https://A.example/x?utm_id=1", "title": "T", "text": "One.\n\nTwo.", "authors": ["Ann Lee"], "published": "2026-02-28"}
        ),
        json.dumps({"id": "n1", "title": "T", "body": "Body.", "outlet": "harbor.example", "published": "2026-02-28T09:00:00+03:00"}),
        json.dumps({"title": "T", "text": "Nameless."}),
        "",
        "{broken",
        '"a string"',
        json.dumps({"title": "T"}),
        json.dumps({"title": 3, "text": "x"}),
        json.dumps({"title": "T", "text": "x", "url": "javascript:1"}),
    ]
    for path, data in (
        (tmp_path / "a.jsonl", "\n".join(lines).encode()),
        (tmp_path / "b.jsonl.gz", gzip.compress("\n".join(lines).encode())),
    ):
        path.write_bytes(data)
        candidates, refused = read(path)
        articles = [c.article for c in candidates if c.article]
        assert [c.url for c in candidates] == [a.url for a in articles] == ["https://a.example/x", "urn:wirewatch:id:n1", ""]
        assert articles[0].text == "One.\nTwo."
        assert (articles[0].authors, articles[0].outlet, str(articles[0].published)) == (("Ann Lee",), "a.example", "2026-02-28")
        assert (articles[1].outlet, str(articles[1].published)) == ("harbor.example", "2026-02-28T09:00:00+03:00")
        assert [f"line {n}" in str(error) for n, error in zip((5, 6, 7, 8, 9), refused, strict=True)] == [True] * 5
        assert all(path.name in str(error) for error in refused)


def test_half_a_file_of_lines_gives_its_first_half(tmp_path: Path) -> None:
    line = json.dumps({"id": 1, "title": "T", "text": "x " * 400}) + "\n"
    path = tmp_path / "cut.jsonl.gz"
    path.write_bytes(gzip.compress(line.encode() * 200)[:-30])
    candidates, refused = read(path)
    assert candidates
    assert [type(error) for error in refused] == [Truncated]


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "nothing.html")
    (tmp_path / "x.docx").write_bytes(b"PK")
    with pytest.raises(InputError, match="not one of"):
        read(tmp_path / "x.docx")
    with pytest.raises(InputError):
        files.page(tmp_path / "nothing.html", now=NOW)
