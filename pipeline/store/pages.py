"""Bytes of pages, compressed. zstd at its lowest level takes a third of the time of zlib at its own, and gives an eighth fewer bytes."""

from __future__ import annotations

import sys
import zlib
from typing import Final

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CODING: Final = "zstd"


def pack(page: bytes) -> bytes:
    """In ``CODING``, which is written beside it."""
    return zstd.compress(page, 1)


def unpack(coding: str, packed: bytes) -> bytes:
    """The inverse, for every coding that was ever written: "zlib" until schema 0001, "zstd" since."""
    return zlib.decompress(packed) if coding == "zlib" else zstd.decompress(packed)
