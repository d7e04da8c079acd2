"""Text: offsets that hold, one form for all typography, and no input that breaks or stalls it."""

from __future__ import annotations

import itertools
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.match.spaced import cut, spaced
from pipeline.terms import search_query, search_terms
from pipeline.text import formed, normalise, plain, quotes, repair, sentences, tokens

ANY = st.text(alphabet=st.characters(), max_size=200)
TRICKY = st.text(alphabet="ab1 .,'’“”\"«»\n-—­\u200bâ€™Ã©Â\x99\x9d東京กำé\u0301\ud800\x1b[m`(", max_size=120)


WESTERN = st.text(alphabet="aBé1 .,'’‘`´_\"“–…-ßœŠ²ª\u00a0\n\u00ad\x85\x01t", max_size=40)


def forms(text: str) -> list[str]:
    return tokens(text).forms


@pytest.mark.parametrize(
    ("noisy", "clean"),
    [
        ("Russia’s “five” troops", 'Russia\'s "five" troops'),
        ("the oﬃce of the ﬁnance chief", "the office of the finance chief"),
        ("co\u00adop\u00aderate zero\u200bwidth", "cooperate zerowidth"),
        ("a—b – c", "a-b - c"),
        ("ＦＵＬＬ width １２", "full width 12"),
        ("cafe\u0301", "café"),
        ("Russiaâ€™s â€œhardâ€\x9d line â€” cafÃ©", "Russia’s “hard” line — café"),
        ("Russiaâ\x80\x99s cafÃ©", "Russia’s café"),
        ("RussiaÃ¢â‚¬â„¢s", "Russia’s"),
        ("the â€œend.â€ Then", "the “end.” Then"),
        ("GROẞE Straße", "grosse strasse"),
    ],
)
def test_typography_makes_no_difference(noisy: str, clean: str) -> None:
    assert forms(noisy) == forms(clean)
    assert normalise(noisy) == normalise(clean)


def test_abbreviations_and_figures_have_one_form() -> None:
    assert forms("The U.S. sent 1,000,000 at 3.8% by 5 p.m.") == ["the", "us", "sent", "1000000", "at", "3.8", "by", "5", "pm"]


def test_scripts_without_spaces_give_one_token_a_character() -> None:
    assert forms("東京で会談") == list("東京で会談")
    assert forms("ไทย ดี") == ["ไ", "ท", "ย", "ดี"]
    assert forms("서울 회담") == ["서울", "회담"]
    assert forms("नमस्ते दुनिया") == ["नमस्ते", "दुनिया"]


@pytest.mark.parametrize("text", ["voilà\u00a0« oui »", "IRMÃ e irmão", "„Ä“ sagte er", "naïve façade", "Vĩnh Long", "été à Paris"])
def test_real_accents_are_not_taken_for_mojibake(text: str) -> None:
    assert repair(text) == text


def test_token_offsets_index_the_text_as_given() -> None:
    text = "Itâ€™s “Kyivâ€\x9d — ﬁve."
    words = tokens(text)
    assert [text[s:e] for s, e in zip(words.starts, words.ends, strict=True)] == ["Itâ€™s", "Kyiv", "ﬁve"]


@settings(max_examples=150, deadline=None)
@given(st.one_of(ANY, TRICKY))
def test_no_text_breaks_anything(text: str) -> None:
    words = tokens(text)
    assert len(words.forms) == len(words.starts) == len(words.ends)
    assert all(words.forms)
    assert all(0 <= s < e <= len(text) for s, e in zip(words.starts, words.ends, strict=True))
    assert words.starts == sorted(words.starts)
    normalise(text)
    search_query(text)
    search_terms(text)
    plain(text).encode("utf-8")
    for spans in (sentences(text), quotes(text)):
        assert all(0 <= s < e <= len(text) for s, e in spans)
        assert all(one[1] <= two[0] for one, two in itertools.pairwise(spans))


@settings(max_examples=100, deadline=None)
@given(TRICKY)
def test_sentences_cover_all_that_is_not_space(text: str) -> None:
    left = list(text)
    for start, stop in sentences(text):
        left[start:stop] = [""] * (stop - start)
    assert "".join(left).strip() == ""


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="abc éß“”’'—-東1,.ﬁ\u00ad ", max_size=60))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


MARKS = st.lists(st.sampled_from("\u0301\u0323\u0344\u0345\u05bd\u0f73\u3099\uff9e\U0001d165"), min_size=20, max_size=70).map("".join)
LETTERS = st.sampled_from("aι\u0390\u0915\u0958\uff8a\u0f40東\ud55c–1")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(LETTERS, MARKS), max_size=3), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_a_letter_keeps_thirty_marks(parts: list[tuple[str, str]], form: str) -> None:
    if "K" not in form:  # a letter by itself there
        parts = [(letter, marks.replace("\uff9e", "")) for letter, marks in parts]
    text = "".join(letter + marks for letter, marks in parts)
    few = "".join(letter + marks[:14] for letter, marks in parts)
    assert formed(form, few) == unicodedata.normalize(form, few)  # as ever
    assert formed(form, text) == unicodedata.normalize(form, "".join(letter + marks[:30] for letter, marks in parts))
    assert normalise(normalise(text)) == normalise(text)


@settings(max_examples=300, deadline=None)
@given(st.one_of(WESTERN, TRICKY))
def test_words_between_spaces_are_the_words(text: str) -> None:
    text = repair(text)
    if (told := spaced(text)) is None:
        return
    spans = sentences(text)
    if (parts := cut(told.lower(), spans)) is None:
        return
    words = tokens(text)
    assert [form for part in parts for form in part] == words.forms
    assert parts == [tokens(text[start:stop]).forms for start, stop in spans]
    assert [len(told) - len(told.split(None, n)[n]) for n in range(len(words.forms))] == words.starts
    assert spaced("U.S. forces’ 3.8% – “and more”, they said.") is not None


@settings(max_examples=300, deadline=None)
@given(WESTERN)
def test_a_text_in_bytes_is_normalised_as_any_other(text: str) -> None:
    assert f"{normalise(f'é {text}')} 東" == normalise(f"é {text} 東")


def test_plain_leaves_nothing_that_a_terminal_obeys() -> None:
    assert plain("a\x1b[31mred\x1b[0m\x00 \u202eevil\u202c \x1b]0;title\x07ok\r\nnext\ttab\x85") == "ared evil ok\nnext\ttab\n"
    assert plain("womenâ\x80\x99s \ud800") == "women’s \ufffd"


def test_sentences_know_abbreviations_and_other_stops() -> None:
    text = (
        'Mr. Okoro met Sen. Vale at 5 p.m. on Jan. 3. "We go," he said. It rained! 雨だ。「行く。」終わり。\nA heading\nThe U.S. Army left.'
    )
    said = [text[s:e] for s, e in sentences(text)]
    assert said == [
        "Mr. Okoro met Sen. Vale at 5 p.m. on Jan. 3.",
        '"We go," he said.',
        "It rained!",
        "雨だ。",
        "「行く。」",
        "終わり。",
        "A heading",
        "The U.S. Army left.",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("He said “we go” and left.", ["“we go”"]),
        ('He said "we go" at 6\'2" tall.', ['"we go"']),
        ("Er sagte „ja“ und ging.", ["„ja“"]),
        ("Il dit « oui » puis part.", ["« oui »"]),
        ("Er sagte »nein« dazu.", ["»nein«"]),
        ("彼は「行く」と言った。", ["「行く」"]),
        ("``We go,'' he said.", ["``We go,''"]),
        ("‘We don’t know,’ she said of the leaders’ plan.", ["‘We don’t know,’"]),
        ("“One paragraph.\n“Another.” Done.", ["“One paragraph.", "“Another.”"]),
        ("It’s the workers’ choice", []),
    ],
)
def test_quotes_of_every_style(text: str, said: list[str]) -> None:
    assert [text[s:e] for s, e in quotes(text)] == said


def test_search_terms_fold_accents_and_pair_characters() -> None:
    assert search_terms("Erdoğan’s café in Łódź, l’Ukraine") == "erdogan cafe in lodz ukraine"
    assert search_terms("東京都で 雨") == "東京 京都 都で 雨"
    assert search_terms("3.8% of the U.S.") == "3 8 of the us"


@settings(max_examples=300, deadline=None)
@given(st.one_of(ANY, TRICKY))
def test_search_terms_are_the_same_among_plain_words(text: str) -> None:
    plainly = " ".join(f"word{number}" for number in range(250))  # among so many each odd one is looked at alone
    assert search_terms(f"{plainly} {text}") == " ".join(filter(None, (plainly, search_terms(text))))


def test_a_query_has_phrases_and_exclusions() -> None:
    query = search_query('nato "long term" -war -"Red Square" 東京都 “open')
    assert query.wanted == (("nato",), ("long", "term"), ("東京", "京都"), ("open",))
    assert query.unwanted == (("war",), ("red", "square"))
    assert search_query(' "" - ') == ((), ())


@pytest.mark.parametrize(
    "unit", ["â", "'a", '"', "a.", "Â", ". A", "“", "1,", "‘a ", "a'", "\x1b]", "\x1b[", "``", "»a", "‘a’b", "a\u0301"]
)
def test_repetition_is_no_trap(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    for work in (tokens, normalise, sentences, quotes, search_terms, plain, repair):
        begun = time.process_time()
        work(text)
        assert time.process_time() - begun < 2
