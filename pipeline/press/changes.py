"""What outlets do to a text that is not theirs. Every function is of any seed: nothing in here knows a particular story.

The ways and the relation each one makes are the table "Transformations that happen to wire copy" of the matching facts.
"""

from __future__ import annotations

import re
from calendar import day_name, month_name
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from random import Random

from pipeline.press.seeds import Seed, is_subhead

_TEXTS = Path(__file__).resolve().parent / "texts"
_WEEKDAY = re.compile(r"\bon (Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b")
_QUOTE = re.compile(r'"[^"]+"|“[^”]+”')
# A figure that a later version may correct: no year, no part of a name (F-16, G7), no clock time or ordinal.
_FIGURE = re.compile(r"(?<![\w.,:/-])(?!(?:19|20)\d\d\b)\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\w:/-]|[.,]\d)")
_SPLIT = re.compile(r'(?<=[.!?])(?<![A-Z]\.)\s+(?=["“A-Z])')
# What a rewriter puts for a small word to make a sentence their own.
_SMALL = {
    "the": "this", "a": "one", "and": "as well as", "in": "within", "on": "upon", "of": "belonging to", "for": "meant for",
    "from": "out of",
    "with": "along with", "by": "through", "at": "over at", "that": "which", "is": "remains", "has": "now has",
}  # fmt: skip
_STAY = 4  # words that may stay as they are before a small one is changed
STUB_TOKENS = 60  # facts, transformations: "first 60 tokens and subscribe"


def curly(text: str) -> str:
    """Straight quotes to curly ones, " - " to a dash."""
    text = re.sub(r'(^|[\s(\[—])"', r"\1“", text).replace('"', "”")
    text = re.sub(r"(^|[\s(\[—“])'", r"\1‘", text).replace("'", "’")
    return text.replace(" - ", " — ")


def ligatures(text: str) -> str:
    """fi and fl as one letter each, as a print system exports them."""
    return text.replace("fi", "ﬁ").replace("fl", "ﬂ")


def mojibake(text: str) -> str:
    """UTF-8 read as Windows-1252, where that code page has a letter for every byte; double quotes stay straight."""
    return "".join(_misread(letter) for letter in curly(text).replace("“", '"').replace("”", '"'))


def _misread(letter: str) -> str:
    try:
        return letter.encode().decode("cp1252") if letter > "\x7f" else letter
    except UnicodeDecodeError:
        return letter


def headline(seed: Seed) -> str:
    """Another headline over the same text: sentence case, names as the text has them."""
    names_in_text = set(re.findall(r"(?<=[a-z,] )[A-Z][\w'-]*", " ".join(seed.paragraphs)))
    first, *rest = seed.title.split()
    lowered = (word if word.isupper() or word in names_in_text or word[:1] in "'\"‘“" else word.lower() for word in rest)
    return f"Report: {' '.join([first, *lowered])}"


def house_style(paragraphs: tuple[str, ...]) -> tuple[str, ...]:
    """Another agency's style: weekdays without "on", adviser, US; at least one word changes outside the quotes."""
    edited = tuple(_WEEKDAY.sub(r"\1", paragraph) for paragraph in paragraphs)
    if sum(old != new for old, new in zip(paragraphs, edited, strict=True)) < 2:
        edited = tuple(outside_quotes(paragraph, lambda part: re.sub(r"\bsaid\b", "says", part)) for paragraph in edited)
    return edited


def respelled(text: str) -> str:
    """American to British spelling and one transliteration for another."""
    return _spelling_pattern().sub(lambda found: _match_case(found[0], _spelling()[found[0].lower()]), text)


def reordered(paragraphs: tuple[str, ...], chance: Random) -> tuple[str, ...]:
    """The lead stays, three to five blocks of the rest change places; subheads go with what follows them."""
    blocks: list[list[str]] = []
    for paragraph in paragraphs:
        if blocks and (is_subhead(blocks[-1][-1]) or (len(blocks[-1]) < 4 and len(blocks) > 1 and not is_subhead(paragraph))):
            blocks[-1].append(paragraph)
        else:
            blocks.append([paragraph])
    rest = blocks[1:]
    shuffled = chance.sample(rest, len(rest))
    if shuffled == rest:
        shuffled.reverse()
    return tuple(paragraph for block in (blocks[0], *shuffled) for paragraph in block)


def first_share(paragraphs: tuple[str, ...], share: float) -> tuple[str, ...]:
    """Whole paragraphs from the top until that share of the words is reached; no subhead stays last."""
    limit = share * sum(len(paragraph.split()) for paragraph in paragraphs)
    kept: list[str] = []
    for paragraph in paragraphs:
        if kept and sum(len(line.split()) for line in kept) >= limit:
            break
        kept.append(paragraph)
    while len(kept) > 1 and is_subhead(kept[-1]):
        kept.pop()
    return tuple(kept)


def stub(paragraphs: tuple[str, ...]) -> tuple[str, ...]:
    """The first 60 words, cut where they end."""
    left = STUB_TOKENS
    kept: list[str] = []
    for paragraph in paragraphs:
        words = paragraph.split()
        kept.append(paragraph if len(words) < left else " ".join(words[:left]).rstrip(",.;") + "…")
        left -= len(words)
        if left <= 0:
            break
    return tuple(kept)


def new_figures(paragraphs: tuple[str, ...], most: int = 6) -> tuple[tuple[str, ...], list[tuple[str, str]]]:
    """Up to ``most`` figures grow, as a count does when more is known. Returns the text and what became what."""
    changed: list[tuple[str, str]] = []

    def grow(found: re.Match[str]) -> str:
        if len(changed) >= most or _inside_quotes(found):
            return found[0]
        plain = found[0].replace(",", "")
        more = f"{float(plain) * 1.15 + 0.1:.1f}" if "." in plain else f"{int(plain) + max(2, int(plain) // 8):,}"
        changed.append((found[0], more))
        return more

    return tuple(_FIGURE.sub(grow, paragraph) for paragraph in paragraphs), changed


def _inside_quotes(found: re.Match[str]) -> bool:
    return any(quote.start() < found.start() < quote.end() for quote in _QUOTE.finditer(found.string))


def light_rewrite(paragraphs: tuple[str, ...], chance: Random) -> tuple[str, ...]:
    """One sentence in three stays, the others get other words and another start; every sixth paragraph goes."""
    starts = ("For now, ", "By most accounts, ", "In the end, ", "Seen from here, ", "As things stand, ")
    rewritten: list[str] = []
    turn = chance.randrange(3)
    for number, paragraph in enumerate(paragraphs):
        if is_subhead(paragraph) or number % 6 == 5:
            continue
        sentences = []
        for sentence in _SPLIT.split(paragraph):
            turn += 1
            sentences.append(sentence if turn % 3 == 0 else outside_quotes(sentence, _reworded))
        line = " ".join(sentences)
        plain = turn % 3 == 1 and line[:4] in ("The ", "But ", "She ", "He h", "In a", "That", "This")
        rewritten.append(chance.choice(starts) + line[0].lower() + line[1:] if plain else line)
    return tuple(rewritten)


def _reworded(part: str) -> str:
    part = re.sub(r"^([A-Z][^,\"“]{12,160}), (?!who|which|and|but)([^,\"“]{4,60}) said\.$", r"According to \2, \1.", part)
    return " ".join(_reworded_words(part.split(" ")))


def _reworded_words(words: list[str]) -> list[str]:
    """Words of the list are changed wherever they stand; small words once five have stayed as they were."""
    done: list[str] = []
    stayed = 0
    for word in words:
        bare = word.rstrip(".,;:")
        new = _light().get(bare) or (_SMALL.get(bare) if stayed > _STAY else None)
        stayed = 0 if new else stayed + 1
        done.append(new + word[len(bare) :] if new else word)
    return done


def outside_quotes(text: str, change: Callable[[str], str]) -> str:
    """Applies a change to what stands outside quotation marks."""
    parts, at = [], 0
    for quote in _QUOTE.finditer(text):
        parts += [change(text[at : quote.start()]), quote[0]]
        at = quote.end()
    return "".join([*parts, change(text[at:])])


def quotes(paragraphs: tuple[str, ...], least: int = 4) -> list[str]:
    """Direct quotations of at least ``least`` words, without their marks."""
    found = (quote[0][1:-1].strip() for paragraph in paragraphs for quote in _QUOTE.finditer(paragraph))
    return [quote for quote in found if len(quote.split()) >= least]


def middle(paragraphs: tuple[str, ...], count: int = 3) -> tuple[str, ...]:
    """The run of ``count`` paragraphs with the most words outside quotes, not from the very top."""
    plain = [paragraph for paragraph in paragraphs[1:] if not is_subhead(paragraph)]
    spans = [tuple(plain[at : at + count]) for at in range(max(1, len(plain) - count + 1))]
    return max(spans, key=lambda span: sum(len(_QUOTE.sub("", paragraph).split()) for paragraph in span))


def names(seed: Seed) -> tuple[str, ...]:
    """Who and what the seed is about: capitalised names within sentences, most frequent first; at least four."""
    found: Counter[str] = Counter()
    for paragraph in seed.paragraphs:
        for match in re.finditer(r"(?<=[a-z,] )(?:[A-Z][\w-]+(?:'s)?)(?: [A-Z][\w-]+)*", _QUOTE.sub("", paragraph)):
            found[match[0].removesuffix("'s")] += 1
    ranked = [name for name, _ in found.most_common() if name not in _CALENDAR]
    return tuple([*ranked, *seed.title.split()][:12])


def place(seed: Seed) -> str | None:
    """Where it happens: the capitalised word that most often follows "in", "capital" or "at"."""
    found = Counter(re.findall(r"\b(?:in|capital|at) ([A-Z][a-z]{3,})\b", " ".join(seed.paragraphs)))
    return next((name for name, _ in found.most_common()), None)


def themes(seed: Seed, count: int = 12) -> tuple[str, ...]:
    """Its commonest long words in lower case: what a related story would talk about too."""
    words = Counter(re.findall(r"(?<![\w'-])[a-z]{6,}(?![\w'-])", " ".join(seed.paragraphs)))
    return tuple(word for word, _ in words.most_common(count + len(_DULL)) if word not in _DULL)[:count]


_CALENDAR = frozenset(day_name) | frozenset(month_name)
_DULL = frozenset(
    (
        *("before", "should", "toward", "during", "against", "between", "through", "already"),
        *("another", "because", "expected", "including", "around"),
    )
)


def _pairs(name: str, separator: str) -> dict[str, str]:
    lines = (_TEXTS / name).read_text(encoding="utf-8").splitlines()
    split = (line.split(separator, 1) for line in lines if line and not line.startswith("#"))
    return {pair[0]: pair[1] for pair in split}


@lru_cache
def _light() -> dict[str, str]:
    return _pairs("swaps_light.txt", ": ")


@lru_cache
def _spelling() -> dict[str, str]:
    return {old.lower(): new for old, new in _pairs("spelling.txt", " = ").items()}


@lru_cache
def _spelling_pattern() -> re.Pattern[str]:
    longest = sorted(_spelling(), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(word) for word in longest) + r")(?!\w)", re.IGNORECASE)


def _match_case(old: str, new: str) -> str:
    return new if new[:1].isupper() else new[:1].upper() + new[1:] if old[:1].isupper() else new
