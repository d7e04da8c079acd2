"""Who signs a text in the text itself, where neither the head nor a byline names a person: the line under the last paragraph, names in
brackets behind the last sentence, a line before the first paragraphs that says "by"."""

from __future__ import annotations

import re
from collections.abc import Collection

from pipeline.extract import names, titles, wording

_ENDS = 3  # lines at either end that are looked at
_LONG = 90  # characters of a line that may be a signature
_PROSE = 60  # characters from which a line that ends as sentences do is prose
_SENTENCE = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_QUOTED = re.compile(r"^[\"“„«'‘].*[\"”“»'’]\.?$")  # whoever stands under a quotation said it
_OPENING = {"”": "“„", "“": "„", "»": "«", "«": "»"}
_BRACKETS = re.compile(r"[.!?…。！？][\"'”’»]?\s*[(（\[]([^()（）\[\]\n]{5,70})[)）\]]\.?$")
_NOT_IN_NAMES = re.compile(r"[:：×@#\d]|^[A-Z]{2,}\b|\b[A-Z]{4,}$")
_DASHES = " -–—*_•|/"


def of(text: str, site: set[str], headings: Collection[str] = ()) -> tuple[str, ...]:
    """The people who sign a text, or (). ``site``: folded names of the outlet; ``headings``: lines that are subheads on the page, or
    stand in a quotation."""
    lines = [said for said in text.split("\n") if said.strip()]
    if len(lines) < 3:
        return ()
    for said in (*lines[:_ENDS], *lines[: -_ENDS - 1 : -1]):
        if len(said) <= _LONG and (people := _people(said, site, opened=True)):
            return people
    for back in range(1, _ENDS):
        said, over = lines[-back], lines[-back - 1]
        under = lines[len(lines) - back + 1 :]
        before = "\n".join(lines[: len(lines) - back])
        if (
            len(said) <= _LONG
            and said not in headings
            and (len(over) < 4 or (len(over) >= _PROSE and _SENTENCE.search(over) and not _is_quoted(over)))
            and (people := _people(said.strip(_DASHES), site))
            and _is_new(people, before)
            and all(_is_about(line, people) for line in under)
        ):
            return people
    if (found := _BRACKETS.search(lines[-1])) and not _is_quoted(lines[-1][: found.start(1)].rstrip(" (（[")):
        people = _people(found[1], site)
        return people if people and _is_new(people, "\n".join((*lines[:-1], lines[-1][: found.start()]))) else ()
    return ()


def _people(said: str, site: set[str], *, opened: bool = False) -> tuple[str, ...]:
    """The people that a line names and nothing else. ``opened``: only if it says that they wrote it."""
    if opened and not (names.is_byline(said) or wording.opens(said.strip(" ()[]"))):
        return ()
    found = names.people([said.strip(" ()[]")], site)
    return found if found and all(_is_name(name) for name in found) else ()


def _is_quoted(said: str) -> bool:
    """Whether a line is a quotation, or the end of one that began in a line above."""
    if _QUOTED.match(said):
        return True
    said = said.rstrip(".")
    closing = said[-1:]
    if closing == '"':
        return said.count('"') % 2 == 1
    return closing in _OPENING and not any(mark in said for mark in _OPENING[closing])


def _is_name(name: str) -> bool:
    return names.is_person(name) and not names.NO_PERSON.search(name) and not _NOT_IN_NAMES.search(name)


def _is_new(people: tuple[str, ...], before: str) -> bool:
    """Whether nobody of them was spoken of, and no word of theirs is one of the text's language: "Related Stories" is no name."""
    small = set(re.findall(r"\w+", before))
    said = {word.lower() for name in people for word in re.findall(r"\w{2,}", name)} - names.PARTICLE
    return not any(name in before for name in people) and not said & small


def _is_about(line: str, people: tuple[str, ...]) -> bool:
    """A line under a signature that says who signed: it names them, or what they are."""
    words = titles.fold(line).split()
    is_role = len(line) <= _LONG and not _SENTENCE.search(line) and names.JOB.search(line) is not None
    return is_role or any(titles.fold(name).split()[-1] in words for name in people)
