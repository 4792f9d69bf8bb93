"""What has been parsed, kept as Parquet by content: deleting it, at any time, costs time only.

``<build>/cache/<loader version>/incoming/<sha256>.parquet`` is written by the worker that parsed it, the moment it is
done; the landing gate lets it in, to ``documents/``. When these have become many they are put together in ``batches/``.
``index-*.json`` remembers which file held which content, so that a file that has not changed is not opened.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
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

from loaders.files import File, first_line
from loaders.storage import Place, each, files, identity, move, source, whole, write

log = logging.getLogger(__name__)

# Raise the first number whenever the same content would be landed differently.
LOADER_VERSION = f"4-pypdfium2-{version('pypdfium2')}-pdfplumber-{version('pdfplumber')}"
OF_A_VERSION = re.compile(r"\d+-pypdfium2-[\w.+]+-pdfplumber-[\w.+]+")
OF_AN_INDEX = re.compile(r"index-[0-9a-f]{16}\.json")
INCOMING, DOCUMENTS, BATCHES = "incoming", "documents", "batches"
COMPACT_FROM = 100  # documents in files of their own
GROUP = 50  # documents held at once while they are put together
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
PAGE = pa.struct(
    [
        ("page_number", pa.int32()),
        ("text", pa.string()),
        ("line_layout", pa.list_(LINE_LAYOUT)),
        ("is_order_in_doubt", pa.bool_()),
    ]
)
CELL = pa.struct(
    [
        ("row_number", pa.int32()),
        ("column_number", pa.int32()),
        ("text", pa.string()),
        ("row_span", pa.int32()),
        ("column_span", pa.int32()),
    ]
)
TABLE_LINE = pa.struct([("line_number", pa.int32()), ("row_number", pa.int32())])
TABLE = pa.struct(
    [
        ("page_number", pa.int32()),
        ("table_number", pa.int32()),
        ("cells", pa.list_(CELL)),
        ("lines", pa.list_(TABLE_LINE)),
        ("column_edges", pa.list_(pa.float64())),
    ]
)
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

    def __init__(self, folder: Place, loader_version: str = LOADER_VERSION) -> None:
        self.root = folder
        self.folder = folder / loader_version
        self.incoming = self.folder / INCOMING
        self.documents = self.folder / DOCUMENTS
        self.batches = self.folder / BATCHES

    def write(self, row: dict[str, Any]) -> None:
        """Keep a content, a row of ``CONTENT`` without version and time; one that was read waits at the gate."""
        row = row | {"loader_version": LOADER_VERSION, "landed_at": datetime.now(UTC).replace(tzinfo=None)}
        folder = self.documents if row.get("rejected_reason") else self.incoming
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / f"{row['sha256']}.parquet", [pa.Table.from_pylist([row], CONTENT)])

    def waiting(self) -> dict[str, Place]:
        """Return the contents that wait at the gate, by sha256; what is broken is left out, and read again."""
        paths = files(self.incoming)
        return {path.stem: path for path, is_whole in zip(paths, each(is_ours, paths), strict=True) if is_whole}

    def admit(self, sha256: str, reason: str | None = None) -> None:
        """Let in a content that waits; with a reason, as rejected."""
        path = self.incoming / f"{sha256}.parquet"
        if reason is None:
            self.documents.mkdir(parents=True, exist_ok=True)
            move(path, self.documents / path.name)
            return
        row = read_summary(path)[0]
        self.write(row | {"sha256": sha256, "page_count": None, "rejected_reason": reason})
        path.unlink(missing_ok=True)

    def scan(self) -> dict[str, dict[str, Any]]:
        """Return what is kept, without pages and tables: a row of ``SUMMARY`` and its ``cache_path`` by sha256.

        A file that is broken, or is none of ours, is left out with a warning.
        """
        found: dict[str, dict[str, Any]] = {}
        paths = [*files(self.batches), *files(self.documents)]
        for path, rows in zip(paths, each(read_or_warn, paths), strict=True):
            for row in rows:
                before = found.get(row["sha256"])  # two builds at once, or a second try, leave two; the later counts
                if before is None or before["landed_at"] < row["landed_at"]:
                    found[row["sha256"]] = row | {"cache_path": path}
        return found

    def compact(self, least: int = COMPACT_FROM) -> bool:
        """Put the documents that have files of their own together in one batch; say whether they were many enough."""
        paths = files(self.documents)
        if len(paths) < least:
            return False
        good = [path for path, is_whole in zip(paths, each(is_ours, paths), strict=True) if is_whole]
        name = hashlib.sha256("".join(path.stem for path in good).encode()).hexdigest()[:16]
        self.batches.mkdir(parents=True, exist_ok=True)
        groups = (good[start : start + GROUP] for start in range(0, len(good), GROUP))
        write_whole(self.batches / f"{name}.parquet", (pa.concat_tables(each(read_whole, group)) for group in groups))
        for _ in each(remove, good):
            pass
        return True

    def remove_unused(self) -> None:
        """Remove what other loader versions left, once it has not been used for a month; and half-written files."""
        if not isinstance(self.root, Path) or not isinstance(self.folder, Path):
            return  # a bucket has rules of its own for what is old
        if self.folder.exists():
            os.utime(self.folder)
        old = time.time() - UNUSED_DAYS * 86400
        for folder in self.root.iterdir() if self.root.exists() else ():
            if folder != self.folder and is_cache(folder) and folder.stat().st_mtime < old:
                shutil.rmtree(folder, ignore_errors=True)
        for half in self.folder.glob("*/*.partial"):
            if half.stat().st_mtime < time.time() - 86400:
                half.unlink(missing_ok=True)

    def index_path(self, reports: Place) -> Place:
        return self.folder / f"index-{hashlib.sha256(identity(reports)).hexdigest()[:16]}.json"

    def read_index(self, reports: Place) -> dict[str, Known]:
        """Return what is known of the files of a folder, by name; nothing where the index is missing or broken."""
        path = self.index_path(reports)
        try:
            return {name: Known(*entry) for name, entry in json.loads(path.read_text("ascii")).items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, AttributeError) as error:
            log.warning("the index %s is broken and will be made again: %s", path.name, first_line(error))
            return {}

    def write_index(self, reports: Place, index: dict[str, Known]) -> None:
        entries = {name: list(asdict(entry).values()) for name, entry in index.items()}
        write(self.index_path(reports), json.dumps(entries).encode("ascii"))


def is_cache(folder: Path) -> bool:
    """Say whether a folder is a loader version's, and holds nothing but what one keeps."""
    if not OF_A_VERSION.fullmatch(folder.name) or folder.is_symlink() or not folder.is_dir():
        return False
    return all(path.name in (INCOMING, DOCUMENTS, BATCHES) or OF_AN_INDEX.match(path.name) for path in folder.iterdir())


def read_summary(path: Place) -> list[dict[str, Any]]:
    """Read a cache file's rows without pages and tables.

    Raises:
        pa.ArrowException: it is broken, or not of the schema.
    """
    with pq.ParquetFile(source(path)) as file:
        if not file.schema_arrow.equals(CONTENT):
            raise pa.ArrowInvalid("other columns than a landed document's")
        rows: list[dict[str, Any]] = file.read(SUMMARY.names).to_pylist()
    return rows


def read_whole(path: Place) -> pa.Table:
    with pq.ParquetFile(source(path)) as file:
        return file.read()


def read_or_warn(path: Place) -> list[dict[str, Any]]:
    """Read a cache file's summary; nothing, with a warning, where it is broken or none of ours."""
    try:
        return read_summary(path)
    except (OSError, pa.ArrowException) as error:
        log.warning("%s in the cache is broken and will be made again: %s", path.name, first_line(error))
        return []


def remove(path: Place) -> None:
    path.unlink(missing_ok=True)


def is_ours(path: Place) -> bool:
    """Say whether a file is there, whole, and of our schema."""
    try:
        return bool(read_summary(path))
    except (OSError, pa.ArrowException):
        return False


def write_whole(path: Place, tables: Iterable[pa.Table]) -> None:
    """Write a Parquet file so that it is there whole or not at all; each table is a row group."""
    with (
        whole(path) as sink,
        pq.ParquetWriter(sink, CONTENT, compression="zstd", write_statistics=False) as writer,
    ):
        for table in tables:
            writer.write_table(table)
