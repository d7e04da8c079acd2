"""Ten kinds of pages that are no articles, as sites and vendors serve them in many languages; and articles that look like them."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import NotAnArticle
from pipeline.extract import extract
from pipeline.model import Article, Response

NOW = datetime(2024, 6, 30, 12, tzinfo=UTC)
PAGES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "walls.toml").read_text(encoding="utf-8"))["page"]
ARTICLES = [page for page in PAGES if page["kind"] in {"full", "truncated"}]
LINE = "The new bridge over the Tarn opened on Thursday, two years late and eleven million crowns over its first estimate, officials said."


def read(html: str, url: str = "https://daily.example/news/bridge-opens") -> Article:
    return extract(Response(url=url, requested_url=url, body=html.encode(), fetched_at=NOW))


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ARTICLES], ids=lambda page: f"{page['kind']}-{page['name']}")
def test_it_is_told_by_its_kind(page: dict[str, Any]) -> None:
    with pytest.raises(NotAnArticle) as caught:
        read(page["html"], page["url"])
    assert caught.value.reason == page["kind"]


@pytest.mark.parametrize("page", ARTICLES, ids=lambda page: str(page["name"]))
def test_an_article_that_looks_like_one_is_an_article(page: dict[str, Any]) -> None:
    assert read(page["html"], page["url"]).completeness == page["kind"]


def test_a_consent_host_never_has_the_article() -> None:
    html = f"<title>Bridge opens</title><article><h1>Bridge opens</h1><p>{LINE}</p></article>"
    for url in (
        "https://consent.daily.example/?callbackUrl=https%3A%2F%2Fdaily.example%2Fbridge",
        "https://daily.example/consent?next=/a",
    ):
        with pytest.raises(NotAnArticle) as caught:
            read(html, url)
        assert caught.value.reason == "consent"
    assert read(html, "https://daily.example/consent-laws-explained?url=/x").text == LINE


def test_a_page_of_tables_and_breaks_keeps_its_paragraphs() -> None:
    page = read(
        f"""<HTML><HEAD><TITLE>Valley Sheet: New Bridge Opens Late</TITLE></HEAD><BODY><TABLE><TR><TD COLSPAN=2><FONT SIZE=6>Valley Sheet
        </FONT><BR>Founded 1911</TD></TR><TR><TD><A HREF="/a">News</A><BR><A HREF="/b">Weather</A></TD><TD><FONT SIZE=5><B>New Bridge Opens
        Late</B></FONT><BR><I>By Anna Person</I><HR><FONT SIZE=3>1. {LINE}<BR><BR>2. {LINE}<BR>
        <BR><B>A second look</B><BR><BR>3. {LINE}</FONT></TD></TR><TR><TD COLSPAN=2>&copy; 1999 Valley Sheet</TD></TR></TABLE></BODY>"""
    )
    assert page.title == "New Bridge Opens Late"
    assert page.authors == ("Anna Person",)
    assert page.text == f"1. {LINE}\n2. {LINE}\nA second look\n3. {LINE}"


@pytest.mark.parametrize(
    "block",
    [
        '<p>[ <a href="/news/other">Another story of the day</a> ]</p>',
        '<div><img src="/p.jpg"><div>The bridge on Thursday. Anna Person / NOP</div></div>',
        '<ol><li><a href="#one">The first part</a></li><li><a href="#two">The second part</a></li></ol>',
        "<p>（责任编辑：季白露）</p>",
        "<p>https://daily.example/news/bridge-opens</p>",
    ],
)
def test_a_block_told_by_its_structure_is_no_body(block: str) -> None:
    lines = [f"{number}. {LINE}" for number in range(6)]
    body = "".join(f"<p>{said}</p>{block if number == 2 else ''}" for number, said in enumerate(lines))
    assert read(f"<title>Bridge</title><article><h1>Bridge opens late</h1>{body}</article>").text == "\n".join(lines)


def test_a_stamp_is_no_body() -> None:
    head = '<div class="by">Anna Person and Bo Wallin for NOP · <time datetime="2024-06-03T10:00:00Z">June 3, 2024</time></div>'
    body = "".join(f"<p>{number}. {LINE}</p>" for number in range(6))
    page = read(f"<title>Bridge</title><article><h1>Bridge opens late</h1>{head}{body}</article>")
    assert page.text.startswith("0. The new bridge")


def test_a_headline_keeps_its_quotation_marks() -> None:
    page = read(f"<title>«Zaria» opens the bridge - Daily</title><h1>«Zaria» opens the bridge</h1><p>{LINE}</p><p>{LINE} Again.</p>")
    assert page.title == "«Zaria» opens the bridge"


def test_a_heading_that_names_the_blog_is_no_headline() -> None:
    page = read(
        "<title>Notes from a Wall: Reading the fine print</title><meta property='og:title' content='Reading the fine print'>"
        f"<h1>Notes from a Wall</h1><h3>Reading the fine print</h3><p>{LINE}</p><p>{LINE} Again.</p>"
    )
    assert page.title == "Reading the fine print"
