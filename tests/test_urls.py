"""Addresses: nothing a server needs is rewritten, one article has one set of names, and names stay inside their outlet."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline import urls

PAPER = "https://www.daily-example.com/2024/05/06/bridge-opens-a4711"


@pytest.mark.parametrize(
    ("given_url", "wanted"),
    [
        ("https://a.example/x?utm_source=rss&id=7&fbclid=Iw#top", "https://a.example/x?id=7"),
        ("https://a.example/x?utm_source=rss", "https://a.example/x"),
        ("https://a.example/x?a=1&amp;utm_medium=mail&amp;b=2", "https://a.example/x?a=1&amp;b=2"),
        ("https://a.example/x?b=2&a=%e9+%2F&b=1&&c", "https://a.example/x?b=2&a=%e9+%2F&b=1&&c"),  # order and encoding are the server's
        ("http://a.example/p;jsessionid=0A?q=1", "http://a.example/p;jsessionid=0A?q=1"),
        ("https://A.Example/%7Euser/../x", "https://A.Example/%7Euser/../x"),
        (" \n https://a.exa\tmple/long\n/path \r\n", "https://a.example/long/path"),
        ("https:\\\\a.example\\x?q=\\", "https://a.example/x?q=\\"),
        ("https://a.example/two words/é?q=ж", "https://a.example/two%20words/%C3%A9?q=%D0%B6"),
        ("http://bücher.example:8080/", "http://xn--bcher-kva.example:8080/"),
        ("http://127.0.0.1:8731/x?campaign=3&cid=4", "http://127.0.0.1:8731/x?campaign=3&cid=4"),
    ],
)
def test_what_is_fetched(given_url: str, wanted: str) -> None:
    assert urls.cleaned(given_url) == wanted
    assert urls.cleaned(wanted) == wanted


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        ("javascript:alert(1)", "http"),
        ("mailto:desk@a.example", "http"),
        ("//a.example/x", "http"),
        ("/x", "http"),
        ("", "http"),
        ("http://", "host"),
        ("http:///x", "host"),
        ("https://user:secret@a.example/", "password"),
        ("http://a.example:99999/", "ort"),
        ("http://a.example:0/", "port 0"),
        ("http://a..example/", "host name"),
        ("http://a b/", "host name"),
        ("http://[::1/", "not an address"),
        ("http://[fe80::zz]/", "ddress"),
        ("https://a.example/" + "x" * 9000, "8000"),
    ],
)
def test_what_is_refused_says_why(bad: str, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        urls.cleaned(bad)
    assert not urls.is_http(bad)
    assert urls.keys(bad) == ()


@pytest.mark.parametrize(
    ("given_url", "wanted"),
    [
        ("HTTP://A.Example:80", "http://a.example/"),
        ("https://a.example.:443/a/./b/../c/", "https://a.example/a/c/"),
        ("https://a.example/%7euser/%e9/%zz?q=%2f%41", "https://a.example/~user/%E9/%25zz?q=%2FA"),
        ("https://пример.example/ж", "https://xn--e1afmkfd.example/%D0%B6"),
        ("http://[0:0::1]:8080/", "http://[::1]:8080/"),
        ("https://a.example/x?b=1&a=2#f", "https://a.example/x?b=1&a=2"),
        ("https://a.example/%2e%2e/x", "https://a.example/x"),
    ],
)
def test_what_is_shown(given_url: str, wanted: str) -> None:
    assert urls.canonical(given_url) == wanted


@pytest.mark.parametrize(
    "other",
    [
        PAPER.replace("https", "http"),
        PAPER.replace("www.", ""),
        PAPER.replace("www.", "m."),
        PAPER.replace("www.", "amp."),
        PAPER + "/",
        PAPER + "/amp",
        PAPER + "/amp/",
        PAPER + "/pdf",
        PAPER + "/print",
        PAPER + "?amp=1",
        PAPER + "?outputType=amp",
        PAPER + "?print=1&utm_source=x",
        PAPER + "/index.html",
        PAPER + "?ref=home",
        PAPER.replace(".com/", ".com/amp/"),
        "https://www-daily--example-com.cdn.ampproject.org/c/s/" + PAPER.removeprefix("https://"),
        "https://www.google.com/amp/s/" + PAPER.removeprefix("https://"),
        PAPER.replace("bridge-opens", "bridge-opens-late"),
        PAPER.replace("05/06", "05/07"),
    ],
)
def test_one_article_under_many_addresses(other: str) -> None:
    assert set(urls.keys(other)) & set(urls.keys(PAPER))
    assert urls.outlet(other) == "daily-example.com"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (PAPER, PAPER.replace("a4711", "a4712")),
        (PAPER, PAPER.replace("daily-example.com", "other-example.com")),
        ("https://a.example/x?id=1", "https://a.example/x?id=2"),
        ("https://a.example/?p=1", "https://a.example/?p=2"),
        ("https://a.example/size-a4", "https://a.example/paper-a4"),  # no date before it: a word, not a number that selects
        ("https://a.example/all/4711", PAPER.replace("www.daily-example.com", "a.example")),
        ("https://one.wordpress.com/x", "https://two.wordpress.com/x"),
        ("https://a.example/amp", "https://a.example/"),
        ("http://127.0.0.1:8001/x", "http://127.0.0.1:8002/x"),
        ("https://news.a.example/x", "https://sport.a.example/x"),
    ],
)
def test_two_articles_share_no_key(one: str, two: str) -> None:
    assert not set(urls.keys(one)) & set(urls.keys(two))


def test_the_moscow_times_selects_by_its_number_alone() -> None:
    article = "https://www.themoscowtimes.com/2023/07/12/west-offers-frustrated-ukraine-a81814"
    for other in (
        "https://www.themoscowtimes.com/2023/07/12/some-older-headline-a81814?amp=1",
        "https://www.themoscowtimes.com/all/81814",
        "https://www.themoscowtimes.com/some-older-headline-a81814/pdf",
    ):
        assert set(urls.keys(other)) & set(urls.keys(article))
    sister = "https://ru.themoscowtimes.com/2023/07/12/x-a81814"  # another site of the same domain counts by itself
    assert not set(urls.keys(sister)) & set(urls.keys(article))


def test_parameters_that_select_count_in_any_order() -> None:
    assert urls.keys("https://a.example/x?id=1&part=2") == urls.keys("http://a.example/x?utm_id=9&part=2&id=1")


def test_guids() -> None:
    page = "https://a.example/2024/bridge"
    assert "guid:a.example:tag:a.example,2024:77" in urls.keys(page, guid=" tag:a.example,2024:77 ")
    assert set(urls.keys(page, guid="http://www.a.example/?p=77")) >= set(urls.keys("https://a.example/?p=77"))
    foreign = urls.keys(page, guid="https://b.example/other")
    assert not set(foreign) & set(urls.keys("https://b.example/other"))
    assert urls.keys(page, guid="https://a.example/") == urls.keys(page), "a front page names no article"
    assert urls.keys(page, guid="  ") == urls.keys(page, guid=None) == urls.keys(page)
    assert len(urls.keys(page, guid="g" * 5000)[-1]) < 200


@pytest.mark.parametrize(
    ("url", "outlet"),
    [
        ("https://www.a.co.uk/x", "a.co.uk"),
        ("https://news.a.example/x", "a.example"),
        ("https://foo.wordpress.com/x", "foo.wordpress.com"),
        ("https://www.foo.blogspot.co.uk/x", "foo.blogspot.co.uk"),
        ("https://foo.github.io/x", "foo.github.io"),
        ("https://medium.com/@x/y", "medium.com"),
        ("http://localhost:8080/", "localhost"),
        ("http://127.0.0.1:8080/", "127.0.0.1"),
        ("http://[::1]:8080/", "[::1]"),
        ("http://paper/", "paper"),
        ("https://пример.рф/", "xn--e1afmkfd.xn--p1ai"),
        ("mailto:a@b.example", None),
    ],
)
def test_outlets(url: str, outlet: str | None) -> None:
    assert urls.outlet(url) == outlet


def test_front_pages() -> None:
    for home in ("https://a.example", "https://a.example/index.html", "https://a.example/en/", "https://a.example/?utm_source=x#top"):
        assert urls.is_home(home)
    for page in ("https://a.example/news", "https://a.example/?p=3", "nonsense"):
        assert not urls.is_home(page)


def test_links_are_made_absolute() -> None:
    assert urls.join("https://a.example/feeds/rss", "../x?utm_source=1") == "https://a.example/x?utm_source=1"
    assert urls.join("https://a.example/", " //b.example/x\n") == "https://b.example/x"
    with pytest.raises(ValueError, match="http"):
        urls.join("https://a.example/", "javascript:alert(1)")


def test_the_suffix_list_is_loaded_when_it_is_used() -> None:
    code = "import sys, pipeline.urls; sys.exit('publicsuffixlist' in sys.modules or 'yarl' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


PIECE = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["/", "//", "..", ".", "%2e", "%2F", "%", "%zz", "?", "&", "#", ";", "=", "utm_source=1", "amp;", "amp%3B", "\\", " "]),
    st.sampled_from(["/amp", "/pdf", "/index.html", "?amp=1", "/2024/05/06/x-a1", "&print", ".amp", "%61mp", "é", "\ud800", "\x00"]),
)
HOST = st.sampled_from(
    [
        "a.example",
        "WWW.a.example.",
        "m.b.co.uk",
        "foo.wordpress.com",
        "127.0.0.1",
        "[::1]",
        "bücher.example",
        "amp.com",
        "xn--a.example",
        "com",
    ]
)
WILD = st.one_of(
    st.text(max_size=40),
    st.builds(
        lambda scheme, host, port, rest: f"{scheme}://{host}{port}/{''.join(rest)}",
        st.sampled_from(["http", "HTTPS", "ftp"]),
        HOST,
        st.sampled_from(["", ":80", ":443", ":8080", ":"]),
        st.lists(PIECE, max_size=6),
    ),
)


@settings(max_examples=600, deadline=None)
@given(WILD, st.none() | WILD)
@example("http://www-a-example.cdn.ampproject.org/c/s/a.example/x", "http://b.example/y")
def test_every_address_ends_well(url: str, guid: str | None) -> None:
    if not urls.is_http(url):
        with pytest.raises(ValueError, match=r"\w"):
            urls.canonical(url)
        assert urls.outlet(url) is None
        return
    fetched, shown = urls.cleaned(url), urls.canonical(url)
    assert urls.cleaned(fetched) == fetched
    assert urls.canonical(shown) == shown == urls.canonical(fetched)
    assert fetched.isascii()
    assert shown.isascii()
    found = urls.keys(url, guid=guid)
    assert found
    assert {urls.key_outlet(key) for key in found} == {urls.outlet(url)}, "keys never cross registrable domains"
    assert set(urls.keys(shown)) <= set(found)
    assert all(len(key) <= urls.MAX_KEY + 100 for key in found)
