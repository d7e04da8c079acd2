"""One line of the doctor's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

State = Literal["ok", "note", "wrong"]
SKEW: Final = timedelta(minutes=5)  # by which clocks may differ


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was looked at, how it is, and what to do about it. ``code``: the exit code it asks for when it is wrong."""

    name: str
    state: State
    said: str
    mend: str = ""
    code: int = 1
