"""The benchmark's commands."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from bench.engines import ENGINES
from bench.measure import Plan, check_engines, clear_work, measure
from bench.places import RESULTS

DEFAULT_SIZES = "10000,47000"


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
    default=",".join(ENGINES),
    show_default=True,
    callback=read_engines,
    help="Engines, separated by commas.",
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
    default=150.0,
    show_default=True,
    help="Seconds after which an engine stops indexing and is not searched.",
)
@click.option("--reuse", is_flag=True, help="Search indexes that an earlier run built.")
@click.option("--invented", is_flag=True, help="Invented articles even where real ones are there.")
@click.option(
    "--analysis/--no-analysis", default=True, help="Also index from articles, analysis included."
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
def clean() -> None:
    """Delete the corpora and indexes that runs left in bench/results/work."""
    clear_work()


if __name__ == "__main__":
    main(prog_name="python -m bench")
