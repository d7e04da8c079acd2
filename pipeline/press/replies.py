"""One answer as HTTP has it: validators, conditional requests, coding (RFC 9110). No sockets."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import blake2b

REASONS = {
    200: "OK", 301: "Moved Permanently", 302: "Found", 304: "Not Modified", 400: "Bad Request", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 410: "Gone", 429: "Too Many Requests",
    500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable",
}  # fmt: skip
_SMALL = 256  # bytes below which nothing is compressed


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a page answers before it is known who asks. ``modified``: of a page that can be asked for conditionally."""

    status: int = 200
    body: bytes = b""
    media: str = "text/html; charset=utf-8"
    modified: datetime | None = None
    max_age: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def moved(to: str, status: int = 301) -> Reply:
    """A redirect."""
    return Reply(status=status, headers={"Location": to}, body=f'<html><body><a href="{to}">Moved</a></body></html>'.encode())


def http_date(moment: datetime) -> str:
    """RFC 9110 §5.6.7."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A reply with everything that does not depend on who asks."""

    reply: Reply
    etag: str
    plain: bytes
    packed: bytes | None


def prepare(reply: Reply, *, weak: bool) -> Prepared:
    """``weak``: the tag is a weak one and the body may be compressed, as many content systems do it."""
    digest = blake2b(reply.body, digest_size=10).hexdigest()
    packed = gzip.compress(reply.body, 6, mtime=0) if weak and len(reply.body) > _SMALL and "gzip" not in reply.media else None
    return Prepared(reply=reply, etag=f'W/"{digest}"' if weak else f'"{digest}"', plain=reply.body, packed=packed)


def answer(prepared: Prepared, asked: Mapping[str, str], now: datetime) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers and body for a request. ``asked``: its headers, names in lower case."""
    reply = prepared.reply
    headers = [("Date", http_date(now)), *reply.headers.items()]
    if reply.status == 200:
        headers.append(("ETag", prepared.etag))
        if reply.modified:
            headers.append(("Last-Modified", http_date(reply.modified)))
    if reply.max_age is not None:
        headers.append(("Cache-Control", f"max-age={reply.max_age}"))
    if prepared.packed is not None:
        headers.append(("Vary", "Accept-Encoding"))
    if reply.status == 200 and _unchanged(prepared, asked):
        return 304, headers, b""
    headers.append(("Content-Type", reply.media))
    if prepared.packed is not None and "gzip" in asked.get("accept-encoding", ""):
        return reply.status, [*headers, ("Content-Encoding", "gzip")], prepared.packed
    return reply.status, headers, prepared.plain


def _unchanged(prepared: Prepared, asked: Mapping[str, str]) -> bool:
    """RFC 9110 §13.2.2: a tag, when there is one, decides alone; tags compare weakly."""
    tags = asked.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or prepared.etag.removeprefix("W/") in (tag.strip().removeprefix("W/") for tag in tags.split(","))
    since = asked.get("if-modified-since")
    if since is None or prepared.reply.modified is None:
        return False
    try:
        return prepared.reply.modified.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False
