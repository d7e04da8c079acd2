"""What is stored: lists, stories, one article, everything."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.completing import ledgers as ledger_names
from pipeline.cli.completing import seed_names
from pipeline.cli.words import (
    WORDS,
    Json,
    LanguageOption,
    LimitOption,
    OutletOption,
    RelationOption,
    SinceOption,
    UntilOption,
    checked,
    filters,
    maybe_opened,
    moment,
    one_of,
    opened,
    write,
)


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

    checked(since, until, relation)
    with opened() as store:
        rows = read.latest(store, filters(store, outlet, since, until, relation, language, limit), WORDS.config().groups)
        tables.listing(rows, json=json, empty="Nothing is stored yet. Try: wirewatch ingest")


def search(
    query: Annotated[list[str], typer.Argument(metavar="QUERY", help='Words; "a phrase" in quotes; -word leaves it out.')],
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

    checked(since, until, relation)
    with opened() as store:
        wanted = filters(store, outlet, since, until, relation, language, limit)
        rows = read.search(store, " ".join(query), wanted, WORDS.config().groups)
        tables.listing(rows, json=json, empty="Nothing found.")


def story(
    what: Annotated[
        str | None,
        typer.Argument(metavar="SEED|ID", help="A seed's name or an article's number; nothing: every seed.", autocompletion=seed_names),
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write it as a page.")] = None,
    json: Json = False,
) -> None:
    """Who ran it: outlet, time, relation, how much of it, what is new."""
    from pipeline import render, tables
    from pipeline.seeds import load
    from pipeline.store import read

    with maybe_opened(missing=True) as store:
        seeds = load(WORDS.config().seeds) if not store or (what and read.find(store, what) is None) else ()
        if store and what not in {seed.name for seed in seeds}:
            stories = read.stories(store, what, WORDS.config().groups)
        else:  # no database, or a seed that was added since the last ingest
            stories = read.unheard(seeds, what)
        if html is not None:
            from pipeline.page import story_page

            write(html, story_page(stories))
            render.note(f"Written to {html}")
        if html is None or json:
            tables.stories(stories, json=json)
        if store and not json:
            _say_what_is_abroad(read.foreign(store))


def _say_what_is_abroad(articles: int) -> None:
    """Articles in other languages than the seeds' are compared with them only where the extra is installed."""
    from pipeline import render
    from pipeline.match import languages

    if articles and not languages.available():
        are = "article is in another language than the seeds" if articles == 1 else "articles are in other languages than the seeds"
        render.note(f"{articles} of the newest {are}. Whether they run a story in translation is told with the extra: {languages.EXTRA}")


def show(
    ident: Annotated[str, typer.Argument(metavar="ID", help="An article's number or address, or a seed's name.")], json: Json = False
) -> None:
    """One article with its sightings, versions and relations."""
    from pipeline import shown
    from pipeline.store import read

    with opened() as store:
        shown.article(read.show(store, ident, WORDS.config().groups), json=json)


def export(
    what: Annotated[
        str, typer.Argument(metavar="WHAT", help="articles, relations, sightings, versions or outcomes.", autocompletion=ledger_names)
    ],
    format: Annotated[str, typer.Option("--format", help="jsonl or csv.")] = "jsonl",  # noqa: A002 - the promised name of the option
    since: SinceOption = None,
    json: Annotated[bool, typer.Option("--json", help="The same as --format jsonl.")] = False,
) -> None:
    """Every row, citable: version, digest, fetch time, software version. Relations by the machine and by people are rows of their own."""
    from pipeline import ledgers
    from pipeline.store import read

    if format == "parquet":
        recipe = f"""wirewatch export {what} > {what}.jsonl && duckdb -c "COPY (FROM '{what}.jsonl') TO '{what}.parquet'\""""
        raise typer.BadParameter(
            f"'parquet' is not written by this version; DuckDB makes it of JSON lines: {recipe}", param_hint="--format"
        )
    one_of("jsonl" if json else format, ledgers.FORMATS, "--format")
    one_of(what, read.EXPORTS, "WHAT")
    begin = moment(since)
    with opened() as store:
        ledgers.export(read.export(store, what, begin), read.EXPORTS[what], "jsonl" if json else format)


def status(json: Json = False) -> None:
    """What is due, failing, silent, walled or pending; how big it is, how fast it grows and how long the disk lasts.

    silent: a source that answers but has brought nothing new for ten times as long as it used to take. walled: of the last 30 days.
    """
    from pipeline import ledgers
    from pipeline.clock import SystemClock
    from pipeline.store import read

    with opened() as store:
        ledgers.status(read.status(store, SystemClock().now()), json=json)


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(latest)
    app.command(context_settings={"ignore_unknown_options": True})(search)  # so that -word is a word
    app.command()(story)
    app.command()(show)
    app.command()(export)
    app.command()(status)
