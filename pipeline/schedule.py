"""When to wake. APScheduler only calls ``tick``; simulations drive it by hand. What is due is a table, not a job.

``tick(now) → next wake``. A wake is never more than a minute away: a clock set back would otherwise make the scheduler sleep for as long
as it was set back (facts: 720 h with APScheduler alone).
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from datetime import datetime, timedelta

from pipeline.app import App
from pipeline.rounds import Round, tick

LONGEST_SLEEP = timedelta(seconds=60)
GRACE = 6.0  # seconds for what is in flight to finish; what does not is given back: its row is still pending
log = logging.getLogger("wirewatch.schedule")


class Schedule:
    """The daemon's heart: one tick at a time."""

    def __init__(self, app: App, round_: Round | None = None) -> None:
        self._app = app
        self._round = round_ or Round()

    async def tick(self, now: datetime) -> datetime:
        """Does all that is due at ``now``. → when to wake next (aware UTC), at most a minute on. Raises StoreError."""
        more = await tick(self._app, now, self._round)
        moment = self._app.clock.now()
        if more:
            return moment
        due = [await self._app.flow.reading(self._app.store.next_due, moment), await self._app.delivery.next_due()]
        return min([max(one, moment) for one in due if one] + [moment + LONGEST_SLEEP])


async def run(app: App, round_: Round, *, started: Callable[[], None] = lambda: None) -> signal.Signals:
    """Runs until SIGTERM or SIGINT: then what is in flight finishes within seconds or is given back. → which it was. Raises StoreError."""
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    failed: list[BaseException] = []
    heard: list[signal.Signals] = []
    work: set[asyncio.Task[None]] = set()
    schedule, scheduler = Schedule(app, round_), AsyncIOScheduler(timezone="UTC")

    async def turn() -> None:
        wake = await schedule.tick(app.clock.now())
        scheduler.add_job(begin, "date", run_date=wake, id="tick", replace_existing=True, misfire_grace_time=None)

    async def begin() -> None:
        task = asyncio.ensure_future(turn())
        work.add(task)
        task.add_done_callback(ended)

    def ended(task: asyncio.Task[None]) -> None:
        work.discard(task)
        if not task.cancelled() and (error := task.exception()):
            failed.append(error)  # raised again below, once everything is closed
            stop.set()

    def told(number: signal.Signals) -> None:
        heard.append(number)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told, number)
    try:
        scheduler.start()
        await begin()
        started()
        await stop.wait()
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
        # AsyncIOScheduler.shutdown cancels running coroutines: pause, await our own, then shut down (facts/stack)
        scheduler.pause()
        await _finish(work)
        scheduler.shutdown(wait=False)
    if failed:
        raise failed[0]
    return heard[0]


async def _finish(work: set[asyncio.Task[None]]) -> None:
    if not work:
        return
    _, late = await asyncio.wait(work, timeout=GRACE)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
