"""The characters of a PDF page as pdfium gives them, and how its lines are set."""

from __future__ import annotations

import ctypes
import re
from functools import cached_property
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

Point = tuple[float, float]
Span = tuple[int, int]
Box = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]

LINE_END = re.compile(r"\r\n|\n")
DIGITS = re.compile(r"\d")
NO_DIGIT = re.compile(r"[^\d\s]")
# A footnote mark is clearly smaller than its line and stands above the line's foot, or somewhat smaller and clearly
# raised: shares of the line's font size.
MARKS = ((0.8, 0.1), (0.88, 0.25))
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def multiply(first: Matrix, second: Matrix) -> Matrix:
    """Return the matrix that applies first, then second."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def apply(matrix: Matrix, x: float, y: float) -> Point:
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e, b * x + d * y + f)


def display_matrix(box: Box, rotation: int) -> Matrix:
    """Return the matrix from PDF space (y upwards) to points from the left and top of a page as it is shown."""
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
        self.text_page = text_page  # whose end would take the handle with it
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

    def loose_box(self, index: int) -> Box:
        """Return left, bottom, right, top in PDF space: the advance wide, and as high as the font."""
        box = self._box
        raw.FPDFText_GetLooseCharBox(self.handle, index, box)
        return (box.left, box.bottom, box.right, box.top)

    def shown_box(self, index: int) -> Box:
        """Return left, top, right, bottom of the same box, in points from the left and top of the page."""
        left, bottom, right, top = self.loose_box(index)
        if not self.rotation:  # nearly every page, and asked of every word
            return (left + self.display[4], self.display[5] - top, right + self.display[4], self.display[5] - bottom)
        (x, y), (other_x, other_y) = apply(self.display, left, top), apply(self.display, right, bottom)
        return (min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y))

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

    @cached_property
    def line_spans(self) -> list[Span]:
        """The start and end of each line of the text."""
        spans, start = [], 0
        for end in LINE_END.finditer(self.text):
            spans.append((start, end.start()))
            start = end.end()
        return [*spans, (start, len(self.text))]

    def line_layout(self, spans: list[Span]) -> list[dict[str, Any]] | None:
        """Return how each of the lines is set, or None where the indexes of text and characters differ."""
        if not self.is_indexed:
            return None
        layouts: list[dict[str, Any]] = []
        for start, end in spans:
            line = self.text[start:end]
            first = start + len(line) - len(line.lstrip())
            if first >= end:
                layouts.append({"left_edge": None, "top": None, "font_size": None, "is_bold": None, "superscripts": []})
                continue
            left, top, _, _ = self.shown_box(first)
            layouts.append(
                {
                    "left_edge": round(left, 2),
                    "top": round(top, 2),
                    "font_size": round(self.font_size(first), 2),
                    "is_bold": self.is_bold(first),
                    "superscripts": [
                        index - start + 1
                        for match in DIGITS.finditer(line)
                        if (index := start + match.start()) in self.raised
                    ]
                    if self.raised
                    else [],
                }
            )
        return layouts

    @cached_property
    def raised(self) -> frozenset[int]:
        """The indexes of all digits that are footnote marks; none where the indexes of text and characters differ."""
        marks: list[int] = []
        last_index = None  # of the last visible character of the line before
        for start, end in self.line_spans if self.is_indexed else []:
            line = self.text[start:end]
            marks += self.superscripts(start, line, last_index)
            if line.strip():
                last_index = start + len(line.rstrip()) - 1
        return frozenset(marks)

    def shown(self, start: int, end: int) -> str:
        """Return characters with raised digits as such."""
        text = self.text[start:end]
        if not self.raised or self.raised.isdisjoint(range(start, end)):
            return text
        return "".join(char.translate(RAISED) if start + i in self.raised else char for i, char in enumerate(text))

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
                after = NO_DIGIT.search(line, match.end())
                neighbour = start + after.start() if after else last_index
            if neighbour is not None and self.is_raised(index, neighbour):
                marks.append(index)
        return marks

    def is_raised(self, index: int, neighbour: int) -> bool:
        """Say whether a character is smaller than its neighbour, and above the foot of the neighbour's line."""
        size = self.font_size(neighbour)
        share = self.font_size(index) / size if size else 1.0
        if share > MARKS[-1][0]:
            return False
        rise = self.origin(neighbour)[1] - self.origin(index)[1]
        return rise <= size and any(share <= smaller and rise >= higher * size for smaller, higher in MARKS)
