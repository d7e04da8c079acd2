"""Where two texts say the same otherwise: figures that changed, wordings that another hand chose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from pipeline.match.align import Chain
from pipeline.match.reading import Reading
from pipeline.text import normalise

_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "ё": "е"})  # where a keyboard lacks the letter
_SMALL = re.findall(
    r"\w+", "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
_UNIT = re.compile(r"(?<=\d)[^\W\d]+$")
_NUMBERS = frozenset(
    [
        *_SMALL[2:],
        *re.findall(r"\w+", "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion"),
    ]
)


class Side(NamedTuple):
    """One text of a pair: its words that are the reporter's own, and those that stand in the other text."""

    reading: Reading
    own: bytearray
    there: bytearray


def figures(this: Side, other: Side, linked: list[Chain]) -> Iterator[tuple[str, str]]:
    """Figures of the story that differ between two shared runs: (the other's, this one's)."""
    for chain in linked:
        for before, after in pairwise(chain):
            old = _numbers(other, before.a + before.length, after.a)
            new = _numbers(this, before.b + before.length, after.b)
            if len(old) == len(new):
                yield from (_bare(was, now) for was, now in zip(old, new, strict=True) if _figure(was) != _figure(now))


def _bare(was: str, now: str) -> tuple[str, str]:
    """Two figures without the letters that hang on both (17건 and 23건)."""
    one, other = _UNIT.search(was), _UNIT.search(now)
    if one and other and one.start() and other.start() and one[0] == other[0]:
        return was[: one.start()], now[: other.start()]
    return was, now


def _figure(word: str) -> str:
    """Two and 2 are one figure."""
    form = normalise(word).replace(",", "")
    return str(_SMALL.index(form)) if form in _SMALL else form


def _numbers(side: Side, first: int, last: int) -> list[str]:
    words, own, quoted = side.reading.words, side.own, side.reading.quoted
    return [
        side.reading.text[words.starts[n] : words.ends[n]]
        for n, form in enumerate(words.forms[first:last], first)
        if (form[0].isdigit() or form in _NUMBERS) and (own[n] or quoted[n])
    ]


def exchanged(this: Reading, other: Reading, linked: list[Chain]) -> Iterator[tuple[list[str], list[str]]]:
    """What stands between two shared runs, the other's words and this one's, but other spellings of the same words. It was replaced where
    the former are not ``figured``."""
    for chain in linked:
        for before, after in pairwise(chain):
            old = other.words.forms[before.a + before.length : after.a]
            new = this.words.forms[before.b + before.length : after.b]
            if old and new and not _same_words(old, new):
                yield old, new


def figured(forms: list[str]) -> bool:
    """Whether a figure is among some words."""
    return any(form[0].isdigit() for form in forms)


def _same_words(old: list[str], new: list[str]) -> bool:
    """Per cent and percent, labour and labor: the same words, spelt otherwise."""
    old, new = ([form if form.isascii() else form.translate(_SPELT) for form in forms] for forms in (old, new))
    return "".join(old) == "".join(new) or all(map(_respelt, old, new))


def _respelt(one: str, other: str) -> bool:
    """Labour and labor, Zelensky and Zelenskyy: half of the shorter word is a common beginning, and the lengths are close."""
    half = max(2, (min(len(one), len(other)) + 1) // 2)
    return one[:half] == other[:half] and abs(len(one) - len(other)) <= 2
