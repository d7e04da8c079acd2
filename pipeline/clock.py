"""One clock, handed in. Nothing else in the project asks the machine for the time."""

from __future__ import annotations

import asyncio
import heapq
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What a stage may ask of time."""

    def now(self) -> datetime:
        """The wall clock, aware UTC. It may jump."""
        ...

    def monotonic(self) -> float:
        """Seconds that only grow."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Waits that many seconds of this clock."""
        ...


class SystemClock:
    """The machine's."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class SimulatedClock:
    """A clock that moves when it is told to. Sleepers wake when their time is passed by ``advance``."""

    def __init__(self, start: datetime) -> None:
        """``start``: aware. Raises ValueError for a naive one."""
        if start.tzinfo is None:
            raise ValueError("a clock needs a time zone")
        self._now = start.astimezone(UTC)
        self._elapsed = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = 0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._count += 1
        heapq.heappush(self._sleepers, (self._elapsed + seconds, self._count, waiter))
        await waiter

    @property
    def next_wake(self) -> float | None:
        """Seconds until the first sleeper is due; None when nobody sleeps."""
        self._drop_cancelled()
        return max(0.0, self._sleepers[0][0] - self._elapsed) if self._sleepers else None

    def advance(self, seconds: float) -> None:
        """Moves both clocks on and wakes who is due. ``seconds`` ≥ 0."""
        self._elapsed += seconds
        self._now += timedelta(seconds=seconds)
        while self._sleepers and self._sleepers[0][0] <= self._elapsed + 1e-9:
            waiter = heapq.heappop(self._sleepers)[2]
            if not waiter.done():
                waiter.set_result(None)

    def jump(self, seconds: float) -> None:
        """Sets the wall clock forward or back, as an administrator or NTP does; ``monotonic`` goes on as it was."""
        self._now += timedelta(seconds=seconds)

    def _drop_cancelled(self) -> None:
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
