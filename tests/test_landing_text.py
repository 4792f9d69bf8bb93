"""Reading plain text and Markdown: encodings and tables."""

from __future__ import annotations

import codecs

import pytest
from conftest import REAL_REPORTS

from loaders import documents, media
from loaders.errors import RejectedError
from loaders.text import decode, find_tables

WORDS = "“Naïve” – café’s £5\nline two\n"


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
        ("a.csv", "text/plain"),
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


def test_a_text_is_one_page_without_layout() -> None:
    row = documents.parse(b"one\ftwo\n", "a.txt")
    assert row["page_count"] == 1
    assert row["pages"] == [{"page_number": 1, "text": "one\ftwo\n", "line_layout": []}]


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
