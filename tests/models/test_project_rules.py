"""The rules that models and their descriptions keep, by dbt's manifest and by the files that a build makes."""

from __future__ import annotations

import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from project import REPOSITORY, Project

PREFIXES = {"landing": ("landed_",), "staging": ("stg_",), "intermediate": ("int_",), "publish": ("published_",)}
SCALARS = {"varchar", "integer", "bigint", "double", "boolean", "date", "timestamp"}
# What a column's name promises of its type.
TYPES = (
    (r"(.*_date|.*_on|period_start|period_end|(in_use|reported)_(from|to)|in_existence_from)", "date"),
    (r"(is_.*|has_.*|attended)", "boolean"),
    (r"(.*page_number|page_count|paragraph_number|.*_rank)", "integer"),
    (r"(value|amount|size)", "double"),
    (r"(.*_id|.*_name|.*_code|.*grade|grade_.*_printed|quote|.*_quote|text|unit|qualifier|kind)", "varchar"),
)

# Of each layer's models, those of which others they may read; any may read seeds.
MAY_READ: dict[str, tuple[str, ...]] = {
    "landing": (),
    "staging": ("landing", "staging"),
    "intermediate": ("staging", "intermediate"),
    "marts": ("staging", "intermediate", "marts"),
    "checks": ("staging", "intermediate", "marts", "checks"),
    "publish": ("staging", "intermediate", "marts", "checks"),
}

MENTIONS = "every mention before any choice: the same words can be read twice, and a later model chooses"
DISCREPANCIES = "fct_discrepancies tests the key of them all"
ROWS_OF_A_KEY = "many rows of each key, by intent; the model that groups them is tested"
WITHOUT_KEY = {
    "published_build": "a test of it would run after the publication",
    "dim_year": "made of a range",
    "documents_to_review": "each row is a warning already",
    "stg_rejected_files": "a row a file name; landed_documents is tested, and rejected_documents is",
    "facts_set_aside": "what was refused can be there twice: that can be why it was",
    "int_authority_names": "one form can be several authorities': that is what it is for",
    "int_board_amounts": MENTIONS,
    "int_board_cells": ROWS_OF_A_KEY,
    "int_board_discrepancies": DISCREPANCIES,
    "int_board_money_totals": MENTIONS,
    "int_board_marks": MENTIONS,
    "int_board_wordings": MENTIONS,
    "int_comparable_figures": "fct_metric_observations tests its key",
    "int_comparable_grades": "fct_judgement_changes tests its key",
    "int_finding_recommendations": ROWS_OF_A_KEY,
    "int_figure_candidates": MENTIONS,
    "int_front_lines": MENTIONS,
    "int_judgement_discrepancies": DISCREPANCIES,
    "int_judgement_mentions": MENTIONS,
    "int_metric_conflicts": DISCREPANCIES,
    "int_metric_contradictions": DISCREPANCIES,
    "int_metric_matches": MENTIONS,
    "int_metric_mentions": "fct_metric_observations tests its key",
    "int_metric_patterns": "a wording has no name of its own",
    "int_metric_periods": MENTIONS,
    "int_number_contexts": "int_readings tests its key",
    "int_numbers": MENTIONS,
    "int_page_flows": "grouped by its key",
    "int_paragraph_discrepancies": DISCREPANCIES,
    "int_paragraph_gaps": DISCREPANCIES,
    "int_periods": MENTIONS,
    "int_report_dates": "int_reports tests its key",
    "int_report_frameworks": "int_reports tests its key",
    "int_row_counts": "grouped by its key",
    "int_topic_mentions": "fct_finding_topics and fct_recommendation_topics test its key",
}


@pytest.fixture(scope="module")
def manifest(built: Project) -> dict[str, Any]:
    return json.loads((built.folder / "target" / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def relations(built: Project) -> dict[tuple[str, str], dict[str, str]]:
    """The columns of each relation of the build file, with their types."""
    with duckdb.connect(str(built.folder / "build" / "warehouse.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() where not internal"
        ).fetchall()
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for schema, table, column, data_type in rows:
        found[schema, table][column] = data_type
    return found


def nodes(manifest: dict[str, Any], *types: str) -> Iterator[dict[str, Any]]:
    return (node for node in manifest["nodes"].values() if node["resource_type"] in types)


def layer(node: dict[str, Any]) -> str:
    return node["path"].replace("\\", "/").split("/")[0]


def room(node: dict[str, Any]) -> str:
    return node["path"].replace("\\", "/").split("/")[-2]


def is_published(node: dict[str, Any]) -> bool:
    return node["schema"] == "main"


def parents(manifest: dict[str, Any], node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (manifest["nodes"][parent] for parent in node["depends_on"]["nodes"] if parent in manifest["nodes"])


def test_a_description_says_first_what_a_row_is(manifest: dict[str, Any]) -> None:
    wrong = [
        node["name"] for node in nodes(manifest, "model", "seed") if not node["description"].startswith("One row per ")
    ]
    assert not wrong, f"these have no description that starts with One row per: {wrong}"


def test_the_columns_described_are_those_that_are_built(
    manifest: dict[str, Any], relations: dict[tuple[str, str], dict[str, str]]
) -> None:
    wrong = {}
    for node in nodes(manifest, "model", "seed"):
        described = {name for name, column in node["columns"].items() if column["description"].strip()}
        built = set(relations.get((node["schema"], node["alias"]), {}))
        if described != built:
            wrong[node["name"]] = {
                "not described": sorted(built - described),
                "not built": sorted(described - built),
            }
    assert not wrong, wrong


def test_each_model_and_seed_has_a_yaml_of_its_own_beside_it(manifest: dict[str, Any]) -> None:
    wrong = [
        node["name"]
        for node in nodes(manifest, "model", "seed")
        if Path((node["patch_path"] or "").split("://")[-1]).as_posix()
        != Path(node["original_file_path"]).with_suffix(".yml").as_posix()
    ]
    assert not wrong, f"described elsewhere, or nowhere: {wrong}"


def test_a_models_name_is_that_of_its_layer(manifest: dict[str, Any]) -> None:
    every = tuple(prefix for prefixes in PREFIXES.values() for prefix in prefixes)
    for node in nodes(manifest, "model"):
        own = PREFIXES.get(layer(node))
        if own:
            assert node["name"].startswith(own), f"{node['name']} lies in {layer(node)}"
        else:
            assert layer(node) in ("marts", "checks"), node["path"]
            is_inner = node["schema"] == "intermediate"
            assert is_inner == node["name"].startswith(every), f"{node['name']} is published with another layer's name"


def test_layers_read_only_what_is_below_them(manifest: dict[str, Any]) -> None:
    for node in nodes(manifest, "model"):
        for parent in parents(manifest, node):
            if parent["resource_type"] == "model":
                edge = f"{node['name']} ({layer(node)}) reads {parent['name']} ({layer(parent)})"
                assert layer(parent) in MAY_READ[layer(node)], edge
                if layer(node) == layer(parent) == "intermediate":
                    assert room(parent) in ("documents", room(node)), edge


def test_models_by_document_say_where_they_read_documents(manifest: dict[str, Any]) -> None:
    by_document = {
        node["name"]: node["config"]["meta"]["by_document"]
        for node in nodes(manifest, "model")
        if "by_document" in node["config"]["meta"]
    }
    for node in nodes(manifest, "model"):
        read = re.findall(r"documents_of\(ref\('(\w+)'\)(?:, '([^']+)')?\)", node["raw_code"])
        if node["name"] not in by_document:
            assert not read, f"{node['name']} is not by_document: it reads all documents"
            continue
        others = re.findall(r"(?<!documents_of\()ref\('(\w+)'\)", node["raw_code"])
        unsaid = set(others) & set(by_document)
        assert not unsaid, f"{node['name']}: read {unsaid} as documents_of(ref('…')), so that only some can be made"
        for parent, told in read:
            assert (told or "report_id") == by_document.get(parent), f"{node['name']} reads {parent} by another column"


def test_marts_keep_a_contract_of_scalar_types(
    manifest: dict[str, Any], relations: dict[tuple[str, str], dict[str, str]]
) -> None:
    wrong = []
    for node in nodes(manifest, "model"):
        if not is_published(node):
            continue
        if not node["config"]["contract"]["enforced"]:
            wrong.append(f"{node['name']} has no contract")
        built = relations[node["schema"], node["alias"]]
        for name, column in node["columns"].items():
            declared = (column["data_type"] or "").lower()
            if declared not in SCALARS or built.get(name, declared).lower() != declared:
                wrong.append(f"{node['name']}.{name} is declared {declared or 'as nothing'}, built {built.get(name)}")
            expected = next((kind for pattern, kind in TYPES if re.fullmatch(pattern, name)), declared)
            if declared != expected:
                wrong.append(f"{node['name']}.{name} is {declared}, its name says {expected}")
    assert not wrong, wrong


def test_each_model_has_a_key_or_a_reason(manifest: dict[str, Any]) -> None:
    keyed = {
        node["attached_node"]
        for node in nodes(manifest, "test")
        if (node.get("test_metadata") or {}).get("name") in ("key", "unique")
    }
    without = {node["name"] for node in nodes(manifest, "model") if node["unique_id"] not in keyed}
    assert not without - set(WITHOUT_KEY), "give each of these a key test, or a reason here"
    assert not set(WITHOUT_KEY) - without, "these have a key test, or are gone: take their reasons out"


def test_each_published_relation_and_column_carries_a_comment(built: Project) -> None:
    """What a client shows beside a table or a column; the tables behind the search are not for people."""
    assert (
        built.query("""
        select table_name, null
        from duckdb_tables()
        where schema_name = 'main' and coalesce(trim(comment), '') = ''
        union all
        select table_name, column_name
        from duckdb_columns()
        where schema_name = 'main' and not internal and coalesce(trim(comment), '') = ''
    """)
        == []
    )


def test_the_published_descriptions_are_those_of_the_models(built: Project, manifest: dict[str, Any]) -> None:
    published = dict(built.query("select table_name, comment from duckdb_tables() where schema_name = 'main'"))
    for node in nodes(manifest, "model"):
        if is_published(node):
            assert published[node["name"]] == node["description"].strip()


def test_exposures_name_what_they_show(manifest: dict[str, Any]) -> None:
    exposures = {exposure["name"]: exposure for exposure in manifest["exposures"].values()}
    assert set(exposures) == {"published_file", "exports", "website"}
    marts = {node["name"] for node in nodes(manifest, "model") if is_published(node)}
    # What the site says that it reads; the file's own build_ relations are no models.
    contract = (REPOSITORY / "website" / "contract.sql").read_text(encoding="utf-8")
    read = marts & set(re.findall(r"^create table (\w+)", contract, re.MULTILINE))
    shown = {node.split(".")[-1] for node in exposures["website"]["depends_on"]["nodes"]}
    assert shown == read, f"models/exposures.yml: add {sorted(read - shown)}, take out {sorted(shown - read)}"
    for name in ("published_file", "exports"):
        assert exposures[name]["depends_on"]["nodes"] == ["model.childrens_services_warehouse.published_build"]


@pytest.mark.slow
def test_the_documentation_is_one_file_made_by_one_command(
    built: Project, manifest: dict[str, Any], tmp_path: Path
) -> None:
    project = built.copy(tmp_path / "project")
    shutil.copytree(REPOSITORY / "analyses", project.folder / "analyses")
    process = project.start("docs", "generate", "--static")
    printed = process.communicate(timeout=300)[0]
    assert process.returncode == 0, printed
    page = (project.folder / "target" / "static_index.html").read_text(encoding="utf-8")
    for node in nodes(manifest, "model", "seed"):
        assert json.dumps(node["unique_id"]) in page
    for analysis in (REPOSITORY / "analyses").glob("*.sql"):
        assert f'"analysis.childrens_services_warehouse.{analysis.stem}"' in page
    assert not re.search(r"<(script|link)[^>]+(src|href)=.https?:", page), "it loads from another host"
