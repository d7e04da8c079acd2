"""The formats of the doors: nouns to JSON objects, and the lines people send to nouns. UTF-8, one object a line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pipeline import urls
from pipeline.errors import InputError, ItemError
from pipeline.model import Article, Instant, Match, Outcome, Status
from pipeline.polls import Polled

if TYPE_CHECKING:
    from pipeline.store.rows import Parent, Story

Line = dict[str, Any]


def dump(line: Line) -> str:
    """One line of JSON, without its newline."""
    return json.dumps(line, ensure_ascii=False, separators=(", ", ": "))


def parse(text: str, number: int, name: str = "standard input") -> Line:
    """One line sent by a person. Raises InputError that names the line."""
    try:
        line = json.loads(text)
    except ValueError as error:
        raise InputError(f"{name}, line {number}: not JSON ({error}); one object a line is expected") from error
    if not isinstance(line, dict):
        raise InputError(f"{name}, line {number}: a JSON object is expected, not {type(line).__name__}")
    return line


def when(instant: Instant | datetime | None) -> str | None:
    """ISO 8601 with its original offset; a day-only date is the day."""
    if isinstance(instant, datetime):
        instant = Instant.of(instant)
    return str(instant) if instant else None


def article_line(article: Article) -> Line:
    """What ``extract`` prints of an article."""
    return {
        "url": article.url or None,
        "title": article.title,
        "text": article.text,
        "authors": list(article.authors),
        "published": when(article.published),
        "modified": when(article.modified),
        "language": article.language,
        "outlet": article.outlet,
        "credit": article.credit,
        "dateline": article.dateline,
        "section": article.section,
        "tags": list(article.tags),
        "image": article.image,
        "kind": article.kind,
        "completeness": article.completeness,
        "provenance": dict(article.provenance),
        "extractor": article.extractor,
    }


def error_line(error: ItemError) -> Line:
    """Why a page is no article."""
    return {"error": {"kind": error.reason, "message": error.message}}


def match_line(match: Match) -> Line:
    """A verdict with its figures and evidence."""
    return {
        "relation": match.relation.value,
        "coverage": round(match.coverage, 4),
        "other_coverage": round(match.other_coverage, 4),
        "coverage_all": round(match.coverage_all, 4),
        "other_coverage_all": round(match.other_coverage_all, 4),
        "longest_run": match.longest_run,
        "similarity": round(match.similarity, 4),
        "passages": [[p.start, p.end, p.other_start, p.other_end] for p in match.passages],
        "new_sentences": list(match.new_sentences),
        "figures_changed": [list(pair) for pair in match.figures_changed],
        "why": match.why,
        "matcher": match.matcher,
        "translated": [[p.start, p.end, p.other_start, p.other_end] for p in match.translated],
    }


def outcome_line(outcome: Outcome) -> Line:
    """What ``ingest --json`` prints for a candidate."""
    best = outcome.strongest
    return {
        "url": outcome.url,
        "source": outcome.source,
        "status": outcome.status.value,
        "reason": outcome.reason,
        "article": outcome.article_id,
        "title": outcome.title,
        "relation": best.relation.value if best else None,
        "to": outcome.to,
        "coverage": round(best.coverage, 4) if best else None,
        "other_coverage": round(best.other_coverage, 4) if best else None,
    }


def left_line(polled: Polled) -> Line:
    """What ``ingest --json`` prints for the entries of a source that were left out: one line for all of them, told from a candidate's
    by its address, which is the source's."""
    told = ", ".join(f"{number} {reason}" for reason, number in polled.left)
    outcome = Outcome(
        url=polled.url, source=polled.source, status=Status.SKIPPED, reason=f"left-out: {told}", at=datetime.min.replace(tzinfo=UTC)
    )
    return {**outcome_line(outcome), "left_out": dict(polled.left)}


def given_article(line: Mapping[str, Any], place: str) -> Article:
    """One side of a pair: {"title"?, "text" | "body", "outlet"?, "published"?, "url"?}. Raises InputError that names ``place``."""
    text = line.get("text", line.get("body"))
    if not isinstance(text, str):
        raise InputError(f'{place}: "text" is missing or not a string')
    url = line.get("url")
    url = url if isinstance(url, str) and urls.is_http(url) else ""
    outlet = line.get("outlet")
    published = line.get("published")
    return Article(
        url=url,
        title=str(line.get("title") or ""),
        text=text,
        outlet=outlet if isinstance(outlet, str) else urls.outlet(url) if url else None,
        published=_instant(published) if isinstance(published, str) else None,
        credit=line.get("credit") if isinstance(line.get("credit"), str) else None,
    )


def _instant(text: str) -> Instant | None:
    try:
        return Instant.parse(text.strip())
    except ValueError:
        return None  # a date nobody can read is no reason to refuse a pair of texts


def parent_line(parent: Parent) -> Line:
    """What an article came from. ``coverage``: the share of the article's own words that stand in it."""
    shares = {"coverage": round(parent.coverage, 4), "other_coverage": round(parent.other_coverage, 4)}
    return {"article": parent.article_id, "url": parent.url, "outlet": parent.outlet, "within": parent.within, **shares}


def origin_line(story: Story) -> Line | None:
    """Who the story comes from, and how that is known."""
    found = story.origin
    if found is None:
        return None
    return {"name": found.name, "outlet": found.outlet, "article": found.article, "by": found.by, "why": found.why}
