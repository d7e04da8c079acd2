"""What a shell is offered at the tabulator: names of sources and seeds, relations, tables. Cheap; never an error, never a write."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

import typer

from pipeline.errors import WirewatchError
from pipeline.model import Relation

Completer = Callable[[typer.Context, str], list[str]]


def source_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Names of what is watched."""
    return _listed(ctx, incomplete, "source")


def rule_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Names of what is listened for."""
    return _listed(ctx, incomplete, "watch")


def _listed(ctx: typer.Context, incomplete: str, table: str) -> list[str]:
    from pipeline.config import SOURCES

    where = _where(ctx)
    try:
        listed = tomllib.loads((where / SOURCES).read_text(encoding="utf-8-sig")).get(table, []) if where else []
        names = [str(entry["name"]) for entry in listed]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # a broken file is said so when it is used
        names = []
    return _beginning(names, incomplete)


def seed_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Names of the stories that are watched for."""
    from pipeline import config, seeds

    try:
        folder = config.load(_directory(ctx)).seeds
        names = [place.name for place in folder.iterdir() if (place / seeds.ABOUT).is_file() and place.name[0] not in "._"]
    except (OSError, WirewatchError):
        names = []
    return _beginning(names, incomplete)


def relations(ctx: typer.Context, incomplete: str) -> list[str]:  # noqa: ARG001 - typer hands it to every completer
    """The words of --relation."""
    return _beginning(list(Relation), incomplete)


def ledgers(ctx: typer.Context, incomplete: str) -> list[str]:  # noqa: ARG001 - typer hands it to every completer
    """What can be exported."""
    return _beginning(("articles", "relations", "sightings", "versions", "outcomes"), incomplete)


def _beginning(names: Iterable[str], incomplete: str) -> list[str]:
    return sorted(name for name in names if name.startswith(incomplete))


def _directory(ctx: typer.Context) -> Path | None:
    given = ctx.find_root().params.get("config")
    return Path(given) if given else None


def _where(ctx: typer.Context) -> Path | None:
    from pipeline.config import find

    try:
        return find(_directory(ctx))
    except (WirewatchError, OSError):
        return None
