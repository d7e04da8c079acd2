"""A source called otherwise keeps what the store knows of it; a seed's name counts its articles."""

from __future__ import annotations

from pathlib import Path

import pytest
from storing import NOW, fresh

from pipeline.errors import InputError
from pipeline.model import Candidate, Source, SourceState, Validators
from pipeline.store import Store

URL = "https://harbor.example/story-1"


def source(name: str) -> Source:
    return Source(name=name, kind="feed", url=f"https://{name}.example/rss")


def test_a_renamed_source_keeps_state_offers_and_what_waits(tmp_path: Path) -> None:
    store = Store.open(fresh(tmp_path))
    candidate = Candidate(url=URL, source="harbor", seen_at=NOW)
    state = SourceState(due_at=NOW, validators=Validators(etag='"1"'), last_ok=NOW)
    store.watch([source("harbor"), source("other")], NOW)
    store.record_poll("harbor", state, [(candidate, ("k",))], NOW)
    assert store.rename_source("harbor", "pier")
    assert store.state("pier") == state
    assert [pending.candidate.source for pending in store.pending(None, limit=9)] == ["pier"]
    store.watch([source("pier"), source("other")], NOW)
    assert store.record_poll("pier", state, [(candidate, ("k",))], NOW).new == 0
    assert store.state("harbor") == SourceState()
    store.close()


def test_a_name_in_use_is_refused_and_an_unknown_one_is_no_trouble(tmp_path: Path) -> None:
    store = Store.open(fresh(tmp_path))
    store.watch([source("harbor"), source("other")], NOW)
    with pytest.raises(InputError, match="other"):
        store.rename_source("harbor", "other")
    assert not store.rename_source("nobody", "somebody")
    assert set(store.due(NOW)) == {"harbor", "other"}
    assert store.told_of() == {}
    store.close()
