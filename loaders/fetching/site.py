"""What a fetch knows of the site: addresses, selectors, manners, limits; by ``site.toml`` or the file of FETCH_SITE."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import loaders
from loaders.errors import FetchError
from loaders.files import first_line, printable
from loaders.settings import Settings

BUILT_IN = Path(__file__).with_name("site.toml")
AGENT = "childrens-services-warehouse"


@dataclass(frozen=True)
class Site:
    """The keys of ``site.toml``, where each is explained; user_agent names the project and a contact."""

    base: str
    listing: str
    provider: str
    provider_pattern: re.Pattern[str]
    file_pattern: re.Pattern[str]
    other_hosts: tuple[str, ...]
    providers: str
    publications: str
    hidden: str
    published: str
    gone_title: re.Pattern[str]
    pause_seconds: float
    rows_asked_for: int
    listing_days: int
    gone_days: int
    connect_seconds: float
    answer_seconds: float
    file_seconds: float
    page_megabytes: int
    file_megabytes: int
    redirects: int
    tries: int
    first_wait_seconds: float
    longest_wait_seconds: float
    failures: int
    user_agent: str

    def listing_url(self, start: int) -> str:
        return self.base + self.listing.format(start=start, rows=self.rows_asked_for)

    def provider_url(self, urn: str) -> str:
        return self.base + self.provider.format(urn=urn)

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts, with their ports, that may be asked."""
        return frozenset({urlsplit(self.base).netloc, *self.other_hosts})


def read_site(settings: Settings) -> Site:
    """Read what is known of the site.

    Raises:
        FetchError: the file is not there or lacks a key, or no contact is set.
    """
    if not settings.fetch_contact:
        raise FetchError(
            "set FETCH_CONTACT to an e-mail address or a web page: each request tells the site whom it can write to"
        )
    if not (settings.fetch_contact.isascii() and settings.fetch_contact.isprintable()):
        raise FetchError(
            f"FETCH_CONTACT is {settings.fetch_contact!r}: a request can hold plain letters and signs only"
        )
    path = settings.fetch_site or BUILT_IN
    shown = printable(str(path))
    try:
        sections = tomllib.loads(path.read_text(encoding="utf-8"))
        values = {key: value for section in sections.values() for key, value in section.items()}
        values |= {"user_agent": f"{AGENT}/{loaders.__version__} (+{settings.fetch_contact})"}
        if settings.fetch_pause is not None:
            values["pause_seconds"] = settings.fetch_pause
        if settings.fetch_megabytes is not None:
            values["file_megabytes"] = settings.fetch_megabytes
        read = {field.name: as_declared(values[field.name], str(field.type)) for field in dataclasses.fields(Site)}
        return Site(**read)
    except KeyError as error:
        raise FetchError(f"{shown} lacks {error}: compare it with {BUILT_IN.name} of the project") from None
    except (OSError, ValueError, TypeError, AttributeError, re.error) as error:
        raise FetchError(f"{shown} cannot be read: {first_line(error)}") from None


def as_declared(value: object, declared: str) -> Any:
    """Return a value as a field of Site holds it.

    Raises:
        ValueError: it is of another kind.
    """
    if "Pattern" in declared:
        return re.compile(str(value))
    if "tuple" in declared and isinstance(value, list):
        return tuple(map(str, value))
    if declared == "str" and isinstance(value, str):
        return value.rstrip("/") if "://" in value else value
    if declared in ("int", "float") and isinstance(value, int | float) and value >= 0:
        return value
    raise ValueError(f"{value!r} is no {declared}")
