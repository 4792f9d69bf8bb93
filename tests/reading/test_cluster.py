"""Landing on a Dask cluster: a scheduler and two workers as processes of their own, one of which dies."""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Folder, make_pdf
from project import REPOSITORY
from services import cluster, kill, need, wait_until

from loaders.errors import LandingError
from loaders.reading.cache import Cache

pytestmark = pytest.mark.cluster
need("distributed", "cluster")

COUNT = 40


def fill(folder: Folder) -> None:
    for number in range(COUNT):
        pages = [f"Inspection {number} of Ashmere\nPage {page}\nOverall effectiveness: good" for page in range(60)]
        folder.write(f"{number:02}.pdf", make_pdf(*pages))
    folder.write("broken.pdf", b"%PDF-1.7\nrubbish\nstartxref\n9\n%%EOF")
    folder.write("words.txt", b"Inspection of Ashmere: good.")


def without_times(rows: dict[str, dict]) -> dict[str, dict]:
    return {name: {key: value for key, value in row.items() if key != "landed_at"} for name, row in rows.items()}


def on_this_machine(folder: Folder) -> dict[str, dict]:
    return without_times(folder.land(build_path=folder.path.parent / "local", landing_gate=False))


def test_a_cluster_lands_what_one_machine_does(folder: Folder, tmp_path: Path) -> None:
    fill(folder)
    with cluster(tmp_path / "cluster") as started:
        landed = folder.land(landing_cluster=started.address)
        again = folder.land(landing_cluster=started.address)
    assert without_times(landed) == on_this_machine(folder)
    assert again == landed
    assert not list(Cache(folder.settings.cache_path).folder.glob("landing-*"))


def test_a_worker_that_is_killed_midway_loses_nothing(folder: Folder, tmp_path: Path) -> None:
    fill(folder)
    with cluster(tmp_path / "cluster") as started:
        victim = started.processes[-1]
        landed: dict[str, dict] = {}

        def land() -> None:
            landed.update(folder.land(landing_cluster=started.address, landing_gate=False))

        landing = threading.Thread(target=land)
        landing.start()
        incoming = Cache(folder.settings.cache_path).incoming
        wait_until(lambda: len(list(incoming.glob("*.parquet"))) >= 3, "the first documents are read")
        kill(victim)  # the nanny with it
        assert len(list(incoming.glob("*.parquet"))) < COUNT, "killed too late to tell"
        landing.join(timeout=120)
    assert without_times(landed) == on_this_machine(folder)


def test_a_document_that_kills_its_workers_is_rejected_and_the_rest_lands(folder: Folder, tmp_path: Path) -> None:
    folder.write("good.pdf", make_pdf("Inspection of Ashmere"))
    folder.write("murderous.pdf", make_pdf("Inspection of Brackwater"))
    # a worker whose reader crashes on this name, as a bad file would make it
    (tmp_path / "sitecustomize.py").write_text(
        "import os\n"
        "from loaders.reading import documents\n"
        "parse = documents.parse\n"
        "def parse_or_die(content, name):\n"
        "    if name == 'murderous.pdf':\n"
        "        os._exit(9)\n"
        "    return parse(content, name)\n"
        "documents.parse = parse_or_die\n"
        # and a nanny that is slow to see that its worker has started: the document is the first that the worker reads
        "from distributed.nanny import WorkerProcess\n"
        "WorkerProcess._init_msg_interval = 2\n"
    )
    search_path = os.pathsep.join([str(tmp_path), *filter(None, [str(REPOSITORY)])])
    with cluster(tmp_path / "cluster", workers=0, PYTHONPATH=search_path) as started:
        joining = threading.Timer(3, lambda: [started.start_worker() for _ in range(2)])
        joining.start()
        landed = folder.land(landing_cluster=started.address, landing_gate=False)
        joining.join()
    assert landed["good.pdf"]["rejected_reason"] is None
    assert landed["murderous.pdf"]["rejected_reason"].startswith("4 workers of the cluster died while they read it")


def test_a_document_that_takes_too_long_is_rejected_and_the_rest_lands(folder: Folder, tmp_path: Path) -> None:
    folder.write("good.pdf", make_pdf("Inspection of Ashmere"))
    folder.write("endless.pdf", make_pdf("Inspection of Brackwater"))
    (tmp_path / "sitecustomize.py").write_text(
        "import time\n"
        "from loaders.reading import documents\n"
        "parse = documents.parse\n"
        "def parse_or_wait(content, name):\n"
        "    if name == 'endless.pdf':\n"
        "        time.sleep(600)\n"
        "    return parse(content, name)\n"
        "documents.parse = parse_or_wait\n"
    )
    search_path = os.pathsep.join([str(tmp_path), str(REPOSITORY)])
    with cluster(tmp_path / "cluster", PYTHONPATH=search_path) as started:
        landed = folder.land(landing_cluster=started.address, landing_gate=False, document_seconds=5)
    assert landed["good.pdf"]["rejected_reason"] is None
    assert landed["endless.pdf"]["rejected_reason"].startswith("reading it takes longer than 5 seconds")


def test_a_scheduler_that_is_not_there_is_named(folder: Folder) -> None:
    folder.write("good.pdf", make_pdf("Inspection of Ashmere"))
    with pytest.raises(LandingError, match=r"the scheduler tcp://127\.0\.0\.1:9 \(LANDING_CLUSTER\) cannot be reached"):
        folder.land(landing_cluster="tcp://127.0.0.1:9")


def test_a_scheduler_that_dies_is_named_and_what_was_read_is_kept(folder: Folder, tmp_path: Path) -> None:
    fill(folder)
    with cluster(tmp_path / "cluster") as started:
        failures: list[BaseException] = []

        def land() -> None:
            try:
                folder.land(landing_cluster=started.address, landing_gate=False)
            except LandingError as error:
                failures.append(error)

        landing = threading.Thread(target=land)
        landing.start()
        cache = Cache(folder.settings.cache_path)
        wait_until(lambda: len(list(cache.incoming.glob("*.parquet"))) >= 3, "the first documents are read")
        os.killpg(started.processes[0].pid, signal.SIGKILL)
        landing.join(timeout=180)
    (failure,) = failures
    assert started.address in str(failure) and "what was read is kept" in str(failure)
    kept = len(list(cache.incoming.glob("*.parquet")))
    assert kept >= 3
    settings = replace(folder.settings, landing_gate=False)
    assert len(folder.land(landing_gate=settings.landing_gate)) == COUNT + 2


def test_workers_that_see_other_folders_are_named(folder: Folder, tmp_path: Path) -> None:
    folder.write("good.pdf", make_pdf("Inspection of Ashmere"))
    (tmp_path / "sitecustomize.py").write_text(
        "from loaders.reading import cluster\ncluster.LOADER_VERSION = 'another'\n"
    )
    search_path = os.pathsep.join([str(tmp_path), str(REPOSITORY)])
    with (
        cluster(tmp_path / "cluster", PYTHONPATH=search_path) as started,
        pytest.raises(LandingError, match=r"has loader another and not .*: install the same packages"),
    ):
        folder.land(landing_cluster=started.address)
