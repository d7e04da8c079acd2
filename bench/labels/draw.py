"""Draws wire pairs for a person to read: evenly over the whole range of shared text, in an order that tells nothing.

    draw.py DATA FOLDER

DATA: the folder of ``docs.jsonl.gz`` and ``pairs_asprout.jsonl.gz``. FOLDER gets sheets of 50 pairs as text. The range is that of plain
containment of word 3-grams, the larger direction, in ten equal steps: no verdict of a matcher and no label has a say.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import sys
from collections import defaultdict
from pathlib import Path

PAIRS, STEPS, SHEET, DRAWN_WITH = 200, 10, 50, 20261124


def _rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _grams(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def _drawn(docs: dict[str, dict[str, str]], pairs: list[dict[str, str]]) -> list[tuple[str, str]]:
    grams = {name: _grams(doc["body"]) for name, doc in docs.items()}
    steps: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for pair in pairs:
        one, other = grams[pair["a"]], grams[pair["b"]]
        most = len(one & other) / max(1, min(len(one), len(other)))
        steps[min(STEPS - 1, int(most * STEPS))].append((pair["a"], pair["b"]))
    chance = random.Random(DRAWN_WITH)
    for step in steps.values():
        chance.shuffle(step)
    drawn: list[tuple[str, str]] = []
    while len(drawn) < PAIRS:  # a step that has too few is filled from the others
        for step in range(STEPS):
            if steps[step] and len(drawn) < PAIRS:
                drawn.append(steps[step].pop())
    chance.shuffle(drawn)
    return drawn


def _sheet(docs: dict[str, dict[str, str]], pairs: list[tuple[str, str]]) -> str:
    parts = []
    for a, b in pairs:
        parts.append(f"{'=' * 100}\nPAIR {a} {b}\n")
        for side, name in (("A", a), ("B", b)):
            doc = docs[name]
            parts.append(f"--- {side}: {doc['outlet']}, {doc.get('published')}\nTITLE: {doc['title']}\n{doc['body']}\n")
    return "\n".join(parts)


def main() -> None:
    """Writes the sheets."""
    data, folder = Path(sys.argv[1]), Path(sys.argv[2])
    docs = {doc["id"]: doc for doc in _rows(data / "docs.jsonl.gz")}
    drawn = _drawn(docs, _rows(data / "pairs_asprout.jsonl.gz"))
    for n in range(0, PAIRS, SHEET):
        (folder / f"sheet-{n // SHEET + 1}.txt").write_text(_sheet(docs, drawn[n : n + SHEET]), encoding="utf-8")


if __name__ == "__main__":
    main()
