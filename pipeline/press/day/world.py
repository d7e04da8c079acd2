"""The world "day" put together: the answer to a request at a moment, and the truth about all that is published."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any

from pipeline.press.day import pages, words
from pipeline.press.day.papers import Outage, Paper, down, papers
from pipeline.press.day.process import LIVE, Story, live_blog, stories
from pipeline.press.replies import http_date

START = datetime(2026, 3, 4, 0, 0, tzinfo=UTC)  # a Wednesday
FRONT = 20  # entries of a front page
Answer = tuple[int, list[tuple[str, str]], bytes, str]  # status, headers, body, and what stands for the bytes of the whole page


@dataclass(slots=True)
class Host:
    """One paper's server."""

    paper: Paper
    stories: list[Story]
    number: int
    by_path: dict[str, Story] = field(default_factory=dict)
    moments: list[datetime] = field(default_factory=list)
    feeds: dict[int, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_path = {pages.address(story): story for story in self.stories}
        happenings = [(story.published, story.withdrawn[0] if story.withdrawn else None) for story in self.stories]
        retitled = [edit.at for story in self.stories for edit in story.edits if edit.kind != "live"]
        self.moments = sorted([at for pair in happenings for at in pair if at] + (retitled if self.paper.retitles else []))

    def listed(self, now: datetime, most: int) -> list[tuple[Story, words.Words]]:
        """The newest stories with their words of now."""
        found: list[tuple[Story, words.Words]] = []
        for place in range(bisect_right(self.stories, now, key=lambda story: story.published) - 1, -1, -1):
            story = self.stories[place]
            if not (story.withdrawn and story.withdrawn[0] <= now):
                found.append((story, self.words(story, story.edition(now) if self.paper.retitles and not story.live else 0)))
            if len(found) == most:
                break
        return found

    def words(self, story: Story, edition: int) -> words.Words:
        """The text of an article after so many edits."""
        return _words(self.number, self.paper.place, story.number, tuple(edit.kind for edit in story.edits[:edition]))

    def leaves(self, place: int) -> datetime | None:
        """When the story at that place falls off the feed; None: not as long as the world goes."""
        story, later = self.stories[place], place + self.paper.entries
        gone = [story.withdrawn[0]] if story.withdrawn else []
        gone += [self.stories[later].published] if later < len(self.stories) else []
        return min(gone, default=None)


@lru_cache(maxsize=2048)
def _words(number: int, paper: int, story: int, kinds: tuple[str, ...]) -> words.Words:
    name = f"{number} {paper} {story}"
    if kinds:
        return words.edited(_words(number, paper, story, kinds[:-1]), kinds[-1], f"{name} {len(kinds)}")
    return words.first(name, 250 + (paper * 131 + story * 57) % 330)


class Day:
    """All hosts. ``hours``: how long after the start it goes on publishing."""

    def __init__(self, outlets: int, start: datetime | None = None, hours: float = 30.0, number: int = 0, pace: float = 1.0) -> None:
        """``outlets`` 0: the four papers that are down for a day. ``pace``: so many times as many articles."""
        self.start = start or START
        self.end = self.start + timedelta(hours=hours)
        made = papers(outlets, self.start, hours, number, pace) if outlets else down(self.start)
        self.hosts: dict[str, Host] = {}
        for paper in made:
            found = stories(paper, self.start, hours, number)
            if outlets and paper.place % LIVE == 3:
                found.append(live_blog(paper, len(found), self.start, hours, number))
                found.sort(key=lambda story: story.published)
            self.hosts[paper.host] = Host(paper, found, number)

    def sources(self) -> list[dict[str, str]]:
        """What a monitor is given to watch."""
        return [
            {"name": host.removesuffix(".example"), "kind": "feed", "url": f"http://{host}{one.paper.feed}", "outlet": host}
            for host, one in self.hosts.items()
        ]

    def answer(self, name: str, target: str, asked: Mapping[str, str], now: datetime) -> Answer:
        """What a host answers at that moment. Status 0: it hangs up."""
        host = self.hosts.get(name)
        headers = [("Date", http_date(now))]
        if host is None:
            return 404, headers, b"no such host", "404"
        paper, path = host.paper, target.partition("?")[0]
        if outage := next((one for one in paper.outages if _hit(one, paper, path, now)), None):
            wait = [("Retry-After", str(outage.retry_after))] if outage.retry_after else []
            return outage.status, headers + wait, b"out of order", "out of order"
        if path == "/robots.txt":
            return (
                (200 if paper.robots else 404),
                [*headers, ("Content-Type", "text/plain")],
                pages.robots(paper) if paper.robots else b"",
                "robots",
            )
        if path in (paper.feed, paper.new_feed):
            return self._feed(host, path, asked, now, headers)
        if path == "/":
            body = pages.front(paper, host.listed(now, FRONT), _feed_path(paper, now))
            return 200, [*headers, ("Content-Type", "text/html; charset=utf-8")], body, "front"
        story = host.by_path.get(path)
        if story is None or story.published > now:
            return 404, headers, b"<html><body><h1>Not found</h1></body></html>", "404"
        return self._article(host, story, asked, now, headers)

    def _feed(self, host: Host, path: str, asked: Mapping[str, str], now: datetime, headers: list[tuple[str, str]]) -> Answer:
        paper, at = host.paper, _feed_path(host.paper, now)
        if path != at:
            if path == paper.new_feed:
                return 404, headers, b"not yet", "404"
            status = paper.moved[1] if paper.moved else 410
            where = [("Location", f"http://{paper.host}{at}")] if status == 301 else []
            return status, headers + where, b"moved" if where else b"this feed is gone for good", str(status)
        epoch = bisect_right(host.moments, now)
        tag = f'"{epoch}"' if paper.dates != "built" else f'"{now.timestamp():.0f}"'
        changed = host.moments[epoch - 1] if epoch else self.start
        answered = _conditional(paper, tag, changed if paper.dates != "built" else now, asked, headers, now)
        if answered is None:
            return 304, headers, b"", tag
        if (body := host.feeds.get(epoch)) is None or paper.dates == "built":
            host.feeds.clear()
            body = host.feeds[epoch] = pages.feed(paper, host.listed(now, paper.entries), now)
        return 200, [*answered, ("Content-Type", "application/rss+xml; charset=utf-8")], body, tag

    def _article(self, host: Host, story: Story, asked: Mapping[str, str], now: datetime, headers: list[tuple[str, str]]) -> Answer:
        if story.withdrawn and story.withdrawn[0] <= now:
            return story.withdrawn[1], headers, b"<html><body><h1>This article is no longer available</h1></body></html>", "gone"
        edition = story.edition(now)
        changed = story.edits[edition - 1].at if edition else story.published
        tick = pages.tick(host.paper, story, now)
        tag = f'"{story.number}-{edition}-{tick}"'
        if tick:  # the page changed with what stands beside the article
            ticks = min(pages.TICKS[name] for name in host.paper.noises)
            changed = max(changed, now - (now - story.published) % timedelta(minutes=ticks))
        answered = _conditional(host.paper, tag, changed, asked, headers, now)
        if answered is None:
            return 304, headers, b"", tag
        modified = story.edits[edition - 1].at if edition else story.published
        body = pages.article(story, host.words(story, edition), now, modified)
        return 200, [*answered, ("Content-Type", "text/html; charset=utf-8")], body, tag

    def truth(self) -> dict[str, Any]:
        """Every paper and every article, those that are still to come too."""
        return {
            "papers": [_paper(host.paper) for host in self.hosts.values()],
            "articles": [row for host in self.hosts.values() for row in _articles(host)],
        }


def _feed_path(paper: Paper, now: datetime) -> str:
    return paper.new_feed if paper.moved and paper.moved[0] <= now else paper.feed


def _hit(outage: Outage, paper: Paper, path: str, now: datetime) -> bool:
    at = outage.path is None or path == outage.path or (outage.path == "feed" and path in (paper.feed, paper.new_feed))
    return at and outage.since <= now < outage.until


def _conditional(
    paper: Paper, tag: str, changed: datetime, asked: Mapping[str, str], headers: list[tuple[str, str]], now: datetime
) -> list[tuple[str, str]] | None:
    """The headers of a whole answer; None, and ``headers`` completed, for a 304 (RFC 9110 §13.2.2)."""
    if paper.max_age is not None:
        headers.append(("Cache-Control", f"max-age={paper.max_age}"))
        headers.append(("Expires", http_date(now + timedelta(seconds=paper.max_age))))
    if paper.validators in ("etag", "both"):
        headers.append(("ETag", tag))
    if paper.validators in ("modified", "both"):
        headers.append(("Last-Modified", http_date(changed)))
    if paper.validators == "none":
        return headers
    if (match := asked.get("if-none-match")) is not None:
        return None if paper.validators != "modified" and tag in match.replace("W/", "") else headers
    since = asked.get("if-modified-since")
    if since and paper.validators in ("modified", "both") and changed.replace(microsecond=0) <= parsedate_to_datetime(since):
        return None
    return headers


def _paper(paper: Paper) -> dict[str, Any]:
    return {
        "host": paper.host, "feed": f"http://{paper.host}{paper.feed}", "new_feed": f"http://{paper.host}{paper.new_feed}",
        "moved": [paper.moved[0].isoformat(), paper.moved[1]] if paper.moved else None,
        "trouble": paper.trouble, "rate": paper.rate, "validators": paper.validators, "crawl_delay": paper.crawl_delay or 0,
        "noises": list(paper.noises), "entries": paper.entries,
        "outages": [
            {"since": one.since.isoformat(), "until": one.until.isoformat(), "status": one.status, "path": one.path}
            for one in paper.outages
        ],
    }  # fmt: skip


def _articles(host: Host) -> Iterator[dict[str, Any]]:
    for place, story in enumerate(host.stories):
        until = host.leaves(place)
        yield {
            "url": f"http://{host.paper.host}{pages.address(story)}", "host": host.paper.host, "published": story.published.isoformat(),
            "until": until.isoformat() if until else None, "live": story.live, "closed": story.closed,
            "edits": [[edit.at.isoformat(), edit.kind] for edit in story.edits],
            "withdrawn": story.withdrawn[0].isoformat() if story.withdrawn else None,
        }  # fmt: skip
