"""How a source fares: failures weighed, the wait after them, walls, silence, slowness."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import errors, health
from pipeline.health import PROBE, answered, failed
from pipeline.intervals import Bounds, Yield
from pipeline.model import Endings, Response, Source, SourceState

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BOUNDS = Bounds()
FEED = Source(name="paper", kind="feed", url="https://paper.example/rss")


def answer(*, took: float = 0.2, moved_to: str | None = None) -> Response:
    return Response(url=moved_to or FEED.url, requested_url=FEED.url, fetched_at=NOW, took=took, moved_to=moved_to)


def polled(state: SourceState, fresh: int, now: datetime, *, endings: Endings = Endings(), took: float = 0.2) -> SourceState:  # noqa: B008
    brought = Yield(shown=20, fresh=fresh, alone=fresh, first=state.last_ok is None)
    return answered(FEED, state, brought, now, BOUNDS, response=answer(took=took), endings=endings)


def steady(days: float, every: timedelta = HOUR) -> tuple[SourceState, datetime]:
    """A source that brought one each time it was asked."""
    state, now = polled(SourceState(), 0, NOW), NOW
    while now < NOW + days * DAY:
        now += every
        state = polled(state, 1, now)
    return state, now


# ── failures ──────────────────────────────────────────────────────────────────────────────────────


def outage(error: errors.ItemError, state: SourceState, now: datetime, length: timedelta) -> list[datetime]:
    """When a source is asked that fails for so long, and once after."""
    asked, end = [now], now + length
    while asked[-1] < end:
        state = failed(FEED, state, error, asked[-1], BOUNDS)
        assert state.due_at is not None
        asked.append(state.due_at)
    return asked


@pytest.mark.parametrize("error", [errors.TimedOut("t"), errors.ServerTrouble("500"), errors.Throttled("503"), errors.Forbidden("403")])
@pytest.mark.parametrize("interval", [2, 10, 60, 360])
@given(hours=st.floats(0.1, 70))
def test_a_source_that_is_down_is_met_again_within_the_hour(error: errors.ItemError, interval: int, hours: float) -> None:
    state = SourceState(last_ok=NOW, interval=interval * MINUTE)
    asked = outage(error, state, NOW, hours * HOUR)
    assert asked[-1] - (NOW + hours * HOUR) <= max(PROBE, interval * MINUTE)


@pytest.mark.parametrize("interval", [2, 10, 60])
def test_a_day_down_costs_less_than_thirty_requests(interval: int) -> None:
    state = SourceState(last_ok=NOW, interval=interval * MINUTE)
    assert len(outage(errors.TimedOut("t"), state, NOW, DAY)) - 1 <= 30


def test_a_source_that_is_away_for_weeks_is_asked_once_a_day() -> None:
    asked = outage(errors.TimedOut("t"), SourceState(last_ok=NOW, interval=10 * MINUTE), NOW, 30 * DAY)
    late = [later - before for before, later in pairwise(asked) if before > NOW + 10 * DAY]
    assert all(20 * HOUR < gap <= DAY for gap in late)
    assert len(asked) < 150


def test_failures_weigh_by_what_they_say() -> None:
    state = SourceState(last_ok=NOW, interval=10 * MINUTE)
    once = {type(error): failed(FEED, state, error, NOW, BOUNDS) for error in (
        errors.TimedOut("t"), errors.Gone("404"), errors.GoneForGood("410"), errors.Disallowed("robots"))}  # fmt: skip
    assert {kind.__name__: after.health for kind, after in once.items()} == {
        "TimedOut": None, "Gone": None, "GoneForGood": "failing", "Disallowed": "disallowed"}  # fmt: skip
    again = failed(FEED, once[errors.TimedOut], errors.TimedOut("t"), NOW + 5 * MINUTE, BOUNDS)
    assert (again.health, again.health_since, again.failures) == ("failing", NOW + 5 * MINUTE, 2)
    doubted = failed(FEED, once[errors.Gone], errors.Gone("404"), NOW + 5 * MINUTE, BOUNDS)
    assert doubted.health is None
    assert doubted.due_at is not None
    assert again.due_at is not None
    assert doubted.due_at < again.due_at  # a 404 is often an accident of a minute


def test_what_a_host_asked_for_comes_first() -> None:
    state = SourceState(last_ok=NOW, interval=10 * MINUTE)
    after = failed(FEED, state, errors.Throttled("503", after=5 * HOUR), NOW, BOUNDS)
    assert after.due_at == NOW + 5 * HOUR


def test_a_host_that_was_not_asked_is_no_further_failure() -> None:
    state = failed(FEED, SourceState(last_ok=NOW, interval=10 * MINUTE), errors.TimedOut("t"), NOW, BOUNDS)
    resting = errors.TimedOut("paper.example is left alone", after=20 * MINUTE)
    resting.asked = False
    later = failed(FEED, state, resting, NOW + 5 * MINUTE, BOUNDS)
    assert (later.failures, later.due_at, later.health) == (1, NOW + 25 * MINUTE, None)


def test_an_answer_ends_it() -> None:
    state = SourceState(last_ok=NOW, interval=10 * MINUTE)
    for number in range(5):
        state = failed(FEED, state, errors.TimedOut("t"), NOW + number * HOUR, BOUNDS)
    back = polled(state, 1, NOW + 6 * HOUR)
    assert (back.health, back.health_since, back.failures, back.last_error) == ("ok", NOW + 6 * HOUR, 0, None)


# ── while it answers ──────────────────────────────────────────────────────────────────────────────


def test_a_source_is_silent_when_it_yields_nothing_where_it_used_to() -> None:
    state, now = steady(5)
    assert state.health == "ok"
    hours = 0
    while state.health == "ok" and hours < 100:
        hours += 1
        state = polled(state, 0, now + hours * HOUR)
    assert state.health == "silent"
    assert 12 <= hours <= 16
    assert re.search(r"1[2-5] entries were to be expected", state.health_why or "")
    assert state.health_since == now + hours * HOUR
    assert polled(state, 0, now + 90 * HOUR).health_since == state.health_since
    assert polled(state, 1, now + 91 * HOUR).health == "ok"


def test_a_night_and_a_weekend_are_no_silence() -> None:
    state, now = polled(SourceState(), 0, NOW), NOW
    for _ in range(28 * 24):  # four weeks; two an hour from 8 to 20 on weekdays, and nothing else
        now += HOUR
        state = polled(state, 2 if now.weekday() < 5 and 8 <= now.hour < 20 else 0, now)
        assert state.health == "ok" or now < NOW + 14 * DAY
    assert now.weekday() == 2


def test_a_source_that_brings_one_a_day_takes_its_time() -> None:
    state, now = steady(40, DAY)
    for day in range(1, 11):
        state = polled(state, 0, now + day * DAY)
        assert state.health == "ok"
    for day in range(11, 16):
        state = polled(state, 0, now + day * DAY)
    assert state.health == "silent"


def test_a_page_that_is_looked_at_again_and_again_is_never_silent() -> None:
    page = replace(FEED, kind="url")
    state, now = SourceState(), NOW
    for hour in range(200):
        now = NOW + hour * HOUR
        brought = Yield(shown=1, fresh=int(hour < 50), alone=int(hour < 50), first=hour == 0)
        state = answered(page, state, brought, now, BOUNDS, response=None, endings=Endings())
    assert state.health == "ok"


@pytest.mark.parametrize(
    ("endings", "expected"),
    [
        (Endings(walled=15), "walled"),
        (Endings(disallowed=15), "disallowed"),
        (Endings(walled=8, disallowed=1), "ok"),
        (Endings(), "ok"),
    ],
)
def test_walls_and_robots_are_told_of_when_they_are_most_of_it(endings: Endings, expected: str) -> None:
    state = polled(SourceState(), 20, NOW)
    assert polled(state, 1, NOW + HOUR, endings=endings).health == expected


def test_who_answers_slowly_is_slow_and_not_for_one_answer() -> None:
    state = polled(SourceState(), 0, NOW)
    once = polled(state, 0, NOW + HOUR, took=25)
    assert once.health == "ok"
    twice = polled(once, 0, NOW + 2 * HOUR, took=25)
    assert (twice.health, twice.health_why) == ("slow", "its answers take 13 s")
    for hour in range(3, 9):
        twice = polled(twice, 0, NOW + hour * HOUR)
    assert twice.health == "ok"


def test_what_leads_to_another_outlet_is_told_and_not_followed() -> None:
    state = polled(SourceState(), 20, NOW)
    there = "https://other.example/rss"
    for minutes in (10, 20, 30):
        state = answered(FEED, state, Yield(shown=20), NOW + minutes * MINUTE, BOUNDS, response=answer(moved_to=there), endings=Endings())
    assert (state.health, state.moved_to) == ("moved", None)
    assert there in (state.health_why or "")
    assert polled(state, 0, NOW + HOUR).health == "ok"


def test_every_weight_is_of_an_error_that_can_be() -> None:
    assert health.weight(errors.DiscoverError("", reason="not-a-feed")) == health.DOUBT
    assert health.weight(errors.Refused("451")) == health.SETTLED
    assert health.weight(errors.Killed("")) == health.TROUBLE
