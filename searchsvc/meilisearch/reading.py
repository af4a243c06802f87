"""How is a value of a request validated? By type, with the protocol's error messages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final

from searchsvc.meilisearch.errors import ProtocolError, write_json
from searchsvc.meilisearch.payload import load_json

#: Validates a value at a place (``.limit``), or raises the error with the code.
Reader = Callable[[Any, str, str], Any]

MOST: Final = 2**63 - 1
_SHOWN: Final = 300
_DIGITS: Final = re.compile(r"[0-9]{1,19}")


def fail_kind(value: Any, place: str, code: str, expected: str) -> ProtocolError:
    """The error for a value of another type than ``expected``."""
    return ProtocolError(
        code,
        f"Invalid value type at `{place}`: expected {expected}, but found {describe(value)}",
    )


def fail_value(place: str, code: str, told: str) -> ProtocolError:
    """The error for an invalid value of the right type."""
    return ProtocolError(code, f"Invalid value at `{place}`: {told}")


def describe(value: Any) -> str:
    """A JSON value as named in messages.

    >>> describe(-5), describe("x"), describe(None)
    ('a negative integer: `-5`', 'a string: `"x"`', 'null')
    """
    if value is None:
        return "null"
    kinds = {bool: "a boolean", str: "a string", float: "a number", list: "an array"}
    kind = kinds.get(type(value), "an object")
    if isinstance(value, int) and not isinstance(value, bool):
        kind = "a negative integer" if value < 0 else "a positive integer"
    shown = write_json(value)
    return f"{kind}: `{shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + '…'}`"


def read_string(value: Any, place: str, code: str) -> str:
    if not isinstance(value, str):
        raise fail_kind(value, place, code, "a string")
    return value


def read_count(value: Any, place: str, code: str) -> int:
    """A whole number of 0 or more."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise fail_kind(value, place, code, "a positive integer")
    if not 0 <= value <= MOST:
        told = f"value: `{value}` is too {'small' if value < 0 else 'large'} to be accepted"
        raise fail_value(place, code, f"{told}, minimum value accepted is `0`")
    return value


def read_flag(value: Any, place: str, code: str) -> bool:
    if not isinstance(value, bool):
        raise fail_kind(value, place, code, "a boolean")
    return value


def read_number(value: Any, place: str, code: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise fail_kind(value, place, code, "a number")
    return float(value)


def read_part(value: Any, place: str, code: str) -> float:
    """A number from 0 to 1, inclusive."""
    number = read_number(value, place, code)
    if not 0 <= number <= 1:
        raise fail_value(
            place, code, "the value of the parameter should be between `0.0` and `1.0`."
        )
    return number


def read_strings(value: Any, place: str, code: str) -> list[str]:
    if not isinstance(value, list):
        raise fail_kind(value, place, code, "an array")
    return [read_string(one, f"{place}[{number}]", code) for number, one in enumerate(value)]


def read_anything(value: Any, place: str, code: str) -> Any:
    return value


def read_choice(*choices: str) -> Reader:
    """A reader for one of ``choices``."""

    def read(value: Any, place: str, code: str) -> str:
        chosen = read_string(value, place, code)
        if chosen not in choices:
            known = ", ".join(f"`{one}`" for one in choices)
            raise ProtocolError(
                code, f"Unknown value `{chosen}` at `{place}`: expected one of {known}"
            )
        return chosen

    return read


def read_object(body: Any, place: str = "") -> dict[str, Any]:
    """A body, or a part of one, that is an object."""
    if not isinstance(body, dict):
        raise fail_kind(body, place or ".", "bad_request", "an object")
    return body


def read_fields(
    body: Any, readers: Mapping[str, tuple[Reader, str]], place: str = ""
) -> dict[str, Any]:
    """The fields of an object, each validated by its reader with its code; null counts as missing.

    Raises ProtocolError for a field that is not among ``readers``.
    """
    given = read_object(body, place)
    refuse_unknown(given, readers, place)
    read = {}
    for name, value in given.items():
        reader, code = readers[name]
        if value is not None:
            read[name] = reader(value, f"{place}.{name}", code)
    return read


def refuse_unknown(given: Iterable[str], known: Iterable[str], place: str = "") -> None:
    """Raise ProtocolError for an unknown name."""
    names = list(known)
    for name in given:
        if name not in names:
            inside = f" inside `{place}`" if place else ""
            near = get_close_matches(name, names, n=1)
            meant = f"did you mean `{near[0]}`? " if near else ""
            listed = ", ".join(f"`{one}`" for one in names)
            raise ProtocolError(
                "bad_request", f"Unknown field `{name}`{inside}: {meant}expected one of {listed}"
            )


# --- query parameters: texts


def parse_count(text: str, name: str, code: str) -> int:
    if not _DIGITS.fullmatch(text) or int(text) > MOST:
        raise _fail_parameter(
            name, code, f"could not parse `{text[:_SHOWN]}` as a positive integer"
        )
    return int(text)


def parse_flag(text: str, name: str, code: str) -> bool:
    if text not in ("true", "false"):
        told = f"could not parse `{text[:_SHOWN]}` as a boolean, expected either `true` or `false`"
        raise _fail_parameter(name, code, told)
    return text == "true"


def parse_part(text: str, name: str, code: str) -> float:
    try:
        return read_part(float(text), name, code)
    except ValueError:
        told = f"could not parse `{text[:_SHOWN]}` as a number"
        raise _fail_parameter(name, code, told) from None


def parse_list(text: str) -> list[str]:
    """The parts between commas."""
    return [one.strip() for one in text.split(",") if one.strip()]


def parse_json(text: str) -> Any:
    """The value if ``text`` is JSON, otherwise the text."""
    try:
        return load_json(text)
    except ValueError:
        return text


def _fail_parameter(name: str, code: str, told: str) -> ProtocolError:
    return ProtocolError(code, f"Invalid value in parameter `{name}`: {told}")
