"""Pages that are there to sign in, or to open an account: by their fields, and by what nearly all of them speaks of."""

from __future__ import annotations

import re

from pipeline.extract import declared, stems
from pipeline.extract.gates import unquoted
from pipeline.extract.page import Page
from pipeline.extract.shapes import Shape

PASSWORD = 60  # letters of a line beside a field; a longer one reports
SIGN_IN = 300  # letters of prose beside a form
EXPLAINED = 600  # letters beside a form to sign in with, of what an account is good for
LONG = 14  # words of a title; one with as many is a headline
_LOGIN_PATH = re.compile(
    r"/(?:log-?in|sign-?in|signin|sso|auth|account/(?:login|sign)|passport|connexion|identification|anmelden"
    r"|anmeldung|acceso|iniciar-?sesion|accedi|entrar"
    r"|inloggen|zaloguj|logowanie|logga-?in|prihlas\w*|bejelentkezes|belepes|giris|uye-?giris|vhod|kirjaudu)(?:[/.?]|$)",
    re.IGNORECASE,
)


def sign_in(page: Page, shape: Shape, text: str) -> str | None:
    """Why a page is there to sign in, or None."""
    by_path = _LOGIN_PATH.search(page.url) is not None
    if not (shape.password or shape.asked) and not by_path:
        return None
    if plainly := _plainly(page, shape, by_path=by_path):
        return plainly
    if _own(shape, text) > SIGN_IN:
        return None
    beside = 0
    for said in shape.lines:
        if said.is_prose and not said.card and not said.zones & {"form", "login"}:
            beside += 0 if _about_signing_in(said.text) else said.size
    buttons = shape.buttons if beside < PASSWORD else []  # beside a text, a button to sign in stands on any page
    heads = "\n".join(
        [page.head_title, *page.headings[:2], *buttons, *(said.text for said in shape.lines if said.part in ("h1", "h2", "h3"))]
    )
    worded = stems.of(unquoted(heads).lower()) & {"login", "register", "password"}
    whole = stems.of(shape.said().lower())
    enough = beside < SIGN_IN / 2 or (beside < SIGN_IN and not shape.dated)
    if not enough or "comment" in stems.of(unquoted(heads).lower()):
        return None
    if by_path and (shape.password or shape.asked or worded):
        return "its address and its form are for signing in"
    if shape.password and (worded or "login" in shape.zones or beside < PASSWORD):
        return "a form asks for a password, and there is hardly a text beside it"
    if shape.asked and worded & {"login", "register"} and (shape.zones & {"login", "lock"} or whole & {"password", "read_on"}):
        return "a form to sign in with, and hardly a text beside it"
    return None


def _plainly(page: Page, shape: Shape, *, by_path: bool) -> str | None:
    """Why a page that tells at length what an account is good for is there to sign in, or None: its fields, and two of its address, its
    title, its headline and its marks say so; and it is no story."""
    if not (shape.password or shape.asked) or shape.dated or page.meta("author", "article:published_time") or page.articles:
        return None
    if sum(said.size for said in shape.lines if said.is_prose and not said.card and not _about_an_account(said.text)) > EXPLAINED:
        return None
    heads = [unquoted(page.head_title), *(said.text for said in shape.lines if said.part in ("h1", "h2"))]
    told = [
        by_path,
        by_path and shape.password,
        any(_calls_to_sign_in(said) for said in heads[:1]),
        any(_calls_to_sign_in(said) for said in heads[1:]),
    ]
    if shape.password and sum(told) < 2:
        told += ["login" in declared.sorts(page), "login" in shape.zones, any(_calls_to_sign_in(said) for said in shape.buttons)]
    return "its fields are for signing in, and so it is called" if sum(told) > 1 else None


def _calls_to_sign_in(said: str) -> bool:
    return len(said.split()) < LONG and bool(stems.of(said.lower()) & {"login", "register", "password"})


def _about_an_account(said: str) -> bool:
    return bool(stems.of(said.lower()) & {"login", "register", "password", "subscribe"})


def _own(shape: Shape, text: str) -> int:
    """Letters of a body that are not about signing in."""
    return shape.own("\n".join(said for said in text.split("\n") if not _about_signing_in(said)))


def _about_signing_in(said: str) -> bool:
    notions = stems.of(said.lower())
    return bool(notions & {"login", "register"}) or ("password" in notions and len(said) < PASSWORD)
