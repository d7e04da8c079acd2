"""The doors by which a user says what is watched: a configuration of one's own, sources, lists of feeds, seeds.

Words in, lines out, as in ``running``; the finding itself is ``discover.find``, the editing ``config.editing``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import render
from pipeline.config import editing
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.config import Config

__all__ = ["own_place"]


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
