"""The published file, opened to be read."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

from loaders.files import first_line, printable
from loaders.settings import Settings
from loaders.sql import quoted

ALONE: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "lock_configuration": "true",
}


class WarehouseError(Exception):
    """What was asked for cannot be had; the message says why, and what to do."""


@contextlib.contextmanager
def open_warehouse(path: Path, alone: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the published file for reading.

    Args:
        path: the file.
        alone: let no query read or write any other file, for queries that a person wrote.

    Raises:
        WarehouseError: it is not there, or cannot be opened.
    """
    shown = printable(str(path))
    if not path.is_file():
        raise WarehouseError(
            f"there is no warehouse at {shown}: build it with `dbt build`, or set WAREHOUSE_PATH to the published file"
        )
    try:
        connection = duckdb.connect(str(path), read_only=True, config=ALONE if alone else {})
    except (duckdb.Error, OSError) as error:
        raise WarehouseError(f"{shown} cannot be opened as a DuckDB file: {first_line(error)}") from None
    with connection:
        yield connection


def published_build_id() -> str:
    """Return the build that the published file of the environment is of now; nothing where it does not tell."""
    with contextlib.suppress(Exception), open_warehouse(Settings.from_environment().warehouse_path) as connection:
        ((build_id,),) = connection.execute("select build_id from main.build_info").fetchall()
        return str(build_id)
    return ""


def columns_of(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Return the relations of the published file, each with its columns."""
    return dict(
        connection.execute(
            """
            select table_name, list(column_name order by column_index) from duckdb_columns()
            where database_name = current_database() and schema_name = 'main' and not internal
            group by table_name order by table_name
            """
        ).fetchall()
    )


def content_of(connection: duckdb.DuckDBPyConnection, relations: Iterable[str]) -> str:
    """Return what stays the same as long as these relations' rows do; build_ relations differ and do not count."""
    contents = [
        connection.execute(
            f"""
            select concat_ws(' ', ?, count(*), bit_xor(row_hash), sum(row_hash % 4294967296))
            from (select hash(rows_in) as row_hash from main.{quoted(name)} as rows_in)
            """,
            [name],
        ).fetchall()[0][0]
        for name in sorted(relations)
        if not name.startswith("build_")
    ]
    return hashlib.sha256("\n".join(contents).encode()).hexdigest()
