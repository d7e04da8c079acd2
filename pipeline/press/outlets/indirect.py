"""The aggregator's second host: a feed of headlines from everywhere, each link an address of its own that is sent on, and on again."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import datetime
from hashlib import blake2b

from pipeline.press.outlets.feeds import feed_reply
from pipeline.press.outlets.page import esc
from pipeline.press.replies import Reply, http_date, moved
from pipeline.press.world import Story, World

HOST = "news.morningbundle.example"
_LINK = re.compile(r"/(rss/articles|read)/([A-Za-z0-9_-]+)$")
_MOST = 12
_EVERY = 3  # one in so many of the stories that run a seed


def answer(world: World, path: str, now: datetime, address: Callable[[Story], str]) -> Reply:
    """Every address of that host. ``address``: where a story stands."""
    out = [story for story in reversed(world.out(now)) if story.seed and story.outlet.language == "en" and story.outlet.key != "bundle"]
    chosen = [story for place, story in enumerate(out) if place % _EVERY == 0 and not story.trouble and not story.withdrawn][:_MOST]
    if path == "/robots.txt":
        return Reply(
            body=b"User-agent: *\nDisallow: /search\nAllow: /rss/\nAllow: /read/\n", media="text/plain; charset=utf-8", max_age=3600
        )
    if path == "/rss/search":
        return _feed(chosen, now)
    matched = _LINK.match(path)
    story = next((one for one in out if matched and _code(one) == matched[2]), None)
    if matched is None or story is None:
        return Reply(status=404, body=b"<html><body>Not here</body></html>")
    return moved(f"http://{HOST}/read/{_code(story)}", 302) if matched[1] == "rss/articles" else moved(address(story), 302)


def _code(story: Story) -> str:
    """Nothing of the address can be read from it."""
    digest = blake2b(f"{story.outlet.key} {story.number}".encode(), digest_size=36).digest()
    return "CBMi" + base64.urlsafe_b64encode(digest).decode()


def _feed(stories: list[Story], now: datetime) -> Reply:
    rows = [(story, story.edition(now), f"http://{HOST}/rss/articles/{_code(story)}?oc=5") for story in stories]
    items = "".join(
        f"<item><title>{esc(edition.text.title)} - {esc(story.outlet.name)}</title><link>{esc(url)}</link>"
        f'<guid isPermaLink="false">{_code(story)}</guid><pubDate>{http_date(story.published)}</pubDate>'
        f"<description>{esc(_description(edition.text.title, url, story.outlet.name))}</description>"
        f'<source url="http://{story.outlet.host}">{esc(story.outlet.name)}</source></item>'
        for story, edition, url in rows
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>'
        '<generator>NFE/5.0</generator><title>"headlines" - Morning Bundle News</title>'
        f"<link>http://{HOST}/search?q=headlines&amp;hl=en</link><language>en</language><description>Morning Bundle News</description>"
        f"{items}</channel></rss>"
    )
    return feed_reply(text, rows, "application/xml; charset=utf-8")


def _description(title: str, url: str, name: str) -> str:
    return f'<a href="{url}" target="_blank">{esc(title)}</a>&nbsp;&nbsp;<font color="#6f6f6f">{esc(name)}</font>'
