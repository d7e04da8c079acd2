"""What is due, and who works on it. APScheduler only calls ``tick``; simulations drive it by hand. What is due is a table, not a job.

``tick(now) → next wake`` begins what is due and waits for none of it: a slow or dead host delays nobody else. Work that ends lets in what
still waits. A wake is never more than a minute away: a clock set back would otherwise make the scheduler sleep for as long as it was set
back (facts: 720 h with APScheduler alone).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any

from pipeline import urls
from pipeline.app import App
from pipeline.fair import Fair
from pipeline.model import Pending
from pipeline.rounds import STEPS, Round, Step, ask

LONGEST_SLEEP = timedelta(seconds=60)
SHORTEST_SLEEP = timedelta(seconds=1)  # between two ticks: what falls due within it begins together
LOOK_AGAIN = timedelta(seconds=5)  # while something waits that could not begin, or is in flight and may soon be due again
SET = timedelta(seconds=10)  # by which the wall clock and the one that only grows must part before it counts as set
POLLS_AT_ONCE, PAGES_AT_ONCE = 64, 64  # quick ones
MOST_AT_ONCE = 512  # slow ones included
POOL_FULL = 24  # jobs at work or waiting in the pool, above which no page is begun; and the most that are begun together
A_HOST = 2  # one being fetched, one being read
READ_AT_ONCE = 512  # sources
MOST_PAGES = 100_000  # rows whose numbers are kept in memory
SCAN_EVERY = 60.0  # seconds: pages are looked at all together, whoever made or changed them
GRACE = 6.0  # seconds for what is in flight to finish; what does not is given back: its row is still pending


class Schedule:
    """What is in flight: sources by name, pending candidates by row, steps. Nothing here grows with what was stored."""

    def __init__(self, app: App, round_: Round | None = None) -> None:
        self._app, self._round = app, round_ or Round()
        monotonic = app.clock.monotonic
        self._polls: Fair[str] = Fair(at_once=POLLS_AT_ONCE, most=MOST_AT_ONCE, a_host=A_HOST, monotonic=monotonic)
        self._pages: Fair[int] = Fair(at_once=PAGES_AT_ONCE, most=MOST_AT_ONCE, a_host=A_HOST, monotonic=monotonic)
        self._tasks: set[asyncio.Task[None]] = set()
        self._steps: dict[Step, asyncio.Task[None]] = {}
        self._turning, self._again = asyncio.Lock(), False
        self._pump: asyncio.Task[None] | None = None
        self._read_polls = self._read_pages = True
        self._last_row, self._scan, self._scan_at = 0, True, 0.0
        self._clocks: tuple[datetime, float] | None = None
        self._stopped = False
        self._error: BaseException | None = None
        self.broken = asyncio.Event()  # something ended that must end the run: ``tick`` and ``settled`` raise it

    async def tick(self, now: datetime) -> datetime:
        """Begins what is due at ``now``, as far as there is room. → when to wake next (aware UTC), a second to a minute on. Raises
        StoreError, also for work that was begun before."""
        self._check()
        self._read_polls = self._read_pages = True
        self._scan |= self._pages.waiting < READ_AT_ONCE  # with many waiting it costs something
        await self._turn(now)
        for step in STEPS:
            if not self._stopped and (step not in self._steps or self._steps[step].done()):
                self._steps[step] = self._begin(step(self._app, now, self._round))
        self._check()
        moment = self._app.clock.now()
        due = await self._app.flow.reading(self._app.store.next_due, moment)
        latest = moment + (LOOK_AGAIN if self._polls or self._pages else LONGEST_SLEEP)
        return max(min(due or latest, latest), moment + SHORTEST_SLEEP)

    async def settled(self) -> None:
        """Until nothing is in flight and all that was due has been dealt with. Raises what ``tick`` would."""
        while self._tasks:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            self._check()
        await self._app.delivery.settled()
        self._check()

    async def stop(self, grace: float = GRACE) -> None:
        """Begins nothing more; what is in flight has so many seconds (real ones) to finish; the rest is given back, its claims too."""
        self._stopped = True
        self._polls.clear()
        self._pages.clear()
        loop = asyncio.get_running_loop()
        end = loop.time() + grace
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(end), self._turning:  # who is about to claim something gives it back
                pass
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=max(0.0, end - loop.time()))
            mine = self._polls.working, self._pages.working
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
            if self._error is None and any(mine):
                await self._app.flow.writing(self._app.store.give_back, *mine)

    def resume(self) -> None:
        """Begins again after ``stop``."""
        self._stopped = False

    @property
    def in_flight(self) -> int:
        """Polls, pages and steps that were begun and have not ended; also while they wait for the clock."""
        return len(self._tasks)

    # ── one turn: read, claim, begin ──────────────────────────────────────────────────────────────

    async def _turn(self, now: datetime) -> None:
        async with self._turning:
            await self._notice(now)
            if self._read_polls and self._polls.ready < POLLS_AT_ONCE:
                await self._read_due(now)
            if begun := self._polls.start():
                await self._begin_polls(begun, now)
            if self._read_pages:
                await self._read_waiting(now)
            # who waits for a processor holds a page and what it is compared with: more of them would be memory, not speed
            if self._app.pool.busy < POOL_FULL and (rows := self._pages.start(POOL_FULL)):
                await self._begin_pages(rows, now)

    async def _read_due(self, now: datetime) -> None:
        limit = READ_AT_ONCE + self._polls.waiting
        names = await self._app.flow.reading(self._app.store.due, now, limit)
        if self._stopped:
            return
        self._read_polls = len(names) >= limit
        for name in names:
            if (source := self._app.flow.sources.get(name)) is not None:
                self._polls.put(_host(source.url), name)

    async def _begin_polls(self, names: list[str], now: datetime) -> None:
        mine = set(await self._app.flow.writing(self._app.store.claim_sources, names, now))
        if self._stopped and mine:
            await self._app.flow.writing(self._app.store.give_back, mine, ())
        for name in names:
            if name in mine and not self._stopped:
                self._begin(self._poll(name))
            else:
                self._polls.done(name)

    async def _read_waiting(self, now: datetime) -> None:
        """What is new, which is cheap; or all that is due, which finds what is to be tried again, or was given back."""
        self._read_pages = False
        elapsed = self._app.clock.monotonic()
        scan = self._scan or elapsed >= self._scan_at
        after = 0 if scan else self._last_row
        rows = await self._app.flow.reading(self._app.store.waiting, now, after=after, limit=MOST_PAGES)
        if self._stopped:
            return
        if scan:
            self._scan, self._scan_at = False, elapsed + SCAN_EVERY
        for row, url in rows:
            self._last_row = max(self._last_row, row)
            self._pages.put(_host(url), row)

    async def _begin_pages(self, rows: list[int], now: datetime) -> None:
        mine = {one.id: one for one in await self._app.flow.writing(self._app.store.claim_pages, rows, now)}
        if self._stopped and mine:
            await self._app.flow.writing(self._app.store.give_back, (), mine)
        for row in rows:
            if row in mine and not self._stopped:
                self._begin(self._page(mine[row]))
            else:
                self._pages.done(row)

    # ── what is begun ─────────────────────────────────────────────────────────────────────────────

    async def _poll(self, name: str) -> None:
        try:
            source = self._app.flow.sources.get(name)  # it may have gone since
            polled = await ask(self._app, source, self._round) if source else None
            after = self._app.flow.sources.get(name)
            if source and after and after.url != source.url:  # what was learned just now is of the address it had
                await self._app.flow.writing(self._app.store.forget_address, name)
        finally:
            self._polls.done(name)
        if polled is not None:
            self._read_polls |= polled.more
            self._read_pages |= polled.new > 0
        self._go_on()

    async def _page(self, pending: Pending) -> None:
        try:
            self._round.ended(await self._app.flow.take(pending))
        finally:
            self._pages.done(pending.id)
        if self._app.store.rules and not self._stopped:
            await self._app.delivery.due(self._app.clock.now())  # what it told is told now, not at the next tick
        self._go_on()

    def _go_on(self) -> None:
        """Lets in who waits. Whatever ends meanwhile is seen to by the same task."""
        wanted = self._read_polls or self._read_pages or self._polls.ready or self._pages.ready
        if self._stopped or not wanted:
            return
        self._again = True
        if self._pump is None or self._pump.done():
            self._pump = self._begin(self._keep_on())

    async def _keep_on(self) -> None:
        while self._again and not self._stopped:
            self._again = False
            await self._turn(self._app.clock.now())

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._error = self._error or error
            self.broken.set()

    def _check(self) -> None:
        if self._error is not None:
            raise self._error

    # ── the clock ─────────────────────────────────────────────────────────────────────────────────

    async def _notice(self, now: datetime) -> None:
        """Sees whether the clock was set since the last turn; at the first, whether it was while nobody looked."""
        elapsed = self._app.clock.monotonic()
        before, self._clocks = self._clocks, (now, elapsed)
        was = before[0] + timedelta(seconds=elapsed - before[1]) if before else now
        if before is None or abs(now - was) > SET:
            self._scan = True
            await self._app.flow.writing(self._app.store.clock_set, was, now)


def _host(url: str) -> str:
    """Whose line it is; all that is no address shares one."""
    try:
        return urls.host(url) if urls.is_http(url) else ""
    except ValueError:
        return ""
