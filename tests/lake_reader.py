"""Reads a lake over and over until its input ends, and says as JSON what it saw: builds, reads, and what was wrong."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections import Counter

import duckdb

from loaders.publishing.lake import EXTENSIONS
from loaders.sql import literal
from loaders.storage import load_extension


def attach(connection: duckdb.DuckDBPyConnection) -> None:
    """Attach the lake as any reader does (docs/scaling.md)."""
    for name in EXTENSIONS:
        load_extension(connection, name)
    words = {
        "host": os.environ["LAKE_CATALOGUE_HOST"],
        "port": os.environ["LAKE_CATALOGUE_PORT"],
        "database": os.environ["LAKE_CATALOGUE_DATABASE"],
        "user": os.environ["LAKE_CATALOGUE_USER"],
        "password": os.environ["DBT_ENV_SECRET_LAKE_CATALOGUE_PASSWORD"],
    }
    secret = ", ".join(f"{name} {literal(word)}" for name, word in words.items())
    connection.execute(f"create secret lake_catalogue (type postgres, {secret})")
    connection.execute(
        "attach 'ducklake:postgres:' as lake (read_only, meta_secret 'lake_catalogue', metadata_schema 'lake',"
        " create_if_not_exists false)"
    )


def look(connection: duckdb.DuckDBPyConnection) -> tuple[str, str | None]:
    """Read everything that is published in one transaction; return the build, and what does not belong to it."""
    connection.execute("begin")
    try:
        ((build, relations, rows),) = connection.execute(
            "select build_id, relation_count, row_count from lake.published.build_info"
        ).fetchall()
        names = connection.execute(
            "select view_name from duckdb_views() where database_name = 'lake' and schema_name = 'published'"
        ).fetchall()
        counts = {
            name: connection.execute(f"select count(*), count(columns(*)) from lake.published.{name}").fetchall()[0][0]
            for (name,) in names
        }
    finally:
        connection.execute("rollback")
    if (len(counts), sum(counts.values())) != (relations, rows):
        return build, f"{relations} relations with {rows} rows are announced, and these are there: {counts}"
    return build, None


def main() -> None:
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    builds: Counter[str] = Counter()
    faults: list[str] = []
    with duckdb.connect() as connection:
        attach(connection)
        print("attached", flush=True)
        is_last = False
        while not is_last:
            is_last = ended.is_set()  # one look begins after the end, however long a look takes
            build, fault = look(connection)
            builds[build] += 1
            faults += [fault] if fault else []
    print(json.dumps({"builds": builds, "faults": faults[:5]}))


if __name__ == "__main__":
    main()
