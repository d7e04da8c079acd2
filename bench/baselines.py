"""What others find shared text with, each in the few lines it takes: for the table of `matching.py`.

A method is made of texts and then scores two of them. Which threshold counts as "found" is the well-known one; `matching.py` shows beside
it the best one on the data, which no monitor could know beforehand.
"""

from __future__ import annotations

import hashlib
import importlib.util
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Score = Callable[[int, int], float]
"""Of two texts by their places: the more, the nearer. A method that only says yes or no says 1 or 0."""

SHINGLE = 5  # words; what MinHash is usually given
PERMUTATIONS = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """``fit``: texts → their score. ``known``: the thresholds it is used with. ``graded``: other thresholds make sense.

    ``needs``: a library that only the benches use; ``topical``: its score may be read as closeness of subject.
    """

    name: str
    fit: Callable[[Sequence[str]], Score]
    known: tuple[float, ...]
    graded: bool = True
    topical: bool = True
    needs: str | None = None

    @property
    def here(self) -> bool:
        """Whether it can be run."""
        return self.needs is None or importlib.util.find_spec(self.needs) is not None


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def shingles(text: str, size: int) -> list[str]:
    """Distinct; a shorter text is one shingle."""
    found = words(text)
    return list(dict.fromkeys(" ".join(found[i : i + size]) for i in range(max(1, len(found) - size + 1))))


def exact(texts: Sequence[str]) -> Score:
    """SHA-256 of the words."""
    digests = [hashlib.sha256(" ".join(words(text)).encode()).digest() for text in texts]
    return lambda a, b: float(digests[a] == digests[b])


def simhash(texts: Sequence[str]) -> Score:
    """Charikar 2002 on words with their counts, 64 bits; the share of bits that agree."""
    prints = [_simhash(Counter(words(text))) for text in texts]
    return lambda a, b: 1 - (prints[a] ^ prints[b]).bit_count() / 64


def _simhash(counts: Counter[str]) -> int:
    sums = [0] * 64
    for word, count in counts.items():
        value = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")
        for bit in range(64):
            sums[bit] += count if value >> bit & 1 else -count
    return sum(1 << bit for bit in range(64) if sums[bit] > 0)


def containment(texts: Sequence[str]) -> Score:
    """Broder 1997 on word 3-grams: the share of the one that stands in the other, the larger direction."""
    grams = [frozenset(shingles(text, 3)) for text in texts]
    return lambda a, b: len(grams[a] & grams[b]) / max(1, min(len(grams[a]), len(grams[b])))


def tf_idf(texts: Sequence[str]) -> Score:
    """Cosine; the weights are learned from these very texts, all of them at once."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    rows = TfidfVectorizer(sublinear_tf=True).fit_transform(texts)
    vectors = [dict(zip(rows[n].indices.tolist(), rows[n].data.tolist(), strict=True)) for n in range(rows.shape[0])]

    def cosine(a: int, b: int) -> float:
        one, other = sorted((vectors[a], vectors[b]), key=len)
        return math.fsum(weight * other[word] for word, weight in one.items() if word in other)

    return cosine


def rensa(texts: Sequence[str]) -> Score:
    """The share of 5-word shingles both have (Jaccard), estimated by rensa."""
    prints = _rensa_prints(texts)
    return lambda a, b: prints[a].jaccard(prints[b])


def rensa_lsh(bands: int) -> Callable[[Sequence[str]], Score]:
    """Whether its index proposes the one for the other: bands of PERMUTATIONS / bands."""

    def fit(texts: Sequence[str]) -> Score:
        import rensa

        prints = _rensa_prints(texts)
        index = rensa.RMinHashLSH(threshold=0.0, num_perm=PERMUTATIONS, num_bands=bands)
        for n, made in enumerate(prints):
            index.insert(n, made)
        return _proposed(index.query(made) for made in prints)

    return fit


def _rensa_prints(texts: Sequence[str]) -> list:
    import rensa

    prints = []
    for text in texts:
        made = rensa.RMinHash(num_perm=PERMUTATIONS, seed=1)
        made.update(shingles(text, SHINGLE))
        prints.append(made)
    return prints


def datasketch(texts: Sequence[str]) -> Score:
    """The same, estimated by datasketch."""
    prints = _datasketch_prints(texts)
    return lambda a, b: float(prints[a].jaccard(prints[b]))


def datasketch_lsh(threshold: float) -> Callable[[Sequence[str]], Score]:
    """Whether its index, made for this threshold, proposes the one for the other."""

    def fit(texts: Sequence[str]) -> Score:
        from datasketch import MinHashLSH

        prints = _datasketch_prints(texts)
        index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
        for n, made in enumerate(prints):
            index.insert(n, made)
        return _proposed(index.query(made) for made in prints)

    return fit


def _datasketch_prints(texts: Sequence[str]) -> list:
    from datasketch import MinHash

    prints = []
    for text in texts:
        made = MinHash(num_perm=PERMUTATIONS, seed=1)
        made.update_batch([shingle.encode() for shingle in shingles(text, SHINGLE)])
        prints.append(made)
    return prints


def _proposed(answers: Iterable[Iterable[int]]) -> Score:
    near = [frozenset(answer) for answer in answers]
    return lambda a, b: float(b in near[a])


METHODS = (
    Method(name="digest of the words", fit=exact, known=(1.0,), graded=False, topical=False),
    Method(name="SimHash-64, Hamming ≤ 3", fit=simhash, known=(1 - 3 / 64,)),
    Method(name="containment, 3 words, ≥ .4", fit=containment, known=(0.4,)),
    Method(name="TF-IDF cosine", fit=tf_idf, known=(0.5, 0.8), needs="sklearn"),
    Method(name="MinHash Jaccard, rensa, ≥ .85", fit=rensa, known=(0.85,), needs="rensa"),
    # rensa is told bands, not a threshold: 32 of 4 rows lean towards finding (.42), 8 of 16 rows stand for .88
    Method(name="MinHash LSH, rensa, t = .5", fit=rensa_lsh(32), known=(1.0,), graded=False, topical=False, needs="rensa"),
    Method(name="MinHash LSH, rensa, t = .85", fit=rensa_lsh(8), known=(1.0,), graded=False, topical=False, needs="rensa"),
    Method(name="MinHash Jaccard, datasketch, ≥ .85", fit=datasketch, known=(0.85,), needs="datasketch"),
    Method(name="MinHash LSH, datasketch, t = .5", fit=datasketch_lsh(0.5), known=(1.0,), graded=False, topical=False, needs="datasketch"),
    Method(
        name="MinHash LSH, datasketch, t = .85", fit=datasketch_lsh(0.85), known=(1.0,), graded=False, topical=False, needs="datasketch"
    ),
)
