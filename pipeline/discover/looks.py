"""What bytes look like, in words for a person who named them as something else."""

from __future__ import annotations

import re

from pipeline.model import Response

_PROLOG = rb"(?:\xef\xbb\xbf)?(?:\s|(?><!--.*?-->)|(?><\?.*?\?>))*+"  # no way back, or a hostile one takes for ever
_FEED = re.compile(_PROLOG + rb"<(?:\w+:)?(?:rss|feed|rdf)\b", re.IGNORECASE | re.DOTALL)
_LOOKS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"\s*\Z"), "it is empty"),
    (re.compile(rb"\x89PNG|GIF8|\xff\xd8\xff|RIFF....WEBP", re.DOTALL), "it is an image"),
    (re.compile(rb"%PDF"), "it is a PDF"),
    (re.compile(rb"\x1f\x8b|PK\x03\x04"), "it is still compressed"),
    (re.compile(_PROLOG + rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL), "it is an HTML page"),
    (re.compile(_PROLOG + rb"<(?:\w+:)?(?:urlset|sitemapindex)\b", re.DOTALL), "it is a sitemap"),
    (_FEED, "it is a feed"),
    (re.compile(rb"\s*<"), "it is XML, but neither RSS nor Atom nor a sitemap"),
    (re.compile(rb"\s*[\[{]"), "it is JSON"),
)


def like(response: Response) -> str:
    """ "it is an HTML page, sent as text/xml"."""
    look = next((words for shape, words in _LOOKS if shape.match(response.body[:4096])), "it is neither XML nor JSON")
    kind = response.header("content-type")
    return look + (f", sent as {kind.split(';')[0].strip()[:60]}" if kind else "")


def is_markup(body: bytes) -> bool:
    """Whether it begins as XML does, in any coding of XML 1.0, appendix F."""
    return body[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] == b"<"


def is_feed(body: bytes) -> bool:
    """Whether its root is that of RSS, Atom or RDF."""
    return _FEED.match(body[:4096]) is not None
