"""What an analyst knows is rows: code names no framework, metric or grade, but with a reason."""

from __future__ import annotations

import csv
import re

from jinja2 import Environment
from project import REPOSITORY

SEEDS = {"documents/frameworks": "framework_id", "figures/metrics": "metric_id", "grades/grades": "grade"}
CODE = ("models/**/*.sql", "models/**/*.py", "macros/**/*.sql", "loaders/**/*.py", "website/*.py", "website/**/*.sql")
TEMPLATES = ("website/templates/*.html",)
# A word of its own in many places: parties, periods, kinds of parts.
WORDS = {"other"}
EXCEPTIONS = {
    "models/marts/fct_inspections.sql": "each area is a column of its contract",
    "models/marts/latest_outcomes.sql": "each grade is a column of its contract",
    "loaders/answering/evidence.py": "an example of the command's help",
}


def known() -> set[str]:
    found = set()
    for seed, column in SEEDS.items():
        with (REPOSITORY / "seeds" / f"{seed}.csv").open(newline="", encoding="utf-8") as lines:
            found |= {row[column] for row in csv.DictReader(lines)}
    assert len(found) > 90
    return found - WORDS


def test_no_framework_metric_or_grade_is_named_in_code() -> None:
    names = "|".join(sorted(map(re.escape, known())))
    quoted = re.compile(rf"(['\"])({names})\1")
    naming = {
        path.relative_to(REPOSITORY).as_posix()
        for pattern in (*CODE, *TEMPLATES)
        for path in REPOSITORY.glob(pattern)
        if quoted.search(re.sub(r"--[^\n]*", "", path.read_text("utf-8")))  # but in SQL's comments
    }
    assert not naming - set(EXCEPTIONS), "make what these know a column of a seed, or give a reason here"
    assert not set(EXCEPTIONS) - naming, "these name none any more: take their reasons out"


def test_the_columns_for_headlines_are_the_metrics_that_are_headlines() -> None:
    with (REPOSITORY / "seeds" / "figures" / "metrics.csv").open(newline="", encoding="utf-8") as lines:
        headlines = {row["metric_id"] for row in csv.DictReader(lines) if row["is_headline"] == "true"}
    contract = (REPOSITORY / "models" / "marts" / "authority_metrics_wide.yml").read_text("utf-8")
    columns = set(re.findall(r"^      - name: (\w+)\n        data_type: double", contract, re.MULTILINE))
    assert columns == headlines


def test_the_words_of_numbers_are_those_that_the_seed_gives_values() -> None:
    """A pattern written into a query is compiled once, one made of rows for every row: so both hold the words."""
    macros = Environment().from_string((REPOSITORY / "macros" / "numbers.sql").read_text("utf-8")).module
    with (REPOSITORY / "seeds" / "figures" / "number_words.csv").open(newline="", encoding="utf-8") as lines:
        values = {row["word"]: int(row["value"]) for row in csv.DictReader(lines)}
    read = [
        word for words in ("one_to_nine", "ten_to_nineteen", "tens") for word in getattr(macros, words)().split("|")
    ]
    assert [values[word] for word in read] == [*range(1, 20), *range(20, 100, 10)]
    found = re.compile(str(macros.plain_numbers()))
    assert [
        word for word in values if word not in ("hundred", "thousand", "a", "neither") and not found.search(word)
    ] == []
