"""A line of a text, read once however many papers print it: the paragraphs of a wire story stand in many, whatever is put around them."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property, lru_cache

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


line = lru_cache(maxsize=_KEPT)(Line)
