"""Being told, as a user meets it: rules and targets in sources.toml, the commands, and what comes of kills and of a hook that fails."""

from __future__ import annotations

import json
import random
import time
from collections import Counter

import pytest
from conftest import INSTALLED_ON_FILE, PAPER, PAPER_STORIES, WIRE, WIRE_STORIES, serve_news, watch_for
from loopback import Loopback
from product import Product
from receiver import Receiver

RULES = """
[[watch]]
name = "copies"
seed = "*"
to = "hook"

[[watch]]
name = "all"
event = "new"
to = ["hook", "file"]

[[target]]
name = "hook"
kind = "webhook"
url = "{url}"
secret = "${{HOOK_SECRET}}"
wait = "2s"

[[target]]
name = "file"
kind = "command"
command = ["sh", "-c", "cat >> {file}"]
"""


def listening(product: Product, url: str) -> None:
    """The newsroom's feeds, a seed, and rules about them."""
    product.sources([("paper", "feed", PAPER), ("wire", "feed", WIRE)])
    file = product.config / "sources.toml"
    rules = RULES.format(url=url, file=product.home / "told.jsonl")
    file.write_text(file.read_text(encoding="utf-8") + rules, encoding="utf-8")


def told(product: Product) -> list[dict[str, object]]:
    """What the command was given."""
    return [json.loads(line) for line in (product.home / "told.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.long
def test_one_shot_tells_and_leaves_what_fails_for_the_next_run(web: Loopback, product: Product) -> None:
    serve_news(web)
    watch_for(product)
    secret = {"HOOK_SECRET": "much secret"}
    with Receiver(failing=0) as hook:
        listening(product, "http://127.0.0.1:9/")
        done = product("ingest", environment=secret, expect=1)
        assert "alerts for hook were not delivered" in done.err
        assert len({str(one["name"]) for one in told(product)}) == len(told(product)) == len(PAPER_STORIES) + len(WIRE_STORIES)
        status = product("status").out
        assert "alerts for hook:" in status
        assert "connection refused" in status
        assert "much secret" not in done.said + status
        listening(product, hook.url)
        stories = len(PAPER_STORIES) + len(WIRE_STORIES)
        for _ in range(6):  # real processes have a real clock: a first run of more than five seconds has tried twice, and waits longer
            time.sleep(6)
            product("ingest", environment=secret)
            if sum(rule == "all" for rule, _ in hook.names()) >= stories:
                break
        assert set(hook.names().values()) == {1}
        assert sum(rule == "all" for rule, _ in hook.names()) == stories
        copies = [sent for sent in hook.taken.values() if sent["rule"] == "copies"]
        assert {sent["seed"] for sent in copies} == {"lighthouse"}
        assert {sent["url"] for sent in copies} >= {"http://wire.example/story/lighthouse"}
        product("ingest", environment=secret)
        assert set(hook.asked.values()) == {1}
        assert "alerts for hook" not in product("status").out


@INSTALLED_ON_FILE
@pytest.mark.long
def test_watch_list_check_and_test(web: Loopback, product: Product) -> None:
    serve_news(web)
    watch_for(product)
    product.sources([("paper", "feed", PAPER), ("wire", "feed", WIRE)])
    product("ingest")
    with Receiver(failing=0) as hook:
        listening(product, hook.url)
        listed = product("watch", "list").out
        assert "copies: new; seed *" in listed
        assert "to hook (webhook), file (command)" in listed
        rows = product("watch", "check", "copies", "--json").rows
        assert {row["name"].split(":")[1] for row in rows} == {"lighthouse"}
        assert len(product("watch", "check", "all", "--json").rows) == len(PAPER_STORIES) + len(WIRE_STORIES)
        assert product("watch", "check", "all", "--since", "0s").out == ""
        assert hook.taken == {}
        done = product("watch", "test", "all", environment={"HOOK_SECRET": "x"})
        assert done.out.splitlines() == ["hook (webhook): delivered", "file (command): delivered"]
        missing = product("watch", "test", "hook", "--json", expect=1).rows[0]
        assert (missing["delivered"], missing["trouble"]) == (False, "the environment variable HOOK_SECRET is not set")
        assert [sent["event"] for sent in hook.taken.values()] == ["test"]
        assert "did you mean 'copies'?" in product("watch", "check", "copis", expect=2).err
        doctor = product("doctor", expect=None).out
        assert "alerts for hook need what is not in the environment: HOOK_SECRET" in doctor


@pytest.mark.long
def test_killed_and_refused_everything_is_told_exactly_once(web: Loopback, product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_SECRET", "much secret")
    serve_news(web)
    watch_for(product)
    dice = random.Random(7)
    with Receiver(seed=7) as hook:
        listening(product, hook.url)
        for _ in range(4):
            with product.start("ingest") as run:
                time.sleep(dice.uniform(1.0, 4.0))
                run.process.kill()
                run.process.wait()
        with product.start("run") as daemon:
            wanted = len(PAPER_STORIES) + len(WIRE_STORIES)
            limit = time.monotonic() + 240
            while time.monotonic() < limit:
                if sum(rule == "all" for rule, _ in hook.names()) >= wanted and not waiting(product):
                    break
                time.sleep(2)
            daemon.stop()
        assert hook.failed > 0
        names = hook.names()
        assert {names[event] for event in names} == {1}
        assert hook.wrong == []
        articles = {row["article"] for row in product.export("articles") if not str(row["url"]).startswith("urn:wirewatch:seed:")}
        assert {name for rule, name in names if rule == "all"} == {f"new:{article}" for article in articles}
        related = Counter(
            row["article"] for row in product.export("relations") if row["seed"] and row["relation"] not in ("related", "distinct")
        )
        assert {name for rule, name in names if rule == "copies"} == {f"match:lighthouse:{article}" for article in related}


def waiting(product: Product) -> bool:
    return any(row["waiting"] for row in product("status", "--json").rows[0]["alerts"] if row["target"] == "hook")
