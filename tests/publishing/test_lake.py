"""The warehouse in a DuckLake with a real PostgreSQL as its catalogue: one machine writes while others read."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from lake_reader import attach
from project import EXAMPLES, REPOSITORY, Project
from services import Postgres, need, postgres

pytestmark = pytest.mark.lake
for module in ("duckdb_extensions", "duckdb_extension_ducklake", "duckdb_extension_postgres_scanner"):
    need(module, "lake")


class Lake:
    """A project whose target is a lake of its own."""

    def __init__(self, folder: Path, catalogue: Postgres) -> None:
        self.project = Project(folder / "project")
        self.environment = {**catalogue.environment, "LAKE_DATA_PATH": f"{folder}/files/"}

    def build(self, *arguments: str, reports: Path = EXAMPLES, green: bool = True, **environment: str) -> str:
        """Run `dbt build` into the lake; return what it printed."""
        process = self.project.start(
            "build", "--target", "lake", *arguments, reports=reports, **self.environment, **environment
        )
        printed = process.communicate(timeout=600)[0]
        assert (process.returncode == 0) is green, printed[-4000:]
        return printed

    def connect(self, monkeypatch: pytest.MonkeyPatch) -> duckdb.DuckDBPyConnection:
        for name, word in self.environment.items():
            monkeypatch.setenv(name, word)
        connection = duckdb.connect()
        attach(connection)
        return connection

    def start_reader(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, str(REPOSITORY / "tests" / "lake_reader.py")],
            env={**os.environ, **self.environment, "PYTHONPATH": str(REPOSITORY)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "attached\n"
        return process


@pytest.fixture(scope="module")
def catalogue() -> Iterator[Postgres]:
    with postgres() as started:
        yield started


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory, catalogue: Postgres) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("lake"), catalogue)
    assert "to the lake (version" in lake.build()
    return lake


def test_the_lake_holds_what_the_local_build_does_row_for_row(
    lake: Lake, built: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    with lake.connect(monkeypatch) as connection:
        connection.execute(f"attach '{built.folder / 'build' / 'warehouse.duckdb'}' as local (read_only)")
        marts = connection.execute(
            "select table_name, comment from duckdb_tables() where database_name = 'local' and schema_name = 'main'"
        ).fetchall()
        assert len(marts) > 10
        for name, description in marts:
            except_times = "exclude (landed_at)" if name == "build_documents" else ""
            here, there = (
                f"(select * {except_times} from {place}.{name})" for place in ("local.main", "lake.published")
            )
            assert (
                connection.execute(f"select count(*) from {here}").fetchall()
                == connection.execute(f"select count(*) from {there}").fetchall()
            )
            assert connection.execute(f"{here} except all {there}").fetchall() == [], name
            types = [connection.execute(f"describe {rows}").fetchall() for rows in (here, there)]
            assert [row[:2] for row in types[0]] == [row[:2] for row in types[1]], name
            ((shown,),) = connection.execute(
                "select comment from duckdb_views() where database_name = 'lake' and view_name = ?", [name]
            ).fetchall()
            assert shown == description
        assert connection.execute("select catalog_type from ducklake_settings('lake')").fetchall() == [("postgres",)]


def test_readers_see_one_whole_build_at_a_time_while_the_next_is_written(lake: Lake, tmp_path: Path) -> None:
    fewer = tmp_path / "reports"
    shutil.copytree(EXAMPLES, fewer)
    for file in sorted(fewer.glob("7000000*.pdf"))[:4]:
        file.unlink()
    (fewer / "notes.txt").write_text("Of no authority: what is all of fictional ones may always be replaced.\n")
    readers = [lake.start_reader() for _ in range(2)]
    # writes every mart, and is not published
    refused = lake.build(reports=fewer, green=False, PUBLISH_NAMES="false")
    assert "whoever reads a lake can read all that is in it" in refused
    lake.build(reports=fewer)
    seen = [json.loads(reader.communicate("", timeout=60)[0]) for reader in readers]
    for reader in seen:
        assert reader["faults"] == []
        assert len(reader["builds"]) == 2, "before and after"
        assert sum(reader["builds"].values()) > 10
    refused = lake.build(green=False)
    assert "read from the folder “reports” of another place" in refused
    assert "readers of the lake see what they saw" in refused


def test_a_catalogue_that_is_down_is_named(tmp_path: Path) -> None:
    with postgres() as catalogue:
        lake = Lake(tmp_path, catalogue)
        catalogue.stop()
        printed = lake.build(green=False)
        catalogue.start()
    assert f"port {catalogue.port} failed: Connection refused" in printed
    assert catalogue.password not in printed
    assert "Traceback" not in printed


def test_a_setting_that_is_missing_is_named(tmp_path: Path) -> None:
    process = Project(tmp_path / "project").start("build", "--target", "lake", LAKE_CATALOGUE_HOST="127.0.0.1")
    assert "'LAKE_CATALOGUE_DATABASE'" in process.communicate(timeout=120)[0]
