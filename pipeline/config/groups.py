"""sources.toml → groups of outlets: who belongs together, because one owner runs them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, Field

from pipeline import urls
from pipeline.config.checking import check, read
from pipeline.config.settings import Table
from pipeline.errors import ConfigError


def domain(text: str) -> str:
    """An outlet as its registrable domain. Raises ValueError."""
    name = text.strip().casefold()
    if re.search(r"[\s/:]", name) or "." not in name:
        raise ValueError(f'{text!r} is no outlet: write its domain, "paper.example"')
    return urls.outlet(f"http://{name}/") or name


class Entry(Table):
    """One ``[[group]]``."""

    name: Annotated[str, Field(min_length=1)]
    outlets: Annotated[tuple[Annotated[str, AfterValidator(domain)], ...], Field(min_length=1)]


def groups(file: Path) -> Mapping[str, str]:
    """Every ``[[group]]`` of a file: an outlet's domain → its group's name; none when the file is not there. Raises ConfigError."""
    entries = read(file).get("group", [])
    if not isinstance(entries, list):
        raise ConfigError("write [[group]], with two brackets: there can be many", file=str(file), key="group")
    found: dict[str, str] = {}
    names: set[str] = set()
    for index, entry in enumerate(entries, 1):
        if not isinstance(entry, dict):
            raise ConfigError("is not a table", file=str(file), key=f"group {index}")
        title = entry["name"] if isinstance(entry.get("name"), str) and entry["name"] else index
        group = check(Entry, entry, lambda key, title=title: (str(file), f"group {title}.{key}"))  # type: ignore[misc]  # a default binds it
        if group.name in names:
            raise ConfigError(f"two groups are called {group.name!r}", file=str(file), key=f"group {index}.name")
        names.add(group.name)
        for outlet in group.outlets:
            if found.setdefault(outlet, group.name) != group.name:
                raise ConfigError(f"{outlet} is in the group {found[outlet]!r} already", file=str(file), key=f"group {title}.outlets")
    return MappingProxyType(found)
