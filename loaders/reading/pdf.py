"""What is on the pages of a PDF: text, how its lines are set, and tables."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from loaders.errors import RejectedError
from loaders.reading.aligned import AlignedTable, find_unruled_tables
from loaders.reading.columns import reading_order
from loaders.reading.hyphens import Hyphens
from loaders.reading.pdf_characters import Box, Characters
from loaders.reading.pdf_tables import PlainTables, RuledTable, find_tables
from loaders.reading.tables import Cells, Grid
from loaders.reading.text import LIGATURES
from loaders.reading.tiles import find_tiles

LIGATURE = re.compile("[\ufb00-\ufb06]")
LINE_HYPHEN = re.compile(r"(?<=[^\W\d_])(?:[-‐]\n|\ufffe\n?)(?=[^\W\d_])")
FURTHEST_HEAD, MOST_HEAD_ROWS = 25.0, 3  # of a head over its rows, in points
LINEARIZED_LENGTH = re.compile(rb"/Linearized[^>]*?/L\s+(\d{1,15})", re.S)

log = logging.getLogger(__name__)


@dataclass
class Page:
    """One page: its text, how each line of it is set (None where lines and characters do not match), its tables.

    Where text stands in columns that cannot be told from a table, the order of its lines is in doubt.
    """

    page_number: int
    text: str
    line_layout: list[dict[str, Any]] | None = field(default_factory=list)
    tables: list[Grid] = field(default_factory=list)
    is_order_in_doubt: bool = False


def read_pages(content: bytes) -> Iterator[Page]:
    """Read a PDF page by page.

    Raises:
        RejectedError: it cannot be opened, asks for a password, or a page of it is lost.
    """
    if is_cut_off(content):
        raise RejectedError("a truncated PDF: its end is missing; download it again")
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


def is_cut_off(content: bytes) -> bool:
    """Say whether the end of a PDF is missing; pdfium would mend such a file, less the pages that are lost.

    A PDF ends with the place of its table of objects, and one that is made for the web says how long it is.
    """
    length = LINEARIZED_LENGTH.search(content[:1024])
    if length and int(length[1]) > len(content):
        return True
    tail = content.rstrip(b"\0 \t\r\n")[-2048:]
    return b"startxref" not in tail and b"%%EOF" not in tail


def read_page(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, index: int, plain_tables: PlainTables) -> Page:
    """Read one page (index from 0); a page whose tables pdfium cannot tell is left to plain pdfplumber."""
    characters = Characters(page, text_page)
    try:
        tables = find_tables(page, characters)
    except Exception as error:  # the fast path must never cost a document
        log.debug("plain tables for page %d: %r", index + 1, error)
        tables = plain_tables(index)
    paper, shown = page.get_mediabox(), page.get_cropbox()
    right, down = paper[0] - shown[0], shown[3] - paper[3]  # tables are measured on the paper, words on what is shown
    boxes = [(box[0] + right, box[1] + down, box[2] + right, box[3] + down) for box in (table.box for table in tables)]
    layout = characters.line_layout(characters.line_spans)
    order = reading_order(characters, layout, boxes)
    drawing = find_tiles(characters, order.spans)
    spans = drawing.spans if drawing else order.spans
    if order.is_other or drawing:
        layout = characters.line_layout(spans)
    if drawing and layout:
        for line, tile in zip(layout, drawing.tiles, strict=True):
            line["tile"] = tile
    unruled = find_unruled_tables(characters, spans, layout, [*boxes, *(drawing.boxes if drawing else ())])
    lines = [characters.text[start:end].replace("\0", "") for start, end in spans]
    grids = [ruled_grid(table, box, down, layout or []) for table, box in zip(tables, boxes, strict=True)]
    for table in unruled:
        starts = {place: row for place, row in table.places}
        places = [
            (number, starts[place])
            for number, (start, end) in enumerate(spans, 1)
            for place in range(start, end)
            if place in starts
        ]
        below = Grid([list(row) for row in table.cells], sorted(set(places)), table.column_edges)
        above = next((number for number, box in enumerate(boxes) if is_head_of(grids[number], box, table)), None)
        if above is None:
            grids.append(below)
        else:
            grids[above] = stack(grids[above], below)
    return spell_out(Page(index + 1, "\n".join(lines), layout, grids, order.is_in_doubt))


def is_head_of(grid: Grid, box: Box, table: AlignedTable) -> bool:
    """Say whether a ruled table is the head of one without rules: it stands right over it and has its columns."""
    step = table.top - box[3]
    edges = zip(grid.column_edges, table.column_edges, strict=False)
    return (
        0 < step <= FURTHEST_HEAD
        and len(grid.cells) <= MOST_HEAD_ROWS
        and len(grid.column_edges) == len(table.column_edges)
        and all(abs(one - other) <= FURTHEST_HEAD for one, other in edges)
    )


def stack(above: Grid, below: Grid) -> Grid:
    rows = len(above.cells)
    lines = [*above.lines, *((line, row + rows) for line, row in below.lines)]
    return Grid([*above.cells, *below.cells], lines, above.column_edges, above.spans)


def ruled_grid(table: RuledTable, box: Box, down: float, layout: list[dict[str, Any]]) -> Grid:
    """Return a table with the lines that begin in its box, each with the row on whose height it stands."""
    lines = []
    for number, line in enumerate(layout, 1):
        if line["top"] is None or not box[0] - 1 <= line["left_edge"] < box[2]:
            continue
        middle = line["top"] + 0.6 * (line["font_size"] or 0)
        if box[1] <= middle < box[3]:
            lines.append((number, max(1, sum(top + down <= middle for top in table.rows))))
    shift = box[0] - table.box[0]
    return Grid(tidy(table.cells), lines, [edge + shift for edge in table.column_edges], table.spans)


def tidy(cells: Cells) -> Cells:
    """Put single spaces for all white space; a hyphen at a line's end stands as pdfium writes it."""
    return [
        [
            None if text is None else " ".join(re.sub(LINE_HYPHEN, "\ufffe", text.replace("\0", "")).split())
            for text in row
        ]
        for row in cells
    ]


def spell_out(page: Page) -> Page:
    """Write ligatures as their letters."""
    if LIGATURE.search(page.text):
        for line, layout in zip(page.text.split("\n"), page.line_layout or [], strict=False):
            layout["superscripts"] = [len(line[:mark].translate(LIGATURES)) for mark in layout["superscripts"]]
        page.text = page.text.translate(LIGATURES)
    for table in page.tables:
        table.cells = [[text and text.translate(LIGATURES) for text in row] for row in table.cells]
    return page


def mend_hyphens(pages: list[Page]) -> None:
    """Make the words whole that the ends of lines break, as the document itself tells them from those with a hyphen."""
    hyphens = Hyphens(page.text for page in pages)
    for page in pages:
        page.text = hyphens.mend_lines(page.text, page.line_layout)
        for table in page.tables:
            table.cells = [[text and hyphens.mend_cell(text) for text in row] for row in table.cells]
