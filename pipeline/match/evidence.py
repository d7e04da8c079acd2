"""What two readings share and where they differ, as figures and passages: the ground every verdict stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from pipeline.match.align import Chain, Run, chains, covered, in_order, runs
from pipeline.match.reading import Reading
from pipeline.match.sides import Told, told
from pipeline.match.wording import Side, exchanged, figured, figures
from pipeline.model import Passage
from pipeline.text import Tokens, normalise

FIGURES = 40
PASSAGES = 1000
WORD = 40  # characters up to which a normal form is kept: words and what stands between them come again and again
PIECE = 3  # words of a passage that is left of a longer run


class Evidence(NamedTuple):
    """Token counts of both sides and what shows them.

    ``own``: the reporter's tokens of this text, ``shared``: how many of them stand in the other, ``coverage``: the share of them;
    ``other_…``: the other way round. ``quoted``: shared tokens of direct quotes.
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
    coverage: float
    other_coverage: float
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


def weigh(this: Reading, other: Reading) -> tuple[Evidence, Callable[[], Evidence]]:
    """The evidence on ``this`` against ``other``, and, made only when it is asked for, the evidence on ``other`` against ``this``.

    The sides are aligned once, in an order of their own: swapped, coverages swap exactly. The second has no passages."""
    forms, others = this.words.forms, other.words.forms
    turned = (len(others), others) < (len(forms), forms)
    a, b = (other, this) if turned else (this, other)
    linked = chains(runs(a.grams, b.grams, this.grams))
    if not turned:  # from here on, run.b indexes this text and run.a the other
        linked = _turned(linked)
    own, other_own = this.own.copy(), other.own.copy()
    for chain in linked:
        _mask_alike(chain, own, other_own)
    here = Side(this, own, covered(linked, len(own), first=False))
    there = Side(other, other_own, covered(linked, len(other_own), first=True))
    _count_once(here)
    _count_once(there)
    passages = tuple(sorted(islice(_passages(this, other, linked), PASSAGES), key=attrgetter("start")))
    gapped = [chain for chain in linked if len(chain) > 1]
    changed = tuple(dict.fromkeys(figures(here, there, gapped)))[:FIGURES] if gapped else ()
    reworded = list(exchanged(this, other, gapped)) if gapped else []
    longest = max([run.length for chain in linked for run in chain], default=0)
    mine, theirs = told(here, linked), told(there, linked)

    def turn() -> Evidence:
        back = tuple([(now, was) for was, now in changed])
        replaced = sum(not figured(new) for _, new in reworded)
        return _weigh(theirs, mine, longest, (), back, replaced, in_order(_turned(linked)) if len(linked) > 1 else 1.0)

    replaced = sum(not figured(old) for old, _ in reworded)
    return _weigh(mine, theirs, longest, passages, changed, replaced, in_order(linked) if len(linked) > 1 else 1.0), turn


def _turned(linked: list[Chain]) -> list[Chain]:
    return [[Run(run.b, run.a, run.length) for run in chain] for chain in linked]


def _weigh(
    mine: Told,
    theirs: Told,
    longest: int,
    passages: tuple[Passage, ...],
    changed: tuple[tuple[str, str], ...],
    replaced: int,
    order: float,
) -> Evidence:
    return Evidence(
        own=mine.own,
        shared=mine.shared,
        other_own=theirs.own,
        other_shared=theirs.shared,
        coverage=mine.shared / mine.own if mine.own else 0.0,
        other_coverage=theirs.shared / theirs.own if theirs.own else 0.0,
        words=mine.all,
        other_words=theirs.all,
        coverage_all=mine.coverage_all,
        other_coverage_all=theirs.coverage_all,
        longest_run=longest,
        quoted=mine.quoted,
        passages=passages,
        new_sentences=mine.new,
        figures_changed=changed,
        paragraphs=theirs.paragraphs,
        of_paragraphs=theirs.of_paragraphs,
        replaced=replaced,
        lead=mine.lead,
        tail=mine.tail,
        new_words=mine.words,
        gone_words=theirs.words,
        in_order=order,
        other_lead=theirs.lead,
        foot=mine.foot and theirs.foot,
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
            whole = _passage(this.words, other.words, run)
            if _alike(this.text[whole.start : whole.end], other.text[whole.other_start : whole.other_end]):
                yield whole
            else:
                yield from _cut(this, other, run)


def _cut(this: Reading, other: Reading, run: Run) -> Iterator[Passage]:
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
    (_, starts, ends), (_, other_starts, other_ends) = this.placed, other.placed
    i, j = run.b + n, run.a + n
    word = _alike(this.text[starts[i] : ends[i]], other.text[other_starts[j] : other_ends[j]])
    if n + 1 == run.length:
        return word, True
    return word, _alike(this.text[ends[i] : starts[i + 1]], other.text[other_ends[j] : other_starts[j + 1]])


def _piece(this: Reading, other: Reading, run: Run, first: int, last: int) -> Iterator[Passage]:
    if last - first >= PIECE:
        passage = _passage(this.placed, other.placed, Run(run.a + first, run.b + first, last - first))
        if _alike(this.text[passage.start : passage.end], other.text[passage.other_start : passage.other_end]):
            yield passage


def _passage(this: Tokens, other: Tokens, run: Run) -> Passage:
    (_, starts, ends), (_, other_starts, other_ends), (a, b, length) = this, other, run
    return Passage(start=starts[b], end=ends[b + length - 1], other_start=other_starts[a], other_end=other_ends[a + length - 1])


def word_by_word(this: Reading, other: Reading) -> tuple[Passage, ...]:
    """The passages of two texts of the same few words, too short to be aligned: one, or one for each word that is written alike."""
    whole = Run(0, 0, len(this.words.forms))
    tried = [_passage(this.words, other.words, run) for run in (whole, *(Run(n, n, 1) for n in range(whole.length)))]
    alike = [p for p in tried if _alike(this.text[p.start : p.end], other.text[p.other_start : p.other_end])]
    return tuple(alike[:1] if alike[:1] == tried[:1] else alike)


def _alike(one: str, other: str) -> bool:
    if one == other or one.replace("\n", " ") == other.replace("\n", " "):  # the same words, broken into other lines
        return True
    return _normal(one) == _normal(other)


def _normal(text: str) -> str:
    return _kept(text) if len(text) < WORD else normalise(text)


_kept = lru_cache(maxsize=1 << 14)(normalise)
