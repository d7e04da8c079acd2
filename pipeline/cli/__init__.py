"""The front door: words in, lines out; nothing is decided here. Results go to stdout, progress and logs to stderr.

Exit codes: 0 done · 1 done, but something failed that a later run may mend · 2 wrong words or settings, a named file that is not there ·
3 the database cannot be used · 130 stopped by Ctrl-C. Heavy rooms are imported by the command that needs them.

A file here holds the commands of one kind; each adds its own to ``app`` by ``register``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from pipeline import garbage
from pipeline.cli import database, engines, job, listening, reading, upkeep, watching
from pipeline.cli.words import WORDS
from pipeline.errors import ItemError, StoreError, WirewatchError

__all__ = ["app", "main"]


class Front(TyperGroup):
    """Every expected error is one line on stderr and an exit code; a bug keeps its traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Runs the command that was named."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise _end("stopped; nothing is half-written", 130) from None
        except StoreError as error:
            raise _end(error, 3) from None
        except ItemError as error:
            raise _end(error, 1) from None
        except WirewatchError as error:
            raise _end(error, 2) from None
        except BrokenPipeError:
            # the reader of our output has gone (| head): not an error; keep the interpreter from flushing into it again
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None


def _end(said: object, code: int) -> typer.Exit:
    from pipeline.text import plain

    sys.stderr.write(f"wirewatch: {plain(str(said))}\n")
    return typer.Exit(code)


app = typer.Typer(
    cls=Front,
    name="wirewatch",
    help="Who ran this story, when, and changed how. With evidence.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def words(
    config: Annotated[Path | None, typer.Option("--config", metavar="DIR", help="Where wirewatch.toml and sources.toml are.")] = None,
    db: Annotated[str | None, typer.Option("--db", metavar="URL", help="The database: a URL, or the path of a SQLite file.")] = None,
) -> None:
    """Who ran this story, when, and changed how. With evidence."""
    WORDS.directory, WORDS.db = config, db


for commands in (job, watching, listening, reading, engines, upkeep, database):
    commands.register(app)


def main() -> None:
    """The console command."""
    garbage.seldom()
    app(prog_name="wirewatch")
