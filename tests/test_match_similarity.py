"""What words weigh: the same alone and together, and whichever lexicon has their numbers."""

from __future__ import annotations

import pytest

from pipeline.match import lexicon
from pipeline.match.reading import read
from pipeline.match.similarity import cosine, vector, vectors, written
from pipeline.model import Article
from pipeline.text import tokens


def test_texts_weighed_together_weigh_what_each_weighs_alone() -> None:
    texts = [
        ("A title", "Harbour pilots met in Brennvik on Tuesday, and 12 of them stayed."),
        ("", ""),
        ("Only this", "東京都の会議。 Tokyo"),
    ]
    alone = [vector(title, text) for title, text in texts]
    together = vectors([(title, [written(text, tokens(text))]) for title, text in texts])
    for one, other in zip(alone, together, strict=True):
        assert dict(zip(one.terms, one.weights.tolist(), strict=True)) == dict(zip(other.terms, other.weights.tolist(), strict=True))


def test_a_full_lexicon_is_left_and_nothing_hangs_on_which_one_it_is() -> None:
    texts = ("The pilots of the harbour went on strike in Brennvik", "A strike of pilots closed the harbour of Brennvik on Monday")
    before = [vector("", text) for text in texts]
    first = lexicon.lexicon()
    for start in range(0, first.room, 1000):
        first.numbers([f"word{number}" for number in range(start, start + 1000)])
    after = [vector("", text) for text in texts]
    assert lexicon.lexicon() is not first
    assert before[0].lexicon is not after[0].lexicon
    assert cosine(*before) == cosine(*after) == cosine(before[0], after[1]) == cosine(after[0], before[1]) > 0
    assert cosine(before[0], after[0]) == 1


def test_a_text_of_more_words_than_a_lexicon_has_room_for_is_weighed_once() -> None:
    large = " ".join(f"word{number}" for number in range(100_000))
    one = read(Article(url="", title="Many words", text=large))
    assert one.weights("Many words") is one.weights("Many words")
    assert len(one.topic(None).numbers) > 90_000


@pytest.mark.parametrize("text", ["Il va à Paris et y reste à midi, où l’été est là.", "Il va a\u0300 Paris et y reste a\u0300 midi."])
def test_a_letter_alone_says_nothing_with_an_accent_or_without(text: str) -> None:
    """As in scripts without spaces, where one that has no neighbour is no word; whether its line is cut at its spaces or not."""
    without = " ".join(word for word in text.split() if word not in ("à", "a\u0300"))
    assert cosine(vector("", text), vector("", without)) == 1
    lines = read(Article(url="", title="", text=f"{text}\n{text}"))
    assert cosine(lines.weights(""), vector("", without)) == pytest.approx(1)
    assert sorted(lines.weights("").terms) == sorted(vector("", without).terms)
