"""The exports: the marts, whole, of one build, in the types that people expect, and nothing that a sheet would run."""

from __future__ import annotations

import csv
import hashlib
import json
import os
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest
from project import Project
from xlsxwriter.exceptions import FileCreateError

from loaders.errors import PublicationError
from loaders.publishing import exports
from loaders.publishing import workbook as workbook_module
from loaders.publishing.exported import Build, read_build, read_relations
from loaders.publishing.exports import Exports, export, write_csv
from loaders.publishing.origin import folder_id
from loaders.publishing.publish import Publication, add_exports
from loaders.settings import Settings
from loaders.warehouse import WarehouseError, open_warehouse

NASTY = ["=1+1", "+44", "-2", "@SUM(A1)", "\tx", "a\x00b\x0bc", "x" * 40_000, "https://example.org/", "plain – “text”"]


def make_warehouse(path: Path, build_id: str = "b1", grade: str = "good") -> None:
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            f"""
            create table build_info as
            select
                '{build_id}' as build_id, timestamp '2026-01-02 03:04:05' as built_at, '1.0' as version,
                'c1' as content;
            create table dim_authority as
            select 'E1' as authority_id, 'Ashmere' as authority_name, '80001' as ofsted_urn
            union all select 'E2', 'Dunmarsh', 'x"); evil';
            create table dim_report as select 'r1' as report_id, 'E1' as authority_id, 'a.pdf' as file_name;
            create table fct_judgements as
            select
                'j1' as judgement_id, 'r1' as report_id, 'E1' as authority_id, '{grade}' as grade,
                date '2020-03-31' as inspection_end_date, 3 as page_number, 1.5::double as value, true as is_new;
            insert into fct_judgements values ('j2', null, 'E2', null, null, null, null, null);
            create table reading_view_with_a_name_that_is_far_too_long (words varchar, page_number integer);
            create table empty_view (words varchar, value double);
            comment on table fct_judgements is 'One row per grade';
            comment on column fct_judgements.grade is '=the grade''s words';
            """
        )
        connection.executemany(
            "insert into reading_view_with_a_name_that_is_far_too_long values (?, ?)",
            [[text, number] for number, text in enumerate(NASTY)],
        )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    make_warehouse(tmp_path / "warehouse.duckdb")
    return Settings(warehouse_path=tmp_path / "warehouse.duckdb", exports_path=tmp_path / "exports")


def exported(publication: Publication, settings: Settings) -> Publication:
    with Exports(settings) as exports:
        return add_exports(publication, exports)


def plain(text: str) -> str:
    return text.removeprefix("'")


def rows_of(sheet: Any) -> list[dict[str, Any]]:
    names, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


def manifest_of(settings: Settings) -> dict[str, Any]:
    assert settings.exports_path
    content: dict[str, Any] = json.loads((settings.exports_path / "manifest.json").read_text(encoding="utf-8"))
    return content


def test_every_file_is_listed_and_the_manifest_alone_tells_the_build(settings: Settings) -> None:
    assert export(settings) and settings.exports_path
    manifest = manifest_of(settings)
    assert manifest["build_id"] == manifest["also_holds_for_build_id"] == "b1"
    assert sorted(
        path.relative_to(settings.exports_path).as_posix()
        for path in settings.exports_path.rglob("*")
        if path.is_file()
    ) == sorted(["manifest.json", *(f["file"] for f in manifest["files"])])
    for file in manifest["files"]:
        path = settings.exports_path / file["file"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == file["sha256"]
        assert path.stat().st_size == file["bytes"]
        if path.suffix == ".parquet":
            metadata = pq.read_metadata(path)
            assert metadata.metadata[b"childrens_services_warehouse"] == path.stem.encode()
            assert b"build_id" not in metadata.metadata
            assert metadata.num_rows == file["rows"]
    workbook = openpyxl.load_workbook(settings.exports_path / "warehouse.xlsx")
    assert workbook.custom_doc_props["childrens_services_warehouse"].value == "c1"
    assert manifest["content"] == "c1"


def test_the_same_rows_are_the_same_bytes(settings: Settings, tmp_path: Path) -> None:
    def files(folder: Path) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".parquet", ".csv")}

    assert settings.exports_path
    export(settings)
    with open_warehouse(settings.warehouse_path) as connection:
        write_csv(connection, tmp_path / "csv")
    before = files(settings.exports_path) | files(tmp_path / "csv")
    make_warehouse(settings.warehouse_path, "b2")
    with duckdb.connect(str(settings.warehouse_path)) as connection:  # in another order
        for name in ("fct_judgements", "reading_view_with_a_name_that_is_far_too_long"):
            connection.execute(f"create or replace table {name} as from {name} order by rowid desc")
            connection.execute(f"comment on table {name} is 'One row per grade'" if name.startswith("fct") else "")
        connection.execute("comment on column fct_judgements.grade is '=the grade''s words'")
    export(settings, force=True)
    with open_warehouse(settings.warehouse_path) as connection:
        write_csv(connection, tmp_path / "csv")
    assert files(settings.exports_path) | files(tmp_path / "csv") == before
    assert len(before) == 10


def test_the_workbook_has_types_links_and_explanations(settings: Settings) -> None:
    export(settings)
    assert settings.exports_path
    workbook = openpyxl.load_workbook(settings.exports_path / "warehouse.xlsx")
    names = workbook.sheetnames
    assert names[:3] == ["contents", "columns", "fct_judgements"]
    assert list(rows_of(workbook["fct_judgements"])[0]) == [
        *("authority_name", "grade", "inspection_end_date", "page_number", "value", "is_new", "file_name", "source"),
        *("judgement_id", "report_id", "authority_id"),
    ]
    assert all(len(name) <= 31 for name in names) and not any(name.startswith("build_") for name in names)
    sheet = workbook["fct_judgements"]
    first, second = rows_of(sheet)
    assert first == {
        "authority_name": "Ashmere",
        "judgement_id": "j1",
        "report_id": "r1",
        "authority_id": "E1",
        "grade": "good",
        "inspection_end_date": datetime(2020, 3, 31),
        "page_number": 3,
        "value": 1.5,
        "is_new": True,
        "file_name": "a.pdf",
        "source": "Ofsted 80001",
    }
    assert second["source"] is None and second["grade"] is None and second["authority_name"] == "Dunmarsh"
    assert sheet.freeze_panes == "B2" and sheet.auto_filter.ref == "A1:K3"
    assert [cell.hyperlink.target for cell in sheet[2] if cell.hyperlink] == [
        "https://reports.ofsted.gov.uk/provider/44/80001"
    ]
    described = {(row["sheet"], row["column"]): row["what it is"] for row in rows_of(workbook["columns"])}
    assert described["fct_judgements", "grade"] == "=the grade's words"
    contents = [row for row in workbook["contents"].iter_rows(min_row=7, values_only=True)]
    assert contents[0] == ("fct_judgements", 2, "One row per grade")
    assert workbook["contents"]["A7"].hyperlink.location == "'fct_judgements'!A1"
    assert ("dim_authority.parquet", 2) in [row[:2] for row in contents]


def test_no_text_is_a_formula_and_none_breaks_the_workbook(settings: Settings) -> None:
    export(settings)
    assert settings.exports_path
    workbook = openpyxl.load_workbook(settings.exports_path / "warehouse.xlsx")
    sheet = workbook["reading_view_with_a_name_that_i"]
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert all(cell.data_type in ("s", "inlineStr") and cell.hyperlink is None for cell in cells)
    assert [cell.quotePrefix for cell in cells] == [True] * 5 + [False] * 4
    texts = [cell.value for cell in cells]
    assert texts[:4] == NASTY[:4] and texts[5] == "abc" and texts[7:] == NASTY[7:]
    assert len(texts[6]) == 32_767 and texts[6].endswith("the whole text is in the warehouse]")
    assert rows_of(workbook["empty_view"]) == []


def test_more_rows_than_a_sheet_holds_are_cut_and_it_is_said(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_module, "MOST_ROWS", 4)
    export(settings)
    assert settings.exports_path
    workbook = openpyxl.load_workbook(settings.exports_path / "warehouse.xlsx")
    assert len(rows_of(workbook["reading_view_with_a_name_that_i"])) == 3
    said = {row[0]: row[2] for row in workbook["contents"].iter_rows(min_row=7, values_only=True)}
    assert said["reading_view_with_a_name_that_is_far_too_long"].startswith("Excel holds the first 3 only")


def read_sheets(connection: duckdb.DuckDBPyConnection, path: Path, originals: str | None = None) -> Any:
    """Write the workbook of what stands in a connection; return it."""
    workbook_module.write_workbook(connection, read_relations(connection), path, read_build(connection), originals)
    return openpyxl.load_workbook(path)


def test_a_long_fact_stands_in_sheets_by_years_and_it_is_said(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_module, "MOST_SHEET_ROWS", 3)
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute(
            """
            create or replace table dim_report as
            from (values
                ('r1', 'E1', 'a.pdf', date '2016-05-01'), ('r2', 'E1', 'b.pdf', date '2018-05-01'),
                ('r3', 'E1', 'c.pdf', date '2019-05-01'), ('r4', 'E1', 'd.pdf', null)
            ) as reports (report_id, authority_id, file_name, inspection_end_date);
            create table fct_findings as
            select report_id || number as finding_id, report_id, 'words' as text
            from dim_report, range(2) as numbers (number);
            """
        )
        workbook = read_sheets(connection, tmp_path / "long.xlsx")
    parts = [name for name in workbook.sheetnames if name.startswith("fct_findings")]
    assert parts == [f"fct_findings {words}" for words in ("2016", "2018", "2019", "undated")]
    assert [len(rows_of(workbook[name])) for name in parts] == [2, 2, 2, 2]
    assert {row["document_date"] for row in rows_of(workbook["fct_findings 2018"])} == {datetime(2018, 5, 1)}
    said = [row[2] for row in workbook["contents"].iter_rows(values_only=True) if row[0] == "fct_findings 2018"]
    assert said == ["Too long for one sheet, so by the documents' years: here 2018. "]
    assert "reading_view_with_a_name_that_i" not in workbook.sheetnames  # a view, and too long: it is said
    assert "reading_view_with_a_name_that_is_far_too_long.parquet" in [row[0].value for row in workbook["contents"]]


def test_names_and_topics_stand_beside_what_speaks_of_them(settings: Settings, tmp_path: Path) -> None:
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute(
            """
            create or replace table dim_report as
            select 'r1' as report_id, 'E1' as authority_id, 'sub/a #1.pdf' as file_name, 'fw' as framework_id,
                date '2020-03-31' as published_date;
            create table dim_framework as select 'fw' as framework_id, 'An inspection' as short_name;
            create table dim_judgement_area as
            select 'fw' as framework_id, 'area' as judgement_area_id, 'Leadership' as judgement_area_name;
            create table dim_topic as
            select unnest(['t1', 't2']) as topic_id, unnest(['Supervision', 'Caseloads']) as topic_name;
            create table fct_recommendation_topics as
            select 'a1' as recommendation_id, unnest(['t1', 't2']) as topic_id;
            create table fct_recommendations as
            select 'a1' as recommendation_id, 'r1' as report_id, 'E1' as authority_id, 'area' as judgement_area_id,
                repeat('words ', 60) as text, 4 as page_number;
            """
        )
        workbook = read_sheets(connection, tmp_path / "names.xlsx", "../reports/")
    sheet = workbook["fct_recommendations"]
    (row,) = rows_of(sheet)
    assert list(row)[:4] == ["authority_name", "kind_of_document", "judgement_area_name", "document_date"]
    assert list(row.values())[:4] == ["Ashmere", "An inspection", "Leadership", datetime(2020, 3, 31)]
    assert row["topics"] == "Caseloads; Supervision"
    links = {cell.value: cell.hyperlink.target for cell in sheet[2] if cell.hyperlink}
    assert links["sub/a #1.pdf"].replace("\\", "/").endswith("../reports/sub/a%20%231.pdf")
    assert sheet.row_dimensions[2].height == 15 * 5  # the text's lines


def test_the_workbook_links_to_documents_beside_it_and_to_no_path_of_the_machine(
    settings: Settings, tmp_path: Path
) -> None:
    beside, elsewhere = tmp_path / "reports", tmp_path.parent / f"{tmp_path.name} reports"
    for folder, expected in ((beside, "../reports/"), (elsewhere, None)):
        here = replace(settings, reports_path=folder)
        build = Build("b1", datetime(2026, 1, 2), "1.0", reports_folder_id=folder_id(folder))
        assert exports.originals_of(build, here) == expected
        assert exports.originals_of(replace(build, names_published=False), here) is None
        assert exports.originals_of(replace(build, reports_folder_id="of another"), here) is None


def test_exports_are_left_while_the_marts_are_the_same(settings: Settings) -> None:
    assert export(settings) and settings.exports_path
    before = {path.name: path.read_bytes() for path in settings.exports_path.rglob("*.*") if path.is_file()}
    make_warehouse(settings.warehouse_path, "b2")
    assert not export(settings)
    after = {path.name: path.read_bytes() for path in settings.exports_path.rglob("*.*") if path.is_file()}
    assert {name for name in after if after[name] != before[name]} == {"manifest.json"}
    assert (manifest_of(settings)["build_id"], manifest_of(settings)["also_holds_for_build_id"]) == ("b1", "b2")
    (settings.exports_path / "fct_judgements.parquet").unlink()
    assert export(settings)
    assert manifest_of(settings)["build_id"] == "b2"
    make_warehouse(settings.warehouse_path, "b3", grade="inadequate")
    assert export(settings)
    assert manifest_of(settings)["build_id"] == "b3"


def test_what_is_no_more_goes_and_what_is_anothers_stays(settings: Settings) -> None:
    export(settings)
    assert settings.exports_path
    (settings.exports_path / "mine.parquet").write_text("mine")
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute("drop table empty_view")
    export(settings)
    names = os.listdir(settings.exports_path)
    assert "mine.parquet" in names and "empty_view.parquet" not in names


def test_an_export_that_fails_half_way_leaves_the_one_before(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(settings)
    assert settings.exports_path
    before = {path.name: path.read_bytes() for path in settings.exports_path.rglob("*.*") if path.is_file()}
    make_warehouse(settings.warehouse_path, "b2", grade="inadequate")

    def fail(*_: object) -> None:
        raise FileCreateError("the disk is full")  # which is no OSError

    monkeypatch.setattr(exports, "write_workbook", fail)
    published = Publication(True, "Published 5 relations to warehouse.duckdb", build_id="b2")
    result = exported(published, settings)
    assert result.published and result.message == published.message
    assert result.warning == (
        "the exports in exports are not all of this build (the disk is full); "
        "the published file is, and the next build makes the exports whole"
    )
    assert {path.name: path.read_bytes() for path in settings.exports_path.rglob("*.*") if path.is_file()} == before


def test_exports_that_were_moved_half_way_are_made_whole_whatever_comes_next(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def contents() -> dict[str, Any]:
        return {path.name: pq.read_table(path).to_pylist() for path in folder.glob("*.parquet")}

    assert settings.exports_path
    export(settings)
    folder, move = settings.exports_path, os.replace
    before = contents()
    make_warehouse(settings.warehouse_path, "b2", grade="poor")  # as long a word
    moved: list[object] = []

    def fail(source: Path, target: Path) -> None:
        if len(moved) == 6:
            raise OSError("the disk is full")
        moved.append(target)
        move(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", fail)
        assert "the disk is full" in str(exported(Publication(True, "Published"), settings).warning)
    assert contents() != before
    make_warehouse(settings.warehouse_path, "b1")
    assert export(settings)
    assert contents() == before


def test_exports_follow_a_publication_and_can_be_switched_off(settings: Settings, tmp_path: Path) -> None:
    published = Publication(True, "Published", build_id="b1")
    assert exported(Publication(False, "Not published"), settings) == Publication(False, "Not published")
    assert not (tmp_path / "exports").exists()
    assert exported(published, settings).message == "Published, exported to exports"
    assert exported(published, settings).message == "Published, exports holds it already"

    def exports_path(**environment: str) -> Path | None:
        return Settings.from_environment(environment).exports_path

    assert exports_path() == Path("exports")
    assert exports_path(WAREHOUSE_PATH="out/w.duckdb") == Path("out/exports")
    assert exports_path(EXPORTS_PATH="elsewhere") == Path("elsewhere")
    for word in ("", "none", "off", "false"):
        assert exports_path(EXPORTS_PATH=word) is None


def test_csv_is_read_by_a_spreadsheet_and_runs_nothing(settings: Settings, tmp_path: Path) -> None:
    with open_warehouse(settings.warehouse_path) as connection:
        paths = write_csv(connection, tmp_path / "csv", ["fct_judgements", "dim_authority"])
        (long,) = write_csv(connection, tmp_path / "csv", ["reading_view_with_a_name_that_is_far_too_long"])
        with pytest.raises(WarehouseError, match="no relation nope"):
            write_csv(connection, tmp_path / "csv", ["nope"])
    assert paths == [tmp_path / "csv" / "fct_judgements.csv", tmp_path / "csv" / "dim_authority.csv"]
    assert paths[0].read_bytes().startswith(b"\xef\xbb\xbf")
    with paths[0].open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1] == ["j1", "r1", "E1", "good", "2020-03-31", "3", "1.5", "true"]
    with long.open(encoding="utf-8-sig", newline="") as file:
        texts = [row[0] for row in csv.reader(file)][1:]
    assert {"'=1+1", "'+44", "'-2", "'@SUM(A1)", "'\tx", NASTY[-1]} <= set(texts) and texts == sorted(texts, key=plain)


def test_a_csv_file_of_another_is_left(settings: Settings, tmp_path: Path) -> None:
    theirs = tmp_path / "dim_report.csv"
    theirs.write_text("name,place\nours,there\n")
    with open_warehouse(settings.warehouse_path) as connection:
        with pytest.raises(PublicationError, match=r"dim_report\.csv is there, and is not an export of dim_report"):
            write_csv(connection, tmp_path)
        assert theirs.read_text() == "name,place\nours,there\n"
        assert [path.name for path in tmp_path.glob("*.csv")] == ["dim_report.csv"]
        write_csv(connection, tmp_path / "csv")
        write_csv(connection, tmp_path / "csv")


def test_an_export_that_would_replace_another_s_file_is_the_exports_failure_alone(settings: Settings) -> None:
    assert settings.exports_path
    settings.exports_path.mkdir()
    theirs = settings.exports_path / "warehouse.xlsx"
    openpyxl.Workbook().save(theirs)
    before = theirs.read_bytes()
    publication = exported(Publication(published=True, message="Published"), settings)
    assert "warehouse.xlsx is there, and is not an export" in str(publication.warning)
    assert theirs.read_bytes() == before and os.listdir(settings.exports_path) == ["warehouse.xlsx"]


def test_a_missing_warehouse_is_named(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="no warehouse at"):
        export(Settings(warehouse_path=tmp_path / "no.duckdb", exports_path=tmp_path / "exports"))


def test_the_numbers_of_the_example_exports_are_the_marts(built: Project) -> None:
    folder = built.folder / "exports"
    workbook = openpyxl.load_workbook(folder / "warehouse.xlsx", read_only=True)
    assert {"latest_outcomes", "fct_judgements", "fct_inspections"} <= set(workbook.sheetnames)
    with duckdb.connect(str(built.published), read_only=True) as connection:
        ((build_id,),) = connection.sql("select build_id from build_info").fetchall()
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        assert build_id in (manifest["build_id"], manifest["also_holds_for_build_id"])
        for (name,) in connection.sql("select relation from build_relations").fetchall():
            if name.startswith("build_"):  # tells of builds
                assert not (folder / f"{name}.parquet").exists()
                continue
            same = f"(from main.{name} except all from '{folder / name}.parquet')"
            assert connection.sql(f"select count(*) from {same}").fetchall() == [(0,)], name
        for name in workbook.sheetnames[2:]:
            relation = connection.sql(f"select * from main.{name}")
            columns = relation.columns
            found = [tuple(as_excel(row[column]) for column in columns) for row in rows_of(workbook[name])]
            expected = [tuple(as_excel(value) for value in row) for row in relation.fetchall()]
            assert sorted(found, key=repr) == sorted(expected, key=repr), name
    workbook.close()


def as_excel(value: Any) -> Any:
    """Return a value as a workbook has it: days are times, and an empty text is no text."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return None if value == "" else value
