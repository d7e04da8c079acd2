"""One round of work: sources asked, files read, pending candidates taken; and how one source is asked, whoever asks.

Hosts are independent: each has its own line, two candidates in it at a time (one being fetched, one being read), so that a slow or
dead host delays nobody else.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline import anew, choice, recheck, urls
from pipeline.app import App
from pipeline.config.checking import nearest
from pipeline.errors import DiscoverError, InputError, ItemError, NotAnArticle, WirewatchError
from pipeline.ingest import FIRST_RETRY, refused
from pipeline.lease import RENEW, Lease
from pipeline.model import Candidate, Outcome, Pending, Source, Status
from pipeline.polls import Polled
from pipeline.retention import shortest

POLLS_AT_ONCE = 32
HOSTS_AT_ONCE = 64
IN_HAND_AT_ONCE = 8
BATCH = 2000  # rows read at a time
EXPIRE_EVERY, FORGET_EVERY = 60.0, 3600.0  # seconds
AD_HOC = "command line"  # the source of what a person named


@dataclass(slots=True)
class Round:
    """What came of it. ``report`` hears every outcome as it happens; ``waiting`` hears how many are still to come."""

    report: Callable[[Outcome], None] = lambda _: None
    polled: Callable[[Polled], None] = lambda _: None
    waiting: Callable[[int], None] = lambda _: None
    counts: dict[Status, int] = field(default_factory=lambda: defaultdict(int))
    untold: Mapping[str, str] = field(default_factory=dict)  # target → why alerts for it wait
    barred: int = 0  # pages that are looked at again, though nothing failed: an answer came, and it was no article

    def ended(self, outcome: Outcome) -> None:
        """Counts it and passes it on."""
        self.counts[outcome.status] += 1
        self.barred += outcome.status is Status.RETRY and outcome.reason.partition(":")[0] in NotAnArticle.PASSING
        self.report(outcome)

    @property
    def failed(self) -> bool:
        """Whether something failed that a later run may mend."""
        return bool(self.untold) or self.counts[Status.FAILED] + self.counts[Status.RETRY] > self.barred


@asynccontextmanager
async def _together() -> AsyncIterator[asyncio.TaskGroup]:
    """A task group whose first expected error comes out as itself, not wrapped: a StoreError ends the run as a StoreError."""
    try:
        async with asyncio.TaskGroup() as group:
            yield group
    except BaseExceptionGroup as errors:
        expected: BaseException | None = errors.subgroup(WirewatchError)
        while isinstance(expected, BaseExceptionGroup):
            expected = expected.exceptions[0]
        raise expected or errors from None


# ── the one-shot command ──────────────────────────────────────────────────────────────────────────


async def one_shot(app: App, what: Sequence[str], round_: Round) -> None:
    """``ingest``: everything named, or every source, and what is pending of it. Raises InputError for words that are nothing.

    Beside a daemon or another run it leaves alone what they are at just then, unless a person named it."""
    named, pages, paths = _sort_out(app.config.sources, what)
    async with _at_work(app) as alone:
        async with _together() as group:
            for path in paths:
                group.create_task(read_files(app, Source(name=AD_HOC, kind="files", url=str(path)), round_))
            group.create_task(_ask(app, named, round_, insist=alone or bool(what)))
            group.create_task(_take_named(app, pages, round_))
        if named:
            wanted = None if not what else {source.name for source in named}
            # a person who types the command again wants what failed just now tried again; a host's Retry-After still holds
            await drain(app, app.clock.now() + FIRST_RETRY, round_, sources=wanted, claimed=alone)
            await recheck.due(app, app.clock.now(), round_, limit=recheck.A_RUN, a_host=recheck.A_RUN_A_HOST, sources=wanted)
        await app.anew().run()
    await app.flow.writing(app.store.expire, app.clock.now(), shortest(app.config.sources))
    await app.delivery.due(app.clock.now())
    await app.delivery.settled()
    round_.untold = dict(app.delivery.undelivered)


@asynccontextmanager
async def _at_work(app: App) -> AsyncIterator[bool]:
    """Says in the database that somebody is at work, so that others heed our claims. → whether we are alone: then claims that are found
    are those of runners that were killed."""
    lease = Lease(store=app.store, reading=app.flow.reading, writing=app.flow.writing, clock=app.clock)
    lease.name = f"ingest {lease.holder}"

    async def renewed() -> None:
        while True:
            await app.clock.sleep(RENEW)
            await lease.take()

    await lease.take()
    renewing = asyncio.ensure_future(renewed())
    try:
        yield not await lease.others()
    finally:
        renewing.cancel()
        await asyncio.gather(renewing, return_exceptions=True)
        await lease.let_go()


def _sort_out(sources: Sequence[Source], what: Sequence[str]) -> tuple[list[Source], list[str], list[Path]]:
    if not what:
        return list(sources), [], []
    by_name = {source.name: source for source in sources}
    named: list[Source] = []
    pages: list[str] = []
    paths: list[Path] = []
    for word in what:
        if word in by_name:
            named.append(by_name[word])
        elif urls.is_http(word):
            pages.append(word)
        elif Path(word).exists():
            paths.append(Path(word))
        else:
            names = ", ".join(sorted(by_name)) or "none configured"
            meant = f"; did you mean {near!r}?" if (near := nearest(word, by_name)) else ""
            raise InputError(f"{word}: no such file, no http(s) address, and no source of that name (sources: {names}){meant}")
    return named, pages, paths


async def _take_named(app: App, pages: Iterable[str], round_: Round) -> None:
    pendings = []
    for page in pages:
        candidate = Candidate(url=page, source=AD_HOC, seen_at=app.clock.now())
        pendings.append(await app.flow.remember(candidate))
    await take(app, pendings, round_, insist=True, claimed=True)


async def _ask(app: App, sources: Iterable[Source], round_: Round, *, insist: bool) -> None:
    """Each until all it is made of was asked once. ``insist``: also those that another runner is asking."""
    gate = asyncio.Semaphore(POLLS_AT_ONCE)

    async def one(source: Source) -> None:
        async with gate:
            if await app.flow.writing(app.store.claim_sources, [source.name], app.clock.now(), any_time=True, insist=insist):
                polled = await ask(app, source, round_)
                while polled is not None and polled.more:
                    polled = await ask(app, source, round_)

    async with _together() as group:
        for source in sources:
            group.create_task(one(source))


async def ask(app: App, source: Source, round_: Round) -> Polled | None:
    """One source, whatever its kind: polled, or read and taken at once. → what a poll brought."""
    if source.kind in ("files", "warc"):
        try:
            await read_files(app, source, round_)
            read = Outcome(url=source.url, source=source.name, status=Status.UNCHANGED, reason="read", at=app.clock.now())
        except InputError as error:  # a disk that is not mounted costs its own source
            read = await app.flow.refuse(refused(source, DiscoverError(str(error), url=source.url), app.clock.now()))
            round_.ended(read)
        await app.flow.looked_at(source, read)
        return None
    if source.kind == "url":
        outcome = await app.flow.take_in_hand(Candidate(url=source.url, source=source.name, seen_at=app.clock.now()))
        round_.ended(outcome)
        await app.flow.looked_at(source, outcome)
        return None
    polled = await app.flow.poll(source)
    round_.polled(polled)
    for outcome in (*polled.parts, *([polled.trouble] if polled.trouble else [])):
        round_.ended(outcome)
    if polled.lost:
        await anew.search(app, source)
    return polled


async def read_files(app: App, source: Source, round_: Round) -> None:
    """Every page and line of a file or folder. What cannot be read is an outcome of its own. Raises InputError when it is not there."""
    from pipeline.discover import files

    gate = asyncio.Semaphore(IN_HAND_AT_ONCE)
    at_work: dict[str, asyncio.Task[None]] = {}  # by address: the states of one page are taken in their order

    async def one(candidate: Candidate, before: asyncio.Task[None] | None) -> None:
        try:
            if before is not None:
                await asyncio.wait([before])
            round_.ended(await app.flow.take_in_hand(candidate))
        finally:
            if at_work.get(candidate.url) is asyncio.current_task():
                del at_work[candidate.url]
            gate.release()

    items = files.read(Path(source.url), source.name, app.clock.now())
    left: dict[str, int] = defaultdict(int)
    async with _together() as group:
        while (item := await asyncio.to_thread(next, items, None)) is not None:
            if isinstance(item, ItemError):
                round_.ended(await app.flow.refuse(refused(source, item, app.clock.now())))
                continue
            if chosen := choice.choose([item], source, first=False, now=app.clock.now()).left:
                left[chosen[0][0]] += 1
                continue
            await gate.acquire()  # bounded: a file of a million lines is not read into memory
            task = group.create_task(one(item, at_work.get(item.url)))
            if item.url:
                at_work[item.url] = task
    if left:
        round_.polled(Polled(source=source.name, url=source.url, left=tuple(left.items())))


# ── pending candidates ────────────────────────────────────────────────────────────────────────────


async def drain(app: App, until: datetime, round_: Round, *, sources: Collection[str] | None = None, claimed: bool = True) -> None:
    """Takes every pending candidate due by ``until``, each at most once. ``claimed``: also those that another runner has."""
    tried: set[int] = set()
    while batch := await app.flow.reading(app.store.pending, until, limit=BATCH, exclude=tried, sources=sources):
        await take(app, batch, round_, claimed=claimed)
        tried.update(pending.id for pending in batch)


async def take(app: App, pendings: Sequence[Pending], round_: Round, *, insist: bool = False, claimed: bool = True) -> None:
    """Takes these candidates, host by host. ``claimed``: also those that another runner has."""
    lines: dict[str, deque[Pending]] = defaultdict(deque)
    for pending in pendings:
        lines[urls.host(pending.candidate.url)].append(pending)
    gate, left = asyncio.Semaphore(HOSTS_AT_ONCE), len(pendings)
    round_.waiting(left)

    async def worker(line: deque[Pending]) -> None:
        nonlocal left
        while line:
            pending = line.popleft()
            async with gate:
                mine = await app.flow.writing(app.store.claim_pages, [pending.id], app.clock.now(), insist=claimed)
                outcome = await app.flow.take(pending, insist=insist) if mine else None
            left -= 1
            if outcome is not None:
                round_.ended(outcome)
                if app.store.rules:
                    await app.delivery.due(app.clock.now())  # what it told is told now, not at the end
            round_.waiting(left)

    async with _together() as group:
        for line in lines.values():
            for _ in range(min(2, len(line))):
                group.create_task(worker(line))


# ── the daemon's steps ────────────────────────────────────────────────────────────────────────────

# What the daemon does besides polling and taking pages: begun at every tick (a second to a minute apart), never twice at once. A step does
# what is due at ``now``; when it is due next stands in ``Store.next_due``.
Step = Callable[[App, datetime, Round], Coroutine[Any, Any, None]]


async def expire(app: App, now: datetime, _round: Round) -> None:
    """Forgets what time has taken away: kept bytes of pages once a minute; articles once an hour, for what searches, words and what an
    outlet repeats are then seen to anew, whether one of them goes or many."""
    elapsed = app.clock.monotonic()
    if elapsed < app.expire_at:
        return
    app.expire_at = elapsed + EXPIRE_EVERY
    kept = shortest(app.config.sources) if elapsed >= app.forget_at else {}
    more = await app.flow.writing(app.store.expire, now, kept)
    if kept and not more:
        app.forget_at = elapsed + FORGET_EVERY


async def deliver(app: App, _now: datetime, _round: Round) -> None:
    """Begins to tell people what is due. It is not waited for: one who does not answer delays nobody else."""
    await app.delivery.due(app.clock.now())


async def judge_anew(app: App, _now: datetime, _round: Round) -> None:
    """Judges again what words decide, once they were learned anew."""
    await app.anew().run(settled=True)


STEPS: tuple[Step, ...] = (expire, recheck.due, deliver, judge_anew)
