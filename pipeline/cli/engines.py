"""The two engines by themselves."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.words import WORDS, Json


def extract(
    what: Annotated[list[str] | None, typer.Argument(metavar="[FILE|URL]...", help="Pages; nothing with --jsonl: lines on stdin.")] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help='Read {"id", "path" | "html", "url"?} lines from stdin, write articles.')] = False,
    json: Json = False,
) -> None:
    """The extractor by itself: what a page says, and where each field stood."""
    from pipeline import running

    raise typer.Exit(running.extract(WORDS.config(), what or [], jsonl=jsonl, json=json))


def match(
    a: Annotated[str | None, typer.Argument(metavar="[A]", help="The seed or the other text: a file, a URL, a seed's name.")] = None,
    b: Annotated[str | None, typer.Argument(metavar="[B]", help="The text that is judged.")] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help='Read {"id", "a", "b"} lines from stdin, write verdicts.')] = False,
    json: Json = False,
) -> None:
    """The matcher by itself: how B relates to A, with the evidence."""
    from pipeline import running

    raise typer.Exit(running.match(WORDS.config(), a, b, jsonl=jsonl, json=json))


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(extract)
    app.command()(match)
