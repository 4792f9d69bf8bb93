"""The pages of the site: for each its path, its template and what stands on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any
from urllib.parse import quote

from website import charts, standing, wording
from website.accuracy import measured
from website.charts import Chart, Column, Grade, Key, Lane
from website.compare import Comparison
from website.figures import (
    Figure,
    columns_figure,
    grouped,
    in_words,
    over_time,
    spread,
    topic_figure,
    value_chart,
    with_values,
)
from website.search import Fact, assignment, search_scripts
from website.tiles import TileMap, grade_tiles, value_tiles
from website.warehouse import Row

CHANGE_KEYS = tuple(Key(f"change-{change}", change) for change in wording.CHANGES)
NEWEST_PASSAGES = 15
NEWEST_DOCUMENTS = 12
# A line through two points shows nothing that the table does not.
CHARTED_VALUES = 3
# A document with more passages has its findings folded, section by section; with as many recommendations these, too.
UNFOLDED_PASSAGES = 30
NEIGHBOURS_COMPARED = 4
# The order in which topics of metrics interest most readers.
METRIC_TOPICS = (
    "child_protection",
    "looked_after",
    "care_leavers",
    "referral_and_assessment",
    "early_help",
    "missing_and_exploitation",
    "education",
    "workforce",
    "board",
    "demographics",
)


@dataclass(frozen=True)
class Page:
    path: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class OutcomeTable:
    """How often each outcome was given, the best first, by region or year."""

    kind: str
    heading: str
    outcomes: Sequence[str]
    counts: dict[Any, Counter[str]]


class Site:
    """What the pages show, read once from the rows of the queries."""

    def __init__(self, rows: dict[str, list[Row]], reports_url: str | None = None, contact: str | None = None) -> None:
        self.rows = rows
        self.contact = contact
        self.reports_url = reports_url
        self.build: Row = rows["build"][0] if rows["build"] else {}
        self.documents = {row["report_id"]: row for row in rows["documents"]}
        self.authorities = {row["authority_id"]: row for row in rows["authorities"]}
        self.metrics = {row["metric_id"]: row for row in rows["metrics"]}
        self.topics = {row["topic_id"]: row for row in rows["topics"]}
        self.frameworks = {row["framework_id"]: row for row in rows["frameworks"]}
        self.areas = {
            row["comparable_area"]: row["comparable_area_name"] or row["comparable_area"] for row in rows["areas"]
        }
        self.scale = [
            Grade(row["grade"], row["short_name"] or "?", row["grade_rank"] - 1 if row["grade_rank"] else None)
            for row in rows["grade_scale"]
        ]
        self.grade_keys = tuple(grade.key for grade in self.scale)
        self.inspections = {row["report_id"]: row for row in rows["inspections"]}
        self._grade_orders = {row["grade"]: row["grade_order"] for row in rows["grade_scale"]}

    # --- what templates ask -------------------------------------------------------------------------------------------

    def has_page(self, authority_id: str | None) -> bool:
        """Whether an authority has a page: one that no document is about has none."""
        return bool(self.authorities.get(authority_id or "", {}).get("document_count"))

    def page_url(self, report_id: str, page_number: int | None, root: str) -> str | None:
        """Where a document's page opens: where the site was told that documents are, else where it was published."""
        document = self.documents.get(report_id)
        if document is None:
            return None
        page = f"#page={page_number}" if page_number and document["media_type"] == "application/pdf" else ""
        if self.reports_url is None:
            return f"{document['source_url']}{page}" if document["source_url"] else None
        base = self.reports_url.rstrip("/")
        prefix = "" if "://" in base or self.reports_url.startswith("/") else root
        return f"{prefix}{base}/{quote(document['file_name'])}{page}"

    def framework(self, framework_id: str | None) -> str:
        """What people call a kind of document."""
        known = self.frameworks.get(framework_id or "", {})
        return known.get("short_name") or wording.humanise(framework_id)

    def place(self, grade: str | None) -> int | str:
        """Where a grade stands among all, the best first: what tables sort by."""
        return self._grade_orders.get(grade or "", "")

    def missing(self, report_id: str, area: str) -> str:
        """Why an inspection has no grade of an area: it was not given, not judged or not found."""
        return self.inspections.get(report_id, {}).get(f"{area}_status") or "–"

    def topics_of(self, fact_id: str) -> list[Row]:
        return [self.topics[topic] for topic in self.topic_ids.get(fact_id, []) if topic in self.topics]

    @cached_property
    def topic_ids(self) -> dict[str, list[str]]:
        return {
            fact_id: [row["topic_id"] for row in rows]
            for fact_id, rows in grouped(self.rows["fact_topics"], "fact_id").items()
        }

    @cached_property
    def judgements(self) -> dict[str, list[Row]]:
        return grouped(self.rows["judgements"], "report_id")

    @cached_property
    def recommendations(self) -> dict[str, list[Row]]:
        return grouped(self.rows["recommendations"], "report_id")

    @cached_property
    def _findings(self) -> dict[str, list[Row]]:
        return grouped(self.rows["findings"], "report_id")

    @cached_property
    def primary_documents(self) -> list[Row]:
        return [row for row in self.documents.values() if row["is_primary"] is not False]

    # --- pages --------------------------------------------------------------------------------------------------------

    def pages(self) -> Iterator[Page]:
        yield self._national_page()
        yield self._authorities_page()
        yield from self._authority_pages()
        yield self._map_page()
        yield Page("compare/index.html", "compare.html")
        yield self._metrics_page()
        yield from self._metric_pages()
        yield self._topics_page()
        yield from self._topic_pages()
        yield self._search_page()
        yield self._discrepancies_page()
        yield from self._discrepancy_pages()
        yield self._documents_page()
        yield from self._document_pages()
        yield Page("about/index.html", "about.html", {"build": self.build})
        yield Page("accuracy/index.html", "accuracy.html", {"build": self.build, "measured": measured()})

    def _search_page(self) -> Page:
        kinds = sorted({self.framework(row["framework_id"]) for row in self.primary_documents})
        return Page(
            "search/index.html",
            "search.html",
            {"years": self._years, "named": self._named_authorities, "kinds": kinds},
        )

    def scripts(self) -> Iterator[tuple[str, str]]:
        """The data of the pages that need scripts: for finding an authority, searching and comparing."""
        yield "assets/authorities.js", assignment("SITE_AUTHORITIES", self._findable())
        yield from Comparison(self).scripts()
        reports = [
            {
                "id": wording.stem(row["report_id"]),
                "authority": row["authority_name"],
                "date": wording.short_day(row["document_date"]),
                "year": row["document_date"].year if row["document_date"] else 0,
                "what": row["what"],
                "kind": self.framework(row["framework_id"]),
                "grade": row["overall_grade"] or "",
            }
            for row in self.primary_documents
        ]
        topics = [[wording.stem(row["topic_id"]), row["topic_name"]] for row in self.rows["topics"]]
        yield from search_scripts(list(self._facts()), reports, topics)

    def _facts(self) -> Iterator[Fact]:
        for document in self.primary_documents:
            report_id = document["report_id"]
            for kind, rows in (("recommendation", self.recommendations), ("finding", self._findings)):
                for row in rows.get(report_id, []):
                    fact_id = row[f"{kind}_id"]
                    yield Fact(
                        fact_id,
                        kind,
                        wording.stem(report_id),
                        str(row.get("code") or row["paragraph_number"] or ""),
                        row["page_number"],
                        row["text"] or "",
                        [wording.stem(topic) for topic in self.topic_ids.get(fact_id, [])],
                    )

    def _findable(self) -> list[list[str]]:
        """Each authority's name, the name of its page, if it has one, and the forms by which people look for it."""
        forms = grouped(self.rows["names"], "authority_id")
        return [
            [
                row["authority_name"],
                wording.stem(authority_id) if self.has_page(authority_id) else "",
                "|".join(name["name_as_compared"] or "" for name in forms.get(authority_id, [])),
            ]
            for authority_id, row in self.authorities.items()
        ]

    @cached_property
    def _years(self) -> list[int]:
        return sorted({row["document_date"].year for row in self.primary_documents if row["document_date"]})

    @cached_property
    def _named_authorities(self) -> list[str]:
        return sorted({row["authority_name"] for row in self.primary_documents})

    # --- the national picture -----------------------------------------------------------------------------------------

    def _national_page(self) -> Page:
        by_area = grouped(self.rows["national_grades"], "comparable_area")
        return Page(
            "index.html",
            "national.html",
            {
                "standing": self._standing(),
                "map": self._tiles("overall"),
                "regions": self._regions(),
                "left_behind": sum(
                    bool(row["last_overall_grade"]) and row["overall_status"] != "given" for row in self.current
                ),
                "coverage": self._coverage(),
                "newest": [row for row in self.primary_documents if row["document_date"]][:NEWEST_DOCUMENTS],
                "overall": self._grades_by_year("overall", by_area.get("overall", [])),
                "areas": [
                    self._grades_by_year(area, by_area[area], card=True)
                    for area in self.areas
                    if area != "overall" and area in by_area
                ],
                "changes": self._changes(),
                "outcomes": self._outcomes(),
                "visit_subjects": self.rows["visit_subjects"],
                "counts": {
                    "documents": len(self.documents),
                    "authorities": sum(self.has_page(authority_id) for authority_id in self.authorities),
                    "values": len(self.rows["observations"]),
                    "recommendations": len(self.rows["recommendations"]),
                    "findings": len(self.rows["findings"]),
                    "discrepancies": len(self.rows["discrepancies"]),
                },
                "years": self._years,
            },
        )

    def _coverage(self) -> tuple[int, int]:
        """How many of the authorities that stand today have a graded inspection here."""
        return sum(row["overall_status"] is not None for row in self.current), len(self.current)

    def _regions(self) -> OutcomeTable | None:
        """How many authorities hold each overall grade as their newest, by region."""
        counts: dict[Any, Counter[str]] = {}
        for row in self.rows["regions"]:
            counts.setdefault(row["region_name"] or "No region", Counter())[row["grade"] or ""] += row[
                "authority_count"
            ]
        names = [grade.name for grade in self.scale if any(parts[grade.name] for parts in counts.values())]
        return OutcomeTable("Overall effectiveness", "Region", names, counts) if names else None

    def _tiles(self, area: str) -> TileMap | None:
        column = "last_overall_grade" if area == standing.OVERALL else f"{area}_grade"
        title = f"{self.areas.get(area, area)}: the newest grade of each authority"
        return grade_tiles(title, list(self.authorities.values()), column, f"{area}_status", self.scale)

    def _map_page(self) -> Page:
        maps = [found for area in self.areas if (found := self._tiles(area))]
        return Page("map/index.html", "map.html", {"maps": maps})

    def _outcomes(self) -> list[OutcomeTable]:
        """How often each outcome of a scale of its own was given, by region and by year, apart from all grades."""
        tables = []
        for framework_id, rows in grouped(self.rows["outcomes"], "framework_id").items():
            names = list({row["outcome"]: None for row in sorted(rows, key=lambda row: row["grade_order"])})
            for heading, column in (("Region", "region_name"), ("Year", "inspection_year")):
                counts: dict[Any, Counter[str]] = {label: Counter() for label in sorted({row[column] for row in rows})}
                for row in rows:
                    counts[row[column]][row["outcome"]] += row["inspection_count"]
                tables.append(OutcomeTable(self.framework(framework_id), heading, names, counts))
        return tables

    def _standing(self) -> Figure | None:
        """How many authorities hold each grade now, by area."""
        columns = {area: "last_overall_grade" if area == "overall" else f"{area}_grade" for area in self.areas}
        counts = {
            self.areas[area]: Counter(row[column] for row in self.authorities.values() if row.get(column))
            for area, column in columns.items()
        }
        rows = [(label, dict(counter)) for label, counter in counts.items() if counter]
        if not rows:
            return None
        keys = with_values(self.grade_keys, [parts for _, parts in rows])
        chart = charts.stacked_bars(
            "standing",
            "The newest grade of each authority, by area",
            "For each area the share of authorities whose newest grade is each of the grades. "
            + in_words(rows[0][0], rows[0][1], keys),
            rows,
            keys,
        )
        return Figure(
            chart,
            ["Area", *(wording.capital(key.label) for key in keys)],
            [[label, *(parts.get(key.label, 0) for key in keys)] for label, parts in rows],
        )

    def _grades_by_year(self, area: str, rows: Sequence[Row], card: bool = False) -> Figure | None:
        """Inspections by framework and year, stacked by grade."""
        if not rows:
            return None
        by_column = grouped(rows, "framework_id", "inspection_year")
        named = {row["framework_id"] for row in rows}
        frameworks = [*(known for known in self.frameworks if known in named), *sorted(named - set(self.frameworks))]
        columns = []
        for framework in frameworks:
            letters = self.frameworks.get(framework, {}).get("abbreviation")
            years = [row["inspection_year"] for row in rows if row["framework_id"] == framework]
            for year in range(min(years), max(years) + 1):
                parts: Counter[str] = Counter()
                for row in by_column.get((framework, year), []):
                    parts[row["grade"]] += row["inspection_count"]
                columns.append(Column(str(year), letters or framework, dict(parts)))
        title = f"{self.areas.get(area, area)}: grades by year and framework"
        totals: Counter[str] = Counter()
        for column in columns:
            totals.update(column.parts)
        description = (
            f"Inspections from {min(row['inspection_year'] for row in rows)} to "
            f"{max(row['inspection_year'] for row in rows)}, stacked by grade. "
            + in_words("In all", dict(totals), self.grade_keys)
        )
        return columns_figure(f"grades-{wording.css_class(area)}", title, description, columns, self.grade_keys, card)

    def _changes(self) -> Figure | None:
        rows = self.rows["national_changes"]
        if not rows:
            return None
        by_year = grouped(rows, "inspection_year")
        columns = [
            Column(str(year), "", {row["overall_change"]: row["inspection_count"] for row in by_year.get(year, [])})
            for year in range(min(by_year), max(by_year) + 1)
        ]
        totals: Counter[str] = Counter()
        for column in columns:
            totals.update(column.parts)
        return columns_figure(
            "changes",
            "How overall grades moved since the inspection before",
            "Inspections by year, by whether the overall grade improved, stayed the same or declined. "
            + in_words("In all", dict(totals), CHANGE_KEYS),
            columns,
            CHANGE_KEYS,
        )

    # --- authorities --------------------------------------------------------------------------------------------------

    def _authorities_page(self) -> Page:
        inspected = [row for row in self.authorities.values() if row["document_count"]]
        others = [row for row in self.authorities.values() if not row["document_count"]]
        return Page("authorities/index.html", "authorities.html", {"authorities": inspected, "others": others})

    def _authority_pages(self) -> Iterator[Page]:
        documents = grouped(self.primary_documents, "authority_id")
        values = grouped(self.rows["values"], "authority_id")
        neighbours = grouped(self.rows["neighbours"], "authority_id")
        discrepancies = grouped(self.rows["discrepancies"], "authority_id")
        visits = grouped(self.rows["visits"], "authority_id")
        successors = grouped(self.rows["successors"], "authority_id")
        for authority_id, authority in self.authorities.items():
            if not self.has_page(authority_id):
                continue
            own = documents.get(authority_id, [])
            by_metric = grouped(values.get(authority_id, []), "metric_id")
            past = {metric_id: rows for metric_id, rows in by_metric.items() if self._is_of_the_past(rows[-1])}
            recent = {metric_id: rows for metric_id, rows in by_metric.items() if metric_id not in past}
            near = [
                row["neighbour_id"] for row in neighbours.get(authority_id, []) if self.has_page(row["neighbour_id"])
            ]
            yield Page(
                f"authorities/{wording.stem(authority_id)}.html",
                "authority.html",
                {
                    "authority": authority,
                    "sentence": standing.sentence(authority, self.areas),
                    "documents": own,
                    "inspections": [
                        (document, self._grades_by_area(document["report_id"]))
                        for document in own
                        if any(row["is_of_compared_scale"] for row in self.judgements.get(document["report_id"], []))
                    ],
                    "visits": visits.get(authority_id, []),
                    "due": self.next_due(visits.get(authority_id, [])),
                    "trajectory": self._trajectory(authority, own),
                    "figures": [
                        (is_past, self._newest_by_topic(found), self._value_cards(authority, found))
                        for is_past, found in ((False, recent), (True, past))
                        if found
                    ],
                    "asked": self._asked(own, visits.get(authority_id, [])),
                    "neighbours": neighbours.get(authority_id, []),
                    "region": self._region(authority),
                    "compared": [wording.stem(one) for one in (authority_id, *near[:NEIGHBOURS_COMPARED])],
                    "discrepancies": discrepancies.get(authority_id, []),
                    "successors": successors.get(authority_id, []),
                },
            )

    def _grades_by_area(self, report_id: str) -> dict[str, list[Row]]:
        """A report's grades by comparable area; those that compare with none stand under other."""
        return grouped(
            [{**row, "column": row["comparable_area"] or "other"} for row in self.judgements[report_id]], "column"
        )

    def _trajectory(self, authority: Row, documents: Sequence[Row]) -> Chart | None:
        graded = [
            row
            for document in reversed(documents)
            for row in self.judgements.get(document["report_id"], [])
            if row["document_date"] and row["grade"]
        ]
        by_area = grouped(graded, "comparable_area")
        scale = {row["grade"]: Grade(row["grade"]) for row in graded} | {grade.name: grade for grade in self.scale}
        lanes = [
            Lane(label, [(row["document_date"], scale[row["grade"]]) for row in by_area[area]], area == "overall")
            for area, label in self.areas.items()
            if area in by_area
        ]
        if not lanes:
            return None
        overall = by_area.get("overall", [])
        told = ", then ".join(f"{row['grade']} in {wording.short_day(row['document_date'])}" for row in overall)
        return charts.trajectory(
            "trajectory",
            f"Grades of {authority['authority_name']} over its inspections",
            f"Overall effectiveness: {told}." if told else "The grades of each area, by date of inspection.",
            lanes,
            self.scale,
        )

    def _newest_by_topic(self, by_metric: dict[str, list[Row]]) -> list[tuple[str, list[tuple[Row, Row]]]]:
        """The newest value of each metric with its metric, under the metrics' topics."""
        pairs = [
            (self.metrics[metric_id], rows[-1]) for metric_id, rows in by_metric.items() if metric_id in self.metrics
        ]
        by_topic: dict[str, list[tuple[Row, Row]]] = {}
        for metric, value in sorted(pairs, key=lambda pair: (pair[0]["metric_name"], pair[0]["metric_id"])):
            by_topic.setdefault(metric["topic"], []).append((metric, value))
        return [(topic, by_topic[topic]) for topic in sorted(by_topic, key=_topic_order)]

    def _value_cards(self, authority: Row, by_metric: dict[str, list[Row]]) -> list[tuple[Row, Chart, list[Row]]]:
        """A chart for each metric that is known for so many years that a line says something."""
        cards = []
        for metric_id, found in by_metric.items():
            rows = [row for row in found if row["value"] is not None]
            if len(rows) < CHARTED_VALUES or metric_id not in self.metrics:
                continue
            metric = self.metrics[metric_id]
            cards.append((metric, value_chart(authority["authority_name"], metric, rows), rows))
        return sorted(
            cards, key=lambda card: (_topic_order(card[0]["topic"]), card[0]["metric_name"], card[0]["metric_id"])
        )

    def next_due(self, visits: Sequence[Row]) -> Row | None:
        """The visit, of the newest first, that says when the next inspection is due, if none has come since."""
        for row in visits:
            if row["next_inspection_by"] or row["report_id"] in self.inspections:
                return row if row["next_inspection_by"] else None
        return None

    def _is_of_the_past(self, value: Row) -> bool:
        """Whether a value's document is of a kind that is not made any more."""
        return bool(self.documents.get(value["report_id"], {}).get("is_of_the_past"))

    def _asked(self, documents: Sequence[Row], visits: Sequence[Row]) -> list[tuple[Row, list[tuple[str, list[Row]]]]]:
        """What is asked now: by the newest visit that asks for something, and by the newest graded inspection."""
        ids = [row["report_id"] for row in visits] or [row["report_id"] for row in documents]
        asking = [report_id for report_id in ids if report_id in self.recommendations]
        chosen = dict.fromkeys([*asking[:1], *[report_id for report_id in asking if report_id in self.inspections][:1]])
        return [(self.documents[report_id], self._asks(report_id)) for report_id in chosen]

    def _asks(self, report_id: str) -> list[tuple[str, list[Row]]]:
        by_type = grouped(self.recommendations.get(report_id, []), "recommendation_type", "addressed_to")
        return [(_asked_of(*key), rows) for key, rows in by_type.items()]

    def _region(self, authority: Row) -> list[tuple[str, int]]:
        """How many authorities of its region hold each overall grade, the best first."""
        held = Counter(
            row["last_overall_grade"] for row in self.current if row["region_name"] == authority["region_name"]
        )
        return [(grade.name, held[grade.name]) for grade in self.scale if held[grade.name]]

    @cached_property
    def current(self) -> list[Row]:
        return [row for row in self.authorities.values() if row["is_current"]]

    # --- metrics ------------------------------------------------------------------------------------------------------

    def _metrics_page(self) -> Page:
        by_topic = grouped(self.rows["metrics"], "topic")
        return Page(
            "metrics/index.html",
            "metrics.html",
            {"topics": [(topic, by_topic[topic]) for topic in sorted(by_topic, key=_topic_order)]},
        )

    def _metric_pages(self) -> Iterator[Page]:
        values = grouped(self.rows["values"], "metric_id")
        years = grouped(self.rows["metric_years"], "metric_id")
        observations = {row["observation_id"]: row for row in self.rows["observations"]}
        for metric_id, metric in self.metrics.items():
            own = [row for row in values.get(metric_id, []) if row["authority_id"] in self.authorities]
            newest = [rows[-1] for rows in grouped(own, "authority_id").values()]
            valued = {row["authority_id"]: row for row in newest}
            tiles = value_tiles(
                f"{metric['metric_name']}: the newest values in fifths, 1 the lowest",
                list(self.authorities.values()),
                valued,
                metric["unit"],
            )
            newest.sort(key=lambda row: (-row["value"], row["authority_name"], row["authority_id"]))
            by_year = years.get(metric_id, [])
            yield Page(
                f"metrics/{wording.stem(metric_id)}.html",
                "metric.html",
                {
                    "metric": metric,
                    "newest": newest,
                    "highest": max((row["value"] for row in newest), default=0),
                    "map": tiles,
                    "spread": spread(metric, newest, by_year),
                    "over_time": over_time(metric, by_year),
                    "years": by_year,
                    "observations": observations,
                },
            )

    # --- topics -------------------------------------------------------------------------------------------------------

    def _topics_page(self) -> Page:
        return Page("topics/index.html", "topics.html", {"topics": self.rows["topics"]})

    def _topic_pages(self) -> Iterator[Page]:
        grades = grouped(self.rows["topic_grades"], "topic_id")
        passages = self._passages_by_topic()
        for topic_id, topic in self.topics.items():
            said = passages.get(topic_id, {})
            counts = [
                (document, len(found.get("recommendation", [])), len(found.get("finding", [])))
                for document, found in said.values()
            ]
            yield Page(
                f"topics/{wording.stem(topic_id)}.html",
                "topic.html",
                {
                    "topic": topic,
                    "chart": topic_figure(topic, grades.get(topic_id, []), self.grade_keys),
                    "newest": [
                        (kind, _first(said.values(), kind, NEWEST_PASSAGES)) for kind in ("recommendation", "finding")
                    ],
                    "counts": counts,
                },
            )

    def _passages_by_topic(self) -> dict[str, dict[str, tuple[Row, dict[str, list[Row]]]]]:
        """For each topic, document by document from the newest, its recommendations and findings."""
        passages: dict[str, dict[str, tuple[Row, dict[str, list[Row]]]]] = {}
        for document in self.primary_documents:
            report_id = document["report_id"]
            for kind, rows in (("recommendation", self.recommendations), ("finding", self._findings)):
                for row in rows.get(report_id, []):
                    for topic_id in self.topic_ids.get(row[f"{kind}_id"], []):
                        of_topic = passages.setdefault(topic_id, {})
                        of_topic.setdefault(report_id, (document, {}))[1].setdefault(kind, []).append(row)
        return passages

    # --- disagreements ------------------------------------------------------------------------------------------------

    def _discrepancies_page(self) -> Page:
        kinds = [
            (
                kind,
                rows[0]["kind_description"] or "",
                len(rows),
                sum(row["is_explained_by_rounding"] is True for row in rows),
            )
            for kind, rows in grouped(self.rows["discrepancies"], "kind").items()
        ]
        return Page("discrepancies/index.html", "discrepancies.html", {"kinds": kinds})

    def _discrepancy_pages(self) -> Iterator[Page]:
        for kind, rows in grouped(self.rows["discrepancies"], "kind").items():
            yield Page(
                f"discrepancies/{wording.stem(kind)}.html",
                "discrepancy_kind.html",
                {"kind": kind, "note": rows[0]["kind_description"] or "", "rows": rows},
            )

    # --- documents ----------------------------------------------------------------------------------------------------

    def _documents_page(self) -> Page:
        return Page(
            "documents/index.html",
            "documents.html",
            {
                "documents": list(self.documents.values()),
                "rejected": self.rows["rejected"],
                "to_review": [row for row in self.rows["to_review"] if row["report_id"] in self.documents],
                "set_aside": [row for row in self.rows["set_aside"] if row["report_id"] in self.documents],
            },
        )

    def _document_pages(self) -> Iterator[Page]:
        observations = grouped(self.rows["observations"], "report_id")
        attendance = grouped(self.rows["attendance"], "report_id")
        income = grouped(self.rows["income"], "report_id")
        spending = grouped(self.rows["spending"], "report_id")
        for report_id, document in self.documents.items():
            asked = self.recommendations.get(report_id, [])
            parts = {
                "grades": self.judgements.get(report_id),
                "figures": observations.get(report_id),
                "recommendations": asked,
                "attendance": attendance.get(report_id),
                "income": income.get(report_id),
                "spending": spending.get(report_id),
                "findings": self._findings.get(report_id),
            }
            yield Page(
                f"documents/{wording.stem(report_id)}.html",
                "document.html",
                {
                    "document": document,
                    "parts": [(name, wording.capital(name)) for name, found in parts.items() if found],
                    "has_many_asks": len(asked) > UNFOLDED_PASSAGES,
                    "has_many_findings": len(asked) + len(self._findings.get(report_id, [])) > UNFOLDED_PASSAGES,
                    "judgements": self.judgements.get(report_id, []),
                    "observations": observations.get(report_id, []),
                    "recommendations": self._asks(report_id),
                    "sections": [
                        (section, list(rows))
                        for section, rows in groupby(self._findings.get(report_id, []), lambda row: row["section"])
                    ],
                    "attendance": _attendance_grid(attendance.get(report_id, [])),
                    "income": income.get(report_id, []),
                    "spending": spending.get(report_id, []),
                },
            )


# --- small matters ----------------------------------------------------------------------------------------------------


def _attendance_grid(rows: Sequence[Row]) -> tuple[list[Any], list[tuple[str, dict[Any, Row]]]] | None:
    """The meetings, and for each agency its rows by meeting."""
    if not rows:
        return None
    meetings = sorted({row["meeting_date"] for row in rows if row["meeting_date"]})
    return meetings, [
        (agency, {row["meeting_date"]: row for row in of_agency})
        for agency, of_agency in grouped(rows, "agency").items()
    ]


def _first(said: Iterable[tuple[Row, dict[str, list[Row]]]], kind: str, limit: int) -> list[tuple[Row, Row]]:
    """The first passages of a kind with their documents."""
    found: list[tuple[Row, Row]] = []
    for document, kinds in said:
        found += [(document, row) for row in kinds.get(kind, [])]
        if len(found) >= limit:
            break
    return found[:limit]


def _asked_of(recommendation_type: str | None, addressed_to: str | None) -> str:
    """A heading for recommendations: their kind, and whom they ask."""
    kind = wording.capital(recommendation_type or "recommendation")
    many = kind if kind.endswith(("action", "improve")) else f"{kind}s"
    many = "Areas for improvement" if many == "Area for improvements" else many
    asked = {"board": "to the safeguarding board", "partnership": "to the partnership", "other": "to others"}
    return f"{many} {asked[addressed_to]}" if addressed_to in asked else many


def _topic_order(topic: str | None) -> tuple[int, str]:
    return (METRIC_TOPICS.index(topic) if topic in METRIC_TOPICS else len(METRIC_TOPICS), topic or "")
