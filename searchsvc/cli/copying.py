"""How does an index move to another engine? The command copy."""

from __future__ import annotations

from pathlib import Path

import click

from searchsvc.cli.filling import copy_own_files, fill_index
from searchsvc.cli.opening import IndexPlace, index_option, open_index, processes_option
from searchsvc.cli.output import format_count, json_option, print_json
from searchsvc.cli.progress import ProgressLine


@click.command(
    short_help="Copy an index to another folder or address.",
    epilog="Example: searchsvc copy https://user@host:9200/articles --index index_data/news",
)
@click.argument("target", metavar="TARGET", type=IndexPlace())
@processes_option
@json_option
@index_option
def copy(index: Path, target: Path, processes: int, as_json: bool) -> None:
    """Copy all articles of the index, with its dictionary and fields, into a new index at TARGET: a
    folder, or an address in OpenSearch.

    The index itself does not change, and answers meanwhile.
    """
    from searchsvc.engines import name_place

    place = name_place(target)
    with (
        open_index(index) as source,
        source.engine.snapshot() as snapshot,
        open_index(target, create=True) as opened,
        ProgressLine("articles") as line,
    ):
        if len(opened):
            raise click.UsageError(f"There are articles at {place} already; name a new index.")
        copy_own_files(index, target)
        summary = fill_index(opened, snapshot.all_articles(), line, processes=processes)
    if as_json:
        print_json({"copied": summary.added, "generation": summary.generation})
    else:
        click.echo(f"Copied {format_count(summary.added, 'article')} to {place}.")
