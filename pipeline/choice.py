"""Which of a source's entries are taken: how far back, and what is included and excluded by its address, title and subject.

Nothing is lost silently: what is left out is counted by its reason. What patterns leave out is not remembered, so that other patterns let
it in as long as it is offered; what is older than the backfill is remembered as offered.
"""

from __future__ import annotations

import fnmatch
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import unquote

from pipeline.model import Candidate, Patterns, Source
from pipeline.parts import dated
from pipeline.text import formed

REGEX = "re:"
_WILD = re.compile(r"[*?\[]")
# scripts that put no blanks between words: a keyword may stand anywhere
_JOINED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """``taken``: candidates; ``old``: those the first poll does not go back to; ``left``: reason → how many were left out."""

    taken: tuple[Candidate, ...]
    old: tuple[Candidate, ...] = ()
    left: tuple[tuple[str, int], ...] = ()


def choose(candidates: Sequence[Candidate], source: Source, *, first: bool, now: datetime, newest: datetime | None = None) -> Chosen:
    """``first``: nothing of this was offered before, so that the backfill counts: from ``now``, or from the newest entry if that is
    earlier (``newest``: when it is known that others are newer). An entry without a date is inside, unless the backfill is nothing.
    """
    cutoff = None
    if first and source.backfill is not None:
        newest = newest or max((day for candidate in candidates if (day := dated(candidate))), default=now)
        cutoff = min(now, newest) - source.backfill
    taken, old, left = [], [], Counter[str]()
    for candidate in candidates:
        if source.exclude and _any(candidate, source.exclude):
            left["excluded"] += 1
        elif source.include and not _each(candidate, source.include):
            left["not included"] += 1
        elif cutoff is not None and _is_old(candidate, cutoff, source.backfill):
            left["older than its backfill"] += 1
            old.append(candidate)
        else:
            taken.append(candidate)
    return Chosen(taken=tuple(taken), old=tuple(old), left=tuple(left.items()))


def fingerprint(source: Source) -> str:
    """Changes when other entries would be taken of the same bytes; "" for a source without patterns."""
    if not source.include and not source.exclude:
        return ""
    return "+" + hashlib.sha256(repr((source.include, source.exclude)).encode("utf-8", "replace")).hexdigest()[:12]


def _is_old(candidate: Candidate, cutoff: datetime, backfill: timedelta | None) -> bool:
    if not backfill:
        return True
    day = dated(candidate)
    return day is not None and day < cutoff


# ── patterns ──────────────────────────────────────────────────────────────────────────────────────


def problem(key: str, pattern: str) -> str | None:
    """What is wrong with a pattern as a person wrote it; None: nothing."""
    if not pattern.strip():
        return "an empty pattern"
    if pattern.startswith(REGEX):
        try:
            re.compile(pattern.removeprefix(REGEX))
        except re.error as error:
            return f"{pattern!r} is no regular expression: {error}"
    elif key == "keyword" and not re.search(r"\w", pattern):
        return f"{pattern!r} has no word in it"
    return None


def _any(candidate: Candidate, patterns: Patterns) -> bool:
    return any(_matches(candidate, key, getattr(patterns, key)) for key in Patterns.__slots__)


def _each(candidate: Candidate, patterns: Patterns) -> bool:
    return all(_matches(candidate, key, given) for key in Patterns.__slots__ if (given := getattr(patterns, key)))


def _matches(candidate: Candidate, key: str, given: tuple[str, ...]) -> bool:
    if not given:
        return False
    if key == "url":
        path = "/" + candidate.url.partition("://")[2].partition("/")[2]
        return any(_compiled(one, "")(path if one.startswith("/") else candidate.url) for one in given)
    hints = candidate.hints
    title = hints.title or (candidate.article.title if candidate.article else "")
    if key == "title":
        return any(_compiled(one, "fold")(title) for one in given)
    about = " ".join((title, hints.description or "", " ".join(hints.tags), _words_of(candidate.url)))
    return any(_compiled(one, "word")(about) for one in given)


def _words_of(url: str) -> str:
    return re.sub(r"[^\w]+|_", " ", unquote(url.partition("://")[2].partition("/")[2]))


@lru_cache(maxsize=4096)
def _compiled(pattern: str, how: str) -> Callable[[str], bool]:
    """``how``: "" as it is, "fold" without regard to case and accents, "word" the same, as whole words."""
    if pattern.startswith(REGEX):
        expression = re.compile(pattern.removeprefix(REGEX), 0 if not how else re.IGNORECASE)
        return lambda text: expression.search(text) is not None
    if how == "word":
        stem = folded(pattern).rstrip("*").strip()
        words = r"\W+".join(map(re.escape, stem.split()))
        if not _JOINED.search(stem):
            words = rf"(?<!\w){words}" + ("" if pattern.rstrip().endswith("*") else r"(?!\w)")
        expression = re.compile(words)
        return lambda text: expression.search(folded(text)) is not None
    fold = folded if how else str
    told = fold(pattern)
    if not _WILD.search(told):
        return lambda text: told in fold(text)
    expression = re.compile(fnmatch.translate(told))
    return lambda text: expression.match(fold(text)) is not None


def folded(text: str) -> str:
    """Without case and accents."""
    return "".join(char for char in formed("NFKD", text.casefold()) if not unicodedata.combining(char))
