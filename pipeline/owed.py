"""What hosts are owed, kept in the store for the next process: the fetcher's memory, on the threads that may touch the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.model import HostMemory, RobotsMemory
from pipeline.polls import Runs


class Hosts(Protocol):
    """What is asked of the store. Raises StoreError."""

    def host(self, name: str) -> HostMemory | None: ...

    def robots(self, origin: str) -> RobotsMemory | None: ...

    def keep_hosts(self, memories: Sequence[HostMemory | RobotsMemory]) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """The fetcher's memory. A host is asked about once, when it is first used; what is kept is little, and seldom."""

    store: Hosts
    reading: Runs
    writing: Runs

    async def host(self, name: str) -> HostMemory | None:
        return await self.reading(self.store.host, name)

    async def robots(self, origin: str) -> RobotsMemory | None:
        return await self.reading(self.store.robots, origin)

    async def keep(self, memories: Sequence[HostMemory | RobotsMemory]) -> None:
        await self.writing(self.store.keep_hosts, memories)
