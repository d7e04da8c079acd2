"""Sitemaps (sitemaps.org 0.9), with the namespace of news sitemaps where an outlet writes those; an index; packed ones."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from pipeline.press.outlets.feeds import Entry
from pipeline.press.outlets.page import esc
from pipeline.press.papers import Outlet
from pipeline.press.replies import Reply

_START = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'


def news(outlet: Outlet, rows: list[Entry]) -> Reply:
    """Addresses with title, language and date of publication."""
    urls = "\n".join(
        f"<url><loc>{esc(url)}</loc><lastmod>{edition.at.isoformat()}</lastmod><news:news><news:publication>"
        f"<news:name>{esc(outlet.name)}</news:name><news:language>{outlet.language}</news:language></news:publication>"
        f"<news:publication_date>{story.published.isoformat()}</news:publication_date><news:title>{esc(edition.text.title)}</news:title>"
        f"</news:news><image:image><image:loc>http://{outlet.host}/resizer/{story.number}.jpg</image:loc></image:image></url>"
        for story, edition, url in rows
    )
    return _reply(f"{_START}<urlset {_NAMES} {_NEWS}>\n{urls}\n</urlset>\n", (edition.at for _, edition, _ in rows))


def plain(rows: list[Entry]) -> Reply:
    """Addresses with the day and hour of the last change."""
    urls = "\n".join(
        f"<url><loc>{esc(url)}</loc><lastmod>{edition.at.isoformat()}</lastmod><changefreq>daily</changefreq></url>"
        for _, edition, url in rows
    )
    return _reply(f"{_START}<urlset {_NAMES}>\n{urls}\n</urlset>\n", (edition.at for _, edition, _ in rows))


def index(children: dict[str, datetime]) -> Reply:
    """Other sitemaps, each with when it last changed."""
    maps = "\n".join(f"<sitemap><loc>{esc(url)}</loc><lastmod>{at.isoformat()}</lastmod></sitemap>" for url, at in children.items())
    return _reply(f"{_START}<sitemapindex {_NAMES}>\n{maps}\n</sitemapindex>\n", children.values())


def packed(reply: Reply) -> Reply:
    """The same as a .gz file, which is no content coding."""
    return replace(reply, body=gzip.compress(reply.body, 6, mtime=0), media="application/x-gzip")


def _reply(text: str, moments: Iterable[datetime]) -> Reply:
    return Reply(body=text.encode(), media="application/xml; charset=utf-8", modified=max(moments, default=None), max_age=300)
