"""Text as a full-text index stores it, and a person's search as it is asked of one.

Pure. Another form of the same words is a corrupt index: what is stored was made by one version of this (``store/unindex.py``).
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import filterfalse, pairwise
from typing import NamedTuple

from pipeline.text import APOSTROPHE, MARK, SINGLE, TOKEN, formed, repair, word_form


class Query(NamedTuple):
    """A parsed search. Every phrase of ``wanted`` must be there and none of ``unwanted``; a phrase is terms that follow each other."""

    wanted: tuple[tuple[str, ...], ...] = ()
    unwanted: tuple[tuple[str, ...], ...] = ()


_FOLD = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"})
_ELISION = re.compile(rf"^(?:[cdjlmnst]|qu)[{APOSTROPHE}](?=\w{{2}})")
_POSSESSIVE = re.compile(rf"[{APOSTROPHE}]s$")
_SHORT = 32  # characters of what is remembered: a text without spaces is all one word
_ALONE, _ALONE_RUN = re.compile(f"[{SINGLE}]"), re.compile(f"((?:[{SINGLE}][{MARK}]*)+)")


@lru_cache(maxsize=1 << 14)
def _folded(word: str) -> tuple[str, ...]:
    """The terms of one word: case and accents folded, possessive and French elision dropped. 3.8 is two: databases cut there."""
    form = word_form(_POSSESSIVE.sub("", _ELISION.sub("", word)))
    if not form.isascii():
        bare = "".join(c for c in formed("NFKD", form) if not "\u0300" <= c <= "\u036f")
        form = formed("NFKC", bare.translate(_FOLD))
    return tuple(re.findall(r"[^\W_]+", form))


@lru_cache(maxsize=1 << 14)
def _terms(lower: str) -> str:
    """Folded words; runs of scripts without spaces as overlapping pairs of characters, a lone one as itself."""
    terms: list[str] = []
    for part in _ALONE_RUN.split(lower) if _ALONE.search(lower) else (lower,):
        if part and _ALONE_RUN.match(part):
            run = [word_form(word) for word in TOKEN.findall(part)]
            terms += [a + b for a, b in pairwise(run)] or run
        else:
            words = TOKEN.findall(part)
            odd = {word: _folded(word) for word in set(words) if not (word.isascii() and word.isalnum())}
            terms += [term for word in words for term in odd.get(word, (word,))] if odd else words
    return " ".join(terms)


def search_terms(text: str) -> str:
    """What a full-text index stores of a text, and what a query is turned into: terms separated by single spaces, in order.

    Terms are letters and digits, which plain tokenizers (FTS5 ``unicode61 remove_diacritics 0``, PostgreSQL ``simple``) leave as they are.
    A lone character of a script without spaces matches as a prefix of a pair only. No term goes over a space; where most of what stands
    between two is a plain word, the others (a comma behind a word) are cut one by one, and were mostly met before.
    """
    chunks = (lower := repair(text).lower()).split()
    known = set(chunks)
    odd = {*filterfalse(str.isalnum, known), *filterfalse(str.isascii, known)}
    if 2 * len(odd) > len(known):
        return _terms.__wrapped__(lower)
    terms = {chunk: (_terms if len(chunk) <= _SHORT else _terms.__wrapped__)(chunk) for chunk in odd}
    return " ".join(filter(None, map(terms.get, chunks, chunks)))


def search_query(query: str) -> Query:
    """A person's search, parsed: words, "phrases in quotes", -exclusions (of a word or a phrase). Never raises; all is optional.

    A word that gives several terms (3.8, 東京都) is a phrase of them.
    """
    wanted, unwanted = list[tuple[str, ...]](), list[tuple[str, ...]]()
    for match in re.finditer(r"(?P<minus>(?<!\S)-)?(?:[\"“”„](?P<phrase>[^\"“”]*)[\"“”]?|(?P<word>[^\s\"“”„]+))", query):
        terms = tuple(search_terms(match["phrase"] if match["phrase"] is not None else match["word"]).split())
        if terms:
            (unwanted if match["minus"] else wanted).append(terms)
    return Query(tuple(wanted), tuple(unwanted))
