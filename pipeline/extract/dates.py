"""When a page was published and when it was changed, as exactly as it says, and nothing when it does not say.

Order of trust for publication: JSON-LD, metadata made for machines, microdata, ``<time>`` beside the headline, the address, what the feed
said, the printed text. An instant outside what is possible is no evidence (facts on extraction: invented 1995-01-01).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from pipeline.extract import structured
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
_ISO = re.compile(
    r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?"
    r"\s*([AaPp]\.?[Mm]\.?)?\s*(Z"
    r"|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}(?!\d))?)?"
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{4})?)?$")
_EPOCH = re.compile(r"^1\d{9}(?:\d{3})?$")
_IN_URL = re.compile(r"[/_-]((?:19|20)\d{2})[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$|[a-z])")
_NAMED_URL = re.compile(r"/((?:19|20)\d{2})/(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/(\d{1,2})(?=/)")
_CHANGED = re.compile(r"modif|updat|chang|edit|aktualis|geändert|обновл|更新", re.IGNORECASE)
_PUBLICATION = re.compile(r"publ|date|time|posted|byline|meta|entry|created|datum|fecha|data", re.IGNORECASE)


def instant(text: str | None) -> Instant | None:
    """A date as machines write it: ISO 8601 and its usual corruptions, RFC 5322, Unix time. None for anything else.

    Without a zone it is read as UTC; seconds that are not written make it exact to the minute.
    """
    text = line(text)[:200]
    if not text:
        return None
    try:
        if _EPOCH.match(text):
            return Instant.of(datetime.fromtimestamp(int(text[:10]), UTC))
        found = _ISO.search(text) or _COMPACT.match(text)
        if found:
            return _from_parts(found.groups())
        return Instant.of(_aware(parsedate_to_datetime(text))) if re.search(r"\d{4}.*\d:\d\d", text) else _written(text)
    except (ValueError, OverflowError, TypeError, IndexError):
        return _written(text)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _from_parts(parts: tuple[str | None, ...]) -> Instant:
    year, month, day, hour, minute, second = (int(part) if part else 0 for part in parts[:6])
    if parts[3] is None:
        return Instant.day(year, month, day)
    half = (parts[6] or "").lower() if len(parts) > 7 else ""
    if half.startswith("p") and hour < 12:
        hour += 12
    zone = parts[-1]
    moment = datetime(year, month, day, hour % 24, minute, min(second, 59), tzinfo=_zone(zone))
    return Instant.of(moment, "minute" if parts[5] is None else "second")


def _zone(text: str | None) -> timezone:
    if not text or text in {"Z", "UTC", "GMT"}:
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


# Names of the months in the languages of the corpora, by their beginnings; a beginning that is two months' in two languages is left out.
_MONTHS = (
    "jan janv ene ocak янв січ 1月", "feb fév fev şub фев лют 2月", "mar mär maa mrt март бер 3月", "apr avr abr nis апр квіт 4月",
    "may mai mag mei maj май мая трав 5月", "jun juin giu haz июн черв 6月", "jul juil lug tem июл лип 7月", "aug aoû ago ağu авг серп 8月",
    "sep set eyl сен вер 9月", "oct okt out ott eki окт жовт 10月", "nov kas ноя лист 11月", "dec dez déc dic ara dek груд 12月",
)  # fmt: skip
_BY_NAME = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_DAY_NAME = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|\.|er|º)?\s+(?:de\s+|of\s+)?([^\W\d_]{3,12})\.?,?\s+(?:de\s+)?((?:19|20)\d{2})(?!\d)", re.IGNORECASE
)
_NAME_DAY = re.compile(r"(?<!\w)([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+((?:19|20)\d{2})(?!\d)", re.IGNORECASE)
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.\s?((?:19|20)\d{2})(?!\d)")
_CJK = re.compile(r"((?:19|20)\d{2})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/((?:19|20)\d{2})(?![\d/])")


def _written(text: str) -> Instant | None:
    """A day as people write it, when it can mean one day only. 3/4/2023 can mean two: silence."""
    try:
        if found := _CJK.search(text):
            return Instant.day(int(found[1]), int(found[2]), int(found[3]))
        if (found := _DAY_NAME.search(text)) and (month := _month(found[2])):
            return Instant.day(int(found[3]), month, int(found[1]))
        if (found := _NAME_DAY.search(text)) and (month := _month(found[1])):
            return Instant.day(int(found[3]), month, int(found[2]))
        if found := _DOTTED.search(text):
            return Instant.day(int(found[3]), int(found[2]), int(found[1]))
        if found := _SLASHED.search(text):
            one, two = int(found[1]), int(found[2])
            if one > 12 or two > 12 or one == two:
                return Instant.day(int(found[3]), min(one, two) if one != two else one, max(one, two))
    except ValueError:
        return None
    return None


def _month(name: str) -> int | None:
    name = name.lower()
    return next((_BY_NAME[name[:size]] for size in (4, 3) if name[:size] in _BY_NAME), None)


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
        found = [(moment, "text") for look in (printed, searched) if (moment := possible(look(page), page.fetched_at))][:1]
    if not found:
        return None, ""
    chosen, where = found[0]
    if chosen.precision == "day":
        exact = next(((said, w) for said, w in found[1:] if said.precision != "day" and str(said)[:10] == str(chosen)), None)
        chosen, where = exact or (chosen, where)
    return chosen, where


def modified(page: Page, when: Instant | None) -> tuple[Instant | None, str]:
    """The last change; never before publication."""
    said = [("json-ld", text) for value in page.stated("dateModified") for text in structured.strings(value)]
    said += [("meta", text) for name in MODIFIED for text in page.metas.get(name, ())[:1]]
    said += [("microdata", _machine(node)) for node in page.props.get("dateModified", ())[:1]]
    for where, text in said:
        moment = possible(instant(text), page.fetched_at)
        if moment and (when is None or moment.at >= when.at):
            return moment, where
    if page.hints.modified and possible(page.hints.modified, page.fetched_at):
        return page.hints.modified, "feed"
    return None, ""


def _stated(page: Page) -> Iterator[tuple[Instant | None, str]]:
    for value in page.stated("datePublished"):
        yield from ((instant(text), "json-ld") for text in structured.strings(value))
    for name in PUBLISHED:
        yield from ((instant(text), "meta") for text in page.metas.get(name, ())[:1])
    for node in page.props.get("datePublished", ())[:2]:
        yield instant(_machine(node)), "microdata"
    yield from ((moment, "time") for moment in _times(page))
    yield in_address(page.url or page.link("canonical") or page.meta("og:url") or ""), "url"
    yield page.hints.published, "feed"
    for key in ("dateCreated", "uploadDate"):
        yield from ((instant(text), "json-ld") for value in page.stated(key) for text in structured.strings(value))


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
        if moment := instant(node.get("datetime") or node.get("content") or "".join(node.itertext())):
            (sure if node.get("pubdate") is not None or re.search(r"publi|entry-date", around, re.IGNORECASE) else first).append(moment)
    return sure[:1] or first[:1]


def in_address(url: str) -> Instant | None:
    """The day an address carries: /2023/07/12/, /20230712/, -2023-07-12, /2023/jul/12/."""
    found = _IN_URL.search(url)
    named = None if found else _NAMED_URL.search(url.lower())
    try:
        if found:
            return Instant.day(int(found[1]), int(found[2]), int(found[3]))
        return Instant.day(int(named[1]), _BY_NAME[named[2]], int(named[3])) if named else None
    except ValueError:
        return None


def printed(page: Page) -> Instant | None:
    """The day beside the byline: in a short element whose class speaks of dates, before anything else says so."""
    for node in page.tree.xpath(
        ".//*[self::span or self::div or self::p or self::small or self::abbr or self::a or self::li][@class or @id]"
    ):
        about = f"{node.get('class') or ''} {node.get('id') or ''}"
        if not _PUBLICATION.search(about) or _CHANGED.search(about):
            continue
        text = "".join(node.itertext()) if len(node) < 8 else ""
        if 5 < len(text.strip()) < 150 and not _CHANGED.search(text) and (moment := instant(text)) and possible(moment, page.fetched_at):
            return moment
    return None


def searched(page: Page) -> Instant | None:
    """The day htmldate finds in the whole page, the last resort. It knows no silence: a first of January that nobody printed is a year."""
    from htmldate import find_date

    latest = (page.fetched_at + AHEAD).strftime("%Y-%m-%d")
    try:
        found = find_date(page.tree, original_date=True, extensive_search=True, min_date="1995-01-02", max_date=latest)
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, OverflowError, RecursionError):
        return None
    return None if not found or found.endswith("-01-01") else instant(found)
