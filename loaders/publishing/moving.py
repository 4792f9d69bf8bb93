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

from loaders.errors import PublicationError
from loaders.files import first_line
from loaders.publishing import origin
from loaders.settings import Settings

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


def refuse_place(cursor: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Refuse a target that is a folder, or the build file itself."""
    if target.is_dir():
        raise PublicationError(f"WAREHOUSE_PATH names a folder, {target}: name a file in it")
    files = [path for (path,) in cursor.sql("select path from duckdb_databases() where path is not null").fetchall()]
    if any(os.path.realpath(path) in (str(target), str(next_path(target))) for path in files):
        raise PublicationError(f"WAREHOUSE_PATH names the file that dbt builds in, {target}: name another")


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
    try:
        return _read_origin(target)
    except duckdb.Error:
        # Another process may be writing into it: a copy is not locked.
        build_path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=build_path, prefix="published-") as folder:
            return _read_origin(Path(shutil.copyfile(target, Path(folder) / "copy.duckdb")))


def _read_origin(path: Path) -> origin.Origin:
    with contextlib.closing(duckdb.connect(str(path), read_only=True)) as reader:
        return origin.read_origin(reader)
