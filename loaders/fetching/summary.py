"""What a fetch did, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from loaders.fetching.known import kind_of
from loaders.fetching.manifest import Publication
from loaders.files import printable

SHOWN = 10  # of a list; the rest is counted


@dataclass
class Summary:
    """What came of a fetch.

    new: what was fetched, or would be. adopted: what was in the folder already. warnings: what a person should see to.
    found, known: how many of the authorities that stand today the site lists. stopped: why it could not go on.
    """

    new: list[Publication] = field(default_factory=list)
    adopted: list[Publication] = field(default_factory=list)
    gone: list[Publication] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    asked: int = 0  # providers
    found: int = 0
    known: int = 0
    requests: int = 0
    bytes: int = 0
    stopped: str | None = None
    is_dry: bool = False

    def lines(self) -> Iterator[str]:
        """Say what was done, behind what was the matter."""
        if self.stopped:
            yield f"STOPPED: {printable(self.stopped)}"
        for warning in self.warnings:
            yield f"WARNING: {printable(warning)}"
        if self.is_dry:
            yield from listed([described(row) for row in self.new])
        said = [f"would fetch {self.counted()}" if self.is_dry and self.new else self.counted()]
        if self.adopted:
            said.append(f"{counted(len(self.adopted), 'file')} of the folder adopted")
        if self.gone:
            said.append(f"{counted(len(self.gone), 'publication')} not to be had (publications says why)")
        if self.unanswered:
            said.append(f"{counted(len(self.unanswered), 'page or file', 'pages or files')} did not answer")
        if self.found or not self.stopped:
            said.append(f"{self.found} of {self.known} authorities found")
        yield "; ".join(said)
        yield f"{counted(self.requests, 'request')}, {self.bytes / 1e6:,.1f} MB"

    def counted(self) -> str:
        """Say what is new: “3 new inspections, 1 letter”."""
        counts: Counter[tuple[str, str]] = Counter()
        for publication in self.new:
            kind = kind_of(publication.kind)
            counts[kind.counted_as, kind.counted_as_many] += 1
        parts = [counted(number, *words) for words, number in sorted(counts.items())]
        if not parts:  # there may be something new all the same, where the site was not asked to its end
            return "nothing fetched" if self.stopped or self.unanswered else "nothing new"
        first, _, rest = parts[0].partition(" ")
        return ", ".join([f"{first} new {rest}", *parts[1:]])


def counted(number: int, one: str, several: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"


def listed(lines: list[str]) -> Iterator[str]:
    yield from (f"  {printable(line)}" for line in lines[:SHOWN])
    if len(lines) > SHOWN:
        yield f"  and {len(lines) - SHOWN:,} more"


def named(names: list[str]) -> str:
    """Write a list in a sentence, its end counted where it is long."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def described(publication: Publication) -> str:
    return f"{publication.provider}, {publication.kind}, {publication.published_on or 'no date'}, {publication.url}"
