"""Words that the end of a line breaks: whether the hyphen is the word's own, or stands only because the line ended.

The document says it where it can: the word that stands whole elsewhere is whole, the one that has its hyphen elsewhere
keeps it. Otherwise a list of the words and compounds of many such documents (``words.txt``) does, and at last whether
the halves are words. What nothing tells keeps its hyphen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, cached_property
from pathlib import Path
from typing import Any

SOFT, HARD = "\u00ad", "\ufffe"  # as pdfium writes a hyphen at a line's end, which joins the two lines: HARD
LETTERS = r"[^\W\d_]+"
# Not of "day-to-day", whichever of its hyphens ends the line.
BROKEN = re.compile(rf"(?<![-‐‑{HARD}\w])({LETTERS}){HARD}({LETTERS})(?![-‐‑{HARD}\w])")
LINE_ENDS = tuple(f"{sign}\n" for sign in f"-‐{SOFT}{HARD}")
# At a line's end; "pre- and post-natal" has a hyphen of its own.
ENDS = re.compile(rf"([-‐‑{HARD}]?)\b({LETTERS})[-‐{SOFT}{HARD}]$")
GOES_ON = re.compile(rf"(\s*)((?!(?:and|or|to|nor)\b)({LETTERS})\S*)\s?")
PREFIXES = re.compile(
    "anti|bi|co|counter|cross|de|dis|ex|extra|inter|intra|ill|micro|mid|mini|mis|mono|multi|non|on|off|out|over|pan|post|"
    "pre|pro|quasi|re|self|semi|sub|super|trans|tri|ultra|un|under|up|well"
)
# How the end of a word looks that is no word of its own.
WORD_END = re.compile(
    "[cdfglmnprstv]*(ment|tion|sion|ing|ed|er|est|ly|ity|y|ence|ance|ency|ancy|able|ible|ness|ship|ful|fully|less|al|ally|"
    "ous|ously|ive|ively|ate|ated|ating|ation|ism|ist|ian|dren|ice|teen|ical|ise|ised|ising|ure|le|en|on|or|ar|um|es)s?"
)


def in_word(character: str) -> bool:
    return character.isalnum() or character in f"_-{SOFT}{HARD}"


@cache
def known_words() -> frozenset[str]:
    return frozenset(Path(__file__).with_name("words.txt").read_text(encoding="utf-8").split())


class Hyphens:
    """What a document's texts say of the words that its lines break."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.text = "\n".join(["", *texts, ""]).lower().replace("‐", "-").replace("‑", "-")
        self.found: dict[str, bool] = {}

    def holds(self, word: str) -> bool:
        """Say whether a word stands in the document whole, and not as the half of one that a line breaks."""
        if word not in self.found:
            start = self.text.find(word, 1)
            while start > 0 and (in_word(self.text[start - 1]) or in_word(self.text[start + len(word)])):
                start = self.text.find(word, start + 1)
            self.found[word] = start > 0
        return self.found[word]

    def is_soft(self, first: str, second: str) -> bool:
        """Say whether two halves of a broken word are one word without a hyphen."""
        if second[0].isupper():
            return first.isupper() and second.isupper() and self.is_word(first + second)
        first, second = first.lower(), second.lower()
        whole, compound = first + second, f"{first}-{second}"
        if self.holds(compound):
            return False
        if self.holds(whole):
            return True
        if compound in known_words():
            return False
        if self.are_words(first, second):
            return whole in known_words() and self.breaks_words
        return whole in known_words() or (not self.is_word(second) and WORD_END.fullmatch(second) is not None)

    @cached_property
    def breaks_words(self) -> bool:
        """Whether the document's lines break words for certain: together they are a word, apart they are none."""
        inside = rf"[-{HARD}\w]"
        pairs = re.findall(rf"(?<!{inside})({LETTERS})(?:{HARD}|-\n\s*)({LETTERS})(?!{inside})", self.text)
        return any(self.is_word(first + second) and not self.are_words(first, second) for first, second in pairs)

    def are_words(self, first: str, second: str) -> bool:
        """Say whether both halves are words, or the first what stands before words."""
        return (PREFIXES.fullmatch(first) is not None or self.is_word(first)) and self.is_word(second)

    def is_word(self, letters: str) -> bool:
        return self.holds(letters.lower()) or letters.lower() in known_words()

    def mend(self, text: str) -> str:
        """Write SOFT for those hyphens of joined lines that are no part of their word; positions stay what they are."""
        if HARD not in text:
            return text
        return BROKEN.sub(
            lambda broken: broken[1] + (SOFT if self.is_soft(broken[1], broken[2]) else HARD) + broken[2], text
        )

    def mend_cell(self, text: str) -> str:
        """Make the broken words of a cell whole."""
        return self.mend(text).replace(SOFT, "").replace(HARD, "-")

    def mend_lines(self, text: str, layout: list[dict[str, Any]] | None = None) -> str:
        """Mend a text, and take the rest of a word that a line's end breaks up to where it begins.

        Of a layout the places of footnote marks go with it.
        """
        text = self.mend(text)
        if not any(sign in text for sign in LINE_ENDS):
            return text
        lines = text.split("\n")
        for number in range(len(lines) - 1):
            end = ENDS.search(lines[number])
            rest = GOES_ON.match(lines[number + 1]) if end else None
            if end is None or rest is None:
                continue
            is_soft = lines[number].endswith(SOFT) or (not end[1] and self.is_soft(end[2], rest[3]))
            kept = lines[number][:-1] + ("" if is_soft else "-")
            lines[number] = kept + rest[2]
            lines[number + 1] = rest[1] + lines[number + 1][rest.end() :]
            if layout:
                move_marks(layout[number], layout[number + 1], len(kept) - len(rest[1]), len(rest[1]), rest.end())
        return "\n".join(lines)


def move_marks(line: dict[str, Any], below: dict[str, Any], shift: int, start: int, end: int) -> None:
    """Move the places of marks (from 1) with what went up from the line below, and with what moves left there."""
    marks = below["superscripts"]
    line["superscripts"] = line["superscripts"] + [mark + shift for mark in marks if mark <= end]
    below["superscripts"] = [mark - (end - start) for mark in marks if mark > end]
