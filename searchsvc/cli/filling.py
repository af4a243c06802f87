"""How do the articles of one index get into a new one? For the commands copy and salvage."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from searchsvc.cli.progress import ProgressLine

if TYPE_CHECKING:
    from indexer.article import Article
    from indexer.pipeline import Summary
    from searchsvc.index import Index


def fill_index(
    target: Index, articles: Iterable[Article], line: ProgressLine, *, processes: int
) -> Summary:
    """Index ``articles``, unchanged, in ``target``, and show the progress on ``line``. Raises
    IndexLocked, IndexNotWritten.
    """
    from indexer.pipeline import Telling, index_articles

    def show(summary: Summary) -> None:
        target.record_additions(summary)
        line.show(summary.read)

    return index_articles(
        target.engine,
        articles,
        target.analyzer,
        telling=Telling(show),
        processes=processes,
        make_analyzer=target.make_reader,
    )


def copy_own_files(index: Path, target: Path) -> None:
    """Copy the site's own dictionary and fields, if they are in the folder of the index."""
    from indexer.own_fields.declaration import FIELDS_FILE
    from searchsvc.own_dictionary import SETTING, locate_dictionary

    for own in (locate_dictionary(SETTING.default, index), index / FIELDS_FILE):
        if own.is_file():
            shutil.copyfile(own, target / own.name)
