"""Work of a library that blocks, away from the event loop, and never longer than it is waited for.

A thread that hangs is left behind: it is a daemon, so that it does not keep the program from ending, as a pool's would.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress

from pipeline.errors import Undelivered


async def apart(work: Callable[[], Undelivered | None]) -> None:
    """Raises what ``work`` returns. A bug in it leaves its traceback; whoever waits has a limit of his own."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Undelivered | None] = loop.create_future()

    def tell(trouble: Undelivered | None) -> None:
        if not done.done():  # else nobody waits any more
            done.set_result(trouble)

    def run() -> None:
        trouble = work()
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(tell, trouble)

    threading.Thread(target=run, daemon=True, name="notify").start()
    if (trouble := await done) is not None:
        raise trouble
