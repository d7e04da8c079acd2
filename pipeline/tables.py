"""What the reading commands show: lists, stories, one article. For people, or as JSON lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from pipeline.lines import Line, dump, match_line, when
from pipeline.model import Instant, Relation
from pipeline.render import RELATIONS, counted, cut, fitted, line, percent, width, wrapped
from pipeline.store.rows import Listed, Pair, Related, Shown, Story, Told
from pipeline.text import plain

BAR = 10  # characters of a coverage bar
SMALL, LARGE = 100, 150  # columns below which a row takes two lines; and from which an outlet's name stands beside its domain


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


def outlet(row: Listed) -> str:
    """The outlet's column: its domain, with its name where there is room."""
    columns = width()
    if columns is None or columns < LARGE:
        return f"{cut(row.outlet or '', 24):<24}"
    name = row.outlet_name if row.outlet_name and row.outlet_name != row.outlet else None
    return f"{cut(' · '.join(part for part in (row.outlet, name) if part), 46):<46}"


def comes_from(row: Listed) -> str:
    """ "says that it comes from …": a page's own word on where its text was taken from. "" where it says nothing; a seed's is no claim."""
    if row.seed is not None or not row.origin_url or row.origin == row.article_id:
        return ""
    return f"says that it comes from {f'#{row.origin} ' if row.origin else ''}{plain(row.origin_url)}"


# ── lists ─────────────────────────────────────────────────────────────────────────────────────────


def listing(rows: Sequence[Listed], *, json: bool, empty: str) -> None:
    """Articles, a line each (two where there is more to say)."""
    if json:
        for row in rows:
            line(dump(listed_line(row)))
        return
    if not rows:
        line(empty)
    for row in rows:
        told = f"{how_much(row.relation, row.coverage)} {row.to or ''}".strip() if row.relation else ""
        if told and row.judge == "person":
            told += " (said by a person)"
        when_ = moment(row.published) or moment(row.first_seen)
        line(fitted(f"{'#' + str(row.article_id):>7}  {when_:<16}  {outlet(row)}  ", row.title or row.url))
        if more := "  ".join(part for part in (told, comes_from(row), row.snippet) if part):
            line(fitted(" " * 9, more))


def listed_line(row: Listed) -> Line:
    """An article of a list."""
    return {
        "article": row.article_id,
        "version": row.version_id,
        "url": row.url,
        "title": row.title,
        "outlet": row.outlet,
        "outlet_name": row.outlet_name,
        "group": row.group,
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
        "judge": row.judge,
        "origin_url": row.origin_url,
        "origin": row.origin,
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
        line("There is no seed. Put one into the seeds folder: seed.toml and article.txt.")
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
    ran = f"  {counted(len(story.told), 'article')} of {counted(story.outlets, 'outlet')}"
    if story.owners < story.outlets:
        ran += f" in {counted(story.owners, 'group')} (outlets of one owner are one)"
    line(ran + "\n")
    columns = width()
    for told in story.told:
        row = told.article
        at = moment(row.published) or moment(row.first_seen)
        share = bar(told.coverage) if told.relation is not Relation.RELATED else " " * BAR
        head, title = f"  {at:<16}  {outlet(row)}  {how_much(told.relation, told.coverage):<15}", row.title or row.url
        if columns is not None and columns < SMALL:
            line(head)
            line(fitted(f"{'':20}#{row.article_id} ", title))
        else:
            line(fitted(f"{head} {share}  #{row.article_id:<5} ", title))
        for said in (why(story, told), comes_from(row)):
            for row_ in wrapped(plain(said), 20) if said else ():
                line(" " * 20 + row_)


def why(story: Story, told: Told) -> str:
    """Why it is told so, and who said it. What was found of the story's own text says whose text it means."""
    if told.judge != "machine":
        return f"said by a {told.judge}" + (f": {plain(told.note)}" if told.note else "")
    return f"of #{story.about.article_id}: {told.why}" if told.turned and told.why else told.why


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
        "note": told.note,
        "aligned": told.aligned,
        "turned": told.turned,
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
        "outlet": (row.outlet or "") + (f" · {row.outlet_name}" if row.outlet_name else "") + (f" · {row.group}" if row.group else ""),
        "authors": ", ".join(row.authors),
        "credit": row.credit,
        "published": when(row.published),
        "modified": when(latest.article.modified),
        "language": row.language,
        "kind": f"{row.kind}, {row.completeness}",
        "first seen": moment(row.first_seen),
    }
    for name, value in fields.items():
        if value:
            stood = latest.article.provenance.get(name)
            line(f"  {name:<11}{plain(value)}" + (f"   [{stood}]" if stood else ""))
    if origin := comes_from(row):
        line(f"  {'origin':<11}{origin}   [{latest.article.provenance.get('origin_url', 'page')}]")
    _section("relations", [_relation(related, row) for related in shown.relations])
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


def _relation(related: Related, this: Listed) -> str:
    """A sentence that is right from either side: "a copy of #3 paper.example. …", "#5 wire.example is an excerpt of this. …"."""
    other = related.other
    name = other.seed or f"#{other.article_id} {other.outlet or ''}".strip()
    told = RELATIONS[related.match.relation]
    said = "" if related.judge == "machine" else f" (said by a {related.judge}{': ' + plain(related.note) if related.note else ''})"
    why_ = related.match.why if related.judge == "machine" else ""
    verdict = f"{name} is {told} this" if related.reverse else f"{told} {name}"
    origin = "It says that it comes from here." if other.origin == this.article_id else ""
    return " ".join(part for part in (f"{verdict}{said}.", why_, origin) if part)


def judged(pair: Pair, machine: Relation | None, *, json: bool) -> None:
    """What is now said of two articles. ``machine``: what the machine says of their latest texts; None: a person's word was taken back."""
    mine, theirs, match = pair.mine, pair.theirs, pair.match
    said = match.relation if match else None
    if json:
        other = {"other": theirs.article_id, "other_url": theirs.url, "seed": theirs.seed, "relation": said, "judge": pair.judge}
        line(dump({"article": mine.article_id, "url": mine.url, **other, "note": pair.note, "machine": machine}))
        return
    verdict = f"#{mine.article_id} is {RELATIONS[said]} {theirs.seed or f'#{theirs.article_id}'}" if said else "nothing is said of the two"
    if machine is None:
        line(f"Taken back. {verdict[:1].upper()}{verdict[1:]}{', says the machine' if said else ''}.")
    else:
        line(f"{verdict}, said by a person. The machine says {machine}.")


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
                "note": related.note,
                "made_at": when(related.made_at),
                "origin": related.other.origin,
                **match_line(related.match),
                "other_relation": related.match.other_relation.value if related.match.other_relation else None,
                "aligned": related.match.aligned,
            }
            for related in shown.relations
        ],
    }
