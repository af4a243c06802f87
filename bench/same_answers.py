"""In what do two indexes' answers to one query differ?"""

from __future__ import annotations

from math import isclose
from typing import Any, Final

#: What tells how an answer came about.
_ASIDE: Final = frozenset({"took_ms", "generation", "query_id"})
#: Engines add up in other orders, not all with 64 bits: the last of four decimals may differ by 1.
_PRECISION: Final = 1.01e-4


def find_differences(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
    """The parts of the answers, as they are called in the JSON, that are not the same; ``order`` if
    the hits are not the same articles in the same order.
    """
    differ = {
        name
        for name in (one.keys() | other.keys()) - _ASIDE
        if not _agree(one.get(name), other.get(name))
    }
    if "hits" in differ and _list_ids(one) != _list_ids(other):
        differ = differ - {"hits"} | {"order"}
    return differ


def _list_ids(answer: dict[str, Any]) -> list[str]:
    return [hit["id"] for hit in answer["hits"]]


def _agree(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_agree(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_agree, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=0, abs_tol=_PRECISION)
    return bool(one == other)
