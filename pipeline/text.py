"""Text as the matcher, the store and the terminal need it: cleaned, normalised, cut into words, sentences and quotes.

Pure. Offsets are always code points of the text that was given, never of a cleaned copy.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Literal, NamedTuple

# Scripts without spaces: each character is a token (UAX #29 leaves words to dictionaries): kana, Han, Bopomofo, Thai, Lao, Myanmar, Khmer.
SINGLE = (
    "\u3041-\u3096\u309d-\u30fa\u30fc-\u30ff\u3105-\u312f\u31f0-\u31ff\uff66-\uff9f\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e50-\u0e59\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6\u0ed0-\u0edf"
    "\u1000-\u102a\u103f-\u1049\u1050-\u1055\u1780-\u17b3\u17e0-\u17e9"
)
# What belongs to the letter before it: combining marks, and invisible characters inside a word (soft hyphen, zero-width, BOM).
MARK = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0711\u0730-\u074a\u07a6-\u07b0\u07eb-\u07f3\u08d3-\u0903\u093a-\u094f\u0955-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09d7\u09e2\u09e3"
    "\u0a01-\u0a03\u0a3c-\u0a51\u0a70\u0a71\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57\u0b82\u0bbe-\u0bd7\u0c00-\u0c04\u0c3e-\u0c56"
    "\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03\u0d3b-\u0d57\u0d82\u0d83\u0dca-\u0ddf\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc"
    "\u0ec8-\u0ece\u0f71-\u0f84\u0f8d-\u0fbc\u102b-\u103e\u1056-\u1059\u135d-\u135f\u17b4-\u17d3\u17dd\u180b-\u180e\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u200b-\u200d\u2060\u20d0-\u20f0\u302a-\u302f\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f\ufeff"
)
APOSTROPHE = "'\u2018\u2019\u201b\u2032\u00b4`\ufffd"
_LETTER = rf"[^\W_{SINGLE}]"
_WORD = (  # letters and digits; joined by marks, an apostrophe (don't), a figure's point (3.8) or an abbreviation's (U.S., p.m.)
    rf"{_LETTER}+(?:(?=[{MARK}{APOSTROPHE}.,])(?:[{MARK}]+|[{APOSTROPHE}](?={_LETTER})|(?<=[0-9])[.,](?=[0-9])"
    rf"|\.(?<=\b[A-Za-z]\.)(?=[A-Za-z](?!{_LETTER}))){_LETTER}*)*"
    rf"|[{SINGLE}][{MARK}]*"
)
TOKEN, _TOKENS = re.compile(_WORD), re.compile(f"({_WORD})")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)")
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u180e\u061c\u200e\u200f\u0640"

# ECMA-48 control sequences, operating-system commands and two-character escapes.
_ESCAPE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]?|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[PX^_][^\x1b]*(?:\x1b\\)?|[ -/]*[0-~]?)|\x9b[0-?]*[ -/]*[@-~]"
)
# C0 but tab and newline, DEL, C1, bidirectional embeddings, overrides and isolates (UAX #9), interlinear, tag and non-characters.
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SINGLE_QUOTES = "\u2018\u2019\u201a\u201b\u2032\u00b4`\u2039\u203a\u02bc\u02b9\uff07"
_DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02\u300c\u300d\u300e\u300f\u301d\u301e\u301f"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_ONE_MARK = {mark: one for marks, one in ((_SINGLE_QUOTES, "'"), (_DOUBLE_QUOTES, '"'), (_DASHES, "-")) for mark in marks}
_MARKED = re.compile(f"[{''.join(_ONE_MARK)}]")

_TOGETHER = 30  # marks on one letter: no writing has more (UAX #15, Stream-Safe Text Format)
_MANY = re.compile(rf"[^\w\s\x00-\x7f]{{{_TOGETHER + 1},}}")  # what may be more of them
_APART = "\u0f73\u0f75\u0f81"  # no marks by themselves, and two each where they are taken apart

# UTF-8 read as Windows-1252 or Latin-1: what a continuation byte (80-BF) looks like, and the lead bytes before it (RFC 3629).
_CP1252 = {bytes([n]).decode("cp1252", "ignore") or chr(n): n for n in range(0x80, 0xA0)}
_BYTE = {chr(n): n for n in range(0x80, 0x100)} | _CP1252
_CONT = re.escape("".join(c for c, n in _BYTE.items() if n < 0xC0))
_MOJIBAKE = re.compile(
    rf"(?:[\u00c2-\u00df][{_CONT}]|[\u00e0-\u00ef][{_CONT}]{{2}}|[\u00f0-\u00f4][{_CONT}]{{3}}|\u00e2\u20ac(?![{_CONT}])\ufffd?)+"
)
_SUSPECT = re.compile(f"[\u00c2-\u00f4][{_CONT}]")
# A single sequence is believed when it gives what Western pages are full of; chains of two or more are believed anyway.
_BELIEVED = re.compile("[\u00a0-\u00ff\u0100-\u017f\u0401-\u045f\u2000-\u206f\u20ac\u2122\u2026\ufb00-\ufb06\ufeff\U0001f000-\U0001faff]")


class Tokens(NamedTuple):
    """The words of a text, as three rows of one length. ``forms``: what is compared; ``starts``, ``ends``: code points of the text."""

    forms: list[str]
    starts: Sequence[int]
    ends: Sequence[int]


def _unscramble(match: re.Match[str]) -> str:
    """The text behind one run of mojibake; the run itself when it does not decode to something believable."""
    run = match.group()
    if run.startswith("\u00e2\u20ac") and len(run) <= 3 and (len(run) == 2 or run[2] == "\ufffd"):
        return "\u201d"  # E2 80 9D: Windows-1252 has no 9D, so the last byte is often lost
    try:
        decoded = bytes(_BYTE[c] for c in run).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return run
    quoted = run[0] in "ÄÅÑ" and run[1:] in tuple("“”„‘’‚«»")  # „Ä“ is a quoted letter
    east = "\u3000" < decoded < "\ufb00" and not set(run) & set("\u00a0«»“”‘’„‚…")  # French sets marks beside an accented letter
    return decoded if len(decoded) > 1 or east or (_BELIEVED.match(decoded) and not quoted) else run


def repaired(text: str) -> tuple[str, list[int] | None]:
    """``repair``, with the place of every character in the text as it was; None when nothing changed."""
    places: list[int] | None = None
    for _ in range(2):
        if not _SUSPECT.search(text):
            break
        parts, moved, done = list[str](), list[int](), 0
        for match in _MOJIBAKE.finditer(text):
            better = _unscramble(match)
            if better == match.group():
                continue
            start, end = match.span()
            parts += (text[done:start], better)
            moved += range(done, start)
            moved += [start + i * (end - start) // len(better) for i in range(len(better))]
            done = end
        if not done:
            break
        moved += range(done, len(text) + 1)
        text = "".join(parts) + text[done:]
        places = moved if places is None else [places[i] for i in moved]
    return text, places


def repair(text: str) -> str:
    """UTF-8 that was read as Windows-1252 or Latin-1, read rightly; everything else as it was."""
    return text if text.isascii() else repaired(text)[0]


def plain(text: str) -> str:
    """What may be shown on a terminal and stored in any database: no escapes, control or bidi-override characters, no lone surrogates.

    Newlines and tabs stay; CR and CRLF become newlines. Mojibake whose bytes are C1 controls is repaired first, for it would be lost.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = _SURROGATE.sub("\ufffd", text)
        if re.search("[\x80-\x9f]", text):
            text = repair(text).replace("\x85", "\n")
    return _CONTROL.sub("", _ESCAPE.sub("", text))


def formed(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """A text in one of Unicode's normal forms, in time that grows with it. Of more than 30 marks on one letter the first 30 are kept: to
    put tens of thousands of them in order takes ``unicodedata`` the square of their number."""
    if text.isascii():
        return text
    if len(text) > _TOGETHER:
        if form in ("NFKC", "NFKD"):  # letters by themselves, and marks in these forms
            text = text.replace("\uff9e", "\u3099").replace("\uff9f", "\u309a")
        text = _MANY.sub(_fewer, text)
    return unicodedata.normalize(form, text)


def _fewer(match: re.Match[str]) -> str:
    kept, count = list[str](), 0
    for char in match.group():
        count = count + 1 if unicodedata.combining(char) or char in _APART else 0
        if count <= _TOGETHER:
            kept.append(char)
    return "".join(kept)


def _dropped(text: str) -> str:
    """A text without what is invisible in it. To look for each is a tenth of the cost of looking at each character."""
    for mark in INVISIBLE:
        if mark in text:
            text = text.replace(mark, "")
    return text


def _one_form(text: str) -> str:
    """Characters as ``normalise`` has them, but for spaces, controls and marks that are written twice."""
    text = formed("NFKC", _dropped(text).replace("\u00b4", "'")).casefold()
    text = formed("NFKC", text)
    if _MARKED.search(text):
        for mark, one in _ONE_MARK.items():
            text = text.replace(mark, one)
    return text


def _normal_bytes() -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """A table of what ``_one_form`` makes of the characters of Windows-1252, each by itself, in bytes; and what it makes longer."""
    table, longer = bytearray(_UNTOLD * 256), list[tuple[bytes, bytes]]()
    for n in range(256):
        char = bytes([n]).decode("cp1252", "ignore")
        form = "" if _CONTROL.match(char) else _one_form(char)
        told = form.encode("cp1252", "ignore")
        if form and told.decode("cp1252") == form:
            table[n] = told[0]
            if len(told) > 1:
                longer.append((bytes([n]), told))
    return bytes(table), longer


_UNTOLD = b"\x81"  # no character of Windows-1252
_NORMAL, _LONGER = _normal_bytes()
_LOWER = bytes(n if n == ord("`") else told for n, told in enumerate(_NORMAL))  # where all is ASCII, a backtick stays
_NO_LEAD = bytes(n for n in range(256) if not 0xC2 <= n <= 0xF4)  # no mojibake begins with these


def _in_bytes(text: str) -> str | None:
    """``_one_form`` of a text whose characters Windows-1252 has, as most news in Western languages: half of the cost. None if not."""
    if text.isascii():
        data = text.encode().translate(_LOWER)
    else:
        try:
            data = text.encode("cp1252")
        except UnicodeEncodeError:
            return None
        if data.translate(None, _NO_LEAD) and _SUSPECT.search(text):
            return None
        for char, longer in _LONGER:
            data = data.replace(char, longer)
        data = data.translate(_NORMAL, b"\xad")
    return None if _UNTOLD in data else data.decode("ascii" if data.isascii() else "cp1252")


def normalise(text: str) -> str:
    """One form for all typography of the same words: NFKC, case folded, quotes and dashes unified, mojibake repaired, spaces collapsed."""
    if (told := _in_bytes(text)) is not None:
        return " ".join(told.replace("``", '"').replace("''", '"').split())
    form = text.casefold() if text.isascii() else _one_form(repair(text))
    return " ".join(_CONTROL.sub("", form.replace("``", '"').replace("''", '"')).split())


@lru_cache(maxsize=1 << 15)
def word_form(word: str) -> str:
    """How a word is compared: no apostrophes, marks that are invisible or digit-group commas; NFKC, case folded."""
    if word.isascii():
        if "," in word:
            word = _GROUPED.sub(lambda m: m.group().replace(",", ""), word)
        elif "." in word and not word[0].isdigit():
            word = word.replace(".", "")
        return word.replace("'", "").replace("`", "").lower()
    kept = formed("NFKC", _dropped(word).replace("\u00b4", "'"))  # which has a space in NFKC
    if not kept.isascii():
        kept = formed("NFKC", kept.casefold())
        return "".join(c for c in kept if c not in APOSTROPHE and c not in _SINGLE_QUOTES) or word
    return word_form(kept) or word


def tokens(text: str) -> Tokens:
    """The words of a text in order, with offsets into the text as given.

    A form is free of typography: "Russia’s", "russia's" and the mojibake of both are one form; "1,000" is "1000"; "U.S." is "us".
    Scripts without spaces give one token a character. Underscores, symbols and punctuation are no words.
    """
    places: list[int] | None = None
    if not text.isascii():
        text, places = repaired(text)
    lower = low if len(low := text.lower()) == len(text) else text
    parts = _TOKENS.split(lower)  # what stands between words and words, in turns: cheaper than a match object each
    words, ends = parts[1::2], list(accumulate(map(len, parts)))
    starts, ends = ends[:-1:2], ends[1::2]
    if not (joined := "".join(words)).isascii():
        forms = [word if word.isascii() and word.isalnum() else word_form(word) for word in words]
    else:
        forms = words if joined.isalnum() else [word if word.isalnum() else word_form(word) for word in words]
    if places is not None:
        starts, ends = [places[start] for start in starts], [places[end] for end in ends]
    return Tokens(forms, starts, ends)


_NO_END = frozenset(
    re.findall(
        r"\S+",
        """
    mr mrs ms dr prof sen rep gov gen col lt maj capt cpl sgt adm rev hon st mt jr sr vs etc no nos inc ltd corp co dept est fig al jan
    feb mar apr jun jul aug sep sept oct nov dec ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo
    mont neb nev okla ore pa tenn tex va vt wash wis wyo bzw ca evtl ggf mme mlle
    """,
    )
)
_STOP = re.compile(r"[.!?\u2026\u0964\u06d4\u061f。．！？](?:"  # a stop comes first in all that it finds: the engine looks for nothing else
    # of a run of stops only the first is tried: where it ends no sentence none of the others does
    r"(?P<latin>(?<![。．！？])(?<![.!?\u2026\u0964\u06d4\u061f]{2})"
    r"[.!?\u2026\u0964\u06d4\u061f]*+[\"'”’»)\]]*+[ \t\u00a0]++(?=[^a-z\s,;]))"
    r"|(?<=[。．！？])[。．！？]*[」』”’）]*(?=[^\x00-\x7f]))")  # fmt: skip
_SURE = 6  # letters in a row that are no abbreviation
_LAST_WORD = re.compile(r"([^\W\d_]+(?:\.[^\W\d_])*)\.$")


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    """Whether a full stop followed by a space is one: not after Mr., an initial or an abbreviated month."""
    stop = match.start()
    if not match["latin"] or text[stop] != "." or text.startswith("..", stop):
        return True
    before = text[max(0, stop - 16) : stop + 1]
    if (word := before[:-1].rpartition(" ")[2]).isalpha():
        last = word.casefold()
    elif found := _LAST_WORD.search(before):
        last = found[1].casefold()
    else:
        return True
    if last in _NO_END or (len(last) == 1 and last != "i"):
        return False
    return "." not in last or text[match.end()] in "\"“'‘" or len(last) > 3 or last in ("p.m", "a.m")


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences; a line break always ends one. Surrounding space is left out; spans cover all that is not space."""
    spans, start = list[tuple[int, int]](), 0
    for line in text.split("\n"):
        stop = after = start + len(line)
        for match in _STOP.finditer(text, start, stop):
            at, end = match.span()
            if (at >= _SURE and text[at - _SURE : at].isalpha()) or _ends_sentence(text, match):
                while text[start].isspace():
                    start += 1
                last = end - 1
                while text[last] in " \t\u00a0":
                    last -= 1
                spans.append((start, last + 1))
                start = end
        if rest := text[start:stop].lstrip():
            start = stop - len(rest)
            spans.append((start, start + len(rest.rstrip())))
        start = after + 1
    return spans


# Each style by its opening mark. A quote that is not closed runs to its paragraph's end: in English each paragraph of a long quote opens
# one, and only the last closes it. A straight mark opens only after a space or a bracket and before a word, so that 6'2" opens nothing.
# Single marks are quotes when the closing one follows punctuation (the British way); otherwise they are apostrophes and scare quotes.
_QUOTES = {
    "\u201c": re.compile("\u201c[^\u201c\u201d\n]*[\u201d\u201c]?"),
    "\u201e": re.compile("\u201e[^\u201c\u201d\u201e\n]*[\u201c\u201d]?"),
    "\u00ab": re.compile("\u00ab[^\u00ab\u00bb\n]*\u00bb?"),
    "\u00bb": re.compile("\u00bb(?<!\\S\u00bb)(?=\\w)[^\u00ab\u00bb\n]*\u00ab"),
    "\u300c": re.compile("\u300c[^\u300d\n]*\u300d?"),
    "\u300e": re.compile("\u300e[^\u300f\n]*\u300f?"),
    '"': re.compile('"(?<![^\\s(\\[\u2014\u2013:-]")(?=\\S)[^"\n]*"?'),
    "``": re.compile("``[^`\n]*?(?:''|$)", re.MULTILINE),
} | {mark: re.compile(rf"{mark}(?<![^\s(\[—–]{mark})(?=\w)[^\n'‘’]*(?:\b['’]\b[^\n'‘’]*)*[.,!?]['’](?!\w)") for mark in "'‘"}
_ANY_QUOTES = list(_QUOTES.items())
_ASCII_QUOTES = [(mark, style) for mark, style in _ANY_QUOTES if mark.isascii()]


def quotes(text: str) -> list[tuple[int, int]]:
    """Spans of direct quotes, marks included, in order and apart; an unclosed one runs to its paragraph's end.

    Styles: “…” "…" „…“ «…» »…« 「…」 『…』 ``…'' and, before a comma or a full stop, ‘…,’ and '…,'.
    """
    if text.isascii():
        if '"' not in text and "'" not in text and "``" not in text:
            return []
        styles = _ASCII_QUOTES
    else:
        styles = _ANY_QUOTES
    found = [match.span() for mark, style in styles if mark in text for match in style.finditer(text)]
    if not found:
        return []
    found.sort()
    apart: list[tuple[int, int]] = []
    for span in found:
        if not apart or span[0] >= apart[-1][1]:
            apart.append(span)
    return apart
