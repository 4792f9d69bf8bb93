"""Evidence as a picture: ``python -m loaders.answering.evidence ID`` draws a fact's page with its words highlighted."""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import re
import sys
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from loaders.answering.drawing import Fact, Picture, draw_pdf, draw_text, drawable, load_font
from loaders.answering.words_on_page import LEAST_FOUND
from loaders.errors import LandingError
from loaders.files import first_line, printable
from loaders.reading import media
from loaders.settings import SettingError, Settings, at_least_one
from loaders.sql import quoted
from loaders.storage import Place, list_reports
from loaders.warehouse import WarehouseError, columns_of, open_warehouse

if TYPE_CHECKING:
    from PIL.Image import Image

# The columns that hold a fact's words, the exact ones first.
WORDS = ("quote", "text", "statement")
# A fact of two places has those of the second under these names.
OTHER = {"report_id": "other_report_id", "page_number": "other_page_number", "quote": "other_quote"}


SOFTWARE = "childrens-services-warehouse evidence"
TILE, TILES_ACROSS, TILES_DOWN = (780, 360), 2, 8


# --- the fact ---------------------------------------------------------------------------------------------------------


def find_facts(connection: duckdb.DuckDBPyConnection, fact_id: str) -> list[Fact]:
    """Return the places of a fact: one, or the two of a disagreement.

    Raises:
        WarehouseError: no fact has this id.
    """
    relations = columns_of(connection)
    if "dim_report" not in relations:
        raise WarehouseError("the warehouse has no dim_report: build it again")
    byte_size, source_url = (
        column if column in relations["dim_report"] else "null" for column in ("byte_size", "source_url")
    )
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
                    facts.{quoted(place["words"])}, file_name, other_file_names, sha256, {byte_size}, {source_url}
                from main.{quoted(relation)} as facts
                inner join main.dim_report on facts.{quoted(place["report_id"])} = dim_report.report_id
                where facts.{quoted(key)} = ? and facts.{quoted(place["page_number"])} is not null
                """,
                [fact_id],
            ).fetchall()
            for report_id, page_number, said, file_name, others, sha256, size, source in rows[:1]:
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
                        source_url=source,
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
        f"{'; it was published at' if fact.published_at else ''}{printable(fact.published_at)}"
    )


def read(path: Place) -> bytes | None:
    try:
        return path.read_bytes()
    except (OSError, ValueError, LandingError):
        return None


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
    parser.add_argument("--limit", type=at_least_one, default=200, help="draw at most so many facts (200)")
    parser.add_argument("--why", action="store_true", help="draw nothing: say why a figure was read as it was")
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
    with open_warehouse(settings.warehouse_path, alone=True) as connection:
        ids = list(dict.fromkeys([*arguments.ids, *query_ids(connection, arguments.sql)]))
        if not ids:
            raise WarehouseError("no id: give one, or a --sql query whose first column has some")
        if arguments.why:
            for fact_id in ids[: arguments.limit]:
                for line in reasons(connection, fact_id):
                    print(printable(line))
            return 0
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


def reasons(connection: duckdb.DuckDBPyConnection, fact_id: str) -> list[str]:
    """Say of an observation, or another reading, what its figure was read as and why, and what it was not.

    Raises:
        WarehouseError: no figure has this id.
    """
    if "figure_readings" not in columns_of(connection):
        raise WarehouseError("the warehouse has no figure_readings: build it again")
    rows = connection.execute(
        """
        with asked as (select * from figure_readings where reading_id = $id or observation_id = $id)
        select distinct statement, figure, page_number, metric_id, verdict, went_by, date_reason
        from figure_readings as readings
        semi join asked
            on readings.report_id = asked.report_id and readings.page_number = asked.page_number
            and readings.statement = asked.statement and readings.figure = asked.figure
        order by verdict != 'taken', metric_id
        """,
        {"id": fact_id},
    ).fetchall()
    if not rows:
        raise WarehouseError(
            f"no figure has the id {printable(fact_id)}: --why goes with an observation_id of fct_metric_observations "
            "or a reading_id of figure_readings"
        )
    statement, figure, page_number = rows[0][:3]
    lines = [f"{figure} in “{statement}”, page {page_number}"]
    for _, _, _, metric_id, verdict, went_by, date_reason in rows:
        date = f"; date: {date_reason}" if date_reason else ""
        lines.append(f"  {metric_id}: {verdict}, by {went_by!r}{date}")
    return lines


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
    print(printable(f"{path}  {fact.file_name}, page {fact.page_number}{fact.published_at}{notes}"))
    if picture.found < LEAST_FOUND:
        say(f"{fact.id}: only {picture.found:.0%} of its words were found on page {fact.page_number}")
        return 1
    return 0


def query_ids(connection: duckdb.DuckDBPyConnection, sql: str | None) -> Iterator[str]:
    """Give the ids in the first column of a query's answer.

    Raises:
        WarehouseError: the query fails, or is none.
    """
    if not sql:
        return
    try:
        statements = connection.extract_statements(sql)
        if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
            raise WarehouseError("--sql takes one query: a select whose first column has ids")
        rows = connection.execute(statements[0]).fetchall()
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
