"""Stories of our own, and what papers do to them on the way: each function takes a story and gives back the story as printed elsewhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from pipeline.model import Article, Completeness, Instant

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story as somebody prints it. ``hours``: after its first publication."""

    name: str
    title: str
    lines: tuple[str, ...]
    language: str
    credit: str | None
    published: str
    outlet: str
    path: str = "/story"
    hours: int = 0
    completeness: Completeness = "full"

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def but(self, **changes: object) -> Story:
        return replace(self, **changes)  # type: ignore[arg-type]  # names and types are those of the fields

    def mapped(self, change: Callable[[str], str]) -> Story:
        """The same change made to every paragraph."""
        return self.but(lines=tuple(change(line) for line in self.lines))

    def article(self) -> Article:
        first = Instant.parse(f"{self.published}T06:00:00+00:00")
        return Article(
            url=f"https://{self.outlet}{self.path}/{self.name}",
            title=self.title,
            text=self.text,
            language=self.language,
            credit=self.credit,
            outlet=self.outlet,
            published=Instant.of(first.at + timedelta(hours=self.hours)),
            completeness=self.completeness,
        )


def load(name: str) -> Story:
    head, _, body = (HERE / f"{name}.txt").read_text(encoding="utf-8").partition("\n\n")
    said = dict(line.split(": ", 1) for line in head.splitlines())
    credit = said.get("credit")
    home = {"KAP": "kap.example", "NWA": "nwa.example"}.get(credit or "", "agency.example")
    return Story(
        name=name,
        title=said["title"],
        lines=tuple(body.strip().splitlines()),
        language=said["language"],
        credit=credit,
        published=said["published"],
        outlet=home,
    )


def printed(story: Story) -> Story:
    """As a paper has it two hours later."""
    return story.but(outlet="daily-lantern.example", hours=2)


# ── what changes no word ──────────────────────────────────────────────────────────────────────────


def curly(story: Story) -> Story:
    """Typewriter quotes become pairs, apostrophes turn."""
    return story.mapped(lambda line: re.sub(r'"([^"]*)"', "“\\1”", line).replace("'", "’"))


def straight(story: Story) -> Story:
    table = str.maketrans({"«": '"', "»": '"', "“": '"', "”": '"', "’": "'", "‘": "'", "„": '"'})
    return story.mapped(lambda line: line.translate(table))


def dashes(story: Story) -> Story:
    return story.mapped(lambda line: line.replace("—", "--").replace("–", "-").replace(" - ", " – "))


def ligatures(story: Story) -> Story:
    return story.mapped(lambda line: line.replace("ffi", "\ufb03").replace("fi", "\ufb01").replace("fl", "\ufb02"))


def _misread(text: str, codec: str) -> str:
    """UTF-8 read in another encoding as a browser does: bytes without a character there become control characters."""
    return "".join(bytes([byte]).decode(codec, "replace").replace("\ufffd", chr(byte)) for byte in text.encode())


def mojibake(story: Story) -> Story:
    return story.mapped(lambda line: _misread(line, "cp1252"))


def mojibake_twice(story: Story) -> Story:
    return mojibake(mojibake(story))


def mojibake_cyrillic(story: Story) -> Story:
    return story.mapped(lambda line: _misread(line, "cp1251"))


def mojibake_half(story: Story) -> Story:
    """Every other paragraph was pasted from a system that read it wrong."""
    return story.but(lines=tuple(_misread(line, "cp1252") if at % 2 else line for at, line in enumerate(story.lines)))


def mojibake_quotes(story: Story) -> Story:
    """Only the quotes of a word processor came out wrong."""
    return curly(story).mapped(lambda line: re.sub("[“”’—]", lambda one: _misread(one.group(), "cp1252"), line))


def entities(story: Story) -> Story:
    return curly(story).mapped(lambda line: line.replace("“", "&#8220;").replace("”", "&#8221;").replace("’", "&#8217;"))


def decomposed(story: Story) -> Story:
    return story.mapped(lambda line: unicodedata.normalize("NFD", line))


def full_width(story: Story) -> Story:
    return story.mapped(lambda line: re.sub("[0-9]", lambda digit: chr(ord(digit.group()) + 0xFEE0), line))


def soft_hyphens(story: Story) -> Story:
    return story.mapped(lambda line: re.sub(r"(\w{4})(\w{4})", "\\1\u00ad\\2", line))


def zero_width(story: Story) -> Story:
    """A marker inside words, and a byte order mark in front."""
    return story.mapped(lambda line: "\ufeff" + re.sub(r"(\w{3})(\w{3})", "\\1\u200b\\2", line))


def hard_spaces(story: Story) -> Story:
    return story.mapped(lambda line: re.sub(r"(\d) | (\d)", lambda m: m.group().replace(" ", "\u00a0"), line).replace(". ", ".\u2009 "))


def capital_place(story: Story) -> Story:
    """The dateline in capitals, where it was not."""
    place = re.match(r"[^(—–-]+", story.lines[0])
    return story.but(lines=(place.group().upper() + story.lines[0][place.end() :], *story.lines[1:])) if place else story


def joined(story: Story) -> Story:
    """Two paragraphs to one."""
    return story.but(lines=tuple(" ".join(story.lines[at : at + 2]) for at in range(0, len(story.lines), 2)))


def split(story: Story) -> Story:
    """One sentence a paragraph."""
    return story.but(lines=tuple(part for line in story.lines for part in re.split(r"(?<=[a-zа-я]\.) ", line)))


# ── what changes little ───────────────────────────────────────────────────────────────────────────

US = {
    "kilometres": "kilometers", "metres": "meters", "harbour": "harbor", "travelling": "traveling", "epicentre": "epicenter",
    "criticised": "criticized", "authorised": "authorized", "favour": "favor", "percent": "per cent", "centre": "center",
    "towards": "toward", "Lindqvale": "Lindkvale", "Mirrow": "Mirrov", "Doss": "Dos", "Castellan": "Kastellan",
}  # fmt: skip


def spelled(story: Story) -> Story:
    """The other side's spelling, and another romanisation of a name."""
    return story.mapped(lambda line: re.sub("|".join(US), lambda word: US[word.group()], line))


def respelled(story: Story, **words: str) -> Story:
    return story.mapped(lambda line: re.sub("|".join(words), lambda word: words[word.group()], line))


def reordered(story: Story) -> Story:
    """The second half of what follows the lead goes before the first."""
    middle = len(story.lines) // 2
    return story.but(lines=(story.lines[0], *story.lines[middle:], *story.lines[1:middle]))


def shuffled(story: Story) -> Story:
    return story.but(lines=(*story.lines[:2], *reversed(story.lines[2:])))


def with_lines(story: Story, *lines: str, at: int) -> Story:
    """More lines before paragraph ``at``; behind the last for -1."""
    at = len(story.lines) if at < 0 else at
    return story.but(lines=(*story.lines[:at], *lines, *story.lines[at:]))


def sprinkled(story: Story, *lines: str) -> Story:
    """A line behind every second paragraph."""
    woven = []
    for at, line in enumerate(story.lines):
        woven += [line, lines[at // 2 % len(lines)]] if at % 2 else [line]
    return story.but(lines=tuple(woven))


def replaced(story: Story, *pairs: tuple[str, str]) -> Story:
    """Words replaced; a word that does not stand there is a fault of the test."""
    text = story.text
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return story.but(lines=tuple(text.split("\n")))


# ── parts ─────────────────────────────────────────────────────────────────────────────────────────


def first(story: Story, count: int) -> Story:
    return story.but(lines=story.lines[:count])


def share(story: Story, part: float) -> Story:
    return first(story, round(len(story.lines) * part))


def middle(story: Story) -> Story:
    return story.but(lines=story.lines[2:6])


def stub(story: Story, appeal: str, *, completeness: Completeness = "full") -> Story:
    """What a paywall shows: about sixty words, cut in the middle of one sentence, and the appeal."""
    shown = 100 if story.language in {"zh", "ja"} else 280 if story.language == "th" else 0
    text = story.text.replace("\n", " ")
    cut = text[:shown] if shown else " ".join(text.split()[:60])
    return story.but(lines=(cut + " …", appeal), completeness=completeness)


def inside(story: Story, host: Story, paragraphs: slice = slice(1, 4)) -> Story:
    """Three paragraphs of the story in the middle of another."""
    return with_lines(host, *story.lines[paragraphs], at=4).but(outlet=story.outlet, hours=story.hours)
