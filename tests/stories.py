"""News that never happened: texts for tests and benches, all written here. The same number gives the same story."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape


def _list(text: str) -> list[str]:
    """Words and phrases between semicolons."""
    return [" ".join(phrase.split()) for phrase in text.split(";")]


_ADJECTIVES = _list(
    """
regional; coastal; northern; independent; former; temporary; public; rural; elderly; disputed; narrow; expensive; modest; unfinished;
wooden; municipal; quiet; stubborn; national; private; joint; early; late; second; provincial; marine
"""
)
_NOUNS = _list(
    """
council; railway; hospital; museum; bakery; bridge; orchard; archive; stadium; library; reservoir; theatre; market; airport; school;
tunnel; brewery; observatory; quarry; cathedral; laboratory; vineyard; shipyard; court; union; ministry; cooperative
"""
)
_THINGS = _list(
    """
budget; permit; survey; strike; inquiry; contract; timetable; merger; appeal; auction; forecast; subsidy; ceasefire; vaccine; tender;
licence; petition; verdict; audit; harvest; levy; pension; treaty; recall; upgrade; blackout; flood; reform; loan; study
"""
)
_VERBS = _list(
    """
approved; rejected; postponed; questioned; published; welcomed; criticised; reopened; financed; withdrew; defended; examined; doubled;
halved; cancelled; announced; repaired; extended; ignored; delivered
"""
)
_TIMES = _list(
    """
yesterday; overnight; in spring; before dawn; after lunch; this week; last month; at noon; within days; again; on the eve of winter
"""
)
_ENDS = _list(
    """
without a vote; despite heavy rain; behind closed doors; to the surprise of neighbours; for the third time; under a new law; at its own
cost; with little debate; against the advice of engineers; by a single voice; before the holidays; in front of cameras
"""
)
_SYLLABLES = _list(
    """
ba; den; kor; lin; mar; no; pel; ra; sto; ti; ul; ver; wen; yar; zo; gri; hal; jes; fen; do; mi; cas
"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A title and paragraphs, with what a page says beside them. ``published``: ISO 8601 with offset."""

    title: str
    paragraphs: tuple[str, ...]
    author: str = "Ida Brandt"
    published: str = "2026-03-02T08:15:00+01:00"
    section: str = "News"

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)

    def but(self, **changed: object) -> Story:
        """The same with other fields."""
        return replace(self, **changed)  # type: ignore[arg-type]  # names of the fields above


def invented(number: int, *, paragraphs: int = 8) -> Story:
    """Story ``number``: an English text of its own, which shares no passage worth the name with another number's."""
    dice = random.Random(f"story {number}")
    place = _name(dice)
    title = f"{place} {dice.choice(_NOUNS)} {dice.choice(_VERBS)} {dice.choice(_ADJECTIVES)} {dice.choice(_THINGS)} {number}"
    body = tuple(" ".join(_sentence(dice, place) for _ in range(3)) for _ in range(paragraphs))
    hours, minutes = divmod(360 + number % 720, 60)
    return Story(
        title=title, paragraphs=body, author=f"{_name(dice)} {_name(dice)}", published=f"2026-03-02T{hours:02}:{minutes:02}:00+00:00"
    )


def page(story: Story, url: str, *, site: str = "The Paper", head: str = "", after: str = "") -> str:
    """The story as an ordinary article page. ``head``: more for the head; ``after``: more behind the article, inside the body."""
    paragraphs = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in story.paragraphs)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(story.title)} - {escape(site)}</title>
<link rel="canonical" href="{escape(url)}">
<meta property="og:type" content="article"><meta property="og:title" content="{escape(story.title)}">
<meta property="og:site_name" content="{escape(site)}">
<meta property="article:published_time" content="{story.published}"><meta name="author" content="{escape(story.author)}">
<meta property="article:section" content="{escape(story.section)}">{head}</head>
<body><nav><a href="/">Home</a> <a href="/news">News</a></nav>
<main><article><h1>{escape(story.title)}</h1><div class="byline">By {escape(story.author)}</div>
<time datetime="{story.published}">{story.published}</time>
{paragraphs}
</article></main>{after}<footer>All rights reserved.</footer></body></html>
"""


def rss(address: str, items: Sequence[tuple[str, str]], *, title: str = "The Paper") -> str:
    """An RSS 2.0 feed of (address, title)."""
    entries = "\n".join(
        f"<item><title>{escape(name)}</title><link>{escape(url)}</link><guid>{escape(url)}</guid></item>" for url, name in items
    )
    return f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>{escape(title)}</title><link>{escape(address)}</link><description>News</description>
{entries}
</channel></rss>
"""


def atom(address: str, items: Sequence[tuple[str, str]], *, title: str = "The Wire") -> str:
    """An Atom feed of (address, title)."""
    entries = "\n".join(
        f"<entry><id>{escape(url)}</id><title>{escape(name)}</title>"
        f'<link href="{escape(url)}"/><updated>2026-03-02T09:00:00Z</updated></entry>'
        for url, name in items
    )
    return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>{escape(address)}</id><title>{escape(title)}</title><updated>2026-03-02T09:00:00Z</updated>
{entries}
</feed>
"""


def _name(dice: random.Random) -> str:
    return "".join(dice.choice(_SYLLABLES) for _ in range(dice.choice((2, 3)))).capitalize()


def _sentence(dice: random.Random, place: str) -> str:
    subject = f"the {dice.choice(_ADJECTIVES)} {dice.choice(_NOUNS)} of {dice.choice((place, _name(dice)))}"
    thing = f"the {dice.choice(_ADJECTIVES)} {dice.choice(_THINGS)}"
    figure = f"{dice.randint(2, 990)} {dice.choice(_NOUNS)} workers"
    shapes = (
        f"{subject} {dice.choice(_VERBS)} {thing} {dice.choice(_TIMES)} {dice.choice(_ENDS)}.",
        f"{_name(dice)} {_name(dice)} said {subject} {dice.choice(_VERBS)} {thing}, and {figure} did so {dice.choice(_ENDS)}.",
        f"{figure} {dice.choice(_VERBS)} {thing} near {_name(dice)} while {subject} {dice.choice(_VERBS)} a {dice.choice(_THINGS)}.",
        f"although {subject} {dice.choice(_VERBS)} {thing} {dice.choice(_ENDS)}, {_name(dice)} did not.",
    )
    sentence = dice.choice(shapes)
    return sentence[0].upper() + sentence[1:]


def _paragraphs(text: str) -> tuple[str, ...]:
    """Paragraphs between empty lines."""
    return tuple(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))


# ── the story that the tests watch for, and what became of it ─────────────────────────────────────

LIGHTHOUSE = Story(
    title="Island lighthouse keeper finds forgotten weather records",
    author="Tomas Reval",
    published="2026-03-01T18:40:00+02:00",
    paragraphs=_paragraphs(
        """
A lighthouse keeper on the island of Sundre has found ninety years of handwritten weather records behind a false wall, the harbour
authority said on Sunday.

The notebooks, wrapped in oilcloth and tarred rope, were hidden in a space barely wide enough for a child, between the lamp room and the
outer masonry.

Keeper Hedda Moen noticed the gap when she measured the staircase for a new railing and found that the tower was 40 centimetres thicker
than its plans allowed.

Each page lists wind, pressure and the state of the sea three times a day, beginning in the winter of 1871 and ending without explanation
in May 1961.

Scientists at the coastal institute believe that the series may be the longest unbroken one on that shore, and hope to compare it with
measurements made from ships.

Eleven of the 212 volumes were damaged by salt water, according to a first inventory, but most of the ink can still be read with the naked
eye.

Restorers will freeze the wettest books before they are dried, a slow procedure that is expected to cost about 300,000 crowns and to last
until the autumn.

Nobody on Sundre could say why the records were walled in, although two older islanders remembered a quarrel between the last keeper of
that family and the state.

The municipality now wants to show a selection in the old pilot house, which has stood empty since the ferry moved to the northern quay
six years ago.

Until then the notebooks remain in a locked container beside the tower, guarded, as Moen put it to visitors, by one goose and a barometer.
"""
    ),
)
REVISED = LIGHTHOUSE.but(
    published="2026-03-01T22:05:00+02:00",
    paragraphs=tuple(
        paragraph.replace("Eleven of the 212", "Nineteen of the 230").replace("300,000", "450,000").replace("six years", "seven years")
        for paragraph in LIGHTHOUSE.paragraphs
    ),
)
OPENING = LIGHTHOUSE.but(title="Old weather books turn up in a tower", author="The Paper staff", paragraphs=LIGHTHOUSE.paragraphs[:4])
LOCAL = LIGHTHOUSE.but(
    title="Our archive asks to see Sundre notebooks",
    author="Karin Holt",
    paragraphs=(
        *_paragraphs(
            """
The town archive of Vessby asked on Monday whether it may borrow some of the notebooks that were found on Sundre, eleven kilometres across
the sound.

Archivist Per Lindal said his own shelves hold letters from two of the keepers' families and that nobody had thought of comparing them
until the radio called.

He would like schools to read the entries aloud on the anniversaries of storms, he added, because children listen to wind differently from
adults.
"""
        ),
        *LIGHTHOUSE.paragraphs[:4],
        *_paragraphs(
            """
Vessby's own station has measured rain since 1954 and is closed on Tuesdays.

The council will talk about the loan at its next meeting, where a new roof for the swimming hall stands first on the list.
"""
        ),
    ),
)
