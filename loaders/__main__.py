"""``python -m loaders land [file]`` lands REPORTS_PATH without dbt; a landing runs ``python -m loaders parse``."""

from __future__ import annotations

import sys

USAGE = "usage: python -m loaders land [rows.parquet]"


def main(arguments: list[str]) -> int:
    """Run a command; return the exit code."""
    if arguments == ["parse"]:
        from loaders import parse

        parse.main()
    elif arguments[:1] == ["land"] and len(arguments) <= 2:
        import duckdb

        from loaders.errors import LandingError
        from loaders.landing import land
        from loaders.settings import Settings

        connection = duckdb.connect()
        try:
            rows = land(Settings.from_environment(), connection)
        except LandingError as error:
            print(error, file=sys.stderr)
            return 1
        if arguments[1:]:
            rows.to_parquet(arguments[1])
    else:
        print(USAGE, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
