"""What the site's pages say: the listing names providers, a provider's page its publications."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from loaders.fetching.site import Site

PARSER = "html.parser"
HIDDEN = re.compile(r"^(?P<kind>.*?)\s*,\s*(?:pdf|docx?|html)?\s*-\s*(?P<day>\d{1,2} \w+ \d{4})\s*$", re.IGNORECASE)
DAYS = ("%d %B %Y", "%d %b %Y", "%Y-%m-%d", "%d/%m/%Y")


@dataclass(frozen=True)
class Listed:
    """A publication as a page lists it; id is that of its file, published_on its day as YYYY-MM-DD."""

    id: str
    kind: str
    url: str
    published_on: str | None


def providers_on(content: bytes, site: Site) -> dict[str, str]:
    """Return the names of the providers that a page of the listing links to, by URN."""
    found: dict[str, str] = {}
    for link in BeautifulSoup(content, PARSER).select(site.providers):
        address = site.provider_pattern.search(path_of(str(link.get("href", ""))))
        if address and (name := words(link)):
            found.setdefault(address[1], name)
    return found


def publications_on(content: bytes, url: str, site: Site) -> Iterator[Listed]:
    """Give the publications that a provider's page lists, each once, in its order."""
    seen = set()
    for link in BeautifulSoup(content, PARSER).select(site.publications):
        href = str(link.get("href", "")).strip()
        file = site.file_pattern.search(path_of(href))
        # An address of another form has an id all the same, so that it is noted.
        file_id = file[1] if file else re.sub(r"[^0-9A-Za-z]+", "-", href).strip("-")[-40:]
        if file_id and file_id not in seen:
            seen.add(file_id)
            hidden = HIDDEN.match(" ".join(words(part) for part in link.select(site.hidden)))
            for part in link.select(site.hidden):
                part.extract()
            kind = words(link) or (hidden["kind"] if hidden else "")
            day = published_around(link, site) or (as_day(hidden["day"]) if hidden else None)
            yield Listed(file_id, kind, urljoin(url, href) if path_of(href) else href, day)


def path_of(address: str) -> str:
    """Return an address's path; nothing where it is no address."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def published_around(link: Tag, site: Site) -> str | None:
    """Return the day of publication that stands around a link; none where several do."""
    for parent in link.parents:
        times = parent.select(site.published)
        if times:
            days = {as_day(str(time.get("datetime") or "")[:10]) or as_day(words(time)) for time in times}
            return days.pop() if len(days) == 1 else None
    return None


def as_day(text: str) -> str | None:
    """Return a day as YYYY-MM-DD; none where it is no day that a report can have been published."""
    for form in DAYS:
        try:
            day = datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
        return day.isoformat() if date(1990, 1, 1) <= day <= date(2100, 1, 1) else None
    return None


def title_of(content: bytes) -> str:
    """Return a page's title in one line of at most 100 characters."""
    title = BeautifulSoup(content[:65_536], PARSER).title
    return words(title)[:100] if title else ""


def words(element: Tag) -> str:
    text = " ".join(element.get_text(" ").split())
    return "".join(character for character in text if character.isprintable())
