"""The built-in press: a small deterministic world of news outlets over real HTTP on loopback, in a process of its own.

A leaf: it imports nothing of the rest of the project, or the project would certify itself. This module is the client by which the
demo, the tests and the benches start it, move its clock and read its log; ``python -m pipeline.press`` is the press.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection
from pathlib import Path
from types import TracebackType
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A source that the press offers. ``kind``: feed, sitemap or page; ``outlet``: the registrable domain."""

    name: str
    kind: str
    url: str
    outlet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One request that the press saw. ``headers``: of the request, names in lower case; ``path`` with its query.

    ``press_time``: on its clock; ``at``: on this machine's monotonic clock, seconds; ``status`` 0: it closed the connection. ``page``:
    stands for the bytes that were there whoever asked; ``open``: open connections on which the host was asked; ``answered``: headers of
    the answer (Retry-After, Location, validators).
    """

    host: str
    path: str
    method: str
    status: int
    headers: Mapping[str, str]
    press_time: datetime
    at: float
    connection: int
    size: int
    page: str = ""
    open: int = 1
    answered: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The address asked for."""
        return f"http://{self.host}{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The truth about an article: what it was made to be. ``outlet``: registrable domain; ``url``: where it stands now; ``language``: of
    its text ("ru"), which is not the seed's when the way is a translation.

    ``aliases``: other addresses of it (older slugs, AMP, print, …); ``made_to_be``: the relation to ``seed`` ("distinct" without
    one); ``way``: the transformation; ``paragraphs``: the body; ``parents``: addresses of other stories that went into it;
    ``trouble``: why its page cannot be read though a feed lists it.
    """

    url: str
    aliases: tuple[str, ...]
    outlet: str
    outlet_name: str
    language: str
    seed: str | None
    made_to_be: str
    way: str | None
    published: datetime
    modified: datetime
    title: str
    authors: tuple[str, ...]
    credit: str | None
    dateline: str | None
    caption: str | None
    paragraphs: tuple[str, ...]
    kind: str
    section: str
    completeness: str
    parents: tuple[str, ...]
    trouble: str | None


class Press:
    """A running press. Leaving its block ends it; so does the end of this process."""

    def __init__(self, process: subprocess.Popen[str], said: Mapping[str, Any]) -> None:
        self._process = process
        self._clock: HTTPConnection | None = None
        self.port: int = said["port"]
        self.control: str = said["control"]
        self.start_time = datetime.fromisoformat(said["now"])
        self.sources = [Feed(**source) for source in said["sources"]]

    @classmethod
    def start(
        cls, seeds: Path | None = None, start: datetime | None = None, number: int = 0, port: int = 0, *, world: str = "seeds", **day: float
    ) -> Press:
        """Starts it in its own process. ``seeds``: a folder of seeds (default: the shipped ones); ``start``: an aware instant; ``number``:
        another number, another world; ``world``: "day" is the generated one, with ``outlets``, ``hours`` and ``pace`` in ``day``.
        Raises RuntimeError when it does not come up.
        """
        words = [sys.executable, "-m", "pipeline.press", "--port", str(port), "--seed-number", str(number)]
        words += ["--seeds", str(seeds)] if seeds else []
        words += ["--start", start.isoformat()] if start else []
        words += ["--world", world, *(word for name, value in day.items() for word in (f"--{name}", str(value)))]
        root = Path(__file__).resolve().parent.parent.parent
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", cwd=root)  # noqa: S603 - our own words
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            cls._end(process)
            raise RuntimeError(f"the press did not start: exit {process.returncode}")
        return cls(process, json.loads(line))

    def __enter__(self) -> Press:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def advance(self, seconds: float) -> datetime:
        """Moves its clock on and returns what it shows then."""
        return datetime.fromisoformat(self._ask("clock", seconds=seconds))

    def day(self) -> dict[str, Any]:
        """The truth of the world "day": its papers and their articles, with those that are still to come."""
        truth: dict[str, Any] = self._ask("made")
        return truth

    def set_clock(self, now: datetime) -> datetime:
        """Sets its clock to an aware instant."""
        return datetime.fromisoformat(self._ask("clock", now=now.isoformat()))

    @property
    def now(self) -> datetime:
        """What its clock shows."""
        return datetime.fromisoformat(self._ask("clock"))

    def log(self) -> list[Seen]:
        """Every request since it started or since ``clear_log``, in order; its control is not among them."""
        return [Seen(**{**entry, "press_time": datetime.fromisoformat(entry["press_time"])}) for entry in self._ask("log")]

    def clear_log(self) -> None:
        """Forgets the requests seen."""
        self._ask("clear")

    def made(self) -> list[Made]:
        """Every article that is out by its clock and can be read, oldest first."""
        return [made for made in self._truth() if made.trouble is None]

    def unreadable(self) -> list[Made]:
        """What its feeds list although the page cannot be read: withdrawn, soft 404, behind consent."""
        return [made for made in self._truth() if made.trouble is not None]

    def fail(self, pattern: str, status: int = 503, times: int = 1, retry_after: int | str | None = None) -> None:
        """The next ``times`` requests to a host, or to addresses that fit a pattern with ``*``, get that status; 0 hangs up."""
        self._ask("fail", pattern=pattern, status=status, times=times, retry_after=None if retry_after is None else str(retry_after))

    def stop(self) -> int:
        """Ends it and returns its exit code."""
        if self._clock is not None:
            self._clock.close()
        return self._end(self._process)

    @staticmethod
    def _end(process: subprocess.Popen[str]) -> int:
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(BrokenPipeError):  # it has ended already
            process.stdin.close()
        try:
            return process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()
        finally:
            process.stdout.close()

    def _truth(self) -> list[Made]:
        return [Made(**{name: _value(name, value) for name, value in row.items()}) for row in self._ask("made")]

    def _ask(self, word: str, **said: object) -> Any:
        if word != "clock":
            connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                return _answer(connection, word, said)
            finally:
                connection.close()
        if self._clock is None:  # moved so often that one connection is kept for it
            self._clock = HTTPConnection("127.0.0.1", self.port, timeout=60)
        return _answer(self._clock, word, said)


def _answer(connection: HTTPConnection, word: str, said: Mapping[str, object]) -> Any:
    connection.request("POST", f"/-/{word}", json.dumps(said))
    return json.loads(connection.getresponse().read())


def _value(name: str, value: Any) -> Any:
    if name in ("published", "modified"):
        return datetime.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value
