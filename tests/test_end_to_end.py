"""`dbt build` as people run it: real documents in, a published file out."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import duckdb
import pytest
from conftest import REPOSITORY, make_pdf
from project import EXAMPLES, Project


def expected_rows() -> list[dict[str, str]]:
    with open(REPOSITORY / "tests" / "example_grades.csv", newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_each_example_is_known_for_what_it_is(built: Project) -> None:
    fields = ("framework_id", "authority_id", "inspection_start_date", "inspection_end_date", "published_date")
    expected = {row["file_name"]: tuple(row[field] or None for field in fields) for row in expected_rows()}
    found = {
        row[0]: row[1:]
        for row in built.query(f"select file_name, {', '.join(f'{f}::varchar' for f in fields)} from dim_report")
    }
    assert found == expected


def test_each_example_has_its_grades(built: Project) -> None:
    expected = {
        (row["file_name"], row["judgement_area_id"]): [row["grade"]]
        for row in expected_rows()
        if row["judgement_area_id"]
    }
    found = defaultdict(list)
    for file_name, area, grade in built.query(
        "select file_name, judgement_area_id, grade from fct_judgements join dim_report using (report_id)"
    ):
        found[file_name, area].append(grade)
    assert found == expected


def test_every_quote_stands_on_its_page(built: Project) -> None:
    with duckdb.connect(str(built.folder / "build" / "warehouse.duckdb"), read_only=True) as connection:
        quotes = connection.execute(
            """
            select quote, text from (select report_id, page_number, quote from fct_judgements) as facts
            join staging.stg_pages using (report_id, page_number)
            """
        ).fetchall()
    assert quotes

    def bare(words: str) -> str:
        return "".join(words.replace("\ufffe", "-").split())

    assert [quote for quote, text in quotes if bare(quote) not in bare(text)] == []


def test_a_text_copy_is_counted_once(built: Project) -> None:
    copies = built.query(
        "select media_type, is_primary from dim_report where inspection_start_date = "
        "(select inspection_start_date from dim_report where file_name = 'brackwater-inspection-2015.txt') order by 1"
    )
    assert copies == [("application/pdf", True), ("text/plain", False)]
    assert built.query("select count(*) = count(distinct report_id) from fct_inspections") == [(True,)]


def test_a_second_build_reads_nothing_and_says_the_same(built: Project) -> None:
    landed = built.query("select max(landed_at) from build_documents")
    marts = [
        name
        for (name,) in built.query("select table_name from duckdb_tables() where schema_name = 'main' order by 1")
        if not name.startswith("build_")
    ]
    before = {name: built.query(f"select * from {name} order by all") for name in marts}
    built.build()
    assert built.query("select max(landed_at) from build_documents") == landed
    assert {name: built.query(f"select * from {name} order by all") for name in marts} == before


def test_a_missing_or_empty_folder_leaves_the_published_file(built: Project, tmp_path: Path) -> None:
    content = built.published.read_bytes()
    for reports in (tmp_path / "missing", tmp_path):
        assert str(reports) in built.build(reports=reports, green=False)
    assert built.published.read_bytes() == content


def test_a_reader_and_a_build_do_each_other_no_harm(built: Project) -> None:
    reader = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True)\n"
            "q = 'select count(*) from fct_judgements'; first = c.execute(q).fetchone()\n"
            "print('open', flush=True); sys.stdin.read()\n"
            "assert c.execute(q).fetchone() == first",
            str(built.published),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdout and reader.stdout.readline() == "open\n"
    before = built.query("select build_id from build_info")
    built.build()
    reader.communicate()
    assert reader.returncode == 0
    assert built.query("select build_id from build_info") != before


def test_bad_files_are_rejected_and_the_good_one_lands(tmp_path: Path) -> None:
    reports = tmp_path / "reports [old] *"
    reports.mkdir()
    good = (EXAMPLES / "70000005.pdf").read_bytes()
    (reports / "good.pdf").write_bytes(good)
    (reports / "corrupt.pdf").write_bytes(good[: len(good) // 3])
    (reports / "page.pdf").write_bytes(b"<!DOCTYPE html><html><head><title>Page not found</title></head></html>")
    (reports / "empty.pdf").write_bytes(b"")
    (reports / "locked.pdf").write_bytes(make_pdf("Secret", password="secret"))
    (reports / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(60))
    project = Project(tmp_path / "project")
    printed = project.build(reports=reports)
    assert "5 files were rejected" in printed
    assert project.query("select file_name from dim_report") == [("good.pdf",)]
    reasons = dict(project.query("select file_name, reason from rejected_documents"))
    assert len(reasons) == 5
    for name, word in {
        "corrupt": "PDF",
        "page": "Page not found",
        "empty": "empty",
        "locked": "password",
        "picture": "PNG",
    }.items():
        assert any(word in reason for file, reason in reasons.items() if file.startswith(name)), reasons


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_build_killed_in_its_landing_resumes(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    for number in range(300):
        pages = [
            f"Report {number}\n" + "\n".join(f"Line {line} of page {page}" for line in range(40)) for page in range(20)
        ]
        (reports / f"{number}.pdf").write_bytes(make_pdf(*pages))
    project = Project(tmp_path / "project")
    process = project.start("build", reports=reports)
    cache = project.folder / "build" / "cache"
    deadline = time.monotonic() + 120
    while len(finished := list(cache.rglob("*.parquet"))) < 20 and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert 20 <= len(finished) < 300
    assert not project.published.exists()
    printed = project.build(reports=reports)
    assert project.query("select count(*) from dim_report") == [(300,)]
    assert project.query(
        f"select count(*) >= {len(finished)} from build_documents "
        "where landed_at < (select max(landed_at) from build_documents)"
    )
    assert "300" in printed
