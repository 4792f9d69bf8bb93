"""The published file on disk: the new one is written beside the old, and takes its place in one move."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import socket
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import duckdb

from loaders import storage
from loaders.errors import PublicationError
from loaders.files import first_line, printable
from loaders.ownership import refuse_another
from loaders.publishing import origin
from loaders.settings import Settings
from loaders.warehouse import columns_of

STRAY_AFTER_SECONDS = 24 * 60 * 60


def published_path(settings: Settings) -> Path:
    """The published file, with links followed: what is replaced is the file, not a link to it."""
    return Path(os.path.realpath(settings.warehouse_path))


def next_path(target: Path) -> Path:
    """Where a new file waits that the system refused to move."""
    return target.with_name(f"{target.stem}.next{target.suffix}")


def move_waiting(settings: Settings) -> str | None:
    """Move a file that an earlier build had to leave beside the published one; a warning where it has to wait on."""
    target = published_path(settings)
    if not next_path(target).is_file():
        return None
    refuse_files_of_others(target, settings.build_path)
    try:
        _replace(next_path(target), target)
    except OSError as error:
        return _refused_move(target, error)
    return None


def left(target: Path) -> str:
    return f"{target} is left as it was"


@contextlib.contextmanager
def failure_named(target: Path) -> Iterator[None]:
    """Say of a failure which file could not be published."""
    try:
        yield
    except PublicationError as error:
        raise PublicationError(f"{target} could not be published and is as it was: {error}") from error
    except (OSError, duckdb.Error) as error:
        raise PublicationError(f"{target} could not be published and is as it was: {first_line(error)}") from error


def refuse_within_reports(settings: Settings) -> None:
    """Refuse to write into the folder that is read: what is made of the reports would count as reports.

    Raises:
        PublicationError: with the setting to change.
    """
    for name, where in (("WAREHOUSE_PATH", settings.warehouse_path), ("EXPORTS_PATH", settings.exports_path)):
        if where is not None and storage.is_within(where, settings.reports_path):
            raise PublicationError(
                f"{name} ({printable(str(where))}) lies in the folder of the reports, where the next build would "
                "take it for a report: name another place"
            )


def refuse_files_of_others(target: Path, build_path: Path) -> None:
    """Refuse to replace anything but a file that this project, in any version, has published.

    Raises:
        PublicationError: with what is there.
    """

    def is_published(path: Path) -> bool:
        try:
            with path.open("rb") as file:
                if file.read(12)[8:] != b"DUCK":
                    return False
            with _reader(path, build_path) as reader:
                return "build_id" in columns_of(reader).get("build_info", ())
        except (OSError, duckdb.Error):
            return False

    for path in (target, next_path(target)):
        refuse_another(path, is_published, "a warehouse that this project has published (WAREHOUSE_PATH)")


def refuse_place(cursor: duckdb.DuckDBPyConnection, target: Path, build_path: Path) -> None:
    """Refuse a target that is a folder, the build file itself, or another's."""
    if target.is_dir():
        raise PublicationError(f"WAREHOUSE_PATH names a folder, {target}: name a file in it")
    files = [path for (path,) in cursor.sql("select path from duckdb_databases() where path is not null").fetchall()]
    if any(os.path.realpath(path) in (str(target), str(next_path(target))) for path in files):
        raise PublicationError(f"WAREHOUSE_PATH names the file that dbt builds in, {target}: name another")
    refuse_files_of_others(target, build_path)


@contextlib.contextmanager
def new_file_beside(target: Path, build_path: Path) -> Iterator[Path]:
    """A name for the new file, in the target's folder; whatever is left under it afterwards is removed.

    Only one process can hold a build file, so what an earlier publication from the same build left is stray; what
    another one left is taken for stray after a day.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    build = hashlib.sha256(f"{socket.gethostname()} {build_path.resolve()}".encode()).hexdigest()[:12]
    prefix, suffix = f".{target.name}.", ".publishing"
    for stray in target.parent.iterdir():
        if stray.name.startswith(prefix) and stray.name.removesuffix(".wal").endswith(suffix):
            with contextlib.suppress(OSError):
                is_old = time.time() - stray.stat().st_mtime > STRAY_AFTER_SECONDS
                if stray.name.startswith(f"{prefix}{build}-") or is_old:
                    stray.unlink()
    new = target.with_name(f"{prefix}{build}-{uuid.uuid4().hex[:12]}{suffix}")
    try:
        yield new
    finally:
        for left in (new, wal(new)):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)


def take_place(new: Path, target: Path) -> str | None:
    """Move the new file over the published one; where the system refuses, leave it beside and return a warning."""
    if wal(new).exists():
        raise PublicationError("the new file was not written to its end")
    with open(new, "r+b") as file:
        os.fsync(file.fileno())
    with contextlib.suppress(OSError):
        shutil.copymode(target, new)
    # Older than the new file: were it left, a later build would move it over a newer one.
    next_path(target).unlink(missing_ok=True)
    try:
        _replace(new, target)
    except OSError as error:
        os.rename(new, next_path(target))
        return _refused_move(target, error)
    return None


def _replace(new: Path, target: Path) -> None:
    # A log that somebody who wrote into the published file left behind does not belong to the new one.
    wal(target).unlink(missing_ok=True)
    os.replace(new, target)
    if os.name == "posix":
        with contextlib.suppress(OSError):  # it has been replaced, whatever the disk says of its folder
            folder = os.open(target.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def _refused_move(target: Path, error: OSError) -> str:
    return (
        f"the system refused to replace {target.name} ({error.strerror or error}), most likely because a program holds "
        f"it open: the new file waits beside it as {next_path(target).name}. Close the program and build again; the "
        "next build moves it"
    )


def wal(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")


def published_origin(target: Path, build_path: Path) -> origin.Origin | None:
    """What the published file tells of its documents, or None where there is no file yet."""
    if not target.exists():
        return None
    with _reader(target, build_path) as reader:
        return origin.read_origin(reader)


@contextlib.contextmanager
def _reader(path: Path, build_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a file to be read; a copy of it where another process may be writing into it, as a copy is not locked."""
    with contextlib.ExitStack() as closing:
        try:
            reader = duckdb.connect(str(path), read_only=True)
        except duckdb.Error:
            build_path.mkdir(parents=True, exist_ok=True)
            folder = closing.enter_context(tempfile.TemporaryDirectory(dir=build_path, prefix="published-"))
            reader = duckdb.connect(str(shutil.copyfile(path, Path(folder) / "copy.duckdb")), read_only=True)
        yield closing.enter_context(contextlib.closing(reader))
