"""Claims and leases in the store, on both databases; and moments that a clock has made wrong."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from storing import MINUTE, NOW, ended

from pipeline.model import Candidate, Part, Runner, Source, SourceState, Status, Validators
from pipeline.store import Store
from pipeline.store.claims import CLAIM

HOUR = timedelta(hours=1)
NAMES = ("one", "two", "three")


def source(name: str, url: str = "") -> Source:
    return Source(name=name, kind="feed", url=url or f"https://{name}.example/feed")


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = Store.open(store_url)
    opened.watch([source(name) for name in NAMES], NOW)
    yield opened
    opened.close()


def asked(store: Store, name: str, *, due: timedelta = 10 * MINUTE, at: timedelta = timedelta(0)) -> None:
    store.record_poll(name, SourceState(due_at=NOW + at + due, last_polled=NOW + at), (), NOW + at)


# ── sources ───────────────────────────────────────────────────────────────────────────────────────


def test_a_source_is_one_runners_until_it_was_asked(store: Store) -> None:
    assert store.claim_sources(["one", "two"], NOW) == ["one", "two"]
    assert store.claim_sources(["two", "three"], NOW) == ["three"]
    assert store.due(NOW) == []
    asked(store, "one", due=timedelta(0))
    assert store.due(NOW) == ["one"]
    store.give_back(["two"], ())
    assert set(store.due(NOW)) == {"one", "two"}


def test_what_is_not_due_is_not_claimed_unless_at_any_time(store: Store) -> None:
    asked(store, "one")
    assert store.claim_sources(["one"], NOW) == []
    assert store.claim_sources(["one"], NOW, any_time=True) == ["one"]
    assert store.claim_sources(["one"], NOW, any_time=True) == []
    assert store.claim_sources(["one"], NOW, any_time=True, insist=True) == ["one"]


def test_a_claim_runs_out_and_one_from_the_far_future_is_void(store: Store) -> None:
    store.claim_sources(NAMES, NOW)
    assert store.due(NOW + CLAIM - MINUTE) == []
    assert set(store.due(NOW + CLAIM)) == set(NAMES)
    assert set(store.due(NOW - HOUR)) == set(NAMES)  # the clock was set back an hour
    store.void_claims()
    assert set(store.due(NOW)) == set(NAMES)


def test_many_at_once_claim_each_source_once(store_url: str) -> None:
    names = [f"s{number}" for number in range(40)]
    stores = [Store.open(store_url) for _ in range(4)]
    stores[0].watch([source(name) for name in names], NOW)
    with ThreadPoolExecutor(4) as threads:
        mine = list(threads.map(lambda one: [n for name in names for n in one.claim_sources([name], NOW)], stores))
    assert sorted(name for some in mine for name in some) == sorted(names)
    for one in stores:
        one.close()


def test_another_address_is_another_source_and_keeps_nothing_of_the_first(store: Store) -> None:
    for name in NAMES:
        read = SourceState(due_at=NOW + HOUR, validators=Validators(etag="e"), failures=3, moved_to="https://elsewhere.example/feed")
        store.record_poll(name, read, (), NOW)
    store.watch([source("one", "https://one.example/other"), source("two"), source("three")], NOW)
    assert store.due(NOW) == ["one"]
    fresh, kept = store.state("one"), store.state("two")
    assert (fresh.validators, fresh.failures, fresh.moved_to) == (Validators(), 0, None)
    assert (kept.validators, kept.failures, kept.moved_to) == (Validators(etag="e"), 3, "https://elsewhere.example/feed")
    store.hasten(["two"], NOW)
    assert store.due(NOW) == ["one", "two"]


# ── pending candidates ────────────────────────────────────────────────────────────────────────────


def offered(store: Store, count: int = 3) -> list[int]:
    candidates = [Candidate(url=f"https://one.example/{number}", source="one", seen_at=NOW) for number in range(count)]
    store.record_poll("one", SourceState(due_at=NOW + HOUR, last_polled=NOW), [(one, (one.url,)) for one in candidates], NOW)
    return [row for row, _ in store.waiting(NOW, limit=99)]


def test_a_candidate_is_one_runners_until_it_ended(store: Store) -> None:
    first, second, third = offered(store)
    assert [one.id for one in store.claim_pages([first, second], NOW)] == [first, second]
    assert [one.id for one in store.claim_pages([first, third], NOW)] == [third]
    assert store.waiting(NOW, limit=9) == []
    store.give_back((), [second])
    assert store.waiting(NOW, limit=9) == [(second, "https://one.example/1")]
    url = "https://one.example/0"
    store.settle(ended(url, Status.RETRY, source="one", retry_at=NOW + MINUTE), first)
    assert [row for row, _ in store.waiting(NOW + MINUTE, limit=9)] == [second, first]
    assert [row for row, _ in store.waiting(NOW + CLAIM, limit=9)] == [second, third, first]


def test_only_later_rows_and_only_so_many(store: Store) -> None:
    first, second, third = offered(store)
    assert [row for row, _ in store.waiting(NOW, after=first, limit=9)] == [second, third]
    assert [row for row, _ in store.waiting(NOW, limit=1)] == [first]
    assert store.waiting(NOW - MINUTE, limit=9) == []


# ── a clock that was set ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("back", [2 * HOUR, timedelta(days=30)])
def test_after_the_clock_was_set_back_a_source_is_due_by_its_interval(store: Store, back: timedelta) -> None:
    offered(store)
    for name in NAMES:
        asked(store, name)
    store.record_parts("three", [Part(url="https://three.example/1", asked_at=NOW, due_at=NOW + HOUR)], (), NOW)
    then = NOW - back
    for _ in range(2):  # who comes second changes nothing
        store.clock_set(NOW + 4 * MINUTE, then + 4 * MINUTE)
        assert store.due(then + 9 * MINUTE) == []
        assert set(store.due(then + 10 * MINUTE)) == set(NAMES)
    assert len(store.waiting(then + 4 * MINUTE, limit=9)) == 3
    assert store.parts("three")[0].due_at == then + 4 * MINUTE + HOUR


def test_where_nobody_saw_it_set_back_they_are_due_one_after_the_other(store: Store) -> None:
    for name in NAMES:
        asked(store, name)
    then = NOW - 2 * HOUR
    for _ in range(2):
        store.clock_set(then, then)
        assert [len(store.due(then + minutes * MINUTE)) for minutes in (3, 4, 7, 10)] == [0, 1, 2, 3]


def test_after_the_clock_was_set_forward_nothing_comes_all_at_once(store: Store) -> None:
    for number, name in enumerate(NAMES):
        asked(store, name, due=(number + 1) * MINUTE)
    was, now = NOW + 90 * MINUTE / 60, NOW + 90 * MINUTE / 60 + 2 * HOUR
    for _ in range(2):
        store.clock_set(was, now)
        assert store.due(now) == ["one"]  # it was due before
        assert store.due(now + 30 * MINUTE / 60) == ["one", "two"]
        assert set(store.due(now + 90 * MINUTE / 60)) == set(NAMES)


def test_where_nothing_is_wrong_nothing_changes(store: Store) -> None:
    asked(store, "one")
    before = store.state("one")
    store.clock_set(NOW, NOW)
    assert store.state("one") == before


# ── the lease ─────────────────────────────────────────────────────────────────────────────────────


def runner(holder: str, until: timedelta = MINUTE) -> Runner:
    return Runner(name="daemon", holder=holder, place=f"{holder}:1", since=NOW, until=NOW + until)


def test_a_lease_is_one_runners_until_he_lets_go(store: Store) -> None:
    assert store.hold(runner("a")) == runner("a")
    assert store.hold(runner("b")) == runner("a")
    assert store.hold(runner("a", 2 * MINUTE)) == runner("a", 2 * MINUTE)
    assert store.runners() == [runner("a", 2 * MINUTE)]
    store.let_go(runner("b"))
    assert store.hold(runner("b")).holder == "a"
    store.let_go(runner("a"))
    assert store.hold(runner("b")) == runner("b")


def test_it_is_taken_over_only_as_it_was_seen(store: Store) -> None:
    store.hold(runner("a"))
    assert store.hold(runner("b"), instead_of=runner("a", 9 * MINUTE)).holder == "a"  # renewed in between
    assert store.hold(runner("b"), instead_of=runner("a")).holder == "b"
    assert store.hold(runner("a")).holder == "b"
