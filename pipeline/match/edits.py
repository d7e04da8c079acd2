"""What kind of edit made one state of an article into the next: a pure function of the two.

Something was edited when sentences of its body came, went or changed, or its headline did. Lines that hold no sentences (subheads, boxes of
headlines, banners), stamps and counters, what the outlet repeats under its stories, another order, authors and credit alone are no edit;
neither is a wall or a cut-short page where the whole text is known already.

The first of these that holds is the class:

1. ``correction``  a notice of correction or clarification, or an editor's note, appears or changes
2. ``live``        the body of a live blog changed, or of a story that grows at every look
3. ``figures``     nothing of the body changed but figures
4. ``addition``    words came, and hardly any went
5. ``cut``         words went, and hardly any came
6. ``rewrite``     words were put in the place of others
7. ``headline``    the headline alone
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from pipeline.match.notices import is_figure, is_furniture, is_prose, notices
from pipeline.model import Article, Edited
from pipeline.repeated import without
from pipeline.text import normalise, sentences, tokens

ONE_SIDED: Final = 4  # times as many words on one side as on the other, for an addition or a cut: a figure or a name changes on the way
SIMILAR: Final = 0.5  # the share of their words that two sentences have in common to be two states of one
WORK: Final = 1_000_000  # words × words of two sentences that are aligned, and sentences × sentences that are weighed
HEDGE: Final = 3  # words that change with a figure: "one person was", "at least"
_AFFIX: Final = re.compile(r"^(?P<first>.+)\s(?:[|·•–—-]|::)\s(?P<last>.+)$", re.DOTALL)

Words = tuple[str, ...]


class _Amount(NamedTuple):
    """How many words came and went, and whether all of them go with figures that changed."""

    added: int
    removed: int
    figures: bool


def edited(old: Article, new: Article, repeated: Collection[str] = (), *, running: bool = False) -> Edited:
    """From ``old`` to ``new``. ``repeated``: what their outlet prints under many stories (``Profile.repeated``); ``running``: it has grown
    at every look of late."""
    if old.completeness == "full" != new.completeness:
        return Edited(kind=None, added=0, removed=0)
    before, after = (without(one.text, repeated)[0].split("\n") for one in (old, new))
    amount = _between(_said(before), _said(after))
    changed = amount.added or amount.removed
    if Counter(notices(after)) - Counter(notices(before)):
        return Edited(kind="correction", added=amount.added, removed=amount.removed)
    if not changed:
        kind = "headline" if _headline(old) != _headline(new) else None
        return Edited(kind=kind, added=0, removed=0)  # type: ignore[arg-type]  # two of the classes
    if running or "live" in (old.kind, new.kind):
        return Edited(kind="live", added=amount.added, removed=amount.removed)
    if amount.figures:
        return Edited(kind="figures", added=amount.added, removed=amount.removed)
    if amount.added >= ONE_SIDED * amount.removed:
        return Edited(kind="addition", added=amount.added, removed=amount.removed)
    if amount.removed >= ONE_SIDED * amount.added:
        return Edited(kind="cut", added=amount.added, removed=amount.removed)
    return Edited(kind="rewrite", added=amount.added, removed=amount.removed)


def _headline(article: Article) -> list[str]:
    """The words of the headline, without the name of the paper, which some pages put before or behind it."""
    title = article.title.strip()
    if (parts := _AFFIX.match(title)) and article.outlet:
        names = {_letters(article.outlet.partition(".")[0]), _letters(article.outlet), _letters(article.outlet_name or "")}
        if _letters(parts["last"]) in names:
            title = parts["first"]
        elif _letters(parts["first"]) in names:
            title = parts["last"]
    return tokens(title).forms


def _letters(text: str) -> str:
    return "".join(letter for letter in normalise(text) if letter.isalnum())


def _said(lines: Sequence[str]) -> Counter[Words]:
    """The sentences of the story, as words."""
    found: Counter[Words] = Counter()
    for line in lines:
        if is_prose(line, len(tokens(line).forms)):
            for start, end in sentences(line):
                words = tuple(tokens(line[start:end]).forms)
                if words and not is_furniture(words):
                    found[words] += 1
    return found


# ── words that came and went ──────────────────────────────────────────────────────────────────────


def _between(old: Counter[Words], new: Counter[Words]) -> _Amount:
    gone, come = sorted((old - new).elements()), sorted((new - old).elements())
    if turned := come < gone:  # in an order of its own, so that the way back counts the same
        gone, come = come, gone
    added = removed = 0
    figures = True
    pairs = dict(_paired(gone, come))
    for place, words in enumerate(gone):
        if place in pairs:
            amount = _within(words, come[pairs[place]])
            added, removed, figures = added + amount.added, removed + amount.removed, figures and amount.figures
        else:
            removed, figures = removed + len(words), False
    met = set(pairs.values())
    alone = [words for place, words in enumerate(come) if place not in met]
    added += sum(map(len, alone))
    return _Amount(removed, added, figures and not alone) if turned else _Amount(added, removed, figures and not alone)


def _paired(gone: Sequence[Words], come: Sequence[Words]) -> Iterator[tuple[int, int]]:
    """Two states of one sentence: the most alike first, each once."""
    if len(gone) * len(come) > WORK:
        return
    counts = [Counter(words) for words in come]
    weighed = []
    for place, words in enumerate(gone):
        mine = Counter(words)
        for other, theirs in enumerate(counts):
            share = 2 * (mine & theirs).total() / (len(words) + len(come[other]))
            if share >= SIMILAR:
                weighed.append((-share, place, other))
    left, right = set[int](), set[int]()
    for _, place, other in sorted(weighed):
        if place not in left and other not in right:
            left.add(place)
            right.add(other)
            yield place, other


def _within(old: Words, new: Words) -> _Amount:
    """Of two states of one sentence."""
    if len(old) * len(new) > WORK:
        return _Amount(len(new), len(old), figures=False)
    added = removed = 0
    figures = True
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            added, removed = added + b2 - b1, removed + a2 - a1
            figures = figures and _of_figures(old[a1:a2]) and _of_figures(new[b1:b2])
    return _Amount(added, removed, figures)


def _of_figures(words: Words) -> bool:
    """Whether words that changed are a figure, with what goes with it."""
    numbers = sum(map(is_figure, words))
    return bool(numbers) and len(words) - numbers <= HEDGE
