"""Imports point one way, as ARCHITECTURE.md draws them."""

from __future__ import annotations

import ast
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


@pytest.mark.parametrize("path", [path for path in INDEXER if "engine" not in path.parts], ids=str)
def test_the_library_knows_engines_by_the_seam_only(path: Path) -> None:
    assert find_forbidden(path, ("indexer.engine.embedded", "whoosh")) == []


@pytest.mark.parametrize("path", SEARCHSVC, ids=str)
def test_only_the_engine_knows_whoosh(path: Path) -> None:
    assert find_forbidden(path, ("whoosh",)) == []


@pytest.mark.parametrize(
    "path", [path for path in SEARCHSVC if not {"web", "cli"} & set(path.parts)], ids=str
)
def test_what_web_and_commands_share_knows_neither(path: Path) -> None:
    forbidden = ("searchsvc.web", "searchsvc.cli", "flask", "click", "indexer.engine.embedded")
    # One serves the application of searchsvc.web, the other opens the engine.
    if path.name not in ("serve.py", "index.py"):
        assert find_forbidden(path, forbidden) == []


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
