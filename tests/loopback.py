"""A scripted web of many hosts on one loopback port. Standard library only; imports nothing of the product, or it would certify it.

Hosts are told apart by the Host header. An address without a script answers 404. Tests read the log of requests and wait on it.
"""

from __future__ import annotations

import hashlib
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import urlsplit

HTML = "text/html; charset=utf-8"
RSS = "application/rss+xml; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One scripted answer.

    ``length``: the Content-Length that is claimed, when it is not the real one (the connection is closed after the body).
    ``etag``: answer If-None-Match with 304. ``drop``: reset the connection instead of answering.
    ``hold``: wait until this event is set before answering, for at most 60 s.
    """

    body: bytes | Callable[[], bytes] = b""
    status: int = 200
    kind: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    etag: bool = True
    drop: bool = False
    hold: threading.Event | None = None

    def read(self) -> bytes:
        return self.body() if callable(self.body) else self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One request as it was answered. ``headers``: names in lower case; ``body``: of a POST."""

    host: str
    path: str
    status: int
    headers: Mapping[str, str]
    method: str = "GET"
    body: bytes = b""

    @property
    def url(self) -> str:
        return f"http://{self.host}{self.path}"

    @property
    def conditional(self) -> bool:
        return "if-none-match" in self.headers or "if-modified-since" in self.headers


class Loopback:
    """``with Loopback() as web:`` serves until the block ends. ``web.port`` is the port; scripts may change while it runs."""

    def __init__(self) -> None:
        self._scripts: dict[tuple[str, str], Reply] = {}
        self._first: dict[tuple[str, str], list[Reply]] = {}
        self._log: list[Hit] = []
        self._changed = threading.Condition()
        self._server = _Server(("127.0.0.1", 0), self)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> Loopback:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def address(self) -> str:
        """What a host name is resolved to: "127.0.0.1:PORT"."""
        return f"127.0.0.1:{self.port}"

    def reply(self, url: str, reply: Reply) -> str:
        """Scripts an address. Returns the address."""
        with self._changed:
            self._scripts[_place(url)] = reply
        return url

    def page(self, url: str, body: str | bytes, **more: object) -> str:
        """An HTML page (or any other body, with ``kind=``). Returns the address."""
        raw = body.encode() if isinstance(body, str) else body
        return self.reply(url, replace(Reply(body=raw), **more))  # type: ignore[arg-type]  # names of Reply's fields

    def feed(self, url: str, body: str | bytes, **more: object) -> str:
        """A feed. Returns its address."""
        return self.page(url, body, **{"kind": RSS, **more})

    def first(self, url: str, *replies: Reply) -> None:
        """These answers come first, one for each request; then the address's own."""
        with self._changed:
            self._first[_place(url)] = list(replies)

    def log(self) -> list[Hit]:
        with self._changed:
            return list(self._log)

    def clear_log(self) -> None:
        with self._changed:
            self._log.clear()

    def wait(self, enough: Callable[[list[Hit]], bool], timeout: float = 60.0) -> bool:
        """Blocks until the log is as asked for; False when it was not within ``timeout`` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: enough(self._log), timeout)

    def choose(self, host: str, path: str) -> Reply:
        """The answer that is due for an address. The query is ignored when the address with it has no script."""
        with self._changed:
            for place in ((host, path), (host, path.partition("?")[0])):
                if self._first.get(place):
                    return self._first[place].pop(0)
                if place in self._scripts:
                    return self._scripts[place]
        return Reply(body=b"<html><title>Not found</title><p>There is nothing here.</html>", status=404, etag=False)

    def note(self, hit: Hit) -> None:
        with self._changed:
            self._log.append(hit)
            self._changed.notify_all()


def closed_port() -> int:
    """A loopback port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def hits(log: Iterable[Hit], *, host: str | None = None, path: str | None = None) -> list[Hit]:
    """The requests for a host, a path, or both."""
    return [hit for hit in log if host in (None, hit.host) and path in (None, hit.path)]


def _place(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return (parts.hostname or "", path)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], web: Loopback) -> None:
        self.web = web
        super().__init__(address, _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away (killed, or done with us) is part of the tests: not worth a line."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    disable_nagle_algorithm = True
    wbufsize = -1  # a whole answer in one segment

    def do_GET(self) -> None:  # the name is the standard library's
        host = (self.headers.get("Host") or "").rsplit(":", 1)[0].lower()
        given = {name.lower(): value for name, value in self.headers.items()}
        sent = self.rfile.read(int(given.get("content-length", "0"))) if self.command == "POST" else b""
        reply = self.server.web.choose(host, self.path)
        if reply.hold is not None:
            reply.hold.wait(60)
        body = reply.read()
        tag = '"' + hashlib.sha256(body).hexdigest()[:24] + '"' if reply.etag and reply.status == 200 else None
        status = 304 if tag and given.get("if-none-match") == tag else reply.status
        status_ = 0 if reply.drop else status
        self.server.web.note(Hit(host=host, path=self.path, status=status_, headers=given, method=self.command, body=sent))
        if reply.drop:
            self._reset()
            return
        self._answer(reply, status, b"" if status == 304 else body, tag)

    do_HEAD = do_POST = do_GET  # noqa: N815  # the standard library's names

    def _answer(self, reply: Reply, status: int, body: bytes, tag: str | None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", reply.kind)
        if tag:
            self.send_header("ETag", tag)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body) if reply.length is None else reply.length))
        if reply.length is not None:
            self.close_connection = True
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the standard library's name
        """The log is read by tests, not printed."""
