"""Which attributes of arbitrary records does a program filter and search by, named at run time?

Read from a file beside the index, written by the program that adds the records::

    {"columns": ["genre", "rating*"], "searchable": ["*"]}

Unlike the fields that a site declares (:mod:`indexer.own_fields.declaration`), an attribute has no
type: it is whatever each record holds, unconverted. An attribute is a path of keys joined by dots;
a name includes everything below it, and ``*`` matches any characters.

Each attribute has two columns of an engine: the texts of all its values as labels, and its number
if it has a single one. Whatever else a filter may ask is kept as labels too: which attributes a
record has, which are null, which are empty, and the numbers if there are several.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from indexer.deadline import check_deadline
from indexer.schema import OWN_LABEL, OWN_NUMBER

ATTRIBUTES_FILE: Final = "attributes.json"
#: Label columns that hold attribute names: all that a record has at its top level; and, of those
#: that are kept, the ones it has, those that are null and those that are empty. No attribute's own
#: column begins with two colons.
KEYS: Final = f"{OWN_LABEL}:keys"
EXISTS: Final = f"{OWN_LABEL}:exists"
IS_NULL: Final = f"{OWN_LABEL}:null"
IS_EMPTY: Final = f"{OWN_LABEL}:empty"
_SEVERAL: Final = f"{OWN_LABEL}:several:"
EVERYTHING: Final = ("*",)


@dataclass(frozen=True, slots=True)
class Attributes:
    """``columns``: patterns of the attributes kept in columns; ``searchable``: patterns of those
    whose text is searched.
    """

    columns: tuple[str, ...] = ()
    searchable: tuple[str, ...] = EVERYTHING

    @property
    def makings(self) -> list[str]:
        """The parts of it that the index holds; see :attr:`.declaration.OwnField.makings`."""
        return [f"attribute {pattern}" for pattern in self.columns] + [
            f"searchable {' '.join(self.searchable)}"
        ]


def read_attributes(data: Any) -> Attributes:
    """Parse the attributes from the file's JSON. Raises ValueError."""
    if not isinstance(data, dict):
        raise ValueError("it is no object")
    for key in ("columns", "searchable"):
        names = data.get(key, [])
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise ValueError(f"its {key} is no list of texts")
    return Attributes(tuple(data.get("columns", ())), tuple(data.get("searchable", EVERYTHING)))


def matches(patterns: Iterable[str], path: str) -> bool:
    """Whether any of ``patterns`` names the attribute or an ancestor of it.

    >>> matches(["info", "rat*"], "info.comment"), matches(["info.comment"], "info")
    (True, False)
    """
    return any(_matches(pattern, path) for pattern in patterns)


def _matches(pattern: str, path: str) -> bool:
    if "*" in pattern:
        return _compile(pattern).fullmatch(path) is not None
    return path == pattern or path.startswith(f"{pattern}.")


@lru_cache(1_000)
def _compile(pattern: str) -> re.Pattern[str]:
    # A request may have thousands of patterns, each of which takes long to compile.
    check_deadline()
    told = re.escape(pattern).replace(r"\*", ".*")
    return re.compile(rf"{told}(?:\..*)?", re.DOTALL)


def name_labels(path: str) -> str:
    """The column for an attribute's values as texts."""
    return f"{OWN_LABEL}:{path}" if path.startswith(":") else f"{OWN_LABEL}{path}"


def name_number(path: str) -> str:
    """The column for an attribute's number, if a record has a single one."""
    return f"{OWN_NUMBER}{path}"


def name_several(path: str) -> str:
    """The column for an attribute's numbers as labels, if a record has several."""
    return f"{_SEVERAL}{path}"
