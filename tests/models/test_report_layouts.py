"""Findings, asks and grades are read whole, and nothing else, however a report is set."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from project import Project
from report_layouts import LAYOUTS, Report, write_all

SELECTED = (
    "+fct_findings",
    "+fct_recommendations",
    "+fct_judgements",
    "+int_judgement_discrepancies",
    "+int_paragraph_discrepancies",
)


@pytest.fixture(scope="module")
def reports(built: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Report], Path]:
    folder = tmp_path_factory.mktemp("layouts")
    made = write_all(folder / "reports")
    project = built.copy(folder / "project")
    arguments = ("build", "--indirect-selection", "cautious", "--select", *SELECTED)
    process = project.start(*arguments, reports=folder / "reports")
    printed = process.communicate(timeout=300)[0]
    assert process.returncode == 0, printed[-4000:]
    return made, project.folder / "build" / "warehouse.duckdb"


Query = Callable[[str], list[Any]]


@pytest.fixture(params=LAYOUTS)
def report(reports: tuple[dict[str, Report], Path], request: pytest.FixtureRequest) -> tuple[Report, Query]:
    made, build = reports
    name = request.param

    def query(columns_and_source: str) -> list[Any]:
        with duckdb.connect(str(build), read_only=True) as connection:
            return connection.execute(f"select {columns_and_source}", [f"{name}{made[name].suffix}"]).fetchall()

    return made[name], query


OF_THIS = "inner join intermediate.int_reports as reports using (report_id) where reports.file_name = ?"


def test_asks(report: tuple[Report, Query]) -> None:
    made, query = report
    if made.asks is not None:
        found = query(f"paragraph_text from intermediate.int_recommendations {OF_THIS} order by block_number")
        assert [text for (text,) in found] == list(made.asks)
    if made.asked is not None:
        columns = "paragraph_text, recommendation_type, judgement_area_id"
        found = query(f"{columns} from intermediate.int_recommendations {OF_THIS} order by block_number")
        assert found == list(made.asked)


def test_findings(report: tuple[Report, Query]) -> None:
    made, query = report
    if made.findings is not None:
        columns = "paragraph_number, paragraph_text"
        found = query(f"{columns} from intermediate.int_findings {OF_THIS} order by block_number")
        assert found == list(made.findings)
    if made.sections is not None:
        counts = (
            f"section, count(*) from intermediate.int_findings {OF_THIS} group by section order by min(block_number)"
        )
        assert query(counts) == list(made.sections)


def test_grades(report: tuple[Report, Query]) -> None:
    made, query = report
    if made.grades is not None:
        assert dict(query(f"judgement_area_id, grade from fct_judgements {OF_THIS}")) == made.grades


def test_disagreements(report: tuple[Report, Query]) -> None:
    made, query = report
    kinds = ("int_judgement_discrepancies", "int_paragraph_discrepancies")
    found = [
        row
        for relation in kinds
        for row in query(f"kind, what from intermediate.{relation} {OF_THIS} and kind != 'missing_judgement'")
    ]
    assert sorted(found) == sorted(made.discrepancies)
