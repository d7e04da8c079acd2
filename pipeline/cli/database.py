"""The database itself: its schema, whether it is sound, a copy of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.words import WORDS, Json

db = typer.Typer(name="db", help="The database itself: its schema, whether it is sound, a copy of it.", no_args_is_help=True)


@db.command()
def upgrade(json: Json = False) -> None:
    """Brings the schema up to date; makes the tables of an empty PostgreSQL database. Commands that write do it by themselves."""
    from pipeline import databases

    databases.upgrade(WORDS.config().database.url, json=json)


@db.command()
def check(
    reindex: Annotated[bool, typer.Option("--reindex", help="First make the full text anew.")] = False,
    json: Json = False,
) -> None:
    """Is it sound? The file, the schema, what refers to what, counters, full text. Exit code 3 when it is not, with what to do."""
    from pipeline import databases

    raise typer.Exit(0 if databases.check(WORDS.config().database.url, reindex=reindex, json=json) else 3)


@db.command()
def backup(file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")], json: Json = False) -> None:
    """Saves a SQLite database as it is at this moment, while others may write to it. For PostgreSQL it names pg_dump."""
    from pipeline import databases

    databases.backup(WORDS.config().database.url, file, json=json)


@db.command()
def copy(url: Annotated[str, typer.Argument(metavar="URL", help="An empty database.")], json: Json = False) -> None:
    """Copies everything into another database, such as postgresql://user@host/news, and compares. Killed half-way it leaves nothing."""
    from pipeline import databases

    databases.copy(WORDS.config().database.url, url, json=json)


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.add_typer(db)
