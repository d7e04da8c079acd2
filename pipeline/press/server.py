"""The press's sockets: HTTP/1.1 with keep-alive on loopback, a log of requests, failures on command, and the control path."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pipeline.press.day.world import Day
from pipeline.press.outlets import page_of, truth
from pipeline.press.papers import outlet_of_host
from pipeline.press.replies import REASONS, Prepared, Reply, answer, http_date, prepare
from pipeline.press.world import World

CONTROL = "/-/"
_HEAD_LIMIT = 64 * 1024
_TOLD = ("Retry-After", "Location", "ETag", "Last-Modified")  # headers of answers that the log keeps
_CLOSED = 0  # a "status" on command: the connection closes without an answer


@dataclass(slots=True)
class Failure:
    """The next ``times`` requests that fit the pattern get ``status``."""

    pattern: str
    status: int
    times: int
    retry_after: str | None

    def fits(self, host: str, target: str) -> bool:
        """A bare host name, or a pattern with * over ``http://host/path`` or ``host/path``."""
        address = f"{host}{target}"
        wanted = self.pattern.removeprefix("http://")
        return self.times > 0 and (wanted == host or address == wanted or fnmatchcase(address, wanted))


@dataclass(slots=True)
class Served:
    """What the press remembers while it runs."""

    world: World | Day
    now: datetime
    log: list[dict[str, Any]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    pages: dict[tuple[str, str], Prepared] = field(default_factory=dict)
    epoch: int = -1

    def page(self, host: str, target: str) -> Prepared:
        """The page at an address; made once until the next edition comes out."""
        assert isinstance(self.world, World)
        epoch = self.world.epoch(self.now)
        if epoch != self.epoch:
            self.pages.clear()
            self.epoch = epoch
        made = self.pages.get((host, target))
        if made is None:
            outlet = outlet_of_host(host)
            parts = urlsplit(target)
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            reply = page_of(self.world, outlet, host, parts.path, query, self.now) if outlet else Reply(status=404, body=b"no such host")
            made = self.pages[host, target] = prepare(reply, weak=outlet.weak if outlet else False)
        return made

    def failure(self, host: str, target: str) -> Failure | None:
        """The failure that is due for this request, used up by one."""
        found = next((failure for failure in self.failures if failure.fits(host, target)), None)
        if found:
            found.times -= 1
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def host(self) -> str:
        """The host name of the request, without its port."""
        return self.headers.get("host", "").rpartition("@")[2].partition(":")[0].lower().rstrip(".")


class Press:
    """Serves one world. ``closing`` is set when it was told to stop."""

    def __init__(self, world: World | Day) -> None:
        self.served = Served(world=world, now=world.start)
        self.closing = asyncio.Event()
        self._connections = count(1)
        self._open: set[asyncio.StreamWriter] = set()
        self._asking: dict[str, set[int]] = {}  # host → the open connections on which it was asked

    async def listen(self, port: int) -> asyncio.Server:
        """Binds to loopback alone; 0 takes a free port. Raises OSError."""
        return await asyncio.start_server(self._connection, "127.0.0.1", port, limit=_HEAD_LIMIT, backlog=512)

    def close(self) -> None:
        """Ends the connections that are still open."""
        for writer in list(self._open):
            writer.close()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = next(self._connections)
        self._open.add(writer)
        hosts: set[str] = set()
        try:
            while (asked := await _read(reader)) is not None:
                hosts.add(asked.host)
                self._asking.setdefault(asked.host, set()).add(number)
                raw, keep = self._answer(asked, number)
                writer.write(raw)
                await writer.drain()
                if not keep:
                    break
        except asyncio.CancelledError:
            return  # the press ends; asyncio's streams of 3.11 would report a cancelled connection as a fault
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass  # the other side went away, or does not speak HTTP
        finally:
            self._open.discard(writer)
            for host in hosts:
                self._asking[host].discard(number)
            writer.close()

    def _answer(self, asked: Asked, connection: int) -> tuple[bytes, bool]:
        if asked.target.startswith(CONTROL) and asked.host in ("127.0.0.1", "localhost"):
            status, body = self._control(asked)
            return _raw(asked, status, [("Content-Type", "application/json")], body)
        arrived = time.monotonic()
        failure, tag = self.served.failure(asked.host, asked.target), ""
        if failure is None:
            status, headers, body, tag = self._page(asked)
        else:
            retry = [("Retry-After", failure.retry_after)] if failure.retry_after else []
            status, headers, body = failure.status, [("Date", http_date(self.served.now)), *retry], b"on command"
        self.served.log.append({
            "host": asked.host, "path": asked.target, "method": asked.method, "status": status, "headers": asked.headers,
            "press_time": self.served.now.isoformat(), "at": arrived, "connection": connection, "size": len(body),
            "page": tag, "open": len(self._asking[asked.host]),
            "answered": {name.lower(): value for name, value in headers if name in _TOLD},
        })  # fmt: skip
        return (b"", False) if status == _CLOSED else _raw(asked, status, headers, body)

    def _page(self, asked: Asked) -> tuple[int, list[tuple[str, str]], bytes, str]:
        """Status, headers, body, and what stands for the bytes of the page whoever asks."""
        if asked.method not in ("GET", "HEAD"):
            return 405, [("Allow", "GET, HEAD")], b"", ""
        if isinstance(self.served.world, Day):
            return self.served.world.answer(asked.host, asked.target, asked.headers, self.served.now)
        page = self.served.page(asked.host, asked.target)
        return *answer(page, asked.headers, self.served.now), page.etag

    def _control(self, asked: Asked) -> tuple[int, bytes]:
        served, word = self.served, asked.target.removeprefix(CONTROL).partition("?")[0]
        said: Mapping[str, Any] = json.loads(asked.body or b"{}")
        result: object = None
        match word:
            case "log":
                result = served.log
            case "clear":
                served.log.clear()
            case "clock":
                if "now" in said:
                    served.now = datetime.fromisoformat(said["now"]).astimezone(UTC)
                served.now += timedelta(seconds=said.get("seconds", 0))
                result = served.now.isoformat()
            case "made":
                result = served.world.truth() if isinstance(served.world, Day) else truth(served.world, served.now)
            case "fail":
                served.failures.append(Failure(said["pattern"], said["status"], said["times"], said["retry_after"]))
            case "stop":
                self.closing.set()
            case _:
                return 404, b"null"
        return 200, json.dumps(result).encode()


async def _read(reader: asyncio.StreamReader) -> Asked | None:
    """The next request of a connection; None when it is over. Raises ValueError for what is not HTTP."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")[:-2]
    method, target, _ = first.split(" ")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if not target.startswith("/"):  # absolute form, as proxies get it
        parts = urlsplit(target)
        headers["host"] = parts.netloc
        target = parts._replace(scheme="", netloc="").geturl() or "/"
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method=method, target=target, headers=headers, body=body)


def _raw(asked: Asked, status: int, headers: list[tuple[str, str]], body: bytes) -> tuple[bytes, bool]:
    keep = asked.headers.get("connection", "").lower() != "close"
    bare = status == 304
    lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Unknown')}", *(f"{name}: {value}" for name, value in headers)]
    if not bare:
        lines.append(f"Content-Length: {len(body)}")
    lines += ["Server: press", f"Connection: {'keep-alive' if keep else 'close'}", "", ""]
    return "\r\n".join(lines).encode("latin-1") + (b"" if bare or asked.method == "HEAD" else body), keep
