"""What stands in the address of a database: which kind it is, where its file is, and how it is shown (a password never is)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, Literal

from pipeline.errors import StoreError

Kind = Literal["sqlite", "postgresql"]

_KINDS: Final[dict[str, Kind]] = {
    "sqlite": "sqlite", "postgresql": "postgresql", "postgres": "postgresql", "postgresql+psycopg": "postgresql",
}  # fmt: skip
# greedy up to the last @: a password that was pasted without being escaped may hold any sign
_PASSWORD: Final = re.compile(r"(?<=://)(?P<user>[^:/@?]*):(?P<password>.*)@", re.DOTALL)
_PARAMETER: Final = re.compile(r"(?<=[?&])(?P<name>password|sslpassword)=[^&]*", re.IGNORECASE)


def kind(url: str) -> Kind:
    """Which database an address leads to; a bare path is a SQLite file. Raises StoreError."""
    scheme, sep, _ = url.partition("://")
    if not sep:
        return "sqlite"
    if scheme.lower() not in _KINDS:
        raise StoreError(
            f"{shown(url)}: no such kind of database can be used; give the path of a SQLite file, sqlite:///folder/file.db or "
            "postgresql://user@host/database"
        )
    return _KINDS[scheme.lower()]


def path_of(url: str) -> Path | None:
    """The file of a SQLite address ("sqlite:///path" or a bare path); None for another database. Raises StoreError."""
    if kind(url) != "sqlite":
        return None
    _, sep, rest = url.partition("://")
    if not sep:
        return Path(url).expanduser()
    if not rest.startswith("/") or len(rest) == 1:
        raise StoreError(f"{url}: an address of a SQLite database looks like sqlite:///folder/file.db")
    return Path(rest[1:]).expanduser()


def shown(url: str) -> str:
    """The address for messages, notes and JSON: as it was given, without its password."""
    scheme, sep, _ = url.partition("://")
    if not sep or scheme.lower() == "sqlite":
        return url
    return _PARAMETER.sub(r"\g<name>=***", _PASSWORD.sub(r"\g<user>:***@", url))


def is_unclear(url: str) -> bool:
    """Whether a password holds signs that end it: a part of it would be taken for the host, and be shown."""
    found = _PASSWORD.search(url)
    return found is not None and any(sign in found["password"] for sign in "@/?#")


def bare(url: str) -> str:
    """The address as PostgreSQL's own tools take it: without a driver's name, and without its password, for which they ask."""
    _, _, rest = url.partition("://")
    return re.sub(r"[?&](?:ssl)?password=[^&]*", "", _PASSWORD.sub(r"\g<user>@", f"postgresql://{rest}"), flags=re.IGNORECASE)
