"""The grammar of unrelated local news. Deterministic: the same number writes the same stories in the same order.

Topics and sentences stand in ``texts/``; all people, towns and firms are invented. No two stories share a run of eight words:
a sentence that would is drawn again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from pipeline.press.seeds import Text

_TEXTS = Path(__file__).resolve().parent / "texts"
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{([a-z]+)(\d?)(?: (\d+) (\d+))?\}")
_WORD = re.compile(r"(?<![{\w-])[a-z]+(?![\w}-])")
_RUN = 8  # words; facts: the length of the shingles by which reuse is found
_DRAWS = 25  # how often a sentence is drawn again before another pattern is taken
_LEAST = 190  # words of a story
_SCENES = (
    "{p1} on {street} in {town}, {month} {y 2019 2022}.",
    "A {machine} beside the {river} at {town} on {day}.",
    "{material} and {thing} waiting to be moved in {town}.",
    "The view over {town} from the {river}, {season}.",
    "{p2}, a {trade}, photographed near {street}.",
)


@dataclass(slots=True)
class Topic:
    """One subject: its section, titles, leads and sentences."""

    name: str
    section: str
    titles: list[str] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)


class Desk:
    """Writes one story after another. What it wrote before decides what it may not repeat."""

    def __init__(self, number: int) -> None:
        """``number``: another number, other stories."""
        self._random = Random(f"desk {number}")  # noqa: S311 - invented news, not secrets
        self._words = read_words()
        self._swaps = {name: values.split(", ") for name, values in (line.split(": ", 1) for line in _lines("swaps.txt"))}
        self._topics = _read_topics()
        self._generic = _read_generic()
        self._used: set[str] = set()
        self._turn = 0

    def story(self, *, section: str | None = None, credit: str | None = None, authors: int = 1) -> Text:
        """The next story, of at least 180 words; ``section``: of that section when there is one."""
        topics = [topic for topic in self._topics if section in (None, topic.section)] or self._topics
        topic = topics[self._turn % len(topics)]
        self._turn += 1
        cast = self._cast()
        sentences = self._sentences(topic, cast)
        names = [f"{self._pick('first')} {self._pick('last')}" for _ in range(authors)]
        return Text(
            title=_sentence_case(self._fill(self._random.choice(topic.titles), cast)),
            paragraphs=tuple(sentences),
            authors=tuple(names),
            credit=credit,
            caption=_sentence_case(self._fill(self._random.choice(_SCENES), cast)),
            caption_credit=f"{self._pick('first')} {self._pick('last')}",
            section=topic.section,
            tags=(cast["town"], topic.name.title(), _sentence_case(cast["thing"])),
            place=cast["town"],
        )

    def lead(self, place: str, names: tuple[str, ...], paragraphs: int = 4, group: str = "l") -> list[str]:
        """Paragraphs on news from elsewhere; ``names``: who it is about. They hold no figures.

        ``group``: "l", what a local desk puts on top; "v" and "w", what a blogger thinks of it and how a
        post ends; "u", what an agency adds later.
        """
        cast = {**self._cast(), "town": place, "who": names[0], "whom": names[-1]}
        drawn = (self._fresh(pattern, cast) for pattern in self._random.sample(self._generic[group], len(self._generic[group])))
        return [sentence for sentence in drawn if sentence][:paragraphs]

    def _sentences(self, topic: Topic, cast: dict[str, str]) -> list[str]:
        chance = self._random
        body = chance.sample(topic.sentences, min(6, len(topic.sentences)))
        body += chance.sample(self._generic["b"], 3)
        chance.shuffle(body)
        for place, quote in zip((1, 4, 7), chance.sample(self._generic["q"], 3), strict=True):
            body.insert(place, quote)
        drawn = [self._first(topic.leads, cast)]
        drawn += [sentence for pattern in body if (sentence := self._fresh(pattern, cast))]
        while sum(len(sentence.split()) for sentence in drawn) < _LEAST:
            drawn.append(self._first(self._generic["b"], cast))
        drawn.append(self._first(self._generic["e"], cast))
        paragraphs = [drawn[0]]
        for sentence in drawn[1:]:
            long = len(paragraphs) == 1 or len(paragraphs[-1].split()) > 18 or '"' in sentence or '"' in paragraphs[-1]
            paragraphs[len(paragraphs) - (0 if long else 1) :] = [sentence] if long else [f"{paragraphs[-1]} {sentence}"]
        return paragraphs

    def _fresh(self, pattern: str, cast: dict[str, str]) -> str | None:
        """Draws until no run of eight words has been used before by this desk; None when the pattern is worn out."""
        for _ in range(_DRAWS):
            sentence = _sentence_case(self._fill(pattern, cast))
            words = re.findall(r"\w+", sentence.lower())
            runs = {" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}
            if runs.isdisjoint(self._used):
                self._used |= runs
                return sentence
        return None

    def _first(self, patterns: list[str], cast: dict[str, str]) -> str:
        """The first of the shuffled patterns that still says something new; when all are worn out, one as it comes."""
        shuffled = self._random.sample(patterns, len(patterns))
        fresh = next((sentence for pattern in shuffled if (sentence := self._fresh(pattern, cast))), None)
        return fresh or _sentence_case(self._fill(shuffled[0], cast))

    def _cast(self) -> dict[str, str]:
        cast = {f"p{place}": f"{self._pick('first')} {self._pick('last')}" for place in (1, 2, 3)}
        cast |= {f"l{place}": cast[f"p{place}"].split()[-1] for place in (1, 2, 3)}
        cast["town"], cast["town2"] = self._random.sample(self._words["town"], 2)
        return cast | {name: self._pick(name) for name in ("river", "street", "club", "sport", "thing")}

    def _pick(self, name: str) -> str:
        return self._random.choice(self._words[name])

    def _fill(self, pattern: str, cast: dict[str, str]) -> str:
        while _CHOICE.search(pattern):
            pattern = _CHOICE.sub(lambda found: self._random.choice(found[1].split("|")), pattern)
        pattern = _WORD.sub(lambda found: self._random.choice(self._swaps.get(found[0], [found[0]])), pattern)
        return _SLOT.sub(lambda found: self._slot(found, cast), pattern)

    def _slot(self, found: re.Match[str], cast: dict[str, str]) -> str:
        name, ordinal, low, high = found.groups()
        if low:
            return str(self._random.randint(int(low), int(high)))
        if name == "money":
            return self._money()
        free = name in ("street", "sport", "thing") and self._random.random() < 0.5
        fixed = None if free else cast.get(name + ordinal)
        return fixed if fixed is not None else self._pick(name)

    def _money(self) -> str:
        amount = self._random.randint(12, 9990)
        sign = self._random.choice("$€£")
        return f"{sign}{amount / 10:.1f} million" if amount % 3 == 0 else f"{sign}{amount:,},{self._random.randint(100, 999)}"


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lines(name: str) -> list[str]:
    return [line for line in (_TEXTS / name).read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def read_words() -> dict[str, list[str]]:
    """The lists that sentences are filled from, by name."""
    pairs = (line.split(": ", 1) for line in _lines("words.txt"))
    return {name: values.split("; ") for name, values in pairs}


def _read_topics() -> list[Topic]:
    topics: list[Topic] = []
    for line in _lines("topics.txt"):
        mark, rest = line[0], line[2:]
        if mark == "@":
            name, section = rest.split(" | ")
            topics.append(Topic(name, section))
        else:
            topic = topics[-1]
            {"=": topic.titles, "l": topic.leads, "s": topic.sentences}[mark].append(rest)
    return topics


def _read_generic() -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for line in _lines("generic.txt"):
        groups.setdefault(line[0], []).append(line[2:])
    return groups
