"""What is in deploy/ fits the program: commands, options, settings and metrics that it names."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from support.commands import run

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


def list_commands() -> list[str]:
    """The arguments of searchsvc in the units and the container."""
    units = "".join(path.read_text() for path in sorted(DEPLOY.glob("*.service")))
    return re.findall(r"^ExecStart=/opt/searchsvc/bin/searchsvc (.*)$", units, re.M)


def test_the_commands_of_the_units_exist() -> None:
    assert len(list_commands()) == 2
    for line in list_commands():
        # Unknown commands and options are refused before --help is answered.
        done = run(*line.split(), "--help")
        assert done.exit_code == 0, done.output


def test_the_settings_are_valid() -> None:
    done = run("settings", "--changed", "--config", DEPLOY / "searchsvc.toml")
    assert done.exit_code == 0, done.output
    assert "trusted_hosts" in done.output


def test_alerts_name_metrics_that_there_are() -> None:
    """They are compared with the documents, and these with the code, by their names."""
    rules = yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"][0]["rules"]
    used = {
        re.sub(r"_(count|bucket|sum)$", "", name)
        for rule in rules
        for name in re.findall(r"searchsvc_[a-z_]+", rule["expr"])
    }
    documented = (DEPLOY.parent / "docs" / "operations.md").read_text()
    sources = "".join(
        path.read_text() for path in (DEPLOY.parent / "searchsvc" / "monitoring").glob("*.py")
    )
    for name in used:
        assert name in documented
        assert f'"{name.removesuffix("_total")}"' in sources


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for path in DEPLOY.glob("searchsvc*.*"):
        if path.suffix in (".service", ".timer"):
            # The program is not installed here.
            text = path.read_text().replace("/opt/searchsvc/bin/searchsvc", "/bin/true")
            (tmp_path / path.name).write_text(text)
    units = sorted(str(path) for path in tmp_path.iterdir())
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        capture_output=True,
        text=True,
        check=False,
    )
    told = [line for line in done.stderr.splitlines() if "searchsvc" in line]
    assert told == []
