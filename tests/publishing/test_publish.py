"""Publication of a build file: what is written, what is refused, and what is left when something fails."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from dbt_common.invocation import get_invocation_id
from project import REPOSITORY

from loaders.publishing import publish as publication
from loaders.publishing.exported import read_build, read_manifest
from loaders.publishing.exports import Exports
from loaders.publishing.moving import move_waiting
from loaders.publishing.publish import PublicationError, add_exports, publish, refuse_beforehand, refuse_replacing
from loaders.publishing.relations import Column
from loaders.settings import Settings
from loaders.storage import BucketPath
from loaders.warehouse import open_warehouse

ROOT = REPOSITORY


@pytest.fixture
def settings(tmp_path):
    return Settings(warehouse_path=tmp_path / "published" / "warehouse.duckdb", build_path=tmp_path / "build")


@pytest.fixture
def session(settings):
    settings.build_path.mkdir()
    with duckdb.connect(str(settings.build_path / "warehouse.duckdb")) as session:
        make_marts(session)
        yield session


def make_marts(session, documents=4, why_not_whole=None):
    session.execute("create schema if not exists raw")
    session.execute(
        """
        create or replace table raw.build_invocation as
        select ? as invocation_id, ?::varchar as why_not_whole, ? as marts
        """,
        [get_invocation_id(), why_not_whole, ["dim_report", "first_reports", "rejected_documents"]],
    )
    session.execute(
        """
        create or replace table dim_report as
        select 'r' || range as report_id, 'doc ' || range || '.pdf' as file_name from range(?) order by range desc;
        """,
        [documents],
    )
    session.execute(
        """
        create or replace view first_reports as select * from dim_report where report_id <= 'r1';
        create or replace table rejected_documents as select 'a.pdf' as file_name;
        create or replace table left_by_an_older_project as select 1 as x;
        comment on table dim_report is 'One row per document; it''s described';
        comment on column dim_report.file_name is 'The "name" of the file';
        comment on view first_reports is 'One row per first document';
        create unique index if not exists report_ids on dim_report (report_id);
        """
    )


def read(path, query):
    with duckdb.connect(str(path), read_only=True) as reader:
        return reader.sql(query).fetchall()


def documents_in(path):
    return read(path, "select document_count from build_info")[0][0]


def files_beside(settings):
    return sorted(path.name for path in settings.warehouse_path.parent.iterdir())


def test_the_marts_are_published_as_plain_tables_with_their_descriptions(session, settings):
    result = publish(session, settings)

    assert result.published and result.warning is None
    assert result.message == "Published 3 relations with 7 rows to warehouse.duckdb"
    assert result.as_relation(session).fetchall() == [
        (get_invocation_id(), True, result.message, None, "warehouse.duckdb", 3, 7, 4, 1)
    ]
    file = settings.warehouse_path
    assert files_beside(settings) == ["warehouse.duckdb"]
    assert read(file, "select table_name from duckdb_tables() order by table_name") == [
        ("build_changes",), ("build_info",), ("build_relations",), ("dim_report",), ("first_reports",),
        ("rejected_documents",),
    ]  # fmt: skip
    assert read(file, "select * from duckdb_indexes() union all select * from duckdb_indexes()") == []
    assert read(file, "from dim_report") == [(f"r{n}", f"doc {n}.pdf") for n in (3, 2, 1, 0)]
    assert read(file, "from build_relations order by relation") == [
        ("dim_report", 4, "One row per document; it's described"),
        ("first_reports", 2, "One row per first document"),
        ("rejected_documents", 1, None),
    ]
    assert read(file, "select comment from duckdb_tables() where table_name = 'dim_report'") == [
        ("One row per document; it's described",)
    ]
    assert read(file, "select comment from duckdb_columns() where table_name = 'dim_report' order by column_index") == [
        (None,), ('The "name" of the file',)
    ]  # fmt: skip
    assert read(file, "select count(*) from duckdb_columns() where table_name like 'build%' and comment is null") == [
        (0,)
    ]


def test_the_build_is_told_without_a_path_of_the_machine(session, settings):
    publish(session, settings)

    ((row,),) = read(settings.warehouse_path, "select build_info from build_info")
    assert row["build_id"] == get_invocation_id()
    assert (row["document_count"], row["rejected_count"], row["relation_count"], row["row_count"]) == (4, 1, 3, 7)
    assert row["duckdb_version"] == duckdb.__version__
    assert row["names_published"] is True
    assert all(row[column] for column in row if column.endswith("_version"))
    assert not any(os.sep in str(value) for value in row.values())
    content = settings.warehouse_path.read_bytes()
    assert str(settings.build_path.parent).encode() not in content


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_the_commit_is_that_of_a_repository_of_the_project(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_DIR", str(ROOT / ".git"))  # as in a git hook
    assert publication._commit(tmp_path) is None

    def git(*arguments):
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments]
        environment = {name: value for name, value in os.environ.items() if name != "GIT_DIR"}
        return subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True).stdout

    (tmp_path / "model.sql").touch()
    git("init")
    git("add", ".")
    git("commit", "-m", "a model")
    assert publication._commit(tmp_path) == git("rev-parse", "HEAD").strip()
    (tmp_path / "model.sql").write_text("select 1")
    assert publication._commit(tmp_path) == git("rev-parse", "HEAD").strip() + "-dirty"
    (tmp_path / "unpacked").mkdir()
    assert publication._commit(tmp_path / "unpacked") is None


def test_the_storage_is_one_that_old_clients_read(session, settings):
    publish(session, settings)

    query = "select tags['storage_version'] from duckdb_databases() where path is not null"
    assert read(settings.warehouse_path, query) == [("v1.0.0+",)]


def test_an_invocation_that_is_not_whole_or_not_recorded_does_not_publish(session, settings):
    make_marts(session, why_not_whole="this is a selection")
    result = publish(session, settings)
    assert not result.published
    assert result.message == "Not published: this is a selection. The published file is as it was."

    session.execute("update raw.build_invocation set invocation_id = 'an earlier one', why_not_whole = null")
    assert "was not recorded" in publish(session, settings).message
    session.execute("drop table raw.build_invocation")
    assert "was not recorded" in publish(session, settings).message
    assert not settings.warehouse_path.parent.exists()


def started(script, *arguments):
    """Another process, spoken to line by line."""
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)


READER = """
import duckdb, sys
reader = duckdb.connect(sys.argv[1], read_only=True)
print(reader.sql("select count(*) from dim_report").fetchone()[0], flush=True)
sys.stdin.readline()
print(reader.sql("select count(file_name) from dim_report").fetchone()[0], flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="the system refuses the move; another test holds that rule")
def test_a_reader_of_another_process_neither_blocks_nor_breaks(session, settings):
    publish(session, settings)
    with started(READER, settings.warehouse_path) as reader:
        assert reader.stdout.readline() == "4\n"
        make_marts(session, documents=9)
        held = settings.warehouse_path.stat().st_ino
        assert publish(session, settings).warning is None
        assert settings.warehouse_path.stat().st_ino != held  # another file in its place, which itself is as it was
        assert documents_in(settings.warehouse_path) == 9
        answer, _ = reader.communicate("\n")
    assert answer == "4\n"


def test_a_refused_move_leaves_the_new_file_beside_and_the_next_build_moves_it(session, settings, monkeypatch):
    publish(session, settings)
    make_marts(session, documents=9)
    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", refuse)
        result = publish(session, settings)
        assert "most likely because a program holds it open" in move_waiting(settings)

    waiting = settings.warehouse_path.with_name("warehouse.next.duckdb")
    assert not result.published
    assert result.message == "Not published yet: 3 relations with 12 rows wait in warehouse.next.duckdb"
    assert "refused to replace warehouse.duckdb (held open)" in result.warning
    assert files_beside(settings) == ["warehouse.duckdb", waiting.name]
    assert (documents_in(settings.warehouse_path), documents_in(waiting)) == (4, 9)

    assert move_waiting(settings) is None
    assert files_beside(settings) == ["warehouse.duckdb"]
    assert documents_in(settings.warehouse_path) == 9
    assert move_waiting(settings) is None


def test_a_new_publication_supersedes_one_that_waits(session, settings, monkeypatch):
    publish(session, settings)
    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", refuse)
        publish(session, settings)
    make_marts(session, documents=9)
    publish(session, settings)

    assert files_beside(settings) == ["warehouse.duckdb"]
    assert move_waiting(settings) is None
    assert documents_in(settings.warehouse_path) == 9


def test_a_move_that_the_system_really_refuses(session, settings):
    publish(session, settings)
    if subprocess.run(["chattr", "+i", settings.warehouse_path], check=False, capture_output=True).returncode:
        pytest.skip("needs a system where a file can be made immutable")
    make_marts(session, documents=9)
    try:
        result = publish(session, settings)
    finally:
        subprocess.run(["chattr", "-i", settings.warehouse_path], check=True)
    assert "refused to replace" in result.warning
    assert documents_in(settings.warehouse_path) == 4
    move_waiting(settings)
    assert documents_in(settings.warehouse_path) == 9


def refuse(*_):
    raise PermissionError(13, "held open")


def test_fewer_than_half_of_the_documents_are_refused_unless_allowed(session, settings):
    make_marts(session, documents=9)
    publish(session, settings)
    make_marts(session, documents=4)
    with pytest.raises(PublicationError, match=r"4 documents are left of the 9 .* ALLOW_FEWER_DOCUMENTS=true"):
        publish(session, settings)
    assert documents_in(settings.warehouse_path) == 9
    assert refuse_replacing(settings, 5) is None

    allowing = Settings(settings.reports_path, settings.warehouse_path, settings.build_path, allow_fewer_documents=True)
    publish(session, allowing)
    assert documents_in(settings.warehouse_path) == 4
    make_marts(session, documents=0)
    with pytest.raises(PublicationError, match="no document could be read"):
        publish(session, allowing)


# --- another folder ---------------------------------------------------------------------------------------------------


def make_authorities(session, *are_examples):
    """Have the marts tell of which authorities the documents are, by whether these are fictional; None for unknown."""
    make_marts(session, documents=len(are_examples))
    session.execute("alter table dim_report add column authority_id varchar")
    session.execute("create or replace table dim_authority (authority_id varchar, is_example boolean)")
    for number, is_example in enumerate(are_examples):
        session.execute("update dim_report set authority_id = $1 where report_id = $1", [f"r{number}"])
        if is_example is not None:
            session.execute("insert into dim_authority values (?, ?)", [f"r{number}", is_example])
    session.execute("update raw.build_invocation set marts = marts || ['dim_authority']")


@pytest.fixture
def of(settings, tmp_path):
    """Settings that read another folder."""

    def read_from(name, **changes):
        path = tmp_path / name
        path.mkdir(parents=True, exist_ok=True)
        return replace(settings, reports_path=path, **changes)

    return read_from


def test_documents_of_another_folder_are_refused_unless_allowed(session, settings, of):
    make_authorities(session, False, None, True, True)
    publish(session, of("mine"))
    assert read(settings.warehouse_path, "select reports_folder from build_info") == [("mine",)]

    left = f"{settings.warehouse_path} is left as it was"
    words = "last time (4 documents) was read from the folder “mine”, and this build reads the folder “theirs”: " + left
    for refused in (refuse_beforehand, publish):
        with pytest.raises(PublicationError, match=f"{re.escape(words)}.*ALLOW_OTHER_FOLDER=true"):
            refused(session, of("theirs"))
    with pytest.raises(
        PublicationError, match=r"from the folder “mine” of another place, and .* reads the folder “mine”"
    ):
        refuse_beforehand(session, of("elsewhere/mine"))
    with pytest.raises(PublicationError, match="this build reads the example reports, “reports”"):
        refuse_beforehand(session, replace(settings, reports_path=ROOT / "reports"))
    with pytest.raises(PublicationError, match="this build reads the folder “2024”"):
        refuse_beforehand(session, replace(settings, reports_path=BucketPath("s3://bucket/2024")))
    refuse_beforehand(session, of("theirs/../mine"))

    allowing = of("theirs", allow_other_folder=True)
    refuse_beforehand(session, allowing)
    make_authorities(session, False)  # of another folder, so that there is nothing to count against
    publish(session, allowing)
    assert read(settings.warehouse_path, "select reports_folder, document_count from build_info") == [("theirs", 1)]
    publish(session, of("theirs"))
    with pytest.raises(PublicationError, match="this build reads the folder “mine”"):
        refuse_beforehand(session, of("mine"))


def test_documents_of_the_examples_are_replaced_by_those_of_any_folder_and_never_counted(session, settings, of):
    make_authorities(session, *[True] * 9)
    publish(session, of("examples"))
    make_authorities(session, False, False)
    refuse_beforehand(session, of("mine"))
    publish(session, of("mine"))
    assert documents_in(settings.warehouse_path) == 2


def test_what_does_not_publish_may_read_any_folder(session, of):
    publish(session, of("mine"))
    make_marts(session, why_not_whole="this is a selection")
    refuse_beforehand(session, of("theirs"))


def test_a_file_of_an_older_version_is_replaced_by_any_folder_but_the_examples(session, settings, of):
    make_authorities(session, *[False] * 9)
    publish(session, of("mine"))
    with duckdb.connect(str(settings.warehouse_path)) as older:
        older.execute("alter table build_info drop column reports_folder")
        older.execute("alter table build_info drop column reports_folder_id")
    with pytest.raises(PublicationError, match="from another folder, and this build reads the example reports"):
        refuse_beforehand(session, replace(settings, reports_path=ROOT / "reports"))
    make_authorities(session, *[False] * 4)
    with pytest.raises(PublicationError, match="4 documents are left of the 9"):
        publish(session, of("theirs"))
    make_authorities(session, *[False] * 5)
    publish(session, of("theirs"))
    assert read(settings.warehouse_path, "select reports_folder from build_info") == [("theirs",)]


WRITER = """
import duckdb, sys
writer = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
"""


@pytest.mark.skipif(os.name == "nt", reason="a file that is written to cannot be copied there")
def test_the_last_count_is_read_although_a_process_writes_into_the_published_file(session, settings):
    make_marts(session, documents=9)
    publish(session, settings)
    with started(WRITER, settings.warehouse_path) as writer:
        assert writer.stdout.readline() == "open\n"
        with pytest.raises(PublicationError, match="of the 9 published"):
            refuse_replacing(settings, 4)
        writer.communicate("\n")
    assert [path.name for path in settings.build_path.glob("published-*")] == []


def make_file(content):
    def make(path):
        path.write_bytes(content)

    return make


def make_database(path):
    with duckdb.connect(str(path)) as theirs:
        theirs.execute("create table accounts as select 1 as build, 'theirs' as name")


@pytest.mark.parametrize("name", ["warehouse.duckdb", "warehouse.next.duckdb"])
@pytest.mark.parametrize(
    ("make", "why"),
    [
        (make_file(b"PK\x03\x04 of a letter"), "is not a warehouse that this project has published"),
        (make_file(b"%PDF-1.7 a report"), "is not a warehouse that this project has published"),
        (make_file(b"\0" * 8 + b"DUCK" + b"\0" * 9000), "is not a warehouse that this project has published"),
        (make_database, "is not a warehouse that this project has published"),
        (Path.mkdir, "a folder"),
        (getattr(os, "mkfifo", None), "is no regular file"),
    ],
)
def test_a_file_of_another_is_never_replaced_and_nothing_is_read_before_it_is_said(
    session, settings, tmp_path, name, make, why
):
    if make is None:
        pytest.skip("needs a system with pipes")
    path = settings.warehouse_path.with_name(name)
    path.parent.mkdir()
    make(path)
    before = path.read_bytes() if path.is_file() else None
    for refused in (refuse_beforehand, publish):
        with pytest.raises(PublicationError, match=f"{why}.*{name}|{name}.* {why}"):
            refused(session, settings)
    with contextlib.suppress(PublicationError):
        move_waiting(settings)
    assert (path.read_bytes() if path.is_file() else None) == before
    assert files_beside(settings) == [name]


def test_what_is_made_never_lies_in_the_folder_that_is_read(session, settings, tmp_path):
    within = replace(settings, reports_path=tmp_path)
    with pytest.raises(PublicationError, match=r"WAREHOUSE_PATH .* lies in the folder of the reports"):
        refuse_beforehand(session, within)
    within = replace(settings, reports_path=tmp_path / "reports", exports_path=tmp_path / "reports" / "2024" / "out")
    with pytest.raises(PublicationError, match=r"EXPORTS_PATH .* lies in the folder of the reports"):
        refuse_beforehand(session, within)


@pytest.mark.parametrize(
    "name", ["manifest.json", "warehouse.xlsx", "dim_report.parquet", "rejected_documents.parquet/"]
)
def test_exports_replace_no_file_of_another(session, settings, tmp_path, name):
    settings = replace(settings, exports_path=tmp_path / "exports")
    theirs = settings.exports_path / name
    (theirs if name.endswith("/") else theirs.parent).mkdir(parents=True)
    if not name.endswith("/"):
        theirs.write_text('{"name": "an app of theirs"}')
    with pytest.raises(PublicationError, match=f"{name.rstrip('/')} is .*"):
        refuse_beforehand(session, settings)
    with pytest.raises(PublicationError, match="EXPORTS_PATH names a file"):
        refuse_beforehand(session, replace(settings, exports_path=Path(__file__)))


def test_an_empty_published_file_is_replaced_with_a_warning(session, settings):
    settings.warehouse_path.parent.mkdir()
    settings.warehouse_path.touch()
    result = publish(session, settings)
    assert result.published
    assert "does not tell how many documents were published last time" in result.warning
    assert documents_in(settings.warehouse_path) == 4


def test_what_killed_builds_left_is_cleaned_and_nothing_else(session, settings, monkeypatch):
    monkeypatch.setattr(publication, "_check", fail_with(KeyboardInterrupt))
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Path, "unlink", lambda *_, **__: None)
        publish(session, settings)
    (stray,) = settings.warehouse_path.parent.iterdir()
    log = stray.with_name(stray.name + ".wal")
    theirs = stray.with_name(".warehouse.duckdb.0123-4567.publishing")
    old = stray.with_name(".warehouse.duckdb.0123-89ab.publishing")
    for path in (log, theirs, old, stray.with_name("notes.publishing")):
        path.touch()
    os.utime(old, (0, 0))

    monkeypatch.undo()
    publish(session, settings)
    assert files_beside(settings) == [theirs.name, "notes.publishing", "warehouse.duckdb"]


def fail_with(error):
    def fail(*_, **__):
        raise error

    return fail


@pytest.mark.parametrize("step", ["_check", "_comments", "take_place"])
def test_a_failure_leaves_the_published_file_and_no_trace(session, settings, monkeypatch, step):
    publish(session, settings)
    before = settings.warehouse_path.read_bytes()
    make_marts(session, documents=9)
    with monkeypatch.context() as patched, pytest.raises(PublicationError, match=r"warehouse\.duckdb .*No space left"):
        patched.setattr(publication, step, fail_with(OSError(28, "No space left on device")))
        publish(session, settings)
    assert settings.warehouse_path.read_bytes() == before
    assert files_beside(settings) == ["warehouse.duckdb"]
    assert session.sql("select count(*) from duckdb_databases() where path is not null").fetchall() == [(1,)]
    publish(session, settings)
    assert documents_in(settings.warehouse_path) == 9


def export_of(session, settings):
    with Exports(settings) as exports:
        return add_exports(publish(session, settings, exports), exports)


def test_exports_are_written_before_the_file_is_published_and_take_their_place_behind_it(
    session, settings, monkeypatch
):
    settings = replace(settings, exports_path=settings.warehouse_path.parent / "exports")
    assert export_of(session, settings).message.endswith("to warehouse.duckdb, exported to exports")
    before = {path.name: path.read_bytes() for path in settings.exports_path.rglob("*.*") if path.is_file()}
    make_marts(session, documents=9)
    with monkeypatch.context() as patched, pytest.raises(PublicationError):
        patched.setattr(publication, "take_place", fail_with(OSError(28, "No space left on device")))
        export_of(session, settings)
    with monkeypatch.context() as patched:
        patched.setattr(publication, "take_place", lambda *_: "refused")
        assert "exported" not in export_of(session, settings).message
    assert {path.name: path.read_bytes() for path in settings.exports_path.rglob("*.*") if path.is_file()} == before
    assert export_of(session, settings).message.endswith("exported to exports")
    assert len(duckdb.read_parquet(str(settings.exports_path / "dim_report.parquet"))) == 9
    with open_warehouse(settings.warehouse_path) as connection:
        assert read_manifest(settings.exports_path)["content"] == read_build(connection).content


def test_a_new_file_that_does_not_hold_every_row_is_refused(session, settings):
    publish(session, settings)
    with pytest.raises(PublicationError, match="has 4 rows of dim_report where the build has 5"):
        publication._check(settings.warehouse_path, {"dim_report": 5})


FULL_DISK = """
import resource, sys
from pathlib import Path
import duckdb
from dbt_common.invocation import get_invocation_id
from loaders.publishing.publish import publish
from loaders.publishing.relations import Column
from loaders.settings import Settings
from loaders.storage import BucketPath
session = duckdb.connect(sys.argv[1])
session.execute("update raw.build_invocation set invocation_id = ?", [get_invocation_id()])
session.execute("create or replace table dim_report as select uuid()::varchar as report_id from range(200000)")
session.execute("checkpoint")
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
publish(session, Settings(warehouse_path=Path(sys.argv[2]), build_path=Path(sys.argv[1]).parent))
"""


@pytest.mark.skipif(os.name == "nt", reason="needs a limit on the size of files")
def test_a_full_disk_leaves_the_published_file(session, settings):
    publish(session, settings)
    before = settings.warehouse_path.read_bytes()
    session.close()
    build_file = settings.build_path / "warehouse.duckdb"
    result = subprocess.run(
        [sys.executable, "-c", FULL_DISK, build_file, settings.warehouse_path],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert f"PublicationError: {settings.warehouse_path} could not be published and is as it was" in result.stderr
    assert settings.warehouse_path.read_bytes() == before
    assert files_beside(settings) == ["warehouse.duckdb"]


def test_places_that_cannot_be_published_to_are_named(session, settings, tmp_path):
    (tmp_path / "file").touch()

    def publish_to(path):
        publish(session, Settings(warehouse_path=path, build_path=settings.build_path))

    with pytest.raises(PublicationError, match=r"file/warehouse\.duckdb could not be published"):
        publish_to(tmp_path / "file" / "warehouse.duckdb")
    with pytest.raises(PublicationError, match="WAREHOUSE_PATH names a folder"):
        publish_to(tmp_path)
    with pytest.raises(PublicationError, match="the file that dbt builds in"):
        publish_to(settings.build_path / ".." / "build" / "warehouse.duckdb")


def test_a_mart_that_is_not_in_the_build_file_is_an_error(session, settings):
    session.execute("drop view first_reports")
    with pytest.raises(PublicationError, match="the build file has no first_reports"):
        publish(session, settings)


def test_names_with_quotes_and_spaces_and_links_are_published_to(session, settings, tmp_path):
    real = tmp_path / 'it\'s; "real"' / "ware house.duckdb"
    link = tmp_path / "link.duckdb"
    link.symlink_to(real)
    publish(session, Settings(warehouse_path=link, build_path=settings.build_path))
    assert link.is_symlink()
    assert documents_in(link) == documents_in(real) == 4


def test_a_log_that_a_writer_left_is_not_read_into_the_new_file(session, settings):
    publish(session, settings)
    settings.warehouse_path.with_name("warehouse.duckdb.wal").write_bytes(b"of the old file")
    publish(session, settings)
    assert documents_in(settings.warehouse_path) == 4


def test_two_publications_at_once_leave_a_whole_file(settings, tmp_path):
    failures = []

    def build(name):
        folder = tmp_path / name
        folder.mkdir()
        try:
            with duckdb.connect(str(folder / "warehouse.duckdb")) as session:
                make_marts(session)
                for _ in range(3):
                    publish(session, Settings(warehouse_path=settings.warehouse_path, build_path=folder))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=build, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert files_beside(settings) == ["warehouse.duckdb"]
    assert documents_in(settings.warehouse_path) == 4


# --- without names ----------------------------------------------------------------------------------------------------


@pytest.fixture
def named(session):
    session.execute(
        """
        create or replace table dim_report as
        select * from (values
            ('r1', 'Zoë O''Brien', 'Report led by Zoë O’Brien.pdf', null),
            ('r2', null, 'plain.pdf', 'r1'),
            ('r3', 'Ann Lee HMI', 'ann-lee_2019.pdf', null),
        ) as documents(report_id, lead_inspector, file_name, previous_report_id);
        create or replace table fct_inspection_team as
        select * from (values ('r1', 'Dr John Smith (Ofsted)', 'lead'), ('r2', 'Social Care', 'host'))
        as team(report_id, person_name, role);
        create or replace table fct_findings as
        select range as place, 'r' || (3 - range % 3) as report_id, 'John Smith' as finding_id,
            'John Smith' as topic_name, ['Mr Smith and JOHN
  SMITH met; Ann Lee''s plan for Social Care', 'Joann Leeds; John Smithson', 'Zoë O''Brien'][1 + range % 3] as quote
        from range(3000);
        create or replace table dim_topic as select 'John Smith' as topic_name, 'x' as authority;
        create or replace table rejected_documents as
        select 'ann lee.html' as file_name, 'an HTML page, titled “Zoë O’Brien leaves”' as reason;
        create schema seeds;
        create table seeds.no_name_words as select 'care' as word, 'body' as kind;
        update raw.build_invocation
        set marts = ['dim_report', 'dim_topic', 'fct_findings', 'fct_inspection_team', 'rejected_documents'];
        """
    )
    return session


@pytest.fixture
def nameless(settings):
    return replace(settings, publish_names=False)


def test_names_of_any_document_are_left_out_of_all(named, nameless):
    named.execute("update dim_topic set topic_name = 'Anything'")
    message = publish(named, nameless).message

    file = nameless.warehouse_path
    assert read(file, "from dim_report") == [
        ("r1", None, "Report led by [name].pdf", None),
        ("r2", None, "plain.pdf", "r1"),
        ("r3", None, "[name]_2019.pdf", None),
    ]
    assert read(file, "from fct_inspection_team") == [("r1", None, "lead"), ("r2", None, "host")]
    assert read(file, "select place from fct_findings") == [(place,) for place in range(3000)]
    assert read(file, "from fct_findings limit 3") == [
        (0, "r3", "John Smith", "John Smith", "[name] and [name] met; [name]'s plan for Social Care"),
        (1, "r2", "John Smith", "John Smith", "Joann Leeds; John Smithson"),
        (2, "r1", "John Smith", "John Smith", "[name]"),
    ]
    assert read(file, "from rejected_documents") == [("[name].html", "an HTML page, titled “[name] leaves”")]
    assert message.endswith("; 3 names left out in 4,004 places, 1,000 more in doubt (README, people's names)")
    assert read(file, "select names_published, names_removed, places_removed, places_in_doubt from build_info") == [
        (False, 3, 4004, 1000)
    ]
    assert b"Brien" not in file.read_bytes()


def test_what_stands_in_a_dimension_is_no_name(named, nameless):
    publish(named, nameless)
    assert read(nameless.warehouse_path, "select topic_name from dim_topic") == [("John Smith",)]
    assert read(nameless.warehouse_path, "select quote from fct_findings limit 1") == [
        ("Mr Smith and JOHN\n  SMITH met; [name]'s plan for Social Care",)
    ]


def test_names_of_the_file_published_before_are_not_in_what_changed(named, settings, nameless):
    publish(named, settings)
    named.execute("delete from dim_report where report_id = 'r1'")
    named.execute("update dim_report set file_name = 'plain 2.pdf' where report_id = 'r2'")
    publish(named, nameless)
    changes = "select change, what, before, after from build_changes order by 1, 2"
    assert read(nameless.warehouse_path, changes) == [
        ("nothing to compare with", "the file published before holds names of people", None, None)
    ]
    named.execute("update dim_report set file_name = 'plain.pdf' where report_id = 'r2'")
    publish(named, nameless)
    assert read(nameless.warehouse_path, changes) == [("document moved", "plain.pdf", "plain 2.pdf", "plain.pdf")]


def test_a_file_without_names_is_made_again_when_more_names_are_known(named, nameless):
    publish(named, nameless)
    publish(named, nameless)  # a copy, which keeps what was counted
    assert read(nameless.warehouse_path, "select names_removed, places_removed from build_info") == [(2, 2004)]
    named.execute("create schema intermediate")
    named.execute(
        "create table intermediate.int_named_people as select 'Joann Leeds' as person_name, 'full' as name_kind"
    )
    publish(named, nameless)
    assert read(nameless.warehouse_path, "select quote from fct_findings where place = 1") == [
        ("[name]; John Smithson",)
    ]


@pytest.mark.parametrize(
    ("name", "data_type", "is_personal"),
    [
        ("lead_inspector", "VARCHAR", True),
        ("addressee", "VARCHAR", True),
        ("person_name", "VARCHAR", True),
        ("chair_name", "VARCHAR", True),
        ("is_lead_inspector", "BOOLEAN", False),
        ("addressed_to", "VARCHAR", False),
        ("authority_name", "VARCHAR", False),
        ("role", "VARCHAR", False),
    ],
)
def test_columns_that_name_people(name, data_type, is_personal):
    assert Column(name, data_type, None).is_personal is is_personal


def test_the_memory_of_the_build_file_serves_the_new_one_and_comes_back() -> None:
    with duckdb.connect() as session:
        session.execute("set memory_limit = '256MiB'")
        limit = "select current_setting('memory_limit')"
        before = session.execute(limit).fetchone()
        with publication._memory_handed_over(session) as handed:
            assert (handed,) == before
            assert session.execute(limit).fetchone() == ("61.0 MiB",)
        assert session.execute(limit).fetchone() == before
