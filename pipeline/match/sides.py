"""What one side of a pair tells by itself, whichever of the two is asked about: what is new in it, and what it puts before and after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pipeline.match.align import Chain
from pipeline.match.reading import Reading
from pipeline.match.voice import PROSE
from pipeline.match.wording import Side

NEW_SENTENCES = 60  # kept at most: evidence, not an archive
SENTENCE = 6  # words a sentence has at least; what is shorter is a heading or a byline
TOLD = 3  # own or quoted words of what is told as new
FOOT = 0.9  # of what follows the first shared word, so much is shared: the texts end in it
NEW_BELOW = 0.5  # a sentence is new when less than this share of its words stands in the other text


class Told(NamedTuple):
    """What one side tells, whichever of the two is asked about.

    ``own``: its own words, ``shared``: those of them that stand in the other; ``all``: its words, ``coverage_all``: the share of them;
    ``quoted``: shared words of quotes; ``foot``: whether it ends in what is shared. ``paragraphs``: the numbers of those that stand in
    the other, ``of_paragraphs``: how many it has; a line of a few words is none. ``new``: its new sentences, ``words``: how many own ones
    they hold; ``lead``, ``tail``: own words before and after what is shared.
    """

    own: int
    shared: int
    all: int
    coverage_all: float
    quoted: int
    foot: bool
    paragraphs: tuple[int, ...]
    of_paragraphs: int
    new: tuple[str, ...] = ()
    words: int = 0
    lead: int = 0
    tail: int = 0


def told(side: Side, linked: list[Chain]) -> Told:
    """What ``side`` tells; ``linked``: the chains the two share. What shares none has nothing new, for it is all its own."""
    this, own, there = side
    if not linked:
        return Told(own.count(1), 0, len(own), 0.0, 0, False, (), len(this.paragraphs))
    stretches = list(_stretches(there))
    quoted = sum([this.quoted.count(1, first, last) for first, last in stretches])
    shares = [own.count(1, first, last) for first, last in stretches]
    shared, whole = sum(shares), own.count(1)
    foot = shared > 0 and _ends_in_it(own, whole, shared, next(first for (first, _), some in zip(stretches, shares, strict=True) if some))
    return Told(whole, shared, len(own), there.count(1) / len(own), quoted, foot, *_by_line(this, own, there))


def _stretches(there: bytearray) -> Iterator[tuple[int, int]]:
    """Where the marks stand."""
    first = there.find(1)
    while first >= 0:
        last = there.find(0, first)
        if last < 0:
            last = len(there)
        yield first, last
        first = there.find(1, last)


def _ends_in_it(own: bytearray, whole: int, shared: int, first: int) -> bool:
    """Whether a text ends in what is shared, and has more words of its own before that than it shares. ``first``: where that begins."""
    after = own.count(1, first)
    return whole - after > after and shared >= FOOT * after


def _by_line(this: Reading, own: bytearray, there: bytearray) -> tuple[tuple[int, ...], int, tuple[str, ...], int, int, int]:
    """The numbers of the paragraphs that stand in the other text, and how many there are; the sentences that do not stand there, captions
    and the like left out, and how many own words the real ones hold; how many own words stand in whole new sentences before the first
    shared word, and after the last. Bylines and headings are no sentences."""
    quoted, shared_from, shared_to = this.quoted, there.find(1), there.rfind(1)
    new, words, lead, tail, paragraphs, paragraph = list[str](), 0, 0, 0, list[int](), 0
    for n, (begin, end) in enumerate(this.spans):
        size, alike = end - begin, there.count(1, begin, end)
        if size >= PROSE:
            paragraph += 1
            if alike >= NEW_BELOW * size:
                paragraphs.append(paragraph)
        if alike == size:  # the line stands there as a whole
            continue
        masked = own.find(0, begin, end) >= 0
        text, sentences, before = this.parted(n)
        for start, stop, first, last in sentences:
            said = size = last - first
            if alike and there.count(1, before + first, before + last) >= NEW_BELOW * size:  # most do, or most do not
                continue
            if masked:
                said = own.count(1, before + first, before + last)
                told = said + quoted.count(1, before + first, before + last) if said < TOLD else said
            else:
                told = said
            if told >= TOLD:
                new.append(text[start:stop])
            if size < SENTENCE:
                continue
            if told >= TOLD:
                words += said
            if not text[stop - 1].isalnum():
                if before + last <= shared_from:
                    lead += said
                elif before + first > shared_to:
                    tail += said
    return tuple(paragraphs), paragraph, tuple(new[:NEW_SENTENCES]), words, lead, tail
