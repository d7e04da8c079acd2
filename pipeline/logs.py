"""Logs: to stderr, a line for a person or a JSON object for a machine."""

from __future__ import annotations

import logging
import sys
from typing import Literal

Form = Literal["text", "json"]
Level = Literal["debug", "info", "warning", "error"]


def start(form: Form = "text", level: Level = "warning") -> None:
    """From now on. ``level``: of wirewatch's own; other libraries' from warnings on. What was set up before is replaced."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s") if form == "text" else _json())
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("wirewatch").setLevel(level.upper())


def _json() -> logging.Formatter:
    """``{"at", "level", "logger", "event", …}``; what a line was given as ``extra`` stands beside them, a traceback in ``exception``."""
    from structlog.processors import ExceptionRenderer, JSONRenderer, TimeStamper
    from structlog.stdlib import ExtraAdder, PositionalArgumentsFormatter, ProcessorFormatter, add_log_level, add_logger_name

    at = TimeStamper("iso", utc=True, key="at")
    return ProcessorFormatter(
        foreign_pre_chain=[add_log_level, add_logger_name, PositionalArgumentsFormatter(), ExtraAdder(), at],
        processors=[ProcessorFormatter.remove_processors_meta, ExceptionRenderer(), JSONRenderer(ensure_ascii=False)],
    )
