"""The lake: the warehouse in a DuckLake, whose catalogue is a PostgreSQL, where several machines read while one writes.

As a plugin of dbt-duckdb (the target ``lake`` in profiles.yml) it brings DuckDB's extensions from their packages and
sees that the lake is the one that was meant. As publication it shows a whole, green build in one step: readers use the
views of the schema ``published``, each pinned to the version of the lake that this build left.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from loaders import storage
from loaders.errors import PublicationError
from loaders.files import first_line
from loaders.publishing import origin, publish, relations
from loaders.settings import Settings
from loaders.sql import literal, quoted

LAKE = "lake"
SCHEMA = "published"
LEFT = "readers of the lake see what they saw"
EXTENSIONS = ("ducklake", "postgres_scanner", "httpfs")


class LakeError(RuntimeError):
    """The lake cannot be used; what is published in it is as it was."""


class Plugin(BasePlugin):
    """Prepares dbt's connections for the lake."""

    seen = False

    def update_connection_config(self, creds: Any, config: dict[str, Any]) -> None:
        """Put the extensions where DuckDB finds them, so that nothing is downloaded."""
        folder = Path(config["extension_directory"]).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        config["extension_directory"] = str(folder)
        try:
            from duckdb_extensions import import_extension

            with duckdb.connect(config={"extension_directory": str(folder)}) as connection:
                for name in EXTENSIONS:
                    import_extension(name, con=connection)
        except ImportError as error:
            raise LakeError(
                f"the target lake needs its extra ({error.name} is missing): "
                'pip install -e ".[lake]" -c constraints.txt'
            ) from None

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """See that the catalogue is there; let the connection write the lake's files to a bucket, if they are in one.

        Raises:
            LakeError: the catalogue cannot be reached; the message names it.
        """
        try:
            conn.execute("attach '' as catalogue (type postgres, secret lake_catalogue, read_only)")
            conn.execute("detach catalogue")
        except duckdb.Error as error:
            reason = first_line(error)
            raise LakeError(f"the catalogue of the lake, a PostgreSQL, cannot be reached: {reason}") from None
        where = storage.place(os.environ["LAKE_DATA_PATH"])
        storage.let_read(conn, where, name="lake_files")

    def configure_cursor(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """See that the lake is the one that was meant: a wrong path silently makes another catalogue."""
        if self.seen:
            return
        kind = cursor.execute(f"select catalog_type from ducklake_settings('{LAKE}')").fetchone()
        if kind is None or not str(kind[0]).startswith("postgres"):
            raise LakeError(f"the catalogue of the lake is {kind and kind[0]}, and not a PostgreSQL: see profiles.yml")
        self.seen = True


def show(session: duckdb.DuckDBPyConnection, settings: Settings) -> publish.Publication:
    """Publish the marts of the lake that session is attached to, if this invocation is a whole `dbt build`.

    Raises:
        PublicationError: they must not be published; readers go on to see what they saw.
    """
    with contextlib.closing(session.cursor()) as cursor:
        cursor.execute(f"use {LAKE}")
        build_id, why_not_whole, names = publish.read_invocation(cursor)
        if why_not_whole:
            message = f"Not published: {why_not_whole}. Readers of the lake see what they saw."
            return publish.Publication(published=False, message=message, build_id=build_id, file_name=SCHEMA)
        if not settings.publish_names:
            raise PublicationError(
                "PUBLISH_NAMES=false: whoever reads a lake can read all that is in it; publish a file instead"
            )
        marts = relations.read_marts(cursor, names)
        rows = {mart.name: mart.row_count for mart in marts}
        refuse_replacing(cursor, rows["dim_report"], settings)
        ((version,),) = cursor.execute(f"select max(snapshot_id) from ducklake_snapshots('{LAKE}')").fetchall()
        info = publish.describe_build(build_id, rows, settings)
        cursor.execute("begin")
        try:
            for statement in statements(cursor, marts, version):
                cursor.execute(statement)
            write_info(cursor, info | {"lake_version": version})
            cursor.execute("commit")
        except BaseException:
            with contextlib.suppress(duckdb.Error):
                cursor.execute("rollback")
            raise
    return publish.Publication(
        published=True,
        message=f"Published {len(marts)} relations with {sum(rows.values()):,} rows to the lake (version {version})",
        build_id=build_id,
        file_name=SCHEMA,
        relation_count=len(marts),
        row_count=sum(rows.values()),
        document_count=rows.get("dim_report"),
        rejected_count=rows.get("rejected_documents"),
    )


def statements(cursor: duckdb.DuckDBPyConnection, marts: list[relations.Relation], version: int) -> Iterator[str]:
    """Give what makes the published schema show the marts of a version, and nothing else."""
    yield f"create schema if not exists {LAKE}.{SCHEMA}"
    there = cursor.execute(
        "select view_name from duckdb_views() where database_name = ? and schema_name = ?", [LAKE, SCHEMA]
    ).fetchall()
    for name in {name for (name,) in there} - {mart.name for mart in marts}:
        yield f"drop view {LAKE}.{SCHEMA}.{quoted(name)}"
    for mart in marts:
        name = quoted(mart.name)
        columns = ", ".join(quoted(column.name) for column in mart.columns)
        rows = f"select {columns} from {LAKE}.main.{name} at (version => {version})"
        yield f"create or replace view {LAKE}.{SCHEMA}.{name} as {rows}"
        if mart.description:
            yield f"comment on view {LAKE}.{SCHEMA}.{name} is {literal(mart.description)}"


def write_info(cursor: duckdb.DuckDBPyConnection, info: dict[str, object]) -> None:
    """Write the one row of build_info, which also says what version of the lake is shown."""
    types = {column.name: column.data_type for column in relations.BUILD_INFO.columns} | {"lake_version": "BIGINT"}
    values = ", ".join(f"?::{types[name]} as {quoted(name)}" for name in info)
    cursor.execute(f"create or replace table {LAKE}.{SCHEMA}.build_info as select {values}", list(info.values()))


def refuse_other_folder(session: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Refuse, before anything is read, a whole build of another folder than the one that readers see.

    Raises:
        PublicationError: with both folders and the setting that allows it.
    """
    with contextlib.closing(session.cursor()) as cursor:
        cursor.execute(f"use {LAKE}")
        _, why_not_whole, _ = publish.read_invocation(cursor)
        if not why_not_whole and (shown := shown_origin(cursor)):
            origin.refuse_other_folder(shown, settings, LEFT)


def refuse_replacing(cursor: duckdb.DuckDBPyConnection, document_count: int, settings: Settings) -> None:
    """Refuse to show nothing, documents of another folder, or too few of those shown so far, unless it is allowed."""
    origin.refuse_nothing(document_count, LEFT)
    if shown := shown_origin(cursor):
        origin.refuse_other_folder(shown, settings, LEFT)
        origin.refuse_fewer(shown, settings, document_count, LEFT)


def shown_origin(cursor: duckdb.DuckDBPyConnection) -> origin.Origin | None:
    """Return what readers see, as far as it says where it came from; none where they see nothing yet."""
    try:
        return origin.read_origin(cursor, f"{LAKE}.{SCHEMA}")
    except duckdb.CatalogException:
        return None
