"""Notes from the Harbour Wall: somebody's blog, on a blogging platform's template. It quotes at length and embeds what others post."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from pipeline.press.outlets.feeds import atom, entries
from pipeline.press.outlets.page import body, esc, found, long_date, robots, titles
from pipeline.press.papers import Outlet
from pipeline.press.replies import Reply
from pipeline.press.world import Edition, Story, World

_ITEM = re.compile(r"/\d{4}/\d\d/[a-z0-9-]*_(\d+)\.html$")


def addresses(story: Story, edition: Edition) -> list[str]:  # noqa: ARG001 - one signature for all outlets
    """Year, month, the first headline; the form for telephones."""
    url = f"http://{story.outlet.host}/{story.published:%Y/%m}/{story.editions[0].slug}_{story.number % 10_000}.html"
    return [url, f"{url}?m=1"]


def answer(world: World, outlet: Outlet, host: str, path: str, query: Mapping[str, str], now: datetime) -> Reply:  # noqa: ARG001 - one signature for all outlets
    """Every address of the blog."""
    stories = world.of(outlet, now)
    if path == "/robots.txt":
        return robots(outlet, "Disallow: /search", "Allow: /", "", f"Sitemap: http://{outlet.host}/sitemap.xml")
    if path == "/atom.xml":
        return atom(outlet, path, entries(stories, now, lambda story, edition: addresses(story, edition)[0]), full=True)
    if path == "/sitemap.xml":
        from pipeline.press.outlets.sitemaps import plain

        return plain(entries(stories, now, lambda story, edition: addresses(story, edition)[0], None))
    matched = _ITEM.match(path)
    story = next((one for one in stories if matched and one.number % 10_000 == int(matched[1])), None)
    if story is None:
        inside = "".join(_post(one, one.edition(now)) for one in stories[:3]) if path == "/" else "<p>Sorry, that page does not exist.</p>"
        return Reply(status=200 if path == "/" else 404, body=_frame(outlet, outlet.name, "", inside, stories, now).encode())
    edition = story.edition(now)
    meta = (
        f'<link href="{addresses(story, edition)[0]}" rel="canonical"/><meta content="{esc(edition.text.title)}" property="og:title"/>'
        f'<meta content="{esc(edition.text.summary[:140])}" property="og:description"/>'
    )
    inside = _post(story, edition) + _COMMENTS
    return found(_frame(outlet, edition.text.title, meta, inside, stories[stories.index(story) + 1 :], now), edition)


_COMMENTS = """<div class="comments" id="comments"><h4>1 comment:</h4><dl><dt class="comment-author">old_ferryman said...</dt>
<dd class="comment-body"><p>Well put. I read the whole thing aloud to the dog.</p></dd></dl>
<p class="comment-footer"><a href="#">Post a Comment</a></p></div>
<div class="blog-pager"><a class="blog-pager-newer-link" href="#">Newer Post</a>
<a class="blog-pager-older-link" href="#">Older Post</a></div>"""


def _post(story: Story, edition: Edition) -> str:
    text = edition.text
    blocks = body(text, subhead="h4")
    if text.post:
        blocks.insert(
            min(3, len(blocks)),
            f'<blockquote class="twitter-tweet" data-lang="en"><p lang="en" dir="ltr">{esc(text.post)}</p>&mdash; Fieldwire Alerts '
            f'(@fieldwire) <a href="https://social.example/fieldwire/status/{story.number}">{long_date(story.published)}</a></blockquote>'
            '<script async src="https://social.example/widgets.js" charset="utf-8"></script>',
        )
    picture = (
        f'<table align="center" class="tr-caption-container"><tbody><tr><td><img src="/img/{story.number}.jpg"/></td></tr>'
        f'<tr><td class="tr-caption">{esc(text.caption)}</td></tr></tbody></table>'
        if text.caption
        else ""
    )
    labels = ", ".join(f'<a href="/search/label/{esc(tag)}" rel="tag">{esc(tag)}</a>' for tag in text.tags)
    return f"""<div class="date-outer"><h2 class="date-header"><span>{story.published:%A}, {long_date(story.published)}</span></h2>
<div class="post hentry"><h3 class="post-title entry-title">{esc(text.title)}</h3>
<div class="post-body entry-content" id="post-body-{story.number}">{picture}{"".join(blocks)}<div style="clear: both;"></div></div>
<div class="post-footer"><span class="post-author vcard">Posted by
<span class="fn">{esc(" and ".join(text.authors) or "Harbour Wall")}</span></span>
<span class="post-timestamp">at <abbr class="published" title="{story.published.isoformat()}">{story.published:%I:%M %p}</abbr></span>
<span class="post-labels">Labels: {labels}</span>
<span class="share-button-link-text">Email This BlogThis! Share</span></div></div></div>"""


def _frame(outlet: Outlet, title: str, meta: str, inside: str, stories: list[Story], now: datetime) -> str:
    archive = "".join(
        f'<li><a href="{addresses(story, story.editions[0])[0]}">{esc(name)}</a></li>' for story, name in titles(stories, now, 6)
    )
    return f"""<!DOCTYPE html>
<html dir="ltr" lang="en"><head><meta content="text/html; charset=UTF-8" http-equiv="Content-Type"/>
<title>{esc(outlet.name)}: {esc(title)}</title>
{meta}<meta content="blogger" name="generator"/><link rel="alternate" type="application/atom+xml" href="http://{outlet.host}/atom.xml"/></head>
<body class="loading"><div class="header"><h1 class="title"><a href="/">{esc(outlet.name)}</a></h1>
<p class="description"><span>Tides, knots, other people's newspapers.</span></p></div>
<div class="main section" id="main">{inside}</div>
<div class="sidebar section"><div class="widget Profile"><h2>About Me</h2>
<p>Retired from the pilot boats. I read so that you need not.</p></div>
<div class="widget BlogArchive"><h2>Blog Archive</h2><ul>{archive}</ul></div>
<div class="widget PopularPosts"><h2>Popular Posts</h2><ul>{archive}</ul></div></div>
<div class="footer"><p>Simple theme. Powered by nothing much.</p></div></body></html>
"""
