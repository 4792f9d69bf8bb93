"""What an analyst knows and a fetch needs, from the seeds: authorities by URN, and kinds of publications."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from loaders.errors import FetchError

SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "documents"
UNKNOWN_KIND = "other"


@dataclass(frozen=True)
class Kind:
    """A kind of publication: a row of the seed publication_kinds."""

    kind_id: str
    words: str
    counted_as: str
    counted_as_many: str
    is_fetched: bool


OTHER = Kind(UNKNOWN_KIND, "", "other publication", "other publications", True)


def rows_of(seed: str) -> list[dict[str, str]]:
    try:
        with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except FileNotFoundError:
        raise FetchError(f"seeds/documents/{seed}.csv is not there: run this in a clone of the project") from None


@cache
def kinds() -> tuple[Kind, ...]:
    return tuple(
        Kind(
            row["kind_id"], row["words"].lower(), row["counted_as"], row["counted_as_many"], row["is_fetched"] == "true"
        )
        for row in rows_of("publication_kinds")
    )


def kind_of(printed: str) -> Kind:
    """Return the kind that a listing's words name."""
    said = printed.lower().replace("’", "'")
    return max((kind for kind in kinds() if kind.words in said), key=lambda kind: len(kind.words), default=OTHER)


def kind_ids() -> list[str]:
    return [*dict.fromkeys(kind.kind_id for kind in kinds()), UNKNOWN_KIND]


@cache
def names_by_urn() -> dict[str, str]:
    """Return the authorities that stand today, by their URN."""
    rows = rows_of("authorities")
    return {row["ofsted_urn"]: row["authority_name"] for row in rows if row["ofsted_urn"] and not row["abolished_on"]}


def urns_asked_for(asked: list[str], listed: dict[str, str]) -> set[str]:
    """Return the URNs that names, ONS codes or URNs ask for.

    Args:
        asked: as typed.
        listed: the names of the listed providers, by URN.

    Raises:
        FetchError: one of them is nobody's, or several authorities'.
    """
    known = [
        (row["ofsted_urn"], {row["authority_id"], row["authority_name"], row["ofsted_urn"]})
        for row in rows_of("authorities")
    ]
    names = [*known, *((urn, {urn, name}) for urn, name in listed.items())]
    found = set()
    for word in asked:
        exact = {urn for urn, forms in names if urn and word.casefold() in {form.casefold() for form in forms}}
        alike = {urn for urn, forms in names if urn and any(word.casefold() in form.casefold() for form in forms)}
        matching = exact or alike
        if len(matching) != 1:
            which = "several authorities" if matching else "no authority that is known"
            raise FetchError(f"--authority {word!r} names {which}: give its name, its ONS code or its URN")
        found |= matching
    return found
