"""Stub."""

from pipeline.model import Found, Response, Source


def parse(response: Response, source: Source) -> Found:
    """Stub."""
    return Found()
