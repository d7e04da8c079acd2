"""What programs print with status 200, notices of works, and the short stories about them that are news."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.errors import NotAnArticle
from pipeline.extract import extract
from pipeline.model import Article, Response

PAGES = tomllib.loads(Path(__file__).with_name("walls_printed.toml").read_text(encoding="utf-8"))
SITE = """<header><nav><ul><li><a href="/1">World</a></li><li><a href="/2">Economy</a></li><li><a href="/3">Sport</a></li>
<li><a href="/4">Culture</a></li></ul></nav></header>"""
LATEST = (
    "Ferry workers vote on a new rota",
    "Bakery queue goes round the block",
    "Council tax to rise by four percent",
    "Lost tortoise found in the next village",
    "Rain warning for the whole weekend",
    "Old mill to become a library at last",
)
NEWEST = "".join(f'<li><a href="/n/{number}">{said}</a></li>' for number, said in enumerate(LATEST))
FOOT = '<footer><a href="/about">About</a> <a href="/privacy">Privacy</a> © 2024 Gazette</footer>'


def read(html: str, url: str) -> Article:
    return extract(Response(url=url, requested_url=url, body=html.encode(), fetched_at=datetime(2024, 4, 13, tzinfo=UTC)))


@pytest.mark.parametrize("page", PAGES["printed"], ids=lambda page: page["name"])
def test_what_a_program_prints_is_no_article(page: dict[str, str]) -> None:
    with pytest.raises(NotAnArticle) as raised:
        read(page["html"].replace("@SITE@", SITE), "https://www.gazette.example/news/2024/04/12/harbour-wall-to-be-rebuilt")
    assert raised.value.reason in {"error-page", "challenge"}


@pytest.mark.parametrize("side", ["", f"<div class='latest'><h3>Latest</h3><ul>{NEWEST}</ul></div>"], ids=["alone", "newest"])
@pytest.mark.parametrize("page", PAGES["story"], ids=lambda page: page["name"])
def test_a_short_story_is_an_article_whatever_stands_beside_it(page: dict[str, str], side: str) -> None:
    head, body = page["head"], page["body"]
    story = f'<article><h1>{head}</h1><p class="byline">By Ada Marsh</p><p class="date">12 April 2024</p>{body}</article>'
    html = f"<html><head><title>{head} | Gazette</title></head><body>{SITE}<main>{story}</main>{side}{FOOT}</body></html>"
    article = read(html, "https://www.gazette.example/n/55120")
    first = body.partition("<p>")[2].partition("</p>")[0]
    assert (first in article.text, article.completeness) == (True, "full")
