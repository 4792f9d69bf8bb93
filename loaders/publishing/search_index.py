"""Full-text search in the published file.

DuckDB's fts extension makes the index when the file is published. To ask it takes no extension: beside the index lies
a table of the stem of each word, so that the macro ``search`` is plain SQL, in old clients too. ``search_plain`` needs
no index either; ``search`` is the same as it where the extension was missing at publication.
"""

from __future__ import annotations

import importlib.util
import logging
import re
from pathlib import Path

import duckdb

from loaders.files import first_line
from loaders.sql import literal
from loaders.warehouse import columns_of

log = logging.getLogger(__name__)

# What is searched: its relation, key, the column that is indexed, and the one that is shown.
SEARCHED = {
    "statements": ("fct_statements", "statement_id", "statement", "quote"),
    "findings": ("fct_findings", "finding_id", "text", "text"),
    "recommendations": ("fct_recommendations", "recommendation_id", "text", "text"),
}
AMONG = (*SEARCHED, "everything")
NEEDED = {"dim_report", "dim_authority", "fct_statements"}

# The extension's own list of 571 holds "help" and "need", which are the subject here.
STOPWORDS = re.findall(
    r"\w+",
    "a an and any are as at be been but by can could did do does for from had has have if in into is it its may not "
    "of on or our so such than that the their them there these they this those to was were which while who will "
    "with would",
)

# How BM25 weighs a word that is repeated, and a text that is long: the extension's own defaults.
K, B = 1.2, 0.75
NOT_WORDS = "[^a-z0-9]+"
SPLIT = "string_split_regex(lower(strip_accents({}::varchar)), " + literal(NOT_WORDS) + ")"
WORDS_ALONE = f"trim(array_to_string({SPLIT}, ' '))"  # of a text
ASKED = f"select distinct word from (select unnest({SPLIT.format('words')}) as word) where word != ''"
# Each word of a search as it is read. The stem of a form that stands nowhere is the longest known one that it starts
# with; where it starts with none, the word that is written most nearly so is what may have been meant.
WORDS = f"""
    with asked as ({ASKED}),
    stems as (
        select
            asked.word,
            coalesce(bool_or(known.word = asked.word), false) as stands,
            coalesce(
                max(known.stem) filter (where known.word = asked.word),
                max_by(known.stem, length(known.stem)) filter (
                    where length(known.stem) >= 4 and length(asked.word) - length(known.stem) <= 4
                )
            ) as stem
        from asked
        anti join text_search.stopwords on asked.word = stopwords.sw
        left join text_search.words as known on asked.word = known.word or starts_with(asked.word, known.stem)
        group by asked.word
    ),
    nearest as (
        select stems.word, arg_min(known.word, (damerau_levenshtein(stems.word, known.word), known.word)) as meant
        from stems
        inner join text_search.words as known
            on damerau_levenshtein(stems.word, known.word) <= 2 and length(stems.word) >= 5 and length(known.word) >= 4
        where stems.stem is null
        group by stems.word
    )
    select
        stems.word,
        stems.stands,
        stems.stem,
        (select list(known.word order by known.word) from text_search.words as known where known.stem = stems.stem)
            as searched_for,
        nearest.meant as did_you_mean
    from stems
    left join nearest using (word)
    order by stems.word
"""


def add_search(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Add the index and the macros to the file that connection writes; return a warning where there is no index."""
    relations = columns_of(connection)
    if not relations.keys() >= NEEDED:
        return None
    searched = {
        kind: place for kind, place in SEARCHED.items() if {place[1], place[2]} <= set(relations.get(place[0], ()))
    }
    warning = None
    try:
        connection.execute(f"load {literal(str(find_extension()))}")
        add_index(connection, searched)
    except (duckdb.Error, OSError, ModuleNotFoundError) as error:
        log.debug("no index: %r", error)
        warning = f"search works without its index, by the words as they are ({first_line(error)})"
    with_grades = relations.keys() >= {"fct_judgements", "dim_judgement_area"}
    plain = macro(searched, with_grades, indexed=False)
    ranked = macro(searched, with_grades, indexed=warning is None)
    if warning is None:
        connection.execute(f"create macro search_words(words) as table {WORDS}")
    connection.execute(f"create macro search_plain(words, among := 'statements') as table {plain}")
    connection.execute(f"create macro search(words, among := 'statements') as table {ranked}")
    return warning


def find_extension() -> Path:
    """Return the extension's file, which lies in a Python package: nothing is downloaded.

    Raises:
        ModuleNotFoundError: the package is not installed, or has no file for this version of DuckDB.
    """
    package = importlib.util.find_spec("duckdb_extension_fts")
    for folder in (package and package.submodule_search_locations) or ():
        for file in Path(folder).glob(f"extensions/v{duckdb.__version__}/fts.duckdb_extension"):
            return file
    raise ModuleNotFoundError(f"the package duckdb-extension-fts {duckdb.__version__} is not installed")


def add_index(connection: duckdb.DuckDBPyConnection, searched: dict[str, tuple[str, str, str, str]]) -> None:
    """Make an index of each relation, and the table of the stems of their words."""
    connection.execute(
        f"create schema text_search; create table text_search.stopwords as select unnest({STOPWORDS}) as sw"
    )
    connection.execute(
        f"""
        create table text_search.words as
        select word, stem(word, 'porter') as stem
        from (select distinct unnest({SPLIT.format("statement")}) as word from fct_statements)
        where word != ''
        order by word
        """
    )
    # One after the other: another processor has the workbook to write meanwhile.
    for relation, key, column, _ in searched.values():
        connection.execute(
            f"pragma create_fts_index({literal(relation)}, {literal(key)}, {literal(column)}, "
            f"ignore={literal(NOT_WORDS)}, stopwords='text_search.stopwords')"
        )


def macro(searched: dict[str, tuple[str, str, str, str]], with_grades: bool, indexed: bool) -> str:
    """Write the query of a search; it names neither database nor file, so that it works wherever the file is opened."""
    matches = (ranked_matches if indexed else plain_matches)(searched)
    grades = """
        select report_id, min(grade) as grade from fct_judgements
        inner join dim_judgement_area using (framework_id, judgement_area_id)
        where comparable_area = 'overall' group by report_id
    """
    no_grades = "select null::varchar as report_id, null::varchar as grade where false"
    return f"""
        with asked as ({ASKED}),
        {"stems as (select stem from search_words(words))," if indexed else ""}
        matches as ({matches}),
        overall as ({grades if with_grades else no_grades})
        select
            matches.score,
            dim_authority.authority_name,
            coalesce(dim_report.inspection_end_date, dim_report.published_date) as report_date,
            dim_report.framework_id,
            overall.grade,
            matches.page_number,
            matches.text,
            matches.kind,
            matches.id,
            dim_report.file_name,
            matches.report_id
        from matches
        inner join dim_report on matches.report_id = dim_report.report_id
        left join dim_authority on dim_report.authority_id = dim_authority.authority_id
        left join overall on matches.report_id = overall.report_id
        -- a second copy says the same again
        where dim_report.is_primary
        order by
            matches.found desc,
            -- of those with the most words, first where they stand together as they were asked for, or in the plural
            matches.found = (select max(found) from matches)
            and contains({WORDS_ALONE.format("matches.text")}, rtrim({WORDS_ALONE.format("words")}, 's')) desc,
            matches.score desc,
            matches.kind desc,
            matches.id
    """


def ranked_matches(searched: dict[str, tuple[str, str, str, str]]) -> str:
    """The texts with any of the words, by BM25 over the tables of the index."""
    parts = []
    for kind, (relation, key, _, shown) in searched.items():
        index = f"fts_main_{relation}"
        parts.append(
            f"""
            select '{kind[:-1]}' as kind, found, score, {key} as id, report_id, page_number, {shown} as text
            from (
                select
                    counts.docid,
                    count(*) as found,
                    -- the order of a sum moves its last digits
                    round(sum(
                        ln((stats.num_docs - dict.df + 0.5) / (dict.df + 0.5) + 1)
                        * counts.tf * {K + 1} / (counts.tf + {K} * ({1 - B} + {B} * docs.len / stats.avgdl))
                    ), 4) as score
                from (
                    select docid, termid, count(*) as tf from {index}.terms
                    where
                        among in ('{kind}', 'everything')
                        and termid in (
                            select termid from {index}.dict where term in (select stem from stems)
                        )
                    group by docid, termid
                ) as counts
                inner join {index}.dict as dict on counts.termid = dict.termid
                inner join {index}.docs as docs on counts.docid = docs.docid
                cross join {index}.stats as stats
                group by counts.docid
            ) as scores
            inner join {index}.docs as docs on scores.docid = docs.docid
            inner join {relation} on docs.name = {relation}.{key}
            """
        )
    return " union all ".join(parts)


def plain_matches(searched: dict[str, tuple[str, str, str, str]]) -> str:
    """The texts with all of the words, the shorter the better."""
    return " union all ".join(
        f"""
        select
            '{kind[:-1]}' as kind, 1 as found, round(1000.0 / (100 + length({column})), 4) as score,
            {key} as id, report_id, page_number, {shown} as text
        from {relation}
        where
            among in ('{kind}', 'everything')
            and (select count(*) from asked) > 0
            and (select bool_and(contains(lower(strip_accents({column})), word)) from asked)
        """
        for kind, (relation, key, column, shown) in searched.items()
    )
