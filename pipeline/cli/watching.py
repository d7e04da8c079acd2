"""What is watched: a configuration of one's own, sources, lists of feeds, seeds."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.cli.completing import seed_names, source_names
from pipeline.cli.words import WORDS, Json, maybe_opened

source = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="What is watched: feeds, sitemaps, pages, files.")
seed = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The stories that are watched for.")

DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Show what would be done; write nothing.")]
SourceName = Annotated[str, typer.Argument(metavar="NAME", help="A source's name.", autocompletion=source_names)]


def init(
    directory: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Where; nothing: your configuration directory.")] = None,
    json: Json = False,
) -> None:
    """Write a commented configuration of your own. What is there already stays as it is."""
    from pipeline.watching.beginning import begin

    raise typer.Exit(begin(directory, json=json))


# ── sources ───────────────────────────────────────────────────────────────────────────────────────


@source.command("add")
def source_add(
    url: Annotated[str, typer.Argument(metavar="URL", help="A site, a section, a feed, a sitemap; or a file or folder of yours.")],
    name: Annotated[str | None, typer.Option("--name", help="How you call it; nothing: by its outlet.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="feed, sitemap, page, url, files or warc; nothing: found out.")] = None,
    every: Annotated[str | None, typer.Option("--every", help='The longest between two looks: "10m", "6h".')] = None,
    outlet: Annotated[str | None, typer.Option("--outlet", help="Who prints there, when the address does not say it.")] = None,
    language: Annotated[str | None, typer.Option("--language", help='Only when the pages do not say it: "en".')] = None,
    header: Annotated[list[str] | None, typer.Option("--header", metavar="NAME=VALUE", help="Sent with each request.")] = None,
    include: Annotated[
        list[str] | None, typer.Option("--include", metavar="PATTERN", help="Only such addresses; title:… and keyword:… for those.")
    ] = None,
    exclude: Annotated[list[str] | None, typer.Option("--exclude", metavar="PATTERN", help="Not these, written in the same way.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before writing (off a terminal nothing is asked).")] = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Find the feed, the sitemap or the section page behind an address, show what would come, and watch it."""
    from pipeline.watching.adding import Wish, add, patterns

    more: dict[str, Any] = {"every": every, "outlet": outlet, "language": language, "headers": _headers(header or [])}
    more |= {"include": patterns(include or []), "exclude": patterns(exclude or [])}
    wish = Wish(url=url, name=name, kind=kind, more=more)
    raise typer.Exit(add(WORDS.config(), wish, named=_named(), dry=dry_run, json=json, ask=_asks(silent=yes or json)))


@source.command("list")
def source_list(json: Json = False) -> None:
    """What is watched, when it was last read, and when it is due."""
    from pipeline.clock import SystemClock
    from pipeline.store import read
    from pipeline.watching import keeping

    with maybe_opened(missing=True) as store:
        status = read.status(store, SystemClock().now()) if store else None
        raise typer.Exit(keeping.listed(WORDS.config(), status, json=json))


@source.command("remove")
def source_remove(name: SourceName, json: Json = False) -> None:
    """Watch a source no longer. What it brought stays stored."""
    from pipeline.watching import keeping

    raise typer.Exit(keeping.remove(WORDS.config(), name, named=_named(), json=json))


@source.command("rename")
def source_rename(
    old: Annotated[str, typer.Argument(metavar="OLD", help="As it is called.", autocompletion=source_names)],
    new: Annotated[str, typer.Argument(metavar="NEW", help="As it is to be called.")],
    json: Json = False,
) -> None:
    """Call a source otherwise, in the file and in the database: its memory stays."""
    from pipeline import render
    from pipeline.store import Store
    from pipeline.store.engine import exists, shown
    from pipeline.watching import keeping

    config = WORDS.config()
    render.note(f"database: {shown(config.database.url)}")
    store = Store.open(config.database.url, create=False) if exists(config.database.url) else None
    try:
        raise typer.Exit(keeping.rename(config, old, new, store, named=_named(), json=json))
    finally:
        if store:
            store.close()


@source.command("check")
def source_check(
    what: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME|URL]...", help="Nothing: every source.", autocompletion=source_names)
    ] = None,
    json: Json = False,
) -> None:
    """A dry run: what would come and why not, with robots.txt and walls; a few pages are asked, nothing is written."""
    from pipeline.watching.checking import check

    with maybe_opened(missing=True) as store:
        raise typer.Exit(check(WORDS.config(), what or [], store, json=json))


@source.command("import")
def source_import(
    file: Annotated[Path, typer.Argument(metavar="FILE.opml", help="The list of feeds of another reader; - for standard input.")],
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Watch the feeds of an OPML file."""
    from pipeline.watching import keeping

    raise typer.Exit(keeping.import_list(WORDS.config(), file, named=_named(), dry=dry_run, json=json))


@source.command("export")
def source_export(json: Json = False) -> None:
    """The feeds as OPML 2.0, for other readers."""
    from pipeline.watching import keeping

    raise typer.Exit(keeping.export_list(WORDS.config(), json=json))


# ── seeds ─────────────────────────────────────────────────────────────────────────────────────────


@seed.command("add")
def seed_add(
    what: Annotated[str, typer.Argument(metavar="URL|FILE", help="A page, a saved page, or a text as you would paste it (.txt, .md).")],
    name: Annotated[str | None, typer.Option("--name", help="How the story is called; nothing: by its address or title.")] = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Watch for a story: who runs it, and what becomes of it."""
    from pipeline.watching import seeding

    raise typer.Exit(seeding.add(WORDS.config(), what, name, named=_named(), dry=dry_run, json=json))


@seed.command("list")
def seed_list(json: Json = False) -> None:
    """The stories that are watched for, and how many articles relate to each."""
    from pipeline.watching import seeding

    with maybe_opened(missing=True) as store:
        raise typer.Exit(seeding.listed(WORDS.config(), store.told_of() if store else None, json=json))


@seed.command("remove")
def seed_remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A seed's name.", autocompletion=seed_names)], json: Json = False
) -> None:
    """Watch for a story no longer. Its folder is put aside; what was found stays stored."""
    from pipeline.watching import seeding

    raise typer.Exit(seeding.remove(WORDS.config(), name, named=_named(), json=json))


# ── words ─────────────────────────────────────────────────────────────────────────────────────────


def _named() -> bool:
    """Whether the user named the configuration directory, and so means this one."""
    from pipeline.config import WHERE

    return WORDS.directory is not None or bool(os.environ.get(WHERE))


def _asks(*, silent: bool) -> Callable[[str], bool] | None:
    """Asks the person at the terminal; None where there is none."""
    if silent or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    return lambda question: typer.confirm(question, default=True)


def _headers(given: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    for name, separator, _ in pairs:
        if not separator or not name.strip():
            raise typer.BadParameter("write NAME=VALUE", param_hint="--header")
    return {name.strip(): value.strip() for name, _, value in pairs}


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(init)
    app.add_typer(source, name="source")
    app.add_typer(seed, name="seed")
