"""Addresses that only lead to an article: redirectors, aggregators' links, AMP dress, and pages that do nothing but send one on.

Some say by themselves where they lead (a parameter, Google News' older form); others say it on the page they answer with. Pure functions;
the flow follows, through the one guarded way out, and keeps the chain.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urlsplit

from pipeline import urls
from pipeline.model import Candidate, Response

MOST_HOPS = 5
LOOKED_AT = 2 * 2**20  # bytes of an aggregator's page: Google's hold much script
SHORT = 16 * 2**10  # bytes; a page that only sends one on is no longer
BARE = 400  # characters of text that such a page may have besides
SOON = 10  # seconds; a page that sends one on later is there to be read

# Hosts whose pages are never articles: what cannot be resolved there has a reason of its own.
_AGGREGATORS = re.compile(
    r"(?:news\.google\.com|consent\.google\.com|feedproxy\.google\.com|feeds\.feedburner\.com|feeds\.reuters\.com|t\.co|bit\.ly|buff\.ly|"
    r"ow\.ly|dlvr\.it|ift\.tt|tinyurl\.com|is\.gd|lnkd\.in|trib\.al|goo\.gl|l\.facebook\.com|lm\.facebook\.com|apple\.news)"
)
_REDIRECTOR_HOSTS = re.compile(
    r"(?:(?:www\.)?google\.[a-z.]+|lm?\.facebook\.com|(?:www\.)?bing\.com|t\.umblr\.com|away\.vk\.com|vk\.com|r\.search\.yahoo\.com)"
)
_REDIRECTOR_PATH = re.compile(r"/(?:url|out|redir|redirect|go|click|link|links|exit|away|l|r|apiclick|ct|track)(?:\.\w+)?/?", re.IGNORECASE)
_TARGETS = ("url", "u", "q", "to", "target", "dest", "destination", "redirect", "redirect_url", "redirecturl", "link", "z", "out")

_META = re.compile(r"<meta\b[^<>]{0,2000}>", re.IGNORECASE)
_REFRESH = re.compile(r"""http-equiv\s*=\s*["']?refresh""", re.IGNORECASE)
_CONTENT = re.compile(r"""content\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
_TIMED = re.compile(r"""\s*(\d+)(?:\.\d*)?\s*[;,]?\s*(?:url\s*=)?\s*["']?([^"']*)""", re.IGNORECASE)
_SCRIPT = re.compile(r"""\blocation(?:\.href\s*=|\s*=|\.replace\s*\(|\.assign\s*\()\s*["']([^"'\\]*(?:\\.[^"'\\]*)*)["']""", re.IGNORECASE)
_WRAPPED = re.compile(r"""\bdata-n-au\s*=\s*["']([^"']+)["']""", re.IGNORECASE)
_LINK = re.compile(r"<link\b[^<>]{0,2000}>", re.IGNORECASE)
_CANONICAL = re.compile(r"""\brel\s*=\s*["']?canonical\b""", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
_ANCHOR = re.compile(r"""<a\b[^<>]{0,2000}>""", re.IGNORECASE)
_AMP = re.compile(rb"<html\b[^<>]{0,1000}?\s(?:amp|\xe2\x9a\xa1)(?=[\s=>/])", re.IGNORECASE)
_UNSEEN = re.compile(r"<(script|style|head|noscript|template)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")


# ── by the address alone ──────────────────────────────────────────────────────────────────────────


def straightened(candidate: Candidate) -> Candidate:
    """The candidate at the address its own leads to, as far as the address says so; the ones on the way are its chain."""
    chain, url = list(candidate.chain), candidate.url
    while len(chain) < MOST_HOPS and (target := target_of(url)) and target not in (*chain, url):
        chain.append(url)
        url = target
    return candidate if url == candidate.url else replace(candidate, url=url, chain=tuple(chain))


def target_of(url: str) -> str | None:
    """Where an address says that it leads: another site's address in a redirector's parameter, or inside Google News' older form."""
    try:
        parts = urlsplit(url)
        host = urls.host(url)
    except ValueError:
        return None
    if host == "news.google.com":
        return _google_news(parts.path)
    if not (_REDIRECTOR_HOSTS.fullmatch(host) or _REDIRECTOR_PATH.fullmatch(parts.path)):
        return None
    given = {name.lower(): value for name, value in parse_qsl(parts.query)}
    for name in _TARGETS:
        target = _taken(given.get(name, ""))
        if target and urls.outlet(target) != urls.outlet(url):
            return target
    return None


def _google_news(path: str) -> str | None:
    """``/rss/articles/CBMi…``: base64 of a small message that, until 2024, held the address itself (and its AMP form behind it)."""
    found = re.fullmatch(r"(?:/rss)?/(?:articles|read|__i/rss/rd/articles)/([A-Za-z0-9_-]{20,4000})=*", path)
    if not found:
        return None
    try:
        raw = base64.urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4))
    except (ValueError, binascii.Error):
        return None
    inner = re.search(rb"https?://[\x21-\x7e]+", raw)
    if not inner:
        return None
    start = inner.start()
    size = raw[start - 1] if start else 0
    if start > 1 and raw[start - 2] & 0x80:  # a length of two bytes (protocol buffers' varint)
        size = (raw[start - 2] & 0x7F) | raw[start - 1] << 7
    whole = inner[0]
    return _taken((whole[:size] if 12 < size <= len(whole) else whole).decode("ascii"))


def _taken(url: str) -> str | None:
    url = html.unescape(url.strip())
    if not url.lower().startswith(("http://", "https://")):
        return None
    try:
        return urls.cleaned(url)
    except ValueError:
        return None


# ── by the page ───────────────────────────────────────────────────────────────────────────────────


def is_aggregator(url: str) -> bool:
    """Whether no page there is an article of its own."""
    try:
        return _AGGREGATORS.fullmatch(urls.host(url).removeprefix("www.")) is not None
    except ValueError:
        return False


def leads_to(response: Response) -> str | None:
    """Where a page that is not an article itself sends its reader; None for a page to be read. Looks at a bounded beginning."""
    aggregator = is_aggregator(response.url)
    if not aggregator and len(response.body) > SHORT:
        return amp_of(response)
    text = response.body[:LOOKED_AT].decode("utf-8", "replace")
    if not aggregator and len(_seen(text)) > BARE:
        return amp_of(response)
    found = _refresh(text) or _of(_SCRIPT, text)
    if aggregator:
        found = _of(_WRAPPED, text) or found or _canonical(text) or _only_link(text, response.url)
    target = _joined(response.url, found)
    if target is None:
        return None if aggregator else amp_of(response)
    if aggregator and is_aggregator(target) and urls.outlet(target) == urls.outlet(response.url):
        return None
    return target


def amp_of(response: Response) -> str | None:
    """The page of which an AMP page is another dress: its canonical link, within one registrable domain; None when it is none."""
    start = response.body[: 64 * 1024]
    if not _AMP.search(start[:4096]):
        return None
    target = _joined(response.url, _canonical(start.decode("utf-8", "replace")))
    return target if target and urls.outlet(target) == urls.outlet(response.url) and not urls.is_home(target) else None


def _joined(base: str, found: str | None) -> str | None:
    if not found:
        return None
    try:
        target = urls.cleaned(urls.join(base, html.unescape(found)))
        same = urls.canonical(target) == urls.canonical(base)
    except ValueError:
        return None
    return None if same else target


def _refresh(text: str) -> str | None:
    for tag in _META.finditer(text):
        if _REFRESH.search(tag[0]) and (content := _CONTENT.search(tag[0])):
            timed = _TIMED.match(html.unescape(next(filter(None, content.groups()), "")))
            if timed and int(timed[1][:6]) <= SOON and timed[2].strip():
                return timed[2].strip()
    return None


def _of(shape: re.Pattern[str], text: str) -> str | None:
    found = shape.search(text)
    return re.sub(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))", _unescaped, found[1]) if found else None


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1] or found[2], 16)) if found[1] or found[2] else found[3]


def _canonical(text: str) -> str | None:
    for tag in _LINK.finditer(text):
        if _CANONICAL.search(tag[0]) and (href := _HREF.search(tag[0])):
            return next(filter(None, href.groups()), None)
    return None


def _only_link(text: str, url: str) -> str | None:
    """The one other site that an aggregator's page links to."""
    own = urls.outlet(url)
    found = set()
    for tag in _ANCHOR.finditer(text):
        if (href := _HREF.search(tag[0])) and (target := _taken(next(filter(None, href.groups()), ""))) and urls.outlet(target) != own:
            found.add(target)
    return found.pop() if len(found) == 1 else None


def _seen(text: str) -> str:
    return " ".join(unquote(_TAG.sub(" ", _UNSEEN.sub(" ", text))).split())
