"""Bylines as papers word them, agencies that sign alone, and signatures in the text. All names are invented, agencies apart."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.extract import credit, extract, names, signatures
from pipeline.model import Article, Hints, Response

BODY = (
    "The ferry between the two islands stopped on Tuesday after divers found a crack below the waterline.",
    "Nobody was hurt, the operator said, and the ship will stay in the yard until the middle of March.",
    "Its older sister takes over for the time being, with four crossings a day instead of the usual nine.",
    "The council wants to know why the crack was not found in autumn, when both ships were last inspected.",
)


def read(
    head: str = "",
    over: str = "",
    under: str = "",
    name: str = "Daily Example",
    host: str = "daily.example",
    hints: Hints | None = None,
) -> Article:
    text = "".join(f"<p>{said}</p>" for said in BODY)
    page = (
        f'<html lang="en"><head><title>Ferry Stops</title><meta property="og:site_name" content="{name}">{head}</head>'
        f"<body><article><h1>Ferry Stops After Crack Is Found</h1>{over}{text}{under}</article></body></html>"
    )
    url = f"https://www.{host}/2024/03/05/ferry"
    return extract(Response(url=url, requested_url=url, body=page.encode(), fetched_at=datetime(2024, 3, 5, tzinfo=UTC)), hints or Hints())


@pytest.mark.parametrize(
    ("byline", "people"),
    [
        ("Analysis by Ida Holm", "Ida Holm"),
        ("Ein Kommentar von Ida Holm", "Ida Holm"),
        ("Eine Analyse von Ida Holm und Per Lund", "Ida Holm; Per Lund"),
        ("Propos recueillis par Jeanne Morel", "Jeanne Morel"),
        ("Una crónica de Ana Robles", "Ana Robles"),
        ("Aus Brennvik berichten Ida Holm und Per Lund", "Ida Holm; Per Lund"),
        ("Ida Holm berichtet aus Brennvik", "Ida Holm"),
        ("Reporting by Ida Holm; Editing by Per Lund", "Ida Holm"),
        ("Senior Reporter Ida Holm", "Ida Holm"),
        ("Redakteurin Ida Holm", "Ida Holm"),
        ("Ida Holm, Brennvik Bureau Chief", "Ida Holm"),
        ("By IDA HOLM, AP National Political Writer", "IDA HOLM"),
        ("Корреспондент Анна Кречетова", "Анна Кречетова"),
        ("dpa/Ida Holm", "Ida Holm"),
        ("Ana Robles/Juan Prado", "Ana Robles; Juan Prado"),
        ("Ida Holm + Per Lund", "Ida Holm; Per Lund"),
        ("Ida Holm with Per Lund for AFP", "Ida Holm; Per Lund"),
        ("Ida Holm The Canadian Press", "Ida Holm"),
        ("door Anna de Wit en Jan van den Oever", "Anna de Wit; Jan van den Oever"),
        ("Text Ida Holm Foto Per Lund", "Ida Holm"),
        ("Ana María Robles Prado", "Ana María Robles Prado"),
        ("Ana Robles y Prado", "Ana Robles y Prado"),
        ("记者 张一帆 李二木", "张一帆; 李二木"),
        ("新华社记者张一帆", "张一帆"),
        ("中央社記者王三木台北報導", "王三木"),
        ("田中三郎、山田四郎", "田中三郎; 山田四郎"),
        ("Daily staff reporter", "Daily staff reporter"),  # a desk is no person whose role could come off
    ],
)
def test_a_byline_is_its_people(byline: str, people: str) -> None:
    assert "; ".join(names.people([byline], set())) == people


@pytest.mark.parametrize(
    ("byline", "own", "signers"),
    [
        ("By AFP", set(), ("AFP",)),
        ("Reuters Staff", set(), ("Reuters",)),
        ("PTI/ANI", set(), ("PTI", "ANI")),
        ("Agence France-Presse (AFP)", set(), ("Agence France-Presse",)),
        ("dpa/abc", set(), ("dpa",)),
        ("AFP / Daily Example", {"daily example"}, ("AFP",)),
        ("AFP / Ida Holm", set(), ()),
        ("The newsroom with AFP", set(), ()),
        ("The Associated Press", {"ap news", "apnews com", "apnews"}, ()),
        ("Reuters", {"reuters"}, ()),
        ("Xinhua", {"xinhuanet com", "xinhuanet"}, ()),
        ("AP", {"apex times"}, ("AP",)),
    ],
)
def test_an_agency_signs_alone(byline: str, own: set[str], signers: tuple[str, ...]) -> None:
    assert credit.signers(byline, own) == signers


def test_the_agency_that_signs_alone_is_the_author_and_the_credit() -> None:
    stated = '<script type="application/ld+json">{"@type":"NewsArticle","author":{"@type":"%s","name":"%s"}}</script>'
    pages = [
        read(over='<p class="byline">By AFP</p>'),
        read(stated % ("Person", "AFP")),
        read(stated % ("Organization", "AFP")),
        read('<meta name="author" content="AFP">'),
    ]
    assert [(page.authors, page.credit) for page in pages] == [(("AFP",), "AFP")] * 4
    assert [page.provenance["authors"] for page in pages] == ["byline", "json-ld", "json-ld", "meta"]


def test_a_person_wins_over_the_agency() -> None:
    page = read('<meta name="author" content="AFP">', over='<p class="byline">Ida Holm / AFP</p>')
    assert (page.authors, page.credit) == (("Ida Holm",), "AFP")
    signed = read('<meta name="author" content="AFP">', under="<p>Ida Holm</p>")
    assert (signed.authors, signed.credit, signed.provenance["authors"]) == (("Ida Holm",), "AFP", "text")


def test_an_agencys_own_page_has_a_publisher_and_no_author() -> None:
    page = read('<meta name="author" content="The Associated Press">', name="AP News", host="apnews.example")
    assert page.authors == ()


def test_an_agency_in_the_dateline_alone_signs_nothing() -> None:
    assert read(over="<p>BRENNVIK (AFP) – The ferries stopped, and nobody knew for how long they would be in port.</p>").authors == ()


def test_what_only_the_feed_says_of_an_agency_is_a_credit() -> None:
    """A page that is read again is handed its credit so: the answer must be the one of the first time."""
    again = read(over='<p class="byline">By the newsroom with AFP</p>', hints=Hints(authors=("AFP",)))
    assert again.authors == read(over='<p class="byline">By the newsroom with AFP</p>').authors
    assert "AFP" not in again.authors


TEXT = "\n".join(BODY)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        (f"{TEXT}\nIda Holm", ("Ida Holm",)),
        (f"{TEXT}\n— Ida Holm and Per Lund", ("Ida Holm", "Per Lund")),
        (f"{TEXT}\nIda Holm\nSpokeswoman and editor of the parish paper", ("Ida Holm",)),
        (f"{TEXT} (Ida Holm, dpa)", ("Ida Holm",)),
        (f"{TEXT}\n(Reporting by Ida Holm; Editing by Per Lund)", ("Ida Holm",)),
        (f"An essay by Ida Holm\n{TEXT}", ("Ida Holm",)),
        (TEXT, ()),
        (f"{TEXT}\nRelated Ships", ()),  # a word of the text's own language
        (f"{TEXT}\nThe captain is Ida Holm, who was on board.\nIda Holm", ()),  # who the story is about
        (f"{TEXT}\n“We would rather wait a month than sink in the middle of the fjord at night.”\nIda Holm", ()),  # who said it
        (f"{TEXT}\nDaily Example", ()),
        (f"{TEXT}\nBidding War\nIt comes at an awkward moment for the county, which decides in April who runs the route from now on.", ()),
        (f"{TEXT}\nIda Holm\nThe second ferry was built in the same yard and is as old as the first.", ()),  # a heading
    ],
)
def test_who_signs_in_the_text(text: str, people: tuple[str, ...]) -> None:
    assert signatures.of(text, {"daily example"}) == people


@pytest.mark.parametrize(
    "under",
    [
        "<blockquote><p>Success is not final, and failure is not the end of it all.</p><p>Ida Holm</p></blockquote>",
        "<blockquote><p>Success is not final, and failure is not the end of it all.</p><cite>Ida Holm</cite></blockquote>",
        "<p>“Success is not final, she wrote.</p><p>It is the courage to go on that counts in the end.”</p><p>Ida Holm</p>",
        "<p>“Success is not final, and failure is not the end of it all.” (Ida Holm)</p>",
    ],
)
def test_whoever_is_quoted_at_the_end_has_not_signed(under: str) -> None:
    assert read(under=under).authors == ()
