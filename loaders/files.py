"""The files of a folder: which of them count as documents, and what each was when it was listed."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from loaders.errors import LandingError

SYSTEM_NAMES = {"thumbs.db", "desktop.ini", "__macosx"}
SYSTEM_PREFIXES = (".", "~$")
SYSTEM_ENDINGS = (".tmp", ".part", ".crdownload")
# What is known of the folder's documents, beside them; one that was damaged bears a time in its name.
MANIFEST = "publications.jsonl"
MANIFESTS = re.compile(r"publications(?:\.damaged-[0-9TZ]+)?\.jsonl")


@dataclass(frozen=True)
class File:
    """A listed file.

    name: relative to the folder, with forward slashes; bytes that are no text stand as surrogates.
    byte_size, mtime_ns: as listed; None where the file cannot be opened, for the reason that is then given.
    """

    name: str
    byte_size: int | None = None
    mtime_ns: int | None = None
    reason: str | None = None


def list_files(folder: Path) -> list[File]:
    """List a folder and its subfolders, by name; hidden, temporary and system files and manifests are passed over.

    Links are followed, to files and to folders; each real folder is listed once, so links that go in circles end.

    Raises:
        LandingError: the folder is not there, is no folder, or cannot be listed.
    """
    shown = printable(str(folder))
    try:
        if not stat.S_ISDIR(folder.stat().st_mode):
            raise LandingError(f"{shown} is not a folder: set REPORTS_PATH to the folder that holds the reports")
        os.listdir(folder)
    except FileNotFoundError:
        raise LandingError(
            f"the folder {shown} is not there: set REPORTS_PATH to the folder that holds the reports (is it mounted?)"
        ) from None
    except OSError as error:
        raise LandingError(f"the folder {shown} cannot be listed: {error.strerror}") from None
    return sorted(walk(folder), key=lambda file: file.name)


def walk(folder: Path) -> Iterator[File]:
    """Give the files of a folder in no certain order; a subfolder that cannot be listed is given with the reason."""
    closed: list[File] = []

    def note(error: OSError) -> None:
        reason = f"this folder cannot be listed: {error.strerror}"
        closed.append(File(relative(error.filename, folder) + "/", reason=reason))

    visited = {os.path.realpath(folder)}
    for parent, subfolders, names in os.walk(folder, followlinks=True, onerror=note):
        kept = []
        # real folders before links, so that a file goes by its own name and not by a link's
        for name in sorted(subfolders, key=lambda name: (os.path.islink(os.path.join(parent, name)), name)):
            real = os.path.realpath(os.path.join(parent, name))
            if not is_system_name(name) and real not in visited:
                visited.add(real)
                kept.append(name)
        subfolders[:] = kept
        for name in names:
            if not is_system_name(name):
                path = os.path.join(parent, name)
                yield look_at(path, relative(path, folder))
    yield from closed


def relative(path: str, folder: Path) -> str:
    return os.path.relpath(path, folder).replace(os.sep, "/")


def is_system_name(name: str) -> bool:
    """Say whether a name is hidden, temporary, the system's own, or a fetch's manifest."""
    lower = name.lower()
    is_manifest = bool(MANIFESTS.fullmatch(name))
    return is_manifest or lower in SYSTEM_NAMES or lower.startswith(SYSTEM_PREFIXES) or lower.endswith(SYSTEM_ENDINGS)


def look_at(path: str, name: str) -> File:
    """Note a file's size and time, or why it cannot be opened."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return File(name, reason="its name is not valid text; rename it")
    try:
        status = os.stat(path)
    except OSError as error:
        return File(name, reason=explain(error))
    if not stat.S_ISREG(status.st_mode):
        return File(name, reason="not a file that can be read (a device, a pipe or a socket)")
    return File(name, status.st_size, status.st_mtime_ns)


def explain(error: OSError) -> str:
    """Say why a file could not be opened or read."""
    if isinstance(error, PermissionError):
        return "no permission to read it"
    if isinstance(error, FileNotFoundError):
        return "it is gone, or is a link to nothing"
    return f"it cannot be read: {error.strerror or error}"


def printable(text: str) -> str:
    """Write text so that a terminal shows it and obeys nothing in it; undecodable bytes and controls as ``\\x..``."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in readable(text))


def first_line(error: BaseException) -> str:
    """Say in a line what an error says; its kind, where it says nothing."""
    lines = str(error).strip().splitlines()
    return printable(lines[0]) if lines else type(error).__name__


def readable(name: str) -> str:
    """Write a file name as text: bytes that are none (surrogates from the file system) as ``\\x..``."""
    return os.fsencode(name).decode("utf-8", "backslashreplace") if has_surrogates(name) else name


def has_surrogates(name: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in name)
