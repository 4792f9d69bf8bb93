"""A map of England by tiles, one an authority: coloured by grade, or by where its value of a figure lies."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from website import wording
from website.charts import Grade, Key
from website.warehouse import Row

BANDS = 5


@dataclass(frozen=True)
class Tile:
    """A place on the map: its letters, a sign below them, the whole in words; linked where the authority has a page."""

    column: int
    row: int
    label: str
    mark: str
    sign: str
    words: str
    authority_id: str | None


@dataclass(frozen=True)
class TileMap:
    title: str
    tiles: Sequence[Tile]
    keys: Sequence[Key]


LEFT_BEHIND = Key("left-behind", "not given any more: the last grade in brackets")


def grade_tiles(
    title: str, authorities: Sequence[Row], column: str, status: str, scale: Sequence[Grade]
) -> TileMap | None:
    """Each authority by its newest grade of an area; None where no authority has one.

    A grade that the newest inspection does not give any more has no colour: it is not how things are now.
    """
    by_name = {grade.name: grade for grade in scale}

    def is_left_behind(row: Row) -> bool:
        return row.get(status) == "not given"

    def shown(row: Row) -> tuple[str, str, str] | None:
        grade = by_name.get(row.get(column) or "")
        if grade and is_left_behind(row):
            return LEFT_BEHIND.mark, f"({grade.letter})", f"{grade.name} when it was given last; not given any more"
        return (grade.key.mark, grade.letter, grade.name) if grade else None

    present = {row.get(column) for row in authorities if not is_left_behind(row)}
    keys = [grade.key for grade in scale if grade.name in present]
    return _map(title, authorities, shown, [*keys, LEFT_BEHIND] if any(map(is_left_behind, authorities)) else keys)


def value_tiles(title: str, authorities: Sequence[Row], values: Mapping[str, Row], unit: str | None) -> TileMap | None:
    """Each authority by the fifth of all in which its value lies; None where fewer have one than there are fifths."""
    ordered = sorted(row["value"] for row in values.values())
    if len(ordered) < BANDS:
        return None
    limits = [ordered[len(ordered) * band // BANDS - 1] for band in range(1, BANDS + 1)]

    def shown(row: Row) -> tuple[str, str, str] | None:
        value = values.get(row["authority_id"])
        if value is None:
            return None
        band = bisect_left(limits, value["value"]) + 1
        return f"band-{band}", str(band), f"{wording.stated(value, unit)} in {value['year_id']}"

    keys, low = [], ordered[0]
    for band, limit in enumerate(limits, 1):
        if band == 1 or limit > limits[band - 2]:
            keys.append(Key(f"band-{band}", f"{band}  to {wording.measure(limit, unit, 1)}"))
    keys[0] = Key(keys[0].mark, f"1  {wording.measure(low, unit, 1)} to {wording.measure(limits[0], unit, 1)}")
    return _map(title, authorities, shown, keys)


def _map(
    title: str, authorities: Sequence[Row], shown: Callable[[Row], tuple[str, str, str] | None], keys: Sequence[Key]
) -> TileMap | None:
    """The map of what is shown of each: the class of its colour, its sign and its words."""
    tiles, is_empty = [], True
    for row in authorities:
        if row["tile_column"] is None or row["tile_row"] is None:
            continue
        found = shown(row)
        is_empty = is_empty and found is None
        mark, sign, words = found or ("no-tile", "", "nothing here")
        label = row["tile_label"] or row["authority_name"][:3]
        page = row["authority_id"] if row["document_count"] else None
        tiles.append(
            Tile(row["tile_column"], row["tile_row"], label, mark, sign, f"{row['authority_name']}: {words}", page)
        )
    return None if is_empty else TileMap(title, tiles, [*keys, Key("no-tile", "nothing here")])
