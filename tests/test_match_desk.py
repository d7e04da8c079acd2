"""Whose text it is, and the sentence that says why: states of one desk, running files, feet, stubs; how much, from where, what is new."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.match import compare
from pipeline.match.desk import _NAME, _named
from pipeline.model import Article, Relation
from tests.test_match import OTHER, PARAGRAPHS, ROWS, WIRE, article, verdict

# ── two states of one desk's story, from whatever outlet ──────────────────────────────────────────

NEWS = """PORT ELMA (AP) — Divers lifted the captain of the Halden Star from the wreck on Tuesday, hours after the ferry ran aground.
He was alive, a doctor on the quay said, and had asked about his passengers before he asked about himself.
A crane from the naval yard was on its way to the reef, where it was to hold the hull before the tide turned."""
LATER = "\n".join([NEWS, *PARAGRAPHS[4:8], PARAGRAPHS[9]])


def ran(text: str, outlet: str) -> Article:
    return replace(article(text), outlet=outlet)


def test_two_states_of_an_agencys_story_are_a_revision_whoever_ran_them() -> None:
    for ours, theirs in (("westbury.test", "elsewhere.test"), ("westbury.test", "westbury.test")):
        for new, old in ((LATER, WIRE), (WIRE, LATER)):
            match = compare(ran(new, ours), ran(old, theirs))
            assert match.relation is Relation.REVISION, match.why
            assert match.other_relation is Relation.REVISION, match.other_why


def test_without_the_agencys_name_on_both_it_is_a_story_made_of_the_other() -> None:
    local = LATER.replace("PORT ELMA (AP) —", "WESTBURY —")
    assert compare(ran(local, "westbury.test"), ran(WIRE, "elsewhere.test")).relation is Relation.DERIVED


def test_a_name_under_a_picture_or_in_the_thanks_signs_nothing() -> None:
    local = LATER.replace("PORT ELMA (AP) —", "WESTBURY —")
    for line in ("(AP Photo/Lena Brandt)", "The Associated Press contributed to this report."):
        assert compare(ran(local + "\n" + line, "westbury.test"), ran(WIRE, "elsewhere.test")).relation is Relation.DERIVED, line


def test_what_a_house_trims_is_a_copy_what_the_desk_rewords_a_state() -> None:
    added = "\nThe prefect of the islands asked for flags to be lowered until the last of the passengers had been found."
    trimmed = "\n".join([*PARAGRAPHS[:7], *PARAGRAPHS[8:]]) + added + added.replace("prefect", "bishop").replace("flags", "bells")
    assert verdict(trimmed).relation is Relation.COPY
    reworded = trimmed
    for old, new in (("early Tuesday", "before sunrise"), ("winds swept", "gales battered"), ("dozens of people", "many survivors")):
        reworded = reworded.replace(old, new)
    assert verdict(reworded).relation is Relation.REVISION


RUNNING = [
    ("11:40 a.m.", PARAGRAPHS[5]),
    ("10:15 a.m.", PARAGRAPHS[4] + "\n" + PARAGRAPHS[9]),
    ("9:05 a.m.", PARAGRAPHS[1] + "\n" + PARAGRAPHS[2]),
    ("8:30 a.m.", PARAGRAPHS[7] + "\n" + PARAGRAPHS[8]),
]


def running(*items: tuple[str, str]) -> str:
    return "\n".join(["The Latest on the ferry off Korvo (all times local):", *(part for item in items for part in item)])


def test_of_a_running_file_an_older_state_is_a_piece_and_a_mixed_one_a_revision() -> None:
    ours, theirs = ran(running(*RUNNING), "westbury.test"), ran(running(*RUNNING[2:]), "westbury.test")
    assert compare(theirs, ours).relation is Relation.EXCERPT
    mixed = running(("2:10 p.m.", NEWS.split("\n")[1] + "\n" + NEWS.split("\n")[2]), *RUNNING[:2])
    old = ran(running(*RUNNING[1:]), "westbury.test")
    assert compare(ran(mixed, "westbury.test"), old).relation is Relation.REVISION


def test_a_running_file_and_a_story_are_not_two_states_of_one() -> None:
    story = "\n".join([NEWS, PARAGRAPHS[4], PARAGRAPHS[5], PARAGRAPHS[1]])
    match = compare(ran(story, "westbury.test"), ran(running(*RUNNING), "westbury.test"))
    assert match.relation is Relation.DERIVED, match.why


def test_a_stub_that_is_reworded_but_has_nothing_of_its_own_is_an_excerpt() -> None:
    stub = "\n".join(PARAGRAPHS[:3]).replace("early Tuesday", "on Tuesday").replace("about two kilometers from", "not far from")
    assert verdict(stub + "\nRescuers in small boats were").relation is Relation.EXCERPT


def test_what_a_page_prints_twice_counts_once() -> None:
    summary = PARAGRAPHS[0] + "\n" + PARAGRAPHS[5]
    match = verdict(OTHER + "\n" + summary + "\n" + summary)
    once = verdict(OTHER + "\n" + summary)
    assert match.coverage == pytest.approx(once.coverage)


def test_the_time_a_page_was_made_is_no_changed_figure() -> None:
    ours, theirs = ("\n".join([PARAGRAPHS[0], f"Published {hour}:57 a.m. Nov. 3, 2026", *PARAGRAPHS[1:]]) for hour in (4, 5))
    match = verdict(ours, theirs)
    assert match.relation is Relation.COPY
    assert match.figures_changed == ()


def test_what_stands_below_every_story_of_an_outlet_relates_nothing() -> None:
    foot = "\nThe Courier is printed by its readers, who own the press, the paper and the cat that sleeps on both; it has no other master. "
    foot += "Whoever brings an old copy to the kiosk at the bridge gets a new one and a coffee, as long as coffee and paper last."
    ours, theirs = ran(OTHER + foot, "westbury.test"), ran(WIRE + foot, "westbury.test")
    assert compare(replace(ours, title="Hall"), theirs).relation is Relation.DISTINCT
    assert compare(replace(ours, title="Hall"), replace(theirs, outlet="elsewhere.test")).relation is Relation.DERIVED


# ── the sentence that says why ────────────────────────────────────────────────────────────────────


def test_why_names_the_paragraphs() -> None:
    assert "paragraphs 3–6 of 12" in verdict("\n".join(PARAGRAPHS[2:6])).why
    inside = verdict("\n".join([*OTHER.split("\n")[:4], PARAGRAPHS[4], PARAGRAPHS[6], *OTHER.split("\n")[4:]]))
    assert "paragraphs 5 and 7 of 12" in inside.why
    assert "without 1 of its 12 paragraphs" in verdict("\n".join([*PARAGRAPHS[:3], *PARAGRAPHS[4:]])).why


@pytest.mark.parametrize(
    ("added", "on"),
    [
        (
            "Officials in Latvia said two of its citizens were on board.\nThe embassy of Latvia sent a consul to the island by plane.",
            "Latvia",
        ),
        ("Рыбаки из города Порт-Эльма вышли в море.\nВ больнице города Порт-Эльма не хватает крови.", "Порт-Эльма"),
        ("The band played on.\nNobody had an umbrella in that rain.", ""),
        ("有关部门表示拉脱维亚公民也在船上。\n拉脱维亚大使馆派出了领事。", ""),
    ],
    ids=["name", "Cyrillic", "nothing", "silent"],
)
def test_why_says_what_is_new_and_on_what(added: str, on: str) -> None:
    why = verdict(WIRE + "\n" + added).why
    assert (f" on {on}" in why) if on else (re.search(r"sentences?\.$", why) is not None), why


def test_a_verdict_of_nothing_shows_its_score_and_quotes_are_passages() -> None:
    quotes = verdict(*ROWS["quotes"][:1])
    assert any("hull tear like paper" in ROWS["quotes"][0][p.start : p.end] for p in quotes.passages)
    for match in (quotes, verdict(OTHER, title="Hall")):
        assert f"{match.similarity:.2f}" in match.why


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["AP", "AFP", "A", "PA", "Media", "Associated Press", "Press Association", " ", " ", "(", "x", "7", "_", "é", "ТАСС", "T"]
        ),
        max_size=12,
    ).map("".join)
)
def test_an_agencys_name_is_a_word_of_its_own(text: str) -> None:
    assert list(_named(text)) == [found[1] for found in re.finditer(rf"(?<![^\W_]){_NAME.pattern}", text)]
