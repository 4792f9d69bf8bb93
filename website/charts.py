"""Charts as SVG. What a colour says, a label, a legend or the table behind the chart says too.

A chart is drawn twice, for wide windows and for narrow ones, so that its letters keep their size; the style sheet shows
one of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from markupsafe import Markup, escape

from website.wording import capital, css_class, measure, number, tick

WIDE, NARROW, CARD = 760, 350, 350


@dataclass(frozen=True)
class Key:
    """An entry of a legend: the class of its mark and its words."""

    mark: str
    label: str


@dataclass(frozen=True)
class Chart:
    title: str
    description: str
    drawings: tuple[Markup, ...]
    keys: tuple[Key, ...] = ()


@dataclass(frozen=True)
class Column:
    """A column of a stacked chart; neighbours of the same group stand under one heading."""

    label: str
    group: str
    parts: dict[str, int]


@dataclass(frozen=True)
class Series:
    """Points of a line, by year; mark is the class that draws them."""

    label: str
    mark: str
    points: dict[int, float]


@dataclass(frozen=True)
class Grade:
    """A grade with its letter; level is its place from the best, 0, and none where it is no judgement of quality."""

    name: str
    letter: str = "?"
    level: int | None = None

    @property
    def key(self) -> Key:
        return Key(f"grade-{css_class(self.name)}", self.name)


@dataclass(frozen=True)
class Lane:
    """The grades of one area over time, drawn by height or along a line."""

    label: str
    points: Sequence[tuple[date, Grade]]
    by_height: bool = False


@dataclass
class Drawing:
    """An SVG as it is drawn, in its own units."""

    width: float
    height: float
    parts: list[Markup] = field(default_factory=list)

    def add(self, tag: str, content: str = "", **attributes: object) -> None:
        pairs = [(name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items() if value is not None]
        written = "".join(f' {name}="{escape(_short(value))}"' for name, value in pairs)
        self.parts.append(Markup(f"<{tag}{written}>{escape(content)}</{tag}>" if content else f"<{tag}{written}/>"))

    def text(self, x: float, y: float, content: str, class_: str = "label", anchor: str = "start") -> None:
        self.add("text", content, x=x, y=y, class_=class_, text_anchor=None if anchor == "start" else anchor)

    def line(self, x1: float, y1: float, x2: float, y2: float, class_: str) -> None:
        self.add("path", d=f"M{_short(x1)} {_short(y1)}L{_short(x2)} {_short(y2)}", class_=class_)

    def path(self, points: Sequence[tuple[float, float]], class_: str, closed: bool = False) -> None:
        steps = "L".join(f"{_short(x)} {_short(y)}" for x, y in points)
        self.add("path", d=f"M{steps}{'Z' if closed else ''}", class_=class_)

    def mark(self, x: float, y: float, kind: str, size: float = 4) -> None:
        """A point: each kind of series has a shape of its own."""
        if kind == "england":
            self.add("rect", x=x - size, y=y - size, width=2 * size, height=2 * size, class_=f"mark {kind}")
        elif kind == "neighbours":
            corners = [(x, y - size - 1), (x + size + 1, y), (x, y + size + 1), (x - size - 1, y)]
            self.path(corners, f"mark {kind}", closed=True)
        else:
            self.add("circle", cx=x, cy=y, r=size, class_=f"mark {kind}")

    def grade(self, x: float, y: float, grade: Grade) -> None:
        """A grade as a disc with its letter."""
        self.add("circle", cx=x, cy=y, r=9, class_=f"grade-{css_class(grade.name)}")
        self.text(x, y + 4, grade.letter, f"on-{css_class(grade.name)}", "middle")

    def finish(self, chart_id: str, size: str, title: str, description: str) -> Markup:
        name = f"{chart_id}-{size}"
        return Markup(
            '<svg class="{}" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title {}-desc">'
            '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>'
        ).format(
            size,
            _short(self.width),
            _short(self.height),
            name,
            name,
            name,
            title,
            name,
            description,
            Markup("").join(self.parts),
        )


def stacked_columns(
    chart_id: str, title: str, description: str, columns: Sequence[Column], keys: Sequence[Key], card: bool = False
) -> Chart:
    """Counts as columns of coloured parts, the first key at the bottom."""
    highest = max((sum(column.parts.values()) for column in columns), default=0)

    def draw(width: float) -> Drawing:
        drawing = Drawing(width, 260 if width == NARROW else 330)
        is_grouped = any(column.group for column in columns)
        left, top, bottom = 28.0, 12.0, drawing.height - (44 if is_grouped else 24)
        step = min((width - left - 4) / max(len(columns), 1), 64)
        y = _scale(drawing, left, width, top, bottom, highest, lambda value: number(value, 0))
        for index, column in enumerate(columns):
            x, base = left + index * step + step * 0.09, bottom
            for key in keys:
                count = column.parts.get(key.label, 0)
                if not count:
                    continue
                ceiling = base - (bottom - y(count))
                drawing.add(
                    "rect", x=x, y=ceiling, width=step * 0.82, height=max(base - ceiling - 1, 1), class_=key.mark
                )
                if base - ceiling >= 13 and step >= 16:
                    label_class = key.mark.replace("grade-", "on-").replace("change-", "on-change-")
                    drawing.text(x + step * 0.41, (base + ceiling) / 2 + 4, str(count), label_class, "middle")
                base = ceiling
            label = column.label if step >= 36 else f"’{column.label[-2:]}"
            drawing.text(x + step * 0.41, bottom + 16, label, "label", "middle")
        _group_labels(drawing, columns, left, step, bottom)
        return drawing

    return _chart(chart_id, title, description, draw, tuple(keys), card)


def stacked_bars(
    chart_id: str, title: str, description: str, rows: Sequence[tuple[str, dict[str, int]]], keys: Sequence[Key]
) -> Chart:
    """Shares of each row's whole, as one bar a row; the counts stand in the parts."""

    def draw(width: float) -> Drawing:
        drawing = Drawing(width, 48 * len(rows) + 4)
        for index, (label, parts) in enumerate(rows):
            total, x, y = sum(parts.values()), 0.0, 48.0 * index
            drawing.text(0, y + 14, label, "label strong")
            drawing.text(width, y + 14, f"{total:,}", "label", "end")
            for key in keys:
                share = width * parts.get(key.label, 0) / total if total else 0
                if not share:
                    continue
                drawing.add("rect", x=x, y=y + 20, width=max(share - 1, 1), height=22, class_=key.mark)
                if share >= 8 + 6 * len(str(parts[key.label])):
                    label_class = key.mark.replace("grade-", "on-")
                    drawing.text(x + share / 2, y + 35, str(parts[key.label]), label_class, "middle")
                x += share
        return drawing

    return _chart(chart_id, title, description, draw, tuple(keys))


def trajectory(chart_id: str, title: str, description: str, lanes: Sequence[Lane], scale: Sequence[Grade]) -> Chart:
    """The grades of areas over time: the first lane by height, the others as strips below it; scale is all grades."""
    levels: dict[int, str] = {}
    for grade in scale:
        if grade.level is not None:
            levels.setdefault(grade.level, capital(grade.name))
    dates = [when for lane in lanes for when, _ in lane.points]
    first, last = min(dates).year, max(dates).year + 1

    def draw(width: float) -> Drawing:
        gutter = 150.0 if width > NARROW else 0.0
        heights = [150 if lane.by_height else 34 if gutter else 46 for lane in lanes]
        drawing = Drawing(width, sum(heights) + 26)
        left, right = gutter + 22, width - 16

        def x(when: date) -> float:
            share = (when.year - first + (when.timetuple().tm_yday - 1) / 366) / (last - first)
            return left + (right - left) * share

        bottom = drawing.height - 20
        every = max(1, math.ceil((last - first) / ((right - left) / 44)))
        for year in range(first, last + 1):
            place = left + (right - left) * (year - first) / (last - first)
            drawing.line(place, 20, place, bottom, "grid")
            if (year - first) % every == 0:
                drawing.text(place, bottom + 15, str(year), "label", "middle")
        y = 0.0
        for lane, height in zip(lanes, heights, strict=True):
            _lane(drawing, lane, x, y, height, gutter, levels)
            y += height
        return drawing

    present = {grade for lane in lanes for _, grade in lane.points}
    keys = tuple(Key(grade.key.mark, f"{grade.letter}  {grade.name}") for grade in scale if grade in present)
    return _chart(chart_id, title, description, draw, keys)


def lines(
    chart_id: str, title: str, description: str, series: Sequence[Series], unit: str | None, card: bool = False
) -> Chart:
    """Values by year, from nought; each series has its line and its shape."""
    years = sorted({year for one in series for year in one.points})
    highest = max(value for one in series for value in one.points.values())

    def draw(width: float) -> Drawing:
        drawing = Drawing(width, 190 if card else 260)
        left, top, bottom = (
            8 + 6.6 * max(len(tick(value, unit)) for value in _ticks(highest)),
            16.0,
            drawing.height - 24,
        )
        y = _scale(drawing, left, width, top, bottom, highest, lambda value: tick(value, unit))
        span = max(years[-1] - years[0], 1)
        inner = width - left - 44

        def x(year: int) -> float:
            return left + 22 + inner * ((year - years[0]) / span if years[-1] > years[0] else 0.5)

        every = max(1, math.ceil((span + 1) * 46 / inner))
        for year in range(years[0], years[-1] + 1):
            if (years[-1] - year) % every == 0:
                drawing.text(x(year), bottom + 17, f"{year}-{(year + 1) % 100:02}", "label", "middle")
        for one in series:
            points = [(x(year), y(value)) for year, value in sorted(one.points.items())]
            if one.mark == "band":
                continue
            if len(points) > 1:
                drawing.path(points, f"line {one.mark}")
            for place in points:
                drawing.mark(*place, one.mark)
        leading = series[0]
        for year, value in sorted(leading.points.items()):
            drawing.text(x(year), y(value) - 9, tick(value, unit), "value", "middle")
        return drawing

    keys = tuple(Key(f"mark-{one.mark}", one.label) for one in series)
    return _chart(chart_id, title, description, draw, keys, card)


def distribution(
    chart_id: str,
    title: str,
    description: str,
    values: Sequence[float],
    unit: str | None,
    references: Sequence[tuple[str, str, float]],
) -> Chart:
    """A dot for each authority along the scale, stacked where they meet, with reference lines (label, class, value)."""
    highest = max([*values, *(value for _, _, value in references)])
    ticks = _ticks(highest)

    def draw(width: float) -> Drawing:
        left, right, radius = 14.0, width - 14, 4.5
        inner = right - left

        def x(value: float) -> float:
            return left + inner * value / ticks[-1]

        stacks: dict[int, int] = {}
        places = []
        for value in sorted(values):
            slot = round(x(value) / (2 * radius))
            places.append((slot * 2 * radius, stacks.get(slot, 0)))
            stacks[slot] = stacks.get(slot, 0) + 1
        head = 18.0 * len(references) + 6
        bottom = head + max(max(stacks.values()) * 2 * radius, 40) + 6
        drawing = Drawing(width, bottom + 24)
        drawing.line(left, bottom, right, bottom, "axis")
        for step in ticks:
            drawing.line(x(step), bottom, x(step), bottom + 4, "axis")
            anchor = "start" if step == 0 else "end" if step == ticks[-1] else "middle"
            drawing.text(
                x(step) + {"start": -6, "end": 8}.get(anchor, 0), bottom + 18, tick(step, unit), "label", anchor
            )
        for place, level in places:
            drawing.add("circle", cx=place, cy=bottom - radius - 1 - level * 2 * radius, r=radius - 0.5, class_="dot")
        for index, (label, mark, value) in enumerate(references):
            height = 18.0 * index + 14
            drawing.line(x(value), height + 4, x(value), bottom, f"line {mark}")
            words = label.format(measure(value, unit, 1))
            anchor = "end" if x(value) + 7 * len(words) > width else "start"
            drawing.text(x(value) + (-2 if anchor == "end" else 0), height, words, "value", anchor)
        return drawing

    return _chart(chart_id, title, description, draw)


def range_over_years(
    chart_id: str,
    title: str,
    description: str,
    quartiles: dict[int, tuple[float, float, float]],
    england: dict[int, float],
    unit: str | None,
) -> Chart:
    """The median by year with the middle half of the authorities as a bar, and England's value."""
    years = range(min([*quartiles, *england]), max([*quartiles, *england]) + 1)
    highest = max([upper for _, _, upper in quartiles.values()] + list(england.values()))

    def draw(width: float) -> Drawing:
        drawing = Drawing(width, 240)
        left, top, bottom = (
            8 + 6.6 * max(len(tick(value, unit)) for value in _ticks(highest)),
            16.0,
            drawing.height - 24,
        )
        y = _scale(drawing, left, width, top, bottom, highest, lambda value: tick(value, unit))
        step = (width - left - 8) / len(years)
        every = max(1, math.ceil(48 / step))

        def x(year: int) -> float:
            return left + 4 + step * (year - years[0] + 0.5)

        for year in years:
            if (years[-1] - year) % every == 0:
                drawing.text(x(year), bottom + 17, f"{year}-{(year + 1) % 100:02}", "label", "middle")
        bar = min(step * 0.5, 26)
        for year, (lower, _, upper) in sorted(quartiles.items()):
            height = max(y(lower) - y(upper), 1.5)
            drawing.add("rect", x=x(year) - bar / 2, y=y(upper), width=bar, height=height, class_="band")
        for mark, points in (("england", england), ("median", {year: value[1] for year, value in quartiles.items()})):
            places = [(x(year), y(value)) for year, value in sorted(points.items())]
            if len(places) > 1:
                drawing.path(places, f"line {mark}")
            for place in places:
                drawing.mark(*place, mark)
        return drawing

    keys = [Key("mark-median", "median authority"), Key("mark-band", "middle half of authorities")] if quartiles else []
    if england:
        keys.append(Key("mark-england", "England, as reports quote it"))
    return _chart(chart_id, title, description, draw, tuple(keys))


def bar(value: float, highest: float) -> Markup:
    """A bar for a table's cell, which says the number itself."""
    width = max(120 * value / highest, 1) if highest > 0 and value > 0 else 0
    return Markup(
        '<svg class="bar" viewBox="0 0 120 10" aria-hidden="true" focusable="false">'
        '<rect class="track" width="120" height="10"/><rect class="fill" width="{}" height="10"/></svg>'
    ).format(_short(width))


def _chart(
    chart_id: str,
    title: str,
    description: str,
    draw: Callable[[float], Drawing],
    keys: tuple[Key, ...] = (),
    card: bool = False,
) -> Chart:
    sizes = [(CARD, "card")] if card else [(WIDE, "wide"), (NARROW, "narrow")]
    drawings = tuple(draw(width).finish(chart_id, size, title, description) for width, size in sizes)
    return Chart(title, description, drawings, keys)


def _lane(
    drawing: Drawing,
    lane: Lane,
    x: Callable[[date], float],
    top: float,
    height: float,
    gutter: float,
    levels: dict[int, str],
) -> None:
    """One area's grades: the overall ones by height, with the names of the levels, the others along a line."""
    by_height = lane.by_height
    middle = top + (31 if not gutter else 17)
    drawing.text(0, top + 14 if by_height or not gutter else middle + 4, lane.label, "label strong")
    if by_height:
        for level, name in sorted(levels.items()):
            y = top + 36 + level * 30
            drawing.line(gutter + 6, y, drawing.width, y, "grid")
            drawing.text(
                gutter if gutter else 0, y + 4, name if gutter else name[:1], "label", "end" if gutter else "start"
            )
    places = []
    for when, grade in lane.points:
        if not by_height:
            places.append((x(when), middle, grade))
        elif grade.level is not None:
            places.append((x(when), top + 36 + grade.level * 30, grade))
    if len(places) > 1:
        drawing.path([(place, y) for place, y, _ in places], "line link")
    for place, y, grade in places:
        drawing.grade(place, y, grade)


def _group_labels(drawing: Drawing, columns: Sequence[Column], left: float, step: float, bottom: float) -> None:
    """A line under the columns of each group, and its name, cut to a letter where it would meet the one beside it."""
    groups: dict[str, list[int]] = {}
    for index, column in enumerate(columns):
        groups.setdefault(column.group, []).append(index)
    groups.pop("", None)
    middles = {name: left + step * (indexes[0] + indexes[-1] + 1) / 2 for name, indexes in groups.items()}
    for name, indexes in groups.items():
        start, end = left + indexes[0] * step + 3, left + (indexes[-1] + 1) * step - 3
        drawing.line(start, bottom + 23, end, bottom + 23, "axis")
        fits = all(
            abs(middles[name] - middle) >= 4.2 * (len(name) + len(other)) + 4
            for other, middle in middles.items()
            if other != name
        )
        drawing.text(middles[name], bottom + 38, name if fits else name[:1], "label strong", "middle")


def _scale(
    drawing: Drawing,
    left: float,
    width: float,
    top: float,
    bottom: float,
    highest: float,
    words: Callable[[float], str],
) -> Callable[[float], float]:
    """Draw the lines of a scale from nought; return where a value stands."""
    ticks = _ticks(highest)

    def y(value: float) -> float:
        return bottom - (bottom - top) * value / ticks[-1]

    for step in ticks:
        drawing.line(left, y(step), width, y(step), "axis" if step == 0 else "grid")
        drawing.text(left - 6, y(step) + 4, words(step), "label", "end")
    return y


def _ticks(highest: float) -> list[float]:
    """Round numbers from nought to at least the highest value, five or fewer steps."""
    if highest <= 0:
        return [0, 1]
    rough = highest / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * 0.999)
    if highest >= 1:
        step = max(step, 1) if highest >= 4 else step
    return [round(step * index, 10) for index in range(math.ceil(highest / step - 1e-9) + 1)]


def _short(value: object) -> str:
    if isinstance(value, float):
        text = f"{value:.1f}"
        return text.removesuffix(".0")
    return str(value)
