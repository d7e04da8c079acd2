"""The doors by which a user says what is watched: a configuration of one's own, sources, lists of feeds, seeds.

Words in, lines out, as in ``running``; the finding itself is ``discover.find``, the editing ``config.editing``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import choice, render
from pipeline.clock import Clock
from pipeline.config import editing
from pipeline.errors import ConfigError, InputError, ItemError
from pipeline.model import Found, Request, Response, Source, Status
from pipeline.polls import ACCEPTS, may_see

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.processes import Pool

__all__ = ["Net", "definite", "own_place"]


@dataclass(frozen=True, slots=True)
class Net:
    """The guarded fetcher and the killable processes."""

    fetch: Callable[[Request], Awaitable[Response]]
    pool: Pool
    clock: Clock
    backfill: timedelta | None = None  # of a sitemap that names none of its own

    async def ask(self, url: str, source: Source) -> Response:
        """What stands at an address that may be ``source`` or be found at it. Headers go to its own outlet only. Raises FetchError."""
        from pipeline import urls

        if source.kind == "sitemap" and urls.is_home(url):  # a bare site: its robots.txt says where they are
            url = urls.join(url, "/robots.txt")
        headers = source.headers if may_see(source, url) else {}
        return await self.fetch(Request(url=url, accept=ACCEPTS.get(source.kind, "feed"), headers=headers))

    async def discover(self, response: Response, source: Source) -> Found:
        """What a first poll would take; what patterns and backfill leave out is named among the refused. Raises DiscoverError, Killed."""
        from pipeline.app import discover

        if source.kind == "sitemap" and source.backfill is None:
            source = replace(source, backfill=self.backfill)
        found = await self.pool.run(discover, response, replace(source, headers={}))  # secrets do not travel
        chosen = choice.choose(found.candidates, source, first=True, now=self.clock.now())
        left = tuple(f"{reason}: {count} of {len(found.candidates)}" for reason, count in chosen.left)
        return replace(found, candidates=chosen.taken, refused=left + found.refused)


def definite(error: ItemError) -> ItemError | InputError:
    """An error as the door ends with it: what a later try may mend (exit 1), or a word that cannot be used (exit 2)."""
    if error.status is Status.RETRY:
        return error
    place = f"{error.url}: " if error.url and error.url not in error.message else ""
    return InputError(f"{place}{error.message} ({error.reason})")


def own_place(config: Config, *, named: bool) -> Path:
    """The configuration directory to write into: the one in use, or, when that is the shipped one, a new one of the user's own, said so.

    Raises ConfigError when the shipped one was named; InputError when nothing can be written.
    """
    if editing.is_own(config.where, named=named):
        return config.where
    if named:
        raise ConfigError("is what wirewatch came with, and is replaced with it; make your own: wirewatch init DIR", file=str(config.where))
    directory = editing.own_directory()
    editing.make(directory)
    render.note(
        f"there was no configuration of your own; made {directory} with the shipped settings and sources. Its seeds/ is empty: "
        "the shipped stories are examples, and are not followed from there"
    )
    return directory
