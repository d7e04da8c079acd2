"""``init``: a configuration of one's own."""

from __future__ import annotations

from pathlib import Path

from pipeline import render
from pipeline.config import SETTINGS, SOURCES, editing
from pipeline.lines import dump


def begin(directory: Path | None, *, json: bool) -> int:
    """Writes what is missing of a configuration; what is there stays as it is, and is named. → 0. Raises InputError."""
    place = (directory.expanduser() if directory else editing.own_directory()).absolute()
    written, kept = editing.make(place)
    if json:
        render.line(dump({"directory": str(place), "written": [str(path) for path in written], "kept": [str(path) for path in kept]}))
        return 0
    for path in written:
        render.line(f"written   {path}")
    for path in kept:
        render.line(f"is there  {path}, left as it is")
    if not written:
        return 0
    render.line("")
    where = ""
    if place not in (editing.own_directory(), (Path.cwd() / "config")):
        where = f"wirewatch --config {place}"
        render.line(f"It is used with --config {place}, or once WIREWATCH_CONFIG names it. Next:")
    else:
        where = "wirewatch"
        render.line("It is used from now on. Next:")
    for number, (what, why) in enumerate(
        (
            (f'contact = "you@example.org" in {place / SETTINGS}', "whom a site can write to, instead of blocking you"),
            (f"{where} source add https://paper.example", f"what is watched; {SOURCES} begins with The Moscow Times"),
            (
                f"{where} seed add https://paper.example/the-story",
                f"a story you follow; {editing.SEEDS}/ is empty, the shipped ones are not followed",
            ),
            (f"{where} ingest", "asks every source once; `run` goes on asking"),
        ),
        1,
    ):
        render.line(f"  {number}. {what}\n     {why}")
    return 0
