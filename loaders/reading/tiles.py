"""Drawings of figures: a number in large type, and in smaller type the words that say what it counts.

Which words are a number's is taken only where all the numbers of a page agree: each has its words below it, or each
above it, or beside it. Where they do not, none is read with any words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from loaders.reading.pdf_characters import Box, Characters, Span

NUMBER = re.compile(r"(?!(?:19|20)\d\d$)£?\d{1,3}(?:,?\d{3})*(?:\.\d+)?[%kmKM]?")
NUMBERS = re.compile(r"(?<!\S)£?\d")
# What is said of the number besides: 45 per 10,000, at 31 March, up 12%.
NOTE = re.compile(
    r"[(+£–-]?\s?\d|(?:as )?(?:at|on|in|during|from|was)\b.*\d"
    r"|(?:up|down|compared|(?:in|de)crease[ds]?|previously)\b",
    re.I,
)
WORD = re.compile(r"£?\d[\d,.]*%?(?=[^\W\d_])|[^\s\0\ufffe]+")  # a number set close to its words is a word, too
LETTERS = re.compile(r"[^\W\d_]{3}")
LARGER = 1.25  # than its words a number is
LARGE = 14.0  # in points
LEAST_NUMBERS, MOST_NUMBERS = 2, 60  # of a page
REACH = 1.7  # from the middle of a number to the middle of its nearest words, in its font sizes
BESIDE = 1.0  # between a number and words beside it, in its font sizes
PITCH = 1.9  # from one line of words to the next, in font sizes
NEARER = 0.65  # of the way to other words
IN_DOUBT = 0
LONGEST_WORDS = 90  # of a line of plain text


@dataclass(eq=False)
class Run:
    """Words of one line that no change of type and no wide gap parts, in points from the left and top of the page."""

    start: int
    end: int
    text: str
    left: float
    right: float
    middle: float
    size: float

    @property
    def is_number(self) -> bool:
        return self.size >= LARGE and NUMBER.fullmatch(self.text) is not None

    @property
    def is_words(self) -> bool:
        return LETTERS.search(self.text) is not None and not NOTE.match(self.text)

    def overlaps(self, other: Run) -> bool:
        return self.left < other.right and other.left < self.right


@dataclass
class Design:
    """Numbers of one size; the side on which their words stand, none where it is in doubt; all words near them."""

    numbers: list[Run]
    way: str | None = None
    labels: list[Run] = field(default_factory=list)
    near: set[Run] = field(default_factory=set)


@dataclass
class Tiles:
    """Lines of a page in the order in which they are read, and of each the tile that it is of.

    A tile is a number from 1; nought is a number or words whose tile is in doubt, none a line of no drawing. Boxes are
    those of the tiles.
    """

    spans: list[Span]
    tiles: list[int | None]
    boxes: list[Box] = field(default_factory=list)


def find_tiles(characters: Characters, spans: list[Span]) -> Tiles | None:
    """Return the lines of a page with its tiles; none where there is no drawing of figures."""
    if not characters.is_indexed:
        return None
    large = [
        match for match in NUMBERS.finditer(characters.text) if characters.font_size(match.start()) >= LARGE
    ]  # asked of every page, it must be quick
    if not LEAST_NUMBERS <= len(large) <= MOST_NUMBERS:
        return None
    lines = [list(line_runs(characters, span)) for span in spans]
    runs = [run for line in lines for run in line]
    words = [run for run in runs if run.is_words]
    numbers = [
        run for run in runs
        if run.is_number and any(is_label(run, other) for other in words)
    ]  # fmt: skip
    if len(numbers) < LEAST_NUMBERS or are_counted([run.text for run in numbers]):
        return None
    tiles = make_tiles(numbers, runs)
    return arrange(spans, lines, tiles)


def line_runs(characters: Characters, span: Span) -> Iterator[Run]:
    """Give the runs of a line."""
    run: list[Run] = []
    for match in WORD.finditer(characters.text, *span):
        left, high, _, low = characters.shown_box(match.start())
        _, _, right, _ = characters.shown_box(match.end() - 1)
        size = characters.font_size(match.start())
        word = Run(match.start(), match.end(), match[0], left, right, (high + low) / 2, size or 1.0)
        if run and not (
            abs(run[-1].size - word.size) <= 0.1 * word.size and -word.size < word.left - run[-1].right < word.size
        ):
            yield joined(run, characters.text)
            run = []
        run.append(word)
    if run:
        yield joined(run, characters.text)


def joined(run: list[Run], text: str) -> Run:
    first, last = run[0], run[-1]
    return Run(first.start, last.end, text[first.start : last.end], first.left, last.right, first.middle, first.size)


def are_counted(numbers: list[str]) -> bool:
    """Say whether numbers are those of chapters or steps."""
    values = [int(text) if text.isdigit() else -1 for text in numbers]
    return values[0] in (0, 1) and all(after == before + 1 for before, after in pairwise(values))


# --- which words are a number's ---


def is_label(number: Run, run: Run) -> bool:
    """Say whether a run is in the smaller type of a number's words, and near it."""
    return run.size * LARGER <= number.size and any(way(number, run) is not None for way in WAYS.values())


def below(number: Run, run: Run) -> float | None:
    """Return how far below a number, in its column, words stand; none where they do not."""
    step = run.middle - number.middle
    return step if number.overlaps(run) and 0.2 * number.size < step <= REACH * number.size else None


def above(number: Run, run: Run) -> float | None:
    step = number.middle - run.middle
    return step if number.overlaps(run) and 0.2 * number.size < step <= REACH * number.size else None


def right(number: Run, run: Run) -> float | None:
    gap = run.left - number.right
    is_level = abs(run.middle - number.middle) <= 0.6 * number.size
    return gap if is_level and -0.2 * number.size <= gap <= BESIDE * number.size else None


def left(number: Run, run: Run) -> float | None:
    gap = number.left - run.right
    is_level = abs(run.middle - number.middle) <= 0.6 * number.size
    return gap if is_level and -0.2 * number.size <= gap <= BESIDE * number.size else None


Way = Callable[[Run, Run], float | None]
WAYS: dict[str, Way] = {"below": below, "above": above, "right": right, "left": left}


def make_tiles(numbers: list[Run], runs: list[Run]) -> list[list[Run]]:
    """Return each tile as its number and its words, or, where which are whose is in doubt, nothing but lone runs."""
    words = [run for run in runs if run.is_words]
    sizes = {round(run.size) for run in numbers}  # numbers of one size are of one design
    designs = [find_design([run for run in numbers if round(run.size) == size], words) for size in sorted(sizes)]
    claims = Counter(label for design in designs for label in design.labels)
    tiles: list[list[Run]] = []
    lone: set[Run] = set()
    for design in designs:
        if design.way and all(claims[label] == 1 for label in design.labels):
            tiles += [[number, label] for number, label in zip(design.numbers, design.labels, strict=True)]
        else:
            lone |= {*design.numbers, *design.near}
            design.way = None
    taken = {run for tile in tiles for run in tile}
    ways = {number: design.way for design in designs for number in design.numbers}
    for tile in tiles:
        rest = [run for run in runs if run not in taken and not run.is_number]
        extend(tile, rest, ways[tile[0]] or "")
        taken |= {*tile}
    return tiles + [[run] for run in runs if run in lone and run not in taken]


def find_design(numbers: list[Run], words: list[Run]) -> Design:
    """Return on which side of numbers of one size their words stand: the only one, or that with by far the nearest."""
    found = {name: nearest(numbers, words, way) for name, way in WAYS.items()}
    design = Design(numbers, near={run for labels in found.values() for run, _ in labels})
    sure = {name: labels for name, labels in found.items() if len(labels) == len(numbers)}
    distances = {name: [distance for _, distance in labels] for name, labels in sure.items()}
    best = [
        name for name in sure
        if all(
            all(one <= NEARER * two for one, two in zip(distances[name], distances[other], strict=True))
            for other in sure
            if other != name
        )
    ]  # fmt: skip
    if len(best) == 1:
        design.way = best[0]
        design.labels = [label for label, _ in sure[best[0]]]
    return design


def extend(tile: list[Run], rest: list[Run], name: str) -> None:
    """Add to a tile the lines on which its words go on, upwards and downwards, and what is said besides."""
    number = tile[0]
    for run in sorted(rest, key=lambda run: run.middle):
        last = max(tile[1:], key=lambda part: part.middle)
        step = run.middle - (number.middle if name == "above" else last.middle)
        if name == "above":  # below the number nothing but a note
            if NOTE.match(run.text) and number.overlaps(run) and 0 < step <= REACH * number.size:
                tile.append(run)
        elif is_line_of(last, run) and 0 < step <= PITCH * max(last.size, run.size):
            tile.append(run)
    for run in sorted(rest, key=lambda run: -run.middle):
        top = min(tile[1:], key=lambda part: part.middle)
        is_near = name == "above" or (name != "below" and WAYS[name](number, run) is not None)
        if is_near and run.is_words and is_line_of(top, run) and 0 < top.middle - run.middle <= PITCH * top.size:
            tile.append(run)


def nearest(numbers: list[Run], words: list[Run], way: Way) -> list[tuple[Run, float]]:
    """Return each number's nearest words that way, and how far they are; fewer where some have none of their own."""
    labels: list[tuple[Run, float]] = []
    for number in numbers:
        near = [
            (distance, abs(run.left + run.right - number.left - number.right), run)
            for run in words
            if run.size * LARGER <= number.size and (distance := way(number, run)) is not None
        ]
        if near:
            distance, _, run = min(near, key=lambda found: found[:2])
            labels.append((run, distance))
    return labels if len({run for run, _ in labels}) == len(labels) else []


def is_line_of(line: Run, run: Run) -> bool:
    return line.overlaps(run) and 0.6 <= run.size / line.size <= 1.5 and bool(LETTERS.search(run.text))


def arrange(spans: list[Span], lines: list[list[Run]], tiles: list[list[Run]]) -> Tiles:
    """Return the lines of a page with each tile in one piece, where the first of it was drawn."""
    of_tile = {run: number for number, tile in enumerate(tiles, 1) for run in tile}
    is_sure = {number: len(tile) > 1 for number, tile in enumerate(tiles, 1)}
    page = Tiles([], [])
    placed: set[int] = set()
    for span, line in zip(spans, lines, strict=True):
        if not any(run in of_tile for run in line):
            page.spans.append(span)
            page.tiles.append(None)
            continue
        for run in line:
            number = of_tile.get(run)
            if number is None:
                page.spans.append((run.start, run.end))
                page.tiles.append(None)
            elif number not in placed:
                placed.add(number)
                tile = sorted(tiles[number - 1], key=lambda part: (part.middle, part.left))
                page.spans += [(part.start, part.end) for part in tile]
                page.tiles += [number if is_sure[number] else IN_DOUBT] * len(tile)
    page.boxes = [
        (
            min(run.left for run in tile),
            min(run.middle - run.size / 2 for run in tile),
            max(run.right for run in tile),
            max(run.middle + run.size / 2 for run in tile),
        )
        for tile in tiles
        if len(tile) > 1
    ]
    return page


# --- plain text ---


def find_text_tiles(lines: list[str]) -> list[int | None] | None:
    """Return of each line of a text the tile that it is of; none where no number stands alone over or under words."""
    shown = [re.sub(r"\*\*|__|^\s*#+\s", "", line).strip() for line in lines]
    is_number = [NUMBER.fullmatch(line) is not None for line in shown]
    if sum(is_number) < LEAST_NUMBERS:
        return None
    tiles: list[int | None] = [None] * len(lines)
    count = 0
    for part in parts(lines, shown, is_number):
        kinds = ["number" if is_number[line] else "note" if NOTE.match(shown[line]) else "words" for line in part]
        is_apart = all(one != "number" or other != "number" for one, other in pairwise(kinds))
        if kinds.count("number") < LEAST_NUMBERS or not is_apart:
            continue
        if are_counted([shown[line] for line in part if is_number[line]]):
            continue
        ends = (kinds[0], next(kind for kind in reversed(kinds) if kind != "note"))
        is_sure = ends == ("number", "words") or (
            ends == ("words", "number") and kinds.count("words") == kinds.count("number")
        )
        before = ""
        for line, kind in zip(part, kinds, strict=True):
            count += is_sure and kind == kinds[0]
            is_text = ends[0] == "number" and kind == before == "words" and not shown[line - 1]
            if is_sure and is_text:
                break
            tiles[line] = count if is_sure else IN_DOUBT
            before = kind
    return tiles if any(tile is not None for tile in tiles) else None


def parts(lines: list[str], shown: list[str], is_number: list[bool]) -> Iterator[list[int]]:
    """Give the stretches of short lines among which numbers stand alone."""
    part: list[int] = []
    for number, line in enumerate(shown):
        if not line:
            continue
        is_heading = lines[number].lstrip().startswith("#") and not is_number[number]
        if is_heading or len(line) > LONGEST_WORDS or line.endswith((".", ":", ";")) or line[0] in "|-*•>[":
            yield part
            part = []
        else:
            part.append(number)
    yield part
