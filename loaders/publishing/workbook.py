"""The Excel workbook of the marts that people read: a sheet each, with names beside ids and links to the reports."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from loaders.publishing.exported import FORMULA_STARTS, Build, Exported, rows_of
from loaders.sql import quoted

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

# The sheets of the workbook, in their order; behind them come the other reading views, which have no prefix.
SHEETS = (
    "latest_outcomes",
    "fct_inspections",
    "fct_visits",
    "fct_judgements",
    "fct_judgement_changes",
    "fct_authority_metrics",
    "fct_recommendations",
    "fct_board_attendance",
    "fct_board_income",
    "fct_board_spending",
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
