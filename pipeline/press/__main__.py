"""Starts the press: ``python -m pipeline.press [--port 0] [--seeds DIR] [--start INSTANT] [--seed-number N]``, or with ``--world day
[--outlets 300] [--hours 30] [--pace 1]`` the generated one.

Says in one line of JSON where it listens, then serves until its standard input ends or it is told to stop (SIGTERM, SIGINT): exit 0.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from pipeline.press.day.world import Day
from pipeline.press.papers import OUTLETS
from pipeline.press.seeds import default_folder, read_seeds
from pipeline.press.server import CONTROL, Press
from pipeline.press.world import World


def main(words: list[str] | None = None) -> int:
    """Runs until told to stop. Returns the exit code; 2 for seeds that cannot be read or a port that cannot be had."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline.press", description="A small deterministic world of news outlets on loopback."
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--seeds", type=Path, default=None, help="folder of the seeds that the outlets run")
    parser.add_argument("--start", type=datetime.fromisoformat, default=None, help="where its clock starts (ISO 8601; no offset means UTC)")
    parser.add_argument("--seed-number", type=int, default=0, help="another number, another world")
    parser.add_argument("--world", choices=("seeds", "day"), default="seeds", help="the outlets that run the seeds, or generated ones")
    parser.add_argument("--outlets", type=int, default=300, help="of the world day; 0: four that are down for a day")
    parser.add_argument("--hours", type=float, default=30.0, help="for how long the world day publishes")
    parser.add_argument("--pace", type=float, default=1.0, help="so many times as many articles in the world day")
    given = parser.parse_args(words)
    start = given.start
    if start is not None:
        start = (start if start.tzinfo else start.replace(tzinfo=UTC)).astimezone(UTC)
    try:
        world: World | Day
        if given.world == "day":
            world = Day(given.outlets, start, given.hours, given.seed_number, given.pace)
        else:
            world = World(read_seeds(given.seeds or default_folder()), start, given.seed_number)
        asyncio.run(_serve(world, given.port))
    except (OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"press: {error!r}\n")
        return 2
    return 0


async def _serve(world: World | Day, port: int) -> None:
    press = Press(world)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, press.closing.set)
    server = await press.listen(port)
    threading.Thread(target=_wait_for_end, args=(loop, press.closing), daemon=True).start()
    bound = server.sockets[0].getsockname()[1]
    sources = world.sources() if isinstance(world, Day) else _sources()
    control = f"http://127.0.0.1:{bound}{CONTROL}"
    sys.stdout.write(json.dumps({"port": bound, "sources": sources, "control": control, "now": world.start.isoformat()}) + "\n")
    sys.stdout.flush()
    await press.closing.wait()
    server.close()
    press.close()


def _sources() -> list[dict[str, str]]:
    sources = [
        {"name": name, "kind": "feed", "url": f"http://{outlet.host}{path}", "outlet": outlet.domain}
        for outlet in OUTLETS
        for name, path, _ in outlet.feeds
    ]
    sources += [
        {"name": name, "kind": kind, "url": url, "outlet": outlet.domain} for outlet in OUTLETS for name, kind, url in outlet.listed
    ]
    return sources


def _wait_for_end(loop: asyncio.AbstractEventLoop, closing: asyncio.Event) -> None:
    """Reads standard input to its end: whoever started the press is gone then."""
    while True:
        try:
            if not os.read(0, 4096):
                break
        except OSError:
            break
    if not loop.is_closed():
        loop.call_soon_threadsafe(closing.set)


if __name__ == "__main__":
    raise SystemExit(main())
