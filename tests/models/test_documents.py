"""Who, what and when small documents say they are, in a build of a folder of them; and what they do not say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import make_pdf
from project import Project
from reportlab.pdfgen.canvas import Canvas

LETTERHEAD = (
    "Ofsted",
    "Piccadilly Gate",
    "Store Street",
    "Manchester",
    "M1 2WD",
    "T 0161 496 0001",
    "Textphone 0161 496 0000",
    "enquiries@ofsted.gov.uk",
    "www.gov.uk/ofsted",
)
PANDEMIC = (
    "Her Majesty’s Chief Inspector of Education, Children’s Services and Skills is leading work on how councils fared "
    "under the restrictions of spring 2020."
)
HEADLINE = """Headline findings

Leaders in the council have made steady progress since the last inspection, and most children now receive help in time.

What needs to improve in this area of social work practice

- The timeliness of visits to children.
"""
GRADES_BEFORE = """Grades of the last inspection

The impact of leaders on social work practice with children and families\tGood
The experiences and progress of children in care\tInadequate
Overall effectiveness\tRequires improvement to be good

"""
# What a kind that holds no typed facts must not yield.
BAIT = """
Lead inspector: Ada Marsh, His Majesty’s Inspector

Overall effectiveness Good
The impact of leaders on social work practice with children and families Good

What needs to improve?

- The timeliness of visits to children, and the records of them.

Findings

1. At 31 March 2023, 228 children were looked after, and 161 children were the subject of a child protection plan.

Yours sincerely

Ada Marsh
His Majesty’s Inspector
"""


def letter(
    visit: str,
    date: str = "18 December 2019",
    subject: str = "Focused visit to Ashmere children’s services",
    address: str = "Ann Lee\nDirector of Children’s Services\nAshmere City Council\nAshmere\nAM1 1AA",
    greeting: str = "Dear Ms Lee",
    close: str = "Yours sincerely\n\nIda Penn\nHis Majesty’s Inspector",
) -> str:
    parts = [date, address, greeting, subject, visit, HEADLINE, "Ofsted will take the findings into account.", close]
    return "\n\n".join(part for part in parts if part)


def report(title: str, dates: str = "Inspection dates: 12 to 23 January 2026", lead: str = "Ada Marsh") -> str:
    return f"""{title}

{dates}

Lead inspector: {lead}, His Majesty’s Inspector

Judgement\tGrade
The impact of leaders on social work practice with children and families\tGood
The experiences and progress of children who need help and protection\tRequires improvement to be good
The experiences and progress of children in care\tGood
The experiences and progress of care leavers\tOutstanding
Overall effectiveness\tGood

Services for children have improved since the last inspection.

What needs to improve

- The timeliness of initial health assessments for children who come into care.
"""


def drawn_letter(letterhead_last: bool) -> bytes:
    """A letter of two pages whose first paragraph of findings goes on behind the turn, and behind the letterhead."""
    lines = [
        (12, "18 December 2019"),
        (12, "Ann Lee"),
        (12, "Director of Children's Services"),
        (12, "Ashmere City Council"),
        (12, "Dear Ms Lee"),
        (-12, "Focused visit to Ashmere children's services"),
        (12, "This letter summarises the findings of the focused visit to Ashmere children's services on"),
        (12, "23 and 24 October 2019. The inspectors were Ida Penn, HMI, and Lou Quill, HMI."),
        (-12, "Headline findings"),
        (12, "Leaders have made steady progress since the last inspection of services in this city, and the help"),
    ]

    def text(canvas: Canvas, rows: list[tuple[int, str]], top: float) -> None:
        for size, words in rows:
            canvas.setFont("Helvetica-Bold" if size < 0 else "Helvetica", abs(size))
            canvas.drawString(72, top, words)
            top -= 15 if size > 0 else 24

    def first(canvas: Canvas) -> None:
        head = [(-9 if words.startswith("T") else 9, words) for words in LETTERHEAD]
        if letterhead_last:
            text(canvas, lines, 700)
        text(canvas, head, 820)
        if not letterhead_last:
            text(canvas, lines, 700)

    def second(canvas: Canvas) -> None:
        text(
            canvas,
            [
                (12, "that children receive comes in time for most of them and is of a good standard."),
                (12, ""),
                (12, "Yours sincerely"),
                (12, "Ida Penn"),
                (-12, "Her Majesty's Inspector"),
            ],
            780,
        )

    return make_pdf(first, second)


FINDINGS = "This letter summarises the findings of the focused visit to "
TWO_DAYS = FINDINGS + "Ashmere children’s services on 23 and 24 October 2019. "
JOINT = "Joint targeted area inspection of "
DOCUMENTS: dict[str, str | bytes] = {
    "letterhead-last.pdf": drawn_letter(True),
    "letterhead-first.pdf": drawn_letter(False),
    "letterhead-on-a-line.txt": "Ofsted, Piccadilly Gate, Store Street, Manchester M1 2WD\n\n"
    + letter(TWO_DAYS + "The inspectors were Ida Penn, HMI, and Lou Quill, HMI."),
    "no-blank-lines.txt": letter(
        TWO_DAYS + "The visit was carried out by Ida Penn and Lou Quill, Her Majesty’s Inspectors."
    ).replace("\n\n", "\n"),
    "behind-a-paragraph.txt": letter(
        FINDINGS + "Dunmarsh children’s services on 13 and 14 July. Her Majesty’s Inspectors were Ida Penn, Lou Quill, "
        "Bo Ray-Marsh, Cy Dale and Eve Holm.",
        date="23 August 2021",
        greeting="Dear Ann\n\n" + PANDEMIC,
        subject="Focused visit to Dunmarsh, a London borough: children’s services",
        address="Ann Lee\nDirector of Children’s Services\nCalderford House\nElverham",
    ),
    "year-before.md": letter(
        FINDINGS
        + "Ashmere children’s services on 12 and 13 December. His Majesty’s Inspectors for this visit were lead "
        "inspector Ida Penn and team inspector Lou Quill.",
        date="Date: 8 January 2024",
    ),
    "trust-before-the-date.txt": letter(
        "This letter summarises the findings of the focused visit on 25 and 26 October 2023 to Ashmere Children First, "
        "which delivers services for Ashmere City Council. The visit was conducted by Ida Penn and Lou Quill, two of "
        "His Majesty’s Inspectors.",
        date="28/11/2023",
        subject="Focused visit to Ashmere Children First",
    ),
    "no-subject.txt": letter(
        FINDINGS
        + "Brackwater children’s services between 4 and 6 June 2019. The inspector was Ida Penn, HMI Social Care.",
        date="9 July 2019",
        subject="",
        close="Ida Penn\nHer Majesty’s Inspector",
    ),
    "two-persons.txt": letter(
        TWO_DAYS + "I was accompanied by Lou Quill, HMI.",
        address="Ann Lee\nDirector of Children’s Services\nBo Ray\nChief Executive\nAshmere City Council",
        greeting="Dear Ms Lee and Mr Ray",
        close="Yours faithfully\n\nIda Penn, HMI",
    ),
    "monitoring.txt": letter(
        "This letter summarises the findings of the second monitoring visit since the council was judged inadequate on "
        "12 April 2018, which took place on 5 and 6 November 2019. His Majesty’s Inspector (designate) Gus Ives "
        "shadowed it.",
        subject="Monitoring visit of Brackwater children’s services",
        close="Your sincerely,\n\nIda Penn (Lead inspector)\nHis Majesty’s Inspector",
    ),
    "lost-hyphen.txt": letter(
        TWO_DAYS + "The inspectors were Paula ThomasMoor, Senior HMI, and Lou Quill, Ofsted Inspector.",
        close="Yours sincerely\n\nPaula Thomas-Moor\nSenior HMI",
    ),
    "undated.txt": letter(TWO_DAYS + "The inspectors were Ida Penn and Lou Quill, HMI.", date=""),
    "five-digits.txt": letter(
        FINDINGS + "Ashmere children’s services on 8 and 9 October 2025.",
        date="6 November 20205",
    ),
    "a-year-long.txt": letter(
        FINDINGS + "Elverham children’s services on 24 October 2022 to 25 October 2023.",
        date="28 November 2023",
        subject="Focused visit to Elverham children’s services",
    ),
    "older-than-its-visit.txt": letter(
        FINDINGS + "Ashmere children’s services on 12 and 13 March 2024.",
        date="20 April 2023",
    ),
    "no-such-day.txt": letter(
        FINDINGS + "Ashmere children’s services on 30 and 31 June 2021.",
        date="9 August 2021",
    ),
    "joint.txt": "1 September 2023\n\nAnn Lee, Director of Children’s Services, Calderford Council\nBo Ray, Chief "
    f"Constable, Brackwater Police\n\nDear Elverham local safeguarding partnership\n\n{JOINT}Elverham\n\nThis letter "
    "summarises the findings of the joint targeted area inspection. This inspection took place from 10 to 14 July "
    f"2023, after the focused visit of 2022.\n{BAIT}",
    "joint-2017.txt": "10 November 2017\n\nAnn Lee, Director of Children’s Services, Brackwater\n\n"
    f"Dear local partnership\n\n{JOINT}the multi-agency response to abuse and neglect in Ashmere\n\nBetween 25 and 29 "
    f"September 2017, Ofsted and others undertook a joint inspection of the response to neglect in Ashmere.\n{BAIT}",
    "send.txt": "Local area partnership report\n\nArea SEND inspection of Dunmarsh Local Area Partnership\n\n"
    "Inspection dates: 11 to 15 March 2024\n\nDates of previous inspection: 23 to 27 January 2017\n\n"
    f"Inspection outcome\n\nInspection of children’s services in Dunmarsh.\n{BAIT}",
    "send-2018.txt": "9 November 2018\n\nDear Ms Lee\n\nJoint local area SEND inspection in Calderford\n\n"
    "Between 1 October 2018 and 5 October 2018, Ofsted and the Care Quality Commission conducted a joint inspection of "
    f"the area of Calderford.\n{BAIT}",
    "home.txt": "Inspection of Ashmere House children’s home\n\nInspection dates: 1 to 2 May 2022\n" + BAIT,
    "budget.txt": "Ashmere City Council\n\nBudget book 2017/18\n\nWhat the council spends.\n" + BAIT,
    "trust-together.txt": report("Together for Children Ashmere"),
    "trust-delivered.txt": report(
        "Brackwater Council’s arrangements for children, delivered by Brackwater Children’s Trust"
    ),
    "trust-achieving.txt": report("Inspection of Achieving for Children: Elverham"),
    "trust-in-its-words.txt": report("Inspection of Brighter Days").replace(
        "Services for children", "Brighter Days works for Dunmarsh. Services for children"
    ),
    "trust-of-nobody.txt": report("Inspection of Brighter Ways"),
    "services-in.txt": report(
        "Inspection of children’s services in Calderford", "Inspection dates: 4 to 15 March 2024"
    ),
    "of-2924.txt": report(
        "Inspection of Calderford local authority children’s services", "Inspection dates: 4 to 15 March 2924"
    ),
    "fallowshire-2019.txt": report(
        "Inspection of Fallowshire local authority children’s services", "Inspection dates: 4 to 15 March 2019"
    ),
    "fallowshire-2022.txt": report(
        "Inspection of Fallowshire local authority children’s services", "Inspection dates: 7 to 18 March 2022"
    ),
    "west-fallowshire-2022.txt": report(
        "Inspection of West Fallowshire local authority children’s services", "Inspection dates: 7 to 18 March 2022"
    ),
    "place-beside.txt": report("Inspection of South Ashmere local authority children’s services"),
    "addresses-children.txt": report(
        "Inspection of Brackwater local authority children’s services", "Inspection dates: 5 to 16 June 2023"
    ).replace("Services for", "Dear children\n\nThank you for telling us about Calderford.\n\nServices for"),
    "adults-board.md": f"# Ashmere Safeguarding Adults Board\n\n# Annual Report 2016-2017\n{BAIT}",
    "self-evaluation.txt": f"Ashmere: self-evaluation for the inspection of services for children\n{BAIT}",
    "board-without-a-year.md": "# Ashmere Safeguarding Children Board\n\n# Annual Report\n\nThe board met often.\n",
    "two-tables.txt": report(
        "Inspection of Dunmarsh local authority children’s services", "Inspection dates: 5 to 16 June 2023"
    ).replace("Services for", GRADES_BEFORE + "Services for"),
    "one-grade-became-another.txt": report(
        "Inspection of Dunmarsh local authority children’s services", "Inspection dates: 3 to 14 June 2024"
    ).replace("effectiveness\tGood", "effectiveness: Inadequate → Good"),
    "an-earlier-grade.txt": report(
        "Inspection of Dunmarsh local authority children’s services", "Inspection dates: 2 to 13 June 2025"
    ).replace("Overall effectiveness\tGood", "In 2018, overall effectiveness: Inadequate."),
    "west-fallowshire-2019.txt": report(
        "Inspection of West Fallowshire local authority children’s services", "Inspection dates: 4 to 15 March 2019"
    ),
}

ASHMERE, BRACKWATER, CALDERFORD, DUNMARSH = "X06000001", "X08000001", "X10000001", "X09000001"
ELVERHAM, FALLOWSHIRE, WEST_FALLOWSHIRE = "X06000002", "X10000002", "X06000004"
PENN, QUILL = ("Ida Penn", "lead inspector"), ("Lou Quill", "inspector")
VISIT = ("2019-10-23", "2019-10-24", "2019-12-18")
FIRST_VISIT = {
    "framework_id": "focused_visit",
    "authority_id": ASHMERE,
    "days": VISIT,
    "title": "Focused visit to Ashmere children’s services",
    "lead_inspector": "Ida Penn",
    "team": {PENN, QUILL},
    "addressee": "Ann Lee",
    "addressee_post": "Director of Children’s Services",
    "doubts": [],
}
DRAWN = FIRST_VISIT | {
    "title": "Focused visit to Ashmere children's services",
    "addressee_post": "Director of Children's Services",
}
NOTHING_TYPED = {"lead_inspector": None, "team": set(), "facts": 0, "doubts": []}
# Of a kind with a scale and asks of its own: the bait gives it no grade of another scale and no figure.
NO_GRADES_NOR_FIGURES = {"grades": 0, "observations": 0, "doubts": []}
ILACS = {
    "framework_id": "ilacs",
    "days": ("2026-01-12", "2026-01-23", None),
    "grades": 5,
    "team": {("Ada Marsh", "lead inspector")},
    "doubts": [],
}
EXPECTED: dict[str, dict[str, Any]] = {
    "letterhead-last.pdf": DRAWN,
    "letterhead-first.pdf": DRAWN,
    "letterhead-on-a-line.txt": FIRST_VISIT,
    "no-blank-lines.txt": FIRST_VISIT,
    "behind-a-paragraph.txt": {
        "authority_id": DUNMARSH,
        "days": ("2021-07-13", "2021-07-14", "2021-08-23"),
        "title": "Focused visit to Dunmarsh, a London borough: children’s services",
        "team": {PENN, QUILL, ("Bo Ray-Marsh", "inspector"), ("Cy Dale", "inspector"), ("Eve Holm", "inspector")},
        "addressee": "Ann Lee",
        "doubts": [],
    },
    "year-before.md": FIRST_VISIT | {"days": ("2023-12-12", "2023-12-13", "2024-01-08")},
    "trust-before-the-date.txt": FIRST_VISIT
    | {"days": ("2023-10-25", "2023-10-26", "2023-11-28"), "title": "Focused visit to Ashmere Children First"},
    "no-subject.txt": FIRST_VISIT
    | {
        "authority_id": BRACKWATER,
        "days": ("2019-06-04", "2019-06-06", "2019-07-09"),
        "title": None,
        "team": {PENN},
    },
    "two-persons.txt": FIRST_VISIT
    | {"addressee": "Ann Lee; Bo Ray", "addressee_post": "Director of Children’s Services; Chief Executive"},
    "monitoring.txt": {
        "framework_id": "monitoring_visit",
        "authority_id": BRACKWATER,
        "days": ("2019-11-05", "2019-11-06", "2019-12-18"),
        "team": {PENN},
        "doubts": [],
    },
    "lost-hyphen.txt": FIRST_VISIT
    | {"lead_inspector": "Paula Thomas-Moor", "team": {("Paula Thomas-Moor", "lead inspector"), QUILL}},
    "undated.txt": FIRST_VISIT | {"days": ("2019-10-23", "2019-10-24", None)},
    "five-digits.txt": {
        "days": ("2025-10-08", "2025-10-09", None),
        "doubts": ["it is dated ‘6 November 20205’, which cannot be"],
    },
    "a-year-long.txt": {
        "days": ("2023-10-24", "2023-10-25", "2023-11-28"),
        "doubts": [
            "its inspection or visit would have lasted 366 days: ‘24 October 2022 to 25 October 2023’ is read as "
            "2023-10-24 to 2023-10-25, by the day of its letter"
        ],
    },
    "older-than-its-visit.txt": {
        "authority_id": ASHMERE,
        "days": (None, None, None),
        "doubts": ["it would be older than its inspection or visit: ‘20 April 2023’ and ‘12 and 13 March 2024’"],
    },
    "no-such-day.txt": {
        "days": (None, None, "2021-08-09"),
        "doubts": ["its inspection or visit is dated ‘30 and 31 June 2021’, which cannot be"],
    },
    "joint.txt": NO_GRADES_NOR_FIGURES
    | {"framework_id": "jtai", "authority_id": ELVERHAM, "days": ("2023-07-10", "2023-07-14", "2023-09-01")},
    "joint-2017.txt": NO_GRADES_NOR_FIGURES
    | {"framework_id": "jtai", "authority_id": ASHMERE, "days": ("2017-09-25", "2017-09-29", "2017-11-10")},
    "send.txt": NO_GRADES_NOR_FIGURES
    | {"framework_id": "area_send", "authority_id": DUNMARSH, "days": ("2024-03-11", "2024-03-15", None)},
    "send-2018.txt": NO_GRADES_NOR_FIGURES
    | {"framework_id": "area_send", "authority_id": CALDERFORD, "days": ("2018-10-01", "2018-10-05", "2018-11-09")},
    "home.txt": NOTHING_TYPED | {"framework_id": "other"},
    "budget.txt": NOTHING_TYPED
    | {"framework_id": "other", "doubts": ["its title is of no kind that the catalogue knows"]},
    "trust-together.txt": ILACS | {"authority_id": ASHMERE},
    "trust-delivered.txt": ILACS | {"authority_id": BRACKWATER},
    "trust-achieving.txt": ILACS | {"authority_id": ELVERHAM},
    "trust-in-its-words.txt": ILACS | {"authority_id": DUNMARSH},
    "trust-of-nobody.txt": ILACS
    | {"authority_id": "unknown", "doubts": ["no authority is named where it says what it is about"]},
    "services-in.txt": ILACS | {"authority_id": CALDERFORD, "days": ("2024-03-04", "2024-03-15", None)},
    "of-2924.txt": ILACS
    | {
        "authority_id": CALDERFORD,
        "days": (None, None, None),
        "doubts": ["its inspection or visit is dated ‘4 to 15 March 2924’, which cannot be"],
    },
    "fallowshire-2019.txt": {"authority_id": FALLOWSHIRE, "doubts": []},
    "fallowshire-2022.txt": {
        "authority_id": "unknown",
        "doubts": ["no authority of this name existed at its date: fallowshire"],
    },
    "west-fallowshire-2022.txt": {"authority_id": WEST_FALLOWSHIRE, "doubts": []},
    "place-beside.txt": {
        "authority_id": "unknown",
        "doubts": ["no authority is named where it says what it is about"],
    },
    "addresses-children.txt": ILACS | {"authority_id": BRACKWATER, "days": ("2023-06-05", "2023-06-16", None)},
    "adults-board.md": {"framework_id": "other"} | NOTHING_TYPED,
    "self-evaluation.txt": {"framework_id": "other"} | NOTHING_TYPED,
    "board-without-a-year.md": {
        "framework_id": "board_annual_report",
        "doubts": ["the year that it is about could not be read"],
    },
    "two-tables.txt": {"framework_id": "ilacs", "grades": 3},
    "one-grade-became-another.txt": {"framework_id": "ilacs", "grades": 4},
    "an-earlier-grade.txt": {"framework_id": "ilacs", "grades": 4},
    "west-fallowshire-2019.txt": {
        "authority_id": "unknown",
        "doubts": ["no authority of this name existed at its date: west fallowshire"],
    },
}
FACTS = ("fct_judgements", "fct_metric_observations", "fct_recommendations", "fct_findings", "fct_inspection_team")


@pytest.fixture(scope="module")
def documents(built: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("documents")
    (folder / "reports").mkdir()
    for name, content in DOCUMENTS.items():
        (folder / "reports" / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    project = built.copy(folder / "project")
    project.build(folder / "reports", ALLOW_FEWER_DOCUMENTS="true", EXPORTS_PATH="none")
    return project


@pytest.fixture(scope="module")
def read(documents: Project) -> Callable[[str], dict[str, Any]]:
    """What the warehouse says of a document."""

    def ask(name: str) -> dict[str, Any]:
        with duckdb.connect(str(documents.published), read_only=True) as connection:
            rows = connection.execute("select * from dim_report where file_name = ?", [name])
            columns = [column[0] for column in rows.description]
            [row] = rows.fetchall()
            found = dict(zip(columns, row, strict=True))

            def of_it(columns: str, relation: str) -> list[tuple]:
                query = f"select {columns} from {relation} where report_id = ? order by all"
                return connection.execute(query, [found["report_id"]]).fetchall()

            days = (found["inspection_start_date"], found["inspection_end_date"], found["published_date"])
            return found | {
                "days": tuple(day and day.isoformat() for day in days),
                "team": set(of_it("person_name, role", "fct_inspection_team")),
                "doubts": [doubt for (doubt,) in of_it("doubt", "documents_to_review")],
                "grades": len(of_it("grade", "fct_judgements")),
                "observations": len(of_it("metric_id", "fct_metric_observations")),
                "facts": sum(len(of_it("report_id", relation)) for relation in FACTS),
                "statements": len(of_it("statement", "fct_statements")),
            }

    return ask


@pytest.mark.parametrize("name", EXPECTED)
def test_a_document_says_who_and_what_it_is(read: Callable[[str], dict[str, Any]], name: str) -> None:
    found = read(name)
    assert {key: found[key] for key in EXPECTED[name]} == EXPECTED[name]
    assert found["statements"], "what has no typed facts is searched all the same"


def test_each_document_is_expected_to_say_something() -> None:
    assert set(DOCUMENTS) == set(EXPECTED)


@pytest.mark.parametrize("name", ["letterhead-last.pdf", "letterhead-first.pdf"])
def test_a_paragraph_is_whole_on_both_sides_of_the_letterhead(documents: Project, name: str) -> None:
    [(text, section)] = documents.query(
        f"select text, section from fct_findings inner join dim_report using (report_id) where file_name = '{name}'"
    )
    assert section == "Headline findings"
    assert text.startswith("Leaders have made") and text.endswith(
        "the help that children receive comes in time for most of them and is of a good standard."
    )


def test_an_inspection_whose_date_is_in_doubt_is_nobodys_newest(documents: Project) -> None:
    newest = documents.query(
        "select file_name, leadership_date::varchar from latest_outcomes inner join dim_report using (report_id) "
        f"where latest_outcomes.authority_id = '{CALDERFORD}'"
    )
    assert newest == [("services-in.txt", "2024-03-15")]


def test_no_document_is_given_to_an_authority_that_it_does_not_name(documents: Project) -> None:
    build = documents.folder / "build" / "warehouse.duckdb"
    with duckdb.connect(str(build), read_only=True) as connection:
        assert connection.execute("from test_failures.authority_is_named_in_title_or_first_words").fetchall() == []


def test_all_the_documents_are_read(documents: Project, tmp_path: Path) -> None:
    assert documents.query("select count(*) from rejected_documents") == [(0,)]
    assert documents.query("select count(*) from dim_report") == [(len(DOCUMENTS),)]
