"""The two engines by themselves: ``extract`` and ``match`` on lines or files, without a database. Answers come in the order asked."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from pipeline import app, lines, urls
from pipeline.clock import Clock
from pipeline.discover import files
from pipeline.errors import InputError, ItemError
from pipeline.lines import Line
from pipeline.model import Article, Hints, Request, Response
from pipeline.processes import Pool

T = TypeVar("T")
AHEAD = 32  # lines read ahead of the answer that is written


async def in_order(jobs: Iterator[Awaitable[T]], ahead: int = AHEAD) -> AsyncIterator[T]:
    """Runs jobs side by side, a bounded number ahead, and yields what they give in the order they came."""
    running: deque[asyncio.Future[T]] = deque()
    try:
        for job in jobs:
            running.append(asyncio.ensure_future(job))
            if len(running) >= ahead:
                yield await running.popleft()
        while running:
            yield await running.popleft()
    finally:
        for left in running:
            left.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def extract_lines(pool: Pool, clock: Clock, source: Iterable[str]) -> AsyncIterator[Line]:
    """``extract --jsonl``: {"id", "path" | "html", "url"?} → an article or an error, with the id."""
    return in_order(_extract_line(pool, clock, text, number) for number, text in enumerate(source, 1) if text.strip())


async def _extract_line(pool: Pool, clock: Clock, text: str, number: int) -> Line:
    asked: Line = {}
    try:
        asked = lines.parse(text, number)
        response = _page_of(asked, number, clock)
        return {"id": asked.get("id"), **lines.article_line(await _read(pool, response))}
    except InputError as error:
        return {"id": asked.get("id"), "error": {"kind": "input", "message": str(error)}}
    except ItemError as error:
        return {"id": asked.get("id"), **lines.error_line(error)}


def _page_of(asked: Line, number: int, clock: Clock) -> Response:
    url = asked.get("url") or ""
    if not isinstance(url, str):
        raise InputError(f'line {number}: "url" is not a string')
    if isinstance(html := asked.get("html"), str):
        body = html.encode("utf-8", "surrogatepass")
        return Response(
            url=url, requested_url=url, headers=(("content-type", "text/html; charset=utf-8"),), body=body, fetched_at=clock.now()
        )
    if isinstance(path := asked.get("path"), str):
        return files.page(Path(path), url=url, now=clock.now())
    raise InputError(f'line {number}: neither "path" nor "html" is there (as strings)')


async def extract_named(pool: Pool, clock: Clock, fetch: Callable[[Request], Awaitable[Response]], what: str) -> Article:
    """``extract FILE|URL``. Raises InputError, ItemError."""
    if urls.is_http(what):
        response = await fetch(Request(url=urls.cleaned(what)))
    elif Path(what).is_file():
        response = files.page(Path(what), url="", now=clock.now())
    else:
        raise InputError(f"{what}: no such file, and no http(s) address")
    return await _read(pool, response)


async def _read(pool: Pool, response: Response) -> Article:
    return (await pool.run(app.read_page, response, Hints(), None)).article


def match_lines(pool: Pool, source: Iterable[str]) -> AsyncIterator[Line]:
    """``match --jsonl``: {"id", "a", "b"} → the verdict on b against a, with the id."""
    return in_order(_match_line(pool, text, number) for number, text in enumerate(source, 1) if text.strip())


async def _match_line(pool: Pool, text: str, number: int) -> Line:
    asked: Line = {}
    try:
        asked = lines.parse(text, number)
        a, b = (_side(asked, name, number) for name in ("a", "b"))
        return {"id": asked.get("id"), **lines.match_line(await pool.run(app.compare, b, a))}
    except InputError as error:
        return {"id": asked.get("id"), "error": {"kind": "input", "message": str(error)}}
    except ItemError as error:
        return {"id": asked.get("id"), **lines.error_line(error)}


def _side(asked: Line, name: str, number: int) -> Article:
    side = asked.get(name)
    if not isinstance(side, dict):
        raise InputError(f'line {number}: "{name}" is missing or not an object')
    return lines.given_article(side, f"line {number}, {name}")
