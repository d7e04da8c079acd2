"""The program: its Python, its libraries, its processes, its comforts."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

from pipeline.doctor.check import Check
from pipeline.errors import ItemError, Killed

OLDEST_PYTHON: Final = (3, 11)
COMPLETIONS: Final = (".bash_completions/wirewatch.sh", ".zfunc/_wirewatch", ".config/fish/completions/wirewatch.fish")


def python() -> Iterator[Check]:
    """Versions."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        yield Check(name="python", state="wrong", said=f"{version} is too old", mend="install Python 3.11 or later")
    else:
        yield Check(name="python", state="ok", said=f"{version}, {sys.executable}")
    try:
        own, needed = metadata.version("wirewatch"), metadata.requires("wirewatch") or []
    except metadata.PackageNotFoundError:
        yield Check(name="wirewatch", state="note", said="runs from a folder that was never installed", mend="pip install wirewatch")
        return
    names = [found[0] for one in needed if "extra ==" not in one and (found := re.match(r"[\w.-]+", one))]
    there: list[str] = []
    missing: list[str] = []
    for name in names:
        try:
            there.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            missing.append(name)
    yield Check(name="wirewatch", state="ok", said=f"{own} with {', '.join(there)}")
    if missing:
        yield Check(
            name="libraries", state="wrong", said=f"not there: {', '.join(missing)}", mend="pip install --force-reinstall wirewatch"
        )


async def processes() -> list[Check]:
    """Whether one can be started, and ended."""
    from pipeline.processes import Pool

    try:
        async with Pool(1, wall=0.5) as pool:
            await pool.run(os.getpid)
            await pool.run(time.sleep, 30)
    except Killed:
        return [Check(name="processes", state="ok", said="a page is read in a process of its own, and one that hangs is ended")]
    except (ItemError, RuntimeError, OSError) as error:
        mend = "wirewatch needs to start processes and set their limits; a container or ulimit may forbid it"
        return [Check(name="processes", state="wrong", said=f"no process could be started: {error}", mend=mend)]
    return [Check(name="processes", state="wrong", said="a process that hangs was not ended", mend="does this system honour ITIMER_REAL?")]


def comfort() -> Iterator[Check]:
    """What is not needed."""
    if any((Path.home() / place).is_file() for place in COMPLETIONS):
        yield Check(name="completion", state="ok", said="the shell completes wirewatch's words")
    else:
        yield Check(name="completion", state="note", said="the shell does not complete words", mend="wirewatch --install-completion")
