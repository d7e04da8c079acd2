"""The full-text index is merged between two articles (sqlite.rest), not within one's transaction.

Revision ID: 0006
"""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Tells FTS5, which remembers it. What nobody merges it merges itself at sixteen pieces of a size (``crisismerge``)."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO fulltext(fulltext, rank) VALUES ('automerge', 0)")
