"""Lands many broken documents and says what became of them: ``python tests/fuzz_documents.py --count 20000``.

Documents are taken whole (the examples, some made here, and real ones where they are at hand) and mutated, those inside
PDFs' compressed streams too. They go through the parsing process's own pool, its limits, and the landing gate. A crash,
a hang or an exception that no reader foresaw is counted and the file kept; any of them makes the exit code 1.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests")]

from conftest import REAL_REPORTS, draw_grid, make_pdf  # noqa: E402

from loaders.reading import parse  # noqa: E402
from loaders.reading.cache import Cache  # noqa: E402
from loaders.reading.gate import Gate  # noqa: E402
from loaders.reading.task import Task  # noqa: E402

CHUNK = 500
FAULTS = ("crash", "hang", "exception")
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.S)
NUMBER = re.compile(rb"-?\d+")
NAME = re.compile(rb"/[A-Za-z]+")
ODD_NUMBERS = (
    b"0",
    b"-1",
    b"1",
    b"65536",
    b"2147483648",
    b"-2147483649",
    b"99999999999999999999",
    b"1e309",
    b"0.0000001",
)
ODD_NAMES = (
    b"/Kids",
    b"/Parent",
    b"/Type",
    b"/Contents",
    b"/Length",
    b"/Filter",
    b"/Rotate",
    b"/MediaBox",
    b"/FlateDecode",
)
ODD_TEXT = (
    "\0",
    "\x1b[2J",
    "\ufffd",
    "\ufffe",
    "\u202e",
    "שלום עולם",
    "😀👩‍👩‍👧",
    "\t\t",
    "|---|",
    "\r",
    "(cid:12)",
    "\x85",
    "'; drop",
    "<b>",
)
ENDINGS = (".pdf", ".txt", ".md", ".PDF", "", ".html", ".docx")


def whole_documents() -> list[tuple[bytes, str]]:
    """Return the documents that are mutated, each with its ending."""
    files = [*(REPOSITORY / "reports").rglob("*"), *sorted((REAL_REPORTS / "other").glob("*"))]
    files += sorted((REAL_REPORTS / "inspections").glob("*.pdf"))[::20]
    found = [(file.read_bytes(), file.suffix) for file in sorted(files) if file.is_file()]
    made = [
        make_pdf(lambda canvas: draw_grid(canvas, [f"cell {n}" for n in range(24)], 4), "words\nand more"),
        make_pdf("a page\nof text", password=""),
        make_pdf("turned", lambda canvas: (canvas.setPageRotation(90), canvas.drawString(80, 80, "words"))),
        make_pdf(*["few words"] * 30),
    ]
    texts = [
        "| a | b |\n|---|---|\n| 1 | 2 |\n",
        "a\tb\n1\t2\n",
        "name   12   34\nother   5   6\nthird   7   8\n",
        "é “x” – £5",
    ]
    return [*found, *((pdf, ".pdf") for pdf in made), *((text.encode(), ".txt") for text in texts)]


# --- mutations: bytes in, bytes out ---


def truncate(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def flip_bits(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(min(len(changed), chance.choice((1, 3, 30, 300)))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def move_block(content: bytes, chance: random.Random) -> bytes:
    """Cut a block out and put it in elsewhere, any number of times."""
    start = chance.randrange(len(content) + 1)
    block = content[start : start + chance.choice((1, 16, 512, 8192))]
    place = chance.randrange(len(content) + 1)
    return content[:place] + block * chance.choice((0, 1, 1, 50)) + content[place + chance.choice((0, len(block))) :]


def insert_odd(content: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 5, 50))):
        place = chance.randrange(len(content) + 1)
        odd = chance.choice((chance.choice(ODD_TEXT).encode(), chance.randbytes(8), b"\0" * 64))
        content = content[:place] + odd + content[place:]
    return content


def change_number(content: bytes, chance: random.Random) -> bytes:
    return change(NUMBER, ODD_NUMBERS, content, chance)


def change_name(content: bytes, chance: random.Random) -> bytes:
    return change(NAME, ODD_NAMES, content, chance)


def change(pattern: re.Pattern[bytes], odd: tuple[bytes, ...], content: bytes, chance: random.Random) -> bytes:
    """Replace some of what a pattern finds."""
    places = [match.span() for match in pattern.finditer(content)]
    for start, end in sorted(chance.sample(places, min(len(places), chance.choice((1, 3, 20)))), reverse=True):
        content = content[:start] + chance.choice(odd) + content[end:]
    return content


def change_stream(content: bytes, chance: random.Random) -> bytes:
    """Mutate what is inside one of a PDF's compressed streams, and compress it again."""
    streams = list(STREAM.finditer(content))
    if not streams:
        return flip_bits(content, chance)
    found = chance.choice(streams)
    try:
        inside = zlib.decompress(found[1])
    except zlib.error:
        return flip_bits(content, chance)
    inside = chance.choice((flip_bits, move_block, change_number, insert_odd))(inside, chance)
    return content[: found.start(1)] + zlib.compress(inside, 1) + content[found.end(1) :]


def join(content: bytes, other: bytes, chance: random.Random) -> bytes:
    """Put the end of another document behind the start of this one."""
    return content[: chance.randrange(len(content) + 1)] + other[chance.randrange(len(other) + 1) :]


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    truncate, flip_bits, move_block, insert_odd, change_number, change_name, change_stream, change_stream,
)  # fmt: skip


def mutate(documents: list[tuple[bytes, str]], chance: random.Random) -> tuple[bytes, str]:
    """Return a mutated document and its ending."""
    content, ending = chance.choice(documents)
    for _ in range(chance.choice((1, 1, 2, 3))):
        content = chance.choice(MUTATIONS)(content, chance) or b"x"
    if chance.random() < 0.05:
        content = join(content, chance.choice(documents)[0], chance)
    return content, ending if chance.random() < 0.9 else chance.choice(ENDINGS)


# --- the run ---


def outcome_of(reason: str | None) -> str:
    """Name what became of a document by its reason."""
    if reason is None:
        return "landed"
    for word, kind in (
        ("the reader crashes on it", "crash"),
        ("takes longer than", "hang"),
        ("the reader failed on it", "exception"),
        ("needs more memory", "too much memory"),
        ("set aside by the check", "set aside by the gate"),
    ):
        if word in reason:
            return kind
    return "rejected"


def run_chunk(folder: Path, numbers: range, documents: list[tuple[bytes, str]], options: argparse.Namespace) -> Counter:
    """Land one chunk of mutated documents; keep those that a reader did not expect."""
    reports, cache = folder / "reports", Cache(folder / "cache")
    reports.mkdir(parents=True)
    names = {}
    for number in numbers:
        content, ending = mutate(documents, random.Random(f"{options.seed}-{number}"))
        names[number] = f"{number}{ending}"
        (reports / names[number]).write_bytes(content)
    task = Task(
        str(reports), str(folder / "cache"), list(names.values()),
        processes=options.processes, seconds=options.seconds, megabytes=options.megabytes,
    )  # fmt: skip
    outcomes = list(parse.parse_files(task))
    Gate(cache).check(folder / "validation.html", {})
    kept = cache.scan()
    counts: Counter = Counter()
    for outcome in outcomes:
        reason = kept[outcome.sha256]["rejected_reason"] if outcome.sha256 else outcome.reason
        kind = outcome_of(reason)
        counts[kind] += 1
        if kind in FAULTS:
            print(f"{outcome.name}: {reason}", flush=True)
            options.keep.mkdir(parents=True, exist_ok=True)
            shutil.copy(reports / outcome.name, options.keep)
    counts["lost"] += len(names) - len(outcomes)
    return counts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=60, help="the limit of one document")
    parser.add_argument("--megabytes", type=int, default=1024, help="the limit of one document")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "fuzz", help="where faults are kept")
    options = parser.parse_args()
    documents, counts, start = whole_documents(), Counter(), time.monotonic()
    for first in range(0, options.count, CHUNK):
        with tempfile.TemporaryDirectory() as folder:
            counts += run_chunk(Path(folder), range(first, min(first + CHUNK, options.count)), documents, options)
        print(f"{sum(counts.values())} documents, {time.monotonic() - start:.0f} s: {dict(counts)}", flush=True)
    faults = {kind: counts[kind] for kind in (*FAULTS, "lost")}
    print(f"{options.count} documents of {len(documents)} kinds, seed {options.seed}: {dict(counts)}; faults {faults}")
    return int(any(faults.values()))


if __name__ == "__main__":
    raise SystemExit(main())
