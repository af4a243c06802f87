"""The benchmark's commands."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

import click

from bench import goals as judging
from bench.beside import ask_in_turn, read_queries
from bench.corpus import Corpus, prepare_corpus
from bench.engines import OURS, USUAL
from bench.http_load import SHAPES, Load, LoadFailed, run_load
from bench.indexing import IndexingFailed, measure_indexing, write_input
from bench.installing import InstallFailed, measure_install
from bench.measure import EngineResult, Plan, build, check_engines, clear_work, find_index, measure
from bench.places import RESULTS
from bench.summary import percentile
from bench.workload import draw_queries

DEFAULT_SIZES = "10000,47000"
#: Kinds of query that a search box sends.
HTTP_KINDS = ("term", "and", "filtered", "prefix")
HTTP_QUERIES = 500
#: Articles as a site exports them; where fewer are there, all of them.
INPUT_SIZE = 28_857


def read_sizes(_: click.Context, __: click.Parameter, value: str) -> tuple[int, ...]:
    """``10k,47000,1M`` as numbers."""
    sizes = []
    for part in value.split(","):
        text = part.strip().lower()
        factor = {"k": 1000, "m": 1_000_000}.get(text[-1:], 1)
        digits = text.rstrip("km")
        if not digits.isdigit():
            raise click.BadParameter(f"{part!r} is not a number of articles; write 10000 or 10k")
        sizes.append(int(digits) * factor)
    return tuple(sorted(set(sizes)))


def read_engines(_: click.Context, __: click.Parameter, value: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part.strip() for part in value.split(",")))
    problems = check_engines(names)
    if problems:
        raise click.BadParameter("; ".join(f"{name}: {why}" for name, why in problems.items()))
    return names


@click.group()
def main() -> None:
    """Measure this engine beside others: same articles, same stems, same queries, one run."""


@main.command()
@click.option(
    "--sizes",
    default=DEFAULT_SIZES,
    show_default=True,
    callback=read_sizes,
    help="Numbers of articles, separated by commas; 250k and 1M are understood.",
)
@click.option(
    "--engines",
    default=",".join(USUAL),
    show_default=True,
    callback=read_engines,
    help="Engines, separated by commas; also opensearch, where SEARCHSVC_OPENSEARCH names a node.",
)
@click.option("--queries", default=60, show_default=True, help="Queries of each kind.")
@click.option("--rounds", default=3, show_default=True, help="Times each is asked after the first.")
@click.option(
    "--kind-limit",
    default=4.0,
    show_default=True,
    help="Seconds after which an engine gets no more queries of a kind (10 at least).",
)
@click.option(
    "--build-limit",
    default=240.0,
    show_default=True,
    help="Seconds after which an engine stops indexing and is not searched.",
)
@click.option("--reuse", is_flag=True, help="Search indexes that an earlier run built.")
@click.option("--invented", is_flag=True, help="Invented articles even where real ones are there.")
@click.option(
    "--analysis/--no-analysis",
    default=True,
    help="Also index the smallest corpus from articles, analysis included.",
)
@click.option(
    "--output",
    default=RESULTS / "latest",
    type=click.Path(path_type=Path),
    help="Where results go: this name with .json, .txt and .png.",
)
def run(
    sizes: tuple[int, ...],
    engines: tuple[str, ...],
    queries: int,
    rounds: int,
    kind_limit: float,
    build_limit: float,
    reuse: bool,
    invented: bool,
    analysis: bool,
    output: Path,
) -> None:
    """Build, ask, print a table; leave JSON, text and a plot in bench/results/."""
    from bench.report import describe_machine, draw_plot, write_json, write_tables

    plan = Plan(
        sizes=sizes,
        engines=engines,
        queries=queries,
        rounds=rounds,
        kind_limit_s=kind_limit,
        build_limit_s=build_limit,
        reuse=reuse,
        invented=invented,
        analysis=analysis,
    )
    machine = describe_machine()
    click.echo(
        f"{machine['processor']}, {machine['cores']} cores, load {machine['load']}", err=True
    )
    results = measure(plan, lambda line: click.echo(line, err=True))
    text = "\n".join(write_tables(results)).lstrip("\n") + "\n"
    click.echo(text)
    write_json(output.with_suffix(".json"), results, asdict(plan))
    output.with_suffix(".txt").write_text(text)
    draw_plot(output.with_suffix(".png"), results)
    click.echo(f"Written: {output.with_suffix('.json')}, .txt and .png", err=True)


@main.command()
@click.option(
    "--size",
    default="47000",
    show_default=True,
    callback=read_sizes,
    help="Number of articles in the index; built where no run has left one.",
)
@click.option(
    "--shapes",
    default=",".join(SHAPES),
    show_default=True,
    help="What is asked for, separated by commas.",
)
@click.option("--workers", default=2, show_default=True, help="Processes of the service.")
@click.option("--connections", default=8, show_default=True, help="Connections kept busy.")
@click.option("--seconds", default=15, show_default=True, help="Duration of each measurement.")
@click.option("--server-cores", default="", help="Keep the service on these cores, 0,1 for two.")
@click.option("--client-cores", default="", help="Keep the load generator on these cores.")
@click.option(
    "--cache-bytes",
    default=0,
    show_default=True,
    help="The service's memory for answers given before; 0 measures it without.",
)
@click.option("--queries", default=HTTP_QUERIES, show_default=True, help="Different queries.")
@click.option("--invented", is_flag=True, help="Invented articles even where real ones are there.")
def http(
    size: tuple[int, ...],
    shapes: str,
    workers: int,
    connections: int,
    seconds: int,
    server_cores: str,
    client_cores: str,
    cache_bytes: int,
    queries: int,
    invented: bool,
) -> None:
    """Ask the whole service with wrk: requests a second and latencies."""
    wanted = tuple(part.strip() for part in shapes.split(","))
    unknown = [shape for shape in wanted if shape not in SHAPES]
    if unknown or len(size) != 1:
        problem = f"unknown {', '.join(unknown)}" if unknown else "one size at a time"
        raise click.UsageError(f"{problem}; shapes are {', '.join(SHAPES)}")
    load = Load(
        workers=workers,
        connections=connections,
        seconds=seconds,
        server_cores=server_cores,
        client_cores=client_cores,
        cache_bytes=cache_bytes,
    )
    corpus = prepare_corpus(size[0], invented=invented)
    try:
        measured, asked = load_service(corpus, wanted, load, queries)
    except LoadFailed as failure:
        raise click.ClickException(str(failure)) from failure
    click.echo(
        f"{corpus.size:,} {corpus.origin} articles, {workers} workers, {connections} "
        f"connections, {asked} different queries, highlighted hits"
    )
    click.echo(f"{'':<12}{'requests/s':>11}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'failed':>8}")
    for shape, row in measured.items():
        failed = row["refused"] + row["timeouts"] + row["bad_status"]
        click.echo(
            f"{shape:<12}{row['requests_per_second']:>11,.0f}{row['p50_ms']:>9.1f}"
            f"{row['p95_ms']:>9.1f}{row['p99_ms']:>9.1f}{failed:>8}"
        )
    path = RESULTS / "http.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"load": asdict(load), "measured": measured}, indent=1))


@main.command()
@click.argument("queries", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("indexes", nargs=-1, required=True)
@click.option("--shape", default="all facets", show_default=True, type=click.Choice(list(SHAPES)))
@click.option(
    "--most", default=300, show_default=True, help="Queries asked, the first of the file."
)
@click.option("--hits", default=10, show_default=True, help="Hits on a page.")
def beside(queries: Path, indexes: tuple[str, ...], shape: str, most: int, hits: int) -> None:
    """Ask indexes the same QUERIES in turn, one a line: a folder, or an address in OpenSearch; tell
    how long each takes, and how many answers are the first one's.
    """
    asked = read_queries(queries)[:most]
    if not asked:
        raise click.UsageError(f"{queries} has no queries")
    try:
        measured = ask_in_turn(
            indexes, asked, shape, lambda line: click.echo(line, err=True), hits=hits
        )
    except LoadFailed as failure:
        raise click.ClickException(str(failure)) from failure
    click.echo(f"{len(asked)} queries with {shape}, highlighted hits, one at a time")
    click.echo(f"{'p50 ms':>8}{'p95 ms':>8}{'times the first':>17}")
    first = measured[0].each
    for one in measured:
        p50, p95 = percentile(one.each, 50), percentile(one.each, 95)
        ratios = f"{p50 / percentile(first, 50):.1f} / {p95 / percentile(first, 95):.1f}"
        click.echo(f"{p50:>8.1f}{p95:>8.1f}{ratios:>17}  {one.index}")
    for one in measured[1:]:
        same = len(asked) - len(set().union(*one.differing.values()))
        click.echo(f"{same:,} of {len(asked):,} answers of {one.index} are the same")
        for part, unlike in sorted(one.differing.items()):
            click.echo(f"  {part}: {len(unlike)} differ, as for {', '.join(unlike[:5])}")


def load_service(
    corpus: Corpus, shapes: Sequence[str], load: Load, queries: int
) -> tuple[dict[str, dict[str, Any]], int]:
    """What wrk measured for each shape, and how many different queries it asked; the index is built
    where no run has left one. Raises LoadFailed.
    """
    index = find_index(corpus, OURS) or build_index(corpus)
    asked = [query for query in draw_queries(corpus, queries // 4 + 1) if query.kind in HTTP_KINDS]
    return run_load(index, asked, shapes, load, corpus.folder), len(asked)


def build_index(corpus: Corpus) -> Path:
    """Our index of the corpus. Raises ClickException where it cannot be built."""
    plan = Plan(sizes=(corpus.size,), engines=(OURS,), build_limit_s=float("inf"))
    build(EngineResult(OURS), corpus, plan, {}, lambda line: click.echo(line, err=True))
    index = find_index(corpus, OURS)
    if index is None:
        raise click.ClickException("the index could not be built")
    return index


@main.command()
@click.option("--size", default="47k", show_default=True, callback=read_sizes, help="Articles.")
@click.option("--rounds", default=3, show_default=True, help="Runs and searches of each kind.")
@click.option("--seconds", default=8, show_default=True, help="Duration of each load by wrk.")
@click.option("--reuse", is_flag=True, help="Search indexes that an earlier run built.")
@click.option("--engine-only", is_flag=True, help="Neither service, command nor installation.")
@click.option("--invented", is_flag=True, help="Invented articles even where real ones are there.")
def goals(
    size: tuple[int, ...],
    rounds: int,
    seconds: int,
    reuse: bool,
    engine_only: bool,
    invented: bool,
) -> None:
    """Measure everything that has a goal, and print both side by side."""
    if len(size) != 1:
        raise click.UsageError("one size at a time")
    problems = check_engines(judging.ENGINES)
    if problems:
        raise click.ClickException("; ".join(f"{name}: {why}" for name, why in problems.items()))

    def say(line: str) -> None:
        click.echo(line, err=True)

    plan = Plan(
        sizes=size,
        engines=judging.ENGINES,
        rounds=rounds,
        build_limit_s=float("inf"),
        reuse=reuse,
        invented=invented,
        analysis=False,
    )
    (result,) = measure(plan, say)
    judged = list(judging.judge_engines(result))

    def judge_service() -> list[judging.Goal]:
        corpus = prepare_corpus(size[0], invented=invented)
        measured, _ = load_service(corpus, tuple(SHAPES), Load(seconds=seconds), HTTP_QUERIES)
        return list(judging.judge_load(measured))

    def judge_command() -> list[judging.Goal]:
        source, _ = write_input(INPUT_SIZE, invented=invented)
        return [judging.judge_indexing(measure_indexing(source, [2], rounds, "", say)[2])]

    def judge_installation() -> list[judging.Goal]:
        return list(judging.judge_install(measure_install(sys.executable, rounds, say)))

    for judge in () if engine_only else (judge_service, judge_command, judge_installation):
        try:
            judged += judge()
        except (IndexingFailed, InstallFailed, LoadFailed) as failure:
            say(f"Not measured: {failure}")
    for line in judging.write_goals(judged):
        click.echo(line)
    click.echo(f"{sum(one.is_met for one in judged)} of {len(judged)} are met.")


@main.command()
@click.option(
    "--size", default=str(INPUT_SIZE), show_default=True, callback=read_sizes, help="Articles."
)
@click.option("--processes", default="1,2", show_default=True, help="Numbers of processes.")
@click.option("--rounds", default=3, show_default=True, help="Runs with each number.")
@click.option("--cores", default="", help="Keep the command on these cores, 0,1 for two.")
@click.option("--invented", is_flag=True, help="Invented articles even where real ones are there.")
def index(size: tuple[int, ...], processes: str, rounds: int, cores: str, invented: bool) -> None:
    """Time the whole of searchsvc index, from JSONL to a committed index."""
    numbers = [int(part) for part in processes.split(",") if part.strip().isdigit()]
    if len(size) != 1 or not numbers:
        raise click.UsageError("one size at a time, and numbers of processes such as 1,2")
    source, articles = write_input(size[0], invented=invented)
    try:
        measured = measure_indexing(
            source, numbers, rounds, cores, lambda line: click.echo(line, err=True)
        )
    except (IndexingFailed, LoadFailed) as failure:
        raise click.ClickException(str(failure)) from failure
    click.echo(f"{articles:,} articles, median of {rounds} runs each")
    click.echo(f"{'processes':<12}{'seconds':>9}{'articles/s':>12}{'times the first':>17}")
    for number, seconds in measured.items():
        ratio = measured[numbers[0]] / seconds
        click.echo(f"{number:<12}{seconds:>9.1f}{articles / seconds:>12,.0f}{ratio:>17.2f}")


@main.command()
@click.option("--rounds", default=5, show_default=True, help="Searches after the first.")
@click.option("--python", default=sys.executable, help="The Python to install with.")
def install(rounds: int, python: str) -> None:
    """Install into a new environment: how much that is, and how soon the first search is there."""
    try:
        measured = measure_install(python, rounds, lambda line: click.echo(line, err=True))
    except InstallFailed as failure:
        raise click.ClickException(str(failure)) from failure
    click.echo(f"installed in {measured.install_s:.0f} s: {measured.bytes / 1e6:.0f} MB")
    for name, size in measured.largest.items():
        click.echo(f"  {name:<24}{size / 1e6:>6.0f} MB")
    click.echo(f"first search   {measured.first_s:.2f} s")
    click.echo(f"later searches {measured.later_s:.2f} s")
    if measured.as_nobody:
        first, *later = measured.as_nobody
        shown = f"{first:.2f} s, later {median(later or [first]):.2f} s"
        click.echo(f"as a user who may write nothing: first {shown}")


@main.command()
@click.argument("collections", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--indexes",
    required=True,
    type=click.Path(exists=True, path_type=Path),
    help="Folder with their indexes, kept by searchsvc evaluate COLLECTION --index DIR/NAME.",
)
def rerank(collections: tuple[Path, ...], indexes: Path) -> None:
    """Choose what the standing of a query's words weighs in the order of the best hits."""
    from bench.rerank import choose_weights

    for one in choose_weights(collections, indexes):
        click.echo("questions" if one.question else "queries")
        for feature, weight in one.weights.items():
            click.echo(f"  {feature:<18}{weight:8.2f}")
        for name, before in one.before.items():
            after = one.after[name]
            click.echo(
                f"  {name:<18} nDCG@10 {before[0]:.4f} -> {after[0]:.4f}"
                f"  success@1 {before[1]:.4f} -> {after[1]:.4f}"
            )


@main.command()
def clean() -> None:
    """Delete the corpora and indexes that runs left in bench/results/work."""
    clear_work()


if __name__ == "__main__":
    main(prog_name="python -m bench")
