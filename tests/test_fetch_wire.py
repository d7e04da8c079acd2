"""Conditional requests, TLS, the proxy, settings, and how a fetch ends."""

from __future__ import annotations

import asyncio
import socket
import ssl
from datetime import timedelta
from pathlib import Path

import pytest
from evil_server import PAGE, Handler, Seen, evil_server, redirect
from fetching import START, driven, fetching, once, outcome, policy_for

from pipeline import errors
from pipeline.clock import SimulatedClock
from pipeline.errors import ConfigError, FetchError, Status
from pipeline.fetch import Fetcher, Policy
from pipeline.model import Request, Response, Validators

CERTIFICATE = Path(__file__).with_name("tls.example.pem")
HOST = "http://a.example"


# ── conditional requests ──────────────────────────────────────────────────────────────────────────


def test_what_is_unchanged_is_not_sent_again() -> None:
    async def page(seen: Seen, writer: asyncio.StreamWriter) -> None:
        known = seen.headers.get("if-none-match") == '"v1"' and "if-modified-since" in seen.headers
        head = 'ETag: W/"v2"\r\n' if known else 'ETag: "v1"\r\nLast-Modified: Sun, 01 Mar 2026 10:00:00 GMT\r\n'
        status, body = ("304 Not Modified", b"") if known else ("200 OK", PAGE)
        writer.write(f"HTTP/1.1 {status}\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)

    async def go() -> None:
        async with fetching() as (fetcher, evil, _):
            handler: Handler = page
            evil.site = {"/story": handler, "/moved": redirect("/story")}
            first = await fetcher.fetch(Request(url=f"{HOST}/story"))
            assert first.validators == Validators(etag='"v1"', last_modified="Sun, 01 Mar 2026 10:00:00 GMT")
            second = await fetcher.fetch(Request(url=f"{HOST}/story", validators=first.validators))
            assert (second.status, second.body) == (304, b"")
            assert second.validators == Validators(etag='W/"v2"', last_modified="Sun, 01 Mar 2026 10:00:00 GMT")
            moved = await fetcher.fetch(Request(url=f"{HOST}/moved", validators=first.validators))
            assert moved.status == 200, "validators are shown to the first address alone"

    asyncio.run(go())


def test_a_304_that_nobody_asked_for_is_trouble() -> None:
    async def go() -> None:
        async with fetching() as (fetcher, evil, _):
            evil.site = {"/story": b"HTTP/1.1 304 Not Modified\r\n\r\n"}
            assert isinstance(await outcome(fetcher, f"{HOST}/story"), errors.ServerTrouble)

    asyncio.run(go())


def test_validators_that_cannot_be_sent_are_left_out() -> None:
    response = once(f"{HOST}/gzip", validators=Validators(etag='"a\r\nX: y"', last_modified="вчера"))
    assert isinstance(response, Response)


# ── TLS, proxy, settings ──────────────────────────────────────────────────────────────────────────


def test_certificates_are_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)

    async def ask(url: str) -> Response | FetchError:
        async with evil_server(tls=context) as evil, Fetcher(policy_for(evil), SimulatedClock(START)) as fetcher:
            return await outcome(fetcher, url)

    untrusted = asyncio.run(ask("https://tls.example/"))
    assert isinstance(untrusted, errors.Unreachable)
    assert "the TLS certificate of tls.example is not valid: self-signed certificate" in str(untrusted)
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    assert isinstance(asyncio.run(ask("https://tls.example/")), Response)
    other = asyncio.run(ask("https://other.example/"))
    assert isinstance(other, errors.Unreachable)
    assert "mismatch" in str(other)
    assert other.status is Status.RETRY


def test_a_server_without_tls_is_unreachable() -> None:
    async def go() -> FetchError | Response:
        def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        where = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server, Fetcher(Policy(resolve={"*": where}, allow_private=("127.0.0.0/8",)), SimulatedClock(START)) as fetcher:
            return await outcome(fetcher, "https://a.example/")

    error = asyncio.run(go())
    assert isinstance(error, errors.Unreachable)
    assert "does not speak TLS" in str(error)


def test_a_proxy_may_be_anywhere_but_what_is_asked_of_it_may_not() -> None:
    async def go() -> None:
        async with evil_server() as evil:
            policy = Policy(proxy=f"http://user:secret@127.0.0.1:{evil.port}", delay=timedelta(0))
            async with Fetcher(policy, SimulatedClock(START)) as fetcher:
                assert (await fetcher.fetch(Request(url=f"{HOST}/gzip"))).body == PAGE
                assert [seen.path for seen in evil.log] == [f"{HOST}/robots.txt", f"{HOST}/gzip"]
                for url in ("http://10.0.0.1/", "http://localhost/", "http://x.localhost/", "http://[::1]/"):
                    assert isinstance(await outcome(fetcher, url), errors.AddressRefused)

    asyncio.run(go())


def test_a_proxy_that_is_not_there_is_named_without_its_password() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        error = once(f"{HOST}/", proxy=f"http://user:secret@127.0.0.1:{taken.getsockname()[1]}")
    assert isinstance(error, errors.Unreachable)
    assert "the proxy 127.0.0.1" in str(error)
    assert "secret" not in str(error)


@pytest.mark.parametrize("settings", [{"proxy": "socks5://x"}, {"allow_private": ("loopback",)}, {"resolve": {"a": "b.example:80"}}])
def test_settings_that_cannot_be_used_are_refused_at_once(settings: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match="fetch"):
        Fetcher(Policy(**settings), SimulatedClock(START))  # type: ignore[arg-type]  # one wrong setting each


# ── ends ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_cancelled_fetch_frees_its_host() -> None:
    async def go() -> None:
        async with fetching() as (fetcher, evil, clock):
            slow = asyncio.ensure_future(fetcher.fetch(Request(url=f"{HOST}/silent")))
            while not evil.asked("/silent"):
                await asyncio.wait({slow}, timeout=0.005)
            waiting = asyncio.ensure_future(fetcher.fetch(Request(url=f"{HOST}/gzip")))
            await asyncio.wait({waiting}, timeout=0.02)
            slow.cancel()
            assert (await driven(clock, waiting)).body == PAGE
            with pytest.raises(asyncio.CancelledError):
                await slow

    asyncio.run(go())


def test_a_fetcher_is_used_inside_its_context() -> None:
    async def go() -> None:
        await Fetcher(Policy(robots=False), SimulatedClock(START)).fetch(Request(url="http://a.example/"))

    with pytest.raises(RuntimeError, match="async with"):
        asyncio.run(go())
