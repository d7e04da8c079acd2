"""Every noun that travels between stages.

All are frozen, have slots and take keywords only. Standard library only; no behaviour beyond what the noun itself means.
Terms are the field's: resemblance and containment (Broder 1997), dateline, byline, credit line, write-thru, canonical URL,
sighting. A text worth comparing is a *suspect*; a thing a source offers is a *candidate*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, Literal

Precision = Literal["day", "minute", "second"]
SourceKind = Literal["feed", "sitemap", "page", "url", "files", "warc"]
ArticleKind = Literal["news", "opinion", "live", "video", "gallery", "podcast", "sponsored"]
Health = Literal["ok", "failing", "slow", "silent", "walled", "moved", "disallowed"]
Completeness = Literal["full", "truncated", "walled"]
EditKind = Literal["headline", "figures", "correction", "addition", "cut", "rewrite", "live"]
Storage = Literal["full", "excerpt", "hashes"]


class Status(StrEnum):
    """How a candidate ended. Exactly one for each."""

    NEW = "new"  # an article not met before
    UPDATED = "updated"  # a known article with a changed text: a new version
    UNCHANGED = "unchanged"  # a known article as it was
    DUPLICATE = "duplicate"  # an article of its own whose body is identical to a stored one
    SKIPPED = "skipped"  # nothing to store, and no later run mends it: gone, disallowed, walled, no article
    RETRY = "retry"  # trouble that may pass: the candidate stays pending
    FAILED = "failed"  # trouble that will not pass by itself


class Relation(StrEnum):
    """How a text relates to another, strongest first."""

    IDENTICAL = "identical"
    COPY = "copy"
    REVISION = "revision"
    EXCERPT = "excerpt"
    DERIVED = "derived"
    RELATED = "related"
    DISTINCT = "distinct"

    @property
    def strength(self) -> int:
        """6 for identical … 0 for distinct."""
        return 6 - list(Relation).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instant:
    """A point in time as somebody stated it: the instant, the offset it was written with, and how exact it is.

    ``at`` is aware UTC. A day-only date has precision "day", stands at 00:00 UTC of that day and prints as the day alone.
    """

    at: datetime
    offset_minutes: int = 0
    precision: Precision = "second"

    @classmethod
    def of(cls, moment: datetime, precision: Precision = "second") -> Instant:
        """From an aware datetime, whose offset is kept. Raises ValueError for a naive one."""
        offset = moment.utcoffset()
        if offset is None:
            raise ValueError("an instant needs a time zone")
        return cls(at=moment.astimezone(UTC), offset_minutes=int(offset.total_seconds() // 60), precision=precision)

    @classmethod
    def day(cls, year: int, month: int, day: int) -> Instant:
        """A date without a time. Raises ValueError when there is no such day."""
        return cls(at=datetime(year, month, day, tzinfo=UTC), precision="day")

    @classmethod
    def parse(cls, text: str) -> Instant:
        """The inverse of ``str()``: an ISO 8601 day, or an instant with its offset (none is read as UTC). Raises ValueError."""
        if len(text) == 10:
            day = date.fromisoformat(text)
            return cls.day(day.year, day.month, day.day)
        moment = datetime.fromisoformat(text)
        return cls.of(moment if moment.tzinfo else moment.replace(tzinfo=UTC))

    def __str__(self) -> str:
        if self.precision == "day":
            return self.at.strftime("%Y-%m-%d")
        local = self.at.astimezone(timezone(timedelta(minutes=self.offset_minutes)))
        return local.isoformat(timespec="minutes" if self.precision == "minute" else "seconds")


# ── where things come from ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """What tells some of a source's entries: globs or ``re:`` expressions for address and title, words for what an entry is about."""

    url: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    keyword: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.url or self.title or self.keyword)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is watched. ``every``: the interval between two polls; None: it is learned. ``url``: an address, or a path for kinds "files"
    and "warc".

    ``backfill``: how far back the first poll goes; None: everything that is offered. ``include``: an entry must match each of its keys
    that is given; ``exclude``: none of its patterns. ``headers`` may hold secrets: they are neither shown nor stored. ``storage``: how much
    of its texts is kept; ``keep``: for how long its articles are, None: for ever.
    """

    name: str
    kind: SourceKind
    url: str
    every: timedelta | None = None
    language: str | None = None
    outlet: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    backfill: timedelta | None = None
    include: Patterns = Patterns()
    exclude: Patterns = Patterns()
    storage: Storage = "full"
    keep: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server wants to be shown again: RFC 9110 §8.8."""

    etag: str | None = None
    last_modified: str | None = None

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What was learned of a source until ``at``. ``counts``: entries by the hour of the day (UTC), of weekdays and then of weekends,
    ``hours``: how long each was watched; both fade with time. ``lately``, ``expected``: what came in the last hours, and what was usual;
    ``shown``: entries that it offers at once; ``seen``: entries that appeared while it was watched; ``met``, ``alone``: of those lately,
    and how many of them nobody else had; ``hint``: the interval it states itself.

    ``fresh_at``: when it last brought anything; ``usual``: how many entries an hour it brought then, in the mean; ``quiet``: how many were
    to be expected since; ``took``: seconds that its answers take; ``told``: where it says that it moved, once; ``probed_at``: when its own
    address was asked last although it moved; ``searched_at``: when it was searched for.
    """

    at: datetime
    counts: tuple[float, ...] = (0.0,) * 48
    hours: tuple[float, ...] = (0.0,) * 48
    lately: float = 0.0
    expected: float = 0.0
    shown: int = 0
    seen: float = 0.0
    met: float = 0.0
    alone: float = 0.0
    hint: timedelta | None = None
    fresh_at: datetime | None = None
    usual: float = 0.0
    quiet: float = 0.0
    took: float = 0.0
    told: str | None = None
    probed_at: datetime | None = None
    searched_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What the store remembers of a source between polls. ``body_digest``: of the last body read, so that an equal one is not parsed.

    ``interval``: the last that was decided, before chance and what a server asked for; ``learned``: what was learned of it; ``health``: how
    it fares, since when and why; ``moved_to``: the address that it is asked at instead of its own.
    """

    due_at: datetime | None = None
    validators: Validators = Validators()
    body_digest: str | None = None
    failures: int = 0
    last_polled: datetime | None = None
    last_ok: datetime | None = None
    last_error: str | None = None
    interval: timedelta | None = None
    learned: Learned | None = None
    health: Health | None = None
    health_since: datetime | None = None
    health_why: str | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Endings:
    """Articles of a source that came to nothing lately: ``walled`` at a wall, ``disallowed`` by robots.txt."""

    walled: int = 0
    disallowed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthChange:
    """A source fares otherwise than before: an event that alerts may tell of. ``was`` None: nobody knew as yet."""

    source: str
    was: Health | None = None
    health: Health
    since: datetime
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the addresses a source is made of (a child of its sitemap index), as the store remembers it.

    ``stated``: when its index says that it changed, as written; where the index says nothing, "~" and the newest day it was found to
    hold. ``due_at`` None: not until something new is said of it.
    """

    url: str
    stated: str | None = None
    validators: Validators = Validators()
    body_digest: str | None = None
    due_at: datetime | None = None
    asked_at: datetime | None = None
    failures: int = 0
    last_error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """An address that a source says it is made of too. ``stated``: when it changed, as written."""

    url: str
    stated: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a source said of an article before the page was seen. ``content``: HTML or text of the body, whole or in part."""

    title: str | None = None
    description: str | None = None
    published: Instant | None = None
    modified: Instant | None = None
    authors: tuple[str, ...] = ()
    guid: str | None = None
    content: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of the fetcher. ``accept`` decides the size limit and the media types that are taken."""

    url: str
    accept: Literal["page", "feed", "sitemap"] = "page"
    validators: Validators = Validators()
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A whole body, decoded from its content coding, with where it came from.

    ``url``: after redirects; ``redirects``: the addresses on the way, the first is ``requested_url``; ``headers``: names in lower
    case; ``status`` 304 has an empty body. ``validators``: to be shown next time; ``moved_to``: ``url``, where every redirect on the way
    was one for good; ``took``: seconds that the last answer took.
    """

    url: str
    requested_url: str
    redirects: tuple[str, ...] = ()
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    fetched_at: datetime
    validators: Validators = Validators()
    moved_to: str | None = None
    took: float = 0.0

    def header(self, name: str) -> str | None:
        """The first value of a header, by its lower-case name."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostMemory:
    """What a host is owed, as moments of the wall clock, so that a restart breaks no promise. ``free_at``: when it may be asked again;
    ``held_until``: until when it is left alone, ``held_by``: the name of the error that says so, ``held_for``: why; ``strikes``,
    ``rests``: failures in a row, and how often it was left alone for them; ``at``: when this was true."""

    name: str
    at: datetime
    free_at: datetime | None = None
    held_until: datetime | None = None
    held_by: str = ""
    held_for: str = ""
    crawl_delay: float = 0.0
    strikes: int = 0
    rests: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsMemory:
    """The robots.txt of an origin. ``text``: compressed, None when it was never had; ``again_at``: when it is asked for again; ``trouble``:
    name, reason and message of the error that it could not be had for, after so many ``failures``; ``at``: when this was true."""

    origin: str
    at: datetime
    text: bytes | None
    again_at: datetime
    failures: int = 0
    trouble: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What a source offers. Already in hand: ``response`` (a page on disk) or ``article`` (a line of JSON). ``url`` may then be "".

    ``chain``: the addresses that were offered in its place and led to ``url`` without a request, the first offered first.
    """

    url: str
    source: str
    seen_at: datetime
    hints: Hints = Hints()
    response: Response | None = None
    article: Article | None = None
    chain: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a parsed source holds. ``refused``: entries that cannot be candidates, each with its reason. ``follow``: what it is made of
    besides; ``older``: the address at which it goes on into the past (a feed's next page); ``hint``: how often it says that it changes.
    """

    candidates: tuple[Candidate, ...] = ()
    follow: tuple[Child, ...] = ()
    older: str | None = None
    hint: timedelta | None = None
    title: str | None = None
    language: str | None = None
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A candidate that has not ended yet: a row, gone only with its Outcome."""

    id: int
    candidate: Candidate
    due_at: datetime
    attempts: int = 0
    first_seen: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """Who runs on a database: ``holder`` is another for each run, ``place`` host and process. The lease ends at ``until`` unless it is
    renewed."""

    name: str
    holder: str
    place: str
    since: datetime
    until: datetime


# ── what is made of them ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """Something an outlet does on its pages: what stands before or behind its titles, or the place of a part. ``pages``: how many different
    stories showed it, up to a bound; ``idle``: stories since the last one that did; ``since``, ``seen``: when it was first and last met."""

    value: str
    pages: int
    idle: int
    since: datetime
    seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What was learned of an outlet's pages. ``repeated``: digests of sentences it prints in many different stories; ``title_affix``,
    ``containers``, ``byline``: what is relied on: folded words that are no part of a headline, places of the body and of who wrote it;
    ``affixes``, ``bodies``, ``bylines``: what was met, with counts and dates. ``pages``: stories it was learned from, up to a bound."""

    title_affix: str | None = None
    repeated: frozenset[str] = frozenset()
    pages: int = 0
    containers: tuple[str, ...] = ()
    byline: str | None = None
    affixes: tuple[Habit, ...] = ()
    bodies: tuple[Habit, ...] = ()
    bylines: tuple[Habit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How one page was laid out, as far as its extraction found out. ``affixes``: folded ends of its ``<title>`` that may be none of the
    headline's; ``container``, ``byline``: places of its body and byline; "": none that could be told again. ``refuted``: a learned
    container that held too little; ``searched``: the body was looked for in the general way. ``repeated``: hashes of sentences that were
    left out because the outlet repeats them."""

    affixes: tuple[str, ...] = ()
    container: str = ""
    byline: str = ""
    refuted: str = ""
    searched: bool = True
    repeated: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Who prints: a registrable domain, with a name once one was learned."""

    domain: str
    name: str | None = None
    profile: Profile = Profile()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a page says, read. ``text``: paragraphs separated by a newline. ``url``: canonical. ``outlet``: registrable domain.

    ``origin_url``: a canonical link that names another outlet (evidence of origin, never identity). ``provenance``: field → where
    its value came from. ``opt_outs``: directives addressed to us or to everyone ("noai", "noarchive", "tdm-reservation", …).
    """

    url: str
    title: str
    text: str
    authors: tuple[str, ...] = ()
    credit: str | None = None
    dateline: str | None = None
    outlet: str | None = None
    outlet_name: str | None = None
    published: Instant | None = None
    modified: Instant | None = None
    language: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    kind: ArticleKind = "news"
    completeness: Completeness = "full"
    opt_outs: tuple[str, ...] = ()
    origin_url: str | None = None
    provenance: Mapping[str, str] = field(default_factory=dict)
    extractor: str = "given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A story that is watched for. ``caption`` and ``credit`` of its picture are kept beside the text, never in it."""

    name: str
    title: str
    text: str
    url: str | None = None
    published: Instant | None = None
    authors: tuple[str, ...] = ()
    credit: str | None = None
    caption: str | None = None
    caption_credit: str | None = None
    note: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What a text is found by.

    ``body_digest``: of the normalised body; decides `identical`; "" for a text without words, which is identical to nothing.
    ``content_digest``: of title, body, authors, credit; decides a new version. ``shingles``: hashes of every word 8-gram (signed
    64-bit, distinct, in the order of the text); ``sample``: those that are stored; ``length``: tokens. ``topics``: what seeds on its
    subject are found by: hashes of its weightiest words (below 0), its language (below 2³²) and, where asked for, what it means in any
    language (above). ``sentences``: hashes of those that are counted for the outlet, so that what it prints in many stories is learned.
    """

    body_digest: str
    content_digest: str
    shingles: tuple[int, ...] = ()
    sample: tuple[int, ...] = ()
    length: int = 0
    topics: tuple[int, ...] = ()
    sentences: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """In how many stories of an archive a word stands. ``articles``: how big the archive was; ``counts``: words and counts, packed."""

    articles: int
    counts: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """One version, as the store knows it. ``id``: of the version; ``seed``: the seed's name when it is one. ``here``, ``there``: shares
    of its words that stand in the text it was looked up for, and of that text's in it, as the stored sample of shingles tells.
    ``repeated``: what its outlet prints in many stories (``Profile.repeated``); nothing for a seed, whose every sentence is its own.
    ``kept``: how much of its text there is ("full": all)."""

    id: int
    article_id: int
    article: Article
    body_digest: str
    seed: str | None = None
    shared: int = 0  # how many fingerprints it shares with the text it was looked up for
    here: float = 0.0
    there: float = 0.0
    repeated: frozenset[str] = frozenset()
    kept: Storage = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A shared run of words: code points of the stored texts, this one's and the other's."""

    start: int
    end: int
    other_start: int
    other_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A verdict with its evidence. ``other``: version id of the text compared with.

    ``coverage``: share of this text's own words (quotes, captions, embedded posts and boilerplate masked) that stand in the other;
    ``other_coverage``: the other way round; ``…_all``: of all words. ``longest_run``: tokens. ``similarity``: topical, 0 to 1.
    ``aligned``: False when the suspect was counted but not compared word by word. ``translated``: sentences that say the same in another
    language, if one text is a translation of the other. ``other_relation``, ``other_why``: the verdict with
    the sides turned, what the other text is of this one; None and "" where nobody asked.
    """

    other: int
    relation: Relation
    other_relation: Relation | None = None
    other_why: str = ""
    coverage: float = 0.0
    other_coverage: float = 0.0
    coverage_all: float = 0.0
    other_coverage_all: float = 0.0
    longest_run: int = 0
    passages: tuple[Passage, ...] = ()
    new_sentences: tuple[str, ...] = ()
    figures_changed: tuple[tuple[str, str], ...] = ()
    similarity: float = 0.0
    why: str = ""
    matcher: str = ""
    aligned: bool = True
    translated: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspects:
    """Who may share text with a new article. ``snapshot``: the youngest version id that was looked at; ``counted``: not in ``worth``."""

    snapshot: int
    worth: Sequence[Stored] = ()
    counted: Sequence[Stored] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """An article read and fingerprinted: what an extraction process hands back. ``layout``: of its page; None for one without."""

    article: Article
    fingerprint: Fingerprint
    layout: Layout | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A stored article that a candidate's address leads to. ``fetched_at``: when its page was last had; ``changed_at``: when it was last
    found edited; ``sources``: names of those that sighted it; ``growing``: its last versions were additions, close together."""

    article_id: int
    version_id: int
    url: str
    validators: Validators
    fetched_at: datetime
    first_seen: datetime
    changed_at: datetime | None = None
    published: Instant | None = None
    sources: frozenset[str] = frozenset()
    growing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """A stored article that is due to be looked at again. ``url``: where it was last met; ``source``: through which it is watched;
    ``gone_since``: when it was first missing, ``withdrawn_at``: when that was confirmed."""

    url: str
    source: str
    known: Known
    gone_since: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything one candidate's transaction writes. ``pending``: the row that goes with it; ``keys``: the article's alias keys."""

    candidate: Candidate
    read: Read
    keys: tuple[str, ...]
    matches: tuple[Match, ...]
    snapshot: int
    now: datetime
    pending: int | None = None
    response: Response | None = None
    raw_until: datetime | None = None  # keep the page's bytes until then; None: do not keep them
    keep_first: bool = False  # an identical body adds a sighting to the first article, not an article
    sentences: tuple[int, ...] = ()  # to be counted for the outlet; () when it has told this story before
    change: EditKind | None = None  # from the version that is the latest now; None: there is none
    recheck_at: datetime | None = None  # when a new version is looked at again; None: not at all
    storage: Storage = "full"  # how much of the text is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one candidate ended. ``reason``: a short word ("gone", "disallowed", "copy", …), then what a person needs to know."""

    url: str
    source: str
    status: Status
    reason: str
    at: datetime
    keys: tuple[str, ...] = ()
    article_id: int | None = None
    version_id: int | None = None
    title: str | None = None
    matches: tuple[Match, ...] = ()
    retry_at: datetime | None = None
    strongest: Match | None = None  # seeds first
    to: str | None = None  # what the strongest is about: a seed's name, or the other article's address


# ── long work over what is stored ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Work that goes on where it stopped. ``asked``: in which words; ``bounds``: what they came to mean when it began; ``cursor``: the last
    version that is done; ``done`` of ``total`` are, ``changed`` of them came out otherwise than before."""

    name: str
    asked: Mapping[str, str | None]
    bounds: Mapping[str, str | int | None]
    cursor: int
    total: int
    done: int
    changed: int
    started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejudged:
    """A verdict that came out otherwise when it was given again. ``was``, ``now``: None where there is none, the two being distinct.
    ``seed``: the name of the other when it is one."""

    article_id: int
    url: str
    other_id: int
    other_url: str
    seed: str | None
    was: Match | None
    now: Match | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A stored version with the bytes of its page, to be extracted again. ``hints``: what only its source had said of it. ``number``: of
    the version within its article."""

    stored: Stored
    response: Response
    hints: Hints
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """A version that came out otherwise when its page was extracted again. ``fields``: which fields of the article did."""

    article_id: int
    version_id: int
    was: Article
    now: Article
    fields: tuple[str, ...]


# ── what changed between two texts ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """What kind of edit lies between two states of an article (None: none), and how many words of its body came and went."""

    kind: EditKind | None
    added: int
    removed: int


ChangeKind = Literal["same", "changed", "added", "removed", "moved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A run of words of a changed paragraph: as it was, replaced, put in or left out. ``start``, ``end``: code points of the new text,
    ``other_start``, ``other_end`` of the old one; an empty span stands where something was left out or put in."""

    kind: ChangeKind
    start: int
    end: int
    other_start: int
    other_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of a paragraph, in the places of ``Edit``. ``edits``: of one that was changed, moved or not."""

    kind: ChangeKind
    start: int
    end: int
    other_start: int
    other_end: int
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """From one state of a text to another. ``fields``: (name, old, new) of headline, authors, …; ``figures``: (old, new);
    ``paragraphs``: all of them, in the order of the new text, removed ones where they stood."""

    fields: tuple[tuple[str, str, str], ...]
    figures: tuple[tuple[str, str], ...]
    paragraphs: tuple[Change, ...]


# ── what a person wants to be told ────────────────────────────────────────────────────────────────

Event = Literal["match", "new", "version", "withdrawn", "health"]
TargetKind = Literal["log", "webhook", "email", "command", "apprise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Whom it is told, and how. What may hold a secret (``url`` of a webhook has one for a path) is never shown nor stored. ``wait``: the
    longest that one delivery may take; ``missing``: names of environment variables that it needs and that are not set."""

    name: str
    kind: TargetKind
    url: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    host: str = ""
    port: int = 0
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    sender: str = ""
    recipients: tuple[str, ...] = ()
    command: tuple[str, ...] = field(default=(), repr=False)
    wait: timedelta = timedelta(seconds=20)
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a person listens for. What is given has to hold together; () and "" say nothing.

    ``events``: what may happen; ``seeds``: their names, "*": any, with one of ``relations``; ``keywords``: see query.py; ``outlets``:
    registrable domains; ``changes``: classes of edits; ``states``: of a source's health. ``within``: what was published longer ago is
    not told. ``to``: names of targets; ``digest``: a cron expression in the time zone ``zone``; "": each by itself, at once.
    """

    name: str
    events: tuple[Event, ...] = ()
    seeds: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()
    keywords: str = ""
    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    within: timedelta | None = None
    to: tuple[str, ...] = ()
    digest: str = ""
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedMatch:
    """How an article relates to a seed."""

    seed: str
    title: str
    url: str | None = None
    published: Instant | None = None
    match: Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that may be told: what rules are asked about. ``event`` "new": an article came in; "version": it came with another text;
    "withdrawn", "health". ``mark``: its name, the same for ever; ``story``: of the article it is about, and of the place where that came in
    when an equal text is kept for both. ``matches``: with seeds; ``before``: the same of the version before; ``change``: the class of
    the edit; ``why``: of a withdrawal."""

    event: Event
    mark: str
    story: str = ""
    at: datetime
    source: str | None = None
    article_id: int | None = None
    version_id: int | None = None
    article: Article | None = None
    outlet_name: str | None = None
    matches: tuple[SeedMatch, ...] = ()
    before: Happening | None = None
    change: str | None = None
    health: HealthChange | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something to be told to somebody. ``event``: what it is, the same for ever: each is told once for a rule and a target. ``key``: the
    same at every attempt. ``facts``: what the message is made of. ``digest``: the moment of the digest it goes with; None: by itself."""

    id: int = 0
    rule: str
    target: str
    event: str
    kind: Event
    key: str
    facts: Mapping[str, Any]
    made_at: datetime
    due_at: datetime
    digest: datetime | None = None
    article_id: int | None = None
    version_id: int | None = None
    source: str | None = None
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a server took what was sent to it. ``phrase``: "503 Service Unavailable"; ``after``: how long it asks to wait; ``said``: the
    beginning of its answer, in one line."""

    status: int
    phrase: str
    after: timedelta | None = None
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How a target fares. ``waiting``: alerts that are not delivered, ``later`` of them for a digest; ``failed``: given up."""

    target: str
    waiting: int = 0
    later: int = 0
    failed: int = 0
    told: int = 0
    oldest: datetime | None = None
    last_error: str | None = None
