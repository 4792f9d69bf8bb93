"""The checks of the rows: each finds a row that breaks it, says what to do, and stands in docs/checks.md."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import duckdb
import pytest
import yaml
from project import REPOSITORY, Project

DOCS = (REPOSITORY / "docs" / "checks.md").read_text("utf-8")
# What stands in the other columns of a row that breaks a check; a text is another in each column.
FILLING: dict[str, Any] = {
    "INTEGER": 1,
    "BIGINT": 1,
    "DOUBLE": 1.0,
    "BOOLEAN": False,
    "DATE": date(2000, 1, 1),
    "TIMESTAMP": datetime(2000, 1, 1),
}
# What breaks the checks that are none of the generic ones, each a change of the build file.
WATCHED = "insert into raw.rows_watched values ('fct_findings', 50, 30)"
BROKEN: dict[str, list[Any]] = {
    "facts_set_aside_have_a_document": [
        "insert into main.facts_set_aside (relation, rule) values ('fct_findings', 'finding_is_whole')"
    ],
    "facts_set_aside_are_few": [
        [
            WATCHED,
            "insert into main.facts_set_aside (relation, rule, report_id) "
            "select 'fct_findings', 'finding_is_whole', unnest(range(20))::varchar",
        ],
    ],
    "ids_are_those_of_a_dimension": [
        "update main.fct_findings set authority_id = 'X1' where rowid = 0",
        "update main.latest_outcomes set last_overall_grade = 'fair' where rowid = 0",
    ],
    "dates_follow_each_other": [
        "update intermediate.int_report_dates set inspection_end_date = inspection_start_date - 1",
        "update intermediate.int_report_dates set published_date = inspection_end_date - 1",
    ],
    "dates_are_of_our_time": [
        "update intermediate.int_report_dates set inspection_start_date = date '1066-03-04'",
        "update intermediate.int_report_dates set published_date = date '2924-03-04'",
    ],
    "authority_is_named_in_title_or_first_words": [
        "update main.dim_report set authority_id = 'E09000002' where rowid = 0"
    ],
    "kinds_without_typed_facts_have_none": [
        f"update main.dim_framework set has_typed_facts = framework_id != '{kind}'"
        for kind in ("sif", "ilacs", "focused_visit", "board_annual_report", "external_review")
    ]
    + ["update main.dim_framework set figures_are_read = framework_id != 'sif'"],
    "grades_are_of_their_kinds_scale": [
        "update main.dim_grade set grade_scale_id = 'another' where grade = 'good'",
        "update main.fct_judgements set grade = 'inconsistent' where grade = 'good'",
    ],
    "outcomes_go_with_priority_action": [
        "insert into main.fct_discrepancies (kind, what, report_id) "
        "select 'outcome_and_priority_action', 'no areas', report_id from main.dim_report limit 1"
    ],
    "contribution_is_an_amount_that_a_board_can_have": [
        "update main.fct_board_income set amount = 1e10 where rowid = 0",
        "update main.fct_board_income set amount = 'infinity' where rowid = 0",
    ],
    "expense_is_an_amount_that_a_board_can_have": ["update main.fct_board_spending set amount = 1e10 where rowid = 0"],
    "quantity_can_be": ["update main.fct_quantities set value = 1e16 where rowid = 0"],
    "value_counts_add_up": ["update main.fct_authority_metrics set distinct_value_count = observation_count + 1"],
    "observed_value_is_plausible": [
        "update main.fct_metric_observations set value = -1 where rowid = 0",
        "update main.fct_metric_observations set value = 101, metric_id = 'any_percent' where rowid = 0",
    ],
    "example_authority_is_described": ["update seeds.example_authorities set region_code = null where rowid = 0"],
    "board_wording_of_every_role_is_there": ["update intermediate.int_board_wordings set income = null"],
    "statement_says_something": ["update staging.stg_statements set statement = '' where rowid = 0"],
    "example_rows_are_as_expected": [
        "update intermediate.int_row_counts set row_count = row_count + 1 where rowid = 0",
        "delete from intermediate.int_row_counts where relation = 'fct_judgements'",
    ],
    "assert_metric_pattern_examples_are_read": [
        "update seeds.metric_patterns set expected = expected + 1 where rowid = 0"
    ],
    "metric_rules_read_their_examples": ["update seeds.metric_rules set expected = expected + 1 where rowid = 0"],
    "metric_sentences_are_read_as_expected": [
        "update seeds.metric_sentences set readings = 'adoptions 1 inspection' where rowid = 0",
        "update seeds.metric_sentences set readings = null where rowid = 0",
    ],
}
# What an analyst is asked to look at, by the words of the doubt.
DOUBTFUL = {
    "outside 0 to 100": ("value = 100.5", "percent"),
    "outside 0 to 400000": ("value = 400001", "children"),
    "a count that is not whole": ("value = 2.5", "count"),
    "outside 0 to 1500": ("value = 1501", "per_10k"),
    "a rate that no authority has": ("value = 301", "per_10k"),
    "too few for an area": ("value = 199, metric_id = 'population_under_18'", "children"),
    "its period ends before it starts": ("period_start = period_end + 1", "children"),
    "later than the document": ("period_end = date '2090-03-31'", "children"),
    "long before the document": ("period_end = date '1990-03-31'", "children"),
}


@pytest.fixture(scope="module")
def nodes(built: Project) -> dict[str, dict[str, Any]]:
    """Models, seeds and checks, as dbt's manifest has them."""
    manifest = json.loads((built.folder / "target" / "manifest.json").read_text("utf-8"))
    return dict(manifest["nodes"])


@pytest.fixture(scope="module")
def tests(nodes: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [node for node in nodes.values() if node["resource_type"] == "test"]


@pytest.fixture(scope="module")
def rows(built: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of the build file, to break rows in."""
    copy = tmp_path_factory.mktemp("checks") / "warehouse.duckdb"  # the database's name in the checks is the file's
    shutil.copy(built.folder / "build" / "warehouse.duckdb", copy)
    with duckdb.connect(str(copy)) as connection:
        yield connection


@pytest.fixture
def found(built: Project, rows: duckdb.DuckDBPyConnection) -> Callable[..., list[dict[str, Any]] | None]:
    """Return the rows that a check finds after changes, which are undone; None where the contract refuses these."""

    def find(name: str, *changes: str | tuple[str, dict[str, Any]]) -> list[dict[str, Any]] | None:
        [check] = (built.folder / "target" / "compiled").rglob(f"{name}.sql")
        rows.begin()
        try:
            for change in changes:
                rows.execute(change) if isinstance(change, str) else insert(rows, *change)
            answer = rows.sql(check.read_text("utf-8"))
            return [dict(zip(answer.columns, row, strict=True)) for row in answer.fetchall()]
        except duckdb.ConstraintException:
            return None
        finally:
            rows.rollback()

    return find


def insert(connection: duckdb.DuckDBPyConnection, relation: str, values: dict[str, Any]) -> None:
    """Insert a row whose other columns are filled."""
    described = connection.sql(f"describe {relation}").fetchall()
    row = {name: f"no {name}" if kind == "VARCHAR" else FILLING.get(kind) for name, kind, *_ in described} | values
    connection.execute(f"insert into {relation} values ({', '.join('?' * len(row))})", list(row.values()))


def breaking(test: dict[str, Any], relation: str) -> Iterator[list[str | tuple[str, dict[str, Any]]]]:
    """Give what breaks a generic check: each a list of changes that it must find, or the contract refuse."""
    kind, given = test["test_metadata"]["name"], test["test_metadata"]["kwargs"]
    columns = given.get("columns") or [given.get("column") or given.get("column_name")]
    if kind in ("key", "unique"):
        yield [(relation, {}), (relation, {})]
    if kind in ("refers_to", "one_of"):
        yield [(relation, {})]
    if kind == "is_empty":
        yield [(relation, {})]
    elif kind != "unique" and not given.get("may_be_null"):
        yield from ([(relation, {column: None})] for column in columns)


def test_each_check_finds_a_row_that_breaks_it(
    nodes: dict[str, dict[str, Any]],
    tests: list[dict[str, Any]],
    found: Callable[..., list[dict[str, Any]] | None],
) -> None:
    changed: dict[str, list[list[Any]]] = {
        name: [change if isinstance(change, list) else [change] for change in changes]
        for name, changes in BROKEN.items()
    }
    for test in tests:
        if "test_metadata" in test and test["test_metadata"]["name"] != "holds":
            changed[test["name"]] = list(breaking(test, nodes[test["attached_node"]]["relation_name"]))
    tested_apart = {"observations_are_plausible", "required_areas_are_graded"}
    assert {test["name"] for test in tests} - tested_apart == set(changed), "say in BROKEN what breaks the new check"
    assert all(changed.values())
    blind = [(name, change) for name, changes in changed.items() for change in changes if found(name, *change) == []]
    assert blind == []


@pytest.mark.parametrize("doubt", DOUBTFUL)
def test_a_doubtful_value_is_found_with_its_document_page_and_words(
    doubt: str, found: Callable[..., list[dict[str, Any]]]
) -> None:
    change, unit = DOUBTFUL[doubt]
    any_row = "select observation_id from main.fct_metric_observations inner join main.dim_metric using (metric_id)"
    chosen = f"({any_row} where unit = '{unit}' and period_end is not null order by 1 limit 1)"
    doubts = found(
        "observations_are_plausible",
        f"update main.fct_metric_observations set {change} where observation_id = {chosen}",
    )
    assert [row["doubt"] for row in doubts] == [doubt]
    assert doubts[0]["file_name"] and doubts[0]["page_number"] and doubts[0]["quote"]


def test_a_missing_grade_is_found_with_its_document(built: Project, found: Callable[..., list[dict[str, Any]]]) -> None:
    [(report, file_name)] = built.query("select report_id, file_name from dim_report limit 1")
    missing = {"kind": "missing_judgement", "what": "Leadership", "report_id": report}
    [row] = found("required_areas_are_graded", ("main.fct_discrepancies", missing))
    assert (row["file_name"], row["what"]) == (file_name, "Leadership")


def test_each_check_has_a_name_says_what_to_do_and_keeps_what_it_finds(tests: list[dict[str, Any]]) -> None:
    assert [test["name"] for test in tests if not test["description"].strip()] == []
    assert [test["name"] for test in tests if not test["config"]["store_failures"]] == []
    assert [test["name"] for test in tests if test["name"].startswith(("not_null_", "unique_", "dbt_"))] == []


def test_the_docs_name_every_kind_of_check_and_no_other(tests: list[dict[str, Any]]) -> None:
    kinds = {test["test_metadata"]["name"] for test in tests if "test_metadata" in test}
    by_themselves = {
        test["name"] for test in tests if "test_metadata" not in test or test["config"]["severity"] == "warn"
    }
    named = set(re.findall(r"`(\w+)`", DOCS))
    assert (kinds | by_themselves) - named == set(), "name these in docs/checks.md"
    of_tests = {
        name for words in re.findall(r"tests? ((?:`\w+`(?:, | and )?)+)", DOCS) for name in re.findall(r"\w+", words)
    }
    assert of_tests - {"and"} - kinds - {test["name"] for test in tests} == set(), (
        "docs/checks.md names checks that are gone"
    )


def test_each_id_of_a_mart_is_looked_up_where_it_is_defined(
    built: Project, tests: list[dict[str, Any]], rows: duckdb.DuckDBPyConnection
) -> None:
    [check] = (built.folder / "target" / "compiled").rglob("ids_are_those_of_a_dimension.sql")
    looked_up = set(re.findall(r"'(\w+)' as relation,\s+'(\w+)' as column_name", check.read_text("utf-8")))
    own = {("dim_judgement_area", "judgement_area_id"), ("dim_year", "year_id"), ("dim_grade", "grade_scale_id")}
    keys = {}
    for test in tests:
        kind, given = test.get("test_metadata", {}).get("name"), test.get("test_metadata", {}).get("kwargs", {})
        mart = (test.get("attached_node") or "").split(".")[-1]
        if kind == "refers_to":
            looked_up |= {(mart, column) for column in given["columns"]}
        elif kind == "key" and len(given["columns"]) == 1:
            keys[mart] = given["columns"][0]
    for mart in sorted(
        keys, key=lambda mart: (mart[:4] != "dim_", mart[:4] != "fct_", mart[:4] in ("int_", "stg_"), mart)
    ):
        if keys[mart] not in {column for _, column in own}:
            own.add((mart, keys[mart]))
    ids = rows.sql(
        "select table_name, column_name from duckdb_columns() "
        "where database_name = current_database() and schema_name = 'main' and ends_with(column_name, '_id')"
    ).fetchall()
    a_finding_or_a_recommendation = {("inspector_topics", "fact_id")}
    missing = set(ids) - own - looked_up - a_finding_or_a_recommendation
    assert missing == set(), "add these to tests/rows/ids_are_those_of_a_dimension.sql"


# What stands in a column of this name, in whichever mart.
CODES = {
    "qualifier": {"exact", "approximate", "less_than", "at_most", "more_than", "at_least"},
    "period_kind": {"at", "year", "last_12_months", "since_last_inspection", "inspection", "other"},
    "media_type": {"application/pdf", "text/plain", "text/markdown"},
}


def test_codes_are_those_of_the_contract_in_every_mart(rows: duckdb.DuckDBPyConnection) -> None:
    columns = rows.execute(
        "select column_name, table_name from duckdb_columns() "
        "where database_name = current_database() and schema_name = 'main' and list_contains(?, column_name)",
        [list(CODES)],
    ).fetchall()
    assert {name for name, _ in columns} == set(CODES)
    for name, mart in columns:
        found = {
            code for (code,) in rows.sql(f"select distinct {name} from main.{mart} where {name} is not null").fetchall()
        }
        assert found <= CODES[name], mart


WITHOUT_UNIT_TEST = {
    "int_table_metrics": "tests/models/test_table_figures.py lays tables out in two dozen ways",
    "int_board_attendance_rows": "tests/models/test_boards.py reads whole tables, made in every layout",
    "int_board_attendance_totals": "tests/models/test_boards.py reads whole tables, made in every layout",
    "int_figure_candidates": "tried whole by the examples of metric_rules and by metric_sentences",
    "int_figure_places": "tried whole by the examples of metric_rules and by metric_sentences",
    "int_figure_verdicts": "tried whole by the examples of metric_rules and by metric_sentences",
}


def test_each_model_that_reads_wordings_has_a_unit_test_or_a_reason() -> None:
    models = REPOSITORY / "models"
    reading = {
        path.stem
        for path in models.rglob("*.sql")
        if re.search(r"regexp_(matches|extract|full_match)\(", path.read_text("utf-8"))
    }
    described = [yaml.safe_load(path.read_text("utf-8")) for path in models.rglob("*.yml")]
    unit_tests = [unit_test for content in described for unit_test in content.get("unit_tests", [])]
    assert [unit_test["name"] for unit_test in unit_tests if not unit_test.get("description")] == []
    without = reading - {unit_test["model"] for unit_test in unit_tests}
    assert without == set(WITHOUT_UNIT_TEST), "give each of these a unit test, or a reason here"


def test_only_what_a_document_may_say_is_a_warning(tests: list[dict[str, Any]]) -> None:
    warnings = {test["name"] for test in tests if test["config"]["severity"].lower() == "warn"}
    assert warnings == {
        "authority_has_its_codes",
        "authority_is_named_in_title_or_first_words",
        "every_document_could_be_placed",
        "every_file_could_be_read",
        "outcomes_go_with_priority_action",
        "facts_set_aside_are_few",
        "no_fact_was_set_aside",
        "observations_are_plausible",
        "required_areas_are_graded",
    }
