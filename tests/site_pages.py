"""The pages of a built site, read without a browser."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from pathlib import Path


class PageReader(HTMLParser):
    """What tests ask of a page: its ids, its links, what it loads, its charts."""

    VOID = frozenset({"meta", "link", "br", "wbr", "input", "img", "rect", "circle", "path"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.described: list[tuple[str | None, set[str]]] = []
        self.figures_without_table: list[str] = []
        self.headers: list[dict[str, str | None]] = []
        self.scripts_inside = 0
        self.text: list[str] = []
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self._sections: list[Counter[str]] = [Counter()]
        self.feed(text)
        self.close()
        assert not self._open, f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        assert len(values) == len(attributes), (tag, attributes)
        assert not any(name.startswith("on") for name in values), (tag, attributes)
        if values.get("id"):
            self.ids[values["id"]] += 1
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        elif values.get("src") or (tag == "link" and values.get("href")):
            self.loads.append(values.get("src") or values.get("href") or "")
        elif tag == "script":
            self.scripts_inside += 1
        if tag == "svg" and values.get("role") == "img":
            self.described.append((values.get("aria-labelledby"), set()))
        if tag in ("title", "desc") and self.described and any(name == "svg" for name, _ in self._open):
            self.described[-1][1].add(values.get("id") or "")
        if tag == "th":
            self.headers.append(values)
        if tag == "section":
            self._sections.append(Counter())
        self._sections[-1][
            "table" if tag == "table" else "chart" if values.get("class", "") == "chart" else "other"
        ] += 1
        if tag not in self.VOID:
            self._open.append((tag, values))

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in self.VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.VOID:
            return
        opened, values = self._open.pop()
        assert opened == tag, f"{opened} {values} is closed by {tag}"
        if tag == "section":
            kinds = self._sections.pop()
            if kinds["chart"] and not kinds["table"]:
                self.figures_without_table.append(values.get("aria-labelledby") or "")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read_site(folder: Path) -> dict[str, PageReader]:
    """Each page by its path in the site."""
    return {
        str(path.relative_to(folder)): PageReader(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.html"))
    }


def site_bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
