"""The main job: once, for ever, or on the built-in press."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.completing import source_names
from pipeline.cli.words import WORDS, Json


def ingest(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            help="URLs, files, folders (.html[.gz], .jsonl[.gz], .warc[.gz]) or names of sources; nothing: every source.",
            autocompletion=source_names,
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Fetch, read, compare and store: once. What is pending from earlier runs is taken too."""
    from pipeline.running import ingest_once

    raise typer.Exit(ingest_once(WORDS.config(), what or [], json=json))


def run(
    serve: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="Answer there how it is: /healthz, /readyz, /metrics (Prometheus).")
    ] = None,
    json: Json = False,
) -> None:
    """The daemon: asks every source when it is due, until told to stop (SIGTERM, Ctrl-C); SIGHUP has it read its configuration again."""
    from pipeline.running import run_daemon

    raise typer.Exit(run_daemon(WORDS.config(), json=json, serve=serve, reread=WORDS.config))


def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Go on with the database of an earlier demo instead of a new one.")] = False,
    json: Json = False,
) -> None:
    """The built-in press on loopback, the main job on it, and whether each article was found to be what it was made to be."""
    from pipeline.demo import demonstrate

    raise typer.Exit(demonstrate(WORDS.db, keep=keep, json=json))


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(ingest)
    app.command()(run)
    app.command()(demo)
