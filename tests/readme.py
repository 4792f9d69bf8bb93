"""The README's answers: what its queries print on a build of the example reports.

`python tests/readme.py` writes them, and the table of relations, into README.md from the published warehouse.duckdb.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
from pathlib import Path

import duckdb

README = Path(__file__).resolve().parent.parent / "README.md"
QUERY = re.compile(r"```sql\n(?P<sql>[^`]+)```\n\n```text\n(?P<answer>[^`]*)```")
RELATIONS = re.compile(r"(<!-- relations -->\n).*?(<!-- end of relations -->)", re.DOTALL)


def answer(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """Return a query's result as DuckDB draws it, no wider than it must be for nothing to be cut."""
    drawn = "…"
    for width in range(120, 400, 20):
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            connection.sql(sql).show(max_width=width)
        drawn = "\n".join(line.rstrip() for line in printed.getvalue().strip().splitlines()) + "\n"
        if "…" not in drawn:
            break
    return drawn


def relations(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the table of what is published: each relation, its rows and what a row is."""
    rows = connection.sql("select relation, row_count, description from build_relations order by relation").fetchall()
    lines = [
        f"| `{name}` | {count:,} | {(description or '').split('. ')[0].rstrip('.')} |"
        for name, count, description in rows
    ]
    return "\n".join(["| relation | rows | a row is |", "| --- | ---: | --- |", *lines, ""])


def filled(text: str, connection: duckdb.DuckDBPyConnection) -> str:
    """Return the README with its answers and its table as they are in this warehouse."""
    text = RELATIONS.sub(lambda match: match[1] + relations(connection) + match[2], text)
    return QUERY.sub(lambda match: f"```sql\n{match['sql']}```\n\n```text\n{answer(connection, match['sql'])}```", text)


if __name__ == "__main__":
    with duckdb.connect(sys.argv[1] if len(sys.argv) > 1 else "warehouse.duckdb", read_only=True) as warehouse:
        README.write_text(filled(README.read_text(encoding="utf-8"), warehouse), encoding="utf-8", newline="\n")
