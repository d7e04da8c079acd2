"""Files and folders: pages on disk (.html[.gz]), articles already extracted (.jsonl[.gz]), web archives (.warc[.gz]).

Streaming: a file of a million lines is never whole in memory. What cannot be read is an item of its own, never the end of the rest.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast

from pipeline import urls
from pipeline.discover import warc
from pipeline.errors import DiscoverError, InputError, ItemError, NotAnArticle, TooLarge, Truncated
from pipeline.model import Article, Candidate, Instant, Response
from pipeline.text import plain

PAGES = (".html", ".htm", ".xhtml", ".html.gz", ".htm.gz")
LINES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")
KNOWN = PAGES + LINES + warc.ARCHIVES
MOST = 5 * 1024 * 1024  # bytes of a page after decoding: facts/reliability, "Inputs that hurt"
LONGEST_LINE = 16 * 1024 * 1024
GZIP = b"\x1f\x8b"


def read(path: Path, source: str, now: datetime) -> Iterator[Candidate | ItemError]:
    """Every page and line of a file, or of a folder and its folders, by name. Raises InputError when it is not there."""
    if path.is_dir():
        for place in sorted(path.rglob("*")):
            if place.is_file() and place.name.lower().endswith(KNOWN):
                yield from _file(place, source, now)
    elif path.is_file():
        if not path.name.lower().endswith(KNOWN):
            raise InputError(f"{path}: not one of {', '.join(KNOWN)}")
        yield from _file(path, source, now)
    else:
        raise InputError(f"{path}: no such file or folder")


def page(path: Path, *, url: str = "", now: datetime) -> Response:
    """A page on disk as if fetched from ``url``. Raises InputError (not there), ItemError (half a gzip, too large, empty)."""
    body = _bytes(path)
    if not body.strip():
        raise NotAnArticle(f"{path}: the file is empty", url=url, reason="empty")
    return Response(url=url, requested_url=url, body=body, fetched_at=now)


def _file(path: Path, source: str, now: datetime) -> Iterator[Candidate | ItemError]:
    if path.name.lower().endswith(LINES):
        yield from _lines(path, source, now)
        return
    if path.name.lower().endswith(warc.ARCHIVES):
        yield from warc.read(path, source, now)
        return
    try:
        response = page(path, now=now)
    except InputError as error:
        yield DiscoverError(str(error))
    except ItemError as error:
        yield error
    else:
        yield Candidate(url="", source=source, seen_at=now, response=response)


def _open(path: Path) -> IO[bytes]:
    """By what the file is, not by what it is called. Raises InputError."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == GZIP
        return cast("IO[bytes]", gzip.open(path, "rb") if packed else path.open("rb"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error


def _bytes(path: Path) -> bytes:
    with _open(path) as file:
        try:
            body = file.read(MOST + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise Truncated(f"{path}: the gzip data is cut short or damaged ({error}); get the file again", reason="truncated") from error
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    if len(body) > MOST:
        raise TooLarge(f"{path}: larger than {MOST // 2**20} MiB after decoding")
    return body


# ── articles already extracted ────────────────────────────────────────────────────────────────────


def _lines(path: Path, source: str, now: datetime) -> Iterator[Candidate | ItemError]:
    try:
        with _open(path) as file:
            number = 0
            while raw := file.readline(LONGEST_LINE):
                number += 1
                if raw.strip():
                    yield _line(raw, f"{path}, line {number}", source, now)
    except InputError as error:
        yield DiscoverError(str(error))
    except (EOFError, zlib.error, OSError) as error:
        yield Truncated(f"{path}: the gzip data is cut short or damaged behind line {number} ({error}); get the file again")


def _line(raw: bytes, place: str, source: str, now: datetime) -> Candidate | ItemError:
    try:
        said = json.loads(raw.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        return DiscoverError(f"{place}: not JSON ({error}); one object a line is expected")
    if not isinstance(said, dict):
        return DiscoverError(f"{place}: an object is expected, not {type(said).__name__}")
    try:
        article = _article(said)
    except ValueError as error:
        return DiscoverError(f"{place}: {error}")
    return Candidate(url=article.url, source=source, seen_at=now, article=article)


def _article(said: Mapping[str, Any]) -> Article:
    """doors.md: {"id"?, "url"?, "title", "text" | "body", "outlet"?, "published"?, "authors"?}. Raises ValueError."""
    text, title = said.get("text", said.get("body")), said.get("title")
    if not isinstance(text, str) or not text.strip():
        raise ValueError('"text" (or "body") is missing, empty or not a string')
    if title is not None and not isinstance(title, str):
        raise ValueError('"title" is not a string')
    url = _url(said)
    outlet = said.get("outlet")
    named = outlet.strip() if isinstance(outlet, str) and outlet.strip() else None
    paragraphs = (" ".join(plain(line).split()) for line in text.splitlines())
    article = Article(
        url=url,
        title=" ".join(plain(title or "").split()),
        text="\n".join(line for line in paragraphs if line),
        authors=_authors(said.get("authors")),
        outlet=(urls.outlet(url) if urls.is_http(url) else None) or named,
        outlet_name=named,
        published=_instant(said.get("published")),
        language=said["language"] if isinstance(said.get("language"), str) else None,
        credit=said["credit"] if isinstance(said.get("credit"), str) else None,
    )
    return replace(article, provenance={"text": "given"})


def _url(said: Mapping[str, Any]) -> str:
    url, ident = said.get("url"), said.get("id")
    if isinstance(url, str) and url.strip():
        return urls.canonical(url.strip())  # raises ValueError that names what is wrong
    return f"urn:wirewatch:id:{ident}" if isinstance(ident, str | int) and str(ident).strip() else ""


def _authors(said: object) -> tuple[str, ...]:
    names = [said] if isinstance(said, str) else said if isinstance(said, list) else []
    return tuple(" ".join(plain(name).split()) for name in names if isinstance(name, str) and name.strip())


def _instant(said: object) -> Instant | None:
    """A date that cannot be read is left out: it is no reason to refuse the text. One without a zone is read as UTC."""
    if not isinstance(said, str) or not said.strip():
        return None
    try:
        return Instant.parse(said.strip())
    except (ValueError, OverflowError):
        pass
    try:
        return Instant.of(datetime.fromisoformat(said.strip()[:19]).replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None
