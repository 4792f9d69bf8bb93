"""docs/map.md: every model and module stands on it, and what it names exists."""

from __future__ import annotations

import re

from project import REPOSITORY

MAP = (REPOSITORY / "docs" / "map.md").read_text("utf-8")
NAMED = set(re.findall(r"`([^`\n]+)`", MAP))
ROOMS = re.findall(r"^\| `([\w/]+)` \| (`.*) \|$", MAP, re.MULTILINE)
MODELS = {
    path.stem: path.parent.relative_to(REPOSITORY / "models").as_posix()
    for path in (REPOSITORY / "models").rglob("*")
    if path.suffix in (".sql", ".py")
}


def test_every_model_stands_in_its_room() -> None:
    assert {model: room for room, models in ROOMS for model in re.findall(r"`(\w+)`", models)} == MODELS


def test_every_module_and_every_room_is_there() -> None:
    packages = (REPOSITORY / "loaders", REPOSITORY / "website")
    modules = [path for package in packages for path in package.rglob("*.py") if path.name != "__init__.py"]
    modules += REPOSITORY.glob("*.py")
    assert {path.relative_to(REPOSITORY).as_posix() for path in modules} <= NAMED
    folders = {path.parent for path in modules if path.parent not in (packages[0], REPOSITORY)}
    folders |= {REPOSITORY / "models" / room for room in MODELS.values()}
    assert {f"{folder.relative_to(REPOSITORY).as_posix()}/" for folder in folders} <= NAMED


def test_what_the_map_names_exists() -> None:
    tops = {path.name for path in REPOSITORY.iterdir()}
    paths = [name for name in NAMED if "/" in name and name.split("/")[0] in tops]
    assert len(paths) > 50 and all((REPOSITORY / path).exists() for path in paths)
    assert {name for name in NAMED if re.fullmatch(r"(landed|stg|int|dim|fct)_\w+", name)} <= set(MODELS)
    links = re.findall(r"\]\(([^)#]+)\)", MAP)
    assert links and all((REPOSITORY / "docs" / link).exists() for link in links)
