"""What changed since the last build: the published file compared with the one that takes its place."""

from __future__ import annotations

import contextlib
import logging
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

from loaders.files import first_line
from loaders.sql import literal, quoted
from loaders.warehouse import columns_of

log = logging.getLogger(__name__)

COLUMNS = {
    "change": (
        "document added, document removed, document moved, grade changed, newest grade changed, facts added, "
        "facts removed, or nothing to compare with"
    ),
    "what": "The document, the area of a document, the authority, or the relation",
    "before": "What the last published file said; a count for facts",
    "after": "What this file says; a count for facts",
    "count": "How many rows, for facts",
    "id": "The id of the document, judgement or authority",
}
CREATE = """
    create or replace table build_changes (
        "change" varchar, "what" varchar, "before" varchar, "after" varchar, "count" bigint, "id" varchar
    )
"""
DESCRIPTION = "One row per change since the file that was published before: documents, grades, and facts by relation"

DOCUMENTS = """
    insert into build_changes
    select
        case
            when old.report_id is null then 'document added'
            when new.report_id is null then 'document removed'
            else 'document moved'
        end,
        coalesce(new.file_name, old.file_name),
        old.file_name,
        new.file_name,
        null,
        coalesce(new.report_id, old.report_id)
    from dim_report as new
    full join previous.main.dim_report as old on new.report_id = old.report_id
    where new.file_name is distinct from old.file_name
    order by 1, 2
"""
# The same area of the same document, read otherwise than before.
JUDGEMENTS = """
    insert into build_changes
    select
        'grade changed', dim_report.file_name || ', ' || new.judgement_area_id, old.grade, new.grade, null,
        new.judgement_id
    from fct_judgements as new
    inner join previous.main.fct_judgements as old on new.judgement_id = old.judgement_id
    inner join dim_report on new.report_id = dim_report.report_id
    where new.grade is distinct from old.grade
    order by 2
"""
OUTCOMES = """
    insert into build_changes
    select
        'newest grade changed', new.authority_name, old.last_overall_grade, new.last_overall_grade, null,
        new.authority_id
    from latest_outcomes as new
    inner join previous.main.latest_outcomes as old on new.authority_id = old.authority_id
    where new.last_overall_grade is distinct from old.last_overall_grade
    order by 2
"""
NEEDED = (
    (DOCUMENTS, "dim_report", {"report_id", "file_name"}),
    (JUDGEMENTS, "fct_judgements", {"judgement_id", "report_id", "judgement_area_id", "grade"}),
    (OUTCOMES, "latest_outcomes", {"authority_id", "authority_name", "last_overall_grade"}),
)


def add_changes(connection: duckdb.DuckDBPyConnection, published: Path) -> None:
    """Add build_changes to the new file that connection writes; an old file that cannot be read changes nothing.

    A file without names is not compared with one that has them: names of files can be names of people.
    """
    connection.execute(CREATE)
    connection.execute(f"comment on table build_changes is {literal(DESCRIPTION)}")
    for name, description in COLUMNS.items():
        connection.execute(f"comment on column build_changes.{quoted(name)} is {literal(description)}")
    if not published.exists():
        connection.execute("insert into build_changes (change) values ('nothing to compare with')")
        return
    try:
        with attached(connection, published):
            if tells_names(connection):
                raise duckdb.Error("the file published before holds names of people")
            compare(connection)
    except (duckdb.Error, OSError) as error:
        log.debug("nothing to compare with: %r", error)
        connection.execute("delete from build_changes")
        connection.execute(
            "insert into build_changes (change, what) values ('nothing to compare with', ?)", [first_line(error)]
        )


@contextlib.contextmanager
def attached(connection: duckdb.DuckDBPyConnection, published: Path) -> Iterator[None]:
    """Attach the published file as previous, or a copy of it where another process is writing into it."""
    with tempfile.TemporaryDirectory(prefix="published-", ignore_cleanup_errors=True) as folder:
        try:
            connection.execute(f"attach {literal(str(published))} as previous (read_only)")
        except duckdb.Error:
            copy = shutil.copyfile(published, Path(folder) / "copy.duckdb")
            connection.execute(f"attach {literal(str(copy))} as previous (read_only)")
        try:
            yield
        finally:
            connection.execute("detach previous")


def tells_names(connection: duckdb.DuckDBPyConnection) -> bool:
    """Say whether the old file may hold names that are left out of the new one."""
    counts = []
    for database in ("", "previous."):
        try:
            counts += connection.execute(f"select names_removed from {database}main.build_info").fetchall()
        except duckdb.Error:  # of an older version
            counts.append((None,))
    return counts[0] != (None,) and counts[1] == (None,)


def compare(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill build_changes from the two files."""
    new = columns_of(connection)
    old = dict(
        connection.execute(
            """
            select table_name, list(column_name order by column_index) from duckdb_columns()
            where database_name = 'previous' and schema_name = 'main' and not internal group by table_name
            """
        ).fetchall()
    )
    for statement, relation, needed in NEEDED:
        if needed <= set(new.get(relation, ())) and needed <= set(old.get(relation, ())):
            connection.execute(statement)
    for relation, columns in new.items():
        is_keyed = columns[0].endswith("_id") and columns[0] != "authority_id"
        if relation.startswith("fct_") and is_keyed and columns[0] in old.get(relation, ()):
            key, name = quoted(columns[0]), quoted(relation)
            for change, here, there in (
                ("facts added", f"main.{name}", f"previous.main.{name}"),
                ("facts removed", f"previous.main.{name}", f"main.{name}"),
            ):
                connection.execute(
                    f"""
                    insert into build_changes
                    select
                        {literal(change)}, {literal(relation)},
                        (select count(*) from previous.main.{name}), (select count(*) from main.{name}), count(*), null
                    from {here} where {key} not in (select {key} from {there} where {key} is not null)
                    having count(*) > 0
                    """
                )
