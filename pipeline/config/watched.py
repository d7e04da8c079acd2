"""sources.toml → Sources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from pipeline.config.checking import check, nearest, read
from pipeline.config.settings import HeaderValue, Span, Table
from pipeline.errors import ConfigError
from pipeline.model import Source, SourceKind

TABLES = ("source", "group")  # what a file may hold; groups are read by groups.py


def _name(text: str) -> str:
    if not re.fullmatch(r"\w[\w.-]*", text):
        raise ValueError(f"{text!r} is no name: write letters, digits, - _ and . ")
    return text


def _header_name(text: str) -> str:
    """RFC 9110 §5.1: a field name is a token."""
    if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", text):
        raise ValueError(f"{text!r} is no name of a header")
    return text


class Entry(Table):
    """One ``[[source]]``. The defaults are those of model.Source."""

    name: Annotated[str, AfterValidator(_name)]
    kind: SourceKind
    url: Annotated[str, Field(min_length=1)]
    every: Span | None = None
    language: str | None = None
    outlet: str | None = None
    headers: Mapping[Annotated[str, AfterValidator(_header_name)], HeaderValue] | None = None


def watched(file: Path) -> tuple[Source, ...]:
    """Every ``[[source]]`` of a file, in its order; none when it is not there. Raises ConfigError."""
    table = read(file)
    for key in table:
        if key not in TABLES:
            raise ConfigError("there is no such table", file=str(file), key=key, nearest=nearest(key, TABLES))
    entries = table.get("source", [])
    if not isinstance(entries, list):
        raise ConfigError("write [[source]], with two brackets: there can be many", file=str(file), key="source")
    sources: dict[str, Source] = {}
    for index, entry in enumerate(entries, 1):
        source = _source(entry, index, file)
        if source.name in sources:
            raise ConfigError(f"two sources are called {source.name!r}", file=str(file), key=f"source {index}.name")
        sources[source.name] = source
    return tuple(sources.values())


def _source(entry: object, index: int, file: Path) -> Source:
    if not isinstance(entry, dict):
        raise ConfigError("is not a table", file=str(file), key=f"source {index}")
    title = entry["name"] if isinstance(entry.get("name"), str) and entry["name"] else index
    read_ = check(Entry, entry, lambda key: (str(file), f"source {title}.{key}"))
    given = {name: value for name, value in read_ if value is not None}
    if read_.kind == "files":
        given["url"] = str(file.parent / Path(read_.url).expanduser())  # as seen from the file that names it
    elif not _is_web(read_.url):
        raise ConfigError(f'{read_.url!r} is no address: write "https://…"', file=str(file), key=f"source {title}.url")
    return Source(**given)


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 80) > 0
    except ValueError:
        return False
