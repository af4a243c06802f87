"""Where a query's words stand in one document, for highlighting."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.deadline import check_deadline
from indexer.engine.base import Occurrence, Word
from indexer.engine.embedded.position_kernels import BODY, list_occurrences
from indexer.engine.embedded.resolve import SegmentResolver


def find_occurrences(
    resolver: SegmentResolver, document: int, words: Sequence[Word]
) -> list[Occurrence]:
    """See :meth:`indexer.engine.base.Snapshot.occurrences`."""
    check_deadline()
    data = resolver.data
    table = resolver.find_table(words)
    if len(table.scopes) == 0:
        return []
    places, numbers, characters = list_occurrences(
        document,
        table.terms,
        table.slots,
        table.alternatives,
        table.scopes,
        table.groups,
        int(data.title_lengths[document]),
        int(data.body_lengths[document]),
        *resolver.position_arrays,
        data.encoded_starts(document),
    )
    return [
        Occurrence(True, place, character, number)
        if place < BODY
        else Occurrence(False, place - BODY, character, number)
        for place, number, character in zip(
            places.tolist(), numbers.tolist(), characters.tolist(), strict=True
        )
    ]
