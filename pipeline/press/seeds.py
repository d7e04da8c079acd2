"""What the press prints: the nouns of its stories, and seeds read from their folders. Nothing of the rest of the project."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

# Place in capitals, agency in brackets, a dash: how agencies open a story.
_DATELINE = re.compile(r"([A-ZÀ-Þ][A-ZÀ-Þ .,'-]+ \([A-Z]{2,8}\)) [—–-] ")
_BREAKFAST = time(6, 0, tzinfo=UTC)  # a seed that states a day alone broke at this hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What one story says, before an outlet puts it into its template. ``paragraphs`` is the truth an extractor should come to.

    ``dateline`` stands before the first paragraph on the page and is not part of it. ``credit``: the agency. ``headings`` and ``quoted``:
    those of the paragraphs that are set as headings or as block quotations. ``post``: of somebody else, embedded in the page; ``teaser``:
    of another story, in its margin; neither is body.
    """

    title: str
    paragraphs: tuple[str, ...]
    authors: tuple[str, ...] = ()
    credit: str | None = None
    caption: str | None = None
    caption_credit: str | None = None
    dateline: str | None = None
    section: str = "news"
    tags: tuple[str, ...] = ()
    place: str = ""
    headings: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    post: str | None = None
    teaser: str | None = None

    @property
    def summary(self) -> str:
        """The first paragraph that is a sentence."""
        return next((paragraph for paragraph in self.paragraphs if not self.is_heading(paragraph)), self.title)

    def is_heading(self, paragraph: str) -> bool:
        """Is it set as one?"""
        return paragraph in self.headings or is_subhead(paragraph)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A seed as its folder states it; a dateline before its first paragraph stands by itself."""

    name: str
    title: str
    url: str
    published: datetime
    paragraphs: tuple[str, ...]
    authors: tuple[str, ...] = ()
    credit: str | None = None
    caption: str | None = None
    caption_credit: str | None = None
    dateline: str | None = None


def is_subhead(paragraph: str) -> bool:
    """A bare line such as 'Absurd' or Frustration: short, and without the full stop of a sentence."""
    return len(paragraph.split()) <= 6 and not paragraph.rstrip("\"'”’").endswith((".", "!", "?", ":", "。", "？", "！", "："))


def read_seeds(folder: Path) -> list[Seed]:
    """Every ``<name>/`` under the folder that holds seed.toml and article.txt, by name. Raises OSError, ValueError, KeyError."""
    return [_read(place) for place in sorted(folder.iterdir()) if (place / "seed.toml").is_file() and (place / "article.txt").is_file()]


def default_folder() -> Path:
    """The seeds of the clone, or those shipped inside the installed package."""
    package = Path(__file__).resolve().parent.parent
    clone = package.parent / "seeds"
    return clone if clone.is_dir() else package / "_shipped" / "seeds"


def _read(place: Path) -> Seed:
    facts = tomllib.loads((place / "seed.toml").read_text(encoding="utf-8"))
    lines = (line.strip() for line in (place / "article.txt").read_text(encoding="utf-8").splitlines())
    paragraphs = [line for line in lines if line]
    dateline = _DATELINE.match(paragraphs[0]) if paragraphs else None
    if dateline:
        paragraphs[0] = paragraphs[0][dateline.end() :]
    return Seed(
        name=place.name,
        title=str(facts["title"]),
        url=str(facts.get("url") or ""),
        published=_moment(facts["published"]),
        paragraphs=tuple(paragraphs),
        dateline=dateline[1] if dateline else None,
        authors=tuple(str(author) for author in facts.get("authors", ())),
        credit=_words(facts.get("credit")),
        caption=_words(facts.get("caption")),
        caption_credit=_words(facts.get("caption_credit")),
    )


def _words(value: object) -> str | None:
    return str(value) if value else None


def _moment(value: object) -> datetime:
    if isinstance(value, str):
        value = date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime.combine(value, _BREAKFAST)
    raise ValueError(f"published is no date: {value!r}")
