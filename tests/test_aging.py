"""When a stored article is looked at again: soon, then less and less, soon again after an edit, and at last not any more."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipeline.aging import Plan, next_look, stands_since
from pipeline.model import Instant

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
URL = "http://daily.example/a1"


def looks(plan: Plan, url: str = URL, edits: tuple[timedelta, ...] = ()) -> list[timedelta]:
    """The ages at which an article is looked at that came in at START; an edit is found by the first look after it."""
    ages, since, now = [], START, START
    left = list(edits)
    while (at := next_look(plan, since, now, url)) is not None:
        assert at > now
        now = at
        ages.append(now - START)
        if left and now - START >= left[0]:
            left.pop(0)
            since = now
    return ages


@given(st.integers(0, 10**6))
def test_looks_are_soon_then_rarer_then_none(number: int) -> None:
    ages = looks(Plan(), f"http://daily.example/a{number}")
    assert timedelta(minutes=10) <= ages[0] <= timedelta(minutes=15)
    waits = [after - before for before, after in itertools.pairwise(ages)]
    assert waits == sorted(waits)
    assert sum(age <= DAY for age in ages) <= 8
    assert 10 <= len(ages) <= 14
    assert 12 * DAY <= ages[-1] <= 30 * DAY


def test_an_edit_brings_the_wait_back_to_the_beginning() -> None:
    ages = looks(Plan(), edits=(5 * HOUR,))
    found = next(age for age in ages if age >= 5 * HOUR)
    assert ages[ages.index(found) + 1] - found <= timedelta(minutes=15)


@given(st.timedeltas(timedelta(days=-400), timedelta(days=400)))
def test_a_clock_that_was_set_otherwise_makes_nobody_look_at_once_or_for_ever(jump: timedelta) -> None:
    at = next_look(Plan(), START, START + jump, URL)
    if at is not None:
        assert timedelta(minutes=10) <= at - (START + jump) <= Plan().days  # type: ignore[operator]  # it is set
        assert at - START <= timedelta(days=30)


def test_none_where_nobody_wants_it() -> None:
    assert next_look(Plan(days=None), START, START, URL) is None


def test_what_is_old_when_it_comes_in_ages_from_its_publication() -> None:
    old = Instant.of(START - 5 * DAY)
    assert stands_since(START, None, old) == old.at
    assert stands_since(START, None, Instant.of(START - 2 * HOUR)) == START
    assert stands_since(START, None, Instant.of(START + 2 * HOUR)) == START
    assert stands_since(START, None, Instant.day(2026, 3, 1)) == START
    assert stands_since(START, START + HOUR, old) == START + HOUR
