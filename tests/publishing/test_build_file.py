"""The file that dbt builds in: held, damaged, or without its folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from project import Project

from loaders import build_file

HOLDER = """
import duckdb, sys
held = duckdb.connect(sys.argv[1], read_only=len(sys.argv) > 2)
print("open", flush=True)
sys.stdin.readline()
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("build_file") / "project")


def dbt(project: Project, command: str = "debug") -> str:
    """Run a command of dbt; return what it printed."""
    return project.start("--no-use-colors", command).communicate(timeout=120)[0]


def test_a_folder_that_is_not_there_is_made(project: Project) -> None:
    assert not (project.folder / "build").exists()
    assert "All checks passed!" in dbt(project)
    assert (project.folder / "build" / "warehouse.duckdb").exists()


@pytest.mark.parametrize("options", [[], ["read only"]])
def test_who_holds_the_file_is_said_at_once_in_one_sentence(project: Project, options: list[str]) -> None:
    file = project.folder / "build" / "warehouse.duckdb"
    file.parent.mkdir(exist_ok=True)
    duckdb.connect(str(file)).close()
    command = [sys.executable, "-c", HOLDER, str(file), *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as held:
        assert held.stdout and held.stdout.readline() == "open\n"
        said = dbt(project)
        assert "waiting" not in said
        assert "Traceback" not in said
        (sentence,) = [line.strip() for line in said.splitlines() if "is held by" in line]
        parsed = dbt(project, "parse")  # which opens nothing
        held.communicate("\n")
    assert sentence.startswith("build/warehouse.duckdb is held by ")
    assert sentence.endswith(
        f"(PID {held.pid}), another build or a program that shows it: wait for its end, or close the file there, "
        "and run this again"
    )
    assert "is held by" not in parsed


def test_a_file_that_is_let_go_meanwhile_is_opened(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "build.duckdb"
    command = [sys.executable, "-c", HOLDER, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as held:
        assert held.stdin and held.stdout and held.stdout.readline() == "open\n"
        with pytest.raises(duckdb.IOException):
            build_file.connect(file, {}, 0)
        assert capfd.readouterr().err == ""
        held.stdin.write("\n")
        held.stdin.flush()
        build_file.connect(file, {}, 60).close()


@pytest.mark.parametrize(
    ("words", "is_held", "holder"),
    [
        (
            'IO Error: Could not set lock on file "/x/build/warehouse.duckdb": Conflicting lock is held in '
            "/usr/bin/python3.11 (PID 6180) by user ann. See also https://duckdb.org/docs/stable/connect/concurrency",
            True,
            "/usr/bin/python3.11 (PID 6180)",
        ),
        (  # in another container, or on another machine
            'IO Error: Could not set lock on file "/x/w.duckdb": Conflicting lock is held in PID 0. See also https://x',
            True,
            "PID 0",
        ),
        (
            'IO Error: Could not set lock on file "/x/w.duckdb": Resource temporarily unavailable',
            True,
            "another process",
        ),
        (
            'IO Error: Cannot open file "c:\\x\\w.duckdb": The process cannot access the file because it is being used '
            "by another process.\r\n\n\nFile is already open in \nC:\\Program Files (x86)\\DB\\db.exe (PID 3528)",
            True,
            "C:\\Program Files (x86)\\DB\\db.exe (PID 3528)",
        ),
        (  # whatever language Windows speaks
            'IO Error: Cannot open file "E:\\x\\w.duckdb": 另一个程序正在使用此文件，进程无法访问。\n\n'
            "File is already open in \nD:\\db.exe (PID 3528)\nD:\\other.exe (PID 4)",
            True,
            "D:\\db.exe (PID 3528)",
        ),
        ('IO Error: Cannot open file "/x/w.duckdb": Permission denied', os.name == "nt", None),
        ('IO Error: The file "/x/w.duckdb" exists, but it is not a valid DuckDB database file!', False, None),
    ],
)
def test_what_the_engine_says_of_a_held_file(words: str, is_held: bool, holder: str | None) -> None:
    error = duckdb.IOException(words)
    assert build_file.is_held(error) is is_held
    if holder:
        assert build_file.holder(error) == holder


def test_a_damaged_file_is_told_with_what_to_do(project: Project) -> None:
    file = project.folder / "build" / "warehouse.duckdb"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"not a warehouse" * 1000)
    try:
        said = dbt(project)
    finally:
        file.unlink()
    assert "build/warehouse.duckdb cannot be opened: IO Error: " in said
    assert "if it is damaged, delete it and run this again" in said


def test_a_limit_of_memory_that_is_none_is_told(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEMORY_LIMIT", "lots")
    said = dbt(project)
    assert "MEMORY_LIMIT=lots is no size of memory" in said
    assert "Traceback" not in said


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    project = Project(tmp_path / "project")
    (project.folder / "build").touch()
    assert "the folder build cannot be made: File exists" in dbt(project)
