"""A web server on loopback that misbehaves on request: raw sockets, many host names on one port, and a log of what it saw.

What it does is decided by the path; ``site`` overrides paths per host. It runs in the test's own event loop.
"""

from __future__ import annotations

import asyncio
import gzip
import re
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import brotli

PAGE = b"<!doctype html><title>A story</title><p>" + b"The mayor opened the bridge on Monday. " * 40
Handler = Callable[["Seen", asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it arrived. ``at``: of the test's clock; ``connection``: a number for each."""

    host: str
    path: str
    headers: dict[str, str]
    at: float
    connection: int


@dataclass(slots=True)
class EvilServer:
    port: int = 0
    log: list[Seen] = field(default_factory=list)
    open_by_host: dict[str, int] = field(default_factory=dict)
    most_open_by_host: dict[str, int] = field(default_factory=dict)
    now: Callable[[], float] = lambda: 0.0
    connections: int = 0
    site: dict[str, bytes | Handler] = field(default_factory=dict)  # "host/path" or "/path" → raw answer
    release: asyncio.Event = field(default_factory=asyncio.Event)

    def asked(self, path: str, host: str | None = None) -> list[Seen]:
        return [seen for seen in self.log if seen.path == path and host in (None, seen.host)]

    @property
    def pages(self) -> list[Seen]:
        return [seen for seen in self.log if seen.path != "/robots.txt"]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
                seen = Seen(headers.get("host", "").partition(":")[0], head[0].split(" ")[1], headers, self.now(), number)
                self.log.append(seen)
                await self._answer(seen, writer)
                await writer.drain()
                if writer.is_closing():
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, seen: Seen, writer: asyncio.StreamWriter) -> None:
        busy = self.open_by_host[seen.host] = self.open_by_host.get(seen.host, 0) + 1
        self.most_open_by_host[seen.host] = max(self.most_open_by_host.get(seen.host, 0), busy)
        try:
            answer = self.site.get(seen.host + seen.path) or self.site.get(seen.path) or ANSWERS.get(seen.path.partition("?")[0])
            if answer is None:
                answer = reply(b"nothing here", status="404 Not Found") if seen.path == "/robots.txt" else reply(PAGE)
            if isinstance(answer, bytes):
                writer.write(answer)
                if not promised(answer):
                    writer.close()
            else:
                await answer(seen, writer)
        finally:
            self.open_by_host[seen.host] -= 1


def promised(answer: bytes) -> bool:
    """Whether an answer keeps its word, so that the connection may stay open."""
    head, _, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    return (
        (length is not None and int(length[1]) == len(body))
        or b" 304 " in head[:14]
        or b" 204 " in head[:14]
        or body.endswith(b"0\r\n\r\n")
    )


def reply(
    body: bytes = b"", *headers: str, status: str = "200 OK", kind: str | None = "text/html; charset=utf-8", length: int | None = -1
) -> bytes:
    """A raw answer. ``length`` None: none is stated; other than -1: a lie."""
    lines = [f"HTTP/1.1 {status}", *headers]
    if kind:
        lines.append(f"Content-Type: {kind}")
    if length is not None:
        lines.append(f"Content-Length: {len(body) if length == -1 else length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def redirect(to: str, *headers: str, status: str = "302 Found") -> bytes:
    return reply(b"", f"Location: {to}", *headers, status=status)


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n", headers: tuple[str, ...] = ()) -> bytes:
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    lines = ["HTTP/1.1 200 OK", "Content-Type: text/html", "Transfer-Encoding: chunked", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body + end


def raw_deflate(data: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-15)
    return engine.compress(data) + engine.flush()


def coded(data: bytes, coding: str, **more: int) -> bytes:
    return reply(data, f"Content-Encoding: {coding}", length=more.get("length", -1))


async def endless(seen: Seen, writer: asyncio.StreamWriter) -> None:
    writer.write(reply(b"", length=None))
    while True:
        writer.write(b"<p>and so on</p>" * 4096)
        await writer.drain()


async def endless_header(seen: Seen, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: " + b"a" * 4000 + b"\r\n")
        await writer.drain()


def stalls_after(start: bytes) -> Handler:
    async def handler(seen: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        await writer.drain()
        await asyncio.Event().wait()

    return handler


async def drips(seen: Seen, writer: asyncio.StreamWriter) -> None:
    """A byte at a time, each soon enough for the read timeout."""
    writer.write(reply(b"", length=10_000))
    while True:
        writer.write(b"x")
        await writer.drain()
        soon = asyncio.Event()
        asyncio.get_running_loop().call_later(0.02, soon.set)
        await soon.wait()


async def closes(seen: Seen, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def resets(seen: Seen, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


PACKED = gzip.compress(PAGE)
ANSWERS: dict[str, bytes | Handler] = {
    "/gzip": coded(PACKED, "gzip"),
    "/x-gzip": coded(PACKED, "x-gzip"),
    "/deflate": coded(zlib.compress(PAGE), "deflate"),
    "/raw-deflate": coded(raw_deflate(PAGE), "deflate"),
    "/br": coded(brotli.compress(PAGE), "br"),
    "/stacked": coded(brotli.compress(PACKED), "gzip, br"),
    "/twice": coded(gzip.compress(PACKED), "gzip, gzip"),
    "/members": coded(gzip.compress(PAGE[:50]) + gzip.compress(PAGE[50:]), "gzip"),
    "/padded": coded(PACKED + bytes(64), "gzip"),
    "/coded-empty": coded(b"", "gzip"),
    "/odd-coding": coded(PAGE, "utf-8"),
    "/chunked": chunked(PAGE[:100], PAGE[100:]),
    "/until-close": reply(PAGE, length=None),
    "/half-gzip": coded(PACKED[: len(PACKED) // 2], "gzip"),
    "/gzip-no-end": coded(PACKED[:-8], "gzip"),
    "/half-br": coded(brotli.compress(PAGE)[:-3], "br"),
    "/half-deflate": coded(zlib.compress(PAGE)[:-5], "deflate"),
    "/half-gzip-chunked": chunked(PACKED[:60], headers=("Content-Encoding: gzip",)),
    "/not-gzip": coded(PAGE, "gzip"),
    "/short": reply(PAGE[:500], length=len(PAGE)),
    "/chunked-cut": chunked(PAGE[:100], end=b"40\r\nonly a few"),
    "/gzip-bomb": coded(gzip.compress(bytes(60_000_000)), "gzip"),
    "/br-bomb": coded(brotli.compress(bytes(60_000_000), quality=3), "br"),
    "/double-bomb": coded(gzip.compress(gzip.compress(bytes(60_000_000))), "gzip, gzip"),
    "/inner-bomb": coded(gzip.compress(PACKED + bytes(60_000_000)), "gzip, gzip"),
    "/announced": reply(b"x", length=50_000_000),
    "/endless": endless,
    "/endless-header": endless_header,
    "/foreign-coding": coded(PAGE, "compress"),
    "/pdf": reply(b"%PDF-1.7 ...", kind="application/pdf"),
    "/pdf-as-html": reply(b"%PDF-1.7\n" + bytes(900)),
    "/png": reply(b"\x89PNG\r\n\x1a\n" + bytes(900), kind=None),
    "/jpeg-as-html": reply(b"\xff\xd8\xff\xe0" + bytes(900)),
    "/mp4": reply(b"\0\0\0\x20ftypisom" + bytes(900), kind="application/octet-stream"),
    "/zip": reply(b"PK\x03\x04" + bytes(900), kind="application/octet-stream"),
    "/json": reply(b'{"a": 1}', kind="application/json"),
    "/svg": reply(b"<svg/>", kind="image/svg+xml"),
    "/binary": reply(b"\x01\x02\0\x03" * 300),
    "/words": reply(b"just words", kind=None),
    "/untyped": reply(PAGE, kind=None),
    "/octets": reply(PAGE, kind="application/octet-stream"),
    "/utf16": reply("<html>Мост</html>".encode("utf-16"), kind="text/html"),
    "/plain": reply(b"words", kind="text/plain"),
    "/empty": reply(),
    "/204": b"HTTP/1.1 204 No Content\r\n\r\n",
    "/close": closes,
    "/reset": resets,
    "/garbage": b"\x16\x03\x01 this is no HTTP\r\n\r\n",
    "/silent": stalls_after(b""),
    "/stalls": stalls_after(reply(PAGE[:600], length=5000)),
    "/drips": drips,
    "/loop-a": redirect("/loop-b"),
    "/loop-b": redirect("/loop-a"),
    "/nowhere": reply(b"", status="302 Found"),
    "/to-file": redirect("file:///etc/passwd"),
    "/to-script": redirect("javascript:alert(1)"),
    "/to-private": redirect("http://10.0.0.1/admin"),
    "/to-metadata": redirect("http://169.254.169.254/latest/meta-data/"),
    "/to-mapped": redirect("http://[::ffff:10.0.0.1]/"),
    "/to-number": redirect("http://2130706433/"),
    "/to-port": redirect("http://a.example:25/"),
    "/to-relative": redirect("../gzip?x=%7e+%2F#top", status="301 Moved Permanently"),
    "/to-empty": redirect(""),
}
STATUSES = (206, 300, 305, 400, 401, 402, 403, 404, 405, 408, 410, 418, 425, 429, 451, 500, 501, 502, 503, 504, 599, 999)
ANSWERS |= {f"/{status}": reply(b"see status", status=f"{status} Whatever") for status in STATUSES}


@asynccontextmanager
async def evil_server(*, tls: ssl.SSLContext | None = None, now: Callable[[], float] = lambda: 0.0) -> AsyncIterator[EvilServer]:
    """A running server on a port of 127.0.0.1 that the system chose; its connections end with it."""
    evil = EvilServer(now=now)
    tasks: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await evil.serve(reader, writer)
        except asyncio.CancelledError:
            pass  # the end of the test
        finally:
            tasks.discard(task)

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls, limit=2**20)
    evil.port = server.sockets[0].getsockname()[1]
    try:
        yield evil
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
