"""Stored pages read again by the extractor of now. Nothing is fetched, and nothing that comes of it is an edit by the outlet: a version
whose page is read otherwise is put right where it stands, with all that was said of its old text; a page that is no article now stays as
it is.

A version at a time is put right, in one transaction with how far the work is: whatever kills it, it goes on where it stopped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from pipeline.clock import Clock
from pipeline.errors import InputError, ItemError
from pipeline.model import (
    Article,
    Fingerprint,
    Hints,
    Kept,
    Match,
    Outlet,
    Profile,
    Read,
    Reread,
    Response,
    Stored,
    Suspects,
    Task,
    Vocabulary,
)
from pipeline.polls import Runs, Shields
from pipeline.rejudge import Judges, not_aligned

BATCH = 8  # pages in memory at a time
TEXTS = 16  # versions in memory at a time that are compared with one that was put right

SAME = frozenset({"url", "outlet", "outlet_name", "origin_url", "provenance", "extractor"})
"""Fields in which a version does not come out otherwise: who it is was decided when it came in, with what was known of other addresses; the
others say how the rest was found."""


class Reads(Judges, Protocol):
    """The stages it needs. They raise ItemError."""

    async def read(self, response: Response, hints: Hints, outlet: Outlet | None) -> Read: ...


class Pages(Protocol):
    """Versions whose pages are kept, from the first to the last. Every writing call is one transaction. Raises StoreError."""

    def vocabulary(self) -> Vocabulary | None: ...

    def abroad(self, text: Fingerprint) -> bool: ...

    def outlet(self, domain: str) -> Outlet | None: ...

    def begin(self, asked: Mapping[str, str | None], since: datetime | None, outlets: Collection[str] | None, now: datetime) -> Task: ...

    def end(self) -> None: ...

    def after(self, cursor: int, bounds: Mapping[str, str | int | None], limit: int) -> Sequence[Kept]: ...

    def earlier(self, judged: Stored, text: Fingerprint) -> Suspects: ...

    def later(self, judged: Stored, text: Fingerprint) -> Sequence[int]: ...

    def texts(self, versions: Sequence[int]) -> Sequence[Stored]: ...

    def mark(self, same: Sequence[tuple[Kept, Article | None]], now: datetime) -> bool: ...

    def correct(
        self, page: Kept, read: Read, verdicts: Sequence[tuple[Stored, Sequence[Match]]], snapshot: int, now: datetime
    ) -> Suspects | bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person asked for, as it was written, by which a task is known again; and what it means now. ``extractor``: a newer one begins
    anew."""

    extractor: str
    since: tuple[str, datetime] | None = None
    outlet: tuple[str, frozenset[str]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who is told: where it starts or goes on; of every version that was put right; how far it is; of each page that could not be read
    again, which stays as it was."""

    began: Callable[[Task], None]
    changed: Callable[[Reread], None]
    at: Callable[[int, int], None]
    failed: Callable[[Stored, ItemError], None]


@dataclass(slots=True, kw_only=True)
class Reextracting:
    """Everything put together by the composer."""

    stages: Reads
    pages: Pages
    reading: Runs
    writing: Runs
    clock: Clock
    shield: Shields

    async def run(self, asked: Asked, told: Told) -> Task:
        """To the end. → the task, done. Raises InputError when another run of the same is going on; StoreError, with what was done kept."""
        words = {"since": asked.since and asked.since[0], "outlet": asked.outlet and asked.outlet[0], "extractor": asked.extractor}
        since, outlets = asked.since and asked.since[1], asked.outlet and asked.outlet[1]
        task: Task = await self.writing(self.pages.begin, words, since, outlets, self.clock.now())
        told.began(task)
        vocabulary = await self.reading(self.pages.vocabulary)
        while batch := await self.reading(self.pages.after, task.cursor, task.bounds, BATCH):
            told.at(task.done, task.total)
            changed = await self._batch(batch, vocabulary, told)
            task = replace(task, cursor=batch[-1].stored.id, done=task.done + len(batch), changed=task.changed + changed)
        told.at(task.done, task.total)
        await self.writing(self.pages.end)
        return task

    async def _batch(self, batch: Sequence[Kept], vocabulary: Vocabulary | None, told: Told) -> int:
        """→ how many were put right: in their order, as one may be what the next is compared with."""
        reads = await asyncio.gather(*(self._read(page, told) for page in batch))
        same: list[tuple[Kept, Article | None]] = []
        changed = 0
        for page, read in zip(batch, reads, strict=True):
            fields = differing(page.stored.article, read.article) if read else ()
            if read is None or not fields:
                same.append((page, read.article if read else None))
                continue
            await self._keep(same)
            same.clear()
            await self._correct(page, read, vocabulary)
            changed += 1
            stored = page.stored
            told.changed(Reread(article_id=stored.article_id, version_id=stored.id, was=stored.article, now=read.article, fields=fields))
        await self._keep(same)
        return changed

    async def _keep(self, same: Sequence[tuple[Kept, Article | None]]) -> None:
        if same and not await self.writing(self.pages.mark, tuple(same), self.clock.now()):
            raise InputError(GOING_ON)

    async def _read(self, page: Kept, told: Told) -> Read | None:
        try:
            return await self.shield(self._again(page), page.stored.article.url)
        except ItemError as error:
            told.failed(page.stored, error)
            return None

    async def _again(self, page: Kept) -> Read:
        stored = page.stored.article
        outlet = await self.reading(self.pages.outlet, stored.outlet) if stored.outlet else None
        read = await self.stages.read(page.response, page.hints, outlet)
        return replace(read, article=replace(read.article, url=stored.url, outlet=stored.outlet, origin_url=stored.origin_url))

    async def _correct(self, page: Kept, read: Read, vocabulary: Vocabulary | None) -> None:
        """Puts a version right with the verdicts on it and on what came after it, as if it had come in so."""
        if await self.reading(self.pages.abroad, read.fingerprint):
            meant = read.fingerprint.topics + await self.stages.meaning(read.article)
            read = replace(read, fingerprint=replace(read.fingerprint, topics=meant))
        now = replace(page.stored, article=read.article, body_digest=read.fingerprint.body_digest)
        while True:
            found: Suspects = await self.reading(self.pages.earlier, now, read.fingerprint)
            own = await self.stages.judge(read, found.worth, Profile(repeated=now.repeated), vocabulary)
            verdicts: list[tuple[Stored, Sequence[Match]]] = [(now, own + not_aligned(found.counted, read.fingerprint.body_digest))]
            later: Sequence[int] = await self.reading(self.pages.later, now, read.fingerprint)
            for start in range(0, len(later), TEXTS):
                some: Sequence[Stored] = await self.reading(self.pages.texts, later[start : start + TEXTS])
                verdicts += [(one, await self._pair(one, now, vocabulary)) for one in some]
            kept = await self.writing(self.pages.correct, page, read, verdicts, found.snapshot, self.clock.now())
            if kept is True:
                return
            if kept is False:
                raise InputError(GOING_ON)
            # somebody stored meanwhile what this text is to be compared with: once more

    async def _pair(self, one: Stored, other: Stored, vocabulary: Vocabulary | None) -> tuple[Match, ...]:
        read = await self.stages.fingerprint(one.article)
        return await self.stages.judge(read, [replace(other, here=0.0, there=0.0)], Profile(repeated=one.repeated), vocabulary)


GOING_ON = "another reextract is going on in this database; what was done is kept"


def differing(was: Article, now: Article) -> tuple[str, ...]:
    """The fields in which an article came out otherwise."""
    return tuple(name for name in Article.__slots__ if name not in SAME and getattr(was, name) != getattr(now, name))
