"""What an archive tells of words: in how many of its stories each stands. Names that are in the news every day then say less.

Learned now and then from a sample (``learn``), handed to the judge as a value, and unpacked once in each process.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.match.lexicon import Lexicon
from pipeline.match.similarity import Vector, vector
from pipeline.model import Vocabulary

SEEN: Final = 3  # stories a word must stand in to be kept: of a rarer one nothing is known
WORDS: Final = 8192  # kept at most, the commonest: some 30 kB compressed
FORCE: Final = 0.5
"""How far the archive is believed: the exponent of a word's inverse document frequency. The looks of a word say the rest. At 1 a text on
the subject an archive is made of would be close to nothing in it; at 0.5 similarities stay on one scale, with and without an archive."""
BELIEVED: Final = 0.85
"""What an archive's similarity is divided by before it counts: it must be this much below the one by looks to take anything away. So a
small archive, whose words waver with what came first, takes away little. Chosen on development data."""


def learn(texts: Iterable[tuple[str, str]], articles: int) -> Vocabulary:
    """From (title, text) of a sample of an archive of ``articles``."""
    counts: Counter[str] = Counter()
    size = 0
    for title, text in texts:
        counts.update(vector(title, text).terms)
        size += 1
    kept = sorted(((count, word) for word, count in counts.items() if count >= SEEN), key=lambda one: (-one[0], one[1]))[:WORDS]
    lines = [str(size), *(f"{word} {count}" for count, word in kept)]
    return Vocabulary(articles=articles, counts=zlib.compress("\n".join(lines).encode("utf-8", "replace"), 6))


@lru_cache(maxsize=2)
def kept(vocabulary: Vocabulary) -> Vocabulary:
    """The one that was met first of equal ones: with each job comes a new one, and what was reckoned with it is kept by it."""
    return vocabulary


class Rarity:
    """What a word's weight is multiplied by: ``known`` words by their factor, which is less the commoner one is; ``others`` all alike. All
    factors are above 0 and at most 1."""

    def __init__(self, known: Mapping[str, float], others: float) -> None:
        self.known, self.others = known, others
        self._factors: tuple[Lexicon | None, NDArray[np.float64]] = None, np.empty(0)

    def of(self, vector: Vector) -> NDArray[np.float64]:
        """The factor of each of its terms."""
        lexicon, factors = self._factors
        if lexicon is not vector.lexicon:
            factors = np.empty(0)
        if new := vector.lexicon.terms[len(factors) :]:
            factors = np.concatenate((factors, [self.known.get(term, self.others) for term in new]))
            self._factors = vector.lexicon, factors
        return factors[vector.numbers]


@lru_cache(maxsize=2)
def rarity(vocabulary: Vocabulary) -> Rarity:
    """Unpacks what was learned."""
    size, *lines = zlib.decompress(vocabulary.counts).decode("utf-8").split("\n")
    if not lines:  # of no word was anything learned: as yet there are seeds alone
        return Rarity({}, 1.0)
    stories = int(size)
    most = math.log(1 + 2 * stories)

    def factor(count: int) -> float:
        return float((math.log(1 + stories / (count + 0.5)) / most) ** FORCE)

    told = (line.rpartition(" ") for line in lines)
    return Rarity({word: factor(int(count)) for word, _, count in told}, factor(1))


def weighed(words: Vector, vocabulary: Vocabulary) -> Vector:
    """A text's vector as an archive has it."""
    return words.times(rarity(vocabulary).of(words))


def heard(looks: float, archive: float) -> float:
    """The similarity that decides. ``looks``: by the looks of words alone; ``archive``: as the archive weighs them. → 0 to 1: what it tells
    can only take away, so that what came in before anything was learned was never told to be less related than what comes after it."""
    return min(looks, archive / BELIEVED)
