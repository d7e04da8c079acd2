"""Is a database sound, a backup of it while others write, a copy of it in another kind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from conftest import BOTH, ON_FILE, ON_SERVER, made
from databases import contents, raw
from storing import MINUTE, NOW, offered, poll, read, response, saved, words

from pipeline.errors import InputError, StoreError
from pipeline.model import Instant, Match, Relation, RobotsMemory, Runner, Seed, Source, Status
from pipeline.store import Store, engine, schema, sentences, tasks
from pipeline.store import read as door
from pipeline.store.check import check, reindex, tables
from pipeline.store.copy import backup, copy
from pipeline.store.read import Filters

A, B = "https://one.example/a", "https://two.example/b"
HERE = Path(__file__).parent
PAIRS = [(one, other) for one in BOTH for other in BOTH]


def quietly(what: str, done: int, total: int) -> None:
    assert what
    assert 0 <= done <= total


def fill(url: str) -> None:
    """Something in every table."""
    store = Store.open(url)
    seeded = read(A, words(1))
    seed = store.plant(Seed(name="story", title="The seed", text=words(1), url=A, note="é"), seeded, seeded.fingerprint.shingles, NOW).id
    store.watch([Source(name="feed", kind="feed", url="https://one.example/feed")], NOW)
    poll(store, offered(A, title="北约"), offered(B), offered(B + "later", published=Instant.day(2026, 2, 1)))
    first, second, _ = store.pending(NOW, limit=9)
    page = response(A, body=bytes(range(256)) * 20, headers=(("x", "ÿ"),))
    told = (Match(other=seed, relation=Relation.COPY, coverage=0.123456789, why='"why"', figures_changed=(("1", "2"),)),)
    saved(store, read(A, words(1), title="北约峰会", tags=("t",)), pending=first.id, response=page, raw_until=NOW + MINUTE, matches=told)
    saved(store, read(B, words(1) + " more\nlines"), pending=second.id, copies=True)
    saved(store, read(B, words(1) + " more\0\nlines \ud800"))
    with store.writing() as conn:
        conn.execute(sa.insert(schema.part), {"source_id": 1, "url": "https://one.example/part", "failures": 0})
        sentences.count(conn, "one.example", (-(2**63), 2**63 - 1), NOW)
        tasks.begin(conn, "rematch", {"since": "30d", "seed": None}, bounds={"upto": 4}, total=4, now=NOW)
        given = {name: value for name, value in (conn.execute(sa.select(schema.relation)).mappings().first() or {}).items() if name != "id"}
        conn.execute(sa.insert(schema.topic), {"hash": -(2**63), "version_id": seed})
        conn.execute(sa.insert(schema.vocabulary), {"articles": 2, "counts": b"\0", "made_at": NOW})
        conn.execute(sa.insert(schema.former), {**given, "replaced_at": NOW})
        told = {"rule": "é", "target": "log", "event": "match:story:2", "kind": "match", "article_id": 2, "facts": {"a": ["ü"]}}
        conn.execute(sa.insert(schema.alert), told | {"made_at": NOW, "due_at": NOW, "attempts": 0})
    store.keep_hosts([RobotsMemory(origin="https://one.example", at=NOW, again_at=NOW + MINUTE, text=b"\0\xff")])
    store.hold(Runner(name="daemon", holder="x", place="here:1", since=NOW, until=NOW + MINUTE))
    store.close()


@pytest.fixture
def filled(store_url: str) -> str:
    fill(store_url)
    return store_url


def rows(url: str) -> dict[str, list[tuple[object, ...]]]:
    """What is stored, as the program reads it."""
    opened = engine.connect(url, create=False, write=False)
    try:
        with opened.connect() as conn:
            return {table.name: sorted(map(tuple, conn.execute(sa.select(table))), key=repr) for table in tables()}
    finally:
        opened.dispose()


# ── check ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_sound_database_is_said_to_be_and_nothing_is_written(filled: str) -> None:
    before = contents(filled)
    found = check(filled, quietly)
    assert (found.sound, found.problems, found.schema) == (True, (), schema.HEAD)
    assert min(count for _, count in found.counts) > 0
    assert dict(found.counts)["version"] == 4
    assert found.size > 0
    assert contents(filled) == before


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("UPDATE article SET latest_id = 99 WHERE id = 2", "1 rows of article name a version"),
        ("UPDATE article SET latest_id = NULL WHERE id = 2", "1 articles have no version"),
        ("UPDATE outbox SET article_id = 1", "3 events are about a version of another article"),
        ("INSERT INTO body (digest, text) VALUES ('x', 'of nobody')", "1 texts belong to no version"),
        ("DELETE FROM fulltext WHERE version_id = 2", "1 versions are not in the full-text index; run `wirewatch db check --reindex`"),
        ("INSERT INTO fingerprint (hash, part, version_id) VALUES (5, 202603, 77)", "1 rows of fingerprint name a version"),
    ],
)  # fmt: skip
def test_what_is_not_sound_is_named(filled: str, damage: str, told: str, database: str) -> None:
    if database == "sqlite" and "fulltext" in damage:
        damage = "INSERT INTO fulltext(fulltext) VALUES ('delete-all')"
        told = told.replace("1 versions", "4 versions")
    with raw(filled) as conn:
        conn.exec_driver_sql(damage)
    found = check(filled, quietly)
    assert not found.sound
    assert any(told in problem for problem in found.problems), found.problems
    if "fulltext" in damage:
        assert reindex(filled, quietly) == 4
        assert check(filled, quietly).sound


@ON_SERVER
def test_a_counter_that_is_behind_is_named_with_the_cure(filled: str) -> None:
    with raw(filled) as conn:
        conn.exec_driver_sql("SELECT setval('article_id_seq', 1)")
    (problem,) = check(filled, quietly).problems
    assert "counter of article" in problem
    with raw(filled) as conn:
        conn.exec_driver_sql(problem.partition("run: ")[2])
    assert check(filled, quietly).sound


@ON_FILE
def test_a_damaged_file_is_named(filled: str) -> None:
    path = engine.path_of(filled)
    assert path is not None
    with path.open("r+b") as file:
        for page in range(20, path.stat().st_size // 4096, 3):
            file.seek(page * 4096)
            file.write(os.urandom(64))
    try:
        told = " ".join(check(filled, quietly).problems)
    except StoreError as error:
        told = str(error)
    assert "damaged" in told


def test_an_older_or_newer_schema_is_a_problem_with_a_cure(filled: str) -> None:
    for revision, told in (("0001", "db upgrade"), ("9999", "upgrade wirewatch")):
        with raw(filled) as conn:
            conn.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")
        (problem,) = check(filled, quietly).problems
        assert told in problem


# ── backup ────────────────────────────────────────────────────────────────────────────────────────

_WRITER = """
import sys
sys.path[:0] = [{here!r}, {root!r}]
from storing import read, saved, words
from pipeline.store import Store
store = Store.open({url!r})
for number in range(10**6):
    saved(store, read(f"https://busy.example/{{number}}", words(number)))
    print(number, flush=True)
"""


@ON_FILE
def test_a_backup_is_whole_while_others_write(filled: str, tmp_path: Path) -> None:
    file = tmp_path / "saved.db"
    code = _WRITER.format(here=str(HERE), root=str(HERE.parent), url=filled)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for _ in range(20):
            writer.stdout.readline()
        size = backup(filled, file, quietly)
        writer.kill()
        written = 20 + sum(1 for _ in writer.stdout)
    assert size == file.stat().st_size
    found = check(str(file), quietly)
    assert found.sound
    assert 20 <= dict(found.counts)["article"] - 3 <= written + 1
    store = Store.open(str(file))
    assert saved(store, read("https://three.example/", words(999))).status is Status.NEW
    store.close()
    assert [path.name for path in tmp_path.iterdir() if "saved" in path.name] == ["saved.db"]


@ON_FILE
def test_a_backup_replaces_nothing(filled: str, tmp_path: Path) -> None:
    file = tmp_path / "precious"
    file.write_text("mine")
    with pytest.raises(InputError, match="precious: there is such a file"):
        backup(filled, file, quietly)
    assert file.read_text() == "mine"
    with pytest.raises(InputError, match="cannot be written"):
        backup(filled, tmp_path / "none" / "x.db", quietly)
    with pytest.raises(StoreError, match="no database yet"):
        backup(str(tmp_path / "nothing.db"), tmp_path / "x.db", quietly)


@ON_SERVER
def test_a_backup_of_a_server_is_its_own_tools(filled: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"pg_dump --format=custom --file=\S+ postgresql://ann@h/n "):
        backup("postgresql+psycopg://ann:secret@h/n", tmp_path / "x", quietly)


# ── copy ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def pair(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """A filled database of one kind, and the address of an empty one."""
    one, other = request.param
    (tmp_path / "to").mkdir()
    with made(one, tmp_path, request) as url, made(other, tmp_path / "to", request, tables=False) as to:
        fill(url)
        yield url, to


@pytest.mark.parametrize("pair", PAIRS, indirect=True, ids="-".join)
def test_a_copy_holds_the_same_and_goes_on(pair: tuple[str, str]) -> None:
    url, to = pair
    with raw(url) as conn:  # the youngest article was taken away: its number is not given again
        conn.exec_driver_sql("INSERT INTO article (id, url, active, first_seen, last_seen) SELECT 70, 'x', active, first_seen, last_seen "
                             "FROM article WHERE id = 1")  # fmt: skip
        if url.startswith("postgresql"):
            conn.exec_driver_sql("SELECT setval('article_id_seq', 70)")
        conn.exec_driver_sql("DELETE FROM article WHERE id = 70")
    copied = copy(url, to, quietly)
    assert rows(to) == rows(url)
    assert dict(copied.counts) == {name: len(found) for name, found in rows(url).items()}
    assert check(to, quietly).sound
    stores = [Store.open(one) for one in pair]
    for query in ("北约", words(1).split()[7], '"more lines"'):
        answers = [[row.url for row in door.search(store, query, Filters())] for store in stores]
        assert answers[0] == answers[1] != []
    exported = [list(door.export(store, "relations")) for store in stores]
    assert exported[0] == exported[1] != []
    outcomes = [saved(store, read("https://three.example/", words(1) + " again"), copies=True) for store in stores]
    assert outcomes[0] == outcomes[1]
    assert outcomes[0].article_id == 71
    for store in stores:
        store.close()


@pytest.mark.parametrize("pair", [("sqlite", "postgresql"), ("postgresql", "sqlite")], indirect=True, ids="-".join)
def test_a_database_with_rows_is_not_copied_into(pair: tuple[str, str]) -> None:
    url, to = pair
    fill(to)
    before = contents(to)
    with pytest.raises(StoreError, match="into an empty one only"):
        copy(url, to, quietly)
    assert contents(to) == before


@pytest.mark.long
@pytest.mark.parametrize("pair", [("sqlite", "postgresql"), ("sqlite", "sqlite")], indirect=True, ids="-".join)
@pytest.mark.parametrize("at", ["version", "fingerprint", "indexing", "comparing"])
def test_a_killed_copy_leaves_nothing_and_can_be_made_again(pair: tuple[str, str], at: str) -> None:
    url, to = pair
    code = f"""
import os, signal, sys
sys.path.insert(0, {str(HERE.parent)!r})
from pipeline.store.copy import copy
def tell(what, done, total):
    if what == {at!r}:
        os.kill(os.getpid(), signal.SIGKILL)
copy({url!r}, {to!r}, tell)
"""
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == -signal.SIGKILL
    assert sum(map(len, rows(to).values())) == 0
    assert copy(url, to, quietly).rows == sum(map(len, rows(url).values()))


def test_nothing_is_copied_from_nowhere_or_onto_itself(filled: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no database yet"):
        copy(str(tmp_path / "none.db"), filled, quietly)
    with pytest.raises(StoreError, match="into an empty one only"):
        copy(filled, filled, quietly)
