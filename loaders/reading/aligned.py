"""Tables whose columns are aligned by white space alone, in PDFs and in plain text.

Careful rather than complete: what is taken for a table has at least three rows, a column of figures or short signs, and
gaps that line up; of two rows, as the end of a page leaves them, nothing but names and figures. Running text, pages of
two columns and tables of contents are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise, takewhile
from statistics import median
from typing import Any

from loaders.reading.pdf_characters import Box, Characters, Span, multiply
from loaders.reading.tables import Grid

WIDE = 1.0  # a gap that may part columns, in font sizes; justified text stays below it
NARROW = 0.45  # a gap that parts columns where other rows have shown that they part there
FAR = 3.2  # lines of one table are no further apart, in font sizes
LINE = 1.35  # lines of one cell are no further apart, in font sizes
FIGURE = re.compile(r"(?=\S*\d)\S{1,12}|\S{1,3}|\d{1,3} of \d{1,3}|£ ?[\d,.]+|n / a|fewer than \d+", re.I)
JOINS = re.compile(r"(\b(and|or|of|for|from|the|an?|to|with|within|in|on|at|as|by|per|who|than)|[&,/(–-])$", re.I)
WORDS = re.compile(r"[^\W\d_]{3}")
DIGIT = re.compile(r"\d")
PERIOD = re.compile(
    r"(?:19|20)\d\d(?: ?[-–/] ?(?:\d\d){1,2})?|\d\d[-–/]\d\d|\d\d?[/.]\d\d?[/.](?:\d\d){1,2}|(?:Q|Quarter )[1-4]\b.*"
    r"|(?:\d\d? )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*[-–/ ’']*(?:(?:\d\d){1,2})?"
)
CONTINUATION = re.compile(r"[a-z(&%]|\d{1,3}(?:,\d{3})+\b|(?:of|per) ")
DAY = re.compile(r"\d\d?(?:st|nd|rd|th)?")
SAME_PLACE = 1.5  # in points
GAP = re.compile(r"\S {2,}\S")
TEXT_WIDTH, TEXT_LINE, TEXT_SIZE = 6.0, 12.0, 10.0  # of a character of plain text: a space is narrow, two are wide
RULE = re.compile(r"\s*[-=_─━═](?:[-=_─━═ +]*[-=_─━═]){2}\s*")  # drawn with signs
NUMBER = re.compile(r"\d{1,3}")
LIST_MARK = re.compile(r"[^\w\s£✓✔✗✘√]|o|\(?(\d{1,3}|[a-z]|[ivx]+)[.)]")


@dataclass(frozen=True)
class Word:
    """A word and where it stands, in points from the left and top of the page.

    Its place is its index in the page's text, in plain text the number of its line from 1.
    """

    place: int
    text: str
    left: float
    right: float
    middle: float
    size: float


@dataclass(eq=False)
class Line:
    """What stands on one level: pieces of text that wide gaps part."""

    pieces: list[list[Word]]

    @property
    def middle(self) -> float:
        return self.pieces[0][0].middle

    @property
    def size(self) -> float:
        return self.pieces[0][0].size

    @property
    def left(self) -> float:
        return self.pieces[0][0].left

    @property
    def right(self) -> float:
        return self.pieces[-1][-1].right

    @property
    def is_row(self) -> bool:
        return len(self.pieces) > 1


@dataclass(frozen=True)
class AlignedTable:
    """A table, the height at which it stands, the left of its columns, and the row (from 1) of its words' places."""

    top: float
    cells: list[list[str]]
    column_edges: list[float]
    places: list[tuple[int, int]]


def find_unruled_tables(
    characters: Characters, spans: list[Span], layout: list[dict[str, Any]] | None, ruled: list[Box]
) -> list[AlignedTable]:
    """Return the tables of a page that white space alone aligns, outside the boxes of its ruled tables."""
    if not may_have_tables(characters, spans, layout):
        return []
    words = [word for word in page_words(characters) if not any(is_inside(word, box) for box in ruled)]
    return find_aligned_tables(words)


def is_inside(word: Word, box: Box) -> bool:
    return box[0] <= (word.left + word.right) / 2 < box[2] and box[1] <= word.middle < box[3]


def find_text_tables(lines: list[str]) -> list[tuple[int, Grid]]:
    """Return the tables of plain text that spaces align, each with the line (from 0) on which it starts."""
    if sum(GAP.search(line) is not None for line in lines) < 3:
        return []
    tables = find_aligned_tables(list(text_words(lines)))
    return [
        (min(places)[0] - 1, Grid([list(row) for row in table.cells], places))
        for table in tables
        if (places := rule_rows(lines, dict(table.places)))
    ]


def rule_rows(lines: list[str], rows: dict[int, int]) -> list[tuple[int, int]]:
    """Return the lines of a table with their rows, the rules under its rows among them."""
    for number in sorted(rows):
        if number < len(lines) and RULE.fullmatch(lines[number]):
            rows[number + 1] = rows[number]
    return sorted(rows.items())


# --- words ---


def may_have_tables(characters: Characters, spans: list[Span], layout: list[dict[str, Any]] | None) -> bool:
    """Say whether a page is worth a closer look: on two levels lines are wider than their characters, or share it.

    It asks for one box a line, because it is asked of every page.
    """
    if layout is None:
        return False
    found: set[int] = set()
    levels: set[int] = set()
    for (start, end), line in zip(spans, layout, strict=True):
        if line["top"] is None:
            continue
        size = line["font_size"] or 1.0
        level = round(line["top"] / (0.6 * size))
        text = characters.text[start:end].rstrip()
        if level in levels:
            found.add(level)
        else:
            _, _, right, _ = characters.shown_box(start + len(text) - 1)
            if right - line["left_edge"] > (0.6 * len(text) + 1.5) * size:
                found.add(level)
        levels.add(level)
        if len(found) >= 2:
            return True
    return False


def page_words(characters: Characters) -> Iterator[Word]:
    """Give the words of a page; words that are turned as the page is shown are left out."""
    for match in re.finditer(r"([^\s\ufffe\0]+)\ufffe?", characters.text):
        first, last = match.start(), match.end(1) - 1
        a, b, c, d, _, _ = multiply(characters.matrix(first), characters.display)
        if not (a > 0 > d and max(abs(b), abs(c)) < 1e-4 * a):
            continue
        left, high, _, low = characters.shown_box(first)
        _, _, right, _ = characters.shown_box(last)
        text = characters.shown(first, match.end())
        yield Word(first, text, left, right, (high + low) / 2, characters.font_size(first))


def text_words(lines: list[str]) -> Iterator[Word]:
    """Give the words of plain text as a typewriter sets them; a rule between two rows of a table takes no room."""
    level = 0
    for number, line in enumerate(lines):
        if RULE.fullmatch(line):
            level += not (
                0 < number < len(lines) - 1 and GAP.search(lines[number - 1]) and GAP.search(lines[number + 1])
            )
            continue
        for match in re.finditer(r"\S+", line):
            yield Word(
                number + 1,
                match[0],
                TEXT_WIDTH * match.start(),
                TEXT_WIDTH * match.end(),
                TEXT_LINE * level,
                TEXT_SIZE,
            )
        level += 1


# --- lines ---


def make_lines(words: list[Word]) -> list[Line]:
    """Return the words line by line from the top, each line in pieces parted by wide gaps."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.middle, word.left)):
        if lines and word.middle - lines[-1][0].middle <= 0.35 * word.size:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [Line(make_pieces(sorted(line, key=lambda word: word.left))) for line in lines]


def make_pieces(words: list[Word]) -> list[list[Word]]:
    """Return words in the pieces that wide gaps make; a list item's mark is a piece of its own nowhere."""
    pieces = [[words[0]]]
    for before, word in pairwise(words):
        is_mark = before is words[0] and LIST_MARK.fullmatch(before.text)
        if word.left - before.right >= WIDE * word.size and not is_mark:
            pieces.append([word])
        else:
            pieces[-1].append(word)
    return pieces


def blocks(lines: list[Line]) -> Iterator[list[Line]]:
    """Give the stretches of lines that may be a table: rows whose gaps line up, at most three others between."""
    block: list[Line] = []
    waiting: list[Line] = []
    columns: list[tuple[float, float]] = []
    pitch = float("inf")
    for line in lines:
        last = waiting[-1] if waiting else block[-1] if block else None
        step = line.middle - last.middle if last else 0.0
        # a paragraph or a heading of its own keeps clear of the rows above it
        if last and (step > FAR * max(line.size, last.size) or (not line.is_row and step > 1.7 * pitch)):
            yield block
            block, waiting, columns, pitch = [], [], [], float("inf")
        if line.is_row:
            widened = overlay(columns, line)
            # words that do not keep to the columns are a text of their own
            is_strange = len(columns) > len(widened) and len(block) >= 3 and not has_figure(line)
            if block and (len(widened) < 2 or is_strange):
                yield block
                block, waiting, widened, pitch = [], [], overlay([], line), float("inf")
            elif block and not waiting:
                pitch = min(pitch, step)
            block += [*waiting, line]
            waiting, columns = [], widened
        elif block:
            waiting.append(line)
            if len(waiting) > 3 or line.right - line.left > 0.7 * (columns[-1][1] - columns[0][0]):
                yield block
                block, waiting, columns, pitch = [], [], [], float("inf")
    if block:
        yield block


def has_figure(line: Line) -> bool:
    return any(FIGURE.fullmatch(" ".join(word.text for word in piece)) for piece in line.pieces[1:])


def overlay(columns: list[tuple[float, float]], line: Line) -> list[tuple[float, float]]:
    """Return what columns become when a line's pieces are laid over them."""
    widened: list[tuple[float, float]] = []
    for left, right in sorted([*columns, *((piece[0].left, piece[-1].right) for piece in line.pieces)]):
        if widened and left < widened[-1][1]:
            widened[-1] = (widened[-1][0], max(right, widened[-1][1]))
        else:
            widened.append((left, right))
    return widened


# --- tables ---


def find_aligned_tables(words: list[Word]) -> list[AlignedTable]:
    """Return the tables that are aligned by white space alone, from the top."""
    lines = make_lines(words)
    tables = []
    for block in blocks(lines):
        table = read_block(block, lines)
        if table:
            tables.append(table)
    return tables


def read_block(block: list[Line], lines: list[Line]) -> AlignedTable | None:
    rows = [line for line in block if line.is_row]
    if len(rows) < 2:
        return None
    columns = find_columns(rows)
    if len(columns) < 2:
        return None
    above = head(block, lines, columns) or rest(block, lines, columns)
    block = [*above, *block, *tail(block, lines, columns)]
    grid = [to_cells(line, columns) for line in block]
    of_rows = [cells for line, cells in zip(block, grid, strict=True) if line.is_row]
    is_sure = are_figures(overlapping_as_one(block, grid))
    figures = list(range(1, len(columns))) if is_sure else figure_columns(of_rows)
    if not figures:
        return None
    owners = line_owners(block, grid, figures)
    if len(set(owners)) < (2 if is_sure else 3):
        return None
    owners = join_head(block, grid, figures, owners)
    cells = join_lines(grid, owners)
    if is_contents(cells):
        return None
    rows_of = {owner: number for number, owner in enumerate(sorted(set(owners)), 1)}
    places = [
        (word.place, rows_of[owner])
        for line, owner in zip(block, owners, strict=True)
        for piece in line.pieces
        for word in piece
    ]
    return AlignedTable(block[0].middle, cells, [left for left, _ in columns], places)


def find_columns(rows: list[Line]) -> list[tuple[float, float]]:
    """Return the left and right of each column: where pieces of all rows, but for a tenth of them, leave gaps."""
    size = median(line.size for line in rows)
    allowed = len(rows) // 10 if len(rows) >= 10 else int(len(rows) >= 5)
    marks = sorted(
        mark for line in rows for piece in line.pieces for mark in ((piece[0].left, 1), (piece[-1].right, -1))
    )
    columns: list[tuple[float, float]] = []
    depth, start = 0, 0.0
    for place, step in marks:
        if depth <= allowed < depth + step:
            start = place
        elif depth + step <= allowed < depth:
            if columns and start - columns[-1][1] < NARROW * size:
                columns[-1] = (columns[-1][0], place)
            else:
                columns.append((start, place))
        depth += step
    return columns


def head(block: list[Line], lines: list[Line], columns: list[tuple[float, float]]) -> list[Line]:
    """Return the lines before a block on which the head of a column begins higher than the others."""
    found: list[Line] = []
    first = block[0]
    for line in reversed(lines[: lines.index(first)][-4:]):
        if line.is_row or first.middle - line.middle > LINE * line.size or line.left < columns[1][0] - line.size:
            break
        found.insert(0, line)
        first = line
    return found


def rest(block: list[Line], lines: list[Line], columns: list[tuple[float, float]]) -> list[Line]:
    """Return the lines before a block without a head on which a cell goes on that the page before began."""
    if any(WORDS.search(text) or PERIOD.fullmatch(text) for text in to_cells(block[0], columns)[1:]):
        return []
    found: list[Line] = []
    first = block[0]
    for line in reversed(lines[: lines.index(first)][-2:]):
        step = first.middle - line.middle
        # within a cell lines are close, to the row below it they are not
        is_near = step <= LINE * line.size if found else LINE * line.size < step <= FAR * line.size
        if line.is_row or not is_near or line.right >= columns[1][0] or abs(line.left - columns[0][0]) > line.size:
            break
        found.insert(0, line)
        first = line
    return found if found and CONTINUATION.match(found[0].pieces[0][0].text) else []


def tail(block: list[Line], lines: list[Line], columns: list[tuple[float, float]]) -> list[Line]:
    """Return the lines behind a block on which the first cell of its last row goes on."""
    found: list[Line] = []
    last = block[-1]
    for line in lines[lines.index(last) + 1 :][:2]:
        is_near = line.middle - last.middle <= LINE * line.size
        if line.is_row or not is_near or line.right >= columns[1][0] or abs(line.left - columns[0][0]) > 3 * line.size:
            break
        found.append(line)
        last = line
    return found


def to_cells(line: Line, columns: list[tuple[float, float]]) -> list[str]:
    """Return the text of a line column by column; what spans several stands in the first of them."""
    cells: list[list[str]] = [[] for _ in columns]
    for piece in line.pieces:
        for part in split_piece(piece, columns):
            cells[place(part, columns)].append(" ".join(word.text for word in part))
    return [" ".join(parts) for parts in cells]


def split_piece(piece: list[Word], columns: list[tuple[float, float]]) -> Iterator[list[Word]]:
    """Give the parts of a piece between whose words two columns part."""
    part = [piece[0]]
    for before, word in pairwise(piece):
        # one word reaches into a column, the next into the column after it
        between = any(before.left < left[1] and word.right > right[0] for left, right in pairwise(columns))
        between = between and place([before], columns) < place([word], columns)
        if between and word.left - before.right >= NARROW * word.size:
            yield part
            part = []
        part.append(word)
    yield part


def place(part: list[Word], columns: list[tuple[float, float]]) -> int:
    """Return the first column that a part covers, or the nearest."""
    left, right = part[0].left, part[-1].right
    for number, (start, end) in enumerate(columns):
        if min(right, end) - max(left, start) > 0:
            return number
    return min(range(len(columns)), key=lambda number: abs(sum(columns[number]) / 2 - (left + right) / 2))


def figure_columns(grid: list[list[str]]) -> list[int]:
    """Return the columns, not the first, most of whose cells are figures or short signs, or repeat a few words."""
    found = []
    for column in range(1, len(grid[0])):
        texts = [row[column] for row in grid if row[column]]
        figures = [text for text in texts if FIGURE.fullmatch(text)]
        repeats = len(texts) >= 4 and len(set(texts)) <= len(texts) / 2 and max(map(len, texts)) <= 14
        if len(texts) >= 3 and (len(figures) >= 0.6 * len(texts) or repeats):
            found.append(column)
    return found or (list(range(1, len(grid[0]))) if repeats_as_a_whole(grid) else [])


def repeats_as_a_whole(grid: list[list[str]]) -> bool:
    """Say whether the cells beside the first column are few words again and again, in which column each may stand."""
    texts = [text for row in grid for text in row[1:] if text]
    is_full = all(sum(map(bool, texts)) >= 3 for texts in list(zip(*grid, strict=True))[1:])
    return is_full and len(texts) >= 12 and len(set(texts)) <= len(texts) / 2 and max(map(len, texts)) <= 14


def are_figures(rows: list[list[str]]) -> bool:
    """Say whether rows, two or more or with a head, hold a name or a period, then figures in two columns or more."""
    body = list(reversed(list(takewhile(lambda row: not any(map(WORDS.search, row[1:])), reversed(rows)))))
    heads = rows[: len(rows) - len(body)]
    if len(rows[0]) < 3 or len(body) < (1 if heads and all(map(any, list(zip(*heads, strict=True))[1:])) else 2):
        return False
    columns = list(zip(*body, strict=True))[1:]
    return (
        all(WORDS.search(row[0]) or PERIOD.fullmatch(row[0]) or (row is body[0] and not row[0]) for row in body)
        and all(FIGURE.fullmatch(text) or PERIOD.fullmatch(text) for texts in columns for text in texts)
        and sum(all(map(DIGIT.search, texts)) for texts in columns) >= 2
    )


def overlapping_as_one(block: list[Line], grid: list[list[str]]) -> list[list[str]]:
    """Return the rows of a block's cells, those of lines that overlap as one; lines of a name alone are left out."""
    rows = [grid[0]]
    for above, below, cells in zip(block, block[1:], grid[1:], strict=False):
        if overlap(above, below):
            rows[-1] = [fold(parts) for parts in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
    return [row for row in rows if any(row[1:])]


def join_lines(grid: list[list[str]], owners: list[int]) -> list[list[str]]:
    """Return the rows of a table: lines that belong together are one row."""
    rows: dict[int, list[list[str]]] = {}
    for owner, cells in zip(owners, grid, strict=True):
        rows.setdefault(owner, []).append(cells)
    return [[fold(parts) for parts in zip(*rows[number], strict=True)] for number in sorted(rows)]


def fold(parts: Iterable[str]) -> str:
    """Return the lines of a cell as one; a hyphen at a line's end stands as pdfium writes it."""
    return re.sub(r"(?<=[^\W\d_])(?:-\n|\ufffe\n)(?=[^\W\d_])", "\ufffe", "\n".join(filter(None, parts))).replace(
        "\n", " "
    )


def line_owners(block: list[Line], grid: list[list[str]], figures: list[int]) -> list[int]:
    """Return for each line the one that has its row's figures: itself, or the one where the cell goes on."""
    full = [any(cells[column] for column in figures) for cells in grid]
    first = full.index(True)
    pitches = [
        below.middle - above.middle
        for (above, is_above), (below, is_below) in pairwise(zip(block, full, strict=True))
        if is_above and is_below
    ]
    pitch = median(pitches) if pitches else 3 * block[0].size
    owners = list(range(len(block)))
    for number in range(first, len(block)):
        if not full[number]:
            owners[number] = owner(number, block, grid, full, owners, pitch)
    for number in range(first - 1, -1, -1):
        # the first line of a cell that stands higher than its row's figures
        near = block[first].middle - block[number].middle < min(LINE * block[number].size, 0.93 * pitch)
        if near and not block[number].is_row and number == first - 1 and grid[number][0]:
            owners[number] = first
    return owners


def owner(
    number: int, block: list[Line], grid: list[list[str]], full: list[bool], owners: list[int], pitch: float
) -> int:
    """Return the line to which a line without figures belongs; itself where it is a heading of its own."""
    line = block[number]
    reach = min(LINE * line.size, 0.93 * pitch)
    above = line.middle - block[number - 1].middle
    below = block[number + 1].middle - line.middle if number + 1 < len(block) else float("inf")
    goes_on_above = owners[number - 1] != number - 1 or full[number - 1]
    if min(above, below) <= reach:
        if above <= below and goes_on_above:
            return owners[number - 1]
        if below <= reach and full[number + 1]:
            return number + 1
        if above <= reach and goes_on_above:
            return owners[number - 1]
    text, before = grid[number][0], grid[number - 1][0]
    is_indented = line.left > block[owners[number - 1]].left + 0.8 * line.size
    if goes_on_above and text and (is_indented or text[0].islower() or text[0] in "(&" or JOINS.search(before)):
        return owners[number - 1]
    if below < float("inf") and full[number + 1] and text:
        after = grid[number + 1][0]
        if JOINS.search(text) or (after and after[0].islower()) or not after:
            return number + 1
    return number


# --- heads ---


def join_head(block: list[Line], grid: list[list[str]], figures: list[int], owners: list[int]) -> list[int]:
    """Return the owners of a block's lines when those on which the heads of its columns go on are one row.

    A head over several columns stays a row of its own: where one could be, only words that plainly go on are joined.
    """
    joined = list(owners)
    height = head_height(block, grid, figures)
    for number in range(height - 1):
        line, below = block[number], block[number + 1]
        if overlap(line, below) or (
            below.middle - line.middle <= LINE * line.size and goes_on(number, block, grid, height, joined)
        ):
            joined = [joined[number] if owner == joined[number + 1] else owner for owner in joined]
    return joined


def overlap(line: Line, below: Line) -> bool:
    """Say whether two lines are too near to stand one under the other: cells of one row, each set in its middle."""
    return below.middle - line.middle < 0.8 * min(line.size, below.size)


def head_height(block: list[Line], grid: list[list[str]], figures: list[int]) -> int:
    """Return how many lines stand over the first that has nothing but figures, in most of the columns of figures."""
    for number, cells in enumerate(grid):
        texts = [cells[column] for column in figures if cells[column]]
        if len(texts) < 0.5 * len(figures) or any(WORDS.search(text) for text in texts):
            continue
        is_rest = number and not cells[0] and (
            overlap(block[number - 1], block[number])
            or all(JOINS.search(grid[number - 1][column]) for column, text in enumerate(cells) if text)
        )  # fmt: skip
        if not is_rest and not all(PERIOD.fullmatch(text) for text in texts):
            return number
    return 0


def goes_on(number: int, block: list[Line], grid: list[list[str]], height: int, owners: list[int]) -> bool:
    """Say whether the heads on a line go on on the line below it."""
    above, below = grid[number], grid[number + 1]
    if not any(above[1:]) or not any(below[1:]) or (above[0] and below[0] and not continues(above[0], below[0])):
        return False
    # a row of periods is a head of its own
    if all(PERIOD.fullmatch(text) for text in above[1:] if text) and not all(
        text or not other for text, other in zip(above[1:], below[1:], strict=True)
    ):
        return False
    row = [line for line in range(number + 1) if owners[line] == owners[number]]
    is_covered = [any(grid[line][column] for line in row) for column in range(len(above))]
    for column in range(1, len(above)):
        if not is_covered[column] or (column + 1 < len(above) and is_covered[column + 1]):
            continue
        beside = next((end for end in range(column + 1, len(above)) if is_covered[end]), len(above))
        under = [text for text in below[column:beside] if text]
        # over a period and a head of another kind it stands over the first alone
        if not any(below[column + 1 : beside]) or len({bool(PERIOD.fullmatch(text)) for text in under}) == 2:
            continue
        text = next(grid[line][column] for line in reversed(row) if grid[line][column])
        rest = next((grid[line][column] for line in range(number + 1, height) if grid[line][column]), "")
        if not continues(text, rest) and not is_set_under(column, block[number], block[number + 1], above, below):
            return False
    return True


def continues(text: str, rest: str) -> bool:
    """Say whether words plainly go on: behind one that asks for another, or with a small letter, bracket or amount."""
    return bool(rest) and bool(JOINS.search(text) or DAY.fullmatch(text) or CONTINUATION.match(rest))


def is_set_under(column: int, line: Line, below: Line, texts: list[str], rests: list[str]) -> bool:
    """Say whether two lines of a head have their middle or their right side in common, but not their left."""
    pieces = [
        [piece for piece in part.pieces if " ".join(word.text for word in piece) == cells[column]]
        for part, cells in ((line, texts), (below, rests))
    ]
    if not all(len(found) == 1 for found in pieces):
        return False
    (left, right), (left_below, right_below) = ((found[0][0].left, found[0][-1].right) for found in pieces)
    middle, middle_below = (left + right) / 2, (left_below + right_below) / 2
    is_apart = abs(left - left_below) > SAME_PLACE
    return is_apart and (abs(middle - middle_below) < SAME_PLACE or abs(right - right_below) < SAME_PLACE)


def is_contents(cells: list[list[str]]) -> bool:
    """Say whether a table is one of contents: nothing but titles and the numbers of pages, which never fall."""
    if any(PERIOD.fullmatch(text) for row in cells for text in row[:-1]):
        return False
    last = [row[-1] for row in cells if row[-1]]
    numbers = [int(text) for text in last if NUMBER.fullmatch(text)]
    return len(cells[0]) <= 3 and len(numbers) >= len(last) - 1 and len(numbers) >= 3 and numbers == sorted(numbers)
