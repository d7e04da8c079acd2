"""What is stored, judged again by the matcher of now. A batch at a time: memory is bounded, and whatever kills it, it goes on where it
stopped. Nothing is fetched; a version that cannot be judged keeps what was said of it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from pipeline.clock import Clock
from pipeline.errors import InputError, ItemError
from pipeline.model import Article, Fingerprint, Match, Profile, Read, Rejudged, Relation, Stored, Suspects, Task, Vocabulary
from pipeline.polls import Runs, Shields

SURELY, PARTLY = 0.85, 0.3  # of either text; a sample of twenty or forty hashes is right within a tenth
BATCH = 16  # versions in memory at a time, each with the twenty or so texts it is compared with
SETTLED = timedelta(minutes=1)  # what was being judged when words were learned, by those that were known before, is stored by then

log = logging.getLogger("wirewatch.rejudge")


class Judges(Protocol):
    """The stages it needs. They raise ItemError."""

    async def fingerprint(self, article: Article) -> Read: ...

    async def meaning(self, article: Article) -> tuple[int, ...]: ...

    async def judge(
        self, read: Read, suspects: Sequence[Stored], profile: Profile, vocabulary: Vocabulary | None = None
    ) -> tuple[Match, ...]: ...


class Archives(Protocol):
    """What is stored, from its beginning to its end. Every writing call is one transaction. Raises StoreError."""

    def seed(self, name: str) -> Stored | None: ...

    def abroad(self, text: Fingerprint) -> bool: ...

    def begin(self, asked: Mapping[str, str | None], since: datetime | None, now: datetime) -> Task: ...

    def end(self) -> None: ...

    def after(self, cursor: int, bounds: Mapping[str, str | int | None], limit: int) -> Sequence[Stored]: ...

    def earlier(self, judged: Stored, text: Fingerprint) -> Suspects: ...

    def rejudge(
        self, verdicts: Sequence[tuple[Stored, Sequence[Match] | None]], seed: Stored | None, now: datetime
    ) -> Sequence[Rejudged] | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a person asked for. ``since``: as it was written, by which a task is known again, and the moment that it means now."""

    since: tuple[str, datetime] | None = None
    seed: str | None = None


@dataclass(slots=True, kw_only=True)
class Rejudging:
    """Everything put together by the composer. ``began``: told where it starts or goes on; ``changed``: told of every verdict that came
    out otherwise, once it is kept; ``at``: told how far it is; ``failed``: told of each version that could not be judged."""

    stages: Judges
    archive: Archives
    words: Callable[[], Awaitable[Vocabulary | None]]  # learned now, when that is due
    reading: Runs
    writing: Runs
    clock: Clock
    shield: Shields

    async def run(
        self,
        words: Words,
        *,
        began: Callable[[Task], None],
        changed: Callable[[Rejudged], None],
        at: Callable[[int, int], None],
        failed: Callable[[Stored, ItemError], None],
    ) -> Task:
        """To the end. → the task, done. Raises InputError for a seed that is not watched for, or when another run of the same is going
        on; StoreError, with what was done kept."""
        seed = await self.reading(self.archive.seed, words.seed) if words.seed is not None else None
        if words.seed is not None and seed is None:
            raise InputError(f"{words.seed}: no seed of this name is watched for; `wirewatch seed list` names them")
        asked = {"since": words.since[0] if words.since else None, "seed": words.seed}
        task = await self.writing(self.archive.begin, asked, words.since[1] if words.since else None, self.clock.now())
        began(task)
        cursor, done, otherwise = task.cursor, task.done, task.changed
        vocabulary = await self.words()
        while batch := await self.reading(self.archive.after, cursor, task.bounds, BATCH):
            at(done, task.total)
            verdicts = await asyncio.gather(*(self._judged(one, seed, vocabulary, failed) for one in batch))
            told = await self.writing(self.archive.rejudge, tuple(zip(batch, verdicts, strict=True)), seed, self.clock.now())
            if told is None:
                raise InputError("another rematch is going on in this database, or its seed was taken out; what was done is kept")
            for one in told:
                changed(one)
            cursor, done, otherwise = batch[-1].id, done + len(batch), otherwise + len(told)
        at(done, task.total)
        await self.writing(self.archive.end)
        return Task(
            name=task.name, asked=task.asked, bounds=task.bounds, cursor=cursor, total=task.total, done=done, changed=otherwise,
            started_at=task.started_at,
        )  # fmt: skip

    async def _judged(
        self, one: Stored, seed: Stored | None, vocabulary: Vocabulary | None, failed: Callable[[Stored, ItemError], None]
    ) -> tuple[Match, ...] | None:
        try:
            return await self.shield(self._again(one, seed, vocabulary), one.article.url)
        except ItemError as error:
            failed(one, error)
            return None

    async def _again(self, one: Stored, seed: Stored | None, vocabulary: Vocabulary | None) -> tuple[Match, ...]:
        read, profile = await self.stages.fingerprint(one.article), Profile(repeated=one.repeated)
        if await self.reading(self.archive.abroad, read.fingerprint):
            meant = read.fingerprint.topics + await self.stages.meaning(read.article)
            read = replace(read, fingerprint=replace(read.fingerprint, topics=meant))
        found: Suspects = await self.reading(self.archive.earlier, one, read.fingerprint)
        if seed is None:
            matches = await self.stages.judge(read, found.worth, profile, vocabulary)
            return matches + not_aligned(found.counted, read.fingerprint.body_digest)
        mine = [other for other in found.worth if other.article_id == seed.article_id]  # earlier texts of it, too, if they were compared
        compared = mine if any(other.id == seed.id for other in mine) else [*mine, seed]
        return await self.stages.judge(read, compared, profile, vocabulary)


class Decided(Protocol):
    """The verdicts that words decided (see ``store.related``). Every writing call is one transaction. Raises StoreError."""

    def owed(self, words: Vocabulary) -> Task | None: ...

    def related(self, cursor: int, limit: int) -> tuple[int, Sequence[tuple[Stored, Stored]]] | None: ...

    def put_right(
        self, words: Vocabulary, cursor: int, verdicts: Sequence[tuple[Stored, Stored, Sequence[Match] | None]], now: datetime
    ) -> Sequence[Rejudged] | None: ...

    def done(self, words: Vocabulary) -> None: ...


@dataclass(slots=True, kw_only=True)
class Anew:
    """When an archive's words were learned anew, the newest verdicts that they decide are given again, so that it does not matter what came
    in before and what after. Put together by the composer; ``known``: what was learned last."""

    stages: Judges
    archive: Decided
    known: Callable[[], Vocabulary | None]
    reading: Runs
    writing: Runs
    clock: Clock
    shield: Shields

    async def run(self, *, settled: bool = False) -> Sequence[Rejudged]:
        """To the end of what is owed; nothing, when nothing is. ``settled``: wait for what is still judged by words of before. → what came
        out otherwise. Raises StoreError, with what was done kept."""
        words: Vocabulary | None = await self.reading(self.known)
        task: Task | None = await self.reading(self.archive.owed, words) if words else None
        if words is None or task is None or (settled and abs(self.clock.now() - task.started_at) < SETTLED):  # or the clock was set
            return ()
        cursor, told = task.cursor, list[Rejudged]()
        while (batch := await self.reading(self.archive.related, cursor, BATCH)) is not None:
            cursor, pairs = batch
            judged = await asyncio.gather(*(self._judged(one, seed, words) for one, seed in pairs))
            verdicts = tuple((one, seed, matches) for (one, seed), matches in zip(pairs, judged, strict=True))
            changed = await self.writing(self.archive.put_right, words, cursor, verdicts, self.clock.now())
            if changed is None:  # words were learned once more, or another run is at it: the rest is theirs
                return told
            told += changed
        await self.writing(self.archive.done, words)
        return told

    async def _judged(self, one: Stored, seed: Stored, words: Vocabulary) -> tuple[Match, ...] | None:
        async def again() -> tuple[Match, ...]:
            read = await self.stages.fingerprint(one.article)
            return await self.stages.judge(read, [seed], Profile(repeated=one.repeated), words)

        try:
            return await self.shield(again(), one.article.url)
        except ItemError as error:
            log.warning("%s was not judged again against the seed %s: %s", one.article.url, seed.seed, error.message)
            return None


def not_aligned(suspects: Iterable[Stored], digest: str) -> tuple[Match, ...]:
    """What is said of suspects that were counted and not compared word by word. ``digest``: of the text's normalised body; who has the same
    is identical, however many have it."""
    return tuple(_identical(one) if digest and digest == one.body_digest else _counted(one) for one in suspects)


def _identical(suspect: Stored) -> Match:
    return Match(
        other=suspect.id,
        relation=Relation.IDENTICAL,
        other_relation=Relation.IDENTICAL,
        coverage=1.0,
        other_coverage=1.0,
        coverage_all=1.0,
        other_coverage_all=1.0,
        similarity=1.0,
        why=(why := "The same text, by its digest; so many have it that it was counted but not compared word by word."),
        other_why=why,
        aligned=False,
    )


def _counted(suspect: Stored) -> Match:
    tell = "a sampled passage tells" if suspect.shared == 1 else f"{suspect.shared:,} sampled passages tell"
    reason = "others share more" if suspect.kept == "full" else "its text is not kept"
    share = f"About {int(suspect.there * 100)} % of the text stands there, as {tell}"
    return Match(
        other=suspect.id,
        relation=Relation.RELATED if suspect.kept == "full" else _estimated(suspect),
        coverage=suspect.there,
        other_coverage=suspect.here,
        coverage_all=suspect.there,
        other_coverage_all=suspect.here,
        why=f"{share}; {reason}, so it was counted but not compared word by word.",
        aligned=False,
    )


def _estimated(suspect: Stored) -> Relation:
    """Of a text that is not kept: what its sample of a sixteenth tells. Only what is far from any doubt is called a copy or a part."""
    if suspect.there >= SURELY and suspect.here >= SURELY:
        return Relation.COPY
    if suspect.there >= SURELY:
        return Relation.EXCERPT
    return Relation.DERIVED if max(suspect.there, suspect.here) >= PARTLY else Relation.RELATED
