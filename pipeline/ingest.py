"""The flow: one candidate, top to bottom, in the order it happens. And the protocols it needs.

Source ─discover→ Candidate ─fetch→ Response ─extract→ Article ─match→ Match ─store→ Outcome. No step back; no stage asks another;
only the flow asks the store. Expected trouble (ItemError) costs one item; a bug costs one item and leaves its traceback; a
StoreError ends the run with nothing half-written.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from pipeline import aging, health, indirect, moves, urls
from pipeline.clock import Clock
from pipeline.errors import ItemError, NotAnArticle, StoreError
from pipeline.intervals import Bounds, Yield
from pipeline.model import (
    Article,
    Candidate,
    Edited,
    Endings,
    Fingerprint,
    Found,
    Hints,
    Known,
    Match,
    Outcome,
    Outlet,
    Pending,
    Profile,
    Read,
    Record,
    Relation,
    Request,
    Response,
    Seed,
    Source,
    SourceState,
    Status,
    Stored,
    Suspects,
    Validators,
    Vocabulary,
)
from pipeline.polls import Fetches, Polled, Polls, PollStores, Runs, may_see
from pipeline.reextract import Pages, Reextracting
from pipeline.rejudge import Anew, Archives, Decided, Rejudging, not_aligned
from pipeline.repeated import without
from pipeline.retention import bare, storage

T = TypeVar("T")
log = logging.getLogger("wirewatch.ingest")

FIRST_RETRY = timedelta(minutes=5)  # doubles with every attempt …
LAST_RETRY = timedelta(hours=6)  # … up to this
MOST_LOOKS = 6  # attempts at a page that answers with a check for robots or an error: five hours
WORDS_FROM, WORDS_UP_TO = 100, 12_800  # articles: what words an archive uses is learned at 100, 200, 400 … of them, up to so many
WORDS_SAMPLE = 2_000  # articles it is learned from
WORDS_LEAST = 50  # stories; of fewer, how often a word is met says nothing
SEEDS_SUSPECTS = 2_000  # a seed that comes later is compared with at most so many texts that share most with it, and so many on its subject
RETOLD = 0.5  # of either text: two of one outlet that share less are two stories
AT_ONCE = 16  # of them, in memory as what they are read into
DIFFERENT = frozenset({Relation.DISTINCT, Relation.RELATED, Relation.DERIVED})


class Stages(Protocol):
    """The plain functions of values, wherever they run. They raise ItemError."""

    async def discover(self, response: Response, source: Source) -> Found: ...

    async def read(self, response: Response, hints: Hints, outlet: Outlet | None) -> Read: ...

    async def fingerprint(self, article: Article) -> Read: ...

    async def meaning(self, article: Article) -> tuple[int, ...]: ...

    async def judge(
        self, read: Read, suspects: Sequence[Stored], profile: Profile, vocabulary: Vocabulary | None = None
    ) -> tuple[Match, ...]: ...

    async def learn(self, texts: Sequence[tuple[str, str]], articles: int) -> Vocabulary: ...

    async def subject(self, article: Article) -> tuple[str, ...]: ...

    async def one_story(self, article: Article, other: Article, match: Match) -> bool: ...

    async def edited(self, old: Article, new: Article, repeated: frozenset[str], *, running: bool) -> Edited: ...


class Stores(PollStores, Protocol):
    """What the flow asks of the store. Every writing call is one transaction. Raises StoreError."""

    def enqueue(self, candidate: Candidate, keys: Sequence[str], now: datetime) -> Pending: ...

    def known(self, keys: Sequence[str]) -> Known | None: ...

    def version(self, version_id: int) -> Stored | None: ...

    def outlet(self, domain: str) -> Outlet | None: ...

    def seeds(self) -> Sequence[Stored]: ...

    def vocabulary(self) -> Vocabulary | None: ...

    def stories(self) -> int: ...

    def sample(self, most: int) -> Sequence[tuple[str, str]]: ...

    def keep_vocabulary(self, vocabulary: Vocabulary, now: datetime) -> None: ...

    def unindexed(self, *, meaning: bool) -> Sequence[Stored]: ...

    def abroad(self, fingerprint: Fingerprint) -> bool: ...

    def index(self, version_id: int, hashes: Sequence[int]) -> None: ...

    def suspects(self, fingerprint: Fingerprint, *, keys: Sequence[str], worth: int = ...) -> Suspects: ...

    def about(self, words: Sequence[str], most: int) -> Sequence[Stored]: ...

    def plant(self, seed: Seed, read: Read, hashes: tuple[int, ...], now: datetime, verdicts: Sequence[tuple[Stored, Match]]) -> Stored: ...

    def save(self, record: Record) -> Outcome | Suspects: ...

    def sight(
        self,
        known: Known,
        candidate: Candidate,
        outcome: Outcome,
        pending: int | None,
        validators: Validators | None,
        now: datetime,
        chain: tuple[str, ...] = (),
        again_at: datetime | None = None,
    ) -> None: ...

    def settle(self, outcome: Outcome, pending: int | None) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What the configuration decides of the flow."""

    give_up: timedelta = timedelta(days=7)
    raw: timedelta | None = None
    keep_first: bool = False
    bounds: Bounds = field(default_factory=Bounds)
    plan: aging.Plan = field(default_factory=aging.Plan)
    obeyed: Mapping[str, str] = field(default_factory=dict)  # opt-out → what it leaves (see retention.storage)


@dataclass(slots=True, kw_only=True)
class Flow:
    """Everything put together by the composer; holds nothing of its own but the stages."""

    fetcher: Fetches
    stages: Stages
    store: Stores
    reading: Runs
    writing: Runs
    clock: Clock
    habits: Habits = field(default_factory=Habits)
    sources: Mapping[str, Source] = field(default_factory=dict)  # by name: a source's own headers go with its articles
    learning: asyncio.Lock = field(default_factory=asyncio.Lock)  # what words the archive uses is learned once at a time
    words_at: tuple[int, int] = (0, 0)  # of how many articles it was learned; the version from which on they are counted again

    # ── seeds ─────────────────────────────────────────────────────────────────────────────────────

    async def plant(self, seed: Seed, article: Article, hashes: Callable[[Fingerprint], tuple[int, ...]]) -> None:
        """Makes a seed known to the store; a new one, or a new text of it, is compared with what is stored. ``hashes``: to be found by."""
        read = await self.stages.fingerprint(article)
        planted = {stored.seed: stored.body_digest for stored in await self.reading(self.store.seeds)}
        verdicts: list[tuple[Stored, Match]] = []
        if planted.get(seed.name) != read.fingerprint.body_digest:
            itself = Stored(id=0, article_id=0, article=article, body_digest=read.fingerprint.body_digest, seed=seed.name)
            found: Suspects = await self.reading(self.store.suspects, read.fingerprint, keys=(), worth=SEEDS_SUSPECTS)
            # who tells of the same in words of his own shares no passage; he is found by what it is about
            akin = await self.reading(self.store.about, await self.stages.subject(article), SEEDS_SUSPECTS)
            there = {suspect.article_id for suspect in found.worth}
            worth = [suspect for suspect in (*found.worth, *(one for one in akin if one.article_id not in there)) if suspect.seed is None]
            for one in (one for one in found.counted if one.kept != "full"):  # what is known of it is how much it shares
                mirrored = replace(itself, shared=one.shared, here=one.there, there=one.here, kept=one.kept)
                verdicts += [(one, match) for match in not_aligned([mirrored], one.body_digest)]
            words = await self.reading(self.store.vocabulary)
            for some in (worth[start : start + AT_ONCE] for start in range(0, len(worth), AT_ONCE)):
                for suspect, told in zip(some, await asyncio.gather(*(self._against(one, itself, words) for one in some)), strict=True):
                    verdicts += [(suspect, match) for match in told]
        await self.writing(self.store.plant, seed, read, hashes(read.fingerprint), self.clock.now(), verdicts)

    async def _against(self, stored: Stored, seed: Stored, words: Vocabulary | None) -> tuple[Match, ...]:
        async def compared() -> tuple[Match, ...]:
            own = await self.stages.fingerprint(stored.article)
            return await self.stages.judge(own, [replace(seed, shared=stored.shared)], Profile(repeated=stored.repeated), words)

        try:
            return await as_item(compared(), stored.article.url)
        except ItemError as error:  # one text that cannot be compared keeps no seed from being watched for
            log.warning("%s was not compared with the seed %s: %s", stored.article.url, seed.seed, error.message)
            return ()

    def again(self, archive: Archives) -> Rejudging:
        """Judges again what is stored, by the stages of this flow."""
        return Rejudging(
            stages=self.stages, archive=archive, words=self.words, reading=self.reading, writing=self.writing, clock=self.clock,
            shield=as_item,
        )  # fmt: skip

    def anew(self, archive: Decided) -> Anew:
        """Judges again what words decide, once they were learned anew (``words``), by the stages of this flow."""
        return Anew(
            stages=self.stages, archive=archive, known=self.store.vocabulary, reading=self.reading, writing=self.writing, clock=self.clock,
            shield=as_item,
        )  # fmt: skip

    def reread(self, pages: Pages) -> Reextracting:
        """Extracts again what is stored, by the stages of this flow."""
        return Reextracting(
            stages=self.stages, pages=pages, words=self.words, reading=self.reading, writing=self.writing, clock=self.clock,
            shield=as_item,
        )  # fmt: skip

    async def index(self, *, meaning: bool) -> None:
        """Makes seeds findable by what they are about that are not as yet. ``meaning``: from other languages too."""
        for seed in await self.reading(self.store.unindexed, meaning=meaning):
            read = await self.stages.fingerprint(seed.article)
            meant = await self.stages.meaning(seed.article) if meaning else ()
            await self.writing(self.store.index, seed.id, read.fingerprint.topics + meant)

    # ── a source is due ───────────────────────────────────────────────────────────────────────────

    async def poll(self, source: Source) -> Polled:
        """Asks a source. Its validators and its new candidates commit together: a crash never costs an article that is offered once."""
        state = await self.reading(self.store.state, source.name)
        polls = Polls(
            fetcher=self.fetcher,
            discover=self.stages.discover,
            store=self.store,
            reading=self.reading,
            writing=self.writing,
            clock=self.clock,
            shield=as_item,
            bounds=self.habits.bounds,
        )
        try:
            return await as_item(polls.ask(source, state), source.url)
        except ItemError as error:
            return await self._poll_failed(source, state, error)

    async def _poll_failed(self, source: Source, state: SourceState, error: ItemError) -> Polled:
        now = self.clock.now()
        failed = health.failed(source, state, error, now, self.habits.bounds)
        await self.writing(self.store.record_poll, source.name, state, (), now, learn=lambda _, __: failed)
        status, reason = Status.RETRY if error.status is Status.RETRY else Status.FAILED, f"{error.reason}: {error.message}"
        outcome = Outcome(url=source.url, source=source.name, status=status, reason=reason, at=now, retry_at=failed.due_at)
        return Polled(source=source.name, url=source.url, trouble=outcome, lost=moves.lost(source, failed, now))

    async def looked_at(self, source: Source, outcome: Outcome) -> None:
        """A source that is a single page was taken, or files were read: when to look again."""
        state, now = await self.reading(self.store.state, source.name), self.clock.now()
        if outcome.status in (Status.RETRY, Status.FAILED):
            reason, _, message = outcome.reason.partition(": ")
            kept = health.failed(source, state, ItemError(message, reason=reason), now, self.habits.bounds)
        else:
            came = int(outcome.status in (Status.NEW, Status.UPDATED))
            brought = Yield(shown=1, fresh=came, alone=came, first=state.last_ok is None)
            kept = health.answered(source, state, brought, now, self.habits.bounds, response=None, endings=Endings())
        await self.writing(self.store.record_poll, source.name, state, (), now, learn=lambda _, __: kept)

    async def refuse(self, outcome: Outcome) -> Outcome:
        """Keeps the outcome of what never became a candidate."""
        await self.writing(self.store.settle, outcome, None)
        return outcome

    # ── a candidate's turn ────────────────────────────────────────────────────────────────────────

    async def remember(self, candidate: Candidate) -> Pending:
        """A candidate that a person named: a row like any other, so that trouble does not forget it."""
        return await self.writing(self.store.enqueue, candidate, urls.keys(candidate.url), self.clock.now())

    async def take(self, pending: Pending, *, insist: bool = False) -> Outcome:
        """One pending candidate to its outcome. ``insist``: fetch it even when it is stored already (a person asked)."""
        return await self._guarded(pending.candidate, pending, insist=insist)

    async def take_in_hand(self, candidate: Candidate) -> Outcome:
        """One candidate whose page or article is in hand, or whose source asks for it at every poll: there is no row to keep."""
        return await self._guarded(candidate, None, insist=True)

    async def _guarded(self, candidate: Candidate, pending: Pending | None, *, insist: bool) -> Outcome:
        try:
            return await self._candidate(candidate, pending, insist=insist)
        except ItemError as error:
            return await self._trouble(candidate, pending, error)
        except StoreError:
            raise
        except Exception as error:  # a bug costs one item and leaves its traceback
            log.exception("a bug while taking %s", candidate.url)
            return await self._trouble(candidate, pending, ItemError(f"a bug in wirewatch: {error!r}", reason="bug"))

    async def _candidate(self, candidate: Candidate, pending: Pending | None, *, insist: bool) -> Outcome:
        row = pending.id if pending else None
        if candidate.article is not None:
            return await self.keep(candidate, await self.stages.fingerprint(candidate.article), None, row)
        response = candidate.response
        if response is not None and response.status == 304:
            return await self._repeated(candidate, response, row)
        if response is None:
            reached = await self._reach(candidate, row, insist=insist)
            if isinstance(reached, Outcome):
                return reached
            response = reached
        outlet = await self.outlet(response.url)
        read = await self.stages.read(response, candidate.hints, outlet)
        return await self.keep(candidate, await self.as_before(candidate, response, read, outlet), response, row, outlet)

    async def as_before(self, candidate: Candidate, response: Response, read: Read, outlet: Outlet | None) -> Read:
        """A page that was read before with less knowledge of its outlet comes out cleaner now: that is no edit. → what was stored of it,
        where the page without that knowledge, or the stored text with it, is the same."""
        if outlet is None or outlet.profile == Profile():
            return read
        keys = urls.keys(read.article.url) if urls.is_http(read.article.url) else _keys(response.url)
        known = await self.reading(self.store.known, keys)
        stored = await self.reading(self.store.version, known.version_id) if known else None
        if stored is None or _says_the_same(read.article, stored.article):
            return read
        before = await self.stages.fingerprint(stored.article)
        if before.fingerprint.content_digest != read.fingerprint.content_digest:
            cleaner = replace(stored.article, text=without(stored.article.text, outlet.profile.repeated)[0])
            plain = await self.stages.read(response, candidate.hints, replace(outlet, profile=Profile()))
            if stored.kept != "full":  # there is its digest alone to compare with
                return plain if plain.fingerprint.body_digest == stored.body_digest else read
            if _says_the_same(cleaner, read.article) or _says_the_same(plain.article, stored.article):
                return before
        return read

    async def _reach(self, candidate: Candidate, row: int | None, *, insist: bool) -> Response | Outcome:
        """The article's page, past what only leads to it; or the outcome, when it turns out to be known. Raises ItemError."""
        url, chain = urls.cleaned(candidate.url), candidate.chain
        dressed: Response | None = None  # an AMP page, for when the page it names cannot be had
        for hop in range(indirect.MOST_HOPS + 1):
            guid = None if hop else candidate.hints.guid
            known = await self.reading(self.store.known, urls.keys(url, guid=guid))
            if known and not insist and candidate.source not in known.sources:
                said = "already stored; met again through another source"
                return await self._met_again(known, candidate, row, None, said, (*chain, url))
            validators = known.validators if known else Validators()
            source = self.sources.get(candidate.source)
            headers = source.headers if source and may_see(source, url) else {}
            try:
                response = await self.fetcher.fetch(Request(url=url, validators=validators, headers=headers))
            except ItemError:
                if dressed is None:
                    raise
                return dressed
            chain = (*chain, *response.redirects)
            if response.status == 304 and known:
                return await self._met_again(known, candidate, row, response.validators, "not modified", (*chain, response.url))
            target = indirect.leads_to(response)
            if target is None:
                if indirect.is_aggregator(response.url):
                    raise NotAnArticle(f"{response.url} does not say where it leads: name the publisher's own feed", reason="indirect")
                return replace(response, requested_url=candidate.url, redirects=chain)
            dressed = replace(response, redirects=chain) if target == indirect.amp_of(response) else None
            chain, url = (*chain, response.url), target
        raise NotAnArticle(f"{candidate.url} leads on and on, at last to {url}", reason="indirect")

    async def _repeated(self, candidate: Candidate, response: Response, row: int | None) -> Outcome:
        """A page in hand of which it is only said that it was as before (a revisit record of an archive). Raises NotAnArticle."""
        for url in (candidate.url, *response.redirects):
            known = await self.reading(self.store.known, _keys(url))
            if known:
                return await self._met_again(known, candidate, row, None, "revisited, and as it was", ())
        raise NotAnArticle(f"{candidate.url}: a revisit of a page that was never taken in", reason="revisit")

    async def _met_again(
        self,
        known: Known,
        candidate: Candidate,
        row: int | None,
        validators: Validators | None,
        reason: str,
        chain: tuple[str, ...],
        again_at: datetime | None = None,
    ) -> Outcome:
        now = self.clock.now()
        outcome = Outcome(
            url=candidate.url,
            source=candidate.source,
            status=Status.UNCHANGED,
            reason=reason,
            at=now,
            keys=urls.keys(candidate.url, guid=candidate.hints.guid),
            article_id=known.article_id,
            version_id=known.version_id,
            title=candidate.hints.title,
        )
        await self.writing(self.store.sight, known, candidate, outcome, row, validators, now, chain, again_at)
        return outcome

    async def edit(self, known: Known, read: Read) -> Edited | None:
        """What kind of edit made the stored text into what was read now; None where that is the stored text itself."""
        stored = await self.reading(self.store.version, known.version_id)
        if stored is None or _says_the_same(read.article, stored.article):
            return None
        if stored.kept != "full":  # there is no text to compare with: that its words are others is all that can be told
            if read.fingerprint.body_digest != stored.body_digest:
                walled = stored.article.completeness == "full" != read.article.completeness
                live = "live" in (stored.article.kind, read.article.kind)
                return Edited(kind=None if walled else "live" if live else "rewrite", added=0, removed=0)
            read = replace(read, article=replace(read.article, text=stored.article.text))
        recent = known.changed_at is not None and self.clock.now() - known.changed_at <= aging.OF_LATE
        return await self.stages.edited(stored.article, read.article, stored.repeated, running=known.growing and recent)

    async def _no_version(
        self, known: Known, edited: Edited, candidate: Candidate, read: Read, response: Response | None, row: int | None
    ) -> Outcome | None:
        """The outcome of a changed page that makes no new version: nothing of its text or headline changed, or it is a live blog that got
        one within the hour, whose state of then is looked for in time."""
        chain = (*response.redirects, response.url) if response and response.redirects else ()
        if edited.kind is None:
            # of a wall in the text's place nothing is remembered, so that the text is met again when it is back
            had = None if read.article.completeness != "full" else response.validators if response else Validators()
            return await self._met_again(known, candidate, row, had, "unchanged: no sentence and no headline changed", chain)
        live = edited.kind == "live" or (read.article.kind == "live" and edited.kind == "headline")
        then = (known.changed_at or known.first_seen) + self.habits.plan.live
        in_hand = candidate.response or candidate.article  # a state out of an archive comes once
        if in_hand or not live or not known.first_seen <= self.clock.now() < then:
            return None
        return await self._met_again(known, candidate, row, None, f"live: its next version is due at {then:%H:%M} UTC", chain, then)

    def _next_look(self, candidate: Candidate, known: Known | None, edited: Edited | None, read: Read, now: datetime) -> datetime | None:
        """When a version that is made now is looked at again; None for what no source watches."""
        source = self.sources.get(candidate.source)
        if source is None or source.kind not in aging.WATCHED or candidate.response or candidate.article:
            return None
        since = aging.stands_since(known.first_seen if known else now, now if edited else None, read.article.published)
        return aging.next_look(self.habits.plan, since, now, candidate.url)

    async def keep(
        self, candidate: Candidate, read: Read, response: Response | None, row: int | None, outlet: Outlet | None = None
    ) -> Outcome:
        """What was read, compared with what is stored, to its outcome. Raises ItemError."""
        amount = storage(self.sources.get(candidate.source), read.article, self.habits.obeyed)
        read, keys = await self._identity(candidate, read, response)
        known = await self.reading(self.store.known, keys)
        edited = await self.edit(known, read) if known else None
        if known and edited and (outcome := await self._no_version(known, edited, candidate, read, response, row)):
            return outcome
        outlet = outlet or await self._named(read.article.outlet)
        profile = outlet.profile if outlet else Profile()
        if await self.reading(self.store.abroad, read.fingerprint):
            meant = read.fingerprint.topics + await self.stages.meaning(read.article)
            read = replace(read, fingerprint=replace(read.fingerprint, topics=meant))
        suspects: Suspects = await self.reading(self.store.suspects, read.fingerprint, keys=keys)
        compared = list(suspects.worth)
        vocabulary = await self.words(suspects.snapshot)
        matches = await self.stages.judge(read, compared, profile, vocabulary)
        matches += not_aligned(suspects.counted, read.fingerprint.body_digest)
        matches = matches if amount == "full" else tuple(map(bare, matches))
        now = self.clock.now()
        record = Record(
            candidate=candidate,
            read=read,
            keys=keys,
            matches=matches,
            snapshot=suspects.snapshot,
            now=now,
            pending=row,
            response=response,
            raw_until=now + self.habits.raw if self.habits.raw and response and amount == "full" else None,
            keep_first=self.habits.keep_first,
            storage=amount,
            sentences=await self._counted(read, compared, matches),
            change=edited.kind if edited else None,
            recheck_at=self._next_look(candidate, known, edited, read, now),
        )
        while isinstance(answer := await self.writing(self.store.save, record), Suspects):
            # somebody stored what this text must be compared with since we looked: compare, and offer again
            compared.extend(answer.worth)
            younger = await self.stages.judge(read, answer.worth, profile, vocabulary) + not_aligned(
                answer.counted, read.fingerprint.body_digest
            )
            younger = younger if amount == "full" else tuple(map(bare, younger))
            counted = await self._counted(read, answer.worth, younger) if record.sentences else ()
            record = replace(record, matches=record.matches + younger, snapshot=answer.snapshot, sentences=counted)
        return _named(answer, compared)

    async def _counted(self, read: Read, compared: Sequence[Stored], matches: Sequence[Match]) -> tuple[int, ...]:
        """The sentences that count for what the outlet repeats: none when it has told this story before."""
        theirs = {other.id: other for other in compared if other.seed is None and other.article.outlet == read.article.outlet}
        for match in matches:
            other, share = theirs.get(match.other), max(match.coverage_all, match.other_coverage_all)
            if other is not None and share >= RETOLD and await self.stages.one_story(read.article, other.article, match):
                return ()
        left_out = read.layout.repeated if read.layout else ()  # what an outlet repeats goes on being counted
        return tuple({*read.fingerprint.sentences, *left_out})

    async def words(self, versions: int | None = None) -> Vocabulary | None:
        """What the archive tells of words: learned at so many articles, seeds apart, and whenever they have doubled (then see ``anew``).
        ``versions``: the youngest version's id, which tells when there may be enough of them; without it they are counted at once."""
        known = await self.reading(self.store.vocabulary)
        if (known and known.articles >= WORDS_UP_TO) or (versions is not None and versions < self._count_words_at(known)):
            return known
        async with self.learning:
            known = await self.reading(self.store.vocabulary)  # who came first has learned it
            missing = (2 * known.articles if known else WORDS_FROM) - (articles := await self.reading(self.store.stories))
            if missing <= 0:
                sample = await self.reading(self.store.sample, WORDS_SAMPLE)
                missing = WORDS_LEAST - len(sample)
                if missing <= 0:
                    known = await self.stages.learn(sample, articles)
                    await self.writing(self.store.keep_vocabulary, known, self.clock.now())
                    missing = known.articles
            if versions is not None:
                self.words_at = (known.articles if known else 0, versions + missing)  # a version brings one article at most
        return known

    def _count_words_at(self, known: Vocabulary | None) -> int:
        learned, at = self.words_at
        return at if learned == (known.articles if known else 0) else 0  # another process learned or forgot it

    async def _identity(self, candidate: Candidate, read: Read, response: Response | None) -> tuple[Read, tuple[str, ...]]:
        """The article's address and alias keys. A canonical link shared by different bodies is ignored (facts/peers: it happens)."""
        article = read.article
        if not article.url:  # a page or line without any address is named by what it says
            article = replace(article, url=f"urn:wirewatch:digest:{read.fingerprint.content_digest[:32]}")
        if not urls.is_http(article.url):
            return replace(read, article=article), (article.url,)
        own = _keys(candidate.url, guid=candidate.hints.guid) + (_keys(response.url) if response else ())
        stated = urls.keys(article.url)
        if response and urls.is_http(response.url) and not set(stated) & set(own):
            owner = await self.reading(self.store.known, stated)
            page = await self.reading(self.store.known, own)
            if owner and (page is None or page.article_id != owner.article_id) and await self.differs(read, owner):
                article, stated = replace(article, url=urls.canonical(response.url)), urls.keys(response.url)
        outlet = urls.outlet(article.url)
        alike = tuple(key for key in own if urls.key_outlet(key) == outlet)  # keys never cross registrable domains
        return replace(read, article=article), tuple(dict.fromkeys(stated + alike))

    async def differs(self, read: Read, owner: Known) -> bool:
        """Whether a stored article's text is of another story than what was read. Raises ItemError."""
        stored = await self.reading(self.store.version, owner.version_id)
        if stored is None:
            return False
        matches = await self.stages.judge(read, [stored], Profile())
        return not matches or matches[0].relation in DIFFERENT

    async def outlet(self, url: str) -> Outlet | None:
        return await self._named(urls.outlet(url) if urls.is_http(url) else None)

    async def _named(self, domain: str | None) -> Outlet | None:
        return await self.reading(self.store.outlet, domain) if domain else None

    async def _trouble(self, candidate: Candidate, pending: Pending | None, error: ItemError) -> Outcome:
        now, retry_at, status = self.clock.now(), None, error.status
        reason = f"{error.reason}: {error.message}"
        if isinstance(error, NotAnArticle) and (pending is None or pending.attempts >= MOST_LOOKS):
            status = Status.SKIPPED  # a page in hand stays as it is; one that never passes is a wall like others
        if status is Status.RETRY and pending is not None:
            wait = min(FIRST_RETRY * 2 ** min(pending.attempts, 12), LAST_RETRY)
            # what a host asked for comes on top: a person who runs the command again at once must not break it
            retry_at = now + wait + (error.after or timedelta(0))
            if now - pending.first_seen > self.habits.give_up:
                status, retry_at = Status.FAILED, None
                reason = f"gave up after {pending.attempts + 1} attempts since {pending.first_seen:%Y-%m-%d %H:%M}: {reason}"
        outcome = Outcome(
            url=candidate.url or error.url,
            source=candidate.source,
            status=status,
            reason=reason,
            at=now,
            keys=_keys(candidate.url, guid=candidate.hints.guid),
            title=candidate.hints.title,
            retry_at=retry_at,
        )
        await self.writing(self.store.settle, outcome, pending.id if pending else None)
        return outcome


async def as_item(work: Awaitable[T], url: str) -> T:
    """A bug costs one item and leaves its traceback: here the poll of one source or of a part of it, a text that is judged again, or one
    that is looked at again."""
    try:
        return await work
    except (ItemError, StoreError):
        raise
    except Exception as error:
        log.exception("a bug at %s", url)
        raise ItemError(f"a bug in wirewatch: {error!r}", url=url, reason="bug") from error


def _says_the_same(one: Article, other: Article) -> bool:
    """What decides on a new version (``Fingerprint.content_digest``)."""
    return all(getattr(one, name) == getattr(other, name) for name in ("title", "text", "authors", "credit"))


def _keys(url: str, *, guid: str | None = None) -> tuple[str, ...]:
    try:
        return urls.keys(url, guid=guid) if urls.is_http(url) else ()
    except ValueError:
        return ()


def _named(outcome: Outcome, compared: Collection[Stored]) -> Outcome:
    """The strongest relation found, seeds first, by the name a person knows it by."""
    others = {stored.id: stored for stored in compared}
    told = [match for match in outcome.matches if match.aligned and match.other in others]
    if not told:
        return outcome
    best = max(told, key=lambda m: (others[m.other].seed is not None, m.relation.strength, m.coverage, -m.other))
    other = others[best.other]
    return replace(outcome, strongest=best, to=other.seed or other.article.url)


def refused(source: Source, problem: ItemError, now: datetime) -> Outcome:
    """A part of a source that could not be read (a bad line, a broken file): one outcome of its own."""
    reason = f"{problem.reason}: {problem.message}"
    return Outcome(url=problem.url or source.url, source=source.name, status=problem.status, reason=reason, at=now)
