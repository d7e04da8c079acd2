"""A mail server on loopback that keeps what it is given. Standard library only; imports nothing of the product."""

from __future__ import annotations

import asyncio
import base64
import threading
from types import TracebackType


class MailServer:
    """``with MailServer() as server:`` takes letters at ``server.port`` until the block ends. ``answers``: a command's first word → what is
    answered instead of 250, once for each; ``user``: (name, password) that it asks for; ``hang``: it says nothing at all."""

    def __init__(self, *, user: tuple[str, str] | None = None, hang: bool = False) -> None:
        self.letters: list[tuple[str, list[str], str]] = []  # from, to, the letter
        self.answers: dict[str, list[str]] = {}
        self._user, self._hang = user, hang
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()
        self._open: set[asyncio.StreamWriter] = set()
        self.port = 0

    def __enter__(self) -> MailServer:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for writer in list(self._open):
            writer.close()
        await asyncio.sleep(0)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            await self._session(reader, writer)
        except ConnectionError:
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(text: str) -> None:
            writer.write(text.encode() + b"\r\n")
            await writer.drain()

        if self._hang:
            await reader.read()
            return
        await say("220 mail.example")
        sender, recipients = "", list[str]()
        while line := (await reader.readline()).decode().rstrip("\r\n"):
            word = line.split()[0].upper()
            if self.answers.get(word):
                await say(self.answers[word].pop(0))
            elif word == "EHLO":
                await say("250-mail.example" + ("\r\n250 AUTH PLAIN" if self._user else "\r\n250 8BITMIME"))
            elif word == "AUTH":
                given = base64.b64decode(line.split()[2]).decode().split("\0")[1:]
                await say("235 welcome" if tuple(given) == self._user else "535 no")
            elif word == "MAIL":
                sender = line.partition("<")[2].partition(">")[0]
                await say("250 ok")
            elif word == "RCPT":
                recipients.append(line.partition("<")[2].partition(">")[0])
                await say("250 ok")
            elif word == "DATA":
                await say("354 go on")
                text = (await reader.readuntil(b"\r\n.\r\n")).decode()[:-5]
                self.letters.append((sender, recipients, text))
                sender, recipients = "", []
                await say("250 taken")
            elif word == "QUIT":
                await say("221 bye")
                return
            else:
                await say("250 ok")
