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
from loaders.reading.aligned import find_unruled_tables
from loaders.reading.pdf_characters import Characters
from loaders.reading.pdf_tables import PlainTables, find_tables
from loaders.reading.text import Cells

LINEARIZED_LENGTH = re.compile(rb"/Linearized[^>]*?/L\s+(\d{1,15})", re.S)

log = logging.getLogger(__name__)


@dataclass
class Page:
    """One page: its text, how each line of it is set (None where lines and characters do not match), its tables."""

    page_number: int
    text: str
    line_layout: list[dict[str, Any]] | None = field(default_factory=list)
    tables: list[Cells] = field(default_factory=list)


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
    text = characters.text.replace("\r\n", "\n").replace("\0", "")
    layout = characters.line_layout()
    unruled = find_unruled_tables(page, characters, layout, [table.box for table in tables])
    return Page(index + 1, text, layout, [*(tidy(table.cells) for table in tables), *unruled])


def tidy(cells: Cells) -> Cells:
    """Put single spaces for all white space, line ends included."""
    return [[None if text is None else " ".join(text.replace("\0", "").split()) for text in row] for row in cells]
