"""What one side of a pair tells by itself, whichever of the two is asked about: what is new in it, and what it puts before and after."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress, count
from typing import NamedTuple

from pipeline.match.align import Chain
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
    whole, quotes, shared, quoted, stand, begun, first = own.count(1), this.quoted, 0, 0, 0, -1, there.find(1)
    while first >= 0:  # stretch by stretch of what is shared
        last = there.find(0, first)
        if last < 0:
            last = len(there)
        if some := own.count(1, first, last):
            shared, begun = shared + some, first if begun < 0 else begun
        quoted += quotes.count(1, first, last)
        stand += last - first
        first = there.find(1, last)
    foot = begun >= 0 and _ends_in_it(whole, own.count(1, begun), shared)
    alike = [there.count(1, first, last) for first, last in this.spans]
    paragraphs, of = _paragraphs(this.spans, alike)
    return Told(whole, shared, len(own), stand / len(own), quoted, foot, paragraphs, of, *_new_sentences(side, alike))


def _ends_in_it(whole: int, after: int, shared: int) -> bool:
    """Whether a text ends in what is shared, and has more words of its own before that than it shares. ``after``: own words from there
    on."""
    return whole - after > after and shared >= FOOT * after


def _paragraphs(spans: Sequence[tuple[int, int]], alike: Sequence[int]) -> tuple[tuple[int, ...], int]:
    """The numbers of the paragraphs that stand in the other text, and how many there are. ``alike``: how many words of each line do."""
    stand = [some >= NEW_BELOW * (last - first) for (first, last), some in zip(spans, alike, strict=True) if last - first >= PROSE]
    return tuple(compress(count(1), stand)), len(stand)


def _new_sentences(side: Side, alike: Sequence[int]) -> tuple[tuple[str, ...], int, int, int]:
    """The sentences that do not stand in the other text, captions and the like left out, and how many own words the real ones hold; how
    many own words stand in whole ones before the first shared word, and after the last. Bylines and headings are no sentences."""
    (this, own, there), new, words, lead, tail = side, list[str](), 0, 0, 0
    quoted, shared_from, shared_to = this.quoted, there.find(1), there.rfind(1)
    for n, (begin, end) in enumerate(this.spans):
        if (some := alike[n]) == end - begin:  # the line stands there as a whole
            continue
        masked = own.find(0, begin, end) >= 0
        text, sentences, before = this.parted(n)
        for start, stop, first, last in sentences:
            said = size = last - first
            if some and there.count(1, before + first, before + last) >= NEW_BELOW * size:  # most do, or most do not
                continue
            if masked:
                said = own.count(1, before + first, before + last)
            if said >= TOLD or (masked and said + quoted.count(1, before + first, before + last) >= TOLD):
                new.append(text[start:stop])
                words += said if size >= SENTENCE else 0
            if size >= SENTENCE and not text[stop - 1].isalnum():
                if before + last <= shared_from:
                    lead += said
                elif before + first > shared_to:
                    tail += said
    return tuple(new[:NEW_SENTENCES]), words, lead, tail
