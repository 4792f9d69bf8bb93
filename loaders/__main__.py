"""The command line: ``python -m loaders --help``; a landing runs ``python -m loaders parse``."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import os
import sys
from datetime import date
from pathlib import Path

from loaders.remembered import with_remembered
from loaders.settings import SettingError, Settings

DESCRIPTION = """Work with the warehouse that `dbt build` makes.

Settings are read from the environment: REPORTS_PATH (reports), WAREHOUSE_PATH (warehouse.duckdb), EXPORTS_PATH;
for a fetch FETCH_CONTACT, FETCH_SITE, FETCH_PAUSE, FETCH_MEGABYTES."""
EXAMPLES = """examples:
  python -m loaders fetch --authority Camden --since 2022-01-01
  python -m loaders status
  python -m loaders search "return home interviews"
  python -m loaders evidence 0123456789abcdef
  python -m loaders try "There were 58 children missing education."
  python -m loaders export --csv for-colleagues --relation fct_judgements"""

# What asks of the published file, and does not make one.
ASKING = {"status", "search", "evidence", "export", "try"}


def make_parser() -> argparse.ArgumentParser:
    from loaders.answering import evidence
    from loaders.publishing.search_index import AMONG
    from loaders.settings import at_least_one

    parser = argparse.ArgumentParser(
        "python -m loaders",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="command", required=True)

    say = "bring what is new on the inspectorate's site into REPORTS_PATH"
    add_fetch(commands.add_parser("fetch", help=say, description=say))

    say = "what the warehouse holds, how fresh it is, what was rejected, what changed since the build before"
    command = commands.add_parser("status", help=say, description=say)
    command.add_argument("--all", action="store_true", help="show every line of the lists")

    say = "find statements, findings and recommendations by their words"
    command = commands.add_parser(
        "search",
        help=say,
        description=say,
        epilog='example:  python -m loaders search "agency social workers" --among recommendations --limit 5',
    )
    command.add_argument("words", nargs="+", help="words in any order, in any of their forms")
    command.add_argument("--among", choices=AMONG, default=AMONG[0], help=f"what is searched ({AMONG[0]})")
    command.add_argument("--limit", type=at_least_one, default=10, help="how many are shown (10)")

    say = "draw the page of a fact with its words highlighted"
    evidence.add_arguments(commands.add_parser("evidence", help=say, description=say))

    say = (
        "how a sentence's figures are read, and why, by the seeds as they are now; without a sentence, what they read "
        "in the documents of the last build that it did not, and what no more"
    )
    command = commands.add_parser(
        "try",
        help=say,
        description=say,
        epilog='example:  python -m loaders try "There were 58 children missing education in May 2016."',
    )
    command.add_argument(
        "sentence", nargs="?", help="a sentence, behind what introduces its list and », or the sentence before and |"
    )

    say = "look whether the seeds can be read, as an editor or a spreadsheet left them; a build looks, too"
    commands.add_parser("check", help=say, description=say)

    say = "write the marts as Parquet and Excel, or as CSV"
    command = commands.add_parser(
        "export",
        help=say,
        description=say,
        epilog="example:  python -m loaders export --csv for-colleagues --relation latest_outcomes",
    )
    command.add_argument("--csv", metavar="FOLDER", type=Path, help="write CSV files into a folder instead")
    command.add_argument("--relation", action="append", default=[], help="with --csv: this relation only (repeatable)")
    command.add_argument("--output", metavar="FOLDER", type=Path, help="the folder, instead of EXPORTS_PATH")

    say = "read the documents of REPORTS_PATH without dbt"
    command = commands.add_parser("land", help=say, description=say)
    command.add_argument("rows", nargs="?", metavar="rows.parquet", help="write what was read to this file")
    return parser


def add_fetch(command: argparse.ArgumentParser) -> None:
    from loaders.fetching.known import kind_ids

    command.formatter_class = argparse.RawDescriptionHelpFormatter
    command.epilog = """FETCH_CONTACT must say whom the site can write to. What came is kept, and the next fetch goes on
from there.

examples:
  python -m loaders fetch
  python -m loaders fetch --authority Camden --authority E10000014 --kind focused-visit
  python -m loaders fetch --since 2024-01-01 --dry-run
  python -m loaders fetch --adopt"""
    command.add_argument(
        "--authority", action="append", default=[], help="only this one: its name, ONS code or URN (repeatable)"
    )
    command.add_argument(
        "--kind",
        action="append",
        default=[],
        choices=kind_ids(),
        metavar="KIND",
        help=f"only this kind (repeatable): {', '.join(kind_ids())}",
    )
    command.add_argument(
        "--since", type=date.fromisoformat, metavar="YYYY-MM-DD", help="only what was published on this day or later"
    )
    command.add_argument("--dry-run", action="store_true", help="say what would be fetched, and write nothing")
    command.add_argument(
        "--adopt",
        action="store_true",
        help="fetch no file: find out which publications the folder's files are, by the ids in their names and by hash",
    )


def settings_of(command: str) -> Settings:
    """Return the settings of a command; one that asks of what was published finds it in a new shell, too."""
    settings = Settings.from_environment()
    return with_remembered(settings) if command in ASKING else settings


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Run a command; return the exit code."""
    if arguments.command == "fetch":
        return run_fetch(arguments, settings)
    if arguments.command == "status":
        return run_status(arguments, settings)
    if arguments.command == "search":
        return run_search(arguments, settings)
    if arguments.command == "evidence":
        from loaders.answering import evidence

        return evidence.run(arguments, settings)
    if arguments.command == "try":
        return run_try(arguments)
    if arguments.command == "check":
        return run_check()
    if arguments.command == "export":
        return run_export(arguments, settings)
    return run_land(arguments, settings)


def run_fetch(arguments: argparse.Namespace, settings: Settings) -> int:
    from loaders.fetching.fetch import Choice, fetch

    choice = Choice(arguments.authority, arguments.kind, arguments.since, arguments.dry_run, arguments.adopt)
    try:
        summary = fetch(settings, choice)
    except KeyboardInterrupt:
        print("fetch: stopped; what came is kept, and the next fetch goes on from there", file=sys.stderr)
        return 130
    for line in summary.lines():
        print(line, file=sys.stderr if line.startswith(("WARNING", "STOPPED")) else sys.stdout)
    return 1 if summary.stopped else 0


def run_status(arguments: argparse.Namespace, settings: Settings) -> int:
    from loaders.answering.status import SHOWN, status
    from loaders.files import printable

    for line in status(settings, sys.maxsize if arguments.all else SHOWN):
        print(printable(line))
    return 0


def run_search(arguments: argparse.Namespace, settings: Settings) -> int:
    from loaders.answering.search import other_words, search
    from loaders.answering.status import search_lines
    from loaders.files import printable
    from loaders.warehouse import open_warehouse

    words = " ".join(arguments.words)
    with open_warehouse(settings.warehouse_path) as connection:
        rows = search(connection, words, arguments.among, arguments.limit)
        for line in other_words(connection, words):
            print(printable(line), file=sys.stderr)
    for line in search_lines(rows):
        print(printable(line))
    if not rows:
        print("nothing found", file=sys.stderr)
    return 0


def run_try(arguments: argparse.Namespace) -> int:
    from loaders.answering.tried import compare, explain
    from loaders.files import printable

    for line in explain(arguments.sentence) if arguments.sentence else compare():
        print(printable(line))
    return 0


def run_check() -> int:
    from loaders.seeds import what_is_wrong

    wrong = list(what_is_wrong(Path.cwd()))
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    if not wrong:
        print("every seed can be read")
    return 1 if wrong else 0


def run_export(arguments: argparse.Namespace, settings: Settings) -> int:
    from loaders.files import printable
    from loaders.publishing.exports import export, write_csv
    from loaders.warehouse import WarehouseError, open_warehouse

    if arguments.csv:
        with open_warehouse(settings.warehouse_path) as connection:
            for path in write_csv(connection, arguments.csv, arguments.relation):
                print(printable(str(path)))
        return 0
    if arguments.relation:
        raise WarehouseError("--relation goes with --csv: Parquet and the workbook are written whole")
    if arguments.output:
        settings = dataclasses.replace(settings, exports_path=arguments.output)
    export(settings, force=True)
    print(printable(f"exported to {settings.exports_path}"))
    return 0


def run_land(arguments: argparse.Namespace, settings: Settings) -> int:
    import duckdb

    from loaders.ownership import refuse_another
    from loaders.reading.landing import is_landing, land

    if arguments.rows:
        refuse_another(Path(arguments.rows), is_landing, "what an earlier landing wrote")
    rows = land(settings, duckdb.connect())
    if arguments.rows:
        rows.to_parquet(arguments.rows)
    return 0


def main(arguments: list[str]) -> int:
    """Run a command; return the exit code."""
    if arguments == ["parse"]:  # run by a landing, with its task on standard input
        from loaders.reading import parse

        parse.main()
        return 0
    from loaders.errors import FetchError, LandingError, PublicationError
    from loaders.files import first_line
    from loaders.warehouse import WarehouseError

    for stream in (sys.stdout, sys.stderr):
        # A Windows terminal may not have every character of the reports.
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    parsed = make_parser().parse_args(arguments)
    try:
        return run(parsed, settings_of(parsed.command))
    except BrokenPipeError:  # `| head` has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (WarehouseError, SettingError, LandingError, PublicationError, FetchError) as error:
        print(f"{parsed.command}: {error}", file=sys.stderr)
    except OSError as error:
        print(f"{parsed.command}: {first_line(error)}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
