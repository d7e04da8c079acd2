"""Metro Daily: an old template of tables and line breaks, no metadata but a title, RSS 1.0, and missing pages that answer 200."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from pipeline.press.outlets.feeds import entries, rdf
from pipeline.press.outlets.page import byline, esc, found, long_date, robots, titles
from pipeline.press.papers import Outlet
from pipeline.press.replies import Reply
from pipeline.press.world import Edition, Story, World

_ITEM = re.compile(r"/news/(\d+)\.html$")


def addresses(story: Story, edition: Edition) -> list[str]:  # noqa: ARG001 - one signature for all outlets
    """A number alone; the same on the mobile host."""
    return [f"http://{story.outlet.host}/news/{story.number}.html", f"http://m.{story.outlet.domain}/news/{story.number}.html"]


def answer(world: World, outlet: Outlet, host: str, path: str, query: Mapping[str, str], now: datetime) -> Reply:  # noqa: ARG001 - one signature for all outlets
    """Every address of the paper. The mobile host has no robots.txt: 404, so everything is allowed."""
    stories = world.of(outlet, now)
    if path == "/robots.txt":
        return Reply(status=404, body=b"not found", media="text/plain") if host.startswith("m.") else robots(outlet, "Disallow:")
    if path == "/index.rdf":
        return rdf(outlet, path, entries(stories, now, lambda story, edition: addresses(story, edition)[0]))
    matched = _ITEM.match(path)
    story = next((one for one in stories if matched and one.number == int(matched[1])), None)
    if story is None or story.trouble:
        inside = _list(stories, now) if path == "/" else _MISSING
        return Reply(body=_frame(outlet, outlet.name if path == "/" else "Page not found", "", inside).encode())
    edition = story.edition(now)
    canonical = f'<link rel="canonical" href="{addresses(story, edition)[0]}">'
    return found(
        _frame(outlet, edition.text.title, canonical, _item(story, edition) + _list(stories[stories.index(story) + 1 :], now)), edition
    )


_MISSING = (
    "<h2>Page not found</h2><p>Sorry, the page you requested could not be found. It may have been moved or deleted.</p>"
    '<p><a href="/">Back to the front page</a></p>'
)


def _list(stories: list[Story], now: datetime) -> str:
    rows = "".join(f'<tr><td><a href="/news/{story.number}.html">{esc(title)}</a></td></tr>' for story, title in titles(stories, now, 6))
    return f'<table class="headlines"><tr><th>Other news</th></tr>{rows}</table>'


def _item(story: Story, edition: Edition) -> str:
    text = edition.text
    first, *rest = text.paragraphs
    lines = "\n".join(f"<p>{esc(line)}</p>" for line in (f"{text.dateline} — {first}" if text.dateline else first, *rest))
    caption = (
        f'<table class="pic"><tr><td><img src="/pix/{story.number}.jpg"></td></tr><tr><td>'
        f"<small>{esc(text.caption)} ({esc(text.caption_credit or '')})</small></td></tr></table>"
    )
    return f"""<div class="story"><h1>{esc(text.title)}</h1>
<div class="info">{esc(byline(text) or story.outlet.name)} | {long_date(story.published)}, {story.published:%H:%M}</div>
{caption if text.caption else ""}
<div class="storytext">
{lines}
</div>
<div class="tools"><a href="javascript:window.print()">Print</a> | <a href="/letters.html">Write to us</a></div></div>"""


def _frame(outlet: Outlet, title: str, meta: str, inside: str) -> str:
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title>{esc(outlet.name)} :: {esc(title)}</title>{meta}</head>
<body bgcolor="#ffffff"><table width="100%"><tr><td colspan="2"><a href="/"><img src="/pix/logo.png" alt="{esc(outlet.name)}"></a></td></tr>
<tr><td width="140" valign="top"><div class="menu"><a href="/">Front page</a><br><a href="/sport.html">Sport</a><br>
<a href="/tv.html">Television</a></div></td>
<td valign="top">{inside}</td></tr>
<tr><td colspan="2"><small>Metro Daily, founded as a handbill. No part of this page may be eaten.</small></td></tr></table></body></html>
"""
