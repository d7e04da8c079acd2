"""Looking closer and putting right: diff, judge, rematch, reextract, purge, doctor."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.completing import seed_names
from pipeline.cli.words import WORDS, Json, OutletOption, a_relation, moment, opened

if TYPE_CHECKING:
    from pipeline.store import Store

OTHER = "An article's number or address, or a seed's name."


@contextmanager
def _writing() -> Iterator[Store]:
    """The database, to be written to; it has to be there."""
    from pipeline import render
    from pipeline.store import Store
    from pipeline.store.engine import shown

    url = WORDS.config().database.url
    render.note(f"database: {shown(url)}")
    store = Store.open(url, create=False)
    try:
        yield store
    finally:
        store.close()


def diff(
    what: Annotated[str, typer.Argument(metavar="ID", help=OTHER)],
    a: Annotated[str | None, typer.Argument(metavar="A|OTHER", help="The number of a version; or the other article's address.")] = None,
    b: Annotated[str | None, typer.Argument(metavar="B", help="The number of a later version; nothing: the next one.")] = None,
    other: Annotated[str | None, typer.Option("--with", metavar="OTHER", help=f"Compare with this one. {OTHER}")] = None,
    json: Json = False,
) -> None:
    """What changed between two versions of an article, or what two articles share.

    diff 12: from the last version but one to the last. diff 12 1 3: from version 1 to version 3. diff 12 --with 15: two articles.
    Marks: [-left out-] {+put in+}; lines: + added, - removed, ~ changed, > moved, = in both.
    """
    from pipeline import upkeep

    with opened() as store:
        upkeep.diff(WORDS.config(), store, what, a, b, other, json=json)


def judge(
    what: Annotated[str, typer.Argument(metavar="ID", help="The article that is judged: its number or address.")],
    other: Annotated[str, typer.Argument(metavar="OTHER", help=f"What it is compared with. {OTHER}")],
    relation: Annotated[
        str | None, typer.Argument(metavar="RELATION", help="identical, copy, revision, excerpt, derived, related or distinct.")
    ] = None,
    note: Annotated[str | None, typer.Option("--note", help="Why; it is shown with the verdict.")] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take back what a person said of the two.")] = False,
    json: Json = False,
) -> None:
    """A person's verdict: ID is a RELATION of OTHER. It is kept beside the machine's and shown in its place.

    It stays when a new version changes the text a little; another text under the same address is the machine's to judge again.
    """
    from pipeline import upkeep
    from pipeline.clock import SystemClock

    if (relation is None) != withdraw:
        raise typer.BadParameter("say how ID relates to OTHER, or --withdraw to take back what a person said", param_hint="RELATION")
    kind = a_relation(relation, "RELATION") if relation else None
    with _writing() as store:
        if kind is None:
            upkeep.withdraw(store, what, other, json=json)
        else:
            upkeep.judge(store, what, other, kind, note, SystemClock().now(), json=json)


def purge(
    url: Annotated[list[str] | None, typer.Option("--url", help="The article at this address, and all that is known of it.")] = None,
    outlet: Annotated[
        str | None, typer.Option("--outlet", help="Everything of an outlet: its domain, its name, or a group's name.")
    ] = None,
    before: Annotated[
        str | None, typer.Option("--before", help='What was taken in before: "2023-07-12", an ISO instant, or an age such as "365d".')
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Forgets without a trace: texts, pages, index, relations, log lines; the file is written anew without them.

    What goes meets all the options that are given. Seeds stay. Nothing is kept of it, not even a list of what was forgotten: a source that
    still offers it brings it back.
    """
    from pipeline import upkeep

    def sure(question: str) -> bool:
        if yes:
            return True
        if not sys.stdin.isatty():
            raise typer.BadParameter("nobody can be asked here; add --yes to forget it, or --dry-run to see what would go")
        return typer.confirm(question, err=True)

    since = moment(before)
    with _writing() as store:
        upkeep.purge(WORDS.config(), store, url or [], outlet, since, sure=sure, dry=dry_run, json=json)


def doctor(
    online: Annotated[
        bool, typer.Option("--online", help="Also ask one robots.txt of the first source: names, connection, clock.")
    ] = False,
    json: Json = False,
) -> None:
    """What is wrong with this installation and what to do. Nothing is changed; nothing is asked of the network without --online.

    Exit code 0: all well, or notes only; 1: something should be mended; 2: the configuration, 3: the database cannot be used.
    """
    from pipeline.clock import SystemClock
    from pipeline.config import default_database
    from pipeline.doctor import examine

    raise typer.Exit(
        examine(WORDS.config, WORDS.db or os.environ.get("WIREWATCH_DB") or default_database(), SystemClock(), online=online, json=json)
    )


def rematch(
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="WHEN", help='Only what was fetched from then on: "2023-07-12", an ISO instant, or an age ("7d").'),
    ] = None,
    seed: Annotated[str | None, typer.Option("--seed", metavar="NAME", help="Only against this seed.", autocompletion=seed_names)] = None,
    json: Json = False,
) -> None:
    """Judges again what is stored, by the matcher of now and with what was learned of the outlets since.

    A verdict that comes out otherwise replaces the old one, which stays in the history (`show ID`); what a person said stays. Stopped at
    any point, the same words go on where it stopped. Exit code 1: some could not be judged and keep their verdicts.
    """
    from pipeline import again

    raise typer.Exit(again.rematch(WORDS.config(), (since, moment(since)) if since else None, seed, json=json))


def reextract(
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="WHEN", help='Only what was fetched from then on: "2023-07-12", an ISO instant, or an age ("7d").'),
    ] = None,
    outlet: OutletOption = None,
    json: Json = False,
) -> None:
    """Extracts again every page that is kept ([raw] days), by the extractor of now and with what was learned of the outlets since.

    A text or field that comes out otherwise is put right where it stands (an outlet did not edit it: there is no new version), is judged
    again, and is printed; --json prints the old and the new, all of it. A page that is no article now stays stored and is named. Stopped
    at any point, the same words go on where it stopped. Exit code 1: some could not be read and stay as they were.
    """
    from pipeline import again

    raise typer.Exit(again.reextract(WORDS.config(), (since, moment(since)) if since else None, outlet, json=json))


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(diff)
    app.command()(judge)
    app.command()(rematch)
    app.command()(reextract)
    app.command()(purge)
    app.command()(doctor)
