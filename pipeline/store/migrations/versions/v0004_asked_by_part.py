"""Fingerprints by part, then by hash: a new text's hashes are asked for only where they can stand.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

SEEDS, ARTICLES, SHORTS = 0, 1, 2
BRIEF, SHORT, SHORT_BELOW = 40, 150, 1 << 62  # as they were when this was written (sampled.py)


def upgrade() -> None:
    """Writes the table anew in the order of its new key, part by part, so that nothing is sorted or held in memory but the numbers of short
    texts; in the one transaction of the upgrade. Of a short text a quarter of the rows stays."""
    conn = op.get_bind()
    if conn.dialect.name == "postgresql":
        op.execute("ALTER INDEX pk_fingerprint RENAME TO pk_fingerprint_0003")
    op.rename_table("fingerprint", "fingerprint_0003")
    op.create_table(
        "fingerprint",
        sa.Column("hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("part", "hash", "version_id", name=op.f("pk_fingerprint")),
        sqlite_with_rowid=False,
    )
    op.execute("CREATE TEMPORARY TABLE short (id BIGINT PRIMARY KEY, brief BOOLEAN NOT NULL)")
    op.execute(f"INSERT INTO short SELECT id, length < {BRIEF} FROM version WHERE length < {SHORT}")  # noqa: S608 - our own numbers
    long = "part <> 0 AND NOT EXISTS (SELECT 1 FROM short WHERE id = version_id)"
    quarter = f"brief OR hash BETWEEN 0 AND {SHORT_BELOW - 1}"
    found = f"part <> 0 AND EXISTS (SELECT 1 FROM short WHERE id = version_id AND ({quarter}))"  # noqa: S608 - our own numbers
    for part, rows in ((SEEDS, "part = 0"), (ARTICLES, long), (SHORTS, found)):
        op.execute(
            f"INSERT INTO fingerprint (part, hash, version_id) SELECT {part}, hash, version_id FROM fingerprint_0003 WHERE {rows} "  # noqa: S608 - our own words
            "ORDER BY hash, part, version_id"  # the order of the old key
        )
    op.drop_table("short")
    op.drop_table("fingerprint_0003")
