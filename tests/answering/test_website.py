"""The site: whole, linked, escaped and the same from the same warehouse."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb
import pytest
from project import Project
from site_pages import PageReader, read_site, site_bytes

from loaders.publishing.exports import export
from loaders.settings import Settings
from website import charts, search, wording
from website.__main__ import main
from website.build import SiteError, build_site
from website.warehouse import CONTRACT

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
        connection.execute(re.sub(r"create view .*?;", "", CONTRACT, flags=re.DOTALL))
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
            anchored = path in pages and address.fragment and path != "search/index.html"
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
        "metrics",
        "topics",
        "search",
        "discrepancies",
        "documents",
        "about",
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
