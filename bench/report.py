"""What a run prints and leaves behind: tables, a JSON file, a plot."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bench.engines import OURS
from bench.measure import EngineResult, SizeResult
from bench.summary import Row, summarise
from bench.workload import KINDS

MEGABYTE = 1_000_000
PACKAGES = ("searchsvc", "tantivy", "Whoosh", "bm25s", "numpy")


def describe_machine() -> dict[str, Any]:
    """What the figures depend on."""
    import sqlite3

    versions = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "date": datetime.now().astimezone().isoformat(timespec="seconds"),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": read_processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None,
        "load": round(os.getloadavg()[0], 2),
        "versions": versions,
    }


def read_processor() -> str:
    path = Path("/proc/cpuinfo")
    if path.exists():
        for line in path.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()


def write_tables(results: Sequence[SizeResult]) -> Iterator[str]:
    """Lines of text for people."""
    for result in results:
        yield ""
        yield f"## {result.size:,} articles ({result.origin})"
        yield ""
        yield from write_builds(result)
        yield ""
        yield from write_queries(result)
        yield ""
        yield (
            f"{result.compared:,} answers of peers compared with {OURS}'s: "
            f"{len(result.differences)} differ in total or counts."
        )
        yield from (f"  {line}" for line in result.differences[:5])


def write_builds(result: SizeResult) -> Iterator[str]:
    yield (
        f"{'engine':<26}{'articles/s':>11}{'index MB':>10}{'build MB over input':>21}"
        f"{'start s':>9}{'serving MB':>12}{'of its own':>12}"
    )
    for one in result.engines:
        if not one.build and one.note:
            yield f"{one.engine:<26}{one.note}"
            continue
        rate = one.build["articles"] / one.build["seconds"] if one.build else None
        yield (
            f"{one.engine:<26}{show(rate, ',.0f'):>11}"
            f"{show_megabytes(one.build.get('index_bytes')):>10}"
            f"{show_megabytes(one.build.get('peak_bytes')):>21}{show(one.start_s, '.2f'):>9}"
            f"{show_megabytes(one.memory.get('resident_bytes')):>12}"
            f"{show_megabytes(one.memory.get('own_bytes')):>12}"
            f"{'  ' + one.note if one.note else ''}"
        )
    for name, built in result.analysis.items():
        rate = built["articles"] / built["seconds"]
        yield f"{OURS + ' + analysis, ' + name:<26}{rate:>11,.0f}"


def write_queries(result: SizeResult) -> Iterator[str]:
    yield (
        f"{'kind':<11}{'engine':<11}{'queries':>8}{'p50 ms':>10}{'p95 ms':>10}"
        f"{'first p50':>11}{'first p95':>11}{'p50 / ours':>12}"
    )
    previous = ""
    for row in summarise(result):
        yield (
            f"{row.kind if row.kind != previous else '':<11}{row.engine:<11}{row.queries:>8}"
            f"{row.p50:>10.3f}{row.p95:>10.3f}{row.cold_p50:>11.3f}{row.cold_p95:>11.3f}"
            f"{show(row.ratio, '.1f'):>12}"
        )
        previous = row.kind


def show(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


def show_megabytes(value: int | None) -> str:
    if value is None:
        return "-"
    return "< 1" if value < MEGABYTE else f"{value / MEGABYTE:,.0f}"


def write_json(path: Path, results: Sequence[SizeResult], plan: dict[str, Any]) -> None:
    """Everything, down to each query's times."""
    content = {
        "machine": describe_machine(),
        "plan": plan,
        "kinds": KINDS,
        "summary": {result.size: [asdict(row) for row in summarise(result)] for result in results},
        "results": [result.to_dict() for result in results],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1))


def draw_plot(path: Path, results: Sequence[SizeResult]) -> None:
    """Medians as bars, the 95th percentile as a line above, one panel for each corpus."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(
        len(results), 1, figsize=(12, 4.2 * len(results)), squeeze=False, layout="constrained"
    )
    for panel, result in zip(panels[:, 0], results, strict=True):
        rows = summarise(result)
        engines = [one for one in result.engines if one.timings]
        for number, one in enumerate(engines):
            draw_engine(
                panel,
                rows,
                one,
                (number - (len(engines) - 1) / 2) * 0.8 / len(engines),
                0.8 / len(engines),
            )
        panel.set_yscale("log")
        panel.set_ylabel("ms (log)")
        panel.set_xticks(range(len(KINDS)), list(KINDS))
        panel.set_title(
            f"{result.size:,} {result.origin} articles: median, line to 95th percentile"
        )
        panel.grid(axis="y", alpha=0.3)
        panel.legend(ncols=len(engines), fontsize=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=130)
    pyplot.close(figure)


def draw_engine(
    panel: Any, rows: Sequence[Row], one: EngineResult, shift: float, width: float
) -> None:
    own = {row.kind: row for row in rows if row.engine == one.engine}
    places = [place + shift for place, kind in enumerate(KINDS) if kind in own]
    medians = [own[kind].p50 for kind in KINDS if kind in own]
    above = [max(0.0, own[kind].p95 - own[kind].p50) for kind in KINDS if kind in own]
    panel.bar(
        places, medians, width, label=one.engine, yerr=[[0.0] * len(above), above], ecolor="#555"
    )
