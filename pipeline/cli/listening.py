"""What people want to be told: rules, looked at and tried."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.completing import rule_names
from pipeline.cli.words import WORDS, Json, maybe_opened, moment

watch = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="What you want to be told, and whether it reaches you.")
RuleName = Annotated[str, typer.Argument(metavar="NAME", help="A rule's name.", autocompletion=rule_names)]


@watch.command("list")
def watch_list(json: Json = False) -> None:
    """What is listened for, to whom it is told, and what waits for them."""
    from pipeline.clock import SystemClock
    from pipeline.store import telling
    from pipeline.watching import listening

    config = WORDS.config()
    with maybe_opened(missing=True) as store:
        waiting = telling.fares(store) if store else ()
    raise typer.Exit(listening.listed(config, waiting, SystemClock().now(), json=json))


@watch.command("check")
def watch_check(
    name: RuleName,
    since: Annotated[str, typer.Option("--since", help='From then on: "2023-07-12", an ISO instant, or an age such as "7d".')] = "7d",
    json: Json = False,
) -> None:
    """A dry run: what this rule would have told of what is stored. Nothing is sent or written."""
    from pipeline.watching import listening

    config, start = WORDS.config(), moment(since)
    listening.rule(config, name)
    with maybe_opened(missing=True) as store:
        raise typer.Exit(listening.check(config, name, store, start, json=json))


@watch.command("test")
def watch_test(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A rule's name, or a target's.", autocompletion=rule_names)],
    json: Json = False,
) -> None:
    """Send one test message to whom this rule tells."""
    from pipeline.clock import SystemClock
    from pipeline.watching import listening

    raise typer.Exit(listening.test(WORDS.config(), name, SystemClock(), json=json))


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.add_typer(watch, name="watch")
