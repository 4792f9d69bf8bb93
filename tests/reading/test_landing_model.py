"""The dbt model of the landing: what dbt's --full-refresh does to it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
from conftest import REPOSITORY, Folder


def test_a_full_refresh_opens_files_whose_time_did_not_change(folder: Folder, tmp_path: Path) -> None:
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(REPOSITORY / name, tmp_path)
    shutil.copytree(REPOSITORY / "models" / "landing", tmp_path / "models" / "landing")
    shutil.copytree(REPOSITORY / "macros", tmp_path / "macros")
    (tmp_path / "build").mkdir()
    status = folder.write("a.txt", b"one").stat()

    folder.land()  # into the same build folder
    (folder.path / "a.txt").write_bytes(b"two")
    os.utime(folder.path / "a.txt", ns=(status.st_mtime_ns, status.st_mtime_ns))
    assert run_dbt(tmp_path, folder) == "one"
    assert run_dbt(tmp_path, folder, "--full-refresh") == "two"


def run_dbt(project: Path, folder: Folder, *options: str) -> str:
    """Build the model in a copy of the project; return the text that it landed."""
    command = [sys.executable, "-m", "dbt.cli.main", "--quiet", "run", "--select", "landed_documents", *options]
    environment = {**os.environ, "REPORTS_PATH": str(folder.path), "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect(str(project / "build" / "warehouse.duckdb"), read_only=True) as connection:
        [(text,)] = connection.sql("select pages[1].text from raw.landed_documents").fetchall()
    return str(text)
