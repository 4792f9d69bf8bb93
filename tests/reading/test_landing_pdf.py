"""Reading PDFs: text, how lines are set, footnote marks, and tables, of which plain pdfplumber is the reference."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pdfplumber
import pytest
from conftest import PAGE_HEIGHT, REAL_REPORTS, draw_grid, make_pdf
from reportlab.pdfgen.canvas import Canvas

from loaders.errors import RejectedError
from loaders.reading import pdf, pdf_tables
from loaders.reading.tables import Cells


def read(content: bytes) -> list[pdf.Page]:
    return list(pdf.read_pages(content))


def cells_of(page: pdf.Page) -> list[Cells]:
    return [table.cells for table in page.tables]


def layout_of(page: pdf.Page) -> dict[str, dict[str, Any]]:
    """Return the layout of each line by its text."""
    assert page.line_layout is not None
    return dict(zip(page.text.split("\n"), page.line_layout, strict=True))


def test_each_line_has_its_place_size_and_weight() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(72, 700, "A heading")
        canvas.setFont("Helvetica", 12)
        canvas.drawString(90, 660, "A sentence, indented")
        canvas.saveState()
        canvas.scale(2, 2)  # a font of 5 points, shown at 10
        canvas.setFont("Helvetica", 5)
        canvas.drawString(36, 300, "Enlarged")
        canvas.restoreState()

    lines = layout_of(read(make_pdf(draw))[0])
    heading, sentence, enlarged = lines["A heading"], lines["A sentence, indented"], lines["Enlarged"]
    assert (heading["is_bold"], sentence["is_bold"]) == (True, False)
    assert [line["font_size"] for line in (heading, sentence, enlarged)] == pytest.approx([16, 12, 10], abs=0.1)
    assert [line["left_edge"] for line in (heading, sentence, enlarged)] == pytest.approx([72, 90, 72], abs=0.5)
    assert sentence["top"] - heading["top"] == pytest.approx(700 - 660 + 16 * 0.93 - 12 * 0.93, abs=2)
    assert heading["top"] < PAGE_HEIGHT - 700 < heading["top"] + 16


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_places_are_those_of_the_page_as_it_is_shown(rotation: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(rotation)  # reportlab then swaps width and height of the page
        # a place 100 points from the left and 50 from the top, in the page's own space
        canvas.translate(*{90: (50, 100), 180: (595 - 100, 50), 270: (842 - 50, 595 - 100)}[rotation])
        canvas.rotate(rotation)
        canvas.drawString(0, 0, "Upright")

    line = layout_of(read(make_pdf(draw))[0])["Upright"]
    assert (line["left_edge"], line["top"]) == pytest.approx((100, 50), abs=13)
    assert line["font_size"] == pytest.approx(12, abs=0.1)


def draw_marked(canvas: Canvas, parts: list[tuple[str, str]], size: float = 8, rise: float = 3) -> None:
    """Draw a line of texts; of each pair the second is set as a footnote mark."""
    text = canvas.beginText(72, 700)
    for words, mark in parts:
        text.setFont("Helvetica", 12)
        text.textOut(words)
        if mark:
            text.setFont("Helvetica", size)
            text.setRise(rise)
            text.textOut(mark)
            text.setRise(0)
    canvas.drawText(text)


@pytest.mark.parametrize(
    ("parts", "marks"),
    [
        ([("Review of the Board", "1")], [20]),
        ([("a total of 42,616", "3"), (" children", "")], [18]),
        ([("(12%", "4"), (") in 2016", "")], [5]),
        ([("in schools.", "12")], [12, 13]),
        ([("", "1"), (" Ofsted produces this report", "")], [1]),
        ([("161 children, 27 per 10,000", "")], []),
        ([("Form A", "b"), (" of 2016", "")], []),
    ],
)
def test_raised_small_digits_are_footnote_marks(parts: list[tuple[str, str]], marks: list[int]) -> None:
    page = read(make_pdf(lambda canvas: draw_marked(canvas, parts)))[0]
    assert page.text == "".join(words + mark for words, mark in parts)
    assert layout_of(page)[page.text]["superscripts"] == marks


@pytest.mark.parametrize(("size", "rise", "marks"), [(10, 6, [4]), (10, 3, [4]), (10, 1, []), (8, 0, []), (12, 6, [])])
def test_a_mark_that_is_hardly_smaller_is_clearly_raised(size: float, rise: float, marks: list[int]) -> None:
    page = read(make_pdf(lambda canvas: draw_marked(canvas, [("517", "6"), (" children", "")], size, rise)))[0]
    assert layout_of(page)[page.text.split("\n")[0]]["superscripts"] == marks


def test_a_mark_may_stand_apart_from_its_heading() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 14)
        canvas.drawString(72, 700, "What needs to improve?")
        canvas.setFont("Helvetica-Bold", 8)
        canvas.drawString(240, 706, "1")

    page = read(make_pdf(draw))[0]
    assert page.line_layout is not None
    assert [line["superscripts"] for line in page.line_layout if line["superscripts"]] == [[len(page.text)]]


def test_small_print_is_no_footnote_mark() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "A sentence of the report")
        canvas.setFont("Helvetica", 8)
        canvas.drawString(72, 60, "12 June 2017")
        canvas.drawString(500, 40, "7")

    lines = read(make_pdf(draw))[0].line_layout
    assert lines is not None
    assert all(line["superscripts"] == [] for line in lines)


# --- tables ---


def draw_filled(canvas: Canvas) -> None:
    """Draw a table that is only filled rectangles, and thin ones for rules."""
    canvas.setFillGray(0.8)
    canvas.rect(60, 700, 200, 20, stroke=0, fill=1)
    canvas.rect(60, 670, 200, 0.5, stroke=0, fill=1)
    canvas.rect(60, 640, 200, 0.5, stroke=0, fill=1)
    for left in (60, 160, 260):
        canvas.rect(left, 640, 0.5, 80, stroke=0, fill=1)
    canvas.setFillGray(0)
    for number, word in enumerate(("Judgement", "Grade", "Overall", "Good", "Leaders", "Inadequate")):
        canvas.drawString(65 + 100 * (number % 2), 705 - 28 * (number // 2), word)


def draw_form(canvas: Canvas) -> None:
    """Draw a table in a form that is placed twice, the second time moved and shrunk."""
    canvas.beginForm("table")
    canvas.setFont("Helvetica", 10)
    draw_grid(canvas, ["a", "b", "c", "d"], 2)
    canvas.endForm()
    canvas.doForm("table")
    canvas.translate(30, -300)
    canvas.scale(0.5, 0.5)
    canvas.doForm("table")


def draw_rotated(canvas: Canvas, rotation: int) -> None:
    canvas.setPageRotation(rotation)
    draw_grid(canvas, ["a", "b", "c", "d"], 2)


def draw_upended(canvas: Canvas) -> None:
    """Draw a table whose head reads upwards."""
    draw_grid(canvas, ["", "", "left", "right"], 2, size=9)
    for number, word in enumerate(("19 May", "14 July")):
        canvas.saveState()
        canvas.translate(80 + 240 * number, 720)
        canvas.rotate(90)
        canvas.drawString(0, 0, word)
        canvas.restoreState()


def draw_curves(canvas: Canvas) -> None:
    """Draw boxes as paths of lines, one with round corners, and a slanting line through them."""
    for left, top in ((60, 700), (160, 700), (60, 660), (160, 660)):
        path = canvas.beginPath()
        path.moveTo(left, top)
        path.lineTo(left + 100, top)
        path.lineTo(left + 100, top - 40)
        path.lineTo(left, top - 40)
        path.close()
        canvas.drawPath(path)
        canvas.drawString(left + 5, top - 25, f"at {left}")
    canvas.roundRect(60, 620, 200, 80, 5)
    canvas.line(60, 700, 260, 620)


TABLES: dict[str, Callable[[Canvas], None]] = {
    "ruled": lambda canvas: draw_grid(canvas, [f"cell {n}\nline 2" for n in range(12)], 3),
    "merged": lambda canvas: draw_grid(canvas, ["head", None, None, "a", "b", "c", "d", None, "e"], 3),
    "empty cells": lambda canvas: draw_grid(canvas, ["", "x", "", "y", "", ""], 2),
    "one row": lambda canvas: draw_grid(canvas, ["a", "b", "c"], 3),
    "one column": lambda canvas: draw_grid(canvas, ["a", "b", "c"], 1),
    "filled": draw_filled,
    "in a form": draw_form,
    "upside down": lambda canvas: draw_rotated(canvas, 180),
    "sideways": lambda canvas: draw_rotated(canvas, 90),
    "paths": draw_curves,
    "wide": lambda canvas: draw_grid(canvas, [f"{n}%" for n in range(200)], 10, size=8),
}


def plain_tables(content: bytes) -> list[list[Cells]]:
    """Return the tables of each page by plain pdfplumber, those of at least two rows and two columns."""
    with pdfplumber.open(io.BytesIO(content)) as document:
        return [
            [pdf.tidy(table) for table in page.extract_tables() if len(table) >= 2 and len(table[0]) >= 2]
            for page in document.pages
        ]


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_those_of_plain_pdfplumber(name: str) -> None:
    content = make_pdf(TABLES[name], "no table here")
    assert [cells_of(page) for page in read(content)] == plain_tables(content)


def test_a_merged_cell_has_no_text_and_an_empty_one_an_empty_text() -> None:
    assert cells_of(read(make_pdf(TABLES["merged"]))[0]) == [[["head", None, None], ["a", "b", "c"], ["d", None, "e"]]]
    assert cells_of(read(make_pdf(TABLES["empty cells"]))[0]) == [[["", "x"], ["", "y"], ["", ""]]]


def test_upright_tables_are_found_without_pdfminer(monkeypatch: pytest.MonkeyPatch) -> None:
    turned = {"sideways", "upside down"}
    content = make_pdf(*[draw for name, draw in TABLES.items() if name not in turned])
    expected = plain_tables(content)
    monkeypatch.setattr(pdf_tables.PlainTables, "__call__", lambda *_: pytest.fail("asked plain pdfplumber"))
    assert [cells_of(page) for page in read(content)] == expected


def test_words_that_run_upwards_are_read_as_they_run() -> None:
    assert cells_of(read(make_pdf(draw_upended))[0]) == [[["19 May", "14 July"], ["left", "right"]]]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_table_without_rules_on_a_turned_page_is_read_as_it_is_shown(rotation: int) -> None:
    rows = [["Measure", "2014-15", "2015-16"], ["Looked after", "611", "634"], ["Re-referrals", "207", "219"]]

    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(rotation)
        canvas.translate(*{0: (0, 0), 90: (595, 0), 180: (595, PAGE_HEIGHT), 270: (0, PAGE_HEIGHT)}[rotation])
        canvas.rotate(rotation)
        for row, texts in enumerate(rows):
            for column, words in enumerate(texts):
                canvas.drawString(72 + 120 * column, 400 - 20 * row, words)

    assert cells_of(read(make_pdf(draw))[0]) == [rows]


def test_a_page_whose_tables_cannot_be_found_keeps_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("unexpected")

    content = make_pdf(TABLES["ruled"])
    expected = plain_tables(content)
    monkeypatch.setattr(pdf, "find_tables", fail)
    assert [cells_of(page) for page in read(content)] == expected
    monkeypatch.setattr(pdfplumber, "open", fail)
    page = read(content)[0]
    assert (page.tables, page.text.split("\n")[0][:4]) == ([], "cell")


@pytest.mark.skipif(not REAL_REPORTS.exists(), reason="the real reports are not here")
def test_tables_of_real_reports_are_those_of_plain_pdfplumber() -> None:
    reports = sorted((REAL_REPORTS / "inspections").glob("*.pdf"))
    compared = 0
    for report in reports[::24]:
        content = report.read_bytes()
        if not content.startswith(b"%PDF"):
            continue
        with pdfplumber.open(io.BytesIO(content)) as document:
            for page, plain in zip(read(content)[:4], document.pages, strict=False):
                tables = [pdf.tidy(table) for table in plain.extract_tables() if len(table) >= 2 and len(table[0]) >= 2]
                assert cells_of(page) == tables, (report.name, page.page_number)
                compared += len(tables)
    assert compared >= 5


# --- broken PDFs ---


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9, 0.99])
def test_a_truncated_pdf_is_rejected_not_mended(share: float) -> None:
    content = make_pdf("one", "two", "three")
    with pytest.raises(RejectedError, match="truncated"):
        read(content[: int(len(content) * share)])


def test_a_pdf_made_for_the_web_says_how_long_it_is() -> None:
    content = make_pdf("one").replace(b"%PDF-1.", b"%PDF-1.", 1)
    head, rest = content.split(b"\n", 1)
    assert pdf.is_cut_off(head + b"\n9 0 obj\n<</Linearized 1/L 999999/N 1>>\nendobj\n" + rest)
    assert not pdf.is_cut_off(head + b"\n9 0 obj\n<</Linearized 1/L 100/N 1>>\nendobj\n" + rest)
