"""What a careful reader calls one text beside another: a row for each thing that happens to wire copy, and the stories it happens to.

In every row the changed story is judged against the story it was made of, unless a second text is named. Two relations stand where two
readings are fair. ``I C V X D R N``: identical, copy, revision, excerpt, derived, related, distinct.
"""

# ruff: noqa: E501  (a row of the table, and a text, stay on one line)
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.model import Relation
from tests.verdicts import telling as t
from tests.verdicts.furniture import BYLINE, DATELINE, LOCAL_LEAD, RELATED, SUBSCRIBE
from tests.verdicts.telling import Story, load, printed, replaced, with_lines

LETTERS = dict(zip("ICVXDRN", Relation, strict=True))
FOOT = {
    "en": "Sign up for our newsletter and never miss a story.",
    "de": "Abonnieren Sie unseren Newsletter.",
    "fr": "Inscrivez-vous à notre lettre d'information.",
}
Change = Callable[[Story], Story]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """``added``: sentences the article has of its own; ``figures``: (old, new) pairs that must be named; ``noisy``: letters differ."""

    label: str
    article: Story
    other: Story
    expected: frozenset[Relation]
    added: tuple[str, ...] = ()
    figures: tuple[tuple[str, str], ...] = ()
    noisy: bool = False


def relations(letters: str) -> frozenset[Relation]:
    return frozenset(LETTERS[letter] for letter in letters)


def each(what: str, names: str, change: Change, letters: str, *, noisy: bool = False) -> list[Case]:
    """One case for each named story."""
    made = []
    for name in names.split():
        story = load(name)
        made.append(Case(label=f"{what} · {name}", article=change(printed(story)), other=story, expected=relations(letters), noisy=noisy))
    return made


def one(
    what: str, article: Story, other: Story, letters: str, *, added: tuple[str, ...] = (), figures: tuple[tuple[str, str], ...] = ()
) -> Case:
    return Case(label=what, article=article, other=other, expected=relations(letters), added=added, figures=figures)


def _title(s: Story) -> Story:
    return s.but(title="What we know so far – and what nobody will say")


def _dateline(s: Story) -> Story:
    return replaced(s, DATELINE[s.name])


def _byline(s: Story) -> Story:
    return with_lines(s, BYLINE[s.language], at=0)


def _boxes(s: Story) -> Story:
    return t.sprinkled(s, *RELATED[s.language])


def _bylined_boxed(s: Story) -> Story:
    return with_lines(_byline(_boxes(s)), FOOT[s.language], at=-1)


def _stub(s: Story) -> Story:
    return t.stub(s, SUBSCRIBE[s.language])


def _walled(s: Story) -> Story:
    return t.stub(s, SUBSCRIBE[s.language], completeness="truncated")


def _signed(s: Story) -> Story:
    return with_lines(s, "(Reporting by Rena Holt and Anselm Pike; Editing by Lotte Orban)", at=-1)


def _foot(s: Story) -> Story:
    return with_lines(s, FOOT["en"], "Follow us on social media @dailylantern", at=-1)


def _subheads(s: Story) -> Story:
    return with_lines(with_lines(s, "WHAT HAPPENED", at=2), "What comes next", at=7)


def _ads(s: Story) -> Story:
    return t.sprinkled(s, "ADVERTISEMENT", "Article continues below this ad")


def _title_on_top(s: Story) -> Story:
    return with_lines(s, s.title, at=0)


def _page(path: str) -> Change:
    return lambda s: s.but(path=path)


def _same(s: Story) -> Story:
    return s


IDENTICAL = [
    *each("as it is", "summit es ar th ko", _same, "I"),
    *each("headline changed", "ferry summit quake de ru zh ja", _title, "I"),
    *each("curly quotes", "ferry summit trial", t.curly, "I"),
    *each("straight quotes", "de fr es ru", t.straight, "I"),
    *each("other dashes", "ferry summit quake ru fr", t.dashes, "I"),
    *each("ligatures", "ferry budget de", t.ligatures, "I"),
    *each("mojibake, UTF-8 as cp1252", "ferry de fr es ru zh", t.mojibake, "I", noisy=True),
    *each("mojibake, UTF-8 as cp1251", "ru", t.mojibake_cyrillic, "I", noisy=True),
    *each("mojibake twice", "fr", t.mojibake_twice, "I", noisy=True),
    *each("mojibake in every other paragraph", "de fr ru", t.mojibake_half, "I", noisy=True),
    *each("mojibake in the quotes", "summit trial", t.mojibake_quotes, "I", noisy=True),
    *each("entities left over", "trial", t.entities, "I", noisy=True),
    *each("decomposed letters", "de fr es ko", t.decomposed, "I"),
    *each("full-width digits", "zh ja", t.full_width, "I"),
    *each("soft hyphens", "budget de", t.soft_hyphens, "I"),
    *each("zero-width marks", "quake ru", t.zero_width, "I"),
    *each("hard and thin spaces", "budget fr", t.hard_spaces, "I"),
    *each("dateline in capitals", "summit_nwa de", t.capital_place, "I"),
    *each("paragraphs joined", "ferry fr", t.joined, "I"),
    *each("a sentence a paragraph", "trial ru", t.split, "I"),
    *each("AMP page", "summit", _page("/amp/story"), "I"),
    *each("print page, tracked", "quake", _page("/print/story?utm_source=x&utm_medium=social&fbclid=1"), "I"),
]
COPY = [
    *each("byline on top", "ferry summit de fr es ru zh ja ar th ko", _byline, "C"),
    *each("dateline replaced", "ferry summit quake de fr es ru zh ja ar ko", _dateline, "C"),
    *each("byline, boxes and a foot", "quake de fr", _bylined_boxed, "C"),
    *each("spelled the other way", "ferry summit quake", t.spelled, "C"),
    one("ё written out", t.respelled(printed(load("ru")), еще="ещё", трех="трёх"), load("ru"), "C"),
    one("Swiss spelling", t.respelled(printed(load("de")), ß="ss", ä="ae"), load("de"), "C"),
    *each("related boxes", "ferry summit de fr es ru zh ja ar th ko", _boxes, "C"),
    *each("halves exchanged", "ferry trial de ru zh", t.reordered, "C"),
    *each("paragraphs shuffled", "summit quake fr", t.shuffled, "C"),
    *each("signed by desk", "ferry quake", _signed, "C"),
    *each("newsletter foot", "summit budget", _foot, "C"),
    *each("subheads", "summit trial", _subheads, "C"),
    *each("advertisement marks", "ferry", _ads, "C"),
    *each("headline repeated on top", "budget", _title_on_top, "IC"),
    one("figures written otherwise", replaced(printed(load("budget")), ("12,480", "12 480"), ("34,500", "34500"), ("1,250", "1250")), load("budget"), "IC"),
    one("figures written otherwise, German", replaced(printed(load("de")), ("2.300", "2 300")), load("de"), "IC"),
]  # fmt: skip
EXCERPT = [
    *each("first three paragraphs", "ferry summit trial de ru zh", lambda s: t.first(s, 3), "X"),
    *each("first third", "budget fr ja ar th ko", lambda s: t.share(s, 0.34), "X"),
    *each("first half", "summit es zh th", lambda s: t.share(s, 0.5), "X"),
    *each("a passage from the middle", "summit quake de", t.middle, "X"),
    *each("first four, byline, box", "quake de ru", lambda s: _byline(with_lines(t.first(s, 4), RELATED[s.language][0], at=3)), "X"),
    *each("paywall stub", "ferry budget de fr es ru zh ja ar th ko", _stub, "X"),
    *each("paywall stub, known as cut", "summit trial", _walled, "X"),
]
TOLL = (("killing at least 11 people and leaving 7", "killing at least 14 people and leaving 4"),)
FIXED = "(This version CORRECTS the name of the governor's predecessor and the growth forecast in paragraph 5.)"
WRITETHRU = (
    "Divers recovered the ship's data recorder on Friday evening, a breakthrough that investigators called faster than they had dared hope.",
    "The recorder was flown to a laboratory in Port Halden, where a first reading was expected within 48 hours, the Transport Ministry said.",
)


def _writethru() -> Story:
    """Later from the same agency: a note, two sentences on top, the toll, the tail cut."""
    story = load("ferry").but(hours=5)
    new = replaced(story.but(lines=story.lines[:-2]), *TOLL, ("158 survivors", "161 survivors"))
    return with_lines(with_lines(new, *WRITETHRU, at=1), "UPDATES with data recorder found, toll. ADDS byline.", at=0)


REVISION = [
    one("toll risen", replaced(printed(load("ferry")), *TOLL), load("ferry"), "V", figures=(("11", "14"), ("7", "4"))),
    one("injured risen", replaced(printed(load("quake")), ("at least 84 people", "at least 127 people"), ("57 aftershocks", "73 aftershocks")), load("quake"), "V", figures=(("84", "127"), ("57", "73"))),
    one("toll risen, German", replaced(printed(load("de")), ("Mindestens 11 Menschen kamen ums Leben, 7", "Mindestens 14 Menschen kamen ums Leben, 4")), load("de"), "V", figures=(("11", "14"),)),
    one("toll risen, French", replaced(printed(load("fr")), ("au moins 11 morts et 7 disparus", "au moins 14 morts et 4 disparus")), load("fr"), "V", figures=(("11", "14"),)),
    one("toll risen, Russian", replaced(printed(load("ru")), ("не менее 11 человек, еще 7", "не менее 14 человек, еще 4")), load("ru"), "V", figures=(("11", "14"),)),
    one("toll risen, Chinese", replaced(printed(load("zh")), ("至少11人死亡、7人失踪", "至少14人死亡、4人失踪")), load("zh"), "V", figures=(("11", "14"),)),
    one("toll risen, Japanese", replaced(printed(load("ja")), ("少なくとも11人が死亡、7人", "少なくとも14人が死亡、4人")), load("ja"), "V", figures=(("11", "14"),)),
    one("injured risen, Arabic", replaced(printed(load("ar")), ("إصابة 84 شخصا", "إصابة 127 شخصا")), load("ar"), "V", figures=(("84", "127"),)),
    one("injured risen, Thai", replaced(printed(load("th")), ("ผู้ได้รับบาดเจ็บ 9 คน", "ผู้ได้รับบาดเจ็บ 14 คน"), ("85 ล้านบาท", "96 ล้านบาท")), load("th"), "V", figures=(("9", "14"),)),
    one("defects risen, Korean", replaced(printed(load("ko")), ("결함 17건", "결함 23건")), load("ko"), "V", figures=(("17", "23"),)),
    one("rate corrected", with_lines(replaced(load("budget").but(hours=3), ("1.1 percent from 1.9", "1.2 percent from 1.9")), FIXED, at=-1), load("budget"), "V", figures=(("1.1", "1.2"),)),
    one("correction note alone", with_lines(printed(load("trial")), "CORRECTION: An earlier version of this story misspelled the name of the judge.", at=-1), load("trial"), "V"),
    one("correction note, German", with_lines(printed(load("de")), "Korrektur: In einer früheren Fassung hieß es, der Kapitän sei verletzt worden.", at=-1), load("de"), "V"),
    one("correction note, French", with_lines(printed(load("fr")), "(Cette dépêche corrige l'âge de l'infirmière au troisième paragraphe.)", at=-1), load("fr"), "V"),
    one("write-thru", _writethru(), load("ferry"), "V", added=WRITETHRU, figures=(("11", "14"),)),
    one("write-thru on a paper's page", printed(_writethru()), load("ferry"), "V", added=WRITETHRU, figures=(("158", "161"),)),
    one("same outlet, later, more", with_lines(load("summit").but(hours=4), *WRITETHRU, at=3), load("summit"), "V", added=WRITETHRU),
]  # fmt: skip


def _led(name: str, language: str) -> Story:
    return with_lines(printed(load(name)), *LOCAL_LEAD[language], at=0)


def _merged(first: str, second: str) -> Story:
    """The lead half of one wire story, then what matters of another."""
    ours, theirs = printed(load(first)), load(second)
    return ours.but(lines=(*ours.lines[:6], *theirs.lines[:5]))


LED = {"ferry": "en", "quake": "en", "de": "de", "fr": "fr", "ru": "ru", "zh": "zh", "ko": "ko"}
DERIVED = [
    *(
        one(f"local lead on top · {name}", _led(name, language), load(name), "D", added=LOCAL_LEAD[language])
        for name, language in LED.items()
    ),
    one("merged: summit and protest · summit", _merged("summit", "protest"), load("summit"), "D"),
    one("merged: summit and protest · protest", _merged("summit", "protest"), load("protest"), "D"),
    one("merged: two agencies · second", _merged("quake", "summit_nwa"), load("summit_nwa"), "D"),
    one("three paragraphs inside · ferry", t.inside(printed(load("ferry")), load("local")), load("ferry"), "D"),
    one("three paragraphs inside · trial", t.inside(printed(load("trial")), load("budget")), load("trial"), "D"),
    one("three paragraphs inside · quake", t.inside(printed(load("quake")), load("local"), slice(3, 6)), load("quake"), "D"),
    one("three paragraphs inside · ru", t.inside(printed(load("ru")), load("ru_other")), load("ru"), "D"),
    one("three paragraphs inside · zh", t.inside(printed(load("zh")), load("zh_other")), load("zh"), "D"),
    one("light rewrite · ferry", printed(load("ferry_rewrite")), load("ferry"), "D"),
    one("light rewrite · quake", printed(load("quake_rewrite")), load("quake"), "D"),
    one("light rewrite · de", printed(load("de_rewrite")), load("de"), "D"),
    one("the wire behind a local lead, turned", load("ferry"), _led("ferry", "en"), "XD"),
    one("the whole beside its excerpt", load("summit"), t.first(printed(load("summit")), 4), "DV"),
]
