"""One document: its bytes in, a row of the cache out."""

from __future__ import annotations

from typing import Any

from loaders.errors import RejectedError
from loaders.files import printable
from loaders.reading import media, pdf, text, text_kinds
from loaders.reading.cache import summary
from loaders.reading.hyphens import Hyphens
from loaders.reading.tiles import find_text_tiles


def parse(content: bytes, name: str) -> dict[str, Any]:
    """Parse a content into a row of ``cache.CONTENT``; what cannot be read is a row too, with the reason.

    Raises:
        MemoryError: it needs more than there is.
    """
    row = summary(content, media.sniff(content, name))
    try:
        words = text.decode(content) if row["media_type"] == media.PLAIN else None
        if words is not None:
            row["media_type"] = text_kinds.tell(words)
        pages = read(content, row["media_type"], words)
    except RejectedError as error:
        return row | {"rejected_reason": str(error)}
    except MemoryError:
        raise
    except Exception as error:  # a reader's own fault must cost no more than the document
        return row | {"rejected_reason": f"the reader failed on it ({printable(repr(error))[:200]})"}
    return row | {"page_count": len(pages), "pages": page_rows(pages), "tables": table_rows(pages)}


def read(content: bytes, media_type: str, words: str | None = None) -> list[pdf.Page]:
    """Read the pages of a document, which is given with its words where it is a text.

    Raises:
        RejectedError: it cannot be read, or there is nothing in it to read.
    """
    if media_type == media.EMPTY:
        raise RejectedError("an empty file")
    if media_type == media.PDF:
        pages = list(pdf.read_pages(content))
        pdf.mend_hyphens(pages)
        if not any(page.text.strip() for page in pages):
            raise RejectedError("no text layer: its pages are pictures (a scan) or blank; run text recognition on it")
        return pages
    if words is not None and media_type in text_kinds.TEXTS:
        words = Hyphens([words]).mend_lines(words)
        tiles = find_text_tiles(words.split("\n"))
        layout: list[dict[str, Any]] = [{"superscripts": [], "tile": tile} for tile in tiles] if tiles else []
        return [pdf.Page(1, words, layout, text.find_tables(words))]
    raise RejectedError(media.unsupported(media_type, content))


def page_rows(pages: list[pdf.Page]) -> list[dict[str, Any]]:
    return [
        {
            "page_number": page.page_number,
            "text": whole(page.text),
            "line_layout": page.line_layout,
            "is_order_in_doubt": page.is_order_in_doubt,
        }
        for page in pages
    ]


def table_rows(pages: list[pdf.Page]) -> list[dict[str, Any]]:
    """Return the tables of all pages, numbered from 1 within their page."""
    return [
        {"page_number": page.page_number, "table_number": number, **table.row()}
        for page in pages
        for number, table in enumerate(page.tables, 1)
    ]


def whole(words: str) -> str:
    """Replace halves of surrogate pairs, which are no characters and which Arrow refuses."""
    return words.encode("utf-8", "replace").decode()
