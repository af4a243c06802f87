"""Where a query's words are: in one document, for highlighting, or in the best ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.deadline import check_deadline
from indexer.engine.base import Occurrence, Places, Word
from indexer.engine.embedded.native import core
from indexer.engine.embedded.resolve import SegmentResolver
from indexer.engine.embedded.room import borrow_room

Array = npt.NDArray[Any]


def find_occurrences(
    resolver: SegmentResolver, document: int, words: Sequence[Word]
) -> list[Occurrence]:
    """See :meth:`indexer.engine.base.Snapshot.occurrences`."""
    tokens, numbers = find_tokens(resolver, document, words)
    if len(tokens) == 0:
        return []
    title = int(resolver.data.title_lengths[document])
    starts = resolver.data.token_starts(document)[tokens]
    return [
        Occurrence(True, token, start, number)
        if token < title
        else Occurrence(False, token - title, start, number)
        for token, start, number in zip(
            tokens.tolist(), starts.tolist(), numbers.tolist(), strict=True
        )
    ]


def find_tokens(
    resolver: SegmentResolver, document: int, words: Sequence[Word]
) -> tuple[Array, Array]:
    """(tokens of the document, title and then body, that a word matches; that word), ascending."""
    check_deadline()
    data = resolver.data
    size = int(data.title_lengths[document]) + int(data.body_lengths[document])
    marks = np.zeros((size, len(words)), np.bool_)
    table = resolver.find_table(words)
    with borrow_room() as room:
        workspace = room.for_tokens(data.most_tokens)
        core.mark_tokens(data.packed, table, document, workspace, marks.view(np.uint8))
    tokens, numbers = np.nonzero(marks)
    return tokens, numbers


def gather_places(
    located: Sequence[tuple[SegmentResolver, int]], words: Sequence[Word], idfs: Sequence[float]
) -> Places:
    """See :meth:`indexer.engine.base.Snapshot.places`; ``located`` are the documents."""
    found = [find_tokens(resolver, document, words) for resolver, document in located]
    counts = [len(tokens) for tokens, _ in found]
    titles = [int(resolver.data.title_lengths[document]) for resolver, document in located]
    tokens = np.concatenate([np.empty(0, np.int64), *(tokens for tokens, _ in found)])
    behind = tokens - np.repeat(np.array(titles, np.int64), counts)
    in_title = behind < 0
    return Places(
        np.repeat(np.arange(len(found), dtype=np.int32), counts),
        in_title,
        np.where(in_title, tokens, behind).astype(np.int32),
        np.concatenate([np.empty(0, np.int64), *(numbers for _, numbers in found)]).astype(
            np.int32
        ),
        np.array(idfs, np.float64),
    )
