"""A source that is gone is searched for anew, from the home page of its site, once a day at most."""

from __future__ import annotations

import logging
from dataclasses import replace

from pipeline import finding, moves, urls
from pipeline.app import App
from pipeline.errors import InputError, ItemError
from pipeline.model import Source

log = logging.getLogger("wirewatch.anew")


async def search(app: App, source: Source) -> None:
    """What is found is asked in its place from the next poll on, and kept with its memory; another outlet's is only noted."""
    net = finding.Net(app.fetcher.fetch, app.pool, app.clock, app.config.discover.backfill)
    url = None
    try:
        choice = await finding.choose(net, replace(source, url=urls.join(source.url, "/")))
        if choice.best.find.kind == source.kind and choice.best.usable:
            url = choice.best.find.url
    except (InputError, ItemError) as error:
        log.info("%s is gone, and nothing was found in its place: %s", source.name, error)
    now = app.clock.now()
    state = await app.flow.reading(app.store.state, source.name)
    kept = moves.found(source, state, url, now)
    await app.flow.writing(app.store.record_poll, source.name, state, (), now, learn=lambda _, __: kept)
    if kept.moved_to:
        log.info("%s is gone, and asked at %s from now on", source.name, kept.moved_to)
