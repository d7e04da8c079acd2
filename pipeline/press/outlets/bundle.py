"""Morning Bundle: an aggregator. Its own pages hold several agencies' stories each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from pipeline.press.outlets.feeds import entries, rss
from pipeline.press.outlets.page import esc, found, ld, long_date, robots, titles
from pipeline.press.papers import Outlet
from pipeline.press.replies import Reply
from pipeline.press.world import Edition, Story, World

_ITEM = re.compile(r"/b/(\d+)$")


def addresses(story: Story, edition: Edition) -> list[str]:  # noqa: ARG001 - one signature for all outlets
    """A number alone."""
    return [f"http://{story.outlet.host}/b/{story.number}", f"http://{story.outlet.host}/b/{story.number}?ref=rss"]


def answer(world: World, outlet: Outlet, host: str, path: str, query: Mapping[str, str], now: datetime) -> Reply:  # noqa: ARG001 - one signature for all outlets
    """Every address of the aggregator's own host."""
    stories = world.of(outlet, now)
    if path == "/robots.txt":
        return robots(outlet, "Disallow: /api/")
    if path == "/rss":
        return rss(outlet, path, entries(stories, now, lambda story, edition: addresses(story, edition)[story.number % 2]), full=False)
    matched = _ITEM.match(path)
    story = next((one for one in stories if matched and one.number == int(matched[1])), None)
    if story is None:
        inside = _more(stories, now) if path == "/" else "<h1>That bundle came undone</h1><p>Nothing is kept at this address.</p>"
        return Reply(status=200 if path == "/" else 404, body=_frame(outlet, outlet.name, "", inside).encode())
    edition = story.edition(now)
    return found(_page(story, edition, _more(stories[stories.index(story) + 1 :], now)), edition)


def _more(stories: list[Story], now: datetime) -> str:
    rows = "".join(f'<a class="pill" href="/b/{story.number}">{esc(title)}</a>' for story, title in titles(stories, now, 4))
    return f'<nav class="earlier"><span>Earlier bundles</span>{rows}</nav>'


def _page(story: Story, edition: Edition, more: str) -> str:
    text = edition.text
    parts: list[str] = []
    for place, line in enumerate(text.paragraphs):
        if line in text.headings:
            number = text.headings.index(line) + 1
            parts.append(
                f'{"</section>" if place else ""}<section class="dispatch" id="d{number}"><h2>{esc(line)}</h2>'
                f'<div class="dispatch-tools"><button>Save</button><button>Hide source</button><a href="#d{number}">Link</a></div>'
            )
        else:
            parts.append(f"<h3>{esc(line)}</h3>" if text.is_heading(line) else f"<p>{esc(line)}</p>")
    contents = "".join(f'<li><a href="#d{place + 1}">{esc(heading)}</a></li>' for place, heading in enumerate(text.headings))
    inside = f"""<article class="bundle"><header><h1>{esc(text.title)}</h1>
<p class="stamp">Bundled {long_date(story.published)}, {story.published:%H:%M} UTC by a machine, checked by nobody</p></header>
<ol class="contents">{contents}</ol>
{"".join(parts)}</section></article>{more}"""
    url = addresses(story, edition)[0]
    meta = (
        f'<link rel="canonical" href="{url}"><meta property="og:title" content="{esc(text.title)}">'
        f'<meta property="article:published_time" content="{story.published.isoformat()}">'
        + ld({"@type": "CollectionPage", "name": text.title, "url": url, "datePublished": story.published.isoformat()})
    )
    return _frame(story.outlet, text.title, meta, inside)


def _frame(outlet: Outlet, title: str, meta: str, inside: str) -> str:
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{esc(title)} · {esc(outlet.name)}</title>{meta}</head>
<body><div class="bar"><a href="/">{esc(outlet.name)}</a> <a href="/sources">Sources</a> <a href="/login">Log in</a>
<a class="cta" href="/plus">Go Plus</a></div><main>{inside}</main>
<div class="cookie">We count clicks, not people. <button>Good</button></div>
<footer><p>Morning Bundle gathers what agencies send and ties a string around it. Texts belong to those who wrote them.</p></footer>
</body></html>
"""
