"""Tables some of whose words run upwards or downwards, as dates do over narrow columns."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from pdfplumber.table import Table

from loaders.reading.tables import Cells


def extract(table: Table) -> Cells:
    """Return a table's cells as pdfplumber does, the turned ones in the order in which they are read."""
    cells: Cells = table.extract(x_tolerance=3, y_tolerance=3)
    turned = [char for char in table.page.chars if not char["upright"]]
    if turned:
        for row, texts in zip(table.rows, cells, strict=True):
            for number, box in enumerate(row.cells):
                inside = [char for char in turned if box and is_inside(char, box)]
                if inside:
                    texts[number] = read_turned(inside)
    return cells


def is_inside(char: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    middle, level = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return box[0] <= middle < box[2] and box[1] <= level < box[3]


def read_turned(chars: list[dict[str, Any]]) -> str:
    """Return the text of characters that are turned a quarter, to the left or to the right."""
    runs_up = chars[0]["matrix"][1] > 0
    across = 1 if runs_up else -1
    lines: list[list[dict[str, Any]]] = []
    for char in sorted(chars, key=lambda char: across * char["x0"]):
        if lines and abs(char["x0"] - lines[-1][0]["x0"]) < 0.5 * char["size"]:
            lines[-1].append(char)
        else:
            lines.append([char])
    return "\n".join(read_line(line, runs_up) for line in lines)


def read_line(chars: list[dict[str, Any]], runs_up: bool) -> str:
    ordered = sorted(chars, key=lambda char: char["top"], reverse=runs_up)
    text: str = ordered[0]["text"]
    for before, char in pairwise(ordered):
        gap = before["top"] - char["bottom"] if runs_up else char["top"] - before["bottom"]
        text += (" " if gap > 0.2 * char["size"] else "") + char["text"]
    return text
