"""The many small statements of an article's way, on SQLite run by its own cursor.

SQLAlchemy makes the words and converts the values, once a statement; what it does around every run costs 20 to 50 times what SQLite needs
for a row (30 to 60 µs against 1 to 2), and an article takes some thirty. PostgreSQL, where the way to the server costs more than that, gets
them as ever. For rows of plain columns: what comes back is not converted.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

Values = Mapping[str, Any]
Row = Mapping[str, Any] | sa.RowMapping
Statement = sa.Select[Any] | sa.CompoundSelect[Any] | sa.Insert | sa.Update | sa.Delete

_KEPT: Final = 256


class _Words(NamedTuple):
    """A statement in SQL, and of each of its places the name of the value, what it is when none is given, and how it is converted."""

    sql: str
    places: tuple[tuple[str, Any, Callable[[Any], Any] | None], ...]

    def bound(self, values: Values) -> list[Any]:
        """The values in their places."""
        found = [(values.get(name, default), convert) for name, default, convert in self.places]
        return [convert(value) if convert else value for value, convert in found]

    def each_bound(self, given: Sequence[Values]) -> Iterator[tuple[Any, ...]]:
        """The same of many rows: what several have in common (a moment, the matcher's name) is converted once."""
        columns = []
        for name, default, convert in self.places:
            column = list(map(itemgetter(name), given)) if name in given[0] else [default] * len(given)
            if convert is not None:
                one_of_each = dict(zip(map(id, column), column, strict=True))
                made = dict(zip(one_of_each, map(convert, one_of_each.values()), strict=True))
                column = [made[one] for one in map(id, column)]
            columns.append(column)
        return zip(*columns, strict=True)


@lru_cache(maxsize=_KEPT)
def _words(statement: Statement, dialect: sa.Dialect, given: tuple[str, ...]) -> _Words:
    keys = list(given) if isinstance(statement, sa.Insert | sa.Update) else None
    made = statement.compile(dialect=dialect, column_keys=keys)
    assert isinstance(made, sa.sql.compiler.SQLCompiler)

    def place(name: str) -> tuple[str, Any, Callable[[Any], Any] | None]:
        kind = made.binds[name].type
        return name, made.params[name], kind.dialect_impl(dialect).bind_processor(dialect)

    return _Words(made.string, tuple(map(place, made.positiontup or ())))


def _cursor(conn: sa.Connection) -> sqlite3.Connection | None:
    raw = conn.connection.driver_connection
    return raw if isinstance(raw, sqlite3.Connection) else None


def rows(conn: sa.Connection, statement: Statement, values: Values | None = None) -> Sequence[Any]:
    """Runs a statement. → all rows that it brings."""
    if (raw := _cursor(conn)) is None:
        return conn.execute(statement, values).all()
    words = _words(statement, conn.dialect, tuple(values or ()))
    return raw.execute(words.sql, words.bound(values or {})).fetchall()


def converted(conn: sa.Connection, statement: sa.Select[Any], values: Values) -> Sequence[Row]:
    """Runs a statement. → its rows by the names of their columns, converted as SQLAlchemy does it, but each value of a column once: those
    of one family have most in common. What is alike is therefore the same object, and nobody's to change."""
    if _cursor(conn) is None:
        return conn.execute(statement, values).mappings().all()
    if not (found := rows(conn, statement, values)):
        return ()
    names, converters = _columns(statement, conn.dialect)
    columns: list[Iterable[Any]] = []
    for column, convert in zip(zip(*found, strict=True), converters, strict=True):
        alike = {value: convert(value) for value in set(column)} if convert else None
        columns.append(column if alike is None else [alike[value] for value in column])
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


@lru_cache(maxsize=_KEPT)
def _columns(statement: sa.Select[Any], dialect: sa.Dialect) -> tuple[tuple[str, ...], tuple[Callable[[Any], Any] | None, ...]]:
    """The names of a statement's columns, and how each is converted."""
    columns = statement.selected_columns
    return tuple(columns.keys()), tuple(column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns)


def value(conn: sa.Connection, statement: Statement, values: Values | None = None) -> Any:
    """The first column of the first row; None when there is none."""
    found = rows(conn, statement, values)
    return found[0][0] if found else None


def run(conn: sa.Connection, statement: Statement, values: Values) -> None:
    """Runs a statement that brings nothing."""
    if (raw := _cursor(conn)) is None:
        conn.execute(statement, values)
        return
    words = _words(statement, conn.dialect, tuple(values))
    raw.execute(words.sql, words.bound(values))


def many(conn: sa.Connection, statement: Statement, given: Sequence[Values]) -> None:
    """The same with each of these, which all have the same keys; at least one."""
    if (raw := _cursor(conn)) is None:
        conn.execute(statement, given)
        return
    words = _words(statement, conn.dialect, tuple(given[0]))
    raw.executemany(words.sql, words.each_bound(given))


def made(conn: sa.Connection, statement: sa.Insert, row: Values) -> int:
    """Puts one row in. → its id."""
    if (raw := _cursor(conn)) is None:
        key = conn.execute(statement, row).inserted_primary_key
        assert key is not None
        return int(key[0])
    words = _words(statement, conn.dialect, tuple(row))
    number = raw.execute(words.sql, words.bound(row)).lastrowid
    assert number is not None
    return number
