"""``source check``: what would come of a source, and why not. Asks the source and a few of its pages; nothing is written anywhere."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import render, urls
from pipeline.app import read_page
from pipeline.clock import Clock
from pipeline.config import Config, editing
from pipeline.discover import KINDS, files
from pipeline.errors import InputError, ItemError
from pipeline.finding import SILENT, Looked, Net, as_source, choose, newest_first
from pipeline.lines import dump
from pipeline.model import Candidate, Found, Outlet, Request, Source, Status
from pipeline.render import counted
from pipeline.watching import telling
from pipeline.watching.adding import look, name_for, online
from pipeline.watching.keeping import known

if TYPE_CHECKING:
    from pipeline.store import Store

PAGES = 3  # of the newest, so that walls and robots.txt are met before the source is relied on
LINES = 1000  # of files on disk
AT_ONCE = 8
WALLS = frozenset(("consent", "paywall", "challenge", "login"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a source is worth today. ``pages``: address → "article" or why its page is none; ``stored``: how many entries are known;
    ``outlet``: who prints them, with what was learned of it."""

    source: Source
    verdict: str
    why: str
    found: Found | None = None
    pages: dict[str, str] = field(default_factory=dict)
    stored: int | None = None
    outlet: Outlet | None = None


def check(config: Config, what: Sequence[str], store: Store | None, *, json: bool) -> int:
    """``source check``: those named, an address, or all. → 0, or 1 when something failed that a later run may mend. Raises ConfigError."""
    by_name = {source.name: source for source in config.sources}
    asked: list[Source] = []
    for word in what:
        if word not in by_name and urls.is_http(word):
            asked.append(editing.check(config.where, {"name": name_for(word, by_name), "kind": "feed", "url": urls.cleaned(word)}))
            continue
        known(config, word)
        asked.append(by_name[word])
    passing = asyncio.run(_all(config, asked if what else list(config.sources), store, by_name, json=json))
    return 1 if passing else 0


async def _all(config: Config, sources: Sequence[Source], store: Store | None, by_name: dict[str, Source], *, json: bool) -> bool:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(net: Net, source: Source) -> Report:
        async with gate:
            if source.kind not in KINDS:  # what is read from a disk
                report = await asyncio.to_thread(_files, source, net.clock)
            else:
                report = await _report(net, source, said=source.name in by_name)
        if store is None:
            return report
        stored, outlet = await asyncio.to_thread(_stored, store, report.found), await asyncio.to_thread(_outlet, store, report)
        return replace(report, stored=stored, outlet=outlet)

    passing = False
    async with online(config, pages=True) as net:
        for waiting in [asyncio.ensure_future(one(net, source)) for source in sources]:
            report = await waiting
            passing = passing or report.verdict == "failing"
            _tell(report, json=json)
    return passing


async def _report(net: Net, source: Source, *, said: bool) -> Report:
    """``said``: its kind was said by its owner; else what answers decides."""
    try:
        looked = await look(net, source) if said else (await choose(net, source)).best
    except ItemError as error:
        return _failed(source, error)
    except InputError as error:  # nothing to be found at an address that was named
        return Report(source=source, verdict="unreadable", why=str(error))
    source = as_source(source, looked.find)
    if looked.error or looked.found is None:
        return _failed(source, looked.error or ItemError("nothing was read"))
    found = looked.found
    if found.follow:
        found = await _with_parts(net, source, found)
    pages = {one.url: await _page(net, one) for one in newest_first(found)[:PAGES]}
    verdict, why = _judged(replace(looked, found=found), pages)
    return Report(source=source, verdict=verdict, why=why, found=found, pages=pages)


def _failed(source: Source, error: ItemError) -> Report:
    """ "failing" may pass by itself; the others will not."""
    verdict = "failing" if error.status is Status.RETRY else error.reason if error.reason in ("disallowed", "gone") else "unreadable"
    return Report(source=source, verdict=verdict, why=f"{error.reason}: {error.message}")


def _judged(looked: Looked, pages: dict[str, str]) -> tuple[str, str]:
    """A word for a source that was read, and what it rests on."""
    if not looked.usable or not pages:
        return "empty", "it can be read, and holds nothing now"
    counts = Counter(pages.values())
    told = ", ".join(reason + (f" ×{count}" if count > 1 else "") for reason, count in counts.most_common())
    asked = f"{counted(len(pages), 'page')} asked: {told}"
    if counts["article"] or counts["truncated"]:
        if looked.silent:
            return "silent", f"the newest entry is older than {SILENT.days} days; {asked}"
        return ("works" if counts["article"] else "truncated"), asked
    worst = counts.most_common(1)[0][0]
    return ("walled" if worst in WALLS else worst if worst == "disallowed" else "no articles"), asked


async def _with_parts(net: Net, source: Source, found: Found) -> Found:
    """An index holds nothing itself: its first and its last part are looked into."""
    candidates, refused = list(found.candidates), list(found.refused)
    for url in dict.fromkeys(child.url for child in (found.follow[0], found.follow[-1])):
        try:
            part = await net.discover(await net.ask(url, source), replace(source, url=url))
        except ItemError as error:
            refused.append(f"{url}: {error.reason}: {error.message}")
            continue
        candidates += part.candidates
        refused += part.refused
    return replace(found, candidates=tuple(candidates), refused=tuple(refused))


async def _page(net: Net, one: Candidate) -> str:
    """ "article", or why the page of a candidate is none."""
    try:
        response = one.response or await net.fetch(Request(url=urls.cleaned(one.url)))
        read = await net.pool.run(read_page, response, one.hints, None)
    except ItemError as error:
        return error.reason
    return "article" if read.article.completeness == "full" else read.article.completeness


def _files(source: Source, clock: Clock) -> Report:
    """What a file or folder holds, as far as its first lines tell."""
    if not Path(source.url).exists():
        return Report(source=source, verdict="gone", why=f"{source.url}: there is no such file or folder")
    items = list(islice(files.read(Path(source.url), source.name, clock.now()), LINES))
    refused = tuple(f"{item.url}: {item.message}" for item in items if isinstance(item, ItemError))
    found = Found(candidates=tuple(item for item in items if isinstance(item, Candidate)), refused=refused)
    more = f"; only the first {LINES} were looked at" if len(items) == LINES else ""
    verdict = "works" if found.candidates else "empty"
    return Report(source=source, verdict=verdict, why=f"{len(found.candidates)} can be read, {len(refused)} cannot{more}", found=found)


def _stored(store: Store, found: Found | None) -> int | None:
    """How many of the entries are articles that the database knows."""
    if found is None:
        return None
    return sum(store.known(urls.keys(one.url, guid=one.hints.guid)) is not None for one in found.candidates[:LINES])


def _outlet(store: Store, report: Report) -> Outlet | None:
    """The outlet of most of what would come, or of the source itself."""
    domains = Counter(urls.outlet(one.url) for one in (report.found.candidates if report.found else ()) if urls.is_http(one.url))
    said = report.source.outlet or (domains.most_common(1)[0][0] if domains else None)
    domain = said or (urls.outlet(report.source.url) if urls.is_http(report.source.url) else None)
    return store.outlet(domain) if domain else None


def _tell(report: Report, *, json: bool) -> None:
    if json:
        told = {"source": report.source.name, "kind": report.source.kind, "url": report.source.url}
        verdict = {"verdict": report.verdict, "why": report.why, "stored": report.stored}
        render.line(
            dump({**told, **verdict, **telling.found_line(report.found, report.pages), "learned": telling.learned_line(report.outlet)})
        )
        return
    count = f", {counted(len(report.found.candidates), 'candidate')}" if report.found else ""
    known = f", {report.stored} of them stored" if report.stored is not None else ""
    head = f"{report.source.name}: {report.verdict} ({report.source.kind}{count}{known}). "
    render.line(render.fitted(head, f"{report.why}  {report.source.url}"))
    telling.coming(report.found, report.pages)
    telling.learned(report.outlet)
