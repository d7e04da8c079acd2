"""What a text is about, as a few hashes: its weightiest words. A seed is found by those it has in common with an article."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from pipeline.match.similarity import Vector

WORDS = 60  # of a text's some 150 weighed words: two texts that are related share 13 of them in the middle, 4 or more in 999 of 1,000

BANDS_FROM = 1 << 32  # numbers of languages are below, those of ``languages.bands`` above; hashes of words are negative


def topics(vector: Vector, language: str | None) -> tuple[int, ...]:
    """Hashes of a text's ``WORDS`` weightiest words, the weightiest first, and the number of its language if it is known."""
    words = tuple(map(_hash, vector.weightiest(WORDS)))
    return (*words, int.from_bytes(language.encode("utf-8", "replace")[:3], "big")) if language else words


@lru_cache(maxsize=1 << 14)  # words come again and again
def _hash(form: str) -> int:
    value = int.from_bytes(hashlib.blake2b(form.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)
    return value if value < 0 else ~value


def subject(vector: Vector, most: int = 40) -> tuple[str, ...]:
    """A text's weightiest words, the weightiest first, each as the beginning that its forms have in common."""
    return tuple(vector.weightiest(most))
