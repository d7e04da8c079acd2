"""Regional papers on one WordPress-like theme: share bars, related posts, comments, the group's subscription footer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pipeline.press.outlets.feeds import atom, entries, rss
from pipeline.press.outlets.page import body, byline, esc, found, ld, long_date, robots, titles
from pipeline.press.papers import Outlet
from pipeline.press.replies import Reply, moved
from pipeline.press.world import Edition, Story, World


def addresses(story: Story, edition: Edition) -> list[str]:
    """The permalink, the short link, AMP and print."""
    root = f"http://{story.outlet.host}/"
    url = f"{root}{story.day}/{edition.slug}-{story.number % 1000}/"
    return [url, f"{root}?p={story.number}", f"{url}amp/", f"{url}print/", f"{url}?utm_source=rss&utm_campaign=feed"]


def answer(world: World, outlet: Outlet, host: str, path: str, query: Mapping[str, str], now: datetime) -> Reply:
    """Every address of one of the papers."""
    stories = world.of(outlet, now)
    if host != outlet.host:
        return moved(f"http://{outlet.host}{path}")
    if path == "/robots.txt":
        return robots(outlet, "Disallow: /wp-admin/", "Allow: /wp-admin/admin-ajax.php")
    if path.startswith("/feed"):
        return _feed(outlet, stories, path, now) or _missing(outlet)
    story = next((one for one in stories if _leads_to(one, path, query, now)), None)
    if story is not None:
        edition = story.edition(now)
        url = addresses(story, edition)[0]
        if path == "/":
            return moved(url)
        older = stories[stories.index(story) + 1 :]
        return found(_page(story, edition, url, _related(older, now), plain=path.endswith(("/amp/", "/print/"))), edition)
    if path == "/":
        return Reply(body=_frame(outlet, outlet.name, "", "home blog", _related(stories, now)).encode(), max_age=60)
    return _missing(outlet)


def _leads_to(story: Story, path: str, query: Mapping[str, str], now: datetime) -> bool:
    if path == "/":
        return query.get("p") == str(story.number)
    url = addresses(story, story.edition(now))[0]
    return url.endswith(path.removesuffix("amp/").removesuffix("print/")) and path.count("/") >= 5


def _feed(outlet: Outlet, stories: list[Story], path: str, now: datetime) -> Reply | None:
    style = next((style for _, at, style in outlet.feeds if at.rstrip("/") == path.rstrip("/")), None)
    tracked = 4 if outlet.key == "ledger" else 0
    rows = entries(stories, now, lambda story, edition: addresses(story, edition)[tracked if story.number % 2 else 0])
    if style in ("rss-content", "rss-summary"):
        return rss(outlet, path, rows, full=style == "rss-content")
    if style in ("atom", "atom-content"):
        return atom(outlet, path, rows, full=style == "atom-content")
    return None


def _missing(outlet: Outlet) -> Reply:
    inside = (
        '<section class="error-404 not-found"><h1 class="page-title">Oops! That page can&rsquo;t be found.</h1>'
        "<p>Maybe try a search?</p></section>"
    )
    return Reply(status=404, body=_frame(outlet, "Page not found", "", "error404", inside).encode())


def _related(stories: list[Story], now: datetime) -> str:
    rows = "".join(
        f'<li class="jp-relatedposts-post"><a href="{esc(addresses(story, story.editions[0])[0])}">{esc(title)}</a></li>'
        for story, title in titles(stories, now, 4)
    )
    return (
        f'<div id="jp-relatedposts" class="jp-relatedposts"><h3 class="jp-relatedposts-headline"><em>Related posts</em></h3>'
        f"<ul>{rows}</ul></div>"
    )


_SHARE = (
    '<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Share this:</h3><ul><li><a href="#" class="share-mail">Email</a></li>'
    '<li><a href="#" class="share-print">Print</a></li></ul></div>'
)


def _page(story: Story, edition: Edition, url: str, related: str, *, plain: bool) -> str:
    text, outlet = edition.text, story.outlet
    who = byline(text) or outlet.name
    caption = (
        f'<figure class="wp-caption aligncenter"><img src="/wp-content/uploads/{story.number}.jpg" alt="" width="800" height="533">'
        f'<figcaption class="wp-caption-text">{esc(text.caption)} Photo: {esc(text.caption_credit or outlet.name)}</figcaption></figure>'
    )
    inside = f"""<article id="post-{story.number}"
class="post type-post status-publish format-standard hentry category-{esc(text.section)}">
<header class="entry-header"><h1 class="entry-title">{esc(text.title)}</h1>
<div class="entry-meta"><span class="posted-on">
<time class="entry-date published" datetime="{story.published.isoformat()}">{long_date(story.published)}</time></span>
<span class="byline">by <span class="author vcard"><a class="url fn n" href="/author/desk/">{esc(who)}</a></span></span></div></header>
<div class="entry-content">
{caption if text.caption else ""}
{chr(10).join(body(text))}
{"" if plain else _SHARE + related}
</div>
<footer class="entry-footer"><span class="tags-links">Tagged {esc(", ".join(text.tags))}</span></footer></article>"""
    graph = ld(
        {
            "@graph": [
                {"@type": "WebSite", "name": outlet.name, "url": f"http://{outlet.host}/"},
                {
                    "@type": "Article",
                    "headline": text.title,
                    "datePublished": story.published.isoformat(),
                    "dateModified": edition.at.isoformat(),
                    "author": {"@type": "Person", "name": who},
                    "inLanguage": "en-US",
                },
            ]
        }
    )
    meta = (
        f'<link rel="canonical" href="{esc(url)}"><link rel="shortlink" href="http://{outlet.host}/?p={story.number}">'
        f'<meta property="og:title" content="{esc(text.title)}"><meta property="og:site_name" content="{esc(outlet.name)}">'
        f'<meta property="article:published_time" content="{story.published.isoformat()}">{graph}'
    )
    return _frame(
        outlet, text.title, meta, f"post-template single single-post postid-{story.number}", inside + ("" if plain else _comments(story))
    )


def _comments(story: Story) -> str:
    first = ("gullwatcher", "Mrs. P.", "old_ferryman")[story.number % 3]
    return (
        '<div id="comments" class="comments-area"><h2 class="comments-title">2 thoughts on this</h2><ol class="comment-list">'
        f'<li class="comment"><cite class="fn">{first}</cite><div class="comment-content">'
        f"<p>Typical. Somebody should have seen this coming.</p></div></li>"
        '<li class="comment"><cite class="fn">anon</cite><div class="comment-content">'
        "<p>Thank you for printing it all the same.</p></div></li></ol>"
        '<form class="comment-form"><textarea name="comment"></textarea><input type="submit" value="Post Comment"></form></div>'
    )


def _frame(outlet: Outlet, title: str, meta: str, classes: str, inside: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="en-US">
<head><meta charset="UTF-8"><title>{esc(title)} &#8211; {esc(outlet.name)}</title>
{meta}
<meta name="generator" content="WordPress 6.4.2">
<link rel="stylesheet" href="/wp-content/themes/tidewater/style.css"></head>
<body class="{classes}">
<a class="skip-link screen-reader-text" href="#content">Skip to content</a>
<header id="masthead" class="site-header"><p class="site-title"><a href="/">{esc(outlet.name)}</a></p>
<p class="site-description">Serving {esc(outlet.city)}</p>
<nav id="site-navigation" class="main-navigation"><ul><li><a href="/">Home</a></li><li><a href="/category/news/">News</a></li><li>
<a href="/obituaries/">Obituaries</a></li></ul></nav></header>
<div id="content" class="site-content"><main id="main" class="site-main">{inside}</main>
<aside id="secondary" class="widget-area"><section class="widget widget_search"><form role="search"><input type="search" name="s">
</form></section>
<section class="widget"><h2 class="widget-title">Tides</h2><p>High water 06:12 and 18:40. Low water 00:03 and 12:21.</p></section>
</aside></div>
<footer id="colophon" class="site-footer"><p>This paper is part of the Four Rivers Group of independent titles. Subscribe today and get the
weekend edition delivered to your door for the first three months at half the usual rate.</p><p>Proudly powered by WordPress</p></footer>
</body></html>
"""
