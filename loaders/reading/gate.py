"""The landing gate: what has just been read must look like documents before it enters the warehouse.

Great Expectations checks the documents, pages and tables of a batch by the suites below. A document that fails is set
aside: a row of ``rejected_documents`` that says what was expected of it; the others go on. The last check can be opened
as a page, ``build/validation.html``. Importing Great Expectations takes seconds, so it is done only where something is
new, beside the reading. Whoever changes what is expected raises the loader version, so that all is checked again.
"""

from __future__ import annotations

import gc
import html
import logging
import os
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from loaders.files import printable
from loaders.reading import media
from loaders.reading.cache import GROUP, LOADER_VERSION, Cache, content_of, read_whole
from loaders.reading.text_kinds import TEXTS
from loaders.storage import Place, each, partial_path

if TYPE_CHECKING:
    import pandas as pd

PAGES_NAMED = 5  # in a reason; the page has them all
ROWS_SHOWN = 200  # of one expectation, on the page

# --- what is expected ---

# Of a page's visible characters. Bullets and ticks are often private glyphs; a page of nothing else is no text.
UNREADABLE_SHARE, PRIVATE_SHARE = 0.1, 0.5
FEW = 10  # so few odd characters are never the reason, however short the page
PDF_PAGE_CHARACTERS, TEXT_CHARACTERS = 200_000, 20_000_000
CHARACTERS_PER_PAGE = 20  # fewer, on average, are the stamps on a scan


def suites() -> dict[str, list[Any]]:
    """Return what is expected of each frame; ``reason`` is what a person reads where it does not hold."""
    from great_expectations import expectations as gxe

    def reason(words: str) -> dict[str, str]:
        return {"reason": words}

    return {
        "documents": [
            *(
                gxe.ExpectColumnValuesToNotBeNull(column=column, meta=reason(f"its {column} is not known"))
                for column in ("sha256", "byte_size", "media_type", "page_count", "loader_version", "landed_at")
            ),
            gxe.ExpectColumnValuesToMatchRegex(
                column="sha256", regex=r"\A[0-9a-f]{64}\Z", meta=reason("its hash is no SHA-256")
            ),
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="sha256", column_B="document", meta=reason("it is kept under the hash of another content")
            ),
            gxe.ExpectColumnValuesToBeUnique(column="sha256", meta=reason("it was read twice in one batch")),
            gxe.ExpectColumnValuesToBeBetween(column="byte_size", min_value=1, meta=reason("it has no size")),
            gxe.ExpectColumnValuesToBeInSet(
                column="media_type", value_set=[media.PDF, *TEXTS], meta=reason("it is of a kind that is not read")
            ),
            gxe.ExpectColumnValuesToBeInSet(
                column="loader_version", value_set=[LOADER_VERSION], meta=reason("another loader read it")
            ),
            gxe.ExpectColumnValuesToBeBetween(column="page_count", min_value=1, meta=reason("it has no page")),
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="pages_read", column_B="page_count", meta=reason("not all of its pages were read")
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="characters_per_page",  # of PDFs of at least three pages
                min_value=CHARACTERS_PER_PAGE,
                meta=reason("its pages hold next to no text (a scan with stamps?); run text recognition on it"),
            ),
        ],
        "pages": [
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="page_number", column_B="place", meta=reason("its pages are not numbered 1, 2, 3 …")
            ),
            gxe.ExpectCompoundColumnsToBeUnique(
                column_list=["document", "page_number"], meta=reason("a page of it is there twice")
            ),
            gxe.ExpectColumnValuesToNotBeNull(
                column="characters", meta=reason("a page of it has no text, not even none")
            ),
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="most_characters",
                column_B="characters",
                or_equal=True,
                meta=reason("a page of it holds more text than a page can"),
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="unreadable_share",
                max_value=UNREADABLE_SHARE,
                meta=reason("a page of it is not text but replacement characters, glyph codes or control characters"),
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="private_share",
                max_value=PRIVATE_SHARE,
                meta=reason("a page of it is not text but the private glyphs of a font"),
            ),
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="lines_laid_out",
                column_B="lines",
                ignore_row_if="either_value_is_missing",
                meta=reason("the lines of a page and how they are set do not match"),
            ),
        ],
        "tables": [
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="page_count",
                column_B="page_number",
                or_equal=True,
                meta=reason("a table of it stands on a page that it has not"),
            ),
            gxe.ExpectCompoundColumnsToBeUnique(
                column_list=["document", "page_number", "table_number"], meta=reason("a table of it is there twice")
            ),
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="cells", column_B="cells_of_rectangle", meta=reason("a table of it is not rectangular")
            ),
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="cells", column_B="places", meta=reason("a cell of a table of it is there twice")
            ),
        ],
    }


# --- what is looked at: a row a document, page or table, with the measures that the suites name ---

FRAMES = {
    "documents": """
        select
            document,
            sha256,
            byte_size,
            media_type,
            page_count,
            loader_version,
            landed_at,
            len(pages) as pages_read,
            case when media_type = 'application/pdf' and page_count >= 3 then
                list_sum(list_transform(pages, lambda page: length(regexp_replace(page.text, '\\s', '', 'g'))))
                / page_count
            end as characters_per_page,
        from landed
    """,
    "pages": """
        with unnested as (
            select document, media_type, generate_subscripts(pages, 1) as place, unnest(pages) as page from landed
        ),
        counted as (
            select
                document,
                media_type,
                place,
                page.page_number as page_number,
                length(page.text) as characters,
                length(regexp_replace(page.text, '\\s', '', 'g')) as visible,
                length(page.text) - length(regexp_replace(
                    page.text, '\\(cid:\\d+\\)|[\\x{FFFD}\\x00-\\x08\\x0E-\\x1F\\x7F-\\x9F]', '', 'g'
                )) as unreadable,
                length(page.text) - length(regexp_replace(page.text, '\\p{Co}', '', 'g')) as private,
                length(page.text) - length(replace(page.text, chr(10), '')) + 1 as lines,
                nullif(len(page.line_layout), 0) as lines_laid_out,
            from unnested
        )
        select
            document,
            place,
            page_number,
            characters,
            if(media_type = 'application/pdf', $pdf_page, $text) as most_characters,
            if(unreadable <= $few, 0, unreadable / greatest(visible, unreadable)) as unreadable_share,
            if(private <= $few, 0, private / greatest(visible, private)) as private_share,
            lines,
            lines_laid_out,
        from counted
    """,
    "tables": """
        with unnested as (
            select document, page_count, unnest(tables) as found from landed
        )
        select
            document,
            page_count,
            found.page_number as page_number,
            found.table_number as table_number,
            len(found.cells) as cells,
            list_max(list_transform(found.cells, lambda cell: cell.row_number))
            * list_max(list_transform(found.cells, lambda cell: cell.column_number)) as cells_of_rectangle,
            len(list_distinct(list_transform(
                list_filter(found.cells, lambda cell: cell.row_number >= 1 and cell.column_number >= 1),
                lambda cell: {'row': cell.row_number, 'column': cell.column_number}
            ))) as places,
        from unnested
    """,
}
PARAMETERS = {"pdf_page": PDF_PAGE_CHARACTERS, "text": TEXT_CHARACTERS, "few": FEW}
KEYS: dict[str, list[str]] = {"documents": [], "pages": ["page_number"], "tables": ["page_number", "table_number"]}

log = logging.getLogger(__name__)


class GateError(Exception):
    """The check itself failed, and nothing was let in."""


@dataclass(frozen=True)
class Finding:
    """What became of one expectation: how many rows were looked at, and the place of each that failed."""

    frame: str
    expectation: str
    reason: str
    looked_at: int
    failed: list[dict[str, Any]] = field(default_factory=list)


class Gate:
    """The check of what a parsing process reads; ``prepare`` may be called early, so that it costs less time."""

    def __init__(self, cache: Cache) -> None:
        self.cache = cache
        self.thread: threading.Thread | None = None

    def awaits(self, sha256: str) -> bool:
        """Say whether a content waits to be checked."""
        return self.cache.awaits(sha256)

    def prepare(self) -> None:
        """Begin to import Great Expectations, beside the reading."""
        if self.thread is None:
            self.thread = threading.Thread(target=load, daemon=True)
            self.thread.start()

    def open(self) -> None:
        """Let in all that waits, unchecked."""
        for _ in each(lambda path: self.cache.admit(path), self.cache.waiting().values()):
            pass

    def check(self, page: Path | None, names: dict[str, str]) -> None:
        """Check the documents that wait and let them in, those that fail as rejected; do nothing where none waits.

        Args:
            page: where to write what was found.
            names: the file names of contents, for the page.

        Raises:
            GateError: the check itself failed.
        """
        waiting = self.cache.waiting()
        if not waiting:
            return
        frames = measure(list(waiting.values()))
        if self.thread is not None:
            self.thread.join()
        findings = validate(frames)
        reasons = reasons_of(findings)
        for _ in each(lambda path: self.cache.admit(path, reasons.get(content_of(path))), waiting.values()):
            pass
        if page is not None:
            try:
                write_page(page, findings, reasons, len(waiting), names)
            except OSError as error:  # a page for people must not cost a landing
                log.warning("%s cannot be written: %s", page.name, error.strerror or error)


def load() -> Any:
    """Import Great Expectations with its usage statistics off."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    gc.disable()  # an import makes much that lasts, and looking through it again and again takes a fifth of the time
    try:
        import great_expectations
    finally:
        gc.enable()
    return great_expectations


def measure(paths: list[Place]) -> dict[str, pd.DataFrame]:
    """Return the frames of documents that wait, some of them read at a time."""
    import duckdb
    import pandas as pd

    parts: dict[str, list[pd.DataFrame]] = defaultdict(list)
    with duckdb.connect() as connection:
        for start in range(0, len(paths), GROUP):
            tables = [
                read_whole(path).append_column("document", pa.array([content_of(path)]))
                for path in paths[start : start + GROUP]
            ]
            connection.register("landed", pa.concat_tables(tables))
            for name, query in FRAMES.items():
                given = {key: value for key, value in PARAMETERS.items() if f"${key}" in query}
                parts[name].append(connection.execute(query, given).df())
    return {name: plain_numbers(pd.concat(frames, ignore_index=True)) for name, frames in parts.items()}


def plain_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose numbers are plain: a comparison with pandas' NA is neither true nor false."""
    return frame.astype({column: "float64" for column in frame.select_dtypes("number")})


def validate(frames: dict[str, pd.DataFrame]) -> list[Finding]:
    """Check each frame by its suite.

    Raises:
        GateError: an expectation could not be checked.
    """
    gx = load()
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_pandas("landing")
    findings = []
    for name, expectations in suites().items():
        frame = frames[name]
        if frame.empty:
            findings += [Finding(name, e.expectation_type, e.meta["reason"], 0) for e in expectations]
            continue
        definition = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe(name)
        result = definition.get_batch(batch_parameters={"dataframe": frame}).validate(
            gx.ExpectationSuite(name=name, expectations=expectations),
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": ["document", *KEYS[name]],
                "include_unexpected_rows": False,
            },
        )
        findings += [finding_of(name, frame, each) for each in result.results]
    return findings


def finding_of(name: str, frame: pd.DataFrame, result: Any) -> Finding:
    config = result.expectation_config
    places = result.result.get("unexpected_index_list") or []
    if result.exception_info.get("raised_exception") or (not result.success and not places):
        raise GateError(f"{config.type} of {name} could not be checked: {result.exception_info}")
    failed = [{"document": place["document"], **numbers_of(place, KEYS[name])} for place in places]
    return Finding(name, config.type, config.meta["reason"], len(frame), [] if result.success else failed)


def numbers_of(place: dict[str, Any], keys: list[str]) -> dict[str, int]:
    """Return the numbers of a page and table that are known."""
    return {key: int(place[key]) for key in keys if place[key] == place[key]}


def reasons_of(findings: list[Finding]) -> dict[str, str]:
    """Return why each document that failed did, in words."""
    places: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for finding in findings:
        for failed in finding.failed:
            pages = places[failed["document"]][finding.reason]
            if "page_number" in failed:
                pages.append(failed["page_number"])
    return {
        document: "set aside by the check of what was read: "
        + "; ".join(reason + pages_in_words(pages) for reason, pages in reasons.items())
        for document, reasons in places.items()
    }


def pages_in_words(pages: list[int]) -> str:
    shown = [str(page) for page in sorted(set(pages))]
    if not shown:
        return ""
    more = f" and {len(shown) - PAGES_NAMED} more" if len(shown) > PAGES_NAMED else ""
    return f" (page {', '.join(shown[:PAGES_NAMED])}{more})"


# --- the page ---

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem; }
th, td { border: 1px solid #999; padding: .3rem .6rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
.failed { background: #fdd; }
"""


def write_page(
    path: Path, findings: list[Finding], reasons: dict[str, str], documents: int, names: dict[str, str]
) -> None:
    """Write what was found as a page of HTML, whole or not at all."""
    partial = partial_path(path)
    try:
        partial.write_text(render(findings, reasons, documents, names), "utf-8")
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def render(findings: list[Finding], reasons: dict[str, str], documents: int, names: dict[str, str]) -> str:
    """Return the page; whatever comes from documents and file names is escaped."""

    def row(*cells: object, kind: str = "") -> str:
        return f"<tr{kind}>{''.join(f'<td>{html.escape(str(cell))}</td>' for cell in cells)}</tr>"

    def named(document: str) -> str:
        return printable(names.get(document, document))

    when = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    aside = "".join(row(named(document), document, words) for document, words in sorted(reasons.items()))
    expected = "".join(
        row(
            finding.frame,
            finding.reason,
            finding.expectation,
            finding.looked_at,
            len(finding.failed),
            kind=' class="failed"' if finding.failed else "",
        )
        for finding in findings
    )
    failures = "".join(
        row(finding.reason, named(failed["document"]), failed.get("page_number", ""), failed.get("table_number", ""))
        for finding in findings
        for failed in finding.failed[:ROWS_SHOWN]
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>The last check of what was read</title><style>{STYLE}</style></head>
<body>
<h1>The last check of what was read</h1>
<p>{when}: {documents} new documents were checked, {len(reasons)} of them set aside.
Loader {html.escape(LOADER_VERSION)}.</p>
<h2>Set aside</h2>
<table><tr><th>File</th><th>Content</th><th>Why</th></tr>{aside}</table>
<h2>What was expected</h2>
<table><tr><th>Of each of the</th><th>What may not be</th><th>Expectation</th><th>Looked at</th><th>Failed</th></tr>
{expected}</table>
<h2>Where it failed</h2>
<table><tr><th>What</th><th>File</th><th>Page</th><th>Table</th></tr>{failures}</table>
</body>
</html>
"""
