"""Which words of two texts are shared: maximal common runs, found through an index of short word n-grams, glued over small changes.

Near-linear: each text is walked once, an n-gram's places are capped, and the work for a run is bounded by the step it lets us take.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice, pairwise
from typing import NamedTuple

GRAM = 4  # words of a run at least; alone such a run proves nothing
PLACES = 8  # places of one n-gram that are tried; more is boilerplate or a trap
GAP = 8  # words that may differ between two runs of one chain, on either side: a replaced phrase
ENOUGH = 8  # words a chain must share to be evidence: the 8-word shingle of facts/matching
DENSE = 0.6  # and the share of its stretch that is shared, or it is chance
_BLOCK, _PART = 32, 8  # words that are looked at at once
_ALL = b"\x01" * GRAM


class Run(NamedTuple):
    """``length`` equal tokens, from ``a`` in one text and ``b`` in the other."""

    a: int
    b: int
    length: int


Chain = list[Run]


def _extent(a: Sequence[str], b: Sequence[str], i: int, j: int) -> int:
    """How many tokens are equal from here on."""
    length, most = GRAM, min(len(a) - i, len(b) - j)
    for step in (_BLOCK, _PART):
        while length + step <= most and a[i + length : i + length + step] == b[j + length : j + length + step]:
            length += step
    while length < most and a[i + length] == b[j + length]:
        length += 1
    return length


class Grams:
    """The n-grams of a text. Those of one text of a pair are numbered, each by its first place there; the other is walked along it.

    An article is compared with a score of others: what is made of its n-grams is made once.
    """

    def __init__(self, forms: list[str]) -> None:
        self.forms = forms
        self.count = max(0, len(forms) - GRAM + 1)

    def _row(self) -> Iterator[tuple[str, ...]]:
        return zip(*(islice(self.forms, n, None) for n in range(GRAM)), strict=False)

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words, in no order."""
        return frozenset(self.forms)

    @cached_property
    def numbers(self) -> dict[tuple[str, ...], int]:
        """Of each n-gram its first place."""
        back = self.forms[::-1]  # what comes first is written last
        row = zip(*(back[n:] for n in reversed(range(GRAM))), strict=False)
        return dict(zip(row, range(self.count - 1, -1, -1), strict=True))

    @cached_property
    def own(self) -> list[int]:
        """The number of each of its n-grams, in order."""
        return list(map(self.numbers.__getitem__, self._row()))

    @cached_property
    def again(self) -> dict[int, list[int]]:
        """Of each n-gram that stands here more than once, by its number, the places."""
        return _again(self.own) if len(self.numbers) < self.count else {}

    def after(self, forms: list[str], j: int) -> int:
        """The first place from ``j`` on at which one of its n-grams begins; beyond the last word if there is none. Where not all words of
        an n-gram stand here, it need not be looked up."""
        known, has = self.numbers, self.words.__contains__
        while j < len(forms):
            met = bytes(map(has, forms[j : j + _BLOCK + GRAM - 1]))
            n = met.find(_ALL)
            while n >= 0:
                if tuple(forms[j + n : j + n + GRAM]) in known:
                    return j + n
                n = met.find(_ALL, n + 1)
            j += _BLOCK
        return j


def _again(numbers: Sequence[int | None]) -> dict[int, list[int]]:
    """Of each number that comes more than once, by its first place, all its places."""
    last = dict(zip(numbers, range(len(numbers)), strict=True))
    first = dict(zip(reversed(numbers), range(len(numbers) - 1, -1, -1), strict=True))
    more = {number: list[int]() for number, place in last.items() if number is not None and first[number] != place}
    for place, number in enumerate(numbers) if more else ():
        if number in more:
            more[number].append(place)
    return {places[0]: places for places in more.values()}


def grams(forms: list[str]) -> Grams:
    """The n-grams of a text's words."""
    return Grams(forms)


def runs(one: Grams, other: Grams, numbered: Grams) -> list[Run]:
    """Maximal common runs in the order of ``other`` (b); of places in ``one`` (a) that give equal runs, the nearest to what went before.

    Neighbours do not overlap in ``other``. ``numbered``: the one of the two that is compared more often; the runs are the same.
    """
    if one.forms == other.forms:
        return [Run(0, 0, len(one.forms))] if one.count else []
    if numbered is one:
        return _apart(_along(one, other))
    met = _along(other, one)
    found = [Run(b, a, length) for a, b, length in sorted(met)]
    return _apart(found if _once(other, found) else _looked_up(one, other, met))


def _along(one: Grams, other: Grams) -> list[Run]:
    """The runs, found by walking along ``other``."""
    a, b, known, again = one.forms, other.forms, one.numbers.get, one.again
    found: list[Run] = []
    j, expected, count = 0, 0, other.count
    while j < count:
        place = known((b[j], b[j + 1], b[j + 2], b[j + 3]))
        if place is None:
            j = one.after(b, j + 1)
            continue
        best = _best(a, b, place, again.get(place), j, expected)
        found.append(best)
        expected = best.a + best.length
        j += best.length - GRAM + 1
    return found


def _best(a: Sequence[str], b: Sequence[str], place: int, more: list[int] | None, j: int, expected: int) -> Run:
    """The run from ``place`` in ``a`` and ``j`` in ``b``; where its n-gram stands in ``more`` places, the longest of those."""
    if more is None:
        return Run(place, j, _extent(a, b, place, j))
    return max((Run(i, j, _extent(a, b, i, j)) for i in more[:PLACES]), key=lambda run: (run.length, -abs(run.a - expected)))


def _once(other: Grams, found: list[Run]) -> bool:
    """Whether the runs, in order, are the same whichever text is walked: none begins within another or where an n-gram of ``other`` comes
    again, and where one comes again within them, it comes nowhere else."""
    if any(before.b + before.length - GRAM >= after.b for before, after in pairwise(found)):
        return False
    if not other.again or not found:
        return True
    stand = bytearray(other.count)
    for run in found:
        stand[run.b : run.b + run.length - GRAM + 1] = b"\x01" * (run.length - GRAM + 1)
        stand[run.b] = 2
    for places in other.again.values():
        met = [stand[place] for place in places]
        if any(met) and met.count(1) < len(met):
            return False
    return True


def _looked_up(one: Grams, other: Grams, met: list[Run]) -> list[Run]:
    """The runs, of each n-gram of ``other`` looked up where it stands in ``one``. ``met``: them as ``one`` is walked along ``other``."""
    a, b, there = one.forms, other.forms, list[int | None]()
    for run in met:  # the other's number of each n-gram of one
        there += [None] * (run.b - len(there))
        there += other.own[run.a : run.a + run.length - GRAM + 1]
    first = dict(zip(reversed(there), range(len(there) - 1, -1, -1), strict=True))
    places, more = list(map(first.get, other.own)), _again(there)
    found: list[Run] = []
    j, expected, count = 0, 0, other.count
    while j < count:
        place = places[j]
        if place is None:
            j += 1
            continue
        best = _best(a, b, place, more.get(place), j, expected)
        found.append(best)
        expected = best.a + best.length
        j += best.length - GRAM + 1
    return found


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
    if all(before[2] <= after[1] for before, after in pairwise(rows)):
        return 1.0
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
