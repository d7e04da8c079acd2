"""What changed between two states of a text: whatever they are, every paragraph of both is accounted for, once."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.match.changes import apart, changes
from pipeline.model import Article, Change
from pipeline.text import tokens

OLD = """The town will rebuild the old pier that a storm broke in two last winter, the council said.
The work is to cost 3.2 million crowns and to take until the autumn.
Fishermen had asked for a shorter pier of stone.
The ferry company said that it would wait and see."""

paragraphs = st.lists(st.text(alphabet="ab cd.e,’-\u4e2d", max_size=25) | st.sampled_from(OLD.split("\n")), max_size=8)


def article(text: str, **more: object) -> Article:
    return Article(url="", title="A pier", text=text, **more)  # type: ignore[arg-type]  # names of Article's fields


def between(old: str, new: str) -> list[Change]:
    return list(changes(article(old), article(new)).paragraphs)


def worded(text: str) -> list[str]:
    return [line for line in text.split("\n") if tokens(line).forms]


@settings(max_examples=300, deadline=None)
@given(old=paragraphs, new=paragraphs)
def test_every_paragraph_and_word_of_both_is_accounted_for_once(old: list[str], new: list[str]) -> None:
    was, now = "\n".join(old), "\n".join(new)
    found = between(was, now)
    assert [now[one.start : one.end] for one in found if one.kind != "removed"] == worded(now)
    assert sorted(was[one.other_start : one.other_end] for one in found if one.kind != "added") == sorted(worded(was))
    for one in found:
        if one.edits:
            here = [(edit.start, edit.end) for edit in one.edits]
            there = [(edit.other_start, edit.other_end) for edit in one.edits]
            for whole, start, spans in (
                (now[one.start : one.end], one.start, here),
                (was[one.other_start : one.other_end], one.other_start, there),
            ):
                words = [(start + first, start + last) for first, last in zip(tokens(whole).starts, tokens(whole).ends, strict=True)]
                assert all(sum(begin <= first and last <= end for begin, end in spans) == 1 for first, last in words)  # each in one span
                assert spans == sorted(spans)


@settings(max_examples=100, deadline=None)
@given(text=paragraphs)
def test_nothing_changes_from_a_text_to_itself(text: list[str]) -> None:
    assert {one.kind for one in between("\n".join(text), "\n".join(text))} <= {"same"}


def test_a_paragraph_that_stands_elsewhere_was_moved() -> None:
    first, second, third, last = OLD.split("\n")
    found = between(OLD, f"{last}\n{first}\n{second}\n{third}")
    assert [one.kind for one in found] == ["moved", "same", "same", "same"]
    found = between(OLD, "\n".join([last.replace("wait", "wait for a year"), first, second, third]))
    assert [(one.kind, bool(one.edits)) for one in found] == [("moved", True), ("same", False), ("same", False), ("same", False)]


def test_typography_is_no_change_and_a_figure_is_one() -> None:
    assert {one.kind for one in between("It’s Russia’s “war”.", "It's Russia's \"war\".")} == {"same"}
    new = OLD.replace("3.2", "3.4")
    (change,) = [one for one in between(OLD, new) if one.kind != "same"]
    assert [(OLD[one.other_start : one.other_end], new[one.start : one.end]) for one in change.edits if one.kind != "same"] == [
        ("3.2", "3.4")
    ]


def test_what_is_beside_the_text_is_told_too() -> None:
    found = changes(article(OLD, authors=("Ida Holm",)), article(OLD, authors=("Ida Holm", "Per Lund"), credit="AFP"))
    assert found.fields == (("authors", "Ida Holm", "Ida Holm, Per Lund"), ("credit", "", "AFP"))


def test_a_trap_is_not_aligned_word_by_word() -> None:
    """Two paragraphs of one word, thousands of times: quadratic for a word-by-word comparison."""
    (gone, new) = sorted(between("a " * 30_000, "a " * 29_999), key=lambda one: one.kind, reverse=True)
    assert (gone.kind, new.kind) == ("removed", "added")


def test_what_is_only_here() -> None:
    text = "The pier will be built. Nobody knows when. It was old."
    assert [text[start:end] for start, end in apart(text, [(0, 23)])] == ["Nobody knows when.", "It was old."]
    assert apart(text, [(0, len(text))]) == ()
    assert len(apart(text, [])) == 3
