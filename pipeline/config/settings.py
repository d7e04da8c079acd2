"""The settings of wirewatch.toml: their names, forms and defaults. The manual of them is config/wirewatch.toml itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from pipeline.aging import Plan

UNITS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
LONGEST = timedelta(days=36_500)


def duration(text: str) -> timedelta:
    """ "0s", "5s", "10m", "2h", "30d" as a length of time. Raises ValueError for anything else and for more than 100 years."""
    found = re.fullmatch(r"([0-9]{1,10}(?:\.[0-9]{1,3})?)([smhd])", text.strip())
    if not found:
        raise ValueError(f'{text!r} is no duration: write "30s", "10m", "2h" or "7d"')
    length = float(found[1]) * UNITS[found[2]].total_seconds()
    if length > LONGEST.total_seconds():
        raise ValueError(f"{text!r} is longer than a hundred years")
    return timedelta(seconds=length)


def spell(length: timedelta) -> str:
    """The inverse of ``duration``, in the largest unit that leaves no remainder."""
    for letter in "dhm":
        if length and not length % UNITS[letter]:
            return f"{length // UNITS[letter]}{letter}"
    return f"{length.total_seconds():.3f}".rstrip("0").rstrip(".") + "s"


def _duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, str):
        return duration(value)
    raise ValueError(f'{value!r} has no unit: write "30s", "10m", "2h" or "7d"')


def _positive(length: timedelta) -> timedelta:
    if not length:
        raise ValueError("it must be longer than nothing")
    return length


def _network(text: str) -> str:
    try:
        ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f'{text!r} is no network: write "127.0.0.0/8" or "10.1.2.3"') from None
    return text


def _place(text: str) -> str:
    """ "ip", "ip:port" or "[ipv6]:port"."""
    host, port = text, ""
    if found := re.fullmatch(r"\[(.*)\](?::([0-9]+))?|([^:]*):([0-9]+)", text):
        host, port = found[1] or found[3] or "", found[2] or found[4] or ""
    try:
        ip_address(host)
    except ValueError:
        raise ValueError(f'{text!r} is no address: write "127.0.0.1" or "127.0.0.1:8080"') from None
    if port and not 0 < int(port) < 65_536:
        raise ValueError(f"{text!r}: a port is 1 to 65535")
    return text


def _proxy(text: str) -> str:
    if text and not (urlsplit(text).scheme in ("http", "https") and urlsplit(text).hostname):
        raise ValueError(f'{text!r} is no proxy: write "http://proxy.example:3128"')
    return text


def _header_value(text: str) -> str:
    """RFC 9110 §5.5: a field value has no line breaks and no other control characters."""
    if any(ord(char) < 32 or ord(char) == 127 for char in text):
        raise ValueError("it goes into a header, where control characters and line breaks are not allowed")
    return text


Duration = Annotated[timedelta, BeforeValidator(_duration), PlainSerializer(spell)]
Span = Annotated[timedelta, BeforeValidator(_duration), AfterValidator(_positive), PlainSerializer(spell)]
HeaderValue = Annotated[str, AfterValidator(_header_value)]


class Table(BaseModel):
    """A table of the file: no other keys than these, nothing changes afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Database(Table):
    """``url``: of the database, or the path of a SQLite file; never "" once loaded."""

    url: str = ""


class Fetch(Table):
    """How pages are asked for."""

    contact: HeaderValue = ""
    user_agent: HeaderValue = ""
    proxy: Annotated[str, AfterValidator(_proxy)] = ""
    delay: Duration = timedelta(seconds=2)
    allow_private: tuple[Annotated[str, AfterValidator(_network)], ...] = ()
    resolve: Mapping[str, Annotated[str, AfterValidator(_place)]] = Field(default_factory=dict)

    def policy(self) -> dict[str, Any]:
        """As keywords of fetch.Policy; what is "" here is None there."""
        return {name: None if value == "" else value for name, value in self}


class Schedule(Table):
    """``fastest``, ``slowest``: between which the interval of a source without ``every`` is learned."""

    fastest: Span = timedelta(minutes=2)
    slowest: Span = timedelta(hours=6)


class Discover(Table):
    """``backfill``: how far back the first poll of a sitemap goes."""

    backfill: Duration = timedelta(days=30)


class Dedup(Table):
    """``keep``: "first": an identical text adds a sighting, not an article."""

    keep: Literal["all", "first"] = "all"


class Raw(Table):
    """``days``: how long the bytes of a page are kept; 0: not at all."""

    days: Annotated[int, Field(ge=0, le=36_500)] = 30


class Extract(Table):
    """``workers``: processes at once, 0: one a core; ``wall``: the longest one page may take."""

    workers: Annotated[int, Field(ge=0, le=256)] = 0
    wall: Span = timedelta(seconds=10)


class Retry(Table):
    """``give_up``: how long a page is tried again."""

    give_up: Duration = timedelta(days=7)


class Recheck(Table):
    """``days``: how long after its last change an article is looked at again, 0: never; ``first``: the shortest wait; ``live``: between two
    versions of a live blog."""

    days: Annotated[int, Field(ge=0, le=3_650)] = 30
    first: Span = timedelta(minutes=15)
    live: Duration = timedelta(hours=1)

    def plan(self) -> Plan:
        """As the flow wants it."""
        return Plan(first=self.first, days=timedelta(days=self.days) if self.days else None, live=self.live)


Level = Literal["full", "excerpt", "hashes", "skip"]


class Log(Table):
    """``format``: "json": an object a line; ``level``: of wirewatch's own lines."""

    format: Literal["text", "json"] = "text"
    level: Literal["debug", "info", "warning", "error"] = "warning"


class OptOuts(Table):
    """What is kept of an article whose page carries such a directive; "full": it is noted, and nothing follows."""

    noarchive: Level = "full"
    nosnippet: Level = "full"
    noindex: Level = "full"
    none: Level = "full"
    noai: Level = "full"
    noimageai: Level = "full"
    tdm_reservation: Level = "full"

    def obeyed(self) -> dict[str, str]:
        """By the names under which an article has them."""
        return {name.replace("_", "-"): value for name, value in self}


class Settings(Table):
    """The whole of wirewatch.toml. ``seeds``: the folder; "": see ``config.load``."""

    seeds: str = ""
    database: Database = Database()
    fetch: Fetch = Fetch()
    schedule: Schedule = Schedule()
    discover: Discover = Discover()
    dedup: Dedup = Dedup()
    raw: Raw = Raw()
    extract: Extract = Extract()
    retry: Retry = Retry()
    recheck: Recheck = Recheck()
    opt_outs: OptOuts = OptOuts()
    log: Log = Log()
