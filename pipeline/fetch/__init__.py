"""The one guarded way out: a Request → a whole, decoded Response, or an error that says what happened and whether to try again.

``Fetcher`` reads top to bottom: each hop is checked (guard), allowed (robots), awaited (politeness), asked (wire) and judged (replies).
"""

from __future__ import annotations

import random as chance
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

from pipeline.clock import Clock
from pipeline.errors import AddressRefused, FetchError, RedirectTrouble, TimedOut, Unreachable
from pipeline.fetch import replies
from pipeline.fetch.chain import Jar, hop_headers, plain_headers
from pipeline.fetch.explain import NoNetwork
from pipeline.fetch.guard import AddressError, Target, parse
from pipeline.fetch.memory import Remembers
from pipeline.fetch.policy import Policy
from pipeline.fetch.politeness import LADDER, RestingError, Turns, retry_after
from pipeline.fetch.robots import LIMIT as ROBOTS_LIMIT
from pipeline.fetch.robots import Robots, RobotsReply
from pipeline.fetch.wire import DroppedError, Head, Taker, Wire
from pipeline.model import Request, Response, Validators

__all__ = ["Fetcher", "Policy"]


class Fetcher:
    """Fetches politely and safely. An async context manager; one for the whole program, as it is what remembers the hosts."""

    def __init__(self, policy: Policy, clock: Clock, *, random: chance.Random | None = None, memory: Remembers | None = None) -> None:
        """``random``: where the jitter comes from; ``memory``: where it is kept what hosts are owed, so that a restart breaks no promise.
        Raises ConfigError for settings that cannot be used."""
        self._policy, self._clock = policy, clock
        self._wire = Wire(policy)
        self._turns = Turns(clock, policy.delay, random or chance.SystemRandom(), memory)
        self._robots = Robots(clock, self._ask_robots, memory)
        self._former: list[Wire] = []
        self.busy = 0  # requests on the wire

    async def __aenter__(self) -> Self:
        await self._wire.open()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for wire in (*self._former, self._wire):
            await wire.close()
        await self._turns.keep()

    async def renew(self, policy: Policy) -> None:
        """Goes on under another policy; what is on the wire is finished under the one before. What is known of hosts stays. Raises
        ConfigError, and then goes on as before."""
        if policy == self._policy:
            return
        wire = Wire(policy)
        await wire.open()
        self._former.append(self._wire)
        self._policy, self._wire = policy, wire
        self._turns.renew(policy.delay)

    async def fetch(self, request: Request) -> Response:
        """Fetches one address; redirects are followed. A 304 to the request's validators is a Response with an empty body.

        Raises a subclass of FetchError whose ``url`` is the request's and whose ``after`` says when to try again, if that is known.
        """
        try:
            try:
                return await self._follow(request)
            except RestingError as resting:
                resting.error.asked = False
                raise resting.error from None
        except FetchError as error:
            error.url = request.url
            raise

    async def _follow(self, request: Request) -> Response:
        first = target = self._target(request.url)
        jar, trail, seen = Jar(), list[str](), set[tuple[str, str]]()
        moved: str | None = request.url  # as long as every hop says that it is for good
        while True:
            await self._turns.meet(target.host)
            if self._policy.robots:
                self._turns.slow_down(target.host, await self._robots.check(target))
            cookies = jar.show(target)
            seen.add((target.wire, cookies))
            headers = hop_headers(request, self._policy.agent(), first, target, cookies)
            head, body = await self._ask(target, headers, self._taker(request, target))
            if head.status not in replies.REDIRECTS:
                return replace(self._response(request, target, tuple(trail), head, body), moved_to=moved if trail else None)
            jar.keep(target, head.cookies)
            trail.append(target.url if trail else request.url)
            target = self._next(target, head, len(trail))
            moved = target.url if moved and head.status in replies.FOR_GOOD else None
            if (target.wire, jar.show(target)) in seen:
                raise RedirectTrouble(f"{first.place}: the redirects go round in a circle, back to {target.url}")

    def _target(self, url: str) -> Target:
        """Raises AddressRefused."""
        try:
            target = parse(url)
            self._wire.guard.check(target)
        except AddressError as error:
            raise AddressRefused(f"{url} is refused: {error.strerror}; see [fetch] allow_private if it is yours") from error
        except ValueError as error:
            raise AddressRefused(f"{url} cannot be fetched: {error}") from error
        return target

    def _next(self, target: Target, head: Head, hops: int) -> Target:
        """Where a redirect leads. Raises RedirectTrouble, AddressRefused."""
        location = head.get("location")
        if not location:
            raise RedirectTrouble(f"{target.place} answered {replies.phrase(head.status)} without saying where to")
        if hops > self._policy.max_redirects:
            raise RedirectTrouble(f"{target.place}: more than {self._policy.max_redirects} redirects")
        try:
            url = urljoin(target.wire, location)
            parse(url)
        except ValueError as error:
            raise RedirectTrouble(f"{target.place} redirects to what cannot be fetched, {location!r}: {error}") from error
        return self._target(url)

    def _taker(self, request: Request, target: Target) -> Taker:
        def wants(head: Head) -> replies.Look | None:
            if not 200 <= head.status < 300 or head.status in replies.NO_BODY:
                return None
            return replies.media_check(request.accept, head.get("content-type"), target.place)

        if request.accept != "page":
            limit = self._policy.feed_limit if request.accept == "feed" else self._policy.sitemap_limit
            return Taker(wants=wants, limit=limit, unwrap=True)
        return Taker(wants=wants, limit=self._policy.page_limit)

    async def _ask(self, target: Target, headers: Mapping[str, str], taker: Taker) -> tuple[Head, bytes]:
        """One request, in its turn. When an old connection turns out to be closed, that is no failure (RFC 9110 §9.2.2): it is asked
        once more, in a turn of its own.
        """
        try:
            return await self._ask_once(target, headers, taker, again=False)
        except DroppedError:
            return await self._ask_once(target, headers, taker, again=True)

    async def _ask_once(self, target: Target, headers: Mapping[str, str], taker: Taker, *, again: bool) -> tuple[Head, bytes]:
        async with self._turns.turn(target.host) as turn:
            self.busy += 1
            began = self._clock.monotonic()
            try:
                head, body = await self._wire.ask(target, headers, taker, turn.answered)
            except DroppedError as error:
                if error.reused and not again:
                    raise
                dropped = Unreachable(f"{target.place} closed the connection without an answer")
                self._strike(target, dropped)
                raise dropped from error
            except (Unreachable, TimedOut) as error:
                self._strike(target, error)
                raise
            finally:
                self.busy -= 1
            self._turns.heed(target.host, head.status, retry_after(head.get("retry-after"), self._clock.now()))
            return replace(head, took=self._clock.monotonic() - began), body

    def _strike(self, target: Target, error: FetchError) -> None:
        most = LADDER[0] if isinstance(error, NoNetwork) else LADDER[-1]
        rest = self._turns.failed(target.host, type(error), error.message, at_most=most)
        error.after = None if rest is None else timedelta(seconds=rest)

    async def _ask_robots(self, target: Target) -> RobotsReply:
        taker = Taker(wants=lambda head: _any_bytes if 200 <= head.status < 300 else None, limit=ROBOTS_LIMIT, cut=True)
        head, body = await self._ask(self._target(target.url), plain_headers(self._policy.agent(), "robots"), taker)
        after = retry_after(head.get("retry-after"), self._clock.now())
        return RobotsReply(status=head.status, location=head.get("location"), body=body, after=after)

    def _response(self, request: Request, target: Target, trail: tuple[str, ...], head: Head, body: bytes) -> Response:
        conditional = bool(request.validators) and not trail
        trouble = replies.trouble(head.status, target.place, conditional=conditional, wait=self._turns.held(target.host))
        if trouble is not None:
            raise trouble
        known = request.validators if head.status == 304 else Validators()
        return Response(
            url=target.url,
            requested_url=request.url,
            redirects=trail,
            status=head.status,
            headers=head.headers,
            body=body,
            fetched_at=self._clock.now(),
            took=head.took,
            validators=Validators(etag=head.get("etag") or known.etag, last_modified=head.get("last-modified") or known.last_modified),
        )


def _any_bytes(_: bytes, __: bool) -> None:
    """robots.txt is read whatever it is: what is no rule is passed over (RFC 9309 §2.2)."""
