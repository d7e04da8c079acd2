"""Whether two texts of one outlet tell one story: a reprint, a later state, a longer version of it is no second story (repeated.py).

What an outlet prints under every story may itself be half of two texts (a long appeal under two briefs), so that a share of common words
alone does not tell one from the other. What does: in one story the words that are not shared are about the same as those that are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.match import similarity
from pipeline.model import Article, Match
from pipeline.text import tokens

REST = 30  # words that are not shared; a text of which less is left is the other one again
AKIN = 0.15
"""How close what is not shared is to what is (cosine of word weights): measured with appeals and notes of our own under briefs of different
stories at most .07, with later states and light rewrites of one story at least .23."""


def one_story(article: Article, other: Article, match: Match) -> bool:
    """Whether two texts that share about half or more tell one story: all but a few words of either stand in the other, or what does not
    stand there is about the same as what does. ``match``: the verdict on ``article`` compared with ``other``."""
    spans = [(passage.start, passage.end) for passage in match.passages]
    shared = similarity.vector("", "\n".join(article.text[start:stop] for start, stop in spans))
    others = [(passage.other_start, passage.other_end) for passage in match.passages]
    for side, mine in ((article, spans), (other, others)):
        rest = "\n".join(_between(side.text, mine))
        if len(tokens(rest).forms) < REST or similarity.cosine(similarity.vector(side.title, rest), shared) >= AKIN:
            return True
    return False


def _between(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    last = 0
    for start, stop in sorted(spans):
        if start > last:
            yield text[last:start]
        last = max(last, stop)
    yield text[last:]
