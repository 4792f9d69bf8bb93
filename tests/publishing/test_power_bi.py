"""The Power BI project: every exported relation as it is, and relationships that hold and leave one way between two."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest
from project import REPOSITORY, Project

GUIDE = (REPOSITORY / "docs" / "bi-tools.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(built: Project) -> Path:
    return built.folder / "exports" / "power-bi"


@pytest.fixture(scope="module")
def model(folder: Path) -> dict[str, Any]:
    text = (folder / "warehouse.SemanticModel" / "model.bim").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)["model"]
    return content


def test_every_parquet_file_is_a_table_with_its_columns_and_types(folder: Path, model: dict[str, Any]) -> None:
    kinds = {
        "string": "VARCHAR",
        "int64": "INTEGER|BIGINT",
        "double": "DOUBLE",
        "boolean": "BOOLEAN",
        "dateTime": "DATE|TIMESTAMP",
    }
    files = {path.stem: path for path in folder.parent.glob("*.parquet")}
    assert {table["name"] for table in model["tables"]} == set(files)
    for table in model["tables"]:
        relation = duckdb.sql(f"from '{files[table['name']]}'")
        assert [column["sourceColumn"] for column in table["columns"]] == relation.columns
        for column, data_type in zip(table["columns"], relation.types, strict=True):
            assert re.fullmatch(kinds[column["dataType"]], str(data_type)), (table["name"], column["name"])
        (partition,) = table["partitions"]
        assert f'Exports & "\\{table["name"]}.parquet"' in "".join(partition["source"]["expression"])


def test_relationships_hold(built: Project, model: dict[str, Any]) -> None:
    found = model["relationships"]
    assert len(found) > 40 and len({each["name"] for each in found}) == len(found)
    for each in found:
        many, one, column = each["fromTable"], each["toTable"], each["toColumn"]
        assert each["fromColumn"] == column
        assert not built.query(
            f"select {column} from {one} group by {column} having count(*) > 1 or {column} is null"
        ), each["name"]
        assert not built.query(
            f"select 1 from {many} as many anti join {one} as one using ({column}) where many.{column} is not null"
        ), each["name"]


def test_filters_have_one_way_between_two_tables(model: dict[str, Any]) -> None:
    """Power BI refuses a model in which they have two."""
    edges = [(each["toTable"], each["fromTable"]) for each in model["relationships"] if each.get("isActive", True)]

    def ways(start: str) -> Counter[str]:
        found: Counter[str] = Counter()
        for one, many in edges:
            if one == start:
                found[many] += 1
                found += ways(many)
        return found

    for table in {one for one, _ in edges}:
        assert max(ways(table).values()) == 1, table


def test_the_relationships_of_the_guide_are_drawn(model: dict[str, Any]) -> None:
    told = re.findall(r"^\| `(\w+)\.(\w+)` \| `(\w+)\.(\w+)` \|$", GUIDE, re.MULTILINE)
    drawn = {(each["fromTable"], each["fromColumn"], each["toTable"]): each for each in model["relationships"]}
    # that are drawn in another way: by the document, which a change of a judgement has as its inspection has
    other = {("fct_judgement_changes", "report_id", "fct_inspections")}
    assert len(told) > 25
    assert {(many, column, one) for many, column, one, _ in told} - other <= set(drawn)
    inactive = {name for name, each in drawn.items() if not each.get("isActive", True)}
    assert ("dim_report", "authority_id", "dim_authority") in inactive


def test_the_query_names_every_table_and_no_place_of_the_machine(folder: Path, model: dict[str, Any]) -> None:
    query = (folder / "tables.pq").read_text(encoding="utf-8")
    for table in model["tables"]:
        assert f'        "{table["name"]}"' in query
    assert 'Exports = "C:\\exports",' in query
    assert [each["expression"] for each in model["expressions"]] == [
        '"C:\\exports" meta [IsParameterQuery=true, Type="Text", IsParameterQueryRequired=true]'
    ]
    for path in folder.rglob("*"):
        assert path.is_dir() or str(folder.parents[1]) not in path.read_text(encoding="utf-8")


def test_the_parts_of_the_project_point_at_each_other(folder: Path) -> None:
    project = json.loads((folder / "warehouse.pbip").read_text("utf-8"))
    (artifact,) = project["artifacts"]
    report = folder / artifact["report"]["path"]
    definition = json.loads((report / "definition.pbir").read_text("utf-8"))
    assert (report / definition["datasetReference"]["byPath"]["path"] / "model.bim").is_file()
    assert json.loads((report / "report.json").read_text("utf-8"))["sections"]
