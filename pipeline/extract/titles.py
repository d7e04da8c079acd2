"""The headline, without the name of who prints it.

Four places hold one: JSON-LD, Open Graph, the first heading, ``<title>``. They rarely agree, and what they agree on is the headline: an
affix stands in one and not in another. What is left is told from the names the page gives its site.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from pipeline.extract import structured
from pipeline.extract.page import Page, content, line
from pipeline.text import formed

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SEPARATOR = re.compile(
    r"\s+[|\-–—·•»«:/<>~]+\s+|\s*[|｜│•»«：]\s*|(?<=[^\s\d]):(?=[^\s\d])|\s+::\s+|\s*[_＿](?=[^_＿\s])|\s[-–—](?=[A-Z])"
)
_PARTS = re.compile(r":\s+|\s+[|│\-–—·•»«/~]+\s+|\s+::\s+")
_WORD = re.compile(r"\w+")
_LABEL = re.compile(
    r"^(?:opinion|analysis|exclusive|watch|video|photos?|live|podcast|kommentar|meinung|анализ|мнение)\s*[|:]\s+", re.IGNORECASE
)
_HOME = re.compile(r"^(?:\.?/|/?(?:index|home)\.\w+)$")
MAX_TITLE = 500
_CUTS = 50  # separators in a statement; one that has more is no headline, and is cut at none of them


def names(page: Page) -> list[str]:
    """What the page, or what was learned, calls the outlet."""
    found = [
        page.meta("og:site_name"),
        page.meta("application-name", "apple-mobile-web-app-title", "al:ios:app_name"),
        page.meta("twitter:site"),
    ]
    found += [page.outlet.name if page.outlet else None, page.outlet.profile.title_affix if page.outlet else None]
    for thing in page.things:
        kinds = structured.types(thing)
        if any(kind in {"WebSite", "Organization", "NewsMediaOrganization", "Corporation", "Newspaper"} for kind in kinds):
            found.append(structured.first(thing.get("name")))
            found.extend(structured.strings(thing.get("alternateName")))
        found.append(structured.first(thing.get("publisher")))
    return list(dict.fromkeys(said for said in (line(name).strip(" -|–—@") for name in found if name) if said))


def title(page: Page) -> tuple[str, str]:
    """The headline and where it was found; ("", "") when there is none."""
    both = {fold(page.head_title)} & {fold(text) for text in _headings(page)}  # some name their site as they name the page
    site = [name for name in map(fold, names(page)) if name not in both] + _labels(page)
    affix = _affix(page)
    said = [(where, _without_site(text, [*site, affix])) for where, text in _candidates(page)]
    said = [(where, text[:MAX_TITLE]) for where, text in said if _WORD.search(text) and fold(text) not in site]
    said = [(where, text) for where, text in said if not affix or fold(text) != affix] or said
    if not said:
        hint = line(page.hints.title)
        return (hint[:MAX_TITLE], "feed") if hint else ("", "")
    where, chosen = _agreed(said) or _heading(page, said, affix) or said[0]
    if where == "title" and not page.headings and (shown := _printed(page, chosen)):
        return shown, where
    return _shortened(chosen, said), where


def ends(page: Page, title_: str) -> tuple[str, ...]:
    """What stands first and last in ``<title>`` and the social card's title and may be no part of the headline, folded."""
    found: list[str] = []
    headline = fold(title_)
    for text in (page.head_title, page.meta("og:title") or ""):
        cuts = _cuts(_SEPARATOR, text)
        found += [fold(part) for part in ((text[: cuts[0].start()], text[cuts[-1].end() :]) if cuts else ())]
    return tuple(dict.fromkeys(one for one in found if one and len(one) <= 80 and not one.startswith(headline)))


def _cuts(separator: re.Pattern[str], text: str) -> list[re.Match[str]]:
    """Where a statement may be parted."""
    found = list(islice(separator.finditer(text), _CUTS + 1))
    return found if len(found) <= _CUTS else []


def _agreed(said: list[tuple[str, str]]) -> tuple[str, str] | None:
    """What JSON-LD, Open Graph and ``<title>`` say alike: three statements weigh more than one heading, which may carry a kicker."""
    stated = dict(reversed(said))
    if (
        "json-ld" in stated
        and fold(stated["json-ld"]) == fold(stated.get("og", ""))
        and fold(stated["json-ld"]) == fold(stated.get("title", ""))
    ):
        return "json-ld", stated["json-ld"]
    return None


def fold(text: str) -> str:
    """For comparing: case, width, marks and punctuation do not count."""
    return " ".join(_WORD.findall(formed("NFKC", text).casefold().replace("'", "").replace("’", "")))


def _labels(page: Page) -> list[str]:
    """The host as a name: "The Moscow Times" is themoscowtimes."""
    host = urlsplit(page.url).hostname or page.domain
    label = page.domain.split(".", 1)[0]
    return [fold(host), fold(host.removeprefix("www.")), fold(page.domain), fold(label)] if page.domain else []


def _candidates(page: Page) -> list[tuple[str, str]]:
    found = [("json-ld", line(text)) for value in page.stated("headline") for text in [structured.first(value)] if text]
    found += [("og", text) for name in ("og:title", "twitter:title") for text in page.metas.get(name, ())[:1]]
    found += [
        ("meta", text)
        for name in ("parsely-title", "sailthru.title", "dc.title", "dcterms.title", "title")
        for text in page.metas.get(name, ())[:1]
    ]
    headings = _headings(page)
    if len(headings) == 1 or not found:
        found += [("h1", text) for text in headings[:1]]
    found += [("title", page.head_title)] if page.head_title else []
    return [(where, text) for where, text in found if text]


def _slug(page: Page) -> set[str]:
    """The words of the last part of the address, which is made of a headline."""
    return set(fold(re.sub(r"[-_+.]", " ", unquote(urlsplit(page.url).path.rstrip("/").rsplit("/", 1)[-1]))).split())


def _headings(page: Page) -> list[str]:
    """Headings but those that are the outlet's name in a link to its front page."""
    return [
        text.lstrip(":|–—-· ").rstrip("¶# ") for text, head in zip(page.headings, page.heads, strict=True) if not _leads_home(page, head)
    ]


def _leads_home(page: Page, head: HtmlElement) -> bool:
    parent = head.getparent()
    links = [*head.iterdescendants("a"), *([parent] if parent is not None and parent.tag == "a" else [])]
    return any(_HOME.match(href) or _is_front(href, page.url) for link in links[:2] if (href := (link.get("href") or "").strip()))


def _is_front(href: str, url: str) -> bool:
    one, other = urlsplit(href), urlsplit(url)
    return bool(one.hostname) and one.hostname == other.hostname and _HOME.match(one.path or "/") is not None and one.path != other.path


def _affix(page: Page) -> str:
    """What ``<title>`` says besides the headline that another statement has alone, folded: the site's name, which a heading may be too."""
    whole = fold(page.head_title)
    stated = (page.meta("og:title"), *(structured.first(value) for value in page.stated("headline")))
    for headline in (fold(text) for text in stated if text):
        if headline and whole != headline and len(headline.split()) > 1:
            if whole.endswith(f" {headline}"):
                return whole.removesuffix(headline).strip()
            if whole.startswith(f"{headline} "):
                return whole.removeprefix(headline).strip()
    slug = _slug(page)
    for cut in _cuts(_PARTS, page.head_title) if slug else ():
        front, back = fold(page.head_title[: cut.start()]), fold(page.head_title[cut.end() :])
        if any(fold(text) == back for text in page.headings) and len(slug & set(front.split())) > len(slug & set(back.split())):
            return back  # the address speaks of the other part
    return ""


def _printed(page: Page, title: str) -> str | None:
    """Of a ``<title>`` in two parts the one that the page prints as a line by itself: a page without headings has its headline in bold."""
    parts = [(title[: cut.start()], title[cut.end() :]) for cut in _cuts(_PARTS, title)]
    wanted = {fold(part): part.strip() for pair in parts for part in reversed(pair) if len(fold(part).split()) > 2}
    if not wanted:
        return None
    found = [folded for node in page.tree.iter("b", "strong", "font", "big", "h2", "h3", "h4", "h5", "center", "td", "p", "span", "div")
             if len(node) < 3 and (folded := fold(content(node)[:MAX_TITLE])) in wanted]  # fmt: skip
    order = [folded for folded in wanted if folded in found]
    return wanted[max(order, key=found.index)] if order else None


def _heading(page: Page, said: list[tuple[str, str]], affix: str) -> tuple[str, str] | None:
    """The printed heading that the page's other statements are about, or the only one, if it is of a sentence's length and about
    the same at all, or the address is: what readers see is the headline, whatever search engines are told. ``affix``: what is none."""
    best: tuple[float, str] | None = None
    headings = _headings(page)
    lone = len(headings) == 1 and len(fold(headings[0]).split()) > 3
    spoken = _slug(page).union(*(fold(text).split() for where, text in said if where != "h1")) if lone else set()
    for text in headings:
        if affix and fold(text) == affix:
            continue
        share = max((_shared(text, other) for where, other in said if where != "h1"), default=0.0)
        if lone and any(len(word) > 3 or not word.isascii() for word in spoken & set(fold(text).split())):
            share = max(share, 0.5)
        if share >= 0.5 and (best is None or share > best[0]):
            best = (share, text)
    return ("h1", _LABEL.sub("", best[1]) if any(fold(best[1]).endswith(fold(other)) for _, other in said) else best[1]) if best else None


def _shared(one: str, other: str) -> float:
    """Resemblance of two headlines by words; of scripts without spaces by characters."""
    a, b = (set(fold(text).split()) for text in (one, other))
    if min(len(a), len(b)) < 3:
        a, b = set(fold(one).replace(" ", "")), set(fold(other).replace(" ", ""))
        return len(a & b) / max(1, len(a | b)) if fold(one) and (fold(one) in fold(other) or fold(other) in fold(one)) else 0.0
    return len(a & b) / max(1, len(a | b))


def _without_site(text: str, site: list[str]) -> str:
    """Segments at either end that name the site, and what stands beyond them, are cut; a heading is never cut away whole."""
    cuts = _cuts(_SEPARATOR, text)
    for cut in cuts:
        if _names_site(text[cut.end() :].strip(), site, cuts, text, cut.end()) and len(fold(text[: cut.start()])) > 2:
            return _without_rubric(text[: cut.start()].strip())
    for cut in reversed(cuts):
        head = fold(text[: cut.start()])
        if head and _is_site(head, site) and len(fold(text[cut.end() :])) > 2:
            return text[cut.end() :].strip()
    return text.strip()


def _without_rubric(text: str) -> str:
    """ "Headline | News", once the site's name behind it is gone: a last segment of a word or two, behind a headline of more."""
    for cut in reversed(_cuts(_SEPARATOR, text)):
        rubric, headline = fold(text[cut.end() :]).split(), fold(text[: cut.start()]).split()
        return text[: cut.start()].strip() if len(rubric) < 3 <= len(headline) and cut[0].strip() in {"|", "·", "•", "｜"} else text
    return text


def _names_site(tail: str, site: list[str], cuts: list[re.Match[str]], text: str, start: int) -> bool:
    """The tail is the site's name, or begins with it as a segment of its own ("… | Reuters | World")."""
    following = next((cut.start() for cut in cuts if cut.start() > start), None)
    segment = text[start:following] if following is not None else tail
    return _is_site(fold(tail), site) or _is_site(fold(segment), site)


def _is_site(folded: str, site: list[str]) -> bool:
    """The site's name, a good part of it, or its name with a word behind ("Example News", "Example.com")."""
    joined = folded.replace(" ", "")
    if not joined:
        return False
    for name in (said.replace(" ", "") for said in site):
        part = len(joined) > 3 and joined in name and len(joined) * 2 >= len(name)
        longer = len(name) > 4 and joined.startswith(name) and len(joined) < len(name) * 2
        if joined == name or part or longer:
            return True
    return False


def _shortened(chosen: str, said: list[tuple[str, str]]) -> str:
    """An affix nobody named: another statement is this one up to a separator, or its end without a kicker ("Energy: the headline")."""
    others = {fold(text): text for _, text in reversed(said)}
    for cut in _cuts(_SEPARATOR, chosen):
        for part in (chosen[: cut.start()], chosen[cut.end() :]):
            if fold(part) != fold(chosen) and fold(part) in others and len(fold(part).split()) > 2:
                return part.strip()
    whole = fold(chosen)
    tails = [
        folded for folded, text in others.items() if len(folded.split()) > 2 and whole != folded and _is_behind_kicker(text, chosen, said)
    ]
    return others[max(tails, key=len)] if tails else chosen


def _is_behind_kicker(text: str, whole: str, said: list[tuple[str, str]]) -> bool:
    """ "Energy: the headline", or "Energy The headline" in one place alone; "What is the headline", said twice, has no kicker."""
    front = whole.removesuffix(text).rstrip()
    alone = fold(whole).endswith(fold(text)) and sum(fold(other) == fold(whole) for _, other in said) < 2
    return alone or (front != whole and front[-1:] in set(":|–—-·•»/"))
