"""Full text, one API: here SQLite's FTS5. Every version is indexed under its id; only an article's latest one is found.

The index holds no text of its own (``content=''``) and rows are never taken out of it one by one when an article changes: FTS5 without
``contentless_delete`` (SQLite < 3.43) wants the old terms for that, and would be corrupted silently by terms made by another version
of ``search_terms``. A later version simply hides an earlier one.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import sqlalchemy as sa

from pipeline import text as words
from pipeline.model import Article

AROUND: Final = 120  # code points of text shown on each side of what was found
TITLE_WEIGHT: Final = 5.0  # a word of the headline counts for five of the body

fulltext = sa.table("fulltext", sa.column("rowid", sa.BigInteger()), sa.column("title"), sa.column("body"), sa.column("fulltext"))

_INSERT: Final = sa.insert(fulltext).values(rowid=sa.bindparam("rowid"), title=sa.bindparam("title"), body=sa.bindparam("body"))


def index(conn: sa.Connection, version_id: int, article: Article) -> None:
    """Makes a version findable by its title and text."""
    row = {"rowid": version_id, "title": words.search_terms(article.title), "body": words.search_terms(article.text)}
    conn.execute(_INSERT, row)


def expression(query: str) -> str | None:
    """A person's words as an FTS5 query; None when there is nothing to look for. Terms hold letters and digits only, so that within
    double quotes nothing of a query can be taken for syntax (sqlite.org/fts5.html §3.1). Words that are only left out are looked for."""
    asked = words.search_query(query)
    wanted, unwanted = asked.wanted, asked.unwanted
    if not wanted:
        wanted, unwanted = unwanted, ()
    if not wanted:
        return None
    found = " AND ".join(_phrase(terms) for terms in wanted)
    return f"({found}) NOT ({' OR '.join(_phrase(terms) for terms in unwanted)})" if unwanted else found


def _phrase(terms: tuple[str, ...]) -> str:
    # a lone character of a script without spaces is the beginning of a pair (text.search_terms)
    lone = len(terms) == 1 and len(terms[0]) == 1 and not terms[0].isascii()
    return f'"{" ".join(terms)}"' + (" *" if lone else "")


def hits(expr: str) -> sa.Select[tuple[int, float]]:
    """(version, rank), the best has the lowest rank (bm25); to be joined and limited by the caller."""
    rank = sa.func.bm25(sa.literal_column("fulltext"), TITLE_WEIGHT, 1.0)
    return sa.select(fulltext.c.rowid.label("version_id"), rank.label("rank")).where(fulltext.c.fulltext.match(expr))


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
