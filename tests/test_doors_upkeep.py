"""Looking closer and putting right, by the commands that are promised: diff, judge, purge, doctor."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import shutil
import struct
import subprocess
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import INSTALLED_ON_FILE, PAPER, WIRE, Newsroom, serve_news, watch_for
from databases import raw
from loopback import Loopback
from product import Product, key
from stories import LIGHTHOUSE, Story, invented, page

COPY, UPDATE = "http://wire.example/story/lighthouse", "http://wire.example/story/lighthouse-update"
LOCAL, OTHER = "http://paper.example/2026/local-a2", "http://wire.example/story/other"
ADDRESS = "http://paper.example/2026/pier-a5"


@pytest.fixture
def copied(newsroom: Newsroom, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Product]:
    """The newsroom's installation with a copy of its database: here things may be changed."""
    kept = newsroom.product
    server = request.getfixturevalue("server") if kept.url.startswith("postgresql") else None
    url = server.copied(kept.url) if server else None
    mine = Product(tmp_path, [("paper", "feed", PAPER), ("wire", "feed", WIRE)], resolve={"*": newsroom.web.address}, url=url)
    watch_for(mine)
    if server is None:
        with raw(kept.url) as conn:
            conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(kept.url.removeprefix("sqlite:///"), mine.database)
    yield mine
    if server:
        server.drop(mine.url)


def number(product: Product, url: str) -> str:
    return str(product("show", url, "--json").rows[0]["article"])


@pytest.fixture(scope="module")
def pier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, Story, Story]]:
    """One article in two versions: a figure and the headline changed, one paragraph gone, one new, one moved to the front."""
    old = invented(41, paragraphs=7)
    kept = list(old.paragraphs)
    figure = kept[1] + " It will cost 37 million crowns in all."
    before = old.but(paragraphs=(kept[0], figure, *kept[2:]))
    after = before.but(
        title=f"Update: {old.title}",
        paragraphs=(kept[5], kept[0], figure.replace("37 million", "45 million"), kept[2], kept[4], kept[6], invented(42).paragraphs[0]),
    )
    with Loopback() as web:
        product = Product(tmp_path_factory.mktemp("pier"), resolve={"*": web.address})
        for story in (before, after):
            web.page(ADDRESS, page(story, ADDRESS))
            product("ingest", ADDRESS)
        yield product, before, after


# ── diff ──────────────────────────────────────────────────────────────────────────────────────────


def test_diff_shows_what_changed_between_two_versions(pier: tuple[Product, Story, Story]) -> None:
    product, before, after = pier
    out = product("diff", ADDRESS).out
    assert f"[-{before.title}-] {{+{after.title}+}}" in out
    assert "37 → 45" in out
    assert "[-37-]{+45+} million" in out
    gone, new, moved = before.paragraphs[3], after.paragraphs[-1], before.paragraphs[5]
    for start in (f"- [-{gone[:30]}", f"+ {{+{new[:30]}", f"> (moved) {moved[:30]}"):
        assert any(row.startswith(start) for row in out.splitlines()), start
    assert out.count(moved[:30]) == 1
    assert "paragraphs as before" in out


def test_diff_as_json_is_offsets_into_both_texts(pier: tuple[Product, Story, Story]) -> None:
    product, _, _ = pier
    (row,) = product("diff", ADDRESS, "1", "2", "--json").rows
    old, new = row["old"]["text"], row["new"]["text"]
    kinds = [change["kind"] for change in row["paragraphs"]]
    assert sorted(kinds) == sorted(["moved", "same", "changed", "same", "same", "same", "added", "removed"])
    for change in row["paragraphs"]:
        now, was = new[change["start"] : change["end"]], old[change["other_start"] : change["other_end"]]
        assert {"same": now == was, "moved": now == was, "added": not was, "removed": not now, "changed": now != was}[change["kind"]]
    (changed,) = [change for change in row["paragraphs"] if change["kind"] == "changed"]
    edits = [(kind, old[c:d], new[a:b]) for kind, a, b, c, d in changed["words"] if kind != "same"]
    assert edits == [("changed", "37", "45")]
    assert row["figures_changed"] == [["37", "45"]]
    assert {field["field"] for field in row["fields"]} == {"title"}


@pytest.mark.long
@pytest.mark.parametrize("columns", [80, 200])
def test_diff_fits_the_terminal_and_is_marked_without_colours_too(pier: tuple[Product, Story, Story], columns: int) -> None:
    product, _, _ = pier
    coloured = on_terminal(product, columns, "diff", "1")
    assert "\x1b[31m[-37-]\x1b[0m\x1b[32m{+45+}\x1b[0m" in coloured
    plain = on_terminal(product, columns, "diff", "1", NO_COLOR="1")
    assert "\x1b" not in plain
    assert "[-37-]{+45+}" in plain
    rows = plain.splitlines()
    assert max(map(len, rows)) <= columns
    assert max(map(len, rows)) > 0.8 * columns
    assert any(row.startswith("~ ") for row in rows)


def on_terminal(product: Product, columns: int, *words: str, **environment: str) -> str:
    """What a command prints on a terminal of so many columns."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    environ = {key: value for key, value in product.environment.items() if key not in ("COLUMNS", "NO_COLOR")} | {"TERM": "xterm"}
    with subprocess.Popen(
        product.command(*words),
        stdout=its,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        env=environ | environment,
        cwd=product.home,
    ) as process:
        os.close(its)
        printed = b""
        with contextlib.suppress(OSError):  # Linux: the other side is closed
            while piece := os.read(ours, 65536):
                printed += piece
        process.wait(60)
    os.close(ours)
    return printed.decode().replace("\r\n", "\n")


@pytest.mark.long
def test_diff_of_words_that_name_no_version(pier: tuple[Product, Story, Story]) -> None:
    product, _, _ = pier
    assert "versions 1 to 2" in product("diff", "1", "7", expect=2).err
    assert "--with 7" in product("diff", "1", "7", expect=2).err
    assert "nosuch" in product("diff", "nosuch", expect=2).err


@pytest.mark.long
def test_diff_shows_what_two_articles_share(newsroom: Newsroom) -> None:
    product = newsroom.product
    local = number(product, LOCAL)
    for words in (("diff", local, "lighthouse"), ("diff", local, "--with", "lighthouse")):
        out = product(*words).out
        assert f"#{local} is derived from #" in out
        assert "in both" in out
        assert f"only in #{local}" in out
    (row,) = product("diff", local, "--with", "lighthouse", "--json").rows
    assert row["relation"] == "derived"
    assert row["passages"]
    for start, end, other_start, other_end in row["passages"]:
        assert " ".join(row["text"][start:end].split()) == " ".join(row["other_text"][other_start:other_end].split())
    (back,) = product("diff", "lighthouse", "--with", local, "--json").rows
    assert sorted([c, d, a, b] for a, b, c, d in back["passages"]) == sorted(row["passages"])
    assert (back["only_here"], back["only_there"]) == (row["only_there"], row["only_here"])
    for start, end in row["only_here"]:
        assert row["text"][start:end] not in LIGHTHOUSE.text


@pytest.mark.long
def test_diff_of_two_articles_that_were_never_compared(newsroom: Newsroom) -> None:
    product = newsroom.product
    out = product("diff", number(product, OTHER), "--with", number(product, LOCAL)).out
    assert "distinct" in out
    assert "one article" in product("diff", OTHER, "--with", OTHER, expect=2).err


# ── judge ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.long
def test_what_a_person_says_is_shown_everywhere_and_kept_beside_the_machines(copied: Product) -> None:
    update = number(copied, UPDATE)
    said = copied("judge", update, "lighthouse", "derived", "--note", "written anew, by hand").out
    assert "derived" in said
    assert "machine says revision" in said
    story = {row["article"]: row for row in copied("story", "lighthouse", "--json").rows}[int(update)]
    assert (story["relation"], story["judge"], story["note"]) == ("derived", "person", "written anew, by hand")
    assert "said by a person: written anew, by hand" in copied("story", "lighthouse").out
    assert "derived from lighthouse (said by a person: written anew, by hand)" in copied("show", update).out
    (latest,) = [row for row in copied("latest", "--json").rows if row["article"] == int(update)]
    assert (latest["relation"], latest["to"], latest["judge"]) == ("derived", "lighthouse", "person")
    assert {row["article"] for row in copied("latest", "--relation", "derived", "--json").rows} >= {int(update)}
    exported = [row for row in copied.export("relations") if row["article"] == int(update) and row["seed"]]
    assert {row["judge"]: row["relation"] for row in exported} == {"machine": "revision", "person": "derived"}


@pytest.mark.long
def test_judging_again_replaces_and_withdrawing_gives_the_machine_its_word_back(copied: Product) -> None:
    update, copy = number(copied, UPDATE), number(copied, COPY)
    copied("judge", update, copy, "distinct")
    copied("judge", copy, update, "related", "--json")  # the other way round: the same two articles
    said = [row for row in copied.export("relations") if row["judge"] == "person"]
    assert [(row["article"], row["other"], row["relation"]) for row in said] == [(int(copy), int(update), "related")]
    (told,) = [row for row in copied("story", copy, "--json").rows if row["article"] == int(update)]
    assert (told["relation"], told["judge"]) == ("related", "person")
    copied("judge", update, copy, "--withdraw")
    assert [row for row in copied.export("relations") if row["judge"] == "person"] == []
    assert "nothing to take back" in copied("judge", update, copy, "--withdraw", expect=2).err


@pytest.mark.long
def test_two_articles_that_the_machine_never_compared_can_be_judged(copied: Product) -> None:
    other, local = number(copied, OTHER), number(copied, LOCAL)
    (row,) = copied("judge", other, LOCAL, "copy", "--json").rows
    assert (row["article"], row["other"], row["relation"], row["machine"]) == (int(other), int(local), "copy", "distinct")
    assert [told["article"] for told in copied("story", local, "--json").rows if told["judge"] == "person"] == [int(other)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("1", "lighthouse", "coppy"), "'copy'"),
        (("1", "lighthous", "copy"), "'lighthouse'"),
        (("lighthouse", LOCAL, "copy"), "lighthouse copy"),
        ((LOCAL, LOCAL, "copy"), "one article"),
        ((LOCAL, "lighthouse"), "--withdraw"),
    ],
    ids=["relation", "seed", "a seed is not judged", "itself", "nothing said"],
)
def test_words_that_judge_nothing(newsroom: Newsroom, words: tuple[str, ...], said: str) -> None:
    assert said in " ".join(newsroom.product("judge", *words, expect=2).err.split())


# ── purge ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.long
def test_purge_wants_to_know_what_and_to_be_sure(copied: Product) -> None:
    assert "--outlet" in copied("purge", expect=2).err
    assert "--yes" in copied("purge", "--outlet", "wire.example", expect=2).err
    assert "3 articles" in copied("purge", "--outlet", "wire.example", "--dry-run").out
    assert "'wire.example'" in copied("purge", "--outlet", "wier.example", "--dry-run").err
    assert len(copied.articles()) == 6


@pytest.mark.long
def test_purge_forgets_an_outlet_in_every_door(copied: Product) -> None:
    assert len(copied("latest", "--outlet", "wire.example", "--json").rows) == 3
    (row,) = copied("purge", "--outlet", "wire.example", "--yes", "--json").rows
    assert (row["purged"], row["clean"], row["articles"]) == (True, True, 3)
    for what in ("articles", "versions", "relations", "sightings", "outcomes"):
        assert [one for one in copied.export(what) if "wire.example" in key(one.get("url")) + key(one.get("other_url"))] == []
    held = b"".join(file.read_bytes() for file in copied.home.glob("news.sqlite*"))
    assert b"wire.example/story" not in held
    assert copied("search", "lighthouse", "--json", "--outlet", "wire.example").rows == []
    assert copied("search", "lighthouse", "--json").rows


@pytest.mark.long
def test_purge_by_address_and_by_day(copied: Product) -> None:
    assert copied("purge", "--url", f"{LOCAL}?utm_source=mail", "--yes", "--json").rows[0]["articles"] == 1
    assert copied("purge", "--before", "2020-01-01", "--yes", "--json").rows[0]["purged"] is False
    assert copied("purge", "--before", "0s", "--yes", "--json").rows[0]["articles"] == 5
    assert copied.articles() == []
    assert "Traceback" not in copied("story", "lighthouse").said


@pytest.mark.long
def test_pages_whose_days_are_over_go_at_the_next_run(copied: Product) -> None:
    def pages() -> int:
        with raw(copied.url) as conn:
            return int(conn.exec_driver_sql("SELECT count(*) FROM raw").scalar_one())

    assert pages() == 6
    with raw(copied.url) as conn:
        conn.exec_driver_sql(
            "UPDATE raw SET expires_at = '2020-01-01 00:00:00.000000' WHERE version_id IN (SELECT version_id FROM raw LIMIT 4)"
        )
    copied("ingest", expect=None)
    assert pages() == 2


# ── doctor ────────────────────────────────────────────────────────────────────────────────────────


def test_doctor_finds_a_sound_installation_sound(newsroom: Newsroom) -> None:
    done = newsroom.product("doctor", "--json", "--online")
    state = {}
    for row in done.rows:
        state.setdefault(row["check"], row["state"])
    assert [name for name, how in state.items() if how == "wrong"] == []
    assert {
        "python",
        "wirewatch",
        "configuration",
        "contact",
        "seeds",
        "sqlite",
        "database",
        "disk",
        "sources",
        "processes",
        "online",
    } <= set(state)
    assert state["contact"] == "note"
    assert {log.path for log in newsroom.web.log() if log.host == "paper.example"} >= {"/robots.txt"}
    out = newsroom.product("doctor").out
    assert "→ write [fetch] contact" in out
    assert "online" not in out


def test_doctor_looks_on_when_the_configuration_is_broken(copied: Product) -> None:
    copied.settings('[fetch]\ndely = "0s"\n')
    done = copied("doctor", expect=2)
    assert "did you mean 'fetch.delay'" in done.out
    assert "6 articles" in done.out


def test_doctor_never_shows_a_password(product: Product) -> None:
    if product.url.startswith("postgresql"):
        secret = product.url.replace("postgres@", "postgres:hunter2@")
        assert "hunter2" not in product("--db", secret, "doctor", expect=None).said
    assert "hunter2" not in product("--db", "postgresql://ann:hunter2@127.0.0.1:9/news", "doctor", expect=3).said


@INSTALLED_ON_FILE
def test_doctor_on_a_database_that_is_none(product: Product) -> None:
    product.database.write_text("Dear diary,\n" * 500, encoding="utf-8")
    assert "not a database" in product("doctor", expect=3).out


def test_doctor_before_there_is_a_database(product: Product) -> None:
    out = product("doctor").out
    assert "not there yet" in out
    assert "nothing is watched" in out


def test_doctor_names_what_should_be_mended(product: Product, web: Loopback) -> None:
    product.settings('[fetch]\ndelay = "0s"\nallow_private = ["0.0.0.0/0"]\n')
    seed = product.config / "seeds" / "scrap"
    seed.mkdir(parents=True)
    (seed / "seed.toml").write_text('title = "A scrap"\n', encoding="utf-8")
    (seed / "article.txt").write_text("Hardly a story.\n", encoding="utf-8")
    out = product("doctor", expect=1).out
    assert "0.0.0.0/0: a page can lead anywhere" in out
    assert "scrap has 3 words only" in out


@pytest.mark.long
def test_status_and_doctor_name_a_source_that_fails(product: Product, web: Loopback) -> None:
    product.sources([("paper", "feed", PAPER), ("late", "feed", "http://late.example/feed")])
    serve_news(web)
    product("ingest", "paper", expect=None)
    for _ in range(3):
        product("ingest", "late", expect=None)
    out = product("doctor", expect=1).out
    assert "late failed 3 times in a row" in out
    status = {row["name"]: row for row in product("status", "--json").rows[0]["sources"]}
    assert status["late"]["failures"] == 3
    assert status["paper"]["silent"] is False
    assert {"growth_a_day", "disk_free", "disk_days"} <= set(product("status", "--json").rows[0])
    assert ("left on the disk" in product("status").out) is product.url.startswith("sqlite")  # a server's disk is its own matter
