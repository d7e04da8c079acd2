"""JSON-LD as pages really print it: several blocks, ``@graph``, trailing commas, comments around it, objects for strings."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

Thing = Mapping[str, Any]
MAX_NODES = 3000
"""Nodes of a page's structured data that are looked at. Pages of the development corpus have at most some hundreds."""
_WRAPPER = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*.*?\*/|<!\[CDATA\[)+|(?:-->|//\s*\]\]>|\]\]>|;)+\s*$", re.DOTALL)
_COMMENT = re.compile(r"(?m)(?<=[\s,{}\[\]])//[^\n]*$|/\*.{0,2000}?\*/", re.DOTALL)
_TRAILING = re.compile(r",(\s*[}\]])")
_ARTICLES = re.compile(r"(?:Article|BlogPosting|Report|Review|SocialMediaPosting)$")
_INSIDE = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item")


def _whole(source: str) -> str:
    return source


def _without_trailing(source: str) -> str:
    return _TRAILING.sub(r"\1", source)


def _unquoted(source: str) -> str:
    return html.unescape(_without_trailing(source))


def _parted(source: str) -> str:
    """Objects behind one another as a list."""
    return "[" + re.sub(r"\}\s*\{", "},{", _without_trailing(source)) + "]"


def _without_comments(source: str) -> str:
    return _without_trailing(_COMMENT.sub("", source))


_MENDS = (_whole, _without_trailing, _unquoted, _parted, _without_comments)


def parsed(source: str) -> Any:
    """The value of one block, or None when it cannot be read in any of the usual ways of being wrong."""
    source = _WRAPPER.sub("", source.strip()).strip()
    for mend in _MENDS:
        try:
            return json.loads(mend(source), strict=False)
        except (ValueError, RecursionError):
            continue
    return _salvaged(source)


_PAIR = re.compile(
    r"""["'](@type|headline|datePublished|dateModified|dateCreated|articleSection|inLanguage)["']\s*:\s*"""
    r"""(?:"((?:[^"\\\n]|\\.){1,500})"|'((?:[^'\\\n]|\\.){1,500})')\s*[,}\]\n]"""
)
_AUTHOR = re.compile(r""""author"\s*:\s*(\{[^{}]{0,2000}\}|\[[^\[\]]{0,4000}\]|"[^"\n]{1,200}")""")


def _salvaged(source: str) -> Thing | None:
    """Of a block that is no JSON at all (quotes of the wrong kind or unescaped, a brace too many) what an article says of itself."""
    found: dict[str, Any] = {}
    for pair in _PAIR.finditer(source[:100_000]):
        found.setdefault(pair[1], _unescaped(pair[2] or pair[3]))
    if not is_article(found):
        return None
    if author := _AUTHOR.search(source[:100_000]):
        said = parsed(author[1])
        if said is not None:
            found["author"] = said
    return found


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text


def things(blocks: list[str]) -> list[Thing]:
    """Every object of the blocks that has a type, outer ones first; lists of links to other pages are not followed."""
    found: list[Thing] = []
    queue: list[Any] = [parsed(block) for block in blocks]
    seen = 0
    while queue and seen < MAX_NODES:
        node = queue.pop(0)
        seen += 1
        if isinstance(node, list):
            queue.extend(node)
        elif isinstance(node, dict):
            if types(node):
                found.append(node)
            queue.extend(node[key] for key in _INSIDE if isinstance(node.get(key), dict | list) and not _is_list_of_links(node, key))
    return found


def _is_list_of_links(node: Thing, key: str) -> bool:
    return key in {"itemListElement", "item"} and "BreadcrumbList" not in types(node) and "ListItem" not in types(node)


def types(node: Thing) -> tuple[str, ...]:
    """The names of its types, without a vocabulary's address."""
    stated = node.get("@type")
    return tuple(name.rsplit("/", 1)[-1] for name in (stated if isinstance(stated, list) else [stated]) if isinstance(name, str))


def is_article(node: Thing) -> bool:
    return any(_ARTICLES.search(name) for name in types(node))


def is_page(node: Thing) -> bool:
    """What holds a text without being an article by name."""
    return any(name.endswith("Page") or name in {"Recipe", "HowTo", "PodcastEpisode", "DiscussionForumPosting"} for name in types(node))


def strings(value: Any) -> Iterator[str]:
    """The texts of a value that may be a text, an object with a name, or a list of them."""
    if isinstance(value, str):
        if value.strip():
            yield value.strip()
    elif isinstance(value, list):
        for part in value[:100]:
            yield from strings(part) if not isinstance(part, list) else ()
    elif isinstance(value, dict):
        for key in ("name", "@value", "headline", "text"):
            if isinstance(value.get(key), str | list):
                yield from (part for part in ([value[key]] if isinstance(value[key], str) else value[key]) if isinstance(part, str))
                return
        if parts := [part for key in ("givenName", "familyName") if isinstance(part := value.get(key), str)]:
            yield " ".join(parts)


def first(value: Any) -> str | None:
    return next(strings(value), None)


def address(value: Any) -> str | None:
    """The address in a value that may be an address, an object with ``url`` or ``@id``, or a list of them."""
    for _ in range(5):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = value.get("url") or value.get("contentUrl") or value.get("@id")
        else:
            break
    return value.strip() if isinstance(value, str) and value.strip() else None
