"""What the publications of a build folder were of: which file was published last, and from which folder each.

Kept in the build folder, which stays on its machine: the published file holds no path, only the folder's name and a
hash (loaders/publishing/origin.py).
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from loaders.settings import Settings
from loaders.storage import BucketPath, place

FILE = "publications.json"


@dataclass(frozen=True)
class Remembered:
    """The places of a publication, as whole paths or addresses, as this machine names them."""

    reports_path: str
    warehouse_path: str


def remember(settings: Settings) -> None:
    """Keep where a publication read and wrote; that it cannot be kept breaks nothing."""
    reports = settings.reports_path
    new = Remembered(
        reports.url if isinstance(reports, BucketPath) else os.path.abspath(reports),
        os.path.abspath(settings.warehouse_path),
    )
    others = [kept for kept in recall(settings.build_path) if kept.warehouse_path != new.warehouse_path]
    with contextlib.suppress(OSError, ValueError):
        path = settings.build_path / FILE
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps([dataclasses.asdict(kept) for kept in (*others, new)], indent=1), encoding="utf-8")


def recall(build_path: Path) -> list[Remembered]:
    """Return where publications read and wrote, one a published file, the last behind; none where not kept."""
    try:
        kept = json.loads((build_path / FILE).read_text(encoding="utf-8"))
        return [Remembered(str(each["reports_path"]), str(each["warehouse_path"])) for each in kept]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def recall_of(settings: Settings) -> Remembered | None:
    """Return where the publication of these settings' file read; nothing where that was not kept."""
    path = os.path.abspath(settings.warehouse_path)
    return next((kept for kept in recall(settings.build_path) if kept.warehouse_path == path), None)


def written_at(path: Path) -> float:
    """Return when a file was written last, long ago where there is none."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def with_remembered(settings: Settings, environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of a question that is asked of what was published, perhaps in another shell than the build.

    What the environment says stands. Where it does not name the published file, the one that was published last is
    meant, if none that is as new is where a build would put it by default (as in a copy of a project's folder); and the
    folder that was read is the one that this file was read from, whatever was built since.
    """
    all_kept = recall(settings.build_path)
    if all_kept and "WAREHOUSE_PATH" not in environment:
        published = Path(all_kept[-1].warehouse_path)
        if written_at(settings.warehouse_path) < written_at(published):
            beside = settings.exports_path if "EXPORTS_PATH" in environment else published.parent / "exports"
            settings = dataclasses.replace(settings, warehouse_path=published, exports_path=beside)
    kept = recall_of(settings)
    if kept and "REPORTS_PATH" not in environment:
        settings = dataclasses.replace(settings, reports_path=place(kept.reports_path))
    return settings
