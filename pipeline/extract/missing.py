"""Pages that say that there is nothing: missing ones with status 200, works and errors, checks for robots, shells that a script would fill.

All are short, undated, and say one thing; each is told by how it is built and by what nearly all of its sentences are about.
"""

from __future__ import annotations

import re

from pipeline.extract import stems
from pipeline.extract.gates import unquoted
from pipeline.extract.page import Page
from pipeline.extract.shapes import Shape, weight

SHORT = 600  # letters of a notice
REST = 150  # letters of it that speak of something else
CHECK = 1000  # letters of a check for robots, with its explanations
SCRAP = 25  # letters that are no text yet
_CHECKERS = re.compile(
    r"captcha|challenge|anubis|turnstile|\bwaf\b|ddos|datadome|perimeterx|incapsula|imperva|akamai|botmanager|bot-?(?:check|detect|manag)|sec-?check|hcaptcha"
    r"|proof-?of-?work|\bpow\b|__cf_chl|_cf_chl_opt|/cdn-cgi/|kasada|distil|reblaze|fingerprint|altcha|friendly-?captcha|go-?away|sucuri|stackpath|geetest",
    re.IGNORECASE,
)
_SCRIPTED = re.compile(r"java ?script|джаваскрипт|जावास्क्रिप्ट", re.IGNORECASE)


def check(page: Page, shape: Shape) -> str | None:
    """Why a page is a check for robots: by its scripts and fields, or by what it asks, and leading nowhere else."""
    size = shape.prose()
    if size > CHECK or shape.links > 6 or shape.cards:
        return None
    said = unquoted(f"{page.head_title}\n{shape.said()}\n{shape.silent}").lower()
    asks = stems.notion("human").search(said)
    scripted = any(_CHECKERS.search(f"{node.get('src') or ''} {node.get('id') or ''} {(node.text or '')[:3000]}") for node in page.tree.iter("script"))
    hidden = "noindex" in (page.meta("robots") or "").lower() or "refresh" in page.metas
    if asks and (scripted or hidden or (size < SHORT and not shape.dated)):
        return f"it asks whether a person reads ({asks[0]!r})"
    if scripted and hidden and size < SHORT / 2 and not shape.dated:
        return "the script of a check for robots, and hardly a text beside it"
    return None


def missing(page: Page, shape: Shape) -> str | None:
    """Why a page is a missing one, or None."""
    size = shape.prose("waiting")
    if size > SHORT:
        return None
    titled = stems.notion("missing").search(unquoted("\n".join([page.head_title, *page.headings[:2]])).lower())
    size, rest, found = _about(shape, "missing")
    built, home = "missing" in shape.zones, "home" in shape.hrefs
    if rest > (REST if built or home else REST / 3):
        return None
    if (titled or found) and (built or home or titled or not shape.dated):
        return f"it says {(titled[0] if titled else found)!r}"
    if built and size < SHORT / 2 and not shape.dated:
        return "it is built as a page for what is not there"
    if home and size < SHORT / 2 and not shape.dated and not page.meta("author") and _leads_home(shape):
        return "its few words lead back to the front page"
    return None


def _about(shape: Shape, notion: str) -> tuple[int, int, str]:
    """Letters of prose, of that what is about something else, and what tells the notion."""
    size = rest = 0
    found = ""
    for said in shape.lines:
        if said.card or (said.leads_away and said.part not in ("h1", "h2", "h3")):
            continue
        lower = unquoted(said.text).lower()
        told = stems.notion(notion).search(lower)
        if told and not found:
            found = told[0]
        if said.is_prose:
            size += said.size
            if not told and not (stems.notion("away").search(lower) or stems.notion("missing").search(lower) or stems.notion("broken").search(lower)):
                rest += said.size
    return size, rest, found


def _leads_home(shape: Shape) -> bool:
    """The way home is the only one that the main part shows, beside other stories' and the search."""
    return shape.links - shape.cards <= 3


def broken(page: Page, shape: Shape) -> str | None:
    """Why a page is an error or a notice of works, or None."""
    if shape.prose("waiting") > SHORT:
        return None
    titled = stems.notion("broken").search(unquoted("\n".join([page.head_title, *page.headings[:2]])).lower())
    _, rest, found = _about(shape, "broken")
    built = "broken" in shape.zones or (page.tree.find("body") is not None and "error" in (page.tree.find("body").get("id") or ""))
    if rest > (REST if built else REST / 3) or not (titled or found or built):
        return None
    if built or titled or shape.links <= 3 or not shape.dated:
        return f"it says {(titled[0] if titled else found)!r}" if titled or found else "it is built as a notice of works"
    return None


def shell(page: Page, shape: Shape, text: str) -> tuple[str, str] | None:
    """The kind and why: there is no sentence on the page that is its own; what an extractor found is a menu."""
    if shape.prose("waiting", "form", "dialog") > SCRAP or shape.cards > 3:
        return None
    if any(weight(said) >= 60 and re.search(r"[.!?…。！？।]\W*$", said) for said in text.split("\n")):
        return None
    if "waiting" in shape.zones or _SCRIPTED.search(shape.silent) or page.scripts:
        return "empty-shell", f"{page.scripts} scripts and no sentence of its own"
    return "empty", "no sentence of its own"


def only_about_scripts(text: str) -> bool:
    """Whether a body only asks to turn scripts on, in any language: they all call them so."""
    return weight(text) < 300 and len(text.split("\n")) <= 3 and _SCRIPTED.search(text) is not None
