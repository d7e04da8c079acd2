"""sources.toml is changed from the command line with every comment kept; a change that cannot be made safely is not made."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import SOURCES, editing
from pipeline.config.watched import watched
from pipeline.errors import ConfigError
from pipeline.model import Source

FILE = """\
# What we watch.

# the harbour paper
[[source]] # first
name = "harbor"
kind = "feed" # stated
url = "https://harbor.example/feed"
every   =   "30m"

# the town hall
[[source]]
name = 'hall'
kind = "url"
url = "https://hall.example/"
[source.headers]
X-Key = "[[source]]" # odd, and allowed

# [[source]]
# name = "asleep"

[[source]]
name = "last"
kind = "feed"
url = "https://last.example/rss"
# the end
"""
NEW = {"name": "new", "kind": "feed", "url": "https://new.example/rss", "every": "1h", "headers": {"X-A": "b"}}


@pytest.fixture
def where(tmp_path: Path) -> Path:
    (tmp_path / SOURCES).write_text(FILE, encoding="utf-8")
    return tmp_path


def text(where: Path) -> str:
    return (where / SOURCES).read_bytes().decode()


def names(where: Path) -> list[str]:
    return [source.name for source in watched(where / SOURCES)]


def test_an_added_source_stands_at_the_end_and_nothing_else_changes(where: Path) -> None:
    assert editing.add(where, [NEW]) == where / SOURCES
    assert text(where).startswith(FILE)
    added = text(where)[len(FILE) :]
    assert added == '\n[[source]]\nname = "new"\nkind = "feed"\nurl = "https://new.example/rss"\nevery = "1h"\nheaders = {X-A = "b"}\n'
    assert names(where) == ["harbor", "hall", "last", "new"]


def test_several_are_added_at_once_or_none(where: Path) -> None:
    editing.add(where, [NEW, NEW | {"name": "newer", "url": "https://newer.example/"}])
    assert names(where)[-2:] == ["new", "newer"]
    before = text(where)
    with pytest.raises(ConfigError, match=r"sources\.toml.*newest"):
        editing.add(where, [NEW | {"name": "fine"}, NEW | {"name": "newest", "every": "often"}])
    with pytest.raises(ConfigError, match="two sources are called 'hall'"):
        editing.add(where, [NEW | {"name": "hall"}])
    assert text(where) == before
    assert [path.name for path in where.iterdir()] == [SOURCES]


@pytest.mark.parametrize(
    "there", [None, "", "# nothing yet\n", "source = []\n", 'source = [{name = "a", kind = "feed", url = "http://a.example/"}]']
)
def test_files_of_any_shape_take_a_source(tmp_path: Path, there: str | None) -> None:
    if there is not None:
        (tmp_path / SOURCES).write_text(there)
    editing.add(tmp_path, [NEW])
    assert names(tmp_path)[-1] == "new"
    assert text(tmp_path).startswith("# nothing yet" if there and there.startswith("#") else "")
    assert list(tmp_path.iterdir()) == [tmp_path / SOURCES]


def test_a_removed_source_takes_its_own_lines_only(where: Path) -> None:
    editing.remove(where, "hall")
    gone = FILE[FILE.index("[[source]]\nname = 'hall'") : FILE.index("\n# [[source]]")]
    assert text(where) == FILE.replace(gone, "")
    editing.remove(where, "harbor")
    editing.remove(where, "last")
    assert names(where) == []
    for comment in ("# What we watch.", "# the harbour paper", "# the town hall", '# name = "asleep"', "# the end"):
        assert comment in text(where)
    with pytest.raises(ConfigError, match="no source of that name"):
        editing.remove(where, "hall")


def test_tables_of_another_kind_stay_where_they_are(where: Path) -> None:
    group = '\n# one owner\n[[group]]\nname = "Coast"\noutlets = ["harbor.example", "last.example"]\n'
    (where / SOURCES).write_text(FILE + group, encoding="utf-8")
    editing.remove(where, "last")
    editing.remove(where, "hall")
    editing.add(where, [NEW])
    assert names(where) == ["harbor", "new"]
    assert group in text(where)
    assert '\n\n[[source]]\nname = "new"' in text(where)


def test_a_renamed_source_keeps_its_place(where: Path) -> None:
    editing.rename(where, "harbor", "pier")
    assert text(where) == FILE.replace('"harbor"', '"pier"')


def test_an_unknown_name_brings_the_nearest(where: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        editing.rename(where, "habror", "pier")
    assert (raised.value.nearest, raised.value.file) == ("harbor", str(where / SOURCES))


def test_line_ends_mark_mode_and_link_stay(where: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    real = tmp_path_factory.mktemp("real") / "mine.toml"
    real.write_bytes(FILE.replace("\n", "\r\n").encode("utf-8-sig"))
    real.chmod(0o640)
    (where / SOURCES).unlink()
    (where / SOURCES).symlink_to(real)
    editing.add(where, [NEW])
    editing.remove(where, "hall")
    assert (where / SOURCES).is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert b"\r\n" in real.read_bytes()
    assert b"\n" not in real.read_bytes().replace(b"\r\n", b"")
    assert names(where) == ["harbor", "last", "new"]


def test_what_cannot_be_changed_safely_is_left_as_it_is(where: Path) -> None:
    one_line = 'source = [{name = "a", kind = "feed", url = "http://a.example/"}, {name = "b", kind = "feed", url = "http://b.example/"}]'
    (where / SOURCES).write_text(one_line)
    with pytest.raises(ConfigError, match="edit it by hand"):
        editing.remove(where, "a")
    assert text(where) == one_line


def test_changes_at_the_same_time_are_all_kept(where: Path) -> None:
    entries = [NEW | {"name": f"n{number}", "url": f"https://n{number}.example/"} for number in range(12)]
    threads = [threading.Thread(target=editing.add, args=(where, [entry])) for entry in entries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(names(where)) == sorted(["harbor", "hall", "last", *(entry["name"] for entry in entries)])


def test_make_writes_what_is_missing_and_touches_nothing_else(tmp_path: Path) -> None:
    (tmp_path / SOURCES).write_text("# mine\n")
    written, kept = editing.make(tmp_path)
    assert [path.name for path in written] == ["wirewatch.toml", "seeds"]
    assert kept == [tmp_path / SOURCES]
    assert text(tmp_path) == "# mine\n"
    assert "wirewatch seed add" in (tmp_path / "seeds" / "README.txt").read_text(encoding="utf-8")
    assert editing.make(tmp_path)[0] == []


ENTRY = '[[source]]\nname = "%d"\nkind = "feed"\nurl = "https://x.example/%d"'
ODD = ('language = """\n[[source]]\n"""', 'headers = { "A" = "#" }', "[source.headers]\nB = '1' # x", "\t# tabbed")
LINES = st.sampled_from(("", "# a comment", "# [[source]]", ENTRY, ENTRY, "every = '5m'", "   ", *ODD))


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES, max_size=12), st.data())
def test_whatever_stands_in_the_file_a_change_does_what_it_says_or_nothing(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], data: st.DataObject
) -> None:
    where = tmp_path_factory.mktemp("any")
    made = "\n".join(line % (n, n) if "%d" in line else line for n, line in enumerate(lines)) + "\n"
    (where / SOURCES).write_text(made)
    try:
        before = watched(where / SOURCES)
    except ConfigError:
        return
    action = data.draw(st.sampled_from(["add", "remove", "rename"]) if before else st.just("add"))
    name = data.draw(st.sampled_from([source.name for source in before])) if before else ""
    try:
        _change(where, action, name, before)
    except ConfigError:
        assert text(where) == made
        return
    kept = [line for line in text(where).split("\n") if line.strip().startswith("#")]
    if action != "remove" and "language" not in made:  # what stands inside a table goes with it
        assert kept == [line for line in made.split("\n") if line.strip().startswith("#")]


def _change(where: Path, action: str, name: str, before: tuple[Source, ...]) -> None:
    if action == "add":
        editing.add(where, [NEW])
        assert watched(where / SOURCES)[:-1] == before
    elif action == "remove":
        editing.remove(where, name)
        assert watched(where / SOURCES) == tuple(source for source in before if source.name != name)
    else:
        editing.rename(where, name, "renamed")
        assert [source.url for source in watched(where / SOURCES)] == [source.url for source in before]
