"""How sources fare, how fast the database grows and how long the disk lasts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from storing import NOW, ended, fresh, read, saved, words

from pipeline.model import Source, SourceState, Status
from pipeline.store import Store
from pipeline.store import read as door
from pipeline.store.rows import SourceLine

DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(fresh(tmp_path))
    opened.watch([Source(name="feed", kind="feed", url="https://one.example/feed")], NOW)
    yield opened
    opened.close()


def feed(store: Store, now: datetime) -> SourceLine:
    (line,) = door.status(store, now).sources
    return line


def asked(store: Store, now: datetime, *, failures: int = 0, ok: datetime | None = None) -> None:
    store.record_poll("feed", SourceState(due_at=now, last_polled=now, last_ok=ok or now, failures=failures), [], now)


def yielded(store: Store, count: int, every: timedelta) -> datetime:
    """An article every so often. → when the last came."""
    for number in range(count):
        saved(store, read(f"https://one.example/{number}", words(number, 30)), now=NOW + number * every)
    return NOW + (count - 1) * every


def test_health_is_told_with_since_and_why(store: Store) -> None:
    asked(store, NOW)
    assert (feed(store, NOW).health, feed(store, NOW).silent, feed(store, NOW).state) == (None, False, "ok")
    why, interval = "nothing new since Sunday", timedelta(minutes=7)
    memory = SourceState(last_polled=NOW, last_ok=NOW, health="silent", health_since=NOW - DAY, health_why=why, interval=interval)
    store.record_poll("feed", replace(memory, moved_to="https://one.example/new"), [], NOW)
    line = feed(store, NOW)
    assert (line.silent, line.state, line.health_since, line.health_why) == (True, "silent", NOW - DAY, why)
    assert (line.interval, line.moved_to) == (interval, "https://one.example/new")
    asked(store, NOW, failures=2)
    assert feed(store, NOW).state == "failing ×2"


def test_walls_are_a_share_of_what_came_lately(store: Store) -> None:
    for number, (reason, days) in enumerate(
        [("paywall: pay", 1), ("consent: agree", 1), ("gone: 404", 1), ("new", 1), ("paywall: old", 60)]
    ):
        outcome = ended(f"https://one.example/{number}", Status.SKIPPED, now=NOW - days * DAY)
        store.settle(replace(outcome, reason=reason), None)
    line = feed(store, NOW)
    assert (line.ended, line.walled) == (4, 2)


def test_growth_is_that_of_the_last_days(store: Store) -> None:
    assert door.status(store, NOW).growth == 0
    assert door.status(store, NOW).days_left is None
    yielded(store, 6, timedelta(hours=1))
    new = door.status(store, NOW + timedelta(hours=6))
    assert 0.5 * new.size < new.growth <= new.size  # all of it came within a day
    assert new.days_left == pytest.approx((new.free or 0) / new.growth)
    assert 0 < door.status(store, NOW + 6 * DAY).growth < new.growth / 5
    assert door.status(store, NOW + 30 * DAY).growth == 0
