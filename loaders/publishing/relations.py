"""What is published: relations with their columns and descriptions, as the build file has them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import duckdb

from loaders.errors import PublicationError
from loaders.sql import quoted

# A text column so named holds names of people. A new one is covered when its name says so.
PERSONAL_COLUMN = re.compile(
    r"(?:.*_)?(?:person|inspector|addressee|author|chair|chairperson|contact|director|officer|reviewer|signatory)s?"
    r"(?:_full)?(?:_names?)?"
)
FILE_NAMES_COLUMN = re.compile(r"(?:.*_)?file_?names?")


@dataclass(frozen=True)
class Column:
    name: str
    data_type: str
    description: str | None

    @property
    def is_personal(self) -> bool:
        return self.data_type == "VARCHAR" and PERSONAL_COLUMN.fullmatch(self.name) is not None

    @property
    def is_code(self) -> bool:
        """Whether it holds no words of documents, whatever its relation."""
        return self.data_type != "VARCHAR" or self.name.endswith("_id") or self.name == "sha256"


@dataclass(frozen=True)
class Relation:
    """A relation of the published file."""

    name: str
    description: str | None
    columns: tuple[Column, ...]
    row_count: int = 0

    @property
    def is_dimension(self) -> bool:
        """Whether its texts are the project's own, and not of documents."""
        return self.name.startswith("dim_") and self.name != "dim_report"


BUILD_INFO = Relation(
    "build_info",
    "One row, the build that made this file: its version, its libraries and its counts",
    (
        Column("build_id", "VARCHAR", "The id of the dbt invocation that made this file"),
        Column("version", "VARCHAR", "The version of the project"),
        Column("commit", "VARCHAR", "The project's git commit, -dirty where files had changed; null without git"),
        Column("built_at", "TIMESTAMP", "When the file was written, in UTC"),
        Column("python_version", "VARCHAR", "The version of Python"),
        Column("duckdb_version", "VARCHAR", "The version of DuckDB, the engine"),
        Column("dbt_version", "VARCHAR", "The version of dbt-core"),
        Column("dbt_duckdb_version", "VARCHAR", "The version of dbt-duckdb, which lets dbt use the engine"),
        Column("pypdfium2_version", "VARCHAR", "The version of pypdfium2, which reads the text of PDFs"),
        Column("pdfplumber_version", "VARCHAR", "The version of pdfplumber, which finds the tables of PDFs"),
        Column("document_count", "BIGINT", "The documents in the warehouse, the rows of dim_report"),
        Column("rejected_count", "BIGINT", "The files that could not be read, the rows of rejected_documents"),
        Column("relation_count", "BIGINT", "The relations in the file, the build_ ones apart"),
        Column("row_count", "BIGINT", "The rows of all those relations together"),
        Column("reports_folder", "VARCHAR", "The name of the folder, or bucket prefix, that held the documents"),
        Column("reports_folder_id", "VARCHAR", "A hash of that folder's whole path: equal as long as it is the same"),
        Column("names_published", "BOOLEAN", "Whether the names of inspectors and officers are in the file"),
        Column("names_removed", "BIGINT", "Where they are not: how many people were recognised"),
        Column("places_removed", "BIGINT", "How many times a name was taken out of a text"),
        Column("places_in_doubt", "BIGINT", "How many times words begin as one of the names and go on in another way"),
        Column("made_from", "VARCHAR", "A fingerprint of the marts, the code and the settings that made this file"),
        Column("content", "VARCHAR", "A fingerprint of all rows, the build_ relations apart: equal where they are"),
    ),
)
BUILD_RELATIONS = Relation(
    "build_relations",
    "One row per relation in this file, the build_ ones apart",
    (
        Column("relation", "VARCHAR", "The name of the relation"),
        Column("row_count", "BIGINT", "Its rows"),
        Column("description", "VARCHAR", "What a row of it is"),
    ),
)


def read_marts(cursor: duckdb.DuckDBPyConnection, names: list[str]) -> list[Relation]:
    """The marts with their descriptions; relations that an earlier state of the project left in the file are not."""
    relations = dict(
        cursor.sql(
            """
            select table_name, comment from duckdb_tables()
            where database_name = current_database() and schema_name = 'main'
            union all
            select view_name, comment from duckdb_views()
            where database_name = current_database() and schema_name = 'main' and not internal
            """
        ).fetchall()
    )
    columns: dict[str, list[Column]] = {}
    for relation, *column in cursor.sql(
        """
        select table_name, column_name, data_type, comment from duckdb_columns()
        where database_name = current_database() and schema_name = 'main' and not internal
        order by table_name, column_index
        """
    ).fetchall():
        columns.setdefault(relation, []).append(Column(*column))
    missing = sorted(set(names) - set(relations))
    if missing:
        raise PublicationError(f"the build file has no {', '.join(missing)}")
    marts = []
    for name in names:
        (row_count,) = cursor.sql(f"select count(*) from main.{quoted(name)}").fetchall()[0]
        marts.append(Relation(name, relations[name], tuple(columns[name]), row_count))
    return marts
