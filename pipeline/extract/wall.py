"""What answers with a page and is no article, and how one tells: each verdict names its evidence.

Two moments: before the body is looked for (the page says what it is, and its shape is taken), and after (there is no body, or its body is
a notice). The shape decides before words do, and words decide only several together (``stems``). Few false alarms matter more than many
finds: a long text with a headline is an article, whatever boxes stand around it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline import urls
from pipeline.errors import NotAnArticle
from pipeline.extract import (
    accounts,
    consent,
    declared,
    entries,
    gates,
    listing,
    missing,
    printed,
    shells,
    stems,
    structured,
    survey,
    titles,
)
from pipeline.extract.notices import NOTICES
from pipeline.extract.page import Page, content, line
from pipeline.extract.shapes import Shape
from pipeline.model import Completeness

if TYPE_CHECKING:
    from lxml.html import HtmlElement

SHORT = 600
"""Characters: a body below it may be a notice; one above it is read as an article."""
_LIST_PATH = re.compile(
    r"^/(?:tags?|topics?|author|authors|category|categories|search|account|login|signin|register|subscribe|newsletters?|archives?"
    r"|all-about|contribute)(?:/[^/]*){0,2}/?$",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?。」”\"…]\W*$")
_LISTS = {"CollectionPage", "SearchResultsPage", "ItemList", "ProfilePage"}
_CHALLENGES = ("challenge", "captcha", "cf-")
_CHALLENGE_MARKUP = (
    ".//*[@id='challenge-form' or @id='challenge-running' or @id='cf-challenge-running' or @id='px-captcha' or contains(@class,"
    " 'cf-browser-verification') or contains(@id, 'cf-error-details') or contains(@class, 'g-recaptcha-page')]"
)


# Scripts that only the challenge itself loads: the sensors of the same vendors stand on every page they guard.
_CHALLENGE_SCRIPT = (
    ".//script[contains(@src, 'captcha-delivery.com/') or contains(@src, '/cdn-cgi/challenge-platform/h/') or"
    " contains(text(), 'captcha-delivery.com')]"
    " | .//iframe[contains(@src, '_Incapsula_Resource') or contains(@src, 'captcha-delivery.com')]"
)
NOTICE = 160  # letters of a status without anything built for it: brief news may say the same
SCRAP = 20  # code points: not a sentence in any script


def before(page: Page) -> Shape | None:
    """The page's shape, or None for most: they hold so much prose that there is nothing to tell. Raises NotAnArticle for a page that says
    it is something else, in its title or by its markup, before pruning hides it."""
    if evidence := consent.address(page.url):
        raise _verdict(page, "consent", evidence)
    if not page.articles and page.says(_CHALLENGES) and page.tree.xpath(_CHALLENGE_MARKUP):
        raise _verdict(page, "challenge", "markup of a bot challenge")
    if not page.articles and (page.things or page.props) and (evidence := declared.no_story(page)):
        raise _verdict(page, "section", evidence)
    if (size := survey.paragraphs(page)) > survey.PLAINLY:
        return None
    shape = survey.shape(page, all_zones=size <= 2 * SHORT)
    size = shape.prose()
    if not page.articles and (evidence := printed.stock(page, shape) or printed.trace(shape)):
        raise _verdict(page, "error-page", evidence)
    if page.articles or size > 2 * SHORT:
        return shape
    if page.tree.xpath(_CHALLENGE_SCRIPT):
        raise _verdict(page, "challenge", "the script of a bot challenge and hardly a text beside it")
    names = _plain(missing.status(page))
    for kind in ("challenge", "not-found", "error-page", "parked", "consent"):
        story = size > SHORT / 2 and shape.dated
        if kind in _STATUS | {"challenge"} and (size > SHORT / 2 or missing.is_headlined(page)):
            story = story or missing.reports(shape)
        if not story and (found := NOTICES[kind].search(names)):
            raise _verdict(page, kind, f"the title says {found[0]!r}")
    return shape


def _plain(said: str) -> str:
    """With straight apostrophes, as the phrases are written."""
    return said.replace("’", "'")


def _letter(page: Page, text: str) -> None:
    """A letter that asks for consent, longer than other walls are."""
    if consent.may_open(text) and (evidence := consent.wall(survey.shape(page), text, declared=False)):
        raise _verdict(page, "consent", evidence)


def after(page: Page, shape: Shape | None, text: str, title: str, text_from: str = "page") -> tuple[str, Completeness]:
    """The body without what a gate says, and how whole it is. Raises NotAnArticle."""
    if shape is None:
        if text:
            if len(text) < SCRAP:  # many letters, none of which make a sentence
                raise _verdict(page, "empty", f"its only text is {text!r}")
            if not _is_article(page):
                _letter(page, text)
            _section(page, text, title)
            return text, "full"
        shape = survey.shape(page)
    if text_from != "page" and text:  # given in JSON or by a feed: what is built around it tells nothing
        return text, "truncated" if _CUT.search(text) and len(text) < SHORT else "full"
    declared = _is_article(page)
    if shape.prose() > 2 * SHORT and not declared:
        _letter(page, text)
    text = text or shape.written()
    own = shape.own(text)
    gate = gates.gate(page, shape, own) if max(own, len(text)) < 4 * SHORT else None
    if own < 2 * SHORT:
        _walls(page, shape, text, gate, declared=declared)
    if gate:
        kept = gates.beginning(shape, text, title, gate)
        if gates.shows_nothing(shape, kept):
            sold = stems.of("\n".join(gate.lines).lower()) & {"subscribe", "price"}
            raise _verdict(page, "paywall" if sold else "login", gate.evidence)
        return "\n".join(kept), "truncated"
    if own < SHORT:
        _notices(page, shape, text, declared=declared)
    _section(page, text, title, shape)
    return text, "truncated" if _CUT.search(text) and len(text) < SHORT else "full"


_STATUS = frozenset(("not-found", "error-page"))
_CUT = re.compile(r"(?:\.\.\.|…|\[…\])$")


def _walls(page: Page, shape: Shape, text: str, gate: gates.Gate | None, *, declared: bool) -> None:
    """What stands before an article: a question, a check, a form."""
    if evidence := consent.question(page, text, declared=declared) or consent.wall(shape, text, declared=declared):
        raise _verdict(page, "consent", evidence)
    if not page.articles and (evidence := missing.at_length(page, shape)):
        raise _verdict(page, "not-found", evidence)
    if not declared and not shape.password and (evidence := missing.check(page, shape)):
        raise _verdict(page, "challenge", evidence)
    if not (shape.stamped and listing.is_story(page, shape)) and (evidence := accounts.sign_in(page, shape, text)):
        raise _verdict(page, "paywall" if gate and "price" in stems.of("\n".join(gate.lines).lower()) else "login", evidence)


def _notices(page: Page, shape: Shape, text: str, *, declared: bool) -> None:
    """What stands where an article should."""
    if not declared or len(text) < 200 or missing.apologises(page, shape):
        if evidence := missing.printed_at(shape):
            raise _verdict(page, "error-page", evidence)
        if evidence := missing.missing(page, shape):
            raise _verdict(page, "not-found", evidence)
        if evidence := missing.broken(page, shape):
            raise _verdict(page, "error-page", evidence)
        said = gates.unquoted(_plain(f"{missing.status(page)}\n{text or shape.said()}"))
        for kind in ("challenge", "not-found", "error-page", "parked", "empty-shell", "consent", "login"):
            if (
                len(said) < (SHORT if kind not in _STATUS or shape.bare else NOTICE)
                and not shape.dated
                and (found := NOTICES[kind].search(said))
                and not (kind == "challenge" and missing.reports(shape))
            ):
                raise _verdict(page, kind, f"its only text says {found[0]!r}")
    _nothing(page, shape, text, declared=declared)


def _nothing(page: Page, shape: Shape, text: str, *, declared: bool) -> None:
    """What has no text of its own."""
    own_ = shape.own(text)
    if shells.only_about_scripts(text):
        raise _verdict(page, "empty-shell", f"its only text asks for scripts: {text[:80]!r}")
    if declared and shape.cards > 3 and not own_ and (evidence := listing.hint(page)):
        raise _verdict(page, "section", evidence)
    if found_ := shells.shell(page, shape, text, declared=declared):
        raise _verdict(page, *found_)
    if not declared and (evidence := missing.nowhere(page, shape)):
        raise _verdict(page, "error-page", evidence)
    if not text and shape.cards < 4:
        raise _verdict(page, "empty", "no text was found")
    if len(text) < SCRAP and not declared and shape.cards < 4:
        raise _verdict(page, "empty", f"its only text is {text!r}")


def _is_article(page: Page) -> bool:
    return bool(page.articles) or (page.meta("og:type") or "").lower() == "article" or "articleBody" in page.props


def _section(page: Page, text: str, title: str, shape: Shape | None = None) -> None:
    """Home pages, tag and section pages: the address or the page says so, no article is declared, and what reads as a body is a list."""
    home = bool(page.url) and urls.is_home(page.url)
    if page.articles and not home:
        return
    if shape is not None and (evidence := entries.evidence(page, shape)):
        raise _verdict(page, "section", evidence)
    if _declared(page) and not home and not (shape is not None and listing.is_topic(page, shape)):
        return
    if shape is not None and (evidence := listing.vacancy(page, shape)):
        raise _verdict(page, "section", evidence)
    if shape is not None and not home and listing.is_story(page, shape):
        return
    headings = [node for node in page.tree.iter("h2", "h3", "h4") if _is_link(node)]
    prose = _prose(text, headings)
    path = re.sub(r"^https?://[^/]+", "", page.url).partition("?")[0]
    kinds = {kind for thing in page.things for kind in structured.types(thing)}
    if home and (len(headings) > 5 or prose < SHORT):
        raise _verdict(page, "section", f"the front page of {page.domain}")
    if _LIST_PATH.match(path) and (len(headings) > 3 or prose < SHORT):
        raise _verdict(page, "section", f"the address is a list's ({path})")
    if kinds & _LISTS and len(headings) >= 5 and prose < 3 * SHORT:
        raise _verdict(page, "section", f"the page declares itself a {min(kinds & _LISTS)}")
    if len(headings) >= 8 and prose < SHORT and not page.meta("article:published_time", "author"):
        raise _verdict(page, "section", f"{len(headings)} linked headings and {prose} characters of prose")
    if evidence := (listing.cards(page, shape, text) if shape else None) or listing.evidence(page, text, title):
        raise _verdict(page, "section", evidence)


def _declared(page: Page) -> bool:
    return (page.meta("og:type") or "").lower() == "article"


def _is_link(heading: HtmlElement) -> bool:
    return heading.find(".//a") is not None or any(up.tag == "a" for up in heading.iterancestors())


def _prose(text: str, headings: list[HtmlElement]) -> int:
    """Characters in whole sentences that stand in no card (a linked heading with a few words beside it)."""
    around = dict.fromkeys(up for node in headings[:60] if (up := node.getparent()) is not None)
    cards = " ".join(said for up in around if len(said := content(up)) < SHORT)
    lines = (said for said in text.split("\n") if len(said) > 80 and _SENTENCE.search(said))
    return sum(len(said) for said in lines if said not in cards)


def _verdict(page: Page, kind: str, evidence: str) -> NotAnArticle:
    said = titles.fold(page.head_title)[:80]
    return NotAnArticle(line(f"not an article but {kind}: {evidence}" + (f" (titled {said!r})" if said else "")), url=page.url, reason=kind)
