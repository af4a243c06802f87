"""Builds the indexes and asks the queries: what is measured, and in which order."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.corpus import Corpus, load, prepare_corpus, save
from bench.engines import ENGINES, OURS, load_driver
from bench.places import WORK
from bench.process import WorkerFailed, WorkerProcess, forget_files
from bench.workload import KINDS, SAME_TOTAL, BenchQuery, draw_queries

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does. Times in seconds; ``queries`` of each kind."""

    sizes: tuple[int, ...]
    engines: tuple[str, ...]
    queries: int = 60
    rounds: int = 3
    least_queries: int = 10
    kind_limit_s: float = 4.0
    build_limit_s: float = 240.0
    reuse: bool = False
    invented: bool = False
    analysis: bool = True


@dataclass(slots=True)
class Timings:
    """Milliseconds by query number: the first time it was asked, and each time after."""

    cold: dict[int, float] = field(default_factory=dict)
    warm: dict[int, list[float]] = field(default_factory=dict)
    spent_s: float = 0.0


@dataclass(slots=True)
class EngineResult:
    """All about one engine on one corpus. ``note`` says why something is missing."""

    engine: str
    build: dict[str, Any] = field(default_factory=dict)
    start_s: float | None = None
    memory: dict[str, int] = field(default_factory=dict)
    timings: dict[str, Timings] = field(default_factory=dict)
    note: str = ""


@dataclass(slots=True)
class SizeResult:
    """One corpus, every engine. ``differences`` lists answers that disagree, a few of each."""

    size: int
    origin: str
    engines: list[EngineResult]
    analysis: dict[str, dict[str, Any]] = field(default_factory=dict)
    compared: int = 0
    differences: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def measure(plan: Plan, say: Say) -> list[SizeResult]:
    """Everything of the plan, smallest corpus first."""
    results: list[SizeResult] = []
    slow: dict[str, float] = {}
    for size in sorted(plan.sizes):
        started = perf_counter()
        corpus = prepare_corpus(size, invented=plan.invented)
        say(f"{size:,} {corpus.origin} articles ready in {perf_counter() - started:.0f} s")
        results.append(measure_size(corpus, plan, slow, say))
    return results


def measure_size(corpus: Corpus, plan: Plan, slow: dict[str, float], say: Say) -> SizeResult:
    """One corpus: build each index, then ask all engines the same queries in turn."""
    engines = [EngineResult(name) for name in plan.engines]
    result = SizeResult(corpus.size, corpus.origin, engines)
    for one in engines:
        build(one, corpus, plan, slow, say)
    if plan.analysis and OURS in plan.engines and corpus.size == min(plan.sizes):
        result.analysis = measure_analysis(corpus, say)
    queries = draw_queries(corpus, plan.queries)
    path = corpus.folder / "queries.pickle"
    save(path, queries)
    ready = [one for one in engines if find_index(corpus, one.engine) is not None]
    for one in ready:
        one.start_s = measure_start(corpus, one.engine, path, queries)
    ask_all(result, ready, corpus, path, queries, plan, say)
    return result


def index_folder(corpus: Corpus, engine: str) -> Path:
    return corpus.folder / "indexes" / engine


def find_index(corpus: Corpus, engine: str) -> Path | None:
    """The finished index that the engine searches, ``None`` where there is none."""
    folder = index_folder(corpus, load_index_owner(engine))
    return folder if folder.with_suffix(".built").exists() else None


def load_index_owner(engine: str) -> str:
    return OURS if engine == "service" else engine


# --- building


def build(one: EngineResult, corpus: Corpus, plan: Plan, slow: dict[str, float], say: Say) -> None:
    """Build the engine's index, unless it is another's or may be reused."""
    if load_index_owner(one.engine) != one.engine:
        return
    folder = index_folder(corpus, one.engine)
    built = folder.with_suffix(".built")
    if plan.reuse and built.exists():
        one.build = load(built)
        one.note = "index of an earlier run"
        say(f"  {one.engine}: uses the index of an earlier run")
        return
    built.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    rate = slow.get(one.engine)
    if rate is not None and corpus.size / rate > plan.build_limit_s:
        one.note = (
            f"not built: at {rate:,.0f} articles/s (the smaller corpus) it would pass the limit "
            f"of {plan.build_limit_s:.0f} s"
        )
        say(f"  {one.engine}: {one.note}")
        return
    folder.mkdir(parents=True)
    try:
        with WorkerProcess(one.engine) as worker:
            one.build = worker.ask(
                do="build",
                corpus=str(corpus.folder),
                index=str(folder),
                limit_s=plan.build_limit_s,
            )
    except WorkerFailed as failure:
        one.note = f"build failed: {failure}"
        say(f"  {one.note}")
        return
    rate = slow[one.engine] = one.build["articles"] / one.build["seconds"]
    if one.build["complete"]:
        save(built, one.build)
        say(f"  {one.engine}: {rate:,.0f} articles/s")
    else:
        one.note = (
            f"not searched: stopped after {one.build['articles']:,} articles in "
            f"{one.build['seconds']:.0f} s, the limit"
        )
        say(f"  {one.engine}: {one.note}")
        shutil.rmtree(folder)


def measure_analysis(corpus: Corpus, say: Say) -> dict[str, dict[str, Any]]:
    """Our engine from articles, analysis included, with a new analyser and with a used one."""
    answers = {}
    for name in ("cold", "warm"):
        folder = index_folder(corpus, "analysis")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with WorkerProcess(OURS) as worker:
            answers[name] = worker.ask(
                do="analyse", corpus=str(corpus.folder), index=str(folder), warm=name == "warm"
            )
        shutil.rmtree(folder)
        rate = answers[name]["articles"] / answers[name]["seconds"]
        say(f"  {OURS} with analysis, {name} stems: {rate:,.0f} articles/s")
    return answers


# --- asking


def measure_start(
    corpus: Corpus, engine: str, path: Path, queries: Sequence[BenchQuery]
) -> float | None:
    """Seconds from the start of a process to its first answer, files not in the page cache."""
    folder = find_index(corpus, engine)
    first = next((n for n, query in enumerate(queries) if query.kind == "facets"), len(queries) - 1)
    if folder is None:
        return None
    forget_files(folder)
    with WorkerProcess(engine) as worker:
        worker.ask(do="open", index=str(folder), queries=str(path))
        worker.ask(do="search", query=first)
        return perf_counter() - worker.started


def ask_all(
    result: SizeResult,
    ready: Sequence[EngineResult],
    corpus: Corpus,
    path: Path,
    queries: Sequence[BenchQuery],
    plan: Plan,
    say: Say,
) -> None:
    """Ask every query of every engine before the next query, each engine in its own process."""
    with ExitStack() as stack:
        workers: dict[str, WorkerProcess] = {}
        for one in ready:
            folder = find_index(corpus, one.engine)
            assert folder is not None
            forget_files(folder)
            workers[one.engine] = stack.enter_context(WorkerProcess(one.engine))
            workers[one.engine].ask(do="open", index=str(folder), queries=str(path))
        for kind in KINDS:
            numbers = [number for number, query in enumerate(queries) if query.kind == kind]
            able = [one for one in ready if kind not in load_lacks(one.engine)]
            ask_kind(result, able, workers, kind, numbers, plan)
        for one in ready:
            one.memory = workers[one.engine].ask(do="memory")
    say(
        f"  {len(queries)} queries asked; {result.compared:,} answers compared, "
        f"{len(result.differences)} differ"
    )


def load_lacks(engine: str) -> frozenset[str]:
    return load_driver(engine).lacks


def ask_kind(
    result: SizeResult,
    able: Sequence[EngineResult],
    workers: dict[str, WorkerProcess],
    kind: str,
    numbers: Sequence[int],
    plan: Plan,
) -> None:
    """All queries of one kind: once each in turn, then in rounds, each engine its own run.

    The first time, every engine answers a query before the next is asked. In a round an engine
    answers all of them one after another, as a busy service would; the engines take turns, so that
    whatever else the machine does falls on all of them. Slow engines get fewer queries.
    """
    for one in able:
        one.timings[kind] = Timings()
    for place, number in enumerate(numbers):
        answers: dict[str, dict[str, Any]] = {}
        for one in able:
            timings = one.timings[kind]
            if place < plan.least_queries or timings.spent_s < plan.kind_limit_s / 2:
                answers[one.engine] = workers[one.engine].ask(do="search", query=number)
                timings.cold[number] = answers[one.engine]["ms"]
                timings.spent_s += answers[one.engine]["ms"] / 1000
        compare(result, kind, number, answers)
    for round_number in range(plan.rounds):
        for one in able:
            timings = one.timings[kind]
            left = plan.kind_limit_s - timings.spent_s
            if round_number and left <= 0:
                continue
            asked = list(timings.cold)
            limit = max(left, 0.0) if round_number else float("inf")
            times = workers[one.engine].ask(do="repeat", queries=asked, limit_s=limit)["ms"]
            for number, spent in zip(asked, times, strict=False):
                timings.warm.setdefault(number, []).append(spent)
            timings.spent_s += sum(times) / 1000


def compare(result: SizeResult, kind: str, number: int, answers: dict[str, dict[str, Any]]) -> None:
    """Note where an engine's total or counts are not those of our engine."""
    ours = answers.get(OURS)
    if ours is None or kind not in SAME_TOTAL:
        return
    for engine, theirs in answers.items():
        if engine in (OURS, "service"):
            continue
        result.compared += 1
        if theirs["total"] != ours["total"] or theirs["facets"] != ours["facets"]:
            result.differences.append(
                f"{kind} {number}: {engine} {theirs['total']} {theirs['facets']}, "
                f"{OURS} {ours['total']} {ours['facets']}"
            )


def check_engines(names: Sequence[str]) -> dict[str, str]:
    """Engines that cannot be loaded, with the reason."""
    missing = {}
    for name in names:
        if name not in ENGINES:
            missing[name] = f"unknown; known are {', '.join(ENGINES)}"
            continue
        try:
            load_driver(name)
        except ImportError as error:
            missing[name] = str(error)
            if isinstance(error, ModuleNotFoundError):
                missing[name] += "; install the peers with: pip install -e '.[bench]'"
    return missing


def clear_work() -> None:
    """Delete corpora and indexes."""
    shutil.rmtree(WORK, ignore_errors=True)
