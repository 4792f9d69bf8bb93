"""A fetch on good days: what comes, what is not asked for again, and what is adopted."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from conftest import Folder
from local_site import INSPECTION, VISIT, Fetcher, LocalSite, report
from project import REPOSITORY

from loaders.errors import FetchError
from loaders.fetching.fetch import Choice, fetch
from loaders.fetching.manifest import FETCHED
from loaders.files import list_files
from loaders.settings import EXAMPLES, Settings


def test_a_whole_fetch_brings_every_publication_with_its_origin(fetcher: Fetcher) -> None:
    summary = fetcher.fetch()
    first = sorted(fetcher.site.names)[0]
    assert next(line for line in summary.lines() if not line.startswith("WARNING")) == (
        "4 new inspections, 1 letter; 3 of 153 authorities found"
    )
    assert f"{first}-focused-visit-2021-03-09-50200002.pdf" in fetcher.names and len(fetcher.names) == 5
    row = fetcher.publication("50200002")
    content = (fetcher.folder / str(row.file_name)).read_bytes()
    assert (row.state, row.urn, row.kind, row.published_on) == (FETCHED, first, VISIT, "2021-03-09")
    assert (row.sha256, row.bytes) == (hashlib.sha256(content).hexdigest(), len(content))
    assert (row.url, row.status, row.content_type) == (f"{fetcher.site.base}/v1/file/50200002", 200, "application/pdf")
    assert row.fetched_at and row.first_seen and row.last_seen is None
    assert fetcher.site.agents == {"childrens-services-warehouse/0.1.0 (+tests@example.org)"}
    # every request is a row: robots.txt, the listing to its end, three pages, five files
    assert [row.what for row in fetcher.manifest.attempts].count("file") == 5
    assert len(fetcher.manifest.attempts) == len(fetcher.asked) == 1 + 2 + 3 + 5


def test_a_quiet_day_is_one_request_for_each_provider(fetcher: Fetcher) -> None:
    fetcher.fetch()
    summary = fetcher.fetch()
    assert sorted(fetcher.asked) == [f"/provider/44/{urn}" for urn in sorted(fetcher.site.names)]
    assert summary.counted() == "nothing new" and not summary.warnings


def test_a_page_that_is_the_same_is_not_sent_again(fetcher: Fetcher) -> None:
    fetcher.site.has_etags = True
    fetcher.fetch()
    fetcher.fetch()
    assert [row.status for row in fetcher.manifest.attempts[-3:]] == [304] * 3
    third = sorted(fetcher.site.names)[2]
    fetcher.site.publish(third, "50200009", VISIT, date(2025, 1, 7))
    assert fetcher.fetch().counted() == "1 new letter"


def test_the_listing_is_read_again_after_a_week(fetcher: Fetcher) -> None:
    fetcher.fetch()
    fetcher.age(8)
    fetcher.fetch()
    assert [path for path in fetcher.asked if path.startswith("/search")] and "/robots.txt" in fetcher.asked


def test_what_is_chosen_comes_and_nothing_else(fetcher: Fetcher) -> None:
    first = sorted(fetcher.site.names)[0]
    name = fetcher.site.names[first]
    summary = fetcher.fetch(Choice(authorities=[name.lower()], kinds=["focused-visit"]))
    assert [row.id for row in summary.new] == ["50200002"]
    assert [path for path in fetcher.asked if "provider" in path] == [f"/provider/44/{first}"]
    summary = fetcher.fetch(Choice(since=date(2019, 11, 18)))
    assert sorted(row.id for row in summary.new) == ["50200003", "50200004"]
    # what was not chosen is known all the same
    assert fetcher.publication("2750005").state == "waiting"
    stopped = fetcher.fetch(Choice(authorities=["Nowhere"])).stopped
    assert stopped and "no authority that is known" in stopped


def test_a_dry_run_says_what_would_come_and_writes_nothing(fetcher: Fetcher) -> None:
    summary = fetcher.fetch(Choice(is_dry=True))
    lines = list(summary.lines())
    assert len(summary.new) == 5 and not fetcher.folder.exists()
    assert any("would fetch 4 new inspections, 1 letter" in line for line in lines)
    assert not [path for path in fetcher.asked if "file" in path]


def test_files_that_are_there_are_adopted_by_the_ids_in_their_names(fetcher: Fetcher) -> None:
    fetcher.folder.mkdir()
    first = sorted(fetcher.site.names)[0]
    mine = report("As somebody saved it")
    (fetcher.folder / "old").mkdir()
    (fetcher.folder / "old" / "50200001.pdf").write_bytes(mine)
    (fetcher.folder / f"{first}_2750005 (1).pdf").write_bytes(report("Another"))
    (fetcher.folder / "50200003.pdf").write_bytes(b"%PDF-1.4 and no more")  # not whole: it is none
    summary = fetcher.fetch(Choice(adopts=True))
    assert sorted(row.id for row in summary.adopted) == ["2750005", "50200001"] and not summary.new
    assert not [path for path in fetcher.asked if "file" in path]
    row = fetcher.publication("50200001")
    assert (row.file_name, row.sha256) == ("old/50200001.pdf", hashlib.sha256(mine).hexdigest())
    assert sorted(row.id for row in fetcher.fetch().new) == ["50200002", "50200003", "50200004"]


def test_files_that_were_moved_or_renamed_are_found_by_their_hash(fetcher: Fetcher) -> None:
    fetcher.fetch()
    (fetcher.folder / "sorted").mkdir()
    moved = fetcher.names[0]
    (fetcher.folder / moved).rename(fetcher.folder / "sorted" / "my name.pdf")
    summary = fetcher.fetch()
    assert not summary.new and [row.file_name for row in summary.adopted] == ["sorted/my name.pdf"]


def test_a_manifest_of_a_colleague_adopts_a_folder_by_hash_alone(fetcher: Fetcher) -> None:
    fetcher.fetch()
    for number, name in enumerate(fetcher.names):
        (fetcher.folder / name).rename(fetcher.folder / f"saved {number}.pdf")
    summary = fetcher.fetch(Choice(adopts=True))
    assert len(summary.adopted) == 5 and not [path for path in fetcher.asked if "file" in path]


def test_a_file_that_was_lost_is_fetched_again(fetcher: Fetcher) -> None:
    fetcher.fetch()
    lost = fetcher.names[0]
    (fetcher.folder / lost).unlink()
    summary = fetcher.fetch()
    assert fetcher.names[0] == lost and len(summary.new) == 1 and lost in summary.warnings[0]


def test_the_same_report_under_two_ids_is_one_file(fetcher: Fetcher) -> None:
    first = sorted(fetcher.site.names)[0]
    content = fetcher.site.published[first][0].content
    fetcher.site.publish(first, "50200099", INSPECTION, date(2018, 9, 1), content)
    fetcher.fetch()
    assert len(fetcher.names) == 5
    rows = (fetcher.publication("50200001"), fetcher.publication("50200099"))
    assert rows[0].file_name == rows[1].file_name and rows[0].sha256 == rows[1].sha256
    assert fetcher.fetch().counted() == "nothing new"


def test_a_file_that_two_providers_list_is_fetched_once(fetcher: Fetcher) -> None:
    first, second, _ = sorted(fetcher.site.names)
    fetcher.site.published[second].append(fetcher.site.published[first][0])
    fetcher.fetch()
    assert fetcher.asked.count("/v1/file/50200001") == 1
    rows = [row for row in fetcher.manifest.publications.values() if row.id == "50200001"]
    assert {row.urn for row in rows} == {first, second} and {row.state for row in rows} == {FETCHED}


def test_the_manifest_is_no_document(fetcher: Fetcher, folder: Folder) -> None:
    fetcher.fetch()
    (fetcher.folder / ".fetching.part").write_bytes(b"%PDF-")
    (fetcher.folder / "publications.damaged-20260101T000000Z.jsonl").write_bytes(b"{}")
    assert [file.name for file in list_files(fetcher.folder)] == fetcher.names
    landed = folder.land(reports_path=fetcher.folder)
    assert sorted(landed) == fetcher.names and all(row["rejected_reason"] is None for row in landed.values())


def test_the_examples_and_buckets_are_not_fetched_into(fetcher: Fetcher) -> None:
    fetcher.fetch()
    for settings, said in (
        (replace(fetcher.settings, reports_path=EXAMPLES), "example reports"),
        (replace(fetcher.settings, fetch_contact=None), "FETCH_CONTACT"),
        (replace(fetcher.settings, fetch_contact="you\n@example.org"), "FETCH_CONTACT"),
        (replace(fetcher.settings, reports_path=fetcher.file), "not a folder"),
        (replace(fetcher.settings, fetch_site=fetcher.folder / "none.toml"), "none.toml"),
        (
            Settings.from_environment(
                {"REPORTS_PATH": "s3://bucket/reports", "FETCH_CONTACT": "x", "FETCH_SITE": str(fetcher.file)}
            ),
            "bucket",
        ),
    ):
        with pytest.raises(FetchError, match=said):
            fetch(settings, Choice())


def test_the_command_says_what_came(fetcher: Fetcher, site: LocalSite) -> None:
    fetcher.fetch(Choice(is_dry=True))  # writes the site's file

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "loaders", "fetch", *arguments],
            cwd=REPOSITORY,
            env={**os.environ, "REPORTS_PATH": str(fetcher.folder), "FETCH_SITE": str(fetcher.file), **environment},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
        )

    assert "FETCH_CONTACT" in run().stderr
    done = run("--since", "2018-01-01", FETCH_CONTACT="tests@example.org", FETCH_PAUSE="0")
    assert done.returncode == 0 and "3 new inspections, 1 letter; 3 of 153 authorities found" in done.stdout
    assert "WARNING: not listed: " in done.stderr
    assert run("--kind", "nonsense").returncode == 2


def test_every_setting_of_the_site_is_needed(fetcher: Fetcher, tmp_path: Path) -> None:
    fetcher.fetch()
    text = fetcher.file.read_text("utf-8")
    for line in text.splitlines():
        name, equals, _ = line.partition(" = ")
        if equals:
            fetcher.file.write_text(text.replace(line, ""), "utf-8")
            with pytest.raises(FetchError, match=name):
                fetch(fetcher.settings, Choice())
    for wrong in (text.replace("tries = 5", 'tries = "many"'), "base = [", text.replace("base =", "base = 1 #")):
        fetcher.file.write_text(wrong, "utf-8")
        with pytest.raises(FetchError, match=r"site\.toml"):
            fetch(fetcher.settings, Choice())


def test_the_manifest_is_written_anew_where_much_of_it_no_longer_stands(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loaders.fetching.manifest.LEAST_COMPACTED", 1000)
    fetcher.site.has_etags = True
    fetcher.fetch()
    before = fetcher.manifest
    for _ in range(12):
        fetcher.fetch()
    after = fetcher.manifest
    assert after.publications == before.publications and after.size < 3 * before.size
    rows = [json.loads(line)["row"] for line in (fetcher.folder / "publications.jsonl").read_text("utf-8").splitlines()]
    assert rows.count("publication") < 10
