"""A story as a page of its own: one file, no script, nothing loaded from anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline import urls
from pipeline.render import counted, met, percent
from pipeline.store.rows import Story
from pipeline.tables import comes_from, further, moment, named, why

TEMPLATES = Path(__file__).resolve().parent / "templates"


def story_page(stories: Sequence[Story]) -> str:
    """HTML. Everything that came from outside is escaped; only http(s) addresses become links."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    tools = {
        "moment": moment,
        "percent": percent,
        "counted": counted,
        "why": why,
        "comes_from": comes_from,
        "further": further,
        "named": named,
        "met": met,
        "link": lambda url: bool(url) and urls.is_http(url),
    }
    return environment.get_template("story.html").render(stories=stories, **tools)
