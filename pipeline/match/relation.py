"""The verdict: a rule over the evidence, and the sentence that says it to a person.

The thresholds start from facts/matching ("Recommended cascade", 5): they are about what a reader calls a copy, not about one collection.
"""

from __future__ import annotations

import re

from pipeline.match.evidence import Evidence
from pipeline.model import Article, Relation

COPY = 0.72  # both ways; the rest of a copy is bylines, trims and house style
WHOLE = 0.80  # one way: "all of it" stands in the other
PART = 0.40  # both ways: two states of one story
SOME = 0.10  # one way: a piece of one stands in the other …
SOME_WORDS = 40  # … and it is more than a sentence or two
EXCERPT_WORDS = 16  # a stub shorter than this is nobody's excerpt
COPY_WORDS = 6  # nor is a shorter text a copy, unless it is identical
NOTED = 0.6  # a note of correction or update makes two texts of which this much is shared two states of one story
QUOTED = 12  # shared tokens of direct quotes that make two stories related
RELATED = 0.30  # similarity from which two stories share their subject

_NOTE = re.compile(
    r"\b(?:correction|clarification|corrects?|editor[’']s note|eds)\s?:|\b(?:an )?(?:earlier|previous) (?:version|story|report) (?:of|on|misstated|gave)"
    r"|\b(?:this|the) (?:story|article|report) (?:has been|was) (?:corrected|updated|amended)|^\(?updates?\b[^\n]{0,40}(?:\)|-|with|:)"
    r"|\bupdate \d\s?[-–—:]|\b(?:1st|2nd|3rd|\dth) (?:ld|lead|update)\b|\bwrite-?thru\b|\bupdated? to (?:add|correct|include|reflect)",
    re.IGNORECASE | re.MULTILINE,
)
_WALL = re.compile(r"\b(?:subscribe|subscribers?|log ?in|sign in|register|paywall|unlock)\b", re.IGNORECASE)


def note(article: Article) -> str:
    """The line in which an article says that it corrects or updates an earlier one; "" when there is none."""
    for place in (article.title, article.text):
        if found := _NOTE.search(place):
            start, stop = place.rfind("\n", 0, found.start()) + 1, place.find("\n", found.end())
            return place[start : stop if stop >= 0 else None].strip()[:200]
    return ""


def decide(article: Article, other: Article, evidence: Evidence, similarity: float) -> Relation:
    """The relation of an article to another text that is not identical to it."""
    here, there = evidence.coverage, evidence.other_coverage
    low, high = min(here, there), max(here, there)
    words = min(evidence.shared, evidence.other_shared)
    if low >= COPY and words >= COPY_WORDS:
        return Relation.REVISION if _revised(article, other, evidence) else Relation.COPY
    if low >= PART and words >= SOME_WORDS and _state(article, other, evidence, low, high):
        return Relation.REVISION
    if here >= WHOLE and words >= EXCERPT_WORDS:
        return Relation.EXCERPT
    if high >= SOME and words >= SOME_WORDS:
        return Relation.DERIVED
    if evidence.quoted >= QUOTED or similarity >= RELATED:
        return Relation.RELATED
    return Relation.DISTINCT


def _noted(article: Article, other: Article) -> bool:
    return bool(note(article)) != bool(note(other)) or note(article) != note(other)


def _revised(article: Article, other: Article, evidence: Evidence) -> bool:
    """Among near-copies: a note or changed figures."""
    return _noted(article, other) or bool(evidence.figures_changed)


def _state(article: Article, other: Article, evidence: Evidence, low: float, high: float) -> bool:
    """Whether two texts that share much are two states of one story: neither is simply the other with something put on top."""
    if low >= NOTED and (_revised(article, other, evidence) or (article.outlet and article.outlet == other.outlet)):
        return True
    return high < WHOLE
