"""What the reading commands show: lists and stories. For people, or as JSON lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.lines import Line, dump, when
from pipeline.model import Instant, Relation
from pipeline.render import counted, cut, fitted, line, percent, width, wrapped
from pipeline.text import plain

if TYPE_CHECKING:
    from pipeline.store.rows import Listed, Story, Told

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


def narrow() -> bool:
    """Whether a row takes two lines."""
    columns = width()
    return columns is not None and columns < SMALL


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
        head, title = f"{'#' + str(row.article_id):>7}  {when_:<16}  {outlet(row)}", row.title or row.url
        if narrow():
            line(head.rstrip())
            line(fitted(" " * 9, title))
        else:
            line(fitted(f"{head}  ", title))
        for more in (told, comes_from(row), row.snippet):
            for part in wrapped(plain(more), 9) if more else ():
                line(" " * 9 + part)


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
    ran = f"  {counted(len(story.told), 'article')} of {counted(story.outlets, 'outlet')}"
    if story.owners < story.outlets:
        ran += f" in {counted(story.owners, 'group')} (outlets of one owner are one)"
    line(ran + "\n")
    for told in story.told:
        row = told.article
        at = moment(row.published) or moment(row.first_seen)
        share = bar(told.coverage) if told.relation is not Relation.RELATED else " " * BAR
        head, title = f"  {at:<16}  {outlet(row)}  {how_much(told.relation, told.coverage):<15}", row.title or row.url
        if narrow():
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
