"""What a running daemon answers over HTTP: whether it lives, whether it works, and its figures for Prometheus.

    /healthz   200 while it ticks, 503 when it has not for three minutes: restart it
    /readyz    200 while it can do its work (the database answers, and it holds the lease or stands by for it), else 503 and why
    /metrics   text format of Prometheus

Nothing here tells what is watched or stored, only how much.
"""

from __future__ import annotations

import asyncio
import resource
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from pipeline.errors import InputError, StoreError
from pipeline.pulse import Pulse
from pipeline.store.gauges import Gauges

if TYPE_CHECKING:
    from aiohttp import web
    from prometheus_client import Metric

Ask = Callable[[], Awaitable[Gauges]]


def place(text: str) -> tuple[str, int]:
    """ "127.0.0.1:8080", "[::1]:8080", ":8080" (loopback), "8080" → host and port. Raises InputError."""
    host, _, port = text.rpartition(":")
    if not port.isascii() or not port.isdigit() or not int(port) < 65_536:
        raise InputError(f"--serve {text}: write HOST:PORT, as in 127.0.0.1:8080")
    return host.strip("[]") or "127.0.0.1", int(port)


@asynccontextmanager
async def serving(where: tuple[str, int], pulse: Pulse, ask: Ask) -> AsyncIterator[str]:
    """Answers until the block is left. → the address it answers at. Raises InputError when it cannot be taken."""
    from aiohttp import web

    runner = web.AppRunner(_application(pulse, ask), access_log=None, handle_signals=False, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, *where)
        try:
            await site.start()
        except OSError as error:
            raise InputError(f"--serve {where[0]}:{where[1]}: {error.strerror or error}; choose another port") from error
        host, port = runner.addresses[0][:2]
        yield f"http://{f'[{host}]' if ':' in host else host}:{port}"
    finally:
        await runner.cleanup()


def _application(pulse: Pulse, ask: Ask) -> web.Application:
    from aiohttp import web

    async def healthz(_: web.Request) -> web.Response:
        status = 200 if pulse.alive else 503
        return web.json_response(
            {"status": "ok" if pulse.alive else "hangs", "role": pulse.role, "since_tick": round(pulse.age, 1)}, status=status
        )

    async def readyz(_: web.Request) -> web.Response:
        why = "" if pulse.alive else f"no tick for {pulse.age:.0f} s"
        if pulse.role in ("starting", "stopping"):
            why = f"it is {pulse.role}"
        try:
            await asyncio.wait_for(ask(), 5)
        except StoreError as error:
            why = str(error)
        except TimeoutError:
            why = "the database does not answer within 5 s"
        return web.json_response({"status": "not ready" if why else "ready", "role": pulse.role, "why": why}, status=503 if why else 200)

    async def metrics(_: web.Request) -> web.Response:
        try:
            gauges = await ask()
        except StoreError:
            gauges = None
        return web.Response(body=_exposed(pulse, gauges), content_type="text/plain", charset="utf-8")

    application = web.Application()
    application.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)])
    return application


# ── figures ───────────────────────────────────────────────────────────────────────────────────────


def _exposed(pulse: Pulse, gauges: Gauges | None) -> bytes:
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.registry import Collector

    class Now(Collector):
        def collect(self) -> list[Metric]:
            return [*_of_process(pulse, up=gauges is not None), *(_of_store(gauges) if gauges else ())]

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Now())
    return generate_latest(registry)


def _of_process(pulse: Pulse, *, up: bool) -> list[Metric]:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

    counted = []
    for name, told, counts, label in (
        ("wirewatch_outcomes", "Candidates that ended, by status", pulse.outcomes, "status"),
        ("wirewatch_polls", "Polls of sources, by what came of them", pulse.polls, "result"),
        ("wirewatch_reloads", "Configurations read again", pulse.reloads, "result"),
    ):
        family = CounterMetricFamily(name, told, labels=[label])
        for word, count in sorted(counts.items()):
            family.add_metric([word], count)
        counted.append(family)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    unit = 1 if sys.platform == "darwin" else 1024  # getrusage(2): kilobytes on Linux
    role = GaugeMetricFamily(
        "wirewatch_running", "1 while this process holds the lease, 0 while it stands by", value=pulse.role == "running"
    )
    return [
        *counted,
        role,
        GaugeMetricFamily("wirewatch_database_up", "1 while the database answers", value=up),
        GaugeMetricFamily("wirewatch_start_time_seconds", "When it started", value=pulse.since.timestamp()),
        GaugeMetricFamily("wirewatch_tick_age_seconds", "Since the last tick", value=pulse.age),
        GaugeMetricFamily("wirewatch_sources", "Sources in the configuration", value=pulse.sources),
        CounterMetricFamily("wirewatch_cpu_seconds", "CPU of this process alone", value=usage.ru_utime + usage.ru_stime),
        GaugeMetricFamily("wirewatch_memory_peak_bytes", "Largest resident size of this process", value=usage.ru_maxrss * unit),
    ]  # fmt: skip


def _of_store(gauges: Gauges) -> list[Metric]:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

    health = GaugeMetricFamily("wirewatch_sources_by_health", "Sources, by health", labels=["health"])
    for word, count in sorted(gauges.health.items()):
        health.add_metric([word], count)
    return [
        health,
        CounterMetricFamily("wirewatch_versions", "Versions of articles ever stored", value=gauges.versions),
        GaugeMetricFamily("wirewatch_pending", "Candidates that wait", value=gauges.pending),
        GaugeMetricFamily("wirewatch_pending_due", "Candidates that wait and are due", value=gauges.pending_due),
        GaugeMetricFamily("wirewatch_late_seconds", "How long the source that is due longest waits", value=gauges.late.total_seconds()),
        GaugeMetricFamily("wirewatch_alerts_waiting", "Alerts that are not delivered yet", value=gauges.alerts),
        GaugeMetricFamily("wirewatch_database_bytes", "Size of the database", value=gauges.size),
    ]
