"""What reads one file, wherever it is asked to: a process of this machine's pool (``parse``) or a worker of a cluster.

A bad document can crash its worker without harm; doing a file again changes nothing.
"""

from __future__ import annotations

import gc
import hashlib
import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from pathlib import Path
from typing import Any

from loaders import storage
from loaders.errors import LandingError
from loaders.files import explain, printable
from loaders.reading import media
from loaders.reading.cache import Cache, summary
from loaders.reading.task import Outcome, Task

MEGABYTE = 1024 * 1024
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
    # looking closer could be what took so long, and nothing limits this process
    kind = media.PDF if media.is_pdf(content, name) else media.UNKNOWN
    row = summary(content, kind) | {"rejected_reason": reason}
    Cache(storage.place(task.cache)).write(row)
    return Outcome(name, byte_size, mtime_ns, row["sha256"], was_parsed=True)


# --- a process of the pool ---

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
