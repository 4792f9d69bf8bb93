"""Documents that nobody would write: each made from a number, so that one that did harm can be made again.

They have the structure of reports (titles, tables of grades, lists, figures, boards' tables) and none of its sense:
numbers and dates that cannot be, areas graded twice, lists in lists, tables turned and doubled, text of one kind in
another's form.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from conftest import draw_grid, make_pdf
from project import REPOSITORY

PLACES = ("Ashmere", "Brackwater", "Calderford", "Dunmarsh", "Elverham", "Fallowshire", "West Fallowshire", "Nowhere")
PEOPLE = ("Ann Lee", "Ben Okoro-Hill", "Mary O’Dowd", "J. van der Berg", "Social Care", "Requires Improvement", "X", "")
MONTHS = ("January", "Feb", "March", "april", "May", "June", "July", "Sept", "October", "13", "Smarch", "December")
GRADES = (
    "Outstanding",
    "Good",
    "Requires improvement",
    "requires improvement to be good",
    "Inadequate",
    "Adequate",
    "Not judged",
    "not yet judged",
    "inadequate Grade 4",
    "Fair",
    "",
    "Good Good",
)
AREAS = (
    "Overall effectiveness",
    "The impact of leaders on social work practice with children and families",
    "The experiences and progress of children who need help and protection",
    "The experiences and progress of care leavers",
    "The experiences and progress of children in care",
    "The experiences and progress of children in care and care leavers",
    "Children who need help and protection",
    "Children looked after and achieving permanence",
    "Adoption performance",
    "Experiences and progress of care leavers",
    "Leadership, management and governance",
    "Capacity to improve",
    "The effectiveness of the Local Safeguarding Children Board (LSCB)",
    "Quality of provision",
)
HEADINGS = (
    "Information about this local authority area",
    "Children living in this area",
    "Child protection in this area",
    "Children looked after in this area",
    "Recommendations",
    "Areas for improvement",
    "Priority and immediate action",
    "What needs to improve in this area of social work practice",
    "Findings",
    "Main findings",
    "Executive summary",
    "Record of main findings",
    "Contents",
    "Income 2015/16",
    "Attendance at board meetings",
    "Summary for children",
    "Judgement Grade",
    "Overview",
    "Headline findings",
    "The inspectors",
    "Annex A",
    "Safeguarding snapshot 2016/17",
)
SUBJECTS = (
    "children looked after",
    "children with a child protection plan",
    "children in need",
    "referrals",
    "care leavers",
    "children were being looked after by the local authority",
    "unaccompanied asylum-seeking children",
    "adoptions",
    "of care leavers in suitable accommodation",
    "children live in private fostering arrangements",
    "re-referrals",
    "live in residential children’s homes",
    "special guardianship orders",
    "serious case reviews",
    "children missing education",
)
SENTENCES = (
    "At {date}, {n} {what} (a rate of {n} per 10,000 children).",
    "This is {a} from {n} ({n} per 10,000 children) at {date}.",
    "There were {n} {what} at {date} and {n} at {date}. This is the same as at {date}.",
    "Of this number, {n} (or {n}%) {what}, all but one of whom {what}.",
    "{n}% {what} in {year} compared with {n}% in {year}, the national average being {n}%.",
    "none {what}, all of whom {what}; both {what}.",
    "The number of {what} has risen from {n} in {year} to {n} in {year} and {n} a year later.",
    "In the last 12 months, there have been {n} {what}, of whom {n} {what}.",
    "the take-up is {n}% ({date}) against a target of {n}%, {n} of {n} {what}",
    "{what}: {n}; {what} – {n}% (n={n})",
    "no child who is one of the {what} waits {n} weeks.",
    "The population of children under 18 is {n} ({n}% of {n}).",
    "There is no {what}.",
    "None.",
    "(see recommendation {n})",
    "(recommendations {n}, {n} and {n})",
    "Grade {n}: {grade}",
    "{area} is {grade}.",
    "Children’s services in {place} are {grade}",
    "The inspectors were {person}, HMI, and {person}, Her Majesty’s Inspectors.",
    "R{n} {what} should be {grade}.",
    "The visit was carried out by {person} and {person} on {date} and {date}.",
    "they reach\n{n}. Many do not.",
    "See https://example.org/{n}?{what} or call 0161 {n} {n}.",
    "£{n} {what} and £{n}m in {year}.",
    "",
)
DATES = "Inspection dates: {date} to {date}\n\nReport published: {date}\n\nLead inspector: {person}"
FRONTS = (
    "{place}\n\nInspection of {place} local authority children’s services\n\n{dates}\n\n{grades}",
    "# {place}\n\n# Inspection of services for children in need of help and protection, children looked after "
    "and care leavers\n\n{dates}\n\n{grades}",
    "{date}\n\n{person}\nDirector of Children’s Services\n{place}\n\nDear {person}\n\n"
    "Focused visit to {place} children’s services\n\nThis letter summarises the findings of the visit on {date}.",
    "{date}\n\nDear {person}\n\nMonitoring visit to {place}\n\n"
    "This letter summarises the findings of the visit on {date}.",
    "# {place} Safeguarding Children Board\n\n# Annual Report {year}",
    "{place} Safeguarding Children Partnership yearly report {year}",
    "Review of safeguarding children services in {place}",
    "Inspection of looked after children services {place} {dates}",
    "Area SEND inspection of {place} Local Area Partnership\n{dates}",
    "Joint targeted area inspection of {place}\n\n{dates}",
    "{place} Review of the effectiveness of the Local Safeguarding Children Board {dates}",
    "",
    "{n} {what}",
)
CHANGES = ("a reduction", "an increase", "the same as", "no change", "less than half")
BULLETS = ("•", "-", "–", "o", "*", "\uf0b7", "◼", "1.", "(a)", "", "34", "46..", "R1", "   •", "\t-")
MARKS = ("✓", "✗", "P", "A", "D", "Yes", "No", "Apologies", "n/a", "", "-", "1", "0", "Deputy sent", "?", "✓✓")
AGENCIES = (
    "Police",
    "Council",
    "NHS CCG",
    "Probation",
    "Schools",
    "Total",
    "TOTAL",
    "Voluntary sector",
    "",
    "Chair",
    "Balance b/f",
)


class Document:
    """A document made from a number."""

    def __init__(self, number: object) -> None:
        self.chance = random.Random(str(number))
        self.ending = self.chance.choice((".txt", ".md", ".txt", ".md", ".pdf"))

    def content(self) -> bytes:
        if self.ending == ".pdf":
            return make_pdf(*self.pages())
        text = self.text()
        for _ in range(self.chance.choice((0, 0, 1, 2, 4))):
            text = self.chance.choice(CHANGES_OF_TEXT)(text, self.chance)
        return text.encode("utf-8", "replace") or b"x"

    # --- what it is made of ---

    def one(self, *of: str) -> str:
        return self.chance.choice(of)

    def number(self) -> str:
        chance = self.chance
        return chance.choice(
            (
                str(chance.randrange(100)),
                str(chance.randrange(1000)),
                f"{chance.randrange(10**6):,}",
                "one",
                "twenty-four",
                "none",
                f"{chance.random() * 100:.1f}",
                "0",
                "-1",
                "100",
                "1,000,000,000,000",
                "9" * chance.choice((5, 20, 400)),
                "NaN",
                "½",
                "fewer than 5",
                "approximately 300",
                "1.5 million",
                "two hundred and one",
                f"{chance.randrange(50)}{chance.randrange(9)}¹",
            )
        )

    def year(self) -> str:
        year = self.chance.choice((0, 1, 1066, 1899, 2006, 2013, 2015, 2016, 2017, 2023, 2035, 2099, 2924, 9999, 20205))
        return self.chance.choice(
            (f"{year:04}", f"{year:04}-{(year + 1) % 100:02}", f"{year:04}/{year % 100:02}", f"{year:04}–{year + 3:04}")
        )

    def date(self) -> str:
        day, month = self.chance.choice((0, 1, 15, 30, 31, 32, 99)), self.chance.choice(MONTHS)
        year = self.chance.choice((0, 66, 1066, 2013, 2014, 2015, 2016, 2017, 2019, 2023, 2924, 9999))
        return self.chance.choice(
            (
                f"{day} {month} {year}",
                f"31 March {year}",
                f"{day}/{day % 14}/{year:04}",
                f"{month} {year}",
                month,
                f"{day} {month}",
                "the time of the inspection",
                f"{day} to {day + 4} {month} {year}",
                f"{year:04}-{day % 13:02}-31",
                f"{day} – {day}th {month} {year}",
                f"Q{day % 6} {year}/{(year + 1) % 100:02}",
                f"the year ending {day} {month} {year}",
            )
        )

    def filled(self, words: str) -> str:
        """Put something for each name in braces."""
        for name, make in (
            ("{place}", lambda: self.one(*PLACES)),
            ("{date}", self.date),
            ("{n}", self.number),
            ("{year}", self.year),
            ("{what}", lambda: self.one(*SUBJECTS)),
            ("{a}", lambda: self.one(*CHANGES)),
            ("{grade}", lambda: self.one(*GRADES)),
            ("{area}", lambda: self.one(*AREAS)),
            ("{person}", lambda: self.one(*PEOPLE)),
        ):
            same = self.chance.random() < 0.5 and make()
            while name in words:
                words = words.replace(name, same or make(), 1)
        return words

    def sentence(self) -> str:
        return self.filled(self.one(*SENTENCES))

    def paragraph(self) -> str:
        return " ".join(self.sentence() for _ in range(self.chance.choice((1, 1, 2, 5))))

    def bulleted(self) -> str:
        lines = [f"{self.sentence()}{self.one(':', '', ' Of these:')}"] if self.chance.random() < 0.6 else []
        bullet, indent = self.one(*BULLETS), 0
        for number in range(self.chance.choice((1, 3, 8))):
            if self.chance.random() < 0.3:
                bullet, indent = self.one(*BULLETS), self.chance.choice((0, 2, 4, 40))
            lines.append(f"{' ' * indent}{bullet} {self.paragraph()}" + self.one("", "", "\n" * (number % 3)))
        return "\n".join(lines)

    def numbered(self) -> str:
        first, step = self.chance.choice((1, 1, 5, 98, 999)), self.chance.choice((1, 1, 1, 2, 0, -1))
        return "\n\n".join(
            f"{first + step * i}{self.one('.', ' ', '..', '. ')} {self.paragraph()}"
            for i in range(self.chance.choice((2, 6)))
        )

    def grades(self) -> str:
        gap = self.one("\t", " | ", ":  ", "\n", "   ")
        rows = [f"{self.one(*AREAS)}{gap}{self.one(*GRADES)}" for _ in range(self.chance.choice((1, 4, 9)))]
        return "\n".join([self.one("Judgement\tGrade", "Judgement Grade", ""), *rows])

    def cells(self) -> list[list[str]]:
        """A table of attendance, of income, of years, or of nothing in particular; turned or doubled now and then."""
        chance, kind = self.chance, self.one("attendance", "income", "years", "any")
        width, height = chance.choice((2, 3, 6, 13)), chance.choice((2, 4, 9, 30))
        if kind == "attendance":
            table = [["Agency", *(self.date() for _ in range(width)), "% attended"]]
            table += [
                [self.one(*AGENCIES), *(self.one(*MARKS) for _ in range(width)), f"{self.number()}%"]
                for _ in range(height)
            ]
        elif kind == "income":
            table = [["Contributor", *(self.year() for _ in range(width))]]
            table += [[self.one(*AGENCIES), *(f"£{self.number()}" for _ in range(width))] for _ in range(height)]
        elif kind == "years":
            table = [
                ["Measure", *(self.one(self.year(), self.date(), "England", "Target", "Change") for _ in range(width))]
            ]
            table += [
                [self.one(*SUBJECTS), *(self.one(self.number(), "*", "<5", "n/a") for _ in range(width))]
                for _ in range(height)
            ]
        else:
            table = [
                [self.one(self.number(), self.date(), self.one(*AGENCIES), "") for _ in range(width)]
                for _ in range(height)
            ]
        if chance.random() < 0.2:
            table = [list(row) for row in zip(*table, strict=True)]
        if chance.random() < 0.2:
            table += table
        return table

    def table(self) -> str:
        table, form = self.cells(), self.one("markdown", "tabs", "aligned", "csv")
        if form == "markdown":
            lines = ["| " + " | ".join(row) + " |" for row in table]
            lines.insert(1, "|" + "---|" * len(table[0]))
        elif form == "tabs":
            lines = ["\t".join(row) for row in table]
        elif form == "csv":
            lines = [",".join(row) for row in table]
        else:
            lines = ["".join(cell[:24].ljust(26) for cell in row) for row in table]
        return "\n".join(lines)

    def heading(self) -> str:
        words = self.one(*HEADINGS, *AREAS, self.sentence())
        return self.one(
            f"# {words}",
            f"## {words}",
            words,
            words.upper(),
            f"**{words}**",
            f"{words}¹",
            f"{words} {self.one(*GRADES)}",
        )

    def contents(self) -> str:
        return "\n".join(["Contents", *(f"{self.one(*HEADINGS)} {self.one('.....', '')} {n}" for n in range(3))])

    def of_an_example(self) -> str:
        """A stretch of one of the examples' sources, its lines in another order now and then."""
        lines = self.chance.choice(SOURCES).split("\n")
        start = self.chance.randrange(len(lines))
        stretch = lines[start : start + self.chance.choice((3, 20, 80))]
        if self.chance.random() < 0.3:
            self.chance.shuffle(stretch)
        return "\n".join(stretch)

    def long(self) -> str:
        """Something longer than anybody writes."""
        chance, piece = (
            self.chance,
            self.one(*SUBJECTS, self.sentence(), self.number(), "a", "1 ", "<b>", "\t1", "| 1 ", "\x01", "("),
        )
        size = chance.choice((3_000, 30_000, 200_000))
        glue = self.one("", " ", "\n", "\t", ". ", " \n\n")
        return self.one("", "# ", "• ", "1. ", "At 31 March 2016: ") + (piece + glue) * (
            size // (len(piece) + len(glue) + 1)
        )

    def front(self) -> str:
        return self.filled(self.one(*FRONTS).replace("{dates}", DATES).replace("{grades}", self.grades()))

    def blocks(self) -> list[str]:
        makers = (
            self.paragraph,
            self.paragraph,
            self.bulleted,
            self.bulleted,
            self.numbered,
            self.grades,
            self.table,
            self.table,
            self.heading,
            self.heading,
            self.contents,
            self.of_an_example,
        )
        blocks = [self.chance.choice(makers)() for _ in range(self.chance.choice((1, 5, 12, 25)))]
        if self.chance.random() < 0.08:
            blocks.insert(self.chance.randrange(len(blocks) + 1), self.long())
        for _ in range(self.chance.choice((0, 0, 1, 3))):
            blocks.insert(self.chance.randrange(len(blocks) + 1), self.chance.choice(blocks))
        return blocks

    def text(self) -> str:
        return "\n\n".join([self.front(), *self.blocks()])

    def pages(self) -> list[Callable | str]:
        """The same as pages: lines of text, ruled tables, blank ones."""
        lines = [line[:110] for line in self.text().split("\n")][:600]
        pages: list[Callable | str] = ["\n".join(lines[start : start + 50]) for start in range(0, len(lines), 50)]
        for _ in range(self.chance.choice((0, 1, 2))):
            table = self.cells()
            width, words = len(table[0]), [cell[:40] or None for row in table for cell in row]
            pages.insert(
                self.chance.randrange(len(pages) + 1),
                lambda canvas, words=words, width=width: draw_grid(canvas, words, width),
            )
        if self.chance.random() < 0.1:
            pages.insert(0, "")
        return pages


# --- what becomes of a whole text ---


def without_ends(text: str, chance: random.Random) -> str:
    return text.replace("\n\n", chance.choice(("\n", " ", "\t")))


def in_other_letters(text: str, chance: random.Random) -> str:
    return chance.choice((text.lower, text.upper, text.title, text.swapcase))()


def without_stops(text: str, chance: random.Random) -> str:
    return text.translate(str.maketrans("", "", chance.choice((".", ".,:;", "()", "0123456789", " "))))


def lines_moved(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    for _ in range(chance.choice((1, 5, 50))):
        lines.insert(chance.randrange(len(lines)), lines.pop(chance.randrange(len(lines))))
    return "\n".join(lines)


def lines_doubled(text: str, chance: random.Random) -> str:
    return "\n".join(line for line in text.split("\n") for _ in range(chance.choice((1, 1, 1, 2, 3))))


def characters_put_in(text: str, chance: random.Random) -> str:
    for _ in range(chance.choice((1, 4))):
        place = chance.randrange(len(text) + 1)
        text = (
            text[:place]
            + chance.choice(
                (
                    "\x01",
                    "\x02",
                    "\x0c",
                    "\x1e",
                    "\ufffe",
                    "\u00ad",
                    "\ue000",
                    "’",
                    "»",
                    "<1>",
                    "{2}",
                    "\\",
                    "'",
                    "$",
                    "\u202e",
                )
            )
            + text[place:]
        )
    return text


def wrapped(text: str, chance: random.Random) -> str:
    width = chance.choice((8, 30, 60))
    return "\n".join(
        line[start : start + width] for line in text.split("\n") for start in range(0, max(len(line), 1), width)
    )


CHANGES_OF_TEXT: tuple[Callable[[str, random.Random], str], ...] = (
    without_ends,
    in_other_letters,
    without_stops,
    lines_moved,
    lines_doubled,
    characters_put_in,
    characters_put_in,
    wrapped,
)
SOURCES = [path.read_text("utf-8") for path in sorted((REPOSITORY / "tests" / "example_sources").glob("*.txt"))]
