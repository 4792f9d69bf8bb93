"""The published marts as files: Parquet for Power BI, pandas and R, one Excel workbook to read, CSV on demand.

All is read from the published file, so that nothing is in an export that is not in it. Every file is written beside its
place and moved there, and carries the id of its build; ``manifest.json``, moved last, lists them.
"""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import hashlib
import json
import os
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from loaders.files import first_line
from loaders.ownership import is_csv_of, is_parquet_of_ours, is_workbook_of_ours, refuse_another
from loaders.publishing.exported import (
    FORMULA_STARTS,
    MANIFEST,
    Build,
    Exported,
    read_build,
    read_manifest,
    read_relations,
    refuse_exports_of_others,
    rows_of,
    workbook_name,
)
from loaders.publishing.workbook import write_workbook
from loaders.settings import Settings
from loaders.sql import literal, quoted
from loaders.warehouse import WarehouseError, open_warehouse

if TYPE_CHECKING:
    from loaders.publishing.publish import Publication

EXPORTS_VERSION = 1  # raise it when the same marts would be exported differently
STRAY_AFTER_SECONDS = 24 * 60 * 60


# --- after a publication ----------------------------------------------------------------------------------------------


def add_exports(publication: Publication, settings: Settings) -> Publication:
    """Export what has just been published; a failure is a warning of the publication, and breaks nothing."""
    if not publication.published or settings.exports_path is None:
        return publication
    try:
        written = export(settings)
    except Exception as error:  # whatever a library raises: the file has been published, and stays so
        failed = (
            f"the exports in {settings.exports_path.name} are not all of this build ({first_line(error)}); "
            "the published file is, and the next build makes the exports whole"
        )
        return dataclasses.replace(
            publication, warning="; ".join(warning for warning in (publication.warning, failed) if warning)
        )
    said = f"exported to {settings.exports_path.name}" if written else f"{settings.exports_path.name} holds it already"
    return dataclasses.replace(publication, message=f"{publication.message}, {said}")


def export(settings: Settings, force: bool = False) -> bool:
    """Write the exports of the published file; say whether there was anything to write.

    Files that hold the same content already are left, with the id of the build that wrote them, unless force is set.

    Raises:
        WarehouseError, OSError, duckdb.Error: the warehouse cannot be read, or the folder not be written.
        PublicationError: a file that is no export stands in the way.
    """
    folder = settings.exports_path
    if folder is None:
        raise WarehouseError("exports are switched off: set EXPORTS_PATH to a folder")
    with open_warehouse(settings.warehouse_path) as connection:
        relations, build = read_relations(connection), read_build(connection)
        refuse_exports_of_others(settings, [relation.name for relation in relations])
        print_of_content = made_from(connection, relations)
        manifest = read_manifest(folder)
        if not force and manifest.get("fingerprint") == print_of_content and is_whole(folder, manifest):
            write_manifest(folder, manifest | {"also_holds_for_build_id": build.build_id})
            return False
        folder.mkdir(parents=True, exist_ok=True)
        remove_strays(folder)
        with new_files(folder) as new, ThreadPoolExecutor(1) as beside:
            name = workbook_name(settings)
            workbook = new(name)
            written = beside.submit(write_workbook, connection.cursor(), relations, workbook, build)
            entries = []
            for relation in relations:
                path = new(f"{relation.name}.parquet")
                write_parquet(connection, relation, path, build)
                entries.append(entry(f"{relation.name}.parquet", path, build, relation.row_count))
            written.result()
            entries.append(entry(name, workbook, build, None))
    write_manifest(
        folder,
        {
            "build_id": build.build_id,
            "also_holds_for_build_id": build.build_id,
            "built_at": build.built_at.isoformat(timespec="seconds"),
            "fingerprint": print_of_content,
            "files": entries,
        },
    )
    remove_others(folder, manifest, {str(file["file"]) for file in entries})
    return True


def made_from(connection: duckdb.DuckDBPyConnection, relations: Sequence[Exported]) -> str:
    """Return what stays the same as long as the marts do; build_ relations differ between builds and do not count."""
    found: list[Any] = [EXPORTS_VERSION, duckdb.__version__]
    for relation in relations:
        if not relation.name.startswith("build_"):
            ((content,),) = connection.execute(
                f"""
                select concat_ws(' ', count(*), bit_xor(row_hash), sum(row_hash % 4294967296))
                from (select hash(rows_in) as row_hash from main.{quoted(relation.name)} as rows_in)
                """
            ).fetchall()
            found.append([dataclasses.astuple(relation), content])
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()


# --- files ------------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def new_files(folder: Path) -> Iterator[Callable[[str], Path]]:
    """Give names to write to in a folder; when all is written, the files are moved to their places one by one."""
    written: dict[str, Path] = {}

    def new(name: str) -> Path:
        written[name] = folder / f".{name}.{uuid.uuid4().hex[:12]}.partial"
        return written[name]

    try:
        yield new
        for name, path in written.items():
            os.replace(path, folder / name)
    finally:
        for path in written.values():
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def entry(name: str, path: Path, build: Build, row_count: int | None) -> dict[str, object]:
    """Return what the manifest says of a file."""
    size = path.stat().st_size
    said = {"file": name, "build_id": build.build_id, "bytes": size, "sha256": sha256_of(path)}
    return said if row_count is None else said | {"rows": row_count}


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    with new_files(folder) as new:
        new(MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def is_whole(folder: Path, manifest: dict[str, Any]) -> bool:
    """Say whether all files of a manifest are there, as they were written."""
    try:
        return all(sha256_of(folder / file["file"]) == file["sha256"] for file in manifest["files"])
    except (OSError, KeyError, TypeError):
        return False


def remove_strays(folder: Path) -> None:
    """Remove what an export that died a day ago or more left half-written."""
    for stray in folder.glob(".*.partial"):
        with contextlib.suppress(OSError):
            if time.time() - stray.stat().st_mtime > STRAY_AFTER_SECONDS:
                stray.unlink()


def remove_others(folder: Path, manifest: dict[str, Any], names: set[str]) -> None:
    """Remove the files of an earlier export whose relations are no more; never another file."""
    kinds = {".parquet": is_parquet_of_ours, ".xlsx": is_workbook_of_ours}
    for file in manifest.get("files", ()):
        name = str(file.get("file", ""))
        is_ours = kinds.get(Path(name).suffix)
        if is_ours and name == Path(name).name and name not in names and is_ours(folder / name):
            with contextlib.suppress(OSError):
                (folder / name).unlink(missing_ok=True)


# --- Parquet ----------------------------------------------------------------------------------------------------------


def write_parquet(connection: duckdb.DuckDBPyConnection, relation: Exported, path: Path, build: Build) -> None:
    # Snappy, which every reader of Parquet knows.
    connection.execute(
        f"""
        copy main.{quoted(relation.name)} to {literal(str(path))} (
            format parquet, compression snappy, kv_metadata {{
                build_id: {literal(build.build_id)},
                relation: {literal(relation.name)},
                description: {literal(relation.description)}
            }}
        )
        """
    )


# --- CSV --------------------------------------------------------------------------------------------------------------


def write_csv(connection: duckdb.DuckDBPyConnection, folder: Path, names: Sequence[str] = ()) -> list[Path]:
    """Write relations (all, if none is named) as CSV into a folder; return the files.

    Encoded so that Excel reads it; a text that a spreadsheet would take for a formula gets an apostrophe before it.

    Raises:
        WarehouseError: a relation is not there.
        PublicationError: a file that is no export stands in the way.
    """
    relations = {relation.name: relation for relation in read_relations(connection)}
    missing = sorted(set(names) - set(relations))
    if missing:
        raise WarehouseError(f"the warehouse has no relation {', '.join(missing)}; it has {', '.join(relations)}")
    folder.mkdir(parents=True, exist_ok=True)
    chosen = list(names or relations)
    for name in chosen:
        columns = [column for column, _, _ in relations[name].columns]
        refuse_another(folder / f"{name}.csv", is_csv_of(columns), f"an export of {name} with these columns")
    with new_files(folder) as new:
        for name in chosen:
            with new(f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(column for column, _, _ in relations[name].columns)
                for row in rows_of(connection, f"select * from main.{quoted(name)}"):
                    writer.writerow(csv_cell(value) for value in row)
    return [folder / f"{name}.csv" for name in chosen]


def csv_cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
