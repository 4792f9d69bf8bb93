"""The start of a build: what a person can mend is said before anything is made, in a sentence each.

As a plugin of dbt-duckdb (the target ``local`` in profiles.yml) it lets the macro that starts a build ask.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from loaders.errors import LandingError, PublicationError
from loaders.publishing.publish import refuse_whole
from loaders.seeds import what_is_wrong
from loaders.settings import SettingError, Settings
from loaders.storage import list_reports


class Plugin(BasePlugin):
    """Gives dbt's connection the function why_not_start."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Let SQL ask why a build need not start."""

        def asked(why_not_whole: str, marts: list[str]) -> str:
            with contextlib.closing(conn.cursor()) as cursor:
                return why_not_start(cursor, why_not_whole, marts)

        with contextlib.suppress(duckdb.CatalogException):  # it has it already
            conn.create_function("why_not_start", asked, ["varchar", "varchar[]"], "varchar", side_effects=True)


def why_not_start(cursor: duckdb.DuckDBPyConnection, why_not_whole: str, marts: list[str]) -> str:
    """Return why a build need not start, in a sentence a line; nothing where it may.

    Args:
        cursor: a connection to the build file.
        why_not_whole: why it is not a whole build, which may do what it likes; nothing where it is one.
        marts: the names of what would be published.
    """
    wrong = list(what_is_wrong(Path.cwd()))
    try:
        settings = Settings.from_environment()
        if not why_not_whole:
            if isinstance(settings.reports_path, Path):
                list_reports(settings.reports_path)
            refuse_whole(cursor, settings, marts)
    except (SettingError, LandingError, PublicationError) as error:
        wrong.append(str(error))
    return "\n".join(wrong)
