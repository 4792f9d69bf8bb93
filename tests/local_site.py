"""A site on this machine that answers in the shapes of the inspectorate's, and has bad days when it is told to."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from reportlab.pdfgen.canvas import Canvas

import loaders.fetching.site
from loaders.fetching.fetch import Choice, fetch
from loaders.fetching.known import names_by_urn
from loaders.fetching.manifest import Manifest, Publication, read_manifest
from loaders.fetching.summary import Summary
from loaders.settings import Settings

BUILT_IN = loaders.fetching.site.BUILT_IN.read_text("utf-8")
INSPECTION = "Children's services inspection"
VISIT = "Children's services focused visit"
SEND = "Area SEND full inspection"
UNSAID = -1  # as the length of a reply
PAUSES = ("pause_seconds", "first_wait_seconds")


def report(title: str, *lines: str) -> bytes:
    """Return a small PDF."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=True)
    for number, line in enumerate((title, *lines)):
        canvas.drawString(72, 770 - 16 * number, line)
    canvas.save()
    return buffer.getvalue()


@dataclass
class Published:
    """A file of the site, and what its provider's page says of it."""

    id: str
    kind: str
    day: date
    content: bytes
    url: str | None = None  # where the page says that it is, if elsewhere


@dataclass
class Reply:
    """What a request is answered with, where not as usual: length announces another, cuts ends the body before."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    cut: int | None = None
    wait: float = 0.0
    reset: bool = False


class LocalSite:
    """The site: providers by URN with their publications, and what goes wrong, by path.

    bad: what a path is answered with instead, each reply once, the last for ever where `for_ever` holds the path.
    """

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.published: dict[str, list[Published]] = {}
        self.bad: dict[str, list[Reply]] = {}
        self.for_ever: set[str] = set()
        self.robots = "User-agent: *\nAllow: /\n"
        self.most_rows = 100
        self.has_etags = False
        self.publication_class = "publication-link"
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.lock = threading.Lock()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.base = f"http://{self.host}"

    # --- what there is ------------------------------------------------------------------------------------------------

    def add_provider(self, urn: str, name: str) -> None:
        self.names[urn] = name
        self.published.setdefault(urn, [])

    def publish(self, urn: str, file_id: str, kind: str, day: date, content: bytes | None = None) -> Published:
        name = self.names[urn]
        row = Published(file_id, kind, day, content or report(f"{kind} of {name}", f"Published {day}", file_id))
        self.published[urn].append(row)
        return row

    def published_again(self, row: Published, file_id: str) -> Published:
        """Return an amended version of a file: the same pages, other bytes, another id."""
        return dataclasses.replace(row, id=file_id, content=row.content + b"\n% amended\n%%EOF\n")

    def fill(self, names: dict[str, str], publications: int) -> None:
        """Add providers, and publications of the usual kinds, as many to each as to any other, or one more."""
        kinds = ("Children's services inspection", "Children's services focused visit", "Monitoring visit")
        urns = sorted(names)
        for urn in urns:
            self.add_provider(urn, names[urn])
        for number in range(publications):
            urn = urns[number % len(urns)]
            day = date(2018, 1, 8) + timedelta(days=(number * 13) % 3000)
            self.publish(urn, str(50_300_000 + number), kinds[number % len(kinds)], day)

    # --- answers ------------------------------------------------------------------------------------------------------

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        path = urlsplit(request.path).path
        with self.lock:
            self.asked.append(request.path)
            self.agents.add(request.headers.get("User-Agent", ""))
            replies = self.bad.get(path) or self.bad.get(request.path) or []
            reply = replies[0] if replies else None
            if replies and not (len(replies) == 1 and path in self.for_ever):
                replies.pop(0)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # who asked has gone
            self.send(request, reply or self.usual(request, path))

    def send(self, request: BaseHTTPRequestHandler, reply: Reply) -> None:
        time.sleep(reply.wait)
        if reply.reset:
            request.connection.close()
            request.close_connection = True
            return
        request.send_response(reply.status)
        if reply.length != UNSAID:
            request.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
        for name, value in reply.headers.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(reply.body if reply.cut is None else reply.body[: reply.cut])
        request.close_connection = True

    def usual(self, request: BaseHTTPRequestHandler, path: str) -> Reply:
        html = {"Content-Type": "text/html; charset=utf-8"}
        if path == "/robots.txt":
            return Reply(body=self.robots.encode(), headers={"Content-Type": "text/plain"})
        if path == "/search":
            asked = parse_qs(urlsplit(request.path).query)
            start, rows = int(asked["start"][0]), min(int(asked["rows"][0]), self.most_rows)
            found = list(self.names.items())[start : start + rows]
            links = "".join(
                f'<li class="search-result"><h3><a href="/provider/44/{urn}">{escape(name)}'
                f"</a></h3><p>Local authority children&#39;s services</p></li>"
                for urn, name in found
            )
            return Reply(body=page("Search results", f"<ul class='results-list'>{links}</ul>"), headers=html)
        if path.startswith("/provider/44/") and (urn := path.rpartition("/")[2]) in self.names:
            body = self.provider_page(urn)
            tag = f'"{hash(body)}"'
            if self.has_etags and request.headers.get("If-None-Match") == tag:
                return Reply(304)
            return Reply(body=body, headers=html | ({"ETag": tag} if self.has_etags else {}))
        if path.startswith("/v1/file/"):
            for rows in self.published.values():
                for row in rows:
                    if row.id == path.rpartition("/")[2]:
                        return Reply(body=row.content, headers={"Content-Type": "application/pdf"})
            return Reply(body=page("Report not found", "<p>Report not found</p>"), headers=html)
        return Reply(404, page("Page not found", ""), html)

    def provider_page(self, urn: str) -> bytes:
        rows = "".join(
            f"""
            <li class="timeline__day"><div><time pubdate="pubdate">{row.day:%d %B %Y}</time></div>
            <div class="event"><a class="{self.publication_class}" href="{row.url or f"{self.base}/v1/file/{row.id}"}"
               target="_blank">{escape(row.kind)}
               <span class="nonvisual">{escape(row.kind)}, pdf - {row.day:%d %B %Y}</span></a></div></li>"""
            for row in sorted(self.published[urn], key=lambda row: row.day, reverse=True)
        )
        name = escape(self.names[urn])
        return page(name, f"<h1>{name}</h1><p>URN: {urn}</p><ol class='timeline'>{rows}</ol>")


def page(title: str, body: str) -> bytes:
    links = '<a href="/">Home</a><a href="/provider/16/EY123">A nursery</a><a href="mailto:x@example.org">Write</a>'
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{links}{body}</body></html>".encode()


@contextmanager
def serving(site: LocalSite) -> Iterator[LocalSite]:
    thread = threading.Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        site.server.server_close()


def site_file(site: LocalSite, path: Path, **changes: object) -> Path:
    """Write the project's own site.toml with this site's address, without pauses, and as a test wants it."""
    changes = {"base": site.base, "other_hosts": [], **dict.fromkeys(PAUSES, 0.0), **changes}
    lines = []
    for line in BUILT_IN.splitlines():
        name = line.partition(" = ")[0]
        if name in changes:
            value = changes.pop(name)
            line = f"{name} = {value!r}"
        lines.append(line)
    assert not changes, f"site.toml has no {changes}"
    path.write_text("\n".join(lines), "utf-8")
    return path


class Fetcher:
    """A folder that is fetched from a local site."""

    def __init__(self, site: LocalSite, folder: Path) -> None:
        self.site = site
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder / "reports"
        self.file = folder / "site.toml"
        self.settings = Settings(reports_path=self.folder, fetch_contact="tests@example.org", fetch_site=self.file)
        self.asked: list[str] = []  # by the last fetch

    def fetch(self, choice: Choice | None = None, **changes: object) -> Summary:
        """Fetch, with the site's settings changed."""
        site_file(self.site, self.file, **{"answer_seconds": 5, **changes})
        before = len(self.site.asked)
        try:
            return fetch(self.settings, choice or Choice())
        finally:
            self.asked = self.site.asked[before:]

    @property
    def names(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if path.suffix == ".pdf")

    @property
    def manifest(self) -> Manifest:
        found = read_manifest(self.folder)
        assert found
        return found

    def publication(self, file_id: str) -> Publication:
        (found,) = (row for row in self.manifest.publications.values() if row.id == file_id)
        return found

    def age(self, days: int) -> None:
        """Let what the manifest knows be as much older."""

        def older(row: Any) -> Any:
            moved = {}
            for name in ("asked_at", "fetched_at"):
                if value := getattr(row, name, None):
                    day = date.fromordinal(date.fromisoformat(value[:10]).toordinal() - days)
                    moved[name] = day.isoformat() + value[10:]
            return dataclasses.replace(row, **moved)

        manifest = self.manifest
        for rows in (manifest.publications, manifest.providers, manifest.listings, manifest.robots):
            for key, row in list(rows.items()):
                rows[key] = older(row)
        manifest.rewrite()


def small_site() -> LocalSite:
    """Return a site of three authorities with five publications."""
    site = LocalSite()
    names = names_by_urn()
    first, second, third = sorted(names)[:3]
    for urn in (first, second, third):
        site.add_provider(urn, names[urn])
    site.publish(first, "50200001", INSPECTION, date(2018, 6, 4))
    site.publish(first, "50200002", VISIT, date(2021, 3, 9))
    site.publish(second, "50200003", INSPECTION, date(2019, 11, 18))
    site.publish(second, "50200004", SEND, date(2024, 7, 15))
    site.publish(third, "2750005", INSPECTION, date(2016, 2, 1))
    return site
