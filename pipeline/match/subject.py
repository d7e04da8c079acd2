"""What new sentences are on: a name that comes again in them and is not in the other text. Silent when nothing stands out.

Works by spelling alone: capitals where a script has them, the repetition of a word elsewhere. Where there are capitals a word without one
is no subject: what comes again in a few sentences is as often "would" or "image". Scripts without spaces have no words to count here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from pipeline.text import Tokens, tokens

READ = 20  # sentences that are looked at
ACRONYM = 5  # letters up to which capitals alone are a name
LONG = 5  # letters of a word that is no name
KNOWN = 100  # words of the other text from which on a word that is not in it says something
OUT = 3  # what stands out is in every third sentence
NAMES = 3  # words of a name at most

_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


_read = lru_cache(maxsize=512)(tokens)  # what is new in an article is so against most of its suspects


def subject(new: Sequence[str], other: Sequence[str]) -> str:
    """The subject of the sentences ``new``; ``other``: forms of the other text's words. "" when nothing stands out."""
    known = set(other)
    new = [sentence for sentence in new[:READ] if sentence.isascii() or not _UNSPACED.search(sentence)]
    names, words = Counter[str](), Counter[str]()
    for sentence in new:
        read = _read(sentence)
        names.update(_names(sentence, read, known))
        words.update({form for form in read.forms if len(form) >= LONG and form.isalpha() and form not in known and form.upper() == form})
    said = [(count, len(name), name) for name, count in names.items() if len(names) == 1 or (count > 1 and OUT * count >= len(new))]
    if said:
        return max(said)[2]
    if len(other) < KNOWN:
        return ""
    again = [(count, len(word), word) for word, count in words.items() if count > 1 and OUT * count >= len(new)]
    return max(again)[2] if again else ""


def _names(sentence: str, words: Tokens, known: set[str]) -> set[str]:
    """Names of one sentence that the other text does not know: words with a capital that stand behind others, runs of them as one."""
    names, run = set[str](), list[int]()
    forms, starts, ends = words
    upper = [n for n, start in enumerate(starts) if sentence[start].isupper()]
    inside = [n for n in upper if n and forms[n] not in known and _capital(sentence, starts[n], ends[n])]
    for n in [*inside, 0]:
        if run and n == run[-1] + 1 and sentence[ends[n - 1] : starts[n]] in (" ", "-"):
            run.append(n)
            continue
        if run and len(run) <= NAMES:
            names.add(sentence[starts[run[0]] : ends[run[-1]]])
        run = [n]
    return names


def _capital(sentence: str, start: int, end: int) -> bool:
    """Whether a word is written as names are, not as the first of a quote or a clause."""
    before = sentence[start - 2 : start].strip(" \u00a0") if start else ""
    shouted = end - start > ACRONYM and sentence[start:end].isupper()
    return (
        end - start > 1
        and sentence[start].isupper()
        and not shouted
        and not before.endswith((".", "!", "?", ":", '"', "“", "„", "«", "‘", "'"))
    )
