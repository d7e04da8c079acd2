"""Addresses: what is fetched, what is shown, and by what names one article is known again.

Three forms, because they answer three questions. ``cleaned`` is what goes over the wire: nothing a server may need is rewritten.
``canonical`` is the identity shown to people (RFC 3986 §6.2). ``keys`` are aliases: two addresses that share a key are one article.
Keys never cross registrable domains: a copy in another outlet is a relation, found by its text, never the same article.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Callable
from functools import cache, lru_cache
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

MAX_LENGTH = 8000  # characters; RFC 9110 §4.1 asks for at least 8,000 octets to be supported
MAX_KEY = 400  # characters of a key before a digest shortens it: it must fit an index (PostgreSQL: 2,704 bytes)

# Parameters that name a click, never a page. Sources: Google Analytics' campaign parameters (utm_*), the general section of AdGuard's URL
# Tracking filter, and Mozilla's query stripping list. Left out on purpose: names a server may need (source, campaign, cid, id, …).
_TRACKING_PREFIXES = ("utm_", "hsa_", "mtm_", "pk_", "at_custom", "ns_m")
_TRACKING_NAMES = """
utm fbclid fb_action_ids fb_action_types fb_ref fb_source gclid gclsrc gbraid wbraid dclid gad_source gad_campaignid srsltid _ga _gl
msclkid yclid _openstat twclid ttclid igshid igsh li_fat_id rdt_cid epik mc_cid mc_eid mkt_tok _hsenc _hsmi __hssc __hstc __hsfp
hsctatracking vero_id vero_conv oly_anon_id oly_enc_id __s s_cid s_kwcid wickedid rb_clickid dicbo tblci guccounter guce_referrer
guce_referrer_sig ml_subscriber ml_subscriber_hash at_medium at_campaign at_link_id at_link_type at_link_origin at_format at_bbc_team
at_ptr_name ns_source ns_campaign ns_linkname ns_fee wt_mc wt.mc_id sc_cid spm_id_from __twitter_impression
"""
_TRACKING = frozenset(_TRACKING_NAMES.split())
# What some servers read and no article is told by: dropped from keys only, never from what is fetched.
_WEAK = frozenset(("ref", "ref_src", "cmp", "cmpid", "smid", "partner", "rss", "phpsessid", "jsessionid"))
# Other dresses of one page. WordPress's AMP plugin (?amp, ?amp=1, /amp), Arc XP (?outputType=amp), The Moscow Times (?amp=1, /pdf).
_YES = frozenset(("", "1", "true", "yes", "amp", "print"))
_DRESS = {"amp": _YES, "print": _YES, "printable": _YES, "outputtype": {"amp"}, "output": {"amp", "print"}, "view": {"amp", "print"}}
_DRESS_SEGMENTS = frozenset(("amp", "print", "pdf"))
_INDEX = re.compile(r"(?:index\.(?:html?|php|aspx?|jsp)|default\.(?:html?|aspx?))", re.IGNORECASE)
_PREFIXES = ("www.", "m.", "mobile.", "amp.")

# Where the number alone selects the article, whatever slug or date stands before it.
# On any host: a full date path that ends in -a<digits>. The date and the tail together are a template, not chance, and the sites known to
# print it (facts on The Moscow Times) answer any slug with the same article. Without the date, "-a4" may be a word ("…-a4" paper).
_DATED_ID = re.compile(r"/\d{4}/\d{2}/\d{2}/[^/]*-a(\d+)")
_ID_RULES: dict[str, tuple[re.Pattern[str], ...]] = {
    "themoscowtimes.com": (re.compile(r"/all/(\d+)"), re.compile(r"(?:/.*)?/[^/]*-a(\d+)")),  # /all: what infinite scroll loads
}
# Platforms where each subdomain is a publication of its own and that the public suffix list does not name (or names no longer).
_PLATFORMS = {"wordpress.com", "substack.com", "medium.com", "livejournal.com", "tumblr.com", "typepad.com", "ghost.io", "beehiiv.com"}
# A path that begins so on these hosts holds another's address: the AMP Cache URL format (/c, /v and s for https), Google's viewer.
_AMP_CACHE = re.compile(r"/(?:c|v)/(?:s/)?([^/]+)(/.*)?")
_AMP_VIEWER = re.compile(r"/amp/(?:s/)?([^/]+\.[^/]+)(/.*)?")


def is_http(url: str) -> bool:
    """Whether ``cleaned`` would take it."""
    try:
        cleaned(url)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1024)  # on its way a candidate's address is asked about a dozen times
def cleaned(url: str) -> str:
    """The address to fetch, as ASCII: http(s), no fragment, no tracking parameters; everything else in its order and encoding.

    What feeds do is forgiven as browsers do (WHATWG URL §4.4): blanks around, tabs and line breaks inside, backslashes for slashes, blanks
    and letters that are not ASCII (they are percent-encoded as UTF-8). Raises ValueError naming what is wrong.
    """
    parts = _split(_tidy(url))
    query = "&".join(piece for piece in _ascii(parts.query).split("&") if not _is_tracking(piece))
    wire = re.fullmatch(r"[A-Za-z0-9._\-:\[\]]+", parts.netloc)  # as written, unless that could not go over the wire
    return f"{parts.scheme}://{parts.netloc if wire else _host(parts) + _port(parts)}{_ascii(parts.path)}{'?' + query if query else ''}"


def canonical(url: str) -> str:
    """The form shown to people: ``cleaned``, with a lower-case IDNA host, no default port, no dot segments and one way of percent-encoding.

    RFC 3986 §6.2.2 and §6.2.3. Idempotent. Raises ValueError.
    """
    parts = _split(cleaned(url))
    path, query = _without_dots(_one_encoding(parts.path)), _one_encoding(parts.query)
    return f"{parts.scheme}://{_host(parts) + _port(parts)}{path}{'?' + query if query else ''}"


@lru_cache(maxsize=1024)
def keys(url: str, *, guid: str | None = None) -> tuple[str, ...]:
    """The names an article is known by, strongest first; no two registrable domains share one. () for what is not an http(s) address.

    Agnostic of scheme, ``www.``/``m.``/``mobile.``/``amp.``, AMP, print and PDF dress, index files, a trailing slash, the order of
    parameters and session ids. ``id:``: where a number selects the article. ``guid``: a feed's; one that is an address of the same
    registrable domain gives that address's keys, any other is kept within this domain.
    """
    try:
        parts = _split(canonical(_unwrapped(url)))
    except ValueError:
        return ()
    found = _address_keys(parts)
    guid = (guid or "").strip()
    if guid and outlet(guid) == outlet(url) and not is_home(guid):
        found += _address_keys(_split(canonical(_unwrapped(guid))))
    elif guid and not is_home(guid):
        found += (_short(f"guid:{_domain(_host(parts))}{_port(parts)}:", guid),)
    return tuple(dict.fromkeys(found))


def host(url: str) -> str:
    """The host, lower case, IDNA, without port or trailing dot. Raises ValueError."""
    return _host(_split(_tidy(url)))


@lru_cache(maxsize=1024)
def outlet(url: str) -> str | None:
    """Who prints there: the registrable domain (public suffix list, its private section too: one blog of a platform is one outlet).

    IP addresses and single-label hosts are their own. An address of an AMP cache is its publisher's. None for what is not http(s).
    """
    try:
        return _domain(host(_unwrapped(url)))
    except ValueError:
        return None


def key_outlet(key: str) -> str | None:
    """The registrable domain that a key of ``keys`` stays within; None for any other text."""
    found = re.match(r"(?:id|url|guid):(\[[^]]*\]|[^/:#]+)", key)
    return _domain(found[1]) if found else None


def is_home(url: str) -> bool:
    """Whether it is a front page: no path, an index file, or a language alone (``/en``, ``/en-gb``), and no parameter that selects."""
    try:
        parts = _split(canonical(url))
    except ValueError:
        return False
    path = _undressed(parts.path)
    return not _identifying(parts.query) and (path == "/" or re.fullmatch(r"/[a-z]{2}(?:[-_][A-Za-z]{2})?", path) is not None)


def join(base: str, url: str) -> str:
    """A link as it stands on the page or feed ``base``, made absolute; parameters are left as they are. Raises ValueError."""
    joined = urljoin(_tidy(base), _tidy(url))
    _split(joined)
    return joined


_BLANKS = "".join(map(chr, range(0x21))) + "\u00a0\ufeff\u200b\u200e\u2028"


def _tidy(url: str) -> str:
    """Blanks and control characters off both ends, line breaks and tabs out, backslashes before the query turned."""
    url = re.sub(r"[\t\n\r]", "", url.strip(_BLANKS))
    if len(url) > MAX_LENGTH:
        raise ValueError(f"an address of {len(url)} characters; {MAX_LENGTH} are taken")
    return re.sub(r"\A[^?#]+", lambda head: head[0].replace("\\", "/"), url)


@lru_cache(maxsize=1024)
def _split(url: str) -> SplitResult:
    """``urlsplit`` that refuses what cannot be fetched."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"not an address: {error}") from None
    if parts.scheme not in {"http", "https"}:
        raise ValueError(f"not an http or https address: {url[:80]!r}")
    if "@" in parts.netloc:
        raise ValueError("an address with a user name or password is not taken")
    if port == 0:
        raise ValueError("port 0 does not exist")
    _host(parts)
    return parts


@lru_cache(maxsize=1024)
def _host(parts: SplitResult) -> str:
    name = (parts.hostname or "").removesuffix(".")
    if not name:
        raise ValueError("an address without a host")
    if ":" in name:
        try:
            return f"[{ipaddress.IPv6Address(name.partition('%')[0])}]"
        except ValueError:
            raise ValueError(f"not an IPv6 address: {name[:80]!r}") from None
    name = name if re.fullmatch(r"[a-z0-9._-]+", name) and "xn--" not in name else _idna(unquote(name))
    if len(name) > 253 or any(not 0 < len(label) < 64 for label in name.split(".")):  # RFC 1035 §2.3.4
        raise ValueError(f"not a host name: {name[:80]!r}")
    return name


@lru_cache(maxsize=1024)
def _idna(name: str) -> str:
    from yarl import URL

    try:
        encoded = URL.build(scheme="http", host=name.lower()).raw_host or ""
    except ValueError:  # UnicodeError too, which is what idna raises
        encoded = ""
    if not re.fullmatch(r"[A-Za-z0-9._-]+", encoded):
        raise ValueError(f"not a host name: {name[:80]!r}")
    return encoded.lower().removesuffix(".")


def _port(parts: SplitResult) -> str:
    return f":{parts.port}" if parts.port and parts.port != {"http": 80, "https": 443}[parts.scheme] else ""


def _ascii(text: str) -> str:
    """Blanks, controls and what is not ASCII percent-encoded; every other character, escapes included, as it is."""
    return re.sub(r"[^\x21-\x7e]|[\"<>]", lambda found: quote(found[0], safe="", errors="replace"), text)


def _one_encoding(text: str) -> str:
    """Escapes of unreserved characters undone, the others in upper case, a stray per cent sign escaped."""
    text = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return re.sub(r"%(..)", lambda found: quote(chr(int(found[1], 16)), safe="~", encoding="latin-1"), text)


def _without_dots(path: str) -> str:
    """RFC 3986 §5.2.4."""
    kept: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return "/" + "/".join([*kept, ""] if path.endswith(("/.", "/..")) else kept)


def _name(piece: str) -> str:
    """A parameter's name; ``amp;`` before it is an ampersand that a feed escaped twice."""
    return re.sub(r"^(?:amp;)+", "", unquote(piece.partition("=")[0]).lower())


def _is_tracking(piece: str) -> bool:
    return _name(piece) in _TRACKING or _name(piece).startswith(_TRACKING_PREFIXES)


def _identifying(query: str) -> str:
    """The parameters that tell an article, in one order."""
    pieces = [re.sub(r"^(?:amp(?:;|%3B))+", "", piece) for piece in query.split("&")]
    pairs = [(piece, _name(piece), unquote(piece.partition("=")[2]).lower()) for piece in pieces if piece]
    return "&".join(sorted(piece for piece, name, value in pairs if name not in _WEAK and value not in _DRESS.get(name, ())))


def _undressed(path: str) -> str:
    """A canonical path without session id, AMP, print or PDF dress, index file and trailing slash."""
    path = re.sub(r";jsessionid=[^/;]*", "", path, flags=re.IGNORECASE)
    segments = [segment for segment in path.split("/") if segment]
    if len(segments) > 1 and segments[0].lower() == "amp":
        del segments[0]
    while len(segments) > 1 and segments[-1].lower() in _DRESS_SEGMENTS:
        del segments[-1]
    if segments and _INDEX.fullmatch(segments[-1]):
        del segments[-1]
    if segments:
        segments[-1] = re.sub(r"\.amp(?=\.html?$|$)", "", segments[-1]) or segments[-1]
    return "/" + "/".join(segments)


def _address_keys(parts: SplitResult) -> tuple[str, ...]:
    """Of a canonical address."""
    name, domain = _host(parts), _domain(_host(parts))
    while name != domain and name.startswith(_PREFIXES):
        name = name.partition(".")[2]
    site, path, query = name + _port(parts), _undressed(parts.path), _identifying(parts.query)
    matches = [rule.fullmatch(path) for rule in (_DATED_ID, *_ID_RULES.get(domain, ()))]
    numbers = [f"id:{site}:a{match[1]}" for match in matches if match]
    return (*numbers, _short(f"url:{site}", path + ("?" + query if query else "")))


def _short(head: str, tail: str) -> str:
    """A key, with a long tail shortened to a digest."""
    fits = len(head) + len(tail) <= MAX_KEY
    return head + tail if fits else f"{head}#{hashlib.sha256(tail.encode('utf-8', 'replace')).hexdigest()}"


def _unwrapped(url: str) -> str:
    """The publisher's address inside an address of an AMP cache or of Google's viewer; any other as it is."""
    parts = _split(_tidy(url))
    name = _host(parts)
    rule = _AMP_CACHE if name.endswith(".cdn.ampproject.org") else _AMP_VIEWER if re.fullmatch(r"www\.google\.[a-z.]+", name) else None
    found = rule.fullmatch(parts.path) if rule else None
    if not found:
        return url
    inner = f"https://{unquote(found[1])}{found[2] or '/'}{'?' + parts.query if parts.query else ''}"
    return inner if is_http(inner) else url


def _domain(name: str) -> str:
    """The registrable domain of a host; the host itself when it has none."""
    if name.startswith("[") or "." not in name or re.fullmatch(r"[0-9.]+", name):
        return name
    domain = _registrable()(name) or name
    if (domain in _PLATFORMS or domain.startswith("blogspot.")) and name not in {domain, f"www.{domain}"}:
        return ".".join(name.split(".")[-len(domain.split(".")) - 1 :])
    return domain


@cache
def _registrable() -> Callable[[str], str | None]:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList().privatesuffix
