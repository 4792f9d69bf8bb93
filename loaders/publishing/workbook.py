"""The Excel workbook of the marts that people read: a sheet each, with names beside ids and links to the reports."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import duckdb

from loaders.ownership import MARK
from loaders.publishing.exported import FORMULA_STARTS, Build, Exported, rows_of
from loaders.sql import quoted

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

# The sheets of the workbook, in their order; behind them come the other reading views, which have no prefix.
SHEETS = (
    "latest_outcomes",
    "ilacs_overview",
    "ilacs_history",
    "area_send_overview",
    "jtai_overview",
    "fct_inspections",
    "fct_visits",
    "fct_judgements",
    "fct_judgement_changes",
    "fct_authority_metrics",
    "fct_recommendations",
    "fct_findings",
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
# A longer fact stands in several sheets, by the years of its documents; a longer view is for queries.
MOST_SHEET_ROWS = 20_000
# Whose columns are the sector's own: nothing is put between them.
AS_THEY_ARE = ("ilacs_overview", "ilacs_history", "area_send_overview", "jtai_overview")
# What is set beside ids, so that a sheet can be read alone: the column, and where it comes from once its join is made.
# Each join is made where its key is known: a column of the relation, or of one that was joined before.
JOINS = (
    ("dim_report", ("report_id",), ("file_name", "framework_id", "authority_id", "source_url")),
    ("dim_authority", ("authority_id",), ("authority_name", "ofsted_urn")),
    ("dim_framework", ("framework_id",), ("short_name",)),
    ("dim_judgement_area", ("framework_id", "judgement_area_id"), ("judgement_area_name",)),
    ("dim_metric", ("metric_id",), ("metric_name", "unit")),
)
# Before a relation's own columns, in this order, and behind them: the sheet's name of each.
BEFORE = {
    "authority_name": "authority_name",
    "short_name": "kind_of_document",
    "judgement_area_name": "judgement_area_name",
    "metric_name": "metric_name",
}
BEHIND = {"unit": "unit", "file_name": "file_name"}
# The day of a document, where a sheet has no day of its own: the first that is there.
DAYS = ("inspection_end_date", "published_date", "reporting_year_end")
DAYS_OF_OTHERS = ("inspection_end_date", "start_date", "period_end", "meeting_date", "year_id")
# What speaks of topics, by its key.
TOPICS = {"fct_recommendations": "recommendation_id", "fct_findings": "finding_id"}
# By what a sheet is sorted, before the rest of its columns: the same marts give the same sheet.
ORDER = (
    "authority_name",
    "local_authority",
    "metric_id",
    "year_id",
    "document_date",
    "inspection_end_date",
    "meeting_date",
    "file_name",
    "page_number",
    "paragraph_number",
)
PROVIDER_PAGE = "https://reports.ofsted.gov.uk/provider/44/"
LINK = "link"  # the type of a column whose cells lead somewhere
ATTRIBUTION = (
    "Contains public sector information licensed under the Open Government Licence v3.0. "
    "Reports of boards and reviewers have terms of their own."
)
# What Excel holds.
MOST_ROWS, MOST_CHARACTERS, MOST_LINKS, LONGEST_SHEET_NAME = 1_048_576, 32_767, 65_000, 31
LONGEST_LINK = 2_000
KINDS_OF_LINK = ("https://", "http://", "external:")
# A row is as high as its longest text asks, and no higher than can be read.
LINE_HEIGHT, MOST_LINES, LETTERS_OF_A_WIDTH = 15, 8, 1.1
CUT = " […cut: the whole text is in the warehouse]"
# What stands for something else in the address of a file.
NO_PATH = re.compile(r'[\s#%"<>\\^`{|}\[\]?]')
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


@dataclass(frozen=True)
class Sheet:
    """A sheet to be: its relation, and of a long one which documents' years, as a condition and in words."""

    name: str
    relation: Exported
    row_count: int
    condition: str = "true"
    years: str = ""

    @property
    def title(self) -> str:
        return f"{self.relation.name} {self.years}".strip()


def write_workbook(
    connection: duckdb.DuckDBPyConnection,
    relations: Sequence[Exported],
    path: Path,
    build: Build,
    originals: str | None = None,
) -> None:
    """Write the reading views as the sheets of a workbook, behind one that explains them and one of their columns.

    Args:
        connection: the published file.
        relations: what is exported of it.
        path: the workbook.
        build: what it is of.
        originals: the way from the workbook to the folder of the reports, to link to them; none where it is not known.
    """
    from xlsxwriter import Workbook  # only an export needs it

    by_name = {relation.name: relation for relation in relations}
    views = [
        relation.name
        for relation in relations
        if not relation.name.startswith(PREFIXES) and relation.row_count <= MOST_SHEET_ROWS
    ]
    shown = [by_name[name] for name in dict.fromkeys((*SHEETS, *views)) if name in by_name]
    sheets = sheets_of(connection, shown, by_name)
    with Workbook(str(path), {"constant_memory": True}) as workbook:
        workbook.set_properties(
            {
                "title": "Children's Services Warehouse",
                "comments": f"Content {build.content}",
                "created": build.built_at,
            }
        )
        workbook.set_custom_property(MARK, build.content or build.build_id)
        formats = Formats(workbook)
        left_out = [relation for relation in relations if relation not in shown]
        write_contents(workbook.add_worksheet("contents"), formats, sheets, left_out, build)
        write_columns(workbook.add_worksheet("columns"), formats, shown)
        for sheet in sheets:
            write_sheet(connection, workbook.add_worksheet(sheet.name), formats, sheet, by_name, originals)


def sheets_of(
    connection: duckdb.DuckDBPyConnection, shown: Sequence[Exported], by_name: dict[str, Exported]
) -> list[Sheet]:
    """Return the sheets of the relations: one each, or of a long one as many as its documents' years ask."""
    sheets = []
    for relation in shown:
        parts = parts_of(connection, relation, by_name) if relation.row_count > MOST_SHEET_ROWS else []
        for words, row_count, condition in parts or [("", relation.row_count, "true")]:
            sheets.append(Sheet(f"{relation.name} {words}".strip(), relation, row_count, condition, words))
    names = sheet_names(sheet.name for sheet in sheets)
    return [replace(sheet, name=names[sheet.name]) for sheet in sheets]


def parts_of(
    connection: duckdb.DuckDBPyConnection, relation: Exported, by_name: dict[str, Exported]
) -> list[tuple[str, int, str]]:
    """Return the years of documents that share a sheet, in words, their rows, and the condition; none without years."""
    query, columns = labelled(relation, by_name)
    day = next((name for name, data_type in columns if data_type == "DATE"), None)
    if day is None:
        return []
    counts = connection.execute(
        f"select year({quoted(day)}) as year, count(*) from ({query}) group by year order by year nulls last"
    ).fetchall()
    shares: list[list[tuple[int | None, int]]] = []
    for year, count in counts:
        if not shares or sum(rows for _, rows in shares[-1]) + count > MOST_SHEET_ROWS or year is None:
            shares.append([])
        shares[-1].append((year, count))
    parts = []
    for share in shares:
        first, last = share[0][0], share[-1][0]
        words = "undated" if first is None else f"{first}" if first == last else f"{first}-{last}"
        is_of = f"year({quoted(day)}) between {first} and {last}" if first is not None else f"{quoted(day)} is null"
        parts.append((words, sum(rows for _, rows in share), is_of))
    return parts


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
    sheet: Worksheet, formats: Formats, sheets: Sequence[Sheet], left_out: Sequence[Exported], build: Build
) -> None:
    """Write the first sheet: what the workbook is, what a row of each other sheet is, and what is not in it."""
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 1, 10)
    sheet.set_column(2, 2, 110)
    sheet.write_string(0, 0, "Children's Services Warehouse", formats.title)
    sheet.write_string(1, 0, f"Built on {build.built_at:%d %B %Y}, version {build.version}, content {build.content}")
    sheet.write_string(2, 0, "To cite a fact, look up its document and page: python -m loaders evidence ID")
    sheet.write_string(3, 0, ATTRIBUTION)
    for column, heading in enumerate(("sheet", "rows", "a row is")):
        sheet.write_string(5, column, heading, formats.header)
    row = 5
    for row, shown in enumerate(sheets, 6):
        sheet.write_url(row, 0, f"internal:'{shown.name}'!A1", formats.link, shown.title)
        sheet.write_number(row, 1, shown.row_count, formats.number)
        said = shown.relation.description
        if shown.years:
            said = f"Too long for one sheet, so by the documents' years: here {shown.years}. {said}"
        if shown.row_count >= MOST_ROWS:
            said = f"Excel holds the first {MOST_ROWS - 1:,} only; the Parquet file has all. {said}"
        set_height(sheet, row, lines(said, 110))
        sheet.write_string(row, 2, clean(said), formats.wrapped)
    if left_out:
        row += 2
        for column, heading in enumerate(("not in this workbook", "rows", "in its Parquet file, a row is")):
            sheet.write_string(row, column, heading, formats.header)
        for relation in left_out:
            row += 1
            set_height(sheet, row, lines(relation.description, 110))
            sheet.write_string(row, 0, f"{relation.name}.parquet", formats.text)
            sheet.write_number(row, 1, relation.row_count, formats.number)
            sheet.write_string(row, 2, clean(relation.description), formats.wrapped)
    sheet.freeze_panes(6, 0)
    set_printed(sheet)


def write_columns(sheet: Worksheet, formats: Formats, shown: Sequence[Exported]) -> None:
    """Write the sheet that says what each column is."""
    for column, (heading, width) in enumerate((("sheet", 28), ("column", 34), ("type", 12), ("what it is", 110))):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, formats.header)
    row = 0
    for relation in shown:
        for name, data_type, description in relation.columns:
            row += 1
            set_height(sheet, row, lines(description, 110))
            sheet.write_string(row, 0, relation.name, formats.text)
            sheet.write_string(row, 1, name, formats.text)
            sheet.write_string(row, 2, data_type.lower(), formats.text)
            sheet.write_string(row, 3, clean(description), formats.wrapped)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(row, 1), 3)
    set_printed(sheet)


def write_sheet(
    connection: duckdb.DuckDBPyConnection,
    sheet: Worksheet,
    formats: Formats,
    shown: Sheet,
    by_name: dict[str, Exported],
    originals: str | None,
) -> None:
    """Write a relation: names before ids, the links to the document and to the authority's page, and the ids."""
    query, columns = labelled(shown.relation, by_name, originals)
    query = f"from ({query}) where {shown.condition}"
    widths, wraps = measure(connection, query, columns)
    for number, (name, _) in enumerate(columns):
        sheet.set_column(number, number, widths[number])
        sheet.write_string(0, number, name, formats.header)
    writers = [
        (link_writer if data_type == LINK else writer)(sheet, formats, data_type, wraps[number], number)
        for number, (_, data_type) in enumerate(columns)
    ]
    wrapped = [number for number, is_wrapped in enumerate(wraps) if is_wrapped]
    last = 0
    rows = rows_of(connection, f"{query} order by {order_of(columns)} limit {MOST_ROWS - 1}")
    for last, row in enumerate(rows, 1):
        set_height(sheet, last, max((lines(row[number], widths[number]) for number in wrapped), default=1))
        for write, value in zip(writers, row, strict=True):
            if value is not None:
                write(last, value)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
    set_printed(sheet)


def set_printed(sheet: Worksheet) -> None:
    """Have all columns of a sheet on one page, and its head on each."""
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def lines(text: str | None, width: float) -> int:
    """Return how many lines a text takes in a column, about."""
    return sum(max(1, math.ceil(len(part) / (width * LETTERS_OF_A_WIDTH))) for part in (text or "").split("\n"))


def set_height(sheet: Worksheet, row: int, count: int) -> None:
    """Make a row as high as so many lines: neither Excel nor LibreOffice has to find out as it opens the file."""
    sheet.set_row(row, LINE_HEIGHT * min(max(count, 1), MOST_LINES))


def labelled(
    relation: Exported, by_name: dict[str, Exported], originals: str | None = None
) -> tuple[str, list[tuple[str, str]]]:
    """Return the query of a sheet and its columns with their types: names first, then the rest, links and ids last.

    A column whose type is a link holds the address; where it is one of words of its own, behind a bar.
    """
    own = {name: data_type for name, data_type, _ in relation.columns}
    if relation.name in AS_THEY_ARE:
        as_they_are = [(name, LINK if name == "inspection_link" else data_type) for name, data_type in own.items()]
        return f"from main.{quoted(relation.name)}", as_they_are
    known = {name: f"rows_in.{quoted(name)}" for name in own}
    types = dict(own)
    joins = []
    for joined, key, wanted in JOINS:
        if joined not in by_name or joined == relation.name or not set(key) <= set(known):
            continue
        there = {name: data_type for name, data_type, _ in by_name[joined].columns}
        met = " and ".join(f"{known[name]} = {joined}.{name}" for name in key)
        joins.append(f"left join main.{joined} on {met}")
        for name in wanted:
            if name in there and name not in known:
                known[name], types[name] = f"{joined}.{name}", there[name]
        if joined == "dim_report" and not set(own) & set(DAYS_OF_OTHERS):
            days = [f"dim_report.{name}" for name in DAYS if name in there]
            if days:
                known["document_date"], types["document_date"] = f"coalesce({', '.join(days)})", "DATE"
    if relation.name in TOPICS and (topics := topics_join(relation.name, by_name)):
        joins.append(topics)
        known["topics"], types["topics"] = "topics_of.topics", "VARCHAR"

    columns: dict[str, tuple[str, str]] = {}  # the sheet's name of a column, what it is, its type
    for name, said in BEFORE.items():
        if name in known:
            columns[said] = known[name], types[name]
    if "document_date" in known:
        columns["document_date"] = known["document_date"], "DATE"
    ids = [name for name in own if is_id(name)]
    for name in own:
        if name not in ids:
            columns.setdefault(name, (known[name], own[name]))
    if "topics" in known:
        columns["topics"] = known["topics"], "VARCHAR"
    for name, said in BEHIND.items():
        if name in known:
            columns.setdefault(said, (known[name], types[name]))
    if "file_name" in known and (link := original_link(known, originals)):
        columns["original"] = link, LINK
    if "ofsted_urn" in known:
        urn = f"nullif(regexp_extract({known['ofsted_urn']}::varchar, '^\\d+$'), '')"
        columns["source"] = f"'{PROVIDER_PAGE}' || {urn} || '|Ofsted ' || {urn}", LINK
    for name in ids:
        columns[name] = known[name], own[name]
    selected = ", ".join(f"{expression} as {quoted(name)}" for name, (expression, _) in columns.items())
    query = f"select {selected} from main.{quoted(relation.name)} as rows_in {' '.join(joins)}"
    return query, [(name, data_type) for name, (_, data_type) in columns.items()]


def is_id(name: str) -> bool:
    """Say whether a column is for joins, and not to be read."""
    return name == "sha256" or (name.endswith("_id") and name != "year_id")


def topics_join(relation: str, by_name: dict[str, Exported]) -> str | None:
    """Return the join that gives a text's topics by name, where they are published."""
    key = TOPICS[relation]
    topics = f"{relation.removesuffix('s')}_topics"
    if topics not in by_name or "dim_topic" not in by_name:
        return None
    return f"""
        left join (
            select {key}, string_agg(distinct topic_name, '; ' order by topic_name) as topics
            from main.{topics} inner join main.dim_topic using (topic_id) group by {key}
        ) as topics_of on rows_in.{key} = topics_of.{key}
    """


def original_link(known: dict[str, str], originals: str | None) -> str | None:
    """Return the expression of a document's address: where it was published, else its place beside the workbook."""
    places = []
    if "source_url" in known:
        page = f" || coalesce('#page=' || {known['page_number']}, '')" if "page_number" in known else ""
        places.append(f"{known['source_url']}{page} || '|' || {known['file_name']}")
    if originals:
        base = originals.replace("'", "''")
        places.append(f"'external:{base}' || {known['file_name']} || '|' || {known['file_name']}")
    return f"coalesce({', '.join(places)})" if places else None


def order_of(columns: Sequence[tuple[str, str]]) -> str:
    """Return what a sheet is sorted by: the columns that people look by, then all others."""
    names = [name for name, _ in columns]
    return ", ".join(quoted(name) for name in (*(name for name in ORDER if name in names), *names))


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
        least = len(name) + 4.0  # with the arrow of the filter
        widths.append(wide if is_long else 24.0 if data_type == LINK else min(max(least, length + 2.0), 62.0))
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


def link_writer(
    sheet: Worksheet, formats: Formats, data_type: str, is_wrapped: bool, column: int
) -> Callable[[int, str], object]:
    """Return what writes a link, its address and behind a bar its words; Excel holds so many of them and no more."""

    def write_link(row: int, value: str) -> object:
        address, _, words = value.partition("|")
        shown = clean(words or address)
        if row > MOST_LINKS or len(address) > LONGEST_LINK or not address.startswith(KINDS_OF_LINK):
            return sheet.write_string(row, column, shown, formats.text)
        if address.startswith("external:"):  # a path, in which some characters have a meaning of their own
            address = "external:" + NO_PATH.sub(lambda match: quote(match[0]), address.removeprefix("external:"))
        return sheet.write_url(row, column, address, formats.link, shown)

    return write_link


def clean(text: str) -> str:
    """Return a text as a cell can hold it."""
    if not text.isprintable():  # quickly asked, of every cell
        text = NO_CHARACTERS.sub("", text)
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - len(CUT)] + CUT
