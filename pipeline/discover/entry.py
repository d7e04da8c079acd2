"""From what a feed says of an entry to a candidate: one cleaning for every format."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pipeline import urls
from pipeline.discover.dates import instant
from pipeline.model import Candidate, Found, Hints, Response, Source
from pipeline.text import plain

MAX_DESCRIPTION = 1_000  # characters; a teaser, not the article
MAX_CONTENT = 500_000  # characters; the longest real article with its markup has a tenth of that
MAX_TITLE = 1_000
MAX_TAGS = 50

_TAG = re.compile(r"<[A-Za-z/!?][^<>]*>")
_UNREAD = re.compile(r"<(/?)(?:script|style|head|template)\b[^<>]*>", re.IGNORECASE)
_BLOCK = re.compile(r"</?(?:p|div|br|li|ul|ol|h[1-6]|tr|td|blockquote|figure|figcaption|section|article)\b[^<>]*>", re.IGNORECASE)
_MAILBOX = re.compile(r"\s*(?:mailto:)?[^\s@()<>]+@[^\s@()<>]+\s*")
_NAMED_MAILBOX = re.compile(r"[^\s@()<>]+@[^\s@()<>]+\s*\(([^()]*)\)|([^<>()@]*)[<(][^<>()]*@[^<>()]*[>)]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a feed says, as it says it. ``links``: best first; ``base``: what relative ones stand on; ``…_parsed``: UTC, by the library."""

    links: tuple[str, ...]
    base: str = ""
    guid: str | None = None
    title: str | None = None
    description: str | None = None
    contents: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    published_parsed: datetime | None = None
    modified_parsed: datetime | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None


def found(
    entries: Iterable[Entry], response: Response, source: Source, *, title: str | None, language: str | None, refused: list[str]
) -> Found:
    """Cleans and merges entries; one that cannot be a candidate is refused with its reason. ``refused``: those the format refused."""
    feed_title = words(title)
    language = source.language or tongue(language)
    merged: dict[str, Candidate] = {}
    guids: dict[str, str] = {}
    shared: set[str] = set()
    for number, entry in enumerate(entries, 1):
        label = f"entry {number} ({(words(entry.title) or words(entry.guid) or 'untitled')[:80]})"
        try:
            url = _link(entry)
        except ValueError as error:
            refused.append(f"{label}: {error}")
            continue
        key = urls.keys(url)[0]
        hints = _hints(entry, feed_title, language)
        if hints.guid and guids.setdefault(hints.guid, key) != key:
            shared.add(hints.guid)  # one id on two articles tells neither
        known = merged.get(key)
        if known:
            merged[key] = replace(known, hints=_both(known.hints, hints))
        else:
            merged[key] = Candidate(url=url, source=source.name, seen_at=response.fetched_at, hints=hints)
    candidates = tuple(replace(c, hints=replace(c.hints, guid=None)) if c.hints.guid in shared else c for c in merged.values())
    return Found(candidates=candidates, title=feed_title, language=language, refused=tuple(refused))


def words(markup: str | None, limit: int = MAX_TITLE) -> str | None:
    """One line of plain text: markup and control characters out, entities decoded, blanks collapsed. None when nothing is left."""
    if not markup:
        return None
    text = html.unescape(_TAG.sub("", _BLOCK.sub(" ", _without_unread(markup[:MAX_CONTENT]))))
    if "<" in text or "&" in text:  # escaped twice, as many feeds do
        text = html.unescape(_TAG.sub("", _without_unread(text)))
    text = " ".join(plain(text).split())
    if len(text) > limit:
        text = text[: limit - 1].rsplit(" ", 1)[0] + "…"
    return text or None


def tongue(code: object) -> str | None:
    """The primary language subtag, lower case (RFC 5646 §2.2.1); None for what is none."""
    match = re.match(r"\s*([A-Za-z]{2,3})(?:[-_].*)?\s*$", code) if isinstance(code, str) else None
    return match[1].lower() if match else None


def _without_unread(markup: str) -> str:
    """Drops scripts, styles and the like with what they hold; one that is never closed takes the rest with it. Linear."""
    kept, position, depth = [], 0, 0
    for tag in _UNREAD.finditer(markup):
        if not depth:
            kept.append(markup[position : tag.start()])
        depth = 1 if not tag[1] else 0
        position = tag.end()
    return "".join(kept) + ("" if depth else markup[position:])


def _link(entry: Entry) -> str:
    """The first usable link, absolute and cleaned. Raises ValueError."""
    trouble = "no link" if not entry.contents and not entry.description else "text without a link"
    for link in entry.links:
        if not link.strip():
            continue
        try:
            return urls.cleaned(urls.join(entry.base, link) if entry.base else link)
        except ValueError as error:
            trouble = str(error)
    raise ValueError(trouble)


def _hints(entry: Entry, feed_title: str | None, language: str | None) -> Hints:
    content = max((plain(part) for part in (*entry.contents, entry.description or "") if part.strip()), key=len, default="")
    tags = dict.fromkeys(tag for tag in map(words, entry.tags[: MAX_TAGS * 4]) if tag)
    return Hints(
        title=words(entry.title),
        description=words(entry.description or (entry.contents[0] if entry.contents else None), MAX_DESCRIPTION),
        published=instant(entry.published, entry.published_parsed),
        modified=instant(entry.modified, entry.modified_parsed),
        authors=_authors(entry.authors, feed_title),
        guid=words(entry.guid),
        content=content[:MAX_CONTENT] or None,
        language=language or tongue(entry.language),
        tags=tuple(tags)[:MAX_TAGS],
    )


def _authors(stated: Iterable[str], feed_title: str | None) -> tuple[str, ...]:
    """Names of people or agencies. A mailbox is no name, and the feed's own title is no author."""
    names: dict[str, None] = {}
    for each in stated:
        text = words(each) or ""
        if match := _NAMED_MAILBOX.fullmatch(text):
            text = (match[1] or match[2] or "").strip(" \"'")
        text = re.sub(r"^by\s+(?=\S)", "", text, flags=re.IGNORECASE)
        if not text or _MAILBOX.fullmatch(text) or urls.is_http(text) or _is_house(text, feed_title):
            continue
        parts = re.split(r"\s*[,;]\s*|\s+and\s+", text)
        people = all(len(part.split()) > 1 for part in parts)  # "Smith, John" is one person, "Ann Lee, Bo Kim and C Day" are three
        names.update(dict.fromkeys(parts if people else [text]))
    return tuple(names)


def _is_house(name: str, feed_title: str | None) -> bool:
    """Whether it is the paper: the feed's title, or the part of it before a dash, a bar or a colon."""
    if not feed_title:
        return False
    heads = {feed_title.casefold(), *(part.strip().casefold() for part in re.split(r"\s+[-–—|»:]\s*|:\s", feed_title)[:1])}
    return name.casefold() in heads


def _both(first: Hints, second: Hints) -> Hints:
    """What either says; the first counts, the longer content stays."""
    content = max(first.content or "", second.content or "", key=len) or None
    return Hints(
        title=first.title or second.title,
        description=first.description or second.description,
        published=first.published or second.published,
        modified=max((at for at in (first.modified, second.modified) if at), key=lambda at: at.at, default=None),
        authors=first.authors or second.authors,
        guid=first.guid or second.guid,
        content=content,
        language=first.language or second.language,
        tags=tuple(dict.fromkeys(first.tags + second.tags))[:MAX_TAGS],
    )


def moment(parts: object) -> datetime | None:
    """A feed library's nine numbers (UTC) as a datetime; None for what is no date."""
    if not isinstance(parts, tuple) or len(parts) < 6:
        return None
    try:
        year, month, day, hour, minute, second = parts[:6]
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except (ValueError, OverflowError, TypeError):
        return None
