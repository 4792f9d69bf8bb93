"""The published marts as files: Parquet for Power BI, pandas and R, one Excel workbook to read, CSV on demand.

All is read from the published file, so that nothing is in an export that is not in it. Every file is written beside its
place and moved there, and carries the id of its build; ``manifest.json``, moved last, lists them.
"""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import hashlib
import json
import math
import os
import re
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from loaders.files import first_line
from loaders.settings import Settings
from loaders.sql import literal, quoted
from loaders.warehouse import WarehouseError, open_warehouse

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from loaders.publishing.publish import Publication

EXPORTS_VERSION = 1  # raise it when the same marts would be exported differently
MANIFEST = "manifest.json"
STRAY_AFTER_SECONDS = 24 * 60 * 60

# The sheets of the workbook, in their order; behind them come the other reading views, which have no prefix.
SHEETS = (
    "latest_outcomes",
    "fct_inspections",
    "fct_judgements",
    "fct_judgement_changes",
    "fct_authority_metrics",
    "fct_recommendations",
    "fct_board_attendance",
    "fct_board_income",
    "fct_discrepancies",
    "documents_to_review",
    "rejected_documents",
    "dim_report",
    "dim_metric",
)
PREFIXES = ("dim_", "fct_", "build_")
# A view that is longer is for queries, and its Parquet file is enough.
MOST_VIEW_ROWS = 20_000
# What is set beside an id, so that a sheet can be read alone: the id, its relation, and the columns taken from there.
LABELS = (
    ("authority_id", "dim_authority", ("authority_name",)),
    ("metric_id", "dim_metric", ("metric_name", "unit")),
    ("report_id", "dim_report", ("file_name",)),
)
# By what a sheet is sorted, before the rest of its columns: the same marts give the same sheet.
ORDER = (
    "authority_name",
    "metric_id",
    "year_id",
    "inspection_end_date",
    "meeting_date",
    "file_name",
    "page_number",
    "paragraph_number",
)
PROVIDER_PAGE = "https://reports.ofsted.gov.uk/provider/44/{urn}"
ATTRIBUTION = (
    "Contains public sector information licensed under the Open Government Licence v3.0. "
    "Reports of boards and reviewers have terms of their own."
)

# What Excel holds.
MOST_ROWS, MOST_CHARACTERS, MOST_LINKS, LONGEST_SHEET_NAME = 1_048_576, 32_767, 65_000, 31
CUT = " […cut: the whole text is in the warehouse]"
NO_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
# A spreadsheet takes a text that starts so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Exported:
    """A relation of the published file: its rows, its description, and its columns' names, types, descriptions."""

    name: str
    row_count: int
    description: str
    columns: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Build:
    """The build that a warehouse is of."""

    build_id: str
    built_at: datetime
    version: str


# --- after a publication ----------------------------------------------------------------------------------------------


def add_exports(publication: Publication, settings: Settings) -> Publication:
    """Export what has just been published; a failure is a warning of the publication, and breaks nothing."""
    if not publication.published or settings.exports_path is None:
        return publication
    try:
        written = export(settings)
    except (OSError, duckdb.Error, WarehouseError) as error:
        failed = f"the exports in {settings.exports_path.name} are not all of this build ({first_line(error)})"
        return dataclasses.replace(
            publication, warning="; ".join(warning for warning in (publication.warning, failed) if warning)
        )
    said = f"exported to {settings.exports_path.name}" if written else f"{settings.exports_path.name} holds it already"
    return dataclasses.replace(publication, message=f"{publication.message}, {said}")


def export(settings: Settings, force: bool = False) -> bool:
    """Write the exports of the published file; say whether there was anything to write.

    Files that hold the same content already are left, with the id of the build that wrote them, unless force is set.

    Raises:
        WarehouseError, OSError, duckdb.Error: the warehouse cannot be read, or the folder not be written.
    """
    folder = settings.exports_path
    if folder is None:
        raise WarehouseError("exports are switched off: set EXPORTS_PATH to a folder")
    with open_warehouse(settings.warehouse_path) as connection:
        relations, build = read_relations(connection), read_build(connection)
        print_of_content = made_from(connection, relations)
        manifest = read_manifest(folder)
        if not force and manifest.get("fingerprint") == print_of_content and is_whole(folder, manifest):
            write_manifest(folder, manifest | {"also_holds_for_build_id": build.build_id})
            return False
        folder.mkdir(parents=True, exist_ok=True)
        remove_strays(folder)
        with new_files(folder) as new, ThreadPoolExecutor(1) as beside:
            name = f"{Path(os.path.realpath(settings.warehouse_path)).stem}.xlsx"
            workbook = new(name)
            written = beside.submit(write_workbook, connection.cursor(), relations, workbook, build)
            entries = []
            for relation in relations:
                path = new(f"{relation.name}.parquet")
                write_parquet(connection, relation, path, build)
                entries.append(entry(f"{relation.name}.parquet", path, build, relation.row_count))
            written.result()
            entries.append(entry(name, workbook, build, None))
    write_manifest(
        folder,
        {
            "build_id": build.build_id,
            "also_holds_for_build_id": build.build_id,
            "built_at": build.built_at.isoformat(timespec="seconds"),
            "fingerprint": print_of_content,
            "files": entries,
        },
    )
    remove_others(folder, manifest, {str(file["file"]) for file in entries})
    return True


# --- what is exported -------------------------------------------------------------------------------------------------


def read_relations(connection: duckdb.DuckDBPyConnection) -> list[Exported]:
    """Return the relations of a published file, by name."""
    described = connection.execute(
        """
        select
            tables.table_name,
            tables.comment,
            list([columns.column_name, columns.data_type, coalesce(columns.comment, '')] order by columns.column_index)
        from duckdb_tables() as tables
        inner join duckdb_columns() as columns using (database_name, schema_name, table_name)
        where tables.database_name = current_database() and tables.schema_name = 'main'
        group by tables.table_name, tables.comment
        order by tables.table_name
        """
    ).fetchall()
    relations = []
    for name, description, columns in described:
        ((row_count,),) = connection.execute(f"select count(*) from main.{quoted(name)}").fetchall()
        relations.append(Exported(name, row_count, description or "", tuple(tuple(column) for column in columns)))
    return relations


def read_build(connection: duckdb.DuckDBPyConnection) -> Build:
    return Build(*connection.execute("select build_id, built_at, version from build_info").fetchall()[0])


def made_from(connection: duckdb.DuckDBPyConnection, relations: Sequence[Exported]) -> str:
    """Return what stays the same as long as the marts do; build_ relations differ between builds and do not count."""
    found: list[Any] = [EXPORTS_VERSION, duckdb.__version__]
    for relation in relations:
        if not relation.name.startswith("build_"):
            ((content,),) = connection.execute(
                f"""
                select concat_ws(' ', count(*), bit_xor(row_hash), sum(row_hash % 4294967296))
                from (select hash(rows_in) as row_hash from main.{quoted(relation.name)} as rows_in)
                """
            ).fetchall()
            found.append([dataclasses.astuple(relation), content])
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()


# --- files ------------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def new_files(folder: Path) -> Iterator[Callable[[str], Path]]:
    """Give names to write to in a folder; when all is written, the files are moved to their places one by one."""
    written: dict[str, Path] = {}

    def new(name: str) -> Path:
        written[name] = folder / f".{name}.{uuid.uuid4().hex[:12]}.partial"
        return written[name]

    try:
        yield new
        for name, path in written.items():
            os.replace(path, folder / name)
    finally:
        for path in written.values():
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def entry(name: str, path: Path, build: Build, row_count: int | None) -> dict[str, object]:
    """Return what the manifest says of a file."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    said = {"file": name, "build_id": build.build_id, "bytes": path.stat().st_size, "sha256": sha256}
    return said if row_count is None else said | {"rows": row_count}


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of the exports in a folder; nothing where it is missing or broken."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    with new_files(folder) as new:
        new(MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def is_whole(folder: Path, manifest: dict[str, Any]) -> bool:
    """Say whether all files of a manifest are there, in their size."""
    try:
        return all((folder / file["file"]).stat().st_size == file["bytes"] for file in manifest["files"])
    except (OSError, KeyError, TypeError):
        return False


def remove_strays(folder: Path) -> None:
    """Remove what an export that died a day ago or more left half-written."""
    for stray in folder.glob(".*.partial"):
        with contextlib.suppress(OSError):
            if time.time() - stray.stat().st_mtime > STRAY_AFTER_SECONDS:
                stray.unlink()


def remove_others(folder: Path, manifest: dict[str, Any], names: set[str]) -> None:
    """Remove the files of an earlier export whose relations are no more; never another file."""
    for file in manifest.get("files", ()):
        name = str(file.get("file", ""))
        if name == Path(name).name and name.endswith((".parquet", ".xlsx")) and name not in names:
            with contextlib.suppress(OSError):
                (folder / name).unlink(missing_ok=True)


# --- Parquet ----------------------------------------------------------------------------------------------------------


def write_parquet(connection: duckdb.DuckDBPyConnection, relation: Exported, path: Path, build: Build) -> None:
    # Snappy, which every reader of Parquet knows.
    connection.execute(
        f"""
        copy main.{quoted(relation.name)} to {literal(str(path))} (
            format parquet, compression snappy, kv_metadata {{
                build_id: {literal(build.build_id)},
                relation: {literal(relation.name)},
                description: {literal(relation.description)}
            }}
        )
        """
    )


# --- CSV --------------------------------------------------------------------------------------------------------------


def write_csv(connection: duckdb.DuckDBPyConnection, folder: Path, names: Sequence[str] = ()) -> list[Path]:
    """Write relations (all, if none is named) as CSV into a folder; return the files.

    Encoded so that Excel reads it; a text that a spreadsheet would take for a formula gets an apostrophe before it.

    Raises:
        WarehouseError: a relation is not there.
    """
    relations = {relation.name: relation for relation in read_relations(connection)}
    missing = sorted(set(names) - set(relations))
    if missing:
        raise WarehouseError(f"the warehouse has no relation {', '.join(missing)}; it has {', '.join(relations)}")
    folder.mkdir(parents=True, exist_ok=True)
    chosen = list(names or relations)
    with new_files(folder) as new:
        for name in chosen:
            with new(f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(column for column, _, _ in relations[name].columns)
                for row in rows_of(connection, f"select * from main.{quoted(name)}"):
                    writer.writerow(csv_cell(value) for value in row)
    return [folder / f"{name}.csv" for name in chosen]


def csv_cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[tuple[Any, ...]]:
    result = connection.execute(query)
    while rows := result.fetchmany(5000):
        yield from rows


# --- Excel ------------------------------------------------------------------------------------------------------------


class Formats:
    """The formats of the workbook's cells."""

    def __init__(self, workbook: Workbook) -> None:
        def add(**properties: object) -> Format:
            return workbook.add_format({"valign": "top", **properties})

        self.title = add(bold=True, font_size=14)
        self.header = add(bold=True, bg_color="#1F3864", font_color="#FFFFFF", text_wrap=True, border=1)
        self.text = add()
        self.wrapped = add(text_wrap=True)
        # The text is a text even when the cell is edited.
        self.no_formula = add(quote_prefix=True)
        self.wrapped_no_formula = add(quote_prefix=True, text_wrap=True)
        self.whole = add(num_format="0")
        self.number = add(num_format="#,##0.##########")
        self.date = add(num_format="d mmm yyyy", align="left")
        self.time = add(num_format="d mmm yyyy hh:mm", align="left")
        self.link = add(font_color="#0563C1", underline=1)


def write_workbook(
    connection: duckdb.DuckDBPyConnection, relations: Sequence[Exported], path: Path, build: Build
) -> None:
    """Write the reading views as the sheets of a workbook, behind one that explains them and one of their columns."""
    from xlsxwriter import Workbook  # only an export needs it

    by_name = {relation.name: relation for relation in relations}
    views = [
        relation.name
        for relation in relations
        if not relation.name.startswith(PREFIXES) and relation.row_count <= MOST_VIEW_ROWS
    ]
    shown = [by_name[name] for name in dict.fromkeys((*SHEETS, *views)) if name in by_name]
    with Workbook(str(path), {"constant_memory": True}) as workbook:
        workbook.set_properties(
            {
                "title": "Children's Services Warehouse",
                "comments": f"Build {build.build_id}",
                "created": build.built_at,
            }
        )
        workbook.set_custom_property("build_id", build.build_id)
        formats = Formats(workbook)
        names = sheet_names(relation.name for relation in shown)
        write_contents(workbook.add_worksheet("contents"), formats, shown, names, build)
        write_columns(workbook.add_worksheet("columns"), formats, shown)
        for relation in shown:
            sheet = workbook.add_worksheet(names[relation.name])
            write_sheet(connection, sheet, formats, relation, by_name)


def sheet_names(relations: Iterable[str]) -> dict[str, str]:
    """Return a sheet's name for each relation, as short as Excel asks and each another."""
    names: dict[str, str] = {}
    for relation in relations:
        name = relation[:LONGEST_SHEET_NAME]
        for number in range(2, 1000):
            if name not in names.values() and name not in ("contents", "columns"):
                break
            name = f"{relation[: LONGEST_SHEET_NAME - 4]}_{number}"
        names[relation] = name
    return names


def write_contents(
    sheet: Worksheet, formats: Formats, shown: Sequence[Exported], names: dict[str, str], build: Build
) -> None:
    """Write the first sheet: what the workbook is, and what a row of each other sheet is."""
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 10)
    sheet.set_column(2, 2, 110)
    sheet.write_string(0, 0, "Children's Services Warehouse", formats.title)
    sheet.write_string(1, 0, f"Build {build.build_id} of {build.built_at:%d %B %Y %H:%M} UTC, version {build.version}")
    sheet.write_string(2, 0, "To cite a fact, look up its document and page: python -m loaders evidence ID")
    sheet.write_string(3, 0, ATTRIBUTION)
    for column, heading in enumerate(("sheet", "rows", "a row is")):
        sheet.write_string(5, column, heading, formats.header)
    for row, relation in enumerate(shown, 6):
        sheet.write_url(row, 0, f"internal:'{names[relation.name]}'!A1", formats.link, relation.name)
        sheet.write_number(row, 1, relation.row_count, formats.number)
        said = relation.description
        if relation.row_count >= MOST_ROWS:
            said = f"Excel holds the first {MOST_ROWS - 1:,} only; the Parquet file has all. {said}"
        sheet.write_string(row, 2, clean(said), formats.wrapped)
    sheet.freeze_panes(6, 0)


def write_columns(sheet: Worksheet, formats: Formats, shown: Sequence[Exported]) -> None:
    """Write the sheet that says what each column is."""
    for column, (heading, width) in enumerate((("sheet", 28), ("column", 34), ("type", 12), ("what it is", 110))):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, formats.header)
    row = 0
    for relation in shown:
        for name, data_type, description in relation.columns:
            row += 1
            sheet.write_string(row, 0, relation.name, formats.text)
            sheet.write_string(row, 1, name, formats.text)
            sheet.write_string(row, 2, data_type.lower(), formats.text)
            sheet.write_string(row, 3, clean(description), formats.wrapped)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(row, 1), 3)


def write_sheet(
    connection: duckdb.DuckDBPyConnection,
    sheet: Worksheet,
    formats: Formats,
    relation: Exported,
    by_name: dict[str, Exported],
) -> None:
    """Write a relation: its columns, the labels of its ids, and a link to the inspectorate's page of the authority."""
    query, columns = labelled(relation, by_name)
    with_link = columns[-1][0] == "source"
    widths, wraps = measure(connection, query, columns)
    for number, (name, _) in enumerate(columns):
        sheet.set_column(number, number, widths[number])
        sheet.write_string(0, number, name, formats.header)
    writers = [
        writer(sheet, formats, data_type, wraps[number], number) for number, (_, data_type) in enumerate(columns)
    ]
    if with_link:
        writers[-1] = link_writer(sheet, formats, len(columns) - 1)
    last = 0
    for last, row in enumerate(rows_of(connection, f"{query} limit {MOST_ROWS - 1}"), 1):
        for write, value in zip(writers, row, strict=True):
            if value is not None:
                write(last, value)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)


def labelled(relation: Exported, by_name: dict[str, Exported]) -> tuple[str, list[tuple[str, str]]]:
    """Return the query of a sheet and its columns with their types."""
    own = [(name, data_type) for name, data_type, _ in relation.columns]
    names = {name for name, _ in own}
    before: list[tuple[str, str]] = []
    behind: list[tuple[str, str]] = []
    joins = []
    urn = "null"
    for key, label_relation, labels in LABELS:
        if key not in names or label_relation not in by_name or label_relation == relation.name:
            continue
        label_columns = {name: data_type for name, data_type, _ in by_name[label_relation].columns}
        joins.append(f"left join main.{label_relation} using ({key})")
        for label in labels:
            if label in label_columns and label not in names:
                (before if key == "authority_id" else behind).append((label, label_columns[label]))
        if key == "authority_id" and "ofsted_urn" in label_columns:
            urn = f"{label_relation}.ofsted_urn"
    selected = [
        *(label_source(name) for name, _ in before),
        *(f"rows_in.{quoted(name)}" for name, _ in own),
        *(label_source(name) for name, _ in behind),
    ]
    columns = [*before, *own, *behind]
    if urn != "null":
        selected.append(f"nullif(regexp_extract({urn}::varchar, '^\\d+$'), '') as source")
        columns.append(("source", "VARCHAR"))
    ordered = [quoted(name) for name in ORDER if name in dict(columns)]
    ordered += [quoted(name) for name, _ in columns if name not in ORDER]
    return (
        f"select * from (select {', '.join(selected)} from main.{quoted(relation.name)} as rows_in {' '.join(joins)}) "
        f"order by {', '.join(ordered)}",
        columns,
    )


def label_source(label: str) -> str:
    (source,) = (relation for _, relation, labels in LABELS if label in labels)
    return f"{source}.{label}"


def measure(
    connection: duckdb.DuckDBPyConnection, query: str, columns: Sequence[tuple[str, str]]
) -> tuple[list[float], list[bool]]:
    """Return the widths of a sheet's columns, and which of them hold texts so long that they are wrapped."""
    names = ", ".join(f"c{number}" for number in range(len(columns)))
    lengths = ", ".join(f"coalesce(max(length(c{number}::varchar)), 0)" for number in range(len(columns)))
    (longest,) = connection.execute(f"select {lengths} from ({query}) as sheet ({names})").fetchall()
    widths, wraps = [], []
    for (name, data_type), length in zip(columns, longest, strict=True):
        is_long = data_type == "VARCHAR" and length > 60
        wraps.append(is_long)
        wide = 70.0 if length > 150 else 45.0
        widths.append(wide if is_long else min(max(len(name) + 4.0, length + 2.0), 62.0))
    return widths, wraps


def writer(
    sheet: Worksheet, formats: Formats, data_type: str, is_wrapped: bool, column: int
) -> Callable[[int, Any], object]:
    """Return what writes a value of a type into a row of a column."""
    if data_type == "VARCHAR":
        plain = formats.wrapped if is_wrapped else formats.text
        prefixed = formats.wrapped_no_formula if is_wrapped else formats.no_formula

        def write_text(row: int, value: str) -> object:
            text = clean(value)
            return sheet.write_string(row, column, text, prefixed if text.startswith(FORMULA_STARTS) else plain)

        return write_text
    if data_type == "BOOLEAN":
        return lambda row, value: sheet.write_boolean(row, column, value, formats.text)

    def write_value(row: int, value: Any) -> object:
        if isinstance(value, datetime):
            return sheet.write_datetime(row, column, value.replace(tzinfo=None), formats.time)
        if isinstance(value, date):
            return sheet.write_datetime(row, column, value, formats.date)
        if isinstance(value, int) and abs(value) < 10**15:
            return sheet.write_number(row, column, value, formats.whole)
        if isinstance(value, float) and math.isfinite(value):
            return sheet.write_number(row, column, value, formats.number)
        return sheet.write_string(row, column, clean(str(value)), formats.text)

    return write_value


def link_writer(sheet: Worksheet, formats: Formats, column: int) -> Callable[[int, str], object]:
    """Return what writes the link to an authority's page; Excel holds so many of them and no more."""

    def write_link(row: int, urn: str) -> object:
        page = PROVIDER_PAGE.format(urn=urn)
        if row > MOST_LINKS:
            return sheet.write_string(row, column, page, formats.text)
        return sheet.write_url(row, column, page, formats.link, f"Ofsted {urn}")

    return write_link


def clean(text: str) -> str:
    """Return a text as a cell can hold it."""
    text = NO_CHARACTERS.sub("", text)
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - len(CUT)] + CUT
