"""The command line, as people type it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from project import EXAMPLES, REPOSITORY, Project

from loaders.publishing.changes import add_changes


def run(*arguments: str, **environment: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "loaders", *arguments],
        cwd=REPOSITORY,
        env={**os.environ, **{name: str(value) for name, value in environment.items()}},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


def test_help_lists_the_commands_with_examples() -> None:
    said = run("--help").stdout
    for command in ("status", "search", "evidence", "export", "land"):
        assert re.search(rf"^ +{command} ", said, re.MULTILINE)
        assert run(command, "--help").returncode == 0
    assert "examples:" in said and "parse" not in said
    assert run().returncode == run("nonsense").returncode == 2


def test_a_missing_warehouse_is_named(tmp_path: Path) -> None:
    for arguments in (["status"], ["search", "words"], ["evidence", "id"], ["export"], ["export", "--csv", "x"]):
        result = run(*arguments, WAREHOUSE_PATH=tmp_path / "no.duckdb", EXPORTS_PATH=tmp_path / "exports")
        assert result.returncode == 1 and result.stdout == ""
        assert "there is no warehouse at" in result.stderr and "Traceback" not in result.stderr
    (tmp_path / "text.duckdb").write_text("not a database")
    assert "cannot be opened as a DuckDB file" in run("status", WAREHOUSE_PATH=tmp_path / "text.duckdb").stderr
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    assert "is no published warehouse" in run("status", WAREHOUSE_PATH=tmp_path / "empty.duckdb").stderr
    assert "is set to nothing" in run("status", WAREHOUSE_PATH="").stderr


def test_status_works_with_few_relations_and_escapes_controls(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "w.duckdb")) as connection:
        connection.execute(
            """
            create table build_info as select 'b1' as build_id, now()::timestamp as built_at, '1.0' as version;
            create table rejected_documents as select 'evil\x1b[31m.pdf' as file_name, 'an empty\x07 file' as reason;
            """
        )
    result = run("status", WAREHOUSE_PATH=tmp_path / "w.duckdb")
    assert result.returncode == 0, result.stderr
    assert "evil\\x1b[31m.pdf: an empty\\x07 file" in result.stdout


def test_status_says_what_the_example_build_holds(built: Project) -> None:
    result = run("status", WAREHOUSE_PATH=built.published, REPORTS_PATH=EXAMPLES)
    assert result.returncode == 0, result.stderr
    ((count,),) = built.query("select count(*) from dim_report")
    assert f"Documents: {count}," in result.stdout
    assert re.search(r"fct_judgements +\d", result.stdout)
    assert "the same files as in the warehouse" in result.stdout
    assert "Since the build before" in result.stdout


def test_status_names_the_files_that_are_new(built: Project, tmp_path: Path) -> None:
    (tmp_path / "new report.pdf").write_bytes(b"%PDF-")
    said = run("status", WAREHOUSE_PATH=built.published, REPORTS_PATH=tmp_path).stdout
    assert "(new: 1, gone: " in said and "+ new report.pdf" in said


def test_a_search_is_typed(built: Project) -> None:
    result = run("search", "social", "workers", "--limit", "3", WAREHOUSE_PATH=built.published)
    assert result.returncode == 0, result.stderr
    assert len(re.findall(r"^  statement [0-9a-f]{16}$", result.stdout, re.MULTILINE)) == 3
    assert "nothing found" in run("search", "qqqqq", WAREHOUSE_PATH=built.published).stderr


def test_csv_and_exports_are_written_on_demand(built: Project, tmp_path: Path) -> None:
    result = run(
        *("export", "--csv", str(tmp_path / "csv"), "--relation", "dim_report"), WAREHOUSE_PATH=built.published
    )
    assert result.returncode == 0 and os.listdir(tmp_path / "csv") == ["dim_report.csv"]
    assert run("export", "--output", str(tmp_path / "all"), WAREHOUSE_PATH=built.published).returncode == 0
    assert {"manifest.json", "warehouse.xlsx", "fct_judgements.parquet"} <= set(os.listdir(tmp_path / "all"))
    assert run("export", "--relation", "dim_report", WAREHOUSE_PATH=built.published).returncode == 1


def test_a_landing_is_written_over_no_file_of_another(tmp_path: Path) -> None:
    theirs, rows = tmp_path / "letter.docx", tmp_path / "rows.parquet"
    theirs.write_bytes(b"PK of a letter")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "a.txt").write_text("Words of a report.")
    places = {"REPORTS_PATH": tmp_path / "reports", "CACHE_PATH": tmp_path / "cache"}
    refused = run("land", str(theirs), **places)
    assert refused.returncode == 1 and theirs.read_bytes() == b"PK of a letter"
    assert "letter.docx is there, and is not what an earlier landing wrote" in refused.stderr
    for _ in range(2):
        assert run("land", str(rows), **places).returncode == 0
    within = run("land", REPORTS_PATH=tmp_path / "reports", CACHE_PATH=tmp_path / "reports" / "cache")
    assert within.returncode == 1 and "CACHE_PATH" in within.stderr and "Traceback" not in within.stderr


@pytest.mark.parametrize("limit", ["0", "-1", "1.5", "many", "9" * 20, ""])
@pytest.mark.parametrize("command", [("search", "children"), ("evidence", "0123456789abcdef")])
def test_an_odd_limit_gets_a_sentence(command: tuple[str, ...], limit: str) -> None:
    said = run(*command, "--limit", limit)
    assert said.returncode == 2 and "Traceback" not in said.stderr
    assert said.stderr.splitlines()[-1].endswith(f"{limit!r} is no such number: write a whole one, from 1 to 999999999")


@pytest.mark.parametrize(
    ("setting", "value", "why"),
    [
        ("REPORTS_PATH", "", "is set to nothing: name a path"),
        ("REPORTS_PATH", "  ", "is set to nothing: name a path"),
        ("REPORTS_PATH", "s3://", "names no bucket"),
        ("REPORTS_PATH", "~nobody-of-this-name/reports", "the folder of ~ is not known here"),
        ("WAREHOUSE_PATH", "s3://bucket/warehouse.duckdb", "name a path on this machine"),
        ("EXPORTS_PATH", "s3://bucket/exports", "name a path on this machine"),
        ("PUBLISH_NAMES", "perhaps", "write true or false"),
        ("DOCUMENT_SECONDS", "-1", "write a whole number"),
        ("DOCUMENT_SECONDS", "9" * 20, "write a whole number of at most nine digits"),
    ],
)
@pytest.mark.parametrize("command", ["status", "land"])
def test_a_setting_that_cannot_be_meant_gets_a_sentence(command: str, setting: str, value: str, why: str) -> None:
    said = run(command, **{setting: value})
    assert said.returncode == 1 and why in said.stderr
    assert len(said.stderr.splitlines()) == 1 and said.stderr.startswith(f"{command}: ")


# --- what changed since the build before ---

MARTS = """
    create table dim_report as select * from (values {reports}) as t (report_id, file_name);
    create table fct_judgements as
    select * from (values {grades}) as t (judgement_id, report_id, judgement_area_id, grade);
    create table latest_outcomes as
    select 'E1' as authority_id, 'Ashmere' as authority_name, {newest} as last_overall_grade;
"""
OLD = {
    "reports": "('r1', 'a.pdf'), ('r2', 'b.pdf'), ('r3', 'c.pdf')",
    "grades": "('j1', 'r1', 'overall', 'good'), ('j2', 'r2', 'overall', 'good')",
    "newest": "'good'",
}
NEW = {
    "reports": "('r1', 'a.pdf'), ('r3', 'moved/c.pdf'), ('r4', 'd.pdf')",
    "grades": "('j1', 'r1', 'overall', 'inadequate'), ('j4', 'r4', 'overall', 'good')",
    "newest": "'inadequate'",
}


def make(path: Path, marts: dict[str, str], published: Path | None = None) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path)) as connection:
        connection.execute(MARTS.format(**marts))
        if published:
            add_changes(connection, published)
            return connection.execute("select * exclude (id) from build_changes order by all").fetchall()
    return []


def test_changes_are_told_by_documents_grades_and_facts(tmp_path: Path) -> None:
    make(tmp_path / "old.duckdb", OLD)
    assert make(tmp_path / "new.duckdb", NEW, tmp_path / "old.duckdb") == [
        ("document added", "d.pdf", None, "d.pdf", None),
        ("document moved", "moved/c.pdf", "c.pdf", "moved/c.pdf", None),
        ("document removed", "b.pdf", "b.pdf", None, None),
        ("facts added", "fct_judgements", "2", "2", 1),
        ("facts removed", "fct_judgements", "2", "2", 1),
        ("grade changed", "a.pdf, overall", "good", "inadequate", None),
        ("newest grade changed", "Ashmere", "good", "inadequate", None),
    ]
    assert make(tmp_path / "same.duckdb", OLD, tmp_path / "old.duckdb") == []


@pytest.mark.parametrize("content", [None, b"", b"not a database", b"other relations"])
def test_an_old_file_that_cannot_be_compared_is_no_error(tmp_path: Path, content: bytes | None) -> None:
    old = tmp_path / "old.duckdb"
    if content == b"other relations":
        with duckdb.connect(str(old)) as connection:
            connection.execute("create table dim_report as select 1 as report_id")
    elif content is not None:
        old.write_bytes(content)
    changes = make(tmp_path / "new.duckdb", NEW, old)
    assert changes == [] if content == b"other relations" else changes[0][0] == "nothing to compare with"
