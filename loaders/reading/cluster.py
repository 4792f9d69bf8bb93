"""Landing on many machines: the files of a landing are read by the workers of a Dask cluster.

One task is one file. A worker reads it from where the reports lie, writes what it says to the cache and answers with a
few words, so that a task can be done again and a worker can be killed at any moment. Workers need this package and must
see the same reports and cache, in a shared folder or a bucket. They are started with a nanny, which holds their memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import logging
import os
import queue
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import asdict
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from loaders import storage
from loaders.errors import LandingError
from loaders.files import first_line, printable
from loaders.reading.cache import LOADER_VERSION, Cache
from loaders.reading.task import Outcome, Task
from loaders.reading.worker import TRY_AGAIN, give_up, parse_file

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_SECONDS = 20
WORKER_SECONDS = 60  # to wait for a worker where there is none
UNDER_WAY = 2000  # tasks that the scheduler holds at once, however many files there are

ONE_AT_A_TIME = threading.Lock()  # pdfium is not thread-safe, whatever --nthreads says


def read_files(task: Task) -> Iterator[Outcome]:
    """Have the task's files read by the cluster, giving the outcome of each as it is done.

    Raises:
        LandingError: the cluster cannot be reached, or fails; what was read is in the cache.
    """
    landing = uuid.uuid4().hex
    folder = notes_folder(task.cache, landing)
    storage.write(folder / "known.json", json.dumps(task.known).encode())
    client = connect(str(task.cluster))
    try:
        yield from Reading(client, task, landing).outcomes()
    finally:
        client.close(timeout=5)
        for note in folder.glob("*.json"):
            note.unlink(missing_ok=True)
        if not isinstance(folder, storage.BucketPath):
            folder.rmdir()


def connect(address: str) -> Client:
    """Return a client of the scheduler at an address.

    Raises:
        LandingError: there is none, or it is of another version.
    """
    try:
        from distributed import Client
    except ImportError:
        raise LandingError(
            'to land on a cluster, install the extra: pip install -e ".[cluster]" -c constraints.txt'
        ) from None
    logging.getLogger("distributed").setLevel(logging.ERROR)
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise LandingError(
            f"the scheduler {printable(address)} (LANDING_CLUSTER) cannot be reached: {first_line(error)}"
        ) from None
    return client


class Reading:
    """One landing on a cluster."""

    def __init__(self, client: Client, task: Task, landing: str) -> None:
        self.client, self.task, self.landing = client, task, landing
        self.done: queue.Queue[Future] = queue.Queue()
        self.names: dict[str, str] = {}  # of the files under way, by the key of their task
        self.seen_worker = time.monotonic()

    def outcomes(self) -> Iterator[Outcome]:
        from distributed import KilledWorker

        killed = []
        waiting = iter(self.task.names)
        for name in waiting:
            self.submit(name)
            if len(self.names) == UNDER_WAY:
                break
        while self.names:
            name, future = self.next_done()
            for following in waiting:
                self.submit(following)
                break
            try:
                yield self.result(future)
            except KilledWorker:
                killed.append(name)
        for name in killed:  # once more and alone: it may have been another's fault
            self.submit(name)
            _, future = self.next_done()
            try:
                yield self.result(future)
            except KilledWorker as error:
                workers = getattr(error, "allowed_failures", 0) + 1
                reason = f"{workers} workers of the cluster died while they read it{TRY_AGAIN}"
                yield give_up(self.task, name, reason)

    def submit(self, name: str) -> None:
        # Paths are plain arguments: what is scattered is lost with the worker that holds it.
        arguments = (self.task.reports, self.task.cache, name, self.landing, LOADER_VERSION, self.task.seconds)
        future = self.client.submit(read_file, *arguments, pure=False, key=f"{self.landing}-{uuid.uuid4().hex}")
        self.names[str(future.key)] = name
        future.add_done_callback(self.done.put)

    def next_done(self) -> tuple[str, Future]:
        while True:
            try:
                future = self.done.get(timeout=1)
            except queue.Empty:
                self.look_at_cluster()
                continue
            return self.names.pop(str(future.key)), future

    def look_at_cluster(self) -> None:
        """See that somebody is still at work."""
        if self.client.status != "running":
            raise self.lost("the scheduler no longer answers")
        if self.client.scheduler_info(n_workers=1)["workers"]:
            self.seen_worker = time.monotonic()
        elif time.monotonic() - self.seen_worker > WORKER_SECONDS:
            raise self.lost(f"it has had no worker for {WORKER_SECONDS} seconds")

    def result(self, future: Future) -> Outcome:
        from distributed import CancelledError, KilledWorker

        try:
            while True:
                try:
                    outcome: Outcome = future.result(timeout=5)
                    return outcome
                except TimeoutError:  # its worker died before it could tell, and it is done again
                    self.look_at_cluster()
        except (KilledWorker, LandingError):
            raise
        except CancelledError:
            raise self.lost("the scheduler no longer answers") from None
        except Exception as error:
            raise self.lost(f"a worker failed: {first_line(error)}") from error

    def lost(self, why: str) -> LandingError:
        return LandingError(f"the cluster {printable(str(self.task.cluster))} (LANDING_CLUSTER) is lost: {why}")


# --- on a worker ---


def read_file(reports: str, cache: str, name: str, landing: str, version: str, seconds: float) -> Outcome:
    """Read one file. Doing it again changes nothing; what took too long the first time is not tried twice.

    Raises:
        LandingError: this worker is not fit for any file.
    """
    if version != LOADER_VERSION:
        raise unfit(f"has loader {LOADER_VERSION} and not {version}: install the same packages on every machine")
    known = read_known(cache, landing)
    where = storage.place(reports)
    if not isinstance(where, storage.BucketPath) and not where.is_dir():
        raise unfit(f"does not see the reports in {printable(reports)}: share that folder, or use a bucket")
    note = notes_folder(cache, landing) / f"{sha256(os.fsencode(name)).hexdigest()}.json"
    with ONE_AT_A_TIME:
        wait_for_nanny()
        try:
            return Outcome(**json.loads(note.read_text("utf-8")))
        except FileNotFoundError:
            pass
        late = threading.Timer(seconds, give_up_and_die, (reports, cache, name, seconds, note))
        if seconds:
            late.start()
        try:
            return parse_file(reports, cache, name, known)
        finally:
            late.cancel()


@lru_cache(maxsize=1)
def read_known(cache: str, landing: str) -> frozenset[str]:
    """Return what is in the cache, as the landing noted it there; a worker asks once."""
    gc.set_threshold(100_000)  # a document makes many small objects and no cycles of them
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    try:
        return frozenset(json.loads((notes_folder(cache, landing) / "known.json").read_text("utf-8")))
    except FileNotFoundError:
        raise unfit(f"does not see the cache {printable(cache)}: share that folder, or use a bucket") from None


@lru_cache(maxsize=1)
def wait_for_nanny() -> None:
    """Wait until this worker's nanny has started; a worker waits once.

    A nanny whose worker dies before that ends with it, so that one bad document, read first, could end every worker.
    """
    from distributed import get_worker
    from distributed.protocol.pickle import dumps
    from distributed.utils import sync

    worker = get_worker()

    async def wait() -> None:
        with contextlib.suppress(OSError):  # it has gone itself
            async with worker.rpc(worker.nanny) as nanny:
                await nanny.run(function=dumps(started))

    if worker.nanny:
        sync(worker.loop, wait)


async def started(dask_worker: Any) -> None:
    """Return when a nanny has started (Dask gives the nanny under this name)."""
    while dask_worker.status.name in ("init", "starting"):
        await asyncio.sleep(0.02)


def give_up_and_die(reports: str, cache: str, name: str, seconds: float, note: storage.Place) -> None:
    """Note that a file takes too long and end this process: nothing else stops its reader. The nanny starts another."""
    try:
        reason = f"reading it takes longer than {seconds:g} seconds{TRY_AGAIN}"
        outcome = give_up(Task(reports, cache, [name]), name, reason)
        storage.write(note, json.dumps(asdict(outcome)).encode())
    finally:
        os._exit(1)


def unfit(why: str) -> LandingError:
    from distributed import get_worker

    return LandingError(f"the worker {get_worker().address} {why}")


def notes_folder(cache: str, landing: str) -> Any:
    """Return where a landing and its workers leave each other notes."""
    return Cache(storage.place(cache)).folder / f"landing-{landing}"
