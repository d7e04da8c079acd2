"""A person's word and the machine's: which one holds, in which direction, and for how long; what outlets call themselves; origins."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from storing import MINUTE, NOW, fresh, read, saved, words

from pipeline.model import Match, Relation, Seed
from pipeline.store import Store
from pipeline.store import read as door
from pipeline.store.read import Filters

A, B, C = "https://one.example/a", "https://two.example/b", "https://three.example/c"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(fresh(tmp_path))
    yield opened
    opened.close()


def judged(store: Store, what: str, other: str, relation: Relation, *, turned: Relation | None = None, note: str | None = None) -> None:
    ids = [door.article_number(store, one) for one in (what, other)]
    match = Match(other=0, relation=relation, other_relation=turned, coverage=0.5, other_coverage=0.4, matcher="test 1")
    store.judge(*ids, match, note, NOW)


def told(store: Store, about: str) -> dict[str, tuple[str, str]]:
    """Who ran it → (relation, judge)."""
    return {one.article.url: (str(one.relation), one.judge) for one in door.story(store, about).told}


def two(store: Store) -> None:
    """B, the later one, was found to be a copy of A."""
    saved(store, read(A, words(1)))
    saved(store, read(B, words(1) + " more"), copies=True)


def test_a_persons_word_hides_the_machines_in_both_directions(store: Store) -> None:
    two(store)
    judged(store, A, B, Relation.EXCERPT, turned=Relation.DERIVED)  # the other way round than the machine's
    assert told(store, A) == {B: ("derived", "person")}
    assert told(store, B) == {A: ("excerpt", "person")}
    (related,) = door.show(store, A).relations
    assert (related.match.relation, related.reverse) == (Relation.EXCERPT, False)
    lines = {row.url: (row.relation, row.judge) for row in door.latest(store, Filters())}
    assert lines == {A: (Relation.EXCERPT, "person"), B: (Relation.DERIVED, "person")}
    assert {row["judge"] for row in door.export(store, "relations")} == {"machine", "person"}


def test_a_distinct_pair_is_in_no_story(store: Store) -> None:
    two(store)
    judged(store, B, A, Relation.DISTINCT)
    assert told(store, A) == {}
    assert store.withdraw(door.article_number(store, A), door.article_number(store, B)) is True
    assert told(store, A) == {B: ("copy", "machine")}
    assert store.withdraw(1, 2) is False


@pytest.mark.parametrize("side", [A, B])
def test_a_persons_word_goes_on_to_a_version_that_is_much_the_same(store: Store, side: str) -> None:
    two(store)
    judged(store, B, A, Relation.DERIVED, note="read it")
    text = door.show(store, side).versions[0].article.text
    saved(store, read(side, text + "\nCorrection: it was a Monday."), copies=True, now=NOW + MINUTE)
    assert told(store, A) == {B: ("derived", "person")}
    saved(store, read(side, text + "\nCorrection: it was a Tuesday, of course."), copies=True, now=NOW + 2 * MINUTE)
    assert told(store, A) == {B: ("derived", "person")}
    assert [one.note for one in door.story(store, A).told] == ["read it"]
    assert len([row for row in door.export(store, "relations") if row["judge"] == "person"]) == 1
    store.withdraw(1, 2)
    assert told(store, A) == {B: ("copy", "machine")}


def test_another_text_under_the_same_address_is_the_machines_to_judge_again(store: Store) -> None:
    two(store)
    judged(store, B, A, Relation.DISTINCT)
    new = words(9)
    saved(store, read(B, new), now=NOW + MINUTE, matches=(Match(other=1, relation=Relation.RELATED, similarity=0.4, matcher="test 1"),))
    assert told(store, A) == {B: ("related", "machine")}


def test_a_persons_word_on_a_seed_survives_a_word_changed_in_it(store: Store) -> None:
    page = read("urn:wirewatch:seed:story", words(1))
    seed = store.plant(Seed(name="story", title="The seed", text=words(1)), page, page.fingerprint.shingles, NOW)
    saved(store, read(A, words(1)), matches=(Match(other=seed.id, relation=Relation.COPY, coverage=0.9),))
    judged(store, A, "story", Relation.REVISION)
    text = words(1) + " and a word"
    again = read("urn:wirewatch:seed:story", text)
    store.plant(Seed(name="story", title="The seed", text=text), again, again.fingerprint.shingles, NOW + MINUTE)
    assert told(store, "story") == {A: ("revision", "person")}
    assert [row.url for row in door.latest(store, Filters(relation=Relation.REVISION))] == [A]
    assert door.latest(store, Filters(relation=Relation.COPY)) == ()


def test_the_other_side_of_a_verdict_is_told_from_the_other_side(store: Store) -> None:
    saved(store, read(A, words(1)))
    saved(store, read(B, words(1) + " more"), matches=(Match(other=1, relation=Relation.EXCERPT, coverage=0.9, other_coverage=0.3),))
    assert told(store, A) == {B: ("excerpt", "machine")}
    assert told(store, B) == {A: ("excerpt", "machine")}  # nobody asked what A is of B
    with sqlite3.connect(store.url.removeprefix("sqlite:///")) as conn:
        conn.execute("UPDATE relation SET other_relation = 'derived'")
    assert told(store, A) == {B: ("excerpt", "machine")}
    assert told(store, B) == {A: ("derived", "machine")}
    (one,) = door.story(store, B).told
    assert (one.coverage, one.other_coverage, one.turned) == (0.3, 0.9, True)


# ── outlets ───────────────────────────────────────────────────────────────────────────────────────


def test_an_outlet_is_called_what_most_of_its_pages_call_it(store: Store) -> None:
    for number, name in enumerate(["Sports | One", "The One", "The One", None, "The One", "Sports | One"]):
        saved(store, read(f"https://one.example/{number}", words(number), outlet_name=name))
    outlet = store.outlet("one.example")
    assert outlet is not None
    assert outlet.name == "The One"
    assert {row.outlet_name for row in door.latest(store, Filters())} == {"The One"}
    assert door.outlets_called(store, "the one") == {"one.example"}


def test_outlets_are_found_by_domain_host_name_or_group(store: Store) -> None:
    for url in (A, B, C):
        saved(store, read(url, words(len(url))))
    groups = {"one.example": "Coast Papers", "two.example": "Coast Papers"}
    assert door.outlets_called(store, "coast papers", groups) == {"one.example", "two.example"}
    assert door.outlets_called(store, "www.three.example", groups) == {"three.example"}
    assert door.nearest_outlet(store, "tree.example", groups) == "three.example"
    assert door.nearest_outlet(store, "Coast Paper", groups) == "Coast Papers"
    assert door.nearest_outlet(store, "ONE.example", groups) is None
    wanted = Filters(outlets=door.outlets_called(store, "Coast Papers", groups))
    assert [(row.url, row.group) for row in door.latest(store, wanted, groups)] == [(B, "Coast Papers"), (A, "Coast Papers")]


@pytest.mark.parametrize("first", [A, B])
def test_where_a_page_says_that_it_comes_from_is_shown_and_merges_nothing(store: Store, first: str) -> None:
    """A names B as its origin; whichever came first, both are articles."""
    pages = {A: read(A, words(1), origin_url=f"{B}?utm_source=x"), B: read(B, words(1))}
    for url in (first, B if first == A else A):
        saved(store, pages[url], copies=True, keys=(f"url:{url.removeprefix('https://')}",))
    rows = {row.url: row for row in door.latest(store, Filters())}
    assert rows.keys() == {A, B}
    assert rows[A].origin == rows[B].article_id
    assert rows[B].origin is None
    (related,) = door.show(store, B).relations
    assert related.other.origin == rows[B].article_id
    assert [one.article.origin for one in door.story(store, B).told] == [rows[B].article_id]
