"""Seeds: an article as pasted is taken apart by rules, not by knowing it; folders are read back as they were written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ConfigError, InputError
from pipeline.model import Instant, Seed
from pipeline.seeds import load, parse, write

SHIPPED = Path(__file__).resolve().parent.parent / "seeds"

PASTED = """

# Dam Operator Lowers Reservoir After Sensor Alarm

By [Pia Holm and Jonas Reed for NOP](#)

March 3, 2025

![](dam.jpg)

Engineers inspect the crest of the Ostvik dam. **Ana Ruiz / NOP**

The operator of the Ostvik dam gave up \\$40 million a\\-year on Monday, after **two** sensors reported movement.

"We would rather lose *water* than sleep," director Lena Moe said.

Related article: ['They Told Us Nothing,' Villagers Say](#)

Read more: [The Price of Power](https://a.example/power)

'No Danger'

The level is to fall by three metres, and the authorities have asked the owners

of 120 holiday cabins to stay away.

Next Steps

"Nobody has been hurt," Moe said. She spoke [in Ostvik](https://a.example/x).

Original url:

<https://www.valley-post.example/2025/03/03/dam-operator-lowers-reservoir-a77>
"""


def test_an_article_as_pasted() -> None:
    seed = parse(PASTED)
    assert seed.title == "Dam Operator Lowers Reservoir After Sensor Alarm"
    assert (seed.authors, seed.credit) == (("Pia Holm", "Jonas Reed"), "NOP")
    assert str(seed.published) == "2025-03-03"
    assert (seed.caption, seed.caption_credit) == ("Engineers inspect the crest of the Ostvik dam.", "Ana Ruiz / NOP")
    assert seed.url == "https://www.valley-post.example/2025/03/03/dam-operator-lowers-reservoir-a77"
    assert seed.name == "dam-operator-lowers-reservoir-a77"
    assert seed.text.split("\n") == [
        "The operator of the Ostvik dam gave up $40 million a-year on Monday, after two sensors reported movement.",
        '"We would rather lose water than sleep," director Lena Moe said.',
        "'No Danger'",
        "The level is to fall by three metres, and the authorities have asked the owners of 120 holiday cabins to stay away.",
        "Next Steps",
        '"Nobody has been hurt," Moe said. She spoke in Ostvik.',
    ]


@pytest.mark.parametrize(
    ("byline", "authors", "credit"),
    [
        ("By Ann Lee", ("Ann Lee",), None),
        ("By Ann Lee for AFP", ("Ann Lee",), "AFP"),
        ("By AFP", (), "AFP"),
        ("By Reuters", (), "Reuters"),
        ("by Ann Lee, Bo Kim and Cy Day", ("Ann Lee", "Bo Kim", "Cy Day"), None),
        ("By Anderson Sandy", ("Anderson Sandy",), None),
        ("**By Ann Lee and NOP**", ("Ann Lee",), "NOP"),
        ("By Ann Lee for The Valley Post", ("Ann Lee for The Valley Post",), None),  # a paper is no agency; nothing is guessed
    ],
)
def test_bylines(byline: str, authors: tuple[str, ...], credit: str | None) -> None:
    seed = parse(f"Title\n\n{byline}\n\nThe text stands here.")
    assert (seed.authors, seed.credit, seed.text) == (authors, credit, "The text stands here.")


@pytest.mark.parametrize(
    ("stated", "wanted"),
    [
        ("July 12, 2023", "2023-07-12"),
        ("12 July 2023", "2023-07-12"),
        ("Sept. 5, 2023", "2023-09-05"),
        ("2023-07-12", "2023-07-12"),
        ("Published: 2023-07-12T10:30:00+03:00", "2023-07-12T10:30:00+03:00"),
    ],
)
def test_dates(stated: str, wanted: str) -> None:
    seed = parse(f"Title\n{stated}\nThe text.")
    assert (str(seed.published), seed.text) == (wanted, "The text.")


def test_what_only_looks_like_the_head_stays_in_the_text() -> None:
    text = 'Title\n\nThe council met.\n\nBy Monday, the water had gone.\n\nMay 5, 2020\n\nThe motto "read more: live more" was **bold**'
    assert parse(text).text.split("\n") == [
        "The council met.",
        "By Monday, the water had gone.",
        "May 5, 2020",
        'The motto "read more: live more" was bold',
    ]


def test_a_caption_in_plain_text_is_known_by_its_credit() -> None:
    seed = parse("Title\nBy Ann Lee\nA dam near Ostvik. Ana Ruiz / NOP\nThe text starts here.")
    assert (seed.caption, seed.caption_credit, seed.text) == ("A dam near Ostvik.", "Ana Ruiz / NOP", "The text starts here.")


@pytest.mark.parametrize("label", ["Original url: ", "Source URL:\n", "Link: "])
def test_the_address_at_the_end(label: str) -> None:
    assert parse(f"Title\nText.\n{label}https://a.example/x").url == "https://a.example/x"


@pytest.mark.parametrize("nothing", ["", "\n\n", "Only a title", "Title\nBy Ann Lee\nMay 5, 2020\n"])
def test_what_is_no_article_is_refused(nothing: str) -> None:
    with pytest.raises(InputError, match="title"):
        parse(nothing)


# ── folders ───────────────────────────────────────────────────────────────────────────────────────


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    seed = parse(PASTED)
    write(seed, tmp_path)
    assert load(tmp_path) == (seed,)


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn")), min_size=1, max_size=30
).filter(lambda text: text == " ".join(text.split()))


@settings(max_examples=40, deadline=None)
@given(WORDS, st.lists(WORDS, min_size=1, max_size=4), st.lists(WORDS, max_size=2), st.dates(min_value=date(1000, 1, 1)), WORDS)
def test_any_seed_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, title: str, text: list[str], authors: list[str], day: date, note: str
) -> None:
    folder = tmp_path_factory.mktemp("seeds")
    seed = Seed(name="x", title=title, text="\n".join(text), authors=tuple(authors), published=Instant.parse(str(day)), note=note)
    write(seed, folder)
    assert load(folder) == (seed,)


def plant(folder: Path, about: str, text: str = "Text.") -> None:
    place = folder / "one"
    place.mkdir()
    (place / "seed.toml").write_text(about, encoding="utf-8")
    (place / "article.txt").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("about", "text", "key", "nearest"),
    [
        ('title = "T"\nautors = ["A"]', "Text.", "autors", "authors"),
        ('titel = "T"', "Text.", "titel", "title"),
        ('url = "https://a.example/"', "Text.", "title", None),
        ('title = "T"\nauthors = "Ann"', "Text.", "authors", None),
        ('title = "T"\ncredit = 3', "Text.", "credit", None),
        ('title = "T"\npublished = "soon"', "Text.", "published", None),
        ('title = "T"\nurl = "ftp://a.example/"', "Text.", "url", None),
        ('title = "T', "Text.", None, None),
        ('title = "T"', "\n \n", None, None),
    ],
)
def test_a_seed_that_cannot_be_used_is_named(tmp_path: Path, about: str, text: str, key: str | None, nearest: str | None) -> None:
    plant(tmp_path, about, text)
    with pytest.raises(ConfigError) as caught:
        load(tmp_path)
    assert (caught.value.key, caught.value.nearest) == (key, nearest)
    assert str(tmp_path / "one") in str(caught.value)


def test_dates_of_toml_itself_are_taken(tmp_path: Path) -> None:
    plant(tmp_path, 'title = "T"\npublished = 2023-07-12')
    assert str(load(tmp_path)[0].published) == "2023-07-12"


def test_half_a_folder_is_named_and_none_is_no_error(tmp_path: Path) -> None:
    assert load(tmp_path / "nowhere") == ()
    (tmp_path / "half").mkdir()
    with pytest.raises(ConfigError, match="half"):
        load(tmp_path)


# ── the seeds that come along ─────────────────────────────────────────────────────────────────────


def test_the_first_seed() -> None:
    seed = {seed.name: seed for seed in load(SHIPPED)}["ukraine-security-commitments"]
    assert seed.title == "West Offers Frustrated Ukraine Security Commitments Outside NATO"
    assert (seed.authors, seed.credit, str(seed.published)) == (("Max Delany",), "AFP", "2023-07-12")
    assert seed.caption_credit == "Ludovic Marin / AFP"
    assert (seed.url or "").endswith("-a81814")
    paragraphs = seed.text.split("\n")
    assert len(paragraphs) == 27, "25 paragraphs and two subheads"
    assert {"'Absurd'", "Frustration"} < set(paragraphs)
    assert any("reflects the concerns of dominant power the United States" in paragraph for paragraph in paragraphs)
    assert any("$772 million" in paragraph for paragraph in paragraphs)
    for kept_out in ("Related article", "Ludovic Marin", "A NATO bus", "Original url", "\\", "**", "(#)"):
        assert kept_out not in seed.text


def test_every_seed_that_comes_along_is_whole(tmp_path: Path) -> None:
    seeds = load(SHIPPED)
    assert len(seeds) >= 2
    for seed in seeds:
        assert all((seed.url, seed.published, seed.authors, seed.credit, seed.caption, seed.caption_credit, seed.language, seed.note))
        folder = write(seed, tmp_path)
        for name in ("seed.toml", "article.txt"):
            assert (folder / name).read_bytes() == (SHIPPED / seed.name / name).read_bytes()
