"""What a page says about its article: section, tags, picture, kind, opt-outs. Titles, dates and authors have their own files."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pipeline.extract import address, structured, titles
from pipeline.extract.page import Page, line
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
_HOME_SECTION = re.compile(r"^(?:home(?:page)?|start(?:seite)?|accueil|inicio|главная|news home)$", re.IGNORECASE)


def section(page: Page) -> tuple[str | None, str]:
    """The rubric as the page names it."""
    for value in page.stated("articleSection"):
        if stated := line(structured.first(value)):
            return stated[:200], "json-ld"
    for name in ("article:section", "parsely-section", "sailthru.section", "section", "og:article:section", "cxenseparse:recs:category"):
        if (said := page.meta(name)) and not said.startswith("http"):
            return said[:200], "meta"
    for node in page.props.get("articleSection", ())[:1]:
        if said := line(node.get("content") or "".join(node.itertext())):
            return said[:200], "microdata"
    crumbs = [
        line(structured.first(part) or structured.first(part.get("item")))
        for thing in page.things
        if "ListItem" in structured.types(thing)
        for part in [thing]
    ]
    crumbs = [said for said in crumbs if said and not _HOME_SECTION.match(said)]
    return (crumbs[0][:200], "json-ld") if len(crumbs) > 1 else (None, "")


def tags(page: Page) -> tuple[tuple[str, ...], str]:
    """Keywords, from where most precisely given; a comma-joined list is taken apart."""
    sources = (
        ("meta", page.metas.get("article:tag", [])),
        ("json-ld", [said for value in page.stated("keywords") for said in structured.strings(value)]),
        ("meta", page.metas.get("parsely-tags", []) or page.metas.get("news_keywords", []) or page.metas.get("keywords", [])),
        ("feed", list(page.hints.tags)),
    )
    for where, said in sources:
        apart = [part for text in said for part in re.split(r"\s*[,;，、]\s*", line(text)) if part and len(part) < 100]
        if apart:
            return tuple(dict.fromkeys(apart))[:MAX_TAGS], where
    return (), ""


def image(page: Page) -> tuple[str | None, str]:
    """The lead picture, absolute."""
    said = [("og", page.meta("og:image", "og:image:secure_url", "og:image:url"))]
    said += [("json-ld", structured.address(value)) for value in page.stated("image")]
    said += [("meta", page.meta("twitter:image", "twitter:image:src", "thumbnail", "parsely-image-url")), ("link", page.link("image_src"))]
    for where, link in said:
        if link and (full := address.absolute(page, link)):
            return full, where
    return None, ""


def outlet_name(page: Page) -> str | None:
    """What the page calls its outlet."""
    if page.outlet and page.outlet.name:
        return page.outlet.name
    stated = page.meta("og:site_name")
    publisher = next((said for value in page.stated("publisher") if (said := structured.first(value))), None)
    name = stated or publisher or next(iter(titles.names(page)), None)
    return line(name)[:200] or None if name else None


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
    for name in _ADDRESSED & page.metas.keys():
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
