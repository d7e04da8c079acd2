"""What `wirewatch --help` costs: CPU seconds, the median of several starts. The bar is 0.3 s.

python bench/help_time.py [--times 9]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from machine import Bars, Product, table

MOST = 0.3  # CPU seconds, user and system: the first issue's promise


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--times", type=int, default=9)
    given = words.parse_args()
    bars = Bars("`wirewatch --help`")
    costs = []
    with tempfile.TemporaryDirectory() as home:
        product = Product(Path(home))
        for _ in range(given.times + 1):
            process = subprocess.Popen(product.command("--help"), stdout=subprocess.DEVNULL, env=product.environment, cwd=product.home)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            costs.append(used.ru_utime + used.ru_stime)
    costs = costs[1:]  # the first writes byte code
    table([("median CPU s", f"{statistics.median(costs):.3f}"), ("least", f"{min(costs):.3f}"), ("most", f"{max(costs):.3f}")])
    bars.hold(f"at most {MOST} s", statistics.median(costs) <= MOST)
    return bars.verdict()


if __name__ == "__main__":
    sys.exit(main())
