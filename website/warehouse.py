"""The published file, as rows that pages are made of."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import duckdb

HERE = Path(__file__).parent
QUERIES = HERE / "queries"
CONTRACT = (HERE / "contract.sql").read_text(encoding="utf-8")

Row = dict[str, Any]


def read_warehouse(path: Path) -> dict[str, list[Row]]:
    """Run every query on the file; return its rows under the query's name. What the file lacks is empty."""
    with contextlib.closing(duckdb.connect()) as connection:
        connection.execute("set threads = 2")
        connection.execute(CONTRACT)
        _copy(connection, path)
        return {query.stem: _rows(connection, query) for query in sorted(QUERIES.glob("*.sql"))}


def _copy(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Fill the contract's tables from the file; only what is read is copied, so the file is held for a moment."""
    literal = "'" + str(path).replace("'", "''") + "'"
    connection.execute(f"attach {literal} as warehouse (read_only)")
    given = {
        (table, column)
        for table, column in connection.execute(
            "select table_name, column_name from duckdb_columns() "
            "where database_name = 'warehouse' and schema_name = 'main'"
        ).fetchall()
    }
    wanted = connection.execute(
        "select table_name, list(column_name order by column_index) from duckdb_columns() "
        "inner join duckdb_tables() using (database_name, schema_name, table_name) "
        "where database_name = 'memory' group by table_name order by table_name"
    ).fetchall()
    for table, columns in wanted:
        names = ", ".join(f'"{column}"' for column in columns if (table, column) in given)
        if names:
            connection.execute(f'insert into "{table}" ({names}) select {names} from warehouse.main."{table}"')
    connection.execute("detach warehouse")


def _rows(connection: duckdb.DuckDBPyConnection, query: Path) -> list[Row]:
    result = connection.execute(query.read_text(encoding="utf-8"))
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
