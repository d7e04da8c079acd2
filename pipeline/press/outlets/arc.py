"""The Meridian Standard: a paper on Arc-like software. No feed: a news sitemap, an index of days, and section pages that go on."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import blake2b

from pipeline.press.outlets import sitemaps
from pipeline.press.outlets.arc_page import PAID, amp_page, article_page, frame, front
from pipeline.press.outlets.feeds import Entry, entries
from pipeline.press.outlets.page import found, robots, titles
from pipeline.press.papers import Outlet
from pipeline.press.replies import Reply, moved
from pipeline.press.world import Edition, Story, World

_ITEM = re.compile(r"/[a-z]+/[a-z0-9-]+/([A-Z2-7]{26})/?$")
_SECTION = {"news": "world", "climate": "world", "opinion": "opinion"}
_FEEDS = "/arc/outboundfeeds/"
_RECENT = timedelta(hours=48)  # what a news sitemap may hold
_LISTED = 6  # stories on one page of a section


def addresses(story: Story, edition: Edition) -> list[str]:  # noqa: ARG001 - one signature for all outlets
    """Section, headline as it was at first, an id of 26 letters that alone selects the story; its AMP form."""
    first = story.editions[0]
    code = base64.b32encode(blake2b(f"arc {story.number}".encode(), digest_size=16).digest()).decode().rstrip("=")
    url = f"http://{story.outlet.host}/{_SECTION.get(first.text.section, first.text.section)}/{first.slug}/{code}/"
    return [url, f"{url}?outputType=amp"]


def answer(world: World, outlet: Outlet, host: str, path: str, query: Mapping[str, str], now: datetime) -> Reply:  # noqa: ARG001 - one signature for all outlets
    """Every address of the paper."""
    stories = world.of(outlet, now)
    if path == "/robots.txt":
        root = f"Sitemap: http://{outlet.host}{_FEEDS}"
        maps = (f"{root}news-sitemap/?outputType=xml", f"{root}sitemap-index/?outputType=xml")
        return robots(outlet, "Disallow: /pf/api/", "Disallow: /search/", "Disallow: /*?*queryly=", "", *maps)
    if path.startswith(_FEEDS):
        return _sitemap(outlet, entries(stories, now, lambda one, at: addresses(one, at)[0], None), path.removeprefix(_FEEDS), now)
    if path.startswith("/sponsored/"):
        return Reply(body=frame(outlet, "Paid post", '<meta name="robots" content="noindex">', PAID, "").encode())
    matched = _ITEM.match(path)
    if matched:
        return _article(outlet, stories, matched[1], path, query, now)
    section = path.strip("/")
    chosen = [one for one in stories if addresses(one, one.editions[0])[0].split("/")[3] == section or not section]
    chosen = [one for one in chosen if not one.trouble_at(now)]
    page = int(query["page"]) if query.get("page", "").isdigit() else 1
    shown = chosen[(page - 1) * _LISTED : page * _LISTED]
    if not shown:
        return Reply(status=404, body=frame(outlet, "Page not found", "", "<h1>We can’t find that page</h1>", "").encode())
    rows = [(addresses(one, one.editions[0])[0], one.edition(now)) for one in shown]
    more = f"/{section}/?page={page + 1}" if len(chosen) > page * _LISTED else ""
    html = front(outlet, section.title() or outlet.name, rows, _most_read(stories, now), more)
    return Reply(body=html.encode(), modified=max(edition.at for _, edition in rows), max_age=120)


def _article(outlet: Outlet, stories: list[Story], code: str, path: str, query: Mapping[str, str], now: datetime) -> Reply:
    story = next((one for one in stories if f"/{code}/" in addresses(one, one.editions[0])[0]), None)
    trouble = story.trouble_at(now) if story else "gone"
    if story is None or trouble:
        status = 410 if trouble == "withdrawn-410" else 404
        inside = "<h1>This story is no longer available</h1><p>It has been removed at the request of our editors.</p>"
        return Reply(status=status, body=frame(outlet, "Not available", "", inside, "").encode())
    edition, url = story.edition(now), addresses(story, story.editions[0])[0]
    if f"http://{outlet.host}{path}" != url:
        return moved(url)
    if query.get("outputType") == "amp":
        return found(amp_page(story, edition, url), edition)
    return found(article_page(story, edition, url, _most_read(stories[stories.index(story) + 1 :], now)), edition, 120)


def _most_read(stories: list[Story], now: datetime) -> list[tuple[str, str]]:
    return [(addresses(story, story.editions[0])[0], title) for story, title in titles(stories, now, 5)]


def _sitemap(outlet: Outlet, rows: list[Entry], name: str, now: datetime) -> Reply:
    kind, _, day = name.strip("/").partition("/")
    if kind == "news-sitemap":
        return sitemaps.news(outlet, [row for row in rows if now - row[0].published < _RECENT])
    days: dict[str, list[Entry]] = {}
    for row in rows:
        days.setdefault(f"{row[0].published:%Y-%m-%d}", []).append(row)
    if kind == "sitemap-index":
        root = f"http://{outlet.host}{_FEEDS}sitemap/"
        return sitemaps.index({f"{root}{day}/?outputType=xml": max(row[1].at for row in listed) for day, listed in days.items()})
    if kind == "sitemap" and day in days:
        return sitemaps.plain(days[day])
    return Reply(status=404, body=b"", media="application/xml")
