"""What is wrong with this installation, and what to do: ``doctor``. Each check is one line with its mend; nothing is changed.

✓ all is well · ! good to know · ✗ a person should mend it. Exit code: 2 for a configuration that cannot be used, 3 for such a database,
1 when anything else is wrong, 0 for notes only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from pipeline import render
from pipeline.clock import Clock
from pipeline.doctor import configured, program, stored
from pipeline.doctor.check import Check, State
from pipeline.errors import ConfigError
from pipeline.lines import dump
from pipeline.text import plain

if TYPE_CHECKING:
    from pipeline.config import Config

__all__ = ["Check", "examine"]

MARKS: Final[dict[State, str]] = {"ok": "✓", "note": "!", "wrong": "✗"}


def examine(load: Callable[[], Config], fallback: str, clock: Clock, *, online: bool, json: bool) -> int:
    """Every check, printed as it comes. ``load``: reads the configuration; ``fallback``: the database looked at when that cannot be read.
    → the exit code."""
    worst: set[int] = set()
    for check in _checks(load, fallback, clock, online=online):
        if check.state == "wrong":
            worst.add(check.code)
        if json:
            render.line(dump({"check": check.name, "state": check.state, "said": check.said, "mend": check.mend or None}))
        else:
            _show(check)
    return next((code for code in (2, 3, 1) if code in worst), 0)


def _show(check: Check) -> None:
    head = f"{MARKS[check.state]} {check.name:<14}"
    for number, row in enumerate(render.wrapped(plain(check.said), len(head))):
        render.line((" " * len(head) if number else head) + row)
    for number, row in enumerate(render.wrapped(plain(check.mend), len(head) + 2) if check.mend else ()):
        render.line(" " * len(head) + ("  " if number else "→ ") + row)


def _checks(load: Callable[[], Config], fallback: str, clock: Clock, *, online: bool) -> Iterator[Check]:
    yield from program.python()
    config: Config | None = None
    try:
        config = load()
    except ConfigError as error:
        yield Check(name="configuration", state="wrong", said=str(error), mend="mend this line; what follows is checked without it", code=2)
    if config is not None:
        yield from configured.settings(config)
        yield from configured.seeds(config)
        yield from configured.alerts(config)
    yield from stored.clock(clock.now())
    yield from stored.database(config.database.url if config else fallback, clock.now())
    yield from asyncio.run(program.processes())
    yield from program.comfort()
    if online and config is not None:
        yield from asyncio.run(configured.online(config, clock))
