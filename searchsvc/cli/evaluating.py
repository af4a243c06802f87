"""How is quality measured? The commands evaluate and evaluate-stems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from searchsvc.cli.opening import IndexPlace, open_index
from searchsvc.cli.outfile import open_outfile
from searchsvc.cli.output import format_count, json_option, print_json, print_table
from searchsvc.cli.progress import ProgressLine

if TYPE_CHECKING:
    from indexer.engine.base import Snapshot
    from searchsvc.cli.targets import Target
    from searchsvc.evaluation.collections import (
        Collection,
        Displacement,
        Evaluation,
        RankedQuery,
        Times,
    )
    from searchsvc.evaluation.expectations.judge import Verdict
    from searchsvc.evaluation.stems import NameFigures, PairFigures, Stem

_FILE = click.Path(dir_okay=False, allow_dash=True, path_type=Path)


class Ablation(NamedTuple):
    """Parts of query understanding to disable, under the name that the user gave."""

    name: str
    parts: frozenset[str]


@dataclass(slots=True)
class Outcome:
    """The figures of one ablation; ``tops`` as in ``compare_tops`` of the collections."""

    ablation: Ablation
    evaluation: Evaluation
    tops: dict[str, Displacement]
    times: Times | None = None


class Measured(NamedTuple):
    """The results of a target: figures of its judged queries, verdicts on its expectations."""

    outcomes: list[Outcome]
    verdicts: list[Verdict]
    documents: int


def _read_parts(
    ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
) -> tuple[Ablation, ...]:
    from searchsvc.query.parts import read_parts

    return tuple(Ablation(value, read_parts(value.split(","))) for value in values)


@click.command(epilog="Example: searchsvc evaluate koleksi/ --json")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--queries", type=click.IntRange(min=1), metavar="N", help="Run N queries, spread evenly."
)
@click.option("--run", type=_FILE, help="Write the hits as a TREC run.")
@click.option(
    "--failures", type=_FILE, help="Write the queries without a relevant hit in the first ten."
)
@click.option(
    "--index",
    type=IndexPlace(),
    metavar="DIR",
    help="Keep the index in this folder, or at this address, and reuse it.  "
    "[default: a temporary one]",
)
@click.option(
    "--articles",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    metavar="PATH",
    help="Index these articles instead of the corpus beside the queries. Repeatable.",
)
@click.option(
    "--without",
    "ablations",
    multiple=True,
    metavar="PART[,PART]",
    callback=_read_parts,
    help="Measure once more without these parts of understanding: expansions, stems, ... Repeat "
    "it for each comparison.",
)
@click.option("--times", is_flag=True, help="Also print the times of queries.")
@json_option
@click.pass_context
def evaluate(
    ctx: click.Context,
    path: Path,
    queries: int | None,
    run: Path | None,
    failures: Path | None,
    index: Path | None,
    articles: tuple[Path, ...],
    ablations: tuple[Ablation, ...],
    times: bool,
    as_json: bool,
) -> None:
    """Measure search quality on PATH: a judged collection, expectations, or a folder of these.

    A collection is a folder with corpus.jsonl(.gz), queries.jsonl and qrels.tsv; prints nDCG@10,
    MRR@10, MAP, R@100 and success@1 and @10, overall and for each kind of query. Expectations are
    a file, or expectations.jsonl in a folder with a corpus; prints how many are met, and lists the
    others. Exits with 1 if one is not met.
    """
    from searchsvc.cli.targets import find_targets
    from searchsvc.evaluation.collections import require_measures, trec_run_lines

    targets = find_targets(path, articles, queries)
    if any(target.collection for target in targets):
        require_measures()
    if (run or failures) and not (len(targets) == 1 and targets[0].collection):
        raise click.UsageError("--run and --failures want the folder of one judged collection.")
    _refuse_one_for_all(index, targets)
    asked = (Ablation("", frozenset()), *ablations)
    inputs = targets[0].inputs
    with (
        open_outfile(run, option="--run", inputs=inputs, index=index) as run_file,
        open_outfile(failures, option="--failures", inputs=inputs, index=index) as failures_file,
    ):
        measured: dict[str, Measured] = {}
        for target in targets:
            kept = index / target.name if index and len(targets) > 1 else index
            one = measured[target.name] = _measure(kept, target, asked, times=times)
            if not as_json:
                if len(targets) > 1:
                    click.secho(f"{target.name}:", bold=True)
                _print_measured(one)
        if run_file is not None:
            run_file.write_lines(trec_run_lines(one.outcomes[0].evaluation.ranked))
        if failures_file is not None:
            failures_file.write_lines(_describe_failures(one.outcomes[0].evaluation.ranked))
    if as_json:
        described = {name: _describe_measured(one) for name, one in measured.items()}
        print_json(described if len(targets) > 1 else described[targets[0].name])
    if any(verdict.misses for one in measured.values() for verdict in one.verdicts):
        ctx.exit(1)


def _refuse_one_for_all(index: Path | None, targets: Sequence[Target]) -> None:
    """Raise UsageError if several targets would share an index: below a folder each has its own."""
    from searchsvc.engines import is_elsewhere

    if index is not None and len(targets) > 1 and is_elsewhere(index):
        raise click.UsageError("An address holds the articles of one collection; name that.")


def _measure(
    index: Path | None, target: Target, asked: Sequence[Ablation], *, times: bool
) -> Measured:
    """:func:`_measure_in` the folder ``index``, or a temporary one."""
    from tempfile import TemporaryDirectory

    if index is not None:
        return _measure_in(index, target, asked, times=times)
    with TemporaryDirectory(prefix="searchsvc-evaluate-") as folder:
        return _measure_in(Path(folder) / "index", target, asked, times=times)


def _measure_in(
    folder: Path, target: Target, asked: Sequence[Ablation], *, times: bool
) -> Measured:
    """Take all measurements of a target, on the index in ``folder``, which is filled if empty."""
    from searchsvc.cli.expecting import judge_expectations
    from searchsvc.cli.targets import index_articles_of

    with open_index(folder, create=True) as opened, opened.engine.snapshot() as snapshot:
        if not snapshot.document_count():
            index_articles_of(target, opened)
    outcomes: list[Outcome] = []
    if target.collection is not None:
        outcomes = _evaluate_in(folder, target.collection, asked, times=times)
    with open_index(folder) as opened, opened.engine.snapshot() as snapshot:
        verdicts = judge_expectations(opened, target.expectations) if target.expectations else []
        return Measured(outcomes, verdicts, snapshot.document_count())


def _evaluate_in(
    folder: Path, collection: Collection, asked: Sequence[Ablation], *, times: bool
) -> list[Outcome]:
    """Evaluate the collection, indexed in ``folder``, for each of ``asked``. Top hits are compared
    with those of the first.
    """
    from searchsvc.evaluation.collections import compare_tops, measure, run_queries, time_queries

    with open_index(folder) as opened, opened.engine.snapshot() as snapshot:
        _warn_of_unknown(collection, snapshot)
        number = len(collection.queries) * len(asked)
        outcomes: list[Outcome] = []
        with ProgressLine("queries", find_part=lambda: line.count / number) as line:
            for ablation in asked:
                search = partial(opened.answer, without=ablation.parts)
                ranked = run_queries(collection.queries, search, each=line.advance)
                evaluation = measure(ranked, documents=snapshot.document_count())
                first = outcomes[0].evaluation if outcomes else evaluation
                outcomes.append(
                    Outcome(ablation, evaluation, compare_tops(first.ranked, evaluation.ranked))
                )
    if times:
        for outcome in outcomes:
            # Reopen the index, so that no run benefits from the caches of the one before.
            with open_index(folder) as opened:
                search = partial(opened.answer, without=outcome.ablation.parts)
                outcome.times = time_queries(collection.queries, search)
    return outcomes


def _warn_of_unknown(collection: Collection, snapshot: Snapshot) -> None:
    """Warn how many of the articles judged relevant are missing from the index: nothing can find
    them.
    """
    judged = {article_id for query in collection.queries for article_id in query.relevant}
    unknown = sorted(article_id for article_id in judged if snapshot.find(article_id) is None)
    if unknown:
        articles = format_count(len(unknown), "article")
        click.echo(
            f"warning: qrels.tsv judges {articles} that the index does not have "
            f"(the first: {unknown[0]}); no search can find them.",
            err=True,
        )


def _describe_failures(ranked: Iterable[RankedQuery]) -> Iterable[str]:
    """Tab-separated lines: kind, query id, query, rank, right article, first hit."""
    yield "kind\tid\tquery\trank\tright\tfirst"
    for one in ranked:
        rank = one.rank()
        if rank is not None and rank <= 10:
            continue
        best = max(one.query.relevant, key=lambda article_id: one.query.relevant[article_id])
        first = one.hits[0] if one.hits else "-"
        place = "-" if rank is None else str(rank)
        yield "\t".join((one.query.kind, one.query.id, one.query.text, place, best, first))


def _print_measured(measured: Measured) -> None:
    from searchsvc.cli.expecting import print_verdicts

    for outcome in measured.outcomes:
        _print_outcome(outcome)
    if measured.verdicts:
        print_verdicts(measured.verdicts)
    click.echo(format_count(measured.documents, "document"))


def _describe_measured(measured: Measured) -> dict[str, Any]:
    """The JSON form of a target's results."""
    from searchsvc.cli.expecting import describe_verdicts

    described = _describe_outcomes(measured.outcomes) if measured.outcomes else {}
    if measured.verdicts:
        described["expectations"] = describe_verdicts(measured.verdicts)
    return described | {"documents": measured.documents}


def _describe_outcomes(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The JSON form: the figures, and under ``without`` those of each comparison."""
    first, *others = [
        outcome.evaluation.to_dict()
        | ({"times": outcome.times._asdict()} if outcome.times is not None else {})
        for outcome in outcomes
    ]
    if not others:
        return first
    rows = [
        {"parts": outcome.ablation.name, **described}
        | {"tops": {kind or "all": one._asdict() for kind, one in outcome.tops.items()}}
        for outcome, described in zip(outcomes[1:], others, strict=True)
    ]
    return first | {"without": rows}


def _print_outcome(outcome: Outcome) -> None:
    evaluation = outcome.evaluation
    names = list(evaluation.overall)
    changes = ("other top", "top lost", "top won") if outcome.ablation.name else ()
    rows = [("", *names, *changes, "queries")]
    sizes: dict[str, int] = {}
    for one in evaluation.ranked:
        sizes[one.query.kind] = sizes.get(one.query.kind, 0) + 1
    # Queries without a kind count only in the total.
    kinds = [*evaluation.by_kind.items(), ("", evaluation.overall)]
    for kind, figures in kinds:
        tops = outcome.tops[kind] if changes else ()
        size = sizes[kind] if kind else evaluation.queries
        values = (*(figures[name] for name in names), *tops)
        rows.append((kind or "all", *(f"{value:.3f}" for value in values), f"{size:,}"))
    if outcome.ablation.name:
        click.echo(f"\nWithout {outcome.ablation.name}:")
    print_table(rows, right=range(1, len(rows[0])))
    if outcome.times is not None:
        click.echo(
            f"A query takes {outcome.times.p50_ms:.2f} ms at the median, "
            f"{outcome.times.p95_ms:.2f} ms at the 95th percentile."
        )


@click.command(
    "evaluate-stems",
    epilog="Example: searchsvc evaluate-stems kata.tsv",
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--failures", type=_FILE, help="Write the rows that our stemmer gets wrong.")
@click.option(
    "--index",
    type=IndexPlace(),
    metavar="DIR",
    help="Leave the names whole that this index has learned.  [default: no index]",
)
@json_option
def evaluate_stems(file: Path, failures: Path | None, index: Path | None, as_json: bool) -> None:
    """Measure the stemmer on FILE, beside PySastrawi.

    FILE holds form and root, separated by a tab, on each line: form and root should get the same
    stem, forms of other roots another. Or one word a line: names, which should stay whole.
    """
    from searchsvc.evaluation.stems import (
        load_pysastrawi,
        measure_names,
        measure_pairs,
        read_stem_table,
    )

    table = read_stem_table(file)
    figures: Mapping[str, PairFigures | NameFigures]
    with open_outfile(failures, option="--failures", inputs=[file], index=index) as failures_file:
        stems: dict[str, Stem] = {"searchsvc": _load_stem(index), "PySastrawi": load_pysastrawi()}
        if table.roots:
            figures = {name: measure_pairs(table, stem) for name, stem in stems.items()}
        else:
            figures = {name: measure_names(table.forms, stem) for name, stem in stems.items()}
        if failures_file is not None:
            failures_file.write_lines("\t".join(row) for row in figures["searchsvc"].failures)
    if as_json:
        print_json({name: _drop_failures(asdict(one)) for name, one in figures.items()})
        return
    rows: list[tuple[str, ...]] = [("", *figures)]
    for measure in _drop_failures(asdict(figures["searchsvc"])):
        rows.append(
            (
                measure.replace("_", " "),
                *(_format(getattr(one, measure)) for one in figures.values()),
            )
        )
    print_table(rows, right=(1, 2))


def _load_stem(index: Path | None) -> Stem:
    """A function that returns the stem of a word as an index's analyser does, given the names that
    ``index`` knows.
    """
    from indexer.language.analyzer import Analyzer

    if index is None:
        analyzer = Analyzer()
    else:
        with open_index(index) as opened:
            analyzer = opened.analyzer
    return lambda word: " ".join(stem for _, stem in analyzer.analyse_text(word))


def _drop_failures(figures: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in figures.items() if name != "failures"}


def _format(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.2%}"
