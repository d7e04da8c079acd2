"""What a simulated day came to, from three things alone: the press's truth, the press's log, and the rows of the database."""

from __future__ import annotations

import random
import sqlite3
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from machine import key

from pipeline.press import Seen

MINUTE = timedelta(minutes=1)
LONG_ENOUGH = 30 * MINUTE  # in its feed, in one piece and while the feed could be had
SEARCH = 60 * MINUTE  # after a feed died, its articles are not counted for so long
FIVE = 5.0  # minutes: polling everything that often is what requests are compared with
SECOND_OF_TURN = 2.3  # seconds an article waits for each one before it in its host's line: the delay and half the jitter
Span = tuple[datetime, datetime]


@dataclass(slots=True, kw_only=True)
class Article:
    """The truth about one article, and what the database has of it. ``versions``: (fetched, change or None), oldest first."""

    url: str
    host: str
    published: datetime
    until: datetime
    live: bool
    closed: bool
    edits: list[tuple[datetime, str]]
    withdrawn: datetime | None
    rows: int = 0
    versions: list[tuple[datetime, str | None]] = field(default_factory=list)
    marked: datetime | None = None

    @property
    def stored(self) -> datetime | None:
        return self.versions[0][0] if self.versions else None


@dataclass(slots=True, kw_only=True)
class Edited:
    """What became of the edits. ``due``: made while watched, and long enough before the end; lateness in minutes."""

    due: int = 0
    single: int = 0
    merged: int = 0
    missed: list[str] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    classed: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    without: list[str] = field(default_factory=list)


class Day:
    """Everything that is judged. ``end``: until when articles are published; ``over``: when the run ended."""

    def __init__(self, truth: dict[str, Any], log: Sequence[Seen], database: Path, start: datetime, end: datetime, over: datetime) -> None:
        self.start, self.end, self.over, self.log = start, end, over, log
        self.papers: dict[str, dict[str, Any]] = {paper["host"]: paper for paper in truth["papers"]}
        self.feeds = {(host, path) for host, paper in self.papers.items() for path in _paths(paper)}
        self.articles = [_article(row, over) for row in truth["articles"] if _time(row["published"]) < over]
        self.has_change = self.has_withdrawn = False
        self._read(database)
        self.by_host: dict[str, list[Seen]] = defaultdict(list)
        for seen in log:
            self.by_host[seen.host].append(seen)

    def _read(self, database: Path) -> None:
        known = {key(article.url): article for article in self.articles}
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as base:
            columns = {table: {row[1] for row in base.execute(f"PRAGMA table_info({table})")} for table in ("article", "version")}
            self.has_change, self.has_withdrawn = "change" in columns["version"], "withdrawn_at" in columns["article"]
            marked = "withdrawn_at" if self.has_withdrawn else "NULL"
            ids: dict[int, Article] = {}
            for number, url, when in base.execute(f"SELECT id, url, {marked} FROM article WHERE seed IS NULL"):
                if (article := known.get(key(url))) is not None:
                    ids[number] = article
                    article.rows += 1
                    article.marked = _stamp(when) if when else article.marked
            change = "change" if self.has_change else "NULL"
            for number, fetched, kind in base.execute(f"SELECT article_id, fetched_at, {change} FROM version ORDER BY article_id, number"):
                if number in ids:
                    ids[number].versions.append((_stamp(fetched), kind))

    # ── articles ──────────────────────────────────────────────────────────────────────────────────

    def outages(self, host: str) -> list[Span]:
        """When its feed could not be had, or not be known."""
        paper = self.papers[host]
        spans = [(_time(one["since"]), _time(one["until"])) for one in paper["outages"]]
        if paper["moved"] and paper["moved"][1] == 410:
            at = _time(paper["moved"][0])
            spans.append((at, at + SEARCH))
        return spans

    def visible(self, article: Article) -> tuple[datetime, timedelta]:
        """From when on it could be seen, and the longest time in one piece."""
        at, first, longest = article.published, None, timedelta(0)
        until = min(article.until, self.over)
        for since, back in [*sorted(self.outages(article.host)), (until, until)]:
            piece = min(since, until) - at
            if piece > timedelta(0):
                first = first or at
                longest = max(longest, piece)
            if back > at and since < until:
                at = max(at, back)
        return first or article.published, longest

    def eligible(self) -> list[Article]:
        """Published during the day and long enough in a feed that could be had."""
        during = [one for one in self.articles if self.start <= one.published < self.end and not one.closed]
        return [one for one in during if self.visible(one)[1] >= LONG_ENOUGH]

    def delays(self, articles: Iterable[Article]) -> list[float]:
        """Minutes from when it could be seen to when it was stored."""
        return sorted(_minutes(one.stored - self.visible(one)[0]) for one in articles if one.stored)

    def fixed(self, articles: Sequence[Article], every: float) -> tuple[list[float], int]:
        """The same of polling every source every so many minutes, each at a phase of its own; how many of them it would have lost."""
        phase = {host: random.Random(host).uniform(0, every) for host in self.papers}
        lines: Counter[tuple[str, int]] = Counter()
        found, lost = list[float](), 0
        for one in sorted(articles, key=lambda one: one.published):
            seen = self.visible(one)[0]
            number = -int(-(_minutes(seen - self.start) - phase[one.host]) // every)  # the first poll at or after it
            at = self.start + timedelta(minutes=phase[one.host] + number * every)
            if at > one.until:
                lost += 1
                continue
            lines[one.host, number] += 1
            found.append(_minutes(at - seen) + lines[one.host, number] * SECOND_OF_TURN / 60)
        return sorted(found), lost

    # ── requests ──────────────────────────────────────────────────────────────────────────────────

    def requests(self) -> dict[str, int]:
        """How many of which sort there were during the day."""
        found: Counter[str] = Counter()
        taken: set[str] = set()
        for seen in self.log:
            again = seen.url in taken
            taken.add(seen.url)
            if not self.start <= seen.press_time < self.end:
                continue
            if (seen.host, seen.path) in self.feeds:
                found["polls"] += 1
            elif seen.path == "/robots.txt":
                found["robots"] += 1
            elif seen.path == "/":
                found["front pages"] += 1
            else:
                found["articles again" if again else "articles"] += 1
        return dict(found)

    def unchanged(self, *, feeds: bool) -> tuple[int, int]:
        """Requests for what was as before and had a validator, and how many of them were answered 304."""
        last: dict[str, tuple[str, bool]] = {}
        asked = spared = 0
        for seen in self.log:
            if seen.status not in (200, 304) or ((seen.host, seen.path) in self.feeds) != feeds or seen.path == "/robots.txt":
                continue
            before = last.get(seen.url)
            if before and before == (seen.page, True):
                asked += 1
                spared += seen.status == 304
            last[seen.url] = seen.page, bool({"etag", "last-modified"} & set(seen.answered))
        return asked, spared

    def breaches(self, delay: float) -> dict[str, list[str]]:
        """What no polite client does, from the log alone."""
        found: dict[str, list[str]] = {"delay": [], "robots": [], "retry-after": [], "concurrency": []}
        for host, line in self.by_host.items():
            crawl, hold, robots = delay, None, None
            before: Seen | None = None
            for seen in line:
                told = f"{seen.url} at {seen.press_time:%d %H:%M:%S}"
                if before and (gap := (seen.press_time - before.press_time).total_seconds()) < crawl - 0.01:
                    found["delay"].append(f"{told}: {gap:.2f} s after {before.path}, not {crawl:g}")
                if hold and seen.press_time < hold - timedelta(seconds=0.01):
                    found["retry-after"].append(f"{told}: not before {hold:%H:%M:%S}")
                if seen.open > 1:
                    found["concurrency"].append(f"{told}: {seen.open} connections")
                if seen.path == "/robots.txt":
                    good = seen.status != 429 and 0 < seen.status < 500
                    robots = good or bool(robots)
                    crawl = max(delay, self.papers.get(host, {}).get("crawl_delay", 0)) if good else crawl
                elif not robots:
                    found["robots"].append(f"{told}: its robots.txt was not had")
                elif seen.path.startswith("/premium/"):
                    found["robots"].append(f"{told}: disallowed")
                if after := seen.answered.get("retry-after"):
                    hold = seen.press_time + timedelta(seconds=float(after))
                before = seen
        return found

    # ── what became of articles afterwards ────────────────────────────────────────────────────────

    def due(self, article: Article, at: datetime) -> bool:
        """Whether what happened to an article at that moment had to be seen by the end: stored before, and an hour
        and half its age ago, its host not down meanwhile."""
        last = at + SEARCH + (at - article.published) / 2
        down = any(
            _time(one["since"]) < last and at < _time(one["until"]) for one in self.papers[article.host]["outages"] if not one["path"]
        )
        return bool(article.stored and article.stored < at and last <= self.over and not down)

    def edited(self) -> Edited:
        """Every edit against the versions, of all but live blogs."""
        found = Edited()
        for article in self.articles:
            if article.live or article.rows != 1 or not article.versions:
                continue
            covered: dict[datetime, tuple[int, datetime, str | None]] = {}
            for (since, _), (fetched, kind) in pairwise(article.versions):
                inside = [at for at, _ in article.edits if since < at <= fetched]
                if not inside:
                    found.without.append(f"{article.url} at {fetched:%d %H:%M:%S}")
                covered |= {at: (len(inside), fetched, kind) for at in inside}
            for at, kind in article.edits:
                if not self.due(article, at) or (article.withdrawn and article.withdrawn <= at):
                    continue
                found.due += 1
                if (version := covered.get(at)) is None:
                    found.missed.append(f"{article.url} {kind} at {at:%d %H:%M:%S}")
                elif version[0] > 1:
                    found.merged += 1
                else:
                    found.single += 1
                    found.late.append(_minutes(version[1] - at))
                    found.classed[kind, version[2]] += 1
        found.late.sort()
        return found

    def live(self) -> list[tuple[Article, float]]:
        """Live blogs that were stored, with their versions an hour."""
        stored = [one for one in self.articles if one.live and one.versions]
        return [(one, (len(one.versions) - 1) / max(1.0, _minutes(self.over - one.published) / 60)) for one in stored]

    def withdrawals(self) -> tuple[list[Article], list[Article], list[Article]]:
        """Due to be seen, of them marked, and marked though they stand where they stood."""
        due = [one for one in self.articles if one.withdrawn and self.due(one, one.withdrawn)]
        wrong = [one for one in self.articles if one.marked and not (one.withdrawn and one.withdrawn <= one.marked)]
        return due, [one for one in due if one.marked], wrong

    def comebacks(self) -> list[tuple[str, int, float | None]]:
        """Each host that was down, with the requests meanwhile and the minutes until its feed was had again; None: it never was."""
        found = []
        for host, paper in self.papers.items():
            for one in paper["outages"]:
                since, until = _time(one["since"]), _time(one["until"])
                if until + SEARCH > self.over:
                    continue
                line = self.by_host[host]
                hit = {"feed": set(_paths(paper)), "/robots.txt": {"/robots.txt"}}.get(one["path"] or "")
                meanwhile = sum(since <= seen.press_time < until and (hit is None or seen.path in hit) for seen in line)
                good = (
                    seen.press_time
                    for seen in line
                    if seen.press_time >= until and seen.status in (200, 304) and (host, seen.path) in self.feeds
                )
                back = next(good, None)
                found.append((f"{host} {paper['trouble']}", meanwhile, _minutes(back - until) if back else None))
        return found

    def moves(self) -> list[tuple[str, int, float | None]]:
        """Each feed that moved or died, with the requests for the old address since, and the minutes from the first of them to the new."""
        found = []
        for host, paper in self.papers.items():
            if paper["moved"] is None or _time(paper["moved"][0]) + 1.5 * SEARCH > self.over:
                continue
            old, new = _paths(paper)
            since = [seen for seen in self.by_host[host] if seen.press_time >= _time(paper["moved"][0])]
            asked = [seen.press_time for seen in since if seen.path == old]
            there = [seen.press_time for seen in since if seen.path == new and seen.status in (200, 304)]
            found.append((f"{host} {paper['trouble']}", len(asked), _minutes(there[0] - asked[0]) if there and asked else None))
        return found


def quantile(values: Sequence[float], share: float) -> float:
    """Of sorted values; not a number of none."""
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def median(values: Sequence[float]) -> float:
    return statistics.median(values) if values else float("nan")


def _paths(paper: dict[str, Any]) -> tuple[str, str]:
    return paper["feed"].removeprefix(f"http://{paper['host']}"), paper["new_feed"].removeprefix(f"http://{paper['host']}")


def _article(row: dict[str, Any], over: datetime) -> Article:
    return Article(
        url=row["url"], host=row["host"], published=_time(row["published"]), until=_time(row["until"]) if row["until"] else over,
        live=row["live"], closed=row["closed"], edits=[(_time(at), kind) for at, kind in row["edits"]],
        withdrawn=_time(row["withdrawn"]) if row["withdrawn"] else None,
    )  # fmt: skip


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _stamp(text: str) -> datetime:
    """As SQLite keeps it: UTC without saying so."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _minutes(length: timedelta) -> float:
    return length.total_seconds() / 60
