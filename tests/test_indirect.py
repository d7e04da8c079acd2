"""Addresses and pages that only lead to an article: where they lead, and that an article is never taken for one."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import invented, page

from pipeline import indirect
from pipeline.model import Candidate, Response

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
REAL = "https://www.pier.example/2026/02/27/old-pier-to-be-rebuilt"


def google(*addresses: str, form: str = "rss/articles") -> str:
    """Google News' older form: a message of protocol buffers, base64; a varint of the length before each address."""
    raw = b"\x08\x13"
    for number, address in enumerate(addresses):
        size = len(address)
        length = bytes([size]) if size < 128 else bytes([size & 0x7F | 0x80, size >> 7])
        raw += (b"\x22" if not number else b"\xd2\x01") + length + address.encode()
    return f"https://news.google.com/{form}/" + base64.urlsafe_b64encode(raw).decode().rstrip("=") + "?oc=5&hl=en"


@pytest.mark.parametrize("form", ["rss/articles", "articles", "read"])
@pytest.mark.parametrize("real", [REAL, f"{REAL}-{'x' * 150}"])
def test_google_news_older_form_is_read_offline(form: str, real: str) -> None:
    assert indirect.target_of(google(real, f"{REAL}/amp", form=form)) == real


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com/url?sa=t&url=https%3A%2F%2Fwww.pier.example%2F2026%2F02%2F27%2Fold-pier-to-be-rebuilt&usg=x",
        f"https://www.google.de/url?q={REAL}",
        f"https://l.facebook.com/l.php?u={REAL}&h=AT0",
        f"https://www.bing.com/news/apiclick.aspx?ref=FexRss&url={REAL}&c=1",
        f"https://reader.example/redirect?to={REAL}",
        f"https://www.google.com/url?url=https%3A%2F%2Freader.example%2Fout%3Furl%3D{REAL}",
    ],
)
def test_a_parameter_says_where_it_leads(url: str) -> None:
    candidate = indirect.straightened(Candidate(url=url, source="s", seen_at=NOW))
    assert candidate.url == REAL
    assert candidate.chain[0] == url


@pytest.mark.parametrize(
    "url",
    [
        REAL,
        f"{REAL}?url=https://www.pier.example/other",
        "https://www.pier.example/story?link=https://rival.example/x",
        "https://news.google.com/rss/articles/CBMiXkFVX3lxTE1hYmNkZWZnaGlqa2xtbm9w?oc=5",
        "https://www.google.com/url?q=javascript:alert(1)",
        "https://www.pier.example/go?url=/inside",
    ],
)
def test_an_address_that_says_nothing_stays(url: str) -> None:
    candidate = Candidate(url=url, source="s", seen_at=NOW)
    assert indirect.straightened(candidate) == candidate


def answer(body: str, url: str = "https://go.example/1") -> Response:
    return Response(url=url, requested_url=url, body=body.encode(), fetched_at=NOW)


@pytest.mark.parametrize(
    "body",
    [
        f'<meta http-equiv="refresh" content="0; url={REAL}">',
        f"<META HTTP-EQUIV='Refresh' CONTENT=\"3;URL='{REAL}'\">",
        f'<meta content="0;{REAL}" http-equiv=refresh>',
        f'<script>window.location.href = "{REAL}";</script>',
        "<script>location.replace('https:\\/\\/www.pier.example\\/2026\\/02\\/27\\/old-pier-to-be-rebuilt')</script>",
        f'<script>top.location="{REAL}"</script><p>One moment, please.</p>',
    ],
)
def test_a_page_that_only_sends_one_on(body: str) -> None:
    assert indirect.leads_to(answer(f"<html><head><title>…</title>{body}</head><body></body></html>")) == REAL


@pytest.mark.parametrize(
    "head",
    [
        '<meta http-equiv="refresh" content="300">',
        f'<meta http-equiv="refresh" content="0; url={REAL}">',
        '<script>if (x) { window.location.href = "https://www.pier.example/app"; }</script>',
        '<meta http-equiv="refresh" content="900; url=https://www.pier.example/">',
    ],
)
def test_an_article_is_read_whatever_stands_in_its_head(head: str) -> None:
    body = page(invented(1), REAL, head=head)
    assert indirect.leads_to(answer(body, REAL)) is None
    assert indirect.leads_to(answer(body, "https://www.pier.example/elsewhere")) is None


def test_an_amp_page_leads_to_its_page_and_an_amp_first_page_to_nothing() -> None:
    amp = f'<!doctype html><html ⚡ lang="en"><head><link rel="canonical" href="{REAL}"></head><body>{"<p>text</p>" * 5000}</body></html>'
    assert indirect.leads_to(answer(amp, f"{REAL}/amp")) == REAL
    assert indirect.leads_to(answer(amp, REAL)) is None
    assert indirect.leads_to(answer(amp, "https://rival.example/amp/1")) is None  # another outlet: a copy, not a dress
    assert indirect.leads_to(answer(amp.replace("⚡", "class=amp"), f"{REAL}/amp")) is None


@given(st.text(max_size=400))
def test_any_page_and_any_address_have_an_answer(text: str) -> None:
    for url in ("https://go.example/1", "https://news.google.com/articles/x"):
        found = indirect.leads_to(answer(text, url))
        assert found is None or found.startswith("http")
    indirect.target_of(f"https://www.google.com/url?url={text}")
    indirect.target_of(text)
