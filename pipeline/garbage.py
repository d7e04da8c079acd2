"""How often Python looks for garbage that refers to itself in circles. All other garbage goes at once, whatever is set here."""

from __future__ import annotations

import gc
from typing import Final

THRESHOLDS: Final = (50_000, 20, 10)
"""New containers between two looks, and how many looks until the older ones are looked at too. With Python's own 700 (3.11) the looks took
a tenth of what an article costs, and a quarter of what the dearest ones did, to find next to nothing: to judge an article makes some 20,000
containers, and a handful of them in circles. 50,000 small ones are some 5 MB."""


def seldom() -> None:
    """From now on, in this process and those that are forked from it."""
    gc.set_threshold(*THRESHOLDS)
