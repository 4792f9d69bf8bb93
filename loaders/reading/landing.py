"""A landing: a folder of reports in, the rows of ``landed_documents`` out."""

from __future__ import annotations

import glob
import sys
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from loaders import storage
from loaders.errors import LandingError
from loaders.files import File, printable, readable
from loaders.reading import media
from loaders.reading.cache import CONTENT, LOADER_VERSION, SUMMARY, Cache, Known
from loaders.reading.parsing import Parsing, begun
from loaders.reading.task import Outcome
from loaders.settings import Settings

NAMES = [pa.field("file_name", pa.string()), pa.field("other_file_names", pa.list_(pa.string()))]
# The relation's columns, in their order.
COLUMNS = [*(field.name for field in NAMES), *CONTENT.names]
LANDED = pa.schema([*NAMES, *SUMMARY, pa.field("cache_name", pa.string())])
REJECTED = pa.schema([*NAMES, *CONTENT])


def land(
    settings: Settings, connection: duckdb.DuckDBPyConnection, full_refresh: bool = False
) -> duckdb.DuckDBPyRelation:
    """Bring the cache up to the folder; return a row a document or rejected file, which streams from the cache.

    Args:
        settings: where the reports and the cache are.
        connection: the relation's.
        full_refresh: read every file anew, whatever index and cache say.

    Raises:
        LandingError: there is nothing to land.
    """
    storage.refuse_cache_among_reports(settings.cache_folder, settings.reports_path)
    before = None if full_refresh else begun(settings)
    outcomes = before.outcomes() if before else {}
    files = storage.list_reports(settings.reports_path)
    cache = Cache(settings.cache_path)
    kept = cache.scan()
    index = cache.read_index(settings.reports_path)
    seen = {} if full_refresh else index.files | (before.known() if before else {})
    contents = {
        file.name: entry
        for file in files
        if (entry := seen.get(file.name)) and entry.is_still(file) and entry.sha256 in kept
    }
    to_open = [file for file in files if file.reason is None and file.name not in contents]
    known = [] if full_refresh else list(kept)
    waiting = [] if full_refresh else list(cache.waiting())  # from a build that was killed before its gate
    if to_open or waiting:
        parsing = Parsing(settings, to_open, [*known, *waiting])
        outcomes = outcomes | parsing.outcomes()
        contents |= parsing.known()
    if to_open or waiting or contents != index.files:
        cache.write_index(settings.reports_path, index.followed_by(contents))
    has_moved = cache.compact()
    if to_open or waiting or has_moved:
        kept = cache.scan()
        cache.remove_unused()
    if cache.clear(kept, settings.reports_path):
        kept = cache.scan()
    if any(entry.sha256 not in kept for entry in contents.values()):
        raise LandingError(f"the cache {cache.folder} was changed from outside during the landing: build again")
    landed, rejected = part(files, contents, outcomes, kept)
    tell(settings, landed, rejected, outcomes)
    storage.let_read(connection, settings.cache_path)
    return relation(connection, landed, rejected)


def part(
    files: list[File], contents: dict[str, Known], outcomes: dict[str, Outcome], kept: dict[str, dict[str, Any]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the landed documents, one for each content, and the rejected files, one for each name."""
    rejected: list[dict[str, Any]] = []
    names: dict[str, list[str]] = defaultdict(list)
    unread = {"loader_version": LOADER_VERSION, "landed_at": datetime.now(UTC).replace(tzinfo=None)}
    for file in files:
        content = kept[contents[file.name].sha256] if file.name in contents else None
        if content is None:
            reason = file.reason or outcomes[file.name].reason
            rejected.append(unread | {"file_name": file.name, "byte_size": file.byte_size, "rejected_reason": reason})
            continue
        media_type, reason = media.by_name(file.name, content["media_type"], content["rejected_reason"])
        if reason is None:
            names[content["sha256"]].append(file.name)
        else:
            rejected.append(content | {"file_name": file.name, "media_type": media_type, "rejected_reason": reason})
    landed = []
    for sha256, (first, *others) in names.items():  # the files come by name, so the first is the smallest
        media_type, _ = media.by_name(first, kept[sha256]["media_type"], None)
        landed.append(kept[sha256] | {"file_name": first, "other_file_names": others, "media_type": media_type})
    taken = {file.name for file in files}
    for row in rejected:
        shown = readable(row["file_name"])
        while shown != row["file_name"] and shown in taken:
            shown += " (another)"
        taken.add(shown)
        row["file_name"], row["other_file_names"] = shown, []
    return landed, rejected


def relation(
    connection: duckdb.DuckDBPyConnection, landed: list[dict[str, Any]], rejected: list[dict[str, Any]]
) -> duckdb.DuckDBPyRelation:
    """Return the rows: the landed ones joined to the cache's Parquet, which is read only as they are asked for."""
    # File names travel as data, never as SQL; the cache's own paths as a list of them.
    paths = sorted({str(row["cache_path"]) for row in landed})
    landed = [row | {"cache_name": row["cache_path"].name} for row in landed]
    contents = connection.read_parquet([glob.escape(path) for path in paths], filename=True).set_alias("content")
    documents = connection.from_arrow(pa.Table.from_pylist(landed, LANDED)).set_alias("document")
    columns = ", ".join(f"{'content' if name in ('pages', 'tables') else 'document'}.{name}" for name in COLUMNS)
    # two files of the cache can hold the same content, after two builds at once
    same_place = "content.sha256 = document.sha256 and parse_filename(content.filename) = document.cache_name"
    read = contents.join(documents, same_place)
    return read.project(columns).union(connection.from_arrow(pa.Table.from_pylist(rejected, REJECTED)))


def is_landing(path: Path) -> bool:
    """Say whether a Parquet file holds the rows of a landing."""
    try:
        return pq.read_schema(path).names == COLUMNS
    except (OSError, pa.ArrowException):
        return False


def tell(
    settings: Settings, landed: list[dict[str, Any]], rejected: list[dict[str, Any]], outcomes: dict[str, Outcome]
) -> None:
    """Say what was landed; warn of what was rejected.

    Raises:
        LandingError: no file could be read.
    """
    folder = printable(str(settings.reports_path))
    if not landed:
        pairs = [(printable(row["file_name"]), printable(row["rejected_reason"])) for row in rejected[:10]]
        reasons = "".join(f"\n  {name}: {reason}" for name, reason in pairs)
        raise LandingError(
            f"no readable document in {folder}: put reports (PDF, plain text or Markdown) there,"
            f" or set REPORTS_PATH to the folder that holds them{reasons}"
        )
    parsed = {outcome.sha256 for outcome in outcomes.values() if outcome.was_parsed}
    new = sum(row["sha256"] in parsed for row in landed)
    say(f"{len(landed)} documents landed from {folder}: {new} parsed now, {len(landed) - new} from the cache")
    if rejected:
        say(f"WARNING: {len(rejected)} files were rejected; why, says: select * from rejected_documents")


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
