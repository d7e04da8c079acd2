"""What two readings share and where they differ, as figures and passages: the ground every verdict stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from pipeline.match.align import Chain, Run, chains, covered, in_order, runs
from pipeline.match.reading import Reading
from pipeline.match.wording import Side, exchanged, figured, figures
from pipeline.model import Passage
from pipeline.text import normalise

NEW_SENTENCES = 60  # kept at most: evidence, not an archive
FIGURES = 40
PASSAGES = 1000
WORD = 40  # characters up to which a normal form is kept: words and what stands between them come again and again
PIECE = 3  # words of a passage that is left of a longer run
SENTENCE = 6  # words a sentence has at least; what is shorter is a heading or a byline
FOOT = 0.9  # of what follows the first shared word, so much is shared: the texts end in it
NEW_BELOW = 0.5  # a sentence is new when less than this share of its words stands in the other text


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Token counts of both sides and what shows them.

    ``own``: the reporter's tokens of this text, ``shared``: how many of them stand in the other; ``other_…``: the other way round.
    ``quoted``: shared tokens of direct quotes.
    ``paragraphs``: the numbers of those of the other text that stand here, ``of_paragraphs``:
    how many it has. ``replaced``: wordings changed inside shared sentences. ``lead``, ``tail``: own
    tokens of whole sentences that this text has before the first and after the last shared ones; ``new_words``: of new sentences;
    ``gone_words``: of the other's sentences that do not stand here. ``in_order``: share of what is shared that keeps its order.
    ``other_lead``: the other's ``lead``. ``foot``: both have a story of their own, and end in what they share.
    """

    own: int
    shared: int
    other_own: int
    other_shared: int
    words: int
    other_words: int
    coverage_all: float
    other_coverage_all: float
    longest_run: int
    quoted: int
    passages: tuple[Passage, ...]
    new_sentences: tuple[str, ...]
    figures_changed: tuple[tuple[str, str], ...]
    paragraphs: tuple[int, ...]
    of_paragraphs: int
    replaced: int
    lead: int
    tail: int
    new_words: int
    gone_words: int
    in_order: float
    other_lead: int
    foot: bool

    @property
    def opening(self) -> bool:
        """Whether those paragraphs of the other that stand here are its first ones."""
        return bool(self.paragraphs) and self.paragraphs[-1] == len(self.paragraphs)

    @property
    def coverage(self) -> float:
        """Share of this text's own words that stand in the other."""
        return self.shared / self.own if self.own else 0.0

    @property
    def other_coverage(self) -> float:
        """Share of the other's own words that stand in this text."""
        return self.other_shared / self.other_own if self.other_own else 0.0


def _both(one: bytearray, other: bytearray) -> int:
    """How many places are marked in both."""
    return (int.from_bytes(one, "big") & int.from_bytes(other, "big")).bit_count()


def weigh(this: Reading, other: Reading) -> tuple[Evidence, Callable[[], Evidence]]:
    """The evidence on ``this`` against ``other``, and, made only when it is asked for, the evidence on ``other`` against ``this``.

    The sides are aligned once, in an order of their own: swapped, coverages swap exactly. The second has no passages."""
    turned = (len(other.words.forms), other.words.forms) < (len(this.words.forms), this.words.forms)
    a, b = (other, this) if turned else (this, other)
    linked = chains(runs(a.grams, b.grams, this.grams))
    if not turned:  # from here on, run.b indexes this text and run.a the other
        linked = _turned(linked)
    own, other_own = bytearray(this.own), bytearray(other.own)
    for chain in linked:
        _mask_alike(chain, own, other_own)
    here = Side(reading=this, own=own, there=covered(linked, len(own), first=False))
    there = Side(reading=other, own=other_own, there=covered(linked, len(other_own), first=True))
    _count_once(here)
    _count_once(there)
    passages = tuple(sorted(islice(_passages(this, other, linked), PASSAGES), key=lambda passage: passage.start))
    changed = tuple(dict.fromkeys(figures(here, there, linked)))[:FIGURES]
    reworded = list(exchanged(this, other, linked))
    longest = max((run.length for chain in linked for run in chain), default=0)
    mine, theirs = _told(here, linked), _told(there, linked)
    foot = mine.foot and theirs.foot

    def turn() -> Evidence:
        back = tuple((now, was) for was, now in changed)
        replaced = sum(1 for _, new in reworded if not figured(new))
        return _weigh(theirs, mine, longest, (), back, replaced, in_order(_turned(linked)), foot=foot)

    replaced = sum(1 for old, _ in reworded if not figured(old))
    return _weigh(mine, theirs, longest, passages, changed, replaced, in_order(linked), foot=foot), turn


def _turned(linked: list[Chain]) -> list[Chain]:
    return [[Run(run.b, run.a, run.length) for run in chain] for chain in linked]


class _Told(NamedTuple):
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


def _told(side: Side, linked: list[Chain]) -> _Told:
    own, there = side.own, side.there
    shared = (int.from_bytes(own, "big") & int.from_bytes(there, "big")).to_bytes(len(own), "big")
    new, words = _new_sentences(side.reading, own, there) if linked else ([], 0)
    lead, tail = _put_on(side.reading, own, there)
    coverage_all = there.count(1) / len(there) if there else 0.0
    foot = _ends_in_it(own, shared)
    return _Told(side, own.count(1), shared.count(1), coverage_all, tuple(new[:NEW_SENTENCES]), words, lead, tail, foot)


def _weigh(
    mine: _Told,
    theirs: _Told,
    longest: int,
    passages: tuple[Passage, ...],
    changed: tuple[tuple[str, str], ...],
    replaced: int,
    order: float,
    *,
    foot: bool,
) -> Evidence:
    this, other = mine.side, theirs.side
    paragraphs, of_paragraphs = _paragraphs(other.reading, other.there)
    return Evidence(
        own=mine.own,
        shared=mine.shared,
        other_own=theirs.own,
        other_shared=theirs.shared,
        words=len(this.there),
        other_words=len(other.there),
        coverage_all=mine.coverage_all,
        other_coverage_all=theirs.coverage_all,
        longest_run=longest,
        quoted=_both(this.reading.quoted, this.there),
        passages=passages,
        new_sentences=mine.new,
        figures_changed=changed,
        paragraphs=paragraphs,
        of_paragraphs=of_paragraphs,
        replaced=replaced,
        lead=mine.lead,
        tail=mine.tail,
        new_words=mine.words,
        gone_words=theirs.words,
        in_order=order,
        other_lead=theirs.lead,
        foot=foot,
    )


def _count_once(side: Side) -> None:
    """Of a sentence that a text holds several times, one counts: the one that stands in the other text, else the last; none when one of
    them is under a picture."""
    for spans in side.reading.twins:
        masked = min(side.reading.own.count(1, *span) + side.reading.quoted.count(1, *span) for span in spans) == 0
        kept = None if masked else max(spans, key=lambda span: (side.there.count(1, *span), span))
        for first, last in spans:
            if (first, last) != kept:
                side.own[first:last] = bytes(last - first)


def _mask_alike(chain: Chain, own: bytearray, other_own: bytearray) -> None:
    """A shared word that one side shows as quoted (or caption, post, boilerplate) is so on the other, whose marks may be lost."""
    for run in chain:
        mine, theirs = own[run.b : run.b + run.length], other_own[run.a : run.a + run.length]
        if mine != theirs:
            both = bytes(x & y for x, y in zip(mine, theirs, strict=True))
            own[run.b : run.b + run.length] = both
            other_own[run.a : run.a + run.length] = both


def _passages(this: Reading, other: Reading, linked: list[Chain]) -> Iterator[Passage]:
    """The shared runs as slices that are equal after ``text.normalise``; a run is cut where only its punctuation differs."""
    for chain in linked:
        for run in chain:
            yield from _cut(this, other, run)


def _cut(this: Reading, other: Reading, run: Run) -> Iterator[Passage]:
    whole = _passage(this, other, run)
    if _alike(this.text[whole.start : whole.end], other.text[whole.other_start : whole.other_end]):
        yield whole
        return
    first = 0
    for last in range(run.length):
        word, gap = _agree(this, other, run, last)
        if not word:
            yield from _piece(this, other, run, first, last)
        elif not gap:
            yield from _piece(this, other, run, first, last + 1)
        if not (word and gap):
            first = last + 1
    yield from _piece(this, other, run, first, run.length)


def _agree(this: Reading, other: Reading, run: Run, n: int) -> tuple[bool, bool]:
    """Whether the n-th word of a run, and what stands between it and the next one, are alike in both texts. After the last: yes."""
    (_, starts, ends), (_, other_starts, other_ends) = this.words, other.words
    i, j = run.b + n, run.a + n
    word = _alike(this.text[starts[i] : ends[i]], other.text[other_starts[j] : other_ends[j]])
    if n + 1 == run.length:
        return word, True
    return word, _alike(this.text[ends[i] : starts[i + 1]], other.text[other_ends[j] : other_starts[j + 1]])


def _piece(this: Reading, other: Reading, run: Run, first: int, last: int) -> Iterator[Passage]:
    if last - first >= PIECE:
        passage = _passage(this, other, Run(run.a + first, run.b + first, last - first))
        if _alike(this.text[passage.start : passage.end], other.text[passage.other_start : passage.other_end]):
            yield passage


def _passage(this: Reading, other: Reading, run: Run) -> Passage:
    mine, theirs, last = this.words, other.words, run.length - 1
    return Passage(
        start=mine.starts[run.b],
        end=mine.ends[run.b + last],
        other_start=theirs.starts[run.a],
        other_end=theirs.ends[run.a + last],
    )


def word_by_word(this: Reading, other: Reading) -> tuple[Passage, ...]:
    """The passages of two texts of the same few words, too short to be aligned: one, or one for each word that is written alike."""
    whole = Run(0, 0, len(this.words.forms))
    tried = [_passage(this, other, run) for run in (whole, *(Run(n, n, 1) for n in range(whole.length)))]
    alike = [p for p in tried if _alike(this.text[p.start : p.end], other.text[p.other_start : p.other_end])]
    return tuple(alike[:1] if alike[:1] == tried[:1] else alike)


def _alike(one: str, other: str) -> bool:
    if one == other or one.replace("\n", " ") == other.replace("\n", " "):  # the same words, broken into other lines
        return True
    return _normal(one) == _normal(other)


def _normal(text: str) -> str:
    return _kept(text) if len(text) < WORD else normalise(text)


_kept = lru_cache(maxsize=1 << 14)(normalise)


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


def _paragraphs(other: Reading, there: bytearray) -> tuple[tuple[int, ...], int]:
    """Of the other text's paragraphs, the numbers of those that stand here, and how many there are. A line of a few words is none."""
    spans = other.paragraphs
    stand = (count for count, (first, last) in enumerate(spans, 1) if there.count(1, first, last) >= NEW_BELOW * (last - first))
    return tuple(stand), len(spans)


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
