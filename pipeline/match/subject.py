"""What new sentences are on: a name that comes again in them and is not in the other text. Silent when nothing stands out.

Works by spelling alone: capitals where a script has them, the repetition of a word elsewhere. Where there are capitals a word without one
is no subject: what comes again in a few sentences is as often "would" or "image". Scripts without spaces have no words to count here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set
from functools import lru_cache
from typing import NamedTuple

from pipeline.text import Tokens, tokens

READ = 20  # sentences that are looked at
ACRONYM = 5  # letters up to which capitals alone are a name
LONG = 5  # letters of a word that is no name
KNOWN = 100  # words of the other text from which on a word that is not in it says something
OUT = 3  # what stands out is in every third sentence
NAMES = 3  # words of a name at most

_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


class _Said(NamedTuple):
    """A sentence, with what of it may be a subject: of its words those written as names are, and the long ones of scripts without
    capitals."""

    text: str
    words: Tokens
    names: tuple[int, ...]
    long: frozenset[str]


@lru_cache(maxsize=1024)  # what is new in an article is so against most of its suspects
def _read(sentence: str) -> _Said:
    words = tokens(sentence)
    capitals = [n for n, start in enumerate(words.starts) if n and sentence[start].isupper()]
    names = tuple(n for n in capitals if _capital(sentence, words.starts[n], words.ends[n]))
    if sentence.isascii():
        return _Said(sentence, words, names, frozenset())
    long = {form for form in words.forms if len(form) >= LONG and form.upper() == form and form.isalpha()}
    return _Said(sentence, words, names, frozenset(long))


def subject(new: Sequence[str], other: Sequence[str], known: Set[str] | None = None) -> str:
    """The subject of the sentences ``new``; ``other``: forms of the other text's words, ``known``: the same in no order, where it is at
    hand. "" when nothing stands out."""
    if not new:
        return ""
    known = known if known is not None else frozenset(other)
    new = [sentence for sentence in new[:READ] if sentence.isascii() or not _UNSPACED.search(sentence)]
    names, words = Counter[str](), Counter[str]()
    for one in map(_read, new):
        if one.names:
            names.update(_names(one, known))
        if one.long:
            words.update(one.long - known)
    said = [(count, len(name), name) for name, count in names.items() if len(names) == 1 or (count > 1 and OUT * count >= len(new))]
    if said:
        return max(said)[2]
    if len(other) < KNOWN:
        return ""
    again = [(count, len(word), word) for word, count in words.items() if count > 1 and OUT * count >= len(new)]
    return max(again)[2] if again else ""


def _names(said: _Said, known: Set[str]) -> set[str]:
    """Names of one sentence that the other text does not know: words with a capital that stand behind others, runs of them as one."""
    names, run = set[str](), list[int]()
    sentence, (forms, starts, ends) = said.text, said.words
    inside = [n for n in said.names if forms[n] not in known]
    for n in [*inside, 0]:
        if run and n == run[-1] + 1 and sentence[ends[n - 1] : starts[n]] in (" ", "-"):
            run.append(n)
            continue
        if run and len(run) <= NAMES:
            names.add(sentence[starts[run[0]] : ends[run[-1]]])
        run = [n]
    return names


def _capital(sentence: str, start: int, end: int) -> bool:
    """Whether a word with a capital is written as names are, not as the first of a quote or a clause."""
    if end - start <= 1:
        return False
    before = sentence[start - 2 : start].strip(" \u00a0") if start else ""
    shouted = end - start > ACRONYM and sentence[start:end].isupper()
    return not shouted and not before.endswith((".", "!", "?", ":", '"', "“", "„", "«", "‘", "'"))
