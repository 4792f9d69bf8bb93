"""What is exported: the relations of the published file, their build, and what of others stands in the way."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from loaders.errors import PublicationError
from loaders.files import printable
from loaders.ownership import is_parquet_of_ours, is_workbook_of_ours, refuse_another
from loaders.settings import Settings
from loaders.sql import quoted

MANIFEST = "manifest.json"
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
    """The build that a warehouse is of.

    content: the fingerprint of its rows (build_info); empty in a file of an older version.
    """

    build_id: str
    built_at: datetime
    version: str
    content: str = ""
    reports_folder_id: str = ""
    names_published: bool = True


def read_relations(connection: duckdb.DuckDBPyConnection) -> list[Exported]:
    """Return the relations of a published file, by name; those that tell of builds (build_) among them."""
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
    result = connection.execute("select * from build_info")
    told = dict(zip([column[0] for column in result.description or ()], result.fetchone() or (), strict=False))
    known = {field.name: told.get(field.name) for field in fields(Build)}
    return Build(**{name: value for name, value in known.items() if value is not None})


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[tuple[Any, ...]]:
    result = connection.execute(query)
    while rows := result.fetchmany(5000):
        yield from rows


# --- what stands in the way ---


def refuse_exports_of_others(settings: Settings, relations: Sequence[str]) -> None:
    """Refuse to export these relations where a file stands in the way that is no export.

    Raises:
        PublicationError: with what is there.
    """
    folder = settings.exports_path
    if folder is None:
        return
    if folder.exists() and not folder.is_dir():
        raise PublicationError(f"EXPORTS_PATH names a file, {printable(str(folder))}: name a folder, or none")
    kinds = {
        MANIFEST: lambda path: "build_id" in read_manifest(path.parent),
        workbook_name(settings): is_workbook_of_ours,
        **{f"{relation}.parquet": is_parquet_of_ours for relation in relations},
    }
    for name, is_ours in kinds.items():
        refuse_another(folder / name, is_ours, "an export of this project (EXPORTS_PATH)")


def workbook_name(settings: Settings) -> str:
    return f"{Path(os.path.realpath(settings.warehouse_path)).stem}.xlsx"


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of the exports in a folder; nothing where it is missing or broken."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}
