"""A fetch: the listing names providers, their pages publications, and what is new of these comes into the folder.

What is known is not asked for again: the listing for a week, a page that is the same, a file that is there, and for a
month one that was not there. Nothing is ever deleted for what a page says or does not say.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from typing import Any

from tqdm import tqdm

from loaders.errors import FetchError, LandingError
from loaders.fetching.download import download
from loaders.fetching.folder import Folder, locked, prepare
from loaders.fetching.known import UNKNOWN_KIND, kind_of, names_by_urn, urns_asked_for
from loaders.fetching.manifest import (
    FETCHED,
    WAITING,
    Listing,
    Manifest,
    Provider,
    Publication,
    days_since,
    now,
    open_manifest,
    set_damage_aside,
    standing,
    today,
)
from loaders.fetching.pages import Listed, providers_on, publications_on
from loaders.fetching.site import Site, read_site
from loaders.fetching.summary import Summary, named
from loaders.fetching.web import Failed, Refused, Web
from loaders.files import first_line
from loaders.settings import Settings

MOST_PAGES = 100  # of the listing


@dataclass(frozen=True)
class Choice:
    """What is asked for: all authorities and the usual kinds, unless said otherwise.

    since: no publication from before this day. is_dry: only say what would be fetched. adopts: fetch no file.
    """

    authorities: Sequence[str] = ()
    kinds: Sequence[str] = ()
    since: date | None = None
    is_dry: bool = False
    adopts: bool = False

    def takes(self, publication: Publication) -> bool:
        kind = kind_of(publication.kind)
        is_of_kind = kind.kind_id in self.kinds if self.kinds else kind.is_fetched
        is_recent = not self.since or (publication.published_on or "9999") >= self.since.isoformat()
        return is_of_kind and is_recent


def fetch(settings: Settings, choice: Choice) -> Summary:
    """Bring what is new into the folder of the reports; return what was done, also where it had to stop.

    Raises:
        FetchError: it could not begin.
        OSError: the folder or its manifest cannot be read or made.
    """
    site = read_site(settings)
    path = prepare(settings.reports_path)
    with ExitStack() as held:
        try:
            folder = Folder(path) if choice.is_dry else held.enter_context(locked(path))
        except LandingError as error:
            raise FetchError(str(error)) from None
        manifest = open_manifest(path)
        manifest.is_kept = not choice.is_dry
        run = Fetch(site, choice, folder, manifest)
        try:
            run.run()
        except FetchError as error:
            run.summary.stopped = str(error)
        except OSError as error:
            run.summary.stopped = f"{first_line(error)}; what came before is kept"
        return run.finished()


class Fetch:
    """One fetch and what it works with."""

    def __init__(self, site: Site, choice: Choice, folder: Folder, manifest: Manifest) -> None:
        self.site = site
        self.choice = choice
        self.folder = folder
        self.manifest = manifest
        self.summary = Summary(is_dry=choice.is_dry, known=len(names_by_urn()))
        self.web = Web(site, manifest.add, manifest.robots, manifest.add)
        self.unknown_kinds: set[str] = set()
        self.undated: list[str] = []
        self.empty: list[str] = []  # pages that never listed anything
        self.emptied: list[str] = []

    def _warn(self, words: str) -> None:
        self.summary.warnings.append(words)

    def finished(self) -> Summary:
        """Write the manifest anew where it has grown long, and say what was done."""
        self.summary.requests = self.web.requests_made
        self.summary.bytes = self.web.bytes_read
        if self.unknown_kinds:
            self._warn(f"no row of the seed publication_kinds names these kinds: {named(sorted(self.unknown_kinds))}")
        if self.empty:
            self._warn(f"no publication is listed for {named(self.empty)}")
        if self.emptied:
            self._warn(f"no publication is listed any more for {named(self.emptied)}: has the markup of pages changed?")
        if self.undated:
            self._warn(f"no day of publication could be read for {named(self.undated)}: has the markup changed?")
        if not self.summary.stopped:
            self.manifest.rewrite_if_long()
        return self.summary

    def run(self) -> None:
        """Go through the listing and the pages of the providers.

        Raises:
            FetchError, OSError: it cannot go on.
        """
        if self.manifest.damaged:
            self._mend()
        self._look_for_files()
        providers = self._providers()
        asked = sorted(providers)
        if self.choice.authorities:
            wanted = urns_asked_for(list(self.choice.authorities), providers)
            asked = [urn for urn in asked if urn in wanted]
            for urn in sorted(wanted - set(asked)):
                self._warn(f"the site does not list {names_by_urn().get(urn, urn)} ({urn})")
        with tqdm(asked, "authorities", unit="", file=sys.stderr, disable=None, leave=False) as progress:
            for urn in progress:
                progress.set_postfix_str(f"{len(self.summary.new)} new, {providers[urn][:30]}")
                self._provider(urn, providers[urn])
                self._publications(urn)
        self.summary.asked = len(asked)

    def _mend(self) -> None:
        said = named(self.manifest.damaged)
        if self.choice.is_dry:
            self._warn(f"the manifest is damaged ({said})")
            return
        aside = set_damage_aside(self.manifest)
        self._warn(
            f"the manifest was damaged ({said}): it is kept as {aside.name}, its other lines stand, the pages are read "
            "again, and the files of the folder are adopted again"
        )

    # --- files --------------------------------------------------------------------------------------------------------

    def _look_for_files(self) -> None:
        """Find the files that were fetched before: where one has another name now, it is adopted by its hash."""
        missing = []
        for publication in standing(self.manifest):
            if publication.state != FETCHED or publication.file_name in self.folder.sizes:
                continue
            there = self.folder.of_content(publication.bytes, publication.sha256)
            if there:
                self._adopt(publication, there)
            else:
                missing.append(publication.file_name or publication.id)
                lost = dataclasses.replace(publication, state=WAITING, reason="its file is no longer in the folder")
                self.manifest.add(lost)
        if missing:
            self._warn(f"no longer in the folder, and to be fetched again: {named(missing)}")

    def _adopt(self, publication: Publication, name: str) -> None:
        found = dataclasses.replace(
            publication,
            state=FETCHED,
            reason=None,
            file_name=name,
            sha256=self.folder.sha256(name),
            bytes=self.folder.sizes[name],
        )
        self.manifest.add(found)
        self.summary.adopted.append(found)

    # --- the listing --------------------------------------------------------------------------------------------------

    def _providers(self) -> dict[str, str]:
        """Return the names of the providers to ask, by URN; those known from before, too, unless their page is gone."""
        kept = self.manifest.listings.get("")
        known = {row.urn: row.name for row in self.manifest.providers.values() if row.gone_on is None}
        if kept and days_since(kept.asked_at) < self.site.listing_days and set(kept.urns.split()) <= set(known):
            self.summary.found = len(names_by_urn().keys() & set(kept.urns.split()))
            return known
        listed = self._read_listing()
        if not listed:
            if not known:
                raise FetchError(
                    "the listing names no provider: has its markup changed? Its address and selectors are settings "
                    "(loaders/fetching/site.toml)"
                )
            self._warn("the listing names no provider, where it did before: has its markup changed?")
        for urn, name in listed.items():
            before = self.manifest.providers.get(urn)
            if before and before.name != name:
                self._warn(f"{before.name} ({urn}) is listed as {name} now")
            if before is None or before.name != name or before.gone_on:
                first = Provider(urn, name, first_seen=today())
                self.manifest.add(dataclasses.replace(before or first, name=name, gone_on=None))
        self._compare(listed, known)
        self.summary.found = len(names_by_urn().keys() & listed.keys())
        return known | listed

    def _read_listing(self) -> dict[str, str]:
        """Read the listing to its end, whatever number of rows a page has; return the names by URN."""
        found: dict[str, str] = {}
        on_page: Mapping[str, str] = {}
        is_whole = True
        for _ in range(MOST_PAGES):
            url = self.site.listing_url(len(found))
            try:
                answer = self.web.get(url, "listing")
            except (Failed, Refused) as error:
                self.summary.unanswered.append(url)
                self._warn(f"the listing from {len(found) + 1} on did not come: {error}")
                is_whole = False
                break
            if answer.status != 200:
                self._warn(f"the listing from {len(found) + 1} on answered with {answer.status}")
                is_whole = False
                break
            before, on_page = on_page, providers_on(answer.content, self.site)
            if not on_page.keys() - found.keys():
                if on_page or (before and len(before) >= self.site.rows_asked_for):
                    self._warn(
                        f"the listing ends after {len(found)} providers, with a full page: there may be more of them"
                    )
                break
            found |= on_page
        if found and is_whole:
            self.manifest.add(Listing(now(), " ".join(sorted(found))))
        return found

    def _compare(self, listed: Mapping[str, str], known: Mapping[str, str]) -> None:
        """Warn of who is missing, and of whom nobody knows."""
        authorities = names_by_urn()
        if missing := [f"{name} ({urn})" for urn, name in sorted(authorities.items()) if urn not in listed]:
            self._warn(f"not listed: {named(missing)}")
        if others := [f"{name} ({urn})" for urn, name in sorted(listed.items()) if urn not in authorities]:
            self._warn(f"listed, and no authority of the seed authorities: {named(others)}")
        if fewer := [f"{known[urn]} ({urn})" for urn in sorted(known.keys() - listed.keys() - authorities.keys())]:
            self._warn(f"no longer listed: {named(fewer)}")

    # --- a provider's page --------------------------------------------------------------------------------------------

    def _provider(self, urn: str, name: str) -> None:
        """Read a provider's page, if it is another than last time, and note what it lists."""
        provider = self.manifest.providers.get(urn) or Provider(urn, name, first_seen=today())
        url = self.site.provider_url(urn)
        conditions = {"If-None-Match": provider.etag, "If-Modified-Since": provider.last_modified}
        try:
            answer = self.web.get(url, "provider", headers={key: value for key, value in conditions.items() if value})
        except (Failed, Refused) as error:
            self.summary.unanswered.append(url)
            self._warn(f"the page of {name} ({urn}) did not come: {error}")
            return
        if answer.status == 304:
            self.manifest.add(dataclasses.replace(provider, asked_at=now()))
            return
        if answer.status in (404, 410):
            self._warn(f"the page of {name} ({urn}) is gone; what it listed stays")
            self.manifest.add(dataclasses.replace(provider, gone_on=today(), etag=None, last_modified=None))
            self.manifest.listings.clear()  # whoever took over has another page
            return
        if answer.status != 200:
            self.summary.unanswered.append(url)
            self._warn(f"the page of {name} ({urn}) answered with {answer.status}")
            return
        listed = list(publications_on(answer.content, answer.url, self.site))
        if not self._is_believed(provider, name, listed):
            return
        for row in listed:
            self._note_publication(urn, name, row)
        etag, modified = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
        self.manifest.add(
            dataclasses.replace(
                provider,
                name=name,
                asked_at=now(),
                publications=len(listed),
                etag=etag if latin(etag) else None,
                last_modified=modified if latin(modified) else None,
            )
        )

    def _is_believed(self, provider: Provider, name: str, listed: Sequence[Listed]) -> bool:
        """Say whether what a page lists can be; what it lists no longer is noted, and named."""
        where = f"the page of {name} ({provider.urn})"
        if not listed and provider.publications:
            self.emptied.append(f"{name} ({provider.urn}), which listed {provider.publications}")
            return False
        if not listed:
            if provider.asked_at is None:
                self.empty.append(f"{name} ({provider.urn})")
            return True
        ids = {row.id for row in listed}
        vanished = [
            row
            for row in standing(self.manifest)
            if row.urn == provider.urn and row.last_seen is None and row.id not in ids
        ]
        if not vanished:
            return True
        said = named([f"{row.kind} of {row.published_on or 'no date'} ({row.id})" for row in vanished])
        if len(vanished) > 2 and len(vanished) > len(listed):
            self._warn(f"{where} lists most of its publications no longer: {said}. Is it whole?")
            return False
        self._warn(f"{where} lists no longer: {said}; the files stay")
        for row in vanished:
            self.manifest.add(dataclasses.replace(row, last_seen=(provider.asked_at or now())[:10]))
        return True

    def _note_publication(self, urn: str, name: str, row: Listed) -> None:
        known = self.manifest.publications.get((urn, row.id))
        said: dict[str, Any] = {"provider": name, "kind": row.kind, "url": row.url, "last_seen": None}
        said["published_on"] = row.published_on or (known.published_on if known else None)
        listed = dataclasses.replace(known or Publication(urn, row.id, name, row.kind, row.url, today()), **said)
        if kind_of(row.kind).kind_id == UNKNOWN_KIND:
            self.unknown_kinds.add(row.kind or "without a name")
        if listed.published_on is None:
            self.undated.append(f"{row.kind} ({row.id})")
        if listed != known:
            self.manifest.add(listed)

    # --- a provider's publications ------------------------------------------------------------------------------------

    def _publications(self, urn: str) -> None:
        """Adopt and fetch what is not there of a provider's publications."""
        for publication in [row for row in standing(self.manifest) if row.urn == urn]:
            if publication.state == FETCHED or not self._is_asked_for(publication):
                continue
            there = self._file_of_same_id(publication) or self.folder.named_by(publication)
            if there and not self.choice.is_dry:
                self._adopt(publication, there)
            elif self.choice.takes(publication) and not self.choice.adopts and not there:
                self._fetch(publication)

    def _is_asked_for(self, publication: Publication) -> bool:
        if publication.state == WAITING:
            return publication.last_seen is None
        return days_since(publication.asked_at) >= self.site.gone_days

    def _file_of_same_id(self, publication: Publication) -> str | None:
        """Return the file of a publication that another provider lists, too."""
        rows = self.manifest.publications.values()
        return next((row.file_name for row in rows if row.id == publication.id and row.state == FETCHED), None)

    def _fetch(self, publication: Publication) -> None:
        if self.choice.is_dry:
            self.summary.new.append(publication)
            return
        row = download(publication, self.web, self.folder)
        self.manifest.add(row)
        if row.state == FETCHED:
            self.summary.new.append(row)
        elif row.state == WAITING:
            self.summary.unanswered.append(row.url)
            self._warn(f"{row.kind} of {row.provider} ({row.id}) did not come: {row.reason}")
        else:
            self.summary.gone.append(row)
            self._warn(f"{row.kind} of {row.provider} ({row.id}): {row.reason}")


def latin(header: str | None) -> bool:
    """Say whether a header can be sent back."""
    return header is None or (header.isascii() and header.isprintable())
