"""The doors by which a user says what is watched: a configuration of one's own, sources, lists of feeds, seeds.

Words in, lines out, as in ``running``; the finding itself is ``discover.find``, the editing ``config.editing``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import render
from pipeline.clock import Clock
from pipeline.config import editing
from pipeline.errors import ConfigError, InputError, ItemError
from pipeline.model import Found, Request, Response, Source, Status

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

    async def ask(self, url: str, source: Source) -> Response:
        """What stands at an address that may be ``source`` or be found at it. Headers go to its own outlet only. Raises FetchError."""
        from pipeline import urls

        headers = source.headers if urls.outlet(url) == urls.outlet(source.url) else {}
        return await self.fetch(Request(url=url, accept="feed", headers=headers))

    async def discover(self, response: Response, source: Source) -> Found:
        """What it holds. Raises DiscoverError, Killed."""
        from pipeline.app import discover

        return await self.pool.run(discover, response, replace(source, headers={}))  # secrets do not travel


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
