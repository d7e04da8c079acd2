"""What of a site can be watched, told from what was fetched of it. Nothing here fetches: ``watching`` asks for what is named here.

Where feeds and sitemaps are named: <link rel=alternate> (RSS Advisory Board, RSS Autodiscovery), links whose address looks like one,
robots.txt ("Sitemap:", sitemaps.org), and the places where common software puts them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pipeline import urls
from pipeline.discover import jsonfeed
from pipeline.discover.entry import words
from pipeline.model import Response

MAX_BYTES = 3 * 2**20  # of a page; links to feeds stand in its head and foot
MAX_FINDS = 40
SNIFFED = 4096

_FEED_TYPES = frozenset(("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"))
_VAGUE_TYPES = frozenset(("text/xml", "application/xml", "application/json"))  # a feed only when the address says so, too
_PROLOG = rb"\A(?:\xef\xbb\xbf)?(?:\s|(?><!--.*?-->)|(?><\?.*?\?>)|(?><!DOCTYPE\s+rss[^>]*>))*+"
_ROOTS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(_PROLOG + rb"<(?:[\w.-]+:)?(?:rss|feed|RDF)\b", re.DOTALL), "feed"),
    (re.compile(_PROLOG + rb"<(?:[\w.-]+:)?(?:urlset|sitemapindex)\b", re.DOTALL), "sitemap"),
    (re.compile(_PROLOG + rb"<(?:!doctype\s+html|html|head|body)\b", re.DOTALL | re.IGNORECASE), "page"),
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|title|a\s)", re.IGNORECASE)
_NULS = re.compile(rb"\A(?:\xff\xfe|\xfe\xff)")

# an address that looks like a feed's
_FEED_PATH = re.compile(
    r"/(?:rss|feeds?|atom|rdf)(?:/|\Z)|/(?:rss|feed|atom|index|all)[\w-]*\.(?:xml|rss|rdf|atom)\Z|/feed\.json\Z|\.(?:rss|rdf|atom)\Z",
    re.IGNORECASE,
)
_FEED_QUERY = re.compile(r"(?:\A|&)(?:feed=(?:rss2?|atom|rdf)|format=(?:rss|atom|feed)|type=rss|output=rss)\b", re.IGNORECASE)
_FEED_HOSTS = ("feeds.", "feed.", "rss.")
_NO_FEED = re.compile(r"/(?:wp-json|oembed|xmlrpc|opensearch|osd)\b|\.(?:html?|php|png|jpe?g|svg|css|js)\Z", re.IGNORECASE)
# what readers write under articles is no news
_COMMENTS = re.compile(r"\b(?:comments|kommentare|commentaires|comentarios|commenti|reacties)\b|комментари", re.IGNORECASE)
_NEWS = re.compile(r"news|actualit|aktuell|noticias|novosti|nachrichten", re.IGNORECASE)
_SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_WORDPRESS = re.compile(rb"wp-content/|wp-json|name=.generator.\s+content=.WordPress", re.IGNORECASE)

# WordPress, Ghost, Hugo and Jekyll, Drupal, Blogger, and what is written by hand
_USUAL_FEEDS = ("feed/", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feeds/", "index.rdf", "feed.json", "feeds/posts/default")
_WORDPRESS_FEEDS = ("feed/", "?feed=rss2", "feed/atom/")
_USUAL_SITEMAPS = ("news-sitemap.xml", "sitemap.xml", "sitemap_index.xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """What may be watched: an address, the kind of source it would be, and why it is thought so."""

    url: str
    kind: str
    why: str
    title: str | None = None


def looks_like(response: Response) -> str | None:
    """ "feed", "sitemap" or "page" by its first bytes; None for what is none of them, as far as can be seen."""
    start = response.body[:SNIFFED]
    if _NULS.match(start):
        start = start.replace(b"\0", b"")[2:]
    kind = next((kind for shape, kind in _ROOTS if shape.match(start)), None)
    if kind is None and jsonfeed.is_meant(start) and b"jsonfeed.org" in start:
        return "feed"
    return kind or ("page" if _HTML.search(start) else None)


def named(response: Response) -> tuple[Find, ...]:
    """The feeds that a page names, best first: those for its own section, then as they stand, the stated before the likely.

    Feeds of comments are left out. Whatever the page is made of, nothing is raised.
    """
    found: dict[str, Find] = {}
    links = list(_links(response))
    for stated in (True, False):
        for rel, kind, href, title in links:
            if len(found) == MAX_FINDS:
                break
            find = _stated(rel, kind, href, title) if stated else _likely(rel, href, title, response.url)
            if find:
                found.setdefault(find.url, find)
    here = _segments(response.url)
    return tuple(sorted(found.values(), key=lambda find: not here & _segments(find.url)))


def is_comments(title: str | None, url: str) -> bool:
    """Whether a feed carries what readers wrote, not the news."""
    return bool(_COMMENTS.search(title or "") or _COMMENTS.search(urlsplit(url).path))


def usual(url: str, page: Response | None) -> tuple[Find, ...]:
    """Where feeds usually are, for a site whose page names none. ``page``: what was had of ``url``, for hints at its software."""
    if page is None or not _WORDPRESS.search(page.body[:MAX_BYTES]):
        return _finds(((_joined(url, f"/{place}"), "a usual place of feeds", None) for place in _USUAL_FEEDS), "feed")
    section = None if urls.is_home(url) else _joined(url.partition("?")[0].rstrip("/") + "/", "feed/")
    places = [(section, "where WordPress puts the feed of a section", None)]
    places += [(_joined(url, f"/{place}"), "where WordPress puts its feed", None) for place in _WORDPRESS_FEEDS]
    return _finds(places, "feed")


def usual_sitemaps(url: str) -> tuple[Find, ...]:
    """Where sitemaps usually are; those of news first."""
    return _finds(((_joined(url, f"/{place}"), "a usual place of sitemaps", None) for place in _USUAL_SITEMAPS), "sitemap")


def in_robots(response: Response) -> tuple[Find, ...]:
    """The sitemaps that a robots.txt names, wherever they are (sitemaps.org: it may name other hosts'); those of news first."""
    text = response.body[: 500 * 1024].decode("utf-8-sig", "replace")
    listed = [_joined(response.url, line) for line in _SITEMAP_LINE.findall(text)]
    listed.sort(key=lambda place: not (place and _NEWS.search(urlsplit(place).path)))
    return _finds(((place, "named in robots.txt", None) for place in listed[:MAX_FINDS]), "sitemap")


def plain_scheme(url: str) -> str:
    """ "feed://paper.example/rss" and "feed:https://paper.example/rss" (draft-obasanjo-feed-uri-scheme) as http(s)."""
    found = re.match(r"\s*feed:(?://)?", url, re.IGNORECASE)
    if not found:
        return url
    rest = url[found.end() :]
    return rest if re.match(r"https?:", rest, re.IGNORECASE) else f"http://{rest.lstrip('/')}"


# ── what stands in a page ─────────────────────────────────────────────────────────────────────────


def _links(response: Response) -> Iterator[tuple[str, str, str, str | None]]:
    """rel, type, address, words of every <link> and <a>, in the order of the page."""
    tree = _tree(response)
    if tree is None:
        return
    base = _joined(response.url, next((tag.get("href") or "" for tag in tree.iter("base")), "")) or response.url
    for tag in tree.iter("link", "a"):
        href = _joined(base, tag.get("href") or "")
        if href and tag.get("href"):
            title = tag.get("title") or ("".join(tag.itertext())[:200] if tag.tag == "a" else None)
            yield (tag.get("rel") or "" if tag.tag == "link" else "a").lower(), (tag.get("type") or "").lower(), href, words(title)


def _tree(response: Response) -> Any:
    from lxml import etree, html

    body = response.body[:MAX_BYTES]
    stated = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", response.header("content-type") or "", re.IGNORECASE)
    for encoding in (stated[1] if stated else None, None, "utf-8"):  # None: as the page says
        try:
            return html.document_fromstring(body, parser=html.HTMLParser(encoding=encoding))
        except (LookupError, ValueError, etree.LxmlError):
            continue
    return None


def _stated(rel: str, kind: str, href: str, title: str | None) -> Find | None:
    """<link rel=alternate type=…>: the page says that it is a feed."""
    kind = kind.partition(";")[0].strip()
    if "alternate" not in rel.split() or _NO_FEED.search(urlsplit(href).path) or is_comments(title, href):
        return None
    if kind in _FEED_TYPES or (kind in _VAGUE_TYPES and _is_feedlike(href)):
        return Find(url=href, kind="feed", why="the page names it as its feed", title=title)
    return None


def _likely(rel: str, href: str, title: str | None, page: str) -> Find | None:
    """<a href>: the address looks like a feed's, of this outlet or on a host for feeds."""
    if rel != "a" or not _is_feedlike(href) or _NO_FEED.search(urlsplit(href).path) or is_comments(title, href):
        return None
    if urls.outlet(href) != urls.outlet(page) and not urls.host(href).startswith(_FEED_HOSTS):
        return None
    return Find(url=href, kind="feed", why="a link on the page that looks like a feed", title=title)


def _is_feedlike(url: str) -> bool:
    parts = urlsplit(url)
    return bool(_FEED_PATH.search(parts.path) or _FEED_QUERY.search(parts.query))


def _finds(places: Iterable[tuple[str | None, str, str | None]], kind: str) -> tuple[Find, ...]:
    found: dict[str, Find] = {}
    for place, why, title in places:
        if place:
            found.setdefault(place, Find(url=place, kind=kind, why=why, title=title))
    return tuple(found.values())


def _joined(base: str, href: str) -> str | None:
    """An absolute http(s) address, cleaned; None for what is none."""
    try:
        return urls.cleaned(urls.join(base, plain_scheme(href)))
    except ValueError:
        return None


def _segments(url: str) -> frozenset[str]:
    """The words of a path that may name a section: "/rss/opinion.xml" → rss, opinion."""
    return frozenset(re.sub(r"\.\w{2,4}\Z", "", part).lower() for part in urlsplit(url).path.split("/") if part) - {
        "rss",
        "feed",
        "feeds",
        "en",
    }
