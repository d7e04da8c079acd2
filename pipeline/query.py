"""What somebody listens for, in words: ``ferry AND (crack* OR "hull damage") NOT review``.

Words side by side all have to stand in a text; OR, NOT and parentheses say otherwise; "a phrase" stands together; crack* begins so. Words
are whole words, without regard to case and accents; in scripts without blanks between words they may stand anywhere. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipeline.text import formed

LONGEST = 2_000  # characters of a query
DEEPEST = 30  # parentheses within each other
AROUND = 60  # characters on either side of what was found, in a snippet

# scripts that put no blanks between words: Thai, Lao, Myanmar, Khmer, kana, Han
_JOINED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LETTER = rf"[^\W{_JOINED}]"  # a word character of a script that has blanks
_JOINED_CHAR = re.compile(f"[{_JOINED}]")
_BETWEEN = r"[^\w\n]{1,8}"  # what may stand between two words of a phrase; a paragraph's end does not
# accents: combining marks of Latin, Greek and Cyrillic, Hebrew points, Arabic vowels. Other scripts' marks make other words of them
_ACCENT = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]")
_SHORT_I = re.compile("\u0438\u0306")  # Cyrillic й is a letter of its own
_QUOTES = {
    "\u201c": '"',
    "\u201d": '"',
    "\u201e": '"',
    "\u201f": '"',
    "\u00ab": '"',
    "\u00bb": '"',
    "\u300c": '"',
    "\u300d": '"',
    "\uff02": '"',
}
_PIECE = re.compile(r'\s*(?:(?P<bracket>[()])|"(?P<phrase>[^"]*)(?P<end>"?)(?P<wild>\*?)|(?P<word>[^\s()"]+))')
_OPERATORS = ("AND", "OR", "NOT")


class QueryError(ValueError):
    """What is wrong with a query, and how it is mended: one line."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase, folded. ``said``: as it was written."""

    said: str
    pattern: re.Pattern[str]

    def __call__(self, text: str) -> bool:
        return self.pattern.search(text) is not None


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was understood. Call it with a text."""

    holds: Callable[[str], bool]
    terms: tuple[Term, ...]  # those that may stand in a text that it holds for

    def __call__(self, text: str) -> bool:
        return self.holds(fold(text))

    def snippet(self, text: str) -> str:
        """A few words around the first of its terms that stands in the text; "" where none does, or where folding moved them."""
        folded = fold(text)
        found = [hit for term in self.terms if (hit := term.pattern.search(folded))]
        if not found or len(folded) != len(text):
            return ""
        hit = min(found, key=lambda one: one.start())
        first, last = text.rfind("\n", 0, hit.start()) + 1, text.find("\n", hit.end())
        last = last if last >= 0 else len(text)
        start, end = max(first, hit.start() - AROUND), min(last, hit.end() + AROUND)
        if start > first:  # from a word's beginning, to a word's end, where blanks tell
            start = text.find(" ", start, hit.start()) + 1 or start
        if end < last:
            end = max(text.rfind(" ", hit.end(), end), 0) or end
        return ("…" if start > first else "") + " ".join(text[start:end].split()) + ("…" if end < last else "")


def fold(text: str) -> str:
    """Without case and accents, wide and narrow forms as one."""
    apart = formed("NFKD", formed("NFKD", text).casefold())
    kept = _SHORT_I.sub("\u0439", apart) if "\u0306" in apart else apart
    return formed("NFC", _ACCENT.sub("", kept))


@lru_cache(maxsize=1024)
def parse(text: str) -> Query:
    """A query as it was written. Raises QueryError."""
    if len(text) > LONGEST:
        raise QueryError(f"is longer than {LONGEST:,} characters: make two rules of it")
    reader = _Reader(list(_pieces(text)))
    holds = reader.either(0)
    if reader.next is not None:
        raise QueryError('a ")" too many: take it out, or open one before it')
    return Query(holds, tuple(reader.terms))


class _Piece(NamedTuple):
    kind: str  # "(", ")", AND, OR, NOT or "term"
    term: Term | None = None


def _pieces(text: str) -> Iterator[_Piece]:
    straight = "".join(_QUOTES.get(char, char) for char in text).strip()
    position = 0
    while position < len(straight):
        found = _PIECE.match(straight, position)
        assert found is not None, "every character begins a piece"
        position = found.end()
        if found["bracket"]:
            yield _Piece(found["bracket"])
        elif found["phrase"] is not None:
            if not found["end"]:
                raise QueryError('a quotation mark too few: write "a phrase" between two of them')
            yield _Piece("term", _term(found["phrase"] + found["wild"]))
        elif found["word"] in _OPERATORS:
            yield _Piece(found["word"])
        elif found["word"].upper() in _OPERATORS:
            word = found["word"]
            raise QueryError(f'write {word.upper()} in capitals; the word itself is written "{word}"')
        elif found["word"].startswith("-") and len(found["word"]) > 1:
            raise QueryError(f"write NOT {found['word'].lstrip('-')} for what must not stand there")
        else:
            yield _Piece("term", _term(found["word"]))


def _term(said: str) -> Term:
    wild = said.endswith("*")
    stem = fold(said.rstrip("*"))
    if "*" in stem:
        raise QueryError(f"{said!r}: a * may stand at the end of a word only")
    words = re.findall(r"\w+", stem)
    if not words:
        raise QueryError(f"{said!r} has no word in it")
    inner = _BETWEEN.join(map(re.escape, words))
    before = "" if _JOINED_CHAR.match(words[0][0]) else rf"(?<!{_LETTER})"
    after = "" if wild or _JOINED_CHAR.match(words[-1][-1]) else rf"(?!{_LETTER})"
    return Term(said, re.compile(before + inner + after))


class _Reader:
    """Reads pieces from left to right: OR binds least, then AND (which need not be written), then NOT."""

    def __init__(self, pieces: list[_Piece]) -> None:
        self._pieces = pieces
        self._at = 0
        self._denied = 0  # how many NOTs stand before
        self.terms: list[Term] = []

    @property
    def next(self) -> str | None:
        return self._pieces[self._at].kind if self._at < len(self._pieces) else None

    def either(self, depth: int) -> Callable[[str], bool]:
        """One OR another."""
        if depth > DEEPEST:
            raise QueryError(f"has more than {DEEPEST} parentheses within each other")
        ways = [self._all(depth)]
        while self.next == "OR":
            self._at += 1
            ways.append(self._all(depth))
        return ways[0] if len(ways) == 1 else lambda text: any(way(text) for way in ways)

    def _all(self, depth: int) -> Callable[[str], bool]:
        parts = [self._one(depth)]
        while self.next not in (None, "OR", ")"):
            if self.next == "AND":
                self._at += 1
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else lambda text: all(part(text) for part in parts)

    def _one(self, depth: int) -> Callable[[str], bool]:
        denied = False
        while self.next == "NOT":
            self._at += 1
            denied = not denied
        self._denied += denied
        if self.next == "(":
            self._at += 1
            part = self.either(depth + 1)
            if self.next != ")":
                raise QueryError('a ")" too few: close what was opened')
            self._at += 1
        elif self.next == "term":
            term = self._pieces[self._at].term
            assert term is not None
            self._at += 1
            if not self._denied % 2:
                self.terms.append(term)
            part = term
        else:
            where = f"before {self.next}" if self.next else "at the end" if self._pieces else "there"
            raise QueryError(f'a word is missing {where}: write a word, a "phrase" or (…)')
        self._denied -= denied
        return (lambda text: not part(text)) if denied else part
