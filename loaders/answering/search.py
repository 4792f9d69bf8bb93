"""A search, asked of the published file, whose macro ``search`` its publication made."""

from __future__ import annotations

from typing import Any

import duckdb

from loaders.warehouse import WarehouseError


def search(connection: duckdb.DuckDBPyConnection, words: str, among: str, limit: int) -> list[dict[str, Any]]:
    """Return what a search finds, the best first.

    Raises:
        WarehouseError: the warehouse has no search, or no such thing to search in.
    """
    macros = {
        name
        for (name,) in connection.execute(
            "select function_name from duckdb_functions() where function_type = 'table_macro' and schema_name = 'main'"
        ).fetchall()
    }
    if "search" not in macros:
        raise WarehouseError("this warehouse has no search: it was built before there was one, so run `dbt build`")
    result = connection.execute("select * from search(?, among := ?) limit ?", [words, among, limit])
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
