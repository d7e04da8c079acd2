"""News in other languages, written here: a file a language (``texts/<language>.txt``)."""

from __future__ import annotations

from pathlib import Path

from pipeline.press.seeds import Text

_TEXTS = Path(__file__).resolve().parent / "texts" / "abroad"


def stories(language: str) -> list[Text]:
    """Every story of that language, in order. "@ section | author | place | tag; tag" opens one, "=" is its title, the rest paragraphs."""
    found: list[tuple[str, list[str]]] = []
    for line in (_TEXTS / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("@ "):
            found.append((line[2:], []))
        elif line and not line.startswith("#"):
            found[-1][1].append(line)
    return [_text(head, lines) for head, lines in found]


def _text(head: str, lines: list[str]) -> Text:
    section, author, place, tags = head.split(" | ")
    return Text(
        title=lines[0].removeprefix("= "),
        paragraphs=tuple(lines[1:]),
        authors=(author,),
        section=section,
        tags=tuple(tags.split("; ")),
        place=place,
    )
