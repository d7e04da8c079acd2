"""Between two articles: SQLite's log is brought into its file there, and not by some article's transaction."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from conftest import ON_FILE
from databases import contents
from storing import NOW, offered, read, saved, words

from pipeline.app import Calls
from pipeline.errors import StoreError
from pipeline.model import SourceState, Suspects
from pipeline.store import Store, sqlite
from pipeline.store import read as door
from pipeline.store.engine import path_of
from pipeline.store.read import Filters

MANY = int(sqlite.LOG_PAGES / sqlite.PAGES_A_ROW) + 10


def begun(store: Store) -> int:
    """How often the log was begun anew: the checkpoint's number in its head (sqlite.org/fileformat2.html §4.1)."""
    path = path_of(store.url)
    assert path is not None
    return int.from_bytes(Path(f"{path}-wal").read_bytes()[12:16], "big")


def write_much(store: Store) -> None:
    """What makes a rest due."""
    here = begun(store)
    offer(store, [f"https://one.example/{here}/{number}" for number in range(MANY)])


def offer(store: Store, urls: Sequence[str]) -> None:
    store.record_poll("feed", SourceState(), [], NOW, old=[(offered(url), (url,)) for url in urls])


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    store = Store.open(store_url)
    yield store
    store.close()


@pytest.fixture
def busy(store: Store) -> Store:
    saved(store, read("https://one.example/first", words(1)))
    store.rest()
    return store


@ON_FILE
def test_a_rest_brings_the_log_into_the_file_once_it_has_grown(busy: Store) -> None:
    before = begun(busy)
    saved(busy, read("https://one.example/second", words(1)))
    busy.rest()
    saved(busy, read("https://one.example/third", words(1)))
    assert begun(busy) == before, "it has not grown"
    write_much(busy)
    busy.rest()
    saved(busy, read("https://one.example/fourth", words(1)))
    assert begun(busy) == before + 1


@ON_FILE
def test_who_reads_an_older_state_puts_it_off(busy: Store) -> None:
    before = begun(busy)
    path = path_of(busy.url)
    assert path is not None
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        seen = other.execute("SELECT count(*) FROM offer").fetchone()
        write_much(busy)
        busy.rest()
        saved(busy, read("https://one.example/second", words(1)))
        assert begun(busy) == before
        assert other.execute("SELECT count(*) FROM offer").fetchone() == seen
        other.execute("COMMIT")
    busy.rest()  # though little was written since
    saved(busy, read("https://one.example/third", words(1)))
    assert begun(busy) == before + 1


@ON_FILE
def test_who_writes_meanwhile_is_not_waited_for(busy: Store) -> None:
    write_much(busy)
    before = begun(busy)
    path = path_of(busy.url)
    assert path is not None
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        busy.rest()
        other.execute("ROLLBACK")
    busy.rest()
    saved(busy, read("https://one.example/second", words(1)))
    assert begun(busy) == before + 1
    with busy.writing() as conn:
        assert conn.exec_driver_sql("PRAGMA busy_timeout").scalar() == sqlite.BUSY_SECONDS * 1000


@ON_FILE
def test_who_reads_for_long_keeps_no_other_from_writing(busy: Store) -> None:
    """However long the log: a checkpoint that waits for a reader holds the lock of who writes."""
    path = path_of(busy.url)
    assert path is not None
    offer(busy, [f"https://one.example/{one}" + "x" * 3000 for one in range(4000)])
    rests, written, refused = list[object](), 0, 0
    with closing(sqlite3.connect(path, isolation_level=None)) as reader, closing(sqlite3.connect(path, isolation_level=None)) as other:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM offer").fetchone()
        for number in range(8):
            offer(busy, [f"https://one.example/{number}/{one}" + "x" * 3000 for one in range(800)])
        other.execute("PRAGMA busy_timeout=0")
        for _ in range(40):
            resting = threading.Thread(target=lambda: rests.append(busy.rest()))
            resting.start()
            while resting.is_alive():
                try:
                    other.execute("BEGIN IMMEDIATE")
                    other.execute("ROLLBACK")
                    written += 1
                except sqlite3.OperationalError:  # for a moment: it asks for the lock and gives it back
                    refused += 1
            resting.join()
        reader.execute("COMMIT")
    assert len(rests) == 40
    assert written > refused


@ON_FILE
def test_who_takes_no_rest_has_a_bounded_log_too(busy: Store) -> None:
    path = path_of(busy.url)
    assert path is not None
    for number in range(12):
        offer(busy, [f"https://one.example/{number}/{one}" + "x" * 3000 for one in range(1500)])
    assert Path(f"{path}-wal").stat().st_size < 64 * 2**20


def pieces(store: Store) -> int:
    """Of how many the full-text index is made."""
    with store.reading() as conn:
        return int(conn.exec_driver_sql("SELECT count(DISTINCT segid) FROM fulltext_idx").scalar() or 0)


@ON_FILE
def test_the_full_text_index_is_merged_at_a_rest_and_by_no_article(busy: Store) -> None:
    before = pieces(busy)
    for number in range(12):
        saved(busy, read(f"https://one.example/{number}", f"{words(number, 3000)} rest{number}"))
    assert pieces(busy) == before + 12
    write_much(busy)
    path = path_of(busy.url)
    assert path is not None
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        busy.rest()
        assert pieces(busy) == before + 12, "who writes is not waited for"
    offer(busy, [f"https://two.example/{number}" for number in range(sqlite.MERGE_ROWS)])
    busy.rest()
    assert pieces(busy) < before + 12
    with busy.writing() as conn:
        conn.exec_driver_sql("INSERT INTO fulltext(fulltext) VALUES ('integrity-check')")
    found = [door.search(busy, f"rest{number}", Filters()) for number in range(12)]
    assert [[row.url for row in rows] for rows in found] == [[f"https://one.example/{number}"] for number in range(12)]


@ON_FILE
def test_a_lookup_does_not_wait_for_who_writes_and_leaves_the_writer_as_it_was(busy: Store) -> None:
    found = list[Suspects]()
    text = read("https://one.example/again", words(1)).fingerprint
    looking = threading.Thread(target=lambda: found.append(busy.suspects(text)))
    with busy.writing():
        looking.start()
        looking.join(10)
        assert len(found) == 1
    assert busy.suspects(text) == found[0]
    with busy.reading_at_hand() as conn, pytest.raises(StoreError):
        list(map(_fail, [conn]))
    saved(busy, read("https://one.example/second", words(2)))
    assert len(busy.suspects(read("https://one.example/third", words(2)).fingerprint).worth) == 1


def _fail(_conn: object) -> None:
    raise StoreError("it goes wrong")


def test_what_is_stored_stays_as_it_is(store: Store, store_url: str) -> None:
    saved(store, read("https://one.example/first", words(1)))
    before = contents(store_url)
    store.rest()
    assert contents(store_url) == before


def test_a_rest_comes_after_the_answer_and_after_those_that_wait() -> None:
    done, go = list[str](), threading.Event()

    def slow() -> None:
        go.wait(10)
        done.append("first")

    async def both() -> None:
        first = asyncio.create_task(run(slow))
        second = asyncio.create_task(run(done.append, "second"))
        await asyncio.sleep(0)
        go.set()
        await asyncio.gather(first, second)

    with ThreadPoolExecutor(1) as one:
        run = Calls().on(one, lambda: done.append("rest"))
        asyncio.run(both())
    assert done == ["first", "second", "rest", "rest"]


async def _answer(run: Callable[..., Awaitable[int]], said: str) -> int:
    return await run(len, said)


def test_what_fails_in_a_rest_is_heard(caplog: pytest.LogCaptureFixture) -> None:
    def fails() -> None:
        raise LookupError("lost")

    with ThreadPoolExecutor(1) as one:
        assert asyncio.run(_answer(Calls().on(one, fails), "four")) == 4
    assert "lost" in caplog.text
    assert "Traceback" in caplog.text


def test_no_rest_is_taken_when_the_threads_have_ended() -> None:
    one, go = ThreadPoolExecutor(1), threading.Event()

    async def late() -> bool:
        answer = asyncio.create_task(Calls().on(one, lambda: None)(go.wait, 10))
        await asyncio.sleep(0)
        one.shutdown(wait=False)
        go.set()
        return await answer

    assert asyncio.run(late())
