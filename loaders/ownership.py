"""What this project has made, told by what each of its files says of itself: nothing else is ever written over."""

from __future__ import annotations

import csv
import os
import stat
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from loaders.errors import OwnershipError
from loaders.files import printable

# What every export says of itself; earlier ones told their build.
MARK = "childrens_services_warehouse"
MARKS = (MARK, "build_id")


def refuse_another(path: Path, is_ours: Callable[[Path], bool], what: str) -> None:
    """Refuse to write over anything but a file of ours, or an empty one; links are followed.

    Raises:
        OwnershipError: what is there is a folder, a device, or another's; it is left as it is.
    """
    shown = printable(str(path))
    try:
        status = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise OwnershipError(f"{shown} cannot be looked at: {error.strerror or error}") from None
    if not stat.S_ISREG(status.st_mode):
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "no regular file (a device, a pipe or a socket)"
        raise OwnershipError(f"{shown} is {kind}: name a file")
    if status.st_size and not is_ours(path):
        raise OwnershipError(f"{shown} is there, and is not {what}: it is left as it is; name another, or move it away")


def is_parquet_of_ours(path: Path) -> bool:
    """Say whether a Parquet file says that it is an export."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        metadata = pq.read_metadata(path).metadata or {}
        return any(mark.encode() in metadata for mark in MARKS)
    except (OSError, pa.ArrowException):
        return False


def is_workbook_of_ours(path: Path) -> bool:
    """Say whether a workbook says that it is an export."""
    try:
        with zipfile.ZipFile(path) as archive:
            properties = archive.read("docProps/custom.xml")
            return any(f'name="{mark}"'.encode() in properties for mark in MARKS)
    except (OSError, KeyError, zipfile.BadZipFile):
        return False


def is_csv_of(columns: Sequence[str]) -> Callable[[Path], bool]:
    """Return what says whether a CSV file has these columns, as an earlier export has."""

    def is_ours(path: Path) -> bool:
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                return next(csv.reader(file), None) == list(columns)
        except (OSError, ValueError, csv.Error):
            return False

    return is_ours
