"""Dates as they are written, by machines and by people, read into instants; what can mean two days is read as none."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from pipeline.extract.page import line
from pipeline.model import Instant

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ISO = re.compile(
    r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?"
    r"\s*([AaPp]\.?[Mm]\.?)?\s*(Z"
    r"|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}(?!\d))?)?"
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{4})?)?$")
_EPOCH = re.compile(r"^1\d{9}(?:\d{3})?$")


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
MONTHS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
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
    return next((MONTHS[name[:size]] for size in (4, 3) if name[:size] in MONTHS), None)


_UPDATED = re.compile(
    r"\s*(?:last )?(?:updated|modified|aktualisiert|mis à jour|actualizado|aggiornato|обновлено)\b[^\w]*(?:on|at|am|le|el)?\s*$",
    re.IGNORECASE,
)


def is_change(node: HtmlElement) -> bool:
    """Whether "Updated:" or the like stands right before an element that holds a time."""
    beside, parent = node.getprevious(), node.getparent()
    before = beside.tail if beside is not None else parent.text if parent is not None else ""
    return _UPDATED.match(before or "") is not None
