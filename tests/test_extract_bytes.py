"""Any bytes: the right letters, and never another exception than NotAnArticle."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import NotAnArticle
from pipeline.extract import decode, extract
from pipeline.model import Article, Hints, Response

NOW = datetime(2024, 6, 30, 12, tzinfo=UTC)
RUSSIAN = "Новый мост через реку открыли в четверг, на два года позже срока и на одиннадцать миллионов дороже, чем обещали."
JAPANESE = "新しい橋が木曜日に開通した。計画より二年遅れ、費用は見積もりを大きく上回った。"
FRENCH = "Le nouveau pont a été inauguré jeudi, deux années après la date prévue, et l’été prochain une piste cyclable le complétera."


def html(text: str, meta: str = "") -> str:
    head = f"<html><head>{meta}<title>{text[:12]}</title></head>"
    return f"{head}<body><article><h1>{text[:12]}</h1><p>{text}</p><p>{text}</p></article></body></html>"


def read(body: bytes, content_type: str | None = None) -> Article | None:
    headers = (("content-type", content_type),) if content_type else ()
    response = Response(url="https://d.example/a/b", requested_url="", body=body, fetched_at=NOW, headers=headers)
    with contextlib.suppress(NotAnArticle):
        return extract(response, Hints())
    return None


@pytest.mark.parametrize(
    ("text", "encoding", "meta", "content_type"),
    [
        (RUSSIAN, "utf-8", "", None),
        (RUSSIAN, "utf-8", "<meta charset=windows-1251>", "text/html; charset=iso-8859-1"),
        (RUSSIAN, "cp1251", "<meta charset=utf-8>", "text/html; charset=utf-8"),
        (RUSSIAN, "cp1251", "", None),
        (RUSSIAN, "koi8-r", "", None),
        (RUSSIAN, "koi8-r", "<meta http-equiv=content-type content='text/html; charset=KOI8-R'>", None),
        (RUSSIAN, "utf-16-le", "", None),
        (RUSSIAN, "utf-16", "", None),
        (RUSSIAN, "utf-8-sig", "", "text/html; charset=windows-1251"),
        (JAPANESE, "cp932", "<meta charset=Shift_JIS>", None),
        (JAPANESE, "euc_jp", "", "text/html; charset=EUC-JP"),
        (JAPANESE, "cp932", "<meta charset=utf-8>", None),
        (FRENCH, "cp1252", "<meta charset=iso-8859-1>", None),
        (FRENCH, "cp1252", "", None),
    ],
)
def test_letters(text: str, encoding: str, meta: str, content_type: str | None) -> None:
    assert text in decode.text_of(html(text, meta).encode(encoding), content_type)


def test_one_damaged_byte_does_not_spoil_utf8() -> None:
    body = html(RUSSIAN * 3).encode() + b"\xd0<!-- cut -->"
    assert RUSSIAN in decode.text_of(body, None)


def test_controls_and_windows_references() -> None:
    assert decode.text_of(b"a\x00b\x1b[1mc&#146;s", None) == "abc’s"


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 1000 + b"<p>deep</p>",
        b"<p>" * 5000,
        b"<a href='" + b"x" * 100_000,
        b"<script type='application/ld+json'>" + b"[" * 50_000 + b"</script>",
        b"<meta name=date content='9999999999999999'><time datetime='0000-00-00'>x</time><p>text</p>",
        b"%PDF-1.4 \x00\xff\xfe",
        b"<!DOCTYPE html [<!ENTITY a 'b'>]><p>&a;</p>",
        b"<html/><p>x</p>",
        b"<title>" + b"\xff" * 5000,
        b"<html lang='\x7f'><base href='http://[::1'><link rel=canonical href='http://['><p>x y z</p>",
    ],
)
def test_bad_bytes_give_an_article_or_a_reason(body: bytes) -> None:
    read(body)


def test_text_under_300_levels_is_found() -> None:
    line = "A sentence that stands three hundred levels deep in somebody’s nested layout, and is the whole story of the day."
    article = read(("<html><body>" + "<div>" * 300 + f"<h1>Deep story</h1><p>{line}</p><p>{line[::-1]}</p>" + "</div>" * 300).encode())
    assert article is not None
    assert line in article.text


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes(body: bytes) -> None:
    read(body)


JSON_LD = '<script type="application/ld+json">{"@type":"NewsArticle","author":[{"name":{}}],"datePublished":["x"],'
PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<div class='byline'>", "</div>", "By A and B for AFP", "<table><tr><td>", "</table>", "<h1>", "</h1>", "&#0;"),
        *("<time datetime='2024-13-45'>", "&#x1f;", JSON_LD, "</script>", "<meta property='og:title' content='x | y'>", "<base href='::'>"),
        *("<link rel=canonical href='//x'>", "<noscript>", "<svg><title>", "\x00", "\u202e", RUSSIAN, JAPANESE, "<figure>", "<br>" * 30),
        *("<!--", "-->", "<![CDATA["),
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(PIECES, max_size=40))
def test_any_markup(pieces: list[str]) -> None:
    read("".join(pieces).encode("utf-8", "surrogatepass"))
