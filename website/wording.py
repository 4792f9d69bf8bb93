"""How the site words numbers, dates and periods."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date
from functools import cache

from website.warehouse import Row

QUALIFIERS = {
    "approximate": "about {}",
    "less_than": "fewer than {}",
    "at_most": "at most {}",
    "more_than": "more than {}",
    "at_least": "at least {}",
}
CHANGES = ("improved", "same", "declined")


def humanise(identifier: str | None) -> str:
    """An identifier of the warehouse in words: two_values_in_a_document is Two values in a document."""
    words = (identifier or "").replace("_", " ")
    return words[:1].upper() + words[1:]


def capital(text: str | None) -> str:
    return (text or "")[:1].upper() + (text or "")[1:]


def number(value: float | None, digits: int = 2) -> str:
    """A number as people write it: thousands parted, no zeros that say nothing."""
    if value is None:
        return "–"
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def measure(value: float | None, unit: str | None, digits: int = 2) -> str:
    """A number with the short form of its unit."""
    text = number(value, digits)
    if value is None:
        return text
    if unit == "gbp":
        return f"£{text}"
    return text + {"percent": "%", "weeks": " weeks", "days": " days"}.get(unit or "", "")


def tick(value: float, unit: str | None) -> str:
    """A number beside a chart's point or scale; weeks and days stand in the chart's title."""
    return measure(value, unit if unit in ("percent", "gbp") else None, 1 if abs(value) >= 1 else 2)


def stated(row: Row, unit: str | None) -> str:
    """A stated value with its qualifier."""
    return QUALIFIERS.get(row["qualifier"] or "", "{}").format(measure(row["value"], unit))


def day(value: date | None) -> str:
    return "" if value is None else f"{value.day} {value:%B %Y}"


def full_month(value: date | None) -> str:
    return "" if value is None else f"{value:%B %Y}"


def short_day(value: date | None) -> str:
    return "" if value is None else f"{value:%b %Y}"


def days(start: date | None, end: date | None) -> str:
    """A span of days without saying month and year twice."""
    if start is None or end is None or start == end:
        return day(end or start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day} to {day(end)}"
    if start.year == end.year:
        return f"{start.day} {start:%B} to {day(end)}"
    return f"{day(start)} to {day(end)}"


def period(row: Row) -> str:
    """What a value's period is, in words."""
    kind, end = row["period_kind"], row["period_end"]
    if end is None:
        return {"since_last_inspection": "since the last inspection"}.get(kind, "period as worded")
    prefix = {
        "at": "at",
        "year": "year to",
        "last_12_months": "12 months to",
        "since_last_inspection": "since the last inspection, to",
        "inspection": "at the inspection,",
    }.get(kind, "to")
    return f"{prefix} {day(end)}"


def plural(count: int, word: str, many: str | None = None) -> str:
    return f"{count:,} {word if count == 1 else many or word + 's'}"


def listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else list(words))


def excerpt(text: str | None, length: int = 280) -> str:
    """The start of a text, cut between words."""
    text = " ".join((text or "").split())
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0].rstrip(",;:") + " …"


@cache
def stem(identifier: str) -> str:
    """The name of a page's file: the identifier, or its hash where it would not do in a file name or URL."""
    if re.fullmatch(r"[A-Za-z0-9_-]{1,80}", identifier):
        return identifier
    return hashlib.sha256(identifier.encode()).hexdigest()[:16]


@cache
def css_class(words: str | None) -> str:
    return re.sub(r"[^a-z0-9]+", "-", (words or "none").lower()).strip("-")
