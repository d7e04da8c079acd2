"""OPML: lists of feeds from other readers are read as far as they can be; ours are read back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.discover import opml
from pipeline.errors import InputError
from pipeline.model import Source

LIST = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>My feeds</title></head><body>
<outline text="News"><outline text="Local">
  <outline type="rss" text="The Pier &amp; Post" title="The Pier &amp; Post" xmlUrl="https://pier.example/rss?a=1&amp;b=2" htmlUrl="https://pier.example/"/>
</outline><outline type="rss" text="Bay" xmlUrl="http://bay.example/feed"/></outline>
<outline type="atom" text="Top" xmlUrl="feed://top.example/atom.xml"/>
</body></opml>"""


def urls(body: str | bytes) -> list[str]:
    return [feed.url for feed in opml.read(body.encode() if isinstance(body, str) else body).feeds]


def test_nested_folders() -> None:
    read = opml.read(LIST.encode())
    assert read.title == "My feeds"
    assert [(feed.title, feed.url, feed.folder) for feed in read.feeds] == [
        ("The Pier & Post", "https://pier.example/rss?a=1&b=2", "News / Local"),
        ("Bay", "http://bay.example/feed", "News"),
        ("Top", "http://top.example/atom.xml", None),
    ]
    assert read.refused == ()


def test_a_broken_list_gives_what_can_be_read() -> None:
    broken = LIST.replace("&amp;", "&").replace("</outline>", "", 1)[: -len("</body></opml>")] + '<outline text="unclosed'
    assert urls(broken) == ["https://pier.example/rss?a=1&b=2", "http://bay.example/feed", "http://top.example/atom.xml"]


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ('<outline type="rss" text="Nowhere"/>', "Nowhere"),
        ('<outline type="rss" text="Empty" xmlUrl=""/>', "Empty"),
        ('<outline type="rss" text="By page" htmlUrl="https://page.example/"/>', "https://page.example/"),
        ('<outline type="rss" text="Twice" xmlUrl="http://bay.example/feed"/>', "twice"),
        ('<outline type="rss" text="Strange" xmlUrl="ftp://x.example/feed"/>', "Strange"),
        ('<outline type="rss" text="A file" xmlUrl="/etc/passwd"/>', "A file"),
    ],
)
def test_what_cannot_be_watched_is_named_and_costs_nothing_else(entry: str, told: str) -> None:
    read = opml.read(LIST.replace("</body>", entry + "</body>").encode())
    assert len(read.feeds) == 3
    (refused,) = read.refused
    assert told in refused


def test_other_encodings() -> None:
    text = LIST.replace("Bay", "Залив")
    for encoding in ("windows-1251", "utf-16"):
        body = text.replace("UTF-8", encoding).encode(encoding)
        assert [feed.title for feed in opml.read(body).feeds][1] == "Залив"
    assert opml.read(b"\xef\xbb\xbf" + text.encode()).feeds[1].title == "Залив"


@pytest.mark.parametrize(
    "body", [b"", b"   ", b"<html><body>Sign in</body></html>", b"http://lists.example/mine.opml", b"\x89PNG\r\n\x1a\n"]
)
def test_what_is_no_list_says_so_and_is_never_fetched(body: bytes) -> None:
    with pytest.raises(InputError, match=r"mine\.opml.*no OPML"):
        opml.read(body, "mine.opml")


def test_an_address_and_an_outline_are_still_no_address() -> None:
    assert urls(b'http://127.0.0.1:9/x <outline xmlUrl="http://bay.example/feed"/>') == ["http://bay.example/feed"]


SOURCES = st.builds(
    Source,
    name=st.from_regex(r"\w[\w.-]{0,20}", fullmatch=True),
    kind=st.just("feed"),
    url=st.from_regex(r"https://[a-z]{1,9}\.example/[a-z0-9/]{0,12}(?:\?a=[0-9]&b=%20[a-z]?)?", fullmatch=True),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(SOURCES, max_size=6, unique_by=lambda source: source.url))
def test_what_is_written_is_read_back(sources: list[Source]) -> None:
    text = opml.write(sources, "Mine <&>")
    if not sources:
        assert "<body" in text
        return
    read = opml.read(text.encode())
    assert [(feed.title, feed.url) for feed in read.feeds] == [(source.name, source.url) for source in sources]
    assert read.title == "Mine <&>"


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(["<outline ", "xmlUrl='", "http://x.example/", "'>", "\0", "</outline>", "feed:", "&", "<opml"])
        | st.text(max_size=8)
    )
    .map("".join)
    .map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.binary(max_size=200)
)
def test_whatever_comes_is_read_or_refused(body: bytes) -> None:
    try:
        read = opml.read(body)
    except InputError:
        return
    assert all(feed.url.startswith(("http://", "https://")) for feed in read.feeds)
