"""Seeds are found by what they are about, through the index, however many there are."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from databases import raw
from storing import NOW

from pipeline.match import fingerprint, judge
from pipeline.model import Article, Read, Seed, Stored
from pipeline.store import Store


def invented(chance: random.Random, count: int) -> list[str]:
    return ["".join(chance.choice("abdeiklmnorstuvz") for _ in range(chance.randint(4, 10))) for _ in range(count)]


EMPTY = ["the", "of", "and", "to", "in", "a", "that", "for", "on", "with", "as", "was", "at", "by", "from"]
COMMON = invented(random.Random(1), 1200)  # what every story is told with
SUBJECTS = invented(random.Random(2), 3000)


def told(subject: int, teller: int, words: int = 260) -> Article:
    """A story on a subject as one teller tells it: the same names and matters, other sentences."""
    matter = random.Random(subject).sample(SUBJECTS, 30)
    chance = random.Random(f"{subject} {teller}")
    said = []
    for _ in range(words):
        word = chance.choice(chance.choices((matter, COMMON, EMPTY), (3, 3, 4))[0])
        said.append(word.capitalize() if word in matter[:12] else word)
    text = "\n".join(" ".join(said[start : start + 40]) + "." for start in range(0, words, 40))
    return Article(url=f"https://paper.example/{subject}-{teller}", title=" ".join(matter[:5]), text=text)


def planted(store: Store, subjects: int) -> list[Stored]:
    seeds = []
    for subject in range(subjects):
        article = told(subject, 0)
        read = Read(article=article, fingerprint=fingerprint(article))
        seed = Seed(name=f"seed-{subject}", title=article.title, text=article.text)
        seeds.append(store.plant(seed, read, read.fingerprint.shingles, NOW))
    return seeds


def verdicts(article: Article, suspects: list[Stored]) -> dict[int, str]:
    return {match.other: str(match.relation) for match in judge(article, fingerprint(article), suspects)}


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = Store.open(store_url)
    yield opened
    opened.close()


@pytest.mark.parametrize("many", [40, pytest.param(1000, marks=pytest.mark.long)])
def test_what_is_found_through_the_index_is_what_comparing_with_every_seed_finds(store: Store, many: int) -> None:
    seeds = planted(store, many)
    related = 0
    for subject in range(0, many + 10, max(1, many // 40)):  # the last are about no seed
        article = told(subject, 1)
        suspects = list(store.suspects(fingerprint(article)).worth)
        assert len(suspects) <= 60
        found = verdicts(article, suspects)
        assert found == verdicts(article, seeds)
        related += len(found)
    assert related >= 40


def found(store: Store, subject: int) -> list[str | None]:
    article = told(subject, 1)
    suspects = list(store.suspects(fingerprint(article)).worth)
    related = verdicts(article, suspects)
    return [one.seed for one in suspects if one.id in related]


def test_a_seed_is_found_as_it_is_now_and_no_more_when_it_is_not_watched(store: Store) -> None:
    planted(store, 3)
    assert found(store, 1) == ["seed-1"]
    other = told(7, 0)
    read = Read(article=other, fingerprint=fingerprint(other))
    store.plant(Seed(name="seed-1", title=other.title, text=other.text), read, read.fingerprint.shingles, NOW)
    assert (found(store, 1), found(store, 7)) == ([], ["seed-1"])
    store.unplant(["seed-0", "seed-2"])
    assert found(store, 7) == []
    store.plant(Seed(name="seed-1", title=other.title, text=other.text), read, read.fingerprint.shingles, NOW)
    assert found(store, 7) == ["seed-1"]


def test_seeds_of_a_database_of_before_are_indexed(store_url: str, store: Store) -> None:
    seeds = planted(store, 2)
    assert store.unindexed(meaning=False) == ()
    with raw(store_url) as conn:
        conn.exec_driver_sql("DELETE FROM topic")
    assert found(store, 1) == []
    assert [seed.id for seed in store.unindexed(meaning=False)] == [seed.id for seed in seeds]
    for seed in store.unindexed(meaning=False):
        store.index(seed.id, fingerprint(seed.article).topics)
    assert store.unindexed(meaning=False) == ()
    assert found(store, 1) == ["seed-1"]
