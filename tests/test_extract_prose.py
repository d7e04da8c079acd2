"""Where a page's prose stands, told through the one door of extraction: what belongs to a body, and what stands in it or beside it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import NotAnArticle
from pipeline.extract import extract
from pipeline.model import Response

BODY = [
    "The harbour board voted on Tuesday to close the old ferry slip, which has taken cars to the island since before the war.",
    "Three of its seven members were against, and one of them left the room before the count was read into the minutes.",
    "“We will be eleven kilometres from the nearest doctor,” said Rasmus Holt, who drives the school bus on the island.",
    "The board says that the slip sinks by a finger's breadth a year, and that a new one would cost more than it earns in thirty.",
    "A petition with nine hundred names, more than the island has inhabitants, was handed over at the door.",
    "The last ferry is to leave on the thirtieth of September, at a quarter past six in the evening.",
]
LEAD = "The island loses its ferry: what the board decided, and what it costs those who live there."
HEADLINE = "<h1>Old ferry slip to close</h1>"


def paragraphs(lines: list[str], around: str = "{}") -> str:
    return "".join(around.format(f"<p>{line}</p>") for line in lines)


def text(inner: str) -> list[str]:
    html = f'<html lang="en"><head><title>Old ferry slip to close</title></head><body>{inner}</body></html>'
    page = Response(url="https://isle.example/2025/slip", requested_url="", body=html.encode(), fetched_at=datetime(2025, 9, 1, tzinfo=UTC))
    return extract(page).text.split("\n")


BOX = "<div><h3>Our letter</h3><p>Everything of the week, each Friday.</p></div>"
ELSEWHERE = "<h3>More of this</h3><p><a href='/x'>Another story that stands elsewhere</a></p>"
FOOT = "<footer><p>The Isle is printed by a cooperative of its readers, since 1931.</p></footer>"
CODE = "<script>var a = 'Some words that nobody is to read here, at all.';</script>"


@pytest.mark.parametrize(
    ("inner", "after"),
    [
        (paragraphs(BODY), ""),
        (paragraphs(BODY, "<div>{}</div>"), ""),
        (paragraphs(BODY) + CODE, ""),
        (paragraphs(BODY[:3]) + BOX + paragraphs(BODY[3:]), ""),
        (paragraphs(BODY) + ELSEWHERE, ""),
        (paragraphs(BODY), FOOT),
    ],
    ids=["one parent", "each wrapped", "a script", "a box", "a heading over a link", "a foot"],
)
def test_the_body_is_its_paragraphs(inner: str, after: str) -> None:
    assert text(f"<main>{HEADLINE}<div>{inner}</div>{after}</main>") == BODY


def test_a_standfirst_is_read_and_a_byline_above_the_body_is_not() -> None:
    head = f"<header>{HEADLINE}<div>{LEAD}</div><p>By Karen Lund and Ole Friis, 2 September 2025</p></header>"
    assert text(f"<main>{head}<div>{paragraphs(BODY)}</div></main>") == [LEAD, *BODY]


def test_subheads_quotes_and_line_breaks_stay() -> None:
    quote = "<blockquote><p>No slip, no school.</p></blockquote>"
    inner = f"{paragraphs(BODY[:3])}<h2>What it costs</h2>{paragraphs(BODY[3:])}{quote}<p>One line.<br>And another one.</p>"
    said = [*BODY[:3], "What it costs", *BODY[3:], "No slip, no school.", "One line.", "And another one."]
    assert text(f"<main>{HEADLINE}<div>{inner}</div></main>") == said


def test_what_is_called_a_post_beside_the_main_part_is_not_the_body() -> None:
    elsewhere = "<div class='post-content'><p>Tides of the week, for those who sail.</p><p>The chapel gets its bell back.</p></div>"
    parts = f"<section>{paragraphs(BODY[:3])}</section><section>{paragraphs(BODY[3:])}</section>"
    assert text(f"{elsewhere}<main>{HEADLINE}{parts}</main>") == BODY


@pytest.mark.parametrize("apart", [" ", "\n"])
def test_each_box_is_told_by_its_own_name(apart: str) -> None:
    boxes = "".join(
        f"<div class='{name}'>Ferries of the north, and where they go</div>" for name in (f"wide{apart}newsletter", "promo", "disclaimer")
    )
    assert text(f"<main>{HEADLINE}<div>{paragraphs(BODY[:3])}{boxes}{paragraphs(BODY[3:])}</div></main>") == BODY


def test_a_body_in_two_parts_is_whole() -> None:
    parts = f"<section>{paragraphs(BODY[:3])}</section><div><p>An advertisement</p></div><section>{paragraphs(BODY[3:])}</section>"
    assert [line for line in text(f"<main><article>{HEADLINE}{parts}</article></main>") if line in BODY] == BODY


MARKUP = st.recursive(
    st.sampled_from(["", "Words that stand by themselves, and more of them than one would think.", "<br>", "<p>", "</div>", "<a href=x>"]),
    lambda inner: st.tuples(
        st.sampled_from(["p", "div", "section", "li", "h2", "a", "table", "tr", "blockquote", "span", "header", "h1"]),
        st.lists(inner, max_size=4),
    ).map(lambda made: f"<{made[0]}>{''.join(made[1])}</{made[0]}>"),
    max_leaves=30,
)


@settings(max_examples=60, deadline=None)
@given(MARKUP)
def test_whatever_the_markup_the_answer_is_a_text_or_a_refusal(markup: str) -> None:
    try:
        lines = text(f"<h1>A headline</h1>{paragraphs(BODY)}{markup}")
    except NotAnArticle:
        return
    assert all(line == " ".join(line.split()) and line for line in lines)


@pytest.mark.parametrize("between", ["<p></p>", "<div class='ad'></div>", "<div><img src='x.jpg'></div>"])
def test_bare_text_is_parted_by_what_is_empty(between: str) -> None:
    """Whoever finds the body: the walk of our own, or another extractor that is given the page without what is empty."""
    assert text(f"{HEADLINE}<div>{between.join(BODY)}</div>") == BODY


def test_a_space_that_stands_alone_parts_words() -> None:
    lines = [line.replace(" ", "<span> </span>", 1) for line in BODY]
    found = text(f"{HEADLINE}<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>")
    assert [" ".join(line.split()).removeprefix("- ") for line in found] == BODY
