"""What lists stories and is none: told by its address, by who it is about, or by its text being the links to others."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from pipeline.extract import declared, missing, names, stems, titles
from pipeline.extract.page import Page, content
from pipeline.extract.shapes import HEADLINE, Shape, weight

_PERSON_PATH = re.compile(
    r"^/(?:[a-z]{2}/)?(?:people|person|staff|profiles?|autor(?:en|es)?|auteurs?|autor[ei]|journalist\w*|contributors?|columnists?|writers?"
    r"|reporters?|team|redaktion|redaktor\w*|avtor\w*)/[^/]+/?$",
    re.IGNORECASE,
)
SEARCH_PATH = re.compile(
    r"^/(?:[a-z]{2}/)?(?:search|suche|recherche|buscar|busca|busqueda|ricerca|cerca|zoeken|szukaj|poisk|sok|hledani|arama|haku|sog)\b",
    re.IGNORECASE,
)
_LIST_WORD = re.compile(
    r"tags?|topics?|topic|themen?|thema|th[eè]mes?|temas?|tem[aiy]|t[eé]mata|sujets?|etiquetas?|etiketter?|stichwort"
    r"|schlagwort|mot-?cle|keyword|etiket|tagi|stitky|metki?"
    r"|categor\w+|kategor\w+|rubri\w+|sec[ct]i\w+|sektion|archiv\w*|arkiv|author\w*|autor\w*|auteurs?|avtor\w*"
    r"|forfatter|skribent|yazar\w*|reporters?|journalist\w*"
    r"|columnists?|contributors?|people|profil\w*|redaktion|search|suche|recherche|buscar?|busca|ricerca|cerca"
    r"|zoeken|szukaj|poisk|s[oø]k|hled\w+|arama|kereses"
    r"|etiket\w+|oznak[ae]|znacka|cimke|avainsana|aihe|emner?|amnen?|taggar|konu|tac-gia|chu-de|topik|tagar|hashtag|sy?ujet\w*|syuzhet\w*"
    r"|storylines?|signatures?|signataires?|temat\w*|avainsanat|najnowsze|tuoreimmat|senaste|seneste|najnovsie|nejnovejsi|ultim[aeo]s?"
    r"|haku|dossiers?|series|serie|list|latest|index|page|p\d+|all|news-?list|collections?",
    re.IGNORECASE,
)
_PAGES = re.compile(r"pagination|pager|paginat|posts-navigation|load-?more|nav-?links|seitennavi|page-numbers")
_PART = re.compile(r"page|(?:19|20)\d\d|p?\d{1,2}")  # a year, a month, a page
_ID = re.compile(r"\d{3}|-.*-.*-")  # what names a story
SEARCH_KEYS = {"s", "q", "query", "search", "keyword", "keywords", "suche", "suchbegriff", "term", "text", "k"}
_PARTS = re.compile(r"\s[-–—|·•»›/]\s|[|｜：]")
_QUOTES = '„“”«»"‘’「『《'
CARD_DAY = re.compile(
    r"\d{1,2}[./:]\d{1,2}|\b\d{1,2}\.? \w{3,}|\w{3,} \d{1,2}\b|\d ?[月日]|(?:19|20)\d\d-\d\d|\d+ ?\w{1,8} (?:ago|назад|önce|fa)\b"
)
_JOB_PATH = re.compile(
    r"^/(?:[a-z]{2}/)?(?:jobs?|job-?offers?|vacanc(?:y|ies)|careers?|karriere|stellen\w*|stellenangebote?|emplois?|offres?(?:-d-?emploi)?"
    r"|empleos?|ofertas?(?:-de-empleo)?|trabajos?|vagas?|emprego|lavoro|offerte(?:-di-lavoro)?|praca|oferta-pracy|oferty|vacatures?|banen"
    r"|lediga-jobb|jobb|ledige-stillinger|stilling(?:er)?|tyopaikat|prace|nabidky?|allas(?:ok)?|is-ilanlari|vakans\w*|rabota|posao|recruit"
    r"|kyujin|saiyo|lowongan|viec-lam)/.",
    re.IGNORECASE,
)
_JOB_HOST = re.compile(
    r"^(?:jobs?|careers?|karriere|stellen\w*|emplois?|empleos?|vagas|lavoro|praca|vacatures?|rabota|recruit|jobb|work)\.", re.IGNORECASE
)
_SENTENCE = re.compile(r"[.!?。！？…][\"”’»』」)]*$")  # full-width marks end sentences of scripts that have them
MIN_LINKED = 6
"""Lines of a text that are links to other stories; articles whose body keeps fewer are common (related stories)."""
MAX_PROSE = 400
STORY = 100  # letters below a headline: two or three sentences
SAME_WORDS = 3
MIN_CARDS = 4
BARE = 60  # letters beside the cards
PLAIN = 300  # letters, when only the address tells
INTRODUCED = 900  # letters of a topic's or a person's introduction
LABEL = 60  # letters of a label or a button
FOOT = 6  # lines at a list's end
DAY = 120  # letters of a line that tells the day of a card
MAX_LINK = 200
"""Characters: a longer line is a paragraph, not the headline of another story."""


def evidence(page: Page, text: str, title: str) -> str | None:
    """Why a page that declares no article is a list, or None."""
    parts = urlsplit(page.url)
    if (page.meta("og:type") or "").lower() == "profile" and names.is_person(title):
        return f"it says that it is the profile of {title}"
    last = titles.fold(unquote(parts.path.rstrip("/").rpartition("/")[2]).replace("_", " "))
    if _PERSON_PATH.match(parts.path) and names.is_person(title) and last == titles.fold(title.replace("-", " ")):
        return f"the address is a person's page ({parts.path})"
    linked, prose = _measured(page, text)
    asked = SEARCH_PATH.match(parts.path) or any(key in SEARCH_KEYS and value for key, value in parse_qsl(parts.query))
    if prose < MAX_PROSE and (linked >= MIN_LINKED or (asked and linked >= MIN_LINKED // 2)):
        return f"{linked} lines of its text are links to other stories, {prose} characters are none"
    return None


def cards(page: Page, shape: Shape, text: str) -> str | None:
    """Why a page that declares no article is a list by its cards: hardly a word beside them; or few, and the address, the page or its
    headline say what they belong to."""
    beside = max(sum(said.size for said in shape.lines if said.is_prose and not said.card), shape.own(text))
    if shape.cards < MIN_CARDS - 1 or beside > INTRODUCED:
        return None
    if shape.cards < MIN_CARDS:
        told = named_a_list(page, shape) if beside < BARE else []
        return f"{shape.cards} other stories are announced, and {told[0]}" if told else None
    if beside < BARE:
        return f"{shape.cards} other stories are announced, and {beside} characters are not about them"
    told = named_a_list(page, shape) + (goes_on(page, shape) if beside < INTRODUCED / 2 else [])
    if missing.names_story(page) and len(told) < 2:
        return None
    if not told and beside < PLAIN and _is_plain(page):
        told = ["neither its address nor its headline is a story's"]
    if len(told) > shape.dated:
        return f"{shape.cards} other stories are announced below {beside} characters, and {told[0]}"
    return None


def is_topic(page: Page, shape: Shape) -> bool:
    """Whether a page that is an article only by its ``og:type``, as its template has it, is a list: of cards, with hardly a word and no
    day beside them, and two things say so, its name among them."""
    if shape.cards < MIN_CARDS or shape.stamped or page.meta("author", "article:published_time"):
        return False
    told = named_a_list(page, shape) if sum(said.size for said in shape.lines if said.is_prose and not said.card) < PLAIN else []
    last = titles.fold(unquote(urlsplit(page.url).path.rstrip("/").rpartition("/")[2]).replace("-", " "))
    named = bool(last) and any(titles.fold(said) == last for said in page.headings[:1])
    return bool(told) and len(told) + len(goes_on(page, shape)) + named > 1


def named_a_list(page: Page, shape: Shape) -> list[str]:
    """What says that a page is a list: its address or its types, its marks, its title; each once."""
    found = [told] if (told := hint(page)) else []
    said = declared.sorts(page)
    if "section" in said and "story" not in said:
        found.append(said["section"])
    if heading := headed(page, shape):
        found.append(f"it is headed by {heading!r}")
    return found


def goes_on(page: Page, shape: Shape) -> list[str]:
    """What is at the end of lists, and below stories too: further pages, the days of what is announced."""
    found = []
    if any(True for _ in page.called(_PAGES)) or any(
        len(label) < LABEL and stems.notion("further").match(label.lower()) for label in (*shape.buttons, *_ends(shape))
    ):
        found.append("it has further pages")
    if (
        shape.cards > MIN_CARDS
        and sum(1 for line in shape.lines if line.card and line.size < DAY and CARD_DAY.search(line.text)) > MIN_CARDS
    ):
        found.append("what it announces is dated")
    return found


def _ends(shape: Shape) -> list[str]:
    """The last lines of the main part that lead elsewhere."""
    return [line.text for line in shape.lines[-FOOT:] if line.leads_away or line.part == "button"]


def headed(page: Page, shape: Shape) -> str | None:
    """The word for a list that a page is headed by: the whole of a part of its title, or what stands before a colon; or a line above the
    headline."""
    if page.headings and re.fullmatch(r"#\w+", page.headings[0].strip()):
        return page.headings[0].strip()
    at = shape.headline()
    above = [line.text for line in shape.lines[max(0, at - 2) : at] if not line.card and line.size < LABEL]
    for said in (page.head_title, *page.headings[:2], *above):
        for part in _PARTS.split(said):
            label, _, about = part.strip().lower().partition(":")
            if (
                label
                and len(label) < LABEL
                and (found := stems.notion("lists").fullmatch(label) or stems.notion("lists").match(label))
                and _ends_at(label, found.end(), about)
            ):
                return found[0]
    return None


def _ends_at(label: str, end: int, about: str) -> bool:
    """Whether a label says no more than the word for a list, or what it is about: what stands behind a colon, or in quotation marks."""
    rest = label[end:].strip()
    return not rest or (bool(about) and len(rest.split()) < SAME_WORDS) or rest[0] in _QUOTES


def is_story(page: Page, shape: Shape) -> bool:
    """Whether a short text is a story, whatever is listed beside it: sentences below a headline, with a day there and a headline or an
    address as stories have them; without a day both."""
    if shape.told() < STORY or _is_at_list(page):
        return False
    *folders, last = unquote(urlsplit(page.url).path.rstrip("/")).lower().split("/")
    said = shape.lines[shape.headline()].text
    headed_ = weight(said) >= HEADLINE and (len(said.split()) > SAME_WORDS or weight(said) > len(said))
    named = _ID.search(last) is not None and (last.isdigit() or not any(_LIST_WORD.fullmatch(part) for part in folders))
    if shape.cards > MIN_CARDS and not page.meta("article:published_time"):
        against = named_a_list(page, shape)
        if len(against) + len(goes_on(page, shape)) > 1 + (headed_ and named and shape.stamped) and against:
            return False
    return (headed_ or named) if shape.stamped else headed_ and named and hint(page) is None


def _is_at_list(page: Page) -> bool:
    """Whether an address is a list's: a word for one, and behind it only what the list is about."""
    folders = [part.lower().partition(".")[0] for part in unquote(urlsplit(page.url).path).split("/") if part]
    at = next((at for at, part in enumerate(folders) if _LIST_WORD.fullmatch(part)), None)
    return at is not None and (
        len(below := folders[at + 1 :]) < 1
        or all(_PART.fullmatch(part) for part in below)
        or (len(below) == 1 and not _ID.search(below[0]))
    )


def hint(page: Page) -> str | None:
    """What besides its cards says that a page is a list, or None."""
    parts = urlsplit(page.url)
    if _is_at_list(page):
        return "the address is a list's"
    if any(key.lower() in SEARCH_KEYS for key, value in parse_qsl(parts.query) if value):
        return "the address asks for something"
    if declared.types(page) & declared.LISTS or _turns(page):
        return "the page says that it is a list, or one of several"
    return None


def vacancy(page: Page, shape: Shape) -> str | None:
    """Why a page that declares no article is an offer of employment, or None: its address is one's, and there is a button to apply."""
    parts = urlsplit(page.url)
    if not (_JOB_PATH.match(unquote(parts.path)) or _JOB_HOST.match(parts.hostname or "")):
        return None
    labels = (*shape.buttons, *(line.text for line in shape.lines if line.leads_away and line.size < LABEL))
    found = next((label for label in labels if stems.notion("apply").search(label.lower())), None)
    return f"its address is an offer's of employment, and one may say {found!r}" if found else None


def _turns(page: Page) -> bool:
    return any(re.search(r"/page/\d|/p\d+/?$|[?&](?:page|p|seite|pagina)=\d", page.link(rel) or "") for rel in ("next", "prev"))


def _is_plain(page: Page) -> bool:
    """Whether an address ends in a word, not in a number or in several words, below a short headline."""
    folders = [part for part in unquote(urlsplit(page.url).path).split("/") if part]
    last = folders[-1] if folders else ""
    return len(folders) == 1 and not re.search(r"\d", last) and last.count("-") < 2 and all(len(said) < 40 for said in page.headings[:1])


def _measured(page: Page, text: str) -> tuple[int, int]:
    """How many lines open with the whole text of a link of four words or more; how many characters of whole sentences do not."""
    lines = text.split("\n")
    paragraphs = sum(len(said) for said in lines if len(said) > MAX_LINK and _SENTENCE.search(said))
    if len(lines) < MIN_LINKED // 2 or paragraphs >= MAX_PROSE:  # most pages: no need to look at their links
        return 0, max(paragraphs, MAX_PROSE)
    links: dict[str, list[str]] = {}
    for node in page.tree.iter("a"):
        if len(said := content(node)) > 15 and len((folded := titles.fold(said)).split()) > 3:
            links.setdefault(_opening(folded), []).append(folded)
    linked = prose = 0
    for said in lines:
        folded = titles.fold(said)
        if any(folded.startswith(whole) for whole in links.get(_opening(folded), ())):
            linked += 1
        elif len(said) > 60 and _SENTENCE.search(said):
            prose += len(said)
    return linked, prose


def _opening(folded: str) -> str:
    return " ".join(folded.split()[:4])
