"""Requests to the site, one at a time: allowed by its robots.txt, with pauses, tried again where that can help."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests
from protego import Protego
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from urllib3.exceptions import HTTPError, InvalidHeader
from urllib3.util import Retry

from loaders.errors import FetchError
from loaders.fetching.manifest import UNCHANGED, Attempt, Robots, days_since, now
from loaders.fetching.site import AGENT, Site
from loaders.files import first_line, printable

MEGABYTE = 1_000_000
CHUNK = 65_536
LONGEST = 1_000_000_000  # seconds that can be asked for
ROBOTS_DAYS = 1  # as RFC 9309 has it
REDIRECTS = (301, 302, 303, 307, 308)
AGAIN = (408, 425, 429, 500, 502, 503, 504)
NOT_REACHED = {"NameResolutionError", "NewConnectionError"}  # no connection was made


class Refused(Exception):
    """What is asked for is not to be had in this way; the message is the reason. Asking again would not help."""


class Failed(Exception):
    """What is asked for could not be had after several tries; the message is the reason."""


class Transient(Exception):
    """A try that failed; the next may not. wait: how many seconds the site asks to wait."""

    def __init__(self, reason: str, status: int | None = None, wait: float | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.wait = wait


@dataclass(frozen=True)
class Answer:
    """What came: of a page its content, of a file written to a path its size and hash."""

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    size: int
    sha256: str

    @property
    def content_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


@dataclass
class Web:
    """The site, as it may be asked.

    note: is told of every request. robots: each host's robots.txt, as it was last read. keep: keeps one.
    """

    site: Site
    note: Callable[[Attempt], None]
    robots: dict[str, Robots]
    keep: Callable[[Robots], None]
    requests_made: int = 0
    bytes_read: int = 0
    failures: int = 0  # after each other
    _session: requests.Session = field(default_factory=requests.Session)
    _rules: dict[str, Protego] = field(default_factory=dict)
    _rested_at: float = 0.0

    def get(self, url: str, what: str, into: Path | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for a page, or a file that is written to a path; 304, 403, 404 and 410 are answers, too.

        Raises:
            Refused: robots.txt, the host, redirects or the size forbid it.
            Failed: it did not come after several tries.
            FetchError: so much failed, or the site asks to wait so long, that the fetch stops; or it forbids its pages.
            OSError: the file cannot be written.
        """
        retrying = Retrying(
            retry=retry_if_exception_type(Transient),
            stop=stop_after_attempt(max(1, int(self.site.tries))),
            wait=self._wait,
            sleep=time.sleep,
            reraise=True,
        )
        try:
            answer: Answer = retrying(self._follow, url, what, into, headers or {})
        except Transient as error:
            self.failures += 1
            if self.failures >= self.site.failures:
                raise FetchError(
                    f"{self.failures} requests after each other failed, the last with: {error}. What came is kept, and "
                    "the next fetch goes on from there"
                ) from None
            raise Failed(str(error)) from None
        self.failures = 0
        return answer

    def _wait(self, state: RetryCallState) -> float:
        """Return the seconds before the next try: what the site asks for, or twice as many as before, and a bit."""
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait if isinstance(error, Transient) else None
        if asked is not None:
            if asked > self.site.longest_wait_seconds:
                raise FetchError(f"the site asks to wait for {asked:,.0f} seconds: fetch again then; what came is kept")
            return asked
        doubled = self.site.first_wait_seconds * 2 ** (state.attempt_number - 1)
        return float(min(doubled, self.site.longest_wait_seconds) * random.uniform(0.75, 1.25))

    def _follow(self, url: str, what: str, into: Path | None, headers: Mapping[str, str]) -> Answer:
        """Follow redirects, as few as the site may have, and to no host but its own."""
        seen = []
        while True:
            self._refuse_other_hosts(url)
            if what != "robots":
                self._refuse_forbidden(url, what)
            answer = self._ask(url, what, into, headers)
            if answer.status not in REDIRECTS:
                return answer
            seen.append(url)
            try:
                url = urljoin(url, answer.headers.get("Location", ""))
            except ValueError:
                raise Refused("it is redirected to no address") from None
            if url in seen or len(seen) > self.site.redirects:
                raise Refused("it is redirected in a circle" if url in seen else f"it is redirected {len(seen)} times")

    def _refuse_other_hosts(self, url: str) -> None:
        try:
            parts = urlsplit(url)
        except ValueError:
            raise Refused("its address is none") from None
        if parts.scheme not in ("http", "https") or parts.netloc not in self.site.hosts:
            raise Refused(f"it leads to another host ({printable(parts.netloc or parts.scheme)[:80]})")

    def _refuse_forbidden(self, url: str, what: str) -> None:
        if self._rules_of(url).can_fetch(url, AGENT):
            return
        if what == "file":
            raise Refused("robots.txt forbids it")
        raise FetchError(f"robots.txt forbids {url}: nothing is fetched")

    def _rules_of(self, url: str) -> Protego:
        """Return a host's robots.txt, read again when it is a day old; one that is not there allows everything.

        Raises:
            FetchError: it is there and does not come, which forbids everything.
        """
        parts = urlsplit(url)
        host = parts.netloc
        if host not in self._rules:
            kept = self.robots.get(host)
            if kept is None or days_since(kept.asked_at) >= ROBOTS_DAYS:
                try:
                    answer = self.get(f"{parts.scheme}://{host}/robots.txt", "robots")
                except (Refused, Failed) as error:
                    raise FetchError(
                        f"the robots.txt of {host} does not come ({error}): nothing is asked of it"
                    ) from None
                text = answer.content.decode("utf-8", "replace") if answer.status == 200 else ""
                kept = Robots(host, now(), text)
                self.keep(kept)
            self._rules[host] = Protego.parse(kept.text)
        return self._rules[host]

    def _pause(self, url: str) -> None:
        rules = self._rules.get(urlsplit(url).netloc)
        asked = (rules.crawl_delay(AGENT) or 0.0) if rules else 0.0
        time.sleep(max(0.0, self._rested_at + max(self.site.pause_seconds, float(asked)) - time.monotonic()))

    def _ask(self, url: str, what: str, into: Path | None, headers: Mapping[str, str]) -> Answer:
        """Ask once, and note what came of it."""
        self._pause(url)
        started, at = time.monotonic(), now()
        status, size, outcome = None, 0, "ok"
        self.requests_made += 1
        try:
            answer = self._read(url, what, into, headers)
            status, size = answer.status, answer.size
            outcome = {200: "ok", 304: UNCHANGED}.get(status, f"answered with {status}")
            return answer
        except Transient as error:
            status, outcome = error.status, str(error)
            raise
        except (Refused, OSError) as error:
            outcome = first_line(error)
            raise
        finally:
            self._rested_at = time.monotonic()
            self.bytes_read += size
            self.note(Attempt(at, what, url, outcome, status, size, round(self._rested_at - started, 3)))

    def _read(self, url: str, what: str, into: Path | None, headers: Mapping[str, str]) -> Answer:
        agent = {"User-Agent": self.site.user_agent} | ({"Accept-Encoding": "identity"} if into else {})
        try:
            with self._session.get(
                url,
                headers={**agent, **headers},
                stream=True,
                allow_redirects=False,
                timeout=(self.site.connect_seconds, self.site.answer_seconds),
            ) as response:
                status = response.status_code
                if status in AGAIN:
                    raise Transient(f"the site answered with {status}", status, asked_to_wait(response.headers))
                if into is not None and status == 200:
                    size, sha256 = self._write(response, into)
                    return Answer(url, status, response.headers, b"", size, sha256)
                content = b"".join(self._chunks(response, self.site.page_megabytes, self.site.file_seconds))
                return Answer(url, status, response.headers, content, len(content), "")
        except requests.Timeout:
            raise Transient("no answer came in time") from None
        except requests.TooManyRedirects:
            raise Refused("it is redirected in a circle") from None
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, UnicodeError):
            raise Refused("its address is none") from None
        except (requests.RequestException, HTTPError) as error:
            if cause(error) in NOT_REACHED:
                raise Transient("it cannot be reached: is this machine online?") from None
            raise Transient(f"the connection broke ({cause(error)})") from None

    def _write(self, response: requests.Response, into: Path) -> tuple[int, str]:
        size, digest = 0, hashlib.sha256()
        with into.open("wb") as file:
            for chunk in self._chunks(response, self.site.file_megabytes, self.site.file_seconds):
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        announced = response.headers.get("Content-Length", "")
        if announced.isdecimal() and int(announced) != size and "Content-Encoding" not in response.headers:
            raise Transient(f"{size:,} bytes came of the {int(announced):,} that were announced", 200)
        return size, digest.hexdigest()

    def _chunks(self, response: requests.Response, megabytes: int, seconds: float) -> Iterator[bytes]:
        """Give what comes, up to a size and a time."""
        too_large = f"it is larger than {megabytes:,} MB"
        announced = response.headers.get("Content-Length", "")
        if announced.isdecimal() and int(announced) > megabytes * MEGABYTE:
            raise Refused(too_large)
        size, until = 0, time.monotonic() + seconds
        for chunk in response.iter_content(CHUNK):
            size += len(chunk)
            if size > megabytes * MEGABYTE:
                raise Refused(too_large)
            if time.monotonic() > until:
                raise Transient(f"it did not come within {seconds:,.0f} seconds", response.status_code)
            yield chunk


def asked_to_wait(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a Retry-After asks for, in either of its forms."""
    try:
        return max(0.0, float(Retry(retry_after_max=LONGEST).parse_retry_after(headers["Retry-After"])))
    except (KeyError, ValueError, OverflowError, InvalidHeader):
        return None


def cause(error: BaseException) -> str:
    """Say in a few words what broke, without the address, which stands beside it."""
    inner: BaseException = error
    while inner.args and isinstance(inner.args[0], BaseException):
        inner = inner.args[0]
    reason = getattr(inner, "reason", None)
    return type(reason if isinstance(reason, BaseException) else inner).__name__
