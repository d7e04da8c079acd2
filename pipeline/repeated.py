"""What an outlet prints under story after story: the sentences of a text that are counted for it, and how they are told again.

A sentence is counted once for each *story* of an outlet (store/sentences.py; what one story is: match/retold.py).
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence

from pipeline.text import Tokens, sentences, tokens

WORDS = 6  # a shorter sentence is a heading or a byline (match/sides.SENTENCE) and moves no verdict
FIRST, LAST = 10, 30  # sentences of a text that are counted: an outlet's own words stand at its head, and mostly at its end


def sentence_digest(sentence: str) -> str:
    """What ``Profile.repeated`` holds of a sentence."""
    return digest(tokens(sentence).forms)


def digest(forms: Sequence[str]) -> str:
    """64 bits of a digest of a sentence's words, whatever its typography, in hex. "" for one without."""
    return _hash(forms).hex() if forms else ""


def _hash(forms: Sequence[str]) -> bytes:
    return hashlib.blake2b(" ".join(forms).encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _forms(words: Tokens, span: tuple[int, int]) -> list[str]:
    return words.forms[bisect_left(words.starts, span[0]) : bisect_left(words.starts, span[1])]


def countable(said: Iterable[Sequence[str]]) -> tuple[int, ...]:
    """The sentences of a text that are counted for its outlet: their digests as signed 64-bit numbers, distinct. ``said``: the forms of the
    words of each of its sentences."""
    found = [forms for forms in said if len(forms) >= WORDS]
    counted = found if len(found) <= FIRST + LAST else found[:FIRST] + found[-LAST:]
    return tuple({int.from_bytes(_hash(forms), "big", signed=True) for forms in counted})


def counted_of(text: str) -> tuple[int, ...]:
    """The same of a text that was not read as yet."""
    words = tokens(text)
    return countable(_forms(words, span) for span in sentences(text))


def without(text: str, repeated: Collection[str]) -> tuple[str, tuple[int, ...]]:
    """A text without the paragraphs that are nothing but what its outlet repeats (``Profile.repeated``), and the hashes of what went, which
    go on being counted. A text that is all repeated stays."""
    kept, gone = [], set[int]()
    for line in text.split("\n"):
        told = _told(line)
        if told and all(one in repeated for one in told):
            gone |= {int.from_bytes(bytes.fromhex(one), "big", signed=True) for one in told}
        else:
            kept.append(line)
    return ("\n".join(kept), tuple(sorted(gone))) if kept else (text, ())


def is_repeated(line: str, repeated: Collection[str]) -> bool:
    """Whether a paragraph is nothing but what its outlet repeats."""
    return bool(repeated) and bool(told := _told(line)) and all(one in repeated for one in told)


def _told(line: str) -> list[str]:
    words = tokens(line)
    return [digest(forms) for span in sentences(line) if len(forms := _forms(words, span)) >= WORDS]
