"""The documentation names all there is, and the commands it shows exist.

Settings and error codes are compared with their documents where their tables are tested.
"""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import click
import pytest

from indexer.ingest.readers import FORMATS
from indexer.schema import FACETS, FIELDS
from searchsvc.cli import main
from searchsvc.evaluation.collections import MEASURES
from searchsvc.query.parameters import PARAMETERS

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


@cache
def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def read_section(name: str, heading: str) -> str:
    """What stands under ``## heading`` in a document, up to the next such heading."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", read(name), re.M | re.S)
    assert found is not None, f"{name} has no section '## {heading}'"
    return found[1]


def options_of(command: click.Command) -> list[str]:
    return [
        flag
        for param in command.params
        if isinstance(param, click.Option)
        for flag in (*param.opts, *param.secondary_opts)
    ]


@pytest.mark.parametrize("name", main.commands)
def test_every_command_and_option_has_its_place(name: str) -> None:
    section = read_section("docs/cli.md", name)
    missing = [flag for flag in options_of(main.commands[name]) if f"`{flag}" not in section]
    assert missing == []


@pytest.mark.parametrize("name", main.commands)
def test_no_option_is_documented_that_is_not_there(name: str) -> None:
    rows = re.findall(r"^\| (`--.*?) \|", read_section("docs/cli.md", name), re.M)
    documented = {flag for row in rows for flag in re.findall(r"`(--[a-z-]+)", row)}
    assert documented <= set(options_of(main.commands[name]))


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_parameter_is_documented(name: str) -> None:
    assert f"`{name}`" in read("docs/http-api.md")


@pytest.mark.parametrize("name", FACETS)
def test_every_facet_is_documented(name: str) -> None:
    assert f"`{name}`" in read("docs/http-api.md")
    assert f"`{name}`" in read_section("docs/cli.md", "search")


@pytest.mark.parametrize("name", FORMATS)
def test_every_input_format_is_documented(name: str) -> None:
    assert f"`{name}`" in read_section("docs/cli.md", "index")
    assert name in " ".join(
        p.help or "" for p in main.commands["index"].params if hasattr(p, "help")
    )


def test_every_field_that_keys_may_be_mapped_to_is_documented() -> None:
    section = read_section("docs/cli.md", "index")
    assert [spec.name for spec in FIELDS if f"`{spec.name}`" not in section] == []


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_is_explained(name: str) -> None:
    assert name in read("docs/evaluation.md")


def list_files() -> list[str]:
    """What git keeps; in a source archive, which has no git, what it was packed with."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "-C", ROOT, "ls-files"], check=True, capture_output=True, text=True
        )
        return listed.stdout.splitlines()
    sources = (ROOT / "searchsvc.egg-info" / "SOURCES.txt").read_text("utf-8").splitlines()
    return [path for path in sources if not path.split("/")[0].endswith(".egg-info")]


def test_the_architecture_names_every_part() -> None:
    text = read("ARCHITECTURE.md")
    tracked = list_files()
    parts = {f"{path.split('/')[0]}/" for path in tracked if "/" in path and path[0] != "."}
    for path in tracked:
        folder, _, rest = path.partition("/")
        if folder in ("indexer", "searchsvc") and rest not in ("__init__.py", "py.typed"):
            inner, slash, _ = rest.partition("/")
            parts.add(inner + slash)
    missing = [part for part in parts if not re.search(rf"^ *{re.escape(part)}\s", text, re.M)]
    assert sorted(missing) == []


def test_every_make_target_that_is_shown_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.M))
    shown = {
        name
        for path in DOCUMENTS
        for name in re.findall(r"(?:^|`)make ([a-z-]+)", path.read_text("utf-8"), re.M)
    }
    assert {"demo", "test", "bench"} <= shown <= targets


def test_the_first_screen_of_the_readme_says_how_to_start() -> None:
    first_screen = "\n".join(read("README.md").splitlines()[:16])
    assert "make demo" in first_screen
    assert "make test" in first_screen


def find_shown_commands() -> list[tuple[str, str]]:
    """(document, command line) of every searchsvc command in a code block."""
    return [
        (path.name, line.strip())
        for path in DOCUMENTS
        for block in re.findall(r"^```(?:bash)?\n(.*?)^```", path.read_text("utf-8"), re.M | re.S)
        for line in block.splitlines()
        if re.match(r"\s*(?:\$ )?(?:\.venv/bin/)?searchsvc [a-z]", line)
    ]


@pytest.mark.parametrize(("document", "line"), find_shown_commands())
def test_every_command_that_is_shown_exists(document: str, line: str) -> None:
    words = line.partition("searchsvc ")[2].split(" #")[0].split()
    command = main.commands.get(words[0])
    assert command is not None, f"{document}: {line}"
    if isinstance(command, click.Group):
        command = command.commands[words[1]]
    flags = {word.split("=")[0] for word in words if word.startswith("--") and word != "--"}
    assert flags <= {*options_of(command), "--help"}, f"{document}: {line}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if "://" not in target:
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_the_python_of_the_readme_runs(tmp_path: Path) -> None:
    """As it is printed, from the folder of the repository, but for where the index goes."""
    (block,) = re.findall(r"^```python\n(.*?)^```", read("README.md"), re.M | re.S)
    script = block.replace('"index_data/mine"', repr(str(tmp_path / "mine")))
    assert script != block
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Serangan Teroris" in done.stdout
