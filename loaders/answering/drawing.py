"""The page of a fact as a picture, with its words highlighted: a page of a PDF, or a passage of a text."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from loaders.answering.words_on_page import SHORTEST_PART, Found, Words, bare
from loaders.errors import RejectedError
from loaders.files import printable
from loaders.warehouse import WarehouseError

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont, ImageFont

DOTS_PER_POINT = 2.0
LARGEST_SIDE = 4000
HIGHLIGHT, EDGE = (255, 226, 72), (214, 120, 0)
Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Fact:
    """A row to be shown: where its words stand, and in which document."""

    id: str
    relation: str
    report_id: str
    page_number: int
    words: str
    file_name: str
    other_file_names: tuple[str, ...]
    sha256: str
    byte_size: int | None
    name: str  # of the picture
    source_url: str | None = None

    @property
    def published_at(self) -> str:
        """Where its page was published, behind a blank; nothing where that is not known."""
        is_pdf = self.file_name.lower().endswith(".pdf")
        return f" {self.source_url}{f'#page={self.page_number}' if is_pdf else ''}" if self.source_url else ""


@dataclass
class Picture:
    """A picture of a fact's page, and how much of its words it shows."""

    image: Image
    boxes: list[Box]
    found: float
    notes: list[str] = field(default_factory=list)


def draw_pdf(content: bytes, fact: Fact) -> Picture:
    """Draw a page of a PDF with the words of a fact highlighted.

    Raises:
        WarehouseError: it has no such page.
    """
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        raise WarehouseError(f"{printable(fact.file_name)} cannot be opened: {error}") from None
    with document:
        if not 1 <= fact.page_number <= len(document):
            raise WarehouseError(f"{printable(fact.file_name)} has no page {fact.page_number}")
        page = document[fact.page_number - 1]
        scale = min(DOTS_PER_POINT, LARGEST_SIDE / max(page.get_size()))
        image = page.render(scale=scale).to_pil().convert("RGB")
        words, boxes_of = read_characters(page, image.size)
        wanted = bare(fact.words)
        found = words.find(wanted)
        spans, length, notes = found.spans, found.length, []
        if found.times > 1:
            notes.append(f"these words stand {found.times} times on the page; all are shown")
        over = goes_on(document, fact.page_number, wanted, found)
        if over:
            page_number, parts, length = over
            spans = spans[:parts]
            notes.append(f"goes on on page {page_number}")
        boxes = [box for start, end in spans for box in lines_of(boxes_of(words.indexes[start:end]))]
    highlight(image, boxes)
    return Picture(image, boxes, length / max(len(wanted), 1), notes)


def read_characters(page, size: tuple[int, int]):  # type: ignore[no-untyped-def]
    """Return the characters of a page, and what gives the boxes of some of them in the pixels of its picture."""
    import ctypes

    import pypdfium2.raw as raw

    text_page = page.get_textpage()
    count = text_page.count_chars()
    codes = [raw.FPDFText_GetUnicode(text_page.raw, index) for index in range(count)]
    characters = [chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "" for code in codes]

    def boxes_of(indexes: Sequence[int]) -> list[Box]:
        rectangle, boxes = raw.FS_RECTF(), []
        for index in dict.fromkeys(indexes):
            if not raw.FPDFText_GetLooseCharBox(text_page.raw, index, rectangle):
                continue
            corners = []
            for x, y in ((rectangle.left, rectangle.bottom), (rectangle.right, rectangle.top)):
                across, down = ctypes.c_int(), ctypes.c_int()
                raw.FPDF_PageToDevice(page.raw, 0, 0, *size, 0, x, y, across, down)
                corners.append((across.value, down.value))
            (x0, y0), (x1, y1) = corners
            if x0 != x1 and y0 != y1:
                boxes.append((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
        return boxes

    return Words(characters), boxes_of


def goes_on(document, page_number: int, wanted: str, found: Found) -> tuple[int, int, int] | None:  # type: ignore[no-untyped-def]
    """Return the page that words go on on, how many of the parts before are theirs, and how much is found on both.

    What is taken for a part can be a word of the first page's foot that the next page has in its right place.
    """
    if found.times:
        return None
    for index in range(page_number, min(page_number + 2, len(document))):
        words = Words(document[index].get_textpage().get_text_range())
        before = 0
        for parts, ((start, end), reached) in enumerate(zip(found.spans, found.ends, strict=True), 1):
            before += end - start
            rest = wanted[reached:]
            length = words.find(rest).length
            if len(rest) >= SHORTEST_PART and length >= 0.9 * len(rest):
                return index + 1, parts, before + length
    return None


def lines_of(boxes: list[Box]) -> list[Box]:
    """Put the boxes of characters that follow each other on a line together."""
    lines: list[Box] = []
    for left, top, right, bottom in boxes:
        if lines:
            l0, t0, r0, b0 = lines[-1]
            overlap = min(bottom, b0) - max(top, t0)
            if overlap > 0.5 * min(bottom - top, b0 - t0) and -5 <= left - r0 < 3 * (bottom - top):
                lines[-1] = (min(left, l0), min(top, t0), max(right, r0), max(bottom, b0))
                continue
        lines.append((left, top, right, bottom))
    return lines


def highlight(image: Image, boxes: list[Box]) -> None:
    """Colour boxes of a picture as a highlighter does: what is dark stays dark."""
    from PIL import Image as Pillow
    from PIL import ImageChops, ImageDraw

    draw = ImageDraw.Draw(image)
    for left, top, right, bottom in boxes:
        box = (max(left - 2, 0), max(top - 1, 0), min(right + 2, image.width), min(bottom + 1, image.height))
        if box[0] < box[2] and box[1] < box[3]:
            part = image.crop(box)
            image.paste(ImageChops.multiply(part, Pillow.new("RGB", part.size, HIGHLIGHT)), box)
            draw.line((box[0], box[3], box[2], box[3]), fill=EDGE, width=2)


TEXT_WIDTH, LINES_AROUND, MOST_LINES, TEXT_SIZE, LINE_HEIGHT, MARGIN = 100, 8, 120, 22, 32, 40
# What the font that Pillow brings does not have, and what is drawn for it.
DRAWN_FOR = str.maketrans("–—―−‐‑‒•▪●◼■‘’“”…\u00a0", "-------*****''\"\". ")


def draw_text(content: bytes, fact: Fact) -> Picture:
    """Draw the passage of a text document that holds the words of a fact, with some lines before and behind.

    Raises:
        WarehouseError: it cannot be decoded.
    """
    from PIL import Image as Pillow
    from PIL import ImageDraw

    from loaders.reading.text import decode

    try:
        text = decode(content)
    except RejectedError as error:
        raise WarehouseError(f"{printable(fact.file_name)} cannot be read: {error}") from None
    words = Words(text)
    wanted = bare(fact.words)
    found = words.find(wanted)
    marked = {index for start, end in found.spans for index in words.indexes[start:end]}
    lines = wrapped(text)
    touched = [
        number for number, (start, line) in enumerate(lines) if any(start + i in marked for i in range(len(line)))
    ]
    first = max((touched[0] if touched else 0) - LINES_AROUND, 0)
    font = load_font(TEXT_SIZE)
    behind = (touched[-1] if touched else 0) + LINES_AROUND + 1
    shown = [(start, drawable(line)) for start, line in lines[first:behind][:MOST_LINES]]
    width = max((font.getlength(line) for _, line in shown), default=0)
    image = Pillow.new("RGB", (int(max(width, 600)) + 2 * MARGIN, len(shown) * LINE_HEIGHT + 2 * MARGIN), "white")
    draw = ImageDraw.Draw(image)
    boxes = []
    for row, (start, line) in enumerate(shown):
        top = MARGIN + row * LINE_HEIGHT
        draw.text((MARGIN, top), line, fill="black", font=font)
        on = [i for i in range(len(line)) if start + i in marked]
        if on:
            left = MARGIN + int(font.getlength(line[: on[0]]))
            right = MARGIN + int(font.getlength(line[: on[-1] + 1]))
            boxes.append((left, top - 2, right, top + LINE_HEIGHT - 6))
    highlight(image, boxes)
    notes = [f"these words stand {found.times} times in the text; all are shown"] if found.times > 1 else []
    return Picture(image, boxes, found.length / max(len(wanted), 1), notes)


def wrapped(text: str) -> list[tuple[int, str]]:
    """Return the lines of a text as they are drawn, each with the index of its first character."""
    lines, start = [], 0
    for line in text.split("\n"):
        shown = line.replace("\t", " ")
        at = 0
        for part in textwrap.wrap(shown, TEXT_WIDTH, drop_whitespace=False, break_on_hyphens=False) or [""]:
            lines.append((start + at, part))
            at += len(part)
        start += len(line) + 1
    return lines


def drawable(line: str) -> str:
    """Return a line with other characters, one for one, for those that the font does not have."""
    return "".join(character if has_glyph(character) else character.translate(DRAWN_FOR) for character in line)


@lru_cache(maxsize=4096)
def has_glyph(character: str) -> bool:
    font = load_font(TEXT_SIZE)
    return character.isascii() or bytes(font.getmask(character)) != bytes(font.getmask("\U0010fffe"))


@lru_cache
def load_font(size: int) -> FreeTypeFont | ImageFont:
    from PIL import ImageFont as Fonts

    return Fonts.load_default(size)
