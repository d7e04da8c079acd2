"""Stories of our own that stand beside a seed: another one of the same event, and one of the day before. No sentence is copied.

A seed that one of the written stories fits gets it; any other gets one made of its names and themes.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.press import changes
from pipeline.press.seeds import Seed

_TEXTS = Path(__file__).resolve().parent / "texts" / "companions"
_FIT = 4  # of a companion's key words that the seed must use

_SAME_EVENT = (
    "What {a} will make of the {t1} was the question that followed {b} through {place}, where {t2} and {t3} were on every tongue.",
    "Those close to {a} described the mood as businesslike. They spoke of {t4}, of {t5}, and of how long either could last.",
    "{c} kept to the margins for most of the day. An aide carried two folders, one marked {t1} and one marked {t6}, and opened neither.",
    "For {b}, the arithmetic is awkward: more {t2} now means less room over {t7} later, and {d} knows it as well as anyone.",
    "Nobody in {place} pretended that the {t3} had been easy. {d} was said to have asked twice for a different wording and been refused.",
    "Veterans of such occasions compared the {t8} with those of a decade ago and found {a} changed and {c} hardly at all.",
    "{a}, {b} and {f} all want the {t9} and the {t10} settled in {place}; {c} and {g} would leave {t11} and {t12} for later.",
    "A {t1} without {t9}, {g} is fond of saying, is a {t2} without {t10}, and {f} has the {t3} and the {t4} to prove it.",
    "A table of the {t5} pinned up in the press room listed {a}, {b}, {c} and {d}, with {t1} in one column and {t4} in another.",
    "By nightfall the corridors had emptied, and what remained of the {t6} was left to {e}, who promised nothing beyond {t2}.",
    "“Watch what {b} does rather than what {a} says about {t3},” one adviser remarked over a cold supper in {place}.",
    "Whether {t7} follows from {t1}, as {c} maintains, or the other way about, is a matter on which {d} and {e} have yet to settle.",
)
_DAY_BEFORE = (
    "On the eve of it, {place} was still unpacking: barriers for {a}, flags for {b}, and a great many chairs for those who follow {t1}.",
    "Diplomats and reporters alike expected {c} to speak of {t2} first. Papers seen in advance put {t3} lower on the page.",
    "{a} had yet to say whether {t4} would come up at all, and {d} declined to be drawn on {t5}.",
    "In {place} the bakeries opened an hour ahead of time; a hotel that usually takes parties for {t6} had put {b} on two floors.",
    "There was talk, none of it confirmed, that {c} would bring a draft on {t1} and that {e} would ask for {t7} in return.",
    "Past gatherings of this kind have turned on smaller things than {t2}. A seating plan once cost {b} a full morning.",
    "Between {a} and {f} lay the {t9}, the {t10} and the {t11}; between {b} and {g}, only the {t12} and some {t1} of long ago.",
    "{g} and {f} were both said to favor {t9} over {t10}, with {t2} as the price and {place} as the place to pay it.",
    "{d}, by contrast, arrived early and walked, trailed by cameras, to a café where nobody wished to discuss {t3} or {t8}.",
    "What could be said with confidence was modest: {a} wanted {t4}, {b} wanted time, and {c} wanted both kept apart from {t5}.",
    "The interpreters rehearsed the vocabulary of {t6} and {t1} until late, one of them said, and then the name of {e}.",
)


def same_event(seed: Seed) -> tuple[str, list[str]]:
    """Title and paragraphs of another story of the same event."""
    a, b = changes.names(seed)[:2]
    return written(seed, "same") or (f"In the Corridors: {a}, {b} and an Unfinished Argument", _made(seed, _SAME_EVENT))


def day_before(seed: Seed) -> tuple[str, list[str]]:
    """Title and paragraphs of a story of the day before."""
    a, b = changes.names(seed)[:2]
    return written(seed, "before") or (f"{a} and {b}: What to Expect Tomorrow", _made(seed, _DAY_BEFORE))


def _made(seed: Seed, patterns: tuple[str, ...]) -> list[str]:
    names = dict(zip("abcdefg", (*changes.names(seed), *"abcdefg"), strict=False))
    themes = changes.themes(seed, 12)
    words = {f"t{number + 1}": themes[number % len(themes)] for number in range(12)}
    where = changes.place(seed) or "town"
    return [pattern.format(**names, **words, place=where) for pattern in patterns]


def written(seed: Seed, kind: str) -> tuple[str, list[str]] | None:
    """Title and paragraphs of the first of our own texts (``texts/companions/<kind>-*.txt``: key words, title, paragraphs) that fits.

    Kinds: "same", "before", "explainer", "rewrite" (by a sub-editor's hand), "ru" and "zh" (translations).
    """
    words = " ".join(seed.paragraphs)
    for path in sorted(_TEXTS.glob(f"{kind}-*.txt")):
        keys, title, *paragraphs = [line for line in path.read_text(encoding="utf-8").splitlines() if line]
        if sum(key in words for key in keys.split(", ")) >= _FIT:
            return title, paragraphs
    return None
