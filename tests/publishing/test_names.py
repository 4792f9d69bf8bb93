"""A whole build without names: no person is named in what is published, exported or shown on the site."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import duckdb
import names_left
import pytest
from conftest import make_pdf
from project import REPOSITORY, Project

# Nobody's names, each of which stands where documents name people.
PEOPLE = {
    "Orla Tennick": "an addressee with a title, and a salutation by surname",
    "Bram Oxley-Hart": "who signs a letter, and is named in another document, over a line's end",
    "Suki Vandermeer": "in a letter's list of inspectors",
    "Fenella Quarmby": "an addressee without a title, and a salutation by first name",
    "Ruaridh Penhallow": "of a line of name and post in a letter to many",
    "Isolde Wraxall": "of another, with an order behind the name",
    "Tobias Fennimore": "a lead inspector",
    "Ngozi Achterman": "in a team",
    "Perpetua Lindqvist": "a chair, in a foreword and a sentence",
    "Caspian O’Dowd": "behind a title, in a sentence",
    "Marguerite Saltash": "who is copied in",
}
LETTER = """18 November 2022
Ms Orla Tennick
Director of Children’s Services
Elverham Borough Council
Moat House
Elverham
EX1 9ZZ
Dear Ms Tennick
Focused visit to Elverham Borough Council children’s services
This letter summarises the findings of the focused visit to Elverham on 4 and 5 October 2022. The inspectors were
Bram Oxley-Hart, HMI, and Suki Vandermeer, HMI.
Headline findings
Since the last inspection Ms Tennick has made the front door a dependable place to turn to.
Professor Caspian O’Dowd’s advice has helped. Young people say that they are listened to.
Areas for improvement
* The timeliness of assessments, as Orla Tennick knows.
I am copying this letter to Marguerite Saltash, Chief Executive. Write to orla.tennick@elverham.example.
Yours sincerely
Bram Oxley-Hart
His Majesty’s Inspector
"""
SECOND_LETTER = (
    LETTER.replace("Ms Orla Tennick\n", "Fenella Quarmby\n")
    .replace("Dear Ms Tennick", "Dear Fenella")
    .replace("18 November 2022", "2 May 2023")
    .replace("4 and 5 October 2022", "18 and 19 April 2023")
    .replace("Elverham", "Ashmere")
)
TO_MANY = """6 January 2023
Orla Tennick, Director of Children’s Services, Elverham Borough Council
Ruaridh Penhallow, Independent Chair at NHS Elverham ICB
Isolde Wraxall QPM, Chief Constable, Elverham Police
Dear Elverham Local Safeguarding Partnership
Joint targeted area inspection of Elverham
This letter summarises the findings of the joint targeted area inspection of Elverham.
Headline findings
Mr Penhallow and Ms Wraxall meet often. Children are safe, as Bram Oxley-
Hart found.
"""
REPORT = """# Inspection of Brackwater Metropolitan Borough local authority children’s services

**Inspection dates:** 12 to 16 February 2024

**Lead inspector:** Tobias Fennimore, His Majesty’s Inspector

| Judgement | Grade |
|---|---|
| The impact of leaders on social work practice with children and families | Good |
| The experiences and progress of children who need help and protection | Requires improvement to be good |
| Overall effectiveness | Good |

Services for children in Brackwater have become weaker since Orla Tennick left.
Suki Vandermeer and TOBIAS FENNIMORE saw it.

# Inspection team

Team inspectors: Ngozi Achterman HMI, Requires Improvement, Social Care, West Fallowshire
"""
BOARD = """# Calderford Safeguarding Children Board

## Annual Report 2016–2017

Independent Chair: Perpetua Lindqvist

# Foreword

The board, chaired by Perpetua Lindqvist, met five times. Ms Lindqvist thanks all partners.

619 children and young people were looked after as of March 2017.

Perpetua Lindqvist
Independent Chair
"""


@pytest.fixture(scope="module")
def nameless(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project that has published a folder of letters and reports without names, with exports and a site."""
    folder = tmp_path_factory.mktemp("names")
    reports = folder / "reports"
    reports.mkdir()
    (reports / "letter to Orla_Tennick.txt").write_text(LETTER, "utf-8")
    (reports / "second.pdf").write_bytes(make_pdf(SECOND_LETTER.replace("’", "'").replace("* ", "- ")))
    (reports / "many.txt").write_text(TO_MANY, "utf-8")
    (reports / "brackwater.md").write_text(REPORT, "utf-8")
    (reports / "board.md").write_text(BOARD, "utf-8")
    (reports / "page.pdf").write_text("<html><title>Orla Tennick leaves</title><p>Gone.</p></html>", "utf-8")
    project = Project(folder / "project")
    said = project.build(reports=reports, PUBLISH_NAMES="false")
    assert " names left out in " in said
    commands = (["website", "--output", "site"], ["loaders", "export", "--csv", "csv"])
    for command in commands:
        subprocess.run(
            [sys.executable, "-m", *command], cwd=project.folder, check=True, env={"PYTHONPATH": str(REPOSITORY)}
        )
    return project


def test_nobody_is_named_anywhere(nameless: Project, tmp_path: Path) -> None:
    places = [nameless.published, *(nameless.folder / name for name in ("exports", "site", "csv"))]
    assert names_left.names_left(PEOPLE, places) == {}
    surnames = [name.split()[-1] for name in PEOPLE]
    held = [text for place in places for _, text in names_left.texts(place)]
    assert len(held) > 1000
    found = {surname for surname in surnames for text in held if surname.lower() in text.lower()}
    assert found == set()

    listed = tmp_path / "people.csv"
    with listed.open("w", newline="", encoding="utf-8") as lines:
        csv.writer(lines).writerows([["file_name", "inspectors"], ["a.pdf", ";".join(PEOPLE)]])
    assert names_left.main([str(listed), str(nameless.published)]) == 0
    assert names_left.main([str(listed), str(nameless.folder / "build" / "warehouse.duckdb")]) == 1


def test_the_build_says_what_it_left_out(nameless: Project) -> None:
    (counts,) = nameless.query(
        "select names_published, names_removed, places_removed > 30, places_in_doubt from build_info"
    )
    assert counts == (False, len(PEOPLE), True, 0)
    command = [sys.executable, "-m", "loaders", "status"]
    environment = {"PYTHONPATH": str(REPOSITORY)}
    status = subprocess.run(command, cwd=nameless.folder, env=environment, capture_output=True, text=True, check=True)
    assert f"names of inspectors and officers are left out: {len(PEOPLE)} of them in " in status.stdout
    assert nameless.query("select count(*) from dim_report where coalesce(lead_inspector, addressee) is not null") == [
        (0,)
    ]
    assert nameless.query("select file_name from dim_report order by 1")[2] == ("letter to [name].txt",)
    assert nameless.query("from rejected_documents")[0][::2] == (
        "page.pdf",
        "an HTML page under a .pdf name, titled “[name] leaves”; download it again",
    )


def test_nothing_else_is_taken_out(nameless: Project) -> None:
    """What is no name stays, where it was read among names, too; codes and what a dimension holds are as they were."""
    (statements,) = nameless.query("select string_agg(statement, ' ') from fct_statements")[0]
    for words in (
        "HMI, Requires Improvement, Social Care, West Fallowshire",
        "Young people say",
        "Dear Elverham Local",
    ):
        assert words in statements
    with duckdb.connect(str(nameless.folder / "build" / "warehouse.duckdb"), read_only=True) as connection:
        connection.execute(f"attach '{nameless.published}' as published (read_only)")
        columns = connection.execute(
            """
            select here.table_name, here.column_name
            from duckdb_columns() as here
            where here.database_name = 'warehouse' and here.schema_name = 'main' and not here.internal
            order by all
            """
        ).fetchall()
        rewritten = {
            (table, column)
            for table, column in columns
            if connection.execute(
                f'select count(*) from (select "{column}" from warehouse.main."{table}" '
                f'except all select "{column}" from published.main."{table}")'
            ).fetchone()
            != (0,)
        }
    texts = {"file_name", "title", "section", "parent_text", "statement", "quote", "text", "reason"}
    people = {
        ("dim_report", "lead_inspector"),
        ("dim_report", "addressee"),
        ("fct_inspection_team", "person_name"),
        ("ilacs_history", "inspector_name"),
        ("ilacs_overview", "inspector_name"),
    }
    assert {column for table, column in rewritten - people} <= texts
    assert people <= rewritten
