"""The published file, as rows that pages are made of."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import duckdb

HERE = Path(__file__).parent
QUERIES = HERE / "queries"
CONTRACT = (HERE / "contract.sql").read_text(encoding="utf-8")

# The file can hold what no calendar or scale has: a page shows such a date or number as not known, and a fact of such a
# value not at all.
SHOWABLE = {
    "DATE": "case when {0} between date '1900-01-01' and date '2100-12-31' then {0} end",
    "DOUBLE": "case when isfinite({0}) and abs({0}) < 1e15 then round({0}, 9) end",
}

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
        "select table_name, list((column_name, data_type) order by column_index) from duckdb_columns() "
        "inner join duckdb_tables() using (database_name, schema_name, table_name) "
        "where database_name = 'memory' group by table_name order by table_name"
    ).fetchall()
    for table, columns in wanted:
        present = [(f'"{column}"', kind) for column, kind in columns if (table, column) in given]
        if present:
            names = ", ".join(name for name, _ in present)
            values = ", ".join(SHOWABLE.get(kind, "{0}").format(name) for name, kind in present)
            shown = f"where value is null or {SHOWABLE['DOUBLE'].format('value')} is not null"
            condition = shown if ('"value"', "DOUBLE") in present else ""
            connection.execute(
                f'insert into "{table}" ({names}) select {values} from warehouse.main."{table}" {condition}'
            )
    connection.execute("detach warehouse")


def _rows(connection: duckdb.DuckDBPyConnection, query: Path) -> list[Row]:
    result = connection.execute(query.read_text(encoding="utf-8"))
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
