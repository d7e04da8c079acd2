"""The kinds that the third set found wanting, in shapes and words that are neighbours of those."""

from __future__ import annotations

import pytest

from pipeline.errors import NotAnArticle
from pipeline.extract import extract, stems
from pipeline.model import Article, Response
from tests.test_walls_blind import NOW, said
from tests.walls_blind.builders import Page, pages

PAGES = pages("../walls_wider")


def read(page: Page) -> Article | NotAnArticle:
    headers = (("content-type", "text/html; charset=utf-8"),)
    try:
        return extract(Response(url=page.url, requested_url=page.url, headers=headers, body=page.html.encode(), fetched_at=NOW))
    except NotAnArticle as error:
        return error


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_it_is_what_it_is(page: Page) -> None:
    got = read(page)
    assert said(got) in page.reasons, got.text[:300] if isinstance(got, Article) else str(got)
    if isinstance(got, Article):
        assert [line for line in page.body if line not in got.text] == []


@pytest.mark.parametrize(
    ("notion", "said"),
    [
        ("human", "the council met in september and november, a member said; kiddos watched"),
        ("away", "troops left, groups followed, scoops and loops"),
        ("broken", "entgegen der erwartung; restoring the mill"),
    ],
)
def test_a_stem_begins_a_word(notion: str, said: str) -> None:
    assert not stems.notion(notion).search(said)
