"""Dates as feeds write them, with the offset they were written with."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pipeline.model import Instant

# Abbreviations of one meaning in the press that RFC 5322 §4.3 does not list (IANA time zone database). Not those of two, as IST.
_ZONES = {
    "MSK": "+0300", "MSD": "+0400", "CET": "+0100", "CEST": "+0200", "MEZ": "+0100", "MESZ": "+0200", "EET": "+0200", "EEST": "+0300",
    "WET": "+0000", "WEST": "+0100", "BST": "+0100", "JST": "+0900", "KST": "+0900", "HKT": "+0800", "AEST": "+1000", "AEDT": "+1100",
    "NZST": "+1200", "NZDT": "+1300", "SAST": "+0200", "TRT": "+0300", "Z": "+0000",
}  # fmt: skip
_ISO = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ]\s*(\d{2}):?(\d{2})(:?\d{2})?(?:[.,]\d+)?\s*(Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)?)?", re.IGNORECASE
)
_RFC = re.compile(r"(?:[^\W\d]+\.?,?\s*)?(\d{1,2})[\s-]+([A-Za-z]{3})[a-z]*\.?[\s-]+(\d{4}|\d{2})(?:[\s,]+(\d{1,2}:\d{2})(:\d{2})?(.*))?")


def instant(text: str | None, parsed: datetime | None = None) -> Instant | None:
    """RSS's RFC 822 dates and Atom's RFC 3339 dates, as loosely as they are met; a date alone is a day; no zone counts as UTC.

    ``parsed``: what the feed library made of a form not known here; believed when its year stands in the text (it makes 2010 of the
    year 10000). None for what is no date, or not between 1900 and 9998.
    """
    text = " ".join((text or "").split())[:100]
    if not text:
        return None
    try:
        stated = _iso(text) or _rfc(text)
        if stated is None and parsed and re.search(rf"(?<!\d){parsed.year}(?!\d)", text):
            stated = Instant.of(parsed)
    except (ValueError, OverflowError, IndexError, TypeError):  # hostile numbers, inside email.utils too
        return None
    return stated if stated and 1900 <= stated.at.year <= 9998 else None


def _iso(text: str) -> Instant | None:
    found = _ISO.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    if hour is None:
        return Instant.day(int(year), int(month), int(day))
    offset = "+0000" if not zone or zone.upper() in {"Z", "UTC", "GMT"} else zone.replace(":", "").ljust(5, "0")
    stamp = f"{year}-{month}-{day} {hour}:{minute}:{(second or '00').lstrip(':')} {offset}"
    return Instant.of(datetime.strptime(stamp, "%Y-%m-%d %H:%M:%S %z"), "second" if second else "minute")


def _rfc(text: str) -> Instant | None:
    found = _RFC.fullmatch(text)
    if not found:
        return None
    day, month, year, clock, second, zone = found.groups()
    if len(year) == 4 and int(year) < 1900:  # email.utils makes 2000 of the year 0
        return None
    if clock is None:
        moment = parsedate_to_datetime(f"{day} {month} {year} 00:00:00 +0000")
        return Instant.day(moment.year, moment.month, moment.day)
    zone = (zone or "").strip().split(" (")[0].replace(":", "")
    zone = re.sub(r"^(?:GMT|UTC)(?=[+-]\d)", "", zone)
    moment = parsedate_to_datetime(f"{day} {month} {year} {clock}{second or ':00'} {_ZONES.get(zone.upper(), zone)}")
    return Instant.of(moment if moment.tzinfo else moment.replace(tzinfo=UTC), "second" if second else "minute")
