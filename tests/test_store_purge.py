"""Forgetting: what goes, what stays, and that no byte of it is left in the files."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from storing import NOW, ended, fresh, offered, poll, read, response, saved, words

from pipeline.model import HostMemory, Match, Outcome, Relation, RobotsMemory, Seed, Status
from pipeline.store import Store, purge
from pipeline.store import read as door
from pipeline.store.read import Filters, Wanted

A, B, C = "https://one.example/a", "https://two.example/b", "https://three.example/c"
ONE = Wanted(outlets=frozenset({"one.example"}))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(fresh(tmp_path))
    yield opened
    opened.close()


def files(store: Store) -> bytes:
    """Every byte that the database has on the disk."""
    path = Path(store.url.removeprefix("sqlite:///"))
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")))


def counts(store: Store) -> dict[str, int]:
    with sqlite3.connect(store.url.removeprefix("sqlite:///")) as conn:
        names = [row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'fulltext%'")]
        names.remove("sqlite_sequence")
        return {name: conn.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}


def forget(store: Store, wanted: Wanted) -> purge.PurgePlan:
    told = purge.purge(store, wanted)
    assert store.tidy()
    return told


def marked(number: int, count: int = 60) -> tuple[str, list[str]]:
    """A text in which every tenth word stands nowhere else, and these words. They differ from the front: an index keeps prefixes once."""
    chance = random.Random(f"marked {number}")
    secret = ["".join(chance.choice("bcdfghjklmnpqrstvwxz") for _ in range(12)) for _ in range(count // 10)]
    plain = words(number, count).split()
    for place, word in enumerate(secret):
        plain[place * 10] = word
    return " ".join(plain), secret


def taken_in(store: Store, number: int, outlet: str) -> list[str]:
    """An article with everything that can be known of one. → the words that give it away."""
    text, secret = marked(number)
    url = f"https://{outlet}/{secret[0]}"
    poll(store, offered(url, title=f"Headline {secret[1]}"))
    (waiting,) = [one for one in store.pending(NOW, limit=9) if one.candidate.url == url]
    page = response(url, body=f"<p>{secret[2]}".encode())
    saved(
        store, read(url, text, title=f"Headline {secret[1]}", authors=(secret[3],)), copies=True, pending=waiting.id, response=page,
        raw_until=NOW + timedelta(days=9),
    )  # fmt: skip
    return secret


def test_what_is_purged_leaves_no_byte(store: Store) -> None:
    going = [word for number in range(20) for word in taken_in(store, number, "one.example")]
    staying = [word for number in range(20, 40) for word in taken_in(store, number, "two.example")]
    held = files(store)
    assert [word for word in going + staying if word.encode() not in held] == []
    told = forget(store, ONE)
    assert (told.articles, told.versions, told.pages, told.sightings) == (20, 20, 20, 20)
    held = files(store)
    assert [word for word in going if word.encode() in held or word[1:].encode() in held or word.upper().encode() in held] == []
    assert b"one.example" not in held
    assert [word for word in staying if word.encode() not in held] == []
    assert len(door.latest(store, Filters(limit=99))) == 20
    for word in going[::7]:
        assert door.search(store, word, Filters()) == ()
    for word in staying[4::12]:
        assert len(door.search(store, word, Filters())) == 1


@pytest.mark.parametrize("share", ["few of many", "most"])
def test_the_index_is_right_after_a_purge(store: Store, share: str) -> None:
    few, many = ("one.example", "two.example") if share == "few of many" else ("two.example", "one.example")
    for number in range(12):
        saved(store, read(f"https://{few if number < 2 else many}/{number}", f"harbour {words(number, 40)}", title=f"Number {number}"))
    forget(store, ONE)
    left = 10 if share == "few of many" else 2
    assert len(door.search(store, "harbour", Filters())) == left
    with sqlite3.connect(store.url.removeprefix("sqlite:///")) as conn:
        conn.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, fulltext, 'row')")
        assert conn.execute("SELECT doc FROM temp.terms WHERE term = 'harbour'").fetchone() == (left,)
        assert conn.execute("SELECT count(*) FROM fulltext_docsize").fetchone() == (left,)
    saved(store, read("https://one.example/again", "harbour again"))
    assert len(door.search(store, "harbour", Filters())) == left + 1


def test_what_an_older_program_indexed_is_not_trusted(store: Store) -> None:
    """Its terms may have been others: then the index is made anew from what stays."""
    for number in range(6):
        saved(store, read(f"https://{'one' if number < 1 else 'two'}.example/{number}", f"harbour {words(number, 40)}"))
    with sqlite3.connect(store.url.removeprefix("sqlite:///")) as conn:
        conn.execute("UPDATE version SET software = 'wirewatch 0.0.1', title = 'Other words' WHERE id = 1")
    forget(store, ONE)
    assert len(door.search(store, "harbour", Filters())) == 5
    with sqlite3.connect(store.url.removeprefix("sqlite:///")) as conn:
        assert conn.execute("SELECT count(*) FROM fulltext_docsize").fetchone() == (5,)


def test_everything_that_is_known_of_an_article_goes_and_nothing_else(store: Store) -> None:
    page = read("urn:wirewatch:seed:story", words(1))
    seed = store.plant(Seed(name="story", title="The seed", text=words(1)), page, page.fingerprint.shingles, NOW)
    before = counts(store)
    verdict = Match(other=seed.id, relation=Relation.COPY, coverage=0.9, why="a copy")
    poll(store, offered(A, title="offered"))
    (waiting,) = store.pending(NOW, limit=9)
    saved(store, read(A, words(1)), matches=(verdict,), pending=waiting.id, response=response(A), raw_until=NOW + timedelta(days=9))
    saved(store, read(A, words(1) + " changed"), matches=(verdict,))
    poll(store, offered("https://one.example/waits"))
    store.settle(ended("https://one.example/walled", Status.SKIPPED), None)
    forget(store, ONE)
    after = counts(store)
    assert after == before | {"source": after["source"], "source_state": after["source_state"]}
    assert door.stories(store)[0].told == ()


def test_a_body_that_others_have_stays(store: Store) -> None:
    saved(store, read(A, words(1)))
    saved(store, read(B, words(1)))
    forget(store, ONE)
    (shown,) = [door.show(store, row.url) for row in door.latest(store, Filters())]
    assert shown.versions[0].article.text == words(1)


def test_others_forget_what_they_were_told_of_it(store: Store) -> None:
    saved(store, read(A, words(1)))
    quoting = Match(other=1, relation=Relation.REVISION, coverage=0.9, why="with a note: “Correction: Zwmqtl”", matcher="test")
    saved(store, read(B, words(2)), matches=(quoting,))
    poll(store, offered(B))
    assert b"Zwmqtl" in files(store)
    forget(store, ONE)
    assert b"Zwmqtl" not in files(store)
    (row,) = [row for row in door.export(store, "outcomes") if row["url"] == B]
    assert row["reason"] == "revision: compared with an article that was purged"
    assert door.show(store, B).relations == ()


def test_an_address_may_be_given_in_any_of_its_forms(store: Store) -> None:
    keys = ("url:one.example/a", "id:one.example:7")
    saved(store, read(A, words(1)), keys=keys)
    saved(store, read("https://one.example/other", words(2)), keys=("url:one.example/other",))
    told = forget(store, Wanted(urls=frozenset({"http://www.one.example/a/?utm_source=x"})))
    assert told.articles == 1
    assert [row.url for row in door.latest(store, Filters())] == ["https://one.example/other"]


def test_all_that_is_given_must_hold(store: Store) -> None:
    later = NOW + timedelta(days=3)
    saved(store, read(A, words(1)))
    saved(store, read("https://one.example/later", words(2)), now=later)
    saved(store, read(B, words(3)))
    wanted = replace(ONE, before=later)
    assert [row[1] for row in purge.plan(store, wanted).first] == [A]
    assert len(door.latest(store, Filters())) == 3  # a plan does nothing
    forget(store, wanted)
    assert [row.url for row in door.latest(store, Filters())] == [B, "https://one.example/later"]


def test_a_purged_address_that_is_offered_again_comes_back(store: Store) -> None:
    poll(store, offered(A))
    saved(store, read(A, words(1)), pending=store.pending(NOW, limit=1)[0].id)
    assert poll(store, offered(A)) == 0
    forget(store, Wanted(urls=frozenset({A})))
    assert poll(store, offered(A)) == 1


def test_the_bytes_of_a_page_are_kept_until_their_day(store: Store) -> None:
    for url, days in ((A, 1), (B, 3)):
        saved(store, read(url, words(days)), response=response(url), raw_until=NOW + timedelta(days=days))
    store.expire(NOW)
    assert counts(store)["raw"] == 2
    store.expire(NOW + timedelta(days=1))
    assert counts(store)["raw"] == 1
    assert door.show(store, B).versions[0].raw_bytes > 0
    assert door.show(store, A).versions[0].raw_bytes == 0


def test_a_reader_that_holds_the_log_is_told_of(store: Store) -> None:
    saved(store, read(A, words(1)))
    with sqlite3.connect(store.url.removeprefix("sqlite:///"), isolation_level=None) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM article").fetchone()
        purge.purge(store, ONE)
        assert store.tidy() is False
        reader.execute("COMMIT")
    reader.close()
    assert store.tidy(anew=False) is True
    assert words(1).split()[0].encode() not in files(store)


@pytest.mark.long
def test_a_hundred_thousand_rows_leave_no_byte(tmp_path: Path) -> None:
    """G1: 100,000 rows of one outlet among another's."""
    store = Store.open(fresh(tmp_path))
    going: list[str] = []
    for number in range(7000):
        outlet = "one.example" if number % 2 else "two.example"
        text, secret = marked(number, 400)
        url = f"https://{outlet}/{secret[0]}"
        ending: Outcome = saved(store, read(url, text, title=secret[1]), response=response(url), raw_until=NOW + timedelta(days=9))
        assert ending.status is Status.NEW
        if number % 2:
            going += secret
    before = sum(counts(store).values())
    forget(store, ONE)
    assert before - sum(counts(store).values()) > 100_000
    held = files(store)
    assert [word for word in going[::300] if word[1:].encode() in held] == []
    assert len(door.latest(store, Filters(limit=9999))) == 3500
    store.close()


def test_what_is_known_of_a_purged_outlets_hosts_goes(store: Store) -> None:
    saved(store, read(A, words(1)))
    saved(store, read(B, words(2)))
    hosts = ("one.example", "www.one.example", "two.example")
    store.keep_hosts([HostMemory(name=name, at=NOW, held_until=NOW + timedelta(hours=1)) for name in hosts])
    store.keep_hosts([RobotsMemory(origin=f"https://{name}", at=NOW, again_at=NOW + timedelta(hours=9), text=None) for name in hosts])
    forget(store, ONE)
    assert [bool(store.host(name)) for name in hosts] == [False, False, True]
    assert [bool(store.robots(f"https://{name}")) for name in hosts] == [False, False, True]


def test_an_article_that_was_purged_while_it_was_asked_for_is_no_trouble(store: Store) -> None:
    url = "https://one.example/asked"
    saved(store, read(url, words(1)))
    known = store.known((url,))
    assert known
    purge.purge(store, Wanted(urls=frozenset({url})))
    poll(store, offered(url))
    (pending,) = store.pending(NOW, limit=9)
    met = ended(url, Status.UNCHANGED, article_id=known.article_id, version_id=known.version_id)
    for row in (None, pending.id):
        store.sight(known, pending.candidate, met, row, known.validators, NOW)
    assert [one.id for one in store.pending(NOW, limit=9)] == [pending.id], "it is taken anew"
