"""What answers like a page and is no article."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.errors import NotAnArticle
from pipeline.extract import extract
from pipeline.model import Response, Status

NOW = datetime(2024, 6, 30, 12, tzinfo=UTC)
LINE = "The new bridge over the Tarn opened on Thursday, two years late and eleven million crowns over its first estimate, officials said."


def response(html: str, url: str = "https://daily.example/news/bridge-opens") -> Response:
    return Response(url=url, requested_url=url, body=html.encode(), fetched_at=NOW)


HEAD = "<html><head><title>Bridge opens</title></head><body>"
CARDS = "".join(
    f'<article><h3><a href="/news/{n}">Story number {n} of the day</a></h3><p>What happened in story {n}, in a few words.</p></article>'
    for n in range(12)
)
WALLS = [
    (
        "challenge",
        "<title>Just a moment...</title><body><h1>daily.example</h1><p>Verifying you are human. This may take a few seconds.</p></body>",
    ),
    ("challenge", "<title>Access</title><body><form id='challenge-form'><p>Please complete the captcha to go on.</p></form></body>"),
    (
        "consent",
        (
            "<title>Before you continue to Daily</title><body><h1>Before you continue</h1><p>We and our partners use"
            " cookies.</p><button>Accept all</button></body>"
        ),
    ),
    (
        "consent",
        (
            "<title>Daily</title><body><p>We value your privacy. We and our partners store cookies to show you"
            " advertising.</p><button>Accept</button></body>"
        ),
    ),
    (
        "not-found",
        "<title>Page not found | Daily</title><body><h1>404</h1><p>Sorry, the page you are looking for does not exist.</p></body>",
    ),
    ("not-found", "<title>Daily</title><body><h1>Oops</h1><p>Страница не найдена. Вернитесь на главную.</p></body>"),
    ("error-page", "<title>503 Service Unavailable</title><body><h1>Service temporarily unavailable</h1></body>"),
    (
        "paywall",
        (
            "<title>Bridge | Daily</title><body><article><h1>Bridge</h1><p>Subscribe to continue reading</p><p>Already a subscriber?"
            " Sign in</p></article></body>"
        ),
    ),
    ("login", "<title>Daily</title><body><h1>Welcome back</h1><p>Please log in to continue. Forgot your password?</p></body>"),
    ("parked", "<title>daily.example</title><body><p>This domain is for sale. Buy this domain today.</p></body>"),
    ("empty-shell", "<title>Daily</title><body><div id='root'></div><script src='/app.js'></script><script>boot()</script></body>"),
    ("empty", ""),
    ("empty", "   \n\t "),
    ("empty", "<title>Daily</title><body></body>"),
]


@pytest.mark.parametrize(("kind", "html"), WALLS)
def test_walls_are_typed_with_evidence(kind: str, html: str) -> None:
    with pytest.raises(NotAnArticle) as caught:
        extract(response(html))
    assert caught.value.reason == kind
    assert caught.value.status is (Status.RETRY if kind in ("challenge", "error-page") else Status.SKIPPED)
    assert len(str(caught.value)) > 20


@pytest.mark.parametrize(
    "url",
    ["https://daily.example/", "https://daily.example/tag/bridges", "https://daily.example/category/news", "https://daily.example/local"],
)
def test_lists_are_no_articles(url: str) -> None:
    with pytest.raises(NotAnArticle) as caught:
        extract(
            response(
                f"<html><head><title>Daily</title><meta property='og:type'"
                f" content='website'></head><body><h1>Daily</h1>{CARDS}</body></html>",
                url,
            )
        )
    assert caught.value.reason == "section"


@pytest.mark.parametrize(
    "extra",
    [
        "<div class='cookie-bar'>We value your privacy. Accept all cookies.</div>",
        "<div class='login'>Please log in to continue. Forgot your password?</div>",
        "<footer>Redistribution by subscribers only. 404 not found is a band.</footer>",
        "<noscript>Please enable JavaScript</noscript>",
        f"<section>{CARDS}</section>",
    ],
)
def test_an_article_with_furniture_is_an_article(extra: str) -> None:
    body = "".join(f"<p>{n}. {LINE}</p>" for n in range(8))
    article = extract(response(f"{HEAD}<article><h1>Bridge opens</h1>{body}</article>{extra}</body></html>"))
    assert article.text.count(LINE) == 8
    assert article.completeness == "full"


def test_a_stub_with_real_text_is_truncated() -> None:
    wall = "<div class='paywall'><p>Subscribe to continue reading</p></div>"
    article = extract(response(f"{HEAD}<article><h1>Bridge opens</h1><p>{LINE}</p>{wall}</article></body></html>"))
    assert (article.text, article.completeness) == (LINE, "truncated")


def test_an_article_about_walls_is_an_article() -> None:
    said = "The court ruled that “page not found” is no answer to a subpoena, and that “we value your privacy” is no contract."
    body = "".join(f"<p>{said} {n}. {LINE}</p>" for n in range(7))
    html = f"<title>Page not found, says court</title><body><article><h1>Page not found, says court</h1>{body}</article></body>"
    assert extract(response(html)).completeness == "full"
