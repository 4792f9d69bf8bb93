"""The parsing process: reads files on all cores, each in a worker that a bad document can crash without harm.

Runs as ``python -m loaders parse``, because dbt's own process, with its threads, can neither fork nor be imported again
by a worker. The task comes in as a line of JSON, outcomes go out as lines of JSON. It ends when its starter does.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import multiprocessing.util
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import TimeoutError as TimeLimitError
from concurrent.futures import as_completed
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from loaders import storage
from loaders.errors import LandingError
from loaders.files import printable
from loaders.reading import cluster, media
from loaders.reading.cache import Cache
from loaders.reading.gate import Gate, GateError
from loaders.reading.task import Outcome, Task
from loaders.reading.worker import TRY_AGAIN, give_up, parse_file, start_worker

# What the workers need; a name that is none is passed over without a word.
PRELOADED = ["loaders.reading.worker", "loaders.reading.documents"]
TASKS_PER_WORKER = 500  # then a fresh one, should a parser leak


def run(task: Task) -> None:
    """Parse the task's files, writing an outcome a line as each is done; then have what is new checked and let in."""
    gate = Gate(Cache(storage.place(task.cache)))
    names: dict[str, str] = {}
    if task.names:
        if task.gate and is_new(task, task.names[-1]):  # the smallest
            gate.prepare()
        for outcome in cluster.read_files(task) if task.cluster else parse_files(task):
            print(json.dumps(asdict(outcome)), flush=True)
            if outcome.sha256:
                names.setdefault(outcome.sha256, outcome.name)
            if task.gate and gate.thread is None and outcome.sha256 and gate.awaits(outcome.sha256):
                gate.prepare()
    if task.gate:
        gate.check(Path(task.page) if task.page else None, names)
    else:
        gate.open()


def is_new(task: Task, name: str) -> bool:
    """Say, at a look, whether a file may hold a document that is not in the cache."""
    try:
        content, _, _ = storage.read_still(storage.place(task.reports) / name)
    except (OSError, MemoryError):
        return False
    return (
        content is not None
        and media.may_be_read(content, name)
        and hashlib.sha256(content).hexdigest() not in task.known
    )


def parse_files(task: Task) -> Iterator[Outcome]:
    """Parse the task's files, giving the outcome of each as it is done."""
    from pebble import ProcessExpired, ProcessPool
    from tqdm import tqdm

    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if "forkserver" in methods:
        context.set_forkserver_preload(PRELOADED)
    pool = ProcessPool(
        max_workers=max(1, min(task.processes, len(task.names))),
        max_tasks=TASKS_PER_WORKER,
        initializer=start_worker,
        initargs=(frozenset(task.known), task.megabytes),
        context=context,
    )

    def schedule(name: str) -> Any:
        return pool.schedule(parse_file, args=[task.reports, task.cache, name], timeout=task.seconds or None)

    crashed = []
    with tqdm(total=len(task.names), desc="reading", unit=" files", disable=None, mininterval=0.5) as bar:
        try:
            futures = {schedule(name): name for name in task.names}
            for future in as_completed(futures):
                name = futures[future]
                try:
                    yield future.result()
                except TimeLimitError:
                    yield give_up(task, name, f"reading it takes longer than {task.seconds:g} seconds{TRY_AGAIN}")
                except ProcessExpired:
                    crashed.append(name)
                    continue
                bar.update()
            for name in crashed:  # once more and alone: it may have been another's fault
                try:
                    yield schedule(name).result()
                except (ProcessExpired, TimeLimitError):
                    limit = f", or it needs more than {task.megabytes} MB of memory" if task.megabytes else ""
                    yield give_up(task, name, f"the reader crashes on it{limit}{TRY_AGAIN}")
                bar.update()
            pool.close()
        finally:
            pool.stop()
            pool.join()


def main() -> None:
    """Read the task from the first line of standard input; the rest of it only says that the starter lives."""
    if hasattr(os, "nice"):
        os.nice(10)  # what its starter does meanwhile goes first; Windows is told so by the starter
    task = Task(**json.loads(sys.stdin.readline()))
    threading.Thread(target=end_with_input, daemon=True).start()
    try:
        run(task)
    except OSError as error:  # of a document's own errors none comes here
        sys.exit(f"the cache {printable(task.cache)} cannot be written: {error.strerror or error}")
    except LandingError as error:
        print(json.dumps({"failure": str(error)}), flush=True)
        sys.exit(1)
    except GateError as error:
        sys.exit(f"the check of what was read failed: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
    sys.stdout.flush()
    end(0)  # all is written; to take down what the check has imported would take half a second


def end_with_input() -> None:
    sys.stdin.read()
    end(1)


def end(code: int) -> NoReturn:
    """End the process at once; what it shared with its workers lies in a folder that only an orderly end removes."""
    shutil.rmtree(multiprocessing.util.get_temp_dir(), ignore_errors=True)
    os._exit(code)
