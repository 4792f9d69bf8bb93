"""The file that dbt builds in: its folder is made, and that another process holds it is said once and soon.

As a plugin of dbt-duckdb (the target ``local`` in profiles.yml) this runs before dbt's first connection. dbt connects
many times over before it gives up, each time with a traceback; an error of dbt's own kind ends it with one sentence.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.flags import get_flags
from dbt_common.exceptions import DbtRuntimeError

from loaders.closing import say_last
from loaders.files import first_line, printable
from loaders.warehouse import published_build_id

WAIT_SECONDS = 30.0  # for a build that is about to end
WAITING_COMMANDS = {"build", "retry", "run", "seed", "test"}

# DuckDB's own words, behind the system's, which may be in any language: "Conflicting lock is held in /usr/bin/python3
# (PID 7) by user x", "… is held in PID 0" from another machine or container, and, where Windows tells it,
# "File is already open in python.exe (PID 7)".
HOLDER = re.compile(r"(?:held|already open) in\s+((?:[^\n]*?\()?PID \d+\)?)")
HELD = re.compile("could not set lock|already open in", re.IGNORECASE)


class Plugin(BasePlugin):
    """Prepares dbt's connection to the build file."""

    opened: duckdb.DuckDBPyConnection | None = None
    has_waited = False

    def update_connection_config(self, creds: Any, config: dict[str, Any]) -> None:
        """Make the folder and open the file, so that dbt, which connects next, shares what is open.

        Raises:
            DbtRuntimeError: the file cannot be opened; the message says why, and what to do.
        """
        path = Path(creds.path)
        shown = printable(creds.path)
        limit = str(config.get("memory_limit", "1GB"))
        try:
            duckdb.connect(config={"memory_limit": limit}).close()
        except duckdb.Error as error:
            raise DbtRuntimeError(
                f"MEMORY_LIMIT={printable(limit)} is no size of memory ({first_line(error)}): "
                "give a number with its unit, as 650MB or 4GB"
            ) from None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DbtRuntimeError(
                f"the folder {printable(str(path.parent))} cannot be made: {error.strerror or error}"
            ) from None
        seconds = 0.0 if self.has_waited or get_flags().WHICH not in WAITING_COMMANDS else WAIT_SECONDS
        self.has_waited = True
        try:
            self.opened = connect(path, config, seconds)
        except duckdb.Error as error:
            if is_held(error):
                raise DbtRuntimeError(
                    f"{shown} is held by {holder(error)}, another build or a program that shows it: "
                    "wait for its end, or close the file there, and run this again"
                ) from None
            raise DbtRuntimeError(
                f"{shown} cannot be opened: {first_line(error).rstrip('.!')}. It holds nothing that is not made anew: "
                "if it is damaged, delete it and run this again"
            ) from None

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Leave the file to dbt's connection, and let a build's end ask and say what SQL cannot."""
        with contextlib.suppress(duckdb.CatalogException):  # it has them already
            conn.create_function("published_build_id", published_build_id, [], "varchar", side_effects=True)
            conn.create_function("say_last", say_last, ["varchar"], "varchar", side_effects=True)
        if self.opened:
            self.opened.close()
            self.opened = None


def connect(path: Path, config: dict[str, Any], seconds: float) -> duckdb.DuckDBPyConnection:
    """Open the file, as soon as nobody holds it; say once who does.

    Raises:
        duckdb.IOException: it cannot be opened, or is still held after so many seconds.
    """
    until = time.monotonic() + seconds
    has_said = False
    while True:
        try:
            return duckdb.connect(str(path), config=config)
        except duckdb.IOException as error:
            if not is_held(error) or time.monotonic() >= until:
                raise
            if not has_said:
                waits = f"waiting for up to {seconds:.0f} seconds"
                print(f"{printable(str(path))} is held by {holder(error)}: {waits}", file=sys.stderr, flush=True)
                has_said = True
        time.sleep(0.5)


def is_held(error: duckdb.Error) -> bool:
    """Say whether another process holds the file; Windows opens none that one does, and may not tell which."""
    words = str(error)
    return bool(HELD.search(words)) or (os.name == "nt" and "cannot open file" in words.lower())


def holder(error: duckdb.Error) -> str:
    """Name the process that holds the file, as far as the system tells."""
    found = HOLDER.search(str(error))
    return printable(found[1].strip()) if found else "another process"
