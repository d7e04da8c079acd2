"""Which words of two texts are shared: maximal common runs, found through an index of short word n-grams, glued over small changes.

Near-linear: each text is walked once, an n-gram's places are capped, and the work for a run is bounded by the step it lets us take.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

GRAM = 4  # words of a run at least; alone such a run proves nothing
PLACES = 8  # places of one n-gram that are tried; more is boilerplate or a trap
GAP = 8  # words that may differ between two runs of one chain, on either side: a replaced phrase
ENOUGH = 8  # words a chain must share to be evidence: the 8-word shingle of facts/matching
DENSE = 0.6  # and the share of its stretch that is shared, or it is chance
_BLOCK = 32
_BETWEEN = "\x1f"  # stands in no word


class Run(NamedTuple):
    """``length`` equal tokens, from ``a`` in one text and ``b`` in the other."""

    a: int
    b: int
    length: int


Chain = list[Run]


def _extent(a: Sequence[str], b: Sequence[str], i: int, j: int) -> int:
    """How many tokens are equal from here on."""
    length, most = GRAM, min(len(a) - i, len(b) - j)
    while length + _BLOCK <= most and a[i + length : i + length + _BLOCK] == b[j + length : j + length + _BLOCK]:
        length += _BLOCK
    while length < most and a[i + length] == b[j + length]:
        length += 1
    return length


class Grams:
    """The n-grams of a text in order, and the first places of each. As strings: a million small tuples would keep the collector busy."""

    def __init__(self, forms: list[str]) -> None:
        self.forms = forms
        self.joined = _BETWEEN.join(forms)
        self.starts = [0, *accumulate(map((1).__add__, map(len, forms)))]
        self.count = max(0, len(forms) - GRAM + 1)

    @cached_property
    def places(self) -> tuple[dict[str, int], dict[str, list[int]]]:
        """Of each n-gram its first place; of a repeated one, the first ``PLACES``."""
        joined, starts = self.joined, self.starts
        order = [joined[start : end - 1] for start, end in zip(starts, starts[GRAM:], strict=False)]
        first = dict(zip(reversed(order), range(len(order) - 1, -1, -1), strict=True))  # what comes first is written last
        more: dict[str, list[int]] = {}
        if len(first) < len(order):
            for i, gram in enumerate(order):
                if first[gram] != i:
                    known = more.setdefault(gram, [first[gram]])
                    if len(known) < PLACES:
                        known.append(i)
        return first, more


def grams(forms: list[str]) -> Grams:
    """The n-grams of a text's words."""
    return Grams(forms)


def runs(one: Grams, other: Grams) -> list[Run]:
    """Maximal common runs in the order of ``other`` (b); of places in ``one`` (a) that give equal runs, the nearest to what went before.

    Neighbours do not overlap in ``other``.
    """
    a, b, (first, more), joined, starts = one.forms, other.forms, one.places, other.joined, other.starts
    found: list[Run] = []
    j, expected, count, known = 0, 0, other.count, first.get
    while j < count:
        gram = joined[starts[j] : starts[j + GRAM] - 1]
        place = known(gram)
        if place is None:
            j += 1
            continue
        if gram not in more:
            best = Run(place, j, _extent(a, b, place, j))
        else:
            best = max((Run(i, j, _extent(a, b, i, j)) for i in more[gram]), key=lambda run: (run.length, -abs(run.a - expected)))
        found.append(best)
        expected = best.a + best.length
        j += best.length - GRAM + 1
    return _apart(found)


def _apart(found: list[Run]) -> list[Run]:
    """The runs without overlap in ``b``: the shorter of two neighbours gives way, and goes when too little is left."""
    kept: list[Run] = []
    for run in found:
        rest = run
        while kept and (over := kept[-1].b + kept[-1].length - run.b) > 0:
            last = kept.pop()
            if last.length < run.length:
                if last.length - over >= GRAM:
                    kept.append(last._replace(length=last.length - over))
                continue
            kept.append(last)
            rest = Run(run.a + over, run.b + over, run.length - over)
            break
        if rest.length > 1:
            kept.append(rest)
    return kept


def chains(found: list[Run]) -> list[Chain]:
    """Runs glued over small changes, in order; only those that share enough, densely enough, to be evidence."""
    glued: list[Chain] = []
    open_chain: Chain = []
    for run in found:
        if open_chain:
            last = open_chain[-1]
            gap_a, gap_b = run.a - last.a - last.length, run.b - last.b - last.length
            if (
                -2 <= gap_a <= GAP
                and gap_b <= GAP
                and max(gap_a, gap_b) <= max(2, min(last.length, run.length), max(last.length, run.length) // 4)
            ):
                open_chain.append(run)
                continue
            glued.append(open_chain)
        open_chain = [run]
    if open_chain:
        glued.append(open_chain)
    return [chain for chain in glued if _proves(chain)]


def _proves(chain: Chain) -> bool:
    shared = sum(run.length for run in chain)
    first, last = chain[0], chain[-1]
    stretch = max(last.a + last.length - first.a, last.b + last.length - first.b)
    return shared >= ENOUGH and shared >= DENSE * stretch


def covered(side: Sequence[Chain], length: int, *, first: bool) -> bytearray:
    """1 for each token of a text that stands in a chain. ``first``: of text ``a``, else of ``b``."""
    marks = bytearray(length)
    for chain in side:
        for run in chain:
            start = run.a if first else run.b
            marks[start : start + run.length] = b"\x01" * run.length
    return marks


def in_order(side: Sequence[Chain]) -> float:
    """The share of all shared words that stand in one order in both texts: the heaviest row of chains in which none goes back.

    1 when nothing is shared.
    """
    rows = sorted((chain[0].b, chain[0].a, chain[-1].a + chain[-1].length, sum(run.length for run in chain)) for chain in side)
    ends, best = [-1], [0]  # the lightest end of a row, and what the heaviest row up to there weighs: both ascending
    for _, start, end, weight in rows:
        total = best[bisect_right(ends, start) - 1] + weight
        place = bisect_left(ends, end)
        if place and best[place - 1] >= total:
            continue
        last = place
        while last < len(ends) and best[last] <= total:
            last += 1
        ends[place:last], best[place:last] = [end], [total]
    whole = sum(weight for *_, weight in rows)
    return best[-1] / whole if whole else 1.0
