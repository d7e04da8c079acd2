"""What a page says about its article: section, tags, picture, kind, opt-outs. Titles, dates and authors have their own files."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pipeline.extract import address, structured, titles
from pipeline.extract.page import Page, content, line
from pipeline.model import ArticleKind

MAX_TAGS = 50
_KIND_TYPES: dict[str, ArticleKind] = {
    "LiveBlogPosting": "live", "OpinionNewsArticle": "opinion", "AdvertiserContentArticle": "sponsored", "VideoObject": "video",
    "ImageGallery": "gallery", "MediaGallery": "gallery", "PodcastEpisode": "podcast", "SponsoredContent": "sponsored",
}  # fmt: skip
_KIND_SECTIONS: tuple[tuple[ArticleKind, re.Pattern[str]], ...] = (
    ("sponsored", re.compile((
        r"^(?:sponsored|advertorial|paid-?(?:post|content)|partner-?content|brand-?(?:ed|studio)(?:-content)?|plus-partner|anzeige)$"
    ), re.IGNORECASE)),
    ("live", re.compile(r"^(?:live|liveblog|live-blog|live-updates|liveticker|ticker)$", re.IGNORECASE)),
    ("opinion", re.compile((
        r"^(?:opinions?|op-?ed|commentisfree|comment|commentary|editorials?|columnists?|columns?|views?|meinung|kommentare?|kolumnen?"
        r"|tribune|tribunes|opinioni|opinión|opinion-editorial|mnenie|мнения?|колонки?)$"
    ), re.IGNORECASE)),
    ("video", re.compile(r"^(?:videos?|watch|mediathek|tv)$", re.IGNORECASE)),
    ("gallery", re.compile((
        r"^(?:galler(?:y|ies)|photos?|photogalleries|photo-essays?|pictures|in-pictures|bilder|fotostrecken?|bildergalerie|diaporama)$"
    ), re.IGNORECASE)),
    ("podcast", re.compile(r"^(?:podcasts?|audio)$", re.IGNORECASE)),
)  # fmt: skip
# Robots meta names that speak to everybody, to us, or to those who mine text. Another agent's name (googlebot) is not addressed to us.
_ADDRESSED = {"robots", "wirewatch", "tdm-reservation"}
_DIRECTIVES = {"noindex", "noarchive", "nosnippet", "none", "noai", "noimageai", "nofollow"}
# Rubrics that say where a piece was shown, not what it is about.
_CALLED = re.compile(r"(?:^|[\s_-])(?:label|kicker|rubri(?:c|k|que)|section|category|eyebrow)(?:[\s_-]|$)", re.IGNORECASE)
_NO_SECTION = re.compile(
    r"^(?:home ?page|home|start(?:seite)?|accueil|inicio|portada|главная|news home|front[- ]?page|all(?: news)?|popular|featured?"
    r"|uncategori[sz]ed|allgemein|non classé|sin categoría|senza categoria|без рубрики|articles?|artikel|posts?|default|none)$",
    re.IGNORECASE,
)
_NO_TAG = re.compile(r"^[@/#]|^https?:|^\w+:(?=\S)|^(?:popular|featured?|home ?page|front[- ]?page|uncategori[sz]ed)$", re.IGNORECASE)
_NO_PICTURE = re.compile(
    r"^(?:blank|placeholder|default|logo|avatar|favicon|spacer|noimage)[-_.\d]"
    r"|[-_.](?:blank|placeholder|default|logo|avatar|favicon|spacer)[-_\d]*(?:\.\w+|$)",
    re.IGNORECASE,
)
_SECTION_METAS = (
    "article:section", "parsely-section", "sailthru.section", "section", "og:article:section", "cxenseparse:recs:category",
)  # fmt: skip


def section(page: Page) -> tuple[str | None, str]:
    """The rubric as the page names it; the outlet's name is none, nor is where a piece was shown."""
    steps = [structured.first(part) or structured.first(part.get("item")) for part in page.things if "ListItem" in structured.types(part)]
    crumbs = [one for one in steps if one and not _NO_SECTION.match(one)]  # the last is the page itself
    said = [("json-ld", one) for value in page.stated("articleSection") for one in structured.strings(value)]
    said += [("meta", one) for name in _SECTION_METAS for one in page.metas.get(name, ())[:1]]
    said += [("microdata", node.get("content") or "".join(node.itertext())) for node in page.props.get("articleSection", ())[:1]]
    said += [("json-ld", one) for one in crumbs[:-1]]
    site = {titles.fold(name) for name in titles.names(page)} if said else set()
    for where, text in said:
        named = _parts(line(text))
        if named and not named.startswith("http") and not _NO_SECTION.match(named) and titles.fold(named) not in site:
            return named[:200], where
    return _label(page)


def _label(page: Page) -> tuple[str | None, str]:
    """The word or two that stand right over the headline and are called a label: all that a page without a head says of its section."""
    over = page.heads[0].getprevious() if page.heads else None
    if over is not None and _CALLED.search(over.get("class") or "") and len(over) < 3:
        said = re.split(r"\s+[|·•]\s+", content(over))[-1]
        if 0 < len(said.split()) <= 3 and len(said) <= 40 and not _NO_SECTION.match(said):
            return said, "label"
    return None, ""


def _parts(text: str) -> str:
    """Of categories joined by commas the first that is one; "Arts, Culture and Style" is one."""
    parts = re.split(r"\s*,\s*", text)
    if len(parts) > 2 or (len(parts) == 2 and ", " not in text):
        return next((part for part in parts if part and not _NO_SECTION.match(part)), "")
    return text


def tags(page: Page) -> tuple[tuple[str, ...], str]:
    """Keywords, from where most precisely given; a comma-joined list is taken apart. Labels of machines are left out."""
    sources = (
        ("meta", page.metas.get("article:tag", [])),
        ("json-ld", [said for value in page.stated("keywords") for said in structured.strings(value)]),
        ("meta", page.metas.get("parsely-tags", []) or page.metas.get("news_keywords", []) or page.metas.get("keywords", [])),
        ("feed", list(page.hints.tags)),
    )
    for where, said in sources:
        apart = [part for text in said for part in re.split(r"\s*[,;，、]\s*", line(text))]
        apart = [re.sub(r"^(?:tag|topic):", "", part, flags=re.IGNORECASE) for part in apart]
        kept = [part for part in apart if len(part) < 100 and len(part.split()) < 7 and re.search(r"\w", part) and not _NO_TAG.match(part)]
        if kept:
            return tuple(dict.fromkeys(kept))[:MAX_TAGS], where
    return (), ""


def image(page: Page) -> tuple[str | None, str]:
    """The lead picture, absolute; a logo or a placeholder is none."""
    said = [("og", page.meta("og:image", "og:image:secure_url", "og:image:url"))]
    said += [("json-ld", structured.address(value)) for value in page.stated("image")]
    said += [("meta", page.meta("twitter:image", "twitter:image:src", "thumbnail", "parsely-image-url")), ("link", page.link("image_src"))]
    for where, link in said:
        full = address.absolute(page, link) if link else None
        if full and not _NO_PICTURE.search(urlsplit(full).path.rsplit("/", 1)[-1]):
            return full, where
    return None, ""


def outlet_name(page: Page) -> str | None:
    """What the page calls its outlet; an address or the page's own title is no name."""
    if page.outlet and page.outlet.name:
        return page.outlet.name
    publishers = [name for value in page.stated("publisher") for name in structured.strings(value)]
    page_itself = {titles.fold(text) for text in (page.meta("og:title") or "", *page.headings)}
    for said in (page.meta("og:site_name"), *publishers, *titles.names(page)):
        name = line(said).strip(" -|–—·:")
        if name and not re.match(r"https?:|www\.", name) and titles.fold(name) not in page_itself:
            return name[:200]
    return None


def kind(page: Page, address_: str, about: str | None) -> tuple[ArticleKind, str]:
    """What sort of piece it is: by its declared type, then its section, then a folder of its address."""
    for thing in page.articles[:1]:
        for name in structured.types(thing):
            if name in _KIND_TYPES:
                return _KIND_TYPES[name], "json-ld"
    if (page.meta("og:type") or "").lower().startswith("video"):
        return "video", "og"
    folders = [part for part in urlsplit(address_).path.split("/")[:-1] if part]
    for sort, pattern in _KIND_SECTIONS:
        if about and pattern.match(about.strip()):
            return sort, "section"
        if any(pattern.match(part) for part in folders[:3]):
            return sort, "url"
    return "news", ""


def opt_outs(page: Page) -> tuple[str, ...]:
    """Directives addressed to everybody or to us: robots meta, X-Robots-Tag, noai, TDM reservation (W3C TDMRep)."""
    found: list[str] = []
    for name in sorted(_ADDRESSED & page.metas.keys()):
        for value in page.metas[name]:
            found += _tdm(value) if name == "tdm-reservation" else _words(value)
    for name, value in page.headers:
        if name == "x-robots-tag":
            agent, colon, rest = value.partition(":")
            if not colon or agent.strip().lower().startswith(("unavailable_after", "max-")):
                found += _words(value)
            elif agent.strip().lower() in {"wirewatch", "*"}:
                found += _words(rest)
        elif name == "tdm-reservation":
            found += _tdm(value)
    return tuple(dict.fromkeys(found))


def _tdm(value: str) -> list[str]:
    return ["tdm-reservation"] if value.strip() == "1" else []


def _words(value: str) -> list[str]:
    said = [word.strip().lower() for word in value.split(",")]
    return [word for word in said if word in _DIRECTIVES and word != "nofollow"]
