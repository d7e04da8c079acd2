"""Papers of our own making for what is learned of an outlet: two designs, and one that a paper changes to. Every story is invented."""

from __future__ import annotations

from dataclasses import dataclass

from stories import invented

APPEAL = (
    "The Tideway Record is owned by the people who read it, and whoever pays for one more copy keeps the newsroom on the quay open. "
    "Every household of the island is asked once a year what its paper should look into next."
)
PEOPLE = ("Ines Marland", "Jonas Teller", "Mira Oldham", "Pavel Stroud", "Nora Quist")
TEASERS = tuple(" ".join(invented(900 + number).paragraphs[0].split()[:30]) + "." for number in range(4))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page and what a careful reader would take from it."""

    url: str
    body: bytes
    title: str
    text: str
    author: str


def sheet(number: int, design: str, *, domain: str = "tideway.example") -> Sheet:
    """``design``: "old", "feature" (the same paper's other template), "new"."""
    story, author = invented(number, paragraphs=7), PEOPLE[number % len(PEOPLE)]
    page = {"old": _old, "feature": _feature, "new": _new}[design](story.title, story.paragraphs, author, number)
    url = f"http://{domain}/{design}/{number}"
    return Sheet(url=url, body=page.encode(), title=story.title, text="\n".join(story.paragraphs), author=author)


def _paragraphs(paragraphs: tuple[str, ...] | list[str]) -> str:
    return "".join(f"<p>{one}</p>" for one in paragraphs)


def _spread() -> str:
    """What everybody reads: prose beside the body, so that no one walk tells what is what."""
    boxes = "".join(f"<div class=vx9><h3>{invented(800 + at).title}</h3><p>{said}</p></div>" for at, said in enumerate(TEASERS))
    return f"<div class=vx8>{boxes}</div>"


def _top(title: str, author: str, number: int) -> str:
    """Only every other page says in its head who wrote it. The headline is set word by word."""
    meta = f'<meta name=author content="{author}">' if number % 2 else ""
    return f"<html lang=en><head><title>{title} - News from the quay</title>{meta}</head><body>"


def _headline(title: str) -> str:
    return "<div class=hd>" + " ".join(f"<span>{word}</span>" for word in title.split()) + "</div>"


def _old(title: str, paragraphs: tuple[str, ...], author: str, number: int) -> str:
    return (
        f"{_top(title, author, number)}<div class=wrap><div class=mast>Tideway</div>"
        f"<div class=kq7>{_headline(title)}<div class=kq1>{author}</div><div class=kq2>{_paragraphs(paragraphs)}</div>"
        f"<div class=kq5><p>{APPEAL}</p></div></div>{_spread()}</div></body></html>"
    )


def _feature(title: str, paragraphs: tuple[str, ...], author: str, number: int) -> str:
    return (
        f"{_top(title, author, number)}<section class=ft>{_headline(title)}"
        f"<div class=kq1>{author}</div><div class=ftx>{_paragraphs(paragraphs)}</div></section>{_spread()}</body></html>"
    )


def _new(title: str, paragraphs: tuple[str, ...], author: str, number: int) -> str:
    """The container of the old design is still there and holds the first paragraph alone."""
    return (
        f"{_top(title, author, number)}<main class=nx>{_headline(title)}"
        f"<div class=nx1>{author}</div><div class=nxa><div class=kq2>{_paragraphs(paragraphs[:1])}</div>"
        f"<div class=nx2>{_paragraphs(paragraphs[1:])}</div></div></main>{_spread()}</body></html>"
    )
