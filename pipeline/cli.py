"""The front door: words in, lines out; nothing is decided here. Results go to stdout, progress and logs to stderr.

Exit codes: 0 done · 1 done, but something failed that a later run may mend · 2 wrong words or settings, a named file that is not there ·
3 the database cannot be used · 130 stopped by Ctrl-C. Heavy rooms are imported by the command that needs them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from pipeline.errors import InputError, ItemError, StoreError, WirewatchError

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.store import Store
    from pipeline.store.read import Filters


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


@dataclass(slots=True)
class Words:
    """What stood before the command."""

    directory: Path | None = None
    db: str | None = None

    def config(self, **more: Any) -> Config:
        """Settings: options over environment over file over defaults. Raises ConfigError."""
        from pipeline.config import load

        overrides: dict[str, Any] = {"database": {"url": self.db}} if self.db else {}
        return load(self.directory, overrides={**overrides, **more})


WORDS = Words()
Json = Annotated[bool, typer.Option("--json", help="Print JSON lines.")]
OutletOption = Annotated[str | None, typer.Option("--outlet", help="Only this outlet (registrable domain).")]
SinceOption = Annotated[str | None, typer.Option("--since", help='From then on: "2023-07-12", an ISO instant, or an age such as "7d".')]
UntilOption = Annotated[str | None, typer.Option("--until", help="Until then, in the same forms.")]
RelationOption = Annotated[str | None, typer.Option("--relation", help="Only with this relation to a seed.")]
LanguageOption = Annotated[str | None, typer.Option("--language", help='Only in this language ("en").')]
LimitOption = Annotated[int, typer.Option("--limit", min=1, help="At most so many.")]


@app.callback()
def words(
    config: Annotated[Path | None, typer.Option("--config", metavar="DIR", help="Where wirewatch.toml and sources.toml are.")] = None,
    db: Annotated[str | None, typer.Option("--db", metavar="URL", help="The database: a URL, or the path of a SQLite file.")] = None,
) -> None:
    """Who ran this story, when, and changed how. With evidence."""
    WORDS.directory, WORDS.db = config, db


@app.command()
def ingest(
    what: Annotated[
        list[str] | None, typer.Argument(help="URLs, files, folders (.html[.gz], .jsonl[.gz]) or names of sources; nothing: every source.")
    ] = None,
    json: Json = False,
) -> None:
    """Fetch, read, compare and store: once. What is pending from earlier runs is taken too."""
    from pipeline.running import ingest_once

    raise typer.Exit(ingest_once(WORDS.config(), what or [], json=json))


@app.command()
def run(json: Json = False) -> None:
    """The daemon: asks every source when it is due, until told to stop (SIGTERM, Ctrl-C)."""
    from pipeline.running import run_daemon

    raise typer.Exit(run_daemon(WORDS.config(), json=json))


@app.command()
def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Go on with the database of an earlier demo instead of a new one.")] = False,
) -> None:
    """The built-in press on loopback, the main job on it, and whether each article was found to be what it was made to be."""
    from pipeline.demo import demonstrate

    raise typer.Exit(demonstrate(WORDS.db, keep=keep))


@app.command()
def latest(
    outlet: OutletOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    relation: RelationOption = None,
    language: LanguageOption = None,
    limit: LimitOption = 20,
    json: Json = False,
) -> None:
    """What came in, newest first."""
    from pipeline import tables
    from pipeline.store import read

    wanted = _filters(outlet, since, until, relation, language, limit)
    with _store() as store:
        rows = read.latest(store, wanted)
        tables.listing(rows, json=json, empty="Nothing is stored yet. Try: wirewatch ingest")


@app.command(context_settings={"ignore_unknown_options": True})  # so that -word is a word
def search(
    query: Annotated[list[str], typer.Argument(help='Words; "a phrase" in quotes; -word leaves it out.')],
    outlet: OutletOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    relation: RelationOption = None,
    language: LanguageOption = None,
    limit: LimitOption = 20,
    json: Json = False,
) -> None:
    """Full text over titles and bodies, best first."""
    from pipeline import tables
    from pipeline.store import read

    wanted = _filters(outlet, since, until, relation, language, limit)
    with _store() as store:
        rows = read.search(store, " ".join(query), wanted)
        tables.listing(rows, json=json, empty="Nothing found.")


@app.command()
def story(
    what: Annotated[
        str | None, typer.Argument(metavar="[SEED|ID]", help="A seed's name or an article's number; nothing: every seed.")
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write it as a page.")] = None,
    json: Json = False,
) -> None:
    """Who ran it: outlet, time, relation, how much of it, what is new."""
    from pipeline import render, tables
    from pipeline.seeds import load
    from pipeline.store import read

    with _maybe_store(missing=True) as store:
        stories = read.stories(store, what) if store else read.unheard(load(WORDS.config().seeds), what)
        if html is not None:
            from pipeline.page import story_page

            _write(html, story_page(stories))
            render.note(f"Written to {html}")
        if html is None or json:
            tables.stories(stories, json=json)


@app.command()
def show(ident: Annotated[str, typer.Argument(metavar="ID", help="An article's number or address.")], json: Json = False) -> None:
    """One article with its sightings, versions and relations."""
    from pipeline import tables
    from pipeline.store import read

    with _store() as store:
        tables.article(read.show(store, ident), json=json)


@app.command()
def extract(
    what: Annotated[list[str] | None, typer.Argument(metavar="[FILE|URL]...", help="Pages; nothing with --jsonl: lines on stdin.")] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help='Read {"id", "path" | "html", "url"?} lines from stdin, write articles.')] = False,
    json: Json = False,
) -> None:
    """The extractor by itself: what a page says, and where each field stood."""
    from pipeline import running

    raise typer.Exit(running.extract(WORDS.config(), what or [], jsonl=jsonl, json=json))


@app.command()
def match(
    a: Annotated[str | None, typer.Argument(metavar="[A]", help="The seed or the other text: a file, a URL, a seed's name.")] = None,
    b: Annotated[str | None, typer.Argument(metavar="[B]", help="The text that is judged.")] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help='Read {"id", "a", "b"} lines from stdin, write verdicts.')] = False,
    json: Json = False,
) -> None:
    """The matcher by itself: how B relates to A, with the evidence."""
    from pipeline import running

    raise typer.Exit(running.match(WORDS.config(), a, b, jsonl=jsonl, json=json))


@app.command()
def export(
    what: Annotated[str, typer.Argument(help="articles, relations, sightings, versions or outcomes.")],
    format: Annotated[str, typer.Option("--format", help="jsonl or csv.")] = "jsonl",  # noqa: A002 - the promised name of the option
    since: SinceOption = None,
) -> None:
    """Every row, citable: version, digest, fetch time, software version."""
    from pipeline import ledgers
    from pipeline.store import read

    if format not in ledgers.FORMATS:
        raise typer.BadParameter(f"{format!r} is none of {', '.join(ledgers.FORMATS)}", param_hint="--format")
    if what not in read.EXPORTS:
        raise typer.BadParameter(f"{what!r} is none of {', '.join(read.EXPORTS)}", param_hint="WHAT")
    begin = _moment(since)
    with _store() as store:
        ledgers.export(read.export(store, what, begin), read.EXPORTS[what], format)


@app.command()
def status(json: Json = False) -> None:
    """What is due, failing or pending, and how big it has grown."""
    from pipeline import ledgers
    from pipeline.clock import SystemClock
    from pipeline.store import read

    with _store() as store:
        ledgers.status(read.status(store, SystemClock().now()), json=json)


# ── what the commands share ───────────────────────────────────────────────────────────────────────


@contextmanager
def _store() -> Iterator[Store]:
    with _maybe_store(missing=False) as store:
        assert store is not None
        yield store


@contextmanager
def _maybe_store(*, missing: bool) -> Iterator[Store | None]:
    """``missing``: a database that is not there yet is None, not an error."""
    from pipeline import render
    from pipeline.store import Store
    from pipeline.store.engine import exists

    url = WORDS.config().database.url
    render.note(f"database: {url}")
    if missing and not exists(url):
        yield None
        return
    store = Store.open(url, create=False, write=False)
    try:
        yield store
    finally:
        store.close()


def _filters(outlet: str | None, since: str | None, until: str | None, relation: str | None, language: str | None, limit: int) -> Filters:
    from pipeline.model import Relation
    from pipeline.store.read import Filters

    if relation is not None and relation not in set(Relation):
        raise typer.BadParameter(f"{relation!r} is none of {', '.join(Relation)}", param_hint="--relation")
    kind = Relation(relation) if relation else None
    return Filters(outlet=outlet, since=_moment(since), until=_moment(until), relation=kind, language=language, limit=limit)


def _moment(text: str | None) -> Any:
    if text is None:
        return None
    from pipeline.clock import SystemClock
    from pipeline.config import duration
    from pipeline.model import Instant

    try:
        return Instant.parse(text).at
    except ValueError:
        pass
    try:
        return SystemClock().now() - duration(text)
    except ValueError:
        raise typer.BadParameter(f'{text!r} is no date: write "2023-07-12", "2023-07-12T10:00:00+02:00" or an age such as "7d"') from None


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from error


def main() -> None:
    """The console command."""
    app(prog_name="wirewatch")
