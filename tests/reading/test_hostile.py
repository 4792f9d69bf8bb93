"""Documents and folders that mean harm, or might as well: each gives a row, in time, and nothing in them is obeyed."""

from __future__ import annotations

import glob
import io
import os
import random
import string
import subprocess
import sys
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from conftest import Folder, draw_grid, make_pdf
from fuzz_documents import mutate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from loaders import files, storage
from loaders.errors import LandingError, RejectedError
from loaders.reading import documents, media, parse, text, worker
from loaders.reading.cache import CONTENT, LOADER_VERSION, Cache, read_summary
from loaders.reading.gate import FRAMES, PARAMETERS
from loaders.reading.task import Task
from loaders.reading.worker import give_up

REPORT = make_pdf("Inspection of Ashmere\nGood", "Page two", lambda canvas: draw_grid(canvas, ["a", "b", "c", "d"], 2))
# the same examples in every run; the fuzz script looks further
steady = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def read(content: bytes, name: str = "report.pdf") -> dict[str, Any]:
    """Return the row of a content, which must be whole: it fits the cache, and its pages and tables are well formed."""
    row = documents.parse(content, name)
    assert "the reader failed" not in (row.get("rejected_reason") or ""), row["rejected_reason"]
    table = pa.Table.from_pylist([row | {"loader_version": LOADER_VERSION}], CONTENT)
    if row.get("rejected_reason"):
        assert row["rejected_reason"].isprintable()
        return row
    with duckdb.connect() as connection:
        connection.register("landed", table.append_column("document", pa.array([row["sha256"]])))
        pages = connection.execute(FRAMES["pages"], PARAMETERS).fetchall()
        assert [page[1] for page in pages] == [page[2] for page in pages]
        for _, _, _, _, cells, rectangle, places in connection.execute(FRAMES["tables"]).fetchall():
            assert cells == rectangle == places
    return row


@contextmanager
def within(seconds: float) -> Iterator[None]:
    start = time.process_time()  # whatever else the machine does
    yield
    assert time.process_time() - start < seconds


# --- any bytes, any text ---


@steady
@given(st.binary(max_size=3000), st.sampled_from([".pdf", ".txt", ".md", ".html", ""]))
def test_any_bytes_give_a_row(content: bytes, ending: str) -> None:
    read(content, f"report{ending}")


@steady
@given(st.binary(max_size=300))
def test_anything_behind_the_header_of_a_pdf_gives_a_row(content: bytes) -> None:
    read(b"%PDF-1.7\n" + content + b"\nstartxref\n0\n%%EOF")


@steady
@given(st.integers(0, 2**32))
def test_a_mutated_pdf_gives_a_row(seed: int) -> None:
    content, ending = mutate([(REPORT, ".pdf")], random.Random(seed))
    read(content, f"report{ending}")


CELLS = st.text(alphabet="aB9£%.-é😀א\0\u202e:\\ ", max_size=5) | st.characters(exclude_categories=["Cs"])
BLOCKS = st.tuples(
    st.sampled_from(["\t", "\t\t", "|", " | ", "   "]),
    st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=6),
).map(lambda block: [block[0].join(row) for row in block[1]])
LINES = st.lists(st.one_of(BLOCKS, st.just(["|---|---|"])), max_size=5).map(
    lambda blocks: [line for block in blocks for line in block]
)


@settings(steady, max_examples=150)
@given(LINES)
def test_any_text_keeps_its_words_and_gives_rectangular_tables(lines: list[str]) -> None:
    words = "\n".join(lines)
    try:
        kept = text.decode(words.encode())
    except RejectedError:
        return
    assert "".join(kept.split()) == "".join(
        words.replace("\0", "").removeprefix("\ufeff").translate(text.LIGATURES).split()
    )
    for table in text.find_tables(kept):
        assert len({len(row) for row in table.cells}) == 1
        assert all(0 < row <= len(table.cells) for _, row in table.lines)
    read(words.encode(), "report.txt")


@steady
@given(st.text(max_size=40))
def test_what_is_shown_commands_no_terminal(words: str) -> None:
    assert files.printable(words).isprintable()
    page = f"<html><title>{words}</title>".encode("utf-8", "replace")
    assert (media.by_name("a.pdf", media.HTML, media.unsupported(media.HTML, page))[1] or "").isprintable()


@settings(steady, max_examples=15)
@given(st.text(alphabet=st.sampled_from("*?[]{}!'\" ;$`&|<>()#~\n\té😀-"), min_size=1, max_size=20))
def test_a_name_is_never_a_pattern_a_path_or_sql(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.mktemp("names") / f"x{name}"
    folder.mkdir()
    connection = duckdb.connect()
    for number, file in enumerate((f"a{name}.parquet", "a.parquet")):
        connection.sql(f"select {number} as x").to_parquet(str(folder / file))
    found = connection.read_parquet([glob.escape(str(folder / f"a{name}.parquet"))]).fetchall()
    assert found == [(0,)]
    assert {file.name for file in files.list_files(folder)} == {f"a{name}.parquet", "a.parquet"}


@pytest.mark.parametrize(("name", "other"), [("*", "zz"), ("?", "z"), ("[ab]", "a"), ("[!b]", "a"), ("{a,b}", "a")])
def test_a_pattern_in_a_name_finds_no_other_file(tmp_path: Path, name: str, other: str) -> None:
    connection = duckdb.connect()
    for number, folder in enumerate((other, name)):
        (tmp_path / folder).mkdir()
        connection.sql(f"select {number} as x").to_parquet(str(tmp_path / folder / "a.parquet"))
    assert connection.read_parquet([glob.escape(str(tmp_path / name / "a.parquet"))]).fetchall() == [(1,)]


# --- PDFs made to break readers ---


TEXT = b"BT /F 12 Tf 72 700 Td (words) Tj ET "


def raw_pdf(*objects: bytes, stream: bytes = TEXT) -> bytes:
    """Return a PDF of objects from number 5 on, behind a catalog, a page tree, a stream of text and its font."""
    first = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[5 0 R]/Count 1>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    body = b"".join(b"%d 0 obj\n%b\nendobj\n" % (number, one) for number, one in enumerate((*first, *objects), 1))
    return b"%%PDF-1.4\n%btrailer<</Root 1 0 R>>\nstartxref\n0\n%%%%EOF" % body


PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R/Resources<</Font<</F 4 0 R>>>>%b>>"


def many_pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % number for number in range(5, 5 + count))
    content = raw_pdf(*[PAGE % b""] * count)
    return content.replace(b"/Kids[5 0 R]/Count 1", b"/Kids[%b]/Count %d" % (kids, count))


def nested_tree(depth: int) -> bytes:
    nodes = [b"<</Type/Pages/Parent 2 0 R/Kids[%d 0 R]/Count 1>>" % (number + 1) for number in range(5, 5 + depth)]
    return raw_pdf(*nodes, PAGE % b"")


def nested_forms(depth: int) -> bytes:
    forms = [
        b"<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Length 5/Resources<</XObject<</X %d 0 R>>>>>>"
        b"stream\n/X Do\nendstream" % (number + 1)
        for number in range(6, 6 + depth)
    ]
    page = PAGE.replace(b"/F 4 0 R>>", b"/F 4 0 R>>/XObject<</X 6 0 R>>") % b""
    return raw_pdf(page, *forms, stream=TEXT + b"/X Do")


HARMFUL: dict[str, tuple[Callable[[], bytes], int | None]] = {  # and the pages that are read, none where it is rejected
    "thousands of pages": (lambda: many_pages(3000), 3000),
    "a count that lies": (lambda: raw_pdf(PAGE % b"").replace(b"/Count 1", b"/Count 999999999"), None),
    "a page tree 50,000 deep": (lambda: nested_tree(50_000), None),
    "a page tree in a circle": (lambda: raw_pdf(b"<</Type/Pages/Kids[2 0 R 5 0 R]/Count 2/Parent 5 0 R>>"), None),
    "forms 300 deep": (lambda: nested_forms(300), 1),
    "a form in itself": (lambda: nested_forms(3).replace(b"/X 9 0 R", b"/X 6 0 R"), 1),
    "arrays 200,000 deep": (lambda: raw_pdf(PAGE % (b"/X" + b"[" * 200_000 + b"]" * 200_000)), None),
    "dictionaries 100,000 deep": (lambda: raw_pdf(PAGE % (b"/X" + b"<</X" * 100_000 + b"1" + b">>" * 100_000)), None),
    "a stream of itself": (lambda: raw_pdf(PAGE % b"").replace(b"/Length 36", b"/Length 3 0 R"), 1),
    "a page of no size": (lambda: raw_pdf(PAGE % b"/UserUnit 0").replace(b"595 842", b"0 0"), 1),
    "a page beyond measure": (lambda: raw_pdf(PAGE % b"").replace(b"595 842", b"1e38 -1e38"), 1),
    "a page turned by 37": (lambda: raw_pdf(PAGE % b"/Rotate 37"), 1),
    "100,000 strokes": (lambda: raw_pdf(PAGE % b"", stream=TEXT + b"0 0 m 9 9 l S " * 100_000), 1),
    "states 500,000 deep": (lambda: raw_pdf(PAGE % b"", stream=b"q " * 500_000 + TEXT), 1),
    "bombs within a bomb": (
        lambda: raw_pdf(PAGE % b"", stream=zlib.compress(zlib.compress(b" " * 50_000_000))).replace(
            b"/Length", b"/Filter[/FlateDecode/FlateDecode]/Length", 1
        ),
        None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HARMFUL)
def test_a_harmful_pdf_is_read_or_rejected_in_time(name: str) -> None:
    make, pages = HARMFUL[name]
    content = make()
    with within(30):
        row = read(content)
    if pages is not None:
        assert row.get("page_count") == pages, row.get("rejected_reason")


# Its trailer stands first, as in a file made for the web, so that a reader can mend what is cut, less the pages lost.
MENDABLE = many_pages(30).replace(b"%PDF-1.4\n", b"%PDF-1.4\ntrailer<</Root 1 0 R>>\n")


@pytest.mark.parametrize("content", [REPORT, MENDABLE], ids=["as made here", "mendable"])
def test_a_pdf_that_is_cut_anywhere_is_rejected_or_whole(content: bytes) -> None:
    whole, length = read(content), len(content)
    marks = (b"obj", b"stream", b"endstream", b"xref", b"trailer", b"startxref")
    places = {max(0, content.find(mark) + shift) for mark in marks for shift in (-1, 0, 1, 4)}
    for place in sorted({*places, *range(0, length, 97), *range(length - 40, length)}):
        row = read(content[:place])
        assert row.get("rejected_reason") or (row["pages"] == whole["pages"] and place > length - 40), place


def test_a_page_that_only_the_slow_reader_cannot_open_costs_nothing() -> None:
    def draw_turned(canvas: Canvas) -> None:
        canvas.setPageRotation(90)
        draw_grid(canvas, ["a", "b", "c", "d"], 2)

    content = make_pdf(draw_turned, "words", "more words")
    second = content.index(b"/MediaBox", content.index(b"/MediaBox") + 1)
    row = read(content[:second] + b"/XediaBox" + content[second + 9 :])
    assert row["page_count"] == 3, row


def draw_words(canvas: Canvas) -> None:
    for number, words in enumerate(
        ('"=cmd|calc"', "<script>alert(1)</script>", "'; drop table dim_report; --", "$(id)")
    ):
        canvas.drawString(72, 700 - 20 * number, words)


def test_words_that_mean_something_elsewhere_are_kept_as_they_are() -> None:
    [page] = read(make_pdf(draw_words))["pages"]
    assert page["text"].split("\n")[1:3] == ["<script>alert(1)</script>", "'; drop table dim_report; --"]


def test_an_archive_is_told_by_its_names_and_not_unpacked() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("word/document.xml", bytes(100_000_000))
    tracemalloc.start()
    row = read(buffer.getvalue(), "letter.pdf")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert row["rejected_reason"].startswith("a Word document")
    assert most < 10_000_000


# --- texts made to break readers ---


@pytest.mark.parametrize(
    "words",
    [
        "a\tb\tc\n" * 60_000,
        "| a | b |\n|---|---|\n" + "| x | |\n" * 60_000,
        "name      12     34\n" * 30_000,
        "|" * 200_000 + "\n" + "|-" * 100_000,
        "\t" * 300_000 + "\nx\n" + "\t" * 300_000,
        "\tx\n" * 12_000,
        "x  " * 200_000 + "\n",
        (" " * 2000 + "x\n") * 2000,
        "=" * 2_000_000,
        "(cid:" * 200_000,
        "\\|" * 300_000,
        "\u202eשלום עולם 12%\n😀👩‍👩‍👧 é\u0301\n" * 5000,
    ],
    ids=lambda words: repr(words[:12]),
)
def test_a_gigantic_text_is_read_in_time(words: str) -> None:
    with within(30):
        row = read(words.encode(), "report.txt")
    assert row["pages"][0]["text"] == words


@pytest.mark.parametrize("content", [b"a\0b", b"\0" * 9 + b"words" * 9, "\0".join("words").encode("utf-16")])
def test_embedded_nuls_are_left_out(content: bytes) -> None:
    row = read(content, "report.txt")
    assert row.get("rejected_reason") or "\0" not in row["pages"][0]["text"]


# --- files and folders ---


def test_a_file_that_is_gone_when_it_is_read_is_one_rejection(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("kept.txt", b"words")
    listed = [*files.list_files(folder.path), files.File("gone.txt", 5, 0), files.File("sub/gone.pdf", 5, 0)]
    monkeypatch.setattr(storage, "list_reports", lambda _: listed)
    rows = folder.land()
    assert {name: row["rejected_reason"] for name, row in rows.items()} == {
        "kept.txt": None,
        "gone.txt": "it is gone, or is a link to nothing",
        "sub/gone.pdf": "it is gone, or is a link to nothing",
    }


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_links_to_themselves_and_devices_are_rejections(folder: Folder) -> None:
    folder.write("kept.txt", b"words")
    (folder.path / "self.pdf").symlink_to(folder.path / "self.pdf")
    (folder.path / "zero.pdf").symlink_to("/dev/zero")
    long = "é" * 123 + "…" + ".pdf"
    assert len(os.fsencode(long)) == 253
    folder.write("x" + long, b"words of a long name")
    rows = folder.land()
    assert "Too many levels of symbolic links" in rows["self.pdf"]["rejected_reason"]
    assert rows["zero.pdf"]["rejected_reason"].startswith("not a file that can be read")
    assert rows["x" + long]["rejected_reason"].startswith("plain text under a .pdf name")


def test_a_name_in_an_error_commands_no_terminal(folder: Folder, capfd: pytest.CaptureFixture[str]) -> None:
    folder.write("\x1b[2J\n$(id).pdf", b"")
    with pytest.raises(LandingError) as error:
        folder.land()
    assert "\x1b" not in str(error.value)
    assert "\\x1b[2J\\n$(id).pdf: an empty file" in str(error.value)
    assert "\x1b" not in capfd.readouterr().err


@pytest.mark.parametrize("year", [1971, 2100])
def test_a_clock_that_jumps_hides_no_change(folder: Folder, year: int) -> None:
    path, seconds = folder.write("a.txt", b"one"), (year - 1970) * 365 * 86400
    os.utime(path, (seconds, seconds))
    assert folder.land()["a.txt"]["pages"][0]["text"] == "one"
    path.write_bytes(b"other words")
    os.utime(path, (seconds, seconds))
    assert folder.land()["a.txt"]["pages"][0]["text"] == "other words"


def test_a_time_in_the_future_is_not_trusted(folder: Folder) -> None:
    path = folder.write("a.txt", b"one", age=-86400)
    status = path.stat()
    folder.land()
    path.write_bytes(b"two")
    os.utime(path, ns=(status.st_mtime_ns, status.st_mtime_ns))
    assert folder.land()["a.txt"]["pages"][0]["text"] == "two"


SMALL_DISK = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
from loaders.__main__ import main
raise SystemExit(main(["land"]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_disk_that_is_full_in_the_landing_is_said_and_what_was_read_is_kept(folder: Folder) -> None:
    folder.write("small.txt", b"words " * 50_000)  # when it is kept; as a file the larger one, and so read first
    noise = random.Random(1)
    folder.write("large.txt", "".join(noise.choices(string.ascii_letters + " ", k=200_000)).encode())
    environment = {**os.environ, "REPORTS_PATH": str(folder.path), "PYTHONPATH": str(Path(files.__file__).parents[1])}
    environment["LANDING_PROCESSES"] = "1"
    done = subprocess.run(
        [sys.executable, "-c", SMALL_DISK],
        cwd=folder.settings.build_path.parent, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert "cannot be written" in done.stderr and "build again to go on" in done.stderr
    assert [read_summary(path) for path in folder.settings.build_path.rglob("*.parquet")]  # none is half a file
    assert set(folder.land()) == {"small.txt", "large.txt"}


def test_what_cannot_be_kept_costs_no_more_than_the_document(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder.write("odd.txt", b"words")
    row = documents.parse(b"words", "odd.txt")
    monkeypatch.setattr(documents, "parse", lambda *_: row | {"page_count": 2**40})
    outcome = worker.parse_file(str(folder.path), str(folder.settings.cache_path), path.name, frozenset())
    assert outcome.was_parsed
    monkeypatch.undo()
    folder.write("other.txt", b"other words")
    rows = folder.land()
    assert rows["odd.txt"]["rejected_reason"].startswith("the reader failed on it")
    assert rows["other.txt"]["rejected_reason"] is None


def test_what_took_too_long_is_not_looked_at_again_without_a_limit(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang(*_: object) -> None:
        raise AssertionError("looked at in the parsing process, which nothing limits")

    monkeypatch.setattr(media, "sniff_zip", hang)
    monkeypatch.setattr(media, "MARKUP_START", None)
    folder.write("a.zip", b"PK\x03\x04 with a directory of millions")
    folder.write("b.txt", b"<!-- -->" * 9)
    folder.write("c.pdf", b"%PDF-1.7 of a vast drawing")
    task = Task(str(folder.path), str(folder.settings.cache_path), ["a.zip", "b.txt", "c.pdf"])
    outcomes = [give_up(task, name, "it took too long") for name in task.names]
    kept = Cache(folder.settings.cache_path).scan()
    found = [kept[outcome.sha256]["media_type"] for outcome in outcomes if outcome.sha256]
    assert found == [media.UNKNOWN, media.UNKNOWN, media.PDF]
    assert [parse.is_new(task, name) for name in task.names] == [False, True, True]
