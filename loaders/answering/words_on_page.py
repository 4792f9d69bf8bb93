"""Where the words of a fact stand on a page, whatever its white space, hyphens and bullets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# What is left out of a comparison: white space, characters that are none, bullets, for which a fact has one of its own,
# and hyphens, which a fact lacks where the end of a line broke a word.
NO_CHARACTER = re.compile(r"[\s\u200b\x00-\x1f\ue000-\uf8ff\ufffe\u00ad•◦‣⁃∙·●○◼◾▪■□❖✦➔➢➤►▶▸✓✔-]")
# Raised digits and ligatures as the digits and letters that they are.
PLAIN = str.maketrans({sign: unicodedata.normalize("NFKC", sign) for sign in "⁰¹²³⁴⁵⁶⁷⁸⁹ﬀﬁﬂﬃﬄﬅﬆ"})
FIGURE = re.compile(r"£?\d[\d,.]*%?(?=\D)")  # at the head of a quote
# A part of a quote that is found apart from the rest (furniture or a footnote can stand in between) has to be so long,
# and not further from it than so many characters.
SHORTEST_START, SHORTEST_PART, FURTHEST_PART = 12, 6, 1500
# What parts the label, head and figure of a table's cell in its quote; how far behind its label a figure can stand.
CELLS, FURTHEST_FIGURE = "|", 300
# A quote of which less is found is not evidence.
LEAST_FOUND = 0.8
Span = tuple[int, int]


@dataclass(frozen=True)
class Found:
    """Where words stand on a page: each time that they do, or, where they do not stand there whole, in which parts."""

    times: int
    spans: list[Span]
    ends: list[int]  # of each span, in the words
    length: int  # how many of the words' characters are found


def bare(text: str) -> str:
    """Return the characters that count in a comparison."""
    return NO_CHARACTER.sub("", text.translate(PLAIN))


class Words:
    """The characters of a page or text that count, each with its index there."""

    def __init__(self, characters: Sequence[str]) -> None:
        self.indexes: list[int] = []
        kept: list[str] = []
        for index, character in enumerate(characters):
            for one in bare(character):
                kept.append(one)
                self.indexes.append(index)
        self.text = "".join(kept)

    def find(self, wanted: str) -> Found:
        """Find bare words: whole, wherever they stand, cell by cell, or part by part, each behind the one before."""
        starts = [match.start() for match in re.finditer(re.escape(wanted), self.text)] if wanted else []
        figure = FIGURE.match(wanted)
        if figure and not starts:  # drawn under its words
            turned = wanted[figure.end() :] + figure[0]
            starts = [match.start() for match in re.finditer(re.escape(turned), self.text)]
        if starts:
            spans = [(start, start + len(wanted)) for start in starts]
            return Found(len(spans), spans, [len(wanted)] * len(spans), len(wanted))
        if CELLS in wanted:
            return self.find_cells(wanted.split(CELLS))
        spans, ends, at = [], [], 0
        while at < len(wanted):
            after = spans[-1][1] if spans else 0
            least = min(SHORTEST_PART, len(wanted) - at) if spans else SHORTEST_START
            until = after + FURTHEST_PART if spans else len(self.text)
            length = self.longest(wanted, at, after, until)
            if length >= least:
                start = self.text.find(wanted[at : at + length], after, until)
                at += length
                spans.append((start, start + length))
                ends.append(at)
            else:
                at += 1
        return Found(0, spans, ends, sum(end - start for start, end in spans))

    def find_cells(self, cells: Sequence[str]) -> Found:
        """Find a table's figure behind its row's label, with what stands above it."""
        label, *heads, figure = cells
        labels = [match.end() for match in re.finditer(re.escape(label), self.text)]
        figures = [self.text.find(figure, end, end + FURTHEST_FIGURE) for end in labels]
        spans: list[Span] = []
        ends: list[int] = []
        at = 0
        for cell in (label, *heads):
            found = self.find(cell)
            of_cell = found.spans[:1] if found.times else found.spans
            if cell is label and any(start >= 0 for start in figures):
                end = next(end for end, start in zip(labels, figures, strict=True) if start >= 0)
                of_cell = [(end - len(label), end)]
            spans += of_cell
            at += len(cell) + len(CELLS)
            ends += [at] * len(of_cell)
        start = next((start for start in figures if start >= 0), self.text.find(figure))
        if start < 0:
            return Found(0, [], [], 0)
        spans.append((start, start + len(figure)))
        ends.append(at + len(figure))
        return Found(0, spans, ends, sum(end - start for start, end in spans) + len(cells) - 1)

    def longest(self, wanted: str, at: int, start: int, end: int) -> int:
        """Return how many of the wanted characters, from at on, stand together between start and end."""
        low, high = 0, len(wanted) - at
        while low < high:
            middle = (low + high + 1) // 2
            if self.text.find(wanted[at : at + middle], start, end) >= 0:
                low = middle
            else:
                high = middle - 1
        return low
