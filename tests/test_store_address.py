"""Addresses of databases: what they lead to, and that their passwords are never shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import StoreError
from pipeline.store import Store, address

SECRETS = ["hush", "hu:sh", "hu@sh", "hu/sh", "h?u#s h", "a@b/c?d=e@f", "%40"]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "url", ["postgresql://ann:{}@127.0.0.1:1/news", "postgresql://ann@127.0.0.1:1/news?password={}", "mysql://ann:{}@h/n"]
)
def test_a_password_is_never_shown(secret: str, url: str) -> None:
    hidden = address.shown(url.format(secret))
    assert "ann" in hidden
    assert secret.replace("@", "") not in hidden.replace("@", "")
    for opening in ({"write": True}, {"write": False}):
        with pytest.raises(StoreError) as caught:
            Store.open(url.format(secret), **opening)
        assert secret not in str(caught.value)
        assert not any(len(part) > 3 and part in str(caught.value) for part in secret.split("@"))


@given(password=st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1).filter(lambda text: "*" not in text))
def test_whatever_a_password_is_made_of_it_is_not_shown(password: str) -> None:
    assert address.shown(f"postgresql://ann:{password}@host/news") == "postgresql://ann:***@host/news"
    assert address.bare(f"postgresql+psycopg://ann:{password}@host/news") == "postgresql://ann@host/news"
