"""The only place that opens a connection: aiohttp behind the guard, and bodies that are whole or an error."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError, TooLarge
from pipeline.fetch.decode import Body
from pipeline.fetch.explain import explain
from pipeline.fetch.guard import Guard, Target, connect_map
from pipeline.fetch.names import resolver
from pipeline.fetch.policy import Policy
from pipeline.fetch.replies import SNIFFED, Look

if TYPE_CHECKING:
    import aiohttp

_LINE = 64 * 1024  # bytes of one header line: some sites' policy and link headers are larger than the 8 KiB that aiohttp takes


class DroppedError(Exception):
    """The connection was closed before an answer. ``reused``: it was an old one, so the server may not have seen the request."""

    def __init__(self, *, reused: bool = False) -> None:
        self.reused = reused
        super().__init__("closed without an answer")


@dataclass(frozen=True, slots=True)
class Head:
    """Status and headers of an answer; names in lower case, cookies apart. ``took``: seconds from the request to the end of the body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    cookies: tuple[str, ...] = ()
    took: float = 0.0

    def get(self, name: str) -> str | None:
        """The first value of a header; of Content-Encoding, which is a list, all."""
        values = [value for key, value in self.headers if key == name]
        return ", ".join(values) if name == "content-encoding" and values else next(iter(values), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """How an answer is taken.

    ``wants``: sees the head, and may raise; gives None when no body is to be read, else what judges its first bytes (and may raise).
    ``limit``: bytes once decoded: more raise TooLarge, or with ``cut`` stay unread. ``unwrap``: see Body.
    """

    wants: Callable[[Head], Look | None]
    limit: int
    cut: bool = False
    unwrap: bool = False


class Wire:
    """A guarded HTTP client. ``open`` before use, ``close`` after."""

    def __init__(self, policy: Policy) -> None:
        """Raises ConfigError for settings that cannot be used."""
        self._policy = policy
        if policy.proxy and not policy.proxy.startswith(("http://", "https://")):
            raise ConfigError(f"{policy.proxy!r} is not an http address", key="fetch.proxy")
        self.guard = Guard(policy.allow_private, through_proxy=bool(policy.proxy))
        self._connect_map = connect_map({} if policy.proxy else policy.resolve)
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Makes the session. TLS is verified against the machine's authorities, always."""
        import aiohttp

        policy, connect = self._policy, self._policy.connect_timeout.total_seconds()
        trace = aiohttp.TraceConfig()
        trace.on_connection_reuseconn.append(_mark_reused)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0,  # how many hosts at once is the flow's to decide; one connection a host is held by Turns
                ssl=ssl.create_default_context(),
                resolver=resolver(self.guard, self._connect_map, connect, exempt=bool(policy.proxy)),
                socket_factory=self.guard.socket,
            ),
            timeout=aiohttp.ClientTimeout(
                total=policy.total_timeout.total_seconds(), sock_connect=connect, sock_read=policy.read_timeout.total_seconds()
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            max_line_size=_LINE,
            max_field_size=_LINE,
            middlewares=(_no_silent_retry,),
            trace_configs=[trace],
        )

    async def close(self) -> None:
        """Closes what is open; may be called twice."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def ask(self, target: Target, headers: Mapping[str, str], taker: Taker, answered: Callable[[], None]) -> tuple[Head, bytes]:
        """One GET. ``answered`` is called when the answer begins. Raises FetchError, or DroppedError."""
        import aiohttp
        import yarl

        if self._session is None:
            raise RuntimeError("a Fetcher is used inside `async with`")
        note = SimpleNamespace(reused=False)
        began = False
        try:
            url = yarl.URL(target.wire, encoded=True)
            async with self._session.get(
                url, headers=headers, allow_redirects=False, proxy=self._policy.proxy, trace_request_ctx=note
            ) as reply:
                began = True
                answered()
                head = _head(reply)
                look = taker.wants(head)
                return head, b"" if look is None else await _read(reply.content.iter_any(), head, target.place, taker, look)
        except DroppedError:
            raise DroppedError(reused=note.reused) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise explain(error, target, self._policy, began=began) from error


async def _read(chunks: aiohttp.streams.AsyncStreamIterator[bytes], head: Head, place: str, taker: Taker, look: Look) -> bytes:
    length = head.get("content-length") or ""
    if length.isdigit() and int(length) > taker.limit and not taker.cut:
        raise TooLarge(f"{place} announced a body of {int(length):,} bytes; {taker.limit:,} are taken")
    body = Body(head.get("content-encoding"), limit=taker.limit, place=place, unwrap=taker.unwrap)
    whole = bytearray()
    looked = False
    async for chunk in chunks:
        for piece in body.feed(chunk):
            whole += piece
            if len(whole) > taker.limit:
                if taker.cut:
                    return bytes(whole[: taker.limit])
                raise TooLarge(f"{place}: the body is larger than {taker.limit:,} bytes once decoded")
            if not looked and len(whole) >= SNIFFED:
                looked = True
                look(bytes(whole[:SNIFFED]), False)
    for piece in body.finish(empty_is_fine=length == "0"):
        whole += piece
    look(bytes(whole[:SNIFFED]), True)
    return bytes(whole)


def _head(reply: aiohttp.ClientResponse) -> Head:
    pairs = [(name.lower(), _readable(value)) for name, value in reply.headers.items()]
    return Head(
        reply.status,
        tuple((name, value) for name, value in pairs if name not in ("set-cookie", "set-cookie2")),
        tuple(value for name, value in pairs if name == "set-cookie"),
    )


def _readable(value: str) -> str:
    """Header values are bytes: UTF-8 by some, Latin-1 by the old books (RFC 9110 §5.5). Never half a character, which no store takes."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogateescape").decode("latin-1")
    return value


async def _mark_reused(_: aiohttp.ClientSession, context: SimpleNamespace, __: aiohttp.TraceConnectionReuseconnParams) -> None:
    context.trace_request_ctx.reused = True


async def _no_silent_retry(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """aiohttp asks a second time, at once, when a connection was dropped: that would break the host's delay unseen."""
    import aiohttp

    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
        if isinstance(error, aiohttp.ServerTimeoutError):
            raise
        raise DroppedError from error
