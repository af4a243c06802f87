"""Settings: each row read from environment and overrides, and wrong values refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from indexer.errors import UnknownName
from searchsvc.settings import (
    SETTINGS,
    InvalidSetting,
    Settings,
    find_unknown_variables,
    load,
)

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
