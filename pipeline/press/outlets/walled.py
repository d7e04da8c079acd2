"""Dispatch Review: a paywall that leaves a stub, a consent page, and a JSON Feed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from pipeline.press.outlets.feeds import entries, json_feed
from pipeline.press.outlets.page import body, byline, esc, found, ld, long_date, robots, titles
from pipeline.press.papers import Outlet
from pipeline.press.replies import Reply, moved
from pipeline.press.world import Edition, Story, World

_CONTENT = re.compile(r"/content/([0-9a-f-]+)$")


def addresses(story: Story, edition: Edition) -> list[str]:
    """An address without words, and one with them that is sent on to it."""
    item = f"{story.number:08x}-{story.number * 40503 % 65536:04x}-{story.number % 4096:04x}"
    return [f"http://{story.outlet.host}/content/{item}", f"http://{story.outlet.host}/stories/{edition.slug}-{story.number}"]


def answer(world: World, outlet: Outlet, host: str, path: str, query: Mapping[str, str], now: datetime) -> Reply:  # noqa: ARG001 - one signature for all outlets
    """Every address of the review."""
    stories = world.of(outlet, now)
    if path == "/robots.txt":
        return robots(outlet, "Disallow: /account/", "Disallow: /subscribe")
    if path == "/feed.json":
        return json_feed(outlet, path, entries(stories, now, lambda story, edition: addresses(story, edition)[0]))
    for story in stories:
        edition = story.edition(now)
        own = addresses(story, edition)
        if f"http://{outlet.host}{path}" == own[1]:
            return moved(own[0])
        if f"http://{outlet.host}{path}" == own[0]:
            if story.trouble == "consent":
                return Reply(body=_consent(outlet).encode(), headers={"Cache-Control": "no-store"})
            return found(_page(story, edition, own[0], _more(stories[stories.index(story) + 1 :], now)), edition, 600)
    status = 200 if path == "/" else 404
    inside = _more(stories, now) if path == "/" else "<h1>Nothing here</h1><p>We looked everywhere.</p>"
    return Reply(status=status, body=_frame(outlet, outlet.name, "", inside).encode())


def _more(stories: list[Story], now: datetime) -> str:
    cards = "".join(
        f'<a class="dr-card" href="{addresses(story, story.editions[0])[0]}">{esc(title)}</a>' for story, title in titles(stories, now, 5)
    )
    return f'<div class="dr-more"><div class="dr-label">More from the Review</div>{cards}</div>'


def _page(story: Story, edition: Edition, url: str, more: str) -> str:
    text = edition.text
    walled = story.completeness == "truncated"
    news = {
        "@type": "NewsArticle",
        "headline": text.title,
        "datePublished": story.published.isoformat(),
        "dateModified": edition.at.isoformat(),
        "author": {"@type": "Person", "name": byline(text) or story.outlet.name},
        "publisher": {"@type": "Organization", "name": story.outlet.name},
        "isAccessibleForFree": not walled,
    }
    if walled:
        news["hasPart"] = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".dr-body"}
    meta = (
        f'<link rel="canonical" href="{url}"><meta property="og:title" content="{esc(text.title)}">'
        f'<meta property="og:type" content="article">'
        f'<meta property="article:content_tier" content="{"locked" if walled else "free"}">{ld(news)}'
    )
    wall = (
        '<div class="dr-paywall" role="dialog"><h2>Subscribe to keep reading</h2><p>You have reached the end of your free preview.</p>'
        '<a href="/subscribe" class="dr-button">Subscribe now</a> <a href="/account/login">Already a subscriber? Sign in</a></div>'
    )
    figure = (
        f'<figure class="dr-figure"><img src="/i/{story.number}.jpg" alt="">'
        f"<figcaption>{esc(text.caption)} © {esc(text.caption_credit or '')}</figcaption></figure>"
    )
    inside = f"""<article class="dr-article"><div class="dr-kicker">{esc(text.section)}</div><h1 class="dr-title">{esc(text.title)}</h1>
<div class="dr-by">
<a href="/people/x" rel="author">{esc(byline(text) or story.outlet.name)}</a> ·
<time datetime="{story.published.isoformat()}">{long_date(story.published)}</time></div>
{figure if text.caption else ""}
<div class="dr-body{" dr-body--faded" if walled else ""}">{"".join(body(text))}</div>
{wall if walled else ""}</article>{more}"""
    return _frame(story.outlet, text.title, meta, inside)


def _consent(outlet: Outlet) -> str:
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Before you continue to {esc(outlet.name)}</title>
<meta name="robots" content="noindex"></head>
<body class="consent-wall"><div id="consent" class="cmp-container" role="dialog" aria-label="Privacy">
<h1>Before you continue</h1><p>We and our 412 partners store and access information on your device, such as cookies, to select
personalised advertising, to measure content and to develop our services. You can accept or manage your choices at any time.</p>
<form method="post" action="/consent"><button name="accept">Accept all</button><button name="manage">Manage my choices</button></form>
<p><a href="/privacy">Privacy policy</a> · <a href="/imprint">Imprint</a></p></div></body></html>
"""


def _frame(outlet: Outlet, title: str, meta: str, inside: str) -> str:
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{esc(title)} — {esc(outlet.name)}</title>{meta}</head>
<body><div class="dr-top"><a href="/">{esc(outlet.name)}</a><a class="dr-button" href="/subscribe">Subscribe</a><nav>
<a href="/world">World</a><a href="/letters">Letters</a></nav></div>
<main>{inside}</main>
<div class="dr-foot"><p>Published fortnightly, and read slowly. Letters to the editor are welcome and are seldom printed.</p>
<a href="/account/terms">Terms</a></div></body></html>
"""
