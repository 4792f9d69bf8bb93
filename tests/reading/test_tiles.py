"""Drawings of figures: which words are a number's, and where that is in doubt."""

from __future__ import annotations

import pytest
from conftest import make_pdf
from reportlab.pdfgen.canvas import Canvas

from loaders.reading import documents, pdf

Drawn = tuple[float, float, float, str]  # left, height, size, words


def tiles_of(drawn: list[Drawn]) -> dict[int | None, list[str]]:
    """Return the lines of each tile of a page on which those words stand, centred; nought those in doubt."""

    def draw(canvas: Canvas) -> None:
        for left, height, size, words in drawn:
            canvas.setFont("Helvetica", size)
            canvas.drawCentredString(left, height, words)

    (page,) = pdf.read_pages(make_pdf(draw))
    assert page.line_layout is not None
    found: dict[int | None, list[str]] = {}
    for line, layout in zip(page.text.split("\n"), page.line_layout, strict=True):
        found.setdefault(layout.get("tile"), []).append(line)
    return found


TITLE: list[Drawn] = [(200, 780, 18, "Our year in figures")]
PROSE: list[Drawn] = [
    (300, height, 11, "The partners look at these figures each quarter and say what they have done about them.")
    for height in (240, 226, 212)
]


def test_words_below_their_numbers() -> None:
    found = tiles_of([
        *TITLE,
        (150, 700, 36, "613"), (150, 665, 12, "Children looked after"), (150, 648, 12, "51 per 10,000"),
        (400, 700, 36, "402"), (400, 665, 10, "Children with a child"), (400, 652, 10, "protection plan"),
        (150, 540, 36, "1,207"), (150, 505, 12, "referrals"),
        *PROSE,
    ])  # fmt: skip
    assert [found[tile] for tile in (1, 2, 3)] == [
        ["613", "Children looked after", "51 per 10,000"],
        ["402", "Children with a child", "protection plan"],
        ["1,207", "referrals"],
    ]
    assert len(found[None]) == 4


@pytest.mark.parametrize("step", [20.0, 32.0])
def test_words_above_their_numbers(step: float) -> None:
    found = tiles_of([
        *TITLE,
        (150, 660 + step, 12, "children looked after"), (150, 660, 36, "613"), (150, 640, 12, "51 per 10,000"),
        (400, 660 + step, 12, "on a child protection plan"), (400, 660, 36, "402"),
        (150, 540 + step, 12, "privately fostered"), (150, 540, 36, "19"),
        (400, 540 + step, 12, "educated at home"), (400, 540, 36, "88%"), (400, 520, 12, "in 2015-16"),
    ])  # fmt: skip
    assert sorted(found[tile] for tile in (1, 2, 3, 4)) == [
        ["children looked after", "613", "51 per 10,000"],
        ["educated at home", "88%", "in 2015-16"],
        ["on a child protection plan", "402"],
        ["privately fostered", "19"],
    ]
    assert found[None] == ["Our year in figures"]


def test_two_lines_of_words_above_their_numbers() -> None:
    found = tiles_of([
        (150, 704, 12, "children in the care"), (150, 690, 12, "of the borough"), (150, 660, 36, "613"),
        (150, 584, 12, "children with a child"), (150, 570, 12, "protection plan"), (150, 540, 36, "402"),
    ])  # fmt: skip
    assert [found[tile] for tile in (1, 2)] == [
        ["children in the care", "of the borough", "613"],
        ["children with a child", "protection plan", "402"],
    ]


@pytest.mark.parametrize(("number", "words"), [(100, 190), (260, 165)])
def test_words_beside_their_numbers(number: float, words: float) -> None:
    found = tiles_of([
        (number, 700, 36, "613"), (words, 706, 12, "children looked after"),
        (number, 640, 36, "402"), (words, 646, 12, "child protection plans"),
        (number, 580, 36, "119"), (words, 586, 12, "care leavers in work"),
    ])  # fmt: skip
    assert [sorted(found[tile]) for tile in (1, 2, 3)] == [
        ["613", "children looked after"], ["402", "child protection plans"], ["119", "care leavers in work"],
    ]  # fmt: skip


def test_words_on_two_lines_beside_their_numbers() -> None:
    found = tiles_of([
        (100, 700, 36, "613"), (190, 714, 12, "children looked"), (190, 700, 12, "after by us"),
        (100, 640, 36, "402"), (190, 654, 12, "children with"), (190, 640, 12, "a child protection"),
    ])  # fmt: skip
    assert [sorted(found[tile]) for tile in (1, 2)] == [
        ["613", "after by us", "children looked"], ["402", "a child protection", "children with"],
    ]  # fmt: skip


def test_numbers_of_each_size_are_a_design_of_their_own() -> None:
    found = tiles_of([
        (300, 720, 60, "2,918"), (300, 680, 14, "referrals in the year"),
        (150, 590, 12, "looked after"), (150, 560, 30, "613"), (400, 590, 12, "on a plan"), (400, 560, 30, "402"),
    ])  # fmt: skip
    assert sorted(map(sorted, found.values())) == [
        ["2,918", "referrals in the year"], ["402", "on a plan"], ["613", "looked after"],
    ]  # fmt: skip


def test_what_is_drawn_row_by_row_is_read_tile_by_tile() -> None:
    found = tiles_of([
        (120, 700, 34, "613"), (300, 700, 34, "402"), (480, 700, 34, "19"),
        (120, 670, 11, "children looked after"), (300, 670, 11, "child protection plans"),
        (480, 670, 11, "fostered privately"),
    ])  # fmt: skip
    assert [found[tile] for tile in (1, 2, 3)] == [
        ["613", "children looked after"], ["402", "child protection plans"], ["19", "fostered privately"],
    ]  # fmt: skip


def test_words_halfway_between_numbers_are_in_doubt() -> None:
    found = tiles_of([
        (150, 700, 12, "children looked after"),
        (150, 660, 36, "613"),
        (150, 644, 12, "child protection plans"),
        (150, 604, 36, "402"),
        (150, 588, 12, "fostered privately"),
    ])  # fmt: skip
    assert sorted(found) == [0]


@pytest.mark.parametrize(
    "drawn",
    [
        [(100, 700, 24, "1"), (200, 700, 14, "What we did"), (100, 600, 24, "2"), (200, 600, 14, "What we found")],
        [(100, 700, 24, "2016"), (100, 670, 14, "Annual report"), (100, 600, 24, "2017"), (100, 570, 14, "Our plan")],
        [(100, 700, 30, "613"), (100, 660, 12, "children looked after")],
        [
            (100, 700, 12, "613"),
            (100, 680, 12, "children looked after"),
            (100, 660, 12, "402"),
            (100, 640, 12, "plans"),
        ],
    ],
)
def test_chapters_years_and_figures_of_the_texts_size_are_no_drawing(drawn: list[Drawn]) -> None:
    assert list(tiles_of(drawn)) == [None]


def text_tiles(text: str) -> list[list[str]]:
    (page,) = documents.parse(
        ("# A report\n\nWhat it is about, in a sentence.\n\n## Figures\n\n" + text).encode(), "a.md"
    )["pages"]
    found: dict[int, list[str]] = {}
    for line, layout in zip(page["text"].split("\n"), page["line_layout"], strict=False):
        if layout["tile"] is not None:
            found.setdefault(layout["tile"], []).append(line)
    return [found[tile] for tile in sorted(found)]


def test_in_text_numbers_stand_alone_over_or_under_their_words() -> None:
    first = [["**613**", "Children looked after", "51 per 10,000"], ["**402**", "Child protection plans"]]
    text = "\n\n".join(line for tile in first for line in tile)
    assert text_tiles(text) == first
    assert text_tiles(text + "\n\nWhat we did next") == first
    last = [["children looked after", "### 613"], ["child protection plans", "### 402"]]
    assert text_tiles("\n".join(line for tile in last for line in tile)) == last
    assert text_tiles("looked after\n\n613\n\non a plan\n\n402\n\nfostered privately\n") == [
        ["looked after", "613", "on a plan", "402", "fostered privately"]
    ]
    for text in (
        "12\n\nThe first page goes on.\n\n13\n\nThe second, too.",
        "Looked after\n613\n619\n622\nOn plans\n402\n",
    ):
        assert text_tiles(text) == []
