"""What an answer means: its status, and whether its bytes are what was asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Literal

from pipeline.errors import FetchError, Forbidden, Gone, GoneForGood, Refused, ServerTrouble, Throttled, TimedOut, Truncated, WrongMedia

REDIRECTS = frozenset((301, 302, 303, 307, 308))
FOR_GOOD = frozenset((301, 308))
Look = Callable[[bytes, bool], None]  # the first bytes, and whether the body ends well
NO_BODY = frozenset((204, 205, 304))
SNIFFED = 512  # bytes looked at; WHATWG MIME Sniffing reads 1,445 at most, all signatures below lie in the first 300
_KINDS: dict[int, type[FetchError]] = {
    403: Forbidden,
    404: Gone,
    410: GoneForGood,
    408: TimedOut,
    425: ServerTrouble,
    429: Throttled,
    503: Throttled,
}

# First bytes of what is no page and no feed (WHATWG MIME Sniffing §6 and the formats' own specifications).
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (rb"%PDF-", "application/pdf"),
    (rb"\x89PNG\r\n\x1a\n", "image/png"),
    (rb"\xff\xd8\xff", "image/jpeg"),
    (rb"GIF8[79]a", "image/gif"),
    (rb"RIFF....WEBP", "image/webp"),
    (rb"RIFF....(?:WAVE|AVI )", "audio or video"),
    (rb"(?s:.{4})ftyp(?:avif|heic|mif1)", "image"),
    (rb"(?s:.{4})ftyp", "video/mp4"),
    (rb"\x1aE\xdf\xa3", "video/webm"),
    (rb"ID3|OggS|fLaC", "audio"),
    (rb"PK\x03\x04|PK\x05\x06", "application/zip"),
    (rb"Rar!\x1a\x07|7z\xbc\xaf\x27\x1c", "an archive"),
    (rb"\x1f\x8b", "application/gzip"),
    (rb"wOF[F2]", "font"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
    (rb"\{\\rtf", "application/rtf"),
    (rb"SQLite format 3\0|\x7fELF|MZ\x90\0", "a program or database"),
)
_BINARY = tuple((re.compile(pattern, re.DOTALL), name) for pattern, name in _SIGNATURES)
_UTF16 = re.compile(rb"\xff\xfe|\xfe\xff|[<{\s]\0|\0[<{\s]")  # with its mark, or as text in a Latin script begins
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<")


def phrase(status: int) -> str:
    """ "503 Service Unavailable": in our words, as a server may write anything there."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def trouble(status: int, place: str, *, conditional: bool, wait: float | None) -> FetchError | None:
    """What a status other than a redirect means; None when its body, or its 304, is taken. ``conditional``: validators were sent.
    ``wait``: seconds for which the host is left alone from now on.
    """
    if (200 <= status < 300 and status != 206) or (status == 304 and conditional):
        return None
    message = f"{place} answered {phrase(status)}"
    if status == 206:
        return Truncated(f"{message}, though the whole was asked for")
    if kind := _KINDS.get(status):
        pass
    elif 400 <= status < 500:
        kind = Refused
    else:
        kind = ServerTrouble
    if wait is None or not issubclass(kind, Throttled | ServerTrouble):
        return kind(message)
    return kind(f"{message}; the host is asked again in {wait:.0f} s", after=timedelta(seconds=wait))


def media_check(accept: Literal["page", "feed", "sitemap"], content_type: str | None, place: str) -> Look:
    """Judges the declared type at once, for pages, and returns what judges the bytes: the first ones (known formats), and once more
    the whole (binary data, no markup), so that a bomb is called a bomb. Both raise WrongMedia.

    Feeds and sitemaps come under any type, so their bytes alone decide.
    """
    declared = (content_type or "").partition(";")[0].strip().lower()
    vague = (
        declared in ("", "application/octet-stream", "binary/octet-stream", "application/unknown", "unknown/unknown", "*/*")
        or "/" not in declared
    )
    if accept == "page" and not vague and not _is_page(declared):
        raise WrongMedia(f"{place} sent {declared}, not a page")

    def look(start: bytes, whole: bool) -> None:
        found = next((name for pattern, name in _BINARY if pattern.match(start)), None)
        if found is None and whole and b"\0" in start and not _UTF16.match(start):
            found = "binary data"
        if found is None and whole and accept == "page" and vague and start.strip() and not _MARKUP.match(start):
            found = f"{declared or 'data without a type'} that does not begin like a page"
        if found:
            raise WrongMedia(f"{place} sent {found}, not a {accept}")

    return look


def _is_page(declared: str) -> bool:
    if declared.startswith("text/") or declared in ("application/xhtml+xml", "application/xml"):
        return True
    return declared.endswith("+xml") and "svg" not in declared
