"""The verdict: a rule over the evidence, and the sentence that says it to a person.

The thresholds start from facts/matching ("Recommended cascade", 5): they are about what a reader calls a copy, not about one collection.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.match.desk import agencies_apart, one_desk, running, same_outlet
from pipeline.match.evidence import Evidence
from pipeline.match.phrases import Phrases
from pipeline.model import Article, Relation

COPY = 0.70  # both ways; the rest of a copy is bylines, trims and house style
COPY_WORDS = 6  # a shorter text is no copy unless it is identical
WHOLE = 0.80  # one way: "all of it" stands in the other
TRIMMED = 0.95  # this much of a text that ends early stands in the other: cut from the end, and an excerpt …
CUT = 0.80  # … when less than this of the other is left
EXCERPT_WORDS = 16  # a stub shorter than this is nobody's excerpt
ALL = 0.90  # the other text stands in this one as a whole …
LEAD, TAIL = 30, 80  # … and this many words of whole sentences were put before it (a local lead) or after it (another story)
REWRITTEN = 1.0  # wordings replaced in 100 shared words; house style and respelling stay below
REPLACED = 3  # … and not fewer than this
REWORDED = 5.0  # … and so many are another hand's all through: what then stands alone was reworded beyond recognition, not reported
NEWS = 25  # own words of new sentences that make such a text a later state rather than a rewrite
PART = 0.40  # both ways: two states of one story
KEPT = 0.25  # of two states of one desk's story, the least that stands of either in the other, when it is PART of one of them
ORDER = 0.5  # and this share of it keeps its order; a page of many stories is shuffled
NOTED = 0.60  # with a note, changed figures or the same outlet it may be one of which less is new
SOME = 0.10  # one way: a piece of one stands in the other …
SOME_WORDS = 40  # … and it is more than a sentence or two
BLOCK_RUN, BLOCK_WORDS = 60, 20  # a run this long, so many of its words outside quotes, was taken over as a block
BLOCK = 0.7  # the share of all that is shared which such a run is
BACKGROUND = (
    0.42  # two stories of one agency share 10 to 40 % background as 8-grams count it (facts/matching), a little more with small gaps glued
)
QUOTED = 12  # shared tokens of direct quotes that make two stories related
TOPIC_WORDS = 8  # a shorter text has no subject of its own: a title alone decides nothing (facts/matching)
RELATED = 0.32  # similarity from which two stories share their subject
MONTHS = 30  # days; one event is in the news for days: what is said later on the same matter and people is mostly on another …
RELATED_LATER = 0.45  # … unless it is this close

_NOTE = re.compile(
    r"(?:korrektur|berichtigung|klarstellung|correctif|rectificatif|fe de errat[ao]s|correcci[oó]n|rectificaci[oó]n|errata corrige"
    r"|исправление|уточнение|更正|訂正|정정|바로잡습니다|تصحيح|แก้ไข)\s?[:：]|\bcette (?:dépêche|version) corrige\b"
    r"|\bin einer (?:früheren|vorigen) (?:fassung|version)\b|\bune version précédente\b|\buna versión anterior\b"
    r"|в (?:предыдущей|прежней) версии|"
    r"\b(?:correction|clarification|corrects?|editor[’']s note|eds)\s?:"
    r"|\b(?:an )?(?:earlier|previous) (?:version|story|report) (?:of|on|misstated|gave)"
    r"|\b(?:this|the) (?:story|article|report) (?:has been|was) (?:corrected|updated|amended)|^\(?updates?\b[^\n]{0,40}(?:\)|-|with|:)"
    r"|\bupdate \d\s?[-–—:]|\b(?:1st|2nd|3rd|\dth) (?:ld|lead|update)\b|\bwrite-?thru\b|\bupdated? to (?:add|correct|include|reflect)",
    re.IGNORECASE | re.MULTILINE,
)
# Every such note holds one of these: to look for them is a tenth of the cost of trying the phrases.
_NOTE_WORDS = Phrases((
    "correct", "clarif", "amended", "update", "write-thr", "writethr", "editor", "eds", "earlier version", "earlier story",
    "earlier report", "previous version", "previous story", "previous report", "st ld", "nd ld", "rd ld", "th ld", "st lead", "nd lead",
    "rd lead", "th lead", "korrektur", "berichtigung", "klarstellung", "früheren", "vorigen", "rectifi", "corrige", "précédente", "errat",
    "correcci", "anterior", "исправление", "уточнение", "версии", "更正", "訂正", "정정", "바로잡", "تصحيح", "แก้ไข",
), common=(" ld", " lead", "earlier ", "previous ", "corre", "writ"))  # fmt: skip


def notes(article: Article) -> frozenset[str]:
    """The lines in which an article says that it corrects or updates an earlier one, the title among them."""
    return _notes(article.title, article.text)


@lru_cache(maxsize=64)  # each text of a pair is asked for several times, and an article is one side of many pairs
def _notes(title: str, text: str) -> frozenset[str]:
    return frozenset(filter(None, map(_note, (*title.split("\n"), *text.split("\n")))))


@lru_cache(maxsize=4096)  # a paragraph of a wire story stands in many texts
def _note(line: str) -> str:
    return line.strip()[:200] if _NOTE_WORDS.within(line.lower()) and _NOTE.search(line) else ""


def decide(article: Article, other: Article, evidence: Evidence, similarity: float) -> Relation:
    """The relation of an article to another text that is not identical to it."""
    here, there = evidence.coverage, evidence.other_coverage
    low, words = min(here, there), min(evidence.shared, evidence.other_shared)
    longer = words >= EXCERPT_WORDS or (words >= COPY_WORDS and bool(evidence.figures_changed))  # an alert is short
    if longer and (low >= PART or there >= ALL) and (special := _changed_copy(article, other, evidence, low)):
        return special
    if words >= SOME_WORDS and _next_state(article, other, evidence):
        return Relation.REVISION
    if low >= COPY and words >= COPY_WORDS:
        return Relation.COPY
    if low >= PART and words >= SOME_WORDS and max(here, there) < WHOLE:
        made_over = _put_on(evidence) or _rewritten(evidence)
        apart = made_over and not same_outlet(article, other)
        return Relation.DERIVED if apart or running(article) != running(other) else Relation.REVISION
    if here >= WHOLE and words >= EXCERPT_WORDS:
        led = evidence.lead >= LEAD and not same_outlet(article, other)  # a local lead on a part of the story is one on the whole
        return Relation.DERIVED if led else Relation.EXCERPT
    if here >= COPY and there < PART and words >= EXCERPT_WORDS and evidence.new_words < NEWS:
        return Relation.EXCERPT  # reworded here and there, but nothing in it is its own
    footed = evidence.foot and same_outlet(article, other) and max(here, there) < COPY  # what one outlet prints below its stories
    if not footed and _taken(article, other, evidence, words):
        return Relation.DERIVED
    told = min(evidence.words, evidence.other_words) >= TOPIC_WORDS
    topical = told and similarity >= _related_from(article, other)
    if evidence.quoted >= QUOTED or (words >= SOME_WORDS and not footed) or topical:
        return Relation.RELATED
    return Relation.DISTINCT


def _related_from(article: Article, other: Article) -> float:
    """The similarity from which the two are on one event, as far apart as they were published."""
    if article.published is None or other.published is None:
        return RELATED
    return RELATED_LATER if abs(article.published.at - other.published.at).days > MONTHS else RELATED


def _next_state(article: Article, other: Article, evidence: Evidence) -> bool:
    """Whether both are states of one desk's story: enough of each stands in the other, in the same order, and each has news of its own.

    Of a text that is nearly a copy, sentences that come or go alone are a trim; it takes the desk itself to reword the others.
    """
    low, high = sorted((evidence.coverage, evidence.other_coverage))
    if evidence.in_order < ORDER or low < KEPT or high < BACKGROUND:
        return False
    fewer, more = sorted((evidence.new_words, evidence.gone_words))
    if (more if low >= COPY and evidence.replaced >= REPLACED else fewer if low < COPY else 0) < NEWS:
        return False
    led_anew = evidence.lead > evidence.tail and evidence.other_lead > 0  # in the place of the old lead, not over it
    if (_put_on(evidence) and not led_anew) or running(article) != running(other):
        return False
    if running(article) and high >= WHOLE:  # of a running file, what stands whole in the other is a piece of it
        return False
    return one_desk(article, other)


def _changed_copy(article: Article, other: Article, evidence: Evidence, low: float) -> Relation | None:
    """What a text that shares most of its words is when it is no plain copy."""
    later = same_outlet(article, other) and evidence.new_words >= NEWS
    state = low >= NOTED and (later or bool(evidence.figures_changed) or notes(article) != notes(other))
    rewritten = _rewritten(evidence)
    if state and not rewritten:
        return Relation.REVISION
    if evidence.other_coverage >= ALL and (evidence.lead >= LEAD or evidence.tail >= TAIL):
        return Relation.REVISION if low >= NOTED and same_outlet(article, other) else Relation.DERIVED
    if low >= NOTED and rewritten:
        news = evidence.new_words >= NEWS and 100 * evidence.replaced < REWORDED * evidence.shared
        return Relation.REVISION if state or news else Relation.DERIVED
    if evidence.coverage >= TRIMMED and evidence.other_lead >= LEAD and not same_outlet(article, other):
        return Relation.EXCERPT  # the other put a lead of its own on top
    if evidence.coverage >= TRIMMED and evidence.opening and evidence.other_coverage < CUT:
        return Relation.EXCERPT
    return None


def _put_on(evidence: Evidence) -> bool:
    """Whether what is new was put before or behind as a block; a later state of a story has its news all over it."""
    new = evidence.own - evidence.shared
    return (evidence.lead >= LEAD or evidence.tail >= TAIL) and evidence.lead + evidence.tail >= BLOCK * new


def _rewritten(evidence: Evidence) -> bool:
    return evidence.replaced >= REPLACED and 100 * evidence.replaced >= REWRITTEN * evidence.shared


def _taken(article: Article, other: Article, evidence: Evidence, words: int) -> bool:
    """Whether a piece of one text was taken over into the other; background that one agency repeats is not."""
    if (
        evidence.longest_run >= BLOCK_RUN
        and words >= BLOCK_WORDS
        and evidence.longest_run >= BLOCK * evidence.coverage_all * evidence.words
    ):
        return True
    high = max(evidence.coverage, evidence.other_coverage)
    if high < SOME or words < SOME_WORDS:
        return False
    return high >= BACKGROUND or agencies_apart(article, other) or running(article) != running(other)
