"""When a source is asked again: bounds, overlap, and what is learned of how it publishes."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline import intervals
from pipeline.intervals import FIRST, HINT_MOST, OVERLAP, Bounds, Yield, interval, learn, next_look, stays_fresh
from pipeline.model import Learned, Response, Source

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)  # a Wednesday
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BOUNDS = Bounds()
FEED = Source(name="paper", kind="feed", url="https://paper.example/rss")

bounded = st.builds(
    lambda fast, more: Bounds(fastest=fast, slowest=fast + more),
    st.timedeltas(min_value=MINUTE, max_value=HOUR),
    st.timedeltas(min_value=timedelta(0), max_value=12 * HOUR),
)
polls = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 400)), min_size=1, max_size=30)


def watched(fresh: list[tuple[int, int]], shown: int = 20) -> tuple[Learned, datetime]:
    """A source of which each poll brought so many, so many minutes after the one before."""
    now, known = NOW, learn(None, Yield(shown=shown, first=True), NOW)
    for count, minutes in fresh:
        now += minutes * MINUTE
        known = learn(known, Yield(shown=shown, fresh=count, alone=count), now)
    return known, now


def steady(an_hour: float, days: float = 3, step: int = 10, shown: int = 20) -> tuple[Learned, datetime]:
    """A source that brought so many an hour, evenly."""
    total, each = 0.0, []
    for _ in range(round(days * 1440 / step)):
        before, total = total, total + an_hour * step / 60
        each.append((math.floor(total) - math.floor(before), step))
    return watched(each, shown)


def rate(known: Learned, at: datetime) -> float:
    """Entries an hour that are usual then."""
    return intervals.rates(known)[at.hour + (24 if at.weekday() >= 5 else 0)]


# ── bounds ────────────────────────────────────────────────────────────────────────────────────────


@given(polls, bounded, st.integers(0, 60))
def test_an_interval_is_within_its_bounds(fresh: list[tuple[int, int]], bounds: Bounds, shown: int) -> None:
    known, now = watched(fresh, shown)
    assert bounds.fastest <= interval(known, now, bounds) <= bounds.slowest
    length, due = next_look(FEED, known, now, bounds, None)
    assert 0.9 * length <= due - now <= length


@given(polls, st.integers(0, 30), st.integers(1, 400), st.integers(1, 30))
def test_who_brought_more_just_now_is_never_asked_later(fresh: list[tuple[int, int]], count: int, minutes: int, more: int) -> None:
    quiet, now = watched([*fresh, (count, minutes)], 1000)
    busy, _ = watched([*fresh, (count + more, minutes)], 1000)
    assert interval(busy, now, BOUNDS) <= interval(quiet, now, BOUNDS) + MINUTE / 60


def test_the_more_a_source_brings_the_sooner_it_is_asked() -> None:
    intervals_ = [interval(*steady(an_hour, days=2), BOUNDS) for an_hour in (0, 0.1, 0.3, 1, 3, 10, 30)]
    assert intervals_ == sorted(intervals_, reverse=True)


@given(polls, st.integers(3, 60))
@example([(30, 1)], 3)  # more than one entry a second: the bound itself must not be what is tested
def test_successive_polls_overlap(fresh: list[tuple[int, int]], shown: int) -> None:
    known, now = watched(fresh, shown)
    free = Bounds(fastest=timedelta(microseconds=1), slowest=6 * HOUR)
    end = now + interval(known, now, free)
    come, at = 0.0, now
    while at < end:
        step = min(MINUTE / 4, end - at)
        come += rate(known, at) * intervals.today(known) * (step / HOUR)
        at += step
    assert come <= max(shown * OVERLAP, 1.0) * 1.05 + 0.05


@given(polls, st.sampled_from(["1m", "7m", "3h"]))
def test_what_a_person_said_is_kept_to(fresh: list[tuple[int, int]], every: str) -> None:
    known, now = watched(fresh)
    said = {"1m": MINUTE, "7m": 7 * MINUTE, "3h": 3 * HOUR}[every]
    length, due = next_look(replace(FEED, every=said), known, now, BOUNDS, None)
    assert length == said
    assert 0.9 * said <= due - now <= said


def test_sources_do_not_march_in_step() -> None:
    known = learn(None, Yield(shown=20, first=True), NOW)
    dues = {next_look(replace(FEED, name=f"paper{number}"), known, NOW, BOUNDS, None)[1] for number in range(50)}
    assert len(dues) == 50


# ── learning ──────────────────────────────────────────────────────────────────────────────────────


def test_of_a_source_nobody_knows_the_first_interval_is_ten_minutes() -> None:
    known = learn(None, Yield(first=True), NOW)
    assert abs(interval(known, NOW, BOUNDS) - FIRST) < MINUTE / 10


@pytest.mark.parametrize(("an_hour", "least", "most"), [(10, 2, 6), (1, 7, 15), (0.1, 15, 60), (0.0, 60, 360)])
def test_busy_sources_are_asked_often_and_quiet_ones_seldom(an_hour: float, least: int, most: int) -> None:
    known, now = steady(an_hour, days=10)
    assert least * MINUTE <= interval(known, now, BOUNDS) <= most * MINUTE


def test_the_dates_of_a_first_poll_tell_the_rate_at_once() -> None:
    busy = learn(None, Yield(shown=20, dates=tuple(NOW - 5 * MINUTE * number for number in range(20)), first=True), NOW)
    quiet = learn(None, Yield(shown=20, dates=tuple(NOW - 12 * HOUR * number for number in range(20)), first=True), NOW)
    assert interval(busy, NOW, BOUNDS) <= 5 * MINUTE
    assert 20 * MINUTE <= interval(quiet, NOW, BOUNDS) <= HOUR


@pytest.mark.parametrize(
    "dates",
    [
        [NOW] * 20,  # the time of the request
        [NOW + 3 * HOUR - 5 * MINUTE * number for number in range(20)],  # a clock that goes wrong
        [],
    ],
)
def test_dates_that_cannot_be_tell_nothing(dates: list[datetime]) -> None:
    known = learn(None, Yield(shown=20, dates=tuple(dates), first=True), NOW)
    assert abs(interval(known, NOW, BOUNDS) - FIRST) < MINUTE / 10


@pytest.mark.parametrize("apart", [timedelta(seconds=61), timedelta(days=10)])
def test_dates_that_lie_are_soon_outvoted(apart: timedelta) -> None:
    """A feed that says a minute, or ten days, apart and brings two an hour is asked as one that brings two an hour, within a day."""
    known, now = learn(None, Yield(shown=20, dates=tuple(NOW - apart * number for number in range(20)), first=True), NOW), NOW
    for _ in range(48):
        now += 30 * MINUTE
        known = learn(known, Yield(shown=20, fresh=1, alone=1), now)
    honest, _ = steady(2, days=1, step=30)
    assert 0.5 < interval(known, now, BOUNDS) / interval(honest, now, BOUNDS) < 1.5


def test_nights_and_weekends_are_learned() -> None:
    known, now = learn(None, Yield(shown=20, first=True), NOW), NOW
    for _ in range(14 * 24 * 2):  # a fortnight; four an hour from 8 to 20 on weekdays, else nothing
        now += 30 * MINUTE
        fresh = 2 if now.weekday() < 5 and 8 <= now.hour < 20 else 0
        known = learn(known, Yield(shown=20, fresh=fresh, alone=fresh), now)
    monday = datetime(2026, 3, 23, tzinfo=UTC)
    noon = rate(known, monday + 12 * HOUR)
    assert noon > 8 * rate(known, monday + 1 * HOUR)
    assert noon > 4 * rate(known, monday - 12 * HOUR)  # Sunday noon
    # what is asked at night is asked again when the day begins, not a night's interval later
    calm = replace(known, lately=0.0, expected=0.0)
    assert interval(calm, monday + HOUR, BOUNDS) > 2 * interval(calm, monday + 12 * HOUR, BOUNDS)
    assert interval(calm, monday + 6 * HOUR, BOUNDS) < interval(calm, monday + HOUR, BOUNDS)


def test_after_a_burst_it_quickens_at_once_and_slows_down_slowly() -> None:
    known, now = steady(1, days=5)
    usual = interval(known, now, BOUNDS)
    burst = learn(known, Yield(shown=20, fresh=6, alone=6), now + 10 * MINUTE)
    quick = interval(burst, burst.at, BOUNDS)
    assert quick < 0.75 * usual
    hour_later = learn(burst, Yield(), burst.at + HOUR)
    assert quick < interval(hour_later, hour_later.at, BOUNDS) < 1.2 * usual


def test_what_others_have_already_is_worth_little_but_overlaps() -> None:
    now, known = NOW, learn(None, Yield(shown=500, first=True), NOW)
    for _ in range(100):
        now += 30 * MINUTE
        known = learn(known, Yield(shown=500, fresh=2, alone=0), now)
    assert interval(known, now, BOUNDS, beside=True) > 2 * interval(known, now, BOUNDS)
    assert interval(replace(known, shown=3), now, BOUNDS, beside=True) <= 20 * MINUTE


def test_a_clock_set_back_is_no_time_watched() -> None:
    known, now = steady(2)
    back = learn(known, Yield(shown=20, fresh=1, alone=1), now - 2 * HOUR)
    assert back.hours == known.hours
    assert back.at == now - 2 * HOUR
    assert BOUNDS.fastest <= interval(back, back.at, BOUNDS) <= BOUNDS.slowest


# ── what the source and its server say ────────────────────────────────────────────────────────────


def test_a_stated_interval_is_a_hint_only_while_nothing_was_learned() -> None:
    hinted = learn(None, Yield(shown=20, hint=600 * MINUTE, first=True), NOW)
    assert interval(hinted, NOW, BOUNDS) == HINT_MOST
    busy = learn(hinted, Yield(shown=20, fresh=5, alone=5, hint=600 * MINUTE), NOW + HINT_MOST)
    assert interval(busy, busy.at, BOUNDS) < FIRST
    dated = tuple(NOW - 5 * MINUTE * number for number in range(20))
    told = learn(None, Yield(shown=20, dates=dated, hint=600 * MINUTE, first=True), NOW)
    assert interval(told, NOW, BOUNDS) <= 5 * MINUTE


def answer(**headers: str) -> Response:
    given = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Response(url=FEED.url, requested_url=FEED.url, headers=given, fetched_at=NOW)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache_control": "public, max-age=300"}, 300),
        ({"cache_control": "max-age=300", "age": "100"}, 200),
        ({"cache_control": "max-age=300", "age": "400"}, None),
        ({"cache_control": "no-cache, max-age=300"}, None),
        ({"cache_control": "max-age=soon"}, None),
        ({"expires": "Wed, 04 Mar 2026 12:10:00 GMT", "date": "Wed, 04 Mar 2026 12:00:00 GMT"}, 600),
        ({"expires": "0"}, None),
        ({"expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, None),
    ],
)
def test_how_long_an_answer_stays_fresh(headers: dict[str, str], seconds: int | None) -> None:
    assert stays_fresh(answer(**headers)) == (None if seconds is None else timedelta(seconds=seconds))


@given(polls, st.integers(0, 10**8))
def test_an_answer_that_stays_fresh_is_never_waited_for_twice_as_long(fresh: list[tuple[int, int]], seconds: int) -> None:
    known, now = watched(fresh)
    length, due = next_look(FEED, known, now, BOUNDS, answer(cache_control=f"max-age={seconds}"))
    assert due - now <= max(length, min(2 * length, HOUR))
    assert due - now >= min(timedelta(seconds=seconds), HOUR, length)
