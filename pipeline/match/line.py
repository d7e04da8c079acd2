"""A line of a text, read once however many papers print it: the paragraphs of a wire story stand in many, whatever is put around them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache, partial
from itertools import accumulate, chain, pairwise
from operator import attrgetter, itemgetter
from typing import overload

from pipeline.match import similarity
from pipeline.match.voice import Marks, by_line, may_tell_more, telling
from pipeline.text import Tokens, cut, repair, sentences, spaced, tokens

TWIN = 6  # words of a sentence that is looked for again in its text; shorter ones are headings
_KEPT = 4096  # some 10 kB each
_KEPT_UP_TO = 30_000  # code points; what is longer is no paragraph of a wire story, and is read anew

Said = list[tuple[int, int, int, int]]
"""Of each sentence its span, and the span of its tokens."""


class Line:
    """What a line says by itself; places are those in the line. ``plain``: whether it says in its text what it says by itself; what is
    repaired, or longer in lower case, is read with the whole text.

    ``forms``: of its words. ``said``: its sentences. ``written``: its words as weights need them.
    """

    forms: list[str]
    said: Said
    written: similarity.Written

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = text.isascii() or (repair(text) == text and len(text.lower()) == len(text))
        if self.plain and not self._cut():
            self._lower = ""
            self.words = forms, starts, _ = tokens(text)
            self.forms, self.written = forms, similarity.written(text, self.words)
            self.said = [(start, stop, bisect_left(starts, start), bisect_left(starts, stop)) for start, stop in sentences(text)]

    def _cut(self) -> bool:
        """Reads it if its words can be cut where there are spaces between them."""
        if (cased := spaced(self.text)) is None:
            return False
        lower, spans = cased.lower(), sentences(self.text)
        if (parts := cut(lower, spans)) is None:
            return False
        self._lower, self.forms = lower, parts[0] if len(parts) == 1 else list(chain.from_iterable(parts))
        self.said = [(*span, *told) for span, told in zip(spans, pairwise(accumulate(map(len, parts), initial=0)), strict=True)]
        self.written = similarity.Written(self.forms, similarity.looks("".join(map(itemgetter(0), cased.split()))))
        return True

    @cached_property
    def words(self) -> Tokens:
        """Its words with their places, which few ask for."""
        return tokens(self.text)

    @cached_property
    def long(self) -> list[int]:
        """A hash of the words of each sentence of ``TWIN`` words and more."""
        return [hash(tuple(self.forms[first:last])) for _, _, first, last in self.said if last - first >= TWIN]

    @cached_property
    def heard(self) -> tuple[Marks, bool]:
        """Which tokens are the reporter's own, which a quote's (``voice.by_line``), and whether the lines around it must be looked at."""
        says, told = telling(self._lower.split() if "'" in self._lower else self.forms) if self._lower else (True, True)
        spans = [(start, stop) for start, stop, _, _ in self.said] if says else []
        return by_line(self.text, len(self.forms), self._before(), spans), may_tell_more(self.text, told=told)

    def _before(self) -> Callable[[int], int]:
        """How many words begin before a place."""
        if not self._lower:
            return partial(bisect_left, self.words.starts)
        return _Before(self._lower)

    def said_at(self, start: int, count: int) -> Said:
        """Its sentences as those of a text in which it begins at ``start``, behind ``count`` words."""
        return [(begin + start, end + start, first + count, last + count) for begin, end, first, last in self.said]


class _Before:
    """How many words of a spaced text begin before a place: most ask for one place after the other."""

    def __init__(self, text: str) -> None:
        self._text, self._place, self._count = text, 0, 0

    def __call__(self, place: int) -> int:
        if place < self._place:
            self._place = self._count = 0
        self._count += len(self._text[self._place : place].split())
        self._place = place
        return self._count


_line = lru_cache(maxsize=_KEPT)(Line)


def lines(text: str) -> list[Line]:
    """The lines of a text, each read by itself; none when one of them must be read with the others."""
    parts = text.split("\n")
    if len(text) <= _KEPT_UP_TO:
        met = list(map(_line, parts))
    else:
        met = [(_line if len(one) <= _KEPT_UP_TO else Line)(one) for one in parts]
    return met if all([one.plain for one in met]) else []


class Places(Sequence[int]):
    """Where the words of a text of many lines begin, or end: each is reckoned when it is asked for, which of most nobody does.

    ``lines``: of the text; ``which``: of a line's words, "starts" or "ends"; ``starts``: of each line, in the text; ``counts``: words before
    each line, and in all.
    """

    def __init__(self, lines: Sequence[Line], which: str, starts: Sequence[int], counts: Sequence[int]) -> None:
        self._lines, self._of, self._starts, self._counts = lines, attrgetter(f"words.{which}"), starts, counts

    def __len__(self) -> int:
        return self._counts[-1]

    @overload
    def __getitem__(self, n: int) -> int: ...
    @overload
    def __getitem__(self, n: slice) -> list[int]: ...
    def __getitem__(self, n: int | slice) -> int | list[int]:
        if isinstance(n, slice):
            return list(self)[n]
        if n < 0:
            n += len(self)
        number = bisect_right(self._counts, n) - 1
        place: int = self._of(self._lines[number])[n - self._counts[number]]
        return place + self._starts[number]

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # as a list has none

    def __iter__(self) -> Iterator[int]:
        return (place + start for told, start in zip(map(self._of, self._lines), self._starts, strict=False) for place in told)
