"""The ways in which landing and publication say no."""

from __future__ import annotations


class LandingError(Exception):
    """Nothing can be landed: the build fails. The message names the folder and what to do."""


class RejectedError(Exception):
    """One file cannot be read: a row of ``rejected_documents``. The message is the reason, for a person."""


class PublicationError(RuntimeError):
    """A publication that was refused or failed; the published file is as it was."""


class OwnershipError(PublicationError):
    """A path to be written holds what this project has not made; it is left as it is."""


class FetchError(Exception):
    """Reports cannot be fetched, or not all of them: what was fetched is kept. The message says what to do."""
