"""Writes the seed of the row counts that the examples give: ``dbt build``, then ``python tests/expected_counts.py``."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import duckdb

REPOSITORY = Path(__file__).resolve().parent.parent
SEED = REPOSITORY / "seeds" / "checks" / "expected_counts.csv"


def corpus() -> str:
    """Return the hash that a build of the examples has in ``int_row_counts``."""
    files = [path for path in (REPOSITORY / "reports").rglob("*") if path.is_file() and not path.name.startswith(".")]
    hashes = sorted({hashlib.sha256(path.read_bytes()).hexdigest() for path in files})
    return hashlib.md5("|".join(hashes).encode(), usedforsecurity=False).hexdigest()


def main(build_file: Path = REPOSITORY / "build" / "warehouse.duckdb") -> str | None:
    """Write the seed; return what is wrong, if anything is."""
    with duckdb.connect(str(build_file), read_only=True) as connection:
        columns = "corpus, relation, framework_id, year, row_count"
        rows = connection.execute(f"select {columns} from intermediate.int_row_counts order by all").fetchall()
    if {row[0] for row in rows} != {corpus()}:
        return f"{build_file.name} was not built from the example reports: run `dbt build` without REPORTS_PATH first"
    lines = [columns.replace(" ", ""), *(",".join(map(str, row)) for row in rows)]
    SEED.write_text("\n".join(lines) + "\n", "utf-8")
    return None


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
