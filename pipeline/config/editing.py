"""A configuration of one's own: made from the shipped one, and its sources.toml changed with comments and layout kept.

Every change is checked before it counts: the new text must say what the old one said and the change, and be loadable. It is written
beside the file and renamed, so that a reader sees the old file or the new one; two changes at a time wait for each other.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import platformdirs

from pipeline import config
from pipeline.config.checking import nearest, read
from pipeline.config.watched import watched
from pipeline.errors import ConfigError, InputError
from pipeline.model import Source

SEEDS = "seeds"
NO_SEEDS_YET = """\
The stories you follow. A folder each, made by

    wirewatch seed add https://paper.example/2024/05/02/the-story
    wirewatch seed add pasted.txt

or by hand: seed.toml (title = "…"; url, published, authors, credit, caption, note, language if known) and article.txt (the text,
a paragraph a line). The folder's name is the story's name.
Whatever comes in is compared with each of them; `wirewatch story` says who ran them.
"""
Entry = Mapping[str, Any]
_HEADER = re.compile(r"[ \t]*\[\[[ \t]*source[ \t]*\]\][ \t]*(?:#.*)?")
_NEXT = re.compile(r"[ \t]*\[\[?(?![ \t]*source[ \t]*\.)[ \t]*[\w\"'-]+[ \t]*(?:\.|\])")  # another table, none of this source's own


# ── a configuration of one's own ──────────────────────────────────────────────────────────────────


def own_directory() -> Path:
    """The user's configuration directory."""
    return platformdirs.user_config_path("wirewatch", appauthor=False)


def make(directory: Path) -> tuple[list[Path], list[Path]]:
    """Writes the shipped settings and sources, and a folder for seeds. → what was written, what was there already and stays as it is.

    Raises InputError when it cannot be written.
    """
    written: list[Path] = []
    kept: list[Path] = []
    files = {name: config.packaged("config").joinpath(name).read_bytes() for name in (config.SETTINGS, config.SOURCES)}
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (written if _write_new(directory / name, content) else kept).append(directory / name)
        if (directory / SEEDS).is_dir():
            kept.append(directory / SEEDS)
        else:
            (directory / SEEDS).mkdir()
            (directory / SEEDS / "README.txt").write_text(NO_SEEDS_YET, encoding="utf-8")
            written.append(directory / SEEDS)
    except FileExistsError as error:
        raise InputError(f"{directory} is no folder; name another") from error
    except OSError as error:
        raise InputError(f"{error.filename or directory}: cannot be written ({error.strerror}); name another folder") from error
    return written, kept


def _write_new(file: Path, content: bytes) -> bool:
    try:
        with file.open("xb") as stream:
            stream.write(content)
    except FileExistsError:
        return False
    return True


def is_own(where: Path, *, named: bool) -> bool:
    """Whether a directory of configuration or seeds is the user's to change. The shipped one is not, but in a clone: there, when the user
    named it or stands beside it."""
    shipped = config.PACKAGE / "_shipped"
    if where.is_relative_to(shipped):
        return False
    return named or where not in (config.packaged("config"), config.packaged(SEEDS)) or where.parent == Path.cwd()


# ── sources.toml ──────────────────────────────────────────────────────────────────────────────────


def check(where: Path, entry: Entry) -> Source:
    """What an entry would be as a source. Raises ConfigError; a file: "files" are as seen from the directory."""
    with TemporaryDirectory() as folder:
        draft = Path(folder) / config.SOURCES
        draft.write_text(_added("", [entry]), encoding="utf-8")
        with _named(draft, where / config.SOURCES):
            return watched(draft)[0]


def add(where: Path, entries: Sequence[Entry]) -> Path:
    """Puts entries at the end of sources.toml. Raises ConfigError when one cannot be watched or its name is taken; InputError."""
    return _edit(where, lambda text: _added(text, entries), lambda old: [*old, *map(dict, entries)])


def remove(where: Path, name: str) -> Path:
    """Takes a source out of sources.toml, with what stands inside its table; comments around it stay. Raises ConfigError, InputError."""
    _present(where, name)
    return _edit(where, lambda text: _removed(text, name), lambda old: [entry for entry in old if entry["name"] != name])


def rename(where: Path, old: str, new: str) -> Path:
    """Gives a source of sources.toml another name. Raises ConfigError, InputError."""
    _present(where, old)
    return _edit(
        where,
        lambda text: _renamed(text, old, new),
        lambda entries: [dict(entry) | ({"name": new} if entry["name"] == old else {}) for entry in entries],
    )


def _present(where: Path, name: str) -> None:
    names = [source.name for source in watched(where / config.SOURCES)]
    if name not in names:
        raise ConfigError("there is no source of that name", file=str(where / config.SOURCES), key=name, nearest=nearest(name, names))


def _edit(where: Path, change: Callable[[str], str], meant: Callable[[list[Any]], list[Any]]) -> Path:
    file = (where / config.SOURCES).resolve()  # a link stays one
    with _alone(file.parent):
        old = read(file)
        text = file.read_bytes().decode("utf-8-sig") if file.exists() else ""
        ending = "\r\n" if "\r\n" in text else "\n"
        changed = change(text.replace("\r\n", "\n"))
        if {"source": []} | tomllib.loads(changed) != old | {"source": meant(old.get("source", []))}:
            raise ConfigError("is written in a way that cannot be changed safely from here; please edit it by hand", file=str(file))
        _replace(file, changed.replace("\n", ending))
    return file


def _replace(file: Path, text: str) -> None:
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        if file.exists():
            shutil.copymode(file, beside)
        with _named(beside, file):
            watched(beside)
        beside.replace(file)
    except OSError as error:
        raise InputError(f"{file}: cannot be written ({error.strerror})") from error
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """One change at a time; the lock goes with the process, whatever ends it."""
    try:
        handle = os.open(directory, os.O_RDONLY)
    except OSError as error:
        raise InputError(f"{directory}: cannot be opened ({error.strerror})") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def _named(draft: Path, file: Path) -> Iterator[None]:
    """An error about a draft is one about the file it is to become."""
    try:
        yield
    except ConfigError as error:
        place = str(file) if error.file == str(draft) else error.file
        raise ConfigError(error.problem, file=place, key=error.key, nearest=error.nearest) from None


# ── the text ──────────────────────────────────────────────────────────────────────────────────────


def _added(text: str, entries: Sequence[Entry]) -> str:
    """At the end, or behind the last source where tables of another kind follow it."""
    import tomlkit

    if isinstance(there := tomlkit.parse(text).get("source"), tomlkit.items.Array):  # source = [{…}]: such a list grows in its line
        document = tomlkit.parse(text)
        for entry in entries:
            document["source"].append(_filled(tomlkit.inline_table(), entry))
        return tomlkit.dumps(document)
    new = "\n".join(f"[[source]]\n{_filled(tomlkit.table(), entry).as_string()}" for entry in entries)
    lines = text.splitlines(keepends=True)
    starts = [index for index, line in enumerate(lines) if _HEADER.fullmatch(line.rstrip("\n"))]
    end = _end(lines, starts[-1]) if there and starts else len(lines)
    before, after = "".join(lines[:end]), "".join(lines[end:])
    if not any(_NEXT.match(line) for line in lines[end:]):
        before, after = text, ""
    return (before.rstrip("\n") + "\n\n" if before.strip() else "") + new.rstrip("\n") + "\n" + after


def _filled(table: Any, entry: Entry) -> Any:
    """``entry`` as a table of tomlkit's; what is itself a table stands in one line."""
    import tomlkit

    for key, value in entry.items():
        inline = tomlkit.inline_table() if isinstance(value, Mapping) else value
        if isinstance(value, Mapping):
            inline.update(value)
        table.add(key, inline)
    return table


def _end(lines: Sequence[str], start: int) -> int:
    """Behind the last line of the table that begins at ``start``; blank lines and comments after it are not its own."""
    end = next((index for index in range(start + 1, len(lines)) if _NEXT.match(lines[index])), len(lines))
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return end


def _renamed(text: str, old: str, new: str) -> str:
    import tomlkit

    document = tomlkit.parse(text)
    for table in document["source"]:
        if table["name"] == old:
            table["name"] = new
    return tomlkit.dumps(document)


def _removed(text: str, name: str) -> str:
    """Lines, not a parsed document: there, the comment above the next table belongs to this one."""
    entries = tomllib.loads(text)["source"]
    number = next(index for index, entry in enumerate(entries) if entry["name"] == name)
    lines = text.splitlines(keepends=True)
    starts = [index for index, line in enumerate(lines) if _HEADER.fullmatch(line.rstrip("\n"))]
    if len(starts) != len(entries):
        return text  # a list in one line, or a header inside a text: not changed, and so refused
    start = starts[number]
    end = _end(lines, start)
    if start and not lines[start - 1].strip():
        while end < len(lines) and not lines[end].strip():  # one blank line stays, not two
            end += 1
    return "".join(lines[:start] + lines[end:])
