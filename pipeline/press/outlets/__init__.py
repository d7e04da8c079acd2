"""From an address to a page, and from a story to what is true of it. Each kind of outlet has its own file and its own template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pipeline.press.outlets import (
    ampfirst,
    arc,
    bare,
    blog,
    bundle,
    chinese,
    consent,
    cyrillic,
    indirect,
    metro,
    moskva,
    regional,
    walled,
    wire,
)
from pipeline.press.outlets.page import picture
from pipeline.press.papers import Outlet
from pipeline.press.replies import Reply
from pipeline.press.world import Edition, Story, World

Answer = Callable[[World, Outlet, str, str, Mapping[str, str], datetime], Reply]
_ANSWERS: dict[str, Answer] = {
    "moskva": moskva.answer,
    "wire": wire.answer,
    "regional": regional.answer,
    "walled": walled.answer,
    "metro": metro.answer,
    "arc": arc.answer,
    "bare": bare.answer,
    "cyrillic": cyrillic.answer,
    "chinese": chinese.answer,
    "blog": blog.answer,
    "bundle": bundle.answer,
    "consent": consent.answer,
    "ampfirst": ampfirst.answer,
}
_ADDRESSES: dict[str, Callable[[Story, Edition], list[str]]] = {
    "moskva": moskva.addresses,
    "wire": wire.addresses,
    "regional": regional.addresses,
    "walled": walled.addresses,
    "metro": metro.addresses,
    "arc": arc.addresses,
    "bare": bare.addresses,
    "cyrillic": cyrillic.addresses,
    "chinese": chinese.addresses,
    "blog": blog.addresses,
    "bundle": bundle.addresses,
    "consent": consent.addresses,
    "ampfirst": ampfirst.addresses,
}


def page_of(world: World, outlet: Outlet, host: str, path: str, query: Mapping[str, str], now: datetime) -> Reply:
    """What an outlet answers for a path and query at that moment."""
    if path.endswith((".png", ".jpg")):
        return picture()
    if host == indirect.HOST:
        return indirect.answer(world, path, now, lambda story: _addresses(story, now)[0])
    return _ANSWERS[outlet.kind](world, outlet, host, path, query, now)


def truth(world: World, now: datetime) -> list[dict[str, Any]]:
    """What is true of every story that is out."""
    out = world.out(now)
    where = {f"{story.outlet.key}:{story.number}": _addresses(story, now)[0] for story in out}
    return [_truth(story, where, now) for story in out]


def _addresses(story: Story, now: datetime) -> list[str]:
    """The one that stands, then every other, older slugs included."""
    make, standing = _ADDRESSES[story.outlet.kind], story.edition(now)
    known = [edition for edition in story.editions if edition.at <= now and edition != standing]
    return list(dict.fromkeys(address for edition in (standing, *known) for address in make(story, edition)))


def _truth(story: Story, where: Mapping[str, str], now: datetime) -> dict[str, Any]:
    edition, addresses = story.edition(now), _addresses(story, now)
    text = edition.text
    return {
        "url": addresses[0],
        "aliases": addresses[1:],
        "outlet": story.outlet.domain,
        "outlet_name": story.outlet.name,
        "language": story.outlet.language,
        "seed": story.seed,
        "made_to_be": edition.made_to_be or story.made_to_be,
        "way": edition.way or story.way,
        "published": story.published.isoformat(),
        "modified": edition.at.isoformat(),
        "title": text.title,
        "authors": list(text.authors),
        "credit": text.credit,
        "dateline": text.dateline,
        "caption": text.caption,
        "paragraphs": list(text.paragraphs),
        "kind": story.kind,
        "section": text.section,
        "completeness": story.completeness,
        "parents": [where[parent] for parent in story.parents],
        "trouble": story.trouble_at(now),
    }
