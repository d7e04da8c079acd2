"""What a daemon answers and tells: health and figures over HTTP, signs of life to a service manager, logs."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from prometheus_client.parser import text_string_to_metric_families
from storing import NOW, offered, poll, read, saved

from pipeline import logs
from pipeline.clock import SimulatedClock
from pipeline.errors import InputError, StoreError
from pipeline.model import Outcome, Status
from pipeline.pulse import STALE, Pulse
from pipeline.serve import place, serving
from pipeline.store import Store
from pipeline.store.gauges import Gauges, gauges
from pipeline.systemd import ServiceManager

START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def pulse() -> Pulse:
    found = Pulse(clock=SimulatedClock(START))
    found.role, found.sources = "running", 3
    return found


async def nothing() -> Gauges:
    return Gauges(versions=0, pending=0, pending_due=0, late=timedelta(0))


def asked(pulse: Pulse, path: str, ask: Callable[[], Awaitable[Gauges]] = nothing) -> tuple[int, str]:
    def get(url: str) -> tuple[int, str]:
        where = urlsplit(url)
        connection = HTTPConnection(where.hostname or "", where.port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    async def go() -> tuple[int, str]:
        async with serving(("127.0.0.1", 0), pulse, ask) as url:
            return await asyncio.to_thread(get, url)

    return asyncio.run(go())


def figures(text: str) -> dict[tuple[str, tuple[str, ...]], float]:
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_it_is_healthy_while_it_ticks(pulse: Pulse) -> None:
    assert asked(pulse, "/healthz")[0] == 200
    assert isinstance(pulse.clock, SimulatedClock)
    pulse.clock.advance(STALE + 1)
    status, body = asked(pulse, "/healthz")
    assert (status, json.loads(body)["status"]) == (503, "hangs")
    assert asked(pulse, "/readyz")[0] == 503
    pulse.beat()
    assert (asked(pulse, "/healthz")[0], asked(pulse, "/readyz")[0]) == (200, 200)


def test_a_clock_that_is_set_does_not_make_it_ill(pulse: Pulse) -> None:
    assert isinstance(pulse.clock, SimulatedClock)
    pulse.clock.jump(30 * 86_400)
    assert asked(pulse, "/healthz")[0] == 200


@pytest.mark.parametrize(("role", "status"), [("running", 200), ("standing by", 200), ("starting", 503), ("stopping", 503)])
def test_it_is_ready_once_it_runs_or_stands_by(pulse: Pulse, role: Any, status: int) -> None:
    pulse.role = role
    answered, body = asked(pulse, "/readyz")
    assert (answered, json.loads(body)["role"]) == (status, role)


def test_without_its_database_it_is_alive_and_not_ready(pulse: Pulse) -> None:
    async def refused() -> Gauges:
        raise StoreError("postgresql://db: the server is gone")

    status, body = asked(pulse, "/readyz", refused)
    assert (status, json.loads(body)["why"]) == (503, "postgresql://db: the server is gone")
    assert asked(pulse, "/healthz", refused)[0] == 200
    assert figures(asked(pulse, "/metrics", refused)[1])["wirewatch_database_up", ()] == 0


def test_the_figures_are_those_of_the_store(pulse: Pulse, store_url: str) -> None:
    store = Store.open(store_url)
    saved(store, read("https://one.example/1", "words of one"))
    poll(store, offered("https://one.example/2"), offered("https://one.example/3"))
    report = pulse.hearing(lambda _: None)
    for status in (Status.NEW, Status.NEW, Status.RETRY):
        report(Outcome(url="https://one.example/", source="feed", status=status, reason="", at=NOW))

    async def ask() -> Gauges:
        return await asyncio.to_thread(gauges, store, NOW)

    found = figures(asked(pulse, "/metrics", ask)[1])
    assert found["wirewatch_outcomes_total", ("new",)] == 2
    assert found["wirewatch_outcomes_total", ("retry",)] == 1
    assert (found["wirewatch_versions_total", ()], found["wirewatch_pending", ()], found["wirewatch_pending_due", ()]) == (1, 2, 2)
    assert (found["wirewatch_running", ()], found["wirewatch_database_up", ()], found["wirewatch_sources", ()]) == (1, 1, 3)
    assert found["wirewatch_database_bytes", ()] > 10_000
    store.close()


def test_nothing_else_is_there(pulse: Pulse) -> None:
    assert [asked(pulse, path)[0] for path in ("/", "/metrics/", "/healthz?x=1", "/../etc/passwd")] == [404, 404, 200, 404]


@pytest.mark.parametrize(
    ("text", "found"),
    [("127.0.0.1:80", ("127.0.0.1", 80)), (":8080", ("127.0.0.1", 8080)), ("8080", ("127.0.0.1", 8080)), ("[::1]:9", ("::1", 9))],
)
def test_where_to_serve(text: str, found: tuple[str, int]) -> None:
    assert place(text) == found


@pytest.mark.parametrize("text", ["", "localhost", "host:", "host:port", "host:99999", "host:٣"])
def test_where_not_to(text: str) -> None:
    with pytest.raises(InputError, match="HOST:PORT"):
        place(text)


def test_a_port_that_is_taken_is_named(pulse: Pulse) -> None:
    async def twice() -> None:
        async with serving(("127.0.0.1", 0), pulse, nothing) as url, serving(place(url.rpartition("/")[2]), pulse, nothing):
            pass

    with pytest.raises(InputError, match="choose another port"):
        asyncio.run(twice())


# ── a service manager ─────────────────────────────────────────────────────────────────────────────


def test_a_service_manager_is_told(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "notify"))
        heard.settimeout(5)
        manager = ServiceManager.of({"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "30000000"})
        manager.tell("READY=1", "STATUS=watching 3 sources")
        assert heard.recv(200) == b"READY=1\nSTATUS=watching 3 sources"
        assert manager.watchdog == 30.0
    manager.tell("STOPPING=1")  # nobody listens any more


def test_without_a_service_manager_nothing_happens() -> None:
    ServiceManager.of({}).tell("READY=1")
    assert ServiceManager.of({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}).watchdog is None


# ── logs ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_line_of_the_log_is_an_object(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        logs.start("json", "info")
        logger = logging.getLogger("wirewatch.test")
        logger.info("polled %s", "the paper", extra={"source": "paper", "new": 3})
        logger.debug("not this")
        logging.getLogger("other").info("nor this")
        logger.error("a bug", exc_info=ValueError("no such page"))
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        logging.getLogger("wirewatch").setLevel(logging.NOTSET)
    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert {key: first[key] for key in ("event", "level", "logger", "source", "new")} == {
        "event": "polled the paper", "level": "info", "logger": "wirewatch.test", "source": "paper", "new": 3,
    }  # fmt: skip
    assert "no such page" in second["exception"]
