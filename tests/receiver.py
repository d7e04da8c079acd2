"""Somebody's webhook on loopback, as unreliable as they are. Standard library only; imports nothing of the product."""

from __future__ import annotations

import json
import random
import socket
import struct
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


class Receiver:
    """``with Receiver(seed) as hook:`` takes POSTs at ``hook.url``. A third of them fail: in half of these cases the message was taken and
    only the answer is lost. ``taken``: key → message, of those that were taken; ``asked``: how often each key came."""

    def __init__(self, seed: int = 1, failing: float = 1 / 3) -> None:
        self.taken: dict[str, dict[str, Any]] = {}
        self.asked: Counter[str] = Counter()
        self.wrong: list[str] = []  # what came twice under one key, and not as it was
        self.failed = 0
        self.dice, self.failing = random.Random(seed), failing
        self.lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hook"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> Receiver:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self, key: str, body: bytes) -> int:
        """→ what is answered; 0: nothing, the connection breaks."""
        with self.lock:
            self.asked[key] += 1
            fails, heard = self.dice.random() < self.failing, self.dice.random() < 0.5
            if not fails or heard:
                sent = json.loads(body)
                if self.taken.setdefault(key, sent) != sent:
                    self.wrong.append(key)
            self.failed += fails
            return 204 if not fails else 0 if heard else 503

    def names(self) -> Counter[tuple[str, str]]:
        """(rule, name of the event) → how many keys it came under."""
        with self.lock:
            return Counter((sent["rule"], sent["name"]) for sent in self.taken.values())


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], owner: Receiver) -> None:
        self.owner = owner
        super().__init__(address, _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A sender that was killed."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:  # the name is the standard library's
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = self.server.owner.take(self.headers["Idempotency-Key"], body)
        if answer:
            self.send_response(answer)
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the standard library's name
        """What came is asked of the receiver, not printed."""
