"""Which texts are no documents: told by the content where that is certain, otherwise by the content and the name.

A wrong rejection of a report is worse than a table that is read in vain. So a content is rejected whatever its name
only where no report looks like it (JSON, an e-mail with its headers, a pointer to a file), and a name that tells of
something else (``.csv``, ``.py``, ``.log``) counts only where the content is no running text.
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import PurePosixPath

# What the cache keeps of a text; whether its name lets it be a document, is for each name to say.
PROSE, TABLE, BARE = "text/plain", "text/csv", "text/x-bare"
TEXTS = (PROSE, TABLE, BARE)

LOOKED_AT = 100_000  # characters, from the start
LEAST_PROSE = 0.75  # of the characters: reports have more than 0.85, code and settings with many comments up to 0.7
LOG_LINES = 0.9

# how a text starts, what it is, and its name
STARTS = (
    (
        re.compile(r"version https?://(?:git-lfs|hawser)\.github\.com/spec/"),
        "application/x-git-lfs",
        "a Git LFS pointer",
    ),
    (re.compile(r"(?:(?:\.\./)*\.git)?/annex/objects/\S+\s*$"), "application/x-git-annex", "a git-annex pointer"),
    (re.compile(r"(?:\[[^\]\n]*\]\n(?:[^\[\n]*\n)*)?\[InternetShortcut\]"), "application/x-mswinurl", "a web shortcut"),
    (re.compile(r"\[Desktop Entry\]"), "application/x-desktop", "a shortcut"),
    (re.compile(r"BEGIN:VCALENDAR"), "text/calendar", "a calendar file"),
    (re.compile(r"BEGIN:VCARD"), "text/vcard", "a file of contacts"),
    (re.compile(r"-----BEGIN [A-Z ]+-----"), "application/x-pem-file", "a key or certificate"),
    (re.compile(r"#! ?/"), "text/x-shellscript", "a script"),
    (re.compile(r"diff --git |--- \S+.*\n\+\+\+ \S"), "text/x-diff", "a patch"),
)
JSON, EMAIL, WEB_ARCHIVE, LOG = "application/json", "message/rfc822", "multipart/related", "text/x-log"
NAMES = {media_type: name for _, media_type, name in STARTS} | {
    JSON: "a JSON file",
    EMAIL: "an e-mail",
    WEB_ARCHIVE: "a web page saved as one file",
    LOG: "a log",
}
# Pointers, and what brings the file that they stand for.
FETCHED_BY = {"application/x-git-lfs": "git lfs pull", "application/x-git-annex": "git annex get"}

# Headers that programs write and people do not: a letter, too, can begin with Date, To and Subject.
HEADERS = re.compile(r"(?:From \S+ [^\n]*\n)?((?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){3,})")
MAIL_HEADER = re.compile(r"^(?:received|return-path|message-id|mime-version|dkim-signature|delivered-to):", re.I | re.M)
WEB_ARCHIVE_HEADER = re.compile(r"^(?:content-type:\s*multipart/related|snapshot-content-location:)", re.I | re.M)
LOG_LINE = re.compile(
    r"[\[(<]?(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\d\d:\d\d:\d\d\b|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d )"
    r"|\S+ \S+ \S+ \[\d\d/[A-Z][a-z]{2}/\d{4}:"
)
WORDS = re.compile(r"(?<![A-Za-z’'-])(?:[A-Za-z’'-]{1,40}[,;:.]? ){4}[A-Za-z’'-]")
CODE = re.compile(r"[{}=<>_\\|;]|\(\)|//|^\s*(?:import|from|def|class|return|select|#include)\b")

# What a name says that a text is. One letter can be an appendix's: its content has to agree, as with all of these.
NO_DOCUMENTS = {
    ending: kind
    for endings, kind in (
        (".csv", "a CSV table"),
        (".tsv .tab", "a table parted by tabs"),
        (".json .jsonl .ndjson .geojson .ipynb", NAMES[JSON]),
        (".log", NAMES[LOG]),
        (".py .pyi .pyw", "Python code"),
        (".js .mjs .cjs .ts .jsx .tsx", "JavaScript code"),
        (".sql .ddl", "SQL code"),
        (".r .jl .sas .sps .do .m", "code of a statistics program"),
        (".sh .bash .zsh .ps1 .bat .cmd .vbs .awk", "a script"),
        (".c .h .cc .cpp .hpp .cs .java .kt .go .rs .rb .php .pl .pm .lua .swift .scala .bas .vb", "code"),
        (".css .scss .less", "a style sheet"),
        (".yml .yaml .toml .ini .cfg .conf .properties .env .lock", "a settings file"),
        (".md5 .sha1 .sha256 .sha512 .sfv", "a list of checksums"),
        (".diff .patch", "a patch"),
        (".srt .vtt", "subtitles"),
        (".bib .ris", "a list of references"),
    )
    for ending in endings.split()
}
# What a name says whatever the content: an e-mail is running text, too.
NEVER_DOCUMENTS = {
    ending: kind
    for endings, kind in (
        (".eml .mbox .emlx", NAMES[EMAIL]),
        (".mht .mhtml", NAMES[WEB_ARCHIVE]),
        (".url .lnk .webloc .desktop", "a shortcut"),
        (".ics", "a calendar file"),
        (".vcf", "a file of contacts"),
    )
    for ending in endings.split()
}


def tell(text: str) -> str:
    """Return the media type of a text: one of TEXTS, or that of a kind which is no document under any name."""
    start = text.lstrip("\ufeff \t\r\n")[:LOOKED_AT]
    for pattern, media_type, _ in STARTS:
        if pattern.match(start):
            return media_type
    if is_json(text.strip("\ufeff \t\r\n")):
        return JSON
    headers = HEADERS.match(start)
    if headers and MAIL_HEADER.search(headers[1]):
        return WEB_ARCHIVE if WEB_ARCHIVE_HEADER.search(headers[1]) else EMAIL
    lines = [line for line in start.split("\n") if line.strip()]
    logged = sum(bool(LOG_LINE.match(line)) for line in lines)
    if len(lines) >= 5 and logged >= len(lines) * LOG_LINES:
        return LOG
    if is_table(start):
        return TABLE
    return PROSE if share_of_prose(lines) >= LEAST_PROSE else BARE


def is_json(text: str) -> bool:
    """Say whether a text is an object or a list of JSON, or one in each of its lines."""
    if not (text.startswith(("{", "[")) and text.endswith(("}", "]"))):
        return False
    try:
        return isinstance(json.loads(text), (dict, list))
    except RecursionError:
        return True
    except ValueError:
        lines = text.split("\n", 20)[:20]
    try:
        return len(lines) > 1 and all(isinstance(json.loads(line), (dict, list)) for line in lines if line.strip())
    except (RecursionError, ValueError):
        return False


def is_table(start: str) -> bool:
    """Say whether a text is nothing but rows of at least two values, as many in each."""
    rows_text = start.rpartition("\n")[0] if len(start) == LOOKED_AT else start
    for delimiter in ",\t;|":
        if delimiter not in rows_text:
            continue
        try:
            widths = [len(row) for row in csv.reader(rows_text.split("\n"), delimiter=delimiter) if row]
        except csv.Error:
            continue
        if len(widths) > 1 and widths[0] > 1 and widths.count(widths[0]) >= len(widths) * 0.95:
            return True
    return False


def share_of_prose(lines: list[str]) -> float:
    """Return how much of these lines is running text, by their characters."""
    length = sum(map(len, lines))
    prose = sum(
        len(line) for line in lines if WORDS.search(line) and not CODE.search(line) and not LOG_LINE.match(line)
    )
    return prose / length if length else 0.0


def by_ending(name: str, media_type: str) -> str | None:
    """Say what a text, one of TEXTS, is under this name where it is no document; none where it may be one."""
    ending = PurePosixPath(name).suffix.lower()
    if ending in NEVER_DOCUMENTS:
        return NEVER_DOCUMENTS[ending]
    return NO_DOCUMENTS.get(ending) if media_type != PROSE else None
