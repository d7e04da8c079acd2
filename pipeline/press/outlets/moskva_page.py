"""The Moskva Times: its page templates, with every trap that the facts name."""

from __future__ import annotations

from datetime import timedelta

from pipeline.press.outlets.page import body, byline, esc, ld, long_date
from pipeline.press.papers import Outlet
from pipeline.press.world import Edition, Story

_HOST = "www.themoskvatimes.example"
_CHANGED = timedelta(minutes=10)  # facts: "Updated:" stands once an article changed more than ten minutes after it was published
_MENU = (
    ("news", "News"),
    ("ukraine-war", "Russia at War"),
    ("opinion", "Opinion"),
    ("business", "Business"),
    ("arts-and-life", "Arts and Life"),
)
Row = tuple[str, str, str]  # address, headline, first words


def article_page(story: Story, edition: Edition, url: str, aside: list[Row], *, amp: bool) -> str:
    """The article; ``aside``: what stood beside it when it came out."""
    text, outlet = edition.text, story.outlet
    inside = _article(story, edition, url, aside)
    if amp:
        head = f'<link rel="canonical" href="{esc(url)}"><meta charset="utf-8"><title>{esc(text.title)}</title>'
        return f'<!doctype html><html amp lang="en"><head>{head}{_news(story, edition, url)}</head><body>{inside}</body></html>'
    return frame(outlet, text.title, _meta(story, edition, url), inside, aside)


def fragment(story: Story, edition: Edition, url: str) -> str:
    """What infinite scroll loads: a bare article, no head."""
    return _article(story, edition, url, [])


def print_page(story: Story, edition: Edition, url: str) -> str:
    """The page behind /pdf."""
    text = edition.text
    head = f'<meta charset="utf-8"><title>{esc(text.title)}</title><link rel="canonical" href="{esc(url)}">{_news(story, edition, url)}'
    lines = "".join(body(text, subhead="p"))
    return (
        f'<!doctype html><html lang="en"><head>{head}</head><body><img src="/img/logo.png" alt="The Moskva Times">'
        f"<h1>{esc(text.title)}</h1>"
        f"<p class='byline'>By {esc(byline(text))}<br>{long_date(story.published)}</p><div class='article__content'>{lines}</div>"
        f"<p>Original url: {esc(url)}</p></body></html>"
    )


def listing(outlet: Outlet, title: str, rows: list[Row]) -> str:
    """A section, a tag, an author or the front page."""
    items = "".join(
        f'<div class="article-excerpt-default"><a href="{esc(url)}"><h3 class="article-excerpt-default__headline">{esc(name)}</h3></a>'
        f'<div class="article-excerpt-default__teaser">{esc(words[:140])}</div></div>'
        for url, name, words in rows
    )
    return frame(outlet, title, "", f'<div class="container"><h1>{esc(title)}</h1>{items}</div>', rows[:5])


def frame(outlet: Outlet, title: str, meta: str, inside: str, aside: list[Row]) -> str:
    """Everything around the middle of a page."""
    menu = "".join(f'<li class="menu__item"><a href="/{path}">{name}</a></li>' for path, name in _MENU)
    site = ld({"@type": "NewsMediaOrganization", "name": outlet.name, "url": f"http://{_HOST}/", "logo": f"http://{_HOST}/img/logo.png"})
    web = ld({"@type": "WebSite", "name": outlet.name, "url": f"http://{_HOST}/"})
    return f"""<!doctype html>
<html lang="en">
<head>
<base href="http://{_HOST}/">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="googlebot" content="noarchive">
<title>{esc(title)} - {esc(outlet.name)}</title>
{meta}
{site}
{web}
<link rel="alternate" type="application/rss+xml" href="http://{_HOST}/rss/news" title="News">
<style>.byline{{color:#555}} .aside{{border:1px solid #ccc}}</style>
<script>window.dataLayer = window.dataLayer || []; dataLayer.push({{"page": "ready"}});</script>
</head>
<body>
<div class="top-bar"><a href="/">{esc(outlet.name)}</a> <span>Independent News From Nowhere In Particular</span>
<form action="/search"><input name="query" placeholder="Search"></form></div>
<nav class="nav"><ul class="menu">{menu}</ul></nav>
<main class="page">{inside}
<aside class="sidebar">{_sidebar(aside)}</aside></main>
<div class="cookie-bar" hidden>We use cookies so that you need not tell us twice. <button>Fine</button></div>
<footer class="footer"><div class="footer__links"><a href="/page/about">About Us</a> <a href="/page/privacy">Privacy Policy</a>
<a href="/podcasts">Podcasts</a> <a href="/newsletters">Newsletters</a></div>
<p>&copy; {esc(outlet.name)}, all rights reserved.</p></footer>
</body>
</html>
"""


def _sidebar(aside: list[Row]) -> str:
    def links(rows: list[Row]) -> str:
        return "".join(f'<li><a href="{esc(url)}">{esc(title)}</a></li>' for url, title, _ in rows)

    return (
        f'<section class="sidebar__section"><div class="sidebar__section__label">Most read</div><ul>{links(aside[3:8])}</ul></section>'
        f'<section class="sidebar__section"><div class="sidebar__section__label">Just in</div><ul>{links(aside[:5])}</ul></section>'
    )


def _meta(story: Story, edition: Edition, url: str) -> str:
    text = edition.text
    first = text.authors[0] + (f" for {text.credit}" if text.credit else "") if text.authors else text.credit or ""
    properties = {
        "og:title": text.title,
        "og:type": "article",
        "og:url": url,
        "og:site_name": story.outlet.name,
        "og:description": text.summary[:200],
        "og:image": f"http://static.themoskvatimes.example/image/og/{story.number}.jpg",
        "article:published_time": story.published.isoformat(),
        "article:modified_time": edition.at.isoformat(),
        "article:section": text.section,
        "article:tag": ", ".join(text.tags),
        "article:author": first,
        "article:content_tier": "free",
    }
    rows = "\n".join(f'<meta property="{name}" content="{esc(value)}">' for name, value in properties.items())
    crumbs = ld({"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "position": 1, "name": text.section}]})
    return (
        f'<link rel="canonical" href="{esc(url)}">\n<link rel="amphtml" href="{esc(url)}?amp=1">\n'
        f'<meta name="description" content="{esc(text.summary[:200])}">'
        f'\n<meta name="author" content="{esc(first)}">\n{rows}\n{_news(story, edition, url)}\n{crumbs}'
    )


def _news(story: Story, edition: Edition, url: str) -> str:
    """The first author only, a language that is an object, and no articleBody."""
    text = edition.text
    person = {"@type": "Person", "name": text.authors[0] + (f" for {text.credit}" if text.credit else "")} if text.authors else None
    return ld(
        {
            "@type": "NewsArticle",
            "url": url,
            "mainEntityOfPage": url,
            "headline": text.title,
            "datePublished": story.published.isoformat(),
            "dateModified": edition.at.isoformat(),
            "dateCreated": story.published.isoformat(),
            "description": text.summary[:200],
            "articleSection": text.section,
            "author": person or {"@type": "Organization", "name": text.credit or story.outlet.name},
            "inLanguage": {"@type": "Language", "name": "English", "alternateName": "en"},
            "publisher": {"@type": "NewsMediaOrganization", "name": story.outlet.name},
        }
    )


def _article(story: Story, edition: Edition, url: str, aside: list[Row]) -> str:
    text = edition.text
    changed = edition.at - story.published > _CHANGED
    when = f'Updated: <time datetime="{edition.at.isoformat()}">{long_date(edition.at)}</time>' if changed else ""
    when = when or f'<time datetime="{story.published.isoformat()}">{long_date(story.published)}</time>'
    blocks = [f'<div class="article__block article__block--html">{block}</div>' for block in body(text, subhead="p")]
    for at, box in reversed(list(zip((3, 6, 9), _boxes(aside), strict=False))):
        if len(blocks) > at + 1:
            blocks.insert(at, box)
    caption = (
        f"<figcaption>{esc(text.caption)} <span class='article__featured-image__credit'>"
        f"{esc(text.caption_credit or '')}</span></figcaption>"
    )
    picture = f'<figure class="article__featured-image featured-image"><img src="/image/1360/{story.number}.jpg" alt="">{caption}</figure>'
    name = "Opinion | " if story.kind == "opinion" else ""
    return f"""
<article class="article article--{story.kind}" data-id="{story.number}">
<header class="article__header"><span class="label">{esc(name)}{esc(text.section.title())}</span><h1>{esc(text.title)}</h1>
<div class="article__byline byline"><div class="byline__author">By {_names(story, edition)}</div>
<div class="byline__date">{when}</div></div>
<div class="social"><a href="https://social.example/share?u={esc(url)}">Share</a> <a href="mailto:?body={esc(url)}">Mail</a></div></header>
{picture if text.caption else ""}
<div class="article__content-container"><div class="article__content">{"".join(blocks)}</div>{_below(story, edition, url)}</div>
</article>
{_read_more(aside)}"""


def _names(story: Story, edition: Edition) -> str:
    names = byline(edition.text).replace(" and ", ", ").split(", ")
    links = [
        f'<a href="/author/{esc(name.lower().replace(" ", "-"))}" class="byline__author__name">{esc(name)}</a>' for name in names if name
    ]
    return " and ".join(filter(None, [", ".join(links[:-1]), *links[-1:]])) or esc(story.outlet.name)


def _boxes(aside: list[Row]) -> list[str]:
    """What stands inside the body and is none of it: two related articles and a banner."""
    related = [
        f'<div class="article__block article__block--article"><a class="related-article" href="{esc(url)}">'
        f'<div class="related-article__inner">'
        f'<span class="label">News</span><h3 class="related-article__title">{esc(title)}</h3>'
        f'<span class="related-article__cta">Read more</span>'
        "</div></a></div>"
        for url, title, _ in aside[5:7]
    ]
    banner = (
        '<div class="article__block article__block--aside"><aside class="aside">'
        "<p>Sign up for our free weekly newsletter.</p></aside></div>"
    )
    return [*related[:1], banner, *related[1:]]


def _below(story: Story, edition: Edition, url: str) -> str:
    tags = ", ".join(f'<a href="/tag/{esc(tag.lower().replace(" ", "-"))}">{esc(tag)}</a>' for tag in edition.text.tags)
    view = (
        "The views expressed in opinion pieces do not necessarily reflect the position of The Moskva Times."
        if story.kind == "opinion"
        else ""
    )
    return f"""
<div class="article__disclaimer">{view}</div>
<div class="contribute-article"><h4>A Message from The Moskva Times:</h4><p>Dear readers, our reporters are few and the presses are old.
We ask for help with as little as one dollar a month.</p><a href="/contribute">Support us today</a></div>
<div class="article__tags">Read more about: {tags}</div>
<div class="social social--below"><a href="https://social.example/share?u={esc(url)}">Share this article</a></div>"""


def _read_more(aside: list[Row]) -> str:
    cards = "".join(
        f'<div class="col"><a href="{esc(url)}"><h5>{esc(title)}</h5></a><p>{esc(" ".join(words.split()[:22]))} …</p></div>'
        for url, title, words in aside[8:12]
    )
    return (
        f'<section class="cluster"><h3 class="cluster__label">Read more</h3><div class="row-flex">{cards}</div></section>' if cards else ""
    )
