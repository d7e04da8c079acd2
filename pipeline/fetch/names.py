"""Host names → addresses, with the person's ``resolve`` settings and the guard's opinion."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.fetch.guard import AddressError, Guard

if TYPE_CHECKING:
    from aiohttp.abc import AbstractResolver

_NOT_THERE = frozenset((1, 4))  # c-ares: ENODATA, ENOTFOUND


class NoSuchHostError(OSError):
    """A name that could not be resolved. ``passing``: nobody could be asked, so the network is the trouble and not the name."""

    def __init__(self, host: str, detail: str, *, passing: bool) -> None:
        self.host, self.passing = host, passing
        super().__init__(None, detail)


def resolver(guard: Guard, connect_map: Mapping[str, tuple[str, int | None]], timeout: float, *, exempt: bool) -> AbstractResolver:
    """A resolver for the connector. ``connect_map``: host or "*" → (ip, port or None); ``timeout``: seconds; ``exempt``: all that is
    resolved is the person's own proxy, which may be anywhere.

    Its ``resolve`` raises AddressError when no address of a name may be spoken to, NoSuchHostError, or TimeoutError.
    """
    import aiohttp
    from aiohttp.abc import AbstractResolver, ResolveResult

    class _Resolver(AbstractResolver):
        def __init__(self) -> None:
            self._dns = aiohttp.DefaultResolver()

        async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
            found = self._given(host, port) or await self._asked(host, port, family)
            permitted = [result for result in found if exempt or guard.permits(result["host"])]
            if not permitted:
                raise AddressError(host, ", ".join(sorted({result["host"] for result in found})))
            return permitted

        async def close(self) -> None:
            await self._dns.close()

        def _given(self, host: str, port: int) -> list[ResolveResult]:
            to = connect_map.get(host.lower().rstrip(".")) or connect_map.get("*")
            if to is None:
                return []
            kind = socket.AF_INET6 if ":" in to[0] else socket.AF_INET
            return [ResolveResult(hostname=host, host=to[0], port=to[1] or port, family=kind, proto=0, flags=socket.AI_NUMERICHOST)]

        async def _asked(self, host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
            try:
                async with asyncio.timeout(timeout):
                    return await self._dns.resolve(host, port, family)
            except TimeoutError:
                raise NoSuchHostError(host, f"no answer from the name servers in {timeout:g} s", passing=True) from None
            except OSError as error:
                raise NoSuchHostError(host, error.strerror or str(error), passing=_is_passing(error)) from error

    return _Resolver()


def _is_passing(error: OSError) -> bool:
    if isinstance(error, socket.gaierror):
        return error.errno == socket.EAI_AGAIN
    code = error.__cause__.args[0] if error.__cause__ and error.__cause__.args else None
    return code not in _NOT_THERE
