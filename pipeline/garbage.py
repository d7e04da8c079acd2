"""When Python looks for garbage that refers to itself in circles. All other garbage goes at once, whatever is set here.

With Python's own thresholds (700, 10, 10 in 3.11) the looks took a tenth of what an article costs, and a quarter of what the dearest ones
did, to find next to nothing: to judge an article makes some 20,000 containers, and a handful of them in circles.
"""

from __future__ import annotations

import gc
from typing import Final

NEW: Final = 50_000  # new containers until they are looked at: small ones are some 5 MB
LOOKS: Final = 20  # looks at new ones until those are looked at that were left over
OLDER: Final = 10  # looks at those until all are looked at
IN_A_JOB: Final = 1_000_000  # new containers until a job that makes very many is interrupted by a look


def seldom() -> None:
    """In this process it is looked for seldom."""
    gc.set_threshold(NEW, LOOKS, OLDER)


def between_jobs_alone() -> None:
    """In this process, and those forked from it, it is looked for by ``look``, which is called when a job's answer has gone out."""
    gc.set_threshold(IN_A_JOB, LOOKS, OLDER)


def look() -> None:
    """Looks for it, if enough is new."""
    new, looks, older = gc.get_count()
    if new >= NEW:
        gc.collect(2 if older >= OLDER else 1 if looks >= LOOKS else 0)
