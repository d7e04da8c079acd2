"""What belongs to one chain of redirects: the headers of each hop, and the cookies that a consent page wants to see again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.fetch.decode import ACCEPT_ENCODING
from pipeline.fetch.guard import Target
from pipeline.model import Request

if TYPE_CHECKING:
    import aiohttp

ACCEPT = {
    "page": "text/html, application/xhtml+xml, application/xml;q=0.9, text/*;q=0.8",
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
    "sitemap": "application/xml, text/xml;q=0.9, text/plain;q=0.8, application/gzip;q=0.7, */*;q=0.5",
    "robots": "text/plain, */*;q=0.5",
}
_OURS = frozenset(("host", "connection", "content-length", "transfer-encoding", "accept-encoding", "range", "te", "upgrade"))
_SENDABLE = re.compile(r"[\x20-\x7e]+")


class Jar:
    """Cookies that live as long as one chain: no outlet can tell one of our visits from the next."""

    def __init__(self) -> None:
        self._jar: aiohttp.CookieJar | None = None

    def keep(self, target: Target, cookies: tuple[str, ...]) -> None:
        """Takes the Set-Cookie headers of an answer."""
        import aiohttp
        import yarl

        if cookies:
            self._jar = self._jar or aiohttp.CookieJar()
            self._jar.update_cookies_from_headers(cookies, yarl.URL(target.wire, encoded=True))

    def show(self, target: Target) -> str:
        """The Cookie header for an address, "" for none."""
        import yarl

        if self._jar is None:
            return ""
        found = self._jar.filter_cookies(yarl.URL(target.wire, encoded=True))
        return "; ".join(f"{morsel.key}={morsel.coded_value}" for morsel in found.values())


def plain_headers(agent: str, accept: str) -> dict[str, str]:
    """What every request says. Any language is as welcome as another: the outlet's own is what is wanted."""
    return {"User-Agent": agent, "Accept": ACCEPT[accept], "Accept-Encoding": ACCEPT_ENCODING, "Accept-Language": "*"}


def hop_headers(request: Request, agent: str, first: Target, target: Target, cookies: str) -> dict[str, str]:
    """The headers of one hop. The person's own may be keys: they never go to another host, nor from https to http. Validators belong
    to the address that was asked for (RFC 9110 §13.1), so they are shown to the first hop alone.
    """
    headers = plain_headers(agent, request.accept)
    at_home = target.host == first.host and (target.origin == first.origin or (first.scheme, target.scheme) == ("http", "https"))
    for name, value in request.headers.items() if at_home else ():
        if name.lower() not in _OURS:
            headers = {key: kept for key, kept in headers.items() if key.lower() != name.lower()} | {name: value}
    if cookies:
        headers["Cookie"] = "; ".join(part for part in (headers.get("Cookie"), cookies) if part)
    if target is first:
        known = request.validators
        if known.etag and _SENDABLE.fullmatch(known.etag):
            headers["If-None-Match"] = known.etag
        if known.last_modified and _SENDABLE.fullmatch(known.last_modified):
            headers["If-Modified-Since"] = known.last_modified
    return headers
