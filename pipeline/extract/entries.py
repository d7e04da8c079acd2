"""What holds many things one below the other and tells of none: events, goods, letters to order, the hits of a search, readers' posts.

Stories have headings in a row too. Here each thing has the same beside it: a button, a price, a day.
"""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import parse_qsl, urlsplit

from lxml.html import HtmlElement

from pipeline.extract import declared, listing, stems, titles
from pipeline.extract.page import Page
from pipeline.extract.shapes import CARD, Line, Shape, weight

FEW = 3
WORDS = 4  # of a headline that names a sort of things
HEAD = 40  # letters of it
LABEL = 60  # letters beside a thing: what it costs, when it is, what one may do with it
GRIDS = 2  # tables of several rows and columns
INTRODUCED = 300  # letters above the first thing
DASHES = 2  # in an address that names a story
TOP = 4  # lines below a headline that tell what was looked for
_FORUM = re.compile(r"^https?://(?:forums?|foros?|boards?|community)\.|^https?://[^/]+/(?:[a-z]{2}/)?(?:forums?|foros?)/", re.IGNORECASE)
_POSTS = {"DiscussionForumPosting", "QAPage"}


def evidence(page: Page, shape: Shape) -> str | None:
    """Why a page that declares no article and no author is a list of things, or None."""
    if page.articles or page.meta("author", "article:published_time"):
        return None
    return _search(page, shape) or _forum(page, shape) or _things(page, shape) or _tables(page, shape)


def _search(page: Page, shape: Shape) -> str | None:
    """The address asks for words, the page is headed as a search is and repeats them."""
    asked = [titles.fold(value) for key, value in parse_qsl(urlsplit(page.url).query) if key.lower() in listing.SEARCH_KEYS]
    if not any(asked) or not (heading := listing.headed(page, shape)):
        return None
    at = shape.headline()
    said = titles.fold("\n".join((page.head_title, *page.headings[:2], *(line.text for line in shape.lines[at : at + TOP]))))
    found = next((words for words in asked if words and words in said), None)
    return f"its address asks for {found!r}, and it is headed by {heading!r}" if found else None


def _forum(page: Page, shape: Shape) -> str | None:
    """A forum beside what an outlet publishes; whoever watches one that is nothing else wants its posts. Its address says so, and its type
    or the same button and a day at each post."""
    if not _FORUM.match(page.url) or "forum" in (page.domain or ""):
        return None
    if declared.types(page) & _POSTS:
        return "its address is a forum's, and the page says that it holds readers' posts"
    below = _below(shape)
    return "its address is a forum's, and each post has a day and the same button" if min(_buttons(below), _days(below)) >= FEW else None


def _things(page: Page, shape: Shape) -> str | None:
    """Headings below one that names their sort, each with little text and the same beside it."""
    at = shape.headline()
    head = shape.lines[at].text if at < len(shape.lines) else ""
    if not head or len(head.split()) > WORDS or weight(head) > HEAD or re.search(r"\d", urlsplit(page.url).path):
        return None
    below = _below(shape)
    starts = [place for place, line in enumerate(below) if line.part in ("h2", "h3", "h4") and not line.leads_away]
    if len(starts) < FEW or _prose(below[: starts[0]]) > INTRODUCED:
        return None
    ends = [*starts[1:], len(below)]
    sizes = [_prose(below[start:end]) for start, end in zip(starts, ends, strict=True)]
    if max(sizes) > CARD or sum(size > 0 for size in sizes) < FEW:
        return None
    beside = {} if _is_stamped(below[: starts[0]], page) else {"a day": _days(below)}
    if not shape.dated:
        beside |= {"the same button": _buttons(below), "a price": _prices(below), "a box to tick": _boxes(page)}
    if not beside:
        return None
    what = max(beside, key=lambda name: beside[name])
    if beside[what] < max(FEW, len(starts) / 2):
        return None
    return f"{len(starts)} things stand below {head[:LABEL]!r}, {beside[what]} with {what}"


def _tables(page: Page, shape: Shape) -> str | None:
    """Results, prices, timetables: tables below a headline that names their sort, with hardly a sentence beside them, and an address that
    names no story."""
    at = shape.headline()
    head = shape.lines[at].text if at < len(shape.lines) else ""
    last = urlsplit(page.url).path.rstrip("/").rpartition("/")[2]
    if not head or len(head.split()) > WORDS or weight(head) > HEAD or last.count("-") > DASHES or re.search(r"\d{5}", last):
        return None
    grids = sum(
        1 for table in page.tree.iter("table") if table.find(".//table") is None and sum(len(row) > 2 for row in table.iter("tr")) > 1
    )
    cells = sum(line.size for line in shape.lines if line.part in ("td", "th"))
    beside = sum(line.size for line in shape.lines if line.is_prose and line.part not in ("td", "th"))
    if grids < GRIDS or beside > min(cells, INTRODUCED):
        return None
    return f"{grids} tables stand below {head[:LABEL]!r}, and {beside} characters beside them"


def _is_stamped(above: list[Line], page: Page) -> bool:
    """Whether a page may be a story for all its days: its address names one, or a day stands above its first sentence."""
    if urlsplit(page.url).path.rstrip("/").rpartition("/")[2].count("-") >= DASHES:
        return True
    first = next((at for at, line in enumerate(above) if line.is_prose), 0)
    return _days(above[:first]) > 0


def _below(shape: Shape) -> list[Line]:
    return [line for line in shape.lines[shape.headline() + 1 :] if not line.card]


def _prose(lines: list[Line]) -> int:
    return sum(line.size for line in lines if line.is_prose)


def _buttons(lines: list[Line]) -> int:
    """How often what may be done most often may be done."""
    acts = Counter(line.text for line in lines if line.size < LABEL and (line.part in ("button", "label") or line.leads_away))
    return max(acts.values(), default=0)


def _boxes(page: Page) -> int:
    """How many headings stand in the label of a box to tick, or beside one."""
    return sum(1 for head in page.tree.iter("h2", "h3", "h4") if (up := head.getparent()) is not None and _has_box(up))


def _has_box(node: HtmlElement) -> bool:
    """Whether an element holds one box and no more."""
    return sum(1 for box in node.iter("input") if (box.get("type") or "").lower() == "checkbox") == 1


def _labels(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line.size < LABEL and not line.is_prose]


def _prices(lines: list[Line]) -> int:
    return sum(1 for line in _labels(lines) if stems.notion("price").search(line.text.lower()))


def _days(lines: list[Line]) -> int:
    return sum(1 for line in _labels(lines) if listing.CARD_DAY.search(line.text) and not stems.notion("price").search(line.text.lower()))
