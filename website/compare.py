"""What the page that sets authorities side by side reads: a script for each authority and region with its cells.

A cell is what it says, where it leads, the class of its grade and what stands small beside it; empty ends are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from website.search import assignment


@dataclass(frozen=True)
class Cell:
    text: str
    path: str = ""
    mark: str = ""
    beside: str = ""

    def packed(self) -> list[str]:
        parts = [self.text, self.path, self.mark, self.beside]
        while not parts[-1] and len(parts) > 1:
            parts.pop()
        return parts


@dataclass(frozen=True)
class Section:
    """Rows under a heading: each its id and its label."""

    title: str
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Compared:
    """An authority or a region: the name of its script, its own name, what it is, and its cells by the ids of rows."""

    key: str
    name: str
    note: str
    cells: dict[str, Cell] = field(default_factory=dict)


def compare_scripts(sections: Sequence[Section], compared: Iterable[Compared]) -> Iterator[tuple[str, str]]:
    """The scripts' paths and texts: one with the rows and all that can be compared, and one for each of these."""
    known = []
    for one in compared:
        known.append([one.key, one.name])
        cells = {row: cell.packed() for row, cell in one.cells.items()}
        told = {"name": one.name, "note": one.note, "cells": cells}
        yield f"compare/data/{one.key}.js", assignment(f"SITE_COMPARED_{one.key}", told)
    rows = [[section.title, [list(row) for row in section.rows]] for section in sections]
    yield "compare/data/rows.js", assignment("SITE_COMPARE", {"sections": rows, "known": known})
