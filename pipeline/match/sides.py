"""What one side of a pair tells by itself, whichever of the two is asked about: what is new in it, and what it puts before and after."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.match.align import Chain
from pipeline.match.reading import Reading
from pipeline.match.wording import Side

NEW_SENTENCES = 60  # kept at most: evidence, not an archive
SENTENCE = 6  # words a sentence has at least; what is shorter is a heading or a byline
FOOT = 0.9  # of what follows the first shared word, so much is shared: the texts end in it
NEW_BELOW = 0.5  # a sentence is new when less than this share of its words stands in the other text


class Told(NamedTuple):
    """What one side tells, whichever of the two is asked about.

    ``shared``: its own words that stand in the other; ``new``: its new sentences, ``words``: how many own ones they hold; ``lead``,
    ``tail``: own words before and after what is shared; ``foot``: whether it ends in that.
    """

    side: Side
    own: int
    shared: int
    coverage_all: float
    new: tuple[str, ...]
    words: int
    lead: int
    tail: int
    foot: bool


def told(side: Side, linked: list[Chain]) -> Told:
    """What ``side`` tells; ``linked``: the chains the two share. What shares none has nothing new, for it is all its own."""
    own, there = side.own, side.there
    shared = (int.from_bytes(own, "big") & int.from_bytes(there, "big")).to_bytes(len(own), "big")
    new, words = _new_sentences(side.reading, own, there) if linked else ([], 0)
    lead, tail = _put_on(side.reading, own, there)
    coverage_all = there.count(1) / len(there) if there else 0.0
    foot = _ends_in_it(own, shared)
    return Told(side, own.count(1), shared.count(1), coverage_all, tuple(new[:NEW_SENTENCES]), words, lead, tail, foot)


def _new_sentences(this: Reading, own: bytearray, here: bytearray) -> tuple[list[str], int]:
    """The sentences that do not stand in the other text, captions and the like left out; and how many own words the real ones hold."""
    new, words = [], 0
    quoted = this.quoted
    for n, (begin, end) in enumerate(this.spans):
        if here.count(1, begin, end) == end - begin:  # the line stands there as a whole
            continue
        for start, stop, first, last in this.said_in(n):
            if here.count(1, first, last) >= NEW_BELOW * (last - first):  # most do, or most do not: the rest is asked of few
                continue
            said = own.count(1, first, last)
            if said + quoted.count(1, first, last) >= 3:
                new.append(this.text[start:stop])
                words += said if last - first >= SENTENCE else 0
    return new, words


def _put_on(this: Reading, own: bytearray, here: bytearray) -> tuple[int, int]:
    """Own tokens in whole new sentences before the first shared word, and after the last. Bylines and headings are no sentences."""
    first, last = here.find(1), here.rfind(1)
    if first < 0:
        return 0, 0
    lead = _own_words(this, own, 0, first) if own.count(1, 0, first) else 0
    return lead, _own_words(this, own, last + 1, len(own)) if own.count(1, last + 1) else 0


def _own_words(this: Reading, own: bytearray, first: int, last: int) -> int:
    """Own tokens in the whole sentences between two tokens."""
    words = 0
    for n, span in enumerate(this.spans):
        if span[1] <= first or span[0] >= last:
            continue
        for _, stop, begin, end in this.said_in(n):
            if first <= begin and end <= last and end - begin >= SENTENCE and not this.text[stop - 1].isalnum():
                words += own.count(1, begin, end)
    return words


def _ends_in_it(own: bytearray, shared: bytes) -> bool:
    """Whether a text ends in what is shared, and has more words of its own before that than it shares."""
    first = shared.find(1)
    if first < 0:
        return False
    after, before = own.count(1, first), own.count(1, 0, first)
    return before > after and shared.count(1) >= FOOT * after
