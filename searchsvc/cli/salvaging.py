"""How are the readable articles of a damaged index saved? The command salvage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from searchsvc.cli.filling import copy_own_files, fill_index
from searchsvc.cli.opening import index_option, open_index, processes_option
from searchsvc.cli.output import format_count, json_option, print_json
from searchsvc.cli.progress import ProgressLine

if TYPE_CHECKING:
    from indexer.article import Article
    from indexer.engine.embedded import Lost, Salvage


@click.command(
    short_help="Save what can be read of a damaged index.",
    epilog="Example: searchsvc salvage index_data/saved --index index_data/news",
)
@click.argument("target", metavar="NEW_FOLDER", type=click.Path(file_okay=False, path_type=Path))
@processes_option
@json_option
@index_option
@click.pass_context
def salvage(ctx: click.Context, index: Path, target: Path, processes: int, as_json: bool) -> None:
    """Copy every readable article of a damaged index to a new one, and list the rest.

    The damaged index is not changed. It may lack its table of contents, or have an older format.
    Exits with 1 if an article is lost.
    """
    from indexer.engine.embedded import survey
    from indexer.errors import IndexNotFound
    from searchsvc.engines import refuse_address

    if not index.is_dir():
        raise IndexNotFound(str(index))
    refuse_address(index)
    if target.exists() and any(target.iterdir()):
        raise click.UsageError(f"{target} is not empty; name a folder that is not there yet.")
    there = survey(index)
    lost: list[Lost] = []
    with open_index(target, create=True) as opened, ProgressLine("articles") as line:
        copy_own_files(index, target)
        summary = fill_index(opened, _read(there, lost), line, processes=processes)
    for one in lost:
        click.echo(f"lost: {_describe(one)}", err=True)
    if not there.knows_deletions:
        click.echo(
            "warning: no table of contents could be read, so articles that had been deleted are "
            "back.",
            err=True,
        )
    if as_json:
        print_json(
            {
                "saved": summary.added,
                "generation": summary.generation,
                "knows_deletions": there.knows_deletions,
                "lost": [asdict(one) for one in lost],
            }
        )
    else:
        told = f", lost {len(lost):,}" if lost else ""
        click.echo(f"Saved {format_count(summary.added, 'article')} in {target}{told}.")
    if lost:
        ctx.exit(1)


def _read(there: Salvage, lost: list[Lost]) -> Iterator[Article]:
    """Yield the articles, and record the losses."""
    from indexer.engine.embedded import Lost

    for one in there.articles():
        if isinstance(one, Lost):
            lost.append(one)
        else:
            yield one


def _describe(lost: Lost) -> str:
    if lost.document < 0:
        return f"of {lost.path}: {lost.reason}"
    name = (
        f"article {lost.document} of its file, whose id is lost too" if lost.id is None else lost.id
    )
    return f"{name} ({lost.path}: {lost.reason})"
