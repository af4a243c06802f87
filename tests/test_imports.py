"""Imports point one way, as ARCHITECTURE.md draws them."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
INDEXER = sorted(path.relative_to(ROOT) for path in (ROOT / "indexer").rglob("*.py"))
SEARCHSVC = sorted(path.relative_to(ROOT) for path in (ROOT / "searchsvc").rglob("*.py"))


def list_imports(path: Path) -> Iterator[str]:
    """Every module that the file imports, wherever in it."""
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module or ""


def is_below(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == one or module.startswith(f"{one}.") for one in packages)


def find_forbidden(path: Path, packages: tuple[str, ...]) -> list[str]:
    return sorted({module for module in list_imports(path) if is_below(module, packages)})


@pytest.mark.parametrize("path", INDEXER, ids=str)
def test_the_library_knows_nothing_of_the_service(path: Path) -> None:
    assert find_forbidden(path, ("searchsvc", "flask", "werkzeug", "jinja2", "click")) == []


def read_diagram() -> dict[str, set[str]]:
    """What each room imports, by ARCHITECTURE.md. ``package (`module` alone)`` is a room too."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    rows = re.findall(
        r"^\| `([a-z_.]+)`(?: \(`([a-z_]+)` alone\))? \| (.+) \|$", text, re.MULTILINE
    )
    diagram = {
        f"{room}.{module}" if module else room: set(re.findall(r"`([a-z_.]+)`", imports))
        for room, module, imports in rows
        if room.startswith(("indexer", "searchsvc"))
    }
    for room, imports in diagram.items():
        if not imports:
            diagram[room] = {one for one in diagram if one not in MODULES} | {"indexer"}
    return diagram


#: Modules that lie directly in a package, each below the rules of its package and of its own row.
MODULES = {"indexer.pipeline", "searchsvc.__main__", "searchsvc.engines"}
DIAGRAM = read_diagram()
ROOMS = {"indexer", *DIAGRAM} - MODULES


def find_room(module: str) -> str | None:
    """The innermost room that ``module`` lies in; None for what is not ours."""
    return max((room for room in ROOMS if is_below(module, (room,))), key=len, default=None)


def test_the_diagram_names_every_folder() -> None:
    folders = {path.parent for path in (*INDEXER, *SEARCHSVC)}
    inside = ("native", "whoosh", "readers", "wire", "expand", "expectations")
    assert {".".join(folder.parts) for folder in folders if folder.name not in inside} == ROOMS


@pytest.mark.parametrize("path", [*INDEXER, *SEARCHSVC], ids=str)
def test_imports_are_those_of_the_diagram(path: Path) -> None:
    module = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    room = find_room(module)
    assert room is not None
    allowed = {room} | DIAGRAM.get(room, set()) | DIAGRAM.get(module, set())
    imported = {found for name in list_imports(path) if (found := find_room(name))}
    assert sorted(imported - allowed) == []


@pytest.mark.parametrize("room", sorted({"indexer", "searchsvc"}))
def test_the_diagram_has_no_circle_but_inside_a_package(room: str) -> None:
    """A package may use the rooms in it, and they it; no two rooms below it use each other."""
    below = [one for one in ROOMS if one.startswith(f"{room}.")]
    assert [
        (a, b) for a in below for b in below if a < b and b in DIAGRAM[a] and a in DIAGRAM[b]
    ] == []


@pytest.mark.parametrize("path", [*INDEXER, *SEARCHSVC], ids=str)
def test_only_the_room_for_it_knows_whoosh(path: Path) -> None:
    if "whoosh" not in path.parts:
        assert find_forbidden(path, ("whoosh",)) == []


@pytest.mark.parametrize(
    "path",
    [path for path in SEARCHSVC if not {"web", "meilisearch", "serving", "cli"} & set(path.parts)],
    ids=str,
)
def test_what_web_and_commands_share_knows_neither(path: Path) -> None:
    assert find_forbidden(path, ("flask", "click")) == []


def test_help_imports_no_engine() -> None:
    """So that ``searchsvc --help`` answers at once."""
    code = (
        "import sys\nfrom searchsvc.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'numpy', 'whoosh', 'flask'} & set(sys.modules)))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ended.stdout.splitlines()[-1] == "[]"
