"""The words of walls, missing pages and questions for consent, in some thirty languages: ``stems.toml``, read when first needed."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

NOTIONS = ("subscribe", "login", "register", "password", "read_on", "lock", "price", "comment")
"""What ``of`` tells."""
OTHERS = ("access", "club", "left", "missing", "away", "broken", "human", "lists", "further", "apply")


@cache
def _written() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "stems.toml").read_text(encoding="utf-8"))


def _alternatives(block: str) -> str:
    """One pattern of them all; apostrophes may be straight or curly."""
    return "|".join(part.strip() for line in block.splitlines() for part in line.split(" | ") if part.strip()).replace("'", "['’]")


@cache
def notion(name: str) -> re.Pattern[str]:
    """The pattern of a notion, for a text in lower case."""
    said = _alternatives(_written()[name])
    if name == "missing":  # a page, and what has become of it, in one sentence
        page = _alternatives(_written()["page"])
        said = rf"(?:{page}).{{0,90}}?(?:{said})|(?:{said}).{{0,60}}?(?:{page})|\b404\b"
    if name == "lock":  # only for those who pay, in whichever order
        only, paying = _alternatives(_written()["only"]), "|".join(_alternatives(_written()[who]) for who in ("subscribe", "club"))
        said = rf"{said}|(?:{only}).{{0,30}}(?:{paying})|(?:{paying}).{{0,16}}(?:{only})"
    return re.compile(said)


@cache
def asks() -> dict[str, re.Pattern[str]]:
    """The things that a question for consent speaks of."""
    return {name: re.compile(_alternatives(block)) for name, block in _written()["asks"].items()}


def of(text: str) -> set[str]:
    """The notions of a text in lower case."""
    return {name for name in NOTIONS if notion(name).search(text)}


def consenting(text: str) -> int:
    """How many different things that a question for consent speaks of stand in a text in lower case."""
    return sum(1 for pattern in asks().values() if pattern.search(text))


def warm_up() -> None:
    """Reads and compiles them all, so that processes forked later share them."""
    for name in (*NOTIONS, *OTHERS):
        notion(name)
    asks()
