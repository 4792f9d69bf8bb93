"""The two ways in which landing says no."""

from __future__ import annotations


class LandingError(Exception):
    """Nothing can be landed: the build fails. The message names the folder and what to do."""


class RejectedError(Exception):
    """One file cannot be read: a row of ``rejected_documents``. The message is the reason, for a person."""
