"""From a row to its page: the words that are highlighted are the fact's."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from conftest import make_pdf
from PIL import Image, ImageChops
from project import EXAMPLES, REPOSITORY, Project
from reportlab.pdfgen.canvas import Canvas

from loaders.answering.drawing import HIGHLIGHT
from loaders.answering.evidence import find_document, find_facts, main
from loaders.answering.words_on_page import Words, bare
from loaders.warehouse import WarehouseError, open_warehouse

PAGE = "Heading\n\nThe first sentence is here. There are 161 children\nwith a plan at 31 March 2017.\nAnother sentence."


class Shelf:
    """A folder of documents and a warehouse of facts about them."""

    def __init__(self, folder: Path) -> None:
        self.reports = folder / "reports"
        self.reports.mkdir()
        self.path = folder / "warehouse.duckdb"
        with duckdb.connect(str(self.path)) as warehouse:
            warehouse.execute(
                """
                create table dim_report (
                    report_id varchar, file_name varchar, other_file_names varchar, sha256 varchar, byte_size bigint
                );
                create table fct_findings (finding_id varchar, report_id varchar, text varchar, page_number integer);
                create table fct_discrepancies (
                    discrepancy_id varchar, report_id varchar, page_number integer, quote varchar,
                    other_report_id varchar, other_page_number integer, other_quote varchar
                );
                """
            )

    def add(self, name: str, content: bytes, **facts: tuple[str, int]) -> str:
        """Add a document, and a fact for each id: its words and its page."""
        (self.reports / name).write_bytes(content)
        sha256 = hashlib.sha256(content).hexdigest()
        with duckdb.connect(str(self.path)) as warehouse:
            warehouse.execute(
                "insert into dim_report values (?, ?, '', ?, ?)", [sha256[:16], name, sha256, len(content)]
            )
            for fact_id, (words, page) in facts.items():
                warehouse.execute("insert into fct_findings values (?, ?, ?, ?)", [fact_id, sha256[:16], words, page])
        return sha256[:16]


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    shelf = Shelf(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REPORTS_PATH", str(shelf.reports))
    monkeypatch.setenv("WAREHOUSE_PATH", str(shelf.path))
    return shelf


def highlighted(picture: Path) -> tuple[int, int, int, int] | None:
    """Return the box of what is coloured in a picture."""
    with Image.open(picture) as image:
        difference = ImageChops.difference(image.convert("RGB"), Image.new("RGB", image.size, HIGHLIGHT))
        return Image.eval(difference.convert("L"), lambda light: 0 if light else 255).getbbox()


def test_a_quote_over_two_lines_is_highlighted_where_it_stands(
    shelf: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf.add("a.pdf", make_pdf("Cover", PAGE), f1=("There are 161 children with a plan at 31 March 2017.", 2))
    assert main(["f1"]) == 0
    assert capsys.readouterr().out == f"{Path('evidence', 'f1.png')}  a.pdf, page 2\n"
    box = highlighted(Path("evidence/f1.png"))
    assert box
    left, top, right, bottom = (side / 2 for side in box)  # in points
    # the third and fourth lines, whose feet stand 28 and 42 points below the first's at 72
    assert 70 <= left <= 74 and right > 300
    assert top >= 72 + 28 - 14 and bottom <= 72 + 42 + 6


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_on_a_page_that_is_turned_the_words_are_found_too(shelf: Shelf, degrees: int) -> None:
    def page(canvas: Canvas) -> None:
        canvas.setPageRotation(degrees)
        canvas.drawString(72, 400, "There are 161 children here.")

    shelf.add("a.pdf", make_pdf(page), f1=("There are 161 children here.", 1))
    assert main(["f1"]) == 0
    box = highlighted(Path("evidence/f1.png"))
    with Image.open("evidence/f1.png") as image:
        dark = Image.eval(image.convert("L"), lambda light: 255 if light < 100 else 0).getbbox()
    assert box and dark
    assert all(abs(a - b) < 16 for a, b in zip(box, dark, strict=True))


def test_a_quote_that_runs_over_two_pages_is_shown_from_its_first(
    shelf: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    content = make_pdf("Some words.\nThe plan was agreed by all the", "Header\npartners of the board in May. More.")
    shelf.add("a.pdf", content, f1=("The plan was agreed by all the partners of the board in May.", 1))
    assert main(["f1"]) == 0
    assert "page 1; goes on on page 2" in capsys.readouterr().out


def test_words_that_stand_twice_are_shown_twice_and_it_is_said(
    shelf: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf.add("a.pdf", make_pdf("in primary schools is 8%\nSomething else\nin primary schools is 8%"), f1=(
        "in primary schools is 8%", 1
    ))  # fmt: skip
    assert main(["f1"]) == 0
    assert "stand 2 times" in capsys.readouterr().out
    box = highlighted(Path("evidence/f1.png"))
    assert box and box[3] - box[1] > 50


def test_words_at_the_pages_foot_are_not_taken_for_the_rest_of_a_quote(shelf: Shelf) -> None:
    footnote = "1 The experiences of children are graded too."
    first = f"The plan was agreed by all the\n\n\n\n{footnote}"
    shelf.add("a.pdf", make_pdf(first, "partners for the experiences of children. More."), f1=(
        "The plan was agreed by all the partners for the experiences of children.", 1
    ))  # fmt: skip
    assert main(["f1"]) == 0
    box = highlighted(Path("evidence/f1.png"))
    assert box and box[3] - box[1] < 40


def test_white_space_soft_hyphens_and_bullets_make_no_difference(
    shelf: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    words = Words("a well\ufffe\nestab\u00a0lished  team")
    assert words.find(bare("well-established team")).length == len("wellestablishedteam")
    shelf.add("a.pdf", make_pdf("We did two things:\n■ a visit; and\n■ a review.", "a review."), f1=(
        "We did two things: • a visit; and • a review.", 1
    ))  # fmt: skip
    assert main(["f1"]) == 0
    assert capsys.readouterr().out == f"{Path('evidence', 'f1.png')}  a.pdf, page 1\n"


def test_a_footnote_within_a_quote_is_passed_over() -> None:
    words = Words("The authority has begun. 1 A footnote stands here. It will end the work in time.")
    found = words.find(bare("The authority has begun. It will end the work in time."))
    assert len(found.spans) == 2 and found.length == len(bare("The authority has begun. It will end the work in time."))


def test_a_figure_that_is_drawn_under_its_words_is_found_with_them() -> None:
    words = Words("Our year Referrals 2,713 Fostered privately 19")
    assert words.find(bare("2,713 Referrals")).spans == words.find(bare("Referrals 2,713")).spans
    assert words.find(bare("19 Referrals")).length == 0


def test_a_tables_figure_is_found_behind_its_label_with_its_head() -> None:
    words = Words("In 2013-14 60 were. Measure 2012-13 2013-14 Looked after at 31 March 571 60 Privately fostered 6 57")
    quote = bare("Privately fostered | 2013-14 | 57")
    found = words.find(quote)
    assert [words.text[start:end] for start, end in found.spans] == ["Privatelyfostered", "201314", "57"]
    assert found.spans[-1][1] == len(words.text) and found.length == len(quote)
    assert words.find(bare("Privately fostered | 2013-14 | 58")).length == 0


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_a_texts_passage_is_drawn(shelf: Shelf, name: str) -> None:
    lines = [f"Line {number} of the text – it’s plain." for number in range(100)]
    shelf.add(name, "\n".join(lines).encode(), f1=("Line 50 of the text – it’s plain.", 1))
    assert main(["f1"]) == 0
    with Image.open("evidence/f1.png") as image:
        assert image.height < 1000
    box = highlighted(Path("evidence/f1.png"))
    assert box and box[3] - box[1] < 40


def test_a_disagreement_has_a_picture_of_each_side(shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    first = shelf.add("a.pdf", make_pdf("There were 265 children."))
    second = shelf.add("b.txt", b"There were 266 children.")
    with duckdb.connect(str(shelf.path)) as warehouse:
        warehouse.execute(
            "insert into fct_discrepancies values ('d1', ?, 1, 'There were 265', ?, 1, 'were 266 children')",
            [first, second],
        )
    assert main(["d1", "--output", "out"]) == 0
    assert sorted(os.listdir("out")) == ["d1-1.png", "d1-2.png"]
    assert "a.pdf" in (said := capsys.readouterr().out) and "b.txt" in said


def test_a_query_gives_a_folder_and_contact_sheets(shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    shelf.add("a.pdf", make_pdf(PAGE), **{f"f{number}": ("There are 161 children", 1) for number in range(20)})
    assert main(["--sql", "select finding_id from fct_findings order by 1", "--output", "out", "--limit", "18"]) == 0
    said = capsys.readouterr()
    assert len([name for name in os.listdir("out") if name.startswith("f")]) == 18
    assert sorted(name for name in os.listdir("out") if name.startswith("c")) == [
        "contact-sheet-1.png",
        "contact-sheet-2.png",
    ]
    assert "the first 18 of 20" in said.err
    assert highlighted(Path("out/contact-sheet-2.png"))


def test_a_document_is_found_under_another_name_and_a_changed_one_is_refused(shelf: Shelf) -> None:
    content = make_pdf(PAGE)
    shelf.add("a.pdf", content, f1=("There are 161 children", 1))
    (shelf.reports / "sub").mkdir()
    (shelf.reports / "a.pdf").rename(shelf.reports / "sub" / "moved.pdf")
    with open_warehouse(shelf.path) as warehouse:
        (fact,) = find_facts(warehouse, "f1")
    assert find_document(fact, shelf.reports) == content
    (shelf.reports / "sub" / "moved.pdf").rename(shelf.reports / "a.pdf")
    (shelf.reports / "a.pdf").write_bytes(content + b" ")
    with pytest.raises(WarehouseError, match=r"a\.pdf has changed since the warehouse was built"):
        find_document(fact, shelf.reports)
    (shelf.reports / "a.pdf").unlink()
    with pytest.raises(WarehouseError, match=r"a\.pdf is not in the folder .*REPORTS_PATH"):
        find_document(fact, shelf.reports)


def test_what_cannot_be_shown_is_named(
    shelf: Shelf, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.add("a.pdf", make_pdf(PAGE), f1=("Not one of these words can be read there", 1), f2=("There are", 9))
    assert main(["\x1b[31mnone"]) == 1
    assert "no fact of the warehouse has the id \\x1b[31mnone" in capsys.readouterr().err
    assert main(["f1"]) == 1
    assert "f1: only 0% of its words were found on page 1" in capsys.readouterr().err
    assert main(["f2"]) == 1
    assert "a.pdf has no page 9" in capsys.readouterr().err
    assert main(["--sql", "select nonsense"]) == 1
    assert "the query fails" in capsys.readouterr().err
    assert main([]) == 1
    assert "no id" in capsys.readouterr().err
    monkeypatch.setenv("WAREHOUSE_PATH", "nowhere.duckdb")
    assert main(["f1"]) == 1
    assert "no warehouse at nowhere.duckdb" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("select content from read_text('secret.txt')", "disabled by configuration"),
        ("from 'secret.csv'", "disabled by configuration"),
        ("select * from glob('*')", "disabled by configuration"),
        ("attach 'other.duckdb' as other; select 1", "takes one query"),
        ("copy (select 1) to 'made.csv'", "takes one query"),
        ("export database 'made'", "takes one query"),
        ("create temp table made as select 1", "takes one query"),
        ("set enable_external_access = true", "takes one query"),
        ("load fts", "takes one query"),
        ("", "no id"),
        ("select 1; select 2", "takes one query"),
    ],
)
def test_a_query_reads_the_published_file_and_nothing_else(
    shelf: Shelf, capsys: pytest.CaptureFixture[str], query: str, why: str
) -> None:
    Path("secret.txt").write_text("secret")
    Path("secret.csv").write_text("secret")
    before = sorted(os.listdir())
    assert main(["--sql", query]) == 1
    said = capsys.readouterr()
    assert why in said.err and "secret" not in said.err.replace("secret.", "") and "Traceback" not in said.err
    assert sorted(os.listdir()) == before


def test_a_file_that_is_not_ours_is_left(shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    shelf.add("a.pdf", make_pdf(PAGE), f1=("There are 161 children", 1))
    Image.new("RGB", (5, 5)).save("mine.png")
    before = Path("mine.png").read_bytes()
    assert main(["f1", "--output", "mine.png"]) == 1
    assert "mine.png is there, and is no picture of ours" in capsys.readouterr().err
    assert Path("mine.png").read_bytes() == before
    assert main(["f1", "--output", "one.png"]) == main(["f1", "--output", "one.png"]) == 0
    assert sorted(os.listdir(".")) == ["mine.png", "one.png", "reports", "warehouse.duckdb"]


def test_the_example_of_the_guide_is_as_it_says(
    built: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    guide = (REPOSITORY / "docs" / "evidence.md").read_text(encoding="utf-8")
    example = re.search(r"-m loaders evidence (\w{16})\n```.*?```text\n(.+?)\n```", guide, re.DOTALL)
    assert example
    fact_id, printed = example.groups()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REPORTS_PATH", str(EXAMPLES))
    monkeypatch.setenv("WAREHOUSE_PATH", str(built.published))
    assert main([fact_id]) == 0
    assert capsys.readouterr().out.replace("\\", "/") == f"{printed}\n"


def test_every_kind_of_fact_of_the_example_build_is_shown(built: Project, tmp_path: Path) -> None:
    kinds = built.query(
        """
        select table_name, first(column_name order by column_index) from duckdb_columns() where schema_name = 'main'
        group by table_name
        having
            list_has_all(list(column_name), ['report_id', 'page_number'])
            and list_has_any(list(column_name), ['quote', 'text', 'statement'])
            and first(column_name order by column_index) not in ('report_id', 'discrepancy_id')
        """
    )
    assert {"fct_judgements", "fct_metric_observations", "fct_findings"} <= {relation for relation, _ in kinds}
    for relation, key in kinds:
        process = subprocess.run(
            [
                *(sys.executable, "-m", "loaders.answering.evidence", "--output", str(tmp_path / relation)),
                *("--sql", f"select {key} from {relation} order by hash({key}) limit 5"),
            ],
            cwd=REPOSITORY,
            env={**os.environ, "REPORTS_PATH": str(EXAMPLES), "WAREHOUSE_PATH": str(built.published)},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
        )
        assert process.returncode == 0, (relation, process.stdout + process.stderr)
