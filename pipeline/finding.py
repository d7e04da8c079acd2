"""From an address to what is best watched there: asked politely, one address after the other, until something will do.

The order: what the address itself is; the feeds its page names; where feeds usually are; the sitemaps that robots.txt names, news first;
where sitemaps usually are; the page itself. A kind that this version cannot read is not looked for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from pipeline import choice, urls
from pipeline.clock import Clock
from pipeline.discover import KINDS, find
from pipeline.discover.find import Find
from pipeline.errors import (
    Disallowed,
    DiscoverError,
    FetchError,
    Forbidden,
    Gone,
    InputError,
    ItemError,
    Refused,
    Throttled,
    TimedOut,
    Unreachable,
)
from pipeline.model import Candidate, Found, Instant, Request, Response, Source, SourceKind, Status
from pipeline.polls import ACCEPTS, may_see

if TYPE_CHECKING:
    from pipeline.processes import Pool

NAMED_ASKED = 5  # of the feeds that a page names
SITEMAPS_ASKED = 3  # of those that robots.txt names
SILENT = timedelta(days=60)  # a feed without an entry for so long may be dead
ANSWERED = (Disallowed, Forbidden, Gone, Refused)  # the page is refused; its feed may not be


@dataclass(frozen=True, slots=True)
class Net:
    """The guarded fetcher and the killable processes."""

    fetch: Callable[[Request], Awaitable[Response]]
    pool: Pool
    clock: Clock
    backfill: timedelta | None = None  # of a sitemap that names none of its own

    async def ask(self, url: str, source: Source) -> Response:
        """What stands at an address that may be ``source`` or be found at it. Headers go to its own outlet only. Raises FetchError."""
        if source.kind == "sitemap" and urls.is_home(url):  # a bare site: its robots.txt says where they are
            url = urls.join(url, "/robots.txt")
        headers = source.headers if may_see(source, url) else {}
        return await self.fetch(Request(url=url, accept=ACCEPTS.get(source.kind, "feed"), headers=headers))

    async def discover(self, response: Response, source: Source) -> Found:
        """What a first poll would take; what patterns and backfill leave out is named among the refused. Raises DiscoverError, Killed."""
        from pipeline.app import discover

        if source.kind == "sitemap" and source.backfill is None:
            source = replace(source, backfill=self.backfill)
        found = await self.pool.run(discover, response, replace(source, headers={}))  # secrets do not travel
        chosen = choice.choose(found.candidates, source, first=True, now=self.clock.now())
        left = tuple(f"{reason}: {count} of {len(found.candidates)}" for reason, count in chosen.left)
        return replace(found, candidates=chosen.taken, refused=left + found.refused)


def definite(error: ItemError) -> ItemError | InputError:
    """An error as the door ends with it: what a later try may mend (exit 1), or a word that cannot be used (exit 2)."""
    if error.status is Status.RETRY:
        return error
    place = f"{error.url}: " if error.url and error.url not in error.message else ""
    return InputError(f"{place}{error.message} ({error.reason})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A find that was asked: what it holds, or why not."""

    find: Find
    at: datetime
    found: Found | None = None
    response: Response | None = None
    error: ItemError | None = None

    @property
    def trouble(self) -> str | None:
        return f"{self.error.reason}: {self.error.message}" if self.error else None

    @property
    def usable(self) -> bool:
        return self.found is not None and bool(self.found.candidates or self.found.follow)

    @property
    def title(self) -> str | None:
        return (self.found.title if self.found else None) or self.find.title

    @property
    def newest(self) -> Instant | None:
        dated = [at for one in (self.found.candidates if self.found else ()) if (at := stated(one))]
        return max(dated, key=lambda at: at.at, default=None)

    @property
    def silent(self) -> bool:
        """Whether the newest entry is an old one."""
        return self.newest is not None and self.at - self.newest.at > SILENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is best watched, and what else there was: asked and not chosen, or not even asked. ``outlet``: who prints there, when the
    address is another's."""

    best: Looked
    outlet: str | None = None
    others: tuple[Looked, ...] = ()
    unasked: tuple[Find, ...] = ()


def stated(one: Candidate) -> Instant | None:
    """When an entry was published; of a sitemap, when it changed."""
    return one.hints.published or one.hints.modified


def newest_first(found: Found | None) -> list[Candidate]:
    """Candidates by their stated date; those without one after them, as they stood."""
    listed = list(found.candidates if found else ())
    return sorted(listed, key=lambda one: at.at.timestamp() if (at := stated(one)) else float("-inf"), reverse=True)


def as_source(draft: Source, made: Find, outlet: str | None = None) -> Source:
    """The source that a find would be."""
    return replace(draft, kind=cast("SourceKind", made.kind), url=made.url, outlet=draft.outlet or outlet)


async def choose(net: Net, draft: Source) -> Choice:
    """What is best watched at ``draft.url``. Raises InputError when there is nothing, FetchError when the site cannot be had now."""
    trail = Trail(net=net, draft=draft)
    refusal: ItemError | None = None
    page: Response | None = None
    try:
        response = await net.ask(draft.url, draft)
    except ANSWERED as error:
        refusal = error
    except FetchError as error:
        raise definite(error) from error
    else:
        kind = find.looks_like(response)
        if kind == "page":
            page, trail.site = response, response.url
        elif direct := await trail.itself(response, kind):
            return Choice(best=direct)
    best = await _stages(trail, page)
    if best is None:
        if refusal and refusal.status is Status.RETRY:
            raise refusal
        raise _nothing(draft.url, trail.looked, refusal)
    others = tuple(looked for looked in trail.looked if looked is not best)
    return Choice(
        best=best, outlet=trail.outlet(best.find), others=others, unasked=tuple(made for made in trail.unasked if made.url != best.find.url)
    )


async def _stages(trail: Trail, page: Response | None) -> Looked | None:
    site = trail.site or trail.draft.url
    if page:
        named = await trail.net.pool.run(find.named, page)
        if best := await trail.best_of(named, NAMED_ASKED):
            return best
    if best := await trail.first_of(find.usual(site, page)):
        return best
    if "sitemap" in KINDS:
        if best := await trail.first_of((await trail.robots(site))[:SITEMAPS_ASKED]):
            return best
        if best := await trail.first_of(find.usual_sitemaps(site)):
            return best
    if page and "page" in KINDS:
        looked = await trail.read(Find(url=site, kind="page", why="no feed and no sitemap was found: its links are watched"), page)
        if looked.usable:
            return looked
    # a feed without entries is better than nothing: they may come
    return next((looked for looked in trail.looked if looked.found is not None), None)


@dataclass(slots=True, kw_only=True)
class Trail:
    """What was asked so far, in its order. ``site``: the page that was found at the address of the draft."""

    net: Net
    draft: Source
    site: str = ""
    looked: list[Looked] = field(default_factory=list)
    unasked: list[Find] = field(default_factory=list)

    def outlet(self, one: Find) -> str | None:
        """Who prints what is kept at another's address: a sitemap on a host for files, a feed on a host for feeds."""
        own = urls.outlet(self.site) if self.site else None
        return own if own != urls.outlet(one.url) else None

    async def itself(self, response: Response, kind: str | None) -> Looked | None:
        """The address that was given, when it is what can be watched; None when it is nothing known. Raises InputError."""
        kinds = [kind] if kind and kind in KINDS else [each for each in ("feed", "sitemap") if each in KINDS]
        for each in kinds:
            looked = await self.read(Find(url=address(response), kind=each, why=f"the address is a {each} itself"), response)
            if looked.found is not None:
                return looked
        if kind is not None and kind not in KINDS:
            raise InputError(f"{response.url} is a {kind}, which this version cannot watch")
        return None

    async def best_of(self, finds: Sequence[Find], most: int) -> Looked | None:
        """Asks some of them. One that is a page which lists feeds is looked through, once."""
        queue, listed = list(finds), False
        asked: list[Looked] = []
        while queue and len(asked) < most:
            looked = await self.ask(queue.pop(0))
            asked.append(looked)
            if looked.response and not listed and looked.found is None and find.looks_like(looked.response) == "page":
                listed = True
                known = {one.find.url for one in asked} | {one.url for one in queue}
                queue += [one for one in await self.net.pool.run(find.named, looked.response) if one.url not in known]
        self.unasked += queue
        usable = [looked for looked in asked if looked.usable]
        return max(usable, key=_worth, default=None)  # of equals the first, as the page has them

    async def first_of(self, finds: Iterable[Find]) -> Looked | None:
        """Asks one after the other until one will do; not on, when the host does not answer."""
        known = {looked.find.url for looked in self.looked}
        for one in finds:
            if one.url not in known:
                looked = await self.ask(one)
                if looked.usable:
                    return looked
                if isinstance(looked.error, Unreachable | TimedOut | Throttled):
                    return None
        return None

    async def robots(self, site: str) -> tuple[Find, ...]:
        """The sitemaps that the site's robots.txt names."""
        try:
            return find.in_robots(await self.net.ask(urls.join(site, "/robots.txt"), self.draft))
        except ItemError:
            return ()

    async def ask(self, one: Find) -> Looked:
        """Fetches and reads one."""
        try:
            response = await self.net.ask(one.url, replace(self.draft, kind=cast("SourceKind", one.kind)))
        except ItemError as error:
            looked = Looked(find=one, at=self.net.clock.now(), error=error)
            self.looked.append(looked)
            return looked
        return await self.read(replace(one, url=address(response)), response)

    async def read(self, one: Find, response: Response) -> Looked:
        """Reads what was fetched as the kind it is thought to be."""
        looked = Looked(find=one, at=response.fetched_at, response=response)
        try:
            found = await self.net.discover(response, as_source(self.draft, one, self.outlet(one)))
        except ItemError as error:
            looked = replace(looked, error=error)
        else:
            if one.kind == "feed" and find.is_comments(found.title, one.url):
                looked = replace(looked, error=DiscoverError("it carries what readers wrote, not the news", reason="comments"))
            else:
                looked = replace(looked, found=found)
        self.looked.append(looked)
        return looked


def address(response: Response) -> str:
    """What is watched of an address that redirects: where it leads within the outlet; what is kept elsewhere by the site's own address."""
    within = urls.outlet(response.url) == urls.outlet(response.requested_url)
    return response.url if within else response.requested_url


def _worth(looked: Looked) -> tuple[bool, bool]:
    return (not looked.silent, looked.newest is not None)


def _nothing(url: str, asked: Sequence[Looked], refusal: ItemError | None) -> InputError:
    tried = "; ".join(f"{looked.find.url} ({looked.error.reason if looked.error else 'empty'})" for looked in asked[:12])
    why = f"{refusal.message}; " if refusal else ""
    return InputError(
        f"{url}: {why}nothing to watch was found" + (f"; asked: {tried}" if tried else "") + ". If it is one page to be looked at again "
        "and again, say --kind url"
    )
