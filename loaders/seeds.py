"""The seeds as files: what an editor or a spreadsheet can have done to them, told by file and line.

dbt tells less of it, and later: of a file in another encoding no name, of a bad expression no row.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import yaml  # type: ignore[import-untyped]

from loaders.files import first_line

# Columns whose texts are phrases, in which curly brackets hold alternatives (docs/adding-a-metric.md).
PHRASES = {"concept_words": "words"}
ALTERNATIVES = re.compile(r"\{[^{}]*\}")
# What an analyst adds to names these, by the ids of their own seeds.
THINGS = {"concepts": "concept_id", "metrics": "metric_id"}
# Columns that name concepts beside those that are called so: alternatives parted by |, several by " + ".
OF_CONCEPTS = {"metric_rules": ("head", "needs", "allows", "never")}
# Columns whose texts are expressions; of several words, as in metric_patterns, what stands for a number is a word, too.
EXPRESSION = re.compile(r"(?:.*_)?pattern|unless|heading")
OTHER_MARKS = {";": "semicolons", "\t": "tabs"}


def what_is_wrong(folder: Path) -> Iterator[str]:
    """Give a sentence for each place of the seeds of a project's folder that cannot be read; nothing where all can.

    Of a file whose head is wrong, the head alone; what rows say of each other, once all can be read.
    """
    paths = seeds_of(folder)
    with duckdb.connect() as connection:
        wrong = [(path, line, fault) for path in paths for line, fault in faults(path, connection)]
    for path, line, fault in wrong or list(unknown_ids(paths)) or phrases_of_two(paths):
        yield told(folder, path, line, fault)


def in_another_encoding(folder: Path) -> Iterator[str]:
    """Give a sentence for each seed of a project's folder that is no UTF-8, which dbt cannot even begin to read."""
    for path in seeds_of(folder):
        if fault := fault_of_encoding(path.read_bytes()):
            yield told(folder, path, *fault)


def seeds_of(folder: Path) -> list[Path]:
    return sorted((folder / "seeds").rglob("*.csv"))


def told(folder: Path, path: Path, line: int, fault: str) -> str:
    return f"{path.relative_to(folder).as_posix()}, line {line}: {fault}"


def fault_of_encoding(content: bytes) -> tuple[int, str] | None:
    """Return what is wrong with a text that is no UTF-8, with its line; nothing where it is."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return line, "this is no UTF-8, most likely because a spreadsheet saved it: save it as “CSV UTF-8”"
    return None


def faults(path: Path, connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, str]]:
    """Give the faults of a seed, each with its line."""
    content = path.read_bytes()
    if fault := fault_of_encoding(content):
        yield fault
        return
    text = content.decode("utf-8-sig")
    head, _, _ = text.partition("\n")
    expected = columns_described(path)
    for mark, name in OTHER_MARKS.items():
        if mark in head and "," not in head and len(expected) != 1:
            yield 1, f"its columns are parted by {name}, as some spreadsheets save them: part them by commas"
            return
    columns = head.strip().split(",")
    if expected and sorted(columns) != sorted(expected):
        yield 1, f"its columns are {', '.join(columns)}; they should be {', '.join(expected)}"
        return
    yield from faults_of_rows(text, columns, path.stem, connection)


def faults_of_rows(
    text: str, columns: list[str], seed: str, connection: duckdb.DuckDBPyConnection
) -> Iterator[tuple[int, str]]:
    expressions = [number for number, name in enumerate(columns) if EXPRESSION.fullmatch(name)]
    phrases = [number for number, name in enumerate(columns) if name == PHRASES.get(seed)]
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    line = 1
    try:
        for row in reader:
            if row and len(row) != len(columns):
                values = "1 value" if len(row) == 1 else f"{len(row)} values"
                yield (
                    line,
                    f"{values} for {len(columns)} columns ({', '.join(columns)}): a text with a comma needs "
                    "quotation marks around it",
                )
            elif row and line > 1:
                for number in expressions:
                    if fault := fault_of_expression(row[number], connection):
                        yield line, f"{columns[number]} is no expression that can be read: {fault}"
                for number in phrases:
                    if fault := fault_of_phrase(row[number]):
                        yield line, fault
            line = reader.line_num + 1
    except csv.Error as error:
        yield line, f"a quotation mark is not closed, or stands where none can ({error})"


def fault_of_expression(expression: str, connection: duckdb.DuckDBPyConnection) -> str | None:
    """Return what the engine says of a regular expression that it cannot read; nothing where it can."""
    try:
        connection.execute("select regexp_matches('', ?)", [expression])
    except duckdb.Error as error:
        return first_line(error).partition(": ")[2] or first_line(error)
    return None


def fault_of_phrase(phrase: str) -> str | None:
    """Return what is wrong with a phrase; nothing where it can be read. Alternatives may stand in alternatives."""
    left, shorter = "", phrase
    while left != shorter:
        left, shorter = shorter, ALTERNATIVES.sub("", shorter)
    if re.search("[{}]", left):
        return f"“{phrase}” has a curly bracket without its other"
    if phrase != phrase.lower() or re.search("['’]", phrase):
        return f"“{phrase}” never stands so: phrases are compared in small letters and without apostrophes"
    return None


def unknown_ids(paths: list[Path]) -> Iterator[tuple[Path, int, str]]:
    """Give each id of a seed that the seed of its things has not: a concept_id that is not in concepts."""
    rows = {path: list(numbered_rows(path)) for path in paths}
    ids = {
        THINGS[path.stem]: {row[THINGS[path.stem]] for _, row in lines}
        for path, lines in rows.items()
        if path.stem in THINGS
    }
    for path, lines in rows.items():
        for line, row in lines:
            named = [(name, row[name]) for name in row if name in ids and row[name]]
            for column in OF_CONCEPTS.get(path.stem, ()):
                named += [("concept_id", concept) for concept in re.split(r"[|+\s]+", row[column]) if concept]
            for name, value in named:
                if value not in ids.get(name, {value}):
                    yield path, line, f"{value} is no {name} that a seed has"


def phrases_of_two(paths: list[Path]) -> Iterator[tuple[Path, int, str]]:
    """Give each row that has a phrase of another concept's row, the first of such phrases."""
    for path in paths:
        if path.stem not in PHRASES:
            continue
        first: dict[str, tuple[int, str]] = {}
        for line, row in numbered_rows(path):
            concept = row["concept_id"]
            kept = {
                phrase: first.setdefault(phrase, (line, concept)) for phrase in written_out(row[PHRASES[path.stem]])
            }
            for phrase, (other_line, other) in kept.items():
                if other != concept:
                    said = f"“{phrase}” is a phrase of {concept} here and of {other} in line {other_line}"
                    yield path, line, f"{said}: take it from one of them"
                    break


def written_out(phrase: str) -> Iterator[str]:
    """Give the phrases that one with alternatives stands for, as int_concept_phrases does."""
    found = ALTERNATIVES.search(phrase)
    if not found:
        yield " ".join(phrase.split())
        return
    for alternative in found[0][1:-1].split("|"):
        yield from written_out(phrase[: found.start()] + alternative + phrase[found.end() :])


def numbered_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        for row in reader:
            yield reader.line_num, row


def columns_described(path: Path) -> list[str]:
    """Return the columns that a seed's YAML describes; none where it has no YAML yet."""
    described = path.with_suffix(".yml")
    if not described.is_file():
        return []
    (seed,) = yaml.safe_load(described.read_text(encoding="utf-8"))["seeds"]
    return [column["name"] for column in seed["columns"]]
