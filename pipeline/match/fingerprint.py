"""What a text is found by: digests that decide sameness, hashed word 8-grams that find shared text (facts/matching, cascade 2, 3)."""

from __future__ import annotations

import hashlib
import struct
from functools import partial
from itertools import accumulate

from pipeline.match.reading import read
from pipeline.match.topics import topics
from pipeline.match.typography import even, evened
from pipeline.model import Article, Fingerprint
from pipeline.repeated import countable
from pipeline.sampled import kept
from pipeline.text import normalise

SHINGLE = 8  # words; an index of sampled 8-grams proposed 99.8 to 100 % of real reuse (facts/matching)


def digest(*parts: str) -> str:
    """blake2b-128 in hex of some texts; where one ends and the next begins is part of it."""
    data = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def shingles(forms: list[str]) -> tuple[int, ...]:
    """Signed 64-bit hashes of all word 8-grams, distinct, in order of their first place. A shorter text is one shingle; no words, none."""
    if not forms:
        return ()
    data = "\x1f".join(forms).encode("utf-8", "surrogatepass")
    sizes = map(len, forms if data.isascii() else data.split(b"\x1f"))
    starts = [0, *accumulate(map((1).__add__, sizes))]
    width = min(SHINGLE, len(forms))
    made = map(partial(hashlib.blake2b, digest_size=8), [data[i : j - 1] for i, j in zip(starts, starts[width:], strict=False)])
    hashes = [one.digest() for one in made]
    return tuple(dict.fromkeys(struct.unpack(f">{len(hashes)}q", b"".join(hashes))))


def body_digest(forms: list[str]) -> str:
    """Of a text's words, whatever their typography; "" for none."""
    return digest(" ".join(forms)) if forms else ""


def fingerprint(article: Article) -> Fingerprint:
    """The fingerprint of an article. Never raises; a text without words has no body digest, for it is identical to nothing."""
    this = read(evened(article, even(article.text)))  # what is new is compared next, and may be what the next one is compared with
    forms = this.words.forms
    hashes = shingles(forms)
    credit = article.credit or ""
    return Fingerprint(
        body_digest=body_digest(forms),
        content_digest=digest(normalise(article.title), normalise(article.text), *map(normalise, article.authors), normalise(credit)),
        shingles=hashes,
        sample=kept(hashes, len(forms)),
        length=len(forms),
        sentences=countable([forms[first:last] for _, _, first, last in this.said]),
        topics=topics(this.topic(None), article.language),
    )


def full(fp: Fingerprint) -> tuple[int, ...]:
    """What is stored of a seed: every shingle, so that recall against a seed does not depend on sampling."""
    return fp.shingles
