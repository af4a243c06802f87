"""What is at a path in a nested record? ``content.rendered``, ``links[rel=alternate].href``.

A step is a key, matched as :func:`fold_key` does; lists along the path are traversed, and
``[key=value]`` keeps the objects that satisfy it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

_PUNCTUATION: Final = re.compile(r"[\W_]+")
_STEP: Final = re.compile(r"(?P<key>[^.\[\]]+)(?:\[(?P<name>[^=\]]+)=(?P<value>[^\]]*)\])?")
#: Maximum number of list items examined: no post has more authors, terms or pictures.
_MOST_ITEMS: Final = 1_000


def fold_key(key: str) -> str:
    """``key`` without case, spaces and punctuation.

    >>> fold_key("Published At"), fold_key("_id")
    ('publishedat', 'id')
    """
    return _PUNCTUATION.sub("", key).casefold()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path; ``name`` and ``value`` are its condition, or empty."""

    key: str
    name: str = ""
    value: str = ""


def parse_path(text: str) -> tuple[Step, ...]:
    """The steps of a path as written in tables and on the command line.

    >>> [step.key for step in parse_path("title.rendered")]
    ['title', 'rendered']
    """
    return tuple(
        Step(fold_key(match["key"]), match["name"] or "", match["value"] or "")
        for match in _STEP.finditer(text)
    )


def follow(value: Any, steps: Sequence[Step]) -> Any:
    """The value at the end of ``steps``: ``None`` if there is none, a list if there are several."""
    found = list(_follow(value, steps))
    if len(found) <= 1:
        return found[0] if found else None
    return found


def _follow(value: Any, steps: Sequence[Step]) -> Iterator[Any]:
    if isinstance(value, list) and steps:
        for item in value[:_MOST_ITEMS]:
            yield from _follow(item, steps)
        return
    if not steps:
        if value is not None and value != "":
            yield value
        return
    if not isinstance(value, Mapping):
        return
    step = steps[0]
    inner = value.get(step.key)
    if inner is None:
        inner = next((value[key] for key in value if fold_key(str(key)) == step.key), None)
    if inner is not None:
        yield from _follow(_keep_matching(inner, step) if step.name else inner, steps[1:])


def _keep_matching(value: Any, step: Step) -> list[Any]:
    """The objects in ``value``, in lists nested to any depth, that satisfy the condition."""
    if isinstance(value, list):
        return [found for item in value[:_MOST_ITEMS] for found in _keep_matching(item, step)]
    if isinstance(value, Mapping):
        # XML attributes are stored with an @.
        given = value.get(step.name, value.get(f"@{step.name}"))
        if isinstance(given, list):
            return [value] if step.value in map(str, given) else []
        return [value] if str(given if given is not None else "") == step.value else []
    return []
