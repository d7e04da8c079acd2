"""sources.toml → what people listen for (``[[watch]]``) and whom it is told (``[[target]]``)."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from pipeline import cron, query
from pipeline.config.checking import check, nearest, read
from pipeline.config.groups import domain
from pipeline.config.settings import Span, Table
from pipeline.errors import ConfigError
from pipeline.model import EditKind, Event, Health, Relation, Rule, Target, TargetKind

LOG = "log"  # the target that is there without being written
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "log": (),
    "webhook": ("url",),
    "email": ("host", "from", "to"),
    "command": ("command",),
    "apprise": ("url",),
}
_MAY: Mapping[str, tuple[str, ...]] = {"webhook": ("secret",), "email": ("port", "tls", "user", "password")}
_MAILBOX = re.compile(r"(?:[^<>@\r\n,;\"]*<)?[^<>@\s,;\"]+@[^<>@\s,;\"]+>?")


def _several(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _name(text: str) -> str:
    if not re.fullmatch(r"\w[\w.-]*", text):
        raise ValueError(f"{text!r} is no name: write letters, digits, - _ and . ")
    return text


def _language(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", text):
        raise ValueError(f'{text!r} is no language: write "en"')
    return text


Name = Annotated[str, AfterValidator(_name)]
Several = Annotated[tuple[str, ...], BeforeValidator(_several)]


class WatchEntry(Table):
    """One ``[[watch]]``."""

    name: Name
    seed: Several = ()
    relation: Annotated[tuple[Relation, ...], BeforeValidator(_several)] = ()
    keywords: str = ""
    outlet: Several = ()
    language: Annotated[tuple[Annotated[str, AfterValidator(_language)], ...], BeforeValidator(_several)] = ()
    source: Several = ()
    event: Annotated[tuple[Event, ...], BeforeValidator(_several)] = ()
    change: Annotated[tuple[EditKind, ...], BeforeValidator(_several)] = ()
    health: Annotated[tuple[Health, ...], BeforeValidator(_several)] = ()
    within: Span | None = None
    to: Annotated[Several, Field(min_length=1)] = (LOG,)
    digest: str = ""
    zone: str = "UTC"

    @field_validator("keywords")
    @classmethod
    def _understood(cls, text: str) -> str:
        if text:
            query.parse(text)  # a QueryError is a ValueError that says what to mend
        return text

    @field_validator("digest")
    @classmethod
    def _is_due(cls, text: str) -> str:
        if text and (wrong := cron.problem(text)):
            raise ValueError(wrong)
        return text

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, text: str) -> str:
        if not cron.is_zone(text):
            raise ValueError(f'{text!r} is no time zone: write "Europe/Vilnius"')
        return text

    @model_validator(mode="after")
    def _says_something(self) -> WatchEntry:
        about = [key for key in ("seed", "relation", "keywords", "outlet", "language", "change") if getattr(self, key)]
        events = self.happens()
        if "health" in events and (about or len(events) > 1):
            raise ValueError(f"the health of sources is told by a rule of its own, without {about[0] if about else 'other events'}")
        if not about and not self.source and not self.event and not self.health:
            raise ValueError("listens for nothing: give it seed, keywords, outlet, language, source or event")
        if self.relation and not self.seed:
            raise ValueError('relation is one to a seed: add seed = "*" or the name of one')
        return self

    def happens(self) -> tuple[Event, ...]:
        """The events it means."""
        given: list[Event] = list(self.event)
        if self.change and "version" not in given:
            given.append("version")
        if self.health and "health" not in given:
            given.append("health")
        return tuple(given) or ("new",)


class TargetEntry(Table):
    """One ``[[target]]``."""

    name: Name
    kind: TargetKind
    url: str = ""
    secret: str = ""
    host: str = ""
    port: Annotated[int, Field(ge=1, le=65_535)] | None = None
    tls: Literal["starttls", "tls", "none"] | None = None
    user: str = ""
    password: str = ""
    sender: Annotated[str, Field(alias="from")] = ""
    to: Several = ()
    command: Annotated[tuple[str, ...], BeforeValidator(_several)] = ()
    wait: Span | None = None

    @field_validator("sender", "to")
    @classmethod
    def _mailbox(cls, given: Any) -> Any:
        for text in (given,) if isinstance(given, str) else given:
            if text and "${" not in text and not _MAILBOX.fullmatch(text):
                raise ValueError(f'{text!r} is no address: write "desk@paper.example"')
        return given

    @model_validator(mode="after")
    def _complete(self) -> TargetEntry:
        given = {"from" if name == "sender" else name for name, value in self if value not in ("", (), None)}
        for key in _NEEDS[self.kind]:
            if key not in given:
                raise ValueError(f"{key} is missing: a target of kind {self.kind!r} needs {', '.join(_NEEDS[self.kind])}")
        allowed = {"name", "kind", "wait", *_NEEDS[self.kind], *_MAY.get(self.kind, ())}
        if strange := sorted(given - allowed):
            raise ValueError(f"{strange[0]} says nothing for a target of kind {self.kind!r}; it takes {', '.join(sorted(allowed))}")
        if self.kind == "webhook" and "${" not in self.url and not _is_web(self.url):
            raise ValueError('url is no address: write "https://…"')  # which is not shown: it may be a secret
        return self


# ── reading ───────────────────────────────────────────────────────────────────────────────────────


def targets(file: Path, environ: Mapping[str, str] = os.environ) -> Mapping[str, Target]:
    """Every ``[[target]]`` of a file by its name, and the log. ``environ``: where ``${NAME}`` comes from; one that is not set is named in
    ``Target.missing``, since it need be there only when something is told. Raises ConfigError."""
    found = {LOG: Target(name=LOG, kind="log")}
    for title, entry in _entries(file, "target"):
        given = check(TargetEntry, entry, lambda key, title=title: (str(file), f"target {title}.{key}".rstrip(".")))  # type: ignore[misc]
        if given.name in found and (given.name != LOG or given.kind != "log"):
            what = "is the log's own: choose another" if given.name == LOG else f"two targets are called {given.name!r}"
            raise ConfigError(what, file=str(file), key=f"target {title}.name")
        found[given.name] = _target(given, environ, file)
    return found


def rules(file: Path, known: Mapping[str, Target], groups: Mapping[str, str]) -> tuple[Rule, ...]:
    """Every ``[[watch]]`` of a file. ``known``: its targets; ``groups``: an outlet's domain → its group. Raises ConfigError."""
    found: dict[str, Rule] = {}
    for title, entry in _entries(file, "watch"):
        place = f"watch {title}"
        given = check(WatchEntry, entry, lambda key, place=place: (str(file), f"{place}.{key}".rstrip(".")))  # type: ignore[misc]
        if given.name in found:
            raise ConfigError(f"two rules are called {given.name!r}", file=str(file), key=f"{place}.name")
        for name in given.to:
            if name not in known:
                meant = nearest(name, known)
                raise ConfigError(f"there is no [[target]] called {name!r}", file=str(file), key=f"{place}.to", nearest=meant)
        found[given.name] = Rule(
            name=given.name,
            events=given.happens(),
            seeds=given.seed,
            relations=given.relation,
            keywords=given.keywords,
            outlets=_outlets(given.outlet, groups, file, f"{place}.outlet"),
            languages=given.language,
            sources=given.source,
            changes=given.change,
            states=given.health,
            within=given.within,
            to=tuple(dict.fromkeys(given.to)),
            digest=given.digest,
            zone=given.zone,
        )
    return tuple(found.values())


def _entries(file: Path, table: str) -> list[tuple[str | int, dict[str, Any]]]:
    entries = read(file).get(table, [])
    if not isinstance(entries, list):
        raise ConfigError(f"write [[{table}]], with two brackets: there can be many", file=str(file), key=table)
    found: list[tuple[str | int, dict[str, Any]]] = []
    for index, entry in enumerate(entries, 1):
        if not isinstance(entry, dict):
            raise ConfigError("is not a table", file=str(file), key=f"{table} {index}")
        title = entry["name"] if isinstance(entry.get("name"), str) and entry["name"] else index
        found.append((title, entry))
    return found


def _outlets(given: tuple[str, ...], groups: Mapping[str, str], file: Path, key: str) -> tuple[str, ...]:
    """A group stands for its outlets."""
    found: list[str] = []
    for text in given:
        if members := [one for one, group in groups.items() if group == text]:
            found += members
            continue
        try:
            found.append(domain(text))
        except ValueError as error:
            raise ConfigError(str(error), file=str(file), key=key) from None
    return tuple(dict.fromkeys(found))


def _target(given: TargetEntry, environ: Mapping[str, str], file: Path) -> Target:
    missing: list[str] = []

    def held(text: str, key: str) -> str:
        def one(named: re.Match[str]) -> str:
            if not environ.get(named[1]):
                missing.append(named[1])
            return environ.get(named[1], "")

        filled = re.sub(r"\$\{(\w+)\}", one, text)
        if any(ord(char) < 32 or ord(char) == 127 for char in filled):
            place = f"target {given.name}.{key}"
            raise ConfigError("control characters and line breaks are not allowed in it", file=str(file), key=place)
        return filled

    words: dict[str, Any] = {key: held(getattr(given, key), key) for key in ("url", "secret", "host", "user", "password", "sender")}
    if given.kind == "webhook" and not missing and not _is_web(words["url"]):
        raise ConfigError('what the environment holds for it is no address "https://…"', file=str(file), key=f"target {given.name}.url")
    more: dict[str, Any] = {"recipients": tuple(held(one, "to") for one in given.to), "command": given.command, "port": given.port or 0}
    more |= {"tls": given.tls or "starttls", "wait": given.wait or timedelta(seconds=20)}
    return Target(name=given.name, kind=given.kind, **words, **more, missing=tuple(dict.fromkeys(missing)))


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 80) > 0
    except ValueError:
        return False
