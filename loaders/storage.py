"""Where reports and cache lie: a folder, or a prefix in an S3 bucket with as much of ``Path`` as a landing uses.

The usual ``AWS_*`` variables (or whatever else botocore reads) hold credentials, region and endpoint. The libraries for
a bucket are an extra of the package and are imported only where a place is in one.

universal-pathlib's ``UPath`` would take the place of BucketPath's names and joins alone, a sixth of this file: it lists
without sizes and times (a request more for each document), caches listings of a bucket that changes under it, and names
neither bucket nor reason in its errors. What is left, one file read while it may change, many at once, written whole or
not at all, would stand on it as it stands on s3fs.
"""

from __future__ import annotations

import fnmatch
import os
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from loaders.errors import LandingError
from loaders.files import File, first_line, is_system_name, list_files, printable
from loaders.sql import literal

if TYPE_CHECKING:
    import duckdb

SCHEME = "s3://"
AT_ONCE = 32  # requests to a bucket
BLOCK = 1024 * 1024  # read at a time of an object that is not read whole

Given = TypeVar("Given")
Made = TypeVar("Made")


@dataclass(frozen=True, order=True)
class BucketPath:
    """An object in a bucket, or the prefix of many; written ``s3://bucket/prefix``, and used like a ``Path``."""

    url: str

    def __str__(self) -> str:
        return self.url

    def __truediv__(self, name: str) -> BucketPath:
        return BucketPath(f"{self.url}/{name}")

    @property
    def bucket(self) -> str:
        return self.url.removeprefix(SCHEME).partition("/")[0]

    @property
    def key(self) -> str:
        return self.url.removeprefix(SCHEME).partition("/")[2]

    @property
    def name(self) -> str:
        return self.url.rpartition("/")[2]

    @property
    def stem(self) -> str:
        return self.name.rpartition(".")[0] or self.name

    @property
    def parent(self) -> BucketPath:
        return BucketPath(self.url.rpartition("/")[0])

    def mkdir(self, parents: bool = False, exist_ok: bool = False) -> None:
        """Do nothing: a prefix is there when something is under it."""

    def objects(self) -> Iterator[tuple[str, int, datetime]]:
        """Give what is under this prefix, at any depth: its name from here, its size, and when it was last changed."""
        start = f"{self.key}/" if self.key else ""
        more: dict[str, str] = {}
        while True:
            with naming(self):
                page = client().call_s3("list_objects_v2", Bucket=self.bucket, Prefix=start, **more)
            for entry in page.get("Contents", []):
                yield entry["Key"].removeprefix(start), entry["Size"], entry["LastModified"]
            if not page.get("IsTruncated"):
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def glob(self, pattern: str) -> Iterator[BucketPath]:
        """Give the objects right under this prefix whose names match."""
        return (self / name for name, _, _ in self.objects() if "/" not in name and fnmatch.fnmatchcase(name, pattern))

    def read_bytes(self) -> bytes:
        with naming(self):
            content: bytes = client().cat_file(self.url)
        return content

    def read_text(self, encoding: str = "utf-8") -> str:
        return self.read_bytes().decode(encoding)

    def write_bytes(self, content: bytes) -> None:
        with naming(self):
            client().pipe_file(self.url, content)

    def unlink(self, missing_ok: bool = False) -> None:
        with naming(self):
            client().rm_file(self.url)  # a bucket does not say whether it was there

    def exists(self) -> bool:
        with naming(self):
            return bool(client().exists(self.url))

    def changed_ns(self) -> int:
        with naming(self):
            modified: datetime = client().info(self.url, refresh=True)["LastModified"]
        return nanoseconds(modified)


Place = Path | BucketPath


def place(text: str) -> Place:
    """Return the place that a setting names."""
    if not text.startswith(SCHEME):
        return Path(text).expanduser()
    found = BucketPath(SCHEME + text.removeprefix(SCHEME).rstrip("/"))
    if not found.bucket:
        raise LandingError(f"{printable(text)} names no bucket: write s3://bucket/prefix")
    return found


def absolute(where: Place) -> str:
    """Write a place so that another process finds it."""
    return str(where) if isinstance(where, BucketPath) else os.path.abspath(where)


def identity(where: Place) -> bytes:
    """Return what tells a place from every other."""
    return where.url.encode() if isinstance(where, BucketPath) else os.fsencode(os.path.realpath(where))


def is_within(where: Place, folder: Place) -> bool:
    """Say whether a place is a folder, or lies in it."""
    separator = b"/" if isinstance(folder, BucketPath) else os.fsencode(os.sep)
    inner, outer = identity(where), identity(folder)
    return type(where) is type(folder) and (inner == outer or inner.startswith(outer.rstrip(separator) + separator))


def refuse_cache_among_reports(cache: Place | None, reports: Place) -> None:
    """Refuse a cache that was put into the folder of the reports.

    Raises:
        LandingError: it lies there.
    """
    if cache and is_within(cache, reports):
        raise LandingError(
            f"CACHE_PATH ({printable(str(cache))}) lies in the folder of the reports, where what is kept would count "
            "as reports: name another place"
        )


def list_reports(where: Place) -> list[File]:
    """List a folder's or a prefix's files, by name; hidden, temporary and system files are passed over.

    Raises:
        LandingError: it is not there, or cannot be listed.
    """
    if not isinstance(where, BucketPath):
        return list_files(where)
    names = (
        File(name, size, nanoseconds(modified))
        for name, size, modified in where.objects()
        if not name.endswith("/") and not any(map(is_system_name, name.split("/")))
    )
    return sorted(names, key=lambda file: file.name)


def read_still(where: Place) -> tuple[bytes | None, int, int]:
    """Read a file with its size and time; no content where these do not stay the same meanwhile.

    Raises:
        OSError: this file cannot be read.
        LandingError: no file of the bucket can.
    """
    if not isinstance(where, BucketPath):
        with where.open("rb") as file:
            status = os.fstat(file.fileno())
            content = file.read()
            still = os.fstat(file.fileno())
        is_still = (status.st_size, status.st_mtime_ns) == (len(content), still.st_mtime_ns)
        return content if is_still else None, still.st_size, still.st_mtime_ns
    try:
        before = where.changed_ns()
        content = where.read_bytes()
        after = where.changed_ns()
    except PermissionError:
        for _ in where.parent.objects():  # one that may not be read costs no more than itself
            break
        raise
    return (content if before == after else None), len(content), after


# --- the cache's files ---


def source(where: Place) -> Path | BinaryIO:
    """Return what Arrow reads a file from."""
    if not isinstance(where, BucketPath):
        return where
    with naming(where):
        opened: BinaryIO = client().open(where.url, "rb", block_size=BLOCK, cache_type="readahead")
    return opened


@contextmanager
def whole(where: Place, named: Callable[[Path], Path] | None = None) -> Iterator[Path | BinaryIO]:
    """Give what Arrow writes a file to, so that it is there whole or not at all.

    In a folder, ``named`` gives it another name by what was written.
    """
    if isinstance(where, BucketPath):
        with naming(where):
            upload = client().open(where.url, "wb")
            try:
                yield upload
                upload.close()
            except BaseException:
                upload.discard()
                raise
        return
    partial = partial_path(where)
    try:
        yield partial
        os.replace(partial, named(partial) if named else where)
    finally:
        partial.unlink(missing_ok=True)


def write(where: Place, content: bytes) -> None:
    """Write a small file, whole or not at all."""
    where.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(where, BucketPath):
        where.write_bytes(content)
        return
    with whole(where) as partial:
        assert isinstance(partial, Path)
        partial.write_bytes(content)


def move(where: Place, target: Place) -> None:
    """Move a file within a cache; in a bucket it is for a moment at both places, never at none."""
    if isinstance(where, BucketPath):
        with naming(where):
            client().cp_file(where.url, str(target))
        where.unlink()
    else:
        os.replace(where, str(target))


def files(folder: Place) -> list[Place]:
    """Return the Parquet files right in a folder, by name."""
    return sorted(folder.glob("*.parquet"), key=str)


def partial_path(path: Path) -> Path:
    """Return a name beside a file that no other process writes to."""
    return path.with_name(f"{path.name}.{os.getpid()}-{time.monotonic_ns()}.partial")


def each(make: Callable[[Given], Made], given: Iterable[Given]) -> Iterator[Made]:
    """Apply a function in order; to what is in a bucket many at once, as each waits for an answer."""
    items = list(given)
    if not any(isinstance(item, BucketPath) for item in items):
        yield from map(make, items)
        return
    with ThreadPoolExecutor(AT_ONCE) as threads:
        yield from threads.map(make, items)


# --- the bucket itself ---


@cache
def client() -> Any:
    """Return the connection to the object store.

    Raises:
        LandingError: its library is not installed.
    """
    try:
        import s3fs
    except ImportError:
        raise LandingError(
            'to read from a bucket, install the extra: pip install -e ".[bucket]" -c constraints.txt'
        ) from None
    return s3fs.S3FileSystem(use_listings_cache=False, skip_instance_cache=True)


@contextmanager
def naming(where: BucketPath) -> Iterator[None]:
    """Let what concerns one object pass as the OSError it is; say of everything else which bucket it was.

    Raises:
        LandingError: the bucket cannot be reached, is not there, or refuses.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    bucket = SCHEME + where.bucket
    try:
        yield
    except (BotoCoreError, ClientError, OSError) as error:
        cause = error.__cause__ if isinstance(error.__cause__, ClientError) else None
        code = cause.response.get("Error", {}).get("Code", "") if cause else ""
        of_object = cause is None or cause.operation_name != "ListObjectsV2"
        if isinstance(error, FileNotFoundError) and of_object and code != "NoSuchBucket":
            raise
        if isinstance(error, PermissionError) and of_object and code in ("AccessDenied", "403"):
            raise
        kind = "is not there" if isinstance(error, FileNotFoundError) else "cannot be used"
        if isinstance(error, PermissionError):
            kind = "refuses (see the AWS_* variables)"
        raise LandingError(f"the bucket {bucket} {kind}: {first_line(error)}") from error


def nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000) * 1000


def let_read(connection: duckdb.DuckDBPyConnection, where: Place, name: str = "reports_cache") -> None:
    """Let DuckDB read and write what lies under a place, by a secret of this name; nothing to do for a folder.

    Raises:
        LandingError: the extension for buckets is not installed, or there are no credentials.
    """
    if not isinstance(where, BucketPath):
        return
    client()
    import botocore.session
    from botocore.exceptions import BotoCoreError

    load_extension(connection, "httpfs")
    try:
        session = botocore.session.get_session()
        found = session.get_credentials()
        region = session.get_config_variable("region") or "us-east-1"
    except BotoCoreError as error:
        raise LandingError(f"the bucket {SCHEME}{where.bucket} cannot be used: {first_line(error)}") from None
    if found is None:
        raise LandingError(f"no credentials for the bucket {SCHEME}{where.bucket}: set the AWS_* variables")
    keys = found.get_frozen_credentials()
    words = {"key_id": keys.access_key, "secret": keys.secret_key, "session_token": keys.token, "region": region}
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    secure = True
    if endpoint:
        secure = not endpoint.startswith("http://")
        words |= {"endpoint": endpoint.partition("://")[2].rstrip("/"), "url_style": "path"}
    words["scope"] = where.url
    options = "".join(f", {name} {literal(word)}" for name, word in words.items() if word)
    connection.execute(f"create or replace temporary secret {name} (type s3{options}, use_ssl {str(secure).lower()})")


def load_extension(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load an extension of DuckDB from the package that brings it; nothing is downloaded.

    Raises:
        LandingError: the package is not installed.
    """
    import duckdb

    try:
        package = resources.files(f"duckdb_extension_{name}")
    except ModuleNotFoundError:
        raise LandingError(
            f'DuckDB\'s {name} is not installed: pip install -e ".[bucket,lake]" -c constraints.txt'
        ) from None
    file = package / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
    connection.execute(f"load {literal(str(file))}")
