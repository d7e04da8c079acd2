"""Which address names the article: the page's own word where it can be believed."""

from __future__ import annotations

import re

from pipeline import urls
from pipeline.extract import structured
from pipeline.extract.page import Page


def address(page: Page) -> tuple[str, str, str | None]:
    """The article's address, where it was found, and the address of an original elsewhere.

    A canonical link on the same registrable domain that is no front page names the article; on another it is evidence of origin.
    """
    base = _joined(page.url, page.base) or page.url
    stated = [("link", page.link("canonical")), ("og", page.meta("og:url"))]
    stated += [("json-ld", structured.address(thing.get(key))) for thing in page.articles[:1] for key in ("url", "mainEntityOfPage")]
    origin: str | None = None
    own = urls.outlet(page.url) if page.url else None
    for where, said in stated:
        full = _joined(base, said)
        if full is None or urls.is_home(full) or _is_section_of(full, page.url):
            continue
        domain = urls.outlet(full)
        if own is None or domain == own:
            return urls.canonical(full), where, origin
        if where == "link" and origin is None:
            origin = urls.canonical(full)
    return (_canonical(page.url) if page.url else ""), "url", origin


def origin(page: Page, found: str | None) -> str | None:
    """Where a copy says it comes from: a canonical link elsewhere, syndication-source, original-source."""
    if found:
        return found
    for name in ("syndication-source", "original-source"):
        full = _joined(page.url, page.meta(name))
        if full and urls.outlet(full) != urls.outlet(page.url) and not urls.is_home(full):
            return urls.canonical(full)
    return None


def absolute(page: Page, link: str | None) -> str | None:
    """A link of the page as an address; None for what is no http(s) address."""
    return _joined(_joined(page.url, page.base) or page.url, link)


def _joined(base: str, link: str | None) -> str | None:
    if not link:
        return None
    try:
        return urls.join(base, link) if base else urls.cleaned(link)
    except ValueError:
        return None


def _canonical(url: str) -> str:
    try:
        return urls.canonical(url)
    except ValueError:
        return url


def _is_section_of(canonical: str, url: str) -> bool:
    """A canonical link that is a folder above the page's own address names the section, not the page."""
    one, other = (re.sub(r"^https?://(?:www\.|m\.)?|[?#].*$", "", link).rstrip("/") for link in (canonical, url))
    return (
        bool(url) and other.startswith(one + "/") and not re.fullmatch(r"(?:amp|print|pdf|index\.\w+|\d+|all|full)", other[len(one) + 1 :])
    )
