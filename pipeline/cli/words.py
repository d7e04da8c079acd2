"""What the commands share: the words before a command, options of one meaning, the database they read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.completing import relations
from pipeline.errors import InputError

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.model import Relation
    from pipeline.store import Store
    from pipeline.store.read import Filters


@dataclass(slots=True)
class Words:
    """What stood before the command."""

    directory: Path | None = None
    db: str | None = None

    def config(self, **more: Any) -> Config:
        """Settings: options over environment over file over defaults. Raises ConfigError."""
        from pipeline.config import load

        overrides: dict[str, Any] = {"database": {"url": self.db}} if self.db else {}
        return load(self.directory, overrides={**overrides, **more})


WORDS = Words()
Json = Annotated[bool, typer.Option("--json", help="Print JSON lines.")]
OutletOption = Annotated[str | None, typer.Option("--outlet", help="Only this outlet: its domain, its name, or the name of a group.")]
SinceOption = Annotated[str | None, typer.Option("--since", help='From then on: "2023-07-12", an ISO instant, or an age such as "7d".')]
UntilOption = Annotated[str | None, typer.Option("--until", help="Until then, in the same forms.")]
RelationOption = Annotated[
    str | None,
    typer.Option(
        "--relation",
        help="Only with this relation to a seed: identical, copy, revision, excerpt, derived, related.",
        autocompletion=relations,
    ),
]
LanguageOption = Annotated[str | None, typer.Option("--language", help='Only in this language ("en").')]
LimitOption = Annotated[int, typer.Option("--limit", min=1, help="At most so many.")]


@contextmanager
def opened() -> Iterator[Store]:
    with maybe_opened(missing=False) as store:
        assert store is not None
        yield store


@contextmanager
def maybe_opened(*, missing: bool) -> Iterator[Store | None]:
    """``missing``: a database that is not there yet is None, not an error."""
    from pipeline import render
    from pipeline.store import Store
    from pipeline.store.engine import exists, shown

    url = WORDS.config().database.url
    render.note(f"database: {shown(url)}")
    if missing and not exists(url):
        yield None
        return
    store = Store.open(url, create=False, write=False)
    try:
        yield store
    finally:
        store.close()


def filters(
    store: Store, outlet: str | None, since: str | None, until: str | None, relation: str | None, language: str | None, limit: int
) -> Filters:
    """What narrows a list. An outlet that is not there is noted, with the nearest; the list is then empty."""
    from pipeline import render
    from pipeline.store import read

    outlets = None
    if outlet is not None:
        groups = WORDS.config().groups
        outlets = read.outlets_called(store, outlet, groups)
        if outlets == {outlet} and (meant := read.nearest_outlet(store, outlet, groups)):
            render.note(f"{outlet}: no such outlet or group is stored; did you mean {meant!r}?")
    kind = a_relation(relation, "--relation") if relation is not None else None
    return read.Filters(outlets=outlets, since=moment(since), until=moment(until), relation=kind, language=language, limit=limit)


def checked(since: str | None, until: str | None, relation: str | None) -> None:
    """Words are looked at before the database is: a wrong one is said whether there is a database or not."""
    moment(since)
    moment(until)
    if relation is not None:
        a_relation(relation, "--relation")


def one_of(word: str, valid: Iterable[str], hint: str) -> str:
    """A word that must be one of these. Raises BadParameter with the nearest and all of them."""
    from difflib import get_close_matches

    words = [str(one) for one in valid]
    if word in words:
        return word
    meant = get_close_matches(word, words, 1, 0.5)
    said = f"; did you mean {meant[0]!r}?" if meant else ""
    raise typer.BadParameter(f"{word!r} is none of {', '.join(words)}{said}", param_hint=hint)


def a_relation(word: str, hint: str) -> Relation:
    """A relation by its name. Raises BadParameter."""
    from pipeline.model import Relation

    return Relation(one_of(word, Relation, hint))


def moment(text: str | None) -> Any:
    if text is None:
        return None
    from pipeline.clock import SystemClock
    from pipeline.config import duration
    from pipeline.model import Instant

    try:
        return Instant.parse(text).at
    except ValueError:
        pass
    try:
        return SystemClock().now() - duration(text)
    except ValueError:
        raise typer.BadParameter(f'{text!r} is no date: write "2023-07-12", "2023-07-12T10:00:00+02:00" or an age such as "7d"') from None


def write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from error
