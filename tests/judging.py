"""The flow over a store, with the real stages in this process: articles in hand taken in, seeds planted, everything judged again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from stories import invented
from storing import MINUTE, NOW

from pipeline.app import judge, learn, one_story, read_article, subject
from pipeline.clock import SimulatedClock
from pipeline.errors import ItemError, StoreError
from pipeline.ingest import Flow
from pipeline.match import full
from pipeline.match.edits import edited
from pipeline.model import Article, Candidate, Edited, Match, Profile, Read, Rejudged, Relation, Seed, Stored, Task, Vocabulary
from pipeline.rejudge import Words
from pipeline.store import Store
from pipeline.store import read as door
from pipeline.store.archive import Archive

T = TypeVar("T")


@dataclass
class Judge:
    """The real stages, in this process, with a matcher that may be another one or stop."""

    turn: Callable[[Match], Match] = lambda match: match
    stop_at: int | None = None
    refuse: str = ""
    judged: list[str] = field(default_factory=list)

    async def fingerprint(self, article: Article) -> Read:
        return read_article(article)

    async def judge(
        self, read: Read, suspects: Sequence[Stored], profile: Profile, vocabulary: Vocabulary | None = None
    ) -> tuple[Match, ...]:
        self.judged.append(read.article.url)
        if len(self.judged) == self.stop_at:
            raise StoreError("stopped here")
        if read.article.url == self.refuse:
            raise ItemError("took too long")
        return tuple(
            match for match in map(self.turn, judge(read, suspects, profile, vocabulary)) if match.relation is not Relation.DISTINCT
        )

    async def meaning(self, article: Article) -> tuple[int, ...]:
        return ()

    async def learn(self, texts: Sequence[tuple[str, str]], articles: int) -> Vocabulary:
        return learn(texts, articles)

    async def subject(self, article: Article) -> tuple[str, ...]:
        return subject(article)

    async def one_story(self, article: Article, other: Article, match: Match) -> bool:
        return one_story(article, other, match)

    async def edited(self, old: Article, new: Article, repeated: frozenset[str], *, running: bool) -> Edited:
        return edited(old, new, repeated, running=running)


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
    work: Awaitable[Task] = (
        flow(store, stages or Judge(), now)
        .again(Archive(store))
        .run(
            words or Words(),
            began=began.append,
            changed=changed.append,
            at=lambda done, total: None,
            failed=lambda one, _: failed.append(one.article.url),
        )
    )
    return Ran(asyncio.run(work), changed, began, failed)  # type: ignore[arg-type]


def ingest(store: Store, article: Article, stages: Judge | None = None, now: datetime = NOW) -> None:
    """Takes it in by the flow itself."""
    candidate = Candidate(url=article.url, source="given", seen_at=now, article=article)
    asyncio.run(flow(store, stages or Judge(), now).take_in_hand(candidate))


def article(number: int, outlet: str = "one.example", **more: Any) -> Article:
    story = invented(number)
    return Article(url=f"http://{outlet}/{number}", title=story.title, text=story.text, outlet=outlet, **more)


def relations(store: Store) -> dict[tuple[str, str], str]:
    return {(row["url"], row["other_url"]): row["relation"] for row in door.export(store, "relations")}


def planted(store: Store, name: str, number: int) -> Seed:
    story = invented(number)
    seed = Seed(name=name, title=story.title, text=story.text)
    given = Article(url=f"urn:wirewatch:seed:{name}", title=seed.title, text=seed.text)
    asyncio.run(flow(store, Judge()).plant(seed, given, full))
    return seed
