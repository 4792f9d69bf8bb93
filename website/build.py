"""Make the site in a folder of its own, which takes the old one's place when it is whole."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from website import charts, wording
from website.pages import Site
from website.warehouse import read_warehouse

HERE = Path(__file__).parent
# It tells a site of ours from a folder of somebody's: which build it was made from, and its files, a line each.
MARKER = "build-id.txt"


class SiteError(RuntimeError):
    """The site could not be made; what stood in its place is as it was."""


def build_site(
    warehouse: Path, output: Path, reports_url: str | None = None, contact: str | None = None
) -> dict[str, int]:
    """Write the site of a published file to a folder; return the size of each file by its path in the folder.

    Raises SiteError where there is no file, or where the folder holds something that is not such a site.
    """
    if not warehouse.is_file():
        raise SiteError(f"there is no warehouse at {warehouse}: `dbt build` publishes one")
    if output.exists() and not (output / MARKER).is_file() and (not output.is_dir() or any(output.iterdir())):
        raise SiteError(f"{output} holds something else than a site: name another folder, or empty it")
    try:
        rows = read_warehouse(warehouse)
    except duckdb.Error as error:
        raise SiteError(f"{warehouse} could not be read: {str(error).splitlines()[0]}") from error
    site = Site(rows, reports_url, contact)
    output = Path(os.path.abspath(output))
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=f".{output.name}-") as work:
        new = Path(work) / "new"
        new.mkdir()
        sizes = _write(site, new)
        if output.exists():
            _keep_others(output, new)
            os.replace(output, Path(work) / "old")
        os.replace(new, output)
    return sizes


def _write(site: Site, folder: Path) -> dict[str, int]:
    templates = environment()
    templates.filters["framework"] = site.framework
    sizes: dict[str, int] = {}

    def write(path: str, text: str) -> None:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        sizes[path] = file.write_bytes(text.encode())

    for page in site.pages():
        depth = page.path.count("/")
        context = {**page.context, "root": "../" * depth, "path": page.path, "site": site}
        write(page.path, templates.get_template(page.template).render(context))
    for path, text in site.scripts():
        write(path, text)
    for asset in sorted((HERE / "assets").iterdir()):
        shutil.copyfile(asset, _parent(folder / "assets" / asset.name))
        sizes[f"assets/{asset.name}"] = asset.stat().st_size
    write(MARKER, "".join(f"{line}\n" for line in (site.build.get("build_id") or "unknown", *sorted(sizes))))
    return sizes


def _keep_others(old: Path, new: Path) -> None:
    """Copy what somebody has put beside the old site's files; a site that does not list its files has none."""
    ours = {MARKER, *(old / MARKER).read_text(encoding="utf-8").splitlines()[1:]} if (old / MARKER).is_file() else set()
    for file in old.rglob("*") if len(ours) > 1 else ():
        name = file.relative_to(old)
        if name.as_posix() not in ours and not file.is_dir() and not (new / name).exists():
            shutil.copy2(file, _parent(new / name))


def environment() -> Environment:
    """Templates that escape all text and fail on a name that is not there."""
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    templates.filters.update(
        capital=wording.capital,
        css_class=wording.css_class,
        day=wording.day,
        excerpt=wording.excerpt,
        humanise=wording.humanise,
        measure=wording.measure,
        number=wording.number,
        period=wording.period,
        short_day=wording.short_day,
        stated=wording.stated,
        stem=wording.stem,
    )
    templates.globals.update(bar=charts.bar, days=wording.days, plural=wording.plural)
    return templates


def _parent(file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    return file
