"""Which goals are met? What was measured beside what a user is to get, ratios to tantivy first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bench.engines import OURS
from bench.installing import Installed
from bench.measure import EngineResult, SizeResult
from bench.summary import summarise

#: The engine that ours is measured by, and our engine below the whole search path.
PEER = "tantivy"
SERVICE = "service"
#: What a run must have measured for :func:`judge_engines`.
ENGINES = (OURS, PEER, SERVICE)

#: Kinds of query whose time over the peer's is to be low: goal and aim.
_OVER_PEER = {
    **dict.fromkeys(("term", "and", "or", "filtered", "phrase", "deep", "snippets"), (1.3, 1.0)),
    **dict.fromkeys(("facets", "histogram", "prefix"), (0.8, 0.5)),
}
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Goal:
    """``measured`` is to be at most ``goal``, at best ``aim``; at least, if the aim is higher."""

    what: str
    measured: float
    goal: float
    aim: float

    @property
    def is_met(self) -> bool:
        if self.aim > self.goal:
            return self.measured >= self.goal
        return self.measured <= self.goal


def judge_engines(result: SizeResult) -> Iterator[Goal]:
    """The goals of the engine, from a run with :data:`ENGINES`; those that were not measured are
    left out.
    """
    rows = {(row.kind, row.engine): row for row in summarise(result)}
    for kind, (goal, aim) in _OVER_PEER.items():
        ours, peer = rows.get((kind, OURS)), rows.get((kind, PEER))
        if ours and peer:
            yield Goal(f"{kind}, p50 over {PEER}'s", ours.p50 / peer.p50, goal, aim)
            yield Goal(f"{kind}, p95 over {PEER}'s", ours.p95 / peer.p95, goal, aim)
    ours, whole = rows.get(("facets", OURS)), rows.get(("facets", SERVICE))
    if ours and whole:
        yield Goal("facets, the service over the engine", whole.p50 / ours.p50, 2.0, 1.5)
    engines = {one.engine: one for one in result.engines}
    if OURS in engines and PEER in engines:
        yield from _judge_builds(engines[OURS], engines[PEER])
    if SERVICE in engines and "own_bytes" in engines[SERVICE].memory:
        own = engines[SERVICE].memory["own_bytes"] / _MEGABYTE
        yield Goal("memory of a serving process, its own, MB", own, 80, 50)


def _judge_builds(ours: EngineResult, peer: EngineResult) -> Iterator[Goal]:
    if ours.start_s and peer.start_s:
        over = ours.start_s / peer.start_s
        yield Goal(f"start to first answer, over {PEER}'s", over, 1.5, 1.0)
    if ours.build and peer.build:
        size = ours.build["index_bytes"] / peer.build["index_bytes"]
        yield Goal(f"size of the index, over {PEER}'s", size, 1.6, 1.2)
        ours_s, peer_s = (one.build["seconds"] / one.build["articles"] for one in (ours, peer))
        yield Goal(f"articles indexed a second, over {PEER}'s", peer_s / ours_s, 0.8, 1.2)
        peak = ours.build["peak_bytes"] / _MEGABYTE
        yield Goal("memory of a build above its input, MB", peak, 400, 200)


def judge_load(measured: Mapping[str, Mapping[str, Any]]) -> Iterator[Goal]:
    """The goals of the service, from what wrk measured for each shape of request."""
    for shape, row in measured.items():
        name = f"HTTP, {shape}"
        yield Goal(f"{name}, requests/s", row["requests_per_second"], 800, 1200)
        yield Goal(f"{name}, p99 in ms", row["p99_ms"], 30, 20)


def judge_indexing(seconds: float) -> Goal:
    """The goal of ``searchsvc index`` in two processes."""
    return Goal("searchsvc index, two processes, s", seconds, 15, 8)


def judge_install(measured: Installed) -> Iterator[Goal]:
    yield Goal("a new environment, MB", measured.bytes / _MEGABYTE, 200, 120)
    yield Goal("first searchsvc search in it, s", measured.first_s, 1.0, 0.4)
    yield Goal("later ones, s", measured.later_s, 0.5, 0.4)
    if measured.as_nobody:
        worst = max(measured.as_nobody)
        yield Goal("the slowest of a user who may write nothing, s", worst, 1.0, 0.4)


def write_goals(goals: Iterable[Goal]) -> Iterator[str]:
    """Lines of a table for people."""
    yield f"{'':<52}{'measured':>10}{'goal':>8}{'aim':>8}"
    for one in goals:
        figures = "".join(
            f"{value:>{width}.{0 if one.goal >= 100 else 2}f}"
            for value, width in ((one.measured, 10), (one.goal, 8), (one.aim, 8))
        )
        yield f"{one.what:<52}{figures}{'' if one.is_met else '  missed'}"
