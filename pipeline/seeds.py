"""Seeds: the stories that are watched for. A folder a seed: seed.toml (what is known of it) and article.txt (its text).

``parse`` takes apart an article as people paste or export it: plain text or Markdown, with byline, date, caption and boxes.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline import urls
from pipeline.errors import ConfigError, InputError
from pipeline.model import Instant, Seed
from pipeline.text import plain

KEYS = ("title", "url", "published", "authors", "credit", "caption", "caption_credit", "note", "language")
ABOUT, TEXT = "seed.toml", "article.txt"

# Words in capitals that name agencies, and agencies written as words. A byline's "for AFP" credits the agency, whoever wrote.
_AGENCIES = re.compile(r"[A-Z]{2,6}|Reuters|Interfax|Xinhua|Associated Press|Agence France-Presse|Bloomberg(?: News)?")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_HEADING = re.compile(r"^#{1,6}\s+")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_ANGLED = re.compile(r"<(https?://[^<>\s]+)>")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!$<>|~])")
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_ITALIC = re.compile(r"(?<!\w)([*_])(?=\S)([^*_\n]+?)(?<=\S)\1(?!\w)")
_BYLINE = re.compile(r"^by[ :]\s*(?P<names>.+)$", re.IGNORECASE)
_URL_LABEL = re.compile(r"^(?:original|source|canonical)?\s*(?:url|link|address)\s*:\s*(?P<url>\S*)$", re.IGNORECASE)
_BOX = re.compile(r"^(?:related(?: articles?| stor(?:y|ies))?|read (?:more|also|next)|see also|also read|more on this)\s*:", re.IGNORECASE)
_CREDITED = re.compile(r"^(?P<caption>.*\S)\s+(?:\*\*|__)(?P<credit>[^*_]*\S)(?:\*\*|__)$")
_CREDITED_PLAIN = re.compile(r"^(?P<caption>.*[.!?][\"'”’]?)\s+(?P<credit>[^.!?/]{2,60} / [^.!?/]{2,40})$")  # "… in Vilnius. Ann Lee / AFP"
_CREDIT = re.compile(r"/|(?i:photo|image|reuters|getty)|\b[A-Z]{2,6}\b")
_ENDS = re.compile(r"[.!?…:;][\"'”’»)\]]*$")


# ── folders ───────────────────────────────────────────────────────────────────────────────────────


def load(folder: Path) -> tuple[Seed, ...]:
    """Every seed of a folder, by name. An empty or missing folder holds none. Raises ConfigError: file, key, problem, nearest valid key."""
    if not folder.is_dir():
        return ()
    places = sorted(place for place in folder.iterdir() if place.is_dir() and not place.name.startswith((".", "_")))
    return tuple(_load(place) for place in places)


def _load(place: Path) -> Seed:
    about, text = place / ABOUT, place / TEXT
    try:
        said = tomllib.loads(about.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot be read ({error.strerror}); a seed is a folder with {ABOUT} and {TEXT}", file=str(about)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"is not TOML: {error}", file=str(about)) from error
    for key in said:
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, n=1)
            raise ConfigError("there is no such key", file=str(about), key=key, nearest=near[0] if near else None)
    try:
        paragraphs = [" ".join(plain(line).split()) for line in text.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}", file=str(text)) from error
    body = "\n".join(line for line in paragraphs if line)
    if not body:
        raise ConfigError("is empty: it holds the text, a paragraph a line", file=str(text))
    return _seed(place.name, body, said, str(about))


def _seed(name: str, text: str, said: dict[str, Any], file: str) -> Seed:
    for key in KEYS:
        if key in said and key != "authors" and not (isinstance(said[key], str) or key == "published"):
            raise ConfigError("must be a string", file=file, key=key)
    authors = said.get("authors", [])
    if not isinstance(authors, list) or not all(isinstance(author, str) for author in authors):
        raise ConfigError('must be a list of names: ["Ann Author"]', file=file, key="authors")
    if not said.get("title"):
        raise ConfigError("is missing", file=file, key="title")
    url = said.get("url")
    if url and not urls.is_http(url):
        raise ConfigError(f"{url!r} is no http(s) address", file=file, key="url")
    given = {key: said[key] for key in ("credit", "caption", "caption_credit", "note", "language") if said.get(key)}
    return Seed(
        name=name,
        title=said["title"],
        text=text,
        url=url or None,
        published=_published(said.get("published"), file),
        authors=tuple(authors),
        **given,
    )


def _published(value: object, file: str) -> Instant | None:
    if value in (None, ""):
        return None
    try:
        return Instant.parse(value if isinstance(value, str) else str(value))
    except ValueError:
        raise ConfigError(f'{value!r} is no date: write "2023-07-12" or "2023-07-12T10:00:00+03:00"', file=file, key="published") from None


def write(seed: Seed, folder: Path) -> Path:
    """Makes or replaces the seed's folder in ``folder`` and returns it. ``load`` gives the same seed back. Raises InputError."""
    values: dict[str, object] = {
        "title": seed.title,
        "url": seed.url,
        "published": str(seed.published) if seed.published else None,
        "authors": list(seed.authors) or None,
        "credit": seed.credit,
        "caption": seed.caption,
        "caption_credit": seed.caption_credit,
        "note": seed.note,
        "language": seed.language,
    }
    # a JSON string or list of strings is one of TOML too
    about = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items() if value)
    place = folder / seed.name
    try:
        place.mkdir(parents=True, exist_ok=True)
        (place / ABOUT).write_text(about, encoding="utf-8")
        (place / TEXT).write_text(seed.text.replace("\n", "\n\n") + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{place}: cannot be written ({error.strerror})") from error
    return place


# ── an article as pasted ──────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Parts:
    """What has been found so far."""

    title: str = ""
    url: str | None = None
    published: Instant | None = None
    authors: tuple[str, ...] = ()
    credit: str | None = None
    caption: str | None = None
    caption_credit: str | None = None
    body: list[str] = field(default_factory=list)


def parse(text: str, *, name: str | None = None) -> Seed:
    """An article pasted as text or Markdown → a seed. ``name``: of the seed (default: from its address or title).

    Title first; then byline ("By A and B for AGENCY": people and an agency) and date; a paragraph that ends in a bold credit is a picture's
    caption; boxes ("Related article: …") are left out; a last "Original url:" is the address. A paragraph broken in mid-sentence
    is joined; subheads stay. Raises InputError for a text without title or body.
    """
    parts = _Parts()
    lines = [line for line in (" ".join(plain(raw).split()) for raw in text.splitlines()) if line]
    label = False
    for line in filter(_clean, lines):
        if label and urls.is_http(_clean(line)):
            parts.url, label = _clean(line), False
            continue
        label = False
        found = _URL_LABEL.match(_clean(line))
        if found:
            parts.url, label = found["url"] or parts.url, not found["url"]
        elif not parts.title:
            parts.title = _clean(_HEADING.sub("", line))
        else:
            _place(parts, line)
    if not parts.title or not parts.body:
        raise InputError("an article needs a title line and a text below it")
    return Seed(
        name=name or name_for(parts.url, parts.title),
        title=parts.title,
        text="\n".join(_joined(parts.body)),
        url=parts.url,
        published=parts.published,
        authors=parts.authors,
        credit=parts.credit,
        caption=parts.caption,
        caption_credit=parts.caption_credit,
    )


def _place(parts: _Parts, line: str) -> None:
    """Where a line behind the title belongs."""
    clean = _clean(_HEADING.sub("", line))
    if not parts.body:  # the head: byline and date stand above the text
        if not parts.authors and not parts.credit and (byline := _BYLINE.match(clean)) and len(clean) < 150:
            parts.authors, parts.credit = _names(byline["names"])
            return
        if parts.published is None and (published := _date(clean)):
            parts.published = published
            return
    credited = _CREDITED.match(line) or _CREDITED_PLAIN.match(line)
    if credited and _CREDIT.search(credited["credit"]):
        parts.caption = parts.caption or _clean(credited["caption"])
        parts.caption_credit = parts.caption_credit or _clean(credited["credit"])
    elif not _BOX.match(clean):
        parts.body.append(clean)


def _clean(line: str) -> str:
    """Markdown taken off: links keep their words, escapes their character, images nothing."""
    line = _ANGLED.sub(r"\1", _LINK.sub(r"\1", _IMAGE.sub("", line)))
    line = _ITALIC.sub(r"\2", _BOLD.sub(r"\2", line))
    return _ESCAPED.sub(r"\1", line).strip()


def _names(said: str) -> tuple[tuple[str, ...], str | None]:
    """ "A, B and C for AFP" → people, agency."""
    people, _, agency = said.partition(" for ") if _AGENCIES.fullmatch(said.rpartition(" for ")[2].strip()) else (said, "", "")
    names = [name.strip() for name in re.split(r",|;|&|\band\b", people) if name.strip()]
    credit = agency.strip() or next((name for name in names if _AGENCIES.fullmatch(name)), None)
    return tuple(name for name in names if not _AGENCIES.fullmatch(name)), credit


def _date(line: str) -> Instant | None:
    """A line that is a date and no more: "July 12, 2023", "12 July 2023", "2023-07-12"."""
    line = re.sub(r"^(?:published|updated)\s*:?\s*", "", line, flags=re.IGNORECASE)
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}(?:T\S+)?", line):
            return Instant.parse(line)
        for form, order in ((r"([A-Za-z]+)\.? (\d{1,2}),? (\d{4})", (2, 0, 1)), (r"(\d{1,2})\.? ([A-Za-z]+)\.?,? (\d{4})", (2, 1, 0))):
            if found := re.fullmatch(form, line):
                year, month, day = (found.groups()[place] for place in order)
                return Instant.day(int(year), _month(month), int(day))
    except ValueError:
        return None
    return None


def _month(word: str) -> int:
    """1 to 12, from its English name or three letters and more of it ("Sept"); 0, which is in no date, for any other word."""
    return next((number for number, name in enumerate(_MONTHS, 1) if len(word) > 2 and name.startswith(word.lower())), 0)


def _joined(lines: Sequence[str]) -> list[str]:
    """A page break in mid-sentence is no paragraph: one side does not end, the other goes on in lower case."""
    paragraphs: list[str] = []
    for line in lines:
        if paragraphs and not _ENDS.search(paragraphs[-1]) and line[0].islower():
            paragraphs[-1] += f" {line}"
        else:
            paragraphs.append(line)
    return paragraphs


def name_for(url: str | None, title: str) -> str:
    """A seed's name, from the end of its address, else from its title."""
    tail = url.rstrip("/").rpartition("/")[2] if url else ""
    words = re.findall(r"[^\W_]+", (re.sub(r"\.(?:html?|php|aspx?)\Z", "", tail) or title).lower())
    return "-".join(words)[:80].strip("-") or "seed"
