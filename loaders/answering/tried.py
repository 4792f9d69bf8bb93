"""How sentences are read, and why, without a build: the compiled models of the figures, on them and the seeds.

Of one sentence: what each of its figures is read as. Of all sentences of the build file: what the seeds, as they are
now, read in them that the build did not, and what they read no more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from loaders.files import first_line
from loaders.seeds import what_is_wrong
from loaders.sql import literal, quoted
from loaders.warehouse import WarehouseError

REPOSITORY = Path(__file__).resolve().parents[2]
COMPILED = Path("target", "compiled", "childrens_services_warehouse", "models", "intermediate", "figures")
# The models that read a figure, in the order in which they read each other.
CHAIN = (
    "int_readings",
    "int_numbers",
    "int_templates",
    "int_periods",
    "int_number_contexts",
    "int_metric_patterns",
    "int_concept_phrases",
    "int_metric_rules",
    "int_name_words",
    "int_figure_words",
    "int_concept_mentions",
    "int_figure_places",
    "int_figure_candidates",
    "int_figure_verdicts",
    "int_metric_matches",
    "int_metric_mentions",
    "int_metric_periods",
)
SEEDS = (
    "authorities",
    "concept_words",
    "concepts",
    "example_authorities",
    "judgement_areas",
    "metric_patterns",
    "metric_rules",
    "metric_sentences",
    "metric_relations",
    "metrics",
    "number_words",
    "pattern_words",
    "small_words",
)
# What the chain reads of the documents: one for each sentence, without a heading, of today.
DOCUMENTS = """
    create table staging.stg_statements as
    select
        md5(concat_ws('|', report_id, i, j))[:16] as statement_id, report_id, i::integer as block_number,
        j::integer as sentence_number, string_split(blocks[i], ' | ')[j] as statement, statement as quote,
        'text' as block_kind, false as is_bulleted,
        null::integer as paragraph_number, null::integer as section_block_number,
        case when i > 1 then i - 1 end::integer as parent_block_number, true as is_whole
    from (
        select 'tried ' || number as report_id, string_split($sentences[number], ' » ') as blocks
        from range(1, len($sentences) + 1) as numbers (number)
    ), unnest(range(1, len(blocks) + 1)) as places (i),
    unnest(range(1, len(string_split(blocks[i], ' | ')) + 1)) as sentences (j);
"""
REPORTS = """
    create table intermediate.int_reports as
    select distinct report_id, current_date as document_date, null::date as reporting_year_end
    from staging.stg_statements;
    create table intermediate.int_report_frameworks as
    select report_id, 'unknown' as framework_id, true as figures_are_read from intermediate.int_reports;
    create table intermediate.int_sections as
    select distinct report_id, 0 as block_number, null::varchar as judgement_area_id from intermediate.int_reports;
    create table intermediate.int_report_authorities as
    select report_id, 'unknown' as authority_id from intermediate.int_reports;
    create table intermediate.int_authority_names as
    select 'unknown' as authority_id, lower(authority_name) as comparable_name
    from (select authority_name from seeds.authorities union select authority_name from seeds.example_authorities);
"""


# What the chain reads of the documents of the last build.
BUILT = {
    "staging": ("stg_statements",),
    "intermediate": (
        "int_reports",
        "int_report_frameworks",
        "int_report_authorities",
        "int_authority_names",
        "int_sections",
    ),
}
BUILD_FILE = Path("build", "warehouse.duckdb")
# What tells a value from another: of the readings that a build and the seeds as they are now give, those alone.
COMPARED = """
    with was as (
        select report_id, statement_id, metric_id, value, geography, qualifier, period_kind, period_end
        from built.intermediate.int_metric_periods where not starts_with(report_id, 'example ')
    ),
    now as (
        select report_id, statement_id, metric_id, value, geography, qualifier, period_kind, period_end
        from intermediate.int_metric_periods
    ),
    changed as (
        select 'read now' as change, * from (from now except all from was)
        union all
        select 'read no more' as change, * from (from was except all from now)
    )
    select changed.*, reports.file_name, statements.page_number, statements.statement
    from changed
    inner join intermediate.int_reports as reports using (report_id)
    inner join staging.stg_statements as statements using (report_id, statement_id)
    order by change, metric_id, file_name, page_number, statement, value
"""
SHOWN = 5


def compiled(model: str, folder: Path) -> str:
    """The SQL of a model as dbt last compiled it.

    Raises:
        WarehouseError: it has not been compiled, or has been changed since.
    """
    path = folder / COMPILED / f"{model}.sql"
    written = [folder / "models" / "intermediate" / "figures" / f"{model}.sql", *(folder / "macros").glob("*.sql")]
    if not path.is_file() or path.stat().st_mtime < max(source.stat().st_mtime for source in written):
        raise WarehouseError(f"{model} has not been compiled as it is now: run `dbt build`, or `dbt compile` after one")
    return path.read_text(encoding="utf-8")


def read(sentences: list[str], folder: Path = REPOSITORY) -> duckdb.DuckDBPyConnection:
    """Read sentences, each with what introduces it before " » " or " | ", by the seeds as they are in the folder.

    Each is a document of its own: "tried 1", "tried 2", and so on.

    Raises:
        WarehouseError: the models have not been compiled, or a seed cannot be read.
    """
    connection = connect_with_seeds(folder)
    connection.execute(DOCUMENTS, {"sentences": sentences})
    connection.execute(REPORTS)
    run_chain(connection, folder)
    return connection


def beside_the_last_build(folder: Path) -> duckdb.DuckDBPyConnection:
    """Return the seeds as they are in the folder, and the documents of the last build, attached as "built".

    Raises:
        WarehouseError: there is no build, another process holds it, or a seed cannot be read.
    """
    connection = connect_with_seeds(folder)
    try:
        connection.execute(f"attach {literal(str(folder / BUILD_FILE))} as built (read_only)")
        for schema, relations in BUILT.items():
            for relation in relations:
                connection.execute(f"create view {schema}.{relation} as from built.{schema}.{relation}")
    except duckdb.Error as error:
        raise WarehouseError(
            f"the documents of the last build cannot be read: run `dbt build` ({first_line(error)})"
        ) from None
    return connection


def run_chain(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make the models of the figures; what they read must be there.

    Raises:
        WarehouseError: a model has not been compiled after a build, whose seeds are written into its SQL.
    """
    for model in CHAIN:
        try:
            connection.execute(f"create table intermediate.{model} as {compiled(model, folder)}")
        except duckdb.ParserException:
            raise WarehouseError(f"{model} was compiled before there was a build: run `dbt build`") from None


def connect_with_seeds(folder: Path) -> duckdb.DuckDBPyConnection:
    """Return a warehouse in memory that holds the seeds as they are in the folder, without their own sentences.

    Raises:
        WarehouseError: a seed cannot be read; the message names its file and line.
    """
    if wrong := list(what_is_wrong(folder)):
        raise WarehouseError("\n".join(wrong))
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as warehouse; use warehouse")
    for schema in ("seeds", "staging", "intermediate"):
        connection.execute(f"create schema {schema}")
    for seed in SEEDS:
        path = next((folder / "seeds").rglob(f"{seed}.csv"))
        try:
            connection.execute(
                f"create table seeds.{quoted(seed)} as from read_csv(?, header = true, quote = '\"', escape = '\"')",
                [str(path)],
            )
        except duckdb.Error as error:
            raise WarehouseError(f"{path.name}: {error}") from error
    for seed in ("metric_patterns", "metric_sentences", "metric_rules"):  # their own sentences need no reading
        column = "sentence" if seed == "metric_sentences" else "example"
        connection.execute(f"update seeds.{seed} set {column} = null")
    return connection


def compare(folder: Path = REPOSITORY) -> Iterator[str]:
    """Say what the seeds of the figures, as they are now, read in the documents of the last build that it did not.

    Raises:
        WarehouseError: there is no build, another process holds it, a seed cannot be read, or, where one has changed,
            the models have not been compiled.
    """
    connection = beside_the_last_build(folder)
    changes = list(changed_seeds(connection))
    if not changes:
        yield "the seeds of the figures are as the last build had them"
        return
    yield from changes
    run_chain(connection, folder)
    found = rows(connection, COMPARED)
    ((documents,),) = connection.execute("select count(*) from intermediate.int_reports").fetchall()
    for change in ("read now", "read no more"):
        values = [row for row in found if row["change"] == change]
        sentences = {(row["report_id"], row["statement_id"]) for row in values}
        reports = {row["report_id"] for row in values}
        yield (
            f"{change}: {len(values):,} values in {len(sentences):,} sentences of {len(reports):,} of "
            f"{documents:,} documents"
        )
        for metric_id, count in sorted(Counter(row["metric_id"] for row in values).items()):
            yield f"  {metric_id}: {count:,}"
        for row in values[:SHOWN]:
            date = f"{row['period_kind']} {row['period_end'] or ''}".rstrip()
            yield f"  {row['file_name']}, page {row['page_number']}: {row['metric_id']} {row['value']:g}, {date}"
            yield f"    {' '.join(row['statement'].split())[:300]}"
        if len(values) > SHOWN:
            yield f"  and {len(values) - SHOWN:,} more"


def changed_seeds(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Say which rows of the seeds are other than the build had them; their own sentences do not count."""
    for seed in SEEDS:
        columns = [
            name
            for (name,) in connection.execute(
                "select column_name from duckdb_columns() "
                "where database_name = 'built' and schema_name = 'seeds' and table_name = ?",
                [seed],
            ).fetchall()
            if name not in ("example", "expected", "sentence", "reason")
        ]
        if not columns:
            yield f"{seed}.csv is new"
            continue
        texts = ", ".join(f"{quoted(name)}::varchar as {quoted(name)}" for name in columns)
        here, there = (f"select {texts} from {place}.seeds.{quoted(seed)}" for place in ("warehouse", "built"))
        for sign, query in (("+", f"{here} except all {there}"), ("-", f"{there} except all {here}")):
            for row in connection.execute(f"from ({query}) order by all").fetchall():
                yield f"{seed}.csv {sign} {', '.join('' if value is None else value for value in row)}"


def explain(sentence: str, folder: Path = REPOSITORY) -> Iterator[str]:
    """Say of each figure of a sentence what it is read as, by which words, and of which metrics it is not, and why.

    Raises:
        WarehouseError: the models have not been compiled, or a seed cannot be read.
    """
    connection = read([sentence], folder)
    figures = rows(
        connection,
        """
        select statement_id, reading_id, position, mention, printed_unit
        from intermediate.int_numbers inner join intermediate.int_readings using (statement_id, reading_id, report_id)
        where kind = 'number' and report_id = 'tried 1'
        order by block_number, sentence_number, position
        """,
    )
    if not figures:
        yield "no figure"
    for figure in figures:
        yield figure["mention"] + ("%" if figure["printed_unit"] == "percent" else "")
        place = [figure["reading_id"], figure["position"]]
        taken = rows(
            connection,
            """
            select metric_id, how, geography, value, qualifier, period_kind, period_end, date_reason, went_by, pattern
            from intermediate.int_metric_periods
            left join (
                select reading_id, position, metric_id, went_by
                from intermediate.int_figure_verdicts
                where verdict = 'taken'
            ) using (reading_id, position, metric_id)
            left join intermediate.int_metric_matches using (reading_id, position, metric_id)
            left join (select pattern_id, pattern from intermediate.int_metric_patterns) using (pattern_id)
            where reading_id = ? and position = ?
            order by metric_id
            """,
            place,
        )
        for reading in taken:
            how = f"wording: {reading['pattern']}" if reading["pattern"] else reading["went_by"] or reading["how"]
            when = f"{reading['period_kind']} {reading['period_end'] or ''}".rstrip()
            yield (
                f"  {reading['metric_id']} {reading['value']:g}, {reading['qualifier']}, {reading['geography']}, {when}"
                f" ({reading['date_reason']}), by {how!r}"
            )
        refused = rows(
            connection,
            """
            select metric_id, verdict, went_by
            from intermediate.int_figure_verdicts
            where reading_id = ? and position = ?
            order by metric_id
            """,
            place,
        )
        for verdict in refused:
            if verdict["metric_id"] not in {reading["metric_id"] for reading in taken}:
                yield f"  not {verdict['metric_id']} ({verdict['went_by']!r}): {verdict['verdict']}"
        if not taken and not refused:
            yield "  no metric is named near it"


def rows(connection: duckdb.DuckDBPyConnection, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
    """Return a query's rows by name."""
    result = connection.execute(query, values or [])
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
