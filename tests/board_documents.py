"""Annual reports of one fictional board, each set in its own way, and all saying the same."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from reportlab.lib.colors import black
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Table

MEETINGS = [date(2016, 5, 19), date(2016, 9, 15), date(2016, 12, 8), date(2017, 3, 9)]
# 1 came, 0 did not, n was no member then
ATTENDANCE = {
    "Independent Chair": "1111",
    "Norhamshire County Council": "1101",
    "Norhamshire Police": "0111",
    "Upper Valley Clinical Commissioning Group": "1110",
    "Norham Hospitals NHS Foundation Trust": "0100",
    "CAFCASS": "0000",
    "National Probation Service": "1011",
    "Youth Offending Service": "nn10",
    "Lay Members": "n111",
}
INCOME = {
    "Norhamshire County Council": 108_240.0,
    "Norhamshire Police": 18_300.0,
    "Upper Valley Clinical Commissioning Group": 62_663.5,
    "CAFCASS": 550.0,
    "National Probation Service": 1_210.0,
}
SPENDING = [("Staff from the council", 98_000.0), ("Police checks", 2_300.0), ("School drama project", 8_120.0)]
# What some of the reports say of spending in the table of income.
SPENDING_BESIDE_INCOME = {
    "lines-under-rows.pdf": [("Council staff", 151_200.0), ("Police checks", 512.0)],
    "a-row-for-each.pdf": [
        ("Staff", 120_000.0),
        ("Training", 8_000.0),
        ("Case reviews", 30_000.0),
        ("Website", 900.0),
        ("Printing", 450.0),
    ],
}
TOTAL_EXCESS = 800.0  # the stated total is more than its parts
TOTAL = sum(INCOME.values()) + TOTAL_EXCESS

PLAIN = ParagraphStyle("plain", fontName="Helvetica", fontSize=10.5, leading=13, spaceAfter=6)
HEADING = ParagraphStyle("heading", fontName="Helvetica-Bold", fontSize=15, leading=20, spaceBefore=12, spaceAfter=6)
TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=24, leading=30, spaceAfter=30)
GRID = ("GRID", (0, 0), (-1, -1), 0.5, black)
TICK, CROSS = "ü", "û"  # as the Wingdings font's tick and cross are often read

Rows = list[list[Any]]


def facts() -> tuple[set[tuple[str, date, bool | None]], set[tuple[str, float, str]]]:
    """Return what every report says: agency, meeting and whether it came; contributor, amount and year."""
    came = {"1": True, "0": False, "n": None}
    attendance = {
        (agency, meeting, came[sign])
        for agency, signs in ATTENDANCE.items()
        for meeting, sign in zip(MEETINGS, signs, strict=True)
    }
    return attendance, {(contributor, amount, "2016-17") for contributor, amount in INCOME.items()}


def held(signs: str) -> int:
    return len(signs) - signs.count("n")


def attended(signs: str) -> int:
    return signs.count("1")


def percent(signs: str) -> str:
    return f"{100 * attended(signs) / held(signs):.0f}%"


def ordinal(day: int) -> str:
    return f"{day}{'th' if 10 < day < 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"


# ---- pieces of a PDF ------------------------------------------------------------------------------


def cell(text: Any, size: float = 9, bold: bool = False, align: int = 0) -> Any:
    if not isinstance(text, str):
        return text
    font = "Helvetica-Bold" if bold else "Helvetica"
    return Paragraph(text, ParagraphStyle("cell", fontName=font, fontSize=size, leading=1.2 * size, alignment=align))


def table(
    rows: Rows, widths: list[float], *style: Any, size: float = 9, head: int = 1, pad: float = 3, **more: Any
) -> Table:
    cells = [[cell(text, size, number < head) for text in row] for number, row in enumerate(rows)]
    whole = ((0, 0), (-1, -1))
    padding = [("TOPPADDING", *whole, pad), ("BOTTOMPADDING", *whole, pad), ("VALIGN", *whole, "MIDDLE")]
    return Table(cells, widths, style=[*padding, *style], repeatRows=0, **more)


class Turned(Flowable):
    """Words that run upwards."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def wrap(self, *_: float) -> tuple[float, float]:
        return 12, 80

    def draw(self) -> None:
        self.canv.saveState()
        self.canv.rotate(90)
        self.canv.setFont("Helvetica-Bold", 9)
        self.canv.drawString(2, -10, self.text)
        self.canv.restoreState()


def write_pdf(
    *story: Flowable | str,
    pagesize: tuple[float, float] = A4,
    board: str = "Norhamshire Safeguarding Children Board",
) -> bytes:
    """Return a board's report: its cover, some words, and what is given; a text that starts with # is a heading."""
    flowables: list[Flowable] = [
        Paragraph(board, TITLE),
        Paragraph("Annual Report 2016-2017", HEADING),
        Paragraph("Independent chair: Jo Example", PLAIN),
        PageBreak(),
        Paragraph("1. Introduction", HEADING),
        Paragraph("The Board met regularly in the year. Its partners gave it money and time. " * 6, PLAIN),
    ]
    for item in story:
        if isinstance(item, str):
            is_heading = item.startswith("# ")
            item = Paragraph(item.removeprefix("# "), HEADING if is_heading else PLAIN)
        flowables.append(item)
    buffer = io.BytesIO()
    SimpleDocTemplate(buffer, pagesize=pagesize, leftMargin=50, rightMargin=50).build(flowables)
    return buffer.getvalue()


# ---- what else is in the reports --------------------------------------------------------------------


def distractions() -> list[Flowable | str]:
    """Return training, votes, a project's budget, work by date and members, which give no fact, and spending."""
    return [
        PageBreak(),
        "# Training",
        "Attendance at training courses by agency and date:",
        table(
            [
                ["Course", "12 May 2016", "14 July 2016", "10 Nov 2016"],
                ["Working together", "1", "0", "1"],
                ["Neglect for police and health", "1", "1", "1"],
                ["Exploitation", "0", "1", "1"],
            ],
            [200, 70, 70, 70],
            GRID,
        ),
        "# Young people’s vote",
        "The top issues for young people were:",
        table([["Issue", "Votes"], ["Transport", "455"], ["Health", "541"], ["School", "516"]], [200, 70], GRID),
        "# What the Board will look at",
        table(
            [
                ["Topic", "May 2017", "July 2017", "Sept 2017"],
                ["Police and health data", TICK, "", TICK],
                ["Schools’ audit", "", TICK, TICK],
                ["Probation", TICK, TICK, TICK],
            ],
            [200, 70, 70, 70],
            GRID,
        ),
        "# Expenditure April 2016 - March 2017",
        table(
            [
                ["Item", "Amount"],
                *([item, f"£{amount:,.0f}"] for item, amount in SPENDING),
                ["Total", f"£{sum(amount for _, amount in SPENDING):,.0f}"],
            ],
            [200, 70],
            GRID,
        ),
        "# Budget of the exploitation project",
        table(
            [["Work in", "Cost"], ["Schools", "£8,000"], ["Health centres", "£12,000"], ["Total", "£20,000"]],
            [200, 70],
            ("LINEBELOW", (0, 0), (-1, 0), 0.5, black),
        ),
        PageBreak(),
        "# Members of the Board",
        table(
            [
                ["Agency", "Member"],
                ["Norhamshire Police", "A. Officer"],
                ["CAFCASS", "B. Manager"],
                ["Council", "C. Head"],
            ],
            [200, 200],
            GRID,
        ),
    ]


# ---- the layouts -----------------------------------------------------------------------------------


def ruled_with_totals() -> bytes:
    """Dates across under a head of two rows, 1 and 0, and totals; no head over the income."""
    attendance: Rows = [["Agency", "Meeting dates", "", "", "", "Total attendance", "", ""]]
    attendance.append(["", *(f"{ordinal(d.day)} {d:%b %Y}" for d in MEETINGS), "Meetings held", "Number attended", "%"])
    for agency, signs in ATTENDANCE.items():
        cells = ["n/a" if sign == "n" else sign for sign in signs]
        attendance.append([agency, *cells, str(held(signs)), str(attended(signs)), percent(signs)])
    income = [[name, f"£{amount:,.2f}"] for name, amount in INCOME.items()]
    return write_pdf(
        "# 2. Finance 2015 – 2016",
        "Partners agreed to pay what they had paid in 2015/16.",
        "Income April 2016 - March 2017;",
        table([*income, ["Total", f"£{TOTAL:,.2f}"]], [300, 100], GRID, head=0),
        *distractions(),
        "# Appendix 2: Strategic Board attendance",
        table(
            attendance,
            [150, 48, 48, 48, 48, 48, 52, 40],
            GRID,
            ("SPAN", (1, 0), (4, 0)),
            ("SPAN", (5, 0), (7, 0)),
            head=2,
        ),
    )


def dates_down() -> bytes:
    """A row for each meeting, ticks and crosses, agencies over the columns; two years of income."""
    signs = {"1": TICK, "0": CROSS, "n": "–"}
    attendance: Rows = [["Date of meeting", *ATTENDANCE]]
    for number, meeting in enumerate(MEETINGS):
        attendance.append([f"{meeting.day} {meeting:%B %Y}", *(signs[row[number]] for row in ATTENDANCE.values())])
    attendance.append(["Attended", *(f"{attended(row)} of {held(row)}" for row in ATTENDANCE.values())])
    income: Rows = [["Partner", "2015/16", "2016/17"]]
    income += [[name, f"{amount - 10:,.2f}", f"{amount:,.2f}"] for name, amount in INCOME.items()]
    income.append(["Grand total (£)", f"{TOTAL - 850:,.2f}", f"{TOTAL:,.2f}"])
    return write_pdf(
        "# Who came to our meetings",
        f"The table shows who was there ({TICK}), and who was not and had not sent anybody ({CROSS}).",
        table(attendance, [80] + [76] * len(ATTENDANCE), GRID, size=8),
        "– not yet a member of the Board",
        PageBreak(),
        "# Money",
        "Our partners paid the following in the year.",
        table(income, [250, 90, 90], GRID),
        *distractions(),
        pagesize=landscape((595, 900)),
    )


def white_space_alone() -> bytes:
    """No rules at all, Y and N, dates in figures, names of two lines, sub-headings, a row of totals."""
    attendance: Rows = [["Member agency", *(f"{d:%d/%m/%y}" for d in MEETINGS), "Total", "Per cent"]]
    groups = {"Norhamshire County Council": "Local authority", "Norhamshire Police": "Other partners"}
    for agency, signs in ATTENDANCE.items():
        if agency in groups:
            attendance.append([groups[agency], "", "", "", "", "", ""])
        cells = [{"1": "Y", "0": "N", "n": "n/a"}[sign] for sign in signs]
        attendance.append([agency, *cells, str(attended(signs)), percent(signs).removesuffix("%")])
    sums = [sum(signs[number] == "1" for signs in ATTENDANCE.values()) for number in range(len(MEETINGS))]
    attendance.append(["Total", *map(str, sums), str(sum(sums)), "70"])
    income = [[name, f"{amount:,.2f}"] for name, amount in INCOME.items()]
    return write_pdf(
        "# 5 INCOME",
        "Contributions by partners to the Board in 2016-17 were these:",
        table(
            [
                ["Agency", "Contribution (£)"],
                *income,
                ["Balance from 2015-16", "11,860.00"],
                ["Total", f"{TOTAL + 11_860:,.2f}"],
            ],
            [300, 100],
            head=0,
            pad=1,
        ),
        "# 6 ATTENDANCE",
        "Attendance at the four meetings of the Board was as follows. Y is present, N is absent.",
        table(attendance, [150, 58, 58, 58, 58, 50, 60], pad=1.5),
        *distractions(),
    )


def lines_under_rows() -> bytes:
    """Level rules alone, the council's month names short, P, A and D with a key; income and spending in one table."""
    attendance: Rows = [["Partner or agency", *(f"{d.day} {d:%b}" for d in MEETINGS), "Attendance"]]
    for agency, signs in ATTENDANCE.items():
        # to the third meeting all sent their deputies
        cells = [{"n": "x", "0": "A", "1": "D" if number == 2 else "P"}[sign] for number, sign in enumerate(signs)]
        attendance.append([agency, *cells, f"{attended(signs)}/{held(signs)}"])
    accounts: Rows = [["", "Budget 2016–17", "Actual 2016–17"], ["Income", "", ""]]
    accounts += [[name, f"£{amount + 5:,.2f}", f"£{amount:,.2f}"] for name, amount in INCOME.items()]
    accounts += [
        ["Carried forward", "£9,875.00", "£9,875.00"],
        ["Total income", f"£{TOTAL + 9_900:,.2f}", f"£{TOTAL + 9_875:,.2f}"],
        ["Expenditure", "", ""],
        *([item, "£150.00", f"£{cost:,.2f}"] for item, cost in SPENDING_BESIDE_INCOME["lines-under-rows.pdf"]),
        ["Total expenditure", "£300.00", "£151,712.00"],
    ]
    rule = ("LINEBELOW", (0, 0), (-1, -1), 0.5, black)
    return write_pdf(
        "# Finance",
        "Income and expenditure of the Board in the year:",
        table(accounts, [260, 100, 100], rule),
        *distractions(),
        "# Attendance at the Board 2016/17",
        table(attendance, [210, 50, 50, 50, 50, 70], rule),
        "Key: P = present; D = deputy sent; A = apologies; x = not a member at the time.",
    )


def turned_heads_over_two_pages() -> bytes:
    """Dates that run upwards, columns of names and agencies, a second page without its head; amounts across."""
    rows: Rows = [["No.", "Representative", "Organisation", *(Turned(f"{d.day} {d:%B} {d.year}") for d in MEETINGS)]]
    for number, (agency, signs) in enumerate(ATTENDANCE.items(), 1):
        cells = [{"1": "Yes", "0": "Apologies", "n": "Not required"}[sign] for sign in signs]
        rows.append([str(number), f"Person {chr(64 + number)}", agency, *cells])
    widths = [30, 90, 150, 55, 55, 55, 55]
    return write_pdf(
        "# Funding",
        "The Board is funded by contributions from its partners:",
        table(
            [
                ["Year", *INCOME, "Total"],
                ["2015-16", *(f"£{amount - 1:,.2f}" for amount in INCOME.values()), f"£{TOTAL - 805:,.2f}"],
                ["2016-17", *(f"£{amount:,.2f}" for amount in INCOME.values()), f"£{TOTAL:,.2f}"],
            ],
            [50, 75, 75, 85, 65, 75, 75],
            GRID,
            size=8,
        ),
        PageBreak(),
        "# Attendance at Board meetings",
        table(rows[:5], widths, GRID, size=8),
        PageBreak(),
        table(rows[5:], widths, GRID, size=8, head=0),
        *distractions(),
    )


def accounts_of_two_years() -> Rows:
    rows: Rows = [["Contributor", "2015/16", "2016/17"]]
    rows += [[name, f"£{amount - 10:,.2f}", f"£{amount:,.2f}"] for name, amount in INCOME.items()]
    return [*rows, ["Total", f"£{TOTAL - 850:,.2f}", f"£{TOTAL:,.2f}"]]


def marked_rows() -> Rows:
    rows: Rows = [["Agency", *(f"{d.day} {d:%B} {d.year}" for d in MEETINGS)]]
    return rows + [
        [agency, *signs.replace("1", "P").replace("0", "A").replace("n", "-")] for agency, signs in ATTENDANCE.items()
    ]


def heads_printed_again() -> bytes:
    """Both tables go on over the page under their heads and a line that says so."""
    income, attendance, widths = accounts_of_two_years(), marked_rows(), [200, 70, 70, 70, 70]
    return write_pdf(
        "# Finance",
        "Income of the Board in the year, from its partners:",
        table(income[:3], [250, 90, 90], GRID),
        PageBreak(),
        "Table 1: income (continued)",
        table([income[0], *income[3:]], [250, 90, 90], GRID),
        *distractions(),
        PageBreak(),
        "# Attendance at the Board",
        "P = present; A = apologies; - = not a member at the time.",
        table(attendance[:6], widths, GRID),
        PageBreak(),
        table([attendance[0], *attendance[6:8]], widths, GRID),
        PageBreak(),
        table([attendance[0], *attendance[8:]], widths, GRID),
    )


def rows_cut_by_pages() -> bytes:
    """A name is begun at the foot of one page and ends at the head of the next, before or behind its figures."""
    income, attendance, widths = accounts_of_two_years(), marked_rows(), [200, 70, 70, 70, 70]
    attendance[4:5] = [["Upper Valley Clinical", *attendance[4][1:]], ["Commissioning Group", "", "", "", ""]]
    income[3:4] = [["Upper Valley Clinical Commissioning", "", ""], ["Group", *income[3][1:]]]
    return write_pdf(
        "# Finance",
        "Income of the Board in the year, from its partners:",
        table(income[:4], [250, 90, 90], GRID),
        PageBreak(),
        table(income[4:], [250, 90, 90], GRID, head=0),
        *distractions(),
        PageBreak(),
        "# Attendance at the Board",
        "P = present; A = apologies; - = not a member at the time.",
        table(attendance[:5], widths, GRID),
        PageBreak(),
        table(attendance[5:], widths, GRID, head=0),
    )


def white_space_over_pages() -> bytes:
    """No rules, and no head on the second page."""
    income, attendance, widths = accounts_of_two_years(), marked_rows(), [200, 70, 70, 70, 70]
    return write_pdf(
        "# Finance",
        "Income of the Board in the year, from its partners:",
        table(income[:4], [250, 90, 90], pad=1.5),
        PageBreak(),
        table(income[4:], [250, 90, 90], head=0, pad=1.5),
        *distractions(),
        PageBreak(),
        "# Attendance at the Board",
        "P = present; A = apologies; - = not a member at the time.",
        table(attendance[:6], widths, pad=1.5),
        PageBreak(),
        table(attendance[6:], widths, head=0, pad=1.5),
    )


def cells_are_merged() -> bytes:
    """Sectors over several contributors, a total over two columns, heads over columns, an agency over two rows."""
    amounts = [[name, f"£{amount:,.2f}"] for name, amount in INCOME.items()]
    income: Rows = [["Sector", "Contributor", "2016/17"]]
    sectors = ["Local", "", "Health", "Justice", ""]
    income += [[sector, *row] for sector, row in zip(sectors, amounts, strict=True)]
    income.append(["Total", "", f"£{TOTAL:,.2f}"])
    rows = marked_rows()
    attendance: Rows = [["", "Meetings of the Board in 2016/17", "", "", ""], *rows]
    return write_pdf(
        "# Finance",
        "Income of the Board in the year, from its partners:",
        table(
            income,
            [90, 220, 90],
            GRID,
            ("SPAN", (0, 1), (0, 2)),
            ("SPAN", (0, 4), (0, 5)),
            ("SPAN", (0, 6), (1, 6)),
        ),
        *distractions(),
        "# Attendance at the Board",
        "P = present; A = apologies; - = not a member at the time.",
        table(attendance, [200, 70, 70, 70, 70], GRID, ("SPAN", (1, 0), (4, 0)), head=2),
    )


def a_row_for_each() -> bytes:
    """A list with a row for each agency and meeting; income by half-columns beside the spending."""
    attendance: Rows = [["Agency", "Date of meeting", "Attended?"]]
    for agency, signs in ATTENDANCE.items():
        for meeting, sign in zip(MEETINGS, signs, strict=True):
            attendance.append([agency, f"{meeting:%d.%m.%Y}", {"1": "Yes", "0": "No", "n": "N/A"}[sign]])
    spending = SPENDING_BESIDE_INCOME["a-row-for-each.pdf"]
    accounts: Rows = [["Income 2016/17", "£", "Expenditure 2016/17", "£"]]
    for (name, amount), (item, cost) in zip(INCOME.items(), spending, strict=True):
        accounts.append([name, f"{amount:,.2f}", item, f"{cost:,.0f}"])
    accounts.append(["Total", f"{TOTAL:,.2f}", "Total", "159,350"])
    return write_pdf(
        "# The Board’s accounts",
        table(accounts, [210, 80, 120, 70], GRID),
        PageBreak(),
        "# Attendance of members at meetings of the Board",
        table(attendance, [250, 110, 80], GRID, size=8, pad=1),
        *distractions(),
    )


# ---- the same as text ------------------------------------------------------------------------------


def report_text(income: str, attendance: str) -> bytes:
    return (
        "Norhamshire Safeguarding Children Board\n\nAnnual Report 2016 - 2017\n\nWhat the Board did.\n\n"
        f"Income April 2016 to March 2017\n\n{income}\n\nThe Board met four times.\n\n"
        f"Attendance at Board meetings\n\n{attendance}\n\nEnd of the report.\n"
    ).encode()


def pipes() -> bytes:
    head = ["Agency", *(f"{d:%Y-%m-%d}" for d in MEETINGS), "% attended"]
    rows = [
        [agency, *({"1": "✓", "0": "", "n": "n/a"}[sign] for sign in signs), percent(signs)]
        for agency, signs in ATTENDANCE.items()
    ]
    present = [sum(signs[number] == "1" for signs in ATTENDANCE.values()) for number in range(len(MEETINGS))]
    rows.append(["Total", *map(str, present), ""])
    money = [["Contributor", "Amount"], *([name, f"£{amount:,.2f}"] for name, amount in INCOME.items())]

    def lines(cells: Rows) -> str:
        rule = ["---"] * len(cells[0])
        return "\n".join("| " + " | ".join(row) + " |" for row in [cells[0], rule, *cells[1:]])

    return report_text(lines([*money, ["**Total**", f"**£{TOTAL:,.2f}**"]]), lines([head, *rows]))


def aligned_text() -> bytes:
    """Columns of a typewriter, a name that goes on below, the year over the days."""
    lines = [f"{'':44}{'2016':24}{'2017':8}", f"{'Agency':44}" + "".join(f"{f'{d.day} {d:%b}':8}" for d in MEETINGS)]
    for agency, signs in ATTENDANCE.items():
        cells = "".join(f"{'n/a' if sign == 'n' else sign:8}" for sign in signs)
        first, _, rest = agency.partition(" Foundation ")
        lines.append(f"{first:44}{cells}".rstrip())
        if rest:
            lines.append(f"  Foundation {rest}")
    money = [f"{name:50}{amount:>12,.2f}" for name, amount in INCOME.items()]
    return report_text("\n".join([*money, f"{'Total':50}{TOTAL:>12,.2f}"]), "\n".join(lines))


LAYOUTS: dict[str, Callable[[], bytes]] = {
    "ruled-with-totals.pdf": ruled_with_totals,
    "dates-down.pdf": dates_down,
    "white-space-alone.pdf": white_space_alone,
    "lines-under-rows.pdf": lines_under_rows,
    "turned-heads-over-two-pages.pdf": turned_heads_over_two_pages,
    "heads-printed-again.pdf": heads_printed_again,
    "rows-cut-by-pages.pdf": rows_cut_by_pages,
    "cells-are-merged.pdf": cells_are_merged,
    "white-space-over-pages.pdf": white_space_over_pages,
    "a-row-for-each.pdf": a_row_for_each,
    "pipes.md": pipes,
    "aligned-text.txt": aligned_text,
}


def write_all(folder: Path) -> None:
    """Write every layout into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in LAYOUTS.items():
        (folder / name).write_bytes(make())
