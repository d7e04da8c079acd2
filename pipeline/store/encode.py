"""Nouns to columns and back. Nothing here asks the database."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import RowMapping

from pipeline.model import (
    Article,
    Candidate,
    Fingerprint,
    Habit,
    Hints,
    Instant,
    Match,
    Passage,
    Pending,
    Profile,
    Record,
    Relation,
    Response,
    Storage,
    Stored,
    Validators,
)
from pipeline.store import pages
from pipeline.store.schema import storable

Row = Mapping[str, Any] | RowMapping

_PLAIN: Final = ("url", "title", "credit", "dateline", "outlet", "outlet_name", "language", "section", "image", "kind", "completeness",
    "origin_url", "extractor")  # fmt: skip
_LISTS: Final = ("authors", "tags", "opt_outs")
_INSTANTS: Final = tuple(f"{name}_{part}" for name in ("published", "modified") for part in ("at", "offset", "precision"))
STORED: Final = ("id", "article_id", "body_id", "body_digest", *_PLAIN, *_LISTS, *_INSTANTS, "provenance")
"""The columns of a version of which ``stored`` makes one, with the text of its body."""


@cache
def software() -> str:
    """What is written beside each version: the name and version of this program."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"wirewatch {version('wirewatch')}"
    except PackageNotFoundError:  # run from a folder that was never installed
        return "wirewatch"


def digest(text: str) -> bytes:
    """Of an exact text: SHA-256."""
    return hashlib.sha256(storable(text).encode()).digest()


def body_digest(text: str, storage: Storage) -> bytes:
    """What a body is known by. Of one that is not kept in full it is another: a full one beside it stays what it is."""
    return digest(text) if storage == "full" else digest(f"{storage} of {text}")


def pack(hashes: Sequence[int]) -> bytes:
    """Signed 64-bit numbers, sorted, eight bytes each."""
    return struct.pack(f"<{len(hashes)}q", *sorted(hashes))


def unpack(blob: bytes) -> tuple[int, ...]:
    """The inverse of ``pack``."""
    return struct.unpack(f"<{len(blob) // 8}q", blob)


# ── instants ──────────────────────────────────────────────────────────────────────────────────────


def instant_columns(name: str, instant: Instant | None) -> dict[str, Any]:
    """Three columns: the moment in UTC, the offset it was written with in minutes, its precision."""
    if instant is None:
        return {f"{name}_at": None, f"{name}_offset": None, f"{name}_precision": None}
    return {f"{name}_at": instant.at, f"{name}_offset": instant.offset_minutes, f"{name}_precision": instant.precision}


def instant(name: str, row: Row) -> Instant | None:
    """The inverse of ``instant_columns``."""
    at = row[f"{name}_at"]
    return None if at is None else Instant(at=at, offset_minutes=row[f"{name}_offset"], precision=row[f"{name}_precision"])


# ── articles ──────────────────────────────────────────────────────────────────────────────────────


def article_columns(article: Article) -> dict[str, Any]:
    """An article's columns of a version; its text stands in ``body``."""
    columns: dict[str, Any] = {name: getattr(article, name) for name in _PLAIN}
    for name in _LISTS:
        columns[name] = list(getattr(article, name))
    columns["provenance"] = dict(article.provenance)
    return columns | instant_columns("published", article.published) | instant_columns("modified", article.modified)


def article(row: Row) -> Article:
    """The inverse; ``row`` holds the columns of a version and ``text``."""
    values: dict[str, Any] = {name: row[name] for name in _PLAIN}
    for name in _LISTS:
        values[name] = tuple(row[name])
    return Article(
        **values, text=row["text"], provenance=row["provenance"], published=instant("published", row), modified=instant("modified", row)
    )


def fingerprint_columns(fingerprint: Fingerprint, stored: Sequence[int]) -> dict[str, Any]:
    """``stored``: the hashes that are indexed for this version (its sample, or all of them)."""
    return {
        "body_digest": fingerprint.body_digest,
        "content_digest": fingerprint.content_digest,
        "length": fingerprint.length,
        "shingles": len(fingerprint.shingles),
        "sample": pack(stored),
    }


def stored(row: Row, **found: Any) -> Stored:
    """A version as others see it; ``row`` holds the columns of a version, ``text`` and the article's ``seed``. ``found``: what a lookup
    tells of it."""
    return Stored(
        id=row["id"],
        article_id=row["article_id"],
        article=article(row),
        body_digest=row["body_digest"],
        seed=row["seed"],
        kept=row["kept"] or "full",
        **found,
    )


def raw_columns(record: Record) -> dict[str, Any] | None:
    """The page's bytes, compressed, when they are to be kept."""
    if record.response is None or record.raw_until is None:
        return None
    response = record.response
    return {
        "url": response.url,
        "status": response.status,
        "headers": [list(pair) for pair in response.headers],
        "coding": pages.CODING,
        "size": len(response.body),
        "body": pages.pack(response.body),
        "fetched_at": response.fetched_at,
        "expires_at": record.raw_until,
    }


# ── verdicts ──────────────────────────────────────────────────────────────────────────────────────

_FIGURES: Final = ("coverage", "other_coverage", "coverage_all", "other_coverage_all", "longest_run", "similarity", "matcher", "aligned")
_figures: Final = attrgetter(*_FIGURES)


def match_columns(match: Match) -> dict[str, Any]:
    """A verdict's columns of a relation, without whose it is."""
    columns: dict[str, Any] = dict(zip(_FIGURES, _figures(match), strict=True))
    columns["relation"] = match.relation.value
    columns["other_relation"] = match.other_relation.value if match.other_relation else None
    columns["evidence"] = _evidence(match)
    return columns


def _evidence(match: Match) -> Mapping[str, Any]:
    if not match.passages and not match.new_sentences and not match.figures_changed and not match.translated:
        return _only_why(match.why, match.other_why)
    told: dict[str, Any] = {
        "passages": _spans(match.passages),
        "new_sentences": list(match.new_sentences),
        "figures_changed": [list(pair) for pair in match.figures_changed],
        "why": match.why,
        "other_why": match.other_why,
    }
    return told | {"translated": _spans(match.translated)} if match.translated else told


@lru_cache(maxsize=256)
def _only_why(why: str, other_why: str) -> Mapping[str, Any]:
    """The one evidence of all that are counted and not compared, and say the same: it is made, and converted (prepared.py), once."""
    return {"passages": [], "new_sentences": [], "figures_changed": [], "why": why, "other_why": other_why}


def match(row: Row, other: int) -> Match:
    """The inverse; ``other``: the version it was compared with."""
    evidence = row["evidence"]
    return Match(
        **{name: row[name] for name in _FIGURES},
        other=other,
        relation=Relation(row["relation"]),
        other_relation=Relation(row["other_relation"]) if row["other_relation"] else None,
        passages=_passages(evidence.get("passages", ())),
        new_sentences=tuple(evidence.get("new_sentences", ())),
        figures_changed=tuple((old, new) for old, new in evidence.get("figures_changed", ())),
        why=evidence.get("why", ""),
        other_why=evidence.get("other_why", ""),
        translated=_passages(evidence.get("translated", ())),
    )


def _spans(passages: Sequence[Passage]) -> list[list[int]]:
    return [[p.start, p.end, p.other_start, p.other_end] for p in passages]


def _passages(spans: Sequence[Sequence[int]]) -> tuple[Passage, ...]:
    return tuple(Passage(start=a, end=b, other_start=c, other_end=d) for a, b, c, d in spans)


# ── sources and candidates ────────────────────────────────────────────────────────────────────────


def hints_digest(hints: Hints) -> str:
    """What a source says of an article, in short: a change of title, description or stated modification makes it a candidate again."""
    told = "\0".join(("", hints.title or "", hints.description or "", str(hints.modified or "")))
    return hashlib.sha256(storable(told).encode()).hexdigest()[:24]


def candidate_columns(candidate: Candidate) -> dict[str, Any]:
    """A candidate as JSON; the body of a page in hand beside it, as bytes."""
    told: dict[str, Any] = {"url": candidate.url, "seen_at": candidate.seen_at.isoformat(), "hints": _fields(candidate.hints)}
    told |= {"chain": list(candidate.chain)} if candidate.chain else {}
    body = None
    if candidate.response is not None:
        response = candidate.response
        body = zlib.compress(response.body, 1)
        told["response"] = {
            "url": response.url,
            "requested_url": response.requested_url,
            "redirects": list(response.redirects),
            "status": response.status,
            "headers": [list(pair) for pair in response.headers],
            "fetched_at": response.fetched_at.isoformat(),
            "validators": [response.validators.etag, response.validators.last_modified],
        }
    if candidate.article is not None:
        told["article"] = _fields(candidate.article)
    return {"candidate": told, "body": body}


def pending(row: Row) -> Pending:
    """``row`` holds the columns of a pending row and the source's name as ``source``."""
    told = row["candidate"]
    response = told.get("response")
    article = told.get("article")
    candidate = Candidate(
        url=told["url"],
        source=row["source"],
        seen_at=datetime.fromisoformat(told["seen_at"]).astimezone(UTC),
        hints=Hints(**_values(told["hints"])),
        response=_response(response, zlib.decompress(row["body"])) if response else None,
        article=Article(**_values(article)) if article else None,
        chain=tuple(told.get("chain", ())),
    )
    return Pending(
        id=row["id"],
        candidate=candidate,
        due_at=row["due_at"],
        attempts=row["attempts"],
        first_seen=row["first_seen"],
        reason=row["reason"],
    )


def _response(told: dict[str, Any], body: bytes) -> Response:
    return Response(
        url=told["url"],
        requested_url=told["requested_url"],
        redirects=tuple(told["redirects"]),
        status=told["status"],
        headers=tuple((name, value) for name, value in told["headers"]),
        body=body,
        fetched_at=datetime.fromisoformat(told["fetched_at"]).astimezone(UTC),
        validators=Validators(**dict(zip(("etag", "last_modified"), told["validators"], strict=True))),
    )


def _fields(noun: Hints | Article) -> dict[str, Any]:
    """The fields that are set. Instants become {"at", "offset", "precision"}: their text form would round microseconds."""
    told: dict[str, Any] = {}
    for name in type(noun).__slots__:
        value = getattr(noun, name)
        if isinstance(value, Instant):
            told[name] = {"at": value.at.isoformat(), "offset": value.offset_minutes, "precision": value.precision}
        elif value not in (None, ()):
            told[name] = dict(value) if isinstance(value, Mapping) else list(value) if isinstance(value, tuple) else value
    return told


def _values(told: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in told.items():
        if name in ("published", "modified"):
            at = datetime.fromisoformat(value["at"]).astimezone(UTC)
            values[name] = Instant(at=at, offset_minutes=value["offset"], precision=value["precision"])
        else:
            values[name] = tuple(value) if isinstance(value, list) else value
    return values


# ── outlets ───────────────────────────────────────────────────────────────────────────────────────


_HABITS: Final = ("affixes", "bodies", "bylines")


def profile_json(profile: Profile) -> dict[str, Any]:
    """A profile as JSON."""
    told: dict[str, Any] = {"title_affix": profile.title_affix, "repeated": sorted(profile.repeated), "pages": profile.pages}
    told |= {"containers": list(profile.containers), "byline": profile.byline}
    for name in _HABITS:
        told[name] = [[one.value, one.pages, one.idle, one.since.isoformat(), one.seen.isoformat()] for one in getattr(profile, name)]
    return told


def profile(told: Mapping[str, Any] | None) -> Profile:
    """The inverse of ``profile_json``; an empty profile for None."""
    told = told or {}
    return Profile(
        title_affix=told.get("title_affix"),
        repeated=repeated(told),
        pages=told.get("pages", 0),
        containers=tuple(told.get("containers", ())),
        byline=told.get("byline"),
        **{name: tuple(map(_habit, told.get(name, ()))) for name in _HABITS},
    )


def repeated(told: Mapping[str, Any]) -> frozenset[str]:
    """Of a profile as JSON, what its outlet repeats."""
    return frozenset(told.get("repeated", ()))


def _habit(told: Sequence[Any]) -> Habit:
    value, met, idle, since, seen = told
    since, seen = (datetime.fromisoformat(moment).astimezone(UTC) for moment in (since, seen))
    return Habit(value=value, pages=met, idle=idle, since=since, seen=seen)
