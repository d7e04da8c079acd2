"""The first schema: sources, candidates, articles in versions, how they relate, full text.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Makes every table."""
    _sources()
    _articles()
    _others()
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE fulltext USING fts5(title, body, content='', tokenize='unicode61 remove_diacritics 0')")
    else:
        _fulltext()


def _sources() -> None:
    op.create_table(
        "source",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("name", name=op.f("uq_source_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "source_state",
        sa.Column("source_id", ID, autoincrement=False, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_digest", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_polled", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_ok", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_source_state_source_id")),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_source_state")),
    )
    op.create_index(op.f("ix_source_state_due_at"), "source_state", ["due_at"], unique=False)
    op.create_table(
        "offer",
        sa.Column("source_id", ID, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("hints", sa.Text(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_offer_source_id")),
        sa.PrimaryKeyConstraint("source_id", "key", name=op.f("pk_offer")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pending",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("candidate", sa.JSON(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_pending_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending")),
        sa.UniqueConstraint("source_id", "key", name=op.f("uq_pending_source_id_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_pending_due_at_id"), "pending", ["due_at", "id"], unique=False)
    op.create_table(
        "outcome",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("article_id", ID, nullable=True),
        sa.Column("version_id", ID, nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_outcome_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_outcome_article_id"), "outcome", ["article_id"], unique=False)
    op.create_index(op.f("ix_outcome_at"), "outcome", ["at"], unique=False)


def _articles() -> None:
    op.create_table(
        "article",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=True),
        sa.Column("seed", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("seed_facts", sa.JSON(), nullable=True),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latest_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("seed", name=op.f("uq_article_seed")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_article_first_seen"), "article", ["first_seen"], unique=False)
    op.create_index(op.f("ix_article_latest_id"), "article", ["latest_id"], unique=False)
    op.create_index(op.f("ix_article_outlet"), "article", ["outlet"], unique=False)
    op.create_index(op.f("ix_article_url"), "article", ["url"], unique=False)
    op.create_table(
        "alias",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_alias_article_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_alias")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_alias_article_id"), "alias", ["article_id"], unique=False)
    op.create_table(
        "body",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
        sa.UniqueConstraint("digest", name=op.f("uq_body_digest")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "version",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body_id", ID, nullable=False),
        sa.Column("body_digest", sa.Text(), nullable=False),
        sa.Column("content_digest", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("shingles", sa.Integer(), nullable=False),
        sa.Column("sample", sa.LargeBinary(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("credit", sa.Text(), nullable=True),
        sa.Column("dateline", sa.Text(), nullable=True),
        sa.Column("outlet", sa.Text(), nullable=True),
        sa.Column("outlet_name", sa.Text(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_offset", sa.Integer(), nullable=True),
        sa.Column("published_precision", sa.Text(), nullable=True),
        sa.Column("modified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("modified_offset", sa.Integer(), nullable=True),
        sa.Column("modified_precision", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("section", sa.Text(), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("image", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("completeness", sa.Text(), nullable=False),
        sa.Column("opt_outs", sa.JSON(), nullable=False),
        sa.Column("origin_url", sa.Text(), nullable=True),
        sa.Column("provenance", sa.JSON(), nullable=False),
        sa.Column("extractor", sa.Text(), nullable=False),
        sa.Column("software", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_version_article_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_version_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version")),
        sa.UniqueConstraint("article_id", "number", name=op.f("uq_version_article_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_version_body_digest"), "version", ["body_digest"], unique=False)
    op.create_index(op.f("ix_version_body_id"), "version", ["body_id"], unique=False)
    op.create_index(op.f("ix_version_published_at"), "version", ["published_at"], unique=False)
    op.create_table(
        "raw",
        sa.Column("version_id", ID, autoincrement=False, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("coding", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_raw_version_id")),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_raw")),
    )
    op.create_index(op.f("ix_raw_expires_at"), "raw", ["expires_at"], unique=False)
    op.create_table(
        "sighting",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_sighting_article_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_sighting_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sighting")),
        sa.UniqueConstraint("article_id", "source_id", "url", name=op.f("uq_sighting_article_id_source_id_url")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "outlet",
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("profile", sa.JSON(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_outlet")),
    )


def _others() -> None:
    op.create_table(
        "fingerprint",
        sa.Column("hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version_id", ID, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("hash", "part", "version_id", name=op.f("pk_fingerprint")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "relation",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("other_id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("other_article_id", ID, nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("coverage", sa.Double(), nullable=False),
        sa.Column("other_coverage", sa.Double(), nullable=False),
        sa.Column("coverage_all", sa.Double(), nullable=False),
        sa.Column("other_coverage_all", sa.Double(), nullable=False),
        sa.Column("longest_run", sa.Integer(), nullable=False),
        sa.Column("similarity", sa.Double(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("matcher", sa.Text(), nullable=False),
        sa.Column("judge", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("aligned", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_relation_article_id")),
        sa.ForeignKeyConstraint(["other_article_id"], ["article.id"], name=op.f("fk_relation_other_article_id")),
        sa.ForeignKeyConstraint(["other_id"], ["version.id"], name=op.f("fk_relation_other_id")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_relation_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relation")),
        sa.UniqueConstraint("version_id", "other_id", "judge", name=op.f("uq_relation_version_id_other_id_judge")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_relation_article_id_other_article_id"), "relation", ["article_id", "other_article_id"], unique=False)
    op.create_index(op.f("ix_relation_other_article_id"), "relation", ["other_article_id"], unique=False)
    op.create_index(op.f("ix_relation_other_id"), "relation", ["other_id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_outbox_article_id")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_outbox_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("version_id", "event", name=op.f("uq_outbox_version_id_event")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_outbox_done_at_id"), "outbox", ["done_at", "id"], unique=False)


def _fulltext() -> None:
    op.create_table(
        "fulltext",
        sa.Column("version_id", ID, autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_fulltext_version_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_fulltext")),
    )
    op.create_index(op.f("ix_fulltext_words"), "fulltext", ["words"], unique=False, postgresql_using="gin")
