"""A table of figures says the same in every layout: turned, its years in any form, whatever stands beside them."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable

import pytest
from board_documents import GRID, table, write_pdf
from project import Project
from reportlab.lib.colors import black
from reportlab.lib.pagesizes import A4, landscape
from reportlab.platypus import Flowable, PageBreak

YEARS = range(2012, 2016)
FIGURES = {
    "children_looked_after": ("Number of children looked after at 31 March", (560, 571, 583, 1598)),
    "child_protection_plans_rate": ("Children subject to a child protection plan, rate per 10,000", (45, 46.5, 47, 48)),
    "re_referrals_percent": ("% of re-referrals within 12 months", (21, 22.4, 23, 19)),
    "private_fostering": ("Privately fostered children", (5, 7, 9, 12)),
}
# What a table of two rows of heads says: a count and a rate in each year.
COUNTED = {
    "Looked after at 31 March": "children_looked_after",
    "Subject to a child protection plan": "child_protection_plans",
    "In section 47 enquiries": "section_47_enquiries",
}
COUNTS_AND_RATES = {
    "children_looked_after": (560, 571, 583, 1598),
    "children_looked_after_rate": (60, 61.5, 63, 66),
    "child_protection_plans": (288, 291, 300, 1102),
    "child_protection_plans_rate": (45, 46.5, 47, 48),
    "section_47_enquiries": (2104, 2150, 2009, 998),
    "section_47_enquiries_rate": (301, 307.2, 299, 290),
}
Row = list[str]


def financial_year(year: int, between: str = "-") -> str:
    return f"{year}{between}{(year + 1) % 100:02}"


def number(value: float) -> str:
    return f"{value:,}"


def measures_down(head: Callable[[int], str] = financial_year, corner: str = "Measure") -> list[Row]:
    rows = [[corner, *map(head, YEARS)]]
    return rows + [[label, *map(number, values)] for label, values in FIGURES.values()]


def turned(rows: list[Row]) -> list[Row]:
    return [list(row) for row in zip(*rows, strict=True)]


def with_column(rows: list[Row], head: str, cell: str, at: int | None = None) -> list[Row]:
    """Add a column whose cells are no figures of the authority."""
    at = len(rows[0]) if at is None else at
    return [[*row[:at], head if not place else cell, *row[at:]] for place, row in enumerate(rows)]


def two_heads() -> list[Row]:
    """Years over counts and rates."""
    years = [financial_year(year) for year in YEARS]
    rows = [
        ["", *(cell for year in years for cell in (year, ""))],
        ["Children", *["Number", "Rate per 10,000"] * len(years)],
    ]
    for label, metric in COUNTED.items():
        pairs = zip(COUNTS_AND_RATES[metric], COUNTS_AND_RATES[f"{metric}_rate"], strict=True)
        rows.append([label, *(number(value) for pair in pairs for value in pair)])
    return rows


def grouped() -> list[Row]:
    """A measure beside several rows, named in the first."""
    return [
        ["Measure", "Year", "Value"],
        *(
            [label if not place else "", financial_year(year), number(value)]
            for label, values in FIGURES.values()
            for place, (year, value) in enumerate(zip(YEARS, values, strict=True))
        ),
    ]


LAYOUTS: dict[str, list[Row]] = {
    "measures down": measures_down(),
    "newest first": [[row[0], *reversed(row[1:])] for row in measures_down()],
    "years down": turned(measures_down()),
    "years down, newest first": [turned(measures_down())[0], *reversed(turned(measures_down())[1:])],
    "slashes": measures_down(lambda year: financial_year(year, "/")),
    "broken at their dash": measures_down(lambda year: f"{year}- {(year + 1) % 100}"),
    "broken at their slash": measures_down(lambda year: f"{year}/ {(year + 1) % 100}"),
    "short years": measures_down(lambda year: f"{year % 100}/{year % 100 + 1}"),
    "whole years": measures_down(lambda year: f"{year}–{year + 1}"),
    "days": measures_down(lambda year: f"At 31 March {year + 1}"),
    "days with their ends": measures_down(lambda year: f"As at 31st March {year + 1}"),
    "months": measures_down(lambda year: f"March {year + 1}"),
    "short months": measures_down(lambda year: f"Mar-{(year + 1) % 100}"),
    "days in figures": measures_down(lambda year: f"31/03/{(year + 1) % 100}"),
    "years ending": measures_down(lambda year: f"Year ending 31 March {year + 1}"),
    "with a word": measures_down(lambda year: f"{financial_year(year)} (outturn)"),
    "of the authority": measures_down(lambda year: f"Calderford {financial_year(year)}"),
    "with neighbours": with_column(measures_down(), "Statistical neighbours 2015-16", "77"),
    "with a region first": with_column(measures_down(), "Eastern Region 2015-16", "77", at=1),
    "with a target": with_column(measures_down(), "Target 2015-16", "77"),
    "with a change": with_column(measures_down(), "Change from 2014-15 to 2015-16", "7"),
    "with signs": with_column(measures_down(), "RAG", "G"),
    "with a unit": with_column(measures_down(), "Unit", "(n)", at=1),
    "grouped": grouped(),
    "two heads": two_heads(),
}
YEAR = dt.date(2016, 3, 31)
# Tables whose title, bands, units or parts say what their figures are: title, rows, and what is read.
TITLED: dict[str, tuple[str, list[Row], list[tuple]]] = {
    "geographies under a title": (
        "Table 3: Children looked after per 10,000 of the population under 18",
        [["Area", "2015-16"], ["Calderford", "47"], ["Statistical neighbours", "66"], ["England", "60"]],
        [("children_looked_after_rate", 47, False), ("children_looked_after_rate", 60, True)],
    ),
    "a total of parts": (
        "Table 4: Children looked after by age at 31 March 2016",
        [["Age", "Number"], ["0-4", "80"], ["16-17", "90"], ["18+", "3"], ["Total", "412"]],
        [("children_looked_after", 412, False)],
    ),
    "the unit in the title": (
        "Table 5: Rates per 10,000 children",
        [["Measure", "2015-16"], ["Children looked after", "47"], ["Section 47 enquiries", "121"]],
        [("children_looked_after_rate", 47, False), ("section_47_enquiries_rate", 121, False)],
    ),
    "numbers beside rates": (
        "Table 6: Numbers, and rates per 10,000",
        [["Measure", "2015-16 Number", "2015-16 Rate"], ["Children looked after", "412", "47"]],
        [("children_looked_after", 412, False), ("children_looked_after_rate", 47, False)],
    ),
    "a band over its rows": (
        "Key figures",
        [
            ["Measure", "2015-16"],
            ["Children looked after", ""],
            ["Number at 31 March", "412"],
            ["Rate per 10,000", "47"],
        ],
        [("children_looked_after", 412, False), ("children_looked_after_rate", 47, False)],
    ),
    "a number with its share": (
        "Key figures",
        [["Measure", "2015-16"], ["Children looked after who live outside the local authority area", "142 (29%)"]],
        [("cla_out_of_area", 142, False), ("cla_out_of_area_percent", 29, False)],
    ),
    "arrows": (
        "Key figures",
        [["Measure", "2015-16"], ["Children looked after", "412 ▲"]],
        [("children_looked_after", 412, False)],
    ),
    "labels that heads alone have": (
        "Key figures",
        [
            ["Measure", "2015-16"],
            ["Contacts to children's social care", "4,204"],
            ["Referrals to children's social care", "1,204"],
            ["Children looked after in foster care", "312"],
            ["Children looked after in children's homes", "31"],
            ["Percentage of children looked after in children's homes", "8"],
            ["Children looked after in residential special schools", "9"],
            ["Children who started to be looked after", "142"],
            ["Children who ceased to be looked after", "131"],
        ],
        [
            ("cla_ceased", 131, False),
            ("cla_childrens_homes", 31, False),
            ("cla_childrens_homes_percent", 8, False),
            ("cla_foster_care", 312, False),
            ("cla_residential_special_schools", 9, False),
            ("cla_started", 142, False),
            ("contacts", 4204, False),
            ("referrals", 1204, False),
        ],
    ),
    "some months of a year": (
        "Key figures",
        [["Measure", "2015-16 (April to December)"], ["Children looked after", "412"]],
        [],
    ),
    "grades of an audit": (
        "Table 7: Audits in 2015-16",
        [["Theme", "Good", "Inadequate", "Cases audited"], ["Children looked after", "5", "3", "8"]],
        [],
    ),
    "teams": (
        "Table 8: Children at 31 March 2016",
        [["Measure", "Team 1", "Team 2", "Total"], ["Children looked after", "200", "212", "412"]],
        [("children_looked_after", 412, False)],
    ),
    "yes and no": (
        "Table 9: Children at 31 March 2016",
        [["Measure", "Yes", "No", "Total"], ["Children looked after", "200", "212", "412"]],
        [("children_looked_after", 412, False)],
    ),
    "other measures": (
        "Key figures",
        [
            ["Measure", "2015-16"],
            ["Child protection plans started in the year", "288"],
            ["Children looked after by other local authorities", "114"],
            ["Private fostering notifications", "21"],
            ["Referrals to early help", "800"],
        ],
        [],
    ),
}
# The same table as pages show it: its rules, what becomes of it at a page's end, and what stands beside the figures.
RULES: dict[str, tuple] = {
    "ruled": (GRID,),
    "ruled below its heads": (("LINEBELOW", (0, 0), (-1, 0), 0.5, black),),
    "ruled between its rows": (("LINEBELOW", (0, 0), (-1, -1), 0.5, black),),
    "without rules": (),
}
PAGES = (
    "on a page",
    "over two pages",
    "over two pages, its heads printed again",
    "over two pages in the middle of a row",
)
SIDES: dict[str, tuple[list[Row], list[float]]] = {
    "measures down": (measures_down(), [250, 55, 55, 55, 55]),
    "years down": (turned(measures_down()), [75, 100, 100, 100, 100]),
    "beside neighbours": (
        with_column(measures_down(), "Statistical neighbours 2015-16", "77"),
        [190, 50, 50, 50, 50, 70],
    ),
    "beside a target, a change and signs": (
        with_column(
            with_column(with_column(measures_down(), "Target 2015-16", "77"), "Change from 2014-15 to 2015-16", "7"),
            "RAG",
            "G",
        ),
        [190, 55, 55, 55, 55, 70, 90, 40],
    ),
    "a row for each year": (grouped(), [250, 60, 60]),
    "in two rows of heads": (two_heads(), [190, *[60.0] * 8]),
}
ON_PAGES = {", ".join(names): names for names in itertools.product(RULES, PAGES, SIDES)}
TABBED = ("measures down", "years down", "two heads")


def markdown(rows: list[Row]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])


def tabbed(rows: list[Row]) -> str:
    return "\n".join("\t".join(row) for row in rows)


def report(table: str) -> str:
    return (
        "# Calderford Safeguarding Children Board\n\n# Annual Report 2016-2017\n\n"
        f"## Safeguarding data\n\nThe board looks at these figures.\n\n{table}\n\nThe board will look at them again.\n"
    )


def on_pages(rules: str, pages: str, side: str) -> bytes:
    """Return a report in which a table stands so."""
    rows, widths = SIDES[side]
    heads = 2 if side == "in two rows of heads" else 1

    def part(some: list[Row], head: int) -> Flowable:
        return table(some, widths, *RULES[rules], head=head)

    story: list[Flowable] = [part(rows, heads)]
    if pages != "on a page":
        cut = heads + 1 if "middle" in pages else len(rows) - (4 if rows[0][1] == "Year" else 2)
        first, second, again = rows[:cut], rows[cut:], rows[:heads] if "again" in pages else []
        if "middle" in pages:
            start, _, end = second[0][0].partition(", ")
            if end:
                first, second = (
                    [*first, [f"{start},", *second[0][1:]]],
                    [[end, *[""] * (len(rows[0]) - 1)], *second[1:]],
                )
        story = [part(first, heads), PageBreak(), part([*again, *second], len(again))]
    return write_pdf(
        "# Safeguarding data",
        "The board looks at these figures.",
        *story,
        "The board will look at them again.",
        pagesize=landscape(A4) if sum(widths) > 500 else A4,
        board="Calderford Safeguarding Children Board",
    )


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("tables")
    (folder / "reports").mkdir()
    for name, rows in LAYOUTS.items():
        (folder / "reports" / f"{name}.md").write_text(report(markdown(rows)), "utf-8")
        if name in TABBED:
            (folder / "reports" / f"{name}.txt").write_text(report(tabbed(rows)), "utf-8")
    for name, place in ON_PAGES.items():
        (folder / "reports" / f"{name}.pdf").write_bytes(on_pages(*place))
    for name, (title, rows, _) in TITLED.items():
        (folder / "reports" / f"{name}.md").write_text(report(f"### {title}\n\n{markdown(rows)}"), "utf-8")
    undated = measures_down(lambda year: "ABCD"[year - YEARS[0]])
    for name, rows in {"suppressed": SUPPRESSED, "undated": undated, "england": ENGLAND}.items():
        (folder / "reports" / f"{name}.md").write_text(report(markdown(rows)), "utf-8")
    project = Project(folder / "project")
    project.build(folder / "reports", ALLOW_OTHER_FOLDER="true", ALLOW_FEWER_DOCUMENTS="true", EXPORTS_PATH="none")
    return project


SUPPRESSED = [
    ["Measure", *map(financial_year, YEARS)],
    ["Privately fostered children", "*", "<5", "c", "6"],
    ["Number of children looked after", "n/a", "-", "571", "low"],
]
ENGLAND = [
    ["Measure", "2014-15", "England 2014-15", "National average 2013-14", "Stat neighbours"],
    ["Rate of children looked after per 10,000", "47", "60", "59", "66"],
]


def observed(project: Project, name: str) -> list[tuple]:
    """Return metric, value, qualifier, end of the period and whose figure it is."""
    return project.query(
        f"""
        select metric_id, value, qualifier, period_end, fct_metric_observations.authority_id = 'E92000001'
        from fct_metric_observations join dim_report using (report_id)
        where file_name = '{name}' order by all
        """
    )


def expected(has_two_heads: bool) -> list[tuple]:
    figures = COUNTS_AND_RATES if has_two_heads else {metric: values for metric, (_, values) in FIGURES.items()}
    return sorted(
        (metric, value, "exact", dt.date(year + 1, 3, 31), False)
        for metric, values in figures.items()
        for year, value in zip(YEARS, values, strict=True)
    )


@pytest.mark.parametrize("name", [*(f"{name}.md" for name in LAYOUTS), *(f"{name}.txt" for name in TABBED)])
def test_a_table_gives_the_same_figures_in_every_layout(tables: Project, name: str) -> None:
    assert observed(tables, name) == expected(name.startswith("two heads"))


@pytest.mark.parametrize("name", ON_PAGES)
def test_a_table_gives_the_same_figures_however_pages_show_it(tables: Project, name: str) -> None:
    assert observed(tables, f"{name}.pdf") == expected("two rows of heads" in name)


@pytest.mark.parametrize("name", TITLED)
def test_what_stands_over_a_table_says_what_its_figures_are(tables: Project, name: str) -> None:
    assert observed(tables, f"{name}.md") == [
        (metric, value, "exact", YEAR, is_of_england) for metric, value, is_of_england in TITLED[name][2]
    ]


def test_what_is_withheld_is_no_figure(tables: Project) -> None:
    assert observed(tables, "suppressed.md") == [
        ("children_looked_after", 571, "exact", dt.date(2015, 3, 31), False),
        ("private_fostering", 5, "less_than", dt.date(2014, 3, 31), False),
        ("private_fostering", 6, "exact", dt.date(2016, 3, 31), False),
    ]


def test_england_is_told_from_others(tables: Project) -> None:
    assert observed(tables, "england.md") == [
        ("children_looked_after_rate", 47, "exact", dt.date(2015, 3, 31), False),
        ("children_looked_after_rate", 59, "exact", dt.date(2014, 3, 31), True),
        ("children_looked_after_rate", 60, "exact", dt.date(2015, 3, 31), True),
    ]


def test_what_has_no_time_is_listed_and_can_be_looked_for(tables: Project) -> None:
    assert observed(tables, "undated.md") == []
    doubts = tables.query("select doubt from documents_to_review where file_name = 'undated.md' order by all")
    assert len(doubts) == len(FIGURES)
    [(quantities,)] = tables.query(
        """
        select count(*) from fct_quantities join dim_report using (report_id)
        where file_name = 'undated.md' and contains(quote, ' | ')
        """
    )
    assert quantities == len(FIGURES) * len(YEARS)
