"""Alerts in the store: made with what they tell of or not at all, each once, and taken by one runner at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from databases import refusing
from storing import MINUTE, NOW, ended, fingerprint, read, record, response, saved, words

from pipeline.errors import StoreError
from pipeline.model import Article, HealthChange, Match, Read, Relation, Rule, Seed, SourceState, Status, Suspects
from pipeline.store import Store, alerts
from pipeline.store.purge import purge
from pipeline.store.rows import Wanted
from pipeline.store.schema import alert
from pipeline.store.telling import Outgoing, waiting

A, B = "https://one.example/a", "https://two.example/b"
COPIES = Rule(name="copies", events=("new",), seeds=("*",), to=("desk", "me"))
EDITS = Rule(name="edits", events=("version", "withdrawn"), seeds=("*",), to=("desk",))
STORIES = Rule(name="stories", events=("new",), keywords="headline", to=("desk",))
SICK = Rule(name="sick", events=("health",), to=("desk",))
LEASE = timedelta(minutes=1)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = Store.open(store_url)
    opened.rules = (COPIES, EDITS, STORIES, SICK)
    yield opened
    opened.close()


def plant(store: Store, text: str = words(1), name: str = "saltholm") -> None:
    seed = Seed(name=name, title="Ferry stopped", text=text, url="https://origin.example/ferry")
    article = Article(url=f"urn:wirewatch:seed:{name}", title=seed.title, text=text, origin_url=seed.url)
    mark = fingerprint(seed.title, text)
    store.plant(seed, Read(article=article, fingerprint=mark), mark.shingles, NOW, ())


def rows(store: Store, *names: str) -> list[Any]:
    columns = [alert.c[name] for name in names or ("rule", "target", "event")]
    with store.reading() as conn:
        return [row[0] if len(columns) == 1 else tuple(row) for row in conn.execute(sa.select(*columns).order_by(alert.c.id))]


# ── made ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_copy_of_a_seed_is_told_once_to_each_target(store: Store) -> None:
    plant(store)
    outcome = saved(store, read(A, words(1) + " more", title="Other words"), copies=True)
    assert rows(store) == [("copies", target, f"match:saltholm:{outcome.article_id}") for target in ("desk", "me")]
    saved(store, read(A, words(1) + " more", title="Other words"), copies=True)
    saved(store, read(A, words(1) + " still more", title="Other words"), copies=True)  # a new version, the same copy
    assert rows(store, "event") == [f"match:saltholm:{outcome.article_id}"] * 2 + ["version:3"]
    assert len({facts["key"] for facts in rows(store, "facts")}) == 3
    facts = rows(store, "facts")[0]
    assert (facts["seed_title"], facts["relation"], facts["seed_url"]) == ("Ferry stopped", "copy", "https://origin.example/ferry")


def test_what_is_refused_leaves_no_alert_and_no_article(store: Store, store_url: str) -> None:
    plant(store)
    with refusing(store_url, "alert"), pytest.raises(StoreError):
        saved(store, read(A, words(1)), copies=True)
    assert store.known([A]) is None
    with refusing(store_url, "outcome"), pytest.raises(StoreError):
        saved(store, read(A, words(1)), copies=True)
    assert rows(store) == []
    saved(store, read(A, words(1)), copies=True)
    assert len(rows(store)) == 3


def test_a_rule_hears_only_of_what_comes_after_it(store: Store) -> None:
    store.rules = ()
    plant(store)
    saved(store, read(A, words(1), title="Old"), copies=True)
    store.rules = (COPIES, STORIES)
    saved(store, read(A, words(1) + " more", title="Old"), copies=True)  # it was a copy before
    assert rows(store) == []
    saved(store, read(B, words(1), title="New"), copies=True)
    assert rows(store, "event") == ["match:saltholm:3"] * 2


def test_what_a_seed_or_a_matcher_finds_in_the_archive_is_not_told(store: Store) -> None:
    saved(store, read(A, words(1)))
    before = rows(store)
    seed = Seed(name="late", title="Late", text=words(1))
    article = Article(url="urn:wirewatch:seed:late", title="Late", text=words(1))
    mark = fingerprint("Late", words(1))
    stored = store.version(1)
    assert stored is not None
    verdict = Match(other=0, relation=Relation.COPY, coverage=0.9, matcher="test 1")
    store.plant(seed, Read(article=article, fingerprint=mark), mark.shingles, NOW, [(stored, verdict)])
    assert store.told_of() == {"late": 1}
    assert rows(store) == before


def test_only_one_of_two_equal_texts_is_kept_and_both_are_told(store: Store) -> None:
    plant(store)
    saved(store, read(A, words(1)), copies=True, keep_first=True)
    twin = saved(store, read(B, words(1)), copies=True, keep_first=True)
    assert twin.status is Status.DUPLICATE
    events = [event for rule, _, event in rows(store) if rule == "copies"]
    assert events == ["match:saltholm:2"] * 2 + [f"match:saltholm:2:{B}"] * 2


def test_an_older_state_out_of_an_archive_is_no_edit(store: Store) -> None:
    plant(store)
    saved(store, read(A, words(1)), copies=True, response=response(A, now=NOW))
    count = len(rows(store))
    old = saved(store, read(A, words(1) + " older"), copies=True, response=response(A, now=NOW - timedelta(days=9)))
    assert old.status is Status.UPDATED
    assert len(rows(store)) == count


def test_two_copies_that_arrive_together_are_told_of_once_each(store: Store) -> None:
    plant(store)
    first, second = read(A, words(1) + " one"), read(B, words(1) + " two")
    early = record(store, second, matches=())
    saved(store, first, copies=True)
    answer = store.save(early)
    assert isinstance(answer, Suspects)
    assert [row for row in rows(store) if row[0] == "copies" and row[2].endswith(":3")] == []
    saved(store, second, copies=True)
    assert [row[2] for row in rows(store) if row[0] == "copies"] == ["match:saltholm:2"] * 2 + ["match:saltholm:3"] * 2


def test_withdrawals_and_health_are_told_once(store: Store) -> None:
    plant(store)
    outcome = saved(store, read(A, words(1)), copies=True)
    assert outcome.article_id is not None
    ill = HealthChange(source="feed", was="ok", health="silent", since=NOW, why="nothing new for 9 days")
    for _ in range(2):
        with store.writing() as conn:
            alerts.withdrawn(conn, store.rules, outcome.article_id, "410 Gone", NOW)
            alerts.health(conn, store.rules, ill, NOW)
    with store.writing() as conn:
        alerts.health(conn, store.rules, replace(ill, was="silent", health="ok", since=NOW + MINUTE), NOW + MINUTE)
    events = [event for event in rows(store, "event") if event.startswith(("withdrawn", "health"))]
    assert events == [
        "withdrawn:2:2026-03-01T12:30:15+00:00",
        "health:feed:2026-03-01T12:30:15+00:00",
        "health:feed:2026-03-01T12:31:15+00:00",
    ]


def test_a_poll_that_finds_a_source_changed_tells_it_in_its_own_transaction(store: Store, store_url: str) -> None:
    well = SourceState(health="ok", health_since=NOW)
    store.record_poll("feed", well, (), NOW)
    assert rows(store) == []  # that a new source is well is no news
    ill = replace(well, health="failing", health_since=NOW + MINUTE, health_why="503")
    with refusing(store_url, "alert"), pytest.raises(StoreError):
        store.record_poll("feed", well, (), NOW + MINUTE, learn=lambda _read, _count: ill)
    assert store.state("feed").health == "ok"
    for _ in range(2):
        store.record_poll("feed", well, (), NOW + MINUTE, learn=lambda _read, _count: ill)
    assert rows(store, "event") == ["health:feed:2026-03-01T12:31:15+00:00"]
    assert rows(store, "facts")[0]["why"] == "503"


def test_an_article_that_stays_away_is_told_of_when_it_is_withdrawn(store: Store) -> None:
    plant(store)
    outcome = saved(store, read(A, words(1)), copies=True)
    for hours in (1, 2, 30):
        at = NOW + timedelta(hours=hours)
        gone = ended(A, Status.SKIPPED, now=at, article_id=outcome.article_id, version_id=outcome.version_id)
        store.missing(gone, at + timedelta(hours=1), timedelta(hours=24))
    assert [event for event in rows(store, "event") if event.startswith("withdrawn")] == ["withdrawn:2:2026-03-02T18:30:15+00:00"]


def test_a_correction_is_told_by_its_class(store: Store) -> None:
    store.rules = (replace(EDITS, changes=("correction",)),)
    plant(store)
    saved(store, read(A, words(1)), copies=True)
    saved(store, read(A, words(1) + " more"), copies=True, change="addition")
    assert rows(store) == []
    last = saved(store, read(A, words(1) + " Correction: more"), copies=True, change="correction")
    assert rows(store, "event") == [f"version:{last.version_id}"]
    assert rows(store, "facts")[0]["change"] == "correction"


def test_a_purged_article_takes_its_alerts_along(store: Store) -> None:
    plant(store)
    saved(store, read(A, words(1)), copies=True)
    saved(store, read(B, words(2)))
    purge(store, Wanted(urls=frozenset({A})))
    assert rows(store) == [("stories", "desk", "new:3")]


def test_what_a_rule_would_have_told_is_what_it_told(store: Store) -> None:
    plant(store)
    saved(store, read(A, words(1)), copies=True)
    saved(store, read(B, words(2)), now=NOW + MINUTE)
    saved(store, read(A, words(1) + " more"), copies=True, now=NOW + 2 * MINUTE)
    would = [(one.rule, one.target, one.event) for rule in store.rules for one in alerts.past(store, rule, NOW - MINUTE)]
    assert sorted(would) == sorted(rows(store))
    assert list(alerts.past(store, COPIES, NOW + 9 * MINUTE)) == []


# ── taken ─────────────────────────────────────────────────────────────────────────────────────────


def made(store: Store, count: int, *, digest: str = "") -> None:
    store.rules = (replace(STORIES, digest=digest),)
    for number in range(count):
        saved(store, read(f"https://one.example/{number}", words(100 + number)))


def test_what_one_runner_took_no_other_takes_until_its_time_is_over(store: Store, store_url: str) -> None:
    made(store, 2)
    other = Store.open(store_url)
    try:
        mine, theirs = Outgoing(store), Outgoing(other)
        first, second = mine.take("desk", NOW, NOW + LEASE), theirs.take("desk", NOW, NOW + LEASE)
        assert [one.event for one in (*first, *second)] == ["new:1", "new:2"]
        assert mine.take("desk", NOW, NOW + LEASE) == ()
        mine.delivered(first, NOW)
        again = mine.take("desk", NOW + LEASE, NOW + 2 * LEASE)  # the other was killed
        assert [(one.event, one.key, one.attempts) for one in again] == [("new:2", second[0].key, 1)]
        assert mine.targets_due(NOW + LEASE) == []
        assert store.next_due(NOW + LEASE) == NOW + 2 * LEASE
    finally:
        other.close()


def test_a_digest_is_taken_whole_and_what_comes_later_is_another(store: Store) -> None:
    made(store, 3, digest="0 8 * * *")
    outgoing, morning = Outgoing(store), NOW.replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=1)
    assert outgoing.take("desk", NOW, NOW + LEASE) == ()
    assert store.next_due(NOW) == morning
    saved(store, read("https://one.example/late", words(200)), now=morning + MINUTE)
    taken = outgoing.take("desk", morning + MINUTE, morning + 2 * MINUTE)
    assert [one.event for one in taken] == ["new:1", "new:2", "new:3"]
    outgoing.put_off(taken, morning + timedelta(days=1), "the server was down")
    both = [outgoing.take("desk", morning + timedelta(days=1), morning + timedelta(days=2)) for _ in range(3)]
    assert [[one.event for one in told] for told in both] == [["new:1", "new:2", "new:3"], ["new:4"], []]


def test_what_was_told_is_forgotten_but_that_it_was(store: Store) -> None:
    made(store, 2)
    outgoing = Outgoing(store)
    outgoing.delivered(outgoing.take("desk", NOW, NOW + LEASE), NOW)
    outgoing.give_up(outgoing.take("desk", NOW, NOW + LEASE), NOW, "404 Not Found")
    assert [bool(facts) for facts in rows(store, "facts")] == [False, True]
    with store.reading() as conn:
        (line,) = waiting(conn)
    assert (line.target, line.waiting, line.failed, line.told, line.last_error) == ("desk", 0, 1, 1, "404 Not Found")


def test_a_clock_that_was_set_back_holds_nothing_up(store: Store) -> None:
    made(store, 1)
    outgoing, before = Outgoing(store), NOW - timedelta(days=30)
    assert outgoing.targets_due(before) == ["desk"]
    (taken,) = outgoing.take("desk", before, before + LEASE)
    assert outgoing.take("desk", before, before + LEASE) == ()  # and it is not told without an end
    (again,) = outgoing.take("desk", before + LEASE, before + 2 * LEASE)
    assert again.key == taken.key


def test_of_a_text_that_is_not_kept_no_word_waits_in_an_alert(store: Store) -> None:
    saved(store, read(A, "The quizzical pomegranate. " + words(1), title="A headline"), storage="hashes")
    saved(store, read(B, words(2), title="A headline"))
    first, second = rows(store, "facts")
    assert (first["keywords"], first["title"]) == ("headline", "A headline")
    assert "snippet" not in first
    assert "headline" in second["snippet"]
