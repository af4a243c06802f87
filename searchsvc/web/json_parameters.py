"""How does a JSON body give the parameters of a search? Like a query string, but with types."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from searchsvc.limits import MAX_JSON_TEXT, MAX_JSON_VALUES
from searchsvc.query.parameters import ParameterError
from searchsvc.query.unknown_parameters import UnknownParameter, find_meant


def read_json_parameters(asked: Mapping[str, Any], known: Collection[str]) -> dict[str, list[str]]:
    """``asked`` in query string form: each name with its values. Raises ParameterError for an
    invalid value, and UnknownParameter for any unknown name: a program means what it writes into a
    body.
    """
    given = {}
    for name, value in asked.items():
        if name not in known:
            raise UnknownParameter(name, find_meant(name, known) or "q")
        values = value if isinstance(value, list) else [value]
        if len(values) > MAX_JSON_VALUES:
            raise ParameterError(name, "", f"give at most {MAX_JSON_VALUES} values.")
        given[name] = [_write(name, one) for one in values if one is not None]
    return given


def _write(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, str) and len(value) <= MAX_JSON_TEXT:
        return value
    if isinstance(value, int | float):
        return str(value)
    raise ParameterError(name, str(value), "give a text, a number, true, false, or a list of them.")
