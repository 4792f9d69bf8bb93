"""A sentence that is tried is read as a build reads it, and the reasons are said."""

from __future__ import annotations

import csv
import os
import shutil
from pathlib import Path

import pytest
from project import Project

from loaders.answering.evidence import reasons
from loaders.answering.tried import COMPILED, explain
from loaders.warehouse import WarehouseError, open_warehouse


def test_a_figure_is_explained(built: Project) -> None:
    said = "\n".join(
        explain("At 31 March 2016, 55% of care leavers were in education, employment or training.", built.folder)
    )
    assert "care_leavers_in_eet_percent 55, exact, authority, at 2016-03-31 (its own: 31 march 2016)" in said


def test_a_figure_that_is_a_part_is_not_taken(built: Project) -> None:
    said = "\n".join(explain("The turnover of social workers and managers is 30%.", built.folder))
    assert "not social_worker_turnover_percent" in said
    assert "a part: manager" in said


def test_what_introduces_a_sentence_counts(built: Project) -> None:
    said = list(explain("Care leavers are helped well. » In all, 88% live in suitable accommodation.", built.folder))
    assert any(line.startswith("  care_leavers_suitable_accommodation_percent 88") for line in said)


def test_a_sentence_without_a_figure_says_so(built: Project) -> None:
    assert list(explain("Leaders know their children well.", built.folder)) == ["no figure"]


def test_a_new_phrase_is_tried_without_a_build(built: Project, tmp_path: Path) -> None:
    sentence = "There are 57 children taught by their own parents."
    assert not any("elective_home_education" in line for line in explain(sentence, built.folder))
    for name in ("models", "macros", "seeds", "target"):
        shutil.copytree(built.folder / name, tmp_path / name)
    with (tmp_path / "seeds" / "figures" / "concept_words.csv").open("a", newline="", encoding="utf-8") as seed:
        csv.writer(seed, lineterminator="\n").writerow(["home_education", "taught by their {own|} parents"])
    assert any("elective_home_education 57" in line for line in explain(sentence, tmp_path))


def test_models_changed_since_they_were_compiled_are_refused(built: Project, tmp_path: Path) -> None:
    for name in ("models", "macros", "seeds", "target"):
        shutil.copytree(built.folder / name, tmp_path / name)
    os.utime(tmp_path / COMPILED / "int_figure_verdicts.sql", (1, 1))
    with pytest.raises(WarehouseError, match="run `dbt build`"):
        list(explain("There are 57 children.", tmp_path))


def test_an_observation_says_why(built: Project) -> None:
    with open_warehouse(built.published) as connection:
        row = connection.execute("select min(observation_id) from fct_metric_observations").fetchone()
        assert row is not None
        said = reasons(connection, row[0])
        assert "taken, by" in said[1]
        with pytest.raises(WarehouseError, match="no figure"):
            reasons(connection, "0")
