"""Whose words they are: direct quotes, captions, embedded posts and boilerplate are masked, the rest is the reporter's own voice.

Shared quotes, posts, captions and footers are the confounds seen on real pages (facts/matching): they are no evidence of reuse.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial

from pipeline.match.phrases import Dull, Phrases
from pipeline.text import Tokens, quotes

CAPTION_WORDS = 120  # a paragraph with a photo credit is a caption up to this length; agencies' captions run to 100
CREDIT_WORDS = 6  # a line this short that holds a credit holds nothing else
PROSE = 4  # a line of fewer words tells nothing: a date, a counter of pictures, a name on a button
LINE_WORDS = 60  # a line this short that opens like boilerplate is boilerplate as a whole; in a longer one only the sentence is

# How lines open that sell, link or warn. Lower case; typographic apostrophes are straight here.
_OPENS = (
    "advertisement", "related:", "related article", "related articles", "related stor", "related topics", "related content", "read more",
    "read also", "read next", "also read", "see also", "more on", "more from", "most popular", "most read", "trending", "recommended",
    "watch live", "watch:", "video:", "click here", "sign up", "subscribe", "already a subscriber", "log in", "register", "share this",
    "share on", "follow us", "follow @", "like us", "download our", "get the latest", "get our", "join our", "copyright", "©", "(c) ",
    "all rights reserved", "this material may not be", "this article is published under", "view comments", "show comments",
    "leave a comment", "print this", "email this", "e-mail", "support our journalism", "support independent", "donate", "our journalism",
    "contact us at", "send tips", "terms of", "privacy", "cookie", "to continue reading", "you have reached", "unlock",
    "thank you for reading",
)  # fmt: skip
_LONGEST = max(map(len, _OPENS))
# What a sentence of that kind says.
_SAYS = Phrases((
    "all rights reserved", "may not be published, broadcast", "may be reproduced", "newsletter", "subscribe to", "subscription",
    "sign up for", "log in to", "already a subscriber", "follow us on", "follow him on twitter", "follow her on twitter",
    "on facebook and", "privacy policy", "terms of use", "terms of service", "in your inbox", "to your inbox", "download the app",
    "click here", "continue reading this", "contributed to this report", "contributed reporting", "contributed to this story",
    "editing by", "reporting by", "most popular now", "unlimited access", "rewritten or redistributed", "no part of this",
    "reporting independent", "our journalis", "consider making a", "consider support", "your support", "readers like you",
    "get in touch with", "social channels", "written permission", "prior permission", "without permission", "push({", "function(",
    "window._", "published under licence", "this story was originally published", "subscribe for", "subscribers only",
    "jetzt gratis testen", "monat gratis", "schon ein abo", "abo abschließen", "abonnieren sie", "jetzt abonnieren", "weiterlesen mit",
    "réservé aux abonnés", "réservée aux abonnés", "réservé à nos abonnés", "de cet article à lire", "abonnez-vous", "inscrivez-vous à",
    "para suscriptores", "suscríbete", "suscríbase", "per gli abbonati", "abbonati per", "para assinantes", "подписчикам", "подписку",
    "登录后阅读", "登錄後閱讀", "订阅后", "会员专享", "有料会員", "会員限定", "ログインして", "유료 회원", "로그인 후", "구독하",
    "สำหรับสมาชิก", "สมัครสมาชิก", "تسجيل الدخول", "للمشتركين",
), common=(
    "subscri", " permission", "published", "reporting", "contributed to this", "inbox", "follow ", "consider ", "journalis", "terms of ",
    "abonn", "abbonati", "gratis", "suscr",
))  # fmt: skip
_HOUSES = "AP|AFP|EPA|Reuters|REUTERS|Getty|TASS|Sputnik"
# Photo credits, each pattern with what stands in all that it finds: to look for that is a tenth of the cost. The last: weekday, day and
# year together are agency caption style, or a page's clock; prose gives two of them at most.
_CREDITS = [
    (word, re.compile(pattern))
    for word, pattern in (
        ("(", rf"\([^()\n]{{0,80}}\b(?:{_HOUSES}|Photo|Image|Picture|Pool)\b[^()\n]{{0,10}}[/|][^()\n]{{1,60}}\)"),
        ("via ", rf"via (?:{_HOUSES}) ?(?:Images)?\b"),
        ("AP ", r"AP (?:Photo|Images)\b"),
        ("/", r"(?:REUTERS|Reuters)/[A-Z]"),
        ("AFP/", r"AFP/[A-Z]"),
        ("AP/", r"AP/[A-Z]"),
        ("Getty Images", r"Getty Images\b"),
        ("EPA-EFE", r"EPA-EFE\b"),
        ("/ ", rf"/ (?:{_HOUSES}|Associated Press)[ \t]*(?![^\n])"),
        ("| ", rf"\| (?:{_HOUSES}|Associated Press)[ \t]*(?![^\n])"),
        ("In this ", r"In this [A-Z][a-z]{2,8}\.? \d{1,2}, (?:19|20)\d\d,? (?:file )?(?:photo|image)\b"),
        *((colon, rf"(?:Foto|Bild|Photo|Picture|Image|Фото|写真|图片|사진)s?\s?{colon} ?[^\n]{{2,50}}(?![^\n])") for colon in (":", "：")),
        ("FILE", r"FILE\s?(?:PHOTO:|[-–—])"),
        ("\n", r"\n(?:Photo|Image|Picture|Caption|Credit|Media|File photo)s?(?: by |:)"),
        ("\n", r"\n(?<=[.?!]\n)(?:(?:THE )?ASSOCIATED PRESS|AP|AFP|REUTERS|Reuters|The Associated Press)(?=\n)"),
        ("day, ", r"day, (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2}, (?:19|20)\d\d\b"),
    )
]
_EMBEDS = re.compile(  # what platforms print over (first) and under (second) a post that is embedded
    r"^(?P<over>View this post on \w+|Post by @[^\n]{2,60}|Forwarded from [^\n]{2,60}|[^\n]{0,40} · Public)$"
    r"|^(?P<under>A post shared by [^\n]{2,80}|View on Mastodon|t\.me/\S+|[^\n]{0,3}Like · Comment · Share[^\n]{0,20})$",
    re.MULTILINE,
)
_POSTS = re.compile(
    r"pic\.twitter\.com/|\bt\.co/\w|^[^\S\n]*[—–-]{1,2}\s?[^\n]{1,60}\(@[\w.]+\)"
    r"|\(@[\w.]{2,40}\)\s(?:\w+ \d{1,2}, \d{4}|\d{1,2} \w+ \d{4})",
    re.MULTILINE,
)
# A short line with a time of day and a year says when the page was made.
_STAMPED = 90  # characters of such a line at most
_STAMP = re.compile(r"^(?=[^\n]{0,90}\d{1,2}\s?[:.h]\s?\d{2}(?!\d))(?=[^\n]{0,90}(?:19|20)\d\d(?!\d))[^\n]{1,90}$", re.MULTILINE)
_STAMP_ON = re.compile(r"(?:19|20)\d\d(?!\d)[^\n]*(?<=[\d:.h])\Z")  # one that may go on in the next line
_DIGIT = re.compile(r"\d")
_SIGNED = re.compile(r"\s*(?:[—–-]|&mdash;)")


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start <= len(text):
        stop = text.find("\n", start)
        stop = len(text) if stop < 0 else stop
        yield start, stop
        start = stop + 1


def _line_of(text: str, place: int) -> tuple[int, int]:
    stop = text.find("\n", place)
    return text.rfind("\n", 0, place) + 1, len(text) if stop < 0 else stop


def captions(text: str) -> Iterator[tuple[int, int]]:
    """Paragraphs with a photo credit. A credit on a line of its own takes the line before along, atop a page the one after."""
    stop = -1
    for place in sorted(match.end() - 1 for word, credit in _CREDITS if word in text for match in credit.finditer(text)):
        if place <= stop:  # in the line of the last one
            continue
        start, stop = _line_of(text, place)
        if text.count(" ", start, stop) >= CAPTION_WORDS:
            continue
        yield start, stop
        if len(text[start:stop].replace("|", " ").split()) <= CREDIT_WORDS and not text.startswith(("By ", "BY "), start):
            beside = _line_of(text, start - 1 if start else min(stop + 1, len(text)))
            if text.count(" ", *beside) < CAPTION_WORDS:
                yield beside


def _has_post(text: str) -> bool:
    return "@" in text or "post" in text or " · " in text or "t.co/" in text or "t.me/" in text or "pic.twitter" in text


def _posts(text: str) -> Iterator[tuple[int, int]]:
    """Lines of embedded posts; a signature on a line of its own takes the line before it along."""
    if not _has_post(text):
        return
    for match in _EMBEDS.finditer(text):
        start, stop = match.span()
        yield start, stop
        beside = _line_of(text, min(stop + 1, len(text)) if match["over"] else max(start - 1, 0))
        if text.count(" ", *beside) < CAPTION_WORDS:
            yield beside
    stop = -1
    for match in _POSTS.finditer(text):
        if match.start() <= stop:  # in the line of the last one
            continue
        start, stop = _line_of(text, match.start())
        if text.count(" ", start, stop) < CAPTION_WORDS:
            yield start, stop
            if start and _SIGNED.match(text, start, stop):
                before = _line_of(text, start - 1)
                if text.count(" ", *before) < CAPTION_WORDS:
                    yield before


def _places(text: str, said: str) -> Iterator[int]:
    place = text.find(said)
    while place >= 0:
        yield place
        place = text.find(said, place + 1)


def _opens(line: str) -> bool:
    """Whether a line opens like boilerplate and is no longer than that is."""
    head = 0
    while head < len(line) and not (line[head].isalnum() or line[head] in "©(@"):
        head += 1
    return line[head : head + _LONGEST].lower().replace("’", "'").startswith(_OPENS) and line.count(" ") < LINE_WORDS


def _boilerplate(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    lower = text.lower().replace("’", "'")
    if len(lower) != len(text):
        lower = text
    yield from ((start, stop) for start, stop in _lines(text) if _opens(text[start:stop]))
    hits = sorted(place for said in _SAYS.within(lower) for place in _places(lower, said)) if spans else []
    told: Counter[tuple[int, int]] = Counter()
    for start, stop in spans if hits else ():
        at = bisect_left(hits, start)
        if at < len(hits) and hits[at] < stop:
            yield start, stop
            told[_line_of(text, start)] += 1
    yield from (line for line, count in told.items() if count > 1)  # a paragraph that says so twice is that as a whole


Marks = tuple[bytearray, bytearray]
Before = Callable[[int], int]
"""How many words of a text begin before a place."""


def _mask(marks: Marks, before: Before, spans: Iterable[tuple[int, int]]) -> None:
    """These spans are no part of the story."""
    for start, stop in spans:
        mask(marks, before(start), before(stop))


def mask(marks: Marks, first: int, last: int) -> None:
    """These words are no part of the story."""
    own, quoted = marks
    own[first:last] = quoted[first:last] = bytes(last - first)


def by_line(text: str, count: int, before: Before, spans: list[tuple[int, int]]) -> Marks:
    """The marks of a text as far as each of its lines tells them by itself: quotes, lines of a few words, boilerplate, stamps.

    ``count``: of its words. ``spans``: of its sentences; none where none of them says what boilerplate says (``telling``).
    """
    marks = own, quoted = bytearray(b"\x01") * count, bytearray(count)
    for start, stop in quotes(text):
        first, last = before(start), before(stop)
        own[first:last] = bytes(last - first)
        quoted[first:last] = b"\x01" * (last - first)
    if "\n" in text:
        for start, stop in _lines(text):
            first, last = before(start), before(stop)
            if last - first < PROSE:
                own[first:last] = bytes(last - first)
    elif count < PROSE:
        own[:] = bytes(count)
    if spans or "\n" in text:
        _mask(marks, before, _boilerplate(text, spans))
    elif _opens(text):
        mask(marks, 0, count)
    if count and len(text) <= _STAMPED and _DIGIT.search(text) and _STAMP.fullmatch(text):
        mask(marks, 0, count)
    return marks


_SPLIT = re.compile(r"(?:FILE|(?:Foto|Bild|Photo|Picture|Image|Фото|写真|图片|사진)s?)\s?\Z")  # a credit may go on in the next line
_SPLIT_IN = 12  # characters at a line's end that hold it


_TELLING = Dull(
    _SAYS.telling,
    (
        " ap ", " afp ", " tass ", "epa ", "file ", "reuters", "getty", "sputnik", "photo", "image", "picture", "pool", "associated",
        "foto", "bild", "twitter", "post",
    ),
)  # fmt: skip


def telling(words: Collection[str]) -> tuple[bool, bool]:
    """Whether there may be what boilerplate says, and what a credit or a post holds, in a text of these words: what stands between spaces
    in it (``match.spaced``), in lower case."""
    told = _TELLING.but(words)
    return bool(told & 1), bool(told & 2)


def may_tell_more(line: str, *, told: bool = True) -> bool:
    """Whether a line may be or hold what only the lines around it tell: a caption, a post, a page's clock. Seldom wrong, and never with
    no. ``told``: whether a credit or a post may be in it (``telling``)."""
    if len(line) <= _STAMPED and _STAMP_ON.search(line):
        return True
    if not (told or "@" in line or "/" in line or "·" in line or "day, " in line or line.startswith(("Caption", "Credit", "Media"))):
        return False
    if _has_post(line):
        return True
    among = f".\n{line}\n"
    credited = any(word in among and credit.search(among) for word, credit in _CREDITS)
    return credited or _SPLIT.search(line, max(0, len(line) - _SPLIT_IN)) is not None


def among_lines(text: str, before: Before, marks: Marks) -> None:
    """Masks captions, posts and stamps, which take lines beside them along."""
    _mask(marks, before, [*captions(text), *_posts(text), *(match.span() for match in _STAMP.finditer(text))])


def voices(text: str, words: Tokens, spans: list[tuple[int, int]]) -> Marks:
    """Two marks for each token: is it the reporter's own; is it a direct quote. Neither: it is no part of the story.

    ``spans``: the text's sentences.
    """
    before = partial(bisect_left, words.starts)
    marks = by_line(text, len(words.forms), before, spans)
    among_lines(text, before, marks)
    return marks
