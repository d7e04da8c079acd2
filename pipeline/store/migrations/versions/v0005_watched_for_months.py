"""What a daemon remembers for months: learned intervals, health, hosts, who runs, edits and withdrawals, alerts, what is kept of a text.

Revision ID: 0005
"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _moment(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _words(name: str, *, null: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=null)


def upgrade() -> None:
    """Adds tables and columns; what is there stays as it is."""
    for column in (
        sa.Column("interval", sa.Integer(), nullable=True),
        sa.Column("learned", sa.JSON(none_as_null=True), nullable=True),
        _words("health"),
        _moment("health_since", null=True),
        _words("health_why"),
        _words("moved_to"),
        _moment("claimed_until", null=True),
    ):
        op.add_column("source_state", column)
    for column in (
        _moment("recheck_at", null=True),
        _moment("gone_since", null=True),
        _moment("withdrawn_at", null=True),
        _words("withdrawn_why"),
    ):
        op.add_column("article", column)
    op.create_index(op.f("ix_article_recheck_at"), "article", ["recheck_at"])
    op.add_column("pending", _moment("claimed_until", null=True))
    skipped = sa.text("status = 'skipped'")
    op.create_index("ix_outcome_skipped", "outcome", ["source_id", "at"], sqlite_where=skipped, postgresql_where=skipped)
    op.add_column("version", _words("change"))
    op.add_column("body", _words("kept"))
    op.create_table(
        "host",
        _words("name", null=False),
        _moment("free_at", null=True),
        _moment("held_until", null=True),
        _words("held_by"),
        _words("held_for"),
        sa.Column("crawl_delay", sa.Double(), nullable=False),
        sa.Column("strikes", sa.Integer(), nullable=False),
        sa.Column("rests", sa.Integer(), nullable=False),
        sa.Column("robots", sa.LargeBinary(), nullable=True),
        sa.Column("robots_facts", sa.JSON(none_as_null=True), nullable=True),
        _moment("updated_at"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_host")),
    )
    op.create_table(
        "runner",
        _words("name", null=False),
        _words("holder", null=False),
        _words("place", null=False),
        _moment("since"),
        _moment("until"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_runner")),
    )
    op.create_table(
        "alert",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        _words("rule", null=False),
        _words("target", null=False),
        _words("event", null=False),
        _words("kind", null=False),
        sa.Column("article_id", ID, nullable=True),
        sa.Column("version_id", ID, nullable=True),
        sa.Column("source_id", ID, nullable=True),
        sa.Column("facts", sa.JSON(none_as_null=True), nullable=False),
        _moment("made_at"),
        _moment("due_at"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _moment("done_at", null=True),
        _words("last_error"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_alert_article_id")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_alert_version_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_alert_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("rule", "target", "event", name=op.f("uq_alert_rule_target_event")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_alert_done_at_due_at"), "alert", ["done_at", "due_at"])
    op.create_index(op.f("ix_alert_article_id"), "alert", ["article_id"])
    _look_again()


def _look_again() -> None:
    """What came in during the last month that is stored is looked at again, as it would be had it come in now; how many at once is the
    daemon's matter. Older articles stay as they are."""
    conn = op.get_bind()
    article = sa.table("article", _moment("first_seen"), _moment("recheck_at"), _words("seed"))
    newest = conn.execute(sa.select(sa.func.max(article.c.first_seen))).scalar()
    if newest is not None:
        lately = sa.and_(article.c.seed.is_(None), article.c.first_seen > newest - timedelta(days=30))
        conn.execute(sa.update(article).where(lately).values(recheck_at=article.c.first_seen))
