"""Where the published documents came from, and what may take their place.

A published file remembers the folder that its documents were read from: by its name, and by a hash of its whole path,
so that no path of a machine is in what is handed on. Documents of another folder, and fewer than half of those
published last time, are refused unless the caller allows it. The examples may always be replaced.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import duckdb

from loaders import storage
from loaders.errors import PublicationError
from loaders.files import printable
from loaders.remembered import recall_of
from loaders.settings import EXAMPLES, Settings


@dataclass(frozen=True)
class Origin:
    """What is published, as far as it says where it came from.

    document_count: its documents. is_example: whether all of them are of fictional authorities.
    folder, folder_id: the name of their folder and what tells it from others; None where an older version published.
    """

    document_count: int
    is_example: bool = False
    folder: str | None = None
    folder_id: str | None = None


def folder_name(where: storage.Place) -> str:
    """Return the last part of a folder's path, or of a bucket's prefix."""
    if isinstance(where, storage.BucketPath):
        return where.name
    real = Path(os.path.realpath(where))
    return printable(real.name or real.anchor)


def folder_id(where: storage.Place) -> str:
    """Return what stays the same as long as the folder's path does, and does not tell it."""
    return hashlib.sha256(storage.identity(where)).hexdigest()[:16]


def read_origin(connection: duckdb.DuckDBPyConnection, schema: str = "main") -> Origin:
    """Read where the documents of a published schema came from.

    Raises:
        duckdb.Error: it is no published schema.
    """
    result = connection.execute(f"select * from {schema}.build_info")
    info = dict(zip([column[0] for column in result.description or ()], result.fetchone() or (), strict=False))
    is_example = False
    with contextlib.suppress(duckdb.CatalogException, duckdb.BinderException):  # no such relation or column
        ((is_example,),) = connection.execute(
            f"""
            select coalesce(bool_and(coalesce(authorities.is_example, false)), false)
            from {schema}.dim_report as reports
            left join {schema}.dim_authority as authorities on reports.authority_id = authorities.authority_id
            """
        ).fetchall()
    folder, identity = info.get("reports_folder"), info.get("reports_folder_id")
    return Origin(info.get("document_count") or 0, is_example, folder, identity)


def refuse_other_folder(origin: Origin, settings: Settings, left: str) -> None:
    """Refuse the documents of another folder than those that are published, unless the caller allows it.

    Args:
        origin: what is published.
        settings: which folder this build reads.
        left: what stays as it is, as a clause.

    Raises:
        PublicationError: with both folders and the setting that allows it.
    """
    if settings.allow_other_folder or origin.is_example or not origin.document_count:
        return
    name, identity = folder_name(settings.reports_path), folder_id(settings.reports_path)
    if origin.folder_id is None:  # by an older version: any folder but that of the examples may be the same
        if identity != folder_id(EXAMPLES):
            return
        published = "another folder"
    elif origin.folder_id == identity:
        return
    else:
        published = f"the folder “{origin.folder}”{' of another place' if origin.folder == name else ''}"
    count = "1 document" if origin.document_count == 1 else f"{origin.document_count:,} documents"
    reads = f"the example reports, “{name}”" if identity == folder_id(EXAMPLES) else f"the folder “{name}”"
    kept = recall_of(settings)
    is_known = kept is not None and folder_id(storage.place(kept.reports_path)) == origin.folder_id
    meant = f"{kept.reports_path}, as last time" if kept and is_known else "the folder that is meant"
    raise PublicationError(
        f"what was published last time ({count}) was read from {published}, and this build reads {reads}: "
        f"{left}. Set REPORTS_PATH to {printable(meant)}, or ALLOW_OTHER_FOLDER=true, once, to publish this one "
        "in its place"
    )


def refuse_fewer(origin: Origin, settings: Settings, document_count: int, left: str) -> None:
    """Refuse fewer than half of the documents that this folder had when it was published, unless the caller allows it.

    Raises:
        PublicationError: with both counts and the setting that allows it.
    """
    is_same = origin.folder_id in (None, folder_id(settings.reports_path)) and not origin.is_example
    if is_same and document_count * 2 < origin.document_count and not settings.allow_fewer_documents:
        raise PublicationError(
            f"{document_count} documents are left of the {origin.document_count} published last time: {left}. "
            "Is the folder whole? Set ALLOW_FEWER_DOCUMENTS=true to publish all the same"
        )


def refuse_nothing(document_count: int, left: str) -> None:
    """Refuse to publish no document at all.

    Raises:
        PublicationError: there is none.
    """
    if not document_count:
        raise PublicationError(f"no document could be read: {left}")
