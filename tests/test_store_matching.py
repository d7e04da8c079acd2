"""Who is suspected of sharing text, and that two copies that arrive together are compared exactly once."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ON_FILE
from storing import NOW, fingerprint, fresh, read, record, saved, verdicts, words

from pipeline.model import Match, Outcome, Relation, Seed, Status, Suspects
from pipeline.store import Store, prints
from pipeline.store import read as door
from pipeline.store import suspects as suspects_room

A, B, C = "https://one.example/a", "https://two.example/b", "https://three.example/c"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = Store.open(store_url)
    yield opened
    opened.close()


def plant(store: Store, text: str, name: str = "story") -> int:
    page = read(A, text)
    return store.plant(Seed(name=name, title="A headline", text=text), page, page.fingerprint.shingles, NOW).id


def suspected(store: Store, text: str, *, keys: tuple[str, ...] = (), worth: int = 20) -> list[str]:
    suspects = store.suspects(read(C, text).fingerprint, keys=keys, worth=worth)
    return [one.seed or one.article.url for one in suspects.worth]


def test_a_seed_is_suspected_of_a_single_shared_shingle(store: Store) -> None:
    plant(store, words(1))
    nine = " ".join(words(1).split()[100:108])
    assert suspected(store, f"{words(2)} {nine}") == ["story"]
    assert suspected(store, words(2)) == []


def test_articles_that_share_enough_are_suspected_most_shared_first(store: Store) -> None:
    saved(store, read(A, words(1)))
    saved(store, read(B, " ".join(words(1).split()[:200]) + " " + words(2, 200)))
    assert suspected(store, words(1)) == [A, B]
    assert suspected(store, words(1), keys=(A,)) == [B]  # not the article itself
    assert suspected(store, words(9)) == []


def test_short_texts_are_found_by_any_part_that_matters(store: Store) -> None:
    saved(store, read(A, words(1, 60)))
    assert suspected(store, words(2) + " " + words(1, 60)) == [A]
    assert suspected(store, words(2) + " " + " ".join(words(1, 60).split()[20:40])) == [A]


@ON_FILE  # the rule is the same on both
@pytest.mark.parametrize(
    ("stored", "new", "shared"),
    [
        ((40, 149), (400, 900), (40, 149)),  # a short text within a long one
        ((40, 149), (40, 149), (40, 149)),  # a short text and another that shares 40 words or more
        ((24, 39), (40, 149), (24, 39)),  # a brief within a short text
        ((400, 900), (100, 149), (100, 149)),  # a short excerpt of a long text
        ((400, 900), (400, 900), (160, 400)),  # paragraphs of a long text in another
    ],
)
def test_what_shares_enough_is_found(store: Store, stored: tuple[int, int], new: tuple[int, int], shared: tuple[int, int]) -> None:
    dice, pairs = random.Random(str((stored, new, shared))), 200
    language = words(3, 5_000).split()

    def mixed(common: list[str], size: int) -> str:
        more = dice.choices(language, k=max(0, size - len(common)))
        place = dice.randint(0, len(more))
        return " ".join(more[:place] + common + more[place:])

    asked = []
    with store.writing() as conn:
        for number in range(1, pairs + 1):
            sizes = dice.randint(*stored), dice.randint(*new)
            common = dice.choices(language, k=min(*sizes, dice.randint(*shared)))
            there, here = (fingerprint("", mixed(common, size)) for size in sizes)
            prints.put(conn, number, there.sample, there.length)
            asked.append(here)
    with store.reading() as conn:
        found = sum(number in prints.shared(conn, text, 500, seeded=False)[1] for number, text in enumerate(asked, 1))
    assert found >= 0.995 * pairs


def test_of_a_short_text_it_is_counted_in_full_what_is_shared(store: Store) -> None:
    brief = words(1, 100)
    saved(store, read(A, brief))
    (found,) = store.suspects(read(B, f"{words(2)} {' '.join(brief.split()[:70])}").fingerprint).worth
    assert (found.shared, found.here) == (63, 63 / 93)


def test_a_brief_that_stands_in_a_text_is_compared_before_texts_that_share_a_part_of_theirs(store: Store) -> None:
    said = words(1, 1000).split()
    for number in range(6):
        saved(store, read(f"https://two.example/{number}", " ".join(said[:300]) + " " + words(20 + number, 400)))
    saved(store, read(A, " ".join(said[500:560])))
    assert A in suspected(store, " ".join(said), worth=2)


def test_only_so_many_are_worth_it_the_rest_is_counted(store: Store) -> None:
    plant(store, words(1))
    for number in range(5):
        saved(store, read(f"{A}{number}", f"{words(1)} {number}"))
    suspects = store.suspects(read(B, words(1)).fingerprint, worth=2)
    assert [one.seed for one in suspects.worth] == ["story", None, None]
    assert [one.article.text for one in suspects.counted] == ["", "", ""]
    assert all(one.shared > 0 for one in suspects.counted)
    assert suspects.snapshot == suspects.counted[-1].id or suspects.snapshot == 6


def test_an_article_is_suspected_in_its_best_version(store: Store) -> None:
    saved(store, read(A, words(1)))
    saved(store, read(A, " ".join(words(1).split()[:150]) + words(2)))
    (suspect,) = store.suspects(read(B, words(1)).fingerprint).worth
    assert suspect.id == 1


def test_the_same_body_is_suspected_even_without_shingles(store: Store) -> None:
    saved(store, read(A, "five words and no more"))
    assert suspected(store, "five words and no more") == [A]
    assert suspected(store, "") == []


@pytest.mark.long
def test_a_shingle_in_more_texts_than_are_looked_up_still_finds_the_oldest(store: Store) -> None:
    from pipeline.store import prints as room

    common = words(5, 40)
    for number in range(room.MENTIONS + 5):
        store.save(record(store, read(f"{A}{number}", f"{common} x{number}"), snapshot=2**60))
    found = store.suspects(read(B, f"{common} and more of it").fingerprint)
    assert found.worth[0].article.url == f"{A}0"
    assert len(found.worth) + len(found.counted) <= 20 + suspects_room.COUNTED


def test_a_body_that_stands_everywhere_leaves_room_for_other_texts(store: Store) -> None:
    for number in range(12):
        saved(store, read(f"{A}{number}", words(1)))
    saved(store, read(B, " ".join(words(1).split()[:300])))
    suspects = store.suspects(read(C, words(1)).fingerprint, worth=3)
    urls = [one.article.url for one in suspects.worth]
    assert urls == [f"{A}{number}" for number in range(4)] + [B]  # one body, as many more that have it, and the other text
    assert [one.article.url for one in suspects.counted] == [f"{A}{number}" for number in range(4, 12)]
    assert {(one.here, one.there) for one in suspects.counted} == {(1.0, 1.0)}


@pytest.mark.long
def test_a_passage_that_became_boilerplate_hides_no_copy(store: Store) -> None:
    from pipeline.store import prints as room

    foot = words(5, 40)
    for number in range(room.MENTIONS + 5):
        store.save(record(store, read(f"{A}{number}", f"{words(number, 60)}\n{foot}"), snapshot=2**60))
    last = room.MENTIONS + 4
    found = store.suspects(read(B, f"{words(last, 60)}\n{foot} and more").fingerprint, worth=1)
    assert [one.article.url for one in found.worth] == [f"{A}{last}"]
    assert found.worth[0].here > 0.5


@pytest.mark.long
def test_one_stock_phrase_that_stands_everywhere_brings_no_suspects(store: Store) -> None:
    from pipeline.store import prints as room

    phrases = [words(seed, 15) for seed in range(5, 45)]
    for number in range(room.MENTIONS + 5):
        store.save(record(store, read(f"{A}{number}", f"{words(100 + number, 60)} {' '.join(phrases)}"), snapshot=2**60))
    for phrase in phrases:
        found = store.suspects(read(B, f"{words(1, 300)} {phrase} {words(2, 300)}").fingerprint)
        assert not found.worth, phrase
        assert not found.counted, phrase
    several = store.suspects(read(B, f"{words(1, 200)} {' '.join(phrases[:30])} {words(2, 200)}").fingerprint)
    assert len(several.worth) == 20  # what stands everywhere and is more than a phrase finds as ever


def test_two_stock_phrases_of_many_briefs_bring_no_suspects(store: Store) -> None:
    """Hundreds of briefs of a large archive share a tenth of their words with an article that says what all of them say."""
    phrases = words(5, 13), words(6, 13)
    said = read(B, f"{words(1, 200)} {phrases[0]} {words(2, 200)} {phrases[1]} {words(3, 200)}").fingerprint
    found = list[int]()
    for number in range(prints.RARE + 1):
        text = f"{words(100 + number, 36)} {phrases[0]} {words(200 + number, 22)} {phrases[1]}"
        store.save(record(store, read(f"{A}{number}", text), snapshot=2**60))
        suspects = store.suspects(said)
        found.append(len(suspects.worth) + len(suspects.counted))
    assert found == [*range(1, prints.RARE + 1), 0]  # as long as few say it, it may be a story's


@pytest.mark.long
def test_a_brief_is_not_compared_with_all_who_use_one_of_its_phrases(store: Store) -> None:
    phrase, brief = words(5, 30), words(1, 130)
    for number in range(prints.MENTIONS + 5):
        store.save(record(store, read(f"{A}{number}", f"{words(100 + number, 200)} {phrase} {words(900 + number, 200)}"), snapshot=2**60))
    saved(store, read(B, f"{words(2, 200)} {brief} {words(3, 200)}"))
    for start in range(0, 20, 4):  # which of its hashes are stored hangs on chance
        said = " ".join(phrase.split()[start : start + 10])
        assert suspected(store, f"{brief} {said}") == [B]


@pytest.mark.parametrize(("piece", "least"), [(24, 0.9), (40, 1.0)])
def test_a_piece_of_a_brief_that_many_papers_ran_finds_it(store: Store, piece: int, least: float) -> None:
    """What makes it no stock phrase is its length, as long as it is found at all."""
    brief = words(5, 120)
    for number in range(prints.RARE + 5):
        store.save(record(store, read(f"{A}{number}", f"{brief} {words(100 + number, 20)}"), snapshot=2**60))
    starts = range(10, 120 - piece, 10)
    taken = [" ".join(brief.split()[start : start + piece]) for start in starts]
    found = [bool(store.suspects(read(B, f"{words(1, 300)} {text} {words(2, 300)}").fingerprint).worth) for text in taken]
    assert sum(found) >= least * len(found)


@pytest.mark.long
def test_a_lookup_reads_no_more_when_more_is_stored(tmp_path: Path) -> None:
    """SQLite's own steps are counted, in an archive of 50 and of 1,000 texts; a copy of a text, and one that nobody has."""
    store = Store.open(fresh(tmp_path))

    def steps(text: str) -> int:
        counted = 0

        def more() -> int:
            nonlocal counted
            counted += 1
            return 0

        print_ = read(C, text).fingerprint
        with store.reading() as conn:
            raw = conn.connection.driver_connection
            raw.set_progress_handler(more, 10)
            suspects_room.look_up(conn, print_, but=None, worth=20)
            raw.set_progress_handler(None, 10)
        return counted

    costs = {}
    for upto in (50, 1000):
        for number in range(50 if upto > 50 else 0, upto):
            store.save(record(store, read(f"{A}{number}", words(number, 160)), snapshot=2**60))
        costs[upto] = (steps(words(7, 160)), steps(words(10**6, 160)))
    store.close()
    assert all(0 < after <= 1.5 * before for before, after in zip(costs[50], costs[1000], strict=True)), costs


def test_what_came_meanwhile_is_handed_back_and_nothing_is_written(store: Store) -> None:
    page = read(B, words(1))
    looked = store.suspects(page.fingerprint)
    saved(store, read(A, words(1)))
    saved(store, read(C, words(7)))  # came too, but shares nothing
    ready = record(store, page, snapshot=looked.snapshot)
    answer = store.save(ready)
    assert isinstance(answer, Suspects)
    assert [one.article.url for one in answer.worth] == [A]
    assert door.status(store, NOW).articles == 2
    final = store.save(replace(ready, matches=verdicts(answer), snapshot=answer.snapshot))
    assert isinstance(final, Outcome)
    assert final.status is Status.DUPLICATE


def test_relations_within_one_article_are_dropped(store: Store) -> None:
    first = saved(store, read(A, words(1)))
    own = Match(other=first.version_id or 0, relation=Relation.REVISION)
    second = saved(store, read(A, words(1) + " more"), matches=(own,))
    assert (second.status, second.matches) == (Status.UPDATED, ())
    assert list(door.export(store, "relations")) == []


def test_a_verdict_comes_back_with_its_evidence(store: Store) -> None:
    from pipeline.model import Passage

    seed = plant(store, words(1))
    told = Match(
        other=seed, relation=Relation.REVISION, coverage=0.7, other_coverage=0.6, coverage_all=0.8, other_coverage_all=0.65, longest_run=41,
        passages=(Passage(start=1, end=9, other_start=3, other_end=11),), new_sentences=("It is new.",), figures_changed=(("11", "14"),),
        similarity=0.5, why="figures changed", matcher="test 1",
    )  # fmt: skip
    outcome = saved(store, read(A, words(1) + " more"), matches=(told,))
    assert outcome.reason == "revision: figures changed"
    assert door.to_seeds(store, outcome.article_id or 0) == (("story", told),)


def test_two_copies_at_once_have_exactly_one_relation(store_url: str) -> None:
    stores = [Store.open(store_url) for _ in range(2)]
    for turn in range(20):
        together = threading.Barrier(2)

        def come(which: int, turn: int = turn, together: threading.Barrier = together) -> Outcome:
            page = read(f"https://{'ab'[which]}.example/{turn}", words(turn))
            suspects = stores[which].suspects(page.fingerprint)
            ready = record(stores[which], page, snapshot=suspects.snapshot, matches=verdicts(suspects))
            together.wait(timeout=30)
            while isinstance(answer := stores[which].save(ready), Suspects):
                ready = replace(ready, matches=ready.matches + verdicts(answer), snapshot=answer.snapshot)
            return answer

        with ThreadPoolExecutor(2) as pool:
            outcomes = list(pool.map(come, range(2)))
        assert sorted(one.status for one in outcomes) == [Status.DUPLICATE, Status.NEW]
    told = door.status(stores[0], NOW)
    assert (told.articles, told.relations) == (40, 20)
    for one in stores:
        one.close()


def test_one_article_from_many_threads_is_stored_once(store_url: str) -> None:
    stores = [Store.open(store_url) for _ in range(2)]
    pages = [read(f"https://one.example/{number}", words(number)) for number in range(10)]

    def run(turn: int) -> list[Status]:
        return [saved(stores[turn % 2], page).status for page in pages]

    with ThreadPoolExecutor(4) as pool:
        statuses = [status for told in pool.map(run, range(4)) for status in told]
    assert statuses.count(Status.NEW) == 10
    assert statuses.count(Status.UNCHANGED) == 30
    told = door.status(stores[0], NOW)
    assert (told.articles, told.versions, told.sightings) == (10, 10, 10)
    for one in stores:
        one.close()
