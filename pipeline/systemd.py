"""What a service manager is told (sd_notify(3)) and the sign of life it wants. Without one, nothing happens."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServiceManager:
    """``address``: of its socket, "" without one; ``watchdog``: seconds within which it wants a sign of life, None: never."""

    address: str = ""
    watchdog: float | None = None

    @classmethod
    def of(cls, environ: Mapping[str, str] = os.environ) -> ServiceManager:
        """As systemd says it: NOTIFY_SOCKET, and WATCHDOG_USEC where it is meant for this process (sd_watchdog_enabled(3))."""
        address, usec = environ.get("NOTIFY_SOCKET", ""), environ.get("WATCHDOG_USEC", "")
        mine = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        watchdog = int(usec) / 1e6 if usec.isascii() and usec.isdigit() and int(usec) and mine else None
        return cls(address if address[:1] in ("/", "@") else "", watchdog)

    def tell(self, *words: str) -> None:
        """ "READY=1", "STATUS=…", "STOPPING=1", "WATCHDOG=1", … A manager that does not listen is no trouble of ours."""
        if not self.address:
            return
        address = "\0" + self.address[1:] if self.address[0] == "@" else self.address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as to:
                to.connect(address)
                to.sendall("\n".join(words).encode())
        except OSError:
            return
