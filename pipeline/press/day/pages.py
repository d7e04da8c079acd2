"""What the papers of the world "day" serve: feeds, article pages, front pages, robots.txt. Made when asked for; nothing in here is slow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from html import escape
from random import Random

from pipeline.press.day.papers import Paper
from pipeline.press.day.process import Story
from pipeline.press.day.words import Words

# What changes on a page though the article does not, and how often it does (minutes).
TICKS = {"counter": 5, "banner": 120, "most-read": 30, "shares": 10, "related": 60, "comments": 20, "touched": 60}
_BOXES = ("The week in pictures", "Readers' letters", "What is on", "From the archive", "Weather and tides", "Crossword", "Obituaries")
_NAVIGATION = '<a href="/news">News</a> <a href="/city">City</a> <a href="/business">Business</a>'
_BODIES = ("article-body", "story__text", "entry-content")


def robots(paper: Paper) -> bytes:
    """Its rules."""
    lines = ["User-agent: *", "Disallow: /search", *(["Disallow: /premium/"] if paper.closed else [])]
    lines += [f"Crawl-delay: {paper.crawl_delay}"] if paper.crawl_delay else []
    return "\n".join([*lines, ""]).encode()


def address(story: Story) -> str:
    """The path of an article; it stays when the headline changes."""
    return f"/{'premium' if story.closed else story.section}/{story.published:%Y/%m/%d}/story-a{story.number + 1000}"


def local(moment: datetime, paper: Paper) -> datetime:
    """The same moment by the paper's clock."""
    return moment.astimezone(timezone(timedelta(hours=paper.zone)))


def feed(paper: Paper, entries: list[tuple[Story, Words]], now: datetime) -> bytes:
    """RSS 2.0, newest first."""
    built = f"<lastBuildDate>{format_datetime(now)}</lastBuildDate>" if paper.dates == "built" else ""
    ttl = f"<ttl>{paper.ttl}</ttl>" if paper.ttl else ""
    items = "".join(
        f"<item><title>{escape(words.title)}</title><link>http://{paper.host}{address(story)}</link>"
        f'<guid isPermaLink="true">http://{paper.host}{address(story)}</guid>{_stated(story, paper)}'
        f"<category>{story.section}</category><description>{escape(words.paragraphs[-1][:160])}</description></item>\n"
        for story, words in entries
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>{paper.name}</title><link>http://{paper.host}/</link>'
        f"<description>All of {paper.name}</description><language>en</language>{ttl}{built}\n{items}</channel></rss>\n"
    ).encode()


def _stated(story: Story, paper: Paper) -> str:
    at = local(story.published, paper)
    match paper.dates:
        case "none":
            return ""
        case "1970":
            at = datetime(1970, 1, 1, tzinfo=UTC)
        case "future":
            at += timedelta(hours=9)
        case "zone":
            at = at.replace(tzinfo=UTC)
    return f"<pubDate>{format_datetime(at)}</pubDate>"


def tick(paper: Paper, story: Story, now: datetime) -> str:
    """What stands on the page beside the article, in short: another tick, another page."""
    minutes = int((now - story.published).total_seconds() // 60)
    return "".join(f"{name[0]}{minutes // TICKS[name]}" for name in paper.noises)


def article(story: Story, words: Words, now: datetime, modified: datetime) -> bytes:
    """The page of an article."""
    paper, minutes = story.paper, int((now - story.published).total_seconds() // 60)
    turn = {name: minutes // TICKS[name] for name in paper.noises}
    url, published = f"http://{paper.host}{address(story)}", local(story.published, paper).isoformat()
    if "touched" in turn:
        modified = max(modified, story.published + timedelta(minutes=TICKS["touched"] * turn["touched"]))
    stated, title = local(modified, paper).isoformat(), escape(words.title)
    kind = "LiveBlogPosting" if story.live else "NewsArticle"
    body = "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in words.paragraphs)
    data = (
        f'{{"@context":"https://schema.org","@type":"{kind}","headline":"{title}","datePublished":"{published}","dateModified":"{stated}",'
        f'"author":{{"@type":"Person","name":"{words.author}"}}}}'
    )
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title} - {paper.name}</title>
<link rel="canonical" href="{url}"><meta property="og:type" content="article"><meta property="og:title" content="{title}">
<meta property="og:site_name" content="{paper.name}"><meta property="article:published_time" content="{published}">
<meta property="article:modified_time" content="{stated}"><meta property="article:section" content="{story.section}">
<script type="application/ld+json">{data}</script></head>
<body><header><a href="/">{paper.name}</a><nav>{_NAVIGATION}</nav></header>
{_above(turn)}<main><article><h1>{title}</h1><div class="byline">By {words.author}</div>
<time datetime="{published}">{published[:16]}</time>
<div class="{_BODIES[paper.template]}">
{body}
</div></article></main>
{_below(paper, story, turn)}<footer>Copyright {paper.name}. All rights reserved.</footer></body></html>
""".encode()


def _above(turn: dict[str, int]) -> str:
    return f'<div class="banner">Edition {turn["banner"]}: subscribe to our newsletter today</div>\n' if "banner" in turn else ""


def _below(paper: Paper, story: Story, turn: dict[str, int]) -> str:
    parts = []
    if "counter" in turn:
        parts.append(f'<div class="views">{120 + 7 * turn["counter"]} views</div>')
    if "shares" in turn:
        parts.append(f'<div class="share-count">Shared {3 + 2 * turn["shares"]} times</div>')
    if "comments" in turn:
        parts.append(f'<a class="comments" href="{address(story)}#comments">{turn["comments"]} comments</a>')
    for name, heading in (("most-read", "Most read"), ("related", "Related")):
        chance = Random(f"{paper.place} {story.number} {turn.get(name, 0)}")  # noqa: S311 - invented news, not secrets
        rows = "".join(f'<li><a href="/{name}/{row.split()[0].lower()}">{row}</a></li>' for row in chance.sample(_BOXES, 4))
        parts.append(f'<aside class="{name}"><h3>{heading}</h3><ul>{rows}</ul></aside>')
    return "\n".join(parts)


def front(paper: Paper, entries: list[tuple[Story, Words]], feed_path: str) -> bytes:
    """The home page, which names the feed of now."""
    links = "".join(f'<li><a href="{address(story)}">{escape(words.title)}</a></li>' for story, words in entries)
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{paper.name}</title><link rel="alternate" type="application/rss+xml" '
        f'title="{paper.name}" href="{feed_path}"></head><body><h1>{paper.name}</h1><ul>{links}</ul></body></html>'
    ).encode()
