"""What a page says of its own sort to style sheets, to counters of visits, to search engines: names its system prints, not its editors.

A name alone proves little (a template is taken for something else, a menu has its own): each is a hint, held against the page's shape.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pipeline.extract import structured
from pipeline.extract.page import Page

SCRIPT = 30_000  # characters of an inline script that are looked at; what says the sort stands at the top
# Classes of body of WordPress, Drupal, Joomla, TYPO3, Ghost, Blogger and of papers' own systems; whole words.
_LIST = (
    r"archives?|categor(?:y|ies)|categorie|kategorie|rubri(?:k|que)|ressort|tags?|topics?|author|search|search-results|search-no-results"
    r"|paged|post-type-archive|home|front|frontpage|homepage|index|list|listing|overview|landing|hub|channel|sec[ct]i[oó]n|seccao|sektion"
    r"|portada|tema|thema|theme|etiqueta|mot-?cle|stichwort|collection|dossiers?|series|timeline|feed|autore?|auteur|yazar|kategori|etiket"
)
_MISSING = (
    r"(?:error|page|http|status|e|is)?[ _-]?(?:404|410)(?:[ _-]?(?:page|error|template))?"
    r"|(?:error|page)?[ _-]?not[ _-]?found(?:[ _-]?page)?"
)
_LOGIN = r"log[ _-]?in|sign[ _-]?in|log[ _-]?on|connexion|anmeldung|sso|auth(?:entication)?|registration|sign[ _-]?up"
_AFFIX = r"(?:page|template|type|body|view|layout|pagetype|page-type|is)"
SORTS = {
    "not-found": re.compile(_MISSING),
    "login": re.compile(rf"(?:{_AFFIX}[ _-]{{1,2}})?(?:{_LOGIN})(?:[ _-]?(?:page|template|view))?"),
    "section": re.compile(
        rf"(?:{_AFFIX}[ _-]{{1,2}})(?:{_LIST})|(?:{_LIST})(?:[ _-]?(?:page|template|view|front|list|results))"
        r"|archive|category|tag|author|search|search-results|search-no-results|paged|post-type-archive|tax-[\w-]+"
    ),
    "story": re.compile(
        r"single|single-post|single-[\w-]*|postid-\d+|node-type-\w+|[\w-]*article[\w-]*|page-?(?:story|post)|(?:story|post)-?page"
    ),
}
_STATED = re.compile(
    r"[\"']?(?:page_?-?type|pagetype|page_?template|content_?type|page_?category|page_?kind|template(?:_?(?:name|type))?|page_?name|doc_?type"
    r"|site_?page|tipo_?(?:de_?)?(?:pagina|contenido)|seitentyp|type_?page|typ_?strony)[\"']?\s*[:=]\s*[\"']([^\"'\n]{2,40})[\"']",
    re.IGNORECASE,
)
_STATED_LIST = re.compile(rf"(?:{_LIST}|article[ _-]?list|list[ _-]?page)(?:[ _-]?(?:page|front|template|view|list|results?))?")
# A framework's own answer for what is not there: Next, Nuxt, Gatsby, Angular, and counters.
_GONE = re.compile(
    r"[\"']?(?:status_?code|http_?status|http_?code|error_?code|response_?code)[\"']?\s*[:=]\s*[\"']?(?:404|410)\b"
    r"|[\"']page[\"']\s*:\s*[\"']/(?:404|_error|not-found)[\"']|\b(?:is_?404|is_?not_?found|page_?not_?found|notfound)[\"']?\s*[:=]\s*(?:true|1\b|!0)",
    re.IGNORECASE,
)
_STATUS_META = ("prerender-status-code", "status", "status-code", "http-status", "error")
NO_STORY = ("JobPosting", "RealEstateListing", "SearchResultsPage", "CheckoutPage")
LISTS = frozenset(("CollectionPage", "SearchResultsPage", "ItemList", "ProfilePage", "OfferCatalog", "EventSeries", "MediaGallery"))


def types(page: Page) -> set[str]:
    return {kind for thing in page.things for kind in structured.types(thing)}


def sorts(page: Page) -> dict[str, str]:
    """Kind ("not-found", "login", "section", "story") → what says so."""
    found: dict[str, str] = {}
    body = page.tree.find("body")
    for node in (body, page.tree):
        if node is None:
            continue
        said = f"{node.get('class') or ''} {node.get('id') or ''} {node.get('data-page-type') or ''} {node.get('data-template') or ''}"
        for name in said.lower().split():
            for kind, pattern in SORTS.items():
                if pattern.fullmatch(name):
                    found.setdefault(kind, f"the page is marked {name!r}")
    for script in page.tree.iter("script"):
        if script.get("src") or not script.text or "ld+json" in (script.get("type") or ""):
            continue
        text = script.text[:SCRIPT]
        for said in _STATED.findall(text):
            _note(found, said.strip().lower())
        if "not-found" not in found and (gone := _GONE.search(text)):
            found["not-found"] = f"its scripts say {gone[0]!r}"
    for name in _STATUS_META:
        if re.match(r"(?:404|410)\b", page.meta(name) or ""):
            found.setdefault("not-found", f"its head says {name} 404")
    return found


def _note(found: dict[str, str], said: str) -> None:
    evidence = f"its scripts call it {said!r}"
    if SORTS["not-found"].fullmatch(said):
        found.setdefault("not-found", evidence)
    elif SORTS["login"].fullmatch(said):
        found.setdefault("login", evidence)
    elif _STATED_LIST.fullmatch(said):
        found.setdefault("section", evidence)
    elif re.search(r"article|story|post\b|news|artikel|single|nota|noticia|haber", said):
        found.setdefault("story", evidence)


def is_home_for_search(page: Page) -> bool:
    """Whether a page below the front page tells search engines that it is the front page: systems do so for what is not there."""
    path = urlsplit(page.url).path.strip("/")
    said = page.link("canonical") or ""
    if path.count("/") < 1 or not said:
        return False
    parts = urlsplit(said)
    return parts.path in ("", "/") and not parts.query and (not parts.netloc or parts.netloc == urlsplit(page.url).netloc)


def no_story(page: Page) -> str | None:
    """Why a page that declares no article is another thing whatever its prose, or None: an offer of employment, of a flat, a search."""
    kinds = types(page)
    found = next((kind for kind in NO_STORY if kind in kinds), None)
    if found is None and "hiringOrganization" in page.props:
        found = "JobPosting"
    return f"the page declares itself a {found}" if found else None
