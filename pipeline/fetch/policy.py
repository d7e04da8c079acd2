"""What the fetcher is told by the configuration, and how it names itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from importlib import metadata

AGENT_TOKEN = "wirewatch"  # what robots.txt may address us by (RFC 9309 §2.2.1)  # noqa: S105 - a product token, no secret
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The settings of the way out. Limits and times are those measured in facts/reliability ("Inputs that hurt", "Norms of the field").

    ``delay``: between two requests to one host; up to 30 % is added at random, and a larger Crawl-delay wins. ``allow_private``:
    networks that are taken though not public. ``resolve``: host → "ip" or "ip:port" ("*": every host name), as curl's --connect-to:
    the Host header, the name in TLS and robots.txt stay the URL's; addresses in URLs are never rewritten, and it has no say when a
    proxy is set. Limits count bytes after decoding.
    """

    contact: str | None = None
    user_agent: str | None = None
    proxy: str | None = None
    delay: timedelta = timedelta(seconds=2)
    allow_private: tuple[str, ...] = ()
    resolve: Mapping[str, str] = field(default_factory=dict)
    connect_timeout: timedelta = timedelta(seconds=5)
    read_timeout: timedelta = timedelta(seconds=5)
    total_timeout: timedelta = timedelta(seconds=30)
    page_limit: int = 5 * MIB
    feed_limit: int = 10 * MIB
    sitemap_limit: int = 50 * MIB  # what sitemaps.org allows
    max_redirects: int = 10  # as many as Google's crawlers follow
    robots: bool = True

    def agent(self) -> str:
        """The User-Agent: name, version and whom to ask; never a browser's."""
        if self.user_agent:
            return self.user_agent
        who = f"+{self.contact}" if self.contact else "news monitor; no contact configured"
        return f"{AGENT_TOKEN}/{version()} ({who})"


@cache  # asked for every request; reading the installation's metadata takes a millisecond
def version() -> str:
    """The installed version, "0" in a tree that was never installed."""
    try:
        return metadata.version("wirewatch")
    except metadata.PackageNotFoundError:
        return "0"
