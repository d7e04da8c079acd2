"""The only composer: Config → App. Real stages put together; the event loop, one writer thread, a pool of readers.

Thin on purpose: it composes, it decides nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from pipeline.clock import Clock, SystemClock
from pipeline.ingest import Flow, Habits
from pipeline.intervals import Bounds
from pipeline.model import Article, Edited, Found, Hints, Match, Outlet, Profile, Read, Response, Seed, Source, Stored, Vocabulary
from pipeline.notify import Delivery
from pipeline.owed import Owed
from pipeline.processes import Pool

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.fetch import Fetcher
    from pipeline.reextract import Reextracting
    from pipeline.rejudge import Anew, Rejudging
    from pipeline.store import Store

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger("wirewatch.app")

# What an extraction process needs is loaded once, before it is forked.
LISTS = ("pipeline.app", "pipeline.discover", "pipeline.discover.find", "feedparser")
PRELOAD = ("pipeline.app", "pipeline.match", "pipeline.discover", "feedparser", "pipeline.extract:warm_up")


# ── what runs in a killable process: functions of values ──────────────────────────────────────────


def discover(response: Response, source: Source) -> Found:
    """A source's bytes to what it holds. Raises DiscoverError."""
    from pipeline.discover import KINDS

    return KINDS[source.kind](response, source)


def read_page(response: Response, hints: Hints, outlet: Outlet | None) -> Read:
    """A page's bytes to an article and its fingerprint. Raises NotAnArticle."""
    from pipeline.extract import read

    article, layout = read(response, hints, outlet)
    return replace(read_article(article), layout=layout)


def extractor() -> str:
    """The name and version of the extractor of now, as it stands beside every text."""
    from pipeline.extract import EXTRACTOR

    return EXTRACTOR


def read_article(article: Article) -> Read:
    """An article in hand to itself and its fingerprint."""
    from pipeline.match import fingerprint

    return Read(article=article, fingerprint=fingerprint(spoken(article)))


def meaning(article: Article) -> tuple[int, ...]:
    """What an article is found by whatever its language; nothing without the extra."""
    from pipeline.match import languages

    return languages.bands(article) if languages.available() else ()


def judge(read: Read, suspects: Sequence[Stored], profile: Profile, vocabulary: Vocabulary | None = None) -> tuple[Match, ...]:
    """How an article relates to each suspect; the distinct ones are left out."""
    from pipeline.match import judge as cascade

    known = [replace(suspect, article=spoken(suspect.article)) if suspect.seed else suspect for suspect in suspects]
    return cascade(spoken(read.article), read.fingerprint, known, profile=profile, vocabulary=vocabulary)


def learn(texts: Sequence[tuple[str, str]], articles: int) -> Vocabulary:
    """What a sample of an archive tells of words."""
    from pipeline.match import learn as counted

    return counted(texts, articles)


def subject(article: Article) -> tuple[str, ...]:
    """The words that say most of what an article is about."""
    from pipeline.match import subject as weightiest

    return weightiest(article)


def one_story(article: Article, other: Article, match: Match) -> bool:
    """Whether two texts of one outlet tell one story."""
    from pipeline.match import one_story as told

    return told(article, other, match)


def edited(old: Article, new: Article, repeated: frozenset[str], running: bool) -> Edited:
    """What kind of edit lies between two states of an article."""
    from pipeline.match import edits

    return edits.edited(old, new, repeated, running=running)


def compare(article: Article, other: Article, mine: frozenset[str] = frozenset(), others: frozenset[str] = frozenset()) -> Match:
    """One pair, whatever comes of it: the door ``match``. ``mine``, ``others``: what their outlets repeat, where it is known."""
    from pipeline.match import compare as pair

    return pair(spoken(article), spoken(other), profile=Profile(repeated=mine), others=Profile(repeated=others))


def spoken(article: Article) -> Article:
    """The article with the language that its text speaks where nobody stated one: only languages that differ are compared across."""
    from pipeline.extract.language import spoken as heard
    from pipeline.match import languages

    if article.language or not languages.available():
        return article
    return replace(article, language=heard(article.text))


@dataclass(frozen=True, slots=True)
class PooledStages:
    """The flow's stages, each call in a process that can be killed."""

    pool: Pool

    async def discover(self, response: Response, source: Source) -> Found:
        return await self.pool.run(discover, response, source)

    async def read(self, response: Response, hints: Hints, outlet: Outlet | None) -> Read:
        return await self.pool.run(read_page, response, hints, outlet)

    async def fingerprint(self, article: Article) -> Read:
        return await self.pool.run(read_article, article)

    async def meaning(self, article: Article) -> tuple[int, ...]:
        await self.pool.prepare("pipeline.match.languages:warm_up")  # there are two languages, so it is worth it
        return await self.pool.run(meaning, article)

    async def judge(
        self, read: Read, suspects: Sequence[Stored], profile: Profile, vocabulary: Vocabulary | None = None
    ) -> tuple[Match, ...]:
        return await self.pool.run(judge, read, suspects, profile, vocabulary) if suspects else ()

    async def learn(self, texts: Sequence[tuple[str, str]], articles: int) -> Vocabulary:
        return await self.pool.run(learn, texts, articles)

    async def subject(self, article: Article) -> tuple[str, ...]:
        return await self.pool.run(subject, article)

    async def one_story(self, article: Article, other: Article, match: Match) -> bool:
        return await self.pool.run(one_story, article, other, match)

    async def edited(self, old: Article, new: Article, repeated: frozenset[str], *, running: bool) -> Edited:
        return await self.pool.run(edited, old, new, repeated, running)


@dataclass(slots=True)
class Calls:
    """Calls of the store on threads that may, counted while they last."""

    count: int = 0

    def on(self, threads: ThreadPoolExecutor, then: Callable[[], None] | None = None) -> Callable[..., Awaitable[T]]:
        """``then``: is called there after each of them, when its answer is handed back and those that waited have had their turn."""

        async def run(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
            self.count += 1
            try:
                return await asyncio.get_running_loop().run_in_executor(threads, functools.partial(function, *args, **kwargs))
            finally:
                self.count -= 1
                if then is not None:
                    with contextlib.suppress(RuntimeError):  # the threads have been told to end
                        threads.submit(then).add_done_callback(_complain)

        return run


def _complain(done: Future[None]) -> None:
    """What nobody waited for went wrong: somebody must hear of it."""
    if not done.cancelled() and (error := done.exception()) is not None:
        log.error("what is done between two writes failed: %s", error, exc_info=error)


# ── the composition ───────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True, kw_only=True)
class App:
    """Everything a door needs, open. Made by ``App.open`` only."""

    config: Config
    clock: Clock
    store: Store
    flow: Flow
    pool: Pool
    delivery: Delivery
    fetcher: Fetcher
    calls: Calls
    expire_at: float = 0.0  # on the clock that only grows: when it is looked for what time has taken away,
    forget_at: float = 0.0  # and for articles among that

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, config: Config, *, clock: Clock | None = None) -> AsyncIterator[App]:
        """Opens the database (and makes it), starts the processes, plants the seeds. Raises ConfigError, StoreError."""
        from pipeline.fetch import Fetcher, Policy
        from pipeline.fetch.post import Poster
        from pipeline.seeds import load
        from pipeline.store import Store
        from pipeline.store.telling import Outgoing

        clock = clock or SystemClock()
        seeds = load(config.seeds)
        store = await asyncio.to_thread(Store.open, config.database.url)
        store.rules = config.rules
        writer, readers, calls = ThreadPoolExecutor(1, "writer"), ThreadPoolExecutor(4, "reader"), Calls()
        policy = Policy(**config.fetch.policy())
        try:
            memory = Owed(store=store, reading=calls.on(readers), writing=calls.on(writer, store.rest))
            async with open_pool(config) as pool, Fetcher(policy, clock, memory=memory) as fetcher, Poster(policy, clock) as posts:
                flow = Flow(
                    fetcher=fetcher,
                    stages=PooledStages(pool),
                    store=store,
                    reading=calls.on(readers),
                    writing=calls.on(writer, store.rest),
                    clock=clock,
                    habits=_habits(config),
                    sources={source.name: source for source in config.sources},
                )
                delivery = Delivery(
                    targets=config.targets, store=Outgoing(store), posts=posts, reading=flow.reading, writing=flow.writing, clock=clock
                )
                app = cls(config=config, clock=clock, store=store, flow=flow, pool=pool, delivery=delivery, fetcher=fetcher, calls=calls)
                await app._plant(seeds)
                await flow.writing(store.watch, config.sources, clock.now())
                try:
                    yield app
                finally:
                    await delivery.close()
        finally:
            writer.shutdown()
            readers.shutdown()
            store.close()

    @property
    def busy(self) -> int:
        """What truly works now: requests on the wire, jobs in processes, calls of the store. 0: whatever is in flight only waits, for the
        clock or for what is counted nowhere (a simulation may then move its clock on)."""
        return self.calls.count + self.pool.busy + self.fetcher.busy + self.delivery.busy

    async def renew(self, config: Config) -> None:
        """Goes on with another configuration: sources, seeds, and every setting but those of the database and of the processes. What is
        remembered of a source stays; one that is described otherwise is asked at once. Raises ConfigError, before anything is changed."""
        from pipeline.fetch import Policy
        from pipeline.seeds import load

        seeds = load(config.seeds)
        await self.fetcher.renew(Policy(**config.fetch.policy()))
        before = self.flow.sources
        changed = [one.name for one in config.sources if one.name in before and before[one.name] != one]
        self.config = replace(config, database=self.config.database, extract=self.config.extract)
        self.flow.habits, self.flow.sources = _habits(config), {source.name: source for source in config.sources}
        self.store.rules, self.delivery.targets = config.rules, config.targets
        await self._plant(seeds)
        await self.flow.writing(self.store.watch, config.sources, self.clock.now())
        await self.flow.writing(self.store.hasten, changed, self.clock.now())

    def again(self) -> Rejudging:
        """What judges again all that is stored."""
        from pipeline.store.archive import Archive

        return self.flow.again(Archive(self.store))

    def anew(self) -> Anew:
        """What judges again what words decide, once they were learned anew."""
        from pipeline.store.related import RelatedToSeeds

        return self.flow.anew(RelatedToSeeds(self.store))

    def reread(self) -> Reextracting:
        """What extracts again every page that is kept."""
        from pipeline.store.kept import KeptPages

        return self.flow.reread(KeptPages(self.store))

    async def _plant(self, seeds: Iterable[Seed]) -> None:
        from pipeline.match import full, languages

        names = []
        for seed in seeds:
            names.append(seed.name)
            article = as_article(seed)
            if not await self.flow.reading(self.store.planted, seed, article):
                await self.flow.plant(seed, article, full)
        await self.flow.writing(self.store.unplant, names)
        await self.flow.index(meaning=languages.available())


def open_pool(config: Config, *, pages: bool = True) -> Pool:
    """The killable processes, as many as the configuration says or the machine has cores. ``pages`` False: one, for sources alone."""
    workers = (config.extract.workers or os.cpu_count() or 1) if pages else 1
    return Pool(workers, wall=config.extract.wall.total_seconds(), preload=PRELOAD if pages else LISTS)


def as_article(seed: Seed) -> Article:
    """A seed as the article it was. Its address is the seed's own: the paper's page is an article of its own."""
    from pipeline import urls

    return Article(
        url=f"urn:wirewatch:seed:{seed.name}",
        title=seed.title,
        text=seed.text,
        authors=seed.authors,
        credit=seed.credit,
        outlet=urls.outlet(seed.url) if seed.url else None,
        published=seed.published,
        language=seed.language,
        origin_url=seed.url,
        provenance={"text": "seed"},
        extractor="seed",
    )


def _habits(config: Config) -> Habits:
    return Habits(
        give_up=config.retry.give_up,
        raw=timedelta(days=config.raw.days) if config.raw.days else None,
        keep_first=config.dedup.keep == "first",
        plan=config.recheck.plan(),
        obeyed=config.opt_outs.obeyed(),
        bounds=Bounds(fastest=config.schedule.fastest, slowest=config.schedule.slowest),
    )
