"""Reports and cache in an S3 bucket, of a server on this machine in place of the cloud."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from conftest import make_pdf
from project import EXAMPLES, Project
from services import Bucket, bucket, cluster, need

from loaders.errors import LandingError
from loaders.reading.cache import Cache
from loaders.reading.landing import land
from loaders.settings import Settings
from loaders.storage import client, place

pytestmark = pytest.mark.bucket
for module in ("s3fs", "moto.server", "duckdb_extension_httpfs"):
    need(module, "bucket,services")

REPORTS = {
    "Ashmere 2024/inspection – final.pdf": make_pdf("Inspection of Ashmere\nGood", "Page two"),
    "ümläut & more #1 +100%.pdf": make_pdf("Inspection of Brackwater\nInadequate"),
    "copy.pdf": make_pdf("Inspection of Ashmere\nGood", "Page two"),
    "notes.md": b"# Inspection of Elverham\n\nOverall effectiveness: good.",
    "broken.pdf": b"%PDF-1.7\nrubbish\nstartxref\n9\n%%EOF",
}
PASSED_OVER = {"folder/": b"", ".hidden.pdf": b"x", "~$lock.pdf": b"x", "__MACOSX/copy.pdf": b"x"}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    with bucket(tmp_path) as started:
        client.cache_clear()
        for name, word in started.environment.items():
            monkeypatch.setenv(name, word)
        for name, content in (REPORTS | PASSED_OVER).items():
            started.put(f"in/2024 reports/{name}", content)
        started.put("in/2024 reports of others/other.pdf", REPORTS["copy.pdf"])
        yield started
        client.cache_clear()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "build").mkdir()
    places = {"REPORTS_PATH": "s3://reports/in/2024 reports/", "CACHE_PATH": "s3://reports/cache"}
    return replace(
        Settings.from_environment(places), build_path=tmp_path / "build", landing_gate=False, landing_processes=2
    )


def rows(settings: Settings) -> list[tuple]:
    with duckdb.connect(config={"autoload_known_extensions": "false"}) as connection:
        return land(settings, connection).project("* exclude (landed_at)").order("file_name").fetchall()


def local_rows(tmp_path: Path) -> list[tuple]:
    for name, content in REPORTS.items():
        file = tmp_path / "local" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return rows(Settings(tmp_path / "local", build_path=tmp_path / "local build", landing_gate=False))


def test_a_bucket_lands_as_a_folder_does(store: Bucket, settings: Settings, tmp_path: Path, capfd) -> None:
    landed = rows(settings)
    assert landed == local_rows(tmp_path)
    capfd.readouterr()
    assert rows(settings) == landed
    said = "3 documents landed from s3://reports/in/2024 reports: 0 parsed now, 3 from the cache"
    assert said in capfd.readouterr().err
    assert not (settings.build_path / "cache").exists()


def test_documents_are_put_together_in_the_bucket(store: Bucket, settings: Settings, monkeypatch) -> None:
    landed = rows(settings)
    monkeypatch.setattr(Cache.compact, "__defaults__", (1,))
    assert rows(settings) == landed
    assert len([key for key in store.keys("cache/") if "/batches/" in key]) == 1
    assert not [key for key in store.keys("cache/") if "/documents/" in key]


@pytest.mark.slow
def test_a_bucket_with_more_than_a_thousand_reports_is_listed_whole(store: Bucket, settings: Settings) -> None:
    for number in range(1100):
        store.put(f"many/{number}.txt", b"Inspection of Ashmere")
    assert len(rows(replace(settings, reports_path=place("s3://reports/many")))) == 1


def test_what_is_wrong_with_a_bucket_is_said(store: Bucket, settings: Settings, monkeypatch) -> None:
    with pytest.raises(LandingError, match="no readable document in s3://reports/nothing"):
        rows(replace(settings, reports_path=place("s3://reports/nothing")))
    with pytest.raises(LandingError, match="the bucket s3://elsewhere is not there"):
        rows(replace(settings, reports_path=place("s3://elsewhere/reports")))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    client.cache_clear()
    with pytest.raises(LandingError, match="the bucket s3://reports cannot be used: Could not connect"):
        rows(settings)
    client.cache_clear()


def test_a_bucket_that_refuses_is_named_and_the_cache_is_kept(store: Bucket, settings: Settings, monkeypatch) -> None:
    """The server checks who asks, and this user may not."""
    landed = rows(settings)
    store.check_who_asks(True)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    client.cache_clear()
    with pytest.raises(LandingError, match="the bucket s3://reports refuses"):
        rows(settings)
    store.check_who_asks(False)
    client.cache_clear()
    assert rows(settings) == landed


@pytest.mark.cluster
def test_a_cluster_reads_a_bucket_and_keeps_what_it_read_there(
    store: Bucket, settings: Settings, tmp_path: Path
) -> None:
    need("distributed", "cluster")
    with cluster(tmp_path / "cluster", **store.environment) as started:
        assert rows(replace(settings, landing_cluster=started.address)) == local_rows(tmp_path)


@pytest.mark.cluster
def test_a_build_from_a_bucket_by_a_cluster_gives_the_same_marts(store: Bucket, built: Project, tmp_path: Path) -> None:
    need("distributed", "cluster")
    for file in EXAMPLES.rglob("*"):
        if file.is_file():
            store.put(f"examples/{file.relative_to(EXAMPLES).as_posix()}", file.read_bytes())
    project = Project(tmp_path / "project")
    with cluster(tmp_path / "cluster", **store.environment) as started:
        project.build(
            REPORTS_PATH="s3://reports/examples", CACHE_PATH="s3://reports/cache", LANDING_CLUSTER=started.address
        )
    with duckdb.connect() as connection:
        connection.execute(f"attach '{built.published}' as local (read_only)")
        connection.execute(f"attach '{project.published}' as remote (read_only)")
        marts = connection.execute(
            """
            select table_name from duckdb_tables()
            where database_name = 'local' and schema_name = 'main' and not starts_with(table_name, 'build_')
            """
        ).fetchall()
        assert len(marts) > 10
        for (name,) in marts:
            for one, other in (("local", "remote"), ("remote", "local")):
                rows = f"from {one}.main.{name} except all from {other}.main.{name}"
                assert connection.execute(rows).fetchall() == [], name
