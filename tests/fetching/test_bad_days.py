"""A fetch on bad days: whatever site, network, disk or people do, what came is kept, and what is wrong is named."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from local_site import INSPECTION, UNSAID, VISIT, Fetcher, LocalSite, Reply, page, report, serving, site_file
from project import REPOSITORY

from loaders.fetching.folder import PARTIAL, free_name, why_no_report
from loaders.fetching.manifest import FETCHED, GONE, NO_REPORT, REFUSED, WAITING, Publication
from loaders.fetching.summary import Summary

FILE = "/v1/file/50200002"
ALL = ["2750005", "50200001", "50200002", "50200003", "50200004"]


def ids(summary: Summary) -> list[str]:
    return sorted(row.id for row in summary.new)


def warned(summary: Summary, *words: str) -> bool:
    """Whether one warning says all of these words."""
    return any(all(word in warning for word in words) for warning in summary.warnings)


def first_of(site: LocalSite, place: int = 0) -> str:
    return sorted(site.names)[place]


# --- the network ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    [
        Reply(wait=1.0),
        Reply(reset=True),
        Reply(500),
        Reply(503, headers={"Retry-After": "0"}),
        Reply(body=report("Cut off"), cut=300),
        Reply(body=report("Too little"), length=100_000),
    ],
    ids=["time-out", "reset", "500", "503", "cut off", "another length"],
)
@pytest.mark.parametrize("what", ["listing", "provider", "file", "robots"])
def test_what_fails_for_a_while_is_tried_again(fetcher: Fetcher, reply: Reply, what: str) -> None:
    path = {"listing": "/search", "provider": f"/provider/44/{first_of(fetcher.site)}", "file": FILE}.get(
        what, "/robots.txt"
    )
    fetcher.site.bad[path] = [reply, reply]
    summary = fetcher.fetch(answer_seconds=0.4)
    assert ids(summary) == ALL and not summary.stopped
    assert [row.outcome != "ok" for row in fetcher.manifest.attempts if path in row.url][:3] == [True, True, False]
    assert not (fetcher.folder / PARTIAL).exists()


def test_a_site_that_asks_to_wait_is_given_the_time(fetcher: Fetcher) -> None:
    fetcher.site.bad[FILE] = [Reply(429, headers={"Retry-After": "1"})]
    started = time.monotonic()
    assert ids(fetcher.fetch()) == ALL
    assert time.monotonic() - started >= 1
    fetcher.site.publish(first_of(fetcher.site), "50200077", VISIT, date(2025, 5, 5))
    fetcher.site.bad["/v1/file/50200077"] = [Reply(429, headers={"Retry-After": "86400"})]
    summary = fetcher.fetch()
    assert summary.stopped and "86,400 seconds" in summary.stopped
    assert ids(fetcher.fetch()) == ["50200077"]


def test_a_page_that_never_answers_is_named_and_the_others_come(fetcher: Fetcher) -> None:
    path = f"/provider/44/{first_of(fetcher.site)}"
    fetcher.site.bad[path] = [Reply(500)]
    fetcher.site.for_ever.add(path)
    summary = fetcher.fetch()
    assert ids(summary) == ["2750005", "50200003", "50200004"] and not summary.stopped
    assert warned(summary, fetcher.site.names[first_of(fetcher.site)], "500")
    assert "1 page or file did not answer" in "\n".join(summary.lines())
    assert fetcher.asked.count(path) == 5
    fetcher.site.bad.clear()
    assert ids(fetcher.fetch()) == ["50200001", "50200002"]


def test_a_site_that_never_answers_ends_the_fetch(fetcher: Fetcher) -> None:
    fetcher.fetch()
    for urn in fetcher.site.names:
        fetcher.site.bad[f"/provider/44/{urn}"] = [Reply(503)]
        fetcher.site.for_ever.add(f"/provider/44/{urn}")
    summary = fetcher.fetch(failures=2)
    assert summary.stopped and "2 requests after each other failed" in summary.stopped
    assert len(fetcher.asked) == 2 * 5 and len(fetcher.names) == 5


@pytest.mark.parametrize("status", [403, 404, 410])
def test_what_is_gone_is_not_tried_again_for_a_month(fetcher: Fetcher, status: int) -> None:
    fetcher.site.bad[FILE] = [Reply(status, page("Gone", ""))]
    fetcher.site.for_ever.add(FILE)
    summary = fetcher.fetch()
    row = fetcher.publication("50200002")
    assert (row.state, row.status) == (REFUSED if status == 403 else GONE, status)
    assert fetcher.asked.count(FILE) == 1 and "1 publication not to be had" in "\n".join(summary.lines())
    fetcher.fetch()
    assert FILE not in fetcher.asked
    fetcher.age(31)
    fetcher.site.bad.clear()
    assert ids(fetcher.fetch()) == ["50200002"] and FILE in fetcher.asked


def test_a_redirect_is_followed_and_not_in_a_circle_nor_to_another_host(fetcher: Fetcher) -> None:
    other = LocalSite()
    away = f"http://localhost:{other.server.server_port}/v1/file/50200001"
    fetcher.site.bad = {
        FILE: [Reply(302, headers={"Location": "/v1/file/50200002?again=1"})],
        "/v1/file/50200001": [Reply(301, headers={"Location": away})],
        "/v1/file/50200003": [Reply(302, headers={"Location": "/v1/file/50200003"})],
    }
    fetcher.site.for_ever |= {"/v1/file/50200001", "/v1/file/50200003"}
    with serving(other):
        summary = fetcher.fetch()
        assert ids(summary) == ["2750005", "50200002", "50200004"] and not other.asked
    assert "another host" in str(fetcher.publication("50200001").reason)
    assert "circle" in str(fetcher.publication("50200003").reason)


def test_a_link_to_another_host_is_left_unless_it_is_allowed(fetcher: Fetcher) -> None:
    other = LocalSite()
    other.add_provider("1", "Other")
    other.publish("1", "50200088", VISIT, date(2025, 6, 6))
    row = fetcher.site.publish(first_of(fetcher.site), "50200088", VISIT, date(2025, 6, 6))
    row.url = f"http://localhost:{other.server.server_port}/v1/file/50200088"
    with serving(other):
        summary = fetcher.fetch()
        assert ids(summary) == ALL and not other.asked and warned(summary, "50200088", "another host")
        fetcher.age(31)
        summary = fetcher.fetch(other_hosts=[f"localhost:{other.server.server_port}"])
        assert ids(summary) == ["50200088"] and other.asked[0] == "/robots.txt"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "http://[bad/v1/file/1", ""])
def test_an_address_that_is_none_is_not_asked(fetcher: Fetcher, address: str) -> None:
    fetcher.site.published[first_of(fetcher.site)][0].url = address or "mailto:somebody@example.org"
    summary = fetcher.fetch()
    assert "50200002" in ids(summary) and "50200001" not in ids(summary) and not summary.stopped


# --- the listing and the pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows_asked_for", [100, 1000])
def test_a_listing_that_is_capped_is_read_to_its_end(fetcher: Fetcher, rows_asked_for: int) -> None:
    fetcher.site.fill({str(900_000 + number): f"Authority {number}" for number in range(250)}, 0)
    summary = fetcher.fetch(rows_asked_for=rows_asked_for)
    assert len(fetcher.manifest.providers) == 253
    assert warned(summary, "no authority of the seed authorities", "Authority 0 (900000)")


def test_a_listing_that_ends_with_a_full_page_is_doubted(fetcher: Fetcher) -> None:
    assert warned(fetcher.fetch(rows_asked_for=3), "full page")


def test_a_listing_without_providers_is_named_and_those_known_are_asked(fetcher: Fetcher) -> None:
    fetcher.site.bad["/search"] = [Reply(body=page("Search", "<p>New look</p>"))]
    fetcher.site.for_ever.add("/search")
    stopped = fetcher.fetch().stopped
    assert stopped and "names no provider" in stopped
    fetcher.site.bad.clear()
    fetcher.fetch()
    fetcher.site.bad["/search"] = [Reply(body=page("Search", "<p>New look</p>"))]
    fetcher.site.publish(first_of(fetcher.site), "50200077", VISIT, date(2025, 5, 5))
    summary = fetcher.fetch(listing_days=0)
    assert ids(summary) == ["50200077"] and warned(summary, "names no provider, where it did before")


def test_a_listing_that_breaks_off_loses_no_provider(fetcher: Fetcher) -> None:
    fetcher.fetch()
    path = "/search?q=&level_1_types=3&level_2_types%5B%5D=12&start=2&rows=2"
    fetcher.site.bad[path] = [Reply(500)] * 20
    fetcher.site.most_rows = 2
    summary = fetcher.fetch(listing_days=0, rows_asked_for=2)
    assert warned(summary, "the listing from 3 on did not come") and len(summary.unanswered) == 1
    assert len([path for path in fetcher.asked if "provider" in path]) == 3


def test_a_page_whose_markup_changed_is_named_and_nothing_goes(fetcher: Fetcher) -> None:
    fetcher.fetch()
    before = fetcher.manifest.publications
    fetcher.site.publication_class = "report-link"
    summary = fetcher.fetch()
    for urn, name in fetcher.site.names.items():
        assert warned(summary, name, urn, "markup")
    assert fetcher.manifest.publications == before and len(fetcher.names) == 5
    fetcher.site.publication_class = "publication-link"
    fetcher.site.publish(first_of(fetcher.site), "50200077", VISIT, date(2025, 5, 5))
    assert ids(fetcher.fetch()) == ["50200077"]


def test_a_page_that_never_listed_anything_is_said_once(fetcher: Fetcher) -> None:
    fetcher.site.add_provider("999999", "Newname")
    assert warned(fetcher.fetch(), "no publication is listed for Newname (999999)")
    assert not fetcher.fetch().warnings


def test_publications_without_a_date_and_of_unknown_kinds_come_and_are_named(fetcher: Fetcher) -> None:
    urn = first_of(fetcher.site)
    row = fetcher.site.publish(urn, "50200077", "Thematic review of something new", date(2025, 5, 5))
    body = fetcher.site.provider_page(urn).replace(b"05 May 2025", b"soon")
    fetcher.site.bad[f"/provider/44/{urn}"] = [Reply(body=body)]
    summary = fetcher.fetch()
    assert row.id in ids(summary) and f"{urn}-other-undated-50200077.pdf" in fetcher.names
    assert warned(summary, "publication_kinds", "Thematic review") and warned(summary, "no day of publication", row.id)


def test_a_provider_that_is_renamed_or_gone_is_named_and_the_listing_is_read_again(fetcher: Fetcher) -> None:
    fetcher.fetch()
    urn = first_of(fetcher.site)
    old = fetcher.site.names[urn]
    fetcher.site.names[urn] = "Royal Borough of Newname"
    assert warned(fetcher.fetch(listing_days=0), old, "Royal Borough of Newname")
    rows = fetcher.site.published.pop(urn)
    fetcher.site.names.pop(urn)
    summary = fetcher.fetch()
    assert warned(summary, "Royal Borough of Newname", "gone; what it listed stays") and len(fetcher.names) == 5
    fetcher.site.add_provider("999999", "Newname and Neighbour")
    fetcher.site.published["999999"] = rows
    summary = fetcher.fetch()
    assert [path for path in fetcher.asked if path.startswith("/search")] and f"/provider/44/{urn}" not in fetcher.asked
    assert warned(summary, "no authority of the seed", "999999") and not summary.new
    assert f"/provider/44/{urn}" not in [*map(str, fetcher.fetch().unanswered), *fetcher.asked]


def test_an_amended_report_comes_and_the_one_before_it_stays(fetcher: Fetcher) -> None:
    fetcher.fetch()
    urn = first_of(fetcher.site)
    fetcher.site.published[urn].pop(0)
    fetcher.site.publish(urn, "50299999", INSPECTION, date(2018, 7, 2))
    summary = fetcher.fetch()
    assert ids(summary) == ["50299999"] and warned(summary, "lists no longer", "50200001", "the files stay")
    assert len(fetcher.names) == 6 and fetcher.publication("50200001").last_seen
    assert fetcher.publication("50200001").state == FETCHED
    assert not fetcher.fetch().warnings  # said once


def test_a_page_that_lists_few_of_what_it_did_is_not_believed(fetcher: Fetcher) -> None:
    urn = first_of(fetcher.site)
    for number in range(8):
        fetcher.site.publish(urn, f"5021000{number}", VISIT, date(2022, 1, 1 + number))
    fetcher.fetch()
    kept, fetcher.site.published[urn] = fetcher.site.published[urn], fetcher.site.published[urn][:2]
    assert warned(fetcher.fetch(), "most of its publications no longer", "Is it whole?")
    assert all(row.last_seen is None for row in fetcher.manifest.publications.values())
    fetcher.site.published[urn] = kept
    assert not fetcher.fetch().warnings


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "state", "reason"),
    [
        (Reply(body=page("Report not found", "<p>Gone</p>")), GONE, "Report not found"),
        (Reply(body=page("Planned maintenance &amp; rest", "")), NO_REPORT, "Planned maintenance & rest"),
        (Reply(body=report("Cut short")[:-60]), NO_REPORT, "cut short"),
        (Reply(body=b"%PDF-1.7\n" + b"x" * 9000), NO_REPORT, "cut short"),
        (Reply(body=b"PK\x03\x04 a Word document"), NO_REPORT, "no PDF"),
        (Reply(body=b""), NO_REPORT, "no PDF"),
        (Reply(body=report("Too little"), length=100_000), WAITING, "broke"),
        (Reply(body=b"%PDF-", length=5_000_000_000), REFUSED, "larger than 1 MB"),
        (Reply(body=b"%PDF-" + b"x" * 3_000_000, length=UNSAID), REFUSED, "larger than 1 MB"),
    ],
    ids=["not found", "another page", "cut short", "no end", "a ZIP", "empty", "length", "gigabytes", "no length"],
)
def test_what_is_no_whole_report_is_not_kept(fetcher: Fetcher, reply: Reply, state: str, reason: str) -> None:
    fetcher.site.bad[FILE] = [reply]
    fetcher.site.for_ever.add(FILE)
    summary = fetcher.fetch(file_megabytes=1)
    row = fetcher.publication("50200002")
    assert row.state == state and reason in str(row.reason) and row.sha256 is None
    assert len(fetcher.names) == 4 and not (fetcher.folder / PARTIAL).exists()
    assert warned(summary, "50200002", reason)
    fetcher.fetch(file_megabytes=1)
    assert (FILE in fetcher.asked) is (state == WAITING)


def test_names_are_such_as_every_system_allows(tmp_path: Path) -> None:
    for urn, kind, day, file_id in (
        ("80000", "focused-visit", "2024-07-15", "50200001"),
        ("CON", 'a<b>:"/\\|?*', None, "x" * 40),
        ("..", "kind.", "2024-01-01", " ~$ "),
    ):
        name = free_name(tmp_path, Publication(urn, file_id, "P", "K", "u", "2024-01-01", published_on=day), kind)
        assert not set(name) & set('<>:"/\\|?* ') and not name.startswith((".", "~", "CON.")) and name.endswith(".pdf")
        (tmp_path / name).write_bytes(b"another's")
        other = free_name(tmp_path, Publication(urn, file_id, "P", "K", "u", "2024-01-01", published_on=day), kind)
        assert other != name and len(other) < 150


def test_a_file_of_another_is_never_written_over(fetcher: Fetcher) -> None:
    fetcher.folder.mkdir()
    name = f"{first_of(fetcher.site)}-focused-visit-2021-03-09-50200002.pdf"
    (fetcher.folder / name).write_bytes(b"my notes")
    fetcher.fetch()
    assert (fetcher.folder / name).read_bytes() == b"my notes"
    assert fetcher.publication("50200002").file_name == name.replace(".pdf", "_2.pdf")


@contextlib.contextmanager
def small_disk(where: Path, size: str) -> Iterator[Path]:
    where.mkdir()
    if os.name == "nt" or subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", where]).returncode:
        pytest.skip("needs a system where a small disk can be mounted")
    try:
        yield where
    finally:
        subprocess.run(["umount", "-l", where], check=True)


def test_a_full_disk_ends_the_fetch_and_the_next_goes_on(fetcher: Fetcher, tmp_path: Path) -> None:
    urn = first_of(fetcher.site)
    padding = b"%" + random.Random(1).randbytes(300_000).hex().encode() + b"\n%%EOF"
    for row in fetcher.site.published[urn]:
        row.content = report(row.id) + padding
    with small_disk(tmp_path / "disk", "1m") as disk:
        fetcher.settings = fetcher.settings.__class__(
            reports_path=disk / "reports", fetch_contact="tests@example.org", fetch_site=fetcher.file
        )
        fetcher.folder = disk / "reports"
        summary = fetcher.fetch()
        assert summary.stopped and "No space left" in summary.stopped
        assert all(why_no_report(fetcher.folder / name) is None for name in fetcher.names)
        assert not (fetcher.folder / PARTIAL).exists() and not fetcher.manifest.damaged
        for row in fetcher.site.published[urn]:
            row.content = report(row.id)
        (fetcher.folder / fetcher.names[0]).unlink()
        assert not fetcher.fetch().stopped
        assert len(fetcher.names) == 5


# --- robots.txt -------------------------------------------------------------------------------------------------------


def test_what_robots_txt_forbids_is_not_asked(fetcher: Fetcher) -> None:
    fetcher.site.robots = "User-agent: *\nDisallow: /v1/\n"
    summary = fetcher.fetch()
    assert not summary.new and not [path for path in fetcher.asked if path.startswith("/v1/")]
    assert fetcher.publication("50200002").reason == "robots.txt forbids it"
    fetcher.site.robots = "User-agent: childrens-services-warehouse\nDisallow: /\n"
    fetcher.age(31)
    stopped = fetcher.fetch().stopped
    assert stopped and "robots.txt forbids" in stopped and fetcher.asked == ["/robots.txt"]
    assert len(fetcher.manifest.publications) == 5


@pytest.mark.parametrize("dies", [True, False])
def test_what_is_the_matter_is_said_first_and_nothing_is_called_new(fetcher: Fetcher, dies: bool) -> None:
    """As on a train: the site does not answer, and what it has nobody knows."""
    fetcher.fetch()
    for path in ("/robots.txt",) if dies else [f"/provider/44/{urn}" for urn in fetcher.site.names]:
        fetcher.site.bad[path] = [Reply(503)]
        fetcher.site.for_ever.add(path)
    fetcher.age(8)
    lines = list(fetcher.fetch(failures=100).lines())
    assert lines[0].startswith("STOPPED: the robots.txt of" if dies else "WARNING: ")
    assert not any("nothing new" in line for line in lines)
    assert any(line.startswith("nothing fetched") for line in lines)
    assert any("authorities found" in line for line in lines) is not dies


@pytest.mark.parametrize("base", ["http://nowhere.invalid", "http://127.0.0.1:1"])  # no such name, nobody listens
def test_a_machine_that_is_offline_is_told_so(fetcher: Fetcher, base: str) -> None:
    stopped = fetcher.fetch(base=base).stopped
    assert stopped and "it cannot be reached: is this machine online?" in stopped


def test_a_robots_txt_that_does_not_come_forbids_everything(fetcher: Fetcher) -> None:
    fetcher.site.bad["/robots.txt"] = [Reply(500)]
    fetcher.site.for_ever.add("/robots.txt")
    stopped = fetcher.fetch().stopped
    assert stopped and "robots.txt" in stopped and set(fetcher.asked) == {"/robots.txt"}
    fetcher.site.bad["/robots.txt"] = [Reply(404)]
    assert ids(fetcher.fetch()) == ALL


def test_a_pause_lies_between_two_requests_the_longer_of_two(fetcher: Fetcher) -> None:
    fetcher.fetch()
    started = time.monotonic()
    fetcher.fetch(pause_seconds=0.3)
    assert time.monotonic() - started >= 0.6
    fetcher.site.robots = "User-agent: *\nCrawl-delay: 0.5\n"
    fetcher.age(2)
    started = time.monotonic()
    fetcher.fetch(pause_seconds=0.1)
    assert time.monotonic() - started >= 1.4


# --- kills, two at once, damage ---------------------------------------------------------------------------------------


def start(fetcher: Fetcher) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "loaders", "fetch"],
        cwd=REPOSITORY,
        env={
            **os.environ,
            "REPORTS_PATH": str(fetcher.folder),
            "FETCH_SITE": str(fetcher.file),
            "FETCH_CONTACT": "tests@example.org",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def kill_and_go_on(fetcher: Fetcher, kills: int, publications: int) -> None:
    """Kill so many fetches, each once it has asked for so much; at most one file each is asked for again."""
    chance = random.Random(7)
    site_file(fetcher.site, fetcher.file)
    for _ in range(kills):
        until = len(fetcher.site.asked) + chance.randrange(1, 12)
        process = start(fetcher)
        while len(fetcher.site.asked) < until and process.poll() is None:
            time.sleep(0.002)
        time.sleep(chance.random() * 0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        if fetcher.folder.exists():
            assert all(why_no_report(fetcher.folder / name) is None for name in fetcher.names)
    summary = fetcher.fetch()
    assert not summary.stopped and not fetcher.manifest.damaged
    asked = [path for path in fetcher.site.asked if path.startswith("/v1/file/")]
    assert len(set(asked)) == publications and len(asked) <= publications + kills
    rows = list(fetcher.manifest.publications.values())
    assert len(rows) == len(fetcher.names) == publications and {row.state for row in rows} == {FETCHED}
    for row in rows:
        content = (fetcher.folder / str(row.file_name)).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row.sha256
    fetcher.fetch()
    assert len(fetcher.asked) == len(fetcher.site.names)
    assert not [path for path in fetcher.folder.iterdir() if "part" in path.name]


needs_kill = pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")


@needs_kill
def test_a_fetch_that_is_killed_goes_on_where_it_was(fetcher: Fetcher) -> None:
    kill_and_go_on(fetcher, 3, 5)


@needs_kill
@pytest.mark.slow
def test_thirty_kills_cost_thirty_requests_at_most(fetcher: Fetcher) -> None:
    fetcher.site.fill({urn: fetcher.site.names[urn] for urn in sorted(fetcher.site.names)}, 175)
    kill_and_go_on(fetcher, 30, 180)


def test_two_fetches_at_once_do_not_meet(fetcher: Fetcher) -> None:
    fetcher.site.bad[f"/provider/44/{first_of(fetcher.site)}"] = [Reply(wait=3.0, status=500)]
    site_file(fetcher.site, fetcher.file)
    first = start(fetcher)
    while not any("provider" in path for path in fetcher.site.asked):
        time.sleep(0.01)
    second = start(fetcher)
    said, _ = second.communicate(timeout=60)
    assert second.returncode == 1 and b"another fetch is at work" in said
    said, _ = first.communicate(timeout=60)
    assert first.returncode == 0 and len(fetcher.names) == 5, said


def test_a_line_that_was_begun_and_not_ended_is_none(fetcher: Fetcher) -> None:
    fetcher.fetch()
    path = fetcher.folder / "publications.jsonl"
    with path.open("ab") as file:
        file.write(b'{"row": "publication", "urn": "8')
    assert not fetcher.manifest.damaged
    assert not fetcher.fetch().warnings and not fetcher.manifest.damaged
    assert path.read_bytes().count(b'"urn": "8{') == 0


@pytest.mark.parametrize("damage", ["a line", "a byte", "every publication", "all", "opened in an editor"])
def test_a_damaged_manifest_is_named_and_the_files_are_adopted_again(fetcher: Fetcher, damage: str) -> None:
    fetcher.site.has_etags = True  # so that an unchanged page would not be read again
    fetcher.fetch()
    path = fetcher.folder / "publications.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    rows = [number for number, line in enumerate(lines) if b'"sha256"' in line]
    if damage == "a line":
        lines[rows[0]] = lines[rows[0]][:40] + b"\x00\xff" + lines[rows[0]][60:]
    elif damage == "a byte":
        lines[rows[0]] = lines[rows[0]].replace(b'"id": "', b'"id": "9', 1)  # still a row, and not the one that it was
    elif damage == "every publication":
        lines = [b"nonsense\n" if b'"publication"' in line else line for line in lines]
    elif damage == "all":
        lines = [bytes(random.Random(3).randbytes(5000)) + b"\n"]
    else:
        lines = [b"\xef\xbb\xbf" + lines[0], *(line.replace(b"\n", b"\r\n") for line in lines[1:])]
    path.write_bytes(b"".join(lines))
    summary = fetcher.fetch()
    assert not summary.stopped and not summary.new and len(fetcher.names) == 5
    assert not [path for path in fetcher.asked if path.startswith("/v1/file/")]
    is_damaged = damage != "opened in an editor"
    assert warned(summary, "the manifest was damaged", "kept as publications.damaged-") is is_damaged
    assert {row.state for row in fetcher.manifest.publications.values()} == {FETCHED}
    assert len(fetcher.manifest.publications) == 5 and not fetcher.manifest.damaged
    assert len(list(fetcher.folder.glob("publications.damaged-*.jsonl"))) == is_damaged
    assert not fetcher.fetch().warnings
