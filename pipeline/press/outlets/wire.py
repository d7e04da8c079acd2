"""Allied Fieldwire: an agency's portal. JSON-LD with articleBody, microdata, datelines, notes to editors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from pipeline.press.outlets.feeds import entries, rss
from pipeline.press.outlets.page import body, byline, esc, found, ld, robots, titles
from pipeline.press.papers import Outlet
from pipeline.press.replies import Reply, moved
from pipeline.press.world import Edition, Story, World

_ITEM = re.compile(r"/article/(?:[a-z0-9-]*-)?([0-9a-f]{8})(/print)?$")


def addresses(story: Story, edition: Edition) -> list[str]:
    """An item's address ends in its number as eight hexadecimal digits."""
    root, item = f"http://{story.outlet.host}/article/", f"{story.number * 2654435761 % 2**32:08x}"
    return [f"{root}{edition.slug}-{item}", f"{root}{edition.slug}-{item}/print", f"{root}{item}"]


def answer(world: World, outlet: Outlet, host: str, path: str, query: Mapping[str, str], now: datetime) -> Reply:  # noqa: ARG001 - one signature for all outlets
    """Every address of the agency."""
    stories = world.of(outlet, now)
    if path == "/robots.txt":
        return robots(outlet, "Disallow: /admin/", "Allow: /", "Crawl-delay: 0")
    if path == "/feeds/latest.xml":
        return rss(outlet, path, entries(stories, now, lambda story, edition: addresses(story, edition)[0]), full=False, ttl=5)
    if path == "/":
        return Reply(body=_frame(outlet, outlet.name, "", _links(stories, now)).encode(), max_age=60)
    matched = _ITEM.match(path)
    for story in stories if matched else ():
        edition = story.edition(now)
        own = addresses(story, edition)
        if matched and own[2].endswith(matched[1]):
            at = f"http://{outlet.host}{path}"
            if at not in own[:2]:
                return moved(own[0], 302)
            return found(_page(story, edition, own[0], _links(stories[stories.index(story) + 1 :], now), plain=at == own[1]), edition)
    return Reply(status=404, body=_frame(outlet, "404", "", "<h1>404</h1><p>No such item on the wire.</p>").encode())


def _links(stories: list[Story], now: datetime) -> str:
    rows = "".join(
        f'<li><a href="{esc(addresses(story, story.editions[0])[0])}">{esc(title)}</a></li>' for story, title in titles(stories, now, 8)
    )
    return f'<section class="ticker"><h2>Latest on the wire</h2><ol>{rows}</ol></section>'


def _page(story: Story, edition: Edition, url: str, links: str, *, plain: bool) -> str:
    text = edition.text
    news = ld(
        {
            "@type": "NewsArticle",
            "headline": text.title,
            "datePublished": story.published.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "dateModified": edition.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "author": [{"@type": "Person", "name": name} for name in text.authors]
            or [{"@type": "Organization", "name": text.credit or "AFW"}],
            "publisher": {"@type": "Organization", "name": story.outlet.name},
            "dateline": text.dateline,
            "inLanguage": "en",
            "articleBody": "\n\n".join(text.paragraphs),
        }
    )
    meta = (
        f'<link rel="canonical" href="{esc(url)}">\n<meta property="og:type" content="article">'
        f'<meta property="og:title" content="{esc(text.title)}">\n{news}'
    )
    lines = "\n".join(body(text, subhead="h2", paragraph='<p class="wire-par">{}</p>'))
    who = f'<p class="wire-by">By <span itemprop="author">{esc(byline(text))}</span></p>' if text.authors else ""
    picture = (
        f'<div class="wire-photo"><img src="/photo/{story.number}.jpg" alt="{esc(text.caption)}">'
        f'<div class="wire-photo-text">{esc(text.caption)} '
        f"(Photo: {esc(text.caption_credit or 'AFW')})</div></div>"
    )
    inside = f"""<article itemscope itemtype="https://schema.org/NewsArticle" class="wire-item">
<h1 itemprop="headline">{esc(text.title)}</h1>
<p class="wire-time"><time itemprop="datePublished" datetime="{story.published.isoformat()}">{story.published:%d %b %Y %H:%M} GMT</time></p>
{who}<div itemprop="articleBody" class="wire-text">
{lines}
</div>
{picture if text.caption else ""}
<p class="wire-slug">afw-{story.number} / {esc(text.section)} / <span>{esc("; ".join(text.tags))}</span></p></article>"""
    return _frame(story.outlet, text.title, meta, inside if plain else inside + links)


def _frame(outlet: Outlet, title: str, meta: str, inside: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="en-GB" prefix="og: http://ogp.me/ns#"><head><meta charset="UTF-8"><title>{esc(title)} | {esc(outlet.name)}</title>
{meta}
</head><body class="portal"><header id="masthead"><a href="/">AFW</a><nav>
<a href="/?desk=general">General</a> <a href="/?desk=sport">Sport</a>
<a href="/?desk=business">Business</a> <a href="/contact">Clients</a></nav></header>
<div id="content">{inside}</div>
<footer><p>Allied Fieldwire is owned by the papers that print it. Redistribution by subscribers only.</p></footer></body></html>
"""
