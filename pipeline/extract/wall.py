"""What answers with a page and is no article, and how one tells: each verdict names its evidence.

Two moments: before the body is looked for (the page says what it is), and after (there is no body, or its body is a notice). Few false
alarms matter more than many finds: a long text with a headline is an article, whatever boxes stand around it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pipeline import urls
from pipeline.errors import NotAnArticle
from pipeline.extract import consent, listing, structured, titles
from pipeline.extract.notices import NOTICES, PAYWALL_WORDS, holds, paywall
from pipeline.extract.page import Page, content, line
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
_SPEAKING = ("p", "div", "span", "a", "li", "h1", "h2", "h3", "h4", "h5", "button", "strong", "b", "em", "section", "aside", "td", "label")
_SILENT = {"script", "style", "template", "nav", "footer", "svg", "option"}
MAX_NOTICE = 20_000
_LISTS = {"CollectionPage", "SearchResultsPage", "ItemList", "ProfilePage"}
_MARKERS = (
    ".//*[contains(@class, 'paywall') or contains(@id, 'paywall') or contains(@class, 'regwall') or contains(@class, 'piano-') or"
    " contains(@id, 'piano-') or contains(@class, 'subscriber-only') or contains(@class, 'premium-wall')]"
)
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
_LOGIN = re.compile(
    r"\b(?:log ?in|sign ?in|welcome back|anmeld\w+|einloggen|connexion|se connecter|identifiez-vous|iniciar sesión|accedi|entrar|inloggen"
    r"|zaloguj|logga in|logg inn?|вход|войти|přihlášení)\b",
    re.IGNORECASE,
)
SCRAP = 20  # code points: not a sentence in any script


def before(page: Page) -> None:
    """Raises NotAnArticle for a page that says it is something else, in its title or by its markup, before pruning hides it."""
    if evidence := consent.address(page.url):
        raise _verdict(page, "consent", evidence)
    names = _plain(f"{page.head_title} | {' | '.join(page.headings[:2])}"[:400])
    if not page.articles and page.says(_CHALLENGES) and page.tree.xpath(_CHALLENGE_MARKUP):
        raise _verdict(page, "challenge", "markup of a bot challenge")
    if page.articles or _has_prose(page):
        return
    if page.tree.xpath(_CHALLENGE_SCRIPT):
        raise _verdict(page, "challenge", "the script of a bot challenge and hardly a text beside it")
    if page.tree.find(".//input[@type='password']") is not None and (found := _LOGIN.search(page.head_title)):
        raise _verdict(page, "login", f"the title says {found[0]!r} and a form asks for a password")
    for kind in ("challenge", "not-found", "error-page", "parked", "consent"):
        if found := NOTICES[kind].search(names):
            raise _verdict(page, kind, f"the title says {found[0]!r}")
    if not _is_article(page) and (evidence := consent.question(page, "\n".join(_frameless(page.tree)), declared=False)):
        raise _verdict(page, "consent", evidence)


def _plain(said: str) -> str:
    """With straight apostrophes, as the phrases are written."""
    return said.replace("’", "'")


def _has_prose(page: Page) -> bool:
    size = 0
    for node in page.tree.iter("p"):
        size += len("".join(node.itertext()).strip())
        if size > 2 * SHORT:
            return True
    return False


def after(page: Page, text: str, title: str, notice: str) -> Completeness:
    """How whole the article is. ``notice``: the page's text before pruning, for what it says beside the body. Raises NotAnArticle."""
    walled = _walled(page, notice)
    if evidence := consent.question(page, text, declared=_is_article(page)):
        raise _verdict(page, "consent", evidence)
    if not text:
        raise _nothing(page, notice, walled)
    if len(text) < SCRAP and not _is_article(page):
        raise _verdict(page, "empty", f"its only text is {text!r}")
    short = len(text) < SHORT
    if not short:
        _section(page, text, title)
        return "truncated" if walled and len(text) < 4 * SHORT else "full"
    said = _plain(f"{title}\n{text}")
    for kind in ("challenge", "not-found", "error-page", "parked", "empty-shell", "consent", "login"):
        found = NOTICES[kind].search(said)
        if found and (not _is_article(page) or (len(text) < 200 and kind != "consent")):
            raise _verdict(page, kind, f"its only text says {found[0]!r}")
    only = "\n".join(part for part in text.split("\n") if not paywall(part))
    if walled and len(only) < 80:
        raise _verdict(page, "paywall", walled)
    _section(page, text, title)
    if walled:
        return "truncated"
    return "truncated" if re.search(r"(?:\.\.\.|…|\[…\])$", text) else "full"


def _is_article(page: Page) -> bool:
    return bool(page.articles) or (page.meta("og:type") or "").lower() == "article" or "articleBody" in page.props


def _walled(page: Page, notice: str) -> str | None:
    """Evidence of a paywall, for a person. ``isAccessibleForFree`` is a hint: it needs words or markup beside it."""
    free = any(str(value).strip().lower() == "true" for thing in page.articles for value in [thing.get("isAccessibleForFree")])
    free = free or (page.meta("article:content_tier") or "").lower() == "free"
    if not free and (found := paywall(notice)):
        return f"the page says {found[0]!r}"
    hinted = any(str(value).strip().lower() == "false" for thing in page.articles for value in [thing.get("isAccessibleForFree")])
    tier = (page.meta("article:content_tier") or "").lower()
    if (hinted or tier in {"locked", "metered"}) and page.tree.xpath(_MARKERS):
        return "the article is marked as not free, and a paywall stands on the page"
    return None


def _nothing(page: Page, notice: str, walled: str | None) -> NotAnArticle:
    """There is no body: what is there instead."""
    notice = _plain(notice or _without_frame(page.tree))
    for kind in ("challenge", "consent", "not-found", "error-page", "parked", "login"):
        if len(notice) < 3 * SHORT and (found := NOTICES[kind].search(_plain(f"{page.head_title}\n{notice}"))):
            return _verdict(page, kind, f"the page says {found[0]!r}")
    if walled:
        return _verdict(page, "paywall", walled)
    if page.scripts and len(notice) < 300:
        return _verdict(page, "empty-shell", f"{page.scripts} scripts and {len(notice)} characters of text")
    return _verdict(page, "empty", "no text was found")


def _section(page: Page, text: str, title: str) -> None:
    """Home pages, tag and section pages: the address or the page says so, no article is declared, and what reads as a body is a list."""
    home = bool(page.url) and urls.is_home(page.url)
    if (page.articles and not home) or (_declared(page) and not home):
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
    if evidence := listing.evidence(page, text, title):
        raise _verdict(page, "section", evidence)


def _declared(page: Page) -> bool:
    return (page.meta("og:type") or "").lower() == "article"


def _is_link(heading: HtmlElement) -> bool:
    return heading.find(".//a") is not None or any(up.tag == "a" for up in heading.iterancestors())


def _prose(text: str, headings: list[HtmlElement]) -> int:
    """Characters in whole sentences that stand in no card (a linked heading with a few words beside it)."""
    cards = " ".join(said for node in headings[:60] if (up := node.getparent()) is not None and len(said := content(up)) < SHORT)
    lines = (said for said in text.split("\n") if len(said) > 80 and _SENTENCE.search(said))
    return sum(len(said) for said in lines if said not in cards)


def notice(page: Page) -> str:
    """What the page says beside its body, as far as it may be about a wall; "" when it can hardly be: most pages.

    The masthead, the menu and the foot do not count: terms of use speak of subscribers on every page.
    """
    body = page.tree.find("body")
    body = body if body is not None else page.tree
    said = " ".join(body.itertext(*_SPEAKING))
    return "" if len(said) > 3 * SHORT and not holds(said, PAYWALL_WORDS) else _without_frame(body)


def _without_frame(body: HtmlElement) -> str:
    return line(" ".join(_frameless(body)))[:MAX_NOTICE]


def _frameless(body: HtmlElement) -> list[str]:
    """What a page says outside its menu and foot, piece by piece."""
    parts: list[str] = []
    waiting: list[Any] = [body]
    size = 0
    while waiting and size < MAX_NOTICE:
        node = waiting.pop()
        if isinstance(node, str):
            parts.append(node)
            size += len(node)
            continue
        if node.text:
            parts.append(node.text)
        for child in reversed(node):
            waiting.append(child.tail or "")
            if child.tag not in _SILENT:
                waiting.append(child)
    return parts


def _verdict(page: Page, kind: str, evidence: str) -> NotAnArticle:
    said = titles.fold(page.head_title)[:80]
    return NotAnArticle(line(f"not an article but {kind}: {evidence}" + (f" (titled {said!r})" if said else "")), url=page.url, reason=kind)
