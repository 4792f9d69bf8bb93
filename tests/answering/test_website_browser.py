"""The site in a real browser, opened from disk: no error, no finding of axe, no chart that is empty or unreadable.

WEBSITE_WAREHOUSE names another published file than the example build, WEBSITE_SCREENSHOTS a folder to keep the
pictures in.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from website.build import build_site

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
AXE = Path(os.environ.get("AXE_CORE", "node_modules/axe-core/axe.min.js"))
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
]
DESKTOP, PHONE = 1280, 390
HEIGHT = 900
SCREENS = 30
SECONDS = 60
FIRST_PAGE_BYTES = 300_000
# Of each kind of page the largest is opened: it holds every part that the kind can have.
KINDS = {
    "national": "index.html",
    "authorities": "authorities/index.html",
    "authority": "authorities/*.html",
    "compare": "compare/index.html",
    "map": "map/index.html",
    "metrics": "metrics/index.html",
    "metric": "metrics/*.html",
    "topics": "topics/index.html",
    "topic": "topics/*.html",
    "search": "search/index.html",
    "discrepancies": "discrepancies/index.html",
    "discrepancy_kind": "discrepancies/*.html",
    "documents": "documents/index.html",
    "document": "documents/*.html",
    "about": "about/index.html",
    "accuracy": "accuracy/index.html",
}
# Every chart that is shown: its marks and texts as the browser laid them out.
CHARTS = """
return Array.from(document.querySelectorAll('svg[role=img]')).filter(svg => svg.checkVisibility()).map(svg => {
    const box = svg.getBoundingClientRect();
    const boxes = tags => Array.from(svg.querySelectorAll(tags)).map(item => {
        const place = item.getBoundingClientRect();
        return {words: item.textContent, kind: item.getAttribute('class'),
                size: parseFloat(getComputedStyle(item).fontSize), top: place.top, bottom: place.bottom,
                left: place.left - box.left, right: place.right - box.left};
    });
    return {title: svg.querySelector('title').textContent, width: box.width, height: box.height,
            scale: box.width / svg.viewBox.baseVal.width,
            marks: boxes('rect, circle, .mark, .line').filter(mark => mark.right > mark.left || mark.bottom > mark.top),
            texts: boxes('text')};
});
"""
# Every table that is wider than its place.
CUT_OFF = """
return Array.from(document.querySelectorAll('.scroller'))
    .filter(item => item.checkVisibility() && item.scrollWidth > item.clientWidth + 1)
    .map(item => item.getAttribute('aria-label'));
"""
RUN_AXE = """
const done = arguments[0];
axe.run(document, {preload: false}).then(
    found => done(found.violations.map(rule => [rule.id, rule.nodes.map(node => node.html.slice(0, 200)).slice(0, 3)])),
    error => done([['axe failed', String(error)]])
);
"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not BROWSER or not DRIVER, reason="the site's browser tests need Chromium and chromedriver"),
    pytest.mark.skipif(
        not AXE.is_file(), reason="the site's browser tests need axe-core: set AXE_CORE to its axe.min.js"
    ),
]


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("website") / "site"
    given = os.environ.get("WEBSITE_WAREHOUSE")
    warehouse = Path(given) if given else request.getfixturevalue("built").published
    started = time.monotonic()
    build_site(warehouse, folder)
    assert time.monotonic() - started < SECONDS
    assert (folder / "index.html").stat().st_size < FIRST_PAGE_BYTES
    return folder


@pytest.fixture(scope="module")
def screenshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(os.environ.get("WEBSITE_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    webdriver = pytest.importorskip("selenium.webdriver", reason="the site's browser tests need selenium")
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for flag in [*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    driver.set_script_timeout(120)  # axe on the largest page, on a busy machine
    yield driver
    driver.quit()


def page_of(site: Path, kind: str) -> Path:
    found = [path for path in site.glob(KINDS[kind]) if KINDS[kind].endswith("index.html") or path.name != "index.html"]
    if not found:
        pytest.skip(f"this warehouse gives no page of the kind {kind}")
    return max(found, key=lambda path: (path.stat().st_size, path.name))


def open_page(browser: Any, address: str, width: int = DESKTOP, dark: bool = False) -> None:
    size = {"width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    browser.get("about:blank")
    browser.get_log("browser"), browser.get_log("performance")
    browser.get(address)


def requested(browser: Any) -> list[str]:
    messages = (json.loads(entry["message"])["message"] for entry in browser.get_log("performance"))
    return [
        message["params"]["request"]["url"] for message in messages if message["method"] == "Network.requestWillBeSent"
    ]


def save_picture(browser: Any, file: Path, width: int) -> None:
    height = browser.execute_script("return document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": width, "height": min(height, 4000), "scale": 1}
    picture = browser.execute_cdp_cmd(
        "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True, "clip": clip}
    )
    file.write_bytes(base64.b64decode(picture["data"]))


def chart_faults(chart: dict[str, Any]) -> list[str]:
    """What would keep a person from reading a chart."""
    faults = []
    if not chart["marks"] or chart["height"] < 40:
        faults.append("is empty")
    labels = [text for text in chart["texts"] if text["kind"] != "value"]
    faults += [
        f"{text['words']!r} is too small" for text in chart["texts"] if text["size"] * min(chart["scale"], 1) < 8.5
    ]
    faults += [
        f"{text['words']!r} is cut off"
        for text in chart["texts"]
        if text["left"] < -14 or text["right"] > chart["width"] + 14
    ]
    for place, one in enumerate(labels):
        for other in labels[place + 1 :]:
            across = min(one["right"], other["right"]) - max(one["left"], other["left"])
            down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
            if across > 1 and down > 3:
                faults.append(f"{one['words']!r} stands on {other['words']!r}")
    return faults


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width, dark", [(DESKTOP, False), (PHONE, False), (DESKTOP, True)])
def test_a_page_opens_from_disk_without_a_fault(
    browser: Any, site: Path, screenshots: Path, kind: str, width: int, dark: bool
) -> None:
    open_page(browser, page_of(site, kind).as_uri(), width, dark)
    save_picture(browser, screenshots / f"{kind}-{width}{'-dark' if dark else ''}.png", width)
    assert browser.get_log("browser") == []
    assert {address.partition(":")[0] for address in requested(browser)} <= {"file", "data"}
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert browser.execute_script("return document.documentElement.scrollHeight") <= SCREENS * HEIGHT
    if width == DESKTOP:
        assert browser.execute_script(CUT_OFF) == []
    faults = {chart["title"]: chart_faults(chart) for chart in browser.execute_script(CHARTS)}
    assert {title: found for title, found in faults.items() if found} == {}
    browser.execute_script(AXE.read_text(encoding="utf-8"))
    assert browser.execute_async_script(RUN_AXE) == []


def test_opened_tables_behind_charts_have_no_fault(browser: Any, site: Path) -> None:
    for kind in ("national", "authority"):
        open_page(browser, page_of(site, kind).as_uri())
        browser.execute_script("document.querySelectorAll('details').forEach(item => { item.open = true; })")
        assert browser.execute_script("return document.querySelectorAll('details table').length") > 0
        browser.execute_script(AXE.read_text(encoding="utf-8"))
        assert browser.execute_async_script(RUN_AXE) == []


def test_search_finds_and_filters(browser: Any, site: Path) -> None:
    wait = pytest.importorskip("selenium.webdriver.support.ui").WebDriverWait(browser, 20)

    def found() -> str:
        wait.until(lambda _: "passage" in browser.find_element("id", "found").text)
        return browser.find_element("id", "found").text

    def results() -> list[str]:
        wait.until(lambda _: browser.find_elements("css selector", "#results > li"))
        return [item.text for item in browser.find_elements("css selector", "#results > li")]

    address = (site / "search" / "index.html").as_uri()
    open_page(browser, address)
    assert "can be searched" in found()
    word = browser.execute_script("return SITE_FACTS.topics.length && SITE_FACTS.reports[0].authority")
    assert word
    open_page(browser, f"{address}#q=care%20leavers")
    both = results()
    assert both and all("care" in text.lower() and "leaver" in text.lower() for text in both)
    assert browser.find_elements("css selector", "#results mark")
    open_page(browser, f"{address}#q=plan")
    exact = [re.search(r"\bplans?\b", text, re.IGNORECASE) is not None for text in results()]
    assert True in exact and exact == sorted(exact, reverse=True), "a longer form stands before the word itself"
    open_page(browser, f"{address}#q=care%20leavers&kind=r")
    assert all("· recommendation ·" in text for text in results())
    link = browser.find_element("css selector", "#results .meta a").get_attribute("href")
    open_page(browser, link)
    assert browser.execute_script("return document.querySelector(':target') !== null")
    open_page(browser, f"{address}#q=zzzzqqq")
    wait.until(lambda _: browser.find_element("id", "found").text == "Nothing was found.")
    assert browser.get_log("browser") == []


def test_a_listing_is_sorted_and_filtered_by_keyboard(browser: Any, site: Path) -> None:
    open_page(browser, (site / "documents" / "index.html").as_uri())
    shown = "Array.from(document.querySelectorAll('tbody tr')).filter(row => !row.hidden)"
    rows = f"return {shown}.map(row => row.cells[1].innerText)"
    before = browser.execute_script(rows)
    head = next(item for item in browser.find_elements("css selector", "thead button") if item.text == "Authority")
    head.send_keys("\n")
    assert browser.execute_script(rows) == sorted(before, key=str.lower)
    assert browser.find_element("css selector", "[aria-sort]").get_attribute("aria-sort") == "ascending"
    boxes = browser.find_elements("css selector", ".filter input")
    if boxes:
        boxes[0].send_keys(before[0])
        assert set(browser.execute_script(rows)) >= {before[0]}
        assert len(browser.execute_script(rows)) <= len(before)


def wait_for(browser: Any, script: str) -> Any:
    wait = pytest.importorskip("selenium.webdriver.support.ui").WebDriverWait(browser, 20)
    return wait.until(lambda _: browser.execute_script(f"return {script}"))


def named(browser: Any, site: Path) -> list[list[str]]:
    """The authorities that have a page: name and the page's name."""
    open_page(browser, (site / "index.html").as_uri())
    return [one for one in browser.execute_script("return SITE_AUTHORITIES") if one[1]]


def test_a_phrase_stands_side_by_side_and_a_slip_is_mended(browser: Any, site: Path) -> None:
    address = (site / "search" / "index.html").as_uri()
    open_page(browser, f"{address}#q=%22care%20leavers%22")
    assert wait_for(browser, "/passage/.test(document.getElementById('found').textContent)")
    assert wait_for(browser, "document.querySelectorAll('#results > li').length")
    texts = [item.text for item in browser.find_elements("css selector", "#results > li > p:first-child")]
    assert texts and all(re.search(r"care[ -]leavers?", text, re.IGNORECASE) for text in texts)
    assert wait_for(browser, "!document.getElementById('by').hidden")
    assert not browser.find_elements("css selector", "#hints a"), "it is a phrase already"
    open_page(browser, f"{address}#q=care%20leavers")
    wait_for(browser, "document.querySelectorAll('#results > li').length")
    browser.find_element("css selector", "#hints a").click()
    assert wait_for(browser, "document.querySelector('#search input').value === '“care leavers”'")
    wait_for(browser, "document.querySelectorAll('#results > li').length")
    together = [item.text for item in browser.find_elements("css selector", "#results > li > p:first-child")]
    assert together == texts
    dates = (
        "Array.from(document.querySelectorAll('#results .meta a:first-of-type')).map(item => item.innerText.slice(-4))"
    )
    open_page(browser, f"{address}#q=care&order=newest")
    assert wait_for(browser, "document.querySelectorAll('#results > li').length")
    years = browser.execute_script(f"return {dates}")
    assert years == sorted(years, reverse=True)
    open_page(browser, f"{address}#q=childern")
    assert (
        wait_for(browser, "document.querySelector('#hints a') && document.querySelector('#hints a').innerText")
        == "children"
    )
    name, page, *_ = named(browser, site)[0]
    open_page(browser, f"{address}#q={name}")
    assert (
        wait_for(browser, "document.querySelector('#hints a')")
        .get_attribute("href")
        .endswith(f"/authorities/{page}.html")
    )
    assert browser.get_log("browser") == []


def test_the_first_page_finds_an_authority(browser: Any, site: Path) -> None:
    name, page, *_ = named(browser, site)[0]
    box = browser.find_element("id", "find-authority")
    box.send_keys(name.upper() + "\n")
    assert wait_for(browser, f"location.href.endsWith('/authorities/{page}.html')")
    open_page(browser, (site / "index.html").as_uri())
    browser.find_element("id", "find-authority").send_keys("Nowhere at all\n")
    assert wait_for(browser, "document.querySelector('.find [role=status]').innerText") == "No authority has that name."


def test_authorities_stand_side_by_side(browser: Any, site: Path) -> None:
    pages = [page for _, page, *_ in named(browser, site)][:3]
    assert len(pages) > 1
    open_page(browser, f"{(site / 'compare' / 'index.html').as_uri()}#{','.join(pages)}")
    assert wait_for(browser, "document.querySelectorAll('#compared table').length") > 2
    heads = [item.text for item in browser.find_elements("css selector", "#compared table:first-of-type thead a")]
    assert len(heads) >= len(pages)
    link = browser.find_element("css selector", "#compared td a.grade").get_attribute("href")
    browser.execute_script(AXE.read_text(encoding="utf-8"))
    assert browser.execute_async_script(RUN_AXE) == []
    assert browser.execute_script("return document.documentElement.scrollHeight") <= SCREENS * HEIGHT
    open_page(browser, link)
    assert browser.execute_script("return document.querySelector(':target') !== null")
    assert browser.get_log("browser") == []


def test_an_address_keeps_filter_and_order_and_the_table_goes_as_csv(browser: Any, site: Path) -> None:
    address = (site / "documents" / "index.html").as_uri()
    open_page(browser, address)
    kind = browser.execute_script("return document.querySelector('tbody th').getAttribute('data-choice')")
    open_page(browser, f"{address}#kind={kind}&sort=1")
    shown = "Array.from(document.querySelectorAll('table[data-filter] tbody tr')).filter(row => !row.hidden)"
    kinds = browser.execute_script(f"return {shown}.map(row => row.cells[0].getAttribute('data-choice'))")
    assert set(kinds) == {kind}
    names = browser.execute_script(f"return {shown}.map(row => row.cells[1].innerText)")
    assert names == sorted(names, key=str.lower)
    browser.find_element("css selector", ".tools input").send_keys(names[0])
    assert wait_for(browser, "location.hash.includes('find=')")
    browser.execute_script(
        "window.taken = null;"
        "URL.createObjectURL = blob => { blob.text().then(text => { window.taken = text; }); return '#'; };"
    )
    count = len(browser.execute_script(f"return {shown}.map(row => 1)"))
    browser.find_element("css selector", ".tools .take").click()
    lines = wait_for(browser, "window.taken").splitlines()
    assert lines[0].startswith('"Document","Authority","Date"')
    assert len(lines) - 1 == count
    assert all(f'"{names[0]}"' in line for line in lines[1:])


def test_grades_sort_by_their_place(browser: Any, site: Path) -> None:
    open_page(browser, f"{(site / 'authorities' / 'index.html').as_uri()}#sort=1")
    places = browser.execute_script(
        "return Array.from(document.querySelectorAll('table[data-sortable] tbody tr'))"
        ".map(row => row.cells[1].dataset.sort).filter(Boolean).map(Number)"
    )
    assert len(places) > 1 and places == sorted(places)


def test_an_error_is_reported_with_the_fact_s_id_page_and_words(browser: Any, site: Path) -> None:
    open_page(browser, page_of(site, "document").as_uri())
    fact = browser.execute_script("return document.querySelector('main tr[id]').id")
    browser.find_element("css selector", "main tr[id] .report-this").click()
    text = browser.execute_script("return document.getElementById('report-text').value")
    assert f"Fact: {fact}" in text and re.search(r"^Page: \d+$", text, re.MULTILINE) and "Words: “" in text
    browser.execute_script(AXE.read_text(encoding="utf-8"))
    assert browser.execute_async_script(RUN_AXE) == []


def test_an_address_opens_what_is_folded(browser: Any, site: Path) -> None:
    folded = next(
        (path for path in sorted(site.glob("documents/*.html")) if '<details class="fold">' in path.read_text("utf-8")),
        None,
    )
    if folded is None:
        pytest.skip("no document has so many findings that they are folded")
    inside = re.search(
        r'<details class="fold">.*?<li class="passage" id="([^"]+)"', folded.read_text("utf-8"), re.DOTALL
    )
    assert inside
    open_page(browser, f"{folded.as_uri()}#{inside[1]}")
    assert browser.execute_script("return document.querySelector(':target').checkVisibility()")


def test_grades_can_be_read_on_paper(browser: Any, site: Path) -> None:
    open_page(browser, page_of(site, "authority").as_uri(), dark=True)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    colours = browser.execute_script(
        "const style = getComputedStyle(document.querySelector('.grade'));"
        "return [style.color, style.backgroundColor, getComputedStyle(document.querySelector('nav')).display];"
    )
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert colours == ["rgb(0, 0, 0)", "rgba(0, 0, 0, 0)", "none"]


def test_the_skip_link_comes_first(browser: Any, site: Path) -> None:
    keys = pytest.importorskip("selenium.webdriver.common.keys").Keys
    open_page(browser, (site / "index.html").as_uri())
    browser.find_element("tag name", "body").send_keys(keys.TAB)
    assert browser.execute_script("return document.activeElement.textContent") == "Skip to the content"
    browser.switch_to.active_element.send_keys("\n")
    assert browser.execute_script("return document.activeElement.id") == "main"
