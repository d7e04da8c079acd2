"""When a page was published and when it was changed, as exactly as it says, and nothing when it does not say.

Order of trust for publication: JSON-LD, metadata made for machines, microdata, ``<time>`` beside the headline, the address, what the feed
said, the printed text. A day that the feed was ahead of is a later edition's. An instant outside what is possible is no evidence (facts on
extraction: invented 1995-01-01).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from pipeline.extract import moments, structured
from pipeline.extract.page import Page, line
from pipeline.model import Instant

if TYPE_CHECKING:
    from lxml.html import HtmlElement

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""Before it there was hardly a news page; htmldate invents just this day (facts on extraction), so it is excluded itself."""
AHEAD = timedelta(days=1)
PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "og:published_time",
    "published_time",
    "datepublished",
    "article.published",
    "parsely-pub-date",
    "sailthru.date",
    "pub_date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "publicationdate",
    "date.published",
    "published-date",
    "published_at",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "dc.date.issued",
    "dc.date.created",
    "dcterms.created",
    "dcterms.issued",
    "dcterms.date",
    "dcterms.available",
    "dc.created",
    "dc.date",
    "prism.publicationdate",
    "rnews:datepublished",
    "citation_publication_date",
    "originalpublicationdate",
    "article_date_original",
    "article:create_time",
    "shareaholic:article_published_time",
    "ptime",
    "displaydate",
    "bt:pubdate",
    "date",
    "datecreated",
    "created",
    "article:post_date",
    "last-published",
)
MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "article:updated_time",
    "article:modified",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "modified_time",
    "lastmod",
    "last-modified",
    "updated_time",
    "revision_date",
    "cxenseparse:recs:articlelastmodified",
)
_IN_URL = re.compile(r"[/_-]((?:19|20)\d{2})[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$|[a-z])")
_DAY_FIRST_URL = re.compile(r"[/_-](0[1-9]|[12]\d|3[01])[-_](0[1-9]|1[0-2])[-_]((?:19|20)\d{2})(?!\d)")
_SHORT_URL = re.compile(r"/(?:19|20)(\d{2})/(0[1-9]|1[0-2])/\1\2(0[1-9]|[12]\d|3[01])(?=[/_.-])")
_NAMED_URL = re.compile(r"/((?:19|20)\d{2})/(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/(\d{1,2})(?=/)")
_CHANGED = re.compile(r"modif|updat|chang|edit|aktualis|geändert|änderung|mis à jour|actualiz|aggiorn|обновл|更新", re.IGNORECASE)
_PUBLICATION = re.compile(r"publ|date|time|posted|byline|meta|entry|created|datum|fecha|data")


def possible(moment: Instant | None, fetched_at: datetime) -> Instant | None:
    """The instant when it lies between 1995 and a day after the page was fetched, else None."""
    if moment is None or not EARLIEST + AHEAD <= moment.at <= fetched_at + AHEAD:
        return None
    return moment


def published(page: Page) -> tuple[Instant | None, str]:
    """The first possible statement in the order of trust, made more exact by a later one of the same day."""
    found = []
    for said, where in _stated(page):
        if moment := possible(said, page.fetched_at):
            found.append((moment, where))
            if moment.precision != "day":
                break
    if not found:
        moment = printed(page)
        if moment is None:
            seen, labelled = scanned(page)
            moment = seen if labelled else possible(searched(page), page.fetched_at) or seen
        return (moment, "text") if moment else (None, "")
    chosen, where = found[0]
    if chosen.precision == "day":
        exact = next(((said, w) for said, w in found[1:] if said.precision != "day" and str(said)[:10] == str(chosen)), None)
        chosen, where = exact or (chosen, where)
    announced = possible(page.hints.published, page.fetched_at)
    if announced and chosen.at - announced.at > AHEAD:  # what a feed has announced was out: the page tells of a later edition
        return announced, "feed"
    return _in_local_time(page, chosen), where


_CLOCK = re.compile(r"(?<![\d:.+-])(\d{1,2})[:.h](\d{2})(?![\d.])\s*([ap])?\.?m?", re.IGNORECASE)


def _in_local_time(page: Page, moment: Instant) -> Instant:
    """An instant stated in UTC with the offset in which the page says it elsewhere: in another statement, or to its readers.

    A printed "3 May, 21:25" beside 00:25 UTC is three hours behind it. Other differences than whole and half hours are another event.
    """
    if moment.precision == "day" or moment.offset_minutes:
        return moment
    for said, _ in _stated(page):
        if said and said.offset_minutes and said.precision != "day" and abs(said.at - moment.at) < timedelta(minutes=1):
            return replace(moment, offset_minutes=said.offset_minutes)
    for text in map(_of_publication, _lines_with_a_clock(page, moment)):
        day = moments.instant(text)
        clock = _CLOCK.search(text) if day else None
        if not day or not clock or int(clock[1]) > 23 or int(clock[2]) > 59:
            continue
        hour = int(clock[1]) % 12 + 12 * (clock[3].lower() == "p") if clock[3] else int(clock[1])
        printed_ = datetime(day.at.year, day.at.month, day.at.day, hour, int(clock[2]), tzinfo=UTC)
        ahead = round((printed_ - moment.at.replace(second=0, microsecond=0)).total_seconds() / 60)
        if ahead % 30 == 0 and -12 * 60 <= ahead <= 14 * 60:
            return replace(moment, offset_minutes=ahead)
    return moment


def _lines_with_a_clock(page: Page, moment: Instant) -> Iterator[str]:
    """What stands in and beside the first ``<time>`` elements; where the address tells another day, in places called a date too."""
    for node in page.times[:4]:
        parent = node.getparent()
        yield line(" ".join(parent.itertext()) if parent is not None and len(parent) < 6 else node.text)[:120]
    told = in_address(page.url)
    if told and told.at.date() != moment.at.date():
        for node in islice(page.called(_PUBLICATION, but=_CHANGED), 200):
            if node.tag in _SHORT and len(node) < 8:
                yield line(" ".join(node.itertext()))[:120]


def modified(page: Page, when: Instant | None) -> tuple[Instant | None, str]:
    """The last change; never before publication."""
    said = [("json-ld", text) for value in page.stated("dateModified") for text in structured.strings(value)]
    said += [("meta", text) for name in MODIFIED for text in page.metas.get(name, ())[:1]]
    said += [("microdata", _machine(node)) for node in page.props.get("dateModified", ())[:1]]
    said += [("text", node.get("datetime") or "") for node in page.times[:4] if moments.is_change(node)]
    for where, text in said:
        moment = possible(moments.instant(text), page.fetched_at)
        if moment and (when is None or moment.at >= when.at):
            return moment, where
    if page.hints.modified and possible(page.hints.modified, page.fetched_at):
        return page.hints.modified, "feed"
    return None, ""


def _stated(page: Page) -> Iterator[tuple[Instant | None, str]]:
    for value in page.stated("datePublished"):
        yield from ((moments.instant(text), "json-ld") for text in structured.strings(value))
    for name in PUBLISHED:
        yield from ((moments.instant(text), "meta") for text in page.metas.get(name, ())[:1])
    for name in ("datePublished", "dc:date", "dc:created", "dcterms:created", "dcterms:issued"):
        yield from ((moments.instant(_machine(node)), "microdata") for node in page.props.get(name, ())[:2])
    yield from ((moment, "time") for moment in _times(page))
    yield in_address(page.url or page.link("canonical") or page.meta("og:url") or ""), "url"
    yield page.hints.published, "feed"
    for key in ("dateCreated", "uploadDate"):
        yield from ((moments.instant(text), "json-ld") for value in page.stated(key) for text in structured.strings(value))


def _machine(node: HtmlElement) -> str:
    return node.get("datetime") or node.get("content") or node.get("title") or "".join(node.itertext())


def _times(page: Page) -> list[Instant]:
    """``<time>`` elements that say they are a publication, then the first of the page; one that says it is a change never."""
    sure: list[Instant] = []
    first: list[Instant] = []
    for node in page.times[:12]:
        about = " ".join((node.get("class") or "", node.get("itemprop") or "", node.get("id") or ""))
        parent = node.getparent()
        around = f"{about} {parent.get('class') or ''} {(parent.text or '')[-40:]}" if parent is not None else about
        if _CHANGED.search(around) or any(up.tag in {"aside", "nav", "footer", "li"} for up in node.iterancestors()):
            continue
        if moment := moments.instant(node.get("datetime") or node.get("content") or "".join(node.itertext())):
            (sure if node.get("pubdate") is not None or re.search(r"publi|entry-date", around, re.IGNORECASE) else first).append(moment)
    return sure[:1] or first[:1]


def in_address(url: str) -> Instant | None:
    """The day an address carries: /2023/07/12/, /20230712/, -2023-07-12, /2023/jul/12/, /2023/07/230712-."""
    found = _IN_URL.search(url)
    named = None if found else _NAMED_URL.search(url.lower())
    try:
        if found:
            return Instant.day(int(found[1]), int(found[2]), int(found[3]))
        if short := _SHORT_URL.search(url):
            return Instant.day(int(short[0][1:5]), int(short[2]), int(short[3]))
        if turned := _DAY_FIRST_URL.search(url):
            return Instant.day(int(turned[3]), int(turned[2]), int(turned[1]))
        return Instant.day(int(named[1]), moments.MONTHS[named[2]], int(named[3])) if named else None
    except ValueError:
        return None


_YEAR = re.compile(r"(?:19|20)\d{2}")
_SHORT = {"span", "div", "p", "small", "abbr", "a", "li", "time", "em", "strong", "nobr"}


_APPEARED = re.compile(
    r"publi[sz]?\w*|posted|written|erschienen|veröffentlicht|gepostet|publicad[oa]|pubblicato|опубликован\w*|发布|公開|등록|입력",
    re.IGNORECASE,
)


def _of_publication(text: str) -> str:
    """Of a line that says both when it appeared and when it was changed the part about the first."""
    appeared = _APPEARED.search(text)
    text = text[appeared.start() :] if appeared else text
    return _CHANGED.split(text, maxsplit=1)[0]


def printed(page: Page) -> Instant | None:
    """The day beside the headline: in a short element whose class speaks of dates, of several the one nearest to the heading."""
    frame = {up: depth for depth, up in enumerate(reversed([*page.heads[0].iterancestors()]))} if page.heads else {}
    best: tuple[int, Instant] | None = None
    for tries, node in enumerate(page.called(_PUBLICATION, but=_CHANGED)):
        if node.tag not in _SHORT or tries > 300:
            continue
        text = "".join(node.itertext()) if len(node) < 8 else ""
        if 5 < len(text.strip()) < 150 and (moment := moments.instant(_of_publication(text))) and possible(moment, page.fetched_at):
            near = next((frame[up] for up in node.iterancestors() if up in frame), 0)
            if best is None or near > best[0]:
                best = near, moment
            if not frame or near == len(frame) - 1:
                break
    return best[1] if best else None


def scanned(page: Page) -> tuple[Instant | None, bool]:
    """The first day that stands in a short line from the headline on, else the last one before it, where some print it; and whether the
    line calls it the publication, which a day anywhere is preferred for."""
    first: Instant | None = None
    before: Instant | None = None
    heading = page.tree.find(".//h1")
    seen = heading is None
    for node in page.tree.iter(*_SHORT, "td", "dd", "i", "b", "h2", "h3", "h5", "font", "footer", "section", "h1"):
        if node is heading:
            seen = True
        for text in (node.text, *(child.tail for child in node[:6])):
            said = (text or "").strip()
            if not 5 < len(said) < 80 or not _YEAR.search(said):
                continue
            moment = possible(moments.instant(_of_publication(said)), page.fetched_at)
            if moment and _APPEARED.search(said):
                return moment, True
            if seen:
                first = first or moment
            before = moment or before
    return first or before, False


def searched(page: Page) -> Instant | None:
    """The day htmldate finds by markup, the last resort but one. Its extensive search knows no silence and costs ten times as much."""
    from htmldate import find_date

    latest = (page.fetched_at + AHEAD).strftime("%Y-%m-%d")
    try:
        found = find_date(page.tree, original_date=True, extensive_search=False, min_date="1995-01-02", max_date=latest)
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, OverflowError, RecursionError):
        return None
    return None if not found or found.endswith("-01-01") else moments.instant(found)
