"""One daemon a database, by lease: a row that its holder renews. And who else is at work, so that a dead runner's claims bind nobody.

Nothing hangs on clocks that agree: whose row has not changed for a while is gone, whatever the row says; and whoever finds his row taken
stands back.
"""

from __future__ import annotations

import os
import platform
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol

from pipeline.clock import Clock
from pipeline.model import Runner
from pipeline.polls import Runs

LEASE = timedelta(seconds=60)
RENEW = 20.0  # seconds between two renewals
UNCHANGED = 30.0  # seconds: a row that is over and was not renewed for so long is a dead runner's …
SILENT = 70.0  # … and so is one that was not renewed for so long, whatever it says: a clock was set
FAR = timedelta(minutes=10)  # further in the future than any lease is: written before a clock was set back
DAEMON = "daemon"


class Leases(Protocol):
    """What is asked of the store. Raises StoreError."""

    def runners(self) -> Sequence[Runner]: ...

    def hold(self, mine: Runner, *, instead_of: Runner | None = None) -> Runner: ...

    def let_go(self, mine: Runner) -> None: ...


def here() -> str:
    """This host and process."""
    return f"{platform.node()}:{os.getpid()}"


@dataclass(slots=True, kw_only=True)
class Lease:
    """One runner's: ``name`` is what there may be one of. ``by``: who held it when last seen."""

    store: Leases
    reading: Runs
    writing: Runs
    clock: Clock
    name: str = DAEMON
    place: str = field(default_factory=here)
    holder: str = field(default_factory=lambda: uuid.uuid4().hex)
    by: Runner | None = None
    _seen: tuple[Runner | None, float] | None = None
    _renewed: float | None = None

    @property
    def held(self) -> bool:
        return self.by is not None and self.by.holder == self.holder

    async def take(self) -> bool:
        """Takes or renews it. → whether it is held; if not, ``by`` says who does. Call it often: it renews only when it is time."""
        elapsed = self.clock.monotonic()
        if self.held and self._renewed is not None and elapsed - self._renewed < RENEW:
            return True
        there = next((one for one in await self.reading(self.store.runners) if one.name == self.name), None)
        first = self._seen is None
        if self._seen is None or self._seen[0] != there:
            self._seen = there, elapsed
        over = there is not None and there.holder != self.holder and self._over(there, elapsed - self._seen[1], first=first)
        now = self.clock.now()
        since = self.by.since if self.held and self.by else now
        mine = Runner(name=self.name, holder=self.holder, place=self.place, since=since, until=now + LEASE)
        self.by, self._renewed = await self.writing(self.store.hold, mine, instead_of=there if over else None), elapsed
        return self.held

    def _over(self, there: Runner, unchanged: float, *, first: bool) -> bool:
        if unchanged >= SILENT or self._dead(there):
            return True
        return there.until <= self.clock.now() and (first or unchanged >= UNCHANGED)

    def _dead(self, there: Runner) -> bool:
        """A process of this machine that is no more; its number is ours when the machine, or the container, was started again."""
        host, _, pid = there.place.rpartition(":")
        if host != self.place.rpartition(":")[0] or not pid.isdigit():
            return False
        if there.place == self.place:
            return True
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            return True
        except OSError:
            return False  # it lives, and is another user's
        return False

    async def others(self) -> list[Runner]:
        """Who else is at work on this database: daemons and single runs."""
        now = self.clock.now()
        there = [one for one in await self.reading(self.store.runners) if one.holder != self.holder]
        return [one for one in there if now < one.until < now + FAR and not self._dead(one)]

    async def let_go(self) -> None:
        """Ends it, if it is held."""
        if self.held and self.by is not None:
            await self.writing(self.store.let_go, replace(self.by))
        self.by = None
