"""One linear history of the schema, run without any file outside the package. Importing this imports alembic."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory


def script() -> ScriptDirectory:
    """The revisions shipped with the package."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return ScriptDirectory.from_config(config)


def revisions() -> list[str]:
    """Every known revision, the newest first."""
    return [revision.revision for revision in script().walk_revisions()]


def upgrade(conn: sa.Connection, target: str = "head") -> None:
    """Runs what is missing, inside the transaction of ``conn``."""
    directory = script()
    context = EnvironmentContext(Config(), directory)
    context.configure(
        connection=conn,
        fn=lambda rev, _context: directory._upgrade_revs(target, rev),
        transactional_ddl=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()
