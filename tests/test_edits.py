"""The class of an edit: a pure function of two states of an article. The pairs were written from the words of what was asked for: headline,
figures, correction notice, addition, cut, rewrite; a live blog; and what is no edit at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import invented

from pipeline.match.edits import edited
from pipeline.model import Article
from pipeline.repeated import sentence_digest
from pipeline.text import sentences

TITLE = "Ferry aground off Saltmere"
LEAD = "A ferry with 212 people on board ran aground off Saltmere on Tuesday evening, injuring 11 of them, the coast guard said."
WIND = "The wind had torn at the coast all day, and the harbour master had warned every captain not to leave after dark."
CAPTAIN = "The captain, who has sailed the line for twenty years, said that the engine had stopped twice before the rocks came into sight."
TOWN = "Volunteers from the town brought blankets and soup to the school, where most of the passengers spent the night."
INQUIRY = "An inquiry is to begin on Thursday, and the company has said that it will open its books to the investigators."
BODY = (LEAD, WIND, CAPTAIN, TOWN, INQUIRY)

GERMAN = (
    "Bei einem Brand in einer Lagerhalle am Hafen von Nordwyk sind in der Nacht zum Mittwoch 7 Menschen verletzt worden.",
    "Die Feuerwehr war mit mehreren Zügen im Einsatz und konnte die Flammen erst am Morgen unter Kontrolle bringen.",
    "Die Ursache des Feuers ist noch unklar, wie ein Sprecher der Polizei am Vormittag vor der Presse sagte.",
)
FRENCH = (
    "Le conseil municipal de Valmer a voté mardi soir un budget de 48 millions d'euros pour la rénovation du port.",
    "Les travaux doivent commencer au printemps prochain et durer deux ans, a précisé le maire devant les habitants.",
    "L'opposition a dénoncé un projet trop cher et demandé que les pêcheurs soient enfin consultés avant le début du chantier.",
)
RUSSIAN = (
    "Паром с пассажирами сел на мель у посёлка Солёный во вторник вечером, пострадали 11 человек, сообщили спасатели.",
    "Капитан рассказал, что двигатель дважды останавливался, прежде чем впереди показались скалы.",
    "Расследование начнётся в четверг, компания обещала открыть следователям все документы.",
)
CHINESE = (
    "一艘载有212人的渡轮星期二晚上在盐湾附近搁浅，海岸警卫队说有11人受伤。",
    "船长说，在看到礁石之前，发动机已经停了两次，船上的人都很害怕。",
    "调查将于星期四开始，公司表示会向调查人员公开所有账目。",
)


def article(*paragraphs: str, title: str = TITLE, **more: object) -> Article:
    return Article(url="http://daily.example/a1", title=title, text="\n".join(paragraphs), **more)  # type: ignore[arg-type]  # its fields


OLD = article(*BODY)
WITH_LIST = article(*BODY, "Most read", "Council votes on new pier", "Storm closes the coast road")
NEW_PARAGRAPH = "Two tugs from the naval yard reached the ship at midnight and will try to pull her free at the next high tide."
NEW_LEAD = "The ferry that struck the rocks at Saltmere had been due for repairs since the spring, papers seen by this newspaper show."
NEW_VIEW = "Its owners put off the visit to the yard three times, the papers say, because no other ship was free to take the line over."

# name → (old, new, class)
PAIRS: dict[str, tuple[Article, Article, str | None]] = {
    # the headline alone
    "another headline": (OLD, article(*BODY, title="Eleven hurt as ferry runs onto rocks"), "headline"),
    "a figure in the headline alone": (
        article(*BODY, title="Ferry aground, 9 hurt"),
        article(*BODY, title="Ferry aground, 11 hurt"),
        "headline",
    ),
    "headline, French": (article(*FRENCH, title="Un port neuf"), article(*FRENCH, title="Valmer vote la rénovation du port"), "headline"),
    "headline, Chinese": (article(*CHINESE, title="渡轮搁浅"), article(*CHINESE, title="盐湾渡轮搁浅十一人受伤"), "headline"),
    # figures
    "one figure": (OLD, article(LEAD.replace("injuring 11", "injuring 14"), *BODY[1:]), "figures"),
    "two figures": (OLD, article(LEAD.replace("11", "14").replace("212", "215"), *BODY[1:]), "figures"),
    "a figure in body and headline": (
        article(*BODY, title="11 hurt on ferry"),
        article(LEAD.replace("11", "14"), *BODY[1:], title="14 hurt on ferry"),
        "figures",
    ),
    "figures spelt": (article(LEAD.replace("11", "eleven"), *BODY[1:]), article(LEAD.replace("11", "twelve"), *BODY[1:]), "figures"),
    "at least so many": (OLD, article(LEAD.replace("injuring 11", "injuring at least 14"), *BODY[1:]), "figures"),
    "figures, German": (article(*GERMAN), article(GERMAN[0].replace("7 Menschen", "12 Menschen"), *GERMAN[1:]), "figures"),
    "figures, French": (article(*FRENCH), article(FRENCH[0].replace("48", "52,5"), *FRENCH[1:]), "figures"),
    "figures, Russian": (article(*RUSSIAN), article(RUSSIAN[0].replace("11 человек", "13 человек"), *RUSSIAN[1:]), "figures"),
    "figures, Chinese": (article(*CHINESE), article(CHINESE[0].replace("11人", "14人"), *CHINESE[1:]), "figures"),
    # a notice appears
    "a correction at the foot": (
        OLD,
        article(LEAD.replace("11", "14"), *BODY[1:], "Correction: An earlier version of this story gave a wrong number of injured."),
        "correction",
    ),
    "a correction at the head": (
        OLD,
        article("Correction, March 4: The name of the captain was misspelt in this report.", *BODY),
        "correction",
    ),
    "a clarification": (OLD, article(*BODY, "Clarification: The company says that only one of its ships was inspected."), "correction"),
    "an editor's note": (
        OLD,
        article(*BODY, "Editor’s note: This article was changed after the coast guard gave other figures."),
        "correction",
    ),
    "the note of a paper": (
        OLD,
        article(*BODY, "This article was amended on 5 March to correct the name of the harbour master."),
        "correction",
    ),
    "an earlier version": (
        OLD,
        article(*BODY, "• An earlier version of this article said that the ferry had left at noon. It left at six."),
        "correction",
    ),
    "a correction and an addition": (OLD, article(*BODY, NEW_PARAGRAPH, "CORRECTION: The ferry left at six, not at noon."), "correction"),
    "a heading over the notice": (
        OLD,
        article(*BODY, "Correction", "The ferry left at six, not at noon, as we had written."),
        "correction",
    ),
    "correction, German": (
        article(*GERMAN),
        article(*GERMAN, "Korrektur: In einer früheren Version dieses Artikels war die Zahl der Verletzten falsch angegeben."),
        "correction",
    ),
    "editors' note, German": (
        article(*GERMAN),
        article(*GERMAN, "Anmerkung der Redaktion: Wir haben den Text ergänzt und berichtigt."),
        "correction",
    ),
    "correction, French": (
        article(*FRENCH),
        article(*FRENCH, "Rectificatif : une version précédente de cet article indiquait un montant erroné."),
        "correction",
    ),
    "correction, Spanish": (
        OLD,
        article(*BODY, "Fe de errores: en una versión anterior de este artículo se decía que el barco salió a mediodía."),
        "correction",
    ),
    "correction, Italian": (OLD, article(*BODY, "Errata corrige: il traghetto è partito alle sei e non a mezzogiorno."), "correction"),
    "correction, Portuguese": (OLD, article(*BODY, "Correção: o barco saiu às seis, e não ao meio-dia, como foi escrito."), "correction"),
    "correction, Dutch": (
        OLD,
        article(*BODY, "Rectificatie: in een eerdere versie van dit artikel stond een verkeerd aantal."),
        "correction",
    ),
    "correction, Polish": (
        OLD,
        article(*BODY, "Sprostowanie: we wcześniejszej wersji tekstu podaliśmy błędną liczbę rannych."),
        "correction",
    ),
    "correction, Russian": (
        article(*RUSSIAN),
        article(*RUSSIAN, "Исправление: в предыдущей версии текста число пострадавших было неверным."),
        "correction",
    ),
    "correction, Ukrainian": (
        OLD,
        article(*BODY, "Виправлення: у попередній версії тексту кількість поранених була помилковою."),
        "correction",
    ),
    "correction, Chinese": (article(*CHINESE), article(*CHINESE, "更正：本文早前版本所述的受伤人数有误，特此说明。"), "correction"),
    "correction, Japanese": (article(*CHINESE), article(*CHINESE, "訂正：当初の記事で負傷者の数に誤りがありました。"), "correction"),
    "correction, Swedish": (OLD, article(*BODY, "Rättelse: I en tidigare version av artikeln angavs fel antal skadade."), "correction"),
    # text comes
    "a paragraph at the end": (OLD, article(*BODY, NEW_PARAGRAPH), "addition"),
    "a paragraph in the middle": (OLD, article(LEAD, WIND, NEW_PARAGRAPH, CAPTAIN, TOWN, INQUIRY), "addition"),
    "a sentence in a paragraph": (OLD, article(LEAD, WIND, f"{CAPTAIN} He was questioned for an hour.", TOWN, INQUIRY), "addition"),
    "a paragraph and a headline": (OLD, article(*BODY, NEW_PARAGRAPH, title="Tugs reach stranded ferry"), "addition"),
    "a paragraph and a figure": (OLD, article(LEAD.replace("11", "14"), *BODY[1:], NEW_PARAGRAPH), "addition"),
    "a correction of shares is no notice": (
        OLD,
        article(*BODY, "Shares of the company fell by a tenth in what brokers called a correction after a long rise."),
        "addition",
    ),
    "addition, German": (
        article(*GERMAN),
        article(*GERMAN, "Am Nachmittag wurden zwei der Verletzten aus dem Krankenhaus entlassen."),
        "addition",
    ),
    "addition, Chinese": (article(*CHINESE), article(*CHINESE, "两艘拖船午夜抵达现场，准备在下次涨潮时把渡轮拖出来。"), "addition"),
    "the rest of a text that was cut short": (article(*BODY[:2], completeness="truncated"), OLD, "addition"),
    # text goes
    "a paragraph less": (OLD, article(LEAD, WIND, CAPTAIN, INQUIRY), "cut"),
    "a sentence less": (article(LEAD, f"{WIND} Nobody had listened to him.", CAPTAIN), article(LEAD, WIND, CAPTAIN), "cut"),
    "half of it": (OLD, article(LEAD, WIND), "cut"),
    "cut, Russian": (article(*RUSSIAN), article(RUSSIAN[0], RUSSIAN[2]), "cut"),
    # another text
    "another lead and another view": (OLD, article(NEW_LEAD, NEW_VIEW, TOWN, INQUIRY), "rewrite"),
    "other words in a sentence": (
        OLD,
        article(LEAD, WIND.replace("torn at the coast all day", "blown hard since the early morning"), CAPTAIN, TOWN, INQUIRY),
        "rewrite",
    ),
    "a name put right without a word": (OLD, article(LEAD.replace("off Saltmere", "near Westholm"), *BODY[1:]), "rewrite"),
    "a paragraph for another": (OLD, article(LEAD, WIND, NEW_PARAGRAPH, TOWN, INQUIRY), "rewrite"),
    "another text and headline": (OLD, article(NEW_LEAD, NEW_VIEW, NEW_PARAGRAPH, title="Ferry was overdue for repairs"), "rewrite"),
    # live
    "a live blog grows": (article(*BODY, kind="live"), article(NEW_PARAGRAPH, *BODY, kind="live"), "live"),
    "a live blog drops its oldest entry": (article(*BODY, kind="live"), article(NEW_PARAGRAPH, *BODY[:-1], kind="live"), "live"),
    "a live blog is corrected": (
        article(*BODY, kind="live"),
        article("Correction: The ferry left at six, not at noon.", *BODY, kind="live"),
        "correction",
    ),
    "a live blog's headline": (article(*BODY, kind="live"), article(*BODY, kind="live", title="Ferry: tugs arrive"), "headline"),
    # none
    "the same": (OLD, OLD, None),
    "other quotation marks": (
        article(*BODY, '"We heard it crack," said Ana.'),
        article(*BODY, "“We heard it crack,” said Ana."),
        None,
    ),
    "typography of the headline": (article(*BODY, title="Ferry - aground"), article(*BODY, title="Ferry – aground"), None),
    "paragraphs put together": (OLD, article(f"{LEAD} {WIND}", CAPTAIN, TOWN, INQUIRY), None),
    "authors": (OLD, article(*BODY, authors=("Ana Corso",)), None),
    "credit": (OLD, article(*BODY, credit="NOP"), None),
    "comments are counted": (article(*BODY, "12 comments"), article(*BODY, "15 comments"), None),
    "comments begin": (OLD, article(*BODY, "1 comment"), None),
    "shares are counted": (article("1.2K shares", *BODY), article("3.4K shares", *BODY), None),
    "views, in a sentence": (
        article(*BODY, "This article has been read 1,204 times."),
        article(*BODY, "This article has been read 1,377 times."),
        None,
    ),
    "minutes ago": (article("Updated 5 minutes ago", *BODY), article("Updated 9 minutes ago.", *BODY), None),
    "an update's stamp appears": (OLD, article("Last updated: 4 March 2024, 14:30 GMT", *BODY), None),
    "stamp, German": (article(*GERMAN), article("Stand: 04.03.2024, 14:30 Uhr", *GERMAN), None),
    "stamp, French": (article("Publié le 4 mars 2024 à 14h30", *FRENCH), article("Mis à jour le 4 mars 2024 à 18h05", *FRENCH), None),
    "stamp, Russian": (article(*RUSSIAN), article("Обновлено 4 марта 2024 в 14:30", *RUSSIAN), None),
    "stamp, Chinese": (article("2024年3月4日 14:30 更新", *CHINESE), article("2024年3月4日 16:05 更新", *CHINESE), None),
    "reading time": (article("4 min read", *BODY), article("Reading time: 5 minutes", *BODY), None),
    "most read": (WITH_LIST, article(*BODY, "Most read", "Storm closes the coast road", "Singer calls off her tour"), None),
    "most read appears": (OLD, WITH_LIST, None),
    "a banner": (OLD, article("BREAKING NEWS", *BODY), None),
    "a wall where the text was": (OLD, article(LEAD, WIND, completeness="walled"), None),
    "cut short where the text was": (OLD, article(LEAD, completeness="truncated"), None),
}


@pytest.mark.parametrize("name", PAIRS)
def test_the_class_of_an_edit(name: str) -> None:
    old, new, kind = PAIRS[name]
    assert edited(old, new).kind == kind


def test_what_an_outlet_repeats_is_no_edit() -> None:
    appeal = "Help us to go on with our work: give what you can to the fund of this newspaper before the month is over."
    repeated = frozenset(sentence_digest(appeal[start:stop]) for start, stop in sentences(appeal))
    assert edited(OLD, article(*BODY, appeal)).kind == "addition"
    assert edited(OLD, article(*BODY, appeal), repeated).kind is None


def test_words_that_came_and_went_are_counted() -> None:
    said = edited(OLD, article(LEAD, WIND, CAPTAIN, TOWN, INQUIRY, NEW_PARAGRAPH))
    assert (said.added, said.removed) == (len(NEW_PARAGRAPH.split()), 0)


def test_a_story_that_grows_at_every_look_is_live() -> None:
    assert edited(OLD, article(*BODY, NEW_PARAGRAPH), running=True).kind == "live"


texts = st.lists(st.text(max_size=40) | st.sampled_from(BODY + CHINESE + ("12 comments", "Correction", "Most read")), max_size=8)


@settings(max_examples=200, deadline=None)
@given(text=texts, title=st.text(max_size=20))
def test_the_same_text_is_never_an_edit(text: list[str], title: str) -> None:
    one = article(*text, title=title)
    assert edited(one, one).kind is None
    assert edited(one, article(*text, title=title, authors=("Somebody",))).kind is None


@settings(max_examples=200, deadline=None)
@given(old=texts, new=texts)
def test_any_two_texts_have_one_class_or_none(old: list[str], new: list[str]) -> None:
    said = edited(article(*old), article(*new))
    assert said.kind in {None, "figures", "correction", "addition", "cut", "rewrite"}
    back = edited(article(*new), article(*old))
    assert (said.added, said.removed) == (back.removed, back.added)


@settings(max_examples=60, deadline=None)
@given(number=st.integers(1, 40), place=st.integers(0, 20))
def test_a_paragraph_more_is_an_addition_and_a_paragraph_less_a_cut(number: int, place: int) -> None:
    lines = invented(number).text.split("\n")
    longer = [*lines[: place % len(lines)], NEW_PARAGRAPH, *lines[place % len(lines) :]]
    assert edited(article(*lines), article(*longer)).kind == "addition"
    assert edited(article(*longer), article(*lines)).kind == "cut"
