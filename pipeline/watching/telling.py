"""What these doors show: what was found, what would come, what is watched. For people, or as JSON lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipeline.config import spell
from pipeline.finding import Choice, Looked, newest_first, stated
from pipeline.habits import MOST
from pipeline.lines import Line, dump, when
from pipeline.model import Candidate, Found, Outlet, Seed, Source
from pipeline.render import counted, cut, fitted, line
from pipeline.tables import moment
from pipeline.text import plain

if TYPE_CHECKING:
    from pipeline.store.rows import SourceLine

SHOWN = 5  # of what would come
REFUSED_SHOWN = 10
NOT_THERE = frozenset(("gone", "not-a-feed", "not-a-sitemap"))  # guesses that came to nothing; --json names them, too


# ── what would come ───────────────────────────────────────────────────────────────────────────────


def held(looked: Looked) -> str:
    """ "feed, 20 entries, newest 2024-05-02 07:30"."""
    if looked.found is None:
        return plain(looked.trouble or "not asked")
    count = len(looked.found.candidates)
    told = [looked.find.kind, "1 entry" if count == 1 else f"{count} entries" if count or not looked.found.follow else ""]
    told.append(f"an index of {counted(len(looked.found.follow), 'part')}" if looked.found.follow else "")
    told.append(f"newest {moment(looked.newest)}" if looked.newest else "")
    return ", ".join(part for part in told if part)


def choice(chosen: Choice) -> None:
    """What was found at an address, and a dry run of it."""
    best = chosen.best
    line(plain(best.find.url))
    line(fitted(f"  {held(best)}", f": {best.title}" if best.title else ""))
    line(f"  chosen: {plain(best.find.why)}")
    if best.silent:
        line("  nothing new for more than 60 days: it may be dead")
    coming(best.found)
    others = [looked for looked in chosen.others if looked.error is None or looked.error.reason not in NOT_THERE]
    if others or chosen.unasked:
        line("  else there:")
    for looked in others:
        line(fitted(f"    {plain(looked.find.url)}  {held(looked)}", f"  {looked.title}" if looked.title and looked.found else ""))
    for find in chosen.unasked:
        line(fitted(f"    {plain(find.url)}  {find.kind}, not asked", f"  {find.title}" if find.title else ""))


def coming(found: Found | None, pages: Mapping[str, str] | None = None) -> None:
    """The newest of what would come, and what would be left out, with the reason. ``pages``: address → what its page was found to be."""
    listed = newest_first(found)
    for one in listed[:SHOWN]:
        told = (pages or {}).get(one.url)
        head = f"    {moment(stated(one)) or 'no date':<16}  "
        line(fitted(head + (f"[{plain(told)}]  " if told else ""), one.hints.title or one.url))
    if len(listed) > SHOWN:
        line(f"    … and {len(listed) - SHOWN} more")
    refused = found.refused if found else ()
    for reason in refused[:REFUSED_SHOWN]:
        line(f"    left out: {cut(reason, 200)}")
    if len(refused) > REFUSED_SHOWN:
        line(f"    left out: {len(refused) - REFUSED_SHOWN} more")


def choice_line(chosen: Choice) -> Line:
    """The same as an object."""
    best = chosen.best
    others = [_looked_line(looked) for looked in chosen.others]
    others += [
        {"url": find.url, "kind": find.kind, "title": find.title, "why": find.why, "entries": None, "newest": None, "trouble": None}
        for find in chosen.unasked
    ]
    return {**_looked_line(best), **found_line(best.found), "alternatives": others}


def _looked_line(looked: Looked) -> Line:
    return {
        "url": looked.find.url,
        "kind": looked.find.kind,
        "title": looked.title,
        "why": looked.find.why,
        "entries": len(looked.found.candidates) if looked.found else None,
        "newest": when(looked.newest),
        "trouble": looked.trouble,
    }


def found_line(found: Found | None, pages: Mapping[str, str] | None = None) -> Line:
    """What would come, and what would not."""
    return {
        "entries": len(found.candidates) if found else None,
        "coming": [_candidate_line(one, (pages or {}).get(one.url)) for one in newest_first(found)[:SHOWN]],
        "left_out": list(found.refused) if found else [],
    }


def _candidate_line(one: Candidate, page: str | None) -> Line:
    told = {"url": one.url, "title": one.hints.title, "published": when(stated(one))}
    return told if page is None else {**told, "page": page}


# ── what is watched ───────────────────────────────────────────────────────────────────────────────


def source_line(source: Source) -> Line:
    """A source as it is configured."""
    return {"name": source.name, "kind": source.kind, "url": source.url, "every": spell(source.every) if source.every else None}


def health(state: SourceLine | None) -> str:
    """ "ok", "failing ×3", "never asked", "silent", …"""
    return state.state if state else "never asked"


def sources(listed: Sequence[tuple[Source, SourceLine | None]], *, json: bool) -> None:
    """Every source, with what the database remembers of it."""
    for source, state in listed:
        if json:
            known = {name: when(getattr(state, name)) if state else None for name in ("last_ok", "due_at")}
            counts = {name: getattr(state, name) if state else 0 for name in ("failures", "pending", "articles")}
            error = state.last_error if state and state.failures else None
            known["moved_to"] = state.moved_to if state else None
            known["interval"] = spell(state.interval) if state and state.interval else None
            line(dump({**source_line(source), **known, **counts, "health": health(state), "last_error": error}))
            continue
        ok, due = _at(state.last_ok if state else None, "never"), _at(state.due_at if state else None, "now")
        head = f"{cut(source.name, 28):<28} {source.kind:<7} {_often(source, state):<11} {health(state):<11} ok {ok:<16} due {due:<16} "
        line(fitted(head, source.url))
        if state and state.failures and state.last_error:
            line(fitted(" " * 29, state.last_error))
        elif state and state.health not in (None, "ok") and state.health_why:
            line(fitted(" " * 29, state.health_why))
        if state and state.moved_to:
            line(fitted(" " * 29, f"it moved, and is asked at {state.moved_to}"))
    if not listed and not json:
        line("Nothing is watched yet. Try: wirewatch source add https://paper.example")


def _often(source: Source, state: SourceLine | None) -> str:
    """ "every 10m" as configured, "about 7m" as learned, "learns" before it was."""
    if source.every:
        return f"every {spell(source.every)}"
    return f"about {spell(_round(state.interval))}" if state and state.interval else "learns"


def _round(length: timedelta) -> timedelta:
    """To the minute, and above an hour to ten."""
    step = timedelta(minutes=1 if length < timedelta(hours=1) else 10)
    return max(round(length / step), 1) * step


def _at(at: datetime | None, otherwise: str) -> str:
    return moment(at) or otherwise


def refusals(reasons: Iterable[str]) -> None:
    """What a list held that cannot be watched."""
    for reason in reasons:
        line(f"  left out: {cut(reason, 300)}")


# ── seeds ─────────────────────────────────────────────────────────────────────────────────────────


def seed(one: Seed, doubts: Sequence[str]) -> None:
    """What was read, as far as a person needs it to see whether it was read rightly."""
    paragraphs = one.text.split("\n")
    fields = {
        "name": one.name,
        "title": one.title,
        "authors": ", ".join(one.authors),
        "credit": one.credit,
        "published": when(one.published),
        "url": one.url,
        "caption": " / ".join(part for part in (one.caption, one.caption_credit) if part),
        "language": one.language,
        "text": f"{counted(len(paragraphs), 'paragraph')}, {counted(len(one.text.split()), 'word')}",
        "begins": " ".join(paragraphs[0].split()[:12]) + " …",
        "ends": "… " + " ".join(paragraphs[-1].split()[-12:]),
    }
    for name, value in fields.items():
        if value:
            line(fitted(f"{name:<10}", value))
    for doubt in doubts:
        line(f"check     {plain(doubt)}")


def seed_line(one: Seed, doubts: Sequence[str]) -> Line:
    """The same as an object."""
    return {
        "name": one.name,
        "title": one.title,
        "authors": list(one.authors),
        "credit": one.credit,
        "published": when(one.published),
        "url": one.url,
        "language": one.language,
        "paragraphs": len(one.text.split("\n")),
        "text": one.text,
        "check": list(doubts),
    }


def seeds(listed: Sequence[Seed], told: Mapping[str, int] | None, *, json: bool) -> None:
    """Every story that is watched for; ``told``: how many articles relate to each, None where there is no database."""
    for one in listed:
        count = None if told is None else told.get(one.name, 0)
        if json:
            line(dump({"name": one.name, "title": one.title, "published": when(one.published), "url": one.url, "articles": count}))
            continue
        ran = "" if count is None else counted(count, "article")
        line(fitted(f"{cut(one.name, 40):<40} {moment(one.published) or 'no date':<16} {ran:<13} ", one.title))
    if not listed and not json:
        line("No story is watched for yet. Try: wirewatch seed add https://paper.example/the-story")


# ── what was learned ──────────────────────────────────────────────────────────────────────────────

_SORTS = (("title affix", "affixes"), ("body stands in", "bodies"), ("byline stands in", "bylines"))


def learned(outlet: Outlet | None) -> None:
    """What is known of how an outlet lays out its pages; nothing when nothing is relied on."""
    told = learned_line(outlet)
    if outlet is None or told is None:
        return
    line(fitted(f"  learned of {plain(outlet.domain)}:", ""))
    for called, name in _SORTS:
        for one in told[name]:
            since, seen = one["since"][:10], one["seen"][:10]
            line(fitted("    ", f"{called}: {plain(one['value'])}  ({_stories(one['pages'])}, since {since}, last {seen})"))
    if told["repeated"]:
        line(f"    left out: {counted(told['repeated'], 'sentence')} that stand in story after story")


def _stories(count: int) -> str:
    return f"{MOST} pages or more" if count >= MOST else counted(count, "page")


def learned_line(outlet: Outlet | None) -> Line | None:
    """The same for ``--json``: what is relied on, with counts and dates; None when that is nothing."""
    if outlet is None:
        return None
    profile = outlet.profile
    relied = {profile.title_affix, profile.byline, *profile.containers}
    told: Line = {"outlet": outlet.domain, "stories": profile.pages, "repeated": len(profile.repeated)}
    for _, name in _SORTS:
        told[name] = [
            {"value": one.value, "pages": one.pages, "since": one.since.isoformat(), "seen": one.seen.isoformat()}
            for one in getattr(profile, name)
            if one.value in relied
        ]
    return told if told["repeated"] or any(told[name] for _, name in _SORTS) else None
