"""The configuration: settings, seeds, and whether the first source can be reached."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from pipeline import render, urls
from pipeline.clock import Clock
from pipeline.config.checking import nearest
from pipeline.doctor.check import SKEW, Check
from pipeline.errors import AddressRefused, ConfigError, InputError, ItemError, TimedOut, Unreachable
from pipeline.model import Request

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.fetch import Fetcher

SHORT_SEED: Final = 60  # words; less than that is hardly a story


def settings(config: Config) -> Iterator[Check]:
    """Settings that can be used but perhaps should not be."""
    from pipeline.config import packaged

    fetch = config.fetch
    yield Check(name="configuration", state="ok", said=str(config.where))
    if not fetch.contact and not fetch.user_agent:
        mend = f'write [fetch] contact = "you@example.org" into {config.where / "wirewatch.toml"}'
        if config.where == packaged("config") != Path("config").resolve():
            mend = "wirewatch init writes a configuration of your own; give [fetch] contact there"
        yield Check(name="contact", state="note", said="no site that you ask knows whom to write to, so it can only block you", mend=mend)
    private = bool(fetch.allow_private or fetch.resolve)
    if not fetch.delay:
        mend = 'write [fetch] delay = "2s"; nothing is right only for machines of your own'
        yield Check(name="delay", state="note" if private else "wrong", said="hosts are asked without a pause", mend=mend)
    wide = [text for text in fetch.allow_private if ip_network(text, strict=False).prefixlen == 0]
    if wide:
        mend = "name your own networks only, such as 10.1.0.0/16"
        yield Check(name="allow_private", state="wrong", said=f"{', '.join(wide)}: a page can lead anywhere in your network", mend=mend)
    elif fetch.allow_private:
        yield Check(name="allow_private", state="note", said=f"may be asked though not public: {', '.join(fetch.allow_private)}")
    if fetch.resolve:
        yield Check(name="resolve", state="note", said=f"hosts that are not looked up: {', '.join(fetch.resolve)}")
    if not config.sources:
        mend = "wirewatch source add URL, or write a [[source]] into sources.toml"
        yield Check(name="sources", state="note", said="nothing is watched", mend=mend)


def seeds(config: Config) -> Iterator[Check]:
    """Seeds that cannot be read, or look odd."""
    from pipeline.seeds import load
    from pipeline.text import tokens

    try:
        planted = load(config.seeds)
    except (ConfigError, InputError) as error:
        yield Check(name="seeds", state="wrong", said=str(error), mend="mend or remove this seed", code=2)
        return
    if not planted:
        mend = "wirewatch seed add URL; without a seed articles are compared with each other only"
        yield Check(name="seeds", state="note", said=f"none in {config.seeds}", mend=mend)
        return
    yield Check(
        name="seeds", state="ok", said=f"{render.counted(len(planted), 'seed')} in {config.seeds}: {', '.join(s.name for s in planted)}"
    )
    for seed in planted:
        words = len(tokens(seed.text).forms)
        if words < SHORT_SEED:
            mend = f"does {config.seeds / seed.name / 'article.txt'} hold the whole text?"
            yield Check(name="seeds", state="note", said=f"{seed.name} has {words} words only", mend=mend)
        elif "\n" not in seed.text:
            mend = f"{config.seeds / seed.name / 'article.txt'}: write a paragraph a line"
            yield Check(name="seeds", state="note", said=f"{seed.name} is one single paragraph", mend=mend)


def alerts(config: Config) -> Iterator[Check]:
    """Whether what people want to be told can be told."""
    from pipeline.notify import services
    from pipeline.seeds import load

    told = {name for rule in config.rules for name in rule.to}
    for target in config.targets.values():
        about = f"alerts for {target.name}"
        if target.missing:
            mend = f"set {target.missing[0]} where wirewatch runs (systemd: EnvironmentFile=; cron: above the line)"
            said = f"{about} need what is not in the environment: {', '.join(target.missing)}"
            yield Check(name="alerts", state="wrong" if target.name in told else "note", said=said, mend=mend)
        if target.kind == "apprise" and not services.available():
            yield Check(name="alerts", state="wrong", said=f"{about} need Apprise, which is not installed", mend=services.EXTRA)
        if target.kind == "command" and shutil.which(target.command[0]) is None:
            mend = "write its whole path, and see that it may be run"
            yield Check(name="alerts", state="wrong", said=f"{about} need {target.command[0]}, which cannot be found", mend=mend)
    try:
        seeds = {seed.name for seed in load(config.seeds)}
    except (ConfigError, InputError):
        return  # is told by ``seeds``
    sources = {source.name for source in config.sources}
    for rule in config.rules:
        for kind, names, there in (("seed", rule.seeds, seeds | {"*"}), ("source", rule.sources, sources)):
            for name in names:
                if name not in there:
                    meant = nearest(name, there)
                    mend = f"did you mean {meant!r}?" if meant else f"take it out, or wirewatch {kind} add"
                    yield Check(name="alerts", state="wrong", said=f"[[watch]] {rule.name}: there is no {kind} called {name!r}", mend=mend)
    if config.rules:
        said = f"{render.counted(len(config.rules), 'rule')}, told to {', '.join(sorted(told))}"
        yield Check(name="alerts", state="ok", said=said, mend="")


async def online(config: Config, clock: Clock) -> list[Check]:
    """One robots.txt of the first source that is an address."""
    from pipeline.fetch import Fetcher, Policy

    source = next((one for one in config.sources if urls.is_http(one.url)), None)
    if source is None:
        return [Check(name="online", state="note", said="no source is an address, so nothing was asked")]
    parts = urlsplit(source.url)
    async with Fetcher(Policy(**config.fetch.policy(), robots=False), clock) as fetcher:
        return await _asked(fetcher, f"{parts.scheme}://{parts.netloc}/robots.txt", clock)


async def _asked(fetcher: Fetcher, url: str, clock: Clock) -> list[Check]:
    try:
        response = await fetcher.fetch(Request(url=url))
    except (Unreachable, TimedOut, AddressRefused) as error:
        mend = "is this machine online? Is a [fetch] proxy needed?"
        return [Check(name="online", state="wrong", said=str(error), mend=mend)]
    except ItemError:
        return [Check(name="online", state="ok", said=f"{url} was reached")]
    found = [Check(name="online", state="ok", said=f"{url} was reached")]
    try:
        apart = clock.now() - parsedate_to_datetime(response.header("date") or "")
    except (TypeError, ValueError):
        return found
    if abs(apart) > SKEW:
        said = f"this machine's clock is {abs(apart).total_seconds() / 60:.0f} minutes from that of {urlsplit(url).hostname}"
        found.append(Check(name="clock", state="wrong", said=said, mend="set the clock of this machine"))
    return found
