"""How texts relate: digest, then shared words, then a rule over the evidence, then a sentence a person understands.

Pure: no network, no database. ``fingerprint`` is what a text is found by; ``judge`` compares it with what was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from pipeline.match import languages, reading, relation, similarity
from pipeline.match.evidence import Evidence, weigh, word_by_word
from pipeline.match.fingerprint import body_digest, fingerprint, full
from pipeline.match.reading import Reading
from pipeline.match.retold import one_story
from pipeline.match.subject import subject as new_subject
from pipeline.match.topics import subject as weightiest
from pipeline.match.typography import Even, as_stored, even, evened
from pipeline.match.vocabulary import heard, kept, learn
from pipeline.match.why import explain, name, note, translation
from pipeline.model import Article, Fingerprint, Match, Profile, Relation, Stored, Vocabulary
from pipeline.repeated import sentence_digest

__all__ = ["MATCHER", "compare", "fingerprint", "full", "judge", "learn", "one_story", "sentence_digest", "subject"]

MATCHER = "cascade/5"
_NO_PROFILE = Profile()
_STRONGEST_FIRST = tuple(Relation)
_FAINT = (Relation.RELATED, Relation.DISTINCT)  # of them it is not told what is new
_TOGETHER = 32  # suspects whose words are weighed at once: more are seeds alone, and each is some 400 kB while it is compared
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
    mine = even(article.text)
    this = evened(article, mine)
    matches, weighed = [], _Weighed(this, profile.repeated, vocabulary)
    near = list(_near(this, fp, suspects))
    for begin in range(0, len(near), _TOGETHER):
        some = near[begin : begin + _TOGETHER]
        weighed.together([suspect for suspect, _, same in some if not same])
        for suspect, theirs, same in some:
            match = _verdict(this, suspect, same, weighed, abroad=suspect.seed is not None)
            matches.append(as_stored(match, mine, theirs))
    told = [match for match in matches if match.relation is not Relation.DISTINCT]
    return tuple(
        sorted(
            told, key=lambda match: (_STRONGEST_FIRST.index(match.relation), -max(match.coverage, match.other_coverage), -match.similarity)
        )
    )


def _near(article: Article, fp: Fingerprint, suspects: Sequence[Stored]) -> Iterator[tuple[Stored, Even, bool]]:
    """The suspects that are worth comparing, each evened, with the way back and whether it has the same body."""
    for stored in suspects:
        told = even(stored.article.text)
        other = evened(stored.article, told)
        suspect = stored if other is stored.article else replace(stored, article=other)
        same = bool(fp.body_digest) and fp.body_digest == suspect.body_digest
        if same or suspect.seed is None or suspect.shared or not _far(article, other):
            yield suspect, told, same


class _Pair:
    """What there is to say of two texts, whoever printed the other one: each of it is made once, and when it is asked for."""

    def __init__(self, this: Reading, that: Reading) -> None:
        self.this, self.that = this, that
        self.evidence, self._turn = weigh(this, that)

    @cached_property
    def turned(self) -> Evidence:
        """The evidence with the sides turned."""
        return self._turn()

    @cached_property
    def subject(self) -> str:
        """Of what is new in this text."""
        return new_subject(self.evidence.new_sentences, self.that.words.forms, lambda: self.that.known)

    @cached_property
    def other_subject(self) -> str:
        """Of what is in the other text alone."""
        return new_subject(self.turned.new_sentences, self.this.words.forms, lambda: self.this.known)


class _Weighed:
    """The evidence on one text against others, each exact text weighed once: a wire story stands word for word in hundreds of papers."""

    def __init__(self, article: Article, repeated: frozenset[str], vocabulary: Vocabulary | None) -> None:
        self._article, self._repeated, self._vocabulary = article, repeated, vocabulary
        self.this = reading.read(article, repeated)
        self._known: dict[tuple[str, frozenset[str], bool], _Pair] = {}
        self._similar: dict[tuple[str, str], float] = {}

    def against(self, suspect: Stored) -> _Pair:
        """The pair with its text, which may have been read under another title."""
        key = suspect.article.text, suspect.repeated, suspect.seed is not None
        known = self._known.get(key)
        if known is None:
            this, that = self.this, reading.read(suspect.article, suspect.repeated)
            if suspect.seed is not None and not self._repeated.isdisjoint(that.digests):
                # what stands in a seed is its story, whoever repeats it
                this = reading.read(self._article, self._repeated - that.digests)
            known = self._known[key] = _Pair(this, that)
        return known

    def together(self, suspects: Sequence[Stored]) -> None:
        """Weighs the words of some suspects at once."""
        reading.weigh((suspect.article.title, reading.read(suspect.article, suspect.repeated)) for suspect in suspects)

    def similarity(self, other: Article, that: Reading) -> float:
        """Of the topics of both; titles count. Of what an archive tells only what takes away."""
        key = other.title, other.text
        if key not in self._similar:
            self._similar[key] = self._compared(other, that)
        return self._similar[key]

    def _compared(self, other: Article, that: Reading) -> float:
        alike = that.title == other.title
        words = that.weights(other.title)
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
    told, others_told = even(article.text), even(other.text)
    this, that = evened(article, told), evened(other, others_told)
    mine, theirs = (body_digest(reading.read(side).words.forms) for side in (this, that))
    suspect = Stored(id=0, article_id=0, article=that, body_digest=theirs, repeated=others.repeated)
    match = _verdict(this, suspect, bool(mine) and mine == theirs, _Weighed(this, profile.repeated, vocabulary), abroad=True)
    return as_stored(match, told, others_told)


def subject(article: Article) -> tuple[str, ...]:
    """The words that say most of what an article is about, to look for in full text: beginnings of words."""
    return weightiest(reading.topic(article))


def _verdict(article: Article, suspect: Stored, same: bool, weighed: _Weighed, *, abroad: bool) -> Match:
    """``abroad``: whether it is worth it to look for a translation."""
    other = suspect.article
    pair = weighed.against(suspect)
    evidence = pair.evidence
    foreign = None
    if abroad and not same and languages.differ(article, other) and languages.available():
        foreign = languages.across(article, other)
    topical = 1.0 if same else foreign.similarity if foreign else weighed.similarity(other, pair.that)
    verdict = Relation.IDENTICAL if same else relation.decide(article, other, evidence, topical)
    if verdict is Relation.DISTINCT and foreign and foreign.pairs:
        verdict = Relation.RELATED
    shown = verdict not in _FAINT
    turned = _turned(article, other, verdict, pair, topical) if shown else verdict
    revised = Relation.REVISION in (verdict, turned)  # of nothing else it is told what notes say
    noted = note(relation.notes(article) ^ relation.notes(other), (article.title, other.title)) if revised else ""
    called = name(other, suspect.seed)
    why = explain(verdict, evidence, topical, called, noted, pair.subject if shown else "")
    if verdict is Relation.RELATED and foreign:
        why = translation(article, other, called, len(foreign.pairs), foreign.sentences, topical)
    back = explain(turned, pair.turned, topical, name(article, None), noted, pair.other_subject) if shown else ""
    return Match(
        other=suspect.id,
        relation=verdict,
        other_relation=turned,
        other_why=back,
        coverage=1.0 if same else evidence.coverage,
        other_coverage=1.0 if same else evidence.other_coverage,
        coverage_all=1.0 if same else evidence.coverage_all,
        other_coverage_all=1.0 if same else evidence.other_coverage_all,
        longest_run=evidence.longest_run,
        passages=evidence.passages or (word_by_word(weighed.this, pair.that) if same else ()),
        new_sentences=evidence.new_sentences if shown else (),
        figures_changed=evidence.figures_changed if shown else (),
        similarity=topical,
        why=why,
        matcher=MATCHER,
        translated=foreign.pairs if foreign else (),
    )


def _turned(article: Article, other: Article, verdict: Relation, pair: _Pair, topical: float) -> Relation:
    """The same verdict seen from the other text: what holds a story whole is derived from it, and that is an excerpt of this."""
    return verdict if verdict is Relation.IDENTICAL else relation.decide(other, article, pair.turned, topical)
