"""Bad input from the web: each costs its item alone, is named, and gives the promised exit code. Written before the code was seen."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from loopback import Loopback, Reply, closed_port, hits
from product import Product
from stories import invented, page, rss

HOST = "trouble.example"
PAGE = f"http://{HOST}/news/1"
STORY = page(invented(100), PAGE).encode()
PACKED = gzip.compress(STORY)
GZIP = {"Content-Encoding": "gzip"}
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64)
EMPTY_PAGE = b"<html><head><title>Home</title></head><body></body></html>"

# name → (answer, status, reasons that fit, exit code)
ANSWERS: dict[str, tuple[Reply, str, set[str], int]] = {
    "401": (Reply(status=401, body=b"log in"), "skipped", {"refused"}, 0),
    "403": (Reply(status=403, body=b"no"), "retry", {"forbidden"}, 1),
    "404": (Reply(status=404, body=b"no such page"), "skipped", {"gone"}, 0),
    "410": (Reply(status=410, body=b"withdrawn"), "skipped", {"gone"}, 0),
    "429": (Reply(status=429, headers={"Retry-After": "30"}), "retry", {"throttled"}, 1),
    "451": (Reply(status=451, body=b"blocked by law"), "skipped", {"refused"}, 0),
    "500": (Reply(status=500, body=STORY), "retry", {"server"}, 1),
    "503": (Reply(status=503, headers={"Retry-After": "30"}), "retry", {"throttled"}, 1),
    "pdf": (Reply(kind="application/pdf", body=b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(500)), "skipped", {"media"}, 0),
    "image": (Reply(kind="image/png", body=PNG), "skipped", {"media"}, 0),
    "pdf that is called html": (Reply(body=b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(500)), "skipped", {"media", "empty", "no-article"}, 0),
    "empty body": (Reply(), "skipped", {"empty", "no-article"}, 0),
    "empty page": (Reply(body=EMPTY_PAGE), "skipped", {"empty", "no-article", "section"}, 0),
    "half a gzip body": (Reply(body=PACKED[: len(PACKED) // 2], headers=GZIP), "retry", {"truncated"}, 1),
    "gzip without its end": (Reply(body=PACKED[:-8], headers=GZIP), "retry", {"truncated"}, 1),
    "shorter than promised": (Reply(body=STORY[:900], length=len(STORY)), "retry", {"truncated", "unreachable"}, 1),
    "connection reset": (Reply(drop=True), "retry", {"unreachable"}, 1),
    "gzip bomb": (Reply(body=gzip.compress(bytes(80_000_000)), headers=GZIP), "skipped", {"too-large"}, 0),
    "redirect to itself": (Reply(status=302, headers={"Location": PAGE}), "failed", {"redirect"}, 1),
    "redirect to a file": (Reply(status=302, headers={"Location": "file:///etc/passwd"}), "failed", {"redirect", "address"}, 1),
    "redirect to a private address": (Reply(status=302, headers={"Location": "http://10.0.0.1/admin"}), "failed", {"address"}, 1),
    "redirect to this machine": (Reply(status=302, headers={"Location": "http://127.0.0.2:9/admin"}), "failed", {"address"}, 1),
    "redirect to a mapped address": (Reply(status=302, headers={"Location": "http://[::ffff:10.0.0.1]/"}), "failed", {"address"}, 1),
    "redirect to a number": (Reply(status=302, headers={"Location": "http://169.254.169.254/latest/"}), "failed", {"address"}, 1),
}


def first_word(reason: str) -> str:
    return reason.split()[0].strip(":,;.")


@pytest.fixture
def guarded(web: Loopback, tmp_path: Path) -> Product:
    """An installation that may reach the scripted web at one private address only, and only by its name."""
    return Product(tmp_path, resolve={HOST: web.address}, allow="127.0.0.1/32")


@pytest.mark.long
@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_that_is_no_article(web: Loopback, guarded: Product, name: str) -> None:
    reply, status, reasons, code = ANSWERS[name]
    web.reply(PAGE, reply)
    done = guarded("ingest", PAGE, "--json", expect=code)
    (row,) = done.rows
    assert row["status"] == status, row
    assert first_word(row["reason"]) in reasons, row
    assert row["article"] is None
    assert guarded.articles() == []


def test_a_person_reads_the_address_and_the_trouble(web: Loopback, product: Product) -> None:
    names = {"404": "gone", "410": "gone", "500": "server", "pdf": "media", "half a gzip body": "truncated"}
    urls = {name: web.reply(f"http://host{number}.example/story", ANSWERS[name][0]) for number, name in enumerate(names)}
    said = product("ingest", *urls.values(), expect=1).said
    assert all(url.partition("//")[2] in said for url in urls.values())


def test_no_network(tmp_path: Path) -> None:
    feed = "http://paper.example/feed"
    product = Product(tmp_path, [("paper", "feed", feed)], resolve={"*": f"127.0.0.1:{closed_port()}"})
    (row,) = product("ingest", PAGE, "--json", expect=1).rows
    assert (row["status"], first_word(row["reason"])) == ("retry", "unreachable")
    (row,) = product("ingest", "paper", "--json", expect=1).rows
    assert (row["source"], row["status"]) == ("paper", "retry")
    assert "paper" in product("ingest", "paper", expect=1).said


def test_an_unknown_host(tmp_path: Path) -> None:
    done = Product(tmp_path)("ingest", "http://wirewatch-test.invalid/news/1", "--json", expect=1)
    (row,) = done.rows
    assert (row["status"], first_word(row["reason"])) == ("retry", "unreachable")
    assert "wirewatch-test.invalid" in done.said


def test_a_host_that_does_not_speak_tls(web: Loopback, product: Product) -> None:
    (row,) = product("ingest", PAGE.replace("http:", "https:"), "--json", expect=1).rows
    assert (row["status"], first_word(row["reason"])) == ("retry", "unreachable")
    assert web.log() == []


def test_robots_that_say_no(web: Loopback, product: Product) -> None:
    web.page(PAGE, STORY)
    web.page(f"http://{HOST}/robots.txt", "User-agent: *\nDisallow: /news/\n", kind="text/plain")
    (row,) = product("ingest", PAGE, "--json").rows
    assert (row["status"], first_word(row["reason"])) == ("skipped", "disallowed")
    assert [hit.path for hit in web.log()] == ["/robots.txt"]


@pytest.mark.long
def test_tracking_parameters_are_dropped_before_robots_is_asked(web: Loopback, product: Product) -> None:
    web.page(PAGE, STORY)
    web.page(f"http://{HOST}/robots.txt", "User-agent: *\nDisallow: /*?utm\nDisallow: /*&utm\n", kind="text/plain")
    (row,) = product("ingest", f"{PAGE}?utm_source=feed&utm_medium=rss", "--json").rows
    assert row["status"] == "new"


def test_robots_that_cannot_be_had_hold_the_page_back(web: Loopback, product: Product) -> None:
    web.page(PAGE, STORY)
    web.reply(f"http://{HOST}/robots.txt", Reply(status=503))
    (row,) = product("ingest", PAGE, "--json", expect=None).rows
    assert row["status"] in {"retry", "skipped"}
    assert hits(web.log(), path="/news/1") == []


def test_a_redirect_to_a_private_address_sends_nothing_there(web: Loopback, tmp_path: Path) -> None:
    product = Product(tmp_path, resolve={HOST: web.address}, allow="127.0.0.1/32")
    with Loopback() as inner:  # on 127.0.0.1, which may be reached; named by an address that may not
        inner.page(f"http://127.0.0.1:{inner.port}/secret", STORY)
        web.reply(PAGE, Reply(status=302, headers={"Location": f"http://0.0.0.0:{inner.port}/secret"}))
        (row,) = product("ingest", PAGE, "--json", expect=1).rows
        assert (row["status"], first_word(row["reason"])) == ("failed", "address")
        assert inner.log() == []


@pytest.mark.long
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(STORY, id="html"),
        pytest.param(b"", id="empty", marks=pytest.mark.long),
        pytest.param(b'{"not": "a feed"}', id="json", marks=pytest.mark.long),
        pytest.param(b"\x00\x01\x02" * 400, id="bytes", marks=pytest.mark.long),
        pytest.param(b"<?xml version='1.0'?><catalogue><book/></catalogue>", id="xml", marks=pytest.mark.long),
    ],
)
def test_a_feed_that_is_none(web: Loopback, product: Product, body: bytes) -> None:
    good = "http://fine.example/feed"
    story, url = invented(101), "http://fine.example/1"
    web.page(url, page(story, url))
    web.feed(good, rss(good, [(url, story.title)]))
    web.page("http://trouble.example/feed", body)
    product.sources([("broken", "feed", "http://trouble.example/feed"), ("fine", "feed", good)])
    rows = product("ingest", "--json", expect=1).rows
    assert sorted((row["source"], row["status"]) for row in rows) == [("broken", "failed"), ("fine", "new")]
    assert "broken" in product("ingest", "broken", expect=1).said


def test_a_malformed_feed_that_can_be_read_is_read(web: Loopback, product: Product) -> None:
    feed, story, url = "http://fine.example/feed", invented(102), "http://fine.example/2"
    web.page(url, page(story, url))
    text = rss(feed, [(url, story.title)]).replace("</description>", "</description><managingEditor>A & B &nbsp; <br>")
    web.feed(feed, text.replace("</channel></rss>", ""))
    product.sources([("fine", "feed", feed)])
    assert [row["status"] for row in product("ingest", "--json").rows] == ["new"]


ATTRIBUTES = b"<html><body><p " + b" ".join(b"a%d=1" % number for number in range(500_000)) + b">x</p></body></html>"
BREAKS = b"<html><body><p>" + b"x<br>" * 500_000 + b"</p></body></html>"
NESTED = b"<html><body>" + b"<div>" * 20_000 + b"deep" + b"</div>" * 20_000 + b"</body></html>"


@pytest.mark.parametrize(
    "evil",
    [
        pytest.param(ATTRIBUTES, id="attributes", marks=pytest.mark.long),
        pytest.param(BREAKS, id="breaks", marks=pytest.mark.long),
        pytest.param(NESTED, id="nested", marks=pytest.mark.long),
    ],
)
def test_a_page_that_chokes_the_reader_costs_that_page_alone(web: Loopback, product: Product, evil: bytes) -> None:
    feed, urls = "http://fine.example/feed", [f"http://fine.example/{number}" for number in range(4)]
    for number, url in enumerate(urls):
        web.page(url, page(invented(110 + number), url))
    web.page(urls[1], evil)
    web.feed(feed, rss(feed, [(url, f"Story {number}") for number, url in enumerate(urls)]))
    product.sources([("fine", "feed", feed)])
    done = product("ingest", "--json", expect=None)
    rows = {row["url"]: row for row in done.rows}
    assert len(done.rows) == len(urls)
    assert [rows[url]["status"] for url in (urls[0], urls[2], urls[3])] == ["new"] * 3
    assert rows[urls[1]]["status"] in {"failed", "skipped"}
    assert done.code == (1 if rows[urls[1]]["status"] == "failed" else 0)
    assert len(product.articles()) == 3
