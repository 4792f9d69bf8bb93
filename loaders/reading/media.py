"""What kind of thing a file is, by its content, and what to tell a person about the kinds that are not read."""

from __future__ import annotations

import html
import io
import re
import zipfile
from pathlib import PurePosixPath

from loaders.reading import text_kinds

PDF, PLAIN, MARKDOWN, HTML = "application/pdf", text_kinds.PROSE, "text/markdown", "text/html"
EMPTY, UNKNOWN = "application/x-empty", "application/octet-stream"
MARKDOWN_ENDINGS = {".md", ".markdown"}
HTML_ENDINGS = {".html", ".htm", ".xhtml"}
BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

# the first bytes of a kind, its media type, and its name
SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png", "a PNG picture"),
    (b"\xff\xd8\xff", "image/jpeg", "a JPEG picture"),
    (b"GIF8", "image/gif", "a GIF picture"),
    (b"II*\0", "image/tiff", "a TIFF picture"),
    (b"MM\0*", "image/tiff", "a TIFF picture"),
    (b"{\\rtf", "application/rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage", "an old Word, Excel or Outlook file"),
    (b"%!PS", "application/postscript", "a PostScript file"),
    (b"\x1f\x8b", "application/gzip", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "application/vnd.rar", "a RAR archive"),
    (b"SQLite format 3\0", "application/vnd.sqlite3", "an SQLite database"),
    (b"PAR1", "application/vnd.apache.parquet", "a Parquet file"),
    (b"L\0\0\0\x01\x14\x02\0", "application/x-ms-shortcut", "a Windows shortcut"),
)
# the first folder or file that gives a ZIP's kind away
ZIP_KINDS = (
    ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "a Word document"),
    ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "an Excel workbook"),
    ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation", "a PowerPoint presentation"),
    ("META-INF/container.xml", "application/epub+zip", "an EPUB book"),
    ("content.xml", "application/vnd.oasis.opendocument", "an OpenDocument file"),
)
KIND_NAMES = (
    {media_type: name for _, media_type, name in (*SIGNATURES, *ZIP_KINDS)}
    | text_kinds.NAMES
    | {
        "image/webp": "a WebP picture",
        "image/svg+xml": "an SVG picture",
        "application/xml": "an XML file",
        "application/zip": "a ZIP archive",
        "application/vnd.duckdb": "a DuckDB database",
    }
)
# The group is atomic: a text of comments and no markup could else be parted in more ways than can be tried.
MARKUP_START = re.compile(rb"(?>(?:<!--.*?-->|<\?xml[^>]*\?>|\s)*)<((?:!doctype\s+)?(?:html|svg))\b", re.I | re.S)
TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.I | re.S)


def sniff(content: bytes, name: str = "") -> str:
    """Return the media type of a content; what may be text is ``text/plain``, whatever the name says.

    The name decides one thing only: under a .pdf name the header may stand behind some rubbish, as PDF readers allow.
    """
    if not content:
        return EMPTY
    if is_pdf(content, name):
        return PDF
    start = start_of(content)
    for signature, media_type, _ in SIGNATURES:
        if start.startswith(signature):
            return media_type
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return "image/webp"
    if start[8:12] == b"DUCK" and b"\0" in start[:64]:
        return "application/vnd.duckdb"
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return sniff_zip(content)
    markup = MARKUP_START.match(plain_bytes(start))
    if markup:
        return HTML if markup[1].lower().endswith(b"html") else "image/svg+xml"
    if start.lstrip().startswith(b"<?xml"):
        return "application/xml"
    return PLAIN


def is_pdf(content: bytes, name: str = "") -> bool:
    """Say, at a look, whether a content is a PDF."""
    start = start_of(content)
    return start.lstrip().startswith(b"%PDF-") or (ending(name) == ".pdf" and b"%PDF-" in start[:1024])


def may_be_read(content: bytes, name: str = "") -> bool:
    """Say, at a look, whether a content may be a document; a closer look is for where it is limited."""
    others = (*(signature for signature, _, _ in SIGNATURES), b"PK")
    return bool(content) and (is_pdf(content, name) or not content.startswith(others))


def start_of(content: bytes) -> bytes:
    return content[:4096].removeprefix(BYTE_ORDER_MARKS[0])


def plain_bytes(start: bytes) -> bytes:
    """Give the start of a content with one byte a character where it is UTF-16."""
    return start[2:].replace(b"\0", b"") if start.startswith(BYTE_ORDER_MARKS[1:]) else start


def sniff_zip(content: bytes) -> str:
    """Return the kind of a ZIP by the names in its directory; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except Exception:  # a broken directory is still a ZIP
        return "application/zip"
    for mark, media_type, _ in ZIP_KINDS:
        if any(name.startswith(mark) for name in names):
            return media_type
    return "application/zip"


def ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def unsupported(media_type: str, content: bytes) -> str:
    """Say what a content is that is not read."""
    if media_type == HTML:
        title = html_title(content)
        return f"an HTML page, titled “{title}”" if title else "an HTML page"
    kind = KIND_NAMES.get(media_type, "a file of an unknown kind")
    if media_type in text_kinds.FETCHED_BY:
        return f"{kind}, which stands for a file that was not fetched: run `{text_kinds.FETCHED_BY[media_type]}`"
    return f"{kind} ({media_type}), which is not read: PDF, plain text and Markdown are"


def html_title(content: bytes) -> str:
    """Return a page's title in one line of at most 100 characters."""
    encoding = "utf-16" if content.startswith(BYTE_ORDER_MARKS[1:]) else "utf-8"
    found = TITLE.search(content[:65536].decode(encoding, "replace"))
    title = " ".join(html.unescape(found[1]).split()) if found else ""
    title = "".join(character for character in title if character.isprintable())
    return title if len(title) <= 100 else title[:99] + "…"


def by_name(name: str, media_type: str, reason: str | None) -> tuple[str, str | None]:
    """Return the media type and reason of a content under one of its names."""
    if media_type == HTML and reason:
        if ending(name) in HTML_ENDINGS:
            return media_type, f"{reason}; save it as PDF or text"
        under = f"an HTML page under a {ending(name)} name" if ending(name) else "an HTML page"
        return media_type, f"{reason.replace('an HTML page', under, 1)}; download it again"
    if media_type not in text_kinds.TEXTS or reason:
        return media_type, reason
    if ending(name) == ".pdf":
        return PLAIN, "plain text under a .pdf name; download it again, or give it a .txt name"
    if kind := text_kinds.by_ending(name, media_type):
        return PLAIN, f"{kind}, which is not read: if it is a report, give it a .txt name"
    return MARKDOWN if ending(name) in MARKDOWN_ENDINGS else PLAIN, None
