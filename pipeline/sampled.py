"""Which hashes of a text are kept, which it is found by, and which are therefore asked for: the room that hashes and the one that stores
must agree on it.

Hashes are signed 64-bit numbers, spread evenly: of those from 0 below 2⁶⁰ there is one in sixteen, of those below 2⁶² one in four.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

SHORT: Final = 150  # tokens; a shorter text is kept in full, for a sample of so few may hold nothing (facts/matching)
LONG_BELOW: Final = 1 << 60  # of a longer text one hash in sixteen is kept, about 45 rows an article (facts/matching)
SHORT_BELOW: Final = 1 << 62
"""A short text is found by one hash in four: of 33 that it shares with another (40 tokens in a row, less is no reuse) none is among them
once in 13,000 times. What it is found by only finds it: how much is shared is counted with all that is kept of it."""
BRIEF: Final = 40  # tokens; of a text below it all hashes find it, for they are few, and it can share no more


def below(hashes: Iterable[int], bound: int) -> tuple[int, ...]:
    """Those from 0 up to ``bound``, in their order."""
    return tuple([value for value in hashes if 0 <= value < bound])


def kept(hashes: tuple[int, ...], length: int) -> tuple[int, ...]:
    """Those that are kept of a text of ``length`` tokens."""
    return hashes if length < SHORT else below(hashes, LONG_BELOW)


def finding(kept: Iterable[int], length: int) -> tuple[int, ...]:
    """Those by which a text of ``length`` tokens is found, of those that are kept of it."""
    if length < BRIEF:
        return tuple(kept)
    return below(kept, SHORT_BELOW if length < SHORT else LONG_BELOW)


def asked(hashes: tuple[int, ...], length: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Of a new text's hashes, those that can find a longer text, and those that can find a short one. A short text asks for all: it may
    share a few words with a brief, and has few hashes."""
    short = below(hashes, SHORT_BELOW)
    return below(short, LONG_BELOW), hashes if length < SHORT else short
