"""The rules that the loaders' rooms keep: who may import whom, and what names a module in words."""

from __future__ import annotations

import ast
import importlib.util
import re
import tomllib
from graphlib import TopologicalSorter

import pytest
import yaml
from project import REPOSITORY

import loaders.reading.parse

ROOMS = ("fetching", "reading", "publishing", "answering")
# What a room may import of the others; what they share stands beside them.
MAY_IMPORT = {
    "fetching": set(),
    "reading": set(),
    "publishing": set(),
    # the bytes of a document are told apart and decoded as they were read
    # and when the folder was fetched last is in its manifest
    "answering": {"loaders.reading.media", "loaders.reading.text", "loaders.fetching.manifest"},
}


def modules() -> dict[str, ast.Module]:
    paths = (REPOSITORY / "loaders").rglob("*.py")
    return {
        ".".join(path.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__"): ast.parse(
            path.read_text("utf-8")
        )
        for path in paths
    }


def imported(tree: ast.Module, known: set[str]) -> set[str]:
    """The loaders' modules that a module imports, wherever in it."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found & known


def room(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if len(parts) > 2 else None


def test_a_room_imports_nothing_of_another() -> None:
    found = modules()
    for module, tree in found.items():
        for other in imported(tree, set(found)):
            edge = f"{module} imports {other}"
            if room(module) is None:
                assert room(other) is None or module == "loaders.__main__", edge
            elif room(other) not in (None, room(module)):
                assert other in MAY_IMPORT[str(room(module))], edge


def test_no_modules_import_each_other_in_a_circle() -> None:
    found = modules()
    packages = {"loaders", *(f"loaders.{room}" for room in ROOMS)}
    graph = {module: imported(tree, set(found)) - packages for module, tree in found.items()}
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def test_reading_knows_nothing_of_childrens_services() -> None:
    words = re.compile(r"ofsted|children|inspect|safeguard|judgement|authorit", re.IGNORECASE)
    for path in (REPOSITORY / "loaders" / "reading").glob("*.py"):
        if path.name != "__init__.py":
            assert not words.search(path.read_text("utf-8")), path


@pytest.mark.parametrize("name", loaders.reading.parse.PRELOADED)
def test_what_is_preloaded_is_there(name: str) -> None:
    """The server of the workers passes over a name that is none."""
    assert importlib.util.find_spec(name)


def test_every_package_is_installed() -> None:
    setuptools = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    listed = setuptools["packages"]
    files = [*REPOSITORY.glob("loaders/**/__init__.py"), *REPOSITORY.glob("website/**/__init__.py")]
    assert sorted(listed) == sorted(".".join(file.parent.relative_to(REPOSITORY).parts) for file in files)
    assert sorted(setuptools["py-modules"]) == sorted(file.stem for file in REPOSITORY.glob("*.py"))


def test_the_plugins_of_the_profile_are_there() -> None:
    profile = yaml.safe_load((REPOSITORY / "profiles.yml").read_text("utf-8"))["childrens_services_warehouse"]
    named = [plugin["module"] for output in profile["outputs"].values() for plugin in output["plugins"]]
    assert named == ["loaders.build_file", "loaders.publishing.start", "loaders.publishing.lake"]
    assert all(importlib.util.find_spec(name) for name in named)
