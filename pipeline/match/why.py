"""A verdict in one sentence that a person understands: how much, from where, what is new."""

from __future__ import annotations

from pipeline.match.evidence import Evidence
from pipeline.model import Article, Relation

ROWS = 3  # rows of paragraphs that are named; more are counted


def name(other: Article, seed: str | None) -> str:
    """What the other text is called in a sentence."""
    if seed is not None:
        return "the seed"
    if other.credit:
        return f"the {other.credit} story"
    outlet = other.outlet_name or other.outlet
    return f"the story of {outlet}" if outlet else "the other text"


def note(lines: frozenset[str], titles: tuple[str, ...]) -> str:
    """The shortest line that says that it corrects or updates another state; a headline, where only a headline does. "" for no lines."""
    below = lines - {title.strip()[:200] for title in titles}
    return f"with a note: “{_shortest(below)[:100]}”" if below else f"headed “{_shortest(lines)[:100]}”" if lines else ""


def _shortest(lines: frozenset[str]) -> str:
    """Of two as short, the first in order: what is said must not hang on how a process hashes."""
    return min(lines, key=lambda line: (len(line), line))


def explain(relation: Relation, evidence: Evidence, similarity: float, called: str, noted: str, on: str = "") -> str:
    """The sentence for a verdict. ``called``: the other text's name; ``noted``: what corrects or updates on either side alone (``note``);
    ``on``: the subject of the new sentences."""
    adds = _adds(evidence, on)
    match relation:
        case Relation.IDENTICAL:
            return f"Word for word {called}."
        case Relation.COPY:
            return f"{_share(evidence)} of the text stands in {called}, {_back(evidence)}{_lacks(evidence)}{adds}."
        case Relation.REVISION:
            shared = f"{_share(evidence)} of the text stands there, {_back(evidence)}"
            return f"Another state of {called}: {shared}{_changed(evidence, noted)}{_lacks(evidence)}{adds}."
        case Relation.EXCERPT:
            return f"{_share(evidence)} of the text stands in {called}: {_paragraphs(evidence)}{adds}."
        case Relation.DERIVED:
            return _derived(evidence, called, on)
        case Relation.RELATED:
            return _related(evidence, similarity, called)
    if evidence.foot:
        return f"Shares with {called} only what stands below both ({_count(evidence.shared, 'word')}; similarity {similarity:.2f})."
    if evidence.shared or evidence.other_shared:
        return f"Shares only {_count(evidence.shared, 'word')} with {called}: too little to count (similarity {similarity:.2f})."
    if evidence.passages:
        words = _count(evidence.quoted + _other_words(evidence), "word")
        return f"Shares with {called} only {words} of quotes, captions, posts or boilerplate (similarity {similarity:.2f})."
    return f"Nothing in common with {called} that counts (similarity {similarity:.2f})."


def _derived(evidence: Evidence, called: str, on: str) -> str:
    adds = _adds(evidence, on)
    if evidence.replaced >= 3 and evidence.coverage >= 0.6:
        how = f"reworded in {_count(evidence.replaced, 'place')}, {_back(evidence)}"
        return f"{_share(evidence)} of the text stands in {called}, {how}{adds}."
    if evidence.other_coverage >= 0.8:
        where = "before it" if evidence.lead > evidence.tail else "after it" if evidence.tail else "between"
        new = f"puts {_count(len(evidence.new_sentences), 'sentence')} of its own{f' on {on}' if on else ''} {where}"
        return f"Holds {_percent(evidence.other_coverage)} of {called} and {new} ({_share(evidence)} of the text is shared)."
    words, own = evidence.shared, _percent(evidence.coverage)
    verb = "is" if words == 1 else "are"
    return f"{_count(words, 'word')} ({own} of the text) {verb} taken from {called}: {_paragraphs(evidence)}{adds}."


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
    return f"{int(share * 100)} %" if share >= 0.01 or not share else "less than 1 %"


def _share(evidence: Evidence) -> str:
    return _percent(evidence.coverage)


def _back(evidence: Evidence) -> str:
    return f"and {_percent(evidence.other_coverage)} of that one here"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _paragraphs(evidence: Evidence) -> str:
    """Which paragraphs of the other text stand here."""
    stand, of = evidence.paragraphs, evidence.of_paragraphs
    if not stand:
        return "a part of a paragraph"
    if len(stand) == of:
        return f"all {of} paragraphs" if of > 1 else "its only paragraph"
    if evidence.opening:
        return f"the first {len(stand)} of {of} paragraphs" if len(stand) > 1 else f"the first of {_count(of, 'paragraph')}"
    rows = _rows(stand)
    if len(rows) > ROWS:
        return f"{len(stand)} of {_count(of, 'paragraph')}"
    said = [f"{first}" if first == last else f"{first}–{last}" for first, last in rows]
    numbers = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
    return f"paragraph{'' if len(stand) == 1 else 's'} {numbers} of {of}"


def _rows(numbers: tuple[int, ...]) -> list[tuple[int, int]]:
    """Numbers in rows without a gap: 1, 2, 3, 7 are (1, 3) and (7, 7)."""
    rows: list[tuple[int, int]] = []
    for number in numbers:
        if rows and rows[-1][1] == number - 1:
            rows[-1] = (rows[-1][0], number)
        else:
            rows.append((number, number))
    return rows


def _lacks(evidence: Evidence) -> str:
    gone = evidence.of_paragraphs - len(evidence.paragraphs)
    return f"; without {gone} of its {_count(evidence.of_paragraphs, 'paragraph')}" if gone and evidence.paragraphs else ""


def _changed(evidence: Evidence, noted: str) -> str:
    said = ""
    if evidence.figures_changed:
        said += "; figures changed: " + ", ".join(f"{old} → {new}" for old, new in evidence.figures_changed[:3])
    return said + (f"; {noted}" if noted else "")


def _adds(evidence: Evidence, on: str) -> str:
    new = len(evidence.new_sentences)
    return f"; adds {_count(new, 'sentence')}{f' on {on}' if on else ''}" if new else ""
