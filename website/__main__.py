"""``python -m website`` writes the site of the published file."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from loaders.remembered import with_remembered
from loaders.settings import SettingError, Settings
from website.build import SiteError, build_site
from website.originals import originals_beside

DEFAULT_OUTPUT = Path("build/website")


def main(arguments: list[str] | None = None) -> int:
    """Write the site; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m website", description=__doc__)
    parser.add_argument(
        "--warehouse", type=Path, help="the published file (default: WAREHOUSE_PATH, or what was published last)"
    )
    parser.add_argument("--output", type=Path, default=DEFAULT_OUTPUT, help="the site's folder (default: %(default)s)")
    parser.add_argument(
        "--reports-url",
        help="where the folder of reports can be reached, as a URL or as a path from the site's folder; "
        "each page number then opens its document at that page (default: REPORTS_PATH, where it lies beside the site)",
    )
    parser.add_argument("--contact", help="the e-mail address to which a reader's report of an error goes")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        settings = with_remembered(Settings.from_environment())
        warehouse = options.warehouse or settings.warehouse_path
        reports = options.reports_url or originals_beside(warehouse, options.output, settings.reports_path)
        files = build_site(warehouse, options.output, reports, options.contact)
    except (SettingError, SiteError) as error:
        print(error, file=sys.stderr)
        return 1
    pages = sum(name.endswith(".html") for name in files)
    print(
        f"{pages:,} pages ({sum(files.values()) / 1e6:.1f} MB in {len(files):,} files, "
        f"{time.monotonic() - started:.1f} s): open {options.output / 'index.html'}"
    )
    if options.reports_url and is_no_place(options.reports_url, options.output):
        print(f"Warning: {options.reports_url} is no folder as seen from {options.output}: links lead there.")
    if reports is None:
        print("No folder of these reports lies beside the site: --reports-url says where it can be reached.")
    return 0


def is_no_place(address: str, output: Path) -> bool:
    """Say whether an address is a path from the site's folder, and no folder is there."""
    return "://" not in address and not address.startswith("/") and not (output / address).is_dir()


if __name__ == "__main__":
    raise SystemExit(main())
