"""What stands before the rest of a text: an offer to subscribe, a form to sign in with.

An appeal beside an article speaks of subscribing too. A gate says besides that there is more to read, or is built as one, and nothing of
the text comes after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.extract import stems
from pipeline.extract.page import Page
from pipeline.extract.shapes import HEADLINE, Line, Shape, is_sentence, pieces, weight

AROUND = 7  # lines that belong to one offer
_TAKES = frozenset(("subscribe", "register", "login", "price"))
LABEL = 180  # letters of a line of an offer; a longer one is a paragraph
AFTER = 150  # letters of prose behind it that make it an appeal between paragraphs
BESIDE = 250  # letters in a gate that speak of something else: then it is the article
BEHIND = 2  # lines behind an offer among which the link to it may be
NOTHING = 120  # letters before it: a standfirst, not a beginning
LITTLE = 200  # letters of a body; beside one with more, an offer of unlimited reading is an appeal
REPORT = 100  # letters of a line that may report on an offer
ALONE = 140  # letters of a line that says all of it
_QUOTED = re.compile(
    r"«[^»]{0,200}»|»[^«]{0,200}«|“[^”]{0,200}”|„[^“”]{0,200}[“”]|\"[^\"]{0,200}\"|「[^」]{0,100}」|『[^』]{0,100}』|‘[^’]{0,100}’"
)
_STANDFIRST = re.compile(
    r"standfirst|(?:^|[\s_-])(?:lead|lede|dek|desc(?:ription)?|subhead(?:line)?|subtitle|chapo|chapeau|vorspann"
    r"|ingress|intro|summary|excerpt|kicker"
    r"|teaser|manchet|sommario|bajada|entradilla|anleser|sapo|perex|spot)(?:[\s_-]|$)"
)


@dataclass(frozen=True, slots=True)
class Gate:
    """``lines``: what it says, to be left out of the body."""

    evidence: str
    lines: frozenset[str]


def unquoted(text: str) -> str:
    """What is not said in quotation marks: who quotes a wall reports on it."""
    return _QUOTED.sub(" ", text)


def gate(page: Page, shape: Shape, own: int) -> Gate | None:
    """The gate of a page; ``own``: letters of its body. ``isAccessibleForFree`` is a hint: where it says yes, only a gate by markup counts;
    where no, less is needed."""
    free = _marked(page)
    lines = [said for said in shape.lines if not (said.card or "©" in said.text or _is_meter(said, own))]
    if found := _headed(page, shape, lines):
        return found
    built = [at for at, said in enumerate(lines) if "lock" in said.zones]
    offered = [at for at, said in enumerate(lines) if "offer" in said.zones]
    if built and not (own > LITTLE and _promotes(lines, built)) and (found := _built(shape, lines, built)):
        return Gate(found.evidence, found.lines | {lines[at].text for at in offered if lines[at].size <= LABEL})
    if offered and free is not True and (found := _built(shape, lines, offered, worded=free is None)):
        return found
    if free is True:
        return None
    behind = 0
    for at in range(len(lines) - 1, -1, -1):  # from the end: what has the text behind it is no gate
        said = lines[at]
        if said.size > LABEL or said.part == "h1":
            behind += said.size if said.is_prose else 0
            if behind > AFTER:
                break
            continue
        lower = unquoted(said.text).lower()
        locks = stems.notion("lock").search(lower) or stems.notion("read_on").search(lower)
        if not locks and (own < LITTLE or free is False):
            locks = stems.notion("access").search(lower)
        if locks and (
            found := _worded(lines, at, locks[0], hinted=free is False, led=bool(shape.hrefs & {"login", "offer"} or shape.asked))
        ):
            return found
    return None


def _is_meter(said: Line, own: int) -> bool:
    """Whether a line beside a text counts what is still free: then the reader reads."""
    return (
        own > LITTLE
        and said.size <= LABEL
        and bool(re.search(r"[1-9]", said.text))
        and bool(stems.notion("left").search(said.text.lower()))
    )


def _headed(page: Page, shape: Shape, lines: list[Line]) -> Gate | None:
    """A gate that has taken the headline's place: it says there that there is more, or that one must subscribe, and the page leads to where
    one does; hardly a line speaks of something else."""
    at = next((at for at, said in enumerate(lines) if said.part == "h1"), None)
    if at is None or not (shape.hrefs & {"login", "offer"} or shape.asked or shape.password):
        return None
    head = unquoted(lines[at].text).lower()
    notions = stems.of(head)
    if not (notions & {"lock", "read_on"} or len(notions & _TAKES) > 1) and not (
        notions & {"subscribe"} and stems.notion("access").search(head)
    ):
        return None
    below = lines[at + 1 :]
    whole = stems.of("\n".join(said.text for said in lines).lower())
    strange = sum(said.size for said in below if said.is_prose and not said.zones & {"offer", "lock"} and not stems.of(said.text.lower()))
    if (shape.asked or shape.password) and "price" not in whole:  # an account that costs nothing
        return None
    takes = len(whole & _TAKES) > 1 and (whole & {"price", "subscribe"} or not shape.stamped)
    if not takes or strange > BESIDE or (strange > NOTHING and page.meta("author")):
        return None
    return Gate(f"its headline is an offer's: {lines[at].text[:80]!r}", frozenset(said.text for said in lines[at:]))


def _promotes(lines: list[Line], built: list[int]) -> bool:
    """Whether what is built as a gate announces several other stories, and locks none."""
    mine = [lines[at] for at in built]
    others = [said for said in mine if said.leads_away and said.size > HEADLINE and not stems.of(said.text.lower())]
    return len(others) > 1 and not any(stems.notion("lock").search(said.text.lower()) for said in mine)


def _marked(page: Page) -> bool | None:
    stated = {str(thing["isAccessibleForFree"]).strip().lower() for thing in page.articles if "isAccessibleForFree" in thing}
    tier = (page.meta("article:content_tier") or "").lower()
    if "true" in stated or tier == "free":
        return True
    return False if "false" in stated or tier in {"locked", "metered"} else None


def _built(shape: Shape, lines: list[Line], built: list[int], *, worded: bool = False) -> Gate | None:
    """A gate by its markup, and by two things that it speaks of or leads to; ``worded``: one must be that there is more."""
    said = "\n".join(lines[at].text for at in built)
    notions = stems.of(said.lower()) - {"comment"}
    if sum(lines[at].size for at in built if lines[at].is_prose and not (stems.of(lines[at].text.lower()) or _priced(lines, at))) > BESIDE:
        return None
    takes = notions & _TAKES
    if worded and not notions & {"lock", "read_on"}:
        return None
    if not takes and not shape.hrefs & {"login", "offer"}:
        return None
    if (
        len(notions) < 2
        and not (notions and shape.hrefs & {"login", "offer"})
        and not {"login", "offer"} <= shape.hrefs
        and not shape.asked
    ):
        return None
    strong = notions & {"lock", "read_on"} and not worded
    if _prose_behind(lines, built[-1]) > (3 * AFTER if strong else AFTER):
        return None
    return Gate(f"a gate stands on the page: {said[:100]!r}", frozenset(lines[at].text for at in built))


def _priced(lines: list[Line], at: int) -> bool:
    """Whether a line says what an offer within a gate is good for: a short one, a price near it in what is built as an offer."""
    if lines[at].size > LABEL or not {"offer", "lock"} <= lines[at].zones:
        return False
    near = lines[max(0, at - AROUND) : at + AROUND]
    return any("offer" in said.zones and stems.notion("price").search(said.text.lower()) for said in near)


def _worded(lines: list[Line], at: int, found: str, *, hinted: bool, led: bool) -> Gate | None:
    """A gate by its words: what says that there is more, and around it what it takes; ``led``: the page leads to where one gets it."""
    start = at
    while start > 0 and at - start < 2 and lines[start - 1].size < LABEL and stems.of(lines[start - 1].text.lower()):
        start -= 1
    end = at + 1
    while end < len(lines) and end - at < AROUND and lines[end].part != "h1" and (_offers(lines[end]) or _leads_on(lines, end)):
        end += 1
    block = lines[start:end]
    text = "\n".join(said.text for said in block).lower()
    notions = stems.of(text)
    if led and stems.notion("club").search(text):
        notions.add("subscribe")
    beside = stems.of("\n".join(said.text for said in block if said is not lines[at]).lower())
    own = stems.of(lines[at].text.lower())
    acts = (said.linked or "button" in said.zones for said in block if stems.of(said.text.lower()))
    leads = led or hinted or any(said.linked or "button" in said.zones for said in lines[start : end + BEHIND])
    asks = leads or notions & {"read_on", "login", "register"}  # other clubs have members who pay
    if not asks or (lines[at].size > REPORT and not any(acts)):  # who reports on an offer does not lead to it
        return None
    alone = lines[at].size < ALONE and own & {"subscribe", "register"} and ("read_on" in own or len(own & _TAKES) > 1)
    if not beside & _TAKES and not alone:
        return None
    takes = notions & _TAKES
    if not takes & {"subscribe", "register", "login"} or len(takes) < (1 if hinted or {"lock", "read_on"} <= notions else 2):
        return None
    if "comment" in stems.of(lines[at].text.lower()) or _prose_behind(lines, end - 1) > AFTER:
        return None
    kept = [said for at, said in enumerate(block, start) if stems.of(said.text.lower()) or not said.is_prose or _leads_on(lines, at)]
    return Gate(f"the page says {found!r} beside an offer", frozenset(said.text for said in kept))


def _offers(said: Line) -> bool:
    """Whether a line may belong to an offer: it speaks of it, or is no sentence."""
    return said.size <= LABEL and (not said.is_prose or bool(stems.of(said.text.lower())))


def _leads_on(lines: list[Line], at: int) -> bool:
    """Whether a sentence of an offer says how easy it is: a short one, before a field or a button, and then a line that speaks of it."""
    behind = lines[at + 1 : at + 1 + BEHIND]
    return (
        lines[at].size <= REPORT
        and any("button" in said.zones or "form" in said.zones or said.leads_away for said in behind)
        and any(stems.of(said.text.lower()) & _TAKES for said in behind)
    )


def _prose_behind(lines: list[Line], last: int) -> int:
    return sum(
        said.size for said in lines[last + 1 :] if said.is_prose and not stems.of(said.text.lower()) & {"subscribe", "login", "register"}
    )


def beginning(shape: Shape, text: str, title: str, found: Gate) -> list[str]:
    """The lines of a body that are the text's, not the gate's."""
    mine = "\n".join(found.lines)
    kept = [said for said in text.split("\n") if said not in found.lines and said not in mine and not _joined(said, found)]
    return [part for said in kept if said != title for part in _apart(shape, said, found)]


def _apart(shape: Shape, said: str, found: Gate) -> list[str]:
    """A line of a body; where an extractor has put some of the gate's behind the text's, those of its lines that are the text's."""
    if not any(len(part) > 10 and part in said for part in found.lines):
        return [said]
    mine = [line.text for line in shape.lines if line.is_prose and not line.card and line.text not in found.lines and line.text in said]
    return mine or [said]


def _joined(said: str, found: Gate) -> bool:
    """Whether a line is several of a gate's, put together by an extractor."""
    return sum(len(part) for part in found.lines if len(part) > 10 and part in said) > len(said) / 2


def shows_nothing(shape: Shape, kept: list[str]) -> bool:
    """Whether what stands before a gate is only what announces the text, or other ones."""
    others = {said.text for said in shape.lines if said.card}
    kept = [said for line in kept for said in pieces(line) if is_sentence(said) and said not in others]
    if sum(weight(said) for said in kept) < NOTHING:
        return True
    announcing = {said.text for said in shape.lines if _STANDFIRST.search(said.classes)}
    return sum(weight(said) for said in kept if said not in announcing) < NOTHING / 2 and len(kept) == 1
