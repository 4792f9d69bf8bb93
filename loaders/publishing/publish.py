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
import shutil
import subprocess
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
from loaders.publishing.exported import refuse_exports_of_others
from loaders.publishing.exports import Exports
from loaders.publishing.moving import (
    failure_named,
    left,
    new_file_beside,
    next_path,
    published_origin,
    published_path,
    refuse_place,
    refuse_within_reports,
    take_place,
    wal,
)
from loaders.publishing.nameless import functions_of, names_left_out, names_to_leave_out, select_without_names
from loaders.publishing.redaction import Names, Redactor
from loaders.publishing.relations import BUILD_INFO, BUILD_RELATIONS, Relation, read_marts
from loaders.publishing.search_index import add_search
from loaders.remembered import remember
from loaders.settings import Settings
from loaders.sql import literal, quoted
from loaders.warehouse import columns_of, content_of

PROJECT = "childrens-services-warehouse"
LIBRARIES = ("duckdb", "dbt-core", "dbt-duckdb", "pypdfium2", "pdfplumber")

# The storage that DuckDB 1.0 and later read; BI tools carry old clients.
STORAGE_VERSION = "v1.0.0"
OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


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


# --- the story --------------------------------------------------------------------------------------------------------


def refuse_beforehand(session: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Refuse, before anything is read, a whole build that may not be published where it is to be.

    Raises:
        PublicationError: a file of another would be replaced, or it is of another folder than the one that was
            published last time.
    """
    with contextlib.closing(session.cursor()) as cursor:
        _, why_not_whole, marts = read_invocation(cursor)
        if not why_not_whole:
            refuse_whole(cursor, settings, marts)


def refuse_whole(cursor: duckdb.DuckDBPyConnection, settings: Settings, marts: list[str]) -> None:
    """Refuse a whole build, as `refuse_beforehand` does, whose marts are known."""
    target = published_path(settings)
    refuse_within_reports(settings)
    refuse_place(cursor, target, settings.build_path)
    if settings.exports_path is not None:
        refuse_exports_of_others(settings, marts)
    with contextlib.suppress(OSError, duckdb.Error):  # what cannot be read is told when it is replaced
        if published := published_origin(target, settings.build_path):
            origin.refuse_other_folder(published, settings, left(target))


def refuse_replacing(settings: Settings, document_count: int) -> str | None:
    """Refuse to publish nothing, documents of another folder, or too few of those published last time.

    Returns a warning where the published file does not tell what it holds.
    Raises PublicationError with the setting that allows it.
    """
    target = published_path(settings)
    origin.refuse_nothing(document_count, left(target))
    try:
        published = published_origin(target, settings.build_path)
    except (OSError, duckdb.Error) as error:
        return f"{target.name} does not tell how many documents were published last time ({first_line(error)})"
    if published:
        origin.refuse_other_folder(published, settings, left(target))
        origin.refuse_fewer(published, settings, document_count, left(target))
    return None


def publish(session: duckdb.DuckDBPyConnection, settings: Settings, exports: Exports | None = None) -> Publication:
    """Publish the marts of the build file that session is connected to, if this invocation is a whole `dbt build`.

    Exports that are given are written while the search is indexed, where there is something new.

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
        refuse_place(cursor, target, settings.build_path)
        marts = read_marts(cursor, names)
        rows = {mart.name: mart.row_count for mart in marts}
        document_count, rejected_count = rows.get("dim_report"), rows.get("rejected_documents")
        warnings = [refuse_replacing(settings, document_count)] if document_count is not None else []
        info = describe_build(build_id, rows, settings)
        people = None if settings.publish_names else names_to_leave_out(cursor, marts)
        info["made_from"] = _made_from(cursor, marts, people)
        with failure_named(target), new_file_beside(target, settings.build_path) as new:
            redactor = None if people is None else Redactor(people)
            if _copy_of_the_same(target, new, info):
                _refresh(new, target, info)
            else:
                _write(cursor, new, marts, info, redactor)
                with _memory_handed_over(cursor) as memory_limit:
                    warnings.append(_finish(new, target, memory_limit, exports))
            _check(new, rows)
            left_out = names_left_out(new)
            warnings.append(take_place(new, target))
            remember(settings)
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


def add_exports(publication: Publication, exports: Exports) -> Publication:
    """Export what has just been published; a failure is a warning of the publication, and breaks nothing."""
    folder = exports.settings.exports_path
    if not publication.published or folder is None:
        return publication
    try:
        written = exports.take_place()
    except Exception as error:  # whatever a library raises: the file has been published, and stays so
        failed = (
            f"the exports in {folder.name} are not all of this build ({first_line(error)}); "
            "the published file is, and the next build makes the exports whole"
        )
        return replace(publication, warning="; ".join(warning for warning in (publication.warning, failed) if warning))
    said = f"exported to {folder.name}" if written else f"{folder.name} holds it already"
    return replace(publication, message=f"{publication.message}, {said}")


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
        with functions_of(cursor, redactor) as functions:
            cursor.execute("begin")
            for mart in marts:
                rows = select_without_names(mart, marts, *functions) if functions else f"from main.{quoted(mart.name)}"
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


def _finish(path: Path, target: Path, memory_limit: str, exports: Exports | None) -> str | None:
    """Add to the new file what is made of its own relations: what changed since the last build, and the search."""
    config = {**OFFLINE, "memory_limit": memory_limit}
    with contextlib.closing(duckdb.connect(str(path), config=config)) as writer:
        add_changes(writer, target)
        writer.execute("update build_info set content = ?", [content_of(writer, columns_of(writer))])
        with exports.written_ahead(writer) if exports else contextlib.nullcontext():
            warning = add_search(writer)
        if warning:  # the next build is to try again
            writer.execute("update build_info set made_from = null")
    return warning


def _made_from(cursor: duckdb.DuckDBPyConnection, marts: list[Relation], people: Names | None) -> str:
    """A digest of all that a published file is made from."""
    code = [path.read_text(encoding="utf-8") for path in sorted(Path(loaders.__file__).parent.rglob("*.py"))]
    made_from = [
        code,
        duckdb.__version__,
        people and people.digest(),
        [(mart.name, mart.description, [str(column) for column in mart.columns]) for mart in marts],
        content_of(cursor, [mart.name for mart in marts]),
    ]
    return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()


def _copy_of_the_same(target: Path, new: Path, info: Mapping[str, object]) -> bool:
    """Copy the published file where it was made from the same, and still says what was written into it."""
    if not target.exists() or wal(target).exists():
        return False
    shutil.copyfile(target, new)
    try:
        with contextlib.closing(duckdb.connect(str(new), read_only=True)) as reader:
            ((made_from, content),) = reader.sql("select made_from, content from main.build_info").fetchall()
            if made_from == info["made_from"] and content == content_of(reader, columns_of(reader)):
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
