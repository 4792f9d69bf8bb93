"""Builds folders of documents that nobody would write, whole: ``python tests/fuzz_builds.py --documents 3000``.

Each build must be green and publish every document that was read, and its workbook and site, within its time, and no
process of it may need more memory than twice DuckDB's limit; where one is not, the folder is halved until the documents
are found that stop it, and those are kept; then the exit code is 1.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests")]

from made_up_documents import Document  # noqa: E402
from project import Project  # noqa: E402

from benchmarks.run import watch  # noqa: E402


def write_documents(folder: Path, seed: int, numbers: range) -> list[Path]:
    """Write the documents of some numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number in numbers:
        document = Document(f"{seed}-{number}")
        written.append(folder / f"{number}{document.ending}")
        written[-1].write_bytes(document.content())
    return written


@dataclass(frozen=True)
class Limits:
    """What a build may take: seconds by the clock, and megabytes of any one of its processes."""

    seconds: float
    megabytes: float


def build(project: Project, reports: Path, limits: Limits) -> str | None:
    """Build a folder, its exports and its site; return what went wrong, or nothing."""
    process = project.start("build", reports=reports, ALLOW_FEWER_DOCUMENTS="true", ALLOW_OTHER_FOLDER="true")
    peaks: defaultdict[int, int] = defaultdict(int)
    threading.Thread(target=watch, args=(process, peaks, {}), daemon=True).start()
    try:
        printed = process.communicate(timeout=limits.seconds)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return f"it takes longer than {limits.seconds:.0f} seconds"
    megabytes = max(peaks.values(), default=0) / 2**20
    print(f"{megabytes:,.0f} MB", end=" ", flush=True)
    if megabytes > limits.megabytes:
        return f"a process of it needs more than {limits.megabytes:,.0f} MB"
    if process.returncode:
        if "no readable document" in printed or "no document could be read" in printed:
            return None  # what is left of a folder that was halved
        lines = [line for line in printed.splitlines() if re.search(r"ERROR|FAIL \d|Error: |Not published", line)]
        return "\n".join(lines[:6]) or printed[-600:]
    site = subprocess.run(
        [sys.executable, "-m", "website", "--warehouse", project.published, "--output", project.folder / "site"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    return f"the site: {site.stderr[-600:]}" if site.returncode else None


def culprits(project: Project, documents: list[Path], limits: Limits) -> list[Path]:
    """Return as few documents as can be found that still stop a build."""
    step = len(documents) // 2
    while step:
        for start in range(0, len(documents), step):
            fewer = documents[:start] + documents[start + step :]
            with tempfile.TemporaryDirectory() as folder:
                for document in fewer:
                    shutil.copy(document, folder)
                if fewer and build(project, Path(folder), limits):
                    documents = fewer
                    break
        else:
            step //= 2
        step = min(step, len(documents) // 2)
    return documents


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=3000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first document")
    parser.add_argument("--at-once", type=int, default=200, help="documents of one build")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=300, help="the limit of one build")
    parser.add_argument("--megabytes", type=float, default=1300, help="the limit of each process of a build")
    parser.add_argument(
        "--keep",
        type=Path,
        default=Path(tempfile.gettempdir()) / "fuzz_builds",
        help="where what stops a build is kept",
    )
    options = parser.parse_args()
    limits = Limits(options.seconds, options.megabytes)
    stopped = 0
    for first in range(options.first, options.first + options.documents, options.at_once):
        with tempfile.TemporaryDirectory() as folder:
            project, start = Project(Path(folder) / "project"), time.monotonic()
            documents = write_documents(
                Path(folder) / "reports",
                options.seed,
                range(first, min(first + options.at_once, options.first + options.documents)),
            )
            wrong = build(project, Path(folder) / "reports", limits)
            took = time.monotonic() - start
            if wrong is None:
                [(read, set_aside)] = project.query(
                    "select (select count(*) from dim_report), (select count(*) from facts_set_aside)"
                )
                print(
                    f"{first}: {len(documents)} documents, {read} read, {set_aside} facts set aside, {took:.0f} s",
                    flush=True,
                )
                continue
            stopped += 1
            print(f"{first}: {wrong}", flush=True)
            for document in culprits(project, documents, limits):
                options.keep.mkdir(parents=True, exist_ok=True)
                print(f"  {shutil.copy(document, options.keep)}", flush=True)
    return int(stopped > 0)


if __name__ == "__main__":
    raise SystemExit(main())
