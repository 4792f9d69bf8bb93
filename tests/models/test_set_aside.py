"""No document stops the others: what a rule refuses is set aside, with its reason, and all else is published."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from conftest import make_pdf
from project import Project

SIF = """# Ashmere

# Inspection of services for children in need of help and protection, children looked after and care leavers

Inspection date: 12 September-6 October 2016

Report published: 30 January 2017

Children who need help and protection\tGood
Leadership, management and governance\tGood

"""
BOARD = "# {place} Safeguarding Children Board\n\n# Annual Report {year}\n\n## Income {year}\n\n{table}\n"
ILACS = """{place}

Inspection of {place} local authority children’s services

Inspection dates: {dates}

Lead inspector: Ann Lee, His Majesty’s Inspector

Judgement Grade

The impact of leaders on social work practice with children and families\tGood
{areas}
Overall effectiveness\tGood
"""
HALVES = "The experiences and progress of children in care\t{}\nThe experiences and progress of care leavers\t{}"
WHOLE = "The experiences and progress of children in care and care leavers\t{}"


def ilacs(dates: str, areas: str, place: str = "Brackwater") -> str:
    return ILACS.format(dates=dates, areas=areas, place=place)


# Each a document, or several of one authority, that once ended a build; the names say what of it did.
DOCUMENTS: dict[str, str | bytes] = {
    "two-areas-not-judged-became-one-1.txt": ilacs("3 to 14 June 2019", HALVES.format("Not judged", "not judged")),
    "two-areas-not-judged-became-one-2.txt": ilacs("6 to 17 June 2022", WHOLE.format("Requires improvement")),
    "one-became-two-not-judged-1.txt": ilacs("3 to 14 June 2019", WHOLE.format("Inadequate"), "Calderford"),
    "one-became-two-not-judged-2.txt": ilacs(
        "5 to 16 June 2023", HALVES.format("Not judged", "Not judged"), "Calderford"
    ),
    "an-area-and-its-halves.txt": ilacs(
        "5 to 16 June 2023", HALVES.format("Good", "Outstanding") + "\n" + WHOLE.format("Inadequate"), "Dunmarsh"
    ),
    "opens-in-small-letters.txt": "on behalf of the partnership, we welcome 14 new foster carers.\n\nThank you.",
    "opens-in-brackets.txt": "(draft of 3 May 2016)\n\nThere were 51 children looked after.",
    "opens-with-a-tab.tsv.txt": "measure\tfigure\nplans\t31\nreferrals\t1,204",
    "control-characters-alone.txt": "The team grew.\n\n\x01\x02\n\n\x1e\n\n"
    + "They know their families well.\x0c\n" * 9,
    "footnotes-alone.md": "¹ There were 12 children looked after.\n\n² Nothing more.",
    "one-word.md": "welcome",
    "pictures-first.pdf": make_pdf(
        "", "", "The plan was agreed in March and each of the partners has signed it since then."
    ),
    "income-long-ago.md": BOARD.format(
        place="Elverham",
        year="2004-05",
        table="| Partner | 2004/05 |\n|---|---|\n| Elverham Council | £51,000 |\n| Elverham CCG | £9,000 |",
    ),
    "income-to-come.md": BOARD.format(
        place="Elverham",
        year="2071-72",
        table="| Partner | 2071/72 |\n|---|---|\n| Elverham Council | £52,000 |\n| Elverham CCG | £9,500 |",
    ),
    "two-totals.md": BOARD.format(
        place="Fallowshire",
        year="2015-16",
        table="| Partner | Amount |\n|---|---|\n| Fallowshire Council | £40,000 |\n| Total | £40,000 |\n"
        "| CCG | £8,000 |\n| Total | £48,000 |",
    ),
    "the-same-twice.txt": SIF
    + "There were 61 children with a child protection plan at 31 March 2016 and 58 such children at 31 March 2015. "
    + "The number is the same as at 31 March 2012. The number is unchanged since 31 March 2012.",
    "minus-one.txt": SIF + "- none live in children’s homes, all but one of whom live out of the authority area",
    "a-gap-twice.txt": SIF
    + "## Findings\n\n"
    + "\n\n".join(f"{n}. Plans are kept up to date." for n in (5, 8, 5, 8, 5, 8)),
    "a-vast-number.txt": SIF
    + "At 31 March 2016, "
    + "7" * 380
    + " children were looked after, of whom 987654321098765 in foster care.",
    "years-that-cannot-be.txt": SIF
    + "In March 9999 there were 50 children in need. In 0000, 1066 and 3000 there were 40 children in need.",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("set_aside")
    reports = folder / "reports"
    reports.mkdir()
    for name, content in DOCUMENTS.items():
        (reports / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    project = Project(folder / "project")
    project.build(reports)
    return project


def test_every_document_is_published(project: Project) -> None:
    assert project.query("select file_name, reason from rejected_documents") == []
    assert {name for (name,) in project.query("select file_name from dim_report")} == set(DOCUMENTS)
    without_words = "select file_name from dim_report where report_id not in (select report_id from fct_statements)"
    assert project.query(without_words) == [("footnotes-alone.md",)]


def test_what_is_set_aside_says_why_and_where(project: Project) -> None:
    rows = project.query("select file_name, relation, rule, page_number, words from facts_set_aside order by all")
    assert {(name, relation, rule) for name, relation, rule, *_ in rows} == {
        ("a-vast-number.txt", "fct_metric_observations", "observed_value_is_plausible"),
        ("a-vast-number.txt", "fct_quantities", "quantity_can_be"),
        ("income-to-come.md", "fct_board_income", "income_is_whole"),
    }
    assert all(page and words for *_, page, words in rows)
    assert any("7777" in words for *_, words in rows)


def test_grades_are_compared_where_there_are_two(project: Project) -> None:
    rows = project.query("""
        select authority_name, comparable_area, previous_grade, grade
        from fct_judgement_changes inner join dim_authority using (authority_id)
        where comparable_area = 'children_in_care'
    """)
    assert rows == []
    assert project.query("""
        select grade from fct_judgements inner join dim_report using (report_id)
        where file_name = 'an-area-and-its-halves.txt' and judgement_area_id like '%care%' order by judgement_area_id
    """) == [("outstanding",), ("good",), ("inadequate",)]


def test_an_income_of_any_year_that_can_be_is_published(project: Project) -> None:
    assert project.query("select year_id, sum(amount) from fct_board_income where year_id < '2010' group by all") == [
        ("2004-05", 60000)
    ]


def test_status_tells_what_was_set_aside(project: Project, tmp_path: Path) -> None:
    from loaders.answering.status import status
    from loaders.settings import Settings

    lines = list(status(Settings(tmp_path, warehouse_path=project.published)))
    assert "Facts set aside: 5" in lines
    assert any("income-to-come.md" in line and "fct_board_income, 2 times" in line for line in lines)


# Each longer than the limits that its build has.
LONG = {
    "many-lines.txt": SIF + "At 31 March 2016, 51 children were looked after.\n\n" * 30 + "The last of the Zebras.",
    "a-long-sentence.txt": SIF + "There were 12 children in need, " + "and the word is plan, " * 40 + "which are 14.",
    "many-numbers.txt": SIF + "There were 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 and 16 adoptions.",
    "a-long-heading.md": SIF + "## " + "Heading of many words " * 10 + "\n\nThere were 13 adoptions in 2015–16.",
    "a-long-list-parent.txt": SIF + "Of these " + "children and others " * 40 + ":\n\n• 9 are in foster care",
    "a-long-finding.txt": SIF + "## Findings\n\n1. " + "The plan is good. " * 20,
    "a-long-title.md": SIF
    + "### "
    + "Special guardianship orders " * 10
    + "\n\n| Agency | 2015-16 |\n|---|---|\n| Adoptions | 13 |\n",
    "a-large-table.md": "| a | b |\n|---|---|\n" + "| Zebras | 1 |\n" * 20,
}
LIMITS = {
    "most_lines": 40,
    "longest_statement": 600,
    "longest_reading": 600,
    "most_numbers": 14,
    "longest_heading": 100,
    "longest_introduction": 300,
    "longest_paragraph": 150,
    "most_cells": 30,
}


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("limited")
    reports = folder / "reports"
    reports.mkdir()
    for name, content in LONG.items():
        (reports / name).write_text(content, "utf-8")
    project = Project(folder / "project")
    process = project.start("build", "--vars", json.dumps(LIMITS), reports=reports)
    printed = process.communicate(timeout=300)[0]
    assert process.returncode == 0, printed[-4000:]
    return project


def test_what_is_beyond_a_limit_is_listed(limited: Project) -> None:
    doubts = limited.query("""
        select distinct file_name from documents_to_review
        where doubt like '%not read%' or doubt like '%limits%' order by all
    """)
    assert [name for (name,) in doubts] == [
        "a-large-table.md",
        "a-long-list-parent.txt",
        "a-long-sentence.txt",
        "many-lines.txt",
        "many-numbers.txt",
    ]


def test_words_of_a_table_keep_to_the_limit_of_a_heading(limited: Project) -> None:
    """A line of a document's megabytes over a table is not put together with each of its cells."""
    with duckdb.connect(str(limited.folder / "build" / "warehouse.duckdb"), read_only=True) as connection:
        lengths = connection.sql(
            "select max(length(table_words)), max(length(row_label)), count(*) from intermediate.int_table_figures"
        ).fetchall()
    [(table_words, row_label, figures)] = lengths
    assert figures
    assert table_words <= 2 * LIMITS["longest_heading"] + len(" ; ")
    assert row_label <= LIMITS["longest_heading"]


def test_what_is_beyond_a_limit_can_be_searched_and_gives_no_fact(limited: Project) -> None:
    assert limited.query("""
        select file_name, is_read from fct_statements inner join dim_report using (report_id)
        where statement like '%last of the Zebras%'
    """) == [("many-lines.txt", False)]
    assert limited.query("""
        select count(*) from fct_statements inner join dim_report using (report_id)
        where file_name = 'a-large-table.md' and statement like '%Zebras%'
    """) != [(0,)]
    assert (
        limited.query("""
        select distinct file_name from fct_metric_observations inner join dim_report using (report_id)
        where file_name in ('a-long-sentence.txt', 'many-numbers.txt')
    """)
        == []
    )


def test_what_is_cut_is_no_longer_than_its_limit(limited: Project) -> None:
    assert limited.query("""
        select max(length(statement)) <= 600, max(length(section)) <= 100, max(length(parent_text)) <= 300
        from fct_statements
    """) == [(True, True, True)]
    assert limited.query("select max(length(text)) from fct_findings") == [(150,)]
    assert limited.query("""
        select value from fct_metric_observations inner join dim_report using (report_id)
        where file_name = 'a-long-heading.md' and metric_id = 'adoptions'
    """) == [(13,)]
