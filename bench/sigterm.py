"""SIGTERM at random moments of `wirewatch run` against the press: exit 0 within 10 s; after a last ingest nothing is lost or doubled.

    python bench/sigterm.py [--times 50] [--seed 1]

Each time with a new database, so that there is work to interrupt; the moment is drawn from the time that a whole ingest takes, counted
from the first request.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from machine import ROOT, Bars, Product, Watched, key, table, until

from pipeline.press import Press

PATIENCE = 10.0  # seconds from SIGTERM to the end: doors.md


def installed(home: Path, press: Press) -> Product:
    """A new installation that watches the press."""
    product = Product(home, resolve={"*": f"127.0.0.1:{press.port}"}, seeds=ROOT / "seeds")
    product.sources([(source.name, source.kind, source.url) for source in press.sources])
    return product


def interrupt(home: Path, press: Press, moment: float) -> tuple[int, float, int, str]:
    """Starts the daemon, and stops it ``moment`` seconds after its first request. → exit code, seconds to the end, requests, its stderr."""
    press.clear_log()
    run = Watched(installed(home, press), ["run"])
    try:
        until(lambda: bool(press.log()) or run.process.poll() is not None, 60)
        threading.Event().wait(moment)
        asked = time.monotonic()
        run.process.send_signal(signal.SIGTERM)
        ended = until(lambda: run.process.poll() is not None, PATIENCE + 20)
        code = run.process.returncode if ended else -99
        return code, time.monotonic() - asked, len(press.log()), run.err.read_text(encoding="utf-8", errors="replace")
    finally:
        run.clear()


def wrongs(product: Product, press: Press) -> tuple[int, int]:
    """How many articles of the press are lost, and how many are stored more than once."""
    stored = Counter(key(row["url"]) for row in product.articles())
    printed = [made for made in press.made() if not isinstance(made.published, datetime) or made.published <= datetime.now(UTC)]
    times = [sum(stored[url] for url in {key(made.url), *map(key, made.aliases)}) for made in printed]
    return sum(count == 0 for count in times), sum(count > 1 for count in times)


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--times", type=int, default=50)
    words.add_argument("--seed", type=int, default=1)
    given = words.parse_args()
    dice = random.Random(given.seed)
    bars = Bars(f"SIGTERM at {given.times} moments of `wirewatch run`")
    rows, results, bugs = [], [], []
    started = datetime.now(UTC) - timedelta(hours=1)
    with tempfile.TemporaryDirectory() as folder, Press.start(ROOT / "seeds", start=started) as press:
        whole = Watched(installed(Path(folder) / "whole", press), ["ingest"]).end()
        bars.hold("an undisturbed ingest ends with exit 0", whole.code == 0, f"exit {whole.code}")
        for number in range(given.times):
            home, moment = Path(folder) / str(number), dice.uniform(0, whole.wall * 1.2)
            code, seconds, requests, said = interrupt(home, press, moment)
            bugs += [said[max(0, said.index("Traceback") - 200) :][:3000]] if "Traceback" in said else []
            product = installed(home, press)
            product("ingest")
            results.append((code, seconds, *wrongs(product, press)))
            rows.append((number + 1, moment, requests, *results[-1]))
        table(rows, head=("time", "after s", "requests", "exit", "seconds", "lost", "doubled"))
    bars.hold("exit 0", all(code == 0 for code, *_ in results))
    bars.hold("within 10 s", all(seconds <= PATIENCE for _, seconds, *_ in results), f"slowest {max(row[1] for row in results):.2f} s")
    print("\n".join(bugs[:3]))
    bars.hold("no bug met", not bugs, f"{len(bugs)} times")
    bars.hold("nothing lost", not any(row[2] for row in results))
    bars.hold("nothing doubled", not any(row[3] for row in results))
    return bars.verdict()


if __name__ == "__main__":
    sys.exit(main())
