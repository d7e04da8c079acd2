"""Web archives: every whole page comes out, a broken record costs itself only."""

from __future__ import annotations

import base64
import gzip
import hashlib
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.discover import files, warc
from pipeline.errors import InputError, ItemError, Truncated
from pipeline.model import Candidate

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PAGE = b"<!doctype html><html><title>Bridge</title><p>The bridge is open again.</p></html>"


def record(
    number: int,
    body: bytes = PAGE,
    *,
    kind: str = "response",
    http: str = "",
    status: str = "200 OK",
    more: str = "",
    media: str = "text/html",
) -> bytes:
    answer = f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\n{http}\r\n".encode() + body
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number:036}>\r\nWARC-Target-URI: http://www.pier.example/story-{number}\r\n"
        f"WARC-Date: 2024-03-04T05:06:{number % 60:02}Z\r\nContent-Type: application/http; msgtype=response\r\n{more}"
        f"Content-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


INFO = b"WARC/1.1\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: <urn:uuid:info>\r\n"
INFO += b"WARC-Date: 2024-03-04T05:06:07Z\r\nContent-Length: 4\r\n\r\nx: y\r\n\r\n"


def read(tmp_path: Path, data: bytes, name: str = "a.warc") -> tuple[list[Candidate], list[ItemError]]:
    path = tmp_path / name
    path.write_bytes(data)
    items = list(files.read(path, "archive", NOW))
    return [item for item in items if isinstance(item, Candidate)], [item for item in items if isinstance(item, ItemError)]


def numbers(candidates: list[Candidate]) -> list[int]:
    return [int(candidate.url.rpartition("-")[2]) for candidate in candidates]


def sha1(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()


@pytest.mark.parametrize("packed", [False, True])
def test_every_page_comes_out_as_it_was_archived(tmp_path: Path, packed: bool) -> None:
    records = [INFO, *(record(number) for number in range(3)), record(3, b"GIF89a", media="image/gif"), record(4, status="404 Not Found")]
    data = b"".join(gzip.compress(one) if packed else one for one in records)
    found, wrong = read(tmp_path, data, "a.warc.gz" if packed else "a.warc")
    assert (numbers(found), wrong) == ([0, 1, 2], [])
    response = found[2].response
    assert response is not None
    assert (response.url, response.status, response.body) == ("http://www.pier.example/story-2", 200, PAGE)
    assert response.fetched_at == datetime(2024, 3, 4, 5, 6, 2, tzinfo=UTC)
    assert response.header("content-type") == "text/html"


CHUNKED = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (PAGE[:20], PAGE[20:])) + b"0\r\n\r\n"
CODED = {
    "gzip": (gzip.compress(PAGE, mtime=0), "Content-Encoding: gzip\r\n"),
    "deflate": (zlib.compress(PAGE), "Content-Encoding: deflate\r\n"),
    "raw deflate": (zlib.compress(PAGE)[2:-4], "Content-Encoding: deflate\r\n"),
    "chunked": (CHUNKED, "Transfer-Encoding: chunked\r\n"),
    "chunks undone, header kept": (PAGE, "Transfer-Encoding: chunked\r\n"),
    "coding undone, header kept": (PAGE, "Content-Encoding: gzip\r\n"),
}


@pytest.mark.parametrize("name", CODED)
def test_codings_are_undone(tmp_path: Path, name: str) -> None:
    body, http = CODED[name]
    found, wrong = read(tmp_path, record(1, body, http=http, more=f"WARC-Payload-Digest: {sha1(body)}\r\n"))
    assert (wrong, [candidate.response and candidate.response.body for candidate in found]) == ([], [PAGE])


@pytest.mark.parametrize(
    ("body", "http", "more"),
    [
        (gzip.compress(PAGE, mtime=0)[:-12], "Content-Encoding: gzip\r\n", ""),
        (CHUNKED[:-20], "Transfer-Encoding: chunked\r\n", ""),
        (PAGE, "", f"WARC-Payload-Digest: {sha1(b'another page')}\r\n"),
        (PAGE, "", f"WARC-Block-Digest: {sha1(PAGE)}\r\n"),
    ],
    ids=["gzip", "chunks", "payload", "block"],
)
def test_a_page_that_is_not_whole_is_not_taken(tmp_path: Path, body: bytes, http: str, more: str) -> None:
    found, wrong = read(tmp_path, record(0) + record(1, body, http=http, more=more) + record(2))
    assert numbers(found) == [0, 2]
    assert [type(error) for error in wrong] == [Truncated]
    assert "story-1" in str(wrong[0])


JUNK = b"JUNK \x00\xff\r\n\r\n" * 40
PACKED = gzip.compress(record(1))
BROKEN = {
    "junk between": (False, [record(0), JUNK, record(1), record(2)], [0, 1, 2]),
    "packed junk between": (True, [gzip.compress(record(0)), JUNK, gzip.compress(record(1)), gzip.compress(record(2))], [0, 1, 2]),
    "cut in the middle": (False, [record(0), record(1)[:-40], record(2), record(3)], [0, 2, 3]),
    "packed, cut in the middle": (True, [gzip.compress(record(0)), PACKED[:-40], gzip.compress(record(2))], [0, 2]),
    "a flipped bit": (True, [gzip.compress(record(0)), PACKED[:70] + b"\xff\xff" + PACKED[72:], gzip.compress(record(2))], [0, 2]),
    "cut at the end": (False, [record(0), record(1)[:-60]], [0]),
    "packed, cut at the end": (True, [gzip.compress(record(0)), PACKED[:-60]], [0]),
    "junk before": (False, [JUNK, record(0)], [0]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_place_costs_its_record_only(tmp_path: Path, name: str) -> None:
    packed, parts, whole = BROKEN[name]
    found, wrong = read(tmp_path, b"".join(parts), "a.warc.gz" if packed else "a.warc")
    assert numbers(found) == whole
    assert len(wrong) == 1
    assert all(candidate.response and candidate.response.body == PAGE for candidate in found)


def test_a_revisit_says_what_it_repeats(tmp_path: Path) -> None:
    again = record(5, b"", kind="revisit", more="WARC-Refers-To-Target-URI: http://www.pier.example/story-1\r\n")
    found, wrong = read(tmp_path, record(1) + again)
    assert wrong == []
    response = found[1].response
    assert response is not None
    assert (response.status, response.redirects) == (304, ("http://www.pier.example/story-1",))


@given(st.binary(max_size=400), st.integers(0, 300))
@example(b"\x1f\x8b", 0)  # as if it were compressed
@example(b"\x1f\x8b\x08\x00", 0)
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_read_to_their_end(tmp_path_factory: pytest.TempPathFactory, junk: bytes, cut: int) -> None:
    path = tmp_path_factory.mktemp("w") / "x.warc"
    path.write_bytes(record(0)[:cut] + junk + record(7))
    found = [item for item in warc.read(path, "archive", NOW) if isinstance(item, Candidate)]
    assert 7 in numbers(found) or b"WARC/1." in junk


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        list(files.read(tmp_path / "none.warc", "archive", NOW))
