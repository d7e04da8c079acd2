"""How a source is asked: its own address, then the parts that are due. Each answer and what it offers commit together.

The flow calls it, lends it the stages, and keeps what goes wrong (a source's trouble costs the source, a part's the part).
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, ParamSpec, Protocol, TypeVar

from pipeline import choice, health, indirect, moves, parts, urls
from pipeline.clock import Clock
from pipeline.errors import Disallowed, Gone, ItemError
from pipeline.intervals import Bounds, Yield, to_the_minute
from pipeline.model import (
    Candidate,
    Child,
    Endings,
    Found,
    Outcome,
    Part,
    Request,
    Response,
    Source,
    SourceKind,
    SourceState,
    Status,
    Validators,
)

P = ParamSpec("P")
T = TypeVar("T")
Offered = tuple[Candidate, tuple[str, ...]]

PARTS_AT_ONCE = 20  # asked in one poll, so that a poll ends; the next goes on at once where parts were never asked
PART_REST = timedelta(minutes=10)  # of a part that failed, if its source has no interval of its own
PATIENCE = 2  # polls that a page further back may fail
PAGES_BACK = 10  # of a feed that goes on into the past
ACCEPTS: Mapping[SourceKind, Literal["page", "feed", "sitemap"]] = {"page": "page", "sitemap": "sitemap"}


class Fetches(Protocol):
    """The one guarded way out. Raises FetchError."""

    async def fetch(self, request: Request) -> Response: ...


class Count(Protocol):
    """How many candidates of a poll were new or described otherwise, and how many known; how many were never offered before, and of those
    how many no stored article is; how its latest pages ended."""

    @property
    def new(self) -> int: ...

    @property
    def known(self) -> int: ...

    @property
    def fresh(self) -> int: ...

    @property
    def alone(self) -> int: ...

    @property
    def endings(self) -> Endings: ...


class PollStores(Protocol):
    """What a poll asks of the store. Every writing call is one transaction. Raises StoreError."""

    def state(self, source: str) -> SourceState: ...

    def record_poll(
        self,
        source: str,
        state: SourceState,
        candidates: Sequence[Offered],
        now: datetime,
        *,
        old: Sequence[Offered] = (),
        parts: Sequence[Part] = (),
        learn: Callable[[SourceState, Count], SourceState] | None = None,
    ) -> Count: ...

    def parts(self, source: str) -> Sequence[Part]: ...

    def record_parts(
        self, source: str, parts: Sequence[Part], candidates: Sequence[Offered], now: datetime, *, old: Sequence[Offered] = ()
    ) -> Count: ...


class Runs(Protocol):
    """Runs a store call on a thread that may (one writer, or a pool of readers)."""

    def __call__(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]: ...


class Shields(Protocol):
    """Makes whatever goes wrong an ItemError, but for a StoreError."""

    async def __call__(self, work: Awaitable[T], url: str) -> T: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What a poll brought. ``trouble``: the outcome of the source itself when it could not be read; ``parts``: those of its parts.

    ``left``: reason → how many entries were left out; ``more``: parts that were never asked are still waiting; ``lost``: it is to be
    searched for anew.
    """

    source: str
    url: str = ""
    new: int = 0
    known: int = 0
    unchanged: bool = False
    trouble: Outcome | None = None
    parts: tuple[Outcome, ...] = ()
    refused: tuple[str, ...] = ()
    left: tuple[tuple[str, int], ...] = ()
    more: bool = False
    lost: bool = False


@dataclass(slots=True)
class _Sum:
    """What is added up over the answers of one poll."""

    new: int = 0
    known: int = 0
    fresh: int = 0
    alone: int = 0
    changed: bool = False
    refused: list[str] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)
    troubles: list[Outcome] = field(default_factory=list)

    def add(self, count: Count, found: Found, chosen: choice.Chosen) -> None:
        self.changed = True
        self.new += count.new
        self.known += count.known
        self.fresh += count.fresh
        self.alone += count.alone
        self.refused += found.refused
        for reason, number in chosen.left:
            self.left[reason] = self.left.get(reason, 0) + number


@dataclass(slots=True, kw_only=True)
class Polls:
    """``discover``: bytes to Found, in a process that can be killed."""

    fetcher: Fetches
    discover: Callable[[Response, Source], Awaitable[Found]]
    store: PollStores
    reading: Runs
    writing: Runs
    clock: Clock
    shield: Shields
    bounds: Bounds = field(default_factory=Bounds)

    async def ask(self, source: Source, state: SourceState) -> Polled:
        """Asks a source. Raises ItemError when its own address cannot be had or read."""
        known = {part.url: part for part in await self.reading(self.store.parts, source.name)} if source.kind == "sitemap" else {}
        total = _Sum()
        await self._own(source, state, known, total)
        more = bool(known) and await self._all_parts(source, known, total)
        return Polled(
            source=source.name,
            url=source.url,
            new=total.new,
            known=total.known,
            unchanged=not total.changed,
            parts=tuple(total.troubles),
            refused=tuple(total.refused),
            left=tuple(total.left.items()),
            more=more,
        )

    # ── its own address ───────────────────────────────────────────────────────────────────────────

    async def _own(self, source: Source, state: SourceState, known: dict[str, Part], total: _Sum) -> None:
        """Asks it and keeps what comes. ``known`` is brought up to date."""
        tag = choice.fingerprint(source)
        as_before = state.body_digest is None or (state.body_digest.endswith(tag) and ("+" in state.body_digest) == bool(tag))
        response = await self._answer(source, state, state.validators if as_before else Validators())
        now = self.clock.now()
        read, first = state, state.last_ok is None
        if response is None:  # a bare site whose robots.txt is not there
            found, digest = _guessed(source), None
        else:
            digest = hashlib.sha256(response.body).hexdigest() + tag
            read = replace(read, validators=response.validators)
            if response.status == 304 or digest == state.body_digest:
                learn = self._learning(source, now, response)
                await self.writing(self.store.record_poll, source.name, read, (), now, learn=learn)
                return
            found = await self._found(source, state, response)
        chosen = choice.choose(_direct(found.candidates), source, first=first, now=now)
        changed = parts.listed(found.follow, known, now, source.backfill)
        read = replace(read, body_digest=digest)
        count = await self.writing(
            self.store.record_poll,
            source.name,
            read,
            offers(chosen.taken),
            now,
            old=offers(chosen.old),
            parts=changed,
            learn=self._learning(source, now, response, found, (*chosen.taken, *chosen.old), first=first),
        )
        known |= {part.url: part for part in changed}
        total.add(count, found, chosen)

    def _learning(
        self,
        source: Source,
        now: datetime,
        response: Response | None,
        found: Found | None = None,
        shown: Sequence[Candidate] = (),
        *,
        first: bool = False,
    ) -> Callable[[SourceState, Count], SourceState]:
        """What is made of the memory in the transaction that counts what was fresh. ``found`` None: nothing was modified."""
        plain = replace(response, body=b"") if response else None  # it waits for its turn: without its weight

        def learn(read: SourceState, count: Count) -> SourceState:
            dates, hint = to_the_minute(shown), found.hint if found else None
            brought = Yield(shown=len(shown), dates=dates, fresh=count.fresh, alone=count.alone, hint=hint, first=first)
            return health.answered(source, read, brought, now, self.bounds, response=plain, endings=count.endings)

        return learn

    async def _answer(self, source: Source, state: SourceState, validators: Validators) -> Response | None:
        if not moves.can_move(source) and source.kind == "sitemap":
            try:
                return await self._fetch(source, urls.join(source.url, "/robots.txt"), validators)
            except Gone:
                return None
        if moves.probing(state, self.clock.now()) and (response := await self._probe(source)):
            return response
        return await self._fetch(source, state.moved_to or source.url, validators)

    async def _fetch(self, source: Source, url: str, validators: Validators) -> Response:
        headers = source.headers if may_see(source, url) else {}
        return await self.fetcher.fetch(Request(url=url, accept=ACCEPTS.get(source.kind, "feed"), validators=validators, headers=headers))

    async def _probe(self, source: Source) -> Response | None:
        """What stands at its own address, if it is what it should be."""
        try:
            response = await self._fetch(source, source.url, Validators())
            await self.discover(response, replace(source, headers={}))
        except ItemError:
            return None
        return response

    async def _found(self, source: Source, state: SourceState, response: Response) -> Found:
        plain = replace(source, headers={})  # secrets do not travel
        try:
            found = await self.discover(response, plain)
        except ItemError as error:
            if not moves.can_move(source) and error.reason == "no-sitemap":
                return _guessed(source)
            raise
        return await self._further_back(plain, source, state, found)

    async def _further_back(self, plain: Source, source: Source, state: SourceState, found: Found) -> Found:
        """A feed's older pages, as far as a first poll is to go. They are read once, with the page that names them."""
        pages, seen = [found], {source.url}
        while state.last_ok is None and source.backfill and (url := pages[-1].older) and url not in seen and len(pages) < PAGES_BACK:
            days = [day for candidate in pages[-1].candidates if (day := parts.dated(candidate))]
            if not days or min(days) < self.clock.now() - source.backfill:
                break
            seen.add(url)
            try:
                response = await self.fetcher.fetch(Request(url=url, accept="feed", headers=source.headers if may_see(source, url) else {}))
                pages.append(await self.discover(response, plain))
            except (Gone, Disallowed):  # there is no page behind the last
                break
            except ItemError as error:  # what is tried again a few times; then the first pages are better than nothing for ever
                if error.status is Status.RETRY and state.failures < PATIENCE:
                    raise
                break
        candidates = tuple(candidate for page in pages for candidate in page.candidates)
        return replace(found, candidates=candidates, refused=tuple(reason for page in pages for reason in page.refused))

    # ── what it is made of ────────────────────────────────────────────────────────────────────────

    async def _all_parts(self, source: Source, known: dict[str, Part], total: _Sum) -> bool:
        """Asks what is due, and lets the source's memory know what that brought. → whether some that were never asked still wait."""
        own = (total.fresh, total.alone)
        first = all(part.asked_at is None for part in known.values())
        more, now = await self._parts(source, known, total), self.clock.now()
        brought = Yield(shown=0, fresh=0 if first else total.fresh - own[0], alone=0 if first else total.alone - own[1])
        if more or brought.fresh:

            def learn(read: SourceState, count: Count) -> SourceState:
                read = health.answered(source, read, brought, now, self.bounds, response=None, endings=count.endings)
                return replace(read, due_at=now) if more else read

            state = await self.reading(self.store.state, source.name)
            await self.writing(self.store.record_poll, source.name, state, (), now, learn=learn)
        return more

    async def _parts(self, source: Source, known: dict[str, Part], total: _Sum) -> bool:
        """Asks the parts that are due. → whether some that were never asked still wait."""
        asked: set[str] = set()
        while len(asked) < PARTS_AT_ONCE:
            now = self.clock.now()
            waiting = [part for part in parts.due(parts.eager(list(known.values()), now), now) if part.url not in asked]
            if not waiting:
                return False
            part = known[waiting[0].url]
            asked.add(part.url)
            try:
                await self.shield(self._part(source, part, known, total), part.url)
            except ItemError as error:
                total.troubles.append(await self._part_failed(source, part, known, error))
        return any(part.asked_at is None for part in parts.due(known.values(), self.clock.now()))

    async def _part(self, source: Source, part: Part, known: dict[str, Part], total: _Sum) -> None:
        headers = source.headers if may_see(source, part.url) else {}
        chosen_by = choice.fingerprint(source)
        # with other patterns it is read again, whether it changed or not
        validators = part.validators if (part.body_digest or "").endswith(chosen_by) else Validators()
        response = await self.fetcher.fetch(Request(url=part.url, accept="sitemap", validators=validators, headers=headers))
        now = self.clock.now()
        digest = hashlib.sha256(response.body).hexdigest() + chosen_by
        if response.status == 304 or digest == part.body_digest:
            read = parts.asked(replace(part, validators=response.validators), now, changed=False)
            known[part.url] = read
            await self.writing(self.store.record_parts, source.name, (read,), (), now)
            return
        found = await self.discover(response, replace(source, headers={}))
        newest = parts.latest([(one.url, one.stated) for one in known.values()], now)
        chosen = choice.choose(_direct(found.candidates), source, first=part.body_digest is None, now=now, newest=newest)
        fresh = replace(part, validators=response.validators, body_digest=digest)
        read = parts.asked(fresh, now, changed=part.body_digest is not None, entries=found.candidates)
        changed = [one for one in parts.listed(found.follow, known, now, source.backfill) if one.url != part.url]
        count = await self.writing(
            self.store.record_parts, source.name, (read, *changed), offers(chosen.taken), now, old=offers(chosen.old)
        )
        known |= {one.url: one for one in (read, *changed)}
        total.add(count, found, chosen)

    async def _part_failed(self, source: Source, part: Part, known: dict[str, Part], error: ItemError) -> Outcome:
        now, failures = self.clock.now(), part.failures + 1
        wait, reason = health.pause(source, SourceState(interval=PART_REST), error, now, failures), f"{error.reason}: {error.message}"
        due = now + max(wait, error.after or wait)
        if isinstance(error, Gone):  # many an index names what is no longer there
            due = now + min(parts.FIRST_REST * 2 ** min(failures - 1, 12), parts.LONGEST_REST)
        failed = replace(part, asked_at=now, due_at=due, failures=failures, last_error=reason)
        known[part.url] = failed
        await self.writing(self.store.record_parts, source.name, (failed,), (), now)
        status = Status.RETRY if error.status is Status.RETRY else Status.SKIPPED if error.status is Status.SKIPPED else Status.FAILED
        return Outcome(url=part.url, source=source.name, status=status, reason=reason, at=now, retry_at=due)


def offers(candidates: Sequence[Candidate]) -> list[Offered]:
    """With the alias keys by which each is known again."""
    return [(candidate, urls.keys(candidate.url, guid=candidate.hints.guid)) for candidate in candidates]


def _direct(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Where an address says by itself where it leads, the publisher's address is the candidate's."""
    return tuple(map(indirect.straightened, candidates))


def _guessed(source: Source) -> Found:
    """A site whose robots.txt names nothing: its sitemap is looked for where most have it."""
    return Found(follow=(Child(url=urls.join(source.url, "/sitemap.xml")),))


def may_see(source: Source, url: str) -> bool:
    """Whether a source's own headers may be sent to an address: the same registrable domain, and never in the clear when it is not."""
    secure = not source.url.startswith("https:") or url.startswith("https:")
    return secure and _site(url) == _site(source.url)


def _site(url: str) -> str | None:
    """The registrable domain that is asked: of the front page, for the address of an article in an AMP cache is its publisher's."""
    return urls.outlet(urls.join(url, "/"))
