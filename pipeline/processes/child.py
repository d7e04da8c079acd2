"""The other side: the template that loads the libraries and forks, and the workers. Also how both sides talk."""

from __future__ import annotations

import gc
import importlib
import logging
import math
import os
import pickle
import resource
import signal
import socket
import struct
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn, cast

from pipeline import garbage
from pipeline.errors import ItemError

NUMBER = struct.Struct("!q")  # a message's length; a pid; 0 for "fork", LOAD for "load what follows"; an exit code
LOAD = -1
OUT_OF_MEMORY = 101  # exit code of a worker that met its memory limit: saying more would need memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Of one job: seconds of wall and of processor time; of one worker: bytes of address space."""

    wall: float
    cpu: int
    memory: int


# ── in the template ───────────────────────────────────────────────────────────────────────────────


def serve(orders: dict[str, object]) -> None:
    """The template's whole life: load, then fork and bury as told, until the socket closes."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)  # we end when the one who started us does, after it put its work in order
    for entry in cast("list[str]", orders["preload"]):
        _load(entry)
    logging.getLogger().addHandler(logging.NullHandler())  # what libraries grumble about a page is not for the terminal
    garbage.between_jobs_alone()
    gc.collect()
    gc.freeze()  # pages shared with the workers stay shared
    limits = Limits(**cast("dict[str, int]", orders["limits"]))
    children: set[int] = set()
    with socket.socket(fileno=cast("int", orders["control"])) as control:
        while True:
            data, doors, _, _ = socket.recv_fds(control, NUMBER.size, 1, socket.MSG_WAITALL)
            if len(data) < NUMBER.size:
                break
            (pid,) = NUMBER.unpack(data)
            if pid == 0:
                pid = os.fork()
                if pid == 0:
                    control.close()
                    _work(doors[0], limits)
                os.close(doors[0])
                children.add(pid)
                control.sendall(NUMBER.pack(pid))
            elif pid == LOAD:
                _load(receive(control).decode())
                gc.freeze()
                control.sendall(NUMBER.pack(0))
            else:
                children.discard(pid)
                control.sendall(NUMBER.pack(_end(pid)))
    for pid in children:
        _end(pid)


def _load(entry: str) -> None:
    module, _, function = entry.partition(":")
    with suppress(ImportError):  # the job that needs it will say so, with a traceback
        loaded = importlib.import_module(module)
        if function:
            getattr(loaded, function)()


def _end(pid: int) -> int:
    os.kill(pid, signal.SIGKILL)  # nobody else waits for it, so the number is still its own
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


# ── in a worker ───────────────────────────────────────────────────────────────────────────────────


def _work(door: int, limits: Limits) -> NoReturn:
    """One job after the other until the socket closes. A bug's traceback is the last word of a worker: what it left behind is unknown."""
    status = 1
    with socket.socket(fileno=door) as talk:
        try:
            resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            with suppress(EOFError, ConnectionError):
                while True:
                    message = receive(talk)
                    _start_clocks(limits)
                    reply = _perform(message)
                    signal.setitimer(signal.ITIMER_REAL, 0)
                    send(talk, reply)
                    garbage.look()
            status = 0
        finally:
            error = sys.exc_info()[1]
            if isinstance(error, MemoryError):
                os._exit(OUT_OF_MEMORY)
            if error is not None:
                summary = "".join(traceback.format_exception_only(error)).strip()
                send(talk, pickle.dumps(("fault", (summary, "".join(traceback.format_exception(error))))))
            os._exit(status)


def _start_clocks(limits: Limits) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(used.ru_utime + used.ru_stime) + limits.cpu
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
    signal.setitimer(signal.ITIMER_REAL, limits.wall)  # SIGALRM's default action ends the process


def _perform(message: bytearray) -> bytes:
    function, args = pickle.loads(message)  # noqa: S301  # from the process that started us
    try:
        return pickle.dumps(("done", function(*args)), pickle.HIGHEST_PROTOCOL)
    except ItemError as error:
        return pickle.dumps(("item", error), pickle.HIGHEST_PROTOCOL)


# ── on both sides ─────────────────────────────────────────────────────────────────────────────────


def send(door: socket.socket, message: bytes) -> None:
    """A message with its length before it."""
    door.sendall(NUMBER.pack(len(message)) + message)


def receive(door: socket.socket) -> bytearray:
    """The next message. Raises EOFError when the other side is gone, also in the middle."""
    return exactly(door, NUMBER.unpack(exactly(door, NUMBER.size))[0])


def exactly(door: socket.socket, size: int) -> bytearray:
    """So many bytes. Raises EOFError."""
    data = bytearray(size)
    rest = memoryview(data)
    while rest:
        count = door.recv_into(rest)
        if not count:
            raise EOFError("the other side is gone")
        rest = rest[count:]
    return data
