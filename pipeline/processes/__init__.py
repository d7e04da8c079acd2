"""Killable processes for what can hang, crash or eat the machine: extraction, feed parsing, matching.

A *template* process, started with the first job, imports the heavy libraries once and forks a worker when one is needed (a few
milliseconds, nothing to import).
Each worker has a socket of its own to us and does one job at a time. The kernel enforces the limits, inside a C loop too: ITIMER_REAL
(wall), RLIMIT_CPU, RLIMIT_AS. Nothing outlives us: the template ends when its socket closes and takes the workers with it; a worker
that lost both ends with its job, which the alarm bounds.

multiprocessing's forkserver is not used because it runs the main module again in every worker (here: the whole command line).
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from types import TracebackType
from typing import Self, TypeVar, cast

from pipeline.errors import ItemError, Killed
from pipeline.processes.child import LOAD, NUMBER, OUT_OF_MEMORY, Limits, exactly, receive, send

T = TypeVar("T")

GRACE = 2.0  # seconds after which we kill a worker whose own alarm did not
LONGEST_START = 60.0  # seconds in which the template must have loaded everything and forked
BOOT = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from pipeline.processes.child import serve; serve(json.loads(sys.argv[2]))"


class WorkerError(RuntimeError):
    """A bug met in a worker. The message is the exception's own line; its traceback is a note (and ``traceback``)."""

    def __init__(self, summary: str, trace: str) -> None:
        self.traceback = trace
        super().__init__(summary)
        self.add_note(f"in a worker process:\n{trace}")


class Pool:
    """A few workers, first come first served.

    ``workers``: at once; ``wall``: seconds a job may take; ``cpu``: seconds of processor time (``wall``, rounded up, unless given);
    ``memory``: bytes of address space a worker may have in all; ``jobs``: after as many a worker is replaced, whatever it leaked with
    it; ``preload``: modules loaded before forking, and functions called there ("module:function"), so that what they build is shared.
    10 s, 1 GiB, 500 jobs: facts/reliability, "Inputs that hurt".
    """

    def __init__(
        self,
        workers: int = 2,
        *,
        wall: float = 10.0,
        cpu: int | None = None,
        memory: int = 1 << 30,
        jobs: int = 500,
        preload: tuple[str, ...] = (),
    ) -> None:
        self._size, self._jobs, self._preload = workers, jobs, preload
        self._limits = Limits(wall=wall, cpu=cpu or math.ceil(wall), memory=memory)
        self._threads: ThreadPoolExecutor | None = None
        self._template: _Template | None = None
        self._lock = threading.Lock()  # one exchange with the template at a time; guards what follows
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._closed = False
        self.busy = 0  # jobs that wait for a worker or are at work

    async def __aenter__(self) -> Self:
        self._threads, self._closed = ThreadPoolExecutor(self._size, "worker"), False
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Kills every worker, also one at work (whose job ends as Killed). Takes milliseconds."""
        self._closed = True
        if self._template is not None:
            self._template.close()
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)
        while self._idle:
            self._idle.pop().door.close()
        self._threads = self._template = None

    async def run(self, function: Callable[..., T], /, *args: object) -> T:
        """Calls ``function(*args)`` in a worker. The function must be importable by name; arguments and result picklable.

        Raises ItemErrors as the function raised them; Killed for a job that passed a limit or crashed, naming which; WorkerError for
        any other exception. Only that job is lost. A run that is cancelled while it works is finished and its result thrown away.
        """
        if self._threads is None:
            raise RuntimeError("the pool is not open")
        loop = asyncio.get_running_loop()
        self.busy += 1
        try:
            return cast("T", await loop.run_in_executor(self._threads, self._job, function, args))
        finally:
            self.busy -= 1

    async def prepare(self, entry: str) -> None:
        """Has one more module loaded, or function called ("module:function"), before workers are forked from now on. Once; those at work
        do without, and load for themselves what they need."""
        if entry in self._preload or self._threads is None:
            return
        self._preload = (*self._preload, entry)
        await asyncio.get_running_loop().run_in_executor(self._threads, self._prepare, entry)

    # ── in one of our threads ─────────────────────────────────────────────────────────────────────

    def _job(self, function: Callable[..., object], args: tuple[object, ...]) -> object:
        message = pickle.dumps((function, args), pickle.HIGHEST_PROTOCOL)
        worker = self._take()
        alive = False
        try:
            kind, payload = worker.ask(message, self._limits.wall + GRACE)
            alive = kind != "fault"
        except TimeoutError:
            raise Killed(_cause(-signal.SIGALRM, self._limits)) from None
        except (OSError, EOFError):
            raise Killed(self._cause_of(worker)) from None
        finally:
            self._give_back(worker, alive=alive)
        if kind == "done":
            return payload
        if isinstance(payload, ItemError):
            raise payload
        raise WorkerError(*cast("tuple[str, str]", payload))

    def _prepare(self, entry: str) -> None:
        with self._lock:
            if self._template is not None and not self._closed:
                with suppress(OSError, EOFError):  # it died: the next one loads this with the rest
                    self._template.load(entry)

    def _take(self) -> _Worker:
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if not worker.gone():
                    break
                self._bury(worker)
            else:
                worker = self._fork()
            self._busy.add(worker)
            return worker

    def _give_back(self, worker: _Worker, *, alive: bool) -> None:
        with self._lock:
            self._busy.discard(worker)
            if alive and worker.done < self._jobs and not self._closed:
                self._idle.append(worker)
            else:
                self._bury(worker)

    def _fork(self) -> _Worker:
        for _ in range(2):  # a template that was killed from outside is replaced
            if self._closed:
                break
            self._template = self._template or _Template(self._limits, self._preload)
            try:
                return self._template.fork()
            except (OSError, EOFError):
                self._template.close()
                self._template = None
        if self._closed:
            raise Killed("the program is ending")
        raise WorkerError("no worker process could be started", "it ended while it loaded; what it said of that is on stderr")

    def _bury(self, worker: _Worker) -> int | None:
        """Kills it if it lives. Its exit status as ``os.waitstatus_to_exitcode`` tells it; None when nobody knows any more."""
        worker.door.close()
        if worker.status is None and self._template is not None and not self._closed:
            with suppress(OSError, EOFError):  # the template died: so did, or will, its workers
                worker.status = self._template.bury(worker.pid)
        return worker.status

    def _cause_of(self, worker: _Worker) -> str:
        with self._lock:
            status = self._bury(worker)
        return "the program is ending" if self._closed else _cause(status, self._limits)


def _cause(status: int | None, limits: Limits) -> str:
    match status:
        case _ if status == -signal.SIGALRM:
            return f"took longer than {limits.wall:g} s"
        case _ if status == -signal.SIGXCPU:
            return f"used more than {limits.cpu} s of processor time"
        case _ if status == OUT_OF_MEMORY:
            return f"needed more than {limits.memory >> 20} MiB of memory"
        case _ if status == -signal.SIGKILL:
            return "its process was killed from outside (SIGKILL), perhaps because the machine ran out of memory"
        case int() if status < 0:
            return f"crashed its process ({signal.Signals(-status).name})"
        case int():
            return f"ended its process (exit status {status})"
        case _:
            return "its process vanished"


class _Worker:
    """Our end of one worker."""

    def __init__(self, pid: int, door: socket.socket) -> None:
        self.pid, self.door, self.done, self.status = pid, door, 0, cast("int | None", None)

    def ask(self, message: bytes, patience: float) -> tuple[str, object]:
        """Sends a job, waits for its reply. Raises TimeoutError, OSError, EOFError."""
        self.done += 1
        self.door.settimeout(patience)
        send(self.door, message)
        return cast("tuple[str, object]", pickle.loads(receive(self.door)))  # noqa: S301  # our own process, not the page

    def gone(self) -> bool:
        """Whether it died while it had nothing to do."""
        self.door.settimeout(0)
        try:
            return self.door.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True


class _Template:
    """Our end of the process that forks workers."""

    def __init__(self, limits: Limits, preload: tuple[str, ...]) -> None:
        self._control, theirs = socket.socketpair()
        self._control.settimeout(LONGEST_START)
        with theirs:
            self._loaded = False
            orders = json.dumps({"control": theirs.fileno(), "limits": asdict(limits), "preload": preload})
            self._process = subprocess.Popen(  # noqa: S603  # the interpreter that runs us
                [sys.executable, "-P", "-c", BOOT, json.dumps(sys.path), orders],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # ours is for results
                pass_fds=[theirs.fileno()],
                process_group=0,  # Ctrl-C is for us alone
                # one job a worker: threads of the linear algebra only cost address space
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            )

    def fork(self) -> _Worker:
        """Raises OSError or EOFError when the template is dead."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self._control, [NUMBER.pack(0)], [theirs.fileno()])
                pid = self._answer()
        except (OSError, EOFError):
            ours.close()
            raise
        self._loaded = True
        return _Worker(pid, ours)

    def load(self, entry: str) -> None:
        """Loads one more module, or calls one more function. Raises OSError, EOFError."""
        self._control.sendall(NUMBER.pack(LOAD))
        send(self._control, entry.encode())
        self._answer()

    def bury(self, pid: int) -> int:
        """Kills a worker and waits for it: its exit code, negative for a signal, as it died (perhaps before). Raises OSError, EOFError."""
        self._control.sendall(NUMBER.pack(pid))
        return self._answer()

    def close(self) -> None:
        """Ends the template, and with it every worker."""
        with suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        if not self._loaded:  # it has no workers yet, and would first finish loading
            self._process.kill()
        try:
            self._process.wait(timeout=GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._control.close()

    def _answer(self) -> int:
        return cast("int", NUMBER.unpack(exactly(self._control, NUMBER.size))[0])
