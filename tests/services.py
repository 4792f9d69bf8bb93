"""The real things that landing and the lake can use, started on this machine: a cluster, an S3 server, a PostgreSQL."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from project import REPOSITORY


def need(module: str, extra: str) -> None:
    """Skip the tests of a file where the extra that they are of is not installed."""
    pytest.importorskip(
        module, reason=f'needs the extra: pip install -e ".[dev,{extra}]" -c constraints.txt', exc_type=ImportError
    )


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until(is_so: Callable[[], object], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {seconds} seconds")
        time.sleep(0.1)


def answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except OSError:
        return False
    return True


def kill(process: subprocess.Popen) -> None:
    """Kill a process and what it has started (it leads a session of its own)."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


# --- a cluster ---


@dataclass
class Cluster:
    """A Dask scheduler and its workers, each a process of its own."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen] = field(default_factory=list)
    address: str = ""

    def start(self, *arguments: str) -> subprocess.Popen:
        with open(self.folder / "cluster.log", "ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(REPOSITORY), **self.environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def start_scheduler(self) -> subprocess.Popen:
        port = free_port()
        self.address = f"tcp://127.0.0.1:{port}"
        process = self.start("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
        wait_until(lambda: accepts(port), "the scheduler starts")
        return process

    def start_worker(self) -> subprocess.Popen:
        options = ("--nthreads", "1", "--nworkers", "1", "--nanny", "--memory-limit", "1GB", "--no-dashboard")
        return self.start("worker", self.address, *options, "--local-directory", str(self.folder / "dask"))


def accepts(port: int) -> bool:
    with socket.socket() as caller:
        caller.settimeout(1)
        return caller.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def cluster(folder: Path, workers: int = 2, **environment: str) -> Iterator[Cluster]:
    """Give a scheduler and its workers."""
    folder.mkdir(exist_ok=True)
    started = Cluster(folder, environment)
    try:
        started.start_scheduler()
        for _ in range(workers):
            started.start_worker()
        yield started
    finally:
        for process in reversed(started.processes):
            kill(process)


# --- an S3 server ---


@dataclass(frozen=True)
class Bucket:
    """A bucket of an S3 server on this machine."""

    endpoint: str
    name: str = "reports"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "eu-west-2",
            "AWS_DEFAULT_REGION": "eu-west-2",
            "AWS_ENDPOINT_URL": self.endpoint,
        }

    def client(self) -> Any:
        return s3_client(self.endpoint)

    def make(self) -> None:
        self.client().create_bucket(Bucket=self.name, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})

    def check_who_asks(self, yes: bool) -> None:
        """Have the server look at keys (it knows none), or not."""
        url, count = f"{self.endpoint}/moto-api/reset-auth", b"0" if yes else b"inf"
        headers = {"Content-Type": "text/plain"}
        urllib.request.urlopen(urllib.request.Request(url, count, headers, method="POST")).close()

    def put(self, key: str, content: bytes) -> None:
        self.client().put_object(Bucket=self.name, Key=key, Body=content)

    def keys(self, prefix: str) -> list[str]:
        pages = self.client().get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix)
        return [entry["Key"] for page in pages for entry in page.get("Contents", [])]


@cache
def s3_client(endpoint: str) -> Any:
    import boto3

    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "eu-west-2"}
    return boto3.client("s3", endpoint_url=endpoint, **keys)


@contextlib.contextmanager
def bucket(folder: Path) -> Iterator[Bucket]:
    """Give an empty bucket."""
    port = free_port()
    with open(folder / "s3.log", "wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        made = Bucket(f"http://127.0.0.1:{port}")
        wait_until(lambda: answers(f"{made.endpoint}/moto-api/"), "the S3 server starts")
        made.make()
        yield made
    finally:
        kill(process)


# --- a PostgreSQL ---


@dataclass
class Postgres:
    """A PostgreSQL server with a database for a lake's catalogue."""

    programs: Path
    folder: Path
    port: int
    password: str = "a pass'word"

    def run(self, program: str, *arguments: str) -> None:
        """Run one of its programs, as the user postgres where we are root, as it refuses to run as root."""
        command = [str(self.programs / program), *arguments]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups", *command]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C.UTF-8"})

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        self.run("pg_ctl", "-D", str(self.folder), "-l", str(self.folder / "log"), "-w", "-o", options, "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", str(self.folder), "-m", "immediate", "-w", "stop")

    @property
    def environment(self) -> dict[str, str]:
        return {
            "LAKE_CATALOGUE_HOST": "127.0.0.1",
            "LAKE_CATALOGUE_PORT": str(self.port),
            "LAKE_CATALOGUE_DATABASE": "postgres",
            "LAKE_CATALOGUE_USER": "postgres",
            "DBT_ENV_SECRET_LAKE_CATALOGUE_PASSWORD": self.password,
        }


def postgres_programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, wherever Debian or another system has them."""
    found = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    if program := shutil.which("initdb"):
        found.append(Path(program).resolve().parent)
    return next((folder for folder in found if (folder / "initdb").exists()), None)


@contextlib.contextmanager
def postgres() -> Iterator[Postgres]:
    """Give a server with a catalogue of its own, in a temporary folder that its user can reach."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("needs PostgreSQL: apt-get install postgresql")
    root = Path("/tmp") / f"lake-{os.getpid()}-{time.monotonic_ns()}"
    server = Postgres(programs, root / "data", free_port())
    root.mkdir(mode=0o755)
    try:
        (root / "password").write_text(server.password)
        if os.geteuid() == 0:
            shutil.chown(root, "postgres")
            shutil.chown(root / "password", "postgres")
        login = ("-U", "postgres", "-A", "scram-sha-256", "--pwfile", str(root / "password"))
        server.run("initdb", "-D", str(server.folder), *login, "-E", "UTF8", "--no-sync")
        server.start()
        yield server
        with contextlib.suppress(subprocess.CalledProcessError):
            server.stop()
    except BaseException:
        with contextlib.suppress(subprocess.CalledProcessError):
            server.stop()
        raise
    finally:
        shutil.rmtree(root, ignore_errors=True)
