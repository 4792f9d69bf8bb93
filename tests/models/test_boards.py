"""Boards' annual reports that say the same in different ways give the same facts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import board_accounts
import duckdb
import pytest
from board_documents import LAYOUTS, MEETINGS, SPENDING, SPENDING_BESIDE_INCOME, TOTAL_EXCESS, facts, write_all
from project import Project


@pytest.fixture(scope="module")
def boards(built: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("boards")
    write_all(folder / "reports")
    project = built.copy(folder / "project")
    board_accounts.write_all(folder / "reports")
    selected = (
        "+fct_board_attendance",
        "+fct_board_income",
        "+fct_board_spending",
        "int_board_attendance_totals",
        "int_board_money_totals",
        "+int_board_discrepancies",
    )
    arguments = ("build", "--indirect-selection", "cautious", "--select", *selected)
    process = project.start(*arguments, reports=folder / "reports")
    printed = process.communicate(timeout=300)[0]
    assert process.returncode == 0, printed[-4000:]
    return project


def query(project: Project, name: str, columns: str, relation: str, where: str = "true") -> list[tuple]:
    """Return what a relation holds of one document."""
    build = project.folder / "build" / "warehouse.duckdb"
    with duckdb.connect(str(build), read_only=True) as connection:
        return connection.execute(
            f"""
            select {columns} from {relation} join intermediate.int_reports using (report_id)
            where file_name = ? and {where}
            """,
            [name],
        ).fetchall()


@pytest.mark.parametrize("name", LAYOUTS)
def test_attendance(boards: Project, name: str) -> None:
    found = query(boards, name, "agency, meeting_date, attended", "fct_board_attendance")
    assert sorted(map(str, found)) == sorted(map(str, facts()[0]))


@pytest.mark.parametrize("name", LAYOUTS)
def test_income(boards: Project, name: str) -> None:
    found = query(boards, name, "contributor, amount, year_id", "fct_board_income")
    assert sorted(row for row in found if row[2] == "2016-17") == sorted(facts()[1])


@pytest.mark.parametrize("name", LAYOUTS)
def test_totals_are_kept_beside_what_they_should_be(boards: Project, name: str) -> None:
    income = query(
        boards, name, "difference", "intermediate.int_board_money_totals", "flow = 'income' and year_id = '2016-17'"
    )
    assert income == [(TOTAL_EXCESS,)]
    attendance = query(
        boards,
        name,
        "stated_held - counted_held, stated_attended - counted_attended",
        "intermediate.int_board_attendance_totals",
    )
    assert {difference or 0 for row in attendance for difference in row} <= {0}


@pytest.mark.parametrize("name", LAYOUTS)
def test_spending(boards: Project, name: str) -> None:
    found = query(boards, name, "item, amount", "fct_board_spending", "year_id = '2016-17'")
    on_a_page_of_its_own = SPENDING if name.endswith(".pdf") else []
    assert sorted(found) == sorted([*SPENDING_BESIDE_INCOME.get(name, []), *on_a_page_of_its_own])


@pytest.mark.parametrize("name", board_accounts.REPORTS)
def test_boards_that_differ(boards: Project, name: str) -> None:
    report = board_accounts.REPORTS[name]()
    found = query(boards, name, "agency, meeting_date, attended", "fct_board_attendance")
    assert sorted(map(str, found)) == sorted(map(str, report.attendance))
    assert sorted(query(boards, name, "contributor, amount, year_id", "fct_board_income")) == sorted(report.income)
    assert sorted(query(boards, name, "item, amount, year_id", "fct_board_spending")) == sorted(report.spending)
    found = query(boards, name, "kind", "intermediate.int_board_discrepancies")
    assert [kind for (kind,) in found] == list(report.disagreements)


def test_totals_of_meetings_are_checked_where_no_column_counts_attendance(boards: Project) -> None:
    totals = query(
        boards,
        "pipes.md",
        "meeting_date, stated_attended, counted_attended",
        "intermediate.int_board_attendance_totals",
        "total_of = 'meeting'",
    )
    assert sorted(date for date, _, _ in totals) == MEETINGS
    assert all(stated == counted for _, stated, counted in totals)


def test_quotes_stand_on_their_pages(boards: Project) -> None:
    build = boards.folder / "build" / "warehouse.duckdb"
    with duckdb.connect(str(build), read_only=True) as connection:
        quotes = connection.execute(
            """
            select quote, string_agg(text, '' order by pages.page_number) as text
            from (
                select report_id, page_number, quote from fct_board_attendance
                union all select report_id, page_number, quote from fct_board_income
                union all select report_id, page_number, quote from fct_board_spending
            ) as facts
            join staging.stg_pages as pages
                -- a row that a page cuts goes on on the next
                on facts.report_id = pages.report_id and pages.page_number - facts.page_number in (0, 1)
            group by facts.report_id, facts.page_number, quote
            """
        ).fetchall()
    assert quotes

    def bare(words: str) -> str:
        return "".join(words.replace("\xad", "").replace("\ufffe", "-").split())

    assert [quote for quote, text in quotes if bare(quote) not in bare(text)] == []


@pytest.mark.parametrize("model", ["int_board_attendance", "int_board_money_lines", "int_board_attendance_totals"])
def test_a_long_document_is_not_carried_along_with_every_cell(boards: Project, tmp_path: Path, model: str) -> None:
    # A text document is one page: half a megabyte of text beside each of some hundred cells are more than there is.
    shutil.copy(boards.folder / "build" / "warehouse.duckdb", tmp_path / "warehouse.duckdb")
    manifest = json.loads((boards.folder / "target" / "manifest.json").read_text("utf-8"))
    node = manifest["nodes"][f"model.childrens_services_warehouse.{model}"]
    compiled = boards.folder / "target" / "compiled" / "childrens_services_warehouse" / node["original_file_path"]
    with duckdb.connect(
        str(tmp_path / "warehouse.duckdb"), config={"memory_limit": "300MB", "threads": 2}
    ) as connection:
        made = connection.execute(f"select count(*) from intermediate.{model}").fetchone()
        connection.execute("update intermediate.int_board_tables set page_text = page_text || repeat('words', 100000)")
        connection.execute(f"create temp table made_again as {compiled.read_text('utf-8')}")
        assert connection.execute("select count(*) from made_again").fetchone() == made
        assert made != (0,)
