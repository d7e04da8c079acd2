"""Best parents and the origin of a family: pure reasoning, on members and pairs made up here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.families import Family, Member, Pair, Spans, order
from pipeline.families.origin import Origin, named, origin, own_page
from pipeline.model import Instant

NINE = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
SEEN = NINE + timedelta(days=1)
SEED = Member(id=1, outlet="origin.example", first_seen=NINE, seed=True)


def member(number: int, minutes: int | None = None, **more: object) -> Member:
    """Published so many minutes after nine, seen on the next day."""
    published = None if minutes is None else Instant.of(NINE + timedelta(minutes=minutes))
    known: dict[str, object] = {"outlet": f"outlet{number}.example", "published": published, "first_seen": SEEN} | more
    return Member(id=number, **known)  # type: ignore[arg-type]  # whatever a test names


def pair(one: int, other: int, one_share: float, other_share: float, **more: object) -> Pair:
    shares = {"one_share": one_share, "other_share": other_share, "all_one": one_share, "all_other": other_share}
    return Pair(one=one, other=other, row=one * 1000 + other, **(shares | more))  # type: ignore[arg-type]


def parents(family: Family, child: int, passages: dict[int, Spans] | None = None) -> list[int]:
    return [link.parent for link in family.parents(child, passages or {})]


# ── the best parent ───────────────────────────────────────────────────────────────────────────────


def test_a_copy_came_from_the_earliest_of_equals_and_that_from_nowhere() -> None:
    family = Family([member(2, 30), member(3, 0), member(4, 60)], [pair(3, 2, 1, 1), pair(4, 2, 1, 1), pair(4, 3, 1, 1)])
    assert [parents(family, number) for number in (2, 3, 4)] == [[3], [], [3]]


def test_it_came_from_the_state_that_explains_most_of_it() -> None:
    first, second, copy = member(2, 0), member(3, 10), member(4, 20)
    family = Family([first, second, copy], [pair(3, 2, 0.9, 0.9), pair(4, 2, 0.91, 0.9), pair(4, 3, 0.99, 0.99)])
    assert parents(family, 4) == [3]


def test_of_states_that_explain_it_as_well_it_came_from_the_closest() -> None:
    family = Family([member(2, 0), member(3, 10), member(4, 20)], [pair(4, 2, 1, 0.86), pair(4, 3, 1, 0.95)])
    assert parents(family, 4) == [3]


def test_a_part_came_from_the_first_whole_not_from_another_part_that_is_a_little_closer() -> None:
    family = Family([member(2, 0), member(3, 10), member(4, 20)], [pair(4, 2, 1, 0.2), pair(4, 3, 1, 0.6), pair(3, 2, 1, 0.3)])
    assert parents(family, 4) == [2]


def test_what_a_page_names_as_its_source_is_its_parent() -> None:
    family = Family([member(2, 0), member(3, 10), member(4, 20, origin=3)], [pair(4, 2, 0.99, 0.99), pair(4, 3, 0.9, 0.9)])
    assert parents(family, 4) == [3]


def test_nothing_came_from_what_is_later_or_from_a_seed() -> None:
    family = Family([SEED, member(2, 10), member(3, 20)], [pair(2, 1, 1, 1), pair(2, 3, 1, 1)])
    assert parents(family, 2) == []
    assert family.relatives(2) == {3}


@pytest.mark.parametrize(
    ("published", "parent"),
    [
        (Instant.day(2026, 3, 1), False),  # the whole day: it may be the later one
        (Instant.day(2026, 2, 28), True),
        (Instant.of(NINE + timedelta(days=9)), False),  # after it was first seen: seen then, and no later
        (Instant.of(NINE - timedelta(days=9999)), False),  # a date of nobody's
        (None, False),
    ],
)
def test_a_date_counts_as_far_as_it_can_be_believed(published: Instant | None, parent: bool) -> None:
    doubtful, timed, other = member(2, published=published), member(3, 600), member(4, 1000)
    family = Family([doubtful, timed, other], [pair(3, 2, 1, 1), pair(3, 4, 1, 1), pair(2, 4, 1, 1)])
    assert parents(family, 3) == ([2] if parent else [])
    assert parents(family, 2) == ([] if parent else [3])


def test_a_day_ends_when_the_article_was_seen() -> None:
    early = member(2, published=Instant.day(2026, 3, 1), first_seen=NINE)
    assert parents(Family([early, member(3, 10)], [pair(3, 2, 1, 1)]), 3) == [2]


# ── two parents ───────────────────────────────────────────────────────────────────────────────────


def merged(**second: object) -> Family:
    """Number 4: its first half from 2, its second from 3."""
    return Family([member(2, 0), member(3, 10), member(4, 20)], [pair(4, 2, 0.55, 0.9), pair(4, 3, 0.4, 0.9, **second)])


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([(0, 1000)], [(1000, 1900)], [2, 3]),
        ([(0, 1000)], [(0, 900)], [2]),  # nothing that the first does not explain
        ([(0, 450), (500, 1000)], [(440, 510)], [2]),  # what one alignment bridged
        ([(0, 1000)], [(900, 1600)], [2, 3]),
    ],
)
def test_a_second_parent_explains_what_the_first_does_not(first: Spans, second: Spans, expected: list[int]) -> None:
    assert parents(merged(), 4, {4002: first, 4003: second}) == expected


def test_what_one_text_explains_has_one_parent() -> None:
    family = Family([member(2, 0), member(3, 10), member(4, 20)], [pair(4, 2, 0.95, 0.9), pair(4, 3, 0.4, 0.9)])
    assert parents(family, 4, {4002: [(0, 1000)], 4003: [(1000, 1900)]}) == [2]


# ── pages that bundle several wires ───────────────────────────────────────────────────────────────


def test_a_bundle_is_not_the_parent_of_what_stands_in_it() -> None:
    """2 holds the whole of 3 and of 4, which have nothing in common; it came out before both."""
    family = Family([member(2, 0), member(3, 10), member(4, 20)], [pair(3, 2, 1, 0.3), pair(4, 2, 1, 0.4)])
    assert parents(family, 3) == []
    assert parents(family, 4) == []


def test_a_bundle_of_a_seed_and_of_what_nobody_stored_is_none_either() -> None:
    family = Family([SEED, member(2, 0), member(3, 10)], [pair(2, 1, 0.3, 0.95), pair(3, 1, 1, 1), pair(3, 2, 1, 0.3)])
    assert parents(family, 3) == []


def test_what_copies_a_bundle_whole_came_from_it() -> None:
    family = Family([SEED, member(2, 0), member(3, 10)], [pair(2, 1, 0.3, 0.95), pair(3, 1, 0.3, 0.95), pair(3, 2, 1, 1)])
    assert parents(family, 3) == [2]


def test_a_long_story_is_the_parent_of_its_parts() -> None:
    family = Family(
        [member(2, 0), member(3, 10), member(4, 20), member(5, 1)],
        [pair(3, 2, 1, 0.3, excerpt=3), pair(4, 2, 1, 0.3, excerpt=4), pair(3, 5, 1, 0.3, excerpt=3), pair(4, 5, 1, 0.3, excerpt=4)],
    )
    assert (parents(family, 3), parents(family, 4)) == ([2], [2])


# ── whatever the pairs ────────────────────────────────────────────────────────────────────────────

SHARES = st.sampled_from([0.0, 0.2, 0.5, 0.85, 0.9, 1.0])
DATES = st.one_of(
    st.none(),
    st.builds(lambda minutes: Instant.of(NINE + timedelta(minutes=minutes)), st.integers(-3000, 3000)),
    st.builds(lambda day: Instant.day(2026, 3, day), st.integers(1, 4)),
    st.builds(lambda day: Instant.day(1970 + day, 1, 1), st.integers(0, 5)),
)
MEMBERS = st.lists(st.tuples(DATES, st.integers(0, 4000), st.booleans(), st.sampled_from("abc")), min_size=1, max_size=9)
PAIRS = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9), SHARES, SHARES, st.booleans()), max_size=30)


@given(told=MEMBERS, shared=PAIRS, chance=st.randoms(use_true_random=False))
def test_no_cycles_no_later_parents_and_the_order_of_rows_changes_nothing(told: list, shared: list, chance: object) -> None:  # type: ignore[type-arg]
    members = [
        member(number, published=date, first_seen=NINE + timedelta(minutes=seen), seed=seed, outlet=outlet, origin=number // 2 or None)
        for number, (date, seen, seed, outlet) in enumerate(told, 1)
    ]
    pairs = [replace(pair(one, other, a, b), row=row, excerpt=one if part else None) for row, (one, other, a, b, part) in enumerate(shared)]
    passages: dict[int, Spans] = {one.row: [(300 * one.row, 300 * one.row + 700)] for one in pairs}
    family, when = Family(members, pairs), order(members)
    found = {one.id: parents(family, one.id, passages) for one in members}
    for child, above in found.items():
        assert len(above) == len(set(above)) <= 2
        assert all(when[one] < when[child] and not members[one - 1].seed for one in above)
    mixed = ([*members], [*pairs])
    for rows in mixed:
        chance.shuffle(rows)  # type: ignore[attr-defined]
    again = Family(*mixed)
    assert {one.id: parents(again, one.id, passages) for one in members} == found
    assert origin(mixed[0], mixed[0][0]) == origin(sorted(mixed[0], key=lambda one: -one.id), mixed[0][0])


# ── the origin ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("credit", "dateline", "opening", "agency"),
    [
        ("AFP", None, "", "AFP"),
        ("The Associated Press", None, "", "AP"),
        (None, "VILNIUS (AFP)", "", "AFP"),
        (None, None, "BRENNVIK, March 4 (Reuters) - The ferry", "Reuters"),
        (None, None, "The ferry (a ship) – and more", "a ship"),
        (None, None, "The ferry sailed.", None),
    ],
)
def test_an_agency_is_named_in_credit_dateline_or_opening(credit: str | None, dateline: str | None, opening: str, agency: str) -> None:
    assert named(credit, dateline, opening) == agency


def test_an_agencys_own_page_is_known_by_domain_or_name() -> None:
    told = [("AP", "apnews.com", None), ("AFP", "wire.example", "Agence France-Presse"), ("NOP", "nop.example", None)]
    assert all(own_page(member(2, outlet=outlet, outlet_name=name), agency) for agency, outlet, name in told)
    assert not own_page(member(2, outlet="paper.example", outlet_name="The Paper"), "AP")
    assert not own_page(member(2, outlet=None), "AP")


def asked(*members: Member, about: Member = SEED, whole: frozenset[int] = frozenset()) -> tuple[str, str, int | None]:
    found = origin(members, about, whole)
    assert isinstance(found, Origin)
    return found.by, found.why, found.article


def test_the_agencys_own_page_comes_before_every_other_sign() -> None:
    page = member(2, 30, outlet="nop.example", origin_outlet="paper.example")
    assert asked(page, member(3, 0, agency="NOP")) == ("page", "NOP: the agency's own page at nop.example (#2)", 2)


def test_the_credit_line_of_most_is_the_origin_though_the_agencys_page_is_not_stored() -> None:
    credited = [member(number, number, agency="AFP") for number in (2, 3)]
    assert asked(*credited, member(4, 0)) == ("credit", "AFP, by the credit line of 2 of 3", None)
    assert asked(credited[0], member(4, 0))[0] == "first"


def test_the_seeds_own_credit_line_counts_where_most_name_nobody() -> None:
    assert asked(member(2, 0), about=replace(SEED, agency="AFP")) == ("credit", "AFP, by the credit line of the seed", None)


def test_the_outlet_that_copies_name_is_the_origin() -> None:
    copies = [member(number, number, origin_outlet="paper.example") for number in (2, 3)]
    why = "paper.example (#9), named as the source by the canonical link of 2 of 3"
    assert asked(*copies, member(4, 0), member(9, 50, outlet="paper.example")) == ("canonical", why, 9)
    assert asked(*copies) == ("canonical", "paper.example, named as the source by the canonical link of 2 of 2", None)
    assert asked(copies[0], replace(copies[1], origin_outlet="other.example"))[0] == "first"


def test_else_the_first_credible_publication() -> None:
    late, day = member(2, 14), member(3, published=Instant.day(2026, 3, 1))
    future, wrong = member(4, published=Instant.of(SEEN + timedelta(days=2))), member(5, published=Instant.day(1970, 1, 1))
    assert asked(late, member(6, 20), future, wrong) == ("first", "outlet2.example (#2), the first that published it (2026-03-01 09:14)", 2)
    assert asked(late, day)[1] == "outlet2.example (#2), the first of those that state the time that published it (2026-03-01 09:14)"
    before = member(3, published=Instant.day(2026, 2, 28))
    assert asked(late, before)[1] == "outlet3.example (#3), the first that published it (2026-02-28)"
    assert asked(late, member(3, 0), whole=frozenset({2}))[2] == 2  # a brief that came earlier is not the story
    seen = asked(future, replace(day, published=None, first_seen=NINE))
    assert seen == ("seen", "outlet3.example (#3), where it was first seen (2026-03-01 09:00); no date decides who published it first", 3)


def test_the_seeds_own_publication_may_be_the_first() -> None:
    published = replace(SEED, published=Instant.day(2026, 2, 28))
    assert asked(member(2, 0), about=published)[1] == "origin.example, where the seed was published (2026-02-28), before all that is stored"
    assert asked(member(2, 0), about=replace(SEED, published=Instant.day(2026, 3, 1)))[2] == 2


def test_of_an_article_and_those_that_hold_it_whole_it_may_itself_be_the_first() -> None:
    first, bundle, brief = member(2, 10), member(3, 30), member(4, 0)
    assert asked(bundle, brief, about=first, whole=frozenset({3})) == (
        "first", "outlet2.example (#2), the first that published it (2026-03-01 09:10)", 2,
    )  # fmt: skip
    assert asked(first, brief, about=bundle, whole=frozenset({2}))[2] == 2


def test_who_has_no_outlet_is_named_once() -> None:
    assert asked(member(2, 10, outlet=None))[1] == "#2, the first that published it (2026-03-01 09:10)"
    assert asked(member(2, outlet=None))[1].startswith("#2, where it was first seen")


def test_nobody_is_the_origin_of_nothing() -> None:
    assert origin((), SEED) is None
