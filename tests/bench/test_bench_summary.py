"""The benchmark's figures: percentiles, ratios on shared queries, tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.measure import EngineResult, SizeResult, Timings, compare
from bench.report import write_json, write_tables
from bench.summary import percentile, summarise


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([5], 50, 5),
        ([1, 3], 50, 2),
        ([3, 1, 2], 50, 2),
        ([1, 2, 3, 4, 5], 95, 4.8),
        ([1, 2], 100, 2),
        ([2, 1], 0, 1),
    ],
)
def test_percentile(values: list[float], percent: float, expected: float) -> None:
    assert percentile(values, percent) == pytest.approx(expected)


@pytest.fixture
def result() -> SizeResult:
    """Our engine answered two queries, a slow one the first of them only."""
    ours = EngineResult("searchsvc", {"articles": 100, "seconds": 2.0, "index_bytes": 5_000_000})
    ours.timings["or"] = Timings({0: 9.0, 1: 9.0}, {0: [1.0, 3.0], 1: [50.0]})
    slow = EngineResult("whoosh", {"articles": 100, "seconds": 50.0})
    slow.timings["or"] = Timings({0: 30.0}, {0: [20.0]})
    absent = EngineResult("tantivy", note="not built: a reason")
    return SizeResult(100, "invented", [ours, slow, absent], compared=3, differences=["or 1: x"])


def test_ratio_is_over_the_queries_both_answered(result: SizeResult) -> None:
    first, second = summarise(result)
    assert (first.engine, first.queries, first.p50, first.ratio) == ("searchsvc", 2, 26.0, 1.0)
    assert (second.engine, second.queries, second.p50, second.ratio) == ("whoosh", 1, 20.0, 10.0)
    assert second.cold_p50 == 30.0


def test_tables_say_what_is_missing_and_what_differs(result: SizeResult) -> None:
    text = "\n".join(write_tables([result]))
    assert "100 articles (invented)" in text
    assert "not built: a reason" in text
    assert "1 differ" in text
    assert "or 1: x" in text


def test_json_keeps_every_time(result: SizeResult, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "latest.json"
    write_json(path, [result], {"sizes": [100]})
    content = json.loads(path.read_text())
    assert content["results"][0]["engines"][0]["timings"]["or"]["warm"] == {
        "0": [1.0, 3.0],
        "1": [50.0],
    }


@pytest.mark.parametrize(
    ("kind", "total", "expected"), [("or", 5, 0), ("or", 6, 1), ("prefix", 6, 0)]
)
def test_answers_that_differ_are_noted(kind: str, total: int, expected: int) -> None:
    result = SizeResult(1, "invented", [])
    answers = {
        "searchsvc": {"total": 5, "facets": {}},
        "tantivy": {"total": total, "facets": {}},
    }
    compare(result, kind, 0, answers)
    assert len(result.differences) == expected
