"""Section pages: articles told from navigation, scored over pages that were written before the code."""

from __future__ import annotations

from datetime import UTC, datetime

from sections import SECTIONS, Section

from pipeline import urls
from pipeline.discover import KINDS
from pipeline.model import Found, Response, Source

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def read(section: Section) -> Found:
    response = Response(
        url=section.url,
        requested_url=section.url,
        headers=(("content-type", "text/html; charset=utf-8"),),
        body=section.html.encode(),
        fetched_at=NOW,
    )
    return KINDS["page"](response, Source(name="s", kind="page", url=section.url))


def keys(found: set[str] | tuple[str, ...], base: str) -> set[str]:
    return {urls.keys(urls.join(base, url))[0] for url in found}


def score(section: Section) -> tuple[set[str], set[str], set[str]]:
    """Found and right, found and wrong, not found."""
    found = keys({candidate.url for candidate in read(section).candidates}, section.url)
    wanted = keys(section.articles, section.url)
    return found & wanted, found - wanted, wanted - found


def test_precision_and_recall() -> None:
    scores = [score(section) for section in SECTIONS]
    right, wrong, missed = (sum(len(one[part]) for one in scores) for part in range(3))
    told = {section.name: (sorted(one[1]), sorted(one[2])) for section, one in zip(SECTIONS, scores, strict=True) if one[1] or one[2]}
    assert right / (right + wrong) >= 0.97, (right, wrong, missed, told)
    assert right / (right + missed) >= 0.97, (right, wrong, missed, told)
