"""Verdicts judged again, and what is learned: repeated sentences, what seeds are about, how common words are.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def upgrade() -> None:
    """Adds tables; what is there stays as it is."""
    op.create_table(
        "former",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        *(sa.Column(name, ID, nullable=False) for name in ("version_id", "other_id", "article_id", "other_article_id")),
        sa.Column("relation", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in ("coverage", "other_coverage", "coverage_all", "other_coverage_all")),
        sa.Column("longest_run", sa.Integer(), nullable=False),
        sa.Column("similarity", sa.Double(), nullable=False),
        sa.Column("evidence", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("matcher", sa.Text(), nullable=False),
        sa.Column("judge", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("aligned", sa.Boolean(), nullable=False),
        _moment("made_at"),
        sa.Column("other_relation", sa.Text(), nullable=True),
        _moment("replaced_at"),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_former_version_id")),
        sa.ForeignKeyConstraint(["other_id"], ["version.id"], name=op.f("fk_former_other_id")),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_former_article_id")),
        sa.ForeignKeyConstraint(["other_article_id"], ["article.id"], name=op.f("fk_former_other_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_former_article_id"), "former", ["article_id"])
    op.create_index(op.f("ix_former_other_article_id"), "former", ["other_article_id"])
    op.create_table(
        "sentence",
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stories", sa.Integer(), nullable=False),
        _moment("seen_at"),
        sa.PrimaryKeyConstraint("domain", "hash", name=op.f("pk_sentence")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "topic",
        sa.Column("hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version_id", ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_topic_version_id")),
        sa.PrimaryKeyConstraint("hash", "version_id", name=op.f("pk_topic")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "vocabulary",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        _moment("made_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vocabulary")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "task",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("asked", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("cursor", ID, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("total", "done", "changed")),
        _moment("started_at"),
        _moment("updated_at"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_task")),
    )
