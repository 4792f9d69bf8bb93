"""Where the documents themselves lie beside a site, so that its page numbers can open them."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import duckdb

# A site lies in its own folder in one of what is built, build/website: what is further away would not move with it.
FOLDERS_ABOVE = 2


def originals_beside(warehouse: Path, output: Path, reports: object) -> str | None:
    """The path from the site's folder to that of the reports; None where it lies elsewhere or lacks a document."""
    if not isinstance(reports, Path) or not reports.is_dir() or not warehouse.is_file():
        return None
    site, folder = Path(os.path.abspath(output)), Path(os.path.abspath(reports))
    near = site.parents[min(FOLDERS_ABOVE, len(site.parents)) - 1]
    if not folder.is_relative_to(near) or folder == near:
        return None
    try:
        with contextlib.closing(duckdb.connect(str(warehouse), read_only=True)) as connection:
            names = connection.execute("select file_name from dim_report").fetchall()
    except duckdb.Error:
        return None
    whole = all((folder / name).is_file() for (name,) in names)
    return Path(os.path.relpath(folder, site)).as_posix() if names and whole else None
