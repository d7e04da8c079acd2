"""TOML → frozen Config. An error names file, key, problem and the nearest valid key.

A setting given as an option wins over the environment (``WIREWATCH_FETCH__DELAY``), that over wirewatch.toml, that over the default.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from pipeline.config import alerts
from pipeline.config.checking import check, keys, nearest, parsed, read
from pipeline.config.groups import groups
from pipeline.config.settings import (
    Database,
    Dedup,
    Discover,
    Extract,
    Fetch,
    Log,
    OptOuts,
    Raw,
    Recheck,
    Retry,
    Schedule,
    Settings,
    duration,
    spell,
)
from pipeline.config.watched import watched
from pipeline.errors import ConfigError
from pipeline.model import Rule, Source, Target

__all__ = ["Config", "default_database", "duration", "find", "load", "packaged", "spell"]

SETTINGS, SOURCES = "wirewatch.toml", "sources.toml"
PREFIX, ENVIRONMENT = "WIREWATCH_", "environment"
ALIASES = {"WIREWATCH_DB": "database.url"}
WHERE = "WIREWATCH_CONFIG"
LISTS, TABLES = frozenset({"fetch.allow_private"}), frozenset({"fetch.resolve"})  # what is no plain word in the environment
PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Every setting, what is watched, the folder of the seeds, and the directory all this was read from. ``groups``: an outlet's domain →
    the name of the group (one owner) it belongs to; ``rules``: what people listen for; ``targets``: by name, whom it is told."""

    database: Database
    fetch: Fetch
    schedule: Schedule
    discover: Discover
    dedup: Dedup
    raw: Raw
    extract: Extract
    retry: Retry
    recheck: Recheck
    opt_outs: OptOuts
    log: Log
    sources: tuple[Source, ...]
    groups: Mapping[str, str]
    rules: tuple[Rule, ...]
    targets: Mapping[str, Target]
    seeds: Path
    where: Path


def default_database() -> str:
    """A SQLite file in the user's data directory."""
    return f"sqlite:///{platformdirs.user_data_path('wirewatch', appauthor=False) / 'wirewatch.sqlite'}"


def find(directory: Path | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """Where the configuration is: ``directory`` (--config), WIREWATCH_CONFIG, ./config, the user's configuration directory, the packaged.

    Raises ConfigError when a directory that was named is not there or holds no configuration.
    """
    named = [(directory, "--config")] if directory else [(Path(environ[WHERE]), WHERE)] if environ.get(WHERE) else []
    for given, word in named:
        path = given.expanduser()
        if not path.is_dir():
            raise ConfigError("there is no such directory", file=word, key=str(path))
        if not _holds(path):
            raise ConfigError(f"holds neither {SETTINGS} nor {SOURCES}", file=word, key=str(path))
        return path.resolve()
    usual = (Path("config"), platformdirs.user_config_path("wirewatch", appauthor=False))
    return next((path.resolve() for path in usual if _holds(path)), packaged("config"))


def load(directory: Path | None = None, overrides: Mapping[str, Any] | None = None, environ: Mapping[str, str] = os.environ) -> Config:
    """Reads wirewatch.toml and sources.toml of ``find(directory)``. ``overrides``: what options say, as nested tables.

    Seeds: the folder that the setting names (as seen from its file), else seeds/ in the directory, else seeds/ beside it when it is
    called config (a clone), else the packaged ones; the one beside it only when it holds any. Raises ConfigError.
    """
    where = find(directory, environ)
    file = str(where / SETTINGS)
    layers = {
        file: _leaves(read(where / SETTINGS), file),
        ENVIRONMENT: _of_environment(environ),
        "options": _leaves(overrides or {}, "options"),
    }
    values: dict[str, Any] = {}
    origin: dict[str, str] = {}
    for layer, leaves in layers.items():
        for key, value in leaves.items():
            _put(values, key, value)
            origin[key] = layer

    def place(key: str) -> tuple[str, str]:
        given = next((known for known in origin if f"{key}.".startswith(f"{known}.")), None)
        layer = origin[given] if given else file
        return layer, _variable(given, environ) if given and layer == ENVIRONMENT else key

    settings = check(Settings, values, place)
    owners, targets = groups(where / SOURCES), alerts.targets(where / SOURCES, environ)
    database = settings.database if settings.database.url else Database(url=default_database())
    config = Config(
        database=database,
        fetch=settings.fetch,
        schedule=settings.schedule,
        discover=settings.discover,
        dedup=settings.dedup,
        raw=settings.raw,
        extract=settings.extract,
        retry=settings.retry,
        recheck=settings.recheck,
        opt_outs=settings.opt_outs,
        log=settings.log,
        sources=watched(where / SOURCES, backfill=settings.discover.backfill, environ=environ),
        groups=owners,
        rules=alerts.rules(where / SOURCES, targets, owners),
        targets=targets,
        seeds=_seeds(settings.seeds, where, place("seeds")),
        where=where,
    )
    parsed.cache_clear()
    return config


def _holds(directory: Path) -> bool:
    return any((directory / name).is_file() for name in (SETTINGS, SOURCES))


def packaged(name: str) -> Path:
    """The shipped "config" or "seeds": inside a wheel, or beside the package in a clone."""
    shipped = PACKAGE / "_shipped" / name
    return shipped if shipped.is_dir() else PACKAGE.parent / name


def _seeds(setting: str, where: Path, place: tuple[str, str]) -> Path:
    if setting:
        in_file = place[0] == str(where / SETTINGS)
        folder = (where if in_file else Path.cwd()) / Path(setting).expanduser()
        if not folder.is_dir():
            raise ConfigError(f"{folder}: there is no such folder", file=place[0], key=place[1])
        return folder
    if (where / "seeds").is_dir():
        return where / "seeds"
    beside = where.parent / "seeds"  # a folder outside the configuration that holds no seed says nothing
    return beside if where.name == "config" and any(beside.glob("*/*")) else packaged("seeds")


# ── layers: dotted key → value ────────────────────────────────────────────────────────────────────


def _leaves(table: Mapping[str, Any], layer: str, prefix: str = "") -> dict[str, Any]:
    """Tables are taken apart, down to what is itself a setting; what nobody knows stays as it is. Raises ConfigError."""
    found: dict[str, Any] = {}
    for name, value in table.items():
        key = prefix + name
        if not any(known.startswith(f"{key}.") for known in keys(Settings)):
            found[key] = value
        elif isinstance(value, Mapping):
            found |= _leaves(value, layer, f"{key}.")
        else:
            raise ConfigError(f"is a table: write [{key}] on a line of its own", file=layer, key=key)
    return found


def _put(values: dict[str, Any], key: str, value: object) -> None:
    *tables, name = key.split(".")
    for table in tables:
        values = values.setdefault(table, {})
    values[name] = value


def _of_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    known = {_name(key): key for key in keys(Settings)} | ALIASES
    found: dict[str, Any] = {}
    for name in sorted(environ, key=lambda name: (name in ALIASES, name)):
        if not name.startswith(PREFIX) or name == WHERE or not environ[name]:
            continue
        if name not in known:
            raise ConfigError("there is no such setting", file=ENVIRONMENT, key=name, nearest=nearest(name, [*known, WHERE]))
        found[known[name]] = _spelled(known[name], name, environ[name])
    return found


def _spelled(key: str, name: str, text: str) -> Any:
    """A list may be JSON or words with commas between; a table is JSON."""
    if key in LISTS and not text.lstrip().startswith("["):
        return [word.strip() for word in text.split(",") if word.strip()]
    if key not in LISTS | TABLES:
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ConfigError(f"is not JSON: {error}", file=ENVIRONMENT, key=name) from error


def _name(key: str) -> str:
    return PREFIX + key.replace(".", "__").upper()


def _variable(key: str, environ: Mapping[str, str]) -> str:
    return next((name for name, alias in ALIASES.items() if alias == key and environ.get(name)), _name(key))
