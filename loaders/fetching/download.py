"""One file: it comes beside the others, is looked at, and takes its name only when it is a whole PDF."""

from __future__ import annotations

import dataclasses

from loaders.fetching.folder import LOOKED_AT, PARTIAL, Folder, why_no_report
from loaders.fetching.known import kind_of
from loaders.fetching.manifest import FETCHED, GONE, NO_REPORT, REFUSED, WAITING, Publication, now
from loaders.fetching.pages import title_of
from loaders.fetching.web import Failed, Refused, Web

GONE_STATUSES = (404, 410)


def download(publication: Publication, web: Web, folder: Folder) -> Publication:
    """Fetch a publication's file; return what became of it.

    Raises:
        FetchError: the fetch stops.
        OSError: the file cannot be written.
    """
    asked = dataclasses.replace(
        publication, asked_at=now(), status=None, content_type=None, bytes=None, sha256=None, reason=None
    )
    partial = folder.path / PARTIAL
    try:
        answer = web.get(publication.url, "file", into=partial)
        known = dataclasses.replace(asked, status=answer.status, content_type=answer.content_type or None)
        if answer.status in GONE_STATUSES:
            return dataclasses.replace(known, state=GONE, reason=f"the site answered with {answer.status}")
        if answer.status != 200:
            return dataclasses.replace(known, state=REFUSED, reason=f"the site answered with {answer.status}")
        if reason := why_no_report(partial):
            with partial.open("rb") as file:
                title = title_of(file.read(16 * LOOKED_AT))
            is_gone = bool(title and web.site.gone_title.search(title))
            said = f"it is a page titled “{title}”" if title else reason
            return dataclasses.replace(known, state=GONE if is_gone else NO_REPORT, reason=said)
        name = folder.take(partial, publication, kind_of(publication.kind).kind_id, answer.sha256)
        return dataclasses.replace(
            known, state=FETCHED, bytes=answer.size, sha256=answer.sha256, file_name=name, fetched_at=now()
        )
    except Refused as error:
        return dataclasses.replace(asked, state=REFUSED, reason=str(error))
    except Failed as error:
        return dataclasses.replace(asked, state=WAITING, reason=str(error))
    finally:
        partial.unlink(missing_ok=True)
