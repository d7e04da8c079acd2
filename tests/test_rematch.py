"""Judging again what is stored: what changes, what stays, and where it goes on when it was stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest
from databases import contents, raw
from judging import Judge, article, flow, ingest, planted, relations, rematch
from stories import invented
from storing import MINUTE, NOW

from pipeline.errors import InputError, StoreError
from pipeline.match import full
from pipeline.model import Match, Relation, Seed
from pipeline.rejudge import BATCH, Words
from pipeline.store import Store, check, purge, tasks
from pipeline.store import read as door
from pipeline.store.archive import REMATCH
from pipeline.store.rows import Wanted


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = Store.open(store_url)
    yield opened
    opened.close()


def fewer(match: Match) -> Match:
    """Another matcher: what was a copy is an excerpt to it."""
    relation = Relation.EXCERPT if match.relation in (Relation.IDENTICAL, Relation.COPY) else match.relation
    return replace(match, relation=relation, matcher="cascade/99")


COPY = article(1, "two.example")


def test_nothing_changes_where_the_matcher_is_the_same(store: Store, store_url: str) -> None:
    for one in (article(1), COPY, article(2)):
        ingest(store, one)
    before = contents(store_url)
    ran = rematch(store)
    assert (ran.task.done, ran.task.total, ran.changed) == (3, 3, [])
    assert contents(store_url) == before


def test_a_changed_verdict_is_replaced_and_stays_in_the_history(store: Store) -> None:
    for one in (article(1), COPY):
        ingest(store, one)
    door_before = door.show(store, COPY.url).relations[0]
    ran = rematch(store, Judge(turn=fewer))
    assert [(one.url, one.other_url, one.was and one.was.relation, one.now and one.now.relation) for one in ran.changed] == [
        (COPY.url, article(1).url, Relation.IDENTICAL, Relation.EXCERPT)
    ]
    shown = door.show(store, COPY.url)
    assert [(one.match.relation, one.match.matcher, one.made_at) for one in shown.relations] == [
        (Relation.EXCERPT, "cascade/99", NOW + MINUTE)
    ]
    (past,) = shown.former
    assert (past.match, past.made_at, past.until) == (door_before.match, door_before.made_at, NOW + MINUTE)
    (other,) = door.show(store, article(1).url).former
    assert (other.match, other.reverse) == (past.match, True)


def test_a_pair_that_is_distinct_now_loses_its_row_and_one_that_is_not_gets_one(store: Store) -> None:
    for one in (article(1), COPY, article(1, "three.example")):
        ingest(store, one, Judge(turn=lambda match: replace(match, relation=Relation.DISTINCT)))
    assert relations(store) == {}
    third = article(1, "three.example").url
    rematch(store)
    assert relations(store) == {
        (COPY.url, article(1).url): "identical",
        (third, article(1).url): "identical",
        (third, COPY.url): "identical",
    }
    ran = rematch(store, Judge(turn=lambda match: replace(match, relation=Relation.DISTINCT)))
    assert relations(store) == {}
    assert len(ran.changed) == len(door.show(store, article(1).url).former) + 1 == 3


def test_a_persons_verdict_stays_beside_the_new_one(store: Store) -> None:
    for one in (article(1), COPY):
        ingest(store, one)
    store.judge(2, 1, Match(other=0, relation=Relation.DERIVED), "read it", NOW)
    rematch(store, Judge(turn=fewer))
    assert {(row["judge"], row["relation"], row["note"]) for row in door.export(store, "relations")} == {
        ("machine", "excerpt", None),
        ("person", "derived", "read it"),
    }


def test_it_goes_on_where_it_stopped(store: Store, store_url: str) -> None:
    for number in range(BATCH + 4):
        ingest(store, article(1, f"outlet{number}.example"))
    stages = Judge(turn=fewer, stop_at=BATCH + 2)
    with pytest.raises(StoreError):
        rematch(store, stages)
    with raw(store_url) as conn:
        ((cursor, done, changed),) = conn.exec_driver_sql("SELECT cursor, done, changed FROM task").all()
    assert (cursor, done, changed) == (BATCH, BATCH, sum(range(BATCH)))
    assert check.check(store_url, lambda *_: None).problems == ()
    again = Judge(turn=fewer)
    ran = rematch(store, again)
    assert (ran.began[0].done, ran.task.done, len(again.judged)) == (BATCH, BATCH + 4, 4)
    assert ran.task.changed == len(door.show(store, "http://outlet0.example/1").former) * (BATCH + 4) // 2
    assert set(relations(store).values()) == {"excerpt"}
    with raw(store_url) as conn:
        assert conn.exec_driver_sql("SELECT * FROM task").all() == []


def test_of_two_who_do_the_same_one_stops(store: Store) -> None:
    for one in (article(1), COPY):
        ingest(store, one)

    def overtaken(match: Match) -> Match:
        with store.writing() as conn:
            tasks.advance(conn, REMATCH, cursor=99, done=2, now=NOW)
        return fewer(match)

    with pytest.raises(InputError, match="another rematch"):
        rematch(store, Judge(turn=overtaken))
    assert set(relations(store).values()) == {"identical"}


def test_other_words_are_another_task(store: Store) -> None:
    for number in range(BATCH + 4):
        ingest(store, article(1, f"outlet{number}.example"), now=NOW + number * MINUTE)
    with pytest.raises(StoreError):
        rematch(store, Judge(stop_at=BATCH + 2))
    late = rematch(store, words=Words(since=("2026-03-01T12:45:00Z", NOW + 15 * MINUTE)))
    assert (late.began[0].done, late.task.total) == (0, 5)


def test_what_cannot_be_judged_keeps_what_was_said_of_it(store: Store) -> None:
    for one in (article(1), COPY, article(1, "three.example")):
        ingest(store, one)
    ran = rematch(store, Judge(turn=fewer, refuse=COPY.url))
    assert (ran.failed, ran.task.done) == ([COPY.url], 3)
    assert relations(store)[COPY.url, article(1).url] == "identical"
    assert relations(store)["http://three.example/1", COPY.url] == "excerpt"


def test_versions_are_judged_as_they_came_in(store: Store) -> None:
    """No pair twice: what came first is never judged against what came later."""
    ingest(store, article(1))
    ingest(store, COPY)
    ingest(store, replace(article(1), text=article(1).text + "\nThe council meets again on Thursday, its clerk said."))
    before = relations(store)
    assert set(before) == {(COPY.url, article(1).url), (article(1).url, COPY.url)}
    ran = rematch(store)
    assert (ran.changed, ran.task.total, relations(store)) == ([], 3, before)


def test_only_one_seed(store: Store) -> None:
    for one in (article(1), COPY, article(2)):
        ingest(store, one)
    for name, number in (("first", 1), ("second", 2)):
        planted(store, name, number)
    ran = rematch(store, Judge(turn=fewer), Words(seed="first"))
    assert {(one.url, one.seed) for one in ran.changed} == {(COPY.url, "first"), (article(1).url, "first")}
    with pytest.raises(InputError, match="third"):
        rematch(store, words=Words(seed="third"))


def test_a_new_seed_meets_what_is_stored_on_its_subject_in_other_words_too(store: Store) -> None:
    """Planting finds what a scan of everything would."""
    for number in range(1, 9):
        ingest(store, article(number))
    ingest(store, replace(article(20), title="A recipe", text="Take two eggs, some flour and a spoonful of butter; stir, wait, bake. " * 4))
    planted(store, "first", 1)
    told = {url: (row.relation, row.longest_run) for row in door.story(store, "first").told for url in [row.article.url]}
    assert told.pop(article(1).url)[0] is Relation.IDENTICAL
    assert {relation for relation, _ in told.values()} == {Relation.RELATED}
    assert min(run for _, run in told.values()) < 8
    assert rematch(store, words=Words(seed="first")).changed == []


def test_what_was_found_of_a_seed_that_is_no_longer_watched_for_stays(store: Store) -> None:
    ingest(store, article(1))
    planted(store, "first", 1)
    store.unplant([])
    before = relations(store)
    assert list(before.values()) == ["identical"]
    ran = rematch(store, Judge(turn=fewer))
    assert (ran.changed, relations(store)) == ([], before)


def test_a_seed_that_is_taken_out_while_texts_are_judged_against_it_ends_nothing(store: Store) -> None:
    ingest(store, article(1))
    planted(store, "first", 1)
    before = relations(store)

    def gone(match: Match) -> Match:
        store.unplant([])
        return match

    rematch(store, Judge(turn=gone))
    assert relations(store) == before


def test_who_has_the_same_body_is_identical_however_many_have_it(store: Store) -> None:
    """Only some are compared; the rest is counted, and counted again by a rematch."""
    for number in range(44):
        ingest(store, replace(article(1, f"paper{number}.example"), url=f"http://paper{number}.example/1"))
    ingest(store, replace(article(1, "late.example"), text=f"{article(1).text}\nA last line of its own, for this paper only."))
    rows = [row for row in door.export(store, "relations") if row["url"] == "http://paper43.example/1"]
    assert {row["relation"] for row in rows} == {"identical"}
    assert {row["aligned"] for row in rows} == {True, False}
    assert len(rows) == 43
    late = [row for row in door.export(store, "relations") if row["url"] == "http://late.example/1"]
    assert {row["relation"] for row in late if not row["aligned"]} <= {"related"}
    assert rematch(store).changed == []


def test_a_purge_leaves_nothing_of_the_history(store: Store, store_url: str) -> None:
    for one in (article(1), COPY):
        ingest(store, one)
    rematch(store, Judge(turn=lambda match: replace(match, relation=Relation.DISTINCT)))
    with raw(store_url) as conn:
        assert len(conn.exec_driver_sql("SELECT * FROM former").all()) == 1
    purge.purge(store, Wanted(urls=frozenset({article(1).url})))
    left = contents(store_url)
    assert left["former"] == []
    assert not any("one.example" in repr(row) for rows in left.values() for row in rows)


def test_a_text_that_cannot_be_compared_keeps_no_new_seed_out(store: Store) -> None:
    story = invented(1)
    hard, easy = article(1, "hard.example"), article(1, "easy.example")
    for one in (hard, easy):
        ingest(store, one)
    seed = Seed(name="late", title=story.title, text=story.text)
    given = replace(easy, url="urn:wirewatch:seed:late", outlet=None)
    asyncio.run(flow(store, Judge(refuse=hard.url)).plant(seed, given, full))
    assert [one.seed for one in store.seeds()] == ["late"]
    found = {url: relation for (url, other), relation in relations(store).items() if other == given.url}
    assert found == {easy.url: "identical"}
