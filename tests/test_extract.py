"""Extraction through its one door: bytes in, an Article or a typed refusal out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.errors import NotAnArticle
from pipeline.extract import EXTRACTOR, extract
from pipeline.model import Article, Hints, Instant, Outlet, Profile, Response

NOW = datetime(2024, 6, 30, 12, tzinfo=UTC)
URL = "https://www.daily.example/news/2024/06/20/bridge-opens-4711"
BODY = [
    "The new bridge over the Tarn opened on Thursday, two years late and eleven million over its first estimate.",
    "Some four hundred people walked across before the first bus was let through at noon, and a brass band played in the rain.",
    "“It is narrower than the drawings promised,” said Mina Orlov, who sells bread at the eastern end and watched every month of the work.",
    "The council expects nine thousand vehicles a day, most of which now take the ferry or the long road through the hills.",
    "A second lane for bicycles is to follow next spring, if the province agrees to pay half of it.",
]


def page(
    head: str = "",
    body: str = "",
    *,
    title: str = "New Bridge Opens Over the Tarn",
    url: str = URL,
    headers: tuple[tuple[str, str], ...] = (),
) -> Response:
    paragraphs = "".join(f"<p>{line}</p>" for line in BODY)
    inner = body or f"<article><h1>{title}</h1>{paragraphs}</article>"
    html = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{inner}</body></html>'
    return Response(url=url, requested_url=url, body=html.encode(), fetched_at=NOW, headers=headers)


def ld(**said: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **said})}</script>'


def read(head: str = "", **more: Any) -> Article:
    return extract(page(head, **more))


def refusal(response: Response) -> NotAnArticle:
    with pytest.raises(NotAnArticle) as caught:
        extract(response)
    return caught.value


def test_plain_page() -> None:
    article = read()
    assert article.title == "New Bridge Opens Over the Tarn"
    assert article.text == "\n".join(BODY)
    assert (article.url, article.outlet, article.language, article.kind) == (URL, "daily.example", "en", "news")
    assert str(article.published) == "2024-06-20"
    assert article.provenance["published"] == "url"
    assert article.extractor == EXTRACTOR
    assert article.authors == ()
    assert article.credit is None


@pytest.mark.parametrize(
    ("canonical", "url", "origin"),
    [
        ("https://www.daily.example/news/bridge?utm_source=x", "https://www.daily.example/news/bridge", None),
        ("/news/bridge", "https://www.daily.example/news/bridge", None),
        ("https://www.daily.example/", URL, None),
        ("https://www.daily.example/news/", URL, None),
        ("https://agency.example/stories/1", URL, "https://agency.example/stories/1"),
        ("javascript:alert(1)", URL, None),
    ],
)
def test_canonical_is_believed_within_the_outlet(canonical: str, url: str, origin: str | None) -> None:
    article = read(f'<link rel="canonical" href="{canonical}">')
    assert (article.url, article.origin_url) == (url, origin)


def test_a_file_is_named_by_its_canonical_link() -> None:
    assert read('<link rel="canonical" href="https://b.example/x/1">', url="").url == "https://b.example/x/1"
    nameless = read(url="")
    assert (nameless.url, nameless.outlet) == ("", None)


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("New Bridge Opens Over the Tarn - The Daily Example", '<meta property="og:site_name" content="The Daily Example">'),
        ("New Bridge Opens Over the Tarn | News | Daily", ld(publisher={"@type": "Organization", "name": "Daily"})),
        ("The Daily: New Bridge Opens Over the Tarn", '<meta property="og:title" content="New Bridge Opens Over the Tarn">'),
        ("daily.example » New Bridge Opens Over the Tarn", ""),
        ("New Bridge\x1b[31m Opens&nbsp;Over &lt;b&gt;the&lt;/b&gt; Tarn", ""),
    ],
)
def test_titles_lose_what_is_not_theirs(title: str, head: str) -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in BODY)
    assert read(head, title=title, body=f"<div>{paragraphs}</div>").title == "New Bridge Opens Over the Tarn"


@pytest.mark.parametrize("unit", ["»", "— ", "a_", "a | "])
def test_a_statement_of_nothing_but_separators_is_no_headline_and_costs_no_page(unit: str) -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in BODY)
    body = f"<article><h1>New Bridge Opens Over the Tarn</h1>{paragraphs}</article>"
    article = read(title=unit * (10_000 // len(unit)), body=body)
    assert article.title == "New Bridge Opens Over the Tarn"
    assert article.text == "\n".join(BODY)


def test_title_affix_of_a_known_outlet() -> None:
    outlet = Outlet(domain="daily.example", profile=Profile(title_affix="Tarn Valley Voice", pages=5))
    paragraphs = "".join(f"<p>{line}</p>" for line in BODY)
    response = page(title="New Bridge Opens — Tarn Valley Voice", body=f"<div>{paragraphs}</div>")
    assert extract(response, outlet=outlet).title == "New Bridge Opens"


@pytest.mark.parametrize(
    ("head", "published", "source"),
    [
        (ld(datePublished="2024-06-20T18:00:05+02:00"), "2024-06-20T18:00:05+02:00", "json-ld"),
        (ld(datePublished="2024-06-20T18:00Z"), "2024-06-20T18:00+00:00", "json-ld"),
        ('<meta property="article:published_time" content="2024-06-19 08:30:00 -0400">', "2024-06-19T08:30:00-04:00", "meta"),
        (ld(datePublished="20.06.2024"), "2024-06-20", "json-ld"),
        (ld(datePublished="Thu, 20 Jun 2024 06:00:00 +0200"), "2024-06-20T06:00:00+02:00", "json-ld"),
        (ld(datePublished="1718870400"), "2024-06-20T08:00:00+00:00", "json-ld"),
        (ld(datePublished="1970-01-01T00:00:00Z"), "2024-06-20", "url"),
        (ld(datePublished="2031-01-01"), "2024-06-20", "url"),
        (ld(datePublished="03/04/2024"), "2024-06-20", "url"),
        ('<meta name="date" content="nonsense">', "2024-06-20", "url"),
    ],
)
def test_dates(head: str, published: str, source: str) -> None:
    article = read(head)
    assert (str(article.published), article.provenance["published"]) == (published, source)


def test_no_date_is_no_date() -> None:
    assert read(url="https://daily.example/about/bridge").published is None


def test_change_is_not_publication() -> None:
    article = read(ld(datePublished="2024-06-20T06:00:00Z", dateModified="2024-06-21T06:00:00Z"))
    assert str(article.modified) == "2024-06-21T06:00:00+00:00"
    updated = read(
        body=(
            f'<article><h1>Bridge</h1>Updated: <time class="updated"'
            f' datetime="2024-06-25">x</time><p>{BODY[0]}</p><p>{BODY[1]}</p></article>'
        )
    )
    assert str(updated.published) == "2024-06-20"


def test_the_feed_makes_a_day_exact() -> None:
    hints = Hints(published=Instant.parse("2024-06-20T05:10:00+00:00"))
    article = extract(page(), hints)
    assert (str(article.published), article.provenance["published"]) == ("2024-06-20T05:10:00+00:00", "feed")


@pytest.mark.parametrize(
    ("said", "authors", "credit"),
    [
        ("By Ada Morrow, Ivo Lund and Max Teller for AFP", ("Ada Morrow", "Ivo Lund", "Max Teller"), "AFP"),
        ("Von Jürgen Groß und Änne von der Heide", ("Jürgen Groß", "Änne von der Heide"), None),
        ("Ada Morrow Updated June 21, 2024", ("Ada Morrow",), None),
        ("Reuters", ("Reuters",), "Reuters"),
        ("The Associated Press", ("The Associated Press",), "AP"),
        ("By Jean-Luc d’Arc and María José Núñez", ("Jean-Luc d’Arc", "María José Núñez"), None),
        ("Daily Example", (), None),
        ("Автор: Анна Кречетова", ("Анна Кречетова",), None),
    ],
)
def test_bylines(said: str, authors: tuple[str, ...], credit: str | None) -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in BODY)
    body = f'<article><h1>New Bridge Opens</h1><div class="byline">{said}</div>{paragraphs}</article>'
    article = read('<meta property="og:site_name" content="Daily Example">', body=body)
    assert (article.authors, article.credit) == (authors, credit)
    assert article.text == "\n".join(BODY)


def test_the_byline_completes_json_ld() -> None:
    body = (
        f'<article><h1>Bridge</h1><p class="byline">By Ada Morrow and Ivo'
        f" Lund</p><p>{BODY[0]}</p><p>{BODY[1]}</p><p>{BODY[2]}</p></article>"
    )
    article = read(ld(author={"name": "Ada Morrow"}), body=body)
    assert (article.authors, article.provenance["authors"]) == (("Ada Morrow", "Ivo Lund"), "byline")


@pytest.mark.parametrize(
    ("opening", "dateline", "credit"),
    [
        ("VILNIUS (AFP) – ", "VILNIUS (AFP)", "AFP"),
        ("WEST HARBOR, June 20 (NOP) — ", "WEST HARBOR, June 20 (NOP)", "NOP"),
        ("Berlin (dpa/tmn) - ", "Berlin (dpa/tmn)", "dpa"),
        ("МОСКВА (ТАСС). ", "МОСКВА (ТАСС)", "TASS"),
        ("", None, None),
    ],
)
def test_dateline(opening: str, dateline: str | None, credit: str | None) -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in BODY)
    article = read(body=f"<article><h1>New Bridge Opens</h1><p>{opening}{paragraphs[3:]}</article>")
    assert (article.dateline, article.credit) == (dateline, credit)
    assert article.text.startswith(opening.strip() or BODY[0][:20])


FURNITURE = [
    '<div class="related-articles"><h4>Related</h4><ul><li><a href="/a">Ferry Sold to Island Community for One Crown</a></li></ul></div>',
    "<p>Read also: <a href='/b'>The Ferry’s Last Winter</a></p>",
    "<p>Lesen Sie auch: Die letzte Fähre</p>",
    '<div class="newsletter-box"><p>Sign up for our weekly newsletter and never miss a bridge.</p></div>',
    "<p>Support independent journalism from as little as $1 a month.</p>",
    '<figure><img src="/x.jpg"><figcaption>Rain on the bridge. Photo: Lena Sors / AFP</figcaption></figure>',
    "<p>Photo: Lena Sors</p>",
    '<div class="share-buttons"><a>Facebook</a><a>Mail</a></div>',
    "<p>ADVERTISEMENT</p>",
    '<div id="comments" class="comments"><p>I walked it twice and the view is splendid, said nobody ever until today.</p></div>',
]


@pytest.mark.parametrize("furniture", FURNITURE)
def test_furniture_is_no_body(furniture: str) -> None:
    lines = [f"<p>{line}</p>" for line in BODY]
    for at in (2, len(lines)):
        inner = "".join([*lines[:at], furniture, *lines[at:]])
        assert read(body=f"<article><h1>New Bridge Opens</h1>{inner}</article>").text == "\n".join(BODY)


def test_subheads_and_lists_stay() -> None:
    inner = (
        f"<p>{BODY[0]}</p><p>‘Absurd’</p><p>{BODY[1]}</p><h3>What it cost</h3><p>{BODY[2]}</p><ul><li>Stone: nine million"
        f" crowns</li><li>Steel: two million crowns</li></ul>"
    )
    text = read(body=f"<article><h1>New Bridge Opens</h1>{inner}</article>").text
    assert text.split("\n") == [
        BODY[0],
        "‘Absurd’",
        BODY[1],
        "What it cost",
        BODY[2],
        "Stone: nine million crowns",
        "Steel: two million crowns",
    ]


def test_metadata_of_other_kinds() -> None:
    article = read(
        ld(
            articleSection=["Opinion", "Local"],
            keywords="bridges, Tarn",
            image={"@type": "ImageObject", "url": "/i/1.jpg"},
            author="Ada Morrow",
        )
        + '<meta property="og:site_name" content="Daily Example">'
    )
    assert (article.section, article.tags, article.kind) == ("Opinion", ("bridges", "Tarn"), "opinion")
    assert (article.image, article.outlet_name) == ("https://www.daily.example/i/1.jpg", "Daily Example")


@pytest.mark.parametrize(
    "block",
    [
        (
            '{"@context": "x", "@graph": [{"@type": "Organization", "name": "Q"}, {"@type": "NewsArticle", "author": [{"name": "Ada'
            ' Morrow"}],}],}'
        ),
        '<!-- {"@type": ["Thing", "NewsArticle"], "author": {"@type": "Person", "name": ["Ada Morrow"]}} -->',
        '[[{"@type": "https://schema.org/NewsArticle", "author": "Ada Morrow"}]]',
        '{"@type": "NewsArticle", "author": "Ada Morrow", "headline": {"a": [1]}, "datePublished": 7, "keywords": [[{}]], "image": [[]]}',
        '{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "author": "Ada\n Morrow"}}',
    ],
)
def test_json_ld_as_it_comes(block: str) -> None:
    article = read(f'<script type="application/ld+json">{block}</script><script type="application/ld+json">{{broken</script>')
    assert (article.authors, article.provenance["authors"]) == (("Ada Morrow",), "json-ld")


@pytest.mark.parametrize(
    ("head", "headers", "expected"),
    [
        ('<meta name="robots" content="noarchive, NOAI">', (), ("noarchive", "noai")),
        ('<meta name="googlebot" content="noarchive">', (), ()),
        ('<meta name="wirewatch" content="noindex">', (), ("noindex",)),
        ("", (("x-robots-tag", "noindex"),), ("noindex",)),
        ("", (("x-robots-tag", "googlebot: noindex"),), ()),
        ("", (("tdm-reservation", "1"),), ("tdm-reservation",)),
        ('<meta name="tdm-reservation" content="0">', (), ()),
    ],
)
def test_opt_outs(head: str, headers: tuple[tuple[str, str], ...], expected: tuple[str, ...]) -> None:
    assert read(head, headers=headers).opt_outs == expected


def test_the_feeds_body_where_the_page_has_less() -> None:
    content = "".join(f"<p>{line}</p>" for line in BODY) + "<p>Read more: <a href='/x'>elsewhere</a></p>"
    article = extract(page(body=f"<article><h1>New Bridge Opens</h1><p>{BODY[0]}</p></article>"), Hints(content=content))
    assert (article.text, article.provenance["text"]) == ("\n".join(BODY), "feed")
    assert extract(page(), Hints(content=BODY[0])).provenance["text"] == "page"


def test_body_in_json_only() -> None:
    article = read(ld(headline="New Bridge Opens", articleBody="\n\n".join(BODY)), body='<div id="app"></div>')
    assert (article.text, article.provenance["text"]) == ("\n".join(BODY), "json-ld")


def test_bare_fragment() -> None:
    html = "<article><h1>New Bridge Opens</h1>" + "".join(f"<p>{line}</p>" for line in BODY) + "</article>"
    article = extract(Response(url="https://daily.example/all/4711", requested_url="", body=html.encode(), fetched_at=NOW))
    assert (article.title, article.text) == ("New Bridge Opens", "\n".join(BODY))


def test_language_of_the_body_wins() -> None:
    lines = [
        "Die neue Brücke über den Fluss wurde am Donnerstag eröffnet, zwei Jahre später als geplant.",
        "Rund vierhundert Menschen gingen hinüber, bevor der erste Bus fahren durfte.",
        "Der Rat erwartet neuntausend Fahrzeuge am Tag, von denen die meisten heute die Fähre nehmen.",
    ]
    article = read(body="<article><h1>Neue Brücke</h1>" + "".join(f"<p>{line}</p>" for line in lines) + "</article>")
    assert (article.language, article.provenance["language"]) == ("de", "langid")
    short = read(
        body="<article><h1>Brücke</h1><p>Ja, sie ist nun wirklich offen.</p></article>".replace(
            "Ja, sie ist nun wirklich offen.", "OK — taxi, hotel, radio, video"
        )
    )
    assert short.language == "en"
