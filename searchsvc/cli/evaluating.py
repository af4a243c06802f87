"""Commands that measure quality: evaluate, evaluate-stems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from searchsvc.cli.opening import Opened, open_index
from searchsvc.cli.output import format_count, json_option, print_json, print_table
from searchsvc.cli.progress import ProgressLine, find_part_read

if TYPE_CHECKING:
    from searchsvc.evaluate import Collection, Evaluation, RankedQuery
    from searchsvc.evaluate_stems import NameFigures, PairFigures, Stem

_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command(epilog="Example: searchsvc evaluate ../shared/data/ir/hard --json")
@click.argument("collection", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--queries", type=click.IntRange(min=1), metavar="N", help="Run N queries, spread evenly."
)
@click.option("--run", type=_FILE, help="Write the hits as a TREC run.")
@click.option(
    "--failures", type=_FILE, help="Write the queries without a right hit among the first ten."
)
@click.option(
    "--index",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Keep the collection's index here and use it again.  [default: a temporary one]",
)
@json_option
def evaluate(
    collection: Path,
    queries: int | None,
    run: Path | None,
    failures: Path | None,
    index: Path | None,
    as_json: bool,
) -> None:
    """Measure search quality on COLLECTION, a folder with judged queries.

    The folder holds corpus.jsonl(.gz), queries.jsonl and qrels.tsv. Prints nDCG@10, MRR@10, MAP,
    R@100 and success@1 and @10, overall and for each kind of query.
    """
    from tempfile import TemporaryDirectory

    from searchsvc.evaluate import read_collection, trec_run_lines

    chosen = read_collection(collection)
    if chosen.unjudged:
        left_out = format_count(chosen.unjudged, "query", "queries")
        click.echo(f"{left_out} without a relevant article left out.", err=True)
    if queries is not None:
        chosen = chosen.sample(queries)
    if index is not None:
        evaluation = _evaluate_in(index, chosen)
    else:
        with TemporaryDirectory(prefix="searchsvc-evaluate-") as folder:
            evaluation = _evaluate_in(Path(folder) / "index", chosen)
    if run is not None:
        _write_lines(run, trec_run_lines(evaluation.ranked))
    if failures is not None:
        _write_lines(failures, _describe_failures(evaluation.ranked))
    if as_json:
        print_json(evaluation.to_dict())
    else:
        _print_evaluation(evaluation)


def _evaluate_in(folder: Path, collection: Collection) -> Evaluation:
    """The figures of the collection, indexed in ``folder`` unless there is an index already."""
    from searchsvc.evaluate import measure, run_queries

    with open_index(folder, create=True) as opened, opened.engine.snapshot() as snapshot:
        if not snapshot.document_count():
            _index_corpus(opened, collection.corpus)
    with open_index(folder) as opened, opened.engine.snapshot() as snapshot:
        number = len(collection.queries)
        with ProgressLine("queries", find_part=lambda: line.count / number) as line:
            ranked = run_queries(collection.queries, opened.search, each=line.advance)
        return measure(ranked, documents=snapshot.document_count())


def _index_corpus(opened: Opened, corpus: Path) -> None:
    from indexer.pipeline import index_articles
    from indexer.readers import Progress, read_paths

    reading = Progress()
    with ProgressLine("articles", find_part=lambda: find_part_read(reading)) as line:
        summary = index_articles(
            opened.engine,
            read_paths([corpus], progress=reading),
            opened.analyzer,
            on_progress=lambda summary: line.show(summary.read),
        )
    if summary.rejected:
        refused = format_count(summary.rejected, "article")
        click.echo(
            f"{refused} of {corpus} refused, the first: {summary.first_rejects[0]}", err=True
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


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def _print_evaluation(evaluation: Evaluation) -> None:
    names = list(evaluation.overall)
    rows = [("", *names, "queries")]
    sizes: dict[str, int] = {}
    for one in evaluation.ranked:
        sizes[one.query.kind] = sizes.get(one.query.kind, 0) + 1
    for kind, figures in evaluation.by_kind.items():
        rows.append((kind, *(f"{figures[name]:.3f}" for name in names), f"{sizes[kind]:,}"))
    overall = evaluation.overall
    rows.append(("all", *(f"{overall[name]:.3f}" for name in names), f"{evaluation.queries:,}"))
    print_table(rows, right=range(1, len(rows[0])))
    click.echo(f"{format_count(evaluation.documents, 'document')}")


@click.command(
    "evaluate-stems",
    epilog="Example: searchsvc evaluate-stems ../shared/data/stems/unimorph.tsv",
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--failures", type=_FILE, help="Write the rows that our stemmer gets wrong.")
@click.option(
    "--index",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Leave the names whole that this index has learned.  [default: no index]",
)
@json_option
def evaluate_stems(file: Path, failures: Path | None, index: Path | None, as_json: bool) -> None:
    """Measure the stemmer on FILE, beside PySastrawi.

    FILE holds form and root, separated by a tab, on each line: form and root should get the same
    stem, forms of other roots another. Or one word a line: names, which should stay whole.
    """
    from searchsvc.evaluate_stems import (
        load_pysastrawi,
        measure_names,
        measure_pairs,
        read_stem_table,
    )

    table = read_stem_table(file)
    stems: dict[str, Stem] = {"searchsvc": _load_stem(index), "PySastrawi": load_pysastrawi()}
    if table.roots:
        figures: Mapping[str, PairFigures | NameFigures] = {
            name: measure_pairs(table, stem) for name, stem in stems.items()
        }
    else:
        figures = {name: measure_names(table.forms, stem) for name, stem in stems.items()}
    if failures is not None:
        _write_lines(failures, ("\t".join(row) for row in figures["searchsvc"].failures))
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
    """The stem of a word as an index's analyser finds it, with the names that ``index`` knows."""
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
