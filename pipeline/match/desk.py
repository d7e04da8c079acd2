"""Whose text it is: the agency that signs it, whether two texts come from one desk, whether a text is a running file.

Two states of a story come from one desk; what another desk makes of a story is a story of its own. A signature stands where readers
find it: in the credit or the dateline, on a short line at the head or the foot, in the copyright line. A name in running text, a photo
credit or a line of thanks ("The Agency contributed to this report", under somebody else's story) signs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from pipeline.match.voice import captions
from pipeline.model import Article

_NAMES = (
    r"AFP|Agence France[- ]Presse|AP|Associated Press|ASSOCIATED PRESS|Reuters|REUTERS|Рейтер|Bloomberg"
    r"|DPA|dpa|UPI|PA Media|Press Association"
    r"|Xinhua|新华社|新華社|TASS|ТАСС|Interfax|Интерфакс|RIA|РИА Новости|EFE|ANSA|Kyodo|共同通信|時事通信|Yonhap|연합뉴스"
    r"|Anadolu|APA|Belga|PAP|PTI|AAP|Canadian Press"
)
_ONE_NAME = {
    "Associated Press": "AP", "ASSOCIATED PRESS": "AP", "Agence France-Presse": "AFP", "Agence France Presse": "AFP", "REUTERS": "Reuters",
    "Рейтер": "Reuters", "dpa": "DPA", "新华社": "Xinhua", "新華社": "Xinhua",
    "ТАСС": "TASS", "Интерфакс": "Interfax", "РИА Новости": "RIA",
    "Press Association": "PA Media", "共同通信": "Kyodo", "연합뉴스": "Yonhap",
}  # fmt: skip
_NAME = re.compile(rf"({_NAMES})(?![^\W_])")
_WITHIN = re.compile(r"[^\W_]")  # before a name: it is part of a word
_DATELINE = re.compile(rf"[^\n]{{0,60}}?\(({_NAMES}|[A-Z]{{2,6}})\)\s?(?:[-–—:]|(?=\S))")  # an agency nobody has listed: capitals
_FOOT = re.compile(
    rf"(?:©|\(c\)|[Cc]opyright)[\s\d©,]{{0,12}}(?:by )?(?:[Tt]he )?({_NAMES})(?![^\W_])"
    rf"|(?<![^\W_])({_NAMES}) (?:[a-z]+ )?(?:writers?|reporters?|journalists?|correspondents?)\b"
)
_ALONE = re.compile(rf"(?:[Bb]y )?(?:[Tt]he )?({_NAMES})\s?[|,•·–—-]")  # with a date behind it; a photo credit puts other words there
_SENTENCE = re.compile(r"(?:\S+ ){4,}\w{3,}\.$")  # a line of thanks
_SIGNS = 90  # characters up to which a line can be a signature; what is longer is prose
_FEET = 6  # lines at the end that may hold one
_CLOCKED = 34  # characters up to which a line may hold nothing but the time of day
_CLOCK = re.compile(r"\W{0,3}(?:\d{1,2}\s?[:.h]\s?\d{2}|\d{1,2}(?=\s?[ap]\.?\s?m))(?!\d)[^\n]{0,24}")


def agencies(article: Article) -> frozenset[str]:
    """The agencies an article names anywhere: whose copy it may be."""
    return _agencies(article.credit or "", article.text)


@lru_cache(maxsize=64)  # an article is one side of many pairs, and each pair is seen from both sides
def _agencies(credit: str, text: str) -> frozenset[str]:
    return frozenset(_ONE_NAME.get(name, name) for place in (credit, text) for name in _named(place))


def _named(text: str) -> Iterator[str]:
    """The agencies in a text, as they are written. What stands before a name is looked at last: the engine goes from capital to capital."""
    found = _NAME.search(text)
    while found:
        start, end = found.span()
        if start and _WITHIN.match(text, start - 1):
            end = start + 1
        else:
            yield found[1]
        found = _NAME.search(text, end)


def agencies_apart(article: Article, other: Article) -> bool:
    """Whether no agency is named in both."""
    named = agencies(article)
    return not named or named.isdisjoint(agencies(other))


def signed(article: Article) -> frozenset[str]:
    """The agencies that sign an article as theirs."""
    credit = {article.credit} if article.credit else set()
    named = {name for place in (article.credit or "", article.dateline or "") for name in _named(place)}
    return frozenset(_ONE_NAME.get(name, name) for name in named | credit) | _signatures(article.text)


@lru_cache(maxsize=64)
def _signatures(text: str) -> frozenset[str]:
    """At the head, down to the paragraph that follows the first one (a standfirst may come before the dateline), and at the foot."""
    pictures = {start for start, _ in captions(text)}
    lines, start = [], 0
    for line in text.split("\n"):
        if line.strip() and (start not in pictures or _ALONE.match(line)):
            lines.append(" ".join(line.split()))
        start += len(line) + 1
    named, prose = set[str](), 0
    for line in lines:
        if found := _DATELINE.match(line):
            named.add(found[1])
        if len(line) > _SIGNS:
            prose += 1
            if prose > 1:
                break
        elif not _SENTENCE.match(line):
            named.update(_named(line))
    for line in lines[-_FEET:]:
        if len(line) <= _SIGNS and not _SENTENCE.match(line):
            named.update(_named(line))
        if _NAME.search(line):  # without one there is nothing to find
            named |= {found[1] or found[2] for found in _FOOT.finditer(line)}
    return frozenset(_ONE_NAME.get(name, name) for name in named)


def same_outlet(article: Article, other: Article) -> bool:
    """Whether one outlet ran both."""
    return bool(article.outlet) and article.outlet == other.outlet


def one_desk(article: Article, other: Article) -> bool:
    """Whether both may come from one desk: the same outlet, or the same agency signs both."""
    if same_outlet(article, other):
        return True
    names = signed(article)
    return bool(names) and not names.isdisjoint(signed(other))


def running(article: Article) -> bool:
    """Whether a text is a running file or a live page: items under lines that hold nothing but the time of day."""
    return _running(article.text)


@lru_cache(maxsize=64)
def _running(text: str) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    stamped = [line for line, after in pairwise(lines) if len(line) <= _CLOCKED and len(line) < len(after) and _CLOCK.fullmatch(line)]
    return len(stamped) > 1
