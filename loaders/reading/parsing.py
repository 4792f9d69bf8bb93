"""The parsing process (``parse``) as its starter has it: once started it reads, whatever the starter does meanwhile.

A whole build starts it before dbt reads the project (``begin``), and its landing takes over what was read (``begun``).
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import loaders
from loaders import storage
from loaders.errors import LandingError
from loaders.files import File
from loaders.reading.cache import Cache, Known
from loaders.reading.task import Outcome, Task
from loaders.settings import Settings


class Parsing:
    """A parsing process at work: it opens files, and reads those whose content is not known."""

    def __init__(self, settings: Settings, files: Sequence[File], known: Sequence[str]) -> None:
        self.settings = settings
        self.file_count = len(files)
        self.started_ns = time.time_ns()  # before a file is opened
        self.found: dict[str, Outcome] = {}
        self.failure = "reading the reports stopped"
        task = Task(
            reports=storage.absolute(settings.reports_path),
            cache=storage.absolute(settings.cache_path),
            # the largest first, so that the last worker at work has not long to go
            names=[file.name for file in sorted(files, key=lambda file: -(file.byte_size or 0))],
            known=list(known),
            processes=settings.landing_processes or usable_processors(),
            seconds=settings.document_seconds,
            megabytes=settings.document_megabytes,
            gate=settings.landing_gate,
            page=os.path.abspath(settings.build_path / "validation.html"),
            cluster=settings.landing_cluster,
        )
        package_parent = str(Path(loaders.__file__).resolve().parent.parent)
        search_path = os.pathsep.join(filter(None, [package_parent, os.environ.get("PYTHONPATH")]))
        self.process = subprocess.Popen(
            # A process that is ended with its starter leaves what it shares with its workers to the system: no warning.
            [sys.executable, "-W", "ignore:resource_tracker:UserWarning", "-m", "loaders", "parse"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="ascii",
            env={**os.environ, "PYTHONPATH": search_path},
            creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
        )
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()
        assert self.process.stdin
        with contextlib.suppress(BrokenPipeError):  # it has ended; its exit code says the rest
            self.process.stdin.write(json.dumps(asdict(task)) + "\n")
            self.process.stdin.flush()  # and stays open: its end tells the process that we are gone

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            if not line.endswith("\n"):
                return  # it was killed as it wrote
            answer = json.loads(line)
            if "failure" in answer:
                self.failure = answer["failure"]
            else:
                outcome = Outcome(**answer)
                self.found[outcome.name] = outcome

    def outcomes(self) -> dict[str, Outcome]:
        """Wait until all files are read; return what became of each.

        Raises:
            LandingError: the process failed; what it finished is kept.
        """
        try:
            self.listener.join()
        except BaseException:
            self.process.kill()
            raise
        finally:
            self.stop()
        if self.process.returncode or len(self.found) < self.file_count:
            raise LandingError(
                f"{self.failure} (after {len(self.found)} of {self.file_count} files, exit code "
                f"{self.process.returncode}); what was read is kept: build again to go on"
            )
        return self.found

    def stop(self) -> None:
        """End the process, if it has not ended; what it finished is kept."""
        with self.process:
            assert self.process.stdin
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()
            self.listener.join()  # before what it reads from is closed

    def known(self) -> dict[str, Known]:
        """Return what is known of the files that were opened, by name."""
        return {
            name: Known(outcome.byte_size or 0, outcome.mtime_ns or 0, self.started_ns, outcome.sha256)
            for name, outcome in self.found.items()
            if outcome.sha256
        }


def usable_processors() -> int:
    """Count the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# --- before the landing ---

BEGUN: list[Parsing] = []  # one at most


def begin(settings: Settings) -> None:
    """Start to read what is new in a folder of this machine, if anything is.

    Raises:
        LandingError, OSError: folder or cache cannot be read.
    """
    if BEGUN:  # of a build in this process that came to no landing
        BEGUN.pop().stop()
    reports, cache = settings.reports_path, Cache(settings.cache_path)
    if not isinstance(reports, Path) or not isinstance(cache.root, Path) or settings.landing_cluster:
        return  # another machine waits for no processor of this one
    storage.refuse_cache_among_reports(settings.cache_folder, reports)
    seen = cache.read_index(reports).files
    new = [
        file
        for file in storage.list_reports(reports)
        if file.reason is None and not (file.name in seen and seen[file.name].is_still(file))
    ]
    if new:
        # what waits is from a build that was killed before its gate
        BEGUN.append(Parsing(settings, new, [*cache.scan(), *cache.waiting()]))


def begun(settings: Settings) -> Parsing | None:
    """Return what was begun by the same settings, once; none where nothing was."""
    if not BEGUN:
        return None
    parsing = BEGUN.pop()
    if parsing.settings == settings:
        return parsing
    parsing.stop()
    return None
