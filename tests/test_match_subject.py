"""What new sentences are said to be on."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.match.subject import _capital, _latin, _read, subject
from pipeline.text import tokens

OTHER = ["ferry", "harbor", "council", "said"] * 30


@pytest.mark.parametrize(
    ("new", "told"),
    [
        (["The mayor of Latvia spoke.", "They went to Latvia.", "It rained."], "Latvia"),
        (["They would come later.", "She would not say why."], ""),  # a word that comes again is no subject
        (["An image of the pier.", "The next image of the pier."], ""),
        (["By VLADIMIR ISACHENKOV", "Then VLADIMIR ISACHENKOV reported."], ""),  # nor is a line that shouts, in small letters
        (["ذهبوا الى الحكومة امس.", "قالت الحكومة ذلك."], "الحكومة"),  # no capitals here
        (["The mayor came."], ""),
    ],
)
def test_a_name_that_comes_again_is_the_subject(new: list[str], told: str) -> None:
    assert subject(new, OTHER) == told


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.sampled_from(["A", "Ab", "O", "b", "7", "U", "s", " ", " ", "'", "`", ".", ",", "-", "_", '"', "("]), max_size=14).map(
        "".join
    )
)
def test_words_with_a_capital_are_found_as_all_words_are_cut(text: str) -> None:
    told = _latin(text)
    words = tokens(text)
    capitals = [one for one in list(zip(words.starts, words.ends, words.forms, strict=True))[1:] if text[one[0]].isupper()]
    assert told is None or told == capitals


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["Ab", "b", "7", " ", "’", "‘", "“", "”", "…", "–", ".", "«"]), max_size=14).map("".join))
def test_a_sentence_with_marks_of_print_is_read_as_one_without(text: str) -> None:
    words = tokens(text)
    named = [one for one in list(zip(words.starts, words.ends, words.forms, strict=True))[1:] if text[one[0]].isupper()]
    assert _read(text).names == tuple(one for one in named if _capital(text, one[0], one[1]))
