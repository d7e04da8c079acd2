"""The Continental: every visit begins with consent. Most pages hold their article under a layer; some show the question alone, at the same
address with status 200 or on the host of the consent platform."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

from pipeline.press.outlets.feeds import entries, rss
from pipeline.press.outlets.page import body, byline, esc, found, ld, long_date, robots, titles
from pipeline.press.outlets.sitemaps import news, packed
from pipeline.press.papers import Outlet
from pipeline.press.replies import Reply, moved
from pipeline.press.world import Edition, Story, World

_ITEM = re.compile(r"/artikel/(?:[a-z0-9-]*-)?(\d+)$")
_STORE = {"Cache-Control": "private, no-store"}


def addresses(story: Story, edition: Edition) -> list[str]:
    """The headline and a number, which alone selects the article."""
    root = f"http://{story.outlet.host}/artikel/"
    return [f"{root}{edition.slug}-{story.number}", f"{root}{story.number}", f"{root}{edition.slug}-{story.number}?wt_mc=rss"]


def answer(world: World, outlet: Outlet, host: str, path: str, query: Mapping[str, str], now: datetime) -> Reply:  # noqa: ARG001 - one signature for all outlets
    """Every address of the paper and of its consent host."""
    stories = world.of(outlet, now)
    if host.startswith("consent."):
        return Reply(body=_wall(outlet).encode(), headers=_STORE) if path == "/" else Reply(status=404, body=b"", media="text/plain")
    if path == "/robots.txt":
        return robots(outlet, "Disallow: /konto/", "Disallow: /suche", "", f"Sitemap: http://{outlet.host}/sitemaps/articles.xml.gz")
    if path == "/feeds/all.rss":
        return rss(
            outlet, path, entries(stories, now, lambda story, edition: addresses(story, edition)[2 * (story.number % 2)]), full=False
        )
    if path == "/sitemaps/articles.xml.gz":
        return packed(news(outlet, entries(stories, now, lambda story, edition: addresses(story, edition)[0], None)))
    matched = _ITEM.match(path)
    story = next((one for one in stories if matched and one.number == int(matched[1])), None)
    if story is None:
        inside = _more(stories, now) if path == "/" else "<h1>Page not found</h1><p>The address may have changed.</p>"
        return Reply(status=200 if path == "/" else 404, body=_frame(outlet, outlet.name, "", inside).encode())
    edition = story.edition(now)
    url = addresses(story, edition)[0]
    if story.trouble == "consent-host":
        return moved(f"http://consent.{outlet.domain}/?siteKey=c41f&callbackUrl={quote(url, safe='')}", 302)
    if story.trouble == "consent":
        return Reply(body=_wall(outlet).encode(), headers=_STORE)
    if url != f"http://{outlet.host}{path}":
        return moved(url)
    return found(_page(story, edition, url, _more(stories[stories.index(story) + 1 :], now)), edition)


def _more(stories: list[Story], now: datetime) -> str:
    cards = "".join(
        f'<li class="teaser"><a href="{addresses(story, story.editions[0])[1]}">{esc(title)}</a></li>'
        for story, title in titles(stories, now, 5)
    )
    return f'<section class="teaser-list"><h2>More on this</h2><ul>{cards}</ul></section>'


def _page(story: Story, edition: Edition, url: str, more: str) -> str:
    text = edition.text
    blocks = body(text, subhead="h2", paragraph='<p class="paragraph text-size--medium">{}</p>')
    if len(blocks) > 4:
        blocks.insert(2, f'<aside class="related-inline"><span>Related</span>{more}</aside>')
    figure = (
        f'<figure class="opener"><picture><img src="/imgs/{story.number}.jpg" alt=""></picture><figcaption>{esc(text.caption)}'
        f'<span class="copyright">Photo: {esc(text.caption_credit or story.outlet.name)}</span></figcaption></figure>'
        if text.caption
        else ""
    )
    inside = f"""<article class="article" itemscope><header><p class="kicker">{esc(text.section.title())}</p><h1>{esc(text.title)}</h1>
<p class="metadata"><span class="metadata__byline">By {esc(byline(text) or story.outlet.name)}</span>
<time class="metadata__date" datetime="{story.published.isoformat()}">{long_date(story.published)}, {story.published:%H:%M}</time></p>
</header>
{figure}
<div class="article__body">{"".join(blocks)}</div>
<div class="sharing"><button>Share</button><button>Remember</button><button>Print</button></div>
<div class="newsletter-box"><strong>What matters today</strong><p>The letter from our editors, every morning before the trams run.</p></div>
</article>{more}"""
    person = [{"@type": "Person", "name": name} for name in text.authors] or {
        "@type": "Organization",
        "name": text.credit or story.outlet.name,
    }
    meta = f'<link rel="canonical" href="{esc(url)}"><meta property="og:title" content="{esc(text.title)}">' + ld(
        {
            "@type": "NewsArticle",
            "headline": text.title,
            "author": person,
            "datePublished": story.published.isoformat(),
            "dateModified": edition.at.isoformat(),
            "publisher": {"@type": "Organization", "name": story.outlet.name},
        }
    )
    return _frame(story.outlet, text.title, meta, _LAYER + inside)


_LAYER = """<div id="sp_message_container_902111" class="cmp-layer" role="dialog" aria-modal="true" aria-label="Consent">
<div class="cmp-layer__box">
<h2>Read with advertising or with a subscription</h2>
<p>Visit The Continental as usual with advertising and tracking. You can withdraw your consent at any time with effect for the future in the
privacy centre. Together with our 187 partners we store and read information on your device and process personal data such as identifiers
and page views, in order to show personalised advertising, to measure its success, to learn about audiences and to improve products.</p>
<button title="Accept all">Accept and continue</button><p>Or: The Continental Pure, without tracking, for 4.99 a month.</p>
<a href="/konto/pure">Subscribe now</a> <a href="/konto/login">Log in</a></div></div>"""


def _wall(outlet: Outlet) -> str:
    """The question alone, as a visitor without a cookie gets it."""
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{esc(outlet.name)}</title>
<meta name="robots" content="noindex, nofollow">
<script>window._sp_queue = [];window._sp_ = {{config: {{accountId: 1188, isSPA: false}}}};</script>
</head><body><header><img src="/logo.png" alt="{esc(outlet.name)}"></header>
<main class="consent-page">{_LAYER}
<ul class="purposes"><li>Store and/or access information on a device</li><li>Personalised advertising and content, audience research</li>
<li>Use precise location data and identify devices by scanning them</li></ul></main>
<footer><a href="/privacy">Privacy</a> <a href="/imprint">Imprint</a> <a href="/vendors">Vendor list</a></footer></body></html>
"""


def _frame(outlet: Outlet, title: str, meta: str, inside: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{esc(title)} - {esc(outlet.name)}</title>{meta}
<script src="https://cmp.{outlet.domain}/wrapperMessagingWithoutDetection.js"></script></head>
<body><header class="page-header"><a href="/">{esc(outlet.name)}</a><nav><a href="/politik">Politics</a><a href="/wirtschaft">Economy</a>
<a href="/kultur">Culture</a></nav></header><main>{inside}</main>
<footer class="page-footer"><p>The Continental appears in Langdorf. Your subscription keeps the presses warm: try four weeks for free.</p>
<a href="/imprint">Imprint</a><a href="/privacy">Privacy settings</a></footer></body></html>
"""
