"""The heads of tables that white space alone aligns: which of their lines are one head."""

from __future__ import annotations

import pytest
from conftest import make_pdf
from reportlab.pdfgen.canvas import Canvas

from loaders.reading import pdf, text
from loaders.reading.tables import Cells


def read_text(lines: str) -> list[Cells]:
    return [grid.cells for grid in text.find_tables(lines)]


def read_set(rows: list[tuple[float, list[tuple[float, str]]]]) -> Cells:
    """Return the table of a page on which rows of (left, words) stand at those heights."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 9)
        for height, words in rows:
            for left, word in words:
                canvas.drawString(left, height, word)

    (page,) = pdf.read_pages(make_pdf(draw))
    (table,) = page.tables
    return table.cells


BODY = [
    (600 - 17 * number, [(72.0, label), (250.0, one), (340.0, other), (430.0, last)])
    for number, (label, one, other, last) in enumerate(
        [("2013-14", "611", "73", "207"), ("2014-15", "634", "75", "219"), ("2015-16", "640", "76", "230")]
    )
]


def test_a_head_goes_on_on_a_line_that_begins_with_a_number() -> None:
    top = [
        (639.0, [(250.0, "Number of looked"), (340.0, "Rate per"), (430.0, "Children on")]),
        (628.0, [(250.0, "after children"), (340.0, "10,000"), (430.0, "a plan at 31")]),
        (617.0, [(430.0, "March")]),
    ]
    assert read_set([(639.0, [(72.0, "Year")]), *top, *BODY])[:2] == [
        ["Year", "Number of looked after children", "Rate per 10,000", "Children on a plan at 31 March"],
        ["2013-14", "611", "73", "207"],
    ]


def test_heads_that_end_on_one_line_are_one_row_each() -> None:
    top = [
        (639.0, [(340.0, "Yorkshire and")]),
        (628.0, [(250.0, "Our"), (340.0, "the Humber"), (430.0, "England")]),
        (617.0, [(72.0, "Year to March"), (250.0, "borough"), (340.0, "2015/16"), (430.0, "2015/16")]),
    ]
    assert read_set([*top, *BODY])[0] == [
        "Year to March", "Our borough", "Yorkshire and the Humber 2015/16", "England 2015/16",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "head",
    [
        "                        2014/15          2015/16        \n"
        "Measure                 Number    Rate   Number    Rate\n",
        "                        Leeds            England        \n"
        "Measure                 2015      2016   2015      2016\n",
        "                        England                         \n"
        "Measure                 Number    Rate   Target    Plan\n",
    ],
)
def test_a_head_over_several_columns_is_a_row_of_its_own(head: str) -> None:
    first = "Looked after children      611      73      634      75\n"
    second = "Re-referrals               207      19      219      21\n"
    assert len(read_text(head + first + second)[0]) == 4


@pytest.mark.parametrize("rule", ["-" * 50, "=" * 50, "-------------------   -------   -------"])
def test_a_rule_of_signs_stands_under_a_head(rule: str) -> None:
    head = f"Measure                  2014-15   2015-16\n{rule}\n"
    first = "Looked after children        611       634\nat the year's end\n"
    second = f"Re-referrals                 207       219\n{rule}\nSource: local data\n"
    grids = text.find_tables(head + first + second)
    assert [grid.cells for grid in grids] == [
        [
            ["Measure", "2014-15", "2015-16"],
            ["Looked after children at the year's end", "611", "634"],
            ["Re-referrals", "207", "219"],
        ]
    ]
    assert grids[0].lines == [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (6, 3)]
