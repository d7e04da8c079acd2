"""How texts relate: digest, then shared words, then a rule over the evidence, then a sentence a person understands.

Pure: no network, no database. ``fingerprint`` is what a text is found by; ``judge`` compares it with what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from pipeline.match import languages, reading, relation, similarity
from pipeline.match.evidence import Evidence, weigh, word_by_word
from pipeline.match.fingerprint import body_digest, fingerprint, full
from pipeline.match.reading import Reading
from pipeline.match.retold import one_story
from pipeline.match.subject import subject as new_subject
from pipeline.match.topics import subject as weightiest
from pipeline.match.vocabulary import heard, kept, learn
from pipeline.match.why import explain, name, note, translation
from pipeline.model import Article, Fingerprint, Match, Profile, Relation, Stored, Vocabulary
from pipeline.repeated import sentence_digest

__all__ = ["MATCHER", "compare", "fingerprint", "full", "judge", "learn", "one_story", "sentence_digest", "subject"]

MATCHER = "cascade/4"
_NO_PROFILE = Profile()
_ALIGN_FROM = 0.25  # similarity from which a seed is aligned although no 8 words are shared: a rewrite may leave none


def judge(
    article: Article,
    fp: Fingerprint,
    suspects: Sequence[Stored],
    *,
    profile: Profile = _NO_PROFILE,
    vocabulary: Vocabulary | None = None,
) -> tuple[Match, ...]:
    """One verdict for every suspect that is not distinct, strongest first; among equals, the greater coverage.

    ``profile``: of the article's outlet; the suspects bring along what theirs repeat. ``vocabulary``: what the archive tells of words, once
    it does. Suspects are compared word by word, but for seeds that share no fingerprint and no topic.
    """
    vocabulary = kept(vocabulary) if vocabulary else None
    matches, weighed = [], _Weighed(article, profile.repeated, vocabulary)
    for suspect in suspects:
        same = bool(fp.body_digest) and fp.body_digest == suspect.body_digest
        if not same and suspect.seed is not None and not suspect.shared and _far(article, suspect.article):
            continue
        matches.append(_verdict(article, suspect, same, weighed, abroad=suspect.seed is not None))
    told = [match for match in matches if match.relation is not Relation.DISTINCT]
    return tuple(sorted(told, key=lambda match: (-match.relation.strength, -max(match.coverage, match.other_coverage), -match.similarity)))


class _Weighed:
    """The evidence on one text against others, each exact text weighed once: a wire story stands word for word in hundreds of papers."""

    def __init__(self, article: Article, repeated: frozenset[str], vocabulary: Vocabulary | None) -> None:
        self._article, self._repeated, self._vocabulary = article, repeated, vocabulary
        self.this = reading.read(article, repeated)
        self._known: dict[tuple[str, frozenset[str], bool], tuple[Reading, Evidence, Callable[[], Evidence]]] = {}

    def against(self, suspect: Stored) -> tuple[Reading, Evidence, Callable[[], Evidence]]:
        """Its reading, perhaps under another title; the evidence, and the evidence with the sides turned."""
        key = suspect.article.text, suspect.repeated, suspect.seed is not None
        known = self._known.get(key)
        if known is None:
            this, that = self.this, reading.read(suspect.article, suspect.repeated)
            if suspect.seed is not None and not self._repeated.isdisjoint(that.digests):
                # what stands in a seed is its story, whoever repeats it
                this = reading.read(self._article, self._repeated - that.digests)
            evidence, turned = weigh(this, that)
            known = self._known[key] = (that, evidence, cache(turned))
        return known

    def similarity(self, other: Article, that: Reading) -> float:
        """Of the topics of both; titles count. Of what an archive tells only what takes away."""
        alike = that.title == other.title
        words = that.topic(None) if alike else similarity.vector(other.title, other.text, that.words)
        looks = similarity.cosine(self.this.topic(None), words)
        if self._vocabulary is None:
            return looks
        theirs = that.topic(self._vocabulary) if alike else reading.reckoned(words, self._vocabulary)
        return heard(looks, similarity.cosine(self.this.topic(self._vocabulary), theirs))


def _far(article: Article, other: Article) -> bool:
    if languages.differ(article, other):  # no words to compare: two languages share names and figures at most
        return not languages.available() or languages.similarity(article, other) < languages.HOPELESS
    # by looks alone: whether a seed is aligned must not hang on what was learned when the article came in
    return similarity.cosine(reading.topic(article), reading.topic(other)) < _ALIGN_FROM


def compare(
    article: Article,
    other: Article,
    *,
    profile: Profile = _NO_PROFILE,
    others: Profile = _NO_PROFILE,
    vocabulary: Vocabulary | None = None,
) -> Match:
    """One pair, whatever comes of it, ``distinct`` too. ``article`` is judged, ``other`` is the seed or the other text. ``profile``,
    ``others``: of their outlets, where they are known."""
    mine, theirs = (body_digest(reading.read(side).words.forms) for side in (article, other))
    stored = Stored(id=0, article_id=0, article=other, body_digest=theirs, repeated=others.repeated)
    weighed = _Weighed(article, profile.repeated, vocabulary)
    return _verdict(article, stored, bool(mine) and mine == theirs, weighed, abroad=True)


def subject(article: Article) -> tuple[str, ...]:
    """The words that say most of what an article is about, to look for in full text: beginnings of words."""
    return weightiest(reading.topic(article))


def _verdict(article: Article, suspect: Stored, same: bool, weighed: _Weighed, *, abroad: bool) -> Match:
    """``abroad``: whether it is worth it to look for a translation."""
    other = suspect.article
    that, evidence, turned = weighed.against(suspect)
    foreign = None
    if abroad and not same and languages.differ(article, other) and languages.available():
        foreign = languages.across(article, other)
    topical = 1.0 if same else foreign.similarity if foreign else weighed.similarity(other, that)
    verdict = Relation.IDENTICAL if same else relation.decide(article, other, evidence, topical)
    if verdict is Relation.DISTINCT and foreign and foreign.pairs:
        verdict = Relation.RELATED
    shown = verdict.strength > Relation.RELATED.strength
    noted = note(relation.notes(article) ^ relation.notes(other), (article.title, other.title)) if shown else ""
    called = name(other, suspect.seed)
    why = explain(
        verdict, evidence, topical, called, noted, new_subject(evidence.new_sentences, that.words.forms, that.known) if shown else ""
    )
    if verdict is Relation.RELATED and foreign:
        why = translation(article, other, called, len(foreign.pairs), foreign.sentences, topical)
    back = _back(article, suspect, verdict, turned, topical, noted, weighed.this) if shown else (verdict, "")
    return Match(
        other=suspect.id,
        relation=verdict,
        other_relation=back[0],
        other_why=back[1],
        coverage=1.0 if same else evidence.coverage,
        other_coverage=1.0 if same else evidence.other_coverage,
        coverage_all=1.0 if same else evidence.coverage_all,
        other_coverage_all=1.0 if same else evidence.other_coverage_all,
        longest_run=evidence.longest_run,
        passages=evidence.passages or (word_by_word(weighed.this, that) if same else ()),
        new_sentences=evidence.new_sentences if shown else (),
        figures_changed=evidence.figures_changed if shown else (),
        similarity=topical,
        why=why,
        matcher=MATCHER,
        translated=foreign.pairs if foreign else (),
    )


def _back(
    article: Article, suspect: Stored, verdict: Relation, turned: Callable[[], Evidence], topical: float, noted: str, this: Reading
) -> tuple[Relation, str]:
    """The same verdict seen from the other text, and why: what holds a story whole is derived from it, and that is an excerpt of this."""
    evidence = turned()
    told = verdict if verdict is Relation.IDENTICAL else relation.decide(suspect.article, article, evidence, topical)
    on = new_subject(evidence.new_sentences, this.words.forms, this.known)
    return told, explain(told, evidence, topical, name(article, None), noted, on)
