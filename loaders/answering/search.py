"""A search, asked of the published file, whose macro ``search`` its publication made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb

from loaders.warehouse import WarehouseError


def search(connection: duckdb.DuckDBPyConnection, words: str, among: str, limit: int) -> list[dict[str, Any]]:
    """Return what a search finds, the best first.

    Raises:
        WarehouseError: the warehouse has no search, or no such thing to search in.
    """
    if "search" not in macros_of(connection):
        raise WarehouseError("this warehouse has no search: it was built before there was one, so run `dbt build`")
    result = connection.execute("select * from search(?, among := ?) limit ?", [words, among, limit])
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def other_words(connection: duckdb.DuckDBPyConnection, words: str) -> Iterator[str]:
    """Say of each word that stands in no document what was searched in its place; nothing where there is no index."""
    if "search_words" not in macros_of(connection):
        return
    asked = connection.execute("select word, searched_for, did_you_mean from search_words(?) where not stands", [words])
    for word, searched_for, nearest in asked.fetchall():
        if searched_for:
            shown = ", ".join(f"“{form}”" for form in searched_for)
            yield f"“{word}” stands in no document: showing results for {shown}"
        else:
            question = f": did you mean “{nearest}”?" if nearest else ""
            yield f"“{word}” stands in no document and was passed over{question}"


def macros_of(connection: duckdb.DuckDBPyConnection) -> set[str]:
    found = connection.execute(
        "select function_name from duckdb_functions() where function_type = 'table_macro' and schema_name = 'main'"
    )
    return {name for (name,) in found.fetchall()}
