"""The wide tables have the columns that the sector's own summary sheets have, name by name, and say what facts do."""

from __future__ import annotations

import pytest
from project import Project

from website.wording import stem

# The names as published, in their order. Of two names of the ONS code in versions of the overview, ours is ltla23cd.
PEER_COLUMNS = {
    "ilacs_overview": """
        urn la_code region_code ltla23cd stat_neighbours stat_neighbour_judgement local_authority inspection_link
        overall_effectiveness_grade inspection_framework inspector_name inspection_start_date inspection_end_date
        publication_date local_link_to_all_inspections impact_of_leaders_grade help_and_protection_grade in_care_grade
        care_leavers_grade inspectors_inspections_count
    """,
    "ilacs_history": """
        urn local_authority inspection_link pdf_filename publication_date inspection_framework inspector_name
        inspection_start_date inspection_end_date overall_effectiveness_grade impact_of_leaders_grade
        help_and_protection_grade in_care_grade care_leavers_grade parser_version
    """,
    "area_send_overview": """
        urn la_code region_code ltla23cd stat_neighbours local_authority inspection_link outcome_grade
        previous_inspection_date inspection_start_date inspection_end_date publication_date next_inspection
        next_inspection_by_date local_link_to_all_inspections inspection_outcome_text
    """,
    "jtai_overview": """
        urn la_code region_code ltla23cd stat_neighbours local_authority inspection_link inspection_start_date
        publication_date local_link_to_all_inspections inspection_theme summary_priority_action summary_improvement
        summary_key_strengths summary_headline_findings summary_needs_to_improve case_study_title summary_case_study
    """,
}
OVERVIEWS = [name for name in PEER_COLUMNS if name.endswith("overview")]
# A column of the wide tables, and the area of fct_judgement_changes and the rest whose grade it holds.
AREAS = {
    "overall_effectiveness_grade": "overall",
    "impact_of_leaders_grade": "leadership",
    "help_and_protection_grade": "help_and_protection",
    "in_care_grade": "children_in_care",
    "care_leavers_grade": "care_leavers",
}


@pytest.mark.parametrize("relation", PEER_COLUMNS)
def test_columns_are_the_peers_and_the_document(built: Project, relation: str) -> None:
    columns = built.query(
        f"select column_name from duckdb_columns() where table_name = '{relation}' and schema_name = 'main' "
        "order by column_index"
    )
    assert [name for (name,) in columns] == [*PEER_COLUMNS[relation].split(), "report_id"]


def test_every_inspection_has_a_row_with_its_grades(built: Project) -> None:
    rows = built.query(
        """
        select history.report_id, area.comparable_area, history.grade
        from (
            unpivot (select report_id, columns('.*_grade') from ilacs_history)
            on columns('.*_grade') into name area_column value grade
        ) as history
        inner join (select unnest($columns) as area_column, unnest($areas) as comparable_area) as area
            using (area_column)
        where history.grade not like 'Not reported%'
        """.replace("$columns", str([*AREAS])).replace("$areas", str([*AREAS.values()]))
    )
    facts = built.query(
        """
        select judgements.report_id, areas.comparable_area, judgements.grade
        from fct_judgements as judgements
        inner join dim_judgement_area as areas using (framework_id, judgement_area_id)
        where
            areas.comparable_area is not null
            and judgements.report_id in (select report_id from ilacs_history)
        """
    )
    assert len(rows) >= 12
    assert sorted(rows) == sorted(facts)
    listed = built.query("select report_id from ilacs_history")
    assert sorted(listed) == sorted(built.query("select report_id from fct_inspections where framework_id = 'ilacs'"))
    assert ("Not reported (2026 framework)",) in built.query("select overall_effectiveness_grade from ilacs_history")


def test_an_overview_holds_the_newest_inspection_of_each_authority(built: Project) -> None:
    standing = "select authority_id from dim_authority where is_current and authority_type != 'Country'"
    assert built.query(f"({standing}) except (select ltla23cd from ilacs_overview)") == []
    for relation, framework in zip(OVERVIEWS, ("ilacs", "area_send", "jtai"), strict=True):
        newest = built.query(
            f"""
            select authority_id, max_by(report_id, inspection_start_date)
            from dim_report where framework_id = '{framework}' and is_primary group by authority_id
            """
        )
        rows = built.query(f"select ltla23cd, report_id from {relation} where report_id is not null")
        assert newest and sorted(rows) == sorted(newest), relation


def test_the_outcome_of_an_area_is_its_place_on_the_scale(built: Project) -> None:
    rows = built.query(
        """
        select overview.outcome_grade, grades.grade_rank::varchar, overview.inspection_outcome_text, judgements.quote
        from area_send_overview as overview
        inner join fct_judgements as judgements using (report_id)
        inner join dim_grade as grades using (grade)
        """
    )
    assert rows and all(outcome == rank and text == quote for outcome, rank, text, quote in rows)


def test_links_lead_to_pages_of_the_site(built: Project) -> None:
    for relation in OVERVIEWS:
        links = built.query(
            f"select ltla23cd, local_link_to_all_inspections from {relation} where report_id is not null"
        )
        assert links == [(authority, f"authorities/{stem(authority)}.html") for authority, _ in links]
