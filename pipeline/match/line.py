"""A line of a text, read once however many papers print it: the paragraphs of a wire story stand in many, whatever is put around them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import overload

from pipeline.match import similarity
from pipeline.match.spaced import cut, spaced
from pipeline.match.voice import Marks, by_line, may_tell_more, telling
from pipeline.repeated import digest
from pipeline.text import Tokens, repair, sentences, tokens

TWIN = 6  # words of a sentence that is looked for again in its text; shorter ones are headings
_KEPT = 4096  # some 10 kB each
_KEPT_UP_TO = 4000  # code points; what is longer is no paragraph of a wire story: it is read anew, its words are found once and for all

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
        forms, said = list[str](), Said()
        self._lower, self.forms, self.said = lower, forms, said
        for (start, stop), part in zip(spans, parts, strict=True):
            first = len(forms)
            forms += part
            said.append((start, stop, first, len(forms)))
        looks = similarity.looks("".join(map(itemgetter(0), cased.split())))
        self.written = similarity.Written(forms, looks) if lower.isascii() else similarity.apart(forms, looks)
        return True

    @cached_property
    def words(self) -> Tokens:
        """Its words with all their places, which few ask for."""
        return tokens(self.text)

    @property
    def _counted(self) -> bool:
        """Whether words are counted to find one of them."""
        return 0 < len(self._lower) <= _KEPT_UP_TO

    def start(self, n: int) -> int:
        """Where its ``n``-th word begins."""
        return len(self._lower) - len(self._lower.split(None, n)[n]) if self._counted else self.words.starts[n]

    def end(self, n: int) -> int:
        """Where its ``n``-th word ends."""
        if not self._counted:
            return self.words.ends[n]
        return len(self._lower.rsplit(None, len(self.forms) - n - 1)[0].rstrip("'.,_"))

    @cached_property
    def long(self) -> list[int]:
        """A hash of the words of each sentence of ``TWIN`` words and more."""
        return [hash(tuple(self.forms[first:last])) for _, _, first, last in self.said if last - first >= TWIN]

    @cached_property
    def heard(self) -> tuple[Marks, bool]:
        """Which tokens are the reporter's own, which a quote's (``voice.by_line``), and whether the lines around it must be looked at."""
        says, told = telling(self._lower.split() if "'" in self._lower else self.forms) if self._lower else (True, True)
        spans = [(start, stop) for start, stop, _, _ in self.said] if says else []
        before = _Before(self._lower) if self._lower else self.before
        return by_line(self.text, len(self.forms), before, spans), may_tell_more(self.text, told=told)

    def before(self, place: int) -> int:
        """How many of its words begin before a place."""
        return len(self._lower[:place].split()) if self._counted else bisect_left(self.words.starts, place)

    @cached_property
    def digests(self) -> list[str]:
        """Of its sentences."""
        return [digest(self.forms[first:last]) for _, _, first, last in self.said]

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
    met = list(map(_line, parts)) if len(text) <= _KEPT_UP_TO else [(_line if len(one) <= _KEPT_UP_TO else Line)(one) for one in parts]
    return [] if False in [one.plain for one in met] else met


class Places(Sequence[int]):
    """Where the words of a text of many lines begin, or end: each is reckoned when it is asked for, which of most nobody does.

    ``lines``: of the text; ``ends``: whether to tell where words end; ``starts``: of each line, in the text; ``counts``: words before each
    line, and in all.
    """

    def __init__(self, lines: Sequence[Line], starts: Sequence[int], counts: Sequence[int], *, ends: bool = False) -> None:
        self._lines, self._starts, self._counts, self._ends = lines, starts, counts, ends

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
        line = self._lines[number]
        n -= self._counts[number]
        return (line.end(n) if self._ends else line.start(n)) + self._starts[number]

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # as a list has none

    def __iter__(self) -> Iterator[int]:
        told = (line.words.ends if self._ends else line.words.starts for line in self._lines)
        return (place + start for places, start in zip(told, self._starts, strict=False) for place in places)
