"""The straightforward way to read PDFs: pdfplumber's text and tables of every page, on some processes.

Prints JSON: how long it took, how many pages, and the tables of at least two rows and two columns by file and page.
"""

from __future__ import annotations

import argparse
import json
import logging
import multiprocessing
import time
from pathlib import Path

Tables = list[list[list[str]]]


def read(task: tuple[str, int]) -> tuple[str, int, dict[int, Tables]]:
    """Return a file's name, the number of pages that were read, and the tables on them; every nth page is read."""
    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    path, step = task
    pages, found = 0, {}
    try:
        with pdfplumber.open(path) as document:
            for page in document.pages[::step]:
                page.extract_text()
                tables = [table for table in page.extract_tables() if len(table) > 1 and len(table[0]) > 1]
                if tables:
                    found[page.page_number] = [[[normal(cell) for cell in row] for row in table] for table in tables]
                pages += 1
                page.close()
    except Exception:  # a file that is no PDF: the landing says why
        return path, 0, {}
    return path, pages, found


def normal(cell: str | None) -> str:
    return " ".join((cell or "").split())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--every", type=int, default=1, help="read every nth page of a document only")
    options = parser.parse_args()
    paths = sorted(options.folder.rglob("*.pdf"), key=lambda path: -path.stat().st_size)
    started = time.perf_counter()
    pages, tables = 0, {}
    with multiprocessing.get_context("spawn").Pool(options.processes) as pool:
        for path, count, found in pool.imap_unordered(read, [(str(path), options.every) for path in paths]):
            pages += count
            tables[str(Path(path).relative_to(options.folder))] = found
    print(json.dumps({"seconds": time.perf_counter() - started, "pages": pages, "tables": tables}))


if __name__ == "__main__":
    main()
