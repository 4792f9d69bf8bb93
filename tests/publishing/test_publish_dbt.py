"""Only a whole, green `dbt build` publishes: held with the project's own macros and last model over toy marts."""

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap

import duckdb
import pytest
from project import REPOSITORY

PROJECT = REPOSITORY

TOY = {
    "seeds/kinds.csv": "kind\nsif\n",
    "models/staging/stg_reports.sql": """
        select
            'r1' as report_id,
            '{{ 'Nobody' if env_var('TOY_FAULT', '') == 'unit test' else 'Jane Smith' }}' as lead_inspector,
            'sif' as kind,
    """,
    "models/marts/dim_report.sql": """
        select *, {{ "error('broken')" if env_var('TOY_FAULT', '') == 'model' else "1" }} as page_count,
        from {{ ref('stg_reports') }}
        {{ "union all select 'r1', 'x', 'new', 1" if env_var('TOY_FAULT', '') == 'relationship' }}
    """,
    "models/marts/rejected_documents.sql": "select 'b.pdf' as file_name from {{ ref('kinds') }}",
    "models/marts/latest.sql": "{{ config(materialized='view') }} select report_id, kind, from {{ ref('dim_report') }}",
    "models/marts/toy.yml": """
        models:
          - name: dim_report
            description: One row per document
            columns:
              - name: report_id
                description: Its id
          - name: latest
            description: One row per document, the latest
            columns:
              - name: kind
                description: Its kind
                data_tests:
                  - relationships:
                      arguments: {to: ref('kinds'), field: kind}
        unit_tests:
          - name: an_inspector
            model: stg_reports
            given: []
            expect: {rows: [{report_id: r1, lead_inspector: Jane Smith, kind: sif}]}
    """,
    "tests/a_leaf.sql": """
        select * from {{ ref('rejected_documents') }} where '{{ env_var('TOY_FAULT', '') }}' = 'test of a leaf'
    """,
    "tests/only_warns.sql": "{{ config(severity='warn') }} select * from {{ ref('latest') }}",
}


class Toy:
    """A dbt project of toy marts in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.published = folder / "out" / "warehouse.duckdb"
        for name in ("dbt_project.yml", "profiles.yml"):
            shutil.copy(PROJECT / name, folder)
        shutil.copytree(PROJECT / "macros", folder / "macros")
        (folder / "reports").mkdir()
        last = (PROJECT / "models/publish/published_build.py").read_text()
        last = re.sub(r'^ *dbt\.ref\(".*\n', "", last, flags=re.MULTILINE)
        refs = '    dbt.ref("latest")\n    dbt.ref("rejected_documents")\n'
        self.write("models/publish/published_build.py", last.replace("    settings =", refs + "    settings ="))
        for name, text in TOY.items():
            self.write(name, text)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))

    def dbt(self, *arguments, fault="", **settings):
        """Run dbt; its exit code and what it said."""
        result = subprocess.run(
            [sys.executable, "-m", "dbt.cli.main", "--no-use-colors", *arguments, "--profiles-dir", "."],
            cwd=self.folder,
            env={
                **{name: value for name, value in os.environ.items() if not name.startswith("DBT_")},
                "PYTHONPATH": str(PROJECT),
                "WAREHOUSE_PATH": "out/warehouse.duckdb",
                "TOY_FAULT": fault,
                **settings,
            },
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        return result.returncode, result.stdout + result.stderr

    def build_published(self):
        """The build that the published file is of."""
        with duckdb.connect(str(self.published), read_only=True) as reader:
            return reader.sql("select build_id from build_info").fetchall()


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    toy = Toy(tmp_path_factory.mktemp("toy"))
    code, said = toy.dbt("build")
    assert code == 0, said
    assert "Published 3 relations with 3 rows to warehouse.duckdb" in said
    assert "Not published" not in said
    return toy


def test_a_whole_green_build_publishes_the_marts_with_their_descriptions(toy):
    with duckdb.connect(str(toy.published), read_only=True) as reader:
        assert reader.sql("select table_name, comment from duckdb_tables() order by 1").fetchall()[3:] == [
            ("dim_report", "One row per document"),
            ("latest", "One row per document, the latest"),
            ("rejected_documents", None),
        ]
        assert reader.sql("from build_relations").fetchall()[1] == ("latest", 1, "One row per document, the latest")
        comments = reader.sql("select table_name, comment from duckdb_columns() where comment is not null").fetchall()
        assert {("dim_report", "Its id"), ("latest", "Its kind")} <= set(comments)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["build", "--select", "+published_build"], "this build is narrowed by --select"),
        (["build", "--exclude-resource-type", "unit_test"], "this build is narrowed by --exclude-resource-type"),
        (["run"], "only a whole `dbt build` publishes, and this is `dbt run`"),
    ],
)
def test_anything_less_than_a_whole_build_does_not_publish_and_says_so(toy, arguments, reason):
    before = toy.build_published()
    code, said = toy.dbt(*arguments)
    assert code == 0, said
    assert f"Not published: {reason}. The published file is as it was." in said
    assert toy.build_published() == before


@pytest.mark.parametrize(
    ("fault", "failed"),
    [
        ("model", "dim_report"),
        ("unit test", "an_inspector"),
        ("relationship", "relationships_latest_kind__kind__ref_kinds_"),
    ],
)
def test_a_build_with_a_failure_does_not_publish_nor_does_its_retry(toy, fault, failed):
    before = toy.build_published()
    code, said = toy.dbt("build", fault=fault)
    assert code == 1
    assert f"Not published: not all is green ({failed}). The published file is as it was." in said
    if fault == "model":
        code, said = toy.dbt("retry")
        assert code == 0, said
        assert "Not published: this is a retry or a selection" in said
    assert toy.build_published() == before


def test_what_the_publication_does_not_wait_for_keeps_it_from_publishing(toy):
    before = toy.build_published()
    forgotten = {"models/marts/new_mart.sql": "select 1 as x", "tests/of_nothing.sql": "select 1 as x where false"}
    for file, text in forgotten.items():
        toy.write(file, text)
    try:
        code, said = toy.dbt("build")
    finally:
        for file in forgotten:
            (toy.folder / file).unlink()
    assert code == 0, said
    assert "Not published: published_build does not wait for new_mart, of_nothing." in said
    assert toy.build_published() == before


def test_a_publication_that_fails_fails_the_build_and_names_the_target(toy):
    (toy.folder / "file").touch()
    code, said = toy.dbt("build", WAREHOUSE_PATH="file/warehouse.duckdb")
    assert code == 1
    assert "file/warehouse.duckdb could not be published and is as it was" in said
    assert "Not published: the publication itself failed" in said


def test_what_fails_behind_the_move_is_said_as_what_it_is(toy):
    last = toy.folder / "models/publish/published_build.py"
    text = last.read_text()
    toy.write(
        "models/publish/published_build.py",
        text.replace("= add_exports(", "= session.sql('select * from no_disk') and add_exports("),
    )
    before = toy.build_published()
    assert "The published file is as it was" in toy.dbt("build")[1], "it failed before the move"
    assert toy.build_published() == before
    toy.write(
        "models/publish/published_build.py",
        "NOTHING = \"select error('the disk is full') as x\"\n"
        + text.replace("return publication.as_relation(session)", "return session.sql(NOTHING)"),
    )
    code, said = toy.dbt("build")
    last.write_text(text)
    assert code == 1 and "the disk is full" in said
    assert toy.build_published() != before
    assert "the published file is of this build" in said and "is as it was" not in said


IN_ONE_PROCESS = """
import os
from dbt.cli.main import dbtRunner
os.environ["TOY_FAULT"] = "test of a leaf"
dbtRunner().invoke(["build", "--profiles-dir", "."])
os.environ["TOY_FAULT"] = ""
assert dbtRunner().invoke(["retry", "--profiles-dir", "."]).success
"""


def test_a_retry_in_the_process_of_its_build_does_not_publish(toy):
    before = toy.build_published()
    result = subprocess.run(
        [sys.executable, "-c", IN_ONE_PROCESS],
        cwd=toy.folder, env={**os.environ, "PYTHONPATH": str(PROJECT), "WAREHOUSE_PATH": "out/warehouse.duckdb"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Not published: not all is green (a_leaf)" in result.stdout
    assert "Not published: this is a retry or a selection" in result.stdout
    assert toy.build_published() == before


def test_the_projects_publication_waits_for_every_model_seed_and_test(built):
    nodes = json.loads((built.folder / "target" / "manifest.json").read_text())["nodes"]
    parents = {unique_id: node["depends_on"].get("nodes", []) for unique_id, node in nodes.items()}
    (last,) = (unique_id for unique_id in nodes if unique_id.endswith(".published_build"))
    awaited, queue = set(), [last]
    while queue:
        found = set(parents.get(queue.pop(), [])) - awaited
        awaited |= found
        queue += found

    needed = {unique_id for unique_id, node in nodes.items() if node["resource_type"] in ("model", "seed", "snapshot")}
    assert needed - awaited == {last}, "add a dbt.ref to models/publish/published_build.py"
    tests = {unique_id for unique_id, node in nodes.items() if node["resource_type"] == "test"}
    assert [test for test in tests if not parents[test] or set(parents[test]) - awaited] == []
