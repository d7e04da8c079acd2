"""Which addresses may be spoken to: checked on the URL before each hop, and again on the socket when it is made.

A name may resolve to anything, and to something else a second later; therefore what counts is the check in ``Guard.socket``, which
sees the very address that is connected to (facts/stack: custom resolvers are bypassed by IP literals).
"""

from __future__ import annotations

import errno
import ipaddress
import re
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.errors import ConfigError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Refused beyond what ``ipaddress.is_global`` of Python 3.11 refuses (facts/reliability; IANA special-purpose registries): ways back to
# IPv4 (NAT64 RFC 6052 and 8215, 6to4 RFC 3056, its relays RFC 7526, Teredo RFC 4380) and documentation (RFC 9637).
_NEVER: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "192.88.99.0/24", "2001::/32", "2001:db8::/32", "3fff::/20", "2001:20::/28")
)
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")  # the only IPv6 space given out to hosts (RFC 4291 §2.4, IANA)

# Ports of other protocols, so that no link makes us speak to them: WHATWG Fetch, "bad port".
# fmt: off
BAD_PORTS = frozenset((
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113,
    115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556,
    563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667,
    6668, 6669, 6679, 6697, 10080,
))
# fmt: on
_DEFAULT_PORT = {"http": 80, "https": 443}
_PARTS = re.compile(r"(https?)://([^/?#\\]*)([^#]*)", re.IGNORECASE | re.DOTALL)
_AUTHORITY = re.compile(r"(?:(?P<user>[^@\[\]]*)@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^:@\[\]]+)(?::(?P<port>[0-9]{0,5}))?", re.DOTALL)
_HOST_NAME = re.compile(r"(?!-)[a-z0-9_.-]{1,253}")
_LAST_LABEL_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?")  # WHATWG URL, "ends in a number"
_UNSENDABLE = re.compile(r"[^\x21-\x7e]")


class AddressError(PermissionError):
    """Raised where a socket would be made. An OSError, as that is what the connector passes on."""

    def __init__(self, host: str, address: str) -> None:
        self.host, self.address = host, address
        where = address if host in ("", address) else f"{host} ({address})"
        super().__init__(errno.EACCES, f"{where} is not a public address")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One hop, taken apart. ``url``: as given, without the fragment; ``wire``: what is sent, percent-encoding as it was."""

    url: str
    wire: str
    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> str:
        """Scheme, host and port: what one robots.txt speaks for (RFC 9309 §2.3)."""
        return f"{self.scheme}://{self.place}"

    @property
    def place(self) -> str:
        """The host as a person knows it: with the port only when it is an unusual one."""
        return _place(self.scheme, self.host, self.port)


def parse(url: str) -> Target:
    """Takes an absolute http(s) URL apart without rewriting it: only what cannot be sent (spaces, control and non-ASCII
    characters) is percent-encoded, and the host is brought to lower-case ASCII. Raises ValueError with what is wrong.
    """
    text = url.strip()
    parts = _PARTS.match(text)
    if not parts:
        other = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", text)
        raise ValueError(f"{other[1].lower()}: is not http or https" if other else "not an absolute http or https address")
    scheme, rest = parts[1].lower(), parts[3]
    if rest.startswith("\\"):  # read as "/" by some and as part of the host by others: never the same host for all
        raise ValueError("a backslash in the address")
    authority = _AUTHORITY.fullmatch(parts[2])
    if not authority:
        raise ValueError(f"{_printable(parts[2])!r} is not a host")
    host = _ascii_host(authority["host"])
    port = int(authority["port"] or _DEFAULT_PORT[scheme])
    if port > 65535:
        raise ValueError(f"{port} is not a port")
    user = f"{_escape(authority['user'])}@" if authority["user"] else ""
    path = _escape(rest if rest.startswith("/") else f"/{rest}")
    wire = f"{scheme}://{user}{_place(scheme, host, port)}{path}"
    return Target(url=text.partition("#")[0], wire=wire, scheme=scheme, host=host, port=port)


class Guard:
    """Says which addresses may be spoken to."""

    def __init__(self, allow_private: Iterable[str] = (), *, through_proxy: bool = False) -> None:
        """``allow_private``: networks that are exceptions. ``through_proxy``: every socket goes to the proxy that the person named,
        which is exempt. Raises ConfigError for what is not a network.
        """
        self._allowed = tuple(_network(text) for text in allow_private)
        self._through_proxy = through_proxy

    def permits(self, address: str) -> bool:
        """Whether an address, in any form that ``ipaddress`` reads, is public or in an allowed network; no for what it cannot read."""
        try:
            real = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        if isinstance(real, ipaddress.IPv6Address) and real.ipv4_mapped:
            real = real.ipv4_mapped
        return is_public(real) or any(real.version == net.version and real in net for net in self._allowed)

    def check(self, target: Target) -> None:
        """What can be said before a name is resolved: the port, addresses written as such, names of this machine.

        Raises AddressError, or ValueError for a port of another protocol.
        """
        if target.port in BAD_PORTS:
            raise ValueError(f"port {target.port} is not one of the web")
        literal = ":" in target.host or _LAST_LABEL_NUMBER.fullmatch(target.host)
        if literal and not self.permits(target.host.rstrip(".")):
            raise AddressError(target.host, target.host)
        if self._through_proxy and re.fullmatch(r"(?:.*\.)?localhost\.?", target.host):  # RFC 6761 §6.3: the proxy's own machine
            raise AddressError(target.host, "loopback")

    def socket(self, info: tuple[int, int, int, str, tuple[object, ...]]) -> socket.socket:
        """The connector's ``socket_factory``: a socket for that address, or AddressError."""
        family, kind, protocol, _, where = info
        address = str(where[0])
        if not self._through_proxy and not self.permits(address):
            raise AddressError("", address)
        return socket.socket(family, kind, protocol)


def is_public(address: Address) -> bool:
    """Whether an address is of the public internet and nothing else: not private, shared, loopback, link-local, multicast,
    documentation, or a way back into IPv4.
    """
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address not in _GLOBAL_UNICAST:
            return False
    if address.is_multicast or not address.is_global:
        return False
    return not any(address.version == net.version and address in net for net in _NEVER)


def connect_map(resolve: Mapping[str, str]) -> dict[str, tuple[str, int | None]]:
    """The setting ``resolve`` read: host → (ip, port or None for the URL's). Raises ConfigError."""
    return {host.lower().rstrip("."): _connect_to(host, to) for host, to in resolve.items()}


def _connect_to(host: str, to: str) -> tuple[str, int | None]:
    form = re.fullmatch(r"\[([^\]]+)\](?::(\d{1,5}))?|([0-9.]+):(\d{1,5})|(.+)", to.strip())
    try:
        if form is None:
            return str(ipaddress.ip_address(to)), None
        port = form[2] or form[4]
        if port and not 0 < int(port) < 65536:
            port = "none"
        return str(ipaddress.ip_address(form[1] or form[3] or form[5])), int(port) if port else None
    except ValueError:
        raise ConfigError(f"{to!r} for {host!r} is neither an address nor address:port", key="fetch.resolve") from None


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ConfigError(f"{text!r} is not a network such as '127.0.0.0/8'", key="fetch.allow_private") from None


def _place(scheme: str, host: str, port: int) -> str:
    host = f"[{host}]" if ":" in host else host
    return host if port == _DEFAULT_PORT[scheme] else f"{host}:{port}"


def _ascii_host(host: str) -> str:
    if host.startswith("["):
        return str(ipaddress.IPv6Address(host[1:-1]))
    if not host.isascii():
        import yarl

        try:
            host = yarl.URL.build(scheme="http", host=host).raw_host or ""
        except ValueError:
            raise ValueError(f"{_printable(host)!r} is not a host name") from None
    host = host.lower()
    if not _HOST_NAME.fullmatch(host) or ".." in host or host.startswith("."):
        raise ValueError(f"{_printable(host)!r} is not a host name")
    return host


def _escape(text: str) -> str:
    return _UNSENDABLE.sub(lambda hit: "".join(f"%{byte:02X}" for byte in hit[0].encode("utf-8", "surrogateescape")), text)


def _printable(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode("ascii")
