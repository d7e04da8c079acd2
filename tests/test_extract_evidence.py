"""Metadata by evidence: what witnesses agree on, what one of them has alone, and silence where none can be believed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.extract import extract, names, structured
from pipeline.model import Article, Hints, Instant, Response

NOW = datetime(2024, 6, 30, 12, tzinfo=UTC)
URL = "https://www.daily.example/town/new-bridge-opens"
BODY = "".join(
    f"<p>{line}</p>"
    for line in (
        "The new bridge over the Tarn opened on Thursday, two years late and eleven million over its first estimate.",
        "Some four hundred people walked across before the first bus was let through at noon, and a brass band played in the rain.",
        "The council expects nine thousand vehicles a day, most of which now take the ferry or the long road through the hills.",
    )
)


def read(body: str, head: str = "", *, url: str = URL, hints: Hints | None = None) -> Article:
    html = f'<!doctype html><html lang="en"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'
    return extract(Response(url=url, requested_url=url, body=html.encode(), fetched_at=NOW), hints or Hints())


def ld(*things: dict[str, Any]) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(thing)}</script>' for thing in things)


# ── titles ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "head", "title"),
    [
        (  # search engines are told another headline than readers
            "<h1>Four Hundred Walk Over the New Bridge in Rain</h1>",
            '<meta property="og:title" content="Tarn bridge: all you need to know"><title>Tarn bridge: all you need to know</title>',
            "Four Hundred Walk Over the New Bridge in Rain",
        ),
        (  # a lone heading about something else belongs to a box
            "<div><h1>Why Do You Not Join the Club?</h1></div>",
            '<meta property="og:title" content="Rain Did Not Stop Them"><title>Rain Did Not Stop Them</title>',
            "Rain Did Not Stop Them",
        ),
        (  # the outlet's name in the heading leads home
            '<h1><a href="/">Voices From the Upper Tarn</a></h1><h2>New Bridge Opens</h2>',
            "<title>New Bridge Opens at Noon</title>",
            "New Bridge Opens at Noon",
        ),
        ("<h1>Tarn Letters</h1>", "<title>New Bridge Opens : Tarn Letters</title>", "New Bridge Opens"),  # the address arbitrates
        (  # a kicker, set apart by its mark or said in one place alone
            "<h1>Town: New Bridge Opens at Noon</h1>",
            '<meta property="og:title" content="New Bridge Opens at Noon">',
            "New Bridge Opens at Noon",
        ),
        (  # no kicker: a question said twice
            "<h1>What Is the New Bridge For?</h1>",
            '<meta property="og:title" content="What Is the New Bridge For?"><title>The New Bridge For?</title>',
            "What Is the New Bridge For?",
        ),
        (  # a page that names its site as it names itself
            "<h1>New Bridge Opens at Noon</h1>",
            '<meta name="application-name" content="New Bridge Opens at Noon"><title>New Bridge Opens at Noon</title>',
            "New Bridge Opens at Noon",
        ),
        ("<h1>: New Bridge Opens at Noon¶</h1>", "", "New Bridge Opens at Noon"),
    ],
)
def test_titles(body: str, head: str, title: str) -> None:
    assert read(f"<article>{body}{BODY}</article>", head).title == title


# ── dates ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("place", "published"),
    [
        ('<time datetime="2024-06-19T20:25:56-04:00">June 19</time>', "2024-06-19T20:25:56-04:00"),
        ("<p><time>19 June 2024</time> <time>21:25</time></p>", "2024-06-19T21:25:56-03:00"),
        ("<p><time>19 June 2024</time> <time>9:25 pm</time></p>", "2024-06-19T21:25:56-03:00"),
        ("<p><time>19 June 2024</time> <time>21:31</time></p>", "2024-06-20T00:25:56+00:00"),  # another event
        ("<p>Updated <time>19 June 2024</time> <time>21:25</time></p>", "2024-06-20T00:25:56+00:00"),
    ],
)
def test_an_instant_in_utc_is_told_in_the_time_of_the_place(place: str, published: str) -> None:
    head = ld({"@type": "NewsArticle", "datePublished": "2024-06-20T00:25:56Z"})
    assert str(read(f"<article><h1>New Bridge Opens</h1>{place}{BODY}</article>", head).published) == published


@pytest.mark.parametrize(
    ("before", "after", "published"),
    [
        ("", '<p class="date">Written: 2024-06-20 15:03 / Updated: 2024-06-21 15:30</p>', "2024-06-20T15:03+00:00"),
        ("", '<p class="date">Updated: 21 June 2024. Published: 20 June 2024</p>', "2024-06-20"),
        ('<div class="top"><p class="date">30 June 2024</p></div>', '<p class="date">20 June 2024</p>', "2024-06-20"),
        ("", "<p>Letzte Änderung: 25.06.2024<br>Erschienen am: 20.06.2024</p>", "2024-06-20"),
        ("", "<p>posted on <nobr>20 June 2024</nobr></p>", "2024-06-20"),
        ("", '<span property="dc:date" content="2024-06-20T10:00:00+02:00">yesterday</span>', "2024-06-20T10:00:00+02:00"),
        ("", "", None),
    ],
)
def test_the_printed_day_of_publication(before: str, after: str, published: str | None) -> None:
    article = read(f"{before}<article><h1>New Bridge Opens</h1>{after}{BODY}</article>")
    assert (str(article.published) if article.published else None) == published


def test_a_short_day_in_the_address() -> None:
    url = "https://www.daily.example/town/2024/06/240620-new-bridge-opens"
    assert str(read(f"<article><h1>New Bridge Opens</h1>{BODY}</article>", url=url).published) == "2024-06-20"


@pytest.mark.parametrize(
    ("announced", "published", "source"),
    [
        ("2024-06-18T06:00:00+00:00", "2024-06-18T06:00:00+00:00", "feed"),
        ("2024-06-20T09:00:00+00:00", "2024-06-20T08:00:00+00:00", "json-ld"),
    ],
)
def test_what_a_feed_has_announced_was_out(announced: str, published: str, source: str) -> None:
    head = ld({"@type": "NewsArticle", "datePublished": "2024-06-20T08:00:00Z"})
    hints = Hints(published=Instant.parse(announced))
    article = read(f"<article><h1>New Bridge Opens</h1>{BODY}</article>", head, hints=hints)
    assert (str(article.published), article.provenance["published"]) == (published, source)


# ── authors ───────────────────────────────────────────────────────────────────────────────────────

ADA = {"@type": "Person", "@id": "#ada", "name": "Ada Morrow"}


@pytest.mark.parametrize(
    ("place", "head", "authors"),
    [
        ("", ld({"@graph": [{"@type": "NewsArticle", "author": {"@id": "#ada"}}, ADA]}), ("Ada Morrow",)),
        ("", ld({"@type": "NewsArticle", "author": {"@type": "Person", "givenName": "Ada", "familyName": "Morrow"}}), ("Ada Morrow",)),
        ("", '<meta name="author" content="Daily Example"><meta name="article:author" content="Ada Morrow">', ("Ada Morrow",)),
        ("", '<meta name="author" content="a@daily.example"><meta name="twitter:misc:Written by" content="Ada Morrow">', ("Ada Morrow",)),
        # a template's meta names its company, two others the writer
        (
            '<p class="byline">By <a rel="author" href="/a">Ada Morrow</a></p>',
            '<meta name="author" content="Condor Houses"><meta name="article:author" content="Ada Morrow">',
            ("Ada Morrow",),
        ),
        ('<p class="byline">By Ada Morrow</p>', ld({"@type": "NewsArticle", "author": "Ada"}), ("Ada Morrow",)),
        ('<div class="autor">Ada Morrow | 3 hours ago</div>', ld({"@type": "NewsArticle", "author": "DailyExample"}), ("Ada Morrow",)),
        (
            "<aside><address><a rel='author' href='/a'>Ada Morrow</a> and <a rel='author' href='/i'>Ivo Lund</a></address></aside>",
            "",
            ("Ada Morrow", "Ivo Lund"),
        ),
        ('<div class="mb-6 [grid-area:sidebar]"><p>Written by</p><p>Ada Morrow</p></div>', "", ("Ada Morrow",)),
        ('<p class="autorenzeile">Von Ada Morrow, Ivo Lund und Max Teller, NOP</p>', "", ("Ada Morrow", "Ivo Lund", "Max Teller")),
        ('<span class="documentAuthor">erstellt von <a href="/author/ada">Ada</a> —</span>', "", ("Ada",)),
        ('<div class="date-and-author"><span>20 June 2024</span><span>Ada Morrow</span></div>', "", ("Ada Morrow",)),
        ('<span property="dc:creator" typeof="foaf:Person"><span property="foaf:name">Ada Morrow</span></span>', "", ("Ada Morrow",)),
        # the outlet signs: whoever signs further down wrote another story
        ('<p class="author">by Daily Example</p><ul class="more"><li><span class="author">by Ivo Lund</span></li></ul>', "", ()),
        ('<p class="byline">Sat, 20 Jun, 2024 - 06:36</p>', "", ()),
        ('<p class="author">Daily   Example</p>', '<meta name="author" content="Nachrichten">', ()),
        ("", '<meta name="publisher" content="Tarn Radio (www.tarn.example)"><meta name="author" content="Tarn Radio">', ()),
    ],
)  # fmt: skip
def test_authors(place: str, head: str, authors: tuple[str, ...]) -> None:
    head = f'<meta property="og:site_name" content="Daily Example">{head}'
    assert read(f'<div class="one-sidebar"><article><h1>New Bridge Opens</h1>{place}{BODY}</article></div>', head).authors == authors


def test_a_site_that_bears_its_authors_name() -> None:
    own = '<meta property="og:site_name" content="Ada Morrow"><meta name="author" content="Ada Morrow">'
    body = f"<article><h1>New Bridge Opens</h1>{BODY}</article>"
    assert read(body, own).authors == ("Ada Morrow",)
    assert read(body, own + ld({"@type": "Organization", "name": "Ada Morrow"})).authors == ()
    assert read(body, own.replace("Ada Morrow", "Morrow Gazette")).authors == ()
    card = '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ada Morrow">'
    assert read(body, '<meta property="og:site_name" content="Ada Morrow">' + card).authors == ("Ada Morrow",)


@pytest.mark.parametrize(
    ("said", "people"),
    [
        ("By Ada Morrow in Berlin", ("Ada Morrow",)),
        ("By Ada Morrow, Chief Political Correspondent", ("Ada Morrow",)),
        ("By Ada Morrow for The Daily Ledger", ("Ada Morrow",)),
        ("By Ada Morrow, NOP News, Tarnstadt", ("Ada Morrow",)),
        ("Ada Morrow Senior Reporter", ("Ada Morrow",)),
        ("Ada Morrow,Ivo Lund", ("Ada Morrow", "Ivo Lund")),
        ("Morrow, Ada; Lund, Ivo", ("Ada Morrow", "Ivo Lund")),
        ("Ada Morrow, dpa/afp", ("Ada Morrow",)),
        ("Di Ada Morrow e Ivo Lund", ("Ada Morrow", "Ivo Lund")),
        ("Ana López y Pérez", ("Ana López y Pérez",)),
        ("Von Ada Morrow (Text) und Ivo Lund (Fotos)", ("Ada Morrow",)),
        ("Text: Ada Morrow, Fotos: Ivo Lund", ("Ada Morrow",)),
        ("© Ada Morrow Ada Morrow", ("Ada Morrow",)),
        ("홍길동 기자 hong@daily.example", ("홍길동",)),
        ("記者王小明／台北報導", ("王小明",)),
        ("[田中宏昌，NOPmedia]", ("田中宏昌",)),
        ("La Rédaction", ()),
        ("By Our Correspondent", ()),
        ("Web Desk", ()),
        ("Von", ()),
    ],
)
def test_names(said: str, people: tuple[str, ...]) -> None:
    assert names.people([said], set()) == people


# ── JSON-LD that is none ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "block",
    [
        '{"@type": "NewsArticle", // a remark\n "headline": "New Bridge", "url": "https://a.example//b" /* more */ }',
        '{"@type": "NewsArticle",\n "headline": "New Bridge",\n "description": \'the mayor\'s "day"\'}',
        '{"@type": "NewsArticle", "description": "a "quoted" word", "headline": "New Bridge"}}',
        '{"@type": "WebSite", "name": "x"}\n{"@type": "NewsArticle", "headline": "New Bridge"}',
    ],
)
def test_what_an_article_says_is_read_from_what_is_no_json(block: str) -> None:
    said = [thing for thing in structured.things([block]) if structured.is_article(thing)]
    assert [thing["headline"] for thing in said] == ["New Bridge"]


def test_nothing_is_read_from_what_is_no_article() -> None:
    assert structured.things(['{"@type": "Organization" "name": "x"}', "New Bridge Opens", ""]) == []


# ── section, tags, picture, outlet ────────────────────────────────────────────────────────────────


def crumbs(*steps: str) -> dict[str, Any]:
    return {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "name": step} for step in steps]}


@pytest.mark.parametrize(
    ("said", "section"),
    [
        ({"@type": "NewsArticle", "articleSection": ["Homepage", "Town"]}, "Town"),
        ({"@type": "NewsArticle", "articleSection": "Featured,Town,Bridges"}, "Town"),
        ({"@type": "NewsArticle", "articleSection": "Arts, Culture and Style"}, "Arts, Culture and Style"),
        ({"@type": "NewsArticle", "articleSection": "Daily Example"}, None),
        (crumbs("Home", "Town", "New Bridge Opens"), "Town"),
        (crumbs("Home", "New Bridge Opens"), None),
    ],
)
def test_sections(said: dict[str, Any], section: str | None) -> None:
    head = '<meta property="og:site_name" content="Daily Example">' + ld(said)
    assert read(f"<article><h1>New Bridge Opens</h1>{BODY}</article>", head).section == section


def test_tags_are_words_for_readers() -> None:
    head = ld({"@type": "NewsArticle", "keywords": ["bridges", "Tag:rivers", "type:story", "@top-left", '"', "https://a.example/x"]})
    assert read(f"<article><h1>New Bridge Opens</h1>{BODY}</article>", head).tags == ("bridges", "rivers")


@pytest.mark.parametrize(
    ("first", "second", "image"),
    [
        ("/i/logo.png", "/i/bridge.jpg", "bridge.jpg"),
        ("/i/default-image.png", "/i/bridge_default.jpg?w=3", None),
        ("/i/bridge-with-logo-in-rain.jpg", "/i/x.jpg", "bridge-with-logo-in-rain.jpg"),
    ],
)
def test_a_logo_is_no_lead_picture(first: str, second: str, image: str | None) -> None:
    head = f'<meta property="og:image" content="{first}"><meta name="twitter:image" content="{second}">'
    article = read(f"<article><h1>New Bridge Opens</h1>{BODY}</article>", head)
    assert article.image == (f"https://www.daily.example/i/{image}" if image else None)


def test_a_title_or_an_address_is_no_name_of_an_outlet() -> None:
    head = ld({"@type": "NewsArticle", "publisher": {"@type": "Organization", "name": "Daily Example"}})
    body = f"<article><h1>New Bridge Opens</h1>{BODY}</article>"
    for said in ("https://www.daily.example", "New Bridge Opens"):
        assert read(body, f'<meta property="og:site_name" content="{said}">{head}').outlet_name == "Daily Example"


# ── the page around an article ────────────────────────────────────────────────────────────────────


def test_the_page_speaks_where_no_article_does() -> None:
    around = {"@type": "WebPage", "datePublished": "2024-06-19T06:00:00+00:00", "author": {"@id": "#ada"}}
    body = f"<article><h1>New Bridge Opens</h1>{BODY}</article>"
    article = read(body, ld({"@graph": [around, ADA]}))
    assert (str(article.published), article.authors) == ("2024-06-19T06:00:00+00:00", ("Ada Morrow",))
    story = {"@type": "NewsArticle", "datePublished": "2024-06-20T06:00:00+00:00"}
    assert str(read(body, ld({"@graph": [around, story]})).published) == "2024-06-20T06:00:00+00:00"


@pytest.mark.parametrize(
    ("place", "authors"),
    [
        ("<small>04.02.2024 | 13:10 Uhr | Ada Morrow</small>{h1}", ("Ada Morrow",)),
        ("{h1}<div><h4>Autor</h4><p><a href='/profil/7'>Ada Morrow</a>, </p></div>", ("Ada Morrow",)),
        ("{h1}<ul><li><strong>Autorin/Autor</strong> Ada Morrow </li></ul>", ("Ada Morrow",)),
        ("{h1}<p>Ada Morrow/Ivo Lund</p>", ()),  # a name alone, and nobody signs: it may be anybody's
        ("{h1}<p class='author'>Daily Example</p><p>Ada Morrow/Ivo Lund</p>", ("Ada Morrow", "Ivo Lund")),
        ("{h1}<p class='author'>Daily Example</p><p>Photo: Ivo Lund</p>", ()),
        ("{h1}<p><strong>Text:</strong> Ada Morrow</p>", ("Ada Morrow",)),
    ],
)
def test_names_around_the_headline(place: str, authors: tuple[str, ...]) -> None:
    head = '<meta property="og:site_name" content="Daily Example">'
    assert read(f"<article>{place.format(h1='<h1>New Bridge Opens</h1>')}{BODY}</article>", head).authors == authors


@pytest.mark.parametrize(
    ("title", "headline"),
    [("New Bridge Opens：Daily Example", "New Bridge Opens"), ("New Bridge Opens at 10:30 │ Daily Example", "New Bridge Opens at 10:30")],
)
def test_separators_without_blanks(title: str, headline: str) -> None:
    assert (
        read(f"<article>{BODY}</article>", f'<meta property="og:site_name" content="Daily Example"><title>{title}</title>').title
        == headline
    )


def test_the_days_clock_where_the_address_knows_the_day() -> None:
    head = ld({"@type": "NewsArticle", "datePublished": "2024-06-21T02:25:54Z"})
    body = f'<article><h1>New Bridge Opens</h1><p class="date">June 20, 2024 | 9:25pm</p>{BODY}</article>'
    url = "https://www.daily.example/2024/06/20/new-bridge-opens/"
    assert str(read(body, head, url=url).published) == "2024-06-20T21:25:54-05:00"
