"""The commands that run a newer engine over what is stored: ``rematch``. They open the app, hand it the words, and say what came of it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from pipeline import render
from pipeline.app import App
from pipeline.errors import ItemError, StoreError
from pipeline.lines import Line, dump
from pipeline.model import Match, Rejudged, Relation, Stored, Task
from pipeline.rejudge import Words
from pipeline.render import RELATIONS, counted, percent
from pipeline.store.engine import exists, shown
from pipeline.text import plain

if TYPE_CHECKING:
    from pipeline.config import Config


def rematch(config: Config, since: tuple[str, datetime] | None, seed: str | None, *, json: bool) -> int:
    """``rematch``. ``since``: as it was written, and what it means. → 0, or 1 when some texts could not be judged. Raises ConfigError,
    InputError, StoreError."""
    url = config.database.url
    render.note(f"database: {shown(url)}")
    if not exists(url):
        raise StoreError(f"{shown(url)}: there is no database yet; `wirewatch ingest` makes one")
    failures: list[int] = []
    with render.Progress() as progress:
        say, note = progress.around(render.line), progress.around(render.note)

        def failed(one: Stored, error: ItemError) -> None:
            failures.append(one.id)
            note(f"#{one.article_id} {one.article.url}: could not be judged and keeps its verdicts: {error.message}")

        async def judge_again() -> Task:
            async with App.open(config) as app:
                return await app.again().run(
                    Words(since=since, seed=seed),
                    began=lambda task: note(_beginning(task)),
                    changed=lambda one: say(dump(_line(one)) if json else _said(one)),
                    at=lambda done, total: progress.at("judging", done, total),
                    failed=failed,
                )

        task = asyncio.run(judge_again())
    told = f"{counted(task.done, 'text')} judged again, {counted(task.changed, 'verdict')} changed"
    (render.note if json else render.line)(told)
    return 1 if failures else 0


def _beginning(task: Task) -> str:
    if task.done:
        return f"going on where it stopped: {task.done} of {counted(task.total, 'text')} are done, {task.changed} verdicts changed so far"
    return f"judging {counted(task.total, 'text')} again; stopped at any point, the same words go on from there"


def _said(one: Rejudged) -> str:
    """ "#12 http://…: was a copy of ferry 87 %, now distinct"."""
    other = one.seed or f"#{one.other_id} {plain(one.other_url)}"
    return f"#{one.article_id} {plain(one.url)}: was {_word(one.was)} {other}{_share(one.was)}, now {_word(one.now)}{_share(one.now)}"


def _word(match: Match | None) -> str:
    return RELATIONS[match.relation if match else Relation.DISTINCT]


def _share(match: Match | None) -> str:
    return f" ({percent(match.coverage)})" if match and match.relation is not Relation.RELATED else ""


def _line(one: Rejudged) -> Line:
    """What ``rematch --json`` prints of a verdict that changed. ``null``: no verdict, the two being distinct."""
    return {
        "article": one.article_id,
        "url": one.url,
        "other": one.other_id,
        "other_url": one.other_url,
        "seed": one.seed,
        "was": _verdict(one.was),
        "now": _verdict(one.now),
    }


def _verdict(match: Match | None) -> Line | None:
    if match is None:
        return None
    shares = {name: round(getattr(match, name), 4) for name in ("coverage", "other_coverage", "similarity")}
    return {"relation": match.relation.value, **shares, "aligned": match.aligned, "why": match.why, "matcher": match.matcher}
