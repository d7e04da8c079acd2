"""A line of a text, read once however many papers print it: the paragraphs of a wire story stand in many, whatever is put around them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, chain, pairwise
from operator import attrgetter
from typing import overload

from pipeline.match import similarity
from pipeline.match.voice import by_line, may_tell_more, telling
from pipeline.text import Tokens, cut, repair, sentences, spaced, tokens

TWIN = 6  # words of a sentence that is looked for again in its text; shorter ones are headings
_KEPT = 4096  # some 10 kB each
_KEPT_UP_TO = 30_000  # code points; what is longer is no paragraph of a wire story, and is read anew

_CAPITALS, _BEYOND = re.compile(" [A-Z][^ ]*"), re.compile(" [\x80-\xff]")  # in a spaced text

Said = list[tuple[int, int, int, int]]
"""Of each sentence its span, and the span of its tokens."""


class Line:
    """What a line says by itself; places are those in the line.

    ``forms``: of its words. ``capitals``: as ``similarity.capitals``. ``long``: a hash of the words of each sentence of ``TWIN`` words and more. ``marks``: which
    tokens are the reporter's own, which a quote's (``voice.by_line``). ``may_tell_more``: whether the lines around it must be looked at.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        spans = sentences(text)
        cased = spaced(text)
        parts = None if cased is None else cut(lower := cased.lower(), spans)
        if cased is None or parts is None:
            self._read_slowly(spans)
            return
        self.forms = forms = parts[0] if len(parts) == 1 else list(chain.from_iterable(parts))
        counts = list(accumulate(map(len, parts), initial=0))
        self.said = [(*span, *told) for span, told in zip(spans, pairwise(counts), strict=True)]
        self.long = [hash(tuple(part)) for part in parts if len(part) >= TWIN]
        shown = "".join(_CAPITALS.findall(f" {cased}")).lower()
        self.capitals = (cut(shown, [(0, len(shown))]) or [[]])[0] if cased.isascii() or not _BEYOND.search(f" {cased}") else None
        says, told = telling(lower.split() if "'" in lower else forms)
        self.marks = by_line(text, len(forms), lambda place: len(lower[:place].split()), spans, says=says)
        self.may_tell_more = may_tell_more(text, told=told)

    def _read_slowly(self, spans: list[tuple[int, int]]) -> None:
        text = self.text
        self.words = forms, starts, _ = tokens(text)
        self.forms = forms
        self.said = [(start, stop, bisect_left(starts, start), bisect_left(starts, stop)) for start, stop in spans]
        self.long = [hash(tuple(forms[first:last])) for _, _, first, last in self.said if last - first >= TWIN]
        self.capitals = similarity.capitals(text, self.words)
        self.marks = by_line(text, len(forms), lambda place: bisect_left(starts, place), spans)
        self.may_tell_more = may_tell_more(text)

    @cached_property
    def words(self) -> Tokens:
        """Its words with their places, which few ask for."""
        return tokens(self.text)

    def said_at(self, start: int, count: int) -> Said:
        """Its sentences as those of a text in which it begins at ``start``, behind ``count`` words."""
        return [(begin + start, end + start, first + count, last + count) for begin, end, first, last in self.said]


class _Met:
    """A line that was met. ``plain``: whether it says by itself what it says in its text; what is repaired, or longer in lower case, is
    read with the whole text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = text.isascii() or (repair(text) == text and len(text.lower()) == len(text))

    @cached_property
    def read(self) -> Line:
        return Line(self.text)


_met = lru_cache(maxsize=_KEPT)(_Met)


def lines(text: str) -> list[Line]:
    """The lines of a text, each read by itself; none when one of them must be read with the others."""
    met = []
    for one in text.split("\n"):
        met.append(known := (_met if len(one) <= _KEPT_UP_TO else _Met)(one))
        if not known.plain:
            return []
    return [one.read for one in met]


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
