"""Pieces that pages and feeds of several outlets share: escaping, addresses of stories, dates, robots.txt, figures."""

from __future__ import annotations

import json
from datetime import datetime
from html import escape
from typing import Any

from pipeline.press.papers import Outlet
from pipeline.press.replies import Reply
from pipeline.press.seeds import Text
from pipeline.press.world import Edition, Story


def esc(text: object) -> str:
    """Escaped for HTML and XML, quotes too."""
    return escape(str(text), quote=True)


def cdata(html: str) -> str:
    """HTML inside XML."""
    return "<![CDATA[" + html.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def ld(value: dict[str, Any]) -> str:
    """A JSON-LD block."""
    return (
        '<script type="application/ld+json">' + json.dumps({"@context": "https://schema.org", **value}).replace("</", "<\\/") + "</script>"
    )


def byline(text: Text) -> str:
    """By A, B and C; the agency with its person, or alone."""
    names = list(text.authors)
    if text.credit:
        names = [*names[:-1], f"{names[-1]} for {text.credit}"] if names else [text.credit]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def body(text: Text, *, subhead: str = "h3", paragraph: str = "<p>{}</p>", quoted: str = "<blockquote><p>{}</p></blockquote>") -> list[str]:
    """The paragraphs as blocks; the dateline before the first."""
    blocks = []
    for number, line in enumerate(text.paragraphs):
        start = f"{text.dateline} — " if text.dateline and number == 0 else ""
        if text.is_heading(line) and line not in text.quoted:
            blocks.append(f"<{subhead}>{esc(line)}</{subhead}>")
        else:
            blocks.append((quoted if line in text.quoted else paragraph).format(esc(start + line)))
    return blocks


def long_date(moment: datetime) -> str:
    """July 12, 2023."""
    return f"{moment:%B} {moment.day}, {moment.year}"


def found(html: str, edition: Edition, max_age: int = 300, *, coding: str = "utf-8", media: str = "text/html; charset=utf-8") -> Reply:
    """A page of one edition. ``media``: what its header says of it, which may name no coding."""
    return Reply(body=html.encode(coding, "xmlcharrefreplace"), media=media, modified=edition.at, max_age=max_age)


def robots(outlet: Outlet, *lines: str) -> Reply:
    """robots.txt: the same rules for everyone."""
    text = "\n".join(["User-agent: *", *lines, "", f"# {outlet.name}", ""])
    return Reply(body=text.encode(), media="text/plain; charset=utf-8", max_age=3600)


def picture() -> Reply:
    """A picture: the smallest PNG there is, the same for every address."""
    data = (
        "89504e470d0a1a0a0000000d494844520000000100000001080200000090"
        "7753de0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
    )
    return Reply(body=bytes.fromhex(data), media="image/png", max_age=86400)


def titles(stories: list[Story], now: datetime, count: int) -> list[tuple[Story, str]]:
    """A few stories with their headlines, for sidebars and lists."""
    return [(story, story.edition(now).text.title) for story in stories if not story.trouble_at(now)][:count]
