"""Section pages: articles told from navigation, scored over pages that were written before the code."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sections import SECTIONS, Section

from pipeline import urls
from pipeline.discover import KINDS
from pipeline.errors import DiscoverError
from pipeline.model import Found, Response, Source

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def read(section: Section) -> Found:
    response = Response(
        url=section.url,
        requested_url=section.url,
        headers=(("content-type", "text/html; charset=utf-8"),),
        body=section.html.encode(),
        fetched_at=NOW,
    )
    return KINDS["page"](response, Source(name="s", kind="page", url=section.url))


def keys(found: set[str] | tuple[str, ...], base: str) -> set[str]:
    return {urls.keys(urls.join(base, url))[0] for url in found}


def score(section: Section) -> tuple[set[str], set[str], set[str]]:
    """Found and right, found and wrong, not found."""
    found = keys({candidate.url for candidate in read(section).candidates}, section.url)
    wanted = keys(section.articles, section.url)
    return found & wanted, found - wanted, wanted - found


def parse(body: str | bytes, kind: str = "text/html; charset=utf-8", url: str = "https://www.pier.example/news") -> Found:
    raw = body.encode("utf-8", "replace") if isinstance(body, str) else body
    response = Response(url=url, requested_url=url, headers=(("content-type", kind),), body=raw, fetched_at=NOW)
    return KINDS["page"](response, Source(name="s", kind="page", url=url))


HEADLINE = "<h2><a href='/2026/03/01/{}'>{}</a></h2>"


def test_a_links_words_are_the_titles_hint_without_clock_and_comments() -> None:
    body = (
        "<main><a href='/2026/03/01/bridge-opens'><img></a>"
        "<a href='/2026/03/01/bridge-opens'>12:40 The bridge opens</a>"
        "<a href='/2026/03/01/bridge-opens#comments'>14 comments</a>"
        "<a href='/2026/03/01/bridge-opens'>Read more about the bridge</a></main>"
    )
    (candidate,) = parse(body).candidates
    assert (candidate.url, candidate.hints.title) == ("https://www.pier.example/2026/03/01/bridge-opens", "The bridge opens")


def test_a_page_in_another_charset() -> None:
    body = HEADLINE.format("ledohod", "На Волге начался ледоход").encode("cp1251")
    assert parse(body, "text/html; charset=windows-1251").candidates[0].hints.title == "На Волге начался ледоход"


@pytest.mark.parametrize(
    ("body", "reason", "word"),
    [
        ("", "not-a-page", "empty"),
        ("<!-- -->", "no-links", "none of 0 links"),
        ("<html><div id=app></div><script src=/app.js></script></html>", "no-links", "script"),
        ("<html><a href='/business'>Business</a><a href='/tag/ferries-and-piers-of-the-north'>Ferries</a></html>", "no-links", "none of 1"),
        ("<rss version='2.0'><channel/></rss>", "not-a-page", 'kind = "feed"'),
        ('{"a": 1}', "not-a-page", "JSON"),
    ],
)
def test_what_holds_no_article_links_says_so(body: str, reason: str, word: str) -> None:
    with pytest.raises(DiscoverError) as caught:
        parse(body)
    assert caught.value.reason == reason
    assert word in str(caught.value)


@given(st.text(max_size=200), st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_page_is_read_or_refused(text: str, href: str) -> None:
    for body in (text, f"<html>{text}</html>", f"<base href='{href}'><a href='{href}'>{text}</a>{HEADLINE.format('pier-opens', text)}"):
        with suppress(DiscoverError):
            assert all(urls.outlet(candidate.url) for candidate in parse(body).candidates)


def test_precision_and_recall() -> None:
    scores = [score(section) for section in SECTIONS]
    right, wrong, missed = (sum(len(one[part]) for one in scores) for part in range(3))
    told = {section.name: (sorted(one[1]), sorted(one[2])) for section, one in zip(SECTIONS, scores, strict=True) if one[1] or one[2]}
    assert right / (right + wrong) >= 0.97, (right, wrong, missed, told)
    assert right / (right + missed) >= 0.97, (right, wrong, missed, told)
