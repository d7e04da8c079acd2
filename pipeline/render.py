"""What people see: lines on stdout, notes and progress on stderr. Everything that came from outside is made plain first, so that a title
with escape codes cannot move anybody's cursor."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from pipeline.errors import ItemError
from pipeline.model import Article, Match, Outcome, Relation, Status
from pipeline.text import plain

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

    from pipeline.polls import Polled
    from pipeline.store.rows import Story

T = TypeVar("T")
Report = Callable[[Outcome], None]
RELATIONS = {
    Relation.IDENTICAL: "identical to",
    Relation.COPY: "a copy of",
    Relation.REVISION: "a revision of",
    Relation.EXCERPT: "an excerpt of",
    Relation.DERIVED: "derived from",
    Relation.RELATED: "related to",
    Relation.DISTINCT: "distinct from",
}
OUTLETS = 5  # that are named; of more it is said how many
NARROW = 60  # columns; what is printed into a file is not cut at all


def line(text: str) -> None:
    """One line on stdout."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """One line on stderr."""
    sys.stderr.write(plain(text) + "\n")
    sys.stderr.flush()


def width() -> int | None:
    """Columns of the terminal; None when stdout is none."""
    return max(shutil.get_terminal_size().columns, NARROW) if sys.stdout.isatty() else None


def cut(text: str, size: int) -> str:
    """At most ``size`` characters, on one line, made plain."""
    flat = " ".join(plain(text).split())
    return flat if len(flat) <= size else flat[: max(size - 1, 1)].rstrip() + "…"


def counted(count: int, noun: str) -> str:
    """ "1 article", "2 articles"."""
    return f"{count} {noun}" + ("" if count == 1 else "s")


def percent(share: float) -> str:
    """ "97 %", rounded down: only the whole is 100 %."""
    return f"{int(share * 100 + 1e-9)} %"


def fitted(head: str, tail: str) -> str:
    """A line whose tail gives way when the terminal is narrow."""
    columns = width()
    return head + (cut(tail, max(columns - len(head), 20)) if columns else cut(tail, 10_000))


def wrapped(text: str, indent: int) -> list[str]:
    """A paragraph as lines that fit the terminal behind ``indent`` columns; one line when there is none. At least one. Addresses stay
    whole, so that they can be copied; a figure keeps its "%"."""
    flat, columns = " ".join(text.split()), width()
    if columns is None:
        return [flat]
    fold = textwrap.TextWrapper(max(columns - indent, 20), break_on_hyphens=False, break_long_words="://" not in flat)
    return [row.replace("\u00a0%", " %") for row in fold.wrap(flat.replace(" %", "\u00a0%"))] or [""]


# ── the main job ──────────────────────────────────────────────────────────────────────────────────


def outcome(ended: Outcome) -> None:
    """One candidate, at a glance. What was there already and has not changed is counted, not told."""
    if ended.status is Status.UNCHANGED:
        return
    if ended.status in (Status.NEW, Status.UPDATED, Status.DUPLICATE):
        number = f"#{ended.article_id}" if ended.article_id else ""
        line(fitted(f"{ended.status.value:<10}{number:>7}  {verdict_word(ended):<32}  ", ended.title or ended.url))
        return
    line(f"{ended.status.value:<10}{'':>7}  {plain(ended.url)}  {plain(ended.reason)}  [{plain(ended.source)}]")


def verdict_word(ended: Outcome) -> str:
    """ "copy 97 % west-offers-…": the strongest relation found, seeds first."""
    best = ended.strongest
    if best is None or best.relation is Relation.DISTINCT:
        return ""
    share = "" if best.relation is Relation.RELATED else f" {percent(best.coverage)}"
    told = f"{best.relation.value}{share} {ended.to or ''}"
    return cut(told, 32) if width() else told  # in a file a name is whole, so that it can be looked for


def poll(polled: Polled) -> None:
    """What asking a source brought, on stderr."""
    if polled.trouble:
        return  # it is an outcome of its own
    said = "not modified" if polled.unchanged else f"{polled.new} new, {polled.known} known"
    left = f"; left out: {left_out(polled)}" if polled.left else ""
    refused = f", {len(polled.refused)} entries refused ({cut(polled.refused[0], 100)})" if polled.refused else ""
    note(f"{polled.source}: {said}{refused}{left}")


def left_out(polled: Polled) -> str:
    """ "12 excluded, 3 older than its backfill"."""
    return ", ".join(f"{number} {reason}" for reason, number in polled.left)


def summary(counts: Mapping[Status, int]) -> None:
    """The last line of a run."""
    told = ", ".join(f"{counts[status]} {status.value}" for status in Status if counts.get(status))
    total = sum(counts.values())
    line(f"{counted(total, 'candidate')}: {told}" if total else "nothing new")
    if counts.get(Status.RETRY):
        note("what is to be retried stays pending; the next run takes it up again")


class Progress:
    """A bar on stderr while something long runs; nothing when stderr is no terminal."""

    def __init__(self) -> None:
        self._bars: Bars | None = None
        self._task = 0
        self._total = 0

    def __enter__(self) -> Progress:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
            from rich.progress import Progress as Bars

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            self._bars = Bars(*columns, console=Console(stderr=True), transient=True)
            self._bars.start()
            self._task = self._bars.add_task("asking sources", total=None)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bars:
            self._bars.stop()

    def waiting(self, count: int) -> None:
        """How many candidates are still to be taken."""
        self._total = max(self._total, count)
        if self._bars:
            self._bars.update(self._task, description="reading", total=self._total, completed=self._total - count)  # type: ignore[arg-type]

    def at(self, what: str, done: int, total: int) -> None:
        """What is being done now, and how much of it is."""
        if self._bars:
            self._bars.update(self._task, description=what, total=total, completed=done)  # type: ignore[arg-type]

    def around(self, say: Callable[[T], None]) -> Callable[[T], None]:
        """A line printed while the bar is up would land in it: take the bar away meanwhile."""

        def quietly(thing: T) -> None:
            if self._bars is None:
                say(thing)
                return
            self._bars.stop()
            say(thing)
            self._bars.start()

        return quietly


# ── the engines ───────────────────────────────────────────────────────────────────────────────────


def problem(what: str, error: ItemError) -> None:
    """Why a page is no article."""
    line(f"{plain(what)}\n  {error.reason}: {plain(error.message)}\n")


def extracted(article: Article) -> None:
    """An article with where each field stood."""
    fields = {
        "title": article.title,
        "authors": ", ".join(article.authors),
        "credit": article.credit,
        "dateline": article.dateline,
        "published": str(article.published) if article.published else None,
        "modified": str(article.modified) if article.modified else None,
        "outlet": article.outlet,
        "section": article.section,
        "tags": ", ".join(article.tags),
        "language": article.language,
        "kind": f"{article.kind}, {article.completeness}",
        "url": article.url,
        "origin_url": article.origin_url,
    }
    for name, value in fields.items():
        if value:
            stood = article.provenance.get(name)
            line(f"{name:<11}{plain(value)}" + (f"   [{stood}]" if stood else ""))
    line("")
    for paragraph in article.text.split("\n"):
        line(plain(paragraph) + "\n")


def verdict(match: Match, a: Article, b: Article) -> None:
    """A verdict with its evidence, in words."""
    line(f"B is {RELATIONS[match.relation]} A. {plain(match.why)}")
    line(f"  A  {cut(a.title, 100)}\n  B  {cut(b.title, 100)}")
    line(f"  of B's own words in A   {match.coverage:7.1%}   (all words {match.coverage_all:.1%})")
    line(f"  of A's own words in B   {match.other_coverage:7.1%}   (all words {match.other_coverage_all:.1%})")
    line(f"  longest shared run      {match.longest_run} words in {len(match.passages)} passages; similarity {match.similarity:.2f}")
    for pair in match.translated[:10]:
        line(f"  in translation          {cut(a.text[pair.other_start : pair.other_end], 70)} → {cut(b.text[pair.start : pair.end], 70)}")
    if len(match.translated) > 10:
        line(f"  … and {len(match.translated) - 10} more sentences in translation")
    for old, new in match.figures_changed:
        line(f"  figure changed          {plain(old)} → {plain(new)}")
    for sentence in match.new_sentences[:10]:
        line(f"  only in B               {cut(sentence, 150)}")
    if len(match.new_sentences) > 10:
        line(f"  … and {len(match.new_sentences) - 10} more sentences only in B")


def checked(mark: str, made_to_be: str, found: Relation | None, coverage: float, outlet: str, way: str) -> None:
    """A row of the demo: made to be, found to be; ``mark``: ✓, or what is to be said of a mismatch."""
    share = "" if found in (None, Relation.DISTINCT, Relation.RELATED) else percent(coverage)
    line(f"  {mark} {made_to_be:<11}{found.value if found else 'missing':<12}{share:>9}   {cut(outlet, 25):<26}{cut(way, 60)}")


def met(story: Story, article_id: int) -> str:
    """Where else the text of an article was met, where only the first of the same texts is kept. "" when nowhere."""
    there = [one.outlet for one in story.met if one.article_id == article_id]
    if not there:
        return ""
    more = f", … (wirewatch show {article_id})" if len(there) > OUTLETS else ""
    return f"the same text was met at {counted(len(there), 'more outlet')}: {', '.join(there[:OUTLETS])}{more}"
