"""What is one setting, and which values may it have?"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.errors import IndexerError
from searchsvc.engines import locate

ENVIRONMENT_PREFIX = "SEARCHSVC_"

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})


class InvalidSetting(IndexerError):
    """A setting has an invalid value."""

    def __init__(self, name: str, value: object, reason: str, *, source: str = "") -> None:
        self.name = name
        self.value = value
        self.reason = reason
        where = f" It is set in {source}." if source else ""
        super().__init__(f"Setting {name} cannot be {value!r}: {reason}{where}")


@dataclass(frozen=True, slots=True)
class Setting:
    """One row: the description of a setting for the command line, the docs and the tests."""

    name: str
    default: Any
    type: type
    help: str
    at_least: float
    at_most: float | None
    choices: tuple[str, ...]
    secret: bool
    shape: str
    must: str

    @property
    def environment(self) -> str:
        """The environment variable that sets it."""
        return ENVIRONMENT_PREFIX + self.name.upper()

    @property
    def default_text(self) -> str:
        """The default as written in the environment."""
        if self.type is tuple:
            return ",".join(self.default)
        if self.type is bool:
            return "true" if self.default else "false"
        return str(self.default)

    def read(self, value: object) -> Any:
        """Convert ``value``, a text or already of the right type, to this setting's type.

        Raises InvalidSetting.
        """
        if self.type is tuple:
            return self._read_list(value)
        if self.type is bool:
            return self._read_switch(value)
        if self.secret:
            return self._read_secret(value)
        if self.choices:
            return self._read_choice(value)
        if self.type is Path or self.type is str:
            return self._read_text(value)
        return self._read_number(value)

    def read_native(self, value: object, *, source: str) -> Any:
        """Like :meth:`read`, but a number or a switch must be one, and not a text that says so.
        ``source`` is named in errors. Raises InvalidSetting.
        """
        try:
            if isinstance(value, str) and self.type in (int, float, bool):
                kind = "true or false" if self.type is bool else "a number"
                raise InvalidSetting(self.name, value, f"it must be {kind}, not a text.")
            return self.read(value)
        except InvalidSetting as error:
            raise InvalidSetting(self.name, error.value, error.reason, source=source) from None

    def _read_secret(self, value: object) -> str:
        """Errors never show the value."""
        if not isinstance(value, str) or 0 < len(value) < self.at_least:
            told = f"it must be a text of at least {self.at_least:g} characters."
            raise InvalidSetting(self.name, "…", told)
        return value

    def _read_choice(self, value: object) -> str:
        word = str(value).strip().lower()
        if word not in self.choices:
            raise InvalidSetting(self.name, value, f"it must be one of {', '.join(self.choices)}.")
        return word

    def _read_text(self, value: object) -> str | Path:
        text = os.fspath(value) if isinstance(value, str | os.PathLike) else None
        if text is None or (not text and self.default != ""):
            raise InvalidSetting(self.name, value, "it must be a text that is not empty.")
        if self.shape and not re.fullmatch(self.shape, text):
            raise InvalidSetting(self.name, value, self.must)
        if self.name == "index":
            return locate(text)
        read: str | Path = self.type(value)
        return read

    def _read_list(self, value: object) -> tuple[str, ...]:
        parts = value.split(",") if isinstance(value, str) else value
        if not isinstance(parts, list | tuple) or not all(isinstance(p, str) for p in parts):
            raise InvalidSetting(self.name, value, "it must be texts with commas between.")
        return tuple(part.strip() for part in parts if part.strip())

    def _read_switch(self, value: object) -> bool:
        if isinstance(value, bool):
            return value
        word = str(value).strip().lower()
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
        raise InvalidSetting(self.name, value, "it must be true or false.")

    def _read_number(self, value: object) -> int | float:
        kind = "a whole number" if self.type is int else "a number"
        number: int | float
        try:
            if isinstance(value, bool) or not isinstance(value, str | int | float):
                raise ValueError
            number = self.type(value)
            if isinstance(value, float) and number != value:
                raise ValueError
        except (ValueError, OverflowError):
            raise InvalidSetting(self.name, value, f"it must be {kind}.") from None
        if not self.at_least <= number <= (number if self.at_most is None else self.at_most):
            bound = f"{self.at_least:g} or more"
            if self.at_most is not None:
                bound = f"from {self.at_least:g} to {self.at_most:g}"
            raise InvalidSetting(self.name, value, f"it must be {kind}, {bound}.")
        return number
