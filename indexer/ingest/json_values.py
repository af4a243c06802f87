"""How is JSON parsed without rounding long numbers, and what is wrong with text that is not JSON?

orjson reads whole numbers beyond 64 bits as floats, which makes different ids equal.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

import orjson

#: A whole number that may be beyond 64 bits. Only values follow these characters, or text in
#: strings, which costs a second parse and changes nothing.
_LONG_NUMBER: Final = re.compile(rb"(?:^|[\[:,\s])-?\d{19}")
#: With all digits alike, a row of them is found twenty times as fast.
_DIGITS_AS_ZEROS: Final = bytes.maketrans(b"123456789", b"0" * 9)
_LONG_ZEROS: Final = b"0" * 19
#: Whole numbers of up to this many digits are always within 64 bits.
_SURE_DIGITS: Final = 18
#: Whole numbers with more characters than this, the sign included, never are.
_MOST_CHARACTERS: Final = 20


def read_whole_number(digits: str) -> int | str:
    """A whole number of JSON; beyond 64 bits its digits, as text.

    >>> read_whole_number("-7"), read_whole_number("123456789012345678901")
    (-7, '123456789012345678901')
    """
    if len(digits) <= _SURE_DIGITS:
        return int(digits)
    if len(digits) > _MOST_CHARACTERS:
        return digits
    number = int(digits)
    return number if -(2**63) <= number < 2**64 else digits


_EXACT: Final = json.JSONDecoder(parse_int=read_whole_number)


def load_json(content: bytes) -> Any:
    """The value of ``content``, with whole numbers beyond 64 bits as texts of their digits. Raises
    orjson.JSONDecodeError.

    >>> load_json(b'{"id": 123456789012345678901}')
    {'id': '123456789012345678901'}
    """
    value = orjson.loads(content)
    if not _may_round(content):
        return value
    try:
        return _EXACT.decode(content.decode())
    except RecursionError as error:
        raise orjson.JSONDecodeError("nested too deeply", "", 0) from error


def _may_round(content: bytes) -> bool:
    """Whether a value of ``content`` may be a whole number beyond 64 bits."""
    return (
        _LONG_ZEROS in content.translate(_DIGITS_AS_ZEROS)
        and _LONG_NUMBER.search(content) is not None
    )


def explain_json(content: bytes, error: ValueError) -> str:
    """Why ``content`` could not be parsed, given the parser's error."""
    return explain_bytes(content) or f"it is not JSON: {error}"


def explain_bytes(content: bytes) -> str:
    """Why ``content`` is not UTF-8; empty if it is.

    >>> explain_bytes(b'"caf\\xe9"')
    'the body is not UTF-8 (byte 0xE9 at 4); send it as UTF-8'
    """
    try:
        content.decode()
    except UnicodeDecodeError as wrong:
        byte = content[wrong.start]
        return f"the body is not UTF-8 (byte 0x{byte:02X} at {wrong.start}); send it as UTF-8"
    return ""
