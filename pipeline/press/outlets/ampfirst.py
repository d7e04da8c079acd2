"""Swiftline: written for telephones. Its feed lists AMP pages on a host of their own; their canonical links name the full pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from pipeline.press.outlets.feeds import entries, rss
from pipeline.press.outlets.page import body, byline, esc, found, ld, long_date, robots, titles
from pipeline.press.papers import Outlet
from pipeline.press.replies import Reply, moved
from pipeline.press.world import Edition, Story, World

_ITEM = re.compile(r"/news/(?:[a-z0-9-]*-)?(\d+)$")


def addresses(story: Story, edition: Edition) -> list[str]:
    """The full page, its AMP page, that with the tracking parameters of the feed."""
    path = f"/news/{edition.slug}-{story.number}"
    amp = f"http://amp.{story.outlet.domain}{path}"
    return [f"http://{story.outlet.host}{path}", amp, f"{amp}?utm_source=rss&utm_medium=feed&utm_campaign=amp"]


def answer(world: World, outlet: Outlet, host: str, path: str, query: Mapping[str, str], now: datetime) -> Reply:  # noqa: ARG001 - one signature for all outlets
    """Every address of both hosts."""
    stories = world.of(outlet, now)
    amp = host.startswith("amp.")
    if path == "/robots.txt":
        return robots(outlet, "Allow: /")
    if path == "/feed.rss":
        return rss(outlet, path, entries(stories, now, lambda story, edition: addresses(story, edition)[1 + story.number % 2]), full=False)
    matched = _ITEM.match(path)
    story = next((one for one in stories if matched and one.number == int(matched[1])), None)
    if story is not None and not story.trouble_at(now):
        edition = story.edition(now)
        url = addresses(story, edition)[amp]
        if url != f"http://{host}{path}":
            return moved(url)
        older = stories[stories.index(story) + 1 :]
        return found(_amp(story, edition, older, now) if amp else _page(story, edition, older, now), edition)
    if path == "/":
        return Reply(body=_frame(outlet, outlet.name, "", _more(stories, now, amp=False)).encode(), max_age=60)
    gone = bool(story and story.withdrawn)  # what was withdrawn answers as if all were well
    inside = "<h1>Sorry, page not found</h1><p>The page you are looking for was removed, or never was. Try the front page.</p>"
    return Reply(status=200 if gone else 404, body=_frame(outlet, "Page not found", "", inside).encode())


def _more(stories: list[Story], now: datetime, *, amp: bool) -> str:
    rows = "".join(
        f'<li><a href="{addresses(story, story.editions[0])[amp]}">{esc(title)}</a></li>' for story, title in titles(stories, now, 4)
    )
    return f'<section class="up-next"><h3>Up next</h3><ul>{rows}</ul></section>'


def _news(story: Story, edition: Edition, *, whole: bool) -> str:
    text = edition.text
    news = {
        "@type": "NewsArticle",
        "headline": text.title,
        "mainEntityOfPage": addresses(story, edition)[0],
        "datePublished": story.published.isoformat(),
        "dateModified": edition.at.isoformat(),
        "author": {"@type": "Person", "name": text.authors[0]}
        if text.authors
        else {"@type": "Organization", "name": text.credit or "Swiftline"},
        "publisher": {"@type": "Organization", "name": story.outlet.name},
    }
    return ld(news | ({"articleBody": " ".join(text.paragraphs)} if whole else {}))


def _amp(story: Story, edition: Edition, older: list[Story], now: datetime) -> str:
    text = edition.text
    blocks = body(text, subhead="h2")
    if len(blocks) > 3:
        blocks.insert(2, '<amp-ad width="300" height="250" type="adsense" data-ad-slot="77"><div placeholder>Advertisement</div></amp-ad>')
    figure = (
        f'<figure><amp-img src="/p/{story.number}.jpg" width="1200" height="800" layout="responsive" alt="{esc(text.caption)}"></amp-img>'
        f"<figcaption>{esc(text.caption)} {esc(text.caption_credit or '')}</figcaption></figure>"
        if text.caption
        else ""
    )
    return f"""<!doctype html>
<html amp lang="en"><head><meta charset="utf-8"><title>{esc(text.title)}</title>
<link rel="canonical" href="{esc(addresses(story, edition)[0])}"><meta name="viewport" content="width=device-width,minimum-scale=1">
{_news(story, edition, whole=False)}
<style amp-boilerplate>body{{visibility:hidden}}</style><noscript><style amp-boilerplate>body{{visibility:visible}}</style></noscript>
<script async src="https://cdn.ampproject.org/v0.js"></script></head>
<body><amp-sidebar id="menu" layout="nodisplay"><ul><li><a href="/">Home</a></li><li><a href="/topics">Topics</a></li></ul></amp-sidebar>
<amp-consent id="consent" layout="nodisplay"><div id="consent-ui">Swiftline uses cookies to count its readers.
<button on="tap:consent.accept">Accept</button></div></amp-consent>
<header><button on="tap:menu.toggle">☰</button> <a href="http://www.swiftline.example/">Swiftline</a></header>
<main><article><h1>{esc(text.title)}</h1>
<div class="by">{esc(byline(text) or "Swiftline")} ·
<time datetime="{story.published.isoformat()}">{long_date(story.published)}</time></div>
<amp-social-share type="email"></amp-social-share><amp-social-share type="system"></amp-social-share>
{figure}
{"".join(blocks)}
</article>
<a class="app" href="http://www.swiftline.example/app">Get the Swiftline app: every story in sixty seconds</a>
{_more(older, now, amp=True)}</main>
<footer>Swiftline, Norrvik. Alerts are free, as long as you look at them.</footer></body></html>
"""


def _page(story: Story, edition: Edition, older: list[Story], now: datetime) -> str:
    text = edition.text
    amp = addresses(story, edition)[1]
    meta = (
        f'<link rel="canonical" href="{esc(addresses(story, edition)[0])}"><link rel="amphtml" href="{esc(amp)}">'
        f'<meta property="og:title" content="{esc(text.title)}"><meta property="og:type" content="article">'
        f"{_news(story, edition, whole=True)}"
    )
    figure = (
        f'<div class="hero"><img src="/p/{story.number}.jpg" alt="">'
        f'<div class="hero-text">{esc(text.caption)} {esc(text.caption_credit or "")}</div></div>'
        if text.caption
        else ""
    )
    inside = f"""<article class="story"><h1>{esc(text.title)}</h1><div class="by">{esc(byline(text) or "Swiftline")} ·
<time datetime="{story.published.isoformat()}">{long_date(story.published)}</time></div>{figure}
<div class="story-text">{"".join(body(text, subhead="h2"))}</div>
<div class="share"><a href="#">Copy link</a><a href="#">Send</a></div></article>{_more(older, now, amp=False)}"""
    return _frame(story.outlet, text.title, meta, inside)


def _frame(outlet: Outlet, title: str, meta: str, inside: str) -> str:
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{esc(title)} – {esc(outlet.name)}</title>{meta}</head>
<body><header><a href="/">Swiftline</a> <a href="/topics">Topics</a> <a href="/app">App</a></header><main>{inside}</main>
<footer>Swiftline, Norrvik. Alerts are free, as long as you look at them.</footer></body></html>
"""
