"""The manifest: a line of JSON for each thing that a fetch came to know, beside the documents (publications.jsonl).

Lines are only ever added; of several with the same key the last one stands. So a fetch that is killed leaves every
line but perhaps its last, and a spreadsheet cannot reword dates and hashes. Each ends with a checksum of itself, so a
line that was damaged is known, and costs itself alone.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_type_hints

from loaders import storage
from loaders.errors import FetchError
from loaders.files import MANIFEST, first_line, printable

FETCHED, WAITING, GONE, NO_REPORT, REFUSED = STATES = ("fetched", "waiting", "gone", "not a report", "refused")
KEPT_DAYS = 90  # requests that brought nothing new
LEAST_COMPACTED = 1_000_000  # bytes: a shorter file is not written anew


@dataclass(frozen=True)
class Publication:
    """A file that the site lists under a provider.

    urn, id: its key. provider, kind: as listed. state: one of STATES; reason: why it is not fetched.
    status, content_type, bytes, sha256, file_name: of the file, its name relative to the folder with forward slashes.
    published_on, first_seen, last_seen: days, YYYY-MM-DD; last_seen only where it is no longer listed.
    asked_at, fetched_at: moments, UTC; neither where a file was adopted.
    """

    urn: str
    id: str
    provider: str
    kind: str
    url: str
    first_seen: str
    state: str = WAITING
    published_on: str | None = None
    last_seen: str | None = None
    reason: str | None = None
    asked_at: str | None = None
    fetched_at: str | None = None
    status: int | None = None
    content_type: str | None = None
    bytes: int | None = None
    sha256: str | None = None
    file_name: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.urn, self.id


@dataclass(frozen=True)
class Provider:
    """A provider's page: when it last answered, how many publications it gave, what tells whether it is the same."""

    urn: str
    name: str
    first_seen: str
    asked_at: str | None = None
    publications: int = 0
    etag: str | None = None
    last_modified: str | None = None
    gone_on: str | None = None

    @property
    def key(self) -> str:
        return self.urn


@dataclass(frozen=True)
class Listing:
    """The listing of providers: when it was read, and whom it names."""

    asked_at: str
    urns: str  # with blanks between

    @property
    def key(self) -> str:
        return ""


@dataclass(frozen=True)
class Robots:
    """A host's robots.txt."""

    host: str
    asked_at: str
    text: str

    @property
    def key(self) -> str:
        return self.host


@dataclass(frozen=True)
class Attempt:
    """A request: of what, of which address, and what came of it.

    what: robots, listing, provider or file. outcome: ok, the same as before, or why it brought nothing.
    """

    at: str
    what: str
    url: str
    outcome: str
    status: int | None = None
    bytes: int = 0
    seconds: float = 0.0


KINDS: dict[str, type] = {
    "publication": Publication,
    "provider": Provider,
    "listing": Listing,
    "robots": Robots,
    "attempt": Attempt,
}
NAMES = {kind: name for name, kind in KINDS.items()}
HINTS = {kind: get_type_hints(kind) for kind in KINDS.values()}
CHECKED = re.compile(rb'(\{.*), "check": "([0-9a-f]{8})"\}', re.DOTALL)
DAYS = ("published_on", "first_seen", "last_seen", "gone_on")
MOMENTS = ("asked_at", "fetched_at", "at")
UNCHANGED = "the same as before"


@dataclass
class Manifest:
    """What the lines of a manifest say.

    damaged: a sentence for each line that cannot be read. is_kept: whether what is added is written.
    size: of the file in bytes; whole_size: of its lines that were ended.
    """

    where: storage.Place
    publications: dict[tuple[str, str], Publication] = field(default_factory=dict)
    providers: dict[str, Provider] = field(default_factory=dict)
    listings: dict[str, Listing] = field(default_factory=dict)
    robots: dict[str, Robots] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    size: int = 0
    whole_size: int = 0
    is_kept: bool = True

    def take(self, row: Any) -> None:
        """Let a row stand for those before it with the same key."""
        if isinstance(row, Attempt):
            self.attempts.append(row)
        elif isinstance(row, Publication):
            self.publications[row.key] = row
        elif isinstance(row, Provider):
            self.providers[row.key] = row
        elif isinstance(row, Robots):
            self.robots[row.key] = row
        else:
            self.listings[row.key] = row

    def add(self, row: Any) -> None:
        """Add a row; when this returns, it is on the disk.

        Raises:
            OSError: the disk is full, or the folder cannot be written.
        """
        if not self.is_kept:
            return self.take(row)
        assert isinstance(self.where, Path)
        with self.where.open("r+b" if self.where.exists() else "wb") as file:
            file.truncate(self.whole_size)  # a line that was begun and not ended is none
            file.seek(self.whole_size)
            file.write(line_of(row))
            file.flush()
            os.fsync(file.fileno())
            self.size = self.whole_size = file.tell()
        self.take(row)

    def rewrite(self) -> None:
        """Write only the rows that stand, and of requests that brought nothing new the last of KEPT_DAYS."""
        assert isinstance(self.where, Path)
        content = self._standing()
        storage.write(self.where, content)
        self.size = self.whole_size = len(content)

    def _standing(self) -> bytes:
        oldest = (datetime.now(UTC) - timedelta(days=KEPT_DAYS)).isoformat()
        self.attempts = [row for row in self.attempts if row.outcome != UNCHANGED or row.at >= oldest]
        standing = (self.listings, self.robots, self.providers, self.publications)
        return b"".join(map(line_of, [*(row for rows in standing for row in rows.values()), *self.attempts]))

    def rewrite_if_long(self) -> None:
        """Write it anew where much of it no longer stands."""
        if self.is_kept and self.size > LEAST_COMPACTED and self.size > 1.5 * len(self._standing()):
            self.rewrite()


def manifest_path(folder: storage.Place) -> storage.Place:
    return folder / MANIFEST


def read_manifest(folder: storage.Place) -> Manifest | None:
    """Read a folder's manifest; none where there is none. What cannot be read of it is named, and all else read.

    Raises:
        OSError: it is there, and cannot be opened.
    """
    where = manifest_path(folder)
    try:
        content = where.read_bytes()
    except FileNotFoundError:
        return None
    manifest = Manifest(where, size=len(content))
    lines = content.split(b"\n")
    manifest.whole_size = len(content) - len(lines[-1])
    for number, line in enumerate(lines[:-1], 1):
        if line.strip():
            try:
                manifest.take(row_of(line))
            except (ValueError, TypeError, KeyError, RecursionError) as error:
                manifest.damaged.append(f"line {number}: {first_line(error)}")
    return manifest


def line_of(row: Any) -> bytes:
    values = {name: value for name, value in dataclasses.asdict(row).items() if value is not None}
    body = json.dumps({"row": NAMES[type(row)], **values}, ensure_ascii=False).encode("utf-8", "replace")
    return body[:-1] + b', "check": "%08x"}\n' % zlib.crc32(body)


def row_of(line: bytes) -> Any:
    """Read a line.

    Raises:
        ValueError, TypeError, KeyError: it is no row of a manifest.
    """
    whole = CHECKED.fullmatch(line.removeprefix(b"\xef\xbb\xbf").rstrip())
    if not whole or zlib.crc32(whole[1] + b"}") != int(whole[2], 16):
        raise ValueError("it is not as it was written")
    values = json.loads(whole[1] + b"}")
    if not isinstance(values, dict):
        raise ValueError("no row of a manifest")
    kind = KINDS[values.pop("row")]
    known = {name: value for name, value in values.items() if name in HINTS[kind]}  # a newer version's may have more
    for name, value in known.items():
        if not isinstance(value, HINTS[kind][name]) or isinstance(value, bool):
            raise ValueError(f"{name} is {printable(repr(value))[:60]}")
        if name in DAYS:
            date.fromisoformat(value)
        if name in MOMENTS:
            datetime.fromisoformat(value)
    row = kind(**known)
    if isinstance(row, Publication) and (row.state not in STATES or (row.state == FETCHED and not row.sha256)):
        raise ValueError(f"the state of {row.id} is {printable(row.state)}")
    return row


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def days_since(moment: str | None) -> float:
    """Return how many days ago a moment was; without one, for ever."""
    if moment is None:
        return float("inf")
    found = datetime.fromisoformat(moment)
    return (datetime.now(UTC) - (found if found.tzinfo else found.replace(tzinfo=UTC))).total_seconds() / 86400


def set_damage_aside(manifest: Manifest) -> Path:
    """Keep a damaged manifest under another name, and write what can be read of it.

    Every page is then read again, as what was lost of it is not known. Returns the damaged one's new name.
    Raises OSError.
    """
    assert isinstance(manifest.where, Path)
    aside = manifest.where.with_name(f"publications.damaged-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.jsonl")
    storage.write(aside, manifest.where.read_bytes())
    for urn, provider in manifest.providers.items():
        manifest.providers[urn] = dataclasses.replace(provider, etag=None, last_modified=None, publications=0)
    manifest.rewrite()
    manifest.damaged.clear()
    return aside


def standing(manifest: Manifest) -> Iterator[Publication]:
    """Give the publications, by key."""
    for _, publication in sorted(manifest.publications.items()):
        yield publication


def open_manifest(folder: storage.Place) -> Manifest:
    """Read a folder's manifest to add to it.

    Raises:
        FetchError: the folder is a bucket.
    """
    if not isinstance(folder, Path):
        raise FetchError(f"{folder} is a bucket: fetch into a folder, and copy that to the bucket")
    return read_manifest(folder) or Manifest(manifest_path(folder))
