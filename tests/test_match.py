"""What happens to wire copy, row by row: each transformation gets its relation, each confound none it does not deserve."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest

from pipeline.match import MATCHER, compare, fingerprint, full, judge, sentence_digest
from pipeline.match.reading import Reading
from pipeline.model import Article, Match, Profile, Relation, Stored
from pipeline.text import normalise, sentences, tokens

WIRE = """PORT ELMA (AP) — A ferry carrying 212 passengers ran aground off Korvo island early Tuesday, killing 11 people, officials said.
The vessel, the Halden Star, struck a reef about two kilometers from the harbor shortly before dawn as strong winds swept the coast.
Rescuers in small boats pulled dozens of people from the water while fishermen lit the shallows with lamps and car headlights.
“We heard the hull tear like paper and then every light on deck went out,” said Mirela Dusan, a teacher who was traveling with her class.
The coast guard said the captain had been warned twice about the weather and had asked for permission to wait outside the harbor.
Transport Minister Oskar Lind flew to the island and promised an inquiry into why the ship had left port despite the warnings.
The Halden Star was built in 1987 and passed its last inspection in March, according to the national register of ships.
Opposition lawmakers have long complained that the ferries serving the outer islands are too old for winter crossings.
A similar accident in 2009 killed four people and led to new rules about life jackets that were never fully enforced.
The company that runs the line said it would suspend all crossings until the cause of the accident had been established.
Schools on Korvo were closed and the main church was opened to families waiting for news of the missing.
The inquiry is expected to deliver its first findings before the end of the month, Lind told reporters at the quay."""

OTHER = """The city of Brannock will tear down its market hall next spring to make room for a tram depot, the council decided on Thursday.
Traders who have sold fish and flowers there for decades said they had been given too little time to find another place.
Mayor Teodora Quill argued that the roof would not survive another winter and that repairs would cost more than a new building.
The depot is to serve the eastern line, which has been delayed three times because of a dispute over land near the canal.
Residents collected six thousand signatures against the plan, but the council did not put the question to a vote of the people.
An architect who studied the hall called its iron arches unique and proposed that they be moved to the park beside the river.
Work on the foundations is planned to begin in April and to last two years if no pipes from the old brewery are found below."""

LEAD = """For Maren Holt of Westbury, the news from Korvo came with a telephone call in the middle of the night from her daughter.
The Westbury college student had boarded with two friends and reached the beach unharmed, Holt told this newspaper on Tuesday afternoon.
Westbury has sent exchange students to the island every autumn since the two towns became partners in 1974.
"""
PARAGRAPHS = WIRE.split("\n")
CAPTION = "A coast guard boat passes the wreck of the Halden Star near Korvo island, Tuesday, Nov. 3, 2026. (AP Photo/Lena Brandt)"
FOOTER = (
    "This article is published under licence. All rights reserved. No part of this material may be reproduced, broadcast or rewritten. "
    "We rely on readers like you, and your support keeps our reporting independent and free for everyone who wants to read it. "
    "Follow us on our social channels or sign up for our daily newsletter and get the headlines in your inbox every morning at six."
)
POST = (
    "The storm took our breakwater and the harbor lights tonight, "
    "please stay away from the quay until morning and keep the road free for ambulances\n— Harbor of Korvo (@korvoharbor) November 3, 2026"
)


def article(text: str, title: str = "Ferry runs aground off Korvo") -> Article:
    return Article(url="https://example.test/a", text=text, title=title)


def verdict(text: str, other: str = WIRE, title: str = "Ferry runs aground off Korvo") -> Match:
    return compare(article(text, title), article(other))


BRITISH = WIRE.replace("kilometers", "kilometres").replace("harbor", "harbour").replace("traveling", "travelling")
REWRITE = "\n".join(PARAGRAPHS[:9])
for _old, _new in (
    ("killing 11 people", "leaving 11 people dead"), ("shortly before dawn", "just ahead of sunrise"), ("pulled dozens", "hauled scores"),
    ("had been warned", "was alerted"), ("promised an inquiry", "pledged a probe"),
    ("passed its last inspection", "cleared its latest check"),
    ("long complained", "often objected"), ("similar accident", "comparable mishap"), ("never fully enforced", "rarely applied properly"),
):  # fmt: skip
    REWRITE = REWRITE.replace(_old, _new)
UPDATED = WIRE.replace("killing 11 people", "killing 14 people").replace("212 passengers", "215 passengers")

ROWS = {
    "headline": (WIRE, Relation.IDENTICAL),
    "typography": (WIRE.replace("“", '"').replace("”", '"').replace("—", "-").replace("fi", "ﬁ"), Relation.IDENTICAL),
    "mojibake": (WIRE.encode().decode("cp1252", "replace"), Relation.IDENTICAL),
    "latin-1": (WIRE.encode().decode("latin-1"), Relation.IDENTICAL),
    "byline": (
        "By Staff Reporter with agencies\nUpdated 14:02 GMT\n" + WIRE.replace("PORT ELMA (AP)", "KORVO, Nordmark (AFP)"),
        Relation.COPY,
    ),
    "spelling": (BRITISH, Relation.COPY),
    "blocks": (
        WIRE.replace(PARAGRAPHS[4], "Related article: What we know so far\n" + PARAGRAPHS[4]) + "\nREAD MORE: Five facts about the island",
        Relation.COPY,
    ),
    "reordered": ("\n".join(PARAGRAPHS[6:] + PARAGRAPHS[:6]), Relation.COPY),
    "first paragraphs": ("\n".join(PARAGRAPHS[:5]), Relation.EXCERPT),
    "most paragraphs": ("\n".join(PARAGRAPHS[:9]), Relation.EXCERPT),
    "stub": ("\n".join(PARAGRAPHS[:2]) + "\nSubscribe to continue reading this article. Already a subscriber? Log in.", Relation.EXCERPT),
    "figures": (UPDATED, Relation.REVISION),
    "write-thru": ("\n".join([*UPDATED.split("\n")[:3], OTHER.split("\n")[1], *PARAGRAPHS[3:10]]), Relation.REVISION),
    "correction": (WIRE + "\nCorrection: An earlier version of this story misstated the name of the ship.", Relation.REVISION),
    "local lead": (LEAD + WIRE, Relation.DERIVED),
    "merged": (OTHER + "\n" + WIRE, Relation.DERIVED),
    "merged, after": (WIRE + "\n" + OTHER, Relation.DERIVED),
    "three paragraphs": ("\n".join([*OTHER.split("\n")[:3], *PARAGRAPHS[4:7], *OTHER.split("\n")[3:]]), Relation.DERIVED),
    "rewrite": (REWRITE, Relation.DERIVED),
    "quotes": (OTHER + "\n" + PARAGRAPHS[3].split("”")[0] + "” a woman said.", Relation.RELATED),
    "unrelated": (OTHER, Relation.DISTINCT),
    "empty": ("", Relation.DISTINCT),
    "one word": ("Korvo", Relation.DISTINCT),
}


@pytest.mark.parametrize("row", ROWS)
def test_every_transformation_has_its_relation(row: str) -> None:
    text, relation = ROWS[row]
    match = verdict(text, title="Dozens rescued as ship sinks" if row == "headline" else "Ferry runs aground off Korvo")
    if relation is Relation.DISTINCT:
        match = compare(article(text, title="Market hall"), article(WIRE))
    assert match.relation is relation, match.why
    assert match.matcher == MATCHER
    assert match.why.endswith((".", ")"))
    if relation.strength > Relation.RELATED.strength:
        title = "Dozens rescued as ship sinks" if row == "headline" else "Ferry runs aground off Korvo"
        back = compare(article(WIRE), article(text, title=title))
        assert (match.other_relation, match.other_why) == (back.relation, back.why)


@pytest.mark.parametrize("confound", [CAPTION, FOOTER, POST], ids=["caption", "footer", "post"])
def test_what_is_no_part_of_the_story_relates_nothing(confound: str) -> None:
    match = compare(article(OTHER + "\n" + confound, title="Market hall"), article(WIRE + "\n" + confound))
    assert match.relation is Relation.DISTINCT, match.why
    assert match.coverage == match.other_coverage == 0
    assert match.coverage_all > 0


def test_another_story_of_the_subject_is_related() -> None:
    text = """Divers began searching the wreck of the Halden Star on Wednesday for passengers missing since the ferry hit a reef near Korvo.
Transport Minister Oskar Lind said the captain would be questioned by the coast guard about his decision to sail in the storm.
Families gathered in the church on the island while rescuers waited for calmer seas around the harbor."""
    match = verdict(text, title="Divers search ferry off Korvo")
    assert match.relation is Relation.RELATED, match.why
    assert match.new_sentences == ()


def test_evidence_is_exact() -> None:
    match = verdict(UPDATED + "\nDivers are to search the wreck again on Thursday if the wind drops.")
    assert match.relation is Relation.REVISION
    assert match.figures_changed == (("212", "215"), ("11", "14"))
    assert match.new_sentences == ("Divers are to search the wreck again on Thursday if the wind drops.",)
    assert "11 → 14" in match.why
    assert "adds 1 sentence" in match.why


def test_a_note_is_told_from_a_headline() -> None:
    lead = "Ferry runs aground off Korvo (2nd lead)"
    assert f"; headed “{lead}”" in verdict(UPDATED, title=lead).why
    said = "Correction: An earlier version of this story misstated the name of the ship."
    assert f"; with a note: “{said}”" in verdict(f"{UPDATED}\n{said}", title=lead).why


def test_a_small_share_is_more_than_none() -> None:
    words, chance = WIRE.replace(".", "").split(), random.Random(7)
    long, longer = (". ".join(" ".join(chance.choices(words, k=14)).capitalize() for _ in range(size)) for size in (320, 340))
    match = verdict(f"{long}.\n{PARAGRAPHS[1]}", f"{longer}.\n{PARAGRAPHS[1]}")
    assert (match.relation, 0 < match.coverage < 0.01) == (Relation.RELATED, True)
    assert "of background with the other text (less than 1 % of the text)" in match.why


def test_passages_are_equal_slices_of_both_texts() -> None:
    text, other = ROWS["typography"][0], WIRE.replace("1987", "1,987")
    match = verdict(text, other)
    assert match.passages
    for p in match.passages:
        assert normalise(text[p.start : p.end]) == normalise(other[p.other_start : p.other_end])


def test_an_excerpt_says_how_much_and_from_where() -> None:
    match = verdict("\n".join(PARAGRAPHS[:5]))
    assert match.coverage == 1.0
    assert "the first 5 of 12 paragraphs" in match.why


def test_two_spellings_of_one_number_are_no_revision() -> None:
    assert verdict(WIRE.replace("about two kilometers", "about 2 kilometers")).relation is Relation.COPY


def test_the_same_outlet_with_news_added_has_another_state_of_its_story() -> None:
    text = WIRE + "\n" + LEAD.strip()
    ours, theirs = replace(article(text), outlet="westbury.test"), article(WIRE)
    assert compare(ours, replace(theirs, outlet="westbury.test")).relation is Relation.REVISION
    assert compare(ours, replace(theirs, outlet="elsewhere.test")).relation is not Relation.REVISION


def test_emptiness_is_not_identity() -> None:
    for text in ("", "…", "\n\n", "☆"):
        assert verdict(text, text).relation is Relation.DISTINCT
        assert fingerprint(article(text)).body_digest == ""
    assert verdict("Korvo", "korvo").relation is Relation.IDENTICAL
    assert verdict("Korvo", "Elma").relation is Relation.DISTINCT


def test_scripts_without_spaces() -> None:
    japanese = (
        "北部の島の沖で火曜日の早朝、乗客二百人を乗せたフェリーが座礁し、十一人が死亡したと当局が発表した。救助隊は小型船で数十人を海から引き上げた。"
        * 1
    )
    more = (
        japanese
        + "運輸相は島に飛び、警告にもかかわらず船が出港した理由を調べると約束した。学校は休校となり、教会は家族のために開放された。"
    )
    assert compare(article(japanese, title="座礁"), article(more, title="フェリー")).relation is Relation.EXCERPT
    assert compare(article(more, title="座礁"), article(more.replace("、", "，"), title="座礁")).relation is Relation.IDENTICAL
    thai = "เรือโดยสารเกยตื้นนอกชายฝั่งเกาะเมื่อเช้าวันอังคาร มีผู้เสียชีวิตสิบเอ็ดคน เจ้าหน้าที่กล่าว"
    assert compare(
        article(thai, title=""), article(thai + " รัฐมนตรีเดินทางไปที่เกาะและสัญญาว่าจะสอบสวนเหตุการณ์ทั้งหมดให้เร็วที่สุดเท่าที่จะทำได้", title="")
    ).relation is not (Relation.DISTINCT)


def test_a_page_of_several_wires_derives_from_each() -> None:
    bundle = article(WIRE + "\n" + OTHER, title="News in brief")
    for wire in (WIRE, OTHER):
        assert compare(bundle, article(wire)).relation is Relation.DERIVED


def test_background_of_one_agency_does_not_derive() -> None:
    """Two stories of one agency that share some paragraphs of background, here and there."""
    ours = OTHER.split("\n")
    text = "\n".join(["BRANNOCK (AP) — A quiet day.", *ours[:2], PARAGRAPHS[7], *ours[2:4], PARAGRAPHS[8], *ours[4:], PARAGRAPHS[10]])
    assert verdict(text).relation is Relation.RELATED
    assert verdict(text.replace(" (AP)", ""), WIRE.replace(" (AP)", "")).relation is Relation.DERIVED


def test_sentences_an_outlet_repeats_are_masked() -> None:
    slogan = "The Westbury Courier has told the stories of the valley since the railway came and prints them on paper made of valley wood."
    text, other = OTHER + "\n" + slogan, WIRE + "\n" + slogan
    assert compare(article(text, title="Hall"), article(other)).coverage > 0
    profile = Profile(repeated=frozenset({sentence_digest(slogan)}))
    assert compare(article(text, title="Hall"), article(other), profile=profile).coverage == 0


def stored(text: str, number: int, seed: str | None = None, shared: int = 0, title: str = "Ferry runs aground off Korvo") -> Stored:
    other = article(text, title=title)
    return Stored(id=number, article_id=number, article=other, body_digest=fingerprint(other).body_digest, seed=seed, shared=shared)


def test_judge_returns_the_strongest_first_and_nothing_distinct() -> None:
    this = article(WIRE)
    suspects = [
        stored(OTHER, 1, shared=1, title="Hall"),
        stored(LEAD + WIRE, 2, shared=9),
        stored(WIRE, 3, shared=9),
        stored(UPDATED, 4, shared=9),
    ]
    matches = judge(this, fingerprint(this), suspects)
    assert next(match.other for match in matches) == 3
    assert 1 not in [match.other for match in matches]
    assert [match.relation.strength for match in matches] == sorted((m.relation.strength for m in matches), reverse=True)
    assert judge(this, fingerprint(this), []) == ()


def test_a_seed_that_shares_no_words_is_still_found_by_its_subject() -> None:
    this = article(
        "The Halden Star ferry struck a reef near Korvo; Oskar Lind, the transport minister, spoke of a captain warned about wind."
    )
    matches = judge(this, fingerprint(this), [stored(WIRE, 1, seed="ferry"), stored(OTHER, 2, seed="hall", title="Market hall")])
    assert [(match.other, match.relation) for match in matches] == [(1, Relation.RELATED)]
    assert "the seed" in matches[0].why


def test_the_credit_names_the_other_text() -> None:
    other = replace(article(WIRE), credit="AFP")
    assert "the AFP story" in compare(article("\n".join(PARAGRAPHS[:5])), other).why


def test_a_fingerprint_is_sampled_but_short_texts_and_seeds_are_whole() -> None:
    long, short = fingerprint(article("\n".join([WIRE, OTHER, LEAD] * 2))), fingerprint(article(PARAGRAPHS[0]))
    assert short.sample == short.shingles == full(short)
    assert set(long.sample) < set(long.shingles) == set(full(long))
    assert all(0 <= value < 2**60 for value in long.sample)
    assert all(-(2**63) <= value < 2**63 for value in long.shingles)
    assert len(set(long.shingles)) == len(long.shingles)
    assert len(fingerprint(article("three words only")).shingles) == 1


def test_digests_change_with_what_they_are_of() -> None:
    base = fingerprint(article(WIRE))
    assert fingerprint(article(WIRE.replace("“", '"').replace("”", '"'))) == base
    titled = fingerprint(article(WIRE, title="Other"))
    assert titled.body_digest == base.body_digest
    assert titled.content_digest != base.content_digest
    assert fingerprint(replace(article(WIRE), credit="AFP")).content_digest != base.content_digest
    assert re.fullmatch(r"[0-9a-f]{32}", base.content_digest)


def test_a_text_that_stands_in_many_papers_is_weighed_once() -> None:
    wire = Article(url="https://one.example/a", title="Ferry runs aground", text=WIRE, outlet="one.example")
    mine = replace(wire, url="https://two.example/b", text=f"{WIRE}\nResidents of the town met in the harbour on Sunday evening.")
    others = [Stored(id=n, article_id=n, article=replace(wire, title=f"Title {n}", outlet=f"{n}.example"), body_digest="x") for n in (1, 2)]
    first, second = judge(mine, fingerprint(mine), others)
    assert {first.other, second.other} == {1, 2}
    assert first.passages
    assert first.passages is second.passages


@pytest.mark.parametrize("text", [WIRE, "", "One line.", "A b.\n\n  C’s 3.8.\nΣΑΣ Σ\n", "It â€™s\nso. So it is", "İstanbul\nA. B. Mr. X"])
def test_a_text_is_read_by_paragraphs_as_it_is_read_whole(text: str) -> None:
    read = Reading("", text, frozenset())
    assert (read.words, read.sentences) == (tokens(text), sentences(text))
