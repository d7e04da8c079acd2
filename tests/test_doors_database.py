"""`db`, as promised: upgrade, check, backup, copy; and that no door shows a password."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import BOTH, INSTALLED_ON_FILE, Newsroom, made
from databases import raw
from loopback import Loopback
from product import Product
from stories import invented, page

FROM_FILE = pytest.mark.parametrize("newsroom", ["sqlite"], indirect=True)
URL = "http://one.example/news/a-story"


def test_check_says_that_all_is_well_in_words_and_json(newsroom: Newsroom) -> None:
    done = newsroom.product("db", "check")
    assert "Sound" in done.out
    (row,) = newsroom.product("db", "check", "--json").rows
    assert (row["sound"], row["problems"], row["rows"]["article"]) == (True, [], 7)


@FROM_FILE
@pytest.mark.long
def test_check_ends_with_3_and_what_to_do(newsroom: Newsroom, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    for kind in BOTH:
        (tmp_path / kind).mkdir()
        with made(kind, tmp_path / kind, request, tables=False) as url:
            product = Product(tmp_path / kind, url=url)
            newsroom.product("db", "copy", url)
            with raw(url) as conn:
                conn.exec_driver_sql("UPDATE article SET latest_id = 99 WHERE id = 2")
            done = product("db", "check", expect=3)
            assert "name a version that is not there" in done.out
            assert "put back a backup" in done.out
            (row,) = product("db", "check", "--json", expect=3).rows
            assert (row["sound"], len(row["problems"])) == (False, 1)


@pytest.mark.long
def test_upgrade_makes_tables_and_says_from_what_to_what(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    with made("postgresql", tmp_path, request, tables=False) as url:
        product = Product(tmp_path, url=url)
        assert "is empty" in product("latest", expect=3).err
        product("story")  # a seed is known before anything is stored
        assert "tables were made" in product("db", "upgrade").out
        assert "the newest" in product("db", "upgrade").out
        (row,) = product("db", "upgrade", "--json").rows
        assert row["before"] == row["schema"]


@pytest.mark.long
@INSTALLED_ON_FILE
def test_a_backup_is_a_database_and_replaces_nothing(web: Loopback, product: Product) -> None:
    assert "no database yet" in product("db", "backup", "x.db", expect=3).err
    web.page(URL, page(invented(11), URL))
    product("ingest", URL)
    (row,) = product("db", "backup", "saved.db", "--json").rows
    assert row["size"] == (product.home / "saved.db").stat().st_size
    assert "saved.db" in product("db", "backup", "saved.db", expect=2).err
    saved = Product(product.home / "other", url=f"sqlite:///{product.home / 'saved.db'}")
    assert saved.articles() == product.articles()


@FROM_FILE
@pytest.mark.long
def test_copy_goes_there_and_back(newsroom: Newsroom, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    product = newsroom.product
    with made("postgresql", tmp_path, request, tables=False) as url:
        (row,) = product("db", "copy", url, "--json").rows
        assert row["rows"]["article"] == 7
        assert "rows in it" in product("db", "copy", url, expect=3).err
        there = Product(tmp_path / "there", url=url)
        assert there.export("relations") == product.export("relations")
        there("db", "copy", str(tmp_path / "back.db"))
        back = Product(tmp_path / "back", url=f"sqlite:///{tmp_path / 'back.db'}")
        assert back.export("articles") == product.export("articles")
        search = [one("search", "lighthouse keeper", "--json").rows for one in (product, there, back)]
        assert [sorted(row["url"] for row in rows) for rows in search] == [sorted(row["url"] for row in search[0])] * 3


def test_a_backup_of_postgresql_names_its_own_tool(product_on_server: Product) -> None:
    done = product_on_server("db", "backup", "x.dump", expect=2)
    assert "pg_dump --format=custom --file=x.dump" in done.err
    assert not (product_on_server.home / "x.dump").exists()


@pytest.fixture
def product_on_server(tmp_path: Path, request: pytest.FixtureRequest) -> Product:
    server = request.getfixturevalue("server")
    return Product(tmp_path, url=server.url("postgres").replace("postgres@", "postgres:hush@"))


@pytest.mark.parametrize(
    "words",
    [("status",), ("ingest",), ("db", "check"), ("db", "upgrade"), ("latest", "--json"), ("db", "backup", "x"), ("run",)],
    ids=" ".join,
)
def test_a_password_is_shown_nowhere(words: tuple[str, ...], tmp_path: Path) -> None:
    product = Product(tmp_path, url="postgresql://ann:hush@127.0.0.1:1/news")
    done = product(*words, expect=2 if "backup" in words else 3, environment={"WIREWATCH_FETCH__DELAY": "0s"})
    assert "hush" not in done.said
    assert "postgresql://ann:***@127.0.0.1:1/news" in done.err


def test_status_shows_the_address_without_the_password(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    with made("postgresql", tmp_path, request) as url:
        product = Product(tmp_path, url=url.replace("postgres@", "postgres:hush@"))
        (row,) = product("status", "--json").rows
        assert row["database"] == url.replace("postgres@", "postgres:***@")
        assert "hush" not in json.dumps(row) + product("status").said
