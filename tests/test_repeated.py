"""What an outlet prints under story after story is learned and stops counting; what it tells twice is not. And it is unlearned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from databases import contents, raw
from judging import Judge, ingest, planted, relations, rematch
from stories import invented
from storing import record

from pipeline.app import read_article
from pipeline.match import compare, one_story, sentence_digest
from pipeline.model import Article
from pipeline.store import Store, check, copy, purge
from pipeline.store import read as door
from pipeline.store.rows import Wanted
from pipeline.store.sentences import MOST, ROUND, STORIES

PAPER, OTHER = "ledger.example", "courier.example"

# Three paragraphs such as stand under every story of a paper; without a word that the lists of match/voice.py know.
APPEAL = (
    "The Ledger of Harbour Street belongs to nine hundred households of the island, and to nobody else. Whoever thinks that a town "
    "ought to know what its mayor signs may join them for the price of a loaf a week. Every spring the households elect five of "
    "their number to watch over the newsroom, and every autumn the five have to explain themselves in the old fish hall."
)
ABOUT = (
    "Ines Marland has walked the quays for this paper since the winter of the great ice. She writes of boats, of those who mend them and "
    "of what the sea brings back, and she keeps a list of every vessel that ever bore the island's name."
)
RULES = (
    "What is printed here was read by two people before you. Where we were wrong we say so on page two, under the tide table, with the "
    "date on which we said it first and the name of whoever told us better."
)
FOOTER = (APPEAL, ABOUT, RULES)


def story(number: int, outlet: str = PAPER, *, words: int = 150, under: Sequence[str] = FOOTER, top: str = "") -> Article:
    """A short story with what the paper prints around it."""
    told = invented(number, paragraphs=6)
    text, left = [top] if top else [], words
    for paragraph in told.paragraphs:
        text.append(paragraph)
        left -= len(paragraph.split())
        if left <= 0:
            break
    return Article(url=f"http://{outlet}/{number}", title=told.title, text="\n".join((*text, *under)), outlet=outlet)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = Store.open(store_url)
    yield opened
    opened.close()


def learned(store: Store, domain: str = PAPER) -> frozenset[str]:
    found = store.outlet(domain)
    return found.profile.repeated if found else frozenset()


def told(*paragraphs: str) -> frozenset[str]:
    """Digests of sentences, each of which ends with a full stop."""
    return frozenset(sentence_digest(f"{one}.") for paragraph in paragraphs for one in paragraph.rstrip(".").split(". "))


def test_what_stands_under_every_story_stops_counting_and_the_first_pairs_are_mended(store: Store) -> None:
    for number in range(30):
        ingest(store, story(number))
    assert learned(store) == told(*FOOTER)
    early = {pair for pair, relation in relations(store).items() if relation in ("copy", "revision", "excerpt", "derived")}
    assert early, "the first stories are taken for each other's text: nothing was learned yet"
    assert max(int(url.rpartition("/")[2]) for url, _ in early) <= STORIES, "none of the later ones is"
    ran = rematch(store)
    assert set(relations(store).values()) <= {"related"}
    assert early <= {(one.url, one.other_url) for one in ran.changed}
    assert len(door.show(store, story(1).url).former) > 0


def test_what_counts_is_the_story_whose_text_is_behind_the_footer(store: Store) -> None:
    """Both sides are masked: the other outlet's text does not look shorter than it is for what stands under it."""
    for number in range(STORIES):
        ingest(store, story(number, OTHER))
    wire = story(40, PAPER, under=())
    ingest(store, story(40, OTHER))
    ingest(store, wire)
    (related,) = [one for one in door.show(store, wire.url).relations if one.match.coverage > 0.5]
    assert (related.match.relation, related.match.other_coverage) == ("copy", pytest.approx(1.0))


def test_a_story_told_again_is_no_boilerplate(store: Store) -> None:
    """Reprinted, taken up longer, in a new version: it is one story, and all its sentences are its own."""
    first = story(1, under=(), words=250)
    longer = f"{first.text}\n{invented(2).paragraphs[0]}"
    for number in range(STORIES + 3):
        ingest(store, replace(first, url=f"http://{PAPER}/reprint-{number}", title=f"{first.title} ({number})"))
        ingest(store, replace(first, text=f"{longer} On day {number} the clerk of Yarwen had nothing to add."))
    assert learned(store) == frozenset()
    assert compare(first, story(1, OTHER, under=(), words=250)).coverage == 1.0


def test_wire_copy_in_many_outlets_is_nobodys_boilerplate(store: Store) -> None:
    for number in range(STORIES + 3):
        ingest(store, story(1, f"outlet{number}.example", under=()))
    assert all(learned(store, f"outlet{number}.example") == frozenset() for number in range(STORIES + 3))


def test_long_footers_under_briefs_are_learned_although_they_are_most_of_the_text(store: Store) -> None:
    assert compare(story(1, words=40), story(2, words=40)).coverage_all > 0.5
    for number in range(STORIES + 2):
        ingest(store, story(number, words=40))
    assert told(*FOOTER) <= learned(store)


def test_one_story_is_told_by_what_the_texts_do_not_share() -> None:
    first = story(1, under=(), words=250)
    later = replace(first, text="\n".join((*first.text.split("\n")[:-1], *invented(1, paragraphs=12).paragraphs[-2:])))
    for one, other in ((first, first), (first, later), (first, replace(first, text=first.text.split("\n", 1)[1]))):
        assert one_story(one, other, compare(one, other)), compare(one, other).why
    one, other = story(3, words=60), story(4, words=60)
    assert not one_story(one, other, compare(one, other))


def test_a_sentence_of_the_seed_counts_whoever_repeats_it(store: Store) -> None:
    seed = invented(7)
    opening = seed.paragraphs[0]
    for number in range(20, 20 + STORIES):
        ingest(store, story(number, under=(opening,)))
    planted(store, "seven", 7)
    assert told(opening) & learned(store)
    ingest(store, replace(story(50, under=()), text=seed.text))
    assert relations(store)[f"http://{PAPER}/50", "urn:wirewatch:seed:seven"] == "identical"
    part = replace(story(51, under=()), text="\n".join(seed.paragraphs[:2]))
    ingest(store, part)
    (verdict,) = [one.match for one in door.show(store, f"http://{PAPER}/51").relations if one.other.seed]
    whole = compare(part, replace(part, text=seed.text))
    assert (verdict.coverage, verdict.other_coverage) == (1.0, pytest.approx(whole.other_coverage))


@pytest.mark.long
def test_what_is_no_longer_printed_is_unlearned_and_the_table_stays_small(store: Store, store_url: str) -> None:
    for number in range(STORIES):
        ingest(store, story(number))
    assert learned(store) == told(*FOOTER)
    for number in range(100, 100 + ROUND * MOST):
        stored_only(store, story(number, under=()))
    assert learned(store) == frozenset()
    with raw(store_url) as conn:
        ((rows,),) = conn.exec_driver_sql("SELECT count(*) FROM sentence").all()
    assert 0 < rows <= ROUND * 40 + 1


def stored_only(store: Store, article: Article) -> None:
    """Into the store without being compared: all stories here are different."""
    page = read_article(article)
    store.save(record(store, page, sentences=page.fingerprint.sentences))


def test_a_purged_story_is_counted_no_more(store: Store, store_url: str) -> None:
    for number in range(STORIES + 1):
        ingest(store, story(number))
    own = story(0).text.split("\n")[0].split(". ")[0]
    ((value,),) = [(int.from_bytes(bytes.fromhex(sentence_digest(own)), "big", signed=True),)]
    assert any(value in row for row in contents(store_url)["sentence"])
    purge.purge(store, Wanted(urls=frozenset({story(0).url})))
    assert not any(value in row for row in contents(store_url)["sentence"])
    assert learned(store) == told(*FOOTER)
    purge.purge(store, Wanted(outlets=frozenset({PAPER})))
    assert contents(store_url)["sentence"] == []
    assert check.check(store_url, lambda *_: None).problems == ()


def test_a_purge_takes_back_no_more_than_was_counted(store: Store, store_url: str) -> None:
    """Reprints were never counted, and counts are capped: what the others still print stays learned, what is on its way goes on."""
    other = "The harbour office will be closed on the day of the regatta for the first time in living memory."
    for number in range(16):
        ingest(store, story(number, under=(*FOOTER, other) if number in (9, 11, 13, 15) else FOOTER))
    for number in (1, 2):
        ingest(store, replace(story(number), url=f"http://{PAPER}/again-{number}"))
    assert learned(store) == told(*FOOTER)
    gone = (story(1).url, story(2).url, f"http://{PAPER}/again-1", f"http://{PAPER}/again-2")
    purge.purge(store, Wanted(urls=frozenset(gone)))
    assert learned(store) == told(*FOOTER)
    ingest(store, story(16, under=(other,)))
    assert told(other) <= learned(store), "4 stories that stayed and one more"


def test_a_reprint_of_what_was_purged_is_counted_once(store: Store, store_url: str) -> None:
    first = story(1, under=())
    for name in ("first", "second", "third"):
        ingest(store, replace(first, url=f"http://{PAPER}/{name}"))
    purge.purge(store, Wanted(urls=frozenset({f"http://{PAPER}/first"})))
    with raw(store_url) as conn:
        assert {row[0] for row in conn.exec_driver_sql("SELECT stories FROM sentence WHERE hash <> 0").all()} == {1}


def test_it_is_copied_and_checked_with_the_rest(store: Store, store_url: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    for number in range(STORIES):
        ingest(store, story(number))
    rematch(store, Judge())
    target = f"sqlite:///{tmp_path_factory.mktemp('copy') / 'news.db'}"
    copy.copy(store_url, target, lambda *_: None)
    with raw(target) as conn:
        conn.exec_driver_sql("INSERT INTO sentence (domain, hash, stories, seen_at) VALUES ('nobody.example', 1, 1, '2026-03-01')")
    other = Store.open(target)
    assert learned(other) == told(*FOOTER)
    other.close()
    assert [problem for problem in check.check(target, lambda *_: None).problems if "sentence" in problem]
