"""A table as it lands: its cells, and which lines of its page are its rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Cells = list[list[str | None]]
Span = tuple[int, int]


@dataclass
class Grid:
    """A table of a page; lines, rows and columns are counted from 1.

    Lines are pairs of a line of the page's text and the row that it stands in. Column edges are the left of each
    column, in points from the left of the page; none in plain text. Spans are the rows and columns over which a merged
    cell goes.
    """

    cells: Cells
    lines: list[tuple[int, int]] = field(default_factory=list)
    column_edges: list[float] = field(default_factory=list)
    spans: dict[tuple[int, int], Span] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        """Return the table as a row of the cache has it."""
        return {
            "cells": list(self.number_cells()),
            "lines": [{"line_number": line, "row_number": row} for line, row in self.lines],
            "column_edges": [round(edge, 1) for edge in self.column_edges],
        }

    def number_cells(self) -> Iterator[dict[str, int | str | None]]:
        """Give the cells one by one."""
        for row_number, row in enumerate(self.cells, 1):
            for column_number, text in enumerate(row, 1):
                row_span, column_span = self.spans.get((row_number, column_number), (1, 1))
                yield {
                    "row_number": row_number,
                    "column_number": column_number,
                    "text": text,
                    "row_span": None if text is None else row_span,
                    "column_span": None if text is None else column_span,
                }
