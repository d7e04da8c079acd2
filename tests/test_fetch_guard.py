"""The guard: no byte to or from an address that is not public, however it is written and whichever way leads there."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import yarl
from evil_server import redirect
from fetching import START, fetching, outcome
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import errors
from pipeline.clock import SimulatedClock
from pipeline.fetch import Fetcher, Policy
from pipeline.fetch.guard import BAD_PORTS, AddressError, Guard, is_public, parse
from pipeline.model import Request

# The IPv4 blocks that are not globally reachable, from the IANA special-purpose registry, and multicast; ranges by first and last.
IPV4_BLOCKS = [
    ("0.0.0.0", "0.255.255.255"), ("10.0.0.0", "10.255.255.255"), ("100.64.0.0", "100.127.255.255"), ("127.0.0.0", "127.255.255.255"),
    ("169.254.0.0", "169.254.255.255"), ("172.16.0.0", "172.31.255.255"), ("192.0.2.0", "192.0.2.255"), ("192.88.99.0", "192.88.99.255"),
    ("192.168.0.0", "192.168.255.255"), ("198.18.0.0", "198.19.255.255"), ("198.51.100.0", "198.51.100.255"),
    ("203.0.113.0", "203.0.113.255"), ("224.0.0.0", "255.255.255.255"),
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "100.63.255.255", "172.32.0.1", "192.88.98.1", "223.255.255.254", "2606:4700:4700::1111", "2a00:1450::1"]
NOT_PUBLIC = """
    0.0.0.0 127.0.0.1 127.255.0.1 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 192.0.0.1 192.0.2.1 198.18.0.1
    224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:0:7f00:1 64:ff9b::7f00:1
    64:ff9b::a00:1 64:ff9b:1::1 100::1 2001::1 2001:20::1 2001:db8::1 2002:7f00:1::1 3fff::1 5f00::1 fc00::1 fd12:3456::1 fe80::1
    fe80::1%eth0 fec0::1 ff02::1 nonsense 2130706433 0x7f.1 0177.0.0.1 127.1
""".split()  # noqa: SIM905 - a table

v4 = st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address)
in_blocks = st.sampled_from(IPV4_BLOCKS).flatmap(
    lambda ends: st.integers(int(ipaddress.IPv4Address(ends[0])), int(ipaddress.IPv4Address(ends[1]))).map(ipaddress.IPv4Address)
)
v6 = st.integers(0, 2**128 - 1).map(ipaddress.IPv6Address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_permitted(address: str) -> None:
    assert Guard().permits(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_other_addresses_are_not(address: str) -> None:
    assert not Guard().permits(address)


@given(in_blocks)
@settings(max_examples=300, deadline=None)
def test_no_address_of_a_special_block_is_public_in_any_dress(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    for dressed in (number, *(prefix | number for prefix in (0, 0xFFFF << 32, 0x64FF9B << 96, 0xFFFF << 48))):
        form = ipaddress.IPv4Address(dressed) if dressed is number else ipaddress.IPv6Address(dressed)
        assert not is_public(form), form
    assert not is_public(ipaddress.IPv6Address(0x2002 << 112 | number << 80 | 1))
    assert not is_public(ipaddress.IPv6Address(0x20010000 << 96 | number ^ 0xFFFFFFFF))


@given(v4)
@settings(max_examples=300, deadline=None)
def test_public_ipv4_is_what_lies_outside_the_blocks(address: ipaddress.IPv4Address) -> None:
    inside = any(ipaddress.IPv4Address(first) <= address <= ipaddress.IPv4Address(last) for first, last in IPV4_BLOCKS)
    assert is_public(address) == (not inside) or address in ipaddress.ip_network("192.0.0.0/24")
    assert is_public(ipaddress.IPv6Address(0xFFFF << 32 | int(address))) == is_public(address), "the mapped form is the same address"


@given(v6)
@settings(max_examples=300, deadline=None)
def test_public_ipv6_is_global_unicast_and_the_reading_of_text_agrees(address: ipaddress.IPv6Address) -> None:
    if is_public(address):
        assert address.ipv4_mapped or address in ipaddress.ip_network("2000::/3")
    for text in (address.compressed, address.exploded, address.compressed.upper()):
        assert Guard().permits(text) == is_public(address)


@given(v4 | v6)
@settings(max_examples=200, deadline=None)
def test_an_allowed_network_is_the_only_exception(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    guard = Guard(("10.0.0.0/8", "fd00::/8"))
    real = getattr(address, "ipv4_mapped", None) or address
    allowed = any(real.version == net.version and real in net for net in map(ipaddress.ip_network, ("10.0.0.0/8", "fd00::/8")))
    assert guard.permits(str(address)) == (is_public(address) or allowed)


def test_no_socket_is_made_for_a_private_address() -> None:
    with pytest.raises(AddressError):
        Guard().socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 80)))
    with pytest.raises(AddressError):
        Guard().socket((socket.AF_INET6, socket.SOCK_STREAM, 0, "", ("::ffff:127.0.0.1", 80, 0, 0)))
    Guard(("127.0.0.0/8",)).socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 80))).close()


# ── addresses as they are written ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("url", "wire", "place"),
    [
        ("HTTP://User:P%40@News.EXAMPLE:80/a%2fb?x=%7e#frag", "http://User:P%40@news.example/a%2fb?x=%7e", "news.example"),
        ("https://news.example:8443", "https://news.example:8443/", "news.example:8443"),
        ("http://news.example?q", "http://news.example/?q", "news.example"),
        ("http://bücher.example/ä b", "http://xn--bcher-kva.example/%C3%A4%20b", "xn--bcher-kva.example"),
        ("http://[2001:DB8::1]:8080/", "http://[2001:db8::1]:8080/", "[2001:db8::1]:8080"),
        ("http://a.example/\r\nX: y", "http://a.example/%0D%0AX:%20y", "a.example"),
        ("http://a.example/\udce9", "http://a.example/%E9", "a.example"),
        ("http://a_b.example./x", "http://a_b.example./x", "a_b.example."),
    ],
)
def test_an_address_is_taken_apart_and_not_rewritten(url: str, wire: str, place: str) -> None:
    target = parse(url)
    assert (target.wire, target.place, target.url) == (wire, place, url.partition("#")[0])


BROKEN = """
    http:///x http:// news.example/x //news.example/x ftp://a/ javascript:alert(1) data:text/html,x file:///etc/passwd http://a:99999/
    http://a:x/ http://[::1 http://[::1]x/ http://[zz]/ http://a\\@127.0.0.1/ http://a%2eb/ http://-a/ http://a..b/
    http://a:80:80/ http://.a/
""".split()  # noqa: SIM905 - a table


@pytest.mark.parametrize("url", [*BROKEN, "", "   ", "http://ex ample/", "http://a\x00b/", "http://a\nb/"])
def test_what_is_no_web_address_is_said_to_be_none(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Guard().check(parse(url))


authority = st.text(alphabet="a1.-_:@[]%\\/?#0x é。①\t", max_size=24)


@given(
    st.text(max_size=60)
    | authority.map("http://".__add__)
    | st.text(max_size=40).map("http://".__add__)
    | st.text(max_size=40).map("http://a.example/".__add__)
)
@settings(max_examples=600, deadline=None)
def test_any_text_is_an_address_that_can_be_sent_or_a_value_error(text: str) -> None:
    try:
        target = parse(text)
    except ValueError:
        return
    assert target.wire.isascii()
    assert target.wire.isprintable()
    assert " " not in target.wire
    again = parse(target.wire)
    assert (again.wire, again.origin) == (target.wire, target.origin)
    read_by_the_library = yarl.URL(target.wire, encoded=True)
    assert (read_by_the_library.raw_host, read_by_the_library.port) == (target.host, target.port), "what is checked is what is asked"


# ── the ways to a private server ──────────────────────────────────────────────────────────────────


@asynccontextmanager
async def victim() -> AsyncIterator[tuple[int, list[str]]]:
    """A server that nobody may reach. Gives its port, and who came."""
    came: list[str] = []

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(str(writer.get_extra_info("peername")))
        writer.close()

    server = await asyncio.start_server(accept, "127.0.0.2", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], came


# every host below is the victim's 127.0.0.2, or this machine's
WAYS_IN = """
    127.0.0.2 127.2 0x7f000002 2130706434 0177.0.0.2 0x7f.0.0.2 127.0.0.2. [::ffff:127.0.0.2] [::ffff:7f00:2] [::127.0.0.2]
    [64:ff9b::7f00:2]    [2002:7f00:2::] [0:0:0:0:0:ffff:7f00:2] 0.0.0.0 0 [::] ①②⑦.0.0.2 １２７.０.０.２ 127。0。0。2 127.0.0.2..
    a@127.0.0.2 a:b@127.0.0.2
    a.example@127.0.0.2 127.0.0.2%00 %31%32%37.0.0.2 rebound.example
""".split()  # noqa: SIM905 - a table


def test_no_way_leads_to_a_private_server() -> None:
    """Direct and by redirect; by literal, by name, by a name that a person's ``resolve`` sends there."""

    async def go() -> None:
        async with victim() as (port, came), fetching(robots=False) as (_, evil, clock):
            here = f"127.0.0.1:{evil.port}"
            policy = Policy(
                delay=timedelta(0),
                robots=False,
                allow_private=("127.0.0.1/32",),
                resolve={"a.example": here, "rebound.example": "127.0.0.2"},
            )
            async with Fetcher(policy, clock) as fetcher:
                for number, host in enumerate(WAYS_IN):
                    url = f"http://{host}:{port}/secret"
                    for asked in (url, f"http://a.example/{number}"):
                        evil.site[f"/{number}"] = redirect(url.encode().decode("latin-1"))
                        result = await outcome(fetcher, asked)
                        assert isinstance(result, errors.AddressRefused | errors.RedirectTrouble), (asked, host, result)
            assert came == []

    asyncio.run(go())


def test_a_name_of_this_machine_is_refused_when_it_is_resolved() -> None:
    async def go() -> None:
        async with victim() as (port, came), Fetcher(Policy(), SimulatedClock(START)) as fetcher:
            for name in ("localhost", "LOCALHOST.", "localhost.localdomain"):
                result = await outcome(fetcher, f"http://{name}:{port}/")
                assert isinstance(result, errors.AddressRefused | errors.Unreachable), result
            assert came == []

    asyncio.run(go())


def test_a_target_given_by_the_person_must_be_permitted_too() -> None:
    async def go() -> None:
        async with fetching(allow_private=()) as (fetcher, evil, _):
            result = await outcome(fetcher, "http://a.example/story")
            assert isinstance(result, errors.AddressRefused)
            assert "allow_private" in str(result)
            assert evil.connections == 0

    asyncio.run(go())


def test_ports_of_other_protocols_are_refused() -> None:
    async def go() -> None:
        async with fetching() as (fetcher, evil, _):
            for port in sorted(BAD_PORTS):
                assert isinstance(await outcome(fetcher, f"http://a.example:{port}/"), errors.AddressRefused)
            assert evil.connections == 0
            await fetcher.fetch(Request(url="http://a.example:8080/story"))

    asyncio.run(go())
