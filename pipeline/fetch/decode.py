"""Content codings, undone by us: streaming, counted, and only taken when they end as they should (RFC 9110 §8.4).

The HTTP library gives a gzip body that was cut short as if it were whole, and leaves stacked codings half undone (facts/stack).
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Generator, Iterator
from typing import Protocol

from pipeline.errors import TooLarge, Truncated, WrongMedia

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
PIECE = 64 * 1024  # bytes undone at a time: what a bomb can cost before it is counted
_MOST_CODINGS = 3
_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_WINDOW_LOG = 23  # 8 MiB, the most that may be asked of a receiver over HTTP (RFC 9659)
_FOREIGN = frozenset(("compress", "x-compress", "exi", "pack200-gzip", "aes128gcm", "dcb", "dcz"))  # registered with IANA, not undone here


class Layer(Protocol):
    """One coding. ``feed`` gives what could be undone so far; ``ended``: whether its end was seen."""

    def feed(self, data: bytes) -> Iterator[bytes]: ...

    @property
    def ended(self) -> bool: ...


class Body:
    """Undoes a stack of codings. ``place``: the host, for messages; ``unwrap``: also undo a gzip file (``feed.xml.gz``)."""

    def __init__(self, content_encoding: str | None, *, limit: int, place: str, unwrap: bool = False) -> None:
        """``limit``: bytes that any one layer may give. Raises WrongMedia for a coding that is known and not undone here."""
        self._place, self._limit, self._unwrap = place, limit, unwrap
        self._names = _codings(content_encoding, place)
        self._layers = [_layer(name) for name in reversed(self._names)]
        self._given = [0] * len(self._layers)
        self._taken = 0
        self._start = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The next bytes of the connection → decoded bytes, a piece at a time. Raises TooLarge, Truncated (damaged)."""
        self._taken += len(data)
        if self._layers and self._taken > self._limit + PIECE:
            raise self._too_large()
        try:
            for piece in self._through(data, 0):
                yield from self._unwrapped(piece)
        except _errors() as error:
            raise Truncated(f"{self._place}: the {self._named()} coding of the body is damaged ({error})") from error

    def finish(self, *, empty_is_fine: bool = False) -> Iterator[bytes]:
        """To be called at the end of the connection's bytes: gives what was held back, raises Truncated when a coding did not end."""
        if self._start:
            yield self._start
        if self._taken == 0 and empty_is_fine:
            return
        if not all(layer.ended for layer in self._layers):
            raise Truncated(f"{self._place}: the body was cut short: the {self._named()} coding does not end", reason="truncated")

    def _through(self, data: bytes, depth: int) -> Iterator[bytes]:
        if depth >= len(self._layers):
            yield data
            return
        for piece in self._layers[depth].feed(data):
            self._given[depth] += len(piece)
            if self._given[depth] > self._limit + PIECE:
                raise self._too_large()
            yield from self._through(piece, depth + 1)

    def _unwrapped(self, piece: bytes) -> Iterator[bytes]:
        """A gzip file inside: known by its first two bytes, which may come one by one."""
        if not self._unwrap:
            yield piece
            return
        self._start += piece
        if len(self._start) < len(_GZIP_MAGIC):
            return
        start, self._start, self._unwrap = self._start, b"", False
        if not start.startswith(_GZIP_MAGIC):
            yield start
            return
        self._layers.append(_Deflate(gzip=True))
        self._given.append(0)
        self._names.append("gzip")
        yield from self._through(start, len(self._layers) - 1)

    def _too_large(self) -> TooLarge:
        return TooLarge(f"{self._place}: the body is larger than {self._limit:,} bytes once decoded")

    def _named(self) -> str:
        return "+".join(self._names)


class _Deflate:
    """gzip (RFC 1952: members one after another, padding behind them tolerated) and deflate (zlib RFC 1950, or raw as some send it)."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._held = b""
        self._members = 0
        self._over = False
        self._engine: zlib._Decompress | None = None

    @property
    def ended(self) -> bool:
        return self._engine is None and self._members > 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data and not self._over:
            if self._engine is None:
                data = self._held + data
                if len(data) < 2:
                    self._held = data
                    return
                self._held = b""
                if not self._open(data):
                    return
            data = yield from self._inflate(data)

    def _open(self, data: bytes) -> bool:
        if self._members and not (self._gzip and data.startswith(_GZIP_MAGIC)):
            self._over = True
            return False
        wrapped = data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0  # RFC 1950 §2.2
        self._engine = zlib.decompressobj(zlib.MAX_WBITS | 16 if self._gzip else zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
        return True

    def _inflate(self, data: bytes) -> Generator[bytes, None, bytes]:
        """Gives what the bytes hold, and returns those that lie behind the end of the member."""
        engine = self._engine
        assert engine is not None
        while True:
            out = engine.decompress(data, PIECE)
            if out:
                yield out
            if engine.eof:
                self._engine, self._members = None, self._members + 1
                return engine.unused_data
            data = engine.unconsumed_tail
            if not data and len(out) < PIECE:
                return b""


class _Brotli:
    """RFC 7932."""

    def __init__(self) -> None:
        import brotli  # type: ignore[import-untyped]  # ships no types

        self._engine = brotli.Decompressor()

    @property
    def ended(self) -> bool:
        return bool(self._engine.is_finished())

    def feed(self, data: bytes) -> Iterator[bytes]:
        while not self.ended:
            out = self._engine.process(data, output_buffer_limit=PIECE)
            data = b""
            if not out:  # ``can_accept_more_data`` is true while output is still held back: drained means that nothing came
                return
            yield out


class _Zstd:
    """RFC 8878, frames one after another."""

    _FRAME = b"\x28\xb5\x2f\xfd"

    def __init__(self) -> None:
        self._engine = self._open()
        self._frames = 0
        self._fresh = True

    @property
    def ended(self) -> bool:
        return self._fresh and self._frames > 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data or not (self._fresh or self._engine.needs_input):
            self._fresh = False
            out = self._engine.decompress(data, PIECE)
            data = b""
            if out:
                yield out
            if self._engine.eof:
                data = self._engine.unused_data
                self._engine, self._frames, self._fresh = self._open(), self._frames + 1, True

    @staticmethod
    def _open() -> zstd.ZstdDecompressor:
        return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG})


def _codings(header: str | None, place: str) -> list[str]:
    """The codings in the order they were applied. Words that are no coding ("utf-8", "none") are passed over, as browsers do."""
    found = []
    for word in (header or "").lower().split(","):
        name = word.strip().removeprefix("x-") if word.strip() == "x-gzip" else word.strip()
        if name in _FOREIGN:
            raise WrongMedia(f"{place}: the body came in a content coding that was not asked for: {name}")
        if name in ("gzip", "deflate", "br", "zstd"):
            found.append(name)
    if len(found) > _MOST_CODINGS:
        raise WrongMedia(f"{place}: the body came in {len(found)} content codings, one upon another")
    return found


def _layer(name: str) -> Layer:
    if name == "br":
        return _Brotli()
    if name == "zstd":
        return _Zstd()
    return _Deflate(gzip=name == "gzip")


def _errors() -> tuple[type[Exception], ...]:
    import brotli

    return (zlib.error, brotli.error, zstd.ZstdError)
