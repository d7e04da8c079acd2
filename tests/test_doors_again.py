"""Judging again at the door: stopped and killed, it goes on; what it prints; what `show` tells of it."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest
from databases import raw
from product import Product
from stories import invented

WORDS = {"relation", "coverage", "other_coverage", "similarity", "aligned", "why", "matcher"}


@pytest.fixture
def filled(tmp_path: Path) -> Product:
    """Forty stories in three outlets, every verdict as an older matcher might have given it."""
    product = Product(tmp_path)
    given = [
        {"url": f"http://paper{outlet}.example/{number}", "title": invented(number).title, "text": invented(number).text}
        for outlet in range(3)
        for number in range(40)
    ]
    lines = tmp_path / "given.jsonl"
    lines.write_text("\n".join(map(json.dumps, given)), encoding="utf-8")
    product("ingest", lines)
    with raw(product.url) as conn:
        conn.exec_driver_sql("UPDATE relation SET relation = 'derived', matcher = 'cascade/0' WHERE relation = 'identical'")
    return product


@pytest.mark.long
def test_rematch_says_what_changed_and_show_tells_what_was_said_before(filled: Product) -> None:
    done = filled("rematch", "--json")
    assert done.rows
    assert {frozenset(row) for row in done.rows} == {frozenset(("article", "url", "other", "other_url", "seed", "was", "now"))}
    one = done.rows[0]
    assert (set(one["was"]), set(one["now"])) == (WORDS, WORDS)
    assert (one["was"]["matcher"], one["was"]["relation"], one["now"]["relation"]) == ("cascade/0", "derived", "identical")
    assert "120 texts judged again, 120 verdicts changed" in done.err
    shown = filled("show", one["url"]).out
    assert "said before" in shown
    assert "cascade/0" in shown
    told = filled("show", one["url"], "--json").rows[0]["former"]
    assert {row["relation"] for row in told} == {"derived"}
    assert filled("rematch").out == "120 texts judged again, 0 verdicts changed\n"
    assert filled("rematch", "--seed", "nobody", expect=2).out == ""


def test_without_a_database_there_is_nothing_to_judge(tmp_path: Path) -> None:
    product = Product(tmp_path)
    assert "there is no database yet" in product("rematch", expect=3).err
    assert not product.database.exists()


@pytest.mark.long
@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_stopped_or_killed_it_goes_on(filled: Product, how: signal.Signals, code: int) -> None:
    with subprocess.Popen(filled.command("rematch", "--json"), stdout=subprocess.PIPE, text=True, env=filled.environment) as running:
        assert running.stdout is not None
        assert running.stdout.readline()
        running.send_signal(how)
        running.communicate()
    assert running.returncode == code
    filled("db", "check")
    with raw(filled.url) as conn:
        ((done,),) = conn.exec_driver_sql("SELECT done FROM task").all()
        ((before,),) = conn.exec_driver_sql("SELECT count(*) FROM former").all()
    assert 0 < done < 120
    again = filled("rematch", "--json")
    assert f"{done} of 120 texts are done" in again.err
    assert len(again.rows) == 120 - before
    assert {row["relation"] for row in filled.export("relations") if row["matcher"] == "cascade/0"} == set()
