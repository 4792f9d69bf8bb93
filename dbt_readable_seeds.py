"""Seeds that dbt cannot read as text: told by file and line, before dbt reads them.

dbt reads every seed before it connects, and so before a plugin of dbt-duckdb or a hook of the project can look: of one
that a spreadsheet saved in another encoding it gives a traceback, without the file's name. It asks modules that are
called dbt_… first. That interface is experimental; dbt's version is pinned, and a test builds such a project.
"""

from __future__ import annotations

from pathlib import Path

from dbt.plugins import dbtPlugin
from dbt_common.exceptions import DbtRuntimeError

PROJECT = "childrens_services_warehouse"


class ReadableSeeds(dbtPlugin):
    """Stops dbt in this project, whatever else is built in the environment."""

    def initialize(self) -> None:
        """Look at the seeds of the project.

        Raises:
            DbtRuntimeError: some are no UTF-8; a sentence a line.
        """
        if self.project_name == PROJECT:
            from loaders.seeds import in_another_encoding  # another project can have loaders of its own

            if wrong := list(in_another_encoding(Path.cwd())):
                raise DbtRuntimeError("\n".join(wrong))


plugins = [ReadableSeeds]
