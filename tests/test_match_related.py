"""What is related: the same event in other words; not all that is said on its topic, and less so the more an archive knows of it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from judging import Judge, flow, rematch
from storing import NOW, read, saved
from test_store_topics import invented, told

from pipeline import app
from pipeline.clock import SimulatedClock
from pipeline.fetch import Fetcher, Policy
from pipeline.ingest import Flow
from pipeline.match import compare, fingerprint, judge, learn
from pipeline.match.vocabulary import rarity
from pipeline.model import (
    Article,
    Candidate,
    Found,
    Hints,
    Instant,
    Match,
    Outlet,
    Profile,
    Read,
    Relation,
    Response,
    Seed,
    Source,
    Status,
    Stored,
    Vocabulary,
)
from pipeline.store import Store, purge
from pipeline.store.rows import Wanted

BEAT = invented(random.Random(5), 14)  # who and what is named in every story of one beat


def beat(number: int, teller: int, share: float = 0.2) -> Article:
    """A story of the beat: its names, a ``share`` of all words, and those of its own event."""
    article = told(number, teller)
    chance = random.Random(f"{number} {teller} beat")
    words = [word if chance.random() >= share else chance.choice(BEAT).capitalize() for word in article.text.split()]
    return replace(article, text=" ".join(words))


@pytest.fixture(scope="module")
def learned() -> Vocabulary:
    return learn([(one.title, one.text) for one in (beat(number, 0) for number in range(100, 300))], 200)


def test_an_archive_tells_the_stories_of_a_beat_apart(learned: Vocabulary) -> None:
    without, within = ([compare(beat(1, 0), beat(n, 0), vocabulary=what) for n in range(2, 12)] for what in (None, learned))
    assert all(known.similarity < before.similarity for before, known in zip(without, within, strict=True))
    assert [match.relation for match in within] == [Relation.DISTINCT] * 10
    assert sum(match.relation is Relation.RELATED for match in without) >= 5


def test_the_same_event_stays_related(learned: Vocabulary) -> None:
    for number in range(1, 11):
        for what in (None, learned):
            assert compare(beat(number, 0), beat(number, 1), vocabulary=what).relation is Relation.RELATED


def test_similarity_is_a_share_and_the_same_from_either_side(learned: Vocabulary) -> None:
    texts = [beat(1, 0), beat(1, 1), beat(2, 0), replace(beat(3, 0), text=""), replace(beat(3, 0), text="北约 summit")]
    for one in texts:
        for other in texts:
            there, back = (compare(a, b, vocabulary=learned).similarity for a, b in ((one, other), (other, one)))
            assert there == back
            assert 0 <= there <= 1


@pytest.mark.parametrize("texts", [0, 1, 2])
def test_of_next_to_nothing_nothing_is_learned(texts: int) -> None:
    """As yet there are seeds alone, or few articles beside them."""
    vocabulary = learn([(beat(n, 0).title, beat(n, 0).text) for n in range(texts)], 500)
    known, without = (compare(beat(7, 0), beat(8, 0), vocabulary=what).similarity for what in (vocabulary, None))
    assert known == pytest.approx(without)


def test_common_words_weigh_less_and_unknown_ones_most(learned: Vocabulary) -> None:
    told = rarity(learned)
    known, others = told.known, told.others
    assert all(0 < factor <= others <= 1 for factor in known.values())
    assert min(known[word] for word in BEAT if word in known) < 0.5


def test_months_apart_it_takes_more_to_be_one_event() -> None:
    first, later = beat(1, 0), beat(2, 0)
    day = replace(first, published=Instant.day(2026, 3, 1)), replace(later, published=Instant.day(2026, 3, 3))
    year = replace(first, published=Instant.day(2025, 3, 1)), replace(later, published=Instant.day(2026, 3, 3))
    assert compare(first, later).relation is Relation.RELATED
    assert compare(*day).relation is Relation.RELATED
    assert compare(*year).relation is Relation.DISTINCT
    same = replace(beat(1, 0), published=year[0].published), replace(beat(1, 1), published=year[1].published)
    assert compare(*same).relation is Relation.RELATED


# ── kept ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = Store.open(store_url)
    yield opened
    opened.close()


def test_what_was_learned_is_kept_and_replaced(store: Store, learned: Vocabulary) -> None:
    assert store.vocabulary() is None
    store.keep_vocabulary(learned, NOW)
    assert store.vocabulary() == learned
    again = replace(learned, articles=400)
    store.keep_vocabulary(again, NOW)
    assert store.vocabulary() == again


def test_it_is_learned_from_each_story_once(store: Store) -> None:
    first = saved(store, read("https://one.example/a", "A story of its own"))
    copy = Match(other=first.version_id or 0, relation=Relation.COPY, coverage=1.0)
    saved(store, read("https://two.example/b", "A story of its own, copied"), matches=(copy,))
    saved(store, read("https://two.example/c", "Another one"))
    assert sorted(text for _, text in store.sample(10)) == ["A story of its own", "Another one"]
    assert len(store.sample(1)) <= 1


def test_judging_takes_what_the_archive_tells(learned: Vocabulary) -> None:
    seed = Stored(id=1, article_id=1, article=beat(2, 0), body_digest="of the seed", seed="seed")
    article = beat(1, 0)
    assert [match.relation for match in judge(article, fingerprint(article), [seed])] == [Relation.RELATED]
    assert judge(article, fingerprint(article), [seed], vocabulary=learned) == ()


# ── learned ───────────────────────────────────────────────────────────────────────────────────────


class Here:
    """The stages, in this process."""

    async def discover(self, response: Response, source: Source) -> Found:
        return app.discover(response, source)

    async def read(self, response: Response, hints: Hints, outlet: Outlet | None) -> Read:
        return app.read_page(response, hints, outlet)

    async def fingerprint(self, article: Article) -> Read:
        return app.read_article(article)

    async def meaning(self, article: Article) -> tuple[int, ...]:
        return app.meaning(article)

    async def judge(
        self, read: Read, suspects: Sequence[Stored], profile: Profile, vocabulary: Vocabulary | None = None
    ) -> tuple[Match, ...]:
        return app.judge(read, suspects, profile, vocabulary)

    async def learn(self, texts: Sequence[tuple[str, str]], articles: int) -> Vocabulary:
        return app.learn(texts, articles)


async def at_once(work: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
    return work(*given, **named)


def test_words_are_learned_as_the_archive_doubles_and_forgotten_with_what_is_purged(store: Store) -> None:
    clock = SimulatedClock(NOW)
    flow = Flow(fetcher=Fetcher(Policy(), clock), stages=Here(), store=store, reading=at_once, writing=at_once, clock=clock)

    async def come(first: int, last: int) -> int | None:
        for number in range(first, last):
            article = replace(beat(number, 0), text=f"{number} " + " ".join(beat(number, 0).text.split()[:40]))
            candidate = Candidate(url=article.url, source="feed", seen_at=NOW, article=article)
            assert (await flow.take_in_hand(candidate)).status is Status.NEW
        known = store.vocabulary()
        return known.articles if known else None

    assert asyncio.run(come(0, 100)) is None
    assert asyncio.run(come(100, 110)) == 100
    first = store.vocabulary()
    assert asyncio.run(come(110, 200)) == 100
    assert store.vocabulary() is first
    assert asyncio.run(come(200, 202)) == 200
    purge.purge(store, Wanted(urls=frozenset({"https://paper.example/3-0"})))
    assert store.vocabulary() is None
    assert asyncio.run(come(202, 203)) == 201, "articles, not versions' numbers"


def test_seeds_are_no_stories_and_reprints_are_one(store: Store) -> None:
    for number in range(101):
        text = replace(beat(number, 0), url=f"urn:wirewatch:seed:s{number}", outlet=None)
        seed = Seed(name=f"s{number}", title=text.title, text=text.text)
        store.plant(seed, app.read_article(text), (), NOW, ())
    asyncio.run(flow(store, Judge()).words())
    assert store.vocabulary() is None, "there are seeds alone"
    told = beat(3, 0)
    for number in range(101):
        at = f"outlet{number}.example"
        saved(store, app.read_article(replace(told, url=f"http://{at}/3", outlet=at, text=f"{told.text} {number}")), copies=True)
    asyncio.run(flow(store, Judge()).words())
    assert (store.stories(), store.vocabulary()) == (101, None), "one story is too few"


def test_what_is_judged_again_is_judged_by_what_the_archive_tells_now(store: Store) -> None:
    for number in range(101):
        saved(store, app.read_article(beat(number, 0)))
    rematch(store)
    learned = store.vocabulary()
    assert learned is not None
    assert learned.articles == 101
    purge.purge(store, Wanted(urls=frozenset({beat(3, 0).url})))
    rematch(store)
    again = store.vocabulary()
    assert again is not None
    assert again.articles == 100
