"""What is there to measure at a path, and over which articles?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from searchsvc.cli.output import format_count
from searchsvc.cli.progress import ProgressLine, find_part_read

if TYPE_CHECKING:
    from indexer.pipeline import Summary
    from searchsvc.evaluation.collections import Collection
    from searchsvc.evaluation.expectations.rows import Expectation
    from searchsvc.index import Index

EXPECTATIONS = "expectations.jsonl"
_CORPORA = ("corpus.jsonl.gz", "corpus.jsonl")


class Target(NamedTuple):
    """Judged queries, expectations, or both, over one set of articles. ``inputs`` are the files
    that measuring reads.
    """

    name: str
    articles: tuple[Path, ...]
    collection: Collection | None
    expectations: list[Expectation]
    inputs: tuple[Path, ...]


def find_targets(path: Path, articles: Sequence[Path], queries: int | None) -> list[Target]:
    """The target at ``path``: a file of expectations, or a folder with expectations or judged
    queries; if a folder has neither, the targets in it, by name.

    ``articles`` replace the corpus beside them. ``queries``: how many of the judged queries to run.
    Raises UnreadableInput if there is nothing to measure.
    """
    if path.is_file() or is_target(path):
        return [_read_target(path, articles, queries)]
    inner = sorted(folder for folder in path.iterdir() if folder.is_dir() and is_target(folder))
    if not inner:
        # Raises an error that describes what a collection contains.
        return [_read_target(path, articles, queries)]
    return [_read_target(folder, articles, queries) for folder in inner]


def is_target(folder: Path) -> bool:
    """Whether the folder itself contains something to measure."""
    return (folder / EXPECTATIONS).is_file() or (folder / "qrels.tsv").is_file()


def _read_target(path: Path, articles: Sequence[Path], queries: int | None) -> Target:
    from searchsvc.evaluation.collections import read_collection
    from searchsvc.evaluation.expectations.rows import read_expectations

    folder = path.parent if path.is_file() else path
    rows = path if path.is_file() else path / EXPECTATIONS
    expectations = read_expectations(rows) if rows.is_file() else []
    collection = None
    if not expectations or (path.is_dir() and (path / "qrels.tsv").is_file()):
        collection = read_collection(path)
        if collection.unjudged:
            left_out = format_count(collection.unjudged, "query", "queries")
            click.echo(f"{left_out} without a relevant article left out.", err=True)
        if queries is not None:
            collection = collection.sample(queries)
    corpora = [folder / name for name in _CORPORA if (folder / name).is_file()]
    chosen = tuple(articles) or tuple(corpora[:1])
    inputs = (*folder.iterdir(), *chosen)
    return Target(path.name, chosen, collection, expectations, inputs)


def index_articles_of(target: Target, opened: Index) -> None:
    """Index the target's articles if the index is empty. Raises click.UsageError if the target has
    none.
    """
    from indexer.ingest.readers import Progress, read_paths
    from indexer.pipeline import Telling, index_articles

    if not target.articles:
        raise click.UsageError(
            f"{target.name} has no corpus.jsonl beside it; name its articles with --articles, or "
            "an index that has them with --index."
        )
    reading = Progress()
    with ProgressLine("articles", find_part=lambda: find_part_read(reading)) as line:

        def show(summary: Summary) -> None:
            opened.record_additions(summary)
            line.show(summary.read)

        summary = index_articles(
            opened.engine,
            read_paths(target.articles, progress=reading),
            opened.analyzer,
            telling=Telling(show),
        )
    if summary.rejected:
        refused = format_count(summary.rejected, "article")
        click.echo(
            f"{refused} of {', '.join(map(str, target.articles))} refused, the first: "
            f"{summary.first_rejects[0]}",
            err=True,
        )
