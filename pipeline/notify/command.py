"""To a program on this machine: started with the words that a person named, no shell, the alert as JSON on its standard input."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from contextlib import suppress

from pipeline.errors import Undelivered
from pipeline.model import Target
from pipeline.notify.wording import Message
from pipeline.text import plain

TOLD = 300  # characters of what it says that are told on


async def send(target: Target, message: Message) -> None:
    """Raises Undelivered unless it ends with 0 within the target's time; then it and what it started are ended."""
    body = json.dumps(message.payload, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    try:
        process = await asyncio.create_subprocess_exec(*target.command, stdin=pipe, stdout=nothing, stderr=pipe, start_new_session=True)
    except OSError as error:
        raise Undelivered(f"{target.command[0]} cannot be started: {error.strerror}") from error
    except ValueError as error:
        raise Undelivered(f"{target.command[0]!r} cannot be started: {error}") from error
    ended = False
    try:
        _, said = await asyncio.wait_for(process.communicate(body), target.wait.total_seconds())
        ended = True
    except TimeoutError:
        raise Undelivered(f"{target.command[0]} did not end within {target.wait.total_seconds():g} s") from None
    finally:
        if not ended:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    if process.returncode:
        words = " ".join(plain(said.decode("utf-8", "replace")).split())[:TOLD]
        raise Undelivered(f"{target.command[0]} ended with {process.returncode}" + (f": {words}" if words else ""))
