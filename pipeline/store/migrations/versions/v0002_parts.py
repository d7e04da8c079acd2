"""Sources made of parts, the way an article was reached, and how the other text of a verdict relates to this one.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Adds a table and two columns; rows that are there keep their meaning."""
    op.create_table(
        "part",
        sa.Column("source_id", ID, autoincrement=False, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("stated", sa.Text(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_digest", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_part_source_id")),
        sa.PrimaryKeyConstraint("source_id", "url", name=op.f("pk_part")),
        sqlite_with_rowid=False,
    )
    op.add_column("sighting", sa.Column("chain", sa.JSON(), nullable=True))
    op.add_column("relation", sa.Column("other_relation", sa.Text(), nullable=True))
