"""Power BI: a project that loads every exported relation with its relationships, and the same as one query.

All is made of the relations as they are published, so that it names none that is not there. The project is a Power BI
project (PBIP): its model is a TMSL script, which other tools read, too. Where the exports lie is its one parameter.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loaders.ownership import MARK
from loaders.publishing.exported import Exported

FOLDER = "power-bi"
MODEL = f"{FOLDER}/warehouse.SemanticModel/model.bim"
PLACE = "C:\\exports"  # of the machine nothing is told: whoever opens the project says where the exports lie
# The one sides, by the column that is their key and has the same name where it points at them; the nearest first.
KEYS = (
    ("dim_report", "report_id"),
    ("dim_authority", "authority_id"),
    ("dim_framework", "framework_id"),
    ("dim_metric", "metric_id"),
    ("dim_year", "year_id"),
    ("dim_grade", "grade"),
    ("dim_topic", "topic_id"),
    ("dim_visit_subject", "subject_id"),
    ("fct_recommendations", "recommendation_id"),
    ("fct_findings", "finding_id"),
    ("fct_metric_observations", "observation_id"),
)
TYPES = {
    "VARCHAR": "string",
    "INTEGER": "int64",
    "BIGINT": "int64",
    "DOUBLE": "double",
    "BOOLEAN": "boolean",
    "DATE": "dateTime",
    "TIMESTAMP": "dateTime",
}


@dataclass(frozen=True)
class Relationship:
    """Rows of `many` point by a column at the one row of `one` that has the same there.

    is_active: whether filters go by it; of several ways from one relation to another only one can be.
    """

    many: str
    one: str
    column: str
    is_active: bool


def relationships(relations: Sequence[Exported]) -> list[Relationship]:
    """Return the relationships of the relations by their columns' names.

    Facts' come before dimensions', but for the kind of document, which facts reach by their document: not all name it.
    """
    columns = {relation.name: {name for name, _, _ in relation.columns} for relation in relations}
    wanted = [
        (many, one, column)
        for one, column in KEYS
        for many in columns
        if one in columns and many != one and column in columns[many] and column in columns[one]
    ]
    by_document = ("dim_report", "dim_framework")
    wanted.sort(key=lambda found: (found[:2] != by_document, found[0].startswith("dim_"), found[1].startswith("fct_")))
    found: list[Relationship] = []
    reached: dict[str, set[str]] = defaultdict(set)  # what a relation's filter reaches
    for many, one, column in wanted:
        above = {one, *(relation for relation in columns if one in reached[relation])}
        below = {many, *reached[many]}
        is_active = not any(reached[upper] & below for upper in above)
        if is_active:
            for upper in above:
                reached[upper] |= below
        found.append(Relationship(many, one, column, is_active))
    return found


def write_power_bi(relations: Sequence[Exported], new: Callable[[str], Path]) -> list[str]:
    """Write the files of the project and the query; return their names in the exports.

    Args:
        relations: what is exported.
        new: gives the path to write a file of a name to.
    """
    related = relationships(relations)
    texts = {
        f"{FOLDER}/warehouse.pbip": as_json(
            {
                "version": "1.0",
                "artifacts": [{"report": {"path": "warehouse.Report"}}],
                "settings": {"enableAutoRecovery": True},
            }
        ),
        MODEL: as_json(model(relations, related)),
        f"{FOLDER}/warehouse.SemanticModel/definition.pbism": as_json({"version": "1.0", "settings": {}}),
        f"{FOLDER}/warehouse.Report/definition.pbir": as_json(
            {"version": "1.0", "datasetReference": {"byPath": {"path": "../warehouse.SemanticModel"}}}
        ),
        f"{FOLDER}/warehouse.Report/report.json": as_json(report()),
        f"{FOLDER}/tables.pq": query(relations, related),
    }
    for name, text in texts.items():
        new(name).write_text(text, encoding="utf-8", newline="\n")
    return list(texts)


def is_ours(path: Path) -> bool:
    """Say whether a model is one that this project has written."""
    try:
        return MARK in path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False


def as_json(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def model(relations: Sequence[Exported], related: Sequence[Relationship]) -> dict[str, Any]:
    """Return the model: a table a relation, read from its Parquet file, and the relationships."""
    place = json.dumps(PLACE, ensure_ascii=False).replace("\\\\", "\\")
    return {
        "name": "warehouse",
        "compatibilityLevel": 1567,
        "model": {
            "culture": "en-GB",
            "dataAccessOptions": {"legacyRedirects": True, "returnErrorValuesAsNull": True},
            "defaultPowerBIDataSourceVersion": "powerBI_V3",
            "sourceQueryCulture": "en-GB",
            "tables": [table(relation) for relation in relations],
            "relationships": [
                {
                    "name": f"{each.many} {each.column} {each.one}",
                    "fromTable": each.many,
                    "fromColumn": each.column,
                    "toTable": each.one,
                    "toColumn": each.column,
                    **({} if each.is_active else {"isActive": False}),
                }
                for each in related
            ],
            "expressions": [
                {
                    "name": "Exports",
                    "kind": "m",
                    "description": "The folder that holds the Parquet files",
                    "expression": f'{place} meta [IsParameterQuery=true, Type="Text", IsParameterQueryRequired=true]',
                }
            ],
            "annotations": [{"name": MARK, "value": "made of the exports, and made again with them"}],
        },
    }


def table(relation: Exported) -> dict[str, Any]:
    return {
        "name": relation.name,
        "description": relation.description,
        "columns": [
            {
                "name": name,
                "dataType": TYPES.get(data_type, "string"),
                "sourceColumn": name,
                "summarizeBy": "none",
                "description": description,
                **({"formatString": "Short Date"} if data_type == "DATE" else {}),
            }
            for name, data_type, description in relation.columns
        ],
        "partitions": [
            {
                "name": relation.name,
                "mode": "import",
                "source": {
                    "type": "m",
                    "expression": [
                        "let",
                        f'    Source = Parquet.Document(File.Contents(Exports & "\\{relation.name}.parquet"))',
                        "in",
                        "    Source",
                    ],
                },
            }
        ],
    }


def report() -> dict[str, Any]:
    """Return an empty report of one page."""
    return {
        "config": json.dumps({"version": "5.43", "activeSectionIndex": 0}),
        "layoutOptimization": 0,
        "sections": [
            {
                "name": "ReportSection",
                "displayName": "Page 1",
                "displayOption": 1,
                "height": 720,
                "width": 1280,
                "config": "{}",
                "filters": "[]",
                "visualContainers": [],
            }
        ],
    }


def query(relations: Sequence[Exported], related: Sequence[Relationship]) -> str:
    """Return the same as one query of Power Query (M): a row a relation, with its table."""
    return "\n".join(lines_of_query(relations, related)) + "\n"


def lines_of_query(relations: Sequence[Exported], related: Sequence[Relationship]) -> Iterator[str]:
    yield "// Every exported relation of the Children's Services Warehouse, a row each: paste this into an empty query"
    yield "// (Home > Advanced Editor), say where the exports lie, and add each table that you need as a new query."
    yield "// Relationships, each from many to one:"
    for each in related:
        aside = "" if each.is_active else "  (inactive: there is another way)"
        yield f"//   {each.many}[{each.column}] -> {each.one}[{each.column}]{aside}"
    yield "let"
    yield f'    Exports = "{PLACE}",'
    yield "    Names = {"
    yield ",\n".join(f'        "{relation.name}"' for relation in relations)
    yield "    },"
    yield '    Read = (name) => Parquet.Document(File.Contents(Exports & "\\" & name & ".parquet")),'
    yield '    Tables = Table.FromRows(List.Transform(Names, each {_, Read(_)}), {"Name", "Data"})'
    yield "in"
    yield "    Tables"
