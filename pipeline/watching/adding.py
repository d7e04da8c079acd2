"""``source add``: finds what to watch at an address, shows what would come, and writes it down."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

from pipeline import render, urls
from pipeline.app import open_pool
from pipeline.clock import SystemClock
from pipeline.config import SOURCES, Config, editing, spell
from pipeline.discover import KINDS
from pipeline.discover.find import Find
from pipeline.errors import ConfigError, InputError
from pipeline.finding import Choice, Looked, Net, Trail, choose
from pipeline.lines import dump
from pipeline.model import Source, SourceKind, Status
from pipeline.watching import own_place, telling

PATTERN_KEYS = ("url", "title", "keyword")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person said of a source. ``more``: further keys of its entry, as they are written in sources.toml."""

    url: str
    name: str | None = None
    kind: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


def add(config: Config, wish: Wish, *, named: bool, dry: bool, json: bool, ask: Callable[[str], bool] | None = None) -> int:
    """``source add``. ``named``: the configuration was named by the user; ``ask``: asks a person before it writes. → 0.

    Raises ConfigError, InputError, ItemError.
    """
    url = _address(wish.url, folder=wish.kind not in KINDS)
    if wish.name and wish.name in {source.name for source in config.sources}:
        raise ConfigError("there is a source of that name already; choose another --name", file=str(config.where / SOURCES), key=wish.name)
    if known := _watched(config, url):
        return _already(known, json=json)
    kind = wish.kind or ("feed" if urls.is_http(url) else _kind_of(Path(url)))
    draft = editing.check(config.where, _entry(wish, wish.name or name_for(url, ()), kind, url))
    chosen = asyncio.run(_choose(config, draft, said=wish.kind is not None)) if draft.kind in KINDS else None
    made = chosen.best.find if chosen else Find(url=url, kind=kind, why="a file or folder of this machine")
    if known := _watched(config, made.url):
        return _already(known, json=json)
    outlet = chosen.outlet if chosen else None
    name = wish.name or name_for(f"https://{outlet}/" if outlet else made.url, {source.name for source in config.sources})
    entry = _entry(wish, name, made.kind, made.url)
    if outlet:
        entry.setdefault("outlet", outlet)
    source = editing.check(config.where, entry)
    if chosen and not json:
        telling.choice(chosen)
    told = telling.choice_line(chosen) if chosen else {"url": url, "kind": kind}
    if dry or (ask and not ask(f'Watch it as "{name}"?')):
        if json:
            render.line(dump({"action": "none", **telling.source_line(source), **told}))
        else:
            render.line(f'nothing was written; it would be called "{name}"')
        return 0
    file = editing.add(own_place(config, named=named), [entry])
    if json:
        render.line(dump({"action": "added", **telling.source_line(source), **told, "file": str(file)}))
    else:
        render.line(f'added as "{name}" to {file}. Ask it now: wirewatch ingest {name}')
    return 0


@asynccontextmanager
async def online(config: Config, *, pages: bool) -> AsyncIterator[Net]:
    """The fetcher and the processes, open. ``pages``: whether articles are read, too. Raises ConfigError."""
    from pipeline.fetch import Fetcher, Policy

    clock = SystemClock()
    async with open_pool(config, pages=pages) as pool, Fetcher(Policy(**config.fetch.policy()), clock) as fetcher:
        yield Net(fetcher.fetch, pool, clock, config.discover.backfill)


async def _choose(config: Config, draft: Source, *, said: bool) -> Choice:
    if not said:
        render.note(f"looking for what can be watched at {draft.url}; {spell(config.fetch.delay)} between two requests to a host")
    async with online(config, pages=False) as net:
        if not said:
            return await choose(net, draft)
        looked = await look(net, draft)
    if looked.error:
        if looked.error.status is Status.RETRY:
            raise looked.error
        raise InputError(f"{draft.url} cannot be watched as {draft.kind}: {looked.trouble}")
    return Choice(best=looked)


async def look(net: Net, source: Source) -> Looked:
    """A source as it is said to be: what it holds, or why not."""
    return await Trail(net=net, draft=source).ask(Find(url=source.url, kind=source.kind, why="as you said"))


def name_for(url: str, taken: Collection[str]) -> str:
    """A name from the outlet that is not taken: "harborledger", else with a word of the path, else with a number."""
    if not urls.is_http(url):
        base = Path(url).name.partition(".")[0]
    else:
        base = (urls.outlet(url) or "").partition(".")[0]
        if base.startswith("xn--"):
            with suppress(ValueError):  # what is no punycode stays as it is
                base = base.encode("ascii").decode("idna")
        if re.fullmatch(r"[\d.:\[\]]*", base):
            base = urls.host(url)
    base = re.sub(r"[^\w-]+", "-", base).strip("-_") or "source"
    words = [re.sub(r"\.\w{2,4}\Z", "", part).lower() for part in urlsplit(url).path.split("/")]
    word = next((word for word in reversed(words) if re.fullmatch(r"[^\W\d_][\w-]{2,30}", word) and word not in _DULL), None)
    tries = chain([base], [f"{base}-{word}"] if word else [], (f"{base}-{number}" for number in count(2)))
    return next(name for name in tries if name not in taken)


_DULL = frozenset(
    ("rss", "feed", "feeds", "atom", "index", "rdf", "sitemap", "sitemaps", "xml", "default", "posts", "news-sitemap", "sitemap_index")
)


def patterns(given: Sequence[str]) -> dict[str, list[str]]:
    """ "title:Live*" and "keyword:ferry" as the keys of an entry's ``include`` or ``exclude``; what names no key is an address's."""
    told: dict[str, list[str]] = {}
    for text in given:
        key, colon, pattern = text.partition(":")
        key, pattern = (key, pattern) if colon and key in PATTERN_KEYS else ("url", text)
        told.setdefault(key, []).append(pattern)
    return told


def bare(url: str) -> str:
    """Equal for two addresses that are one source: without scheme and last slash."""
    return urls.canonical(url).partition("://")[2].rstrip("/") if urls.is_http(url) else url


def _watched(config: Config, url: str) -> Source | None:
    return next((source for source in config.sources if bare(source.url) == bare(url)), None)


def _already(known: Source, *, json: bool) -> int:
    if json:
        render.line(dump({"action": "already", **telling.source_line(known)}))
    else:
        render.line(f'{known.url} is watched already, as "{known.name}"; nothing was written')
    return 0


def _address(said: str, *, folder: bool) -> str:
    """An http(s) address, or a path; a bare "paper.example" is one at https. Raises InputError."""
    if urls.is_http(said):
        return urls.cleaned(said)
    if folder and Path(said).expanduser().exists():
        return str(Path(said).expanduser().absolute())
    if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?].*)?", said) and urls.is_http(f"https://{said}"):
        return urls.cleaned(f"https://{said}")
    try:
        urls.cleaned(said)
    except ValueError as error:
        raise InputError(f"{said}: {error}, and no file or folder; write https://…") from None
    raise InputError(f"{said}: no address")


def _kind_of(path: Path) -> str:
    """A web archive, where this version reads them; else files."""
    archive = path.name.lower().endswith((".warc", ".warc.gz")) and "warc" in get_args(SourceKind)
    return "warc" if archive else "files"


def _entry(wish: Wish, name: str, kind: str, url: str) -> dict[str, Any]:
    return {"name": name, "kind": kind, "url": url} | {key: value for key, value in wish.more.items() if value}
