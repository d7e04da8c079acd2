"""Pages that say that there is nothing: missing ones with status 200, works and errors, checks for robots, shells that a script would fill.

All are short, undated, and say one thing; each is told by how it is built and by what nearly all of its sentences are about.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from pipeline.extract import printed, stems, titles
from pipeline.extract.gates import unquoted
from pipeline.extract.page import Page
from pipeline.extract.shapes import OTHER, PARAGRAPH, Shape, weight

SHORT = 600  # letters of a notice
HEADLINE = 2  # words of a title beside its status that make a headline
REST = 150  # letters of it that speak of something else
CHECK = 1000  # letters of a check for robots, with its explanations
HOME = 220  # letters before the way home
SAME_WORDS = 3
SCRAP = 25  # letters that are no text yet
_CHECKERS = re.compile(
    r"captcha|challenge|anubis|turnstile|\bwaf\b|ddos|datadome|perimeterx|incapsula|imperva|akamai|botmanager"
    r"|bot-?(?:check|detect|manag)|sec-?check|hcaptcha"
    r"|proof-?of-?work|\bpow\b|__cf_chl|_cf_chl_opt|/cdn-cgi/|kasada|distil|reblaze|fingerprint|altcha"
    r"|friendly-?captcha|go-?away|sucuri|stackpath|geetest",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?。।؟])\s*")
_PARTS = re.compile(r"\s[-–—|·•»›]\s|[|｜]\s?")
_ERROR = re.compile(
    r"(?:error|errore?|erro|fehler|erreur|fout|fel|feil|fejl|virhe|błąd|chyba|hiba|hata|ошибка|помилка|грешка"
    r"|greška|napaka|eroare|σφάλμα|خطأ|שגיאה|त्रुटि"
    r"|错误|錯誤|エラー|오류|ข้อผิดพลาด|lỗi|kesalahan)[ :#]{0,2}(?:[45]\d\d)?!?",
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
    scripted = any(
        _CHECKERS.search(f"{node.get('src') or ''} {node.get('id') or ''} {(node.text or '')[:3000]}") for node in page.tree.iter("script")
    )
    hidden = "noindex" in (page.meta("robots") or "").lower() or "refresh" in page.metas
    form = shape.bare or shape.typed or bool(shape.buttons) or bool(shape.zones & {"form", "dialog", "waiting"})
    if asks and not reports(shape) and (scripted or hidden or (form and size < SHORT and not shape.dated)):
        return f"it asks whether a person reads ({asks[0]!r})"
    if shape.bare and shape.typed and SCRAP < size < SHORT and not shape.dated and not (shape.password or shape.asked):
        return "a page that leads nowhere wants something typed"
    if shape.bare and _SCRIPTED.search(said) and "cookie" in said and not shape.dated:
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
            lower = said.text.lower()
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
    structured = built or home or shape.bare
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


def _withdrawn(page: Page, shape: Shape) -> bool:
    """Whether the first sentence says that the page is gone, below a headline that neither the title nor the address knows."""
    if shape.dated or page.meta("author") or _is_titled(page) or names_story(page):
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
    if not shape.dated and (said := printed.SURE.search(unquoted(shape.said()))) and rest_of(shape, printed.SURE) < REST:
        return f"it says {said[0]!r}"
    body = page.tree.find("body")
    built = shape.bare or "broken" in shape.zones or (body is not None and "error" in (body.get("id") or ""))
    _, rest, found = _about(shape, "broken")
    if shape.bare and not shape.dated and not page.meta("author") and (why := _alone(page, shape, titled)):
        return why
    if rest > (REST if built else REST / 3) or shape.dated:
        return None
    if titled or (found and (built or "missing" in shape.zones or shape.buttons)):
        return f"it says {(titled[0] if titled else found)!r}"
    return "it is built as a notice of works" if "broken" in shape.zones and not shape.bare else None


def _alone(page: Page, shape: Shape, titled: re.Match[str] | None) -> str | None:
    """Why a page that leads nowhere is a notice, whatever else its few words are about: it is headed by one, by no story's headline; or
    it loads itself again."""
    story = _is_titled(page) and len(page.headings[0].split()) > HEADLINE + 1
    if titled and not story:
        return f"it leads nowhere and is headed by {titled[0]!r}"
    if "refresh" in page.metas and not story and SCRAP < shape.prose("waiting") < SHORT / 2:
        return "it leads nowhere and loads itself again"
    return None


def shell(page: Page, shape: Shape, text: str, *, declared: bool) -> tuple[str, str] | None:
    """The kind and why: there is no sentence on the page that is its own; what an extractor found is a menu, or other stories below what
    is declared an article."""
    if shape.prose("waiting", "form") > (3 * SCRAP if "waiting" in shape.zones else SCRAP) or (shape.cards > 3 and not declared):
        return None
    plain = (said for said in shape.lines if said.part == "p" and not (said.card or said.zones or said.leads_away))
    if shape.cards > 3 and any(said.size > SCRAP for said in plain):
        return None
    silent = " ".join(shape.silent.split())
    if shape.own("\n".join(said for said in text.split("\n") if said not in silent)):
        return None
    if "waiting" in shape.zones or _SCRIPTED.search(shape.silent) or page.scripts:
        return "empty-shell", f"{page.scripts} scripts and no sentence of its own"
    return None if text else ("empty", "no sentence of its own")


def only_about_scripts(text: str) -> bool:
    """Whether a body only asks to turn scripts on, in any language: they all call them so."""
    return weight(text) < 300 and len(text.split("\n")) <= 3 and _SCRIPTED.search(text) is not None
