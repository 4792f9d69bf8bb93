"""What a build does before dbt reads the project: it looks whether it can, and begins to read new reports.

dbt reads every seed before it connects, and so before a plugin of dbt-duckdb or a hook of the project can look: of one
that a spreadsheet saved in another encoding it gives a traceback, without the file's name. And it reads the project for
some ten seconds on one core, while the others have nothing to do. It asks modules that are called dbt_… first. That
interface is experimental; dbt's version is pinned, and tests build such projects.
"""

from __future__ import annotations

import contextlib
import gc
from pathlib import Path

from dbt.flags import get_flags
from dbt.plugins import dbtPlugin
from dbt_common.exceptions import DbtRuntimeError

PROJECT = "childrens_services_warehouse"
# What the macro why_not_whole finds narrowed, as far as dbt's flags tell; a full refresh reads all in its landing.
NARROWING = ("SELECT", "EXCLUDE", "SELECTOR", "RESOURCE_TYPES", "EXCLUDE_RESOURCE_TYPES", "EMPTY", "FULL_REFRESH")


class BeforeParsing(dbtPlugin):
    """Acts in this project alone, whatever else is built in the environment."""

    def initialize(self) -> None:
        """Look at the seeds; have a whole build's new reports read from now on.

        Raises:
            DbtRuntimeError: some seeds are no UTF-8; a sentence a line.
        """
        if self.project_name != PROJECT:
            return
        from loaders.seeds import in_another_encoding  # another project can have loaders of its own

        gc.set_threshold(100_000)  # what dbt parses lasts, and need not be looked through again and again
        if wrong := list(in_another_encoding(Path.cwd())):
            raise DbtRuntimeError("\n".join(wrong))
        flags = get_flags()
        if flags.WHICH == "build" and not any(getattr(flags, name, None) for name in NARROWING):
            begin_to_read()


def begin_to_read() -> None:
    """Begin to read what is new; what hinders it, the landing meets again and tells."""
    from loaders.errors import LandingError
    from loaders.reading import parsing
    from loaders.settings import SettingError, Settings

    with contextlib.suppress(SettingError, LandingError, OSError):
        parsing.begin(Settings.from_environment())


plugins = [BeforeParsing]
