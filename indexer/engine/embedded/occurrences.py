"""Where a query's words are in one document, for highlighting."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.deadline import check_deadline
from indexer.engine.base import Occurrence, Word
from indexer.engine.embedded.native import core
from indexer.engine.embedded.resolve import SegmentResolver
from indexer.engine.embedded.room import room


def find_occurrences(
    resolver: SegmentResolver, document: int, words: Sequence[Word]
) -> list[Occurrence]:
    """See :meth:`indexer.engine.base.Snapshot.occurrences`."""
    check_deadline()
    data = resolver.data
    title = int(data.title_lengths[document])
    marks = np.zeros((title + int(data.body_lengths[document]), len(words)), np.bool_)
    core.mark_tokens(
        data.packed,
        resolver.find_table(words),
        document,
        room.for_tokens(data.most_tokens),
        marks.view(np.uint8),
    )
    tokens, numbers = np.nonzero(marks)
    if len(tokens) == 0:
        return []
    starts = data.token_starts(document)[tokens]
    return [
        Occurrence(True, token, start, number)
        if token < title
        else Occurrence(False, token - title, start, number)
        for token, start, number in zip(
            tokens.tolist(), starts.tolist(), numbers.tolist(), strict=True
        )
    ]
