"""What the tests of the store put into it: texts made of invented words, read and fingerprinted as the match room does in kind."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.model import (
    Article,
    Candidate,
    Fingerprint,
    Hints,
    Match,
    Outcome,
    Read,
    Record,
    Relation,
    Response,
    SourceState,
    Status,
    Suspects,
)
from pipeline.sampled import kept
from pipeline.store import Store

NOW = datetime(2026, 3, 1, 12, 30, 15, 250_000, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@cache
def _made(folder: Path) -> Path:
    path = folder / "made.db"
    Store.open(str(path)).close()
    return path


def fresh(folder: Path) -> str:
    """The address of a new, empty database in ``folder``. It is made once a session and copied: making one costs a quarter of a second."""
    made = _made(folder.parent)
    return f"sqlite:///{shutil.copy(made, folder / 'news.db')}"


def words(seed: int, count: int = 400) -> str:
    """``count`` invented words, always the same for one seed, in paragraphs of fifty."""
    chance = random.Random(seed)
    made = ["".join(chance.choice("abdeiklmnorstu") for _ in range(chance.randint(3, 9))) for _ in range(count)]
    return "\n".join(" ".join(made[start : start + 50]) for start in range(0, count, 50))


def fingerprint(title: str, text: str) -> Fingerprint:
    """Word 8-grams hashed to signed 64 bits, sampled as it is agreed."""
    tokens = text.lower().split()
    shingles = tuple(dict.fromkeys(_hash(" ".join(tokens[at : at + 8])) for at in range(max(0, len(tokens) - 7))))
    sample = kept(shingles, len(tokens))
    digest = hashlib.sha256(" ".join(tokens).encode("utf-8", "replace")).hexdigest() if tokens else ""
    content = hashlib.sha256(f"{title}\n{text}".encode("utf-8", "replace")).hexdigest()
    return Fingerprint(body_digest=digest, content_digest=content, shingles=shingles, sample=sample, length=len(tokens))


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True)


def read(url: str, text: str, *, title: str = "A headline", **more: Any) -> Read:
    outlet = url.split("/")[2] if "://" in url else None
    article = Article(url=url, title=title, text=text, outlet=outlet, **more)
    return Read(article=article, fingerprint=fingerprint(title, text))


def offered(url: str, *, source: str = "feed", **hints: Any) -> Candidate:
    return Candidate(url=url, source=source, seen_at=NOW, hints=Hints(**hints))


def poll(store: Store, *candidates: Candidate, source: str = "feed", now: datetime = NOW) -> int:
    """Records a poll; each candidate's only key is its address. → how many were new."""
    count = store.record_poll(source, SourceState(due_at=now + 10 * MINUTE), [(one, (one.url,)) for one in candidates], now)
    return count.new


def record(store: Store, page: Read, *, source: str = "feed", now: datetime = NOW, keys: Sequence[str] = (), **more: Any) -> Record:
    """What the flow would hand over for this page, compared with nothing."""
    told: dict[str, Any] = {"pending": None, "matches": ()} | more
    if "snapshot" not in told:
        told["snapshot"] = store.suspects(page.fingerprint).snapshot
    candidate = offered(page.article.url, source=source)
    return Record(candidate=candidate, read=page, keys=tuple(keys) or (page.article.url,), now=now, **told)


def saved(store: Store, page: Read, *, copies: bool = False, **more: Any) -> Outcome:
    """Looks for suspects, calls each a copy (``copies``) or says nothing of them, and saves, as often as the store asks for it."""
    keys = more.get("keys") or (page.article.url,)
    suspects = store.suspects(page.fingerprint, keys=keys)
    given: dict[str, Any] = {"snapshot": suspects.snapshot, "matches": verdicts(suspects) if copies else ()} | more
    ready = record(store, page, **given)
    while isinstance(answer := store.save(ready), Suspects):
        ready = replace(ready, matches=ready.matches + (verdicts(answer) if copies else ()), snapshot=answer.snapshot)
    return answer


def verdicts(suspects: Suspects, relation: Relation = Relation.COPY) -> tuple[Match, ...]:
    return tuple(
        Match(other=one.id, relation=relation, coverage=0.95, other_coverage=0.9, why="the same words", matcher="test 1")
        for one in suspects.worth
    )


def ended(url: str, status: Status, *, source: str = "feed", now: datetime = NOW, **more: Any) -> Outcome:
    return Outcome(url=url, source=source, status=status, reason=f"{status}: for a test", at=now, keys=(url,), **more)


def response(url: str, *, body: bytes = b"<html>", now: datetime = NOW, **more: Any) -> Response:
    return Response(url=url, requested_url=url, body=body, fetched_at=now, **more)
