"""Goals: what is met, in which direction, and that nothing unmeasured is judged."""

from __future__ import annotations

import pytest

from bench.goals import Goal, judge_engines, judge_install, judge_load, write_goals
from bench.installing import Installed
from bench.measure import EngineResult, SizeResult, Timings


@pytest.mark.parametrize(
    ("measured", "goal", "aim", "met"),
    [
        (1.3, 1.3, 1.0, True),
        (1.31, 1.3, 1.0, False),
        (0.4, 0.8, 1.2, False),
        (0.8, 0.8, 1.2, True),
        (2.0, 0.8, 1.2, True),
    ],
)
def test_more_is_better_where_the_aim_is_higher(
    measured: float, goal: float, aim: float, met: bool
) -> None:
    assert Goal("x", measured, goal, aim).is_met is met


def make_engine(name: str, ms: float, seconds: float) -> EngineResult:
    built = {"articles": 100, "seconds": seconds, "index_bytes": 10**7, "peak_bytes": 10**8}
    one = EngineResult(name, built, start_s=seconds, memory={"own_bytes": 6 * 10**7})
    one.timings["facets"] = Timings({0: ms}, {0: [ms], 1: [3 * ms]})
    return one


def test_a_run_is_judged_by_ratios_of_what_was_measured() -> None:
    engines = [
        make_engine("searchsvc", 1.0, 4.0),
        make_engine("tantivy", 2.0, 3.0),
        make_engine("service", 3.0, 1.0),
    ]
    judged = {one.what: one for one in judge_engines(SizeResult(100, "invented", engines))}
    assert {what: one.measured for what, one in judged.items()} == {
        "facets, p50 over tantivy's": 0.5,
        "facets, p95 over tantivy's": 0.5,
        "facets, the service over the engine": 3.0,
        "start to first answer, over tantivy's": pytest.approx(4 / 3),
        "size of the index, over tantivy's": 1.0,
        "articles indexed a second, over tantivy's": 0.75,
        "memory of a build above its input, MB": 100,
        "memory of a serving process, its own, MB": 60,
    }
    missed = [what for what, one in judged.items() if not one.is_met]
    assert missed == [
        "facets, the service over the engine",
        "articles indexed a second, over tantivy's",
    ]


def test_what_a_run_lacks_is_not_judged() -> None:
    absent = EngineResult("tantivy", note="not built: a reason")
    assert not list(judge_engines(SizeResult(100, "invented", [absent])))


def test_the_table_says_what_is_missed() -> None:
    load = {"plain": {"requests_per_second": 900.0, "p99_ms": 31.0}}
    installed = Installed(60.0, 180_000_000, first_s=0.7, later_s=0.6, as_nobody=[0.5, 0.9])
    _, *lines = write_goals([*judge_load(load), *judge_install(installed)])
    assert [" ".join(line.split()) for line in lines] == [
        "HTTP, plain, requests/s 900 800 1200",
        "HTTP, plain, p99 in ms 31.00 30.00 20.00 missed",
        "a new environment, MB 180 200 120",
        "first searchsvc search in it, s 0.70 1.00 0.40",
        "later ones, s 0.60 0.50 0.40 missed",
        "the slowest of a user who may write nothing, s 0.90 1.00 0.40",
    ]
