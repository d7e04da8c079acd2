"""Families read from the relations as they hold: parents, origin, what is left out; a person's word and later verdicts show at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from storing import NOW, read, saved, words

from pipeline.model import Instant, Match, Passage, Relation, Seed
from pipeline.store import Store
from pipeline.store import read as door

NINE = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
A, B, C, D = (f"https://{name}.example/story" for name in ("alpha", "beta", "gamma", "delta"))


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = Store.open(store_url)
    yield opened
    opened.close()


def planted(store: Store, **facts: object) -> int:
    page = read("https://origin.example/story", words(1))
    seed = Seed(name="story", title="The seed", text=words(1), url="https://origin.example/story", **facts)  # type: ignore[arg-type]
    return store.plant(seed, page, page.fingerprint.shingles, NOW).id


def shared(other: int, coverage: float = 0.95, back: float = 0.95, relation: Relation = Relation.COPY, *spans: tuple[int, int]) -> Match:
    passages = tuple(Passage(start=start, end=end, other_start=0, other_end=end - start) for start, end in spans)
    shares = {"coverage": coverage, "other_coverage": back, "coverage_all": coverage, "other_coverage_all": back}
    return Match(other=other, relation=relation, passages=passages, **shares)  # type: ignore[arg-type]


def put(store: Store, url: str, minutes: int, *matches: Match, number: int = 1, **more: object) -> tuple[int, int]:
    """→ the article's number and its version's."""
    published = Instant.of(NINE + timedelta(minutes=minutes))
    ended = saved(store, read(url, f"{words(number)} {url}", published=published, **more), matches=matches)  # type: ignore[arg-type]
    assert ended.article_id is not None
    assert ended.version_id is not None
    return ended.article_id, ended.version_id


def family(store: Store, what: str = "story") -> dict[int, list[int]]:
    return {one.article.article_id: [parent.article_id for parent in one.parents] for one in door.story(store, what).told}


def test_a_story_tells_the_parent_of_each_whichever_came_in_first(store: Store) -> None:
    seed = planted(store)
    late, of_late = put(store, A, 30, shared(seed))
    first, of_first = put(store, B, 0, shared(seed), shared(of_late))  # came in later, was published earlier
    last, _ = put(store, C, 60, shared(seed), shared(of_late, 0.9), shared(of_first, 0.99))
    assert family(store) == {first: [], late: [first], last: [first]}
    story = door.story(store, "story")
    assert [one.article.article_id for one in story.told] == [first, late, last]
    (parent,) = story.told[2].parents
    assert (parent.coverage, parent.other_coverage, parent.within, parent.outlet) == (0.99, 0.95, True, "beta.example")
    assert door.story(store, str(last)).parents == (parent,)


def test_a_merged_story_has_two_parents_one_of_them_elsewhere(store: Store) -> None:
    seed = planted(store)
    first, of_first = put(store, A, 0, shared(seed))
    other, of_other = put(store, B, 5, number=2)
    halves = shared(of_first, 0.5, 0.9, Relation.DERIVED, (0, 900)), shared(of_other, 0.4, 0.9, Relation.DERIVED, (900, 1700))
    merged, _ = put(store, C, 10, shared(seed, 0.5, 0.9, Relation.DERIVED), *halves)
    assert family(store) == {first: [], merged: [first, other]}
    story = door.story(store, "story")
    assert [parent.within for parent in story.told[1].parents] == [True, False]
    assert story.beyond == (other,)  # shares text with a member and not with the seed: said, not pulled in
    assert [one.article_id for one in door.show(store, str(other)).children] == [merged]
    assert [one.article_id for one in door.show(store, str(merged)).parents] == [first, other]


def test_what_is_related_or_was_never_aligned_is_nobodys_parent(store: Store) -> None:
    seed = planted(store)
    first, of_first = put(store, A, 0, shared(seed))
    topic, of_topic = put(store, B, 5, shared(seed, relation=Relation.RELATED), shared(of_first, relation=Relation.RELATED))
    counted = Match(other=of_topic, relation=Relation.RELATED, aligned=False)
    last, _ = put(store, C, 10, shared(seed), counted)
    assert family(store) == {first: [], topic: [], last: []}


def test_a_persons_word_and_a_later_verdict_show_at_once(store: Store) -> None:
    seed = planted(store)
    first, of_first = put(store, A, 0, shared(seed))
    copy, _ = put(store, B, 5, shared(seed), shared(of_first))
    assert family(store) == {first: [], copy: [first]}
    store.judge(copy, first, Match(other=of_first, relation=Relation.DISTINCT), "another text", NOW)
    assert family(store) == {first: [], copy: []}
    assert door.show(store, str(first)).children == ()
    store.withdraw(copy, first)
    assert family(store) == {first: [], copy: [first]}
    put(store, B, 5, shared(seed), shared(of_first, relation=Relation.RELATED), number=7)  # another text under the same address
    assert family(store) == {first: [], copy: []}


def test_the_origin_of_a_story_is_told_with_its_reason(store: Store) -> None:
    seed = planted(store)
    _, of_first = put(store, A, 0, shared(seed), origin_url=D)
    put(store, B, 5, shared(seed), shared(of_first), credit="NOP")
    origin = door.story(store, "story").origin
    assert origin is not None
    assert (origin.by, origin.why) == ("canonical", "delta.example, named as the source by the canonical link of 1 of 2")
    put(store, C, 6, shared(seed), dateline="VILNIUS (NOP)")  # no credit line, but a dateline
    origin = door.story(store, "story").origin
    assert origin is not None
    assert (origin.by, origin.why) == ("credit", "NOP, by the credit line of 2 of 3")
    page, _ = put(store, "https://nop.example/1", 40, shared(seed), outlet_name="NOP")
    origin = door.story(store, "story").origin
    assert origin is not None
    assert (origin.by, origin.article) == ("page", page)


def test_a_story_of_nobody_has_no_origin(store: Store) -> None:
    seed = planted(store)
    assert door.story(store, "story").origin is None
    put(store, A, 0, shared(seed, relation=Relation.RELATED))
    assert door.story(store, "story").origin is None


@pytest.mark.parametrize("many", [2, 30])
def test_a_family_costs_the_same_number_of_queries_however_large(store: Store, many: int) -> None:
    seed = planted(store)
    before: list[int] = []
    for number in range(many):
        _, made = put(store, f"https://paper{number}.example/1", number, shared(seed), *(shared(one, 0.6) for one in before[-5:]))
        before.append(made)
    asked: list[str] = []

    def count(conn: object, cursor: object, statement: str, *more: object) -> None:
        asked.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", count)
    try:
        assert len(family(store)) == many
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", count)
    assert len(asked) <= 20, "\n".join(asked)
