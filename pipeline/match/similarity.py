"""How close two texts are in topic, 0 to 1, without corpus statistics: it works for one seed in an empty database.

A cosine of the weights of words (``lexicon``), which are whole numbers in numpy's arrays: an article is compared with a score of others,
each of hundreds of words. A sum of whole numbers is the same in any order, so that nothing hangs on which word was met first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.match.lexicon import Lexicon, lexicon
from pipeline.text import Tokens, tokens

Whole = NDArray[np.int64]
Codes = NDArray[np.int32]

_BODY = 20  # tokens of a text whose title counts too: a title alone decides nothing (facts/matching)
_UNIT = 1 << 18  # a weight of 1: the squares of a text of millions of words stay within 64 bits
_OFTEN = 1 << 10
_MENTIONS = np.array([0.0, *(1 + math.log(count) for count in range(1, _OFTEN))])  # what so many mentions of a word count
_ROW = 34  # bits of a word's number and of how it is written; above them stands which text it is of
_IN_ROW = (1 << _ROW) - 1

# How a word is written where it stands.
_CAPITAL, _SMALL, _TITLE, _NEITHER = range(4)
_LOOKS = bytes(_CAPITAL if chr(n).isupper() else _SMALL if chr(n).islower() else _NEITHER for n in range(256))


class Written:
    """Words of a text, all or those of a line, and how each is written there. In scripts without spaces, pairs of neighbouring characters
    stand for words."""

    __slots__ = ("coded", "forms", "looks")

    def __init__(self, forms: list[str], looks: bytes) -> None:
        self.forms, self.looks = forms, looks
        self.coded: tuple[Lexicon, Codes] | None = None


def written(text: str, words: Tokens) -> Written:
    """The words of a text, or of a line of it."""
    initials = "".join(map(text.__getitem__, words.starts))
    return Written(words.forms, looks(initials)) if text.isascii() else _paired(words, looks(initials))


def apart(forms: list[str], looks: bytes) -> Written:
    """Words none of which touches another. A single letter beyond ASCII ("à") is a character of a script without spaces that has no
    neighbour, and says nothing."""
    if not any(len(form) == 1 and not form.isascii() for form in forms):
        return Written(forms, looks)
    kept = [n for n, form in enumerate(forms) if len(form) > 1 or form.isascii()]
    return Written([forms[n] for n in kept], bytes([looks[n] for n in kept]))


def looks(initials: str) -> bytes:
    """How words with these first characters are written."""
    try:
        return initials.encode("latin-1").translate(_LOOKS)
    except UnicodeEncodeError:
        return bytes([_CAPITAL if one.isupper() else _SMALL if one.islower() else _NEITHER for one in initials])


def _codes(known: Lexicon, parts: Sequence[Written]) -> list[Codes]:
    """Of each word of these its number in a lexicon, and how it is written."""
    coded = [part.coded for part in parts]
    new = {id(part): part for part, told in zip(parts, coded, strict=True) if told is None or told[0] is not known}
    made = dict[int, Codes]()
    if new:
        forms = list(chain.from_iterable([part.forms for part in new.values()]))
        codes = known.numbers(forms) << 2 | np.frombuffer(b"".join([part.looks for part in new.values()]), np.uint8)
        begin = 0
        for number, part in new.items():
            end = begin + len(part.forms)
            made[number] = codes[begin:end].copy()  # who keeps one line must not keep all that were met with it
            part.coded, begin = (known, made[number]), end
    return [made[id(part)] if told is None or told[0] is not known else told[1] for part, told in zip(parts, coded, strict=True)]


def _paired(words: Tokens, looks: bytes) -> Written:
    """The words, single characters of scripts without spaces joined to the one that follows."""
    forms, starts, ends = words
    if not any(len(form) == 1 and not form.isascii() for form in set(forms)):
        return Written(forms, looks)
    paired, kept = list[str](), bytearray()
    for n, form in enumerate(forms):
        if len(form) > 1 or form.isascii():
            paired.append(form)
            kept.append(looks[n])
        elif n + 1 < len(forms) and starts[n + 1] == ends[n]:
            paired.append(form + forms[n + 1])
            kept.append(_NEITHER)
    return Written(paired, bytes(kept))


@lru_cache(maxsize=1024)  # a wire story's title stands over it in many papers
def _title(title: str) -> Written:
    words = tokens(title)
    forms = _paired(words, bytes(len(words.forms))).forms
    return Written(forms, bytes([_TITLE]) * len(forms))


# ── vectors ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, eq=False)
class Vector:
    """The weights of a text. ``numbers``: of its terms in the ``lexicon``, ascending; ``weights``: of each, in units that are the text's
    own; ``square``: the sum of their squares."""

    lexicon: Lexicon
    numbers: Whole
    weights: Whole
    square: int

    @property
    def terms(self) -> list[str]:
        """What its words count as, in no order."""
        return list(map(self.lexicon.terms.__getitem__, self.numbers.tolist()))

    def weightiest(self, most: int) -> list[str]:
        """The terms that weigh most, the weightiest first."""
        numbers, weights = self.numbers, self.weights
        if len(weights) > most:
            there = weights >= np.partition(weights, -most)[-most]
            numbers, weights = numbers[there], weights[there]
        terms = map(self.lexicon.terms.__getitem__, numbers.tolist())
        return [term for _, term in sorted(zip(weights.tolist(), terms, strict=True), reverse=True)[:most]]

    def times(self, factors: NDArray[np.float64]) -> Vector:
        """Each weight multiplied by its factor."""
        weights = np.rint(self.weights * factors).astype(np.int64)
        return Vector(self.lexicon, self.numbers, weights, int(weights @ weights))


def vector(title: str, text: str) -> Vector:
    """The weights of a text. The title counts as one more mention."""
    return vectors([(title, [written(text, tokens(text))])])[0]


def vectors(texts: Sequence[tuple[str, Sequence[Written]]]) -> list[Vector]:
    """The same of several texts, of each its title and its words, line by line: a score of them together cost as much as a few."""
    known = lexicon()
    parts, edges = list[Written](), list[int]()
    for title, lines in texts:
        parts += lines
        if sum([len(line.forms) for line in lines]) >= _BODY:
            parts.append(_title(title))
        edges.append(len(parts))
    codes = np.concatenate(_codes(known, parts)) if parts else np.empty(0, np.int32)
    if not len(codes):
        nothing = np.empty(0, np.int64)
        return [Vector(known, nothing, nothing, 0) for _ in texts]
    ends = np.cumsum([0, *[len(part.forms) for part in parts]])[edges]
    rows = np.repeat(np.arange(len(texts)), np.diff(ends, prepend=0))
    told = np.sort(rows << _ROW | codes)
    first = _firsts(told >> 2)
    words, small = told[first], np.add.reduceat(told & 3 == _SMALL, first, dtype=np.int64)
    counts = np.append(first[1:], len(told)) - first
    # a name has a capital letter wherever it stands in the text, and that is sorted first
    named = (words & 3 == _CAPITAL) & (small == 0)
    numbers = (words & _IN_ROW) >> 2
    weights = np.rint(np.where(named, known.name[numbers], known.weight[numbers]) * _mentions(counts) * _UNIT).astype(np.int64)
    return _summed(known, len(texts), words >> _ROW << _ROW | known.counts_as[numbers], weights)


def _summed(known: Lexicon, count: int, terms: Whole, weights: Whole) -> list[Vector]:
    """The vectors of ``count`` texts. ``terms``: of each of their words the text's row and what it counts as."""
    order = np.argsort(terms)
    terms = terms[order]
    first = _firsts(terms)
    terms, weights = terms[first], np.add.reduceat(weights[order], first)
    numbers = terms & _IN_ROW
    edges = np.searchsorted(terms, np.arange(count + 1) << _ROW).tolist()
    made = []
    for begin, end in pairwise(edges):
        there = slice(begin + (begin < end and not numbers[begin]), end)  # 0 has no weight
        mine = weights[there].copy()
        made.append(Vector(known, numbers[there].copy(), mine, int(mine @ mine)))
    return made


def _firsts(ordered: Whole) -> NDArray[np.intp]:
    """Where each value begins, of a row in which equal ones are neighbours; it is not empty."""
    begins = np.empty(len(ordered), np.bool_)
    begins[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=begins[1:])
    return np.flatnonzero(begins)


def _mentions(counts: Whole) -> NDArray[np.float64]:
    if counts.max() < _OFTEN:
        return _MENTIONS[counts]
    return np.array([1 + math.log(count) for count in counts.tolist()])


def cosine(one: Vector, other: Vector) -> float:
    """Of two vectors: 0 (nothing in common) to 1. The same for swapped sides, to the last bit."""
    if not (one.square and other.square):
        return 0.0
    return min(1.0, _product(one, other) / math.sqrt(one.square * other.square))


def _product(one: Vector, other: Vector) -> int:
    if one.lexicon is not other.lexicon:
        there = dict(zip(one.terms, one.weights.tolist(), strict=True))
        return sum(there.get(term, 0) * weight for term, weight in zip(other.terms, other.weights.tolist(), strict=True))
    if len(one.numbers) > len(other.numbers):
        one, other = other, one
    places = np.searchsorted(other.numbers, one.numbers)
    places[places == len(other.numbers)] = 0
    common = other.numbers[places] == one.numbers
    return int(one.weights[common] @ other.weights[places[common]])
