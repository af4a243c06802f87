"""Figures out of timings: medians, 95th percentiles, ratios to our engine on the same queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.engines import OURS
from bench.measure import EngineResult, SizeResult, Timings
from bench.workload import KINDS


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of query on one engine, in milliseconds.

    ``ratio``: this engine's median over ours, on the queries both answered; ``None`` without ours.
    """

    kind: str
    engine: str
    queries: int
    p50: float
    p95: float
    cold_p50: float
    cold_p95: float
    ratio: float | None


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which ``percent`` of them lie, by linear interpolation."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def summarise(result: SizeResult) -> list[Row]:
    """A row for each kind and engine that answered it, kinds in their order."""
    rows = []
    ours = next((one for one in result.engines if one.engine == OURS), None)
    for kind in KINDS:
        for one in result.engines:
            timings = one.timings.get(kind)
            if timings is not None and timings.warm:
                rows.append(summarise_kind(kind, one, timings, ours))
    return rows


def summarise_kind(
    kind: str, one: EngineResult, timings: Timings, ours: EngineResult | None
) -> Row:
    warm = list_warm(timings, timings.warm)
    cold = list(timings.cold.values())
    ratio = None
    if ours is not None and kind in ours.timings:
        shared = timings.warm.keys() & ours.timings[kind].warm.keys()
        if shared:
            own = percentile(list_warm(timings, shared), 50)
            ratio = own / percentile(list_warm(ours.timings[kind], shared), 50)
    return Row(
        kind,
        one.engine,
        len(timings.warm),
        percentile(warm, 50),
        percentile(warm, 95),
        percentile(cold, 50),
        percentile(cold, 95),
        ratio,
    )


def list_warm(timings: Timings, numbers: Iterable[int]) -> list[float]:
    """Each query's median time, so that one asked more often weighs no more."""
    return [percentile(timings.warm[number], 50) for number in numbers]
