"""From an empty folder: fetched from a local site, built, followed back to the original; and without the manifest."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from local_site import INSPECTION, Fetcher, LocalSite, serving
from project import EXAMPLES, REPOSITORY, Project

from loaders.fetching.manifest import now
from loaders.files import MANIFEST

# What the manifest says and documents do not.
SAID_BY_MANIFEST = {
    "dim_report": {"source_url", "published_date", "published_date_source", "source_state"},
    "fct_visits": {"published_date", "days_to_publication"},
    **{
        name: {"inspection_link", "publication_date"}
        for name in ("area_send_overview", "ilacs_history", "ilacs_overview", "jtai_overview")
    },
}
EARLY, ELSEWHERE, AMENDED, TAKEN_DOWN = "70000001.pdf", "70000003.pdf", "70000005.pdf", "70000006.pdf"


@dataclass
class Fetched:
    """A folder that was fetched from a local site, and the warehouses that were built of it."""

    project: Project
    folder: Path
    site: LocalSite
    days: dict[str, date]  # of publication, by file id
    marts: dict[str, Any]


def marts_of(project: Project) -> dict[str, Any]:
    with duckdb.connect(str(project.published), read_only=True) as connection:
        names = connection.execute("select table_name from duckdb_tables() where schema_name = 'main'").fetchall()
        found = {}
        for (name,) in names:
            if not name.startswith(("build_", "search_")):
                rows = connection.execute(f'select * from main."{name}" order by all')
                columns = [column[0] for column in rows.description or ()]
                found[name] = [dict(zip(columns, row, strict=True)) for row in rows.fetchall()]
        return found


@pytest.fixture(scope="module")
def fetched(built: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fetched]:
    with (REPOSITORY / "seeds" / "documents" / "example_authorities.csv").open(encoding="utf-8") as file:
        urns = {row["authority_id"]: (row["ofsted_urn"], row["authority_name"]) for row in csv.DictReader(file)}
    site = LocalSite()
    for urn, name in urns.values():
        site.add_provider(urn, name)
    days = {}
    documents = built.query(
        """
        select
            file_name, authority_id, published_date,
            coalesce(inspection_end_date, reporting_year_end, date '2020-01-01') as ended_on
        from dim_report where media_type = 'application/pdf' and authority_id in (select authority_id from dim_authority
        where is_example) order by file_name
        """
    )
    for number, (file_name, authority_id, printed_on, ended_on) in enumerate(documents):
        day = printed_on or ended_on + timedelta(days=40)
        if file_name == EARLY:
            day = ended_on - timedelta(days=10)
        urn = urns[authority_id][0]
        if file_name == ELSEWHERE:
            urn = next(other for other, _ in urns.values() if other != urn)
        file_id = Path(file_name).stem if file_name.startswith("7") else str(71_000_000 + number)
        days[file_id] = day
        site.publish(urn, file_id, INSPECTION, day, (EXAMPLES / file_name).read_bytes())
    folder = tmp_path_factory.mktemp("fetched")
    fetcher = Fetcher(site, folder)
    with serving(site):
        assert len(fetcher.fetch().new) == len(documents)
        for rows in site.published.values():
            for row in [row for row in rows if f"{row.id}.pdf" in (AMENDED, TAKEN_DOWN)]:
                rows.remove(row)
                if f"{row.id}.pdf" == AMENDED:
                    rows.append(site.published_again(row, "79999999"))
                    days["79999999"] = row.day
        assert len(fetcher.fetch().new) == 1
    project = built.copy(folder / "project")
    project.build(reports=fetcher.folder)
    found = Fetched(project, fetcher.folder, site, days, marts_of(project))
    yield found


def one(rows: list[dict[str, Any]], file_id: str) -> dict[str, Any]:
    (found,) = (row for row in rows if file_id in row["file_name"])
    return found


def test_every_fetched_document_has_its_origin_and_its_day(fetched: Fetched) -> None:
    assert len(fetched.marts["dim_report"]) == len(fetched.days) == len(fetched.marts["publications"])
    for row in fetched.marts["dim_report"]:
        file_id = Path(row["file_name"]).stem.rpartition("-")[2]
        assert row["source_url"] == f"{fetched.site.base}/v1/file/{file_id}"
        is_believed = f"{file_id}.pdf" != EARLY
        assert row["published_date"] == (fetched.days[file_id] if is_believed else None), file_id
        assert row["published_date_source"] in (("document", "listing") if is_believed else (None,))
    sources = [row["published_date_source"] for row in fetched.marts["dim_report"]]
    assert sources.count("listing") > 3 and sources.count("document") > 3
    (newest,) = (row for row in fetched.marts["dim_report"] if "79999999" in row["file_name"])
    assert newest["published_date_source"] == "listing" and newest["source_state"] == "listed"
    delays = [row["days_to_publication"] for row in fetched.marts["fct_visits"]]
    assert delays.count(40) > 1 and all(delay is None or delay >= 0 for delay in delays)


def test_what_the_site_says_otherwise_is_a_doubt(fetched: Fetched) -> None:
    doubts = {
        (row["file_name"].rpartition("-")[2], row["doubt"].partition(":")[0])
        for row in fetched.marts["documents_to_review"]
    }
    said = {doubt for name, doubt in doubts if name == ELSEWHERE}
    assert any("and the inspectorate lists it under" in doubt for doubt in said), doubts
    assert (AMENDED, "the inspectorate lists another version in its place") in doubts
    assert (TAKEN_DOWN, "the inspectorate no longer lists it") in doubts
    assert {doubt for name, doubt in doubts if name == EARLY and "before the end of its inspection" in doubt}
    assert {name for name, _ in doubts} == {EARLY, ELSEWHERE, AMENDED, TAKEN_DOWN}
    states = {row["file_name"].rpartition("-")[2]: row["source_state"] for row in fetched.marts["dim_report"]}
    assert states[AMENDED] == "amended" and states[TAKEN_DOWN] == "taken down" and states[EARLY] == "listed"


def test_publications_are_of_their_authorities(fetched: Fetched) -> None:
    by_report = {row["report_id"]: row for row in fetched.marts["dim_report"]}
    for row in fetched.marts["publications"]:
        report = by_report[row["report_id"]]
        is_elsewhere = report["file_name"].endswith(ELSEWHERE)
        assert (row["authority_id"] != report["authority_id"]) is is_elsewhere
        assert row["state"] == "fetched" and row["publication_kind"] == "childrens-services-inspection"
    (old,) = (row for row in fetched.marts["publications"] if row["replaced_by_id"])
    assert old["publication_id"].endswith(Path(AMENDED).stem) and not old["is_listed"] and old["last_listed_on"]


def test_a_figure_leads_to_its_page_of_the_original(fetched: Fetched, tmp_path: Path) -> None:
    row = fetched.marts["fct_judgements"][0]
    (report,) = (other for other in fetched.marts["dim_report"] if other["report_id"] == row["report_id"])
    original = f"{report['source_url']}#page={row['page_number']}"

    def run(module: str, *arguments: str, reports: Path = fetched.folder) -> str:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=tmp_path,
            env={
                "PYTHONPATH": str(REPOSITORY),
                "WAREHOUSE_PATH": str(fetched.project.published),
                "REPORTS_PATH": str(reports),
            },
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("website", "--output", "site", reports=tmp_path / "on another machine")
    page = (tmp_path / "site" / "documents" / f"{row['report_id']}.html").read_text("utf-8")
    assert f'href="{original}"' in page
    run("website", "--output", "own", "--reports-url", "../reports")
    page = (tmp_path / "own" / "documents" / f"{row['report_id']}.html").read_text("utf-8")
    assert f'href="{original}"' not in page and f"../reports/{report['file_name']}#page=" in page
    assert original in run("loaders.answering.evidence", row["judgement_id"])
    said = run("loaders", "status")
    assert f"Publications of the inspectorate: {len(fetched.days)}" in said and "last fetch: " in said
    assert "no longer listed: 2" in said
    exported = fetched.project.folder / "exports" / "parquet" / "dim_report.parquet"
    exported = next((fetched.project.folder / "exports").rglob("dim_report.parquet"), exported)
    assert "source_url" in duckdb.sql(f"from '{exported}'").columns


def test_a_quiet_day_changes_nothing_that_is_published(fetched: Fetched) -> None:
    manifest = Fetcher(fetched.site, fetched.folder.parent).manifest
    for provider in list(manifest.providers.values()):
        manifest.add(replace(provider, asked_at=now()))  # as a fetch that finds nothing new does
    fetched.project.build(reports=fetched.folder)
    assert marts_of(fetched.project) == fetched.marts
    results = json.loads((fetched.project.folder / "target" / "run_results.json").read_text("utf-8"))["results"]
    made = {row["unique_id"].split(".")[2] for row in results if row["adapter_response"].get("_message") != "UNCHANGED"}
    assert not made & {"publications", "int_report_publications", "dim_report", "fct_visits"}


@pytest.mark.skipif(os.name == "nt", reason="a script of the shell")
def test_a_refresh_builds_what_is_there_and_ends_with_an_error_where_the_site_is_down(fetched: Fetched) -> None:
    """The local site has ended by now."""
    shutil.copytree(REPOSITORY / "docs" / "refreshing", fetched.project.folder / "docs" / "refreshing")
    command = [fetched.project.folder / "docs" / "refreshing" / "refresh.sh"]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHON": sys.executable,
        "PYTHONPATH": str(REPOSITORY),
        "REPORTS_PATH": str(fetched.folder),
        "FETCH_SITE": str(fetched.folder.parent / "site.toml"),
        "SITE_PATH": "refreshed",
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=60)
    assert done.returncode and "FETCH_CONTACT" in done.stderr
    environment["FETCH_CONTACT"] = "tests@example.org"
    done = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=300)
    assert done.returncode == 1 and "STOPPED: " in done.stderr, done.stderr
    assert "Since the build before: nothing changed" in done.stdout
    assert (fetched.project.folder / "refreshed" / "index.html").exists()
    assert marts_of(fetched.project) == fetched.marts


def test_the_ready_files_are_what_they_say() -> None:
    folder = REPOSITORY / "docs" / "refreshing"
    steps = yaml.safe_load((folder / "workflow.yml").read_text("utf-8"))["jobs"]["refresh"]["steps"]
    assert {"run": "docs/refreshing/refresh.sh"} in steps
    for name in ("refresh.sh", "refresh.ps1"):
        said = (folder / name).read_text("utf-8")
        for command in ("-m loaders fetch", "-m dbt.cli.main build", "-m website --output", "-m loaders status"):
            assert command in said
    assert "docs/refreshing/refresh.sh" in (folder / "crontab").read_text("utf-8")
    guide = (REPOSITORY / "docs" / "refreshing.md").read_text("utf-8")
    assert all(f"refreshing/{path.name}" in guide.replace("\\", "/") for path in folder.iterdir())


def test_without_the_manifest_all_else_is_the_same(fetched: Fetched, tmp_path: Path) -> None:
    bare = tmp_path / "reports"
    shutil.copytree(fetched.folder, bare)
    (bare / MANIFEST).unlink()
    project = fetched.project.copy(tmp_path / "project")
    project.build(reports=bare, ALLOW_OTHER_FOLDER="true")
    without = marts_of(project)
    assert without["publications"] == [] and without.keys() == fetched.marts.keys()
    assert {row["published_date_source"] for row in without["dim_report"]} == {None, "document"}
    for name, rows in fetched.marts.items():
        if name in ("publications", "documents_to_review"):
            continue
        said = SAID_BY_MANIFEST.get(name, set())
        bare_rows, rows = (
            sorted(str({key: value for key, value in row.items() if key not in said}) for row in found)
            for found in (without[name], rows)
        )
        assert bare_rows == rows, name
    assert {row["doubt"] for row in without["documents_to_review"]} == set()
