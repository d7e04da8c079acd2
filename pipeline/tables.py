"""What the reading commands show: lists and stories. For people, or as JSON lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.lines import Line, dump, origin_line, parent_line, when
from pipeline.model import Instant, Relation
from pipeline.render import counted, cut, fitted, line, met, percent, width, wrapped
from pipeline.text import plain

if TYPE_CHECKING:
    from pipeline.store.rows import Listed, Parent, Story, Told

BAR = 8  # characters of a coverage bar
NEWS, FIGURES, FURTHER = 90, 3, 5  # of what is new: characters of a sentence, figures; and of further articles: numbers
KIN = 19  # characters of a number with what it came from
HUGE = 190  # columns from which an article of a story stands on one line, as it does in a file
SMALL, LARGE = 100, 150  # columns below which a row takes two lines; and from which an outlet's name stands beside its domain


def moment(at: Instant | datetime | None) -> str:
    """A time at a glance, in UTC; a day-only date is the day."""
    if isinstance(at, Instant):
        if at.precision == "day":
            return str(at)
        at = at.at
    return at.strftime("%Y-%m-%d %H:%M") if at else ""


def bar(share: float) -> str:
    """A share as a bar: "██████··"."""
    full = round(share * BAR)
    return "█" * full + "·" * (BAR - full)


def how_much(relation: Relation | None, coverage: float) -> str:
    """ "copy 97 %"; what is related or distinct shares no text worth a figure."""
    if relation in (None, Relation.DISTINCT):
        return ""
    return relation.value if relation is Relation.RELATED else f"{relation.value} {percent(coverage)}"


def outlet(row: Listed) -> str:
    """The outlet's column: its domain, with its name where there is room."""
    name = row.outlet_name if row.outlet_name and row.outlet_name != row.outlet else None
    return outlet_column(row.outlet or "", name)


def outlet_column(domain: str, name: str | None = None) -> str:
    """As wide as the terminal lets it be."""
    columns = width()
    if columns is None or columns < LARGE:
        return f"{cut(domain, 24 if columns else 1_000):<24}"
    return f"{cut(' · '.join(part for part in (domain, name) if part), 46):<46}"


def narrow() -> bool:
    """Whether a row takes two lines."""
    columns = width()
    return columns is not None and columns < SMALL


def comes_from(row: Listed) -> str:
    """ "says that it comes from …": a page's own word on where its text was taken from. "" where it says nothing; a seed's is no claim."""
    if row.seed is not None or not row.origin_url or row.origin == row.article_id:
        return ""
    return f"says that it comes from {f'#{row.origin} ' if row.origin else ''}{plain(row.origin_url)}"


def withdrawn(row: Listed) -> str:
    """ "withdrawn, seen 2026-03-02 09:30: …", "missing since …"; "" for what is there."""
    if row.withdrawn_at:
        return f"withdrawn, seen {moment(row.withdrawn_at)}: {plain(row.withdrawn_why or '').removeprefix('withdrawn: ')}"
    return f"missing since {moment(row.gone_since)}" if row.gone_since else ""


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
        for more in (told, withdrawn(row), comes_from(row), row.snippet):
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
        "withdrawn_at": when(row.withdrawn_at),
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
    known = [part for part in (by, moment(about.published), story.origin_url or ("" if about.seed else about.url)) if part]
    if known:
        line("  " + "  ".join(known))
    if also := met(story, about.article_id):
        line(f"  {also}")
    if not story.told:
        line(f"  Nobody{' else' if also else ''} has run it, as far as the database knows. Try: wirewatch ingest")
        return
    if story.origin is not None:
        line(f"  comes from {plain(story.origin.why)}")
    if story.parents:
        line(f"  #{about.article_id} {from_(story.parents, about.article_id)}")
    ran = f"  {counted(len(story.told), 'article')} of {counted(story.outlets, 'outlet')}"
    if story.owners < story.outlets:
        ran += f" in {counted(story.owners, 'group')} (outlets of one owner are one)"
    line(ran + "\n")
    line(_columns(story))
    for told in story.told:
        _row(story, told)
    if beyond := further(story):
        line(f"\n  {beyond}")


def named(story: Story) -> str:
    """What the story's own text is called: "the seed", "#12"."""
    return "the seed" if story.about.seed else f"#{story.about.article_id}"


def _columns(story: Story) -> str:
    """The heads of what stands in ``_row``."""
    bars = f"{'of ' + named(story):<{BAR + 6}}  {'of its text':<{BAR + 6}}"
    if narrow():
        return f"  {'published (UTC)':<16}  {outlet_column('outlet')}  {'relation':<9}  article\n  {'first seen':<16}  {bars}".rstrip()
    seen = f"  {'first seen':<16}" if _one_line() else ""
    head = f"  {'published (UTC)':<16}{seen}  {outlet_column('outlet')}  {'relation':<9}  {bars}  article"
    return f"{head:<{len(head) - len('article') + KIN}}  headline" if _one_line() else f"{head}\n  first seen"


def _one_line() -> bool:
    columns = width()
    return columns is None or columns >= HUGE


def _row(story: Story, told: Told) -> None:
    """One article: when, who, how it relates, how much of the one stands in the other, and what it came from; then what is new in it."""
    row = told.article
    at, seen, title = moment(row.published), moment(row.first_seen), row.title or row.url
    number, kin, columns = f"#{row.article_id}", from_(told.parents, row.article_id), width()
    shares = (told.other_coverage, told.coverage)
    bars = "  ".join(f"{bar(share)} {percent(share):>5}" for share in shares) if told.relation is not Relation.RELATED else ""
    head = f"  {at:<16}  {outlet(row)}  {told.relation.value:<9}  "
    if not narrow():
        head = f"  {at:<16}  {seen:<16}{head[18:]}" if _one_line() else head
        head += f"{bars:<{2 * BAR + 14}}  "
    who = f"{number} {kin}".rstrip()
    apart = columns is not None and len(head + who) > columns  # what it came from does not fit behind it
    if _one_line() and not apart:
        line(fitted(f"{head}{who:<{KIN}}  ", title))
    else:
        line(f"{head}{number if apart else who}")
        lead = " " * 20 if _one_line() else f"  {seen:<16}  "
        if narrow() and bars:
            line(f"{lead}{bars}")
            lead = " " * 20
        line(fitted(lead, title))
    for said in (kin if apart else "", reason(story, told), news(told), withdrawn(row), comes_from(row), met(story, row.article_id)):
        for part in wrapped(plain(said), 20) if said else ():
            line(" " * 20 + part)


def from_(parents: Sequence[Parent], child: int) -> str:
    """What it came from: "← #12", "← #12 + #7 (not told of here)", with the share where it is a part. "" for what has no parent."""
    assert all(one.article_id != child for one in parents), "nothing is its own parent"
    names = (f"#{one.article_id}" + ("" if one.within else " (elsewhere)") for one in parents)
    return f"← {' + '.join(names)}" if parents else ""


def reason(story: Story, told: Told) -> str:
    """Why it is told so. Of what is nearly the same text the figures say it all."""
    said = told.judge != "machine" or told.turned or told.relation not in (Relation.IDENTICAL, Relation.COPY)
    return why(story, told) if said else ""


def news(told: Told) -> str:
    """What is new in it, in few words: the first new sentence and how many more there are, the first changed figures."""
    parts = []
    if told.new_sentences and told.relation is not Relation.RELATED:
        more = len(told.new_sentences) - 1
        parts.append(f"“{cut(told.new_sentences[0], NEWS)}”" + (f" and {counted(more, 'more sentence')}" if more else ""))
    if told.figures_changed and (told.relation is not Relation.REVISION or told.judge != "machine"):  # of a revision the reason has them
        parts.append(", ".join(f"{old} → {new}" for old, new in told.figures_changed[:FIGURES]))
    return f"new: {'; '.join(parts)}" if parts else ""


def further(story: Story) -> str:
    """What is left out: the articles that share text with some that are told of, and not with the story's own text."""
    if not story.beyond:
        return ""
    first = ", ".join(f"#{number}" for number in story.beyond[:FURTHER])
    rest = ", …" if len(story.beyond) > FURTHER else ""
    verb = "shares" if len(story.beyond) == 1 else "share"
    return f"{len(story.beyond)} more {verb} text with these articles, not with {named(story)}: {first}{rest}"


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
        "parents": [parent_line(one) for one in told.parents],
        "story_origin": origin_line(story),
        "met_at": [{"outlet": one.outlet, "url": one.url} for one in story.met if one.article_id == told.article.article_id],
    }
