"""The worked questions in analyses/ and their answers on the example reports.

`python tests/questions.py` runs each on the published warehouse.duckdb (or the file that is named) and writes
analyses/answers/NAME.csv.
"""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import duckdb

ANALYSES = Path(__file__).resolve().parent.parent / "analyses"
ANSWERS = ANALYSES / "answers"


def read_questions() -> dict[str, str]:
    """Return the SQL of each worked question by its name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(ANALYSES.glob("*.sql"))}


def answer(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """Return a query's result as CSV."""
    cursor = connection.execute(sql)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column[0] for column in cursor.description or []])
    writer.writerows(cursor.fetchall())
    return text.getvalue()


if __name__ == "__main__":
    with duckdb.connect(sys.argv[1] if len(sys.argv) > 1 else "warehouse.duckdb", read_only=True) as warehouse:
        ANSWERS.mkdir(exist_ok=True)
        for stale in ANSWERS.glob("*.csv"):
            stale.unlink()
        for name, sql in read_questions().items():
            (ANSWERS / f"{name}.csv").write_text(answer(warehouse, sql), encoding="utf-8", newline="\n")
