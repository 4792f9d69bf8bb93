"""A sentence that is tried is read as a build reads it, and the reasons are said."""

from __future__ import annotations

import csv
import os
import shutil
from pathlib import Path

import pytest
from project import Project

from loaders.answering.evidence import reasons
from loaders.answering.tried import COMPILED, compare, explain
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


def test_the_sentence_before_counts(built: Project) -> None:
    said = list(explain("The share of care leavers who are NEET is too high. | This has risen to 38%.", built.folder))
    assert any(line.startswith("  care_leavers_not_in_eet_percent 38") for line in said)


def test_models_that_were_compiled_before_a_build_are_told(built: Project, tmp_path: Path) -> None:
    for name in ("models", "macros", "seeds", "target"):
        shutil.copytree(built.folder / name, tmp_path / name)
    path = tmp_path / COMPILED / "int_metric_matches.sql"
    path.write_text("select case else 1 end", "utf-8")  # as dbt writes it where a seed has no rows yet
    with pytest.raises(WarehouseError, match="int_metric_matches was compiled before there was a build"):
        list(explain("There are 57 children on plans.", tmp_path))


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


def test_what_a_seed_changes_in_the_documents_is_counted(built: Project, tmp_path: Path) -> None:
    for name in ("models", "macros", "seeds", "build"):
        shutil.copytree(built.folder / name, tmp_path / name, ignore=shutil.ignore_patterns("cache"))
    # No model is run for it, so it is said at once.
    assert list(compare(tmp_path)) == ["the seeds of the figures are as the last build had them"]
    shutil.copytree(built.folder / "target", tmp_path / "target")
    path = tmp_path / "seeds" / "figures" / "concept_words.csv"
    rows = path.read_text("utf-8").splitlines(keepends=True)
    gone = [row for row in rows if row.startswith("children_looked_after") or row.startswith("looked_after,")]
    path.write_text("".join(row for row in rows if row not in gone) + "home_education,taught by owls\n", "utf-8")
    said = list(compare(tmp_path))
    assert "concept_words.csv + home_education, taught by owls" in said
    assert len([line for line in said if line.startswith("concept_words.csv - ")]) == len(gone) > 0
    (now,) = [line for line in said if line.startswith("read now: ")]
    (gone_now,) = [line for line in said if line.startswith("read no more: ")]
    assert now.startswith("read now: ") and now.endswith(" of 21 documents")
    count = int(gone_now.removeprefix("read no more: ").split(" ")[0])
    per_metric = said[said.index(gone_now) + 1 :]
    counts = [int(line.split(": ")[1]) for line in per_metric if line.count(": ") == 1 and "page" not in line][:20]
    assert count > 0 and sum(counts) == count
    assert any(", page " in line for line in per_metric)


def test_a_seed_that_cannot_be_read_is_told_with_its_line(built: Project, tmp_path: Path) -> None:
    for name in ("models", "macros", "seeds", "target"):
        shutil.copytree(built.folder / name, tmp_path / name)
    with (tmp_path / "seeds" / "figures" / "concept_words.csv").open("ab") as seed:
        seed.write(b"home_education,taught at home \x96 by parents\n")
    with pytest.raises(WarehouseError, match=r"seeds/figures/concept_words\.csv, line \d+: this is no UTF-8"):
        list(explain("There are 57 children.", tmp_path))


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
        with pytest.raises(WarehouseError, match="--why goes with an observation_id"):
            reasons(connection, "0")
