"""sources.toml → Sources."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from pipeline import choice
from pipeline.config.checking import check, nearest, read
from pipeline.config.settings import Duration, HeaderValue, Span, Table
from pipeline.errors import ConfigError
from pipeline.model import Patterns, Source, SourceKind, Storage

TABLES = ("source", "group", "watch", "target")  # what a file may hold; groups.py and alerts.py read the others


def _name(text: str) -> str:
    if not re.fullmatch(r"\w[\w.-]*", text):
        raise ValueError(f"{text!r} is no name: write letters, digits, - _ and . ")
    return text


def _several(value: object) -> object:
    return [value] if isinstance(value, str) else value


Several = Annotated[tuple[str, ...], BeforeValidator(_several)]


def _header_name(text: str) -> str:
    """RFC 9110 §5.1: a field name is a token."""
    if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", text):
        raise ValueError(f"{text!r} is no name of a header")
    return text


class Chosen(Table):
    """``include`` or ``exclude``: one pattern or several for each key."""

    url: Several = ()
    title: Several = ()
    keyword: Several = ()

    @model_validator(mode="after")
    def _readable(self) -> Chosen:
        for key, given in self:
            for pattern in given:
                if wrong := choice.problem(key, pattern):
                    raise ValueError(f"{key}: {wrong}")
        return self


class Entry(Table):
    """One ``[[source]]``. The defaults are those of model.Source."""

    name: Annotated[str, AfterValidator(_name)]
    kind: SourceKind
    url: Annotated[str, Field(min_length=1)]
    every: Span | None = None
    language: str | None = None
    outlet: str | None = None
    headers: Mapping[Annotated[str, AfterValidator(_header_name)], HeaderValue] | None = None
    backfill: Duration | None = None
    include: Chosen = Chosen()
    exclude: Chosen = Chosen()
    storage: Storage | None = None
    keep: Span | None = None


def watched(file: Path, *, backfill: timedelta | None = None, environ: Mapping[str, str] = os.environ) -> tuple[Source, ...]:
    """Every ``[[source]]`` of a file, in its order; none when it is not there. ``backfill``: of a sitemap that names none of its own;
    ``environ``: where ``${NAME}`` in a header comes from. Raises ConfigError."""
    table = read(file)
    for key in table:
        if key not in TABLES:
            raise ConfigError("there is no such table", file=str(file), key=key, nearest=nearest(key, TABLES))
    entries = table.get("source", [])
    if not isinstance(entries, list):
        raise ConfigError("write [[source]], with two brackets: there can be many", file=str(file), key="source")
    sources: dict[str, Source] = {}
    for index, entry in enumerate(entries, 1):
        source = _source(entry, index, file, environ)
        if source.name in sources:
            raise ConfigError(f"two sources are called {source.name!r}", file=str(file), key=f"source {index}.name")
        if source.kind == "sitemap" and source.backfill is None:
            source = replace(source, backfill=backfill)
        sources[source.name] = source
    return tuple(sources.values())


def _source(entry: object, index: int, file: Path, environ: Mapping[str, str]) -> Source:
    if not isinstance(entry, dict):
        raise ConfigError("is not a table", file=str(file), key=f"source {index}")
    title = entry["name"] if isinstance(entry.get("name"), str) and entry["name"] else index
    read_ = check(Entry, entry, lambda key: (str(file), f"source {title}.{key}"))
    given = {name: value for name, value in read_ if value is not None}
    for key in ("include", "exclude"):
        given[key] = Patterns(**dict(given[key]))
    if read_.headers:
        given["headers"] = {name: _filled(value, environ, file, f"source {title}.headers.{name}") for name, value in read_.headers.items()}
    if read_.kind in ("files", "warc"):
        given["url"] = str(file.parent / Path(read_.url).expanduser())  # as seen from the file that names it
    elif not _is_web(read_.url):
        raise ConfigError(f'{read_.url!r} is no address: write "https://…"', file=str(file), key=f"source {title}.url")
    return Source(**given)


def _filled(value: str, environ: Mapping[str, str], file: Path, key: str) -> str:
    """``${NAME}`` taken from the environment, so that a secret need not stand in the file. What it holds is never told."""

    def held(named: re.Match[str]) -> str:
        if not environ.get(named[1]):
            raise ConfigError(f"the environment variable {named[1]} is not set", file=str(file), key=key)
        return environ[named[1]]

    filled = re.sub(r"\$\{(\w+)\}", held, value)
    if any(ord(char) < 32 or ord(char) == 127 for char in filled):
        raise ConfigError("what the environment holds for it has control characters or line breaks", file=str(file), key=key)
    return filled


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 80) > 0
    except ValueError:
        return False
