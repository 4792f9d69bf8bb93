"""What the warehouse holds, how fresh it is, what was rejected and why, and what changed since the last build."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from loaders.errors import LandingError
from loaders.fetching.manifest import read_manifest
from loaders.files import printable
from loaders.settings import Settings
from loaders.sql import quoted
from loaders.storage import list_reports
from loaders.warehouse import WarehouseError, columns_of, open_warehouse

SHOWN = 20  # rows of a list, the rest is counted


def status(settings: Settings, shown: int = SHOWN) -> Iterator[str]:
    """Give the lines of the report, whatever relations the warehouse has.

    Raises:
        WarehouseError: there is no warehouse, or it is no published file.
    """
    with open_warehouse(settings.warehouse_path) as connection:
        relations = columns_of(connection)
        if "build_info" not in relations:
            raise WarehouseError(
                f"{printable(str(settings.warehouse_path))} is no published warehouse: it has no build_info"
            )
        yield from built(connection, settings)
        yield from documents(connection, relations)
        yield from facts(connection, relations)
        yield from folder(connection, relations, settings, shown)
        yield from publications(connection, relations, settings)
        yield from rejected(connection, relations, shown)
        yield from to_review(connection, relations, shown)
        yield from set_aside(connection, relations, shown)
        yield from changes(connection, relations, shown)


def built(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Iterator[str]:
    (info,) = dictionaries(connection, "select * from build_info")
    built_at: datetime = info["built_at"]
    age = datetime.now(UTC).replace(tzinfo=None) - built_at
    hours = int(age.total_seconds() // 3600)
    ago = f"{hours // 24} days ago" if hours >= 48 else f"{hours} hours ago" if hours >= 2 else "in the last two hours"
    yield f"{settings.warehouse_path}: built {built_at:%d %B %Y %H:%M} UTC ({ago})"
    commit = f", commit {info['commit'][:12]}" if info.get("commit") else ""
    yield f"  build {info['build_id']}, version {info.get('version')}{commit}, DuckDB {info.get('duckdb_version')}"
    if info.get("reports_folder"):
        yield f"  from the folder {printable(info['reports_folder'])}"
    if info.get("names_published") is False:
        yield "  names of inspectors and officers are left out" + (
            ": {names_removed:,} of them in {places_removed:,} places, {places_in_doubt:,} more in doubt".format(**info)
            if info.get("names_removed") is not None
            else ""
        )


def documents(connection: duckdb.DuckDBPyConnection, relations: dict[str, list[str]]) -> Iterator[str]:
    """Give the documents by kind and year, second copies counted apart."""
    if not {"framework_id", "inspection_end_date"} <= set(relations.get("dim_report", ())):
        return
    dates = [
        date
        for date in ("inspection_end_date", "published_date", "reporting_year_end")
        if date in relations["dim_report"]
    ]
    copies = "count(*) filter (where not is_primary)" if "is_primary" in relations["dim_report"] else "0"
    rows = connection.execute(
        f"""
        select
            coalesce(framework_id, 'unknown'),
            coalesce(year(coalesce({", ".join(dates)}, null::date))::varchar, 'no date') as year,
            count(*), {copies}
        from dim_report group by all order by all
        """
    ).fetchall()
    kinds = sorted({row[0] for row in rows})
    years = sorted({row[1] for row in rows})
    counts = {(kind, year): count for kind, year, count, _ in rows}
    yield ""
    yield f"Documents: {sum(row[2] for row in rows)}, second copies among them: {sum(row[3] for row in rows)}"
    table = [["", *years, "all"]]
    for kind in kinds:
        of_kind = [counts.get((kind, year), 0) for year in years]
        table.append([kind, *(str(count or ".") for count in of_kind), str(sum(of_kind))])
    yield from aligned(table, right=True)


def facts(connection: duckdb.DuckDBPyConnection, relations: dict[str, list[str]]) -> Iterator[str]:
    names = [name for name in relations if name.startswith("fct_")]
    yield ""
    yield "Facts"
    table = []
    for name in names:
        ((count,),) = connection.execute(f"select count(*) from {quoted(name)}").fetchall()
        table.append([name, f"{count:,}"])
    yield from aligned(table, right=True)


def folder(
    connection: duckdb.DuckDBPyConnection, relations: dict[str, list[str]], settings: Settings, shown: int
) -> Iterator[str]:
    """Give the files that have come or gone since the build; nothing where the folder is not here."""
    columns = relations.get("dim_report", ())
    if not {"file_name", "other_file_names"} <= set(columns):
        return
    try:
        files = {printable(file.name) for file in list_reports(settings.reports_path)}
    except (LandingError, OSError):
        return
    names = "select file_name from dim_report"
    names += " union select unnest(string_split(nullif(other_file_names, ''), ' | ')) from dim_report"
    if "rejected_documents" in relations:
        names += " union select file_name from rejected_documents"
    known = {printable(name) for (name,) in connection.execute(names).fetchall()}
    new, gone = sorted(files - known), sorted(known - files)
    yield ""
    if not new and not gone:
        yield f"Folder {settings.reports_path}: the same files as in the warehouse"
        return
    yield f"Folder {settings.reports_path}: not the same files as in the warehouse (new: {len(new)}, gone: {len(gone)})"
    yield from listed([f"+ {name}" for name in new] + [f"- {name}" for name in gone], shown)
    yield "  dbt build brings the warehouse up to date"


def publications(
    connection: duckdb.DuckDBPyConnection, relations: dict[str, list[str]], settings: Settings
) -> Iterator[str]:
    """Give what a fetch knows of the folder's documents; nothing where none was made."""
    if not {"state", "is_listed", "report_id"} <= set(relations.get("publications", ())):
        return
    rows = connection.execute(
        "select state, count(*), count(report_id) from publications group by all order by count(*) desc, state"
    ).fetchall()
    if not rows:
        return
    ((unlisted,),) = connection.execute("select count(*) from publications where not is_listed").fetchall()
    yield ""
    yield (
        f"Publications of the inspectorate: {sum(row[1] for row in rows):,}, documents among them: "
        f"{sum(row[2] for row in rows):,}"
    )
    yield from (f"  {state}: {count:,}" for state, count, _ in rows)
    if unlisted:
        yield f"  no longer listed: {unlisted:,}"
    with contextlib.suppress(OSError, LandingError):  # the folder need not be here
        manifest = read_manifest(settings.reports_path)
        if manifest and (asked := max((row.asked_at or "" for row in manifest.providers.values()), default="")):
            yield f"  last fetch: {datetime.fromisoformat(asked):%d %B %Y %H:%M} UTC"
        if manifest and manifest.damaged:
            yield "  the manifest is damaged: python -m loaders fetch mends it"


def rejected(connection: duckdb.DuckDBPyConnection, relations: dict[str, list[str]], shown: int) -> Iterator[str]:
    if "rejected_documents" in relations:
        rows = connection.execute("select file_name, reason from rejected_documents order by all").fetchall()
        yield ""
        yield f"Rejected files: {len(rows)}"
        yield from listed([f"{name}: {reason}" for name, reason in rows], shown)


def to_review(connection: duckdb.DuckDBPyConnection, relations: dict[str, list[str]], shown: int) -> Iterator[str]:
    columns = relations.get("documents_to_review")
    if columns:
        said = [column for column in columns if column not in ("report_id", "file_name")]
        rows = connection.execute(
            f"select file_name, concat_ws('; ', {', '.join(map(quoted, said)) or 'null'}) "
            "from documents_to_review order by all"
        ).fetchall()
        yield ""
        yield f"Documents to be reviewed: {len(rows)}"
        yield from listed([f"{name}: {doubt}" for name, doubt in rows], shown)


def set_aside(connection: duckdb.DuckDBPyConnection, relations: dict[str, list[str]], shown: int) -> Iterator[str]:
    """Give the facts that a rule refused, those of one reason and document together."""
    if "facts_set_aside" in relations:
        rows = connection.execute(
            "select coalesce(file_name, 'no document'), relation, reason, count(*) "
            "from facts_set_aside group by all order by all"
        ).fetchall()
        yield ""
        yield f"Facts set aside: {sum(row[3] for row in rows)}"
        yield from listed(
            [f"{name}: {relation}, {count} times: {reason}" for name, relation, reason, count in rows], shown
        )


def changes(connection: duckdb.DuckDBPyConnection, relations: dict[str, list[str]], shown: int) -> Iterator[str]:
    if "build_changes" not in relations:
        return
    rows = connection.execute('select "change", "what", "before", "after", "count" from build_changes').fetchall()
    yield ""
    if not rows:
        yield "Since the build before: nothing changed"
        return
    if rows[0][0] == "nothing to compare with":
        yield f"Since the build before: {': '.join(text for text in rows[0][:2] if text)}"
        return
    yield "Since the build before"
    new = described(connection, relations)
    by_change: dict[str, list[str]] = {}
    for change, what, before, after, count in rows:
        if count is not None:
            said = f"{what}: {count:,}  ({int(before):,} -> {int(after):,})"
        elif change in ("document added", "document removed"):
            said = f"{what}{new.get(what, '')}"
        else:
            said = f"{what}: {before or 'none'} -> {after or 'none'}"
        by_change.setdefault(change, []).append(said)
    for change, lines in by_change.items():
        yield f"  {change}: {len(lines)}" if "facts" not in change else f"  {change}"
        yield from (f"  {line}" for line in listed(lines, shown))


def described(connection: duckdb.DuckDBPyConnection, relations: dict[str, list[str]]) -> dict[str, str]:
    """Return of the documents that were added, by file name, whom they are about, what they are, and when published."""
    needed = {"authority_id", "framework_id", "published_date"}
    if not needed <= set(relations.get("dim_report", ())) or not {"dim_authority", "dim_framework"} <= set(relations):
        return {}
    rows = connection.execute(
        """
        select
            dim_report.file_name,
            concat_ws(', ', authority_name, framework_name, strftime(dim_report.published_date, 'published %-d %B %Y'))
        from build_changes
        inner join dim_report on build_changes.id = dim_report.report_id
        inner join dim_authority using (authority_id)
        inner join dim_framework using (framework_id)
        where build_changes.change = 'document added'
        """
    ).fetchall()
    return {name: f": {said}" for name, said in rows}


# --- lines ---


def dictionaries(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    result = connection.execute(query)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def listed(lines: Sequence[str], shown: int) -> Iterator[str]:
    """Give the first lines of a list, and how many there are more."""
    yield from (f"  {line}" for line in lines[:shown])
    if len(lines) > shown:
        yield f"  and {len(lines) - shown} more (--all shows them)"


def aligned(rows: Sequence[Sequence[str]], right: bool = False) -> Iterator[str]:
    """Give rows with their columns aligned; the first column on the left, the others as asked."""
    if not rows:
        return
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [
            cell.rjust(width) if right and column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield f"  {'  '.join(cells)}".rstrip()


def search_lines(rows: Sequence[dict[str, Any]], width: int | None = None) -> Iterator[str]:
    """Give what a search found: for each text where it stands, then its words."""
    width = width or max(shutil.get_terminal_size((120, 24)).columns, 40)
    for row in rows:
        when = row["report_date"].isoformat() if isinstance(row["report_date"], date) else "no date"
        graded = f", {row['grade']}" if row["grade"] else ""
        who = row["authority_name"] or "unknown authority"
        yield f"{who}, {when}, {row['framework_id']}{graded}, {row['file_name']} page {row['page_number']}"
        text = " ".join((row["text"] or "").split())
        most = width * 3
        yield f"  {text if len(text) <= most else text[: most - 1] + '…'}"
        yield f"  {row['kind']} {row['id']}"
