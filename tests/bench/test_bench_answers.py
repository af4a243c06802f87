"""When two indexes answer a query alike."""

from __future__ import annotations

from typing import Any

import pytest

from bench.same_answers import find_differences

ANSWER: dict[str, Any] = {
    "total": 2,
    "took_ms": 1.5,
    "notes": [],
    "hits": [{"id": "a", "score": 2.0}, {"id": "b", "score": 1.0}],
}


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        ({"took_ms": 9.0}, set()),
        ({"hits": [{"id": "a", "score": 2.0001}, {"id": "b", "score": 1.0}]}, set()),
        ({"hits": [{"id": "a", "score": 2.1}, {"id": "b", "score": 1.0}]}, {"hits"}),
        ({"hits": ANSWER["hits"][::-1]}, {"order"}),
        ({"total": 3, "notes": ["a"]}, {"total", "notes"}),
        ({"did_you_mean": "a"}, {"did_you_mean"}),
    ],
)
def test_parts_that_differ_are_named(change: dict[str, Any], parts: set[str]) -> None:
    assert find_differences(ANSWER, ANSWER | change) == parts
    assert find_differences(ANSWER | change, ANSWER) == parts
