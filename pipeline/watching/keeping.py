"""``source list``, ``remove``, ``rename``, ``import``, ``export``: what is watched, as a list."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import render, urls
from pipeline.config import SOURCES, Config, editing
from pipeline.config.checking import nearest
from pipeline.discover import opml
from pipeline.errors import ConfigError, InputError, WirewatchError
from pipeline.lines import Line, dump
from pipeline.watching import own_place, telling
from pipeline.watching.adding import bare, name_for

if TYPE_CHECKING:
    from pipeline.store import Store
    from pipeline.store.rows import SourceLine, StoreStatus


def known(config: Config, name: str) -> None:
    """Raises ConfigError with the nearest name when no source is called so."""
    names = [source.name for source in config.sources]
    if name not in names:
        raise ConfigError("there is no source of that name", file=str(config.where / SOURCES), key=name, nearest=nearest(name, names))


def listed(config: Config, status: StoreStatus | None, *, json: bool) -> int:
    """``source list``. ``status``: of the database, None when there is none yet. → 0."""
    states: dict[str, SourceLine] = {line.name: line for line in status.sources} if status else {}
    telling.sources([(source, states.get(source.name)) for source in config.sources], json=json)
    return 0


def remove(config: Config, name: str, *, named: bool, json: bool) -> int:
    """``source remove``: out of sources.toml; the database keeps what came of it. → 0. Raises ConfigError, InputError."""
    known(config, name)
    file = editing.remove(own_place(config, named=named), name)
    if json:
        render.line(dump({"action": "removed", "name": name, "file": str(file)}))
    else:
        render.line(f'"{name}" is no longer watched (taken out of {file}). The articles it brought stay in the database')
    return 0


def rename(config: Config, old: str, new: str, store: Store | None, *, named: bool, json: bool) -> int:
    """``source rename``: in the file and, when there is a database, in it, so that its memory stays. → 0. Raises ConfigError, InputError,
    StoreError; then neither has changed.
    """
    known(config, old)
    if new in {source.name for source in config.sources}:
        raise ConfigError("there is a source of that name already", file=str(config.where / SOURCES), key=new)
    editing.check(config.where, {"name": new, "kind": "feed", "url": "https://paper.example"})  # is it a name?
    place = own_place(config, named=named)
    moved = store.rename_source(old, new) if store else False
    try:
        file = editing.rename(place, old, new)
    except WirewatchError:
        if moved and store:
            store.rename_source(new, old)
        raise
    if json:
        render.line(dump({"action": "renamed", "from": old, "to": new, "memory": moved, "file": str(file)}))
    else:
        kept = "; what the database knows of it stays its own" if moved else ""
        render.line(f'"{old}" is called "{new}" now in {file}{kept}. Restart `wirewatch run` if it runs')
    return 0


# ── lists of other readers ────────────────────────────────────────────────────────────────────────


def import_list(config: Config, file: Path, *, named: bool, dry: bool, json: bool) -> int:
    """``source import``: the feeds of an OPML file, all in one change. Nothing is fetched. → 0. Raises ConfigError, InputError."""
    try:
        body = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from error
    outline = opml.read(body, str(file))
    names = {source.name for source in config.sources}
    watched = {bare(source.url): source.name for source in config.sources}
    entries: list[dict[str, str]] = []
    already: list[tuple[str, str]] = []
    refused = list(outline.refused)
    for feed in outline.feeds:
        if bare(feed.url) in watched:
            already.append((feed.url, watched[bare(feed.url)]))
            continue
        entry = {"name": name_for(feed.url, names), "kind": "feed", "url": feed.url}
        try:
            editing.check(config.where, entry)
        except ConfigError as error:
            refused.append(f"{feed.title or feed.url}: {error.problem}")
            continue
        entries.append(entry)
        names.add(entry["name"])
        watched[bare(feed.url)] = entry["name"]
    place = str(editing.add(own_place(config, named=named), entries)) if entries and not dry else None
    if json:
        rows: list[Line] = [{"action": "none" if dry else "added", **entry} for entry in entries]
        rows += [{"action": "already", "name": name, "kind": "feed", "url": url} for url, name in already]
        rows += [{"action": "refused", "reason": reason} for reason in refused]
        for row in rows:
            render.line(dump(row))
        return 0
    for entry in entries:
        render.line(f"  {'would add' if dry else 'added':<10}{render.cut(entry['name'], 40):<40}  {entry['url']}")
    for url, name in already:
        render.line(f"  already   {render.cut(name, 40):<40}  {url}")
    telling.refusals(refused)
    done = "nothing was written" if dry else f"written to {place}" if place else "nothing to add"
    render.line(f"{render.counted(len(entries), 'feed')}, {len(already)} watched already, {len(refused)} left out; {done}")
    if place:
        render.line("See which of them answer: wirewatch source check")
    return 0


def export_list(config: Config, *, json: bool) -> int:
    """``source export``: the feeds as OPML on stdout; what is no feed is named on stderr. → 0."""
    feeds = [source for source in config.sources if source.kind == "feed"]
    if json:
        for source in feeds:
            render.line(dump(telling.source_line(source)))
    else:
        sys.stdout.write(opml.write(feeds, "What wirewatch watches"))
    for source in config.sources:
        if source.kind != "feed":
            where = source.url if urls.is_http(source.url) else "a path of this machine"
            render.note(f"left out: {source.name} ({source.kind}, {where}): OPML lists feeds only")
    return 0
