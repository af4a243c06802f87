"""How does a body of JSON give the parameters of a search? As the address does, with its types."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from searchsvc.query.parameters import ParameterError
from searchsvc.query.unknown_parameters import UnknownParameter, find_meant

#: Characters of a text, and values of a list, that anybody means.
_LONGEST_TEXT = 10_000
_MOST_VALUES = 200


def read_json_parameters(asked: Mapping[str, Any], known: Collection[str]) -> dict[str, list[str]]:
    """``asked`` as the address would give it: each name with its values. Raises ParameterError for
    a value that is none, and UnknownParameter for a name that there is not: what a program writes
    into a body, it means.
    """
    given = {}
    for name, value in asked.items():
        if name not in known:
            raise UnknownParameter(name, find_meant(name, known) or "q")
        values = value if isinstance(value, list) else [value]
        if len(values) > _MOST_VALUES:
            raise ParameterError(name, "", f"give at most {_MOST_VALUES} values.")
        given[name] = [_write(name, one) for one in values if one is not None]
    return given


def _write(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, str) and len(value) <= _LONGEST_TEXT:
        return value
    if isinstance(value, int | float):
        return str(value)
    raise ParameterError(name, str(value), "give a text, a number, true, false, or a list of them.")
