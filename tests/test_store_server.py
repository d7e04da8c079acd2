"""What only PostgreSQL does to a store: no server, no rights, connections that go; long texts, long words."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from conftest import ON_SERVER
from databases import Server, name_of, raw, refusing
from storing import NOW, read, record, saved, words

from pipeline.errors import ItemError, StoreError
from pipeline.model import Status
from pipeline.store import Store
from pipeline.store import read as door
from pipeline.store.read import Filters

A, B = "https://one.example/a", "https://two.example/b"
HERE = Path(__file__).parent
pytestmark = ON_SERVER


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = Store.open(store_url)
    yield opened
    opened.close()


# ── addresses ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "PostgreSQL"])
def test_every_way_to_write_the_address_is_understood(store_url: str, scheme: str, database: str) -> None:
    store = Store.open(f"{scheme}://{store_url.partition('://')[2]}")
    assert (store.kind, saved(store, read(A, words(1))).status) == ("postgresql", Status.NEW)
    store.close()


# ── what cannot be used ───────────────────────────────────────────────────────────────────────────


def refused(url: str, **opening: bool) -> str:
    with pytest.raises(StoreError) as caught:
        Store.open(url, **opening)
    return str(caught.value)


def test_what_is_missing_is_named_with_what_to_do(server: Server, tmp_path: Path, database: str) -> None:
    assert "createdb" in refused(server.url("nowhere"))
    assert "nowhere" in refused(server.url("nowhere"))
    assert "createuser" in refused(server.url("postgres", user="nobody"))
    assert "is it running" in refused("postgresql://ann@127.0.0.1:1/news")
    assert "is it running" in refused(f"postgresql://ann@/news?host={tmp_path}")
    assert "no server was found" in refused("postgresql://ann@nowhere.invalid/news")
    assert "names no database" in refused("postgresql://ann@127.0.0.1/")
    assert "cannot be read" in refused("postgresql://ann@127.0.0.1:port/news")
    assert "mysql://ann@127.0.0.1/news: no such kind" in refused("mysql://ann@127.0.0.1/news")


def test_a_wrong_password_is_said_to_be(server: Server, store_url: str) -> None:
    server.run("CREATE ROLE guarded LOGIN PASSWORD 'right'")
    rules = Path(server.run("SHOW hba_file")[0][0])
    before = rules.read_text()
    try:
        rules.write_text(f"local all guarded scram-sha-256\n{before}")
        server.run("SELECT pg_reload_conf()")
        url = server.url(name_of(store_url), user="guarded")
        assert "asks for a password" in refused(url)
        told = refused(url.replace("guarded@", "guarded:wrong@"))
        assert "password of guarded is wrong" in told
        assert ":wrong" not in told
    finally:
        rules.write_text(before)
        server.run("SELECT pg_reload_conf()")
        server.run("DROP ROLE guarded")


def test_who_has_no_rights_is_told_which_to_ask_for(server: Server, store_url: str) -> None:
    empty = server.made()
    server.run("CREATE ROLE guest LOGIN")
    try:
        assert "GRANT ALL ON SCHEMA public TO guest" in refused(server.url(name_of(empty), user="guest"))
        told = refused(server.url(name_of(store_url), user="guest"), write=False)
        assert "GRANT ALL ON ALL TABLES IN SCHEMA public TO guest" in told
    finally:
        server.run("DROP ROLE guest")
        server.drop(empty)


@pytest.mark.parametrize("write", [True, False])
def test_somebody_elses_tables_are_left_alone(server: Server, write: bool, database: str) -> None:
    url = server.made()
    server.run("CREATE TABLE photo (id int)", name_of(url))
    assert "something else" in refused(url, write=write)
    assert server.run("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", name_of(url)) == [(1,)]
    server.drop(url)


def test_an_empty_database_gets_its_tables_from_a_writer_only(server: Server, database: str) -> None:
    url = server.made()
    assert "is empty" in refused(url, write=False)
    Store.open(url, create=False).close()
    Store.open(url, write=False).close()
    server.drop(url)


def test_a_database_in_another_encoding_is_refused(server: Server, database: str) -> None:
    server.run("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'")
    assert "LATIN1" in refused(server.url("latin"))
    server.drop(server.url("latin"))


def test_reading_writes_nothing(store: Store, store_url: str) -> None:
    saved(store, read(A, words(1)))
    reader = Store.open(store_url, write=False)
    assert len(door.latest(reader, Filters())) == 1
    with pytest.raises(StoreError, match="read-only"):
        saved(reader, read(B, words(2)))
    saved(store, read(B, words(2)))
    assert len(door.latest(reader, Filters())) == 2  # it sees what is committed meanwhile
    reader.close()


@pytest.mark.parametrize(
    ("state", "told"), [("53100", "disk is full"), ("57014", "cancelled"), ("40001", "run again"), ("XX001", "damaged")]
)
def test_trouble_of_the_server_is_said_in_words(store: Store, store_url: str, state: str, told: str) -> None:
    with refusing(store_url, "version", state=state), pytest.raises(StoreError, match=told):
        saved(store, read(A, words(1)))
    assert saved(store, read(A, words(1))).status is Status.NEW


# ── connections that go ───────────────────────────────────────────────────────────────────────────


def test_a_server_that_was_restarted_costs_nothing(server: Server, store: Store) -> None:
    saved(store, read(A, words(1)))
    with store.reading() as conn:
        conn.execute(sa.text("SELECT 1"))
    server.restart()
    assert len(door.latest(store, Filters())) == 1
    assert saved(store, read(B, words(2))).status is Status.NEW


def test_a_connection_lost_in_the_middle_leaves_nothing(server: Server, store: Store) -> None:
    def loses_it() -> None:
        with store.writing() as conn:
            conn.execute(sa.text("INSERT INTO outlet (domain, articles, updated_at) VALUES ('x', 1, now())"))
            pid = conn.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
            server.run(f"SELECT pg_terminate_backend({pid}, 10000)")
            conn.execute(sa.text("SELECT 1"))

    with pytest.raises(StoreError, match=r"lost in the middle; nothing was half-written"):
        loses_it()
    assert store.outlet("x") is None
    assert saved(store, read(A, words(1))).status is Status.NEW


def test_who_waits_for_a_writer_takes_its_turn(store: Store, store_url: str) -> None:
    code = f"""
import sys
sys.path[:0] = [{str(HERE)!r}, {str(HERE.parent)!r}]
from storing import read, saved, words
from pipeline.store import Store
store = Store.open({store_url!r})
print("trying", flush=True)
print(saved(store, read({A!r}, words(1))).status)
store.close()
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as runner:
        assert runner.stdout is not None
        with store.writing(), raw(store_url) as watching:
            assert runner.stdout.readline() == "trying\n"
            assert door.latest(store, Filters()) == ()  # readers wait for nobody
            asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory' AND application_name = 'wirewatch'"
            waiting = (watching.exec_driver_sql(asked).scalar_one() or threading.Event().wait(0.05) for _ in range(400))
            assert any(waiting)
        assert runner.stdout.read() == "new\n"


@pytest.mark.long
def test_a_writer_that_holds_it_too_long_is_named(store: Store, store_url: str) -> None:
    other = Store.open(store_url)
    with store.writing(), pytest.raises(StoreError, match="another process has held the database for 30 s"):
        saved(other, read(A, words(1)), snapshot=0)
    other.close()


# ── values ────────────────────────────────────────────────────────────────────────────────────────


def test_a_value_that_fits_no_index_costs_one_item(store: Store) -> None:
    chance = random.Random(1)
    long = "https://one.example/" + "".join(chance.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(7_000))
    with pytest.raises(ItemError, match="cannot hold") as caught:
        store.save(record(store, read(long, words(1)), keys=("short",)))
    assert caught.value.reason == "unstorable"
    assert saved(store, read(A, words(1))).status is Status.NEW


def test_a_phrase_is_found_at_the_end_of_a_long_text(store: Store) -> None:
    saved(store, read(A, "the mayor said " * 8_000 + "and nobody believed the lighthouse keeper"))
    assert [row.url for row in door.search(store, '"the lighthouse keeper"', Filters())] == [A]
    assert door.search(store, '"keeper the lighthouse"', Filters()) == ()
    assert door.search(store, 'mayor -"lighthouse keeper"', Filters()) == ()


def test_texts_of_too_many_or_too_long_words_are_kept(store: Store) -> None:
    many = " ".join(f"word{number:07}" for number in range(150_000))
    saved(store, read(A, f"beginning {many}"))
    saved(store, read(B, f"{'x' * 5_000} {'北' * 5_000}"))
    assert [row.url for row in door.search(store, "beginning word0000005", Filters())] == [A]
    assert [row.url for row in door.search(store, "x" * 5_000, Filters())] == [B]
    assert [row.url for row in door.search(store, "北北北", Filters())] == [B]


def test_the_database_has_a_size(store: Store) -> None:
    assert door.status(store, NOW).size > 1_000_000
