"""An archive of invented news, as large as one likes: stories of Zipfian words, wire families, stock phrases, outlets with footers.

Deterministic: story ``n`` is always the same text, and so is what member ``m`` of its family made of it. Nothing is kept in memory.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

CHUNK = 5_000  # articles that come in together, in no order
WORDS = 40_000  # of the language; the n-th most frequent one is n times as rare as the first (Zipf)
PHRASES = 300  # stock phrases of ten words ("said on Tuesday in a statement that …"): their 8-grams stand in thousands of texts
OUTLETS = 2_000
ALONE = 0.915  # stories that nobody takes over: three fifths of all articles, for a family has seven on average (and three in the median)
LARGEST = 400  # articles of one story
BRIEF = 0.08  # stories below 150 words, which are found by a quarter of their shingles
LENGTH = 590, 0.42  # median and sigma (log-normal) of the others' words: some 40 stored fingerprints an article in all
FEED = 20  # chunks whose families tell how large those are that come: of two, as it was, the largest few tell of half the feed
_KINDS = ("same", "copy", "excerpt", "revision", "derived")
_SHARES = (0.30, 0.32, 0.13, 0.15, 0.10)


@dataclass(frozen=True, slots=True)
class Piece:
    """An article: its address, outlet, title, text and the words of it as ``text.tokens`` would give them."""

    url: str
    outlet: str
    title: str
    text: str
    forms: list[str]
    member: int


@cache
def _language() -> tuple[list[str], list[float]]:
    dice = random.Random("the language")
    words: dict[str, None] = {}
    while len(words) < WORDS:
        rank = len(words)
        size = 1 + min(4, (rank + 1).bit_length() // 4)
        words["".join(dice.choice("bcdfghjklmnprstvz") + dice.choice("aeiou") + dice.choice(("", "", "n", "r")) for _ in range(size))] = (
            None
        )
    return list(words), list(accumulate(1 / (rank + 2.7) for rank in range(WORDS)))


@cache
def _phrases() -> tuple[list[list[str]], list[float]]:
    dice = random.Random("its phrases")
    return [_said(dice, 10) for _ in range(PHRASES)], list(accumulate(1 / (rank + 1) for rank in range(PHRASES)))


@cache
def _footer(outlet: int) -> list[str]:
    """What an outlet puts under its articles; two in three put nothing."""
    dice = random.Random(f"outlet {outlet}")
    return [] if outlet % 3 else _said(dice, dice.randint(14, 40))


def _said(dice: random.Random, count: int) -> list[str]:
    words, weights = _language()
    return dice.choices(words, cum_weights=weights, k=count)


def _sentences(dice: random.Random, count: int) -> list[list[str]]:
    """Sentences of some ``count`` words in all; one in nine begins with a stock phrase."""
    words, done, made = _said(dice, count), 0, []
    phrases, weights = _phrases()
    while done < count:
        size = dice.randint(9, 27)
        made.append(words[done : done + size])
        if dice.random() < 0.11:
            made[-1] = dice.choices(phrases, cum_weights=weights)[0] + made[-1]
        elif dice.random() < 0.12:
            made[-1] = [f"“{made[-1][0]}", *made[-1][1:-1], f"{made[-1][-1]},”", *_said(dice, 3)]
        done += size
    return made


def size(story: int) -> int:
    """How many articles a story has: most one, the others two and more with a heavy tail."""
    dice = random.Random(f"size {story}")
    if dice.random() < ALONE:
        return 1
    return min(LARGEST, int(1.5 + dice.paretovariate(1.05)))


def article(story: int, member: int) -> Piece:
    """What one outlet printed of a story; member 0 has it first and whole."""
    sentences = _story(story)
    dice = random.Random(f"member {story}/{member}")
    outlet = int(OUTLETS * dice.random() ** 2)
    kind = dice.choices(_KINDS, _SHARES)[0] if member else "same"
    if kind == "copy":
        sentences = [_said(dice, 3), *sentences, _footer(outlet)]
    elif kind == "excerpt":
        sentences = [*sentences[: max(2, int(len(sentences) * dice.uniform(0.2, 0.6)))], _footer(outlet)]
    elif kind == "revision":
        changed = [one if dice.random() < 0.8 else one[: len(one) // 2] + _said(dice, 4) + one[len(one) // 2 + 3 :] for one in sentences]
        sentences = [*_sentences(dice, 40), *changed, _footer(outlet)]
    elif kind == "derived":
        start = dice.randrange(max(1, len(sentences) - 8))
        sentences = [*_sentences(dice, 160), *sentences[start : start + 8], *_sentences(dice, 120), _footer(outlet)]
    sentences = [one for one in sentences if one]
    said = [f"{one[0].title()} {' '.join(one[1:])}." for one in sentences]
    text = "\n".join(" ".join(said[start : start + 3]) for start in range(0, len(said), 3))
    name = f"outlet{outlet}.example"
    title = " ".join(_story(story)[0][:8]).strip("“”,").capitalize()
    return Piece(f"https://{name}/{story}-{member}", name, title, text, [word.strip("“,”") for one in sentences for word in one], member)


_LAST: dict[int, list[list[str]]] = {}


def _story(story: int) -> list[list[str]]:
    if story not in _LAST:
        _LAST.clear()
        dice = random.Random(f"story {story}")
        middle, spread = LENGTH
        count = dice.randint(30, 149) if dice.random() < BRIEF else int(min(6_000, middle * dice.lognormvariate(0, spread)))
        _LAST[story] = _sentences(dice, count)
    return _LAST[story]


def stories(chunk: int) -> Iterator[tuple[int, int]]:
    """(story, how many of its family) of a chunk: a million numbers are kept free for each."""
    story, left = chunk * 1_000_000, CHUNK
    while left > 0:
        members = min(size(story), left)
        yield story, members
        story, left = story + 1, left - members


def chunk_of(chunk: int) -> Iterator[Piece]:
    """The articles of a chunk, family by family; the caller mixes them."""
    for story, members in stories(chunk):
        for member in range(members):
            yield article(story, member)


def coming(chunks: int, count: int, *, named: str) -> list[Piece]:
    """``count`` new articles for an archive of so many chunks, as they came before: three in five nobody takes over, the others are of
    a family, now and then its first, mostly one more, so that large families come often. The sizes of their families are the same for every
    archive; which family of this size it is, is found by chance among all articles, so that none is warm."""
    feed, dice = random.Random("the feed"), random.Random(f"coming {named}")
    sizes = [members for chunk in range(FEED) for _, members in stories(chunk) for _ in range(members)]
    made: list[Piece] = []
    for number in range(count):
        wanted, first = feed.choice(sizes), feed.random()
        told = list(stories(dice.randrange(chunks)))
        nearest = min((abs(members - wanted) for _, members in told))
        story, members = dice.choice([one for one in told if abs(one[1] - wanted) == nearest])
        if wanted == 1 or first < 1 / wanted:
            made.append(article(2**40 + hash_of(named) * 1_000_000 + number, 0))
        else:
            made.append(article(story, members + hash_of(named) % 10_000 + number))
    return made


def hash_of(name: str) -> int:
    """A number for a name, the same in every process."""
    return random.Random(name).randrange(1_000_000)
