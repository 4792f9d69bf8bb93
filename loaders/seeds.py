"""The seeds as files: what an editor or a spreadsheet can have done to them, told by file and line.

dbt tells less of it, and later: of a file in another encoding no name, of a bad expression no row.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import yaml  # type: ignore[import-untyped]

from loaders.files import first_line

# Columns whose texts are expressions; of several words, as in metric_patterns, what stands for a number is a word, too.
EXPRESSION = re.compile(r"(?:.*_)?pattern|unless|heading")
OTHER_MARKS = {";": "semicolons", "\t": "tabs"}


def what_is_wrong(folder: Path) -> Iterator[str]:
    """Give a sentence for each place of the seeds of a project's folder that cannot be read; nothing where all can.

    Of a file whose head is wrong, the head alone.
    """
    with duckdb.connect() as connection:
        for path in sorted((folder / "seeds").rglob("*.csv")):
            shown = path.relative_to(folder).as_posix()
            for line, fault in faults(path, connection):
                yield f"{shown}, line {line}: {fault}"


def faults(path: Path, connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, str]]:
    """Give the faults of a seed, each with its line."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        yield line, "this is no UTF-8, most likely because a spreadsheet saved it: save it as “CSV UTF-8”"
        return
    head, _, _ = text.partition("\n")
    expected = columns_described(path)
    for mark, name in OTHER_MARKS.items():
        if mark in head and "," not in head and len(expected) != 1:
            yield 1, f"its columns are parted by {name}, as some spreadsheets save them: part them by commas"
            return
    columns = head.strip().split(",")
    if expected and sorted(columns) != sorted(expected):
        yield 1, f"its columns are {', '.join(columns)}; they should be {', '.join(expected)}"
        return
    yield from faults_of_rows(text, columns, connection)


def faults_of_rows(text: str, columns: list[str], connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, str]]:
    expressions = [number for number, name in enumerate(columns) if EXPRESSION.fullmatch(name)]
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    line = 1
    try:
        for row in reader:
            if row and len(row) != len(columns):
                values = "1 value" if len(row) == 1 else f"{len(row)} values"
                yield (
                    line,
                    f"{values} for {len(columns)} columns ({', '.join(columns)}): a text with a comma needs "
                    "quotation marks around it",
                )
            elif row and line > 1:
                for number in expressions:
                    if fault := fault_of_expression(row[number], connection):
                        yield line, f"{columns[number]} is no expression that can be read: {fault}"
            line = reader.line_num + 1
    except csv.Error as error:
        yield line, f"a quotation mark is not closed, or stands where none can ({error})"


def fault_of_expression(expression: str, connection: duckdb.DuckDBPyConnection) -> str | None:
    """Return what the engine says of a regular expression that it cannot read; nothing where it can."""
    try:
        connection.execute("select regexp_matches('', ?)", [expression])
    except duckdb.Error as error:
        return first_line(error).partition(": ")[2] or first_line(error)
    return None


def columns_described(path: Path) -> list[str]:
    """Return the columns that a seed's YAML describes; none where it has no YAML yet."""
    described = path.with_suffix(".yml")
    if not described.is_file():
        return []
    (seed,) = yaml.safe_load(described.read_text(encoding="utf-8"))["seeds"]
    return [column["name"] for column in seed["columns"]]
