"""What changed between two states of a text, paragraph by paragraph and word by word; what of a text stands in another and what does not.

Words are compared as ``text.tokens`` gives them, so that another kind of quotation mark is no change. A paragraph that stands elsewhere
was moved, not removed and put in again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from pipeline.match import compare
from pipeline.model import Article, Change, ChangeKind, Changes, Edit
from pipeline.text import sentences, tokens

SIMILAR: Final = 0.5  # the share of their words that two paragraphs have in common to be two states of one
WORK: Final = 2_000_000  # words × words of one paragraph that are aligned; beyond that it is simply another one (a trap, or no prose)
PAIRS: Final = 40_000  # paragraphs × paragraphs that are weighed against each other

_FIELDS: Final = ("title", "authors", "credit", "dateline", "published", "section", "completeness")
_KINDS: Final[dict[str, ChangeKind]] = {"equal": "same", "replace": "changed", "insert": "added", "delete": "removed"}


class Paragraph(NamedTuple):
    """A line of a text: where it stands, its words and where they stand."""

    start: int
    end: int
    forms: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def changes(old: Article, new: Article) -> Changes:
    """From ``old`` to ``new``, two states of one article."""
    before, after = _paragraphs(old.text), _paragraphs(new.text)
    fields = ((name, _said(getattr(old, name)), _said(getattr(new, name))) for name in _FIELDS)
    return Changes(
        fields=tuple(field for field in fields if field[1] != field[2]),
        figures=compare(new, old).figures_changed,
        paragraphs=tuple(_in_order(before, after)),
    )


def apart(text: str, shared: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The sentences of ``text`` less than half of whose words stand in the spans ``shared``: what is only here."""
    words = tokens(text)
    marks = bytearray(len(words.forms))
    for start, end in shared:
        first, last = bisect_left(words.starts, start), bisect_left(words.starts, end)
        marks[first:last] = b"\x01" * (last - first)
    found = []
    for start, end in sentences(text):
        first, last = bisect_left(words.starts, start), bisect_left(words.starts, end)
        if last > first and 2 * marks.count(1, first, last) < last - first:
            found.append((start, end))
    return tuple(found)


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else "" if value is None else str(value)


def _paragraphs(text: str) -> list[Paragraph]:
    found, start = [], 0
    for line in text.split("\n"):
        words = tokens(line)
        if words.forms:
            starts, ends = (tuple(start + place for place in side) for side in (words.starts, words.ends))
            found.append(Paragraph(start, start + len(line), tuple(words.forms), starts, ends))
        start += len(line) + 1
    return found


# ── paragraphs ────────────────────────────────────────────────────────────────────────────────────


def _in_order(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> Iterator[Change]:
    blocks = SequenceMatcher(None, [one.forms for one in old], [one.forms for one in new], autojunk=False).get_opcodes()
    same = {b1 + n: a1 + n for kind, a1, a2, b1, _ in blocks if kind == "equal" for n in range(a2 - a1)}
    changed: dict[int, int] = {}
    for kind, a1, a2, b1, b2 in blocks:
        if kind == "replace":
            changed |= _paired(old, new, range(a1, a2), range(b1, b2))
    met = {*same.values(), *changed.values()}
    moved = _paired(
        old, new, [i for i in range(len(old)) if i not in met], [j for j in range(len(new)) if j not in same and j not in changed]
    )
    gone = set(range(len(old))) - met - set(moved.values())
    for _, a1, a2, b1, b2 in blocks:
        place = new[b1].start if b1 < len(new) else new[-1].end if new else 0
        for i in sorted(gone.intersection(range(a1, a2))):
            yield Change(kind="removed", start=place, end=place, other_start=old[i].start, other_end=old[i].end)
        for j in range(b1, b2):
            yield _change(old, new, j, same, changed, moved)


def _change(
    old: Sequence[Paragraph], new: Sequence[Paragraph], j: int, same: dict[int, int], changed: dict[int, int], moved: dict[int, int]
) -> Change:
    after = new[j]
    for kind, pairs in (("same", same), ("changed", changed), ("moved", moved)):
        if j in pairs:
            before = old[pairs[j]]
            edits = _edits(before, after) if before.forms != after.forms else ()
            told: ChangeKind = "moved" if kind == "moved" else "changed" if edits else "same"
            return Change(kind=told, start=after.start, end=after.end, other_start=before.start, other_end=before.end, edits=edits)
    place = old[-1].end if old else 0
    return Change(kind="added", start=after.start, end=after.end, other_start=place, other_end=place)


def _paired(old: Sequence[Paragraph], new: Sequence[Paragraph], mine: Sequence[int], theirs: Sequence[int]) -> dict[int, int]:
    """new → old: the most alike first, each once, only those that are alike enough to be two states of one paragraph."""
    if not mine or not theirs:
        return {}
    if len(mine) * len(theirs) > PAIRS:  # too many to weigh: only those that are equal
        places = {old[i].forms: i for i in reversed(mine)}
        return {j: places.pop(new[j].forms) for j in theirs if new[j].forms in places}
    counts = {i: Counter(old[i].forms) for i in mine}
    weighed = []
    for j in theirs:
        words = Counter(new[j].forms)
        for i in mine:
            share = 2 * (words & counts[i]).total() / (len(new[j].forms) + len(old[i].forms))
            if share >= SIMILAR and len(new[j].forms) * len(old[i].forms) <= WORK:
                weighed.append((-share, abs(i - mine[0] - (j - theirs[0])), j, i))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, j, i in sorted(weighed):
        if j not in pairs and i not in taken:
            pairs[j] = i
            taken.add(i)
    return pairs


# ── words ─────────────────────────────────────────────────────────────────────────────────────────


def _edits(old: Paragraph, new: Paragraph) -> tuple[Edit, ...]:
    found = []
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, old.forms, new.forms, autojunk=False).get_opcodes():
        start, end = _span(new, b1, b2)
        other_start, other_end = _span(old, a1, a2)
        found.append(Edit(kind=_KINDS[kind], start=start, end=end, other_start=other_start, other_end=other_end))
    return tuple(found)


def _span(one: Paragraph, first: int, last: int) -> tuple[int, int]:
    if first < last:
        return one.starts[first], one.ends[last - 1]
    place = one.starts[first] if first < len(one.starts) else one.end
    return place, place
