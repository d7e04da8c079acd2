"""What somebody listens for, in words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.query import QueryError, fold, parse

TEXT = "The Ferry had cracks in its hull.\nDivers found the hull damage — the crew’s boat was safe."


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("ferry", True),
        ("FERRY", True),
        ("ferr", False),
        ("ferr*", True),
        ("erry", False),
        ("ferry crack", False),
        ("ferry cracks", True),
        ("ferry AND cracks", True),
        ("ferry OR submarine", True),
        ("submarine OR train", False),
        ("ferry NOT submarine", True),
        ("ferry NOT cracks", False),
        ("NOT submarine", True),
        ("NOT NOT ferry", True),
        ("submarine ferry OR boat", True),  # OR binds least
        ("submarine (ferry OR boat)", False),
        ("ferry AND (crack* OR dent) NOT (review OR letter)", True),
        ('"hull damage"', True),
        ('"damage hull"', False),
        ('"hull dam"', False),
        ('"hull dam"*', True),
        ("“hull damage”", True),
        ('"hull divers"', False),  # a paragraph's end stands between them
        ("crew’s", True),
        ("crew's", True),
        ('"and"', False),
        ("boat's", False),
    ],
)
def test_what_a_query_holds_for(query: str, holds: bool) -> None:
    assert parse(query)(TEXT) is holds


@pytest.mark.parametrize(
    ("query", "text", "holds"),
    [
        ("cafe", "Le Café est fermé", True),
        ("café", "the cafe is closed", True),
        ("strasse", "Die Straße ist gesperrt", True),
        ("еще", "Ещё один", True),
        ("мои", "это мой дом", False),  # й is a letter of its own
        ("паром*", "На пароме нашли трещины", True),
        ("مدرسة", "هذه مَدْرَسَةٌ جديدة", True),
        ("渡轮", "今天渡轮停运了", True),
        ("渡轮 停运", "今天渡轮停运了", True),
        ("渡轮 NOT 停运", "今天渡轮停运了", False),
        ("iPhone", "新しいiPhoneを発表", True),
        ("バス", "ハスの花", False),
        ("フェリー", "フェリーが停止", True),
        ("ﾌｪﾘｰ", "フェリーが停止", True),
        ("한국", "한국 여객선", True),
        ("한국*", "한국은 오늘", True),
        ("하*", "한국은 오늘", False),
        ("เรือ", "วันนี้เรือข้ามฟากหยุด", True),
    ],
)
def test_scripts_and_accents(query: str, text: str, holds: bool) -> None:
    assert parse(query)(text) is holds


@pytest.mark.parametrize(
    ("query", "mend"),
    [
        ("", "write a word"),
        ("ferry and boat", "write AND in capitals"),
        ("not boat", "write NOT in capitals"),
        ("(ferry", "close what was opened"),
        ("ferry)", "take it out"),
        ('"ferry', "between two of them"),
        ("ferry OR", "missing at the end"),
        ("OR ferry", "missing before OR"),
        ("ferry AND AND boat", "missing before AND"),
        ("fer*ry", "at the end of a word only"),
        ("*", "has no word"),
        ("ferry -boat", "write NOT boat"),
        ("ferry ()", "missing before )"),
        ("(" * 40 + "a" + ")" * 40, "parentheses"),
        ("a " * 1500, "longer than"),
    ],
)
def test_a_bad_query_says_how_it_is_mended(query: str, mend: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert mend in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_snippet_is_cut_at_words_around_what_was_found() -> None:
    text = "One paragraph.\n" + "many words before the ferry " * 6 + "sank " + "and many after it " * 8 + "\nAnother."
    found = parse("submarine OR sank").snippet(text)
    assert " sank " in found
    assert found.startswith("…")
    assert found.endswith("…")
    assert len(found) < 150
    assert parse("NOT sank").snippet("all is well") == ""
    assert parse("ferry").snippet("Ferry stopped") == "Ferry stopped"


# ── properties ────────────────────────────────────────────────────────────────────────────────────

WORDS = st.sampled_from(["ferry", "hull", "crack", "boat", "Ünïcode", "渡轮"])
TEXTS = st.lists(WORDS, max_size=6).map(" ".join)
QUERIES = st.recursive(
    WORDS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]} AND {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} OR {two[1]})"),
        inner.map(lambda one: f"(NOT {one})"),
    ),
    max_leaves=8,
)


@given(QUERIES, QUERIES, TEXTS)
@settings(max_examples=200, deadline=None)
def test_and_or_not_mean_what_they_mean(one: str, other: str, text: str) -> None:
    first, second = parse(one)(text), parse(other)(text)
    assert parse(f"{one} AND {other}")(text) == parse(f"{one} {other}")(text) == (first and second)
    assert parse(f"{one} OR {other}")(text) == (first or second)
    assert parse(f"NOT {one}")(text) == (not first)
    assert parse(f"NOT ({one} AND {other})")(text) == parse(f"NOT {one} OR NOT {other}")(text)


@given(st.text(max_size=60))
@settings(max_examples=500, deadline=None)
def test_whatever_is_written_is_a_query_or_an_error_of_one_line(text: str) -> None:
    said, query = "", None
    try:
        query = parse(text)
    except QueryError as error:
        said = str(error)
    assert "\n" not in said
    if query is not None:
        assert query(text) in (True, False)
        assert len(query.snippet(text)) <= len(text) + 2


@given(st.text(max_size=80))
@settings(max_examples=300, deadline=None)
def test_folding_once_is_enough(text: str) -> None:
    assert fold(fold(text)) == fold(text)
