"""What is told of what happens: rules and a happening → alerts. Pure; asked inside the transaction of what happened.

An event has a name that never changes: a rule that is asked again about the same thing, by another runner or after a crash, makes the same
one, and the store keeps one of it. What was so before is no event: a rule hears only of what comes after it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from pipeline import cron, query
from pipeline.model import Alert, Happening, Instant, Relation, Rule, SeedMatch

RELATIONS: Final = (Relation.IDENTICAL, Relation.COPY, Relation.REVISION, Relation.EXCERPT, Relation.DERIVED)  # unless a rule names others
LONGEST: Final = 300  # characters of a sentence in an alert
SENTENCES, FIGURES = 3, 5  # new sentences and changed figures that are told


def alerts(rules: Sequence[Rule], happened: Happening) -> Iterator[Alert]:
    """What each rule has to tell of it, one for each of its targets."""
    for rule in rules:
        for kind, event, facts in _events(rule, happened):
            moment = cron.upcoming(rule.digest, rule.zone, happened.at) if rule.digest else None
            for target in rule.to:
                yield Alert(
                    rule=rule.name,
                    target=target,
                    event=event,
                    kind=kind,
                    key=_key(rule.name, target, event, happened.at),
                    facts=facts,
                    made_at=happened.at,
                    due_at=moment or happened.at,
                    digest=moment,
                    article_id=happened.article_id,
                    version_id=happened.version_id,
                    source=happened.source,
                )


def needs_before(rules: Sequence[Rule]) -> bool:
    """Whether a rule has to know what an article was like before its newest version."""
    return any({"new", "match", "version"} & set(rule.events) for rule in rules)


def _key(*parts: object) -> str:
    """What a receiver knows a repeated delivery by: names nothing, and no two databases give the same."""
    return "ww-" + hashlib.sha256("\n".join(map(str, parts)).encode("utf-8", "replace")).hexdigest()[:32]


# ── what a rule hears of ──────────────────────────────────────────────────────────────────────────


def _events(rule: Rule, happened: Happening) -> Iterator[tuple[Any, str, Mapping[str, Any]]]:
    """→ (kind, name of the event, facts)."""
    if happened.event == "health":
        change = happened.health
        if change is None or "health" not in rule.events or (change.was is None and change.health == "ok"):
            return  # that a new source is well is no news
        if _one_of(rule.states, change.health) and _source(rule, happened):
            yield "health", happened.mark, _health_facts(happened)
        return
    if happened.event in ("new", "version"):
        yield from _of_text(rule, happened)
    if happened.event in ("version", "withdrawn") and happened.event in rule.events:
        about = next((one for one in (happened, happened.before) if one is not None and _concerns(rule, one)), None)
        if about is not None and (happened.event != "version" or _one_of(rule.changes, happened.change)):
            yield happened.event, happened.mark, _facts(happened, next(_related(rule, about), None), rule)


def _of_text(rule: Rule, happened: Happening) -> Iterator[tuple[Any, str, Mapping[str, Any]]]:
    """An article came in, or says something that it did not say before."""
    if not {"new", "match"} & set(rule.events) or not _concerns(rule, happened):
        return
    before = happened.before
    if rule.seeds:
        was = {one.seed for one in _related(rule, before)} if before is not None and _concerns(rule, before) else set()
        for related in _related(rule, happened):
            if related.seed not in was:
                yield "match", mark("match", related.seed, happened.story), _facts(happened, related, rule)
    elif before is None or not _concerns(rule, before):
        yield "new", mark("new", happened.story), _facts(happened, None, rule)


def _concerns(rule: Rule, happened: Happening) -> bool:
    article = happened.article
    if article is None or not _source(rule, happened):
        return False
    if not _one_of(rule.outlets, article.outlet) or not _language(rule, article.language):
        return False
    if rule.within is not None and article.published is not None and happened.at - article.published.at > rule.within:
        return False
    if rule.seeds and next(_related(rule, happened), None) is None:
        return False
    return not rule.keywords or query.parse(rule.keywords)(f"{article.title}\n{article.text}")


def _source(rule: Rule, happened: Happening) -> bool:
    return _one_of(rule.sources, happened.source)


def _language(rule: Rule, language: str | None) -> bool:
    """ "en" is said of "en-GB" too."""
    return not rule.languages or any(f"{language or ''}-".casefold().startswith(f"{one.casefold()}-") for one in rule.languages)


def _one_of(wanted: Sequence[str], value: str | None) -> bool:
    return not wanted or value in wanted


def _related(rule: Rule, happened: Happening) -> Iterator[SeedMatch]:
    """The seeds it has to do with, strongest first."""
    wanted = rule.relations or RELATIONS
    found = [
        one
        for one in happened.matches
        if one.match.aligned and one.match.relation in wanted and (one.seed in rule.seeds or "*" in rule.seeds)
    ]
    yield from sorted(found, key=lambda one: (-one.match.relation.strength, -one.match.coverage, one.seed))


# ── what is told of it ────────────────────────────────────────────────────────────────────────────


def _facts(happened: Happening, related: SeedMatch | None, rule: Rule) -> dict[str, Any]:
    """What a message is made of, as JSON knows it; what is not known is left out."""
    article = happened.article
    assert article is not None
    before = happened.before.article if happened.before else None
    facts: dict[str, Any] = {
        "article": happened.article_id,
        "version": happened.version_id,
        "url": article.url,
        "title": article.title,
        "outlet": article.outlet,
        "outlet_name": happened.outlet_name or article.outlet_name,
        "published": str(article.published) if article.published else None,
        "seen_at": happened.at.isoformat(timespec="seconds"),
        "language": article.language,
        "authors": list(article.authors),
        "credit": article.credit,
        "source": happened.source,
        "change": happened.change,
        "why": happened.why,
    }
    if before is not None and before.title != article.title:
        facts["title_before"] = before.title
    if rule.keywords:
        facts |= {"keywords": rule.keywords, "snippet": query.parse(rule.keywords).snippet(f"{article.title}\n{article.text}")}
    if related is not None:
        facts |= _seed_facts(related, article.published)
    return {name: value for name, value in facts.items() if value not in (None, "", [])}


def _seed_facts(related: SeedMatch, published: Instant | None) -> dict[str, Any]:
    match = related.match
    return {
        "seed": related.seed,
        "seed_title": related.title,
        "seed_url": related.url,
        "relation": match.relation.value,
        "coverage": round(match.coverage, 4),
        "other_coverage": round(match.other_coverage, 4),
        "relation_why": match.why,
        "new_sentences": [one[:LONGEST] for one in match.new_sentences[:SENTENCES]],
        "figures_changed": [list(pair) for pair in match.figures_changed[:FIGURES]],
        "seconds_after": _apart(related.published, published),
    }


def _apart(seed: Instant | None, article: Instant | None) -> int | None:
    """Seconds from one to the other; None where a day is all that is known."""
    if seed is None or article is None or "day" in (seed.precision, article.precision):
        return None
    return int((article.at - seed.at).total_seconds())


def _health_facts(happened: Happening) -> dict[str, Any]:
    change = happened.health
    assert change is not None
    facts = {"source": change.source, "health": change.health, "since": change.since.isoformat(timespec="seconds"), "why": change.why}
    return {name: value for name, value in facts.items() if value}


# ── what happened, by its name ────────────────────────────────────────────────────────────────────


def mark(event: str, *parts: object) -> str:
    """The name of what happened: "version:12", "withdrawn:7:2026-03-01T12:00:00+00:00"."""
    return ":".join([event, *(part.isoformat(timespec="seconds") if isinstance(part, datetime) else str(part) for part in parts)])
