"""How people are told: alerts that are due, each to its target. They are no part of the flow, which only writes them down.

One target's trouble delays that target only: each has a task of its own, which takes one alert at a time, delivers it, and goes on until
nothing is due. At least once, with the same key every time, so that a receiver can tell a second delivery from a second event.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeVar

from pipeline.clock import Clock
from pipeline.errors import Rejected, StoreError, Undelivered
from pipeline.model import Alert, Target, TargetKind
from pipeline.notify import command, mail, services, webhook
from pipeline.notify.webhook import Posts
from pipeline.notify.wording import Message, message

__all__ = ["NOTIFIERS", "Delivery", "send"]

T = TypeVar("T")
log = logging.getLogger("wirewatch.alert")

FIRST_RETRY: Final = timedelta(seconds=5)  # doubles with every attempt …
LAST_RETRY: Final = timedelta(hours=1)  # … up to this
GIVE_UP: Final = timedelta(hours=48)  # after it was first due; a weekend of a server's
LEAST: Final = 12  # attempts, or failures of its target in a row, before that: a clock that was set forward must not end it at once
IN_A_ROW: Final = 3  # failures, after which a target is left alone for a while, and ever longer
AT_ONCE: Final = 8  # targets
GRACE: Final = 3.0  # seconds for what is under way when the program ends
SLACK: Final = timedelta(seconds=30)  # beyond a target's own limit, until what a runner took is thought to be lost


async def _log(told: Message) -> None:
    log.warning("%s", told.subject, extra={"alert": told.payload})


NOTIFIERS: Mapping[TargetKind, Callable[[Target, Message, Posts, datetime], Awaitable[None]]] = {
    "log": lambda _target, told, _posts, _now: _log(told),
    "webhook": webhook.send,
    "email": lambda target, told, _posts, now: mail.send(target, told, now),
    "command": lambda target, told, _posts, _now: command.send(target, told),
    "apprise": lambda target, told, _posts, _now: services.send(target, told),
}


async def send(target: Target, told: Message, posts: Posts, now: datetime) -> None:
    """Delivers one message, within the target's time. Raises Undelivered; Rejected when trying again is useless."""
    if target.missing:
        raise Undelivered(f"the environment variable {target.missing[0]} is not set")
    limit = target.wait.total_seconds()
    try:
        await asyncio.wait_for(NOTIFIERS[target.kind](target, told, posts, now), limit + 1)
    except TimeoutError:
        raise Undelivered(f"it was not delivered within {limit:g} s") from None


class Waits(Protocol):
    """What is asked of the store."""

    def targets_due(self, now: datetime) -> Sequence[str]: ...

    def take(self, target: str, now: datetime, until: datetime) -> Sequence[Alert]: ...

    def delivered(self, told: Sequence[Alert], now: datetime) -> None: ...

    def put_off(self, untold: Sequence[Alert], due: datetime, error: str) -> None: ...

    def give_up(self, untold: Sequence[Alert], now: datetime, error: str) -> None: ...

    def leave_alone(self, target: str, now: datetime, until: datetime, error: str) -> None: ...


class Runs(Protocol):
    """Where calls of the store are made."""

    def __call__(self, function: Callable[..., T], /, *args: object) -> Awaitable[T]: ...


@dataclass(slots=True, kw_only=True)
class Delivery:
    """Empties what waits. ``due`` begins what is due and does not wait for it; ``settled`` does."""

    targets: Mapping[str, Target]
    store: Waits
    posts: Posts
    reading: Runs
    writing: Runs
    clock: Clock
    undelivered: dict[str, str] = field(default_factory=dict)  # target → why it did not take what was last sent to it
    _strikes: dict[str, int] = field(default_factory=dict)  # target → failures in a row
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _trouble: list[BaseException] = field(default_factory=list)

    @property
    def busy(self) -> int:
        """Targets that something is being delivered to."""
        return len(self._tasks)

    async def due(self, now: datetime) -> None:
        """Begins to deliver what is due. Raises StoreError, also one that ended what was begun before."""
        self._raise()
        for name in await self.reading(self.store.targets_due, now):
            if name not in self._tasks:
                task = asyncio.create_task(self._empty(name), name=f"alerts for {name}")
                self._tasks[name] = task
                task.add_done_callback(lambda done, name=name: self._ended(name, done))  # type: ignore[misc]  # a default binds it

    async def settled(self) -> None:
        """Waits for what was begun. Raises StoreError."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))
        self._raise()

    async def close(self, grace: float = GRACE) -> None:
        """Gives what is under way so many seconds (real ones); what is not delivered then comes again, with the same key."""
        if self._tasks:
            _, late = await asyncio.wait(list(self._tasks.values()), timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _ended(self, name: str, task: asyncio.Task[None]) -> None:
        del self._tasks[name]
        if task.cancelled() or not (error := task.exception()):
            return
        if isinstance(error, StoreError):
            self._trouble.append(error)
        else:  # a bug costs one delivery and leaves its traceback: what was taken comes again by itself
            self.undelivered[name] = f"a bug in wirewatch: {error!r}"
            log.error("a bug while telling %s", name, exc_info=error)

    def _raise(self) -> None:
        if self._trouble:
            raise self._trouble.pop()

    async def _empty(self, name: str) -> None:
        """All that is due for one target, one after the other."""
        target = self.targets.get(name)
        async with self._gate:
            while True:
                now = self.clock.now()
                until = now + (target.wait if target else timedelta(0)) + SLACK
                taken: Sequence[Alert] = await self.writing(self.store.take, name, now, until)
                if not taken:
                    return
                if target is None:
                    await self.writing(self.store.give_up, taken, now, "there is no target of that name any more")
                    continue
                try:
                    await send(target, message(taken), self.posts, now)
                except Rejected as error:
                    await self._gave_up(target, taken, error.message)
                except Undelivered as error:
                    await self._failed(target, taken, error)
                    if error.after is not None or self._strikes[name] >= IN_A_ROW:
                        rest = max(error.after or timedelta(0), _later(self._strikes[name] - IN_A_ROW))
                        now = self.clock.now()
                        await self.writing(self.store.leave_alone, name, now, now + rest, error.message)
                        return
                else:
                    self._strikes.pop(name, None)
                    self.undelivered.pop(name, None)
                    await self.writing(self.store.delivered, taken, self.clock.now())

    async def _failed(self, target: Target, taken: Sequence[Alert], error: Undelivered) -> None:
        strikes = self._strikes[target.name] = self._strikes.get(target.name, 0) + 1
        now, attempts = self.clock.now(), max(one.attempts for one in taken) + 1
        first = taken[0].digest or min(one.made_at for one in taken)
        if now - first > GIVE_UP and max(attempts, strikes) >= LEAST:
            await self._gave_up(target, taken, f"{error.message}, after {(now - first) // timedelta(hours=1)} hours")
            return
        self.undelivered[target.name] = error.message
        (log.info if attempts < IN_A_ROW else log.warning)("an alert waits for %s: %s", target.name, error.message)
        due = now + max(error.after or timedelta(0), _later(attempts - 1))
        await self.writing(self.store.put_off, taken, due, error.message)

    async def _gave_up(self, target: Target, taken: Sequence[Alert], why: str) -> None:
        self.undelivered[target.name] = why
        log.error("%s: told to nobody, as %s did not take it: %s", message(taken).subject, target.name, why)
        await self.writing(self.store.give_up, taken, self.clock.now(), why)


def _later(failures: int) -> timedelta:
    """5 s, 10 s, 20 s … an hour."""
    return min(FIRST_RETRY * (1 << min(max(failures, 0), 16)), LAST_RETRY)
