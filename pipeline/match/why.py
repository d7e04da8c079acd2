"""A verdict in one sentence that a person understands: how much, from where, what is new."""

from __future__ import annotations

from pipeline.match.evidence import Evidence
from pipeline.model import Article, Relation


def name(other: Article, seed: str | None) -> str:
    """What the other text is called in a sentence."""
    if seed is not None:
        return "the seed"
    if other.credit:
        return f"the {other.credit} story"
    outlet = other.outlet_name or other.outlet
    return f"the story of {outlet}" if outlet else "the other text"


def explain(relation: Relation, evidence: Evidence, similarity: float, called: str, notes: frozenset[str]) -> str:
    """The sentence for a verdict. ``called``: the other text's name; ``notes``: of correction or update, on either side alone."""
    match relation:
        case Relation.IDENTICAL:
            return f"Word for word {called}."
        case Relation.COPY:
            return f"{_share(evidence)} of the text stands in {called}, {_back(evidence)}{_adds(evidence)}."
        case Relation.REVISION:
            shared = f"{_share(evidence)} of the text stands there, {_back(evidence)}"
            return f"Another state of {called}: {shared}{_changed(evidence, notes)}{_adds(evidence)}."
        case Relation.EXCERPT:
            return f"{_share(evidence)} of the text stands in {called}: {_paragraphs(evidence)}{_adds(evidence)}."
        case Relation.DERIVED:
            return _derived(evidence, called)
        case Relation.RELATED:
            return _related(evidence, similarity, called)
    if evidence.shared or evidence.other_shared:
        return f"Shares only {_count(evidence.shared, 'word')} with {called}: too little to count (similarity {similarity:.2f})."
    if evidence.passages:
        return f"Shares with {called} only {_count(evidence.quoted + _other_words(evidence), 'word')} of captions, posts or boilerplate."
    return f"Nothing in common with {called} that counts (similarity {similarity:.2f})."


def _derived(evidence: Evidence, called: str) -> str:
    if evidence.replaced >= 3 and evidence.coverage >= 0.6:
        how = f"reworded in {_count(evidence.replaced, 'place')}, {_back(evidence)}"
        return f"{_share(evidence)} of the text stands in {called}, {how}{_adds(evidence)}."
    if evidence.other_coverage >= 0.8:
        where = "before it" if evidence.lead > evidence.tail else "after it" if evidence.tail else "between"
        new = f"puts {_count(len(evidence.new_sentences), 'sentence')} of its own {where}"
        return f"Holds {_percent(evidence.other_coverage)} of {called} and {new} ({_share(evidence)} of the text is shared)."
    words, own = evidence.shared, _percent(evidence.coverage)
    return f"{_count(words, 'word')} ({own} of the text) are taken from {called}: {_paragraphs(evidence)}{_adds(evidence)}."


def _related(evidence: Evidence, similarity: float, called: str) -> str:
    if evidence.shared and evidence.shared >= evidence.quoted:
        words = _count(evidence.shared, "word")
        return f"Shares {words} of background with {called} ({_share(evidence)} of the text); similarity {similarity:.2f}."
    if evidence.quoted:
        return f"Shares only quotes with {called} ({_count(evidence.quoted, 'word')}); similarity {similarity:.2f}."
    return f"The same subject as {called} in other words (similarity {similarity:.2f})."


def translation(article: Article, other: Article, called: str, here: int, sentences: int, similarity: float) -> str:
    """The sentence for what is related to a text in another language. ``here``: of its ``sentences``, how many stand here translated."""
    ways = f"{other.language} → {article.language}"
    if here:
        return f"A translation of {called}: {here} of its {_count(sentences, 'sentence')} stand here ({ways})."
    return f"The same subject as {called} in another language ({ways}; similarity {similarity:.2f})."


def _other_words(evidence: Evidence) -> int:
    return max(0, round(evidence.coverage_all * evidence.words) - evidence.quoted)


def _percent(share: float) -> str:
    return f"{int(share * 100)} %"


def _share(evidence: Evidence) -> str:
    return _percent(evidence.coverage)


def _back(evidence: Evidence) -> str:
    return f"and {_percent(evidence.other_coverage)} of that one here"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _paragraphs(evidence: Evidence) -> str:
    there, of = evidence.paragraphs
    if not there:
        return "a part of a paragraph"
    if evidence.opening:
        return f"the first {there} of {of} paragraphs" if there > 1 else f"the first of {_count(of, 'paragraph')}"
    return f"{there} of {_count(of, 'paragraph')}"


def _changed(evidence: Evidence, notes: frozenset[str]) -> str:
    said = ""
    if evidence.figures_changed:
        said += "; figures changed: " + ", ".join(f"{old} → {new}" for old, new in evidence.figures_changed[:3])
    if notes:
        said += f"; with a note: “{min(notes, key=len)[:100]}”"
    return said


def _adds(evidence: Evidence) -> str:
    new = len(evidence.new_sentences)
    return f"; adds {_count(new, 'sentence')}" if new else ""
