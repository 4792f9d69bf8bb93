"""Publication without names: what is taken for the name of a person, and how it is taken out of every text.

A name that one document gives is removed from all. Texts are read once: each run of capitalised words is looked up in a
set of names, so that what it costs grows with the texts and not with the names. Names are compared by their letters
alone, whatever a page has made of their hyphens, apostrophes and line ends.
"""

from __future__ import annotations

import hashlib
import re
import threading
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import takewhile

import duckdb
import pyarrow as pa
from duckdb.func import PythonUDFType

from loaders.sql import quoted

REDACTED = "[name]"
KEPT_TEXTS = 8192  # the same words stand in several columns, mostly of rows close to each other
LONGEST = 6  # words of a name

# As in macros/names.sql.
TITLES = frozenset(
    re.findall(r"\w+", "mr mrs ms miss mx dr sir dame prof professor cllr councillor lord lady baroness rev reverend")
)
TITLES_FIRST = re.compile(rf"^(?:(?:{'|'.join(sorted(TITLES))})\.?\s+)+", re.IGNORECASE)
HONOURS = re.compile(r"(?:\s*,?\s*\b(?:S?HMI|HMCI|[OMCKD]BE|QPM|[KQ]C|JP)\b)+\s*$")
PARTICLES = "de|la|van|der|von|bin|al"

CAPITAL = "A-ZÀ-ÖØ-ÞĀ-ž"
WORD = rf"(?<![^\W\d_])[{CAPITAL}][\w’'‘]{{0,60}}+(?:[-‐‑\u00ad\ufffe]\s?\w[\w’'‘]{{0,60}}+){{0,3}}+"
WORDS = re.compile(WORD)
RUN = re.compile(rf"{WORD}\.?(?:(?:\s+|(?<=\.))(?:(?:{PARTICLES})\s+)*{WORD}\.?)+")
SALUTATION = re.compile(rf"\bDear(?:,?\s+(?:{WORD}|and\b|&))+")
EMAIL = re.compile(r"(?<![\w.+’'-])[\w.+’'-]++(?=@[\w-]++\.\w)")
LETTERS = re.compile(r"[^\W\d_]+(?:[’'‘][^\W\d_]+)*")
POSSESSIVE = re.compile(r"(?:[’'‘]s|[’'‘])$")
NOT_LETTERS = re.compile(r"[\W\d_]+")


def letters(words: str) -> str:
    """Return the letters of a name, small and without accents: what it is compared by."""
    plain = words if words.isascii() else unicodedata.normalize("NFKD", words)
    return NOT_LETTERS.sub("", plain).lower()


@dataclass(frozen=True)
class Names:
    """Names of people, by their letters.

    people: how many there are. full: their names of two words or more. surnames: what is removed behind a title, and
    behind which initials. given: what is removed behind "Dear". no_names: words that are never part of a name.
    """

    people: int
    full: frozenset[str]
    surnames: dict[str, frozenset[str]]
    given: frozenset[str]
    no_names: frozenset[str] = frozenset()
    starts: frozenset[str] = field(default=frozenset())

    @classmethod
    def of(cls, people: Iterable[tuple[str, str]], no_names: Iterable[str] = (), phrases: Iterable[str] = ()) -> Names:
        """Take what may be a name from pairs of a name and its kind (full, surname, given).

        no_names: words, in small letters, that make no name of what they stand in.
        phrases: texts of the dimensions; what stands in one of them is no name.
        """
        words_of_none = frozenset(map(letters, no_names))
        no_phrases = {
            "".join(words[start:end])
            for words in ([letters(word) for word in phrase.split()] for phrase in phrases)
            for start in range(len(words))
            for end in range(start + 2, min(start + LONGEST, len(words)) + 1)
        }
        full: set[str] = set()
        without_particles: set[str] = set()
        given: set[str] = set()
        surnames: dict[str, set[str]] = {}
        starts: set[str] = set()
        for name, kind in people:
            words = [letters(word) for word in re.split(r"[\s.]+", name) if letters(word)]
            # A post that was read with the name ends it.
            words = list(takewhile(lambda word: word not in words_of_none, words))
            if not words or "".join(words) in no_phrases:
                continue
            if kind == "given":
                given.add(words[0])
            elif kind == "surname":
                surnames.setdefault(words[-1], set())
            elif len(words) > 1:
                long = [words[0], *(word for word in words[1:-1] if len(word) > 1), words[-1]]
                full.add("".join(long))
                without_particles.add("".join(word for word in long if word not in PARTICLES.split("|")))
                given.add(words[0])
                starts.update((words[0], words[0][0]))
                surnames.setdefault(words[-1], set()).add(words[0][0])
        return cls(
            len(full),
            frozenset(full | without_particles),
            {surname: frozenset(initials) for surname, initials in surnames.items()},
            frozenset(given),
            words_of_none,
            frozenset(starts) | TITLES,
        )

    def digest(self) -> str:
        """Return what stays the same as long as the same is removed."""
        surnames = sorted((surname, sorted(initials)) for surname, initials in self.surnames.items())
        parts = (sorted(self.full), surnames, sorted(self.given), sorted(self.no_names))
        return hashlib.sha256(repr(parts).encode()).hexdigest()


@dataclass(frozen=True)
class Redacted:
    """A text without names, how many were removed, and how many words in it may be names that nothing tells."""

    text: str
    removed: int = 0
    doubtful: int = 0


class Redactor:
    """Takes names out of texts, and counts."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.removed = self.doubtful = 0
        self.lock = threading.Lock()
        self.redact = lru_cache(KEPT_TEXTS)(self._redact)

    def texts(self, column: pa.ChunkedArray) -> pa.Array:
        """Redact a column of texts."""
        return self._column(column, self.redact)

    def file_names(self, column: pa.ChunkedArray) -> pa.Array:
        """Redact a column of file names, in which names are written in any way."""
        return self._column(column, self.redact_file_name)

    def _column(self, column: pa.ChunkedArray, redact: Callable[[str], Redacted]) -> pa.Array:
        redacted = [None if text is None else redact(text) for text in column.to_pylist()]
        with self.lock:
            self.removed += sum(text.removed for text in redacted if text)
            self.doubtful += sum(text.doubtful for text in redacted if text)
        return pa.array([text and text.text for text in redacted], pa.string())

    def _redact(self, text: str) -> Redacted:
        removed = doubtful = 0

        def in_run(run: re.Match[str]) -> str:
            nonlocal removed, doubtful
            words = list(WORDS.finditer(run[0]))
            keys = [letters(POSSESSIVE.sub("", word[0])) for word in words]
            if self.names.starts.isdisjoint(keys):
                return run[0]
            spans = list(self.find(keys, run[0], words))
            removed += len(spans)
            doubtful += self.count_doubts(keys, spans)
            return without(run[0], [(words[first].start(), end_of(words[last])) for first, last in spans])

        def in_salutation(salutation: re.Match[str]) -> str:
            nonlocal removed
            words = [word for word in WORDS.finditer(salutation[0]) if letters(word[0]) in self.names.given]
            removed += len(words)
            return without(salutation[0], [(word.start(), word.end()) for word in words])

        def in_address(local: re.Match[str]) -> str:
            nonlocal removed
            redacted = self.redact_file_name(local[0])
            removed += redacted.removed
            return redacted.text

        found = RUN.sub(in_run, text)
        if "Dear" in found:
            found = SALUTATION.sub(in_salutation, found)
        if "@" in found:
            found = EMAIL.sub(in_address, found)
        return Redacted(found, removed, doubtful) if removed or doubtful else Redacted(text)

    def find(self, keys: Sequence[str], run: str, words: Sequence[re.Match[str]]) -> Iterator[tuple[int, int]]:
        """Give the first and last word of each name in a run of words, which are given by their letters."""
        place = 0
        while place < len(keys):
            start, place = place, place + 1
            first = start
            while first < len(keys) - 1 and keys[first] in TITLES:
                first += 1
            last = self.full_from(keys, first)
            if last is None and first > start and keys[first] in self.names.surnames:
                last = first
            if last is None and len(keys[start]) == 1 and start + 1 < len(keys):
                # an initial, where it is one of a person with this surname; "A" and "I" are words without their point
                is_initial = keys[start] in self.names.surnames.get(keys[start + 1], ())
                if is_initial and (keys[start] not in "ai" or run.startswith(".", words[start].end())):
                    last = start + 1
            if last is not None:
                yield start, last
                place = last + 1

    def full_from(self, keys: Sequence[str], first: int) -> int | None:
        """Return where the longest name ends that begins at a word, whatever initials stand inside it."""
        for last in range(min(first + LONGEST, len(keys)) - 1, first, -1):
            inner = [key for key in keys[first + 1 : last] if len(key) > 1]
            if "".join((keys[first], *inner, keys[last])) in self.names.full:
                return last
        return None

    def count_doubts(self, keys: Sequence[str], spans: Sequence[tuple[int, int]]) -> int:
        """Count what begins as a known name does and goes on in another way: a person, a street or a school."""
        covered = {place for first, last in spans for place in range(first, last + 1)}
        return sum(
            keys[place] in self.names.given
            and len(keys[place + 1]) > 1
            and not covered & {place, place + 1}
            and self.names.no_names.isdisjoint(keys[place : place + 2])
            for place in range(len(keys) - 1)
        )

    def redact_file_name(self, text: str) -> Redacted:
        """Redact a file name or an address: "ann-lee_2019.pdf", "AnnLee.pdf", "a.lee"."""
        words = list(LETTERS.finditer(text))
        keys = [letters(word[0]) for word in words]
        spans, place = [], 0
        while place < len(keys):
            last = self.full_from(keys, place)
            if last is None and keys[place] in self.names.full:
                last = place
            if last is None and place + 1 < len(keys) and keys[place] in self.names.surnames.get(keys[place + 1], ()):
                between = text[words[place].end() : words[place + 1].start()]
                last = place + 1 if between in (".", "_", "-") else None
            if last is not None:
                spans.append((place, last))
            place = place + 1 if last is None else last + 1
        places = [(words[first].start(), words[last].end()) for first, last in spans]
        return Redacted(without(text, places), len(spans)) if spans else Redacted(text)


def end_of(word: re.Match[str]) -> int:
    """Return where a word ends, less the ’s of a possessive."""
    return word.start() + len(POSSESSIVE.sub("", word[0]))


def without(text: str, places: Iterable[tuple[int, int]]) -> str:
    """Return a text with these places taken out."""
    parts, kept_from = [], 0
    for start, end in places:
        parts += [text[kept_from:start], REDACTED]
        kept_from = end
    return "".join((*parts, text[kept_from:]))


def split_names(people: str) -> set[str]:
    """Return the names in a cell that holds one or more people, without titles and honours."""
    parts = re.split(r"[;,&|\n()]|\band\b", people)
    names = (HONOURS.sub("", TITLES_FIRST.sub("", part.strip())).strip() for part in parts)
    return {name for name in names if len(name.split()) > 1}


@contextmanager
def registered(connection: duckdb.DuckDBPyConnection, redactor: Redactor) -> Iterator[tuple[str, str]]:
    """Let SQL call a redactor; give the names of its functions for texts and for file names."""
    names = (f"redact_{uuid.uuid4().hex}", f"redact_file_{uuid.uuid4().hex}")
    for name, function in zip(names, (redactor.texts, redactor.file_names), strict=True):
        connection.create_function(name, function, ["VARCHAR"], "VARCHAR", type=PythonUDFType.ARROW)
    try:
        yield names
    finally:
        for name in names:
            connection.remove_function(name)


def read_names(
    cursor: duckdb.DuckDBPyConnection, personal: Iterable[tuple[str, str]], dimensions: Iterable[tuple[str, str]]
) -> Names:
    """Read what the build file holds of names.

    personal: relations and columns that hold names of people. dimensions: those whose texts are no names.
    """
    people: list[tuple[str, str]] = []
    for relation, column in personal:
        values = cursor.execute(f"select distinct {quoted(column)} from main.{quoted(relation)}").fetchall()
        people += [(name, "full") for (value,) in values if value for name in split_names(value)]
    people += fetch(cursor, "select distinct person_name, name_kind from intermediate.int_named_people")
    no_names = fetch(cursor, "select word from seeds.no_name_words where kind != 'place'")
    phrases = [
        value
        for relation, column in dimensions
        for (value,) in fetch(cursor, f"select distinct {quoted(column)} from main.{quoted(relation)}")
        if value
    ]
    phrases += [name for (name,) in fetch(cursor, "select comparable_name from intermediate.int_authority_names")]
    return Names.of(people, (word for (word,) in no_names), phrases)


def fetch(cursor: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    """Return the rows of a relation; none where a build has no such relation."""
    try:
        return cursor.execute(query).fetchall()
    except duckdb.CatalogException:
        return []
