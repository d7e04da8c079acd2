"""How texts relate: digest, then shared words, then a rule over the evidence, then a sentence a person understands.

Pure: no network, no database. ``fingerprint`` is what a text is found by; ``judge`` compares it with what was found.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.match import reading, relation, similarity
from pipeline.match.evidence import weigh
from pipeline.match.fingerprint import body_digest, fingerprint, full
from pipeline.match.voice import sentence_digest
from pipeline.model import Article, Fingerprint, Match, Profile, Relation, Stored

__all__ = ["MATCHER", "compare", "fingerprint", "full", "judge", "sentence_digest"]

MATCHER = "cascade/1"
_ALIGN_FROM = 0.25  # similarity from which a seed is aligned although no 8 words are shared: a rewrite may leave none


def judge(article: Article, fp: Fingerprint, suspects: Sequence[Stored], *, profile: Profile = Profile()) -> tuple[Match, ...]:
    """One verdict for every suspect that is not distinct, strongest first; among equals, the greater coverage.

    ``profile``: of the article's outlet. Suspects are compared word by word, but for seeds that share no fingerprint and no topic.
    """
    matches = []
    for suspect in suspects:
        same = bool(fp.body_digest) and fp.body_digest == suspect.body_digest
        if not same and suspect.seed is not None and not suspect.shared:
            if similarity.cosine(reading.topic(article), reading.topic(suspect.article)) < _ALIGN_FROM:
                continue
        matches.append(_verdict(article, suspect.article, suspect.id, same, profile.repeated))
    kept = [match for match in matches if match.relation is not Relation.DISTINCT]
    return tuple(sorted(kept, key=lambda match: (-match.relation.strength, -max(match.coverage, match.other_coverage), -match.similarity)))


def compare(article: Article, other: Article, *, profile: Profile = Profile()) -> Match:
    """One pair, whatever comes of it, ``distinct`` too. ``article`` is judged, ``other`` is the seed or the other text."""
    mine, theirs = (body_digest(reading.read(side).words.forms) for side in (article, other))
    return _verdict(article, other, 0, bool(mine) and mine == theirs, profile.repeated)


def _verdict(article: Article, other: Article, version: int, same: bool, repeated: frozenset[str]) -> Match:
    this, that = reading.read(article, repeated), reading.read(other)
    evidence = weigh(this, that)
    topical = similarity.cosine(this.vector, that.vector)
    verdict = Relation.IDENTICAL if same else relation.decide(article, other, evidence, topical)
    shown = verdict is not Relation.DISTINCT
    whole = 1.0 if same else None
    return Match(
        other=version,
        relation=verdict,
        coverage=whole or evidence.coverage,
        other_coverage=whole or evidence.other_coverage,
        coverage_all=whole or evidence.coverage_all,
        other_coverage_all=whole or evidence.other_coverage_all,
        longest_run=evidence.longest_run,
        passages=evidence.passages,
        new_sentences=evidence.new_sentences if verdict.strength > Relation.RELATED.strength and not same else (),
        figures_changed=evidence.figures_changed if shown else (),
        similarity=1.0 if same else topical,
        why="",
        matcher=MATCHER,
    )
