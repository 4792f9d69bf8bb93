"""Documents made as the tests ask for them."""

from __future__ import annotations

import io
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from filelock import FileLock
from local_site import Fetcher, LocalSite, serving, small_site
from project import REPOSITORY, Project
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from loaders.reading.landing import land
from loaders.settings import Settings

REAL_REPORTS = REPOSITORY.parent / "shared" / "reports"
PAGE_HEIGHT = 842


def make_pdf(*pages: Callable[[Canvas], Any] | str, password: str | None = None) -> bytes:
    """Return a PDF; each page is drawn by a function, or is a text whose lines stand in 12 points from the top."""
    buffer = io.BytesIO()
    encryption = None if password is None else StandardEncryption(password, ownerPassword="owner")
    canvas = Canvas(buffer, pagesize=(595, PAGE_HEIGHT), invariant=True, encrypt=encryption)
    for page in pages:
        canvas.setFont("Helvetica", 12)
        if callable(page):
            page(canvas)
        else:
            for number, line in enumerate(page.split("\n")):
                canvas.drawString(72, 770 - 14 * number, line)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def draw_grid(canvas: Canvas, words: Sequence[str | None], columns: int, size: float = 10) -> None:
    """Draw a ruled table of the words, row by row; a None leaves its cell, and the line before it, out."""
    rows = -(-len(words) // columns)
    width, height = 480 / columns, 700 / max(rows, 8)
    canvas.setFont("Helvetica", min(size, height * 0.7))
    for number, (word, after) in enumerate(zip(words, [*words[1:], ""], strict=True)):
        row, column = divmod(number, columns)
        left, top = 60 + column * width, 780 - row * height
        canvas.line(left, top, left + width, top)
        canvas.line(left, top - height, left + width, top - height)
        if column == columns - 1 or after is not None:
            canvas.line(left + width, top, left + width, top - height)
        if word is None:
            continue
        canvas.line(left, top, left, top - height)
        for line, text in enumerate(word.split("\n")):
            canvas.drawString(left + 3, top - height * 0.75 + 4 - 11 * line, text)


class Folder:
    """A folder of reports that can be landed, with a build folder of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path / "reports"
        self.path.mkdir()
        # the gate has tests of its own, and takes seconds to import
        self.settings = Settings(self.path, build_path=path / "build", landing_processes=2, landing_gate=False)

    def write(self, name: str, content: bytes, age: float = 60) -> Path:
        """Write a file that was last changed some seconds ago."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        os.utime(file, (time.time() - age, time.time() - age))
        return file

    def land(self, full_refresh: bool = False, **changes: Any) -> dict[str, dict[str, Any]]:
        """Land the folder; return the rows by file name."""
        with duckdb.connect() as connection:
            rows = land(replace(self.settings, **changes), connection, full_refresh)
            names = rows.columns
            return {row[0]: dict(zip(names, row, strict=True)) for row in rows.fetchall()}


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let nothing be put into a folder or taken out of it; for root, too, whom permissions do not stop."""

    def close(is_closed: bool) -> bool:
        if os.geteuid():
            folder.chmod(0o555 if is_closed else 0o755)
            return True
        words = ["chattr", "+i" if is_closed else "-i", folder]
        return not subprocess.run(words, check=False, capture_output=True).returncode

    if os.name == "nt" or not close(True):
        pytest.skip("needs a system where a folder can be made read-only")
    try:
        yield
    finally:
        close(False)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def site() -> Iterator[LocalSite]:
    with serving(small_site()) as site:
        yield site


@pytest.fixture
def fetcher(site: LocalSite, tmp_path: Path) -> Fetcher:
    return Fetcher(site, tmp_path / "fetched")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project, built from the examples: one for all processes of pytest, so a test that builds takes a copy."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with FileLock(folder / "examples.lock"):
        project = Project(folder / "examples")
        if not project.published.exists():
            project.build()
    return project
