"""Evidence as a picture: ``python -m loaders.answering.evidence ID`` draws a fact's page with its words highlighted."""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import re
import sys
import textwrap
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from loaders.errors import LandingError, RejectedError
from loaders.files import first_line, printable
from loaders.reading import media
from loaders.settings import SettingError, Settings
from loaders.sql import quoted
from loaders.storage import Place, list_reports
from loaders.warehouse import WarehouseError, columns_of, open_warehouse

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont, ImageFont

# The columns that hold a fact's words, the exact ones first.
WORDS = ("quote", "text", "statement")
# A fact of two places has those of the second under these names.
OTHER = {"report_id": "other_report_id", "page_number": "other_page_number", "quote": "other_quote"}

# What is left out of a comparison: white space, characters that are none, and bullets, for which a fact has one of its
# own; and what stands for a hyphen.
NO_CHARACTER = re.compile(r"[\s\u200b\x00-\x1f\ue000-\uf8ff•◦‣⁃∙·●○◼◾▪■□❖✦➔➢➤►▶▸✓✔]")
HYPHENS = str.maketrans({"\ufffe": "-", "\u00ad": "-", "\uf02d": "-", "\x02": "-"})
# A part of a quote that is found apart from the rest (furniture or a footnote can stand in between) has to be so long,
# and not further from it than so many characters.
SHORTEST_START, SHORTEST_PART, FURTHEST_PART = 12, 6, 1500
# A quote of which less is found is not evidence.
LEAST_FOUND = 0.8

DOTS_PER_POINT = 2.0
LARGEST_SIDE = 4000
HIGHLIGHT, EDGE = (255, 226, 72), (214, 120, 0)
SOFTWARE = "childrens-services-warehouse evidence"
TILE, TILES_ACROSS, TILES_DOWN = (780, 360), 2, 8

Box = tuple[int, int, int, int]
Span = tuple[int, int]


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


@dataclass(frozen=True)
class Found:
    """Where words stand on a page: each time that they do, or, where they do not stand there whole, in which parts."""

    times: int
    spans: list[Span]
    ends: list[int]  # of each span, in the words
    length: int  # how many of the words' characters are found


@dataclass
class Picture:
    """A picture of a fact's page, and how much of its words it shows."""

    image: Image
    boxes: list[Box]
    found: float
    notes: list[str] = field(default_factory=list)


# --- the fact ---------------------------------------------------------------------------------------------------------


def find_facts(connection: duckdb.DuckDBPyConnection, fact_id: str) -> list[Fact]:
    """Return the places of a fact: one, or the two of a disagreement.

    Raises:
        WarehouseError: no fact has this id.
    """
    relations = columns_of(connection)
    if "dim_report" not in relations:
        raise WarehouseError("the warehouse has no dim_report: build it again")
    byte_size = "byte_size" if "byte_size" in relations["dim_report"] else "null"
    for relation, columns in relations.items():
        words = next((column for column in WORDS if column in columns), None)
        key = columns[0]
        if not words or not {"report_id", "page_number"} <= set(columns) or not key.endswith("_id"):
            continue
        if key == "report_id":
            continue
        places = [{"report_id": "report_id", "page_number": "page_number", "words": words}]
        if set(OTHER.values()) <= set(columns):
            places.append({**{name: OTHER[name] for name in ("report_id", "page_number")}, "words": OTHER["quote"]})
        facts = []
        for number, place in enumerate(places, 1):
            name = fact_id if len(places) == 1 else f"{fact_id}-{number}"
            rows = connection.execute(
                f"""
                select
                    facts.{quoted(place["report_id"])}, facts.{quoted(place["page_number"])},
                    facts.{quoted(place["words"])}, file_name, other_file_names, sha256, {byte_size}
                from main.{quoted(relation)} as facts
                inner join main.dim_report on facts.{quoted(place["report_id"])} = dim_report.report_id
                where facts.{quoted(key)} = ? and facts.{quoted(place["page_number"])} is not null
                """,
                [fact_id],
            ).fetchall()
            for report_id, page_number, said, file_name, others, sha256, size in rows[:1]:
                facts.append(
                    Fact(
                        id=fact_id,
                        relation=relation,
                        report_id=report_id,
                        page_number=page_number,
                        words=said or "",
                        file_name=file_name,
                        other_file_names=tuple(others.split(" | ")) if others else (),
                        sha256=sha256,
                        byte_size=size,
                        name=re.sub(r"[^\w-]", "_", name),
                    )
                )
        if facts:
            return facts
    raise WarehouseError(
        f"no fact of the warehouse has the id {printable(fact_id)}: give the first column of a fct_ relation that has "
        "a page, such as observation_id, judgement_id, recommendation_id or finding_id"
    )


def find_document(fact: Fact, reports: Place) -> bytes:
    """Return the content of the document that a fact was read from, under whatever name it has now.

    Raises:
        WarehouseError: it is not in the folder, or has changed.
    """
    changed = False
    said = printable(str(reports))
    for name in (fact.file_name, *fact.other_file_names):
        content = read(reports / name)
        if content is not None and hashlib.sha256(content).hexdigest() == fact.sha256:
            return content
        changed = changed or content is not None
    try:
        files = list_reports(reports)
    except (LandingError, OSError) as error:
        raise WarehouseError(f"{printable(fact.file_name)} cannot be looked up: {first_line(error)}") from None
    for file in files:
        may_be = file.reason is None and fact.byte_size in (None, file.byte_size)
        content = read(reports / file.name) if may_be else None
        if content is not None and hashlib.sha256(content).hexdigest() == fact.sha256:
            return content
    happened = "has changed since the warehouse was built" if changed else "is not in the folder"
    raise WarehouseError(
        f"the document {printable(fact.file_name)} {happened} {said}, and no other file there has "
        "its content: set REPORTS_PATH to the folder that the warehouse was built from, or build it again"
    )


def read(path: Place) -> bytes | None:
    try:
        return path.read_bytes()
    except (OSError, ValueError, LandingError):
        return None


# --- finding the words ------------------------------------------------------------------------------------------------


def bare(text: str) -> str:
    """Return the characters that count in a comparison."""
    return NO_CHARACTER.sub("", text.translate(HYPHENS))


class Words:
    """The characters of a page or text that count, each with its index there."""

    def __init__(self, characters: Sequence[str]) -> None:
        self.indexes: list[int] = []
        kept: list[str] = []
        for index, character in enumerate(characters):
            for one in bare(character):
                kept.append(one)
                self.indexes.append(index)
        self.text = "".join(kept)

    def find(self, wanted: str) -> Found:
        """Find bare words: whole, wherever they stand, or part by part, each behind the one before."""
        starts = [match.start() for match in re.finditer(re.escape(wanted), self.text)] if wanted else []
        if starts:
            spans = [(start, start + len(wanted)) for start in starts]
            return Found(len(spans), spans, [len(wanted)] * len(spans), len(wanted))
        spans, ends, at = [], [], 0
        while at < len(wanted):
            after = spans[-1][1] if spans else 0
            least = min(SHORTEST_PART, len(wanted) - at) if spans else SHORTEST_START
            until = after + FURTHEST_PART if spans else len(self.text)
            length = self.longest(wanted, at, after, until)
            if length >= least:
                start = self.text.find(wanted[at : at + length], after, until)
                at += length
                spans.append((start, start + length))
                ends.append(at)
            else:
                at += 1
        return Found(0, spans, ends, sum(end - start for start, end in spans))

    def longest(self, wanted: str, at: int, start: int, end: int) -> int:
        """Return how many of the wanted characters, from at on, stand together between start and end."""
        low, high = 0, len(wanted) - at
        while low < high:
            middle = (low + high + 1) // 2
            if self.text.find(wanted[at : at + middle], start, end) >= 0:
                low = middle
            else:
                high = middle - 1
        return low


# --- a page of a PDF --------------------------------------------------------------------------------------------------


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


# --- a passage of a text ----------------------------------------------------------------------------------------------

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


# --- pictures ---------------------------------------------------------------------------------------------------------


def draw(fact: Fact, settings: Settings) -> Picture:
    """Draw a fact.

    Raises:
        WarehouseError: its document is not to be had.
    """
    content = find_document(fact, settings.reports_path)
    is_pdf = media.sniff(content, fact.file_name) == media.PDF
    return draw_pdf(content, fact) if is_pdf else draw_text(content, fact)


def save(picture: Image, path: Path, about: str) -> None:
    """Write a PNG, whole; one of our own making may be written over, another file not.

    Raises:
        WarehouseError: another file is in its place.
    """
    from PIL import Image as Pillow
    from PIL import PngImagePlugin

    if path.exists():
        try:
            with Pillow.open(path) as before:
                is_ours = before.info.get("Software") == SOFTWARE
        except OSError:
            is_ours = False
        if not is_ours:
            raise WarehouseError(f"{printable(str(path))} is there, and is no picture of ours: it is left as it is")
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Software", SOFTWARE)
    notes.add_itxt("Description", about)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", pnginfo=notes, compress_level=4)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{uuid.uuid4().hex[:12]}.partial")
    try:
        partial.write_bytes(buffer.getvalue())
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


class ContactSheets:
    """Sheets of small pictures, each a part of a page around the highlighted words."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tiles: list[Image] = []
        self.paths: list[Path] = []

    def add(self, picture: Picture, caption: str) -> None:
        from PIL import Image as Pillow
        from PIL import ImageDraw

        width, height = TILE
        image = picture.image
        part_height = int(image.width * (height - 34) / width)
        top = min((box[1] for box in picture.boxes), default=0) - part_height // 4
        top = max(0, min(top, image.height - part_height))
        part = image.crop((0, top, image.width, min(top + part_height, image.height)))
        part.thumbnail((width, height - 34))
        tile = Pillow.new("RGB", TILE, "white")
        tile.paste(part, (0, 34))
        pen = ImageDraw.Draw(tile)
        pen.text((6, 6), drawable(caption[:88]), fill="black", font=load_font(16))
        pen.rectangle((0, 0, width - 1, height - 1), outline=(160, 160, 160))
        self.tiles.append(tile)
        if len(self.tiles) == TILES_ACROSS * TILES_DOWN:
            self.finish()

    def finish(self) -> None:
        """Write the sheet that has been begun."""
        from PIL import Image as Pillow

        if not self.tiles:
            return
        rows = -(-len(self.tiles) // TILES_ACROSS)
        sheet = Pillow.new("RGB", (TILE[0] * TILES_ACROSS, TILE[1] * rows), "white")
        for number, tile in enumerate(self.tiles):
            sheet.paste(tile, (number % TILES_ACROSS * TILE[0], number // TILES_ACROSS * TILE[1]))
        path = self.folder / f"contact-sheet-{len(self.paths) + 1}.png"
        save(sheet, path, "contact sheet")
        self.paths.append(path)
        self.tiles.clear()


# --- the command ------------------------------------------------------------------------------------------------------


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ids", nargs="*", metavar="ID", help="the id of an observation, judgement, recommendation, …")
    parser.add_argument("--sql", metavar="QUERY", help="draw the ids in the first column of a query's answer")
    parser.add_argument(
        "--output", metavar="PATH", type=Path, help="the folder of the pictures (evidence), or for one a .png file"
    )
    parser.add_argument("--limit", type=int, default=200, help="draw at most so many facts (200)")
    parser.epilog = (
        "examples:  python -m loaders.answering.evidence 0123456789abcdef\n"
        '           python -m loaders.answering.evidence --sql "select judgement_id from fct_judgements '
        "where grade = 'inadequate'\" --output inadequate"
    )
    parser.formatter_class = argparse.RawDescriptionHelpFormatter


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Draw what is asked for; return the exit code: 1 where a fact could not be shown.

    Raises:
        WarehouseError: the warehouse, or an output, cannot be had.
    """
    with open_warehouse(settings.warehouse_path) as connection:
        ids = list(dict.fromkeys([*arguments.ids, *query_ids(connection, arguments.sql)]))
        if not ids:
            raise WarehouseError("no id: give one, or a --sql query whose first column has some")
        output = arguments.output or Path("evidence")
        is_file = output.suffix.lower() == ".png"
        if is_file and len(ids) > 1:
            raise WarehouseError("several facts need a folder: give --output a name without .png")
        if len(ids) > arguments.limit:
            say(f"the first {arguments.limit} of {len(ids)} facts are drawn; --limit draws more")
        sheets = ContactSheets(output) if arguments.sql and not is_file else None
        failures = 0
        for fact_id in ids[: arguments.limit]:
            try:
                facts = find_facts(connection, fact_id)
                for fact in facts:
                    path = output if is_file and len(facts) == 1 else place(output, fact, is_file)
                    failures += show(fact, path, settings, sheets)
            except WarehouseError as error:
                failures += 1
                say(f"{printable(fact_id)}: {error}")
    if sheets:
        sheets.finish()
        for path in sheets.paths:
            print(f"contact sheet {printable(str(path))}")
    return 1 if failures else 0


def place(output: Path, fact: Fact, is_file: bool) -> Path:
    """Return where a picture goes: a file named by the fact's id."""
    return output.with_name(f"{output.stem}{fact.name[-2:]}.png") if is_file else output / f"{fact.name}.png"


def show(fact: Fact, path: Path, settings: Settings, sheets: ContactSheets | None) -> int:
    """Draw a fact and say where it is from; return 1 where its words were not found."""
    picture = draw(fact, settings)
    about = f"{fact.id}  {fact.file_name}  page {fact.page_number}"
    save(picture.image, path, f"{about}\n{fact.words}")
    if sheets:
        sheets.add(picture, about)
    notes = "".join(f"; {note}" for note in picture.notes)
    print(printable(f"{path}  {fact.file_name}, page {fact.page_number}{notes}"))
    if picture.found < LEAST_FOUND:
        say(f"{fact.id}: only {picture.found:.0%} of its words were found on page {fact.page_number}")
        return 1
    return 0


def query_ids(connection: duckdb.DuckDBPyConnection, sql: str | None) -> Iterator[str]:
    """Give the ids in the first column of a query's answer.

    Raises:
        WarehouseError: the query fails.
    """
    if not sql:
        return
    try:
        rows = connection.execute(sql).fetchall()
    except duckdb.Error as error:
        raise WarehouseError(f"the query fails: {first_line(error)}") from None
    for row in rows:
        if row[0] is not None:
            yield str(row[0])


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser("python -m loaders.answering.evidence", description=__doc__)
    add_arguments(parser)
    try:
        return run(parser.parse_args(arguments), Settings.from_environment())
    except (WarehouseError, SettingError, OSError) as error:
        say(f"evidence: {error}")
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
