"""What has been parsed, kept as Parquet by content: deleting it, at any time, costs time only.

``<build>/cache/<loader version>/documents/<sha256>.parquet`` is written by the worker that parsed it, the moment it
is done. When these have become many they are put together in ``batches/``. ``index-*.json`` remembers which file held
which content, so that a file that has not changed is not opened.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

# Arrow's own allocator reserves a gigabyte of addresses, which a worker's memory limit counts.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

import pyarrow as pa
import pyarrow.parquet as pq

from loaders.files import File

log = logging.getLogger(__name__)

# Raise the first number whenever the same content would be landed differently.
LOADER_VERSION = f"1-pypdfium2-{version('pypdfium2')}-pdfplumber-{version('pdfplumber')}"
COMPACT_FROM = 100  # documents in files of their own
UNUSED_DAYS = 30  # after which the cache of another loader version goes
RACY_SECONDS = 2  # a file changed so shortly before it was read may change again without its time showing it

LINE_LAYOUT = pa.struct(
    [
        ("left_edge", pa.float64()),
        ("top", pa.float64()),
        ("font_size", pa.float64()),
        ("is_bold", pa.bool_()),
        ("superscripts", pa.list_(pa.int32())),
    ]
)
PAGE = pa.struct([("page_number", pa.int32()), ("text", pa.string()), ("line_layout", pa.list_(LINE_LAYOUT))])
CELL = pa.struct([("row_number", pa.int32()), ("column_number", pa.int32()), ("text", pa.string())])
TABLE = pa.struct([("page_number", pa.int32()), ("table_number", pa.int32()), ("cells", pa.list_(CELL))])
SUMMARY = pa.schema(
    [
        ("sha256", pa.string()),
        ("byte_size", pa.int64()),
        ("media_type", pa.string()),
        ("page_count", pa.int32()),
        ("loader_version", pa.string()),
        ("landed_at", pa.timestamp("us")),
        ("rejected_reason", pa.string()),
    ]
)
CONTENT = pa.schema([*SUMMARY, ("pages", pa.list_(PAGE)), ("tables", pa.list_(TABLE))])


@dataclass(frozen=True)
class Known:
    """What the index knows of a file: its size and time (in nanoseconds) when read, when that was, and its content."""

    byte_size: int
    mtime_ns: int
    recorded_ns: int
    sha256: str

    def is_still(self, file: File) -> bool:
        """Say whether a listed file is certainly what it was."""
        settled = self.recorded_ns - self.mtime_ns > RACY_SECONDS * 1_000_000_000
        return settled and (file.byte_size, file.mtime_ns) == (self.byte_size, self.mtime_ns)


def summary(content: bytes, media_type: str) -> dict[str, Any]:
    """Return what a content's row says of the content itself."""
    return {"sha256": hashlib.sha256(content).hexdigest(), "byte_size": len(content), "media_type": media_type}


class Cache:
    """The parsed documents of one loader version."""

    def __init__(self, folder: Path, loader_version: str = LOADER_VERSION) -> None:
        self.root = folder
        self.folder = folder / loader_version
        self.documents = self.folder / "documents"
        self.batches = self.folder / "batches"

    def document_path(self, sha256: str) -> Path:
        return self.documents / f"{sha256}.parquet"

    def write(self, row: dict[str, Any]) -> None:
        """Keep one parsed content; a row of ``CONTENT`` without version and time."""
        row = row | {"loader_version": LOADER_VERSION, "landed_at": datetime.now(UTC).replace(tzinfo=None)}
        self.documents.mkdir(parents=True, exist_ok=True)
        write_whole(self.document_path(row["sha256"]), [pa.Table.from_pylist([row], CONTENT)])

    def scan(self) -> dict[str, dict[str, Any]]:
        """Return what is kept, without pages and tables: a row of ``SUMMARY`` and its ``cache_path`` by sha256.

        A file that is broken, or is none of ours, is left out with a warning.
        """
        found: dict[str, dict[str, Any]] = {}
        for path in [*sorted(self.batches.glob("*.parquet")), *sorted(self.documents.glob("*.parquet"))]:
            try:
                rows = read_summary(path)
            except (OSError, pa.ArrowException) as error:
                log.warning("%s in the cache is broken and will be made again: %s", path.name, first_line(error))
                continue
            for row in rows:
                before = found.get(row["sha256"])  # two builds at once, or a second try, leave two; the later counts
                if before is None or before["landed_at"] < row["landed_at"]:
                    found[row["sha256"]] = row | {"cache_path": path}
        return found

    def compact(self, least: int = COMPACT_FROM) -> None:
        """Put the documents that have files of their own together in one batch, if they are many enough."""
        paths = sorted(self.documents.glob("*.parquet"))
        if len(paths) < least:
            return
        good = [path for path in paths if is_ours(path)]
        name = hashlib.sha256("".join(path.stem for path in good).encode()).hexdigest()[:16]
        self.batches.mkdir(parents=True, exist_ok=True)
        write_whole(self.batches / f"{name}.parquet", (pq.ParquetFile(path).read() for path in good))
        for path in good:
            path.unlink(missing_ok=True)

    def remove_unused(self) -> None:
        """Remove what other loader versions left, once it has not been used for a month; and half-written files."""
        if self.folder.exists():
            os.utime(self.folder)
        old = time.time() - UNUSED_DAYS * 86400
        for folder in self.root.iterdir() if self.root.exists() else ():
            if folder != self.folder and folder.is_dir() and folder.stat().st_mtime < old:
                shutil.rmtree(folder, ignore_errors=True)
        for half in self.folder.glob("*/*.partial"):
            if half.stat().st_mtime < time.time() - 86400:
                half.unlink(missing_ok=True)

    def index_path(self, reports: Path) -> Path:
        return self.folder / f"index-{hashlib.sha256(os.fsencode(os.path.realpath(reports))).hexdigest()[:16]}.json"

    def read_index(self, reports: Path) -> dict[str, Known]:
        """Return what is known of the files of a folder, by name; nothing where the index is missing or broken."""
        path = self.index_path(reports)
        try:
            return {name: Known(*entry) for name, entry in json.loads(path.read_text("ascii")).items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, AttributeError) as error:
            log.warning("the index %s is broken and will be made again: %s", path.name, first_line(error))
            return {}

    def write_index(self, reports: Path, index: dict[str, Known]) -> None:
        path = self.index_path(reports)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = partial_path(path)
        partial.write_text(json.dumps({name: list(asdict(entry).values()) for name, entry in index.items()}), "ascii")
        os.replace(partial, path)


def read_summary(path: Path) -> list[dict[str, Any]]:
    """Read a cache file's rows without pages and tables.

    Raises:
        pa.ArrowException: it is broken, or not of the schema.
    """
    with pq.ParquetFile(path) as file:
        if not file.schema_arrow.equals(CONTENT):
            raise pa.ArrowInvalid("other columns than a landed document's")
        rows: list[dict[str, Any]] = file.read(SUMMARY.names).to_pylist()
    return rows


def is_ours(path: Path) -> bool:
    """Say whether a file is there, whole, and of our schema."""
    try:
        return bool(read_summary(path))
    except (OSError, pa.ArrowException):
        return False


def write_whole(path: Path, tables: Iterable[pa.Table]) -> None:
    """Write a Parquet file so that it is there whole or not at all; each table is a row group."""
    partial = partial_path(path)
    try:
        with pq.ParquetWriter(partial, CONTENT, compression="zstd", write_statistics=False) as writer:
            for table in tables:
                writer.write_table(table)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def partial_path(path: Path) -> Path:
    """Return a name beside a file that no other process writes to."""
    return path.with_name(f"{path.name}.{os.getpid()}-{time.monotonic_ns()}.partial")


def first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
