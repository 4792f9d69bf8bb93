"""A copy of the project that a test can build."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb

REPOSITORY = Path(__file__).resolve().parent.parent
EXAMPLES = REPOSITORY / "reports"


class Project:
    """A copy of the project in a folder of its own, so that its build file is its own, too."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.published = folder / "warehouse.duckdb"
        if folder.exists():
            return
        folder.mkdir()
        for name in ("dbt_project.yml", "profiles.yml"):
            shutil.copy(REPOSITORY / name, folder)
        for name in ("models", "seeds", "macros"):
            shutil.copytree(REPOSITORY / name, folder / name)
        shutil.copytree(
            REPOSITORY / "tests", folder / "tests", ignore=shutil.ignore_patterns("*.py", "example_sources")
        )

    def copy(self, folder: Path) -> Project:
        """Return a copy with all that has been built, so that a build of it makes only what has changed."""
        shutil.copytree(self.folder, folder)
        return Project(folder)

    def start(self, *arguments: str, reports: Path = EXAMPLES, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "dbt.cli.main", *arguments],
            cwd=self.folder,
            env={**os.environ, "REPORTS_PATH": str(reports), "PYTHONPATH": str(REPOSITORY), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )

    def build(self, reports: Path = EXAMPLES, green: bool = True, **environment: str) -> str:
        """Run `dbt build`; return what it printed."""
        process = self.start("build", reports=reports, **environment)
        printed = process.communicate(timeout=300)[0]
        assert (process.returncode == 0) is green, printed[-4000:]
        return printed

    def query(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.published), read_only=True) as connection:
            return connection.execute(sql).fetchall()
