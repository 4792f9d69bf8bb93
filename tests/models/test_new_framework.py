"""A kind of document that nobody has seen is rows of seeds: it is recognised, dated, graded, compared and shown."""

from __future__ import annotations

import csv
from pathlib import Path

from project import EXAMPLES, Project

from website.build import build_site

# What an analyst writes of it: the columns that say something, by seed.
ROWS = {
    "documents/frameworks": {
        "framework_id": "family_services",
        "framework_name": "Inspection of family services",
        "short_name": "Family services inspection",
        "abbreviation": "FSI",
        "document_type": "inspection report",
        "has_typed_facts": "true",
        "figures_are_read": "true",
        "grade_scale_id": "grades",
        "in_use_from": "2025-01-01",
        "dated_by": "inspection",
        "default_part": "authority",
        "grades_are_compared": "true",
        "front_names_parts": "false",
        "areas_part_lists": "false",
        "findings_have_own_headings": "false",
        "findings_are_prose": "false",
        "asks_stand_in_tables": "false",
        "lead_signs": "true",
    },
    "documents/framework_patterns": {
        "priority": "5",
        "framework_id": "family_services",
        "title_pattern": "inspection of [a-z ]*family services",
        "within_characters": "3000",
    },
    "grades/judgement_areas": {
        "framework_id": "family_services",
        "judgement_area_id": "overall_effectiveness",
        "judgement_area_name": "Overall effectiveness of family services",
        "comparable_area": "overall",
        "is_required": "true",
    },
    "grades/judgement_area_patterns": {
        "framework_id": "family_services",
        "judgement_area_id": "overall_effectiveness",
        "place": "front",
        "priority": "10",
        "keyword": "family services",
        "pattern": "family services in \\w+ are",
    },
}
REPORT = """Brackwater Metropolitan Borough Council

Inspection of Brackwater family services

Inspection dates: 8 March 2025 to 19 March 2025

Lead inspector: Ann Lee

Family services in Brackwater are good

What needs to improve

- The timeliness of return home interviews.
"""


def test_a_framework_is_rows_alone(tmp_path: Path) -> None:
    project = Project(tmp_path / "project")
    for seed, values in ROWS.items():
        path = project.folder / "seeds" / f"{seed}.csv"
        with path.open(newline="", encoding="utf-8") as lines:
            columns = next(csv.reader(lines))
        assert set(values) <= set(columns), f"{seed} has no such column"
        with path.open("a", newline="", encoding="utf-8") as lines:
            csv.DictWriter(lines, columns, lineterminator="\n").writerow(values)
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "family-services.txt").write_text(REPORT, "utf-8")
    (reports / "before.pdf").write_bytes((EXAMPLES / "70000006.pdf").read_bytes())
    project.build(reports=reports, EXPORTS_PATH="none")

    assert project.query("""
        select
            authorities.authority_name, inspections.inspection_end_date::varchar, inspections.overall_grade,
            inspections.previous_overall_grade, inspections.overall_change, recommendations.text
        from fct_inspections as inspections
        inner join dim_authority as authorities using (authority_id)
        inner join latest_outcomes using (report_id)
        inner join fct_recommendations as recommendations using (report_id)
        where inspections.framework_id = 'family_services'
    """) == [
        ("Brackwater", "2025-03-19", "good", "inadequate", "improved", "The timeliness of return home interviews.")
    ]
    build_site(project.published, tmp_path / "site")
    assert "Family services inspection" in (tmp_path / "site" / "documents" / "index.html").read_text("utf-8")
    assert ">FSI<" in (tmp_path / "site" / "index.html").read_text("utf-8")
