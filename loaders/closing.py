"""What a build says last, behind dbt's own lines: what was published where and what to do next, or why nothing was."""

from __future__ import annotations

import atexit
import contextlib
import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from loaders.files import printable
from loaders.settings import Settings

STARTED = time.monotonic()
MOST_SHOWN = 5
# Ends of what a library raised, behind the lines of a traceback.
RAISED = re.compile(r"^\s*(?:[\w.]+\.)?(\w+(?:Error|Exception|Exit|Interrupt)): (?=\S)", re.MULTILINE)
OUR_ERRORS = {"LandingError", "PublicationError", "OwnershipError", "SettingError", "LakeError"}

said: list[str] = []


def say_last(told: str) -> str:
    """Keep what is to be said at the end of this process, from what dbt's end tells as JSON (macros/publication.sql).

    Keys: message, published, document_count, rejected_count, failures; of each failure its name, kind, path, status,
    message, description, and the rows that a failing test found.
    """
    say()  # of an earlier build of this process
    atexit.unregister(say)
    atexit.register(say)
    read = json.loads(told)
    said[:] = closing_lines(read, time.monotonic() - STARTED)
    if read.get("published"):
        said.extend(what_next(read, Settings.from_environment()))
    return ""


def say() -> None:
    """Print what was kept."""
    if said:
        print("", *map(printable, said), sep="\n", flush=True)
        said.clear()


def closing_lines(told: dict[str, Any], seconds: float) -> list[str]:
    """Return the last lines of a build.

    Args:
        told: what dbt's end tells.
        seconds: how long it took.
    """
    lines = [f"{told['message']} ({duration(seconds)})"]
    failures = told.get("failures", [])
    for failure in failures[:MOST_SHOWN]:
        lines += of_failure(failure)
    if len(failures) > MOST_SHOWN:
        lines.append(f"  and {len(failures) - MOST_SHOWN} more: dbt's lines above name them")
    return lines


def what_next(told: dict[str, Any], settings: Settings) -> Iterator[str]:
    """Give what was read for a published file, and what a person can do with it now."""
    rejected = int(told["rejected_count"]) if told.get("rejected_count", "None") != "None" else 0
    if told.get("document_count", "None") != "None":
        yield f"Read {int(told['document_count']):,} documents of {settings.reports_path}" + (
            f"; {rejected:,} files are none that can be read: rejected_documents says why" if rejected else ""
        )
    workbook = settings.exports_path and settings.exports_path / f"{settings.warehouse_path.stem}.xlsx"
    steps = [f"open {workbook}"] if workbook else []
    python = Path(sys.executable)
    with contextlib.suppress(ValueError):  # as it is typed here
        python = python.relative_to(Path.cwd())
    yield "Next: " + "; ".join([*steps, f"{python} -m loaders status", f"{python} -m website, for the site"])


def duration(seconds: float) -> str:
    whole = round(seconds)
    minutes = "1 minute" if whole // 60 == 1 else f"{whole // 60} minutes"
    return f"{whole} seconds" if whole < 100 else f"{minutes} {whole % 60} seconds"


def of_failure(failure: dict[str, Any]) -> Iterator[str]:
    """Give what a person needs to know of a failure: what, where, and the rows that a test found."""
    where = f"{failure['kind'].replace('_', ' ')} {failure['name']}, {Path(failure['path']).as_posix()}"
    if failure["kind"] == "test" and failure["status"] == "fail":
        yield f"  {' '.join((failure.get('description') or '').split()) or 'it found rows'} ({where})"
        for row in failure.get("rows", []):
            yield "    " + "; ".join(f"{name}: {value}" for name, value in row.items() if value is not None)
    elif failure["kind"] == "unit_test":
        yield f"  {where}: the model gives other rows than the test expects; dbt's lines above show both"
    elif failure["kind"] == "operation":
        yield f"  {reason(failure['message'])}"
    else:
        yield f"  {reason(failure['message'])}" + ("" if is_ours(failure["message"]) else f" ({where})")


def reason(message: str) -> str:
    """Return what an error says in a line, without traceback, stack of macros and repetition."""
    raised = list(RAISED.finditer(message))
    text = message[raised[-1].end() :] if raised else message
    kept = []
    for line in text.splitlines():
        words = line.strip()
        is_heading = re.fullmatch(r"\w+ Error in [\w ]+ \(.*\)", words)
        if words.startswith(("> in macro", "> called by", "compiled code at", "LINE ", "^")):
            break
        if words and not is_heading:
            kept.append(words)
    return " ".join(kept) or "it failed, and does not say why"


def is_ours(message: str) -> bool:
    """Say whether an error is one of ours, whose words are whole."""
    raised = RAISED.findall(message)
    return bool(raised) and raised[-1] in OUR_ERRORS
