"""What is exported: the relations of the published file as exports read them, and the build that they are of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import duckdb

from loaders.sql import quoted

if TYPE_CHECKING:
    pass

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


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[tuple[Any, ...]]:
    result = connection.execute(query)
    while rows := result.fetchmany(5000):
        yield from rows
