"""Real clients open the published file. `python tests/clients.py` installs them; what is not there is skipped."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import clients
import duckdb
import openpyxl
import pytest
import questions
import readme
from project import REPOSITORY, Project

pytestmark = pytest.mark.clients

OLD_CLIENT = """
import csv, datetime, duckdb, io, json, sys
connection = duckdb.connect(sys.argv[1], read_only=True)
answers = []
for sql in json.load(sys.stdin):
    cursor = connection.execute(sql)
    text = io.StringIO()
    csv.writer(text, lineterminator="\\n").writerows([[column[0] for column in cursor.description], *cursor.fetchall()])
    answers.append(text.getvalue())
print(json.dumps({"version": duckdb.__version__, "answers": answers}))
"""


def run(name: str, arguments: list[str], standard_input: str | None = None, seconds: int = 300) -> Any:
    """Run a client's Python; return the JSON of its last line."""
    python = clients.python_of(name)
    if not python.exists():
        pytest.skip(f"{name} is not installed: python tests/clients.py {name}")
    done = subprocess.run(
        [python, *arguments], input=standard_input, capture_output=True, text=True, encoding="utf-8", timeout=seconds
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


@pytest.mark.parametrize("name", ["duckdb-1.1", "duckdb-2.0"])
def test_another_duckdb_answers_what_ours_does(built: Project, name: str) -> None:
    """The README's queries, the worked questions, the descriptions and the search, in an older and a newer client."""
    queries = [match["sql"] for match in readme.QUERY.finditer(readme.README.read_text(encoding="utf-8"))]
    queries += questions.read_questions().values()
    queries += [
        "select table_name, comment from duckdb_tables() where schema_name = 'main' order by all",
        "select kind, authority_name, page_number, text from search('return home interviews') order by all limit 5",
    ]
    answers = run(name, ["-c", OLD_CLIENT, str(built.published)], json.dumps(queries))
    assert answers["version"].startswith(name.removeprefix("duckdb-"))
    with duckdb.connect(str(built.published), read_only=True) as connection:
        for sql, found in zip(queries, answers["answers"], strict=True):
            assert found == questions.answer(connection, sql), sql


def test_superset_draws_a_chart(built: Project, tmp_path: Path) -> None:
    script = str(REPOSITORY / "tests" / "superset_chart.py")
    drawn = run("superset", [script, str(built.published), str(tmp_path)], seconds=600)
    expected = built.query("select grade, count(*) from fct_judgements group by grade order by count(*) desc, grade")
    assert [(row["grade"], row["count"]) for row in drawn["rows"]] == expected
    described = built.query(
        "select column_name, data_type, comment from duckdb_columns() where table_name = 'fct_judgements'"
    )
    assert drawn["columns"] == {name: [data_type, comment] for name, data_type, comment in described}


def as_shown(value: Any) -> str | None:
    """A value as text that tells types apart: a date from a number, a number from a text."""
    if isinstance(value, date):
        return f"date {value:%Y-%m-%d}"
    if isinstance(value, bool):
        return f"={str(value).upper()}()"  # what LibreOffice makes of a cell that is true or false
    return f"number {value:.13g}" if isinstance(value, int | float) else value or None


def test_libreoffice_shows_the_workbook_as_the_marts_are(built: Project, tmp_path: Path) -> None:
    office = shutil.which("soffice") or pytest.skip("LibreOffice is not installed: apt-get install libreoffice-calc")
    workbook = built.folder / "exports" / "warehouse.xlsx"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "shown"), str(workbook)],
        check=True,
        capture_output=True,
        timeout=300,
    )
    _, _, *sheets = openpyxl.load_workbook(tmp_path / "shown" / "warehouse.xlsx").worksheets
    assert len(sheets) > 10
    for sheet in sheets:
        (header, *rows) = sheet.iter_rows(values_only=True)
        with duckdb.connect(str(built.published), read_only=True) as connection:
            mart = connection.execute(f"select * from {sheet.title}")
            places = [header.index(column[0]) for column in mart.description]
            expected = Counter(tuple(as_shown(value) for value in row) for row in mart.fetchall())
        assert Counter(tuple(as_shown(row[place]) for place in places) for row in rows) == expected, sheet.title
