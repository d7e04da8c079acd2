"""Real robots.txt files, a host each, served over loopback: each is read, or refused with a reason; and what we then allow is what
protego, asked directly, allows, on generated path checks over all of them.

    python bench/robots.py DIR [--checks N]

Paths are made of the files' own rules (as they stand, cut short, prolonged, with wildcards filled in) and of chance, seeded. The product's
``Robots`` asks the loopback for each file through its own fetcher; CPU seconds are those of the whole run.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sys
import time
from datetime import timedelta
from pathlib import Path

from machine import Bars, Loopback, table
from protego import Protego

from pipeline.clock import SystemClock
from pipeline.errors import Disallowed, FetchError, NotAnArticle
from pipeline.fetch import Fetcher, Policy
from pipeline.model import Request

NOT_ROBOTS = {"MANIFEST.jsonl", "README.md"}
PAGE = "<!doctype html><title>A page</title><p>Something to read.</p>"


def paths(text: str, dice: random.Random, count: int) -> list[str]:
    """So many paths, most of them near the file's own rules."""
    rules = re.findall(r"^\s*(?:dis)?allow\s*:\s*(/[\x21-\x7e]*)", text, re.IGNORECASE | re.MULTILINE) or ["/"]
    made = []
    while len(made) < count:
        path = dice.choice(rules).split("#")[0].rstrip("$")
        path = re.sub(r"\*", lambda _: dice.choice(("", "x", "news/2026")), path)
        match dice.randrange(5):
            case 0:
                path = path[: dice.randrange(1, len(path) + 1)]
            case 1:
                path += dice.choice(("/", "x", "index.html", "?a=1", "/deep/er"))
            case 2:
                path = "/" + "".join(dice.choice("abcnews/-?=&12") for _ in range(dice.randrange(1, 20)))
        if path.startswith("/") and not path.startswith("//") and path != "/robots.txt":
            made.append(path)
    return made


async def ours(fetcher: Fetcher, url: str) -> bool | str:
    """Whether the product would fetch it; or why nothing is fetched there."""
    try:
        await fetcher.fetch(Request(url=url))
    except Disallowed:
        return False
    except (FetchError, NotAnArticle) as error:
        return True if error.reason == "gone" else f"{error.reason}: {error.message}"
    return True


async def compare(web: Loopback, files: list[Path], checks: int) -> tuple[int, int, list[str], list[str]]:
    """→ checks made, of them allowed, differences, files that could not be read."""
    dice, differences, unread = random.Random(7), list[str](), list[str]()
    made = allowed = 0
    policy = Policy(delay=timedelta(0), allow_private=("127.0.0.0/8",), resolve={"*": web.address})
    async with Fetcher(policy, _Unhurried()) as fetcher:
        for number, path in enumerate(files):
            host = f"robots{number:03}.bench.example"
            raw = path.read_bytes()
            web.page(f"http://{host}/robots.txt", raw, kind="text/plain")
            text = raw[: 500 * 1024].decode("utf-8-sig", "replace")
            rules = Protego.parse(text)
            share = checks // len(files) + (number < checks % len(files))
            for one in paths(text, dice, share):
                url = f"http://{host}{one}"
                said, meant = await ours(fetcher, url), rules.can_fetch(url, "wirewatch")
                made += 1
                allowed += said is True
                if isinstance(said, str):
                    unread.append(f"{path.name}: {said}")
                    break
                if said != meant:
                    differences.append(f"{path.name}: {one}: ours {said}, protego {meant}")
    return made, allowed, differences, unread


class _Unhurried(SystemClock):
    """Crawl-delays are honoured by the product; here they would take hours, so that sleeping takes no time."""

    async def sleep(self, seconds: float) -> None:
        """Yields once, however many seconds were asked for."""
        await asyncio.sleep(0 * seconds)

    def __init__(self) -> None:
        super().__init__()
        self._ahead = 0.0

    def monotonic(self) -> float:
        """Far ahead at each look, so that every turn has come."""
        self._ahead += 1.0
        return super().monotonic() + self._ahead


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("folder", type=Path)
    words.add_argument("--checks", type=int, default=2_000)
    given = words.parse_args()
    files = sorted(path for path in given.folder.iterdir() if path.is_file() and path.name not in NOT_ROBOTS)
    bars = Bars(f"{len(files)} real robots.txt, {given.checks:,} path checks")
    began = time.process_time()
    with Loopback() as web:
        made, allowed, differences, unread = asyncio.run(compare(web, files, given.checks))
        asked = {hit.host for hit in web.log() if hit.path == "/robots.txt" and hit.status == 200}
    cpu = time.process_time() - began
    table(
        [
            ("files", len(files)),
            ("files read", len(asked) - len(unread)),
            ("files refused", len(unread)),
            ("path checks", made),
            ("of them allowed", allowed),
            ("differences from protego", len(differences)),
            ("CPU seconds (server too)", cpu),
        ]
    )
    for line in [*unread, *differences[:20]]:
        print(f"  {line}")
    bars.hold("every file was asked for", len(asked) == len(files), f"{len(files) - len(asked)} were not")
    bars.hold("every check was made", made >= given.checks - sum(1 for _ in unread) * (given.checks // len(files) + 1))
    bars.hold("protego's answers equal ours", not differences, f"{len(differences)} differ")
    bars.hold("CPU bounded", cpu < 60, f"{cpu:.1f} s")
    return bars.verdict()


if __name__ == "__main__":
    sys.exit(main())
