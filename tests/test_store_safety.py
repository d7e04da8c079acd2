"""What a database must survive, and what it says when it cannot be used."""

from __future__ import annotations

import random
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import BOTH, ON_FILE, made
from databases import contents, refusing
from storing import NOW, offered, poll, read, record, saved, words

from pipeline.errors import StoreError
from pipeline.model import Match, Relation, Seed, Status
from pipeline.store import Store
from pipeline.store import read as door

A, B = "https://one.example/a", "https://two.example/b"
HERE = Path(__file__).parent


# ── killed, failing, full ─────────────────────────────────────────────────────────────────────────

_RUN = """
import sys
sys.path[:0] = [{here!r}, {root!r}]
from storing import NOW, offered, poll, read, saved, words
from pipeline.store import Store, sqlite
sqlite.LOG_PAGES = 300
store = Store.open({url!r})
urls = [f"https://one.example/{{n}}" for n in range({size})]
for start in range(0, len(urls), 10):
    poll(store, *map(offered, urls[start:start + 10]))
print("polled", flush=True)
while batch := store.pending(NOW, limit=5):
    for row in batch:
        number = int(row.candidate.url.rsplit("/", 1)[1])
        saved(store, read(row.candidate.url, words(number // 2)), copies=True, pending=row.id)
        print(number, flush=True)
        store.rest()
store.close()
"""


def _killed(store_url: str, kills: int, size: int) -> None:
    """Runs the same ingest again and again, killed at random lines of what it says, then to its end."""
    chance = random.Random(kills)
    code = _RUN.format(here=str(HERE), root=str(HERE.parent), url=store_url, size=size)
    for turn in range(kills + 1):
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as runner:
            assert runner.stdout is not None
            left = chance.randint(0, max(1, size // kills)) if turn < kills else size * 2
            for _ in runner.stdout:
                if left == 0:
                    runner.kill()
                    break
                left -= 1
            runner.stdout.read()
    store = Store.open(store_url)
    told = door.status(store, NOW)
    assert (told.articles, told.versions, told.sightings, told.pending) == (size, size, size, 0)
    assert told.relations == size // 2
    rows = list(door.export(store, "outcomes"))
    assert len({row["url"] for row in rows}) == len(rows) == size
    assert sorted(row["status"] for row in rows) == ["duplicate"] * (size // 2) + ["new"] * (size // 2)
    store.close()


@pytest.mark.long
def test_killed_again_and_again_nothing_is_lost_or_doubled(store_url: str) -> None:
    _killed(store_url, kills=8, size=60)


@pytest.mark.long
def test_killed_sixty_times_nothing_is_lost_or_doubled(store_url: str) -> None:
    _killed(store_url, kills=60, size=600)


@pytest.mark.parametrize(
    "table", ["article", "alias", "version", "body", "fingerprint", "relation", "sighting", "outbox", "outcome", "offer"]
)
def test_a_write_that_fails_midway_leaves_nothing(store_url: str, table: str) -> None:
    store = Store.open(store_url)
    page = read(A, words(1))
    seed = store.plant(Seed(name="story", title="t", text=words(1)), page, page.fingerprint.shingles, NOW).id
    poll(store, offered(A))
    (row,) = store.pending(NOW, limit=1)
    other = read(B, words(2))
    ready = record(store, other, keys=(B, "more"), pending=row.id, matches=(Match(other=seed, relation=Relation.COPY),))
    before = contents(store_url)
    with refusing(store_url, table), pytest.raises(StoreError, match="nothing was half-written"):
        store.save(ready)
    assert contents(store_url) == before
    assert store.save(ready).status is Status.NEW  # type: ignore[union-attr]
    store.close()


def test_candidates_and_validators_commit_together(store_url: str) -> None:
    store = Store.open(store_url)
    store.state("feed")
    before = contents(store_url)
    with refusing(store_url, "pending", when="NEW.key LIKE '%two%'"), pytest.raises(StoreError):
        poll(store, offered(A), offered(B))
    assert contents(store_url) == before
    assert poll(store, offered(A), offered(B)) == 2
    store.close()


@ON_FILE
def test_a_full_disk_is_named_and_costs_nothing_committed(store_url: str) -> None:
    code = f"""
import resource, sys
sys.path[:0] = [{str(HERE)!r}, {str(HERE.parent)!r}]
from storing import read, saved, words
from pipeline.errors import StoreError
from pipeline.store import Store
store = Store.open({store_url!r})
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
kept = 0
try:
    while True:
        saved(store, read(f"https://one.example/{{kept}}", words(kept)), snapshot=0)
        kept += 1
except StoreError as error:
    print(kept, error)
"""
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120).stdout
    kept = int(out.split()[0])
    assert kept > 0
    assert "disk" in out
    store = Store.open(store_url)
    assert door.status(store, NOW).articles == kept
    assert saved(store, read(f"https://one.example/{kept}", words(kept))).status is Status.NEW
    store.close()


@pytest.mark.long
@pytest.mark.parametrize("kind", BOTH)
def test_many_processes_may_make_one_database(tmp_path: Path, kind: str, request: pytest.FixtureRequest) -> None:
    with made(kind, tmp_path / "new" / "folder", request, tables=False) as url:
        code = f"import sys; sys.path.insert(0, {str(HERE.parent)!r})\nfrom pipeline.store import Store\nStore.open({url!r}).close()"
        runs = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(4)]
        assert [run.wait(timeout=60) for run in runs] == [0, 0, 0, 0]
        store = Store.open(url)
        assert saved(store, read(A, words(1))).status is Status.NEW
        store.close()
