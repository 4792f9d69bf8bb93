"""Plain text and Markdown: their words, whatever the encoding, and their tables."""

from __future__ import annotations

import codecs
import re

from loaders.errors import RejectedError
from loaders.reading.aligned import find_text_tables
from loaders.reading.tables import Cells, Grid

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f]")
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# Letters that are printed as one: ﬀ, ﬁ, ﬂ, ﬃ, ﬄ, ﬅ, ﬆ.
LIGATURES = str.maketrans(
    {0xFB00 + n: letters for n, letters in enumerate(("ff", "fi", "fl", "ffi", "ffl", "st", "st"))}
)
NO_TEXT = "not text that can be read: neither UTF-8 nor a usual legacy encoding"


def decode(content: bytes) -> str:
    """Decode text: by its byte order mark, as UTF-8, as UTF-16 without a mark, or as Windows' Western encoding.

    Line ends become ``\\n``; NULs are left out; ligatures become their letters.

    Raises:
        RejectedError: none of them gives text.
    """
    text = decode_unchecked(content).replace("\r\n", "\n").replace("\r", "\n")
    if len(CONTROLS.findall(text)) > max(2, len(text) // 50):
        raise RejectedError(NO_TEXT)
    text = text.replace("\0", "").translate(LIGATURES)
    if not text.strip():
        raise RejectedError("no text: nothing but white space")
    return text


def decode_unchecked(content: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            try:
                return content[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                place = error.start + len(mark)
                raise RejectedError(f"damaged text: its {encoding.upper()} is broken at byte {place}") from None
    guess = guess_utf16(content)
    try:
        return content.decode(guess or "utf-8")
    except UnicodeDecodeError as error:
        reject_damaged_utf8(content, error.start)
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise RejectedError(NO_TEXT) from None
    if len(NOT_ASCII.findall(text)) > len(text) * 0.3:
        raise RejectedError(NO_TEXT)
    return text


def guess_utf16(content: bytes) -> str | None:
    """Name the UTF-16 whose every second byte is NUL, as it is in Western text; None where there is no such pattern."""
    sample = content[:4096]
    for encoding, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        if len(high) > 1 and high.count(0) > 0.7 * len(high) and sample.count(0) < 0.6 * len(sample):
            return encoding
    return None


def reject_damaged_utf8(content: bytes, place: int) -> None:
    """Reject UTF-8 that is broken in places: read as Windows' encoding it would be gibberish."""
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if len(NOT_ASCII.findall(text)) - broken > broken:
        raise RejectedError(f"damaged text: its UTF-8 is broken at byte {place}")


# --- tables ---

PIPE_RULE = re.compile(r":?-+:?")
PIPE = re.compile(r"(?<!\\)\|")
LIST_ITEM = re.compile(r"\s*(?:[^\w\s]|o|\d+[.)]|\(?[a-z][.)])\s*\t[^\t]*")


def find_tables(text: str) -> list[Grid]:
    """Return the tables of a text in their order: Markdown's pipe tables, lines of tabs, columns aligned by spaces."""
    lines = text.split("\n")
    tables: list[tuple[int, Grid]] = []
    start = 0
    while start < len(lines):
        # a run that is no table after all is passed over whole, or a long one would be read once for each of its lines
        for find in (pipe_table, tab_table):
            cells, end = find(lines, start)
            if cells:
                # the rule under a pipe table's head is of the head
                first = [1, 1] if find is pipe_table else [1]
                rows = [*first, *range(2, end - start - len(first) + 2)]
                tables.append((start, Grid(cells, list(enumerate(rows, start + 1)))))
                lines[start:end] = [""] * (end - start)
            if end > start:
                break
        start = max(end, start + 1)
    tables += find_text_tables(lines)
    return [table for _, table in sorted(tables, key=lambda table: table[0])]


def pipe_table(lines: list[str], start: int) -> tuple[Cells, int]:
    """Return the Markdown table that starts at a line, and the line behind it; no cells where none starts."""
    if not ("|" in lines[start] and start + 1 < len(lines) and is_pipe_rule(lines[start + 1])):
        return [], start
    end = start + 2
    while end < len(lines) and "|" in lines[end]:
        end += 1
    return rectangle([split_pipes(line) for line in (lines[start], *lines[start + 2 : end])]), end


def is_pipe_rule(line: str) -> bool:
    """Say whether a line is the rule below a pipe table's head."""
    return "|" in line and all(PIPE_RULE.fullmatch(part.strip()) for part in split_pipes(line))


def split_pipes(line: str) -> list[str]:
    parts = PIPE.split(line.strip().removeprefix("|"))
    if len(parts) > 1 and not parts[-1].strip():
        parts.pop()
    return [part.replace("\\|", "|") for part in parts]


def tab_table(lines: list[str], start: int) -> tuple[Cells, int]:
    """Return the run of at least two tabbed lines that starts at a line, list items apart."""
    end = start
    while end < len(lines) and "\t" in lines[end].strip(" ") and not LIST_ITEM.fullmatch(lines[end]):
        end += 1
    if end - start < 2:
        return [], start
    return rectangle([line.split("\t") for line in lines[start:end]]), end


def rectangle(rows: list[list[str]]) -> Cells:
    """Return rows of one length, white space single, with columns that are empty throughout at the sides left out.

    No cells where fewer than two rows or columns stay.
    """
    width = max((len(row) for row in rows), default=0)
    cells = [[" ".join(text.split()) for text in row] + [""] * (width - len(row)) for row in rows]
    used = [column for column in range(width) if any(row[column] for row in cells)]
    if len(rows) < 2 or len(used) < 2:
        return []
    return [list(row[used[0] : used[-1] + 1]) for row in cells]
