"""Which versions share enough hashes with a text, against the same reckoned as it is meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.store import prints

SHINGLES = 60
MANY = prints.MENTIONS


def slowly(mentions: Mapping[int, Sequence[str]], shingles: Sequence[int], most: int, many: int, alone: int) -> dict[str, int]:
    counts, apart = Counter[str](), Counter[str]()
    for named in mentions.values():
        counts.update(named)
    for made in counts:
        begun, met = -prints.PHRASE, False
        for place, value in enumerate(shingles):
            common = len(mentions.get(value, ())) >= many and len(shingles) > 2 * prints.PHRASE
            if common and place >= begun + prints.PHRASE:
                begun, met = place, False
            if made in mentions.get(value, ()):
                apart[made] += not (common and met)
                met = met or common
    telling = {made for named in mentions.values() if len(named) <= alone for made in named}
    enough = [(made, count) for made, count in counts.most_common() if apart[made] > 1 or made in telling]
    return dict(enough[:most])


@st.composite
def mentioned(draw: st.DrawFn) -> tuple[dict[int, list[str]], list[int]]:
    """Some hashes of a text with who has them; a few stand in many texts."""
    shingles = list(range(100, 100 + draw(st.sampled_from((5, 16, 17, SHINGLES)))))
    found = dict[int, list[str]]()
    for value in sorted(draw(st.sets(st.sampled_from(shingles), max_size=12))):
        if draw(st.booleans()):
            start = draw(st.integers(0, 30))
            found[value] = [str(made) for made in range(start, start + draw(st.sampled_from((prints.COMMON, MANY))))]
        else:
            found[value] = [str(made) for made in sorted(draw(st.sets(st.integers(0, MANY + 40), min_size=1, max_size=25)))]
    return found, shingles


@settings(max_examples=60, deadline=None)
@given(
    mentioned(),
    st.sampled_from((1, 20, 500, 5000)),
    st.sampled_from((prints.COMMON, MANY)),
    st.sampled_from((0, 1, prints.RARE, prints.COMMON - 1, MANY - 1)),
)
def test_what_shares_enough_is_what_is_meant(told: tuple[dict[int, list[str]], list[int]], most: int, many: int, alone: int) -> None:
    mentions, shingles = told
    assert prints._enough(mentions, shingles, most, common=many, alone=alone) == slowly(mentions, shingles, most, many, alone)
