"""The parsing process: reads files on all cores, each in a worker that a bad document can crash without harm.

Runs as ``python -m loaders parse``, because dbt's own process, with its threads, can neither fork nor be imported again
by a worker. The task comes in as a line of JSON, outcomes go out as lines of JSON. It ends when its starter does.
"""

from __future__ import annotations

import gc
import hashlib
import json
import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import TimeoutError as TimeLimitError
from concurrent.futures import as_completed
from dataclasses import asdict
from pathlib import Path
from typing import Any

from loaders import storage
from loaders.errors import LandingError
from loaders.files import explain, printable
from loaders.reading import media
from loaders.reading.cache import Cache, summary
from loaders.reading.gate import Gate, GateError
from loaders.reading.task import Outcome, Task

MEGABYTE = 1024 * 1024
TASKS_PER_WORKER = 500  # then a fresh one, should a parser leak
TRY_AGAIN = "; to try again, raise DOCUMENT_SECONDS or DOCUMENT_MEGABYTES and build with --full-refresh"
OUT_OF_MEMORY = f"reading it needs more memory than a document may take{TRY_AGAIN}"
CHANGED = "it changed while it was read; run the build again when nothing writes to it"


def parse_file(reports: str, cache: str, name: str, known: frozenset[str] | None = None) -> Outcome:
    """Read one file and see that its content is in the cache. Doing it again changes nothing."""
    try:
        content, byte_size, mtime_ns = storage.read_still(storage.place(reports) / name)
    except OSError as error:
        return Outcome(name, reason=explain(error))
    except MemoryError:
        return Outcome(name, reason=OUT_OF_MEMORY)
    if content is None:
        return Outcome(name, reason=CHANGED)
    store = Cache(storage.place(cache))
    sha256 = hashlib.sha256(content).hexdigest()
    is_new = sha256 not in (KNOWN if known is None else known)
    if is_new:
        from loaders.reading import documents  # brings the PDF libraries, which only a worker needs

        try:
            store.write(documents.parse(content, name))
        except MemoryError:
            store.write(rejection(content, name, OUT_OF_MEMORY))
        except (OSError, LandingError):
            raise  # the cache's: no other document can be kept either
        except Exception as error:  # what cannot be kept must cost no more than the document
            store.write(rejection(content, name, f"the reader failed on it ({printable(repr(error))[:200]})"))
    return Outcome(name, byte_size, mtime_ns, sha256, was_parsed=is_new)


def rejection(content: bytes, name: str, reason: str) -> dict[str, Any]:
    return summary(content, media.sniff(content, name)) | {"rejected_reason": reason}


def give_up(task: Task, name: str, reason: str) -> Outcome:
    """Keep in the cache that a content cannot be parsed, so that it is not tried in every build."""
    try:
        content, byte_size, mtime_ns = storage.read_still(storage.place(task.reports) / name)
    except OSError as error:
        return Outcome(name, reason=explain(error))
    if content is None:
        return Outcome(name, reason=CHANGED)
    row = rejection(content, name, reason)
    Cache(storage.place(task.cache)).write(row)
    return Outcome(name, byte_size, mtime_ns, row["sha256"], was_parsed=True)


# --- workers ---

KNOWN: frozenset[str] = frozenset()


def start_worker(known: frozenset[str], megabytes: int) -> None:
    """Set up a worker: what is known, its memory limit, and that it ends when the parsing process does."""
    global KNOWN
    KNOWN = known
    gc.set_threshold(100_000)  # a document makes many small objects and no cycles of them
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is the parsing process's to handle
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=end_with, args=(parent.sentinel,), daemon=True).start()
    if megabytes:
        limit_memory(megabytes)


def end_with(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)


def limit_memory(megabytes: int) -> None:
    """Limit what this process may take beyond what it has now, where the system can."""
    try:
        import resource

        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + megabytes * MEGABYTE, resource.RLIM_INFINITY))
    except (ImportError, OSError, ValueError):
        pass  # Windows and macOS: the time limit must do


def run(task: Task) -> None:
    """Parse the task's files, writing an outcome a line as each is done; then have what is new checked and let in."""
    gate = Gate(Cache(storage.place(task.cache)))
    names: dict[str, str] = {}
    if task.names:
        if task.gate and is_new(task, task.names[-1]):  # the smallest
            gate.prepare()
        for outcome in read_on_cluster(task) if task.cluster else parse_files(task):
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
    """Say, at a look, whether a file holds a document that is not in the cache."""
    try:
        content, _, _ = storage.read_still(storage.place(task.reports) / name)
    except (OSError, MemoryError):
        return False
    return (
        content is not None
        and media.sniff(content, name) in (media.PDF, media.PLAIN)
        and hashlib.sha256(content).hexdigest() not in task.known
    )


def read_on_cluster(task: Task) -> Iterator[Outcome]:
    from loaders.reading import cluster  # an extra of the package

    return cluster.read_files(task)


def parse_files(task: Task) -> Iterator[Outcome]:
    """Parse the task's files, giving the outcome of each as it is done."""
    from pebble import ProcessExpired, ProcessPool
    from tqdm import tqdm

    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if "forkserver" in methods:
        context.set_forkserver_preload(["loaders.reading.parse", "loaders.reading.documents"])
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
    os._exit(0)  # all is written; to take down what the check has imported would take half a second


def end_with_input() -> None:
    sys.stdin.read()
    os._exit(1)
