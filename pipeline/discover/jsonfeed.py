"""JSON Feed 1 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from typing import Any

from pipeline.discover.entry import Entry


def is_meant(body: bytes) -> bool:
    """Whether the bytes begin as a JSON object."""
    return body[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def read(body: bytes, base: str, most: int, refused: list[str]) -> tuple[list[Entry] | None, str | None, str | None]:
    """Entries, title, language. None for entries: JSON, or broken JSON, but no JSON Feed. Entries beyond ``most`` are refused."""
    try:
        feed = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None, None, None
    items = feed.get("items")
    if not isinstance(items, list) or not ("jsonfeed.org" in str(feed.get("version")) or items):
        return None, None, None
    if len(items) > most:
        refused.append(f"{len(items) - most:,} further entries: {most:,} are read at most")
    entries = [_entry(item, base) for item in items[:most] if isinstance(item, dict)]
    refused += [f"an entry that is no object but {type(item).__name__}" for item in items[:most] if not isinstance(item, dict)]
    return entries, _text(feed, "title"), _text(feed, "language")


def _entry(item: dict[str, Any], base: str) -> Entry:
    guid = item.get("id")
    guid = str(guid) if isinstance(guid, str | int | float) else None  # 1.0 feeds number their items
    authors = item.get("authors")
    listed = authors if isinstance(authors, list) else [item.get("author")]  # 1.0 has one, 1.1 a list
    tags = item.get("tags")
    links = [_text(item, "url"), _text(item, "external_url"), guid if guid and guid.startswith(("http://", "https://")) else None]
    return Entry(
        links=tuple(link for link in links if link),
        base=base,
        guid=guid,
        title=_text(item, "title"),
        description=_text(item, "summary"),
        contents=tuple(text for text in (_text(item, "content_html"), _text(item, "content_text")) if text),
        published=_text(item, "date_published"),
        modified=_text(item, "date_modified"),
        authors=tuple(name for author in listed if isinstance(author, dict) and (name := _text(author, "name"))),
        tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        language=_text(item, "language"),
    )


def _text(holder: dict[str, Any], key: str) -> str | None:
    value = holder.get(key)
    return value if isinstance(value, str) and value.strip() else None
