"""Settings: each row read from environment and overrides, and wrong values refused."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.commands import run, run_json

from indexer.errors import UnknownName
from searchsvc.setting import InvalidSetting
from searchsvc.settings import (
    SETTINGS,
    Origin,
    Settings,
    find_unknown_variables,
    load,
    load_one,
    load_with_origins,
)
from searchsvc.settings_file import SettingsFileInvalid

DOCS = Path(__file__).resolve().parents[2] / "docs" / "settings.md"


def test_defaults_are_those_of_the_rows() -> None:
    settings = load(environ={})
    assert settings == Settings()
    assert {row.name: getattr(settings, row.name) for row in SETTINGS} == {
        row.name: row.default for row in SETTINGS
    }


@pytest.mark.parametrize("row", SETTINGS, ids=lambda row: row.name)
def test_a_default_written_as_text_reads_as_itself(row: Any) -> None:
    settings = load(environ={row.environment: row.default_text})
    assert getattr(settings, row.name) == row.default


@pytest.mark.parametrize("row", SETTINGS, ids=lambda row: row.name)
def test_docs_name_variable_default_and_help(row: Any) -> None:
    line = next(
        line for line in DOCS.read_text("utf-8").splitlines() if line.startswith(f"| `{row.name}`")
    )
    assert f"`{row.environment}`" in line
    assert f"`{row.default_text}`" in line
    assert row.help in line


def test_docs_name_no_other_setting() -> None:
    lines = DOCS.read_text("utf-8").splitlines()
    documented = [line.split("`")[1] for line in lines if line.startswith("| `")]
    assert documented == [row.name for row in SETTINGS]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("index", "data/berita", Path("data/berita")),
        ("port", "0", 0),
        ("access_log", "yes", True),
        ("access_log", "OFF", False),
        ("cors_origins", "", ()),
        (
            "cors_origins",
            "https://a.example, https://b.example,",
            ("https://a.example", "https://b.example"),
        ),
        ("recency_half_life_days", "30", 30.0),
        ("site_name", "Kabar Kita", "Kabar Kita"),
    ],
)
def test_environment_is_read(name: str, text: str, value: object) -> None:
    assert getattr(load(environ={f"SEARCHSVC_{name.upper()}": text}), name) == value


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("port", "eighty", "it must be a whole number."),
        ("port", 70000, "it must be a whole number, from 0 to 65535."),
        ("port", 80.5, "it must be a whole number."),
        ("port", True, "it must be a whole number."),
        ("per_page", 0, "it must be a whole number, from 1 to 100."),
        ("cache_bytes", -1, "it must be a whole number, 0 or more."),
        ("recency_half_life_days", "nan", "it must be a number, 0 or more."),
        ("access_log", "perhaps", "it must be true or false."),
        ("site_name", "", "it must be a text that is not empty."),
        ("index", 7, "it must be a text that is not empty."),
        ("cors_origins", 3, "it must be texts with commas between."),
    ],
)
def test_wrong_values_are_refused(name: str, value: object, reason: str) -> None:
    with pytest.raises(InvalidSetting) as caught:
        load({name: value}, environ={})
    assert str(caught.value) == f"Setting {name} cannot be {value!r}: {reason}"
    assert (caught.value.name, caught.value.value) == (name, value)


def test_overrides_win_over_the_environment_and_none_counts_as_not_given() -> None:
    environ = {"SEARCHSVC_PORT": "9000", "SEARCHSVC_HOST": "0.0.0.0"}
    settings = load({"port": 9001, "host": None}, environ=environ)
    assert (settings.port, settings.host) == (9001, "0.0.0.0")


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match=r"^Unknown setting 'prot'\. Did you mean 'port'\?"):
        load({"prot": 1}, environ={})


def test_a_misspelt_variable_is_told_and_others_are_left_alone() -> None:
    environ = {"SEARCHSVC_PROT": "1", "SEARCHSVC_PORT": "1", "SEARCHSVC_SHARED_DATA": "x"}
    assert find_unknown_variables(environ) == [
        "SEARCHSVC_PROT is not a setting and is ignored. Did you mean SEARCHSVC_PORT?"
    ]


# --- a file of settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "searchsvc.toml"
    path.write_text(
        """
index = "/srv/berita"
port = 9000
recency_weight = 1
access_log = true
cors_origins = ["https://a.example", "https://b.example"]
rate_limit_storage = "redis://cari:rahasia@db.example:6379/0"  # pragma: allowlist secret
"""
    )
    return path


def test_later_places_win_and_are_told(file: Path) -> None:
    environ = {
        "SEARCHSVC_CONFIG": str(file),
        "SEARCHSVC_PORT": "9001",
        "SEARCHSVC_ACCESS_LOG": "off",
    }
    settings, origins = load_with_origins({"port": 9002, "host": None}, environ=environ)
    assert settings.index == Path("/srv/berita")
    assert (settings.port, settings.access_log, settings.recency_weight) == (9002, False, 1.0)
    assert settings.cors_origins == ("https://a.example", "https://b.example")
    assert {name: origin for name, origin in origins.items() if origin.kind != "default"} == {
        "index": Origin("file", str(file)),
        "port": Origin("option"),
        "recency_weight": Origin("file", str(file)),
        "access_log": Origin("environment", "SEARCHSVC_ACCESS_LOG"),
        "cors_origins": Origin("file", str(file)),
        "rate_limit_storage": Origin("file", str(file)),
    }
    assert load_one("port", environ=environ) == 9001
    assert load_one("index", environ=environ) == Path("/srv/berita")
    assert load_one("host", environ=environ) == "127.0.0.1"


def write_native(row: Any) -> str:
    """The default of a setting in TOML."""
    if row.type is tuple:
        return f"[{', '.join(map(repr, row.default))}]"
    return row.default_text if row.type in (int, float, bool) else f"'{row.default_text}'"


@pytest.mark.parametrize("row", SETTINGS, ids=lambda row: row.name)
def test_a_default_written_in_the_file_reads_as_itself(row: Any, tmp_path: Path) -> None:
    path = tmp_path / "searchsvc.toml"
    path.touch(0o640)
    path.write_text(f"{row.name} = {write_native(row)}\n")
    settings, origins = load_with_origins(environ={"SEARCHSVC_CONFIG": str(path)})
    assert settings == Settings()
    assert origins[row.name].kind == "file"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"prot = 1", "'prot' is no setting; the nearest is 'port'"),
        (b"[serve]\nport = 1", "'serve' is no setting"),
        (b"port = [", "it is not TOML: Invalid value"),
        (b"port = 1\nport = 2", "it is not TOML: Cannot overwrite a value"),
        (b"\xff\xfe", "it is not UTF-8"),
        (b"#" * 200_001, "it is over 200,000 bytes"),
        (b'port = "8000"', "port cannot be '8000': it must be a number, not a text."),
        (b'access_log = "yes"', "access_log cannot be 'yes': it must be true or false"),
        (b"port = true", "port cannot be True: it must be a whole number."),
        (b"port = 80.5", "port cannot be 80.5: it must be a whole number."),
        (b"query_deadline_seconds = nan", "seconds cannot be nan: it must be a number"),
        (b"site_name = 7", "site_name cannot be 7: it must be a text that is not empty."),
        (b"cors_origins = [1]", "it must be texts with commas between."),
        (b"port = 2026-11-26", "it must be a whole number."),
        (b"[port]\nvalue = 1", "it must be a whole number."),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_name(
    content: bytes, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "searchsvc.toml"
    path.write_bytes(content)
    with pytest.raises((SettingsFileInvalid, InvalidSetting)) as caught:
        load(environ={"SEARCHSVC_CONFIG": str(path)})
    assert told in str(caught.value)
    assert str(path) in str(caught.value)
    done = run("--config", path, "settings")
    assert done.exit_code == 2
    assert told[:30] in done.output


@pytest.mark.parametrize("name", ["", "missing.toml"])
def test_a_file_that_cannot_be_read_is_told(name: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsFileInvalid, match=r"(Is a directory|No such file or directory)\.$"):
        load(environ={"SEARCHSVC_CONFIG": str(tmp_path / name)})


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_secret_in_a_file_that_everybody_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "searchsvc.toml"
    path.write_text("master_key = 'rahasia-yang-panjang'")
    environ = {"SEARCHSVC_CONFIG": str(path)}
    path.chmod(0o644)
    with pytest.raises(SettingsFileInvalid, match=r"everybody may read it: run chmod o-r /"):
        load(environ=environ)
    path.chmod(0o640)
    assert load(environ=environ).master_key == "rahasia-yang-panjang"
    path.write_text("master_key = 'pendek'")
    with pytest.raises(InvalidSetting) as caught:
        load(environ=environ)
    assert "pendek" not in str(caught.value)


def test_the_command_tells_values_and_places_without_secrets(file: Path) -> None:
    env = {"SEARCHSVC_MASTER_KEY": "rahasia-yang-panjang"}
    done = run("settings", "--changed", "--config", file, "--workers", "3", env=env)
    told = [re.split(" {2,}", line) for line in done.output.splitlines()]
    # The tests themselves set the time of a query in the environment.
    assert [row for row in told if row[0] != "query_deadline_seconds"] == [
        ["index", "/srv/berita", f"file {file}"],
        ["port", "9000", f"file {file}"],
        ["workers", "3", "option --workers"],
        ["access_log", "true", f"file {file}"],
        ["cors_origins", "https://a.example,https://b.example", f"file {file}"],
        ["recency_weight", "1.0", f"file {file}"],
        ["master_key", "(set, not shown)", "environment SEARCHSVC_MASTER_KEY"],
        ["rate_limit_storage", "redis://…@db.example:6379/0", f"file {file}"],
    ]
    shown = run_json("settings", env={**env, "SEARCHSVC_CONFIG": str(file)})["settings"]
    assert [one["name"] for one in shown] == [row.name for row in SETTINGS]
    assert shown[0] == {
        "name": "index",
        "value": "/srv/berita",
        "source": "file",
        "place": str(file),
        "variable": "SEARCHSVC_INDEX",
    }
    assert "rahasia" not in str(shown)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("redis://u:rahasia@h:1/0", "redis://…@h:1/0"),  # pragma: allowlist secret
        ("redis://u:rahasia@[x", "redis://…@[x"),  # pragma: allowlist secret
        ("redis://u:ra@ha/sia@h/0", "redis://…@h/0"),  # pragma: allowlist secret
        ("redis://h/0?password=rahasia", "redis://h/0?…"),
        ("redis://u:ra?hasia@h/0", "redis://…"),
        ("memory://", "memory://"),
    ],
)
def test_no_form_of_a_password_is_shown(address: str, shown: str) -> None:
    told = run_json("settings", "--rate-limit-storage", address)["settings"]
    assert {one["name"]: one["value"] for one in told}["rate_limit_storage"] == shown


def test_the_index_of_the_file_is_that_of_every_command(tmp_path: Path) -> None:
    path = tmp_path / "searchsvc.toml"
    path.write_text(f"index = '{tmp_path / 'berita'}'")
    (tmp_path / "a.jsonl").write_text('{"title": "Panen", "body": "Padi."}')
    assert run("--config", path, "index", tmp_path / "a.jsonl").exit_code == 0
    assert run_json("search", "padi", env={"SEARCHSVC_CONFIG": str(path)})["total"] == 1
    # What is said before or after the command, or in the environment, wins.
    for arguments in (("--index", "x", "search"), ("search", "--index", "x")):
        assert "No index at x" in run("--config", path, *arguments, "padi").output
    env = {"SEARCHSVC_INDEX": "x"}
    assert "No index at x" in run("--config", path, "search", "padi", env=env).output


def test_without_a_file_no_reader_of_toml_is_imported() -> None:
    code = (
        "import sys; from searchsvc.settings import load; load(); "
        "print(sorted({'tomllib', 'tomli'} & set(sys.modules)))"
    )
    environ = {key: value for key, value in os.environ.items() if key != "SEARCHSVC_CONFIG"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
