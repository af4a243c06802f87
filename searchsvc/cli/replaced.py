"""Does a run replace articles of the index by others that are no later versions of them?

Two sites number their articles from 1. In one run their files are compared by
:mod:`indexer.ingest.readers.record_ids`; here a run is compared with those before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from indexer.article import Article, Reject, Warned
from indexer.errors import IndexCorrupt, IndexUnreadable

#: Longer ids are addresses and hashes, which are unique anyway.
_SHORT: Final = 24
#: Every id of the first so many is looked up, and then one in so many: two numberings meet often,
#: and a long run need not pay for each.
_ALL_OF_FIRST: Final = 2_000
_THEN_ONE_IN: Final = 10
#: Characters of a text that are compared, and the fraction of its words that versions share.
_COMPARED: Final = 2_000
_ALIKE: Final = 0.25
_WORD: Final = re.compile(r"\w{3,}")


def tell_replaced(
    items: Iterable[Article | Reject | Warned], find: Callable[[str], Article | None]
) -> Iterator[Article | Reject | Warned]:
    """``items``, and a warning behind the first article that takes the place of a different one.

    ``find`` returns the index's article with an id. One that cannot be read any more may be
    replaced by anything.
    """
    numbered = 0
    told_once = False
    for item in items:
        yield item
        if told_once or not isinstance(item, Article) or len(item.id) > _SHORT:
            continue
        numbered += 1
        if numbered > _ALL_OF_FIRST and numbered % _THEN_ONE_IN:
            continue
        try:
            before = find(item.id)
        except (IndexCorrupt, IndexUnreadable):
            continue
        if before is not None and not _is_version(before, item):
            told_once = True
            publisher = f" of {before.source}" if before.source else ""
            told = (
                f"takes the place of another article of the index{publisher}, {before.title!r}, "
                "which has the same id"
            )
            advice = "keep both, and others of these files, with --id-prefix or --id source+id"
            yield Warned(f"{item.id} ({item.title})", 0, told, advice)


def _is_version(before: Article, after: Article) -> bool:
    """Whether two articles have a title or most words of their texts in common."""
    if before.title == after.title or before.body[:_COMPARED] == after.body[:_COMPARED]:
        return True
    words = [set(_WORD.findall(one.body[:_COMPARED].lower())) for one in (before, after)]
    fewest = min(map(len, words))
    return fewest > 0 and len(words[0] & words[1]) >= fewest * _ALIKE
