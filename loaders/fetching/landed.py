"""The manifest as rows of ``landed_publications``."""

from __future__ import annotations

import sys
from datetime import date

import duckdb
import pyarrow as pa

from loaders.fetching.manifest import FETCHED, manifest_path, read_manifest, standing
from loaders.files import first_line, printable
from loaders.storage import Place

PUBLICATIONS = pa.schema(
    [
        pa.field("urn", pa.string()),
        pa.field("file_id", pa.string()),
        pa.field("provider_name", pa.string()),
        pa.field("kind", pa.string()),
        pa.field("source_url", pa.string()),
        pa.field("published_on", pa.date32()),
        pa.field("state", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("sha256", pa.string()),
        pa.field("first_seen_on", pa.date32()),
        pa.field("last_listed_on", pa.date32()),
    ]
)


def land_publications(folder: Place, connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
    """Return a row for each publication of a folder's manifest.

    None where there is no manifest; of a damaged one, what can be read: it stops no build.
    """
    where = printable(str(manifest_path(folder)))
    try:
        manifest = read_manifest(folder)
    except OSError as error:
        print(f"WARNING: {where} cannot be read: {first_line(error)}", file=sys.stderr)
        manifest = None
    if manifest and manifest.damaged:
        print(f"WARNING: {where} is damaged; python -m loaders fetch mends it", file=sys.stderr)
    rows = [
        {
            "urn": row.urn,
            "file_id": row.id,
            "provider_name": row.provider,
            "kind": row.kind,
            "source_url": row.url,
            "published_on": day(row.published_on),
            "state": row.state,
            "reason": row.reason,
            "sha256": row.sha256 if row.state == FETCHED else None,
            "first_seen_on": day(row.first_seen),
            "last_listed_on": day(row.last_seen),
        }
        for row in (standing(manifest) if manifest else ())
    ]
    return connection.from_arrow(pa.Table.from_pylist(rows, PUBLICATIONS))


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
