"""Words that the ends of lines break are whole again, those with a hyphen of their own keep it."""

from __future__ import annotations

import pytest
from conftest import make_pdf
from reportlab.pdfgen.canvas import Canvas

from loaders.reading import documents, pdf
from loaders.reading.hyphens import HARD, SOFT, Hyphens


@pytest.mark.parametrize(
    ("first", "second", "is_soft"),
    [
        ("chil", "dren", True),
        ("Chil", "dren", True),
        ("ser", "vices", True),
        ("eigh", "teen", True),
        ("assess", "ments", True),
        ("safe", "guarding", True),
        ("twenty", "three", False),
        ("Thomson", "Jones", False),
        ("long", "term", False),
        ("multi", "agency", False),
        ("re", "investment", False),
    ],
)
def test_what_a_document_does_not_say_a_list_of_words_does(first: str, second: str, is_soft: bool) -> None:
    text = f"A line ends in {first}{HARD}{second} here."
    assert Hyphens([text]).is_soft(first, second) == is_soft


def test_the_document_itself_comes_first() -> None:
    broken = f"They re{HARD}design it, by hand{HARD}offs, day-to{HARD}day, today, and day{HARD}to-day."
    assert Hyphens([broken]).mend(broken) == broken
    assert Hyphens([broken, "A redesign of handoffs."]).mend(broken) == broken.replace(HARD, SOFT, 2)
    assert Hyphens([broken, "A redesign, a re-design, hand-offs."]).mend(broken) == broken


def test_a_text_has_its_words_whole() -> None:
    words = "There are twenty-\nthree chil-\ndren in pre-\nand post-natal ser\u00ad\nvices of Thomson-\nJones.\n"
    row = documents.parse(words.encode(), "a.txt")
    expected = "There are twenty-three\nchildren\nin pre-\nand post-natal services\nof Thomson-Jones.\n\n"
    assert row["pages"][0]["text"] == expected


def test_a_pdf_keeps_its_marks_in_place() -> None:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(72, 700)
        text.setFont("Helvetica", 12)
        text.textLine("The city looks after its chil-")
        text.textOut("dren, 622")
        text.setFont("Helvetica", 7)
        text.setRise(4)
        text.textOut("3")
        text.setRise(0)
        canvas.drawText(text)

    pages = list(pdf.read_pages(make_pdf(draw)))
    pdf.mend_hyphens(pages)
    assert pages[0].line_layout is not None
    marks = [
        line[mark - 1]
        for line, layout in zip(pages[0].text.split("\n"), pages[0].line_layout, strict=True)
        for mark in layout["superscripts"]
    ]
    assert marks == ["3"]
    assert f"chil{SOFT}dren" in pages[0].text or "children" in pages[0].text


def test_ligatures_are_their_letters() -> None:
    row = documents.parse("Eﬀective oﬃcers ﬁnd the ﬂaws.\n".encode(), "a.txt")
    assert row["pages"][0]["text"] == "Effective officers find the flaws.\n"


def test_cells_have_their_words_whole_and_their_marks_raised() -> None:
    pages = [pdf.Page(1, f"chil{HARD}dren", [], [])]
    cells = [["Chil\ufffedren", "twenty\ufffethree"], ["a", None]]
    pages[0].tables.append(pdf.Grid(cells))
    pdf.mend_hyphens(pages)
    assert pages[0].tables[0].cells == [["Children", "twenty-three"], ["a", None]]
