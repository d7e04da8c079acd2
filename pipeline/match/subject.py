"""What new sentences are on: a name that comes again in them and is not in the other text. Silent when nothing stands out.

Works by spelling alone: capitals where a script has them, the repetition of a word elsewhere. Where there are capitals a word without one
is no subject: what comes again in a few sentences is as often "would" or "image". Scripts without spaces have no words to count here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from functools import lru_cache
from typing import NamedTuple

from pipeline.text import tokens

READ = 20  # sentences that are looked at
ACRONYM = 5  # letters up to which capitals alone are a name
LONG = 5  # letters of a word that is no name
KNOWN = 100  # words of the other text from which on a word that is not in it says something
OUT = 3  # what stands out is in every third sentence
NAMES = 3  # words of a name at most

_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


_CAPITALS = re.compile("([A-Z][A-Za-z0-9]*(?:['`][A-Za-z0-9]+)*)")
_STRAIGHT = str.maketrans("‘’“”„«»–—…", '\'\'"""""--.')  # one mark for one: places stay
_FIRST = re.compile("[A-Za-z0-9]")


class _Said(NamedTuple):
    """What of a sentence may be a subject: of its words those written as names are (where they stand, and their forms), and the long ones
    of scripts without capitals. ``spaced``: whether there are words to count."""

    names: tuple[tuple[int, int, str], ...] = ()
    long: frozenset[str] = frozenset()
    spaced: bool = True


@lru_cache(maxsize=1024)  # what is new in an article is so against most of its suspects
def _read(sentence: str) -> _Said:
    straight = sentence if sentence.isascii() else sentence.translate(_STRAIGHT)
    capitals = _latin(straight) if straight.isascii() else None
    if capitals is not None:
        return _Said(tuple([told for told in capitals if _capital(sentence, told[0], told[1])]))
    if _UNSPACED.search(sentence):
        return _Said(spaced=False)
    forms, starts, ends = words = tokens(sentence)
    told = [one for n, one in enumerate(zip(starts, ends, forms, strict=True)) if n and sentence[one[0]].isupper()]
    names = tuple([one for one in told if _capital(sentence, one[0], one[1])])
    if straight.isascii():
        return _Said(names)
    return _Said(names, frozenset(form for form in words.forms if len(form) >= LONG and form.upper() == form and form.isalpha()))


def _latin(text: str) -> list[tuple[int, int, str]] | None:
    """The words with a capital that are not the first of a sentence in ASCII, as ``tokens`` has them but without cutting the others; None
    where what stands beside one may belong to it (U.S., o'Neill)."""
    parts = _CAPITALS.split(text)
    if len(parts) == 1:
        return []
    found, end = [], 0
    for before, word, after in zip(parts[::2], parts[1::2], parts[2::2], strict=False):
        start, end = end + len(before), end + len(before) + len(word)
        beside = text[start - 2 : start] if start > 1 else text[:start]
        if (after[:1] in (".", ",") and text[end + 1 : end + 2].isalnum()) or (beside[-1:] in ("'", "`", ".") and beside[:1].isalnum()):
            return None
        if not beside[-1:].isalnum():
            found.append((start, end, word.replace("'", "").replace("`", "").lower()))
    first = _FIRST.search(text)
    return found[1:] if found and first and first.start() == found[0][0] else found


def subject(new: Sequence[str], other: Sequence[str], known: Callable[[], Set[str]] | None = None) -> str:
    """The subject of the sentences ``new``; ``other``: forms of the other text's words, ``known``: gives the same in no order, where it is
    at hand. "" when nothing stands out."""
    if not new:
        return ""
    read = [(sentence, said) for sentence, said in zip(new, map(_read, new[:READ]), strict=False) if said.spaced]
    if not any(said.names or said.long for _, said in read):
        return ""
    words_there = known() if known else frozenset(other)
    names, words = dict[str, int](), dict[str, int]()
    for sentence, said in read:
        for name in _names(sentence, said, words_there) if said.names else ():
            names[name] = names.get(name, 0) + 1
        for word in said.long - words_there if said.long else ():
            words[word] = words.get(word, 0) + 1
    said_most = [(count, len(name), name) for name, count in names.items() if len(names) == 1 or (count > 1 and OUT * count >= len(read))]
    if said_most:
        return max(said_most)[2]
    if len(other) < KNOWN:
        return ""
    again = [(count, len(word), word) for word, count in words.items() if count > 1 and OUT * count >= len(read)]
    return max(again)[2] if again else ""


def _names(sentence: str, said: _Said, known: Set[str]) -> set[str]:
    """Names of one sentence that the other text does not know: words with a capital that stand behind others, runs of them as one."""
    names, run, last, length = set[str](), 0, -1, 0
    for start, end, form in said.names:
        if form in known:
            continue
        if length and sentence[last:start] in (" ", "-"):
            length, last = length + 1, end
            continue
        if 0 < length <= NAMES:
            names.add(sentence[run:last])
        run, last, length = start, end, 1
    if 0 < length <= NAMES:
        names.add(sentence[run:last])
    return names


def _capital(sentence: str, start: int, end: int) -> bool:
    """Whether a word with a capital is written as names are, not as the first of a quote or a clause."""
    if end - start <= 1:
        return False
    before = sentence[start - 2 : start].strip(" \u00a0") if start else ""
    shouted = end - start > ACRONYM and sentence[start:end].isupper()
    return not shouted and not before.endswith((".", "!", "?", ":", '"', "“", "„", "«", "‘", "'"))
