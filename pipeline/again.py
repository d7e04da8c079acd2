"""The commands that run a newer engine over what is stored: ``rematch``, ``reextract``. They open the app, hand it the words, and say what
came of it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from pipeline import render
from pipeline.app import App, extractor
from pipeline.errors import ItemError, NotAnArticle, StoreError
from pipeline.lines import Line, dump
from pipeline.model import Instant, Match, Rejudged, Relation, Reread, Stored, Task
from pipeline.reextract import Asked, Told
from pipeline.rejudge import Words
from pipeline.render import RELATIONS, counted
from pipeline.shown import share
from pipeline.store.engine import exists, shown
from pipeline.store.read import outlets_called
from pipeline.text import plain

if TYPE_CHECKING:
    from pipeline.config import Config


SHOWN = 80  # characters of a field


def rematch(config: Config, since: tuple[str, datetime] | None, seed: str | None, *, json: bool) -> int:
    """``rematch``. ``since``: as it was written, and what it means. → 0, or 1 when some texts could not be judged. Raises ConfigError,
    InputError, StoreError."""
    _there(config)
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


def _there(config: Config) -> None:
    url = config.database.url
    render.note(f"database: {shown(url)}")
    if not exists(url):
        raise StoreError(f"{shown(url)}: there is no database yet; `wirewatch ingest` makes one")


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
    return f" ({share(match)})" if match else ""


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


# ── pages read again ──────────────────────────────────────────────────────────────────────────────


def reextract(config: Config, since: tuple[str, datetime] | None, outlet: str | None, *, json: bool) -> int:
    """``reextract``. → 0, or 1 when some pages could not be read; those that are no article now are named. Raises ConfigError, InputError,
    StoreError."""
    _there(config)
    failures: list[int] = []
    strange: list[int] = []
    with render.Progress() as progress:
        say, note = progress.around(render.line), progress.around(render.note)

        def failed(one: Stored, error: ItemError) -> None:
            named = f"#{one.article_id} {plain(one.article.url)}"
            if isinstance(error, NotAnArticle):
                strange.append(one.id)
                note(f"{named}: no article to this extractor ({error.reason}: {error.message}); it stays as it was stored")
            else:
                failures.append(one.id)
                note(f"{named}: could not be read again and stays as it was stored: {error.message}")

        async def read_again() -> Task:
            async with App.open(config) as app:
                named = (outlet, await app.flow.reading(outlets_called, app.store, outlet, config.groups)) if outlet else None
                return await app.reread().run(
                    Asked(extractor=extractor(), since=since, outlet=named),
                    Told(
                        began=lambda task: note(_starting(task)),
                        changed=lambda one: say(dump(_reread_line(one)) if json else _reread(one)),
                        at=lambda done, total: progress.at("extracting", done, total),
                        failed=failed,
                    ),
                )

        task = asyncio.run(read_again())
    told = f"{counted(task.done, 'page')} extracted again by {extractor()}, {counted(task.changed, 'text')} put right"
    told += f", {len(strange)} no article now" if strange else ""
    (render.note if json else render.line)(told)
    return 1 if failures else 0


def _starting(task: Task) -> str:
    if task.done:
        return f"going on where it stopped: {task.done} of {counted(task.total, 'page')} are done, {task.changed} put right so far"
    if not task.total:
        return "no such page is kept; [raw] days in wirewatch.toml says how long they are"
    return f"extracting {counted(task.total, 'page')} again; stopped at any point, the same words go on from there"


def _reread(one: Reread) -> str:
    """ "#12 http://…: title "Old" → "New"; text 512 → 498 words"."""
    parts = []
    for name in one.fields:
        was, now = (_value(getattr(article, name)) for article in (one.was, one.now))
        if name == "text":
            parts.append(f"text {counted(len(one.was.text.split()), 'word')} → {len(one.now.text.split())}")
        else:
            parts.append(f"{name} {_short(was)} → {_short(now)}")
    return f"#{one.article_id} {plain(one.now.url)}: {'; '.join(parts)}"


def _reread_line(one: Reread) -> Line:
    """What ``reextract --json`` prints of a version that was put right: what was there, and what is there now."""
    fields = {name: {"was": _json(getattr(one.was, name)), "now": _json(getattr(one.now, name))} for name in one.fields}
    named = {"article": one.article_id, "version": one.version_id, "url": one.now.url, "extractor": one.now.extractor}
    return {**named, "was_extractor": one.was.extractor, "fields": fields}


def _short(said: str) -> str:
    said = f'"{plain(said)}"'
    return said if len(said) <= SHOWN else f"{said[: SHOWN - 1]}…"


def _json(value: object) -> object:
    return list(value) if isinstance(value, tuple) else str(value) if isinstance(value, Instant) else value


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)
