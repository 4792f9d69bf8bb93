"""`dbt build` as people run it: real documents in, a published file out."""

from __future__ import annotations

import csv
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from conftest import REPOSITORY, make_pdf
from project import EXAMPLES, Project
from reportlab.pdfgen.canvas import Canvas

from loaders.reading.cache import Cache, read_summary


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


def test_a_second_build_reads_nothing_and_says_the_same(built: Project, tmp_path: Path) -> None:
    marts = [
        name
        for (name,) in built.query("select table_name from duckdb_tables() where schema_name = 'main' order by 1")
        if not name.startswith("build_")
    ]
    again = built.copy(tmp_path / "project")
    again.build()
    assert again.query("select build_id from build_info") != built.query("select build_id from build_info")
    assert again.query("from build_documents order by all") == built.query("from build_documents order by all")
    for name in marts:
        assert again.query(f"from {name} order by all") == built.query(f"from {name} order by all"), name


def test_a_missing_or_empty_folder_leaves_the_published_file(built: Project, tmp_path: Path) -> None:
    project = built.copy(tmp_path / "project")
    content = project.published.read_bytes()
    (tmp_path / "empty").mkdir()
    for reports in (tmp_path / "missing", tmp_path / "empty"):
        assert str(reports) in project.build(reports=reports, green=False)
    assert project.published.read_bytes() == content


def test_a_newcomers_folder_takes_the_examples_place_and_they_do_not_take_its(built: Project, tmp_path: Path) -> None:
    project = built.copy(tmp_path / "project")
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "a.txt").write_text("Notes of a visit\nThe team knows the children well.\n")
    project.build(reports=mine)  # one document instead of them all
    assert project.query("select file_name from dim_report") == [("a.txt",)]
    content = project.published.read_bytes()
    said = project.build(green=False)
    assert "what was published last time (1 document) was read from the folder “mine”" in said
    assert "documents landed from" not in said
    assert project.published.read_bytes() == content
    assert str(tmp_path).encode() not in content


# --- another folder, whose first build is killed while it reads, and whose second goes through ---

GOOD = (EXAMPLES / "70000005.pdf").read_bytes()
# what is wrong with a file, and a word of the reason for its rejection
BAD = {
    "corrupt.pdf": (GOOD[: len(GOOD) // 3], "PDF"),
    "page.pdf": (b"<!DOCTYPE html><html><head><title>Page not found</title></head></html>", "Page not found"),
    "empty.pdf": (b"", "empty"),
    "locked.pdf": (make_pdf("Secret", password="secret"), "password"),
    "picture.png": (b"\x89PNG\r\n\x1a\n" + bytes(60), "PNG"),
}
LONG = 10  # documents that take long enough to read for a build to be killed among them


def draw_strokes(canvas: Canvas) -> None:
    canvas.drawString(72, 700, "Social workers know the children well, and visit them as often as they need.")
    for _ in range(40_000):
        canvas.line(9, 9, 99, 99)


READER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1], read_only=True)
everything = "select report_id, file_name from dim_report order by all"
before = connection.execute(everything).fetchall()
print("open", flush=True)
sys.stdin.read()
assert connection.execute(everything).fetchall() == before
print(len(before))
"""


@dataclass
class Rebuilt:
    """A built project after a build of another folder was killed, and built again, beside a reader."""

    project: Project
    published_after_the_kill: bool  # whether it was written
    finished: dict[str, datetime]  # when each document was read that was read before the kill
    printed: str
    reader: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def rebuilt(built: Project, tmp_path_factory: pytest.TempPathFactory) -> Rebuilt:
    folder = tmp_path_factory.mktemp("rebuilt")
    reports = folder / "reports [old] *"
    reports.mkdir()
    (reports / "good.pdf").write_bytes(GOOD)
    for name, (content, _) in BAD.items():
        (reports / name).write_bytes(content)
    strokes = make_pdf(draw_strokes)
    for number in range(LONG):
        (reports / f"long-{number}.pdf").write_bytes(strokes + b"\n%% %d" % number)

    project = built.copy(folder / "project")
    before = project.published.read_bytes()
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(project.published)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdout and reader.stdout.readline() == "open\n"

    cache = Cache(project.folder / "build" / "cache")
    process = project.start("build", reports=reports)
    while len(cache.waiting()) < 2 and process.poll() is None:
        time.sleep(0.02)
    process.kill()
    process.communicate()
    finished = {sha256: read_summary(path)[0]["landed_at"] for sha256, path in cache.waiting().items()}
    assert 2 <= len(finished) < LONG
    is_written = project.published.read_bytes() != before

    printed = project.build(reports=reports)
    said = reader.communicate()[0]
    return Rebuilt(
        project, is_written, finished, printed, subprocess.CompletedProcess(reader.args, reader.returncode, said)
    )


def test_a_build_killed_in_its_landing_publishes_nothing_and_resumes(rebuilt: Rebuilt) -> None:
    assert not rebuilt.published_after_the_kill
    landed = dict(
        rebuilt.project.query("select sha256, landed_at from build_documents join dim_report using (report_id)")
    )
    assert len(landed) == LONG + 1
    assert {sha256: landed[sha256] for sha256 in rebuilt.finished} == rebuilt.finished


def test_bad_files_are_rejected_and_the_good_one_lands(rebuilt: Rebuilt) -> None:
    assert "5 files were rejected" in rebuilt.printed
    names = {name for (name,) in rebuilt.project.query("select file_name from dim_report")}
    assert names == {"good.pdf", *(f"long-{number}.pdf" for number in range(LONG))}
    reasons = dict(rebuilt.project.query("select file_name, reason from rejected_documents"))
    assert reasons.keys() == BAD.keys()
    for name, (_, word) in BAD.items():
        assert word in reasons[name]


def test_a_reader_and_a_build_do_each_other_no_harm(rebuilt: Rebuilt, built: Project) -> None:
    """The reader still sees the documents of the build that it opened."""
    assert rebuilt.reader.returncode == 0
    assert [(int(rebuilt.reader.stdout),)] == built.query("select count(*) from dim_report")
    assert rebuilt.project.query("select count(*) from dim_report") == [(LONG + 1,)]


def test_a_table_of_income_that_goes_over_the_page_is_one(built: Project) -> None:
    """Its head stands on the first page alone, its total on the second: the total is compared with all of its parts."""
    (found,) = built.query(
        "select count(*), count(distinct year_id), list(distinct page_number order by page_number) "
        "from fct_board_income inner join dim_report using (report_id) where file_name like 'calderford-%'"
    )
    assert found == (7, 1, [4, 5])
    (said,) = built.query("select what, page_number from fct_discrepancies where kind = 'income_total'")
    assert said == ("The stated total of income in 2016-17, £231,690, is £600 above its 7 parts, £231,090", 5)
