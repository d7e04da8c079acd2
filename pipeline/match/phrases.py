"""Many fixed phrases looked for in a text at once: those that have a word in common are looked for by it first."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

_MET = 1 << 16  # words that are remembered


class Dull:
    """Words in which nothing stands that is looked for, as they are met: of a text with no others nothing needs to be looked for."""

    def __init__(self, telling: str) -> None:
        self._telling, self._met = re.compile(telling), set[str]()

    def all(self, words: Collection[str]) -> bool:
        """Whether all of some words are dull."""
        if self._met.issuperset(words):
            return True
        if len(self._met) > _MET:
            self._met.clear()
        new = set(words) - self._met
        telling = set(filter(self._telling.search, new))
        self._met |= new - telling
        return not telling


class Phrases:
    """``common``: what stands in several of the phrases, so that one look tells that none of them is there."""

    def __init__(self, phrases: Iterable[str], common: Sequence[str]) -> None:
        groups: dict[str, list[str]] = {}
        for phrase in phrases:
            groups.setdefault(next((word for word in common if word in phrase), phrase), []).append(phrase)
        self._plain = [(word, some) for word, some in groups.items() if word.isascii()]
        self._others = [(word, some) for word, some in groups.items() if not word.isascii()]
        self._dull = Dull("|".join({_longest(phrase) for phrases in groups.values() for phrase in phrases}))

    def within(self, text: str, words: Collection[str] | None = None) -> list[str]:
        """Those that stand in a text. ``words``: all that it has, if each of its runs of letters stands in one of them."""
        if words is not None and self._dull.all(words):
            return []
        groups = self._plain if text.isascii() else self._plain + self._others
        return [phrase for word, some in groups if word in text for phrase in some if phrase in text]


def _longest(phrase: str) -> str:
    """What finds the longest word of a phrase, and what may be written in one with it."""
    word = max(re.finditer(r"[^\W\d_]+", phrase), key=lambda match: len(match.group()))
    return ("^" if word.start() else "") + word.group() + ("$" if word.end() < len(phrase) else "")
