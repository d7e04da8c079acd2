"""RSS 0.9x, 1.0 (RDF) and 2.0, Atom, JSON Feed. Malformed but readable is read.

feedparser sees bytes in memory only: handed an address or a name, even as bytes, it would open it. Its sanitising stays off (it costs 40 %
of the time, facts on extraction); every text is made plain here, and nothing of it is shown without being escaped again.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from xml.sax import SAXException

from pipeline import urls
from pipeline.discover import jsonfeed, looks
from pipeline.discover.entry import Entry, found, moment
from pipeline.errors import DiscoverError
from pipeline.model import Found, Response, Source

MAX_BYTES = 10 * 2**20  # of a feed, and
MAX_ENTRIES = 5_000  # at most of its entries: facts on reliability, "Inputs that hurt"

_PERIODS = {name: timedelta(days=days) for name, days in (("daily", 1), ("weekly", 7), ("monthly", 30), ("yearly", 365))}
_PERIODS["hourly"] = timedelta(hours=1)
_WHOLE = re.compile(r"\s*[0-9]{1,6}\s*")
_HEAD = 2**16  # bytes in which a channel says what it says of itself
_SKIP = re.compile(rb"<skipHours>(.{0,2000}?)</skipHours>", re.IGNORECASE | re.DOTALL)
_HOUR = re.compile(rb"<hour>\s*([0-9]{1,2})\s*</hour>", re.IGNORECASE)
_ENTRY = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s/>]")
# What feedparser (and sgmllib below it) is known to raise on bytes of chance.
_TROUBLE = (ValueError, LookupError, TypeError, AttributeError, AssertionError, ArithmeticError, RecursionError, SAXException)
# Byte order marks count before all else (XML 1.0, appendix F); UTF-32 first, its mark begins as UTF-16's does.
_MARKS = ((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def parse(response: Response, source: Source) -> Found:
    """A feed's bytes to candidates, in its order. An empty feed is Found without any.

    Raises DiscoverError when the body is no feed: the message says what it looks like and what to do.
    """
    body = response.body
    if len(body) > MAX_BYTES:
        raise DiscoverError(
            f"{source.name}: the feed has {len(body):,} bytes; {MAX_BYTES:,} are read at most", url=response.url, reason="too-large"
        )
    refused: list[str] = []
    if jsonfeed.is_meant(body):
        entries, title, language = jsonfeed.read(body, response.url, MAX_ENTRIES, refused)
        if entries is None:
            raise _no_feed(response, source)
        return found(entries, response, source, title=title, language=language, refused=refused)
    try:
        read = _feedparser(_cut(body, refused), response)
        version = _text(read, "version") or ""
        if not version and not read.entries:
            raise _no_feed(response, source)
        atom = version.startswith("atom")
        base = response.url if atom else _base(read.feed, response)
        entries = [_entry(each, base, atom=atom) for each in read.entries[:MAX_ENTRIES]]
        title, language = _text(read.feed, "title"), _text(read.feed, "language")
    except _TROUBLE as error:
        what = f"{type(error).__name__}: {error}"[:200]
        raise DiscoverError(f"{source.name}: the feed cannot be read ({what})", url=response.url) from error
    told = found(entries, response, source, title=title, language=language, refused=refused)
    told = replace(told, hint=_hint(read.feed, body, response.fetched_at.hour))
    return replace(told, older=_older(read.feed, response.url)) if told.candidates else told


def _hint(feed: Any, body: bytes, hour: int) -> timedelta | None:
    """How often it says that it changes: ttl in minutes (RSS 2.0), sy:updatePeriod by sy:updateFrequency (RDF Site Summary 1.0, module
    Syndication), and not before the hours (GMT) that it wants skipped are over. A hint: what it brings says it better."""
    stated = []
    if (ttl := _text(feed, "ttl")) and (found := _WHOLE.fullmatch(ttl)):
        stated.append(timedelta(minutes=int(found[0])))
    if period := _PERIODS.get((_text(feed, "sy_updateperiod") or "").strip().lower()):
        found = _WHOLE.fullmatch(_text(feed, "sy_updatefrequency") or "")
        stated.append(period / max(int(found[0]) if found else 1, 1))
    if skip := _SKIP.search(body[:_HEAD]):
        skipped = {int(one) % 24 for one in _HOUR.findall(skip[1])}
        stated += [timedelta(hours=1)] if hour in skipped else []
    return max(stated, default=None)


def _older(feed: Any, url: str) -> str | None:
    """Where a feed goes on into the past: its own word (RFC 5005 §3 and §4), or the next page of a WordPress feed."""
    for link in _raw(feed, "links") or ():
        if _text(link, "rel") in ("next", "prev-archive") and (href := _text(link, "href")):
            try:
                return urls.cleaned(urls.join(url, href))
            except ValueError:
                return None
    if "wordpress.org" not in (_text(feed, "generator") or "").lower():
        return None
    paged = re.search(r"([?&]paged=)(\d{1,4})", url)
    if paged:
        return url[: paged.start()] + f"{paged[1]}{int(paged[2]) + 1}" + url[paged.end() :]
    return f"{url}{'&' if '?' in url else '?'}paged=2"


def _feedparser(body: bytes, response: Response) -> Any:
    import feedparser

    headers = {"content-type": kind} if (kind := response.header("content-type")) else {}
    coding = next((name for mark, name in _MARKS if body.startswith(mark)), None)
    if coding:  # feedparser reads such a body only when it is declared as well
        body = re.sub(r"^\s*<\?xml[^>]*\?>", "", body.decode(coding, "replace")).encode()
        headers = {"content-type": "application/xml; charset=utf-8"}
    return feedparser.parse(io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False)


def _cut(body: bytes, refused: list[str]) -> bytes:
    """The body before its 5,001st entry: what stands behind is not worth the minutes it would take."""
    starts = [found.start() for found in _ENTRY.finditer(body)]
    if len(starts) <= MAX_ENTRIES:
        return body
    refused.append(f"{len(starts) - MAX_ENTRIES:,} further entries: {MAX_ENTRIES:,} are read at most")
    return body[: starts[MAX_ENTRIES]]


def _no_feed(response: Response, source: Source) -> DiscoverError:
    return DiscoverError(
        f"{source.name}: {source.url} is not a feed: {looks.like(response)}. Look at it in a browser, and name an RSS, Atom or JSON feed",
        url=response.url,
        reason="not-a-feed",
    )


def _base(feed: Any, response: Response) -> str:
    """What relative links in RSS stand on: the channel's own link, for RSS has no rule. (In Atom the feed's address, RFC 3986 §5.1.3.)"""
    try:
        return urls.join(response.url, _text(feed, "link") or "")
    except ValueError:
        return response.url


def _entry(each: Any, base: str, *, atom: bool) -> Entry:
    published, modified = _text(each, "published"), _text(each, "updated")
    published_parsed, modified_parsed = moment(_raw(each, "published_parsed")), moment(_raw(each, "updated_parsed"))
    if not published and not atom:  # RSS has no date of change: dc:date, which feedparser files under "updated", is the day it was made
        published, published_parsed, modified, modified_parsed = modified, modified_parsed, None, None
    contents = [_text(part, "value") for part in _raw(each, "content") or ()]
    contents.append(_text(each, "yandex_full-text"))
    return Entry(
        links=_links(each),
        base=base,
        guid=_text(each, "id"),
        title=_text(each, "title"),
        description=_text(each, "summary"),
        contents=tuple(text for text in contents if text),
        published=published,
        modified=modified,
        published_parsed=published_parsed,
        modified_parsed=modified_parsed,
        authors=_authors(each),
        tags=tuple(term for tag in _raw(each, "tags") or () if (term := _text(tag, "term"))),
        language=_text(_raw(each, "title_detail") or {}, "language"),
    )


def _links(each: Any) -> tuple[str, ...]:
    """Best first: what FeedBurner or Pheedo redirects to, the alternate, the guid that is a permalink, the entry's own address."""
    link, guid = _text(each, "link"), _text(each, "id")
    listed = [item for item in _raw(each, "links") or () if _text(item, "href")]
    alternate = [item for item in listed if (_text(item, "rel") or "alternate") == "alternate"]
    alternate.sort(key=lambda item: "html" not in (_text(item, "type") or "html"))  # stable: a page before a PDF
    by_guid = _raw(each, "guidislink") and link == guid
    links = [_text(each, "feedburner_origlink"), _text(each, "pheedo_origlink"), *(_text(item, "href") for item in alternate)]
    if not by_guid:
        links.append(link)
    elif guid and urls.is_http(guid):  # a permalink is whole (RSS 2.0); "12345" with the attribute left out is none
        links.append(guid)
    links += [_text(item, "href") for item in listed if _text(item, "rel") == "self"]
    links.append(_text(each, "href"))  # <url>, in feeds of the partners' own making
    return tuple(link for link in links if link)


def _authors(each: Any) -> tuple[str, ...]:
    """As stated, mailboxes too. A single one whole: feedparser takes "desk@a.museum" apart after four letters of the last label."""
    listed, whole = _raw(each, "authors") or (), _text(each, "author")
    if whole and len(listed) < 2:
        return (whole,)
    return tuple(name for author in listed if (name := _text(author, "name")))


def _raw(holder: Any, key: str) -> Any:
    """A value as it is: feedparser's own lookup would answer ``updated`` with ``published``, and warn."""
    return dict.get(holder, key)


def _text(holder: Any, key: str) -> str | None:
    value = _raw(holder, key)
    return value if isinstance(value, str) and value.strip() else None
