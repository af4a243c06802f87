"""Where a query's words stand in one document, for highlighting."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.engine.base import Occurrence, Word
from indexer.engine.embedded.position_kernels import BODY, find_clause_places
from indexer.engine.embedded.resolve import SegmentResolver


def find_occurrences(
    resolver: SegmentResolver, document: int, words: Sequence[Word]
) -> list[Occurrence]:
    """See :meth:`indexer.engine.base.Snapshot.occurrences`."""
    data = resolver.data
    table = resolver.find_table(words)
    if len(table.scopes) == 0:
        return []
    title_length = int(data.title_lengths[document])
    body_length = int(data.body_lengths[document])
    groups = table.groups.tolist()
    found: set[tuple[int, int]] = set()
    for number in range(len(words)):
        if groups[number] == groups[number + 1]:
            continue
        places = find_clause_places(
            document,
            table.terms,
            table.slots,
            table.alternatives,
            table.scopes,
            groups[number],
            groups[number + 1],
            title_length,
            body_length,
            *resolver.position_arrays,
        )
        found.update((place, number) for place in places.tolist())
    if not found:
        return []
    starts = data.token_starts(document)
    occurrences = []
    for place, number in sorted(found):
        in_title = place < BODY
        position = place if in_title else place - BODY
        start = int(starts[position if in_title else title_length + position])
        occurrences.append(Occurrence(in_title, position, start, number))
    return occurrences
