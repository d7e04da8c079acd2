"""The commands that run something: the main job once, the daemon, and the two engines by themselves. They compose nothing and decide
nothing: they open the app, hand it the words, and say what came of it."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import logs, render
from pipeline.app import App, open_pool
from pipeline.clock import SystemClock
from pipeline.errors import ConfigError, InputError, ItemError, NotAnArticle
from pipeline.lines import Line, article_line, dump, left_line, match_line, outcome_line
from pipeline.model import Article, Runner, Status
from pipeline.polls import Polled
from pipeline.pulse import Pulse
from pipeline.render import counted
from pipeline.rounds import Round, one_shot
from pipeline.serve import place, serving
from pipeline.store.engine import shown
from pipeline.systemd import ServiceManager

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.daemon import Supervisor
    from pipeline.fetch import Fetcher
    from pipeline.processes import Pool

log = logging.getLogger("wirewatch.running")


def ingest_once(config: Config, what: Sequence[str], *, json: bool) -> int:
    """``ingest``. → 0, or 1 when something failed that a later run may mend. Raises ConfigError, InputError, StoreError."""
    _logs(config)
    render.note(f"database: {shown(config.database.url)}")
    with render.Progress() as progress:
        round_ = Round(
            report=progress.around(_printer(json=json)), polled=progress.around(_poll_printer(json=json)), waiting=progress.waiting
        )
        asyncio.run(_once(config, what, round_))
    if not json:
        render.summary(round_.counts)
    for target, why in round_.untold.items():
        render.note(f"alerts for {target} were not delivered, and are tried again by the next run: {why}")
    return 1 if round_.failed else 0


async def _once(config: Config, what: Sequence[str], round_: Round) -> None:
    async with App.open(config) as app:
        await one_shot(app, what, round_)


def _printer(*, json: bool) -> render.Report:
    if json:
        return lambda outcome: render.line(dump(outcome_line(outcome)))
    return render.outcome


def _poll_printer(*, json: bool) -> Callable[[Polled], None]:
    if not json:
        return render.poll

    def both(polled: Polled) -> None:
        render.poll(polled)
        if polled.left:
            render.line(dump(left_line(polled)))

    return both


def run_daemon(config: Config, *, json: bool, serve: str | None = None, reread: Callable[[], Config] | None = None) -> int:
    """``run``. ``serve``: HOST:PORT at which it answers how it is; ``reread``: reads the configuration again, for SIGHUP. → 0 after
    SIGTERM, 130 after Ctrl-C. Raises ConfigError, InputError, StoreError."""
    where = place(serve) if serve else None
    _logs(config)
    render.note(f"database: {shown(config.database.url)}")
    heard = asyncio.run(_daemon(config, where, reread, json=json))
    render.note("stopped; nothing is half-written")
    return 130 if heard == signal.SIGINT else 0


async def _daemon(config: Config, where: tuple[str, int] | None, reread: Callable[[], Config] | None, *, json: bool) -> signal.Signals:
    from pipeline.daemon import run
    from pipeline.store.gauges import gauges

    async with App.open(config) as app, AsyncExitStack() as also:
        pulse = Pulse(clock=app.clock, sources=len(config.sources))
        service = Service(pulse=pulse, manager=ServiceManager.of())
        if where is not None:
            at = await also.enter_async_context(serving(where, pulse, lambda: app.flow.reading(gauges, app.store, app.clock.now())))
            render.note(f"it tells how it is at {at}/healthz, /readyz and /metrics")
        round_ = Round(report=pulse.hearing(_printer(json=json)), polled=_counted(pulse, _poll_printer(json=json)))
        return await run(app, round_, reread=reread, supervisor=service.supervisor(lambda: len(app.config.sources)))


def _counted(pulse: Pulse, report: Callable[[Polled], None]) -> Callable[[Polled], None]:
    def both(polled: Polled) -> None:
        pulse.polls["failed" if polled.trouble else "unchanged" if polled.unchanged else "read"] += 1
        report(polled)

    return both


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What a daemon does is told to the person at the terminal, to the service manager, and kept for whoever asks."""

    pulse: Pulse
    manager: ServiceManager

    def supervisor(self, count: Callable[[], int]) -> Supervisor:
        """``count``: how many sources there are now."""
        from pipeline.daemon import Supervisor

        def started() -> None:
            self.pulse.role, self.pulse.sources = "running", count()
            self._ready(f"watching {counted(count(), 'source')}; stop with Ctrl-C or SIGTERM")

        def standing_by(by: Runner) -> None:
            self.pulse.role = "standing by"
            self._ready(f"{by.place} runs on this database since {by.since:%Y-%m-%d %H:%M} UTC; standing by, to take over when it ends")

        def ticked() -> None:
            self.pulse.beat()
            if self.manager.watchdog:
                self.manager.tell("WATCHDOG=1")

        def reloading() -> None:
            self.manager.tell("RELOADING=1", f"MONOTONIC_USEC={int(self.pulse.clock.monotonic() * 1e6)}")

        def reloaded(wrong: ConfigError | None) -> None:
            self.pulse.reloads["refused" if wrong else "taken"] += 1
            self.pulse.sources = count()
            if wrong:
                log.error("the configuration stays as it was: %s", wrong)
            self._ready(f"the configuration stays as it was: {wrong}" if wrong else f"watching {counted(count(), 'source')} from now on")

        def stopping() -> None:
            self.pulse.role = "stopping"
            self.manager.tell("STOPPING=1")

        return Supervisor(
            started=started, ticked=ticked, reloading=reloading, reloaded=reloaded, stopping=stopping, standing_by=standing_by
        )

    def _ready(self, status: str) -> None:
        render.note(status)
        self.manager.tell("READY=1", f"STATUS={status}")


def _logs(config: Config) -> None:
    logs.start(config.log.format, config.log.level)


# ── the engines ───────────────────────────────────────────────────────────────────────────────────


def extract(config: Config, what: Sequence[str], *, jsonl: bool, json: bool) -> int:
    """``extract``. → 0, or 1 when a page could not be had or read. Raises ConfigError, InputError."""
    if not what and not jsonl:
        raise InputError("name a file or an address, or use --jsonl and send lines")
    return asyncio.run(_extract_lines(config) if jsonl else _extract_named(config, what, json=json))


async def _extract_lines(config: Config) -> int:
    from pipeline import engines

    async with open_pool(config) as pool:
        async for line in engines.extract_lines(pool, SystemClock(), sys.stdin):
            render.line(dump(line))
    return 0


async def _extract_named(config: Config, what: Sequence[str], *, json: bool) -> int:
    from pipeline import engines

    failed = False
    async with _open_engines(config) as (pool, fetcher):
        for one in what:
            try:
                article = await engines.extract_named(pool, SystemClock(), fetcher.fetch, one)
            except ItemError as error:
                failed = failed or (error.status in (Status.RETRY, Status.FAILED) and not isinstance(error, NotAnArticle))
                line: Line = {"id": one, "error": {"kind": error.reason, "message": error.message}}
                if json:
                    render.line(dump(line))
                else:
                    render.problem(one, error)
                continue
            if json:
                render.line(dump({"id": one, **article_line(article)}))
            else:
                render.extracted(article)
    return 1 if failed else 0


def match(config: Config, a: str | None, b: str | None, *, jsonl: bool, json: bool) -> int:
    """``match``. → 0, or 1 when a page could not be had or read. Raises ConfigError, InputError."""
    if jsonl:
        return asyncio.run(_match_lines(config))
    if a is None or b is None:
        raise InputError("name two texts (files, addresses or names of seeds), or use --jsonl and send lines")
    return asyncio.run(_match_named(config, a, b, json=json))


async def _match_lines(config: Config) -> int:
    from pipeline import engines

    async with open_pool(config) as pool:
        async for line in engines.match_lines(pool, sys.stdin):
            render.line(dump(line))
    return 0


async def _match_named(config: Config, a: str, b: str, *, json: bool) -> int:
    from pipeline.app import compare
    from pipeline.match import languages

    async with _open_engines(config) as (pool, fetcher):
        first, second = [await _text(config, pool, fetcher, word) for word in (a, b)]
        verdict = await pool.run(compare, second, first)
    if json:
        render.line(dump({"id": None, **match_line(verdict)}))
    else:
        render.verdict(verdict, first, second)
        if languages.differ(first, second) and not languages.available():
            render.note(f"These are two languages; whether one text translates the other is told with the extra: {languages.EXTRA}")
    return 0


async def _text(config: Config, pool: Pool, fetcher: Fetcher, word: str) -> Article:
    from pipeline import engines
    from pipeline.app import as_article
    from pipeline.seeds import load, parse

    for seed in load(config.seeds):
        if seed.name == word:
            return as_article(seed)
    if Path(word).suffix in (".txt", ".md") and Path(word).is_file():
        return as_article(parse(Path(word).read_text(encoding="utf-8", errors="replace")))
    return await engines.extract_named(pool, SystemClock(), fetcher.fetch, word)


@asynccontextmanager
async def _open_engines(config: Config) -> AsyncIterator[tuple[Pool, Fetcher]]:
    from pipeline.fetch import Fetcher, Policy

    async with open_pool(config) as pool, Fetcher(Policy(**config.fetch.policy()), SystemClock()) as fetcher:
        yield pool, fetcher
