"""What the store remembers of sources, candidates and articles; one transaction each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from storing import MINUTE, NOW, ended, offered, poll, read, record, response, saved, words

from pipeline.model import (
    Article,
    Candidate,
    HealthChange,
    Hints,
    Instant,
    Learned,
    Source,
    SourceState,
    Status,
    Suspects,
    Validators,
)
from pipeline.store import PollCount, Store
from pipeline.store import read as door

A, B, C = "https://one.example/a", "https://two.example/b", "https://three.example/c"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = Store.open(store_url)
    yield opened
    opened.close()


def counts(store: Store) -> tuple[int, int, int, int, int]:
    """articles, versions, sightings, relations, pending"""
    told = door.status(store, NOW)
    return told.articles, told.versions, told.sightings, told.relations, told.pending


# ── sources ───────────────────────────────────────────────────────────────────────────────────────


def test_sources_are_due_when_never_polled_then_by_their_time(store: Store) -> None:
    sources = [Source(name=name, kind="feed", url=f"https://{name}.example/feed") for name in ("one", "two")]
    assert store.next_due(NOW) is None
    store.watch(sources, NOW)
    assert store.due(NOW) == ["one", "two"]
    assert store.due(NOW, 1) == ["one"]
    assert store.next_due(NOW) is None  # nothing later
    for name, minutes in (("one", 10), ("two", 5)):
        store.record_poll(name, SourceState(due_at=NOW + minutes * MINUTE), (), NOW)
    assert store.due(NOW) == []
    assert store.next_due(NOW) == NOW + 5 * MINUTE
    assert store.due(NOW + 10 * MINUTE) == ["two", "one"]


def test_what_was_learned_of_a_source_comes_back_as_it_was(store: Store) -> None:
    learned = Learned(
        at=NOW, counts=(0.25, *(0.0,) * 47), hours=(1.5,) * 48, lately=2.5, expected=1.25, shown=20, seen=7, met=6.5, alone=3.25,
        hint=600 * MINUTE, fresh_at=NOW - MINUTE, usual=0.5, quiet=2, took=0.75, told="https://one.example/new",
        probed_at=NOW - 2 * MINUTE, searched_at=NOW - 3 * MINUTE,
    )  # fmt: skip
    state = SourceState(
        due_at=NOW,
        learned=learned,
        interval=7 * MINUTE,
        health="slow",
        health_since=NOW,
        health_why="it takes its time",
        moved_to="https://x/",
    )
    store.record_poll("feed", state, (), NOW)
    assert store.state("feed") == state
    store.record_poll("feed", SourceState(learned=Learned(at=NOW)), (), NOW)
    assert store.state("feed") == SourceState(learned=Learned(at=NOW))


def test_what_a_poll_brought_is_known_to_whoever_learns_from_it(store: Store) -> None:
    saved(store, read(B, words(1, 30)), source="other")
    counts_: list[tuple[int, int, int]] = []

    def learn(state: SourceState, count: PollCount) -> SourceState:
        counts_.append((count.new, count.fresh, count.alone))
        return replace(state, failures=count.fresh)

    both = [(offered(A), (A,)), (offered(B), (B,))]
    store.record_poll("feed", SourceState(), both, NOW, learn=learn)
    store.record_poll("feed", SourceState(), [(offered(A, title="Otherwise"), (A,)), *both[1:]], NOW, learn=learn)
    assert counts_ == [(2, 2, 1), (0, 0, 0)]  # B is stored already; A waits still, and is described otherwise
    assert store.state("feed").failures == 0


def test_walls_and_robots_are_counted_for_whoever_learns(store: Store) -> None:
    for number, reason in enumerate(["paywall: pay", "consent: agree", "disallowed: robots.txt", "gone: 404"]):
        store.settle(replace(ended(f"{A}{number}", Status.SKIPPED), reason=reason), None)
    told: list[tuple[int, int]] = []

    def learn(state: SourceState, count: PollCount) -> SourceState:
        told.append((count.endings.walled, count.endings.disallowed))
        return state

    store.record_poll("feed", SourceState(), (), NOW, learn=learn)
    store.record_poll("feed", SourceState(), (), NOW + 20 * 24 * 60 * MINUTE, learn=learn)
    assert told == [(2, 1), (0, 0)]


def test_a_change_of_health_is_told_once(store: Store) -> None:
    fine = SourceState(health="ok", health_since=NOW, health_why="it answers")
    down = replace(fine, health="failing", health_since=NOW + MINUTE, health_why="timeout: no answer")
    assert store.record_poll("feed", SourceState(), (), NOW, learn=lambda _, __: fine).change == HealthChange(
        source="feed", was=None, health="ok", since=NOW, why="it answers"
    )
    change = store.record_poll("feed", fine, (), NOW + MINUTE, learn=lambda _, __: down).change
    assert change == HealthChange(source="feed", was="ok", health="failing", since=NOW + MINUTE, why="timeout: no answer")
    assert store.record_poll("feed", down, (), NOW + 2 * MINUTE, learn=lambda state, _: state).change is None


def test_a_source_no_longer_configured_is_kept_but_never_due(store: Store) -> None:
    source = Source(name="one", kind="feed", url="https://one.example/feed")
    store.watch([source], NOW)
    store.record_poll("one", SourceState(due_at=NOW, validators=Validators(etag="e")), (), NOW)
    store.watch([], NOW)
    assert store.due(NOW) == []
    assert store.next_due(NOW) is None
    assert [line.active for line in door.status(store, NOW).sources] == [False]
    store.watch([source], NOW)
    assert store.due(NOW) == ["one"]
    assert store.state("one").validators == Validators(etag="e")


def test_a_sources_memory_comes_back_whole(store: Store) -> None:
    state = SourceState(
        due_at=NOW + MINUTE, validators=Validators(etag='W/"x"', last_modified="Sun, 01 Mar 2026 12:00:00 GMT"), body_digest="ab",
        failures=3, last_polled=NOW, last_ok=NOW - MINUTE, last_error="timeout: too slow",
    )  # fmt: skip
    store.record_poll("feed", state, (), NOW)
    assert store.state("feed") == state
    assert store.state("never heard of") == SourceState()


# ── candidates ────────────────────────────────────────────────────────────────────────────────────


def test_a_candidate_is_new_once(store: Store) -> None:
    assert poll(store, offered(A), offered(B), offered(A)) == 2
    assert poll(store, offered(A), offered(B)) == 0
    assert [one.candidate.url for one in store.pending(NOW, limit=9)] == [A, B]
    assert poll(store, offered(A, source="other"), source="other") == 1


def test_a_candidate_that_ended_is_new_again_only_when_described_differently(store: Store) -> None:
    assert poll(store, offered(A, title="One"), offered(B, title="Two")) == 2
    first, second = store.pending(NOW, limit=9)
    saved(store, read(A, words(1)), pending=first.id)
    store.settle(ended(B, Status.SKIPPED), second.id)
    assert poll(store, offered(A, title="One"), offered(B, title="Two")) == 0
    assert poll(store, offered(A, title="One, corrected"), offered(B, title="Two", description="more")) == 2
    assert poll(store, offered(A, title="One, corrected"), offered(B, title="Two", description="more")) == 0
    for row in store.pending(NOW, limit=9):
        store.settle(ended(row.candidate.url, Status.FAILED), row.id)
    assert poll(store, offered(A, title="One, corrected", modified=Instant.of(NOW))) == 1


def test_a_waiting_candidate_described_differently_waits_once(store: Store) -> None:
    poll(store, offered(A, title="One"))
    assert poll(store, offered(A, title="Two")) == 0
    assert [one.candidate.hints.title for one in store.pending(NOW, limit=9)] == ["Two"]


def test_any_alias_key_makes_a_candidate_known(store: Store) -> None:
    state = SourceState()
    assert store.record_poll("feed", state, [(offered(A), (A, "alias"))], NOW).new == 1
    count = store.record_poll("feed", state, [(offered(A + "?amp"), (A + "?amp", "alias")), (offered(B), (B,))], NOW)
    assert (count.new, count.known) == (1, 1)


def test_a_candidate_comes_back_as_it_was(store: Store) -> None:
    zone = timezone(timedelta(hours=3))
    hints = Hints(
        title="T", description="D", published=Instant.of(datetime(2026, 3, 1, 1, 2, 3, 456, tzinfo=zone), "minute"),
        modified=Instant.day(2026, 2, 28), authors=("A", "B"), guid="g", content="<p>", language="en", tags=("x",),
    )  # fmt: skip
    page = response(A, body=bytes(range(256)), headers=(("content-type", "text/html"),), redirects=(B,), validators=Validators(etag="e"))
    given_article = Article(url=A, title="T", text="x\ny", authors=("A",), published=hints.published, provenance={"title": "h1"})
    for one in (Candidate(url=A, source="feed", seen_at=NOW, hints=hints, response=page), replace(offered(B), article=given_article)):
        poll(store, one)
    assert [one.candidate for one in store.pending(NOW, limit=9)] == [
        Candidate(url=A, source="feed", seen_at=NOW, hints=hints, response=page),
        replace(offered(B), article=given_article),
    ]


def test_pending_first_come_first_served_within_limits(store: Store) -> None:
    poll(store, offered(A), offered(B))
    poll(store, offered(C, source="late"), source="late", now=NOW + MINUTE)
    assert [one.candidate.url for one in store.pending(NOW, limit=9)] == [A, B]
    everything = store.pending(None, limit=9)
    assert [one.candidate.url for one in everything] == [A, B, C]
    assert [one.candidate.url for one in store.pending(None, limit=1, exclude={everything[0].id})] == [B]
    assert [one.candidate.url for one in store.pending(None, limit=9, sources=["late"])] == [C]
    assert store.pending(None, limit=9, sources=[]) == []


def test_a_retry_waits_and_is_no_end(store: Store) -> None:
    poll(store, offered(A))
    (row,) = store.pending(NOW, limit=9)
    store.settle(ended(A, Status.RETRY, retry_at=NOW + 5 * MINUTE), row.id)
    assert store.pending(NOW, limit=9) == []
    (later,) = store.pending(NOW + 5 * MINUTE, limit=9)
    assert (later.id, later.attempts, later.first_seen, later.reason) == (row.id, 1, NOW, "retry: for a test")
    assert list(door.export(store, "outcomes")) == []
    assert store.next_due(NOW) == NOW + 5 * MINUTE


def test_a_candidate_ends_once(store: Store) -> None:
    poll(store, offered(A))
    (row,) = store.pending(NOW, limit=9)
    page = read(A, words(1))
    ready = record(store, page, pending=row.id)
    assert store.save(ready).status is Status.NEW  # type: ignore[union-attr]
    again = store.save(ready)
    assert not isinstance(again, Suspects)
    assert again.status is Status.UNCHANGED
    store.settle(ended(A, Status.FAILED), row.id)
    assert [line["status"] for line in door.export(store, "outcomes")] == ["new"]
    assert counts(store) == (1, 1, 1, 0, 0)


def test_a_person_may_name_what_is_known(store: Store) -> None:
    saved(store, read(A, words(1)))
    first = store.enqueue(offered(A, source="by hand"), (A,), NOW)
    assert store.enqueue(offered(A, source="by hand"), (A,), NOW + MINUTE).id == first.id
    store.settle(ended(A, Status.SKIPPED, source="by hand"), first.id)
    assert store.enqueue(offered(A, source="by hand"), (A,), NOW).id > first.id
