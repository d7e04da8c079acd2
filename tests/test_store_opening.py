"""What the store says when a database cannot be used, and what can still be read."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from conftest import ON_FILE
from databases import raw
from storing import read, saved, words

from pipeline.errors import StoreError
from pipeline.model import Status
from pipeline.store import Store
from pipeline.store import read as door
from pipeline.store.read import Filters

A, B = "https://one.example/a", "https://two.example/b"
HERE = Path(__file__).parent


@pytest.fixture
def anybody() -> Iterator[Path]:
    """A folder that a process without privileges can reach, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


# ── what cannot be used ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("write", [True, False])
def test_a_file_that_is_no_database_is_named(tmp_path: Path, write: bool) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are notes, " * 100)
    with pytest.raises(StoreError, match=r"notes\.txt: this file is not a database"):
        Store.open(str(path), write=write)
    assert path.read_text() == "these are notes, " * 100


@pytest.mark.parametrize("write", [True, False])
def test_somebody_elses_database_is_left_alone(tmp_path: Path, write: bool) -> None:
    path = tmp_path / "photos.db"
    file = sqlite3.connect(path)
    file.execute("CREATE TABLE photo (id)")
    file.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="something else"):
        Store.open(str(path), write=write)
    assert path.read_bytes() == before


@pytest.mark.parametrize("write", [True, False])
def test_a_newer_schema_is_refused(store_url: str, write: bool) -> None:
    with raw(store_url) as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match=r"newer wirewatch \(schema 9999.*upgrade"):
        Store.open(store_url, write=write)


def test_a_folder_or_nothing_or_a_file_in_the_way(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder"):
        Store.open(str(tmp_path))
    for writes in ({"create": False}, {"write": False}):
        with pytest.raises(StoreError, match="no database yet"):
            Store.open(str(tmp_path / "none.db"), **writes)
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "file").write_text("x")
    for inside in ("file/news.db", "file/deeper/news.db"):
        with pytest.raises(StoreError, match=r"not a folder|cannot be made"):
            Store.open(str(tmp_path / inside))
    for url in ("sqlite://", "sqlite:///", "sqlite:relative.db://", "mysql://x/y"):
        with pytest.raises(StoreError):
            Store.open(url)


def test_an_empty_file_is_a_new_database_but_not_to_a_reader(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    with pytest.raises(StoreError, match="is empty"):
        Store.open(str(path), write=False)
    Store.open(str(path)).close()
    Store.open(str(path), write=False).close()


def test_odd_names_of_files(tmp_path: Path) -> None:
    path = tmp_path / "news? 50% #1 ü.db"
    Store.open(f"sqlite:///{path}").close()
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_reading_writes_nothing(store_url: str) -> None:
    store = Store.open(store_url)
    saved(store, read(A, words(1)))
    reader = Store.open(store_url, write=False)
    assert len(door.latest(reader, Filters())) == 1
    with pytest.raises(StoreError, match="read-only"):
        saved(reader, read(B, words(2)))
    saved(store, read(B, words(2)))
    assert len(door.latest(reader, Filters())) == 2  # it sees what is committed meanwhile
    reader.close()
    store.close()


def test_what_may_not_be_written_can_still_be_read(anybody: Path) -> None:
    path = anybody / "news.db"
    store = Store.open(str(path))
    saved(store, read(A, words(1)))
    store.close()
    path.chmod(0o444)
    anybody.chmod(0o555)
    code = f"""
import os, sys
sys.path[:0] = [{str(HERE)!r}, {str(HERE.parent)!r}]
from storing import read, saved, words
from pipeline.errors import StoreError
from pipeline.store import Store
from pipeline.store import read as door
import pipeline.store.migrations
if os.getuid() == 0:
    os.setuid(65534)
store = Store.open({str(path)!r}, write=False)
print(len(door.latest(store, door.Filters())))
store.close()
for url in ({str(path)!r}, {str(anybody / "new.db")!r}):
    try:
        saved(Store.open(url), read("https://two.example/b", words(2)))
    except StoreError as error:
        print(error)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    anybody.chmod(0o755)
    lines = run.stdout.splitlines()
    assert lines[:1] == ["1"], run.stderr
    assert "read-only" in lines[1]
    assert "cannot be opened" in lines[2]


@ON_FILE
def test_a_database_in_use_can_be_read_and_waits_for_its_turn(store_url: str) -> None:
    store = Store.open(store_url)
    holder = sqlite3.connect(file_of(store_url), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert door.latest(store, Filters()) == ()
    code = f"""
import sys
sys.path[:0] = [{str(HERE)!r}, {str(HERE.parent)!r}]
from storing import read, saved, words
from pipeline.store import Store
store = Store.open({store_url!r})
print("trying", flush=True)
print(saved(store, read({A!r}, words(1))).status)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as runner:
        assert runner.stdout is not None
        assert runner.stdout.readline() == "trying\n"
        holder.execute("COMMIT")
        assert runner.stdout.read() == "new\n"
    holder.close()
    store.close()


@ON_FILE
@pytest.mark.long
def test_a_database_held_too_long_is_said_to_be(store_url: str) -> None:
    store = Store.open(store_url)
    holder = sqlite3.connect(file_of(store_url), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="another process"):
        saved(store, read(A, words(1)))
    holder.close()
    assert saved(store, read(A, words(1))).status is Status.NEW
    store.close()


@ON_FILE
def test_a_damaged_database_is_said_to_be(store_url: str) -> None:
    store = Store.open(store_url)
    for number in range(20):
        saved(store, read(f"{A}{number}", words(number)), snapshot=0)
    store.close()
    path = file_of(store_url)
    with path.open("r+b") as file:
        for page in range(2, path.stat().st_size // 4096):
            file.seek(page * 4096)
            file.write(os.urandom(64))
    with pytest.raises(StoreError, match=r"damaged|not a database"):
        list(door.export(Store.open(store_url, write=False), "articles"))


# ── its connections ───────────────────────────────────────────────────────────────────────────────


def test_who_writes_has_a_connection_and_a_cache_of_its_own(tmp_path: Path) -> None:
    store = Store.open(str(tmp_path / "news.db"))
    cached, writers = sa.text("PRAGMA cache_size"), set()
    with store.reading() as one, store.reading() as other:
        assert {conn.execute(cached).scalar() for conn in (one, other)} == {-2000}
    for _ in range(3):
        with store.writing() as conn:
            assert conn.execute(cached).scalar() == -16384
            writers.add(conn.connection.driver_connection)
    assert len(writers) == 1
    store.close()
    for writer in writers:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            writer.execute("SELECT 1")
    assert [file.name for file in tmp_path.iterdir()] == ["news.db"]  # the last connection to close takes the log with it
