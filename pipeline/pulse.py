"""What a running daemon knows of itself: since when, when it last ticked, what came of its work. In memory only; small whatever happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from pipeline.clock import Clock
from pipeline.model import Outcome

STALE: Final = 180.0  # seconds without a tick, after which something hangs: one is due every minute, whatever happens


@dataclass(slots=True)
class Pulse:
    """``role``: whether this process holds the database's lease, or waits to take over. Counters are by word, of which there are few."""

    clock: Clock
    since: datetime = field(init=False)
    role: Literal["starting", "running", "standing by", "stopping"] = "starting"
    sources: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    polls: Counter[str] = field(default_factory=Counter)
    reloads: Counter[str] = field(default_factory=Counter)
    _beat: float = field(init=False)

    def __post_init__(self) -> None:
        self.since, self._beat = self.clock.now(), self.clock.monotonic()

    def beat(self) -> None:
        """A tick ended, or this process saw to its turn as one that stands by."""
        self._beat = self.clock.monotonic()

    @property
    def age(self) -> float:
        """Seconds since the last beat."""
        return self.clock.monotonic() - self._beat

    @property
    def alive(self) -> bool:
        return self.age <= STALE

    def hearing(self, report: Callable[[Outcome], None]) -> Callable[[Outcome], None]:
        """``report``, and counted here."""

        def both(outcome: Outcome) -> None:
            self.outcomes[str(outcome.status)] += 1
            report(outcome)

        return both
