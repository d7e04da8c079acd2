"""A daemon's days in minutes: its Schedule driven by hand, its clock and the press's moved together whenever nothing is under way.

Time stands still while anything works (a request, a thread, an extraction process) and then goes to the next moment somebody waits for.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime, timedelta
from typing import Any

from pipeline.clock import SimulatedClock
from pipeline.fetch.wire import Wire
from pipeline.press import Press
from pipeline.schedule import Schedule

LEAST = 0.05  # seconds: wakes nearer together than that are one step
LONGEST = 60.0  # seconds: APScheduler wakes at least that often too (a clock may jump)


class Loop(asyncio.SelectorEventLoop):
    """An event loop that knows whether something is under way outside of it: jobs of executors, and requests (``counted``)."""

    def __init__(self) -> None:
        super().__init__()
        self.under_way = 0
        self.rest = asyncio.Event()
        self.rest.set()

    def begin(self) -> None:
        self.under_way += 1
        self.rest.clear()

    def end(self, _: object = None) -> None:
        self.under_way -= 1
        if not self.under_way:
            self.rest.set()

    def run_in_executor(self, executor: Executor | None, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]
        job = super().run_in_executor(executor, func, *args)
        self.begin()
        job.add_done_callback(self.end)
        return job

    async def settle(self) -> None:
        """Until nothing is under way and nobody has anything to do."""
        while True:
            await self.rest.wait()
            await asyncio.sleep(0)
            if not self.under_way and not self._ready:  # type: ignore[attr-defined]  # whoever else was to run has run
                return


def counted(loop: Loop) -> None:
    """Requests count as under way from now on."""
    plain = Wire.ask

    async def ask(self: Wire, *words: Any, **more: Any) -> Any:
        loop.begin()
        try:
            return await plain(self, *words, **more)
        finally:
            loop.end()

    Wire.ask = ask  # type: ignore[method-assign]


class Simulation:
    """One daemon and one press. ``ticks``: how many there were."""

    def __init__(self, schedule: Schedule, clock: SimulatedClock, press: Press, loop: Loop) -> None:
        self.schedule, self.clock, self.press, self.loop, self.ticks = schedule, clock, press, loop, 0

    async def until(self, end: datetime, hourly: Callable[[datetime], None] = lambda _: None, limit: float = math.inf) -> None:
        """Runs until the clock shows ``end``, or for ``limit`` real seconds. ``hourly`` hears every hour that begins."""
        hour, stop = self.clock.now(), time.monotonic() + limit
        while self.clock.now() < end and time.monotonic() < stop:
            wake = await self._tick()
            self.ticks += 1
            await self._pass(min(max((wake - self.clock.now()).total_seconds(), 1.0), LONGEST))
            while self.clock.now() >= hour:
                hourly(hour)
                hour += timedelta(hours=1)

    async def _tick(self) -> datetime:
        work = asyncio.ensure_future(self.schedule.tick(self.clock.now()))
        while not work.done():
            await self.loop.settle()
            if work.done():
                break
            if (step := self.clock.next_wake) is None:
                await asyncio.sleep(0.002)  # somebody waits in real time
            else:
                self._move(max(step, LEAST))
        return await work

    async def _pass(self, seconds: float) -> None:
        """Lets time go by; who waits for a moment in it gets it."""
        end = self.clock.monotonic() + seconds
        while (left := end - self.clock.monotonic()) > 1e-6:
            wake = self.clock.next_wake
            self._move(left if wake is None else min(left, max(wake, LEAST)))
            await self.loop.settle()

    def _move(self, seconds: float) -> None:
        self.press.set_clock(self.clock.now() + timedelta(seconds=seconds))
        self.clock.advance(seconds)
