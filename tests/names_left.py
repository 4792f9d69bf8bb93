"""Looks for names that must not be left: ``python tests/names_left.py people.csv warehouse.duckdb exports site …``.

The first file lists people, one or more in a cell (parted by ; or |) of any of its columns, ``file_name`` apart. In
every text of the others (relations of a DuckDB file, Parquet, workbooks, any file of text, folders of these) none of
them may stand, in full or by title and surname, and no first name behind "Dear".
"""

from __future__ import annotations

import csv
import html
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

TITLES = r"(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Professor|Prof|Cllr|Councillor)"
HONOURS = r"(?:HMI|[OMC]BE|QPM|QC|KC)"


def read_people(path: Path) -> set[str]:
    """Return the names that a file lists, without titles and honours."""
    with path.open(newline="", encoding="utf-8") as lines:
        cells = [
            cell for row in csv.DictReader(lines) for column, cell in row.items() if column != "file_name" and cell
        ]
    names = (name.strip() for cell in cells for name in re.split(r"[;|]", cell))
    return {re.sub(rf"^{TITLES}\.?\s+|(\s+{HONOURS})+$", "", name) for name in names if name}


def patterns(people: Iterable[str]) -> dict[str, re.Pattern[str]]:
    """Return what finds these people, whatever a page has made of their hyphens, apostrophes and line ends."""

    def spelled(name: str) -> str:
        mended = {"-": r"[-‐‑\ufffe\u00ad]?\s*", "'": "['’‘]?", "’": "['’‘]?", " ": r"\s+"}
        return "".join(mended.get(character) or re.escape(character) + "[\ufffe\u00ad]?" for character in name)

    def any_of(names: Iterable[str]) -> str:
        return "|".join(sorted(map(spelled, names), key=lambda name: (-len(name), name)))

    people = set(people)
    return {
        "in full": re.compile(rf"(?<!\w)(?:{any_of(people)})(?!\w)", re.IGNORECASE),
        "by title": re.compile(rf"\b{TITLES}\.?\s+(?:{any_of(name.split()[-1] for name in people)})(?!\w)"),
        "addressed": re.compile(rf"\bDear\s+(?:{any_of(name.split()[0] for name in people)})(?!\w)"),
    }


def texts(path: Path) -> Iterator[tuple[str, str]]:
    """Give each text of a file or folder, with its place."""
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file():
                yield "names of files", file.relative_to(path).as_posix()
                yield from texts(file)
    elif path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            columns = connection.execute(
                """
                select schema_name, table_name, column_name from duckdb_columns()
                where database_name = current_database() and not internal and data_type = 'VARCHAR'
                order by all
                """
            ).fetchall()
            for schema, table, column in columns:
                for (text,) in connection.execute(
                    f'select distinct "{column}" from "{schema}"."{table}" where "{column}" is not null'
                ).fetchall():
                    yield f"{path.name} {schema}.{table}.{column}", text
    elif path.suffix == ".parquet":
        relation = duckdb.read_parquet(str(path))
        for column, kind in zip(relation.columns, relation.types, strict=True):
            if str(kind) == "VARCHAR":
                for (text,) in relation.project(f'"{column}"').distinct().fetchall():
                    yield f"{path.name} {column}", text or ""
    elif path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as workbook:
            for name in workbook.namelist():
                yield f"{path.name} {name}", html.unescape(workbook.read(name).decode("utf-8", "replace"))
    else:
        yield path.name, html.unescape(path.read_bytes().decode("utf-8", "replace"))


def names_left(people: Iterable[str], places: Iterable[Path]) -> Counter[tuple[str, str]]:
    """Count the texts that name one of these people, by place and by how they do."""
    found: Counter[tuple[str, str]] = Counter()
    looked_for = patterns(people)
    for path in places:
        for place, text in texts(path):
            found.update((place, how) for how, pattern in looked_for.items() if pattern.search(text))
    return found


def main(arguments: list[str]) -> int:
    people_file, *places = map(Path, arguments)
    people = read_people(people_file)
    found = names_left(people, places)
    for (place, how), count in sorted(found.items()):
        print(f"{place}: {count} texts name someone {how}")
    print(f"{len(people)} people, {sum(found.values())} texts in {len(places)} places that name one of them")
    return int(bool(found))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
