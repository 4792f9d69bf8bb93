"""What would come out the same is not made again, and what comes out is the same as if it were."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest
from project import EXAMPLES, Project

# Documents that give rows of every kind of fact, two of them about the same authority.
FEW = ("70000002.pdf", "70000006.pdf", "brackwater-inspection-2015.txt", "Dunmarsh LSCB 2014-15 final.pdf")
ONE_MORE = "70000003.pdf"
# The build without its tests: what is looked at here are the rows.
MODELS_ALONE = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")


class Built:
    """A project of its own, over a folder that can change."""

    def __init__(self, project: Project, reports: Path) -> None:
        self.project, self.reports = project, reports

    def build(self, *options: str, green: bool = True) -> str:
        process = self.project.start("build", *options, reports=self.reports)
        printed = process.communicate(timeout=300)[0]
        assert (process.returncode == 0) is green, printed[-4000:]
        return printed

    def made(self) -> set[str]:
        """The models and seeds that the last build made."""
        results = json.loads((self.project.folder / "target" / "run_results.json").read_text(encoding="utf-8"))
        return {
            result["unique_id"].split(".")[2]
            for result in results["results"]
            if result["unique_id"].split(".")[0] in ("model", "seed")
            and result["adapter_response"].get("_message") != "UNCHANGED"
        }

    def rows(self) -> dict[str, list[tuple]]:
        """Every relation of the build file, its rows in an order of their own."""
        with duckdb.connect(str(self.project.folder / "build" / "warehouse.duckdb"), read_only=True) as connection:
            names = connection.execute(
                "select schema_name, table_name from duckdb_tables() "
                "where schema_name in ('staging', 'intermediate', 'main') order by all"
            ).fetchall()
            return {
                # a full refresh reads every document anew
                name: sorted(
                    connection.execute(
                        f"select columns(lambda name: name != 'landed_at') from {schema}.\"{name}\""
                    ).fetchall(),
                    key=repr,
                )
                for schema, name in names
                # when a rejected file was tried, and which build it is
                if name not in ("stg_rejected_files", "rejected_documents") and not name.startswith("build_")
            }


@pytest.fixture
def again(built: Project, tmp_path: Path) -> Built:
    shutil.copytree(EXAMPLES, tmp_path / "reports")
    return Built(built.copy(tmp_path / "project"), tmp_path / "reports")


def test_one_of_a_few_documents_more_and_one_less_give_the_same_as_all_at_once(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    few = Built(Project(tmp_path / "project"), reports)
    for name in FEW:
        shutil.copy2(EXAMPLES / name, reports)
    few.build(*MODELS_ALONE)
    before = few.rows()
    shutil.copy2(EXAMPLES / ONE_MORE, reports)
    (reports / FEW[0]).unlink()
    few.build(*MODELS_ALONE)
    after = few.rows()
    few.build("--full-refresh", *MODELS_ALONE)
    assert few.rows() == after
    assert all(before[name] != after[name] for name in ("stg_statements", "fct_judgements", "fct_inspections"))


@pytest.mark.slow
def test_nothing_new_makes_nothing_again(again: Built) -> None:
    before = again.rows()
    again.build()
    assert again.made() == {"landed_documents", "landed_publications", "published_build"}
    assert again.rows() == before


@pytest.mark.slow
def test_a_document_more_or_less_gives_the_same_as_all_at_once(again: Built) -> None:
    taken = again.reports / "70000004.pdf"
    kept = taken.read_bytes()
    everything = again.rows()
    taken.unlink()
    again.build()
    without = again.rows()
    assert without["stg_statements"] != everything["stg_statements"]
    again.build("--full-refresh")
    assert again.rows() == without
    taken.write_bytes(kept)
    again.build()
    assert again.rows() == everything


@pytest.mark.slow
def test_documents_made_some_at_a_time_give_the_same_as_all_at_once(again: Built) -> None:
    everything = again.rows()
    again.build("--full-refresh", "--vars", "documents_at_once: 7")  # three parts of the examples
    made = again.project.folder / "target" / "run" / "childrens_services_warehouse" / "models" / "staging"
    assert (made / "stg_statements.sql").read_text("utf-8").count('insert into "warehouse"."staging"') == 2
    assert again.rows() == everything


@pytest.mark.slow
def test_when_every_document_has_changed_all_are_made_again(again: Built) -> None:
    before = again.rows()["stg_statements"]
    for file in list(again.reports.rglob("*.*")):
        file.rename(file.with_name(f"renamed {file.name}"))
    again.build()
    assert again.rows()["stg_statements"] == before
    assert all("renamed" in name for (name,) in again.project.query("select file_name from dim_report"))


@pytest.mark.slow
def test_a_rule_a_seed_and_a_failure_reach_all_that_they_should_and_no_more(again: Built) -> None:
    project, before = again.project, again.rows()
    model = project.folder / "models" / "intermediate" / "grades" / "int_page_flows.sql"
    flow = "select * replace (flow || ' ' as flow) from final"
    model.write_text(model.read_text("utf-8").replace("select * from final", flow), "utf-8")
    seed = project.folder / "seeds" / "asks_and_findings" / "topics.csv"
    seed.write_text(seed.read_text("utf-8").replace(",Return home", ",Renamed: return home"), "utf-8")
    (project.folder / "tests" / "no_report_has_pages.sql").write_text(
        "select report_id from {{ ref('dim_report') }} where page_count > 0", "utf-8"
    )
    published = project.query("select build_id from build_info")
    assert "no_report_has_pages" in again.build(green=False)
    assert again.made() >= {"int_page_flows", "int_judgement_mentions", "fct_judgements", "topics", "dim_topic"}
    assert not again.made() & {"stg_lines", "stg_statements", "int_numbers", "fct_quantities", "grades"}
    after = again.rows()
    assert after["int_page_flows"] == sorted([(*row[:2], row[2] + " ") for row in before["int_page_flows"]], key=repr)
    assert after["dim_topic"] != before["dim_topic"]
    # nothing has changed since: the failure is still one
    assert "no_report_has_pages" in again.build(green=False)
    assert project.query("select build_id from build_info") == published


@pytest.mark.slow
def test_what_was_left_half_made_or_written_into_is_made_again(again: Built) -> None:
    before = again.rows()
    with duckdb.connect(str(again.project.folder / "build" / "warehouse.duckdb")) as connection:
        # as it is between the deletion of a document's rows and their return
        connection.execute("delete from raw.build_fingerprints where node like '%.int_numbers%'")
        connection.execute("delete from intermediate.int_numbers where position = 2")
    with duckdb.connect(str(again.project.published)) as connection:
        connection.execute("update fct_judgements set grade = 'outstanding'")
        connection.execute("create table of_my_own as select 1 as one")
    again.build()
    assert again.rows() == before
    assert len(again.project.query("select distinct grade from fct_judgements")) > 1
    assert again.project.query("select count(*) from duckdb_tables() where table_name = 'of_my_own'") == [(0,)]
