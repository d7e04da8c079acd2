"""Bad words, settings, files and databases: exit 2 or 3, with the thing named and what to do. Written before the code was seen."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from conftest import INSTALLED_ON_FILE
from loopback import Loopback
from product import Product, without_overriding
from stories import invented, page

URL = "http://one.example/news/1"

# name → (wirewatch.toml, sources.toml, words that the message must hold)
SETTINGS = {
    "a key that does not exist": ('[fetch]\ndely = "0s"\n', "", ["wirewatch.toml", "dely", "delay"]),
    "a table that does not exist": ('[fech]\ndelay = "0s"\n', "", ["wirewatch.toml", "fech", "fetch"]),
    "a duration that is none": ('[fetch]\ndelay = "soon"\n', "", ["wirewatch.toml", "delay", "soon"]),
    "a network that is none": ('[fetch]\nallow_private = ["localhost-ish"]\n', "", ["wirewatch.toml", "allow_private", "localhost-ish"]),
    "no TOML": ('[fetch\ndelay = "0s"\n', "", ["wirewatch.toml", "line 1"]),
    "an unknown kind of source": (
        "",
        '[[source]]\nname = "x"\nkind = "fedd"\nurl = "http://x.example/"\n',
        ["sources.toml", "fedd", "feed"],
    ),
    "a source without an address": ("", '[[source]]\nname = "x"\nkind = "feed"\n', ["sources.toml", "url"]),
    "an unknown key of a source": (
        "",
        '[[source]]\nname = "x"\nkind = "feed"\nurl = "http://x.example/"\nevry = "5m"\n',
        ["sources.toml", "evry", "every"],
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("name", SETTINGS)
def test_settings_that_cannot_be_used(product: Product, name: str) -> None:
    settings, sources, named = SETTINGS[name]
    product.settings(settings)
    (product.config / "sources.toml").write_text(sources, encoding="utf-8")
    done = product("ingest", expect=2)
    assert [word for word in named if word not in done.err] == [], done.err
    assert done.out == ""
    assert len(done.err.strip().splitlines()) <= 12


def test_an_environment_variable_that_cannot_be_used(product: Product) -> None:
    done = product("status", environment={"WIREWATCH_FETCH__DELAY": "soon"}, expect=2)
    assert "delay" in done.err.lower()
    assert "soon" in done.err


@pytest.mark.parametrize(
    "words",
    [
        ("ingest", "nothere.html"),
        ("ingest", "no-such-source"),
        ("ingest", "nothere/"),
        ("extract", "nothere.html"),
        ("match", "nothere.html", "neither.html"),
        ("explode",),
        ("ingest", "--no-such-option"),
        ("export", "nothing"),
        ("export", "articles", "--format", "docx"),
        ("latest", "--since", "someday"),
        ("latest", "--limit", "many"),
        ("latest", "--relation", "cousin"),
    ],
    ids=" ".join,
)
def test_words_that_cannot_be_used(product: Product, words: tuple[str, ...]) -> None:
    done = product(*words, expect=2)
    assert words[-1].rstrip("/") in done.err or words[1 if len(words) > 1 else 0] in done.err
    assert done.out == ""


def test_a_source_name_with_a_slip_gets_the_nearest(product: Product) -> None:
    product.sources([("moscow-times", "feed", "http://paper.example/feed")])
    assert "moscow-times" in product("ingest", "moscow-time", expect=2).err


def test_a_configuration_that_is_not_there(product: Product) -> None:
    product.config = product.home / "elsewhere"
    assert "elsewhere" in product("status", expect=2).err


def test_lines_that_are_not_json(product: Product) -> None:
    path = product.home / "lines.jsonl"
    path.write_text('{"title": "A", "text": "' + invented(200).text.replace("\n", "\\n") + '"}\n{half a line\n', encoding="utf-8")
    done = product("ingest", path, "--json", expect=None)
    assert done.code in {1, 2}
    assert "line 2" in done.said or ":2" in done.said


# ── databases ─────────────────────────────────────────────────────────────────────────────────────


def filled(web: Loopback, product: Product) -> None:
    web.page(URL, page(invented(201), URL))
    product("ingest", URL)


@pytest.mark.long
@INSTALLED_ON_FILE
def test_a_file_that_is_no_database(product: Product) -> None:
    product.database.write_text("Dear diary,\n" * 500, encoding="utf-8")
    before = product.database.read_bytes()
    for command in ("ingest", "latest", "status", "run"):
        done = product(command, expect=3, timeout=30)
        assert str(product.database) in done.err
    assert product.database.read_bytes() == before


@INSTALLED_ON_FILE
def test_a_database_of_something_else(product: Product) -> None:
    with sqlite3.connect(product.database) as other:
        other.execute("CREATE TABLE article (recipe TEXT, spoons INTEGER)")
    other.close()
    assert str(product.database) in product("ingest", expect=3).err


@INSTALLED_ON_FILE
def test_a_folder_in_place_of_the_database(product: Product) -> None:
    product.database.mkdir()
    assert str(product.database) in product("ingest", expect=3).err


@pytest.mark.long
@INSTALLED_ON_FILE
def test_a_database_of_a_newer_schema(web: Loopback, product: Product) -> None:
    filled(web, product)
    with sqlite3.connect(product.database) as tables:
        tables.execute("UPDATE alembic_version SET version_num = '9999_of_the_future'")
    tables.close()
    for command in ("ingest", "latest"):
        done = product(command, expect=3)
        assert str(product.database) in done.err
        assert "newer" in done.err.lower()


@pytest.mark.long
@INSTALLED_ON_FILE
def test_a_database_that_may_not_be_written(web: Loopback, product: Product, tmp_path: Path) -> None:
    product.database = tmp_path / "store" / "news.sqlite"
    product.database.parent.mkdir()
    filled(web, product)
    files = list(product.database.parent.iterdir())
    for path in files:
        path.chmod(0o444)
    product.database.parent.chmod(0o555)
    try:
        done = product("ingest", URL, expect=3, prefix=without_overriding())
    finally:
        product.database.parent.chmod(0o755)
    assert str(product.database) in done.err
    assert "read-only" in done.err or "write" in done.err


@INSTALLED_ON_FILE
def test_a_folder_for_the_database_that_may_not_be_written(product: Product, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    product.database = closed / "news.sqlite"
    done = product("ingest", URL, expect=3, prefix=without_overriding())
    assert str(product.database) in done.err


@pytest.mark.long
@INSTALLED_ON_FILE
def test_a_locked_database_ends_the_run_with_nothing_half_written(web: Loopback, product: Product) -> None:
    filled(web, product)
    holder = sqlite3.connect(product.database, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        done = product("ingest", URL, expect=3, timeout=120)
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert "locked" in done.err.lower() or "busy" in done.err.lower()
    assert len(product.articles()) == 1
