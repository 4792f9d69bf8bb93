"""Reading plain text and Markdown: encodings, tables, and what is no document."""

from __future__ import annotations

import codecs
import time

import pytest
from conftest import REAL_REPORTS, Folder

from loaders.errors import RejectedError
from loaders.reading import documents, media, text_kinds
from loaders.reading import text as texts
from loaders.reading.tables import Cells
from loaders.reading.text import decode

WORDS = "“Naïve” – café’s £5\nline two\n"


def find_tables(text: str) -> list[Cells]:
    return [table.cells for table in texts.find_tables(text)]


@pytest.mark.parametrize(
    "content",
    [
        WORDS.encode(),
        codecs.BOM_UTF8 + WORDS.encode(),
        WORDS.encode("utf-16"),
        codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"),
        WORDS.encode("utf-32"),
        ("plain English, as most of it is " + WORDS).encode("utf-16-le")[64:],
        WORDS.encode("cp1252"),
        WORDS.replace("\n", "\r\n").encode(),
        WORDS.replace("\n", "\r").encode(),
        WORDS.replace("line", "li\0ne").encode(),
    ],
)
def test_text_of_the_usual_encodings(content: bytes) -> None:
    assert decode(content) == WORDS


@pytest.mark.parametrize(
    "content",
    [
        bytes(range(256)),
        b"\x00\x01\x02\x03" * 50,
        "Отчёт о проверке".encode("cp1251"),
        WORDS.encode()[:-1] + "é".encode()[:1],
        codecs.BOM_UTF16_LE + b"\x00\xd8\x20",
        b"   \n",
    ],
)
def test_what_is_no_text_is_rejected(content: bytes) -> None:
    with pytest.raises(RejectedError):
        decode(content)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.txt", "text/plain"),
        ("a", "text/plain"),
        ("a.MD", "text/markdown"),
        ("a.markdown", "text/markdown"),
    ],
)
def test_among_kinds_of_text_the_ending_decides(name: str, media_type: str) -> None:
    assert media.by_name(name, media.sniff(b"# words", name), None) == (media_type, None)


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (b"%PDF-1.4", "a.txt", "application/pdf"),
        (b"\xef\xbb\xbf\n%PDF-1.4", "a", "application/pdf"),
        (b"HTTP/1.1 200\n\n%PDF-1.4", "a.pdf", "application/pdf"),
        (b"On the %PDF-1.4 header", "a.txt", "text/plain"),
        (b"<!-- saved -->\n<HTML lang=en>", "a.txt", "text/html"),
        ("<!doctype html><title>x</title>".encode("utf-16"), "a.pdf", "text/html"),
        (b"<?xml version='1.0'?><svg/>", "a", "image/svg+xml"),
        (b"<div>Markdown may start with a tag</div>", "a.md", "text/plain"),
        (b"PK\x03\x04rubbish", "a.docx", "application/zip"),
    ],
)
def test_the_content_says_what_it_is(content: bytes, name: str, media_type: str) -> None:
    assert media.sniff(content, name) == media_type


# --- what is no document ---

SENTENCES = "The team knows the children well, and visits them as often as they need.\n" * 5
REPORT = (
    f"Inspection of Ashmere\n\n{SENTENCES}\nIncome, 2016\nCouncil, 108,240\nPolice, 18,300\n"
    f"Agency\t19 May\t14 July\nPolice\t1\tn/a\nHealth\t1\t1\n{SENTENCES}"
)
MAIL = "Return-Path: <a@example.org>\nFrom: A <a@example.org>\nTo: B <b@example.org>\nSubject: Report\n\n" + SENTENCES
LETTER = "Date: 3 May 2019\nTo: the director\nSubject: Focused visit to Ashmere\n\n" + SENTENCES
CSV = "authority,grade,words\n" + 'Ashmere,good,"The team knows the children well, and visits them."\n' * 3
PYTHON = '"""Notes on the children that the team knows well."""\nimport os\n\ndef f(x):\n    return os.sep + x\n'
LOG = "2024-05-01 10:00:00,123 INFO Reading the first of the reports in this folder\n" * 6
LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 12345\n"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.csv", CSV, "a CSV table"),
        ("A.CSV", "name\nAshmere\nBrackwater\n", "a CSV table"),
        ("a.csv", CSV.replace(",", ";"), "a CSV table"),
        ("a.tsv", "authority\tgrade\nAshmere\tgood\n", "a table parted by tabs"),
        ("manifest.json", '{"build_id": "x", "files": []}', "a JSON file"),
        ("a.txt", '[{"text": "' + SENTENCES.replace("\n", " ") + '"}]\n', "a JSON file"),
        ("a.txt", '{"a": 1}\n{"a": 2}\n', "a JSON file"),
        ("a.json", '{"cut": "off', "a JSON file"),
        ("a.py", PYTHON, "Python code"),
        ("a.sql", "select authority_id from fct_judgements\nwhere grade = 'good'\n", "SQL code"),
        ("run", "#!/usr/bin/env bash\nset -e\n", "a script"),
        ("a.yml", "models:\n  - name: x\n    description: the words of a column\n", "a settings file"),
        ("build.log", LOG, "a log"),
        ("build.txt", LOG, "a log"),
        ("dbt.log", "Running with dbt\n" + LOG[:200], "a log"),
        ("a.pdf", LFS, "a Git LFS pointer, which stands for a file that was not fetched: run `git lfs pull`"),
        ("a.txt", LFS, "a Git LFS pointer"),
        ("a.pdf", "/annex/objects/SHA256E-s9--0f.pdf\n", "a git-annex pointer"),
        ("a.pdf", "../../.git/annex/objects/xW/9z/MD5E-s9--0f.pdf/MD5E-s9--0f.pdf", "a git-annex pointer"),
        ("a.url", "[InternetShortcut]\r\nURL=https://example.org/\r\n", "a web shortcut"),
        ("a.txt", "[{000214A0-0000}]\nProp3=19,2\n[InternetShortcut]\nURL=https://example.org/\n", "a web shortcut"),
        ("a.desktop", "[Desktop Entry]\nType=Link\n", "a shortcut"),
        ("a.eml", MAIL, "an e-mail"),
        ("a.txt", MAIL, "an e-mail"),
        ("a.eml", LETTER, "an e-mail"),
        (
            "a.mht",
            "From: <Saved by Blink>\nSnapshot-Content-Location: https://x\nMIME-Version: 1.0\n\n<p>",
            "a web page",
        ),
        ("a.ics", "BEGIN:VCALENDAR\nEND:VCALENDAR\n", "a calendar file"),
        ("a.txt", "-----BEGIN CERTIFICATE-----\nMIIB\n", "a key or certificate"),
    ],
)
def test_a_text_that_is_no_document_is_told_as_what_it_is(name: str, content: str, kind: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        row = documents.parse(content.encode(encoding), name)
        media_type, reason = media.by_name(name, row["media_type"], row.get("rejected_reason"))
        assert reason and reason.startswith(kind), reason
        assert media_type not in (text_kinds.TABLE, text_kinds.BARE)


@pytest.mark.parametrize("content", [b"L\0\0\0\x01\x14\x02\0" + bytes(60), b"12345678DUCK" + bytes(60)])
def test_other_files_that_are_no_documents_are_told(content: bytes) -> None:
    reason = documents.parse(content, "a.pdf")["rejected_reason"]
    assert reason.startswith(("a Windows shortcut (", "a DuckDB database ("))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", REPORT),
        ("a.csv", REPORT),  # a report all the same
        ("a.log", REPORT),
        ("Appendix.C", REPORT),
        ("Inspection 12.10.2019", REPORT),
        ("a.txt", CSV),
        ("a.txt", "authority\tgrade\nAshmere\tgood\n"),
        ("a.txt", PYTHON),
        ("a.txt", LETTER),
        ("a.md", "[Ashmere](https://example.org/)\n\n" + REPORT),
        ("a.md", "---\ntitle: Ashmere\n---\n" + REPORT),
        ("a.txt", "{Draft}\n" + REPORT + "{end}"),
        ("a.txt", "#!\n" + REPORT),
    ],
)
def test_a_report_is_read_whatever_it_holds(name: str, content: str) -> None:
    row = documents.parse(content.encode(), name)
    assert row["pages"][0]["text"] == content
    assert media.by_name(name, row["media_type"], None)[1] is None


def test_one_content_under_two_names_is_a_table_and_a_document(folder: Folder) -> None:
    folder.write("a.csv", CSV.encode())
    folder.write("b.txt", CSV.encode())
    rows = folder.land()
    assert rows["a.csv"]["rejected_reason"] == "a CSV table, which is not read: if it is a report, give it a .txt name"
    assert rows["b.txt"]["rejected_reason"] is None
    assert [rows[name]["media_type"] for name in ("a.csv", "b.txt")] == ["text/plain", "text/plain"]


@pytest.mark.parametrize(
    "content", ["[" * 300_000 + "]" * 300_000, "a" * 1_000_000, "a:\n" + " x\n" * 200_000, "{" + "1" * 100_000 + "}"]
)
def test_what_kind_a_huge_text_is_takes_no_long_time(content: str) -> None:
    start = time.process_time()
    text_kinds.tell(content)
    assert time.process_time() - start < 5


def test_a_text_is_one_page_without_layout() -> None:
    row = documents.parse(b"one\ftwo\n", "a.txt")
    assert row["page_count"] == 1
    assert row["pages"] == [{"page_number": 1, "text": "one\ftwo\n", "line_layout": [], "is_order_in_doubt": False}]


def test_halves_of_characters_do_not_crash() -> None:
    assert documents.whole("a\ud800b😀") == "a?b😀"


# --- tables ---


def test_markdown_tables() -> None:
    text = (
        "words | more\n\n| Area | Grade |\n|:---|---:|\n| Overall \\| all | **Good** |\n| Leaders |\n\nafter | this\n"
    )
    assert find_tables(text) == [[["Area", "Grade"], ["Overall | all", "**Good**"], ["Leaders", ""]]]
    assert find_tables("a | b\n--- | ---\n1 | 2\n") == [[["a", "b"], ["1", "2"]]]


def test_tabs_part_columns_and_a_first_cell_may_be_blank() -> None:
    text = "Income\nCouncil\t£108,240\nPolice\t £18,300\n\nAgency\tDates\t\n\t19 May\t14 July\nPolice\t1\tn/a\n"
    assert find_tables(text) == [
        [["Council", "£108,240"], ["Police", "£18,300"]],
        [["Agency", "Dates", ""], ["", "19 May", "14 July"], ["Police", "1", "n/a"]],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "\tindented\n\tindented too\n",
        "•\tone\n•\ttwo\n",
        "1.\tone\n2.\ttwo\n",
        "(a)\tone\n(b)\ttwo\n",
        "one\ttab\n\nanother\ttab\n",
    ],
)
def test_indents_and_lists_are_no_tables(text: str) -> None:
    assert find_tables(text) == []


def test_spaces_part_columns_where_three_lines_agree() -> None:
    text = (
        "Contribution           2015    2016\n"
        "Bedford Council      £1,000  £2,000\n"
        "Police                  £50     £60\n"
        "                        £10        \n"
        "A sentence.  With two spaces.\nAnother one here.  And more.\nAnd a third.  With two.\n"
    )
    assert find_tables(text)[0][:3] == [
        ["Contribution", "2015", "2016"],
        ["Bedford Council", "£1,000", "£2,000"],
        ["Police", "£50", "£60"],
    ]
    assert find_tables("One.  Two words.\nThree four.  Five.\nSix seven eight.  Nine ten.\n") == []


def test_columns_of_the_same_few_words_are_parted_by_spaces() -> None:
    """No column has few enough of them for itself, as where a deputy came but once."""
    rows = [
        ["Agency", "12 May 2016", "14 July 2016", "8 Sept 2016"],
        ["Chair", "Present", "Deputy", "Apologies"],
        ["Council", "Yes", "No", "Present"],
        ["Police", "Present", "Apologies", "Deputy"],
        ["Health Trust", "Apologies", "Present", "Yes"],
        ["Probation", "Deputy", "Present", "Present"],
        ["Schools", "Present", "Present", "Present"],
    ]
    text = "\n".join("  ".join(f"{cell:13}" for cell in row) for row in rows)
    assert find_tables(text) == [rows]
    others = [
        ["Words", "that", "never", "repeat"],
        *([f"Row {n}", f"a{n}bcd", f"e{n}fgh", f"i{n}jkl"] for n in "vwxyz"),
    ]
    assert find_tables("\n".join("  ".join(f"{cell:13}" for cell in row) for row in others)) == []


def test_long_texts_of_what_looks_like_tables_take_no_long_time() -> None:
    for line in ("\tindented", "•\titem", "a  b", "|", "|-", "x\t", " " * 1000 + "|"):
        find_tables((line + "\n") * 20_000)


@pytest.mark.skipif(not REAL_REPORTS.exists(), reason="the real reports are not here")
def test_the_tables_of_a_real_board_report() -> None:
    report = REAL_REPORTS / "other" / "bedford-safeguarding-board-annual-report-2016-17.txt"
    tables = find_tables(decode(report.read_bytes()))
    income = next(table for table in tables if table[-1] == ["Total", "£199,463"])
    assert income[0] == ["Bedford Borough Council", "£108,240"]
    attendance = tables[-1]
    assert (len(attendance), len(attendance[0])) == (24, 10)
    assert attendance[8] == ["BBC - BYOS", "n/a", "n/a", "1", "0", "0", "1", "4", "2", "50%"]
