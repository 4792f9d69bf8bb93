"""Disturbs builds and says what was left: ``python tests/fault_drill.py --kills 30 --flips 300``.

Each round changes the folder (a document added, the cache deleted, or everything read again), starts ``dbt build``,
kills it (SIGKILL, dbt's process alone or all that it started) at a random moment, looks at the published file, and
builds again. The published file must be a whole build of the folder as it was or as it is, the next build green and of
every document, and nothing read twice that had been kept.

Then bits of what the cache keeps are flipped, one in each of its files, before a landing and now and then before a
whole build. Each must be said, what is read must be what was read before, and so must what is published.

With ``--full 10 --folder DISK``, a folder on a small disk of its own (``mount -t tmpfs -o size=400m tmpfs DISK``), that
disk is filled so far that builds stop at ten moments: what is said of the published file must be so, and the next build
makes all whole.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime
from pathlib import Path

import duckdb

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests")]

from project import EXAMPLES, Project  # noqa: E402

from loaders.reading.cache import Cache, read_summary  # noqa: E402
from loaders.warehouse import columns_of, content_of  # noqa: E402

REAL = REPOSITORY.parent / "shared" / "reports" / "inspections"
DOCUMENTS_AT_FIRST = 6
FLIPPED_AT_ONCE = 50  # each in a file of its own
LANDINGS_PER_BUILD = 3
SMALL_DISK = 2_000_000_000
BUILD_SECONDS = 900  # a build that takes longer hangs


class Drill:
    """A project whose folder of reports grows, and whose builds are killed."""

    def __init__(self, folder: Path, pool: list[Path], chance: random.Random) -> None:
        self.reports = folder / "reports"
        self.reports.mkdir()
        self.project = Project(folder / "project")
        self.cache = Cache(self.project.folder / "build" / "cache")
        self.pool, self.chance = pool, chance
        self.seconds = 0.0

    def add(self, count: int) -> None:
        for _ in range(min(count, len(self.pool))):
            shutil.copy(self.pool.pop(), self.reports)

    def build(self) -> str | None:
        """Build to the end; return what is wrong, if anything is."""
        start = time.monotonic()
        process = self.project.start("build", reports=self.reports)
        printed = process.communicate(timeout=BUILD_SECONDS)[0]
        self.seconds = time.monotonic() - start
        if process.returncode or "Not published" in printed:
            return f"not green: {printed[-2000:]}"
        missing = self.contents() ^ self.published()
        return f"not of the folder's documents: {missing}" if missing else None

    def contents(self) -> set[str]:
        """Return the contents of the folder."""
        return {hashlib.sha256(path.read_bytes()).hexdigest() for path in self.reports.iterdir()}

    def published(self) -> set[str]:
        """Return the contents that the published file tells of, read or rejected."""
        rows = self.project.query("select sha256 from dim_report union select sha256 from rejected_documents")
        return {sha256 for (sha256,) in rows}

    def kill(self, after: float, options: list[str]) -> str | None:
        """Start a build and kill it after so many seconds; return what it had said last, None where it was faster."""
        killed = False
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "dbt.cli.main", "--no-use-colors", "build", *options],
                cwd=self.project.folder,
                env={**os.environ, "REPORTS_PATH": str(self.reports), "PYTHONPATH": str(REPOSITORY)},
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
            try:
                process.wait(after)
            except subprocess.TimeoutExpired:
                killed = True
                if self.chance.random() < 0.5:
                    os.killpg(process.pid, signal.SIGKILL)
                else:
                    process.kill()
            process.wait()
            said.seek(0)
            lines = said.read().decode("utf-8", "replace").splitlines()
        if not killed:
            return None
        return lines[-1][:100] if lines else "nothing"

    def kept(self) -> dict[str, datetime]:
        """Return when each content was read that is kept, at the gate or behind it."""
        waiting = {sha256: read_summary(path)[0] for sha256, path in self.cache.waiting().items()}
        return {sha256: row["landed_at"] for sha256, row in {**waiting, **self.cache.scan()}.items()}

    def why_not_whole(self, before: set[str]) -> str | None:
        """Say what is wrong with the published file, if anything is; it was of these contents before."""
        try:
            with duckdb.connect(str(self.project.published), read_only=True) as reader:
                for name, count in reader.sql("select relation, row_count from build_relations").fetchall():
                    found = reader.table(name).aggregate("count(*)").fetchall()[0][0]
                    if found != count:
                        return f"{name} has {found} rows of {count}"
                [(content,)] = reader.sql("select content from build_info").fetchall()
                if content != content_of(reader, columns_of(reader)):
                    return "its rows are not those that it was published with"
            if self.published() not in (before, self.contents()):
                return "it is neither of the folder as it was nor as it is"
        except (duckdb.Error, ValueError) as error:
            return str(error)
        return None

    def landed(self) -> tuple[str, str]:
        """Land the folder; return a fingerprint of what was read, and what was said."""
        done = subprocess.run(
            [sys.executable, "-m", "loaders", "land", "rows.parquet"],
            cwd=self.project.folder,
            env={**os.environ, "REPORTS_PATH": str(self.reports), "PYTHONPATH": str(REPOSITORY)},
            capture_output=True,
            text=True,
            check=True,
        )
        rows = duckdb.sql(
            f"select columns(* exclude (landed_at)) from '{self.project.folder / 'rows.parquet'}' order by file_name"
        ).fetchall()
        return hashlib.sha256(repr(rows).encode()).hexdigest(), done.stderr

    def contents_published(self) -> str:
        with duckdb.connect(str(self.project.published), read_only=True) as reader:
            return content_of(reader, columns_of(reader))

    def flip(self, count: int, before: str, published: str, has_build: bool) -> str | None:
        """Flip a bit of so many files of the cache, and land or build; return what is wrong, if anything is."""
        files = sorted(path for path in self.cache.folder.rglob("*.*") if path.is_file())
        flipped = []
        for path in self.chance.sample(files, min(count, len(files))):
            content = bytearray(path.read_bytes())
            place = self.chance.randrange(len(content) * 8)
            content[place // 8] ^= 1 << place % 8
            path.write_bytes(content)
            flipped.append((path.name, place))
        if has_build:
            wrong = self.build()
            return f"{flipped}: {wrong or 'other rows'}" if wrong or self.contents_published() != published else None
        read, said = self.landed()
        if read != before:
            return f"{flipped}: other words were read"
        unsaid = [(name, place) for name, place in flipped if not re.search(f"{name} .*is broken and will be", said)]
        return f"{unsaid}: nothing was said" if unsaid else None

    def needed(self) -> int:
        """Build all anew; return how many bytes more than now the disk held meanwhile."""
        before = shutil.disk_usage(self.reports).used
        process, most = self.project.start("build", "--full-refresh", reports=self.reports), before
        reader = threading.Thread(target=process.communicate)  # so that it never waits to be heard
        reader.start()
        while reader.is_alive():
            most = max(most, shutil.disk_usage(self.reports).used)
            time.sleep(0.05)
        return most - before

    def fill(self, free: int) -> str | None:
        """Build all anew with so many bytes left on the disk, and again with room; return what is wrong."""
        before, ballast = self.build_id(), self.reports.parent / "ballast"
        with ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(shutil.disk_usage(self.reports).free - free, 1))
        process = self.project.start("build", "--full-refresh", reports=self.reports)
        printed = process.communicate(timeout=BUILD_SECONDS)[0]
        said = " ".join(re.sub(r"\x1b\[\d*m", "", printed).split())
        ballast.unlink()
        is_left = "as it was" in said
        is_new = "the published file is" in said or ", exported to " in said
        has_moved = self.build_id() != before
        last = " | ".join(printed.splitlines()[-3:])[-300:]
        print(f"  {free / 1e6:.1f} MB left: exit {process.returncode}, moved {has_moved}, said: {last}", flush=True)
        if (is_left and has_moved) or (is_new and not has_moved) or (process.returncode == 0 and not has_moved):
            return f"what is said is not so: {printed[-2000:]}"
        wrong = self.why_not_whole(self.contents()) or self.build()
        manifest = json.loads((self.project.folder / "exports" / "manifest.json").read_text("utf-8"))
        is_of_this = self.build_id() in (manifest["build_id"], manifest["also_holds_for_build_id"])
        return wrong or (None if is_of_this else "the exports are of another build")

    def build_id(self) -> str:
        [(build_id,)] = self.project.query("select build_id from build_info")
        return str(build_id)

    def round(self) -> dict[str, str | int | None]:
        """Change the folder, kill a build, look, and build again."""
        change = self.chance.choice(("a document added", "cache deleted", "all read again"))
        options = ["--full-refresh"] if change == "all read again" else []
        published = self.published()
        self.add(1)
        if change == "cache deleted":
            shutil.rmtree(self.cache.root)
        said = None
        while said is None:  # a build that ended before was not killed
            after = self.chance.uniform(0.5, self.seconds)
            said = self.kill(after, options)
        before = self.kept()
        not_whole = self.why_not_whole(published)
        not_green = self.build()
        again = self.kept()
        lost = sum(again.get(sha256, datetime.min) < landed_at for sha256, landed_at in before.items())
        print(f"  {change}, killed after {after:.1f} s at {said!r}: {len(before)} kept", flush=True)
        return {"not whole": not_whole, "not green": not_green, "lost": lost}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--flips", type=int, default=0)
    parser.add_argument("--full", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="where the projects are made")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reports", type=Path, default=REAL if REAL.exists() else EXAMPLES)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    pool = sorted(path for path in options.reports.rglob("*.pdf") if path.read_bytes().startswith(b"%PDF"))
    chance.shuffle(pool)
    if options.full and shutil.disk_usage(options.folder or "/").total > SMALL_DISK:
        parser.error("--full fills the disk: give a --folder on a small one")
    whole = green = lost = healed = true = 0
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        drill = Drill(Path(folder), pool, chance)
        drill.add(DOCUMENTS_AT_FIRST)
        if wrong := drill.build():
            print(wrong)
            return 1
        for number in range(1, options.kills + 1):
            result = drill.round()
            whole += result["not whole"] is None
            green += result["not green"] is None
            lost += int(result["lost"] or 0)
            print(f"{number}: whole {whole}, green {green}, lost {lost}", flush=True)
            for what in ("not whole", "not green"):
                if result[what]:
                    print(f"{what}: {result[what]}", flush=True)
        if options.flips:
            drill.add(FLIPPED_AT_ONCE - DOCUMENTS_AT_FIRST)
            drill.build()
        before, published = drill.landed()[0], drill.contents_published()
        for number, start in enumerate(range(0, options.flips, FLIPPED_AT_ONCE), 1):
            count = min(FLIPPED_AT_ONCE, options.flips - start)
            wrong = drill.flip(count, before, published, has_build=number % (LANDINGS_PER_BUILD + 1) == 0)
            healed += count if wrong is None else 0
            print(f"{start + count} bits: healed {healed}{f'; {wrong}' if wrong else ''}", flush=True)
        needed = drill.needed() if options.full else 0
        for number in range(options.full):
            wrong = drill.fill(needed * (2 * number + 1) // (2 * options.full))
            true += wrong is None
            print(f"full disk {number + 1}: true {true}{f'; {wrong}' if wrong else ''}", flush=True)
    print(
        f"published file whole {whole} of {options.kills}, next build green {green} of {options.kills}, "
        f"documents lost {lost}, flipped bits healed {healed} of {options.flips}, "
        f"said what was so on a full disk {true} of {options.full}"
    )
    expected = (options.kills, options.kills, 0, options.flips, options.full)
    return int((whole, green, lost, healed, true) != expected)


if __name__ == "__main__":
    raise SystemExit(main())
