"""robots.txt (RFC 9309), asked for each origin before each request.

4xx: everything is allowed (§2.3.1.3). 5xx, 429 and network errors: nothing is (§2.3.1.4), which is trouble that may pass, so the page
is retried. At most five redirects (§2.3.1.2), 24 hours (§2.4), 500 KiB (§2.5). What is kept is the text, compressed: a parsed file of
60 rules takes 80 KB, and there may be 10,000 hosts.
"""

from __future__ import annotations

import asyncio
import re
import zlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from pipeline.clock import Clock
from pipeline.errors import AddressRefused, Disallowed, FetchError, ItemError, ServerTrouble, Throttled, TimedOut, Unreachable
from pipeline.fetch.explain import NoNetwork
from pipeline.fetch.guard import Target, parse
from pipeline.fetch.memory import Forgets, Remembers, error_named, left
from pipeline.fetch.policy import AGENT_TOKEN
from pipeline.fetch.politeness import LADDER
from pipeline.model import RobotsMemory

if TYPE_CHECKING:
    from protego import Protego

LIMIT = 500 * 1024  # bytes that are read
_FRESH = 24 * 3600.0
_REDIRECTS = 5
_MOST_ORIGINS = 10_000
_SLOW_TO_PARSE = 32 * 1024  # bytes: 500 KiB of rules take up to 1.3 s, so larger files are parsed in a thread
_OUR_LINE = re.compile(rf"^(\s*user-agent\s*:\s*{AGENT_TOKEN})/\S*", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsReply:
    """What the server said when asked for robots.txt: ``location`` for a redirect, ``after``: seconds it asked to wait."""

    status: int
    location: str | None = None
    body: bytes = b""
    after: float | None = None


@dataclass(slots=True)
class _Origin:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    text: bytes | None = None  # compressed; None: never had
    long: bool = False
    asked_again_at: float = -1.0
    trouble: FetchError | None = None
    failures: int = 0
    met: bool = False  # what was kept of it is known


class Robots:
    """Remembers what each origin allows."""

    def __init__(self, clock: Clock, ask: Callable[[Target], Awaitable[RobotsReply]], memory: Remembers | None = None) -> None:
        """``ask``: one guarded, polite request for a robots.txt, redirects not followed. Raises FetchError. ``memory``: where it is kept
        for the next process."""
        self._clock, self._ask, self._memory = clock, ask, memory or Forgets()
        self._origins: OrderedDict[str, _Origin] = OrderedDict()

    async def check(self, target: Target) -> float:
        """Returns the Crawl-delay in seconds (0 when there is none). Raises Disallowed, or a retryable error with ``after`` when
        robots.txt cannot be had, or what ``ask`` raises that is no FetchError.
        """
        origin, asked = self._origin(target.origin), False
        origin.users += 1
        try:
            async with origin.lock:
                if not origin.met:
                    await self._recall(target.origin, origin)
                if self._clock.monotonic() >= origin.asked_again_at:
                    await self._renew(target, origin)
                    asked = True
                    await self._memory.keep((self._memory_of(target.origin, origin),))
        finally:
            origin.users -= 1
        if origin.text is None:
            error = self._not_had(target, origin)
            error.asked = asked
            raise error
        rules = await asyncio.to_thread(_parsed, origin.text) if origin.long else _parsed(origin.text)
        if not rules.can_fetch(target.wire, AGENT_TOKEN):
            raise Disallowed(f"{target.place}: robots.txt does not allow {target.url}", url=target.url)
        delay = rules.crawl_delay(AGENT_TOKEN)
        return float(delay) if delay else 0.0

    async def _recall(self, name: str, origin: _Origin) -> None:
        kept, origin.met = await self._memory.robots(name), True
        if kept is None:
            return
        if kept.text is not None:
            origin.text, origin.long = kept.text, len(zlib.decompress(kept.text)) > _SLOW_TO_PARSE
        if kept.trouble is not None:
            said, reason, message = kept.trouble
            origin.trouble = error_named(said)(message, reason=reason)
        origin.failures = kept.failures
        origin.asked_again_at = self._clock.monotonic() + left(kept.again_at, kept.at, self._clock, _FRESH)

    def _memory_of(self, name: str, origin: _Origin) -> RobotsMemory:
        now, trouble = self._clock.now(), origin.trouble
        return RobotsMemory(
            origin=name, at=now, text=origin.text, again_at=now + timedelta(seconds=origin.asked_again_at - self._clock.monotonic()),
            failures=origin.failures, trouble=(type(trouble).__name__, trouble.reason, trouble.message) if trouble else None,
        )  # fmt: skip

    async def _renew(self, target: Target, origin: _Origin) -> None:
        try:
            reply = await self._read(parse(f"{target.origin}/robots.txt"))
        except AddressRefused:
            raise  # the page's own host: no waiting mends that
        except FetchError as error:
            self._remember_trouble(origin, error)
            return
        origin.text, origin.long = zlib.compress(reply.body[:LIMIT]), len(reply.body) > _SLOW_TO_PARSE
        origin.trouble, origin.failures = None, 0
        origin.asked_again_at = self._clock.monotonic() + _FRESH

    async def _read(self, target: Target) -> RobotsReply:
        """Follows redirects. An empty body stands for "everything is allowed"."""
        first = target
        for _ in range(_REDIRECTS + 1):
            try:
                reply = await self._ask(target)
            except AddressRefused as error:
                if target is first:
                    raise
                raise ServerTrouble(f"it is redirected to an address that is refused: {error.message}") from error
            if 200 <= reply.status < 300:
                return reply
            if reply.status == 429 or reply.status >= 500:
                kind = Throttled if reply.status in (429, 503) else ServerTrouble
                raise kind(f"it answered {reply.status}", after=None if reply.after is None else timedelta(seconds=reply.after))
            if not 300 <= reply.status < 400 or not reply.location:
                break
            try:
                target = parse(urljoin(target.wire, reply.location))
            except ValueError:
                break
        return RobotsReply(status=404)

    def _remember_trouble(self, origin: _Origin, error: FetchError) -> None:
        """Rules that were had before stay in force meanwhile (RFC 9309 §2.4)."""
        pause = LADDER[0] if isinstance(error, NoNetwork) else LADDER[min(origin.failures, len(LADDER) - 1)]
        if error.after is not None:
            pause = error.after.total_seconds()
        origin.failures += 1
        origin.trouble = error
        origin.asked_again_at = self._clock.monotonic() + pause

    def _not_had(self, target: Target, origin: _Origin) -> ItemError:
        trouble = origin.trouble
        assert trouble is not None
        left = timedelta(seconds=max(0.0, origin.asked_again_at - self._clock.monotonic()))
        message = trouble.message  # a host that cannot be reached is the plainer thing to say
        if not isinstance(trouble, Unreachable | TimedOut):
            message = f"{target.place}: robots.txt could not be had, so nothing is fetched there for now: {message}"
        return type(trouble)(message, url=target.url, reason=trouble.reason, after=left)

    def _origin(self, name: str) -> _Origin:
        origin = self._origins.get(name)
        if origin is None:
            origin = self._origins[name] = _Origin()
            if len(self._origins) > _MOST_ORIGINS:
                oldest = next(iter(self._origins))
                if self._origins[oldest].users:
                    self._origins.move_to_end(oldest)
                else:
                    del self._origins[oldest]
        self._origins.move_to_end(name)
        return origin


@lru_cache(maxsize=256)
def _parsed(packed: bytes) -> Protego:
    """Decoded as UTF-8 with or without a byte order mark, whatever else is in it; "wirewatch/1.0" means us too."""
    from protego import Protego

    text = zlib.decompress(packed).decode("utf-8-sig", "replace")
    return Protego.parse(_OUR_LINE.sub(r"\1", text))
