"""Sources watched on a scripted web and a simulated clock, round after round."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from loopback import Loopback, hits

from pipeline.app import App
from pipeline.clock import SimulatedClock
from pipeline.config import Config, load
from pipeline.model import Outcome, SourceState
from pipeline.polls import Polled
from pipeline.rounds import Round, one_shot
from pipeline.store import Store, export

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Watch:
    """A configuration on a scripted web, and a clock that goes on from round to round."""

    def __init__(self, folder: Path, web: Loopback) -> None:
        self.folder, self.web, self.now = folder, web, START
        self.environ: dict[str, str] = {}
        (folder / "seeds").mkdir()
        settings = (
            f'seeds = "{folder}/seeds"\n[fetch]\ndelay = "0s"\nallow_private = ["127.0.0.0/8"]\nresolve = {{"*" = "{web.address}"}}\n'
        )
        (folder / "wirewatch.toml").write_text(
            f'{settings}[database]\nurl = "{folder}/x.sqlite"\n[extract]\nworkers = 1\n', encoding="utf-8"
        )

    def source(self, kind: str, url: str, more: str = "", name: str = "paper") -> None:
        text = f'[[source]]\nname = "{name}"\nkind = "{kind}"\nurl = "{url}"\n{more}\n'
        (self.folder / "sources.toml").write_text(text, encoding="utf-8")

    @property
    def config(self) -> Config:
        return load(self.folder, environ=self.environ)

    def round(self, what: Sequence[str] = (), *, after: timedelta = timedelta(0)) -> tuple[list[Outcome], list[Polled]]:
        """``ingest`` once, so much later. → outcomes, polls."""
        return self.rounds(1, after, what)[0]

    def rounds(self, count: int, after: timedelta, what: Sequence[str] = ()) -> list[tuple[list[Outcome], list[Polled]]]:
        """``ingest`` again and again in one process. The log holds what was asked in the last round; ``history``: in each."""
        told: list[tuple[list[Outcome], list[Polled]]] = []
        self.history: list[list[str]] = []

        async def all_of_them() -> None:
            clock = SimulatedClock(self.now)
            async with App.open(self.config, clock=clock) as app:
                for _ in range(count):
                    clock.advance(after.total_seconds())
                    self.web.clear_log()
                    told.append(([], []))
                    await one_shot(app, what, Round(report=told[-1][0].append, polled=told[-1][1].append))
                    self.history.append([hit.path for hit in self.web.log()])
            self.now = clock.now()

        asyncio.run(all_of_them())
        return told

    def asked(self, host: str) -> list[str]:
        """Paths that were asked for at a host, robots.txt apart."""
        return [hit.path for hit in hits(self.web.log(), host=host.partition("://")[2]) if hit.path != "/robots.txt"]

    def sightings(self) -> list[dict[str, object]]:
        store = Store.open(f"sqlite:///{self.folder}/x.sqlite")
        try:
            return list(export.export(store, "sightings"))
        finally:
            store.close()

    def state(self, name: str = "paper") -> SourceState:
        """What is remembered of a source."""
        store = Store.open(f"sqlite:///{self.folder}/x.sqlite")
        try:
            return store.state(name)
        finally:
            store.close()
