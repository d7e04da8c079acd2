"""What the reading commands show: lists, stories, one article. For people, or as JSON lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.lines import Line, dump, match_line, when
from pipeline.model import Instant, Relation
from pipeline.render import RELATIONS, counted, cut, fitted, line, percent
from pipeline.text import plain

if TYPE_CHECKING:
    from pipeline.store.rows import Listed, Related, Shown, Story, Told

BAR = 10  # characters of a coverage bar


def moment(at: Instant | datetime | None) -> str:
    """A time at a glance, in UTC; a day-only date is the day."""
    if isinstance(at, Instant):
        if at.precision == "day":
            return str(at)
        at = at.at
    return at.strftime("%Y-%m-%d %H:%M") if at else ""


def bar(share: float) -> str:
    """A share as a bar: "███████···"."""
    full = round(share * BAR)
    return "█" * full + "·" * (BAR - full)


def how_much(relation: Relation | None, coverage: float) -> str:
    """ "copy 97 %"; what is related or distinct shares no text worth a figure."""
    if relation in (None, Relation.DISTINCT):
        return ""
    return relation.value if relation is Relation.RELATED else f"{relation.value} {percent(coverage)}"


# ── lists ─────────────────────────────────────────────────────────────────────────────────────────


def listing(rows: Sequence[Listed], *, json: bool, empty: str) -> None:
    """Articles, a line each (two where a search found them)."""
    if json:
        for row in rows:
            line(dump(listed_line(row)))
        return
    if not rows:
        line(empty)
    for row in rows:
        told = f"{how_much(row.relation, row.coverage)} {row.to or ''}".strip() if row.relation else ""
        when_ = moment(row.published) or moment(row.first_seen)
        line(fitted(f"{'#' + str(row.article_id):>7}  {when_:<16}  {cut(row.outlet or '', 24):<24}  ", row.title or row.url))
        if told or row.snippet:
            line(fitted(" " * 9, "  ".join(part for part in (told, row.snippet) if part)))


def listed_line(row: Listed) -> Line:
    """An article of a list."""
    return {
        "article": row.article_id,
        "version": row.version_id,
        "url": row.url,
        "title": row.title,
        "outlet": row.outlet,
        "published": when(row.published),
        "first_seen": when(row.first_seen),
        "language": row.language,
        "kind": row.kind,
        "completeness": row.completeness,
        "credit": row.credit,
        "authors": list(row.authors),
        "versions": row.versions,
        "relation": row.relation.value if row.relation else None,
        "to": row.to,
        "coverage": round(row.coverage, 4) if row.relation else None,
        "other_coverage": round(row.other_coverage, 4) if row.relation else None,
        "snippet": row.snippet,
    }


# ── stories ───────────────────────────────────────────────────────────────────────────────────────


def stories(found: Sequence[Story], *, json: bool) -> None:
    """Who ran each, in the order of time."""
    if json:
        for story in found:
            for told in story.told:
                line(dump(told_line(story, told)))
        return
    if not found:
        line("There is no seed. Try: wirewatch seed add https://paper.example/the-story")
    for number, story in enumerate(found):
        if number:
            line("")
        _story(story)


def _story(story: Story) -> None:
    about = story.about
    line(plain(about.title))
    by = " / ".join(part for part in (", ".join(about.authors), about.credit or "") if part)
    line("  " + "  ".join(part for part in (by, moment(about.published), story.origin_url or ("" if about.seed else about.url)) if part))
    if not story.told:
        line("  Nobody has run it, as far as the database knows. Try: wirewatch ingest")
        return
    outlets = {told.article.outlet for told in story.told}
    line(f"  {counted(len(story.told), 'article')} of {counted(len(outlets), 'outlet')}\n")
    for told in story.told:
        row = told.article
        at = moment(row.published) or moment(row.first_seen)
        share = bar(told.coverage) if told.relation is not Relation.RELATED else " " * BAR
        head = f"  {at:<16}  {cut(row.outlet or '', 24):<24}  {how_much(told.relation, told.coverage):<15} {share}  "
        line(fitted(head + f"#{row.article_id:<5} ", row.title or row.url))
        why = told.why + ("" if told.judge == "machine" else f" (said by a {told.judge})")
        if why:
            line(fitted(" " * 20, why))


def told_line(story: Story, told: Told) -> Line:
    """One article of a story."""
    return {
        "story": story.about.seed or story.about.article_id,
        **{key: value for key, value in listed_line(told.article).items() if key != "snippet"},
        "to": story.about.seed or story.about.url,
        "relation": told.relation.value,
        "coverage": round(told.coverage, 4),
        "other_coverage": round(told.other_coverage, 4),
        "longest_run": told.longest_run,
        "new_sentences": list(told.new_sentences),
        "figures_changed": [list(pair) for pair in told.figures_changed],
        "why": told.why,
        "judge": told.judge,
        "aligned": told.aligned,
    }


# ── one article ───────────────────────────────────────────────────────────────────────────────────


def article(shown: Shown, *, json: bool) -> None:
    """One article with sightings, versions and relations, then its text."""
    if json:
        line(dump(shown_line(shown)))
        return
    row, latest = shown.listed, shown.versions[0]
    line(f"#{row.article_id}  {plain(row.title)}")
    fields = {
        "url": row.url,
        "outlet": row.outlet,
        "authors": ", ".join(row.authors),
        "credit": row.credit,
        "published": when(row.published),
        "modified": when(latest.article.modified),
        "language": row.language,
        "kind": f"{row.kind}, {row.completeness}",
        "origin_url": latest.article.origin_url,
        "first seen": moment(row.first_seen),
    }
    for name, value in fields.items():
        if value:
            stood = latest.article.provenance.get(name)
            line(f"  {name:<11}{plain(value)}" + (f"   [{stood}]" if stood else ""))
    _section("relations", [_relation(related) for related in shown.relations])
    seen = [f"{moment(met.first_seen)} … {moment(met.last_seen)}  {plain(met.source)}  {plain(met.url)}" for met in shown.sightings]
    _section("sightings", seen)
    kept = [
        f"{one.number}  {moment(one.fetched_at)}  {one.words} words  {one.body_digest[:12]}  {cut(one.article.title, 70)}"
        for one in shown.versions
    ]
    _section("versions", kept)
    line("")
    for paragraph in latest.article.text.split("\n"):
        line(plain(paragraph) + "\n")


def _section(name: str, rows: Iterable[str]) -> None:
    for number, row in enumerate(rows):
        if not number:
            line(f"\n  {name}")
        line(fitted("    ", row))


def _relation(related: Related) -> str:
    other = related.other
    name = other.seed or f"#{other.article_id} {other.outlet or ''}"
    told = RELATIONS[related.match.relation]
    said = "" if related.judge == "machine" else f" (said by a {related.judge})"
    verdict = f"{name} is {told} this" if related.reverse else f"{told} {name}"
    return f"{verdict}{said}. {related.match.why}"


def shown_line(shown: Shown) -> Line:
    """Everything known of one article."""
    latest = shown.versions[0]
    return {
        **{key: value for key, value in listed_line(shown.listed).items() if key != "snippet"},
        "text": latest.article.text,
        "provenance": dict(latest.article.provenance),
        "origin_url": latest.article.origin_url,
        "opt_outs": list(latest.article.opt_outs),
        "keys": list(shown.keys),
        "sightings": [
            {"source": met.source, "url": met.url, "first_seen": when(met.first_seen), "last_seen": when(met.last_seen)}
            for met in shown.sightings
        ],
        "versions": [
            {
                "version": one.id,
                "number": one.number,
                "title": one.article.title,
                "words": one.words,
                "digest": one.body_digest,
                "fetched_at": when(one.fetched_at),
                "checked_at": when(one.checked_at),
                "software": one.software,
                "raw_bytes": one.raw_bytes,
            }
            for one in shown.versions
        ],
        "relations": [
            {
                "other": related.other.article_id,
                "other_url": related.other.url,
                "seed": related.other.seed,
                "reverse": related.reverse,
                "judge": related.judge,
                "made_at": when(related.made_at),
                **match_line(related.match),
                "aligned": related.match.aligned,
            }
            for related in shown.relations
        ],
    }
