"""The way out, against a server that misbehaves: what comes in whole, what each trouble is called, and where redirects end."""

from __future__ import annotations

import asyncio
import gzip
import socket
from pathlib import Path

import pytest
from evil_server import PAGE, Handler, Seen, redirect, reply
from fetching import HASTE, START, driven, fetching, once, outcome

from pipeline import errors
from pipeline.errors import FetchError, Status
from pipeline.fetch import Policy
from pipeline.model import Request, Response

CERTIFICATE = Path(__file__).with_name("tls.example.pem")
HOST = "http://a.example"
WHOLE = "gzip x-gzip deflate raw-deflate br stacked twice members padded odd-coding chunked until-close untyped octets"
TROUBLE: dict[type[FetchError], str] = {
    errors.Truncated: "half-gzip gzip-no-end half-br half-deflate half-gzip-chunked not-gzip short chunked-cut 206",
    errors.TooLarge: "gzip-bomb br-bomb double-bomb announced endless",
    errors.WrongMedia: "pdf pdf-as-html png jpeg-as-html mp4 zip json svg binary words foreign-coding",
    errors.Unreachable: "close reset",
    errors.ServerTrouble: "garbage endless-header 300 305 425 500 501 502 504 599 999",
    errors.Refused: "400 401 402 405 418 451",
    errors.Forbidden: "403",
    errors.Gone: "404",
    errors.GoneForGood: "410",
    errors.TimedOut: "408 silent stalls drips",
    errors.Throttled: "429 503",
    errors.RedirectTrouble: "loop-a nowhere to-file to-script to-empty",
    errors.AddressRefused: "to-private to-metadata to-mapped to-number to-port",
}


@pytest.fixture(scope="module")
def met() -> dict[str, Response | FetchError]:
    """What each path gave, every one at a host of its own, a few at a time."""
    names = " ".join((WHOLE, *TROUBLE.values())).split()

    async def go() -> dict[str, Response | FetchError]:
        few = asyncio.Semaphore(4)
        async with fetching(**HASTE) as (fetcher, _, clock):

            async def one(name: str) -> Response | FetchError:
                async with few:
                    return await driven(clock, outcome(fetcher, f"http://{name}.example/{name}"))

            return dict(zip(names, await asyncio.gather(*map(one, names)), strict=True))

    return asyncio.run(go())


@pytest.mark.parametrize("name", WHOLE.split())
def test_a_whole_body_comes_in_decoded(met: dict[str, Response | FetchError], name: str) -> None:
    response = met[name]
    assert isinstance(response, Response), response
    assert response.body == PAGE
    assert (response.status, response.url, response.redirects) == (200, f"http://{name}.example/{name}", ())
    assert response.fetched_at >= START


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in TROUBLE.items() for name in names.split()])
def test_trouble_is_called_by_its_name(met: dict[str, Response | FetchError], kind: type[FetchError], name: str) -> None:
    error = met[name]
    assert isinstance(error, FetchError), error
    assert type(error) is kind, error
    assert error.url == f"http://{name}.example/{name}"
    assert "\n" not in str(error)
    assert "example" in str(error) or "refused" in str(error)


def test_an_empty_body_is_an_answer() -> None:
    for name in ("empty", "204", "coded-empty"):
        response = once(f"{HOST}/{name}")
        assert isinstance(response, Response), response
        assert response.body == b""


def test_an_inner_bomb_is_padding_or_too_large_but_never_a_story_with_a_tail() -> None:
    result = once(f"{HOST}/inner-bomb")
    assert isinstance(result, errors.TooLarge) or (isinstance(result, Response) and result.body == PAGE)


def test_text_of_other_kinds_is_taken() -> None:
    for name in ("utf16", "plain"):
        assert isinstance(once(f"{HOST}/{name}"), Response)


def test_a_feed_is_judged_by_its_bytes_alone() -> None:
    async def go() -> None:
        async with fetching() as (fetcher, evil, _):
            feed = b"<?xml version='1.0'?><rss version='2.0'/>"
            evil.site = {
                "/image": reply(feed, kind="image/png"),
                "/json": reply(b'{"version": "https://jsonfeed.org/version/1.1"}', kind="application/json"),
                "/feed.xml.gz": reply(gzip.compress(feed), kind="application/x-gzip"),
                "/half.xml.gz": reply(gzip.compress(feed)[:-9], kind="application/x-gzip"),
                "/pdf": reply(b"%PDF-1.4 and so on", kind="application/rss+xml"),
            }
            for path in ("/image", "/json", "/feed.xml.gz"):
                response = await fetcher.fetch(Request(url=HOST + path, accept="feed"))
                assert response.body.startswith((b"<?xml", b"{"))
            assert isinstance(await outcome(fetcher, f"{HOST}/half.xml.gz", accept="feed"), errors.Truncated)
            assert isinstance(await outcome(fetcher, f"{HOST}/pdf", accept="feed"), errors.WrongMedia)

    asyncio.run(go())


def test_limits_count_decoded_bytes_exactly() -> None:
    assert isinstance(once(f"{HOST}/gzip", page_limit=len(PAGE)), Response)
    assert isinstance(once(f"{HOST}/gzip", page_limit=len(PAGE) - 1), errors.TooLarge)
    assert isinstance(once(f"{HOST}/chunked", page_limit=len(PAGE) - 1), errors.TooLarge)


def test_messages_say_what_and_where() -> None:
    assert "a.example answered 503 Service Unavailable" in str(once(f"{HOST}/503"))
    assert "application/pdf" in str(once(f"{HOST}/pdf-as-html"))
    assert "sent nothing for 0.3 s" in str(once(f"{HOST}/stalls", **HASTE))
    assert "allow_private" in str(once(f"{HOST}/to-private"))
    unknown = once("http://no-such-host.invalid/", resolve={})
    assert isinstance(unknown, errors.Unreachable)
    assert "no-such-host.invalid" in str(unknown)
    assert "network" in str(unknown)


def test_a_closed_port_is_unreachable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        error = once(f"{HOST}/", resolve={"*": f"127.0.0.1:{taken.getsockname()[1]}"})
    assert isinstance(error, errors.Unreachable)
    assert "connection refused" in str(error)


# ── what is sent ──────────────────────────────────────────────────────────────────────────────────


def test_the_address_is_sent_as_it_was_written() -> None:
    async def go() -> None:
        async with fetching(contact="https://desk.example/bot") as (fetcher, evil, _):
            for path in ("/x%2fy%2Fz/../q?a=%7e+b&&c=;d%zz", "/плюс и ?ü=1", "?q"):
                await fetcher.fetch(Request(url=f"http://A.example{path}#part"))
            assert [seen.path for seen in evil.pages] == [
                "/x%2fy%2Fz/../q?a=%7e+b&&c=;d%zz",
                "/%D0%BF%D0%BB%D1%8E%D1%81%20%D0%B8%20?%C3%BC=1",
                "/?q",
            ]
            sent = evil.pages[0].headers
            assert sent["user-agent"].startswith("wirewatch/")
            assert sent["user-agent"].endswith(" (+https://desk.example/bot)")
            assert sent["accept-encoding"] == "gzip, deflate, br, zstd"
            assert sent["host"] == "a.example"

    asyncio.run(go())


def test_the_agent_without_a_contact_names_the_project() -> None:
    assert "no contact configured" in Policy().agent()
    assert Policy(user_agent="desk/2").agent() == "desk/2"


def test_a_persons_headers_stay_with_their_host() -> None:
    async def go() -> None:
        async with fetching() as (fetcher, evil, _):
            evil.site = {"/in": redirect("/same"), "/same": redirect("http://b.example/out")}
            await fetcher.fetch(
                Request(url=f"{HOST}/in", headers={"Authorization": "Bearer x", "X-Key": "k", "accept": "text/x", "Host": "c"})
            )
            first, second, third = evil.pages
            assert first.headers["authorization"] == second.headers["authorization"] == "Bearer x"
            assert (first.headers["x-key"], first.headers["accept"], first.headers["host"]) == ("k", "text/x", "a.example")
            assert "authorization" not in third.headers
            assert "x-key" not in third.headers

    asyncio.run(go())


def test_a_header_that_cannot_be_sent_costs_the_item() -> None:
    error = once(f"{HOST}/", headers={"X": "a\r\nB: c"})
    assert isinstance(error, FetchError)
    assert error.status is Status.FAILED


# ── redirects ─────────────────────────────────────────────────────────────────────────────────────


def test_redirects_are_followed_and_noted() -> None:
    async def go() -> None:
        async with fetching() as (fetcher, evil, _):
            evil.site = {
                "/dir/start": redirect("../gzip?x=%7e+%2F#top", status="301 Moved Permanently"),
                "/gzip?x=%7e+%2F": redirect("//b.example/end"),
            }
            response = await fetcher.fetch(Request(url=f"{HOST}/dir/start"))
            assert response.url == "http://b.example/end"
            assert response.redirects == (f"{HOST}/dir/start", f"{HOST}/gzip?x=%7e+%2F")
            assert response.requested_url == f"{HOST}/dir/start"
            assert evil.asked("/robots.txt", "b.example"), "robots.txt is asked for every hop"

    asyncio.run(go())


def test_a_chain_has_an_end() -> None:
    async def go() -> None:
        async with fetching(max_redirects=5) as (fetcher, evil, _):
            evil.site = {f"/{n}": redirect(f"/{n + 1}") for n in range(20)}
            error = await outcome(fetcher, f"{HOST}/0")
            assert isinstance(error, errors.RedirectTrouble)
            assert len(evil.pages) == 6
            assert isinstance(await outcome(fetcher, f"{HOST}/15"), Response)

    asyncio.run(go())


def test_cookies_live_as_long_as_a_chain() -> None:
    """A consent page that sends its visitor back to where he came from, once he has its cookie."""

    async def wall(seen: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(PAGE) if "ok=1" in seen.headers.get("cookie", "") else redirect("/story", "Set-Cookie: ok=1; Path=/"))

    async def go() -> None:
        async with fetching() as (fetcher, evil, _):
            walled: Handler = wall
            evil.site = {"/story": walled}
            response = await fetcher.fetch(Request(url=f"{HOST}/story"))
            assert response.body == PAGE
            assert response.header("set-cookie") is None
            await fetcher.fetch(Request(url=f"{HOST}/other"))
            assert "cookie" not in evil.asked("/other")[0].headers

    asyncio.run(go())
