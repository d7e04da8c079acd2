"""Many fixed phrases looked for in a text at once: those that have a word in common are looked for by it first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Phrases:
    """``common``: what stands in several of the phrases, so that one look tells that none of them is there."""

    def __init__(self, phrases: Iterable[str], common: Sequence[str]) -> None:
        groups: dict[str, list[str]] = {}
        for phrase in phrases:
            groups.setdefault(next((word for word in common if word in phrase), phrase), []).append(phrase)
        self._plain = [(word, some) for word, some in groups.items() if word.isascii()]
        self._others = [(word, some) for word, some in groups.items() if not word.isascii()]

    def within(self, text: str) -> list[str]:
        """Those that stand in a text."""
        groups = self._plain if text.isascii() else self._plain + self._others
        return [phrase for word, some in groups if word in text for phrase in some if phrase in text]
