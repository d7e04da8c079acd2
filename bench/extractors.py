"""Ours and other extractors under one form: a page in; title, text, authors, date, language out; in processes that can be ended.

One process an extractor, so that none meets what another left in memory, and whoever hangs or crashes loses that page only.
"""

from __future__ import annotations

import gc
import importlib.util
import logging
import re
import resource
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Any

Row = dict[str, Any]
MEMORY = 4 * 2**30  # bytes of address space an extractor may have: a runaway must not take the machine
BLOCKS = frozenset(
    [
        *("p", "div", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "br", "hr", "pre"),
        *("table", "tr", "td", "th", "blockquote", "figure", "figcaption"),
    ]
)
WARM = "<html><head><title>A headline of a few words</title></head><body><article><h1>A headline of a few words</h1>" + (
    "<p>Some words that are enough to be read as text, and some more of them, said on Monday.</p>" * 9
)


# ── one function an extractor: (bytes, the same decoded, address) → the fields of `wirewatch extract --jsonl` ─────────────────────


def ours(html: bytes, _: str, url: str) -> Row:
    from pipeline.errors import NotAnArticle
    from pipeline.extract import extract
    from pipeline.model import Response

    try:
        article = extract(Response(url=url, requested_url=url, body=html, fetched_at=datetime.now(UTC)))
    except NotAnArticle as error:
        return {"error": {"kind": error.reason, "message": str(error)}}
    return {
        "title": article.title,
        "text": article.text,
        "authors": list(article.authors),
        "published": str(article.published) if article.published else None,
        "language": article.language,
        "provenance": dict(article.provenance),
        "completeness": article.completeness,
    }


def trafilatura(html: bytes, _: str, url: str) -> Row:
    import trafilatura

    found = trafilatura.bare_extraction(html, url=url or None, with_metadata=True)
    if found is None:
        return {}
    authors = [name.strip() for name in (found.author or "").split(";") if name.strip()]
    return {"title": found.title, "text": found.text, "authors": authors, "published": found.date, "language": found.language}


def readability(_: bytes, html: str, url: str) -> Row:
    import lxml.html
    from readability import Document

    found = Document(html, url=url or None)
    root = lxml.html.fromstring(found.summary())
    for element in root.iter():
        if element.tag in BLOCKS:
            element.tail = "\n" + (element.tail or "")
    return {"title": found.short_title(), "text": root.text_content()}


def resiliparse(_: bytes, html: str, __: str) -> Row:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse(html)
    text = extract_plain_text(tree, main_content=True, preserve_formatting=True, list_bullets=False, alt_texts=False)
    return {"title": tree.title, "text": text}


def newspaper4k(_: bytes, html: str, url: str) -> Row:
    import newspaper

    found = newspaper.Article(url or "https://page.example/", fetch_images=False)
    found.download(input_html=html)
    found.parse()
    return {
        "title": found.title,
        "text": found.text,
        "authors": list(found.authors),
        "published": found.publish_date.isoformat() if found.publish_date else None,
        "language": found.meta_lang,
    }


def news_please(_: bytes, html: str, url: str) -> Row:
    from newsplease import NewsPlease

    found = NewsPlease.from_html(html, url=url or None, fetch_images=False)
    return {
        "title": found.title,
        "text": found.maintext,
        "authors": list(found.authors or ()),
        "published": found.date_publish.isoformat() if found.date_publish else None,
        "language": found.language,
    }


Extractor = Callable[[bytes, str, str], Row]
OURS = "wirewatch"
EXTRACTORS: dict[str, tuple[Extractor, str]] = {
    OURS: (ours, "pipeline"),
    "trafilatura": (trafilatura, "trafilatura"),
    "readability-lxml": (readability, "readability"),
    "resiliparse": (resiliparse, "resiliparse"),
    "newspaper4k": (newspaper4k, "newspaper"),
    "news-please": (news_please, "newsplease"),
}
"""Name → the function and the module it needs."""


def _built() -> None:
    from pipeline.extract import warm_up

    warm_up()


def _built_of_trafilatura() -> None:
    from trafilatura.external import jt_stoplist_init

    jt_stoplist_init()


BUILT: dict[str, Callable[[], None]] = {OURS: _built, "trafilatura": _built_of_trafilatura}
"""What the first pages may not reach, and is built once (trafilatura's lists of stop words are made by both)."""


def is_here(name: str) -> bool:
    return importlib.util.find_spec(EXTRACTORS[name][1]) is not None


def decoded(html: bytes) -> str:
    """For those who take text: by what the page declares in its first kilobyte, else UTF-8. Not counted as anyone's work."""
    declared = re.search(rb"charset=[\"']?([\w-]+)", html[:4096])
    for encoding in ((declared[1].decode("ascii", "replace"),) if declared else ()) + ("utf-8",):
        try:
            return html.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return html.decode("utf-8", "replace")


# ── processes ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """What came of one page. ``cpu``: milliseconds; ``trouble``: it raised, died, or took too long."""

    said: Row
    cpu: float
    trouble: str = ""


class Lane:
    """An extractor in a process of its own, made again when it was ended. ``limit``: seconds a page may take."""

    def __init__(self, name: str, limit: float) -> None:
        self.name, self._limit = name, limit
        self._start()

    def _start(self) -> None:
        fork = get_context("fork")
        self._ours, theirs = fork.Pipe()
        self._process = fork.Process(target=_serve, args=(self.name, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def take(self, html: bytes, text: str, url: str) -> Took:
        """One page."""
        try:
            self._ours.send((html, text, url))
            if self._ours.poll(self._limit):
                said, cpu, trouble = self._ours.recv()
                return Took(said=said, cpu=cpu, trouble=trouble)
            trouble = "too long"
        except (EOFError, OSError):
            trouble = "died"
        self.end()
        self._start()
        return Took(said={}, cpu=1000 * self._limit if trouble == "too long" else 0.0, trouble=trouble)

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._ours.close()


def _serve(name: str, pipe: Any) -> None:
    """Pages in, answers out, until the other side is gone. Imports, and what is built at the first call, are not of a page."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    work = EXTRACTORS[name][0]
    _tried(work, WARM.encode(), WARM, "https://www.example.org/2024/05/03/a-headline-of-a-few-words")
    if name in BUILT:
        BUILT[name]()
    gc.collect()
    gc.freeze()  # what was there before the first page, the corpus among it, is nobody's work to go through again and again
    while True:
        try:
            asked = pipe.recv()
        except EOFError:
            return
        pipe.send(_tried(work, *asked))


def _tried(work: Extractor, html: bytes, text: str, url: str) -> tuple[Row, float, str]:
    begun = time.process_time()
    said, trouble = {}, ""
    try:
        said = work(html, text, url)
    except Exception as error:  # noqa: BLE001  # whatever another extractor raises is its answer
        trouble = type(error).__name__
    return said, 1000 * (time.process_time() - begun), trouble


def every(lanes: Sequence[Lane], html: bytes, url: str, turn: int) -> dict[str, Took]:
    """One page through all of them, one after the other, each page beginning with another one."""
    text, first = decoded(html), turn % len(lanes)
    return {lane.name: lane.take(html, text, url) for lane in (*lanes[first:], *lanes[:first])}
