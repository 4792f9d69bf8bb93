"""The landing gate: what does not look like a document is set aside with the reason, and the rest goes on."""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from conftest import Folder, make_pdf
from project import EXAMPLES, Project

from loaders.reading import documents, gate, parse
from loaders.reading.cache import CONTENT, LOADER_VERSION, Cache, write_whole
from loaders.reading.gate import Gate
from loaders.reading.task import Task

GOOD = make_pdf("Inspection of Ashmere\nGood", "A second page\nwith words on it", "A third page\nand its words")


def row_of(content: bytes) -> dict[str, Any]:
    """Return the row of the cache that a content gives."""
    return documents.parse(content, "report.pdf") | {"loader_version": LOADER_VERSION, "landed_at": datetime.now(UTC)}


def page_of(text: str | None, number: int = 1) -> dict[str, Any]:
    return {"page_number": number, "text": text, "line_layout": []}


def table_of(*places: tuple[int, int], page_number: int = 1, table_number: int = 1) -> dict[str, Any]:
    cells = [{"row_number": row, "column_number": column, "text": "x"} for row, column in places]
    return {"page_number": page_number, "table_number": table_number, "cells": cells}


WORDS = "words of a page that anybody can read "
SQUARE = ((1, 1), (1, 2), (2, 1), (2, 2))
# what a reader could do wrong, and the words of the reason
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no size": ({"byte_size": 0}, "it has no size"),
    "a size that is not known": ({"byte_size": None}, "its byte_size is not known"),
    "no kind": ({"media_type": None}, "its media_type is not known"),
    "no time": ({"landed_at": None}, "its landed_at is not known"),
    "no loader": ({"loader_version": None}, "its loader_version is not known"),
    "no count of pages": ({"page_count": None}, "its page_count is not known"),
    "a hash that is not known": ({"sha256": None}, "its sha256 is not known"),
    "another hash": ({"sha256": "0" * 64}, "it is kept under the hash of another content"),
    "no hash": ({"sha256": "../../etc/passwd"}, "its hash is no SHA-256"),
    "a picture": ({"media_type": "image/png"}, "it is of a kind that is not read"),
    "another loader": ({"loader_version": "0"}, "another loader read it"),
    "no page": ({"page_count": 0, "pages": []}, "it has no page"),
    "a page lost": ({"page_count": 4}, "not all of its pages were read"),
    "pages from 0": (
        {"page_count": 2, "pages": [page_of(WORDS, 0), page_of(WORDS, 1)]},
        "its pages are not numbered 1, 2, 3 … (page 0, 1)",
    ),
    "a page twice": (
        {"page_count": 2, "pages": [page_of(WORDS, 1), page_of(WORDS, 1)]},
        "a page of it is there twice (page 1)",
    ),
    "a page of nothing": ({"page_count": 1, "pages": [page_of(None)]}, "a page of it has no text, not even none"),
    "a page too full": (
        {"page_count": 1, "pages": [page_of(WORDS * 10_000)]},
        "a page of it holds more text than a page can (page 1)",
    ),
    "replacement characters": (
        {"page_count": 2, "pages": [page_of(WORDS), page_of(WORDS + "\ufffd" * 20, 2)]},
        "a page of it is not text but replacement characters, glyph codes or control characters (page 2)",
    ),
    "glyph codes": (
        {"page_count": 1, "pages": [page_of(" ".join(f"(cid:{n})" for n in range(20)))]},
        "a page of it is not text but replacement characters",
    ),
    "control characters": (
        {"page_count": 1, "pages": [page_of("7KH\x03UHSRUW\x03VD\\V\x03" * 6)]},
        "a page of it is not text but replacement characters",
    ),
    "private glyphs": (
        {"page_count": 1, "pages": [page_of("\uf041\uf042 " * 20 + "words")]},
        "a page of it is not text but the private glyphs of a font (page 1)",
    ),
    "a scan with stamps": (
        {"page_count": 3, "pages": [page_of(f"Page {n}", n) for n in (1, 2, 3)]},
        "its pages hold next to no text (a scan with stamps?)",
    ),
    "lines without layout": (
        {"page_count": 1, "pages": [page_of("one\ntwo") | {"line_layout": [{"top": 1.0}]}]},
        "the lines of a page and how they are set do not match (page 1)",
    ),
    "a table elsewhere": (
        {"tables": [table_of(*SQUARE, page_number=4)]},
        "a table of it stands on a page that it has not (page 4)",
    ),
    "a table twice": ({"tables": [table_of(*SQUARE)] * 2}, "a table of it is there twice (page 1)"),
    "a ragged table": ({"tables": [table_of(*SQUARE[:3])]}, "a table of it is not rectangular (page 1)"),
    "a cell twice": (
        {"tables": [table_of(*SQUARE[:3], (1, 1))]},
        "a cell of a table of it is there twice (page 1)",
    ),
    "a cell without a place": ({"tables": [table_of(*SQUARE[:3], (0, 0))]}, "a cell of a table of it is there twice"),
    "many pages": (
        {"page_count": 9, "pages": [page_of("\ufffd" * 40, number) for number in range(1, 10)]},
        "(page 1, 2, 3, 4, 5 and 4 more)",
    ),
}
READ_TWICE = "it was read twice in one batch"
# what is odd and still a document
ODD: dict[str, dict[str, Any]] = {
    "bullets": {"page_count": 1, "pages": [page_of("\uf06e a point of the list\n" * 30)]},
    "ticks": {"page_count": 1, "pages": [page_of("Police \uf0fc \uf0fc \uf0fb \uf0fc \uf0fc\n" * 20)]},
    "soft hyphens": {"page_count": 1, "pages": [page_of("well\ufffeestablished " * 20)]},
    "a nearly blank page": {"page_count": 2, "pages": [page_of(WORDS * 5), page_of("\ufffd", 2)]},
    "other scripts": {"page_count": 1, "pages": [page_of("שלום عليكم 你好 😀👩‍👩‍👧 " * 9)]},
    "no layout": {"page_count": 1, "pages": [page_of(WORDS) | {"line_layout": None}]},
    "a table": {"tables": [table_of(*SQUARE), table_of(*SQUARE, table_number=2)]},
}


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Cache, dict[str, str], str]]:
    """One check of all of them: the cache, the content of each name, and the page."""
    folder = tmp_path_factory.mktemp("gate")
    cache = Cache(folder / "cache")
    cache.incoming.mkdir(parents=True)
    names = {}
    for name, changes in {**{name: bad for name, (bad, _) in BAD.items()}, **ODD, "good": {}}.items():
        row = row_of(GOOD + name.encode())
        names[name] = row["sha256"]
        write_whole(cache.incoming, row["sha256"], [pa.Table.from_pylist([row | changes], CONTENT)])
    shown = {content: f"<script>{name}</script>\x1b[2J" for name, content in names.items()}
    Gate(cache).check(folder / "validation.html", shown)
    yield cache, names, (folder / "validation.html").read_text("utf-8")


@pytest.mark.parametrize("name", BAD)
def test_a_document_that_fails_is_set_aside_with_what_was_expected(name: str, checked: tuple) -> None:
    cache, names, _ = checked
    row = cache.scan()[names[name]]
    assert row["rejected_reason"].startswith("set aside by the check of what was read: ")
    assert BAD[name][1] in row["rejected_reason"]


def test_every_expectation_is_one_that_a_document_can_fail() -> None:
    expected = {expectation.meta["reason"] for suite in gate.suites().values() for expectation in suite}
    failed = {words for _, words in BAD.values()} | {READ_TWICE}
    assert [reason for reason in expected if not any(reason in words or words in reason for words in failed)] == []


@pytest.mark.parametrize("name", [*ODD, "good"])
def test_the_rest_goes_on(name: str, checked: tuple) -> None:
    cache, names, _ = checked
    assert cache.scan()[names[name]]["rejected_reason"] is None


def test_nothing_waits_any_more_and_the_page_shows_what_was_found(checked: tuple) -> None:
    cache, names, page = checked
    assert not cache.waiting()
    assert f"{len(names)} new documents were checked, {len(BAD)} of them set aside" in page
    assert "&lt;script&gt;a cell twice&lt;/script&gt;\\x1b[2J" in page
    assert "<script>" not in page and "\x1b" not in page


def test_a_content_that_is_there_twice_is_let_in_once_or_not_at_all(tmp_path: Path) -> None:
    cache, row = Cache(tmp_path), row_of(GOOD)
    cache.incoming.mkdir(parents=True)
    for name in (row["sha256"], "1" * 64):
        write_whole(cache.incoming, name, [pa.Table.from_pylist([row], CONTENT)])
    Gate(cache).check(None, {})
    assert all(READ_TWICE in found["rejected_reason"] for found in cache.scan().values())


def test_a_page_that_is_no_text_is_rejected_and_the_rest_lands(folder: Folder) -> None:
    folder.write("good.pdf", GOOD)
    folder.write("glyphs.txt", ("(cid:72)(cid:101)(cid:108) " * 20).encode())
    rows = folder.land(landing_gate=True)
    assert rows["good.pdf"]["rejected_reason"] is None
    assert "glyph codes" in rows["glyphs.txt"]["rejected_reason"]
    assert rows["glyphs.txt"]["pages"] is None
    page = folder.settings.build_path / "validation.html"
    assert "glyphs.txt" in page.read_text("utf-8")

    page.unlink()
    assert folder.land(landing_gate=True) == rows
    assert not page.exists()  # nothing was new


def test_nothing_new_costs_nothing(folder: Folder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder.write("a.txt", b"words")
    folder.land()
    blocker = tmp_path / "blocker"
    blocker.mkdir()
    (blocker / "great_expectations.py").write_text("raise ImportError('imported although nothing is new')")
    monkeypatch.setenv("PYTHONPATH", str(blocker))
    settings = replace(folder.settings, landing_gate=True)
    folder.write("a.txt", b"words", age=30)  # opened again, of the same content
    folder.write("b.png", b"\x89PNG\r\n\x1a\n")  # rejected, so there is nothing to check
    folder.settings = settings
    assert folder.land()["a.txt"]["rejected_reason"] is None
    folder.write("new.txt", b"new words")
    with pytest.raises(Exception, match="build again"):
        folder.land()
    monkeypatch.undo()
    assert len(folder.land()) == 3  # what waited is checked, not read again


def test_a_look_tells_whether_a_file_holds_a_new_document(folder: Folder) -> None:
    contents = {"new.txt": b"new words", "known.txt": b"words", "b.png": b"\x89PNG\r\n\x1a\n"}
    for name, content in contents.items():
        folder.write(name, content)
    task = Task(
        reports=str(folder.settings.reports_path),
        cache=str(folder.settings.cache_path),
        names=[*contents, "gone.txt"],
        known=[hashlib.sha256(contents["known.txt"]).hexdigest()],
    )
    assert [name for name in task.names if parse.is_new(task, name)] == ["new.txt"]


def test_a_build_has_its_documents_checked(built: Project) -> None:
    page = (built.folder / "build" / "validation.html").read_text("utf-8")
    files = sum(path.is_file() for path in EXAMPLES.rglob("*"))
    assert f"{files} new documents were checked, 0 of them set aside" in page


def test_what_a_killed_build_left_at_the_gate_is_checked_by_the_next(folder: Folder) -> None:
    path = folder.write("glyphs.txt", ("\ufffd" * 99).encode())
    folder.write("good.txt", b"words")
    cache = Cache(folder.settings.cache_path)
    cache.write(documents.parse(path.read_bytes(), path.name))
    assert not cache.scan()
    rows = folder.land(landing_gate=True)
    assert "replacement characters" in rows["glyphs.txt"]["rejected_reason"]


def test_a_check_that_fails_lets_nothing_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path)
    cache.write(documents.parse(GOOD, "a.pdf"))
    monkeypatch.setitem(gate.FRAMES, "pages", gate.FRAMES["pages"].replace("as private_share", "as another_name"))
    with pytest.raises(gate.GateError, match="could not be checked"):
        Gate(cache).check(None, {})
    assert not cache.scan() and cache.waiting()


def test_a_page_that_cannot_be_written_costs_no_landing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cache = Cache(tmp_path / "cache")
    cache.write(documents.parse(GOOD, "a.pdf"))
    Gate(cache).check(tmp_path / "missing" / "validation.html", {})
    assert cache.scan()
    assert "cannot be written" in caplog.text


def test_a_check_talks_to_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda *address: called.append(address))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *address, **_: called.append(address))
    cache = Cache(tmp_path)
    cache.write(documents.parse(GOOD, "a.pdf"))
    Gate(cache).check(None, {})
    assert cache.scan() and not called
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"
