"""Which settings does a file set? ``searchsvc.toml``, named by ``--config`` or the environment.

No file is looked for: a command started in someone else's folder must not obey what lies there.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from indexer.errors import IndexerError
from indexer.toml_text import parse_toml
from searchsvc.setting import Setting

#: The environment variable that names the file.
CONFIG_VARIABLE: Final = "SEARCHSVC_CONFIG"
_MAX_BYTES: Final = 200_000


class SettingsFileInvalid(IndexerError):
    """The file of settings at ``path`` cannot be used."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"The settings in {path} cannot be read: {reason}.")


def find_settings_file(environ: Mapping[str, str]) -> str:
    """The path of the file that the environment names; empty for none."""
    return environ.get(CONFIG_VARIABLE, "")


def read_settings_file(path: str, rows: Mapping[str, Setting]) -> dict[str, Any]:
    """What the file sets, by name, checked against the ``rows`` of settings. Raises
    SettingsFileInvalid, InvalidSetting.
    """
    try:
        with Path(path).open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
            mode = os.fstat(file.fileno()).st_mode
    except OSError as error:
        raise SettingsFileInvalid(path, error.strerror or str(error)) from error
    if len(data) > _MAX_BYTES:
        raise SettingsFileInvalid(path, f"it is over {_MAX_BYTES:,} bytes")
    try:
        values = parse_toml(data)
    except ValueError as error:
        raise SettingsFileInvalid(path, str(error)) from error
    return {name: _read(path, name, value, rows, mode) for name, value in values.items()}


def _read(path: str, name: str, value: Any, rows: Mapping[str, Setting], mode: int) -> Any:
    row = rows.get(name)
    if row is None:
        near = get_close_matches(name, rows, n=1)
        hint = f"; the nearest is {near[0]!r}" if near else ""
        raise SettingsFileInvalid(path, f"{name[:80]!r} is no setting{hint}")
    if row.secret and os.name == "posix" and mode & stat.S_IROTH:
        raise SettingsFileInvalid(
            path, f"it has {name}, and everybody may read it: run chmod o-r {path}"
        )
    return row.read_native(value, source=path)
