"""Sixty pages that are no articles, and twenty that are though they do not look it: written without sight of the extractor."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache

import pytest

from pipeline.errors import NotAnArticle
from pipeline.extract import extract
from pipeline.model import Article, Response
from tests.walls_blind.builders import Page, pages

NOW = datetime(2031, 6, 30, 12, tzinfo=UTC)
KINDS = ("consent", "paywall", "teaser", "challenge", "notfound", "errors", "shell", "login", "section", "lists")
WALLS = {f"{page.group}: {page.name}": page for kind in KINDS for page in pages(kind)}
ARTICLES = {page.name: page for page in (*pages("articles"), *pages("articles_more"))}
MEDIA = {page.name: page for page in pages("media")}


@cache
def read(name: str) -> Article | NotAnArticle:
    page = WALLS.get(name) or ARTICLES.get(name) or MEDIA[name]
    headers = (("content-type", "text/html; charset=utf-8"),)
    try:
        return extract(Response(url=page.url, requested_url=page.url, headers=headers, body=page.html.encode(), fetched_at=NOW))
    except NotAnArticle as error:
        return error


def said(got: Article | NotAnArticle) -> str:
    """The kind a page was given, in the words of the tables."""
    if isinstance(got, NotAnArticle):
        return got.reason
    return "article" if got.completeness == "full" else "cut"


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def missing(page: Page, got: Article) -> list[str]:
    return [line for line in page.body if plain(line) not in plain(got.text)]


@pytest.mark.parametrize("name", WALLS)
def test_what_is_no_article_is_told_from_one(name: str) -> None:
    got = read(name)
    assert said(got) != "article", f"taken for an article: {got.text[:200]!r}" if isinstance(got, Article) else ""


@pytest.mark.parametrize("name", WALLS)
def test_its_kind_is_named(name: str) -> None:
    assert said(read(name)) in WALLS[name].reasons, str(read(name))[:300]


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_is_kept_with_its_body(name: str) -> None:
    got = read(name)
    assert isinstance(got, Article), f"{said(got)}: {got}"
    assert not missing(ARTICLES[name], got)


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_is_whole(name: str) -> None:
    assert said(read(name)) == "article"


@pytest.mark.parametrize("name", [name for name, page in ARTICLES.items() if page.beside])
def test_what_stands_beside_the_text_stays_out(name: str) -> None:
    got = read(name)
    assert isinstance(got, Article)
    assert not [line for line in ARTICLES[name].beside if line in plain(got.text)]


@pytest.mark.parametrize("name", MEDIA)
def test_pictures_films_and_sound_are_no_news_text(name: str) -> None:
    got = read(name)
    assert isinstance(got, NotAnArticle) or got.kind in MEDIA[name].reasons


def test_the_tables_are_as_large_as_they_say() -> None:
    assert (len(KINDS), len(WALLS), len(ARTICLES)) == (10, 60, 20)
    assert len({re.search(r'lang="([a-z]{2})', page.html).group(1) for page in WALLS.values() if 'lang="' in page.html}) >= 8  # type: ignore[union-attr]  # it is there
