"""The store: everything the flow remembers, in one SQL database. Only nouns go in and come out.

Every writing method is one transaction: all of it is kept or nothing, whatever kills the process. Methods may be called from any thread.
All raise StoreError when the database cannot be used; all moments (``now``) are aware.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime, timedelta
from threading import Lock
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from pipeline.model import (
    Article,
    Candidate,
    EditKind,
    Fingerprint,
    HostMemory,
    Known,
    Match,
    Outcome,
    Outlet,
    Part,
    Pending,
    Profile,
    Read,
    Recheck,
    Record,
    RobotsMemory,
    Rule,
    Runner,
    Seed,
    Source,
    SourceState,
    Stored,
    Suspects,
    Validators,
    Vocabulary,
)
from pipeline.store import (
    akin,
    alerts,
    claims,
    encode,
    engine,
    expiry,
    hosts,
    judging,
    known,
    merge,
    met,
    naming,
    purge,
    queue,
    rechecks,
    related,
    save,
    suspects,
    topics,
    vocabularies,
)
from pipeline.store import parts as parting
from pipeline.store.queue import Learns, Offered, PollCount

__all__ = ["PollCount", "Store"]


class Store:
    """One open database. ``url``: as it was given, without its password, for messages; ``kind``: "sqlite" or "postgresql"; ``rules``:
    what people listen for, asked about everything that is written from now on."""

    def __init__(self, opened: sa.Engine, writer: sa.Engine, url: str) -> None:
        """Use ``Store.open``."""
        self.url = engine.shown(url)
        self.kind = engine.kind(url)
        self._engines = opened, writer
        self.rules: tuple[Rule, ...] = ()
        self._seeds: tuple[Stored, ...] = ()
        self._words: tuple[int, Vocabulary] | None = None
        self._reading = opened.execution_options(**engine.of(url).READS)
        self._writing = writer.execution_options(**engine.of(url).WRITES)
        self._at_hand = None if writer is opened else writer.execution_options(**engine.of(url).READS)
        self._turn = Lock()  # whose the writer's connection is, where there is one that lasts

    @classmethod
    def open(cls, url: str, *, create: bool = True, write: bool = True) -> Store:
        """Opens a database by address ("postgresql://user@host/name", "sqlite:///path" or a bare path) and brings its schema up to date.
        ``create``: makes the file of a SQLite database; a PostgreSQL one must be there, and gets its tables.

        ``write`` False: for reading only; the file, its folder and its schema stay as they are. Raises StoreError with what to do: not
        there, a folder, not a database, somebody else's, read-only, of a newer or older schema, locked, disk full, no server, no rights.
        """
        with engine.translated(url):
            opened = engine.connect(url, create=create, write=write)
        writer = engine.writer(url, opened) if write else opened
        try:
            engine.ready(opened, writer, url, write=write)
        except BaseException:
            writer.dispose()
            opened.dispose()
            raise
        return cls(opened, writer, url)

    def close(self) -> None:
        """Closes every connection; what was committed stays."""
        with engine.translated(self.url):
            for one in self._engines:
                one.dispose()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A consistent view of the database, for the modules of this room."""
        with engine.translated(self.url), self._reading.connect() as conn, conn.begin():
            yield conn

    @contextmanager
    def reading_at_hand(self) -> Iterator[sa.Connection]:
        """The same for what a write follows. A reader's connection must read every page anew after each write, the writer's keeps what it
        has: it is taken where nobody has it."""
        if self._at_hand is None or not self._turn.acquire(blocking=False):
            with self.reading() as conn:
                yield conn
            return
        try:
            with engine.translated(self.url), self._at_hand.connect() as conn, conn.begin():
                yield conn
        finally:
            self._turn.release()

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction that holds the writer's lock from its beginning, for the modules of this room."""
        with self._mine(), engine.translated(self.url), self._writing.begin() as conn:
            yield conn

    def _mine(self) -> AbstractContextManager[Any]:
        """The writer's connection is the caller's; where others can write at the same time, they are not waited for."""
        return nullcontext() if self._at_hand is None else self._turn

    def rest(self) -> None:
        """What no article waits for, to be called between two writes, by who makes them: merges what was added to SQLite's full-text index
        and brings its log into its file, when either has grown. Without it some article's transaction does, and takes ten times as long."""
        with self._mine(), engine.translated(self.url):
            engine.of(self.url).rest(self._engines[1])

    # ── sources and what is due ───────────────────────────────────────────────────────────────────

    def watch(self, sources: Sequence[Source], now: datetime) -> None:
        """Makes these the active sources; one that is no longer configured keeps its rows but is never due."""
        with self.writing() as conn:
            queue.watch(conn, sources, now)

    def forget_address(self, name: str) -> None:
        """Forgets what was learned of a source's address: it has another one, and is due at once."""
        with self.writing() as conn:
            queue.forget_address(conn, name)

    def rename_source(self, old: str, new: str) -> bool:
        """Calls a source otherwise: its memory, sightings and pending candidates stay its own. False when ``old`` was never met.
        Raises InputError when ``new`` is another source's."""
        with self.writing() as conn:
            return naming.rename(conn, old, new)

    def told_of(self) -> Mapping[str, int]:
        """How many articles relate to each seed, by its name; a seed that nobody ran is not named."""
        with self.reading() as conn:
            return naming.told_of(conn)

    def state(self, source: str) -> SourceState:
        """What is remembered of a source; an empty memory for one never polled."""
        with self.reading() as conn:
            return queue.state(conn, source)

    def due(self, now: datetime, limit: int | None = None) -> list[str]:
        """Active sources that are to be polled by ``now`` and that no runner is asking, never polled ones first, then the longest due."""
        with self.reading() as conn:
            return claims.due(conn, now, limit)

    def next_due(self, now: datetime) -> datetime | None:
        """The next moment after ``now`` at which anything falls due; what is due already does not count. None: nothing ever."""
        with self.reading() as conn:
            return queue.next_due(conn, now)

    def claim_sources(self, names: Collection[str], now: datetime, *, any_time: bool = False, insist: bool = False) -> list[str]:
        """Makes sources the caller's for ten minutes, or until they are recorded. → those that are due (``any_time``: or not) and nobody
        else's (``insist``: or are)."""
        with self.writing() as conn:
            return claims.claim_sources(conn, names, now, any_time=any_time, insist=insist)

    def claim_pages(self, rows: Collection[int], now: datetime, *, insist: bool = False) -> list[Pending]:
        """Makes pending candidates the caller's for ten minutes, or until they end. → those nobody else has (``insist``: all)."""
        with self.writing() as conn:
            return claims.claim_pages(conn, rows, now, insist=insist)

    def give_back(self, names: Collection[str], rows: Collection[int]) -> None:
        """Ends claims on sources and pending candidates that were not dealt with."""
        if names or rows:
            with self.writing() as conn:
                claims.give_back(conn, names, rows)

    def void_claims(self) -> None:
        """Ends every claim: those who made them are known to be gone."""
        with self.writing() as conn:
            claims.void(conn)

    def waiting(self, now: datetime, *, after: int = 0, limit: int) -> list[tuple[int, str]]:
        """(row, address) of candidates due by ``now`` that no runner has, the longest due first. ``after``: only rows made since."""
        with self.reading() as conn:
            return claims.waiting(conn, now, after=after, limit=limit)

    def clock_set(self, was: datetime, now: datetime) -> None:
        """Sees to moments that no longer mean what they did. ``was``: what the clock would show, had nobody set it; equal to ``now``:
        unless it was set while nobody looked."""
        with self.reading() as conn:
            back = claims.has_been_set_back(conn, now)
        if back or now > was:
            with self.writing() as conn:
                claims.set_back(conn, was, now)
                claims.set_forward(conn, was, now)
                if back:
                    rechecks.set_back(conn, now + claims.SKEW)
                rechecks.set_forward(conn, was, now)

    def hasten(self, names: Sequence[str], now: datetime) -> None:
        """Has sources asked at once."""
        with self.writing() as conn:
            claims.hasten(conn, names, now)

    def runners(self) -> list[Runner]:
        """Who runs on this database, or did last: the holders of leases."""
        with self.reading() as conn:
            return claims.runners(conn)

    def hold(self, mine: Runner, *, instead_of: Runner | None = None) -> Runner:
        """Takes or renews a lease, unless it is somebody else's; ``instead_of``: whose lease is over. → who holds it now."""
        with self.writing() as conn:
            return claims.hold(conn, mine, instead_of=instead_of)

    def let_go(self, mine: Runner) -> None:
        """Ends a lease, if it is the caller's."""
        with self.writing() as conn:
            claims.let_go(conn, mine)

    def record_poll(
        self,
        source: str,
        state: SourceState,
        candidates: Sequence[Offered],
        now: datetime,
        *,
        old: Sequence[Offered] = (),
        parts: Sequence[Part] = (),
        learn: Learns | None = None,
    ) -> PollCount:
        """A poll's result in one transaction: the source's state (or what ``learn``, a plain function, makes of it), and a Pending row for
        every (candidate, alias keys) that is new for this source or described differently (title, description, stated modification)
        than when it was offered before. ``old``: remembered as offered, not to be fetched; ``parts``: what the source is made of, where
        that changed."""
        with self.writing() as conn:
            count = queue.record_poll(conn, source, state, candidates, old, now, learn)
            parting.keep(conn, queue.source_id(conn, source, now), parts)
            alerts.health(conn, self.rules, count.change, now)
            return count

    def parts(self, source: str) -> list[Part]:
        """What a source is made of, as far as it was ever said."""
        with self.reading() as conn:
            return parting.parts(conn, source)

    def record_parts(
        self, source: str, parts: Sequence[Part], candidates: Sequence[Offered], now: datetime, *, old: Sequence[Offered] = ()
    ) -> PollCount:
        """A part that was asked, with what it offers and the parts it names, in one transaction; see ``record_poll``."""
        with self.writing() as conn:
            count = parting.record(conn, source, parts, candidates, old, now)
            alerts.health(conn, self.rules, count.change, now)
            return count

    def enqueue(self, candidate: Candidate, keys: Sequence[str], now: datetime) -> Pending:
        """A Pending row for a candidate that a person named, known or not; the one that waits already if there is one."""
        with self.writing() as conn:
            return queue.enqueue(conn, candidate, keys, now)

    def pending(
        self, now: datetime | None, *, limit: int, exclude: Collection[int] = (), sources: Collection[str] | None = None
    ) -> list[Pending]:
        """At most ``limit`` candidates due by ``now`` (None: due or not), first come first served. ``exclude``: row ids."""
        with self.reading() as conn:
            return queue.waiting(conn, now, limit=limit, exclude=exclude, sources=sources)

    def settle(self, outcome: Outcome, pending: int | None) -> None:
        """Ends a candidate that gave no article. A ``retry`` leaves its row, due at ``retry_at``, one attempt more, with the reason."""
        with self.writing() as conn:
            queue.settle(conn, outcome, pending)

    # ── articles ──────────────────────────────────────────────────────────────────────────────────

    def known(self, keys: Sequence[str]) -> Known | None:
        """The article these alias keys lead to: the first key that leads anywhere decides."""
        with self.reading() as conn:
            return known.known(conn, keys)

    def version(self, version_id: int) -> Stored | None:
        """One version, by its id."""
        with self.reading() as conn:
            return known.stored_version(conn, version_id)

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
    ) -> None:
        """A stored article was met again as it was: its sighting, the outcome, and the Pending row goes. ``validators`` None: it was not
        fetched; else the version was confirmed at ``now``, and empty validators leave the old ones. ``chain``: every address on the
        way to it, itself the last. ``again_at``: when it is looked at again, where that changes."""
        with self.writing() as conn:
            met.sight(conn, known, candidate, outcome, pending, validators, now, chain, again_at)

    # ── looked at again ───────────────────────────────────────────────────────────────────────────

    def claim_rechecks(
        self, now: datetime, until: datetime, *, limit: int, a_host: int, but: Collection[str] = (), sources: Collection[str] | None = None
    ) -> list[Recheck]:
        """At most ``limit`` stored articles that are to be looked at again by ``now``, the longest due first, at most
        ``a_host`` of one host, none of the hosts ``but``. Nobody else gets them before ``until``. ``sources``: of these only. What no
        active source has met is put off for a day, and after thirty not looked at any more."""
        with self.writing() as conn:
            return rechecks.claim(conn, now, until, limit=limit, a_host=a_host, but=but, sources=sources)

    def looked(self, known: Known, outcome: Outcome, validators: Validators, again_at: datetime | None) -> bool:
        """A stored article was looked at again and is as it was. → whether it had been withdrawn, and is back: only then is there an
        outcome to be told. ``again_at``: when it is looked at next; None: not any more."""
        with self.writing() as conn:
            return met.looked(conn, known, outcome, validators, again_at)

    def missing(self, outcome: Outcome, again_at: datetime | None, confirmed: timedelta) -> bool:
        """A stored article was looked at again and is not there. → whether it is withdrawn from now on: it is missing for so long
        (``confirmed``) already. The reason of the outcome tells how that shows."""
        with self.writing() as conn:
            gone = rechecks.missing(conn, outcome, again_at, confirmed)
            if gone and outcome.article_id is not None:
                alerts.withdrawn(conn, self.rules, outcome.article_id, outcome.reason, outcome.at)
            return gone

    def merge(self, one: int, other: int, outcome: Outcome, change: EditKind | None) -> Outcome | None:
        """Two stored articles are one, as it turned out; the one stored first stays, with what both had. ``change``: what kind of edit
        made the older text into the younger one. → the outcome, of the article that stays; None when one of them is a seed or gone."""
        with self.writing() as conn:
            return merge.merge(conn, one, other, outcome, change)

    def recheck(self, article_id: int, at: datetime | None) -> None:
        """When a stored article is looked at next; None: not any more."""
        with self.writing() as conn:
            rechecks.again(conn, article_id, at)

    def save(self, record: Record) -> Outcome | Suspects:
        """Everything of one article, or nothing. → its Outcome; or, when articles it must be compared with were stored after
        ``record.snapshot``, these as Suspects (nothing was written: compare, and call again with their snapshot)."""
        page = encode.raw_columns(record)
        with self.writing() as conn:
            answer = save.save(conn, record, page)
            if isinstance(answer, Outcome):
                alerts.stored(conn, self.rules, record, answer)
            return answer

    def outlet(self, domain: str) -> Outlet | None:
        """What is known of an outlet, by registrable domain."""
        with self.reading() as conn:
            return known.outlet(conn, domain)

    def learn(self, domain: str, profile: Profile, now: datetime) -> None:
        """Replaces what was learned of an outlet's pages."""
        with self.writing() as conn:
            known.learn(conn, domain, profile, now)

    # ── what hosts are owed ───────────────────────────────────────────────────────────────────────

    def host(self, name: str) -> HostMemory | None:
        """What was kept of a host."""
        with self.reading() as conn:
            return hosts.load(conn, name)

    def robots(self, origin: str) -> RobotsMemory | None:
        """What was kept of the robots.txt of an origin (``https://paper.example``)."""
        with self.reading() as conn:
            return hosts.load_robots(conn, origin)

    def keep_hosts(self, memories: Sequence[HostMemory | RobotsMemory]) -> None:
        """Replaces what is kept of these."""
        with self.writing() as conn:
            hosts.keep(conn, memories)

    # ── matching ──────────────────────────────────────────────────────────────────────────────────

    def seeds(self) -> tuple[Stored, ...]:
        """The active seeds, each in its latest version, in the order they were planted."""
        with self.reading() as conn:
            self._seeds = known.seeds(conn, self._seeds)  # they are asked for with every article, and texts are long
        return self._seeds

    def planted(self, seed: Seed, article: Article) -> bool:
        """Whether a seed is watched for exactly so: then there is nothing to plant. ``article``: as ``plant`` would get it."""
        with self.reading() as conn:
            return known.planted(conn, seed, article)

    def plant(
        self, seed: Seed, read: Read, hashes: tuple[int, ...], now: datetime, verdicts: Sequence[tuple[Stored, Match]] = ()
    ) -> Stored:
        """Stores a seed, or finds it stored. ``hashes``: all its shingles. A changed text is a new version. ``verdicts``: how what is
        stored relates to it (their ``other`` becomes the seed), written with a new version only."""
        with self.writing() as conn:
            return known.plant(conn, seed, read, hashes, now, verdicts)

    def unplant(self, names_to_keep: Collection[str]) -> None:
        """Seeds of other names are no longer compared with; what was found of them stays."""
        with self.writing() as conn:
            known.unplant(conn, names_to_keep)

    def vocabulary(self) -> Vocabulary | None:
        """What was learned of words from this archive; None before it was."""
        with self.reading() as conn:
            self._words = vocabularies.known(conn, self._words)  # asked for with every article
        return self._words[1] if self._words else None

    def stories(self) -> int:
        """How many articles are stored that are no seeds."""
        with self.reading() as conn:
            return vocabularies.stories(conn)

    def sample(self, most: int) -> list[tuple[str, str]]:
        """Titles and texts of stories from all over the archive, to learn from."""
        with self.reading() as conn:
            return vocabularies.sample(conn, most)

    def keep_vocabulary(self, vocabulary: Vocabulary, now: datetime) -> None:
        """Replaces what was learned of words. From then on what words decided is to be judged again (see ``related``)."""
        with self.writing() as conn:
            vocabularies.keep(conn, vocabulary, now)
            related.owe(conn, vocabulary, now)

    def unindexed(self, *, meaning: bool) -> tuple[Stored, ...]:
        """Active seeds that cannot be found by what they are about as yet, or (``meaning``) not from other languages: they were planted
        by a program that could not index it."""
        with self.reading() as conn:
            return tuple(seed for one in topics.lacking(conn, meaning=meaning) if (seed := known.stored_version(conn, one)))

    def abroad(self, fingerprint: Fingerprint) -> bool:
        """Whether a seed is told in another language than this text, as far as that is known."""
        with self.reading() as conn:
            return topics.abroad(conn, fingerprint.topics)

    def index(self, version_id: int, hashes: Sequence[int]) -> None:
        """Makes a seed's version findable by what it is about (``Fingerprint.topics``)."""
        with self.writing() as conn:
            topics.keep(conn, version_id, hashes)

    def suspects(self, fingerprint: Fingerprint, *, keys: Sequence[str] = (), worth: int = 20) -> Suspects:
        """Who may share text: every seed that shares anything, the seeds on its subject, the same bodies, and the ``worth`` articles that
        share most, each in its best version, but for the article that ``keys`` lead to. What shares enough but is not among them is
        ``counted``: named,
        with a text of "" only."""
        with self.reading_at_hand() as conn:
            return suspects.look_up(conn, fingerprint, but=suspects.article_of(conn, keys), worth=worth)

    def about(self, words: Sequence[str], most: int) -> tuple[Stored, ...]:
        """The ``most`` articles, in their latest versions, in which these beginnings of words stand most and are rarest."""
        with self.reading() as conn:
            return akin.about(conn, words, most)

    # ── what people say ───────────────────────────────────────────────────────────────────────────

    def judge(self, article_id: int, other_id: int, match: Match, note: str | None, now: datetime) -> None:
        """A person's verdict on the latest versions of two articles, beside the machine's; what a person said of the two before, whichever
        way round, goes. ``match``: their relation, with the figures and passages of the machine."""
        with self.writing() as conn:
            judging.judge(conn, article_id, other_id, match, note, now)

    def withdraw(self, article_id: int, other_id: int) -> bool:
        """Takes back what a person said of two articles, whichever way round. → was there anything?"""
        with self.writing() as conn:
            return judging.withdraw(conn, article_id, other_id)

    # ── forgetting ────────────────────────────────────────────────────────────────────────────────

    def expire(self, now: datetime, kept: Mapping[str, timedelta] = MappingProxyType({})) -> bool:
        """Forgets kept bytes of pages whose time is over, and articles that all their sources (names in ``kept``) keep for less time, some
        at a time. → whether there may be more such articles. Where there is nothing, nothing is written."""
        with self.reading() as conn:
            over = expiry.has_expired(conn, now) or expiry.over(conn, now, kept)
        if over:
            with self.writing() as conn:
                return expiry.expire(conn, now, kept)
        return False

    def tidy(self, *, anew: bool = True) -> bool:
        """Leaves no bytes of what was deleted in the files (``anew`` False: in the log only). → False when another process holds the log,
        which then still has some."""
        with engine.translated(self.url):
            return purge.tidy(self._engines[0], anew=anew)
