"""The published marts as files: Parquet for Power BI, pandas and R, one Excel workbook to read, CSV on demand.

All is read from the published file, or from the one that takes its place before they take theirs, so that nothing is in
an export that is not in it. Rows stand in a total order, and no file but ``manifest.json`` tells its build: the same
rows give the same bytes. Every file is written beside its place and moved there; the manifest, moved last, lists them
with their hashes.
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
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb

from loaders.ownership import MARK, is_csv_of, is_parquet_of_ours, is_workbook_of_ours, refuse_another
from loaders.publishing import origin, power_bi
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
from loaders.publishing.power_bi import write_power_bi
from loaders.publishing.workbook import write_workbook
from loaders.settings import Settings
from loaders.sql import literal, quoted
from loaders.warehouse import WarehouseError, content_of, open_warehouse

EXPORTS_VERSION = 2  # raise it when the same marts would be exported differently
STRAY_AFTER_SECONDS = 24 * 60 * 60


def export(settings: Settings, force: bool = False) -> bool:
    """Write the exports of the published file; say whether there was anything to write.

    Files that hold the same content already are left, unless force is set.

    Raises:
        WarehouseError, OSError, duckdb.Error: the warehouse cannot be read, or the folder not be written.
        PublicationError: a file that is no export stands in the way.
    """
    with Exports(settings) as exports, open_warehouse(settings.warehouse_path) as connection:
        with exports.writing(connection, force):
            pass
        return exports.take_place()


class Exports:
    """The exports of a published file, or of one that is about to be: written beside their places, and moved there.

    What has not been moved as the context ends is removed.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.new = NewFiles()
        self.failure: Exception | None = None
        self.manifest: dict[str, Any] | None = None  # as it is to be

    def __enter__(self) -> Exports:
        return self

    def __exit__(self, *_: object) -> None:
        self.new.remove()

    @contextlib.contextmanager
    def written_ahead(self, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """Write them while the file of a connection is finished; what fails is raised when they take their place."""
        with contextlib.ExitStack() as writing:
            try:
                writing.enter_context(self.writing(connection))
            except Exception as error:
                self.failure = error
            yield
            try:
                writing.close()
            except Exception as error:
                self.failure = error

    @contextlib.contextmanager
    def writing(self, connection: duckdb.DuckDBPyConnection, force: bool = False) -> Iterator[None]:
        """Write what is in the file of a connection, unless it is there already: the workbook beside what is done here.

        The workbook takes most of it, on one processor.
        """
        folder = self.settings.exports_path
        if folder is None:
            raise WarehouseError("exports are switched off: set EXPORTS_PATH to a folder")
        build = read_build(connection)
        relations = [relation for relation in read_relations(connection) if not is_of_builds(relation.name)]
        refuse_exports_of_others(self.settings, [relation.name for relation in relations])
        refuse_another(folder / power_bi.MODEL, power_bi.is_ours, "a model of this project (EXPORTS_PATH)")
        originals = originals_of(build, self.settings)
        print_of_content = made_from(connection, relations, originals)
        before = read_manifest(folder)
        if not force and before.get("fingerprint") == print_of_content and is_whole(folder, before):
            self.manifest = before | {"also_holds_for_build_id": build.build_id}
            yield
            return
        folder.mkdir(parents=True, exist_ok=True)
        remove_strays(folder)
        with ThreadPoolExecutor(1) as beside:
            name = workbook_name(self.settings)
            workbook = self.new.place(folder / name)
            written = beside.submit(write_workbook, connection.cursor(), relations, workbook, build, originals)
            yield
            entries = []
            for relation in relations:
                path = self.new.place(folder / f"{relation.name}.parquet")
                write_parquet(connection, relation, path)
                entries.append(entry(f"{relation.name}.parquet", path, relation.row_count))
            for model in write_power_bi(relations, lambda named: self.new.place(folder / named)):
                entries.append(entry(model, self.new.written[folder / model], None))
            written.result()
            entries.append(entry(name, workbook, None))
        self.manifest = {
            "build_id": build.build_id,
            "also_holds_for_build_id": build.build_id,
            "built_at": build.built_at.isoformat(timespec="seconds"),
            "version": build.version,
            "content": build.content,
            "fingerprint": print_of_content,
            "files": entries,
        }

    def take_place(self) -> bool:
        """Move what was written to its place, written now if it was not; say whether there was anything to write."""
        if self.failure:
            raise self.failure
        if self.manifest is None:
            with open_warehouse(self.settings.warehouse_path) as connection, self.writing(connection):
                pass
        folder, manifest = self.settings.exports_path, self.manifest
        assert folder and manifest
        before = read_manifest(folder)
        self.new.move()
        write_manifest(folder, manifest)
        remove_others(folder, before, {str(file["file"]) for file in manifest["files"]})
        return bool(self.new.written)


def is_of_builds(relation: str) -> bool:
    """Say whether a relation tells of builds and not of documents: it differs where nothing else does."""
    return relation.startswith("build_")


def originals_of(build: Build, settings: Settings) -> str | None:
    """Return the way from the exports to the folder of the reports, where it tells nothing of the machine.

    That is a folder beside or below what the exports stand in; the workbook links to the documents in it.
    """
    if settings.exports_path is None or not isinstance(settings.reports_path, Path) or not build.names_published:
        return None
    exports, reports = (Path(os.path.realpath(path)) for path in (settings.exports_path, settings.reports_path))
    if origin.folder_id(settings.reports_path) != build.reports_folder_id or not reports.is_relative_to(exports.parent):
        return None
    return f"../{reports.relative_to(exports.parent).as_posix()}/"


def made_from(connection: duckdb.DuckDBPyConnection, relations: Sequence[Exported], originals: str | None) -> str:
    """Return what stays the same as long as the exported relations, and what the workbook links to, do."""
    found: list[Any] = [EXPORTS_VERSION, duckdb.__version__, originals]
    for relation in relations:
        found.append([dataclasses.astuple(relation), content_of(connection, [relation.name])])
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()


# --- files ------------------------------------------------------------------------------------------------------------


class NewFiles:
    """Files that are written beside their places, and moved there one by one when all is written."""

    def __init__(self) -> None:
        self.written: dict[Path, Path] = {}

    def __enter__(self) -> NewFiles:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                self.move()
        finally:
            self.remove()

    def place(self, place: Path) -> Path:
        """Return what to write to, for what is to come to a place."""
        place.parent.mkdir(parents=True, exist_ok=True)
        self.written[place] = place.with_name(f".{place.name}.{uuid.uuid4().hex[:12]}.partial")
        return self.written[place]

    def move(self) -> None:
        for place, path in self.written.items():
            os.replace(path, place)

    def remove(self) -> None:
        for path in self.written.values():
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def entry(name: str, path: Path, row_count: int | None) -> dict[str, object]:
    """Return what the manifest says of a file."""
    said = {"file": name, "bytes": path.stat().st_size, "sha256": sha256_of(path)}
    return said if row_count is None else said | {"rows": row_count}


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    with NewFiles() as new:
        new.place(folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def is_whole(folder: Path, manifest: dict[str, Any]) -> bool:
    """Say whether all files of a manifest are there, as they were written."""
    try:
        return all(sha256_of(folder / file["file"]) == file["sha256"] for file in manifest["files"])
    except (OSError, KeyError, TypeError):
        return False


def remove_strays(folder: Path) -> None:
    """Remove what an export that died a day ago or more left half-written."""
    for stray in folder.rglob(".*.partial"):
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


def write_parquet(connection: duckdb.DuckDBPyConnection, relation: Exported, path: Path) -> None:
    # Snappy, which every reader of Parquet knows; by one thread, so that the groups of rows do not go by chance.
    connection.execute("set threads = 1")
    connection.execute(
        f"""
        copy (from main.{quoted(relation.name)} order by all) to {literal(str(path))} (
            format parquet, compression snappy, kv_metadata {{
                {MARK}: {literal(relation.name)},
                description: {literal(relation.description)}
            }}
        )
        """
    )


# --- CSV --------------------------------------------------------------------------------------------------------------


def write_csv(connection: duckdb.DuckDBPyConnection, folder: Path, names: Sequence[str] = ()) -> list[Path]:
    """Write relations (if none is named, all but those that tell of builds) as CSV into a folder; return the files.

    Rows stand in a total order: the same rows give the same bytes. Encoded so that Excel reads it; a text that a
    spreadsheet would take for a formula gets an apostrophe before it.

    Raises:
        WarehouseError: a relation is not there.
        PublicationError: a file that is no export stands in the way.
    """
    relations = {relation.name: relation for relation in read_relations(connection)}
    missing = sorted(set(names) - set(relations))
    if missing:
        raise WarehouseError(f"the warehouse has no relation {', '.join(missing)}; it has {', '.join(relations)}")
    folder.mkdir(parents=True, exist_ok=True)
    chosen = list(names or (name for name in relations if not is_of_builds(name)))
    for name in chosen:
        columns = [column for column, _, _ in relations[name].columns]
        refuse_another(folder / f"{name}.csv", is_csv_of(columns), f"an export of {name} with these columns")
    with NewFiles() as new:
        for name in chosen:
            with new.place(folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(column for column, _, _ in relations[name].columns)
                for row in rows_of(connection, f"from main.{quoted(name)} order by all"):
                    writer.writerow(csv_cell(value) for value in row)
    return [folder / f"{name}.csv" for name in chosen]


def csv_cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
