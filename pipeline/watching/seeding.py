"""``seed add``, ``list``, ``remove``: the stories that are watched for."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pipeline import engines, render, urls
from pipeline.app import open_pool
from pipeline.clock import SystemClock
from pipeline.config import Config, editing, packaged
from pipeline.config.checking import nearest
from pipeline.errors import ConfigError, InputError, ItemError
from pipeline.finding import definite
from pipeline.lines import dump
from pipeline.model import Article, Seed
from pipeline.seeds import load, name_for, parse, write
from pipeline.watching import own_place, telling

PASTED = (".txt", ".md", ".markdown")
SHORT = 3  # paragraphs; a story has more


def add(config: Config, what: str, name: str | None, *, named: bool, dry: bool, json: bool) -> int:
    """``seed add``: a page, a saved page or a pasted text becomes a story that is watched for. → 0.

    Raises InputError for what is no article and for a name that is taken; ItemError for a page that cannot be had now; ConfigError.
    """
    if name and not re.fullmatch(r"[^\W_][\w.-]*", name):
        raise InputError(f"{name!r} is no name: write letters, digits, - _ and . ")
    seed, doubts = _read(config, what, name)
    there = load(config.seeds)
    twin = next((one for one in there if one.text == seed.text), None)
    if twin is None and seed.name in {one.name for one in there}:
        raise InputError(f"{config.seeds / seed.name}: there is a seed of that name already; choose another --name")
    if not json:
        telling.seed(seed, doubts)
    told = telling.seed_line(seed, doubts)
    if twin or dry:
        if json:
            render.line(dump({"action": "already" if twin else "none", **told, "name": twin.name if twin else seed.name}))
        else:
            render.line(f'this text is watched for already, as "{twin.name}"; nothing was written' if twin else "nothing was written")
        return 0
    place = write(seed, _folder(config, named=named))
    if json:
        render.line(dump({"action": "added", **told, "folder": str(place)}))
        return 0
    render.line(f"written to {place}: look at seed.toml and article.txt, and mend what was read wrongly")
    render.line("The next `wirewatch ingest` compares it with what is stored on its subject, and from then on with whatever comes in")
    render.line(f"After that `wirewatch rematch --seed {seed.name}` looks through all that is stored, translations too")
    return 0


def listed(config: Config, told: Mapping[str, int] | None, *, json: bool) -> int:
    """``seed list``. ``told``: articles that relate to each, None without a database. → 0."""
    telling.seeds(load(config.seeds), told, json=json)
    return 0


def remove(config: Config, name: str, *, named: bool, json: bool) -> int:
    """``seed remove``: the folder is put aside under a name that is not read; what was found stays in the database. → 0.

    Raises ConfigError, InputError.
    """
    names = [seed.name for seed in load(config.seeds)]
    if name not in names:
        raise ConfigError("there is no seed of that name", file=str(config.seeds), key=name, nearest=nearest(name, names))
    if not editing.is_own(config.seeds.resolve(), named=named):
        raise InputError(
            f"{name} came with wirewatch and cannot be removed; make a configuration of your own, whose seeds/ is empty: wirewatch init"
        )
    aside = next(
        place for number in range(1, 10_000) if not (place := config.seeds / f".{name}{'' if number == 1 else f'-{number}'}").exists()
    )
    try:
        (config.seeds / name).rename(aside)
    except OSError as error:
        raise InputError(f"{config.seeds / name}: cannot be renamed ({error.strerror})") from error
    if json:
        render.line(dump({"action": "removed", "name": name, "kept": str(aside)}))
        return 0
    render.line(f'"{name}" is no longer watched for; its folder was put aside as {aside} (rename it back, or delete it)')
    render.line("What was found of it stays in the database; from the next `wirewatch ingest` on nothing is compared with it")
    return 0


# ── what was named ────────────────────────────────────────────────────────────────────────────────


def _folder(config: Config, *, named: bool) -> Path:
    """Where a seed may be written: the folder in use, or one in a configuration of the user's own."""
    folder = config.seeds.resolve()
    if folder == packaged("seeds") and not editing.is_own(folder, named=False):
        folder = own_place(config, named=named) / editing.SEEDS
        if not folder.exists():
            render.note(f"your own seeds are in {folder} from now on; the shipped ones are examples, and no longer followed")
    return folder


def _read(config: Config, what: str, name: str | None) -> tuple[Seed, list[str]]:
    """A seed, and what a person should look at. Raises InputError, ItemError."""
    path = Path(what).expanduser()
    if path.suffix.lower() in PASTED and not urls.is_http(what):
        try:
            seed = parse(path.read_text(encoding="utf-8-sig", errors="replace"), name=name)
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror})") from error
        except InputError as error:
            raise InputError(f"{path}: {error}") from None
        return seed, _doubts(seed, [])
    try:
        article = asyncio.run(_extracted(config, what))
    except ItemError as error:
        raise definite(error) from error
    seed = _of_article(article, name)
    partly = [f"the page gives only a part of its text ({article.completeness})"] if article.completeness != "full" else []
    return seed, _doubts(seed, partly)


async def _extracted(config: Config, what: str) -> Article:
    from pipeline.fetch import Fetcher, Policy

    clock = SystemClock()
    async with open_pool(config) as pool, Fetcher(Policy(**config.fetch.policy()), clock) as fetcher:
        return await engines.extract_named(pool, clock, fetcher.fetch, str(what))


def _of_article(article: Article, name: str | None) -> Seed:
    url = article.url if urls.is_http(article.url) else None
    seed = Seed(
        name=name or name_for(url, article.title),
        title=article.title,
        text=article.text,
        url=url,
        published=article.published,
        authors=article.authors,
        credit=article.credit,
        language=article.language,
    )
    if not seed.text.strip() or not seed.title.strip():
        raise InputError(f"{article.url or 'the page'}: no article: {'its title' if seed.text.strip() else 'its text'} was not found")
    return replace(seed, text="\n".join(line for line in seed.text.split("\n") if line.strip()))


def _doubts(seed: Seed, known: list[str]) -> list[str]:
    doubts = list(known)
    if seed.published is None:
        doubts.append('no date was found: add published = "2024-05-02" to seed.toml')
    if not seed.authors and not seed.credit:
        doubts.append("no author and no agency were found")
    if seed.url is None:
        doubts.append('no address was found: add url = "https://…" to seed.toml, so that `story` can name where it comes from')
    if seed.text.count("\n") + 1 < SHORT:
        doubts.append("the text is short: is it the whole story?")
    doubts.append("do the first and the last words belong to the story?")
    return doubts
