"""What is on the pages of a PDF: text, how its lines are set, and tables.

Text and layout come from pdfium. Tables are those of pdfplumber's table finder, which is given the lines and characters
that pdfium has already read: the same tables as plain pdfplumber's, without pdfminer parsing the page a second time.
"""

from __future__ import annotations

import ctypes
import io
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pdfplumber
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from pdfplumber.table import TableFinder

from loaders.errors import RejectedError

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
log = logging.getLogger(__name__)

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]
Cells = list[list[str | None]]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
LINE_END = re.compile(r"\r\n|\n")
DIGITS = re.compile(r"\d")
MAX_FORM_DEPTH = 15
# A footnote mark is set clearly smaller than its line, and stands above the line's foot, by these shares of the line's font size.
MARK_SIZE, MARK_RISE = 0.8, 0.1


@dataclass
class Page:
    """One page: its text, a layout for each line of it (None where characters and layout cannot be matched), its tables."""

    page_number: int
    text: str
    line_layout: list[dict[str, Any]] | None = field(default_factory=list)
    tables: list[Cells] = field(default_factory=list)


def read_pages(content: bytes) -> Iterator[Page]:
    """Read a PDF page by page.

    Raises:
        RejectedError: it cannot be opened, asks for a password, or a page of it is lost.
    """
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise RejectedError("a password is needed to open this PDF; save a copy without one") from None
        raise RejectedError("a truncated or corrupt PDF; download it again") from None
    with document, PlainTables(content) as plain_tables:
        if not len(document):
            raise RejectedError("a truncated or corrupt PDF: no page can be found in it; download it again")
        for index in range(len(document)):
            try:
                page = document[index]
                text_page = page.get_textpage()
            except pdfium.PdfiumError:
                raise RejectedError(
                    f"a truncated or corrupt PDF: page {index + 1} of {len(document)} cannot be read; download it again"
                ) from None
            yield read_page(page, text_page, index, plain_tables)
            text_page.close()
            page.close()


class PlainTables:
    """Plain pdfplumber over the same document, opened only if a page asks for it."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.document: pdfplumber.PDF | None = None

    def __enter__(self) -> PlainTables:
        return self

    def __exit__(self, *_: object) -> None:
        if self.document is not None:
            self.document.close()

    def __call__(self, index: int) -> list[Cells]:
        """Return the tables of a page (from 0); none where pdfplumber fails too."""
        try:
            if self.document is None:
                self.document = pdfplumber.open(io.BytesIO(self.content))
            page = self.document.pages[index]
            tables = page.extract_tables()
            page.close()
        except Exception as error:  # whatever a broken page makes of the parser, its text still counts
            log.debug("no tables for page %d: %r", index + 1, error)
            return []
        return tables


def read_page(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, index: int, plain_tables: PlainTables) -> Page:
    """Read one page (index from 0); a page whose tables pdfium cannot tell is left to plain pdfplumber."""
    characters = Characters(page, text_page)
    try:
        tables = find_tables(page, characters)
    except Exception as error:  # the fast path must never cost a document
        log.debug("plain tables for page %d: %r", index + 1, error)
        tables = plain_tables(index)
    text = characters.text.replace("\r\n", "\n").replace("\0", "")
    return Page(index + 1, text, characters.line_layout(), [tidy(cells) for cells in tables if is_table(cells)])


def is_table(cells: Cells) -> bool:
    """Say whether there are at least two rows and two columns."""
    return len(cells) >= 2 and len(cells[0]) >= 2


def tidy(cells: Cells) -> Cells:
    """Put single spaces for all white space, line ends included."""
    return [[None if text is None else " ".join(text.replace("\0", "").split()) for text in row] for row in cells]


def multiply(first: Matrix, second: Matrix) -> Matrix:
    """Return the matrix that applies first, then second."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def apply(matrix: Matrix, x: float, y: float) -> Point:
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e, b * x + d * y + f)


def display_matrix(box: tuple[float, float, float, float], rotation: int) -> Matrix:
    """Return the matrix from PDF space (y upwards) to points from the left and top of a page shown with that rotation."""
    left, bottom, right, top = box
    return {
        0: (1.0, 0.0, 0.0, -1.0, -left, top),
        90: (0.0, 1.0, 1.0, 0.0, -bottom, -left),
        180: (-1.0, 0.0, 0.0, 1.0, right, -bottom),
        270: (0.0, -1.0, -1.0, 0.0, top, right),
    }[rotation % 360]


class Characters:
    """The characters of a page as pdfium gives them, by their index from 0."""

    def __init__(self, page: pdfium.PdfPage, text_page: pdfium.PdfTextPage) -> None:
        self.handle = text_page.raw
        self.count = text_page.count_chars()
        self.text: str = text_page.get_text_range() if self.count else ""
        self.is_indexed = len(self.text) == self.count and "\0" not in self.text
        self.rotation = page.get_rotation()
        self.display = display_matrix(page.get_cropbox(), self.rotation)
        self._box, self._matrix = raw.FS_RECTF(), raw.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._name, self._flags = ctypes.create_string_buffer(128), ctypes.c_int()

    def matrix(self, index: int) -> Matrix:
        m = self._matrix
        raw.FPDFText_GetMatrix(self.handle, index, m)
        return (m.a, m.b, m.c, m.d, m.e, m.f)

    def loose_box(self, index: int) -> tuple[float, float, float, float]:
        """Return left, bottom, right, top in PDF space: the advance wide, and as high as the font."""
        box = self._box
        raw.FPDFText_GetLooseCharBox(self.handle, index, box)
        return (box.left, box.bottom, box.right, box.top)

    def origin(self, index: int) -> Point:
        """Return the place of the character's foot, in points from the left and top of the page."""
        raw.FPDFText_GetCharOrigin(self.handle, index, self._x, self._y)
        return apply(self.display, self._x.value, self._y.value)

    def font_size(self, index: int) -> float:
        """Return the font size in points as the page shows it."""
        _, _, c, d, _, _ = self.matrix(index)
        return float(raw.FPDFText_GetFontSize(self.handle, index)) * (c * c + d * d) ** 0.5

    def is_bold(self, index: int) -> bool:
        """Say whether the font's weight, or its name, is bold; either can be missing."""
        if raw.FPDFText_GetFontWeight(self.handle, index) >= 600:
            return True
        size = raw.FPDFText_GetFontInfo(self.handle, index, self._name, len(self._name), self._flags)
        name = self._name.raw[: max(0, size - 1)].lower()
        return b"bold" in name or b"black" in name or b"heavy" in name

    def line_spans(self) -> list[tuple[int, int]]:
        """Return the start and end of each line of the text."""
        spans, start = [], 0
        for end in LINE_END.finditer(self.text):
            spans.append((start, end.start()))
            start = end.end()
        return [*spans, (start, len(self.text))]

    def line_layout(self) -> list[dict[str, Any]] | None:
        """Return how each line is set, or None where the indexes of text and characters differ."""
        if not self.is_indexed:
            return None
        layouts = []
        last_index = None  # of the last visible character of the line before
        for start, end in self.line_spans():
            line = self.text[start:end]
            first = start + len(line) - len(line.lstrip())
            if first >= end:
                layouts.append({"left_edge": None, "top": None, "font_size": None, "is_bold": None, "superscripts": []})
                continue
            left, bottom, right, top = self.loose_box(first)
            corners = [apply(self.display, x, y) for x, y in ((left, bottom), (right, top))]
            layouts.append(
                {
                    "left_edge": round(min(x for x, _ in corners), 2),
                    "top": round(min(y for _, y in corners), 2),
                    "font_size": round(self.font_size(first), 2),
                    "is_bold": self.is_bold(first),
                    "superscripts": [i - start + 1 for i in self.superscripts(start, line, last_index)],
                }
            )
            last_index = start + len(line.rstrip()) - 1
        return layouts

    def superscripts(self, start: int, line: str, last_index: int | None) -> list[int]:
        """Return the indexes of the line's digits that are footnote marks.

        A mark is compared with the visible character before it that is no mark itself; at the start of a line with what
        follows the digits; where the line is nothing else, with the end of the line before (last_index).
        """
        marks: list[int] = []
        for match in DIGITS.finditer(line):
            index = start + match.start()
            before = match.start() - 1
            while before >= 0 and (line[before].isspace() or start + before in marks):
                before -= 1
            if before >= 0:
                neighbour: int | None = start + before
            else:
                after = re.compile(r"[^\d\s]").search(line, match.end())
                neighbour = start + after.start() if after else last_index
            if neighbour is not None and self.is_raised(index, neighbour):
                marks.append(index)
        return marks

    def is_raised(self, index: int, neighbour: int) -> bool:
        """Say whether a character is clearly smaller than its neighbour, and above the foot of the neighbour's line."""
        size = self.font_size(neighbour)
        if self.font_size(index) > MARK_SIZE * size:
            return False
        rise = self.origin(neighbour)[1] - self.origin(index)[1]
        return MARK_RISE * size <= rise <= size


# --- tables -------------------------------------------------------------------------------------------------------------


class NotUprightError(Exception):
    """Turned text, whose boxes the fast path does not know."""


@dataclass
class RuledPage:
    """What pdfplumber's table finder asks of a page. Points from the left and top."""

    edges: list[dict[str, Any]]
    bbox: tuple[float, float, float, float]
    read_characters: Callable[[tuple[float, float, float, float]], list[dict[str, Any]]]
    chars: list[dict[str, Any]] = field(default_factory=list)


def find_tables(page: pdfium.PdfPage, characters: Characters) -> list[Cells]:
    """Return the tables of a page as pdfplumber finds them by its default settings."""
    left, bottom, right, top = page.get_mediabox()
    display = display_matrix((left, bottom, right, top), characters.rotation)
    edges = [
        edge
        for edge in ruled_edges(page, display)
        # what pdfplumber's finder would pass over; here so that most pages end at the next test
        if (edge["height"] if edge["orientation"] == "v" else edge["width"]) >= 1
    ]
    if places(edges, "v", "x0") < 3 or places(edges, "h", "top") < 3:
        return []  # two rows of two columns have three lines each way
    ruled = RuledPage(edges, (0, 0, right - left, top - bottom), lambda _: [])
    tables = TableFinder(ruled).tables
    tables = [table for table in tables if len(table.rows) >= 2 and len(table.columns) >= 2]
    if tables:
        ruled.chars = [c for c in read_characters(characters, display, [table.bbox for table in tables])]
    return [table.extract(x_tolerance=3, y_tolerance=3) for table in tables]


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
    count = raw.FPDFPage_CountObjects(page)
    for index in range(count):
        yield from object_edges(raw.FPDFPage_GetObject(page, index), display, 0)


def object_edges(item: Any, display: Matrix, depth: int) -> Iterator[dict[str, Any]]:
    kind = raw.FPDFPageObj_GetType(item)
    if kind == raw.FPDF_PAGEOBJ_PATH:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(item, fill, stroke)
        if fill.value or stroke.value:
            yield from path_edges(item, multiply(object_matrix(item), display))
    elif kind == raw.FPDF_PAGEOBJ_FORM and depth < MAX_FORM_DEPTH:
        inner = multiply(object_matrix(item), display)
        for index in range(raw.FPDFFormObj_CountObjects(item)):
            yield from object_edges(raw.FPDFFormObj_GetObject(item, index), inner, depth + 1)


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
        for first, second in zip(points, points[1:], strict=False):
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


def read_characters(
    characters: Characters, display: Matrix, boxes: list[tuple[float, float, float, float]]
) -> Iterator[dict[str, Any]]:
    """Give the visible characters whose middle lies in one of the boxes, as pdfplumber's ``page.chars`` has them.

    Raises:
        NotUprightError: a line of the page is turned.
    """
    if not characters.is_indexed or characters.rotation:
        raise NotUprightError
    handle = characters.handle
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    for start, end in characters.line_spans():
        if start == end:
            continue
        a, b, c, d, _, _ = characters.matrix(start)
        if not (a > 0 and d > 0 and b == 0 and c == 0):
            raise NotUprightError
        for index in range(start, end):
            x0, y0, x1, y1 = characters.loose_box(index)
            x0, char_top = apply(display, x0, y1)
            x1, char_bottom = apply(display, x1, y0)
            middle, level = (x0 + x1) / 2, (char_top + char_bottom) / 2
            if not (left <= middle < right and top <= level < bottom):
                continue
            text = characters.text[index]
            if text == " " and raw.FPDFText_IsGenerated(handle, index):
                continue  # pdfium's own word spaces; pdfplumber makes its own
            yield {
                "text": "-" if text == "\ufffe" else text,
                "x0": x0,
                "x1": x1,
                "top": char_top,
                "bottom": char_bottom,
                "doctop": char_top,
                "height": char_bottom - char_top,
                "upright": True,
            }
