"""A year of fetching in a minute: 153 authorities and 900 publications on this machine, and what each day costs.

    python tests/fetch_drill.py

A whole fetch, a quiet day, a day with three new publications, a day on which every tenth request fails, thirty kills,
a damaged manifest, an adopted folder. Each must end with every file whole and known; a line says what it cost.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests")]

from local_site import INSPECTION, VISIT, LocalSite, Reply, report, serving, site_file  # noqa: E402

from loaders.fetching.folder import why_no_report  # noqa: E402
from loaders.fetching.known import names_by_urn  # noqa: E402
from loaders.fetching.manifest import FETCHED, read_manifest  # noqa: E402
from loaders.files import MANIFEST  # noqa: E402


class Drill:
    """A folder that is fetched again and again, by the command."""

    def __init__(self, site: LocalSite, work: Path) -> None:
        self.site, self.work, self.folder = site, work, work / "reports"
        self.file = site_file(site, work / "site.toml", answer_seconds=0.5)

    def start(self, *options: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "loaders", "fetch", *options],
            cwd=REPOSITORY,
            env={
                **os.environ,
                "PYTHONPATH": str(REPOSITORY),
                "REPORTS_PATH": str(self.folder),
                "FETCH_SITE": str(self.file),
                "FETCH_CONTACT": "drill@example.org",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )

    def day(self, what: str, *options: str) -> None:
        """Fetch; say what it cost and what the fetch said last."""
        before, started = len(self.site.asked), time.monotonic()
        process = self.start(*options)
        said = process.communicate(timeout=900)[0].splitlines()
        asked = self.site.asked[before:]
        files = sum(path.startswith("/v1/file/") for path in asked)
        print(f"{what}: {len(asked)} requests, {files} of files, {time.monotonic() - started:.1f} s", flush=True)
        for line in said:
            print(f"    {line[:160]}")
        assert process.returncode == 0, said

    def check(self) -> None:
        """Every publication is fetched, and every file is what its row says."""
        manifest = read_manifest(self.folder)
        assert manifest and not manifest.damaged
        listed = {row.id for rows in self.site.published.values() for row in rows}
        assert {row.id for row in manifest.publications.values()} == listed
        for row in manifest.publications.values():
            assert row.state == FETCHED, row
            content = (self.folder / str(row.file_name)).read_bytes()
            assert hashlib.sha256(content).hexdigest() == row.sha256
        pdfs = [path for path in self.folder.rglob("*.pdf")]
        assert len(pdfs) == len(listed) and all(why_no_report(path) is None for path in pdfs)


def bad_replies(chance: random.Random) -> list[Reply]:
    """Give a failure or two, each of another kind."""
    kinds = [
        Reply(wait=1.0),
        Reply(reset=True),
        Reply(500),
        Reply(502),
        Reply(429, headers={"Retry-After": "0"}),
        Reply(body=report("Cut off"), cut=300),
        Reply(body=report("Another length"), length=90_000),
    ]
    return chance.sample(kinds, chance.choice((1, 2)))


def drill(work: Path, publications: int, kills: int) -> None:
    site = LocalSite()
    site.fill(names_by_urn(), publications)
    site.has_etags = True
    urns = sorted(site.names)
    chance = random.Random(11)
    with serving(site):
        fetched = Drill(site, work)
        fetched.day("the whole site")
        fetched.check()
        fetched.day("a quiet day")
        for number in range(3):
            site.publish(
                urns[number * 50], str(50_400_000 + number), (INSPECTION, VISIT)[number == 2], date(2026, 9, 1)
            )
        fetched.day("a day with three new publications")
        fetched.check()

        shutil.rmtree(fetched.folder)
        paths = [
            *(f"/provider/44/{urn}" for urn in urns),
            *(f"/v1/file/{row.id}" for rows in site.published.values() for row in rows),
        ]
        for path in chance.sample(paths, len(paths) // 10):
            site.bad[path] = bad_replies(chance)
        failures = sum(map(len, site.bad.values()))
        fetched.day(f"the whole site, with {failures} failures of seven kinds")
        fetched.check()

        shutil.rmtree(fetched.folder)
        before, started = len(site.asked), time.monotonic()
        for _ in range(kills):
            until = len(site.asked) + chance.randrange(1, 60)
            process = fetched.start()
            while len(site.asked) < until and process.poll() is None:
                time.sleep(0.002)
            time.sleep(chance.random() * 0.02)
            process.kill()
            process.communicate()
        fetched.day(f"after {kills} kills")
        asked = [path for path in site.asked[before:] if path.startswith("/v1/file/")]
        again = len(asked) - len(set(asked))
        print(f"    {again} files were asked for twice in {kills} kills, {time.monotonic() - started:.1f} s")
        assert again <= kills
        fetched.check()

        path = fetched.folder / MANIFEST
        content = bytearray(path.read_bytes())
        for _ in range(200):
            content[chance.randrange(len(content))] = chance.randrange(256)
        path.write_bytes(content)
        fetched.day("a manifest with 200 bytes flipped")
        fetched.check()

        path.unlink()
        for number, file in enumerate(sorted(fetched.folder.rglob("*.pdf"))):
            file.rename(file.with_name(f"saved {number} as {file.stem.rpartition('-')[2]}.pdf"))
        for damaged in fetched.folder.glob("publications.damaged*"):
            damaged.unlink()
        fetched.day("a folder that somebody had, adopted", "--adopt")
        fetched.check()
        fetched.day("the day after")
        print(f"the manifest: {path.stat().st_size / 1e6:.1f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--publications", type=int, default=900)
    parser.add_argument("--kills", type=int, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fetch-drill-") as work:
        drill(Path(work), options.publications, options.kills)


if __name__ == "__main__":
    main()
