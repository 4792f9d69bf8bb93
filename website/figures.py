"""The figures of the site: for each what is drawn, and the table behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from website import charts, wording
from website.charts import Chart, Column, Key, Series
from website.warehouse import Row

NO_GRADE = Key("grade-none", "no overall grade")


@dataclass(frozen=True)
class Figure:
    """A chart with the table behind it."""

    chart: Chart
    headers: Sequence[str]
    rows: Sequence[Sequence[Any]]


def grouped(rows: Iterable[Row], *names: str) -> dict[Any, list[Row]]:
    """Rows by the value of a column, or of several; in each group in their order."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        key = row[names[0]] if len(names) == 1 else tuple(row[name] for name in names)
        groups.setdefault(key, []).append(row)
    return groups


def columns_figure(
    chart_id: str, title: str, description: str, columns: Sequence[Column], keys: Sequence[Key], card: bool = False
) -> Figure:
    present = with_values(keys, [column.parts for column in columns])
    chart = charts.stacked_columns(chart_id, title, description, columns, present, card)
    return Figure(
        chart,
        ["Year", *(wording.capital(key.label) for key in present), "All"],
        [
            [
                f"{column.label} {column.group}".strip(),
                *(column.parts.get(key.label, 0) for key in present),
                sum(column.parts.values()),
            ]
            for column in columns
            if column.parts
        ],
    )


def value_chart(authority_name: str, metric: Row, rows: Sequence[Row]) -> Chart:
    """An authority's values of a metric beside England's and the neighbours' of the same years."""

    def points(column: str, among: Sequence[Row] = rows) -> dict[int, float]:
        return {first_year(row["year_id"]): row[column] for row in among if row[column] is not None}

    own = Series(authority_name, "authority", points("value"))
    beside = [
        Series("England", "england", points("england_value")),
        Series("median of neighbours", "neighbours", points("neighbour_median")),
    ]
    told = ", ".join(f"{wording.stated(row, metric['unit'])} in {row['year_id']}" for row in rows)
    return charts.lines(
        f"metric-{wording.css_class(metric['metric_id'])}",
        f"{with_unit(metric)}, {authority_name}",
        f"{wording.capital(metric['unit_name'] or metric['unit'])} by financial year: {told}.",
        [own, *(series for series in beside if series.points)],
        metric["unit"],
        card=True,
    )


def spread(metric: Row, newest: Sequence[Row], years: Sequence[Row]) -> Chart | None:
    """Where the authorities' newest values lie."""
    if len(newest) < 2:
        return None
    values = sorted(row["value"] for row in newest)
    median = (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2
    references = [("median {}", "median", median)]
    england = [row for row in years if row["england_value"] is not None]
    if england:
        references.append((f"England {{}} ({england[-1]['year_id']})", "england", england[-1]["england_value"]))
    low, high = newest[-1], newest[0]
    return charts.distribution(
        "spread",
        f"{with_unit(metric)}: the newest value of each authority",
        f"{len(newest)} authorities, from {wording.measure(low['value'], metric['unit'])} ({low['authority_name']}) to "
        f"{wording.measure(high['value'], metric['unit'])} ({high['authority_name']}); "
        f"the median is {wording.measure(median, metric['unit'], 1)}. Each dot is an authority.",
        values,
        metric["unit"],
        references,
    )


def over_time(metric: Row, years: Sequence[Row]) -> Chart | None:
    quartiles = {
        first_year(row["year_id"]): (row["lower_quartile"], row["median_value"], row["upper_quartile"])
        for row in years
        if row["year_id"] and row["median_value"] is not None
    }
    england = {
        first_year(row["year_id"]): row["england_value"]
        for row in years
        if row["year_id"] and row["england_value"] is not None
    }
    if len({*quartiles, *england}) < 2:
        return None
    told = ", ".join(
        f"{wording.measure(row['median_value'], metric['unit'], 1)} in {row['year_id']}"
        for row in years
        if row["median_value"] is not None
    )
    return charts.range_over_years(
        "over-time",
        f"{with_unit(metric)} over the years",
        f"The median of the authorities whose reports give a value: {told}." if told else "England's value by year.",
        quartiles,
        england,
        metric["unit"],
    )


def topic_figure(topic: Row, rows: Sequence[Row], grade_keys: Sequence[Key]) -> Figure | None:
    if not rows:
        return None
    by_year = grouped(rows, "document_year")
    columns = []
    for year in range(min(by_year), max(by_year) + 1):
        parts: Counter[str] = Counter()
        for row in by_year.get(year, []):
            parts[row["grade"]] += row["fact_count"]
        columns.append(Column(str(year), "", dict(parts)))
    totals: Counter[str] = Counter()
    for column in columns:
        totals.update(column.parts)
    keys = (*grade_keys, NO_GRADE)
    return columns_figure(
        "topic",
        f"{topic['topic_name']}: passages by year and by the report’s overall grade",
        "Recommendations and findings together. " + in_words("In all", dict(totals), keys),
        columns,
        keys,
    )


def with_values(keys: Sequence[Key], parts: Sequence[dict[str, int]]) -> tuple[Key, ...]:
    return tuple(key for key in keys if any(part.get(key.label) for part in parts))


def in_words(subject: str, parts: dict[str, int], keys: Sequence[Key]) -> str:
    return (
        f"{subject}: "
        + wording.listed([f"{parts[key.label]:,} {key.label}" for key in keys if parts.get(key.label)])
        + "."
    )


def with_unit(metric: Row) -> str:
    unit = metric["unit"]
    return f"{metric['metric_name']} ({unit})" if unit in ("weeks", "days") else metric["metric_name"]


def first_year(year_id: str) -> int:
    return int(year_id[:4])
