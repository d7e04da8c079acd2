"""Judging again what is stored: what changes, what stays, and where it goes on when it was stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

import pytest
from databases import contents, raw
from storing import MINUTE, NOW, saved
from stories import invented

from pipeline.app import judge, read_article
from pipeline.clock import SimulatedClock
from pipeline.errors import InputError, ItemError, StoreError
from pipeline.ingest import Flow
from pipeline.match import full
from pipeline.model import Article, Match, Profile, Read, Rejudged, Relation, Seed, Stored, Task
from pipeline.rejudge import BATCH, Words
from pipeline.store import Store, check, purge
from pipeline.store import read as door
from pipeline.store.archive import Archive
from pipeline.store.rows import Wanted

T = TypeVar("T")


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = Store.open(store_url)
    yield opened
    opened.close()


@dataclass
class Judge:
    """The real stages, in this process, with a matcher that may be another one or stop."""

    turn: Callable[[Match], Match] = lambda match: match
    stop_at: int | None = None
    refuse: str = ""
    judged: list[str] = field(default_factory=list)

    async def fingerprint(self, article: Article) -> Read:
        return read_article(article)

    async def judge(self, read: Read, suspects: Sequence[Stored], profile: Profile) -> tuple[Match, ...]:
        self.judged.append(read.article.url)
        if len(self.judged) == self.stop_at:
            raise StoreError("stopped here")
        if read.article.url == self.refuse:
            raise ItemError("took too long")
        return tuple(match for match in map(self.turn, judge(read, suspects, profile)) if match.relation is not Relation.DISTINCT)


async def _here(function: Callable[..., T], /, *args: Any, **kwargs: Any) -> T:
    return function(*args, **kwargs)


def flow(store: Store, stages: Any, now: datetime = NOW) -> Flow:
    return Flow(fetcher=None, stages=stages, store=store, reading=_here, writing=_here, clock=SimulatedClock(now))  # type: ignore[arg-type]


@dataclass
class Ran:
    task: Task
    changed: list[Rejudged]
    began: list[Task]
    failed: list[str]


def rematch(store: Store, stages: Judge | None = None, words: Words | None = None, now: datetime = NOW + MINUTE) -> Ran:
    changed: list[Rejudged] = []
    began: list[Task] = []
    failed: list[str] = []
    work: Awaitable[Task] = flow(store, stages or Judge(), now).again(Archive(store)).run(
        words or Words(),
        began=began.append,
        changed=changed.append,
        at=lambda done, total: None,
        failed=lambda one, _: failed.append(one.article.url),
    )
    return Ran(asyncio.run(work), changed, began, failed)  # type: ignore[arg-type]


def ingest(store: Store, article: Article, stages: Judge | None = None, now: datetime = NOW) -> None:
    """Takes it in by the flow itself."""
    from pipeline.model import Candidate

    candidate = Candidate(url=article.url, source="given", seen_at=now, article=article)
    asyncio.run(flow(store, stages or Judge(), now).take_in_hand(candidate))


def article(number: int, outlet: str = "one.example", **more: Any) -> Article:
    story = invented(number)
    return Article(url=f"http://{outlet}/{number}", title=story.title, text=story.text, outlet=outlet, **more)


def relations(store: Store) -> dict[tuple[str, str], str]:
    return {(row["url"], row["other_url"]): row["relation"] for row in door.export(store, "relations")}


def fewer(match: Match) -> Match:
    """Another matcher: what was a copy is an excerpt to it."""
    relation = Relation.EXCERPT if match.relation in (Relation.IDENTICAL, Relation.COPY) else match.relation
    return replace(match, relation=relation, matcher="cascade/99")


COPY = article(1, "two.example")


def test_nothing_changes_where_the_matcher_is_the_same(store: Store, store_url: str) -> None:
    for one in (article(1), COPY, article(2)):
        ingest(store, one)
    before = contents(store_url)
    ran = rematch(store)
    assert (ran.task.done, ran.task.total, ran.changed) == (3, 3, [])
    assert contents(store_url) == before
