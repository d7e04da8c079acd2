"""``watch list``, ``check``, ``test``: what people listen for, what a rule would have told, whether it reaches anybody."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from pipeline import cron, render
from pipeline.clock import Clock
from pipeline.config import SOURCES
from pipeline.config.checking import nearest
from pipeline.errors import ConfigError, Undelivered
from pipeline.ledgers import fares
from pipeline.lines import Line, dump
from pipeline.model import Rule, Target, Waiting
from pipeline.notify import send
from pipeline.notify.wording import payload, sentence, test_message

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.store import Store

_SAID: Mapping[str, str] = {
    "seeds": "seed",
    "relations": "relation",
    "keywords": "keywords",
    "outlets": "outlet",
    "languages": "language",
    "sources": "source",
    "changes": "change",
    "states": "health",
}


def rule(config: Config, name: str) -> Rule:
    """The rule of this name. Raises ConfigError with the nearest."""
    for one in config.rules:
        if one.name == name:
            return one
    names = [one.name for one in config.rules]
    raise ConfigError("there is no [[watch]] of that name", file=str(config.where / SOURCES), key=name, nearest=nearest(name, names))


def listed(config: Config, waiting: tuple[Waiting, ...], now: datetime, *, json: bool) -> int:
    """``watch list``. ``waiting``: how each target fares. → 0."""
    by_name = {line.target: line for line in waiting}
    if not config.rules and not json:
        render.line(f"Nothing is listened for. Write a [[watch]] into {config.where / SOURCES}; the file says how")
    for one in config.rules:
        due = cron.upcoming(one.digest, one.zone, now) if one.digest else None
        if json:
            given = {key: value for key, value in dataclasses.asdict(one).items() if value not in ((), "", None)}
            within = {"within": one.within.total_seconds()} if one.within else {}
            render.line(dump(given | within | {"next_digest": due.isoformat() if due else None}))
            continue
        said = "; ".join(f"{word} {_words(getattr(one, key))}" for key, word in _SAID.items() if getattr(one, key))
        render.line(f"{one.name}: {', '.join(one.events)}" + (f"; {said}" if said else ""))
        when = f", all together by {one.digest} ({one.zone}), next at {due:%Y-%m-%d %H:%M} UTC" if due else ", each at once"
        render.line(f"    to {', '.join(_target(config.targets[name]) for name in one.to)}{when}")
        for name in one.to:
            if (line := by_name.get(name)) and (line.waiting or line.failed):
                render.line(f"    {fares(line)}")
    return 0


def _words(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else ", ".join(value)


def _target(target: Target) -> str:
    return target.name if target.name == target.kind else f"{target.name} ({target.kind})"


def check(config: Config, name: str, store: Store | None, since: datetime, *, json: bool) -> int:
    """``watch check``: what a rule would have told since then of what is stored. → 0. Raises ConfigError."""
    from pipeline.store import alerts

    one = dataclasses.replace(rule(config, name), to=("check",), digest="")
    count = 0
    for made in alerts.past(store, one, since) if store else ():
        count += 1
        if json:
            told: Line = payload(made)
            render.line(dump(told | {"id": None}))
            continue
        render.line(f"{made.made_at:%Y-%m-%d %H:%M}  {sentence(made)}")
        if made.facts.get("url"):
            render.line(f"                  {render.cut(str(made.facts['url']), 2_000)}")
    render.note(f"{render.counted(count, 'alert')} of {name} since {since:%Y-%m-%d %H:%M} UTC, had it been there; nothing was sent")
    return 0


def test(config: Config, name: str, clock: Clock, *, json: bool) -> int:
    """``watch test``: one message to each target of a rule, or to the target of that name. → 0; 1 when one could not be reached. Raises
    ConfigError."""
    if name in config.targets and name not in {one.name for one in config.rules}:
        about, targets = "a test", [config.targets[name]]
    else:
        found = rule(config, name)
        about, targets = found.name, [config.targets[one] for one in found.to]
    troubles = asyncio.run(_test(config, about, targets, clock))
    for target, trouble in zip(targets, troubles, strict=True):
        if json:
            render.line(dump({"target": target.name, "kind": target.kind, "delivered": not trouble, "trouble": trouble or None}))
        else:
            render.line(f"{_target(target)}: " + (f"not delivered: {trouble}" if trouble else "delivered"))
    return 1 if any(troubles) else 0


async def _test(config: Config, about: str, targets: list[Target], clock: Clock) -> list[str]:
    from pipeline.fetch import Policy
    from pipeline.fetch.post import Poster

    async with Poster(Policy(**config.fetch.policy()), clock) as posts:

        async def one(target: Target) -> str:
            try:
                await send(target, test_message(about, target.name, clock.now()), posts, clock.now())
            except Undelivered as error:
                return error.message
            return ""

        return list(await asyncio.gather(*(one(target) for target in targets)))
