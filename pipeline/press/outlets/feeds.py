"""Feeds in the styles that outlets have: RSS 2.0, RSS 1.0, Atom and JSON Feed. The newest twenty, stamped by their content."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

from pipeline.press.outlets.page import body, cdata, esc
from pipeline.press.papers import Outlet
from pipeline.press.replies import Reply, http_date
from pipeline.press.world import FEED, Edition, Story

Address = Callable[[Story, Edition], str]
Entry = tuple[Story, Edition, str]
_SUMMARY = 40  # words of a summary
_ABOUT = {"en": "News from {} and further off", "ru": "Новости города {} и области", "zh": "{}本地新闻"}
_TAGS = {"en": "en-US", "ru": "ru", "zh": "zh-cn"}


def entries(stories: list[Story], now: datetime, address: Address, most: int | None = FEED) -> list[Entry]:
    """The newest stories with the edition that stands and its address; without ``most``, all. What is withdrawn is not listed any more."""
    standing = [story for story in stories if not (story.withdrawn and story.trouble_at(now))]
    return [(story, story.edition(now), address(story, story.edition(now))) for story in standing[:most]]


def short(edition: Edition) -> str:
    """The first words, as a feed's summary."""
    words = edition.text.summary.split()
    return " ".join(words[:_SUMMARY]) + (" […]" if len(words) > _SUMMARY else "")


def feed_reply(text: str, rows: list[Entry], media: str, max_age: int = 300) -> Reply:
    """A feed: it was modified when its newest edition came out."""
    return Reply(body=text.encode(), media=media, modified=max((edition.at for _, edition, _ in rows), default=None), max_age=max_age)


def rss(outlet: Outlet, path: str, rows: list[Entry], *, full: bool, ttl: int = 15, hours: int = 0) -> Reply:
    """RSS 2.0 as WordPress and agencies write it. ``full``: with content:encoded; ``hours``: the zone its dates are written in.

    A paper in another language than English is coded as its pages are, where that coding may stand in an XML declaration of 1998.
    """
    items = []
    for story, edition, url in rows:
        text = edition.text
        content = f"<content:encoded>{cdata(chr(10).join(body(text)))}</content:encoded>" if full else ""
        creators = "".join(f"<dc:creator>{cdata(name)}</dc:creator>" for name in text.authors)
        items.append(
            f"<item>\n<title>{esc(text.title)}</title>\n<link>{esc(url)}</link>\n{creators}"
            f"<pubDate>{_stamped(story.published, hours)}</pubDate>\n"
            f"<category>{cdata(text.section.title())}</category>\n"
            f'<guid isPermaLink="false">http://{outlet.host}/?p={story.number}</guid>\n'
            f"<description>{cdata(esc(short(edition)))}</description>\n{content}</item>"
        )
    newest = max((edition.at for _, edition, _ in rows), default=None)
    built = f"<lastBuildDate>{_stamped(newest, hours)}</lastBuildDate>" if newest else ""
    coding = outlet.coding if outlet.coding.startswith("windows") else "UTF-8"
    feed = (
        f'<?xml version="1.0" encoding="{coding}"?>\n<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">\n<channel>\n'
        f"<title>{esc(outlet.name)}</title>\n<link>http://{outlet.host}/</link>\n"
        f'<atom:link href="http://{outlet.host}{path}" rel="self" type="application/rss+xml"/>\n'
        f"<description>{esc(_ABOUT.get(outlet.language, _ABOUT['en']).format(outlet.city))}</description>\n{built}"
        f"<language>{_TAGS[outlet.language]}</language><ttl>{ttl}</ttl>\n" + "\n".join(items) + "\n</channel>\n</rss>\n"
    )
    if coding != "UTF-8":
        reply = feed_reply("", rows, "text/xml")
        return replace(reply, body=feed.encode(coding, "xmlcharrefreplace"))
    return feed_reply(feed, rows, "application/rss+xml; charset=UTF-8")


def _stamped(moment: datetime, hours: int) -> str:
    """As RSS has dates: GMT, or with the offset of the paper's own zone."""
    return format_datetime(moment.astimezone(timezone(timedelta(hours=hours)))) if hours else http_date(moment)


def atom(outlet: Outlet, path: str, rows: list[Entry], *, full: bool) -> Reply:
    """Atom (RFC 4287)."""
    items = []
    for story, edition, url in rows:
        text = edition.text
        content = f'<content type="html">{cdata(chr(10).join(body(text)))}</content>' if full else ""
        authors = "".join(f"<author><name>{esc(name)}</name></author>" for name in text.authors)
        items.append(
            f'<entry>{authors}<title type="html">{cdata(esc(text.title))}</title><link rel="alternate" type="text/html" href="{esc(url)}"/>'
            f"<id>http://{outlet.host}/?p={story.number}</id><updated>{edition.at.isoformat()}</updated>"
            f"<published>{story.published.isoformat()}</published>"
            f'<category term="{esc(text.section)}"/><summary type="html">{cdata(esc(short(edition)))}</summary>{content}</entry>'
        )
    newest = max((edition.at for _, edition, _ in rows), default=None)
    feed = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-US">\n'
        f"<title>{esc(outlet.name)}</title>"
        f'<id>http://{outlet.host}{path}</id><link rel="self" href="http://{outlet.host}{path}"/><link href="http://{outlet.host}/"/>'
        f"<updated>{newest.isoformat() if newest else ''}</updated><author><name>{esc(outlet.name)}</name></author>\n"
        + "\n".join(items)
        + "\n</feed>\n"
    )
    return feed_reply(feed, rows, "application/atom+xml; charset=UTF-8")


def rdf(outlet: Outlet, path: str, rows: list[Entry]) -> Reply:
    """RSS 1.0."""
    listed = "".join(f'<rdf:li rdf:resource="{esc(url)}"/>' for _, _, url in rows)
    items = "\n".join(
        f'<item rdf:about="{esc(url)}"><title>{esc(edition.text.title)}</title><link>{esc(url)}</link>'
        f"<description>{esc(short(edition))}</description><dc:date>{story.published.isoformat()}</dc:date></item>"
        for story, edition, url in rows
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<channel rdf:about="http://{outlet.host}{path}"><title>{esc(outlet.name)}</title><link>http://{outlet.host}/</link>'
        f"<description>{esc(outlet.name)}</description><items><rdf:Seq>{listed}</rdf:Seq></items></channel>\n{items}\n</rdf:RDF>\n"
    )
    return feed_reply(text, rows, "application/rdf+xml; charset=UTF-8")


def json_feed(outlet: Outlet, path: str, rows: list[Entry]) -> Reply:
    """JSON Feed 1.1, summaries only."""
    items = [
        {
            "id": f"dispatch-{story.number}",
            "url": url,
            "title": edition.text.title,
            "summary": short(edition),
            "date_published": story.published.isoformat(),
            "date_modified": edition.at.isoformat(),
            "authors": [{"name": name} for name in edition.text.authors],
            "tags": list(edition.text.tags),
        }
        for story, edition, url in rows
    ]
    top = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": f"http://{outlet.host}/",
        "feed_url": f"http://{outlet.host}{path}",
        "language": "en",
        "items": items,
    }
    return feed_reply(json.dumps(top, ensure_ascii=False, indent=1), rows, "application/feed+json; charset=utf-8")
