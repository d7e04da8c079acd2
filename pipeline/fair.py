"""Who is next: hosts take turns, so that one with thousands waiting stands before nobody's few; who is slow steps aside."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from itertools import takewhile
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)

SLOW = 5.0  # seconds after which somebody's work no longer counts among those at once: it waits for a host, and costs nothing meanwhile


class Fair(Generic[K]):
    """Lines of work, one a host. ``at_once``: quick ones at work together; ``most``: slow ones included; ``a_host``: of one host."""

    def __init__(self, *, at_once: int, most: int, a_host: int, monotonic: Callable[[], float]) -> None:
        self._at_once, self._most, self._a_host, self._monotonic = at_once, most, a_host, monotonic
        self._lines: dict[str, deque[K]] = {}
        self._ready: OrderedDict[str, None] = OrderedDict()  # hosts with somebody waiting and room for him, in their turn
        self._busy: dict[str, int] = {}
        self._waiting: set[K] = set()
        self._working: dict[K, tuple[str, float]] = {}  # in the order they began

    def put(self, host: str, key: K) -> bool:
        """Lets ``key`` wait in its host's line. → False when it waits or works already."""
        if key in self._waiting or key in self._working:
            return False
        self._waiting.add(key)
        self._lines.setdefault(host, deque()).append(key)
        self._look(host)
        return True

    def start(self, most: int | None = None) -> list[K]:
        """Those who may begin now, at most so many, a host after the other. Each is at work until ``done``."""
        now = self._monotonic()
        slow = sum(1 for _ in takewhile(lambda one: now - one[1] > SLOW, self._working.values()))
        room = min(self._at_once + slow, self._most) - len(self._working)
        room = room if most is None else min(room, most)
        begun: list[K] = []
        while self._ready and len(begun) < room:
            host, _ = self._ready.popitem(last=False)
            key = self._lines[host].popleft()
            if not self._lines[host]:
                del self._lines[host]
            self._waiting.discard(key)
            self._working[key] = (host, now)
            self._busy[host] = self._busy.get(host, 0) + 1
            self._look(host)
            begun.append(key)
        return begun

    def done(self, key: K) -> None:
        """Ends somebody's work."""
        host, _ = self._working.pop(key)
        self._busy[host] -= 1
        if not self._busy[host]:
            del self._busy[host]
        self._look(host)

    def clear(self) -> None:
        """Forgets who waits."""
        self._lines.clear()
        self._ready.clear()
        self._waiting.clear()

    def __bool__(self) -> bool:
        """Whether anybody waits or works."""
        return bool(self._waiting or self._working)

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    @property
    def ready(self) -> int:
        """Hosts that could begin with something."""
        return len(self._ready)

    @property
    def working(self) -> tuple[K, ...]:
        return tuple(self._working)

    def _look(self, host: str) -> None:
        if self._lines.get(host) and self._busy.get(host, 0) < self._a_host:
            self._ready.setdefault(host)
        else:
            self._ready.pop(host, None)
