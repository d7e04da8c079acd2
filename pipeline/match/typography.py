"""One typography for all that is compared: what a page's typesetting adds (no-break and doubled spaces, soft hyphens, empty lines, marks
that nobody sees, letters in two pieces) says nothing of a text, and must not decide what is a credit, a byline or a quote.

Places lead back to the text as it is stored.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.model import Article, Match, Passage
from pipeline.text import INVISIBLE, formed, normalise, repaired

_KEPT = 256  # texts; most are even, and kept as themselves, the others with 4 bytes a character beside them
_KEPT_UP_TO = 30_000  # code points, as of readings

# one character for one
_ALIKE = {
    **dict.fromkeys("\t\x1c\x1d\x1e\x1f\u00a0\u1680\u202f\u205f\u3000", " "),
    **dict.fromkeys(map(chr, range(0x2000, 0x200B)), " "),
    **dict.fromkeys("\r\x0b\x0c\x85\u2028\u2029", "\n"),
    **dict.fromkeys("\u02bc\u02b9\u2032\u201b\u00b4\uff07", "'"),
    **dict.fromkeys("\u2033\u201f\uff02\u301d\u301e\u301f", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2212\ufe58\ufe63\uff0d", "-"),
    **{wide: unicodedata.normalize("NFKC", wide) for wide in map(chr, range(0xFF10, 0xFF5B)) if wide.isalnum()},
}
# what takes another number of characters: spaces at the ends, or several; what is not seen; letters that are set as one, or in pieces
_SPACES = re.compile(r"\s\s+|\A\s|\s\Z")
_UNSEEN = re.compile(f"[{INVISIBLE}]+")
_LETTERS = re.compile("[\ufb00-\ufb06]|[^\\W\\d_][\u0300-\u036f]+")
_LIGATURES_AND_PIECES = "\ufb00-\ufb06\u0300-\u036f"
_JOINED = re.compile(f"[{_LIGATURES_AND_PIECES}]")
_SIGNS = re.compile(f"[{INVISIBLE}{re.escape(''.join(_ALIKE))}{_LIGATURES_AND_PIECES}]")  # of a text that may be set otherwise
# of Windows-1252: the bytes that are as most pages set them, but for those with which mojibake begins
_LEADS = bytes(range(0xC2, 0xF5))
_EVEN = bytes(n for n in range(256) if n not in _LEADS and not _SIGNS.match(bytes([n]).decode("cp1252", "replace")))


@dataclass(frozen=True, slots=True)
class Even:
    """A text in one typography. ``was``: as it is stored; ``places``: of each of its characters, and of its end, the place there; None: the
    same."""

    text: str
    was: str
    places: Sequence[int] | None = None

    def slice(self, start: int, end: int) -> tuple[int, int]:
        """Where a slice of it, which is not empty, stands in the text as it was."""
        if self.places is None:
            return start, end
        first = self.places[start]
        last = whole = max(self.places[end], first + 1)
        while last > first + 1 and (self.was[last - 1].isspace() or self.was[last - 1] in INVISIBLE):
            last -= 1
        # half of a broken letter ("\u00c3\u00a0" is an \u00e0) is no space
        return first, last if last == whole or normalise(self.was[first:last]) == normalise(self.was[first:whole]) else whole

    def said(self, sentence: str) -> str:
        """A sentence of it as it was."""
        at = self.text.find(sentence)
        if not sentence or at < 0:
            return sentence
        first, last = self.slice(at, at + len(sentence))
        return self.was[first:last]


def _is_even(text: str) -> bool:
    """Whether a text is set as most are. Asked of each: to look at every character of one costs more than all of this."""
    if "  " in text or "\n\n" in text or " \n" in text or "\n " in text or text != text.strip():
        return False
    try:
        odd = (text.encode() if text.isascii() else text.encode("cp1252")).translate(None, _EVEN)
    except UnicodeEncodeError:
        return not _SIGNS.search(text) and repaired(text)[1] is None
    return not odd or (not odd.translate(None, _LEADS) and repaired(text)[1] is None)


def _evened(match: re.Match[str]) -> str:
    found = match.group()
    if not found.isspace():
        return formed("NFKC" if len(found) == 1 else "NFC", found)
    if match.start() == 0 or match.end() == len(match.string):
        return ""
    return "\n" if "\n" in found else " "


def even(text: str) -> Even:
    """A text in one typography, with the way back."""
    return _kept(text) if len(text) <= _KEPT_UP_TO else _even(text)


def _even(text: str) -> Even:
    if _is_even(text):
        return Even(text, text)
    made, places = repaired(text)
    for mark, one in _ALIKE.items():
        made = made.replace(mark, one)
    for odd in (_UNSEEN, _SPACES, _LETTERS) if _JOINED.search(made) else (_UNSEEN, _SPACES):
        parts, moved, done = list[str](), list[int](), 0
        for match in odd.finditer(made):
            better = "" if odd is _UNSEEN else _evened(match)
            start, end = match.span()
            parts += (made[done:start], better)
            moved += range(done, start)
            moved += [start + n * (end - start) // len(better) for n in range(len(better))]
            done = end
        if done:
            moved += range(done, len(made) + 1)
            made = "".join(parts) + made[done:]
            places = moved if places is None else [places[n] for n in moved]
    return Even(made, text, range(len(text) + 1) if places is None else array("i", places))


_kept = lru_cache(maxsize=_KEPT)(_even)


def evened(article: Article, told: Even) -> Article:
    """An article with its text in one typography (``even`` of it); itself where it is."""
    return article if told.places is None else replace(article, text=told.text)


def as_stored(match: Match, this: Even, that: Even) -> Match:
    """A verdict on two texts that were evened: its places and sentences are those of the texts as they are stored."""
    if this.places is None and that.places is None:
        return match

    def placed(passages: Sequence[Passage]) -> list[Passage]:
        ends = [(*this.slice(one.start, one.end), *that.slice(one.other_start, one.other_end)) for one in passages]
        return [Passage(start=a, end=b, other_start=c, other_end=d) for a, b, c, d in ends]

    def alike(one: Passage) -> bool:  # "`" is a mark in a text that is all ASCII, and an apostrophe in another
        return normalise(this.was[one.start : one.end]) == normalise(that.was[one.other_start : one.other_end])

    new = match.new_sentences if this.places is None else tuple(map(this.said, match.new_sentences))
    passages = tuple(filter(alike, placed(match.passages)))
    return replace(match, passages=passages, translated=tuple(placed(match.translated)), new_sentences=new)
