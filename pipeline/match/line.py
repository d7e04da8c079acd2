"""A line of a text, read once however many papers print it: the paragraphs of a wire story stand in many, whatever is put around them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import overload

from pipeline.match import similarity
from pipeline.match.voice import Marks, by_line, may_tell_more
from pipeline.text import sentences, tokens

TWIN = 6  # words of a sentence that is looked for again in its text; shorter ones are headings
_KEPT = 4096  # some 10 kB each


class Line:
    """What a line says by itself; places are those in the line."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = tokens(text)
        self.sentences = sentences(text)

    @cached_property
    def said(self) -> list[tuple[int, int, int, int]]:
        """Of each sentence its span, and the span of its tokens."""
        starts = self.words.starts
        return [(start, stop, bisect_left(starts, start), bisect_left(starts, stop)) for start, stop in self.sentences]

    @cached_property
    def capitals(self) -> list[str] | None:
        """The words that begin with a capital, each as often as it does; None where a word begins with a letter beyond ASCII."""
        return similarity.capitals(self.text, self.words)

    @cached_property
    def long(self) -> list[tuple[str, ...]]:
        """The words of its sentences of ``TWIN`` words and more."""
        forms = self.words.forms
        return [tuple(forms[first:last]) for _, _, first, last in self.said if last - first >= TWIN]

    @cached_property
    def marks(self) -> Marks:
        """Which tokens are the reporter's own, which a quote's (``voice.by_line``)."""
        return by_line(self.text, self.words, self.sentences)

    @cached_property
    def may_tell_more(self) -> bool:
        """Whether the lines around it must be looked at, too."""
        return may_tell_more(self.text)


class Places(Sequence[int]):
    """Where the words of a text of many lines begin, or end: each is reckoned when it is asked for, which of most nobody does."""

    def __init__(self, lines: Sequence[Line], *, ends: bool) -> None:
        self._told = [one.words.ends if ends else one.words.starts for one in lines]
        self._starts = list(accumulate((len(one.text) + 1 for one in lines), initial=0))  # of each line, in the text
        self._counts = list(accumulate(map(len, self._told), initial=0))  # words before each line

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
        return self._told[number][n - self._counts[number]] + self._starts[number]

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # as a list has none

    def __iter__(self) -> Iterator[int]:
        return (place + start for told, start in zip(self._told, self._starts, strict=False) for place in told)


line = lru_cache(maxsize=_KEPT)(Line)
