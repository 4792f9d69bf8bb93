"""Write the example documents of reports/, and the grades that a warehouse built from them must hold.

Each file of example_sources/ is one document about a fictional authority: a header (`key: value`), a line of hyphens,
and a body in the small markup that `parse` reads. Run as `python tests/make_example_reports.py`; each run writes the
same bytes.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from reportlab.lib.colors import black, grey
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, Spacer, Table

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "example_sources"
REPORTS = HERE.parent / "reports"
GRADES = HERE / "example_grades.csv"
EXAMPLE_LINE = "Example document about a fictional authority"
GRADE_COLUMNS = [
    "file_name", "framework_id", "authority_id", "inspection_start_date", "inspection_end_date", "published_date",
    "judgement_area_id", "grade",
]  # fmt: skip
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
AREA_NAMES = {
    "sif": {
        "help_and_protection": "1. Children who need help and protection",
        "children_looked_after": "2. Children looked after and achieving permanence",
        "adoption": "2.1 Adoption performance",
        "care_leavers": "2.2 Experiences and progress of care leavers",
        "leadership_management_governance": "3. Leadership, management and governance",
    },
    "ilacs": {
        "impact_of_leaders": "The impact of leaders on social work practice with children and families",
        "help_and_protection": "The experiences and progress of children who need help and protection",
        "children_in_care_and_care_leavers": "The experiences and progress of children in care and care leavers",
        "children_in_care": "The experiences and progress of children in care",
        "care_leavers": "The experiences and progress of care leavers",
        "overall_effectiveness": "Overall effectiveness",
    },
    "lac": {
        "overall_effectiveness": "Overall effectiveness",
        "capacity_to_improve": "Capacity to improve",
        "outcomes_for_looked_after_children": "Outcomes for looked after children and young people",
        "quality_of_provision": "Quality of provision",
        "leadership_and_management": "Leadership and management",
    },
}


# ---- what a source says --------------------------------------------------------------------------


@dataclass
class Node:
    """A block of a document: a heading, paragraph, list item, table or page break."""

    kind: str
    text: str = ""
    rows: list[list[str]] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)


@dataclass
class Document:
    """A source: its header, its grades as printed, its blocks and its footnotes."""

    name: str
    header: dict[str, str]
    grades: dict[str, str]
    nodes: list[Node]
    notes: dict[str, str]

    @property
    def outputs(self) -> list[str]:
        return self.header["output"].split("; ")


MARKS = {
    "= ": "title", "# ": "h1", "## ": "h2", "### ": "h3", "* ": "bullet", "- ": "dash", "> ": "sub", "~ ": "small",
}  # fmt: skip


def parse(path: Path) -> Document:
    """Read a source.

    Blocks: `= # ## ###` headings, `* - >` list items, `+` numbered (`+7` from 7, `+!` no space after
    the number), `~` small print, `@name` directives, `[^1]:` footnotes, `---` a new page.
    """
    head, body = re.split(r"^-{10,}\n", path.read_text(encoding="utf-8"), maxsplit=1, flags=re.M)
    pairs = [line.split(": ", 1) for line in head.splitlines() if line.strip()]
    header = {key: value for key, value in pairs if not key.startswith("grade ")}
    grades = {key.removeprefix("grade "): value for key, value in pairs if key.startswith("grade ")}
    nodes: list[Node] = []
    notes: dict[str, str] = {}
    number = 0
    for chunk in re.split(r"\n\s*\n", body.strip()):
        lines = chunk.strip("\n").split("\n")
        if lines[0].startswith("@"):
            nodes.append(directive(lines))
            continue
        for item in items(lines):
            note = re.match(r"\[\^(\d+)\]: (.*)", item)
            numbered = re.match(r"\+(\d*)(!?) (.*)", item)
            mark = next((m for m in sorted(MARKS, key=len, reverse=True) if item.startswith(m)), "")
            if note:
                notes[note[1]] = note[2]
            elif item == "---":
                nodes.append(Node("page"))
            elif numbered:
                number = int(numbered[1] or number + 1)
                nodes.append(Node("numbered", numbered[3], options={"n": str(number), "glued": numbered[2]}))
            else:
                nodes.append(Node(MARKS.get(mark, "p"), item.removeprefix(mark)))
    return Document(path.stem, header, grades, nodes, notes)


def items(lines: list[str]) -> list[str]:
    """Join the lines of a chunk into its items; a line that starts with a mark starts an item."""
    found: list[str] = []
    for line in lines:
        if not found or re.match(r"(=|#+|\*|-|>|~|\+\d*!?) |\[\^\d+\]: |---$", line):
            found.append(line)
        else:
            found[-1] += " " + line.strip()
    return found


def directive(lines: list[str]) -> Node:
    """Read `@name key=value ... [text]` and, for tables, its rows of cells parted by `|`."""
    name, *words = lines[0][1:].split(" ")
    options = dict(w.split("=", 1) for w in words if "=" in w)
    text = " ".join(w for w in words if "=" not in w)
    return Node(name, text, [[cell.strip() for cell in line.split("|")] for line in lines[1:]], options)


def normal_grade(printed: str) -> str:
    """The grade as the warehouse spells it."""
    return printed.lower().removesuffix(" to be good")


def expected_rows(doc: Document) -> list[list[str]]:
    """One row per grade of each copy, or one without an area for a document that gives none."""
    places = [doc.header.get(key, "") for key in ("framework", "authority", "start", "end", "published")]
    grades = [[area, normal_grade(grade)] for area, grade in doc.grades.items()] or [["", ""]]
    return [[name, *places, *grade] for name in doc.outputs for grade in grades]


def grade_rows(doc: Document, names: dict[str, str]) -> list[list[str]]:
    """The rows of a table of grades, in the order of the framework."""
    return [[names[area], doc.grades[area]] for area in names if area in doc.grades]


def area_names(doc: Document) -> dict[str, str]:
    """The names of the areas as this document prints them (`area <id>: name` in the header overrides)."""
    given = {key.removeprefix("area "): value for key, value in doc.header.items() if key.startswith("area ")}
    return AREA_NAMES[doc.header["framework"]] | given


# ---- how a document looks ------------------------------------------------------------------------


@dataclass(frozen=True)
class Look:
    """Fonts, measures and page furniture of a kind of document."""

    furniture: Callable[[Canvas, Document, int, int], None]
    font: str = "Helvetica"
    bold: str = "Helvetica-Bold"
    size: float = 12
    title: float = 26
    h1: float = 16
    h2: float = 14
    h3: float = 12
    bullet: str = "\uf06e"
    dash: str = "–"
    sub: str = "\uf06e"
    left: float = 71
    right: float = 71
    top: float = 90
    bottom: float = 88

    @property
    def width(self) -> float:
        return A4[0] - self.left - self.right

    def style(self, **changes: object) -> ParagraphStyle:
        base = {"fontName": self.font, "fontSize": self.size, "embeddedHyphenation": 1, "splitLongWords": 0}
        base["leading"] = 1.2 * float(changes.get("fontSize", self.size))  # type: ignore[arg-type]
        return ParagraphStyle("", **(base | changes))


def example_line(canvas: Canvas, y: float = 24) -> None:
    canvas.setFont("Helvetica", 7)
    canvas.setFillColor(grey)
    canvas.drawCentredString(A4[0] / 2, y, EXAMPLE_LINE)
    canvas.setFillColor(black)


def rule(canvas: Canvas, y: float) -> None:
    canvas.setLineWidth(0.75)
    canvas.line(71, y, A4[0] - 71, y)


def numbered_foot(canvas: Canvas, doc: Document, page: int, pages: int) -> None:
    """A large page number under a rule: right on odd pages, left on even ones."""
    canvas.setFont("Helvetica", 20)
    if page % 2:
        canvas.drawRightString(A4[0] - 71, 42, str(page))
    else:
        canvas.drawString(71, 42, str(page))
    rule(canvas, 62)
    example_line(canvas)


def titled_foot(canvas: Canvas, doc: Document, page: int, pages: int) -> None:
    """From the second page on: title and dates in small bold, and the page number."""
    if page > 1:
        canvas.setFont("Helvetica-Bold", 8)
        for y, key in ((50, "foot"), (40, "foot dates")):
            canvas.drawString(71, y, doc.header[key])
        canvas.setFont("Helvetica", 20)
        canvas.drawRightString(A4[0] - 71, 40, str(page))
        rule(canvas, 62)
    example_line(canvas)


def titled_head(canvas: Canvas, doc: Document, page: int, pages: int) -> None:
    """From the third page on: title and page number (counted from there) at the head."""
    if page > 2:
        canvas.setFont("Helvetica-Bold", 8)
        canvas.drawString(85, A4[1] - 44, doc.header["head"])
        canvas.drawRightString(A4[0] - 85, A4[1] - 44, str(page - 2))
        rule(canvas, A4[1] - 52)
    example_line(canvas)


def letter_foot(canvas: Canvas, doc: Document, page: int, pages: int) -> None:
    """A bare page number from the second page on."""
    if page > 1:
        canvas.setFont("Helvetica", 10)
        canvas.drawCentredString(A4[0] / 2, 44, str(page))
    example_line(canvas)


def page_of_foot(canvas: Canvas, doc: Document, page: int, pages: int) -> None:
    """Title at the head, `Page n of m` at the foot."""
    if page > 1:
        canvas.setFont("Helvetica-Oblique", 9)
        canvas.drawRightString(A4[0] - 71, A4[1] - 44, doc.header["head"])
        canvas.setFont("Helvetica", 9)
        canvas.drawRightString(A4[0] - 71, 44, f"Page {page} of {pages}")
    example_line(canvas)


def piped_foot(canvas: Canvas, doc: Document, page: int, pages: int) -> None:
    """Number, bar and title in one line at the foot."""
    canvas.setFont("Times-Roman", 9)
    canvas.drawString(71, 44, f"{page} | P a g e   {doc.header['head']}")
    example_line(canvas)


LOOKS = {
    "sif": Look(numbered_foot),
    "ilacs": Look(titled_foot, bullet="◼", h1=14, h2=13),
    "lac": Look(titled_head, bullet="\uf0a7", left=85, right=85, h1=18),
    "letter": Look(letter_foot, bullet="\uf06e", size=11.5, h1=13, h2=12, top=71),
    "board": Look(page_of_foot, bullet="•", size=11, title=28, h1=18, top=76, bottom=70),
    "board_serif": Look(
        piped_foot, "Times-Roman", "Times-Bold", bullet="●", dash="o", title=30, h1=20, top=66, bottom=70
    ),
    "board_plain": Look(numbered_foot, bullet="▪", dash="─", size=10.5, title=24, h1=15, h2=12, h3=11, top=66),
    "review": Look(page_of_foot, bullet="■", size=11, title=24, h1=15, h2=12, top=80, bottom=70),
}


def marked_up(text: str) -> str:
    """Our marks as reportlab's: bold, and footnote marks as superscripts that stand at the word."""
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(text, quote=False))
    return re.sub(r"\[\^(\d+)\]", r'<super rise="3" size="8">\1</super>', text)


def blocks(doc: Document, look: Look, contents: dict[str, int]) -> list[tuple[Node, Flowable | None, float, bool]]:
    """Each node as something to draw, with the space above it and whether it stays with what follows."""
    made: list[tuple[Node, Flowable | None, float, bool]] = []
    for node in doc.nodes:
        if node.kind in MAKERS:
            made.append((node, MAKERS[node.kind](doc, node, look, contents), 12, False))
        elif node.kind in TEXT_STYLES:
            changes, space, keep = TEXT_STYLES[node.kind](look)
            made.append((node, Paragraph(marked_up(node.text), look.style(**changes)), space, keep))
        else:
            made.append((node, list_item(node, look), 3 if node.kind in ("dash", "sub") else 7, False))
    return made


TextStyle = tuple[dict[str, object], float, bool]
TEXT_STYLES: dict[str, Callable[[Look], TextStyle]] = {
    "p": lambda k: ({}, 9, False),
    "title": lambda k: ({"fontSize": k.title}, 6, True),
    "h1": lambda k: ({"fontName": k.bold, "fontSize": k.h1}, 18, True),
    "h2": lambda k: ({"fontName": k.bold, "fontSize": k.h2}, 14, True),
    "h3": lambda k: ({"fontName": k.bold, "fontSize": k.h3}, 12, True),
    "small": lambda k: ({"fontSize": 9}, 5, False),
}


def list_item(node: Node, look: Look) -> Paragraph:
    """A bullet, dash or numbered paragraph with its mark in the margin, or glued to the text."""
    if node.options.get("glued"):
        style = look.style(leftIndent=27, firstLineIndent=-27)
        return Paragraph(f"{node.options['n']}.{marked_up(node.text)}", style)
    mark, indent, hang = {
        "bullet": (look.bullet, 18, 0),
        "dash": (look.dash, 36, 18),
        "sub": (look.sub, 36, 18),
        "numbered": (f"{node.options.get('n')}.", 27, 0),
    }[node.kind]
    symbol = node.kind in ("bullet", "sub") or mark == "─"
    style = look.style(
        leftIndent=indent,
        bulletIndent=hang,
        bulletFontName="Bullets" if symbol else look.font,
        bulletFontSize=look.size,
    )
    return Paragraph(marked_up(node.text), style, bulletText=mark)


def make_table(doc: Document, node: Node, look: Look, contents: dict[str, int]) -> Table:
    """A table: `<` joins a cell to its left neighbour, `^` to the one above; rules are grid, head, box or none.

    Its head is repeated where it goes over a page, but for `repeat=0`.
    """
    size = float(node.options.get("size", look.size - 1))
    head = int(node.options.get("head", "1"))
    centred = node.options.get("align") == "centre"

    def cell(r: int, c: int, text: str) -> Paragraph | str:
        if text in ("<", "^"):
            return ""
        font = look.bold if r < head or text.startswith("**") else look.font
        style = look.style(fontName=font, fontSize=size, leading=1.2 * size)
        if c and centred:
            style.alignment = TA_CENTER
        return Paragraph(marked_up(text), style)

    cells = [[cell(r, c, text) for c, text in enumerate(row)] for r, row in enumerate(node.rows)]
    commands = TABLE_RULES[node.options.get("rules", "grid")] + spans(node.rows)
    pad = float(node.options.get("pad", "3"))
    whole = ((0, 0), (-1, -1))
    commands = [("TOPPADDING", *whole, pad), ("BOTTOMPADDING", *whole, pad), *commands]
    commands.append(("VALIGN", *whole, node.options.get("valign", "MIDDLE")))
    widths = [look.width * float(w) / 100 for w in node.options["widths"].split(",")]
    return Table(
        cells,
        widths,
        repeatRows=int(node.options.get("repeat", head)),
        style=commands,
    )


TABLE_RULES: dict[str, list[tuple[object, ...]]] = {
    "grid": [("GRID", (0, 0), (-1, -1), 0.75, black)],
    "head": [("LINEBELOW", (0, 0), (-1, 0), 0.75, black), ("LINEBELOW", (0, -1), (-1, -1), 0.75, black)],
    "box": [("BOX", (0, 0), (-1, -1), 0.75, black)],
    "none": [],
}


def spans(rows: list[list[str]]) -> list[tuple[object, ...]]:
    """The SPAN commands for cells marked `<` or `^`."""
    found: list[tuple[object, ...]] = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            right = c
            while right + 1 < len(row) and row[right + 1] == "<":
                right += 1
            below = r
            while below + 1 < len(rows) and rows[below + 1][c] == "^":
                below += 1
            if text not in ("<", "^") and (right > c or below > r):
                found.append(("SPAN", (c, r), (right, below)))
    return found


def make_grades(doc: Document, node: Node, look: Look, contents: dict[str, int]) -> Table:
    """The ruled table of grades on page 1 (or at the end, for the oldest framework)."""
    framework = doc.header["framework"]
    rows = grade_rows(doc, area_names(doc))
    if framework == "sif":
        parts = [name[:2] == "2." and name[2] != " " for name, _ in rows]
        rows = [["", *row] if part else [f"**{row[0]}**", "<", row[1]] for part, row in zip(parts, rows, strict=True)]
        rows = [[node.text, "<", "<"], *rows] if node.text else rows
        options = {"widths": "9,58,33", "head": "1" if node.text else "0", "size": "11", "pad": "5"}
    elif framework == "ilacs":
        rows = [["Judgement", "Grade"], *rows]
        options = {"widths": doc.header.get("widths", "50,50"), "size": "12", "pad": "7"}
    else:
        rows = [["**" + name + "**", grade] for name, grade in rows]
        options = {"widths": "55,45", "head": "0", "size": "12", "pad": "6", "align": "centre"}
    return make_table(doc, Node("table", rows=rows, options=options), look, contents)


def make_graded(doc: Document, node: Node, look: Look, contents: dict[str, int]) -> Table:
    """A boxed heading with its grade at the right."""
    options = {"widths": "66,34", "head": "1", "size": "14", "pad": "6"}
    return make_table(doc, Node("table", rows=node.rows, options=options), look, contents)


def make_box(doc: Document, node: Node, look: Look, contents: dict[str, int]) -> Table:
    """Paragraphs in a box; the first is bold where `head=1`."""
    options = {"widths": "100", "rules": "box", "head": "0", "size": str(look.size)} | node.options
    return make_table(doc, Node("table", rows=node.rows, options=options), look, contents)


def make_tiles(doc: Document, node: Node, look: Look, contents: dict[str, int]) -> Table:
    """A page of figures in large type, three beside each other, each over the words that say what it counts."""

    def tile(number: str, words: str) -> list[Paragraph]:
        large = look.style(fontName=look.bold, fontSize=24, alignment=TA_CENTER)
        return [Paragraph(number, large), Paragraph(words, look.style(fontSize=9.5, alignment=TA_CENTER))]

    tiles = [tile(*row) for row in node.rows]
    rows = [tiles[place : place + 3] for place in range(0, len(tiles), 3)]
    padding = [("TOPPADDING", (0, 0), (-1, -1), 14), ("BOTTOMPADDING", (0, 0), (-1, -1), 14)]
    return Table(rows, [look.width / 3] * 3, style=padding)


def make_columns(doc: Document, node: Node, look: Look, contents: dict[str, int]) -> Table:
    """Text in two columns; each line of the source is a paragraph of the left one and a paragraph of the right one."""
    style = look.style(fontSize=look.size - 1.5, spaceAfter=6)
    columns = [[Paragraph(marked_up(text), style) for text in texts] for texts in zip(*node.rows, strict=True)]
    gap = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("RIGHTPADDING", (0, 0), (0, 0), 14),
        ("LEFTPADDING", (1, 0), (1, 0), 14),
    ]
    return Table([columns], [look.width / 2] * 2, style=gap)


def make_contents(doc: Document, node: Node, look: Look, contents: dict[str, int]) -> Table:
    """The headings that are asked for (all first-level ones and boxed ones) with their pages."""
    less = int(node.options.get("less", "0"))
    rows = [[title, str(page - less)] for title, page in contents.items()] or [["", ""]]
    options = {"widths": "90,10", "rules": "none", "head": "0", "pad": "2", "size": str(look.size), "valign": "BOTTOM"}
    return make_table(doc, Node("table", rows=rows, options=options), look, contents)


Maker = Callable[[Document, Node, Look, dict[str, int]], "Flowable | None"]
MAKERS: dict[str, Maker] = {
    "table": make_table,
    "grades": make_grades,
    "graded": make_graded,
    "box": make_box,
    "tiles": make_tiles,
    "columns": make_columns,
    "contents": make_contents,
    "page": lambda *_: None,
    "space": lambda doc, node, look, contents: Spacer(1, float(node.text)),
}


# ---- pages ---------------------------------------------------------------------------------------


@dataclass
class Page:
    """What stands on a page and where, and the footnotes at its foot."""

    y: float
    placed: list[tuple[Flowable, float]] = field(default_factory=list)
    notes: list[Paragraph] = field(default_factory=list)
    notes_height: float = 0


class Setter:
    """Sets blocks on pages from top to bottom; footnotes go to the foot of the page on which their block begins."""

    def __init__(self, doc: Document, look: Look) -> None:
        self.doc, self.look = doc, look
        self.pages = [self.new_page()]
        self.headings: dict[str, int] = {}

    def new_page(self) -> Page:
        return Page(A4[1] - self.look.top)

    def room(self) -> float:
        page = self.pages[-1]
        return page.y - self.look.bottom - page.notes_height

    def add_notes(self, node: Node) -> None:
        text = " ".join([node.text, *(cell for row in node.rows for cell in row)])
        for mark in re.findall(r"\[\^(\d+)\]", text):
            note = Paragraph(
                f'<super rise="2" size="6">{mark}</super> {escape(self.doc.notes[mark], quote=False)}',
                self.look.style(fontSize=9),
            )
            page = self.pages[-1]
            page.notes_height += note.wrap(self.look.width, 999)[1] + (0 if page.notes else 14)
            page.notes.append(note)

    def place(self, flowable: Flowable, height: float) -> None:
        page = self.pages[-1]
        page.y -= height
        page.placed.append((flowable, page.y))

    def add(self, node: Node, flowable: Flowable | None, space: float, keep: bool) -> None:
        if flowable is None:
            self.pages.append(self.new_page())
            return
        self.pages[-1].y -= space if self.pages[-1].placed else 0
        if keep and self.room() < 70:
            self.pages.append(self.new_page())
        self.add_notes(node)
        listed = node.kind == "h1" and node.text.lower() != "contents"
        if listed or node.options.get("listed"):
            self.headings[re.sub(r"\[\^\d+\]", "", node.text or node.rows[0][0])] = len(self.pages)
        rest = [flowable]
        while rest:
            part = rest.pop(0)
            height = part.wrap(self.look.width, self.room())[1]
            if height <= self.room():
                self.place(part, height)
                continue
            pieces = part.split(self.look.width, self.room())
            if len(pieces) > 1:
                self.place(pieces[0], pieces[0].wrap(self.look.width, self.room())[1])
            elif not self.pages[-1].placed:
                raise ValueError(f"{self.doc.name}: a block is too large for a page: {node.text[:60]}")
            rest = pieces[1:] or [part]
            self.pages.append(self.new_page())


def set_pages(doc: Document) -> Setter:
    """Set three times, until the contents list knows its headings and their pages."""
    look = LOOKS[doc.header["look"]]
    headings: dict[str, int] = {}
    for _ in range(3):
        setter = Setter(doc, look)
        for block in blocks(doc, look, headings):
            setter.add(*block)
        headings = setter.headings
    return setter


def write_pdf(doc: Document, path: Path) -> None:
    """Furniture first, then the text, then the footnotes: the order in which the text comes out again."""
    look = LOOKS[doc.header["look"]]
    pages = set_pages(doc).pages
    canvas = Canvas(str(path), pagesize=A4, invariant=1, pageCompression=1)
    canvas.setTitle(doc.header["title"])
    canvas.setAuthor(EXAMPLE_LINE)
    for number, page in enumerate(pages, 1):
        look.furniture(canvas, doc, number, len(pages))
        for flowable, y in page.placed:
            flowable.drawOn(canvas, look.left, y)
        y = look.bottom + page.notes_height - 6
        if page.notes:
            canvas.line(look.left, y, look.left + 144, y)
            y -= 4
        for note in page.notes:
            y -= note.height
            note.drawOn(canvas, look.left, y)
        canvas.showPage()
    canvas.save()


# ---- the same as text and as Markdown ------------------------------------------------------------


def table_lines(doc: Document, node: Node) -> list[list[str]]:
    """The cells of a table-like node, joined cells left empty."""
    if node.kind == "grades":
        rows = grade_rows(doc, area_names(doc))
        return [[node.text, ""], *rows] if node.text else rows
    return [["" if cell in ("<", "^") else cell.replace("**", "") for cell in row] for row in node.rows]


def write_text(doc: Document, path: Path) -> None:
    """A copy as plain text: a paragraph a line, items with hyphens, footnote marks as superscript figures."""
    out: list[str] = []
    previous = ""
    for node in doc.nodes:
        text = re.sub(r"\[\^(\d+)\]", lambda m: m[1].translate(SUPERSCRIPTS), node.text).replace("**", "")
        listed = node.kind in ("bullet", "dash", "sub", "numbered")
        if not (listed and previous == "list"):
            out.append("")
        previous = "list" if listed else node.kind
        if node.kind == "page":
            out += ["", ""]
        elif node.kind in ("table", "grades", "graded", "box"):
            out += ["\t".join(cell for cell in row if cell) for row in table_lines(doc, node)]
        elif node.kind == "numbered":
            out.append(f"- {node.options['n']}. {text}")
        elif listed:
            out.append(("- " if node.kind == "bullet" else " - ") + text)
        elif node.kind == "contents":
            out += [f"{title}\t{page}" for title, page in set_pages(doc).headings.items()]
        elif node.kind != "space":
            out.append(text)
        for mark in re.findall(r"\[\^(\d+)\]", node.text):
            if node.kind in ("h1", "h2", "title"):
                out += ["", f"{mark.translate(SUPERSCRIPTS)} {doc.notes[mark]}"]
    path.write_text("\n".join([*out, "", EXAMPLE_LINE, ""]).lstrip("\n"), encoding="utf-8", newline="\n")


def noisy(text: str) -> str:
    """What a converter makes of footnote marks."""
    return re.sub(r"\[\^(\d+)\]", r"<sup>\1</sup>", text)


def write_markdown(doc: Document, path: Path) -> None:
    """A copy as a converter makes it: uneven headings, tab tables with a broken ligature, HTML left in the text."""
    out: list[str] = []
    depth = {"title": "# ", "h1": "## ", "h2": "#### ", "h3": "#### "}
    for node in doc.nodes:
        text = noisy(node.text)
        if node.kind == "page":
            out.append("\f")
        elif node.kind in depth:
            text = f"**{text}**" if node.kind == "h2" else text
            out += ["", depth[node.kind] + text, ""]
        elif node.kind == "grades":
            tabbed = ["\t".join(row) for row in table_lines(doc, node)]
            out += [
                "",
                *(re.sub(r"^(\d\.\d) ", r"\1", line.replace("1. Children", "1. Chi ldren")) for line in tabbed),
                "",
            ]
        elif node.kind == "graded":
            out += ["", f"# {node.rows[0][0]}", "", f"**{node.rows[0][1]}** ", ""]
        elif node.kind in ("table", "box"):
            rows = table_lines(doc, node)
            lines = ["| " + " | ".join(row) + " |" for row in rows]
            out += ["", lines[0], "|" + " --- |" * len(rows[0]), *lines[1:], ""]
        elif node.kind == "numbered":
            out.append(f"- {node.options['n']}. {text}")
        elif node.kind in ("bullet", "dash", "sub"):
            out.append(("- " if node.kind == "bullet" else "  - ") + text)
        elif node.kind != "space":
            out += ["", text, ""]
        for mark in re.findall(r"\[\^(\d+)\]", node.text):
            out += ["", f"<sup>&</sup>lt;sup>{mark}</sup> {doc.notes[mark]}", ""]
    body = re.sub(r"\n{3,}", "\n\n", "\n".join([*out, "", EXAMPLE_LINE, ""])).replace("\f", "\n\n")
    path.write_text(body.lstrip("\n"), encoding="utf-8", newline="\n")


# ---- all of them ---------------------------------------------------------------------------------


def register_bullets() -> None:
    """A font whose round glyph answers to the private-use and other characters that are bullets in reports."""
    font = TTFont("Bullets", "Vera.ttf")
    glyphs = font.face.charToGlyph
    for character in "\uf06e\uf0a7◼▪●■•":
        glyphs[ord(character)] = glyphs[ord("•")]
    glyphs[ord("─")] = glyphs[ord("–")]
    pdfmetrics.registerFont(font)


WRITERS: dict[str, Callable[[Document, Path], None]] = {".pdf": write_pdf, ".txt": write_text, ".md": write_markdown}


def main() -> None:
    """Write every document and the grades expected of them."""
    register_bullets()
    docs = [parse(path) for path in sorted(SOURCES.glob("*.txt"))]
    for doc in docs:
        for name in doc.outputs:
            (REPORTS / name).parent.mkdir(parents=True, exist_ok=True)
            WRITERS[Path(name).suffix](doc, REPORTS / name)
    rows = sorted(row for doc in docs for row in expected_rows(doc))
    with GRADES.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([GRADE_COLUMNS, *rows])


if __name__ == "__main__":
    main()
