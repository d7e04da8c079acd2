"""The ten kinds again in other languages and words, and short articles that nothing declares."""

from __future__ import annotations

import pytest

from pipeline.errors import NotAnArticle
from pipeline.extract import extract
from pipeline.model import Article, Response
from tests.test_walls_blind import NOW, said
from tests.walls_blind.builders import Page, pages

PAGES = pages("../walls_more")


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


def test_what_a_gate_says_is_no_body() -> None:
    got = read(next(page for page in PAGES if page.name == "teaser ko"))
    assert isinstance(got, Article)
    assert got.completeness == "truncated"
    assert "구독" not in got.text
    assert "세 번째 크레인을" in got.text
