"""The Meridian Standard: pages as that software prints them, with the story once more as JSON in a script."""

from __future__ import annotations

import json

from pipeline.press.outlets.page import body, byline, esc, ld, long_date
from pipeline.press.papers import Outlet
from pipeline.press.world import Edition, Story

Row = tuple[str, str]  # address, headline
_MENU = ("world", "business", "arts", "sport", "opinion")


def article_page(story: Story, edition: Edition, url: str, most_read: list[Row]) -> str:
    """The article; ``most_read``: what stands in the margin."""
    text, outlet = edition.text, story.outlet
    walled = story.completeness == "truncated"
    blocks = body(text, subhead="h2", paragraph='<p class="c-paragraph b-article-body__text">{}</p>')
    for at, box in ((6, _newsletter()), (4, _interstitial(most_read, 1)), (2, _interstitial(most_read, 0)), (1, _AD)):
        if len(blocks) > at + 1:
            blocks.insert(at, box)
    changed = f' | Updated <time datetime="{edition.at.isoformat()}">{long_date(edition.at)}</time>' if edition.at > story.published else ""
    inside = f"""<article class="l-article" data-story="{story.number}">
<div class="b-overline"><a href="/{esc(url.split("/")[3])}/">{esc(text.section.title())}</a></div>
<h1 class="b-headline">{esc(text.title)}</h1>
<div class="b-byline"><span class="b-byline__by">By</span> <span class="b-byline__names">
<a href="/author/{esc((byline(text) or "staff").lower().replace(" ", "-"))}/">{esc(byline(text) or outlet.name)}</a></span>
<span class="b-date">{long_date(story.published)} at {story.published:%H:%M} UTC{changed}</span></div>
{_share(url)}
{_picture(story, edition)}
<div class="b-article-body">{"".join(blocks)}{_WALL if walled else ""}</div>
<div class="b-tags">{"".join(f'<a href="/tags/{esc(tag.lower().replace(" ", "-"))}/">{esc(tag)}</a>' for tag in text.tags)}</div>
</article>"""
    meta = f"{_meta(story, edition, url)}\n{_fusion(story, edition, url)}"
    return frame(outlet, text.title, meta, inside, _rail(most_read, text.teaser))


def amp_page(story: Story, edition: Edition, url: str) -> str:
    """What stands behind ?outputType=amp."""
    text = edition.text
    head = f'<link rel="canonical" href="{esc(url)}"><title>{esc(text.title)}</title>{_news(story, edition, url)}'
    return (
        f'<!doctype html><html amp lang="en"><head><meta charset="utf-8">{head}'
        '<script async src="https://cdn.ampproject.org/v0.js"></script></head><body><header>The Meridian Standard</header>'
        f'<article><h1>{esc(text.title)}</h1><p class="byline">By {esc(byline(text) or story.outlet.name)}</p>'
        f"{''.join(body(text))}</article>"
        '<amp-ad width="300" height="250" type="doubleclick"></amp-ad><footer>© The Meridian Standard</footer></body></html>'
    )


def front(outlet: Outlet, title: str, rows: list[tuple[str, Edition]], most_read: list[Row], more: str) -> str:
    """A section or the front page, with everything on it that is no story of the section."""
    cards = []
    for place, (url, edition) in enumerate(rows):
        text = edition.text
        cards.append(
            f'<div class="c-stack b-results-list__item"><a class="c-link" href="{esc(url.removeprefix(f"http://{outlet.host}"))}">'
            f'<h2 class="c-heading">{esc(text.title)}</h2></a><p class="c-paragraph">{esc(text.summary[:160])}</p>'
            f'<a class="b-byline" href="/author/{place}/">{esc(byline(text) or outlet.name)}</a></div>'
        )
    promoted = (
        '<div class="b-promo" data-sponsored="true"><span>Paid post</span> <a href="/sponsored/five-kitchens-that-changed-their-owners/">'
        "Five kitchens that changed their owners</a></div>"
    )
    topics = "".join(f'<a href="/tags/{name}/">{name.title()}</a>' for name in ("elections", "housing", "weather-maps"))
    following = f'<a class="b-results-list__more" rel="next" href="{esc(more)}">See more</a>' if more else ""
    inside = (
        f'<h1 class="b-section-title">{esc(title)}</h1><div class="b-topics">{topics}</div>'
        f"{''.join(cards[:3])}{promoted}{''.join(cards[3:])}"
        f'{following}<div class="b-links">'
        '<a href="/video/">Video</a><a href="/podcasts/">Podcasts</a><a href="/newsletters/">Newsletters</a>'
        '<a href="/games/crossword/">Crossword</a></div>'
    )
    return frame(outlet, title, "", inside, _rail(most_read, None))


def frame(outlet: Outlet, title: str, meta: str, inside: str, rail: str) -> str:
    """Everything around the middle of a page."""
    menu = "".join(f'<a href="/{name}/">{name.title()}</a>' for name in _MENU)
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width"/>
<title>{esc(title)} | {esc(outlet.name)}</title>
{meta}
<link rel="stylesheet" href="/pf/dist/components/combinations/default.css?d=412"/>
<script defer src="/pf/dist/engine/react.js?d=412"></script></head>
<body class="chain"><div id="fusion-app"><div class="b-right-rail">
<nav class="b-header-nav-chain"><a href="/">{esc(outlet.name)}</a>{menu}
<a class="b-header__cta" href="/subscribe/">Subscribe</a> <a href="/account/login/">Sign in</a></nav>
<section class="b-right-rail__main">{inside}</section>{rail}
<footer class="b-footer"><p>The Meridian Standard is printed on Tuesdays and read all week. All rights reserved.</p>
<a href="/about/">About</a><a href="/privacy/">Privacy</a><a href="/careers/">Careers</a></footer></div></div>
<div id="cookie-bar" class="b-cookies" role="region"><p>This site stores cookies. See our policy.</p><button>OK</button></div></body></html>
"""


PAID = """<article class="b-sponsored"><div class="b-overline">Paid post by Kestrel Kitchens</div>
<h1 class="b-headline">Five kitchens that changed their owners</h1>
<div class="b-article-body"><p class="c-paragraph">A drawer that closes by itself will not mend a marriage, but it can end an argument.</p>
<p class="c-paragraph">Ask the Tregears, who took out a wall, found a chimney behind it and kept both. Ask the widow on Kiln Lane whose
oven is now at the height of her eyes. What they share is a showroom, an afternoon and a plan drawn for free.</p>
<p class="c-paragraph">Book your own afternoon before the end of the month and the worktop is on us.</p></div>
<p class="b-sponsored__note">The newsroom of The Meridian Standard had no part in this content.</p></article>"""
_AD = '<div class="b-ads-block"><span class="b-ads-block__label">Advertisement</span><div id="arcad_1" class="arcad"></div></div>'
_WALL = (
    '<div class="b-paywall"><h3>Keep reading with a subscription</h3><p>Unlimited articles from 1.50 a week. Cancel at any time.</p>'
    '<a href="/subscribe/">See offers</a></div>'
)


def _newsletter() -> str:
    return (
        '<div class="b-newsletter-signup"><h4>The Evening Meridian</h4><p>Five stories in your inbox at six.</p>'
        '<form><input type="email" placeholder="Email"><button>Sign up</button></form></div>'
    )


def _interstitial(rows: list[Row], place: int) -> str:
    if place >= len(rows):
        return ""
    url, title = rows[place]
    return f'<p class="c-paragraph b-article-body__interstitial-link">[ <a href="{esc(url)}">{esc(title)}</a> ]</p>'


def _share(url: str) -> str:
    return (
        f'<div class="b-social-sharing"><a href="https://social.example/share?u={esc(url)}">Share</a>'
        f'<a href="mailto:?body={esc(url)}">Email</a><button>Save</button></div>'
    )


def _picture(story: Story, edition: Edition) -> str:
    text = edition.text
    if not text.caption:
        return ""
    return (
        f'<figure class="b-lead-art"><img src="/resizer/v2/{story.number}.jpg?auth=1f&amp;width=1200" alt="{esc(text.caption)}"/>'
        f'<figcaption class="c-media-item__fig-caption"><span class="c-media-item__caption">{esc(text.caption)}</span> '
        f'<span class="c-media-item__credit">({esc(text.caption_credit or "Handout")})</span></figcaption></figure>'
    )


def _rail(rows: list[Row], teaser: str | None) -> str:
    links = "".join(f'<li><a href="{esc(url)}">{esc(title)}</a></li>' for url, title in rows)
    first = f'<div class="b-teaser"><h4>Elsewhere today</h4><p>{esc(teaser)}</p></div>' if teaser else ""
    return f'<aside class="b-right-rail__rail">{first}<h3>Most read</h3><ol class="b-most-read">{links}</ol></aside>'


def _meta(story: Story, edition: Edition, url: str) -> str:
    text = edition.text
    return (
        f'<link rel="canonical" href="{esc(url)}"/><link rel="amphtml" href="{esc(url)}?outputType=amp"/>'
        f'<meta property="og:title" content="{esc(text.title)}"/><meta property="og:type" content="article"/>'
        f'<meta property="og:site_name" content="{esc(story.outlet.name)}"/><meta name="description" content="{esc(text.summary[:180])}"/>'
        f"{_news(story, edition, url)}"
    )


def _news(story: Story, edition: Edition, url: str) -> str:
    text = edition.text
    authors = [{"@type": "Person", "name": name} for name in text.authors] or [{"@type": "Organization", "name": text.credit or "Staff"}]
    news = {
        "@type": "NewsArticle", "mainEntityOfPage": url, "headline": text.title, "datePublished": story.published.isoformat(),
        "dateModified": edition.at.isoformat(), "author": authors, "isAccessibleForFree": story.completeness != "truncated",
        "publisher": {"@type": "NewsMediaOrganization", "name": story.outlet.name},
    }  # fmt: skip
    return ld(news)


def _fusion(story: Story, edition: Edition, url: str) -> str:
    """The content again, as the page's own scripts read it."""
    text = edition.text
    elements = [
        {"type": "header" if text.is_heading(line) else "text", "level": 2, "content": line, "_id": f"{story.number}{place:02d}"}
        for place, line in enumerate(text.paragraphs)
    ]
    content = {
        "type": "story", "version": "0.10.9", "canonical_url": url, "headlines": {"basic": text.title}, "content_elements": elements,
        "credits": {"by": [{"type": "author", "name": name} for name in text.authors]}, "distributor": {"name": text.credit or "Staff"},
        "display_date": story.published.isoformat(), "last_updated_date": edition.at.isoformat(),
        "taxonomy": {"tags": [{"text": tag} for tag in text.tags]},
    }  # fmt: skip
    data = json.dumps(content, ensure_ascii=False).replace("</", "<\\/")
    return (
        '<script id="fusion-metadata" type="application/javascript">window.Fusion=window.Fusion||{};Fusion.arcSite="meridian";'
        f'Fusion.contextPath="/pf";Fusion.deployment="412";Fusion.globalContent={data};</script>'
    )
