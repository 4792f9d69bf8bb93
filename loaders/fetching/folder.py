"""The folder that a fetch fills: what is in it, by name, by content, and by the ids that names hold."""

from __future__ import annotations

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from loaders.errors import FetchError, LandingError
from loaders.fetching.manifest import Publication
from loaders.files import list_files, printable
from loaders.settings import EXAMPLES
from loaders.storage import Place

PARTIAL = ".fetching.part"  # hidden, so that no build takes it for a document
LOCK = ".fetching.lock"
UNSAFE = re.compile(r"[^0-9A-Za-z_-]+")
START, END, LOOKED_AT = b"%PDF-", b"%%EOF", 4096


class Folder:
    """The files of a folder, listed once and kept up to what a fetch adds."""

    def __init__(self, path: Path) -> None:
        self.path = path
        listed = list_files(path) if path.is_dir() else []
        self.sizes = {file.name: file.byte_size or 0 for file in listed if file.reason is None}
        self._by_size: dict[int, list[str]] = defaultdict(list)
        self._by_word: dict[str, list[str]] = defaultdict(list)
        self._hashes: dict[str, str] = {}
        for name, size in self.sizes.items():
            self._by_size[size].append(name)
            for word in set(re.split(r"[^0-9A-Za-z]+", Path(name).stem)):
                self._by_word[word].append(name)

    def sha256(self, name: str) -> str:
        if name not in self._hashes:
            with (self.path / name).open("rb") as file:
                self._hashes[name] = hashlib.file_digest(file, "sha256").hexdigest()
        return self._hashes[name]

    def of_content(self, size: int | None, sha256: str | None) -> str | None:
        """Return the name of a file with this content, the smallest; only files of its size are read."""
        names = sorted(self._by_size.get(size or 0, []))
        return next((name for name in names if self.sha256(name) == sha256), None)

    def named_by(self, publication: Publication) -> str | None:
        """Return the PDF whose name holds a publication's id; none where several with other contents do."""
        if publication.id == publication.urn:
            return None
        names = [name for name in self._by_word.get(publication.id, []) if why_no_report(self.path / name) is None]
        return min(names) if len({self.sha256(name) for name in names}) == 1 else None

    def take(self, partial: Path, publication: Publication, kind_id: str, sha256: str) -> str:
        """Give what was fetched its name; where its content is there already, that file stands for it.

        Raises:
            OSError: the folder cannot be written.
        """
        size = partial.stat().st_size
        if there := self.of_content(size, sha256):
            partial.unlink()
            return there
        name = free_name(self.path, publication, kind_id)
        os.replace(partial, self.path / name)
        self.sizes[name] = size
        self._by_size[size].append(name)
        self._hashes[name] = sha256
        return name


def free_name(folder: Path, publication: Publication, kind_id: str) -> str:
    """Return a name for a publication that every system allows, and that no other file has."""
    parts = (publication.urn, kind_id, publication.published_on or "undated", publication.id)
    stem = "-".join(UNSAFE.sub("-", part).strip("-") or "none" for part in parts)
    names = (f"{stem}{f'_{number}' if number > 1 else ''}.pdf" for number in range(1, 1000))
    return next(name for name in names if not (folder / name).exists())


def why_no_report(path: Path) -> str | None:
    """Say why a file is no whole PDF; nothing where it is one."""
    try:
        with path.open("rb") as file:
            start = file.read(1024)
            file.seek(max(0, os.fstat(file.fileno()).st_size - LOOKED_AT))
            end = file.read()
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    if START not in start:
        return "it is no PDF"
    return None if END in end else "it is cut short: its end is missing"


def prepare(where: Place) -> Path:
    """Return the folder to fill, made where it is not there.

    Raises:
        FetchError: it is a bucket, the project's examples, or cannot be made.
    """
    if not isinstance(where, Path):
        raise FetchError(f"{where} is a bucket: fetch into a folder of this machine, and copy that to the bucket")
    shown = printable(str(where))
    if os.path.realpath(where) == os.path.realpath(EXAMPLES):
        raise FetchError(f"{shown} holds the example reports: set REPORTS_PATH to a folder of your own")
    if where.exists() and not where.is_dir():
        raise FetchError(f"{shown} is not a folder: set REPORTS_PATH to the folder that is to hold the reports")
    return where


@contextmanager
def locked(path: Path) -> Iterator[Folder]:
    """Hold a folder for one fetch alone, and clear away what a killed one left.

    Raises:
        FetchError: another fetch holds it, or it cannot be listed.
        OSError: it cannot be made, or written.
    """
    path.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path / LOCK)
    try:
        with lock.acquire(timeout=0):
            (path / PARTIAL).unlink(missing_ok=True)
            yield Folder(path)
    except Timeout:
        raise FetchError(f"another fetch is at work in {printable(str(path))}: let it finish") from None
    except LandingError as error:
        raise FetchError(str(error)) from None
