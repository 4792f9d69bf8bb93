"""Small reports and letters of fictional authorities, each set in one of the ways in which real ones differ.

`LAYOUTS` holds them by name. A layout draws its document on a `Sheet` and says what is to be read in it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

LEFT, RIGHT, BOTTOM = 71.0, 524.0, 90.0


class Sheet:
    """Pages that are set line by line from the top, in points; a chr(12) in the words turns the page."""

    def __init__(self, foot: str = "", leading: float = 14.5, space: float = 12.0) -> None:
        self.foot, self.leading, self.space = foot, leading, space
        self.shift = 0.0  # of what is set on this page, to the right
        self.buffer = io.BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=A4, invariant=True)
        self.page = 0
        self.turn()

    def turn(self) -> None:
        if self.page:
            self.canvas.showPage()
        self.page += 1
        self.height = A4[1] - 80
        self.canvas.setFont("Helvetica", 8)
        if self.foot:
            self.canvas.drawString(LEFT, 50, self.foot)
            self.canvas.drawString(500, 50, str(self.page))

    def draw(
        self, words: str, left: float = LEFT, font: str = "Helvetica", size: float = 12.0, rise: float = 0
    ) -> float:
        """Draw words on the line that is being set; return where they end."""
        self.canvas.setFont(font, size)
        self.canvas.drawString(left + self.shift, self.height + rise, words)
        return left + pdfmetrics.stringWidth(words, font, size)

    def down(self, points: float) -> None:
        self.height -= points

    def text(
        self, words: str, left: float = LEFT, first: float | None = None, font: str = "Helvetica", size: float = 12.0,
        mark: str = "", space: float | None = None, right: float = RIGHT,
    ) -> Sheet:  # fmt: skip
        """Set a paragraph, item or heading; `*words*` are bold.

        Args:
            left: Where its lines begin.
            first: Where its first line begins, if not with the others.
            mark: A bullet or number that stands at `first`; the words behind it begin at `left`, if there is room.
            space: Above it, if not the sheet's.
            right: What its lines do not go beyond.
        """
        self.down(self.space if space is None else space)
        at = left if first is None else first
        if mark:
            end = self.draw(mark + " ", at, font, size)
            at = max(left, end) if end < left + 40 else end
        line: list[tuple[str, str]] = []  # words and their font, up to where the line ends

        def width(words: str, font: str) -> float:
            return pdfmetrics.stringWidth(words, font, size)

        def end_line(at: float) -> None:
            for font, run in groupby(line, key=lambda pair: pair[1]):
                at = self.draw("".join(words + " " for words, _ in run), at, font, size)
            line.clear()
            self.down(self.leading * size / 12)

        filled = at
        for part, run in enumerate(words.split("*")):
            face = "Helvetica-Bold" if part % 2 else font
            for word in re.findall(r"\f|[^ \f]+", run):
                if word == "\f" or (filled + width(word, face) > right and line):
                    end_line(at)
                    at = filled = left
                if word == "\f":
                    self.turn()
                else:
                    line.append((word, face))
                    filled += width(word + " ", face)
        end_line(at)
        return self

    def heading(self, words: str, size: float = 14.0, font: str = "Helvetica-Bold", **options: float) -> Sheet:
        return self.text(words, font=font, size=size, **{"space": 16.0, **options})

    def bullets(self, *items: str, mark: str = "•", first: float = LEFT, hang: float = 18.0, **options: float) -> Sheet:
        for item in items:
            self.text(item, left=first + hang, first=first, mark=mark, **options)
        return self

    def numbers(self, start: int, *items: str, form: str = "{}.", hang: float = 28.0, **options: float) -> Sheet:
        for number, item in enumerate(items, start):
            self.text(item, left=LEFT + hang, first=LEFT, mark=form.format(number), **options)
        return self

    def content(self) -> bytes:
        self.canvas.save()
        return self.buffer.getvalue()


Row = tuple[object, ...]


@dataclass
class Report:
    """A document, and what is to be read in it; what is None is not looked at."""

    content: bytes
    suffix: str = ".pdf"
    asks: Sequence[str] | None = None
    asked: Sequence[Row] | None = None  # text, type, area
    findings: Sequence[Row] | None = None  # number, text
    sections: Sequence[Row] | None = None  # section, how many findings
    grades: dict[str, str] | None = None
    discrepancies: Sequence[Row] = field(default_factory=tuple)  # kind, what


LAYOUTS: dict[str, Callable[[], Report]] = {}


def layout(draw: Callable[[], Report]) -> Callable[[], Report]:
    LAYOUTS[draw.__name__] = draw
    return draw


def write_all(folder: Path) -> dict[str, Report]:
    """Write every document; return them by the name of their layout."""
    folder.mkdir(parents=True)
    made = {name: draw() for name, draw in LAYOUTS.items()}
    for name, report in made.items():
        (folder / f"{name}{report.suffix}").write_bytes(report.content)
    return made


# ---- heads and bodies that layouts share ---------------------------------------------------------

AREAS = {
    "impact_of_leaders": "The impact of leaders on social work practice with children and families",
    "help_and_protection": "The experiences and progress of children who need help and protection",
    "children_in_care": "The experiences and progress of children in care",
    "care_leavers": "The experiences and progress of care leavers",
    "overall_effectiveness": "Overall effectiveness",
}
GRADES = {
    "impact_of_leaders": "good",
    "help_and_protection": "requires improvement",
    "children_in_care": "good",
    "care_leavers": "outstanding",
    "overall_effectiveness": "good",
}
SUMMARY = (
    "Children in Ashmere receive help that is better than it was. Leaders have kept a steady course, and workers know "
    "the children with whom they work."
)
ASKS = (
    "The timeliness of assessments for disabled children.",
    "How well plans say what is to change, by when and for whom.",
    "Oversight by managers of children who live with relatives.",
)
FINDINGS = (
    "Families receive early help when they need it. Workers agree with parents what is to change, and they keep to it.",
    "Most strategy meetings are prompt and well attended. Health colleagues do not always come at short notice.",
    "Children who go missing are spoken to within three days. What they say is used to keep others safe.",
    "Disabled children are known well by the workers of a small team, who see them often.",
)
TITLE = "Inspection of Ashmere local authority children’s services"
HEADLINE = "Work with children is steadier than it was. Plans are not always good enough, and some visits are late."
HELPED = AREAS["help_and_protection"] + ": requires improvement to be good"


def printed(grade: str) -> str:
    return "Requires improvement to be good" if grade == "requires improvement" else grade.capitalize()


def ilacs_front(sheet: Sheet) -> Sheet:
    sheet.text(TITLE, size=26, space=0)
    sheet.text("Inspection dates: 4 to 15 March 2024", font="Helvetica-Bold")
    return sheet.text("Lead inspector: Ada Corrigan, His Majesty’s Inspector", font="Helvetica-Bold")


def grade_row(sheet: Sheet, label: str, grade: str) -> None:
    """Set a row of a table without rules: the label's lines, and the grade beside the first of them."""
    top = sheet.height - sheet.space - 8
    sheet.text(label, left=LEFT, right=290, space=sheet.space + 8)
    below, sheet.height = sheet.height, top
    sheet.draw(grade, 303)
    sheet.height = below


def ilacs(sheet: Sheet | None = None, head: str = "Helvetica-Bold") -> Sheet:
    """Set the first page and what needs to improve."""
    sheet = ilacs_front(sheet or Sheet(TITLE))
    sheet.down(30)
    sheet.draw("Judgement", font=head)
    sheet.draw("Grade", 303, font=head)
    sheet.down(14.5)
    for area, name in AREAS.items():
        grade_row(sheet, name, printed(GRADES[area]))
    sheet.text(SUMMARY, space=30)
    return sheet


def letter(sheet: Sheet | None = None, day: str = "6 and 7 June 2023") -> Sheet:
    """Set a letter to its first heading, on a page and a half."""
    sheet = sheet or Sheet("")
    for line in ("12 July 2023", "Philippa Stroud", "Director of Children’s Services", "Elverham Borough Council"):
        sheet.text(line, space=4)
    sheet.text("Moat House, Elverham EX1 9ZZ", space=0).text("Dear Ms Stroud")
    sheet.heading("Focused visit to Elverham Borough Council children’s services", size=12)
    sheet.text(
        f"This letter summarises the findings of the focused visit to Elverham on {day}. His Majesty’s Inspectors for "
        "this visit were Ada Corrigan and Martin Yelland."
    )
    sheet.text(
        "Inspectors looked at the local authority’s arrangements for children in need and for children who are "
        "subject to a child protection plan, and at what managers know of both."
    )
    return sheet.heading("Headline findings").text(HEADLINE)


def sif(has_numbered_areas: bool = True) -> Sheet:
    """Set the first page of a report of the single inspection framework, and turn to the next."""
    sheet = Sheet("")
    sheet.text("Dunmarsh Council", size=26, space=0)
    sheet.heading(
        "Inspection of services for children in need of help and protection, children looked after and care leavers"
    )
    sheet.text("Inspection date: 5 October 2015 – 29 October 2015", font="Helvetica-Bold")
    sheet.text("Report published: 14 December 2015", font="Helvetica-Bold")
    sheet.heading("The overall judgement is that children’s services require improvement", size=13)
    for label, grade in (
        ("1. Children who need help and protection", "Requires improvement"),
        ("2. Children looked after and achieving permanence", "Good"),
        ("2.1 Adoption performance", "Good"),
        ("2.2 Experiences and progress of care leavers", "Outstanding"),
        ("3. Leadership, management and governance", "Requires improvement"),
    ):
        sheet.down(20)
        sheet.draw(label if has_numbered_areas else label.split(" ", 1)[1])
        sheet.draw(grade, 380)
    sheet.turn()
    return sheet


# ---- lists ---------------------------------------------------------------------------------------


@layout
def bullets_of_a_page_stand_further_right() -> Report:
    sheet = letter().heading("What needs to improve in this area of social work practice")
    sheet.bullets(ASKS[0]).bullets(*ASKS[1:], first=LEFT + 9)
    return Report(sheet.content(), asks=ASKS)


@layout
def bullets_follow_the_margins_of_facing_pages() -> Report:
    sheet = letter().heading("What needs to improve in this area of social work practice")
    sheet.bullets(*ASKS[:2])
    sheet.turn()
    sheet.shift = 14
    sheet.bullets("Visits to children, as often as their plans say:")
    sheet.bullets("the first visit", "every visit after it.", mark="–", first=LEFT + 18)
    sheet.heading("Findings").text(FINDINGS[0])
    last = "Visits to children, as often as their plans say: • the first visit • every visit after it."
    return Report(sheet.content(), asks=[*ASKS[:2], last])


@layout
def a_bullet_goes_on_behind_a_full_stop_and_a_page() -> Report:
    long = "The timeliness of assessments. Children wait for a worker who can stay.\f Disabled children wait longest."
    sheet = letter().heading("What needs to improve in this area of social work practice")
    sheet.bullets(long, ASKS[1])
    sheet.heading("Main findings").bullets(
        "Children are seen. What they say is written down and read.\f This was not so a year ago.", FINDINGS[1]
    )
    found = "Children are seen. What they say is written down and read. This was not so a year ago."
    return Report(
        sheet.content(),
        asks=[long.replace("\f", ""), ASKS[1]],
        findings=[(None, text) for text in (HEADLINE, found, FINDINGS[1])],
    )  # fmt: skip


@layout
def dashes_stay_with_their_bullet() -> Report:
    sheet = letter().heading("Areas for improvement")
    sheet.bullets("Plans for children, so that they say:").bullets(
        "what is to change", "by when.", mark="–", first=LEFT + 18
    )
    sheet.bullets("Supervision, which has to be:").bullets(
        "regular\f and kept", "written down.", mark="o", first=LEFT + 18
    )
    sheet.bullets("Visits.")
    asks = [
        "Plans for children, so that they say: • what is to change • by when.",
        "Supervision, which has to be: • regular and kept • written down.",
        "Visits.",
    ]
    return Report(sheet.content(), asked=[(text, "area for improvement", None) for text in asks])


@layout
def an_ask_can_say_that_something_is_lacking() -> Report:
    asks = (
        "There is no shared view of which children are at risk of exploitation.",
        "No child should wait for more than a week to be seen.",
        "There are no plans for one in five children in need.",
        "None of the assessments seen included the views of fathers.",
    )
    sheet = letter().heading("Areas for priority action").bullets(*asks)
    return Report(sheet.content(), asked=[(text, "priority and immediate action", None) for text in asks])


@layout
def a_list_can_be_empty() -> Report:
    sheet = letter().heading("Areas for priority action")
    sheet.text("There were no areas for priority action identified at this visit.")
    sheet.heading("Areas for improvement").bullets("None identified.")
    sheet.heading("What needs to improve in this area of social work practice").bullets(ASKS[0])
    return Report(sheet.content(), asked=[(ASKS[0], "what needs to improve", None)])


@layout
def an_inspection_without_priority_actions() -> Report:
    sheet = sif()
    sheet.heading("What does the local authority need to improve?").heading("Priority and immediate action", size=12)
    sheet.text("The inspection did not find any areas for priority and immediate action.")
    sheet.heading("Areas for improvement", size=12).numbers(1, *ASKS)
    sheet.heading("Summary for children and young people").bullets(
        "We think that you should all have a plan that you can read.", "Workers should come when they say they will."
    )
    sheet.heading("Inspection judgements about the local authority").heading("Inspection findings", size=12)
    sheet.numbers(4, *FINDINGS)
    return Report(
        sheet.content(),
        asked=[(text, "area for improvement", None) for text in ASKS],
        findings=list(enumerate(FINDINGS, 4)),
    )


@layout
def a_letter_says_in_a_sentence_what_it_asks_for() -> Report:
    ask = (
        "Managers do not know which children have waited longest for an assessment, and they need to find out at once."
    )
    sheet = letter().heading("Area for priority action").text(ask)
    sheet.heading("Area for priority improvement").text(
        "The local authority needs to take swift action on the following:"
    ).bullets(*ASKS[:2])
    sheet.text("We ask you for a plan of action within 70 working days of this letter.")
    sheet.heading("Findings").text(FINDINGS[0])
    return Report(sheet.content(), asks=[ask, *ASKS[:2]], findings=[(None, HEADLINE), (None, FINDINGS[0])])


@layout
def a_list_is_parted_by_area() -> Report:
    sheet = ilacs()
    sheet.turn()
    sheet.heading("What needs to improve?")
    sheet.text("Help and protection").bullets(ASKS[0])
    sheet.text("Children in care").bullets(ASKS[1])
    sheet.text("Care leavers").bullets(ASKS[2])
    sheet.heading(HELPED).numbers(1, *FINDINGS[:2])
    sheet.heading(AREAS["children_in_care"] + ": good").numbers(3, FINDINGS[2])
    sheet.heading("Care leavers", size=12).numbers(4, FINDINGS[3])
    kind = "what needs to improve"
    return Report(
        sheet.content(),
        asked=[
            (ASKS[0], kind, "help_and_protection"),
            (ASKS[1], kind, "children_in_care"),
            (ASKS[2], kind, "care_leavers"),
        ],
        findings=[(None, SUMMARY), *enumerate(FINDINGS, 1)],
        grades=GRADES,
    )  # fmt: skip


@layout
def a_list_is_parted_by_the_areas_of_its_time() -> Report:
    sheet = sif()
    sheet.heading("Recommendations")
    sheet.heading("Help and protection", size=12).numbers(1, ASKS[0])
    sheet.heading("Children looked after, adoption and care leavers", size=12).numbers(2, ASKS[1])
    sheet.heading("Leadership and management", size=12).numbers(3, ASKS[2])
    sheet.heading("Inspection judgements about the local authority")
    sheet.heading("The experiences and progress of children who need help and protection require improvement", size=13)
    sheet.numbers(4, *FINDINGS)
    return Report(
        sheet.content(),
        asked=[
            (ASKS[0], "recommendation", "help_and_protection"), (ASKS[1], "recommendation", "children_looked_after"),
            (ASKS[2], "recommendation", "leadership_management_governance"),
        ],
        findings=list(enumerate(FINDINGS, 4)),
    )  # fmt: skip


@layout
def a_list_goes_on_under_its_heading_repeated() -> Report:
    sheet = ilacs()
    sheet.turn()
    sheet.heading("What needs to improve?").bullets(ASKS[0])
    sheet.turn()
    sheet.heading("What needs to improve? (continued)").bullets(*ASKS[1:])
    sheet.heading(HELPED).numbers(1, *FINDINGS)
    return Report(sheet.content(), asks=ASKS, findings=[(None, SUMMARY), *enumerate(FINDINGS, 1)])


@layout
def areas_are_bullets_over_dashes() -> Report:
    sheet = ilacs()
    sheet.turn()
    sheet.heading("What needs to improve?")
    sheet.bullets("Help and protection:").bullets(*ASKS[:2], mark="–", first=LEFT + 18)
    sheet.bullets("Care leavers:").bullets(ASKS[2], mark="–", first=LEFT + 18)
    sheet.heading(HELPED).numbers(1, *FINDINGS)
    kind = "what needs to improve"
    return Report(
        sheet.content(),
        asked=[
            (ASKS[0], kind, "help_and_protection"),
            (ASKS[1], kind, "help_and_protection"),
            (ASKS[2], kind, "care_leavers"),
        ],
    )  # fmt: skip


@layout
def bullets_touch_their_words() -> Report:
    sheet = letter().heading("WHAT NEEDS TO IMPROVE IN THIS AREA OF SOCIAL WORK PRACTICE", size=12)
    for ask in ASKS:
        sheet.text("•" + ask)
    sheet.heading("MAIN FINDINGS", size=12)
    for finding in FINDINGS:
        sheet.text(finding, mark="·", first=LEFT, left=LEFT + 18)
    return Report(sheet.content(), asks=ASKS, findings=[(None, text) for text in (HEADLINE, *FINDINGS)])


@layout
def a_list_without_space_between_its_items() -> Report:
    sheet = letter(Sheet("", space=0)).heading("What needs to improve in this area of social work practice", space=0)
    sheet.text("The following need to improve", space=0).bullets(*ASKS, space=0)
    sheet.heading("Findings", space=0).bullets(*FINDINGS, space=0)
    return Report(sheet.content(), asks=ASKS, findings=[(None, text) for text in (HEADLINE, *FINDINGS)])


@layout
def lines_are_far_apart() -> Report:
    sheet = ilacs(Sheet(TITLE, leading=24, space=16))
    sheet.turn()
    sheet.heading("What needs to improve?").bullets(*ASKS)
    sheet.heading(HELPED).numbers(1, FINDINGS[0], FINDINGS[1] + "\f There is a protocol.", *FINDINGS[2:])
    found = [FINDINGS[0], FINDINGS[1] + " There is a protocol.", *FINDINGS[2:]]
    return Report(sheet.content(), asks=ASKS, findings=[(None, SUMMARY), *enumerate(found, 1)])


# ---- headings ------------------------------------------------------------------------------------


@layout
def headings_look_like_text() -> Report:
    sheet = letter()
    for name, set_list, items in (
        ("What needs to improve in this area of social work practice", sheet.bullets, ASKS),
        ("Management oversight", sheet.bullets, FINDINGS[:2]),
        ("Children in need of help", sheet.bullets, FINDINGS[2:]),
    ):
        if name.startswith("Man"):
            sheet.text("Main findings", space=20)
        sheet.text(name, space=20)
        set_list(*items)
    return Report(
        sheet.content(),
        asks=ASKS,
        findings=[(None, text) for text in (HEADLINE, *FINDINGS)],
        sections=[("Headline findings", 1), ("Management oversight", 2), ("Children in need of help", 2)],
    )


@layout
def headings_are_slanted_and_close() -> Report:
    sheet = sif()
    sheet.heading("Executive summary").text(FINDINGS[0])
    sheet.heading("Recommendations").numbers(1, *ASKS)
    sheet.heading("Inspection judgements about the local authority")
    sheet.text("Placements and permanence", font="Helvetica-Oblique").numbers(4, *FINDINGS[:2], space=2)
    sheet.text("Education", font="Helvetica-Oblique", space=14).numbers(6, *FINDINGS[2:], space=2)
    return Report(
        sheet.content(),
        asks=ASKS,
        findings=[(None, FINDINGS[0]), *enumerate(FINDINGS, 4)],
        sections=[("Executive summary", 1), ("Placements and permanence", 2), ("Education", 2)],
    )


@layout
def the_head_of_the_grades_is_no_heading() -> Report:
    sheet = ilacs(head="Helvetica")
    sheet.turn()
    sheet.text(FINDINGS[0])
    sheet.heading("What needs to improve?").bullets(*ASKS)
    sheet.heading(HELPED).numbers(1, *FINDINGS[1:])
    return Report(
        sheet.content(),
        asks=ASKS,
        findings=[(None, SUMMARY), (None, FINDINGS[0]), *enumerate(FINDINGS[1:], 1)],
        sections=[(TITLE, 2), (HELPED, 3)],
        grades=GRADES,
    )


@layout
def a_heading_breaks_behind_its_colon() -> Report:
    sheet = ilacs()
    sheet.turn()
    sheet.heading("What needs to improve?").bullets(*ASKS)
    sheet.heading(AREAS["help_and_protection"] + ":").heading("Requires improvement to be good", size=13)
    sheet.numbers(1, *FINDINGS[:2]).heading("The front door", size=12).numbers(3, *FINDINGS[2:])
    return Report(
        sheet.content(),
        findings=[(None, SUMMARY), *enumerate(FINDINGS, 1)],
        sections=[(TITLE, 1), (AREAS["help_and_protection"] + ":", 2), ("The front door", 2)],
        grades=GRADES,
    )


@layout
def paragraphs_begin_with_bold_words() -> Report:
    sheet = letter().heading("Main findings")
    for finding in FINDINGS[:2]:
        first, rest = finding.split(" ", 1)
        sheet.text(f"*{first}* {rest}")
    first, rest = FINDINGS[3].split(" are ", 1)
    sheet.text(f"*{first}* are {rest}")
    return Report(sheet.content(), asks=[], findings=[(None, text) for text in (HEADLINE, *FINDINGS[:2], FINDINGS[3])])


# ---- numbers -------------------------------------------------------------------------------------


def numbered(form: Callable[[int], str], asks: str = "{}.", **options: float) -> Report:
    """Return an inspection report whose findings are numbered in a form of their own."""
    sheet = sif(has_numbered_areas=asks != "{}")
    sheet.heading("Recommendations").numbers(1, *ASKS, form=asks, **options)
    sheet.heading("Inspection judgements about the local authority")
    for number, finding in enumerate(FINDINGS * 2, 4):
        sheet.numbers(number, finding, form=form(number), **options)
    return Report(sheet.content(), asks=ASKS, findings=list(enumerate(FINDINGS * 2, 4)))


@layout
def some_numbers_lack_their_stop() -> Report:
    return numbered(lambda number: "{}" if number in (6, 7, 11) else "{}.")


@layout
def some_numbers_have_two_stops() -> Report:
    return numbered(lambda number: "{}.." if number % 3 else "{} .")


@layout
def no_number_has_a_stop() -> Report:
    return numbered(lambda _: "{}", "{}")


@layout
def numbers_touch_their_words() -> Report:
    return numbered(lambda number: "{}." if number != 6 else "{}", hang=0)


@layout
def numbers_are_closed_by_a_bracket() -> Report:
    return numbered(lambda _: "{})", "{})")


@layout
def numbers_are_bold() -> Report:
    sheet = sif()
    sheet.heading("Recommendations")
    for number, ask in enumerate(ASKS, 1):
        sheet.text(f"*{number}.* {ask}", left=LEFT + 28, first=LEFT)
    sheet.heading("Inspection judgements about the local authority")
    for number, finding in enumerate(FINDINGS, 4):
        sheet.text(f"*{number}.* {finding}", left=LEFT + 28, first=LEFT)
    return Report(sheet.content(), asks=ASKS, findings=list(enumerate(FINDINGS, 4)))


@layout
def numbers_stand_in_a_column() -> Report:
    sheet = sif()
    sheet.heading("Recommendations").numbers(1, *ASKS)
    sheet.heading("Inspection judgements about the local authority")
    for number, finding in enumerate(FINDINGS, 4):
        sheet.down(12)
        top = sheet.height
        sheet.draw(f"{number}.")
        sheet.text(finding, left=LEFT + 60, space=0)
        assert sheet.height < top
    return Report(sheet.content(), asks=ASKS, findings=list(enumerate(FINDINGS, 4)))


@layout
def only_the_first_line_is_set_in() -> Report:
    sheet = sif()
    sheet.heading("Recommendations")
    for number, ask in enumerate(ASKS, 1):
        sheet.text(f"{number}. {ask}", first=LEFT + 24)
    sheet.heading("Inspection judgements about the local authority")
    for number, finding in enumerate(FINDINGS, 4):
        sheet.text(f"{number}. {finding}", first=LEFT + 24)
    return Report(sheet.content(), asks=ASKS, findings=list(enumerate(FINDINGS, 4)))


@layout
def sentences_end_with_figures_at_the_head_of_a_line() -> Report:
    sheet = sif()
    sheet.heading("Recommendations").numbers(1, *ASKS)
    sheet.heading("Inspection judgements about the local authority")
    ends = [
        ("Young people can stay with their carers when they reach", "16. Many do, and they are well supported."),
        (
            "Plans are made for disabled children before they are aged 16 or",
            "17. Social workers of both services meet, and in the year of",
            "7. Most did.",
        ),
        ("The rate of re-referrals was at its lowest in the first months, at", "7. It has been rising ever since."),
    ]  # fmt: skip
    for number, lines in enumerate(ends, 4):
        sheet.numbers(number, lines[0], right=RIGHT + 60)
        for line in lines[1:]:
            sheet.text(line, left=LEFT + 28, space=0)
    sheet.numbers(7, *FINDINGS[:2])
    found = [" ".join(lines) for lines in ends]
    return Report(sheet.content(), asks=ASKS, findings=[*enumerate(found, 4), *enumerate(FINDINGS[:2], 7)])


@layout
def numbers_begin_again_in_each_section() -> Report:
    sheet = sif()
    sheet.heading("Recommendations").numbers(1, *ASKS)
    sheet.heading("Inspection judgements about the local authority").numbers(1, *FINDINGS)
    sheet.heading("Inspection findings – the Local Safeguarding Children Board").numbers(1, *FINDINGS[:2])
    sheet.heading("Annex A").numbers(
        3, "A first note that was taken over from elsewhere.", "A second note of that kind."
    )
    return Report(sheet.content(), asks=ASKS)


@layout
def the_same_number_is_left_out_twice() -> Report:
    sheet = sif()
    sheet.heading("Inspection judgements about the local authority")
    sheet.numbers(1, *FINDINGS[:2]).numbers(4, *FINDINGS[2:])
    sheet.heading("Inspection findings – the Local Safeguarding Children Board")
    sheet.numbers(1, *FINDINGS[:2]).numbers(4, *FINDINGS[2:])
    gap = ("paragraph_gap", "After paragraph 2 comes 4")
    return Report(sheet.content(), discrepancies=[gap, gap])


@layout
def a_number_was_not_printed() -> Report:
    sheet = sif()
    sheet.heading("Recommendations").numbers(1, *ASKS)
    sheet.heading("Inspection judgements about the local authority").numbers(4, *FINDINGS[:2])
    sheet.text("There is one more paragraph that has lost its number, in which inspectors speak of schools.")
    sheet.numbers(7, *FINDINGS[2:])
    return Report(sheet.content(), discrepancies=[("paragraph_gap", "After paragraph 5 comes 7")])


@layout
def a_list_inside_a_paragraph_has_numbers() -> Report:
    sheet = sif()
    sheet.heading("Recommendations").numbers(1, *ASKS)
    sheet.heading("Inspection judgements about the local authority").numbers(4, FINDINGS[0])
    sheet.numbers(5, "The board has three aims:")
    for number, aim in enumerate(("to listen", "to act", "to learn."), 1):
        sheet.text(aim, mark=f"{number}.", first=LEFT + 28, left=LEFT + 46, space=2)
    sheet.numbers(6, *FINDINGS[2:])
    aims = "The board has three aims: • to listen • to act • to learn."
    return Report(sheet.content(), asks=ASKS, findings=[(4, FINDINGS[0]), (5, aims), *enumerate(FINDINGS[2:], 6)])


@layout
def the_earliest_reports_have_bullets_for_numbers() -> Report:
    sheet = sif()
    sheet.heading("What does the local authority need to improve?").heading("Areas for improvement", size=12)
    sheet.text("Leadership, management and governance", space=16).bullets(ASKS[0])
    sheet.text("Help and protection", space=16).bullets(*ASKS[1:])
    sheet.heading("Inspection judgements about the local authority")
    sheet.heading("The experiences and progress of children who need help and protection require improvement", size=13)
    sheet.bullets(
        *FINDINGS[:2], "Some plans are weak. Managers know this and are acting.\f One team is ahead of the others."
    )
    sheet.bullets(FINDINGS[3])
    cut = "Some plans are weak. Managers know this and are acting. One team is ahead of the others."
    kind = "area for improvement"
    return Report(
        sheet.content(),
        asked=[
            (ASKS[0], kind, "leadership_management_governance"),
            *((ask, kind, "help_and_protection") for ask in ASKS[1:]),
        ],
        findings=[(None, text) for text in (*FINDINGS[:2], cut, FINDINGS[3])],
    )  # fmt: skip


@layout
def prose_stands_above_the_numbers_of_its_section() -> Report:
    sheet = sif()
    sheet.heading("Inspection judgements about the local authority").heading("Summary", size=12)
    sheet.text(FINDINGS[0]).text(FINDINGS[1]).numbers(1, *FINDINGS[2:])
    return Report(sheet.content(), findings=[(None, FINDINGS[0]), (None, FINDINGS[1]), *enumerate(FINDINGS[2:], 1)])


@layout
def a_numbered_paragraph_has_more_than_one() -> Report:
    sheet = sif()
    sheet.heading("Inspection judgements about the local authority").numbers(1, FINDINGS[0])
    sheet.text("‘My worker always comes when she says that she will’, one young person said.", left=LEFT + 28)
    sheet.numbers(2, "Help is offered by:").bullets("schools", "the council.", mark="o", first=LEFT + 28)
    sheet.text("All of it is free, and none of it has to be waited for.", left=LEFT + 28)
    sheet.numbers(3, FINDINGS[2])
    sheet.turn()
    sheet.text("A year ago there was no such service.", left=LEFT + 28)
    found = [
        FINDINGS[0] + " ‘My worker always comes when she says that she will’, one young person said.",
        "Help is offered by: • schools • the council. All of it is free, and none of it has to be waited for.",
        FINDINGS[2] + " A year ago there was no such service.",
    ]
    return Report(sheet.content(), findings=list(enumerate(found, 1)))


@layout
def a_footnote_cuts_a_sentence() -> Report:
    sheet = sif()
    sheet.heading("Recommendations")
    sheet.numbers(1, "Make sure that every child who is missing from education is")
    for number, note in enumerate(("Those who are not on the roll of a school.", "In the words of the council."), 1):
        sheet.down(20)
        end = sheet.draw(str(number), size=6, rise=3)
        sheet.draw(" " + note, end, size=9)
    sheet.turn()
    sheet.text("known, and looked for. Report on this to members.", left=LEFT + 28, space=0)
    sheet.numbers(2, *ASKS[1:])
    first = (
        "Make sure that every child who is missing from education is known, and looked for. Report on this to members."
    )
    return Report(sheet.content(), asks=[first, *ASKS[1:]])


# ---- grades --------------------------------------------------------------------------------------


@layout
def a_grade_stands_beside_a_label_of_two_lines() -> Report:
    sheet = ilacs_front(Sheet(TITLE))
    sheet.heading("Judgement Grade", size=12)
    for area, name in AREAS.items():
        words = name.split(" ")
        half = len(words) // 2 + 1
        grade = printed(GRADES[area])
        first, rest = (grade, "") if len(grade) < 20 else ("Requires improvement", "to be good")
        sheet.text(" ".join(words[:half]) + "   " + first, space=20, right=590)
        if words[half:] or rest:
            sheet.text(" ".join([*words[half:], rest]).strip(), space=0, right=590)
    sheet.text(SUMMARY, space=30)
    sheet.turn()
    sheet.heading("What needs to improve?").bullets(*ASKS)
    return Report(sheet.content(), grades=GRADES, asks=ASKS)


@layout
def grades_have_figures() -> Report:
    sheet = ilacs_front(Sheet(TITLE))
    sheet.heading("Judgement Grade", size=12)
    figures = {"outstanding": 1, "good": 2, "requires improvement": 3, "inadequate": 4}
    for number, (area, name) in enumerate(AREAS.items()):
        grade = GRADES[area]
        forms = (
            f"{grade.capitalize()} Grade {figures[grade]}",
            f"Grade {figures[grade]}: {grade}",
            f"{grade} ({figures[grade]})",
        )
        grade_row(sheet, name, forms[number % 3])
    sheet.text(SUMMARY, space=30)
    sheet.turn()
    sheet.heading("What needs to improve?").bullets(*ASKS)
    return Report(sheet.content(), grades=GRADES, asks=ASKS)


@layout
def prose_speaks_of_grades() -> Report:
    sheet = ilacs()
    for prose in (
        "At the last inspection in 2019, overall effectiveness was judged inadequate. "
        "The previous overall judgement was good.",
        "The experiences and progress of children in care, inadequate at the last inspection, have been transformed.",
        "Inspectors looked at the impact of leaders on social work practice with children and families. "
        "Outstanding work was seen in one team.",
        "In overall effectiveness, good management is what counts. "
        "The experiences and progress of care leavers good and bad were heard.",
    ):
        sheet.text(prose)
    sheet.turn()
    sheet.heading("What needs to improve?").bullets(*ASKS)
    sheet.heading(HELPED).numbers(1, "Children’s services in Ashmere are good at what they do.")
    return Report(sheet.content(), grades=GRADES, asks=ASKS)


@layout
def prose_of_an_earlier_framework_speaks_of_grades() -> Report:
    sheet = sif()
    sheet.heading("Executive summary").text(
        "At the last inspection in 2011, services were judged inadequate. The previous overall judgement was good in "
        "part only. Children’s services. Good work was seen in many of them. Leadership, management and governance, "
        "inadequate in 2011, have changed."
    )
    sheet.heading("Recommendations").numbers(1, *ASKS)
    grades = {
        "overall_effectiveness": "requires improvement", "help_and_protection": "requires improvement",
        "children_looked_after": "good", "adoption": "good", "care_leavers": "outstanding",
        "leadership_management_governance": "requires improvement",
    }  # fmt: skip
    return Report(sheet.content(), grades=grades, asks=ASKS)


@layout
def a_report_contradicts_itself() -> Report:
    sheet = ilacs()
    sheet.turn()
    sheet.heading("What needs to improve?").bullets(*ASKS)
    sheet.heading(AREAS["care_leavers"] + ": good").numbers(1, *FINDINGS)
    return Report(
        sheet.content(),
        grades=GRADES,
        discrepancies=[
            (
                "contradicting_judgements",
                "Two grades are given to Experiences and progress of care leavers (also printed: children care leavers)"
                ": outstanding and good",
            )
        ],
    )


# ---- text ----------------------------------------------------------------------------------------


@layout
def a_text_with_pages() -> Report:
    lines = [
        TITLE, "", "Inspection dates: 4 to 15 March 2024", "Lead inspector: Ada Corrigan", "", "Judgement\tGrade",
        *(f"{name}\t{printed(GRADES[area])}" for area, name in AREAS.items()), "", SUMMARY, "", "1", "",
        "What needs to improve?", "",
        f"- {ASKS[0]}", "- Plans, which have to say", "", "  - what is to change", "  - by when.", f"- {ASKS[2]}", "",
        HELPED, "", f"1. {FINDINGS[0]}", "2. Strategy meetings are prompt. Health", "", "2", "",
        "colleagues do not always come.", "3. Children who are 16 or", "17. Few of them stay.", f"4 {FINDINGS[3]}", "",
        "Page 3", "", "5.. Plans are good.",
    ]  # fmt: skip
    found = [
        (None, SUMMARY), (1, FINDINGS[0]), (2, "Strategy meetings are prompt. Health colleagues do not always come."),
        (3, "Children who are 16 or 17. Few of them stay."), (4, FINDINGS[3]), (5, "Plans are good."),
    ]  # fmt: skip
    asks = [ASKS[0], "Plans, which have to say • what is to change • by when.", ASKS[2]]
    return Report("\n".join(lines).encode(), ".txt", asks=asks, findings=found, grades=GRADES)


# ---- further ways to say the same -----------------------------------------------------------------


@layout
def signs_are_raised_and_apart() -> Report:
    sheet = letter().heading("What needs to improve in this area of social work practice")
    for ask in ASKS:
        sheet.down(12)
        sheet.draw("•", size=16, rise=-2)
        sheet.text(ask, left=LEFT + 18, space=0)
    return Report(sheet.content(), asks=ASKS)


@layout
def items_end_with_semicolons() -> Report:
    asks = ("the timeliness of visits;", "what plans say, and for whom; and", "oversight by managers")
    sheet = letter().heading("What needs to improve in this area of social work practice:")
    sheet.text("The local authority should improve:").bullets(*asks)
    sheet.heading("Findings").text(FINDINGS[0])
    return Report(sheet.content(), asks=asks, findings=[(None, HEADLINE), (None, FINDINGS[0])])


@layout
def headings_have_numbers_and_notes() -> Report:
    sheet = sif()
    sheet.heading("2. Recommendations").numbers(1, *ASKS)
    sheet.heading("3. Inspection judgements about the local authority")
    sheet.down(16)
    end = sheet.draw("3.1 The front door", font="Helvetica-Bold", size=13)
    sheet.draw("1", end, font="Helvetica-Bold", size=7, rise=4)
    sheet.down(14)
    sheet.numbers(4, *FINDINGS)
    sheet.down(30)
    end = sheet.draw("1", size=6, rise=3)
    sheet.draw(" As the council calls it.", end, size=9)
    return Report(
        sheet.content(),
        asks=ASKS,
        findings=list(enumerate(FINDINGS, 4)),
        sections=[("3.1 The front door", 4)],
    )


@layout
def numbers_are_set_to_the_right() -> Report:
    sheet = sif()
    sheet.heading("Recommendations").numbers(1, *ASKS)
    sheet.heading("Inspection judgements about the local authority")
    for number, finding in enumerate(FINDINGS * 3, 4):
        mark = f"{number}."
        sheet.text(finding, left=LEFT + 28, first=LEFT + 16 - pdfmetrics.stringWidth(mark, "Helvetica", 12), mark=mark)
    return Report(sheet.content(), asks=ASKS, findings=list(enumerate(FINDINGS * 3, 4)))


@layout
def a_paragraph_has_a_list_with_letters() -> Report:
    sheet = sif()
    sheet.heading("Inspection judgements about the local authority").numbers(1, "The council has agreed:")
    for mark, words in (
        ("(a)", "to visit each child;"),
        ("(b)", "to read each plan; and"),
        ("(c)", "to report on both."),
    ):
        sheet.text(words, mark=mark, first=LEFT + 28, left=LEFT + 50, space=4)
    sheet.numbers(2, *FINDINGS[1:])
    agreed = "The council has agreed: (a) to visit each child; (b) to read each plan; and (c) to report on both."
    return Report(sheet.content(), findings=[(1, agreed), *enumerate(FINDINGS[1:], 2)])


@layout
def a_number_ends_a_page() -> Report:
    sheet = sif()
    sheet.heading("Inspection judgements about the local authority").numbers(1, *FINDINGS[:2])
    sheet.down(12)
    sheet.draw("3.")
    sheet.turn()
    sheet.text(FINDINGS[2], left=LEFT + 28, space=0)
    sheet.numbers(4, FINDINGS[3])
    return Report(sheet.content(), findings=list(enumerate(FINDINGS, 1)))


@layout
def a_heading_ends_a_page_in_plain_type() -> Report:
    sheet = letter().heading("What needs to improve in this area of social work practice").bullets(*ASKS)
    sheet.heading("Main findings").text("Management oversight", space=20).bullets(*FINDINGS[:2])
    sheet.text("Children in need of help", space=24)
    sheet.turn()
    sheet.bullets(*FINDINGS[2:])
    return Report(
        sheet.content(),
        asks=ASKS,
        findings=[(None, text) for text in (HEADLINE, *FINDINGS)],
        sections=[("Headline findings", 1), ("Management oversight", 2), ("Children in need of help", 2)],
    )


@layout
def a_bullet_has_two_paragraphs() -> Report:
    sheet = letter().heading("What needs to improve in this area of social work practice").bullets(ASKS[0])
    sheet.text("This was so at the last inspection.", left=LEFT + 18).bullets(*ASKS[1:])
    asks = [ASKS[0] + " This was so at the last inspection.", *ASKS[1:]]
    return Report(sheet.content(), asks=asks)


@layout
def the_board_is_asked_apart() -> Report:
    sheet = sif()
    sheet.heading("Recommendations for the local authority").numbers(1, *ASKS[:2])
    sheet.heading("Recommendations for the Local Safeguarding Children Board").numbers(3, ASKS[2])
    sheet.heading("Inspection judgements about the local authority").numbers(4, *FINDINGS)
    return Report(
        sheet.content(),
        asked=[
            *((ask, "recommendation", None) for ask in ASKS[:2]), (ASKS[2], "recommendation", "safeguarding_board"),
        ],
        findings=list(enumerate(FINDINGS, 4)),
    )  # fmt: skip


@layout
def dashes_are_the_signs_of_a_list() -> Report:
    sheet = letter().heading("What needs to improve in this area of social work practice")
    sheet.bullets(ASKS[0], "Plans, which have to:", mark="–").bullets(
        "be clear", "be shared.", mark="o", first=LEFT + 18
    )
    sheet.bullets(ASKS[2], mark="–")
    return Report(sheet.content(), asks=[ASKS[0], "Plans, which have to: • be clear • be shared.", ASKS[2]])


@layout
def a_mark_stands_on_a_line_of_its_own() -> Report:
    sheet = sif()
    sheet.heading("Inspection judgements about the local authority")
    for number, finding in enumerate(FINDINGS[:2], 1):
        sheet.numbers(number, finding).text("(Recommendation)", left=LEFT + 28, space=0)
    sheet.numbers(3, FINDINGS[2])
    marked = [finding + " (Recommendation)" for finding in FINDINGS[:2]]
    return Report(sheet.content(), findings=[(1, marked[0]), (2, marked[1]), (3, FINDINGS[2])])


@layout
def a_grade_stands_beside_the_heading() -> Report:
    sheet = sif()
    sheet.heading("Recommendations").numbers(1, *ASKS)
    sheet.heading("Inspection judgements about the local authority").down(20)
    sheet.draw("Leadership, management and governance", font="Helvetica-Bold", size=13)
    sheet.draw("Requires improvement", 400, font="Helvetica-Bold", size=13)
    sheet.down(16)
    sheet.heading("Inspection findings", size=12).numbers(4, *FINDINGS)
    return Report(
        sheet.content(), asks=ASKS, findings=list(enumerate(FINDINGS, 4)), sections=[("Inspection findings", 4)]
    )


@layout
def a_text_of_short_lines() -> Report:
    text = """Dunmarsh Council

Inspection of services for children in need of help and protection, children
looked after and care leavers

Inspection date: 5 October 2015 – 29 October 2015

The overall judgement is that children’s services require improvement

RECOMMENDATIONS

 1. The timeliness of assessments for
    disabled children.
 2. How well plans say what is to change, by when
    and for whom.

INSPECTION FINDINGS

 3. Help is early. Young people can stay with their carers until they are
    16. Many do.

    Some go home.
 4. Help is offered by:
      - schools
      - the council.
10. Visits are as often as they have to be."""
    return Report(
        text.encode(),
        ".txt",
        asks=ASKS[:2],
        findings=[
            (
                3,
                "Help is early. Young people can stay with their carers until they are 16. Many do. Some go home.",
            ),
            (4, "Help is offered by: • schools • the council."),
            (10, "Visits are as often as they have to be."),
        ],
        discrepancies=[("paragraph_gap", "After paragraph 4 comes 10")],
    )


@layout
def a_text_with_markdown() -> Report:
    text = f"""# {TITLE}

**Inspection dates:** 4 to 15 March 2024

**Lead inspector:** Ada Corrigan

| Judgement | Grade |
| --- | --- |
| Overall effectiveness | Good |

{SUMMARY}

## What needs to improve?

* {ASKS[0]}
* Plans, which have to say:
    * what is to change
    * by when.

## {HELPED}

**1.** {FINDINGS[0]}

**2.** {FINDINGS[1]}

### The front door

**3.** {FINDINGS[2]}"""
    return Report(
        text.encode(),
        ".md",
        asks=[ASKS[0], "Plans, which have to say: • what is to change • by when."],
        findings=[(None, SUMMARY), *enumerate(FINDINGS[:3], 1)],
        sections=[(TITLE, 1), (HELPED, 2), ("The front door", 1)],
        grades={"overall_effectiveness": "good", "help_and_protection": "requires improvement"},
    )


@layout
def an_ask_is_cut_by_a_foot_and_a_head() -> Report:
    sheet = ilacs(Sheet("Inspection of Ashmere local authority children’s services, March 2024"))
    sheet.turn()
    sheet.heading("What needs to improve?").bullets(
        "Oversight by managers, in particular of children who live with\f Adoption Ashmere carers.", ASKS[0]
    )
    sheet.heading(HELPED).numbers(
        1, "Workers speak of\f the strengths of families, and of what they can do.", FINDINGS[1]
    )
    asks = ["Oversight by managers, in particular of children who live with Adoption Ashmere carers.", ASKS[0]]
    found = [(1, "Workers speak of the strengths of families, and of what they can do."), (2, FINDINGS[1])]
    return Report(sheet.content(), asks=asks, findings=[(None, SUMMARY), *found])


@layout
def the_table_of_grades_has_no_head() -> Report:
    sheet = ilacs_front(Sheet(TITLE))
    for area, name in AREAS.items():
        grade_row(sheet, name, printed(GRADES[area]))
    sheet.text(SUMMARY, space=30)
    sheet.turn()
    sheet.text("What needs to improve", space=0).bullets(*ASKS)
    sheet.heading(HELPED).numbers(1, *FINDINGS)
    return Report(
        sheet.content(), asks=ASKS, findings=[(None, SUMMARY), *enumerate(FINDINGS, 1)], grades=GRADES,
        sections=[(TITLE, 1), (HELPED, 4)],
    )  # fmt: skip


@layout
def a_page_has_larger_type() -> Report:
    sheet = sif()
    sheet.heading("Recommendations").numbers(1, ASKS[0])
    sheet.text("(Paragraphs 4 and 5)", left=LEFT + 28, size=13.5, font="Helvetica-Oblique", space=0).numbers(
        2, *ASKS[1:]
    )
    sheet.turn()
    sheet.heading("Inspection judgements about the local authority", size=16)
    sheet.numbers(4, *FINDINGS, size=13.5)
    sheet.text("‘She listens,’ said one child.", left=LEFT + 28, size=13.5, font="Helvetica-Oblique")
    sheet.turn()
    sheet.numbers(8, *FINDINGS * 3)
    found = [*FINDINGS[:3], FINDINGS[3] + " ‘She listens,’ said one child.", *FINDINGS * 3]
    return Report(
        sheet.content(), asks=[ASKS[0] + " (Paragraphs 4 and 5)", *ASKS[1:]], findings=list(enumerate(found, 4))
    )


@layout
def items_without_stops_end_a_page() -> Report:
    long = (
        "the oversight that managers have of children who live with relatives and of the plans that were made for them"
    )
    sheet = letter().heading("What needs to improve in this area of social work practice")
    sheet.bullets("the timeliness of visits", long)
    sheet.turn()
    sheet.text("Inspectors will look at this again at the next inspection of the authority.", space=0)
    sheet.heading("Findings").text(FINDINGS[0])
    return Report(
        sheet.content(),
        asks=["the timeliness of visits", long],
        findings=[(None, HEADLINE), (None, FINDINGS[0])],
    )


@layout
def findings_stand_under_headings_of_their_own() -> Report:
    sheet = letter().heading("What needs to improve in this area of social work practice", size=12)
    sheet.bullets(*ASKS)
    sheet.heading("The front door", size=12).bullets(*FINDINGS[:2])
    sheet.heading("Leaders", size=12).text(FINDINGS[2])
    return Report(
        sheet.content(),
        asks=ASKS,
        findings=[(None, text) for text in (HEADLINE, *FINDINGS[:3])],
        sections=[("Headline findings", 1), ("The front door", 2), ("Leaders", 1)],
    )


@layout
def nothing_is_bold_or_large() -> Report:
    sheet = Sheet(TITLE)
    sheet.text(TITLE, space=0).text("Inspection dates: 4 to 15 March 2024")
    sheet.text("Lead inspector: Ada Corrigan, His Majesty’s Inspector")
    sheet.text("Judgement Grade", space=24)
    for area, name in AREAS.items():
        grade_row(sheet, name, printed(GRADES[area]))
    sheet.text(SUMMARY, space=30)
    sheet.turn()
    sheet.text("What needs to improve?", space=0).bullets(*ASKS)
    sheet.text(HELPED, space=20).numbers(1, *FINDINGS[:2])
    sheet.text(AREAS["children_in_care"] + ": good", space=20).numbers(3, *FINDINGS[2:])
    return Report(
        sheet.content(),
        asked=[(ask, "what needs to improve", None) for ask in ASKS],
        findings=[(None, SUMMARY), *enumerate(FINDINGS, 1)],
        grades=GRADES,
        sections=[(None, 1), (HELPED, 2), (AREAS["children_in_care"] + ": good", 2)],
    )


@layout
def signs_alone_stand_further_right() -> Report:
    sheet = letter().heading("What needs to improve in this area of social work practice")
    long = "Oversight by managers of children who live with relatives, and of what becomes of their plans for later."
    sheet.text(ASKS[0], mark="•", first=LEFT + 8, left=LEFT + 14).text(ASKS[1], mark="•", first=LEFT, left=LEFT + 14)
    sheet.text(long, mark="•", first=LEFT + 8, left=LEFT + 14).text(ASKS[2], mark="•", first=LEFT + 8, left=LEFT + 14)
    return Report(sheet.content(), asks=[*ASKS[:2], long, ASKS[2]])


@layout
def margins_of_facing_pages_are_as_wide_as_items_hang() -> Report:
    long = "Visits to children, as often as their plans say. They have to be seen on their own.\f Some are not."
    sheet = letter().heading("What needs to improve in this area of social work practice")
    sheet.bullets(ASKS[0], hang=14)
    sheet.shift = 0.0
    before, after = long.split("\f")
    sheet.text(before, mark="•", first=LEFT, left=LEFT + 14)
    sheet.turn()
    sheet.shift = 14.0
    sheet.text(after.strip(), left=LEFT + 14, space=0).bullets(*ASKS[1:], hang=14)
    sheet.heading("Findings").text(FINDINGS[0])
    return Report(sheet.content(), asks=[ASKS[0], long.replace("\f", ""), *ASKS[1:]])


@layout
def a_list_begins_again_without_stops() -> Report:
    sheet = sif()
    sheet.heading("Recommendations").numbers(1, *ASKS[:2], form="{}").numbers(3, ASKS[2])
    sheet.heading("Inspection judgements about the local authority").numbers(4, *FINDINGS)
    return Report(sheet.content(), asks=ASKS, findings=list(enumerate(FINDINGS, 4)))
