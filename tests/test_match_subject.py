"""What new sentences are said to be on."""

from __future__ import annotations

import pytest

from pipeline.match.subject import subject

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
