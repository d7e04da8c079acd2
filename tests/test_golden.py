"""Golden pages: written by us after the ways real sites print, each with what a careful reader would take from it."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.extract import extract
from pipeline.model import Article, Response

GOLDEN = Path(__file__).parent / "golden"
PAGES = sorted(path.parent for path in GOLDEN.glob("*/*/response.json"))


def read(folder: Path) -> Article:
    said = json.loads((folder / "response.json").read_text(encoding="utf-8"))
    return extract(
        Response(
            url=said["url"],
            requested_url=said["url"],
            headers=tuple((name, value) for name, value in said["headers"]),
            body=gzip.decompress((folder / "response.html.gz").read_bytes()),
            fetched_at=datetime.fromisoformat(said["fetched_at"]),
        )
    )


def plain(value: Any) -> Any:
    """As JSON has it: instants as they print, tuples as lists."""
    if isinstance(value, tuple):
        return list(value)
    return value if value is None or isinstance(value, str | int | list) else str(value)


def test_there_are_golden_pages() -> None:
    assert len(PAGES) >= 6


@pytest.mark.parametrize("folder", PAGES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_golden_page(folder: Path) -> None:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    article = read(folder)
    assert {name: plain(getattr(article, name)) for name in expected} == expected
    assert all(name in article.provenance for name in ("title", "text", "published", "language"))
