"""Reports of fictional boards that differ as boards do, and what is to be read in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from board_documents import GRID, Rows, table, write_pdf
from reportlab.platypus import PageBreak

COUNCIL, POLICE, HEALTH, PROBATION, CAFCASS = (
    "Norhamshire County Council",
    "Norhamshire Police",
    "Upper Valley CCG",
    "National Probation Service",
    "Cafcass",
)
THIS, LAST = "2016-17", "2015-16"


@dataclass(frozen=True)
class Report:
    """One report: its bytes, and all facts and disagreements that are to be read in it."""

    content: bytes
    income: set[tuple[str, float, str]] = field(default_factory=set)
    spending: set[tuple[str, float, str]] = field(default_factory=set)
    attendance: set[tuple[str, date, bool | None]] = field(default_factory=set)
    disagreements: Sequence[str] = ()


def lines(year: str, amounts: dict[str, float]) -> set[tuple[str, float, str]]:
    return {(name, float(amount), year) for name, amount in amounts.items()}


def came(agencies: dict[str, str], meetings: Sequence[date]) -> set[tuple[str, date, bool | None]]:
    """Attendance by a letter for each meeting: y came, n did not, - could not."""
    meant = {"y": True, "n": False, "-": None}
    return {
        (agency, meeting, meant[sign])
        for agency, signs in agencies.items()
        for meeting, sign in zip(meetings, signs, strict=True)
    }


def text(body: str) -> bytes:
    return (
        "# Norhamshire Safeguarding Children Board\n\nAnnual Report 2016-17\n\n## Introduction\n\n"
        "The Board met regularly in the year. Its partners gave it money and time.\n\n" + body
    ).encode()


def pipes(rows: Rows) -> str:
    head, *body = ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join([head, "|" + "---|" * len(rows[0]), *body]) + "\n"


GAVE = {COUNCIL: 95_000, POLICE: 25_500, HEALTH: 51_000, PROBATION: 1_890}
SPENT = {"Staffing": 121_300, "Independent chair": 22_000, "Multi-agency training": 14_700, "Learning reviews": 9_800}


def money(amount: float) -> str:
    return f"£{amount:,.0f}"


def both_under_headings() -> Report:
    """One table of two years: a heading over each half, and both halves end in "Total"."""
    rows: Rows = [["", "2015/16", "2016/17"], ["Income", "", ""]]
    rows += [[name, money(amount - 500), money(amount)] for name, amount in GAVE.items()]
    rows += [["Total", money(sum(GAVE.values()) - 2_000), money(sum(GAVE.values()))], ["Expenditure", "", ""]]
    rows += [[name, money(amount - 300), money(amount)] for name, amount in SPENT.items()]
    rows += [["Total", money(sum(SPENT.values()) - 1_200), money(sum(SPENT.values()))]]
    rows += [["Surplus", money(4_790), money(5_590)]]
    return Report(
        write_pdf("# Finance", "The Board's accounts:", table(rows, [200, 90, 90], GRID)),
        income=lines(THIS, GAVE) | lines(LAST, {name: amount - 500 for name, amount in GAVE.items()}),
        spending=lines(THIS, SPENT) | lines(LAST, {name: amount - 300 for name, amount in SPENT.items()}),
    )


def ledger() -> Report:
    """A column for what came in and one for what went out."""
    rows: Rows = [["Item", "Income (£)", "Expenditure (£)"]]
    rows += [[name, f"{amount:,}", ""] for name, amount in GAVE.items()]
    rows += [[name, "", f"{amount:,}"] for name, amount in SPENT.items()]
    rows += [["Total", f"{sum(GAVE.values()):,}", f"{sum(SPENT.values()):,}"]]
    return Report(
        text("## Income and expenditure\n\n" + pipes(rows)), income=lines(THIS, GAVE), spending=lines(THIS, SPENT)
    )


def shares_beside() -> Report:
    """A share beside each amount, and a total that is wrong by a hundred pounds."""
    total = sum(SPENT.values())
    rows: Rows = [["Area of spend", "Cost", "% of spend"]]
    rows += [[name, money(amount), f"{100 * amount / total:.0f}%"] for name, amount in SPENT.items()]
    rows += [["Total", money(total + 100), "100%"]]
    return Report(
        write_pdf("# What the money went on", table(rows, [200, 90, 90], GRID)),
        spending=lines(THIS, SPENT),
        disagreements=["spending_total"],
    )


def budget_and_outturn() -> Report:
    """Thousands of pounds, planned, spent and the variance; a share of staffing that is named below it."""
    rows: Rows = [
        ["£000", "Budget", "Outturn", "Variance"],
        ["Salaries", "120", "118", "-2"],
        ["of which administration", "31", "30", "-1"],
        ["Training and events", "15", "17", "2"],
        ["Website", "3", "2", "-1"],
        ["Total expenditure", "138", "137", "-1"],
    ]
    return Report(
        write_pdf("# Expenditure in 2016/17", table(rows, [200, 70, 70, 70], GRID)),
        spending=lines(THIS, {"Salaries": 118_000, "Training and events": 17_000, "Website": 2_000}),
    )


def years_down() -> Report:
    """A row a year, what it went on across."""
    rows: Rows = [
        ["Year", "Staffing", "Training", "Case reviews", "Total spend"],
        ["2015/16", "£118,200", "£12,100", "£21,900", "£152,200"],
        ["2016/17", "£121,300", "£14,700", "£9,800", "£145,800"],
    ]
    return Report(
        text("## Spending\n\nThe Board's expenditure over two years was:\n\n" + pipes(rows)),
        spending=lines(LAST, {"Staffing": 118_200, "Training": 12_100, "Case reviews": 21_900})
        | lines(THIS, {"Staffing": 121_300, "Training": 14_700, "Case reviews": 9_800}),
    )


def groups_with_subtotals() -> Report:
    """Groups of expenses, each with its own sum, pence, and a row of what is left below the total."""
    rows: Rows = [
        ["Expenditure 2016-17", "£"],
        ["Staff", ""],
        ["Business manager", "52,340.50"],
        ["Administrator", "24,110.00"],
        ["Sub-total", "76,450.50"],
        ["Running costs", ""],
        ["Room hire", "1,120.25"],
        ["Printing and stationery", "640.00"],
        ["Insurance", "310.00"],
        ["Sub-total", "2,070.25"],
        ["Grand total", "78,520.75"],
        ["Balance carried forward to 2017-18", "6,420.00"],
    ]
    return Report(
        write_pdf("# Finance", table(rows, [240, 90], GRID)),
        spending=lines(
            THIS,
            {
                "Business manager": 52_340.5,
                "Administrator": 24_110,
                "Room hire": 1_120.25,
                "Printing and stationery": 640,
                "Insurance": 310,
            },
        ),
    )


def carried_over_the_page() -> Report:
    """Sums carried from the foot of one page to the head of the next, in income and in spending."""
    first: Rows = [["Contributor", "2016/17"], *([name, money(amount)] for name, amount in list(GAVE.items())[:3])]
    first += [["Sub-total c/f", money(171_500)]]
    second: Rows = [["Contributor", "2016/17"], ["Sub-total b/f", money(171_500)]]
    second += [[PROBATION, money(1_890)], [CAFCASS, money(550)], ["Total", money(173_940)]]
    third: Rows = [["Expenditure", "2016/17"], ["Staffing", "£121,300"], ["Independent chair", "£22,000"]]
    third += [["Carried to next page", "£143,300"]]
    fourth: Rows = [["Expenditure", "2016/17"], ["From previous page", "£143,300"], ["Training", "£14,700"]]
    fourth += [["Total", "£158,000"]]
    return Report(
        write_pdf(
            "# Income",
            table(first, [240, 90], GRID),
            PageBreak(),
            table(second, [240, 90], GRID),
            "# Expenditure",
            "What the Board spent its money on is set out below and on the next page.",
            table(third, [240, 90], GRID),
            PageBreak(),
            table(fourth, [240, 90], GRID),
        ),
        income=lines(THIS, GAVE | {CAFCASS: 550}),
        spending=lines(THIS, {"Staffing": 121_300, "Independent chair": 22_000, "Training": 14_700}),
    )


def balances_at_both_ends() -> Report:
    """A balance that is counted in the total of income, reserves, and what is left behind the spending."""
    came_in: Rows = [["Source of income", "Amount"], ["Balance brought forward from 2015/16", "£12,400"]]
    came_in += [[name, money(amount)] for name, amount in GAVE.items()]
    came_in += [["Total", money(sum(GAVE.values()) + 12_400)]]
    went_out: Rows = [["Expenditure", "Amount"], *([name, money(amount)] for name, amount in SPENT.items())]
    went_out += [["Transfer to reserves", "£5,000"], ["Carried forward to 2017/18", "£12,990"]]
    went_out += [["Total", money(sum(SPENT.values()) + 17_990)]]
    return Report(
        text("## Finance\n\n" + pipes(came_in) + "\nThe money went on:\n\n" + pipes(went_out)),
        income=lines(THIS, GAVE),
        spending=lines(THIS, SPENT),
    )


def aligned_spending() -> Report:
    """A typewriter's columns, an amount in brackets that came in, and a net total."""
    return Report(
        text(
            "Expenditure 2016/17\n\n"
            "Salaries and on-costs             £98,400\n"
            "Independent scrutineer            £18,250\n"
            "Conference                         £4,100\n"
            "Less: income from courses         (£2,300)\n"
            "Net expenditure                  £118,450\n"
        ).replace(b"#", b""),
        spending=lines(THIS, {"Salaries and on-costs": 98_400, "Independent scrutineer": 18_250, "Conference": 4_100}),
    )


def spent_by_a_day() -> Report:
    """What was planned for the year, what was spent by its last day, and how far apart they are."""
    rows: Rows = [
        ["Budget heading", "Annual budget", "Spend to 31 March 2017", "Variance"],
        ["Staffing", "£90,000", "£88,000", "£2,000"],
        ["Training", "£10,000", "£12,000", "(£2,000)"],
        ["Reviews", "£15,000", "£9,000", "£6,000"],
        ["Total", "£115,000", "£109,000", "£6,000"],
    ]
    return Report(
        write_pdf("# Budget monitoring", table(rows, [130, 90, 130, 80], GRID)),
        spending=lines(THIS, {"Staffing": 88_000, "Training": 12_000, "Reviews": 9_000}),
    )


def quarters_and_their_total() -> Report:
    """Quarters across: only their total is the year's. Of two services' columns none is."""
    quarters: Rows = [
        ["Item", "Q1", "Q2", "Q3", "Q4", "Total"],
        ["Staffing", "£20,000", "£20,000", "£20,000", "£21,000", "£81,000"],
        ["Training", "£2,000", "£3,000", "£1,000", "£4,000", "£10,000"],
        ["Total", "£22,000", "£23,000", "£21,000", "£25,000", "£91,000"],
    ]
    services: Rows = [
        ["Item", "Children", "Adults"],
        ["Staffing", "£41,000", "£20,000"],
        ["Training", "£6,000", "£3,000"],
        ["Total", "£47,000", "£23,000"],
    ]
    return Report(
        text(
            "## Expenditure by quarter\n\n"
            + pipes(quarters)
            + "\n## Expenditure of two services\n\nBoth are run together.\n\n"
            + pipes(services)
        ),
        spending=lines(THIS, {"Staffing": 81_000, "Training": 10_000}),
    )


def nothing_that_was_spent() -> Report:
    """Plans, what others spend, and prices: none of them is what the board spent."""
    plan: Rows = [["Item", "Budget 2017/18"], ["Staffing", "£124,000"], ["Training", "£15,000"], ["Total", "£139,000"]]
    placements: Rows = [
        ["Kind of placement", "Weekly cost"],
        ["Foster care", "£412"],
        ["Children's home", "£3,180"],
        ["Secure accommodation", "£5,900"],
    ]
    prices: Rows = [["Course", "Cost per place"], ["Level 1 training", "£60"], ["Level 2 training", "£95"]]
    return Report(
        write_pdf(
            "# Looking ahead",
            "Planned expenditure 2017/18",
            table(plan, [200, 90], GRID),
            "# Placements",
            "What placements cost in the county:",
            table(placements, [200, 90], GRID),
            "# Courses",
            "Places cost as follows:",
            table(prices, [200, 90], GRID),
        )
    )


MEETINGS = [date(2016, 5, 12), date(2016, 9, 8), date(2016, 11, 10), date(2017, 2, 9)]
SIGNS = {COUNCIL: "yyyy", POLICE: "nyyy", HEALTH: "yyny", CAFCASS: "nnyn", PROBATION: "-yyn"}


def worded_rows(words: dict[str, str]) -> Rows:
    return [[agency, *(words[sign] for sign in signs)] for agency, signs in SIGNS.items()]


def attendance_in_words() -> Report:
    """Words and no signs, dates in figures, no rules, hardly a line of text beside."""
    head = ["Partner", *(f"{meeting:%d/%m/%y}" for meeting in MEETINGS)]
    rows = [head, *worded_rows({"y": "Attended", "n": "Did not attend", "-": "Not required"})]
    return Report(
        write_pdf("# Who attended the Board", table(rows, [170, 80, 80, 80, 80])), attendance=came(SIGNS, MEETINGS)
    )


def meetings_down_in_words() -> Report:
    """A row for each meeting; apologies and deputies are said in words."""
    head = ["Meeting", *SIGNS]
    words = {"y": "Present", "n": "Apologies received", "-": "Not a member"}
    rows: Rows = [head]
    for number, meeting in enumerate(MEETINGS):
        rows.append([f"{meeting.day} {meeting:%B %Y}", *(words[signs[number]] for signs in SIGNS.values())])
    rows[2][1] = "Deputy attended"
    return Report(text("## Board attendance\n\n" + pipes(rows)), attendance=came(SIGNS, MEETINGS))


def a_calendar_year() -> Report:
    """Days without a year under a caption that names a calendar year; no financial year is meant."""
    meetings = [date(2016, 1, 14), date(2016, 4, 21), date(2016, 7, 7), date(2016, 10, 6)]
    head = ["Agency", *(f"{meeting.day} {meeting:%b}" for meeting in meetings), "Total"]
    rows = [
        [*row, signs.count("y")]
        for row, signs in zip(worded_rows({"y": "Yes", "n": "No", "-": "N/A"}), SIGNS.values(), strict=True)
    ]
    return Report(
        text("## Our meetings\n\nAttendance at meetings of the Board during 2016\n\n" + pipes([head, *rows])),
        attendance=came(SIGNS, meetings),
    )


def quarters_with_deputies() -> Report:
    """Quarters as heads, a column of names, what a deputy did in brackets."""
    quarters = [date(2016, 6, 30), date(2016, 9, 30), date(2016, 12, 31), date(2017, 3, 31)]
    head = ["Organisation", "Representative", "Q1", "Q2", "Q3", "Q4"]
    names = ["Jo Example", "Sam Sample", "Kim Instance", "Lee Case", "Alex Model"]
    words = {"y": "Present (deputy)", "n": "Apologies", "-": "Vacant"}
    rows: Rows = [head]
    rows += [[row[0], name, *row[1:]] for row, name in zip(worded_rows(words), names, strict=True)]
    return Report(
        write_pdf("# Attendance at the Board by quarter", table(rows, [130, 80, 70, 70, 70, 70], GRID)),
        attendance=came(SIGNS, quarters),
    )


REPORTS = {
    "both-under-headings.pdf": both_under_headings,
    "ledger.md": ledger,
    "shares-beside.pdf": shares_beside,
    "budget-and-outturn.pdf": budget_and_outturn,
    "years-down.md": years_down,
    "groups-with-subtotals.pdf": groups_with_subtotals,
    "carried-over-the-page.pdf": carried_over_the_page,
    "balances-at-both-ends.md": balances_at_both_ends,
    "aligned-spending.txt": aligned_spending,
    "spent-by-a-day.pdf": spent_by_a_day,
    "quarters-and-their-total.md": quarters_and_their_total,
    "nothing-that-was-spent.pdf": nothing_that_was_spent,
    "attendance-in-words.pdf": attendance_in_words,
    "meetings-down-in-words.md": meetings_down_in_words,
    "a-calendar-year.md": a_calendar_year,
    "quarters-with-deputies.pdf": quarters_with_deputies,
}


def write_all(folder: Path) -> None:
    """Write every report into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, report in REPORTS.items():
        (folder / name).write_bytes(report().content)
