"""What a source holds. Each kind parses a response already fetched; nothing here fetches.

A kind is one file with one function and its row in KINDS. ``files`` and ``warc`` stand beside them: they read a disk, not a response.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pipeline import urls
from pipeline.discover.feed import parse as feed
from pipeline.discover.page import parse as page
from pipeline.discover.sitemap import parse as sitemap
from pipeline.errors import DiscoverError
from pipeline.model import Candidate, Found, Response, Source


def url(response: Response, source: Source) -> Found:
    """A source that is one page: the page itself is the candidate, already in hand. Raises DiscoverError."""
    if not urls.is_http(response.url):
        raise DiscoverError(f"{source.name}: {source.url!r} is no http(s) address", url=source.url)
    address = urls.cleaned(response.url)
    return Found(candidates=(Candidate(url=address, source=source.name, seen_at=response.fetched_at, response=response),))


KINDS: Mapping[str, Callable[[Response, Source], Found]] = {"feed": feed, "sitemap": sitemap, "page": page, "url": url}
"""Kind → how its response is read: Found, or DiscoverError with what it looks like and what to do."""
