"""Builds that are disturbed: the published file stays a whole build, and the next build is green.

``tests/fault_drill.py`` kills builds at random moments; here is one of each kind. Most take a build or two, so they are
marked as slow: ``pytest -m slow``.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import expected_counts
import pytest
from conftest import REPOSITORY, read_only
from project import EXAMPLES, Project

from loaders.reading.parsing import usable_processors


def rows_of(project: Project) -> dict[str, list[tuple]]:
    """Return the rows of every published relation, the build_ ones apart."""
    with duckdb.connect(str(project.published), read_only=True) as reader:
        names = [name for (name,) in reader.sql("select relation from build_relations order by 1").fetchall()]
        return {name: reader.sql(f'from "{name}" order by all').fetchall() for name in names if name[:6] != "build_"}


def test_the_order_and_times_of_files_and_the_processes_change_nothing(built: Project, tmp_path: Path) -> None:
    reports, chance = tmp_path / "reports", random.Random(7)
    files = [path for path in EXAMPLES.rglob("*") if path.is_file()]
    chance.shuffle(files)
    for path in files:
        copy = reports / path.relative_to(EXAMPLES)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        os.utime(copy, (chance.randrange(10**9),) * 2)
    project = Project(tmp_path / "project")
    project.build(reports=reports, LANDING_PROCESSES="1" if usable_processors() > 1 else "3")
    found, expected = rows_of(project), rows_of(built)
    assert found.keys() == expected.keys()
    assert [name for name in expected if found[name] != expected[name]] == []
    assert sum(map(len, expected.values())) > 1000


def test_the_expected_counts_are_of_the_examples_at_hand(built: Project) -> None:
    lines = expected_counts.SEED.read_text("utf-8").splitlines()[1:]
    assert {line.split(",")[0] for line in lines} == {expected_counts.corpus()}, "run python tests/expected_counts.py"
    with duckdb.connect(str(built.folder / "build" / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.sql("select distinct corpus from intermediate.int_row_counts").fetchall() == [
            (expected_counts.corpus(),)
        ]


# --- each with a published file of a few documents ---


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, Path]]:
    """A project that has published a few documents, and its folder of reports."""
    folder = tmp_path_factory.mktemp("faults")
    reports = folder / "reports"
    reports.mkdir()
    for path in sorted(EXAMPLES.glob("7*.pdf"))[:5]:
        shutil.copy(path, reports)
    (reports / "notes.txt").write_text("Of no authority: what is all of fictional ones may always be replaced.\n")
    project = Project(folder / "project")
    project.build(reports=reports)
    yield project, reports


def build_id(project: Project) -> str:
    [(found,)] = project.query("select build_id from build_info")
    return str(found)


def wait_for_line(process: subprocess.Popen[str], words: str) -> None:
    assert process.stdout
    for line in process.stdout:
        if words in line:
            return
    raise AssertionError(f"it never said {words!r}")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.parametrize("moment", ["landed from", "model staging.stg_lines", "raw.published_build"])
def test_a_build_killed_at_any_moment(published: tuple[Project, Path], moment: str) -> None:
    project, reports = published
    before, rows = build_id(project), rows_of(project)
    process = project.start("--no-use-colors", "build", "--full-refresh", reports=reports)  # which makes all again
    wait_for_line(process, moment)
    time.sleep(0.2)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert moment == "raw.published_build" or build_id(project) == before
    assert rows_of(project) == rows
    project.build(reports=reports)
    assert build_id(project) != before
    assert rows_of(project) == rows


@pytest.mark.slow
def test_a_folder_that_lost_most_documents_or_is_not_mounted_publishes_nothing(
    published: tuple[Project, Path], tmp_path: Path
) -> None:
    project, reports = published
    before, files = build_id(project), sorted(reports.iterdir())
    first, second = files[:4], files[4:]
    for file in first:
        shutil.move(file, tmp_path)
    assert "2 documents are left of the 6 published last time" in project.build(reports=reports, green=False)
    for file in second:
        shutil.move(file, tmp_path)
    assert "no readable document" in project.build(reports=reports, green=False)
    for file in files:
        shutil.move(tmp_path / file.name, reports)
    assert build_id(project) == before


@pytest.mark.slow
def test_another_folder_publishes_only_where_that_is_allowed(published: tuple[Project, Path], tmp_path: Path) -> None:
    project, reports = published
    before = build_id(project)
    other = shutil.copytree(reports, tmp_path / "others")
    said = project.build(reports=other, green=False)
    assert (
        f"read from the folder “reports”, and this build reads the folder “others”: {project.published} is left" in said
    )
    assert "documents landed from" not in said
    assert build_id(project) == before
    project.build(reports=other, ALLOW_OTHER_FOLDER="true")
    project.build(reports=other)
    assert build_id(project) != before
    project.build(reports=reports, ALLOW_OTHER_FOLDER="true")


FULL_DISK = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))
from dbt.cli.main import dbtRunner
raise SystemExit(not dbtRunner().invoke(["build", "--full-refresh"]).success)
"""


@pytest.mark.slow
def test_a_file_of_another_is_refused_before_anything_is_read(published: tuple[Project, Path], tmp_path: Path) -> None:
    project, reports = published
    letter = tmp_path / "letter.docx"
    letter.write_bytes(b"PK of a letter")
    said = project.build(reports=reports, green=False, WAREHOUSE_PATH=str(letter))
    assert "letter.docx is there, and is not a warehouse that this project has published" in " ".join(said.split())
    assert "documents landed" not in said and letter.read_bytes() == b"PK of a letter"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_leaves_the_published_file_and_the_next_build_is_green(published: tuple[Project, Path]) -> None:
    project, reports = published
    before, rows = build_id(project), rows_of(project)
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK],
        cwd=project.folder, env={**os.environ, "REPORTS_PATH": str(reports), "PYTHONPATH": str(REPOSITORY)},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode, done.stdout[-2000:]
    assert (build_id(project), rows_of(project)) == (before, rows)
    project.build(reports=reports)
    assert rows_of(project) == rows


@pytest.mark.slow
def test_a_read_only_folder_is_said_and_the_next_build_is_green(published: tuple[Project, Path]) -> None:
    project, reports = published
    before, rows = build_id(project), rows_of(project)
    with read_only(project.folder):
        said = project.build(reports=reports, green=False)
    assert "could not be published and is as it was" in said
    assert (build_id(project), rows_of(project)) == (before, rows)
    project.build(reports=reports)
    assert rows_of(project) == rows


HOLDER = """
import duckdb, sys
holder = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
"""


@pytest.mark.slow
def test_a_build_waits_for_the_one_that_holds_the_build_file(published: tuple[Project, Path]) -> None:
    project, reports = published
    command = [sys.executable, "-c", HOLDER, str(project.folder / "build" / "warehouse.duckdb")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout and holder.stdout.readline() == "open\n"
        process = project.start("--no-use-colors", "build", reports=reports)
        wait_for_line(process, "Concurrency")
        time.sleep(3)
        holder.communicate("\n")
    said = process.communicate(timeout=400)[0]
    assert process.returncode == 0, said[-2000:]


@pytest.mark.slow
def test_a_build_file_that_stays_held_is_told_within_a_minute(published: tuple[Project, Path]) -> None:
    project, reports = published
    before = build_id(project)
    command = [sys.executable, "-c", HOLDER, str(project.folder / "build" / "warehouse.duckdb")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout and holder.stdout.readline() == "open\n"
        start = time.monotonic()
        said = project.build(reports=reports, green=False)
        assert time.monotonic() - start < 60
        holder.communicate("\n")
    assert said.count(f"(PID {holder.pid}): waiting for up to 30 seconds") == 1
    assert said.count(f"(PID {holder.pid}), another build or a program that shows it") == 1
    assert "Traceback" not in said
    assert build_id(project) == before


@pytest.mark.slow
def test_of_two_builds_at_once_the_second_waits_or_says_why_not(published: tuple[Project, Path]) -> None:
    project, reports = published
    rows = rows_of(project)
    first = project.start("--no-use-colors", "build", reports=reports)
    wait_for_line(first, "START")
    second = project.start("--no-use-colors", "build", reports=reports)
    said = second.communicate(timeout=400)[0]
    first.communicate(timeout=400)
    assert first.returncode == 0
    assert second.returncode == 0 or "warehouse.duckdb is held by" in said, said[-2000:]
    assert rows_of(project) == rows
