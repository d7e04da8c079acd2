"""What the doors are given: frozen, with every figure they print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.families.origin import Origin
from pipeline.model import Article, EditKind, Health, Instant, Match, Relation, Stored, Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What narrows a list. ``since``, ``until``: of the publication, or of the first sight of what states none; aware, until exclusive.
    ``relation``: to a seed. ``outlets``: any of these; None: all."""

    outlet: str | None = None
    outlets: frozenset[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    relation: Relation | None = None
    language: str | None = None
    limit: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An article in one line. ``relation`` … ``other_coverage``: its strongest, seeds first; ``to``: a seed's name or an address;
    ``judge``: who said so. ``outlet_name``: what the outlet calls itself; ``group``: of outlets, as configured. ``origin_url``: where
    the page says that it comes from (for a seed: where it was published); ``origin``: the stored article this address leads to.
    ``gone_since``: when its page was first missing; ``withdrawn_at``: when that was sure; ``withdrawn_why``: how it showed, or from when to
    when it was."""

    article_id: int
    version_id: int
    url: str
    title: str
    outlet: str | None
    outlet_name: str | None
    published: Instant | None
    first_seen: datetime
    language: str | None
    kind: str
    completeness: str
    credit: str | None
    authors: tuple[str, ...]
    versions: int
    seed: str | None = None
    origin_url: str | None = None
    origin: int | None = None
    group: str | None = None
    relation: Relation | None = None
    to: str | None = None
    judge: str | None = None
    coverage: float = 0.0
    other_coverage: float = 0.0
    snippet: str | None = None
    gone_since: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """One relation, seen from one of its articles. ``reverse``: the verdict is about the other article's text, compared with this one;
    ``match`` stands as it was given, and its figures are that other text's."""

    other: Listed
    match: Match
    version_id: int
    other_version_id: int
    judge: str
    note: str | None
    made_at: datetime
    reverse: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What the machine said of two articles until it judged them again. ``reverse``: as in ``Related``."""

    other: Listed
    match: Match
    version_id: int
    other_version_id: int
    made_at: datetime
    until: datetime
    reverse: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """The text that an article most likely came from. ``coverage``: the share of the article's own words that stand in it,
    ``other_coverage``: of its own that stand in the article; ``within``: it is one of those that are told of with the article."""

    article_id: int
    outlet: str | None
    url: str
    title: str
    coverage: float
    other_coverage: float
    within: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who ran a story: an article, and how it relates to the one the story is about. ``turned``: the verdict (``match``, ``why``) was given
    on the one the story is about; ``note``: of the person who judged; ``parents``: what it came from, () where nothing earlier is known."""

    article: Listed
    relation: Relation
    coverage: float
    other_coverage: float
    new_sentences: tuple[str, ...]
    figures_changed: tuple[tuple[str, str], ...]
    longest_run: int
    why: str
    judge: str
    note: str | None = None
    aligned: bool
    turned: bool = False
    match: Match
    parents: tuple[Parent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two articles side by side. ``this``, ``that``: the versions compared; ``match``: the verdict on ``this``, if there is one."""

    mine: Listed
    theirs: Listed
    this: Stored
    that: Stored
    match: Match | None
    judge: str | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """Another outlet at which the text of an article was met, and its first address there."""

    article_id: int
    outlet: str
    url: str
    first_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A seed or an article, and every article related to it in the order of time. ``origin_url``: where a seed was published. ``outlets``:
    how many ran it; ``owners``: how many of them are independent, the outlets of a group being one. ``parents``: of an article that the
    story is about; ``origin``: who it comes from; ``beyond``: the articles that share text with one told of, not with this one;
    ``met``: where else the same texts were met, of which only the first is kept."""

    about: Listed
    origin_url: str | None
    told: tuple[Told, ...]
    parents: tuple[Parent, ...] = ()
    origin: Origin | None = None
    beyond: tuple[int, ...] = ()
    met: tuple[Met, ...] = ()

    @property
    def outlets(self) -> int:
        return len({one.article.outlet for one in self.told})

    @property
    def owners(self) -> int:
        return len({one.article.group or one.article.outlet for one in self.told})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Where an article was met. ``chain``: every address on the way there, the article's the last; () when it was offered itself."""

    source: str
    url: str
    first_seen: datetime
    last_seen: datetime
    chain: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One text of an article. ``body_digest``: of the normalised body; ``raw_bytes``: of the page kept, 0 if none is; ``kept``: how
    much of the text is ("full", "excerpt", "hashes"); ``change``: the kind of edit, None for a first one and for one out of an archive."""

    id: int
    number: int
    article: Article
    body_digest: str
    content_digest: str
    words: int
    fetched_at: datetime
    checked_at: datetime
    software: str
    change: EditKind | None = None
    raw_bytes: int = 0
    raw_until: datetime | None = None
    kept: str = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One article with all that is known of it; versions, the latest first. ``former``: verdicts that were replaced, the last one first;
    ``parents``: what it came from; ``children``: the articles of which it is a parent."""

    listed: Listed
    versions: tuple[Version, ...]
    sightings: tuple[Sighting, ...]
    relations: tuple[Related, ...]
    keys: tuple[str, ...]
    former: tuple[Past, ...] = ()
    parents: tuple[Parent, ...] = ()
    children: tuple[Listed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be purged: what meets all that is given. ``urls``, ``outlets``: any of these; ``before``: taken in before."""

    urls: frozenset[str] = frozenset()
    outlets: frozenset[str] | None = None
    before: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self.urls) or self.outlets is not None or self.before is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgePlan:
    """How much goes. ``pages``: kept bytes of pages; ``first``: (number, address, title) of the first articles."""

    articles: int
    versions: int
    relations: int
    sightings: int
    pages: int
    outcomes: int
    pending: int
    offers: int
    first: tuple[tuple[int, str, str], ...]

    def __bool__(self) -> bool:
        return bool(self.articles or self.outcomes or self.pending or self.offers)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """How a source fares. ``articles``: how many it was met with; ``last_new``: when it last brought one; ``ended``, ``walled``: candidates
    of the last 30 days, and how many of them were walls; ``interval``, ``health…``, ``moved_to``: see ``model.SourceState``."""

    name: str
    kind: str
    url: str
    active: bool
    due_at: datetime | None
    last_polled: datetime | None
    last_ok: datetime | None
    failures: int
    last_error: str | None
    pending: int
    articles: int
    last_new: datetime | None = None
    ended: int = 0
    walled: int = 0
    interval: timedelta | None = None
    health: Health | None = None
    health_since: datetime | None = None
    health_why: str | None = None
    moved_to: str | None = None

    @property
    def silent(self) -> bool:
        return self.health == "silent"

    @property
    def state(self) -> str:
        """How it fares in a word or two: "never asked", "failing ×3", or its health."""
        if self.last_polled is None:
            return "never asked"
        return f"failing ×{self.failures}" if self.failures else self.health or "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreStatus:
    """What is in the database. ``size``: bytes of its files; ``growth``: bytes a day, at the rate of the last seven days; ``free``: bytes
    left where the files are, ``days_left``: for how many days they last; None where that cannot be known or nothing grows."""

    url: str
    size: int
    schema: str
    articles: int
    seeds: int
    versions: int
    relations: int
    sightings: int
    outlets: int
    pending: int
    pending_due: int
    oldest_pending: datetime | None
    sources: tuple[SourceLine, ...]
    outcomes: tuple[tuple[str, int], ...]
    growth: int = 0
    free: int | None = None
    youngest: datetime | None = None  # when the youngest version was fetched
    alerts: tuple[Waiting, ...] = ()  # how those fare who are told

    @property
    def failing(self) -> tuple[str, ...]:
        return tuple(line.name for line in self.sources if line.active and line.failures)

    @property
    def days_left(self) -> float | None:
        return self.free / self.growth if self.free is not None and self.growth > 0 else None
