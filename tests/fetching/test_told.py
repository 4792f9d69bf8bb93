"""What is told of a fetched folder: by `status`, and beside a picture of evidence."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import duckdb
import pytest
from local_site import Fetcher
from project import REPOSITORY

from loaders.answering.drawing import Fact
from website.pages import Site


def status(warehouse: Path, reports: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "loaders", "status"],
        cwd=REPOSITORY,
        env={**os.environ, "WAREHOUSE_PATH": str(warehouse), "REPORTS_PATH": str(reports)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_status_says_what_is_new_and_when_was_fetched(fetcher: Fetcher, tmp_path: Path) -> None:
    fetcher.fetch()
    warehouse = tmp_path / "w.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            """
            create table build_info as select 'b1' as build_id, now()::timestamp as built_at, '1.0' as version;
            create table dim_authority as select 'A' as authority_id, 'Ashmere' as authority_name;
            create table dim_framework as select 'visit' as framework_id, 'Focused visit' as framework_name;
            create table dim_report as
            select
                'r' as report_id, 'new.pdf' as file_name, 'A' as authority_id, 'visit' as framework_id,
                date '2026-03-09' as published_date;
            create table publications as select * from (values
                ('1', 'fetched', true, 'r'), ('2', 'fetched', false, null), ('3', 'gone', true, null)
            ) as publications (publication_id, state, is_listed, report_id);
            create table build_changes as
            select
                'document added' as "change", 'new.pdf' as what, null::varchar as "before", 'new.pdf' as "after",
                null::bigint as "count", 'r' as id;
            """
        )
    said = status(warehouse, fetcher.folder)
    assert "Publications of the inspectorate: 3, documents among them: 1" in said
    assert "  fetched: 2\n  gone: 1\n  no longer listed: 1\n  last fetch: " in said
    assert "new.pdf: Ashmere, Focused visit, published 9 March 2026" in said
    with (fetcher.folder / "publications.jsonl").open("ab") as file:
        file.write(b"nonsense\n")
    assert "the manifest is damaged" in status(warehouse, fetcher.folder)
    assert "last fetch" not in status(warehouse, tmp_path)


@pytest.mark.parametrize(
    ("file_name", "source_url", "said"),
    [
        ("a.pdf", "https://example.org/v1/file/1", " https://example.org/v1/file/1#page=6"),
        ("a.txt", "https://example.org/v1/file/1", " https://example.org/v1/file/1"),
        ("a.pdf", None, ""),
    ],
)
def test_a_fact_says_where_its_page_was_published(file_name: str, source_url: str | None, said: str) -> None:
    fact = Fact("f", "fct_findings", "r", 6, "words", file_name, (), "", 1, "f", source_url)
    assert fact.published_at == said


def test_a_page_number_opens_the_folders_document_or_else_the_original() -> None:
    rows: dict[str, list[dict[str, object]]] = defaultdict(list)
    rows["documents"] = [
        {
            "report_id": name,
            "file_name": f"{name}.pdf",
            "media_type": "application/pdf",
            "source_url": url,
            "is_primary": True,
        }
        for name, url in (("known", "https://example.org/v1/file/1"), ("unknown", None))
    ]
    assert Site(rows).page_url("known", 6, "../") == "https://example.org/v1/file/1#page=6"
    assert Site(rows).page_url("known", None, "../") == "https://example.org/v1/file/1"
    assert Site(rows).page_url("unknown", 6, "../") is None and Site(rows).page_url("none", 6, "../") is None
    assert Site(rows, "../reports").page_url("known", 6, "../") == "../../reports/known.pdf#page=6"
