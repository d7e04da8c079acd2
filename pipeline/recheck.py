"""Stored articles looked at again: what was edited becomes a version, what is not there any more is marked, and nothing else is told of.

One request, with what the store remembers; mostly the answer is that nothing changed (304), and one row says so. When it is due is the rule
of ``aging``; the row is moved on before anybody asks (``claim``), so that two daemons do not ask twice and a crash loses nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from pipeline import aging, urls
from pipeline.app import App
from pipeline.errors import Gone, ItemError, NotAnArticle
from pipeline.ingest import as_item
from pipeline.model import Candidate, Edited, Known, Outcome, Read, Recheck, Request, Response, Status, Validators
from pipeline.polls import may_see
from pipeline.store.kept import hints

HOSTS_AT_ONCE: Final = 32
AT_ONCE: Final = 400  # articles taken by a step of the daemon, so that it ends …
A_HOST: Final = 3  # … and of one host, so that its news come before its past
A_RUN: Final = 500  # the same for a run of the command, which nobody repeats within the minute
A_RUN_A_HOST: Final = 50
CLAIMED: Final = timedelta(minutes=10)  # for which nobody else takes what was taken
PAUSE: Final = 20.0  # seconds after which it is looked for what fell due meanwhile
MISSING: Final = frozenset(("not-found",))  # what a page that is no article says of itself when the article is gone

log = logging.getLogger("wirewatch.recheck")


class Hears(Protocol):
    """Hears of every outcome that somebody may want to know of."""

    def ended(self, outcome: Outcome) -> None: ...


async def due(
    app: App, now: datetime, hears: Hears, *, limit: int = AT_ONCE, a_host: int = A_HOST, sources: Collection[str] | None = None
) -> None:
    """Looks at the articles that are due, host by host, and at those that fall due while a slow host is waited for. Raises StoreError."""
    looking, at_work, left = Looking(app), dict[str, asyncio.Task[None]](), limit
    try:
        while True:
            if left > 0 and len(at_work) < HOSTS_AT_ONCE:
                taken = await app.flow.writing(
                    app.store.claim_rechecks, now, now + CLAIMED, limit=min(left, AT_ONCE), a_host=a_host, but=set(at_work), sources=sources
                )
                left -= len(taken)
                for host, line in _by_host(taken).items():
                    at_work[host] = asyncio.ensure_future(_go(looking, line, hears))
            if not at_work:
                return
            pause = asyncio.ensure_future(app.clock.sleep(PAUSE))
            done, _ = await asyncio.wait({pause, *at_work.values()}, return_when=asyncio.FIRST_COMPLETED)
            pause.cancel()
            for host in [host for host, task in at_work.items() if task in done]:
                await at_work.pop(host)  # raises what went wrong
            now = app.clock.now()
    finally:
        for task in at_work.values():
            task.cancel()
        await asyncio.gather(*at_work.values(), return_exceptions=True)


def _by_host(taken: Sequence[Recheck]) -> dict[str, list[Recheck]]:
    lines: dict[str, list[Recheck]] = defaultdict(list)
    for one in taken:
        lines[urls.host(one.url)].append(one)
    return lines


async def _go(looking: Looking, line: Sequence[Recheck], hears: Hears) -> None:
    for one in line:
        outcome = await looking.look(one)
        if outcome is not None:
            hears.ended(outcome)


@dataclass(frozen=True, slots=True)
class Looking:
    """One article at a time."""

    app: App

    async def look(self, one: Recheck) -> Outcome | None:
        """→ the outcome, where something came of it. Trouble is no outcome: the article is looked at later. Raises StoreError."""
        try:
            return await as_item(self._look(one), one.url)
        except ItemError as error:
            if isinstance(error, Gone) or (isinstance(error, NotAnArticle) and error.reason in MISSING):
                return await self._missing(one, error)
            log.info("%s is looked at later: %s", one.url, error.message)
            later = self._next(one.known)
            if error.after is not None and later is not None:
                later = max(later, self.app.clock.now() + error.after)
            await self.app.flow.writing(self.app.store.recheck, one.known.article_id, later)
            return None

    async def _look(self, one: Recheck) -> Outcome | None:
        flow = self.app.flow
        source = flow.sources.get(one.source)
        headers = source.headers if source and may_see(source, one.url) else {}
        response = await flow.fetcher.fetch(Request(url=one.url, validators=one.known.validators, headers=headers))
        if response.status == 304:
            return await self._as_it_was(one, response.validators)
        stored = await flow.reading(flow.store.version, one.known.version_id)
        if stored is None:
            return None  # purged meanwhile
        told = hints(stored.article)
        outlet = await flow.outlet(response.url)
        read = await flow.stages.read(response, told, outlet)
        candidate = Candidate(url=one.url, source=one.source, seen_at=self.app.clock.now(), hints=told)
        read = await flow.as_before(candidate, response, read, outlet)
        edited = await flow.edit(one.known, read)
        if (other := await self._other(one, response, read)) is not None:
            if urls.outlet(other.url) == urls.outlet(one.known.url) and not await flow.differs(read, one.known):
                return await self._merged(one, other, edited)
            if response.redirects:
                raise Gone(f"{one.url} leads to another article, {response.url}", url=one.url)
        if edited is None or (edited.kind is None and read.article.completeness == "full"):
            return await self._as_it_was(one, response.validators)
        if edited.kind is None:
            raise NotAnArticle(f"{one.url}: the text is {read.article.completeness} now", url=one.url)
        outcome = await flow.keep(candidate, read, response, None, outlet)
        if outcome.article_id != one.known.article_id:  # its page is another article's now: what was claimed ages on
            await flow.writing(self.app.store.recheck, one.known.article_id, self._next(one.known))
        return outcome if outcome.status is not Status.UNCHANGED else None

    async def _other(self, one: Recheck, response: Response, read: Read) -> Known | None:
        """Another article that is stored, whose page the address of this one shows."""
        for url in (read.article.url, response.url):
            with suppress(ValueError):
                known = await self.app.flow.reading(self.app.store.known, urls.keys(url))
                if known and known.article_id != one.known.article_id:
                    return known
        return None

    async def _merged(self, one: Recheck, other: Known, edited: Edited | None) -> Outcome | None:
        """An article's address followed its headline, and was met first where it is now: the two are one."""
        kind = edited.kind if edited else None
        outcome = self._outcome(one, Status.UPDATED if kind else Status.UNCHANGED, f"moved: the same article as {other.url}")
        merged = await self.app.flow.writing(self.app.store.merge, one.known.article_id, other.article_id, outcome, kind)
        if merged is None:  # a seed stays what a person wrote
            await self.app.flow.writing(self.app.store.recheck, one.known.article_id, self._next(one.known))
        return merged if kind else None

    async def _as_it_was(self, one: Recheck, validators: Validators) -> Outcome | None:
        outcome = self._outcome(one, Status.UNCHANGED, "back: it had been withdrawn")
        was_away = await self.app.flow.writing(self.app.store.looked, one.known, outcome, validators, self._next(one.known))
        return outcome if was_away else None

    async def _missing(self, one: Recheck, error: ItemError) -> Outcome | None:
        for_good = " 410 " in f" {error.message} "
        outcome = self._outcome(one, Status.SKIPPED, f"withdrawn: {error.message}")
        later = aging.next_look(self.app.flow.habits.plan, one.gone_since or outcome.at, outcome.at, one.url)
        confirmed = aging.CONFIRMED_GONE if for_good else aging.CONFIRMED
        is_withdrawn = await self.app.flow.writing(self.app.store.missing, outcome, later, confirmed)
        return outcome if is_withdrawn else None

    def _next(self, known: Known) -> datetime | None:
        since = aging.stands_since(known.first_seen, known.changed_at, known.published)
        return aging.next_look(self.app.flow.habits.plan, since, self.app.clock.now(), known.url)

    def _outcome(self, one: Recheck, status: Status, reason: str) -> Outcome:
        return Outcome(
            url=one.url, source=one.source, status=status, reason=reason, at=self.app.clock.now(), article_id=one.known.article_id,
            version_id=one.known.version_id,
        )  # fmt: skip
