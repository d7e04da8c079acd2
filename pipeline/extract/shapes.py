"""How a page with little prose is built: what stands in its main part, what leads elsewhere, what is asked of the reader.

Made before the body is looked for (pruning takes out what tells a wall), by one walk, and only for pages that may be something else than an
article: for most, counting their paragraphs is enough (``survey``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

PARAGRAPH = 60
SENTENCE = 40  # letters that make a line a sentence, when nothing ends it
HEADLINE = 15  # letters that make a link the headline of another story
OTHER = frozenset(("consent", "lock", "offer", "login", "missing", "broken", "waiting"))  # zones that hold no text of a story
CARD = 600  # letters of a card: a headline with what it announces
_END = re.compile(r"[.!?…。！？।؟][\"'“”’»«）)」』]*$")
_WIDE = re.compile("[\u2e80-\uffff]")


@dataclass(frozen=True, slots=True)
class Line:
    """``size``: letters, those of scripts without spaces counted for what they say; ``linked``: characters that are links; ``zones``: what
    it stands in; ``part``: the nearest tag that is no inline one; ``card``: in the announcement of another story."""

    text: str
    size: int
    linked: int
    zones: frozenset[str]
    part: str
    card: bool
    classes: str

    @property
    def leads_away(self) -> bool:
        return self.linked > 0.6 * len(self.text)

    @property
    def is_prose(self) -> bool:
        return (
            not self.leads_away
            and self.part not in ("button", "label", "h1", "h2", "h3")
            and (self.size >= SENTENCE or (self.size >= HEADLINE and _END.search(self.text) is not None))
        )


@dataclass(slots=True)
class Shape:
    """``lines``: of the main part (not the menu, the foot, the comments); ``silent``: what stands in noscript. ``password``, ``asked``:
    fields for a password, for an address or a number; ``typed``: one that says nothing of what to type; ``buttons``: their labels;
    ``hrefs``: "home", "login", "offer" that the main part leads to; ``cards``: other stories announced; ``dated``: a day that is no card's,
    ``stamped``: beside the headline or below; ``bare``: the whole page leads nowhere, as no page of a site does."""

    lines: list[Line] = field(default_factory=list)
    silent: str = ""
    password: bool = False
    asked: bool = False
    typed: bool = False
    buttons: list[str] = field(default_factory=list)
    hrefs: set[str] = field(default_factory=set)
    cards: int = 0
    links: int = 0
    dated: bool = False
    stamped: bool = False
    zones: set[str] = field(default_factory=set)
    bare: bool = False

    def prose(self, *but: str) -> int:
        """Letters of the sentences outside links and cards and these zones."""
        return sum(line.size for line in self.lines if not line.card and line.is_prose and not line.zones.intersection(but))

    def own(self, text: str) -> int:
        """Letters of a body's sentences that stand neither in a card nor in what is built for something else than text."""
        other = {line.text for line in self.lines if line.card or line.leads_away or line.zones & OTHER}
        cards = "".join("".join(line.text.split()) for line in self.lines if line.card)  # extractors join the parts of a card as they like
        return sum(weight(said) for said in pieces(text) if said not in other and is_sentence(said) and "".join(said.split()) not in cards)

    def written(self) -> str:
        """The sentences of the main part, for when no extractor finds a body among so few; "" when they are none."""
        lines = [line for line in self.lines if line.is_prose and not line.card and not line.zones & OTHER and line.size >= SENTENCE]
        return "\n".join(line.text for line in lines) if sum(line.size for line in lines) >= 2 * PARAGRAPH else ""

    def headline(self) -> int:
        """Which line is the headline: the first of the highest sort outside cards; as many as there are lines when none is."""
        heads = [at for at, line in enumerate(self.lines) if line.part in ("h1", "h2") and not line.card and not line.leads_away]
        return min(heads, key=lambda at: self.lines[at].part, default=len(self.lines))

    def told(self) -> int:
        """Letters of the sentences below the headline, outside cards and lists; 0 when there is no headline, or one sentence only."""
        lines = self.lines[self.headline() :]
        own = [line for line in lines if line.part != "li" and line.is_prose and not line.card and not line.zones & OTHER]
        return sum(line.size for line in own) if len(own) > 1 else 0

    def said(self, zone: str = "") -> str:
        """The lines of the main part, or of a zone, outside cards."""
        return "\n".join(line.text for line in self.lines if not line.card and (not zone or zone in line.zones))


def weight(text: str) -> int:
    """How much a text says, in letters of an alphabet: a Chinese or Korean character counts two and a half."""
    return len(text) if text.isascii() else int(len(text) + 1.5 * len(_WIDE.findall(text)))


def pieces(text: str) -> list[str]:
    """The lines of a body, cells of tables apart."""
    return [said for said in re.split(r"\n|\s*\\?\|\s*", text) if said]


def is_sentence(said: str) -> bool:
    """Whether a line of a body is prose: long, or ended as a sentence is."""
    size = weight(said)
    return size >= PARAGRAPH and (size > 2 * PARAGRAPH or _END.search(said) is not None)
