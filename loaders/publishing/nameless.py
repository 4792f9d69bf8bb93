"""The rows as they are published without names of people."""

from __future__ import annotations

import contextlib
from pathlib import Path

import duckdb

from loaders.publishing.redaction import Names, Redactor, read_names, registered
from loaders.publishing.relations import FILE_NAMES_COLUMN, Relation
from loaders.sql import quoted


def names_to_leave_out(cursor: duckdb.DuckDBPyConnection, marts: list[Relation]) -> Names:
    """The names that the build has recognised, in the marts or in the text."""
    columns = [(mart, column) for mart in marts for column in mart.columns if not column.is_code]
    return read_names(
        cursor,
        personal=[(mart.name, column.name) for mart, column in columns if column.is_personal],
        dimensions=[(mart.name, column.name) for mart, column in columns if mart.is_dimension],
    )


def functions_of(
    connection: duckdb.DuckDBPyConnection, redactor: Redactor | None
) -> contextlib.AbstractContextManager[tuple[str, str] | None]:
    return registered(connection, redactor) if redactor else contextlib.nullcontext()


def select_without_names(mart: Relation, marts: list[Relation], redact: str, redact_file_names: str) -> str:
    """The rows of a mart, personal columns null and names out of its texts; what a dimension holds stays as it is.

    Names are left out as the file is written: a later update would leave them in blocks of the file.
    """
    codes = {column.name for other in marts if other.is_dimension for column in other.columns}
    columns = []
    for column in mart.columns:
        name = quoted(column.name)
        if column.is_personal:
            columns.append(f"null::varchar as {name}")
        elif column.is_code or mart.is_dimension or column.name in codes:
            columns.append(name)
        else:
            function = redact_file_names if FILE_NAMES_COLUMN.fullmatch(column.name) else redact
            columns.append(f"{function}({name}) as {name}")
    return f"select {', '.join(columns)} from main.{quoted(mart.name)}"


def names_left_out(path: Path) -> str:
    """What a build says of the names that it did not publish."""
    with contextlib.closing(duckdb.connect(str(path), read_only=True)) as reader:
        counts = reader.sql("select names_removed, places_removed, places_in_doubt from build_info").fetchall()[0]
    if counts[0] is None:
        return ""
    return "; {:,} names left out in {:,} places, {:,} more in doubt (README, people's names)".format(*counts)
