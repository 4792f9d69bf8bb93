"""Search in the published file: by words in any form, without an extension, and without the index."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from project import REPOSITORY, Project

from loaders.answering.search import other_words, search
from loaders.publishing import search_index as search_module
from loaders.publishing.search_index import add_search, find_extension
from loaders.warehouse import WarehouseError, open_warehouse

TABLES = """
    create table dim_report (
        report_id varchar, file_name varchar, authority_id varchar, framework_id varchar, inspection_end_date date,
        published_date date, is_primary boolean
    );
    insert into dim_report values
        ('r1', 'a.pdf', 'E1', 'ilacs', date '2023-03-10', null, true),
        ('r2', 'b.pdf', 'E2', 'letter', null, date '2021-01-02', true),
        ('r3', 'copy.txt', 'E1', 'ilacs', date '2023-03-10', null, false);
    create table dim_authority (authority_id varchar, authority_name varchar);
    insert into dim_authority values ('E1', 'Ashmere'), ('E2', 'Dunmarsh');
    create table fct_statements (
        statement_id varchar, report_id varchar, page_number integer, statement varchar, quote varchar
    );
    insert into fct_statements values
        ('s1', 'r1', 4, 'Return home interviews are timely.', 'Return home interviews are timely.'),
        ('s2', 'r2', 2, 'Children who return are interviewed at home by a worker who knows them well.', 'Quote two.'),
        ('s3', 'r2', 3, 'Social workers visit children in need.', 'Social workers visit children in need.'),
        ('s4', 'r1', 5, 'Section 47 enquiries help.', 'Section 47 enquiries help.'),
        ('s5', 'r3', 1, 'Return home interviews are timely.', 'Return home interviews are timely.'),
        ('s6', 'r1', 6, 'An unrelated line about budgets.', 'An unrelated line about budgets.');
    create table fct_recommendations (recommendation_id varchar, report_id varchar, page_number integer, text varchar);
    insert into fct_recommendations values ('c1', 'r1', 7, 'Improve return home interviews.');
"""


def make_warehouse(path: Path) -> str | None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(TABLES)
        return add_search(connection)


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    assert make_warehouse(tmp_path / "written.duckdb") is None
    # it is moved after it was written, so that its name is another
    return (tmp_path / "written.duckdb").rename(tmp_path / "warehouse.duckdb")


def ids(path: Path, words: str, macro: str = "search", among: str = "statements") -> list[str]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return [
            row[0] for row in connection.execute(f"select id from {macro}(?, among := ?)", [words, among]).fetchall()
        ]


def test_what_has_all_the_words_in_any_form_comes_first(warehouse: Path) -> None:
    assert ids(warehouse, "return home interviews") == ["s1", "s2"]
    assert ids(warehouse, "Interviewed, RETURN!") == ["s1", "s2"]
    assert ids(warehouse, "visit budgets unrelated") == ["s6", "s3"]
    assert ids(warehouse, "interviewing") == ["s1", "s2"]  # a form that stands nowhere
    assert ids(warehouse, "interviewestablishment") == []


@pytest.mark.parametrize("macro", ["search", "search_plain"])
def test_of_those_with_all_words_such_as_have_them_together_come_first(tmp_path: Path, macro: str) -> None:
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute(TABLES)
        texts = {
            "t1": "Agency workers: social.",
            "t2": "Many of the council’s teams depend on agency social workers, whose number has grown for years.",
            "t3": "Workers, social and agency.",
            "t4": "The Agency - Social workers whom it sends.",
        }
        connection.executemany(
            "insert into fct_statements values (?, 'r1', 1, ?, ?)", [(key, text, text) for key, text in texts.items()]
        )
        add_search(connection)
    for words in ("agency social workers", "Agency social-worker"):
        found = ids(tmp_path / "warehouse.duckdb", words, macro)[:4]
        assert set(found[:2]) == {"t2", "t4"}, found


def test_a_word_that_stands_nowhere_is_said_with_what_was_searched_for_it(warehouse: Path) -> None:
    with open_warehouse(warehouse) as connection:
        said = {
            words: list(other_words(connection, words))
            for words in ("RETURN of the interviews", "interviewing home", "chilrden in need", "xylophone", "47 48")
        }
    assert said == {
        "RETURN of the interviews": [],
        "interviewing home": ["“interviewing” stands in no document: showing results for “interviewed”, “interviews”"],
        "chilrden in need": ["“chilrden” stands in no document and was passed over: did you mean “children”?"],
        "xylophone": ["“xylophone” stands in no document and was passed over"],
        "47 48": ["“48” stands in no document and was passed over"],
    }


def test_the_command_says_what_it_searched_for(built: Project) -> None:
    def asked(words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "loaders", "search", words]
        return subprocess.run(
            command,
            cwd=built.folder,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )

    assert "“supervison” stands in no document: showing results for “supervision”" in asked("supervison").stderr
    assert "supervision" in asked("supervison").stdout
    assert asked("supervision").stderr == ""


def test_a_search_shows_where_it_stands(warehouse: Path) -> None:
    with open_warehouse(warehouse) as connection:
        (found,) = search(connection, "social visit", "statements", 10)
    assert {name: found[name] for name in ("authority_name", "framework_id", "page_number", "text", "kind", "id")} == {
        "authority_name": "Dunmarsh",
        "framework_id": "letter",
        "page_number": 3,
        "text": "Social workers visit children in need.",
        "kind": "statement",
        "id": "s3",
    }
    assert str(found["report_date"]) == "2021-01-02"
    assert found["score"] > 0


def test_numbers_and_the_subjects_own_words_are_searched(warehouse: Path) -> None:
    assert ids(warehouse, "47") == ["s4"]
    assert ids(warehouse, "help") == ["s4"]
    assert ids(warehouse, "in need") == ["s3"]


def test_what_is_searched_can_be_chosen(warehouse: Path) -> None:
    assert ids(warehouse, "return home", among="recommendations") == ["c1"]
    assert sorted(ids(warehouse, "return home", among="everything")) == ["c1", "s1", "s2"]
    assert ids(warehouse, "return home", among="findings") == []


@pytest.mark.parametrize("words", ["", "  ", "' or 1=1 --", "nothingofthesort", "%"])
@pytest.mark.parametrize("macro", ["search", "search_plain"])
def test_words_that_find_nothing_are_no_error(warehouse: Path, words: str, macro: str) -> None:
    assert ids(warehouse, words, macro) == []
    assert ids(warehouse, "the of") == []


def test_without_the_index_the_words_are_found_as_they_are(
    tmp_path: Path, warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ids(warehouse, "RETURN interview", "search_plain") == ["s1", "s2"]

    def missing() -> Path:
        raise ModuleNotFoundError("the package is missing")

    monkeypatch.setattr(search_module, "find_extension", missing)
    warning = make_warehouse(tmp_path / "plain.duckdb")
    assert warning and "the package is missing" in warning
    assert ids(tmp_path / "plain.duckdb", "RETURN interview") == ["s1", "s2"]


def test_a_client_needs_no_extension_and_the_extension_can_use_the_index(warehouse: Path) -> None:
    script = (
        "import duckdb, sys\n"
        "c = duckdb.connect(sys.argv[1], read_only=True, config={'autoinstall_known_extensions': 'false',"
        " 'autoload_known_extensions': 'false'})\n"
        "assert c.sql(\"select id from search('return home')\").fetchall() == [('s1',), ('s2',)]\n"
        "q = \"select loaded from duckdb_extensions() where extension_name = 'fts'\"\n"
        "assert c.sql(q).fetchall() == [(False,)]\n"
        "c.execute(f\"load '{sys.argv[2]}'\")\n"
        "q = \"select fts_main_fct_statements.match_bm25(statement_id, 'interviewing') from fct_statements\"\n"
        "assert sum(row[0] is not None for row in c.sql(q).fetchall()) == 3\n"
    )
    subprocess.run([sys.executable, "-c", script, str(warehouse), str(find_extension())], check=True)


def test_an_attached_warehouse_is_searched_after_use(warehouse: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse}' as w (read_only); use w")
        assert connection.sql("select id from search('return home')").fetchall() == [("s1",), ("s2",)]


def test_a_warehouse_without_search_says_so(tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "old.duckdb")).close()
    with open_warehouse(tmp_path / "old.duckdb") as connection, pytest.raises(WarehouseError, match="no search"):
        search(connection, "words", "statements", 5)


def test_a_file_without_statements_gets_no_search(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "few.duckdb")) as connection:
        assert add_search(connection) is None


def test_the_example_build_can_be_searched(built: Project) -> None:
    found = built.query("select authority_name, page_number, text, id from search('social workers children') limit 20")
    assert len(found) == 20
    assert all("child" in text.lower() or "social" in text.lower() for _, _, text, _ in found)
    (first,) = built.query(
        "select quote from fct_statements where is_heading = false order by length(quote) desc limit 1"
    )
    longest = first[0].replace("'", "''")
    assert built.query(f"select text from search('{longest}') limit 1") == [first]
    assert built.query("select count(*) > 0 from search('improve', among := 'recommendations')") == [(True,)]
