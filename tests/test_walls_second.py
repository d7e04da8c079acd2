"""The second set of walls: pages written without sight of the extractor (tests/walls_second/README.md says how)."""

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pipeline.errors import NotAnArticle
from pipeline.extract import extract
from pipeline.model import Article, Hints, Outlet, Response

PAGES = Path(__file__).parent / "walls_second"
FETCHED = datetime(2024, 4, 13, 9, 0, tzinfo=UTC)
KINDS = {"consent", "paywall", "teaser", "challenge", "not-found", "error-page", "empty-shell", "login", "section", "listing"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """``reasons``: what the kind may be called; ``wall``: words that stand in no text; ``keep``: words that stand in the body."""

    kind: str
    name: str
    html: str
    url: str
    requested: str
    reasons: tuple[str, ...]
    wall: tuple[str, ...]
    keep: tuple[str, ...]

    def read(self) -> Article:
        response = Response(url=self.url, requested_url=self.requested, body=self.html.encode(), fetched_at=FETCHED)
        host = urlsplit(self.requested).hostname or ""
        return extract(response, Hints(), Outlet(domain=".".join(host.split(".")[-2:])))


def frames() -> dict[str, str]:
    parts = re.split(r"^<!--frame (\w+)-->\n", (PAGES / "frames.html").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def links(words: str) -> str:
    return "\n".join(f'<li><a href="/menu/{number}">{word}</a></li>' for number, word in enumerate(words.split("|")))


def put_together(row: dict[str, str], frame: str, words: list[str]) -> str:
    """One page: what the row does not say stays empty."""
    said = {name: row.get(name.lower(), "") for name in ("LANG", "TITLE", "URL", "SITE", "HEAD", "MAIN", "SIDE")}
    menu, foot, tools, newest, latest = words
    said |= {"NAV": links(menu), "FOOT": links(foot), "TOOLS": links(tools), "NEWEST": newest, "LATEST": links(latest)}
    return re.sub(r"@([A-Z]+)@", lambda found: said[found[1]], frame)


def pages() -> list[Page]:
    looks, words = frames(), tomllib.loads((PAGES / "words.toml").read_text(encoding="utf-8"))
    found = []
    for file in sorted(PAGES.glob("*.toml")):
        if file.stem == "words":
            continue
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        found += [
            Page(
                kind=table["kind"],
                name=row["name"],
                html=put_together(row, looks[row["frame"]], words[row["lang"].partition("-")[0]]),
                url=row["url"],
                requested=row.get("requested", row["url"]),
                reasons=tuple(table.get("reasons", ())),
                wall=tuple(row.get("wall", ())),
                keep=tuple(row.get("keep", ())),
            )
            for row in table["page"]
        ]
    return found


ALL = pages()


def test_the_set_is_whole() -> None:
    counts = {kind: sum(page.kind == kind for page in ALL) for kind in (*KINDS, "article")}
    assert counts == dict.fromkeys(KINDS, 6) | {"article": 25}
    assert all(page.keep for page in ALL if page.kind == "article")
    assert all(page.wall for page in ALL if page.kind == "teaser")


@pytest.mark.parametrize(
    "page", [page for page in ALL if page.kind not in {"article", "teaser"}], ids=lambda page: f"{page.kind}:{page.name}"
)
def test_it_is_no_article(page: Page) -> None:
    with pytest.raises(NotAnArticle):
        page.read()


@pytest.mark.parametrize("page", [page for page in ALL if page.kind == "teaser"], ids=lambda page: page.name)
def test_a_teaser_is_never_a_whole_article(page: Page) -> None:
    try:
        article = page.read()
    except NotAnArticle:
        return
    assert article.completeness in {"truncated", "walled"}
    assert [words for words in page.wall if words in article.text] == []


@pytest.mark.parametrize("page", [page for page in ALL if page.kind == "article"], ids=lambda page: page.name)
def test_it_is_an_article(page: Page) -> None:
    article = page.read()
    text = " ".join(article.text.split())
    assert [words for words in page.keep if words not in text] == []
    assert article.completeness == "full"
