"""Pages without a sentence of their own: a script would fill them."""

from __future__ import annotations

import re

from pipeline.extract.page import Page
from pipeline.extract.shapes import Shape, weight

SCRAP = 25  # letters that are no text yet
SCRIPTED = re.compile(r"java ?script|джаваскрипт|जावास्क्रिप्ट", re.IGNORECASE)


def shell(page: Page, shape: Shape, text: str, *, declared: bool) -> tuple[str, str] | None:
    """The kind and why: there is no sentence on the page that is its own; what an extractor found is a menu, or other stories below what
    is declared an article."""
    if shape.prose("waiting", "form") > (3 * SCRAP if "waiting" in shape.zones else SCRAP) or (shape.cards > 3 and not declared):
        return None
    plain = (said for said in shape.lines if said.part == "p" and not (said.card or said.zones or said.leads_away))
    if shape.cards > 3 and any(said.size > SCRAP for said in plain):
        return None
    silent = " ".join(shape.silent.split())
    if shape.own("\n".join(said for said in text.split("\n") if said not in silent)):
        return None
    if "waiting" in shape.zones or SCRIPTED.search(shape.silent) or page.scripts:
        return "empty-shell", f"{page.scripts} scripts and no sentence of its own"
    return None if text else ("empty", "no sentence of its own")


def only_about_scripts(text: str) -> bool:
    """Whether a body only asks to turn scripts on, in any language: they all call them so."""
    return weight(text) < 300 and len(text.split("\n")) <= 3 and SCRIPTED.search(text) is not None
