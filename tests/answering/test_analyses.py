"""The worked questions run as typed in the published file, and give the answers that are written beside them."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys

import duckdb
import pytest
import questions
from project import REPOSITORY, Project

QUESTIONS = questions.read_questions()
# A question whose answer on the example reports is that there is nothing to say.
EMPTY = {"documents_that_wait_for_a_person"}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_has_the_answer_beside_it(built: Project, name: str) -> None:
    with duckdb.connect(str(built.published), read_only=True) as connection:
        found = questions.answer(connection, QUESTIONS[name])
    expected = (questions.ANSWERS / f"{name}.csv").read_text(encoding="utf-8")
    assert found == expected, "where the change is meant: build, then python tests/questions.py"
    assert (found.count("\n") > 1) is (name not in EMPTY), f"{name} has {'no' if name not in EMPTY else 'an'} answer"


def test_each_question_is_listed_with_its_answer_its_description_and_in_the_guide() -> None:
    assert {path.stem for path in questions.ANSWERS.glob("*.csv")} == set(QUESTIONS)
    described = (questions.ANALYSES / "analyses.yml").read_text(encoding="utf-8")
    asked = dict(re.findall(r"^  - name: (\w+)\n    description: (.+)$", described, re.MULTILINE))
    guide = (REPOSITORY / "docs" / "questions.md").read_text(encoding="utf-8")
    listed = {name: asks for asks, name in re.findall(r"^\| (.+\?) \| \[(\w+)\]\(", guide, re.MULTILINE)}
    assert set(asked) == set(QUESTIONS)
    assert listed == asked


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_says_what_it_asks_and_how_its_answer_is_read(name: str) -> None:
    comment = re.match(r"/\*\nQuestion: .+\n\nHow to read it: .+\n\nCaveats: .+\n\*/\n", QUESTIONS[name], re.DOTALL)
    assert comment, "a question starts with a comment: Question, How to read it, Caveats"
    assert "{{" not in QUESTIONS[name], "it is typed into a client as it stands: no Jinja"


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_answer_has_one_order(built: Project, name: str) -> None:
    """Turned round in the file, the rows come out the same."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{built.published}' as published (read_only)")
        tables = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'published' and schema_name = 'main'"
        ).fetchall()
        for (table,) in tables:
            if re.search(rf"\b{table}\b", QUESTIONS[name]):
                connection.execute(f"create table {table} as select * from published.main.{table} order by rowid desc")
        turned = questions.answer(connection, QUESTIONS[name])
    with duckdb.connect(str(built.published), read_only=True) as connection:
        assert turned == questions.answer(connection, QUESTIONS[name])


def test_an_inspection_without_an_overall_grade_can_be_the_recovery(built: Project) -> None:
    """As ilacs from April 2026: the areas decide, as they do in inadequate_now."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{built.published}' as published (read_only)")
        for table in ("fct_inspections", "fct_judgements", "dim_authority", "dim_grade", "dim_judgement_area"):
            connection.execute(f"create table {table} as from published.main.{table}")
        connection.execute("update fct_inspections set overall_grade = 'inadequate' where overall_grade is not null")

        def recovered() -> list[tuple]:
            found = f"from ({QUESTIONS['recovery_from_inadequate'].rstrip().removesuffix(';')})"
            return connection.execute(
                f"select year(recovered_on), recovered_to, recovered_by {found} where authority_name = 'Calderford'"
            ).fetchall()

        assert recovered() == [(2026, "requires improvement", "lowest area")]
        connection.execute(
            "update fct_judgements set grade = 'inadequate' where judgement_area_id = 'help_and_protection'"
        )
        assert recovered() == [(None, None, None)]


@pytest.mark.parametrize("name", ["figures_that_contradict", "asked_by_all_inspectors"])
def test_the_guides_command_prints_whole_columns(built: Project, name: str) -> None:
    guide = (REPOSITORY / "docs" / "questions.md").read_text(encoding="utf-8")
    (typed,) = re.findall(r"^\.venv/bin/python (-c .+)$", guide, re.MULTILINE)
    option, script = shlex.split(typed)
    done = subprocess.run(
        [sys.executable, option, script.replace("analyses/grades_by_year", f"{REPOSITORY.as_posix()}/analyses/{name}")],
        cwd=built.folder,
        env={**os.environ, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    head = (questions.ANSWERS / f"{name}.csv").read_text(encoding="utf-8").partition("\n")[0].split(",")
    assert all(column in done.stdout for column in head) and "…" not in done.stdout
