"""The tables, and the few places in which the two databases differ.

Everything is written for SQLAlchemy Core with portable types; what only one database can say stands in the functions at the end of
this file, full text in ``search.py``, opening and locking in ``sqlite.py`` and ``postgres.py``. All times are UTC. Tables and columns
may be added, never change their meaning.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

HEAD: Final = "0006"  # the newest Alembic revision; a test holds it against migrations/

# The parts of the fingerprints (sampled.py). They come first in the key: only what can stand in a part is asked for there. SQLite keeps 0
# and 1, which most have, in no byte of their own.
PARTS: Final = (0, 1, 2)
SEEDS_PART, ARTICLES_PART, SHORTS_PART = PARTS

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite counts up only an INTEGER PRIMARY KEY
Json = sa.JSON(none_as_null=True)


class Utc(sa.types.TypeDecorator[datetime]):
    """An aware moment, kept as UTC: timestamptz on PostgreSQL, sortable text on SQLite."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's name
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(sa.types.TypeDecorator[str]):
    """Text that any database takes: NUL and lone surrogates, which hostile pages and JSON lines hold, become U+FFFD, one for one."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002 - the name is SQLAlchemy's
        return None if value is None else storable(value)


def storable(text: str) -> str:
    """``text`` with what UTF-8 or PostgreSQL cannot hold replaced by U+FFFD; offsets stay."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    return text


def _key() -> sa.Column[int]:
    return sa.Column("id", Id, primary_key=True, autoincrement=True)


def _to(name: str, table: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, Id, sa.ForeignKey(f"{table}.id"), nullable=null)


def _words(name: str, *, null: bool = True, **more: Any) -> sa.Column[str]:
    return sa.Column(name, Words(), nullable=null, **more)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _share(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Double(), nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _moment(name: str, *, null: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, Utc(), nullable=null)


def _instant(name: str) -> tuple[sa.Column[Any], ...]:
    return (sa.Column(f"{name}_at", Utc()), sa.Column(f"{name}_offset", sa.Integer()), sa.Column(f"{name}_precision", Words()))


def _table(name: str, *parts: Any, **more: Any) -> sa.Table:
    return sa.Table(name, metadata, *parts, **more)


# ── what is watched, and what waits ───────────────────────────────────────────────────────────────

source = _table(
    "source", _key(), _words("name", null=False, unique=True), _words("kind", null=False), _words("url", null=False),
    _words("outlet"), _words("language"), _flag("active"), _moment("since"),
    sqlite_autoincrement=True,
)  # fmt: skip

source_state = _table(
    "source_state", sa.Column("source_id", Id, sa.ForeignKey("source.id"), primary_key=True, autoincrement=False),
    sa.Column("due_at", Utc(), index=True), _words("etag"), _words("last_modified"), _words("body_digest"), _number("failures"),
    _moment("last_polled", null=True), _moment("last_ok", null=True), _words("last_error"),
    sa.Column("interval", sa.Integer()), sa.Column("learned", Json), _words("health"), _moment("health_since", null=True),
    _words("health_why"), _words("moved_to"), _moment("claimed_until", null=True),
)  # fmt: skip

# what a source has offered so far, and a digest of how it described it: decides whether an entry of a feed is new
offer = _table(
    "offer", sa.Column("source_id", Id, sa.ForeignKey("source.id"), primary_key=True, autoincrement=False),
    sa.Column("key", Words(), primary_key=True), _words("hints"), _moment("seen_at"),
    sqlite_with_rowid=False,
)  # fmt: skip

# what a source is made of when it is made of several addresses: the children of a sitemap index, the sitemaps a robots.txt names
part = _table(
    "part", sa.Column("source_id", Id, sa.ForeignKey("source.id"), primary_key=True, autoincrement=False),
    sa.Column("url", Words(), primary_key=True), _words("stated"), _words("etag"), _words("last_modified"), _words("body_digest"),
    sa.Column("due_at", Utc()), sa.Column("asked_at", Utc()), _number("failures"), _words("last_error"),
    sqlite_with_rowid=False,
)  # fmt: skip

pending = _table(
    "pending", _key(), _to("source_id", "source"), _words("key", null=False), _words("url", null=False),
    sa.Column("candidate", Json, nullable=False), sa.Column("body", sa.LargeBinary()), _moment("due_at"), _number("attempts"),
    _moment("first_seen"), _words("reason"), _moment("claimed_until", null=True), sa.UniqueConstraint("source_id", "key"),
    sa.Index(None, "due_at", "id"), sqlite_autoincrement=True,
)  # fmt: skip

# what gave no article is counted for its source: walls, robots.txt
SKIPPED: Final = sa.text("status = 'skipped'")
outcome = _table(
    "outcome", _key(), _words("url", null=False), _to("source_id", "source"), _words("status", null=False), _words("reason", null=False),
    sa.Column("at", Utc(), nullable=False, index=True), sa.Column("keys", Json, nullable=False), sa.Column("article_id", Id, index=True),
    sa.Column("version_id", Id), _words("title"),
    sa.Index("ix_outcome_skipped", "source_id", "at", sqlite_where=SKIPPED, postgresql_where=SKIPPED),
    sqlite_autoincrement=True,
)  # fmt: skip

# a host's clock and what it asked for, so that a restart breaks no promise; robots: its robots.txt as it came
host = _table(
    "host", sa.Column("name", Words(), primary_key=True), _moment("free_at", null=True), _moment("held_until", null=True),
    _words("held_by"), _words("held_for"), _share("crawl_delay"), _number("strikes"), _number("rests"),
    sa.Column("robots", sa.LargeBinary()), sa.Column("robots_facts", Json), _moment("updated_at"),
)  # fmt: skip

# who runs on this database: the holder of the lease, until when
runner = _table(
    "runner", sa.Column("name", Words(), primary_key=True), _words("holder", null=False), _words("place", null=False),
    _moment("since"), _moment("until"),
)  # fmt: skip

# ── articles ──────────────────────────────────────────────────────────────────────────────────────

article = _table(
    "article", _key(), _words("url", null=False, index=True), _words("outlet", index=True), _words("seed", unique=True),
    _flag("active"), sa.Column("seed_facts", Json), sa.Column("first_seen", Utc(), nullable=False, index=True), _moment("last_seen"),
    sa.Column("latest_id", Id, index=True),  # the latest version; no foreign key: the two would wait for each other
    sa.Column("recheck_at", Utc(), index=True), _moment("gone_since", null=True), _moment("withdrawn_at", null=True),
    _words("withdrawn_why"),
    sqlite_autoincrement=True,
)  # fmt: skip

alias = _table("alias", sa.Column("key", Words(), primary_key=True), sa.Column("article_id", Id, sa.ForeignKey("article.id"),
    nullable=False, index=True), sqlite_with_rowid=False)  # fmt: skip

body = _table("body", _key(), sa.Column("digest", sa.LargeBinary(), nullable=False, unique=True), _words("text", null=False),
    _words("kept"), sqlite_autoincrement=True)  # fmt: skip  # kept: "excerpt" or "hashes" where not all of the text is

version = _table(
    "version", _key(), _to("article_id", "article"), _number("number"), _to("body_id", "body"), _words("body_digest", null=False),
    _words("content_digest", null=False), _number("length"), _number("shingles"), sa.Column("sample", sa.LargeBinary(), nullable=False),
    _words("url", null=False), _words("title", null=False), sa.Column("authors", Json, nullable=False), _words("credit"),
    _words("dateline"), _words("outlet"), _words("outlet_name"), *_instant("published"), *_instant("modified"), _words("language"),
    _words("section"), sa.Column("tags", Json, nullable=False), _words("image"), _words("kind", null=False),
    _words("completeness", null=False), sa.Column("opt_outs", Json, nullable=False), _words("origin_url"),
    sa.Column("provenance", Json, nullable=False), _words("extractor", null=False), _words("software", null=False),
    _words("etag"), _words("last_modified"), _moment("fetched_at"), _moment("checked_at"), _words("change"),
    sa.UniqueConstraint("article_id", "number"), sa.Index(None, "body_digest"), sa.Index(None, "published_at"),
    sa.Index(None, "body_id"), sqlite_autoincrement=True,
)  # fmt: skip

raw = _table(
    "raw", sa.Column("version_id", Id, sa.ForeignKey("version.id"), primary_key=True, autoincrement=False), _words("url", null=False),
    _number("status"), sa.Column("headers", Json, nullable=False), _words("coding", null=False), _number("size"),
    sa.Column("body", sa.LargeBinary(), nullable=False), _moment("fetched_at"), sa.Column("expires_at", Utc(), nullable=False, index=True),
)  # fmt: skip

sighting = _table(
    "sighting", _key(), _to("article_id", "article"), _to("source_id", "source"), _words("url", null=False), _moment("first_seen"),
    _moment("last_seen"), sa.Column("chain", Json), sa.UniqueConstraint("article_id", "source_id", "url"), sqlite_autoincrement=True,
)  # fmt: skip

outlet = _table(
    "outlet", sa.Column("domain", Words(), primary_key=True), _words("name"), _number("articles"), sa.Column("profile", Json),
    _moment("updated_at"),
)  # fmt: skip

# ── how they relate ───────────────────────────────────────────────────────────────────────────────

fingerprint = _table(
    "fingerprint", sa.Column("hash", sa.BigInteger(), nullable=False), _number("part"), _number("version_id"),
    sa.PrimaryKeyConstraint("part", "hash", "version_id"), sqlite_with_rowid=False,  # 16 bytes a row, without a gap on PostgreSQL
)  # fmt: skip

relation = _table(
    "relation", _key(), _to("version_id", "version"), _to("other_id", "version"), _to("article_id", "article"),
    _to("other_article_id", "article"), _words("relation", null=False), _share("coverage"), _share("other_coverage"),
    _share("coverage_all"), _share("other_coverage_all"), _number("longest_run"), _share("similarity"),
    sa.Column("evidence", Json, nullable=False), _words("matcher", null=False), _words("judge", null=False), _words("note"),
    _flag("aligned"), _moment("made_at"), _words("other_relation"),
    sa.UniqueConstraint("version_id", "other_id", "judge"), sa.Index(None, "other_id"),
    sa.Index(None, "article_id", "other_article_id"), sa.Index(None, "other_article_id"), sqlite_autoincrement=True,
)  # fmt: skip

# verdicts that a later matcher changed, as they were: what was said, when, and until when
former = _table(
    "former", _key(), _to("version_id", "version"), _to("other_id", "version"), _to("article_id", "article"),
    _to("other_article_id", "article"), _words("relation", null=False), _share("coverage"), _share("other_coverage"),
    _share("coverage_all"), _share("other_coverage_all"), _number("longest_run"), _share("similarity"),
    sa.Column("evidence", Json, nullable=False), _words("matcher", null=False), _words("judge", null=False), _words("note"),
    _flag("aligned"), _moment("made_at"), _words("other_relation"), _moment("replaced_at"),
    sa.Index(None, "article_id"), sa.Index(None, "other_article_id"), sqlite_autoincrement=True,
)  # fmt: skip

# sentences an outlet printed, by their digests, and in how many different stories: what is repeated is boilerplate
sentence = _table(
    "sentence", sa.Column("domain", Words(), primary_key=True),
    sa.Column("hash", sa.BigInteger(), primary_key=True, autoincrement=False), _number("stories"), _moment("seen_at"),
    sqlite_with_rowid=False,
)  # fmt: skip

# what the seeds are about: hashes of their weightiest words, by which a text on the same subject finds them
topic = _table(
    "topic", sa.Column("hash", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("version_id", Id, sa.ForeignKey("version.id"), primary_key=True, autoincrement=False), sqlite_with_rowid=False,
)  # fmt: skip

# in how many articles a word stands, as far as they were counted; one row, renewed as the archive grows
vocabulary = _table("vocabulary", _key(), _number("articles"), sa.Column("counts", sa.LargeBinary(), nullable=False),
    _moment("made_at"), sqlite_autoincrement=True)  # fmt: skip

# long work over what is stored (judging or extracting again), so that it goes on where it stopped
task = _table(
    "task", sa.Column("name", Words(), primary_key=True), sa.Column("asked", Json, nullable=False), sa.Column("cursor", Id, nullable=False),
    _number("total"), _number("done"), _number("changed"), _moment("started_at"), _moment("updated_at"),
)  # fmt: skip

outbox = _table(
    "outbox", _key(), _words("event", null=False), _to("article_id", "article"), _to("version_id", "version"), _moment("made_at"),
    sa.Column("done_at", Utc()), sa.UniqueConstraint("version_id", "event"), sa.Index(None, "done_at", "id"), sqlite_autoincrement=True,
)  # fmt: skip

# what is to be told to whom: one row for each event, rule and target, made in the transaction of what it tells of
alert = _table(
    "alert", _key(), _words("rule", null=False), _words("target", null=False), _words("event", null=False), _words("kind", null=False),
    sa.Column("article_id", Id, sa.ForeignKey("article.id"), index=True), _to("version_id", "version", null=True),
    _to("source_id", "source", null=True), sa.Column("facts", Json, nullable=False), _moment("made_at"), _moment("due_at"),
    _number("attempts"), sa.Column("done_at", Utc()), _words("last_error"),
    sa.UniqueConstraint("rule", "target", "event"), sa.Index(None, "done_at", "due_at"), sqlite_autoincrement=True,
)  # fmt: skip

# ── full text: on PostgreSQL an ordinary table; on SQLite FTS5 keeps one of this name (see search.py) ──

fulltext = _table(
    "fulltext", sa.Column("version_id", Id, sa.ForeignKey("version.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    _words("title", null=False), _words("body", null=False), sa.Column("words", postgresql.TSVECTOR(), nullable=False),
    sa.Index(None, "words", postgresql_using="gin"), info={"only": "postgresql"},
)  # fmt: skip


# ── where the two databases differ ────────────────────────────────────────────────────────────────


def keep(dialect: str, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that can say ON CONFLICT; both databases know the same words, SQLAlchemy has two names for them."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


@cache
def keep_first(dialect: str, table: sa.Table, *unique: str) -> sqlite.Insert | postgresql.Insert:
    """An insert that leaves a row that is there already as it is. Built once: building a statement costs more than running it."""
    return keep(dialect, table).on_conflict_do_nothing(index_elements=list(unique))


@cache
def keep_last(dialect: str, table: sa.Table, unique: tuple[str, ...], renewed: tuple[str, ...]) -> sqlite.Insert | postgresql.Insert:
    """An insert that gives a row that is there already the new values of the columns ``renewed``."""
    statement = keep(dialect, table)
    return statement.on_conflict_do_update(index_elements=list(unique), set_={name: statement.excluded[name] for name in renewed})


def each(dialect: str, name: str, kind: type[sa.BigInteger | sa.Text] = sa.BigInteger) -> sa.FromClause:
    """The integers (``kind``: or texts) of one bound parameter as a table ``asked`` with the column ``value``: one prepared statement."""
    value = sa.column("value", kind())
    if dialect == "sqlite":
        return sa.func.json_each(sa.bindparam(name, type_=sa.Text())).table_valued(value, name="asked")
    array = sa.bindparam(name, type_=postgresql.ARRAY(kind()))
    return sa.func.unnest(array).table_valued(value, name="asked").render_derived()


def given(conn: sa.Connection, values: Sequence[int | str]) -> str | list[int | str]:
    """``values`` as ``each`` wants them bound."""
    return json.dumps(values) if conn.dialect.name == "sqlite" else list(values)
