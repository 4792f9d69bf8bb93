"""The order in which the lines of a PDF page are read where its text stands in columns.

A file may draw two columns line by line, across the white between them, and pdfium gives the text as it is drawn. Where
the white shows it, what stands on both sides of it is read one side after the other. Tables are left as they are drawn.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

import pypdfium2.raw as raw

from loaders.reading.pdf_characters import Box, Characters, Span, apply

WORD = re.compile(r"[^\s\0]+")
WIDE = 0.9  # the white between columns, in font sizes
LEAST_LINES = 4  # of each side
RUNNING_WORDS = 3.0  # of a line of running text, in the middle
RUNNING_ON = 0.3  # of the lines of running text so many begin in the middle of a sentence
FILLED = 0.6  # of their column's width the lines of running text fill, in the middle
SAME_LEVEL = 0.35  # in font sizes
MOST_COLUMNS = 4
LEAST_WIDTH = 60.0  # of a column, in points
LEAST_LENGTH = 15  # of a column's lines, in characters
SAMPLE, LEAST_GAPS, MOST_PARTS = (
    12,
    3,
    12,
)  # lines that are looked at, those of them that must be parted, and in how many parts


@dataclass(frozen=True)
class Piece:
    """Words of one line of the text that no column parts, in points from the left and top of the page."""

    start: int
    end: int
    text: str
    left: float
    right: float
    middle: float
    size: float
    line: int


@dataclass(frozen=True)
class Order:
    """The spans of a page's lines as they are read, whether those drawn are other, and whether that is in doubt."""

    spans: list[Span]
    is_other: bool = False
    is_in_doubt: bool = False


def reading_order(characters: Characters, layout: list[dict[str, Any]] | None, tables: list[Box]) -> Order:
    """Return the lines of a page in the order in which they are read, cut where columns part them.

    The layout is that of the lines as they are drawn. Tables are the boxes of those that are ruled, whose lines stay.
    """
    spans = characters.line_spans
    if layout is None or characters.rotation:
        return Order(spans)
    free = [
        (span, line)
        for span, line in zip(spans, layout, strict=True)
        if line["top"] is not None and not any(stands_in(line, box) for box in tables)
    ]
    if not (share_levels(free) or have_gaps(characters, free)):
        return Order(spans)
    numbers = {span: number for number, span in enumerate(spans)}
    words = [list(line_words(characters, numbers[span], span)) for span, _ in free]
    return Reader(characters.text, spans, [line for line in words if line]).order()


def stands_in(line: dict[str, Any], box: Box) -> bool:
    return bool(box[0] <= line["left_edge"] + 1 < box[2] and box[1] <= line["top"] + 0.6 * line["font_size"] < box[3])


def share_levels(lines: list[tuple[Span, dict[str, Any]]]) -> bool:
    """Say whether lines of words stand beside others: asked of every page, it must be quick."""
    lefts: dict[int, float] = {}
    found = 0
    for (start, end), line in lines:
        if end - start >= LEAST_LENGTH:
            level = round(line["top"] / 4)
            if abs(lefts.setdefault(level, line["left_edge"]) - line["left_edge"]) >= LEAST_WIDTH:
                found += 1
    return found >= LEAST_LINES


def have_gaps(characters: Characters, lines: list[tuple[Span, dict[str, Any]]]) -> bool:
    """Say whether longer lines are parted at the same place; looks at some of them, as it is asked of every page."""
    handle = characters.handle
    long = [span for span, _ in lines if span[1] - span[0] >= 2 * LEAST_LENGTH]
    left, top, right, bottom = (ctypes.c_double() for _ in range(4))
    gaps: Counter[int] = Counter()
    for start, end in long[:: max(1, len(long) // SAMPLE)]:
        count = raw.FPDFText_CountRects(handle, start, end - start)
        if not 2 <= count <= MOST_PARTS:
            continue
        reach = first = None
        for index in range(count):
            raw.FPDFText_GetRect(handle, index, left, top, right, bottom)
            if reach is None or first is None:
                first = left.value
            elif left.value - reach >= WIDE * (top.value - bottom.value) and reach - first >= LEAST_WIDTH:
                # a place is six points wide
                gaps.update(range(int(reach // 6), int(left.value // 6) + 1))
            reach = right.value
    return any(found >= LEAST_GAPS for found in gaps.values())


def line_words(characters: Characters, number: int, span: Span) -> list[Piece]:
    words = []
    start, end = span
    size = 0.0
    for match in WORD.finditer(characters.text, start, end):
        first, last = match.start(), match.end() - 1
        box_left, bottom, _, top = characters.loose_box(first)
        _, _, box_right, _ = characters.loose_box(last)
        left, high = apply(characters.display, box_left, top)
        right, low = apply(characters.display, box_right, bottom)
        size = size or characters.font_size(first) or 1.0
        words.append(Piece(first, match.end(), match[0], left, right, (high + low) / 2, size, number))
    return words


def join(words: list[Piece], text: str) -> Piece:
    first, last = words[0], words[-1]
    return Piece(
        first.start, last.end, text[first.start : last.end], min(word.left for word in words),
        max(word.right for word in words), first.middle, first.size, first.line,
    )  # fmt: skip


class Reader:
    """Finds the order of one page's lines."""

    def __init__(self, text: str, spans: list[Span], lines: list[list[Piece]]) -> None:
        self.text, self.spans, self.lines = text, spans, lines
        self.is_in_doubt = False

    def order(self) -> Order:
        placed = self.read(self.lines, MOST_COLUMNS)
        moved = {piece.line for band in placed for piece in band}
        if not moved:
            return Order(self.spans, False, self.is_in_doubt)
        first = {min(piece.line for piece in band): band for band in placed}
        spans: list[Span] = []
        for number, span in enumerate(self.spans):
            if number in first:
                spans += [(piece.start, piece.end) for piece in first[number]]
            elif number not in moved:
                spans.append(span)
        return Order(spans, True, self.is_in_doubt)

    def read(self, lines: list[list[Piece]], columns: int) -> list[list[Piece]]:
        """Return the stretches of a page that are read by columns, each as its pieces in order."""
        gutter = find_gutter(lines)
        if gutter is None or columns < 2:
            return []
        placed = []
        for band in bands(lines, gutter):
            sides = self.sides(band, gutter)
            if sides is not None:
                order: list[Piece] = []
                for side in sides:
                    inner = self.read(side, columns - 1)
                    moved = {(piece.line, piece.start) for part in inner for piece in part}
                    rest = [join(words, self.text) for words in side]
                    starts = {min(piece.start for piece in part): part for part in inner}
                    for piece in sorted(rest, key=lambda piece: (piece.middle, piece.left)):
                        if piece.start in starts:
                            order += starts[piece.start]
                        elif (piece.line, piece.start) not in moved:
                            order.append(piece)
                placed.append(order)
        return placed

    def sides(self, band: list[list[Piece]], gutter: float) -> list[list[list[Piece]]] | None:
        """Return the lines on the left and those on the right where they are read so; none where they are not."""
        left = [part for line in band if (part := [word for word in line if word.right <= gutter])]
        right = [part for line in band if (part := [word for word in line if word.left >= gutter])]
        if min(len(left), len(right)) < LEAST_LINES:
            return None
        texts = [[join(words, self.text) for words in side] for side in (left, right)]
        if max(piece.right for piece in texts[0]) > min(piece.left for piece in texts[1]) - WIDE * texts[0][0].size:
            return None
        running = [is_running(side) for side in texts]
        shared = [
            piece for piece in texts[0]
            if any(abs(piece.middle - other.middle) <= SAME_LEVEL * piece.size for other in texts[1])
        ]  # fmt: skip
        joined = sum(line[0].right <= gutter <= line[-1].left for line in band)
        sequence = [
            (line[0].left >= gutter, line[0].middle)
            for line in sorted(band, key=lambda line: line[0].start)
        ]  # fmt: skip
        by_level = joined + sum(
            is_right != was_right and abs(middle - before) <= SAME_LEVEL * texts[0][0].size
            for (was_right, before), (is_right, middle) in pairwise(sequence)
        )
        returns = sum(
            was_right and not is_right and middle > before
            for (was_right, before), (is_right, middle) in pairwise(sequence)
        )
        is_by_level = by_level >= 0.6 * len(shared) and by_level >= LEAST_LINES - 1
        if returns and not is_by_level:
            return None  # cell after cell, as the rows of a table are drawn
        if all(running) or (any(running) and all(is_list(side) for side in texts)):
            return [left, right]
        if is_by_level and any(running) and not any(is_figures(side) for side in texts):
            self.is_in_doubt = True
        return None


def find_gutter(lines: list[list[Piece]]) -> float | None:
    """Return the place of the white that parts most lines of the page, or that most levels leave free."""
    levels: list[list[Piece]] = []
    for word in sorted((word for line in lines for word in line), key=lambda word: word.middle):
        if levels and word.middle - levels[-1][0].middle <= SAME_LEVEL * word.size:
            levels[-1].append(word)
        else:
            levels.append([word])
    marks: list[tuple[float, int]] = []
    for level in levels:
        level.sort(key=lambda word: word.left)
        for before, word in pairwise(level):
            if word.left - before.right >= WIDE * word.size:
                marks += [(before.right, 1), (word.left, -1)]
    best, found, depth = 0, None, 0
    marks.sort()
    for (place, step), (after, _) in pairwise(marks):
        depth += step
        if depth > best:
            best, found = depth, (place + after) / 2
    return found if best >= LEAST_LINES else None


def bands(lines: list[list[Piece]], gutter: float) -> list[list[list[Piece]]]:
    """Return the stretches of the page, from the top, in which no line runs over the white."""
    found: list[list[list[Piece]]] = [[]]
    for line in sorted(lines, key=lambda line: line[0].middle):
        if crosses(line, gutter):
            found.append([])
        else:
            found[-1].append(line)
    return [band for band in found if len(band) >= LEAST_LINES]


def crosses(line: list[Piece], gutter: float) -> bool:
    """Say whether a word of a line, or a space no wider than others, lies over a place."""
    if any(word.left < gutter < word.right for word in line):
        return True
    return any(
        before.right <= gutter <= word.left and word.left - before.right < WIDE * word.size
        for before, word in pairwise(line)
    )


def is_running(side: list[Piece]) -> bool:
    """Say whether lines are running text: they fill their column, and go on in the middle of sentences."""
    width = max(piece.right for piece in side) - min(piece.left for piece in side)
    lengths = [piece.right - piece.left for piece in side]
    words = [len(piece.text.split()) for piece in side]
    small = sum(piece.text[0].islower() for piece in side)
    return median(words) >= RUNNING_WORDS and median(lengths) >= FILLED * width and small >= RUNNING_ON * len(side)


def is_list(side: list[Piece]) -> bool:
    """Say whether lines of words follow each other closely, as those of a box or a list do."""
    steps = [below.middle - above.middle for above, below in pairwise(sorted(side, key=lambda piece: piece.middle))]
    size = median(piece.size for piece in side)
    return not is_figures(side) and median(steps) <= 1.7 * size and median(len(p.text.split()) for p in side) >= 2


def is_figures(side: list[Piece]) -> bool:
    """Say whether most lines are figures or single signs."""
    return sum(not re.search(r"[^\W\d_]{3}", piece.text) for piece in side) > 0.3 * len(side)
