"""The third, fourth and fifth set of walls: whole pages written without sight of the extractor (the README of each folder says how)."""

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pipeline.errors import NotAnArticle
from pipeline.extract import extract
from pipeline.model import Article, Hints, Outlet, Response

SETS = [Path(__file__).parent / name for name in ("walls_third", "walls_fourth", "walls_fifth")]
FETCHED = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)
KINDS = {"consent", "paywall", "challenge", "login", "not-found", "section", "author", "error-page", "empty-shell", "listing"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """``wall``: words that stand in no text (some pages begin a story and sell the rest); ``keep``: words that stand in the body."""

    folder: Path
    file: str
    kind: str
    language: str
    status: int
    url: str
    requested: str
    why: str
    wall: tuple[str, ...]
    keep: tuple[str, ...]

    def read(self) -> Article:
        body = (self.folder / self.file).read_bytes()
        response = Response(url=self.url, requested_url=self.requested, status=self.status, body=body, fetched_at=FETCHED)
        host = urlsplit(self.requested).hostname or ""
        return extract(response, Hints(), Outlet(domain=".".join(host.split(".")[-2:])))


def pages(folder: Path) -> list[Page]:
    table = tomllib.loads((folder / "truth.toml").read_text(encoding="utf-8"))
    return [
        Page(
            folder=folder,
            file=row["file"],
            kind=row["kind"],
            language=row["language"],
            status=row["status"],
            url=row["url"],
            requested=row.get("requested", row["url"]),
            why=row["why"],
            wall=tuple(row.get("wall", ())),
            keep=tuple(row.get("keep", ())),
        )
        for row in table["page"]
    ]


ALL = [page for folder in SETS for page in pages(folder)]
WALLS = [page for page in ALL if page.kind != "article" and not page.wall]
BEGUN = [page for page in ALL if page.kind != "article" and page.wall]
ARTICLES = [page for page in ALL if page.kind == "article"]


@pytest.mark.parametrize("folder", SETS, ids=lambda folder: folder.name)
def test_the_set_is_whole(folder: Path) -> None:
    mine = [page for page in ALL if page.folder == folder]
    counts = {kind: sum(page.kind == kind for page in mine) for kind in (*KINDS, "article")}
    assert counts == dict.fromkeys(KINDS, 6) | {"article": 25}
    assert {page.file for page in mine} == {file.name for file in folder.glob("*.html")}
    assert {page.status for page in mine} == {200}
    assert all(page.keep for page in ARTICLES)
    assert all(page.why for page in ALL)


@pytest.mark.parametrize("page", WALLS, ids=lambda page: f"{page.folder.name}/{page.file}")
def test_it_is_no_article(page: Page) -> None:
    with pytest.raises(NotAnArticle):
        page.read()


@pytest.mark.parametrize("page", BEGUN, ids=lambda page: f"{page.folder.name}/{page.file}")
def test_a_story_that_is_only_begun_is_never_whole(page: Page) -> None:
    try:
        article = page.read()
    except NotAnArticle:
        return
    assert article.completeness in {"truncated", "walled"}
    assert [words for words in page.wall if words in article.text] == []


@pytest.mark.parametrize("page", ARTICLES, ids=lambda page: f"{page.folder.name}/{page.file}")
def test_it_is_an_article(page: Page) -> None:
    article = page.read()
    text = " ".join(article.text.split())
    assert [words for words in page.keep if words not in text] == []
    assert article.completeness == "full"
