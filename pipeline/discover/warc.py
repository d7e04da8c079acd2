"""Web archives (ISO 28500: .warc, .warc.gz): the pages that were answered with 200, as if fetched when they were archived.

fastwarc reads the records; it stops at the first broken one, and takes a cut one for whole. So each record's length and digest are
checked here, and behind a broken place the next record is looked for: it costs that record only. One record is in memory at a time.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from pipeline import urls
from pipeline.errors import DiscoverError, ItemError, TooLarge, Truncated, WrongMedia
from pipeline.model import Candidate, Response

ARCHIVES = (".warc", ".warc.gz")
MOST = 5 * 2**20  # bytes of a page after decoding, as of one that is fetched
MOST_BLOCK = 16 * 2**20  # of a record as archived; what is larger is no page
WINDOW = 2**20  # bytes looked through at a time for the next record

_GZIP, _PLAIN = b"\x1f\x8b\x08", b"WARC/1."
_SWALLOWED = re.compile(rb"WARC/1\.\d\r?\nWARC-", re.IGNORECASE)
_HEAD = re.compile(rb"HTTP/\d(?:\.\d)?\s+(\d{3})[^\r\n]*\r?\n")
_PAGE = re.compile(r"(?:text/html|application/xhtml\+xml)\b", re.IGNORECASE)
_DIGESTS = {"sha1": hashlib.sha1, "md5": hashlib.md5, "sha256": hashlib.sha256, "sha-256": hashlib.sha256, "sha512": hashlib.sha512}


def read(path: Path, source: str, now: datetime) -> Iterator[Candidate | ItemError]:
    """Every page of an archive, in its order; a revisit record as a Response of status 304 whose ``redirects`` name what it repeats.

    A broken place is one item, whatever it held. Raises nothing: what cannot be opened is an item, too.
    """
    try:
        with path.open("rb") as file:
            yield from _pages(file, path, source, now)
    except OSError as error:
        yield DiscoverError(f"{path}: cannot be read ({error.strerror or error})")


def _pages(file: IO[bytes], path: Path, source: str, now: datetime) -> Iterator[Candidate | ItemError]:
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    mark = _GZIP if file.read(2) == _GZIP[:2] else _PLAIN
    start: int | None = 0
    reported = met = False
    while start is not None:
        file.seek(start)
        place = start
        try:
            wanted = WarcRecordType.response | WarcRecordType.revisit
            for record in ArchiveIterator(file, record_types=wanted, parse_http=False):
                place, met = record.stream_pos, True
                item = _item(record, f"{path}, byte {place}", source, now)
                reported = isinstance(item, Truncated)
                if item is not None:
                    yield item
        except (OSError, ValueError, zlib.error) as error:  # fastwarc's word for a broken record
            if not reported:
                reported = True
                yield Truncated(f"{path}: broken behind byte {place} ({error}); reading goes on at the next record")
            start = _next(file, mark, place + 1)
            if start is None and mark == _GZIP and not met:  # what looked compressed never was
                mark, start = _PLAIN, _next(file, _PLAIN, 0)
        else:
            return


def _next(file: IO[bytes], mark: bytes, start: int) -> int | None:
    """Where the next record may begin."""
    file.seek(start)
    rest = b""
    while window := file.read(WINDOW):
        found = (rest + window).find(mark)
        if found >= 0:
            return start - len(rest) + found
        start += len(window)
        rest = (rest + window)[-len(mark) + 1 :]
    return None


# ── one record ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Answer:
    """The HTTP answer a record holds. ``body``: as archived."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")


def _item(record: Any, place: str, source: str, now: datetime) -> Candidate | ItemError | None:
    """None for what is no page."""
    headers = {name.lower(): value for name, value in record.headers}
    target = headers.get("warc-target-uri", "").strip("<>")
    revisit = headers.get("warc-type") == "revisit"
    if not urls.is_http(target):
        return None
    claimed = int(headers["content-length"]) if headers.get("content-length", "").isdigit() else record.content_length
    if claimed > MOST_BLOCK:
        return None
    block = record.reader.read(MOST_BLOCK + 1)
    when = _moment(headers.get("warc-date"), now)
    if revisit:
        again = headers.get("warc-refers-to-target-uri", "").strip("<>")
        response = Response(url=target, requested_url=target, redirects=(again,) if again else (), status=304, fetched_at=when)
        return Candidate(url=urls.cleaned(target), source=source, seen_at=when, response=response)
    if len(block) != claimed or _SWALLOWED.search(block):
        return Truncated(f"{place}: the record of {target} is cut short", url=target)
    answer = _answer(block)
    if answer is None or answer.status != 200 or not _PAGE.match(answer.header("content-type").strip()):
        return None
    for name, data in (("warc-block-digest", block), ("warc-payload-digest", answer.body)):
        if not _is_whole(headers.get(name), data, answer):
            return Truncated(f"{place}: the record of {target} is damaged: its {name} does not hold", url=target)
    try:
        body = _decoded(answer)
    except ItemError as error:
        return type(error)(f"{place}: the record of {target}: {error.message}", url=target)
    url = urls.cleaned(target)
    told = tuple((name, value) for name, value in answer.headers if name not in ("content-encoding", "transfer-encoding", "content-length"))
    page = Response(url=url, requested_url=url, status=200, headers=told, body=body, fetched_at=when)
    return Candidate(url=url, source=source, seen_at=when, response=page)


def _moment(text: str | None, now: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return now
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(moment.astimezone(UTC), now)


def _answer(block: bytes) -> _Answer | None:
    first = _HEAD.match(block)
    end = re.search(rb"\r?\n\r?\n", block)
    if not first or not end:
        return None
    lines = block[first.end() : end.start()].decode("latin-1").splitlines()
    pairs = (line.partition(":") for line in lines if ":" in line)
    return _Answer(int(first[1]), tuple((name.strip().lower(), value.strip()) for name, _, value in pairs), block[end.end() :])


def _is_whole(digest: str | None, data: bytes, answer: _Answer) -> bool:
    """Whether a digest holds. One in a form not known here, or none, says nothing. A payload's may be of the body without its chunks."""
    name, _, value = (digest or "").partition(":")
    make = _DIGESTS.get(name.strip().lower())
    if make is None or not value.strip():
        return True
    stated = value.strip().rstrip("=").lower()
    for body in (data, _unchunked(data) if "chunked" in answer.header("transfer-encoding").lower() else None):
        if body is not None:
            made = make(body, usedforsecurity=False)
            if stated in (made.hexdigest(), base64.b32encode(made.digest()).decode().rstrip("=").lower()):
                return True
    return False


def _unchunked(body: bytes) -> bytes | None:
    """RFC 9112 §7.1; None for what is not chunked, whatever its header says (many archives keep the header and undo the chunks)."""
    kept: list[bytes] = []
    at = 0
    while found := re.compile(rb"([0-9A-Fa-f]{1,8})[^\r\n]{0,200}\r?\n").match(body, at):
        size, at = int(found[1], 16), found.end()
        if size == 0:
            return b"".join(kept)
        if at + size > len(body):
            return None
        kept.append(body[at : at + size])
        at += size
        at += 2 if body[at : at + 2] == b"\r\n" else 1
    return None


def _decoded(answer: _Answer) -> bytes:
    """Without chunks and coding. Raises Truncated, TooLarge, WrongMedia."""
    body = answer.body
    if "chunked" in answer.header("transfer-encoding").lower():
        plain = _unchunked(body)
        if plain is None and re.match(rb"[0-9A-Fa-f]{1,8}\r\n", body):
            raise Truncated("its last chunk is missing")
        body = body if plain is None else plain
    coding = answer.header("content-encoding").lower().strip()
    if coding in ("gzip", "x-gzip", "deflate") and (coding == "deflate" or body.startswith(_GZIP[:2])):
        body = _inflated(body, coding)
    elif coding in ("br", "zstd", "compress") and b"<" not in body[:512]:
        raise WrongMedia(f"its coding {coding} is not undone here")
    if len(body) > MOST:
        raise TooLarge(f"larger than {MOST // 2**20} MiB after decoding")
    return body


def _inflated(body: bytes, coding: str) -> bytes:
    windows = (31,) if coding != "deflate" else (15, -15)  # RFC 9110 §8.4.1.2: many send raw deflate
    for bits in windows:
        reader = zlib.decompressobj(bits)
        try:
            plain = reader.decompress(body, MOST + 1)
        except zlib.error:
            continue
        if not reader.eof and len(plain) <= MOST:
            raise Truncated(f"its {coding} coding is cut short")
        return plain
    if b"<" in body[:512]:
        return body  # not coded, whatever its header says
    raise Truncated(f"its {coding} coding is damaged")
