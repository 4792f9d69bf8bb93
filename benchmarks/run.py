"""Measures landing and building a folder of reports: time, memory, growth, and against the straightforward way.

    python benchmarks/run.py ../shared/reports

prints tables, and writes everything that was measured to benchmarks/results.json; ``--write`` puts the tables into
benchmarks/README.md, too. ``--quick`` samples pages and leaves the growth out. Each measurement is a process of its
own, in a copy of the project.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

REPOSITORY = Path(__file__).resolve().parent.parent
PROJECT = ("dbt_project.yml", "profiles.yml", "models", "seeds", "macros", "tests")
LIBRARIES = ("duckdb", "dbt-core", "dbt-duckdb", "pypdfium2", "pdfplumber", "great-expectations")
UNCHECKED = """
from dataclasses import replace
import duckdb
from loaders.reading.landing import land
from loaders.settings import Settings
land(replace(Settings.from_environment(), landing_gate=False), duckdb.connect())
"""
MEGABYTE = 1024 * 1024
SHOWN_MODELS = 15


@dataclass
class Run:
    """A command that was run: its seconds by the clock and by the processors, and the most memory that its main process
    and any one other took."""

    seconds: float
    cpu_seconds: float = 0
    main_mb: float = 0
    worker_mb: float = 0
    output: str = ""


def run(command: list[str], folder: Path, **environment: str) -> Run:
    """Run a command in a folder, looking at its memory ten times a second."""
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as printed:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
        peaks: dict[int, int] = defaultdict(int)
        busy: dict[int, float] = {}
        watcher = threading.Thread(target=watch, args=(process, peaks, busy))
        watcher.start()
        process.wait()
        seconds = time.perf_counter() - started
        watcher.join()
        printed.seek(0)
        output = printed.read()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed in {folder}:\n{output[-4000:]}")
    main = peaks.pop(process.pid, 0)
    return Run(seconds, sum(busy.values()), main / MEGABYTE, max(peaks.values(), default=0) / MEGABYTE, output)


def watch(process: subprocess.Popen[Any], peaks: dict[int, int], busy: dict[int, float]) -> None:
    """Note the most resident memory of a process and each that it starts, and their processor time, until it ends."""
    main = psutil.Process(process.pid)
    while process.poll() is None:
        try:
            family = [main, *main.children(recursive=True)]
        except psutil.Error:
            return
        for member in family:
            try:
                peaks[member.pid] = max(peaks[member.pid], member.memory_info().rss)
                spent = member.cpu_times()
                busy[member.pid] = spent.user + spent.system
            except psutil.Error:
                continue  # it has ended meanwhile
        time.sleep(0.1)


# --- what is measured ---


class Bench:
    """A copy of the project in a folder of its own."""

    def __init__(self, folder: Path, reports: Path, processes: int) -> None:
        self.folder, self.reports, self.processes = folder, reports, processes
        (folder / "build").mkdir(parents=True)
        for name in PROJECT:
            copy = shutil.copytree if (REPOSITORY / name).is_dir() else shutil.copy
            copy(REPOSITORY / name, folder / name)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "REPORTS_PATH": str(self.reports),
            "LANDING_PROCESSES": str(self.processes),
            "ALLOW_FEWER_DOCUMENTS": "true",
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }

    def land(self) -> Run:
        return run([sys.executable, "-m", "loaders", "land"], self.folder, **self.environment)

    def land_unchecked(self) -> Run:
        """Land without the check by Great Expectations, which the straightforward way has not, into another cache."""
        return run([sys.executable, "-c", UNCHECKED], self.folder, **self.environment, CACHE_PATH="build/unchecked")

    def build(self) -> Run:
        return run([sys.executable, "-m", "dbt.cli.main", "build"], self.folder, **self.environment)

    def nodes(self) -> tuple[float, list[Node]]:
        """Return the seconds that dbt was executing in the last build, and its nodes, slowest first."""
        results = json.loads((self.folder / "target" / "run_results.json").read_text("utf-8"))
        manifest = json.loads((self.folder / "target" / "manifest.json").read_text("utf-8"))
        nodes = []
        for result in results["results"]:
            kind, name = result["unique_id"].split(".")[0], result["unique_id"].split(".")[2]
            path = manifest["nodes"].get(result["unique_id"], {}).get("path", "")
            layer = Path(path).parts[0] if kind == "model" else kind.replace("_", " ") + "s"
            nodes.append(Node(name, kind, layer, result["execution_time"]))
        return results["elapsed_time"], sorted(nodes, key=lambda node: -node.seconds)


@dataclass
class Node:
    name: str
    kind: str
    layer: str
    seconds: float


@dataclass
class Results:
    """All that was measured."""

    machine: dict[str, Any]
    folder: dict[str, Any]
    landing: dict[str, Run] = field(default_factory=dict)
    straightforward: dict[str, Any] = field(default_factory=dict)
    build: dict[str, Run] = field(default_factory=dict)
    executing: dict[str, float] = field(default_factory=dict)
    layers: dict[str, dict[str, Any]] = field(default_factory=dict)
    models: list[Node] = field(default_factory=list)
    growth: list[dict[str, float]] = field(default_factory=list)


def copy_reports(reports: Path, folder: Path, times: int) -> Path:
    """Copy a folder of reports so many times, each copy with another content: a comment after the end, or a line."""
    for file in (file for file in sorted(reports.rglob("*")) if file.is_file()):
        content = file.read_bytes()
        for number in range(times):
            copy = folder / f"{number:02}" / file.relative_to(reports)
            copy.parent.mkdir(parents=True, exist_ok=True)
            mark = f"\n% copy {number}\n" if content.startswith(b"%PDF") else f"\n\nCopy {number}.\n"
            copy.write_bytes(content + mark.encode() if number else content)
    return folder


@contextmanager
def one_more(bench: Bench) -> Iterator[None]:
    """Have one document more in the folder, in a copy of it: the folder itself is left alone."""
    files = sorted(bench.reports.rglob("*.pdf"), key=lambda file: file.stat().st_size)
    file = files[len(files) // 2]
    new = bench.reports / "one more.pdf"
    new.write_bytes(file.read_bytes() + b"\n% one more\n")
    yield
    new.unlink()


def measure_landing(bench: Bench, results: Results) -> None:
    results.landing["cold"] = bench.land()
    results.landing["cold, without its check"] = bench.land_unchecked()
    results.landing["nothing new"] = bench.land()
    with one_more(bench):
        results.landing["one new"] = bench.land()


def measure_straightforward(bench: Bench, results: Results, every: int) -> None:
    """Read the same PDFs by pdfplumber alone, and look whether its tables are among the landed ones."""
    import duckdb

    command = [sys.executable, str(REPOSITORY / "benchmarks" / "straightforward.py"), str(bench.reports)]
    reading = run([*command, "--processes", str(bench.processes), "--every", str(every)], bench.folder)
    way = json.loads(reading.output.splitlines()[-1])
    rows = bench.folder / "rows.parquet"
    run([sys.executable, "-m", "loaders", "land", str(rows)], bench.folder, **bench.environment)
    landed: dict[tuple[str, int], list[dict[tuple[int, int], str]]] = defaultdict(list)
    with duckdb.connect() as connection:
        ((pages,),) = connection.execute(
            "select sum(page_count) from read_parquet(?) where media_type = 'application/pdf'", [str(rows)]
        ).fetchall()
        for names, page, cells in connection.execute(
            """
            select list_prepend(file_name, other_file_names), place.page_number, place.cells
            from (select *, unnest(tables) as place from read_parquet(?) where rejected_reason is null)
            """,
            [str(rows)],
        ).fetchall():
            table = {(cell["row_number"], cell["column_number"]): normal(cell["text"]) for cell in cells}
            for name in names:
                landed[name, page].append(table)
    expected = equal = 0
    for name, by_page in way["tables"].items():
        for page, tables in by_page.items():
            for table in tables:
                expected += 1
                cells = {
                    (row, column): cell for row, line in enumerate(table, 1) for column, cell in enumerate(line, 1)
                }
                equal += cells in landed[name, int(page)]
    scale = pages / way["pages"]
    seconds, cpu_seconds = way["seconds"] * scale, reading.cpu_seconds * scale
    cold, unchecked = results.landing["cold"], results.landing["cold, without its check"]
    results.straightforward = {
        "every": every,
        "pages_read": way["pages"],
        "pages": pages,
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "milliseconds_a_page": way["seconds"] / way["pages"] * 1000 * bench.processes,
        "tables": expected,
        "tables_landed_equal": equal,
        "times_faster": seconds / cold.seconds,
        "times_less_work": cpu_seconds / cold.cpu_seconds,
        "times_faster_unchecked": seconds / unchecked.seconds,
        "times_less_work_unchecked": cpu_seconds / unchecked.cpu_seconds,
    }


def normal(text: str | None) -> str:
    return " ".join((text or "").split())


def measure_build(bench: Bench, results: Results) -> None:
    results.build["cold"] = bench.build()
    results.executing["cold"], nodes = bench.nodes()
    results.build["nothing new"] = bench.build()
    results.executing["nothing new"], _ = bench.nodes()
    with one_more(bench):
        results.build["one new"] = bench.build()
        results.executing["one new"], _ = bench.nodes()
    results.models = [node for node in nodes if node.kind == "model"]
    layers: dict[str, list[float]] = defaultdict(list)
    for node in nodes:
        layers[node.layer].append(node.seconds)
    results.layers = {
        layer: {"nodes": len(seconds), "seconds": sum(seconds)}
        for layer, seconds in sorted(layers.items(), key=lambda item: -sum(item[1]))
    }


def measure_growth(folder: Path, reports: Path, processes: int, times: list[int], results: Results) -> None:
    for number in times:
        many = copy_reports(reports, folder / f"{number}x", number)
        bench = Bench(folder / f"{number}x project", many, processes)
        landing = bench.land()
        build = bench.build()
        _, nodes = bench.nodes()
        sql = sum(
            node.seconds
            for node in nodes
            if node.kind in ("model", "test") and node.layer not in ("landing", "publish")
        )
        size = sum(file.stat().st_size for file in (bench.folder / "build").rglob("*") if file.is_file())
        results.growth.append(
            {
                "times": number,
                "documents": sum(file.is_file() for file in many.rglob("*")),
                "reports_mb": sum(file.stat().st_size for file in many.rglob("*") if file.is_file()) / MEGABYTE,
                "landing_seconds": landing.seconds,
                "landing_cpu_seconds": landing.cpu_seconds,
                "sql_seconds": sql,
                "build_seconds": build.seconds,
                "build_cpu_seconds": build.cpu_seconds,
                "main_mb": max(landing.main_mb, build.main_mb),
                "worker_mb": max(landing.worker_mb, build.worker_mb),
                "build_mb": size / MEGABYTE,
                "published_mb": (bench.folder / "warehouse.duckdb").stat().st_size / MEGABYTE,
            }
        )
        shutil.rmtree(many)
        shutil.rmtree(bench.folder)


def describe_machine() -> dict[str, Any]:
    names = [line.partition(":")[2].strip() for line in read_lines("/proc/cpuinfo") if line.startswith("model name")]
    return {
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / MEGABYTE / 1024),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "load_before": round(psutil.getloadavg()[0], 1),
        "measured_at": datetime.now(UTC).isoformat(timespec="minutes"),
    }


def read_lines(path: str) -> list[str]:
    try:
        return Path(path).read_text("utf-8").splitlines()
    except OSError:
        return []


def describe_folder(reports: Path) -> dict[str, Any]:
    files = [file for file in reports.rglob("*") if file.is_file()]
    return {"files": len(files), "megabytes": round(sum(file.stat().st_size for file in files) / MEGABYTE, 1)}


# --- how it is shown ---


def table(header: list[str], rows: list[list[object]]) -> str:
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def show(results: Results) -> str:
    """Write the results as Markdown, ratios first."""
    parts = []
    ratios: list[list[object]] = []
    way = results.straightforward
    if way:
        for what, which, aim in (
            ("the same work (text and tables), against the straightforward way", "_unchecked", "≥ 15"),
            ("landing with its check by Great Expectations, against it", "", ""),
        ):
            ratios.append([what, f"{way['times_faster' + which]:.1f} times faster", aim])
            ratios.append(["the same in processor time", f"{way['times_less_work' + which]:.1f} times less", ""])
        ratios.append(
            ["its tables that are landed, cell by cell", f"{way['tables_landed_equal']} of {way['tables']}", "all"]
        )
    if len(results.growth) > 1:
        first, last = results.growth[0], results.growth[-1]
        scale = last["times"] / first["times"]
        ratios += [
            [
                f"{scale:g} times the documents: landing",
                f"{last['landing_seconds'] / first['landing_seconds']:.1f} times",
                f"≤ {scale * 1.1:g}",
            ],
            [
                f"{scale:g} times the documents: SQL",
                f"{last['sql_seconds'] / first['sql_seconds']:.1f} times",
                f"≤ {scale * 1.5:g}",
            ],
            [f"memory of the main process at {last['times']:g}x", f"{last['main_mb']:,.0f} MB", "≤ 1,500"],
            [f"memory of a worker at {last['times']:g}x", f"{last['worker_mb']:,.0f} MB", "≤ 500"],
        ]
    if results.models:
        slowest = results.models[0]
        share = slowest.seconds / results.build["cold"].seconds
        ratios.append([f"the slowest model, {slowest.name}", f"{share:.0%} of a cold build", "≤ 10%, or a reason"])
    parts.append(table(["ratio", "measured", "aim"], ratios))
    aims = {"cold": "≤ 45 s", "nothing new": "≤ 15 s", "one new": "≤ 20 s"}
    times: list[list[object]] = [
        [
            f"landing, {name}",
            f"{run.seconds:.1f}",
            f"{run.cpu_seconds:.1f}",
            f"{run.main_mb:,.0f}",
            f"{run.worker_mb:,.0f}",
            "",
        ]
        for name, run in results.landing.items()
    ]
    if way:
        note = f"(every {way['every']}th page, scaled)" if way["every"] > 1 else ""
        per_page = f"{way['milliseconds_a_page']:.0f} ms a page"
        times.append(
            [
                f"the straightforward way {note}".strip(),
                f"{way['seconds']:.1f}",
                f"{way['cpu_seconds']:.1f}",
                "",
                "",
                per_page,
            ]
        )
    times += [
        [
            f"`dbt build`, {name}",
            f"{run.seconds:.1f}",
            f"{run.cpu_seconds:.1f}",
            f"{run.main_mb:,.0f}",
            f"{run.worker_mb:,.0f}",
            aims[name],
        ]
        for name, run in results.build.items()
    ]
    parts.append(table(["what", "seconds", "processor seconds", "main MB", "largest other MB", "aim"], times))
    if results.layers:
        layers: list[list[object]] = [
            [layer, found["nodes"], f"{found['seconds']:.1f}"] for layer, found in results.layers.items()
        ]
        start = results.build["cold"].seconds - results.executing["cold"]
        layers.append(["start, parsing, and the end (no node)", "", f"{start:.1f}"])
        parts.append(table(["layer, in a cold build", "nodes", "seconds"], layers))
        models: list[list[object]] = [
            [node.name, node.layer, f"{node.seconds:.2f}", f"{node.seconds / results.build['cold'].seconds:.1%}"]
            for node in results.models[:SHOWN_MODELS]
        ]
        parts.append(table(["model", "layer", "seconds", "of the build"], models))
    if results.growth:
        columns = list(results.growth[0])
        grown: list[list[object]] = [
            [f"{row[column]:,.1f}".removesuffix(".0") for column in columns] for row in results.growth
        ]
        parts.append(table([column.replace("_", " ") for column in columns], grown))
    machine = results.machine
    libraries = ", ".join(f"{name} {number}" for name, number in machine["libraries"].items())
    folder = results.folder
    parts.append(
        f"Measured {machine['measured_at']} on {machine['cores']} cores ({machine['processor']}), "
        f"{machine['memory_gb']} GB of memory, {machine['system']}, Python {machine['python']}, {libraries}; "
        f"load before: {machine['load_before']}. The folder: {folder['files']} files, {folder['megabytes']:,} MB."
    )
    return "\n\n".join(parts) + "\n"


def write_readme(shown: str) -> None:
    path = REPOSITORY / "benchmarks" / "README.md"
    text = path.read_text("utf-8")
    before, _, rest = text.partition("<!-- results -->\n")
    _, end, after = rest.partition("<!-- end of results -->")
    path.write_text(f"{before}<!-- results -->\n\n{shown}\n{end}{after}", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--processes", type=int, default=2, help="that read at once, here and in the straightforward way"
    )
    parser.add_argument("--quick", action="store_true", help="every tenth page the straightforward way, and no growth")
    parser.add_argument("--every", type=int, help="read every nth page the straightforward way")
    parser.add_argument("--growth", default="1,3,10", help="how many copies of the folder to build; nothing for none")
    parser.add_argument("--only", choices=["landing", "build", "growth"], help="measure no more than this")
    parser.add_argument("--json", type=Path, default=REPOSITORY / "benchmarks" / "results.json")
    parser.add_argument("--write", action="store_true", help="put the tables into benchmarks/README.md")
    options = parser.parse_args()
    times = (
        [] if options.quick and options.only != "growth" else [int(word) for word in options.growth.split(",") if word]
    )
    results = Results(describe_machine(), describe_folder(options.folder))
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        reports = copy_reports(options.folder.resolve(), folder / "reports", 1) / "00"
        if options.only in (None, "landing"):
            bench = Bench(folder / "landing", reports, options.processes)
            measure_landing(bench, results)
            say("landed")
            measure_straightforward(bench, results, options.every or (10 if options.quick else 1))
            say("read the straightforward way")
        if options.only in (None, "build"):
            measure_build(Bench(folder / "build", reports, options.processes), results)
            say("built")
        if options.only in (None, "growth"):
            measure_growth(folder, reports, options.processes, times, results)
    measured = asdict(results)
    for runs in (measured["landing"], measured["build"]):
        for found in runs.values():
            del found["output"]
    options.json.write_text(json.dumps(measured, indent=2) + "\n", "utf-8")
    shown = show(results)
    print(shown)
    if options.write:
        write_readme(shown)


def say(line: str) -> None:
    print(f"{datetime.now():%H:%M:%S} {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
