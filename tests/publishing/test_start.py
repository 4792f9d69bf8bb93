"""What a person can mend is said by file and line, before a build starts; what came of it, at its end."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest
from conftest import Folder
from project import REPOSITORY, Project

from dbt_before_parsing import PROJECT, BeforeParsing
from loaders.closing import closing_lines
from loaders.reading import parsing
from loaders.remembered import recall, remember, with_remembered
from loaders.seeds import what_is_wrong
from loaders.settings import Settings

YAML = """
version: 2
seeds:
  - name: phrases
    description: One row per phrase
    columns:
      - {name: idea, description: An idea}
      - {name: pattern, description: An expression}
      - {name: reason, description: Why}
"""
HEAD = b"idea,pattern,reason\n"


def wrong(folder: Path, content: bytes) -> list[str]:
    seed = folder / "seeds" / "figures" / "phrases.csv"
    seed.parent.mkdir(parents=True, exist_ok=True)
    seed.with_suffix(".yml").write_text(YAML, encoding="utf-8")
    seed.write_bytes(content)
    return list(what_is_wrong(folder))


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (HEAD + b"home,at home,\nhome,at home \x96 by parents,\n", 3, "no UTF-8, most likely because a spreadsheet"),
        (HEAD.replace(b",", b";") + b"home;at home;\n", 1, "parted by semicolons"),
        (HEAD.replace(b",", b"\t"), 1, "parted by tabs"),
        (b"idea,pattern\nhome,x\n", 1, "its columns are idea, pattern; they should be idea, pattern, reason"),
        (HEAD + b"home,at home\n", 2, "2 values for 3 columns"),
        (HEAD + b'home,"two\nlines",\nhome,a, or b,c\n', 4, "4 values for 3 columns"),
        (HEAD + b"home,a|(b,\n", 2, "pattern is no expression that can be read: missing )"),
        (HEAD + b'home,"at home,\n', 2, "a quotation mark is not closed"),
    ],
)
def test_what_a_spreadsheet_did_is_said_with_its_line(tmp_path: Path, content: bytes, line: int, said: str) -> None:
    (sentence,) = wrong(tmp_path, content)
    assert sentence.startswith(f"seeds/figures/phrases.csv, line {line}: ") and said in sentence


@pytest.mark.parametrize(
    "content",
    [
        HEAD,
        HEAD + b"home,,\n",
        b"\xef\xbb\xbf" + HEAD.replace(b"\n", b"\r\n") + b"home,a|(b),\r\n",  # as Excel saves CSV UTF-8
        HEAD + b'home,"a, or ""b""",x\n\n',
        HEAD + "home,at home – by parents,\n".encode(),
    ],
)
def test_what_can_be_read_is_left_alone(tmp_path: Path, content: bytes) -> None:
    assert wrong(tmp_path, content) == []


CONCEPTS = b"concept_id,kind\nhome_education,state\n"


@pytest.mark.parametrize(
    ("words", "line", "said"),
    [
        (b"home_education,{taught by\n", 2, "curly bracket without its other"),
        (b"home_education,{at|in} home}\n", 2, "curly bracket without its other"),
        (b"home_education,at home\nhome_education,at Mother's\n", 3, "small letters and without apostrophes"),
        (b"home_education,at home\nhome_educaton,at home\n", 3, "home_educaton is no concept_id that a seed has"),
    ],
)
def test_a_phrase_that_can_never_be_read_is_said_with_its_line(
    tmp_path: Path, words: bytes, line: int, said: str
) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "concepts.csv").write_bytes(CONCEPTS)
    (tmp_path / "seeds" / "concept_words.csv").write_bytes(b"concept_id,words\n" + words)
    (sentence,) = what_is_wrong(tmp_path)
    assert sentence.startswith(f"seeds/concept_words.csv, line {line}: ") and said in sentence


def test_a_phrase_of_two_concepts_is_said_with_both_lines(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "concepts.csv").write_bytes(CONCEPTS + b"school,state\n")
    words = b"home_education,{taught|educated} at {the|} home\nschool,at school\nhome_education,at school hours\n"
    (tmp_path / "seeds" / "concept_words.csv").write_bytes(
        b"concept_id,words\n" + words + b"home_education,educated at home\nschool,educated at home{|s}\n"
    )
    (sentence,) = what_is_wrong(tmp_path)
    said = "line 6: “educated at home” is a phrase of school here and of home_education in line 2: take it from one"
    assert sentence.startswith(f"seeds/concept_words.csv, {said}")


def test_a_rule_names_concepts_that_there_are(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "concepts.csv").write_bytes(CONCEPTS)
    rules = b"metric_id,head,needs,allows,never\neducated,home_education,home_education + child,,\n"
    (tmp_path / "seeds" / "metric_rules.csv").write_bytes(rules)
    assert list(what_is_wrong(tmp_path)) == ["seeds/metric_rules.csv, line 2: child is no concept_id that a seed has"]


def test_the_seeds_of_the_project_can_be_read() -> None:
    assert list(what_is_wrong(REPOSITORY)) == []


def test_the_end_of_a_build_says_what_failed_and_what_was_read_instead() -> None:
    traceback = """Runtime Error in model landed_documents (models/landing/landed_documents.py)
  Python model failed:
  Traceback (most recent call last):
    File "x.py", line 24, in model
      raise LandingError(
  loaders.errors.LandingError: the folder /tmp/my reports is not there: set REPORTS_PATH

  compiled code at target/x.py"""
    seed = """Compilation Error in seed concept_words (seeds/figures/concept_words.csv)
  Row 7 has 3 values, but Table only has 2 columns.

  > in macro materialization_seed_default (macros/x.sql)"""
    failures = [
        {"name": "landed_documents", "kind": "model", "path": "models/x.py", "status": "error", "message": traceback},
        {"name": "concept_words", "kind": "seed", "path": "seeds/x.csv", "status": "error", "message": seed},
        {
            "name": "rules_read",
            "kind": "test",
            "path": "tests/rows/rules_read.sql",
            "status": "fail",
            "message": "Got 1 result, configured to fail if != 0",
            "description": "A rule does not read its\nexample.",
            "rows": [{"metric_id": "plans", "expected": "14", "values_read": "[13.0]", "head": None}],
        },
    ]
    assert closing_lines({"message": "Not published: not all is green.", "failures": failures}, 70.2) == [
        "Not published: not all is green. (70 seconds)",
        "  the folder /tmp/my reports is not there: set REPORTS_PATH",
        "  Row 7 has 3 values, but Table only has 2 columns. (seed concept_words, seeds/x.csv)",
        "  A rule does not read its example. (test rules_read, tests/rows/rules_read.sql)",
        "    metric_id: plans; expected: 14; values_read: [13.0]",
    ]


def test_a_question_in_a_new_shell_is_of_what_was_published_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = Settings.from_environment({})
    assert with_remembered(asked, {}) == asked  # nothing was published yet
    published = tmp_path / "out" / "mine.duckdb"
    published.parent.mkdir()
    published.touch()
    remember(Settings(reports_path=Path("my reports"), warehouse_path=published))
    (kept,) = recall(Path("build"))
    assert (kept.reports_path, kept.warehouse_path) == (str(tmp_path / "my reports"), str(published))
    found = with_remembered(asked, {})
    assert (found.reports_path, found.warehouse_path) == (tmp_path / "my reports", published)
    assert found.exports_path == published.parent / "exports"
    named = with_remembered(asked, {"REPORTS_PATH": "reports", "WAREHOUSE_PATH": "warehouse.duckdb"})
    assert named == asked  # what the environment says stands
    Path("warehouse.duckdb").touch()  # where a build puts it by default, there is another
    os.utime("warehouse.duckdb", (1, 1))
    assert with_remembered(asked, {}) == found
    shutil.copystat(published, "warehouse.duckdb")  # as where the project's folder was copied
    assert with_remembered(asked, {}) == asked
    (Path("build") / "publications.json").write_text("7")
    assert recall(Path("build")) == []


def test_each_published_file_is_of_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("ours", "theirs", "ours"):
        remember(Settings(reports_path=Path(name), warehouse_path=Path(f"{name}.duckdb")))
    assert [kept.reports_path for kept in recall(Path("build"))] == [str(tmp_path / "theirs"), str(tmp_path / "ours")]
    for name in ("ours", "theirs"):
        asked = {"WAREHOUSE_PATH": f"{name}.duckdb"}
        assert with_remembered(Settings.from_environment(asked), asked).reports_path == tmp_path / name
    other = {"WAREHOUSE_PATH": "other.duckdb"}
    assert with_remembered(Settings.from_environment(other), other).reports_path == Path("reports")


def test_a_seed_that_cannot_be_read_is_told_by_a_command(tmp_path: Path) -> None:
    def check() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "loaders", "check"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )

    wrong(tmp_path, HEAD)
    assert (check().returncode, check().stdout) == (0, "every seed can be read\n")
    wrong(tmp_path, HEAD + b"\x96")
    done = check()
    assert done.returncode == 1 and "seeds/figures/phrases.csv, line 2: this is no UTF-8" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("content", [HEAD + b"home,at home \x96 by parents,\n", HEAD.decode().encode("utf-16")])
def test_dbt_says_which_seed_a_spreadsheet_saved_in_another_encoding(
    built: Project, tmp_path: Path, content: bytes
) -> None:
    project = built.copy(tmp_path / "project")
    (project.folder / "seeds" / "figures" / "concepts.csv").write_bytes(content)
    printed = project.build(green=False)
    assert "seeds/figures/concepts.csv, line " in printed and "this is no UTF-8, most likely because" in printed
    assert "Traceback" not in printed and "codec" not in printed


@pytest.mark.parametrize(
    ("flags", "begins"),
    [
        ({"WHICH": "build", "SELECT": (), "FULL_REFRESH": False}, True),
        ({"WHICH": "build", "SELECT": ("dim_grade",)}, False),
        ({"WHICH": "build", "EXCLUDE": ("dim_grade",)}, False),
        ({"WHICH": "build", "FULL_REFRESH": True}, False),
        ({"WHICH": "list"}, False),
    ],
)
def test_a_whole_build_alone_begins_to_read_before_dbt_reads_the_project(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, flags: dict[str, object], begins: bool
) -> None:
    folder.write("one.txt", b"words")
    monkeypatch.chdir(folder.path.parent)
    monkeypatch.setenv("REPORTS_PATH", str(folder.path))
    monkeypatch.setattr("dbt.flags.GLOBAL_FLAGS", Namespace(**flags))
    BeforeParsing("another project").initialize()
    assert not parsing.BEGUN
    BeforeParsing(PROJECT).initialize()
    begun = parsing.begun(Settings.from_environment())
    assert (begun is not None) is begins
    if begun:
        assert begun.outcomes().keys() == {"one.txt"}


def test_what_hinders_the_reading_beforehand_is_left_to_the_landing(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.path.parent)
    monkeypatch.setattr("dbt.flags.GLOBAL_FLAGS", Namespace(WHICH="build"))
    for name, value in {"REPORTS_PATH": "nowhere", "LANDING_PROCESSES": "many"}.items():
        monkeypatch.setenv(name, value)
        BeforeParsing(PROJECT).initialize()
        assert not parsing.BEGUN
