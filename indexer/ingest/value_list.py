"""How does a list that was written into one text become a list again?

Understands lists printed by Python and numpy, JSON, PostgreSQL arrays and PHP serialisation.
"""

from __future__ import annotations

import ast
import re
from typing import Any, Final

#: Maximum length of a printed list, in characters, and of its nesting depth.
_LONGEST: Final = 2_000_000
_LONGEST_LITERAL: Final = 100_000
_DEEPEST: Final = 40
_QUOTED: Final = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"", re.DOTALL)
_ADJACENT: Final = re.compile(r"['\"]\s+['\"]")
_PHP: Final = re.compile(r"a:\d{1,6}:\{.*\}", re.DOTALL)
_PHP_TEXT: Final = re.compile(r"s:\d{1,6}:\"([^\"]*)\";")


def parse_list(text: str) -> Any:
    """The list or object that ``text`` represents, or ``text`` itself if it represents none.

    >>> parse_list("['banjir', 'desa']"), parse_list("[1] lihat"), parse_list('{banjir,"dua desa"}')
    (['banjir', 'desa'], '[1] lihat', ['banjir', 'dua desa'])
    """
    stripped = text.strip()
    ends = stripped[:1] + stripped[-1:]
    if ends not in ("[]", "{}", "()", "a}") or len(stripped) > _LONGEST:
        return text
    if ends == "a}":
        return _PHP_TEXT.findall(stripped) if _PHP.fullmatch(stripped) else text
    if ends == "[]" and stripped[1:2] in ("'", '"') and _ADJACENT.search(stripped):
        # numpy prints no commas between elements.
        return [one or two for one, two in _QUOTED.findall(stripped[1:-1])]
    import orjson  # imported here: command parameters are read by this module as well

    try:
        found = orjson.loads(stripped)
    except orjson.JSONDecodeError:
        found = _parse_literal(stripped)
    if isinstance(found, tuple | set):
        found = sorted(found, key=str) if isinstance(found, set) else list(found)
    if isinstance(found, list | dict):
        return found
    if ends == "{}" and ":" not in stripped:
        return [one.strip().strip('"') for one in stripped[1:-1].split(",")]
    return text


def _parse_literal(text: str) -> Any:
    opened = text.count("[") + text.count("{") + text.count("(")
    if len(text) > _LONGEST_LITERAL or opened > _DEEPEST * 50 or _is_deep(text):
        return None
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
        return None


def _is_deep(text: str) -> bool:
    depth = deepest = 0
    for char in text:
        if char in "[{(":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]})":
            depth -= 1
    return deepest > _DEEPEST or text.count("-") > 1_000
