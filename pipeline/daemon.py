"""`wirewatch run`: the schedule under APScheduler, one runner a database by lease, and what signals ask for.

SIGTERM, SIGINT: what is in flight finishes within seconds or is given back. SIGHUP: the configuration is read again; one that cannot
be used changes nothing.
"""

from __future__ import annotations

import asyncio
import resource
import signal
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from pipeline.app import App
from pipeline.errors import ConfigError
from pipeline.lease import Lease
from pipeline.model import Runner
from pipeline.rounds import Round
from pipeline.schedule import Schedule

if TYPE_CHECKING:
    from pipeline.config import Config

MOST_FILES = 65_536  # of what the machine allows: a connection stays open for some seconds, and there may be 10,000 hosts
BEAT = 5.0  # seconds between two looks at the lease and at the clock
LATE = 65.0  # seconds without a tick after which one is made: APScheduler sleeps by the wall clock, which somebody may set back


@dataclass(slots=True, kw_only=True)
class Supervisor:
    """Who is told how the daemon does (systemd, a log, a test). ``started``: it has the lease and works; ``ticked``: it is alive, every
    five seconds, standing by too; ``reloading``, ``reloaded`` (with what was wrong, if anything): around a SIGHUP; ``stopping``: it was
    told to end, or failed; ``standing_by``: who runs instead."""

    started: Callable[[], None] = lambda: None
    ticked: Callable[[], None] = lambda: None
    reloading: Callable[[], None] = lambda: None
    reloaded: Callable[[ConfigError | None], None] = lambda _: None
    stopping: Callable[[], None] = lambda: None
    standing_by: Callable[[Runner], None] = lambda _: None


async def run(
    app: App, round_: Round, *, reread: Callable[[], Config] | None = None, supervisor: Supervisor | None = None
) -> signal.Signals:
    """Runs until SIGTERM or SIGINT. ``reread``: reads the configuration again, for SIGHUP. → which signal it was. Raises StoreError."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_FILES if most == resource.RLIM_INFINITY else min(most, MOST_FILES), most))
    daemon = Daemon(app=app, schedule=Schedule(app, round_), reread=reread, supervisor=supervisor or Supervisor())
    return await daemon.run()


@dataclass(slots=True, kw_only=True)
class Daemon:
    """Use ``run``."""

    app: App
    schedule: Schedule
    reread: Callable[[], Config] | None
    supervisor: Supervisor
    _scheduler: AsyncIOScheduler = field(default_factory=lambda: AsyncIOScheduler(timezone="UTC"))
    _lease: Lease = field(init=False)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _heard: list[signal.Signals] = field(default_factory=list)
    _failed: list[BaseException] = field(default_factory=list)
    _work: set[asyncio.Task[None]] = field(default_factory=set)
    _reloading: asyncio.Lock = field(default_factory=asyncio.Lock)
    _last_tick: float = 0.0
    _named: str | None = None  # the holder who was last spoken of
    _running: bool = False  # whether the schedule is ours to drive

    def __post_init__(self) -> None:
        flow = self.app.flow
        self._lease = Lease(store=self.app.store, reading=flow.reading, writing=flow.writing, clock=self.app.clock)

    async def run(self) -> signal.Signals:
        """See ``run``."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._told, number)
        loop.add_signal_handler(signal.SIGHUP, lambda: self._do(self._reload()))
        try:
            self._scheduler.start()
            self._do(self._beats())
            self._do(self._breaks())
            await self._stop.wait()
        finally:
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                loop.remove_signal_handler(number)
            self.supervisor.stopping()
            # AsyncIOScheduler.shutdown cancels running coroutines: pause, end our own, then shut down (facts/stack)
            self._scheduler.pause()
            await self._end()
            self._scheduler.shutdown(wait=False)
        if self._failed:
            raise self._failed[0]
        return self._heard[0]

    # ── ticks ─────────────────────────────────────────────────────────────────────────────────────

    async def _tick(self) -> None:
        """What APScheduler calls. It only begins something, so that nothing of ours is cancelled with the job."""
        self._do(self._turn())

    async def _turn(self) -> None:
        if not self._running:
            return
        self._last_tick = self.app.clock.monotonic()
        wake = await self.schedule.tick(self.app.clock.now())
        self._wake_at(wake)

    def _wake_at(self, moment: datetime) -> None:
        if self._running and not self._stop.is_set():
            self._scheduler.add_job(self._tick, "date", run_date=moment, id="tick", replace_existing=True, misfire_grace_time=None)

    async def _breaks(self) -> None:
        await self.schedule.broken.wait()
        await self.schedule.settled()  # raises what it was

    # ── the lease ─────────────────────────────────────────────────────────────────────────────────

    async def _beats(self) -> None:
        while True:
            held = await self._lease.take()
            self.supervisor.ticked()
            if held and not self._running and not self._stop.is_set():  # while it ends, its beats only keep the lease
                await self._begin()
            elif not held and self._running:
                await self._stand_back()
            elif not held:
                self._say_who_runs()
            if self._running and self.app.clock.monotonic() - self._last_tick > LATE:
                self._do(self._turn())
            await self.app.clock.sleep(BEAT)

    async def _begin(self) -> None:
        if not await self._lease.others():
            await self.app.flow.writing(self.app.store.void_claims)  # those of runners that were killed
        await self.app.flow.writing(self.app.store.watch, self.app.config.sources, self.app.clock.now())
        if self._stop.is_set():
            return
        self.schedule.resume()
        self._running = True
        self.supervisor.started()
        self._do(self._turn())

    async def _stand_back(self) -> None:
        """Somebody took the lease: we were silent for too long."""
        self._running = False
        await self.schedule.stop()
        self._say_who_runs()

    def _say_who_runs(self) -> None:
        by = self._lease.by
        if by is not None and by.holder != self._named:
            self._named = by.holder
            self.supervisor.standing_by(by)

    # ── signals ───────────────────────────────────────────────────────────────────────────────────

    def _told(self, number: signal.Signals) -> None:
        self._heard.append(number)
        self._stop.set()

    async def _reload(self) -> None:
        if self.reread is None:
            return
        async with self._reloading:
            self.supervisor.reloading()
            wrong: ConfigError | None = None
            try:
                await self.app.renew(await asyncio.to_thread(self.reread))
            except ConfigError as error:
                wrong = error
            self.supervisor.reloaded(wrong)
        self._do(self._turn())

    # ── work of our own ───────────────────────────────────────────────────────────────────────────

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._work.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._work.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failed.append(error)  # raised again, once everything is closed
            self._stop.set()

    async def _end(self) -> None:
        self._running = False
        await self.schedule.stop()
        for task in list(self._work):
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)
        if not self._failed:
            await self._lease.let_go()
