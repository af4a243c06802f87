"""Which articles does an index have that its input no longer has? They are deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from searchsvc.cli.opening import open_index
from searchsvc.cli.output import format_count

if TYPE_CHECKING:
    from indexer.pipeline import Summary

ItemT = TypeVar("ItemT")


def note_ids(items: Iterable[ItemT], ids: set[str]) -> Iterator[ItemT]:
    """Yield ``items``, adding the ids of articles to ``ids``."""
    from indexer.article import Article

    for item in items:
        if isinstance(item, Article):
            ids.add(item.id)
        yield item


def take_out_others(
    index: Path, given: set[str], summary: Summary, *, wait_s: float
) -> tuple[int, str]:
    """(number of the index's articles that were not ``given``, a sentence about what happened to
    them).

    They are deleted, except in a dry run, or if the run refused anything: an unreadable record may
    be an article that seems to be gone.
    """
    from indexer.errors import IndexNotFound

    try:
        opened = open_index(index)
    except IndexNotFound:  # a dry run
        return 0, "There is no index yet to take articles out of."
    with opened:
        gone = [article.id for article in opened if article.id not in given]
        others = format_count(len(gone), "article")
        if summary.rejected and gone:
            refused = format_count(summary.rejected, "article")
            return 0, f"Took nothing out: {refused} refused may be among the {others} not given."
        if summary.dry_run:
            return len(gone), f"Would take out {others} not among those given."
        if gone:
            opened.delete(gone, wait_s=wait_s)
    return len(gone), f"Took out {others} not among those given."
