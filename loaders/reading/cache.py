"""What has been parsed, kept as Parquet by content: deleting it, at any time, costs time only.

``<build>/cache/<loader version>/incoming/<sha256>.parquet`` is written by the worker that parsed it, the moment it is
done; the landing gate lets it in, to ``documents/``. When these have become many they are put together in ``batches/``.
``index-*.json`` remembers which file held which content, so that a file that has not changed is not opened.

A file in a folder has its checksum in its name, and an index in its first line: what a disk has altered is not read but
made again from the document. (A bucket checks its objects itself.) What no folder has held for a month is cleared.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import re
import shutil
import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

# Arrow's own allocator reserves a gigabyte of addresses, which a worker's memory limit counts.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from loaders.files import File, first_line
from loaders.storage import BLOCK, Place, each, files, identity, move, source, whole, write

log = logging.getLogger(__name__)

# Raise the first number whenever the same content would be landed differently.
LOADER_VERSION = f"8-pypdfium2-{version('pypdfium2')}-pdfplumber-{version('pdfplumber')}"
OF_A_VERSION = re.compile(r"\d+-pypdfium2-[\w.+]+-pdfplumber-[\w.+]+")
OF_A_FILE = re.compile(r"[0-9a-f]{16,64}\.[0-9a-f]{8}\.parquet")
OF_AN_INDEX = re.compile(r"index-[0-9a-f]{16}\.json")
INCOMING, DOCUMENTS, BATCHES = "incoming", "documents", "batches"
COMPACT_FROM = 100  # documents in files of their own
GROUP = 50  # documents held at once while they are put together
UNUSED_DAYS = 30  # after which a document that is gone, and the cache of another loader version, goes
SUPERSEDED_DAYS = 1  # after which a document that was read again goes: another build may be at its rows
RACY_SECONDS = 2  # a file changed so shortly before it was read may change again without its time showing it

LINE_LAYOUT = pa.struct(
    [
        ("left_edge", pa.float64()),
        ("top", pa.float64()),
        ("font_size", pa.float64()),
        ("is_bold", pa.bool_()),
        ("superscripts", pa.list_(pa.int32())),
        ("tile", pa.int32()),
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


@dataclass(frozen=True)
class Index:
    """What is known of a folder: its files by name, and when (in nanoseconds) a content of it was first missed."""

    files: dict[str, Known] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)

    def followed_by(self, files: dict[str, Known]) -> Index:
        """Return the index of the folder as it is now."""
        there = {entry.sha256 for entry in files.values()}
        missed = {entry.sha256: time.time_ns() for entry in self.files.values()} | self.gone
        return Index(files, {sha256: at for sha256, at in missed.items() if sha256 not in there and is_recent(at)})

    def contents(self) -> set[str]:
        """Return the contents that the folder holds, or held within a month."""
        there = {entry.sha256 for entry in self.files.values()}
        return there.union(sha256 for sha256, at in self.gone.items() if is_recent(at))


def is_recent(at: int) -> bool:
    return at > time.time_ns() - UNUSED_DAYS * 86400 * 1_000_000_000


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
        self.rows: dict[Place, list[dict[str, Any]]] = {}  # of each file, as they were last scanned

    def write(self, row: dict[str, Any]) -> None:
        """Keep a content, a row of ``CONTENT`` without version and time; one that was read waits at the gate."""
        row = row | {"loader_version": LOADER_VERSION, "landed_at": datetime.now(UTC).replace(tzinfo=None)}
        folder = self.documents if row.get("rejected_reason") else self.incoming
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder, row["sha256"], [pa.Table.from_pylist([row], CONTENT)])

    def waiting(self) -> dict[str, Place]:
        """Return the contents that wait at the gate, by sha256; what is broken is left out, and read again."""
        paths = files(self.incoming)
        return {content_of(path): path for path, rows in zip(paths, each(read_or_warn, paths), strict=True) if rows}

    def awaits(self, sha256: str) -> bool:
        """Say whether a content waits at the gate."""
        return any(True for _ in self.incoming.glob(f"{sha256}*.parquet"))

    def admit(self, path: Place, reason: str | None = None) -> None:
        """Let in a content that waits; with a reason, as rejected."""
        if reason is None:
            self.documents.mkdir(parents=True, exist_ok=True)
            move(path, self.documents / path.name)
            return
        row = read_summary(path)[0]
        self.write(row | {"sha256": content_of(path), "page_count": None, "rejected_reason": reason})
        path.unlink(missing_ok=True)

    def scan(self) -> dict[str, dict[str, Any]]:
        """Return what is kept, without pages and tables: a row of ``SUMMARY`` and its ``cache_path`` by sha256.

        A file that is broken, or is none of ours, is left out with a warning.
        """
        found: dict[str, dict[str, Any]] = {}
        self.rows = {}
        paths = [*files(self.batches), *files(self.documents)]
        for path, rows in zip(paths, each(read_or_warn, paths), strict=True):
            self.rows[path] = rows
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
        newest: dict[str, tuple[datetime, Place]] = {}  # of a content that was read again only what was read last
        summaries = each(lambda path: self.rows.get(path) or read_or_warn(path), paths)  # most were scanned just now
        for path, rows in zip(paths, summaries, strict=True):
            for row in rows:
                this = (row["landed_at"], path)
                newest[row["sha256"]] = max(newest.get(row["sha256"], this), this, key=lambda each: each[0])
        good = [path for _, path in newest.values()]
        groups = (good[start : start + GROUP] for start in range(0, len(good), GROUP))
        self.write_batch(map(content_of, good), (pa.concat_tables(each(read_whole, group)) for group in groups))
        for _ in each(remove, paths):
            pass
        return True

    def write_batch(self, contents: Iterable[str], tables: Iterable[pa.Table]) -> None:
        self.batches.mkdir(parents=True, exist_ok=True)
        write_whole(self.batches, hashlib.sha256("".join(contents).encode()).hexdigest()[:16], tables)

    def clear(self, kept: dict[str, dict[str, Any]], reports: Place) -> bool:
        """Clear documents that no folder has held for long, and such as were read again; say whether any went.

        Args:
            kept: what the last scan found.
            reports: the folder that is landed.
        """
        index = self.index_path(reports)
        if not isinstance(index, Path):
            return False  # a bucket has rules of its own for what is old
        if index.exists():
            os.utime(index)
        used = set().union(*(index.contents() for index in self.indexes()))
        now = datetime.now(UTC).replace(tzinfo=None)
        unused, superseded = now - timedelta(UNUSED_DAYS), now - timedelta(SUPERSEDED_DAYS)

        def goes(path: Place, row: dict[str, Any]) -> bool:
            newest = kept[row["sha256"]]
            is_superseded = newest["cache_path"] != path and newest["landed_at"] < superseded
            return is_superseded or (row["sha256"] not in used and newest["landed_at"] < unused)

        has_cleared = False
        for path, rows in self.rows.items():
            stay = [row["sha256"] for row in rows if not goes(path, row)]
            if len(stay) == len(rows):
                continue
            if stay:
                self.write_batch(stay, only(path, stay))
            remove(path)
            has_cleared = True
        return has_cleared

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

    def read_index(self, reports: Place) -> Index:
        """Return what is known of the files of a folder; nothing where the index is missing or broken."""
        return read_index(self.index_path(reports))

    def write_index(self, reports: Place, index: Index) -> None:
        entries = {name: list(asdict(entry).values()) for name, entry in index.files.items()}
        content = json.dumps({"files": entries, "gone": index.gone}).encode("ascii")
        write(self.index_path(reports), f"{zlib.crc32(content):08x}\n".encode("ascii") + content)

    def indexes(self) -> Iterator[Index]:
        """Give the indexes of the folders that were landed within a month; remove the others'."""
        for path in self.folder.glob("index-*.json"):
            if isinstance(path, Path) and path.stat().st_mtime < time.time() - UNUSED_DAYS * 86400:
                path.unlink(missing_ok=True)
            else:
                yield read_index(path)


def read_index(path: Place) -> Index:
    try:
        checksum, _, content = path.read_bytes().partition(b"\n")
        if checksum.decode() != f"{zlib.crc32(content):08x}":
            raise ValueError("its checksum is another")
        found = json.loads(content)
        return Index({name: Known(*entry) for name, entry in found["files"].items()}, found["gone"])
    except FileNotFoundError:
        return Index()
    except (OSError, ValueError, TypeError, AttributeError, KeyError) as error:
        log.warning("the index %s is broken and will be made again: %s", path.name, first_line(error))
        return Index()


def is_cache(folder: Path) -> bool:
    """Say whether a folder is a loader version's, and holds nothing but what one keeps."""
    if not OF_A_VERSION.fullmatch(folder.name) or folder.is_symlink() or not folder.is_dir():
        return False
    return all(path.name in (INCOMING, DOCUMENTS, BATCHES) or OF_AN_INDEX.match(path.name) for path in folder.iterdir())


def content_of(path: Place) -> str:
    """Return the content that a file is of, by its name; a batch's own mark."""
    return path.name.partition(".")[0]


def checksum(path: Path) -> str:
    """Return the CRC-32 of a file, which any single error and any burst changes."""
    found = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            found = zlib.crc32(block, found)
    return f"{found:08x}"


def read_summary(path: Place) -> list[dict[str, Any]]:
    """Read a cache file's rows without pages and tables, having seen that it is what was written.

    Raises:
        pa.ArrowException: it is broken, or not of the schema.
    """
    if isinstance(path, Path) and path.name.split(".")[1:] != [checksum(path), "parquet"]:
        raise pa.ArrowInvalid("its checksum is another")
    with pq.ParquetFile(source(path)) as file:
        if not file.schema_arrow.equals(CONTENT):
            raise pa.ArrowInvalid("other columns than a landed document's")
        rows: list[dict[str, Any]] = file.read(SUMMARY.names).to_pylist()
    return rows


def read_whole(path: Place) -> pa.Table:
    with pq.ParquetFile(source(path)) as file:
        return file.read()


def only(path: Place, contents: list[str]) -> Iterator[pa.Table]:
    """Give the rows of some contents, a row group at a time."""
    with pq.ParquetFile(source(path)) as file:
        for number in range(file.num_row_groups):
            table = file.read_row_group(number)
            yield table.filter(pc.is_in(table["sha256"], pa.array(contents)))


def read_or_warn(path: Place) -> list[dict[str, Any]]:
    """Read a cache file's summary; nothing, with a warning, where it is broken or none of ours.

    A broken one of ours is removed, so that it is said once.
    """
    try:
        return read_summary(path)
    except (OSError, pa.ArrowException) as error:
        log.warning("%s in the cache is broken and will be made again: %s", path.name, first_line(error))
        if OF_A_FILE.fullmatch(path.name) and isinstance(error, pa.ArrowException):
            with contextlib.suppress(OSError):
                remove(path)
        return []


def remove(path: Place) -> None:
    path.unlink(missing_ok=True)


def write_whole(folder: Place, name: str, tables: Iterable[pa.Table]) -> None:
    """Write a Parquet file so that it is there whole or not at all; each table is a row group."""

    def with_checksum(partial: Path) -> Path:
        return partial.with_name(f"{name}.{checksum(partial)}.parquet")

    with (
        whole(folder / f"{name}.parquet", with_checksum) as sink,
        pq.ParquetWriter(sink, CONTENT, compression="zstd", write_statistics=False) as writer,
    ):
        for table in tables:
            writer.write_table(table)
