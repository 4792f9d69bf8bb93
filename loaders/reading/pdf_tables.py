"""The tables of a PDF page: those of pdfplumber's table finder, by its default settings.

The finder is given the lines and characters that pdfium has already read. That gives the tables of plain pdfplumber,
the reference, without pdfminer parsing the page once more, which takes some twenty times longer.
"""

from __future__ import annotations

import ctypes
import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, cast

import pdfplumber
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from pdfplumber.table import Table, TableFinder

from loaders.reading import turned
from loaders.reading.pdf_characters import RAISED, Box, Characters, Matrix, Point, apply, display_matrix, multiply
from loaders.reading.tables import Cells, Span

MAX_FORM_DEPTH = 15
MAX_CROSSINGS = 40_000  # lines cross so often in drawings, not in tables, and the finder would take minutes

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RuledTable:
    """A table and where it stands, in points from the left and top of the paper.

    Rows are the top of each; spans as a ``Grid`` has them.
    """

    box: Box
    cells: Cells
    rows: list[float] = field(default_factory=list)
    column_edges: list[float] = field(default_factory=list)
    spans: dict[tuple[int, int], Span] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Table, cells: Cells) -> RuledTable:
        """Return what pdfplumber's finder found."""
        lefts = sorted({cell[0] for cell in table.cells})
        tops = [row.bbox[1] for row in table.rows]
        spans = {}
        for row_number, row in enumerate(table.rows, 1):
            for column_number, cell in enumerate(row.cells, 1):
                if cell:
                    down = sum(cell[1] <= top < cell[3] - 1 for top in tops)
                    across = sum(cell[0] <= left < cell[2] - 1 for left in lefts)
                    if down > 1 or across > 1:
                        spans[row_number, column_number] = (max(down, 1), max(across, 1))
        return cls(table.bbox, cells, tops, lefts, spans)


class PlainTables:
    """Plain pdfplumber over the same document, opened only if a page asks for it."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.document: pdfplumber.PDF | None = None

    def __enter__(self) -> PlainTables:
        return self

    def __exit__(self, *_: object) -> None:
        self.document = None  # closing it would go over its pages once more, also those that it cannot open

    def __call__(self, index: int) -> list[RuledTable]:
        """Return the tables of a page (from 0); none where pdfplumber fails too."""
        try:
            if self.document is None:
                self.document = pdfplumber.open(io.BytesIO(self.content))
            page = self.document.pages[index]
            tables = [RuledTable.of(table, turned.extract(table)) for table in page.find_tables() if is_table(table)]
            page.close()
        except Exception as error:  # whatever a broken page makes of the parser, its text still counts
            log.debug("no tables for page %d: %r", index + 1, error)
            return []
        return tables


class NotUprightError(Exception):
    """The boxes of the characters are not known: text is turned, or is of another length than the characters."""


@dataclass
class RuledPage:
    """What pdfplumber's table finder asks of a page. Points from the left and top."""

    edges: list[dict[str, Any]]
    chars: list[dict[str, Any]] = field(default_factory=list)


def find_tables(page: pdfium.PdfPage, characters: Characters) -> list[RuledTable]:
    """Return the tables of a page as pdfplumber finds them by its default settings."""
    display = display_matrix(page.get_mediabox(), characters.rotation)
    edges = [
        edge
        for edge in ruled_edges(page, display)
        # what pdfplumber's finder would pass over; here so that most pages end at the next test
        if (edge["height"] if edge["orientation"] == "v" else edge["width"]) >= 1
    ]
    columns, rows = places(edges, "v", "x0"), places(edges, "h", "top")
    if columns < 3 or rows < 3 or columns * rows > MAX_CROSSINGS:
        return []  # two rows of two columns have three lines each way
    ruled = RuledPage(edges)
    tables = [table for table in TableFinder(cast(Any, ruled)).tables if is_table(table)]
    if tables:
        ruled.chars = list(read_characters(characters, display, [table.bbox for table in tables]))
    return [RuledTable.of(table, table.extract(x_tolerance=3, y_tolerance=3)) for table in tables]


def is_table(table: Table) -> bool:
    """Say whether there are at least two rows and two columns."""
    return len(table.rows) >= 2 and len(table.columns) >= 2


def places(edges: list[dict[str, Any]], orientation: str, key: str) -> int:
    """Count the places where lines of that orientation lie, lines within 3 points of each other being one."""
    count, last = 0, float("-inf")
    for place in sorted(edge[key] for edge in edges if edge["orientation"] == orientation):
        if place > last + 3:
            count += 1
        last = place
    return count


def ruled_edges(page: pdfium.PdfPage, display: Matrix) -> Iterator[dict[str, Any]]:
    """Give the straight upright and level edges of all painted paths, as pdfplumber's ``page.edges`` has them."""
    handle, fill, stroke = page.raw, ctypes.c_int(), ctypes.c_int()
    items = [(raw.FPDFPage_GetObject(handle, i), display, 0) for i in range(raw.FPDFPage_CountObjects(handle))]
    for item, matrix, depth in items:  # which grow while forms are opened
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            raw.FPDFPath_GetDrawMode(item, fill, stroke)
            if fill.value or stroke.value:
                yield from path_edges(item, multiply(object_matrix(item), matrix))
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < MAX_FORM_DEPTH:
            inner = multiply(object_matrix(item), matrix)
            count = raw.FPDFFormObj_CountObjects(item)
            items += [(raw.FPDFFormObj_GetObject(item, i), inner, depth + 1) for i in range(count)]


def object_matrix(item: Any) -> Matrix:
    m = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, m)
    return (m.a, m.b, m.c, m.d, m.e, m.f)


def path_edges(item: Any, matrix: Matrix) -> Iterator[dict[str, Any]]:
    """Give the edges of one path, part by part (a part starts with a move)."""
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[Point] = []
    is_straight, is_closed, curve_points = True, False, 0
    for index in range(raw.FPDFPath_CountSegments(item)):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            yield from part_edges(points, is_straight, is_closed)
            points, is_straight, is_closed, curve_points = [], True, False, 0
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            is_straight = False
            curve_points += 1
            if curve_points % 3:
                continue  # two control points before each end point
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        points.append(apply(matrix, x.value, y.value))
        is_closed = bool(raw.FPDFPathSegment_GetClose(segment))
    yield from part_edges(points, is_straight, is_closed)


def part_edges(points: list[Point], is_straight: bool, is_closed: bool) -> Iterator[dict[str, Any]]:
    """Give the edges of a line, a rectangle or a curve, told apart as pdfminer does."""
    if is_straight and (len(points) == 2 or (len(points) == 3 and is_closed)):
        first, second = points[:2]
        # pdfplumber takes a slanting line for an upright one
        yield make_edge(first, second, "h" if first[1] == second[1] else "v")
    elif is_straight and len(points) == 5 and points[0] == points[4] and is_square(points):
        (left, top), (right, bottom) = points[0], points[2]
        left, right, top, bottom = min(left, right), max(left, right), min(top, bottom), max(top, bottom)
        yield make_edge((left, top), (right, top), "h")
        yield make_edge((left, bottom), (right, bottom), "h")
        yield make_edge((left, top), (left, bottom), "v")
        yield make_edge((right, top), (right, bottom), "v")
    else:
        for first, second in pairwise(points):
            if first[0] == second[0]:
                yield make_edge(first, second, "v")
            elif first[1] == second[1]:
                yield make_edge(first, second, "h")


def is_square(points: list[Point]) -> bool:
    (x0, y0), (x1, y1), (x2, y2), (x3, y3), _ = points
    return (x0 == x1 and y1 == y2 and x2 == x3 and y3 == y0) or (y0 == y1 and x1 == x2 and y2 == y3 and x3 == x0)


def make_edge(first: Point, second: Point, orientation: str) -> dict[str, Any]:
    left, right = sorted((first[0], second[0]))
    top, bottom = sorted((first[1], second[1]))
    return {
        "object_type": "line",
        "orientation": orientation,
        "x0": left,
        "x1": right,
        "top": top,
        "bottom": bottom,
        "doctop": top,
        "width": right - left,
        "height": bottom - top,
    }


def read_characters(characters: Characters, display: Matrix, boxes: list[Box]) -> Iterator[dict[str, Any]]:
    """Give the characters in or between the boxes, as pdfplumber's ``page.chars`` has them.

    Raises:
        NotUprightError: one of them, or the page, is turned.
    """
    if not characters.is_indexed or characters.rotation:
        raise NotUprightError
    handle = characters.handle
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    _, _, _, _, across, down = display
    y0 = y1 = 0.0
    for index, text in enumerate(characters.text):
        if text in "\r\n":
            continue
        if text == " " and raw.FPDFText_IsGenerated(handle, index):
            # put for one that pdfium took out: it has a place, but no height other than its line's
            x0, _, x1, _ = characters.loose_box(index)
        elif index in characters.raised:
            x0, _, x1, _ = characters.loose_box(index)  # it stands on its neighbour's line
            text = text.translate(RAISED)
        else:
            x0, y0, x1, y1 = characters.loose_box(index)
        char_left, char_top, char_right, char_bottom = x0 + across, down - y1, x1 + across, down - y0
        if not (left <= (char_left + char_right) / 2 < right and top <= (char_top + char_bottom) / 2 < bottom):
            continue
        if raw.FPDFText_GetCharAngle(handle, index) and text != " ":
            raise NotUprightError
        yield {
            "text": text,
            "x0": char_left,
            "x1": char_right,
            "top": char_top,
            "bottom": char_bottom,
            "doctop": char_top,
            "height": char_bottom - char_top,
            "upright": True,
        }
