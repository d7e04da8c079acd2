"""The way out for what a person wants to be told: a POST to an address that they named themselves.

It may be private, an intranet's or this machine's own: nobody but the person can put an address there, so the guard has no say.
Redirects are not followed, so that no server can send it elsewhere. No robots.txt, no politeness: it is theirs.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from pipeline.clock import Clock
from pipeline.errors import FetchError
from pipeline.fetch import replies
from pipeline.fetch.explain import explain
from pipeline.fetch.guard import parse
from pipeline.fetch.policy import Policy
from pipeline.fetch.politeness import retry_after
from pipeline.model import Answer
from pipeline.text import plain

if TYPE_CHECKING:
    import aiohttp

SAID: Final = 300  # bytes of an answer that are read: what is wrong stands at its beginning


class Poster:
    """An async context manager. TLS is verified against the machine's authorities, always; ``[fetch] proxy`` is used when it is set."""

    def __init__(self, policy: Policy, clock: Clock) -> None:
        self._policy, self._clock = policy, clock
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def post(self, url: str, headers: Mapping[str, str], body: bytes, wait: timedelta) -> Answer:
        """Sends it once. ``wait``: the longest that all of it may take. Raises FetchError when there is no answer; it does not name more
        of the address than its host, as the rest may be a secret."""
        import aiohttp
        import yarl

        try:
            target = parse(url)
        except ValueError as error:
            raise FetchError(f"its address cannot be used: {error}", reason="request") from None
        if self._session is None:
            # a connection for each: an old one that turns out to be closed would leave it open whether it was heard
            connector = aiohttp.TCPConnector(ssl=ssl.create_default_context(), force_close=True)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False)
        began = False
        try:
            async with self._session.post(
                yarl.URL(target.wire, encoded=True),
                data=body,
                headers={"User-Agent": self._policy.agent(), **headers},
                allow_redirects=False,
                proxy=self._policy.proxy,
                timeout=aiohttp.ClientTimeout(total=wait.total_seconds()),
            ) as reply:
                began = True
                said = await reply.content.read(SAID) if reply.status >= 300 else b""
        except TimeoutError:
            raise FetchError(f"{target.place} did not answer within {wait.total_seconds():g} s", reason="timeout") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise explain(error, target, self._policy, began=began) from None
        seconds = retry_after(reply.headers.get("Retry-After"), self._clock.now())
        return Answer(
            status=reply.status,
            phrase=replies.phrase(reply.status),
            after=timedelta(seconds=seconds) if seconds is not None else None,
            said=" ".join(plain(said.decode("utf-8", "replace")).split()),
        )
