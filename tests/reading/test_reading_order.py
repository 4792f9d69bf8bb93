"""Columns of text are read one after the other, however a file draws them; tables are left as they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import draw_grid, make_pdf
from reportlab.pdfgen.canvas import Canvas

from loaders.reading import pdf

LEFT = [
    "Children in Ashmere are safer than",
    "they were a year ago. At the end of",
    "March 622 children were being looked",
    "after by the local authority. That is",
    "more than in any year before, and",
    "more than in other places like it.",
]
RIGHT = [
    "Leaders know this, and have a plan",
    "for it. In the year to March there",
    "were 4,455 referrals to the front",
    "door, of which a fifth came from the",
    "police and another from the schools",
    "of the borough.",
]
BOX = ["Our board met four times.", "It heard from young people.", "It has a new chair.", "It has six partners."]
HEIGHTS = [700 - 15 * number for number in range(6)]


def draw_lines(canvas: Canvas, left: float, lines: list[str], heights: list[int]) -> None:
    for words, height in zip(lines, heights, strict=False):
        canvas.drawString(left, height, words)


def by_column(canvas: Canvas) -> None:
    draw_lines(canvas, 56, LEFT, HEIGHTS)
    draw_lines(canvas, 320, RIGHT, HEIGHTS)


def by_line(canvas: Canvas) -> None:
    for left, right, height in zip(LEFT, RIGHT, HEIGHTS, strict=True):
        canvas.drawString(56, height, left)
        canvas.drawString(320, height, right)


def right_first(canvas: Canvas) -> None:
    draw_lines(canvas, 320, RIGHT, HEIGHTS)
    draw_lines(canvas, 56, LEFT, HEIGHTS)


def close_together(canvas: Canvas) -> None:
    for left, right, height in zip(LEFT, RIGHT, HEIGHTS, strict=True):
        canvas.drawString(56, height, left)
        canvas.drawString(270, height, right)


def read(draw: Callable[[Canvas], None]) -> pdf.Page:
    def drawn(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 11)
        draw(canvas)

    return next(iter(pdf.read_pages(make_pdf(drawn))))


@pytest.mark.parametrize("draw", [by_column, by_line, right_first, close_together])
def test_two_columns_are_read_one_after_the_other(draw: Callable[[Canvas], None]) -> None:
    page = read(draw)
    assert page.text.split("\n") == [*LEFT, *RIGHT]
    assert page.line_layout is not None
    assert [round(line["left_edge"]) for line in page.line_layout[:6]] == [56] * 6
    assert len({round(line["left_edge"]) for line in page.line_layout[6:]} - {56}) == 1


def test_what_goes_over_both_columns_parts_them() -> None:
    wide = "This sentence goes over both columns of the page, from its left to its right margin, and on."

    def draw(canvas: Canvas) -> None:
        by_line(canvas)
        canvas.drawString(56, 600, wide)
        canvas.translate(0, -140)
        by_line(canvas)

    assert read(draw).text.split("\n") == [*LEFT, *RIGHT, wide, *LEFT, *RIGHT]


def test_a_box_beside_text_is_read_behind_it() -> None:
    def draw(canvas: Canvas) -> None:
        for number, height in enumerate(HEIGHTS):
            canvas.drawString(56, height, LEFT[number])
            if number < len(BOX):
                canvas.drawString(340, height, BOX[number])

    assert read(draw).text.split("\n") == [*LEFT, *BOX]


def test_three_columns_are_read_one_after_the_other() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 9)
        for number, height in enumerate(HEIGHTS):
            canvas.drawString(40, height, LEFT[number])
            canvas.drawString(225, height, RIGHT[number])
            canvas.drawString(410, height, LEFT[number])

    assert read(draw).text.split("\n") == [*LEFT, *RIGHT, *LEFT]


def test_rows_of_a_table_stay_rows() -> None:
    def unruled(canvas: Canvas) -> None:
        for number, height in enumerate(HEIGHTS):
            canvas.drawString(56, height, f"Children of whom the council knew {number}")
            canvas.drawString(320, height, f"{100 + number}")
            canvas.drawString(420, height, f"{200 + number}")

    def ruled(canvas: Canvas) -> None:
        draw_grid(canvas, [words for pair in zip(LEFT, RIGHT, strict=True) for words in pair], 2)

    assert read(unruled).text.split("\n")[0] == "Children of whom the council knew 0 100 200"
    first = read(ruled).text.split("\n")
    assert first.index(LEFT[1]) > first.index(RIGHT[0]) if RIGHT[0] in first else LEFT[0] in first[0]


def test_cells_of_words_without_rules_stay_rows() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(3):
            draw_lines(canvas, 56, LEFT[2 * number : 2 * number + 2], HEIGHTS[2 * number :])
            draw_lines(canvas, 320, RIGHT[2 * number : 2 * number + 2], HEIGHTS[2 * number :])

    expected = [words for n in (0, 2, 4) for words in (*LEFT[n : n + 2], *RIGHT[n : n + 2])]
    assert read(draw).text.split("\n") == expected


def test_an_order_that_cannot_be_told_is_in_doubt() -> None:
    names = [
        "Ashmere Council leader",
        "Chief nurse of the trust",
        "Police superintendent",
        "Head teacher",
        "Lay member",
    ]

    def draw(canvas: Canvas) -> None:
        for number, words in enumerate(names):
            canvas.drawString(56, HEIGHTS[number] - 25 * number, LEFT[number])
            canvas.drawString(340, HEIGHTS[number] - 25 * number, words)

    assert read(draw).is_order_in_doubt
    assert not read(by_line).is_order_in_doubt
