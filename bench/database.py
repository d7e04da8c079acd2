"""Which database a bench runs on: a SQLite file, a PostgreSQL that is there, or one that is started for the run."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import machine  # noqa: F401  # makes the tests' modules known

if TYPE_CHECKING:
    from databases import Server


def words(parser: argparse.ArgumentParser) -> None:
    """The options that choose it."""
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--db", metavar="URL", help="an empty PostgreSQL database")
    choice.add_argument("--postgresql", action="store_true", help="start a PostgreSQL server for this run")


@contextmanager
def chosen(given: argparse.Namespace) -> Iterator[str | None]:
    """Its address; None: a SQLite file of the bench's own."""
    if given.db or not given.postgresql:
        yield given.db
        return
    with served() as server:
        yield server.made()


@contextmanager
def served() -> Iterator[Server]:
    """A server that keeps its promises (fsync), until the block ends."""
    from databases import Server

    server = Server(durable=True)
    try:
        yield server
    finally:
        server.stop()
