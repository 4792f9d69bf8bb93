"""What the page that sets authorities side by side reads: a script for each authority and region with its cells.

A cell is what it says, where it leads, the class of its grade and what stands small beside it; empty ends are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from statistics import median
from typing import TYPE_CHECKING
from urllib.parse import quote

from website import standing, wording
from website.figures import grouped
from website.search import assignment
from website.warehouse import Row

if TYPE_CHECKING:
    from website.pages import Site


@dataclass(frozen=True)
class Cell:
    text: str
    path: str = ""
    mark: str = ""
    beside: str = ""

    def packed(self) -> list[str]:
        parts = [self.text, self.path, self.mark, self.beside]
        while not parts[-1] and len(parts) > 1:
            parts.pop()
        return parts


@dataclass(frozen=True)
class Section:
    """Rows under a heading: each its id and its label."""

    title: str
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Compared:
    """An authority or a region: the name of its script, its own name, what it is, and its cells by the ids of rows."""

    key: str
    name: str
    note: str
    cells: dict[str, Cell] = field(default_factory=dict)


class Comparison:
    """The cells of all authorities and regions, made of what a site shows."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def scripts(self) -> Iterator[tuple[str, str]]:
        """The scripts' paths and texts: one with the rows and all that can be compared, and one for each of these."""
        known = []
        for one in self.compared():
            known.append([one.key, one.name])
            cells = {row: cell.packed() for row, cell in one.cells.items()}
            told = {"name": one.name, "note": one.note, "cells": cells}
            yield f"compare/data/{one.key}.js", assignment(f"SITE_COMPARED_{one.key}", told)
        rows = [[section.title, [list(row) for row in section.rows]] for section in self.sections()]
        yield "compare/data/rows.js", assignment("SITE_COMPARE", {"sections": rows, "known": known})

    def sections(self) -> list[Section]:
        depth = max((len(rows) for rows in self._overall_history.values()), default=0)
        before = ["Newest", *(f"{number} before" for number in range(1, depth))]
        return [
            Section("Newest grades", [(f"grade-{area}", name) for area, name in self.site.areas.items()]),
            Section(
                "Overall effectiveness over time", [(f"overall-{place}", name) for place, name in enumerate(before)]
            ),
            Section(
                "Newest visit",
                [("visit", "Of any kind"), ("asked", "Asked for in it"), ("due", "Next inspection due by")],
            ),
            Section(
                "Figures, the newest of each",
                [(f"metric-{row['metric_id']}", row["metric_name"]) for row in self.site.rows["metrics"]],
            ),
            Section(
                "Recommendations by topic, all years",
                [(f"topic-{row['topic_id']}", row["topic_name"]) for row in self.site.rows["topics"]],
            ),
        ]

    @cached_property
    def _overall_history(self) -> dict[str, list[Row]]:
        """The overall grades of each authority, the newest first."""
        found: dict[str, list[Row]] = {}
        for document in self.site.primary_documents:
            for row in self.site.judgements.get(document["report_id"], []):
                if row["comparable_area"] == standing.OVERALL and document["document_date"]:
                    found.setdefault(document["authority_id"], []).append(row)
        return found

    @cached_property
    def _newest_values(self) -> dict[str, dict[str, list[Row]]]:
        """Of each authority its values by metric, year by year."""
        return {
            authority_id: grouped(rows, "metric_id")
            for authority_id, rows in grouped(self.site.rows["values"], "authority_id").items()
        }

    @cached_property
    def _topics_asked(self) -> dict[str, Counter[str]]:
        """Of each authority how many recommendations speak of each topic."""
        counts: dict[str, Counter[str]] = {}
        for document in self.site.primary_documents:
            for row in self.site.recommendations.get(document["report_id"], []):
                topics = self.site.topic_ids.get(row["recommendation_id"], [])
                counts.setdefault(document["authority_id"], Counter()).update(topics)
        return counts

    def compared(self) -> Iterator[Compared]:
        visits = grouped(self.site.rows["visits"], "authority_id")
        for authority_id, row in self.site.authorities.items():
            if self.site.has_page(authority_id):
                cells = {**self._graded_cells(row), **self._visit_cells(visits.get(authority_id, []))}
                cells |= {**self._figure_cells(authority_id), **self._topic_cells(row)}
                note = ", ".join(part for part in (row["authority_type"], row["region_name"]) if part)
                yield Compared(wording.stem(authority_id), row["authority_name"], note, cells)
        for region, rows in grouped([row for row in self.site.current if row["region_name"]], "region_name").items():
            if any(self.site.has_page(row["authority_id"]) for row in rows):
                note = f"{len(rows)} authorities: how many hold each grade, the median of their newest values"
                yield Compared(
                    wording.stem(f"region-{wording.css_class(region)}"),
                    f"Region: {region}",
                    note,
                    self._region_cells(rows),
                )

    def _graded_cells(self, authority: Row) -> dict[str, Cell]:
        """The newest grade of each area, and the overall ones back in time."""
        cells = {}
        newest: dict[str, Row] = {}
        for document in self._primary_documents_of.get(authority["authority_id"], []):
            for row in self.site.judgements.get(document["report_id"], []):
                if row["comparable_area"] and document["document_date"]:
                    newest.setdefault(row["comparable_area"], row)
        for area, row in newest.items():
            cells[f"grade-{area}"] = _grade_cell(row)
        status = authority["overall_status"]
        if (last := cells.get(f"grade-{standing.OVERALL}")) and status != "given":
            # Later inspections have left it behind.
            cells[f"grade-{standing.OVERALL}"] = replace(last, beside=f"{last.beside}, {status} since")
        for place, row in enumerate(self._overall_history.get(authority["authority_id"], [])):
            cells[f"overall-{place}"] = _grade_cell(row)
        return cells

    @cached_property
    def _primary_documents_of(self) -> dict[str, list[Row]]:
        return grouped(self.site.primary_documents, "authority_id")

    def _visit_cells(self, visits: Sequence[Row]) -> dict[str, Cell]:
        if not visits or visits[0]["report_id"] not in self.site.documents:
            return {}
        document = self.site.documents[visits[0]["report_id"]]
        path = f"documents/{wording.stem(document['report_id'])}.html"
        due = self.site.next_due(visits)
        return {
            "visit": Cell(document["what"], path, "", wording.short_day(document["document_date"])),
            "asked": Cell(str(visits[0]["recommendation_count"] or 0)),
            "due": Cell(wording.short_day(due["next_inspection_by"]) if due else "–"),
        }

    def _figure_cells(self, authority_id: str) -> dict[str, Cell]:
        """The newest value of each metric, and beside it its year and the value before."""
        cells = {}
        for metric_id, rows in self._newest_values.get(authority_id, {}).items():
            if metric_id not in self.site.metrics:
                continue
            unit = self.site.metrics[metric_id]["unit"]
            told = [rows[-1]["year_id"], *(f"{wording.stated(row, unit)} in {row['year_id']}" for row in rows[-2:-1])]
            path = f"documents/{wording.stem(rows[-1]['report_id'])}.html#{rows[-1]['observation_id']}"
            cells[f"metric-{metric_id}"] = Cell(wording.stated(rows[-1], unit), path, "", "; ".join(told))
        return cells

    def _topic_cells(self, authority: Row) -> dict[str, Cell]:
        cells = {}
        for topic_id, count in self._topics_asked.get(authority["authority_id"], Counter()).items():
            asked = f"topic={wording.stem(topic_id)}&kind=r&authority={quote(authority['authority_name'])}"
            cells[f"topic-{topic_id}"] = Cell(str(count), f"search/index.html#{asked}")
        return cells

    def _region_cells(self, authorities: Sequence[Row]) -> dict[str, Cell]:
        cells = {}
        for area in self.site.areas:
            held = Counter(
                row.get("last_overall_grade" if area == standing.OVERALL else f"{area}_grade") for row in authorities
            )
            told = [f"{held[grade.name]} {grade.name}" for grade in self.site.scale if held[grade.name]]
            if told:
                cells[f"grade-{area}"] = Cell(", ".join(told))
        for metric_id, metric in self.site.metrics.items():
            found = [self._newest_values.get(row["authority_id"], {}).get(metric_id) for row in authorities]
            values = [rows[-1]["value"] for rows in found if rows and rows[-1]["value"] is not None]
            if values:
                cells[f"metric-{metric_id}"] = Cell(
                    wording.measure(median(values), metric["unit"], 1), beside=f"median of {len(values)}"
                )
        with_page = [row["authority_id"] for row in authorities if self.site.has_page(row["authority_id"])]
        totals: Counter[str] = sum((self._topics_asked.get(one, Counter()) for one in with_page), Counter())
        for topic_id, count in totals.items():
            cells[f"topic-{topic_id}"] = Cell(wording.number(count / len(with_page), 1), beside="each, on average")
        return cells


def _grade_cell(row: Row) -> Cell:
    path = f"documents/{wording.stem(row['report_id'])}.html#{row['judgement_id']}"
    return Cell(
        wording.capital(row["grade"]),
        path,
        f"grade-{wording.css_class(row['grade'])}",
        wording.short_day(row["document_date"]),
    )
