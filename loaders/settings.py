"""The settings of a build, read from the environment."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from loaders.storage import Place, place

FALSE_WORDS = {"", "0", "false", "no", "off"}
WHOLE = re.compile(r"[0-9]{1,9}")
EXAMPLES = Path(__file__).resolve().parent.parent / "reports"
TRUE_WORDS = {"1", "true", "yes", "on"}


class SettingError(ValueError):
    """A setting that cannot be meant; the message names it and its value."""


def read_flag(environment: Mapping[str, str], name: str, default: bool) -> bool:
    word = environment.get(name)
    if word is None:
        return default
    if word.strip().lower() in TRUE_WORDS:
        return True
    if word.strip().lower() in FALSE_WORDS:
        return False
    raise SettingError(f"{name} is {word!r}: write true or false")


def read_number(environment: Mapping[str, str], name: str, default: int) -> int:
    word = environment.get(name)
    if word is None:
        return default
    if not WHOLE.fullmatch(word.strip()):
        raise SettingError(f"{name} is {word!r}: write a whole number of at most nine digits")
    return int(word)


def at_least_one(word: str) -> int:
    """Read the number of a command's option."""
    if not WHOLE.fullmatch(word) or not int(word):
        raise argparse.ArgumentTypeError(f"{word!r} is no such number: write a whole one, from 1 to 999999999")
    return int(word)


def read_path(environment: Mapping[str, str], name: str, default: str) -> str:
    word = environment.get(name, default)
    if not word.strip():
        raise SettingError(f"{name} is set to nothing: name a path, or unset it{f' for {default}' if default else ''}")
    return word


def read_place(environment: Mapping[str, str], name: str, default: str) -> Place:
    word = read_path(environment, name, default)
    try:
        return place(word)
    except RuntimeError:  # of a person that the system does not know
        raise SettingError(f"{name} is {word!r}: the folder of ~ is not known here") from None


def read_folder(environment: Mapping[str, str], name: str, default: str) -> Path:
    found = read_place(environment, name, default)
    if not isinstance(found, Path):
        raise SettingError(
            f"{name} is {str(found)!r}: name a path on this machine, as no file is published to a bucket"
        )
    return found


@dataclass(frozen=True)
class Settings:
    """Where a build reads and publishes.

    reports_path: the folder that holds the documents, searched with its subfolders.
    warehouse_path: the published file, the one that people and BI tools open.
    build_path: the private folder of the build; the cache of parsed documents lies in it.
    allow_fewer_documents: publish although fewer than half of the last published documents are left.
    allow_other_folder: publish although the last published documents were read from another folder.
    exports_path: the folder of the Parquet files and the workbook; none where it is switched off.
    publish_names: whether the names of inspectors and officers are published.
    landing_processes: how many processes read documents at once; 0 for one a processor.
    document_seconds, document_megabytes: what reading one document may take; 0 for no limit.
    landing_cluster: the Dask scheduler whose workers read the documents; none to read them on this machine.
    cache_folder: where what was read is kept, where it is not in the build folder.
    fetch_contact: whom the inspectorate's site is told to write to about a fetch; none fetches without.
    fetch_site: a file that says where the site has what, instead of the project's own.
    fetch_pause: seconds between two requests, and fetch_megabytes: how large a file may be, instead of that file's.
    landing_gate: whether what was read is checked; no variable sets it, only a test of something else leaves it out.
    """

    reports_path: Place = Path("reports")
    warehouse_path: Path = Path("warehouse.duckdb")
    build_path: Path = Path("build")
    exports_path: Path | None = None
    allow_fewer_documents: bool = False
    allow_other_folder: bool = False
    publish_names: bool = True
    landing_processes: int = 0
    document_seconds: int = 120
    document_megabytes: int = 2048
    landing_gate: bool = True
    landing_cluster: str | None = None
    cache_folder: Place | None = None
    fetch_contact: str | None = None
    fetch_site: Path | None = None
    fetch_pause: int | None = None
    fetch_megabytes: int | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings, each from the variable of its name (but BUILD_PATH); an empty path is refused."""
        warehouse_path = read_folder(environment, "WAREHOUSE_PATH", str(cls.warehouse_path))
        beside = str(warehouse_path.parent / "exports")
        has_exports = environment.get("EXPORTS_PATH", beside).strip().lower() not in {*FALSE_WORDS, "none"}
        return cls(
            reports_path=read_place(environment, "REPORTS_PATH", str(cls.reports_path)),
            warehouse_path=warehouse_path,
            cache_folder=read_place(environment, "CACHE_PATH", "") if "CACHE_PATH" in environment else None,
            landing_cluster=environment.get("LANDING_CLUSTER", "").strip() or None,
            exports_path=read_folder(environment, "EXPORTS_PATH", beside) if has_exports else None,
            allow_fewer_documents=read_flag(environment, "ALLOW_FEWER_DOCUMENTS", cls.allow_fewer_documents),
            allow_other_folder=read_flag(environment, "ALLOW_OTHER_FOLDER", cls.allow_other_folder),
            publish_names=read_flag(environment, "PUBLISH_NAMES", cls.publish_names),
            landing_processes=read_number(environment, "LANDING_PROCESSES", cls.landing_processes),
            document_seconds=read_number(environment, "DOCUMENT_SECONDS", cls.document_seconds),
            document_megabytes=read_number(environment, "DOCUMENT_MEGABYTES", cls.document_megabytes),
            fetch_contact=environment.get("FETCH_CONTACT", "").strip() or None,
            fetch_site=read_folder(environment, "FETCH_SITE", "") if "FETCH_SITE" in environment else None,
            fetch_pause=read_number(environment, "FETCH_PAUSE", 0) if "FETCH_PAUSE" in environment else None,
            fetch_megabytes=read_number(environment, "FETCH_MEGABYTES", 0)
            if "FETCH_MEGABYTES" in environment
            else None,
        )

    @property
    def cache_path(self) -> Place:
        return self.cache_folder or self.build_path / "cache"
