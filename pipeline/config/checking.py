"""From what somebody wrote to values, or to an error that names file, key, problem and the nearest valid key."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.errors import ConfigError

M = TypeVar("M", bound=BaseModel)


def read(file: Path) -> dict[str, Any]:
    """A TOML file; nothing when it is not there. Raises ConfigError."""
    try:
        return parsed(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=str(file)) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"is not UTF-8 (byte {error.start})", file=str(file)) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"is not TOML: {error}", file=str(file)) from error


@lru_cache(maxsize=1)
def parsed(text: str) -> dict[str, Any]:
    """TOML, not to be changed: one file is read for what is watched, for groups, for rules and for targets, and 10,000 sources take a
    fifth of a second. Clear it when all is read. Raises TOMLDecodeError."""
    return tomllib.loads(text)


def nearest(word: str, valid: Iterable[str]) -> str | None:
    """The valid word that was probably meant."""
    found = difflib.get_close_matches(word, list(valid), 1, 0.6)
    return found[0] if found else None


def keys(model: type[BaseModel], prefix: str = "") -> list[str]:
    """Every setting of a model, dotted."""
    found = []
    for name, field in model.model_fields.items():
        kind: Any = field.annotation
        is_table = isinstance(kind, type) and issubclass(kind, BaseModel)
        found += keys(kind, f"{prefix}{name}.") if is_table else [prefix + name]
    return found


def check(model: type[M], values: Mapping[str, Any], place: Callable[[str], tuple[str, str]]) -> M:
    """Values as a model. ``place``: a dotted key → file and key as its writer knows them. Raises ConfigError for the first problem."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        problems = error.errors(include_url=False)
    # a key that nobody knows comes first: it is often the misspelt one that is then missing
    problem = next((one for one in problems if one["type"] == "extra_forbidden"), problems[0])
    steps = [str(step) for step in problem["loc"]]
    key = ".".join(steps)
    file, written = place(key)
    match problem["type"]:
        case "extra_forbidden":
            meant = _meant(model, steps)
            raise ConfigError("there is no such setting", file=file, key=written, nearest=meant)
        case "missing":
            raise ConfigError("is missing", file=file, key=written)
        case "value_error":
            raise ConfigError(problem["msg"].removeprefix("Value error, "), file=file, key=written)
        case "literal_error":
            choices = problem["ctx"]["expected"]
            meant = nearest(str(problem["input"]), choices.replace("'", "").replace(" or ", ", ").split(", "))
            raise ConfigError(f"{problem['input']!r} is not one of {choices}", file=file, key=written, nearest=meant)
        case _:
            wanted = (problem["msg"][:1].lower() + problem["msg"][1:]).replace("a valid tuple", "a list")  # TOML has lists
            raise ConfigError(f"{problem['input']!r}: {wanted}", file=file, key=written)


def _meant(model: type[BaseModel], steps: list[str]) -> str | None:
    """A key of the same table, or one of that name in another table."""
    prefix = "".join(f"{step}." for step in steps[:-1])
    every = keys(model)
    here = {key.removeprefix(prefix).partition(".")[0] for key in every if key.startswith(prefix)}
    found = nearest(steps[-1], here)
    if found:
        return prefix + found
    return next((key for key in every if key.rpartition(".")[2] == steps[-1]), None)
