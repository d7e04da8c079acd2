"""What is remembered of hosts beyond this process. The composer hands in where it is kept; without it, nothing outlives the fetcher."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Protocol

from pipeline.clock import Clock
from pipeline.errors import FetchError, Forbidden, Refused, ServerTrouble, Throttled, TimedOut, Truncated, Unreachable
from pipeline.model import HostMemory, RobotsMemory

_KINDS: Final = {kind.__name__: kind for kind in (Throttled, Unreachable, TimedOut, Truncated, ServerTrouble, Forbidden, Refused)}


class Remembers(Protocol):
    """Keeps what hosts are owed. Raises StoreError."""

    async def host(self, name: str) -> HostMemory | None: ...

    async def robots(self, origin: str) -> RobotsMemory | None: ...

    async def keep(self, memories: Sequence[HostMemory | RobotsMemory]) -> None: ...


class Forgets:
    """Remembers nothing."""

    async def host(self, name: str) -> HostMemory | None:  # noqa: ARG002 - the names are the protocol's
        return None

    async def robots(self, origin: str) -> RobotsMemory | None:  # noqa: ARG002 - the same
        return None

    async def keep(self, memories: Sequence[HostMemory | RobotsMemory]) -> None:  # noqa: ARG002 - the same
        return None


def error_named(name: str) -> type[FetchError]:
    """The error of that name."""
    return _KINDS.get(name, Throttled)


def left(until: datetime | None, kept_at: datetime, clock: Clock, most: float) -> float:
    """Seconds until a kept moment, never more than were left when it was kept: the clock may have been set back since."""
    if until is None:
        return 0.0
    seconds = min((until - clock.now()).total_seconds(), (until - kept_at).total_seconds(), most)
    return max(seconds, 0.0)
