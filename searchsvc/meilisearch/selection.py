"""Which attributes of a document are returned?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from indexer.deadline import check_deadline
from indexer.own_fields.attributes import matches


def pick(document: dict[str, Any], patterns: Sequence[str]) -> dict[str, Any]:
    """``document`` reduced to the attributes that ``patterns`` name, in its own order.

    >>> pick({"id": 1, "info": {"a": 2, "b": 3}}, ["info.b"])
    {'info': {'b': 3}}
    """
    if "*" in patterns:
        return document
    picked, _ = _pick(document, "", patterns)
    return picked if isinstance(picked, dict) else {}


def _pick(value: Any, path: str, patterns: Sequence[str]) -> tuple[Any, bool]:
    """The selected part of a value, and whether it is non-empty."""
    check_deadline()
    if path and matches(patterns, path):
        return value, True
    if isinstance(value, dict):
        kept = {}
        for key, one in value.items():
            inner, any_left = _pick(one, f"{path}.{key}" if path else key, patterns)
            if any_left:
                kept[key] = inner
        return kept, bool(kept)
    if isinstance(value, list):
        left = [
            inner for inner, any_left in (_pick(one, path, patterns) for one in value) if any_left
        ]
        return left, bool(left)
    return None, False


def restrict(wanted: Iterable[str] | None, displayed: Sequence[str]) -> list[str]:
    """The requested patterns restricted to what may be displayed; ``None`` means all."""
    if wanted is None:
        return list(displayed)
    names = list(wanted)
    if "*" in displayed:
        return names
    if "*" in names:
        return list(displayed)
    kept = [name for name in names if matches(displayed, name)]
    return kept + [one for one in displayed if one not in kept and matches(names, one)]
