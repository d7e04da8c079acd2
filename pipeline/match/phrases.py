"""Many fixed phrases looked for in a text at once: those that have a word in common are looked for by it first."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

_MET = 1 << 16  # words that are remembered, but for those of more than …
_LONG = 64  # letters
_BEGINNING = 7  # letters of a word that tell it: "subscription", "subscriber"
_APART = dict.fromkeys(map(ord, ".,_'"), " ")


class Dull:
    """Words in which nothing stands that is looked for, remembered as they are met: where there are no others, nothing needs to be looked
    for. ``telling``: what is not dull, of several kinds; a space is where a word begins or ends."""

    def __init__(self, *telling: Iterable[str]) -> None:
        self._telling = [[one for one in set(some) if not any(other in one for other in some if other != one)] for some in telling]
        self._dull, self._others = set[str](), dict[str, int]()

    def but(self, words: Collection[str]) -> int:
        """Whether a word tells something of a kind: 1 for the first, 2 for the second; 0 when all of them are dull."""
        dull, known = self._dull, self._others  # another thread may begin anew meanwhile
        if dull.issuperset(words):
            return 0
        others, told = set(words) - dull, 0
        for word in others & known.keys():
            told |= known[word]
            others.remove(word)
        return told | self._meet(others) if others else told

    def _meet(self, words: set[str]) -> int:
        if len(self._dull) + len(self._others) > _MET:
            self._dull, self._others = set(), {}
        if told := self._told(words):
            others = {word: kinds for word in words if (kinds := self._told([word]))}
            self._others.update((word, kinds) for word, kinds in others.items() if len(word) <= _LONG)
            words = words.difference(others)
        self._dull.update(word for word in words if len(word) <= _LONG)
        return told

    def _told(self, words: Iterable[str]) -> int:
        among = f" {' '.join(words)} ".translate(_APART)
        return sum(any(map(among.__contains__, some)) << n for n, some in enumerate(self._telling))


class Phrases:
    """``common``: what stands in several of the phrases, so that one look tells that none of them is there.

    ``telling``: for ``Dull``.
    """

    def __init__(self, phrases: Iterable[str], common: Sequence[str]) -> None:
        groups: dict[str, list[str]] = {}
        for phrase in phrases:
            groups.setdefault(next((word for word in common if word in phrase), phrase), []).append(phrase)
        self._plain = [(word, some) for word, some in groups.items() if word.isascii()]
        self._others = [(word, some) for word, some in groups.items() if not word.isascii()]
        self.telling = {_telling(phrase) for some in groups.values() for phrase in some}

    def within(self, text: str) -> list[str]:
        """Those that stand in a text."""
        groups = self._plain if text.isascii() else self._plain + self._others
        return [phrase for word, some in groups if word in text for phrase in some if phrase in text]


def _telling(phrase: str) -> str:
    """The longest word of a phrase, or how it begins: where none of a text's words has it, the phrase is not there."""
    word = max(re.finditer(r"[^\W\d_]+", phrase), key=lambda match: len(match.group()))
    told = word.group()[:_BEGINNING]
    return (" " if word.start() else "") + told + (" " if word.end() < len(phrase) and told == word.group() else "")
