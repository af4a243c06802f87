"""The command line: each command parses, calls the library, formats and ends.

Modules here import nothing heavy at the top, so that ``searchsvc --help`` and shell completion
answer at once; a command imports what it needs when it runs.
"""

from __future__ import annotations

import os
from pathlib import Path

import click

from searchsvc import __version__
from searchsvc.cli.backing_up import backup, restore
from searchsvc.cli.copying import copy
from searchsvc.cli.deleting import delete
from searchsvc.cli.dictionary import dictionary
from searchsvc.cli.draining import drain
from searchsvc.cli.evaluating import evaluate, evaluate_stems
from searchsvc.cli.group import CommandGroup
from searchsvc.cli.insight import insight
from searchsvc.cli.inspecting import analyze, check, stats
from searchsvc.cli.keys import keys
from searchsvc.cli.opening import config_option, root_index_option
from searchsvc.cli.own_fields import fields
from searchsvc.cli.salvaging import salvage
from searchsvc.cli.searching import facets, search, show, suggest
from searchsvc.cli.serving import serve
from searchsvc.cli.settings import settings
from searchsvc.cli.watching import watch
from searchsvc.cli.writing import index, rebuild

__all__ = ["main"]

# numpy loads a linear algebra library, which nothing here uses. It allocates memory per core as
# soon as it is loaded, and retries forever if it gets none.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@click.group(
    cls=CommandGroup,
    name="searchsvc",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=(
        "Example: searchsvc index articles.jsonl && searchsvc search 'serangan teroris'. "
        "Exit codes: 0 success; 1 failure, or problems found; 2 wrong usage."
    ),
)
@root_index_option
@config_option
@click.version_option(__version__, prog_name="searchsvc")
def main(index: Path | None) -> None:
    """Full-text search for Indonesian articles."""


for _command in (
    index,
    watch,
    search,
    facets,
    show,
    suggest,
    serve,
    settings,
    keys,
    drain,
    delete,
    rebuild,
    stats,
    check,
    salvage,
    copy,
    backup,
    restore,
    fields,
    analyze,
    dictionary,
    insight,
    evaluate,
    evaluate_stems,
):
    main.add_command(_command)
