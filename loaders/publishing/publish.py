"""Publication: the marts of a whole, green build go to the file that people and BI tools open.

The new file is written beside the published one, checked, and takes its place in one move, so that at every moment the
published file is a whole build: a reader that holds the old one keeps it, and a build that dies leaves it as it was.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import duckdb
from dbt_common.invocation import get_invocation_id

import loaders
from loaders.errors import PublicationError
from loaders.files import first_line
from loaders.publishing import origin
from loaders.publishing.changes import add_changes
from loaders.publishing.redaction import Names, Redactor, read_names, registered
from loaders.publishing.search_index import add_search
from loaders.settings import Settings
from loaders.sql import literal, quoted
from loaders.warehouse import columns_of, fingerprint

PROJECT = "childrens-services-warehouse"
LIBRARIES = ("duckdb", "dbt-core", "dbt-duckdb", "pypdfium2", "pdfplumber")

# The storage that DuckDB 1.0 and later read; BI tools carry old clients.
STORAGE_VERSION = "v1.0.0"
OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
STRAY_AFTER_SECONDS = 24 * 60 * 60

# A text column so named holds names of people. A new one is covered when its name says so.
PERSONAL_COLUMN = re.compile(
    r"(?:.*_)?(?:person|inspector|addressee|author|chair|chairperson|contact|director|officer|reviewer|signatory)s?"
    r"(?:_full)?(?:_names?)?"
)
FILE_NAMES_COLUMN = re.compile(r"(?:.*_)?file_names?")


@dataclass(frozen=True)
class Column:
    name: str
    data_type: str
    description: str | None

    @property
    def is_personal(self) -> bool:
        return self.data_type == "VARCHAR" and PERSONAL_COLUMN.fullmatch(self.name) is not None

    @property
    def is_code(self) -> bool:
        """Whether it holds no words of documents, whatever its relation."""
        return self.data_type != "VARCHAR" or self.name.endswith("_id") or self.name == "sha256"


@dataclass(frozen=True)
class Relation:
    """A relation of the published file."""

    name: str
    description: str | None
    columns: tuple[Column, ...]
    row_count: int = 0

    @property
    def is_dimension(self) -> bool:
        """Whether its texts are the project's own, and not of documents."""
        return self.name.startswith("dim_") and self.name != "dim_report"


BUILD_INFO = Relation(
    "build_info",
    "One row, the build that made this file: its version, its libraries and its counts",
    (
        Column("build_id", "VARCHAR", "The id of the dbt invocation that made this file"),
        Column("version", "VARCHAR", "The version of the project"),
        Column("commit", "VARCHAR", "The project's git commit, -dirty where files had changed; null without git"),
        Column("built_at", "TIMESTAMP", "When the file was written, in UTC"),
        Column("python_version", "VARCHAR", "The version of Python"),
        Column("duckdb_version", "VARCHAR", "The version of DuckDB, the engine"),
        Column("dbt_version", "VARCHAR", "The version of dbt-core"),
        Column("dbt_duckdb_version", "VARCHAR", "The version of dbt-duckdb, which lets dbt use the engine"),
        Column("pypdfium2_version", "VARCHAR", "The version of pypdfium2, which reads the text of PDFs"),
        Column("pdfplumber_version", "VARCHAR", "The version of pdfplumber, which finds the tables of PDFs"),
        Column("document_count", "BIGINT", "The documents in the warehouse, the rows of dim_report"),
        Column("rejected_count", "BIGINT", "The files that could not be read, the rows of rejected_documents"),
        Column("relation_count", "BIGINT", "The relations in the file, the build_ ones apart"),
        Column("row_count", "BIGINT", "The rows of all those relations together"),
        Column("reports_folder", "VARCHAR", "The name of the folder, or bucket prefix, that held the documents"),
        Column("reports_folder_id", "VARCHAR", "A hash of that folder's whole path: equal as long as it is the same"),
        Column("names_published", "BOOLEAN", "Whether the names of inspectors and officers are in the file"),
        Column("names_removed", "BIGINT", "Where they are not: how many people were recognised"),
        Column("places_removed", "BIGINT", "How many times a name was taken out of a text"),
        Column("places_in_doubt", "BIGINT", "How many times words begin as one of the names and go on in another way"),
        Column("made_from", "VARCHAR", "A fingerprint of the marts, the code and the settings that made this file"),
        Column("content", "VARCHAR", "A fingerprint of all rows, the build_ relations apart: equal where they are"),
    ),
)
BUILD_RELATIONS = Relation(
    "build_relations",
    "One row per relation in this file, the build_ ones apart",
    (
        Column("relation", "VARCHAR", "The name of the relation"),
        Column("row_count", "BIGINT", "Its rows"),
        Column("description", "VARCHAR", "What a row of it is"),
    ),
)


@dataclass(frozen=True)
class Publication:
    """What came of a publication.

    message says it in a sentence; warning says what a person should see to, where there is something.
    """

    published: bool
    message: str
    warning: str | None = None
    build_id: str | None = None
    file_name: str | None = None
    relation_count: int | None = None
    row_count: int | None = None
    document_count: int | None = None
    rejected_count: int | None = None

    def as_relation(self, session: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
        """This publication as a relation of one row."""
        return session.sql(
            """
            select
                $build_id::varchar as build_id,
                $published::boolean as published,
                $message::varchar as message,
                $warning::varchar as warning,
                $file_name::varchar as file_name,
                $relation_count::bigint as relation_count,
                $row_count::bigint as row_count,
                $document_count::bigint as document_count,
                $rejected_count::bigint as rejected_count
            """,
            params=vars(self),
        )


# --- the published file -----------------------------------------------------------------------------------------------


def published_path(settings: Settings) -> Path:
    """The published file, with links followed: what is replaced is the file, not a link to it."""
    return Path(os.path.realpath(settings.warehouse_path))


def next_path(target: Path) -> Path:
    """Where a new file waits that the system refused to move."""
    return target.with_name(f"{target.stem}.next{target.suffix}")


def move_waiting(settings: Settings) -> str | None:
    """Move a file that an earlier build had to leave beside the published one; a warning where it has to wait on."""
    target = published_path(settings)
    if not next_path(target).is_file():
        return None
    try:
        _replace(next_path(target), target)
    except OSError as error:
        return _refused_move(target, error)
    return None


def refuse_other_folder(session: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Refuse, before anything is read, a whole build of another folder than the one that was published last time.

    Raises:
        PublicationError: with both folders and the setting that allows it.
    """
    with contextlib.closing(session.cursor()) as cursor:
        _, why_not_whole, _ = read_invocation(cursor)
    if why_not_whole:
        return
    target = published_path(settings)
    with contextlib.suppress(OSError, duckdb.Error):  # what cannot be read is told when it is replaced
        if published := _published_origin(target, settings.build_path):
            origin.refuse_other_folder(published, settings, _left(target))


def refuse_replacing(settings: Settings, document_count: int) -> str | None:
    """Refuse to publish nothing, documents of another folder, or too few of those published last time.

    Returns a warning where the published file does not tell what it holds.
    Raises PublicationError with the setting that allows it.
    """
    target = published_path(settings)
    origin.refuse_nothing(document_count, _left(target))
    try:
        published = _published_origin(target, settings.build_path)
    except (OSError, duckdb.Error) as error:
        return f"{target.name} does not tell how many documents were published last time ({first_line(error)})"
    if published:
        origin.refuse_other_folder(published, settings, _left(target))
        origin.refuse_fewer(published, settings, document_count, _left(target))
    return None


def _left(target: Path) -> str:
    return f"{target} is left as it was"


def publish(session: duckdb.DuckDBPyConnection, settings: Settings) -> Publication:
    """Publish the marts of the build file that session is connected to, if this invocation is a whole `dbt build`.

    Raises PublicationError, with the published file as it was, where it cannot or must not be replaced.
    """
    target = published_path(settings)
    with contextlib.closing(session.cursor()) as cursor:
        build_id, why_not_whole, names = read_invocation(cursor)
        if why_not_whole:
            return Publication(
                published=False,
                message=f"Not published: {why_not_whole}. The published file is as it was.",
                build_id=build_id,
                file_name=target.name,
            )
        _refuse_place(cursor, target)
        marts = read_marts(cursor, names)
        rows = {mart.name: mart.row_count for mart in marts}
        document_count, rejected_count = rows.get("dim_report"), rows.get("rejected_documents")
        warnings = [refuse_replacing(settings, document_count)] if document_count is not None else []
        info = describe_build(build_id, rows, settings)
        people = None if settings.publish_names else _read_names(cursor, marts)
        info["made_from"] = _made_from(cursor, marts, people)
        with _failure_named(target), _new_file_beside(target, settings.build_path) as new:
            redactor = None if people is None else Redactor(people)
            if _copy_of_the_same(target, new, info):
                _refresh(new, target, info)
            else:
                _write(cursor, new, marts, info, redactor)
                with _memory_handed_over(cursor) as memory_limit:
                    warnings.append(_finish(new, target, memory_limit))
            _check(new, rows)
            left_out = _names_left_out(new)
            warnings.append(_take_place(new, target))
    counts = f"{len(marts)} relations with {sum(rows.values()):,} rows"
    if set_aside := rows.get("facts_set_aside"):
        counts += f" (facts set aside, each with its reason in facts_set_aside: {set_aside:,})"
    moved = warnings[-1] is None
    place = target if moved else next_path(target)
    return Publication(
        published=moved,
        message=(
            f"Published {counts} to {place.name}" if moved else f"Not published yet: {counts} wait in {place.name}"
        )
        + left_out,
        warning="; ".join(warning for warning in warnings if warning) or None,
        build_id=build_id,
        file_name=place.name,
        relation_count=len(marts),
        row_count=sum(rows.values()),
        document_count=document_count,
        rejected_count=rejected_count,
    )


# --- what is published ------------------------------------------------------------------------------------------------


def read_invocation(cursor: duckdb.DuckDBPyConnection) -> tuple[str, str | None, list[str]]:
    """The id of this invocation, why it is not a whole build, and the names of the marts, as its start wrote them."""
    try:
        row = cursor.sql("select invocation_id, why_not_whole, marts from raw.build_invocation").fetchone()
    except duckdb.CatalogException:
        row = None
    if row is None or row[0] != get_invocation_id():
        return get_invocation_id(), "the start of this invocation was not recorded", []
    return row


def read_marts(cursor: duckdb.DuckDBPyConnection, names: list[str]) -> list[Relation]:
    """The marts with their descriptions; relations that an earlier state of the project left in the file are not."""
    relations = dict(
        cursor.sql(
            """
            select table_name, comment from duckdb_tables()
            where database_name = current_database() and schema_name = 'main'
            union all
            select view_name, comment from duckdb_views()
            where database_name = current_database() and schema_name = 'main' and not internal
            """
        ).fetchall()
    )
    columns: dict[str, list[Column]] = {}
    for relation, *column in cursor.sql(
        """
        select table_name, column_name, data_type, comment from duckdb_columns()
        where database_name = current_database() and schema_name = 'main' and not internal
        order by table_name, column_index
        """
    ).fetchall():
        columns.setdefault(relation, []).append(Column(*column))
    missing = sorted(set(names) - set(relations))
    if missing:
        raise PublicationError(f"the build file has no {', '.join(missing)}")
    marts = []
    for name in names:
        (row_count,) = cursor.sql(f"select count(*) from main.{quoted(name)}").fetchall()[0]
        marts.append(Relation(name, relations[name], tuple(columns[name]), row_count))
    return marts


def describe_build(build_id: str, rows: Mapping[str, int], settings: Settings) -> dict[str, object]:
    return {
        "build_id": build_id,
        **_versions(),
        "built_at": datetime.now(UTC).replace(tzinfo=None),
        "document_count": rows.get("dim_report"),
        "rejected_count": rows.get("rejected_documents"),
        "relation_count": len(rows),
        "row_count": sum(rows.values()),
        "reports_folder": origin.folder_name(settings.reports_path),
        "reports_folder_id": origin.folder_id(settings.reports_path),
        "names_published": settings.publish_names,
        "names_removed": None,
        "places_removed": None,
        "places_in_doubt": None,
        "made_from": None,
        "content": None,
    }


def _versions() -> dict[str, str | None]:
    found = {f"{name.replace('-', '_')}_version": _installed(name) for name in LIBRARIES}
    return {
        "version": _installed(PROJECT),
        "commit": _commit(Path.cwd()),
        "python_version": platform.python_version(),
        "dbt_version": found.pop("dbt_core_version"),
        **found,
    }


def _installed(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _commit(project: Path) -> str | None:
    """The commit of a project folder that is a git repository of its own (dbt runs in that folder)."""

    def git(*arguments: str) -> str:
        # A git hook that runs a build hands down variables that name another repository.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        environment["GIT_OPTIONAL_LOCKS"] = "0"
        return subprocess.run(
            ["git", *arguments], cwd=project, env=environment, check=True, capture_output=True, text=True, timeout=30
        ).stdout.strip()

    try:
        if git("rev-parse", "--show-prefix"):
            return None
        modified = git("status", "--porcelain", "--untracked-files=no")
        return git("rev-parse", "HEAD") + ("-dirty" if modified else "")
    except (OSError, subprocess.SubprocessError):
        return None


# --- writing ----------------------------------------------------------------------------------------------------------


def _write(
    cursor: duckdb.DuckDBPyConnection,
    path: Path,
    marts: list[Relation],
    info: Mapping[str, object],
    redactor: Redactor | None,
) -> None:
    """Write the marts as tables without indexes and constraints, with their descriptions, and the build_ relations."""
    alias = quoted(f"publication_{uuid.uuid4().hex}")
    cursor.execute(f"attach {literal(str(path))} as {alias} (storage_version {literal(STORAGE_VERSION)})")
    try:
        with _functions_of(cursor, redactor) as functions:
            cursor.execute("begin")
            for mart in marts:
                rows = _select_without_names(mart, marts, *functions) if functions else f"from main.{quoted(mart.name)}"
                cursor.execute(f"create table {alias}.main.{quoted(mart.name)} as {rows}")
        if redactor:
            counts = {"names_removed": redactor.names.people, "places_removed": redactor.removed}
            info = {**info, **counts, "places_in_doubt": redactor.doubtful}
        described = [
            *marts,
            _write_rows(cursor, alias, BUILD_INFO, [tuple(info[column.name] for column in BUILD_INFO.columns)]),
            _write_rows(
                cursor, alias, BUILD_RELATIONS, [(mart.name, mart.row_count, mart.description) for mart in marts]
            ),
        ]
        cursor.execute(";\n".join(_comments(alias, described)))
        cursor.execute("commit")
        cursor.execute(f"checkpoint {alias}")
    finally:
        with contextlib.suppress(duckdb.Error):
            cursor.execute("rollback")
        cursor.execute(f"detach database if exists {alias}")


def _write_rows(
    cursor: duckdb.DuckDBPyConnection, alias: str, relation: Relation, rows: Sequence[Sequence[object]]
) -> Relation:
    columns = ", ".join(f"{quoted(column.name)} {column.data_type}" for column in relation.columns)
    cursor.execute(f"create table {alias}.main.{quoted(relation.name)} ({columns})")
    if rows:
        values = ", ".join("?" for _ in relation.columns)
        cursor.executemany(f"insert into {alias}.main.{quoted(relation.name)} values ({values})", rows)
    return relation


def _comments(alias: str, marts: list[Relation]) -> Iterator[str]:
    for mart in marts:
        relation = f"{alias}.main.{quoted(mart.name)}"
        if mart.description:
            yield f"comment on table {relation} is {literal(mart.description)}"
        for column in mart.columns:
            if column.description:
                yield f"comment on column {relation}.{quoted(column.name)} is {literal(column.description)}"


@contextlib.contextmanager
def _memory_handed_over(cursor: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Have the build file give up what it keeps in memory; yield the limit that was its, for work on another file."""
    ((limit,),) = cursor.sql("select current_setting('memory_limit')").fetchall()
    with contextlib.suppress(duckdb.Error):  # what is in use stays
        cursor.execute("set memory_limit = '64MB'")
    try:
        yield limit
    finally:
        cursor.execute(f"set memory_limit = {literal(limit)}")


def _finish(path: Path, target: Path, memory_limit: str) -> str | None:
    """Add to the new file what is made of its own relations: the search, and what changed since the last build."""
    config = {**OFFLINE, "memory_limit": memory_limit}
    with contextlib.closing(duckdb.connect(str(path), config=config)) as writer:
        add_changes(writer, target)
        warning = add_search(writer)
        writer.execute("update build_info set content = ?", [fingerprint(writer, columns_of(writer))])
        if warning:  # the next build is to try again
            writer.execute("update build_info set made_from = null")
    return warning


def _made_from(cursor: duckdb.DuckDBPyConnection, marts: list[Relation], people: Names | None) -> str:
    """A fingerprint of all that a published file is made from."""
    code = [path.read_text(encoding="utf-8") for path in sorted(Path(loaders.__file__).parent.rglob("*.py"))]
    made_from = [
        code,
        duckdb.__version__,
        people and people.fingerprint(),
        [(mart.name, mart.description, [str(column) for column in mart.columns]) for mart in marts],
        fingerprint(cursor, [mart.name for mart in marts]),
    ]
    return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()


def _copy_of_the_same(target: Path, new: Path, info: Mapping[str, object]) -> bool:
    """Copy the published file where it was made from the same, and still says what was written into it."""
    if not target.exists() or _wal(target).exists():
        return False
    shutil.copyfile(target, new)
    try:
        with contextlib.closing(duckdb.connect(str(new), read_only=True)) as reader:
            ((made_from, content),) = reader.sql("select made_from, content from main.build_info").fetchall()
            if made_from == info["made_from"] and content == fingerprint(reader, columns_of(reader)):
                return True
    except (duckdb.Error, ValueError):
        pass  # an older file, or no warehouse
    new.unlink()
    return False


def _refresh(path: Path, target: Path, info: Mapping[str, object]) -> None:
    """Say in a copy of the published file which build it is of now; what was counted as it was written, stays."""
    counted = {"content", "names_removed", "places_removed", "places_in_doubt"}
    kept = {name: value for name, value in info.items() if name not in counted}
    with contextlib.closing(duckdb.connect(str(path), config=OFFLINE)) as writer:
        writer.execute(
            f"update build_info set {', '.join(f'{quoted(name)} = ?' for name in kept)}", list(kept.values())
        )
        add_changes(writer, target)


def _check(path: Path, rows: dict[str, int]) -> None:
    """Open the new file as a reader would, and count its rows."""
    with contextlib.closing(duckdb.connect(str(path), read_only=True)) as reader:
        for name, expected in {**rows, "build_info": 1, "build_relations": len(rows)}.items():
            (found,) = reader.sql(f"select count(*) from main.{quoted(name)}").fetchall()[0]
            if found != expected:
                raise PublicationError(f"the new file has {found} rows of {name} where the build has {expected}")


# --- without names ----------------------------------------------------------------------------------------------------


def _read_names(cursor: duckdb.DuckDBPyConnection, marts: list[Relation]) -> Names:
    """The names that the build has recognised, in the marts or in the text."""
    columns = [(mart, column) for mart in marts for column in mart.columns if not column.is_code]
    return read_names(
        cursor,
        personal=[(mart.name, column.name) for mart, column in columns if column.is_personal],
        dimensions=[(mart.name, column.name) for mart, column in columns if mart.is_dimension],
    )


def _functions_of(
    connection: duckdb.DuckDBPyConnection, redactor: Redactor | None
) -> contextlib.AbstractContextManager[tuple[str, str] | None]:
    return registered(connection, redactor) if redactor else contextlib.nullcontext()


def _select_without_names(mart: Relation, marts: list[Relation], redact: str, redact_file_names: str) -> str:
    """The rows of a mart, personal columns null and names out of its texts; what a dimension holds stays as it is.

    Names are left out as the file is written: a later update would leave them in blocks of the file.
    """
    codes = {column.name for other in marts if other.is_dimension for column in other.columns}
    columns = []
    for column in mart.columns:
        name = quoted(column.name)
        if column.is_personal:
            columns.append(f"null::varchar as {name}")
        elif column.is_code or mart.is_dimension or column.name in codes:
            columns.append(name)
        else:
            function = redact_file_names if FILE_NAMES_COLUMN.fullmatch(column.name) else redact
            columns.append(f"{function}({name}) as {name}")
    return f"select {', '.join(columns)} from main.{quoted(mart.name)}"


def _names_left_out(path: Path) -> str:
    """What a build says of the names that it did not publish."""
    with contextlib.closing(duckdb.connect(str(path), read_only=True)) as reader:
        counts = reader.sql("select names_removed, places_removed, places_in_doubt from build_info").fetchall()[0]
    if counts[0] is None:
        return ""
    return "; {:,} names left out in {:,} places, {:,} more in doubt (README, people's names)".format(*counts)


# --- files ------------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _failure_named(target: Path) -> Iterator[None]:
    """Say of a failure which file could not be published."""
    try:
        yield
    except PublicationError as error:
        raise PublicationError(f"{target} could not be published and is as it was: {error}") from error
    except (OSError, duckdb.Error) as error:
        raise PublicationError(f"{target} could not be published and is as it was: {first_line(error)}") from error


def _refuse_place(cursor: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Refuse a target that is a folder, or the build file itself."""
    if target.is_dir():
        raise PublicationError(f"WAREHOUSE_PATH names a folder, {target}: name a file in it")
    files = [path for (path,) in cursor.sql("select path from duckdb_databases() where path is not null").fetchall()]
    if any(os.path.realpath(path) in (str(target), str(next_path(target))) for path in files):
        raise PublicationError(f"WAREHOUSE_PATH names the file that dbt builds in, {target}: name another")


@contextlib.contextmanager
def _new_file_beside(target: Path, build_path: Path) -> Iterator[Path]:
    """A name for the new file, in the target's folder; whatever is left under it afterwards is removed.

    Only one process can hold a build file, so what an earlier publication from the same build left is stray; what
    another one left is taken for stray after a day.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    build = hashlib.sha256(f"{socket.gethostname()} {build_path.resolve()}".encode()).hexdigest()[:12]
    prefix, suffix = f".{target.name}.", ".publishing"
    for stray in target.parent.iterdir():
        if stray.name.startswith(prefix) and stray.name.removesuffix(".wal").endswith(suffix):
            with contextlib.suppress(OSError):
                is_old = time.time() - stray.stat().st_mtime > STRAY_AFTER_SECONDS
                if stray.name.startswith(f"{prefix}{build}-") or is_old:
                    stray.unlink()
    new = target.with_name(f"{prefix}{build}-{uuid.uuid4().hex[:12]}{suffix}")
    try:
        yield new
    finally:
        for left in (new, _wal(new)):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)


def _take_place(new: Path, target: Path) -> str | None:
    """Move the new file over the published one; where the system refuses, leave it beside and return a warning."""
    if _wal(new).exists():
        raise PublicationError("the new file was not written to its end")
    with open(new, "r+b") as file:
        os.fsync(file.fileno())
    with contextlib.suppress(OSError):
        shutil.copymode(target, new)
    # Older than the new file: were it left, a later build would move it over a newer one.
    next_path(target).unlink(missing_ok=True)
    try:
        _replace(new, target)
    except OSError as error:
        os.rename(new, next_path(target))
        return _refused_move(target, error)
    return None


def _replace(new: Path, target: Path) -> None:
    # A log that somebody who wrote into the published file left behind does not belong to the new one.
    _wal(target).unlink(missing_ok=True)
    os.replace(new, target)
    if os.name == "posix":
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _refused_move(target: Path, error: OSError) -> str:
    return (
        f"the system refused to replace {target.name} ({error.strerror or error}), most likely because a program holds "
        f"it open: the new file waits beside it as {next_path(target).name}. Close the program and build again; the "
        "next build moves it"
    )


def _wal(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")


def _published_origin(target: Path, build_path: Path) -> origin.Origin | None:
    """What the published file tells of its documents, or None where there is no file yet."""
    if not target.exists():
        return None
    try:
        return _read_origin(target)
    except duckdb.Error:
        # Another process may be writing into it: a copy is not locked.
        build_path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=build_path, prefix="published-") as folder:
            return _read_origin(Path(shutil.copyfile(target, Path(folder) / "copy.duckdb")))


def _read_origin(path: Path) -> origin.Origin:
    with contextlib.closing(duckdb.connect(str(path), read_only=True)) as reader:
        return origin.read_origin(reader)
