"""What every bench needs of the machine: a process watched from outside (/proc), a table, a verdict. Linux; standard library only."""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from loopback import Loopback, Reply  # noqa: E402  # found through the line above
from product import Product, key  # noqa: E402
from stories import Story, atom, invented, page, rss  # noqa: E402

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A process that ended. Seconds of wall and CPU (its children's included), bytes of memory: the sum over all its processes."""

    code: int
    wall: float
    cpu: float
    memory: int
    out: str
    err: str


class Watched:
    """A command in a session of its own, whose processes are found by that session, orphans too."""

    def __init__(self, product: Product, words: Sequence[str | Path]) -> None:
        self.out, self.err = product.home / "watched.out", product.home / "watched.err"
        self._began, self._spent = time.monotonic(), _children()
        with self.out.open("wb") as out, self.err.open("wb") as err:
            self.process = subprocess.Popen(
                product.command(*words),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env=product.environment,
                cwd=product.home,
                start_new_session=True,
            )
        self._cpu: dict[int, float] = {}
        self._memory = 0

    def members(self) -> list[int]:
        """The processes of the session that are alive."""
        return [pid for pid, _, _ in _session(self.process.pid)]

    def sample(self) -> None:
        memory = 0
        for pid, cpu, resident in _session(self.process.pid):
            self._cpu[pid] = max(cpu, self._cpu.get(pid, 0.0))
            memory += resident
        self._memory = max(self._memory, memory)

    def spent(self) -> float:
        """CPU seconds of all its processes that live."""
        return sum(cpu for _, cpu, _ in _session(self.process.pid))

    def resident(self) -> int:
        """Bytes in memory, summed over its processes."""
        return sum(resident for _, _, resident in _session(self.process.pid))

    def end(self, timeout: float = 3600, every: float = 0.1) -> Ran:
        """Waits for the end and samples on the way. Raises TimeoutExpired."""
        limit = self._began + timeout
        while self.process.poll() is None:
            if time.monotonic() > limit:
                self.clear()
                raise subprocess.TimeoutExpired(self.process.args, timeout)
            self.sample()
            threading.Event().wait(every)
        wall = time.monotonic() - self._began
        return Ran(
            code=self.process.returncode,
            wall=wall,
            # sampling misses the last moments of a process, waiting misses orphans: the larger is nearer
            cpu=max(sum(self._cpu.values()), _children() - self._spent),
            memory=self._memory,
            out=self.out.read_text(errors="replace"),
            err=self.err.read_text(errors="replace"),
        )

    def clear(self) -> int:
        """Ends what is left of the session. Returns how many processes that were."""
        left = self.members()
        for pid in left:
            try:
                os.kill(pid, 9)
            except ProcessLookupError:
                continue
        self.process.wait()
        return len(left)


def _children() -> float:
    """CPU seconds of all processes that were waited for until now, theirs included."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _session(leader: int) -> Iterable[tuple[int, float, int]]:
    """(pid, CPU seconds, resident bytes) of every living process of a session: proc(5), fields 3, 6, 14, 15 and 24 of stat."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # gone meanwhile
            continue
        if int(fields[3]) == leader and fields[0] != "Z":
            yield int(entry.name), (int(fields[11]) + int(fields[12])) / _TICK, int(fields[21]) * _PAGE


def machine() -> str:
    """The machine in a line."""
    facts = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(":")[2].strip() for line in facts if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PHYS_PAGES") * _PAGE / 2**30
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"


def table(rows: Sequence[tuple[object, ...]], *, head: tuple[str, ...] = ()) -> None:
    """Prints columns: the first to the left, the others to the right."""
    lines = [tuple(map(str, row)) for row in ([head] if head else [])] + [tuple(_shown(cell) for cell in row) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))] if lines else []
    for line in lines:
        first, *others = line
        print("  " + first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)), sep="  ")


def _shown(cell: object) -> str:
    return f"{cell:,.2f}" if isinstance(cell, float) else f"{cell:,}" if isinstance(cell, int) else str(cell)


class Bars:
    """What must hold. ``hold`` states one; ``verdict`` prints them all and gives the exit code: 0, or 1 when one was missed."""

    def __init__(self, title: str) -> None:
        self._bars: list[tuple[bool, str]] = []
        print(f"{title}\n  {machine()}\n")

    def hold(self, what: str, holds: bool, detail: object = "") -> None:
        self._bars.append((holds, f"{what}{f': {detail}' if detail != '' else ''}"))

    def verdict(self) -> int:
        print()
        for holds, what in self._bars:
            print(f"  {'holds ' if holds else 'MISSED'}  {what}")
        return 0 if all(holds for holds, _ in self._bars) else 1


def until(done: Callable[[], bool], timeout: float, every: float = 0.02) -> bool:
    """Asks again and again. False when it was not so within ``timeout`` seconds."""
    limit = time.monotonic() + timeout
    while not done():
        if time.monotonic() > limit:
            return False
        threading.Event().wait(every)
    return True


__all__ = [
    "ROOT",
    "Bars",
    "Loopback",
    "Product",
    "Ran",
    "Reply",
    "Story",
    "Watched",
    "atom",
    "invented",
    "key",
    "page",
    "rss",
    "table",
    "until",
]
