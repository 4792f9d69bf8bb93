"""What docs/bi-tools.md says about the published file is true of it."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from project import REPOSITORY, Project

GUIDE = (REPOSITORY / "docs" / "bi-tools.md").read_text(encoding="utf-8")
LINKS = re.findall(r"^\| `(\w+)\.(\w+)`(?:, `(\w+)`)? \| `(\w+)\.(\w+)`(?:, `(\w+)`)? \|$", GUIDE, re.MULTILINE)


# the table on the many side and its columns, the table on the one side and its key
RELATIONSHIPS = [
    (many, [column for column in columns if column], one, [column for column in (key, second_key) if column])
    for many, *columns, one, key, second_key in LINKS
]


@pytest.mark.parametrize(("many", "columns", "one", "key"), RELATIONSHIPS)
def test_a_relationship_holds(built: Project, many: str, columns: list[str], one: str, key: list[str]) -> None:
    keys = ", ".join(key)
    assert not built.query(f"select {keys} from {one} group by {keys} having count(*) > 1"), "not the one side"
    met = " and ".join(f"many.{column} = one.{name}" for column, name in zip(columns, key, strict=True))
    orphans = built.query(f"select many.{columns[0]} from {many} as many anti join {one} as one on {met}")
    assert [row for row in orphans if row != (None,)] == []


def test_the_diagrams_show_relationships_of_the_table() -> None:
    drawn = re.findall(r"^    (\w+) \|\|--o\{ (\w+) : (\w+)$", GUIDE, re.MULTILINE)
    told = {(one, many, columns[0]) for many, columns, one, _ in RELATIONSHIPS}
    assert len(told) >= 25
    assert drawn
    assert set(drawn) <= told
    picture = (REPOSITORY / "docs" / "star-schema.svg").read_text(encoding="utf-8")
    tables = set(re.findall(r">(\w+_\w+)</text>", picture))
    assert tables <= {table for one, many, _ in told for table in (one, many)}


def test_tables_and_columns_that_the_guide_names_are_there(built: Project) -> None:
    columns = set(built.query("select table_name, column_name from duckdb_columns() where schema_name = 'main'"))
    tables = {table for table, _ in columns}
    named = set(re.findall(r"`((?:dim|fct|build)_\w+|latest_outcomes|metric_comparisons|inspector_topics)`", GUIDE))
    assert named <= tables
    assert set(re.findall(r"`((?:dim|fct)_\w+)\.(\w+)`", GUIDE)) <= columns


def test_the_python_of_the_guide_runs(built: Project) -> None:
    snippets = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    assert len(snippets) == 2
    for snippet in snippets:
        done = subprocess.run(
            [sys.executable, "-c", snippet], cwd=built.folder, capture_output=True, text=True, encoding="utf-8"
        )
        assert done.returncode == 0, done.stderr
        assert "good" in done.stdout
