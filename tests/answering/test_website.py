"""The site: whole, linked, escaped and the same from the same warehouse."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb
import pytest
from project import REPOSITORY, Project
from site_pages import PageReader, read_site, site_bytes

from loaders.publishing.exports import export
from loaders.settings import Settings
from website import charts, search, standing, tiles, wording
from website.__main__ import main
from website.accuracy import measured
from website.build import SiteError, build_site
from website.originals import originals_beside
from website.pages import Site
from website.warehouse import CONTRACT, read_warehouse

LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
HOSTILE = "</script><img src=x onerror=alert(1)> \"quoted\" 'single' & {{ 7 * 7 }} \u2028 <b>"


@pytest.fixture(scope="module")
def site(built: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("website") / "site"
    build_site(built.published, folder)
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, PageReader]:
    return read_site(site)


@pytest.fixture
def empty_warehouse(tmp_path: Path) -> Path:
    file = tmp_path / "empty.duckdb"
    duckdb.connect(str(file)).close()
    return file


@pytest.fixture
def hostile_site(tmp_path: Path) -> Path:
    """The site of a warehouse in which every text, and every id, is hostile."""
    file = tmp_path / "hostile.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(re.sub(r"create view .*?;$", "", CONTRACT, flags=re.DOTALL | re.MULTILINE))
        for table, columns in connection.execute(
            "select table_name, list((column_name, data_type)) from duckdb_columns() "
            "where not internal group by table_name order by table_name"
        ).fetchall():
            values = [hostile_value(name, data_type) for name, data_type in columns]
            names = ", ".join(f'"{name}"' for name, _ in columns)
            connection.execute(f"insert into {table} ({names}) values ({', '.join('?' * len(values))})", values)
    folder = tmp_path / "site"
    build_site(file, folder)
    return folder


def hostile_value(column: str, data_type: str) -> object:
    if column in ("year_id", "grade", "overall_grade", "last_overall_grade"):
        return "2016-17" if column == "year_id" else "good"
    known = {"VARCHAR": HOSTILE, "DATE": "2017-03-31", "TIMESTAMP": "2017-03-31", "BOOLEAN": True}
    return known.get(data_type, 3)


def test_every_link_leads_somewhere(site: Path, pages: dict[str, PageReader]) -> None:
    missing = []
    for name, page in pages.items():
        for link in [*page.links, *page.loads]:
            address = urlsplit(link)
            if address.scheme:
                continue
            target = (site / name).parent / unquote(address.path) if address.path else site / name
            path = str(target.resolve().relative_to(site.resolve()))
            # What comes after # on these is not a place but a choice: of words, of a filter, of what is compared.
            is_choice = "=" in address.fragment or path.split("/")[0] in ("search", "compare")
            anchored = path in pages and address.fragment and not is_choice
            if not target.is_file() or (anchored and unquote(address.fragment) not in pages[path].ids):
                missing.append((name, link))
    assert not missing, missing[:10]


def test_nothing_is_asked_of_another_host(site: Path, pages: dict[str, PageReader]) -> None:
    for name, page in pages.items():
        assert not [load for load in page.loads if urlsplit(load).scheme or load.startswith("/")], name
        assert {link for link in page.links if urlsplit(link).scheme or link.startswith("/")} <= {LICENCE}, name
        assert not page.scripts_inside, name
    for file in [*(site / "assets").iterdir(), *(site / "search").rglob("*.js")]:
        text = file.read_text(encoding="utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
        if file.parent.name != "texts":
            assert "http:" not in text and "https:" not in text, file
        assert not re.search(r"\bfetch\(|XMLHttpRequest|import\(|@import", text), file


def test_pages_are_well_formed_and_accessible_in_structure(pages: dict[str, PageReader]) -> None:
    for name, page in pages.items():
        assert not [item for item, count in page.ids.items() if count > 1], name
        for labelled, described in page.described:
            assert labelled and set(labelled.split()) == described, name
        assert not page.figures_without_table, name
        assert all(header.get("scope") in ("col", "row") for header in page.headers), name
        assert "main" in page.ids, name


def test_every_kind_of_page_is_there(pages: dict[str, PageReader]) -> None:
    kinds = {name.split("/")[0] for name in pages}
    assert kinds == {
        "index.html",
        "authorities",
        "compare",
        "map",
        "metrics",
        "topics",
        "search",
        "discrepancies",
        "documents",
        "about",
        "accuracy",
    }
    assert any(page.described for page in pages.values())


@pytest.mark.parametrize(
    "facts, key",
    [
        ("fct_judgements", "judgement_id"),
        ("fct_metric_observations", "observation_id"),
        ("fct_recommendations", "recommendation_id"),
        ("fct_findings", "finding_id"),
    ],
)
def test_every_fact_stands_on_its_document_with_its_words(
    built: Project, pages: dict[str, PageReader], facts: str, key: str
) -> None:
    words = "text" if facts in ("fct_recommendations", "fct_findings") else "quote"
    rows = built.query(f"select {key}, report_id, {words} from {facts} order by {key}")
    assert rows
    texts = {name: "".join(page.text) for name, page in pages.items() if name.startswith("documents/")}
    for fact_id, report_id, quoted in rows:
        name = f"documents/{report_id}.html"
        assert fact_id in pages[name].ids, (facts, fact_id)
        assert quoted in texts[name], (facts, fact_id)


def test_each_value_of_an_authority_links_to_its_words(built: Project, pages: dict[str, PageReader]) -> None:
    newest = built.query(
        """
        select authority_id, metric_id, report_id, observation_id
        from fct_authority_metrics join fct_metric_observations using (observation_id, authority_id, metric_id)
        where authority_id not in ('E92000001', 'unknown')
        qualify row_number() over (partition by authority_id, metric_id order by fct_authority_metrics.year_id desc) = 1
        """
    )
    assert newest
    for authority_id, metric_id, report_id, observation_id in newest:
        link = f"../documents/{report_id}.html#{observation_id}"
        assert link in pages[f"authorities/{authority_id}.html"].links
        assert link in pages[f"metrics/{metric_id}.html"].links


def test_the_same_rows_in_any_order_give_the_same_site(built: Project, site: Path, tmp_path: Path) -> None:
    turned = tmp_path / "turned.duckdb"
    with duckdb.connect(str(turned)) as connection:
        connection.execute(f"attach '{built.published}' as given (read_only)")
        for (table,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'given' and schema_name = 'main'"
        ).fetchall():
            connection.execute(f"create table {table} as select * from given.main.{table} order by rowid desc")
    build_site(turned, tmp_path / "site")
    found, expected = site_bytes(tmp_path / "site"), site_bytes(site)
    assert sorted(found) == sorted(expected)
    assert [name for name in expected if found[name] != expected[name]] == []


def test_hostile_text_stays_text(hostile_site: Path) -> None:
    pages = read_site(hostile_site)
    assert len(pages) > 8
    for name, page in pages.items():
        assert not page.scripts_inside, name
        assert not [load for load in page.loads if load == "x"], name
        assert "49" not in "".join(page.text), name
    assert any(HOSTILE in "".join(page.text) for page in pages.values())
    for script in (hostile_site / "search").rglob("*.js"):
        text = script.read_text(encoding="utf-8")
        assert "</script" not in text and "<" not in text and "\u2028" not in text, script
        json.loads(text.partition("]=")[2].rstrip().removesuffix(";"))


def test_an_empty_warehouse_gives_an_empty_site(empty_warehouse: Path, tmp_path: Path) -> None:
    build_site(empty_warehouse, tmp_path / "site")
    pages = read_site(tmp_path / "site")
    assert "No graded report yet." in "".join(pages["index.html"].text)
    assert not pages["index.html"].described


def test_a_page_opens_its_document_where_the_documents_can_be_reached(built: Project, tmp_path: Path) -> None:
    (report_id, file_name, page_number), *_ = built.query(
        "select report_id, file_name, page_number from fct_judgements join dim_report using (report_id) "
        "where media_type = 'application/pdf' order by all"
    )
    build_site(built.published, tmp_path / "near", "../reports")
    build_site(built.published, tmp_path / "far", "https://example.org/reports/")
    near = PageReader((tmp_path / "near" / "documents" / f"{report_id}.html").read_text(encoding="utf-8"))
    far = PageReader((tmp_path / "far" / "documents" / f"{report_id}.html").read_text(encoding="utf-8"))
    assert f"../../reports/{file_name}#page={page_number}" in near.links
    assert f"https://example.org/reports/{file_name}#page={page_number}" in far.links


def test_a_folder_of_something_else_is_left_alone(empty_warehouse: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep")
    with pytest.raises(SiteError, match="something else"):
        build_site(empty_warehouse, tmp_path / "mine")
    assert (tmp_path / "mine" / "letter.txt").read_text() == "keep"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *(
            ("DATE", day)
            for day in ("-infinity", "infinity", "0000-01-01", "5000-01-01 (BC)", "2924-03-04", "290000-01-01")
        ),
        *(("DOUBLE", number) for number in ("infinity", "-infinity", "nan", "1e308", "-1e308", "5e-324")),
        *(("VARCHAR", text) for text in ("", "\x01\ufffe", "<script>alert(1)</script>", "=1+1", "x" * 50_000)),
    ],
)
def test_nothing_that_the_file_can_hold_stops_the_site_or_the_exports(
    built: Project, tmp_path: Path, kind: str, value: str
) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    shutil.copy(built.published, warehouse)
    with duckdb.connect(str(warehouse)) as connection:
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = 'main' and data_type = ? "
            "and database_name = current_database() and table_name[:4] in ('fct_', 'dim_', 'late', 'metr') "
            "and column_name not like '%\\_id' escape '\\'",
            [kind],
        ).fetchall()
        for table, column in columns:
            connection.execute(f'update "{table}" set "{column}" = ?::{kind} where rowid % 3 = 0', [value])
    assert len(columns) > 8
    assert build_site(warehouse, tmp_path / "site")["index.html"]
    export(Settings(warehouse_path=warehouse, exports_path=tmp_path / "exports"), force=True)


def test_what_somebody_put_beside_the_sites_files_stays(empty_warehouse: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    build_site(empty_warehouse, site)
    before = site_bytes(site)
    theirs = [site / "CNAME", site / "assets" / "theirs.css"]
    for file in theirs:
        file.write_text("keep")
    for _ in range(2):
        build_site(empty_warehouse, site)
        assert all(file.read_text() == "keep" for file in theirs)
    for file in theirs:
        file.unlink()
    assert site_bytes(site) == before


def test_a_site_that_fails_leaves_the_old_one(
    empty_warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    build_site(empty_warehouse, site)
    before = site_bytes(site)

    def fail(*_: object) -> str:
        raise RuntimeError

    monkeypatch.setattr("website.pages.Site.scripts", fail)
    with pytest.raises(RuntimeError):
        build_site(empty_warehouse, site)
    assert site_bytes(site) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.duckdb", "site"]


def test_a_second_site_takes_the_first_one_s_place(built: Project, empty_warehouse: Path, tmp_path: Path) -> None:
    build_site(built.published, tmp_path / "site")
    build_site(empty_warehouse, tmp_path / "site")
    assert [path.name for path in (tmp_path / "site" / "documents").iterdir()] == ["index.html"]


def test_the_command_says_what_it_made(built: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--warehouse", str(built.published), "--output", str(tmp_path / "site")]) == 0
    assert re.match(r"[\d,]+ pages \(.* MB in [\d,]+ files, .* s\): open .*index\.html", capsys.readouterr().out)
    site = ["--warehouse", str(built.published), "--output", str(tmp_path / "site")]
    assert main([*site, "--reports-url", "../nothere"]) == 0
    assert "Warning: ../nothere is no folder as seen from" in capsys.readouterr().out
    assert main(["--warehouse", str(tmp_path / "none.duckdb")]) == 1
    assert "dbt build" in capsys.readouterr().err


def test_search_finds_a_fact_by_each_of_its_words(built: Project, site: Path) -> None:
    def script(path: str) -> object:
        text = (site / "search" / path).read_text(encoding="utf-8")
        return json.loads(text.partition("]=")[2].rstrip().removesuffix(";"))

    facts = script("facts.js")
    assert isinstance(facts, dict)
    texts = [fact for chunk in range(-(-facts["count"] // facts["chunk"])) for fact in script(f"texts/{chunk}.js")]
    assert len(texts) == facts["count"] == sum(sum(report["counts"]) for report in facts["reports"])
    for number, fact in enumerate(texts[:40]):
        for word in search.tokens(fact[4]):
            packed = script(f"words/{word[:2]}.js")[word]
            assert packed == "*" or number in unpack(packed), (word, fact)


def unpack(packed: str) -> list[int]:
    numbers = [int(step, 36) for step in packed.split(" ")]
    return [sum(numbers[: place + 1]) for place in range(len(numbers))]


def test_packed_numbers_are_steps() -> None:
    assert search.packed([0, 1, 40, 1336]) == "0 1 13 100"
    assert unpack("0 1 13 100") == [0, 1, 40, 1336]


@pytest.mark.parametrize(
    "text, words",
    [
        ("Children’s services", ["children", "service"]),
        ("Return-home interviews, 72 hours", ["return", "home", "interview", "72", "hour"]),
        ("Éva was less a worry", ["eva", "was", "less", "worry"]),
    ],
)
def test_words_are_taken_as_people_ask_for_them(text: str, words: list[str]) -> None:
    assert search.tokens(text) == words


@pytest.mark.parametrize(
    "value, unit, words",
    [
        (1234567.0, "children", "1,234,567"),
        (12.40, "percent", "12.4%"),
        (26.0, "weeks", "26 weeks"),
        (800.5, "gbp", "£800.5"),
        (0.0, "per_10k", "0"),
        (None, "percent", "–"),
    ],
)
def test_values_are_written_as_people_write_them(value: float | None, unit: str, words: str) -> None:
    assert wording.measure(value, unit) == words


def test_scales_reach_the_highest_value_in_round_steps() -> None:
    for highest in (0.3, 1, 3, 7, 12, 99, 151, 12345.6):
        ticks = charts._ticks(highest)
        assert ticks[0] == 0 and highest <= ticks[-1] <= 2 * highest and 3 <= len(ticks) <= 6, (highest, ticks)


def test_a_groups_name_is_cut_only_where_it_would_meet_another() -> None:
    def names(*groups: str) -> list[str]:
        columns = [charts.Column("2013", group, {"good": 1}) for group in groups]
        _, narrow = charts.stacked_columns("c", "t", "d", columns, [charts.Key("grade-good", "good")]).drawings
        return re.findall(r'class="label strong"[^>]*>(\w+)<', narrow)

    assert names("LAC", *["SIF"] * 6, *["ILACS"] * 9) == ["LAC", "SIF", "ILACS"]
    assert names("LAC", "SIF", *["ILACS"] * 14) == ["L", "S", "ILACS"]


AREAS = {"overall": "Overall effectiveness", "leadership": "Leadership", "help_and_protection": "Help and protection"}


def authority(**given: object) -> dict[str, object]:
    """An authority that was good in 2018 and in March 2023, and whose areas are as good."""
    row: dict[str, object] = {
        "overall_status": "given",
        "overall_grade": "good",
        "inspection_end_date": date(2023, 3, 17),
        "last_overall_grade": "good",
        "last_overall_date": date(2023, 3, 17),
        "overall_change": "same",
        "previous_date": date(2018, 5, 4),
        "previous_overall_grade": "good",
    }
    for area in ("leadership", "help_and_protection"):
        row |= {f"{area}_grade": "good", f"{area}_status": "given"}
    return row | given


@pytest.mark.parametrize(
    "given, said",
    [
        ({}, "Good in March 2023, as in 2018."),
        (
            {"help_and_protection_grade": "requires improvement"},
            "Good in March 2023, as in 2018; requires improvement for help and protection.",
        ),
        (
            {"overall_change": "improved", "previous_overall_grade": "inadequate"},
            "Good in March 2023, better than in 2018 (inadequate).",
        ),
        ({"overall_change": None, "previous_date": None}, "Good in March 2023."),
        (
            {"overall_status": "not given", "overall_grade": None, "inspection_end_date": date(2026, 6, 12)},
            "Inspected in June 2026: an overall grade was not given (the last, in March 2023, was good); "
            "good for leadership and help and protection.",
        ),
        (
            {"overall_status": "not found", "overall_grade": None, "last_overall_grade": None},
            "Inspected in March 2023: an overall grade was not found; good for leadership and help and protection.",
        ),
        ({"leadership_status": "not given", "leadership_grade": "inadequate"}, "Good in March 2023, as in 2018."),
        ({"overall_status": None}, "No graded inspection of it is here."),
    ],
)
def test_an_authority_is_told_in_a_sentence(given: dict[str, object], said: str) -> None:
    assert standing.sentence(authority(**given), AREAS) == said


def test_a_grade_that_later_inspections_left_behind_says_so(built: Project, pages: dict[str, PageReader]) -> None:
    behind = built.query(
        "select authority_id from latest_outcomes where last_overall_grade is not null and overall_status = 'not given'"
    )
    assert behind
    listed = " ".join("".join(pages["authorities/index.html"].text).split())
    assert listed.count("not given since") == len(behind)
    for (authority_id,) in behind:
        assert "an overall grade was not given" in "".join(pages[f"authorities/{authority_id}.html"].text)


def test_what_was_due_is_met_by_the_inspection_that_came(built: Project) -> None:
    shown = Site(read_warehouse(built.published))
    inspection = next(iter(shown.inspections))
    due = {"report_id": "letter", "next_inspection_by": date(2026, 11, 19)}
    later = {"report_id": inspection, "next_inspection_by": None}
    visit = {"report_id": "visit", "next_inspection_by": None}
    assert shown.next_due([visit, due, later]) == due
    assert shown.next_due([visit, later, due]) is None
    assert shown.next_due([]) is None


def test_each_authority_that_stands_has_a_tile(built: Project, site: Path) -> None:
    without = built.query(
        "select authority_name from dim_authority "
        "where is_current and authority_type != 'Country' and tile_column is null"
    )
    assert not without
    (count,) = built.query("select count(*) from dim_authority where tile_column is not null")[0]
    assert (site / "index.html").read_text(encoding="utf-8").count('<li style="grid-area:') == count


def test_a_grade_that_is_not_given_any_more_has_no_colour_on_the_map() -> None:
    def row(number: int, status: str) -> dict[str, object]:
        place = {"tile_column": number, "tile_row": 1, "tile_label": str(number), "document_count": 1}
        name = {"authority_id": f"A{number}", "authority_name": f"Place {number}"}
        return {**name, **place, "last_overall_grade": "inadequate", "overall_status": status}

    scale = [charts.Grade("inadequate", "I", 4)]
    rows = [row(1, "given"), row(2, "not given")]
    found = tiles.grade_tiles("Overall", rows, "last_overall_grade", "overall_status", scale)
    assert found
    assert [(tile.mark, tile.sign) for tile in found.tiles] == [("grade-inadequate", "I"), ("left-behind", "(I)")]
    assert [key.mark for key in found.keys] == ["grade-inadequate", "left-behind", "no-tile"]


def test_a_figure_s_map_parts_its_values_in_fifths() -> None:
    def row(number: int) -> dict[str, object]:
        place = {"tile_column": number, "tile_row": 1, "tile_label": str(number)}
        return {"authority_id": f"A{number}", "authority_name": f"Place {number}", "document_count": 1, **place}

    values = {f"A{number}": {"value": float(number), "qualifier": None, "year_id": "2016-17"} for number in range(10)}
    found = tiles.value_tiles("Count", [row(number) for number in range(11)], values, "children")
    assert found
    assert [tile.mark for tile in found.tiles] == [f"band-{1 + number // 2}" for number in range(10)] + ["no-tile"]
    assert found.tiles[3].words == "Place 3: 3 in 2016-17"
    assert tiles.value_tiles("Count", [row(0)], dict(list(values.items())[:4]), "children") is None


def test_what_is_compared_stands_in_the_warehouse(built: Project, site: Path) -> None:
    def script(name: str) -> dict[str, object]:
        text = (site / "compare" / "data" / f"{name}.js").read_text(encoding="utf-8")
        told = json.loads(text.partition("]=")[2].rstrip().removesuffix(";"))
        assert isinstance(told, dict)
        return told

    known = script("rows")["known"]
    assert isinstance(known, list) and any(key.startswith("region-") for key, _ in known)
    rows = built.query(
        "select authority_id, observation_id, year_id, metric_id from fct_authority_metrics join dim_authority "
        "using (authority_id) where authority_type not in ('Country', 'Unknown') "
        "qualify row_number() over (partition by authority_id, metric_id order by year_id desc) = 1"
    )
    assert rows
    for authority_id, observation_id, year_id, metric_id in rows:
        cells = script(authority_id)["cells"]
        assert isinstance(cells, dict)
        _, path, _, beside = cells[f"metric-{metric_id}"]
        assert path.endswith(f"#{observation_id}") and beside.startswith(year_id)
    for authority_id, status in built.query(
        "select authority_id, overall_status from latest_outcomes where last_overall_grade is not null"
    ):
        cells = script(authority_id)["cells"]
        assert isinstance(cells, dict)
        assert cells["grade-overall"][3].endswith("since") is (status != "given")


def test_the_page_of_accuracy_has_the_rows_of_the_guide(pages: dict[str, PageReader]) -> None:
    guide = (REPOSITORY / "docs" / "accuracy.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in guide.splitlines() if line[:2] == "| "]
    assert [list(row.values()) for row in measured()] == [row for row in rows[1:] if set(row[0]) != {"-"}]
    assert "content " in "".join(pages["accuracy/index.html"].text)


def test_pages_open_the_documents_that_lie_beside_the_site(built: Project, tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    for (name,) in built.query("select file_name from dim_report"):
        (reports / name).parent.mkdir(parents=True, exist_ok=True)
        (reports / name).write_bytes(b"")
    site = tmp_path / "build" / "website"
    assert originals_beside(built.published, site, reports) == "../../reports"
    assert originals_beside(built.published, tmp_path / "a" / "b" / "c" / "site", reports) is None
    (reports / name).unlink()
    assert originals_beside(built.published, site, reports) is None
    assert originals_beside(built.published, site, "s3://somewhere/reports") is None


def test_words_that_are_proposed_stand_in_the_facts(site: Path) -> None:
    text = (site / "search" / "vocabulary.js").read_text(encoding="utf-8")
    vocabulary = json.loads(text.partition("]=")[2].rstrip().removesuffix(";")).split()
    assert "children" in vocabulary[:20]
    for word in vocabulary[:50]:
        assert f'"{word}"' in (site / "search" / "words" / f"{word[:2]}.js").read_text(encoding="utf-8")
