"""Worker processes: what they carry, what they survive, what they leave behind."""

from __future__ import annotations

import asyncio
import functools
import hashlib
import importlib
import math
import os
import re
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import pytest

from pipeline.errors import FetchError, Killed, NotAnArticle, Throttled
from pipeline.processes import Pool, WorkerError

ROOT = Path(__file__).resolve().parent.parent


# ── what the workers are given to do ──────────────────────────────────────────────────────────────


def backtrack() -> object:
    return re.match(r"(a+)+$", "a" * 64 + "b")  # years, inside one call of C


def spin() -> None:
    while True:
        hashlib.sha256(b"x" * 1000)


def swallow() -> int:
    hoard = [bytearray(64 << 20) for _ in range(64)]
    return len(hoard)


def refuse() -> None:
    raise NotAnArticle("a wall", url="http://one.example/1", reason="paywall", after=timedelta(minutes=3))


def throttle() -> None:
    raise Throttled("later", url="http://one.example/2", after=timedelta(seconds=90))


def blunder(what: str) -> None:
    raise LookupError(what)


def leave() -> None:
    sys.exit(3)


def clumsy() -> object:
    return lambda: None  # cannot be sent back


def chat() -> str:
    os.write(1, b"noise")
    return "said"


def own_pid(_: int = 0) -> int:
    return os.getpid()


def alone() -> tuple[int, ...]:
    """Signals that end a worker only when its owner wants it; and what it inherited."""
    return tuple(int(signal.getsignal(number) is signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM))


def attend(marker: str) -> None:
    """Tells that it started, then hangs."""
    Path(marker).write_text(str(os.getpid()), encoding="utf-8")
    backtrack()


class Ring:
    """Refers to itself: only a look for such garbage finds it."""

    made: ClassVar[list[weakref.ref[Ring]]] = []

    def __init__(self) -> None:
        self.me = self


def rings(count: int) -> int:
    """Leaves so many rings behind. → how many are there when it ends."""
    Ring.made += [weakref.ref(Ring()) for _ in range(count)]
    return rings_left()


def rings_left() -> int:
    return sum(ring() is not None for ring in Ring.made)


def rooms() -> float:
    """What extraction needs at its largest, under the usual limit."""
    import lxml.html
    import numpy as np
    import py3langid
    import trafilatura

    from pipeline.match import languages
    from pipeline.model import Article

    paragraphs = "".join(f"<p>Sentence number {i} about the harbour and its boats, told at some length.</p>" for i in range(2000))
    tree = lxml.html.fromstring(f"<html><body><article>{paragraphs}</article></body></html>")
    assert trafilatura.extract(tree)
    if languages.available():
        assert languages.bands(Article(url="", title="The boats", text="The boats came back in the evening."))
    assert py3langid.classify("The boats came back in the evening.")[0] == "en"
    return float((np.ones((300, 300)) @ np.ones((300, 300))).sum())


# ── helpers of the tests ──────────────────────────────────────────────────────────────────────────


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z" if Path("/proc").is_dir() else True


def wait_for(condition: Callable[[], bool], seconds: float = 10) -> bool:
    """Asks until it holds. Bounded; yields the processor in between."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        os.sched_yield()
    return condition()


def descriptors() -> int:
    return sum(1 for _ in Path("/dev/fd").iterdir())


def in_a_loop(test: Callable[..., Coroutine[object, object, None]]) -> Callable[..., None]:
    @functools.wraps(test)
    def alone(**fixtures: object) -> None:
        asyncio.run(test(**fixtures))

    return alone


# ── what comes back ───────────────────────────────────────────────────────────────────────────────


@in_a_loop
async def test_values_come_back_in_the_order_asked() -> None:
    async with Pool(2) as pool:
        answers = await asyncio.gather(*(pool.run(math.factorial, number) for number in range(200)))
        assert answers == [math.factorial(number) for number in range(200)]
        large = os.urandom(3 << 20)
        assert await pool.run(bytes.hex, large) == large.hex()


@in_a_loop
async def test_an_item_error_comes_back_as_itself() -> None:
    async with Pool(1) as pool:
        worker = await pool.run(own_pid)
        with pytest.raises(NotAnArticle) as wall:
            await pool.run(refuse)
        with pytest.raises(FetchError) as wait:
            await pool.run(throttle)
        assert await pool.run(own_pid) == worker  # nothing was wrong with the process
    error = wall.value
    assert (error.message, error.url, error.reason, error.after) == ("a wall", "http://one.example/1", "paywall", timedelta(minutes=3))
    assert type(wait.value) is Throttled
    assert wait.value.after == timedelta(seconds=90)


@pytest.mark.parametrize(
    ("function", "args", "said", "where"),
    [
        (blunder, ("lost",), "LookupError: lost", "in blunder"),
        (clumsy, (), "pickle", "dumps"),
        (math.sqrt, ("a",), "TypeError", "_perform"),
    ],
)
@in_a_loop
async def test_a_bug_costs_one_job_and_leaves_its_traceback(
    function: Callable[..., object], args: tuple[object, ...], said: str, where: str
) -> None:
    async with Pool(1) as pool:
        with pytest.raises(WorkerError) as fault:
            await pool.run(function, *args)
        assert await pool.run(math.sqrt, 9.0) == 3
    assert said in str(fault.value)
    assert where in fault.value.traceback
    assert fault.value.traceback in "".join(fault.value.__notes__)


@in_a_loop
async def test_circular_garbage_goes_between_two_jobs_not_within_one() -> None:
    async with Pool(1) as pool:
        assert await pool.run(rings, 60_000) == 60_000
        assert await pool.run(rings_left) == 0


@in_a_loop
async def test_a_job_that_makes_very_many_rings_does_not_keep_them_all() -> None:
    async with Pool(1) as pool:
        assert await pool.run(rings, 1_500_000) < 1_200_000


@in_a_loop
async def test_what_cannot_be_sent_is_the_callers_bug() -> None:
    async with Pool(1) as pool:
        with pytest.raises((AttributeError, TypeError), match="pickle"):
            await pool.run(own_pid, lambda: 0)
        assert await pool.run(math.sqrt, 9.0) == 3


@in_a_loop
async def test_a_job_cannot_print_into_the_results(capfd: pytest.CaptureFixture[str]) -> None:
    async with Pool(1) as pool:
        assert await pool.run(chat) == "said"
        assert await pool.run(alone) == (1, 1)
    assert capfd.readouterr().out == ""


@in_a_loop
async def test_one_gibibyte_is_enough_for_the_rooms() -> None:
    async with Pool(1, wall=60, preload=("trafilatura", "lxml.html", "py3langid", "feedparser")) as pool:
        assert await pool.run(rooms) == 300 * 300 * 300


@in_a_loop
async def test_what_is_built_before_forking_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "built_room.py").write_text(
        "made = []\ndef build():\n    made.append(1)\ndef count():\n    return len(made)\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    room = importlib.import_module("built_room")
    async with Pool(2, preload=("built_room:build",)) as pool:
        assert await asyncio.gather(*(pool.run(room.count) for _ in range(4))) == [1] * 4
    assert room.count() == 0


@in_a_loop
async def test_more_can_be_loaded_before_the_next_worker_is_forked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "later_room.py").write_text(
        "made = []\ndef build():\n    made.append(1)\ndef count():\n    return len(made)\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    room = importlib.import_module("later_room")
    async with Pool(1, jobs=1) as pool:
        assert await pool.run(room.count) == 0
        for _ in range(2):
            await pool.prepare("later_room:build")
        await pool.prepare("no_such_room:build")
        assert await pool.run(room.count) == 1
    async with Pool(1) as pool:
        await pool.prepare("later_room:build")  # there is no template as yet
        assert await pool.run(room.count) == 1


# ── limits ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("function", "args", "limits", "said"),
    [
        (backtrack, (), {"wall": 0.5}, "longer than 0.5 s"),
        (spin, (), {"wall": 60, "cpu": 1}, "more than 1 s of processor time"),
        (swallow, (), {"memory": 512 << 20}, "more than 512 MiB of memory"),
        (os.abort, (), {}, "SIGABRT"),
        (signal.raise_signal, (signal.SIGSEGV,), {}, "SIGSEGV"),
        (os._exit, (7,), {}, "exit status 7"),
        (signal.raise_signal, (signal.SIGKILL,), {}, "from outside"),
    ],
    ids=["hang", "processor", "memory", "abort", "segfault", "exit", "killed"],
)
@in_a_loop
async def test_a_limit_costs_that_job_alone(
    function: Callable[..., object], args: tuple[object, ...], limits: dict[str, float], said: str
) -> None:
    async with Pool(2, **limits) as pool:  # type: ignore[arg-type]  # a table of keyword arguments
        bad = asyncio.create_task(pool.run(function, *args))
        good = [pool.run(math.factorial, number) for number in range(50)]
        assert await asyncio.gather(*good) == [math.factorial(number) for number in range(50)]
        with pytest.raises(Killed, match=re.escape(said)) as killed:
            await bad
        assert killed.value.reason == "killed"
        assert await asyncio.gather(*(pool.run(math.sqrt, 4.0) for _ in range(4))) == [2.0] * 4


@in_a_loop
async def test_sys_exit_in_a_job_is_a_bug_not_an_end() -> None:
    async with Pool(1) as pool:
        with pytest.raises(WorkerError, match="SystemExit"):
            await pool.run(leave)


@in_a_loop
async def test_a_worker_is_replaced_after_its_jobs() -> None:
    async with Pool(1, jobs=10) as pool:
        pids = [await pool.run(own_pid) for _ in range(30)]
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [10, 10, 10]


@in_a_loop
async def test_the_wall_limit_is_for_each_job() -> None:
    async with Pool(1, wall=0.5, jobs=1_000_000) as pool:
        end = time.monotonic() + 1.2
        pids = set()
        while time.monotonic() < end:
            pids.add(await pool.run(own_pid))
    assert len(pids) == 1


# ── losses ────────────────────────────────────────────────────────────────────────────────────────


@in_a_loop
async def test_a_worker_killed_while_idle_costs_nothing() -> None:
    async with Pool(1) as pool:
        pid = await pool.run(own_pid)
        os.kill(pid, signal.SIGKILL)
        await asyncio.to_thread(wait_for, lambda: not alive(pid))
        assert await pool.run(own_pid) != pid


@in_a_loop
async def test_a_template_killed_from_outside_is_replaced() -> None:
    async with Pool(1, jobs=1) as pool:
        template = await pool.run(os.getppid)
        os.kill(template, signal.SIGKILL)
        assert await pool.run(os.getppid) != template


@in_a_loop
async def test_a_cancelled_run_leaves_nothing(tmp_path: Path) -> None:
    before = descriptors()
    async with Pool(1, wall=1) as pool:
        marker = tmp_path / "started"
        task = asyncio.create_task(pool.run(attend, str(marker)))
        waiting = asyncio.create_task(pool.run(math.sqrt, 4.0))
        await asyncio.to_thread(wait_for, lambda: marker.exists() and marker.read_text(encoding="utf-8") != "")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await waiting == 2.0  # in its turn: when the cancelled one was ended by its limit
    assert not alive(int(marker.read_text(encoding="utf-8")))
    assert descriptors() == before


@in_a_loop
async def test_closing_ends_a_job_at_work_at_once(tmp_path: Path) -> None:
    marker, before = tmp_path / "started", descriptors()
    pool = Pool(2, wall=60)
    async with pool:
        jobs = [asyncio.create_task(pool.run(attend, str(marker)))] + [asyncio.create_task(pool.run(backtrack)) for _ in range(3)]
        await asyncio.to_thread(wait_for, lambda: marker.exists() and marker.read_text(encoding="utf-8") != "")
        start = time.monotonic()
    assert time.monotonic() - start < 5
    ended = await asyncio.gather(*jobs, return_exceptions=True)
    assert {type(end) for end in ended} <= {Killed, asyncio.CancelledError}
    assert not alive(int(marker.read_text(encoding="utf-8")))
    assert descriptors() == before
    with pytest.raises(RuntimeError, match="not open"):
        await pool.run(math.sqrt, 4.0)


@in_a_loop
async def test_a_pool_that_was_never_used_closes_at_once() -> None:
    start = time.monotonic()
    async with Pool(2, preload=("trafilatura", "sqlalchemy")):
        pass
    assert time.monotonic() - start < 2


@in_a_loop
async def test_a_template_that_cannot_start_is_a_bug_not_a_bad_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_room.py").write_text("1 +", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    async with Pool(1, preload=("broken_room",)) as pool:
        with pytest.raises(WorkerError, match="no worker process could be started"):
            await pool.run(math.sqrt, 4.0)
    async with Pool(1, preload=("room_that_is_not_there",)) as pool:
        assert await pool.run(math.sqrt, 4.0) == 2  # the job that needs it will say so


OWNER = """
import asyncio, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # what is started in the background has it ignored
sys.path.insert(0, sys.argv[2])
import test_processes
from pipeline.processes import Pool

async def main():
    async with Pool(2, wall=30) as pool:
        await asyncio.gather(*(pool.run(test_processes.attend, f"{sys.argv[1]}/{name}") for name in "ab"))

asyncio.run(main())
"""


def start_owner(folder: Path) -> tuple[subprocess.Popen[bytes], list[int]]:
    """A process that owns two busy workers, and their pids."""
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(folder), str(ROOT / "tests")], env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE
    )
    markers = [folder / name for name in "ab"]
    assert wait_for(lambda: all(marker.exists() and marker.read_text(encoding="utf-8") for marker in markers), 30)
    return owner, [int(marker.read_text(encoding="utf-8")) for marker in markers]


def test_workers_end_when_their_owner_is_killed(tmp_path: Path) -> None:
    owner, pids = start_owner(tmp_path)
    owner.kill()
    owner.communicate()
    assert wait_for(lambda: not any(map(alive, pids)))


def test_ctrl_c_ends_the_owner_and_its_workers_without_noise(tmp_path: Path) -> None:
    owner, pids = start_owner(tmp_path)
    owner.send_signal(signal.SIGINT)
    _, said = owner.communicate(timeout=20)
    assert wait_for(lambda: not any(map(alive, pids)))
    assert said.count(b"Traceback (most recent call last)") <= 2  # the owner's own: this little program does not catch Ctrl-C
    assert b"in serve" not in said


def test_a_worker_does_not_run_the_main_program_again(tmp_path: Path) -> None:
    script = tmp_path / "command"
    script.write_text(
        "import asyncio, math\nfrom pipeline.processes import Pool\nprint('main runs')\n"
        "async def main():\n    async with Pool(1) as pool:\n        print(await pool.run(math.sqrt, 4.0))\nasyncio.run(main())\n",
        encoding="utf-8",
    )
    ran = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", script],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        timeout=60,
        check=True,
    )
    assert ran.stdout.split("\n") == ["main runs", "2.0", ""]
    assert ran.stderr == ""
