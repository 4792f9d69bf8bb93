"""Landing whole folders: what lands, what is rejected and why, and what is not read a second time."""

from __future__ import annotations

import io
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import REPOSITORY, Folder, draw_grid, make_pdf, read_only

from loaders import files
from loaders.errors import LandingError
from loaders.reading import documents, landing, parsing, worker
from loaders.reading.cache import CONTENT, LOADER_VERSION, Cache, content_of, read_summary, write_whole
from loaders.reading.parsing import Parsing
from loaders.settings import Settings

REPORT = make_pdf("Inspection of Ashmere\nGood", "Page two")
HTML = b"<!DOCTYPE html>\n<html><head><title>Report &ndash;\n not \x1b[31mfound</title></head><body>Sorry</body></html>"


def make_zip(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


def test_what_cannot_be_read_is_a_row_with_its_reason_and_the_rest_lands(folder: Folder) -> None:
    rejected = {
        "page.pdf": (
            HTML,
            "text/html",
            "an HTML page under a .pdf name, titled “Report – not [31mfound”; download it again",
        ),
        "page.html": (HTML, "text/html", "an HTML page, titled “Report – not [31mfound”; save it as PDF or text"),
        "cut.pdf": (
            REPORT[: len(REPORT) // 2],
            "application/pdf",
            "a truncated PDF: its end is missing; download it again",
        ),
        "corrupt.pdf": (
            b"%PDF-1.7\nrubbish\nstartxref\n9\n%%EOF",
            "application/pdf",
            "a truncated or corrupt PDF; download it again",
        ),
        "words.pdf": (
            b"Service unavailable",
            "text/plain",
            "plain text under a .pdf name; download it again, or give it a .txt name",
        ),
        "locked.pdf": (
            make_pdf("secret", password="x"),
            "application/pdf",
            "a password is needed to open this PDF; save a copy without one",
        ),
        "scan.pdf": (
            make_pdf(lambda canvas: canvas.rect(9, 9, 99, 99, fill=1)),
            "application/pdf",
            "no text layer: its pages are pictures (a scan) or blank; run text recognition on it",
        ),
        "empty.pdf": (b"", "application/x-empty", "an empty file"),
        "blank.txt": (b" \n\t\n", "text/plain", "no text: nothing but white space"),
        "noise.txt": (
            bytes(range(256)) * 4,
            "text/plain",
            "not text that can be read: neither UTF-8 nor a usual legacy encoding",
        ),
        "damaged.txt": ("“naïve” – ‘café’".encode()[:-1], "text/plain", "damaged text: its UTF-8 is broken at byte 25"),
    }
    kinds = {
        "picture.png": (b"\x89PNG\r\n\x1a\n....", "image/png", "a PNG picture"),
        "letter.docx": (make_zip("[Content_Types].xml", "word/document.xml"), None, "a Word document"),
        "sheet.pdf": (make_zip("[Content_Types].xml", "xl/workbook.xml"), None, "an Excel workbook"),
        "some.zip": (make_zip("a.pdf"), "application/zip", "a ZIP archive"),
        "old.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...", None, "an old Word"),
    }
    for name, (content, *_) in {**rejected, **kinds}.items():
        folder.write(name, content)
    folder.write("sub folder/ok.pdf", REPORT)
    folder.write("open-locked.pdf", make_pdf("anyone may read", password=""))
    os.symlink(folder.path / "nowhere.pdf", folder.path / "link.pdf")
    os.mkfifo(folder.path / "pipe.pdf")

    rows = folder.land()

    for name, (content, media_type, reason) in rejected.items():
        assert (rows[name]["media_type"], rows[name]["rejected_reason"]) == (media_type, reason), name
        assert rows[name]["byte_size"] == len(content)
        assert rows[name]["pages"] is None
    for name, (_, media_type, reason) in kinds.items():
        assert rows[name]["rejected_reason"].startswith(reason)
        assert media_type in (None, rows[name]["media_type"])
    assert rows["link.pdf"]["rejected_reason"] == "it is gone, or is a link to nothing"
    assert rows["pipe.pdf"]["rejected_reason"] == "not a file that can be read (a device, a pipe or a socket)"
    assert rows["link.pdf"]["sha256"] is None
    landed = {name for name, row in rows.items() if row["rejected_reason"] is None}
    assert landed == {"sub folder/ok.pdf", "open-locked.pdf"}
    row = rows["sub folder/ok.pdf"]
    assert [page["text"] for page in row["pages"]] == ["Inspection of Ashmere\nGood", "Page two"]
    assert (row["page_count"], row["media_type"], row["loader_version"]) == (2, "application/pdf", LOADER_VERSION)


def test_the_same_content_under_two_names_is_one_document_but_two_rejections(folder: Folder) -> None:
    for name in ("b.pdf", "a/z.pdf", "c.pdf"):
        folder.write(name, REPORT)
    for name in ("x.txt", "y.md", "y.pdf"):
        folder.write(name, b"a heading\n")
    for name in ("e1.pdf", "e2.pdf"):
        folder.write(name, HTML)
    rows = folder.land()
    assert set(rows) == {"a/z.pdf", "x.txt", "y.pdf", "e1.pdf", "e2.pdf"}
    assert rows["a/z.pdf"]["other_file_names"] == ["b.pdf", "c.pdf"]
    assert (rows["x.txt"]["media_type"], rows["x.txt"]["other_file_names"]) == ("text/plain", ["y.md"])
    assert rows["y.pdf"]["rejected_reason"].startswith("plain text under a .pdf name")
    assert rows["e1.pdf"]["sha256"] == rows["e2.pdf"]["sha256"]


def test_hidden_temporary_and_system_files_are_not_documents(folder: Folder) -> None:
    folder.write("ok.txt", b"words")
    for name in (
        ".hidden.pdf",
        ".git/x.txt",
        "~$letter.docx",
        "Thumbs.db",
        "a/desktop.ini",
        "x.tmp",
        "y.pdf.part",
        "z.crdownload",
    ):
        folder.write(name, b"words of another kind")
    assert set(folder.land()) == {"ok.txt"}


def test_links_that_go_in_circles_end_and_names_of_any_kind_land(folder: Folder) -> None:
    names = ['it\'s; drop table "x" [*] {a}?.txt', "line\nbreak\x1b[2J.txt", "ü" * 125 + ".txt", "אבג 😀.md"]
    for number, name in enumerate(names):
        folder.write(name, f"words {number}".encode())
    os.symlink(folder.path, folder.path / "circle")
    os.symlink(folder.path, folder.path / "circle2", target_is_directory=True)
    Path(os.fsdecode(os.fsencode(folder.path) + b"/caf\xe9.pdf")).write_bytes(REPORT)
    Path(os.fsdecode(os.fsencode(folder.path) + b"/th\xe9.txt")).write_bytes(b"words")
    folder.write("th\\xe9.txt", b"more words")
    rows = folder.land()
    assert set(rows) == {*names, "caf\\xe9.pdf", "th\\xe9.txt", "th\\xe9.txt (another)"}
    assert rows["caf\\xe9.pdf"]["rejected_reason"] == "its name is not valid text; rename it"
    assert rows["אבג 😀.md"]["media_type"] == "text/markdown"
    assert files.printable("a\x1b[2J\n\udce9ü") == "a\\x1b[2J\\n\\xe9ü"


def test_a_linked_folder_is_read(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.txt").write_text("words")
    os.symlink(tmp_path / "elsewhere", folder.path / "share")
    assert set(folder.land()) == {"share/a.txt"}


def test_a_file_without_permission_is_one_rejection(folder: Folder) -> None:
    folder.write("closed.txt", b"words").chmod(0)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)  # nothing is closed to root
    try:
        outcome = worker.parse_file(str(folder.path), str(folder.settings.cache_path), "closed.txt", frozenset())
    finally:
        os.seteuid(user)
    assert outcome.reason == "no permission to read it"


def test_a_file_that_changes_while_it_is_read_is_not_half_read(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder.write("growing.txt", b"words")
    status = os.fstat

    def grow(descriptor: int) -> os.stat_result:
        with path.open("ab") as file:
            file.write(b" and more")
        return status(descriptor)

    monkeypatch.setattr(os, "fstat", grow)
    outcome = worker.parse_file(str(folder.path), str(folder.settings.cache_path), "growing.txt", frozenset())
    assert outcome.reason == worker.CHANGED


NOTHING = {
    "missing": r"folder .*missing is not there: .*\(is it mounted\?\)",
    "file.txt": r"file\.txt is not a folder",
    "empty": "no readable document in .*empty",
    "rejected only": r"no readable document in .*rejected only[^\0]*a\.png: a PNG picture",
}


@pytest.mark.parametrize("name", NOTHING)
def test_nothing_to_land_is_an_error_that_names_the_folder(folder: Folder, name: str) -> None:
    folder.write("file.txt", b"words")
    (folder.path / "empty").mkdir()
    folder.write("rejected only/a.png", b"\x89PNG\r\n\x1a\n")
    with pytest.raises(LandingError, match=NOTHING[name]):
        folder.land(reports_path=folder.path / name)


def test_a_folder_whose_name_looks_like_a_pattern(tmp_path: Path) -> None:
    odd = tmp_path / 'it\'s [a*] {b}? "c"'
    odd.mkdir()
    folder = Folder(odd)
    folder.write("one.txt", b"words")
    folder.write("two.txt", b"other words")
    assert set(folder.land()) == {"one.txt", "two.txt"}
    Cache(folder.settings.cache_path).compact(least=1)
    assert set(folder.land()) == {"one.txt", "two.txt"}


def test_a_folder_whose_name_is_a_pattern_of_another_s(tmp_path: Path) -> None:
    for name in ("ab", "a*"):  # the same document in the cache of both
        (tmp_path / name).mkdir()
        folder = Folder(tmp_path / name)
        folder.write("one.txt", b"words")
        with duckdb.connect() as connection:
            assert len(landing.land(folder.settings, connection).fetchall()) == 1


# --- what is not read again ---


def test_an_unchanged_file_is_not_opened_again(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("kept", "changed", "gone"):
        folder.write(f"{name}.txt", name.encode())
    folder.write("bad.png", b"\x89PNG\r\n\x1a\n")
    first = folder.land()
    opened: list[list[str]] = []

    def count(settings: Settings, files: list[files.File], known: list[str]) -> Parsing:
        opened.append([file.name for file in files])
        return Parsing(settings, files, known)

    monkeypatch.setattr(landing, "Parsing", count)
    assert folder.land() == first
    assert opened == []

    folder.write("changed.txt", b"other words", age=30)
    (folder.path / "gone.txt").unlink()
    folder.write("new.txt", b"new")
    second = folder.land()
    assert sorted(opened.pop()) == ["changed.txt", "new.txt"]
    assert set(second) == {"kept.txt", "changed.txt", "new.txt", "bad.png"}
    assert second["changed.txt"]["pages"][0]["text"] == "other words"
    assert second["kept.txt"]["landed_at"] == first["kept.txt"]["landed_at"]

    third = folder.land(full_refresh=True)
    assert sorted(opened.pop()) == ["bad.png", "changed.txt", "kept.txt", "new.txt"]
    assert all(third[name].pop("landed_at") > second[name].pop("landed_at") for name in second), "all is read again"
    assert third == second


def test_a_file_that_changed_a_moment_before_is_looked_at_again(folder: Folder) -> None:
    status = folder.write("a.txt", b"one", age=0).stat()
    folder.land()
    (folder.path / "a.txt").write_bytes(b"two")  # of the same size, and its time may be the same on a coarse clock
    os.utime(folder.path / "a.txt", ns=(status.st_mtime_ns, status.st_mtime_ns))
    assert folder.land()["a.txt"]["pages"][0]["text"] == "two"


def test_a_cache_that_is_broken_or_deleted_is_made_again(folder: Folder, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(3):
        folder.write(f"{number}.txt", f"words {number}".encode())
    first = folder.land()
    cache = Cache(folder.settings.cache_path)
    broken, *_ = sorted(cache.documents.glob("*.parquet"))
    broken.write_bytes(b"PAR1 rubbish")
    (cache.documents / "foreign.parquet").write_bytes(b"")
    cache.index_path(folder.path).write_text("{[")
    again = folder.land()
    assert "is broken and will be made again" in caplog.text
    assert {name: row["pages"] for name, row in again.items()} == {name: row["pages"] for name, row in first.items()}


@pytest.mark.parametrize("is_batch", [False, True])
def test_what_a_disk_has_altered_is_said_and_read_again(
    folder: Folder, caplog: pytest.LogCaptureFixture, is_batch: bool
) -> None:
    for number in range(2):
        folder.write(f"{number}.txt", f"words {number}, and as many again".encode())
    first = folder.land()
    cache, chance = Cache(folder.settings.cache_path), random.Random(18)
    if is_batch:
        cache.compact(least=1)
    for _ in range(6):
        (kept, *_) = sorted((cache.batches if is_batch else cache.documents).glob("*.parquet")) or sorted(
            cache.documents.glob("*.parquet")
        )
        content = bytearray(kept.read_bytes())
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        kept.write_bytes(content)
        caplog.clear()
        again = folder.land()
        assert f"{kept.name} in the cache is broken and will be made again" in caplog.text
        assert {name: row["pages"] for name, row in again.items()} == {
            name: row["pages"] for name, row in first.items()
        }
        caplog.clear()
        assert folder.land() == again and not caplog.text, "it is said once"


def test_an_altered_index_is_said_and_trusted_in_nothing(folder: Folder, caplog: pytest.LogCaptureFixture) -> None:
    folder.write("a.txt", b"words of a")
    first = folder.land()
    index = Cache(folder.settings.cache_path).index_path(folder.path)
    content = index.read_bytes()
    index.write_bytes(content.replace(b"a.txt", b"b.txt"))
    folder.write("b.txt", b"words of b")
    assert folder.land()["a.txt"] == first["a.txt"]
    assert "its checksum is another" in caplog.text


def test_a_full_refresh_trusts_nothing_that_is_kept(folder: Folder) -> None:
    folder.write("a.txt", b"words")
    folder.land()
    cache = Cache(folder.settings.cache_path)
    (kept,) = cache.documents.glob("*.parquet")
    table = pq.read_table(kept).to_pylist()
    table[0]["pages"][0]["text"] = "other words"
    kept.unlink()
    write_whole(cache.documents, table[0]["sha256"], [pa.Table.from_pylist(table, CONTENT)])
    assert folder.land()["a.txt"]["pages"][0]["text"] == "other words"
    assert folder.land(full_refresh=True)["a.txt"]["pages"][0]["text"] == "words"
    assert folder.land()["a.txt"]["pages"][0]["text"] == "words"


def test_what_no_folder_has_held_for_a_month_is_cleared(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def contents() -> set[str]:
        return set(cache.scan())

    def months_pass(days: float) -> None:
        """Have all that is kept be so much older."""
        for path in [*cache.documents.glob("*.parquet"), *cache.batches.glob("*.parquet")]:
            rows = pq.read_table(path).to_pylist()
            path.unlink()
            old = [row | {"landed_at": row["landed_at"] - timedelta(days)} for row in rows]
            write_whole(path.parent, content_of(path), [pa.Table.from_pylist(old, CONTENT)])
        index = cache.read_index(folder.path)
        gone = {sha256: at - int(days * 86400e9) for sha256, at in index.gone.items()}
        cache.write_index(folder.path, replace(index, gone=gone))

    cache = Cache(folder.settings.cache_path)
    for name in ("a", "b", "c"):
        folder.write(f"{name}.txt", f"words of {name}".encode())
    sha256 = {name: row["sha256"] for name, row in folder.land().items()}
    cache.compact(least=1)
    months_pass(365)
    (folder.path / "a.txt").unlink()
    folder.land()
    assert contents() == set(sha256.values()), "it may come back"
    months_pass(40)
    first = folder.land()
    assert contents() == {sha256["b.txt"], sha256["c.txt"]}
    assert folder.land() == first and set(first) == {"b.txt", "c.txt"}
    for name in ("b", "c"):
        (folder.path / f"{name}.txt").unlink()
    folder.write("d.txt", b"words of d")
    folder.land()
    months_pass(40)
    assert set(folder.land()) == {"d.txt"}
    assert len(contents()) == 1 and not list(cache.batches.iterdir())


def test_what_was_read_again_goes_when_no_other_build_can_be_at_it(folder: Folder) -> None:
    folder.write("a.txt", b"words")
    folder.land()
    cache = Cache(folder.settings.cache_path)
    folder.land(full_refresh=True)
    assert len(list(cache.documents.glob("*.parquet"))) == 2
    for path in list(cache.documents.glob("*.parquet")):
        rows = pq.read_table(path).to_pylist()
        path.unlink()
        old = [row | {"landed_at": row["landed_at"] - timedelta(2)} for row in rows]
        write_whole(cache.documents, content_of(path), [pa.Table.from_pylist(old, CONTENT)])
    assert set(folder.land()) == {"a.txt"}
    assert len(list(cache.documents.glob("*.parquet"))) == 1


def test_documents_that_were_read_again_are_put_together_once(folder: Folder) -> None:
    for name in ("a", "b"):
        folder.write(f"{name}.txt", f"words of {name}".encode())
    folder.land()
    again = folder.land(full_refresh=True)
    Cache(folder.settings.cache_path).compact(least=1)
    assert folder.land() == again


def test_what_another_loader_version_read_is_read_again(folder: Folder) -> None:
    folder.write("a.txt", b"words")
    old = Cache(folder.settings.cache_path, "0-old")
    old.documents.mkdir(parents=True)
    pages = [{"page_number": 1, "text": "what was read then", "line_layout": []}]
    row = documents.parse(b"words", "a.txt") | {"loader_version": "0-old", "landed_at": datetime.now(UTC)}
    write_whole(old.documents, row["sha256"], [pa.Table.from_pylist([row | {"pages": pages}], CONTENT)])
    assert folder.land()["a.txt"]["pages"][0]["text"] == "words"


def test_a_read_only_folder_of_reports_is_read(folder: Folder) -> None:
    folder.write("a.txt", b"words")
    with read_only(folder.path):
        assert set(folder.land()) == {"a.txt"}


def test_compaction_keeps_every_document_once(folder: Folder) -> None:
    for number in range(5):
        folder.write(f"{number}.txt", f"words {number}".encode())
    first = folder.land()
    cache = Cache(folder.settings.cache_path)
    single = sorted(cache.documents.glob("*.parquet"))[0]
    copy = single.read_bytes()
    cache.compact(least=1)
    assert not list(cache.documents.iterdir())
    single.write_bytes(copy)  # as two builds at once can leave it
    assert folder.land() == first


def test_what_a_killed_landing_left_is_put_together_where_nothing_is_new(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        folder.write(f"{number}.txt", f"words {number}".encode())
    first = folder.land()
    monkeypatch.setattr(Cache.compact, "__defaults__", (1,))
    assert folder.land() == first
    assert not list(Cache(folder.settings.cache_path).documents.iterdir())


def test_the_caches_of_other_versions_go_when_they_have_not_been_used_for_long(folder: Folder) -> None:
    folder.write("a.txt", b"words")
    root = folder.settings.cache_path
    old, recent, mixed = (root / f"{number}-pypdfium2-4.0-pdfplumber-0.9" for number in (0, 1, 2))
    theirs = root / "my-folder"
    for path in (old, recent, mixed, theirs):
        (path / "documents").mkdir(parents=True)
    (mixed / "notes.docx").touch()
    for path in (old, mixed, theirs):
        os.utime(path, (time.time() - 90 * 86400,) * 2)
    folder.land()
    assert not old.exists()
    assert recent.exists() and mixed.exists() and theirs.exists(), "what is another's stays, however old"


# --- faults ---


def test_a_document_that_takes_too_long_is_rejected_alone_and_not_tried_in_every_build(folder: Folder) -> None:
    folder.write("vast.pdf", make_pdf(lambda canvas: draw_grid(canvas, ["x"] * 100**2, 100)))
    folder.write("small.txt", b"words")
    rows = folder.land(document_seconds=1.5)
    assert rows["vast.pdf"]["rejected_reason"] == f"reading it takes longer than 1.5 seconds{worker.TRY_AGAIN}"
    assert rows["small.txt"]["rejected_reason"] is None
    assert folder.land() == rows
    assert folder.land(full_refresh=True)["vast.pdf"]["rejected_reason"] is None


def test_a_document_that_crashes_its_reader_or_needs_too_much_memory_is_rejected_alone(folder: Folder) -> None:
    folder.write("bomb.pdf", make_bomb(600))
    os.truncate(folder.write("vast.txt", b"words"), 2**30)
    folder.write("small.txt", b"words")
    rows = folder.land(document_megabytes=300)
    assert rows["bomb.pdf"]["rejected_reason"].startswith("the reader crashes on it, or it needs more than 300 MB")
    assert rows["vast.txt"]["rejected_reason"] == worker.OUT_OF_MEMORY
    assert rows["small.txt"]["rejected_reason"] is None


def make_bomb(megabytes: int) -> bytes:
    """Return a PDF of a page, in a few bytes, that takes so many megabytes when it is read."""
    inflated = zlib.compressobj(9)
    stream = b"".join(inflated.compress(b" " * 1_000_000) for _ in range(megabytes)) + inflated.flush()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(stream), stream),
    ]
    body = b"".join(b"%d 0 obj\n%b\nendobj\n" % (number, text) for number, text in enumerate(objects, 1))
    return b"%%PDF-1.4\n%btrailer<</Root 1 0 R>>\nstartxref\n0\n%%%%EOF" % body


def test_a_killed_landing_loses_no_finished_document_and_leaves_no_process(folder: Folder, tmp_path: Path) -> None:
    report = make_pdf(*["words and more words " * 5 + "\n" + "line\n" * 50] * 60)
    for number in range(30):
        folder.write(f"{number:02}.pdf", report + b"\n%% %d" % number)
    environment = {
        **os.environ,
        "REPORTS_PATH": str(folder.path),
        "PYTHONPATH": str(REPOSITORY),
        "LANDING_PROCESSES": "2",
    }
    process = subprocess.Popen([sys.executable, "-m", "loaders", "land"], cwd=tmp_path, env=environment)
    cache = Cache(folder.settings.cache_path)
    wait_for(lambda: len(list(cache.incoming.glob("*.parquet"))) >= 4)
    started = descendants(process.pid)
    process.kill()
    process.wait()
    wait_for(lambda: not any(map(is_running, started)))

    finished = {sha256: read_summary(path)[0] for sha256, path in cache.waiting().items()}
    assert 4 <= len(finished) < 30
    assert not cache.scan()  # they wait for the gate of the next landing
    rows = folder.land()
    assert len(rows) == 30
    for row in rows.values():
        if row["sha256"] in finished:
            assert row["landed_at"] == finished[row["sha256"]]["landed_at"]


def test_a_parsing_process_that_is_killed_is_an_error_that_says_how_to_go_on(folder: Folder) -> None:
    report = make_pdf(*["words and more words " * 5] * 400)
    for number in range(8):
        folder.write(f"{number}.pdf", report + b"\n%% %d" % number)

    def kill() -> None:
        wait_for(lambda: list(Cache(folder.settings.cache_path).incoming.glob("*.parquet")))
        for process in descendants(os.getpid()):
            if b"parse" in Path(f"/proc/{process}/cmdline").read_bytes():
                os.kill(process, signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    with pytest.raises(LandingError, match="build again to go on"):
        folder.land()
    thread.join()
    assert len(folder.land()) == 8


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_line_that_a_killed_process_left_half_written_is_no_outcome(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dying = tmp_path / "dying"
    dying.write_text('#!/bin/sh\nprintf \'{"name": "on\'\nexit 9\n')
    dying.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(dying))
    folder.write("one.txt", b"words")
    with pytest.raises(LandingError, match="after 0 of 1 files, exit code 9"):
        folder.land()


def test_a_cache_that_cannot_be_written_is_an_error(folder: Folder, capfd: pytest.CaptureFixture[str]) -> None:
    folder.write("a.txt", b"words")
    folder.settings.cache_path.parent.mkdir(parents=True)
    folder.settings.cache_path.write_bytes(b"a file where a folder should be")
    with pytest.raises(LandingError):
        folder.land()
    assert "cannot be written" in capfd.readouterr().err


def wait_for(condition: Callable[[], object], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def descendants(process: int) -> list[int]:
    """Return the processes that a process started, and those that they started."""
    found = []
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, children.read_text().split()):
            found += [child, *descendants(child)]
    return found


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


# --- what was begun before the landing ---


def test_what_was_begun_before_is_not_read_again(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("one.txt", b"words")
    folder.write("picture.png", b"\x89PNG\r\n\x1a\n")
    parsing.begin(folder.settings)
    assert parsing.BEGUN[0].outcomes().keys() == {"one.txt", "picture.png"}
    monkeypatch.setattr(landing, "Parsing", None)  # nothing is left to open
    assert folder.land().keys() == {"one.txt", "picture.png"}
    parsing.begin(folder.settings)
    assert not parsing.BEGUN, "all is known"


def test_what_a_killed_build_has_read_is_not_begun_again(folder: Folder) -> None:
    for name in ("one", "two"):
        folder.write(f"{name}.txt", name.encode())
    cache = Cache(folder.settings.cache_path)
    cache.write(documents.parse(b"one", "one.txt"))  # and waits at the gate
    parsing.begin(folder.settings)
    read = {name: outcome.was_parsed for name, outcome in parsing.BEGUN[0].outcomes().items()}
    assert read == {"one.txt": False, "two.txt": True}
    assert len(folder.land()) == 2


def test_a_file_that_changed_since_it_was_begun_is_read_again(folder: Folder) -> None:
    folder.write("one.txt", b"words")
    folder.write("gone.txt", b"soon")
    parsing.begin(folder.settings)
    parsing.BEGUN[0].outcomes()
    folder.write("one.txt", b"other words", age=30)
    folder.write("new.txt", b"new")
    (folder.path / "gone.txt").unlink()
    rows = folder.land()
    assert {name: row["pages"][0]["text"] for name, row in rows.items()} == {"one.txt": "other words", "new.txt": "new"}


def test_what_was_begun_for_another_folder_is_ended(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Folder(tmp_path / "other")
    other.write("other.txt", b"other")
    folder.write("one.txt", b"words")
    parsing.begin(other.settings)
    (begun,) = parsing.BEGUN
    assert folder.land().keys() == {"one.txt"}
    assert begun.process.returncode is not None and not parsing.BEGUN
    parsing.begin(folder.settings)
    parsing.begin(other.settings)
    assert [each.settings for each in parsing.BEGUN] == [other.settings]
    parsing.BEGUN.pop().stop()


def test_what_was_begun_for_a_build_that_is_refused_ends_without_a_word(
    folder: Folder, capfd: pytest.CaptureFixture[str]
) -> None:
    for number in range(300):
        folder.write(f"{number}.txt", f"words {number}".encode())
    parsing.begin(folder.settings)
    begun = parsing.BEGUN.pop()
    until = time.monotonic() + 60
    while not begun.found and time.monotonic() < until:
        time.sleep(0.01)
    begun.stop()
    assert 0 < len(begun.found) < 300, "it was at work"
    time.sleep(1)  # what its processes share is taken away by another process
    assert capfd.readouterr().err == ""
    assert len(folder.land()) == 300


def test_a_failure_of_what_was_begun_is_the_landing_s(folder: Folder) -> None:
    folder.write("one.txt", b"words")
    parsing.begin(folder.settings)
    parsing.BEGUN[0].process.kill()
    with pytest.raises(LandingError, match="what was read is kept: build again"):
        folder.land()
    assert folder.land().keys() == {"one.txt"}


def test_a_landing_leaves_nothing_in_the_folder_for_what_is_temporary(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write("a.pdf", REPORT)

    with tempfile.TemporaryDirectory() as temporary:  # a path as short as a socket's has to be
        for name in ("TMPDIR", "TEMP", "TMP"):
            monkeypatch.setenv(name, temporary)
        assert list(folder.land()) == ["a.pdf"]
        assert os.listdir(temporary) == []
