"""Full text, one API over two databases. Every version is indexed under its id; only an article's latest one is found.

Terms are ``terms.search_terms``: made here, the same for both. SQLite: an FTS5 index that holds no text of its own (``content=''``); rows
are never taken out of it one by one when an article changes: FTS5 without ``contentless_delete`` (SQLite < 3.43) wants the old terms for
that, and would be corrupted silently by terms made by another version of ``search_terms``. A later version simply hides an earlier one.

PostgreSQL: a row a version with its terms as text and as a tsvector, which is built of the terms and not by a parser: ``simple`` would cut
some of them again. The vector finds (GIN) and weighs; phrases are then looked for in the terms, because a tsvector keeps 255 places of a
word and none beyond 16,383: the end of a long text would have no phrases.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from pipeline import terms as words
from pipeline.model import Article
from pipeline.store import prepared, schema

AROUND: Final = 120  # code points of text shown on each side of what was found
TITLE_WEIGHT: Final = 5.0  # a word of the headline counts for five of the body
SHORTEST: Final = 3  # characters of a beginning of a word that is looked for; what begins with two letters is anything
PHRASES: Final = 64  # of a query; FTS5 refuses expressions of some hundreds

_fts5 = sa.table("fulltext", sa.column("rowid", sa.BigInteger()), sa.column("title"), sa.column("body"), sa.column("fulltext"))
_INSERT: Final = sa.insert(_fts5).values(rowid=sa.bindparam("rowid"), title=sa.bindparam("title"), body=sa.bindparam("body"))
_INSERT_ROW: Final = sa.insert(schema.fulltext).values(words=sa.cast(sa.bindparam("vector", type_=sa.Text()), postgresql.TSVECTOR()))


def index(conn: sa.Connection, version_id: int, article: Article) -> None:
    """Makes a version findable by its title and text."""
    put(conn, version_id, article.title, article.text)


def put(conn: sa.Connection, version_id: int, title: str, text: str) -> None:
    """The same, of what is stored."""
    title, body = words.search_terms(title), words.search_terms(text)
    if conn.dialect.name == "sqlite":
        prepared.run(conn, _INSERT, {"rowid": version_id, "title": title, "body": body})
    else:
        conn.execute(_INSERT_ROW, {"version_id": version_id, "title": title, "body": body, "vector": vector(title, body)})


def hits(kind: str, query: str) -> sa.Select[tuple[int, float]] | None:
    """(version, rank), the best has the lowest rank; to be joined and limited by the caller. ``kind``: of database. None when there is
    nothing to look for. Words that are only left out are looked for."""
    asked = words.search_query(query)
    wanted, unwanted = asked.wanted[:PHRASES], asked.unwanted[:PHRASES]
    if not wanted:
        wanted, unwanted = unwanted, ()
    if not wanted:
        return None
    return _in_fts5(wanted, unwanted) if kind == "sqlite" else _in_table(wanted, unwanted)


def any_of(kind: str, beginnings: Sequence[str]) -> sa.Select[tuple[int, float]] | None:
    """The same for words that begin so, any of them; None when nothing of it can be looked for."""
    split = [words.search_terms(beginning).split() for beginning in beginnings]
    terms = [one[0] for one in split if len(one) == 1 and (len(one[0]) >= SHORTEST or not one[0].isascii())]
    if not terms:
        return None
    if kind == "sqlite":
        return _matching(" OR ".join(f'"{term}" *' for term in terms))
    asked = _tsquery(" | ".join(f"{_lexeme(term)}:*" for term in terms))
    rank = -sa.func.ts_rank(schema.fulltext.c.words, asked, 1)
    return sa.select(schema.fulltext.c.version_id, rank.label("rank")).where(schema.fulltext.c.words.bool_op("@@")(asked))


Phrases = tuple[tuple[str, ...], ...]


def _lone(terms: tuple[str, ...]) -> bool:
    """A lone character of a script without spaces is the beginning of a pair (terms.search_terms)."""
    return len(terms) == 1 and len(terms[0]) == 1 and not terms[0].isascii()


# ── SQLite ────────────────────────────────────────────────────────────────────────────────────────


def _in_fts5(wanted: Phrases, unwanted: Phrases) -> sa.Select[tuple[int, float]]:
    """Terms hold letters and digits only, so that within double quotes nothing of a query can be taken for syntax
    (sqlite.org/fts5.html §3.1). Rank: bm25."""

    def phrase(terms: tuple[str, ...]) -> str:
        return f'"{" ".join(terms)}"' + (" *" if _lone(terms) else "")

    found = " AND ".join(map(phrase, wanted))
    expression = f"({found}) NOT ({' OR '.join(map(phrase, unwanted))})" if unwanted else found
    return _matching(expression)


def _matching(expression: str) -> sa.Select[tuple[int, float]]:
    rank = sa.func.bm25(sa.literal_column("fulltext"), TITLE_WEIGHT, 1.0)
    return sa.select(_fts5.c.rowid.label("version_id"), rank.label("rank")).where(_fts5.c.fulltext.match(expression))


# ── PostgreSQL ────────────────────────────────────────────────────────────────────────────────────

LONGEST_LEXEME: Final = 500  # characters: at most 2,000 bytes of the 2,046 that a tsvector takes; what is longer agrees in its beginning
LARGEST_VECTOR: Final = 900_000  # bytes of the 1 MiB that one takes; more different words than news has
PLACES: Final = 255  # of a word …
LAST_PLACE: Final = 16_383  # … and the last that is told from others


def vector(title: str, body: str) -> str:
    """Terms separated by spaces as the text of a tsvector: 'word':1A,7. The title's weigh more (A), the body's are D.

    Too many different words: first the places go, then what comes last.
    """
    places: dict[str, list[str]] = {}
    place = 0
    for terms, weight in ((title, "A"), (body, "")):
        for term in terms.split():
            place = min(place + 1, LAST_PLACE)
            found = places.setdefault(_lexeme(term), [])
            if len(found) < PLACES:
                found.append(f"{place}{weight}")
    size = sum(len(lexeme.encode()) + 2 * len(found) + 4 for lexeme, found in places.items())
    if size <= LARGEST_VECTOR:
        return " ".join(f"{lexeme}:{','.join(found)}" for lexeme, found in places.items())
    kept, left = [], LARGEST_VECTOR
    for lexeme in places:
        left -= len(lexeme.encode()) + 4
        if left < 0:
            break
        kept.append(lexeme)
    return " ".join(kept)


def _lexeme(term: str) -> str:
    """In quotes, in which only quotes and backslashes mean something; terms have none."""
    return "'" + term[:LONGEST_LEXEME].replace("\\", "\\\\").replace("'", "''") + "'"


def _in_table(wanted: Phrases, unwanted: Phrases) -> sa.Select[tuple[int, float]]:
    """Rank: ts_rank over the length of the text."""
    table = schema.fulltext
    asked = _tsquery(" & ".join(map(_all, wanted)))
    weights: sa.ColumnElement[Any] = sa.literal(f"{{{1 / TITLE_WEIGHT}, {1 / TITLE_WEIGHT}, {1 / TITLE_WEIGHT}, 1}}", sa.Text()).cast(
        postgresql.ARRAY(sa.REAL())
    )
    rank = -sa.func.ts_rank(weights, table.c.words, asked, 1)
    query: sa.Select[Any] = sa.select(table.c.version_id, rank.label("rank")).where(table.c.words.bool_op("@@")(asked))
    query = query.where(*(_stands(terms) for terms in wanted if len(terms) > 1))
    for terms in unwanted:
        there = table.c.words.bool_op("@@")(_tsquery(_all(terms)))
        query = query.where(sa.not_(sa.and_(there, _stands(terms)) if len(terms) > 1 else there))
    return query


def _all(terms: tuple[str, ...]) -> str:
    return " & ".join(map(_lexeme, terms)) + (":*" if _lone(terms) else "")


def _tsquery(expression: str) -> sa.ColumnElement[Any]:
    return sa.cast(sa.literal(expression, sa.Text()), postgresql.TSQUERY())


def _stands(terms: tuple[str, ...]) -> sa.ColumnElement[bool]:
    """Whether these terms follow each other in the title or in the body."""
    phrase = f" {' '.join(terms)} "
    columns = (schema.fulltext.c.title, schema.fulltext.c.body)
    return sa.or_(*(sa.func.strpos(sa.func.concat(" ", column, " "), phrase) > 0 for column in columns))


# ── both ──────────────────────────────────────────────────────────────────────────────────────────


def indexed(kind: str) -> sa.Select[Any]:
    """The versions that are in the index."""
    if kind == "sqlite":  # FTS5's own table of sizes has a row a document
        return sa.select(sa.column("id", sa.BigInteger()).label("version_id")).select_from(sa.table("fulltext_docsize"))
    return sa.select(schema.fulltext.c.version_id)


def empty(conn: sa.Connection) -> None:
    """Takes everything out of the index."""
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("INSERT INTO fulltext(fulltext) VALUES ('delete-all')")
    else:
        conn.execute(sa.delete(schema.fulltext))


def snippet(text: str, query: str) -> str:
    """The first place of ``text`` in which a word of the query stands, with what is around it; the beginning if none is found so."""
    wanted, _ = words.search_query(query)
    folded = _fold(text)
    spots = [spot for terms in wanted for term in terms if (spot := _place(folded, term)) >= 0]
    start = max(0, min(spots, default=0) - AROUND)
    stop = min(len(text), start + 2 * AROUND)
    if start and (space := text.find(" ", start, start + 20)) >= 0:
        start = space + 1
    piece = " ".join(text[start:stop].split())
    return f"{'…' if start else ''}{piece}{'…' if stop < len(text) else ''}"


def _place(folded: str, term: str) -> int:
    match = re.search(rf"(?<!\w){re.escape(term)}" if term.isascii() else re.escape(term), folded)
    return match.start() if match else -1


def _fold(text: str) -> str:
    """Case and accents folded, one character for one, so that places are those of the text."""
    if text.isascii():
        return text.lower()
    return "".join((unicodedata.normalize("NFKD", c)[:1].lower() or c)[:1] for c in text)
