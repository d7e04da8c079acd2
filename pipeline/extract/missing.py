"""Pages that say that there is nothing: missing ones with status 200, works and errors, checks for robots.

All are short, undated, and say one thing; each is told by how it is built and by what nearly all of its sentences are about.
"""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import unquote, urlsplit

from pipeline.extract import declared, printed, stems, titles
from pipeline.extract.gates import unquoted
from pipeline.extract.page import Page
from pipeline.extract.shapes import OTHER, PARAGRAPH, Shape, weight
from pipeline.extract.shells import SCRAP, SCRIPTED

SHORT = 600  # letters of a notice
HEADLINE = 2  # words of a title beside its status that make a headline
REST = 150  # letters of it that speak of something else
CHECK = 1000  # letters of a check for robots, with its explanations
HOME = 220  # letters before the way home
BADGES = 3  # pictures among which a logo is
SAME_WORDS = 3
_CHECKERS = re.compile(
    r"captcha|challenge|anubis|turnstile|\bwaf\b|ddos|datadome|perimeterx|incapsula|imperva|akamai|botmanager"
    r"|bot-?(?:check|detect|manag)|sec-?check|hcaptcha"
    r"|proof-?of-?work|\bpow\b|__cf_chl|_cf_chl_opt|/cdn-cgi/|kasada|distil|reblaze|fingerprint|altcha"
    r"|friendly-?captcha|go-?away|sucuri|stackpath|geetest",
    re.IGNORECASE,
)
# What the vendors' scripts fill with a riddle; a form for comments or letters has one too.
_WIDGETS = (
    "g-recaptcha",
    "h-captcha",
    "cf-turnstile",
    "captcha-form",
    "captcha-container",
    "px-captcha",
    "geetest",
    "arkose",
    "funcaptcha",
    "aws-waf",
)
_ID = re.compile(r"\d{4}|-.*-.*-")  # what an address of a story holds
_SENTENCE = re.compile(r"(?<=[.!?。।؟])\s*")
_PARTS = re.compile(r"\s[-–—|·•»›]\s|[|｜]\s?")
_ERROR = re.compile(
    r"(?:error|errore?|erro|fehler|erreur|fout|fel|feil|fejl|virhe|błąd|chyba|hiba|hata|ошибка|помилка|грешка"
    r"|greška|napaka|eroare|σφάλμα|خطأ|שגיאה|त्रुटि"
    r"|错误|錯誤|エラー|오류|ข้อผิดพลาด|lỗi|kesalahan)[ :#]{0,2}(?:[45]\d\d)?!?",
    re.IGNORECASE,
)


def check(page: Page, shape: Shape) -> str | None:
    """Why a page is a check for robots: by its scripts and fields, or by what it asks, and leading nowhere else."""
    size = shape.prose()
    widget = page.says(_WIDGETS)
    if size > (2 * CHECK if shape.bare else CHECK) or shape.links > 6 or shape.cards > (1 if shape.bare else 0):
        return None
    said = unquoted(f"{page.head_title}\n{shape.said()}\n{shape.silent}").lower()
    asks = stems.notion("human").search(said)
    scripted = any(
        _CHECKERS.search(f"{node.get('src') or ''} {node.get('id') or ''} {(node.text or '')[:3000]}") for node in page.tree.iter("script")
    )
    hidden = "noindex" in (page.meta("robots") or "").lower() or "refresh" in page.metas
    form = shape.bare or shape.typed or bool(shape.buttons) or bool(shape.zones & {"form", "dialog", "waiting"})
    titled = stems.notion("human").search(unquoted(page.head_title).lower())
    if shape.bare and asks and (widget or titled or scripted) and not shape.dated:
        return f"it leads nowhere and asks whether a person reads ({asks[0]!r})"
    if size > CHECK:
        return None
    if widget and size < SHORT / 2 and not (shape.dated or is_headlined(page)):
        return "a riddle for robots, and hardly a text beside it"
    if asks and not reports(shape) and (scripted or hidden or (form and size < SHORT and not shape.dated)):
        return f"it asks whether a person reads ({asks[0]!r})"
    account = stems.of(unquoted("\n".join((page.head_title, *page.headings[:1]))).lower()) & {"login", "register"}
    if shape.bare and shape.typed and SCRAP < size < SHORT and not (shape.dated or shape.password or shape.asked or account):
        return "a page that leads nowhere wants something typed"
    if shape.bare and SCRIPTED.search(said) and "cookie" in said and not shape.dated:
        return "a page that leads nowhere asks for scripts and cookies"
    if scripted and hidden and size < SHORT / 2 and not shape.dated:
        return "the script of a check for robots, and hardly a text beside it"
    return None


def reports(shape: Shape) -> bool:
    """Whether a page that leads elsewhere has paragraphs that speak of other things: then it is a story about the matter."""
    if shape.bare:
        return False
    size = lines = 0
    for said in shape.lines:
        if said.is_prose and not said.card and said.part in ("p", "div") and said.size >= PARAGRAPH and not said.zones & OTHER:
            lower = unquoted(said.text).lower()
            if not any(stems.notion(name).search(lower) for name in ("human", "missing", "broken", "away")):
                size, lines = size + said.size, lines + 1
    return lines > 1 and size > REST


def status(page: Page) -> str:
    """What the title and the headings say of the page itself: nothing, when they have a headline beside it; what is quoted, and the
    outlet's name, do not count."""
    site = titles.fold(page.meta("og:site_name") or "")
    host = re.sub(r"\W", "", page.url.partition("://")[2].partition("/")[0])
    kept = []
    for said in (page.head_title, *page.headings[:2]):
        parts = [part for part in _PARTS.split(unquoted(said)[:300]) if part.strip()]
        other = [part for part in parts if (folded := titles.fold(part)) and folded != site and folded.replace(" ", "") not in host]
        if not any(_is_headline(part) for part in other):
            kept.append(" | ".join(other))
    return "\n".join(kept)


def _is_headline(part: str) -> bool:
    """Whether a part of a title is a story's: several words behind a colon that say nothing of a page."""
    _, colon, rest = part.partition(":")
    if not colon or len(rest.split()) < HEADLINE:
        return False
    return not any(stems.notion(name).search(rest.lower()) for name in ("missing", "broken", "human", "away"))


def missing(page: Page, shape: Shape) -> str | None:
    """Why a page is a missing one, or None."""
    size = shape.prose("waiting")
    if size > SHORT:
        return None
    said = status(page).lower()
    titled = stems.notion("missing").search(said)
    size, rest, found = _about(shape, "missing")
    if _withdrawn(page, shape):
        return f"its first sentence says {found!r}, and its title is not its headline"
    built, home = "missing" in shape.zones, "home" in shape.hrefs
    if evidence := _marked(page, shape, size):
        return evidence
    structured = built or home or shape.bare or (shape.cards > 2 and bool(titled) and not page.meta("author"))
    if rest > (REST if structured else REST / 3):
        return None
    if found and not rest and size < HOME / 2 and not shape.dated and not page.meta("author"):
        return f"it says no more than {found!r}"
    if (titled and not shape.dated) or ((titled or found) and structured):
        return f"it says {(titled[0] if titled else found)!r}"
    if built and size < SHORT / 2 and not shape.dated:
        return "it is built as a page for what is not there"
    if home and SCRAP < size < HOME and not shape.dated and not page.meta("author") and not shape.buttons and not _is_titled(page):
        return "its few words lead back to the front page"
    return None


def at_length(page: Page, shape: Shape) -> str | None:
    """Why a page that makes many words of it is a missing one, or None: neither the title nor the address knows its headline, the title
    apologises, and most of its sentences say that a page is not there and where one may go instead."""
    if shape.dated or page.meta("author", "article:published_time") or _is_titled(page) or names_story(page):
        return None
    said = status(page).lower()
    if not (stems.notion("missing").search(said) or stems.notion("away").search(said)):
        return None
    size, rest, found = _about(shape, "missing")
    ways = sum(1 for line in shape.lines if line.is_prose and not line.card and stems.notion("away").search(unquoted(line.text).lower()))
    return f"it says {found!r} and leads elsewhere" if found and ways > 1 and 2 * rest < size <= 2 * SHORT else None


def apologises(page: Page, shape: Shape) -> bool:
    """Whether an undated page is titled as a missing one: then a template has declared it an article."""
    if page.articles or shape.dated or page.meta("author", "article:published_time"):
        return False
    return stems.notion("missing").search(status(page).lower()) is not None


def _marked(page: Page, shape: Shape, size: int) -> str | None:
    """Why a page with a few undated words is a missing one, by what it tells programs."""
    if size > HOME or shape.stamped or page.meta("author", "article:published_time"):
        return None
    if found := declared.sorts(page).get("not-found"):
        return found
    if declared.is_home_for_search(page):
        return "it tells search engines that it is the front page"
    return None


def _withdrawn(page: Page, shape: Shape) -> bool:
    """Whether the first sentence says that the page is gone, below a headline that neither the title nor the address knows."""
    if shape.dated or page.meta("author") or _is_titled(page) or _is_headed(page, shape) or names_story(page):
        return False
    first = next((said for said in shape.lines if said.is_prose and not said.card), None)
    if first is None:
        return False
    opening = unquoted(_SENTENCE.split(first.text, 1)[0]).lower()
    return weight(opening) < HOME and stems.notion("missing").search(opening) is not None


def names_story(page: Page) -> bool:
    """Whether the address holds the headline's words: then the page is a story's."""
    slug = set(titles.fold(unquote(urlsplit(page.url).path.rstrip("/").rpartition("/")[2]).replace("-", " ").replace("_", " ")).split())
    return any(len(slug & set(titles.fold(said).split())) > SAME_WORDS for said in page.headings[:2])


def _is_titled(page: Page) -> bool:
    """Whether its heading is its title, as a story's is."""
    head = titles.fold(page.head_title)
    return any(len((folded := titles.fold(said)).split()) > 1 and folded in head for said in page.headings[:2])


def _is_headed(page: Page, shape: Shape) -> bool:
    """Whether a page without a heading has its title printed above its text."""
    head = titles.fold(page.head_title)
    lines = (titles.fold(said.text) for said in shape.lines if not said.card) if not page.headings else ()
    return any(len(said.split()) > SAME_WORDS and said in head for said in lines)


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
            if not told and not (
                stems.notion("away").search(lower) or stems.notion("missing").search(lower) or stems.notion("broken").search(lower)
            ):
                rest += said.size
    return size, rest, found


def printed_at(shape: Shape) -> str | None:
    """What a program says among the few words of a page, or None: an undated page with little else."""
    if shape.dated or shape.prose("waiting") > SHORT or reports(shape) or rest_of(shape, printed.SURE) >= 2 * REST:
        return None
    said = printed.SURE.search(unquoted(shape.said()))
    return f"it says {said[0]!r}" if said else None


def rest_of(shape: Shape, pattern: re.Pattern[str]) -> int:
    """Letters of prose in the lines that do not fit."""
    return sum(said.size for said in shape.lines if not said.card and said.is_prose and not pattern.search(said.text))


def broken(page: Page, shape: Shape) -> str | None:
    """Why a page is an error or a notice of works, or None."""
    if shape.prose("waiting") > SHORT:
        return None
    named = status(page).lower()
    parts = (part.strip() for part in re.split(r" \| |\n", named))
    titled = stems.notion("broken").search(named) or next((match for part in parts if (match := _ERROR.fullmatch(part))), None)
    body = page.tree.find("body")
    built = shape.bare or "broken" in shape.zones or (body is not None and "error" in (body.get("id") or ""))
    _, rest, found = _about(shape, "broken")
    strange = bool(page.headings) and not (_is_titled(page) or names_story(page) or page.meta("author"))
    of_works = strange and bool(found) and rest <= REST / 3  # then a day is theirs
    if titled and shape.bare and (of_works or not shape.dated) and not page.meta("author") and not is_headlined(page):
        return f"it leads nowhere and is headed by {titled[0]!r}"
    if rest > (REST if built or strange else REST / 3) or shape.dated:
        return None
    if titled or (found and (built or "missing" in shape.zones or shape.buttons)):
        return f"it says {(titled[0] if titled else found)!r}"
    return "it is built as a notice of works" if "broken" in shape.zones and not shape.bare else None


def is_headlined(page: Page) -> bool:
    """Whether a page's heading is a story's: of several words, and its title too."""
    return _is_titled(page) and len(page.headings[0].split()) > HEADLINE + 1


def nowhere(page: Page, shape: Shape) -> str | None:
    """Why a page is a notice, in words that are not known: it leads nowhere and loads itself again, or its title is the outlet's name; or
    it leads elsewhere and has that title at a story's address, with a few words."""
    if shape.dated or page.meta("author") or is_headlined(page) or not SCRAP < shape.prose("waiting") < SHORT / 2:
        return None
    if not shape.bare:
        few = shape.prose("waiting") < HOME and bool(page.headings) and _ID.search(urlsplit(page.url).path) is not None
        return "a few words where a story should stand, and its title is the outlet's name" if few and _is_outlets(page) else None
    if "refresh" in page.metas:
        return "it leads nowhere and loads itself again"
    headline = any(len(said.split()) > 2 * HEADLINE for said in page.headings[:1])
    return "it leads nowhere, and its title is the outlet's name" if _is_outlets(page) and not headline else None


def _is_outlets(page: Page) -> bool:
    """Whether a page's title is only the outlet's name: as on its logo, or as its host."""
    said = titles.fold(page.head_title)
    host = re.sub(r"\W", "", page.url.partition("://")[2].partition("/")[0])
    known = {titles.fold(node.get("alt") or "") for node in islice(page.tree.iter("img"), BADGES)} | {
        titles.fold(page.meta("og:site_name") or "")
    }
    return bool(said) and said not in {titles.fold(head) for head in page.headings} and (said in known or said.replace(" ", "") in host)
