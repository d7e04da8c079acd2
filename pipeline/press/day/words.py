"""Texts of the world "day": cheap to make, each from its own number, no two alike. All people, towns and firms are invented."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from random import Random

from pipeline.press.changes import new_figures
from pipeline.press.writing import read_words

_SLOT = re.compile(r"\{(\w+)\}")
_MORE = {
    "verb": ["approved", "rejected", "postponed", "questioned", "defended", "opened", "reviewed", "signed", "published", "halted", "backed",
        "abandoned", "funded", "inspected", "criticised", "welcomed", "delayed", "renewed"],
    "plan": ["a new pumping station", "the winter timetable", "the school meals contract", "repairs to the weir", "a second footbridge",
        "the bus depot lease", "the market licence", "a flood wall", "the library rota", "the tram extension", "an apprenticeship scheme",
        "the harbour dredging", "a cold store", "the allotment rents", "the hospital wing", "a solar roof", "the swimming baths",
        "the recycling round", "the night ferry", "a rail siding", "the youth orchestra grant", "the quarry permit"],
    "role": ["council leader", "chief engineer", "head teacher", "harbour master", "union secretary", "finance officer", "site manager",
        "ward councillor", "spokeswoman", "planning inspector", "club treasurer", "ambulance chief", "archivist", "trade envoy"],
    "why": ["after a long dispute", "because tenders came in high", "once the survey was in", "despite a petition", "to meet a deadline",
        "as costs kept rising", "under pressure from residents", "before the term ends", "while talks continue", "on legal advice",
        "following two resignations", "with no vote taken"],
    "said": ["said", "told reporters", "argued", "warned", "explained", "insisted", "conceded", "added", "recalled"],
    "mood": ["plainly late", "good enough", "hard to defend", "overdue", "badly explained", "fair to everyone", "worth the wait",
        "a gamble", "only a beginning", "dearer than promised", "better than feared", "nobody's first choice"],
    "unit": ["households", "tonnes", "passengers", "pupils", "letters", "metres of pipe", "permits", "beds", "jobs", "visitors", "crates"],
}  # fmt: skip
_PATTERNS = (
    "{first} {last}, the {role} in {town}, {verb} {plan} on {day} {why}.",
    "Some {n} {unit} depend on {plan}, figures from {town2} {said2}, up from {n} in {month}.",
    '"For {town} this is {mood}, and {plan} will show it by {season}," {said} {last}, {role} for {n} months.',
    "{body} on {street} counted {n} {unit} within {m} weeks and asked {last2} about {thing}.",
    "In {month}, {last2} had {verb} {plan}; {town2} answered {why}, a {trade} {said}.",
    "The bill, {money}, covers {thing}, {thing2} and {n} {unit} near the {river}.",
    "A {trade} from {street}, {first} {last2}, called it {mood} and {verb} {plan}.",
    "Between {town} and {town2} the {machine} carried {n} {unit} {why}, {last} {said}.",
    '"We {verb} {plan} {m} times," the {role} {said}, "and {thing} is still {mood}."',
    "{town2} {verb} {plan} in {season}, {n} {unit} short, {why}.",
    "Of {n} {unit}, {m} went to {street}; {body} found that {mood} on {day}.",
    "{last} and {last2} disagree on {thing2}: the {role} wants {plan}, the {trade} wants {n} {unit}.",
    "By {day} the {river} had risen, {plan} was {verb} and {n} {unit} waited at {town}.",
    "Records kept by a {trade} put {thing} at {money} a year, {m} times what {town2} pays.",
)
_TITLES = (
    "{town} {verb} {plan} {why}",
    "{role} in {town} {verb} {plan}",
    "{n} {unit} wait as {town} argues over {thing}",
    "{last}: {plan} is {mood}",
    "Why {town2} {verb} {plan} on {day}",
    "{thing} and {thing2}: what {town} owes {town2}",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a page says."""

    title: str
    paragraphs: tuple[str, ...]
    author: str


@lru_cache(maxsize=4096)
def first(name: str, least: int) -> Words:
    """A text of its own; ``least``: words."""
    chance = Random(name)  # noqa: S311 - invented news, not secrets
    paragraphs: list[str] = []
    count = 0
    while count < least:
        paragraph = _paragraph(chance)
        paragraphs.append(paragraph)
        count += paragraph.count(" ") + 1
    author = f"{_slot('first', chance)} {_slot('last', chance)}"
    return Words(title=_fill(chance.choice(_TITLES), chance), paragraphs=tuple(paragraphs), author=author)


def edited(words: Words, kind: str, name: str) -> Words:
    """The same text after an edit of that kind."""
    chance = Random(name)  # noqa: S311 - invented news, not secrets
    lines = list(words.paragraphs)
    match kind:
        case "headline":
            return replace(words, title=_fill(chance.choice(_TITLES), chance))
        case "figures":
            at = next((place for place in chance.sample(range(len(lines)), len(lines)) if new_figures((lines[place],), 2)[1]), 0)
            lines[at] = new_figures((lines[at],), 2)[0][0]
        case "correction":
            at = next((place for place, line in enumerate(lines) if new_figures((line,), 1)[1]), 0)
            (lines[at],), changed = new_figures((lines[at],), 1)
            was, now = changed[0] if changed else ("one", "another")
            lines.append(
                f"Correction: An earlier version of this article gave a figure as {was}. It is {now}. The article has been corrected."
            )
        case "addition":
            at = chance.choice((1, len(lines) // 2, len(lines)))
            lines[at:at] = [_paragraph(chance) for _ in range(chance.randint(1, 3))]
        case "cut":
            at = chance.randrange(1, max(2, len(lines) - 2))
            del lines[at : at + chance.randint(1, 2)]
        case "live":
            lines.insert(0, f"{chance.randrange(24):02}:{chance.randrange(60):02} {_paragraph(chance)}")
        case _:
            kept = max(1, len(lines) // 5)
            lines = [_paragraph(chance) for _ in range(len(lines) - kept)] + lines[:kept]
            return replace(words, title=_fill(chance.choice(_TITLES), chance), paragraphs=tuple(lines))
    return replace(words, paragraphs=tuple(lines))


def _paragraph(chance: Random) -> str:
    return " ".join(_fill(pattern, chance) for pattern in chance.sample(_PATTERNS, chance.choice((1, 2, 2, 3))))


def _fill(pattern: str, chance: Random) -> str:
    filled = _SLOT.sub(lambda found: _slot(found[1], chance), pattern)
    return filled[:1].upper() + filled[1:]


def _slot(name: str, chance: Random) -> str:
    if name == "n":
        return str(chance.randint(12, 990))
    if name == "m":
        return str(chance.randint(3, 29))
    if name == "money":
        return f"{chance.choice('$€£')}{chance.randint(12, 990) / 10:.1f} million"
    return chance.choice(_lists()[name.rstrip("2")])


@cache
def _lists() -> dict[str, list[str]]:
    return read_words() | _MORE
