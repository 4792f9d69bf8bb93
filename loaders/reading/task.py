"""What a landing and its parsing process tell each other."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Task:
    """What a landing asks of the parsing process.

    reports, cache: the folders. names: the files to open, relative to reports.
    known: the contents (sha256) that are in the cache. processes: how many read at once.
    seconds, megabytes: what one document may take; 0 for no limit.
    gate: whether what is new is checked before it is let in. page: where to write what the check found.
    cluster: the Dask scheduler whose workers read the files; none for processes of this machine.
    """

    reports: str
    cache: str
    names: list[str]
    known: list[str] = field(default_factory=list)
    processes: int = 1
    seconds: float = 120
    megabytes: int = 2048
    gate: bool = True
    page: str | None = None
    cluster: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a file: its content, now in the cache; or no content, and the reason."""

    name: str
    byte_size: int | None = None
    mtime_ns: int | None = None
    sha256: str | None = None
    reason: str | None = None
    was_parsed: bool = False
